"""The README's transcript is what the sample really gives."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

CONSOLE = re.search(r"```console\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)
assert CONSOLE is not None
SHOWN = [
    (match[1], match[2].strip())
    for match in re.finditer(
        r'\$ \.venv/bin/rag ask "(.*?)"\n(.*?)(?=\n\$ |\Z)', CONSOLE[1], re.DOTALL
    )
]


@pytest.mark.parametrize(("question", "answer"), SHOWN)
def test_the_transcript_is_real(sample_index: Path, question: str, answer: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from rag.cli import main; main()", "ask", question],
        capture_output=True, text=True, cwd=ROOT, check=False,
        env={**os.environ, "RAG_INDEX": str(sample_index)},
    )  # fmt: skip
    assert done.stdout.strip() == answer


def test_there_is_a_transcript() -> None:
    assert len(SHOWN) >= 3
