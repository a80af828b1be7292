"""A citation → its paragraph in its place: the reading pane beside the conversation."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import streamlit as st

from rag.app import state
from rag.app.safe import escaped, find_quote, plain, prose
from rag.app.script import reveal
from rag.domain import Citation, Document, Paragraph
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
    first = _find(document, citation.section, citation.first)
    last = _find(document, citation.section, citation.last) if citation.last else first
    if first is None or last is None or last < first:
        raise BadCitation(f"{document.id} has no paragraph for {str(citation)!r}.")
    return range(first, last + 1)


def _find(document: Document, section: str | None, label: str) -> int | None:
    named = [paragraph for paragraph in document.paragraphs if paragraph.label == label]
    for paragraph in named:
        if paragraph.section == section:
            return paragraph.ordinal
    return named[0].ordinal if named and section is None else None


def _show(document: Document, here: state.Place, cited: range) -> None:
    count = len(document.paragraphs)
    at = min(max(cited.start + here.step, 0), count - 1)
    width = min(len(cited), _LONGEST) if here.step == 0 else 1
    low, high = max(at - CONTEXT, 0), min(at + width + CONTEXT, count)

    with st.container(key="pane-head", horizontal=True, vertical_alignment="top"):
        st.html(masthead(document))
        st.button(
            "Close",
            key="pane-close",
            icon=":material/close:",
            type="tertiary",
            on_click=state.close,
        )
    with st.container(key="pane-body"):
        shown = document.paragraphs[low:high]
        st.html(excerpt(document, shown, cited=cited, here=at, quote=here.quote))
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
        st.html(f'<span class="pp-quiet">paragraph {at + 1} of {count}</span>', width="content")


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


def excerpt(
    document: Document,
    paragraphs: Collection[Paragraph],
    *,
    cited: Collection[int] = (),
    here: int | None = None,
    quote: str = "",
) -> str:
    """Paragraphs as HTML: headings, who speaks, numbers in the margin, the quotation marked.

    `cited` and `here` are ordinals; a heading is shown where it first applies.
    """
    parts: list[str] = []
    heading: str | None = None
    speaker: str | None = None
    for paragraph in paragraphs:
        if paragraph.heading and paragraph.heading != heading:
            parts.append(f'<h4 class="pp-heading" dir="auto">{escaped(paragraph.heading)}</h4>')
        heading = paragraph.heading
        floor = speaker_line(paragraph)
        if floor and floor != speaker:
            parts.append(floor)
        speaker = floor
        marked = find_quote(quote, paragraph.text) if quote and paragraph.ordinal in cited else ()
        classes = ["pp-para"]
        if paragraph.ordinal in cited:
            classes.append("pp-cited")
        if paragraph.ordinal == here:
            classes.append("pp-here")
        parts.append(
            f'<div class="{" ".join(classes)}">'
            f'<div class="pp-label">{escaped(paragraph.label)}.</div>'
            f'<div class="pp-text" dir="auto">{_tags(paragraph)}{prose(paragraph.text, marked)}'
            "</div></div>"
        )
    return f'<div class="pp-record" lang="{escaped(document.language)}">{"".join(parts)}</div>'


def _tags(paragraph: Paragraph) -> str:
    """Tell what a reader must know of a number: that it was not printed, or that it restarts."""
    told = [paragraph.section or "", "number inferred" if paragraph.inferred else ""]
    return "".join(f'<span class="pp-tag">{escaped(tag)}</span> ' for tag in told if tag)


def speaker_line(paragraph: Paragraph) -> str:
    """Who holds the floor, as HTML; empty where nobody does."""
    turn = paragraph.turn
    if turn is None:
        return ""
    return f'<div class="pp-floor">{who(turn.speaker, turn.delegation, turn.role)}</div>'


def who(speaker: str, delegation: str | None, role: str | None) -> str:
    """Write a speaker with their delegation as HTML, coloured by role."""
    country = f' <span class="pp-country">({escaped(delegation)})</span>' if delegation else ""
    return (
        f'<span class="pp-who pp-{escaped(role or "unknown")}">{escaped(speaker)}{country}</span>'
    )
