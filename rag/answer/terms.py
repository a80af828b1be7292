"""A question → its terms, weighted by how rare they are in the record."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rag.query import FRAME, Query
from rag.thesaurus import related

RELATED = 0.7  # what a record's word for a word of the question counts for


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """How the word index sees text."""

    terms: Callable[[str], list[str]]  # text → stems
    frequency: Callable[[Sequence[str]], dict[str, int]]  # stem → paragraphs that hold it
    size: int  # paragraphs in the index


@dataclass(frozen=True, slots=True)
class Term:
    """A stem of the question: how rare it is, and the records' expressions for it."""

    stem: str
    weight: float
    recorded: tuple[frozenset[str], ...]  # each as its stems

    def held(self, stems: set[str]) -> float:
        """1 where the stem itself is there, less where only a record's word for it is."""
        if self.stem in stems:
            return 1.0
        return RELATED if any(words <= stems for words in self.recorded) else 0.0


def terms_of(query: Query, vocabulary: Vocabulary) -> list[Term]:
    """The question's terms, weighted by how rare they are in the record."""
    text = query.text
    for name in (*query.askers, *query.naming):
        text = text.replace(name, " ")
    terms = [t for t in vocabulary.terms(text) if t not in FRAME] or vocabulary.terms(text)
    frequency = vocabulary.frequency(terms)
    n = max(1, vocabulary.size)
    recorded = related(text, vocabulary.terms)
    return [
        Term(
            stem=t,
            weight=math.log(1 + (n - frequency[t] + 0.5) / (frequency[t] + 0.5)),
            recorded=tuple(frozenset(vocabulary.terms(word)) for word in recorded.get(t, ())),
        )
        for t in terms
    ]


def coverage(terms: Sequence[Term], stems: set[str]) -> float:
    """The share of the question's terms, by weight, that a text's stems hold."""
    total = sum(term.weight for term in terms)
    return sum(term.weight * term.held(stems) for term in terms) / total if total else 0.0
