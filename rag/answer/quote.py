"""Passages → the sentences that answer, verbatim: the answerer that needs no model.

Sentences of the best passages are scored by the question's words they hold
(weighted by rarity), by meaning, and by whether they are of the kind asked for:
a figure, a date; something stated or something asked.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rag.answer.confidence import Evidence, confidence
from rag.domain import Citation, Claim, Passage
from rag.query import Query, holds_answer_type, is_request
from rag.sentences import sentences

CANDIDATES = 12  # passages whose sentences are read
CLAIMS = 4  # passages quoted at most
_PER_CLAIM = 3  # sentences quoted from one passage at most

Encode = Callable[[Sequence[str]], NDArray[np.float32]]

# Words of a question that frame it and say nothing of its subject (stems).
_FRAME = frozenset(
    """say said ask repli answer respond respons question deleg committe member state parti
    accord mani much mention record meet figur number tell told give given explain describ report
    name know want wonder think view did doe happen concern rais express regard relat date year
    which expert repres speaker inform provid offici govern issu long often what who when where how
    why put posit there wish""".split()
)


@dataclass(frozen=True, slots=True)
class Scored:
    """A sentence of a passage, with what speaks for it."""

    rank: int  # of its passage among the candidates
    start: int  # span in the paragraph's text
    end: int
    score: float


@dataclass(frozen=True, slots=True)
class Draft:
    """What an answerer proposes: claims not yet checked, and the passages in its order."""

    claims: tuple[Claim, ...]
    passages: tuple[Passage, ...]
    confidence: float  # that the record answers, in [0, 1]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """How the word index sees text."""

    terms: Callable[[str], list[str]]  # text → stems
    frequency: Callable[[Sequence[str]], dict[str, int]]  # stem → paragraphs that hold it
    size: int  # paragraphs in the index


def quote(
    query: Query,
    passages: Sequence[Passage],
    *,
    vocabulary: Vocabulary,
    encode: Encode,
) -> Draft:
    """Choose the sentences that answer.

    Args:
        query: the question, read.
        passages: what was retrieved, best first.
        vocabulary: stems and their frequencies.
        encode: texts → unit vectors, shape (n, dimension).

    """
    if not passages:
        return Draft((), (), 0.0)
    head = list(passages[:CANDIDATES])
    weights = _weights(query, vocabulary)
    scored, similar = _score(query, head, weights, vocabulary, encode)
    best = {rank: max(s.score for s in scored if s.rank == rank) for rank in range(len(head))}
    order = sorted(
        range(len(head)),
        key=lambda rank: -(0.5 * head[rank].score + best[rank] + _side(query, head[rank])),
    )
    ranked = [head[rank] for rank in order]
    evidence = _evidence(query, head, order, scored, weights, similar, vocabulary)
    claims = [_claim(head[rank], [s for s in scored if s.rank == rank]) for rank in
              _worth_quoting(order, best, head, query)]
    return Draft(tuple(claims), (*ranked, *passages[CANDIDATES:]), confidence(evidence))


def _weights(query: Query, vocabulary: Vocabulary) -> dict[str, float]:
    """The question's terms, weighted by how rare they are in the record."""
    terms = [t for t in vocabulary.terms(query.text) if t not in _FRAME]
    terms = list(dict.fromkeys(terms)) or vocabulary.terms(query.text)
    frequency = vocabulary.frequency(terms)
    n = max(1, vocabulary.size)
    return {t: math.log(1 + (n - frequency[t] + 0.5) / (frequency[t] + 0.5)) for t in terms}


def _coverage(weights: dict[str, float], held: set[str]) -> float:
    total = sum(weights.values())
    return sum(w for term, w in weights.items() if term in held) / total if total else 0.0


def _score(
    query: Query,
    head: Sequence[Passage],
    weights: dict[str, float],
    vocabulary: Vocabulary,
    encode: Encode,
) -> tuple[list[Scored], list[float]]:
    spans = [
        (rank, start, end)
        for rank, passage in enumerate(head)
        for start, end in sentences(passage.paragraph.text)
    ]
    texts = [head[rank].paragraph.text[start:end] for rank, start, end in spans]
    vectors = encode([query.text, *texts])
    similar = [float(x) for x in vectors[1:] @ vectors[0]]
    around = [_held(passage, vocabulary) for passage in head]
    scored: list[Scored] = []
    for (rank, start, end), text, near in zip(spans, texts, similar, strict=True):
        score = 0.45 * _coverage(weights, set(vocabulary.terms(text)))
        score += 0.25 * _coverage(weights, around[rank])
        score += 0.45 * near
        if query.wants in ("figure", "date") and not holds_answer_type(query.wants, text):
            score -= 0.12
        if query.years and not any(year in text for year in query.years):
            score -= 0.06
        if is_request(text) and query.side != "committee":
            score -= 0.15
        scored.append(Scored(rank, start, end, score))
    return scored, similar


def _held(passage: Passage, vocabulary: Vocabulary) -> set[str]:
    """The stems of a paragraph, its heading and its speaker."""
    paragraph = passage.paragraph
    turn = paragraph.turn
    names = f"{turn.speaker} {turn.delegation or ''}" if turn else ""
    return set(vocabulary.terms(f"{paragraph.text} {paragraph.heading or ''} {names}"))


def _side(query: Query, passage: Passage) -> float:
    """Whether the passage's speaker is of the side that was asked for."""
    turn = passage.paragraph.turn
    if query.side is None or turn is None:
        return 0.0
    of_committee = turn.role in ("member", "chair")
    return 0.0 if of_committee == (query.side == "committee") else -0.25


def _worth_quoting(
    order: Sequence[int], best: dict[int, float], head: Sequence[Passage], query: Query
) -> list[int]:
    """The passages to quote from: the first, and those that come close to it."""
    value = {r: best[r] + 0.5 * head[r].score + _side(query, head[r]) for r in order}
    top = value[order[0]]
    return [rank for rank in order[:CLAIMS] if value[rank] >= 0.8 * top]


def _claim(passage: Passage, scored: Sequence[Scored]) -> Claim:
    """Quote the passage's best sentence and its neighbours that also speak to the question."""
    top = max(s.score for s in scored)
    at = next(i for i, s in enumerate(scored) if s.score == top)
    first = last = at
    while last - first + 1 < _PER_CLAIM:
        left = scored[first - 1].score if first > 0 else -1.0
        right = scored[last + 1].score if last + 1 < len(scored) else -1.0
        if max(left, right) < 0.6 * top:
            break
        if left > right:
            first -= 1
        else:
            last += 1
    paragraph = passage.paragraph
    words = paragraph.text[scored[first].start : scored[last].end]
    turn = paragraph.turn
    return Claim(
        text=words,
        quote=words,
        citation=Citation(paragraph.document, paragraph.section, paragraph.label),
        speaker=turn.speaker if turn else None,
        delegation=turn.delegation if turn else None,
    )


def _evidence(
    query: Query,
    head: Sequence[Passage],
    order: Sequence[int],
    scored: Sequence[Scored],
    weights: dict[str, float],
    similar: Sequence[float],
    vocabulary: Vocabulary,
) -> Evidence:
    """What speaks for the record answering at all."""
    first = order[0]
    paragraph = head[first].paragraph
    own = [(s, near) for s, near in zip(scored, similar, strict=True) if s.rank == first]
    held = _held(head[first], vocabulary)
    best = max(own, key=lambda pair: pair[0].score)[0]
    text = paragraph.text[best.start : best.end]
    missing = [w for term, w in weights.items() if term not in held]
    turn = paragraph.turn
    return Evidence(
        coverage=_coverage(weights, held),
        sentence_coverage=_coverage(weights, set(vocabulary.terms(text))),
        similarity=max(similar, default=0.0),
        sentence_similarity=max(near for _, near in own),
        rarest_missing=max(missing, default=0.0) / max(1e-9, math.log(1 + 2 * vocabulary.size)),
        figures_missing=float(any(f not in paragraph.text for f in query.figures)),
        type_missing=float(not holds_answer_type(query.wants, text)),
        request_only=float(
            query.side != "committee"
            and (is_request(text) or bool(turn and turn.role == "member"))
        ),
        score=best.score,
    )
