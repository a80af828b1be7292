"""Catalogue, words and vectors: a real SQLite, a real tantivy, a real Chroma."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from llama_index.core.schema import NodeWithScore
from numpy.typing import NDArray

from rag.chunk import chunk, token_counter
from rag.config import Settings
from rag.domain import Citation, Document, Filters, Paragraph, SourceText
from rag.errors import BadCitation, UnknownDocument
from rag.parse import segment
from rag.record import Record
from rag.retrieve import fuse
from rag.sentences import sentences
from rag.store.index import Index
from rag.store.words import Limits
from tests.conftest import SAMPLE


def document(text: str, name: str = "record.txt") -> Document:
    return segment(SourceText(path=Path(name), sha256="0", text=text))


def toy_encode(texts: Sequence[str]) -> NDArray[np.float32]:
    """Bags of letters: enough to tell texts apart."""
    vectors = np.array([[t.lower().count(c) + 1e-3 for c in "abcdefghij"] for t in texts])
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def store(index: Index, text: str, name: str) -> Document:
    doc = document(text, name)
    count = token_counter()
    chunks = [c for p in doc.paragraphs for c in chunk(doc, p, budget=200, count=count)]
    with index.writing():
        index.put(doc, chunks, toy_encode, parser=1)
    return doc


def make(path: Path) -> Index:
    return Index(path / "index", embedder="toy", chunk_tokens=200)


def test_what_is_put_is_what_is_read(tmp_path: Path) -> None:
    index = make(tmp_path)
    doc = store(
        index,
        "CCLP/C/SR.9\nThe meeting was called to order at 3 p.m.\nA heading\n"
        "1. Mr. A (Maravia) said yes.\n2. And more.\n4. Ms. B asked why.\n",
        "x.txt",
    )
    assert index.catalog.document("CCLP/C/SR.9") == doc
    assert index.catalog.counts() == (1, 3, 3)
    assert index.words.size() == index.vectors.size() == 3


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
    index.catalog.mark_pending("x")
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
    assert [text.splitlines()[-1] for text in seen] == ["The goat."]


def test_questions_are_data_not_queries(tmp_path: Path) -> None:
    index = make(tmp_path)
    store(index, "1. The lion.\n", "x.txt")
    for text in ('lion" OR *', "+lion -(", "body:lion~2", "lion^99 [a TO b]", "\\", "🦁"):
        index.words.search(text, limits=Limits(), limit=5)


@given(
    st.dictionaries(st.text("abc", min_size=1, max_size=2), st.floats(0, 50), max_size=6),
    st.dictionaries(st.text("abc", min_size=1, max_size=2), st.floats(-1, 1), max_size=6),
    st.floats(0, 1),
)
def test_fused_scores_stay_between_0_and_1(
    words: dict[str, float], meaning: dict[str, float], weight: float
) -> None:
    fused = fuse(words, meaning, weight)
    assert set(fused) == set(words) | set(meaning)
    assert all(0 <= score <= 1 + 1e-9 for score in fused.values())


# -- chunks and sentences ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("One. Two. Three.", 3),
        ("Mr. V.I. Kozlov, in para. 151 of the replies, was heard. Why?", 2),
        ("See art. 9, para. 3, and general comment No. 25. It cost US$ 1.5 million.", 2),
        ("Stan.TV had been suspended at 11.30 a.m. by order.", 1),
        ("It should:\n(a) Act;\n(b) Report.", 3),
        ("", 0),
    ],
)
def test_sentences(text: str, count: int) -> None:
    spans = sentences(text)
    assert len(spans) == count, [text[a:b] for a, b in spans]


@given(st.text(max_size=300))
def test_sentences_cover_every_word_once(text: str) -> None:
    spans = sentences(text)
    assert all(a < b for a, b in spans)
    assert all(spans[i][1] <= spans[i + 1][0] for i in range(len(spans) - 1))
    assert "".join(text[a:b] for a, b in spans).split() == text.split() or (
        "".join("".join(text[a:b].split()) for a, b in spans) == "".join(text.split())
    )


@given(st.lists(st.sampled_from(["Yes.", "It was so decided by all.", "A " * 80 + "end."]),
                min_size=1, max_size=12), st.integers(40, 120))  # fmt: skip
def test_chunks_keep_the_budget_and_cover_the_paragraph(parts: list[str], budget: int) -> None:
    doc = document("1. " + " ".join(parts), "x.txt")
    count = token_counter()
    paragraph = doc.paragraphs[0]
    chunks = chunk(doc, paragraph, budget=budget, count=count)
    assert all(count(c.text) <= budget for c in chunks)
    covered = {i for c in chunks for i in range(c.start, c.end)}
    assert all(paragraph.text[i].isspace() or i in covered for i in range(len(paragraph.text)))
    assert len({c.id for c in chunks}) == len(chunks)


# -- citations ---------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["", "para. 5", "CCPR/C/SR.1, para.", "CCPR/C/SR.1, paras. 1-2"])
def test_what_is_no_canonical_citation_is_refused(text: str) -> None:
    with pytest.raises(BadCitation):
        Citation.parse(text)


# -- the façade --------------------------------------------------------------------------------


def test_filters_are_as_complete_as_no_filter(sample_index: Path) -> None:
    record = Record(Settings(index=sample_index))
    everything = record.search("prison conditions", limit=200)
    members = record.search("prison conditions", filters=Filters(role="member"), limit=200)
    assert {p.paragraph.id for p in members} >= {
        p.paragraph.id for p in everything if p.paragraph.turn and p.paragraph.turn.role == "member"
    }
    assert all(p.paragraph.turn and p.paragraph.turn.role == "member" for p in members)
    one = record.search("prison", filters=Filters(symbols=("CCLP/C/SR.412",)), limit=200)
    assert {p.paragraph.document for p in one} == {"CCLP/C/SR.412"}


def test_another_llamaindex_program_can_take_the_retriever(sample_index: Path) -> None:
    retriever = Record(Settings(index=sample_index)).as_retriever()
    nodes = retriever.retrieve("How many complaints did the police complaints body receive?")
    assert all(isinstance(node, NodeWithScore) for node in nodes)
    assert nodes[0].metadata["citation"].startswith("CCLP/C/")
    assert nodes[0].metadata["label"]


def test_an_upload_stays_under_the_index(tmp_path: Path) -> None:
    record = Record(Settings(index=tmp_path / "index"))
    for name in ("../../evil.txt", "/etc/passwd.txt", "..\\..\\evil.txt", "né\u202etxt.txt"):
        path = record.save_upload(name, b"1. One.")
        assert path.parent == tmp_path / "index" / "uploads"
        assert path.is_file()


def test_questions_asked_at_once_are_answered_alike(sample_index: Path) -> None:
    record = Record(Settings(index=sample_index))
    question = "How many prisoners were unable to vote in October 2023?"
    answers: list[str] = []

    def ask() -> None:
        answers.append(str(record.ask(question).passages[0].paragraph.id))

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 6
    assert len(set(answers)) == 1


def test_the_question_and_its_reply_are_both_quoted(sample_index: Path) -> None:
    record = Record(Settings(index=sample_index))
    answer = record.ask(
        "What did Ms. Serrano Pardo ask about the 8,000 signatures needed to register a party, "
        "and what was the reply?"
    )
    assert {c.speaker for c in answer.claims} >= {"Ms. Serrano Pardo"}
    assert {c.delegation for c in answer.claims} >= {"Maravia", None}


def test_every_quotation_of_the_sample_questions_is_verbatim(sample_index: Path) -> None:
    record = Record(Settings(index=sample_index))
    for question in ("solitary confinement", "legal aid in 2023", "who asked about Heron?"):
        for claim in getattr(record.ask(question), "claims", ()):
            found: list[Paragraph] = list(
                record.index.catalog.labelled(claim.citation.symbol, claim.citation.first)
            )
            assert claim.quote in found[0].text


def test_the_sample_folder_is_what_ships() -> None:
    assert sorted(p.name for p in SAMPLE.glob("*.txt")) == [
        "CCLP_C_MRV_CO_3.txt",
        "CCLP_C_MRV_Q_3.txt",
        "CCLP_C_SR.411.txt",
        "CCLP_C_SR.412.txt",
    ]
