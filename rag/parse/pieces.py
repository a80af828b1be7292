"""Lines of a verbatim record → speeches, lists of votes, directions and headings, in order."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from rag.parse.candidates import ends_sentence
from rag.parse.lines import Line
from rag.parse.stage import (
    AGENDA_ITEM,
    OTHER_ITEMS,
    Direction,
    Speaker,
    begins,
    direction_at,
    is_notice,
    speaker_at,
    votes,
)

Kind = Literal["speech", "narrative", "event", "aside", "heading"]
_CLOSING = re.compile(r"\bmeeting rose\b")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_STRAY = re.compile(r"^(?:\d{1,2}/\d{1,2}/\d{4}|\d{1,3}/\d{1,3}|\d\d-\d{5})$")  # "2/9", "18-43649"
_EDGE = 4  # running headers and footers stand within so many lines of a page's edge
_FIRST_PAGE = 250  # lines


@dataclass(frozen=True, slots=True)
class Piece:
    """Lines of one kind; a speech without a speaker goes on with the one before it."""

    kind: Kind
    lines: tuple[Line, ...]
    speaker: Speaker | None = None


@dataclass(frozen=True, slots=True)
class _Marks:
    """What begins on each line."""

    lines: Sequence[Line]
    speakers: Sequence[Speaker | None]
    directions: Sequence[Direction | None]
    ends: frozenset[int]  # indices just behind a direction

    def anchor(self, i: int) -> bool:
        return self.speakers[i] is not None or self.directions[i] is not None


def pieces_of(lines: Sequence[Line]) -> list[Piece]:
    """Sort the lines from the opening of the meeting to its end.

    A direction is a sentence of its own; a heading stands between the end of a
    sentence and the next speaker or direction, or is set as one.
    """
    marks = _marked(lines)
    headings = _headings(marks)
    sorting = _Sorting()
    i = 0
    while i < len(lines):
        found, direction = marks.speakers[i], marks.directions[i]
        end = i + 1
        if i in headings:
            while end in headings:
                end += 1
            sorting.put(Piece("heading", tuple(lines[i:end])))
        elif direction is not None:
            end = i + direction.lines
            told = tuple(lines[i:end])
            if direction.kind == "outcome":
                sorting.outcome(told)
            else:
                sorting.put(Piece(direction.kind, told))
                if _CLOSING.search(" ".join(line.text for line in told)):
                    break
        elif found is not None:
            end = i + found.lines
            sorting.speak(found, lines[end - 1], lines[i])
        else:
            sorting.add(lines[i])
        i = end
    return sorting.finish()


class _Sorting:
    """Pieces as they are closed, and the lines of the one that is open."""

    def __init__(self) -> None:
        self._pieces: list[Piece] = []
        self._held: list[Line] = []
        self._kind: Kind = "speech"
        self._speaker: Speaker | None = None

    def _close(self, following: Kind = "speech") -> None:
        if self._held or self._speaker is not None:
            self._pieces.append(Piece(self._kind, tuple(self._held), self._speaker))
        self._held, self._kind, self._speaker = [], following, None

    def put(self, piece: Piece) -> None:
        """Add a heading or a direction; what follows is speech."""
        self._close()
        self._pieces.append(piece)

    def outcome(self, lines: Sequence[Line]) -> None:
        """Add an outcome; it belongs to the list of votes above it, if there is one."""
        if self._kind != "narrative":
            self._close("narrative")
        self._held += lines

    def speak(self, speaker: Speaker, last: Line, first: Line) -> None:
        """Begin a speech; its first words stand on the last line of the name."""
        self._close()
        self._speaker = speaker
        if speaker.words:
            self._held.append(Line(speaker.words, last.page, gap=False, hint=first.hint))

    def add(self, line: Line) -> None:
        """Add a line of speech, or of votes where they begin on it."""
        if votes(line) and self._kind == "speech" and not self._held and self._speaker is None:
            self._close("narrative")
        self._held.append(line)

    def finish(self) -> list[Piece]:
        """Close what is open."""
        self._close()
        return self._pieces


def without_furniture(lines: Sequence[Line], *, laid_out: bool) -> list[Line]:
    """Take out the notice of the first page, and what repeats at the pages' edges.

    Args:
        lines: from the opening of the meeting.
        laid_out: whether a reader that knows the layout took page furniture out already.

    """
    kept = [
        line
        for i, line in enumerate(lines)
        if not (i < _FIRST_PAGE and line.page == lines[0].page and is_notice(line))
    ]
    if laid_out:
        return kept
    plain = (replace(line, text=_CONTROL.sub("", line.text)) for line in kept)
    kept = [line for line in plain if line.text and not _STRAY.match(line.text)]
    names = (range(i, i + s.lines) for i in range(len(kept)) if (s := speaker_at(kept, i)))
    named = frozenset(itertools.chain.from_iterable(names))
    at_edge = {i for i in _edges(kept) - named if not kept[i].text.endswith((".", ":", ";", ","))}
    on_pages: dict[str, set[int | None]] = {}
    for i in at_edge:
        on_pages.setdefault(_shape(kept[i].text), set()).add(kept[i].page)
    common = max(3.0, 0.3 * len({line.page for line in kept}))
    return [
        line
        for i, line in enumerate(kept)
        if i not in at_edge or len(on_pages[_shape(line.text)]) < common
    ]


def _edges(lines: Sequence[Line]) -> frozenset[int]:
    """Indices of the first and last lines of every page."""
    found: set[int] = set()
    start = 0
    for i in range(1, len(lines) + 1):
        if i == len(lines) or lines[i].page != lines[start].page:
            found.update(range(start, min(start + _EDGE, i)))
            found.update(range(max(start, i - _EDGE), i))
            start = i
    return frozenset(found)


def _shape(text: str) -> str:
    return re.sub(r"\d+", "#", text)


def _marked(lines: Sequence[Line]) -> _Marks:
    speakers: list[Speaker | None] = [None] * len(lines)
    directions: list[Direction | None] = [None] * len(lines)
    ends: set[int] = set()
    for i in range(len(lines)):
        speakers[i] = speaker_at(lines, i)
        if speakers[i] is None:
            direction = directions[i] = direction_at(lines, i, apart=i in ends)
            if direction is not None:
                ends.add(i + direction.lines)
    return _Marks(lines, speakers, directions, frozenset(ends))


def _headings(marks: _Marks) -> frozenset[int]:
    """Indices of the lines that are headings."""
    lines = marks.lines
    found: set[int] = set()
    for i, line in enumerate(lines):
        if i in found or marks.anchor(i):
            continue
        above = lines[i - 1] if i else None
        numbered = (AGENDA_ITEM.match(line.text) or OTHER_ITEMS.match(line.text)) and (
            above is None or i in marks.ends or begins(line, above) or ends_sentence(above.text)
        )
        set_so = line.hint is not None and line.hint.heading and line.hint.opens
        if numbered or (set_so and not ends_sentence(line.text)):
            found.update(_run_of_headings(marks, i))
    for i in range(1, len(lines)):
        if marks.anchor(i) and i - 1 not in found:
            found.update(_tail_above(marks, i, found))
    return frozenset(found)


def _run_of_headings(marks: _Marks, i: int) -> range:
    """A heading with the lines it is wrapped over, and the headings below it."""
    lines = marks.lines
    end = i + 1
    while end < len(lines) and end < i + 30 and not marks.anchor(end):
        hint = lines[end].hint
        if hint is None and ends_sentence(lines[end].text):
            return range(i, i + 1)  # what follows is text
        if hint is not None and hint.opens and not hint.heading and hint.indent >= 9:
            break
        end += 1
    return range(i, end)


def _tail_above(marks: _Marks, i: int, known: set[int]) -> range:
    """The lines above a speaker or direction that end no sentence."""
    lines = marks.lines
    start = i
    while start > 0 and i - start < 16:
        above = lines[start - 1]
        if start in marks.ends or start - 1 in known or marks.speakers[start - 1] is not None:
            break
        if ends_sentence(above.text) or votes(above):
            break
        start -= 1
    none = range(i, i)
    if start == i:
        return none
    text = " ".join(line.text for line in lines[start:i])
    long = 600 if lines[start].hint is not None else 300
    if len(text) > long or text.endswith(",") or not (text[0].isupper() or text[0] in "(“"):
        return none
    if start in marks.ends or start - 1 in known or start == 0:
        return range(start, i)
    if votes(lines[start - 1]) or not ends_sentence(lines[start - 1].text):
        return none  # the end of a list of votes, or of a speech without a full stop
    hint = lines[start].hint
    if text.isupper() and len(text) > 8:
        return range(start, i)
    if hint is not None and not (hint.opens and (hint.indent < 9 or hint.heading)):
        return none
    return range(start, i)
