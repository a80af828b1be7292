"""The passage that answers best, and another → how likely the other answers as well.

Told by what is known of both: how far it is behind, what reading tells, whether several
things are asked for, whether it tells what the first tells. Weights and threshold stand in `beside.json`, fitted on the
development questions by `python -m eval.calibrate_beside`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace

from rag.answer.again import telling
from rag.answer.evidence import Candidate
from rag.answer.logistic import Model, likelihood, load
from rag.answer.readings import behind
from rag.answer.terms import Vocabulary
from rag.query import Query, asked_apart, wants_several

LOOKED_AT = 5  # passages after the first


@dataclass(frozen=True, slots=True)
class Beside:
    """What speaks for and against a passage being quoted beside the first; mostly in [0, 1]."""

    behind: float  # in relevance, by what is known of both alike
    behind_several: float  # the same where several things are asked for
    answers: float  # that it answers, as the reader tells: from -1 to 1, 0 if not read
    first_answers: float  # the same of the first
    read: float  # 1 if it was read
    place: float  # how many stand before it, the first left out
    several: float  # 1 if several things are asked for
    apart: float  # 1 if one sentence puts two questions
    score: float  # of its best sentence, less that of the first's
    fits: float  # 1 if that sentence holds the kind of thing asked for
    request: float  # 1 if it asks for something
    fused: float  # the retriever's score
    similarity: float  # cosine of its nearest sentence
    coverage: float  # of the question's words, by rarity, with its context
    own_words: float  # by the question's own words alone
    sentence_coverage: float  # the most in one sentence
    covers_more: float  # the same, less that of the first
    topic_far: float  # rarity of a term of the topic that is not near its best sentence
    term_far: float  # … of any term
    shared: float  # of what the first's best sentence says beyond the question, by rarity
    same_figure: float  # 1 if it holds a figure of that sentence, hardly the same by chance


FEATURES = tuple(field.name for field in fields(Beside))


def model() -> Model:
    """The committed model."""
    return load("beside")


@dataclass(frozen=True, slots=True)
class Told:
    """What the first passage's best sentence tells beyond the question."""

    words: Mapping[str, float]  # stem → how rare it is in the record
    figures: frozenset[str]  # in every form they may be printed in


def told(query: Query, first: Candidate, vocabulary: Vocabulary) -> Told:
    """What a passage's best sentence tells beyond the question.

    Args:
        query: the question, read.
        first: the passage.
        vocabulary: stems and their frequencies.

    """
    sentence = first.passage.paragraph.text[first.best.start : first.best.end]
    new = sorted(set(vocabulary.terms(sentence)) - set(vocabulary.terms(query.text)))
    frequency, n = vocabulary.frequency(new), max(1, vocabulary.size)
    return Told(
        {t: math.log(1 + (n - frequency[t] + 0.5) / (frequency[t] + 0.5)) for t in new},
        frozenset(telling(query, sentence)),
    )


def beside(query: Query, ranked: Sequence[Candidate], place: int) -> Beside:
    """What is known of a passage beside the first, but for what both tell; see `alike`.

    Args:
        query: the question, read.
        ranked: passages, best first.
        place: of the passage among them; not 0.

    """
    first, other, question = ranked[0], ranked[place], query.text
    mine, its = first.evidence, other.evidence
    several = float(wants_several(question))
    gap = behind(first, other)
    return Beside(
        behind=gap,
        behind_several=gap * several,
        answers=its.answers,
        first_answers=mine.answers,
        read=float(its.answers != 0.0),
        place=float(place - 1),
        several=several,
        apart=float(len(asked_apart(question)) > 1),
        score=other.best.score - first.best.score,
        fits=float(other.best.fits),
        request=its.request,
        fused=its.fused,
        similarity=its.similarity,
        coverage=its.coverage,
        own_words=its.own_words,
        sentence_coverage=its.sentence_coverage,
        covers_more=its.sentence_coverage - mine.sentence_coverage,
        topic_far=its.topic_far,
        term_far=its.term_far,
        shared=0.0,
        same_figure=0.0,
    )


def alike(
    known: Beside, other: Candidate, tells: Told, *, query: Query, vocabulary: Vocabulary
) -> Beside:
    """Fill in whether a passage tells what the first tells.

    Args:
        known: of the passage, as `beside` gives it.
        other: the passage.
        tells: what the first tells.
        query: the question, read.
        vocabulary: gives the stems of a text.

    """
    text = other.passage.paragraph.text
    held = set(vocabulary.terms(text))
    total = sum(tells.words.values()) or 1.0
    return replace(
        known,
        shared=sum(weight for stem, weight in tells.words.items() if stem in held) / total,
        same_figure=float(bool(tells.figures and tells.figures & telling(query, text))),
    )


def probability(evidence: Beside) -> float:
    """How likely it is that the passage answers too, in [0, 1]."""
    return likelihood(evidence, model())


def answering_too(
    query: Query, ranked: Sequence[Candidate], vocabulary: Vocabulary
) -> list[Candidate]:
    """The passages that are quoted beside the first, in their order.

    Where somebody's words are asked for, nobody else's. What both tell takes as long to find as
    all else, so that it is looked at only where it decides.
    """
    least, tells = model().threshold, None
    theirs = query.speaker is not None and not ranked[0].evidence.other_speaker
    found: list[Candidate] = []
    for place in range(1, min(len(ranked), LOOKED_AT + 1)):
        if theirs and ranked[place].evidence.other_speaker == 1.0:
            continue
        known = beside(query, ranked, place)
        if probability(replace(known, shared=1.0, same_figure=1.0)) < least:
            continue
        tells = tells or told(query, ranked[0], vocabulary)
        known = alike(known, ranked[place], tells, query=query, vocabulary=vocabulary)
        if probability(known) >= least:
            found.append(ranked[place])
    return found
