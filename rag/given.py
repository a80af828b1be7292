"""What a command line or a batch file says → filters and earlier questions."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, get_args

from rag.domain import QA, Filters, Role
from rag.errors import BadInput


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
    """Earlier questions, as texts, as {question, answer}, or as {role, content} messages."""
    if not isinstance(data, list):
        raise BadInput("A history is a list of earlier questions.")
    past: list[QA] = []
    for entry in data:
        if isinstance(entry, str):
            past.append(QA(entry))
        elif isinstance(entry, dict) and isinstance(entry.get("question"), str):
            answer = entry.get("answer", entry.get("text", ""))
            past.append(QA(entry["question"], answer if isinstance(answer, str) else ""))
        elif isinstance(entry, dict) and isinstance(entry.get("content"), str):
            if entry.get("role") == "user":
                past.append(QA(entry["content"]))
        else:
            raise BadInput("A history holds texts, or objects with question and answer.")
    return past


def read_history(path: Path | None) -> list[QA]:
    """Earlier questions of a JSON or JSONL file; none without a file."""
    if path is None:
        return []
    if not path.is_file():
        raise BadInput(f"{path} does not exist; check the path.")
    text = path.read_text(encoding="utf-8-sig")
    try:
        data = json.loads(text)
    except ValueError:
        data = list(lines(path))
    return past_questions(data)
