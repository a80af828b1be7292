"""Text → tokens of the citation grammar, each with its span.

A token is a document symbol, a paragraph word or sign, a number, a word or one
character; white space only separates. Offsets are those of the cleaned text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from rag.cite.symbols import symbols_in

Kind = Literal["symbol", "mark", "number", "word", "sign"]

_TOKEN = re.compile(
    r"""
      (?P<mark>¶+|§+
        |(?:paras?|pars|p[aá]rrs?)\b\.?|par\.
        |paragraphe?s?\b|p[aá]rrafos?\b|par[aá]grafos?\b)
    | (?P<number>[0-9]+(?:\.[0-9]+)*(?:\s{0,3}(?:bis|ter|quater)\b|(?!\w)))
    | (?P<word>\w+(?:['’]\w+)*)
    | (?P<sign>\S)
    """,
    re.IGNORECASE | re.VERBOSE,
)
_LATIN = re.compile(r"\s*(bis|ter|quater)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of cleaned text; `text` is lower case for words and marks, canonical for symbols."""

    kind: Kind
    text: str
    start: int
    end: int


def tokenise(text: str) -> list[Token]:
    """Split cleaned text into tokens, in order; symbols are found first."""
    tokens: list[Token] = []
    position = 0
    for start, end, symbol in symbols_in(text):
        _read(text, position, start, tokens)
        tokens.append(Token("symbol", symbol, start, end))
        position = end
        while text.startswith("*", position):  # a reissue mark says nothing
            position += 1
    _read(text, position, len(text), tokens)
    return tokens


def _read(text: str, start: int, end: int, into: list[Token]) -> None:
    for match in _TOKEN.finditer(text, start, end):
        printed = match[0]
        if match["number"]:
            into.append(Token("number", _label(printed), match.start(), match.end()))
        elif match["mark"]:
            into.append(Token("mark", printed.lower(), match.start(), match.end()))
        elif match["word"]:
            into.append(Token("word", printed, match.start(), match.end()))
        else:
            into.append(Token("sign", printed, match.start(), match.end()))


def _label(printed: str) -> str:
    """Write a label as it is kept: "14bis", "14  bis" → "14 bis"."""
    return _LATIN.sub(lambda match: f" {match[1].lower()}", printed)
