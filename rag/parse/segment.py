"""Cut a record into paragraphs at its printed numbers.

The paragraphs' words are joined across line and page breaks; headings and the
lines that report the meeting's course (called to order, suspended, rose) are
kept apart from them. What is repaired, inferred or doubted becomes a `Note`.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from rag.cite import find_symbols, meeting_of, symbol_from_filename
from rag.domain import Document, Note, SourceText
from rag.errors import NoParagraphs
from rag.parse.blocks import Block, join_headings, opening_event, sort_block, sort_front
from rag.parse.builder import Builder
from rag.parse.lines import Line, split
from rag.parse.masthead import read_masthead
from rag.parse.numbers import ARTICLE, Start, label_key, paragraph_starts
from rag.parse.parts import Part, contents_lines, parts
from rag.parse.speakers import assign_turns
from rag.parse.unnumbered import infer_starts

_LOST = 3  # paragraphs before the first printed number that show that numbers were lost


def segment(source: SourceText, symbol: str | None = None) -> Document:
    """Turn the text of a record into a `Document`.

    Args:
        source: the text as read.
        symbol: the document's symbol, where the caller knows better than the text.

    Raises:
        NoParagraphs: nothing in the text is a numbered paragraph.

    """
    lines, standing = split(source)
    skip = contents_lines(lines)
    found = parts(lines, skip)
    starts = paragraph_starts(lines, frozenset(part.line for part in found), skip)
    notes = list(source.notes)
    inferred = infer_starts(lines, skip)
    lost = sum(start.line < starts[0].line for start in inferred) if starts else len(inferred)
    if lost >= (
        _LOST if starts else 1
    ):  # a number that a sentence begins with is no proof that others are printed
        starts = inferred
    if not starts:
        raise NoParagraphs(
            f"{source.path} has no numbered paragraphs; a citation needs a number to point at."
        )
    front = [line for i, line in enumerate(lines[: starts[0].line]) if i not in skip]
    front_lines = [line.text for line in front]
    symbol = symbol or _own_symbol(source, standing, front_lines, notes)
    vocabulary = frozenset(re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", source.text.lower()))
    builder = Builder(symbol or slug(source.path.stem), vocabulary, ocr=source.format == "ocr")
    contents = max((i + 1 for i in skip if i < starts[0].line), default=0)
    builder.events_and_headings(_front(lines[contents : starts[0].line]))
    _cut(lines, starts, found, skip, builder)
    builder.finish()
    masthead = read_masthead(
        front_lines,
        [heading.text for heading in builder.headings],
        symbol=symbol,
        text=source.text,
    )
    paragraphs, heard = assign_turns(builder.paragraphs, kind=masthead.kind, state=masthead.state)
    return Document(
        id=builder.document,
        symbol=symbol,
        title=masthead.title,
        kind=masthead.kind,
        body=masthead.body,
        session=masthead.session,
        meeting=masthead.meeting,
        held_on=masthead.held_on,
        issued_on=masthead.issued_on,
        place=masthead.place,
        chair=masthead.chair,
        language=masthead.language,
        state=masthead.state,
        source=source.path,
        sha256=source.sha256,
        text=builder.text,
        paragraphs=paragraphs,
        headings=tuple(builder.headings),
        events=tuple(builder.events),
        notes=(*notes, *builder.notes, *heard),
        footnotes=source.footnotes,
        agenda=masthead.agenda,
        reissue=masthead.reissue,
    )


def slug(stem: str) -> str:
    """An id for a document without a symbol, from its file's name."""
    return re.sub(r"[^a-z0-9]+", "-", stem.lower()).strip("-") or "document"


def _front(front: Sequence[Line]) -> Block:
    """Events and headings above the first paragraph: those after the opening, if it is there."""
    block = Block()
    opening = opening_event(front)
    if opening is not None:
        block.events.append(front[opening].text)
        after = front[opening + 1 :]
        if any(line.hint is not None for line in after):
            block.headings, block.unnumbered = sort_front(after)
        else:
            block.headings = join_headings([line.text for line in after])
        return block
    block.headings, _ = sort_front(front)
    return block


def _cut(
    lines: Sequence[Line],
    starts: Sequence[Start],
    found: Sequence[Part],
    skip: frozenset[int],
    builder: Builder,
) -> None:
    """Put the paragraphs, and what stands between them, into the builder."""
    names = _sections(starts, found, lines)
    for start, after in itertools.zip_longest(starts, starts[1:]):
        if start is None:
            break
        end = after.line if after else len(lines)
        inner = [i for i in range(start.line + 1, end) if i not in skip]
        part_at = next((k for k, i in enumerate(inner) if any(p.line == i for p in found)), None)
        here = lines[start.line]
        opening = Line(start.rest, here.page, gap=False, hint=here.hint)
        missing = _only_missing(start, after)
        block = sort_block(
            [lines[i] for i in inner],
            opening,
            one_missing=missing is not None,
            part_at=part_at,
            last=after is not None and after.section != start.section,
        )
        section = names[start.section]
        builder.paragraph(start.label, block.body, section=section, inferred=start.inferred)
        _note_start(start, builder)
        if block.inferred and missing is not None:
            builder.add_headings(block.headings)
            builder.paragraph(missing, block.inferred, section=section, inferred=True)
            what = "the text under a heading has no number; only this one is free"
            builder.notes.append(Note("number inferred", missing, what))
            block.headings = []
        builder.events_and_headings(block)
        if block.unnumbered:
            what = f"the text after paragraph {start.label} bears no numbers and cannot be cited"
            builder.notes.append(Note("unnumbered text", start.label, what))
    _note_gaps(starts, builder)


def _sections(
    starts: Sequence[Start], found: Sequence[Part], lines: Sequence[Line]
) -> dict[int, str | None]:
    """Name each run of numbers by the part that it stands in, or the heading above it."""
    names: dict[int, str | None] = {}
    for before, start in zip([None, *starts], starts, strict=False):
        if start.section in names:
            continue
        last = before.line if before else -1
        above = [part.name for part in found if last < part.line < start.line]
        name = above[-1] if above else None
        if name is None and start.section:
            name = _heading_above(lines, start.line, last) or f"part {start.section + 1}"
        taken = {known for known in names.values() if known}
        count = 2
        unique = name
        while unique in taken:
            unique, count = f"{name} ({count})", count + 1
        names[start.section] = unique
    return names


def _heading_above(lines: Sequence[Line], line: int, last: int) -> str | None:
    """A short heading right above a first paragraph, as it is cited: without commas."""
    for i in range(line - 1, max(last, line - 4), -1):
        text = lines[i].text.strip(" .:*")
        hint = lines[i].hint
        set_as = hint is not None and hint.heading and hint.opens
        if (set_as or text.isupper() or ARTICLE.match(text)) and 2 < len(text) < 60:
            return re.sub(r"[,#;:]", "", text).lower()
    return None


def _note_start(start: Start, builder: Builder) -> None:
    """Say what was odd about a number."""
    if start.after == "back":
        what = f"{start.label} is printed after a higher number"
        builder.notes.append(Note("number out of order", start.label, what))
    if start.after == "misprint":
        what = f"{start.label} is printed where {start.due} is due; it is kept as printed"
        builder.notes.append(Note("number out of order", start.label, what))
    if start.inferred:
        what = f"the number {start.label} is not printed here; it follows from those before it"
        builder.notes.append(Note("number inferred", start.label, what))
    if start.composed and start.label.endswith(".1"):
        number = start.label.rpartition(".")[0]
        what = f"the list in paragraph {number} begins again at 1; its items are cited as {number}.1 and so on"
        builder.notes.append(Note("number composed", start.label, what))


def _only_missing(start: Start, after: Start | None) -> str | None:
    """The one number missing between two paragraphs, if exactly one is."""
    if after is None or start.section != after.section:
        return None
    if not (start.label.isdigit() and after.label.isdigit()):
        return None
    return str(int(start.label) + 1) if int(after.label) == int(start.label) + 2 else None


def _note_gaps(starts: Sequence[Start], builder: Builder) -> None:
    """Report the numbers that are printed nowhere, section by section."""
    by_section = itertools.groupby(starts, key=lambda start: start.section)
    for (_, group), section in zip(
        by_section, dict.fromkeys(p.section for p in builder.paragraphs), strict=False
    ):
        run = list(group)
        there = {p.label for p in builder.paragraphs if p.section == section}
        there |= {start.due for start in run}
        run = [start for start in run if not start.composed and start.after != "misprint"]
        highest = 0
        for before, after in itertools.pairwise(run):
            (n, d, _), (m, e, _) = label_key(before.label), label_key(after.label)
            highest = max(highest, n)
            heads = {label.partition(".")[0] for label in there}
            gone = [str(k) for k in range(highest + 1, m) if str(k) not in heads]
            if n == m and e > d + 1 and not (d == 0 and e == 1):
                gone = [f"{n}.{k}" for k in range(d + 1, e) if f"{n}.{k}" not in there]
            if gone:
                _note_gap(gone, before.label, builder)


def _note_gap(gone: Sequence[str], where: str, builder: Builder) -> None:
    which = gone[0] if len(gone) == 1 else f"{gone[0]} to {gone[-1]}"
    verb = "is" if len(gone) == 1 else "are"
    what = f"{which} {verb} missing from the printed text"
    builder.notes.append(Note("number gap", where, what))


def _own_symbol(
    source: SourceText, standing: Sequence[str], front: Sequence[str], notes: list[Note]
) -> str | None:
    """The document's own symbol, never one that it only cites.

    It stands alone on a line: in the masthead or as running header. Where no line
    bears it, the file's name may, if the text does not contradict it.
    """
    if standing:
        return standing[0]
    for line in front[:12]:  # "United Nations CCPR/C/GC/36"
        found = find_symbols(line)
        if found and found[0][1] >= len(line.rstrip("* ")) and len(line) < 60:
            return found[0][2]
    named = symbol_from_filename(source.path.stem)
    if named is None:
        return None
    number = meeting_of(named)
    masthead = " ".join(front[:40])
    if number is not None and "ummary record of" in masthead and str(number) not in masthead:
        return None
    notes.append(Note("symbol from file name", "", f"{named} is printed nowhere in the text."))
    return named
