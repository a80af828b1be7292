"""What the rows of a file of vectors are: columns of a table, limited by masks over rows.

Documents, floors and headings repeat in row after row, so each is kept once, and its
number in the rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from rag.store.words import Floor, Limits, floor_text

Column = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Row:
    """What a search may be limited by."""

    chunk: str
    document: str
    floor: Floor | None
    heading: str | None
    pieces: Sequence[tuple[int, int]] = ()  # spans of its sentences, within the paragraph


@dataclass(frozen=True, slots=True)
class Codes:
    """A column of few distinct values: each value once, and its number in every row."""

    values: tuple[str, ...]
    rows: Column  # -1: no value
    numbers: dict[str, int] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "numbers", {value: at for at, value in enumerate(self.values)})

    @classmethod
    def of(cls, values: Iterable[str | None]) -> Codes:
        """Number values in the order in which they first come."""
        numbers: dict[str, int] = {}
        rows = [-1 if v is None else numbers.setdefault(v, len(numbers)) for v in values]
        return cls(tuple(numbers), np.array(rows, dtype=np.int32))

    def within(self, wanted: Iterable[str]) -> NDArray[np.bool_]:
        """Tell for every row whether its value is one of these."""
        chosen = np.zeros(len(self.values) + 1, dtype=np.bool_)  # the last is that of -1
        chosen[[self.numbers[value] for value in wanted if value in self.numbers]] = True
        return chosen[self.rows]

    def kept(self, rows: NDArray[np.bool_], more: Sequence[str | None]) -> Codes:
        """Some of the rows, and further ones below them."""
        numbers = dict(self.numbers)
        new = [-1 if v is None else numbers.setdefault(v, len(numbers)) for v in more]
        column = np.concatenate([self.rows[rows], np.array(new, dtype=np.int32)])
        used = np.unique(column[column >= 0])
        renumbered = np.full(len(numbers) + 1, -1, dtype=np.int32)
        renumbered[used] = np.arange(len(used), dtype=np.int32)
        values = list(numbers)
        return Codes(tuple(values[at] for at in used.tolist()), renumbered[column])


@dataclass(frozen=True, slots=True)
class Table:
    """What the rows of a file of vectors are."""

    name: str  # of the file of vectors
    total: int  # rows in the file that may be read, those that no longer count included
    dimension: int
    chunks: tuple[str, ...]
    place: Column  # row in the file
    documents: Codes
    floors: Codes
    headings: Codes
    pieces: int  # rows in the file of sentences that may be read
    first: Column  # row of a chunk's first sentence in that file
    count: Column  # how many sentences it has
    spans: Column  # shape (sum of counts, 2), in the order of the rows
    rows: dict[str, int] = field(init=False)  # chunk → row of the columns
    begin: Column = field(init=False)  # where a row's spans begin

    def __post_init__(self) -> None:
        object.__setattr__(self, "rows", {chunk: at for at, chunk in enumerate(self.chunks)})
        object.__setattr__(self, "begin", np.cumsum(self.count) - self.count)

    def within(self, limits: Limits) -> NDArray[np.intp] | None:
        """The rows that satisfy all limits; None for all of them."""
        mask: NDArray[np.bool_] | None = None
        for column, wanted in (
            (self.documents, limits.documents),
            (self.floors, None if limits.floors is None else map(floor_text, limits.floors)),
            (self.headings, limits.headings),
        ):
            if wanted is not None:
                these = column.within(wanted)
                mask = these if mask is None else mask & these
        return None if mask is None else np.flatnonzero(mask)


def windows(paragraph: str, rows: Mapping[str, int]) -> Iterator[int]:
    """The rows of a paragraph's windows, in order."""
    name, n = paragraph, 1
    while name in rows:
        yield rows[name]
        n += 1
        name = f"{paragraph}~{n}"


def begins(count: Column) -> Column:
    """Where each of some runs begins, if they stand one after another."""
    return (np.cumsum(count) - count).astype(np.int32)


def runs(first: Column, count: Column) -> NDArray[np.intp]:
    """The numbers of all runs: (5, 9), (2, 1) → 5, 6, 9."""
    return np.arange(int(count.sum()), dtype=np.intp) + np.repeat(first - begins(count), count)
