"""Recommendations that a report rejects by the numbers of paragraphs far above."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag.answer.by_number import (
    ITEMS,
    listed_by_number,
    quoted_below,
    rejected,
    rejected_parts,
)
from rag.config import Settings
from rag.domain import Answer, Claim, Paragraph, Passage
from rag.record import Record


def paragraph(label: str, text: str, document: str = "A/HRC/99/7") -> Paragraph:
    return Paragraph(document, label, int(label), text, 0, len(text))


SAYS = "above did not enjoy the support of Maravia"
HEAD = paragraph(
    "64", f"The recommendations noted in the report in paragraphs 26 (b) and 27 {SAYS}."
)
OSTERLAND = paragraph(
    "26",
    "Osterland recommended that Maravia (a) teach music and (b) free all poets. It praised the "
    "ferries, and (c) recommended a bridge. It also asked about article 12 (b) of the Code.",
)
VALMONT = paragraph("27", "Valmont praised the ferries. It recommended that flogging be ended.")
NORTH = paragraph("28", "Northland recommended that all poets be freed.")


@pytest.mark.parametrize(
    ("paragraphs", "listed"),
    [
        ("26 (b) and 27", [("26", "(b)"), ("27", "")]),
        ("26 (b); 26 (c); 28 (b) and (f); and 58", [("26", "(b)"), ("26", "(c)"), ("28", "(b)"),
                                                    ("28", "(f)"), ("58", "")]),
        ("19(d), 19(e),", [("19", "(d)"), ("19", "(e)")]),
        ("80,", [("80", "")]),
        ("23 (last sentence), 29 (d) and 43 (first sentence)",
         [("23", "(last sentence)"), ("29", "(d)"), ("43", "(first sentence)")]),
    ],
)  # fmt: skip
def test_the_numbers_of_a_list(paragraphs: str, listed: list[tuple[str, str]]) -> None:
    text = f"The recommendations noted in the report in paragraphs {paragraphs} {SAYS}. It was so."
    (found,) = listed_by_number([paragraph("64", text)])
    assert list(found.of) == listed
    assert found.says == "did not enjoy the support of Maravia"


@pytest.mark.parametrize(
    "text",
    [
        "The following recommendations did not enjoy the support of Maravia:",
        "The recommendations in paragraphs 26 (b) and 27 above enjoy the support of Maravia.",
        "Women did not enjoy the support of the authorities in paragraphs 4 and 5 of the law.",
    ],
)
def test_what_lists_nothing_that_is_rejected(text: str) -> None:
    assert listed_by_number([paragraph("64", text)]) == []


@pytest.mark.parametrize(
    ("quoted", "of", "said"),
    [
        (OSTERLAND, OSTERLAND.text, "para. 26 (b)"),
        (OSTERLAND, "It praised the ferries.", ""),  # what is quoted is another thing
        (VALMONT, "It recommended that flogging be ended.", "para. 27"),
        (NORTH, NORTH.text, ""),
    ],
)
def test_a_recommendation_that_is_quoted_is_said_to_be_rejected(
    quoted: Paragraph, of: str, said: str
) -> None:
    claim = Claim(of, of, quoted.citation)
    note = rejected([claim], [OSTERLAND, VALMONT, NORTH], listed_by_number([HEAD]))
    assert note == (
        f"Of the recommendations in {said} the record says that they “did not enjoy the support of "
        "Maravia” (A/HRC/99/7, para. 64)."
        if said
        else ""
    )


def test_what_is_listed_is_quoted_below_the_sentence_that_lists_it() -> None:
    (listed,) = listed_by_number([HEAD])
    claims, more = quoted_below(listed, [HEAD, OSTERLAND, VALMONT])
    assert [(claim.citation.first, claim.quote) for claim in claims] == [
        ("64", HEAD.text),
        ("26", "free all poets."),
        ("27", "It recommended that flogging be ended."),
    ]
    assert more == ""


def test_of_a_paragraph_only_the_sentence_that_is_listed_is_quoted() -> None:
    text = (
        "The recommendations in paragraphs 26 (last sentence) and 27 (first sentence) " + SAYS + "."
    )
    (listed,) = listed_by_number([paragraph("64", text)])
    claims, _ = quoted_below(listed, [OSTERLAND, VALMONT])
    assert [claim.quote for claim in claims[1:]] == [
        "It also asked about article 12 (b) of the Code.", "Valmont praised the ferries.",
    ]  # fmt: skip


def test_of_a_paragraph_only_the_part_that_is_listed_is_weighed() -> None:
    lists = listed_by_number([HEAD])
    (part,) = rejected_parts(Passage(OSTERLAND, 0.5, "both"), lists)
    assert (part.paragraph.text, part.paragraph.citation) == ("free all poets.", OSTERLAND.citation)
    assert part.paragraph.id != OSTERLAND.id
    assert rejected_parts(Passage(NORTH, 0.5, "both"), lists) == []


def test_of_a_long_list_it_is_said_how_many_more_there_are() -> None:
    labels = [str(n) for n in range(10, 10 + ITEMS + 2)]
    text = f"The recommendations in paragraphs {', '.join(labels)} {SAYS}."
    given = [paragraph(label, f"Valmont recommended the {label}th thing.") for label in labels]
    (listed,) = listed_by_number([paragraph("64", text)])
    claims, more = quoted_below(listed, given)
    assert len(claims) == 1 + ITEMS
    assert more == f"2 more are listed there, in paras. {labels[-2]} and {labels[-1]}."


REPORT = """A/HRC/99/7
Human Rights Council
Report of the Working Group on the Universal Periodic Review
Maravia

61. Valmont praised the ferries and recommended that Maravia (a) teach music and (b) free all poets.

62. Osterland welcomed the new bridge. It recommended that Maravia end flogging in schools.

63. The recommendations listed below enjoy the support of Maravia:

1. Teach music to all children (Valmont);

64. The recommendations noted in the report in paragraphs 61 (b) and 62 above did not enjoy the
support of Maravia.
"""


@pytest.mark.parametrize(
    ("question", "cited", "noted"),
    [
        ("Which recommendations did Maravia reject?", ["64", "61", "62"], ""),
        ("What did Osterland recommend on flogging in schools?", ["62"], "“did not enjoy"),
        ("Did Maravia accept to free all poets?", ["61"], "in para. 61 (b) the record says"),
    ],
)
def test_asked_of_a_report(tmp_path: Path, question: str, cited: list[str], noted: str) -> None:
    (tmp_path / "A_HRC_99_7.txt").write_text(REPORT, encoding="utf-8")
    record = Record(Settings(index=tmp_path / "index"))
    assert record.add([tmp_path / "A_HRC_99_7.txt"]).added == ("A/HRC/99/7",)
    answer = record.ask(question)
    assert isinstance(answer, Answer)
    assert [claim.citation.first for claim in answer.claims][: len(cited)] == cited
    assert all(claim.verified for claim in answer.claims)
    assert noted in answer.note
