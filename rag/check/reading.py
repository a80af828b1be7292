"""A draft's file → its parts: paragraphs, block quotations and notes, with their citations.

The file is read as a record would be; Markdown as plain text. What the reader keeps apart as
footnotes stays apart, and each part knows where the marks of notes stood in it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from rag.cite import find_in_draft, find_in_notes
from rag.domain import FoundCitation, SourceText
from rag.errors import UnreadableFile
from rag.read import contents, read

MARKDOWN = frozenset({".md", ".markdown"})
_BLANK = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")
_OPENS = re.compile(
    r"^[ \t]{0,3}(?:>|#{1,6}\s|[-*+•]\s|\d{1,4}[.)]\s|\([a-z]{1,4}\)\s|\[\^[^\]\s]{1,20}\]:|\|)"
)
_NOTE = re.compile(r"[ \t]{0,3}\[\^(?P<mark>[^\]\s]{1,20})\]:[ \t]*")
_NUMBERED = re.compile(r"[ \t]{0,3}(?P<mark>\d{1,4})\.[ \t]+(?=\S)")
_MARK = re.compile(r"\[\^(?P<name>[^\]\s]{1,20})\](?!:)|(?P<raised>[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,4})")
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_ENDED = re.compile(r"[.!?:;…][\"'”’»)\]*\s]*$")
_LONGEST = 20_000  # characters of a part; what is longer is cut, so that no file takes for ever
_LONG = 160  # characters: a line this long is a paragraph of its own
_SET_IN = 18.0  # points further in than the text
_BULLET = re.compile(r"^\s*(?:[-–—•*]|\(?[a-z0-9]{1,4}[.)])\s")


@dataclass(frozen=True, slots=True)
class Part:
    """A paragraph of a draft, or one of its notes."""

    text: str
    start: int | None  # offset into the draft's text; None for a note that is kept apart
    quoted: bool = False  # set as a block quotation
    sure: bool = True  # that it is one: not told by its indent alone
    note: str | None = None  # the mark of the note that it is
    citations: tuple[FoundCitation, ...] = ()  # offsets into this part
    marks: tuple[tuple[int, int, str], ...] = ()  # (start, end, mark) of notes referred to
    line: int = 1

    @property
    def location(self) -> str:
        """Where it is, for a reader."""
        return f"note {self.note}" if self.note else f"line {self.line}"


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft as it is checked."""

    path: Path
    markdown: bool
    parts: tuple[Part, ...]

    @property
    def unmarked(self) -> int:
        """How many of its notes cite something, and where their marks stand is not told."""
        apart = [number for number, part in enumerate(self.parts) if part.start is None]
        referred = {mark for part in self.parts for *_, mark in part.marks}
        names = {number: str(n) for n, number in enumerate(apart)}
        notes = [(names.get(n, part.note), part) for n, part in enumerate(self.parts) if part.note]
        return sum(bool(part.citations) and name not in referred for name, part in notes)


@dataclass(slots=True)
class _Cut:
    """A part while it is cut: its span, and what it is."""

    start: int
    end: int
    quoted: bool = False
    sure: bool = True
    note: str | None = None
    marks: list[tuple[int, int, str]] = field(default_factory=list[tuple[int, int, str]])


def read_draft(path: Path) -> Draft:
    """Read a draft and find its citations.

    Raises:
        UnreadableFile: missing, empty, too large, damaged, or of an unknown format.

    """
    markdown = path.suffix.lower() in MARKDOWN
    source = _markdown(path) if markdown else read(path)
    cuts = _joined(source, _by_layout(source) if source.hints else list(_by_lines(source.text)))
    if source.footnotes:
        _refer(source, cuts)
    else:
        _notes_in_text(source.text, cuts)
    cuts = [piece for cut in cuts for piece in _short(source.text, cut)]
    return Draft(path, markdown, tuple(_parts(source, cuts)))


def _markdown(path: Path) -> SourceText:
    from rag.read.text import read_text

    if not path.is_file():
        raise UnreadableFile(f"{path} does not exist, or is not a regular file; check the path.")
    return read_text(path, contents(path))


# -- parts ---------------------------------------------------------------------------------------


def _by_lines(text: str) -> Iterator[_Cut]:
    """Cut plain text or Markdown: at blank lines, and where a list, a quotation or a note begins."""
    position = 0
    for blank in [*_BLANK.finditer(text), None]:
        end = blank.start() if blank else len(text)
        yield from _lines(text, position, end)
        position = blank.end() if blank else end


def _lines(text: str, start: int, end: int) -> Iterator[_Cut]:
    open_: _Cut | None = None
    position = start
    for line in text[start:end].split("\n"):
        here, position = position, position + len(line) + 1
        quoted = line.lstrip().startswith(">")
        opens = _OPENS.match(line) is not None and not (quoted and open_ and open_.quoted)
        if open_ is not None and not opens and open_.quoted == quoted and len(line) <= _LONG:
            open_.end = here + len(line)
            continue
        if open_ is not None and quoted and open_.quoted:
            open_.end = here + len(line)
            continue
        if open_ is not None and open_.end > open_.start:
            yield open_
        open_ = _Cut(here, here + len(line), quoted)
    if open_ is not None and open_.end > open_.start:
        yield open_


def _by_layout(source: SourceText) -> list[_Cut]:
    """Cut what was read with its layout: where blocks open; what is set further in is quoted."""
    cuts: list[_Cut] = []
    indents: list[float] = []
    at = 0
    for line, hint in zip(source.text.split("\n"), source.hints, strict=True):
        if hint.opens or not cuts:
            cuts.append(_Cut(at, at + len(line), sure=False))
            plain = not (hint.heading or hint.number or _BULLET.match(line))
            indents.append(hint.indent if plain else -1.0)
        else:
            cuts[-1].end = at + len(line)
        at += len(line) + 1
    if source.format in ("word", "html"):
        plain = sorted(indent for indent in indents if indent >= 0)
        usual = plain[len(plain) // 4] if plain else 0.0
        for cut, indent in zip(cuts, indents, strict=True):
            cut.quoted = indent >= usual + _SET_IN
    return cuts


def _joined(source: SourceText, cuts: list[_Cut]) -> list[_Cut]:
    """Join what a page break parts in the middle of a sentence."""
    breaks = {offset for offset, _ in source.pages[1:]}
    joined: list[_Cut] = []
    for cut in cuts:
        before = joined[-1] if joined else None
        new_page = before is not None and any(
            offset in breaks for offset in range(before.end + 1, cut.start + 1)
        )
        if before and new_page and before.quoted == cut.quoted:
            above = source.text[before.start : before.end]
            if not _ENDED.search(above[-40:]) and not _OPENS.match(
                source.text[cut.start : cut.end][:60]
            ):
                before.end = cut.end
                continue
        joined.append(cut)
    return joined


def _short(text: str, cut: _Cut) -> Iterator[_Cut]:
    """Cut what is longer than any paragraph, between words where there are any."""
    start = cut.start
    while cut.end - start > _LONGEST:
        blank = text.rfind(" ", start + 1, start + _LONGEST)
        end = blank if blank > 0 else start + _LONGEST
        yield _piece(cut, start, end)
        start = end
    yield _piece(cut, start, cut.end)


def _piece(cut: _Cut, start: int, end: int) -> _Cut:
    by = start - cut.start
    marks = [(a - by, b - by, mark) for a, b, mark in cut.marks if start <= cut.start + a <= end]
    return _Cut(start, end, cut.quoted, cut.sure, cut.note if not by else None, marks)


# -- notes ---------------------------------------------------------------------------------------


def _refer(source: SourceText, cuts: Sequence[_Cut]) -> None:
    """Put where the marks of notes stood to the parts."""
    starts = [cut.start for cut in cuts]
    for offset, number in source.references:
        at = bisect_right(starts, offset) - 1
        if at >= 0:
            place = offset - cuts[at].start
            cuts[at].marks.append((place, place, str(number)))


def _notes_in_text(text: str, cuts: Sequence[_Cut]) -> None:
    """Tell the notes that stand in the text, and the marks that refer to them."""
    for cut in cuts:
        head = _NOTE.match(text, cut.start, cut.end)
        if head:
            cut.note = head["mark"]
    if all(cut.note is None for cut in cuts):
        _last_run(text, cuts)
    known = {cut.note for cut in cuts if cut.note}
    for cut in cuts if known else ():
        for match in _MARK.finditer(text, cut.start, cut.end):
            name = match["name"] or match["raised"].translate(_RAISED)
            if name in known:
                cut.marks.append((match.start() - cut.start, match.end() - cut.start, name))


def _last_run(text: str, cuts: Sequence[_Cut]) -> None:
    """Numbered lines at the end, counted from 1, to which raised figures refer."""
    if not any(match["raised"] for match in _MARK.finditer(text)):
        return
    run: list[_Cut] = []
    for cut in cuts:
        head = _NUMBERED.match(text, cut.start, cut.end)
        number = int(head["mark"]) if head else 0
        if number == 1:
            run = [cut]
        elif number and run and number == len(run) + 1:
            run.append(cut)
    for number, cut in enumerate(run, start=1):
        cut.note = str(number)


def _parts(source: SourceText, cuts: Sequence[_Cut]) -> Iterator[Part]:
    notes = [(note.mark, note.text) for note in source.footnotes]
    found = find_in_draft(source.text, notes)
    at = line = counted = 0
    for cut in cuts:
        line += source.text.count("\n", counted, cut.start)
        counted = cut.start
        while at < len(found) and found[at].start < cut.start:
            at += 1
        inside: list[FoundCitation] = []
        while at < len(found) and found[at].start < cut.end:
            inside.append(_moved(found[at], cut))
            at += 1
        yield Part(
            source.text[cut.start : cut.end],
            cut.start,
            cut.quoted,
            cut.sure,
            cut.note,
            tuple(inside),
            tuple(cut.marks),
            line + 1,
        )
    apart = find_in_notes(source.text, notes) if notes else []
    for (mark, text), cited in zip(notes, apart, strict=True):
        yield Part(text, None, note=mark or "*", citations=tuple(cited))


def _moved(found: FoundCitation, cut: _Cut) -> FoundCitation:
    start = found.start - cut.start
    return replace(found, start=start, end=min(found.end, cut.end) - cut.start)
