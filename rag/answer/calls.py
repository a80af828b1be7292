"""Messages → a language model's reply: tried again where that may help, and paid for by the token.

Requests are repeated here and nowhere else, so that one number of tries and one limit
of time hold for every provider. Whatever goes wrong becomes one sentence.
"""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

from llama_index.core.llms import LLM, ChatMessage, ChatResponse
from tenacity import (
    RetryCallState,
    Retrying,
    before_sleep_log,
    retry_if_exception,
    stop_after_attempt,
    stop_before_delay,
    wait_exponential,
    wait_random,
)

from rag.chunk import token_counter
from rag.domain import Usage
from rag.errors import ModelUnavailable

_KEYS = {
    "OpenAI": "OPENAI_API_KEY",
    "Anthropic": "ANTHROPIC_API_KEY",
    "OpenAILike": "OPENAI_LIKE_API_KEY",
}
# OpenAI tells the tokens of a streamed reply only where it is asked to.
_TELLS_WHEN_ASKED = frozenset({"OpenAI"})

_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a model is waited for; one request has the time-out that its client was made with.

    A 429, a 5xx and a broken connection are tried again, after what Retry-After says, or
    else after a pause that doubles; a time-out is not. No wait begins that would end after
    `total` seconds, and a stream that is not at its end by then is given up.
    """

    total: float = 120.0
    tries: int = 4
    pause: float = 0.5  # before the second try
    longest: float = 20.0


def ask(
    llm: LLM, messages: Sequence[ChatMessage], *, patience: Patience, streamed: bool
) -> Generator[ChatResponse, None, Usage]:
    """Give the reply as it comes, in one piece or many; the generator's value is what it took.

    Raises:
        ModelUnavailable: the model cannot be reached, refuses, answers no protocol, or
            takes longer than patience allows.

    """
    began = time.monotonic()
    tally = _Tally()
    try:
        parts, part = _retrying(patience)(_first, llm, messages, streamed)
        while part is not None:
            tally.add(part)
            yield part
            if time.monotonic() - began > patience.total:
                raise TimeoutError
            part = next(parts, None)
    except _provider_errors() as error:
        raise ModelUnavailable(_explain(llm, error)) from error
    return tally.usage(llm, messages)


def _first(
    llm: LLM, messages: Sequence[ChatMessage], streamed: bool
) -> tuple[Iterator[ChatResponse], ChatResponse | None]:
    """Make a request and wait for the first piece: until then it can be made again."""
    if not streamed:
        return iter(()), llm.chat(messages)
    asked = type(llm).__name__ in _TELLS_WHEN_ASKED
    more: dict[str, Any] = {"stream_options": {"include_usage": True}} if asked else {}
    parts = iter(llm.stream_chat(messages, **more))
    return parts, next(parts, None)


# -- trying again ------------------------------------------------------------------------------


def _retrying(patience: Patience) -> Retrying:
    growing = wait_exponential(patience.pause, patience.longest) + wait_random(
        0, patience.pause / 2
    )

    def wait(state: RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        told = _retry_after(error) if error else None
        return growing(state) if told is None else told

    return Retrying(
        retry=retry_if_exception(_may_pass),
        wait=wait,
        stop=stop_after_attempt(patience.tries) | stop_before_delay(patience.total),
        before_sleep=before_sleep_log(_logger, logging.INFO),
        reraise=True,
    )


def _may_pass(error: BaseException) -> bool:
    status = _status(error)
    if status is not None:
        # OpenAI's 429 for an account without credit does not pass by waiting.
        spent = getattr(error, "code", None) == "insufficient_quota"
        return (status == 429 and not spent) or status >= 500
    kinds = _kinds(error)
    return bool(kinds & _UNREACHED) and not kinds & _TIMED_OUT


def _retry_after(error: BaseException) -> float | None:
    """Read the header, seconds or a date (RFC 9110, 10.2.3); None where there is none."""
    headers = getattr(getattr(error, "response", None), "headers", None) or {}
    told = str(headers.get("retry-after") or "").strip()
    if not told:
        return None
    if told.replace(".", "", 1).isdigit():
        return float(told)
    try:
        until = parsedate_to_datetime(told)
    except ValueError:
        return None
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return max(0.0, (until - datetime.now(UTC)).total_seconds())


# -- what it took ------------------------------------------------------------------------------

# What providers call the tokens of a request and of a reply.
_IN = ("prompt_tokens", "input_tokens", "prompt_eval_count", "prompt_token_count")
_OUT = ("completion_tokens", "output_tokens", "eval_count", "candidates_token_count")
_CACHED = ("cache_creation_input_tokens", "cache_read_input_tokens")  # Anthropic's, counted apart
_PLACES = ("usage", "usage_metadata", "message")


class _Tally:
    """The tokens that the pieces of a reply tell, and its text where they do not."""

    def __init__(self) -> None:
        self.tokens_in = 0
        self.tokens_out = 0
        self.text = ""

    def add(self, reply: ChatResponse) -> None:
        self.text = grown(self.text, reply)
        for told in (reply.additional_kwargs, reply.message.additional_kwargs, reply.raw):
            for place in (told, *(_part(told, name) for name in _PLACES)):
                sent = _number(place, _IN)
                if sent:
                    sent += sum(_number(place, (name,)) for name in _CACHED)
                # A stream tells them more than once, each time the whole.
                self.tokens_in = max(self.tokens_in, sent)
                self.tokens_out = max(self.tokens_out, _number(place, _OUT))

    def usage(self, llm: LLM, messages: Sequence[ChatMessage]) -> Usage:
        model = str(getattr(llm, "model", None) or type(llm).__name__)
        if self.tokens_in and self.tokens_out:
            return Usage(model, self.tokens_in, self.tokens_out)
        count = token_counter()
        sent = sum(count(_words(message)) for message in messages)
        return Usage(
            model, self.tokens_in or sent, self.tokens_out or count(self.text), estimated=True
        )


def grown(text: str, reply: ChatResponse) -> str:
    """Join what was written so far and the next piece."""
    return text + reply.delta if reply.delta else reply.message.content or text


def _words(message: ChatMessage) -> str:
    """Spell out what a message says, citable blocks included."""
    inner = [part for block in message.blocks for part in (block, *getattr(block, "content", ()))]
    return "\n".join(
        text for part in inner for name in ("title", "text") if (text := _text(part, name))
    )


def _text(part: Any, name: str) -> str:
    value = getattr(part, name, None)
    return value if isinstance(value, str) else ""


def _part(told: Any, name: str) -> Any:
    return told.get(name) if isinstance(told, dict) else getattr(told, name, None)


def _number(told: Any, names: Sequence[str]) -> int:
    values = [_part(told, name) for name in names] if told is not None else []
    return next((v for v in values if isinstance(v, int) and not isinstance(v, bool)), 0)


# -- what went wrong ---------------------------------------------------------------------------

_TIMED_OUT = {"APITimeoutError", "TimeoutException", "TimeoutError"}
_UNREACHED = {"APIConnectionError", "TransportError", "OSError"}


def _kinds(error: BaseException) -> set[str]:
    return {kind.__name__ for kind in type(error).__mro__}


def _status(error: BaseException) -> int | None:
    status = getattr(error, "status_code", None)
    return status if isinstance(status, int) and status > 0 else None


def _provider_errors() -> tuple[type[Exception], ...]:
    """List the errors of the clients that are loaded, and those of a malformed reply."""
    roots = (
        ("openai", "OpenAIError"),
        ("anthropic", "AnthropicError"),
        ("ollama", "ResponseError"),
        ("httpx", "HTTPError"),
        ("httpx2", "HTTPError"),
    )
    loaded = [getattr(sys.modules[module], root) for module, root in roots if module in sys.modules]
    return (*loaded, OSError, AttributeError, LookupError, TypeError, ValueError)


def _explain(llm: LLM, error: Exception) -> str:
    """One sentence: which model, what happened, what to do."""
    who = name_of(llm)
    kinds = _kinds(error)
    if kinds & _TIMED_OUT:
        return (
            f"{who} did not answer in the time allowed; raise RAG_LLM_TIMEOUT (one request) or "
            "RAG_LLM_PATIENCE (all of them), or ask without a model for verbatim quotations."
        )
    if kinds & _UNREACHED:
        return f"{who} cannot be reached; start its server, or check its address and the network."
    status = _status(error)
    detail = " ".join(str(error).split())[:200]
    match status:
        case 401 | 403:
            key = _KEYS.get(type(llm).__name__, "its API key")
            return f"{who} refused the API key ({status}); check {key}."
        case 404:
            return f"{who} was not found (404); check the model's name and the server's address."
        case 429:
            return f"{who} takes no more requests now (429); wait, or check the account's limits."
        case int() if status >= 500:
            return f"{who} failed ({status}); try again, or look at the server's log."
        case int() if status >= 400:
            return f"{who} refused the request ({status}: {detail}); choose another model."
        case _:
            return (
                f"{who} gave no reply that its protocol allows ({type(error).__name__}); check "
                "that its address is a chat server's, or update its integration."
            )


def name_of(llm: LLM) -> str:
    """Name the model and, where it has one, its server; never a password of the address."""
    model = getattr(llm, "model", None) or type(llm).__name__
    base = urlsplit(str(getattr(llm, "api_base", None) or getattr(llm, "base_url", None) or ""))
    server = f" at {base.netloc.rpartition('@')[2]}" if base.netloc else ""
    return f"Language model {model}{server}"
