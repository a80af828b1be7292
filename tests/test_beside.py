"""Which passages are quoted beside the first: what counts for and against one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rag.answer.beside import LOOKED_AT, answering_too, beside, model, probability
from rag.answer.evidence import Candidate, weigh
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
    ],
)
def test_what_speaks_for_a_passage_and_against_it(known: str, worse: float, better: float) -> None:
    evidence = beside(QUESTION, ranked(), 1)
    less = probability(replace(evidence, **{known: worse}))
    more = probability(replace(evidence, **{known: better}))
    assert 0 < less < more < 1


def test_what_is_off_the_subject_is_never_quoted_and_the_first_never_twice() -> None:
    found = ranked()
    assert found[-1].passage.paragraph.text == TEXTS[-1]
    too = answering_too(QUESTION, found)
    assert found[0] not in too
    assert found[-1] not in too
    assert all(
        probability(beside(QUESTION, found, found.index(each))) >= model().threshold for each in too
    )


def test_no_more_are_looked_at_than_the_first_few() -> None:
    many = [ranked()[0]] * (LOOKED_AT + 5)
    assert (
        len(answering_too("Which ferries, and who sails them to the islands?", many)) <= LOOKED_AT
    )
    assert answering_too(QUESTION, many[:1]) == []
