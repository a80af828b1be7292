"""A stem → the words that mean the same, from WordNet's list (`wordnet.txt`)."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from importlib.resources import files

Terms = Callable[[str], list[str]]  # text → stems


@lru_cache(maxsize=4)
def synonyms(terms: Terms) -> dict[str, frozenset[str]]:
    """For each stem, as `terms` cuts words, the stems of words that mean the same."""
    found: dict[str, set[str]] = {}
    text = (files("rag.answer") / "wordnet.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        word, colon, rest = line.partition(": ")
        if line.startswith("#") or not colon:
            continue
        alike = set(terms(rest.partition("|")[0]))
        for stem in terms(word):
            found.setdefault(stem, set()).update(alike - {stem})
    return {stem: frozenset(alike) for stem, alike in found.items()}
