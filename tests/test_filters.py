"""Filters hold in every engine, and are about one speaker where two share a paragraph."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.domain import (
    Document,
    Filters,
    Paragraph,
    Turn,
    Voice,
)
from rag.parse.states import state_named
from rag.query import Subject, understand
from rag.retrieve import Fusion, retrieve
from rag.store.index import Index
from rag.store.words import Limits
from tests.stores import chunks_of, document, make, shared_paragraph, toy_encode


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
