"""A Word file → `SourceText`, with the numbers that Word counts written in front.

A .docx stores no paragraph numbers, only which list a paragraph belongs to. The
libraries that could be asked do not give the number that is printed: docx2python
writes every number as "1)", whatever the list's own format, counts each `numId` by
itself, and passes over lists that come with a style and `startOverride`; python-docx
and mammoth do not count at all. So the parts are read here, over lxml, and counted
by the rules of ECMA-376.

Kept apart: footnotes and endnotes. Left out: running headers and footers, deleted and
hidden text, comments, field codes. A .doc is turned into .docx by LibreOffice first.

As long as it is because what a paragraph, a run and a table hold is told in one walk of the tree.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rag.domain import LineHint, Note, SourceText
from rag.errors import UnreadableFile
from rag.read.blocks import (
    Block,
    Row,
    assemble,
    blocks_of,
    fold,
    looks_like_heading,
    reference,
    set_apart,
    table_blocks,
    unmarked,
)
from rag.read.word_fields import Fields
from rag.read.word_headers import masthead
from rag.read.word_notes import Notes
from rag.read.word_numbers import ListNumber, Numbering
from rag.read.word_package import Package, child, local, value
from rag.read.word_styles import Look, Styles
from rag.read.word_symbols import plain, symbol

_GONE = frozenset(
    "pPr rPr sectPr tblPr tblGrid trPr tcPr sdtPr sdtEndPr del moveFrom delText instrText "
    "delInstrText rt commentReference annotationRef customXmlPr smartTagPr tblPrEx".split()
)
_TYPED = re.compile(r"^\s*\d{1,3}(?:\.\d{1,3})*[.\s]")


def read_word(path: Path, data: bytes) -> SourceText:
    """Read a Word file of any age; what it is, is told by its content, not by its name.

    Raises:
        UnreadableFile: damaged, encrypted, too large, no Word file, or an old one where
            LibreOffice is not installed.

    """
    from rag.read.word_convert import kind_of, to_docx

    kind = kind_of(path, data)
    if kind == "html":
        from rag.read.html import read_html

        return read_html(path, data)
    if kind == "docx":
        return _read(path, data, data, ())
    what = f"Converted from {kind} by LibreOffice before it was read."
    return _read(path, data, to_docx(path, data, kind), (Note("converted", "", what),))


def _read(path: Path, data: bytes, docx: bytes, notes: tuple[Note, ...]) -> SourceText:
    package = Package(path, docx)
    reader = _Reader(package)
    blocks = reader.body()
    if not blocks:
        raise UnreadableFile(f"{path} holds no text; if it is a scan, save it as PDF.")
    return assemble(
        path,
        data,
        blocks if not notes else [Block(b.lines, b.hint) for b in blocks],  # not Word's pages
        format="word",
        footnotes=reader.notes.footnotes(),
        notes=(*notes, *reader.told(paged=not notes)),
    )


@dataclass
class _Paragraph:
    """A paragraph while it is read."""

    look: Look
    pieces: list[str] = field(default_factory=lambda: list[str]())
    light: bool = False  # some of what is seen is not bold
    seen: bool = False  # something but white space is
    page: int | None = None
    number: ListNumber | None = None

    def put(self, text: str, *, bold: bool) -> None:
        """Add text of a run."""
        if text.strip():
            self.seen = True
            self.light = self.light or not bold
        self.pieces.append(text)


class _Reader:
    """Reads one document from its beginning to its end."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._styles = Styles(package.xml(package.related("styles")))
        self._numbering = Numbering(package.xml(package.related("numbering")), self._styles)
        self.notes = Notes(package, self._plain_blocks)
        self._fields = Fields()
        self._page = 1
        self._rendered = False
        self._numbered = 0
        self._numbered_yet = False
        self._deleted = self._embedded = self._empty = 0
        self._held: _Paragraph | None = None  # its end was deleted or hidden: the next goes on
        self._boxes: list[Block] = []
        self._first_section: Any | None = None

    def body(self) -> list[Block]:
        """The blocks of the document."""
        blocks: list[Block] = []
        for element in self._package.body():
            if local(element) == "sectPr":
                self._section(element)
            else:
                blocks += self._block(element)
        blocks += self._release()
        page = 1 if self._rendered else None
        above = masthead(self._package, self._first_section, blocks, self._plain_blocks, page)
        return [*above, *blocks]

    def told(self, *, paged: bool) -> list[Note]:
        """What was computed, left out or doubted."""
        notes: list[Note] = []

        def say(count: int, kind: str, one: str, many: str) -> None:
            if count:
                notes.append(Note(kind, "", one if count == 1 else many.format(count)))

        say(
            self._numbered,
            "automatic numbering",
            "The number of 1 paragraph was computed from Word's numbering.",
            "The numbers of {} paragraphs were computed from Word's numbering.",
        )
        for form in sorted(self._numbering.unknown):
            what = f"Numbers of the format {form} are written in digits."
            notes.append(Note("automatic numbering", "", what))
        say(
            self._empty,
            "automatic numbering",
            "1 numbered paragraph is empty; it was counted and left out.",
            "{} numbered paragraphs are empty; they were counted and left out.",
        )
        say(
            self._fields.uncounted,
            "automatic numbering",
            "1 number of a LISTNUM field is not stored in the file and is missing.",
            "{} numbers of LISTNUM fields are not stored in the file and are missing.",
        )
        say(
            self._deleted,
            "tracked changes",
            "1 tracked deletion was left out.",
            "{} tracked deletions were left out.",
        )
        say(
            self._embedded,
            "embedded document",
            "1 embedded document was not read.",
            "{} embedded documents were not read.",
        )
        if self._rendered and paged:
            what = "Page numbers are those of Word's last layout of the file."
            notes.append(Note("pages", "", what))
        return [*notes, *self.notes.told()]

    def _block(self, element: Any) -> list[Block]:
        name = local(element)
        if name == "p":
            return self._paragraph(element)
        if name == "tbl":
            return self._table(element)
        if name == "altChunk":
            self._embedded += 1
            return []
        if name in _GONE or _placeholder(element):
            return []
        return [block for inner in element for block in self._block(inner)]

    def _plain_blocks(self, elements: Iterable[Any]) -> list[Block]:
        """Blocks of a story of its own: a note or a header."""
        outer = self._fields, self._held, self._boxes
        self._fields, self._held, self._boxes = Fields(), None, []
        blocks = [block for element in elements for block in self._block(element)]
        blocks += self._release()
        self._fields, self._held, self._boxes = outer
        return blocks

    def _paragraph(self, element: Any) -> list[Block]:
        properties = child(element, "pPr")
        look = self._styles.paragraph(properties)
        mark = child(properties, "rPr")
        here = _Paragraph(look)
        self._boxes = []
        self._inline(element, here)
        here.page = here.page or self._page
        boxes, self._boxes = self._boxes, []
        section = child(properties, "sectPr")
        if section is not None:
            self._section(section)
        held, self._held = self._held, None
        runs_on = child(mark, "del") is not None or child(mark, "moveFrom") is not None
        hidden = self._styles.run(mark, look).hidden
        if not runs_on and not (hidden and not here.seen):
            self._count(here, properties, held)
        if held is not None:
            here.pieces[:0] = held.pieces
            here.light, here.seen = held.light or here.light, held.seen or here.seen
            here.page = held.page
            here.number = held.number or here.number
        if runs_on or hidden:
            self._held = here if here.seen else None
            return boxes
        return [*boxes, *self._finish(here)]

    def _count(self, here: _Paragraph, properties: Any | None, held: _Paragraph | None) -> None:
        if held is not None and held.number is not None:
            return
        here.number = self._numbering.number(here.look, self._styles.name(properties))
        seen = here.seen or (held is not None and held.seen)
        if here.number is not None and here.number.counted and not seen:
            self._empty += 1

    def _release(self) -> list[Block]:
        held, self._held = self._held, None
        return [] if held is None else self._finish(held)

    def _finish(self, here: _Paragraph) -> list[Block]:
        if not here.seen:
            return []
        raw = "".join(here.pieces)
        text = fold(raw)
        look, number = here.look, here.number
        left, first = look.left, look.first
        if number is not None:
            left = number.left if left is None else left
            first = number.first if first is None else first
        heading = (look.outline is not None and look.outline < 9) or look.heading
        heading = heading or looks_like_heading(
            unmarked(text), bold=not here.light, centred=bool(look.centred)
        )
        counted = number is not None and number.counted
        hint = LineHint(
            indent=max(0, (left or 0) + (first or 0)) / 20,
            opens=True,
            heading=heading,
            number=counted or set_apart(raw),
        )
        self._numbered += counted
        if not heading and (counted or _TYPED.match(text)):
            self._numbered_yet = True
        return blocks_of(f"{number.text} {raw.lstrip()}" if number else raw, hint, here.page)

    def _inline(self, element: Any, here: _Paragraph, run: Look | None = None) -> None:
        """Read what stands inside a paragraph."""
        for inner in element:
            name = local(inner)
            if name in ("del", "moveFrom"):
                self._deleted += 1
            elif name == "r":
                self._run(inner, here)
            elif name == "txbxContent":
                self._box(inner)
            elif name == "AlternateContent":
                chosen = child(inner, "Choice")
                fallback = child(inner, "Fallback")
                if chosen is None or (fallback is not None and not _says(chosen)):
                    chosen = fallback
                if chosen is not None:
                    self._inline(chosen, here, run)
            elif name == "fldSimple":
                self._simple_field(inner, here, run)
            elif not name or name in _GONE or _placeholder(inner):
                continue
            elif run is None or not self._glyph(inner, name, here, run):
                self._inline(inner, here, run)

    def _run(self, element: Any, here: _Paragraph) -> None:
        look = self._styles.run(child(element, "rPr"), here.look)
        if look.hidden:
            for inner in element:  # a field's marks count even where they are hidden
                if local(inner) == "fldChar":
                    self._fields.mark(inner)
            return
        before = self.notes.count
        referred = self.notes.reference(element, self._page if self._rendered else None)
        if self.notes.count > before:
            here.pieces.append(reference(before))
        if not referred:
            self._inline(element, here, look)

    def _glyph(self, element: Any, name: str, here: _Paragraph, run: Look) -> bool:
        """Read one element of a run; False where it is none that is known."""
        if name == "fldChar":
            shown = self._fields.mark(element)
            if shown:
                here.put(shown, bold=bool(run.bold))
            return True
        if name == "lastRenderedPageBreak":
            self._rendered = True
            self._page += 1
            if not here.seen:
                here.page = self._page
            return True
        text = _text(element, name)
        if text is None:
            return False
        if self._fields.visible:
            if here.page is None and text.strip():
                here.page = self._page
            self._fields.heard(text)
            here.put(text, bold=bool(run.bold))
        return True

    def _simple_field(self, element: Any, here: _Paragraph, run: Look | None) -> None:
        before = len(here.pieces)
        self._inline(element, here, run)
        if not "".join(here.pieces[before:]).strip():
            here.put(self._fields.computed(value(element, "instr") or ""), bold=True)

    def _box(self, element: Any) -> None:
        """A text box stands on the page, not in the paragraph that holds it."""
        boxes = self._boxes
        found = self._plain_blocks(element)
        self._boxes = [*boxes, *found]

    def _table(self, element: Any) -> list[Block]:
        before = self._release()
        front = not self._numbered_yet
        rows: list[Row] = []
        for row in _within(element, "tr"):
            if child(child(row, "trPr"), "del") is not None:
                self._deleted += 1
                continue
            cells: Row = []
            for cell in _within(row, "tc"):
                blocks = [block for inner in cell for block in self._block(inner)]
                cells.append([*blocks, *self._release()])
            rows.append(cells)
        return [*before, *table_blocks(rows, front=front)]

    def _section(self, element: Any) -> None:
        if self._first_section is None:
            from copy import deepcopy

            self._first_section = deepcopy(element)
        self.notes.section(element)


def _within(element: Any, name: str) -> Iterable[Any]:
    """Rows of a table or cells of a row, also inside content controls."""
    for inner in element:
        if local(inner) == name:
            yield inner
        elif local(inner) in ("sdt", "sdtContent", "customXml", "ins", "moveTo"):
            yield from _within(inner, name)


def _placeholder(element: Any) -> bool:
    """Whether a content control is empty and shows its prompt, "Click here to enter text"."""
    return child(child(element, "sdtPr"), "showingPlcHdr") is not None


def _says(element: Any) -> bool:
    """Whether anything below an element is text."""
    return next(element.iter("{*}t", "{*}sym"), None) is not None


def _text(element: Any, name: str) -> str | None:
    """What an element of a run shows; None where it is no such element."""
    if name == "t":
        return plain(element.text or "")
    if name in ("tab", "ptab"):
        return "\t"
    if name == "cr":
        return "\n"
    if name == "br":
        return "\n" if value(element, "type") in (None, "textWrapping") else " "
    if name == "noBreakHyphen":
        return "-"
    if name == "softHyphen":
        return ""
    if name == "sym":
        return symbol(value(element, "font") or "", value(element, "char") or "")
    return None
