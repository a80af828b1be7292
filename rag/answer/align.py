"""A statement and the words it rests on → which word stands for which.

A word stands for another if their stems agree, if the lists say so (`opposites.txt`, the
thesaurus), or if the embedder reads them alike where they stand. Where a list says that
they are opposites, one turns round what the other says.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from rag.answer.clauses import Clause, Word, stem
from rag.thesaurus import notions

Spans = Sequence[Sequence[tuple[int, int]]]
# Texts and spans of them → vectors of the texts, and for each text those of its spans.
Within = Callable[[Sequence[str], Spans], tuple[NDArray[np.float32], list[NDArray[np.float32]]]]

LITERAL = 0.95  # for forms of one word
TOGETHER = 0.15
NEGATIVE = ("un", "in", "im", "il", "ir", "dis", "non", "mis")


@dataclass(frozen=True, slots=True)
class Pair:
    """A word of a statement, and the word of the record that stands for it best."""

    word: Word
    clause: int  # of the statement
    other: Word | None
    at: int  # the clause of the record; -1 where there is none
    likeness: float  # 1 for the same stem
    opposite: bool


@lru_cache(maxsize=1)
def _sides() -> dict[str, frozenset[tuple[int, bool]]]:
    """For each stem, the lines of `opposites.txt` it is in, and on which side."""
    text = (files("rag.answer") / "opposites.txt").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    found: dict[str, set[tuple[int, bool]]] = {}
    for number, line in enumerate(lines):
        for side, words in enumerate(line.partition(":")[::2]):
            for word in words.split(","):
                found.setdefault(stem(word.strip()), set()).add((number, bool(side)))
    return {key: frozenset(value) for key, value in found.items()}


@lru_cache(maxsize=1)
def _alike() -> dict[str, frozenset[int]]:
    """For each stem, the notions of the thesaurus and the lines of synonyms that hold it."""
    found: dict[str, set[int]] = {}
    text = (files("rag.answer") / "alike.txt").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    groups = [line.split(",") for line in lines]
    groups += [[*notion.asked, *notion.recorded] for notion in notions()]
    for number, group in enumerate(groups):
        for expression in group:
            words = expression.split()
            if len(words) == 1:
                found.setdefault(stem(words[0].casefold()), set()).add(number)
    return {key: frozenset(value) for key, value in found.items()}


@lru_cache(maxsize=1)
def _wordnet() -> tuple[dict[str, frozenset[str]], dict[str, frozenset[str]]]:
    """By stem, the stems of words that mean the same, and of opposites."""
    alike: dict[str, set[str]] = {}
    opposite: dict[str, set[str]] = {}
    text = (files("rag.answer") / "wordnet.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        word, colon, rest = line.partition(": ")
        if line.startswith("#") or not colon:
            continue
        for table, words in zip((alike, opposite), rest.split("|"), strict=False):
            table.setdefault(stem(word), set()).update(map(stem, words.split()))
    return (
        {key: frozenset(value) for key, value in alike.items()},
        {key: frozenset(value) for key, value in opposite.items()},
    )


def are_opposite(one: Word, other: Word) -> bool:
    """Whether a list, or a negative prefix, makes two words opposites."""
    return _are_opposite(one.text, other.text)


@lru_cache(maxsize=200_000)  # records use the same words over and over
def _are_opposite(text: str, other_text: str) -> bool:
    stem_, other_stem = stem(text), stem(other_text)
    longer, shorter = sorted((text, other_text), key=len, reverse=True)
    for prefix in NEGATIVE:
        if len(shorter) > 3 and longer.startswith(prefix) and longer[len(prefix) :] == shorter:
            return True
    mine, theirs = _sides().get(stem_, frozenset()), _sides().get(other_stem, frozenset())
    if mine & theirs:
        return False
    if any((line, not side) in theirs for line, side in mine):
        return True
    same, opposite = _wordnet()
    none: frozenset[str] = frozenset()
    if other_stem in same.get(stem_, none) or stem_ in same.get(other_stem, none):
        return False
    return other_stem in opposite.get(stem_, none) or stem_ in opposite.get(other_stem, none)


def likeness(one: Word, other: Word) -> float:
    """How far two words mean the same by their form and by the lists, in [0, 1]."""
    return _likeness(one.text, other.text)


@lru_cache(maxsize=200_000)
def _likeness(text: str, other_text: str) -> float:
    stem_, other_stem = stem(text), stem(other_text)
    if stem_ == other_stem:
        return 1.0
    shorter, longer = sorted((stem_, other_stem), key=len)
    if len(shorter) >= 5 and longer.startswith(shorter):
        return LITERAL
    shared = 0
    for a, b in zip(text, other_text, strict=False):
        if a != b:
            break
        shared += 1
    if shared >= 5 and shared >= 0.6 * min(len(text), len(other_text)):
        return LITERAL
    none: frozenset[int] = frozenset()
    if _alike().get(stem_, none) & _alike().get(other_stem, none):
        return 0.9
    if _sides().get(stem_, frozenset()) & _sides().get(other_stem, frozenset()):
        return 0.9
    same, _ = _wordnet()
    if other_stem in same.get(stem_, frozenset()) or stem_ in same.get(other_stem, frozenset()):
        return 0.85
    return 0.0


def align(
    said: Sequence[Clause], record: Sequence[Clause], near: NDArray[np.float32] | None
) -> list[Pair]:
    """Pair every word of a statement with the word of the record that stands for it best.

    Args:
        said: the clauses of the statement.
        record: those of the record.
        near: cosines of their words, shape (words said, words of the record), if known.

    """
    others = [(word, at) for at, clause in enumerate(record) for word in clause.words]
    words = [(word, number) for number, clause in enumerate(said) for word in clause.words]
    if not others:
        return [Pair(word, number, None, -1, 0.0, False) for word, number in words]
    table = np.zeros((len(words), len(others)))
    turned = np.zeros_like(table, dtype=bool)
    for row, (word, _) in enumerate(words):
        for column, (other, _) in enumerate(others):
            alike = likeness(word, other)
            if alike < 1.0 and are_opposite(word, other):
                turned[row, column] = True
                alike = 0.85
            if near is not None and alike < 0.9:
                alike = max(alike, float(near[row, column]))
            table[row, column] = alike
    best = (table + _together(table, words, others)).argmax(axis=1)
    return [
        Pair(
            word,
            number,
            others[c][0],
            others[c][1],
            float(table[row, c]),
            bool(turned[row, c]),
        )
        for row, ((word, number), c) in enumerate(zip(words, best, strict=True))
    ]


def _together(
    table: NDArray[np.float64],
    words: Sequence[tuple[Word, int]],
    others: Sequence[tuple[Word, int]],
) -> NDArray[np.float64]:
    """A little more for a clause of the record in which more of the statement's clause stands."""
    mine = np.array([number for _, number in words])
    theirs = np.array([at for _, at in others])
    more = np.zeros_like(table)
    for number in set(mine.tolist()):
        rows = mine == number
        for at in set(theirs.tolist()):
            columns = theirs == at
            fit = table[np.ix_(rows, columns)].max(axis=1)
            more[np.ix_(rows, columns)] = TOGETHER * np.where(fit >= 0.55, fit, 0.0).mean()
    return more
