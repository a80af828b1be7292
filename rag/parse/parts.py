"""Lines → the parts of a document: where its contents table lies, where numbering begins again.

Conference documents number the paragraphs of each decision and of each annex from 1;
reports do so in annexes. The part is named as it is cited: "decision 1/CP.21",
"annex II", "decision 1/CP.21 annex".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.parse.lines import Line

_PART = re.compile(
    r"^(?P<kind>(?:draft )?(?:decision|resolution|recommendation|statement|conclusion)|annexe?|anexo|"
    r"appendix|appendice|apéndice|enclosure|attachment|addendum)"
    r"(?:\s+(?P<number>(?:[IVXLC]+|[A-Z]|\d+)(?:[./-]\w+)*(?:/[\w.()-]+)*))?\*{0,2}$",
    re.IGNORECASE,
)
_CONTENTS = re.compile(
    r"^\W{0,3}(?:contents|table of contents|sommaire|table des mati[èe]res|[íi]ndice|sum[áa]rio|contenido)"
    r"(?: \((?:continued|suite|continuación)\))?(?:\s+paragraphs?)?(?:\s+page)?$",
    re.IGNORECASE,
)
_SHORT_LEADER = re.compile(r"\.{3,}\s*[\d –-]*$")
_LEADER = re.compile(r"\.{4,}|(?:\. ){4,}|…{2,}")
_NUMBERS = re.compile(
    r"^(?:\d{1,4}(?:\s*[-–]\s*\d{0,4})?(?:\s+\d{1,4})?|[-–]\s*\d{1,4}|[IVX]+\.?|[A-Z]\.|Paragraphs?|Page|Annex(?:es)?)$"
)
_RANGE_END = re.compile(r"\d{1,4}\s*[-–]\s*\d{1,4}(?:\s*\d{1,4})?$|\s\d{1,4}(?:\s+\d{1,4})?$")
_YEAR = re.compile(r"\b(?:19|20)\d{2}$")
_SENTENCE = re.compile(r"^1\.\s*[A-Z].{40,}")  # the first paragraph
_ENGLISH = {
    "annexe": "annex", "anexo": "annex", "appendice": "appendix", "apéndice": "appendix",
}  # fmt: skip
_OUTER = ("decision", "resolution", "recommendation", "statement", "conclusion")
_LONGEST = 400  # lines of a contents table


@dataclass(frozen=True, slots=True)
class Part:
    """A part that numbers its paragraphs by itself."""

    line: int
    name: str


def contents_lines(lines: Sequence[Line]) -> frozenset[int]:
    """Indices of the lines of contents tables, their headings included."""
    found: set[int] = set()
    for i, line in enumerate(lines):
        if _CONTENTS.match(line.text) and i < 600:
            last = i
            for j in range(i + 1, min(len(lines), i + _LONGEST)):
                text = lines[j].text
                if (
                    _LEADER.search(text)
                    or _SHORT_LEADER.search(text)
                    or _NUMBERS.match(text)
                    or _CONTENTS.match(text)
                ):
                    last = j
                elif j - last > 6 or _repeats(lines, i, j) or _is_first_paragraph(lines, j):
                    break
                elif _RANGE_END.search(text) and len(text) < 160 and not _YEAR.search(text):
                    last = j
            found.update(range(i, last + 1))
        elif _LEADER.search(line.text) and line.text[-1].isdigit():
            found.add(i)
    return frozenset(found)


def _is_first_paragraph(lines: Sequence[Line], at: int) -> bool:
    """Whether paragraph 1 begins on a line: a sentence, not a wrapped entry with its leader."""
    entry = any(_LEADER.search(line.text) for line in lines[at : at + 3])
    return not entry and _SENTENCE.match(lines[at].text) is not None


def _repeats(lines: Sequence[Line], first: int, at: int) -> bool:
    """Whether a line repeats one of the contents table: the body begins there."""
    text = lines[at].text.casefold()
    return len(text) > 6 and any(
        lines[k].text.casefold().startswith(text) for k in range(first, at)
    )


def parts(lines: Sequence[Line], skip: frozenset[int]) -> list[Part]:
    """The headings that begin a part, in order; names tell nesting."""
    found: list[Part] = []
    outer = ""
    inner = ""
    for i, line in enumerate(lines):
        if i in skip or len(line.text) > 80:
            continue
        match = _PART.match(line.text.strip())
        if match is None or not _stands_alone(lines, i):
            continue
        kind = match["kind"].lower()
        kind = _ENGLISH.get(kind, kind)  # as citations name it, in whatever language
        number = match["number"] or ""
        name = f"{kind} {number}".strip()
        if kind.removeprefix("draft ") in _OUTER:
            if not number or not any(c.isdigit() for c in number):
                continue
            outer, inner = name, ""
        elif kind == "appendix" and inner:
            name = f"{outer} {inner} {name}".strip()
        else:
            inner = name
            name = f"{outer} {name}".strip()
        found.append(Part(i, name))
    return found


def _stands_alone(lines: Sequence[Line], i: int) -> bool:
    """Whether a line is a heading of its own, not the end of a wrapped sentence."""
    above = lines[i - 1].text if i else ""
    hint = lines[i].hint
    if hint is not None and (hint.opens or hint.heading):
        return True
    return not above or bool(re.search(r"[.;:?!)\d\]]$|^\|", above)) or len(above) < 60
