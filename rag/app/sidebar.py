"""The sidebar: what a search is limited to, what the index holds, and adding to it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import cast, get_args

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from rag.app import state
from rag.app.pane import written
from rag.app.safe import escaped, plain
from rag.config import Settings
from rag.domain import AddReport, Filters, Role
from rag.errors import PinpointError
from rag.record import Record

_LISTED = 40  # documents; a longer index is told by its number
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
        _show_contents(shelf)
        _show_upload(record)
        answerer = settings.llm or "Verbatim quotations, no model"
        st.html(
            '<div class="pp-answerer"><span class="pp-quiet">Answers by</span><br>'
            f"{escaped(answerer)}</div>"
        )


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


def _show_contents(shelf: state.Shelf) -> None:
    if not shelf.entries:
        return
    rows: list[str] = []
    for entry in shelf.entries[:_LISTED]:
        facts = [entry.kind, written(entry.on), f"{entry.paragraphs:,} ¶"]
        line = escaped(" · ".join(fact for fact in facts if fact))
        rows.append(
            f'<li><span class="pp-symbol">{escaped(entry.id)}</span>'
            f'<div class="pp-quiet">{line}</div></li>'
        )
    if len(shelf.entries) > _LISTED:
        rows.append(f'<li class="pp-quiet">and {len(shelf.entries) - _LISTED:,} more</li>')
    with st.expander(f"In the index: {len(shelf.entries):,} ({shelf.paragraphs:,} ¶)"):
        st.html(f'<ul class="pp-contents">{"".join(rows)}</ul>')


def _show_upload(record: Record) -> None:
    turn = cast("int", st.session_state.setdefault("upload-turn", 0))
    files = st.file_uploader(
        "Add records",
        accept_multiple_files=True,
        key=f"upload-{turn}",
        help="Text, PDF, Word or HTML. They stay on this machine.",
    )
    with st.expander("The file prints no symbol?"):
        symbol = st.text_input(
            "Symbol for the next file", key=f"upload-symbol-{turn}", placeholder="CCPR/C/SR.3272"
        )
    if files:
        st.session_state["upload-notices"] = _add(record, files, symbol.strip() or None)
        # A new key empties the uploader; the lists above are drawn anew with what was added.
        st.session_state["upload-turn"] = turn + 1
        st.rerun()
    for good, sentence in cast(
        "list[tuple[bool, str]]", st.session_state.get("upload-notices", [])
    ):
        (st.success if good else st.error)(plain(sentence))


def _add(
    record: Record, files: Sequence[UploadedFile], symbol: str | None
) -> list[tuple[bool, str]]:
    bar = st.progress(0.0, "Adding…")

    def progress(what: str, done: int, total: int) -> None:
        bar.progress(min(done / total, 1.0) if total else 0.0, plain(what))

    told: list[tuple[bool, str]] = []
    paths: list[Path] = []
    for file in files:
        try:
            paths.append(record.save_upload(file.name, file.getvalue()))
        except PinpointError as error:
            told.append((False, str(error)))
    try:
        if paths:
            with state.opening(record):
                report = record.add(paths, symbol=symbol, progress=progress)
            told += sentences(record, report)
    except PinpointError as error:
        told.append((False, str(error)))
    finally:
        bar.empty()
    return told


def sentences(record: Record, report: AddReport) -> list[tuple[bool, str]]:
    """Tell a report in sentences, each with whether it is good news."""
    told: list[tuple[bool, str]] = []
    for verb, names in (("Added", report.added), ("Replaced", report.replaced)):
        for name in names:
            count = len(record.document(name).paragraphs)
            told.append((True, f"{verb} {name}: {count} paragraph{'' if count == 1 else 's'}."))
    told += [(True, f"{name} was there already, unchanged.") for name in report.unchanged]
    told += [(False, f"{Path(path).name}: {why}") for path, why in report.failed]
    return told
