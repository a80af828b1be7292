"""A recommendation is shown with what the record says of the State's position on it."""

from __future__ import annotations

import pytest

from rag.answer.positions import (
    ITEMS,
    above,
    listed,
    more_below,
    of_kind,
    of_the_other_kind,
    opened_list,
    told,
    with_items,
    with_positions,
)
from rag.config import Settings
from rag.domain import Answer, Claim, Paragraph, Passage
from rag.record import Record
from tests.conftest import needs


def paragraph(label: str, text: str, document: str = "A/HRC/99/7") -> Paragraph:
    return Paragraph(document, label, 0, text, 0, len(text))


def claim(of: Paragraph) -> Claim:
    return Claim(of.text, of.text, of.citation)


NOT = paragraph("61", "The following recommendations did not enjoy the support of Maravia:")
YES = paragraph("60", "The recommendations listed below enjoy the support of Maravia. They were:")
FREE = paragraph("61.2", "Free all poets (Osterland);")
END = paragraph("61.10", "End flogging (Valmont);")
TEACH = paragraph("60.1", "Teach music (Valmont);")
SAID = paragraph("12.1", "A list within a speech.")
SPEECH = paragraph("12", "Maravia said that it had taken three steps:")
HEADS = {p.id: p for p in (NOT, YES, SPEECH)}


@pytest.mark.parametrize(
    ("label", "stands_under"),
    [("61.2", "A/HRC/99/7#61"), ("126.48", "A/HRC/99/7#126"), ("61", None), ("p. 4", None),
     ("14 bis", None), ("1.2.3", None)],
)  # fmt: skip
def test_under_which_paragraph(label: str, stands_under: str | None) -> None:
    assert above(paragraph(label, "…")) == stands_under


@pytest.mark.parametrize(
    ("quoted", "note"),
    [
        ([FREE], "Of para. 61.2 the record says: “The following recommendations did not enjoy the "
         "support of Maravia” (A/HRC/99/7, para. 61)."),
        ([FREE, END], "Of paras. 61.2 and 61.10 the record says: “The following recommendations did "
         "not enjoy the support of Maravia” (A/HRC/99/7, para. 61)."),
        ([TEACH], "Of para. 60.1 the record says: “The recommendations listed below enjoy the "
         "support of Maravia” (A/HRC/99/7, para. 60)."),
        ([SAID], ""),  # what stands above it tells no position
        ([NOT, FREE], ""),  # it is quoted already
        ([], ""),
    ],
)  # fmt: skip
def test_what_is_told_beside_an_answer(quoted: list[Paragraph], note: str) -> None:
    passages = [Passage(p, 1.0, "both") for p in (FREE, END, TEACH, SAID)]
    assert told([claim(p) for p in quoted], passages, HEADS) == note


def test_each_group_stands_behind_its_position() -> None:
    passages = listed([Passage(p, 1.0, "both") for p in (FREE, TEACH, SAID)], HEADS)
    assert [p.paragraph.label for p in passages] == ["61.2", "60.1"]
    found = with_positions([claim(FREE), claim(TEACH)], passages, HEADS)
    assert [c.citation.first for c in found] == ["61", "61.2", "60", "60.1"]
    assert all(c.quote in (NOT.text, YES.text, FREE.text, TEACH.text) or c.quote + ":" == NOT.text
               or YES.text.startswith(c.quote) for c in found)  # fmt: skip


@pytest.mark.parametrize(
    ("quoted", "head"),
    [
        ([NOT], NOT),
        ([YES], YES),
        ([SPEECH], SPEECH),
        ([FREE], None),
        ([FREE, NOT], None),
        ([], None),
    ],
)
def test_an_answer_that_opens_a_list(quoted: list[Paragraph], head: Paragraph | None) -> None:
    passages = [Passage(p, 1.0, "both") for p in (NOT, YES, SPEECH, FREE)]
    assert opened_list([claim(p) for p in quoted], passages) == head


def test_the_items_stand_behind_the_sentence_above_them() -> None:
    found = with_items([claim(NOT), claim(SPEECH)], [FREE, END])
    assert [c.citation.first for c in found] == ["61", "61.2", "61.10", "12"]
    assert more_below([FREE, END]) == ""
    many = [paragraph(f"61.{n}", "…") for n in range(1, ITEMS + 4)]
    assert len(with_items([claim(NOT)], many)) == ITEMS + 1
    assert more_below(many) == f"3 more are listed, up to A/HRC/99/7, para. 61.{ITEMS + 3}."


@pytest.mark.parametrize(
    ("question", "kept"),
    [
        ("Which recommendations did Maravia reject?", [FREE]),
        ("Which recommendations does Maravia accept?", [TEACH]),
        ("Did Maravia accept that it should free poets?", [FREE, TEACH]),
    ],
)
def test_of_recommendations_those_of_the_kind_that_is_asked_for(
    question: str, kept: list[Paragraph]
) -> None:
    given = [Passage(p, 1.0, "both") for p in (FREE, TEACH)]
    assert [p.paragraph for p in of_kind(question, given, HEADS)] == kept


@pytest.mark.parametrize(
    ("question", "kept"),
    [
        ("Which recommendations did Maravia reject?", [NOT]),
        ("Which recommendations does Maravia not support?", [NOT]),
        ("Which recommendations does Maravia support?", [YES]),
        ("What was recommended to Maravia?", [YES, NOT]),
    ],
)
def test_what_is_supported_is_not_what_was_rejected(question: str, kept: list[Paragraph]) -> None:
    yes = paragraph("60", "The recommendations listed below enjoy the support of Maravia:")
    passages = [Passage(p, 1.0, "both") for p in (FREE, TEACH)]
    heads = {yes.id: yes, NOT.id: NOT}
    # "Free all poets" stands under what was rejected, "Teach music" under what was not.
    claims = [claim(yes), claim(TEACH), claim(NOT), claim(FREE)]
    below = {YES.id: TEACH, NOT.id: FREE}
    wanted = [claim(each) for p in kept for each in ((yes if p is YES else p), below[p.id])]
    assert list(of_the_other_kind(question, claims, passages, heads)) == wanted
    assert of_the_other_kind(question, [claim(SAID)], passages, heads) == (claim(SAID),)


@pytest.fixture(scope="module")
def review(tmp_path_factory: pytest.TempPathFactory) -> Record:
    path = needs("record/upr/txt/A_HRC_12_13__yemen2009.txt")
    record = Record(Settings(index=tmp_path_factory.mktemp("review") / "index"))
    record.add([path])
    return record


@pytest.mark.parametrize(
    ("question", "labels", "delegations"),
    [
        # The position first, then what was recommended.
        ("Did Yemen accept a moratorium on the death penalty?", ["94", "94.4", "94.6"], None),
        # A State's own words, and nobody else's.
        ("What did Sweden say about a moratorium on executions?", ["37", "94.3"], {"Sweden"}),
        ("What did Yemen reply to the Netherlands about press freedom?", ["51"], {"Yemen"}),
        # Every State, each where several share a recommendation.
        ("Which States recommended a moratorium on executions?", ["94.3", "94.4", "94.5", "94.6"],
         {"Sweden", "Italy", "Netherlands (Kingdom of the)", "Canada", "Mexico",
          "United Kingdom of Great Britain and Northern Ireland"}),
    ],
)  # fmt: skip
def test_a_review(
    review: Record, question: str, labels: list[str], delegations: set[str] | None
) -> None:
    answer = review.ask(question)
    assert isinstance(answer, Answer)
    cited = [c.citation.first for c in answer.claims]
    assert set(labels) <= set(cited)
    if labels[0] == "94":
        assert cited[0] == "94"
    if delegations is not None:
        assert {c.delegation for c in answer.claims} == delegations
    if "94" not in cited and "94.3" in cited:
        assert "para. 94.3" in answer.note or "94.3" in answer.note


def test_a_state_that_said_nothing(review: Record) -> None:
    answer = review.ask("What did Switzerland recommend to Yemen?")
    assert not isinstance(answer, Answer)


def test_questions_of_states_are_linked_to_the_replies(review: Record) -> None:
    linked = {
        (each.asked.label, reply.label)
        for each in review.exchanges("A/HRC/12/13")
        for reply in each.replies
    }
    assert {("48", "51"), ("42", "50")} <= linked
    assert all(int(reply) in {*range(50, 58), 90} for _, reply in linked)
