"""Evidence as numbers, and committed weights → how likely it is what is asked for."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True, slots=True)
class Model:
    """The weight of each number, and the probability from which it counts as so."""

    weights: dict[str, float]
    bias: float
    threshold: float


@lru_cache
def load(name: str) -> Model:
    """The committed model of this name (`support`: `support.json`)."""
    data = json.loads((files("rag.answer") / f"{name}.json").read_text(encoding="utf-8"))
    return Model(data["weights"], data["bias"], data["threshold"])


def likelihood(evidence: Any, chosen: Model) -> float:
    """The probability of what a dataclass of numbers tells, in [0, 1]."""
    told = asdict(evidence)
    z = chosen.bias + sum(weight * told[name] for name, weight in chosen.weights.items())
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, z))))
