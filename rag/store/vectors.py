"""Chunks ↔ Chroma, through LlamaIndex's `ChromaVectorStore`: search by meaning.

The collection is an ordinary LlamaIndex one: another LlamaIndex program can open
it. Chroma's telemetry is switched off.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.domain import Chunk, Document
from rag.errors import IndexDamaged
from rag.store.words import Limits

COLLECTION = "paragraphs"


class Vectors:
    """One Chroma collection in a folder, cosine distance, made on first writing."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._collection: Any = None
        self._opening = threading.Lock()  # Chroma's first opening is not safe among threads

    def collection(self) -> Any:
        """The Chroma collection; searching needs no more, and LlamaIndex is slow to import."""
        with self._opening:
            if self._collection is None:
                import chromadb
                from chromadb.config import Settings
                from chromadb.errors import ChromaError

                try:
                    client = chromadb.PersistentClient(
                        str(self.path), Settings(anonymized_telemetry=False)
                    )
                    self._collection = client.get_or_create_collection(
                        COLLECTION,
                        embedding_function=None,
                        configuration={"hnsw": {"space": "cosine"}},
                    )
                except (ChromaError, ValueError) as error:
                    raise IndexDamaged(f"{self.path} cannot be opened; run: rag rebuild") from error
            return self._collection

    def store(self) -> Any:
        """The LlamaIndex vector store over the collection."""
        from llama_index.vector_stores.chroma import ChromaVectorStore

        return ChromaVectorStore(chroma_collection=self.collection())

    def put(
        self, document: Document, chunks: Sequence[Chunk], vectors: NDArray[np.float32]
    ) -> None:
        """Store a document's chunks in place of those it had.

        Args:
            document: the document.
            chunks: all its chunks.
            vectors: their embeddings, shape (len(chunks), dimension).

        """
        from llama_index.core.schema import NodeRelationship, RelatedNodeInfo, TextNode

        paragraphs = {p.id: p for p in document.paragraphs}
        nodes: list[TextNode] = []
        for chunk, vector in zip(chunks, vectors.tolist(), strict=True):
            paragraph = paragraphs[chunk.paragraph]
            floor = paragraph.voice_at(chunk.start)
            nodes.append(
                TextNode(
                    id_=chunk.id,
                    text=paragraph.text[chunk.start : chunk.end],
                    embedding=vector,
                    metadata={
                        "document": document.id,
                        "symbol": document.symbol or "",
                        "paragraph": paragraph.id,
                        "label": paragraph.label,
                        "ordinal": paragraph.ordinal,
                        "inferred": paragraph.inferred,
                        "heading": paragraph.heading or "",
                        "speaker": floor.speaker if floor else "",
                        "delegation": (floor.delegation or "") if floor else "",
                        "role": floor.role if floor else "",
                        "held_on": document.held_on.isoformat() if document.held_on else "",
                    },
                    relationships={NodeRelationship.SOURCE: RelatedNodeInfo(node_id=document.id)},
                )
            )
        self.remove(document.id)
        self.store().add(nodes)

    def remove(self, document: str) -> None:
        """Forget a document's chunks."""
        self.collection().delete(where={"document": document})

    def clear(self) -> None:
        """Forget everything."""
        self.store().clear()

    def search(
        self, vector: Sequence[float], *, limits: Limits, limit: int
    ) -> list[tuple[str, float]]:
        """Rank chunks by cosine similarity.

        Returns:
            (chunk id, similarity in [-1, 1]), best first.

        """
        if not self.path.is_dir():
            return []
        collection = self.collection()
        size = collection.count()
        if not size:
            return []
        found = collection.query(
            query_embeddings=[list(vector)],
            n_results=min(limit, size),
            where=_where(limits),
            include=["distances"],
        )
        return [
            (chunk, 1.0 - float(distance))
            for chunk, distance in zip(found["ids"][0], found["distances"][0], strict=True)
        ]

    def of(self, chunks: Sequence[str]) -> NDArray[np.float32]:
        """The vectors of those of the chunks that are stored, shape (≤ len(chunks), dimension)."""
        found = self.collection().get(ids=list(chunks), include=["embeddings"])
        return np.asarray(found["embeddings"], dtype=np.float32)

    def size(self) -> int:
        """How many chunks are stored."""
        return self.collection().count() if self.path.is_dir() else 0


def _where(limits: Limits) -> dict[str, Any] | None:
    wanted = (
        ("document", limits.documents),
        ("speaker", limits.speakers),
        ("delegation", limits.delegations),
        ("role", (limits.role,) if limits.role else None),
    )
    parts = [{key: {"$in": list(values)}} for key, values in wanted if values is not None]
    if not parts:
        return None
    return parts[0] if len(parts) == 1 else {"$and": parts}
