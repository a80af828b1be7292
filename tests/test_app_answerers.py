"""Who answers in the app: only what is configured is offered, and each visitor's choice holds."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from rag.app.answerers import VERBATIM, Answerer, offered, told
from rag.config import load_settings
from rag.conversations import Conversations
from tests.conftest import ROOT
from tests.model_server import Server, server, written

__all__ = ["server"]

AppTest = pytest.importorskip("streamlit.testing.v1").AppTest
QUESTION = "How many investigators does the Police Complaints Inspectorate employ?"
REPLY = written(
    {
        "statement": "Ms. Doukaris said that it employed 54 investigators.",
        "citation": "CCLP/C/SR.411, para. 4",
        "quotation": "It employed 54 investigators",
        "speaker": "Ms. Doukaris",
    }
)
HERE = "openai-like:http://127.0.0.1:9/v1#small"
THERE = "openai-like:http://127.0.0.1:9/v1#large"


@pytest.mark.parametrize(
    ("llm", "choices", "environment", "names", "trouble"),
    [
        (None, "", {}, ["none"], ""),
        (HERE, "", {}, ["small", "none"], ""),
        (HERE, THERE, {}, ["small", "large", "none"], ""),
        (HERE, f"{HERE}, {THERE},", {}, ["small", "large", "none"], ""),
        (None, THERE, {}, ["none", "large"], ""),  # the settings say: without a model
        ("openai:gpt-4o", "", {"OPENAI_API_KEY": "k"}, ["gpt-4o", "none"], ""),
        ("openai:gpt-4o", "", {}, ["none"], "set OPENAI_API_KEY"),
        ("anthropic:claude", THERE, {}, ["none", "large"], "set ANTHROPIC_API_KEY"),
        ("palm:two", "", {}, ["none"], "There is no language model 'palm:two'"),
        ("openai-like:nowhere", "", {}, ["none"], "names no server"),
    ],
)
def test_only_what_can_be_had_is_offered(
    monkeypatch: pytest.MonkeyPatch,
    llm: str | None,
    choices: str,
    environment: dict[str, str],
    names: list[str],
    trouble: str,
) -> None:
    for name in ("OPENAI_API_KEY", "ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("RAG_LLM_CHOICES", choices)
    offer = offered(load_settings(llm=llm))
    assert [each.name.rpartition("#")[2].rpartition(":")[2] or "none" for each in offer.answerers] \
        == names  # fmt: skip
    assert trouble in " ".join(offer.trouble)
    assert bool(trouble) is bool(offer.trouble)


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("", VERBATIM),
        (None, VERBATIM),
        ("openai:gpt-4o", "openai: gpt-4o"),
        ("ollama:llama3.1:8b", "ollama: llama3.1:8b"),
        ("openai-like:http://user:secret@box:8080/v1#small", "small at box:8080"),
        ("openai-like:http://box/v1", "default at box"),
    ],
)
def test_an_answerer_is_named_without_what_is_secret(name: str | None, label: str) -> None:
    assert told(name) == label


def test_the_cookie_tells_nothing_of_the_model() -> None:
    assert Answerer("").mark == "none"
    assert Answerer(HERE).mark.isalnum()
    assert Answerer(HERE).mark != Answerer(THERE).mark


@pytest.fixture
def own(sample_index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    index = tmp_path / "index"
    shutil.copytree(sample_index, index, ignore=shutil.ignore_patterns("conversations"))
    monkeypatch.setenv("RAG_INDEX", str(index))
    return index


def start() -> AppTest:
    return AppTest.from_file(str(ROOT / "app.py"), default_timeout=120).run()


def ask(at: AppTest, question: str) -> str:
    at.chat_input[0].set_value(question).run()
    assert not at.exception
    assert not at.error
    return "\n".join(each.value for each in at.get("html"))


def test_two_visitors_choose_apart_and_the_choice_is_kept_with_the_answer(
    own: Path, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = f"openai-like:{server.url}#small"
    monkeypatch.setenv("RAG_LLM", name)
    server.replies = [REPLY]
    one, other = start(), start()
    assert one.radio[0].options == [f"small at 127\\.0\\.0\\.1:\u2060{server.url.split(':')[2][:-3]}",
                                    "Verbatim quotations, no model"]  # fmt: skip
    other.radio[0].set_value("none").run()
    page = ask(other, QUESTION)
    assert server.received == []  # nothing was sent to the model
    assert f"· {VERBATIM}" in page
    assert "small" in one.chat_input[0].placeholder
    page = ask(one, QUESTION)
    assert len(server.received) == 1
    assert "· small at 127.0.0.1" in page
    kept = Conversations(own / "conversations")
    assert {kept.load(each.name).exchanges[0].setting.llm for each in kept.list()} == {None, name}


def test_without_a_model_there_is_nothing_to_choose(own: Path) -> None:
    at = start()
    assert len(at.radio) == 0
    assert VERBATIM in "\n".join(each.value for each in at.get("html"))


def test_a_model_that_cannot_be_had_is_told_and_not_asked(
    own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    monkeypatch.setenv("RAG_LLM", "openai:gpt-4o")
    at = start()
    assert len(at.radio) == 0
    page = ask(at, QUESTION)
    assert "set OPENAI_API_KEY" in page
    assert "54 investigators" in page
