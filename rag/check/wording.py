"""A quotation and a paragraph → where it stands there, or how the words differ.

Words are compared, not characters: white space, quotation marks, hyphens, and marks at the
ends of a quotation do not count, nor does the case of a first letter. A marked ellipsis may
leave out anything, a bracketed insertion ("[the State party]") stands for a few words, and
"[T]he" and "detain[ed]" for the word they were made from.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property
from typing import Literal, NamedTuple

from rapidfuzz import fuzz

from rag.check.findings import Piece

Kind = Literal["same", "deleted", "inserted"]

_TOKEN = re.compile(
    r"(?P<word>[^\W_](?:[^\W_]|\u00ad|(?<=\d)[.,](?=\d)|['’‘ʼ](?=[^\W_])"
    r"|[-‐‑‒–]\s{0,2}(?=[^\W_]))*)|(?P<sign>[.,;:?!()/%$€£&—–-])"
)
_HYPHENS = re.compile(r"[-‐‑‒–\u00ad\s]")
_APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "ʼ": "'"})
_DASHES = frozenset("-–—")
_GAP = re.compile(
    r"(?P<any>\[\s*(?:…|\.\s?\.\s?\.)\s*\]|\(\s*(?:…|\.\.\.)\s*\)|…|\.\s?\.\s?\.(?:\s?\.)?)"
    r"|(?<![^\W_])(?P<letter>\[[^\W\d_]\])(?=[^\W_])"
    r"|(?<=[^\W_])(?P<ending>\[[^\W_]{1,6}\])"
    r"|(?P<inserted>\[[^\[\]]{1,300}\])"
)
_INSERTED = 8  # words that a bracketed insertion may stand for
_ENDING = 5  # letters that "detain[ed]" may have lost
_PARTS = 60  # parts of one quotation that are looked at
_AROUND = 6  # words looked at on either side of what is like a quotation


class Token(NamedTuple):
    """A word or a sign, with its span; `key` is what it is compared by."""

    key: str
    text: str
    start: int
    end: int
    word: bool


def tokens(text: str) -> list[Token]:
    """Words and signs of a text, in order, in linear time."""
    found: list[Token] = []
    for match in _TOKEN.finditer(text):
        printed = match[0]
        if match["word"]:
            key = unicodedata.normalize("NFKC", _HYPHENS.sub("", printed))
            key = key.translate(_APOSTROPHES)
        else:
            key = "-" if printed in _DASHES else printed
        found.append(Token(key, printed, *match.span(), bool(match["word"])))
    return found


@dataclass(frozen=True)
class Words:
    """A text cut into words, with what is asked of it again and again."""

    text: str

    @cached_property
    def tokens(self) -> list[Token]:
        """Words and signs."""
        return tokens(self.text)

    @cached_property
    def keys(self) -> list[str]:
        """What words are compared by, without the signs."""
        return [token.key.casefold() for token in self.tokens if token.word]

    @cached_property
    def at(self) -> dict[str, list[int]]:
        """Where among the tokens each word stands."""
        places: dict[str, list[int]] = {}
        for place, token in enumerate(self.tokens):
            places.setdefault(token.key.casefold(), []).append(place)
        return places


@dataclass(frozen=True, slots=True)
class Part:
    """Words of a quotation that stand together, and how far behind the part before."""

    text: str
    tokens: tuple[Token, ...]
    within: int | None  # at most so many words behind it; None for any number
    free: frozenset[int]  # words whose first letter is in brackets, or that begin the part
    stems: frozenset[int]  # words whose ending is in brackets


@dataclass(frozen=True)
class Quotation:
    """A quotation as it is looked for."""

    text: str

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """Its parts between ellipses and insertions; none where it has no words."""
        found: list[Part] = []
        position, within = 0, None
        text, letters, endings = "", set[int](), set[int]()

        def close() -> bool:
            part = _part(text, letters, endings, within)
            found.extend([part] if part else [])
            return part is not None

        for match in _GAP.finditer(self.text):
            if len(found) > _PARTS:
                break
            text += self.text[position : match.start()]
            position = match.end()
            if match["letter"]:
                letters.add(len(text))
                text += match[0][1]
            elif match["ending"]:
                endings.add(len(text))
            else:
                anything = not close() and bool(found) and within is None  # behind an ellipsis
                within = None if match["any"] or anything else _INSERTED
                text, letters, endings = "", set(), set()
        text += self.text[position:]
        close()
        return tuple(found)

    @cached_property
    def words(self) -> int:
        """How many words it has."""
        return sum(token.word for part in self.parts for token in part.tokens)

    def verbatim(self, there: Words) -> tuple[int, int] | None:
        """Where it stands in a text, word for word; None where it does not."""
        if not self.words:
            return None
        span = _from(self.parts, 0, 0, there, {})
        return span and (there.tokens[span[0]].start, there.tokens[span[1] - 1].end)

    def nearness(self, there: Words) -> float:
        """How near a text comes to it, from 0 to 1, where it comes nearest."""
        total, reached = 0, 0.0
        for part in self.parts:
            keys = [token.key.casefold() for token in part.tokens if token.word]
            if keys and there.keys:
                reached += len(keys) * _likeness(keys, there.keys)
            total += len(keys)
        return reached / total if total else 0.0

    def difference(self, there: Words) -> tuple[tuple[Piece, ...], tuple[int, int]]:
        """From a text's words to its own, where they come nearest; and the span there."""
        pieces: list[Piece] = []
        spans: list[tuple[int, int]] = []
        for part in self.parts:
            found, span = _compared(part, there)
            if pieces:
                pieces.append(Piece("same", "…"))
            pieces += found
            spans += [span] if span else []
        start = min((start for start, _ in spans), default=0)
        return tuple(pieces), (start, max((end for _, end in spans), default=0))


def _part(text: str, letters: set[int], endings: set[int], within: int | None) -> Part | None:
    """A part without the signs at its ends; None where it has no words."""
    cut = tokens(text)
    while cut and not cut[0].word:
        cut.pop(0)
    while cut and not cut[-1].word:
        cut.pop()
    if not cut:
        return None
    free = {0, *(i for i, token in enumerate(cut) if token.start in letters)}
    stems = {i for i, token in enumerate(cut) if token.end in endings}
    return Part(text, tuple(cut), within, frozenset(free), frozenset(stems))


def _from(
    parts: Sequence[Part], number: int, at: int, there: Words, tried: dict[tuple[int, int], None]
) -> tuple[int, int] | None:
    """The tokens that the parts from `number` on take up, from `at` on."""
    part = parts[number]
    last = len(there.tokens) if part.within is None or not number else at + part.within
    for start in _starts(part, there, at, last):
        end = start + len(part.tokens)
        if number + 1 == len(parts):
            return start, end
        if (number + 1, end) in tried:
            continue
        rest = _from(parts, number + 1, end, there, tried)
        if rest is not None:
            return start, rest[1]
        tried[number + 1, end] = None
        if parts[number + 1].within is None:
            return None  # further on there is only less
    return None


def _starts(part: Part, there: Words, at: int, last: int) -> list[int]:
    """Places from `at` to `last` where a part stands."""
    first = part.tokens[0]
    if 0 in part.stems:
        places: Sequence[int] = range(at, min(last + 1, len(there.tokens)))
    else:
        places = there.at.get(first.key.casefold(), [])
    return [
        place
        for place in places
        if at <= place <= last
        and place + len(part.tokens) <= len(there.tokens)
        and all(
            _same(token, there.tokens[place + i], i in part.free, i in part.stems)
            for i, token in enumerate(part.tokens)
        )
    ]


def _same(mine: Token, theirs: Token, free: bool, stem: bool) -> bool:
    if stem:
        short, whole = mine.key.casefold(), theirs.key.casefold()
        return whole.startswith(short) and len(whole) <= len(short) + _ENDING
    if free:
        return mine.key.casefold() == theirs.key.casefold()
    return mine.key == theirs.key


def _likeness(mine: list[str], theirs: list[str]) -> float:
    if len(mine) > len(theirs):
        return fuzz.ratio(mine, theirs) / 100
    return fuzz.partial_ratio(mine, theirs) / 100


def _compared(part: Part, there: Words) -> tuple[list[Piece], tuple[int, int] | None]:
    """The difference of one part, and the span of the text that it is compared with."""
    keys = [token.key.casefold() for token in part.tokens]
    all_ = [token.key.casefold() for token in there.tokens]
    found = fuzz.partial_ratio_alignment(keys, all_) if len(keys) <= len(all_) else None
    low, high = (found.dest_start, found.dest_end) if found else (0, len(all_))
    low, high = max(0, low - _AROUND), min(len(all_), high + _AROUND)
    window = there.tokens[low:high]
    mine = [
        token.key.casefold() if i in part.free else token.key for i, token in enumerate(part.tokens)
    ]
    theirs = [token.key for token in window]
    if mine and 0 in part.free:  # the case of a first letter does not count
        theirs = [key.casefold() if key.casefold() == mine[0] else key for key in theirs]
        mine = [key.casefold() if key.casefold() == mine[0] else key for key in mine]
    codes = SequenceMatcher(None, theirs, mine, autojunk=False).get_opcodes()
    pieces: list[Piece] = []
    span: tuple[int, int] | None = None
    for number, (kind, a, b, c, d) in enumerate(codes):
        ends = number in (0, len(codes) - 1)
        if kind == "delete" and ends:
            continue  # what stands around it
        if kind == "replace" and ends and b - a > d - c:  # as many words as it has itself
            a, b = (b - (d - c), b) if number == 0 else (a, a + (d - c))
        if b > a:
            start, end = window[a].start, window[b - 1].end
            span = (min(span[0], start), max(span[1], end)) if span else (start, end)
            same: Kind = "same" if kind == "equal" else "deleted"
            pieces.append(Piece(same, _printed(there.text, window[a:b])))
        if d > c and kind != "equal":
            pieces.append(Piece("inserted", _printed(part.text, part.tokens[c:d])))
    return pieces, span


def _printed(text: str, some: Sequence[Token]) -> str:
    return " ".join(text[some[0].start : some[-1].end].split())
