"""The record as parts of another LlamaIndex program: no model is configured, none is reached for."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest
from llama_index.core import Settings as LlamaSettings
from llama_index.core.llms import MockLLM
from llama_index.core.query_engine import RetrieverQueryEngine
from llama_index.core.schema import MetadataMode, NodeWithScore

from rag.config import Settings
from rag.domain import Filters, Paragraph, Turn
from rag.record import Record
from rag.retriever import RecordRetriever, as_node
from tests.conftest import ROOT

QUESTION = "How many prisoners were unable to vote in October 2023?"
OFF_TOPIC = "What is the boiling point of tungsten?"


@pytest.fixture(scope="module")
def record(sample_index: Path) -> Record:
    return Record(Settings(index=sample_index))


@pytest.fixture(autouse=True)
def _no_default(monkeypatch: pytest.MonkeyPatch) -> None:
    """LlamaIndex takes OpenAI where no model is set; here that is a failure."""

    def reached(*_: object) -> None:
        raise AssertionError("LlamaIndex's default model was asked for")

    for name in ("llm", "embed_model"):
        monkeypatch.setattr(type(LlamaSettings), name, property(reached))


def paragraph(**changes: object) -> Paragraph:
    plain = {
        "document": "S",
        "label": "14 bis",
        "ordinal": 3,
        "text": "Words.",
        "start": 0,
        "end": 6,
    }
    return Paragraph(**(plain | changes))  # pyright: ignore[reportArgumentType]


# --- what a model is shown -------------------------------------------------------------------


def test_a_model_is_shown_the_citation_and_the_speaker() -> None:
    turn = Turn("Mr. Vale", "delegation", "Maravia", 3, 3)
    shown = as_node(paragraph(turn=turn, heading="Prisons")).get_content(MetadataMode.LLM)
    for told in ("S, para. 14 bis", "Mr. Vale", "Maravia", "Prisons", "Words."):
        assert told in shown
    assert "inferred" not in shown
    assert "ocr" not in shown


def test_what_the_record_does_not_tell_is_not_shown() -> None:
    shown = as_node(paragraph()).get_content(MetadataMode.LLM)
    assert "speaker" not in shown
    assert "heading" not in shown


def test_a_program_sees_all_of_it() -> None:
    metadata = as_node(paragraph(inferred=True, section="annex I")).metadata
    assert metadata["inferred"] is True
    assert metadata["section"] == "annex I"


# --- the retriever ---------------------------------------------------------------------------


def test_the_retriever_gives_what_search_gives(record: Record) -> None:
    nodes = record.as_retriever(limit=3).retrieve(QUESTION)
    found = record.search(QUESTION, limit=3)
    assert [(n.node_id, n.score) for n in nodes] == [(p.paragraph.id, p.score) for p in found]
    assert len(nodes) == 3


def test_the_retriever_keeps_to_its_filters(record: Record) -> None:
    nodes = record.as_retriever(filters=Filters(role="member"), limit=5).retrieve(QUESTION)
    assert nodes
    assert {node.metadata["role"] for node in nodes} == {"member"}


def test_the_retriever_works_beside_other_tasks(record: Record) -> None:
    retriever = record.as_retriever(limit=2)

    async def both() -> list[list[NodeWithScore]]:
        return await asyncio.gather(retriever.aretrieve(QUESTION), retriever.aretrieve(QUESTION))

    first, second = asyncio.run(both())
    assert [n.node_id for n in first] == [n.node_id for n in second]
    assert [n.node_id for n in first] == [n.node_id for n in retriever.retrieve(QUESTION)]


def test_neighbours_follow_the_order_of_the_document(record: Record) -> None:
    retriever = record.as_retriever()
    paragraphs = record.document("CCLP/C/SR.411").paragraphs
    middle = as_node(paragraphs[5])
    around = retriever.neighbours(middle, before=2, after=1)
    assert [n.node_id for n in around] == [paragraphs[i].id for i in (3, 4, 6)]
    assert [n.node_id for n in retriever.neighbours(as_node(paragraphs[0]))] == [paragraphs[1].id]
    assert retriever.neighbours(as_node(paragraphs[-1]), before=0) == []


def test_the_turn_is_all_that_is_said_without_a_break(record: Record) -> None:
    retriever = record.as_retriever()
    paragraphs = record.document("CCLP/C/SR.411").paragraphs
    later = next(p for p in paragraphs if p.continued)
    assert later.turn is not None
    turn = retriever.turn(as_node(later))
    assert len(turn) == later.turn.last - later.turn.first + 1 > 1
    assert {node.metadata["speaker"] for node in turn} == {later.turn.speaker}
    assert later.id in [node.node_id for node in turn]


def test_in_narrative_the_turn_is_the_paragraph(record: Record) -> None:
    first = record.document("CCLP/C/MRV/CO/3").paragraphs[0]
    assert first.turn is None
    assert [n.node_id for n in record.as_retriever().turn(as_node(first))] == [first.id]


def test_a_query_engine_of_llamaindex_shows_its_model_the_citations(record: Record) -> None:
    retriever = record.as_retriever(limit=3)
    engine = RetrieverQueryEngine.from_args(retriever, llm=MockLLM())
    prompt = str(engine.query(QUESTION))  # a MockLLM gives its prompt back
    for node in retriever.retrieve(QUESTION):
        assert node.metadata["citation"] in prompt
        assert node.metadata["speaker"] in prompt
    assert QUESTION in prompt


# --- the query engine ------------------------------------------------------------------------


def test_the_response_is_the_checked_answer(record: Record) -> None:
    response = record.as_query_engine().query(QUESTION)
    answer = record.ask(QUESTION)
    claims = response.metadata["claims"]
    assert response.metadata["answered"] is True
    assert response.metadata["reason"] is None
    assert [claim["quote"] for claim in claims] == [claim.quote for claim in answer.claims]
    assert [n.metadata["citation"] for n in response.source_nodes] == list(
        dict.fromkeys(f"{c.citation.symbol}, para. {c.citation.first}" for c in answer.claims)
    )
    for node, claim in zip(response.source_nodes, claims, strict=False):
        assert node.metadata["citation"] in str(response)
        assert claim["quote"] in str(response)


def test_a_refusal_says_why_and_cites_nothing(record: Record) -> None:
    response = record.as_query_engine().query(OFF_TOPIC)
    assert response.source_nodes == []
    assert response.metadata["answered"] is False
    assert response.metadata["reason"]
    assert response.metadata["reason"] in str(response)


def test_the_engine_works_beside_other_tasks(record: Record) -> None:
    engine = record.as_query_engine()
    response = asyncio.run(engine.aquery(QUESTION))
    assert str(response) == str(engine.query(QUESTION))


def test_the_engine_keeps_to_its_filters(record: Record) -> None:
    engine = record.as_query_engine(filters=Filters(symbols=("CCLP/C/MRV/CO/3",)))
    response = engine.query("What did the Committee recommend on prisoners and voting?")
    assert {n.metadata["document"] for n in response.source_nodes} <= {"CCLP/C/MRV/CO/3"}
    assert response.metadata["searched"]["documents"] == 1


def test_a_model_of_llamaindex_may_write_and_is_checked(record: Record) -> None:
    # A MockLLM gives its prompt back, which is no answer: nothing of it is shown as one.
    response = record.as_query_engine(llm=MockLLM(max_tokens=5)).query(QUESTION)
    quotes = [claim["quote"] for claim in response.metadata["claims"]]
    texts = [node.text for node in response.source_nodes]
    assert all(any(quote in text for text in texts) for quote in quotes)


def test_the_engine_gives_the_paragraphs_alone(record: Record) -> None:
    from llama_index.core.schema import QueryBundle

    engine = record.as_query_engine()
    nodes = engine.retrieve(QueryBundle(QUESTION))
    assert nodes[0].metadata["citation"].startswith("CCLP/C/")
    assert isinstance(record.as_retriever(), RecordRetriever)


# --- the examples ----------------------------------------------------------------------------

CUT_OFF = """
import runpy, socket, sys
def refuse(*address, **named):
    raise AssertionError(f"the network was asked for: {address}")
socket.socket.connect = socket.socket.connect_ex = refuse
socket.getaddrinfo = socket.create_connection = refuse
runpy.run_path(sys.argv[1], run_name="__main__")
"""


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("llamaindex_retriever.py", ["citation: CCLP/C/", "The whole turn:", "para. "]),
        ("llamaindex_query_engine.py", ["rests on CCLP/C/", "quotes", "answered: False"]),
    ],
)
def test_the_examples_run_with_the_network_cut_off(name: str, told: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", CUT_OFF, str(ROOT / "examples" / name)],
        capture_output=True, text=True, cwd=ROOT, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    for words in told:
        assert words in done.stdout
