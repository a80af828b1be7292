"""Which sentences are quoted, and how what is left out is marked."""

from __future__ import annotations

import pytest

from rag.answer.quote import quote
from rag.answer.verify import verify
from rag.domain import Claim, Passage
from rag.query import understand
from tests.toy import DELEGATION, MEMBER, NEAR, VOCABULARY, passage

FILLER = (
    "Nothing of the kind was known to the delegation, which had asked its capital for further "
    "instructions and would revert in due course on all the points that had been put to it. "
)


def claims(question: str, *passages: Passage) -> tuple[Claim, ...]:
    draft = quote(
        understand(question),
        passages,
        vocabulary=VOCABULARY,
        near=NEAR,
    )
    given = [p.paragraph for p in passages]
    return tuple(verify(claim, given) for claim in draft.claims)


LONG = (
    "The ferry to the islands had been taken out of service. "
    + FILLER * 3
    + "It would sail again from March 2025. "
    + FILLER
)


@pytest.mark.parametrize(
    ("question", "quoted"),
    [
        (
            "When will the ferry to the islands be back in service?",
            "The ferry to the islands had been taken out of service. […] "
            "It would sail again from March 2025.",
        ),
        (
            "Is the ferry to the islands in service?",
            "The ferry to the islands had been taken out of service.",
        ),
    ],
)
def test_the_date_that_is_asked_for_is_quoted_too(question: str, quoted: str) -> None:
    (claim,) = claims(question, passage(LONG, DELEGATION, 4))
    assert claim.quote == quoted
    assert claim.verified, claim.checks


def test_a_short_paragraph_is_quoted_whole_without_its_speakers_name() -> None:
    text = "Mr. Anders (Maravia) said that the ferry was out of service. It was being mended."
    (claim,) = claims("Is the ferry in service?", passage(text, DELEGATION, 4))
    assert claim.quote == "said that the ferry was out of service. It was being mended."
    assert (claim.speaker, claim.delegation) == ("Mr. Anders", "Maravia")


def test_a_question_comes_before_its_reply() -> None:
    reply = passage("Mr. Anders (Maravia) said that the ferry would sail.", DELEGATION, 9)
    asked = passage("Ms. Bell asked whether the ferry would sail.", MEMBER, 2)
    found = claims("What was asked about the ferry, and what was replied?", reply, asked)
    assert [claim.speaker for claim in found] == ["Ms. Bell", "Mr. Anders"]
