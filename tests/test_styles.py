"""Citations in the style a publisher wants: exact strings, and each read back as it was.

Longer than most: tables of exact strings.
"""

from __future__ import annotations

import json
import warnings
from dataclasses import replace
from datetime import date
from random import Random

import pytest
import rispy
from bibtexparser.entrypoint import parse_string
from bibtexparser.middlewares import LatexDecodingMiddleware
from hypothesis import given, settings
from hypothesis import strategies as st

from eval.bench.styles import drawn
from rag.cite.styles import LISTS, NOTES, STYLES, Known, Run, link, listed, parse, styled, written
from rag.cite.styles_known import ordinal, ordinal_of
from rag.cite.styles_lists import unlatex
from rag.domain import Citation
from rag.errors import BadCitation, BadInput
from rag.parse import segment
from rag.read import read
from tests.conftest import SAMPLE

RECORD = Known(
    "CCLP/C/SR.411",
    "Summary record of the 411th meeting",
    "summary record",
    "Committee on Civil Liberties",
    "Thirty-eighth session",
    411,
    date(2024, 3, 4),
    date(2024, 3, 18),
)
REPORT = Known(
    "A/HRC/28/10",
    "Report of the Working Group on the Universal Periodic Review: Kazakhstan",
    "report",
    "Human Rights Council",
    issued_on=date(2014, 12, 10),
)
MILLENNIUM = Known(
    "A/RES/54/254",
    "Millennium Summit of the United Nations",
    "resolution",
    "General Assembly",
    held_on=date(2000, 3, 15),
    issued_on=date(2000, 3, 23),
)
VIEWS = Known(
    "CCPR/C/50/D/488/1992",
    kind="views",
    body="Human Rights Committee",
    issued_on=date(1994, 3, 31),
)
VERBATIM = Known(
    "A/56/PV.1",
    "Verbatim record of the 1st meeting",
    "verbatim record",
    "General Assembly",
    "Fifty-sixth session",
    1,
    date(2001, 9, 12),
)
UNHELD = Known.named("CCPR/C/SR.3272")  # all that is known is its symbol
NAMELESS = Known(None, "Notes of a visit", issued_on=date(2020, 1, 5))


@pytest.mark.parametrize(
    ("citation", "known", "texts"),
    [
        (
            Citation("CCLP/C/SR.411", None, "25", "27"),
            RECORD,
            {
                "un": "CCLP/C/SR.411, paras. 25–27",
                "oscola": "Committee on Civil Liberties, ‘Summary record of the 411th meeting’ "
                "(4 March 2024) UN Doc CCLP/C/SR.411, paras 25–27",
                "aglc": "Committee on Civil Liberties, *Summary record of the 411th meeting*, "
                "UN Doc CCLP/C/SR.411 (4 March 2024) [25]–[27]",
                "bluebook": "Committee on Civil Liberties, 38th Sess., 411th mtg., ¶¶ 25–27, "
                "U.N. Doc. CCLP/C/SR.411 (Mar. 4, 2024)",
            },
        ),
        (
            Citation("A/HRC/28/10", "annex I", "126.48"),
            REPORT,
            {
                "un": "A/HRC/28/10, annex I, para. 126.48",
                "oscola": "UNHRC, ‘Report of the Working Group on the Universal Periodic Review: "
                "Kazakhstan’ (10 December 2014) UN Doc A/HRC/28/10, annex I para 126.48",
                "aglc": "Human Rights Council, *Report of the Working Group on the Universal "
                "Periodic Review: Kazakhstan*, UN Doc A/HRC/28/10 (10 December 2014) "
                "annex I [126.48]",
                "bluebook": "Human Rights Council, *Report of the Working Group on the Universal "
                "Periodic Review: Kazakhstan*, annex I, ¶ 126.48, "
                "U.N. Doc. A/HRC/28/10 (Dec. 10, 2014)",
            },
        ),
        (
            Citation("A/RES/54/254", None, "3"),
            MILLENNIUM,
            {
                "un": "A/RES/54/254, para. 3",
                "oscola": "UNGA Res 54/254 (23 March 2000) UN Doc A/RES/54/254, para 3",
                "aglc": "*Millennium Summit of the United Nations*, GA Res 54/254, "
                "UN Doc A/RES/54/254 (23 March 2000, adopted 15 March 2000) para 3",
                "bluebook": "G.A. Res. 54/254, ¶ 3, U.N. Doc. A/RES/54/254 (Mar. 23, 2000)",
            },
        ),
        (
            Citation("CCPR/C/50/D/488/1992", None, "8.2", None, "(a) (ii)"),
            VIEWS,
            {
                "un": "CCPR/C/50/D/488/1992, para. 8.2 (a) (ii)",
                "oscola": "Human Rights Committee, ‘Views: Communication No 488/1992’ "
                "(31 March 1994) UN Doc CCPR/C/50/D/488/1992, para 8.2(a)(ii)",
                "aglc": "Human Rights Committee, *Views: Communication No 488/1992*, 50th sess, "
                "UN Doc CCPR/C/50/D/488/1992 (31 March 1994) [8.2(a)(ii)]",
                "bluebook": "Human Rights Committee, Communication No. 488/1992, ¶ 8.2(a)(ii), "
                "U.N. Doc. CCPR/C/50/D/488/1992 (Mar. 31, 1994)",
            },
        ),
        (
            Citation("A/56/PV.1", None, "p. 3"),
            VERBATIM,
            {
                "un": "A/56/PV.1, p. 3",
                "oscola": "UNGA, ‘Verbatim record of the 1st meeting’ (12 September 2001) "
                "UN Doc A/56/PV.1, 3",
                "aglc": "*Verbatim record of the 1st meeting*, UN GAOR, 56th sess, 1st plen mtg, "
                "UN Doc A/56/PV.1 (12 September 2001) 3",
                "bluebook": "U.N. GAOR, 56th Sess., 1st plen. mtg. at 3, "
                "U.N. Doc. A/56/PV.1 (Sept. 12, 2001)",
            },
        ),
        (
            Citation("S/PV.3756", None, "p. 4", "p. 5"),
            Known.named("S/PV.3756"),
            {
                "un": "S/PV.3756, pp. 4–5",
                "oscola": "UNSC, ‘Verbatim record of the 3756th meeting’ UN Doc S/PV.3756, 4–5",
                "aglc": "UN SCOR, 3756th mtg, UN Doc S/PV.3756, 4–5",
                "bluebook": "U.N. SCOR, 3756th mtg. at 4–5, U.N. Doc. S/PV.3756",
            },
        ),
        (
            Citation("A/C.3/71/SR.2", None, "14 bis"),
            Known.named("A/C.3/71/SR.2"),
            {
                "un": "A/C.3/71/SR.2, para. 14 bis",
                "oscola": "Third Committee, ‘Summary record of the 2nd meeting’ "
                "UN Doc A/C.3/71/SR.2, para 14 bis",
                "aglc": "UN GAOR, 3rd Comm, 71st sess, 2nd mtg, UN Doc A/C.3/71/SR.2, [14 bis]",
                "bluebook": "U.N. GAOR, 3d Comm., 71st Sess., 2d mtg., ¶ 14 bis, "
                "U.N. Doc. A/C.3/71/SR.2",
            },
        ),
        (
            Citation("S/RES/1373"),
            Known("S/RES/1373", kind="resolution", issued_on=date(2001, 9, 28)),
            {
                "un": "S/RES/1373",
                "oscola": "UNSC Res 1373 (28 September 2001) UN Doc S/RES/1373",
                "aglc": "SC Res 1373, UN Doc S/RES/1373 (28 September 2001)",
                "bluebook": "S.C. Res. 1373, U.N. Doc. S/RES/1373 (Sept. 28, 2001)",
            },
        ),
        (
            Citation("A/RES/217(III)", None, "2"),
            Known.named("A/RES/217(III)"),
            {
                "un": "A/RES/217(III), para. 2",
                "oscola": "UNGA Res 217 (III) UN Doc A/RES/217(III), para 2",
                "aglc": "GA Res 217 (III), UN Doc A/RES/217(III), para 2",
                "bluebook": "G.A. Res. 217 (III), ¶ 2, U.N. Doc. A/RES/217(III)",
            },
        ),
        (
            Citation("FCCC/CP/2015/10/Add.1", "decision 1/CP.21", "4"),
            Known.named("FCCC/CP/2015/10/Add.1"),
            {
                "un": "FCCC/CP/2015/10/Add.1, decision 1/CP.21, para. 4",
                "oscola": "Conference of the Parties to the United Nations Framework Convention "
                "on Climate Change UN Doc FCCC/CP/2015/10/Add.1, decision 1/CP.21 para 4",
                "aglc": "Conference of the Parties to the United Nations Framework Convention on "
                "Climate Change, UN Doc FCCC/CP/2015/10/Add.1, decision 1/CP.21 para 4",
                "bluebook": "Conference of the Parties to the United Nations Framework Convention "
                "on Climate Change, decision 1/CP.21, ¶ 4, U.N. Doc. FCCC/CP/2015/10/Add.1",
            },
        ),
        (
            Citation("CCPR/C/SR.3272", None, "25"),
            UNHELD,
            {
                "un": "CCPR/C/SR.3272, para. 25",
                "oscola": "Human Rights Committee, ‘Summary record of the 3272nd meeting’ "
                "UN Doc CCPR/C/SR.3272, para 25",
                "aglc": "Human Rights Committee, *Summary record of the 3272nd meeting*, "
                "UN Doc CCPR/C/SR.3272, [25]",
                "bluebook": "Human Rights Committee, 3272d mtg., ¶ 25, U.N. Doc. CCPR/C/SR.3272",
            },
        ),
        # A document without a symbol is named by its title.
        (
            Citation("notes", None, "4"),
            NAMELESS,
            {
                "un": "“Notes of a visit”, para. 4",
                "oscola": "‘Notes of a visit’ (5 January 2020), para 4",
                "aglc": "*Notes of a visit* (5 January 2020) [4]",
                "bluebook": "*Notes of a visit*, ¶ 4 (Jan. 5, 2020)",
            },
        ),
    ],
    ids=lambda value: str(value) if isinstance(value, Citation) else "",
)
def test_each_style_prints_exactly(citation: Citation, known: Known, texts: dict[str, str]) -> None:
    assert {style: starred(styled(citation, known, style)) for style in NOTES} == texts
    for style in STYLES if known.symbol else ():
        assert parse(written(citation, known, style)) == citation


def starred(runs: tuple[Run, ...]) -> str:
    return "".join(f"*{run.text}*" if run.italic else run.text for run in runs)


def test_a_document_of_the_index_is_cited_by_its_masthead() -> None:
    document = segment(read(SAMPLE / "CCLP_C_SR.411.txt"))
    known = Known.of(document)
    assert written(document.paragraphs[3].citation, known, "bluebook") == (
        "Committee on Civil Liberties, 38th Sess., 411th mtg., ¶ 4, "
        "U.N. Doc. CCLP/C/SR.411 (Mar. 4, 2024)"
    )
    assert known.link == "https://undocs.org/CCLP/C/SR.411"


BIBTEX = """\
@techreport{CCLP-C-SR.411-para-25,
  author = {{Committee on Civil Liberties}},
  title = {{Summary record of the 411th meeting}},
  institution = {United Nations},
  type = {Summary record},
  number = {CCLP/C/SR.411},
  year = {2024},
  month = mar,
  day = {4},
  url = {https://undocs.org/CCLP/C/SR.411},
  note = {para. 25},
}"""
RIS = """\
TY  - RPRT
AU  - Committee on Civil Liberties
TI  - Summary record of the 411th meeting
M3  - Summary record
SN  - CCLP/C/SR.411
PB  - United Nations
PY  - 2024
DA  - 2024/03/04
UR  - https://undocs.org/CCLP/C/SR.411
N1  - para. 25
ER  - """
CSL = {
    "id": "CCLP-C-SR.411-para-25",
    "type": "report",
    "author": [{"literal": "Committee on Civil Liberties"}],
    "title": "Summary record of the 411th meeting",
    "genre": "Summary record",
    "number": "CCLP/C/SR.411",
    "publisher": "United Nations",
    "issued": {"date-parts": [[2024, 3, 4]]},
    "URL": "https://undocs.org/CCLP/C/SR.411",
    "note": "para. 25",
}


def test_entries_for_reference_managers() -> None:
    citation = Citation("CCLP/C/SR.411", None, "25")
    assert written(citation, RECORD, "bibtex") == BIBTEX
    assert written(citation, RECORD, "ris") == RIS
    assert json.loads(written(citation, RECORD, "csl")) == [CSL]


# -- read back by others ---------------------------------------------------------------------------

HOSTILE = Known(
    "A/HRC/28/10",
    "On {10 %} of \\input{x} & the “rest”_1 ~ $y$ ^ #2\nER  - \nTY  - JOUR\n}, @misc{z,",
    "report",
    "Human Rights Council",
    issued_on=date(2014, 12, 10),
)
ONE_LINE = "On {10 %} of \\input{x} & the “rest”_1 ~ $y$ ^ #2 ER - TY - JOUR }, @misc{z,"
SEVERAL = [
    (Citation("A/HRC/28/10", None, "126.48"), HOSTILE),
    (Citation("CCLP/C/SR.411", None, "25"), RECORD),
    (Citation("CCLP/C/SR.411", None, "25"), RECORD),
    (Citation("CCPR/C/SR.3272"), UNHELD),
]


def test_bibtexparser_reads_what_was_written() -> None:
    library = parse_string(listed(SEVERAL, "bibtex"))
    assert not library.failed_blocks
    assert len({entry.key for entry in library.entries}) == len(SEVERAL)
    fields = [{field.key: field.value for field in entry.fields} for entry in library.entries]
    assert [(each["number"], each.get("note")) for each in fields] == [
        ("A/HRC/28/10", "para. 126.48"),
        ("CCLP/C/SR.411", "para. 25"),
        ("CCLP/C/SR.411", "para. 25"),
        ("CCPR/C/SR.3272", None),
    ]
    assert unlatex(fields[0]["title"].removeprefix("{").removesuffix("}")) == ONE_LINE
    decode = LatexDecodingMiddleware()
    decoded = parse_string(
        written(SEVERAL[0][0], replace(HOSTILE, title="10 % & #2 for $5_"), "bibtex"),
        append_middleware=[decode],
    )
    assert decoded.entries[0]["title"] == "10 % & #2 for $5_"


def test_rispy_reads_what_was_written() -> None:
    entries = rispy.loads(listed(SEVERAL, "ris"))
    assert [(e["type_of_reference"], e["issn"], e.get("notes")) for e in entries] == [
        ("RPRT", "A/HRC/28/10", ["para. 126.48"]),
        ("RPRT", "CCLP/C/SR.411", ["para. 25"]),
        ("RPRT", "CCLP/C/SR.411", ["para. 25"]),
        ("RPRT", "CCPR/C/SR.3272", None),
    ]
    assert entries[0]["title"] == " ".join(ONE_LINE.split())
    assert entries[1]["authors"] == ["Committee on Civil Liberties"]


def test_citeproc_renders_what_was_written() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its own
        from citeproc import Citation as Cite
        from citeproc import (
            CitationItem,
            CitationStylesBibliography,
            CitationStylesStyle,
            formatter,
        )
        from citeproc.source.json import CiteProcJSON

        items = json.loads(listed(SEVERAL[:2], "csl"))
        bibliography = CitationStylesBibliography(
            CitationStylesStyle("harvard-cite-them-right", validate=False),
            CiteProcJSON(items),
            formatter.plain,
        )
        bibliography.register(Cite([CitationItem(item["id"].lower()) for item in items]))
        shown = [str(entry) for entry in bibliography.bibliography()]
    text = " | ".join(shown)
    assert "Committee on Civil Liberties (2024) Summary record of the 411th meeting" in text
    assert ONE_LINE in text


# -- and back --------------------------------------------------------------------------------------


@given(st.randoms(use_true_random=False), st.sampled_from(STYLES))
@settings(max_examples=400, deadline=None)
def test_what_a_style_prints_is_read_back(random: Random, style: str) -> None:
    citation, known = drawn(random)
    assert parse(written(citation, known, style)) == citation


@pytest.mark.parametrize(
    "text",
    [
        "",
        "article 9, para. 3",
        "para. 25",  # of what?
        "CCPR/C/SR.3272, paras. 25 and 27",  # two places
        "CCPR/C/SR.3272, para. 25; A/HRC/28/10, para. 3",
        "Human Rights Committee, UN Doc , para 3",
        "[25]",
        "[]",
        "{}",
        "@techreport{x,\n  title = {{y}},\n}",
        "TY  - RPRT\nTI  - y\nER  - ",
    ],
)
def test_what_is_no_single_citation_is_refused(text: str) -> None:
    with pytest.raises(BadCitation):
        parse(text)


def test_an_unknown_style_names_those_there_are() -> None:
    with pytest.raises(BadInput, match="un, oscola, aglc, bluebook, bibtex, ris, csl"):
        written(Citation("S/PV.1000"), Known.named("S/PV.1000"), "chicago")
    with pytest.raises(BadInput, match="un, oscola, aglc, bluebook"):
        styled(Citation("S/PV.1000"), Known.named("S/PV.1000"), "bibtex")
    assert (*NOTES, *LISTS) == STYLES


@pytest.mark.parametrize(
    ("printed", "number"),
    [
        ("Thirty-eighth session", 38), ("Fifty-second Year", 52), ("117th session", 117),
        ("Hundred and seventeenth session", 117), ("One hundred and thirtieth session", 130),
        ("Fortieth session", 40), ("First session", 1), ("Resumed session", None), ("", None),
    ],
)  # fmt: skip
def test_the_number_of_a_session(printed: str, number: int | None) -> None:
    assert ordinal_of(printed) == number


@pytest.mark.parametrize(
    ("number", "long", "short"),
    [(1, "1st", "1st"), (2, "2nd", "2d"), (3, "3rd", "3d"), (11, "11th", "11th"),
     (112, "112th", "112th"), (3272, "3272nd", "3272d"), (4, "4th", "4th")],
)  # fmt: skip
def test_ordinals(number: int, long: str, short: str) -> None:
    assert (ordinal(number), ordinal(number, short=True)) == (long, short)


def test_a_link_is_an_address_whatever_the_symbol() -> None:
    assert link("A/RES/217(III)") == "https://undocs.org/A/RES/217(III)"
    assert link('x" onload=1>') == "https://undocs.org/x%22%20onload%3D1%3E"
