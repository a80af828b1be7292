"""Words typed by a reader → where they stand in a document's paragraphs.

Letter case and accents do not count, and a beginning is enough ("journal" finds
"journalists"); words in quotation marks must stand together.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from rag.app.safe import Span
from rag.domain import Document

_PHRASES = re.compile(r"[\"“”«»]([^\"“”«»]+)[\"“”«»]|(\S+)")
_LETTERS = {"’": "'", "‘": "'", "\u2011": "-", "\u00a0": " "}


def find_words(asked: str, text: str) -> tuple[Span, ...]:
    """Find every place of every word; none where one of the words is not there at all."""
    spans: list[Span] = []
    folded = _folded(text)
    for phrase in _asked(asked):
        words = r"\s+".join(map(re.escape, phrase))
        found = [match.span() for match in re.finditer(rf"(?<![^\W_]){words}", folded)]
        if not found:
            return ()
        spans += found
    return tuple(sorted(spans))


def find_all(asked: str, document: Document) -> dict[int, tuple[Span, ...]]:
    """Ordinal → places, of the paragraphs that hold every word that was asked for."""
    found = {p.ordinal: find_words(asked, p.text) for p in document.paragraphs}
    return {ordinal: spans for ordinal, spans in found.items() if spans}


def _asked(asked: str) -> list[list[str]]:
    """The words, or phrases, that were typed; each a list of words that follow each other."""
    return [_folded(match[1] or match[2]).split() for match in _PHRASES.finditer(asked)]


def _folded(text: str) -> str:
    """Small letters without accents; as many characters as there were."""
    return text.lower() if text.isascii() else "".join(map(_letter, text))


@cache
def _letter(character: str) -> str:
    if character.isascii():
        return character.lower()
    plain = unicodedata.normalize("NFKD", _LETTERS.get(character, character)).lower()
    base = [sign for sign in plain if not unicodedata.combining(sign)]
    return base[0] if len(base) == 1 else character
