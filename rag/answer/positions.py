"""Recommendations made to a State → what the record says of its position on them.

In the report on a State's review the recommendations stand under one sentence that says
whether they enjoy its support: "94.3" under that of paragraph 94. A recommendation that
is quoted without it misleads.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import groupby

from rag.domain import Claim, Paragraph, Passage
from rag.sentences import sentences

_LISTED = re.compile(r"(?P<above>\d+)\.\d+")
_POSITION = re.compile(
    r"\brecommendations?\b.*\b(?:support\w*|examined|agreed?|accept\w*|reject\w*|noted|implement\w*|"
    r"respon[sd]\w*)\b",
    re.IGNORECASE | re.DOTALL,
)


_FOOTNOTE = re.compile(
    r"(?<=[;.)])\s*\*{0,3}\d{0,2}(?:\s+The recommendations? as (?:read|made)\b.*)?\s*$", re.DOTALL
)


def end_to_end(paragraph: Paragraph) -> str:
    """A listed recommendation from end to end, without a footnote that was read into it."""
    return _FOOTNOTE.sub("", paragraph.text)


def made_together(paragraph: Paragraph) -> str:
    """All the States that make a listed recommendation, where each makes a part of it; else nothing.

    "Sign (Chile, Peru) and ratify (Chile) the Convention": quoted whole, the words themselves tell
    who makes which part.
    """
    voices = paragraph.voices
    if len(voices) < 2 or not _LISTED.fullmatch(paragraph.label):
        return ""
    if any(voice.role != "delegation" for voice in voices):
        return ""
    names = (name.strip() for voice in voices for name in voice.speaker.split(","))
    return ", ".join(dict.fromkeys(filter(None, names)))


def above(paragraph: Paragraph) -> str | None:
    """The id of the paragraph under which a listed recommendation stands; None for any other."""
    listed = _LISTED.fullmatch(paragraph.label)
    return paragraph.id.removesuffix(paragraph.label) + listed["above"] if listed else None


def listed(passages: Sequence[Passage], heads: Mapping[str, Paragraph]) -> list[Passage]:
    """The passages that are recommendations on which the record tells a position."""
    return [p for p in passages if _head(p.paragraph, heads) is not None]


def of_kind(
    asked: str, passages: Sequence[Passage], heads: Mapping[str, Paragraph]
) -> list[Passage]:
    """Of recommendations those that are supported, or rejected, where only these are asked for."""
    if not _asks_kind(asked):
        return list(passages)
    refused = _REFUSED.search(asked) is not None
    told = [(p, _head(p.paragraph, heads)) for p in passages]
    return [p for p, head in told if head and bool(_REFUSED.search(head.text)) == refused]


def _asks_kind(asked: str) -> bool:
    return _WHICH.match(asked) is not None and _ABOUT_SUPPORT.search(asked) is not None


def asks_what_was_rejected(asked: str) -> bool:
    """Whether the recommendations that a State does not support are asked for."""
    return _asks_kind(asked) and _REFUSED.search(asked) is not None


def asks_what_was_supported(asked: str) -> bool:
    """Whether the recommendations that a State does support are asked for."""
    return _asks_kind(asked) and _REFUSED.search(asked) is None


ITEMS = 8  # of a list, quoted after the sentence that it stands under
_MOST = 99
_REFUSED = re.compile(
    r"\b(?:not|nor|never|reject\w*|refus\w*|declin\w*|oppos\w*|disagree\w*)\b", re.IGNORECASE
)
_WHICH = re.compile(r"(?:which|what|list|name)\b[^?]*\brecommendations\b", re.IGNORECASE)
_ABOUT_SUPPORT = re.compile(
    r"\b(?:support\w*|accept\w*|agree\w*|reject\w*|refus\w*)\b", re.IGNORECASE
)


def opened_list(claims: Sequence[Claim], passages: Sequence[Passage]) -> Paragraph | None:
    """The paragraph that an answer begins with, where it quotes the sentence above a list: "…:"."""
    if not claims or not claims[0].quote.rstrip(" ”").endswith(":"):
        return None
    cited = str(claims[0].citation)
    there = (p.paragraph for p in passages if str(p.paragraph.citation) == cited)
    head = next(there, None)
    return head if head and head.label.isdigit() else None


def names_below(head: Paragraph) -> list[str]:
    """The ids that the items under a paragraph have, if they are numbered "76.1"."""
    return [f"{head.id}.{n}" for n in range(1, _MOST + 1)]


def with_items(claims: Sequence[Claim], items: Sequence[Paragraph]) -> tuple[Claim, ...]:
    """Put the first items of a list behind the sentence that it stands under."""
    cited = {str(claim.citation) for claim in claims}
    below = [
        Claim(end_to_end(each), end_to_end(each), each.citation)
        for each in items[:ITEMS]
        if str(each.citation) not in cited
    ]
    return (claims[0], *below, *claims[1:])


def more_below(items: Sequence[Paragraph]) -> str:
    """How many items of a list are not quoted, and up to where they stand."""
    left = len(items) - ITEMS
    return f"{left} more are listed, up to {items[-1].citation}." if left > 0 else ""


def of_the_other_kind(
    asked: str,
    claims: Sequence[Claim],
    passages: Sequence[Passage],
    heads: Mapping[str, Paragraph],
) -> tuple[Claim, ...]:
    """Leave out what enjoys support where what does not is asked for, and the reverse.

    Where nothing would be left, all stays, and where it is asked whether one thing does.
    """
    if not _asks_kind(asked):
        return tuple(claims)
    refused = _REFUSED.search(asked) is not None
    under = _under(claims, passages, heads)

    def position(claim: Claim) -> str:
        """What tells it: the claim itself, or the sentence that it stands under."""
        head = under.get(str(claim.citation))
        words = head.text if head else claim.quote
        return words if _POSITION.search(words) and "support" in words else ""

    kept = [
        claim
        for claim in claims
        if not (told := position(claim)) or (_REFUSED.search(told) is not None) == refused
    ]
    return tuple(kept or claims)


def _head(paragraph: Paragraph, heads: Mapping[str, Paragraph]) -> Paragraph | None:
    head = heads.get(above(paragraph) or "")
    return head if head is not None and _POSITION.search(head.text) else None


def with_positions(
    claims: Sequence[Claim], passages: Sequence[Passage], heads: Mapping[str, Paragraph]
) -> tuple[Claim, ...]:
    """Claims that quote recommendations, each group behind the sentence that it stands under."""
    under = _under(claims, passages, heads)
    order = list(dict.fromkeys(head.id for c in claims if (head := under.get(str(c.citation)))))
    claims = sorted(
        claims, key=lambda c: order.index(h.id) if (h := under.get(str(c.citation))) else -1
    )
    found: list[Claim] = []
    for head, group in groupby(claims, key=lambda claim: under.get(str(claim.citation))):
        if head is not None:
            words = _said(head)
            found.append(Claim(words, words, head.citation))
        found += group
    return tuple(found)


def told(
    claims: Sequence[Claim], passages: Sequence[Passage], heads: Mapping[str, Paragraph]
) -> str:
    """What the record says of the recommendations quoted, a sentence for each position."""
    under = _under(claims, passages, heads)
    quoted = {str(claim.citation) for claim in claims}
    groups: dict[str, tuple[Paragraph, list[str]]] = {}
    for claim in claims:
        head = under.get(str(claim.citation))
        if head is not None and str(head.citation) not in quoted and claim.citation.first:
            groups.setdefault(head.id, (head, []))[1].append(claim.citation.first)
    return " ".join(
        f"Of {paras(labels)} the record says: “{_said(head)}” ({head.citation})."
        for head, labels in groups.values()
    )


def _under(
    claims: Sequence[Claim], passages: Sequence[Passage], heads: Mapping[str, Paragraph]
) -> dict[str, Paragraph]:
    """Citation of a claim → the paragraph under which what it quotes stands."""
    given = {str(p.paragraph.citation): p.paragraph for p in passages}
    cited = {str(claim.citation) for claim in claims}
    return {
        name: head
        for name, paragraph in given.items()
        if name in cited and (head := _head(paragraph, heads)) is not None
    }


def _said(head: Paragraph) -> str:
    """The first sentence, without the colon before the list."""
    start, end = sentences(head.text)[0]
    return head.text[start:end].rstrip(" :.")


def paras(labels: Sequence[str]) -> str:
    """Labels of paragraphs as a text has them: "paras. 26 (b), 27 and 31"."""
    labels = list(dict.fromkeys(labels))
    if len(labels) == 1:
        return f"para. {labels[0]}"
    return f"paras. {', '.join(labels[:-1])} and {labels[-1]}"
