"""The one writer over catalogue, words and vectors.

A write marks the document pending in the catalogue, puts it into the derived
stores, and marks it ready; what a crash left pending is finished on the next
opening from what the catalogue holds. Embeddings are remembered by content, so
that an interrupted or repeated run embeds nothing twice.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from filelock import FileLock, Timeout
from numpy.typing import NDArray

from rag.domain import Chunk, Document, Filters
from rag.errors import IndexDamaged, IndexLocked, IndexMismatch
from rag.store.catalog import Catalog
from rag.store.vectors import Vectors
from rag.store.words import Limits, Words

FORMAT = 1
_BATCH = 64  # chunks embedded between two savings of progress

Encode = Callable[[Sequence[str]], NDArray[np.float32]]
Progress = Callable[[str, int, int], None]  # (what, done, total)
Named = Callable[[str], str | None]


class Index:
    """The stored index in one folder."""

    def __init__(
        self, path: Path, *, embedder: str, chunk_tokens: int, lock_timeout: float = 2.0
    ) -> None:
        self.path = path
        self.embedder = embedder
        self.chunk_tokens = chunk_tokens
        self.catalog = Catalog(path / "catalog.db")
        self.words = Words(path / "words")
        self.vectors = Vectors(path / "vectors")
        self._lock_timeout = lock_timeout

    # -- opening ---------------------------------------------------------------------------

    def check(self) -> None:
        """Compare the settings with those the index was built with.

        Raises:
            IndexMismatch: they differ.

        """
        built = self._manifest()
        if built is None:
            return
        wanted = self._wanted()
        for key in ("format", "embedder", "chunk_tokens"):
            if built.get(key) != wanted[key]:
                raise IndexMismatch(
                    f"{self.path} was built with {key.replace('_', ' ')} {built.get(key)}, the "
                    f"settings say {wanted[key]}; change the setting back, or run: rag rebuild"
                )

    def _wanted(self) -> dict[str, object]:
        return {
            "format": FORMAT,
            "embedder": self.embedder,
            "chunk_tokens": self.chunk_tokens,
        }

    def _manifest(self) -> dict[str, object] | None:
        path = self.path / "manifest.json"
        if not path.is_file():
            return None
        try:
            return dict(json.loads(path.read_text(encoding="utf-8")))
        except ValueError as error:
            raise IndexDamaged(f"{path} is damaged; delete it and run: rag rebuild") from error

    @contextmanager
    def writing(self, *, fresh: bool = False) -> Generator[None]:
        """Hold the index for writing; `fresh` skips the comparison of settings.

        Raises:
            IndexLocked: another process is writing.
            IndexMismatch: built with other settings.

        """
        if self.path.exists() and not self.path.is_dir():
            raise IndexDamaged(f"{self.path} is not a folder; choose another with --index.")
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            lock = FileLock(self.path / ".lock", timeout=self._lock_timeout)
            with lock:
                if not fresh:
                    self.check()
                yield
        except Timeout as error:
            raise IndexLocked(
                f"{self.path} is being written by another process; wait for it and try again."
            ) from error
        except PermissionError as error:
            raise IndexDamaged(f"{self.path} cannot be written to: {error.strerror}.") from error

    def recover(self, encode: Encode) -> list[str]:
        """Finish what a crash left pending; does nothing while another process writes."""
        if not self.catalog.pending():
            return []
        finished: list[str] = []
        try:
            with FileLock(self.path / ".lock", timeout=0):
                for name in self.catalog.pending():
                    self._derive(self.catalog.document(name), self.catalog.chunks(name), encode)
                    finished.append(name)
        except Timeout:
            pass
        return finished

    # -- writing (within `writing()`) --------------------------------------------------------

    def put(
        self,
        document: Document,
        chunks: Sequence[Chunk],
        encode: Encode,
        *,
        parser: int,
        progress: Progress | None = None,
    ) -> int:
        """Store a document in place of one with the same id.

        Returns:
            How many chunks had to be embedded.

        """
        embedded = self._embed(document.id, chunks, encode, progress)
        self.catalog.put(document, chunks, parser=parser)
        self._derive(document, chunks, encode)
        self._write_manifest()
        return embedded

    def remove(self, document: str) -> None:
        """Forget a document everywhere."""
        self.catalog.mark_pending(document)
        self.vectors.remove(document)
        self.words.remove(document)
        self.catalog.remove(document)

    def clear_derived(self) -> None:
        """Empty words and vectors (they are made again from the catalogue)."""
        for name in self.catalog.ids():
            self.catalog.mark_pending(name)
        self.vectors.clear()
        self.words.clear()

    def _write_manifest(self) -> None:
        path = self.path / "manifest.json"
        text = json.dumps(self._wanted(), indent=2) + "\n"
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")

    def _derive(self, document: Document, chunks: Sequence[Chunk], encode: Encode) -> None:
        self._embed(document.id, chunks, encode, None)
        keys = [self._key(chunk.text) for chunk in chunks]
        stored = self.catalog.stored_vectors(keys)
        vectors = np.stack([np.frombuffer(stored[key], dtype=np.float32) for key in keys])
        self.vectors.put(document, chunks, vectors)
        self.words.put(document)
        self.catalog.mark_ready(document.id)

    def _embed(
        self, what: str, chunks: Sequence[Chunk], encode: Encode, progress: Progress | None
    ) -> int:
        """Embed what has no stored vector yet, saving every batch."""
        texts = {self._key(chunk.text): chunk.text for chunk in chunks}
        known = self.catalog.stored_vectors(list(texts))
        missing = [key for key in texts if key not in known]
        missing.sort(key=lambda key: len(texts[key]))  # batches of like length encode faster
        for at in range(0, len(missing), _BATCH):
            if progress:
                progress(what, at, len(missing))
            batch = missing[at : at + _BATCH]
            vectors = encode([texts[key] for key in batch]).astype(np.float32)
            self.catalog.store_vectors(
                (key, vector.tobytes()) for key, vector in zip(batch, vectors, strict=True)
            )
        if progress:
            progress(what, len(missing), len(missing))
        return len(missing)

    def _key(self, text: str) -> str:
        return hashlib.sha256(f"{self.embedder}\n{text}".encode()).hexdigest()

    # -- reading ---------------------------------------------------------------------------

    def limits(self, filters: Filters, *, named: Named = lambda _: None) -> Limits:
        """Turn what a user asks for into the exact values that are stored.

        Args:
            filters: what the user asks for.
            named: gives the one name of a State for any of its names, None for what is
                no State's: "South Korea" finds the Republic of Korea and only that.

        Raises:
            UnknownDocument: a symbol is not in the index.

        """
        documents: set[str] | None = None
        if filters.symbols:
            documents = {self.catalog.find(symbol) for symbol in filters.symbols}
        if filters.held_from or filters.held_to:
            dated = {
                name
                for name, held, issued in self.catalog.dates()
                if (day := held or issued)
                and (not filters.held_from or day >= filters.held_from)
                and (not filters.held_to or day <= filters.held_to)
            }
            documents = dated if documents is None else documents & dated
        speakers = delegations = None
        if filters.speaker or filters.delegation:
            known = self.catalog.speakers()
            if filters.speaker:
                wanted = _folded(filters.speaker)
                speakers = {s for s, _, _ in known if _names(wanted, _folded(s))}
            if filters.delegation:
                wanted = filters.delegation
                delegations = {d for _, d, _ in known if d and _includes(d, wanted, named)}
        return Limits(
            documents=tuple(sorted(documents)) if documents is not None else None,
            speakers=tuple(sorted(speakers)) if speakers is not None else None,
            delegations=tuple(sorted(delegations)) if delegations is not None else None,
            role=filters.role,
        )


def _folded(name: str) -> str:
    import unicodedata

    plain = unicodedata.normalize("NFKD", name)
    return "".join(c for c in plain if not unicodedata.combining(c)).casefold().strip()


def _includes(stored: str, wanted: str, named: Named) -> bool:
    """Whether a delegation is the wanted one; where several speak together, one of them.

    "Italy" is in "Brazil, Czechia, Italy"; "Niger" is not in "Nigeria", nor "Guinea" in
    "Equatorial Guinea". What is no State's name matches by its words.
    """
    state = named(wanted)
    each = stored.split(", ")
    if state is not None:
        return any(state in (one, named(one)) for one in each)
    words = set(_folded(wanted).split())
    return any(words <= set(_folded(one).split()) for one in (stored, *each))


def _names(wanted: str, speaker: str) -> bool:
    """Whether a wanted name ("suindikov", "mr. suindikov") is that speaker's."""
    return wanted == speaker or set(wanted.split()) <= set(speaker.split())
