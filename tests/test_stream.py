"""Claims that come one by one, while the model is still writing."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from rag.answer.calls import Patience
from rag.answer.generate import writing
from rag.answer.quote import Draft
from rag.answer.written import JsonReply
from rag.config import Settings
from rag.domain import Answer, Claim, Found, NoAnswer, Usage
from rag.errors import ModelUnavailable
from rag.record import Record
from tests.model_server import GOOD, PASSAGES, QUESTION, QUICK, Server, model, server, written

__all__ = ["server"]

SECOND = {**GOOD, "statement": "They had been dismissed {so he [said]}.", "speaker": None}
THIRD = {**GOOD, "statement": 'A "third" one.'}


def streamed(
    server: Server, *replies: Any, patience: Patience = QUICK
) -> tuple[list[tuple[str, int]], Draft]:
    """Give each claim's words with how many pieces had been sent, and the draft."""
    server.replies = list(replies)
    steps = writing(QUESTION, PASSAGES, llm=model(server), patience=patience)
    claims: list[tuple[str, int]] = []
    while True:
        try:
            claims.append((next(steps).text, server.sent))
        except StopIteration as done:
            return claims, done.value


def test_a_claim_comes_before_the_next_is_written(server: Server) -> None:
    server.pause = 0.002
    claims, draft = streamed(server, written(GOOD, SECOND, THIRD))
    assert server.received[-1]["stream"] is True
    assert [text for text, _ in claims] == [c.text for c in draft.claims]
    assert [text for text, _ in claims] == [c["statement"] for c in (GOOD, SECOND, THIRD)]
    sent = [pieces for _, pieces in claims]
    assert sent == sorted(set(sent))
    assert sent[0] < server.sent / 2


@pytest.mark.parametrize("piece", [1, 2, 5, 64, 10_000])
def test_pieces_of_any_size_give_the_same_claims(server: Server, piece: int) -> None:
    server.piece = piece
    claims, draft = streamed(server, f"Well:\n```json\n{written(GOOD, SECOND)}\n```\n[Done.]")
    assert [text for text, _ in claims] == [GOOD["statement"], SECOND["statement"]]
    assert len(draft.claims) == 2


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (written(), []),
        ("No idea.", []),
        ("[1, 2, {", []),
        ('{"claims": [{"citation": 22}, ' + written(GOOD)[12:-2] + "]}", [GOOD["statement"]]),
        (written(GOOD)[:-40], []),  # cut short within the claim
        (written(GOOD, SECOND)[:-40], [GOOD["statement"]]),  # and within the second
        (f'{{"claims": [{{"statement"\nAgain:\n{written(GOOD)}', [GOOD["statement"]]),
        (f"<think>{written(SECOND)}</think>{written(GOOD)}", [GOOD["statement"]]),
    ],
)
def test_only_whole_claims_come(server: Server, reply: str, expected: list[str]) -> None:
    claims, draft = streamed(server, reply)
    assert [text for text, _ in claims] == expected
    if not reply.endswith("…"):
        assert draft.usage is not None


def test_a_stream_is_begun_again_only_before_its_first_piece(server: Server) -> None:
    busy = (503, "application/json", "{}")
    claims, _ = streamed(server, busy, written(GOOD))
    assert len(claims) == 1
    server.breaks_after = 40
    server.received.clear()
    server.replies = [written(GOOD, SECOND)]
    steps = writing(QUESTION, PASSAGES, llm=model(server), patience=QUICK)
    assert next(steps).text == GOOD["statement"]
    with pytest.raises(ModelUnavailable, match="gave no reply that its protocol allows"):
        list(steps)
    assert len(server.received) == 1


def test_a_stream_without_end_is_given_up(server: Server) -> None:
    server.pause = 0.02
    began = time.monotonic()
    with pytest.raises(ModelUnavailable, match="did not answer in the time allowed"):
        streamed(server, written(GOOD) + "." * 7_000, patience=Patience(total=0.5))
    assert time.monotonic() - began < 5


def test_tokens_of_a_stream(server: Server) -> None:
    server.usage = {"prompt_tokens": 700, "completion_tokens": 50, "total_tokens": 750}
    _, told = streamed(server, written(GOOD))
    assert told.usage == Usage("small", 700, 50)
    server.usage = None
    _, counted = streamed(server, written(GOOD))
    assert counted.usage is not None
    assert counted.usage.estimated
    assert counted.usage.tokens_out > 20


def test_openai_is_asked_to_tell_the_tokens_of_a_stream(server: Server) -> None:
    openai = pytest.importorskip("llama_index.llms.openai")
    llm = openai.OpenAI(model="gpt-4o", api_key="k", api_base=server.url, max_retries=0)
    server.usage = {"prompt_tokens": 700, "completion_tokens": 50, "total_tokens": 750}
    server.replies = [written(GOOD)]
    for streamed in (True, False):
        steps = writing(QUESTION, PASSAGES, llm=llm, patience=QUICK, streamed=streamed)
        assert next(steps).text == GOOD["statement"]
        with pytest.raises(StopIteration) as done:
            next(steps)
        assert done.value.value.usage == Usage("gpt-4o", 700, 50)
        options = {"include_usage": True} if streamed else None
        assert server.received[-1].get("stream_options") == options


def test_a_list_is_read_as_it_grows_without_being_read_twice() -> None:
    from llama_index.core.llms import ChatMessage, ChatResponse

    reply = JsonReply(PASSAGES)
    claims: list[Claim] = []
    for letter in written(*[GOOD] * 40):
        part = ChatResponse(message=ChatMessage(content=""), delta=letter)
        claims += reply.add(part)
    assert len(claims) == 40


# -- the whole way -----------------------------------------------------------------------------

ASKED = "How many investigators did the Police Complaints Inspectorate employ?"
TRUE = {
    "statement": "Ms. Doukaris said that it employed 54 investigators.",
    "citation": "CCLP/C/SR.411, para. 4",
    "quotation": "It employed 54 investigators",
    "speaker": "Ms. Doukaris",
}
FALSE = {**TRUE, "statement": "It employed 55 investigators."}


def test_a_record_tells_each_step_of_an_answer(server: Server, sample_index: Path) -> None:
    settings = Settings(
        index=sample_index,
        llm=f"openai-like:{server.url}#small",
        llm_price_in=1.0,
        llm_price_out=10.0,
    )
    server.usage = {"prompt_tokens": 1_000, "completion_tokens": 100, "total_tokens": 1_100}
    server.replies = [written(TRUE, FALSE), written(FALSE)]
    record = Record(settings)
    found, first, second, answer = record.ask_stream(ASKED)
    assert isinstance(found, Found)
    assert "CCLP/C/SR.411#4" in {passage.paragraph.id for passage in found.passages}
    assert found.searched.documents == 4
    assert isinstance(first, Claim)
    assert isinstance(second, Claim)
    assert (first.verified, second.verified) == (True, False)
    assert isinstance(answer, Answer)
    assert (answer.claims, answer.rejected) == ((first,), (second,))
    assert answer.usage == Usage("small", 1_000, 100, pytest.approx(0.002))
    *_, refused = record.ask_stream(ASKED)
    assert isinstance(refused, NoAnswer)
    assert refused.usage is not None


def test_without_a_model_the_same_steps(sample_index: Path) -> None:
    record = Record(Settings(index=sample_index))
    found, *claims, answer = record.ask_stream(ASKED)
    assert isinstance(found, Found)
    assert isinstance(answer, Answer)
    assert tuple(claims) == answer.claims
    assert answer.usage is None
    assert record.ask(ASKED).passages == answer.passages
    steps = list(record.ask_stream("What is the price of bread in Paris?"))
    assert [type(step) for step in steps] == [Found, NoAnswer]


def test_budget_and_patience_are_settings(server: Server, sample_index: Path) -> None:
    settings = Settings(index=sample_index, llm_budget=900, llm_patience=0.05)
    server.replies = [(503, "application/json", "{}")]
    with pytest.raises(ModelUnavailable, match="failed"):
        Record(settings).ask(ASKED, llm=model(server))
    assert len(server.received) == 1  # no pause fits
    assert 0 < server.prompt.count("<passage>") < 10


def test_the_evaluation_counts_tokens_and_cost(server: Server, sample_index: Path) -> None:
    from eval.asking import ask
    from eval.suites import Case

    settings = Settings(
        index=sample_index,
        llm=f"openai-like:{server.url}#small",
        llm_price_in=1.0,
        llm_price_out=10.0,
    )
    server.usage = {"prompt_tokens": 1_000, "completion_tokens": 100, "total_tokens": 1_100}
    server.replies = [written(TRUE)]
    case = Case("1", "dev", "figure", ASKED, True, (("CCLP/C/SR.411", "4"),), ("54",))
    outcome = ask(Record(settings), case, 5)
    assert (outcome.tokens_in, outcome.tokens_out) == (1_000, 100)
    assert outcome.cost == pytest.approx(0.002)
    without = ask(Record(Settings(index=sample_index)), case, 5)
    assert (without.tokens_in, without.tokens_out, without.cost) == (None, None, None)
