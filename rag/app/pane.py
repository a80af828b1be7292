"""A citation → its paragraph in its place: the reading pane beside the conversation."""

from __future__ import annotations

from datetime import date

import streamlit as st

from rag.app import state
from rag.app.excerpt import excerpt, part_span
from rag.app.links import link, official
from rag.app.safe import escaped, find_quote, plain
from rag.app.script import reveal
from rag.domain import Citation, Document
from rag.errors import BadCitation, PinpointError
from rag.record import Record

CONTEXT = 2  # paragraphs shown before and after
# A citation of a whole chapter is shown in part; one walks through the rest.
_LONGEST = 12


def show_pane(record: Record) -> None:
    """Draw the pane where the session's `Place` is, or a line that says what it is for."""
    here = state.place()
    if here is None:
        with st.container(key="pane-closed"):
            st.html(
                '<div class="pp-hint"><div class="pp-pin"></div>'
                "Click a citation to read its paragraph here, in its place.</div>"
            )
        return
    with st.container(key="pane"):
        try:
            document = record.document(here.citation.symbol)
            cited = resolve(document, here.citation)
        except PinpointError as error:
            st.error(plain(str(error)))
            st.button("Close", key="pane-close", on_click=state.close)
            return
        _show(document, here, cited)


def resolve(document: Document, citation: Citation) -> range:
    """Find the ordinals of the paragraphs that a citation names.

    Raises:
        BadCitation: the document has no such paragraph.

    """
    if citation.first is None:
        return range(0, 1)
    heads = _labelled(document, citation.section, citation.first)
    tails = _labelled(document, citation.section, citation.last) if citation.last else heads
    if not heads or not tails or tails[-1] < heads[0]:
        raise BadCitation(f"{document.id} has no paragraph for {str(citation)!r}.")
    return range(heads[0], tails[-1] + 1)


def _labelled(document: Document, section: str | None, label: str) -> list[int]:
    """Ordinals of the paragraphs that bear a label: several where a page holds several speeches.

    Without a section the main text is meant, or else the first section with that number.
    """
    named = [paragraph for paragraph in document.paragraphs if paragraph.label == label]
    wanted = (section or "").casefold()
    there = [p.ordinal for p in named if (p.section or "").casefold() == wanted]
    if there or section is not None or not named:
        return there
    return [p.ordinal for p in named if p.section == named[0].section]


def _quoted_at(document: Document, cited: range, quote: str) -> int:
    """The first of the cited paragraphs that holds the quotation."""
    held = (i for i in cited if quote and find_quote(quote, document.paragraphs[i].text))
    return next(held, cited.start)


def _show(document: Document, here: state.Place, cited: range) -> None:
    count = len(document.paragraphs)
    begin = _quoted_at(document, cited, here.quote)
    at = min(max(begin + here.step, 0), count - 1)
    width = min(cited.stop - begin, _LONGEST) if here.step == 0 else 1
    low, high = max(at - CONTEXT, 0), min(at + width + CONTEXT, count)

    with st.container(key="pane-head", horizontal=True, vertical_alignment="top"):
        st.html(masthead(document) + _ways_on(document, at))
        st.button(
            "Close",
            key="pane-close",
            icon=":material/close:",
            type="tertiary",
            on_click=state.close,
        )
    with st.container(key="pane-body"):
        shown = document.paragraphs[low:high]
        marked = {i: find_quote(here.quote, document.paragraphs[i].text) for i in cited}
        if not here.quote and here.citation.sub:
            marked = {i: part_span(document.paragraphs[i], here.citation.sub) for i in cited}
        st.html(excerpt(document, shown, cited=cited, here=at, marked=marked, tools=True))
        reveal(here.turn)
    with st.container(key="pane-foot", horizontal=True, vertical_alignment="center"):
        st.button(
            "Previous",
            key="pane-previous",
            icon=":material/arrow_upward:",
            disabled=at == 0,
            on_click=state.walk,
            args=(-1,),
        )
        st.button(
            "Next",
            key="pane-next",
            icon=":material/arrow_downward:",
            disabled=at == count - 1,
            on_click=state.walk,
            args=(1,),
        )
        if here.step:
            label = plain(f"Back to {pinpoint(here.citation)}")
            st.button(label, key="pane-back", type="tertiary", on_click=state.walk, args=(0,))
        st.html(f'<span class="pp-quiet">{_where(document, at)}</span>', width="content")


def _ways_on(document: Document, at: int) -> str:
    """Links to the whole document at this paragraph, and to the official one, as HTML."""
    whole = link(document.paragraphs[at].citation, "Read the whole document")
    return f'<div class="pp-links">{whole}{official(document)}</div>'


def _where(document: Document, at: int) -> str:
    """Where in a document a paragraph is: "paragraph 25 of 73 · page 6"."""
    paragraph = document.paragraphs[at]
    paged = paragraph.label.startswith("p. ")
    told = f"{'speech' if paged else 'paragraph'} {at + 1:,} of {len(document.paragraphs):,}"
    return told if paged or paragraph.page is None else f"{told} · page {paragraph.page:d}"


def pinpoint(citation: Citation) -> str:
    """Give the part of a citation after its symbol: "para. 25"."""
    return str(citation).removeprefix(citation.symbol).lstrip(", ") or citation.symbol


def written(day: date | None) -> str:
    """Write a date out: 4 March 2024."""
    return f"{day.day} {day:%B %Y}" if day else ""


def masthead(document: Document) -> str:
    """Write a document's symbol, title and date as HTML."""
    facts = [document.kind, document.body, document.session]
    facts.append(written(document.held_on or document.issued_on))
    line = " · ".join(escaped(fact) for fact in facts if fact)
    return (
        f'<div class="pp-head"><div class="pp-symbol">{escaped(document.symbol or document.id)}'
        f'</div><div class="pp-title" dir="auto">{escaped(document.title)}</div>'
        f'<div class="pp-quiet">{line}</div></div>'
    )
