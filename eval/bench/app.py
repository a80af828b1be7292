"""A question typed into the app → when the first word of its answer is on the screen.

    python -m eval.bench.app [--questions 30] [--paragraphs N] [--each 6] [--json]

The app runs as a visitor has it, over the sample (with `--paragraphs`, over the index of
`eval.bench.answers`), and a real browser without a window (Chromium, through Playwright)
types the questions of the sample's development split. Measured in the page itself, from
the press of Enter until the frame after the one in which the first statement, or that
the record does not say, stands in it; and until all of the answer does. A new visitor
comes after every `--each` questions. The first question of all is told apart: it is
asked as soon as the page is drawn, while the model is still being opened.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from eval.suites import ROOT, load, sources_of
from rag.config import Settings
from rag.record import Record

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

TARGET = 1_000.0  # milliseconds to the first word
WAIT = 60_000  # milliseconds for an answer
CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
FLAGS = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking")
# Looks at the message under the last question that reads as asked: what stood there before,
# Streamlit may draw twice for a moment.
WATCH = """
(question) => {
  const parts = { searched: ".pp-coming, .pp-foot", first: ".pp-claim, .pp-silence", whole: ".pp-foot" };
  const seen = window.pinpoint = {};
  const words = (text) => text.replace(/\\s+/g, " ").trim();
  const reply = () => {
    const messages = [...document.querySelectorAll('[data-testid="stChatMessage"]')];
    const at = messages.findLastIndex(message => {
      const asked = message.querySelector(".pp-question");
      return asked && words(asked.innerText) === words(question);
    });
    return at < 0 ? undefined : messages[at + 1];
  };
  addEventListener("keydown", (key) => {
    if (key.key !== "Enter") return;
    const begun = performance.now();
    const look = () => {
      const message = reply();
      if (!message) return;
      for (const [name, what] of Object.entries(parts)) {
        const there = message.querySelector(what);
        if (seen[name] === undefined && there && there.innerText.trim())
          requestAnimationFrame(() => seen[name] ??= performance.now() - begun);
      }
    };
    new MutationObserver(look).observe(document.body,
      { childList: true, subtree: true, characterData: true });
  }, { capture: true, once: true });
}
"""


@dataclass(frozen=True, slots=True)
class Seen:
    """When a visitor saw what, in milliseconds from the press of Enter."""

    searched: float  # what was searched, and what is being read
    first: float  # the first statement, or that the record does not say
    whole: float  # all of the answer


@contextmanager
def running(index: Path, log: Path) -> Generator[str]:
    """Run the app over an index; gives its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("RAG_")}
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    with log.open("w") as told:
        server = subprocess.Popen(
            [*command, "--server.address", "127.0.0.1"],
            cwd=ROOT,
            env=kept | {"RAG_INDEX": str(index.resolve())},
            stdout=told,
            stderr=told,
        )
        try:
            address = f"http://127.0.0.1:{port}"
            _wait_for(f"{address}/_stcore/health", log)
            yield address
        finally:
            server.terminate()
            server.wait(timeout=20)


def _wait_for(url: str, log: Path) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise SystemExit(f"The app did not start:\n{log.read_text(encoding='utf-8')}")


def ask(page: Page, question: str) -> Seen:
    """Type a question, and tell when what was seen."""
    box = page.get_by_test_id("stChatInputTextArea")
    box.fill(question)
    page.evaluate(WATCH, question)
    box.press("Enter")
    page.wait_for_function("() => window.pinpoint.whole !== undefined", timeout=WAIT)
    page.locator('[data-test-script-state="notRunning"]').wait_for(state="attached", timeout=WAIT)
    seen = page.evaluate("() => window.pinpoint")
    return Seen(*(round(float(seen[name]), 1) for name in Seen.__slots__))


def visit(browser: Browser, address: str, questions: Sequence[str], *, settle: int) -> list[Seen]:
    """Ask as one visitor, from a fresh page on."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.goto(address)
    page.locator(".pp-welcome").wait_for(timeout=WAIT)
    page.wait_for_timeout(settle)
    told = [ask(page, question) for question in questions]
    context.close()
    return told


def measure(index: Path, questions: Sequence[str], each: int) -> tuple[Seen, list[Seen]]:
    """Ask the first question of all apart, then all others, each visitor some of them."""
    from playwright.sync_api import sync_playwright

    with (
        tempfile.TemporaryDirectory() as folder,
        running(index, Path(folder) / "log") as address,
        sync_playwright() as driver,
    ):
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        (first,) = visit(browser, address, questions[:1], settle=0)
        told: list[Seen] = []
        for at in range(0, len(questions), each):
            told += visit(browser, address, questions[at : at + each], settle=500)
        browser.close()
    return first, told


def main(argv: Sequence[str] | None = None) -> int:
    """Print the figures; 1 where the target is missed."""
    parser = argparse.ArgumentParser(prog="python -m eval.bench.app", description=__doc__)
    parser.add_argument("--questions", type=int, default=30)
    parser.add_argument("--paragraphs", type=int, help="the index of eval.bench.answers")
    parser.add_argument("--each", type=int, default=6, help="questions of one visitor")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(argv)
    cases = [case for case in load("sample").pick(split="dev") if not case.history]
    questions = [case.question for case in cases[: options.questions]]
    with tempfile.TemporaryDirectory() as folder:
        index = Path(folder) / "index"
        if options.paragraphs is None:
            Record(Settings(index=index)).add([each.path for each in sources_of("sample")])
        else:
            from eval.bench.answers import kept

            index = kept(options.paragraphs)
        status = Record(Settings(index=index)).status()
        first, told = measure(index, questions, options.each)
    if options.json:
        rows = [asdict(each) for each in told]
        print(json.dumps({"paragraphs": status.paragraphs, "first": asdict(first), "asked": rows}))
    else:
        print(
            f"{status.paragraphs:,} paragraphs, {len(told)} questions; the first word at p95 "
            f"after at most {TARGET:,.0f} ms\n\n"
            f"{'milliseconds from Enter':32}{'very first':>12}{'p50':>8}{'p95':>8}{'most':>8}"
        )
        for name, what in (
            ("searched", "what was searched"),
            ("first", "first word of the answer"),
            ("whole", "whole answer"),
        ):
            spent = [getattr(each, name) for each in told]
            p50, p95 = np.percentile(spent, (50, 95)).tolist()
            print(f"{what:32}{getattr(first, name):12.0f}{p50:8.0f}{p95:8.0f}{max(spent):8.0f}")
    return 0 if float(np.percentile([each.first for each in told], 95)) <= TARGET else 1


if __name__ == "__main__":
    sys.exit(main())
