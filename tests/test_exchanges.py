"""What members ask, and what is told to be the delegation's reply."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from typer.testing import CliRunner

from rag.answer.exchanges import MOST, Texts, exchanges, may_reply, questions
from rag.answer.terms import Vocabulary
from rag.cli import cli
from rag.config import Settings
from rag.domain import Paragraph, Role, Turn
from rag.errors import UnknownDocument
from rag.record import Record
from tests.conftest import SAMPLE

FIRST, SECOND = "CCLP/C/SR.411", "CCLP/C/SR.412"


def said(ordinal: int, text: str, speaker: str, role: Role, state: str | None = None) -> Paragraph:
    turn = Turn(speaker, role, state, ordinal, ordinal)
    return Paragraph("X/SR.1", str(ordinal + 1), ordinal, text, 0, len(text), turn=turn)


def letters(texts: list[str]) -> NDArray[np.float32]:
    """A toy embedder: how often each letter stands in a text."""
    rows = [[text.lower().count(chr(97 + i)) + 0.01 for i in range(26)] for text in texts]
    table = np.array(rows, dtype=np.float32)
    return table / np.linalg.norm(table, axis=1, keepdims=True)


TOY = Texts(
    encode=lambda texts: letters(list(texts)),
    stored=lambda ids: {},
    vocabulary=Vocabulary(
        lambda text: list(dict.fromkeys(text.lower().split())),
        lambda terms: dict.fromkeys(terms, 1),
        9,
    ),
)


def apart(texts: Sequence[str], known: dict[str, int] = {}) -> NDArray[np.float32]:  # noqa: B006
    """An embedder to which nothing is alike."""
    return np.eye(64, dtype=np.float32)[[known.setdefault(text, len(known)) for text in texts]]


FAR = Texts(
    encode=apart,
    stored=lambda ids: {},
    vocabulary=Vocabulary(lambda text: [text], lambda terms: dict.fromkeys(terms, 1), 9),
)


@pytest.mark.parametrize(
    ("text", "role", "asked"),
    [
        ("Ms. Sen asked whether the law had been amended.", "member", 1),
        ("Ms. Sen said that she was pleased. How many judges had been dismissed?", "member", 1),
        ("Ms. Sen said that the law was clear.", "member", 0),
        ("The Chair asked the delegation to be brief.", "chair", 1),
        ("Mr. Ott (Maravia) asked whether he might reply later.", "delegation", 0),
        ("Mr. Ott (Maravia) said that it had. Was that not enough?", "delegation", 0),
    ],
)
def test_only_the_committee_asks(text: str, role: Role, asked: int) -> None:
    paragraph = said(0, text, text.split(" said")[0].split(" asked")[0], role)
    assert len(questions(paragraph)) == asked


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Ms. Sen asked how many judges had been dismissed in 2019.", 1),
        (
            "Ms. Sen asked how many judges had been dismissed; and on which grounds that was done.",
            2,
        ),
        ("Ms. Sen asked what the budget was and whether it was enough for the courts.", 2),
        ("Ms. Sen asked who had been dismissed, and why.", 1),  # too short to stand alone
    ],
)
def test_a_sentence_that_asks_several_things(text: str, parts: int) -> None:
    (asked,) = questions(said(0, text, "Ms. Sen", "member"))
    assert len(asked.parts) == parts
    assert "".join(text[a:b] for a, b in asked.parts) == text  # nothing is lost between them


def test_nobody_replies_before_the_question() -> None:
    early = said(
        0, "Mr. Ott (Maravia) said that nine judges had gone.", "Mr. Ott", "delegation", "M"
    )
    asked = said(1, "Ms. Sen asked how many judges had gone.", "Ms. Sen", "member")
    (exchange,) = exchanges(questions(asked), [early], TOY)
    assert exchange.replies == ()
    assert exchange.status == "no reply found"


@pytest.mark.parametrize(
    ("reply", "follows", "status"),
    [
        ("Ms. Ott (Maravia) said that they had been, until 2021.", 1, "answered"),
        ("Ms. Ott (Maravia), for the Ministry, said that none had.", 1, "answered"),
        ("Ms. Ott (Maravia) said that bread was cheap.", 1, "no reply found"),
        ("Ms. Ott (Maravia) said that they had been, until 2021.", 2, "no reply found"),  # not next
    ],
)
def test_a_turn_that_points_back_replies_to_the_lone_question_before_it(
    reply: str, follows: int, status: str
) -> None:
    asked = said(0, "Ms. Sen asked whether judges lost their pensions.", "Ms. Sen", "member")
    later = said(follows, reply, "Ms. Ott", "delegation", "Maravia")
    (exchange,) = exchanges(questions(asked), [later], FAR)
    assert exchange.status == status


@given(
    st.lists(
        st.sampled_from(["courts", "prisons", "police", "schools", "taxes", "the press"]),
        min_size=1,
        max_size=5,
    )
)
def test_replies_stand_after_the_question_and_are_the_delegations(subjects: list[str]) -> None:
    record: list[Paragraph] = []
    for subject in subjects:
        at = len(record)
        record.append(
            said(at, f"Ms. Sen asked what was done about {subject}.", "Ms. Sen", "member")
        )
        record.append(
            said(
                at + 1,
                f"Mr. Ott (M) said that {subject} were better.",
                "Mr. Ott",
                "delegation",
                "M",
            )
        )
    asked = [question for paragraph in record for question in questions(paragraph)]
    found = exchanges(asked, [p for p in record if may_reply(p)], TOY)
    assert [e.asked.ordinal for e in found] == [q.paragraph.ordinal for q in asked]
    for exchange in found:
        assert len(exchange.replies) <= MOST
        assert all(reply.ordinal > exchange.asked.ordinal for reply in exchange.replies)
        assert all(may_reply(reply) for reply in exchange.replies)
        assert (exchange.status == "no reply found") == (not exchange.replies)


@pytest.mark.parametrize(
    ("document", "label", "words", "reply"),
    [
        (FIRST, "15", "acquiescence", (FIRST, "40")),
        (FIRST, "18", "Rosamund Teller", (SECOND, "17")),  # at the next meeting
        (FIRST, "19", "legal aid", (SECOND, "18")),
    ],
)
def test_replies_of_the_sample(
    sample_index: Path, document: str, label: str, words: str, reply: tuple[str, str]
) -> None:
    found = [
        exchange
        for exchange in Record(Settings(index=sample_index)).exchanges(document)
        if exchange.asked.label == label
        and words in exchange.asked.text[exchange.start : exchange.end]
    ]
    assert len(found) == 1
    assert reply in [(p.document, p.label) for p in found[0].replies]
    assert found[0].status in ("answered", "partly")


def test_replies_of_a_meeting_that_is_not_here(tmp_path: Path) -> None:
    record = Record(Settings(index=tmp_path / "index"))
    first = next(path for path in SAMPLE.iterdir() if "411" in path.name)
    record.add([first])
    assert record.exchanges(FIRST)
    assert {p.document for e in record.exchanges(FIRST) for p in e.replies} == {FIRST}


def test_a_document_that_is_not_here(sample_index: Path) -> None:
    with pytest.raises(UnknownDocument):
        Record(Settings(index=sample_index)).exchanges("CCPR/C/SR.1")


def test_the_command_line(sample_index: Path) -> None:
    run = CliRunner().invoke(cli, ["--index", str(sample_index), "exchanges", FIRST, "--json"])
    assert run.exit_code == 0
    told = json.loads(run.stdout)
    assert {"asked", "replies", "status"} == set(told[0])
    assert {"label", "text", "speaker"} <= set(told[0]["asked"])
    replies = [reply for each in told for reply in each["replies"]]
    assert replies
    assert all({"label", "text", "speaker"} <= set(reply) for reply in replies)
    assert all(each["asked"]["text"] for each in told)


def test_to_be_read(sample_index: Path) -> None:
    run = CliRunner().invoke(cli, ["--index", str(sample_index), "exchanges", FIRST])
    assert run.exit_code == 0
    assert "[CCLP/C/SR.411, para. 40]" in run.stdout
    assert "no reply found" in run.stdout
