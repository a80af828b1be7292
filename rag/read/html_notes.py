"""Footnotes of a web page → `Footnote`s, their marks taken out of the text.

A footnote is told by its links: a short mark in the text links to a place on the same
page, which links back, or whose name says that it is a note ("_ftn1", "fn:1", "edn2").
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import unquote

from rag.domain import Footnote
from rag.read.blocks import Block, fold, reference, unmarked

_MARK = re.compile(r"^[\s\[({]*(\d{1,4}|[*†‡§¶]{1,4}|[a-z]{1,2}|[ivxlc]{1,7})[\s\])}.:]*$", re.I)
_NOTE_NAME = re.compile(
    r"^_?(?:(?:ftn|fn|edn|en|footnote|endnote|note|sdfootnote|sdendnote)[:_.-]?"
    r"(?:\d{1,4}(?:sym|[a-z])?|\*+)|cite[_-]note-\S+)$",
    re.IGNORECASE,
)
_HOLDERS = frozenset("p li div td th tr dd dt aside section tr blockquote body".split())
TAKEN = "\ue000"
# What stands for the note that a mark refers to stays: `rag.read.blocks.reference`.
_EMPTY = re.compile(
    r"[ \xa0]?[\[(]\s*\ue000(?P<bracketed>[\U000F0000-\U000FFFFD]?)\s*[\])]"
    r"|\ue000(?P<bare>[\U000F0000-\U000FFFFD]?)"
)

_LAST = re.compile(r"\s+((?:[\U000F0000-\U000FFFFD]\s*)+)\Z")  # no blank is left at the end


class Notes:
    """The footnotes of a page, found before it is read."""

    def __init__(self, root: Any) -> None:
        self._marks: set[Any] = set()  # references, and links back to them
        self._starts: dict[Any, str] = {}  # an element → the mark of the note it begins
        self._numbers: dict[Any, int] = {}  # a mark in the text → the place of its note
        self._holders: set[Any] = set()
        self._open: list[Any] = []
        self._texts: list[tuple[str, list[str]]] = []
        self._into: list[str] | None = None
        anchors = [a for a in root.iter("a") if "#" in (a.get("href") or "")]
        if anchors:
            self._find(root, anchors)

    def _find(self, root: Any, anchors: list[Any]) -> None:
        places: dict[str, Any] = {}
        order: dict[Any, int] = {}
        for at, element in enumerate(root.iter()):
            order[element] = at
            for name in (element.get("id"), element.get("name")):
                if name:
                    places.setdefault(name, element)
        leads = {a: places.get(_fragment(a)) for a in anchors}
        back: dict[Any, dict[Any, Any]] = {}  # a note's block → places its links lead to
        first: dict[Any, str] = {}  # a note's first element → its mark
        references: set[Any] = set()
        for a in anchors:
            target, match = leads[a], _MARK.match("".join(a.itertext()))
            if target is None or match is None or order[target] <= order[a]:
                continue
            holder = _holder(target)
            if holder not in back:
                back[holder] = {leads[b]: b for b in holder.iter("a") if leads.get(b) is not None}
            mutual = [back[holder][place] for place in _around(a) if place in back[holder]]
            if mutual or _NOTE_NAME.match(_fragment(a)):
                references.add(a)
                first.setdefault(target, match[1])
                self._marks.update(mutual)
        self._marks |= references
        begun = self._place(first, references)
        places_of = {
            start: n for n, start in enumerate(sorted(self._starts, key=lambda e: order[e]))
        }
        self._numbers = {a: places_of[begun[leads[a]]] for a in references if leads[a] in begun}

    def _place(self, first: dict[Any, str], references: set[Any]) -> dict[Any, Any]:
        """Find where each note begins and ends: what a mark leads to → what its note begins with."""
        begun: dict[Any, Any] = {}
        held: dict[Any, list[Any]] = {}
        for target in first:
            held.setdefault(_holder(target), []).append(target)
        for holder, targets in held.items():
            if any(a in references for a in holder.iter("a")):
                continue  # the page itself: where its notes end cannot be told
            self._holders.add(holder)
            for target in targets:
                begun[target] = holder if len(targets) == 1 else target
                self._starts[begun[target]] = first[target]
        return begun

    def is_mark(self, element: Any) -> bool:
        """Whether an element is a mark in the text, or a note's link back to it."""
        return element in self._marks

    def taken(self, element: Any) -> str:
        """What stands for a mark while its block is read."""
        number = self._numbers.get(element)
        return TAKEN + (reference(number) if number is not None else "")

    @property
    def whole(self) -> bool:
        """Whether each note that was found was read, so that their places hold."""
        return len(self._texts) == len(self._starts)

    def opens(self, element: Any) -> bool:
        """Whether a note begins with this element."""
        return element in self._starts

    def begin(self, element: Any) -> None:
        """A note begins."""
        self._into = []
        self._texts.append((self._starts[element], self._into))

    @property
    def inside(self) -> bool:
        """Whether a note is being read."""
        return self._into is not None

    def end(self, element: Any) -> None:
        """An element ends; where it holds notes, the last of them ends too."""
        if element in self._holders:
            self._into = None

    def take(self, blocks: list[Block]) -> bool:
        """Take blocks that belong to a note; False where they belong to the text."""
        if self._into is None:
            return False
        self._into.extend(line for block in blocks for line in block.lines)
        return True

    def without_marks(self, raw: str) -> str:
        """Text without the brackets that stood around a mark."""
        if TAKEN not in raw:
            return raw
        text = _EMPTY.sub(lambda found: found["bracketed"] or found["bare"] or "", raw)
        return _LAST.sub(r"\1", text)

    def footnotes(self) -> tuple[Footnote, ...]:
        """The notes in the order of the page."""
        found: list[Footnote] = []
        for mark, lines in self._texts:
            text = fold(unmarked(" ".join(lines)))
            text = re.sub(rf"^[\[(]?{re.escape(mark)}[\])]?[.:]?\s+", "", text)
            found.append(Footnote(mark, text.lstrip("↑↩^ ").rstrip("↑↩ ")))
        return tuple(found)


def _fragment(anchor: Any) -> str:
    return unquote((anchor.get("href") or "").rpartition("#")[2])


def _holder(target: Any) -> Any:
    """The block in which a note stands."""
    element = target
    while element.tag not in _HOLDERS and element.getparent() is not None:
        element = element.getparent()
    if element.tag in ("td", "th") and element.getparent() is not None:  # the mark has a column
        element = element.getparent()
    parent = element.getparent()
    # Word puts each note in a division of its own: <div id="ftn1"><p>…
    if parent is not None and parent.tag in ("div", "li", "aside"):
        named = f"{parent.get('id') or ''}"
        if _NOTE_NAME.match(named) or "mso-element:footnote" in (parent.get("style") or ""):
            return parent
    return element


def _around(anchor: Any) -> list[Any]:
    """The places at an anchor: itself, what is in it, and close around it."""
    places = list(anchor.iter())
    element = anchor.getparent()
    for _ in range(3):
        if element is not None:
            places.append(element)
            element = element.getparent()
    return places
