"""An embedder that reads each text of a draft once: a sentence is held against many paragraphs.

Texts are encoded one by one, so that a verdict does not hang on what was encoded beside it:
the model's whole numbers are scaled by the batch.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from rag.answer.align import Within

KEPT = 300  # texts; one with the vectors of its words takes some 150 kB

_Spans = tuple[tuple[int, int], ...]
_Read = tuple[NDArray[np.float32], NDArray[np.float32]]


class Remembered:
    """`within` of an embedder, with what it gave lately."""

    def __init__(self, within: Within) -> None:
        self._within = within
        self._kept: OrderedDict[tuple[str, _Spans], _Read] = OrderedDict()
        self._alone: OrderedDict[str, NDArray[np.float32]] = OrderedDict()

    def __call__(
        self, texts: Sequence[str], spans: Sequence[Sequence[tuple[int, int]]]
    ) -> tuple[NDArray[np.float32], list[NDArray[np.float32]]]:
        """Encode texts, and what stands in spans of them, as the embedder's `within` does.

        Returns:
            Unit vectors, shape (len(texts), dimension), and for each text those of its spans,
            shape (number of spans, dimension).

        """
        read = [self._read(text, tuple(some)) for text, some in zip(texts, spans, strict=True)]
        return np.stack([whole for whole, _ in read]), [parts for _, parts in read]

    def _read(self, text: str, spans: _Spans) -> _Read:
        if not spans and text in self._alone:
            whole = self._alone[text]
            return whole, np.empty((0, len(whole)), np.float32)
        if (text, spans) in self._kept:
            self._kept.move_to_end((text, spans))
            return self._kept[text, spans]
        vectors, parts = self._within([text], [spans])
        read = vectors[0], parts[0]
        self._kept[text, spans] = read
        self._alone[text] = read[0]
        if len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        if len(self._alone) > KEPT:
            self._alone.popitem(last=False)
        return read
