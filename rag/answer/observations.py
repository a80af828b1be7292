"""Concluding observations → what a committee recommends on a subject, with the concern before it.

A recommendation often names its subject in the heading, or in the concern before it, alone: "The
State party should end that state of affairs." So both are read with it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from rag.answer.positions import paras
from rag.answer.terms import Term, Vocabulary, coverage, terms_of
from rag.domain import Paragraph
from rag.query import Query

SHOWN = 3  # recommendations quoted at most
_BODY = r"(?:committee|concluding observations|observations|treaty body)"
_ASKS = re.compile(
    rf"^(?:and |but |so )?(?:what|which)\b[^?]*?(?:\b{_BODY}(?:['’]s)?\b[^?]*?\b(?:recommend\w*|urged?|call\w* (?:on|upon|for)|want\w* done)"
    rf"|\brecommend\w*\b[^?]*?\b{_BODY}\b|\b{_BODY}(?:['’]s)? recommendations?\b)",
    re.IGNORECASE,
)
# Of an earlier time, or of what became of it, something else tells.
_ELSEWHERE = re.compile(
    r"\b(?:previous\w*|earlier|prior|implement\w*|accept\w*|members?|experts?|delegation|reply|replied|follow-up|"
    r"announced|against torture|on the elimination|on enforced)\b",
    re.IGNORECASE,
)
_ADVISES = re.compile(
    r"\bState party (?:should|must|is (?:also )?(?:requested|urged|encouraged|invited|called upon))\b|"
    r"\b(?:Committee|It) (?:also |further |strongly |therefore |again )*(?:recommends|urges|calls (?:on|upon)|encourages|"
    r"requests|invites|reiterates its (?:\w+ )?recommendation)\b|^(?:It|The Government) should\b",
    re.MULTILINE,
)
# What ends every document of the kind is on no subject.
_PROCEDURE = re.compile(
    r"\brules? of procedure\b|\bnext (?:combined )?(?:\w+ )?periodic reports?\b|\bdisseminat\w+",
    re.IGNORECASE,
)
_FRAME = frozenset(
    "recommend recommendation conclud observ committe urg call upon state parti make made issu bodi treati propos "
    "situat topic subject matter field area respect concern tackl address improv".split()
)
_ON_IT = (
    0.75  # share of a subject's words, by rarity, that a recommendation with its concern must hold
)
_AS_GOOD = 0.8  # share of the best one's score that another needs


@dataclass(frozen=True, slots=True)
class Advice:
    """A recommendation, the concerns that stand before it, and how well both bear on a subject."""

    paragraph: Paragraph
    concerns: tuple[Paragraph, ...]
    score: float
    own: float = 1.0  # share of the subject's words that it holds itself, with its heading


def asks_what_is_recommended(query: Query) -> bool:
    """Whether it is asked what a committee, as a body, recommends."""
    text = query.text.partition("? (")[0]
    return _ASKS.match(text) is not None and not _ELSEWHERE.search(text) and not query.takes


def recommended_on(
    query: Query, paragraphs: Sequence[Paragraph], vocabulary: Vocabulary
) -> list[Advice] | None:
    """The recommendations of one document on a question's subject, in its order.

    Args:
        query: the question, read.
        paragraphs: of concluding observations, in their order.
        vocabulary: stems and their frequencies.

    Returns:
        All of them where no subject is asked for. None where there is no recommendation.

    """
    given = _paired(paragraphs)
    if not given:
        return None
    terms = [term for term in terms_of(query, vocabulary) if term.stem not in _FRAME]
    if not terms:
        return given
    scored = [
        _scored(terms, each, vocabulary)
        for each in given
        if not _PROCEDURE.search(each.paragraph.text)
    ]
    best = max((each.score for each in scored), default=0.0)
    return [each for each in scored if each.score and each.score >= _AS_GOOD * best]


def after_what(advice: Sequence[Advice]) -> str:
    """Say after which concern a recommendation stands that does not name the subject itself."""
    return " ".join(
        f"Para. {each.paragraph.label} stands after the concern in "
        f"{paras([concern.label for concern in each.concerns])}."
        for each in advice
        if each.concerns and each.own < _ON_IT
    )


def _scored(terms: Sequence[Term], advice: Advice, vocabulary: Vocabulary) -> Advice:
    """With a score of 0 where it is not on the subject; its own words and heading count twice."""
    text = f"{advice.paragraph.text} {advice.paragraph.heading or ''}"
    wide = " ".join((text, *(each.text for each in advice.concerns)))
    held = coverage(terms, set(vocabulary.terms(wide)))
    own = coverage(terms, set(vocabulary.terms(text)))
    return replace(advice, score=held + own if held >= _ON_IT else 0.0, own=own)


def _paired(paragraphs: Sequence[Paragraph]) -> list[Advice]:
    found: list[Advice] = []
    for _, group in groupby(paragraphs, key=lambda each: each.heading):
        concerns: list[Paragraph] = []
        before: list[Paragraph] = []  # those that the recommendations before were on
        for each in group:
            if not _ADVISES.search(each.text):
                concerns.append(each)
                continue
            before, concerns = concerns or before, []
            found.append(Advice(each, tuple(before), 0.0))
    return found
