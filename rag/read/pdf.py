"""A PDF with a text layer → `SourceText`: lines in reading order, free of page furniture.

Read with PDFium (pypdfium2: Apache-2.0 or BSD-3-Clause). Page numbers are those
printed on the pages, where they are. Nothing in the file is executed: form scripts and
embedded files are not looked at.
"""

from __future__ import annotations

import hashlib
import itertools
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from rag.domain import Footnote, LineHint, Note, SourceText
from rag.errors import UnreadableFile
from rag.read.glyphs import Printed, joined, printed_page
from rag.read.layout import Page, body_size, take_columns, take_footnotes, take_furniture
from rag.read.ocr import OcrLine, available, ocr_notes, ocr_pdf_page

MAX_PAGES = 10_000
_SLANTED = 60  # letters set at an angle that are more than a stamp
_COUNTED = 3  # raised numbers in a row that cannot be chance
_MANY = 30  # steps from line to line that tell how a document is set
_SYMBOL = re.compile(r"[A-Z][\w.]*(?:/[\w.()-]+)+")
_NUMBER = re.compile(r"\d{1,3}(?:\.\d{1,3})*\.?(?:[^\w\s].*)?$")


def read_pdf(path: Path, data: bytes) -> SourceText:
    """Read the text layer of a PDF.

    Raises:
        UnreadableFile: damaged, protected by a password, too long, or a scan that
            cannot be read for want of character recognition.

    """
    opened = _open(path, data)
    pages = opened.pages
    take_furniture(pages)
    size = body_size(pages)
    take_columns(pages)
    footnotes = [note for page in pages for note in take_footnotes(page, size)]
    marks = frozenset(note.mark for note in footnotes) | _counted_marks(pages)
    text = _Text(_pitch(pages, size))
    for header in _running_symbols(pages):
        text.line(header, LineHint(opens=True))
    for page in pages:
        text.page(page.number)
        for column in page.columns:
            text.column(column, marks, page)
    numbers = {page.index: page.number for page in pages}
    scanned = {numbers[index]: lines for index, lines in opened.scanned.items()}
    return SourceText(
        path=path,
        sha256=hashlib.sha256(data).hexdigest(),
        text="\n".join(text.lines),
        pages=tuple(text.pages),
        notes=(*opened.notes, *ocr_notes(scanned)),
        hints=tuple(text.hints),
        footnotes=tuple(footnotes),
        references=tuple(_references(text.marks, footnotes)),
        format="ocr" if len(scanned) > len(pages) / 2 else "pdf",
        ocr_pages=tuple(sorted(scanned)),
    )


@dataclass(slots=True)
class _Opened:
    """The pages of a file, and what was read of them in another way than from the text layer."""

    pages: list[Page] = field(default_factory=lambda: list[Page]())
    notes: list[Note] = field(default_factory=lambda: list[Note]())
    scanned: dict[int, Sequence[OcrLine]] = field(
        default_factory=lambda: dict[int, "Sequence[OcrLine]"]()
    )


def _open(path: Path, data: bytes) -> _Opened:
    """Read the printed lines of every page; one page is in memory at a time."""
    import pypdfium2 as pdfium

    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        raise UnreadableFile(_why(path, error)) from error
    opened = _Opened()
    damaged: list[str] = []
    unread: list[str] = []
    try:
        count = len(document)
        if count > MAX_PAGES:
            raise UnreadableFile(f"{path} has {count:,} pages; split it into documents.")
        for index in range(count):
            try:
                page, is_scan = _page(document, index)
                if is_scan and available():
                    page = _recognised(document, index, page, opened)
                elif is_scan:
                    unread.append(str(index + 1))
            except pdfium.PdfiumError:
                damaged.append(str(index + 1))
                continue
            opened.pages.append(page)
    finally:
        document.close()
    if not any(page.lines for page in opened.pages):
        raise UnreadableFile(_no_text(path, scanned=bool(unread)))
    slanted = [str(p.index + 1) for p in opened.pages if p.slanted > _SLANTED]
    for kind, pages, told in (
        ("slanted text", slanted, "has text set at an angle to the rest, which is left out"),
        ("damaged page", damaged, "could not be read"),
        ("scanned page", unread, "is a scan without a text layer; the extra `ocr` reads it"),
    ):
        if pages:
            where = ", ".join(pages[:20]) + (" and others" if len(pages) > 20 else "")
            opened.notes.append(Note(kind, "", f"Page {where} of the file {told}."))
    return opened


def _page(document: Any, index: int) -> tuple[Page, bool]:
    """One page, and whether it is the image of one: no letters, but a picture."""
    import pypdfium2.raw as raw

    page = document[index]
    try:
        width, height = page.get_size()
        textpage = page.get_textpage()
        try:
            printed = printed_page(textpage, width, height)
        finally:
            textpage.close()
        lines = [line for line in printed.lines if _is_text(line)]
        is_scan = not lines and any(
            True for _ in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=4)
        )
    finally:
        page.close()
    return Page(index, printed.width, printed.height, lines, slanted=printed.slanted), is_scan


def _recognised(document: Any, index: int, page: Page, opened: _Opened) -> Page:
    """Read the image of a page."""
    handle = document[index]
    try:
        read = ocr_pdf_page(handle)
    finally:
        handle.close()
    opened.scanned[index] = read.lines
    lines = [line for line in read.printed() if _is_text(line)]
    return Page(index, read.width / read.scale, read.height / read.scale, lines)


def _no_text(path: Path, *, scanned: bool) -> str:
    if scanned:
        return (
            f"{path} is a scan without a text layer; install the extra: "
            "pip install 'pinpoint-record[ocr]', or run it through character recognition first."
        )
    return f"{path} holds no text; there is nothing to read."


def _is_text(line: Printed) -> bool:
    """Bar codes and ornaments are set in fonts of their own and give no letters."""
    text = line.text
    return text.count("\ufffd") * 2 < len(text)


def _why(path: Path, error: Exception) -> str:
    told = str(error).lower()
    if "password" in told or "security" in told:
        return f"{path} is protected by a password; save a copy without one and add that."
    return f"{path} is damaged or no PDF, and cannot be opened; fetch or export it again."


def _running_symbols(pages: Sequence[Page]) -> list[str]:
    """Running headers that look like a document's symbol, the most frequent first."""
    seen = Counter(
        text for page in pages for text in page.furniture if _SYMBOL.fullmatch(text.strip())
    )
    return [text for text, _ in seen.most_common(1)]


def _counted_marks(pages: Sequence[Page]) -> frozenset[str]:
    """Raised numbers that count 1, 2, 3 … through the text: marks, wherever their notes are."""
    raised = [
        int(word.text)
        for page in pages
        for column in page.columns
        for line in column
        for word in line.words
        if word.raised and word.text.isdecimal() and len(word.text) < 4
    ]
    count = 0
    for number in raised:
        count += number == count + 1
    return frozenset(map(str, range(1, count + 1))) if count >= _COUNTED else frozenset()


def _pitch(pages: Sequence[Page], size: float) -> float:
    """The usual distance between two lines of a paragraph of the body.

    Most steps are larger where most paragraphs have one line: hence the lower quartile,
    and the usual distance for the type where there are too few lines to tell.
    """
    steps = [
        above.y - below.y
        for page in pages
        for column in page.columns
        for above, below in itertools.pairwise(column)
        if abs(above.size - size) < 0.5 and abs(below.size - size) < 0.5
    ]
    steps = sorted(step for step in steps if 0.5 * size < step < 4 * size)
    usual = steps[len(steps) // 4] if steps else 1.2 * size
    return usual if len(steps) >= _MANY else min(usual, 1.2 * size)


def _references(
    marks: Sequence[tuple[int, str, int]], footnotes: Sequence[Footnote]
) -> Iterator[tuple[int, int]]:
    """Places of marks with those of their notes; of several that bear it, the page's own."""
    bearing: dict[str, list[int]] = {}
    for number, note in enumerate(footnotes):
        bearing.setdefault(note.mark, []).append(number)
    for offset, mark, page in marks:
        found = bearing.get(mark, [])
        if len(found) > 1:
            found = [number for number in found if footnotes[number].page == page]
        if len(found) == 1:
            yield offset, found[0]


class _Text:
    """Grows the text, its hints and its pages."""

    def __init__(self, pitch: float) -> None:
        self.lines: list[str] = []
        self.hints: list[LineHint] = []
        self.pages: list[tuple[int, int]] = []
        self.marks: list[tuple[int, str, int]] = []  # of footnotes: offset, mark, page
        self._pitch = pitch
        self._length = 0

    def page(self, number: int) -> None:
        self.pages.append((self._length, number))

    def line(self, text: str, hint: LineHint) -> None:
        self.lines.append(text)
        self.hints.append(hint)
        self._length += len(text) + 1

    def column(self, column: Sequence[Printed], marks: frozenset[str], page: Page) -> None:
        """Add the lines of one column with what their places say."""
        left, right = _edges(column)
        for i, line in enumerate(column):
            above = column[i - 1] if i else None
            below = column[i + 1] if i + 1 < len(column) else None
            text, raised = joined(line.words, marks)
            if not text:
                continue
            self.marks += [(self._length + at, mark, page.number) for at, mark in raised]
            if text.endswith("\u00ad"):
                text = text[:-1] + "-"
            gap = above is not None and above.y - line.y > 1.25 * max(self._pitch, 1.02 * line.size)
            indented = (
                line.x0 > left + 9
                and (below is None or below.x0 < line.x0 - 9)
                and (
                    above is None
                    or above.x0 < line.x0 - 9
                    or above.x1 < right - 0.12 * (right - left)
                )
            )
            self.line(
                text,
                LineHint(
                    indent=round(max(0.0, line.x0 - left), 1),
                    opens=gap or indented,
                    heading=_looks_like_heading(line, left, right),
                    number=_set_apart(line.words, below),
                    italic=line.italic,
                ),
            )


def _edges(column: Sequence[Printed]) -> tuple[float, float]:
    """Left and right edge of a column: the outermost that several lines share."""
    lefts = Counter(round(line.x0) for line in column)
    rights = Counter(round(line.x1) for line in column)
    few = max(1, len(column) // 12)
    shared = [x for x in lefts if sum(lefts[x + d] for d in (-1, 0, 1)) > few] or list(lefts)
    ends = [x for x in rights if sum(rights[x + d] for d in (-1, 0, 1)) > few] or list(rights)
    return float(min(shared)), float(max(ends))


def _looks_like_heading(line: Printed, left: float, right: float) -> bool:
    """Bold, or centred and short of both edges."""
    centre = abs((line.x0 + line.x1) - (left + right)) < 12
    apart = line.x0 - left > 24 and right - line.x1 > 24
    return line.bold or (centre and apart)


def _set_apart(words: Sequence[Any], below: Printed | None) -> bool:
    """Whether a number opens the line and stands apart from what follows it."""
    first = words[0]
    if not _NUMBER.match(first.text):
        return False
    if len(words) == 1:
        return True
    gap = words[1].x0 - first.x1
    others = [b.x0 - a.x1 for a, b in itertools.pairwise(words[1:])]
    wide = gap > max(0.45 * first.size, 1.6 * median(others) if others else 0.0)
    hanging = below is not None and abs(below.x0 - words[1].x0) < 3 and below.x0 > first.x0 + 3
    return wide or hanging
