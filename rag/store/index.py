"""The one writer over catalogue, words and vectors.

A write marks documents pending in the catalogue, puts them into the derived
stores, and marks them ready; what a crash left pending is finished on the next
opening from what the catalogue holds. Embeddings are remembered by content, so
that an interrupted or repeated run embeds nothing twice.

Longer than most: writing, recovery and the choices of filters share one state.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Callable, Collection, Generator, Iterable, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, runtime_checkable

import numpy as np
from filelock import FileLock, Timeout
from numpy.typing import NDArray

from rag.domain import Chunk, Document, Filters
from rag.errors import IndexDamaged, IndexLocked, IndexMismatch
from rag.store.catalog import Catalog, Facts
from rag.store.spelling import alike
from rag.store.vectors import Vectors
from rag.store.words import Floor, Limits, Words

FORMAT = 3  # 2: exact values of filters among the words, and vectors in a matrix; 3: of sentences
GROUP = 4_096  # chunks that are embedded and written together: memory stays flat
_SAVED = 512  # chunks embedded between two savings of progress

Encode = Callable[[Sequence[str]], NDArray[np.float32]]
Spans = Sequence[Sequence[tuple[int, int]]]
Progress = Callable[[str, int, int], None]  # (what, done, total)
Named = Callable[[str], str | None]
Chunked = tuple[Document, Sequence[Chunk]]


@runtime_checkable
class Within(Protocol):
    """An encoder that gives the vectors of spans of a text too, each read within the text."""

    def within(
        self, texts: Sequence[str], spans: Spans
    ) -> tuple[NDArray[np.float32], list[NDArray[np.float32]]]:
        """Unit vectors of texts, and for each text those of its spans."""
        ...


@dataclass(frozen=True, slots=True)
class _Known:
    """What filters choose from."""

    revision: int
    facts: tuple[Facts, ...]
    floors: tuple[Floor, ...]
    headings: tuple[str, ...]
    paragraphs: dict[str, int]  # in each document


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
        self._choices: _Known | None = None

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
        if (form := built.get("format")) != FORMAT:
            older = not isinstance(form, int) or form < FORMAT
            raise IndexMismatch(
                f"{self.path} was written by {'an earlier' if older else 'a later'} version of this "
                f"program (format {form}, this is {FORMAT}); "
                + ("run: rag rebuild" if older else "update it: pip install -U pinpoint-record")
            )
        for key in ("embedder", "chunk_tokens"):
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
                for group in _groups(self._stored(self.catalog.pending())):
                    self._derive(group, encode, doubtful=[d.id for d, _ in group])
                    finished += [document.id for document, _ in group]
        except Timeout:
            pass
        return finished

    def _stored(self, names: Iterable[str]) -> Generator[Chunked]:
        for name in names:
            yield self.catalog.document(name), self.catalog.chunks(name)

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
        """Store one document, as `put_all` does."""
        return self.put_all([(document, chunks)], encode, parsers=[parser], progress=progress)

    def put_all(
        self,
        documents: Sequence[Chunked],
        encode: Encode,
        *,
        parsers: Sequence[int],
        progress: Progress | None = None,
    ) -> int:
        """Store documents with different ids, each in place of one with the same id.

        They are embedded together, so that texts of like length share a batch, and
        written together. A caller with many gives some `GROUP` chunks at a time.

        Args:
            documents: each with all its chunks.
            encode: texts → unit vectors.
            parsers: for each document the version of the parser that read it.
            progress: told how many chunks are embedded.

        Returns:
            How many chunks had to be embedded.

        """
        doubtful = self.catalog.pending()
        chunks = [chunk for _, some in documents for chunk in some]
        embedded = self._embed(_what(documents), chunks, encode, progress)
        self.catalog.put_all(
            (document, some, parser)
            for (document, some), parser in zip(documents, parsers, strict=True)
        )
        self._derive(documents, encode, doubtful=doubtful)
        self.write_manifest()
        return embedded

    def remove(self, document: str) -> None:
        """Forget a document everywhere."""
        self.catalog.mark_pending([document])
        self.vectors.remove(document)
        self.words.remove(document)
        self.catalog.remove(document)

    def clear_derived(self) -> None:
        """Empty words and vectors (they are made again from the catalogue)."""
        self.catalog.mark_pending(self.catalog.ids())
        self.vectors.clear()
        self.words.clear()

    def write_manifest(self) -> None:
        """Say what the index is built with."""
        path = self.path / "manifest.json"
        text = json.dumps(self._wanted(), indent=2) + "\n"
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")

    def _derive(
        self, documents: Sequence[Chunked], encode: Encode, *, doubtful: Sequence[str]
    ) -> None:
        chunks = [chunk for _, some in documents for chunk in some]
        self._embed(_what(documents), chunks, encode, None)
        keys = [self._key(chunk) for chunk in chunks]
        stored = self.catalog.stored_vectors(keys)
        vectors = np.zeros((0, 0), np.float32)
        pieces = np.zeros((0, 0), np.float16)
        if keys:
            vectors = np.stack([np.frombuffer(stored[key][0], dtype=np.float32) for key in keys])
            flat = np.frombuffer(b"".join(stored[key][1] for key in keys), dtype=np.float16)
            pieces = flat.reshape(-1, vectors.shape[1])
        names = {document.id for document, _ in documents}
        self.vectors.put(documents, vectors, pieces, doubtful=[n for n in doubtful if n in names])
        self.words.put([document for document, _ in documents])
        self.catalog.mark_ready(names)

    def _embed(
        self, what: str, chunks: Sequence[Chunk], encode: Encode, progress: Progress | None
    ) -> int:
        """Embed what has no stored vector yet, saving every batch."""
        by_key = {self._key(chunk): chunk for chunk in chunks}
        missing = sorted(  # batches of like length encode faster
            self.catalog.without_vectors(list(by_key)), key=lambda key: len(by_key[key].text)
        )
        for at in range(0, len(missing), _SAVED):
            if progress:
                progress(what, at, len(missing))
            batch = missing[at : at + _SAVED]
            vectors, pieces = _encoded([by_key[key] for key in batch], encode)
            self.catalog.store_vectors(
                (key, vector.astype(np.float32).tobytes(), its.astype(np.float16).tobytes())
                for key, vector, its in zip(batch, vectors, pieces, strict=True)
            )
        if progress:
            progress(what, len(missing), len(missing))
        return len(missing)

    def _key(self, chunk: Chunk) -> str:
        """What an embedding depends on: the model, the text, and where its sentences stand."""
        spans = _within_text(chunk)
        return hashlib.sha256(f"{self.embedder}\n{spans}\n{chunk.text}".encode()).hexdigest()

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
        known = self._known()
        documents: set[str] | None = None
        if filters.symbols:
            documents = {self.catalog.find(symbol) for symbol in filters.symbols}
        if filters.held_from or filters.held_to or filters.body or filters.state:
            wanted = filters.state
            states = {facts.state for facts in known.facts if facts.state} if wanted else set()
            states = {each for each in states if _includes(each, wanted or "", named)}
            fit = {facts.id for facts in known.facts if _fits(facts, filters, states)}
            documents = fit if documents is None else documents & fit
        floors = headings = None
        if filters.speaker or filters.delegation or filters.role:
            floors = tuple(floor for floor in known.floors if _speaks(floor, filters, named))
        if filters.heading:
            wanted = _words(filters.heading)
            headings = tuple(text for text in known.headings if wanted <= _words(text))
        return Limits(
            documents=tuple(sorted(documents)) if documents is not None else None,
            floors=floors,
            headings=headings,
        )

    def facts(self) -> tuple[Facts, ...]:
        """What every document is known by."""
        return self._known().facts

    def extent(self, documents: Sequence[str] | None = None) -> tuple[int, int]:
        """How many documents and paragraphs there are, or are among these documents."""
        known = self._known()
        names = documents if documents is not None else [facts.id for facts in known.facts]
        return len(names), sum(known.paragraphs.get(name, 0) for name in names)

    def _known(self) -> _Known:
        """What filters choose from, read anew when the catalogue has changed."""
        revision = self.catalog.revision()
        known = self._choices
        if known is None or known.revision != revision:
            known = _Known(
                revision,
                tuple(self.catalog.facts()),
                tuple((s, d, r or "") for s, d, r in self.catalog.speakers()),
                tuple(self.catalog.headings()),
                self.catalog.paragraph_counts(),
            )
            self._choices = known
        return known


def _within_text(chunk: Chunk) -> list[tuple[int, int]]:
    """Where a chunk's sentences stand in the text that is embedded, its line of context first."""
    shift = len(chunk.text) - chunk.end
    return [(start + shift, end + shift) for start, end in chunk.pieces]


def _encoded(
    chunks: Sequence[Chunk], encode: Encode
) -> tuple[NDArray[np.float32], Sequence[NDArray[np.float32]]]:
    """The vectors of chunks, and of the sentences of each.

    A model that gives no vectors within a text is asked for those of its sentences.
    """
    texts, spans = [chunk.text for chunk in chunks], [_within_text(chunk) for chunk in chunks]
    if isinstance(encode, Within):
        return encode.within(texts, spans)
    said = [text[a:b] for text, some in zip(texts, spans, strict=True) for a, b in some]
    vectors = encode([*texts, *said])
    ends = np.cumsum([len(some) for some in spans])[:-1]
    return vectors[: len(texts)], np.split(vectors[len(texts) :], ends)


def _what(documents: Sequence[Chunked]) -> str:
    """Name a group of documents for whoever waits."""
    return documents[0][0].id if len(documents) == 1 else f"{len(documents)} documents"


def _groups(documents: Iterable[Chunked]) -> Generator[list[Chunked]]:
    """Documents in groups of about `GROUP` chunks."""
    group: list[Chunked] = []
    chunks = 0
    for document, some in documents:
        group.append((document, some))
        chunks += len(some)
        if chunks >= GROUP:
            yield group
            group, chunks = [], 0
    if group:
        yield group


def _fits(facts: Facts, filters: Filters, states: Collection[str]) -> bool:
    """Whether a document is of the wanted dates, body and State."""
    day = facts.day
    if filters.held_from and not (day and day >= filters.held_from):
        return False
    if filters.held_to and not (day and day <= filters.held_to):
        return False
    if filters.state and facts.state not in states:
        return False
    return not filters.body or _is_of(facts, filters.body)


def _is_of(facts: Facts, body: str) -> bool:
    """Whether a body is the wanted one: by its name's words, or as symbols begin: "CCPR", "HRC"."""
    wanted = _words(body)
    parts = {_folded(part) for part in (facts.symbol or "").split("/")[:2] if len(part) > 2}
    return wanted <= _words(facts.body or "") or (len(wanted) == 1 and wanted <= parts)


def _speaks(floor: Floor, filters: Filters, named: Named) -> bool:
    speaker, delegation, role = floor
    if filters.role not in (None, role):
        return False
    if filters.speaker and not _names(_folded(filters.speaker), _folded(speaker)):
        return False
    wanted = filters.delegation
    return not wanted or (delegation is not None and _includes(delegation, wanted, named))


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", _folded(text)))


def _folded(name: str) -> str:
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
    """Whether a wanted name ("suindikov", "mr. suindikov") is that speaker's, but for slips."""
    return wanted == speaker or all(
        any(alike(word, printed) for printed in speaker.split()) for word in wanted.split()
    )
