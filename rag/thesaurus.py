"""How people ask → how official records say it.

A journalist asks about "kids behind bars"; the record speaks of minors in
detention. The notions stand in `thesaurus.txt`; a question that holds one side's
expression is searched by the other side's words as well, at a lower weight.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

Terms = Callable[[str], list[str]]  # text → stems


@dataclass(frozen=True, slots=True)
class Notion:
    """One line of the thesaurus."""

    asked: tuple[str, ...]  # expressions of everyday speech
    recorded: tuple[str, ...]  # words of records


@lru_cache(maxsize=1)
def notions() -> tuple[Notion, ...]:
    """The notions, in the order of the file."""
    text = (files("rag") / "thesaurus.txt").read_text(encoding="utf-8")
    found: list[Notion] = []
    for line in text.splitlines():
        if line.strip() and not line.startswith("#"):
            asked, _, recorded = line.partition(" : ")
            found.append(Notion(_split(asked), _split(recorded)))
    return tuple(found)


def _split(words: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in words.split(",") if word.strip())


@lru_cache(maxsize=4)
def _by_stems(terms: Terms) -> tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]:
    """Each expression as its stems, with the stems and words of what it stands for."""
    return tuple(
        (stems, notion.recorded)
        for notion in notions()
        for expression in notion.asked
        if (stems := tuple(terms(expression)))
    )


def related(question: str, terms: Terms) -> dict[str, tuple[str, ...]]:
    """Which records' words stand for which of a question's stems.

    Args:
        question: as asked.
        terms: how text is cut into stems.

    Returns:
        For each stem of the question that belongs to an expression of everyday
        speech: the records' expressions for it.

    """
    there = terms(question)
    held = set(there)
    found: dict[str, list[str]] = {}
    for stems, recorded in _by_stems(terms):
        if held.issuperset(stems):
            for stem in stems:
                known = found.setdefault(stem, [])
                known += [word for word in recorded if word not in known]
    return {stem: tuple(words) for stem, words in found.items()}


def expand(found: Mapping[str, Sequence[str]]) -> str:
    """All the records' words for a question, as a text to be searched by."""
    return " ".join(dict.fromkeys(word for words in found.values() for word in words))
