"""Sentences that are quoted from a paragraph → those that would be missed beside them.

What stands between two that are quoted, where it is little; what goes on with the figures that are
asked for.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from rag.answer.evidence import Scored

GAP, GAP_WORDS = 2, 45  # sentences and words between two that are quoted, which are quoted too
_GOES_ON = re.compile(
    r"(?:\w+ ){0,5}(?:they|it|these|those|of (?:that|this|those|these|them)|that (?:number|figure|total))\b",
    re.IGNORECASE,
)


def going_on(text: str, scored: Sequence[Scored], best: Scored) -> int | None:
    """The sentence behind the best, where it goes on with the kind of thing that is asked for.

    "The prisons had 6,850 places. On 1 January they had held 7,912 persons."
    """
    at = scored.index(best) + 1
    if at >= len(scored) or not scored[at].fits or all(each.fits for each in scored):
        return None
    return at if _GOES_ON.match(text[scored[at].start : scored[at].end]) else None


def pointing_back(text: str, scored: Sequence[Scored]) -> frozenset[int]:
    """The sentences that begin by pointing back: "It would sail again in March 2025."."""
    return frozenset(at for at, s in enumerate(scored) if _GOES_ON.match(text[s.start : s.end]))


def without_small_gaps(text: str, scored: Sequence[Scored], chosen: Sequence[int]) -> list[int]:
    """Add what little stands between two sentences that are quoted: it is rather missed than too much."""
    kept = set(chosen)
    for left, right in pairwise(chosen):
        gap = text[scored[left].end : scored[right].start]
        if right - left <= GAP + 1 and len(gap.split()) <= GAP_WORDS:
            kept.update(range(left, right))
    return sorted(kept)
