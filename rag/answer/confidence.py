"""Evidence → the probability that the record answers.

A logistic model over a few features; its weights stand in `confidence.json`,
fitted on the development questions by `python -m eval.calibrate`.
"""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass, fields
from functools import lru_cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for and against the record answering, all roughly in [0, 1]."""

    coverage: float  # of the question's words, by rarity, in the best paragraph
    sentence_coverage: float  # the same in its best sentence
    similarity: float  # cosine of the nearest sentence anywhere
    sentence_similarity: float  # cosine of the nearest sentence of the best paragraph
    rarest_missing: float  # weight of the rarest word that is not there
    figures_missing: float  # 1 if a figure of the question is not there
    type_missing: float  # 1 if no figure or date is there and one is asked for
    request_only: float  # 1 if the best sentence asks, and a statement is wanted
    score: float  # of the best sentence


FEATURES = tuple(field.name for field in fields(Evidence))


@dataclass(frozen=True, slots=True)
class Model:
    """Weights of the logistic model and the threshold under which it refuses."""

    weights: dict[str, float]
    bias: float
    threshold: float


@lru_cache(maxsize=1)
def model() -> Model:
    """The committed model."""
    data = json.loads((files("rag.answer") / "confidence.json").read_text(encoding="utf-8"))
    return Model(weights=data["weights"], bias=data["bias"], threshold=data["threshold"])


def confidence(evidence: Evidence) -> float:
    """Probability, in [0, 1], that the record answers."""
    chosen = model()
    values = asdict(evidence)
    z = chosen.bias + sum(chosen.weights[name] * values[name] for name in FEATURES)
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, z))))
