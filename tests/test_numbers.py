"""Numbers: printed ones are copied, lists and parts begin again, nothing is made up silently."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.domain import Document, LineHint, SourceText
from rag.parse import segment


def parse(text: str, hints: tuple[LineHint, ...] = ()) -> Document:
    return segment(SourceText(path=Path("record.txt"), sha256="0", text=text, hints=hints))


def labels(document: Document) -> list[str]:
    return [f"{p.section}:{p.label}" if p.section else p.label for p in document.paragraphs]


def kinds(document: Document) -> list[tuple[str, str]]:
    return [(note.kind, note.where) for note in document.notes]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # one number a line, its text on the next
        ("1.\nIt met.\n2.\nIt rose.", ["1", "2"]),
        ("1.It met.\n2.It rose.", ["1", "2"]),
        ("1. It met.\n\n2. It rose.", ["1", "2"]),
        # a list inside a paragraph
        ("9. Accepted:\n1. Act (Norland);\n2. Report (Sudria);\n10. Noted:\n1. Think (Estria).\n11. End.",
         ["9", "9.1", "9.2", "10", "10.1", "11"]),
        # the same numbers printed whole
        ("9. Accepted:\n9.1. Act (Norland);\n9.2 Report (Sudria);\n10. End.", ["9", "9.1", "9.2", "10"]),
        # views of a committee
        ("1.1 The author is.\n1.2 He claims.\n2.1 He says.\n3. The Committee finds.",
         ["1.1", "1.2", "2.1", "3"]),
        # decisions and annexes number by themselves
        ("Decision 1/CP.9\n1. Decides;\n2. Asks.\nAnnex\n1. Terms.\n2. More.\nDecision 2/CP.9\n1. Notes.\n2. Ends.",
         ["decision 1/CP.9:1", "decision 1/CP.9:2", "decision 1/CP.9 annex:1", "decision 1/CP.9 annex:2",
          "decision 2/CP.9:1", "decision 2/CP.9:2"]),
        ("1. It met.\n2. It rose.\nAnnex I\n1. First.\n2. Second.\nAnnex II\n1. Third.\n2. Fourth.",
         ["1", "2", "annex I:1", "annex I:2", "annex II:1", "annex II:2"]),
        ("1. Il dit.\n2. Il nota.\nAnnexe I\n1. Un.\n2. Deux.\nAppendice\n1. Trois.\n2. Quatre.",
         ["1", "2", "annex I:1", "annex I:2", "annex I appendix:1", "annex I appendix:2"]),
        ("1. It met.\n2. It rose.\nAnnex\nThe members were:\nMr. A\nMs. B", ["1", "2"]),
        ("1. It met.\n2. It rose.\nVI. Rule 6: Agendas\n1. First.\n2. Second.\nC. Rule 7.2: Voting\n1. Third.\n2. Fourth.",
         ["1", "2", "rule 6:1", "rule 6:2", "rule 7.2:1", "rule 7.2:2"]),
        ("Article 2\n1. It met.\n2. It rose.\nArticle 3\n1. First.\n2. Second.",
         ["article 2:1", "article 2:2", "article 3:1", "article 3:2"]),
        # two annexes of one name, and a part that does not begin at 1
        ("1. It met.\n2. It rose.\nAnnex\n1. First.\n2. Second.\nAnnex\n1. Third.\n2. Fourth.",
         ["1", "2", "annex:1", "annex:2", "annex (2):1", "annex (2):2"]),
        ("Decision 1/CP.9\n1. Decides;\n2. Ends.\nDecision 2/CP.9\n4. Notes;\n5. Asks;\n6. Ends.",
         ["decision 1/CP.9:1", "decision 1/CP.9:2", "decision 2/CP.9:4", "decision 2/CP.9:5",
          "decision 2/CP.9:6"]),
        # an order of a court
        ("HAVING SEEN:\n1. The brief.\n2. The reply.\nCONSIDERING:\n1. The rules.\n2. The facts.\n3. The law.",
         ["1", "2", "considering:1", "considering:2", "considering:3"]),
        # numbers of the sentence
        ("1. It grew from 12 to\n13. Members noted it.\n2. It fell on 3 May\n2014. That was all.\n3. End.",
         ["1", "2", "3"]),
        ("1. See paragraph 57 of the report and\n58. It said so.\n2. End.", ["1", "2"]),
        ("25. One.\n26. On 1 June\n1999, it ended.\n27. Two.", ["25", "26", "27"]),
        # dates are no numbers, and a list of one is none
        ("1. Decides;\n2. Ends.\n28. 13 December 2014", ["1", "2"]),
        ("1.\tOne.\n2.\tTwo.\n1.\t(Agenda item 4)\n3.\tThree.", ["1", "2", "3"]),
    ],
)  # fmt: skip
def test_labels(text: str, expected: list[str]) -> None:
    assert labels(parse(text)) == expected


def test_what_is_composed_is_said_once_a_list() -> None:
    document = parse("9. Accepted:\n1. Act (Norland);\n2. Report (Sudria);\n10. End.")
    assert kinds(document) == [("number composed", "9.1")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1. One.\n2. Two.\n5. Five.\n6. Six.", [("number gap", "2")]),
        ("9. All:\n9.1 Act.\n9.4 Go.\n10. End.\n11. More.", [("number gap", "9.1")]),
        ("1. One.\n2. Two.\n2. Two again.\n3. Three.\n4. Four.\n5. Five.", []),
    ],
)
def test_gaps(text: str, expected: list[tuple[str, str]]) -> None:
    assert [n for n in kinds(parse(text)) if n[0] == "number gap"] == expected


def laid_out(*lines: tuple[str, str]) -> Document:
    """Lines with a letter each: o opens a block, h is a heading, n a number set apart, i italic."""
    hints = tuple(
        LineHint(opens="o" in how, heading="h" in how, number="n" in how, italic="i" in how)
        for how, _ in lines
    )
    return parse("\n".join(text for _, text in lines), hints)


def test_a_number_without_text_is_noted_and_gaps_are_told_in_the_right_section() -> None:
    document = parse(
        "1. It met.\n2. It rose.\nAnnex I\n1.\nAnnex II\n1. First.\n2. Second.\n4. Fourth.\n5. Fifth."
    )
    assert labels(document)[-4:] == ["annex II:1", "annex II:2", "annex II:4", "annex II:5"]
    assert [n for n in kinds(document) if n[0] == "number gap"] == [("number gap", "2")]


def test_a_step_back_that_the_layout_shows_is_noted() -> None:
    document = laid_out(
        *((("on", f"{n}. It said so.")) for n in (1, 2, 3, 4, 5, 6, 3, 4, 5, 6, 7, 8))
    )
    assert labels(document) == [str(n) for n in (1, 2, 3, 4, 5, 6, 3, 4, 5, 6, 7, 8)]
    assert ("number out of order", "3") in kinds(document)
    assert [p.part for p in document.paragraphs] == [1] * 6 + [2] * 4 + [1] * 2
    assert len({p.id for p in document.paragraphs}) == 12


def test_the_layout_tells_a_misprinted_number() -> None:
    document = laid_out(
        ("on", "19. It said so."), ("on", "20. It cited the rules."), ("on", "35. It asked."),
        ("on", "22. It answered."), ("on", "23. It ended."),
    )  # fmt: skip
    assert labels(document) == ["19", "20", "35", "22", "23"]
    assert kinds(document) == [("number out of order", "35")]
    assert document.notes[0].what == "35 is printed where 21 is due; it is kept as printed"


def test_the_items_of_a_misprinted_paragraph_bear_its_number_as_printed() -> None:
    document = laid_out(
        ("on", "19. It said so."), ("on", "20. It cited."), ("on", "35. It asked for:"),
        ("on", "1. Rules;"), ("on", "2. Facts."), ("on", "22. It answered."),
    )  # fmt: skip
    assert labels(document) == ["19", "20", "35", "35.1", "35.2", "22"]


def test_the_layout_tells_a_misprinted_item() -> None:
    document = laid_out(
        ("on", "124. Accepted:"), ("on", "124.1 Act (Norland);"), ("on", "214.2 Go (Sudria);"),
        ("on", "124.3 End (Estria)."), ("on", "125. All of it."),
    )  # fmt: skip
    assert labels(document) == ["124", "124.1", "214.2", "124.3", "125"]
    assert ("number out of order", "214.2") in kinds(document)


def test_a_number_without_a_point_counts_where_the_layout_sets_it_apart() -> None:
    document = laid_out(("on", "3. Act now."), ("on", "4 Encourage it."), ("", "5 Members spoke."))
    assert labels(document) == ["3", "4"]


def test_headings_by_their_look_leave_the_paragraph() -> None:
    document = laid_out(
        ("on", "1. It met and"), ("", "it spoke."), ("oh", "II. Findings"), ("oi", "Of the first"),
        ("on", "2. It found."),
    )  # fmt: skip
    assert [p.text for p in document.paragraphs] == ["It met and it spoke.", "It found."]
    assert [(h.text, h.before) for h in document.headings] == [
        ("II. Findings", "2"),
        ("Of the first", "2"),
    ]


def test_a_converter_that_begins_lists_again_is_mended_and_marked() -> None:
    document = parse(
        "Introduction\n1. It met.\n2. It chose.\n3. It had:\n(a) A report;\n(b) A summary.\n1. A list was sent.\n2. It rose."
    )
    assert [(p.label, p.inferred) for p in document.paragraphs] == [
        ("1", False), ("2", False), ("3", False), ("4", True), ("5", True),
    ]  # fmt: skip
    assert ("number inferred", "4") in kinds(document)


def test_the_items_below_an_inferred_number_are_inferred() -> None:
    document = parse(
        "1. It met.\n2. It had:\n(a) A report;\n(b) A list.\n1. It chose:\n1. Ms. A;\n2. Mr. B.\n2. It rose."
    )
    assert [(p.label, p.inferred) for p in document.paragraphs] == [
        ("1", False), ("2", False), ("3", True), ("3.1", True), ("3.2", True), ("4", True),
    ]  # fmt: skip


def test_an_annex_that_follows_items_begins_again() -> None:
    document = parse(
        "1. It met.\n2. It had:\n(a) A report;\n(b) A list.\nAnnex\n1. First.\n2. Next."
    )
    assert labels(document) == ["1", "2", "annex:1", "annex:2"]


def test_lists_that_all_begin_at_one_have_lost_their_numbers() -> None:
    document = parse("1. It met.\n1. Ms. A spoke.\n1. Mr. B spoke.\n1. Ms. C rose.\n1. It ended.")
    assert [(p.label, p.inferred) for p in document.paragraphs] == [
        ("1", False), ("2", True), ("3", True), ("4", True), ("5", True),
    ]  # fmt: skip


def test_the_number_above_a_list_that_was_lost_is_inferred() -> None:
    document = parse(
        "7. Seen:\n1. Act (Norland);\n2. Go (Sudria).\nThese were refused:\n1. Stop (Estria);\n2. End (Norland).\n9. All."
    )
    assert [(p.label, p.inferred) for p in document.paragraphs] == [
        ("7", False), ("7.1", False), ("7.2", False), ("8", True), ("8.1", True), ("8.2", True), ("9", False),
    ]  # fmt: skip
    assert document.paragraphs[3].text == "These were refused:"


def test_lost_numbers_of_a_summary_record_are_counted_and_marked() -> None:
    document = parse(
        "Committee on Examples\nSummary record of the 9th meeting\nContents\nReport of Norland\n"
        "The meeting was called to order at 3 p.m.\nReport of Norland\n"
        "The Chair invited the delegation to speak.\nMr. A (Norland) said that it was so.\n"
        "It was so decided.\nThe meeting rose at 6 p.m."
    )
    assert [(p.label, p.inferred) for p in document.paragraphs] == [
        ("1", True), ("2", True), ("3", True),
    ]  # fmt: skip
    assert [event.text for event in document.events] == [
        "The meeting was called to order at 3 p.m.",
        "The meeting rose at 6 p.m.",
    ]
    assert kinds(document).count(("number inferred", "1")) == 1


def test_text_after_the_last_number_of_an_annex_is_not_the_last_paragraphs() -> None:
    document = parse(
        "1. It met.\n2. It rose.\nAnnex\nComposition of the delegation\nThe head was Ms. A."
    )
    assert document.paragraphs[-1].text == "It rose."
    assert ("unnumbered text", "2") in kinds(document)
    assert "The head was Ms. A." in document.text


def test_page_numbers_alone_on_their_lines_are_no_text() -> None:
    lines = "it went on at length\n" * 14
    pages = "\n".join(f"{n}. It said so, and\n{lines}{n + 2}\nit ended." for n in range(1, 9))
    document = parse(pages)
    assert labels(document) == [str(n) for n in range(1, 9)]
    assert not any(c.isdigit() for p in document.paragraphs for c in p.text)


def test_the_rows_of_a_table_are_text() -> None:
    rows = "\n".join(f"{n}\nA member." for n in range(1, 12))
    document = parse(f"1. The members were:\n{rows}\n2. It rose.")
    assert document.paragraphs[0].text.endswith("10 A member. 11 A member.")


def test_a_document_on_one_line_is_cut_at_its_numbers() -> None:
    sentence = "The Committee noted the report of the State and asked for more. " * 4
    document = parse(" ".join(f"{n}. {sentence.strip()}" for n in range(1, 60)))
    assert labels(document) == [str(n) for n in range(1, 60)]


WORD = st.from_regex(r"[a-z]{3,9}", fullmatch=True)
CLAUSE = st.lists(WORD, min_size=3, max_size=12).map(lambda w: " ".join(w).capitalize())


@settings(deadline=None)
@given(
    st.lists(CLAUSE, min_size=1, max_size=4),
    st.lists(CLAUSE, min_size=2, max_size=8),
    st.lists(CLAUSE, min_size=1, max_size=4),
    st.booleans(),
)
def test_lists_inside_a_paragraph_come_back(
    before: list[str], items: list[str], after: list[str], alone: bool
) -> None:
    end = ".\n" if alone else ". "
    number = len(before) + 1
    lines = [f"{n}{end}{clause}." for n, clause in enumerate(before, start=1)]
    lines.append(f"{number}{end}These were accepted:")
    lines += [f"{n}{end}{clause};" for n, clause in enumerate(items, start=1)]
    lines += [f"{n}{end}{clause}." for n, clause in enumerate(after, start=number + 1)]
    document = parse("\n".join(lines))
    assert labels(document) == (
        [str(n) for n in range(1, number + 1)]
        + [f"{number}.{n}" for n in range(1, len(items) + 1)]
        + [str(n) for n in range(number + 1, number + 1 + len(after))]
    )


@settings(deadline=None)
@given(st.lists(st.lists(CLAUSE, min_size=2, max_size=6), min_size=1, max_size=5))
def test_parts_that_begin_again_come_back(parts: list[list[str]]) -> None:
    lines: list[str] = []
    due: list[str] = []
    for n, clauses in enumerate(parts, start=1):
        lines.append(f"Decision {n}/CP.9")
        lines += [f"{k}. {clause}." for k, clause in enumerate(clauses, start=1)]
        due += [f"decision {n}/CP.9:{k}" for k in range(1, len(clauses) + 1)]
    document = parse("\n".join(lines))
    assert labels(document) == due
    assert len({p.id for p in document.paragraphs}) == len(document.paragraphs)
