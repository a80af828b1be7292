"""Which passages are quoted beside the first: what counts for and against one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rag.answer.beside import (
    LOOKED_AT,
    Beside,
    alike,
    answering_too,
    beside,
    model,
    probability,
    told,
)
from rag.answer.evidence import Candidate, weigh
from rag.domain import Turn
from rag.query import understand
from tests.toy import NEAR, VOCABULARY, passage

QUESTION = "Which ferry sails to the islands?"
TEXTS = (
    "A ferry sails to the islands, namely the Anna.",
    "The ferry to the islands was named the Bella.",
    "Bread was cheap.",
)


def ranked() -> list[Candidate]:
    found = weigh(
        understand(QUESTION),
        [passage(text, ordinal=n) for n, text in enumerate(TEXTS)],
        vocabulary=VOCABULARY,
        near=NEAR,
    )
    return sorted(found, key=lambda candidate: -candidate.relevance)


def known_of(found: list[Candidate], place: int) -> Beside:
    query = understand(QUESTION)
    tells = told(query, found[0], VOCABULARY)
    known = beside(query, found, place)
    return alike(known, found[place], tells, query=query, vocabulary=VOCABULARY)


@pytest.mark.parametrize(
    ("known", "worse", "better"),
    [
        ("behind", 3.0, 0.1),  # how far it is behind the first
        ("answers", -1.0, 1.0),  # what reading tells
        ("coverage", 0.1, 0.9),
        ("similarity", 0.1, 0.8),
        ("request", 1.0, 0.0),  # it only asks
        ("several", 0.0, 1.0),  # more than one is asked for
        ("apart", 0.0, 1.0),
        ("place", 4.0, 0.0),
        ("shared", 0.0, 0.8),  # it tells what the first tells
        ("same_figure", 0.0, 1.0),
    ],
)
def test_what_speaks_for_a_passage_and_against_it(known: str, worse: float, better: float) -> None:
    evidence = known_of(ranked(), 1)
    less = probability(replace(evidence, **{known: worse}))
    more = probability(replace(evidence, **{known: better}))
    assert 0 < less < more < 1


def test_what_is_off_the_subject_is_never_quoted_and_the_first_never_twice() -> None:
    found = ranked()
    assert found[-1].passage.paragraph.text == TEXTS[-1]
    too = answering_too(understand(QUESTION), found, VOCABULARY)
    assert found[0] not in too
    assert found[-1] not in too
    assert all(probability(known_of(found, found.index(each))) >= model().threshold for each in too)


def test_what_both_tell_is_passed_over_only_where_it_decides_nothing() -> None:
    asked, found = understand(QUESTION), ranked() * 2
    told_of_all = [
        found[at]
        for at in range(1, LOOKED_AT + 1)
        if probability(known_of(found, at)) >= model().threshold
    ]
    assert answering_too(asked, found, VOCABULARY) == told_of_all


def test_no_more_are_looked_at_than_the_first_few() -> None:
    many = [ranked()[0]] * (LOOKED_AT + 5)
    asked = understand("Which ferries, and who sails them to the islands?")
    assert len(answering_too(asked, many, VOCABULARY)) <= LOOKED_AT
    assert answering_too(understand(QUESTION), many[:1], VOCABULARY) == []


@pytest.mark.parametrize(
    ("first", "other", "figure", "more_than"),
    [
        ("The ferry to the islands carries 421 persons.", "Of 421 persons, few paid.", True, 0.3),
        ("The ferry to the islands carries 421 persons.", "Bread costs 421 crowns.", True, 0.0),
        ("The ferry to the islands carries 421 persons.", "Bread costs 15 crowns.", False, -0.1),
        ("The ferry to the islands carries 15 persons.", "Bread costs 15 crowns.", False, 0.0),
        ("The ferry to the islands was built in 2023.", "Bread was dear in 2023.", False, 0.0),
    ],
)
def test_what_the_first_tells_is_looked_for_in_the_others(
    first: str, other: str, figure: bool, more_than: float
) -> None:
    query = understand(QUESTION)
    given = [passage(text, ordinal=n) for n, text in enumerate((first, other))]
    both = weigh(query, given, vocabulary=VOCABULARY, near=NEAR)
    known = known_of(both, 1)
    assert (known.same_figure == 1.0) is figure
    assert more_than < known.shared <= 1


def test_beside_what_one_said_nobody_else_is_quoted() -> None:
    text = "There was a ferry to the islands every day."
    bell, dahl = Turn("Ms. Bell", "member", None, 0, 9), Turn("Ms. Dahl", "member", None, 0, 9)
    given = [passage(text, bell, 1), passage(text, dahl, 2), passage(text, bell, 3)]

    def quoted_beside(question: str) -> list[str]:
        query = understand(question)
        found = weigh(query, given, vocabulary=VOCABULARY, near=NEAR)
        found.sort(key=lambda c: (-c.relevance, c.passage.paragraph.ordinal))
        too = answering_too(query, found, VOCABULARY)
        turns = [c.passage.paragraph.turn for c in (found[0], *too)]
        return [turn.speaker for turn in turns if turn]

    assert quoted_beside("What did members say about the ferry to the islands?") == [
        "Ms. Bell", "Ms. Dahl", "Ms. Bell",
    ]  # fmt: skip
    assert quoted_beside("What did Ms. Bell say about the ferry to the islands?") == [
        "Ms. Bell", "Ms. Bell",
    ]  # fmt: skip
