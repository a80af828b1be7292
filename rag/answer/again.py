"""The passage that answers best → the others that tell its figure too, or what it leaves open.

A reader who cites a figure wants every paragraph that holds it: what one member was told
and what the Committee then recorded. And who asks for 2022 and 2023 wants both, though they
stand in two paragraphs.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.answer.evidence import Candidate, Scored
from rag.answer.figures import Figure, figures, is_year
from rag.answer.wanted import holds_figure
from rag.query import Query

TELLING = 100  # from here on a whole number is seldom the same by chance
ALIKE = 0.7  # share of the first sentence's score, and of its words of the question, needed
_NAMED = re.compile(
    r"\b(?:resolutions?|decisions?|articles?|arts?\.|sections?|paragraphs?|nos?\.|decree|law|act)"
    r"[\s\d,and()]*$",
    re.IGNORECASE,
)


def told_again(
    query: Query, first: Candidate, others: Sequence[Candidate], *, most: int
) -> list[tuple[Candidate, Scored]]:
    """Find the sentences of other passages that give the figure asked for once more.

    Args:
        query: the question, read.
        first: the passage that answers best.
        others: the other passages, best first.
        most: how many are given at most, one of each passage.

    """
    if query.wants not in ("figure", "money"):
        return []
    best = first.best
    if not best.fits:
        return []
    wanted = telling(query, first.passage.paragraph.text[best.start : best.end])
    found: list[tuple[Candidate, Scored]] = []
    for other in others:
        text = other.passage.paragraph.text
        there = [
            sentence
            for sentence in other.sentences
            if sentence.score >= ALIKE * best.score
            and sentence.coverage >= ALIKE * best.coverage
            and all(holds_figure(f, text[sentence.start : sentence.end]) for f in query.figures)
            and wanted & telling(query, text[sentence.start : sentence.end])
        ]
        if there and other.evidence.elsewhere < 1:
            found.append((other, max(there, key=lambda s: s.score)))
    return found[:most]


def told_of_the_rest(
    query: Query, first: Candidate, others: Sequence[Candidate], *, most: int
) -> list[tuple[Candidate, Scored]]:
    """Find the sentences of other passages on those years of a question that the first lacks.

    Args:
        query: the question, read.
        first: the passage that answers best.
        others: the other passages that come near, best first.
        most: how many are given at most, one of each passage.

    """
    years = [figure for figure in query.figures if is_year(figure)]
    lacking = [year for year in years if not holds_figure(year, first.passage.paragraph.text)]
    found: list[tuple[Candidate, Scored]] = []
    for other in others if 0 < len(lacking) < len(years) else ():
        text = other.passage.paragraph.text
        there = [
            sentence
            for sentence in other.sentences
            if any(holds_figure(year, text[sentence.start : sentence.end]) for year in lacking)
        ]
        if there and other.evidence.coverage >= ALIKE * first.evidence.coverage:
            found.append((other, max(there, key=lambda s: s.score)))
            lacking = [year for year in lacking if not holds_figure(year, text)]
    return found[:most]


def telling(query: Query, text: str) -> set[str]:
    """The figures of a sentence that are neither years nor the question's own."""
    asked = {form for figure in figures(query.text) for form in figure.forms}
    return {
        form
        for figure in figures(text)
        if not figure.is_year and not figure.forms & asked and _is_telling(figure)
        for form in figure.forms
    }


def _is_telling(figure: Figure) -> bool:
    """Whether it is hardly the same by chance: 421, 7.4, 27 per cent; not 15, nor 30 per cent."""
    return any(
        "." in form
        or (form.endswith("%") and not form.endswith("0%"))
        or (form.isdigit() and int(form) >= TELLING)
        for form in figure.forms
    )
