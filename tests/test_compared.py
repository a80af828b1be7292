"""Two States side by side: both are told of, or it is said of which nothing was found."""

from __future__ import annotations

import pytest

from rag.config import Settings
from rag.domain import Answer
from rag.record import Record
from rag.subject import compared

MEETING = """CCLP/C/SR.{number}

The meeting was called to order at 3 p.m.

Consideration of reports submitted by States parties
Third periodic report of {state} (CCLP/C/{code}/3)

1. The delegation of {state} took places at the Committee table.

2. {text}
"""
TEXTS = (
    ("Maravia", "MRV", 950, "Mr. Anders (Maravia) said that 12 ferries sailed to the islands. The ferries to "
     "the islands were old, and the ferries to the islands were slow."),
    ("Osterland", "OST", 951, "Ms. Dahl (Osterland) said that seven ferries sailed to the islands each week."),
    ("Northland", "NOR", 952, "Mr. Lund (Northland) said that bread was cheap in the north."),
)  # fmt: skip


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Record:
    folder = tmp_path_factory.mktemp("compared")
    for state, code, number, text in TEXTS:
        told = MEETING.format(state=state, code=code, number=number, text=text)
        (folder / f"{number}.txt").write_text(told, encoding="utf-8")
    made = Record(Settings(index=folder / "index"))
    assert not made.add(sorted(folder.glob("*.txt"))).failed
    return made


@pytest.mark.parametrize(
    ("question", "states"),
    [
        ("How many ferries do Maravia and Osterland have?", "Maravia Osterland"),
        ("Compare the ferries of Maravia with those of Osterland.", "Maravia Osterland"),
        ("Are there more ferries in Osterland than in Maravia?", "Osterland Maravia"),
        ("ferries in Maravia vs. Osterland", "Maravia Osterland"),
        ("Ferries in Maravia, Osterland and Northland?", "Maravia Osterland Northland"),
        ("What did Maravia say of the ferries of Osterland?", ""),
        ("How many ferries does Maravia have?", ""),
        ("Are there more ferries in Maravia and in Atlantis?", ""),  # nothing here is on the other
    ],
)
def test_which_states_are_put_side_by_side(record: Record, question: str, states: str) -> None:
    assert compared(question, record.index.facts()) == tuple(states.split())


@pytest.mark.parametrize(
    ("question", "cited", "note"),
    [
        ("How many ferries sail to the islands in Maravia and in Osterland?",
         ["CCLP/C/SR.950", "CCLP/C/SR.951"], ""),
        ("How many ferries sail to the islands in Maravia?", ["CCLP/C/SR.950"], ""),
        ("How many ferries sail to the islands in Maravia and in Northland?", ["CCLP/C/SR.950"],
         "Nothing that answers was found on Northland."),
    ],
)  # fmt: skip
def test_each_of_them_is_told_of(
    record: Record, question: str, cited: list[str], note: str
) -> None:
    answer = record.ask(question)
    assert isinstance(answer, Answer), answer
    assert sorted({claim.citation.symbol for claim in answer.claims}) == cited
    assert answer.note == note
