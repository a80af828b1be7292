"""A page of a PDF → words → printed lines, from where each character stands.

PDFium gives every character with its origin on the baseline; lines are made from
those, not from the order in which the file happens to draw them. A word that is
smaller and raised above the baseline (a footnote's mark, the "th" of "11th") joins
the line it stands in and is marked as raised.
"""

from __future__ import annotations

import ctypes
import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pypdfium2.raw as pdfium

_HYPHENS = {0x02: "-", 0xAD: "\u00ad", 0xFFFE: "-"}
_LIGATURES = {0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl", 0xFB05: "st"}
_BOLD = 600  # font weight from which letters look bold
_SPACES = frozenset((0x20, 0x09, 0x0A, 0x0D, 0xA0, 0x00))
_SAMPLE = 200  # letters of a page that tell which way it is read
_UNIT = re.compile(r"(?:^|\d)(?:k|c|m|d)?m$")
_MAX_CHARS = 200_000  # of one page; more is no page that anybody reads


@dataclass(slots=True)
class Word:
    """Characters without a space between them; coordinates in points, y upwards."""

    text: str
    x0: float
    x1: float
    y: float  # baseline
    size: float  # of the type
    bold: bool
    italic: bool = False
    raised: bool = False
    spaced: bool = True  # a space stands before it


@dataclass(slots=True)
class Printed:
    """One printed line, its words from left to right."""

    words: list[Word]
    y: float
    size: float

    @property
    def x0(self) -> float:
        """Where the line begins."""
        return self.words[0].x0

    @property
    def x1(self) -> float:
        """Where the line ends."""
        return self.words[-1].x1

    @property
    def bold(self) -> bool:
        """Whether every word of it is bold."""
        return all(word.bold for word in self.words if any(c.isalnum() for c in word.text))

    @property
    def italic(self) -> bool:
        """Whether every word of it is in italics."""
        return all(word.italic for word in self.words if any(c.isalnum() for c in word.text))

    @property
    def text(self) -> str:
        """Its words, a space between each two."""
        return join(self.words)


def join(words: Sequence[Word], drop: frozenset[str] = frozenset()) -> str:
    """The text of words in a line, as `joined`."""
    return joined(words, drop)[0]


def joined(
    words: Sequence[Word], drop: frozenset[str] = frozenset()
) -> tuple[str, list[tuple[int, str]]]:
    """The text of words in a line; a raised word stays with the word it follows.

    Args:
        words: from left to right.
        drop: raised words to leave out (the marks of footnotes).

    Returns:
        The text, and where in it each word stood that was left out.

    """
    text = ""
    left_out: list[tuple[int, str]] = []
    before: Word | None = None
    for word in words:
        unit = before is not None and _UNIT.search(before.text) is not None  # "40 km2"
        dropped = word.raised and word.text in drop and not unit
        near = before is not None and word.x0 - before.x1 < 0.2 * max(word.size, before.size)
        glued = near and (not word.spaced or word.raised)
        after_mark = before is not None and before.raised and before.text in drop
        glued = glued or (after_mark and word.text[0] in ",.;:!?)”’»")
        if dropped:
            left_out.append((len(text), word.text))
        else:
            text += word.text if not text or glued else " " + word.text
        before = word
    return text, left_out


@dataclass(frozen=True, slots=True)
class PrintedPage:
    """A page as it is read: upright, whichever way its text runs on the sheet."""

    lines: list[Printed]  # from top to bottom
    width: float
    height: float
    slanted: int  # letters of text that runs another way, and is left out


def printed_page(textpage: Any, width: float, height: float) -> PrintedPage:
    """Read the printed lines of a page; a landscape table is read as it is held to be read.

    Args:
        textpage: of pypdfium2.
        width: of the page, in points.
        height: of the page, in points.

    """
    count = min(pdfium.FPDFText_CountChars(textpage), _MAX_CHARS)
    quarter = _quarter(textpage, count)
    sheet = _Sheet(quarter, width, height)
    words, slanted = _words(textpage, count, sheet)
    if quarter % 2:
        width, height = height, width
    return PrintedPage(_merge_raised(_lines(words)), width, height, slanted)


def _quarter(textpage: Any, count: int) -> int:
    """By how many quarters of a turn, with the clock, most letters stand."""
    turned: Counter[int] = Counter()
    for i in range(0, count, max(1, count // _SAMPLE)):
        if not pdfium.FPDFText_IsGenerated(textpage, i):
            angle = pdfium.FPDFText_GetCharAngle(textpage, i)
            if not math.isfinite(angle):
                continue
            turned[round(angle / (math.pi / 2)) % 4] += 1
    return turned.most_common(1)[0][0] if turned else 0


@dataclass(slots=True)
class _Sheet:
    """Turns places on the sheet into places on the upright page."""

    quarter: int
    width: float
    height: float

    def upright(self, box: Any, x: float, y: float) -> tuple[float, float, float, float]:
        """Left and right edge, height, and baseline of a letter."""
        if self.quarter == 0:
            return box.left, box.right, box.top - box.bottom, y
        if self.quarter == 1:
            return self.height - box.top, self.height - box.bottom, box.right - box.left, x
        if self.quarter == 2:
            return (
                self.width - box.right, self.width - box.left, box.top - box.bottom, self.height - y,
            )  # fmt: skip
        return box.bottom, box.top, box.right - box.left, self.width - x


def _words(textpage: Any, count: int, sheet: _Sheet) -> tuple[list[Word], int]:
    """The words of a page in the order of the file, and how many letters run another way."""
    x, y = ctypes.c_double(), ctypes.c_double()
    box = pdfium.FS_RECTF()
    unicode_of, origin_of = pdfium.FPDFText_GetUnicode, pdfium.FPDFText_GetCharOrigin
    box_of, angle_of = pdfium.FPDFText_GetLooseCharBox, pdfium.FPDFText_GetCharAngle
    words: list[Word] = []
    open_word: Word | None = None
    spaced = True
    height, slanted = 0.0, 0
    for i in range(count):
        code = unicode_of(textpage, i)
        if code in _SPACES or 0x2000 <= code <= 0x200B:
            open_word, spaced = None, True
            continue
        origin_of(textpage, i, x, y)
        box_of(textpage, i, box)
        left, right, tall, base = sheet.upright(box, x.value, y.value)
        if not all(map(math.isfinite, (left, right, tall, base))):
            continue  # a damaged file
        near = (
            open_word is not None
            and abs(base - open_word.y) < 0.5
            and abs(tall - height) < 0.02 * height
            and -0.5 * open_word.size < left - open_word.x1 < 0.9 * open_word.size
        )
        if near and open_word is not None:
            open_word.text += _letter(code)
            open_word.x1 = max(open_word.x1, right)
            continue
        turn = angle_of(textpage, i) / (math.pi / 2) - sheet.quarter
        # Stamps and marginal notes; an angle that is no number is that of a damaged file.
        if not math.isfinite(turn) or abs(turn - round(turn)) > 0.07 or round(turn) % 4:
            open_word, slanted = None, slanted + 1
            continue
        name = _font_name(textpage, i)
        open_word = Word(
            text=_letter(code),
            x0=left,
            x1=right,
            y=base,
            size=_type_size(textpage, i),
            bold=b"Bold" in name or pdfium.FPDFText_GetFontWeight(textpage, i) >= _BOLD,
            italic=b"Italic" in name or b"Oblique" in name,
            spaced=spaced,
        )
        height, spaced = tall, False
        words.append(open_word)
    return words, slanted


def _font_name(textpage: Any, i: int) -> bytes:
    flags = ctypes.c_int()
    name = ctypes.create_string_buffer(96)
    pdfium.FPDFText_GetFontInfo(textpage, i, name, 96, flags)
    return name.value


def _type_size(textpage: Any, i: int) -> float:
    """The type size in points: the font's, scaled as the text is (its box may be of any height)."""
    matrix = pdfium.FS_MATRIX()
    pdfium.FPDFText_GetMatrix(textpage, i, matrix)
    size = pdfium.FPDFText_GetFontSize(textpage, i) * (matrix.c**2 + matrix.d**2) ** 0.5
    return size if 0.5 < size < 500 else 1.0  # neither is one that is no number


def _letter(code: int) -> str:
    if (
        0xE000 <= code <= 0xF8FF
    ):  # a symbol font's own code: bullets are known, the rest is not text
        return "•" if code in (0xF0B7, 0xF0A7, 0xF0D8, 0xF02D, 0xF0FC) else "\ufffd"
    if code in _HYPHENS:
        return _HYPHENS[code]
    if code in _LIGATURES:
        return _LIGATURES[code]
    if 0xD800 <= code <= 0xDFFF or code > 0x10FFFF or code < 0x20:
        return "\ufffd"
    return chr(code)


def _lines(words: Sequence[Word]) -> list[Printed]:
    """Words on one baseline are a line."""
    lines: list[Printed] = []
    for word in sorted(words, key=lambda w: (-w.y, w.x0)):
        last = lines[-1] if lines else None
        if last is not None and last.y - word.y < 0.16 * min(last.size, word.size):
            last.words.append(word)
            last.size = max(last.size, word.size)
        else:
            lines.append(Printed([word], word.y, word.size))
    for line in lines:
        line.words.sort(key=lambda w: w.x0)
        line.size = _size(line.words)
    return lines


def _size(words: Sequence[Word]) -> float:
    """The size that most characters of a line have."""
    weights: dict[float, int] = {}
    for word in words:
        if not word.raised:
            weights[round(word.size, 1)] = weights.get(round(word.size, 1), 0) + len(word.text)
    return max(weights, key=lambda size: weights[size]) if weights else words[0].size


def _merge_raised(lines: list[Printed]) -> list[Printed]:
    """Put small words that stand a little off a line's baseline into that line."""
    merged: list[Printed] = []
    for i, line in enumerate(lines):
        hosts = [*reversed(merged[-3:]), *lines[i + 1 : i + 4]]
        left: list[Word] = []
        for word in line.words:
            host = next((h for h in hosts if _is_raised(word, h)), None)
            if host is None:
                left.append(word)
                continue
            word.raised = True
            host.words.append(word)
            host.words.sort(key=lambda w: w.x0)
        if left:
            line.words = left
            line.size = _size(left)
            merged.append(line)
    return merged


def _is_raised(word: Word, line: Printed) -> bool:
    """Whether a word is a superscript (or subscript) within a line."""
    if word.size > 0.85 * line.size or len(word.text) > 6:
        return False
    rise = word.y - line.y
    if not -0.3 * line.size < rise < 0.65 * line.size:
        return False
    before_all = line.words[0].x0 - word.x1
    if 0 <= before_all < 60 and re.fullmatch(r"\d{1,3}|[*∗†‡]{1,4}|[a-z]", word.text):
        return True  # the mark of a footnote, set apart from its text by a tab
    return any(
        -0.3 * line.size < word.x0 - w.x1 < 0.5 * line.size or 0 <= w.x0 - word.x1 < 0.5 * line.size
        for w in line.words
    )
