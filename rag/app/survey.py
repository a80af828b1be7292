"""The documents of an index → what the Library tells of them: what is held, said and doubted.

Counted once for each change of the index; the documents themselves are not kept.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import streamlit as st

from rag.app.views import notes_html
from rag.domain import Document, Role
from rag.present import doubt
from rag.record import Record

Who = tuple[str, str | None, Role]  # speaker as printed, delegation, role


@dataclass(frozen=True, slots=True)
class Held:
    """A document as the Library lists it."""

    id: str
    title: str
    kind: str
    body: str | None
    state: str | None
    held_on: date | None
    issued_on: date | None
    meeting: int | None
    paragraphs: int
    words: int
    notes: int
    inferred: int  # numbers that were not printed
    ocr: int  # numbers that were read by character recognition
    notes_html: str  # what the reader repaired, inferred or doubted
    said: tuple[tuple[Who, int], ...]  # words of each who speaks, most first


@dataclass(frozen=True, slots=True)
class Share:
    """How much somebody, or everybody in a role, said."""

    name: str
    role: Role
    delegation: str | None
    words: int
    documents: int


def held(document: Document) -> Held:
    """Sum up a document."""
    doubts = Counter(doubt(paragraph) for paragraph in document.paragraphs)
    return Held(
        id=document.id,
        title=document.title,
        kind=document.kind,
        body=document.body,
        state=document.state,
        held_on=document.held_on,
        issued_on=document.issued_on,
        meeting=document.meeting,
        paragraphs=len(document.paragraphs),
        words=sum(len(paragraph.text.split()) for paragraph in document.paragraphs),
        notes=len(document.notes),
        inferred=doubts["number inferred"],
        ocr=doubts["number read by OCR"],
        notes_html=notes_html(document),
        said=tuple(words_said(document).most_common()),
    )


def words_said(document: Document) -> Counter[Who]:
    """Count the words of each who holds the floor; where several share a paragraph, their parts."""
    said: Counter[Who] = Counter()
    for paragraph in document.paragraphs:
        turn = paragraph.turn
        for voice in paragraph.voices:
            who = (voice.speaker, voice.delegation, voice.role)
            said[who] += len(paragraph.text[voice.start : voice.end].split())
        if turn is not None and not paragraph.voices:
            said[turn.speaker, turn.delegation, turn.role] += len(paragraph.text.split())
    return said


def by_speaker(documents: Iterable[Held]) -> list[Share]:
    """Who said how much, most first. One name in two delegations is two people."""
    return _shares((who, words) for document in documents for who, words in document.said)


def by_role(documents: Iterable[Held]) -> list[Share]:
    """How much was said in each role, most first."""
    listed: list[tuple[Who, int]] = []  # a role stands for the speaker
    for document in documents:
        roles: Counter[Role] = Counter()
        for (_, _, role), words in document.said:
            roles[role] += words
        for role, words in roles.items():
            listed.append(((role, None, role), words))
    return _shares(listed)


def _shares(said: Iterable[tuple[Who, int]]) -> list[Share]:
    words: Counter[Who] = Counter()
    documents: Counter[Who] = Counter()
    for who, count in said:
        words[who] += count
        documents[who] += 1
    return [
        Share(name, role, delegation, count, documents[name, delegation, role])
        for (name, delegation, role), count in words.most_common()
    ]


@st.cache_resource(show_spinner="Counting…", max_entries=2)
def _survey(
    index: str,  # with the revision, tells what was counted already
    revision: int,
    _record: Record,
) -> tuple[Held, ...]:
    return tuple(held(document) for document in _record.documents())


def survey(record: Record) -> tuple[Held, ...]:
    """Sum up every document, in order of its id; counted anew only when the index changed.

    Raises:
        PinpointError: the index cannot be used.

    """
    status = record.status()
    return _survey(str(status.path.resolve()), status.revision, record)
