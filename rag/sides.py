"""Who speaks → for whom: for those who examine, or for the State that they examine."""

from __future__ import annotations

from rag.domain import Turn, Voice
from rag.query import Query, Reviewed, Side


def same_state(name: str, delegation: str | None) -> bool:
    """Whether a delegation, or one of several that speak as one, is that of a State."""
    wanted = _short(name)
    return delegation is not None and any(_short(d) == wanted for d in delegation.split(", "))


def _short(state: str) -> str:
    """A State's name without what stands in brackets: "Iran (Islamic Republic of)"."""
    return state.partition(" (")[0].replace("’", "'").casefold()


def speaks(name: str, voice: Turn | Voice | None) -> bool:
    """Whether the person, or the State, that is named holds the floor."""
    if voice is None:
        return False
    return name.casefold() in voice.speaker.casefold() or same_state(name, voice.delegation)


def side_of(voice: Turn | Voice, document: str, reviewed: Reviewed) -> Side | None:
    """For whom somebody speaks: for those who examine, or for the State they examine.

    States that examine another speak for the first. None where nobody is examined.
    """
    if document in reviewed and reviewed[document] is None:
        return None
    if voice.role in ("member", "chair"):
        return "committee"
    state = reviewed.get(document)
    if state and voice.delegation and not same_state(state, voice.delegation):
        return "committee"
    return "delegation"


def speaks_for_other_side(query: Query, document: str, voice: Turn | Voice | None) -> float:
    """1 where the other side speaks than the one asked for; half where it cannot be told."""
    if query.side in (None, "both"):
        return 0.0
    if voice is None:  # the Committee's own documents have no speakers
        return 0.5 if query.side == "delegation" else 0.0
    spoken = side_of(voice, document, query.reviewed)
    return 0.0 if spoken is None else float(spoken != query.side)
