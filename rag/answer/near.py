"""Sentences → how near they come to a question, by the vectors stored with the paragraphs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from rag.domain import Paragraph

Encode = Callable[[Sequence[str]], NDArray[np.float32]]
Span = tuple[int, int]


class Sentences(Protocol):
    """The sentences of a paragraph, as the index gives them."""

    @property
    def spans(self) -> NDArray[Any]:
        """Start and end of each within the paragraph's text, shape (n, 2)."""
        ...

    @property
    def vectors(self) -> NDArray[np.float32]:
        """Their unit vectors, shape (n, dimension)."""
        ...


Stored = Callable[[Sequence[str]], Mapping[str, Sentences]]


def nearness(
    question: str,
    places: Sequence[tuple[Paragraph, Sequence[Span]]],
    *,
    encode: Encode,
    stored: Stored,
) -> list[list[float]]:
    """Tell how near each sentence comes to a question; only the question is encoded.

    Args:
        question: in plain words.
        places: paragraphs, each with the spans of its sentences.
        encode: texts → unit vectors, shape (n, dimension).
        stored: ids of paragraphs → their sentences as they were indexed.

    Returns:
        Cosines, one for each span. A sentence that was indexed in parts, or in two windows,
        has that of its nearest; one that was not indexed is encoded now.

    """
    known = stored([paragraph.id for paragraph, _ in places])
    vector = encode([question])[0]

    def cosine(paragraph: Paragraph, start: int, end: int) -> float:
        sentences = known.get(paragraph.id)
        if sentences is not None:
            inside = (sentences.spans[:, 0] >= start) & (sentences.spans[:, 1] <= end)
            if inside.any():
                return float((sentences.vectors[inside] @ vector).max())
        return float(encode([paragraph.text[start:end]])[0] @ vector)

    return [[cosine(paragraph, *span) for span in spans] for paragraph, spans in places]
