"""The page Library without a browser: what is counted, drawn, added, fetched and escaped."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from rag.app import library
from rag.app.filling import outcomes
from rag.app.survey import Held, Share, by_role, by_speaker, held
from rag.config import Settings
from rag.domain import AddReport, Note
from rag.record import Record
from tests.app_pages import GAP, HOSTILE, App, AppTest, app, index, shown, told_of
from tests.marked import marked_record, verbatim_record

__all__ = ["app", "index"]


def test_words_are_counted_by_who_says_them() -> None:
    said = dict(held(marked_record()).said)
    assert said == {
        ("The Chair", None, "chair"): 11,
        ("Ms. Bell", None, "member"): 9,
        ("Mr. Anders", "Maravia", "delegation"): 19,
    }
    assert held(marked_record()).words == 11 + 28 + 14 + 5 + 5


def test_one_name_in_two_delegations_is_two_people() -> None:
    one = held(marked_record())
    other = replace(one, said=((("Mr. Anders", "Osterland", "delegation"), 8),))
    assert by_speaker([one, other]) == [
        Share("Mr. Anders", "delegation", "Maravia", 19, 1),
        Share("The Chair", "chair", None, 11, 1),
        Share("Ms. Bell", "member", None, 9, 1),
        Share("Mr. Anders", "delegation", "Osterland", 8, 1),
    ]
    assert by_role([one, other])[0] == Share("delegation", "delegation", None, 27, 2)


def test_shares_are_drawn_to_scale() -> None:
    drawn = library.shares("By role", by_role([held(marked_record())]), 5)
    widths = [float(width) for width in re.findall(r"width:([0-9.]+)%", drawn)]
    assert widths == [
        100.0,
        pytest.approx(100 * 11 / 19, abs=0.05),
        pytest.approx(100 * 9 / 19, abs=0.05),
    ]
    assert re.findall(r">([0-9.]+%)<", drawn) == ["48.7%", "28.2%", "23.1%"]
    assert "and 2 more who said less" in library.shares(
        "By role", by_role([held(marked_record())]), 1
    )


@pytest.mark.parametrize(
    ("words", "ids"),
    [
        ("", ["CCLP/C/SR.77", "S/PV.9001"]),
        ("maravia", ["CCLP/C/SR.77", "S/PV.9001"]),
        ("SR.77", ["CCLP/C/SR.77"]),
        ("verbatim committee", ["S/PV.9001"]),
        ("summary verbatim", []),
    ],
)
def test_the_list_is_narrowed_by_words(words: str, ids: list[str]) -> None:
    documents = [held(marked_record()), held(verbatim_record())]
    assert [one.id for one in library.narrowed(documents, words)] == ids


def test_meetings_stand_in_order_of_their_dates() -> None:
    def on(name: str, day: date | None) -> Held:
        return replace(held(marked_record()), id=name, held_on=day)

    drawn = library.timeline([
        on("B/2", date(2024, 3, 5)), on("B/1", date(2024, 3, 4)), on("A/1", date(2019, 7, 1)),
        on("C/1", None),
    ])  # fmt: skip
    assert re.findall(r'<h3[^>]*>(\d+)</h3>|target="_self">([^<]+)<', drawn) == [
        ("2019", ""), ("", "A/1"), ("2024", ""), ("", "B/1"), ("", "B/2"),
    ]  # fmt: skip
    assert "1 document has no date of a meeting." in drawn


def test_nothing_of_a_document_is_markup_in_the_library() -> None:
    document = marked_record()
    hostile = replace(
        held(
            replace(
                document,
                id=HOSTILE,
                notes=(Note(HOSTILE, HOSTILE, HOSTILE),),
            )
        ),
        title=HOSTILE, kind=HOSTILE, body=HOSTILE, state=HOSTILE,
        said=(((HOSTILE, HOSTILE, "member"), 3),),
    )  # fmt: skip
    for drawn in (
        library.table([hostile]),
        library.timeline([hostile]),
        library.doubts([hostile]),
        library.shares(HOSTILE, by_speaker([hostile]), 5),
    ):
        assert "script&gt;" in drawn or "%3Cscript" in drawn
        assert "<script" not in drawn
        assert "<img" not in drawn


def test_what_was_doubted_is_listed_by_document(app: App) -> None:
    page = shown(app("library", library_view="Doubts"))
    assert "1 note, 1 number inferred, 1 number read by OCR" in page
    assert "37 is missing from the printed text" in page
    assert page.count("<details") == 2


@pytest.mark.parametrize(
    ("report", "told_of_it"),
    [
        (AddReport(added=("CCLP/C/SR.36",)), [("added", "CCLP/C/SR.36: 3 paragraphs")]),
        (AddReport(replaced=("S/PV.9001",)), [("replaced", "S/PV.9001: 3 paragraphs")]),
        (AddReport(unchanged=("S/PV.9001",)), [("unchanged", "S/PV.9001 was there already")]),
        (
            AddReport(failed=(("/srv/index/uploads/a.txt", "/srv/index/uploads/a.txt is empty."),)),
            [("failed", "a.txt is empty.")],
        ),
        (AddReport(), []),
    ],
)
def test_what_came_of_a_file_is_told(
    index: Path, report: AddReport, told_of_it: list[tuple[str, str]]
) -> None:
    record = Record(Settings(index=index))
    named = outcomes(record, report, "a.txt")
    assert [(one.result, one.what) for one in named] == told_of_it
    assert all(one.name == "a.txt" for one in named)


def test_each_of_several_files_has_its_own_result(app: App) -> None:
    at = app("library")
    more = GAP.replace("SR.36", "SR.37").replace("36th", "37th")
    changed = GAP.replace("nine ferries", "ten ferries")
    for name, text in (
        ("more.txt", more), ("letter.txt", "Dear all, nothing here is numbered."),
        ("36.txt", changed), ("again.txt", changed), ("photo.png", "PNG"),
    ):  # fmt: skip
        at.file_uploader[0].upload(name, text.encode(), "text/plain")
    at.run()
    assert not at.exception
    assert [(result, name) for result, name, _ in told_of(at)] == [
        ("added", "more.txt"), ("failed", "letter.txt"), ("replaced", "36.txt"),
        ("unchanged", "again.txt"), ("failed", "photo.png"),
    ]  # fmt: skip
    assert ">CCLP/C/SR.37</a>" in shown(at)
    assert "4 documents" in shown(at)


def test_a_symbol_is_for_one_file(app: App) -> None:
    at = app("library")
    at.text_input(key="upload-symbol-0").set_value("CCLP/C/SR.5").run()
    at.file_uploader[0].upload("a.txt", b"1. A.", "text/plain")
    at.file_uploader[0].upload("b.txt", b"1. B.", "text/plain")
    at.run()
    assert [(result, name) for result, name, _ in told_of(at)] == [
        ("failed", "a.txt"), ("failed", "b.txt"),
    ]  # fmt: skip


def test_nothing_is_fetched_before_the_button_is_pressed(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[list[str], str, str]] = []

    def fetch(_: Record, symbols: list[str], *, language: str, **rest: object) -> AddReport:
        asked.append((symbols, language, str(rest["format"])))
        if symbols == ["S/PV.9001"]:
            return AddReport(unchanged=("S/PV.9001",))
        return AddReport(failed=((symbols[0], "There is no such document."),))

    monkeypatch.setattr(Record, "fetch", fetch)
    at = app("library")
    assert "documents.un.org" in shown(at)
    at.text_input(key="fetch-symbols").set_value("S/PV.9001, CCLP/C/SR.1")
    at.selectbox(key="fetch-language").set_value("fr")
    assert asked == []
    next(button for button in at.button if button.label == "Download and add").click().run()
    assert not at.exception
    assert asked == [(["S/PV.9001"], "fr", "pdf"), (["CCLP/C/SR.1"], "fr", "pdf")]
    assert told_of(at) == [
        ("unchanged", "S/PV.9001", "S/PV.9001 was there already"),
        ("failed", "CCLP/C/SR.1", "There is no such document."),
    ]


def test_the_index_is_made_again_on_request(app: App) -> None:
    at = app("library", library_view="Remove or re-index")
    at.button(key="library-rebuild").click().run()
    assert not at.exception
    assert told_of(at) == [("made again", "Index", "3 documents")]


def test_an_empty_library_says_how_to_begin(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RAG_INDEX", str(tmp_path / "nothing"))
    at = AppTest.from_string("from rag.app import library\nlibrary.page()").run()
    assert not at.exception
    assert "There is nothing here yet." in shown(at)
    assert len(at.file_uploader) == 1
