"""Nothing leaves the machine: the whole way through with every socket but loopback refused."""

from __future__ import annotations

import subprocess
import sys

from tests.conftest import ROOT, SAMPLE

# Runs in a process of its own, so that nothing was imported before the door was shut.
SCRIPT = f"""
import socket
def refuse(self, address, *rest):
    raise AssertionError(f"a socket to {{address}} was asked for")
socket.socket.connect = refuse
socket.socket.connect_ex = refuse
def lookup(host, *rest, **named):
    raise AssertionError(f"the address of {{host}} was asked for")
socket.getaddrinfo = lookup
import sys, tempfile
from pathlib import Path
from rag.config import Settings
from rag.record import Record
record = Record(Settings(index=Path(tempfile.mkdtemp()) / "index"))
report = record.add([Path({str(SAMPLE)!r})])
assert len(report.added) == 4 and not report.failed, report
answer = record.ask("How many prisoners were unable to vote in October 2023?")
assert answer.claims, answer
assert record.search("solitary confinement")
assert record.cite("CCLP/C/SR.411, para. 2")[0].paragraphs
assert record.as_retriever().retrieve("legal aid")
import streamlit.testing.v1 as testing
import os
os.environ["RAG_INDEX"] = str(record.settings.index)
page = testing.AppTest.from_file({str(ROOT / "app.py")!r}, default_timeout=60).run()
assert not page.exception, page.exception
page.chat_input[0].set_value("How many prisoners were unable to vote?").run()
assert not page.exception, page.exception
print("done")
"""


def test_everything_works_with_the_network_cut_off() -> None:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert done.stdout.strip().endswith("done")
