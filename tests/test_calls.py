"""Requests to a language model: tried again, given up, counted and paid for."""

from __future__ import annotations

import json
import socket
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from rag.answer.calls import Patience
from rag.answer.generate import generate
from rag.answer.models import model_named
from rag.chunk import token_counter
from rag.domain import Usage
from rag.errors import ModelUnavailable
from tests.model_server import (
    GOOD,
    PASSAGES,
    QUESTION,
    QUICK,
    Server,
    ask,
    checked,
    server,
    written,
)

__all__ = ["server"]


# -- what goes wrong ---------------------------------------------------------------------------


def problem(status: int, message: str = "It broke.") -> tuple[int, str, str]:
    return status, "application/json", json.dumps({"error": {"message": message}})


@pytest.mark.parametrize(
    ("reply", "sentence"),
    [
        (problem(500), "failed (500); try again, or look at the server's log."),
        (problem(503), "failed (503); try again, or look at the server's log."),
        (problem(401, "sk-secret"), "refused the API key (401); check OPENAI_LIKE_API_KEY."),
        (problem(404), "was not found (404); check the model's name and the server's address."),
        (problem(429),
         "takes no more requests now (429); wait, or check the account's limits."),
        (problem(400, "Context is\ntoo long."), "too long."),
        ((200, "text/html", "<html>Welcome</html>"), "check that its address is a chat server's"),
        ((200, "application/json", "{not json"), "gave no reply that its protocol allows"),
        ((200, "application/json", "{}"), "gave no reply that its protocol allows"),
        ((200, "application/json", '{"choices": []}'), "gave no reply that its protocol allows"),
    ],
)  # fmt: skip
def test_an_error_of_the_server_is_one_sentence_that_names_the_model(
    server: Server, reply: Any, sentence: str
) -> None:
    with pytest.raises(ModelUnavailable) as caught:
        ask(server, reply)
    said = str(caught.value)
    assert said.startswith(f"Language model small at {server.url[7:-3]} ")
    assert sentence in said
    assert said.endswith(".")
    assert "\n" not in said
    assert "secret" not in said
    passing = "(500)" in said or "(503)" in said or "(429)" in said
    assert len(server.received) == (QUICK.tries if passing else 1)
    assert caught.value.__cause__ is not None


def test_a_silent_server_is_given_up(server: Server) -> None:
    began = time.monotonic()
    with pytest.raises(ModelUnavailable, match=r"did not answer in the time allowed; raise RAG_"):
        ask(server, 30.0, timeout=0.2)
    assert time.monotonic() - began < 10
    assert len(server.received) == 1  # the time allowed is over


def test_nobody_listens() -> None:
    with socket.socket() as taken:  # bound and not listening: refused
        taken.bind(("127.0.0.1", 0))
        name = f"openai-like:http://user:pw@127.0.0.1:{taken.getsockname()[1]}/v1"
        with pytest.raises(ModelUnavailable, match="cannot be reached; start its server") as caught:
            generate(QUESTION, PASSAGES, llm=model_named(name, timeout=5.0), patience=QUICK)
    assert "Language model default at 127.0.0.1:" in str(caught.value)
    assert "pw" not in str(caught.value)


# -- trying again ------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [429, 500, 502, 503, 529])
def test_a_passing_error_is_tried_again(server: Server, status: int) -> None:
    draft = ask(server, problem(status), problem(status), written(GOOD))
    assert [claim.verified for claim in checked(draft)] == [True]
    assert len(server.received) == 3


@pytest.mark.parametrize("status", [400, 401, 403, 404, 422])
def test_what_is_wrong_with_the_request_is_not_tried_again(server: Server, status: int) -> None:
    with pytest.raises(ModelUnavailable):
        ask(server, problem(status), written(GOOD))
    assert len(server.received) == 1


def test_an_account_without_credit_is_not_waited_for(server: Server) -> None:
    body = json.dumps({"error": {"message": "Pay.", "code": "insufficient_quota"}})
    with pytest.raises(ModelUnavailable, match="account's limits"):
        ask(server, (429, "application/json", body), written(GOOD))
    assert len(server.received) == 1


def in_a_second() -> str:
    return format_datetime(datetime.now(UTC) + timedelta(seconds=1.9), usegmt=True)


@pytest.mark.parametrize(
    ("header", "least", "most"),
    [("0.3", 0.3, 2.0), (in_a_second, 0.5, 4.0), ("0", 0.0, 1.0), ("soon", 0.0, 1.0)],
    ids=["seconds", "date", "none", "not understood"],
)
def test_retry_after_is_kept_to(server: Server, header: Any, least: float, most: float) -> None:
    told = header() if callable(header) else header
    limited = (*problem(429), {"Retry-After": told})
    began = time.monotonic()
    assert ask(server, limited, written(GOOD)).claims
    assert least <= time.monotonic() - began < most


def test_nobody_waits_longer_than_the_whole_time_allowed(server: Server) -> None:
    limited = (*problem(429), {"Retry-After": "60"})
    began = time.monotonic()
    with pytest.raises(ModelUnavailable, match="takes no more requests now"):
        ask(server, limited, written(GOOD), patience=Patience(total=1.0))
    assert time.monotonic() - began < 1.0
    assert len(server.received) == 1


def test_pauses_grow(server: Server) -> None:
    began = time.monotonic()
    assert ask(
        server, *[problem(503)] * 3, written(GOOD), patience=Patience(5.0, tries=4, pause=0.1)
    ).claims
    assert time.monotonic() - began >= 0.1 + 0.2 + 0.4


def test_a_server_that_starts_meanwhile_is_found() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        llm = model_named(f"openai-like:http://127.0.0.1:{port}/v1", timeout=5.0)
        began = time.monotonic()
        with pytest.raises(ModelUnavailable):
            generate(QUESTION, PASSAGES, llm=llm, patience=Patience(5.0, tries=3, pause=0.2))
        assert time.monotonic() - began >= 0.2 + 0.4


# -- tokens and cost ---------------------------------------------------------------------------


def test_tokens_are_those_that_the_server_tells(server: Server) -> None:
    server.usage = {"prompt_tokens": 812, "completion_tokens": 64, "total_tokens": 876}
    assert ask(server, written(GOOD)).usage == Usage("small", 812, 64)


def test_where_it_tells_none_they_are_counted_and_marked(server: Server) -> None:
    usage = ask(server, written(GOOD)).usage
    assert usage is not None
    assert usage.estimated
    count = token_counter()
    sent = sum(count(message["content"]) for message in server.received[-1]["messages"])
    assert (usage.tokens_in, usage.tokens_out) == (sent, count(written(GOOD)))


def test_a_model_that_is_not_asked_takes_nothing(server: Server) -> None:
    assert ask(server, written(GOOD), passages=[]).usage is None


@pytest.mark.parametrize(
    ("prices", "cost"),
    [((0.5, 2.0), 0.0007), ((0.0, 0.0), 0.0), ((0.5, None), None), ((None, None), None)],
)
def test_a_cost_needs_both_prices(
    prices: tuple[float | None, float | None], cost: float | None
) -> None:
    usage = Usage("small", 1000, 100).priced(*prices)
    assert usage.cost == (None if cost is None else pytest.approx(cost))
