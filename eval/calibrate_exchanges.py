"""Development questions of `exchanges` → the weights in `rag/answer/exchanges.json`.

    python -m eval.calibrate_exchanges [--write]

Logistic, over pairs of a question and a paragraph of a delegation after it. A part of a
sentence that has a line of its own cannot be told from the others, so that the parts of
one sentence share its replies: a pair counts as right for the part that likes it best.
The threshold is the lowest from which on enough of the links are right. Figures are cross-validated by the
paragraph that asks.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from eval.exchanges import Due, due, is_at, record
from rag.answer.exchanges import FEATURES, Heard

FOLDS = 10
PENALTY = 3.0  # on weights of features of unit spread
PRECISION = 0.85  # of the links that are told
SEED = 3272
TARGET = Path(__file__).resolve().parent.parent / "rag" / "answer" / "exchanges.json"
# Only these may speak against a reply.
FREE = frozenset({"next_turn", "meeting"})


@dataclass(frozen=True)
class Asked:
    """A sentence that asks, with every paragraph that may reply."""

    group: str  # the paragraph that asks
    x: NDArray[np.float64]  # (pairs, features)
    right: NDArray[np.bool_]  # (pairs,)
    replies: int  # that are due


def main() -> int:
    """Fit, print cross-validated figures, and write with --write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="replace the committed weights")
    write: bool = parser.parse_args().write
    asked = gather([row for row in due() if row.split == "dev"])
    chances = _crossed(asked)
    threshold = _best(asked, chances)
    precision, recall = _links(asked, chances, threshold)
    silent = np.array([not (c >= threshold).any() for c in chances])
    unanswered = np.array([one.replies == 0 for one in asked])
    both = (silent & unanswered).sum()
    print(
        f"{len(asked)} questions, cross-validated: links precision {precision:.3f}, recall "
        f"{recall:.3f}; “no reply found” precision {both / max(1, silent.sum()):.3f}, recall "
        f"{both / max(1, unanswered.sum()):.3f}"
    )
    weights = _fit(asked)
    model = {
        "weights": dict(zip(FEATURES, np.round(weights[:-1], 4).tolist(), strict=True)),
        "bias": round(float(weights[-1]), 4),
        "threshold": round(threshold, 3),
    }
    print(json.dumps(model, indent=1))
    if write:
        TARGET.write_text(json.dumps(model, indent=1) + "\n", encoding="utf-8")
    return 0


def gather(rows: Sequence[Due]) -> list[Asked]:
    """The evidence for every pair of the rows' questions."""
    from rag.answer.exchanges import Texts, likenesses, questions
    from rag.linking import later, vocabulary

    found: list[Asked] = []
    with tempfile.TemporaryDirectory() as folder:
        made = record(Path(folder))
        index = made.index
        index.check()
        texts = Texts(made.encoder, index.vectors.sentences, vocabulary(index))
        for name in dict.fromkeys(row.document for row in rows):
            asked = [q for p in made.document(name).paragraphs for q in questions(p)]
            replies = later(index, name)
            here = [row for row in rows if row.document == name]
            for question, parts in zip(asked, likenesses(asked, replies, texts), strict=True):
                label, words = question.paragraph.label, question.paragraph.text[question.start :]
                row = next((row for row in here if is_at(row, label, words)), None)
                if row is not None and parts[0]:
                    found.append(_asked(row, parts))
    return found


def _asked(row: Due, parts: Sequence[Sequence[Heard]]) -> Asked:
    """The best of a sentence's parts for each paragraph that may reply."""
    best: dict[tuple[str, str], NDArray[np.float64]] = {}
    for part in parts:
        for heard in part:
            key = (heard.paragraph.document, heard.paragraph.label)
            values = np.array(astuple(heard.likeness))
            if key not in best or values.sum() > best[key].sum():
                best[key] = values
    keys = list(best)
    return Asked(
        f"{row.document}#{row.asked}",
        np.array([best[key] for key in keys]),
        np.array([key in row.replies for key in keys]),
        len(row.replies),
    )


def _fit(asked: Sequence[Asked]) -> NDArray[np.float64]:
    x = np.concatenate([one.x for one in asked])
    right = np.concatenate([one.right for one in asked])
    mean, spread = x.mean(axis=0), x.std(axis=0) + 1e-6
    z0, signs = (x - mean) / spread, np.where(right, 1.0, -1.0)
    share = 1 / len(signs)

    def loss(w: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        z = signs * (z0 @ w[:-1] + w[-1])
        slope = -signs / (1 + np.exp(z)) * share
        value = share * np.logaddexp(0, -z).sum() + 0.5 * PENALTY * share * (w[:-1] @ w[:-1])
        return float(value), np.append(slope @ z0 + PENALTY * share * w[:-1], slope.sum())

    bounds = [(None, None) if name in FREE else (0.0, None) for name in FEATURES]
    fitted = minimize(
        loss, np.zeros(x.shape[1] + 1), jac=True, method="L-BFGS-B", bounds=[*bounds, (None, None)]
    ).x
    weights = fitted[:-1] / spread
    return np.append(weights, fitted[-1] - weights @ mean)


def _crossed(asked: Sequence[Asked]) -> list[NDArray[np.float64]]:
    groups = sorted({one.group for one in asked})
    order = np.random.default_rng(SEED).permutation(len(groups))
    fold = {groups[g]: at % FOLDS for at, g in enumerate(order)}
    chances: list[NDArray[np.float64]] = [np.zeros(0)] * len(asked)
    for k in range(FOLDS):
        weights = _fit([one for one in asked if fold[one.group] != k])
        for at, one in enumerate(asked):
            if fold[one.group] == k:
                chances[at] = 1 / (1 + np.exp(-(one.x @ weights[:-1] + weights[-1])))
    return chances


def _links(
    asked: Sequence[Asked], chances: Sequence[NDArray[np.float64]], threshold: float
) -> tuple[float, float]:
    told = sum(int((c >= threshold).sum()) for c in chances)
    right = sum(
        int(((c >= threshold) & one.right).sum()) for one, c in zip(asked, chances, strict=True)
    )
    return right / max(1, told), right / max(1, sum(one.replies for one in asked))


def _best(asked: Sequence[Asked], chances: Sequence[NDArray[np.float64]]) -> float:
    """The lowest threshold from which on enough of the links that are told are right."""
    grid = [float(t) for t in np.linspace(0.05, 0.95, 91)]
    wrong = [t for t in grid if _links(asked, chances, t)[0] < PRECISION]
    return min((t for t in grid if t > max(wrong, default=0.0)), default=0.95)


if __name__ == "__main__":
    sys.exit(main())
