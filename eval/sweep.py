"""A suite → one run for each way of searching, side by side: what does each step bring?

The plain engines and fusions come without what the shipped setting adds to them; then
the shipped setting, and the shipped setting without one step at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from eval import run as running
from eval.bootstrap import Figure
from eval.provenance import Commit, IndexPrint
from eval.run import Result, Way, keep, run
from eval.suites import Split, Suite, Task
from rag.config import Settings

PLAIN: Mapping[str, Any] = {
    "pair_weight": 0.0,
    "feedback": 0.0,
    "neighbour_weight": 0.0,
    "sentence_weight": 0.0,
}
SHIPPED = "shipped setting"

# Name of each variant, and the settings in which it differs from those given.
VARIANTS: Mapping[str, Mapping[str, Any]] = {
    "words only": {**PLAIN, "meaning_weight": 0.0},
    "meaning only": {**PLAIN, "meaning_weight": 1.0},
    "reciprocal ranks": {**PLAIN, "fusion": "ranks"},
    "convex fusion": {**PLAIN, "fusion": "convex"},
    SHIPPED: {},
    "without pairs of words": {"pair_weight": 0.0},
    "without feedback": {"feedback": 0.0},
    "without neighbours": {"neighbour_weight": 0.0},
    "without sentences": {"sentence_weight": 0.0},
}

# Figures of the table, and what they are called there.
COLUMNS: Mapping[Task, Mapping[str, str]] = {
    "retrieval": {
        "R@10": "R@10", "AP@10": "MAP@10", "nDCG@10": "nDCG@10", "RR": "MRR", "P@1": "P@1",
    },
    "answer": {
        "search_hit@1": "search hit@1", "search_hit@5": "search hit@5", "search_mrr": "search MRR",
        "search_ndcg@10": "nDCG@10", "hit@1": "hit@1", "hit@5": "hit@5",
    },
}  # fmt: skip
SECONDS = "seconds_p50"


@dataclass(frozen=True, slots=True)
class Row:
    """One variant: what it sets otherwise, what came out, and the name of its stored result."""

    variant: str
    settings: Mapping[str, Any]
    figures: Mapping[str, Figure]
    result: str


@dataclass(frozen=True, slots=True)
class Sweep:
    """The variants of one suite, asked of one index."""

    suite: str
    suite_sha256: str
    task: Task
    split: Split | None
    questions: int
    started: str  # UTC, ISO 8601, of the first run
    settings: Mapping[str, Any]  # those that the variants differ from
    commit: Commit | None
    versions: Mapping[str, str]
    index: IndexPrint
    jobs: int
    rows: tuple[Row, ...]


def sweep(
    suite: Suite,
    settings: Settings,
    *,
    variants: Iterable[str] = tuple(VARIANTS),
    split: Split | None = None,
    limit: int | None = None,
    way: Way,
) -> Sweep:
    """Run every variant of a suite, one after the other, and store each result.

    Interrupted, the next one takes over what the variants before have found.

    Raises:
        BadInput: as `eval.run.run` does.
        ConfigError: a variant sets what the settings do not know.

    """
    rows: list[Row] = []
    first: Result | None = None
    finished: list[Path] = []
    way = replace(way, leave=finished.append)
    for name in variants:
        chosen = _with(settings, VARIANTS[name])
        result = run(suite, chosen, split=split, limit=limit, way=_named(way, name))
        first = first or result
        path = keep(
            running.to_json(result), f"{suite.name}-{name.replace(' ', '-')}", result.started
        )
        rows.append(Row(name, dict(VARIANTS[name]), result.figures["overall"], path.stem))
    for path in finished:
        path.unlink(missing_ok=True)
    assert first is not None, "there is at least one variant"
    return Sweep(
        suite=suite.name,
        suite_sha256=suite.sha256,
        task=suite.task,
        split=split,
        questions=len(first.questions),
        started=first.started,
        settings=settings.model_dump(mode="json"),
        commit=first.commit,
        versions=first.versions,
        index=first.index,
        jobs=first.jobs,
        rows=tuple(rows),
    )


def _with(settings: Settings, changes: Mapping[str, Any]) -> Settings:
    """Give the settings with changes, checked as those of a user are."""
    from rag.config import load_settings

    return load_settings(**{**settings.model_dump(), **changes})


def _named(way: Way, variant: str) -> Way:
    """Say in the progress which variant is asked."""
    progress = way.progress
    if progress is None:
        return way

    def told(done: int, total: int, name: str) -> None:
        progress(done, total, f"{variant}: {name}")

    return replace(way, progress=told)


def to_json(sweep: Sweep) -> str:
    """Print a sweep as one JSON document."""
    return TypeAdapter(Sweep).dump_json(sweep, indent=1).decode()


def markdown(sweep: Sweep) -> str:
    """Print the table for a README: a row for each variant, with 95 % intervals."""
    columns = COLUMNS[sweep.task]
    lines = [
        "| " + " | ".join((f"`{sweep.suite}`", *columns.values(), "p50 ms")) + " |",
        "|---" + "|---:" * (len(columns) + 1) + "|",
    ]
    for row in sweep.rows:
        name = f"**{row.variant}**" if row.variant == SHIPPED else row.variant
        cells = (interval(row.figures.get(column)) for column in columns)
        lines.append(f"| {name} | {' | '.join(cells)} | {milliseconds(row)} |")
    asked = f"{sweep.questions:,} questions over {sweep.index.paragraphs:,} paragraphs"
    side = "one process" if sweep.jobs == 1 else f"{sweep.jobs} processes side by side"
    return "\n".join((*lines, "", f"{asked}, {side}; 95 % intervals over questions.")) + "\n"


def interval(figure: Figure | None) -> str:
    """Print a figure with its interval."""
    if figure is None:
        return "–"
    if figure.low is None or figure.high is None:
        return f"{figure.value:.3f}"
    return f"{figure.value:.3f} [{figure.low:.3f}–{figure.high:.3f}]"


def milliseconds(row: Row) -> str:
    """Print the median time of a question."""
    figure = row.figures.get(SECONDS)
    return f"{1000 * figure.value:.1f}" if figure else "–"
