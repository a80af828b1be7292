"""The catalogue: every value of a document is read back, and an older index still opens."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import get_args

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from rag.domain import (
    AgendaItem,
    Document,
    Event,
    Footnote,
    Heading,
    Note,
    Paragraph,
    Role,
    Turn,
    Voice,
)
from rag.errors import IndexMismatch
from rag.record import PARSER
from rag.store.catalog import Catalog
from tests.stores import make, store


def test_what_is_put_is_what_is_read(tmp_path: Path) -> None:
    index = make(tmp_path)
    doc = store(
        index,
        "CCLP/C/SR.9\nThe meeting was called to order at 3 p.m.\nA heading\n"
        "1. Mr. A (Maravia) said yes.\n2. And more.\n4. Ms. B asked why.\n",
        "x.txt",
    )
    assert index.catalog.document("CCLP/C/SR.9") == doc
    assert index.catalog.counts() == (1, 3, 3)
    assert index.words.size() == index.vectors.size() == 3


TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=12)
NAME = TEXT.filter(bool)
DAY = st.none() | st.dates()
PLACE = st.integers(0, 10**9)
PAGE = st.none() | st.integers(1, 900)
ROLES = st.sampled_from(get_args(Role))
DOCUMENTS = st.lists(NAME, max_size=2).map(tuple)


@st.composite
def paragraphs(draw: st.DrawFn, name: str) -> tuple[Paragraph, ...]:
    """Paragraphs of a document, their places unique, everything else anything."""
    places = draw(
        st.lists(
            st.tuples(NAME, st.none() | NAME, st.integers(1, 3)), max_size=4, unique_by=str
        )
    )  # fmt: skip
    made: list[Paragraph] = []
    for ordinal, (label, section, part) in enumerate(places):
        voices = st.builds(
            Voice, st.integers(0, 9), st.integers(0, 9), NAME, ROLES, st.none() | NAME
        )
        turns = st.builds(Turn, NAME, ROLES, st.none() | NAME, st.integers(0, 9), st.integers(0, 9))
        made.append(
            Paragraph(
                name,
                label,
                ordinal,
                draw(TEXT),
                draw(PLACE),
                draw(PLACE),
                draw(st.booleans()),
                draw(PAGE),
                draw(st.none() | TEXT),
                draw(st.none() | turns),
                section,
                part,
                draw(st.booleans()),
                tuple(draw(st.lists(voices, max_size=3))),
            )
        )
    assume(len({p.id for p in made}) == len(made))
    return tuple(made)


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """A document with anything in every field."""
    name = draw(NAME)
    some, maybe = st.lists, st.none() | TEXT
    return Document(
        id=name,
        symbol=draw(maybe),
        title=draw(TEXT),
        kind=draw(TEXT),
        body=draw(maybe),
        session=draw(maybe),
        meeting=draw(st.none() | st.integers(0, 9_999)),
        held_on=draw(DAY),
        issued_on=draw(DAY),
        place=draw(maybe),
        chair=draw(maybe),
        language=draw(TEXT),
        state=draw(maybe),
        source=Path(draw(NAME)),
        sha256=draw(TEXT),
        text=draw(TEXT),
        paragraphs=draw(paragraphs(name)),
        headings=tuple(draw(some(st.builds(Heading, TEXT, maybe, DOCUMENTS, maybe), max_size=2))),
        events=tuple(draw(some(st.builds(Event, TEXT, maybe), max_size=2))),
        notes=tuple(draw(some(st.builds(Note, TEXT, TEXT, TEXT), max_size=2))),
        footnotes=tuple(draw(some(st.builds(Footnote, TEXT, TEXT, PAGE), max_size=2))),
        agenda=tuple(draw(some(st.builds(AgendaItem, maybe, TEXT, DOCUMENTS), max_size=2))),
        reissue=draw(maybe),
    )


@settings(deadline=None, max_examples=60)
@given(documents())
def test_every_value_of_a_document_is_read_back(doc: Document) -> None:
    with TemporaryDirectory() as folder:
        catalog = Catalog(Path(folder) / "catalog.db")
        catalog.put(doc, (), parser=1)
        (name,) = catalog.ids()
        assert catalog.document(name) == doc
        assert catalog.paragraphs([p.id for p in doc.paragraphs]) == {
            p.id: p for p in doc.paragraphs
        }
        assert {s for s, _, _ in catalog.speakers()} == {
            voice.speaker
            for p in doc.paragraphs
            for voice in (*p.voices, *((p.turn,) if p.turn else ()))
        }


# What the first version of this program made.
FIRST = """
CREATE TABLE IF NOT EXISTS documents (
  id TEXT PRIMARY KEY, symbol TEXT, title TEXT NOT NULL, kind TEXT NOT NULL, body TEXT,
  session TEXT, meeting INTEGER, held_on TEXT, issued_on TEXT, place TEXT, chair TEXT,
  language TEXT NOT NULL, state TEXT, source TEXT NOT NULL, sha256 TEXT NOT NULL,
  text TEXT NOT NULL, headings TEXT NOT NULL, events TEXT NOT NULL, exchanges TEXT NOT NULL,
  notes TEXT NOT NULL, parser INTEGER NOT NULL, status TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS documents_sha256 ON documents (sha256);
CREATE TABLE IF NOT EXISTS paragraphs (
  id TEXT PRIMARY KEY, document TEXT NOT NULL REFERENCES documents ON DELETE CASCADE,
  label TEXT NOT NULL, section TEXT, ordinal INTEGER NOT NULL, text TEXT NOT NULL,
  start INTEGER NOT NULL, "end" INTEGER NOT NULL, inferred INTEGER NOT NULL, page INTEGER,
  heading TEXT, speaker TEXT, role TEXT, delegation TEXT, first INTEGER, last INTEGER
);
CREATE INDEX IF NOT EXISTS paragraphs_place ON paragraphs (document, ordinal);
CREATE INDEX IF NOT EXISTS paragraphs_label ON paragraphs (document, label);
CREATE TABLE IF NOT EXISTS chunks (
  id TEXT PRIMARY KEY, paragraph TEXT NOT NULL REFERENCES paragraphs ON DELETE CASCADE,
  text TEXT NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS chunks_paragraph ON chunks (paragraph);
CREATE TABLE IF NOT EXISTS embeddings (key TEXT PRIMARY KEY, vector BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
INSERT OR IGNORE INTO meta VALUES ('revision', '0');
"""


def first_index(path: Path) -> None:
    """A catalogue as the first version left it, with one document."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(path)) as db, db:
        db.executescript(FIRST)
        db.execute(
            f"INSERT INTO documents VALUES ({', '.join('?' * 22)})",
            ("CCLP/C/SR.9", "CCLP/C/SR.9", "Ninth meeting", "summary record", None, None, 9,
             "2024-03-04", None, None, None, "en", "Maravia", "nine.txt", "abc",
             "1. Mr. A (Maravia) said yes.", '[{"text": "Opening", "before": "1"}]',
             '[{"text": "The meeting rose.", "after": "1"}]', "[]",
             '[{"kind": "number gap", "where": "1", "what": "2 is missing."}]', 1, "ready"),
        )  # fmt: skip
        db.execute(
            f"INSERT INTO paragraphs VALUES ({', '.join('?' * 16)})",
            ("CCLP/C/SR.9#1", "CCLP/C/SR.9", "1", None, 0, "Mr. A (Maravia) said yes.", 3, 28, 0,
             None, "Opening", "Mr. A", "delegation", "Maravia", 0, 0),
        )  # fmt: skip


def test_an_index_of_the_first_version_opens(tmp_path: Path) -> None:
    path = tmp_path / "catalog.db"
    first_index(path)
    catalog = Catalog(path)
    doc = catalog.document("CCLP/C/SR.9")
    assert doc.headings == (Heading("Opening", "1"),)
    assert (doc.footnotes, doc.agenda, doc.reissue) == ((), (), None)
    turn = Turn("Mr. A", "delegation", "Maravia", 0, 0)
    assert doc.paragraphs == (
        Paragraph("CCLP/C/SR.9", "1", 0, "Mr. A (Maravia) said yes.", 3, 28, heading="Opening",
                  turn=turn),
    )  # fmt: skip
    assert catalog.speakers() == [("Mr. A", "Maravia", "delegation")]
    # Read by an older parser: `rag add` reads the file again.
    assert catalog.ready_with("abc", 1) == "CCLP/C/SR.9"
    assert catalog.ready_with("abc", PARSER) is None
    catalog.put(replace(doc, reissue="*"), (), parser=PARSER)
    assert Catalog(path).document("CCLP/C/SR.9").reissue == "*"


def test_two_may_open_an_old_index_at_once(tmp_path: Path) -> None:
    path = tmp_path / "catalog.db"
    first_index(path)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: Catalog(path).document("CCLP/C/SR.9").id, range(16)))
    assert set(found) == {"CCLP/C/SR.9"}


def test_an_index_of_a_later_version_is_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "catalog.db"
    first_index(path)
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA user_version = 99")
    with pytest.raises(IndexMismatch, match="later version"):
        Catalog(path).ids()


# Two who speak in one paragraph.
