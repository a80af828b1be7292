"""Citations: a ledger of texts with every citation in them, properties, and hostile input.

Longer than most: tables, and properties over them.
"""

from __future__ import annotations

import json
import os
import re
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eval.bench.citing import HOSTILE, hostile
from rag.cite import (
    as_citations,
    body_of,
    find_citations,
    find_in_draft,
    find_symbols,
    is_symbol,
    kind_of,
    meeting_of,
    normalise_symbol,
    section_named,
    symbol_from_filename,
)
from rag.domain import Citation, FoundCitation

ROOT = Path(__file__).resolve().parent.parent
LEDGER = ROOT / "tests" / "cases" / "citations"
SHARED = Path(os.environ.get("RECORD_SHARED", ROOT.parent / "shared"))


def ledger():
    """The cases, a line each: text, its citations; "draft" and "notes" of a whole draft."""
    for path in sorted(LEDGER.glob("*.jsonl")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            case = json.loads(line)
            why = case.get("known_failure")
            marks = [pytest.mark.xfail(strict=True, reason=why)] if why else []
            yield pytest.param(case, id=f"{path.stem}-{number}", marks=marks)


def read(case):
    if not case.get("draft"):
        return find_citations(case["text"])
    return find_in_draft(case["text"], [(number, note) for number, note in case.get("notes", [])])


@pytest.mark.parametrize("case", list(ledger()))
def test_every_citation_of_the_ledger(case):
    found = [
        {
            "span": case["text"][f.start : f.end],
            "symbol": f.symbol,
            "section": f.section,
            "paras": [list(pair) for pair in f.paras],
            **({"named": f.named} if f.named else {}),
        }
        for f in read(case)
    ]
    assert found == case["found"]


@pytest.mark.parametrize(
    ("text", "symbol"),
    [
        ("CCPR/C/SR.3272", "CCPR/C/SR.3272"),
        ("  CCPR/C/SR.3272. ", "CCPR/C/SR.3272"),
        ("CCPR/C/ SR.2810*", "CCPR/C/SR.2810"),
        ("C AT/C/SR.1823", "CAT/C/SR.1823"),
        ("ccpr/c/kaz/q/2/add.1", "CCPR/C/KAZ/Q/2/Add.1"),
        ("cclp/c/sr.411", "CCLP/C/SR.411"),
        ("a\u00a0/ hrc/28/10", "A/HRC/28/10"),
        ("CCPR/C/SR.\n3272", "CCPR/C/SR.3272"),
        ("CCPR/C/KAZ/CO/2–3", "CCPR/C/KAZ/CO/2-3"),
        ("CCPR/C/SR.32\u00ad72", "CCPR/C/SR.3272"),
        ("A/S-27/2", "A/S-27/2"),
        ("CCPR/C/SR.3272, para. 25", None),
        ("(CCPR/C/KAZ/2)", None),
        ("and/or", None),
        ("A/4", None),
        ("N/A/2", None),
        ("km/h/2", None),
        ("2016/12/05", None),
        ("", None),
        ("/", None),
        ("A" + " " * 100_000 + "/1", None),
    ],
)
def test_a_symbol_is_repaired_or_refused(text, symbol):
    assert normalise_symbol(text) == symbol
    assert is_symbol(text) == (symbol is not None)


@pytest.mark.parametrize(
    ("stem", "symbol"),
    [
        ("CCPR_C_SR.3272", "CCPR/C/SR.3272"),
        ("CCPR_C_SR.1955_Add.1", "CCPR/C/SR.1955/Add.1"),
        ("CCPR.C.SR.3272", "CCPR/C/SR.3272"),
        ("ccpr-c-sr-3272", "CCPR/C/SR.3272"),
        ("CEDAW-C-SR.434", "CEDAW/C/SR.434"),
        ("A_HRC_28_10__kazakhstan2014", "A/HRC/28/10"),
        ("A_HRC_28_10_E", "A/HRC/28/10"),
        ("A_HRC_28_10 (1)", "A/HRC/28/10"),
        ("CERD-C-KAZ-CO-8-10", "CERD/C/KAZ/CO/8-10"),
        ("E_C.12_KAZ_CO_2", "E/C.12/KAZ/CO/2"),
        ("S_PV.8422", "S/PV.8422"),
        ("CCLP_C_MRV_CO_3", "CCLP/C/MRV/CO/3"),
        ("A_C.3_56_L_right_to_development_draft_453500", None),
        ("IMG_2015_12", None),
        ("annual-report-2015", None),
        ("notes_2016-06-23", None),
        ("G1610811", None),
        ("A_4", None),
        ("README", None),
        ("x" * 1000, None),
    ],
)
def test_a_file_named_after_a_symbol(stem, symbol):
    assert symbol_from_filename(stem) == symbol


@pytest.mark.parametrize(
    ("symbol", "kind", "body"),
    [
        ("CCPR/C/SR.3272", "summary record", "Human Rights Committee"),
        ("CEDAW/C/SR.434", "summary record", "Committee on the Elimination of Discrimination"),
        ("CAT/C/SR.1823", "summary record", "Committee against Torture"),
        ("CAT/OP/KAZ/1", "report", "Subcommittee on Prevention of Torture"),
        ("CERD/C/KAZ/CO/8-10", "concluding observations", "Committee on the Elimination of Racial"),
        ("CRC/C/OPAC/KAZ/1", "report", "Committee on the Rights of the Child"),
        ("CMW/C/GC/2", "general comment", "Committee on the Protection of the Rights of All"),
        ("CRPD/C/KAZ/Q/1", "list of issues", "Committee on the Rights of Persons with"),
        ("CED/C/KAZ/Q/1/Add.1", "replies to list of issues", "Committee on Enforced Disappear"),
        ("E/C.12/KAZ/CO/2", "concluding observations", "Committee on Economic, Social and Cult"),
        ("CCPR/C/KAZ/Q/2/Rev.1", "list of issues", "Human Rights Committee"),
        ("CCPR/C/KAZ/QPR/3", "list of issues", "Human Rights Committee"),
        ("CCPR/C/KAZ/RQ/3", "replies to list of issues", "Human Rights Committee"),
        ("CCPR/C/21/Rev.1/Add.13", "general comment", "Human Rights Committee"),
        ("CCPR/C/107/D/1405/2005", "views", "Human Rights Committee"),
        ("CCPR/C/KAZ/2", "report", "Human Rights Committee"),
        ("A/HRC/28/10", "report", "Human Rights Council"),
        ("A/HRC/28/L.5", "document", "Human Rights Council"),
        ("A/HRC/DEC/2/101", "decision", "Human Rights Council"),
        ("A/RES/70/1", "resolution", "General Assembly"),
        ("A/64/PV.121", "verbatim record", "General Assembly"),
        ("S/PV.8422", "verbatim record", "Security Council"),
        ("E/2009/74", "document", "Economic and Social Council"),
        ("CCLP/C/SR.411", "summary record", ""),
        ("CCLP/C/MRV/3", "report", ""),
    ],
)
def test_what_a_symbol_says(symbol, kind, body):
    assert kind_of(symbol) == kind
    assert (body_of(symbol) or "").startswith(body)
    assert bool(body_of(symbol)) == bool(body)
    assert normalise_symbol(symbol) == symbol


@pytest.mark.parametrize(
    ("symbol", "meeting"),
    [("CCPR/C/SR.3272", 3272), ("CCPR/C/SR.1955/Add.1", 1955), ("S/PV.8422", 8422),
     ("A/HRC/28/10", None)],
)  # fmt: skip
def test_the_meeting_a_record_is_of(symbol, meeting):
    assert meeting_of(symbol) == meeting


@pytest.mark.parametrize(
    ("text", "citations"),
    [
        ("CCPR/C/SR.3272, paras. 25–27 and 30", ["paras. 25–27", "para. 30"]),
        ("CCPR/C/SR.3272, para. 20 (a) (ii)", ["para. 20 (a) (ii)"]),
        ("CCPR/C/SR.3272, paras. 3 (a)–(c)", ["para. 3 (a)", "para. 3 (b)", "para. 3 (c)"]),
        ("CCPR/C/SR.3272, paras. 3 (a) (i)–(ii)", ["para. 3 (a) (i)", "para. 3 (a) (ii)"]),
        ("CCPR/C/SR.3272, paras. 12 (b)–14", ["paras. 12–14"]),
        ("CCPR/C/SR.3272, annex I", ["annex I"]),
        ("CCPR/C/SR.3272, paras. 97 (1)–(3)", ["para. 97 (1)", "para. 97 (2)", "para. 97 (3)"]),
        ("CCPR/C/SR.3272, pp. 4–5 and 8", ["pp. 4–5", "p. 8"]),
        (
            "CCPR/C/SR.3272, decision 1/CP.21, annex, para. 2",
            ["decision 1/CP.21 annex, para. 2"],
        ),
    ],
)
def test_a_found_citation_becomes_canonical_ones(text, citations):
    (found,) = find_citations(text)
    assert [str(c) for c in as_citations(found)] == [f"CCPR/C/SR.3272, {c}" for c in citations]


def test_without_a_symbol_there_is_no_canonical_citation():
    assert as_citations(FoundCitation(0, 7, None, None, (("25", "25"),))) == []


@pytest.mark.parametrize(
    ("heading", "section"),
    [
        ("Annex", "annex"),
        ("ANNEX II", "annex II"),
        ("Annexe I. Liste des participants", "annex I"),
        ("Annex I to decision 1/CP.21", "decision 1/CP.21 annex I"),
        ("Decision 1/CP.21\nAdoption of the Paris Agreement", "decision 1/CP.21"),
        ("Résolution 14/1", "resolution 14/1"),
        ("Appendix II", "appendix II"),
        ("Annexation of land", None),
        ("Decision of the Committee", None),
        ("", None),
    ],
)
def test_a_heading_is_keyed_as_citations_name_it(heading, section):
    assert section_named(heading) == section
    if section:
        assert [f.section for f in find_citations(f"A/HRC/28/10, {section}, para. 3")] == [section]


# Properties

SYMBOLS = st.sampled_from(
    ["CCPR/C/SR.3272", "A/HRC/28/10", "CCPR/C/KAZ/Q/2/Add.1", "CERD/C/KAZ/CO/8-10", "S/PV.8422",
     "E/C.12/KAZ/CO/2", "A/HRC/WG.6/7/EGY/1", "CCLP/C/SR.411", "CCPR/C/107/D/1405/2005",
     "A/RES/217(III)", "FCCC/SBI/2018/INF.9/Add.1/Corr.1"]
)  # fmt: skip
SECTIONS = st.sampled_from(
    ["annex", "annex I", "annex IV", "appendix II", "chapter V", "section 2", "decision 1/CP.21",
     "decision 1/CP.21 annex", "decision 2/CMP.8 annex II", "resolution 3", "resolution 14/1",
     "article 13", "annex article 4"]
)  # fmt: skip
NUMBERS = st.integers(1, 900)
SUBS = st.sampled_from(["(a)", "(b)", "(z)", "(a) (ii)", "(c) (iv)", "(1)", "(aa)"])


@st.composite
def citations(draw):
    first = draw(NUMBERS)
    dotted = draw(st.none() | st.integers(1, 200))
    latin = draw(st.sampled_from(["", "", " bis", " ter"]))
    label = str(first) if dotted is None else f"{first}.{dotted}"
    last = draw(st.none() | st.integers(first + 1, 1500))
    if last is not None and dotted is not None:
        last = f"{last}.{dotted}"
    section = draw(st.none() | SECTIONS)
    if draw(st.integers(0, 9)) == 0:
        # Without a paragraph, an article is a treaty's: "CCPR/C/SR.3272, article 9".
        return Citation(draw(SYMBOLS), None if "article" in (section or "") else section)
    if draw(st.integers(0, 5)) == 0:
        end = f"p. {last.partition('.')[0]}" if isinstance(last, str) else last and f"p. {last}"
        return Citation(draw(SYMBOLS), section, f"p. {first}", end)
    last_label = str(last) if last is not None else None
    return Citation(draw(SYMBOLS), section, label + latin, last_label, draw(st.none() | SUBS))


@given(citations())
def test_parse_undoes_print(citation):
    assert Citation.parse(str(citation)) == citation


@given(citations())
def test_a_printed_citation_is_found_whole(citation):
    text = str(citation)
    (found,) = find_citations(text)
    assert (found.start, found.end) == (0, len(text))
    assert as_citations(found) == [citation]


PIECES = st.sampled_from(
    ["CCPR/C/SR.3272", "A/HRC/28/10", "Add.1", "SR.", "A/", "/", " ", ", ", "para. ", "paras. ",
     "paragraph ", "¶", "§", "25", "126.48", "–", "-", "(a)", "(", ")", "[", "]", "#", " and ",
     " to ", " of ", "of document ", "article 9", "annex I", "ibid.", "\u00ad", "\u00a0", "\n\n",
     "the report", "%2F", "%252F", "id. ", "supra note 1", "(n 1) ", "SR.3273", "1. ", "\n[^1]: ",
     "UN Doc ", "U.N. Doc. ", "UNGA Res 70/1", "General Assembly resolution 217 A (III)",
     "[2019] UKSC 41", "no. 30210/96", "Case C-131/12", "EU:C:2014:317", "Kudła v. Poland, ",
     "vol. I", "(2016)", ", July 4, 2016", "3275", "the replies to the list of issues", "above", "p. 4", "pp. ", "at 4",
     "page ", "decision 1/CP.21", "resolution 2", ", recommendation ", "https://undocs.org/", "bis", "*", ".", ";", "23 June 2016", "ﬁ", "²"]
)  # fmt: skip


def is_ordered(found, text):
    """Whether spans follow one another; what a range runs through shares the span of its dash."""
    return all(0 <= f.start < f.end <= len(text) for f in found) and all(
        one.end <= other.start or (one.start, one.end) == (other.start, other.end)
        for one, other in pairwise(found)
    )


@given(st.text() | st.lists(PIECES, max_size=40).map("".join))
def test_any_text_gives_ordered_spans(text):
    for found in (find_citations(text), find_in_draft(text)):
        assert is_ordered(found, text)
        for each in found:
            assert each.symbol or each.paras
            assert not (each.symbol and each.named)
            if each.symbol:  # what is given is found again by its own name
                assert [f.symbol for f in find_citations(each.symbol)] == [each.symbol]
            as_citations(each)
    end = 0
    for start, stop, symbol in find_symbols(text):
        assert end <= start < stop <= len(text)
        assert is_symbol(symbol)
        end = stop
    symbol_from_filename(text)


@pytest.mark.parametrize("piece", HOSTILE, ids=repr)
def test_hostile_text_does_not_hang(piece):
    # How long a megabyte of each takes is measured by `python -m eval.bench.citing`.
    text = hostile(piece, 20_000)
    for found in (find_citations(text), find_in_draft(text)):
        assert is_ordered(found, text)
    assert normalise_symbol(text) is None
    assert symbol_from_filename(text) is None


@settings(max_examples=25)
@given(st.lists(st.sampled_from(HOSTILE), min_size=2, max_size=5))
def test_hostile_mixtures_are_read_to_their_end(pieces):
    text = hostile("".join(pieces), 10_000)
    last = " CCPR/C/SR.3272, para. 25"
    found = find_citations(text + "\n\nThe end." + last)
    assert is_ordered(found, text + "\n\nThe end." + last)
    assert (found[-1].symbol, found[-1].paras) == ("CCPR/C/SR.3272", (("25", "25"),))


# The real records

REAL = {
    "CCPR_C_SR.3272.txt": [
        "CCPR/C/KAZ/2", "CCPR/C/KAZ/Q/2", "CCPR/C/KAZ/Q/2/Add.1", "CCPR/C/SR.3272",
        "CCPR/C/KAZ/CO/1",
    ],
    "sr/CEDAW_C_SR.434.txt": ["CEDAW/C/NPL/1"],
    "upr/txt/A_HRC_28_10__kazakhstan2014.txt": [
        "A/HRC/28/10", "A/HRC/WG.6/20/KAZ/1", "A/HRC/WG.6/20/KAZ/2", "A/HRC/WG.6/20/KAZ/3",
    ],
    "upr/txt/A_HRC_12_13__yemen2009.txt": [
        "A/HRC/12/13", "A/HRC/WG.6/5/YEM/1", "A/HRC/WG.6/5/YEM/2", "A/HRC/WG.6/5/YEM/3",
        "A/HRC/WG.6/5/L.12",
    ],
    "upr/txt/A_HRC_11_25__china2009.txt": [
        "A/HRC/11/25", "A/HRC/WG.6/4/CHN/1", "A/HRC/WG.6/4/CHN/2", "A/HRC/WG.6/4/CHN/3",
    ],
}  # fmt: skip


def record(name: str) -> str:
    path = SHARED / "record" / name
    if not path.exists():
        pytest.skip(f"{path} is absent; set RECORD_SHARED to the folder that holds record/")
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize(("name", "symbols"), list(REAL.items()), ids=list(REAL))
def test_all_symbols_of_a_real_record_and_no_other(name, symbols):
    assert {symbol for _, _, symbol in find_symbols(record(name))} == set(symbols)


def test_the_paragraphs_the_seed_record_cites():
    found = find_citations(record("CCPR_C_SR.3272.txt"))
    assert [(f.symbol, f.paras) for f in found if f.paras] == [
        (None, (("17", "17"), ("25", "25"), ("26", "26"))),
        ("CCPR/C/KAZ/Q/2/Add.1", (("151", "151"),)),
        (None, (("170", "170"),)),
    ]


# A series, then components of which one has a digit: looser than the grammar, and apart from it.
LOOSE = re.compile(
    r"(?<![A-Za-z0-9/])(?:CCPR|CEDAW|CAT|CERD|CRC|CMW|CRPD|CED|HRI|FCCC|UNEP|TD|ST|A|E|S|T)"
    r"(?:\s?/\s{0,3}[A-Za-z0-9][A-Za-z0-9.–-]*)+"
)
MISPRINTED = {
    "A/HRC24/7": "A/HRC/24/7",
    "A/HRC/WG.6/14PER/2": "A/HRC/WG.6/14/PER/2",
    "FCCC/SBI2014/4": "FCCC/SBI/2014/4",
    "FCCC/SBSTA/2014.INF.21": "FCCC/SBSTA/2014/INF.21",
    "FCCC/SBSTA/2014.INF.22": "FCCC/SBSTA/2014/INF.22",
    "A/HRC/28/10/General": "A/HRC/28/10",  # a rule of slashes in a page set from a web site
    # two symbols with a dash between
    "A/64/79-E/2009/74": "A/64/79",
    "FCCC/SB/2017/2/Add.1-FCCC/SBI/2017/14/Add.1": "FCCC/SB/2017/2/Add.1",
}


def test_every_symbol_of_the_real_records_is_found():
    folder = SHARED / "record"
    if not folder.exists():
        pytest.skip(f"{folder} is absent; set RECORD_SHARED to the folder that holds record/")
    counted, lost = 0, []
    for path in sorted(folder.rglob("*.txt")):
        text = path.read_text(encoding="utf-8", errors="replace")
        found = {start: symbol for start, _, symbol in find_symbols(text)}
        for match in LOOSE.finditer(text):
            printed = re.sub(r"\s", "", match[0]).rstrip(".").replace("–", "-")
            if not any(c.isdigit() for c in printed.partition("/")[2]):
                continue
            counted += 1
            due = MISPRINTED.get(printed, printed)
            if found.get(match.start(), "").upper() != due.upper():
                lost.append((path.name, printed))
    assert lost == []
    assert counted > 1_600
