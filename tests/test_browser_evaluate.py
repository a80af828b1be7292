"""The evaluate page in a real browser: run, followed after a reload, stopped, shown, compared."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from rag.app import evaluate, runs
from tests.test_browser import browser, page, running, settle, shots

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

__all__ = ["browser", "page", "shots"]

pytestmark = pytest.mark.browser
# In narrow windows and in dark the page is looked at in `test_browser_quality`.
WIDE = pytest.mark.parametrize("page", ["desktop light"], indirect=True)


@pytest.fixture
def results(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "results"
    folder.mkdir()
    yield folder
    left = runs.standing(folder)
    if left and left.alive:
        os.killpg(left.pid, signal.SIGKILL)


@pytest.fixture
def address(results: Path, sample_index: Path, tmp_path: Path) -> Iterator[str]:
    settings = {"RAG_INDEX": str(sample_index), "EVAL_RESULTS": str(results)}
    with running(tmp_path, **settings) as address:
        yield address


def run(page: Page, limit: int) -> None:
    """Run the first questions of the suite that is offered, and wait for the figures."""
    page.locator(".st-key-evaluate-limit input").fill(str(limit))
    page.keyboard.press("Tab")
    settle(page)
    page.locator(".st-key-evaluate-run button").click()
    page.locator(".st-key-evaluate-stop button").wait_for()
    page.get_by_text("is finished").wait_for(timeout=120_000)
    settle(page)


@WIDE
def test_a_suite_is_run_shown_and_compared(
    page: Page, address: str, results: Path, shots: Path
) -> None:
    width = page.viewport_size["width"] if page.viewport_size else 0
    page.goto(f"{address}/evaluate")
    page.get_by_text("No result is stored yet.").wait_for()
    settle(page)
    run(page, 3)
    page.locator(".part .head").get_by_text("3 questions").wait_for()
    told = page.locator(".part").inner_text()
    for expected in ("hit@1", "facts", "seconds_p50", "Time a question", "All figures"):
        assert expected in told, expected
    (stored,) = runs.stored(results)
    assert page.locator(".part figure svg").count() >= 2
    assert page.locator(".part .tile .ends").first.inner_text().count("to") == 1  # its interval
    page.screenshot(path=shots / f"{width}-evaluate.png", full_page=True)

    before = json.loads((results / f"{stored.name}.json").read_text(encoding="utf-8"))
    before["started"] = "2026-01-01T00:00:00+00:00"  # the same, run earlier
    (results / "sample-2026-01-01T000000Z.json").write_text(json.dumps(before), encoding="utf-8")
    page.reload()
    page.locator(".part .head").get_by_text("3 questions").wait_for()
    settle(page)
    page.get_by_role("combobox", name="Compared with").click()
    page.get_by_role("option").first.click()
    page.locator(".part", has_text="B against A").wait_for()
    settle(page)
    assert "Paired over the 3 questions in both" in page.locator(".part").inner_text()
    page.screenshot(path=shots / f"{width}-compared.png", full_page=True)


@WIDE
def test_a_run_is_there_after_a_reload_for_everyone_and_can_be_stopped(
    page: Page, browser: Browser, address: str, results: Path, shots: Path
) -> None:
    width = page.viewport_size["width"] if page.viewport_size else 0
    page.goto(f"{address}/evaluate")
    page.locator(".st-key-evaluate-run button").click()
    page.locator(".st-key-evaluate-stop button").wait_for()
    page.reload()
    page.locator(".st-key-evaluate-stop button").wait_for()
    page.locator(".st-key-evaluate-under-way", has_text="of 107").wait_for()
    page.screenshot(path=shots / f"{width}-under-way.png")
    context = browser.new_context()
    other = context.new_page()
    other.goto(f"{address}/evaluate")
    other.locator(".st-key-evaluate-under-way", has_text="of 107").wait_for()
    other.locator(".st-key-evaluate-run button").click()
    other.get_by_text("Another evaluation is under way").wait_for()
    other.locator(".st-key-evaluate-stop button").click()
    page.get_by_text("was stopped").wait_for()
    other.get_by_text("was stopped").wait_for()
    context.close()
    assert page.locator(".st-key-evaluate-stop").count() == 0
    assert runs.stored(results) == ()


def test_without_the_evaluations_the_page_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    from streamlit.testing.v1 import AppTest

    monkeypatch.setattr(runs, "installed", lambda: False)
    page = "from rag.app import evaluate\n\nevaluate.page()\n"
    shown = AppTest.from_string(page).run()
    assert not shown.exception
    assert "are not part of this installation" in shown.info[0].value


def test_the_style_sheet_follows_the_theme_of_the_page() -> None:
    css = evaluate.styled(
        ":root {\n  color-scheme: light dark;\n  --ink: #000;\n}\nbody { margin: 0; }"
    )
    assert "color-scheme" not in css
    assert ":root" not in css
    assert css.startswith(":host {")
