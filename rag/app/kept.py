"""Conversations that are kept with the index: each answer is added, and the sidebar opens them.

Named by their first question until they are given another name. What cannot be kept is
said, and the conversation goes on.

A conversation under way belongs to the visitor's session: nobody else's question gets into
it. What is kept belongs to the index, as its documents do: whoever may open the app over
an index may open, rename and delete its conversations.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import cast

import streamlit as st

from rag.app import state
from rag.app.pane import resolve
from rag.app.safe import plain
from rag.conversations import Conversations, Exchanged, Listed, Setting
from rag.domain import Answer, Citation, NoAnswer, Passage
from rag.errors import PinpointError
from rag.record import Record

_LISTED = 20  # conversations; the command line lists them all
_LENGTH = 60  # characters of a first question that become a name
# Two visitors who begin with the same question at once must not get the same name: each would
# go on with the conversation of the other.
_NAMING = threading.Lock()


def keep(record: Record, asked: state.Asked) -> None:
    """Add a question and its answer to the conversation that is kept, or say why not."""
    if asked.outcome is None:
        return
    chosen = record.settings
    setting = Setting(asked.filters, asked.llm or None, chosen.embedder)
    try:
        exchanged = Exchanged.of(asked.outcome, setting, datetime.now(UTC))
        with _NAMING:
            name = state.name() or _free(record.conversations, asked.question)
            record.conversations.append(name, exchanged)
    except (PinpointError, OSError) as error:
        _tell(f"This conversation could not be kept. {error}")
        return
    _tell("")
    state.call(name)


def _free(kept: Conversations, question: str) -> str:
    """A name that no conversation has yet."""
    words = " ".join("".join(c if c.isprintable() else " " for c in question).split())
    if len(words) > _LENGTH:
        words = words[:_LENGTH].rsplit(" ", 1)[0] + " …"
    taken = {each.name for each in kept.list()}
    number = 1
    while (name := words if number == 1 else f"{words} ({number})") in taken:
        number += 1
    return name


def show_kept(record: Record) -> None:
    """Draw the list of conversations at the end of the sidebar."""
    with st.sidebar:
        # Always there, so that the list below keeps its place, and stays open, when one begins.
        st.button(
            "New conversation",
            key="forget",
            icon=":material/add_comment:",
            on_click=state.forget,
            disabled=not state.conversation(),
            width="stretch",
        )
        listed = _listed(record.conversations)
        if listed:
            with st.expander(f"Conversations ({len(listed):,})", icon=":material/forum:"):
                _show(record, listed)
        if trouble := cast("str", st.session_state.get("kept-trouble", "")):
            st.error(plain(trouble))


def _show(record: Record, listed: tuple[Listed, ...]) -> None:
    here = state.name()
    for number, each in enumerate(listed[:_LISTED]):
        if each.damaged:
            st.error(plain(each.damaged))
        elif each.name != here:
            st.button(
                plain(each.name),
                key=f"kept-open-{number}",
                type="tertiary",
                on_click=_reopen,
                args=(record, each.name),
            )
        else:
            key = f"kept-name-{here}"
            st.text_input(
                "Name of this conversation",
                here,
                key=key,
                on_change=_rename,
                args=(record, here, key),
            )
            st.button(
                "Delete it",
                key="kept-delete",
                icon=":material/delete:",
                type="tertiary",
                on_click=_delete,
                args=(record, here),
            )
    if len(listed) > _LISTED:
        st.html(f'<div class="pp-quiet">and {len(listed) - _LISTED:,} more</div>')


def _listed(kept: Conversations) -> tuple[Listed, ...]:
    """Every conversation, read anew only where a file has changed."""
    paths = sorted(kept.folder.glob("*.json")) if kept.folder.is_dir() else []
    stamps = tuple((str(path), path.stat().st_mtime_ns) for path in paths)
    return _read(stamps, kept)


@st.cache_resource(show_spinner=False, max_entries=4)
def _read(stamps: tuple[tuple[str, int], ...], _kept: Conversations) -> tuple[Listed, ...]:
    return _kept.list() if stamps else ()


def _reopen(record: Record, name: str) -> None:
    try:
        told = record.conversations.load(name)
    except PinpointError as error:
        _tell(str(error))
        return
    _tell("")
    state.forget()
    state.conversation().extend(asked_of(record, each) for each in told.exchanges)
    state.call(name)


def _rename(record: Record, name: str, key: str) -> None:
    new = cast("str", st.session_state[key])
    try:
        state.call(record.conversations.rename(name, new).name)
        _tell("")
    except (PinpointError, OSError) as error:
        _tell(str(error))


def _delete(record: Record, name: str) -> None:
    try:
        record.conversations.delete(name)
        _tell("")
        state.forget()
    except (PinpointError, OSError) as error:
        _tell(str(error))


def _tell(trouble: str) -> None:
    st.session_state["kept-trouble"] = trouble


def asked_of(record: Record, kept: Exchanged) -> state.Asked:
    """Give a question and its answer as they were; paragraphs that are no longer there are left out."""
    claims = kept.claims + kept.rejected
    if kept.answered:
        outcome = Answer(
            kept.question,
            kept.claims,
            kept.rejected,
            _passages(record, [claim.citation for claim in claims]),
            kept.searched,
            kept.seconds,
            kept.asked,
            kept.usage,
            kept.reason,
        )
    else:
        nearest = _passages(record, [Citation.parse(each) for each in kept.nearest])
        outcome = NoAnswer(
            kept.question,
            kept.reason,
            nearest,
            kept.searched,
            kept.rejected,
            kept.seconds,
            kept.asked,
            usage=kept.usage,
        )
    return state.Asked(kept.question, kept.setting.filters, outcome, llm=kept.setting.llm or "")


def _passages(record: Record, citations: Iterable[Citation]) -> tuple[Passage, ...]:
    """The paragraphs that citations name, as far as they are still in the index."""
    found: dict[str, Passage] = {}
    for citation in citations:
        try:
            document = record.document(citation.symbol)
            there = [document.paragraphs[at] for at in resolve(document, citation)]
        except PinpointError:
            continue
        found |= {paragraph.id: Passage(paragraph, 0.0, "both") for paragraph in there}
    return tuple(found.values())
