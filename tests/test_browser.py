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
QUIET = """() => {
  const app = document.querySelector("[data-test-script-state]");
  const still = app && app.dataset.testScriptState === "notRunning"
    && !document.querySelector('[data-stale="true"]');
  const now = performance.now();
  if (!still) window.ppBusy = now;
  return still && now - (window.ppBusy ??= now) > 200;
}"""
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
    """Wait until no script has run for a moment, and nothing on the page is of an earlier run."""
    page.evaluate("window.ppBusy = performance.now()")
    page.wait_for_function(QUIET, polling=30)


def slid(page: Page, where: str) -> None:
    """Wait until the sidebar has come, or has gone."""
    page.wait_for_function(
        """where => {
          const bar = document.querySelector('[data-testid="stSidebar"]');
          if (!bar) return where.includes("<");
          const { left, right } = bar.getBoundingClientRect();
          return where.includes("<") ? right < 10 : left >= 0 && right > 200;
        }""",
        arg=where,
        polling=30,
    )


def open_sidebar(page: Page) -> None:
    viewport = page.viewport_size
    if viewport and viewport["width"] < 600:
        page.get_by_test_id("stExpandSidebarButton").click()
        slid(page, ">")


def close_sidebar(page: Page) -> None:
    viewport = page.viewport_size
    if viewport and viewport["width"] < 600:
        page.get_by_test_id("stSidebarCollapseButton").locator("button").click()
        slid(page, "<")


@pytest.mark.parametrize("page", ["desktop light"], indirect=True)
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
        quotations_are_chosen(page, server)


def quotations_are_chosen(page: Page, server: Server) -> None:
    """The choice holds for the next question, and after a reload."""
    assert "small at 127.0.0.1" in page.locator(".pp-foot").inner_text()
    assert page.get_by_role("radio", name="small at").is_checked()
    page.get_by_text("Verbatim quotations, no model", exact=True).click()
    settle(page)
    received = len(server.received)
    page.reload()
    page.locator(".pp-welcome").wait_for()
    settle(page)
    assert page.get_by_role("radio", name="Verbatim quotations").is_checked()
    ask(page, QUESTION)
    assert "Verbatim quotations, no model" in page.locator(".pp-foot").inner_text()
    assert len(server.received) == received
    context = page.context.browser and page.context.browser.new_context()
    assert context is not None
    other = context.new_page()  # another visitor has chosen nothing
    other.goto(page.url)
    other.get_by_role("radio", name="small at").wait_for()
    assert other.get_by_role("radio", name="small at").is_checked()
    context.close()


@pytest.mark.parametrize("page", ["desktop light"], indirect=True)
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


@pytest.mark.parametrize("page", ["desktop light"], indirect=True)
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
