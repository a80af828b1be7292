"""The reading page: one document whole, with its masthead, headings, speakers and notes."""

from __future__ import annotations

import streamlit as st

from rag.app import state
from rag.app.pane import excerpt, masthead, who, written
from rag.app.safe import escaped, plain
from rag.domain import Document, Exchange, Paragraph
from rag.errors import PinpointError
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
        if document.exchanges:
            views[f"Questions and replies ({len(document.exchanges)})"] = _show_exchanges
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
    rows = {
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
    start = 0
    if len(paragraphs) > _AT_ONCE:
        starts = list(range(0, len(paragraphs), _AT_ONCE))

        def name(begin: int) -> str:
            end = min(begin + _AT_ONCE, len(paragraphs)) - 1
            return f"Paragraphs {paragraphs[begin].label} to {paragraphs[end].label}"

        key = f"reading-part-{document.id}"
        start = st.selectbox("Part", starts, key=key, format_func=name)
    shown = paragraphs[start : start + _AT_ONCE]
    first = start == 0
    st.html(
        (_events(document, None) if first else "")
        + excerpt(document, shown)
        + (_events(document, paragraphs[-1].label) if shown[-1] is paragraphs[-1] else "")
    )


def _events(document: Document, after: str | None) -> str:
    return "".join(
        f'<p class="pp-event" dir="auto">{escaped(event.text)}</p>'
        for event in document.events
        if event.after == after
    )


def _show_exchanges(document: Document) -> None:
    by_label = {paragraph.label: paragraph for paragraph in document.paragraphs}
    st.html("".join(_exchange(exchange, by_label) for exchange in document.exchanges))


def _exchange(exchange: Exchange, by_label: dict[str, Paragraph]) -> str:
    asked = by_label.get(exchange.asked)
    if asked is None:
        return ""
    question = asked.text[exchange.start : exchange.end] or asked.text
    replies = "".join(
        f'<li><span class="pp-label">{escaped(label)}.</span> {_speaker(by_label.get(label))}</li>'
        for label in exchange.replies
    )
    return (
        f'<div class="pp-exchange"><div><span class="pp-label">{escaped(exchange.asked)}.</span> '
        f"{_speaker(asked)} <span class='pp-tag'>{escaped(exchange.status)}</span></div>"
        f'<div class="pp-text" dir="auto">{escaped(question)}</div>'
        f"<ul>{replies}</ul></div>"
    )


def _speaker(paragraph: Paragraph | None) -> str:
    if paragraph is None or paragraph.turn is None:
        return ""
    turn = paragraph.turn
    return who(turn.speaker, turn.delegation, turn.role)


def _show_notes(document: Document) -> None:
    if not document.notes:
        st.html('<div class="pp-quiet">Nothing was repaired, inferred or doubted.</div>')
        return
    rows = "".join(
        f'<li><span class="pp-tag">{escaped(note.kind)}</span> '
        f"{escaped(f'at {note.where}: ' if note.where else '')}{escaped(note.what)}</li>"
        for note in document.notes
    )
    st.html(f'<ul class="pp-notes">{rows}</ul>')
