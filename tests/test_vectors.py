"""Vectors of sentences: from the model, through the files, to the question."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from numpy.typing import NDArray

from rag.answer.near import nearness
from rag.chunk import chunk, token_counter
from rag.domain import Document, Paragraph, SourceText
from rag.encoder import DIMENSION, LocalEncoder
from rag.parse import segment
from rag.sentences import sentences
from rag.store.index import Index
from rag.store.matrix import Matrix
from rag.store.rows import Row

ENCODER = LocalEncoder()
PRISON = "The prison was closed in 2019."
SCHOOL = "The school has two hundred pupils."
LONG = f"{PRISON} {SCHOOL}"


def document(text: str) -> Document:
    return segment(SourceText(path=Path("x.txt"), sha256="0", text=text))


def cosine(one: NDArray[np.float32], two: NDArray[np.float32]) -> float:
    return float(one @ two)


def test_a_sentence_is_read_within_its_text() -> None:
    spans = [(0, len(PRISON)), (len(PRISON) + 1, len(LONG))]
    whole, (parts,) = ENCODER.within([LONG], [spans])
    prison, school = (
        ENCODER.encode(["When was the jail shut?"]),
        ENCODER.encode(["How many pupils?"]),
    )
    assert parts.shape == (2, DIMENSION)
    assert np.linalg.norm(parts, axis=1) == pytest.approx([1.0, 1.0], abs=1e-4)
    assert cosine(parts[0], prison[0]) > cosine(parts[1], prison[0])
    assert cosine(parts[1], school[0]) > cosine(parts[0], school[0])
    assert whole[0] == pytest.approx(ENCODER.encode([LONG])[0], abs=1e-3)


def test_beyond_the_models_length_a_sentence_has_the_vector_of_its_text() -> None:
    text = "word " * 400 + PRISON
    whole, (parts,) = ENCODER.within([text], [[(2000, 2000 + len(PRISON))]])
    assert parts[0] == pytest.approx(whole[0])


def test_the_order_of_texts_is_kept() -> None:
    texts = [LONG * n for n in (5, 1, 9, 2, 3, 1, 7, 4, 6, 8)]
    spans = [[(0, len(PRISON))]] * len(texts)
    together, parts = ENCODER.within(texts, spans)
    for text, vector, part in zip(texts, together, parts, strict=True):
        alone, (its,) = ENCODER.within([text], [[(0, len(PRISON))]])
        assert cosine(vector, alone[0]) > 0.98  # the model is quantised batch by batch
        assert cosine(part[0], its[0]) > 0.98


@given(st.integers(1, 40), st.integers(32, 120))
def test_the_pieces_of_windows_are_the_sentences(count: int, budget: int) -> None:
    doc = document("1. " + " ".join(f"Sentence number {n} is said here." for n in range(count)))
    (paragraph,) = doc.paragraphs
    windows = chunk(doc, paragraph, budget=budget, count=token_counter())
    assert {span for window in windows for span in window.pieces} == set(sentences(paragraph.text))
    for window in windows:
        assert (window.start, window.end) == (window.pieces[0][0], window.pieces[-1][1])
        shift = len(window.text) - window.end
        for start, end in window.pieces:
            assert window.text[start + shift : end + shift] == paragraph.text[start:end]


class Rows(RuleBasedStateMachine):
    """The files of vectors against a dictionary."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.matrix = Matrix(Path(self.folder.name))
        self.wanted: dict[str, list[tuple[int, int]]] = {}
        self.stored = 0

    @rule(
        name=st.sampled_from("abc"),
        counts=st.lists(st.integers(0, 3), max_size=4),
        times=st.sampled_from([1, 1, 400]),
    )
    def put(self, name: str, counts: list[int], times: int) -> None:
        rows: list[Row] = []
        pieces: list[list[float]] = []
        for at, count in enumerate(counts * times):
            self.stored += 1
            spans = [(self.stored, n) for n in range(count)]
            rows.append(Row(f"{name}#{at}", name, None, None, spans))
            pieces += [[float(self.stored % 1000), n, 0.0] for n in range(count)]
        vectors = np.zeros((len(rows), 3), np.float32)
        self.matrix.put(
            rows, vectors, np.array(pieces, dtype=np.float16).reshape(-1, 3), instead=[name]
        )
        self.forget(name)
        self.wanted |= {row.chunk: list(row.pieces) for row in rows}

    @rule(name=st.sampled_from("abc"))
    def remove(self, name: str) -> None:
        self.matrix.remove(name)
        self.forget(name)

    @rule()
    def reopen(self) -> None:
        self.matrix = Matrix(Path(self.folder.name))

    def forget(self, name: str) -> None:
        self.wanted = {k: v for k, v in self.wanted.items() if not k.startswith(f"{name}#")}

    @invariant()
    def holds_what_was_put(self) -> None:
        asked = [*list(self.wanted)[:30], *list(self.wanted)[-30:]]
        found = self.matrix.sentences([*asked, "d#1"])
        assert set(found) == set(asked)
        for name, its in found.items():
            assert [tuple(span) for span in its.spans.tolist()] == self.wanted[name]
            told = [[float(a % 1000), float(b), 0.0] for a, b in self.wanted[name]]
            assert its.vectors.tolist() == told

    def teardown(self) -> None:
        self.folder.cleanup()


TestRows = Rows.TestCase
TestRows.settings = settings(max_examples=30, stateful_step_count=20, deadline=None)


def stored(tmp_path: Path, text: str) -> tuple[Index, Paragraph]:
    index = Index(tmp_path / "index", embedder="minilm", chunk_tokens=40)
    doc = document(text)
    chunks = [
        c for p in doc.paragraphs for c in chunk(doc, p, budget=40, count=token_counter())
    ]  # fmt: skip
    with index.writing():
        index.put(doc, chunks, ENCODER, parser=1)
    assert index.catalog.chunks(doc.id) == chunks
    return index, doc.paragraphs[0]


def test_only_the_question_is_encoded(tmp_path: Path) -> None:
    index, paragraph = stored(tmp_path, f"1. {LONG} {LONG.replace('2019', '2020')} {LONG}\n")
    asked: list[str] = []

    def encode(texts: Sequence[str]) -> NDArray[np.float32]:
        asked.extend(texts)
        return ENCODER.encode(texts)

    places = [(paragraph, sentences(paragraph.text))]
    question = "When was the jail shut?"
    (near,) = nearness(question, places, encode=encode, stored=index.vectors.sentences)
    assert asked == [question]
    assert len(near) == 6
    assert min(near[0::2]) > max(near[1::2])  # each prison above each school

    (late,) = nearness(question, [(paragraph, [(0, 10)])], encode=encode, stored=lambda _: {})
    assert asked == [question, question, paragraph.text[0:10]]
    assert -1 <= late[0] <= 1


def test_a_model_without_vectors_within_a_text_encodes_its_sentences(tmp_path: Path) -> None:
    index = Index(tmp_path / "index", embedder="toy", chunk_tokens=200)
    doc = document(f"1. {LONG}\n")
    chunks = chunk(doc, doc.paragraphs[0], budget=200, count=token_counter())
    asked: list[str] = []

    def encode(texts: Sequence[str]) -> NDArray[np.float32]:
        asked.extend(texts)
        return np.eye(4, dtype=np.float32)[[len(text) % 4 for text in texts]]

    with index.writing():
        index.put(doc, chunks, encode, parser=1)
    assert asked == [chunks[0].text, PRISON, SCHOOL]
    its = index.vectors.sentences([doc.paragraphs[0].id])[doc.paragraphs[0].id]
    assert its.vectors.tolist() == np.eye(4)[[len(PRISON) % 4, len(SCHOOL) % 4]].tolist()
