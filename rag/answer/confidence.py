"""Evidence → how relevant a paragraph is, and whether the record answers at all.

Two linear models over the same features; their weights stand in
`confidence.json`, fitted on the development questions by `python -m eval.calibrate`.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, fields
from functools import lru_cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for and against one paragraph answering, each roughly in [0, 1]."""

    fused: float  # the retriever's score
    coverage: float  # of the question's words, by rarity, in the paragraph with its context
    sentence_coverage: float  # the most in one sentence
    similarity: float  # cosine of its nearest sentence
    second_similarity: float  # cosine of its second nearest sentence
    figures_missing: float  # 1 if a figure of the question is not there
    figures_apart: float  # 1 if it is there, but not near the best sentence
    names_missing: float  # share of the question's names that are not there
    names_unknown: float  # share of them that stand nowhere in the record
    type_missing: float  # 1 if a figure or date is asked for and the best sentence has none
    other_side: float  # 1 if the other side speaks than the one asked for
    request: float  # 1 if the best sentence asks and a statement is wanted
    deferred: float  # 1 if the best sentence puts the answer off
    weak: float  # how far both coverage and similarity are from what answers have
    other_speaker: float  # 1 if somebody else speaks than the one whose words are wanted
    speaker_gap: float  # how much more somebody else's best paragraph speaks to the question
    own_words: float = 0.0  # coverage by the question's own words alone
    window_coverage: float = 0.0  # coverage in the best sentence with its neighbours and heading
    term_missing: float = 0.0  # rarity of the rarest term that is not in the paragraph, of 1
    term_far: float = 0.0  # … that is not in the best sentence, its neighbours or the heading
    terms_far: float = 0.0  # share of the terms that are not there
    side_gap: float = 0.0  # how much more the other side's best paragraph speaks to it
    year_apart: float = 0.0  # 1 if what is asked for a year is told of another year only
    elsewhere: float = 0.0  # 1 if the question names a State, body or document, and this is another
    head_missing: float = 0.0  # 1 if the thing that is to be counted is not in the best sentences
    reason_missing: float = 0.0  # 1 if a reason is asked for and no word of the sentences gives one
    others: float = 0.0  # mean similarity of the other candidates: an answer stands out among them
    terms: float = 0.0  # logarithm of how many terms the question has
    link: float = 0.0  # how near a reply comes to what a member asked on the subject
    linked: float = 0.0  # how likely it replies to a member's question that was found
    topic_far: float = 0.0  # rarity, of the rarest there can be, of a term that names nobody and is
    # not in the best sentence, its neighbours or the heading
    unknown: float = 0.0  # share of such terms that no record searched holds, nor a synonym of them
    asks_reason: float = 0.0  # 1 if a reason is asked for
    asks_person: float = 0.0  # 1 if a person is asked for
    asks_number: float = 0.0  # 1 if a figure, sum or date is asked for
    among_states: float = (
        0.0  # 1 if States speak to States: in a debate, or a State's review by others
    )
    answers: float = (
        0.0  # that a sentence answers, as the reader tells: from -1 to 1, 0 if not read
    )


FEATURES = tuple(field.name for field in fields(Evidence))


@dataclass(frozen=True, slots=True)
class Model:
    """Weights of both models, and the probability under which the answer is refused."""

    relevance: dict[str, float]
    confidence: dict[str, float]
    bias: float
    threshold: float


@lru_cache(maxsize=1)
def model() -> Model:
    """The committed model."""
    data = json.loads((files("rag.answer") / "confidence.json").read_text(encoding="utf-8"))
    return Model(
        relevance=data["relevance"],
        confidence=data["confidence"],
        bias=data["bias"],
        threshold=data["threshold"],
    )


def relevance(evidence: Evidence) -> float:
    """How much a paragraph speaks to the question; only the order means something."""
    weights = model().relevance
    return sum(weight * getattr(evidence, name) for name, weight in weights.items() if weight)


def confidence(best: Evidence) -> float:
    """Probability, in [0, 1], that the record answers, told by its best paragraph."""
    chosen = model()
    z = chosen.bias + sum(w * getattr(best, name) for name, w in chosen.confidence.items() if w)
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, z))))
