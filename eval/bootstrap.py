"""Columns of scores → their figures, with percentile bootstrap intervals over questions.

All columns of one set of questions share the resamples: a suite of some thousand
questions is summed up in a fraction of a second, however many figures it has.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 2000
SEED = 3272
BATCH = 250  # so that the resamples of some thousand questions do not stand in memory at once


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure over `n` eligible questions, with its 95 % interval (None below two)."""

    value: float
    low: float | None
    high: float | None
    n: int


def ratios(above: NDArray[np.float64], below: NDArray[np.float64]) -> list[Figure]:
    """Sum up columns as the ratio of two sums; with `below` all ones, as their means.

    Args:
        above: what is summed, shape (columns, questions).
        below: what it is divided by, in the same shape; above 0 in every question.

    """

    def statistic(drawn: NDArray[np.int64], axis: int = -1) -> NDArray[np.float64]:
        # How often each question was drawn, then one matrix product for all columns.
        rows, n = np.atleast_2d(drawn), drawn.shape[-1]
        shifted = rows + n * np.arange(len(rows))[:, None]
        times = np.bincount(shifted.ravel(), minlength=rows.size).reshape(rows.shape)
        return (above @ times.T) / (below @ times.T)

    return _figures(statistic, above.sum(axis=1) / below.sum(axis=1), above.shape[1])


def quantiles(values: NDArray[np.float64], wanted: Sequence[float]) -> list[Figure]:
    """Give quantiles of one column, shape (questions,), in the order wanted."""

    def statistic(drawn: NDArray[np.int64], axis: int = -1) -> Any:
        return np.quantile(values[np.atleast_2d(drawn)], wanted, axis=axis)

    return _figures(statistic, np.quantile(values, wanted), len(values))


def _figures(statistic: Any, found: Sequence[float] | NDArray[Any], n: int) -> list[Figure]:
    from scipy.stats import bootstrap

    if n < 2:
        return [Figure(float(value), None, None, n) for value in found]
    # Percentile, not BCa: BCa is undefined where all values are the same.
    ends = bootstrap(
        (np.arange(n),), statistic, n_resamples=RESAMPLES, batch=BATCH, method="percentile",
        vectorized=True, rng=SEED,
    ).confidence_interval  # fmt: skip
    return [
        # A mean of equal values may differ from them in its last bit.
        Figure(float(value), min(float(low), float(value)), max(float(high), float(value)), n)
        for value, low, high in zip(found, np.ravel(ends.low), np.ravel(ends.high), strict=True)
    ]
