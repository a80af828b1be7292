"""Two results of the same questions → what differs, and whether chance would do as much.

Paired throughout: only questions that both runs asked, unchanged, are counted. What
else differs between the runs (settings, index, versions, commit) is told beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from eval.bootstrap import RESAMPLES, SEED
from eval.metrics import FIGURES, QUANTILES, Scores, column
from eval.reading import Item, Reading
from eval.run import Judged, Result
from rag.errors import BadInput

PERMUTATIONS = 4999  # p to 0.0002
FEWER = 1999  # over more than `MANY` pairs: p to 0.0005, in seconds
MANY = 300

# What a run found, and when: not part of how it was set up.
FOUND = frozenset(
    {"figures", "questions", "items", "told", "bars", "started", "seconds", "baselines"}
)
# The fingerprint holds the manifest.
UNTOLD = frozenset({"index.manifest"})


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
class Otherwise:
    """One thing that was set up otherwise; empty where a run does not tell it."""

    what: str  # "settings.limit", "versions.tantivy", "index.sha256", "commit"
    a: str
    b: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs between two runs over the questions that they share."""

    suite: str
    questions: int
    left_out: int  # asked in one run only, or changed in between
    setup: tuple[Otherwise, ...]
    differences: tuple[Difference, ...]
    changed: tuple[Changed, ...]  # what changed most first


def setup(run: Result | Reading) -> dict[str, str]:
    """Tell how a run was set up, one thing a key; what it found and when is left out."""
    told = {
        name: value
        for part in fields(run)
        if part.name not in FOUND
        for name, value in _flat(part.name, getattr(run, part.name))
        if name not in UNTOLD
    }
    if run.commit:
        for name in ("commit.id", "commit.dirty"):
            told.pop(name, None)
        told["commit"] = run.commit.id[:12] + (" with changes" if run.commit.dirty else "")
    return told


def otherwise(a: Result | Reading, b: Result | Reading) -> tuple[Otherwise, ...]:
    """Tell what was set up otherwise in B."""
    left, right = setup(a), setup(b)
    names = dict.fromkeys((*left, *right))
    return tuple(
        Otherwise(name, left.get(name, ""), right.get(name, ""))
        for name in names
        if left.get(name, "") != right.get(name, "")
    )


def compare(a: Result, b: Result) -> Comparison:
    """Compare two results, question by question.

    Raises:
        BadInput: they are of different suites, or no question is in both.

    """
    _same_suite(a.suite, b.suite)
    theirs = {judged.outcome.case: judged for judged in b.questions}
    pairs = [(q, theirs[q.outcome.case]) for q in a.questions if q.outcome.case in theirs]
    if not pairs:
        raise BadInput(f"The results of {a.suite} and {b.suite} have no question in common.")
    return _comparison(
        (a, b),
        dict.fromkeys((*a.figures["overall"], *b.figures["overall"], *FIGURES)),
        [(before.scores, after.scores) for before, after in pairs],
        [_changed(*pair) for pair in pairs],
        left_out=len(a.questions) + len(b.questions) - 2 * len(pairs),
    )


def compare_readings(a: Reading, b: Reading) -> Comparison:
    """Compare two readings of the same gold, item by item.

    Raises:
        BadInput: they are of different suites, or nothing that was due is in both.

    """
    _same_suite(a.suite, b.suite)
    theirs = {(item.id, item.due): item for item in b.items}
    pairs = [(i, theirs[i.id, i.due]) for i in a.items if (i.id, i.due) in theirs]
    if not pairs:
        raise BadInput(f"The results of {a.suite} and {b.suite} have nothing in common.")
    return _comparison(
        (a, b),
        a.told,
        [(before.scores, after.scores) for before, after in pairs],
        [_read_otherwise(*pair) for pair in pairs],
        left_out=len(a.items) + len(b.items) - 2 * len(pairs),
    )


def _comparison(
    runs: tuple[Result | Reading, Result | Reading],
    names: Iterable[str],
    pairs: Sequence[tuple[Scores, Scores]],
    changed: Sequence[Changed | None],
    *,
    left_out: int,
) -> Comparison:
    differences = [_difference(name, pairs) for name in names]
    return Comparison(
        suite=runs[0].suite,
        questions=len(pairs),
        left_out=left_out,
        setup=otherwise(*runs),
        differences=tuple(found for found in differences if found),
        changed=tuple(sorted((found for found in changed if found), key=_size, reverse=True)),
    )


def _same_suite(a: str, b: str) -> None:
    if a != b:
        raise BadInput(
            f"The results cannot be compared: A is of the suite {a}, B of the suite {b}."
        )


def _flat(name: str, value: Any) -> Iterator[tuple[str, str]]:
    """Spell a value out, one line for each of its parts."""
    if value is None or value == "":
        return
    if is_dataclass(value):
        value = {part.name: getattr(value, part.name) for part in fields(value)}
    if isinstance(value, Mapping):
        for key, part in value.items():
            yield from _flat(f"{name}.{key}", part)
    else:
        yield name, str(value)


def _size(change: Changed) -> float:
    """Say how much came out differently; a score that only one run has says nothing of it."""
    moved = (abs(b - a) for a, b in change.scores.values() if a is not None and b is not None)
    return sum(moved) + (change.answered[0] != change.answered[1])


def _read_otherwise(a: Item, b: Item) -> Changed | None:
    """Say what was scored differently of one item."""
    names = [name for name in a.scores if a.scores[name] != b.scores.get(name)]
    scores = {name: (a.scores[name], b.scores.get(name)) for name in names}
    return Changed(a.id, a.document, a.due, (True, True), scores) if scores else None


def _changed(a: Judged, b: Judged) -> Changed | None:
    """Say what came out differently, time apart."""
    scores = {
        name: (value, b.scores.get(name))
        for name, value in a.scores.items()
        if name != "seconds" and value != b.scores.get(name)
    }
    answered = (a.outcome.answered, b.outcome.answered)
    if not scores and answered[0] == answered[1]:
        return None
    case = a.outcome.case
    return Changed(case.id, case.kind, case.question, answered, scores)


def _difference(name: str, pairs: Sequence[tuple[Scores, Scores]]) -> Difference | None:
    """Test the difference of one figure; None where a run has no eligible question."""
    import numpy as np

    _, figure = _gap(QUANTILES.get(name))
    sides = ([pair[side] for pair in pairs] for side in (0, 1))
    before, after = (np.array(column(side, name), dtype=float) for side in sides)
    a, b = float(figure(before, -1)), float(figure(after, -1))
    if np.isnan(a) or np.isnan(b):
        return None
    if np.array_equal(before, after, equal_nan=True):
        return Difference(name, a, b, 0.0, 0.0, 0.0, 1.0)
    if min(np.count_nonzero(~np.isnan(side)) for side in (before, after)) < 2:
        return Difference(name, a, b, b - a, None, None, 1.0)
    low, high, p = _tested(before, after, name)
    # A mean may differ from the ends of its interval in its last bit.
    return Difference(name, a, b, b - a, min(low, b - a), max(high, b - a), p)


def _tested(before: Any, after: Any, name: str) -> tuple[float, float, float]:
    """Give the interval of a difference and its p, over two arrays with NaN for no score.

    Where both runs have a score for the same questions, a mean is tested by its
    differences alone: signs are flipped, and a difference of zero takes no part in that.
    """
    import numpy as np
    from scipy.stats import bootstrap, permutation_test

    gap, _ = _gap(QUANTILES.get(name))
    eligible = ~np.isnan(before)
    sample: tuple[Any, ...] = (before, after)
    flipped, statistic, total = sample, gap, gap
    if name not in QUANTILES and np.array_equal(eligible, ~np.isnan(after)):
        moved = (after - before)[eligible]
        sample, statistic = (moved,), np.mean
        flipped, total = (moved[moved != 0],), np.sum
    ends = bootstrap(
        sample, statistic, paired=True, n_resamples=RESAMPLES, method="percentile",
        vectorized=True, rng=SEED, batch=200,
    ).confidence_interval  # fmt: skip
    if len(flipped[0]) < 2:
        return float(ends.low), float(ends.high), 1.0  # as large with either sign
    test = permutation_test(
        flipped, total, permutation_type="samples", vectorized=True, rng=SEED, batch=200,
        n_resamples=PERMUTATIONS if len(flipped[0]) <= MANY else FEWER,
    )  # fmt: skip
    return float(ends.low), float(ends.high), float(test.pvalue)


def _gap(quantile: float | None) -> tuple[Any, Any]:
    """Give the difference of a figure (a mean, or a quantile) and the figure, over arrays."""
    import numpy as np

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

    return gap, figure
