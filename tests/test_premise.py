"""What a question takes for granted, and when it is said that the record may not bear it out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from rag.answer.premise import DENIED, NOTE, contrary, doubted, premise
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


@pytest.mark.parametrize(
    ("question", "text", "denied"),
    [
        ("Why was Emil Korda beaten by guards?", "Mr. Korda had not been beaten by anyone.", True),
        ("Why did the delegation admit that Emil Korda had been beaten?",
         "Mr. Korda had not been beaten by anyone.", True),
        ("Why were the three officers suspended?",
         "The three officers had not been suspended; they had gone on working.", True),
        ("Why were the fines on minors never repaid?",
         "The Court had ruled that the fines on minors must be repaid.", True),
        # as the question has it
        ("Why was Emil Korda beaten by guards?", "Mr. Korda had been beaten by two guards.", False),
        ("Why were the three officers not suspended?",
         "The three officers had not been suspended, for want of evidence.", False),
        # both stand there
        ("Why were the three officers suspended?",
         "The three officers had not been suspended. Later the officers had been suspended.", False),
        # only for a time, or on a condition
        ("Why were the three officers suspended?",
         "The three officers would not be suspended unless they were charged.", False),
        ("Why were the three officers suspended?",
         "The three officers had not been suspended until May.", False),
        # who denies it says the same
        ("Why did the delegation deny that Emil Korda had been beaten?",
         "Mr. Korda had not been beaten by anyone.", False),
        # of something else
        ("Why were the three officers suspended?", "The judges had not been suspended.", False),
        # another verb is denied
        ("Why did the team not make its planned journey to Lenk?",
         "The journey of the team to Lenk, planned for May, was given up.", False),
        ("Where is the clinic for those not responsible being built?",
         "A clinic for those not responsible was being built at Lenk.", False),
        # nothing is taken for granted
        ("Was Emil Korda beaten by guards?", "Mr. Korda had not been beaten by anyone.", False),
    ],
)  # fmt: skip
def test_the_contrary_of_what_is_taken_for_granted(question: str, text: str, denied: bool) -> None:
    found = contrary(understand(question), text)
    assert bool(found) is denied
    assert found in text
