"""The look-up page: citations → their paragraphs; a draft → its verdicts."""

from __future__ import annotations

import streamlit as st

from rag.app import state
from rag.app.excerpt import excerpt
from rag.app.pane import pinpoint, show_pane
from rag.app.safe import Span, escaped, plain
from rag.domain import Citation, ResolvedCitation
from rag.errors import PinpointError
from rag.record import Record

_VIEWS = ("Citations", "A draft")


def page() -> None:
    """Draw the look-up page."""
    record, _ = state.open_record()
    state.follow_link(record)
    main, pane = st.columns([56, 44], gap="large")
    with pane:
        show_pane(record)
    with main:
        if st.session_state.get("lookup-view") not in _VIEWS:
            st.session_state["lookup-view"] = _VIEWS["check" in st.query_params]
        cited, draft = st.tabs(list(_VIEWS), key="lookup-view", on_change="rerun")
        if cited.open:
            with cited:
                _show_lookup(record)
        if draft.open:
            with draft:
                _show_draft(record)


def _show_lookup(record: Record) -> None:
    st.html(
        '<div class="pp-welcome pp-small"><h1>Look up a citation</h1><p>Paste a citation, a '
        "footnote or a whole page. Every citation found in it is opened at its paragraph.</p>"
        "</div>"
    )
    with st.form("lookup", border=False):
        text = st.text_area(
            "Text",
            key="lookup-text",
            height=120,
            label_visibility="collapsed",
            placeholder="CCPR/C/SR.3272, paras. 25–27",
        )
        if st.form_submit_button("Look up", type="primary"):
            st.session_state["lookup-asked"] = text
    asked = str(st.session_state.get("lookup-asked", ""))
    if asked.strip():
        _show_found(record, asked)


def _show_draft(record: Record) -> None:
    from rag.app.checked import show_checker  # the gate behind it takes a quarter of a second

    st.html(
        '<div class="pp-welcome pp-small"><h1>Check a draft</h1><p>Every citation, every quotation '
        "and every statement that rests on one is held against the record: word for word, by whom, "
        "in which paragraph.</p></div>"
    )
    show_checker(record)


def _show_found(record: Record, text: str) -> None:
    try:
        found = record.cite(text)
    except PinpointError as error:
        st.error(plain(str(error)))
        return
    if not found:
        st.info("No citation was found in this text.")
    for number, citation in enumerate(found, start=1):
        with st.container(key=f"found-{number}"):
            _show_citation(record, citation, text, number)


def _show_citation(record: Record, citation: ResolvedCitation, text: str, number: int) -> None:
    printed = text[citation.found.start : citation.found.end]
    st.html(f'<div class="pp-printed" dir="auto">{escaped(printed)}</div>')
    why = "" if citation.paragraphs else f"The whole of {citation.found.symbol}."
    if not citation.resolved:
        why = f"{citation.why[:1].upper()}{citation.why[1:]}."
    if why:
        st.html(f'<div class="pp-quiet">{escaped(why)}</div>')
    if not citation.paragraphs:
        return
    paragraphs = list({paragraph.id: paragraph for paragraph in citation.paragraphs}.values())
    first, last = paragraphs[0], paragraphs[-1]
    document = record.document(first.document)
    marked: dict[int, list[Span]] = {}
    for paragraph, part in zip(citation.paragraphs, citation.parts, strict=True):
        if part is not None:
            marked.setdefault(paragraph.ordinal, []).append((part.start, part.end))
    st.html(excerpt(document, paragraphs, marked=marked))
    if not citation.resolved:
        return
    end = None if last.label == first.label else last.label
    part = citation.parts[0] if len(citation.parts) == 1 else None
    sub = part.mark if part else None
    target = Citation(first.document, first.section, first.label, end, sub)
    st.button(
        plain(f"Read {pinpoint(target)} in its place"),
        key=f"found-open-{number}",
        type="tertiary",
        on_click=state.open_at,
        args=(target,),
    )
