"""Question or statement, and text → whether the text answers or upholds it, as a small model reads it.

Cross-encoders: both texts are read together, so that each word of the one is compared with those
of the other (Nogueira and Cho, arXiv 1901.04085). all-MiniLM-L6-v2 trained further, by
`eval/reader/train.py`, on questions and statements that were written for it about passages in the
manner of UN records, most with a twin in nearly the same words that the passage does not answer
or uphold; int8 ONNX. Neither decides alone: what they tell is one of the numbers that
`rag.answer.confidence` and `rag.answer.upheld` weigh.
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

READER_SHA256 = "a767982946fa64749d4ce57b7ebbd06094496cb65dd2adb3cc6f5a952f2f942c"
ENTAILMENT_SHA256 = "30e95d4ed470f998efc80313af1cddd258d40b6208a058fe68c41258c94b9ba3"
WORD_PIECES = 256  # both texts together; the longer is cut
ANSWERS, UPHOLDS = 0, 1  # the outputs; of each model the one is used


class _CrossEncoder:
    """A committed model that reads two texts together, loaded on first use; threads may share it."""

    def __init__(self, file: str, sha256: str, *, exact: bool) -> None:
        self._file, self._sha256, self._exact = file, sha256, exact
        self._lock = threading.Lock()
        self._session: Any = None
        self._tokenizer: Any = None

    def told(self, said: str, texts: Sequence[str], output: int) -> NDArray[np.float32]:
        """Log-odds of each text, shape (len(texts),).

        Each is read by itself: int8 scales what a batch holds together, so that the texts
        beside it would move its score.
        """
        self._load()
        encoded = self._tokenizer.encode_batch([(_plain(said), _plain(t)) for t in texts])
        told = np.zeros(len(texts), dtype=np.float32)
        for n, pair in enumerate(encoded):
            ids = np.array([pair.ids], dtype=np.int64)
            kinds = np.array([pair.type_ids], dtype=np.int64)
            (each,) = self._session.run(
                None,
                {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": kinds},
            )
            told[n] = each[0, output]
        return told

    def _load(self) -> None:
        with self._lock:
            if self._session is not None:
                return
            model = _checked_model(self._file, self._sha256)
            self._tokenizer = tokenizer(WORD_PIECES)
            self._session = opened(model, exact=self._exact)


class Reader:
    """Tells whether a text answers a question."""

    def __init__(self) -> None:
        # A dozen sentences a question: fast rather than the same number on each processor.
        self._model = _CrossEncoder("reader.onnx", READER_SHA256, exact=False)

    def answers(self, question: str, texts: Sequence[str]) -> NDArray[np.float32]:
        """Tell how likely each text answers a question: log-odds, shape (len(texts),).

        Raises:
            ModelUnavailable: the model's file is missing or is not the one expected.

        """
        return self._model.told(question, texts, ANSWERS)


class Entailment:
    """Tells whether a text upholds a statement."""

    def __init__(self) -> None:
        self._model = _CrossEncoder("entailment.onnx", ENTAILMENT_SHA256, exact=True)

    def upholds(self, statement: str, texts: Sequence[str]) -> NDArray[np.float32]:
        """Tell how likely each text upholds a statement: log-odds, shape (len(texts),).

        Raises:
            ModelUnavailable: the model's file is missing or is not the one expected.

        """
        return self._model.told(statement, texts, UPHOLDS)


def _plain(text: str) -> str:
    return " ".join(text.split())


def _checked_model(file: str, sha256: str) -> bytes:
    """The model's bytes, after their digest was compared.

    Raises:
        ModelUnavailable: the file is missing or is not the one expected.

    """
    try:
        data = (files("rag") / "model" / file).read_bytes()
    except FileNotFoundError as error:
        raise ModelUnavailable(f"{file} is missing; reinstall pinpoint-record.") from error
    if hashlib.sha256(data).hexdigest() != sha256:
        raise ModelUnavailable(f"{file} is not the file expected; reinstall pinpoint-record.")
    return data
