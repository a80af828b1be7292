"""Question and text → whether the text answers the question, as a small model on this machine reads it.

A cross-encoder: both are read together, so that each word of the one is compared with those of
the other (Nogueira and Cho, arXiv 1901.04085). all-MiniLM-L6-v2 trained further, by
`eval/reader/train.py`, on questions that were written for it about passages of UN records, most
with a twin in nearly the same words that the passage does not answer; int8 ONNX. It decides
nothing alone: what it tells is one of the numbers that `rag.answer.confidence` weighs.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Sequence
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.encoder import opened, tokenizer
from rag.errors import ModelUnavailable

READER_SHA256 = "b3af97901f6820cd610f8251f0a76c64d8d0faaf413cb930cfba13f512316ad8"
WORD_PIECES = 256  # question and text together; the longer is cut
ANSWERS = 0  # the output used; the other, for statements, only helped in training


class Reader:
    """The committed model, loaded on first use; threads may share it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._session: Any = None
        self._tokenizer: Any = None

    def answers(self, question: str, texts: Sequence[str]) -> NDArray[np.float32]:
        """Tell how likely each text answers a question: log-odds, shape (len(texts),).

        Each is read by itself: int8 scales what a batch holds together, so that the texts
        beside it would move its score.
        """
        self._load()
        encoded = self._tokenizer.encode_batch([(_plain(question), _plain(t)) for t in texts])
        told = np.zeros(len(texts), dtype=np.float32)
        for n, pair in enumerate(encoded):
            ids = np.array([pair.ids], dtype=np.int64)
            kinds = np.array([pair.type_ids], dtype=np.int64)
            (each,) = self._session.run(
                None,
                {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": kinds},
            )
            told[n] = each[0, ANSWERS]
        return told

    def _load(self) -> None:
        with self._lock:
            if self._session is not None:
                return
            model = _checked_model()
            self._tokenizer = tokenizer(WORD_PIECES)
            self._session = opened(model)


def _plain(text: str) -> str:
    return " ".join(text.split())


def _checked_model() -> bytes:
    """The model's bytes, after their digest was compared.

    Raises:
        ModelUnavailable: the file is missing or is not the one expected.

    """
    try:
        data = (files("rag") / "model" / "reader.onnx").read_bytes()
    except FileNotFoundError as error:
        raise ModelUnavailable("The local reader is missing; reinstall pinpoint-record.") from error
    if hashlib.sha256(data).hexdigest() != READER_SHA256:
        raise ModelUnavailable(
            "The local reader's file is not the one expected; reinstall pinpoint-record."
        )
    return data
