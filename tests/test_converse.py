"""Questions read: whose words are wanted, what kind of thing, and what a follow-up means."""

from __future__ import annotations

import pytest

from rag.answer.converse import resolve
from rag.domain import QA
from rag.query import holds_answer_type, is_request, understand


@pytest.mark.parametrize(
    ("question", "side"),
    [
        ("What did the Committee ask about prisons?", "committee"),
        ("Who asked about the spyware?", "committee"),
        ("Which expert raised legal aid?", "committee"),
        ("What worried the members about the new law?", "committee"),
        ("What did the delegation reply to Ms. Bell's question on schools?", "delegation"),
        ("Mr. Anders asked for figures. What was he told?", "delegation"),
        ("Ms. Bell enquired about the certificate; how did the delegation respond?", "delegation"),
        ("Which member of the Maravian delegation spoke of schools?", "delegation"),
        ("According to the Government, how many prisons are there?", "delegation"),
        ("What did Ms. Bell ask about schools, and what was the reply?", "both"),
        ("the Committee's objection to the threshold and the State's answer", "both"),
        ("How many prisons are there?", None),
    ],
)
def test_whose_words_are_wanted(question: str, side: str | None) -> None:
    assert understand(question).side == side


@pytest.mark.parametrize(
    ("question", "wants"),
    [
        ("How many complaints were filed?", "figure"),
        ("How much money was spent on legal aid?", "money"),
        ("When was the Act adopted?", "date"),
        ("In which year did it begin?", "date"),
        ("Who asked about schools?", "person"),
        ("Why was the party dissolved?", "reason"),
        ("Are exit visas required?", "whether"),
        ("What was he told when he asked about visas?", "anything"),
        ("which acts count as extremism", "anything"),
    ],
)
def test_what_is_wanted(question: str, wants: str) -> None:
    assert understand(question).wants == wants


def test_years_of_laws_and_meetings_are_no_condition() -> None:
    assert understand("Convictions under the 2011 Religious Activities Act in 2014?").figures == (
        "2014",
    )
    assert understand("Who spoke at the June 2016 meeting?").figures == ()


@pytest.mark.parametrize(
    ("question", "sentence", "holds"),
    [
        ("How many were held?", "There were 51 persons.", True),
        ("How many were held?", "It was adopted on 11 October 2011 under article 9.", False),
        ("How many were held in 2012?", "In 2012 they were held.", False),
        ("How much was the fine?", "They paid a warning and a fine.", False),
        ("How much money was spent?", "It spent 40 million tenge.", True),
        ("How much money was spent?", "It spent more.", False),
        ("In which year was it?", "It had recently been so.", False),
        ("When was it?", "It had been in May 2016.", True),
    ],
)
def test_a_sentence_holds_what_is_wanted(question: str, sentence: str, holds: bool) -> None:
    assert holds_answer_type(understand(question), sentence) is holds


@pytest.mark.parametrize(
    ("sentence", "asks"),
    [
        ("She asked whether that was so.", True),
        ("What measures were taken?", True),
        ("The Committee would like to know why.", True),
        ("Please provide statistics.", True),
        ("There had been 26 convictions.", False),
        ("The complaint asked for by the lawyer was filed.", False),
    ],
)
def test_requests_are_told_from_statements(sentence: str, asks: bool) -> None:
    assert is_request(sentence) is asks


@pytest.mark.parametrize(
    ("before", "question", "resolved"),
    [
        ("How many complaints were filed in 2014?", "and in 2015?",
         "How many complaints were filed in 2015?"),
        ("How many complaints were filed in 2014?", "What about the year after?",
         "How many complaints were filed in 2015?"),
        ("What is the propiska system?", "who asked that?", "Who asked that? (propiska system)"),
        ("What is the propiska system?", "How many prisons are there in Maravia?",
         "How many prisons are there in Maravia?"),
    ],
)  # fmt: skip
def test_follow_ups_stand_alone(before: str, question: str, resolved: str) -> None:
    assert resolve(question, [QA(before)]) == resolved


def test_without_a_history_a_question_is_itself() -> None:
    assert resolve("and in 2015?", []) == "and in 2015?"
