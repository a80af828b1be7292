"""Chunks ↔ vectors: a matrix that is searched, and a Chroma collection for other programs.

The collection is an ordinary LlamaIndex one: another LlamaIndex program can open it
through `ChromaVectorStore`. Chroma's telemetry is switched off. Why Chroma is not
what is searched: see `rag.store.matrix`.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.domain import Chunk, Document, Paragraph, Turn, Voice
from rag.errors import IndexDamaged
from rag.store.matrix import Matrix, Sentences
from rag.store.rows import Row
from rag.store.words import Limits

COLLECTION = "paragraphs"
_PART = 5_000  # rows that Chroma takes at once


class Vectors:
    """One matrix, and one Chroma collection with cosine distance; made on first writing."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.matrix = Matrix(path / "matrix")
        self._client: Any = None
        self._collection: Any = None
        self._opening = threading.Lock()  # Chroma's first opening is not safe among threads

    def collection(self) -> Any:
        """The Chroma collection."""
        with self._opening:
            if self._collection is None:
                import chromadb
                from chromadb.config import Settings
                from chromadb.errors import ChromaError

                try:
                    self._client = chromadb.PersistentClient(
                        str(self.path), Settings(anonymized_telemetry=False)
                    )
                    self._collection = self._client.get_or_create_collection(
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
        self,
        documents: Sequence[tuple[Document, Sequence[Chunk]]],
        vectors: NDArray[np.float32],
        pieces: NDArray[np.float16],
        *,
        doubtful: Sequence[str] = (),
    ) -> None:
        """Store the chunks of documents in place of those they had.

        Args:
            documents: each with all its chunks.
            vectors: the chunks' embeddings, shape (number of chunks, dimension).
            pieces: those of their sentences, shape (number of sentences, dimension).
            doubtful: ids of those of which a crash may have left chunks that nobody knows of.

        """
        ids: list[str] = []
        texts: list[str] = []
        metadata: list[dict[str, Any]] = []
        rows: list[Row] = []
        names = [document.id for document, _ in documents]
        for document, chunks in documents:
            paragraphs = {p.id: p for p in document.paragraphs}
            for chunk in chunks:
                paragraph = paragraphs[chunk.paragraph]
                floor = paragraph.voice_at(chunk.start)
                ids.append(chunk.id)
                texts.append(paragraph.text[chunk.start : chunk.end])
                metadata.append(_metadata(document, paragraph, chunk, floor))
                rows.append(
                    Row(
                        chunk.id,
                        document.id,
                        (floor.speaker, floor.delegation, floor.role) if floor else None,
                        paragraph.heading,
                        chunk.pieces,
                    )
                )
        self._forget(names, doubtful)
        collection = self.collection()
        for at in range(0, len(ids), _PART):
            part = slice(at, at + _PART)
            collection.upsert(
                ids=ids[part],
                embeddings=vectors[part],
                documents=texts[part],
                metadatas=metadata[part],
            )
        self.matrix.put(rows, vectors, pieces, instead=names)

    def remove(self, document: str) -> None:
        """Forget a document's chunks."""
        self._forget([document], [document])
        self.matrix.remove(document)

    def _forget(self, documents: Sequence[str], doubtful: Sequence[str]) -> None:
        """Take documents out of the collection: by id, since to look for them takes long."""
        known = self.matrix.chunks(documents)
        for at in range(0, len(known), _PART):
            self.collection().delete(ids=known[at : at + _PART])
        for name in doubtful:
            self.collection().delete(where={"document": name})

    def clear(self) -> None:
        """Forget everything."""
        self.collection()
        with self._opening:
            self._client.delete_collection(COLLECTION)
            self._collection = None
        self.collection()
        self.matrix.clear()

    def search(
        self,
        vector: Sequence[float],
        *,
        limits: Limits,
        limit: int,
        among: Sequence[str] | None = None,
    ) -> list[tuple[str, float]]:
        """Rank chunks by cosine similarity, exactly; only these where some are named.

        Returns:
            (chunk id, similarity in [-1, 1]), best first.

        """
        return self.matrix.search(vector, limits=limits, limit=limit, among=among)

    def of(self, chunks: Sequence[str]) -> NDArray[np.float32]:
        """The vectors of those of the chunks that are stored, shape (≤ len(chunks), dimension)."""
        return self.matrix.of(chunks)

    def sentences(self, paragraphs: Sequence[str]) -> dict[str, Sentences]:
        """The sentences of those of the paragraphs that are stored, with their vectors."""
        return self.matrix.sentences(paragraphs)

    def size(self) -> int:
        """How many chunks can be found."""
        return self.matrix.size()


def _metadata(
    document: Document, paragraph: Paragraph, chunk: Chunk, floor: Voice | Turn | None
) -> dict[str, Any]:
    """What `ChromaVectorStore` stores of a `TextNode`, the node itself in `_node_content`.

    Written out, since LlamaIndex takes ten times as long over it; a test reads it back
    through LlamaIndex. Beside the node stands what can be filtered by, where there is any:
    every key costs Chroma a row.
    """
    plain: dict[str, Any] = {
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
    }
    source = {
        "node_id": document.id,
        "node_type": None,
        "metadata": {},
        "hash": None,
        "class_name": "RelatedNodeInfo",
    }
    node = {
        "id_": chunk.id,
        "embedding": None,
        "metadata": plain,
        "excluded_embed_metadata_keys": [],
        "excluded_llm_metadata_keys": [],
        "relationships": {"1": source},
        "metadata_template": "{key}: {value}",
        "metadata_separator": "\n",
        "text": "",
        "mimetype": "text/plain",
        "start_char_idx": None,
        "end_char_idx": None,
        "text_template": "{metadata_str}\n\n{content}",
        "class_name": "TextNode",
    }
    return {
        **{key: value for key, value in plain.items() if value != ""},
        "_node_content": json.dumps(node, ensure_ascii=False),
        "_node_type": "TextNode",
        "document_id": document.id,
    }
