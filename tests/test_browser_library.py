"""The pages Read and Library in a real browser: links, search, copying, adding, nothing executed."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.test_browser import (
    QUESTION,
    UPLOAD,
    address,
    ask,
    browser,
    page,
    settle,
    shots,
)

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

__all__ = ["address", "browser", "page", "shots"]

pytestmark = pytest.mark.browser
# What is the same in a narrow window, and is looked at there in `test_browser_quality`.
WIDE = pytest.mark.parametrize("page", ["desktop light"], indirect=True)
HOSTILE = UPLOAD.replace("CCLP/C/SR.900", "CCLP/C/SR.66").replace("900th", "66th")
IN_VIEW = """here => {
  const box = here.getBoundingClientRect();
  const top = document.elementFromPoint(box.left + 60, box.top + 8);
  return here.contains(top);
}"""


def width(page: Page) -> int:
    return page.viewport_size["width"] if page.viewport_size else 0


def numbered(page: Page, label: str) -> Locator:
    """The paragraph that one reads, once it is the one of that number."""
    return page.locator(f'.st-key-reading .pp-here:has(.pp-label:text-is("{label}"))')


@WIDE
@pytest.mark.parametrize(
    "link",
    [
        "/read?cite=CCLP/C/SR.411%2330",
        "/read?cite=CCLP/C/SR.411#30",
        "/read?cite=CCLP/C/SR.411&para=30",
    ],
)
def test_a_link_opens_the_reading_page_at_its_paragraph(
    page: Page, address: str, shots: Path, link: str
) -> None:
    page.goto(address + link)
    here = numbered(page, "30.")
    here.wait_for()
    settle(page)
    assert page.locator(".pp-cited").count() == 1
    assert here.evaluate(IN_VIEW), "the paragraph is not in view"
    page.screenshot(path=shots / f"{width(page)}-read-link.png")


@WIDE
def test_a_link_that_leads_nowhere_says_so(page: Page, address: str) -> None:
    page.goto(f"{address}/read?cite=CCLP/C/SR.411&para=999")
    page.get_by_text("leads to nothing in the index").wait_for()
    assert page.locator(".pp-cited").count() == 0
    page.goto(f"{address}/?cite=CCLP/C/SR.999%231")
    page.get_by_test_id("stAlert").wait_for()
    assert "CCLP/C/SR.999" in page.get_by_test_id("stAlert").inner_text()


def test_words_are_found_and_headings_lead_on(page: Page, address: str, shots: Path) -> None:
    page.goto(f"{address}/read?cite=CCLP/C/SR.411")
    page.locator(".pp-facts", has_text="411").wait_for()
    settle(page)
    box = page.get_by_test_id("stMain").get_by_placeholder("Find in this document")
    box.fill("signatures")
    box.press("Enter")
    numbered(page, "27.").wait_for()
    settle(page)
    marks = page.locator(".pp-record mark")
    assert {word.lower() for word in marks.all_inner_texts()} == {"signatures"}
    status = page.locator(".st-key-reading-bar [role=status]")
    found = re.fullmatch(r"1 of ([0-9]+) paragraphs?, ([0-9]+) places?", status.inner_text())
    assert found
    assert int(found[2]) == marks.count()
    assert numbered(page, "27.").evaluate(IN_VIEW)
    page.screenshot(path=shots / f"{width(page)}-read-found.png")
    box.fill("police")
    box.press("Enter")
    page.get_by_text(re.compile(r"^[0-9]+ of [0-9]+ paragraphs, [0-9]+ places$")).wait_for()
    settle(page)
    first = page.locator(".pp-here").inner_text()
    page.locator(".st-key-reading-next button").click()
    settle(page)
    assert page.locator(".pp-here").inner_text() != first
    assert "police" in page.locator(".pp-here").inner_text().lower()
    box.fill("")
    box.press("Enter")
    settle(page)
    assert page.locator(".pp-record mark").count() == 0

    heading = page.locator(".pp-toc .pp-outline a").last
    label = heading.locator("xpath=ancestor::li").locator(".pp-label").inner_text()
    heading.click()
    numbered(page, label).wait_for()
    settle(page)
    assert numbered(page, label).evaluate(IN_VIEW)
    page.go_back()
    page.locator(f'.pp-here .pp-label:text-is("{label}")').wait_for(state="detached")


def test_a_citation_and_its_link_are_copied(page: Page, address: str, shots: Path) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=address)
    page.goto(f"{address}/read?cite=CCLP/C/SR.77%231")
    here = numbered(page, "1.")
    here.wait_for()
    settle(page)
    here.hover()
    page.screenshot(path=shots / f"{width(page)}-read-copy.png")
    here.get_by_role("button", name="Copy citation").click()
    assert page.evaluate("navigator.clipboard.readText()") == (
        "CCLP/C/SR.77, para. 1, number inferred"
    )
    other = page.locator(".pp-para", has_text="three maps")
    other.get_by_role("button", name="Copy link").focus()  # by the keyboard, without a pointer
    assert other.locator(".pp-tools").evaluate("it => getComputedStyle(it).opacity") == "1"
    page.keyboard.press("Enter")
    link = page.evaluate("navigator.clipboard.readText()")
    assert link == f"{address}/read?cite=CCLP/C/SR.77%23annex%20I:2"
    page.goto(link)
    page.locator(".pp-here", has_text="three maps").wait_for()


@WIDE
def test_the_official_document_is_asked_for_only_by_a_click(page: Page, address: str) -> None:
    page.goto(f"{address}/read?cite=CCLP/C/SR.411")
    link = page.locator("a.pp-official")
    link.wait_for()
    assert link.get_attribute("href") == "https://undocs.org/CCLP/C/SR.411"
    assert link.get_attribute("rel") == "noopener noreferrer"
    assert link.get_attribute("target") == "_blank"


@WIDE
def test_from_an_answer_to_the_whole_document_and_back(
    page: Page, address: str, shots: Path
) -> None:
    page.goto(address)
    page.locator(".pp-welcome").wait_for()
    ask(page, QUESTION)
    button = page.locator(".st-key-cite-1-1 button")
    button.hover()
    card = page.locator(".pp-card").first
    card.wait_for()
    assert "answered to the Assembly alone" in card.inner_text()
    page.screenshot(path=shots / f"{width(page)}-hover.png")
    page.mouse.move(5, 300)
    card.wait_for(state="hidden")
    page.keyboard.press("Tab")
    button.focus()  # by the keyboard
    card.wait_for()
    button.click()
    page.locator(".st-key-pane .pp-cited").wait_for()
    settle(page)
    page.get_by_role("link", name="Read the whole document").click()
    numbered(page, "4.").wait_for()
    settle(page)
    assert page.locator(".pp-facts").count() == 1
    page.go_back()
    page.locator(".pp-claim").first.wait_for()  # the visit went on: the conversation is there
    settle(page)
    assert page.locator(".st-key-pane .pp-cited").count() == 1


@WIDE
def test_the_library(page: Page, address: str, shots: Path, tmp_path: Path) -> None:
    name = f"{width(page)}"
    good = tmp_path / f"ferries-{name}.txt"
    good.write_text(
        HOSTILE.replace("SR.66", f"SR.66{name}").replace("66th", f"66{name}th"), encoding="utf-8"
    )
    bad = tmp_path / "letter.txt"
    bad.write_text("Dear all, nothing here is numbered.", encoding="utf-8")
    page.goto(f"{address}/library")
    page.locator(".pp-table").wait_for()
    settle(page)
    page.locator('input[type="file"]').set_input_files([good, bad])
    page.locator(".pp-result").nth(1).wait_for()
    settle(page)
    assert page.locator(".pp-result .pp-tag").all_inner_texts() == ["added", "failed"]
    page.screenshot(path=shots / f"{name}-library-added.png", full_page=True)

    box = page.get_by_placeholder("Symbol, title, body or State")
    box.fill(f"66{name}")
    box.press("Enter")
    settle(page)
    assert page.locator(".pp-table tbody tr").count() == 1
    for tab, words in (
        ("Meetings", "6 May"),
        ("Who spoke", "Mr. Varga"),
        ("Doubts", "CCLP/C/SR.77"),
        ("Remove or re-index", "Re-index"),
        ("Documents", f"CCLP/C/SR.66{name}"),
    ):
        page.get_by_role("tab", name=tab).click()
        page.get_by_role("tabpanel").get_by_text(words).first.wait_for()
        settle(page)
        page.screenshot(path=shots / f"{name}-library-{tab.split()[0].lower()}.png", full_page=True)
    page.get_by_role("link", name=f"CCLP/C/SR.66{name}").click()
    page.locator(".pp-facts", has_text=good.name).wait_for()
    settle(page)
    assert page.get_by_text('<script>document.title = "taken"</script>').count() == 1
    assert page.title() != "taken"

    page.goto(f"{address}/library")
    page.get_by_role("tab", name="Remove or re-index").click()
    page.get_by_role("tabpanel").get_by_text("Re-index").wait_for()
    settle(page)
    choose = page.get_by_role("tabpanel").get_by_role("combobox")
    choose.click()
    choose.press_sequentially(f"66{name}")
    page.get_by_role("option", name=f"CCLP/C/SR.66{name}").click()
    page.keyboard.press("Escape")
    page.get_by_text("Yes, remove them").click()
    page.get_by_role("button", name="Remove", exact=True).click()
    page.locator(".pp-result-removed").wait_for()
    page.get_by_role("tab", name="Documents").click()
    page.locator(".pp-table").wait_for()
    settle(page)
    assert page.get_by_role("link", name=f"CCLP/C/SR.66{name}").count() == 0
