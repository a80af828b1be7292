"""What a question finds: phrases, names, documents and paragraphs that it names."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.tune import cross_validated, variants
from rag.config import Settings
from rag.domain import Filters, NoAnswer
from rag.query import FRAME, holds_phrase, understand
from rag.record import Record
from rag.retrieve import Found, alone, fuse
from rag.store.catalog import Facts
from rag.store.words import analyzer
from rag.subject import subject_of
from rag.thesaurus import notions


@pytest.fixture(scope="module")
def sample(sample_index: Path) -> Record:
    return Record(Settings(index=sample_index))


# -- quotation marks --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "phrases"),
    [
        ('Who spoke of "legal aid"?', ("legal aid",)),
        ("Who spoke of “legal aid” and «torture»?", ("legal aid", "torture")),
        ("Who spoke of „legal aid“?", ("legal aid",)),
        ("What is the State's view of the Government's 'plan'?", ()),  # apostrophes
        ("Is “” or “…” there?", ()),
        ('A 5" pipe', ()),  # a lone mark
    ],
)
def test_quoted_phrases(question: str, phrases: tuple[str, ...]) -> None:
    assert understand(question).phrases == phrases


@pytest.mark.parametrize(
    ("text", "phrase", "held"),
    [
        ("Legal  aid\nwas free.", "legal aid", True),
        ("He was “able to vote”.", "able to vote", True),
        ("He was unable to vote.", "able to vote", False),
        ("It rose by 2.5 per cent.", "5 per cent", False),
        ("Non‑governmental organizations", "non-governmental organizations", True),
        ("Non-governmental organizations", "governmental organizations", False),
        ("the State party’s report", "the State party's report", True),
        ("legal and other aid", "legal aid", False),
    ],
)
def test_a_phrase_is_held_word_for_word(text: str, phrase: str, held: bool) -> None:
    assert holds_phrase(text, phrase) == held


def test_what_is_quoted_must_be_there(sample: Record) -> None:
    loose = sample.search("free choice of lawyer", limit=20)
    strict = sample.search('"legal aid" and the free choice of lawyer', limit=100)
    assert strict
    assert all(holds_phrase(p.paragraph.text, "legal aid") for p in strict)
    held = {
        p.id
        for document in sample.documents()
        for p in document.paragraphs
        if holds_phrase(p.text, "legal aid")
    }
    assert {p.paragraph.id for p in strict} == held
    assert len({p.paragraph.document for p in loose}) > 1


def test_what_is_quoted_and_not_there_is_said(sample: Record) -> None:
    assert sample.search('"legal aid for penguins"') == []
    said = sample.ask('Who spoke of "legal aid for penguins"?')
    assert isinstance(said, NoAnswer)
    assert "“legal aid for penguins”" in said.reason


# -- names ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "printed"),
    [
        ("Doukares", "Doukaris"),  # a slip
        ("Dukaris", "Doukaris"),
        ("Castellán", "Castellan"),  # diacritics
        ("Liebgot", "Liebgott"),
    ],
)
def test_names_are_found_in_other_spellings(sample: Record, asked: str, printed: str) -> None:
    found = sample.search(f"What did Ms. {asked} say?", limit=3)
    assert any(printed in voice.speaker for p in found for voice in p.paragraph.speakers), [
        p.paragraph.id for p in found
    ]


@pytest.mark.parametrize("stranger", ["Penguin", "Kowalski", "Doe"])
def test_other_names_have_no_variants(sample: Record, stranger: str) -> None:
    assert sample.index.words.variants([stranger]) == []


@pytest.mark.parametrize("asked", ["Doukaris", "doukaris", "Doukares", "Ms. Doukaris"])
def test_a_speaker_is_filtered_by_in_other_spellings(sample: Record, asked: str) -> None:
    found = sample.search("police", filters=Filters(speaker=asked), limit=50)
    assert found
    assert {v.speaker for p in found for v in p.paragraph.speakers} == {"Ms. Doukaris"}


# -- what a question is about -------------------------------------------------------------------

KNOWN = (
    Facts("CCPR/C/SR.1", "CCPR/C/SR.1", "Human Rights Committee", "Kazakhstan", date(2016, 6, 1)),
    Facts("CEDAW/C/SR.2", "CEDAW/C/SR.2", "Committee on the Elimination of Discrimination "
          "against Women", "Nepal", date(1999, 6, 1)),
    Facts("A/HRC/1", "A/HRC/1", "Human Rights Council", "Brazil", date(2017, 1, 1)),
)  # fmt: skip


@pytest.mark.parametrize(
    ("question", "words", "documents"),
    [
        ("Does Nepal fund shelters?", "Does fund shelters?", {"CEDAW/C/SR.2"}),
        ("Does Mongolia fund shelters?", "Does Mongolia fund shelters?", set()),
        ("What did CEDAW think of shelters?", "What did CEDAW think of shelters?", {"CEDAW/C/SR.2"}),
        ("Shelters in CCPR/C/SR.1", "Shelters in CCPR/C/SR.1", {"CCPR/C/SR.1"}),
        # Named by what it recommends, not by what is reviewed.
        ("What did Brazil recommend on shelters?", "What did Brazil recommend on shelters?", set()),
        ("recommendations of Brazil to Nepal", "recommendations of Brazil to", {"CEDAW/C/SR.2"}),
        ("Shelters in Nepal and Kazakhstan", "Shelters in and",
         {"CEDAW/C/SR.2", "CCPR/C/SR.1"}),
        # The State and the body together.
        ("Kazakhstan and the Human Rights Committee: shelters?", "and the Human Rights Committee: shelters?",
         {"CCPR/C/SR.1"}),
        ("Nepal?", "Nepal?", {"CEDAW/C/SR.2"}),  # nothing else is asked for
    ],
)  # fmt: skip
def test_what_a_question_is_about(
    sample: Record, question: str, words: str, documents: set[str]
) -> None:
    found = subject_of(understand(question), KNOWN, sample.index.words.terms)
    assert found.documents == documents
    kept = [w for w in words.split() if w.strip("?:")]
    assert [w for w in found.words.split() if w.strip("?:")] == kept or found.words == question


def test_a_paragraph_that_is_cited_comes_first(sample: Record) -> None:
    found = sample.search("What does CCLP/C/SR.411, para. 27, say?")
    assert found[0].paragraph.id == "CCLP/C/SR.411#27"
    limited = sample.search(
        "What does CCLP/C/SR.411, para. 27, say?", filters=Filters(symbols=("CCLP/C/SR.412",))
    )
    assert {p.paragraph.document for p in limited} == {"CCLP/C/SR.412"}


def test_articles_are_found_however_they_are_abbreviated(sample: Record) -> None:
    words = sample.index.words
    assert words.terms("art. 7") == words.terms("article 7") == words.terms("Arts 7")


# -- fusion -----------------------------------------------------------------------------------


def test_what_an_engine_did_not_give_counts_at_most_as_its_last() -> None:
    words = Found({"a": 10.0, "b": 8.0, "c": 6.0}, rest=6.0)
    meaning = Found({"b": 0.5, "d": 0.4}, rest=0.4)
    fused = fuse(words, meaning, 0.5)
    assert fused["a"] == pytest.approx(0.5 + 0.5 * 0.8)
    assert fused["d"] == pytest.approx(0.5 * 0.6 + 0.5 * 0.8)
    assert fused["b"] == pytest.approx(0.5 * 0.8 + 0.5)
    assert fused["c"] == pytest.approx(0.5 * 0.6 + 0.5 * 0.8)


# -- tuning -----------------------------------------------------------------------------------


def test_shipped_settings_are_among_those_tried() -> None:
    assert variants()[0] == {}
    for changes in variants():
        Settings(**changes)  # every setting is known


@given(st.integers(0, 2**32 - 1), st.integers(1, 4))
def test_cross_validation_never_beats_hindsight(seed: int, kinds: int) -> None:
    scores = np.random.default_rng(seed).random((kinds, 40, 2))
    found, chosen = cross_validated(scores, folds=5)
    assert found.shape == (40, 2)
    assert len(chosen) == 5
    assert found.mean() <= scores.max(axis=0).mean() + 1e-12
    if kinds == 1:
        assert np.array_equal(found, scores[0])


def test_cross_validation_takes_what_is_better_everywhere() -> None:
    scores = np.stack([np.zeros((20, 1)), np.ones((20, 1))])
    found, chosen = cross_validated(scores)
    assert set(chosen) == {1}
    assert found.mean() == 1.0


# -- everyday words, and long questions ----------------------------------------------------------


@pytest.mark.parametrize(("words", "weight"), [(1, 1.0), (16, 1.0), (20, 0.41), (32, 0.0625)])
def test_the_longer_a_question_the_less_one_sentence_counts(words: int, weight: float) -> None:
    assert alone(" ".join(["word"] * words)) == pytest.approx(weight, abs=0.01)


def test_no_expression_of_several_words_comes_down_to_one_that_frames_every_question() -> None:
    stems = {text: analyzer().analyze(text) for notion in notions() for text in notion.asked}
    several = {text: found for text, found in stems.items() if " " in text}
    assert len(several) > 100
    assert [text for text, found in several.items() if FRAME.issuperset(found)] == [
        "for nothing"  # "a lawyer for nothing"
    ]


def test_expressions_are_told_once_and_have_words_of_records() -> None:
    for notion in notions():
        assert notion.recorded, notion
        assert len(set(notion.asked)) == len(notion.asked), notion
