"""The Streamlit app in a real browser, over the sample record; nothing may leave this machine.

Longer than most: one server and one browser serve every walk.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlparse

import pytest

from rag.app.taken import said
from rag.config import Settings
from rag.domain import Answer
from rag.read import read
from rag.record import Record
from tests.marked import index_of, marked_record, verbatim_record
from tests.model_server import Server, server, written

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

__all__ = ["server"]

pytestmark = pytest.mark.browser
ROOT = Path(__file__).resolve().parent.parent
CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WAIT = 60_000  # milliseconds; the first question opens the model
QUESTION = "How many investigators does the Police Complaints Inspectorate employ?"
UPLOAD = """CCLP/C/SR.900
Committee on Civil Liberties
Summary record of the 900th meeting
Held at the Palais des Roches, Valmont, on Monday, 6 May 2024, at 10 a.m.

1. Ms. Ibarra asked how many ferries served the outer islands.

2. Mr. Varga (Osterland) said that nine ferries served the outer islands, two of them at night.

3. <script>document.title = "taken"</script> <img src="http://evil.example/x.png"> was written
on the door, said Mr. Varga.
"""


@pytest.fixture(scope="module")
def address(sample_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A running app over a copy of the sample index."""
    folder = tmp_path_factory.mktemp("browser")
    index = folder / "index"
    shutil.copytree(sample_index, index)
    index_of(index, marked_record(), verbatim_record())
    with running(folder, RAG_INDEX=str(index)) as address:
        yield address


@contextmanager
def running(folder: Path, **settings: str) -> Generator[str]:
    """Run the app with these settings, and only these; gives its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("RAG_")}
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "streamlit", "run", "app.py"),
                *("--server.port", str(port), "--server.address", "127.0.0.1"),
            ],
            cwd=ROOT,
            env=kept | settings,
            stdout=log,
            stderr=log,
        )
        try:
            _wait_for(f"http://127.0.0.1:{port}/_stcore/health", folder / "log")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(timeout=20)


def _wait_for(url: str, log: Path) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise AssertionError(f"the app did not start:\n{log.read_text()}")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not Path(CHROMIUM).exists():
        pytest.skip(f"chromium is not here ({CHROMIUM})")
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with playwright.sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(params=["desktop light", "phone dark"])
def page(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    """A fresh visitor; at the end, every request must have stayed on this machine."""
    wide, scheme = request.param.split()
    size = {"width": 1440, "height": 900} if wide == "desktop" else {"width": 400, "height": 850}
    context = browser.new_context(viewport=size, color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    asked: list[str] = []
    crashes: list[str] = []
    page.on("request", lambda sent: asked.append(sent.url))
    page.on("websocket", lambda opened: asked.append(opened.url))
    page.on("pageerror", lambda error: crashes.append(str(error)))
    page.set_default_timeout(WAIT)
    yield page
    context.close()
    hosts = {urlparse(url).hostname for url in asked if not url.startswith(("data:", "blob:"))}
    assert hosts <= {"127.0.0.1"}, hosts
    assert not crashes


@pytest.fixture
def shots(tmp_path: Path) -> Path:
    """Folder for screenshots; `PINPOINT_SHOTS` keeps them."""
    folder = Path(os.environ.get("PINPOINT_SHOTS", tmp_path))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def ask(page: Page, question: str) -> None:
    before = page.locator(".pp-foot").count()
    box = page.get_by_test_id("stChatInputTextArea")
    box.fill(question)
    box.press("Enter")
    page.locator(".pp-foot").nth(before).wait_for()
    settle(page)


def settle(page: Page) -> None:
    page.wait_for_timeout(300)
    page.locator('[data-test-script-state="notRunning"]').wait_for(state="attached")
    page.wait_for_timeout(300)


def open_sidebar(page: Page) -> None:
    viewport = page.viewport_size
    if viewport and viewport["width"] < 600:
        page.get_by_test_id("stExpandSidebarButton").click()
        page.wait_for_timeout(500)


def close_sidebar(page: Page) -> None:
    viewport = page.viewport_size
    if viewport and viewport["width"] < 600:
        page.get_by_test_id("stSidebarCollapseButton").locator("button").click()
        page.wait_for_timeout(500)


def test_ask_and_read_the_paragraph(page: Page, address: str, shots: Path) -> None:
    name = f"{page.viewport_size['width']}" if page.viewport_size else ""
    page.goto(address)
    page.locator(".pp-welcome").wait_for()
    settle(page)
    assert page.title() == "Pinpoint"
    page.screenshot(path=shots / f"{name}-welcome.png")

    ask(page, QUESTION)
    assert "54 investigators" in page.locator(".pp-claim").first.inner_text()
    page.screenshot(path=shots / f"{name}-answer.png")

    page.locator(".st-key-cite-1-1 button").click()
    mark = page.locator(".st-key-pane mark").first
    mark.wait_for()
    settle(page)
    assert "54 investigators" in mark.inner_text()
    assert page.locator(".st-key-pane .pp-cited .pp-label").inner_text() == "4."
    assert page.locator(".st-key-pane .pp-para").count() == 5
    assert mark.evaluate(
        """mark => {
          const box = mark.getBoundingClientRect();
          const there = document.elementFromPoint(box.left + 3, box.top + 3);
          return mark.contains(there) || mark.parentElement.contains(there);
        }"""
    ), "the quotation is not in view"
    assert "cite=CCLP" in page.url
    page.screenshot(path=shots / f"{name}-pane.png")

    page.locator(".st-key-pane-next button").click()
    page.locator(".pp-here:not(.pp-cited)").wait_for()
    assert page.locator(".pp-here .pp-label").inner_text() == "5."
    page.locator(".st-key-pane-close button").click()
    page.locator(".st-key-pane").wait_for(state="detached")

    ask(page, "Who won the football championship of 1974?")
    assert "The record does not say." in page.locator(".pp-silence").inner_text()
    page.screenshot(path=shots / f"{name}-silence.png")


def words(text: str) -> str:
    return " ".join(text.split())


def test_the_answer_is_that_of_the_record(page: Page, address: str, sample_index: Path) -> None:
    answer = Record(Settings(index=sample_index)).ask(QUESTION)
    assert isinstance(answer, Answer)
    page.goto(address)
    page.locator(".pp-welcome").wait_for()
    ask(page, QUESTION)
    shown = [words(quote) for quote in page.locator(".pp-claim .pp-quote").all_inner_texts()]
    assert shown == [f"“{words(claim.quote)}”" for claim in answer.claims]
    cited = page.locator('[class*="st-key-cite-1-"] button').all_inner_texts()
    assert [words(label) for label in cited] == [
        f"[{number}] {claim.citation}" for number, claim in enumerate(answer.claims, start=1)
    ]
    page.locator("summary", has_text="Copy or export").click()
    page.get_by_test_id("stCode").wait_for()
    copied = words(page.get_by_test_id("stCode").inner_text())
    for number, claim in enumerate(answer.claims, start=1):
        assert f"[{number}] {said(claim)} [{claim.citation}]" in copied
    assert page.locator(".pp-coming").count() == 0


def test_an_answer_and_its_conversation_are_taken_away(
    page: Page, address: str, shots: Path, tmp_path: Path
) -> None:
    page.goto(address)
    page.locator(".pp-welcome").wait_for()
    ask(page, QUESTION)
    page.locator("summary", has_text="Copy or export").click()
    page.get_by_text("OSCOLA", exact=True).first.click()
    page.get_by_test_id("stCode").filter(has_text="UN Doc CCLP/C/SR.411").wait_for()
    page.screenshot(path=shots / "taken.png")
    with page.expect_download() as waited:
        page.locator(".st-key-take-answer-1-docx").get_by_role("button", name="Word").click()
    word = tmp_path / "answer.docx"
    waited.value.save_as(word)
    read_back = read(word)
    assert any("CCLP/C/SR.411" in note.text for note in read_back.footnotes)
    page.get_by_text("Export the conversation").click()
    with page.expect_download() as waited:
        page.locator(".st-key-take-whole-markdown").get_by_role("button", name="Markdown").click()
    told = tmp_path / "conversation.md"
    waited.value.save_as(told)
    assert QUESTION in told.read_text(encoding="utf-8")


def test_what_may_be_asked_next_is_asked(page: Page, address: str) -> None:
    page.goto(address)
    page.locator(".pp-welcome").wait_for()
    ask(page, QUESTION)
    page.get_by_role("button", name="Who asked about it?").click()
    page.locator(".pp-question", has_text="Who asked about it?").wait_for()
    page.locator(".pp-quiet", has_text="Understood as:").first.wait_for()


def test_a_statement_is_shown_while_the_model_writes_the_next(
    page: Page, server: Server, sample_index: Path, tmp_path: Path, shots: Path
) -> None:
    name = f"{page.viewport_size['width']}" if page.viewport_size else ""
    reply = written(
        {
            "statement": "Ms. Doukaris said that it employed 54 investigators.",
            "citation": "CCLP/C/SR.411, para. 4",
            "quotation": "It employed 54 investigators",
            "speaker": "Ms. Doukaris",
        },
        {
            "statement": "Ms. Doukaris said that it had begun work in 2018.",
            "citation": "CCLP/C/SR.411, para. 4",
            "quotation": "had begun work on 1 July 2018",
            "speaker": "Ms. Doukaris",
        },
    )
    server.replies = [reply]
    server.pause = 0.1
    pieces = -(-len(reply) // server.piece)
    with running(
        tmp_path, RAG_INDEX=str(sample_index), RAG_LLM=f"openai-like:{server.url}#small"
    ) as address:
        page.goto(address)
        page.locator(".pp-welcome").wait_for()
        settle(page)
        page.get_by_test_id("stChatInputTextArea").fill(QUESTION)
        page.keyboard.press("Enter")
        page.locator(".pp-coming", has_text="Searched 167 paragraphs in 4 documents.").wait_for()
        assert server.sent < pieces
        page.locator(".pp-coming .pp-claim").first.wait_for()
        sent = server.sent
        assert "54 investigators" in page.locator(".pp-coming .pp-claim").inner_text()
        assert page.locator(".pp-foot").count() == 0
        page.wait_for_timeout(300)  # what a visitor sees, after the page has scrolled
        page.screenshot(path=shots / f"{name}-coming.png")
        assert sent < pieces
        server.pause = 0.0
        page.locator(".pp-foot").wait_for()
        settle(page)
        assert page.locator(".pp-coming").count() == 0
        assert "begun work in 2018" in page.locator(".pp-claim").nth(1).inner_text()
        assert page.locator('[class*="st-key-cite-1-"] button').count() == 2
        page.screenshot(path=shots / f"{name}-came.png")


def test_a_conversation_outlives_a_restart(
    page: Page, sample_index: Path, tmp_path: Path, shots: Path
) -> None:
    name = f"{page.viewport_size['width']}" if page.viewport_size else ""
    index = tmp_path / "index"
    shutil.copytree(sample_index, index, ignore=shutil.ignore_patterns("conversations"))
    with running(tmp_path, RAG_INDEX=str(index)) as address:
        page.goto(address)
        page.locator(".pp-welcome").wait_for()
        ask(page, QUESTION)
        ask(page, "And how many complaints did it receive in 2022?")
        answers = page.locator(".pp-claim").all_inner_texts()
    with running(tmp_path, RAG_INDEX=str(index)) as address:
        page.goto(address)
        page.locator(".pp-welcome").wait_for()
        settle(page)
        open_sidebar(page)
        page.get_by_text("Conversations (1)").click()
        page.locator(".st-key-kept-open-0 button").click()
        page.locator(".pp-foot").nth(1).wait_for(state="attached")
        settle(page)
        assert page.locator(".pp-claim").all_inner_texts() == answers
        assert page.locator(".st-key-kept-delete button").is_visible()  # the list stays open
        page.locator(".st-key-kept-delete button").scroll_into_view_if_needed()
        page.screenshot(path=shots / f"{name}-kept.png")
        close_sidebar(page)
        page.screenshot(path=shots / f"{name}-reopened.png")


def test_upload_and_filter(page: Page, address: str, shots: Path, tmp_path: Path) -> None:
    width = page.viewport_size["width"] if page.viewport_size else 0
    symbol = f"CCLP/C/SR.{width}"
    file = tmp_path / f"upload-{width}.txt"
    text = UPLOAD.replace("CCLP/C/SR.900", symbol).replace("900th", f"{width}th")
    file.write_text(text, encoding="utf-8")
    page.goto(f"{address}/library")
    page.locator(".pp-welcome").wait_for()
    settle(page)
    page.locator('input[type="file"]').set_input_files(file)
    page.locator(".pp-result").wait_for()
    settle(page)
    page.screenshot(path=shots / f"{width}-upload.png")
    assert f"{symbol}: 3 paragraphs" in page.locator(".pp-result-added").inner_text()

    page.goto(address)
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
    page.screenshot(path=shots / f"{width}-filtered.png")

    page.goto(f"{address}/read")
    page.locator(".pp-facts").wait_for()
    page.get_by_test_id("stMain").get_by_role("combobox").first.click()
    page.get_by_role("option", name=symbol, exact=False).click()
    page.get_by_text("was written").wait_for()
    settle(page)
    page.screenshot(path=shots / f"{width}-read.png")
    assert page.get_by_text('<script>document.title = "taken"</script>').count() == 1
    assert page.locator(".pp-record img, .pp-record script").count() == 0
    assert page.title() != "taken"


@pytest.mark.parametrize(
    "link",
    [
        "/?cite=CCLP/C/SR.411%2312",
        "/?cite=CCLP/C/SR.411#12",
        "/?cite=CCLP/C/SR.411,%20para.%2012",
    ],
)
def test_a_link_opens_its_paragraph(page: Page, address: str, link: str) -> None:
    page.goto(address + link)
    page.locator(".st-key-pane .pp-cited").wait_for()
    page.locator('.st-key-pane .pp-cited .pp-label:text-is("12.")').wait_for()


def test_look_up(page: Page, address: str, shots: Path) -> None:
    width = page.viewport_size["width"] if page.viewport_size else 0
    page.goto(f"{address}/cite")
    box = page.get_by_test_id("stMain").locator("textarea")
    box.fill("See CCLP/C/SR.411, paras. 4 and 5, and CCLP/C/SR.999, para. 1.")
    page.get_by_role("button", name="Look up", exact=True).click()
    page.locator(".pp-printed").nth(1).wait_for()
    settle(page)
    page.screenshot(path=shots / f"{width}-lookup.png")
    assert page.locator(".pp-record .pp-para").count() == 2
    page.locator(".st-key-found-open-1 button").click()
    page.locator(".st-key-pane .pp-cited").first.wait_for()


def test_what_the_reader_doubts_is_seen(page: Page, address: str, shots: Path) -> None:
    width = page.viewport_size["width"] if page.viewport_size else 0
    page.goto(f"{address}/read")
    page.locator(".pp-facts").wait_for()
    page.get_by_test_id("stMain").get_by_role("combobox").first.click()
    page.get_by_role("option", name="CCLP/C/SR.77 ", exact=False).click()
    page.get_by_text("nine lighthouses").wait_for()
    settle(page)
    record = page.locator(".pp-record").first
    assert record.locator(".pp-voice").count() == 2
    assert record.locator(".pp-doubt").all_inner_texts() == [
        "number inferred", "number read by OCR",
    ]  # fmt: skip
    assert record.locator(".pp-section").inner_text() == "Annex I"
    assert record.locator(".pp-page").all_inner_texts() == ["page 2", "page 3", "page 4"]
    assert record.locator("b, i").count() == 0  # what the record says is no markup
    page.screenshot(path=shots / f"{width}-doubts.png")
    record.locator(".pp-section").scroll_into_view_if_needed()
    page.screenshot(path=shots / f"{width}-sections.png")
    assert page.locator(".pp-toc").get_by_text("Annex I, paragraphs 1 to 2").count() == 1
    for tab, words in (
        ("Footnotes (2)", "Reissued for <i>technical</i> reasons."),
        ("Notes of the reader (1)", "The number 1 is not printed <here>."),
    ):
        page.get_by_role("tab", name=tab).click()
        page.get_by_text(words).wait_for()
        settle(page)
        page.screenshot(path=shots / f"{width}-{tab.split()[0].lower()}.png")


def test_pages_and_parts_are_looked_up(page: Page, address: str, shots: Path) -> None:
    width = page.viewport_size["width"] if page.viewport_size else 0
    page.goto(f"{address}/cite")
    box = page.get_by_test_id("stMain").locator("textarea")
    box.fill(
        "S/PV.9001, p. 2; CCLP/C/SR.77, para. 3 (b); CCLP/C/SR.77, para. 3 (c); "
        "CCLP/C/SR.77, annex I, para. 1."
    )
    page.get_by_role("button", name="Look up", exact=True).click()
    page.locator(".pp-printed").nth(3).wait_for()
    settle(page)
    page.screenshot(path=shots / f"{width}-lookup-parts.png", full_page=True)
    assert page.locator(".pp-record mark").all_inner_texts() == ["(b) Report."]
    assert page.get_by_text("has no (c).").count() == 1
    page.locator(".st-key-found-open-1 button").click()
    page.locator(".st-key-pane .pp-cited").nth(1).wait_for()
    settle(page)
    page.screenshot(path=shots / f"{width}-page.png")
