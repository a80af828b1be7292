"""Chunks, sentences and the record as programs use it."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from llama_index.core.schema import NodeWithScore

from rag.chunk import chunk, token_counter
from rag.config import Settings
from rag.domain import (
    Citation,
    Filters,
    Paragraph,
)
from rag.errors import BadCitation, UnreadableFile
from rag.read import SUFFIXES
from rag.record import Record
from rag.sentences import sentences
from tests.conftest import SAMPLE
from tests.stores import document

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
