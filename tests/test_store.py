"""Catalogue, words and vectors: a real SQLite, a real tantivy, a real Chroma.

Long, because each store is tested through the others.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import get_args

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from llama_index.core.schema import NodeWithScore
from llama_index.core.vector_stores.types import VectorStoreQuery
from numpy.typing import NDArray

from rag.chunk import chunk, token_counter
from rag.config import Settings
from rag.domain import (
    AgendaItem,
    Chunk,
    Citation,
    Document,
    Event,
    Filters,
    Footnote,
    Heading,
    Note,
    Paragraph,
    Role,
    SourceText,
    Turn,
    Voice,
)
from rag.errors import BadCitation, IndexMismatch, UnknownDocument, UnreadableFile
from rag.parse import segment
from rag.parse.states import state_named
from rag.query import Subject, understand
from rag.read import SUFFIXES
from rag.record import PARSER, Record
from rag.retrieve import Found, Fusion, fuse, retrieve
from rag.sentences import sentences
from rag.store.catalog import Catalog
from rag.store.index import Index
from rag.store.matrix import Matrix
from rag.store.rows import Row
from rag.store.words import Limits
from tests.conftest import SAMPLE


def document(text: str, name: str = "record.txt") -> Document:
    return segment(SourceText(path=Path(name), sha256="0", text=text))


def toy_encode(texts: Sequence[str]) -> NDArray[np.float32]:
    """Bags of letters: enough to tell texts apart."""
    vectors = np.array([[t.lower().count(c) + 1e-3 for c in "abcdefghij"] for t in texts])
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def store(index: Index, text: str, name: str) -> Document:
    doc = document(text, name)
    count = token_counter()
    chunks = [c for p in doc.paragraphs for c in chunk(doc, p, budget=200, count=count)]
    with index.writing():
        index.put(doc, chunks, toy_encode, parser=1)
    return doc


def make(path: Path) -> Index:
    return Index(path / "index", embedder="toy", chunk_tokens=200)


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
ASKED = "Ms. Bell asked whether any school had been built in the northern province."
REPLIED = "Mr. Anders (Maravia) replied that two schools had been built there in 2023."


def shared_paragraph() -> Document:
    """A record in whose second paragraph a member and the delegation speak."""
    doc = document("CCLP/C/SR.9\n1. The meeting was opened.\n2. " + ASKED + "\n" + REPLIED, "x.txt")
    first, second = doc.paragraphs[0], doc.paragraphs[1]
    text = f"{ASKED} {REPLIED}"
    cut = len(ASKED) + 1
    voices = (
        Voice(0, cut, "Ms. Bell", "member", None),
        Voice(cut, len(text), "Mr. Anders", "delegation", "Maravia"),
    )
    turn = Turn("Ms. Bell", "member", None, 1, 1)
    second = replace(second, text=text, start=0, end=len(text), turn=turn, voices=voices)
    return replace(doc, paragraphs=(first, second))


def chunks_of(doc: Document, budget: int = 200) -> list[Chunk]:
    count = token_counter()
    return [c for p in doc.paragraphs for c in chunk(doc, p, budget=budget, count=count)]


@pytest.mark.parametrize("budget", [24, 40, 200])
def test_a_chunk_holds_the_words_of_one(budget: int) -> None:
    doc = shared_paragraph()
    second = doc.paragraphs[1]
    pieces = [c for c in chunks_of(doc, budget) if c.paragraph == second.id]
    for piece in pieces:
        assert sum(v.start <= piece.start and piece.end <= v.end for v in second.voices) == 1
    covered = {i for c in pieces for i in range(c.start, c.end)}
    assert all(second.text[i].isspace() or i in covered for i in range(len(second.text)))


def test_each_of_two_speakers_is_found_by_name_state_and_role(tmp_path: Path) -> None:
    index = make(tmp_path)
    doc = shared_paragraph()
    with index.writing():
        index.put(doc, chunks_of(doc), toy_encode, parser=1)
    assert index.catalog.document(doc.id) == doc
    known = index.catalog.speakers()
    assert ("Mr. Anders", "Maravia", "delegation") in known
    assert ("Ms. Bell", None, "member") in known
    second = doc.paragraphs[1]
    for filters, chunks in (
        (Filters(speaker="anders"), [f"{second.id}~2"]),
        (Filters(speaker="bell"), [second.id]),
        (Filters(delegation="Maravia"), [f"{second.id}~2"]),
        (Filters(role="member"), [second.id]),
        (Filters(role="delegation"), [f"{second.id}~2"]),
    ):
        limits = index.limits(filters)
        assert [hit for hit, _ in index.words.search("school", limits=limits, limit=9)] == [
            second.id
        ]
        vector = toy_encode(["school"])[0].tolist()
        found = index.vectors.search(vector, limits=limits, limit=9)
        assert [hit for hit, _ in found] == chunks


def test_a_filter_is_about_one_speaker(tmp_path: Path) -> None:
    """Ms. Bell is no delegation, though she shares a paragraph with one."""
    index = make(tmp_path)
    doc = shared_paragraph()
    with index.writing():
        index.put(doc, chunks_of(doc), toy_encode, parser=1)

    def found(filters: Filters) -> list[str]:
        passages = retrieve(
            understand("school"), Subject("school"),
            words=index.words, vectors=index.vectors, catalog=index.catalog,
            embed=toy_encode, limits=index.limits(filters), limit=9, fusion=Fusion(),
        )  # fmt: skip
        return [passage.paragraph.label for passage in passages]

    assert found(Filters(speaker="Bell", role="member")) == ["2"]
    assert found(Filters(speaker="Bell", role="delegation")) == []
    assert found(Filters(speaker="Anders", delegation="Maravia")) == ["2"]


# -- filters ---------------------------------------------------------------------------------

BODIES = ("Human Rights Committee", "Committee against Torture", None)
STATES = ("Maravia", "Republic of Korea", None)
HEADINGS = ("Torture and ill-treatment (art. 7)", "Égalité of arms", "Prison conditions", None)
FLOORS = (
    ("Mr. Anders", "delegation", "Maravia"), ("Ms. Bell", "member", None),
    ("Ms. Bell", "chair", None), None,
)  # fmt: skip


def mixed(number: int, choose: np.random.Generator) -> Document:
    """A document whose paragraphs have all kinds of headings and speakers."""
    name = f"{('CCPR', 'CAT', 'X')[number % 3]}/C/SR.{number}"
    made: list[Paragraph] = []
    for at in range(12):
        floor = FLOORS[choose.integers(len(FLOORS))]
        text = " ".join(choose.choice(list("abcdefghij"), 9)) + f" school prison{at}"
        voices: tuple[Voice, ...] = ()
        if at % 5 == 0:
            cut = len(text) // 2
            voices = (
                Voice(0, cut, "Ms. Bell", "member", None),
                Voice(cut, len(text), "Mr. Anders", "delegation", "Maravia"),
            )
        made.append(
            Paragraph(
                name, str(at + 1), at, text, 0, len(text), voices=voices,
                heading=HEADINGS[choose.integers(len(HEADINGS))],
                turn=Turn(floor[0], floor[1], floor[2], at, at) if floor else None,  # type: ignore[arg-type]
            )
        )  # fmt: skip
    return replace(
        document("1. One.", "x.txt"), id=name, symbol=name, paragraphs=tuple(made),
        body=BODIES[number % 3], state=STATES[(number // 3) % 3],
        held_on=date(2020 + number % 4, 1, 1),
    )  # fmt: skip


@pytest.fixture(scope="module")
def mixed_index(tmp_path_factory: pytest.TempPathFactory) -> tuple[Index, list[Document]]:
    index = make(tmp_path_factory.mktemp("mixed"))
    choose = np.random.default_rng(4)
    made = [mixed(number, choose) for number in range(9)]
    with index.writing():
        given = [(doc, chunks_of(doc)) for doc in made]
        index.put_all(given, toy_encode, parsers=[1] * len(given))
        for doc in made[:4]:  # replaced: rows that no longer count lie between
            index.put(doc, chunks_of(doc), toy_encode, parser=1)
    return index, made


CHOSEN = st.builds(
    Filters,
    symbols=st.lists(st.sampled_from(["CCPR/C/SR.0", "cat/c/sr.1", "X/C/SR.8"]), max_size=2).map(
        tuple
    ),
    speaker=st.sampled_from([None, None, "anders", "Bell", "nobody"]),
    delegation=st.sampled_from([None, None, "Maravia"]),
    role=st.sampled_from([None, None, "member", "chair", "delegation"]),
    held_from=st.sampled_from([None, None, date(2021, 1, 1)]),
    held_to=st.sampled_from([None, None, date(2022, 6, 1)]),
    body=st.sampled_from([None, None, "human rights", "CAT", "Committee"]),
    state=st.sampled_from([None, None, "South Korea", "maravia"]),
    heading=st.sampled_from([None, None, "torture", "EGALITE", "conditions prison", "zebra"]),
)


def is_wanted(chosen: Filters, doc: Document, floors: Sequence[Voice | Turn | None],
              heading: str | None) -> bool:  # fmt: skip
    """What filters mean, said plainly."""
    bodies = {"human rights": "Human Rights Committee", "CAT": "Committee against Torture"}
    states = {"South Korea": "Republic of Korea", "maravia": "Maravia"}
    headings = {"torture": HEADINGS[0], "EGALITE": HEADINGS[1], "conditions prison": HEADINGS[2]}
    day = doc.held_on
    assert day is not None
    return (
        (not chosen.symbols or doc.id in {s.upper() for s in chosen.symbols})
        and (chosen.held_from is None or day >= chosen.held_from)
        and (chosen.held_to is None or day <= chosen.held_to)
        and (
            chosen.body is None
            or (doc.body is not None if chosen.body == "Committee"
                else doc.body == bodies[chosen.body])
        )
        and (chosen.state is None or doc.state == states[chosen.state])
        and (chosen.heading is None
             or (heading is not None and headings.get(chosen.heading) == heading))
        and (
            not (chosen.speaker or chosen.delegation or chosen.role)
            or any(
                one is not None
                and (not chosen.speaker or chosen.speaker.lower() in one.speaker.lower())
                and (not chosen.delegation or one.delegation == chosen.delegation)
                and (not chosen.role or one.role == chosen.role)
                for one in floors
            )
        )
    )  # fmt: skip


@settings(deadline=None, max_examples=150)
@given(CHOSEN, st.sampled_from(["a school", "prison3 b c", "j i h school"]), st.integers(1, 120))
def test_a_filtered_search_is_the_whole_search_then_filtered(
    mixed_index: tuple[Index, list[Document]], chosen: Filters, question: str, limit: int
) -> None:
    index, made = mixed_index
    docs = {doc.id: doc for doc in made}
    placed = {p.id: p for doc in made for p in doc.paragraphs}
    starts = {c.id: c.start for doc in made for c in chunks_of(doc)}
    limits = index.limits(chosen, named=state_named)

    def heard(chunk: str) -> bool:
        p = placed[chunk.partition("~")[0]]
        return is_wanted(chosen, docs[p.document], [p.voice_at(starts[chunk])], p.heading)

    vector = toy_encode([question])[0].tolist()
    everything = index.vectors.search(vector, limits=Limits(), limit=10_000)
    assert {chunk for chunk, _ in everything} == set(starts)
    wanted = [hit for hit in everything if heard(hit[0])][:limit]
    assert index.vectors.search(vector, limits=limits, limit=limit) == wanted

    def said(name: str) -> bool:
        p = placed[name]
        return is_wanted(chosen, docs[p.document], p.speakers, p.heading)

    everything = index.words.search(question, limits=Limits(), limit=10_000)
    wanted = [hit for hit in everything if said(hit[0])]
    found = index.words.search(question, limits=limits, limit=10_000)
    assert sorted(name for name, _ in found) == sorted(name for name, _ in wanted)
    assert [score for _, score in found] == pytest.approx([score for _, score in wanted])


def test_other_programs_read_the_collection(tmp_path: Path) -> None:
    index = make(tmp_path)
    doc = shared_paragraph()
    with index.writing():
        index.put(doc, chunks_of(doc), toy_encode, parser=1)
    vector = toy_encode([REPLIED])[0].tolist()
    found = (
        make(tmp_path)
        .vectors.store()
        .query(VectorStoreQuery(query_embedding=vector, similarity_top_k=1))
    )
    (node,) = found.nodes
    assert node.get_content() == REPLIED
    assert node.ref_doc_id == doc.id
    assert node.metadata["paragraph"] == doc.paragraphs[1].id
    assert (node.metadata["speaker"], node.metadata["delegation"]) == ("Mr. Anders", "Maravia")
    assert node.metadata["heading"] == ""


def test_another_process_sees_what_was_written(tmp_path: Path) -> None:
    index, reader = make(tmp_path), make(tmp_path)
    vector = toy_encode(["lion"])[0].tolist()
    assert reader.vectors.search(vector, limits=Limits(), limit=9) == []
    store(index, "1. The lion.\n", "x.txt")
    assert [c for c, _ in reader.vectors.search(vector, limits=Limits(), limit=9)] == ["x#1"]
    for _ in range(3):
        store(index, "1. The yak.\n2. The goat.\n", "x.txt")
    assert {c for c, _ in reader.vectors.search(vector, limits=Limits(), limit=9)} == {"x#1", "x#2"}


def test_dead_rows_are_thrown_away(tmp_path: Path) -> None:
    matrix = Matrix(tmp_path)
    vectors = toy_encode(["abc"] * 300)
    rows = [Row(f"d#{at}", "d", None, None) for at in range(300)]
    matrix.put([Row("e#1", "e", None, "Prisons")], toy_encode(["jih"]), instead=["e"])
    for _ in range(12):
        matrix.put(rows, vectors, instead=["d"])
    assert matrix.size() == 301
    assert sum(path.stat().st_size for path in tmp_path.glob("*.f32")) < 2_200 * 10 * 4
    best = matrix.search(toy_encode(["jih"])[0].tolist(), limits=Limits(), limit=1)
    assert best[0] == ("e#1", pytest.approx(1.0))
    under = Limits(headings=("Prisons",))
    assert [c for c, _ in matrix.search([1.0] * 10, limits=under, limit=9)] == ["e#1"]


def test_an_index_of_an_older_format_is_rebuilt(tmp_path: Path) -> None:
    record = Record(Settings(index=tmp_path / "index"))
    record.add_documents([document("1. The lion.\n", "x.txt")])
    manifest = tmp_path / "index" / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"format": 3', '"format": 1'))
    again = Record(Settings(index=tmp_path / "index"))
    with pytest.raises(IndexMismatch, match="rag rebuild"):
        again.search("lion")
    assert again.rebuild() == 1
    assert [p.paragraph.id for p in again.search("lion")] == ["x#1"]


def test_documents_made_elsewhere(tmp_path: Path) -> None:
    record = Record(Settings(index=tmp_path / "index"))
    one, two = document("1. The lion.\n", "x.txt"), document("1. The yak.\n", "y.txt")
    report = record.add_documents(iter([one, two]))
    assert (report.added, report.embedded) == (("x", "y"), 2)
    assert record.add_documents([one, two]).unchanged == ("x", "y")
    changed = document("1. The lion.\n2. The goat.\n", "x.txt")
    report = record.add_documents([changed, two])
    assert (report.replaced, report.unchanged, report.embedded) == (("x",), ("y",), 1)
    report = record.add_documents([one, changed])  # the same id twice: the last one stays
    assert report.replaced == ("x", "x")
    assert len(record.document("x").paragraphs) == 2
    assert record.status().pending == ()


def test_replacing_leaves_nothing_of_the_old(tmp_path: Path) -> None:
    index = make(tmp_path)
    store(index, "1. The old zebra.\n2. The older yak.\n", "x.txt")
    store(index, "1. The new lion.\n", "x.txt")
    assert index.words.size() == index.vectors.size() == 1
    assert index.words.search("zebra yak", limits=Limits(), limit=5) == []
    index_again = make(tmp_path)
    assert [hit for hit, _ in index_again.words.search("lion", limits=Limits(), limit=5)] == ["x#1"]


def test_removing_forgets_everywhere(tmp_path: Path) -> None:
    index = make(tmp_path)
    store(index, "1. The lion.\n", "x.txt")
    store(index, "1. The yak.\n", "y.txt")
    with index.writing():
        index.remove("x")
    assert index.catalog.ids() == ["y"]
    assert index.words.size() == index.vectors.size() == 1
    with pytest.raises(UnknownDocument):
        index.catalog.document("x")


def test_what_a_crash_left_pending_is_finished(tmp_path: Path) -> None:
    index = make(tmp_path)
    store(index, "1. The lion.\n", "x.txt")
    index.catalog.mark_pending(["x"])
    index.words.clear()
    index.vectors.clear()
    again = make(tmp_path)
    assert again.recover(toy_encode) == ["x"]
    assert again.catalog.pending() == []
    assert again.words.size() == again.vectors.size() == 1


def test_nothing_is_embedded_twice(tmp_path: Path) -> None:
    index = make(tmp_path)
    store(index, "1. The lion.\n2. The yak.\n", "x.txt")
    with index.writing():
        index.remove("x")
    seen: list[str] = []

    def counting(texts: Sequence[str]) -> NDArray[np.float32]:
        seen.extend(texts)
        return toy_encode(texts)

    doc = document("1. The lion.\n2. The goat.\n", "x.txt")
    count = token_counter()
    chunks = [c for p in doc.paragraphs for c in chunk(doc, p, budget=200, count=count)]
    with index.writing():
        assert index.put(doc, chunks, counting, parser=1) == 1
    chunks_seen = [text.splitlines()[-1] for text in seen if "\n" in text]
    assert chunks_seen == ["The goat."]  # beside the sentence itself, which this model needs


def test_questions_are_data_not_queries(tmp_path: Path) -> None:
    index = make(tmp_path)
    store(index, "1. The lion.\n", "x.txt")
    for text in ('lion" OR *', "+lion -(", "body:lion~2", "lion^99 [a TO b]", "\\", "🦁"):
        index.words.search(text, limits=Limits(), limit=5)


@given(
    st.dictionaries(st.text("abc", min_size=1, max_size=2), st.floats(0, 50), max_size=6),
    st.dictionaries(st.text("abc", min_size=1, max_size=2), st.floats(0, 1), max_size=6),
    st.floats(0, 1),
)
def test_fused_scores_stay_between_0_and_1(
    words: dict[str, float], meaning: dict[str, float], weight: float
) -> None:
    found = [Found(scores, min(scores.values(), default=0.0)) for scores in (words, meaning)]
    fused = fuse(*found, weight)
    assert set(fused) == set(words) | set(meaning)
    assert all(0 <= score <= 1 + 1e-9 for score in fused.values())


# -- chunks and sentences ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("One. Two. Three.", 3),
        ("Mr. V.I. Kozlov, in para. 151 of the replies, was heard. Why?", 2),
        ("See art. 9, para. 3, and general comment No. 25. It cost US$ 1.5 million.", 2),
        ("Stan.TV had been suspended at 11.30 a.m. by order.", 1),
        ("It should:\n(a) Act;\n(b) Report.", 3),
        ("", 0),
    ],
)
def test_sentences(text: str, count: int) -> None:
    spans = sentences(text)
    assert len(spans) == count, [text[a:b] for a, b in spans]


@given(st.text(max_size=300))
def test_sentences_cover_every_word_once(text: str) -> None:
    spans = sentences(text)
    assert all(a < b for a, b in spans)
    assert all(spans[i][1] <= spans[i + 1][0] for i in range(len(spans) - 1))
    assert "".join(text[a:b] for a, b in spans).split() == text.split() or (
        "".join("".join(text[a:b].split()) for a, b in spans) == "".join(text.split())
    )


@given(st.lists(st.sampled_from(["Yes.", "It was so decided by all.", "A " * 80 + "end."]),
                min_size=1, max_size=12), st.integers(40, 120))  # fmt: skip
def test_chunks_keep_the_budget_and_cover_the_paragraph(parts: list[str], budget: int) -> None:
    doc = document("1. " + " ".join(parts), "x.txt")
    count = token_counter()
    paragraph = doc.paragraphs[0]
    chunks = chunk(doc, paragraph, budget=budget, count=count)
    assert all(count(c.text) <= budget for c in chunks)
    covered = {i for c in chunks for i in range(c.start, c.end)}
    assert all(paragraph.text[i].isspace() or i in covered for i in range(len(paragraph.text)))
    assert len({c.id for c in chunks}) == len(chunks)


# -- citations ---------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["", "para. 5", "CCPR/C/SR.1, para.", "CCPR/C/SR.1, paras. 1-2"])
def test_what_is_no_canonical_citation_is_refused(text: str) -> None:
    with pytest.raises(BadCitation):
        Citation.parse(text)


# -- the façade --------------------------------------------------------------------------------


def test_filters_are_as_complete_as_no_filter(sample_index: Path) -> None:
    record = Record(Settings(index=sample_index))
    everything = record.search("prison conditions", limit=200)
    members = record.search("prison conditions", filters=Filters(role="member"), limit=200)
    assert {p.paragraph.id for p in members} >= {
        p.paragraph.id for p in everything if p.paragraph.turn and p.paragraph.turn.role == "member"
    }
    assert all(p.paragraph.turn and p.paragraph.turn.role == "member" for p in members)
    one = record.search("prison", filters=Filters(symbols=("CCLP/C/SR.412",)), limit=200)
    assert {p.paragraph.document for p in one} == {"CCLP/C/SR.412"}


def test_another_llamaindex_program_can_take_the_retriever(sample_index: Path) -> None:
    retriever = Record(Settings(index=sample_index)).as_retriever()
    nodes = retriever.retrieve("How many complaints did the police complaints body receive?")
    assert all(isinstance(node, NodeWithScore) for node in nodes)
    assert nodes[0].metadata["citation"].startswith("CCLP/C/")
    assert nodes[0].metadata["label"]


def test_an_upload_stays_under_the_index(tmp_path: Path) -> None:
    record = Record(Settings(index=tmp_path / "index"))
    for name in ("../../evil.txt", "/etc/passwd.txt", "..\\..\\evil.txt", "né\u202etxt.txt"):
        path = record.save_upload(name, b"1. One.")
        assert path.parent == tmp_path / "index" / "uploads"
        assert path.is_file()


@pytest.mark.parametrize("suffix", sorted(SUFFIXES))
def test_what_is_read_can_be_uploaded(tmp_path: Path, suffix: str) -> None:
    record = Record(Settings(index=tmp_path / "index"))
    assert record.save_upload(f"CCLP_C_SR.9{suffix.upper()}", b"1. One.").is_file()


def test_an_upload_is_known_by_its_content(tmp_path: Path) -> None:
    record = Record(Settings(index=tmp_path / "index"))
    page = record.save_upload("record.pdf", b"<!DOCTYPE html><html><p>Not found</p></html>")
    ((_, why),) = record.add([page]).failed
    assert "web page, not a PDF" in why
    with pytest.raises(UnreadableFile, match="save it as PDF"):
        record.save_upload("photo.png", b"\x89PNG")


def test_questions_asked_at_once_are_answered_alike(sample_index: Path) -> None:
    record = Record(Settings(index=sample_index))
    question = "How many prisoners were unable to vote in October 2023?"
    answers: list[str] = []

    def ask() -> None:
        answers.append(str(record.ask(question).passages[0].paragraph.id))

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 6
    assert len(set(answers)) == 1


def test_the_question_and_its_reply_are_both_quoted(sample_index: Path) -> None:
    record = Record(Settings(index=sample_index))
    answer = record.ask(
        "What did Ms. Serrano Pardo ask about the 8,000 signatures needed to register a party, "
        "and what was the reply?"
    )
    assert {c.speaker for c in answer.claims} >= {"Ms. Serrano Pardo"}
    assert {c.delegation for c in answer.claims} >= {"Maravia", None}


def test_every_quotation_of_the_sample_questions_is_verbatim(sample_index: Path) -> None:
    record = Record(Settings(index=sample_index))
    for question in ("solitary confinement", "legal aid in 2023", "who asked about Heron?"):
        for claim in getattr(record.ask(question), "claims", ()):
            found: list[Paragraph] = list(
                record.index.catalog.labelled(claim.citation.symbol, claim.citation.first)
            )
            assert claim.quote in found[0].text


def test_the_sample_folder_is_what_ships() -> None:
    assert sorted(p.name for p in SAMPLE.glob("*.txt")) == [
        "CCLP_C_MRV_CO_3.txt",
        "CCLP_C_MRV_Q_3.txt",
        "CCLP_C_SR.411.txt",
        "CCLP_C_SR.412.txt",
    ]
