"""A question → the paragraphs that bear on it, by words and by meaning.

Scores of both engines are normalised and fused by a convex combination
(Bruch, Gai and Ingber, "An Analysis of Fusion Functions for Hybrid Retrieval",
arXiv 2210.11934), which did better here than reciprocal ranks.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from rag.domain import FoundBy, Paragraph, Passage, Turn, Voice
from rag.query import Side, speaks_for_other_side, understand
from rag.store.catalog import Catalog
from rag.store.vectors import Vectors
from rag.store.words import Limits, Words
from rag.thesaurus import expand, related

DEPTH = 100  # candidates that each engine gives
# Measured on the development questions of both suites (hit@1 0.70 and 0.61 without).
OTHER_SIDE = 0.6  # where the question tells whose words are wanted, the other side's count less
ASKED = 0.85  # where it does not, what a member asked counts a little less than what was stated


def retrieve(
    question: str,
    *,
    words: Words,
    vectors: Vectors,
    catalog: Catalog,
    embed_query: Callable[[str], Sequence[float]],
    limits: Limits,
    limit: int,
    meaning_weight: float,
) -> list[Passage]:
    """Rank paragraphs for a question.

    Args:
        question: in plain words; nothing in it is an operator.
        words: the word index.
        vectors: the vector index.
        catalog: where the paragraphs are.
        embed_query: question → vector.
        limits: what the search is limited to; applied inside both engines.
        limit: how many passages to give.
        meaning_weight: share of the embedder in the fused score, in [0, 1].

    Returns:
        Passages, best first; scores in [0, 1].

    """
    if any(values == () for values in (limits.documents, limits.speakers, limits.delegations)):
        return []
    depth = max(DEPTH, limit)
    recorded = expand(related(question, words.terms))
    by_words: dict[str, float] = {}
    by_meaning: dict[str, float] = {}
    if meaning_weight < 1:
        by_words = dict(words.search(question, limits=limits, limit=depth, extra=recorded))
    if meaning_weight > 0:
        vector = _in_both_tongues(question, recorded, embed_query)
        for chunk, similarity in vectors.search(vector, limits=limits, limit=depth):
            paragraph = chunk.partition("~")[0]
            by_meaning[paragraph] = max(similarity, by_meaning.get(paragraph, -1.0))
    fused = fuse(by_words, by_meaning, meaning_weight)
    paragraphs = catalog.paragraphs(list(fused))
    side = understand(question).side
    fused = {
        name: score * max(_share(side, voice) for voice in paragraphs[name].speakers or (None,))
        for name, score in fused.items()
        if name in paragraphs and _is_within(limits, paragraphs[name])
    }
    ranked = sorted(
        fused,
        key=lambda name: (-fused[name], paragraphs[name].document, paragraphs[name].ordinal),
    )
    return [
        Passage(paragraphs[name], round(fused[name], 6), _found_by(name, by_words, by_meaning))
        for name in ranked[:limit]
    ]


def _in_both_tongues(
    question: str, recorded: str, embed_query: Callable[[str], Sequence[float]]
) -> list[float]:
    """The mean direction of a question as asked and with the records' words for it."""
    asked = np.asarray(embed_query(question))
    if not recorded:
        return asked.tolist()
    mean = asked + np.asarray(embed_query(f"{question} {recorded}"))
    return (mean / np.linalg.norm(mean)).tolist()


def _is_within(limits: Limits, paragraph: Paragraph) -> bool:
    """Whether one who speaks in a paragraph is within all limits, not two with half of them each.

    The engines see to it where one speaks.
    """
    return len(paragraph.voices) < 2 or any(
        (limits.speakers is None or voice.speaker in limits.speakers)
        and (limits.delegations is None or (voice.delegation or "") in limits.delegations)
        and limits.role in (None, voice.role)
        for voice in paragraph.voices
    )


def _share(side: Side | None, turn: Turn | Voice | None) -> float:
    """How much of its score a paragraph keeps, by who speaks in it."""
    if side is None:
        return ASKED if turn and turn.role == "member" else 1.0
    return 1.0 - (1.0 - OTHER_SIDE) * speaks_for_other_side(side, turn)


def fuse(
    by_words: dict[str, float], by_meaning: dict[str, float], meaning_weight: float
) -> dict[str, float]:
    """Convex combination of scores, each divided by its engine's best.

    A paragraph that an engine did not give counts there with 0; similarities
    below 0 count as 0.
    """
    top_words = max(by_words.values(), default=0.0)
    top_meaning = max(by_meaning.values(), default=0.0)
    return {
        name: (1 - meaning_weight) * (by_words.get(name, 0.0) / top_words if top_words else 0.0)
        + meaning_weight
        * (max(0.0, by_meaning.get(name, 0.0)) / top_meaning if top_meaning > 0 else 0.0)
        for name in by_words.keys() | by_meaning.keys()
    }


def _found_by(name: str, by_words: dict[str, float], by_meaning: dict[str, float]) -> FoundBy:
    if name in by_words and name in by_meaning:
        return "both"
    return "words" if name in by_words else "meaning"
