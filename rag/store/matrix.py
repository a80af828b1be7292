"""Vectors of chunks ↔ one file: exact search by meaning, limited by masks over rows.

Chroma's graph finds the neighbours of a vector quickly, but not all of them, fewer
still where a filter applies, and its filters cost hundreds of milliseconds. Over the
hundreds of thousands of paragraphs that one machine holds, comparing a question with
every row costs less, misses nothing, and a filter makes it cheaper.

Three files: `N.f32`, float32 rows one after another, and `N.f16`, float16 rows of the
sentences of each, which only grow; and `rows.npz`, replaced as a whole at every change,
which says what each row is and which rows count. A crash between them leaves the state
before it. Vectors are not unpacked: the system maps them into memory, for all processes
together.
"""

from __future__ import annotations

import json
import os
import threading
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.errors import IndexDamaged
from rag.store.rows import Codes, Column, Row, Table, begins, runs, windows
from rag.store.words import Limits, floor_text

_NEAR = 1e-4  # how far two ways of adding up the same products may differ
_FEW = 16  # below one row in so many, rows are gathered instead of going through all


@dataclass(frozen=True, slots=True)
class Sentences:
    """The sentences of a paragraph; one that two windows share stands there twice."""

    spans: Column  # shape (n, 2): start and end within the paragraph's text
    vectors: NDArray[np.float32]  # unit vectors, shape (n, dimension)


@dataclass(frozen=True, slots=True)
class _Opened:
    """A table with the files that it describes."""

    table: Table
    vectors: NDArray[np.float32]
    pieces: NDArray[np.float16]


class Matrix:
    """The files of one folder; threads may share it, and it follows other processes' changes."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._loading = threading.Lock()
        self._stamp: tuple[int, int, int] | None = None
        self._loaded: _Opened | None = None

    # -- writing (one process at a time) -----------------------------------------------------

    def put(
        self,
        rows: Sequence[Row],
        vectors: NDArray[np.float32],
        pieces: NDArray[np.float16] | None = None,
        *,
        instead: Iterable[str],
    ) -> None:
        """Add rows, in place of all rows of the documents `instead`.

        Args:
            rows: what each vector is.
            vectors: unit vectors, shape (len(rows), dimension).
            pieces: the vectors of their sentences, shape (number of spans, dimension).
            instead: ids of documents.

        """
        if not len(vectors) and self._open() is None:
            return
        self.path.mkdir(parents=True, exist_ok=True)
        opened = self._open() or _nothing(vectors.shape[1])
        table, width = opened.table, opened.table.dimension
        keep = ~table.documents.within(instead)
        place, first = table.place[keep], table.first[keep]
        spans = table.spans[np.repeat(keep, table.count)]
        count = table.count[keep]
        name, start, since = table.name, table.total, table.pieces
        old, olds = opened.vectors[:0], opened.pieces[:0]
        if table.total > 2 * int(keep.sum()) + 1024:  # mostly dead rows: begin new files
            name, start, since = _next(table.name), 0, 0
            old, olds = opened.vectors[place], opened.pieces[runs(first, count)]
            place = np.arange(len(old), dtype=np.int32)
            first = begins(count)
        new = pieces if pieces is not None else np.zeros((0, width), np.float16)
        more = np.array([len(row.pieces) for row in rows], dtype=np.int32)
        assert len(new) == int(more.sum())
        _append(self.path / name, start * 4 * width, [old, vectors.astype(np.float32, copy=False)])
        _append(_sentences(self.path / name), since * 2 * width, [olds, new])
        total, held = start + len(old) + len(vectors), since + len(olds) + len(new)
        kept = np.flatnonzero(keep).tolist()
        added = [span for row in rows for span in row.pieces]
        self._write(
            Table(
                name,
                total,
                width,
                (*(table.chunks[at] for at in kept), *(row.chunk for row in rows)),
                np.concatenate([place, np.arange(total - len(vectors), total, dtype=np.int32)]),
                table.documents.kept(keep, [row.document for row in rows]),
                table.floors.kept(keep, [row.floor and floor_text(row.floor) for row in rows]),
                table.headings.kept(keep, [row.heading for row in rows]),
                held,
                np.concatenate([first, begins(more) + np.int32(held - len(new))]),
                np.concatenate([count, more]),
                np.concatenate([spans, np.array(added, dtype=np.int32).reshape(-1, 2)]),
            )
        )

    def remove(self, document: str) -> None:
        """Forget a document's rows."""
        opened = self._open()
        if opened is not None:
            self.put((), np.zeros((0, opened.table.dimension), np.float32), instead=[document])

    def clear(self) -> None:
        """Forget everything."""
        (self.path / "rows.npz").unlink(missing_ok=True)
        self._sweep("")

    def _write(self, table: Table) -> None:
        words = {
            "name": table.name,
            "total": table.total,
            "dimension": table.dimension,
            "chunks": table.chunks,
            "documents": table.documents.values,
            "floors": table.floors.values,
            "headings": table.headings.values,
            "pieces": table.pieces,
        }
        fresh = self.path / "rows.new"
        with fresh.open("wb") as file:
            np.savez(
                file,
                words=np.frombuffer(json.dumps(words, ensure_ascii=False).encode(), np.uint8),
                place=table.place,
                documents=table.documents.rows,
                floors=table.floors.rows,
                headings=table.headings.rows,
                first=table.first,
                count=table.count,
                spans=table.spans,
            )
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self.path / "rows.npz")
        self._sweep(table.name)

    def _sweep(self, name: str) -> None:
        """Delete files of vectors that are no longer used, as far as the system lets us."""
        for path in (*self.path.glob("*.f32"), *self.path.glob("*.f16")):
            if path.stem != Path(name).stem:
                try:
                    path.unlink()
                except OSError:  # another process still reads it: the next change tries again
                    continue

    # -- reading ---------------------------------------------------------------------------

    def chunks(self, documents: Iterable[str]) -> list[str]:
        """Ids of the chunks of some documents."""
        opened = self._open()
        if opened is None:
            return []
        rows = np.flatnonzero(opened.table.documents.within(documents)).tolist()
        return [opened.table.chunks[at] for at in rows]

    def search(
        self,
        vector: Sequence[float],
        *,
        limits: Limits,
        limit: int,
        among: Sequence[str] | None = None,
    ) -> list[tuple[str, float]]:
        """Rank chunks by cosine similarity, exactly; equals stay in the order of the rows.

        Args:
            vector: what is looked for, of any length.
            limits: what is searched.
            limit: how many to give.
            among: the only chunks to look at, None for all.

        Returns:
            (chunk id, similarity in [-1, 1]), best first.

        """
        opened = self._open()
        if opened is None:
            return []
        table, held = opened.table, opened.vectors
        asked = np.asarray(vector, dtype=np.float32)
        asked = asked / max(float(np.linalg.norm(asked)), 1e-12)
        rows = table.within(limits)
        if among is not None:
            these = np.array(sorted(table.rows[c] for c in among if c in table.rows), dtype=np.intp)
            rows = these if rows is None else _in_both(these, rows)
        place = table.place if rows is None else table.place[rows]
        if not len(place):
            return []
        few = len(place) * _FEW < len(held)
        scores = held[place] @ asked if few else (held @ asked)[place]
        if limit < len(scores):
            least = np.partition(scores, -limit)[-limit]
            near = np.flatnonzero(scores >= least - _NEAR)
        else:
            near = np.arange(len(scores))
        # Added up row by row, so that a row's score does not depend on which others are looked at.
        exact = np.clip((held[place[near]] * asked).sum(axis=1), -1.0, 1.0)
        best = np.argsort(-exact, kind="stable")[:limit].tolist()
        at = near if rows is None else rows[near]
        return [(table.chunks[at[b]], float(exact[b])) for b in best]

    def of(self, chunks: Sequence[str]) -> NDArray[np.float32]:
        """The vectors of those of the chunks that are stored, shape (≤ len(chunks), dimension)."""
        opened = self._open()
        if opened is None:
            return np.zeros((0, 0), np.float32)
        table, held = opened.table, opened.vectors
        rows = [table.rows[chunk] for chunk in chunks if chunk in table.rows]
        return held[table.place[rows]] if rows else np.zeros((0, table.dimension), np.float32)

    def sentences(self, paragraphs: Sequence[str]) -> dict[str, Sentences]:
        """The sentences of paragraphs, with their vectors, by the paragraph's id."""
        opened = self._open()
        if opened is None:
            return {}
        table = opened.table
        rows = {name: rows for name in paragraphs if (rows := list(windows(name, table.rows)))}
        each = np.array([at for some in rows.values() for at in some], dtype=np.int32)
        count = table.count[each]
        vectors = opened.pieces[runs(table.first[each], count)].astype(np.float32)
        spans = table.spans[runs(table.begin[each], count)]
        found: dict[str, Sentences] = {}
        at = 0
        for name, some in rows.items():
            end = at + int(table.count[some].sum())
            found[name] = Sentences(spans[at:end], vectors[at:end])
            at = end
        return found

    def size(self) -> int:
        """How many rows count."""
        opened = self._open()
        return len(opened.table.chunks) if opened else 0

    def _open(self) -> _Opened | None:
        """The present state; read anew where the file of rows has been replaced."""
        with self._loading:
            for _ in range(3):  # a file of vectors may be replaced while it is being opened
                try:
                    found = (self.path / "rows.npz").stat()
                except FileNotFoundError:
                    self._stamp = self._loaded = None
                    return None
                stamp = (found.st_ino, found.st_mtime_ns, found.st_size)
                if stamp != self._stamp:
                    try:
                        self._loaded, self._stamp = self._load(), stamp
                    except FileNotFoundError:
                        continue
                return self._loaded
        raise IndexDamaged(f"{self.path} lacks a file of vectors; run: rag rebuild")

    def _load(self) -> _Opened:
        try:
            with np.load(self.path / "rows.npz") as file:
                words = json.loads(file["words"].tobytes())
                table = Table(
                    words["name"],
                    words["total"],
                    words["dimension"],
                    tuple(words["chunks"]),
                    file["place"],
                    Codes(tuple(words["documents"]), file["documents"]),
                    Codes(tuple(words["floors"]), file["floors"]),
                    Codes(tuple(words["headings"]), file["headings"]),
                    words["pieces"],
                    file["first"],
                    file["count"],
                    file["spans"],
                )
            path = self.path / table.name
            return _Opened(
                table,
                _mapped(path, np.dtype(np.float32), (table.total, table.dimension)),
                _mapped(_sentences(path), np.dtype(np.float16), (table.pieces, table.dimension)),
            )
        except (ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
            raise IndexDamaged(f"{self.path} cannot be read; run: rag rebuild") from error


def _nothing(dimension: int) -> _Opened:
    none = np.zeros(0, np.int32)
    codes = Codes((), none)
    spans = np.zeros((0, 2), np.int32)
    table = Table("0.f32", 0, dimension, (), none, codes, codes, codes, 0, none, none, spans)
    return _Opened(
        table, np.zeros((0, dimension), np.float32), np.zeros((0, dimension), np.float16)
    )


def _in_both(some: NDArray[np.intp], rows: NDArray[np.intp]) -> NDArray[np.intp]:
    """Those of some numbers that are among others, both in ascending order."""
    at = np.minimum(np.searchsorted(rows, some), len(rows) - 1)
    return some[rows[at] == some] if len(rows) else some[:0]


def _append(path: Path, at: int, parts: Sequence[NDArray[Any]]) -> None:
    """Write rows from a place of a file on; what stands behind it is of a write that crashed."""
    with path.open("r+b" if at else "wb") as file:
        file.seek(at)
        for part in parts:
            if part.size:
                file.write(np.ascontiguousarray(part).data)
        file.flush()
        os.fsync(file.fileno())


def _mapped(path: Path, kind: np.dtype[Any], shape: tuple[int, int]) -> NDArray[Any]:
    return (
        np.asarray(np.memmap(path, kind, "r", shape=shape)) if shape[0] else np.zeros(shape, kind)
    )


def _sentences(path: Path) -> Path:
    return path.with_suffix(".f16")


def _next(name: str) -> str:
    return f"{int(name.partition('.')[0]) + 1}.f32"
