"""The page Read without a browser: what is found, linked and doubted, and shown as text."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, urlparse

import pytest

from rag.app.answers import card
from rag.app.excerpt import copy_tools, excerpt, notes_at
from rag.app.finding import find_all, find_words
from rag.app.links import href, official
from rag.app.outline import outline
from rag.app.reading import legend, stop, told
from rag.app.state import read_link
from rag.config import Settings
from rag.domain import Citation, Claim, Note, Passage
from rag.record import Record
from tests.app_pages import HOSTILE, App, address, app, cited, here, index, shown
from tests.marked import marked_record, verbatim_record

__all__ = ["app", "index"]


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
