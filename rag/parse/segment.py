"""Cut a record into paragraphs at its printed numbers.

The paragraphs' words are joined across line and page breaks; headings and the
lines that report the meeting's course (called to order, suspended, rose) are
kept apart from them. What is repaired, inferred or doubted becomes a `Note`.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from rag.cite import find_symbols, meeting_of, symbol_from_filename
from rag.domain import Document, Event, Heading, Note, Paragraph, SourceText
from rag.errors import NoParagraphs
from rag.parse.lines import Line, split
from rag.parse.masthead import read_masthead
from rag.parse.numbers import Start, ends_sentence, label_key, paragraph_starts
from rag.parse.speakers import assign_turns

_EVENT = re.compile(
    r"^(?:The (?:public part of the |closed part of the |first part of the )?(?:public )?meeting "
    r"(?:was (?:called to order|suspended|resumed|adjourned)|rose|resumed)"
    r"|The discussion covered in the summary record (?:began|ended))\b"
)
_ITEM = re.compile(r"^(?:\([a-z]{1,2}\)|\([ivx]{1,5}\)|[•–—-]) ?\S")
_MAX_HEADING = 300


@dataclass
class _Block:
    """The lines between two paragraph starts, sorted into what they are."""

    body: list[Line] = field(default_factory=lambda: list[Line]())
    headings: list[str] = field(default_factory=lambda: list[str]())
    events: list[str] = field(default_factory=lambda: list[str]())
    unnumbered: list[Line] = field(default_factory=lambda: list[Line]())  # text after a heading


def segment(source: SourceText, symbol: str | None = None) -> Document:
    """Turn the text of a record into a `Document`.

    Args:
        source: the text as read.
        symbol: the document's symbol, where the caller knows better than the text.

    Raises:
        NoParagraphs: nothing in the text is a numbered paragraph.

    """
    lines, standing = split(source)
    starts = paragraph_starts(lines)
    if not starts:
        raise NoParagraphs(
            f"{source.path} has no numbered paragraphs; a citation needs a number to point at."
        )
    notes = list(source.notes)
    vocabulary = frozenset(re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", source.text.lower()))
    front = _sort_front(lines[: starts[0].line])
    blocks: list[_Block] = []
    for start, after in zip(starts, [*starts[1:], None], strict=True):
        opening = Line(start.rest, lines[start.line].page, gap=False)
        inner = lines[start.line + 1 : after.line if after else len(lines)]
        missing = _only_missing(start.label, after.label if after else None)
        blocks.append(_sort_block(inner, opening, one_missing=missing is not None))
    front_lines = [line.text for line in lines[: starts[0].line]]
    symbol = symbol or _own_symbol(source, standing, front_lines, notes)
    builder = _Builder(symbol or slug(source.path.stem), vocabulary, notes)
    builder.front(front)
    for i, (start, block) in enumerate(zip(starts, blocks, strict=True)):
        builder.paragraph(start, block, starts[i + 1].label if i + 1 < len(starts) else None)
    _note_gaps(starts, builder)
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
        notes=(*notes, *heard),
        footnotes=source.footnotes,
        agenda=masthead.agenda,
        reissue=masthead.reissue,
    )


def slug(stem: str) -> str:
    """An id for a document without a symbol, from its file's name."""
    return re.sub(r"[^a-z0-9]+", "-", stem.lower()).strip("-") or "document"


class _Builder:
    """Grows the document's text; every span it hands out points into that text."""

    def __init__(self, document: str, vocabulary: frozenset[str], notes: list[Note]) -> None:
        self.document = document
        self.paragraphs: list[Paragraph] = []
        self.headings: list[Heading] = []
        self.events: list[Event] = []
        self.notes = notes
        self._vocabulary = vocabulary
        self._pieces: list[str] = []
        self._length = 0
        self._heading: str | None = None

    @property
    def text(self) -> str:
        return "".join(self._pieces)

    def _put(self, text: str) -> tuple[int, int]:
        start = self._length
        self._pieces.append(text)
        self._length += len(text)
        return start, self._length

    def front(self, block: _Block) -> None:
        self._above(block, None)

    def _above(self, block: _Block, next_label: str | None, last: str | None = None) -> None:
        """Place a block's events and headings, which stand above the next paragraph."""
        for event in block.events:
            self._put(event + "\n")
            self.events.append(Event(event, last))
        for heading in block.headings:
            self._put(heading + "\n")
            self.headings.append(Heading(heading, next_label))
            self._heading = heading

    def paragraph(self, start: Start, block: _Block, next_label: str | None) -> None:
        if not self.paragraphs:  # the headings of the front now know what they stand above
            self.headings = [Heading(h.text, start.label) for h in self.headings]
        self._add(start.label, block.body, inferred=False)
        missing = _only_missing(start.label, next_label)
        if block.unnumbered and missing is not None:
            self._above(block, missing, start.label)
            self._add(missing, block.unnumbered, inferred=True)
            what = "the text under a heading has no number; only this one is free"
            self.notes.append(Note("number inferred", missing, what))
        else:
            self._above(block, next_label, start.label)

    def _add(self, label: str, lines: Sequence[Line], *, inferred: bool) -> None:
        self._put(f"{label}. ")
        text = unwrap([line.text for line in lines], self._vocabulary)
        begin, end = self._put(text)
        self._put("\n")
        self.paragraphs.append(
            Paragraph(
                document=self.document,
                label=label,
                ordinal=len(self.paragraphs),
                text=text,
                start=begin,
                end=end,
                inferred=inferred,
                page=lines[0].page,
                heading=self._heading,
            )
        )


def unwrap(lines: Sequence[str], vocabulary: frozenset[str] = frozenset()) -> str:
    """Join hard-wrapped lines; listed items, (a), (b), keep lines of their own.

    A hyphen at a line's end stays, unless the word is elsewhere in the text without it.
    """
    text = ""
    for line in lines:
        if not text:
            text = line
        elif _ITEM.match(line) and (ends_sentence(text) or text.endswith((",", "and", "or"))):
            text += "\n" + line
        elif text.endswith("-") and text[-2:-1].isalpha() and line[:1].isalpha():
            head, tail = re.findall(r"[^\W\d_]+", text)[-1], re.findall(r"[^\W\d_]+", line)[0]
            whole = (head + tail).lower()
            hyphenated = f"{head}-{tail}".lower()
            mend = whole in vocabulary and hyphenated not in vocabulary and line[0].islower()
            text = (text[:-1] if mend else text) + line
        elif text.endswith("/") and re.search(r"[A-Z0-9]/$", text):  # a symbol cut at its slash
            text += line
        else:
            text += " " + line
    return text


def _sort_block(lines: Sequence[Line], opening: Line, *, one_missing: bool) -> _Block:
    """Sort the lines after a paragraph's first into body, headings and events.

    Args:
        lines: the lines up to the next paragraph's first.
        opening: what stands on the paragraph's first line after the number.
        one_missing: whether exactly one number is missing before the next paragraph.

    """
    block = _Block(body=[opening])
    rest = list(lines)
    for i, line in enumerate(rest):
        above = rest[i - 1].text if i else opening.text
        if _EVENT.match(line.text) and ends_sentence(above):
            block.body += rest[:i]
            _after_event(rest[i:], block)
            break
    else:
        block.body += rest
    tail = _heading_tail(block.body)
    if tail:
        block.headings = join_headings([x.text for x in block.body[-tail:]]) + block.headings
        del block.body[-tail:]
    elif one_missing:
        at = _heading_inside(block.body)
        if at is not None:
            block.headings.append(block.body[at].text)
            block.unnumbered = block.body[at + 1 :]
            del block.body[at:]
    return block


def _after_event(lines: Sequence[Line], block: _Block) -> None:
    """What follows a suspension is a heading or another event; it belongs to no paragraph."""
    texts: list[str] = []
    for line in lines:
        if _EVENT.match(line.text):
            block.events.append(line.text)
        elif block.events and not texts and not ends_sentence(block.events[-1]):
            block.events[-1] += " " + line.text
        else:
            texts.append(line.text)
    block.headings = join_headings(texts) if "rose" not in block.events[-1] else []


def _heading_tail(body: Sequence[Line]) -> int:
    """How many lines at the end of a block are headings: those after its last full sentence."""
    tail = 0
    while tail < len(body) - 1 and not ends_sentence(body[-1 - tail].text):
        tail += 1
    if not tail or not ends_sentence(body[-1 - tail].text):
        return 0
    text = " ".join(line.text for line in body[-tail:])
    first = re.sub(r"^(?:\(?[A-Za-z0-9]{1,4}[.)] )", "", text)[:1]
    fits = len(text) <= _MAX_HEADING and (first.isupper() or first.isdigit() or first in "(“")
    return tail if fits and not text.endswith((",", "-")) else 0


def _heading_inside(body: Sequence[Line]) -> int | None:
    """A short unpunctuated line between two sentences, under which a number was lost."""
    for i in range(1, len(body) - 1):
        text = body[i].text
        if (
            len(text) < 60
            and text[0].isupper()
            and not ends_sentence(text)
            and not text.endswith((",", "-", "and", "the", "of"))
            and ends_sentence(body[i - 1].text)
            and body[i + 1].text[0].isupper()
        ):
            return i
    return None


def join_headings(lines: Sequence[str]) -> list[str]:
    """Join the wrapped lines of headings; a capital after a finished heading opens another."""
    headings: list[str] = []
    for line in lines:
        goes_on = bool(headings) and (
            line[0].islower()
            or (line.startswith("(") and not re.match(r"^\([a-z]{1,2}\) [A-Z]", line))
            or headings[-1].endswith((";", ",", " and", " of", " the", " under", " by", "-"))
            or headings[-1].count("(") > headings[-1].count(")")
        )
        if goes_on:
            headings[-1] += ("" if headings[-1].endswith("/") else " ") + line
        else:
            headings.append(line)
    return headings


def _sort_front(lines: Sequence[Line]) -> _Block:
    """Events and headings above the first paragraph: those after the opening, if it is there."""
    block = _Block()
    texts = [line.text for line in lines]
    opening = next((i for i, text in enumerate(texts) if _EVENT.match(text)), None)
    if opening is not None:
        block.events.append(texts[opening])
        block.headings = join_headings(texts[opening + 1 :])
        return block
    # Without an opening line, the last lines before paragraph 1 are its headings.
    tail: list[str] = []
    for line in reversed(lines):
        if ends_sentence(line.text) or len(line.text) > 110 or ":" in line.text:
            break
        tail.insert(0, line.text)
        if line.gap and len(tail) >= 2:
            break
    block.headings = join_headings(tail)[-2:]
    return block


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


def _only_missing(label: str, next_label: str | None) -> str | None:
    """The one number missing between two labels, if exactly one is."""
    if next_label is None or not (label.isdigit() and next_label.isdigit()):
        return None
    return str(int(label) + 1) if int(next_label) == int(label) + 2 else None


def _note_gaps(starts: Sequence[Start], builder: _Builder) -> None:
    there = {p.label for p in builder.paragraphs}
    for before, after in itertools.pairwise(starts):
        (n, d, _), (m, e, _) = label_key(before.label), label_key(after.label)
        if d or e:
            continue
        gone = [str(k) for k in range(n + 1, m) if str(k) not in there]
        if gone:
            which = gone[0] if len(gone) == 1 else f"{gone[0]} to {gone[-1]}"
            verb = "is" if len(gone) == 1 else "are"
            what = f"{which} {verb} missing from the printed text"
            builder.notes.append(Note("number gap", before.label, what))
