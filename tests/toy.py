"""An embedder of letters, a vocabulary without an index, and passages to weigh."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from rag.answer.near import nearness
from rag.answer.terms import Vocabulary
from rag.domain import Paragraph, Passage, Turn
from rag.store.words import analyzer

DELEGATION = Turn("Mr. Anders", "delegation", "Maravia", 0, 9)
MEMBER = Turn("Ms. Bell", "member", None, 0, 9)


def letters(texts: Sequence[str]) -> NDArray[np.float32]:
    """Bags of letters: enough to tell texts apart."""
    rows = np.array([[t.lower().count(c) + 1e-3 for c in "abcdefghijklmnop"] for t in texts])
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


NEAR = partial(nearness, encode=letters, stored=lambda _: {})
VOCABULARY = Vocabulary(
    lambda text: list(dict.fromkeys(analyzer().analyze(text))),
    lambda stems: dict.fromkeys(stems, 1),
    9,
)


def passage(text: str, turn: Turn | None = DELEGATION, ordinal: int = 3) -> Passage:
    """A paragraph of one document, found for a question."""
    paragraph = Paragraph("D", str(ordinal + 1), ordinal, text, 0, len(text), turn=turn)
    return Passage(paragraph, 1.0, "both")
