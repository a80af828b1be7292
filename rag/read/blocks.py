r"""Blocks of a laid-out document → the lines, hints and pages of a `SourceText`.

Word and HTML know where a paragraph begins; plain text only shows where a line does.
What both readers share is here: how white space is folded, which line breaks inside
a paragraph are kept, when a short line counts as a heading, and how a table is read.
"""

from __future__ import annotations

import hashlib
import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from rag.domain import Footnote, Format, LineHint, Note, SourceText

_INVISIBLE = dict.fromkeys(
    [*range(9), *range(14, 32), 127, *map(ord, "\u00ad\u200b\u200c\u200d\u2060\u2061\ufeff\ufffc")]
)
_SHOWN = str.maketrans({"\u2011": "-", "\u2028": "\n", "\u2029": "\n", "\v": "\n", "\r": "\n"})
_SPACES = re.compile(r"[^\S\n]+")
# A number that a tab or a run of spaces sets apart: "25.\tThe Committee", "(a)   The right".
_APART = re.compile(
    r"^\s*(?:\(?\d{1,4}(?:\.\d{1,4})*(?:[ \xa0]?(?:bis|ter|quater))?[.)]?|\(?[a-zA-Z]{1,4}[.)])"
    r"(?:\t|[ \xa0]*\t|[ \xa0]{3})\s*\S"
)
_MARK = re.compile(r"^(?:\(?\d{1,3}(?:\.\d{1,3})?\.?\)?|\([a-z]{1,4}\)|[•–—-])\s")
_NUMBER_ONLY = re.compile(r"^(?:\d{1,3}(?:\.\d{1,3})+\.?|\d{1,3}\.)(?: ?(?:bis|ter|quater)\.?)?$")
_REFERENCE = 0xF0000  # characters from here on stand for a footnote's mark until they are placed
_MARKS = re.compile(r"[\U000F0000-\U000FFFFD]")
_ENDS = re.compile(r"[.?!:;…][”\"’')\]*\d\U000F0000-\U000FFFFD]*$")
_MAX_HEADING = 200
_OPENING = 60  # a number stands within the first characters
_WRAPPED = 50  # a line this long may have been broken by its width alone


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph as laid out: its lines, those after the first being line breaks within it."""

    lines: tuple[str, ...]
    hint: LineHint
    page: int | None = None


def fold(raw: str) -> str:
    """Fold white space to single blanks, keep line breaks, drop what is never seen."""
    return _SPACES.sub(" ", raw.translate(_INVISIBLE).translate(_SHOWN)).strip()


def reference(number: int) -> str:
    """A character that stands for the mark of the footnote of this place in `footnotes`."""
    return chr(min(_REFERENCE + number, 0xFFFFD))


def unmarked(text: str) -> str:
    """Text without the characters that stand for the marks of footnotes."""
    return _MARKS.sub("", text)


def _placed(line: str, start: int) -> tuple[str, list[tuple[int, int]]]:
    """A line without the marks of footnotes, and where in the text they stood."""
    pieces: list[str] = []
    places: list[tuple[int, int]] = []
    length = position = 0
    for match in _MARKS.finditer(line):
        piece = line[position : match.start()]
        if places and pieces[-1].endswith(" ") and piece.startswith(" "):
            piece = piece[1:]
        pieces.append(piece)
        length += len(piece)
        places.append((start + length, ord(match[0]) - _REFERENCE))
        position = match.end()
    rest = line[position:]
    if places and "".join(pieces).endswith(" ") and rest[:1] in ("", " "):
        rest = rest[1:]
    return "".join([*pieces, rest]), places


def set_apart(raw: str) -> bool:
    """Whether raw text, not yet folded, begins with a number that a tab or spaces set apart."""
    return _APART.match(raw[:_OPENING].translate(_INVISIBLE)) is not None


def looks_like_heading(text: str, *, bold: bool, centred: bool) -> bool:
    """Whether the look of a block makes it a heading: bold or centred, short, no sentence."""
    return (
        (bold or centred) and 0 < len(text) <= _MAX_HEADING and not _ENDS.search(text[-_OPENING:])
    )


def blocks_of(raw: str, hint: LineHint, page: int | None = None) -> list[Block]:
    r"""Cut the raw text of one element at its line breaks.

    Two breaks in a row part blocks. One break is kept as a line of the same block,
    unless it only wraps a sentence: then it is a blank.
    """
    text = fold(raw)
    if "\n" not in text:
        return [Block((text,), hint, page)] if text else []
    blocks: list[Block] = []
    for part in re.split(r"\n ?\n\s*", text):
        lines = [line for line in (piece.strip() for piece in part.split("\n")) if line]
        for joined in _unwrapped(lines):
            blocks.append(Block(joined, hint if not blocks else replace(hint, number=False), page))
    return blocks


def _unwrapped(lines: Sequence[str]) -> list[tuple[str, ...]]:
    """The lines of one element → blocks of lines."""
    if not lines:
        return []
    lengths = [len(line) for line in lines[:-1]]
    wrapped = len(lines) > 2 and min(lengths) >= _WRAPPED and min(lengths) > 0.65 * max(lengths)
    blocks: list[list[list[str]]] = [[[lines[0]]]]  # of lines, each of the pieces it joins
    for above, line in itertools.pairwise(lines):
        ended = _ENDS.search(above[-_OPENING:]) is not None
        if ended and _MARK.match(line):
            blocks.append([[line]])
        elif not above.endswith("-") and (wrapped or (line[0].islower() and not ended)):
            blocks[-1][-1].append(line)
        else:
            blocks[-1].append([line])
    return [tuple(" ".join(pieces) for pieces in block) for block in blocks]


Cell = list[Block]
Row = list[Cell]


def table_blocks(rows: Sequence[Row], *, front: bool) -> list[Block]:
    """Read a table: as running text where it only lays out the page, else a line a row.

    Args:
        rows: the blocks of each cell, in reading order.
        front: whether it stands before the first numbered paragraph, as a masthead does.

    """
    filled = [[cell for cell in row if cell] for row in rows]
    filled = [row for row in filled if row]
    if front or all(len(row) == 1 for row in filled) or _lays_out(filled):
        return [block for row in filled for cell in row for block in cell]
    return [_row(row) for row in filled]


def _lays_out(rows: Sequence[Row]) -> bool:
    """Whether a cell holds running text: several blocks, one of them long or numbered."""
    return any(
        len(cell) > 1
        and (any(block.hint.number for block in cell) or sum(_length(b) for b in cell) > 600)
        for row in rows
        for cell in row
    )


def _length(block: Block) -> int:
    return sum(map(len, block.lines))


def _row(row: Row) -> Block:
    texts = [" ".join(line for block in cell for line in block.lines) for cell in row]
    first = row[0][0]
    heading = all(block.hint.heading for cell in row for block in cell)
    # The number of a paragraph may have a column of its own.
    if len(texts) == 2 and _NUMBER_ONLY.match(texts[0]):
        hint = LineHint(first.hint.indent, opens=True, number=True)
        return Block((" ".join(texts),), hint, first.page)
    hint = LineHint(first.hint.indent, opens=True, heading=heading and len(texts) == 1)
    return Block((" | ".join(texts),), hint, first.page)


def assemble(
    path: Path,
    data: bytes,
    blocks: Iterable[Block],
    *,
    format: Format,  # noqa: A002  # the field's name
    footnotes: Sequence[Footnote] = (),
    notes: Sequence[Note] = (),
) -> SourceText:
    """Write the blocks out: one line each, a hint a line, and where pages begin."""
    lines: list[str] = []
    hints: list[LineHint] = []
    pages: list[tuple[int, int]] = []
    references: list[tuple[int, int]] = []
    offset = 0
    for block in blocks:
        if block.page is not None and (not pages or block.page > pages[-1][1]):
            pages.append((offset, block.page))
        for number, printed in enumerate(block.lines):
            line, marks = _placed(printed.replace("\n", " "), offset)  # odd characters fold to it
            references += [mark for mark in marks if mark[1] < len(footnotes)]
            lines.append(line)
            hints.append(block.hint if not number else LineHint(block.hint.indent))
            offset += len(line) + 1
    return SourceText(
        path=path,
        sha256=hashlib.sha256(data).hexdigest(),
        text="\n".join(lines),
        pages=tuple(pages),
        notes=tuple(notes),
        hints=tuple(hints),
        footnotes=tuple(footnotes),
        format=format,
        references=tuple(references),
    )
