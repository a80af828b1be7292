"""Documents and an index to put them in, without a model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rag.chunk import chunk, token_counter
from rag.domain import (
    Chunk,
    Document,
    SourceText,
    Turn,
    Voice,
)
from rag.parse import segment
from rag.store.index import Index


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


ASKED = "Ms. Bell asked whether any school had been built in the northern province."
REPLIED = "Mr. Anders (Maravia) replied that two schools had been built there in 2023."


def shared_paragraph() -> Document:
    """A record in whose second paragraph a member and the delegation speak."""
    doc = document("CCLP/C/SR.9\n1. The meeting was opened.\n2. " + ASKED + "\n" + REPLIED, "x.txt")
    first, second = doc.paragraphs[0], doc.paragraphs[1]
    text = f"{ASKED} {REPLIED}"
    cut = len(ASKED) + 1
    voices = (
        Voice(0, cut, "Ms. Bell", "member", None),
        Voice(cut, len(text), "Mr. Anders", "delegation", "Maravia"),
    )
    turn = Turn("Ms. Bell", "member", None, 1, 1)
    second = replace(second, text=text, start=0, end=len(text), turn=turn, voices=voices)
    return replace(doc, paragraphs=(first, second))


def chunks_of(doc: Document, budget: int = 200) -> list[Chunk]:
    count = token_counter()
    return [c for p in doc.paragraphs for c in chunk(doc, p, budget=budget, count=count)]
