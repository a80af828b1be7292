"""Text → paragraphs: numbers copied, words joined, furniture gone, speakers known."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.domain import Document, SourceText
from rag.errors import NoParagraphs
from rag.parse import segment
from rag.parse.blocks import unwrap
from rag.parse.speakers import opens_turn
from rag.read import read
from tests.conftest import ROOT, SAMPLE, needs


def parse(text: str, name: str = "record.txt") -> Document:
    return segment(SourceText(path=Path(name), sha256="0", text=text))


def labels(document: Document) -> list[str]:
    return [paragraph.label for paragraph in document.paragraphs]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1. Opened.\n2. Closed.", ["1", "2"]),
        ("1. It was tried under article\n128 on trafficking.", ["1"]),
        ("1. It was tried under article\n309. What measures were taken?\n2. None.", ["1", "2"]),
        ("1. See paragraphs 9,\n2. and 14 of the comment.\n2. Next.", ["1", "2"]),
        ("1. It began in\n2022. The number grew.\n2. Next.", ["1", "2"]),
        ("45. One.\n46. Two.\n49. Five.", ["45", "46", "49"]),
        ("13. One.\n14. Two.\n14 bis. Two again.\n15. Three.", ["13", "14", "14 bis", "15"]),
        ("7.1 The State party submits.\n7.2 The author replies.\n8. The Committee finds.",
         ["7.1", "7.2", "8"]),
        ("1.The first.\n2.The second.", ["1", "2"]),
        ("1. Under article\n2. The number is wrong.\n2. Right.\n3. Next.", ["1", "2", "3"]),
    ],
)  # fmt: skip
def test_paragraph_starts(text: str, expected: list[str]) -> None:
    assert labels(parse(text)) == expected


def test_a_number_of_the_sentence_stays_in_its_paragraph() -> None:
    document = parse("13. Cases came under article\n14. What then? Nothing.\n14. Next one.")
    assert labels(document) == ["13", "14"]
    assert document.paragraphs[0].text.endswith("article 14. What then? Nothing.")


@pytest.mark.parametrize(
    ("lines", "joined"),
    [
        (["The Procurator-", "General spoke."], "The Procurator-General spoke."),
        (["Decision-", "making was open."], "Decision-making was open."),
        (["The infor-", "mation given."], "The information given."),
        (["a 20-", "year conflict."], "a 20-year conflict."),
        (["In 2016-", "2017 it rose."], "In 2016-2017 it rose."),
        (["It should:", "(a) Act;", "(b) Report."], "It should:\n(a) Act;\n(b) Report."),
        (["See article 12", "(b) of the Code."], "See article 12 (b) of the Code."),
        (["See CCPR/C/", "SR.3272."], "See CCPR/C/SR.3272."),
    ],
)
def test_unwrap(lines: list[str], joined: str) -> None:
    assert unwrap(lines, frozenset({"information", "general", "making"})) == joined


@pytest.mark.parametrize(
    ("opening", "expected"),
    [
        ("Mr. Suindikov (Kazakhstan) said that", ("Mr. Suindikov", "delegation", "Kazakhstan")),
        ("Ms. Seibert-Fohr said that States", ("Ms. Seibert-Fohr", "member", None)),
        ("Mr. Ben Achour said that", ("Mr. Ben Achour", "member", None)),
        ("Ms. Seibert-Fohr, referring to the Act, asked", ("Ms. Seibert-Fohr", "member", None)),
        ("Mr. Dunmore, Country Rapporteur, said", ("Mr. Dunmore", "member", None)),
        ("Mr. Mukhitov (Kazakhstan), responding to", ("Mr. Mukhitov", "delegation", "Kazakhstan")),
        ("Sir Nigel Rodley asked whether", ("Sir Nigel Rodley", "member", None)),
        ("Mr. WANG Xuexian said", ("Mr. WANG Xuexian", "member", None)),
        ("Mr. de Gouttes noted that", ("Mr. de Gouttes", "member", None)),
        ("Mr. O'Flaherty welcomed the", ("Mr. O'Flaherty", "member", None)),
        ("Mr. X (Iran (Islamic Republic of)) said",
         ("Mr. X", "delegation", "Iran (Islamic Republic of)")),
        ("Mr. Nataf (Secretary of the Committee) said", ("Mr. Nataf", "secretariat", None)),
        ("Ms. Quist (Observer for the Institution) said", ("Ms. Quist", "observer", None)),
        ("Ms. Crickley (Rapporteur) introduced", ("Ms. Crickley", "member", None)),
        ("The Chair thanked the delegation", ("The Chair", "chair", None)),
        ("The CHAIRPERSON proposed the", ("The CHAIRPERSON", "chair", None)),
        ("The Chair, speaking as a member, asked", ("The Chair", "member", None)),
        ("Mr. Namazbaev had been convicted of", None),
        ("Mr. Kozlov, who was convicted, had been", None),
        ("Mr. Shakya (Nepal) took a place at the", None),
        ("The President was elected by", None),
        ("The Committee would like more information", None),
        ("The Government had suspended the", None),
    ],
)  # fmt: skip
def test_who_takes_the_floor(opening: str, expected: tuple[str, str, str | None] | None) -> None:
    floor = opens_turn(f"{opening} something else.")
    assert (floor and (floor.speaker, floor.role, floor.delegation)) == expected


def test_page_furniture_is_taken_out_of_paragraphs() -> None:
    document = parse(
        "CCLP/C/SR.9\nThe meeting was called to order at 3 p.m.\nReport of Maravia\n"
        "1. Mr. A (Maravia) said that the study\nCCLP/C/SR.9\nMV.24-03117 3\nwould be made.\n"
        "The meeting was suspended at 4 p.m. and resumed at 4.10\np.m.\n"
        "2. Ms. B asked why CCLP/C/SR.8 was late.\n4 MV.24-03117\nCCLP/C/SR.9\n"
        "A new heading\n3. The Chair thanked everybody.\nThe meeting rose at 6 p.m.\n"
    )
    assert document.symbol == "CCLP/C/SR.9"
    assert [p.text for p in document.paragraphs] == [
        "Mr. A (Maravia) said that the study would be made.",
        "Ms. B asked why CCLP/C/SR.8 was late.",
        "The Chair thanked everybody.",
    ]
    assert [(e.text, e.after) for e in document.events] == [
        ("The meeting was called to order at 3 p.m.", None),
        ("The meeting was suspended at 4 p.m. and resumed at 4.10 p.m.", "1"),
        ("The meeting rose at 6 p.m.", "3"),
    ]
    assert [(h.text, h.before) for h in document.headings] == [
        ("Report of Maravia", "1"),
        ("A new heading", "3"),
    ]


def test_the_symbols_of_other_documents_are_not_ones_own() -> None:
    text = "Report (CCPR/C/KAZ/2)\n1. See CCPR/C/KAZ/Q/2.\n2. And A/HRC/28/10, para. 3."
    assert parse(text, "minutes.txt").symbol is None
    assert parse(text, "minutes.txt").id == "minutes"
    named = parse(text, "CCPR_C_SR.3272.txt")
    assert named.symbol == "CCPR/C/SR.3272"
    assert [note.kind for note in named.notes] == ["symbol from file name"]


def test_a_gap_is_noted_never_filled() -> None:
    document = parse("1. One.\n2. Two.\n5. Five.")
    assert labels(document) == ["1", "2", "5"]
    assert [(n.kind, n.where) for n in document.notes] == [("number gap", "2")]


def test_the_only_free_number_under_a_heading_is_inferred_and_marked() -> None:
    document = parse("15. One sentence.\nArticle 5\nShe asked how it was done.\n17. Two.")
    assert [(p.label, p.inferred) for p in document.paragraphs] == [
        ("15", False),
        ("16", True),
        ("17", False),
    ]
    assert next((n.kind, n.where) for n in document.notes) == ("number inferred", "16")


@pytest.mark.parametrize("text", ["No numbers at all here.", "2016 was a year.", "Only 12 words."])
def test_without_numbers_there_is_nothing_to_cite(text: str) -> None:
    with pytest.raises(NoParagraphs, match="no numbered paragraphs"):
        parse(text)


WORD = st.from_regex(r"[a-z]{2,9}", fullmatch=True)
SENTENCE = st.lists(WORD, min_size=3, max_size=40).map(lambda w: " ".join(w).capitalize() + ".")


@given(st.lists(SENTENCE, min_size=2, max_size=12), st.integers(20, 90), st.booleans())
def test_wrapping_is_undone(sentences: list[str], width: int, spaced: bool) -> None:
    import textwrap

    lines = [
        line
        for number, sentence in enumerate(sentences, start=1)
        for line in textwrap.wrap(f"{number}. {sentence}", width)
    ]
    document = parse(("\n\n" if spaced else "\n").join(lines))
    assert [p.text for p in document.paragraphs] == sentences
    for paragraph in document.paragraphs:
        assert document.text[paragraph.start : paragraph.end] == paragraph.text


@given(st.text(max_size=400))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        document = parse(text)
    except NoParagraphs:
        return
    for paragraph in document.paragraphs:
        assert document.text[paragraph.start : paragraph.end] == paragraph.text


# -- the sample ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("CCLP_C_SR.411", 51),
        ("CCLP_C_SR.412", 53),
        ("CCLP_C_MRV_CO_3", 40),
        ("CCLP_C_MRV_Q_3", 23),
    ],
)
def test_sample_documents(name: str, count: int) -> None:
    document = segment(read(SAMPLE / f"{name}.txt"))
    assert document.symbol == name.replace("_", "/")
    assert labels(document) == [str(n) for n in range(1, count + 1)]
    assert document.state == "Maravia"
    assert document.notes == ()
    for paragraph in document.paragraphs:
        assert not re.search(r"MV\.24-|^CCLP/C/SR\.41\d$", paragraph.text, re.MULTILINE)


def test_sample_speakers() -> None:
    table = json.loads((ROOT / "tests/cases/sample_speakers.json").read_text(encoding="utf-8"))
    for symbol, expected in table.items():
        document = segment(read(SAMPLE / f"{symbol.replace('/', '_')}.txt"))
        found = {
            p.label: [p.turn.speaker, p.turn.role, p.turn.delegation] if p.turn else [None] * 3
            for p in document.paragraphs
        }
        assert found == expected


# -- the record this project is made for -----------------------------------------------------


def test_seed_record() -> None:
    document = segment(read(needs("record/CCPR_C_SR.3272.txt")))
    table = json.loads((ROOT / "tests/cases/seed_speakers.json").read_text(encoding="utf-8"))
    assert document.symbol == "CCPR/C/SR.3272"
    assert document.body == "Human Rights Committee"
    assert document.meeting == 3272
    assert document.state == "Kazakhstan"
    assert labels(document) == [str(n) for n in range(1, 74)]
    assert [event.after for event in document.events] == [None, "24", "73"]
    assert [heading.before for heading in document.headings] == ["1", "1"]
    assert [(note.kind, note.where) for note in document.notes] == [("name variant", "71")]
    found = {
        p.label: [p.turn.speaker, p.turn.role, p.turn.delegation] if p.turn else [None] * 3
        for p in document.paragraphs
    }
    assert found == table


def test_seed_words_are_the_printed_words() -> None:
    """Nothing is lost, added or moved: checked against the file by another route."""
    path = needs("record/CCPR_C_SR.3272.txt")
    document = segment(read(path))
    printed = path.read_text(encoding="utf-8")
    printed = printed.replace("CCPR/C/SR.3272 \n", "\n").replace("GE.16-10811 9 \n", "\n")
    squeezed = re.sub(r"\s+", "", printed)
    numbered = "".join(f"{p.label}.{p.text}" for p in document.paragraphs)
    at = squeezed.index("1.Attheinvitation")
    body = squeezed[at : squeezed.index("Themeetingroseat")]
    body = body.replace("Themeetingwassuspendedat11.30a.m.andresumedat11.40a.m.", "")
    assert re.sub(r"\s+", "", numbered) == body
    assert "decision-making was based" in document.paragraphs[60].text
    assert "until 2020 provided for" in document.paragraphs[39].text
