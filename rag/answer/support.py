"""A claim and the words it rests on → how likely it is that they support it.

A small logistic model over what can be told without a language model: how many of the
claim's words stand there, weighted by how rare they are, how near its best sentence is
in meaning, and whether figures, names and negations agree. Its weights stand in
`support.json`, fitted on human judgements of ExpertQA (Malaviya et al., arXiv
2309.07852) by `python -m eval.calibrate_support`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from rag.answer.logistic import Model, likelihood, load
from rag.answer.terms import Vocabulary
from rag.sentences import sentences

_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")
_NAME = re.compile(  # a word that is not capital because a sentence begins with it
    r"(?:(?<=[\w,;:)] )|(?<=\b(?:M|D)[rs]\. )|(?<=\bMrs\. ))[A-ZÀ-Þ][\w'’-]+|\b[A-Z]{2,}\b"
)
_NEGATION = re.compile(
    r"\b(?:not?|never|none|nobody|nothing|neither|nor|cannot|without|lacks?|lacked|unable)\b"
    r"|n['’]t\b",
    re.IGNORECASE,
)

Encode = Callable[[Sequence[str]], NDArray[np.float32]]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for and against a text supporting a claim, each in [0, 1]."""

    coverage: float  # of the claim's words, by rarity, in the text
    sentence_coverage: float  # the most in one sentence and the next
    pairs: float  # share of the claim's pairs of neighbouring words that stand there
    similarity: float  # cosine of the nearest sentence
    window_similarity: float  # cosine of the nearest two in a row, by the mean of their vectors
    rarest_missing: float  # 1 if the claim's rarest word is not there
    figures_missing: float  # share of the claim's figures that are not there
    names_missing: float  # share of its names that are not there
    negation_apart: float  # 1 if the claim denies and its best sentence does not, or the reverse


FEATURES = tuple(field.name for field in fields(Evidence))


def model() -> Model:
    """The committed model."""
    return load("support")


def support(claim: str, evidence: str, *, encode: Encode, terms: Vocabulary) -> float:
    """How likely it is that a text supports a claim, in [0, 1].

    Args:
        claim: a statement, without its citation.
        evidence: the words that it rests on.
        encode: texts → unit vectors, shape (n, dimension).
        terms: how the word index sees text, for how rare a word is.

    """
    return probability(weigh([(claim, evidence)], encode=encode, terms=terms)[0])


def probability(evidence: Evidence) -> float:
    """The model's judgement of what was weighed, in [0, 1]."""
    return likelihood(evidence, model())


def weigh(pairs: Sequence[tuple[str, str]], *, encode: Encode, terms: Vocabulary) -> list[Evidence]:
    """Weigh many claims, each with its evidence; every distinct text is encoded once."""
    cut = [[text[a:b] for a, b in sentences(text)] for _, text in pairs]
    texts = dict.fromkeys(claim for claim, _ in pairs)
    texts |= dict.fromkeys(sentence for single in cut for sentence in single)
    vectors = dict(zip(texts, encode(list(texts)), strict=True)) if texts else {}
    rarity = _rarity([text for pair in pairs for text in pair], terms)
    return [
        _weigh(claim, evidence, single, vectors, rarity, terms)
        for (claim, evidence), single in zip(pairs, cut, strict=True)
    ]


def _rarity(texts: Sequence[str], terms: Vocabulary) -> dict[str, float]:
    stems = list({stem for text in texts for stem in terms.terms(text)})
    held, n = terms.frequency(stems), max(1, terms.size)
    return {s: math.log(1 + (n - held[s] + 0.5) / (held[s] + 0.5)) for s in stems}


def _weigh(
    claim: str,
    evidence: str,
    single: Sequence[str],
    vectors: dict[str, NDArray[np.float32]],
    rarity: dict[str, float],
    terms: Vocabulary,
) -> Evidence:
    ordered, there = terms.terms(claim), terms.terms(evidence)
    stems = set(ordered)
    wanted, shown = set(pairwise(ordered)), set(pairwise(there))
    near = [float(vectors[claim] @ vectors[sentence]) for sentence in single]
    best = single[int(np.argmax(near))] if near else ""
    held = [set(terms.terms(sentence)) for sentence in single]
    windows = [a | b for a, b in pairwise(held)] or held
    rarest = max(sorted(stems), key=rarity.__getitem__, default=None)
    denies = [_NEGATION.search(text) is not None for text in (claim, best)]
    return Evidence(
        coverage=_covered(stems, set(there), rarity),
        sentence_coverage=max((_covered(stems, window, rarity) for window in windows), default=0.0),
        pairs=len(wanted & shown) / len(wanted) if wanted else 0.0,
        similarity=max(0.0, *near, 0.0),
        window_similarity=_window_similarity(claim, single, vectors),
        rarest_missing=float(rarest is not None and rarest not in there),
        figures_missing=_missing(map(_number, _FIGURE.findall(claim)),
                                 set(map(_number, _FIGURE.findall(evidence)))),
        names_missing=_missing(_NAME.findall(claim), set(re.findall(r"[\w'’-]+", evidence))),
        negation_apart=float(denies[0] != denies[1]),
    )  # fmt: skip


def _window_similarity(
    claim: str, single: Sequence[str], vectors: dict[str, NDArray[np.float32]]
) -> float:
    sums = [vectors[a] + vectors[b] for a, b in pairwise(single)] or [vectors[s] for s in single]
    lengths = (max(1e-12, float(np.linalg.norm(v))) for v in sums)
    near = (float(vectors[claim] @ v) / n for v, n in zip(sums, lengths, strict=True))
    return max(0.0, *near, 0.0)


def _covered(stems: set[str], there: set[str], rarity: dict[str, float]) -> float:
    total = sum(rarity[stem] for stem in stems)
    return sum(rarity[stem] for stem in stems & there) / total if total else 0.0


def _missing(wanted: Iterable[str], there: set[str]) -> float:
    looked_for = set(wanted)
    return len(looked_for - there) / len(looked_for) if looked_for else 0.0


def _number(figure: str) -> str:
    """1,282 and 1282 are one number."""
    return re.sub(r",(?=\d{3}\b)", "", figure)
