"""Passages, and what a follow-up points back at → the passages it can mean.

"Who asked that?" means a member who spoke before the paragraph that was cited; "what did
the delegation answer?" one of the delegation after it. In another document nothing is
before or after: there only the side tells. What asks stays among the passages of a reply:
a reply is told by how near it comes to the words of the question.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from rag.answer.converse import Resolved
from rag.answer.corrected import corrects
from rag.cite.series import kind_of
from rag.domain import Paragraph, Passage

# What a paragraph gains, of a score in [0, 1]; chosen on the development follow-ups.
CITED = 0.2  # cited first in the answer before
CITED_TOO = 0.1  # cited there after another
NEXT = 0.1  # of the turn that follows the one that asks, where it is the delegation's
EARLIER = 0.1  # what one loses that stands only after something else which the member said
BESIDE = 0.1  # at most so many paragraphs from one that was
REACH = 2
# Documents in which the State speaks, though no speaker is printed; an unknown one may be.
_OF_STATE = frozenset({"replies to list of issues", "report", "document"})
_PUT_OFF = re.compile(
    r"\bwould (?:\w+ )?(?:reply|answer|respond|return|take up|be (?:taken up|answered))\b"
    r"[^.]*\b(?:following|next) (?:day|meeting)\b",
    re.IGNORECASE,
)
_UNANSWERED = re.compile(
    r"\b(?:nothing in reply|no (?:reply|answer|response)|(?:not|never|none) (?:\w+ ){0,4}(?:answered|replied|"
    r"addressed)|unanswered|not (?:reply|answer|respond|replied)|overlooked)\b",
    re.IGNORECASE,
)
NO_REPLY = "Nobody of the delegation speaks after the paragraph that asks."
NOT_FOUND = {
    "other": "Nobody of the other side was found to speak to it.",
    "committee": "Nobody of the Committee was found to speak to it.",
    "corrected": "No correction of it was found.",
}


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
        question, for what the other side or the Committee says, and for what corrects a figure,
        there may be none: the record holds none. In all other cases, where nothing would be left, the passages as they
        were.

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
    if resolved.seeks in ("other", "committee"):
        wanted = resolved.seeks == "committee" or not _examines(cited[0])
        return [
            p
            for p in passages
            if p.paragraph.id not in there
            and _examines(p.paragraph) == wanted
            and _on_one_state(p.paragraph, cited[0], states)
        ]
    if resolved.seeks == "corrected":
        return [
            p
            for p in passages
            if corrects(p.paragraph.text, resolved.question)
            and _on_one_state(p.paragraph, cited[0], states)
        ]
    asked = [paragraph for paragraph in cited if _of_committee(paragraph)]
    if resolved.seeks == "question":
        if asked:  # the answer before was somebody's question already
            return _first(passages, asked)
        earlier = [
            p for p in passages if not _of_delegation(p.paragraph) and _before(p.paragraph, cited)
        ]
        return earlier or list(passages)
    if not asked:
        return [p for p in passages if _may_reply(p.paragraph)] or list(passages)
    return _replies(passages, asked, states)


def _replies(
    passages: Sequence[Passage], asked: Sequence[Paragraph], states: Mapping[str, str | None]
) -> list[Passage]:
    """What may reply to a member, and behind the first of it what the member asked.

    What only asks has no score: it is there to compare with. What was cited and says that
    there was no reply may be the answer.
    """
    said = _said_by(passages, asked)
    replies = [
        replace(p, score=_score_of_reply(p, passages, asked, states))
        for p in passages
        if _may_reply(p.paragraph)
        and any(_after(p.paragraph, each, states) for each in (*asked, *said))
    ]
    if not replies:
        return []
    replies.sort(key=lambda p: -p.score)
    members = [
        Passage(each, 1.0 if _UNANSWERED.search(each.text) else 0.0, "words") for each in asked
    ]
    members += [Passage(each, 0.0, "words") for each in said]
    return [replies[0], *members, *replies[1:]]


def _said_by(passages: Sequence[Passage], asked: Sequence[Paragraph]) -> list[Paragraph]:
    """Other paragraphs of those who ask: the answer before may have cited a later one."""
    who = {voice.speaker for paragraph in asked for voice in paragraph.speakers}
    there = {paragraph.id for paragraph in asked}
    return [
        p.paragraph
        for p in passages
        if p.paragraph.id not in there
        and _of_committee(p.paragraph)
        and who & {voice.speaker for voice in p.paragraph.speakers}
    ]


def _score_of_reply(
    passage: Passage,
    passages: Sequence[Passage],
    asked: Sequence[Paragraph],
    states: Mapping[str, str | None],
) -> float:
    paragraph, score = passage.paragraph, passage.score
    if not any(_after(paragraph, each, states) for each in asked):
        score -= EARLIER
    if any(_follows(paragraph, each) for each in asked):
        score += NEXT
    if _PUT_OFF.search(paragraph.text) and any(
        _may_reply(p.paragraph) and _after(p.paragraph, paragraph, states) for p in passages
    ):
        return 0.0  # that there will be a reply is none where there is one
    return min(1.0, max(0.0, round(score, 6)))


def _follows(paragraph: Paragraph, asked: Paragraph) -> bool:
    """Whether its turn is the one after the turn that asks."""
    if paragraph.turn is None or asked.turn is None or paragraph.document != asked.document:
        return False
    return paragraph.turn.first == asked.turn.last + 1


def _may_reply(paragraph: Paragraph) -> bool:
    """Whether a delegation speaks in it, or it is of a document that is the State's."""
    if paragraph.speakers:
        return not _of_committee(paragraph)
    return kind_of(paragraph.document) in _OF_STATE


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
    """What was cited, and what stands beside it, counts a little more.

    Where the first would have more than 1, all have less, so that they stay as far apart.
    """
    raised = [p.score + _bonus(p.paragraph, cited) for p in passages]
    over = max(0.0, max(raised, default=0.0) - 1.0)
    nearer = [
        replace(p, score=max(0.0, round(score - over, 6)))
        for p, score in zip(passages, raised, strict=True)
    ]
    return sorted(nearer, key=lambda p: -p.score)


def _bonus(paragraph: Paragraph, cited: Sequence[Paragraph]) -> float:
    away = [abs(c.ordinal - paragraph.ordinal) for c in cited if c.document == paragraph.document]
    if 0 in away:
        return CITED if paragraph.id == cited[0].id else CITED_TOO
    return BESIDE if away and min(away) <= REACH else 0.0


def _of_committee(paragraph: Paragraph) -> bool:
    return bool(paragraph.speakers) and all(
        v.role in ("member", "chair") for v in paragraph.speakers
    )


def _on_one_state(one: Paragraph, other: Paragraph, states: Mapping[str, str | None]) -> bool:
    if one.document == other.document:
        return True
    state = states.get(one.document)
    return state is not None and state == states.get(other.document)


def _examines(paragraph: Paragraph) -> bool:
    """Whether one who examines speaks, or the document of a committee itself."""
    return _of_committee(paragraph) or not (paragraph.speakers or _may_reply(paragraph))


def _of_delegation(paragraph: Paragraph) -> bool:
    return bool(paragraph.speakers) and all(v.role == "delegation" for v in paragraph.speakers)


def _before(paragraph: Paragraph, cited: Sequence[Paragraph]) -> bool:
    """Whether it stands before one of those cited, or in another document."""
    here = [c.ordinal for c in cited if c.document == paragraph.document]
    return not here or paragraph.ordinal < max(here)


def _after(paragraph: Paragraph, asked: Paragraph, states: Mapping[str, str | None]) -> bool:
    """Whether it stands after the one that asks, or in another document on the State."""
    if paragraph.document == asked.document:
        return paragraph.ordinal > asked.ordinal
    return _on_one_state(paragraph, asked, states)
