"""The stores together: a real SQLite, a real tantivy, a real Chroma; what a crash leaves is finished."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from llama_index.core.vector_stores.types import VectorStoreQuery
from numpy.typing import NDArray

from rag.chunk import chunk, token_counter
from rag.config import Settings
from rag.errors import IndexMismatch, UnknownDocument
from rag.record import Record
from rag.retrieve import Found, fuse
from rag.store.matrix import Matrix
from rag.store.rows import Row
from rag.store.words import Limits
from tests.stores import REPLIED, chunks_of, document, make, shared_paragraph, store, toy_encode


def test_other_programs_read_the_collection(tmp_path: Path) -> None:
    index = make(tmp_path)
    doc = shared_paragraph()
    with index.writing():
        index.put(doc, chunks_of(doc), toy_encode, parser=1)
    vector = toy_encode([REPLIED])[0].tolist()
    found = (
        make(tmp_path)
        .vectors.store()
        .query(VectorStoreQuery(query_embedding=vector, similarity_top_k=1))
    )
    (node,) = found.nodes
    assert node.get_content() == REPLIED
    assert node.ref_doc_id == doc.id
    assert node.metadata["paragraph"] == doc.paragraphs[1].id
    assert (node.metadata["speaker"], node.metadata["delegation"]) == ("Mr. Anders", "Maravia")
    assert node.metadata["heading"] == ""


def test_another_process_sees_what_was_written(tmp_path: Path) -> None:
    index, reader = make(tmp_path), make(tmp_path)
    vector = toy_encode(["lion"])[0].tolist()
    assert reader.vectors.search(vector, limits=Limits(), limit=9) == []
    store(index, "1. The lion.\n", "x.txt")
    assert [c for c, _ in reader.vectors.search(vector, limits=Limits(), limit=9)] == ["x#1"]
    for _ in range(3):
        store(index, "1. The yak.\n2. The goat.\n", "x.txt")
    assert {c for c, _ in reader.vectors.search(vector, limits=Limits(), limit=9)} == {"x#1", "x#2"}


def test_dead_rows_are_thrown_away(tmp_path: Path) -> None:
    matrix = Matrix(tmp_path)
    vectors = toy_encode(["abc"] * 300)
    rows = [Row(f"d#{at}", "d", None, None) for at in range(300)]
    matrix.put([Row("e#1", "e", None, "Prisons")], toy_encode(["jih"]), instead=["e"])
    for _ in range(12):
        matrix.put(rows, vectors, instead=["d"])
    assert matrix.size() == 301
    assert sum(path.stat().st_size for path in tmp_path.glob("*.f32")) < 2_200 * 10 * 4
    best = matrix.search(toy_encode(["jih"])[0].tolist(), limits=Limits(), limit=1)
    assert best[0] == ("e#1", pytest.approx(1.0))
    under = Limits(headings=("Prisons",))
    assert [c for c, _ in matrix.search([1.0] * 10, limits=under, limit=9)] == ["e#1"]


def test_an_index_of_an_older_format_is_rebuilt(tmp_path: Path) -> None:
    record = Record(Settings(index=tmp_path / "index"))
    record.add_documents([document("1. The lion.\n", "x.txt")])
    manifest = tmp_path / "index" / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"format": 3', '"format": 1'))
    again = Record(Settings(index=tmp_path / "index"))
    with pytest.raises(IndexMismatch, match="rag rebuild"):
        again.search("lion")
    assert again.rebuild() == 1
    assert [p.paragraph.id for p in again.search("lion")] == ["x#1"]


def test_documents_made_elsewhere(tmp_path: Path) -> None:
    record = Record(Settings(index=tmp_path / "index"))
    one, two = document("1. The lion.\n", "x.txt"), document("1. The yak.\n", "y.txt")
    report = record.add_documents(iter([one, two]))
    assert (report.added, report.embedded) == (("x", "y"), 2)
    assert record.add_documents([one, two]).unchanged == ("x", "y")
    changed = document("1. The lion.\n2. The goat.\n", "x.txt")
    report = record.add_documents([changed, two])
    assert (report.replaced, report.unchanged, report.embedded) == (("x",), ("y",), 1)
    report = record.add_documents([one, changed])  # the same id twice: the last one stays
    assert report.replaced == ("x", "x")
    assert len(record.document("x").paragraphs) == 2
    assert record.status().pending == ()


def test_replacing_leaves_nothing_of_the_old(tmp_path: Path) -> None:
    index = make(tmp_path)
    store(index, "1. The old zebra.\n2. The older yak.\n", "x.txt")
    store(index, "1. The new lion.\n", "x.txt")
    assert index.words.size() == index.vectors.size() == 1
    assert index.words.search("zebra yak", limits=Limits(), limit=5) == []
    index_again = make(tmp_path)
    assert [hit for hit, _ in index_again.words.search("lion", limits=Limits(), limit=5)] == ["x#1"]


def test_removing_forgets_everywhere(tmp_path: Path) -> None:
    index = make(tmp_path)
    store(index, "1. The lion.\n", "x.txt")
    store(index, "1. The yak.\n", "y.txt")
    with index.writing():
        index.remove("x")
    assert index.catalog.ids() == ["y"]
    assert index.words.size() == index.vectors.size() == 1
    with pytest.raises(UnknownDocument):
        index.catalog.document("x")


def test_what_a_crash_left_pending_is_finished(tmp_path: Path) -> None:
    index = make(tmp_path)
    store(index, "1. The lion.\n", "x.txt")
    index.catalog.mark_pending(["x"])
    index.words.clear()
    index.vectors.clear()
    again = make(tmp_path)
    assert again.recover(toy_encode) == ["x"]
    assert again.catalog.pending() == []
    assert again.words.size() == again.vectors.size() == 1


def test_nothing_is_embedded_twice(tmp_path: Path) -> None:
    index = make(tmp_path)
    store(index, "1. The lion.\n2. The yak.\n", "x.txt")
    with index.writing():
        index.remove("x")
    seen: list[str] = []

    def counting(texts: Sequence[str]) -> NDArray[np.float32]:
        seen.extend(texts)
        return toy_encode(texts)

    doc = document("1. The lion.\n2. The goat.\n", "x.txt")
    count = token_counter()
    chunks = [c for p in doc.paragraphs for c in chunk(doc, p, budget=200, count=count)]
    with index.writing():
        assert index.put(doc, chunks, counting, parser=1) == 1
    chunks_seen = [text.splitlines()[-1] for text in seen if "\n" in text]
    assert chunks_seen == ["The goat."]  # beside the sentence itself, which this model needs


def test_questions_are_data_not_queries(tmp_path: Path) -> None:
    index = make(tmp_path)
    store(index, "1. The lion.\n", "x.txt")
    for text in ('lion" OR *', "+lion -(", "body:lion~2", "lion^99 [a TO b]", "\\", "🦁"):
        index.words.search(text, limits=Limits(), limit=5)


@given(
    st.dictionaries(st.text("abc", min_size=1, max_size=2), st.floats(0, 50), max_size=6),
    st.dictionaries(st.text("abc", min_size=1, max_size=2), st.floats(0, 1), max_size=6),
    st.floats(0, 1),
)
def test_fused_scores_stay_between_0_and_1(
    words: dict[str, float], meaning: dict[str, float], weight: float
) -> None:
    found = [Found(scores, min(scores.values(), default=0.0)) for scores in (words, meaning)]
    fused = fuse(*found, weight)
    assert set(fused) == set(words) | set(meaning)
    assert all(0 <= score <= 1 + 1e-9 for score in fused.values())
