"""Ten visitors who ask at the same time → how long each waits, and whether histories mix.

    python -m eval.bench.users [--users 10] [--rounds 4] [--together] [--wire] [--json]

The app runs as visitors have it, over the sample, on this machine alone; each visitor is a
browser context of their own (Chromium without a window, through Playwright), who asks a
question of the sample's development split, reads for some seconds (1 to 5, from a fixed seed)
and asks the next, until `--rounds` are asked; all share the questions out among them, so that
no two ask the same. With `--together` nobody reads: all press Enter in the same moment.
The browsers take their share of the same processors, so that the figures are upper bounds;
with `--wire` there are none, and what a browser would be sent is timed (`users_wire`).

Before that, alone: how long until the page is painted for a visitor who comes to a server
that is warm. Held against: the first word at p95 within 2 s, the page within 2 s, no error,
and in each visitor's page, and in each conversation kept, the questions of one visitor alone.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from eval.bench.app import CHROMIUM, FLAGS, WAIT, WATCH, Seen, running
from eval.bench.users_wire import Visitor, on_the_wire
from eval.suites import load, sources_of
from rag.config import Settings
from rag.record import Record

if TYPE_CHECKING:
    from playwright.async_api import Browser, Page

TARGET = 2_000.0  # milliseconds, to the first word and to the page
MOST_USERS, MOST_ROUNDS = 50, 20
VISITS = 7  # pages opened alone, the first of which warms the server up
# Until the page has drawn its first letters, and until the app's own words stand in it.
PAINTED = """
async () => {
  while (!document.querySelector(".pp-welcome")) await new Promise(requestAnimationFrame);
  await new Promise(requestAnimationFrame);
  const drawn = performance.getEntriesByName("first-contentful-paint")[0];
  return [drawn ? drawn.startTime : 0, performance.now()];
}
"""


@dataclass(frozen=True, slots=True)
class Measured:
    """What came of all."""

    visitors: tuple[Visitor, ...]
    painted: tuple[tuple[float, float], ...]  # (first letters, the page), milliseconds
    kept: tuple[tuple[str, ...], ...]  # the questions of each conversation kept
    log: tuple[str, ...] = field(default=())  # errors of the server

    @property
    def first_words(self) -> list[float]:
        """Milliseconds to each first word."""
        return [seen.first for visitor in self.visitors for seen in visitor.waited]

    @property
    def faults(self) -> list[str]:
        """What went wrong, a sentence each."""
        told = list(self.log)
        owners = {question: n for n, one in enumerate(self.visitors) for question in one.asked}
        for number, visitor in enumerate(self.visitors, start=1):
            told += [f"visitor {number}: {error}" for error in visitor.errors]
            if visitor.shown != visitor.asked:
                told.append(f"visitor {number} asked {visitor.asked}, and sees {visitor.shown}")
        for questions in self.kept:
            if len({owners.get(question) for question in questions}) != 1:
                told.append(f"a conversation holds questions of several: {questions}")
        if len(self.kept) != len(self.visitors):
            told.append(f"{len(self.kept)} conversations of {len(self.visitors)} visitors are kept")
        return told


async def _ask(page: Page, question: str) -> Seen:
    box = page.get_by_test_id("stChatInputTextArea")
    await box.fill(question)
    await page.evaluate(WATCH, question)
    await box.press("Enter")
    await page.wait_for_function("() => window.pinpoint.whole !== undefined", timeout=WAIT)
    still = page.locator('[data-test-script-state="notRunning"]')
    await still.wait_for(state="attached", timeout=WAIT)
    seen = await page.evaluate("() => window.pinpoint")
    return Seen(*(round(float(seen[name]), 1) for name in Seen.__slots__))


async def _visit(
    browser: Browser,
    address: str,
    questions: Sequence[str],
    reading: random.Random | None,
    ready: asyncio.Barrier,
) -> Visitor:
    """Ask as one visitor; `reading` gives the pauses, without it all ask together."""
    context = await browser.new_context(viewport={"width": 1280, "height": 800})
    page = await context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    waited: list[Seen] = []
    await page.goto(address)
    await page.locator(".pp-welcome").wait_for(timeout=WAIT)
    await ready.wait()
    for question in questions:
        if reading is None:
            await ready.wait()
        else:
            await asyncio.sleep(reading.uniform(1.0, 5.0))
        waited.append(await _ask(page, question))
    told = page.locator('[data-testid="stException"], [data-testid="stAlert"]')
    errors += await told.all_inner_texts()
    shown = await page.locator(".pp-question").all_inner_texts()
    await context.close()
    return Visitor(
        tuple(questions), tuple(" ".join(each.split()) for each in shown), tuple(waited),
        tuple(errors),
    )  # fmt: skip


async def _paint(browser: Browser, address: str) -> tuple[float, float]:
    context = await browser.new_context(viewport={"width": 1280, "height": 800})
    page = await context.new_page()
    await page.goto(address, wait_until="commit")
    first, whole = await page.evaluate(PAINTED)
    await context.close()
    return round(first, 1), round(whole, 1)


async def _measure(
    address: str, shares: Sequence[Sequence[str]], together: bool
) -> tuple[tuple[Visitor, ...], tuple[tuple[float, float], ...]]:
    from playwright.async_api import async_playwright

    async with async_playwright() as driver:
        browser = await driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        painted = [await _paint(browser, address) for _ in range(VISITS)][1:]
        ready = asyncio.Barrier(max(len(shares), 1))
        visits = [
            _visit(browser, address, share, None if together else random.Random(n), ready)
            for n, share in enumerate(shares)
        ]
        visitors = await asyncio.gather(*visits)
        await browser.close()
    return tuple(visitors), tuple(painted)


def measure(users: int, rounds: int, *, together: bool, wire: bool = False) -> Measured:
    """Let so many visitors ask so many questions each."""
    cases = [case for case in load("sample").pick() if case.split == "dev" and not case.history]
    texts = list(dict.fromkeys(" ".join(case.question.split()) for case in cases))
    # Where there are fewer questions than are asked, they are asked again in other words.
    ways = ("{}", "Please tell me: {}", "According to the record, {}", "In short: {}")
    every = [way.format(text) for way in ways for text in texts]
    if users * rounds > len(every):
        raise SystemExit(f"There are {len(every)} questions for {users * rounds}; ask fewer.")
    shares = [every[n : users * rounds : users] for n in range(users)]
    with tempfile.TemporaryDirectory() as folder:
        index, log = Path(folder) / "index", Path(folder) / "log"
        record = Record(Settings(index=index))
        record.add([each.path for each in sources_of("sample")])
        with running(index, log) as address:
            visitors, painted = asyncio.run(_measure(address, [] if wire else shares, together))
            if wire:
                visitors = asyncio.run(on_the_wire(address, shares, together))
        kept = tuple(
            tuple(each.question for each in record.conversations.load(listed.name).exchanges)
            for listed in record.conversations.list()
        )
        told = log.read_text(encoding="utf-8", errors="replace").split("\n")
    wrong = tuple(line for line in told if "Traceback" in line or "Error" in line)
    return Measured(visitors, painted, kept, wrong)


def main(argv: Sequence[str] | None = None) -> int:
    """Print the figures; 1 where a target is missed or something went wrong."""
    parser = argparse.ArgumentParser(
        prog="python -m eval.bench.users",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--users", type=int, default=10, choices=range(1, MOST_USERS + 1))
    parser.add_argument("--rounds", type=int, default=4, choices=range(1, MOST_ROUNDS + 1))
    parser.add_argument("--together", action="store_true", help="all press Enter at once")
    parser.add_argument("--wire", action="store_true", help="without browsers")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(argv)
    found = measure(options.users, options.rounds, together=options.together, wire=options.wire)
    p50, p95 = np.percentile(found.first_words, (50, 95)).tolist()
    page = float(np.median([whole for _, whole in found.painted]))
    if options.json:
        print(json.dumps(asdict(found) | {"faults": found.faults}, ensure_ascii=False))
    else:
        whole = [seen.whole for one in found.visitors for seen in one.waited]
        letters = float(np.median([first for first, _ in found.painted]))
        how = "all at once" if options.together else "reading 1 to 5 s between two questions"
        share = "without browsers" if options.wire else "of which the browsers take their share"
        print(
            f"{options.users} visitors, {options.rounds} questions each, {how}; "
            f"{os.cpu_count()} processors, {share}\n\n"
            f"milliseconds                        p50     p95    most\n"
            f"Enter → first word of the answer{p50:7.0f} {p95:7.0f} {max(found.first_words):7.0f}\n"
            f"Enter → whole answer            {np.percentile(whole, 50):7.0f} "
            f"{np.percentile(whole, 95):7.0f} {max(whole):7.0f}\n"
            f"a page, warm and alone: first letters {letters:.0f}, all of it {page:.0f} (median), "
            f"{max(whole for _, whole in found.painted):.0f} at most of {len(found.painted)}\n"
            f"errors and mixed histories: {len(found.faults)}"
        )
        for fault in found.faults:
            print(f"  {fault}")
    return 0 if p95 <= TARGET and page <= TARGET and not found.faults else 1


if __name__ == "__main__":
    sys.exit(main())
