"""What a document holds beside its paragraphs: questions with replies, footnotes, notes."""

from __future__ import annotations

import streamlit as st

from rag.app.excerpt import who
from rag.app.links import link
from rag.app.safe import escaped, plain
from rag.domain import Document, Exchange, Paragraph
from rag.errors import PinpointError
from rag.present import printed
from rag.record import Record


@st.cache_resource(show_spinner="Looking for the replies…", max_entries=16)
def _exchanges(
    index: str,  # with the revision, tells what is known already
    revision: int,
    name: str,
    _record: Record,
) -> tuple[Exchange, ...]:
    return _record.exchanges(name)


def show_exchanges(record: Record, document: Document) -> None:
    """Draw what members asked, each with the delegation's reply."""
    try:
        status = record.status()
        found = _exchanges(str(status.path.resolve()), status.revision, document.id, record)
    except PinpointError as error:
        st.warning(plain(str(error)))
        return
    if not found:
        st.html('<div class="pp-quiet">Nothing was asked in this document.</div>')
        return
    st.html(
        f'<div class="pp-quiet">{len(found):,} questions, each with the paragraphs that '
        "likely reply.</div>" + "".join(_exchange(exchange, document.id) for exchange in found)
    )


def _exchange(exchange: Exchange, here: str) -> str:
    asked = exchange.asked
    question = asked.text[exchange.start : exchange.end]
    replies = "".join(_reply(reply, here) for reply in exchange.replies)
    floor = asked.voice_at(exchange.start)
    asker = who(floor.speaker, floor.delegation, floor.role) if floor else ""
    return (
        f'<div class="pp-exchange"><div><span class="pp-label">'
        f"{link(asked.citation, printed(asked.label))}</span> "
        f'{asker} <span class="pp-tag">{escaped(exchange.status)}</span></div>'
        f'<div class="pp-text" dir="auto">{escaped(question)}</div>'
        f"<ul>{replies}</ul></div>"
    )


def _reply(paragraph: Paragraph, here: str) -> str:
    """One paragraph that replies; its record is named where it is another."""
    number = printed(paragraph.label)
    named = number if paragraph.document == here else f"{paragraph.document}, {number}"
    floor = paragraph.speakers
    said_by = ", ".join(who(voice.speaker, voice.delegation, voice.role) for voice in floor)
    return (
        f'<li><span class="pp-label">{link(paragraph.citation, named)}</span> '
        f'{said_by} <span dir="auto">{escaped(paragraph.text)}</span></li>'
    )


def show_footnotes(document: Document) -> None:
    """Draw the footnotes."""
    rows = "".join(
        f'<li><span class="pp-label">{escaped(note.mark)}</span> '
        f'<span dir="auto">{escaped(note.text)}</span>'
        + (f' <span class="pp-tag">page {note.page:d}</span>' if note.page is not None else "")
        + "</li>"
        for note in document.footnotes
    )
    st.html(f'<ul class="pp-notes pp-footnotes">{rows}</ul>')


def show_notes(document: Document) -> None:
    """Draw what was repaired, inferred or doubted."""
    st.html('<div class="pp-quiet">What the reader repaired, inferred or doubted.</div>')
    st.html(notes_html(document) or '<div class="pp-quiet">Nothing.</div>')


def notes_html(document: Document) -> str:
    """The notes on a document as an HTML list, with links to their paragraphs; empty for none."""
    labels = {p.label: p.citation for p in reversed(document.paragraphs)}
    rows: list[str] = []
    for note in document.notes:
        there = labels.get(note.where)
        at = link(there, note.where) if there else escaped(note.where)
        rows.append(
            f'<li><span class="pp-tag">{escaped(note.kind)}</span> '
            f"{f'at {at}: ' if note.where else ''}{escaped(note.what)}</li>"
        )
    return f'<ul class="pp-notes">{"".join(rows)}</ul>' if rows else ""
