"""The pages Read and Library without a browser: what is found, linked, counted and escaped.

Longer than most: two pages with the tables of what they find, link and escape.
"""

from __future__ import annotations

import html
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from urllib.parse import parse_qs, urlparse

import pytest

from rag.app.answers import card
from rag.app.excerpt import copy_tools, excerpt, notes_at
from rag.app.filling import outcomes
from rag.app.finding import find_all, find_words
from rag.app.library import doubts, narrowed, shares, table, timeline
from rag.app.links import href, official
from rag.app.outline import outline
from rag.app.reading import legend, stop, told
from rag.app.state import read_link
from rag.app.survey import Held, Share, by_role, by_speaker, held
from rag.config import Settings
from rag.domain import AddReport, Citation, Claim, Note, Passage
from rag.record import Record
from tests.marked import index_of, marked_record, verbatim_record

AppTest = pytest.importorskip("streamlit.testing.v1").AppTest
App = Callable[..., "AppTest"]

GAP = """CCLP/C/SR.36
Committee on Civil Liberties
Summary record of the 36th meeting
Held at the Palais des Roches, Valmont, on Monday, 6 May 2024, at 10 a.m.

35. Ms. Ibarra asked how many ferries served the outer islands.

36. Mr. Varga (Osterland) said that nine ferries served the outer islands.

38. The Chair thanked the delegation.
"""
HOSTILE = '"><script>x()</script><img src=x onerror=x()>'


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("library")
    (folder / "CCLP_C_SR.36.txt").write_text(GAP, encoding="utf-8")
    record = index_of(folder / "index", marked_record(), verbatim_record())
    assert record.add([folder / "CCLP_C_SR.36.txt"]).added == ("CCLP/C/SR.36",)
    return folder / "index"


@pytest.fixture
def app(index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> App:
    """A page over a copy of the index; `session` is put into the visitor's session."""
    own = tmp_path / "own"
    shutil.copytree(index, own)
    monkeypatch.setenv("RAG_INDEX", str(own))

    def start(page: str, query: dict[str, str] | None = None, **session: str) -> AppTest:
        at = AppTest.from_string(f"from rag.app import {page}\n{page}.page()", default_timeout=60)
        for key, value in session.items():
            at.session_state[key.replace("_", "-")] = value
        for key, value in (query or {}).items():
            at.query_params[key] = value
        at.run()
        assert not at.exception
        return at

    return start


def shown(at: AppTest) -> str:
    bodies = [element.value for element in at.get("html")]
    return "\n".join(b for b in bodies if not b.lstrip().startswith(("<style>", "<script>")))


def cited(at: AppTest) -> list[str]:
    """The numbers of the paragraphs that are marked as cited."""
    return re.findall(r'pp-cited[^>]*><div class="pp-label">([^<]*)</div>', shown(at))


def here(at: AppTest) -> list[str]:
    return re.findall(r'pp-here[^>]*><div class="pp-label">([^<]*)</div>', shown(at))


def address(at: AppTest) -> str:
    """What `?cite=` says."""
    value = at.query_params["cite"]
    return value if isinstance(value, str) else value[0]


def told_of(at: AppTest) -> list[tuple[str, ...]]:
    """What the Library says came of each file or symbol: (result, name, what)."""
    lists = [body for body in shown(at).split("\n") if '<ul class="pp-results"' in body]
    spans = [html.unescape(span) for span in re.findall(r">([^<>]+)</span>", "".join(lists))]
    return list(zip(*[iter(spans)] * 3, strict=True))


# -- finding words ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "text", "found"),
    [
        ("ferries", "Nine ferries, two FERRIES.", ["ferries", "FERRIES"]),
        ("journal", "The journalists kept a journal.", ["journal", "journal"]),
        ("senegal", "Le Sénégal répond.", ["Sénégal"]),
        ("sénégal", "Senegal replied.", ["Senegal"]),
        ("state's", "the State’s reply", ["State’s"]),
        ("court civil", "The civil court.", ["civil", "court"]),
        ('"civil court"', "civil law; the civil\ncourt.", ["civil\ncourt"]),
        ("“civil court”", "a civil court", ["civil court"]),
        ("12 (b)", "in paragraph 12 (b) of it", ["12", "(b)"]),
        ("ﬁnal", "a ﬁnal İstanbul", ["ﬁnal"]),  # letters that grow when taken apart
        # and what must not be found
        ("ferry", "Nine ferries.", []),
        ("rule", "overruled", []),  # not in the middle of a word
        ("civil war", "The civil court.", []),  # every word must be there
        ('"court civil"', "The civil court.", []),
        (".*", "Anything", []),
        ("", "Anything", []),
        ("   ", "Anything", []),
    ],
)
def test_words_are_found_as_a_reader_means_them(asked: str, text: str, found: list[str]) -> None:
    assert [text[start:end] for start, end in find_words(asked, text)] == found


@pytest.mark.parametrize(
    ("stops", "at", "by", "there"),
    [
        ([2, 5, 9], -1, 1, 2),
        ([2, 5, 9], 2, 1, 5),
        ([2, 5, 9], 3, 1, 5),
        ([2, 5, 9], 9, 1, None),
        ([2, 5, 9], 9, -1, 5),
        ([2, 5, 9], 2, -1, None),
        ([2, 5, 9], -1, -1, None),
        ([], 0, 1, None),
    ],
)
def test_the_next_and_the_one_before(stops: list[int], at: int, by: int, there: int | None) -> None:
    assert stop(stops, at, by) == there


@pytest.mark.parametrize(
    ("asked", "at", "sentence"),
    [
        ("", None, "5 in all"),
        ("", 2, "3 of 5"),
        ("lighthouses", None, "1 paragraph, 2 places"),
        ("list", 4, "2 of 2 paragraphs, 2 places"),
        ("list", 0, "2 paragraphs, 2 places"),
        ("submarine", 0, "Not found"),
    ],
)
def test_how_much_was_found_is_said(asked: str, at: int | None, sentence: str) -> None:
    document = marked_record()
    assert told(document, asked, find_all(asked, document), at) == sentence


def test_speeches_are_counted_as_speeches() -> None:
    document = verbatim_record()
    assert told(document, "built", find_all("built", document), 2) == "2 of 2 speeches, 3 places"


def test_one_goes_from_place_to_place_on_the_page(app: App) -> None:
    at = app("reading", {"cite": "CCLP/C/SR.77"})
    at.text_input(key="reading-find").set_value("list").run()
    assert (here(at), address(at)) == (["1."], "CCLP/C/SR.77#annex I:1")
    assert shown(at).count("<mark>List</mark>") == 2
    assert "1 of 2 paragraphs, 2 places" in shown(at)
    assert at.button(key="reading-previous").disabled
    at.button(key="reading-next").click().run()
    assert (here(at), address(at)) == (["2."], "CCLP/C/SR.77#annex I:2")
    assert at.button(key="reading-next").disabled
    at.text_input(key="reading-find").set_value("submarine").run()
    assert "Not found" in shown(at)
    assert at.button(key="reading-next").disabled
    at.text_input(key="reading-find").set_value("").run()
    at.button(key="reading-previous").click().run()
    assert address(at) == "CCLP/C/SR.77#annex I:1"
    assert not at.exception


# -- links --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "labels"),
    [
        ({"cite": "CCLP/C/SR.36#36"}, ["36."]),
        ({"cite": "CCLP/C/SR.36%2336"}, ["36."]),  # twice encoded
        ({"cite": "CCLP/C/SR.36", "para": "36"}, ["36."]),
        ({"cite": "CCLP/C/SR.36", "para": " 36 "}, ["36."]),
        ({"cite": "CCLP/C/SR.36", "para": "35-36"}, ["35.", "36."]),
        ({"cite": "CCLP/C/SR.36#35", "para": "36"}, ["35."]),  # the fragment says it already
        ({"cite": "CCLP/C/SR.36, paras. 35–36"}, ["35.", "36."]),
        ({"cite": "see CCLP/C/SR.36, para. 38, there"}, ["38."]),
        ({"cite": "CCLP/C/SR.77#annex I:2"}, ["2."]),
        ({"cite": "CCLP/C/SR.77", "para": "3 (b)"}, ["3."]),
        ({"cite": "S/PV.9001", "para": "p. 3"}, ["p. 3"]),
        ({"cite": "S/PV.9001#p. 2"}, ["p. 2", "p. 2"]),
        ({"cite": "CCLP/C/SR.36"}, []),  # the whole document
    ],
)
def test_an_address_leads_to_its_paragraph(
    app: App, query: dict[str, str], labels: list[str]
) -> None:
    at = app("reading", query)
    assert cited(at) == labels
    assert here(at) == labels[:1]
    assert not at.error
    symbol = re.match(r"(?:see )?([A-Z/]+[.0-9]+)", query["cite"])
    assert symbol
    assert at.selectbox(key="reading-document").value == symbol[1]


def test_a_part_of_a_paragraph_is_marked(app: App) -> None:
    at = app("reading", {"cite": "CCLP/C/SR.77", "para": "3 (b)"})
    assert "<mark>(b) Report.</mark>" in shown(at)


@pytest.mark.parametrize(
    "query",
    [
        {"cite": "CCLP/C/SR.36#37"},
        {"cite": "CCLP/C/SR.36", "para": "999"},
        {"cite": "CCLP/C/SR.999#1"},
        {"cite": "nothing of the kind"},
        {"cite": HOSTILE},
        {"cite": "#"},
    ],
)
def test_an_address_that_leads_nowhere_says_so(app: App, query: dict[str, str]) -> None:
    at = app("reading", query)
    assert len(at.error) == 1
    assert "leads to nothing in the index" in at.error[0].value
    assert cited(at) == []
    assert 'class="pp-record"' in shown(at)  # a document is shown all the same
    at.run()
    assert len(at.error) == 1  # for as long as the address stands there
    at.selectbox(key="reading-document").select("S/PV.9001").run()
    assert not at.error
    assert "cite" not in at.query_params


@pytest.mark.parametrize(
    "citation",
    [
        Citation("CCPR/C/SR.3272", None, "25"),
        Citation("CCPR/C/SR.3272", None, "25", "27"),
        Citation("A/HRC/28/10", None, "126.48"),
        Citation("CCLP/C/SR.77", "annex I", "2"),
        Citation("CCLP/C/SR.77", None, "12", None, "(b)"),
        Citation("S/PV.8422", None, "p. 4"),
        Citation("FCCC/CP/2015/10/Add.1", "decision 1/CP.21", "4"),
        Citation("S/RES/1325(2000)", None, "3"),
        Citation("CCPR/C/SR.3272"),
    ],
)
def test_what_a_link_says_is_what_is_read_from_it(index: Path, citation: Citation) -> None:
    address = urlparse(href(citation))
    assert (address.path, address.fragment, address.netloc) == ("read", "", "")
    (link,) = parse_qs(address.query)["cite"]
    assert read_link(Record(Settings(index=index)), link) == citation


def test_the_official_document_is_a_link_and_no_more() -> None:
    document = marked_record()
    link = official(document)
    assert 'href="https://undocs.org/CCLP/C/SR.77"' in link
    assert 'target="_blank"' in link
    assert 'rel="noopener noreferrer"' in link
    assert official(replace(document, symbol=None)) == ""
    hostile = official(replace(document, symbol=HOSTILE))
    assert "<script" not in hostile
    assert "<img" not in hostile


def test_an_outline_leads_to_where_each_heading_begins() -> None:
    drawn = outline(marked_record())
    assert (
        'href="read?cite=CCLP/C/SR.77%231" target="_self">Lighthouses (CCLP/C/MRV/3)</a>' in drawn
    )
    assert 'href="read?cite=CCLP/C/SR.77%23annex%20I:1" target="_self">Lists</a>' in drawn


def test_a_citation_is_copied_with_what_is_doubtful_of_it() -> None:
    first, _, _, _, last = marked_record().paragraphs
    assert 'data-copy="CCLP/C/SR.77, para. 1, number inferred"' in copy_tools(first)
    assert 'data-link="read?cite=CCLP/C/SR.77%231"' in copy_tools(first)
    assert 'data-copy="CCLP/C/SR.77, annex I, para. 2, number read by OCR"' in copy_tools(last)
    assert "<script" not in copy_tools(replace(first, label=HOSTILE, section=HOSTILE))


@pytest.mark.parametrize(
    "citation",
    [
        Citation("CCLP/C/SR.77", None, "2"),
        Citation("CCLP/C/SR.77", None, "2", "3"),  # the first of several
        Citation("CCLP/C/SR.77", None, "2", None, "(a)"),
    ],
)
def test_a_pointer_on_a_citation_is_shown_the_paragraph_as_text(citation: Citation) -> None:
    passages = [Passage(paragraph, 1.0, "both") for paragraph in marked_record().paragraphs]
    drawn = card(Claim("Nine.", "nine lighthouses had been repaired", citation), passages)
    assert "<mark>nine lighthouses had been repaired</mark>" in drawn
    assert "&lt;b&gt;all&lt;/b&gt;" in drawn  # shown, not bold
    assert "Ms. Bell" in drawn
    assert "Lighthouses" in drawn


def test_a_pointer_is_shown_nothing_of_another_paragraph() -> None:
    passages = [Passage(paragraph, 1.0, "both") for paragraph in marked_record().paragraphs]
    for other in (Citation("CCLP/C/SR.77", None, "9"), Citation("CCLP/C/SR.7", None, "2")):
        assert "pp-text" not in card(Claim("Nine.", "nine", other), passages)
        assert "lighthouses" not in card(Claim("Nine.", "nine", other), passages)


# -- what the reader doubted stands where it is ----------------------------------------------------


def test_a_missing_number_is_told_where_it_is_missing(app: App) -> None:
    page = shown(app("reading", {"cite": "CCLP/C/SR.36"}))
    at = page.index("37 is missing from the printed text")
    assert page.index("nine ferries served") < at < page.index("thanked the delegation")
    assert "37 is missing" not in excerpt(marked_record(), marked_record().paragraphs, whole=True)


@pytest.mark.parametrize(
    ("note", "ordinals"),
    [
        (Note("number gap", "2", "3 is missing"), [1]),
        (Note("number gap", "1", "in the main text"), [0]),
        (Note("number repeated", "1", "the second of that number"), [3]),
        (Note("encoding", "", "of the whole"), []),
        (Note("doubtful reading", "p. 9", "nowhere"), []),
    ],
)
def test_a_note_finds_its_paragraph(note: Note, ordinals: list[int]) -> None:
    assert list(notes_at(replace(marked_record(), notes=(note,)))) == ordinals


def test_a_legend_says_which_colour_is_which() -> None:
    drawn = legend(marked_record())
    assert all(name in drawn for name in ("Committee member", "Delegation", "Chair"))
    assert "Observer" not in drawn
    silent = replace(marked_record(), paragraphs=marked_record().paragraphs[2:])
    assert legend(silent) == ""


# -- the Library --------------------------------------------------------------------------------


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
    drawn = shares("By role", by_role([held(marked_record())]), 5)
    widths = [float(width) for width in re.findall(r"width:([0-9.]+)%", drawn)]
    assert widths == [
        100.0,
        pytest.approx(100 * 11 / 19, abs=0.05),
        pytest.approx(100 * 9 / 19, abs=0.05),
    ]
    assert re.findall(r">([0-9.]+%)<", drawn) == ["48.7%", "28.2%", "23.1%"]
    assert "and 2 more who said less" in shares("By role", by_role([held(marked_record())]), 1)


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
    assert [one.id for one in narrowed(documents, words)] == ids


def test_meetings_stand_in_order_of_their_dates() -> None:
    def on(name: str, day: date | None) -> Held:
        return replace(held(marked_record()), id=name, held_on=day)

    drawn = timeline([
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
        table([hostile]),
        timeline([hostile]),
        doubts([hostile]),
        shares(HOSTILE, by_speaker([hostile]), 5),
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
