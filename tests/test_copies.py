"""Copies of records for benches: other symbols, years and names, and every span still right."""

from __future__ import annotations

import numpy as np
import pytest

from eval.bench.copies import Reused, copied, copies, renamed
from rag.encoder import LocalEncoder
from tests.marked import marked_record


@pytest.mark.parametrize(
    ("name", "number", "copy"),
    [
        ("Mr. Varga", 1, "Mr. Weshe"),
        ("Ms. de Oliveira", 2, "Ms. go Anuxouti"),
        ("Mr. Varga", 100, "Mr. Varga"),  # five vowels, twenty consonants: round again
        ("The Chair", 1, "The Chair"),
        ("Brazil", 1, "Brazil"),  # a State that recommends
    ],
)
def test_names_change_and_keep_their_length(name: str, number: int, copy: str) -> None:
    assert renamed(name, number) == copy
    assert len(copy) == len(name)


def test_a_copy_says_the_same_under_another_symbol() -> None:
    record = marked_record()
    copy = copied(record, 3)
    assert copy.symbol == "CCLP/C/SR.3077"
    assert len(copy.paragraphs) == len(record.paragraphs)
    for paragraph, before in zip(copy.paragraphs, record.paragraphs, strict=True):
        assert paragraph.document == copy.id
        assert (paragraph.label, len(paragraph.text)) == (before.label, len(before.text))
        for voice, other in zip(paragraph.voices, before.voices, strict=True):
            assert voice.speaker != other.speaker
            said, was = (p.text[v.start : v.end] for p, v in ((paragraph, voice), (before, other)))
            assert voice.speaker in said or other.speaker not in was


@pytest.mark.parametrize(("wanted", "rounds"), [(0, 1), (6, 2), (12, 3)])
def test_there_are_as_many_paragraphs_as_wanted(wanted: int, rounds: int) -> None:
    record = marked_record()
    made = list(copies([record], wanted))
    assert len(made) == rounds
    assert len({document.id for document in made}) == rounds


def test_a_copy_has_the_vectors_of_its_original_turned_a_little() -> None:
    encoder = Reused(LocalEncoder())
    text = "Mr. {} said in {} that fishing licences had been refused. There were few."
    texts = [text.format("Varga", 2019), text.format("Wesha", 2020), "Another thing altogether."]
    spans = [[(0, 60), (61, 76)], [(0, 60), (61, 76)], [(0, 25)]]
    vectors, parts = encoder.within(texts, spans)
    assert (encoder.encoded, encoder.reused) == (2, 1)
    assert np.allclose(vectors[0], LocalEncoder()(texts[:1])[0], atol=1e-5)
    assert 0.95 < float(vectors[0] @ vectors[1]) < 0.999
    assert 0.95 < float((parts[0] * parts[1]).sum(axis=1).min()) < 0.999
    assert float(vectors[0] @ vectors[2]) < 0.5
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)
