"""The best passages → how likely their best sentences answer, as a small model reads them.

Reading costs about 8 ms a sentence, so only what may be quoted is read.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from rag.answer.confidence import relevance
from rag.answer.evidence import Candidate
from rag.query import Query

# Question, and texts → log-odds that each answers it, shape (number of texts,).
Read = Callable[[str, Sequence[str]], NDArray[np.float32]]

PASSAGES = 3  # read at most
SENTENCES = 2  # of each, each with the one before it
STRONG = 4.0  # log-odds that count as sure
UNLIKELY = -0.7  # below this, a passage that was read is not quoted beside a better one


def read_best(
    query: Query, ranked: Sequence[Candidate], read: Read, *, passages: int = PASSAGES
) -> list[Candidate]:
    """Fill in what reading tells of the first passages, and put those in order again.

    Args:
        query: the question, read.
        ranked: passages, best first.
        read: tells how likely texts answer a question.
        passages: how many of them are read.

    """
    best, rest = list(ranked[:passages]), list(ranked[passages:])
    texts = [_texts(candidate) for candidate in best]
    told = read(query.text, [text for each in texts for text in each])
    at = 0
    for n, each in enumerate(texts):
        most = float(told[at : at + len(each)].max())
        answers = max(-1.0, min(1.0, most / STRONG))
        best[n] = replace(best[n], evidence=replace(best[n].evidence, answers=answers))
        at += len(each)
    return sorted(best, key=lambda candidate: -candidate.relevance) + rest


def behind(best: Candidate, other: Candidate, *, read: bool = True) -> float:
    """How far a passage is behind another in relevance, by what is known of both alike.

    Args:
        best: the one.
        other: the other.
        read: whether what reading tells counts, where both were read.

    """
    if read and best.evidence.answers and other.evidence.answers:
        return best.relevance - other.relevance
    return _unread(best) - _unread(other)


def unlikely(candidate: Candidate) -> bool:
    """Whether a passage was read and seems not to answer."""
    return candidate.evidence.answers < UNLIKELY


def _unread(candidate: Candidate) -> float:
    return relevance(replace(candidate.evidence, answers=0.0))


def _texts(candidate: Candidate) -> list[str]:
    """The sentences that speak most to the question, each with the one before it."""
    text, scored = candidate.passage.paragraph.text, candidate.sentences
    order = sorted(range(len(scored)), key=lambda at: -scored[at].score)
    return [text[scored[max(0, at - 1)].start : scored[at].end] for at in order[:SENTENCES]]
