"""The reading page: one document whole, with its masthead, headings, speakers and notes.

An address (`?cite=SYMBOL%2325`) leads to a paragraph, and every move changes the address.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import cast

import streamlit as st

from rag.app import state
from rag.app.excerpt import excerpt, part_span
from rag.app.finding import find_all
from rag.app.links import official
from rag.app.outline import outline, portions, spoken_range
from rag.app.pane import masthead, resolve, written
from rag.app.safe import Span, escaped, plain
from rag.app.script import send_fragment, show_here
from rag.app.views import show_exchanges, show_footnotes, show_notes
from rag.domain import Document, Paragraph
from rag.errors import PinpointError
from rag.present import doubt
from rag.record import Record

_LANGUAGES = {
    "ar": "Arabic",
    "en": "English",
    "es": "Spanish",
    "fr": "French",
    "ru": "Russian",
    "zh": "Chinese",
}
_ROLES = {
    "member": "Committee member",
    "delegation": "Delegation",
    "chair": "Chair",
    "secretariat": "Secretariat",
    "observer": "Observer",
}
_WHOLE = 400  # paragraphs of a document that is shown in one piece
_RECORD = "The record"


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a reader is in a document, and what an address pointed at."""

    document: str
    at: int | None = None  # ordinal; None before anything was looked for
    cited: range = range(0)
    sub: str | None = None
    turn: int = 0  # grows with every move, so that each one scrolls


def page() -> None:
    """Draw the reading page."""
    record, _ = state.open_record()
    entries = state.shelf(record).entries
    if not entries:
        st.info("There is no record here yet: add one on the Library page.")
        return
    titles = {entry.id: entry.title for entry in entries}
    trouble = _follow(record)

    def name(document: str) -> str:
        return f"{document} — {titles[document]}" if document in titles else document

    _choose(titles)
    with st.container(key="reading"):
        if trouble:
            st.error(plain(trouble))
        chosen = st.selectbox(
            "Document",
            list(titles),
            key="reading-document",
            format_func=name,
            on_change=_turn_to_another,
        )
        document = record.document(chosen)
        st.html(f'{masthead(document)}<div class="pp-links">{official(document)}</div>')
        st.html(facts(document))
        _show_views(record, document)


def _choose(titles: Mapping[str, str]) -> None:
    """Take up the document that was open before another page was, if it is still there."""
    if "reading-document" not in st.session_state and (spot := _last()):
        st.session_state["reading-document"] = spot.document
    if st.session_state.get("reading-document") not in titles:
        st.session_state.pop("reading-document", None)


def _follow(record: Record) -> str:
    """Go where the address leads, once; gives a sentence where that is nowhere."""
    link = state.link_in_address()
    followed, trouble = cast(
        "tuple[str | None, str]", st.session_state.get("reading-followed", (None, ""))
    )
    if link is None:
        st.session_state["reading-followed"] = (None, "")
        return ""
    if link == followed:
        return trouble
    trouble = ""
    try:
        citation = state.read_link(record, link)
        document = record.document(citation.symbol)
        whole = citation.first is None
        cited = range(0) if whole else resolve(document, citation)
        if whole:
            send_fragment()
        before = _last()
        turn = before.turn + 1 if before else 1
        at = None if whole else cited.start
        st.session_state["reading-spot"] = Spot(document.id, at, cited, citation.sub, turn)
        st.session_state["reading-document"] = document.id
        st.session_state["reading-view"] = _RECORD
    except PinpointError as error:
        trouble = f"This link leads to nothing in the index: {link}. {error}"
    st.session_state["reading-followed"] = (link, trouble)
    return trouble


def _last() -> Spot | None:
    return cast("Spot | None", st.session_state.get("reading-spot"))


def _spot(document: Document) -> Spot:
    """Where the reader is in a document: at its beginning, if they came from another."""
    spot = _last()
    if spot is None or spot.document != document.id:
        spot = Spot(document.id, turn=spot.turn + 1 if spot else 0)
        st.session_state["reading-spot"] = spot
    return spot


def _turn_to_another() -> None:
    """Forget what the address pointed at, once another document is chosen."""
    st.session_state["reading-followed"] = (None, "")
    st.query_params.clear()


def _move(document: Document, ordinal: int) -> None:
    """Go to a paragraph, and say so in the address."""
    spot = _spot(document)
    st.session_state["reading-spot"] = replace(spot, at=ordinal, turn=spot.turn + 1)
    link = state.link_to(document.paragraphs[ordinal].citation)
    st.session_state["reading-followed"] = (link, "")
    st.query_params.from_dict({"cite": link})


def _show_views(record: Record, document: Document) -> None:
    """Draw the tab that is open; what the others hold is not computed."""
    views: dict[str, Callable[[], None]] = {_RECORD: lambda: _show_record(document)}
    if any(paragraph.speakers for paragraph in document.paragraphs):
        views["Questions and replies"] = lambda: show_exchanges(record, document)
    if document.footnotes:
        views[f"Footnotes ({len(document.footnotes)})"] = lambda: show_footnotes(document)
    views[f"Notes of the reader ({len(document.notes)})"] = lambda: show_notes(document)
    if st.session_state.get("reading-view") not in views:
        st.session_state["reading-view"] = _RECORD
    tabs = st.tabs(list(views), key="reading-view", on_change="rerun")
    for tab, show in zip(tabs, views.values(), strict=True):
        if tab.open:
            with tab:
                show()


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


def _show_record(document: Document) -> None:
    """Draw the outline and, beside it, the paragraphs with what is looked for in them."""
    beside, main = st.columns([27, 73], gap="medium")
    with beside, st.container(key="reading-outline"):
        st.html(outline(document))
    with main:
        hits = _show_bar(document)
        spot = _spot(document)
        marked: dict[int, Sequence[Span]] = dict(hits)
        if spot.sub:
            paragraphs = (document.paragraphs[ordinal] for ordinal in spot.cited)
            marked |= {
                p.ordinal: (*part_span(p, spot.sub), *hits.get(p.ordinal, ())) for p in paragraphs
            }
        shown = _portion(document, spot)
        st.html(
            legend(document)
            + excerpt(
                document,
                shown,
                cited=spot.cited,
                here=spot.at,
                marked=marked,
                whole=True,
                tools=True,
            )
        )
        if spot.at is not None:
            show_here(spot.turn)


def _portion(document: Document, spot: Spot) -> Sequence[Paragraph]:
    """What is shown of a document: the whole, or the part of a long one where the reader is."""
    if len(document.paragraphs) <= _WHOLE:
        return document.paragraphs
    parts = portions(document)
    key = f"reading-part-{document.id}"
    if st.session_state.get("reading-drawn") != (document.id, spot.turn):
        st.session_state["reading-drawn"] = (document.id, spot.turn)
        if spot.at is not None:
            st.session_state[key] = next(
                number for number, part in enumerate(parts) if part[-1].ordinal >= spot.at
            )
    chosen = st.selectbox(
        "Part", range(len(parts)), key=key, format_func=lambda i: spoken_range(parts[i])
    )
    return parts[chosen]


def _show_bar(document: Document) -> dict[int, tuple[Span, ...]]:
    """Draw what finds words and goes from paragraph to paragraph; gives the places found."""
    with st.container(key="reading-bar", horizontal=True, vertical_alignment="center"):
        asked = st.text_input(
            "Find in this document",
            key="reading-find",
            placeholder="Find in this document",
            label_visibility="collapsed",
        ).strip()
        hits = find_all(asked, document)
        if asked != st.session_state.get("reading-asked", ""):
            st.session_state["reading-asked"] = asked
            if hits:
                _move(document, stop(list(hits), (_spot(document).at or 0) - 1, 1) or 0)
        at = _spot(document).at
        stops = list(hits) if asked else list(range(len(document.paragraphs)))
        where = -1 if at is None else at
        _step_button(document, "Previous", stop(stops, where, -1), "arrow_upward")
        _step_button(document, "Next", stop(stops, where, 1), "arrow_downward")
        st.html(
            f'<span class="pp-quiet" role="status">{told(document, asked, hits, at)}</span>',
            width="content",
        )
    return hits


def _step_button(document: Document, name: str, to: int | None, icon: str) -> None:
    st.button(
        name,
        key=f"reading-{name.lower()}",
        icon=f":material/{icon}:",
        disabled=to is None,
        on_click=_move,
        args=(document, to),
    )


def stop(stops: Sequence[int], at: int, by: int) -> int | None:
    """The next of ascending `stops` after `at`, or with `by` = -1 the last before it."""
    if by > 0:
        return next((ordinal for ordinal in stops if ordinal > at), None)
    return next((ordinal for ordinal in reversed(stops) if ordinal < at), None)


def told(document: Document, asked: str, hits: Mapping[int, Sequence[Span]], at: int | None) -> str:
    """Say how much was found and which of it is shown, or else where one is; HTML."""
    count = len(document.paragraphs)
    if not asked:
        return f"{at + 1:,} of {count:,}" if at is not None else f"{count:,} in all"
    if not hits:
        return "Not found"
    places = sum(map(len, hits.values()))
    unit = "speech" if document.paragraphs[0].label.startswith("p. ") else "paragraph"
    plural = {"speech": "speeches"}.get(unit, "paragraphs") if len(hits) > 1 else unit
    which = f"{list(hits).index(at) + 1:,} of " if at is not None and at in hits else ""
    return f"{which}{len(hits):,} {plural}, {places:,} {'place' if places == 1 else 'places'}"


def legend(document: Document) -> str:
    """Say which colour is which role, of those who speak in a document; HTML."""
    roles = {voice.role for paragraph in document.paragraphs for voice in paragraph.speakers}
    named = [
        f'<span class="pp-{role}"><span class="pp-dot" aria-hidden="true"></span> {name}</span>'
        for role, name in _ROLES.items()
        if role in roles
    ]
    return f'<div class="pp-legend">{" ".join(named)}</div>' if len(named) > 1 else ""
