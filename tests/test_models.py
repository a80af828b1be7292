"""Names of language models in the settings, and what each is made into."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from rag.answer.models import model_named
from rag.errors import ModelUnavailable
from tests.model_server import Server, ask, server, written

__all__ = ["server"]


@pytest.mark.parametrize(
    "name", ["", "gpt-4o", "openai", "openai:", "mistral:large", "minilm", "OPENAI:gpt-4o"]
)
def test_an_unknown_name_lists_those_known(name: str) -> None:
    with pytest.raises(ModelUnavailable, match="known are openai:MODEL, anthropic:MODEL, ollama:"):
        model_named(name, timeout=1.0)


@pytest.mark.parametrize("name", ["openai-like:small", "openai-like:#small"])
def test_a_server_needs_an_address(name: str) -> None:
    with pytest.raises(ModelUnavailable, match="write openai-like:http://HOST:PORT/v1#MODEL"):
        model_named(name, timeout=1.0)


@pytest.mark.parametrize(
    ("name", "variable"),
    [("openai:gpt-4o", "OPENAI_API_KEY"), ("anthropic:claude-x", "ANTHROPIC_API_KEY")],
)
def test_a_missing_key_is_named(name: str, variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for key in ("OPENAI_API_KEY", "ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN"):
        monkeypatch.delenv(key, raising=False)
    with pytest.raises(ModelUnavailable, match=f"^.*{name}.* needs an API key; set {variable}.$"):
        model_named(name, timeout=1.0)


@pytest.mark.parametrize(
    ("name", "module"),
    [
        ("openai:gpt-4o", "openai"),
        ("anthropic:claude-x", "anthropic"),
        ("ollama:llama3.1", "ollama"),
        ("openai-like:http://localhost:1/v1", "openai_like"),
    ],
)
def test_a_missing_integration_names_its_extra(
    name: str, module: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "k")
    monkeypatch.setenv("ANTHROPIC_API_KEY", "k")
    monkeypatch.setitem(sys.modules, f"llama_index.llms.{module}", None)
    extra = name.partition(":")[0]
    with pytest.raises(ModelUnavailable, match=rf"pip install 'pinpoint-record\[{extra}\]'$"):
        model_named(name, timeout=1.0)


@pytest.mark.parametrize("provider", ["openai", "anthropic"])
def test_a_model_that_the_integration_does_not_know(
    provider: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip(f"llama_index.llms.{provider}", reason=f"{provider} is not installed")
    monkeypatch.setenv("OPENAI_API_KEY", "k")
    monkeypatch.setenv("ANTHROPIC_API_KEY", "k")
    update = rf"does not know '{provider}:nothing'.* update llama-index-llms-{provider}\.$"
    with pytest.raises(ModelUnavailable, match=update):
        model_named(f"{provider}:nothing", timeout=1.0)


@pytest.mark.parametrize(
    ("name", "module", "expected"),
    [
        ("openai:gpt-4o", "openai", {"model": "gpt-4o", "timeout": 7.0}),
        ("anthropic:claude-sonnet-4-0", "anthropic",
         {"model": "claude-sonnet-4-0", "timeout": 7.0, "max_tokens": 4096}),
        ("ollama:llama3.1:8b", "ollama",
         {"model": "llama3.1:8b", "request_timeout": 7.0, "base_url": "http://gpu:11434"}),
        ("openai-like:https://h:8/v1#org/model", "openai_like",
         {"model": "org/model", "api_base": "https://h:8/v1", "api_key": "mine", "timeout": 7.0}),
        ("openai-like:https://h:8/v1", "openai_like", {"model": "default", "is_chat_model": True}),
    ],
)  # fmt: skip
def test_a_model_is_made_for_checkable_answers(
    name: str, module: str, expected: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip(f"llama_index.llms.{module}", reason=f"{module} is not installed")
    monkeypatch.setenv("OPENAI_API_KEY", "k")
    monkeypatch.setenv("ANTHROPIC_API_KEY", "k")
    monkeypatch.setenv("OPENAI_LIKE_API_KEY", "mine")
    monkeypatch.setenv("OLLAMA_HOST", "http://gpu:11434")
    llm = model_named(name, timeout=7.0)
    made: dict[str, Any] = {key: getattr(llm, key) for key in (*expected, "temperature")}
    assert made == {**expected, "temperature": 0.0}
    assert getattr(llm, "max_retries", 0) == 0  # requests are repeated in `calls` alone


def test_the_key_of_a_server_is_sent(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_LIKE_API_KEY", "mine")
    ask(server, written())
    assert server.headers[-1]["authorization"] == "Bearer mine"
