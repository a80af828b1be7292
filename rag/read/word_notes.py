"""Footnotes and endnotes of a Word file → `Footnote`s with the marks that are printed.

The body holds only references; the marks are counted, by section or page where the
file says so, and a custom mark ("*") stands in the run of the reference.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from rag.domain import Footnote, Note
from rag.read.blocks import Block
from rag.read.word_numbers import write_number
from rag.read.word_package import Package, child, local, value, whole
from rag.read.word_symbols import symbol

_REFERENCE = {"footnoteReference": "footnote", "endnoteReference": "endnote"}
_FORMAT = {"footnote": "decimal", "endnote": "lowerRoman"}


@dataclass
class _Pending:
    """A reference whose mark is not known before its section ends."""

    kind: str
    identifier: str
    custom: str
    page: int | None
    mark: str = ""


class Notes:
    """The notes of a document, in the order of their references."""

    def __init__(self, package: Package, read: Callable[[Iterable[Any]], list[Block]]) -> None:
        """Open the parts that hold notes.

        Args:
            package: the Word file.
            read: reads the paragraphs of a note.

        """
        self._read = read
        self._settings = package.xml(package.related("settings"))
        self._texts: dict[tuple[str, str], Any] = {}
        for kind in ("footnote", "endnote"):
            root = package.xml(package.related(f"{kind}s"))
            for element in () if root is None else root:
                if local(element) == kind:
                    self._texts[kind, value(element, "id") or ""] = element
        self._all: list[_Pending] = []
        self._pending: list[_Pending] = []
        self._count = {"footnote": 0, "endnote": 0}
        self._page: dict[str, int | None] = {"footnote": None, "endnote": None}
        self._doubted = False
        self.count = 0  # of the references so far whose notes are in the file

    def reference(self, run: Any, page: int | None) -> bool:
        """Take a run that refers to a note; False where it does not."""
        for element in run:
            kind = _REFERENCE.get(local(element))
            if kind is None:
                continue
            custom = ""
            if value(element, "customMarkFollows") in ("1", "true", "on"):
                custom = "".join(map(_mark, run)).strip()
            pending = _Pending(kind, value(element, "id") or "", custom, page)
            self._pending.append(pending)
            self._all.append(pending)
            self.count += (kind, pending.identifier) in self._texts
            return True
        # In the note itself the mark is an element of its own.
        return any(local(element) in ("footnoteRef", "endnoteRef") for element in run)

    def section(self, properties: Any | None) -> None:
        """A section ends: its notes can be numbered."""
        rules = {kind: self._rules(kind, properties) for kind in ("footnote", "endnote")}
        for kind, (_, _, restart) in rules.items():
            if restart == "eachSect":
                self._count[kind] = 0
        for note in self._pending:
            form, start, restart = rules[note.kind]
            if note.custom:
                note.mark = note.custom
                continue
            if restart == "eachPage":
                self._doubted = self._doubted or note.page is None
                if note.page is not None and note.page != self._page[note.kind]:
                    self._count[note.kind] = 0
                self._page[note.kind] = note.page
            note.mark = write_number(start + self._count[note.kind], form)
            self._count[note.kind] += 1
        self._pending = []

    def footnotes(self) -> tuple[Footnote, ...]:
        """The notes, with their marks and texts."""
        if self._pending:
            self.section(None)
        found: list[Footnote] = []
        for note in self._all:
            element = self._texts.get((note.kind, note.identifier))
            if element is None:
                continue
            blocks = self._read(element)
            text = " ".join(line for block in blocks for line in block.lines)
            if note.custom:
                text = text.removeprefix(note.custom).lstrip()
            found.append(Footnote(note.mark, text, note.page))
        return tuple(found)

    def told(self) -> list[Note]:
        """What is doubted."""
        if not self._doubted:
            return []
        what = "Footnotes are numbered anew on each page, and the file does not tell the pages."
        return [Note("footnote marks", "", what)]

    def _rules(self, kind: str, section: Any | None) -> tuple[str, int, str]:
        """Format, first number and restart of the notes of a section."""
        form, start, restart = _FORMAT[kind], 1, "continuous"
        for source in (self._settings, section):
            properties = child(source, f"{kind}Pr")
            form = value(child(properties, "numFmt")) or form
            first = whole(value(child(properties, "numStart")))
            start = start if first is None else first
            restart = value(child(properties, "numRestart")) or restart
        return form, start, restart


def _mark(element: Any) -> str:
    if local(element) == "t":
        return element.text or ""
    if local(element) == "sym":
        return symbol(value(element, "font") or "", value(element, "char") or "")
    return ""
