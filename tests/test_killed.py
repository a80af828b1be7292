"""The server is killed (kill -9) in the middle of its work; what a visitor finds when it is back."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from rag.app import runs
from rag.config import Settings
from rag.record import Record
from tests.conftest import ROOT
from tests.test_browser import WAIT, _wait_for, ask, browser, settle

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

__all__ = ["browser"]

pytestmark = pytest.mark.browser
QUESTION = "How many investigators does the Police Complaints Inspectorate employ?"
SYMBOL = "CCLP/C/SR.950"
MANY = 500  # paragraphs: embedding them takes long enough to be killed in
LAST = "The last of the lamps at Quillhaven was lit by a keeper called Oduya."


class Server:
    """A running app that can be killed and started anew over the same index and results."""

    def __init__(self, folder: Path) -> None:
        self.index, self.results, self._log = folder / "index", folder / "results", folder / "log"
        self.results.mkdir()
        self.address = ""
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = str(probe.getsockname()[1])
        kept = {name: value for name, value in os.environ.items() if not name.startswith("RAG_")}
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "streamlit", "run", "app.py"),
                    *("--server.port", port, "--server.address", "127.0.0.1"),
                ],
                cwd=ROOT,
                env=kept | {"RAG_INDEX": str(self.index), "EVAL_RESULTS": str(self.results)},
                stdout=log,
                stderr=log,
            )
        self.address = f"http://127.0.0.1:{port}"
        _wait_for(f"{self.address}/_stcore/health", self._log)

    def kill(self) -> None:
        assert self._process is not None
        self._process.send_signal(signal.SIGKILL)
        assert self._process.wait(timeout=20) == -signal.SIGKILL

    def end(self) -> None:
        if self._process and self._process.poll() is None:
            self._process.kill()
            self._process.wait(timeout=20)


@pytest.fixture
def server(sample_index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setattr(runs, "_child", None)
    shutil.copytree(
        sample_index, tmp_path / "index", ignore=shutil.ignore_patterns("conversations")
    )
    server = Server(tmp_path)
    server.start()
    yield server
    server.end()
    left = runs.standing(server.results)
    if left and left.alive:
        os.killpg(left.pid, signal.SIGKILL)


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.set_default_timeout(WAIT)
    yield page
    context.close()


def until(met: Callable[[], bool], told: str) -> None:
    end = time.monotonic() + 300
    while not met():
        assert time.monotonic() < end, told
        time.sleep(0.02)


def in_hand(index: Path) -> int:
    """How many documents the catalogue holds that are not ready."""
    path = f"file:{index / 'catalog.db'}?mode=ro"
    with closing(sqlite3.connect(path, uri=True, timeout=5)) as catalog:
        found = catalog.execute("SELECT count(*) FROM documents WHERE status != 'ready'")
        return int(found.fetchone()[0])


def long_record(folder: Path) -> Path:
    """A record whose last paragraph alone tells who lit the last of the lamps."""
    head = (
        f"{SYMBOL}\nCommittee on Civil Liberties\nSummary record of the 950th meeting\n"
        "Held at the Palais des Roches, Valmont, on Monday, 6 May 2024, at 10 a.m.\n"
    )
    told = [
        f"{n}. Mr. Varga (Osterland) said that lamp number {n} at Quillhaven had been mended "
        f"{n % 7 + 2} times since the year {1700 + n % 200}, and that its keepers were paid."
        for n in range(1, MANY)
    ]
    path = folder / "lamps.txt"
    path.write_text("\n\n".join((head, *told, f"{MANY}. {LAST}")), encoding="utf-8")
    return path


def upload(page: Page, address: str, file: Path) -> None:
    page.goto(f"{address}/library")
    page.locator('input[type="file"]').first.wait_for(state="attached")
    settle(page)
    page.locator('input[type="file"]').first.set_input_files(file)


@pytest.mark.parametrize("moment", ["file received", "half in the index"])
def test_killed_during_an_upload(
    page: Page, server: Server, tmp_path: Path, sample_index: Path, moment: str
) -> None:
    before = {document.id for document in Record(Settings(index=sample_index)).documents()}
    page.goto(server.address)
    page.locator(".pp-welcome").wait_for()
    ask(page, QUESTION)
    answer = page.locator(".pp-claim").all_inner_texts()
    file = long_record(tmp_path)
    upload(page, server.address, file)
    if moment == "file received":
        until(lambda: (server.index / "uploads" / file.name).exists(), "nothing was received")
    else:
        until(lambda: in_hand(server.index) > 0, "nothing was put into the index")
    server.kill()

    server.start()
    page.goto(server.address)  # the index opens
    page.locator(".pp-welcome").wait_for()
    settle(page)
    page.get_by_text("Conversations (1)").click()
    page.locator(".st-key-kept-open-0 button").click()
    page.locator(".pp-foot").first.wait_for()
    settle(page)
    assert page.locator(".pp-claim").all_inner_texts() == answer
    ask(page, "Who lit the last of the lamps at Quillhaven?")
    said = page.locator(".pp-claim").all_inner_texts()[len(answer) :]

    record = Record(Settings(index=server.index))
    held = {document.id: len(document.paragraphs) for document in record.documents()}
    assert in_hand(server.index) == 0
    assert set(held) - {SYMBOL} == before
    if moment == "half in the index":  # it was in the catalogue whole, and was finished
        assert held[SYMBOL] == MANY
    assert held.get(SYMBOL, MANY) == MANY  # all of it, or nothing
    assert any("Oduya" in each for each in said) == (SYMBOL in held)

    server.end()
    again = Record(Settings(index=server.index)).add([file])
    assert not again.failed
    assert len(Record(Settings(index=server.index)).document(SYMBOL).paragraphs) == MANY


def test_killed_during_an_evaluation(page: Page, server: Server) -> None:
    page.goto(server.address)
    page.locator(".pp-welcome").wait_for()
    ask(page, QUESTION)
    page.goto(f"{server.address}/evaluate")
    page.locator(".st-key-evaluate-run button").click()
    page.locator(".st-key-evaluate-stop button").wait_for()
    until(lambda: bool((now := runs.standing(server.results)) and now.done), "nothing is asked")
    server.kill()

    # The run is a process of its own and goes on; it is there for who comes when all is back.
    now = runs.standing(server.results)
    assert now is not None
    assert now.alive
    server.start()
    page.goto(f"{server.address}/evaluate")
    page.locator(".st-key-evaluate-stop button").wait_for()
    settle(page)
    page.get_by_text("Conversations (1)").wait_for()

    # And where the run is killed as well, nobody is told that it goes on, or that it is done.
    os.killpg(now.pid, signal.SIGKILL)
    page.get_by_text("broke off").wait_for()
    assert page.locator(".st-key-evaluate-stop").count() == 0
    assert page.locator(".st-key-evaluate-run button").is_enabled()
    assert runs.stored(server.results) == ()
    assert len(Record(Settings(index=server.index)).documents()) == 4
