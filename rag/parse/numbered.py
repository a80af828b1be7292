"""Lines with numbered paragraphs → paragraphs, headings, events, and what was doubted."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rag.domain import Note, SourceText
from rag.parse.blocks import Block, join_headings, opening_event, sort_block, sort_front
from rag.parse.builder import Builder
from rag.parse.candidates import ARTICLE, ends_sentence
from rag.parse.lines import Line
from rag.parse.numbers import Start, label_key, paragraph_starts
from rag.parse.parts import Part, contents_lines, parts
from rag.parse.unnumbered import infer_starts
from rag.parse.verbatim import Cut

_LOST = 3  # paragraphs before the first printed number that show that numbers were lost


@dataclass(frozen=True, slots=True)
class Numbering:
    """Where the paragraphs, the parts and the contents tables of a text lie."""

    starts: tuple[Start, ...]
    parts: tuple[Part, ...]
    contents: frozenset[int]

    def front(self, lines: Sequence[Line]) -> list[Line]:
        """The lines above the first paragraph, without contents tables."""
        first = self.starts[0].line
        return [line for i, line in enumerate(lines[:first]) if i not in self.contents]


def numbering_of(lines: Sequence[Line]) -> Numbering:
    """Find the numbered paragraphs of a text, printed or, where they were lost, inferred."""
    contents = contents_lines(lines)
    found = parts(lines, contents)
    starts = paragraph_starts(lines, frozenset(part.line for part in found), contents)
    inferred = infer_starts(lines, contents)
    lost = sum(start.line < starts[0].line for start in inferred) if starts else len(inferred)
    # A number that one sentence begins with is no proof that the others are printed.
    if lost >= (_LOST if starts else 1):
        starts = inferred
    return Numbering(tuple(starts), tuple(found), contents)


def cut_numbered(
    source: SourceText, lines: Sequence[Line], numbering: Numbering, document: str
) -> Cut:
    """Cut a text at its numbers.

    Args:
        source: the text as read.
        lines: all its lines.
        numbering: where its paragraphs begin; at least one.
        document: the document's id.

    """
    starts, contents = numbering.starts, numbering.contents
    vocabulary = frozenset(re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", source.text.lower()))
    builder = Builder(document, vocabulary, source.ocr_pages)
    above = max((i + 1 for i in contents if i < starts[0].line), default=0)
    builder.events_and_headings(_front(lines[above : starts[0].line]))
    _cut(lines, starts, numbering.parts, contents, builder)
    builder.finish()
    return Cut(
        text=builder.text,
        paragraphs=tuple(builder.paragraphs),
        headings=tuple(builder.headings),
        events=tuple(builder.events),
        notes=tuple(builder.notes),
    )


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
    part_lines = frozenset(part.line for part in found)
    for start, after in itertools.zip_longest(starts, starts[1:]):
        if start is None:
            break
        end = after.line if after else len(lines)
        inner = [i for i in range(start.line + 1, end) if i not in skip]
        here = lines[start.line]
        missing = _only_missing(start, after)
        block = sort_block(
            [lines[i] for i in inner],
            Line(start.rest, here.page, gap=False, hint=here.hint),
            one_missing=missing is not None,
            part_at=next((k for k, i in enumerate(inner) if i in part_lines), None),
            last=after is not None and after.section != start.section,
        )
        lost = after.label.rpartition(".")[0] if after and after.after == "lost" else None
        parent = _take_parent(block) if lost else []
        _put(start, block, names[start.section], builder)
        if block.inferred and missing is not None:
            builder.add_headings(block.headings)
            block.headings = []
            builder.paragraph(missing, block.inferred, section=names[start.section], inferred=True)
            what = "the text under a heading has no number; only this one is free"
            builder.notes.append(Note("number inferred", missing, what))
        if parent and lost:
            builder.paragraph(lost, parent, section=names[start.section], inferred=True)
            what = "its number is not printed here; a list stands below it, and only this is free"
            builder.notes.append(Note("number inferred", lost, what))
        builder.events_and_headings(block)
        if block.unnumbered:
            what = f"the text after paragraph {start.label} bears no numbers and cannot be cited"
            builder.notes.append(Note("unnumbered text", start.label, what))
    _note_inferred(starts, builder)
    _note_gaps(starts, names, builder)


def _note_inferred(starts: Sequence[Start], builder: Builder) -> None:
    """Say once for each run of paragraphs that their numbers are not printed."""
    for inferred, group in itertools.groupby(starts, key=lambda start: start.inferred):
        run = [start.label for start in group]
        if inferred:
            which = f"the number {run[0]} is" if len(run) == 1 else f"{run[0]} to {run[-1]} are"
            what = f"{which} not printed; what stands before, or the kind of record, tells it"
            builder.notes.append(Note("number inferred", run[0], what))


def _put(start: Start, block: Block, section: str | None, builder: Builder) -> None:
    """Put one paragraph, and say what was odd about its number."""
    if any(line.text.strip() for line in block.body):
        builder.paragraph(start.label, block.body, section=section, inferred=start.inferred)
    else:
        what = f"the number {start.label} is printed with no text behind it"
        builder.notes.append(Note("empty paragraph", start.label, what))
    _note_start(start, builder)


def _take_parent(block: Block) -> list[Line]:
    """The last sentence of a block, which announces a list, as a paragraph of its own."""
    at = len(block.body) - 1
    while at > 0 and not ends_sentence(block.body[at - 1].text):
        at -= 1
    if at <= 0 or not block.body[-1].text.endswith(":"):
        return []
    parent = block.body[at:]
    del block.body[at:]
    return parent


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
        name = _article_above(lines, start.line, last) or (above[-1] if above else None)
        if name is None and start.section:
            name = _heading_above(lines, start.line, last) or f"part {start.section + 1}"
        taken = {known for known in names.values() if known}
        count = 2
        unique = name
        while unique in taken:
            unique, count = f"{name} ({count})", count + 1
        names[start.section] = unique
    return names


def _article_above(lines: Sequence[Line], line: int, last: int) -> str | None:
    """The article or rule of a treaty or of rules of procedure that a first paragraph is in."""
    for i in range(line - 1, max(last, line - 4), -1):
        article = ARTICLE.match(lines[i].text)
        if article is not None:
            return f"{article['kind']} {article['number']}".lower()
    return None


def _heading_above(lines: Sequence[Line], line: int, last: int) -> str | None:
    """A short heading right above a first paragraph, as it is cited: without commas."""
    for i in range(line - 1, max(last, line - 4), -1):
        text = lines[i].text.strip(" .:*")
        hint = lines[i].hint
        set_as = hint is not None and hint.heading and hint.opens
        if (set_as or text.isupper()) and 2 < len(text) < 60:
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


def _note_gaps(starts: Sequence[Start], names: Mapping[int, str | None], builder: Builder) -> None:
    """Report the numbers that are printed nowhere, section by section."""
    for section, group in itertools.groupby(starts, key=lambda start: start.section):
        run = list(group)
        there = {p.label for p in builder.paragraphs if p.section == names[section]}
        there |= {start.due for start in run}
        heads = {label.partition(".")[0] for label in there}
        run = [start for start in run if not start.composed and start.after != "misprint"]
        highest = 0
        for before, after in itertools.pairwise(run):
            (n, d, _), (m, e, _) = label_key(before.label), label_key(after.label)
            highest = max(highest, n)
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
