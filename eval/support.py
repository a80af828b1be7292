"""Human judgements of ExpertQA → how well support is told from the lack of it.

219 questions whose answers were cut into claims, each with the passage cited for it
and an annotator's judgement: Complete, Partial or Incomplete (Malaviya et al., arXiv
2309.07852). Two of the six systems cite an address without a passage; nothing can be
judged there, and their claims are left out. A claim is supported where the judgement is
Complete and not where it is Incomplete; Partial is neither, and counts in `auc_strict`
alone, as not supported. The model was fitted on the half of the questions that is `dev`;
figures are those of `test` unless they say otherwise.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from eval.bootstrap import RESAMPLES, SEED
from eval.metrics import Figure
from eval.reading import Item
from eval.suites import Split, shared
from rag.answer.support import Evidence, model, probability, weigh
from rag.answer.terms import Vocabulary

ABOUT = "219 questions of ExpertQA: does the passage cited support the claim?"
SCORERS: Mapping[str, str] = {
    "": "the product's support score",
    " of words": "words covered, each alike",
    " of meaning": "cosine of the nearest sentence",
    " of overlap": "ROUGE-2 recall: pairs of words",
}
RANKED: Mapping[str, str] = {
    "auc": "chance that a supported claim scores higher (ROC)",
    "average_precision": "average precision of supported claims",
    "auc_strict": "the same as auc, Partial being not supported",
}
JUDGED: Mapping[str, str] = {
    "precision": "told supported, and are",
    "recall": "supported, and told so",
    "f1": "harmonic mean of both",
    "specificity": "not supported, and told so",
    "balanced_accuracy": "mean of recall and specificity",
}
FIGURES: Mapping[str, str] = {
    **{f"{name}{who}": f"{told}; {what}" for who, what in SCORERS.items()
       for name, told in RANKED.items()},
    **{name: f"{told}, at the product's threshold" for name, told in JUDGED.items()},
    "base_rate": "supported claims among those judged",
    "auc dev": "auc of the product's features on dev, ten-fold cross-validated",
}  # fmt: skip
BARS: Mapping[str, float] = {}

_ADDRESS = re.compile(r"\s*\[\d+\]\s*\S+\s*")
_MARK = re.compile(r"\s*\[\d+\]|\*\*")


@dataclass(frozen=True, slots=True)
class Pair:
    """A claim, the passages cited for it, and how it was judged."""

    id: str
    question: str
    system: str
    claim: str
    evidence: str
    judged: str  # Complete, Partial or Incomplete

    @property
    def split(self) -> Split:
        """The half that its question is in, told by the question's digest."""
        return "dev" if hashlib.sha256(self.question.encode()).digest()[0] % 2 else "test"


def gold() -> tuple[Path, ...]:
    """Name the file that the suite needs."""
    return (shared() / "benchmarks" / "expertqa" / "support_labels.jsonl",)


def pairs(path: Path, limit: int | None = None) -> list[Pair]:
    """Read the claims of the first `limit` questions that have a passage and a judgement."""
    found: list[Pair] = []
    lines = path.read_text(encoding="utf-8").split("\n")
    for number, line in enumerate([line for line in lines if line.strip()][:limit], start=1):
        row = json.loads(line)
        for system, answer in row["answers"].items():
            for place, claim in enumerate(answer["claims"], start=1):
                evidence = _passages(claim["evidence"])
                if evidence and claim["support"] in ("Complete", "Partial", "Incomplete"):
                    found.append(Pair(
                        f"{number}.{place}", row["question"], system,
                        _MARK.sub("", claim["claim_string"]).strip(), evidence, claim["support"],
                    ))  # fmt: skip
    return found


def _passages(cited: Sequence[str]) -> str:
    """What is cited, without the addresses; empty where there is nothing but them."""
    texts = (passage.partition("\n\n") for passage in cited)
    bodies = [body if _ADDRESS.fullmatch(head) else f"{head}\n\n{body}" for head, _, body in texts]
    return "\n\n".join(body.strip() for body in bodies if body.strip())


def vocabulary(texts: Sequence[str]) -> Vocabulary:
    """See text as the word index does, the passages being its paragraphs."""
    from rag.store.words import analyzer

    cut: Callable[[str], list[str]] = analyzer().analyze
    held = Counter(stem for text in texts for stem in set(cut(text)))
    return Vocabulary(cut, lambda stems: {stem: held[stem] for stem in stems}, len(texts))


def weighed(found: Sequence[Pair]) -> list[Evidence]:
    """Weigh every pair with the local embedder, in one batch."""
    terms = vocabulary(list({pair.evidence for pair in found}))
    both = [(pair.claim, pair.evidence) for pair in found]
    return weigh(both, encode=_encode, terms=terms)


def _encode(texts: Sequence[str]) -> NDArray[np.float32]:
    """Encode with the local model; what was encoded once is kept beside the results."""
    from eval.run import results_folder
    from rag.encoder import DIMENSION, MODEL_SHA256, LocalEncoder

    path = results_folder() / "cache" / f"support-{MODEL_SHA256[:12]}.npz"
    known: dict[str, NDArray[np.float32]] = {}
    if path.is_file():
        with np.load(path) as kept:
            known = dict(zip(kept["digests"].tolist(), kept["vectors"], strict=True))
    digests = [hashlib.sha256(text.encode()).hexdigest() for text in texts]
    new = [i for i, digest in enumerate(digests) if digest not in known]
    if new:
        vectors = LocalEncoder().encode([texts[i] for i in new])
        known |= zip((digests[i] for i in new), vectors, strict=True)
        path.parent.mkdir(parents=True, exist_ok=True)
        rows = np.array(list(known.values()), dtype=np.float32).reshape(-1, DIMENSION)
        np.savez(path, digests=np.array(list(known)), vectors=rows)
    return np.array([known[digest] for digest in digests], dtype=np.float32)


def measure(limit: int | None) -> tuple[tuple[Item, ...], dict[str, dict[str, Figure]]]:
    """Judge every claim, and sum up: the test half overall, and for each system.

    Raises:
        BadInput: too few questions are left for both judgements to be among them.

    """
    from eval.calibrate_support import cross_validate
    from rag.errors import BadInput

    found = pairs(gold()[0], limit)
    test = [i for i, pair in enumerate(found) if pair.split == "test"]
    dev = [i for i, pair in enumerate(found) if pair.split == "dev"]
    for part in (test, dev):
        if len({found[i].judged for i in part} & {"Complete", "Incomplete"}) < 2:
            raise BadInput("The suite support needs more questions; leave --limit out.")
    evidence = weighed(found)
    scores = _scores(found, evidence)
    figures = {
        "overall": _figures([found[i] for i in test], {k: v[test] for k, v in scores.items()})
    }
    crossed = cross_validate([found[i] for i in dev], [evidence[i] for i in dev])
    figures["overall"]["auc dev"] = _figures([found[i] for i in dev], {"": crossed})["auc"]
    for system in dict.fromkeys(pair.system for pair in found):
        theirs = [i for i in test if found[i].system == system]
        if len({found[i].judged for i in theirs} & {"Complete", "Incomplete"}) == 2:
            figures[f"document {system}"] = _figures(
                [found[i] for i in theirs], {"": scores[""][theirs]}
            )
    items = tuple(_item(pair, float(s)) for pair, s in zip(found, scores[""], strict=True))
    return items, figures


def _scores(found: Sequence[Pair], evidence: Sequence[Evidence]) -> dict[str, NDArray[Any]]:
    """The product's score of every pair, and those of the baselines."""
    cut = vocabulary([]).terms
    words = [(set(cut(pair.claim)), set(cut(pair.evidence))) for pair in found]
    return {
        "": np.array([probability(one) for one in evidence]),
        " of words": np.array([len(c & e) / max(1, len(c)) for c, e in words]),
        " of meaning": np.array([one.similarity for one in evidence]),
        " of overlap": np.array([one.pairs for one in evidence]),
    }


def _item(pair: Pair, score: float) -> Item:
    told = score >= model().threshold
    partial = pair.judged == "Partial"
    right = partial or told == (pair.judged == "Complete")
    return Item(
        id=pair.id,
        document=pair.system,
        due=f"{pair.judged}: {pair.claim}",
        got=f"{score:.2f}, {'supported' if told else 'not supported'}",
        scores={"accuracy": None if partial else float(right), "support": score},
        right=right,
        mark=f"{pair.split}{', judged Partial: counts in auc_strict alone' if partial else ''}",
    )


def _figures(found: Sequence[Pair], scores: Mapping[str, NDArray[Any]]) -> dict[str, Figure]:
    """Every figure, with intervals over questions: claims of one question are alike."""
    questions = list(dict.fromkeys(pair.question for pair in found))
    place = {question: i for i, question in enumerate(questions)}
    at = np.array([place[pair.question] for pair in found])
    rng = np.random.default_rng(SEED)
    drawn = rng.multinomial(len(questions), [1 / len(questions)] * len(questions), RESAMPLES)
    # The first row is the set as it is; each other says how often each claim was drawn.
    times = np.concatenate([np.ones((1, len(found))), drawn[:, at]])
    complete = np.array([pair.judged == "Complete" for pair in found])
    binary = np.array([pair.judged != "Partial" for pair in found])
    columns: dict[str, tuple[NDArray[Any], int]] = {}
    n, y, t = int(binary.sum()), complete[binary], times[:, binary]
    for who, every in scores.items():
        columns[f"auc{who}"] = auc(y, every[binary], t), n
        columns[f"average_precision{who}"] = average_precision(y, every[binary], t), n
        columns[f"auc_strict{who}"] = auc(complete, every, times), len(found)
    told = scores[""][binary] >= model().threshold
    for name, values in _judgements(y, told, t).items():
        columns[name] = values, n
    columns["base_rate"] = (t @ y) / t.sum(axis=1), n
    return {name: _figure(values, n) for name, (values, n) in columns.items()}


def _figure(values: NDArray[Any], n: int) -> Figure:
    """The first value, with the interval of the others; resamples of one kind alone say nothing."""
    low, high = np.nanquantile(values[1:], (0.025, 0.975))
    return Figure(float(values[0]), float(low), float(high), n)


def _judgements(y: NDArray[Any], told: NDArray[Any], t: NDArray[Any]) -> dict[str, NDArray[Any]]:
    right, supported, said = t @ (y & told), t @ y, t @ told
    refused, lacking = t @ (~y & ~told), t @ ~y
    with np.errstate(invalid="ignore"):
        recall, specificity = right / supported, refused / lacking
        return {
            "precision": right / said,
            "recall": recall,
            "f1": 2 * right / (supported + said),
            "specificity": specificity,
            "balanced_accuracy": (recall + specificity) / 2,
        }


def auc(y: NDArray[Any], scores: NDArray[Any], times: NDArray[Any]) -> NDArray[Any]:
    """Area under the ROC curve, ties counting half, for each row of weights.

    As `sklearn.metrics.roc_auc_score` with `sample_weight`, for all rows at once.

    Args:
        y: which are positive, shape (n,).
        scores: shape (n,).
        times: the weights, shape (rows, n).

    """
    above, below = scores[y][:, None], scores[~y][None, :]
    wins = (above > below) + 0.5 * (above == below)
    positive, negative = times[:, y].astype(float), times[:, ~y].astype(float)
    with np.errstate(invalid="ignore"):
        return ((positive @ wins) * negative).sum(axis=1) / (
            positive.sum(axis=1) * negative.sum(axis=1)
        )


def average_precision(y: NDArray[Any], scores: NDArray[Any], times: NDArray[Any]) -> NDArray[Any]:
    """Average precision for each row of weights; as `average_precision_score` of scikit-learn."""
    order = np.argsort(-scores, kind="stable")
    weights = times[:, order].astype(float)
    ends = np.flatnonzero(np.append(np.diff(scores[order]) != 0, True))  # equal scores are one step
    true = np.cumsum(weights * y[order], axis=1)[:, ends]
    every = np.cumsum(weights, axis=1)[:, ends]
    steps = np.diff(true, axis=1, prepend=0)
    with np.errstate(invalid="ignore"):
        precision = np.divide(true, every, out=np.zeros_like(true), where=every > 0)
        return (steps * precision).sum(axis=1) / true[:, -1]
