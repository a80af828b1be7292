"""Passages, and what a follow-up points back at → the passages it can mean.

"Who asked that?" means a member who spoke before the paragraph that was cited; "what did
the delegation answer?" one of the delegation after it. In another document nothing is
before or after: there only the side tells.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from rag.answer.converse import Resolved
from rag.domain import Paragraph, Passage

# What a paragraph gains, of a score in [0, 1]; chosen on the development follow-ups.
CITED = 0.2  # cited in the answer before
BESIDE = 0.1  # at most so many paragraphs from one that was
REACH = 2
NO_REPLY = "Nobody of the delegation speaks after the paragraph that asks."


def lean(
    passages: Sequence[Passage],
    resolved: Resolved,
    cited: Sequence[Paragraph],
    states: Mapping[str, str | None],
) -> list[Passage]:
    """Keep the passages that a follow-up can mean, best first.

    Args:
        passages: what was retrieved for the question.
        resolved: the question, and what it seeks.
        cited: the paragraphs that the answer before cited, in its order.
        states: document id → the State under review; only one of the same State replies.

    Returns:
        The passages in their order, what is sought of them first. For a reply to a member's
        question there may be none: the record holds no reply. In all other cases, where
        nothing would be left, the passages as they were.

    """
    if resolved.seeks is None or not cited:
        return list(passages)
    there = {paragraph.id for paragraph in cited}
    if resolved.seeks == "same":
        return _first(passages, cited)
    if resolved.seeks == "near":
        return _nearer(passages, cited)
    if resolved.seeks == "else":
        return [p for p in passages if p.paragraph.id not in there] or list(passages)
    asked = [paragraph for paragraph in cited if _of_committee(paragraph)]
    if resolved.seeks == "question":
        if asked:  # the answer before was somebody's question already
            return _first(passages, asked)
        earlier = [
            p for p in passages if not _of_delegation(p.paragraph) and _before(p.paragraph, cited)
        ]
        return earlier or list(passages)
    if not asked:
        return [p for p in passages if not _of_committee(p.paragraph)] or list(passages)
    return [
        p for p in passages if not _of_committee(p.paragraph) and _after(p.paragraph, asked, states)
    ]


def _first(passages: Sequence[Passage], cited: Sequence[Paragraph]) -> list[Passage]:
    """What was cited in front of the rest, as sure as what a question cites itself."""
    there = {paragraph.id for paragraph in cited}
    found = {p.paragraph.id: p for p in passages}
    front = [
        replace(found[c.id], score=1.0) if c.id in found else Passage(c, 1.0, "words")
        for c in cited
    ]
    return [*front, *(p for p in passages if p.paragraph.id not in there)]


def _nearer(passages: Sequence[Passage], cited: Sequence[Paragraph]) -> list[Passage]:
    """What was cited, and what stands beside it, counts a little more."""
    raised = [
        replace(p, score=min(1.0, round(p.score + _bonus(p.paragraph, cited), 6))) for p in passages
    ]
    return sorted(raised, key=lambda p: -p.score)


def _bonus(paragraph: Paragraph, cited: Sequence[Paragraph]) -> float:
    away = [abs(c.ordinal - paragraph.ordinal) for c in cited if c.document == paragraph.document]
    return CITED if 0 in away else BESIDE if away and min(away) <= REACH else 0.0


def _of_committee(paragraph: Paragraph) -> bool:
    return bool(paragraph.speakers) and all(
        v.role in ("member", "chair") for v in paragraph.speakers
    )


def _of_delegation(paragraph: Paragraph) -> bool:
    return bool(paragraph.speakers) and all(v.role == "delegation" for v in paragraph.speakers)


def _before(paragraph: Paragraph, cited: Sequence[Paragraph]) -> bool:
    """Whether it stands before one of those cited, or in another document."""
    here = [c.ordinal for c in cited if c.document == paragraph.document]
    return not here or paragraph.ordinal < max(here)


def _after(
    paragraph: Paragraph, asked: Sequence[Paragraph], states: Mapping[str, str | None]
) -> bool:
    """Whether it stands after one of those that ask, or in another document on the State."""
    here = [a.ordinal for a in asked if a.document == paragraph.document]
    if here:
        return paragraph.ordinal > min(here)
    state = states.get(paragraph.document)
    return state is not None and state in {states.get(a.document) for a in asked}
