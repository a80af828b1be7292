"""The reading page: one document whole, with its masthead, headings, speakers and notes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby

import streamlit as st

from rag.app import state
from rag.app.excerpt import excerpt, who
from rag.app.pane import masthead, written
from rag.app.safe import escaped, plain
from rag.domain import Document, Exchange, Paragraph
from rag.errors import PinpointError
from rag.present import doubt, printed
from rag.record import Record

_LANGUAGES = {
    "ar": "Arabic",
    "en": "English",
    "es": "Spanish",
    "fr": "French",
    "ru": "Russian",
    "zh": "Chinese",
}
_AT_ONCE = 100  # paragraphs on a page of a long report


def page() -> None:
    """Draw the reading page."""
    record, _ = state.open_record()
    entries = state.shelf(record).entries
    if not entries:
        st.info("There is no record here yet: add one with the uploader in the sidebar.")
        return
    titles = {entry.id: entry.title for entry in entries}

    def name(document: str) -> str:
        return f"{document} — {titles[document]}" if document in titles else document

    if st.session_state.get("reading-document") not in titles:
        st.session_state.pop("reading-document", None)
    with st.container(key="reading"):
        chosen = st.selectbox("Document", list(titles), key="reading-document", format_func=name)
        document = record.document(chosen)
        st.html(masthead(document))
        st.html(facts(document))
        views = {"The record": _show_paragraphs}
        exchanges = _exchanges(record, document.id)
        if exchanges:
            views[f"Questions and replies ({len(exchanges)})"] = _show_exchanges(exchanges)
        if document.headings or document.agenda or len(_sections(document)) > 1:
            views["Outline"] = _show_outline
        if document.footnotes:
            views[f"Footnotes ({len(document.footnotes)})"] = _show_footnotes
        views[f"Notes of the reader ({len(document.notes)})"] = _show_notes
        _offer_removal(record, document)
        for tab, show in zip(st.tabs(list(views)), views.values(), strict=True):
            with tab:
                show(document)


def _offer_removal(record: Record, document: Document) -> None:
    with st.popover("Remove…", type="tertiary", icon=":material/delete:"):
        st.html(f"Remove {escaped(document.id)} from the index? The file itself is kept.")
        st.button(
            "Remove it",
            key=f"reading-remove-{document.id}",
            type="primary",
            on_click=_remove,
            args=(record, document.id),
        )


def _remove(record: Record, name: str) -> None:
    try:
        record.remove(name)
        st.toast(plain(f"{name} was removed."))
    except PinpointError as error:
        st.toast(plain(str(error)))


def facts(document: Document) -> str:
    """Write what the masthead says as an HTML list."""
    doubted = sum(1 for paragraph in document.paragraphs if doubt(paragraph))
    rows = {
        "Reissued as": f"{document.symbol}{document.reissue}" if document.reissue else "",
        "Body": document.body,
        "Kind": document.kind,
        "Session": document.session,
        "Meeting": document.meeting,
        "Held on": written(document.held_on),
        "Issued on": written(document.issued_on),
        "Place": document.place,
        "Chair": document.chair,
        "State": document.state,
        "Language": _LANGUAGES.get(document.language, document.language),
        "Paragraphs": len(document.paragraphs),
        "Numbers not printed or read by OCR": doubted or "",
        "File": document.source.name,
    }
    items = "".join(
        f'<div><dt>{name}</dt><dd dir="auto">{escaped(str(value))}</dd></div>'
        for name, value in rows.items()
        if value is not None and value != ""
    )
    return f'<dl class="pp-facts">{items}</dl>'


def _show_paragraphs(document: Document) -> None:
    paragraphs = document.paragraphs
    shown = list(paragraphs)
    if len(paragraphs) > _AT_ONCE:
        parts = portions(document)
        key = f"reading-part-{document.id}"
        chosen = st.selectbox(
            "Part", range(len(parts)), key=key, format_func=lambda i: spoken_range(parts[i])
        )
        shown = parts[chosen]
    st.html(excerpt(document, shown, whole=True))


def _sections(document: Document) -> list[list[Paragraph]]:
    """Runs of paragraphs whose numbers belong together: the main text, each annex."""
    return [list(run) for _, run in groupby(document.paragraphs, key=lambda p: p.section)]


def portions(document: Document) -> list[list[Paragraph]]:
    """What is shown at once: at most a hundred paragraphs, of one section."""
    return [
        run[at : at + _AT_ONCE]
        for run in _sections(document)
        for at in range(0, len(run), _AT_ONCE)
    ]


def spoken_range(run: Sequence[Paragraph]) -> str:
    """Name a run: "Paragraphs 1 to 100", "Annex I, paragraphs 1 to 12", "Pages 2 to 9"."""
    first, last = run[0].label, run[-1].label
    kind, plural = ("page", "pages") if first.startswith("p. ") else ("paragraph", "paragraphs")
    first, last = first.removeprefix("p. "), last.removeprefix("p. ")
    words = f"{kind} {first}" if first == last else f"{plural} {first} to {last}"
    where = f"{run[0].section}, {words}" if run[0].section else words
    return where[:1].upper() + where[1:]


def _show_outline(document: Document) -> None:
    st.html(outline(document))


def outline(document: Document) -> str:
    """Agenda, sections and headings as HTML, each with the number where it begins."""
    parts: list[str] = []
    if document.agenda:
        items = "".join(
            f'<li><span class="pp-label">{escaped(item.number or "")}</span>'
            f'<span dir="auto">{escaped(item.title)} '
            f'<span class="pp-quiet">{escaped(", ".join(item.documents))}</span></span></li>'
            for item in document.agenda
        )
        parts.append(f'<div class="pp-quiet">Agenda</div><ul class="pp-outline">{items}</ul>')
    for run in _sections(document):
        section = run[0].section
        rows = "".join(
            f'<li><span class="pp-label">{escaped(printed(label))}</span>'
            f'<span dir="auto">{escaped(text)}</span></li>'
            for label, text in _headings(document, run)
        )
        parts.append(
            f'<h4 class="pp-heading{" pp-section" if section else ""}" dir="auto">'
            f'{escaped(spoken_range(run))}</h4><ul class="pp-outline">{rows}</ul>'
        )
    return f'<div class="pp-record">{"".join(parts)}</div>'


def _headings(document: Document, run: Sequence[Paragraph]) -> list[tuple[str, str]]:
    """(number of the next paragraph, heading) of a section, in the order of the document."""
    labels = {paragraph.label for paragraph in run}
    return [
        (heading.before, heading.text)
        for heading in document.headings
        if heading.before in labels and heading.section == run[0].section
    ]


def _exchanges(record: Record, name: str) -> tuple[Exchange, ...]:
    """A record's questions and replies; nothing where the index cannot tell them."""
    try:
        return record.exchanges(name)
    except PinpointError as error:
        st.warning(plain(str(error)))
        return ()


def _show_exchanges(exchanges: Sequence[Exchange]) -> Callable[[Document], None]:
    def show(document: Document) -> None:
        st.html("".join(_exchange(exchange, document.id) for exchange in exchanges))

    return show


def _exchange(exchange: Exchange, here: str) -> str:
    asked = exchange.asked
    question = asked.text[exchange.start : exchange.end]
    replies = "".join(_reply(reply, here) for reply in exchange.replies)
    floor = asked.voice_at(exchange.start)
    asker = who(floor.speaker, floor.delegation, floor.role) if floor else ""
    return (
        f'<div class="pp-exchange"><div><span class="pp-label">{escaped(asked.label)}.</span> '
        f"{asker} <span class='pp-tag'>{escaped(exchange.status)}</span></div>"
        f'<div class="pp-text" dir="auto">{escaped(question)}</div>'
        f"<ul>{replies}</ul></div>"
    )


def _reply(paragraph: Paragraph, here: str) -> str:
    """One paragraph that replies; its record is named where it is another."""
    named = "" if paragraph.document == here else f"{escaped(paragraph.document)}, "
    return (
        f'<li><span class="pp-label">{named}{escaped(printed(paragraph.label))}</span> '
        f'{_speaker(paragraph)} <span dir="auto">{escaped(paragraph.text)}</span></li>'
    )


def _speaker(paragraph: Paragraph | None) -> str:
    floor = paragraph.speakers if paragraph else ()
    return ", ".join(who(voice.speaker, voice.delegation, voice.role) for voice in floor)


def _show_footnotes(document: Document) -> None:
    rows = "".join(
        f'<li><span class="pp-label">{escaped(note.mark)}</span> '
        f'<span dir="auto">{escaped(note.text)}</span>'
        + (f' <span class="pp-tag">page {note.page:d}</span>' if note.page is not None else "")
        + "</li>"
        for note in document.footnotes
    )
    st.html(f'<ul class="pp-notes pp-footnotes">{rows}</ul>')


def _show_notes(document: Document) -> None:
    st.html('<div class="pp-quiet">What the reader repaired, inferred or doubted.</div>')
    if not document.notes:
        st.html('<div class="pp-quiet">Nothing.</div>')
        return
    rows = "".join(
        f'<li><span class="pp-tag">{escaped(note.kind)}</span> '
        f"{escaped(f'at {note.where}: ' if note.where else '')}{escaped(note.what)}</li>"
        for note in document.notes
    )
    st.html(f'<ul class="pp-notes">{rows}</ul>')
