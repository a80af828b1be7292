"""Which sentences are quoted, and how what is left out is marked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from rag.answer.again import told_again, told_of_the_rest
from rag.answer.evidence import Candidate, Scored, weigh
from rag.answer.gaps import going_on, without_small_gaps
from rag.answer.quote import quote
from rag.answer.verify import verify
from rag.config import Settings
from rag.domain import Answer, Claim, Paragraph, Passage
from rag.query import understand
from rag.record import Record
from rag.sentences import sentences
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


def beside(find: Callable[..., list[tuple[Candidate, Scored]]], *texts: str) -> list[str]:
    """The label of the second passage, "3", if it is found beside the first."""
    question, told, other = texts
    query = understand(question)
    first, second = weigh(
        query,
        [passage(told, DELEGATION, 4), passage(other, MEMBER, 2)],
        vocabulary=VOCABULARY,
        near=NEAR,
    )
    return [c.passage.paragraph.label for c, _ in find(query, first, [second], most=2)]


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


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("What did Ms. Bell ask about the ferry to the islands?", True),
        ("What did the members want to know about the ferry to the islands?", True),
        ("What questions were put on the ferry to the islands?", True),
        ("What did Ms. Bell say about the ferry to the islands?", False),
        ("Is the ferry to the islands in service?", False),
    ],
)
def test_what_one_asks_is_quoted_with_the_question_itself(question: str, asked: bool) -> None:
    text = (
        "Ms. Bell said that the ferry to the islands had been taken out of service. "
        + "Bread was cheap in the north, and the roads were good all the year. " * 8
        + "She enquired whether a new engine had been bought."
    )
    (claim,) = claims(question, passage(text, MEMBER, 2))
    assert claim.quote.startswith("said that the ferry to the islands had been taken out")
    assert claim.quote.endswith("She enquired whether a new engine had been bought.") is asked


def test_a_question_comes_before_its_reply() -> None:
    reply = passage("Mr. Anders (Maravia) said that the ferry would sail.", DELEGATION, 9)
    asked = passage("Ms. Bell asked whether the ferry would sail.", MEMBER, 2)
    found = claims("What was asked about the ferry, and what was replied?", reply, asked)
    assert [claim.speaker for claim in found] == ["Ms. Bell", "Mr. Anders"]


ASKED = "Ms. Bell asked why the ferry to the islands had been taken out of service."
HEARD = (
    "Ms. Bell had heard that the ferry to the islands was out of service. Was the ferry to the "
    "islands out of service?"
)


@pytest.mark.parametrize(
    ("question", "asked", "reply", "quoted"),
    [
        (  # the reply gives the reason; who asks for it gives none
            "Why was the ferry to the islands taken out of service?",
            ASKED,
            "The ferry to the islands was taken out of service because its engine had failed.",
            ["Mr. Anders"],
        ),
        (  # the reply gives no reason
            "Why was the ferry to the islands taken out of service?",
            ASKED,
            "The ferry to the islands was taken out of service in March.",
            ["Ms. Bell", "Mr. Anders"],
        ),
        (  # the question itself is asked for
            "What was asked about the ferry to the islands, and what was replied?",
            ASKED,
            "The ferry to the islands was taken out of service because its engine had failed.",
            ["Ms. Bell", "Mr. Anders"],
        ),
        (  # whether it is so: the question stays with its reply
            "Is the ferry to the islands out of service?",
            "Was the ferry to the islands out of service?",
            "The ferry to the islands was out of service.",
            ["Ms. Bell", "Mr. Anders"],
        ),
        (  # … and what a member has heard with what is said of it
            "Is the ferry to the islands out of service?",
            HEARD,
            "The ferry to the islands was not out of service.",
            ["Ms. Bell", "Mr. Anders"],
        ),
    ],
)
def test_what_a_member_only_asks_is_no_answer_beside_one(
    question: str, asked: str, reply: str, quoted: list[str]
) -> None:
    draft = quote(
        replace(understand(question), reviewed={"D": "Maravia"}),
        [passage(asked, MEMBER, 2), passage(reply, DELEGATION, 5)],
        vocabulary=VOCABULARY,
        near=NEAR,
        read=lambda _, texts: np.full(len(texts), 2.0, dtype=np.float32),
    )
    assert sorted(str(claim.speaker) for claim in draft.claims) == sorted(quoted)


@pytest.mark.parametrize(
    ("question", "other", "is_quoted"),
    [
        (
            "How many complaints did the harbour office receive in 2022?",
            "In 2022 the harbour office had received some 421 complaints, and had closed few.",
            True,
        ),
        (  # another figure
            "How many complaints did the harbour office receive in 2022?",
            "In 2022 the harbour office had received some 412 complaints, and had closed few.",
            False,
        ),
        (  # the figure of another year
            "How many complaints did the harbour office receive in 2022?",
            "In 2021 the harbour office had received some 421 complaints, and had closed few.",
            False,
        ),
        (  # the figure of another thing
            "How many complaints did the harbour office receive in 2022?",
            "In 2022 the lighthouse had been visited by 421 pupils.",
            False,
        ),
        (  # no figure is asked for
            "Did the harbour office receive complaints in 2022?",
            "In 2022 the harbour office had received some 421 complaints, and had closed few.",
            False,
        ),
    ],
)
def test_a_figure_that_another_paragraph_tells_too_is_quoted_from_both(
    question: str, other: str, is_quoted: bool
) -> None:
    told = "The harbour office had received 421 complaints in 2022."
    found = beside(told_again, question, told, other)
    assert found == ["3"] * is_quoted


def test_each_state_that_said_something_is_quoted_whatever_reading_tells() -> None:
    found = [
        passage("A ferry sails to the islands, namely the Anna.", DELEGATION, 4),
        passage("A ferry sails to the islands, namely the Bella.", DELEGATION, 2),
    ]

    def read(_: str, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.array([3.5 if "Anna" in text else -4.0 for text in texts], dtype=np.float32)

    question = "Which States said that a ferry sails to the islands?"
    draft = quote(understand(question), found, vocabulary=VOCABULARY, near=NEAR, read=read)
    assert [claim.citation.first for claim in draft.claims] == ["5", "3"]


@pytest.mark.parametrize(
    ("question", "records"),
    [
        ("Which ferry sails to the islands?", 1),
        ("Which ferries sail to the islands, of all that members and States told?", 2),
    ],
)
def test_two_states_affairs_are_not_told_as_one(question: str, records: int) -> None:
    found = [
        Passage(
            Paragraph(name, "3", 2, f"A ferry sails to the islands, {ship}.", 0, 40), 1.0, "both"
        )
        for name, ship in (("A", "Anna"), ("B", "Anne"))
    ]
    asked = replace(understand(question), reviewed={"A": "Maravia", "B": "Osterland"})
    draft = quote(asked, found, vocabulary=VOCABULARY, near=NEAR)
    assert len({claim.citation.symbol for claim in draft.claims}) == records
    assert {p.paragraph.document for p in draft.passages} == {"A", "B"}  # both are shown


@pytest.mark.parametrize(
    ("question", "also"),
    [
        ("How many complaints did the harbour office receive in 2021, 2022 and 2023?", ["3"]),
        ("How many complaints did the harbour office receive in 2021?", []),  # all is told
        ("How many complaints did the harbour office receive in 2018 and 2019?", []),  # none is
    ],
)
def test_years_that_the_first_paragraph_lacks_are_quoted_from_another(
    question: str, also: list[str]
) -> None:
    told = "The harbour office had received 4 complaints in 2021 and 5 in 2022."
    other = "In 2023 the harbour office had received 8 complaints."
    found = beside(told_of_the_rest, question, told, other)
    assert found == also


def test_what_stands_between_two_sentences_that_are_quoted_is_not_missed(
    sample_index: Path,
) -> None:
    answer = Record(Settings(index=sample_index)).ask("How many prisoners are there in Maravia?")
    assert isinstance(answer, Answer)
    assert "7,912 persons" in answer.claims[0].quote
    assert "[…]" not in answer.claims[0].quote


@pytest.mark.parametrize(
    ("gap", "kept"),
    [
        ("Short it was.", [0, 1, 2]),
        ("It was short. So was this.", [0, 1, 2, 3]),
        ("It was short. So was this. And this.", [0, 4]),  # three sentences
        (" ".join(["It was rather long"] * 12) + ".", [0, 2]),  # 48 words
    ],
)
def test_little_gaps_are_filled(gap: str, kept: list[int]) -> None:
    text = f"Prisons held many. {gap} Most were men."
    scored = [Scored(a, b, 1.0, 1.0, False, True, 1.0) for a, b in sentences(text)]
    assert without_small_gaps(text, scored, [0, len(scored) - 1]) == kept


@pytest.mark.parametrize(
    ("text", "fits", "on"),
    [
        ("There were 6,850 places. On 1 January 2024 they had held 7,912. Some wept.",
         [True, True, False], 1),
        ("There were 6,850 places. Of that number, 12 were new. Some wept.", [True, True, False], 1),
        ("There were 6,850 places. Ministers had met 12 times. Some wept.", [True, True, False], None),
        ("There were 6,850 places. They wept. Some wept.", [True, False, False], None),
        ("There were places. They wept.", [True, True], None),  # no kind of thing is asked for
    ],
)  # fmt: skip
def test_what_goes_on_with_the_figures_is_quoted(
    text: str, fits: list[bool], on: int | None
) -> None:
    scored = [
        Scored(a, b, 1.0, 1.0, False, fit, 1.0)
        for (a, b), fit in zip(sentences(text), fits, strict=True)
    ]
    assert going_on(text, scored, scored[0]) == on
