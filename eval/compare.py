"""Two results of the same questions → what differs, and whether chance would do as much.

Paired throughout: only questions that both runs asked, unchanged, are counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from eval.metrics import FIGURES, QUANTILES, RESAMPLES, SEED, Scores, column
from eval.reading import Item, Reading
from eval.run import Judged, Result
from rag.errors import BadInput

PERMUTATIONS = 9999


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure in both runs; `p` is that of a paired permutation test, two-sided."""

    figure: str
    a: float
    b: float
    difference: float  # b - a
    low: float | None  # 95 % bootstrap interval of the difference
    high: float | None
    p: float


@dataclass(frozen=True, slots=True)
class Changed:
    """A question that came out differently; `scores` holds (a, b) where they differ."""

    id: str
    kind: str
    question: str
    answered: tuple[bool, bool]
    scores: dict[str, tuple[float | None, float | None]]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs between two runs over the questions that they share."""

    questions: int
    left_out: int  # asked in one run only, or changed in between
    differences: tuple[Difference, ...]
    changed: tuple[Changed, ...]


def compare(a: Result, b: Result) -> Comparison:
    """Compare two results, question by question.

    Raises:
        BadInput: no question is in both.

    """
    theirs = {judged.outcome.case: judged for judged in b.questions}
    pairs = [(q, theirs[q.outcome.case]) for q in a.questions if q.outcome.case in theirs]
    if not pairs:
        raise BadInput(f"The results of {a.suite} and {b.suite} have no question in common.")
    return _comparison(
        FIGURES,
        [(before.scores, after.scores) for before, after in pairs],
        [_changed(*pair) for pair in pairs],
        left_out=len(a.questions) + len(b.questions) - 2 * len(pairs),
    )


def compare_readings(a: Reading, b: Reading) -> Comparison:
    """Compare two readings of the same gold, item by item.

    Raises:
        BadInput: nothing that was due is in both.

    """
    theirs = {(item.id, item.due): item for item in b.items}
    pairs = [(i, theirs[i.id, i.due]) for i in a.items if (i.id, i.due) in theirs]
    if not pairs:
        raise BadInput(f"The results of {a.suite} and {b.suite} have nothing in common.")
    return _comparison(
        a.told,
        [(before.scores, after.scores) for before, after in pairs],
        [_read_otherwise(*pair) for pair in pairs],
        left_out=len(a.items) + len(b.items) - 2 * len(pairs),
    )


def _comparison(
    names: Iterable[str],
    pairs: Sequence[tuple[Scores, Scores]],
    changed: Sequence[Changed | None],
    *,
    left_out: int,
) -> Comparison:
    differences = [_difference(name, pairs) for name in names]
    return Comparison(
        questions=len(pairs),
        left_out=left_out,
        differences=tuple(found for found in differences if found),
        changed=tuple(found for found in changed if found),
    )


def _read_otherwise(a: Item, b: Item) -> Changed | None:
    """Say what was scored differently of one item."""
    names = [name for name in a.scores if a.scores[name] != b.scores.get(name)]
    scores = {name: (a.scores[name], b.scores.get(name)) for name in names}
    return Changed(a.id, a.document, a.due, (True, True), scores) if scores else None


def _changed(a: Judged, b: Judged) -> Changed | None:
    """Say what came out differently, time apart."""
    scores = {
        name: (value, b.scores[name])
        for name, value in a.scores.items()
        if name != "seconds" and value != b.scores[name]
    }
    answered = (a.outcome.answered, b.outcome.answered)
    if not scores and answered[0] == answered[1]:
        return None
    case = a.outcome.case
    return Changed(case.id, case.kind, case.question, answered, scores)


def _difference(name: str, pairs: Sequence[tuple[Scores, Scores]]) -> Difference | None:
    """Test the difference of one figure; None where a run has no eligible question."""
    import numpy as np
    from scipy.stats import bootstrap, permutation_test

    quantile = QUANTILES.get(name)

    def figure(values: Any, axis: int) -> Any:
        if quantile is not None:
            return np.quantile(values, quantile, axis=axis)
        eligible = ~np.isnan(values)
        count = eligible.sum(axis=axis)
        total = np.where(eligible, values, 0.0).sum(axis=axis)
        return np.where(count > 0, total / np.maximum(count, 1), np.nan)

    def gap(x: Any, y: Any, axis: int = -1) -> Any:
        # A resample in which one side has no eligible question shows no difference.
        return np.nan_to_num(figure(y, axis) - figure(x, axis), nan=0.0)

    sides = ([pair[side] for pair in pairs] for side in (0, 1))
    before, after = (np.array(column(side, name), dtype=float) for side in sides)
    a, b = float(figure(before, -1)), float(figure(after, -1))
    if np.isnan(a) or np.isnan(b):
        return None
    if np.array_equal(before, after, equal_nan=True):
        return Difference(name, a, b, 0.0, 0.0, 0.0, 1.0)
    if len(pairs) < 2:
        return Difference(name, a, b, b - a, None, None, 1.0)
    common: dict[str, Any] = {"vectorized": True, "rng": SEED, "batch": 200}
    ends = bootstrap(
        (before, after), gap, paired=True, n_resamples=RESAMPLES, method="percentile", **common
    ).confidence_interval
    test = permutation_test(
        (before, after), gap, permutation_type="samples", n_resamples=PERMUTATIONS, **common
    )
    low, high = min(float(ends.low), b - a), max(float(ends.high), b - a)
    return Difference(name, a, b, b - a, low, high, float(test.pvalue))
