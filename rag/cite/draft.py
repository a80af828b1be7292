"""A whole draft → its citations, with what its notes and "ibid." point at told.

The notes stand in the text, as Markdown ("[^4]: …") or as numbered lines at its end ("4. …"),
or are given apart, as a word processor keeps them. A note is read for itself: "ibid." at its
start means what the note before cites, where that is one document. What points at a note
with two documents, or with a book that is not known here, stays without a symbol: nothing
is guessed. (eyecite, a library for American cases, resolves "id." and "supra" in the same
order; there, too, an uncertain antecedent gives none.)
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from rag.cite.grammar import cited
from rag.cite.said import Said, only
from rag.cite.symbols import is_symbol
from rag.domain import FoundCitation

_MARKDOWN = re.compile(r"^ {0,3}\[\^(?P<number>\d{1,4})\]:[ \t]*", re.MULTILINE)
_NUMBERED = re.compile(r"^ {0,3}(?P<number>\d{1,4})\.[ \t]+(?=\S)", re.MULTILINE)
_BLANK = re.compile(r"\n[ \t]*\n(?! {2,}\S)")  # an indented paragraph goes on with its note
_BARE = re.compile(r"(?<![\w/])(?:SR|PV)\s?\.\s?\d")
_RECORD = re.compile(r"(?<![\w/.])[A-Z]{1,8}(?:/[A-Z0-9.-]{1,12}){0,4}/(?:SR|PV)\.\d{1,8}(?!\w)")

Note = tuple[str, str]  # number, text


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of the text with its offset: a note, or what stands between notes."""

    number: str | None
    start: int
    end: int


def find_in_draft(text: str, notes: Sequence[Note] = ()) -> list[FoundCitation]:
    """Find every citation of a draft's text, with the symbols that its notes tell.

    Args:
        text: the draft, with or without its notes.
        notes: the notes as (number, text), where they are kept apart; those in the text
            do not count then.

    """
    if notes:
        return _text(text, _given(text, notes)[1])
    parts = _parts(text)
    told: dict[str, FoundCitation | None] = {}
    known = _series(text)
    last: FoundCitation | None = None
    found: list[FoundCitation] = []
    for part in parts:
        if part.number is None:
            continue
        read = cited(text[part.start : part.end], _said(told, known, last))
        last = told[part.number] = only(read)
        found += [_moved(each, part.start) for each in read]
    body = _said(told, known, None)
    for part in parts:
        if part.number is None:
            read = cited(text[part.start : part.end], body)
            found += [_moved(each, part.start) for each in read]
    return sorted(found, key=lambda each: each.start)


def find_in_notes(text: str, notes: Sequence[Note]) -> list[list[FoundCitation]]:
    """Find the citations of notes that are kept apart from their text: a list for each note."""
    return _given(text, notes)[0]


def _given(
    text: str, notes: Sequence[Note]
) -> tuple[list[list[FoundCitation]], dict[str, FoundCitation | None]]:
    told: dict[str, FoundCitation | None] = {}
    known = _series("\n\n".join([text, *(note for _, note in notes)]))
    last: FoundCitation | None = None
    found: list[list[FoundCitation]] = []
    for number, note in notes:
        read = cited(note, _said(told, known, last))
        last = told[number] = only(read)
        found.append(read)
    return found, told


def _text(text: str, told: dict[str, FoundCitation | None]) -> list[FoundCitation]:
    return cited(text, _said(told, _series(text), None))


def _series(text: str) -> Said:
    """The series named anywhere in a draft; where they are two, a bare "SR.4" stays untold."""
    said = Said()
    if _BARE.search(text) is None:
        return said
    for printed in set(_RECORD.findall(text)):
        if is_symbol(printed):
            said.learn(printed)
    return said


def _said(told: dict[str, FoundCitation | None], known: Said, last: FoundCitation | None) -> Said:
    return Said(last=last, notes=told, series=known.series, symbols=known.symbols)


def _moved(found: FoundCitation, by: int) -> FoundCitation:
    return replace(found, start=found.start + by, end=found.end + by)


def _parts(text: str) -> list[_Part]:
    """Cut a draft into its notes and what stands between them, in order."""
    heads = list(_MARKDOWN.finditer(text)) or _last_run(text)
    parts: list[_Part] = []
    position = 0
    for head, following in zip_longest(heads, heads[1:]):
        until = following.start() if following else len(text)
        blank = _BLANK.search(text, head.end(), until)
        end = blank.start() if blank else until
        parts += [_Part(None, position, head.start()), _Part(head["number"], head.end(), end)]
        position = end
    return [*parts, _Part(None, position, len(text))]


def _last_run(text: str) -> list[re.Match[str]]:
    """The numbered lines from the last "1." on, each one more than the one before.

    A draft whose own paragraphs are numbered has its notes behind them.
    """
    run: list[re.Match[str]] = []
    for match in _NUMBERED.finditer(text):
        number = int(match["number"])
        if number == 1:
            run = [match]
        elif run and number == int(run[-1]["number"]) + 1:
            run.append(match)
    return run
