"""The whole app in a real browser, page after page: on the sample, and on the record it is made for.

Ask, open a citation, export, ask on, come back after a reload, look up, check a draft, upload a
PDF, filter and read. The page Evaluate has tests of its own.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from rag.app.taken import said
from rag.config import Settings
from rag.domain import Answer
from rag.read import read
from rag.record import Record
from tests.pdf_files import At, write_pdf
from tests.test_browser import (
    QUESTION,
    UPLOAD,
    ask,
    browser,
    close_sidebar,
    open_sidebar,
    page,
    running,
    settle,
    shots,
)

if TYPE_CHECKING:
    from playwright.sync_api import Page

__all__ = ["browser", "page", "shots"]

pytestmark = pytest.mark.browser
SILENCE = "Who won the football championship of 1974?"


@dataclass(frozen=True)
class Place:
    """A running app over an index of its own, and what can be asked there."""

    address: str
    answer: Answer
    question: str
    label: str  # of the paragraph that answers

    @property
    def symbol(self) -> str:
        """The record that answers."""
        return self.answer.claims[0].citation.symbol


@contextmanager
def opened(index: Path, folder: Path, question: str, label: str) -> Iterator[Place]:
    (folder / "results").mkdir()
    shutil.copytree(
        index, folder / "index", ignore=shutil.ignore_patterns("conversations", "drafts")
    )
    answer = Record(Settings(index=index)).ask(question)
    assert isinstance(answer, Answer)
    settings = {"RAG_INDEX": str(folder / "index"), "EVAL_RESULTS": str(folder / "results")}
    with running(folder, **settings) as address:
        yield Place(address, answer, question, label)


@pytest.fixture(scope="module")
def sample(sample_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("walk")
    with opened(sample_index, folder, QUESTION, "4") as place:
        yield place


@pytest.fixture(scope="module")
def seed(seed_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("walk-seed")
    question = "How many complaints of torture were filed in 2013?"
    with opened(seed_index, folder, question, "2") as place:
        yield place


@pytest.mark.parametrize(
    ("page", "where"),
    [("desktop light", "sample"), ("phone dark", "sample"), ("desktop light", "seed")],
    indirect=["page"],
)
def test_the_whole_app_is_walked(
    page: Page, where: str, request: pytest.FixtureRequest, shots: Path, tmp_path: Path
) -> None:
    place: Place = request.getfixturevalue(where)
    width = page.viewport_size["width"] if page.viewport_size else 0

    def shot(name: str) -> None:
        page.screenshot(path=shots / f"walk-{where}-{width}-{name}.png")

    ask_and_read(page, place, shot)
    take_away(page, place, tmp_path)
    ask_on_and_reload(page, place, shot)
    look_up(page, place, shot)
    check_a_draft(page, place, shot)
    upload_filter_and_read(page, place, f"CCLP/C/SR.9{width}", tmp_path, shot)


def words(text: str) -> str:
    return " ".join(text.split())


Shot = Callable[[str], None]


def ask_and_read(page: Page, place: Place, shot: Shot) -> None:
    """The answer is that of the library; its citation opens the paragraph at the quoted words."""
    page.goto(place.address)
    page.locator(".pp-welcome").wait_for()
    settle(page)
    assert page.title() == "Pinpoint"
    shot("welcome")
    ask(page, place.question)
    claims = place.answer.claims
    shown = [words(quote) for quote in page.locator(".pp-claim .pp-quote").all_inner_texts()]
    assert shown == [f"“{words(claim.quote)}”" for claim in claims]
    cited = page.locator('[class*="st-key-cite-1-"] button').all_inner_texts()
    assert [words(label) for label in cited] == [
        f"[{number}] {claim.citation}" for number, claim in enumerate(claims, start=1)
    ]
    assert page.locator(".pp-coming").count() == 0
    assert "Verbatim quotations, no model" in page.locator(".pp-foot").inner_text()
    shot("answer")

    page.locator(".st-key-cite-1-1 button").click()
    mark = page.locator(".st-key-pane mark").first
    mark.wait_for()
    settle(page)
    assert words(mark.inner_text()) in words(claims[0].quote)
    assert page.locator(".st-key-pane .pp-cited .pp-label").inner_text() == f"{place.label}."
    mark.evaluate("mark => new Promise(done => requestAnimationFrame(done))")
    assert mark.evaluate(
        """mark => {
          const box = mark.getClientRects()[0];
          const there = document.elementFromPoint(box.left + 3, box.top + 3);
          return mark.contains(there) || mark.parentElement.contains(there);
        }"""
    ), "the quotation is not in view"
    assert "cite=CC" in page.url
    shot("pane")
    page.locator(".st-key-pane-next button").click()
    page.locator(".pp-here:not(.pp-cited)").wait_for()
    assert page.locator(".pp-here .pp-label").inner_text() == f"{int(place.label) + 1}."
    page.locator(".st-key-pane-close button").click()
    page.locator(".st-key-pane").wait_for(state="detached")


def take_away(page: Page, place: Place, folder: Path) -> None:
    """An answer is copied and taken as a Word file; the conversation as Markdown."""
    page.locator("summary", has_text="Copy or export").click()
    code = page.get_by_test_id("stCode")
    code.wait_for()
    for number, claim in enumerate(place.answer.claims, start=1):
        assert f"[{number}] {words(said(claim))} [{claim.citation}]" in words(code.inner_text())
    page.get_by_text("OSCOLA", exact=True).first.click()
    code.filter(has_text=f"UN Doc {place.symbol}").wait_for()
    settle(page)
    with page.expect_download() as waited:
        page.locator(".st-key-take-answer-1-docx").get_by_role("button", name="Word").click()
    waited.value.save_as(folder / "answer.docx")
    assert any(place.symbol in note.text for note in read(folder / "answer.docx").footnotes)
    page.get_by_text("Export the conversation").click()
    settle(page)
    with page.expect_download() as waited:
        page.locator(".st-key-take-whole-markdown").get_by_role("button", name="Markdown").click()
    waited.value.save_as(folder / "conversation.md")
    assert place.question in (folder / "conversation.md").read_text(encoding="utf-8")
    page.keyboard.press("Escape")


def ask_on_and_reload(page: Page, place: Place, shot: Shot) -> None:
    """What may be asked next is asked; silence is said; after a reload all is there again."""
    page.get_by_role("button", name="Who asked about it?").click()
    page.locator(".pp-question", has_text="Who asked about it?").wait_for()
    page.locator(".pp-quiet", has_text="Understood as:").first.wait_for()
    settle(page)
    ask(page, SILENCE)
    assert "The record does not say." in page.locator(".pp-silence").last.inner_text()
    shot("silence")
    before = page.locator(".pp-question, .pp-quote").all_inner_texts()
    page.reload()
    page.locator(".pp-welcome").wait_for()
    settle(page)
    open_sidebar(page)
    page.get_by_text(re.compile(r"^Conversations \(\d+\)$")).click()
    page.locator(".st-key-kept-open-0 button").click()
    page.locator(".pp-foot").nth(2).wait_for(state="attached")
    settle(page)
    assert page.locator(".pp-question, .pp-quote").all_inner_texts() == before
    close_sidebar(page)


def look_up(page: Page, place: Place, shot: Shot) -> None:
    page.goto(f"{place.address}/cite")
    box = page.get_by_test_id("stMain").locator("textarea")
    first = int(place.label)
    box.fill(f"See {place.symbol}, paras. {first} and {first + 1}, and CCLP/C/SR.999, para. 1.")
    page.get_by_role("button", name="Look up", exact=True).click()
    page.locator(".pp-printed").nth(1).wait_for()
    settle(page)
    shot("lookup")
    assert page.locator(".pp-record .pp-para").count() == 2
    page.locator(".st-key-found-open-1 button").click()
    page.locator(".st-key-pane .pp-cited").first.wait_for()
    page.locator(".st-key-pane-close button").click()
    page.locator(".st-key-pane").wait_for(state="detached")


def check_a_draft(page: Page, place: Place, shot: Shot) -> None:
    """Quoted rightly and wrongly: verdicts, the difference, the paragraph, what is taken away."""
    quoted = re.split(r"\[|…", place.answer.claims[0].quote)[0].split()[1:12]
    changed = [*quoted[:5], "lighthouses", *quoted[6:]]
    where = f"({place.symbol}, para. {place.label})"
    page.get_by_role("tab", name="A draft").click()
    box = page.get_by_label("Paste a draft")
    box.fill(f"It was “{' '.join(quoted)}” {where}.\n\nIt was “{' '.join(changed)}” {where}.")
    box.press("Tab")  # the whole of it with the keyboard alone
    page.get_by_role("button", name="Check the draft").focus()
    page.keyboard.press("Enter")
    page.locator(".pp-finding").nth(1).wait_for()
    settle(page)
    verdicts = page.locator(".pp-verdict > span")
    assert [words(each) for each in verdicts.all_inner_texts()] == ["✓ Verbatim", "✗ Altered"]
    assert "2 checked, 1 failed." in page.locator("[role=status]").all_inner_texts()
    differing = page.locator(".pp-finding .pp-difference")
    assert (differing.locator("del").inner_text(), differing.locator("ins").inner_text()) == (
        quoted[5],
        "lighthouses",
    )
    shot("draft")
    page.get_by_text("Only what does not pass").click()
    page.locator(".pp-finding").nth(1).wait_for(state="detached")
    settle(page)
    with page.expect_download() as waited:
        page.get_by_role("button", name="Findings as JSON").click()
    rows = json.loads(waited.value.path().read_text(encoding="utf-8"))
    assert [row["verdict"] for row in rows] == ["verbatim", "altered"]
    page.reload()
    page.locator(".pp-finding").nth(1).wait_for()
    settle(page)
    page.locator(".st-key-finding-open-1 button").click()
    page.locator(".st-key-pane mark").first.wait_for()
    settle(page)
    assert page.locator(".st-key-pane .pp-cited .pp-label").inner_text() == f"{place.label}."
    shot("draft-opened")


def upload_filter_and_read(page: Page, place: Place, symbol: str, folder: Path, shot: Shot) -> None:
    """A PDF is added, and at once asked alone and read; what it says is no markup."""
    told = UPLOAD.replace("CCLP/C/SR.900", symbol).replace("900th", f"{symbol[10:]}th")
    file = folder / f"upload-{symbol[10:]}.pdf"
    write_pdf(
        file, [[At(72, 80 + 16 * n, line) for n, line in enumerate(told.split("\n")) if line]]
    )
    page.goto(f"{place.address}/library")
    page.locator(".pp-welcome").wait_for()
    settle(page)
    page.locator('input[type="file"]').set_input_files(file)
    page.locator(".pp-result").wait_for()
    settle(page)
    assert f"{symbol}: 3 paragraphs" in page.locator(".pp-result-added").inner_text()
    shot("upload")
    page.goto(place.address)
    page.locator(".pp-welcome").wait_for()
    settle(page)
    open_sidebar(page)
    page.get_by_test_id("stSidebar").get_by_role("combobox").first.fill(symbol)
    page.get_by_role("option", name=symbol).click()
    page.keyboard.press("Escape")
    settle(page)
    close_sidebar(page)
    ask(page, "How many ferries serve the outer islands?")
    assert "nine ferries" in page.locator(".pp-claim").first.inner_text()
    assert f"only {symbol}" in page.locator(".pp-foot").first.inner_text()
    shot("filtered")
    page.goto(f"{place.address}/read?cite={symbol}%233")
    page.get_by_text("was written").wait_for()
    settle(page)
    shot("read")
    assert page.get_by_text('<script>document.title = "taken"</script>').count() == 1
    assert page.locator(".pp-record img, .pp-record script").count() == 0
    assert page.title() != "taken"
