"""Development questions → the weights in `rag/answer/confidence.json`.

    python -m eval.calibrate [--write]

Relevance is fitted on pairs (a gold paragraph above one that is not), confidence
on whether a question is answerable, both logistic with an L2 penalty. Figures
are printed from five-fold cross-validation over questions; the test split of the
suites is never read.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

if TYPE_CHECKING:
    from rag.record import Record

FOLDS = 5
PENALTY = 0.02
SEED = 20160623
TARGET = Path(__file__).resolve().parent.parent / "rag" / "answer" / "confidence.json"


@dataclass(frozen=True)
class Case:
    """One question with the evidence for each of its candidates."""

    evidence: NDArray[np.float64]  # (candidates, features)
    gold: NDArray[np.bool_]  # (candidates,)
    answerable: bool


def main() -> int:
    """Fit, print cross-validated figures, and write with --write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="replace the committed weights")
    write: bool = parser.parse_args().write
    from rag.answer.confidence import FEATURES

    cases = [case for suite in ("sample", "sr-3272") for case in gather(suite)]
    print(f"{len(cases)} questions, {sum(case.answerable for case in cases)} answerable")
    hits: list[float] = []
    chances: list[float] = []
    wanted: list[bool] = []
    order = np.random.default_rng(SEED).permutation(len(cases))
    for fold in range(FOLDS):
        held = set(order[fold::FOLDS].tolist())
        train = [case for i, case in enumerate(cases) if i not in held]
        weights = fit_relevance(train)
        confidence, bias = fit_confidence(train, weights)
        for i in held:
            best = top(cases[i], weights)
            if cases[i].answerable:
                hits.append(float(cases[i].gold[best]))
            chances.append(chance(cases[i].evidence[best], confidence, bias))
            wanted.append(cases[i].answerable)
    threshold = best_threshold(chances, wanted)
    precision, recall = refusals(chances, wanted, threshold)
    print(f"cross-validated: hit@1 {np.mean(hits):.3f}, refusal precision {precision:.3f}, "
          f"recall {recall:.3f} at threshold {threshold:.2f}")  # fmt: skip
    weights = fit_relevance(cases)
    confidence, bias = fit_confidence(cases, weights)
    model = {
        "relevance": dict(zip(FEATURES, np.round(weights, 4).tolist(), strict=True)),
        "confidence": dict(zip(FEATURES, np.round(confidence, 4).tolist(), strict=True)),
        "bias": round(bias, 4),
        "threshold": round(threshold, 4),
    }
    print(json.dumps(model, indent=1))
    if write:
        TARGET.write_text(json.dumps(model, indent=1) + "\n", encoding="utf-8")
    return 0


def gather(suite: str) -> list[Case]:
    """The evidence for every development question of a suite."""
    import tempfile

    from eval.suites import load
    from rag.config import Settings
    from rag.record import Record

    loaded = load(suite)
    with tempfile.TemporaryDirectory() as folder:
        record = Record(Settings(index=Path(folder) / "index"))
        record.add([source.path for source in loaded.sources])
        return [
            case
            for question in loaded.cases
            if question.split == "dev"
            and (case := _case(record, question.question, question.history, question.gold,
                               question.answerable)) is not None
        ]  # fmt: skip


def _case(
    record: Record,
    question: str,
    history: Sequence[str],
    gold: Sequence[tuple[str, str]],
    answerable: bool,
) -> Case | None:
    from rag.domain import QA

    candidates = record.candidates(question, history=[QA(h) for h in history])
    if not candidates:
        return None
    right = {tuple(pair) for pair in gold}
    return Case(
        evidence=np.array([astuple(c.evidence) for c in candidates]),
        gold=np.array(
            [(c.passage.paragraph.document, c.passage.paragraph.label) in right for c in candidates]
        ),
        answerable=answerable,
    )


def fit_relevance(cases: Sequence[Case], prior: NDArray[np.float64]) -> NDArray[np.float64]:
    """Weights, near the prior, under which gold paragraphs stand above the others."""
    pairs = [
        (case.evidence[case.gold][:, None, :] - case.evidence[~case.gold][None, :, :]).reshape(
            -1, case.evidence.shape[1]
        )
        for case in cases
        if case.gold.any() and not case.gold.all()
    ]
    # Every question counts alike, however many pairs it gives.
    share = np.concatenate([np.full(len(p), 1 / len(p)) for p in pairs]) / len(pairs)
    differences = np.concatenate(pairs)

    def loss(w: NDArray[np.float64]) -> float:
        far = w - prior
        return float(share @ np.logaddexp(0, -(differences @ w)) + PENALTY * (far @ far))

    return minimize(loss, prior, method="L-BFGS-B").x


def fit_confidence(
    cases: Sequence[Case], relevance: NDArray[np.float64], prior: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Weights and, last, the bias that tell answerable questions by their best paragraph."""
    best = np.array([case.evidence[top(case, relevance)] for case in cases])
    signs = np.where([case.answerable for case in cases], 1.0, -1.0)

    def loss(w: NDArray[np.float64]) -> float:
        z = best @ w[:-1] + w[-1]
        far = w - prior
        return float(np.logaddexp(0, -signs * z).mean() + PENALTY * (far @ far))

    return minimize(loss, prior, method="L-BFGS-B").x


def top(case: Case, weights: NDArray[np.float64]) -> int:
    """The candidate that stands first."""
    return int(np.argmax(case.evidence @ weights))


def chance(evidence: NDArray[np.float64], weights: NDArray[np.float64]) -> float:
    """Probability that the record answers; the last weight is the bias."""
    return float(1 / (1 + np.exp(-(evidence @ weights[:-1] + weights[-1]))))


def refusals(
    chances: Sequence[float], wanted: Sequence[bool], threshold: float
) -> tuple[float, float]:
    """Precision and recall of refusing."""
    refused = [c < threshold for c in chances]
    right = sum(r and not w for r, w in zip(refused, wanted, strict=True))
    return right / max(1, sum(refused)), right / max(1, sum(not w for w in wanted))


def best_threshold(chances: Sequence[float], wanted: Sequence[bool]) -> float:
    """The threshold with the best F1 of refusals."""

    def f1(threshold: float) -> float:
        precision, recall = refusals(chances, wanted, threshold)
        return 2 * precision * recall / (precision + recall) if precision + recall else 0.0

    return float(max(np.linspace(0.05, 0.95, 91), key=f1))


if __name__ == "__main__":
    sys.exit(main())
