"""The image of a scanned page → its printed lines, read by character recognition.

The engine gives pieces of lines in no order; here the page is set upright and level,
and pieces on one baseline become a line. The way a page lies is told once for the page,
by how sure the reading is.

Numbers read in this way are marked as such (`Paragraph.ocr`).
"""

from __future__ import annotations

import math
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import mean, median
from typing import TYPE_CHECKING, Any

from rag.domain import Note
from rag.read.ocr_engine import (
    LONGEST_SIDE,
    Box,
    OcrWord,
    Piece,
    around,
    available,
    pieces_of,
    pixels_of,
    smaller,
)

if TYPE_CHECKING:
    from rag.read.glyphs import Printed
    from rag.read.ocr_engine import Pixels

__all__ = [
    "OcrLine",
    "OcrPage",
    "OcrWord",
    "available",
    "ocr_lines",
    "ocr_notes",
    "ocr_page",
    "ocr_pdf_page",
]

DPI = 150  # 200 reads no better and takes longer
DOUBTFUL = 0.9  # confidence of a line below which it is worth a look
_UPRIGHT = 0.75  # median confidence below which a page may lie the wrong way
_SHOWN = 20  # doubtful lines that are noted one by one

_reading = threading.Lock()  # one page at a time: the engine keeps state


@dataclass(frozen=True, slots=True)
class OcrLine:
    """What stands on one baseline, from left to right, over all columns of the page."""

    words: tuple[OcrWord, ...]
    repaired: int = 0  # spaces that were put back

    @property
    def text(self) -> str:
        """Its words, a space between each two."""
        return " ".join(word.text for word in self.words)

    @property
    def box(self) -> Box:
        """The box around all its words."""
        x0, y0, x1, y1 = zip(*(word.box for word in self.words), strict=True)
        return min(x0), min(y0), max(x1), max(y1)

    @property
    def confidence(self) -> float:
        """The mean of its characters, from 0 to 1."""
        length = sum(len(word.text) for word in self.words)
        return sum(word.confidence * len(word.text) for word in self.words) / length


@dataclass(frozen=True, slots=True)
class OcrPage:
    """A page as read, set upright."""

    lines: tuple[OcrLine, ...]  # from top to bottom
    width: int  # pixels, once the page is upright
    height: int
    scale: float  # pixels to a point
    turned: int = 0  # degrees, against the clock, by which it had to be turned

    def printed(self) -> list[Printed]:
        """Its lines in points and upwards, as those of a text layer are."""
        from rag.read.glyphs import Printed, Word

        lines: list[Printed] = []
        for line, size in zip(self.lines, _type_sizes(self.lines, self.scale), strict=True):
            _, y0, _, y1 = line.box
            baseline = (self.height - (y0 + y1) / 2) / self.scale - 0.3 * size
            words = [
                Word(w.text, w.box[0] / self.scale, w.box[2] / self.scale, baseline, size, False)
                for w in line.words
            ]
            lines.append(Printed(words, baseline, size))
        return lines


def ocr_lines(image: Pixels) -> list[OcrLine]:
    """Read the lines of a page's image, from top to bottom.

    Raises:
        ModelUnavailable: the extra is not installed.

    """
    return list(ocr_page(image).lines)


def ocr_pdf_page(page: Any) -> OcrPage:
    """Render a page of pypdfium2 and read it.

    Raises:
        ModelUnavailable: the extra is not installed.

    """
    scale = min(DPI / 72, LONGEST_SIDE / max(page.get_size()))
    bitmap = page.render(scale=scale, grayscale=True)
    try:
        return ocr_page(bitmap.to_numpy().copy(), scale=scale)
    finally:
        bitmap.close()


def ocr_page(image: Pixels, *, scale: float = DPI / 72) -> OcrPage:
    """Read a page's image, whichever way it lies.

    Args:
        image: of any mode, or an array of shape (height, width) or (height, width, 3).
        scale: its pixels to a point.

    Raises:
        ModelUnavailable: the extra is not installed.

    """
    import numpy as np

    pixels = pixels_of(image)
    longest = max(pixels.shape[:2])
    if longest > LONGEST_SIDE:
        pixels, scale = smaller(pixels), scale * LONGEST_SIDE / longest
    with _reading:
        found, turned = pieces_of(pixels), 0
        if found and sum(piece.tall for piece in found) > len(found) / 2:
            pixels, turned = np.ascontiguousarray(np.rot90(pixels)), 90
            found = pieces_of(pixels)
        if len(found) > 1 and _sureness(found) < _UPRIGHT:
            other = np.ascontiguousarray(np.rot90(pixels, 2))
            again = pieces_of(other)
            if _sureness(again) > _sureness(found):
                pixels, found, turned = other, again, turned + 180
    height, width = pixels.shape[:2]
    return OcrPage(tuple(_lines(_levelled(found, width, height))), width, height, scale, turned)


def ocr_notes(pages: Mapping[int, Sequence[OcrLine]]) -> tuple[Note, ...]:
    """What a reader should know of pages that were read in this way.

    Args:
        pages: page number → its lines.

    """
    if not pages:
        return ()
    numbers = sorted(pages)
    which = f"Page {numbers[0]}" if len(numbers) == 1 else f"{len(numbers)} pages"
    verb = "has" if len(numbers) == 1 else "have"
    notes = [
        Note(
            "character recognition",
            "",
            f"{which} of the file {verb} no text layer: read by character recognition; "
            "check numbers, names and figures against the page.",
        )
    ]
    doubtful = [
        (number, line) for number in numbers for line in pages[number] if line.confidence < DOUBTFUL
    ]
    notes += [
        Note("doubtful reading", f"p. {number}", f"{line.text[:120]!r} may be misread.")
        for number, line in doubtful[:_SHOWN]
    ]
    if len(doubtful) > _SHOWN:
        notes.append(Note("doubtful reading", "", f"So may {len(doubtful) - _SHOWN} more lines."))
    repaired = sum(line.repaired for lines in pages.values() for line in lines)
    if repaired:
        what = "1 lost space was" if repaired == 1 else f"{repaired} lost spaces were"
        notes.append(Note("spaces", "", f"{what} put back where a gap between letters shows it."))
    return tuple(notes)


# -- lines -------------------------------------------------------------------------------------


def _levelled(pieces: Sequence[Piece], width: int, height: int) -> list[Piece]:
    """Turn all boxes by the angle at which long pieces run, so that lines are level."""
    long = [
        math.atan2(piece.corners[1][1] - piece.corners[0][1], across)
        for piece in pieces
        if (across := piece.corners[1][0] - piece.corners[0][0]) > width / 5
    ]
    angle = median(long) if long else 0.0
    if abs(angle) < 0.001:
        return list(pieces)
    cos, sin, cx, cy = math.cos(angle), math.sin(angle), width / 2, height / 2

    def level(x: float, y: float) -> tuple[float, float]:
        dx, dy = x - cx, y - cy
        return cx + dx * cos + dy * sin, cy - dx * sin + dy * cos

    levelled: list[Piece] = []
    for piece in pieces:
        corners = tuple(level(x, y) for x, y in piece.corners)
        _, top, _, bottom = around(corners)
        words: list[OcrWord] = []
        for word in piece.words:
            x0, y0, x1, y1 = word.box
            left, right = level(x0, (y0 + y1) / 2)[0], level(x1, (y0 + y1) / 2)[0]
            words.append(OcrWord(word.text, (left, top, right, bottom), word.confidence))
        levelled.append(Piece(corners, tuple(words), piece.confidence, piece.repaired))
    return levelled


def _lines(pieces: Sequence[Piece]) -> list[OcrLine]:
    """Put pieces on one baseline together, from left to right."""
    rows: list[list[Piece]] = []
    for piece in sorted(pieces, key=_middle):
        row = rows[-1] if rows else None
        if row is not None and _on_one_line(row, piece):
            row.append(piece)
        else:
            rows.append([piece])
    lines: list[OcrLine] = []
    for row in rows:
        row.sort(key=lambda piece: around(piece.corners)[0])
        words = tuple(word for piece in row for word in piece.words)
        lines.append(OcrLine(words, sum(piece.repaired for piece in row)))
    return lines


def _middle(piece: Piece) -> float:
    _, y0, _, y1 = around(piece.corners)
    return (y0 + y1) / 2


def _on_one_line(row: Sequence[Piece], piece: Piece) -> bool:
    x0, y0, x1, y1 = around(piece.corners)
    boxes = [around(other.corners) for other in row]
    if any(min(x1, b[2]) - max(x0, b[0]) > 0.3 * min(x1 - x0, b[2] - b[0]) for b in boxes):
        return False  # one above the other, however close
    height = min(y1 - y0, *(b[3] - b[1] for b in boxes))
    return abs(_middle(piece) - mean(_middle(other) for other in row)) < 0.5 * height


def _type_sizes(lines: Sequence[OcrLine], scale: float) -> list[float]:
    """The size of each line's type in points: that of the page unless it is plainly another.

    Letters take up a steady width, while the height of a box depends on the letters that
    it happens to hold: so the width tells the page's size (an average letter of a text
    face is 0.42 of it wide), and both must agree before a line is of another size, or
    what is text would be taken for a footnote.
    """
    heights = [median(word.box[3] - word.box[1] for word in line.words) for line in lines]
    widths = [
        sum(word.box[2] - word.box[0] for word in line.words)
        / sum(len(word.text) for word in line.words)
        for line in lines
    ]
    long = [i for i, line in enumerate(lines) if len(line.text) > 25] or list(range(len(lines)))
    height, width = (median(all_[i] for i in long) if long else 1.0 for all_ in (heights, widths))
    sizes: list[float] = []
    for h, w in zip(heights, widths, strict=True):
        higher, wider = h / height, w / width
        other = (higher < 0.95 and wider < 0.92) or (higher > 1.12 and wider > 1.2)
        sizes.append(width / 0.42 / scale * (math.sqrt(higher * wider) if other else 1.0))
    return sizes


def _sureness(pieces: Sequence[Piece]) -> float:
    return median(piece.confidence for piece in pieces) if pieces else 0.0
