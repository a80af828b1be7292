"""Two spellings → whether they may be one name: Goloburda and Goluburda."""

from __future__ import annotations

SHORTEST = 5  # letters; shorter names differ too easily
LONG = 8  # letters from which on two slips are one name still


def slips(name: str) -> int:
    """How many letters may be wrong in a name."""
    if len(name) < SHORTEST or not name.isalpha():
        return 0
    return 2 if len(name) >= LONG else 1


def alike(wanted: str, printed: str) -> bool:
    """Whether two folded names are the same but for slips; the first two letters are right."""
    if wanted == printed:
        return True
    if wanted[:2] != printed[:2] or not slips(wanted):
        return False
    # Late, since it is needed for a few questions only.
    from rapidfuzz.distance import DamerauLevenshtein

    return DamerauLevenshtein.distance(wanted, printed, score_cutoff=slips(wanted)) <= slips(wanted)
