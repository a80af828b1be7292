"""A passage and its best sentence → the words that are quoted of it.

Enough of what stands around a sentence to stand alone: its neighbours that speak to the question
too, the figure or date that is asked for, the question itself where somebody asks; a short
paragraph whole. What is left out is marked.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.answer.evidence import Candidate, Scored, parts
from rag.answer.gaps import going_on, pointing_back, without_small_gaps
from rag.answer.positions import end_to_end, made_together
from rag.domain import Claim, Turn, Voice

SENTENCES = 4  # quoted from one passage at most
WHOLE = 90  # words up to which a paragraph is quoted whole
ALL_OF_IT = 220  # … where it is asked what a State recommends, or asks
AS_GOOD = 0.8  # share of the best sentence's score from which on one further off is quoted too
REACH = 4  # sentences within which the figure or date that is asked for is looked for
LEFT_OUT = " […] "  # where sentences are left out of a quotation
NEIGHBOUR = 0.45  # share of the best sentence's score that its neighbours need


def claims_of(
    candidate: Candidate, *, each: bool, of_one: bool, whole: int, asked: bool
) -> list[Claim]:
    """What a passage is quoted with.

    Args:
        candidate: the passage.
        each: what each of those says who speak to it as well.
        of_one: what one person or State says.
        whole: words up to which what one says is quoted whole.
        asked: what somebody asks.

    """
    paragraph = candidate.passage.paragraph
    if not (each or of_one) and made_together(paragraph):
        words = end_to_end(paragraph)
        return [Claim(words, words, paragraph.citation)]
    if not each or not paragraph.voices:
        return [claim_of(candidate, candidate.best, whole, asked=asked)]
    least = AS_GOOD * candidate.best.score
    said = [
        max(there, key=lambda s: s.score)
        for low, high in parts(paragraph)
        if (there := [s for s in candidate.sentences if low <= s.start < high])
    ]
    return [claim_of(candidate, best, whole, asked=asked) for best in said if best.score >= least]


def claim_of(
    candidate: Candidate, best: Scored, whole: int | None = None, *, asked: bool = False
) -> Claim:
    """Quote a sentence of a passage and its neighbours that also speak to the question."""
    paragraph = candidate.passage.paragraph
    low, high = next(part for part in parts(paragraph) if part[0] <= best.start < part[1])
    scored = [s for s in candidate.sentences if low <= s.start < high]
    leaning = pointing_back(paragraph.text, scored)
    chosen = _chosen(scored, scored.index(best), going_on(paragraph.text, scored, best), leaning)
    if asked and not any(scored[at].request for at in chosen):
        questions = [at for at, each in enumerate(scored) if each.request and each.score > 0]
        chosen = sorted({*chosen, *sorted(questions, key=lambda at: -scored[at].score)[:1]})
    chosen = without_small_gaps(paragraph.text, scored, chosen)
    if len(paragraph.text[low:high].split()) <= (whole or WHOLE):
        chosen = list(range(len(scored)))  # a short paragraph is clearer whole
    turn = paragraph.voice_at(best.start)
    runs: list[str] = []
    for first, last in _runs(chosen):
        begin = scored[first].start
        if turn and first == 0:
            begin += _length_of_opening(paragraph.text[begin:], turn)
        runs.append(paragraph.text[begin : scored[last].end])
    words = LEFT_OUT.join(runs)
    return Claim(
        text=words,
        quote=words,
        citation=paragraph.citation,
        speaker=turn.speaker if turn else None,
        delegation=turn.delegation if turn else None,
    )


def _chosen(
    scored: Sequence[Scored], best: int, more: int | None, leaning: frozenset[int]
) -> list[int]:
    """Which sentences to quote: the best, its neighbours, others as good, the kind asked for."""
    top = scored[best].score
    first = last = best
    while last - first + 1 < SENTENCES:
        left = scored[first - 1].score if first > 0 else -1.0
        right = scored[last + 1].score if last + 1 < len(scored) else -1.0
        if max(left, right) < NEIGHBOUR * top:
            break
        if left > right:
            first -= 1
        else:
            last += 1
    chosen = set(range(first, last + 1))
    if more is not None:
        chosen.add(more)
    by_score = sorted(range(len(scored)), key=lambda at: -scored[at].score)
    for at in by_score:
        if scored[at].score >= AS_GOOD * top and len(chosen) < SENTENCES:
            chosen.add(at)
    if not any(scored[at].fits for at in chosen):  # "14 hours" where "when" is asked
        fitting = [
            at
            for at in by_score
            if scored[at].fits
            # Else it is of another thing.
            and abs(at - best) <= (REACH if scored[at].coverage or at in leaning else 1)
        ]
        chosen.update(fitting[:1])
    return sorted(chosen)


def _runs(chosen: Sequence[int]) -> list[tuple[int, int]]:
    """Neighbouring numbers as (first, last): 1, 2, 5 → (1, 2), (5, 5)."""
    runs: list[tuple[int, int]] = []
    for at in chosen:
        if runs and at == runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], at)
        else:
            runs.append((at, at))
    return runs


def _length_of_opening(text: str, turn: Turn | Voice) -> int:
    """How long the speaker's name is at a paragraph's beginning: a claim bears it already."""
    if not text.startswith(turn.speaker):
        return 0
    opening = re.match(r"(?: ?\((?:[^()]|\([^()]*\))*\))?,? ", text[len(turn.speaker) :])
    return len(turn.speaker) + (len(opening[0]) if opening else 0)
