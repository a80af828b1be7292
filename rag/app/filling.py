"""Files, symbols and the index itself: adding, fetching and making the search stores again."""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import cast
from urllib.parse import urlparse

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from rag.app import state
from rag.app.safe import escaped, plain
from rag.domain import AddReport
from rag.errors import PinpointError
from rag.record import Record

_LANGUAGES = {
    "en": "English",
    "fr": "French",
    "es": "Spanish",
    "ru": "Russian",
    "ar": "Arabic",
    "zh": "Chinese",
}
_FORMATS = {"pdf": "PDF", "docx": "Word", "doc": "Word, as it was"}
_AT_ONCE = 20  # documents asked for with one press
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one file or symbol."""

    name: str
    result: str  # added, unchanged, replaced, failed
    what: str  # the document and its paragraphs, or the reason


def show_upload(record: Record) -> None:
    """Draw the uploader, and add what is dropped on it."""
    turn = cast("int", st.session_state.setdefault("upload-turn", 0))
    files = st.file_uploader(
        "Add records: drop files here, several at once",
        accept_multiple_files=True,
        key=f"upload-{turn}",
        help="Text, PDF, Word or HTML. They stay on this machine.",
    )
    with st.expander("The file prints no symbol?"):
        symbol = st.text_input(
            "Symbol for the next file", key=f"upload-symbol-{turn}", placeholder="CCPR/C/SR.3272"
        )
    if files:
        st.session_state["library-told"] = _add(record, files, symbol.strip() or None)
        # A new key empties the uploader; the lists are drawn anew with what was added.
        st.session_state["upload-turn"] = turn + 1
        st.rerun()


def _add(record: Record, files: Sequence[UploadedFile], symbol: str | None) -> list[Outcome]:
    """Add one file after another, so that what is wrong with one is told of that one."""
    if symbol and len(files) > 1:
        why = "A symbol can be given for one file at a time; give one file, or no symbol."
        return [Outcome(file.name, "failed", why) for file in files]
    told: list[Outcome] = []
    with _bar() as bar:
        for number, file in enumerate(files):

            def progress(what: str, done: int, total: int, number: int = number) -> None:
                part = done / total if total else 0.0
                bar(f"{number + 1} of {len(files)}: {what}", (number + part) / len(files))

            progress(file.name, 0, 1)
            try:
                path = record.save_upload(file.name, file.getvalue())
                with state.opening(record):
                    report = record.add([path], symbol=symbol, progress=progress)
                told += outcomes(record, report, file.name)
            except PinpointError as error:
                told.append(Outcome(file.name, "failed", str(error)))
    return told


def show_fetch(record: Record) -> None:
    """Draw the form that downloads official documents; nothing is asked before it is sent."""
    host = urlparse(record.settings.ods_url).hostname or record.settings.ods_url
    with st.form("library-fetch", border=True):
        asked = st.text_input("Fetch by symbol", key="fetch-symbols", placeholder="CCPR/C/SR.3272")
        left, right = st.columns(2)
        language = left.selectbox(
            "Language", list(_LANGUAGES), key="fetch-language", format_func=_LANGUAGES.__getitem__
        )
        form = right.selectbox(
            "Format", list(_FORMATS), key="fetch-format", format_func=_FORMATS.__getitem__
        )
        sent = st.form_submit_button("Download and add", icon=":material/download:")
        st.html(
            f'<div class="pp-quiet">Asks {escaped(host)} when you press the button: it learns the '
            "symbol and your address. Nothing else on this page uses the network.</div>"
        )
    symbols = [symbol for part in re.split(r"[;,\n]+", asked) if (symbol := part.strip())]
    if sent and symbols:
        st.session_state["library-told"] = _fetch(record, symbols[:_AT_ONCE], language, form)
        st.rerun()


def _fetch(record: Record, symbols: Sequence[str], language: str, form: str) -> list[Outcome]:
    told: list[Outcome] = []
    with _bar() as bar:
        for number, symbol in enumerate(symbols):

            def progress(what: str, done: int, total: int, number: int = number) -> None:
                part = done / total if total else 0.0
                size = f"{done / 1e6:.1f} MB" + (f" of {total / 1e6:.1f} MB" if total else "")
                bar(f"{what}: {size}", (number + part) / len(symbols))

            bar(f"Asking for {symbol}", number / len(symbols))
            try:
                with state.opening(record):
                    report = record.fetch(
                        [symbol], language=language, format=form, progress=progress
                    )
                told += outcomes(record, report, symbol)
            except PinpointError as error:
                told.append(Outcome(symbol, "failed", str(error)))
    return told


def outcomes(record: Record, report: AddReport, name: str) -> list[Outcome]:
    """Tell what a report says of one file or symbol."""
    told: list[Outcome] = []
    for result, ids in (("added", report.added), ("replaced", report.replaced)):
        for document in ids:
            count = len(record.document(document).paragraphs)
            words = f"{document}: {count:,} paragraph{'' if count == 1 else 's'}"
            told.append(Outcome(name, result, words))
    told += [Outcome(name, "unchanged", f"{one} was there already") for one in report.unchanged]
    told += [Outcome(name, "failed", _reason(path, why)) for path, why in report.failed]
    return told


def _reason(path: str, why: str) -> str:
    """Why a file failed, without the folder that it was stored in."""
    return why.replace(path, Path(path).name)


def show_told() -> None:
    """Draw what came of the last files and symbols, one a line."""
    told = cast("list[Outcome]", st.session_state.get("library-told", []))
    if not told:
        return
    rows = "".join(
        f'<li class="pp-result pp-result-{escaped(one.result)}"><span class="pp-tag">'
        f'{escaped(one.result)}</span> <span class="pp-symbol">{escaped(one.name)}</span> '
        f"<span>{escaped(one.what)}</span></li>"
        for one in told
    )
    st.html(f'<ul class="pp-results" role="status">{rows}</ul>')


def show_rebuild(record: Record) -> None:
    """Draw the button that makes the search stores again."""
    st.html(
        '<div class="pp-quiet">Makes the words and vectors that are searched again from the stored '
        "paragraphs, as after a change of the model or the chunk budget. The paragraphs stay as "
        "they are; questions wait until it is done.</div>"
    )
    if st.button("Re-index", key="library-rebuild", icon=":material/refresh:"):
        with _bar() as bar:

            def progress(what: str, done: int, total: int) -> None:
                bar(what, done / total if total else 0.0)

            try:
                with state.opening(record):
                    count = record.rebuild(progress)
                plural = "" if count == 1 else "s"
                told = Outcome("Index", "made again", f"{count:,} document{plural}")
            except PinpointError as error:
                told = Outcome("Index", "failed", str(error))
        st.session_state["library-told"] = [told]
        st.rerun()


@contextmanager
def _bar() -> Generator[Callable[[str, float], None]]:
    """A progress bar that goes when the work is done."""
    bar = st.progress(0.0, "Beginning…")

    def show(text: str, share: float) -> None:
        bar.progress(min(max(share, 0.0), 1.0), plain(text))

    try:
        yield show
    finally:
        bar.empty()
