"""A verbatim record → units of speech, each on one page, with who speaks.

Verbatim records (S/PV.8422, A/48/PV.46) have no paragraph numbers: they are cited by
page, with the speaker. A speech that goes on over pages is cut where the page ends, so
that the page of a quotation is the page it is printed on; all its units share one turn.
What is printed in italics (the meeting's course, votes, headings) is nobody's words.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from rag.cite import kind_of
from rag.domain import Event, Heading, Note, Paragraph, SourceText, Turn
from rag.parse.agenda import documents_of, join_titles
from rag.parse.blocks import unwrap
from rag.parse.candidates import ends_sentence
from rag.parse.lines import Line
from rag.parse.pieces import Piece, pieces_of, without_furniture
from rag.parse.stage import AGENDA_ITEM, Floor, Speaker, floor_of, observers_in, speaker_at, votes
from rag.parse.states import states_in

SPEECHES = "speeches"  # the section of units that are counted, for want of pages
_OPENING = re.compile(r"^The (?:\w+ ){0,4}meeting (?:was called to order|resumed)\b")
_PAPER = re.compile(r"^(?:draft|report|note|letter|agenda items?\b|\([a-z]{1,2}\))", re.IGNORECASE)
_NATIONAL = re.compile(
    r"\bin my (?:national )?capacity as (?:the )?(?:\w+ )?representative of (?P<of>.{3,80})"
)
_BARE_VOTE = re.compile(r"^(?:In favour|Against|Abstaining) ?:$")
_RESUMES = re.compile(
    r"\bresume my (?:functions?|duties|role|capacity) as (?:the )?(?:Acting )?(?:President|Chair)"
)


@dataclass(frozen=True, slots=True)
class Cut:
    """A verbatim record cut into units; spans point into `text`."""

    text: str
    paragraphs: tuple[Paragraph, ...]
    headings: tuple[Heading, ...]
    events: tuple[Event, ...]
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class _Unit:
    """What becomes a paragraph: the part of a speech, or of a list of votes, on one page."""

    page: int | None
    text: str
    floor: Floor | None
    turn: int  # which turn it is of; -1 in narrative
    announced: str = ""  # the speaker as printed, before the first words


@dataclass(frozen=True, slots=True)
class _Told:
    """A heading or an event."""

    heading: bool
    text: str


def is_verbatim(lines: Sequence[Line], symbol: str | None) -> bool:
    """Whether lines are those of a verbatim record: by the symbol, or by the speakers.

    Without a symbol that tells, three must speak before a colon, a President among them.
    """
    if symbol is not None and kind_of(symbol) != "document":
        return kind_of(symbol) == "verbatim record" and any(_speaks(lines))
    spoken, presided = 0, False
    for speaker in _speaks(lines):
        spoken, presided = spoken + 1, presided or speaker.chair
        if spoken >= 3 and presided:
            return True
    return False


def _speaks(lines: Sequence[Line]) -> Iterator[Speaker]:
    for i in range(len(lines)):
        speaker = speaker_at(lines, i)
        if speaker is not None and (speaker.office or speaker.place):
            yield speaker


def front_of(lines: Sequence[Line]) -> int:
    """How many lines are the masthead: those before the meeting is called to order."""
    for i, line in enumerate(lines):
        if _OPENING.match(line.text):
            return i
    return next((i for i in range(len(lines)) if speaker_at(lines, i) is not None), 0)


def cut_verbatim(source: SourceText, lines: Sequence[Line], document: str) -> Cut:
    """Cut a verbatim record into units, headings and events.

    Args:
        source: the text as read; says whether its pages are known.
        lines: all lines of the record, the masthead among them.
        document: the document's id.

    Where no pages are known, units are counted and marked as inferred.

    """
    body = without_furniture(lines[front_of(lines) :], laid_out=bool(source.hints))
    vocabulary = frozenset(re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", source.text.lower()))
    told = _tell(pieces_of(body), vocabulary, " ".join(line.text for line in body))
    return _write(told, document, paged=_has_pages(source, lines), ocr=source.format == "ocr")


def _has_pages(source: SourceText, lines: Sequence[Line]) -> bool:
    """Whether pages are known: a text without form feeds is not all on page 1."""
    if source.format in ("pdf", "ocr"):
        return all(line.page is not None for line in lines)
    return len({page for _, page in source.pages}) > 1


# -- who speaks -----------------------------------------------------------------------------------


def _tell(pieces: Sequence[Piece], vocabulary: frozenset[str], record: str) -> list[_Unit | _Told]:
    """Give every speech its floor, and cut it where a page ends."""
    observers = observers_in(record)
    lengths = sorted(len(line.text) for piece in pieces for line in piece.lines)
    width = lengths[len(lengths) * 3 // 4] if lengths else 0
    known: dict[str, Floor] = {}
    told: list[_Unit | _Told] = []
    floor: Floor | None = None
    turn = -1
    for piece in pieces:
        if piece.kind == "heading":
            told += [_Told(True, text) for text in _titles(piece.lines, width)]
        elif piece.kind in ("event", "aside"):
            told.append(_Told(False, unwrap([line.text for line in piece.lines], vocabulary)))
        elif piece.kind == "narrative":
            told += _units(_paragraphs(piece.lines), None, -1, vocabulary)
        else:
            announced = ""
            if piece.speaker is not None:
                said = " ".join(unit.text for unit in told[-12:])
                floor = floor_of(piece.speaker, observers=observers, known=known, said=said)
                known[piece.speaker.name] = floor
                turn += 1
                announced = piece.speaker.printed
            for own, paragraphs in _capacities(_paragraphs(piece.lines), floor):
                if own != floor:
                    floor, turn = own, turn + 1
                units = list(_units(paragraphs, floor, turn, vocabulary))
                told += [replace(units[0], announced=announced), *units[1:]] if units else []
                announced = ""
    return told


def _paragraphs(lines: Sequence[Line]) -> list[list[Line]]:
    """The printed paragraphs: by the layout, or after a short line that ends a sentence."""
    paragraphs: list[list[Line]] = []
    usual = sorted(len(line.text) for line in lines)[len(lines) * 3 // 4] if lines else 0
    for i, line in enumerate(lines):
        above = lines[i - 1] if i else None
        opens = above is None or line.gap
        if line.hint is not None:
            opens = opens or line.hint.opens
        elif above is not None:
            opens = opens or (ends_sentence(above.text) and len(above.text) < 0.8 * usual)
        listed = votes(line)
        if listed or (above is not None and _BARE_VOTE.match(above.text)):
            opens = listed
        if opens:
            paragraphs.append([line])
        else:
            paragraphs[-1].append(line)
    return paragraphs


def _capacities(
    paragraphs: Sequence[list[Line]], floor: Floor | None
) -> Iterator[tuple[Floor | None, list[list[Line]]]]:
    """Tell what a President says for their own State from what they say in the chair.

    "I shall now make a statement in my capacity as the representative of X" holds
    until "I now resume my functions as President".
    """
    held: list[list[Line]] = []
    now = floor
    for paragraph in paragraphs:
        text = " ".join(line.text for line in paragraph)
        if now is not None and now != floor and _RESUMES.search(text):
            yield now, held
            held, now = [], floor
        held.append(paragraph)
        match = _NATIONAL.search(text) if floor is not None and floor.role == "chair" else None
        states = states_in(match["of"]) if match and now == floor else []
        if floor is not None and match and states:
            yield now, held
            start, end, _ = states[0]
            held, now = [], Floor(floor.speaker, "delegation", match["of"][start:end])
    if held:
        yield now, held


def _units(
    paragraphs: Sequence[list[Line]], floor: Floor | None, turn: int, vocabulary: frozenset[str]
) -> Iterator[_Unit]:
    """Cut paragraphs where a page ends; every paragraph keeps a line of its own."""
    page: int | None = None
    held: list[str] = []
    for paragraph in paragraphs:
        for here, lines in _by_page(paragraph):
            if held and here != page:
                yield _Unit(page, "\n".join(held), floor, turn)
                held = []
            page = here
            held.append(unwrap([line.text for line in lines], vocabulary))
    if held:
        yield _Unit(page, "\n".join(held), floor, turn)


def _by_page(lines: Sequence[Line]) -> Iterator[tuple[int | None, list[Line]]]:
    held: list[Line] = []
    for line in lines:
        if held and held[-1].page != line.page:
            yield held[0].page, held
            held = []
        held.append(line)
    if held:
        yield held[0].page, held


def _titles(lines: Sequence[Line], width: int) -> list[str]:
    """The headings of adjoining lines, wrapped lines joined; `width` is that of a column."""
    blocks: list[str] = []
    above = ""
    for line in lines:
        apart = line.hint is not None and line.hint.opens
        # A line that had room for the next word was not wrapped. Capitals are wide, and
        # where the layout is known only the head of a column needs this.
        share = 0.5 if line.hint is not None or line.text.isupper() else 0.8
        room = len(above) + len(line.text.partition(" ")[0]) < share * width
        paper = line.hint is None and line.text[:1].isupper() and _PAPER.match(line.text)
        fresh = apart or paper or AGENDA_ITEM.match(above) or AGENDA_ITEM.match(line.text)
        if blocks and not fresh and not (room and len(join_titles([above, line.text])) > 1):
            blocks[-1] += " " + line.text
        else:
            blocks.append(line.text)
        above = line.text
    return blocks


# -- the document ---------------------------------------------------------------------------------


def _write(told: Sequence[_Unit | _Told], document: str, *, paged: bool, ocr: bool) -> Cut:
    """Lay out the text, and hand out spans into it."""
    spans = _turn_spans(told)
    text: list[str] = []
    length = 0
    paragraphs: list[Paragraph] = []
    headings: list[Heading] = []
    events: list[Event] = []
    waiting: list[str] = []
    heading: str | None = None
    seen: Counter[str] = Counter()
    section = None if paged else SPEECHES
    for one in told:
        if isinstance(one, _Told):
            text.append(one.text + "\n")
            length += len(one.text) + 1
            if one.heading:
                waiting.append(one.text)
            else:
                events.append(Event(one.text, paragraphs[-1].label if paragraphs else None))
            continue
        label = f"p. {one.page}" if paged else str(len(paragraphs) + 1)
        seen[label] += 1
        if waiting:
            headings += [Heading(h, label, documents_of(h), section) for h in waiting]
            heading = _heading_of(waiting)
            waiting = []
        lead = f"{one.announced} " if one.announced else ""
        start = length + len(lead)
        end = start + len(one.text)
        text.append(f"{lead}{one.text}\n")
        length = end + 1
        floor = one.floor
        turn = (
            Turn(floor.speaker, floor.role, floor.delegation, *spans[len(paragraphs)])
            if floor is not None
            else None
        )
        paragraphs.append(
            Paragraph(
                document=document,
                label=label,
                ordinal=len(paragraphs),
                text=one.text,
                start=start,
                end=end,
                inferred=not paged,
                page=one.page if paged else None,
                heading=heading,
                turn=turn,
                section=section,
                part=seen[label],
                ocr=ocr,
            )
        )
    headings += [Heading(h, None, documents_of(h)) for h in waiting]
    notes = () if paged or not paragraphs else (_COUNTED,)
    return Cut("".join(text), tuple(paragraphs), tuple(headings), tuple(events), notes)


def _heading_of(group: Sequence[str]) -> str:
    """Choose, of headings that stand together, the one that says what is spoken about.

    It is the title below an item's number; the number, where several items are taken
    together; elsewhere the last that names no paper before the meeting.
    """
    items = [i for i, text in enumerate(group) if AGENDA_ITEM.match(text)]
    if items and items[-1] + 1 < len(group):
        several = re.match(r"agenda items", group[items[-1]], re.IGNORECASE)
        return group[items[-1]] if several else group[items[-1] + 1]
    return next((text for text in reversed(group) if not _PAPER.match(text)), group[-1])


_COUNTED = Note(
    "number inferred",
    "",
    "The pages are not known; speeches are counted from the beginning, and cited by that number.",
)


def _turn_spans(told: Sequence[_Unit | _Told]) -> list[tuple[int, int]]:
    """First and last ordinal of the turn that each unit is of.

    A list of votes within a turn parts it: what follows is a turn of its own.
    """
    units = [one for one in told if isinstance(one, _Unit)]
    spans: list[tuple[int, int]] = []
    start = 0
    for i in range(1, len(units) + 1):
        if i == len(units) or units[i].turn != units[start].turn:
            spans += [(start, i - 1)] * (i - start)
            start = i
    return spans
