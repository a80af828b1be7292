"""What a command line or a batch file says → filters and earlier questions."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, cast, get_args

from rag.domain import QA, Citation, Claim, Filters, Role
from rag.errors import BadCitation, BadInput


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError as error:
        raise BadInput(f"{text!r} is not a date such as 2016-06-23.") from error


def filters(
    symbols: list[str] | None,
    speaker: str | None,
    delegation: str | None,
    role: str | None,
    held_from: str | None,
    held_to: str | None,
    body: str | None = None,
    state: str | None = None,
    heading: str | None = None,
) -> Filters:
    """What a search is limited to.

    Raises:
        BadInput: a role or a date is none.

    """
    known: dict[str, Role] = {name: name for name in get_args(Role)}
    if role is not None and role not in known:
        raise BadInput(f"There is no role {role!r}; roles are {', '.join(known)}.")
    return Filters(
        symbols=tuple(symbols or ()),
        speaker=speaker or None,
        delegation=delegation or None,
        role=known[role] if role else None,
        held_from=_day(held_from),
        held_to=_day(held_to),
        body=body or None,
        state=state or None,
        heading=heading or None,
    )


def lines(path: Path, *wanted: str) -> Iterator[dict[str, Any]]:
    """The objects of a JSONL file, each with the keys that are wanted."""
    if not path.is_file():
        raise BadInput(f"{path} does not exist; check the path.")
    for number, line in enumerate(path.read_text(encoding="utf-8-sig").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            data = json.loads(line)
        except ValueError as error:
            raise BadInput(f"{path}, line {number}: not JSON ({error}).") from error
        if not isinstance(data, dict) or any(not isinstance(data.get(key), str) for key in wanted):
            raise BadInput(f"{path}, line {number}: needs a text {' and '.join(wanted)}.")
        yield data


def row_filters(data: dict[str, Any], outer: Filters) -> Filters:
    """The filters of a batch line, over those of the command."""
    symbols = data.get("symbol")
    inner = filters(
        [symbols] if isinstance(symbols, str) else symbols,
        data.get("speaker"),
        data.get("delegation"),
        data.get("role"),
        data.get("from"),
        data.get("to"),
        data.get("body"),
        data.get("state"),
        data.get("heading"),
    )
    chosen = {name: value for name in Filters.__slots__ if (value := getattr(inner, name))}
    return replace(outer, **chosen)


def past_questions(data: Any) -> list[QA]:
    """Earlier questions of a history, oldest first.

    Args:
        data: a list of texts, of {question, answer}, of {role, content} messages, or of what
            `rag ask --json` prints; one such object alone; a conversation as
            `rag conversations export --as json` gives it. Of an answer, what it cites and who
            speaks there is kept.

    Raises:
        BadInput: it is none of these.

    """
    if isinstance(data, dict):
        told = cast("dict[str, Any]", data)
        return past_questions(told.get("exchanges", [told]))
    if not isinstance(data, list):
        raise BadInput("A history is a list of earlier questions.")
    past: list[QA] = []
    for entry in cast("list[Any]", data):
        if isinstance(entry, str):
            past.append(QA(entry))
            continue
        told = cast("dict[str, Any]", entry) if isinstance(entry, dict) else {}
        if isinstance(told.get("question"), str):
            past.append(_answered(told))
        elif isinstance(content := told.get("content"), str):
            if told.get("role") == "user":
                past.append(QA(content))
            elif told.get("role") == "assistant" and past:
                past[-1] = replace(past[-1], answer=content)
        elif "exchanges" in told:
            past += past_questions(told)
        else:
            raise BadInput("A history holds texts, or objects with question and answer.")
    return past


def _answered(told: dict[str, Any]) -> QA:
    """One question with what is told of its answer; of a refusal, only the question."""
    question: str = told["question"]
    if "claims" not in told:
        answer = told.get("answer", told.get("text", ""))
        cited = tuple(_citation(each) for each in _listed(told, "cited"))
        return QA(
            question,
            answer if isinstance(answer, str) and told.get("answered") is not False else "",
            cited=cited,
            asked=_text(told, "asked"),
            speakers=tuple(str(each or "") for each in _listed(told, "speakers")[: len(cited)]),
        )
    claims = [
        Claim(
            text=_text(each, "text"),
            quote=_text(each, "quote"),
            citation=Citation.parse(_citation(each.get("citation"))),
            speaker=_text(each, "speaker") or None,
            delegation=_text(each, "delegation") or None,
        )
        for each in _listed(told, "claims")
        if isinstance(each, dict)
    ]
    # An answer tells how the question was understood only where that was in other words.
    return QA.made(question, _text(told, "asked") or question, tuple(claims))


def _text(told: dict[str, Any], key: str) -> str:
    value = told.get(key)
    return value if isinstance(value, str) else ""


def _listed(told: dict[str, Any], key: str) -> list[Any]:
    value = told.get(key)
    return cast("list[Any]", value) if isinstance(value, list) else []


def _citation(told: Any) -> str:
    """A citation in canonical form, of its text or of its parts.

    Raises:
        BadCitation: it is none.

    """
    if isinstance(told, dict):
        parts = cast("dict[str, Any]", told)
        if not _text(parts, "text"):
            names = ("section", "first", "last", "sub")
            symbol, *rest = (_text(parts, name) or None for name in ("symbol", *names))
            return str(Citation(symbol or "", *rest)) if symbol else str(Citation.parse(""))
        told = parts["text"]
    return str(Citation.parse(told if isinstance(told, str) else ""))


def read_history(path: Path | None) -> list[QA]:
    """Earlier questions of a file of JSON, one or more documents of it; none without a file.

    `rag ask --json … >> FILE` makes one that grows.

    Raises:
        BadInput: there is no such file, or it is not JSON, or no history.

    """
    if path is None:
        return []
    if not path.is_file():
        raise BadInput(f"{path} does not exist; check the path.")
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{path} cannot be read as UTF-8 text: {error}.") from error
    try:
        return [past for data in _documents(path, text) for past in past_questions(data)]
    except BadCitation as error:
        raise BadInput(f"{path}: {error}") from error


def _documents(path: Path, text: str) -> Iterator[Any]:
    """The JSON documents of a text, one behind the other."""
    decoder, at = json.JSONDecoder(), 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        try:
            data, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError) as error:
            line = text.count("\n", 0, getattr(error, "pos", at)) + 1
            raise BadInput(f"{path}, line {line}: not JSON ({error}).") from error
        yield data
