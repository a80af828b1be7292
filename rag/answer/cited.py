"""What a claim rests on, as far as its words are those of who is quoted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from rag.answer.attribution import Side
from rag.domain import Role


@dataclass(frozen=True, slots=True)
class Cited:
    """The paragraph that a claim cites, as far as its words are those of who is quoted."""

    text: str
    spans: tuple[tuple[int, int], ...]  # where the quotation stands in it
    speaker: str | None
    role: Role | None
    side: Side | None
    masthead: str  # what may be named without standing in the paragraph


def masthead(symbol: str | None, body: str | None, state: str | None, day: date | None) -> str:
    """What a claim may name though no paragraph prints it, a line each."""
    printed = f"{day.day} {day:%B} {day.year}" if day else None
    return "\n".join(part for part in (symbol, body, state, printed) if part)
