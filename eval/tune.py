"""Retrieval's settings → figures for each, and what choosing among them is worth.

    python -m eval.tune [SUITE] [--jobs N] [--limit N]

One setting at a time is moved away from the shipped one. The best of them on the very
questions it was chosen by flatters; so ten times the best on nine tenths of the questions
is scored on the tenth that it was not chosen by, and that is the figure to believe.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

FOLDS = 10
SEED = 2409
GRID: Mapping[str, tuple[float, ...]] = {
    "meaning_weight": (0.4, 0.6),
    "pair_weight": (0.0, 0.25, 1.0),
    "feedback": (0.0, 0.2, 0.6),
    "neighbour_weight": (0.0, 0.05, 0.2),
    "sentence_weight": (0.0, 0.3, 1.0),
}
CHOSEN_BY = {"retrieval": ("AP@10", "R@10"), "answer": ("search_mrr", "search_hit@5")}


def variants() -> list[dict[str, float]]:
    """Give the settings that are tried: the shipped ones, then one moved at a time."""
    return [{}, *({name: value} for name, values in GRID.items() for value in values)]


def cross_validated(
    scores: NDArray[np.float64], folds: int = FOLDS
) -> tuple[NDArray[np.float64], list[int]]:
    """Score each question by the variant that is best on the folds it is not in.

    Args:
        scores: shape (variants, questions, figures); variants are compared by the mean
            over questions and figures.
        folds: into how many parts the questions are dealt, at random.

    Returns:
        The scores of the questions, shape (questions, figures), and the variant chosen
        for each fold.

    """
    questions = scores.shape[1]
    fold = np.random.default_rng(SEED).permutation(questions) % folds
    found = np.empty(scores.shape[1:])
    chosen: list[int] = []
    for number in range(folds):
        out = fold == number
        best = int(scores[:, ~out].mean(axis=(1, 2)).argmax())
        found[out] = scores[best, out]
        chosen.append(best)
    return found, chosen


def measure(
    suite: str, tried: Sequence[Mapping[str, Any]], *, jobs: int, limit: int | None
) -> tuple[tuple[str, ...], NDArray[np.float64]]:
    """Run a suite with each variant; interrupted, the next call goes on.

    Returns:
        Names of the figures, and scores of shape (variants, questions, figures).

    """
    from eval.run import Way, results_folder, run
    from eval.suites import load
    from rag.config import load_settings

    wanted = load(suite)
    names = CHOSEN_BY[wanted.task]
    finished: list[Path] = []
    way = Way(jobs=jobs, partials=results_folder() / "partial", leave=finished.append)
    rows: list[list[list[float]]] = []
    for number, changes in enumerate(tried, start=1):
        print(f"{number} of {len(tried)}: {_told(changes)}", file=sys.stderr)
        result = run(wanted, load_settings(**changes), limit=limit, way=way)
        eligible = [q.scores for q in result.questions if q.scores[names[0]] is not None]
        rows.append([[each[name] or 0.0 for name in names] for each in eligible])
    for path in finished:
        path.unlink(missing_ok=True)
    return names, np.array(rows)


def _told(changes: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} {value}" for name, value in changes.items()) or "shipped"


def main(arguments: Sequence[str] | None = None) -> None:
    """Print a line for each variant, then what was chosen and what it is worth."""
    parser = argparse.ArgumentParser(prog="python -m eval.tune", description=__doc__)
    parser.add_argument("suite", nargs="?", default="obliqa-dev")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--limit", type=int, default=None)
    chosen = parser.parse_args(arguments)
    tried = variants()
    names, scores = measure(chosen.suite, tried, jobs=chosen.jobs, limit=chosen.limit)
    print(f"{chosen.suite}, {scores.shape[1]} questions: {', '.join(names)}")
    for changes, means in zip(tried, scores.mean(axis=1), strict=True):
        print(f"{_told(changes):28}", *(f"{mean:.4f}" for mean in means))
    found, best = cross_validated(scores)
    print(
        f"{f'chosen on {FOLDS - 1} folds of {FOLDS}':28}", *(f"{m:.4f}" for m in found.mean(axis=0))
    )
    print("chosen:", "; ".join(dict.fromkeys(_told(tried[number]) for number in best)))


if __name__ == "__main__":
    main()
