"""Word's numbering definitions → the number that Word shows before each paragraph.

A .docx stores no numbers, only the list and level of a paragraph; the number is what
counting gives (ECMA-376-1, 17.9). Lists that share an abstract definition share one
count; a `startOverride` starts it anew, once; a level starts anew when a level above
it counts, unless `lvlRestart` says otherwise.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from rag.read.word_package import child, local, switch, value, whole
from rag.read.word_styles import Look, Styles, indents

_LEVELS = 9
_CYRILLIC = "абвгдежзиклмнопрстуфхцчшщэюя"
_ALPHA = "أبتثجحخدذرزسشصضطظعغفقكلمنهوي"
_ABJAD = "أبجدهوزحطيكلمنسعفصقرشتثخذضظغ"
_CHICAGO = "*†‡§"
_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
).split()
_TENS = "- - twenty thirty forty fifty sixty seventy eighty ninety".split()
_ORDINALS = {
    "one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth",
    "nine": "ninth", "twelve": "twelfth",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ListNumber:
    """What stands before a numbered paragraph."""

    text: str  # "25.", "(a)", "•"
    counted: bool  # a number, not a bullet
    left: int | None  # indents of the list's level, in twentieths of a point
    first: int | None


@dataclass(frozen=True, slots=True)
class _Level:
    start: int
    format: str
    text: str
    restart: int | None
    legal: bool
    style: str | None
    left: int | None
    first: int | None


@dataclass(slots=True)
class _Count:
    """Where an abstract list stands: a value for each level, None before the first."""

    at: list[int | None] = field(default_factory=lambda: [None] * _LEVELS)


class Numbering:
    """The lists of a document, counting."""

    def __init__(self, root: Any | None, styles: Styles) -> None:
        self._styles = styles
        self._abstract: dict[str, Any] = {}
        self._lists: dict[str, Any] = {}
        for element in () if root is None else root:
            if local(element) == "abstractNum":
                self._abstract[value(element, "abstractNumId") or ""] = element
            elif local(element) == "num":
                self._lists[value(element, "numId") or ""] = element
        self._levels: dict[str, dict[int, _Level]] = {}
        self._counts: dict[str, _Count] = {}
        self._begun: set[tuple[str, int]] = set()
        self.unknown: set[str] = set()  # formats that are not written here

    def number(self, look: Look, style: str | None) -> ListNumber | None:
        """Count a paragraph, and return what Word shows before it; None where nothing is.

        Args:
            look: the paragraph's look.
            style: the id of its style; a list may tie a level to it.

        """
        num_id = look.num_id
        if num_id is None or num_id == "0" or num_id not in self._lists:
            return None
        levels = self._of(num_id)
        level = self._level(look, style, levels)
        if level not in levels:
            return None
        here = levels[level]
        self._advance(num_id, level, levels)
        if here.format == "bullet":
            glyph = here.text if here.text in ("-", "–", "—", "*") else "•"
            return ListNumber(glyph, False, here.left, here.first)
        text = self._shown(num_id, level, levels).strip()
        return ListNumber(text, True, here.left, here.first) if text else None

    def _level(self, look: Look, style: str | None, levels: dict[int, _Level]) -> int:
        if look.num_style is not None:
            for name in (style, look.num_style):
                for number, level in levels.items():
                    if name is not None and level.style == name:
                        return number
        return min(max(look.level or 0, 0), _LEVELS - 1)

    def _count(self, num_id: str) -> _Count:
        abstract = value(child(self._lists[num_id], "abstractNumId")) or ""
        return self._counts.setdefault(abstract, _Count())

    def _advance(self, num_id: str, level: int, levels: dict[int, _Level]) -> None:
        count = self._count(num_id)
        for upper in range(level):  # a level that was skipped shows its start
            if count.at[upper] is None and upper in levels:
                count.at[upper] = levels[upper].start
        fresh = self._override(num_id, level)
        now = count.at[level]
        if fresh is not None:
            count.at[level] = fresh
        else:
            count.at[level] = levels[level].start if now is None else now + 1
        for deeper in range(level + 1, _LEVELS):
            restart = levels[deeper].restart if deeper in levels else None
            if restart is None or level < restart:
                count.at[deeper] = None

    def _override(self, num_id: str, level: int) -> int | None:
        """The value at which this list starts a level anew, the first time it is used."""
        if (num_id, level) in self._begun:
            return None
        self._begun.add((num_id, level))
        for element in self._lists[num_id]:
            if local(element) == "lvlOverride" and whole(value(element, "ilvl")) == level:
                return whole(value(child(element, "startOverride")))
        return None

    def _shown(self, num_id: str, level: int, levels: dict[int, _Level]) -> str:
        count, here = self._count(num_id), levels[level]
        text = here.text
        for number in range(_LEVELS):
            mark = f"%{number + 1}"
            if mark in text:
                shown = ""
                if number <= level and number in levels:
                    form = "decimal" if here.legal else levels[number].format
                    shown = self._write(count.at[number] or 0, form)
                text = text.replace(mark, shown)
        return text

    def _write(self, number: int, form: str) -> str:
        if form in ("none", "bullet"):
            return ""
        writer = _FORMATS.get(form)
        if writer is None:
            self.unknown.add(form)
            return str(number)
        return writer(number)

    def _of(self, num_id: str) -> dict[int, _Level]:
        if num_id not in self._levels:
            element = self._lists[num_id]
            levels = self._defined(value(child(element, "abstractNumId")), set())
            for override in element:
                own = child(override, "lvl") if local(override) == "lvlOverride" else None
                at = whole(value(override, "ilvl"))
                if own is not None and at is not None and 0 <= at < _LEVELS:
                    levels[at] = _read_level(own)
            self._levels[num_id] = levels
        return self._levels[num_id]

    def _defined(self, abstract: str | None, seen: set[str]) -> dict[int, _Level]:
        """The levels of an abstract list, which may be named by a numbering style."""
        element = self._abstract.get(abstract or "")
        if element is None or abstract in seen:
            return {}
        linked = value(child(element, "numStyleLink"))
        target = self._lists.get(self._styles.numbering_of(linked) or "") if linked else None
        if target is not None:
            return self._defined(value(child(target, "abstractNumId")), {*seen, abstract or ""})
        levels: dict[int, _Level] = {}
        for inner in element:
            at = whole(value(inner, "ilvl")) if local(inner) == "lvl" else None
            if at is not None and 0 <= at < _LEVELS:
                levels[at] = _read_level(inner)
        return levels


def _read_level(element: Any) -> _Level:
    form = child(element, "numFmt")
    if form is None:  # a custom format stands in an alternative, with a plain one beside it
        form = child(child(child(element, "AlternateContent"), "Fallback"), "numFmt")
    left, first = indents(child(element, "pPr"))
    start = whole(value(child(element, "start")))
    return _Level(
        start=0 if start is None else start,
        format=value(form) or "decimal",
        text=value(child(element, "lvlText")) or "",
        restart=whole(value(child(element, "lvlRestart"))),
        legal=bool(switch(element, "isLgl")),
        style=value(child(element, "pStyle")),
        left=left,
        first=first,
    )


def roman(number: int) -> str:
    """A number in lower-case roman numerals; in digits where there are none for it."""
    if not 0 < number < 5000:
        return str(number)
    text = ""
    for size, numeral in zip(
        (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1),
        "m cm d cd c xc l xl x ix v iv i".split(),
        strict=True,
    ):
        text += numeral * (number // size)
        number %= size
    return text


def letters(number: int, alphabet: str = "abcdefghijklmnopqrstuvwxyz") -> str:
    """Word's letters: a … z, aa, bb … zz, aaa."""
    if not 0 < number < 100 * len(alphabet):
        return str(number)
    times, at = divmod(number - 1, len(alphabet))
    return alphabet[at] * (times + 1)


def _cardinal(number: int) -> str:
    if not 0 <= number < 100:
        return str(number)
    if number < 20:
        return _ONES[number]
    tens, ones = divmod(number, 10)
    return _TENS[tens] + (f"-{_ONES[ones]}" if ones else "")


def _ordinal(number: int) -> str:
    teen = number % 100 in (11, 12, 13)
    return f"{number}{'th' if teen else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


def _ordinal_text(number: int) -> str:
    head, dash, last = _cardinal(number).rpartition("-")
    if last.isdigit():
        return _ordinal(number)
    last = _ORDINALS.get(last) or (f"{last[:-1]}ieth" if last.endswith("y") else f"{last}th")
    return (head + dash + last).capitalize()


_FORMATS: dict[str, Callable[[int], str]] = {
    "decimal": str,
    "decimalZero": lambda n: f"{n:02}",
    "lowerRoman": roman,
    "upperRoman": lambda n: roman(n).upper(),
    "lowerLetter": letters,
    "upperLetter": lambda n: letters(n).upper(),
    "ordinal": _ordinal,
    "cardinalText": lambda n: _cardinal(n).capitalize(),
    "ordinalText": _ordinal_text,
    "russianLower": lambda n: letters(n, _CYRILLIC),
    "russianUpper": lambda n: letters(n, _CYRILLIC).upper(),
    "arabicAlpha": lambda n: letters(n, _ALPHA),
    "arabicAbjad": lambda n: letters(n, _ABJAD),
    "chicago": lambda n: letters(n, _CHICAGO),
    "numberInDash": lambda n: f"- {n} -",
    "decimalFullWidth": lambda n: str(n).translate(
        str.maketrans("0123456789", "０１２３４５６７８９")
    ),
}


def write_number(number: int, form: str) -> str:
    """A footnote's number in one of Word's formats; in digits where the format is unknown."""
    return _FORMATS.get(form, str)(number)
