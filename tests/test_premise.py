"""What a question takes for granted, and when it is said that the record may not bear it out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from rag.answer.premise import DENIED, NOTE, doubted, premise
from rag.query import understand
from rag.reader import Entailment


@pytest.mark.parametrize(
    ("question", "statement"),
    [
        ("Why did Maravia close the prison at Karsholm?", "Maravia close the prison at Karsholm."),
        ("Why was the prison closed?", "The prison was closed."),
        ("When were the last of the judges dismissed?", "The last of the judges were dismissed."),
        ("On what grounds has the appeal been allowed?", "The appeal has been allowed."),
        ("Why must churches still register?", "Churches must still register."),
        ("And why is the register still kept?", "The register is still kept."),
        ("For how long were the officers suspended?", "The officers were suspended."),
        ("Why, in your view, was the prison closed?", "The prison was closed."),
        ("Was the prison closed?", ""),  # nothing is taken for granted
        ("How many judges were dismissed?", ""),
        ("the closure of the prison", ""),
    ],
)
def test_the_statement_that_a_question_rests_on(question: str, statement: str) -> None:
    found = premise(question)
    assert found[:1].upper() + found[1:] == statement


@pytest.mark.parametrize(
    ("question", "log_odds", "note"),
    [
        ("Why was the prison closed?", [DENIED - 0.1, DENIED - 2], NOTE),
        (
            "Why was the prison closed?",
            [DENIED - 0.1, DENIED + 0.1],
            "",
        ),  # the one before upholds it
        ("Was the prison closed?", [DENIED - 1, DENIED - 1], ""),
        ("What was asked about the prison, and why was it closed?", [DENIED - 1] * 2, ""),
    ],
)
def test_a_note_is_made_where_no_text_upholds_it(
    question: str, log_odds: list[float], note: str
) -> None:
    def upholds(_: str, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.array(log_odds[: len(texts)], dtype=np.float32)

    assert doubted(understand(question), ["a", "b"], upholds) == note
    assert doubted(understand(question), [], upholds) == ""


# A text, a question that takes for granted what it excludes, and one in like words that it does not.
TOLD = [
    ("The three officers had not been suspended; they had gone on working at the same station.",
     "Why were the three officers suspended?", "Why did the three officers go on working?"),
    ("The school at Lenk had been kept open after a petition by the parents.",
     "Why was the school at Lenk closed?", "Why was the school at Lenk kept open?"),
    ("The bill had come from the opposition; the Government had voted against it.",
     "Why did the Government introduce the bill?", "Why did the Government oppose the bill?"),
    ("The appeal had been dismissed by the Supreme Court in April, for want of evidence.",
     "Why was the appeal allowed by the Supreme Court?", "Why was the appeal dismissed?"),
]  # fmt: skip


@pytest.fixture(scope="module")
def entailment() -> Entailment:
    return Entailment()


@pytest.mark.parametrize(("text", "excluded", "borne_out"), TOLD)
def test_what_the_record_excludes_is_told_from_what_it_bears_out(
    entailment: Entailment, text: str, excluded: str, borne_out: str
) -> None:
    def upheld(question: str) -> float:
        return float(entailment.upholds(premise(question), [text])[0])

    assert upheld(excluded) < 0 < upheld(borne_out)
    assert doubted(understand(borne_out), [text], entailment.upholds) == ""
