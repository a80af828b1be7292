"""Every page in a real browser: no text acts as markup, and everyone can read and use it.

axe-core comes with axe-playwright-python; it is under the MPL 2.0 and used by the tests alone.
"""

from __future__ import annotations

import io
import re
import shutil
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from rag.app import runs
from rag.cite.styles import knows
from rag.export import exported
from tests.conftest import ROOT
from tests.hostile import NAME, PIECES, THINGS, hostile_record, hostile_result, question
from tests.marked import index_of, marked_record, verbatim_record
from tests.test_browser import WAIT, ask, browser, open_sidebar, page, running, settle, shots

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

__all__ = ["browser", "page", "shots"]

pytestmark = pytest.mark.browser
PATHS = re.findall(r'url_path="(\w+)"', (ROOT / "rag" / "app" / "main.py").read_text())
QUESTION = "How many investigators does the Police Complaints Inspectorate employ?"
DRAFT = """It “employed 54 investigators” (CCLP/C/SR.411, para. 4). It “had begun work on 1 July
2019” (CCLP/C/SR.411, para. 4). It “may close the airport” (CCLP/C/SR.411, para. 9). Expenditure on
legal aid had amounted to 22.5 million crowns in 2023 (CCLP/C/SR.412, para. 18).
"""
GRAVE = {"serious", "critical"}
OF_COLOURS = ["color-contrast", "link-in-text-block"]  # nothing else differs in light and dark


@pytest.fixture(scope="module")
def hostile(sample_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A running app over the hostile record, with a hostile result."""
    folder = tmp_path_factory.mktemp("hostile")
    results = folder / "results"
    results.mkdir()
    (results / "records-2026-11-28T120000Z.json").write_text(hostile_result())
    shutil.copytree(sample_index, folder / "index")
    index_of(folder / "index", hostile_record())
    settings = {"RAG_INDEX": str(folder / "index"), "EVAL_RESULTS": str(results)}
    with running(folder, **settings) as address:
        yield address


@pytest.fixture(scope="module")
def plain_app(sample_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A running app over the sample and records with everything that a reader may doubt."""
    folder = tmp_path_factory.mktemp("quality")
    results = folder / "results"
    results.mkdir()
    (results / "records-2026-11-28T120000Z.json").write_text(hostile_result())
    (results / "records-2026-11-28T130000Z.json").write_text(
        hostile_result().replace("T12:00", "T13:00")
    )
    shutil.copytree(sample_index, folder / "index")
    index_of(folder / "index", marked_record(), verbatim_record())
    settings = {"RAG_INDEX": str(folder / "index"), "EVAL_RESULTS": str(results)}
    # One can be chosen, one lacks its key; neither is asked.
    settings["RAG_LLM_CHOICES"] = "openai-like:http://127.0.0.1:9/v1#small, openai:gpt-4o"
    with running(folder, **settings) as address:
        yield address


@pytest.fixture(params=["wide", "phone"])
def visitor(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    """A visitor with a wide or a narrow window."""
    wide = request.param == "wide"
    size = {"width": 1440, "height": 900} if wide else {"width": 400, "height": 850}
    context = browser.new_context(viewport=size, color_scheme="light")  # type: ignore[arg-type]
    page = context.new_page()
    page.set_default_timeout(WAIT)
    yield page
    context.close()


def violations(page: Page, where: str) -> list[str]:
    """What axe-core finds grave on a page in dark, and of its colours in light too, a line each."""
    return [
        told for scheme in ("dark", "light") for told in _violations(page, f"{where}, {scheme}")
    ]


def _violations(page: Page, where: str) -> list[str]:
    scheme = where.rsplit(" ", 1)[-1]
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.wait_for_function(
        "scheme => getComputedStyle(document.querySelector('.stApp')).colorScheme === scheme",
        arg=scheme,
        polling=30,
    )
    settle(page)  # colours change step by step
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    rules = {"runOnly": OF_COLOURS} if scheme == "light" else {}
    found = axe.run(page, options={"resultTypes": ["violations"]} | rules).response["violations"]
    return [
        f"{where}: {each['id']} ({each['impact']}) {node['target']} {node['html'][:160]} "
        f"{'; '.join(any_['message'] for any_ in node['any'])[:200]}"
        for each in found
        if each["impact"] in GRAVE
        for node in each["nodes"]
    ]


def the_ask_page(page: Page) -> Iterator[str]:
    page.locator(".pp-welcome").wait_for()
    settle(page)
    yield "welcome"
    ask(page, QUESTION)
    ask(page, "Who won the football championship of 1974?")
    yield "answers"
    page.locator(".st-key-cite-1-1 button:visible").last.click()
    page.locator(".st-key-pane mark").first.wait_for()
    settle(page)
    yield "reading pane"


def the_read_page(page: Page) -> Iterator[str]:
    page.locator(".pp-facts").wait_for()
    settle(page)
    yield "document"
    for tab in page.get_by_test_id("stMainBlockContainer").get_by_role("tab").all():
        tab.click()
        settle(page)
        yield tab.inner_text()


def the_look_up_page(page: Page) -> Iterator[str]:
    yield "empty"
    box = page.get_by_test_id("stMainBlockContainer").locator("textarea").first
    box.fill(
        "See CCLP/C/SR.411, paras. 4 and 5, CCLP/C/SR.77, para. 3 (b), CCLP/C/SR.999, para. 1."
    )
    page.get_by_role("button", name="Look up", exact=True).click()
    page.locator(".pp-printed").nth(1).wait_for()
    settle(page)
    yield "found"
    page.get_by_role("tab", name="A draft").click()
    box = page.get_by_label("Paste a draft")
    box.wait_for()
    settle(page)
    yield "no draft"
    box.fill(DRAFT)
    page.get_by_role("button", name="Check the draft").click()
    page.locator(".pp-finding").nth(3).wait_for()
    settle(page)
    yield "draft"


def the_library_page(page: Page) -> Iterator[str]:
    settle(page)
    yield "contents"
    for tab in page.get_by_test_id("stMainBlockContainer").get_by_role("tab").all():
        tab.click()
        settle(page)
        yield tab.inner_text()


def the_evaluate_page(page: Page) -> Iterator[str]:
    page.locator(".part h2").wait_for()
    settle(page)
    yield "figures"
    page.locator(".part summary").first.click()
    yield "what was run"


WALKS: dict[str, Callable[[Page], Iterator[str]]] = {
    "ask": the_ask_page,
    "read": the_read_page,
    "cite": the_look_up_page,
    "library": the_library_page,
    "evaluate": the_evaluate_page,
}


def test_every_page_is_walked() -> None:
    assert set(PATHS) == set(WALKS)


def test_a_report_of_a_hostile_result_is_drawn(tmp_path: Path) -> None:
    (tmp_path / "hostile.json").write_text(hostile_result())
    part = runs.report([str(tmp_path / "hostile.json")])
    assert "&lt;script&gt;window.taken=1&lt;/script&gt;" in part.html
    assert not re.search(r"<(?:script|img|iframe|svg/)|\son\w+=[\"']?window", part.html)


@pytest.mark.parametrize("path", WALKS)
def test_axe_finds_nothing_grave(visitor: Page, plain_app: str, path: str) -> None:
    visitor.goto(f"{plain_app}/{path}" if path != "ask" else plain_app)
    visitor.get_by_test_id("stMainBlockContainer").wait_for()
    settle(visitor)
    found = [
        told for step in WALKS[path](visitor) for told in violations(visitor, f"{path}, {step}")
    ]
    open_sidebar(visitor) if path != "ask" else None
    found += violations(visitor, f"{path}, sidebar")
    assert not found, "\n".join(dict.fromkeys(found))


# Where the page is narrow, what is too wide for it shows; the page is the same in a wide window.
NARROW = pytest.mark.parametrize("page", ["phone dark"], indirect=True)


def seen(text: str) -> str:
    """A text as a reader sees it: without what has no shape, white space as one space."""
    return " ".join(
        re.sub(r"[\x00-\x1f\u2060\u202c\u202e]", " ", text).replace("\xa0", " ").split()
    )


def nothing_ran(page: Page, where: str) -> None:
    """No script of the record acted, no error took the page's place, nothing is pushed aside."""
    assert page.evaluate("() => window.taken") is None, where
    assert page.get_by_test_id("stException").count() == 0, where
    assert page.title() == "Pinpoint", where
    # Nothing made of the record's text: our own pages have no pictures, frames, links to there.
    made = (
        '[src*="evil"], [href*="evil"], [href^="javascript"], iframe, .katex, [onerror], [onload]'
    )
    assert page.get_by_test_id("stMainBlockContainer").locator(made).count() == 0, where
    wide = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(wide) <= 0, f"{where} scrolls sideways"


def shows(page: Page, where: str, *names: str) -> None:
    """Every piece named (else every piece) is there to be read, as it is written."""
    text = seen(page.get_by_test_id("stMainBlockContainer").inner_text())
    missing = [name for name in names or PIECES if seen(PIECES[name]) not in text]
    assert not missing, f"{where} does not show {missing}"


@NARROW
def test_answers_and_pane_show_hostile_text_as_text(page: Page, hostile: str, shots: Path) -> None:
    for name in ("script", "image", "link", "math", "emoji", "long"):
        page.goto(hostile)  # each in a conversation of its own, or it would be a follow-up
        page.locator(".pp-welcome").wait_for()
        settle(page)
        nothing_ran(page, "welcome")
        ask(page, question(name))
        nothing_ran(page, f"answer, {name}")
        shows(page, "answer", name)
        claims = page.locator('[class*="st-key-claim-1-"]')
        told = next(each for each in claims.all() if seen(PIECES[name]) in seen(each.inner_text()))
        told.locator('[class*="st-key-cite-"] button:visible').last.click()
        mark = page.locator(".st-key-pane mark").first
        mark.wait_for()
        settle(page)
        nothing_ran(page, f"pane, {name}")
        assert seen(PIECES[name]) in seen(page.locator(".st-key-pane .pp-cited").inner_text())
        page.locator(".st-key-pane-close button").click()
        page.locator(".st-key-pane").wait_for(state="detached")
    page.screenshot(path=shots / "hostile-ask.png")
    ask(page, f"What is {PIECES['script']} {PIECES['image']} {PIECES['math']}?")
    nothing_ran(page, "a hostile question")
    shows(page, "a hostile question", "script", "image", "math")
    page.reload()
    settle(page)
    open_sidebar(page)  # conversations are named by their first question
    nothing_ran(page, "sidebar")


@NARROW
def test_read_shows_hostile_text_as_text(page: Page, hostile: str, shots: Path) -> None:
    page.goto(f"{hostile}/read?cite={NAME}%231")
    page.locator(".pp-facts").wait_for()
    settle(page)
    chosen = page.get_by_test_id("stMainBlockContainer").get_by_role("combobox").first
    if NAME not in page.locator(".pp-head").first.inner_text():
        chosen.click()
        page.get_by_role("option", name=NAME, exact=False).first.click()
        page.locator(".pp-head", has_text=NAME).first.wait_for()
        settle(page)
    nothing_ran(page, "read")
    shows(page, "read")
    page.screenshot(path=shots / "hostile-read.png")
    for tab in page.get_by_test_id("stMainBlockContainer").get_by_role("tab").all():
        tab.click()
        settle(page)
        nothing_ran(page, f"read, {tab.inner_text()}")


def hostile_draft() -> str:
    """Every piece quoted as of the paragraph that has it, with one word altered."""
    return "\n\n".join(
        f"It said that it “owned {number + 40} {THINGS[name]} {piece} in 1923” "
        f"({NAME}, para. {number})."
        for number, (name, piece) in enumerate(PIECES.items(), start=1)
    )


@NARROW
def test_other_pages_show_hostile_text_as_text(page: Page, hostile: str, shots: Path) -> None:
    page.goto(f"{hostile}/cite")
    box = page.get_by_test_id("stMainBlockContainer").locator("textarea").first
    box.fill(f"{NAME}, paras. 1–17 {PIECES['script']} {PIECES['image']}; see {NAME}, para. 4.")
    page.get_by_role("button", name="Look up", exact=True).click()
    page.locator(".pp-printed").first.wait_for()
    settle(page)
    nothing_ran(page, "look up")
    shows(page, "look up")
    page.get_by_role("tab", name="A draft").click()
    page.get_by_label("Paste a draft").fill(hostile_draft())
    page.get_by_role("button", name="Check the draft").click()
    page.locator(".pp-finding").nth(len(PIECES) - 1).wait_for()
    settle(page)
    nothing_ran(page, "draft")
    shows(page, "draft")
    page.screenshot(path=shots / "hostile-draft.png", full_page=True)
    page.locator('[class*="st-key-finding-open-"] button').first.click()
    page.locator(".st-key-pane .pp-cited").first.wait_for()
    settle(page)
    nothing_ran(page, "pane of a draft")
    page.goto(f"{hostile}/library")
    page.get_by_test_id("stMainBlockContainer").get_by_text(NAME).first.wait_for()
    settle(page)
    nothing_ran(page, "library")
    page.screenshot(path=shots / "hostile-library.png")
    for tab in page.get_by_test_id("stMainBlockContainer").get_by_role("tab").all():
        tab.click()
        settle(page)
        nothing_ran(page, f"library, {tab.inner_text()}")
    page.goto(f"{hostile}/evaluate")
    page.locator(".part h2").wait_for()
    settle(page)
    for opened in page.locator(".part details").all():
        opened.evaluate("details => details.open = true")
    nothing_ran(page, "evaluate")
    text = seen(page.locator(".part").inner_text())
    missing = [name for name in PIECES if seen(PIECES[name]) not in text]
    assert not missing
    assert page.locator(".part").locator("img, script, iframe, a[href]").count() == 0


def test_exports_hold_hostile_text_as_text(tmp_path: Path) -> None:
    record = index_of(tmp_path / "index", hostile_record())
    for name in PIECES:
        record.ask_in("hostile", question(name))
    told = record.conversations.load("hostile")
    assert sum(each.answered for each in told.exchanges) >= len(PIECES) // 2
    forms = {
        form: exported(told, form, "un", knows(record.document))
        for form in ("markdown", "docx", "json", "bibtex", "ris", "csl")
    }
    written = forms["markdown"].decode()
    assert not re.search(r"(?<!\\)(?:<(?:script|img|svg|iframe)|\]\(javascript)", written)
    with zipfile.ZipFile(io.BytesIO(forms["docx"])) as packed:
        assert not any(b"evil.example" in packed.read(each) for each in packed.namelist()
                       if each.endswith(".rels"))  # fmt: skip
    assert all(forms.values())
