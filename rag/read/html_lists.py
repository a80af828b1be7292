"""A list of a web page → the number that a browser shows before each item."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from rag.read.word_numbers import letters, roman

_LIST_STYLE = re.compile(r"list-style(?:-type)?\s*:\s*([\w-]+)", re.IGNORECASE)
_LIST_TYPES = {
    "1": "decimal", "a": "lower-alpha", "A": "upper-alpha", "i": "lower-roman",
    "I": "upper-roman", "lower-latin": "lower-alpha", "upper-latin": "upper-alpha",
}  # fmt: skip
_WRITERS: dict[str, Callable[[int], str]] = {
    "decimal": str,
    "decimal-leading-zero": lambda n: f"{n:02}",
    "lower-roman": roman,
    "upper-roman": lambda n: roman(n).upper(),
    "lower-alpha": lambda n: _alphabetic(n),
    "upper-alpha": lambda n: _alphabetic(n).upper(),
}


@dataclass
class List:
    """An ordered or unordered list that is open."""

    form: str  # "decimal", …; "bullet"; "none"
    at: int
    step: int

    def next(self, value: str | None) -> tuple[str, bool]:
        """The mark of the next item, and whether it is a number."""
        if self.form in ("bullet", "none"):
            return ("•" if self.form == "bullet" else ""), False
        given = _whole(value)
        number = self.at if given is None else given
        self.at = number + self.step
        return f"{_WRITERS[self.form](number)}.", True


def list_of(element: Any, name: str, style: str) -> List:
    """The list that an element opens."""
    styled = _LIST_STYLE.search(style)
    given = styled[1].lower() if styled else element.get("type") or ""
    form = _LIST_TYPES.get(given, given.lower())
    if form == "none":
        return List("none", 0, 0)
    if name != "ol":
        return List(form if form in _WRITERS else "bullet", 1, 1)
    if form in ("disc", "circle", "square"):
        return List("bullet", 0, 0)
    form = form if form in _WRITERS else "decimal"
    start, backwards = _whole(element.get("start")), element.get("reversed") is not None
    if start is None:
        start = sum(inner.tag == "li" for inner in element) if backwards else 1
    return List(form, start, -1 if backwards else 1)


def _whole(text: str | None) -> int | None:
    match = re.match(r"\s*(-?\d{1,7})", text or "")
    return int(match[1]) if match else None


def _alphabetic(number: int) -> str:
    """A browser's letters: a … z, aa, ab …; Word's repeat the letter instead."""
    if number < 1:
        return str(number)
    if number <= 26:
        return letters(number)
    text = ""
    while number:
        number, at = divmod(number - 1, 26)
        text = chr(ord("a") + at) + text
    return text
