"""A question that wants the reply too: which passages are added, and what is said where none is."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag.config import Settings
from rag.domain import QA, Answer
from rag.present import answer_json, answer_text
from rag.query import asked_apart, understand, wants_several
from rag.record import Record

UNREPLIED = "No reply of the delegation to what Ms. Ibarra asked here was found; one that uses other words may be there."
ASKED, REPLIED = "CCLP/C/SR.411", "CCLP/C/SR.412"


@pytest.fixture(scope="module")
def record(sample_index: Path) -> Record:
    return Record(Settings(index=sample_index))


@pytest.mark.parametrize(
    ("question", "by", "reply"),
    [
        (
            "What did Ms. Serrano Pardo ask about the 8,000 signatures, and what was the reply?",
            (ASKED, "27"),
            (REPLIED, "5"),
        ),
        (
            "What did Mr. Castellan ask about the transfer of Judge Teller, and what was he told?",
            (ASKED, "18"),
            (REPLIED, "17"),
        ),
    ],
)
def test_the_reply_stands_beside_the_question(
    record: Record, question: str, by: tuple[str, str], reply: tuple[str, str]
) -> None:
    answer = record.ask(question)
    assert isinstance(answer, Answer)
    cited = [(c.citation.symbol, c.citation.first) for c in answer.claims]
    assert cited.index(by) < cited.index(reply)
    assert answer.note == ""


def test_no_reply_is_told(tmp_path: Path) -> None:
    text = """CCLP/C/SR.901
Committee on Civil Liberties
Summary record of the 901st meeting
Held at the Palais des Roches, Valmont, on Monday, 6 May 2024, at 10 a.m.

1. Ms. Ibarra asked how many ferries served the outer islands in winter.

2. Mr. Varga (Osterland) said that the harvest of 2023 had been a good one, and that the price
of wheat had not risen.
"""
    path = tmp_path / "record.txt"
    path.write_text(text, encoding="utf-8")
    record = Record(Settings(index=tmp_path / "index"))
    record.add([path])
    answer = record.ask(
        "What did Ms. Ibarra ask about ferries to the outer islands, and what was the reply?"
    )
    assert isinstance(answer, Answer)
    assert [claim.citation.first for claim in answer.claims] == ["1"]
    assert answer.note == UNREPLIED
    assert answer_text(answer).endswith(answer.note)
    assert answer_json(answer)["note"] == answer.note
    (exchange,) = record.exchanges("CCLP/C/SR.901")
    assert exchange.status == "no reply found"


MEETING = """CCLP/C/SR.902
Committee on Civil Liberties
Summary record of the 902nd meeting
Held at the Palais des Roches, Valmont, on Tuesday, 7 May 2024, at 10 a.m.

1. Ms. Ibarra said that the lighthouse at Cape Morrow was falling into the sea. {asked}

2. Mr. Varga (Osterland) said that {reply}
"""


@pytest.mark.parametrize(
    ("asked", "reply", "cited", "note"),
    [
        (
            "Had the Government given up the lighthouse at Cape Morrow?",
            "it had not: the lighthouse at Cape Morrow would be given new foundations in 2025.",
            ["1", "2"],
            "",
        ),
        (
            "Had the Government given up the lighthouse at Cape Morrow?",
            "wheat had cost less in 2023 than in any year before, and that bread was cheap.",
            ["1"],
            UNREPLIED,
        ),
        (
            # The quotation leaves the name of who asks out.
            "Ms. Ibarra asked whether it was true that the lighthouse at Cape Morrow was given up.",
            "wheat had cost less in 2023 than in any year before, and that bread was cheap.",
            ["1"],
            UNREPLIED,
        ),
        (
            "She was sorry to see it go.",  # nothing is asked
            "wheat had cost less in 2023 than in any year before, and that bread was cheap.",
            ["1"],
            "",
        ),
    ],
)
def test_what_a_member_only_asks_is_shown_with_the_reply(
    tmp_path: Path, asked: str, reply: str, cited: list[str], note: str
) -> None:
    path = tmp_path / "record.txt"
    path.write_text(MEETING.format(asked=asked, reply=reply), encoding="utf-8")
    record = Record(Settings(index=tmp_path / "index"))
    record.add([path])
    answer = record.ask("Was the lighthouse at Cape Morrow given up?")
    assert isinstance(answer, Answer)
    assert [claim.citation.first for claim in answer.claims] == cited
    assert answer.note == note


@pytest.mark.parametrize(
    ("question", "cited"),
    [
        ("Why was the Lightkeepers Union banned?", ["1", "2"]),
        ("Who asked why the Lightkeepers Union was banned, and what was the reply?", ["1", "2"]),
    ],
)
def test_what_bears_the_name_that_is_asked_about_is_shown(
    tmp_path: Path, question: str, cited: list[str]
) -> None:
    """The member's question and what is said of the thing share its name and no other word."""
    asked = "Why had the Lightkeepers Union of Osterland been banned?"
    reply = (
        "harvests had been good. A court had ended the affairs of the Lightkeepers Union of "
        "Osterland for want of dues."
    )
    path = tmp_path / "record.txt"
    path.write_text(MEETING.format(asked=asked, reply=reply), encoding="utf-8")
    record = Record(Settings(index=tmp_path / "index"))
    record.add([path])
    answer = record.ask(question)
    assert isinstance(answer, Answer)
    assert [claim.citation.first for claim in answer.claims] == cited
    assert answer.note == ""


@pytest.mark.parametrize(
    ("question", "members"),
    [
        ("What did Ms. Sen ask about judges, and what was the reply?", ("Sen",)),
        ("What was asked about judges, and what was the reply?", ()),
        ("What did Ms. Sen say about judges?", ()),  # no reply is wanted
    ],
)
def test_whose_question_is_wanted(question: str, members: tuple[str, ...]) -> None:
    assert understand(question).asked_by == members


@pytest.mark.parametrize(
    ("question", "parts", "several"),
    [
        ("Why was the party dissolved, and what became of its appeal?", 2, True),
        ("How many judges were dismissed and on what grounds?", 1, False),  # too short to ask
        ("How many judges were dismissed, and who had dismissed them?", 2, True),
        ("What concerns did members raise about prisons?", 1, True),
        ("When was the law on assemblies and marches adopted?", 1, False),
    ],
)
def test_questions_that_want_more_than_one_paragraph(
    question: str, parts: int, several: bool
) -> None:
    assert len(asked_apart(question)) == parts
    assert wants_several(question) is several


FINES = "What fines were imposed under Emergency Decree No. 17?"


@pytest.mark.parametrize(
    ("before", "question", "asked", "cited"),
    [
        # Words do not tell whether these go on; what the record answers does.
        ([FINES], "Were any paid back?",
         "Were any paid back? (fines imposed under Emergency Decree No. 17)", (ASKED, "49")),
        ([FINES], "Can prisoners vote?", "Can prisoners vote?", (REPLIED, "7")),
    ],
)  # fmt: skip
def test_the_record_tells_whether_a_question_goes_on(
    record: Record, before: list[str], question: str, asked: str, cited: tuple[str, str]
) -> None:
    history: list[QA] = []
    for each in before:
        history.append(QA.of(record.ask(each, history=tuple(history))))
    answer = record.ask(question, history=tuple(history))
    assert isinstance(answer, Answer)
    assert answer.asked == asked
    assert record.understood(question, history=tuple(history)) == asked
    first = answer.claims[0].citation
    assert (first.symbol, first.first) == cited
