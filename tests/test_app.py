"""The app without a browser: asking, adding, and the pages, over an index of invented records."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from rag.app import ENTRY
from rag.app.ask import answer, suggestions
from rag.app.safe import plain
from rag.app.state import Asked, Entry, Shelf
from rag.config import Settings
from rag.domain import Answer, Check, Citation, Claim, Filters, Searched
from rag.record import Record
from tests.app_session import (
    HARBOUR,
    HOSTILE,
    ROOT,
    App,
    AppTest,
    _library,
    _start,
    app,
    ask,
    errors,
    index,
    shown,
    told,
)

__all__ = ["app", "index"]


# -- asking ------------------------------------------------------------------------------------


def test_an_answer_shows_speaker_words_and_pinpoint(app: App) -> None:
    at = ask(app().run(), "How many keepers does the Lighthouse Service employ?")
    page = shown(at)
    assert "Mr. Varga" in page
    assert "(Osterland)" in page
    assert "212 keepers" in page
    assert at.button(key="cite-1-1").label == plain("[1] CCLP/C/SR.7, para. 2")


def test_a_citation_opens_the_paragraph_in_its_place(app: App) -> None:
    at = ask(app().run(), "How many fishing licences were refused in 2020?")
    at.button(key="cite-1-1").click().run()
    page = shown(at)
    assert '<div class="pp-para pp-cited pp-here"><div class="pp-label">4.</div>' in page
    assert "<mark>" in page
    assert "14 fishing licences" in page.partition("<mark>")[2].partition("</mark>")[0]
    for label in ("2.", "3.", "5.", "6."):
        assert f'<div class="pp-label">{label}</div>' in page
    assert '<div class="pp-label">1.</div>' not in page
    assert "Freedom of movement" in page
    assert at.query_params["cite"] in ("CCLP/C/SR.7#4", ["CCLP/C/SR.7#4"])


def test_one_walks_through_the_record_and_back(app: App) -> None:
    at = app()
    at.query_params["cite"] = "CCLP/C/SR.7#4"
    at.run()
    at.button(key="pane-previous").click().run()
    assert '<div class="pp-para pp-here"><div class="pp-label">3.</div>' in shown(at)
    assert '<div class="pp-label">1.</div>' in shown(at)
    at.button(key="pane-back").click().run()
    at.button(key="pane-next").click().run()
    at.button(key="pane-next").click().run()
    assert at.button(key="pane-next").disabled
    assert '<div class="pp-para pp-here"><div class="pp-label">6.</div>' in shown(at)
    at.button(key="pane-close").click().run()
    assert "pp-para" not in shown(at)
    assert "cite" not in at.query_params


def test_what_the_record_does_not_hold_is_said_so(app: App) -> None:
    at = ask(app().run(), "Who won the football championship of 1974?")
    page = shown(at)
    assert "The record does not say." in page
    assert "Searched 8 paragraphs in 2 documents" in page
    near = [button for button in at.button if (button.key or "").startswith("near-button-1-")]
    if near:
        near[0].click().run()
        assert "pp-cited" in shown(at)


def test_filters_limit_what_is_searched(app: App) -> None:
    at = app().run()
    at.multiselect(key="filter-documents").select("CCLP/C/SR.8").run()
    page = shown(ask(at, "How many keepers does the Lighthouse Service employ?"))
    assert "212 keepers" not in page
    assert "only CCLP/C/SR.8" in page
    at.multiselect(key="filter-documents").set_value([]).run()
    at.selectbox(key="filter-speaker").select("Ms. Ibarra").run()
    page = shown(ask(at, "How many fishing licences were refused in 2020?"))
    assert "14 fishing licences" not in page
    assert "only Ms. Ibarra" in page


def test_the_conversation_stays_and_can_be_begun_anew(app: App) -> None:
    at = ask(app().run(), "How many keepers does the Lighthouse Service employ?")
    at = ask(at, "And how many of them were women?")
    assert len(at.chat_message) == 4
    at.button(key="forget").click().run()
    assert len(at.chat_message) == 0


def test_an_error_is_a_sentence_and_the_conversation_goes_on(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = app().run()
    monkeypatch.setenv("RAG_CHUNK_TOKENS", "64")  # the index was built with another budget
    at = ask(at, "How many keepers does the Lighthouse Service employ?")
    assert "rag rebuild" in errors(at)
    monkeypatch.delenv("RAG_CHUNK_TOKENS")
    at = ask(at, "How many keepers does the Lighthouse Service employ?")
    assert "212 keepers" in shown(at)


def test_an_unforeseen_error_is_shown_once(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("a defect")

    at = app().run()
    with monkeypatch.context() as patched:
        patched.setattr(Record, "ask_stream", broken)
        at.chat_input[0].set_value("How many keepers are there?").run()
    assert len(at.exception) == 1
    at.run()
    assert not at.exception
    assert "212 keepers" in shown(ask(at, "How many keepers does the Lighthouse Service employ?"))


def test_an_unknown_setting_is_told(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAG_INDEKS", "there")
    at = app().run()
    assert not at.exception
    assert plain("RAG_INDEKS") in errors(at)


def test_an_empty_index_says_how_to_fill_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RAG_INDEX", str(tmp_path / "nothing"))
    at = _start().run()
    assert not at.exception
    assert "no record here yet" in shown(at)
    assert at.code[0].value == "rag add FILE…"
    assert at.chat_input[0].disabled


def test_rejected_claims_are_folded_away_with_the_reason(app: App) -> None:
    citation = Citation("CCLP/C/SR.7", None, "4")
    bad = Claim(
        "Ninety <b>licences</b>.",
        "",
        citation,
        checks=(Check("figures", False, "90 is not there"),),
    )
    good = Claim("14 licences", "14 fishing licences", citation, checks=(Check("quotation", True),))
    outcome = Answer("How many?", (good,), (bad,), (), Searched(2, 8), asked="How many licences?")
    at = app()
    at.session_state["conversation"] = [Asked("How many?", Filters(), outcome)]
    at.run()
    assert not at.exception
    assert [box.label for box in at.expander if box.label.startswith("Not verified")] == [
        "Not verified (1)"
    ]
    page = shown(at)
    assert "90 is not there" in page
    assert "Ninety &lt;b&gt;licences&lt;/b&gt;." in page
    assert "Understood as: How many licences?" in page


# -- adding ------------------------------------------------------------------------------------


def test_an_uploaded_record_can_be_asked_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RAG_INDEX", str(tmp_path / "fresh"))
    at = _library().run()
    at.file_uploader[0].upload("../../SR 7.txt", HARBOUR.encode(), "text/plain").run()
    assert not at.exception
    assert told(at) == [("added", "../../SR 7.txt", "CCLP/C/SR.7: 6 paragraphs")]
    assert not (tmp_path / "SR 7.txt").exists()
    assert [path.parent.name for path in tmp_path.rglob("*7.txt")] == ["uploads"]
    page = shown(ask(_start().run(), "How many keepers does the Lighthouse Service employ?"))
    assert "212 keepers" in page
    at.file_uploader[0].upload("SR 7.txt", HARBOUR.encode(), "text/plain").run()
    assert told(at) == [("unchanged", "SR 7.txt", "CCLP/C/SR.7 was there already")]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("photo.png", b"\x89PNG\r\n\x1a\n\x00\x00"),
        ("empty.txt", b""),
        ("letter.txt", b"Dear all, nothing here is numbered."),
        ("binary.txt", bytes(range(256)) * 8),
    ],
)
def test_what_cannot_be_added_is_told_in_a_sentence(app: App, name: str, data: bytes) -> None:
    at = _library().run()
    at.file_uploader[0].upload(name, data).run()
    assert not at.exception
    ((result, told_name, why),) = told(at)
    assert (result, told_name) == ("failed", name)
    assert len(why) > 10
    at = app().run()
    assert "212 keepers" in shown(ask(at, "How many keepers does the Lighthouse Service employ?"))


# -- the other pages -----------------------------------------------------------------------------


def test_the_look_up_page_opens_citations(app: App) -> None:
    at = AppTest.from_string("from rag.app import lookup\nlookup.page()", default_timeout=60).run()
    at.text_area(key="lookup-text").set_value(
        "See CCLP/C/SR.7, paras. 3 and 4, and CCLP/C/SR.999, para. 1."
    )
    at.button[0].click().run()
    assert not at.exception
    page = shown(at)
    assert "how many fishing licences" in page
    assert "14 fishing licences" in page
    assert "CCLP/C/SR.999" in page
    at.button(key="found-open-1").click().run()
    assert "pp-cited" in shown(at)


def test_the_reading_page_shows_a_document_whole(app: App) -> None:
    at = AppTest.from_string(
        "from rag.app import reading\nreading.page()", default_timeout=60
    ).run()
    assert not at.exception
    page = shown(at)
    assert "Committee on Civil Liberties" in page
    assert "The meeting was called to order at 10.05 a.m." in page
    assert "Freedom of movement" in page
    for label in range(1, 7):
        assert f'<div class="pp-label">{label}.</div>' in page
    at.selectbox(key="reading-document").select("CCLP/C/SR.8").run()
    assert "&lt;script&gt;" in shown(at)
    assert "<script" not in shown(at)


def remove(at: AppTest, name: str, *, sure: bool = True) -> None:
    at.multiselect(key="library-removed").set_value([name])
    at.checkbox(key="library-sure").set_value(sure)
    next(button for button in at.button if button.label == "Remove").click().run()
    assert not at.exception


def test_a_document_can_be_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAG_INDEX", str(tmp_path / "index"))
    for symbol, text in (("7", HARBOUR), ("8", HOSTILE)):
        (tmp_path / f"CCLP_C_SR.{symbol}.txt").write_text(text, encoding="utf-8")
    Record(Settings(index=tmp_path / "index")).add(sorted(tmp_path.glob("*.txt")))
    at = _library()
    at.session_state["library-view"] = "Remove or re-index"
    remove(at.run(), "CCLP/C/SR.8", sure=False)
    assert "Tick the box" in at.warning[0].value
    assert len(Record(Settings(index=tmp_path / "index")).documents()) == 2
    remove(at, "CCLP/C/SR.8")
    assert told(at) == [("removed", "CCLP/C/SR.8", "is no longer in the index")]
    assert at.multiselect(key="library-removed").options == ["CCLP/C/SR.7"]
    remove(at, "CCLP/C/SR.7")
    assert "There is nothing here yet." in shown(at)


def test_several_sessions_may_ask_at_once(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAG_INDEX", str(index))
    record = Record(Settings(index=index))
    question = "How many keepers does the Lighthouse Service employ?"
    with ThreadPoolExecutor(4) as pool:
        asked = list(pool.map(lambda _: answer(record, question), range(4)))
    assert [one.error for one in asked] == [""] * 4
    assert all(isinstance(one.outcome, Answer) for one in asked)


def test_the_settings_of_streamlit_are_packaged_too() -> None:
    # `streamlit run app.py` reads the first, `rag app` from any folder the second.
    first, second = ROOT / ".streamlit/config.toml", ENTRY.parent / ".streamlit/config.toml"
    assert first.read_bytes() == second.read_bytes()


def test_suggestions_come_from_headings() -> None:
    entry = Entry(
        "A/1", "", "", None, 3,
        ("Consideration of reports", "A. Freedom of movement (art. 12)", "Positive aspects",
         "I. SUMMARY OF THE PROCEEDINGS OF THE REVIEW PROCESS", "B. RIGHTS OF THE CHILD"),
    )  # fmt: skip
    assert suggestions(Shelf((entry,), ())) == [
        "What was said about freedom of movement?",
        "What was said about rights of the child?",
    ]


def test_the_first_paint_waits_for_nothing_heavy() -> None:
    code = (
        "import sys, rag.app.main; heavy = {'llama_index', 'chromadb', 'onnxruntime', 'tantivy'};"
        "sys.exit(', '.join(heavy & set(sys.modules)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
