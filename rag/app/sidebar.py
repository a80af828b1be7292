"""The sidebar: what a search is limited to, and who answers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import cast, get_args

import streamlit as st

from rag.app import state
from rag.app.answerers import show_answerers
from rag.config import Settings
from rag.domain import Filters, Role
from rag.record import Record

_ROLES = {
    "member": "Committee members",
    "delegation": "Delegations",
    "chair": "The Chair",
    "secretariat": "The secretariat",
    "observer": "Observers",
}


def show_sidebar(record: Record, settings: Settings) -> None:
    """Draw the sidebar and store the filters chosen in it."""
    with st.sidebar:
        st.html(
            '<div class="pp-brand">Pinpoint</div>'
            '<div class="pp-quiet">Ask the record, get the paragraph.</div>'
        )
        shelf = state.shelf(record)
        st.session_state["filters"] = _show_filters(shelf) if shelf.entries else Filters()
        show_answerers(settings)


def _show_filters(shelf: state.Shelf) -> Filters:
    ids = [entry.id for entry in shelf.entries]
    _drop_missing("filter-documents", ids)
    chosen = st.multiselect("Documents", ids, key="filter-documents", placeholder="All documents")
    speakers = list(shelf.speakers)
    _drop_missing("filter-speaker", speakers)
    speaker = st.selectbox(
        "Speaker", speakers, index=None, key="filter-speaker", placeholder="Anyone"
    )
    with st.expander("More limits"):
        role = st.selectbox(
            "Role",
            get_args(Role),
            index=None,
            key="filter-role",
            placeholder="Any",
            format_func=lambda name: _ROLES.get(str(name), str(name)),
        )
        bodies = _distinct(entry.body for entry in shelf.entries)
        _drop_missing("filter-body", bodies)
        body = st.selectbox("Body", bodies, index=None, key="filter-body", placeholder="Any")
        states = _distinct(entry.state for entry in shelf.entries)
        _drop_missing("filter-state", states)
        state_chosen = st.selectbox(
            "State under review", states, index=None, key="filter-state", placeholder="Any"
        )
        heading = st.text_input(
            "Heading", key="filter-heading", placeholder="Words of it, such as torture"
        )
        held_from = st.date_input("Held from", None, key="filter-from", format="DD/MM/YYYY")
        held_to = st.date_input("Held to", None, key="filter-to", format="DD/MM/YYYY")
    return Filters(
        symbols=tuple(chosen),
        speaker=speaker,
        role=cast("Role | None", role),
        held_from=held_from,
        held_to=held_to,
        body=body,
        state=state_chosen,
        heading=heading.strip() or None,
    )


def _distinct(values: Iterable[str | None]) -> list[str]:
    return sorted({value for value in values if value})


def _drop_missing(key: str, options: Sequence[str]) -> None:
    """Forget a choice that the index no longer offers."""
    chosen = st.session_state.get(key)
    if isinstance(chosen, list):
        st.session_state[key] = [one for one in cast("list[str]", chosen) if one in options]
    elif chosen is not None and chosen not in options:
        st.session_state[key] = None
