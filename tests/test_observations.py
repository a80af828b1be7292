"""What a committee recommends on a subject, as concluding observations pair it with the concern."""

from __future__ import annotations

import pytest

from rag.answer.observations import asks_what_is_recommended
from rag.config import Settings
from rag.domain import QA, Answer, NoAnswer
from rag.query import understand
from rag.record import Record
from rag.subject import by_kind

OBSERVATIONS = """CCLP/C/MRV/CO/9

Committee on Civil Liberties

Concluding observations on the ninth periodic report of Maravia

1. The Committee considered the ninth periodic report of Maravia at its 950th meeting.

Ferries

2. The Committee is concerned that the ferries to the outer islands sail only once a week.

3. The State party should put an end to that state of affairs without delay.

Lighthouses

4. The Committee regrets the closing of the lighthouse on the southern cape.

5. It is also concerned at the wages of the keepers.

6. The State party should open it again, and pay those who keep it.

Schools

7. While noting the new schools in the north, the Committee is concerned at their heating. The State
party should heat the schools.

8. In accordance with its rules of procedure, the Committee requests information on ferries and schools
within a year. The State party should send it in writing.
"""
ISSUES = """CCLP/C/MRV/Q/9

List of issues in relation to the ninth periodic report of Maravia

1. Please provide the number of ferries that sail to the outer islands.

2. Please explain why no school in the north is heated.
"""
MEETING = """CCLP/C/SR.950

The meeting was called to order at 3 p.m.

1. Ms. Bell said that Maravia should buy more ferries for the outer islands.

2. Mr. Anders (Maravia) said that a task force of the ministry had recommended bridges to the islands.
"""
REVIEW = """A/HRC/99/7
Human Rights Council
Report of the Working Group on the Universal Periodic Review
Maravia

65. The following recommendations enjoy the support of Maravia:

65.1. Let more ferries sail to the outer islands (Osterland);
"""


def record_of(folder: object, **texts: str) -> Record:
    for name, text in texts.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")  # type: ignore[operator]
    record = Record(Settings(index=folder / "index"))  # type: ignore[operator]
    assert not record.add([folder]).failed  # type: ignore[list-item]
    return record


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Record:
    folder = tmp_path_factory.mktemp("observations")
    return record_of(folder, CO=OBSERVATIONS, Q=ISSUES, SR=MEETING, UPR=REVIEW)


@pytest.mark.parametrize(
    ("question", "committee"),
    [
        ("What did the Committee recommend on ferries?", True),
        ("What do the concluding observations recommend on schools?", True),
        ("Which recommendations did the Committee make?", True),
        ("What are the Committee's recommendations on schools?", True),
        ("What did the Committee recommend on interception? (the 1998 Act)", True),
        ("What did Osterland recommend on ferries?", False),
        ("What had the Committee recommended in its previous observations?", False),
        ("How were the Committee's recommendations implemented?", False),
        ("What did the Committee against Torture recommend?", False),
        ("What did the members of the Committee recommend?", False),
        ("What did the Committee ask about ferries?", False),
        ("Did the Committee recommend more ferries?", True),
    ],
)
def test_it_is_asked_what_a_committee_recommends(question: str, committee: bool) -> None:
    assert asks_what_is_recommended(understand(question)) is committee


@pytest.mark.parametrize(
    ("question", "cited", "note"),
    [
        ("What did the Committee recommend on the ferries to the outer islands?", "3",
         "Para. 3 stands after the concern in para. 2."),
        ("What did the Committee recommend about the keepers' wages?", "6",
         "Para. 6 stands after the concern in paras. 4 and 5."),
        ("What did the Committee recommend on lighthouses?", "6", ""),  # by the heading
        ("What does the Committee recommend on heating schools?", "7", ""),
        ("What do the concluding observations recommend on schools?", "7", ""),
        ("What did the Committee recommend to Maravia?", "3 6 7",
         "More on it stands in para. 8."),
    ],
)  # fmt: skip
def test_what_is_recommended_on_a_subject(
    record: Record, question: str, cited: str, note: str
) -> None:
    answer = record.ask(question)
    assert isinstance(answer, Answer), answer
    assert {claim.citation.symbol for claim in answer.claims} == {"CCLP/C/MRV/CO/9"}
    assert [claim.citation.first for claim in answer.claims] == cited.split()
    assert "should" in answer.claims[0].quote
    assert answer.note == note


@pytest.mark.parametrize(
    ("question", "cited"),
    [
        ("What is the Committee concerned about regarding lighthouses?", "4 5"),
        ("What did the Committee regret about the lighthouse?", "4 5"),
        ("What is the Committee concerned about?", "2 4 5"),
        ("What do the concluding observations say about the ferries?", "2 3"),
        ("What does the list of issues ask about heating in schools?", "2"),
    ],
)
def test_what_a_committee_says_of_it_elsewhere(record: Record, question: str, cited: str) -> None:
    answer = record.ask(question)
    assert isinstance(answer, Answer), answer
    assert [claim.citation.first for claim in answer.claims] == cited.split()


def test_after_a_recommendation_the_concern_is_asked_for(record: Record) -> None:
    first = record.ask("What did the Committee recommend on lighthouses?")
    second = record.ask("What was it concerned about there?", history=(QA.of(first),))
    assert second.asked == "What is the Committee concerned about regarding lighthouses?"
    assert isinstance(second, Answer)
    assert [claim.citation.first for claim in second.claims] == ["4", "5"]


def test_where_nothing_is_recommended_on_it_nothing_is_told(record: Record) -> None:
    for question in (
        "What did the Committee recommend on the price of bread?",
        "What did the Committee recommend to Sudretia on the ferries?",  # another State
    ):
        assert isinstance(record.ask(question), NoAnswer)


@pytest.mark.parametrize(
    ("question", "asked", "kind"),
    [
        ("What do the concluding observations say about ferries?",
         "What does the Committee say about ferries?", "concluding observations"),
        ("What does the list of issues ask about schools?",
         "What does the Committee ask about schools?", "list of issues"),
        ("According to the concluding observations, how many ferries sail?",
         "According to the Committee, how many ferries sail?", "concluding observations"),
        ("What did the Committee conclude on ferries?",
         "What did the Committee conclude on ferries?", "concluding observations"),
        ("What did the previous concluding observations say?",
         "What did the previous concluding observations say?", ""),
        ("What did the delegation reply to the list of issues?",
         "What did the delegation reply to the list of issues?", ""),
    ],
)  # fmt: skip
def test_a_kind_of_document_is_named(question: str, asked: str, kind: str) -> None:
    assert by_kind(question) == (asked, kind)


@pytest.mark.parametrize(
    ("question", "symbol", "first"),
    [
        ("What do the concluding observations say about the ferries to the outer islands?",
         "CCLP/C/MRV/CO/9", "2"),
        ("What does the list of issues ask about the ferries to the outer islands?",
         "CCLP/C/MRV/Q/9", "1"),
    ],
)  # fmt: skip
def test_only_documents_of_the_kind_answer(
    record: Record, question: str, symbol: str, first: str
) -> None:
    answer = record.ask(question)
    assert isinstance(answer, Answer), answer
    assert {claim.citation.symbol for claim in answer.claims} == {symbol}
    assert answer.claims[0].citation.first == first


def test_where_only_members_speak_it_is_said(tmp_path_factory: pytest.TempPathFactory) -> None:
    without = record_of(tmp_path_factory.mktemp("members"), SR=MEETING, UPR=REVIEW)
    answer = without.ask("What did the Committee recommend on the ferries to the outer islands?")
    assert isinstance(answer, Answer), answer
    assert [(c.citation.symbol, c.speaker) for c in answer.claims] == [
        ("CCLP/C/SR.950", "Ms. Bell"),
    ]  # fmt: skip
    assert answer.note.startswith("These are words of individual members;")
    assert answer.note.endswith("(none of them is in the index).")
