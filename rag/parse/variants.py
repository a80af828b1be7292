"""Names of speakers, as one record spells them → which are the same person.

"Goloburda" in one paragraph and "Goluburda" in another are one delegate; that they
are is told in a note, and the printed spelling stays.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from rag.parse.floor import Floor

_SHORTEST = 6  # letters; shorter names differ too easily
_LONG = 8  # letters from which on two slips are one name still
_NAMED = re.compile(r"^(?P<title>[A-Za-z]+)\.? (?P<name>.+)$")


@dataclass(slots=True)
class _Person:
    """A spelling, and what the record says of its bearer."""

    title: str
    name: str  # folded
    printed: str
    delegations: set[str] = field(default_factory=lambda: set[str]())
    said: int = 0


def same_persons(floors: Iterable[Floor]) -> Mapping[str, str]:
    """Map each speaker's spelling to the spelling that the record uses most.

    Args:
        floors: everybody who takes the floor, in order of print.

    """
    people: dict[str, _Person] = {}
    for floor in floors:
        match = _NAMED.match(floor.speaker)
        if match is None or floor.role == "chair" or match["title"].casefold() == "the":
            continue
        person = people.setdefault(
            floor.speaker,
            _Person(match["title"].casefold(), folded(match["name"]), floor.speaker),
        )
        person.said += 1
        if floor.delegation:
            person.delegations.add(floor.delegation)
    order = sorted(people.values(), key=lambda p: -p.said)
    same: dict[str, str] = {}
    for i, person in enumerate(order):
        twin = next((p for p in order[:i] if p.printed not in same and _same(p, person)), None)
        if twin is not None:
            same[person.printed] = twin.printed
            twin.delegations |= person.delegations
    return same


def folded(name: str) -> str:
    """A name without case, accents, apostrophes and hyphens."""
    plain = unicodedata.normalize("NFKD", name)
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    return re.sub(r"[\s\-.]+", " ", re.sub(r"['’‘]", "", plain)).casefold().strip()


def is_misspelling(one: str, other: str) -> bool:
    """Whether two names of one person differ in more than capitals."""
    return re.sub(r"\W", "", one).casefold() != re.sub(r"\W", "", other).casefold()


def _same(one: _Person, other: _Person) -> bool:
    if one.title != other.title:
        return False
    if one.name == other.name:
        return len(one.delegations | other.delegations) <= 1
    if len(one.delegations | other.delegations) > 1:
        return False
    letters = min(_letters(one.name), _letters(other.name))
    if letters < _SHORTEST or not _same_shape(one.name, other.name):
        return False
    from rapidfuzz.distance import OSA

    allowed = 2 if letters >= _LONG else 1
    return OSA.distance(one.name, other.name, score_cutoff=allowed) <= allowed


def _letters(name: str) -> int:
    return sum(c.isalpha() for c in name)


def _same_shape(one: str, other: str) -> bool:
    """Same first letter, and as many words: "Ben Achour" is not "Benachour Ali"."""
    first: Sequence[str] = one.split()
    second: Sequence[str] = other.split()
    return one[:1] == other[:1] and len(first) == len(second)
