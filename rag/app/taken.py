"""An answer, or the whole conversation, taken away: copied with its citations, or as a file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import cast

import streamlit as st

from rag.app import state
from rag.cite.styles import LISTS, NOTES, Known, Knows, knows, printed
from rag.conversations import Conversation, Exchanged, Setting
from rag.domain import Answer, Claim
from rag.export import exported, footnotes
from rag.present import speaker_text
from rag.record import Record

STYLES = {"un": "United Nations", "oscola": "OSCOLA", "aglc": "AGLC", "bluebook": "Bluebook"}
# Form → what its button says, the ending of its file, its media type.
_FILES = {
    "docx": (
        "Word",
        "docx",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
    "markdown": ("Markdown", "md", "text/markdown"),
    "json": ("JSON", "json", "application/json"),
    "bibtex": ("BibTeX", "bib", "application/x-bibtex"),
    "ris": ("RIS", "ris", "application/x-research-info-systems"),
    "csl": ("CSL-JSON", "json", "application/vnd.citationstyles.csl+json"),
}


def show_taking(record: Record, asked: state.Asked, answer: Answer, number: int) -> None:
    """Offer the `number`th answer to be copied in a style, or written to a file."""
    box = st.expander(
        "Copy or export", icon=":material/content_copy:", key=f"take-{number}", on_change="rerun"
    )
    if not box.open:  # nothing is written before it is wanted
        return
    with box:
        style = _style(f"answer-{number}")
        told = _told(record, [asked], asked.question)
        known = _known(record)
        st.code(as_text(answer, told, style, known), language=None, wrap_lines=True)
        _files(told, style, known, f"answer-{number}", f"answer {number}")


def show_whole(record: Record, asked: Sequence[state.Asked]) -> None:
    """Offer the conversation as a file."""
    kept = [each for each in asked if each.outcome is not None]
    if not kept:
        return
    with st.popover("Export the conversation", icon=":material/download:", type="tertiary"):
        style = _style("whole")
        told = _told(record, kept, state.name() or kept[0].question)
        _files(told, style, _known(record), "whole", "the conversation")


def _style(place: str) -> str:
    """Let the style of citations be chosen; the choice holds wherever it is made next."""
    chosen = cast("str", st.session_state.get("citation-style", "un"))
    picked = st.radio(
        "Citations as",
        list(NOTES),
        index=list(NOTES).index(chosen),
        format_func=_named,
        horizontal=True,
        key=f"style-{place}",
    )
    st.session_state["citation-style"] = picked
    return picked


def _named(style: str) -> str:
    return STYLES.get(style, style)


def _files(told: Conversation, style: str, known: Knows, place: str, what: str) -> None:
    cited = any(each.claims for each in told.exchanges)
    with st.container(horizontal=True, gap="small"):
        for form, (label, ending, media) in _FILES.items():
            st.download_button(
                label,
                _written(told, form, style, known),
                file_name=f"pinpoint-{what.replace(' ', '-')}.{ending}",
                mime=media,
                key=f"take-{place}-{form}",
                on_click="ignore",
                disabled=form in LISTS and not cited,
                help=f"Download {what} as {label}",
            )


def _written(told: Conversation, form: str, style: str, known: Knows) -> Callable[[], bytes]:
    """What writes a file when its button is pressed, and not before."""
    return lambda: exported(told, form, style, known)


def _told(record: Record, asked: Sequence[state.Asked], name: str) -> Conversation:
    chosen = record.settings
    now = datetime.now(UTC)
    exchanged = [
        Exchanged.of(each.outcome, Setting(each.filters, each.llm or None, chosen.embedder), now)
        for each in asked
        if each.outcome is not None
    ]
    return Conversation(name, now, tuple(exchanged))


def _known(record: Record) -> Knows:
    """What the index knows of a document, read once for each change of the index."""
    revision = record.status().revision
    return lambda symbol: _facts(symbol, revision, record)


@st.cache_resource(show_spinner=False, max_entries=500)
def _facts(symbol: str, revision: int, _record: Record) -> Known:
    return knows(_record.document)(symbol)


def as_text(answer: Answer, told: Conversation, style: str, known: Knows) -> str:
    """Write an answer as plain text: a statement a line, each with its citation in a style."""
    notes = footnotes(told, style, known)
    lines = [
        f"[{number}] {said(claim)} [{printed(notes[str(claim.citation)].runs).rstrip('.')}]"
        for number, claim in enumerate(answer.claims, start=1)
    ]
    return "\n\n".join([*lines, answer.note] if answer.note else lines)


def said(claim: Claim) -> str:
    """Who said it, and the words."""
    quote = " ".join(claim.quote.split())
    words = f"“{quote}”" if quote else " ".join(claim.text.split())
    who = speaker_text(claim.speaker, claim.delegation)
    return f"{who}: {words}" if who else words
