"""Grows a document's text; every span it hands out points into that text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence

from rag.domain import Event, Heading, Note, Paragraph
from rag.parse.blocks import Block, set_apart, unwrap
from rag.parse.lines import Line
from rag.parse.masthead import documents_of


class Builder:
    """Paragraphs, headings, events and notes, in the order in which they are put."""

    def __init__(
        self, document: str, vocabulary: frozenset[str], ocr_pages: Collection[int] = ()
    ) -> None:
        self.document = document
        self.paragraphs: list[Paragraph] = []
        self.headings: list[Heading] = []
        self.events: list[Event] = []
        self.notes: list[Note] = []
        self._vocabulary = vocabulary
        self._ocr_pages = frozenset(ocr_pages)
        self._pieces: list[str] = []
        self._length = 0
        self._heading: str | None = None
        self._waiting: list[str] = []  # headings whose paragraph is not there yet
        self._seen: Counter[tuple[str | None, str]] = Counter()

    @property
    def text(self) -> str:
        """All that was put, in order."""
        return "".join(self._pieces)

    def _put(self, text: str) -> tuple[int, int]:
        start = self._length
        self._pieces.append(text)
        self._length += len(text)
        return start, self._length

    def events_and_headings(self, block: Block) -> None:
        """Place a block's events, its headings, and the text that bears no number."""
        last = self.paragraphs[-1].label if self.paragraphs else None
        for event in block.events:
            self._put(event + "\n")
            self.events.append(Event(event, last))
        self.add_headings(block.headings)
        if block.unnumbered:
            self.unnumbered(block.unnumbered)

    def add_headings(self, texts: Sequence[str]) -> None:
        """Place headings; they stand above the next paragraph."""
        for text in texts:
            self._put(text + "\n")
            self._waiting.append(text)
            self._heading = text

    def unnumbered(self, lines: Sequence[Line]) -> None:
        """Place text that no number makes citable."""
        words = unwrap([line.text for line in lines], self._vocabulary, set_apart(lines))
        self._put(words + "\n")

    def paragraph(
        self,
        label: str,
        lines: Sequence[Line],
        *,
        section: str | None = None,
        inferred: bool = False,
    ) -> Paragraph:
        """Place a paragraph; a label that is there already makes it the next part of it."""
        self._put(f"{label}. ")
        text = unwrap([line.text for line in lines], self._vocabulary, set_apart(lines))
        begin, end = self._put(text)
        self._put("\n")
        self._seen[section, label] += 1
        part = self._seen[section, label]
        if part > 1:
            what = f"{label} is printed {part} times; this is number {part}"
            self.notes.append(Note("number repeated", label, what))
        placed = Paragraph(
            document=self.document,
            label=label,
            ordinal=len(self.paragraphs),
            text=text,
            start=begin,
            end=end,
            inferred=inferred,
            page=lines[0].page if lines else None,
            heading=self._heading,
            section=section,
            part=part,
            ocr=bool(lines) and lines[0].page in self._ocr_pages,
        )
        self.paragraphs.append(placed)
        self._close_headings(label, section)
        return placed

    def _close_headings(self, label: str | None, section: str | None) -> None:
        for text in self._waiting:
            self.headings.append(Heading(text, label, documents_of(text), section))
        self._waiting.clear()

    def finish(self) -> None:
        """Headings after the last paragraph stand above none."""
        self._close_headings(None, None)
