"""Lines of a text as extracted → lines of the record, free of page furniture.

Running headers, job numbers, page numbers and bar codes fall between the lines
of paragraphs when text is taken from a PDF; here they are told by their form
and their neighbours, and taken out.
"""

from __future__ import annotations

import itertools
import re
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass

from rag.cite import is_symbol, normalise_symbol
from rag.domain import LineHint, SourceText

# "GE.16-10811 9", "4 V.09-81234 (E)": the job number of the printer, with or without page number.
_JOB = re.compile(
    r"^(?:(\d{1,4})\s+)?[A-Z]{1,3}\.\d{2}-\d{4,6}(?:\s*\([A-Z]\))?(?:\s+\d{6})*(?:\s+(\d{1,4}))?$"
)
_PAGE = re.compile(
    r"^(?:[-–—]\s*)?(?:[Pp]age\s+)?(\d{1,4})(?:/\d{1,4}|\s+of\s+\d{1,4})?(?:\s*[-–—])?$"
)
_BARCODE = re.compile(r"^\*\s?\d[\d\s]{5,}\s?\*$")
_RULE = re.compile(r"^[-–—_*=. ]{3,}$")
_RECYCLE = re.compile(r"^(?:Please recycle|\(E\)|\*\d{6,}\*).{0,3}$")
_TOP = 60  # lines in which a masthead stands
_MANY_PAGES = 6  # numbers in a row that cannot be chance
_PAGE_LINES = 10  # lines of a page; the rows of a table are nearer to each other
_TABBED = re.compile(r"\s*\d{1,4}(?:\.\d{1,3})*\.?\t")
_SPACES = re.compile(r"[ \t\u00a0\u2000-\u200a\u202f\u3000]+")
_FLAT = 8_000  # characters of a line that is no paragraph, but a document
_SEAM = re.compile(
    r"\s{2,}|(?<=\S)\s(?=\d{1,3}(?:\.\d{1,3}){0,2}\.?\s+[A-ZÀ-Þ“\"(\[])|"
    r"(?<=[.;:,])\s(?=\([a-z]{1,2}\)\s)|(?<=[.;:])\s(?=[IVX]{1,5}\.\s+[A-Z])"
)
_INVISIBLE = dict.fromkeys(
    (*map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"), *range(9), *range(0x0E, 0x20), 0x7F)
)


@dataclass(frozen=True, slots=True)
class Line:
    """One line that carries text."""

    text: str  # white space folded
    page: int | None
    gap: bool  # a blank line stands above, in a text where blank lines mean something
    torn: bool = False  # page furniture stood above it
    hint: LineHint | None = None  # what the layout says of it; None in plain text
    tabbed: bool = False  # begins with a number that a tab sets apart, in plain text


def clean(text: str) -> str:
    """Fold white space and drop invisible characters."""
    return _SPACES.sub(" ", text.translate(_INVISIBLE)).strip()


def split(source: SourceText) -> tuple[list[Line], list[str]]:
    """Cut a text into lines.

    Returns:
        The lines, and the symbols that stood alone on a line (running headers and
        mastheads), most frequent first.

    """
    starts = [offset for offset, _ in source.pages]
    raw: list[tuple[str, int | None]] = []
    tabbed: set[int] = set()
    offset = 0
    for line in source.text.split("\n"):
        at = bisect_right(starts, offset) - 1
        page = source.pages[at][1] if at >= 0 else None
        if _TABBED.match(line):
            tabbed.add(len(raw))
        pieces = _pieces(line) if len(line) > _FLAT and not source.hints else [line]
        raw += [(clean(piece), page) for piece in pieces]
        offset += len(line) + 1
    symbols = _standing([text for text, _ in raw])
    own = symbols[0] if symbols else None
    furniture = _furniture([text for text, _ in raw], own)
    if not source.hints:  # a layout tells page numbers by their place
        furniture |= _page_numbers([text for text, _ in raw])
    spaced = _blank_lines_mean_something([text for text, _ in raw])
    lines: list[Line] = []
    gap = torn = False
    for number, (text, page) in enumerate(raw):
        if not text:
            gap = True
        elif number in furniture:
            torn = True
        else:
            hint = source.hints[number] if source.hints else None
            lines.append(Line(text, page, gap and spaced, torn, hint, number in tabbed))
            gap = torn = False
    return lines, symbols


def _standing(texts: list[str]) -> list[str]:
    """Symbols that stand alone, on a line or in a cell, at a page's edge or again and again."""
    seen: Counter[str] = Counter()
    top: set[str] = set()
    lines = [text for text in texts if text]
    for place, text in enumerate(lines):
        beside = lines[max(0, place - 1) : place + 2]
        edge = place < _TOP or any(_JOB.match(other) for other in beside)
        for cell in text.split("|") if "|" in text[:200] else [text]:
            cell = cell.strip(" *")
            if cell and len(cell) < 60 and is_symbol(cell) and (symbol := normalise_symbol(cell)):
                seen[symbol] += 1
                if edge:
                    top.add(symbol)
    return [symbol for symbol, count in seen.most_common() if count > 1 or symbol in top]


def _pieces(line: str) -> list[str]:
    """Cut a whole document on one line where a number or a wide space may begin another."""
    return [piece for piece in _SEAM.split(line) if piece.strip()]


def _blank_lines_mean_something(texts: list[str]) -> bool:
    """False where a blank line follows every line (an artefact of extraction)."""
    filled = [bool(text) for text in texts]
    pairs = sum(a and b for a, b in itertools.pairwise(filled))
    return pairs > 0.1 * max(1, sum(filled))


def _furniture(texts: list[str], own: str | None) -> set[int]:
    """Indices of lines that belong to the page, not to the record."""
    filled = [i for i, text in enumerate(texts) if text]
    sure: set[int] = set()
    for i in filled:
        text = texts[i]
        is_own = own is not None and is_symbol(text) and normalise_symbol(text) == own
        if (
            is_own
            or _RULE.match(text)
            or _JOB.match(text)
            or _BARCODE.match(text)
            or _RECYCLE.match(text)
        ):
            sure.add(i)
    # A bare number is a page number only beside other furniture: elsewhere it may be data.
    for place, i in enumerate(filled):
        if _PAGE.match(texts[i]):
            beside = filled[max(0, place - 1) : place] + filled[place + 1 : place + 2]
            if any(j in sure for j in beside):
                sure.add(i)
    return sure


def _page_numbers(texts: list[str]) -> set[int]:
    """Numbers alone on their lines that count the pages, a page's lines apart."""
    filled = [i for i, text in enumerate(texts) if text]
    place = {i: n for n, i in enumerate(filled)}
    longest: dict[int, tuple[int, ...]] = {}  # last number → the lines of the longest count to it
    for i in filled:
        if texts[i].isdecimal() and len(texts[i]) < 5:
            number = int(texts[i])
            before = max(longest.get(number - 1, ()), longest.get(number - 2, ()), key=len)
            if len(before) >= len(longest.get(number, ())):
                longest[number] = (*before, i)
    best = max(longest.values(), key=len, default=())
    apart = sorted(place[b] - place[a] for a, b in itertools.pairwise(best))
    far = len(best) >= _MANY_PAGES and apart[len(apart) // 2] >= _PAGE_LINES
    return set(best) if far else set()
