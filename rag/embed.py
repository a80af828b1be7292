"""Embeddings as LlamaIndex knows them: the local default, and what a name stands for."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Any

import numpy as np
from llama_index.core.base.embeddings.base import BaseEmbedding
from llama_index.core.bridge.pydantic import PrivateAttr
from numpy.typing import NDArray

from rag.encoder import MODEL_NAME, LocalEncoder
from rag.errors import ModelUnavailable


class LocalEmbedding(BaseEmbedding):
    """The local encoder for other LlamaIndex programs."""

    _encoder: LocalEncoder = PrivateAttr(default_factory=LocalEncoder)

    def __init__(self, **data: Any) -> None:
        super().__init__(model_name=MODEL_NAME, embed_batch_size=256, **data)

    @classmethod
    def class_name(cls) -> str:
        """Name in LlamaIndex's serialised form."""
        return "PinpointLocalEmbedding"

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        return self._encoder.encode(texts).tolist()

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._get_text_embeddings([text])[0]

    def _get_query_embedding(self, query: str) -> list[float]:
        return self._get_text_embedding(query)

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_query_embedding(query)


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
    vectors = np.asarray(embedder.get_text_embedding_batch(list(texts)), dtype=np.float32)
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
