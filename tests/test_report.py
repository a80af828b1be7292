"""The report is one page that needs nothing else, and nothing of a document gets loose in it.

Longer than most: the results that are reported are made here, of every sort.
"""

import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from eval import report
from eval import run as running
from eval.cli import app
from eval.metrics import Figure, Outcome, Shown, grouped, right, score
from eval.provenance import Commit, IndexPrint
from eval.reading import Item, Reading
from eval.reading import to_json as reading_to_json
from eval.report_views import sections
from eval.run import Judged, Result, store
from eval.suites import Case
from rag.errors import BadInput
from tests.test_browser import browser  # noqa: F401

if TYPE_CHECKING:
    from playwright.sync_api import Browser

HOSTILE = """<script>document.title = "taken"</script><img src="http://evil.example/x.png" \
onerror="document.title='taken'"> "quoted" 'and' {{ 7 * 7 }} $x^2$ & </style> 第"""
SHA = "ab" * 32


def result(shift: int = 0, when: str = "2026-11-24T12:00:00+00:00") -> Result:
    """Twelve questions of three kinds; `shift` moves where gold is found."""
    outcomes: list[Outcome] = []
    for i in range(12):
        kind = ("fact", "figure", "unanswerable")[i % 3]
        silent = kind == "unanswerable"
        gold = () if silent else (("S/<b>1</b>", str(i)),)
        facts = () if silent else ("text",)
        case = Case(f"q{i}", "dev", kind, f"{HOSTILE} {i}", not silent, gold, facts)  # type: ignore[arg-type]
        ranking = tuple(f"S/<b>1</b>#{(i + shift + n) % 12}" for n in (0, 1, 2) if n or i % 4)
        claim = Shown("text", "text", f"S/<b>1</b>, para. {i}", ranking[:1])
        refused = i % 5 == 2
        outcomes.append(
            Outcome(
                case, not refused, () if refused else (claim,),
                reason="No <i>word</i>." if refused else "",
                retrieved=ranking, found=ranking, seconds=0.05 + i / 100,
            )
        )  # fmt: skip
    every = score(outcomes)
    pairs = list(zip(outcomes, every, strict=True))
    return Result(
        suite="tiny", suite_sha256=SHA, split=None, limit=None, started=when,
        settings={"limit": 10 + shift, "llm": HOSTILE}, commit=Commit("0123456789abcdef", True),
        versions={"rag": "0.1.0"}, index=IndexPrint(SHA, 1, 12, ""), figures=grouped(pairs),
        questions=tuple(Judged(o, o.ranked, s, right(o, s)) for o, s in pairs),
    )  # fmt: skip


def retrieval() -> Result:
    """Search alone: no claims, recall at several k."""
    plain = result()
    named = {f"R@{k}": Figure(k / 120, k / 200, k / 100, 12) for k in (1, 5, 10, 20, 50, 100)}
    seconds = plain.figures["overall"]["seconds_p50"]
    outcomes = [
        replace(q.outcome, claims=(), case=replace(q.outcome.case, question="A secret of others"))
        for q in plain.questions
    ]
    return replace(
        plain, suite="passages", task="retrieval",
        figures={"overall": {**named, "seconds_p50": seconds}},
        questions=tuple(Judged(o, (), {"P@1": 0.0, "seconds": o.seconds}, False) for o in outcomes),
    )  # fmt: skip


def read() -> Reading:
    items = tuple(
        Item(
            f"i{i}", f"Doc <i>{i % 3}</i> $", HOSTILE, "other", {"label": float(i % 2)}, i % 2 == 1
        )
        for i in range(9)
    )
    return Reading(
        suite="pages", gold_sha256=SHA, limit=None, started="2026-11-24T12:00:00+00:00",
        seconds=1.0, commit=None, versions={}, told={"label": "a <b>label</b>"},
        bars={"label": 0.9}, figures={"overall": {"label": Figure(0.44, 0.1, 0.8, 9)}}, items=items,
    )  # fmt: skip


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page of every sort of result, two of them side by side."""
    path = tmp_path_factory.mktemp("report") / "report.html"
    later = result(1, "2026-11-25T12:00:00+00:00")
    report.write([result(), later, retrieval(), read()], path, path.with_suffix(".png"))
    return path


# --- what a page shows -----------------------------------------------------------------------


def test_results_of_one_suite_stand_side_by_side():
    found = sections([result(), read(), result(1), retrieval()])
    assert [(s.suite, s.sort, len(s.runs)) for s in found] == [
        ("tiny", "questions", 2), ("pages", "reading", 1), ("passages", "retrieval", 1),
    ]  # fmt: skip
    assert [section.comparison is not None for section in found] == [True, False, False]
    otherwise = {fact.what for fact in found[0].facts if fact.differs}
    assert otherwise == {"settings.limit"}


def test_curves_are_hits_among_the_first_k():
    (section,) = sections([result()])
    shown, search = section.curves
    assert [k for k, _ in shown.points] == list(range(1, 11))
    overall = result().figures["overall"]
    assert shown.points[0][1].value == overall["hit@1"].value
    assert shown.points[4][1].value == overall["hit@5"].value
    assert search.points[0][1].value == overall["search_hit@1"].value
    assert search.points[4][1].value == overall["search_hit@5"].value


def test_recall_is_drawn_as_it_was_measured():
    (section,) = sections([retrieval()])
    (curve,) = section.curves
    assert [k for k, _ in curve.points] == [1, 5, 10, 20, 50, 100]


def test_refusals_add_up():
    (section,) = sections([result()])
    (confusion,) = section.confusions
    assert confusion.right_answered + confusion.wrongly_refused == 8
    assert confusion.right_refused + confusion.wrongly_answered == 4
    figures = section.runs[0].result.figures["overall"]
    assert confusion.right_refused / 4 == figures["refusal_recall"].value


def test_the_worst_come_first_and_what_is_right_does_not_come():
    (section,) = sections([result()], worst=3)
    (listed,) = section.misses
    wrong = [q for q in result().questions if not q.right]
    assert (len(listed), section.missed) == (3, (len(wrong),))
    means = [sum(v for _, v in miss.scores) / len(miss.scores) for miss in listed]
    assert means == sorted(means)


def test_of_a_retrieval_suite_only_ids_are_shown(page):
    assert "A secret of others" not in page.read_text()


def test_too_many_side_by_side_are_refused():
    with pytest.raises(BadInput, match="at most 6"):
        sections([result()] * 7)


# --- the page as a file ----------------------------------------------------------------------


def test_the_page_needs_nothing_else(page):
    text = page.read_text(encoding="utf-8")
    markup = re.sub(r"xmlns(:\w+)?=\"[^\"]*\"", "", text)
    assert not re.findall(r"(?:src|href|action|data)\s*=\s*\"(?!#|data:)[^\"]*\"", markup)
    assert "<script" not in text
    assert " style=" not in text  # the policy would refuse it
    assert "@import" not in text
    assert "url(http" not in text
    assert HOSTILE not in text
    assert "&lt;script&gt;" in text
    assert "{{ 7 * 7 }}" in text
    assert re.search(r"Content-Security-Policy\" content=\"default-src &#39;none&#39;;", text)


def test_drawings_have_a_title_and_ids_of_their_own(page):
    drawn = re.findall(r"<svg [^>]*role=\"img\".*?</svg>", page.read_text(), re.DOTALL)
    assert len(drawn) >= 6
    ids: list[str] = []
    for svg in drawn:
        root = ElementTree.fromstring(svg)
        named = {element.get("id"): element for element in root.iter() if element.get("id")}
        ids += [name for name in named if name]
        for label in (root.get("aria-labelledby") or "").split():
            assert named[label].text
        assert not [e for e in root.iter() if "font-family" in e.attrib or "style" in e.attrib]
    assert len(ids) == len(set(ids))


def test_the_picture_is_a_png(page):
    data = page.with_suffix(".png").read_bytes()
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = (int.from_bytes(data[at : at + 4], "big") for at in (16, 20))
    assert width > 1000 < height


# --- the page in a browser -------------------------------------------------------------------


@pytest.fixture(params=["1280 light", "390 dark"])
def opened(request: pytest.FixtureRequest, browser: "Browser", page: Path) -> Iterator[tuple]:  # noqa: F811
    width, scheme = request.param.split()
    context = browser.new_context(
        viewport={"width": int(width), "height": 900}, color_scheme=scheme
    )
    view = context.new_page()
    asked: list[str] = []
    told: list[str] = []
    view.on("request", lambda sent: asked.append(sent.url))
    view.on("console", lambda line: told.append(line.text))
    view.on("pageerror", lambda error: told.append(str(error)))
    view.goto(page.as_uri())
    yield view, asked, told
    context.close()


@pytest.mark.browser
def test_nothing_runs_and_nothing_leaves(opened, page):
    view, asked, told = opened
    for details in view.locator("details").all():
        details.evaluate("it => { it.open = true }")
    view.wait_for_timeout(200)
    assert view.title() == "Pinpoint, measured: tiny, passages, pages"
    assert [url for url in asked if not url.startswith("data:")] == [page.as_uri()]
    assert told == []  # no refusal by the policy either
    assert view.locator("script, img, iframe, object, embed").count() == 0
    assert view.get_by_text('<script>document.title = "taken"</script>').count() > 12


@pytest.mark.browser
def test_every_section_is_there_and_fits(opened):
    view, _, _ = opened
    assert view.locator("section h2").all_inner_texts() == ["tiny", "passages", "pages"]
    tiny = view.locator("section").first
    headings = tiny.locator("h3").all_inner_texts()
    for wanted in (
        "A gold paragraph among the first k", "Time a question", "All figures", "B against A",
        "Facts contained in the answer",
    ):  # fmt: skip
        assert wanted in headings
    assert sum("Answered and refused" in heading for heading in headings) == 2
    assert sum("Worst questions" in heading for heading in headings) == 2
    assert view.locator("summary", has_text="What was run").count() == 3
    assert "Recall at k" in view.locator("section").nth(1).locator("h3").all_inner_texts()
    assert "What was misread" in view.locator("section").nth(2).locator("h3").all_inner_texts()
    assert view.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    # The style sheet is in force, and the drawings take the page's colours.
    ink = view.locator("body").evaluate("it => getComputedStyle(it).color")
    label = view.locator("figure svg text").first.evaluate("it => getComputedStyle(it).fill")
    assert ink in ("rgb(31, 36, 42)", "rgb(230, 227, 220)")
    assert label != "rgb(0, 0, 0)"


# --- the command -----------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(running, "results_folder", lambda: tmp_path)
    monkeypatch.setattr(report, "results_folder", lambda: tmp_path)
    return tmp_path


def test_the_latest_of_each_suite_is_reported(folder):
    early, late = result(), result(1, "2026-11-25T12:00:00+00:00")
    for run in (early, late):
        store(run)
    (folder / "pages.json").write_text(reading_to_json(read()))
    (folder / "other.json").write_text("{}")
    assert report.open_results([]) == [read(), late]
    done = CliRunner().invoke(app, ["report"])
    assert done.exit_code == 0, done.exception
    assert (folder / "report.html").is_file()
    assert (folder / "report.png").is_file()


def test_results_are_named(folder):
    path = store(result())
    out, png = folder / "deep" / "a.html", folder / "b.png"
    done = CliRunner().invoke(app, ["report", str(path), "--out", str(out), "--png", str(png)])
    assert done.exit_code == 0, done.exception
    assert out.is_file()
    assert png.read_bytes().startswith(b"\x89PNG")
    assert not out.with_suffix(".png").exists()


@pytest.mark.parametrize(
    ("words", "told"), [([], "No result is stored yet"), (["none"], "no result 'none'")]
)
def test_what_cannot_be_reported_is_told(folder, words, told):
    done = CliRunner().invoke(app, ["report", *words])
    assert isinstance(done.exception, BadInput)
    assert told in str(done.exception)
