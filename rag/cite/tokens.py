"""Text → tokens of the citation grammar, each with its span.

A token is a document symbol (or what is cited by a name of its own, as a judgment is), a
paragraph word or sign, a number, a word or one character; white space only separates.
Offsets are those of the cleaned text.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from heapq import merge
from typing import Literal, NamedTuple

from rag.cite.named import named_in
from rag.cite.symbols import symbols_in

Kind = Literal["symbol", "mark", "number", "word", "sign"]

_TOKEN = re.compile(
    r"""
      (?P<mark>¶+|§+
        |(?:paras?|pars|p[aá]rrs?)(?:\b\.?|(?=\d))|p[aá]r\.
        |paragraphe?s?\b|p[aá]rrafos?\b|par[aá]grafos?\b
        |recommendations?(?=\s{1,3}(?:[Nn]os?\.?\s)?\d{1,3}\.\d))
    | (?P<number>[0-9]+(?:\.[0-9]+)*(?:\s{0,3}(?:bis|ter|quater)\b|ff?\b|(?!\w)))
    | (?P<word>\w+(?:['’]\w+)*)
    | (?P<sign>\S)
    """,
    re.IGNORECASE | re.VERBOSE,
)
_LATIN = re.compile(r"\s*(bis|ter|quater)$", re.IGNORECASE)


class Token(NamedTuple):  # a tuple, as a text of 1 MB has 200,000 of them
    """A piece of cleaned text; `text` is lower case for marks, canonical for symbols."""

    kind: Kind
    text: str
    start: int
    end: int
    named: bool = False  # a symbol that is not printed: a resolution's by its organ and number


def tokenise(text: str) -> list[Token]:
    """Split cleaned text into tokens, in order; symbols are found first."""
    tokens: list[Token] = []
    position = 0
    for start, end, symbol, named in _symbols(text):
        _read(text, position, start, tokens)
        tokens.append(Token("symbol", symbol, start, end, named))
        position = end
        while text.startswith(("*", "∗"), position):  # a reissue mark says nothing
            position += 1
    _read(text, position, len(text), tokens)
    return tokens


def _symbols(text: str) -> Iterator[tuple[int, int, str, bool]]:
    """Symbols and what is named, in order and without overlap; a printed symbol comes first."""
    printed = [(*span, False) for span in symbols_in(text)]
    starts = [start for start, *_ in printed]
    named: list[tuple[int, int, str, bool]] = []
    for start, end, symbol in named_in(text):
        at = bisect_right(starts, start)
        before = at == 0 or printed[at - 1][1] <= start
        if before and (at == len(starts) or starts[at] >= end):
            named.append((start, end, symbol, True))
    return merge(printed, named)


def _read(text: str, start: int, end: int, into: list[Token]) -> None:
    for match in _TOKEN.finditer(text, start, end):
        kind: Kind = match.lastgroup  # pyright: ignore[reportAssignmentType]
        printed = match[0]
        if kind == "number":
            printed = _label(printed)
        elif kind == "mark":
            printed = printed.lower()
        into.append(Token(kind, printed, *match.span()))


def _label(printed: str) -> str:
    """Write a label as it is kept: "14bis", "14  bis" → "14 bis"; "25ff" → "25"."""
    printed = printed.rstrip("fF")
    return _LATIN.sub(lambda match: f" {match[1].lower()}", printed)
