"""Files and documents → the index, some thousand chunks at a time.

What is written together is embedded together: texts of like length share a batch,
whichever document they are of. An interruption loses a group at most, and of that
only the writing, since embeddings are remembered.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from rag.chunk import chunk, token_counter
from rag.domain import AddReport, Chunk, Document, SourceText
from rag.errors import BadInput
from rag.store.index import GROUP, Encode, Index, Progress

Cut = Callable[[SourceText], Document]


class Adding:
    """A run of additions; within `index.writing()`, and ended by `flush()`."""

    def __init__(
        self,
        index: Index,
        encode: Encode,
        *,
        parser: int,
        report: AddReport | None = None,
        progress: Progress | None = None,
    ) -> None:
        self.report = report or AddReport()
        self._index = index
        self._encode = encode
        self._parser = parser
        self._progress = progress
        self._group: list[tuple[Document, list[Chunk], int]] = []
        self._there = set(index.catalog.ids())

    def failed(self, path: Path, why: BadInput) -> None:
        """Name a file that cannot be used in the report."""
        self.report = replace(self.report, failed=(*self.report.failed, (str(path), str(why))))

    def source(self, source: SourceText, cut: Cut, wanted: str | None) -> None:
        """Add a file as read, unless this very one was added under the id that is wanted.

        Raises:
            BadInput: it cannot be cut into paragraphs.

        """
        if any(document.sha256 == source.sha256 for document, _, _ in self._group):
            self.flush()  # the same file twice: the second is told by the first
        known = self._index.catalog.ready_with(source.sha256, self._parser)
        if known is not None and wanted in (None, known):
            self._unchanged(known)
        else:
            self._take(cut(source), self._parser)

    def document(self, document: Document) -> None:
        """Add a document, unless the very same is there."""
        catalog = self._index.catalog
        if any(other.id == document.id for other, _, _ in self._group):
            self.flush()
        there = catalog.is_ready(document.id, self._parser)
        if there and catalog.document(document.id) == document:
            self._unchanged(document.id)
        else:
            self._take(document, self._parser)

    def again(self, document: Document, parser: int) -> None:
        """Add a document of the catalogue whose derived stores were emptied."""
        self._take(document, parser)

    def flush(self) -> None:
        """Write what is gathered."""
        group, self._group = self._group, []
        if not group:
            return
        embedded = self._index.put_all(
            [(document, chunks) for document, chunks, _ in group],
            self._encode,
            parsers=[parser for _, _, parser in group],
            progress=self._progress,
        )
        names = [document.id for document, _, _ in group]
        self.report = replace(
            self.report,
            added=(*self.report.added, *(n for n in names if n not in self._there)),
            replaced=(*self.report.replaced, *(n for n in names if n in self._there)),
            paragraphs=self.report.paragraphs + sum(len(d.paragraphs) for d, _, _ in group),
            embedded=self.report.embedded + embedded,
        )
        self._there.update(names)

    def _unchanged(self, name: str) -> None:
        self.report = replace(self.report, unchanged=(*self.report.unchanged, name))

    def _take(self, document: Document, parser: int) -> None:
        if any(other.id == document.id for other, _, _ in self._group):
            self.flush()
        count, budget = token_counter(), self._index.chunk_tokens
        chunks = [
            piece
            for paragraph in document.paragraphs
            for piece in chunk(document, paragraph, budget=budget, count=count)
        ]
        self._group.append((document, chunks, parser))
        if sum(len(chunks) for _, chunks, _ in self._group) >= GROUP:
            self.flush()
