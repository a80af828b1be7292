"""Judged claims of the dev half of ExpertQA → the weights in `rag/answer/support.json`.

    python -m eval.calibrate_support [--write]

Logistic, drawn towards a prior that was set by reasoning, both judgements counting alike.
Figures are printed from ten-fold cross-validation over questions; the test half is
never looked at.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import astuple
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from eval.support import Pair, auc, gold, pairs, weighed
from rag.answer.support import FEATURES, Evidence

FOLDS = 10
PENALTY = 0.2  # by cross-validation; from 0.002 to 1 the auc moves by 0.01
SEED = 20231101
TARGET = Path(__file__).resolve().parent.parent / "rag" / "answer" / "support.json"
PRIOR: dict[str, float] = {
    "coverage": 2.0, "sentence_coverage": 1.0, "pairs": 1.0, "similarity": 2.0,
    "window_similarity": 1.0, "rarest_missing": -0.3, "figures_missing": -1.0,
    "names_missing": -0.5, "negation_apart": -0.5, "bias": -3.0,
}  # fmt: skip


def main() -> int:
    """Fit, print cross-validated figures, and write with --write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="replace the committed weights")
    write: bool = parser.parse_args().write
    found = [pair for pair in pairs(gold()[0]) if pair.split == "dev"]
    evidence = weighed(found)
    crossed = cross_validate(found, evidence)
    binary = np.array([pair.judged != "Partial" for pair in found])
    y = np.array([pair.judged == "Complete" for pair in found])[binary]
    threshold = best_threshold(y, crossed[binary])
    area = auc(y, crossed[binary], np.ones((1, len(y))))[0]
    print(f"{len(y)} claims, cross-validated: auc {area:.3f}, balanced accuracy "
          f"{balanced(y, crossed[binary] >= threshold):.3f} at {threshold:.2f}")  # fmt: skip
    weights = fit(found, evidence)
    model = {
        "prior": PRIOR,
        "weights": dict(zip(FEATURES, np.round(weights[:-1], 4).tolist(), strict=True)),
        "bias": round(float(weights[-1]), 4),
        "threshold": round(threshold, 4),
    }
    print(json.dumps(model, indent=1))
    if write:
        TARGET.write_text(json.dumps(model, indent=1) + "\n", encoding="utf-8")
    return 0


def cross_validate(found: Sequence[Pair], evidence: Sequence[Evidence]) -> NDArray[np.float64]:
    """Per pair, the probability by a model that saw no claim of its question."""
    questions = list(dict.fromkeys(pair.question for pair in found))
    order = np.random.default_rng(SEED).permutation(len(questions))
    fold = {questions[q]: place % FOLDS for place, q in enumerate(order)}
    chances = np.zeros(len(found))
    for held in range(FOLDS):
        seen = [i for i, pair in enumerate(found) if fold[pair.question] != held]
        weights = fit([found[i] for i in seen], [evidence[i] for i in seen])
        for i, pair in enumerate(found):
            if fold[pair.question] == held:
                z = np.dot(astuple(evidence[i]), weights[:-1]) + weights[-1]
                chances[i] = 1 / (1 + np.exp(-z))
    return chances


def fit(found: Sequence[Pair], evidence: Sequence[Evidence]) -> NDArray[np.float64]:
    """Weights and, last, the bias; Partial is left out."""
    chosen = [i for i, pair in enumerate(found) if pair.judged != "Partial"]
    x = np.array([(*astuple(evidence[i]), 1.0) for i in chosen])
    y = np.array([found[i].judged == "Complete" for i in chosen])
    signs = np.where(y, 1.0, -1.0)
    share = np.where(y, 0.5 / max(1, y.sum()), 0.5 / max(1, (~y).sum()))
    prior = np.array([PRIOR[name] for name in (*FEATURES, "bias")])

    def loss(w: NDArray[Any]) -> float:
        far = (w - prior)[:-1]
        return float(share @ np.logaddexp(0, -signs * (x @ w)) + PENALTY * (far @ far))

    return minimize(loss, prior, method="L-BFGS-B").x


def balanced(y: NDArray[Any], told: NDArray[Any]) -> float:
    """Mean of the shares of both judgements that are told rightly."""
    return float((told[y].mean() + (~told[~y]).mean()) / 2)


def best_threshold(y: NDArray[Any], chances: NDArray[Any]) -> float:
    """The threshold of the best balanced accuracy, in the middle where several are."""
    grid = np.linspace(0.05, 0.95, 91)
    reached = np.array([balanced(y, chances >= threshold) for threshold in grid])
    return float(np.median(grid[reached >= reached.max() - 0.005]))


if __name__ == "__main__":
    sys.exit(main())
