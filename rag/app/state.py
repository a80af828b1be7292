"""What a visitor's session remembers, typed; and the one `Record` that all sessions share."""

from __future__ import annotations

import re
import threading
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import date
from typing import cast
from weakref import WeakSet

import streamlit as st

from rag.app.safe import plain
from rag.app.script import send_fragment
from rag.config import Settings, load_settings
from rag.domain import QA, Answer, Citation, Filters, NoAnswer
from rag.errors import PinpointError
from rag.record import Record

# Chroma's client must not be opened by two threads at once, and every session is a thread.
_OPENING = threading.Lock()
_opened: WeakSet[Record] = WeakSet()
_warmed: WeakSet[Record] = WeakSet()
# Follow-ups rarely reach further back, and a model's window is not endless.
_REMEMBERED = 6


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of the conversation and what came of it; `error` where nothing could."""

    question: str
    filters: Filters
    outcome: Answer | NoAnswer | None
    error: str = ""
    llm: str = ""  # the model that answered; none where it is empty


@dataclass(frozen=True, slots=True)
class Entry:
    """A document as the lists show it."""

    id: str
    title: str
    kind: str
    on: date | None
    paragraphs: int
    headings: tuple[str, ...]
    body: str | None = None
    state: str | None = None


@dataclass(frozen=True, slots=True)
class Shelf:
    """What the index holds, in short."""

    entries: tuple[Entry, ...]
    speakers: tuple[str, ...]

    @property
    def paragraphs(self) -> int:
        """How many paragraphs there are in all."""
        return sum(entry.paragraphs for entry in self.entries)


@dataclass(frozen=True, slots=True)
class Place:
    """What the reading pane shows: a citation, the words quoted, and how far one has walked."""

    citation: Citation
    quote: str = ""
    step: int = 0
    turn: int = 0  # grows with every move, so that each one scrolls


@st.cache_resource(show_spinner=False)
def _open(key: str, _settings: Settings) -> Record:
    return Record(_settings)


def open_record() -> tuple[Record, Settings]:
    """Open the index that the settings name; where that fails, say why and end the run."""
    try:
        settings = load_settings()
        return _open(settings.model_dump_json(), settings), settings
    except PinpointError as error:
        st.error(plain(str(error)))
        st.stop()


@contextmanager
def opening(record: Record) -> Generator[None]:
    """Let one session at a time open the stores; once they are open, all go on together."""
    if record in _opened:
        yield
        return
    with _OPENING:
        yield
        _opened.add(record)


def warm(record: Record) -> None:
    """Open in the background what the first question needs, while it is being typed."""
    if record not in _warmed:
        _warmed.add(record)
        threading.Thread(target=_look_once, args=(record,), daemon=True).start()


def _look_once(record: Record) -> None:
    with suppress(PinpointError):  # what is wrong is told to who asks
        ready(record)


def ready(record: Record) -> None:
    """Open what a question needs, before many are asked.

    Raises:
        PinpointError: the index cannot be used.

    """
    with opening(record):
        record.candidates("What was said?")


@st.cache_resource(show_spinner=False, max_entries=2)
def _shelve(index: str, revision: int, _record: Record) -> Shelf:
    entries = [
        Entry(
            id=document.id,
            title=document.title,
            kind=document.kind,
            on=document.held_on or document.issued_on,
            paragraphs=len(document.paragraphs),
            headings=tuple(heading.text for heading in document.headings),
            body=document.body,
            state=document.state,
        )
        for document in _record.documents()
    ]
    return Shelf(tuple(entries), _record.speakers())


def shelf(record: Record) -> Shelf:
    """List what the index holds; read anew only when its revision has changed."""
    try:
        status = record.status()
        return _shelve(str(status.path.resolve()), status.revision, record)
    except PinpointError as error:
        st.error(plain(str(error)))
        st.stop()


def conversation() -> list[Asked]:
    """Give the questions so far, oldest first; append to it."""
    return cast("list[Asked]", st.session_state.setdefault("conversation", []))


def forget() -> None:
    """Begin anew."""
    st.session_state["conversation"] = []
    st.session_state["conversation-name"] = None
    close()


def name() -> str | None:
    """Under which name the conversation is kept; None while it is not."""
    return cast("str | None", st.session_state.get("conversation-name"))


def call(name: str) -> None:
    """Say under which name the conversation is kept."""
    st.session_state["conversation-name"] = name


def history() -> tuple[QA, ...]:
    """Give the conversation as a follow-up needs it."""
    outcomes = (asked.outcome for asked in conversation()[-_REMEMBERED:])
    return tuple(QA.of(outcome) for outcome in outcomes if outcome is not None)


def ask_next(question: str) -> None:
    """Put a question; the ask page answers it on this run or, if interrupted, the next."""
    st.session_state["pending"] = question


def pending() -> str | None:
    """Give the question that waits for its answer."""
    return cast("str | None", st.session_state.get("pending"))


def settle(asked: Asked) -> None:
    """Store what came of the waiting question."""
    conversation().append(asked)
    st.session_state["pending"] = None


def drop() -> None:
    """Forget the waiting question."""
    st.session_state["pending"] = None


def filters() -> Filters:
    """Give what the sidebar limits a search to."""
    return cast("Filters", st.session_state.get("filters", Filters()))


def place() -> Place | None:
    """Where the reading pane stands; None while it is closed."""
    return cast("Place | None", st.session_state.get("place"))


def open_at(citation: Citation, quote: str = "") -> None:
    """Open the reading pane, and put the paragraph into the address so that it can be shared."""
    here = place()
    st.session_state["place"] = Place(citation, quote, turn=here.turn + 1 if here else 0)
    link = link_to(citation)
    st.session_state["followed"] = link
    st.query_params["cite"] = link


def walk(by: int) -> None:
    """Move the reading pane by that many paragraphs; 0 goes back to the citation."""
    here = place()
    if here is not None:
        step = here.step + by if by else 0
        st.session_state["place"] = replace(here, step=step, turn=here.turn + 1)


def close() -> None:
    """Close the reading pane."""
    st.session_state["place"] = None
    st.session_state["followed"] = None
    if "cite" in st.query_params:
        del st.query_params["cite"]


def link_to(citation: Citation) -> str:
    """Write the value of `?cite=` that leads to a citation."""
    if citation.first is None or citation.last or citation.sub:
        return str(citation)
    where = f"{citation.section}:{citation.first}" if citation.section else citation.first
    return f"{citation.symbol}#{where}"


def follow_link(record: Record) -> None:
    """Open what `?cite=` in the address asks for, once."""
    link = link_in_address()
    if not link or link == st.session_state.get("followed"):
        return
    st.session_state["followed"] = link
    try:
        citation = read_link(record, link)
        if citation.first is None:
            send_fragment()
        st.session_state["place"] = Place(citation)
    except PinpointError as error:
        st.error(plain(str(error)))


def link_in_address() -> str | None:
    """What `?cite=SYMBOL%2325`, or `?cite=SYMBOL&para=25`, asks for; None where nothing is."""
    cite, para = st.query_params.get("cite"), st.query_params.get("para", "").strip()
    if not cite or not para or "#" in cite:
        return cite or None
    one = re.fullmatch(r"p\. ?[0-9]+|[0-9.]+(?: (?:bis|ter|quater))?", para)
    return f"{cite.strip()}#{para}" if one else f"{cite.strip()}, paras. {para}"


def read_link(record: Record, link: str) -> Citation:
    """Read `SYMBOL#25`, `SYMBOL#annex I:3`, `SYMBOL#p. 4/2`, or any citation in free text.

    Raises:
        BadCitation: it is none of these.

    """
    symbol, hash_, where = link.strip().replace("%23", "#").partition("#")
    if hash_:
        section, _, label = where.rpartition(":")
        label = re.sub(r"/[0-9]+$", "", label.partition("~")[0].strip())  # which of several
        return Citation(symbol.strip(), section or None, label or None)
    try:
        return Citation.parse(link.strip())
    except PinpointError:
        for found in record.cite(link):
            if found.paragraphs:
                first, last = found.paragraphs[0], found.paragraphs[-1]
                end = None if first.label == last.label else last.label
                return Citation(first.document, first.section, first.label, end)
        raise
