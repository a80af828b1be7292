"""Paragraphs → the HTML that shows them as printed: number in the margin, speakers, headings."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from rag.app.links import href
from rag.app.safe import Span, escaped, prose
from rag.domain import Document, Note, Paragraph, Voice
from rag.present import adds_to, doubt, printed
from rag.subparagraphs import subparagraphs

_NOTHING: Mapping[int, Sequence[Span]] = MappingProxyType({})


def part_span(paragraph: Paragraph, sub: str) -> tuple[Span, ...]:
    """The span of a sub-paragraph; none where the paragraph does not have it."""
    return tuple((p.start, p.end) for p in subparagraphs(paragraph.text) if p.mark == sub)


def excerpt(
    document: Document,
    paragraphs: Collection[Paragraph],
    *,
    cited: Collection[int] = (),
    here: int | None = None,
    marked: Mapping[int, Sequence[Span]] = _NOTHING,
    whole: bool = False,
    tools: bool = False,
) -> str:
    """Paragraphs as HTML: sections, headings, pages, who speaks, numbers in the margin.

    `cited` and `here` are ordinals, `marked` has the spans to mark of each ordinal; a
    heading, a section and a page are told where they first apply. With `whole`, what the
    record notes between paragraphs (called to order, suspended, rose) stands there too, and
    what its reader doubted at each; with `tools`, each has buttons that copy its citation.
    """
    events = _events(document) if whole else {}
    notes = notes_at(document) if whole else {}
    parts: list[str] = []
    told = _Told()
    for paragraph in paragraphs:
        if paragraph.ordinal == 0:
            parts += events.get(None, ())
        parts += _above(paragraph, told)
        classes = ["pp-para"]
        if paragraph.ordinal in cited:
            classes.append("pp-cited")
        if paragraph.ordinal == here:
            classes.append("pp-here")
        words = _words(paragraph, marked.get(paragraph.ordinal, ()))
        parts.append(
            f'<div class="{" ".join(classes)}">'
            f'<div class="pp-label">{escaped(printed(paragraph.label))}</div>'
            f'<div class="pp-text" dir="auto">{_tags(paragraph)}{words}</div>'
            f"{copy_tools(paragraph) if tools else ''}</div>"
        )
        parts += [_note(note) for note in notes.get(paragraph.ordinal, ())]
        parts += events.get(paragraph.ordinal, ())
    return f'<div class="pp-record" lang="{escaped(document.language)}">{"".join(parts)}</div>'


def notes_at(document: Document) -> dict[int, list[Note]]:
    """Ordinal → what was repaired, inferred or doubted there; notes on the whole are left out."""
    places: dict[str, list[int]] = {}
    for paragraph in document.paragraphs:
        places.setdefault(paragraph.label, []).append(paragraph.ordinal)
    found: dict[int, list[Note]] = {}
    for note in document.notes:
        there = places.get(note.where)
        if there:
            at = there[-1] if note.kind == "number repeated" else there[0]
            found.setdefault(at, []).append(note)
    return found


def _note(note: Note) -> str:
    return (
        f'<div class="pp-note" role="note"><span class="pp-tag">{escaped(note.kind)}</span> '
        f"{escaped(note.what)}</div>"
    )


def copy_tools(paragraph: Paragraph) -> str:
    """Buttons that copy a paragraph's citation, with what is doubtful of it, and its link."""
    doubted = doubt(paragraph)
    named = f"{paragraph.citation}, {doubted}" if doubted else str(paragraph.citation)
    at = escaped(str(paragraph.citation))
    return (
        '<div class="pp-tools">'
        f'<button type="button" class="pp-copy" data-copy="{escaped(named)}" '
        f'aria-label="Copy citation: {escaped(named)}"></button>'
        f'<button type="button" class="pp-copy pp-copy-link" '
        f'data-link="{escaped(href(paragraph.citation))}" aria-label="Copy link to {at}"></button>'
        "</div>"
    )


def _events(document: Document) -> dict[int | None, list[str]]:
    """Ordinal of the paragraph before → events as HTML; None before the first."""
    places: dict[str, int] = {}
    for paragraph in document.paragraphs:  # where numbers restart, the main text is meant
        if paragraph.section is None or paragraph.label not in places:
            places[paragraph.label] = paragraph.ordinal
    found: dict[int | None, list[str]] = {}
    for event in document.events:
        line = f'<p class="pp-event" dir="auto">{escaped(event.text)}</p>'
        at = places.get(event.after) if event.after is not None else None
        found.setdefault(at, []).append(line)
    return found


@dataclass(slots=True)
class _Told:
    """What stands above the paragraph at hand already."""

    section: str | None = None
    heading: str | None = None
    floor: str = ""
    page: int | None = None


def _above(paragraph: Paragraph, told: _Told) -> list[str]:
    """Give what changes with a paragraph: page, section, heading, speaker."""
    parts: list[str] = []
    paged = paragraph.label.startswith("p. ")  # there the margin tells the page
    if paragraph.page is not None and paragraph.page != told.page and not paged:
        parts.append(f'<div class="pp-page">page {paragraph.page:d}</div>')
    if paragraph.section and paragraph.section != told.section:
        parts.append(f'<h3 class="pp-section" dir="auto">{escaped(paragraph.section)}</h3>')
    if paragraph.heading and paragraph.heading != told.heading:
        parts.append(f'<h4 class="pp-heading" dir="auto">{escaped(paragraph.heading)}</h4>')
    floor = speaker_line(paragraph)
    if floor and floor != told.floor:
        parts.append(floor)
    told.page = paragraph.page
    told.section, told.heading, told.floor = paragraph.section, paragraph.heading, floor
    return parts


def _words(paragraph: Paragraph, marked: Sequence[Span]) -> str:
    """A paragraph's words as HTML; where several speak, each part under its speaker."""
    if not paragraph.voices:
        return prose(paragraph.text, marked)
    return "".join(
        f'<div class="pp-voice"><div class="pp-floor">'
        f"{who(voice.speaker, voice.delegation, voice.role)}</div>"
        f"{prose(paragraph.text[voice.start : voice.end], _within(marked, voice))}</div>"
        for voice in paragraph.voices
    )


def _within(marked: Sequence[Span], voice: Voice) -> list[Span]:
    """The spans of a paragraph that lie in a voice, counted from its beginning."""
    cut = [(max(start, voice.start), min(end, voice.end)) for start, end in marked]
    return [(start - voice.start, end - voice.start) for start, end in cut if start < end]


def _tags(paragraph: Paragraph) -> str:
    """Tell what a reader must know of a number: that it was inferred, or read by OCR."""
    doubted = doubt(paragraph)
    return f'<span class="pp-tag pp-doubt">{escaped(doubted)}</span> ' if doubted else ""


def speaker_line(paragraph: Paragraph) -> str:
    """Who holds the floor, as HTML; empty where nobody does, and where the parts tell."""
    turn = paragraph.turn
    if turn is None or paragraph.voices:
        return ""
    return f'<div class="pp-floor">{who(turn.speaker, turn.delegation, turn.role)}</div>'


def who(speaker: str, delegation: str | None, role: str | None) -> str:
    """Write a speaker with their delegation as HTML, coloured by role."""
    country = ""
    if delegation and adds_to(speaker, delegation):
        country = f' <span class="pp-country">({escaped(delegation)})</span>'
    return (
        f'<span class="pp-who pp-{escaped(role or "unknown")}">{escaped(speaker)}{country}</span>'
    )
