"""Members' questions with known replies → how many of the links that are told are right.

`suites/exchanges.jsonl` says for each sentence that asks which paragraphs of the delegation
speak to it, or that none does; a sentence that asks several things has several lines, whose
replies are taken together. Three in five of the paragraphs that ask are development data, on which
`python -m eval.calibrate_exchanges` fits the weights; the figures overall are of the others.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from pydantic import TypeAdapter

from eval.bootstrap import Figure, ratios
from eval.reading import Item
from eval.suites import SUITES, sources_of
from rag.domain import Exchange, Status
from rag.record import Record

ABOUT = "questions of committee members: which paragraphs reply, and that none does"
GOLD = SUITES / "exchanges.jsonl"
FIGURES: Mapping[str, str] = {
    "found": "questions that are recognised as such",
    "first": "the first reply told is one (questions that are replied to)",
    "precision": "replies told that are replies (questions that any is told of)",
    "recall": "replies that are told (questions that are replied to)",
    "silence_precision": "“no reply found”, and rightly",
    "silence_recall": "questions that nobody replies to, and it is said",
    "status": "answered, partly, deferred or no reply found, as the gold has it",
    "first next turn": "the same as first, where the turn that follows is always told",
}
BARS: Mapping[str, float] = {}


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that is asked."""

    id: str
    split: Literal["dev", "test"]
    document: str
    asked: str  # label
    words: str
    starts: str  # the first words of the sentence that asks
    replies: tuple[tuple[str, str], ...]  # (document, label)
    status: Status


@dataclass(frozen=True, slots=True)
class Due:
    """A sentence that asks, with all that replies to it."""

    id: str
    split: str
    document: str
    asked: str
    starts: str
    replies: frozenset[tuple[str, str]]
    status: Status


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence that asks, and what is told of it; None where it is not taken for a question."""

    due: Due
    exchange: Exchange | None
    next_turn: tuple[str, str] | None


def gold() -> tuple[Path, ...]:
    """Name the files that the suite needs."""
    return (GOLD, *(source.path for name in ("sr", "sample") for source in sources_of(name)))


def due(limit: int | None = None) -> list[Due]:
    """Read the gold; lines of one sentence are one."""
    lines = GOLD.read_text(encoding="utf-8").splitlines()
    rows = [TypeAdapter(Row).validate_json(line) for line in lines if line.strip()]
    grouped: dict[tuple[str, str, str], list[Row]] = {}
    for row in rows:
        grouped.setdefault((row.document, row.asked, _plain(row.starts)), []).append(row)
    return [
        Due(
            found[0].id, found[0].split, document, asked, found[0].starts,
            frozenset(reply for row in found for reply in row.replies), _status(found),
        )
        for (document, asked, _), found in list(grouped.items())[:limit]
    ]  # fmt: skip


def _status(rows: Sequence[Row]) -> Status:
    told = {row.status for row in rows}
    if len(told) == 1:
        return rows[0].status
    return "partly" if told & {"answered", "partly"} else "deferred"


def record(folder: Path) -> Record:
    """An index of the records that the gold is about."""
    from rag.config import Settings

    made = Record(Settings(index=folder / "index"))
    made.add([source.path for name in ("sr", "sample") for source in sources_of(name)])
    return made


def told(rows: Sequence[Due], made: Record) -> list[Told]:
    """What the product says of each sentence."""
    links = {name: made.exchanges(name) for name in dict.fromkeys(row.document for row in rows)}
    return [
        Told(
            row,
            next((e for e in links[row.document] if is_at(row, e.asked.label, _words(e))), None),
            _next_turn(made, row),
        )
        for row in rows
    ]


def is_at(row: Due, label: str, sentence: str) -> bool:
    """Whether a sentence is the one that a row speaks of."""
    return row.asked == label and _plain(sentence).startswith(_plain(row.starts))


def _words(exchange: Exchange) -> str:
    return exchange.asked.text[exchange.start : exchange.end]


def _plain(text: str) -> str:
    return " ".join(text.replace("’", "'").casefold().split())


def _next_turn(made: Record, row: Due) -> tuple[str, str] | None:
    """The first paragraph of a delegation after the one that asks."""
    paragraphs = made.document(row.document).paragraphs
    at = next((p.ordinal for p in paragraphs if p.label == row.asked), len(paragraphs))
    later = (p for p in paragraphs if p.ordinal > at and p.turn and p.turn.role == "delegation")
    return next(((p.document, p.label) for p in later), None)


def measure(limit: int | None) -> tuple[tuple[Item, ...], dict[str, dict[str, Figure]]]:
    """Link every question, and sum up: the test half overall, and each half and record."""
    rows = due(limit)
    with tempfile.TemporaryDirectory() as folder:
        found = told(rows, record(Path(folder)))
    groups = {"overall": [t for t in found if t.due.split == "test"]}
    groups["dev"] = [t for t in found if t.due.split == "dev"]
    for name in dict.fromkeys(t.due.document for t in found):
        groups[f"document {name}"] = [t for t in groups["overall"] if t.due.document == name]
    return tuple(_item(t) for t in found), {
        name: _figures(theirs) for name, theirs in groups.items() if theirs
    }


def scores(one: Told) -> dict[str, float | None]:
    """The figures of one question; None where it has no say."""
    right, exchange = one.due.replies, one.exchange
    replies = [(p.document, p.label) for p in exchange.replies] if exchange else []
    silent = exchange is not None and not replies
    return {
        "found": float(exchange is not None),
        "first": float(bool(replies) and replies[0] in right) if right else None,
        "precision": sum(r in right for r in replies) / len(replies) if replies else None,
        "recall": sum(r in right for r in replies_of(replies, right)) / len(right)
        if right
        else None,
        "silence_precision": float(not right) if silent else None,
        "silence_recall": float(silent) if not right else None,
        "status": float(exchange is not None and exchange.status == one.due.status),
        "first next turn": float(one.next_turn in right) if right else None,
    }


def replies_of(
    replies: Sequence[tuple[str, str]], right: frozenset[tuple[str, str]]
) -> list[tuple[str, str]]:
    """Those of the replies told that are due, each once."""
    return [reply for reply in dict.fromkeys(replies) if reply in right]


def _figures(found: Sequence[Told]) -> dict[str, Figure]:
    rows = [scores(one) for one in found]
    made: dict[str, Figure] = {}
    for name in FIGURES:
        values = [value for row in rows if (value := row[name]) is not None]
        if values:
            column = np.array([values], dtype=float)
            made[name] = ratios(column, np.ones_like(column))[0]
    return made


def _item(one: Told) -> Item:
    values = scores(one)
    exchange = one.exchange
    replies = ", ".join(str(p.citation) for p in exchange.replies) if exchange else "no question"
    return Item(
        id=one.due.id,
        document=one.due.document,
        due=f"para. {one.due.asked} “{one.due.starts} …”: "
        + (", ".join(f"{d}, para. {label}" for d, label in sorted(one.due.replies)) or "none"),
        got=replies or "none",
        scores=values,
        right=bool(values["first"]) if one.due.replies else bool(values["silence_recall"]),
        mark=one.due.split,
    )
