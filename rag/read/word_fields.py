"""Word's fields → what they show: the stored result, or a number that must be counted.

A field is begin, code, separator, result, end, each a mark in the text, and fields nest.
Only results are seen. AUTONUM fields, which older records number their paragraphs with,
store no result: their number is counted here.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import Any

from rag.read.word_package import local, value

_AUTONUM = re.compile(r"^\s*(AUTONUM(?:LGL|OUT)?|LISTNUM)\b(.*)$", re.IGNORECASE | re.DOTALL)
_SEPARATOR = re.compile(r"\\s\s+\"?(\S)")
_DEEPEST = 64


@dataclass
class _Field:
    code: str = ""
    result: bool = False  # past the separator
    shown: bool = False  # the result holds text


class Fields:
    """The fields that are open at a point of the text."""

    def __init__(self) -> None:
        self._open: list[_Field] = []
        self._counted: Counter[str] = Counter()
        self.uncounted = 0

    @property
    def visible(self) -> bool:
        """Whether text that stands here is seen: it is in no field's code."""
        return all(one.result for one in self._open)

    def heard(self, text: str) -> None:
        """Take notice of text that is part of a result."""
        if self._open and text.strip():
            self._open[-1].shown = True

    def mark(self, element: Any) -> str:
        """Pass a w:fldChar; returns the number to show, where the field stores none."""
        kind = value(element, "fldCharType")
        if kind == "begin":
            if len(self._open) < _DEEPEST:
                self._open.append(_Field(_code(element)))
        elif kind == "separate" and self._open:
            self._open[-1].result = True
        elif kind == "end" and self._open:
            closed = self._open.pop()
            if not closed.shown and self.visible:
                return self.computed(closed.code)
        return ""

    def computed(self, code: str) -> str:
        """The number of an AUTONUM field; "" for any other."""
        match = _AUTONUM.match(code)
        if match is None:
            return ""
        kind, switches = match[1].upper(), match[2]
        if kind == "LISTNUM":
            self.uncounted += 1
            return ""
        self._counted[kind] += 1
        separator = _SEPARATOR.search(switches)
        end = separator[1] if separator else "" if "\\e" in switches else "."
        return f"{self._counted[kind]}{end} "


def _code(begin: Any) -> str:
    """The code of the field that begins here: the w:instrText of the runs that follow."""
    pieces: list[str] = []
    run = begin.getparent()
    while run is not None and len(pieces) < _DEEPEST:
        for inner in run:
            if local(inner) == "instrText":
                pieces.append(inner.text or "")
            elif local(inner) == "fldChar" and inner is not begin:
                return "".join(pieces)
        run = run.getnext()
    return "".join(pieces)
