"""A text → what stands in it in quotation marks, outermost marks first, in linear time.

Curly, straight, angled and low marks are told apart; a mark without its other half opens
nothing. An apostrophe is no mark: a single mark closes where no word goes on behind it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

MAX_QUOTATION = 10_000  # characters; what is longer is a mark that was never closed
_PAIRS = {"“": "”", "«": "»", "‹": "›"}
_CURLY = re.compile(r"[“”„«»‹›]")
_STRAIGHT = re.compile(r'"')
_SINGLE = re.compile(r"[‘‚’']")
_GOES_ON = re.compile(r"\s+[a-zà-ÿ]")
_WORD = re.compile(r"[^\W_]{2,}")

Span = tuple[int, int]  # of what stands between the marks


def quotations(text: str) -> list[Span]:
    """Spans of the outermost quotations, without their marks, in order."""
    found = sorted([*_curly(text), *_straight(text), *_single(text)], key=lambda s: (s[0], -s[1]))
    outermost: list[Span] = []
    for start, end in found:
        if outermost and start < outermost[-1][1]:
            continue
        if _WORD.search(text, start, end):
            outermost.append((start, end))
    return outermost


def _curly(text: str) -> Iterator[Span]:
    """Marks that nest; a closing mark belongs to the last that is open."""
    open_: list[tuple[str, int]] = []
    for match in _CURLY.finditer(text):
        mark, at = match[0], match.start()
        if mark == "„" or (mark == "“" and not (open_ and open_[-1][0] == "„")):
            open_.append((mark, match.end()))
            continue
        if mark in "«‹":
            open_.append((mark, match.end()))
            continue
        for back in range(len(open_) - 1, max(-1, len(open_) - 4), -1):
            opened, start = open_[back]
            if _PAIRS.get(opened) == mark or (opened == "„" and mark in "“”"):
                del open_[back:]
                if at - start <= MAX_QUOTATION:
                    yield start, at
                break


def _straight(text: str) -> Iterator[Span]:
    """Straight marks: one opens before a word and behind none, another closes."""
    start: int | None = None
    for match in _STRAIGHT.finditer(text):
        at = match.start()
        before, after = text[at - 1 : at], text[at + 1 : at + 2]
        if start is not None and (not after.isalnum() or not before.isspace()) and before.strip():
            if at - start <= MAX_QUOTATION:
                yield start, at
            start = None
        elif not before.isalnum() and after.strip():
            start = at + 1


def _single(text: str) -> Iterator[Span]:
    """Single marks; one closes best where no sentence goes on behind it."""
    marks = [match.start() for match in _SINGLE.finditer(text)]
    start: int | None = None
    fallback: int | None = None
    for at in marks:
        mark, before, after = text[at], text[at - 1 : at] if at else "", text[at + 1 : at + 2]
        opens = mark in "‘‚'" and not before.isalnum() and after.isalnum()
        closes = mark in "’'" and before.strip() != "" and not after.isalnum()
        if start is not None and closes:
            if _GOES_ON.match(text[at + 1 : at + 12]):
                fallback = fallback or at
                continue
            if at - start <= MAX_QUOTATION:
                yield start, at
            start = fallback = None
        elif opens:
            if start is not None and fallback is not None:
                yield start, fallback
            start, fallback = at + 1, None
    if start is not None and fallback is not None:
        yield start, fallback
