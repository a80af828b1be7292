"""A result → what did not come out right, the worst first."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import shorten

from eval.reading import Item, Reading
from eval.run import Judged, Result

# Whoever reads what went wrong there tunes on it, meaning to or not: figures are told, no words.
HELD_SUITES = frozenset({"unseen", "kinds"})
HELD_SPLITS = frozenset({"test", "unseen"})
COSTS = ("seconds", "tokens", "cost")  # how figures that are no shares begin
CLIP = 110  # signs of what was due, in a line
FOUND = 10  # paragraphs of a ranking that are shown
RECALL = re.compile(r"R@(\d+)")  # recall at k, as ir_measures prints it


@dataclass(frozen=True, slots=True)
class Place:
    """A paragraph, and whether it is one of those looked for."""

    name: str
    gold: bool


@dataclass(frozen=True, slots=True)
class Miss:
    """A question that did not come out right, or something that was due and was misread."""

    id: str
    kind: str
    question: str  # or the beginning of what was due; empty where only ids are shown
    before: tuple[str, ...]  # the questions before a follow-up
    told: str  # what went wrong, in a few words
    gold: tuple[str, ...]
    shown: tuple[Place, ...]  # what an answer cites, in its order
    found: tuple[Place, ...]  # search alone
    scores: tuple[tuple[str, float], ...]
    due: str = ""
    got: str = ""


def sort_of(result: Result | Reading) -> str:
    """Say whether a result is of questions, retrieval or reading."""
    if isinstance(result, Reading):
        return "reading"
    return "retrieval" if result.task == "retrieval" else "questions"


def short(paragraph: str) -> str:
    """Print a paragraph's id as a reader would: symbol, then paragraph."""
    symbol, mark, label = paragraph.rpartition("#")
    return f"{symbol}, para. {label}" if mark else paragraph


def misses(result: Result | Reading) -> list[Miss]:
    """Give what did not come out right and may be read, the worst first."""
    held = held_out(result)
    if isinstance(result, Reading):
        wrong = (i for i in result.items if not i.right and i.id not in held)
        return [_misread(i) for i in sorted(wrong, key=lambda i: (bool(i.mark), _mean(i)))]
    ids = sort_of(result) == "retrieval"
    asked = (q for q in result.questions if not q.right and q.outcome.case.id not in held)
    return [_missed(judged, ids_only=ids) for judged in sorted(asked, key=_mean)]


def held_out(result: Result | Reading) -> frozenset[str]:
    """Give the ids of what must stay unseen, whether it came out right or not."""
    if isinstance(result, Reading):
        parts = [(item.id, item.mark.split(",")[0]) for item in result.items]
    else:
        parts = [(q.outcome.case.id, q.outcome.case.split) for q in result.questions]
    whole = result.suite in HELD_SUITES
    return frozenset(name for name, split in parts if whole or split in HELD_SPLITS)


def withheld(result: Result | Reading) -> int:
    """Count what did not come out right and is not shown for that."""
    held = held_out(result)
    if isinstance(result, Reading):
        return sum(not item.right and item.id in held for item in result.items)
    return sum(not q.right and q.outcome.case.id in held for q in result.questions)


def _mean(scored: Judged | Item) -> float:
    """Average the scores of a question, what it cost apart."""
    values = [value for _, value in _scores(scored)]
    return sum(values) / len(values) if values else 0.0


def _scores(scored: Judged | Item) -> tuple[tuple[str, float], ...]:
    return tuple(
        (name, value)
        for name, value in scored.scores.items()
        if value is not None and not name.startswith(COSTS)
    )


def _missed(judged: Judged, *, ids_only: bool) -> Miss:
    outcome, case = judged.outcome, judged.outcome.case
    gold = set(case.paragraphs)
    ranking = outcome.found or judged.ranked
    shown = tuple(
        Place(claim.citation, bool(claim.paragraphs) and gold.issuperset(claim.paragraphs))
        for claim in outcome.claims
    )
    return Miss(
        id=case.id,
        kind=case.kind,
        question="" if ids_only else case.question,
        before=() if ids_only else case.history,
        told=_told(judged, ranking),
        gold=tuple(map(short, case.paragraphs)),
        shown=() if ids_only else shown,
        found=tuple(Place(short(name), name in gold) for name in ranking[:FOUND]),
        scores=_scores(judged),
    )


def _told(judged: Judged, ranking: Sequence[str]) -> str:
    """Say what went wrong: answered, refused, or where gold stands in what search found."""
    outcome, case = judged.outcome, judged.outcome.case
    if not case.answerable:
        return "answered, though the record does not say"
    rank = next(
        (n for n, name in enumerate(ranking, start=1) if name in set(case.paragraphs)), None
    )
    where = f"search has gold at {rank}" if rank else f"no gold among the first {len(ranking)}"
    if not outcome.answered and outcome.reason:
        return f"refused; {where}"
    return where


def _misread(item: Item) -> Miss:
    return Miss(
        id=item.id,
        kind=item.document,
        question=shorten(item.due, CLIP, placeholder=" …"),
        before=(),
        told=item.mark,
        gold=(),
        shown=(),
        found=(),
        scores=_scores(item),
        due=item.due,
        got=item.got,
    )
