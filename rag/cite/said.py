"""What a draft has said so far → what it leaves out: "ibid.", "supra note 4", "SR.3272".

A reference back means what it points at only where that is one document. Where a note cites
two, or nothing that is known here, the reference stays without a symbol.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from rag.domain import FoundCitation

RECORDS = ("SR.", "PV.")


@dataclass(slots=True)
class Said:
    """The citations before a place in one text, and in the notes it may point at."""

    before: list[FoundCitation] = field(default_factory=list[FoundCitation])
    last: FoundCitation | None = None  # what "ibid." means where nothing stands before it
    notes: dict[str, FoundCitation | None] = field(default_factory=dict[str, FoundCitation | None])
    series: dict[str, set[str]] = field(default_factory=dict[str, set[str]])  # "SR." → "CCPR/C"
    symbols: dict[str, set[str]] = field(default_factory=dict[str, set[str]])  # "SR.1" → whole

    def add(self, found: Iterable[FoundCitation]) -> None:
        """Take note of citations that were read."""
        for each in found:
            self.before.append(each)
            if each.symbol:
                self.learn(each.symbol)

    def learn(self, symbol: str) -> None:
        """Take note of the series that a symbol is of."""
        if "/SR." not in symbol and "/PV." not in symbol:
            return
        stem, _, part = symbol.rpartition("/")
        if stem and part.startswith(RECORDS):
            self.series.setdefault(part[:3], set()).add(stem)
            self.symbols.setdefault(part, set()).add(symbol)

    def previous(self) -> FoundCitation | None:
        """The citation that "ibid." means; None where none is known."""
        return self.before[-1] if self.before else self.last

    def whole(self, record: str) -> str | None:
        """Complete "SR.3272" by the one series named so far: "CCPR/C/SR.3272"."""
        printed = self.symbols.get(record, set())
        if len(printed) == 1:
            return next(iter(printed))
        series = self.series.get(record[:3], set())
        return f"{next(iter(series))}/{record}" if len(series) == 1 and not printed else None


def only(found: Iterable[FoundCitation]) -> FoundCitation | None:
    """The last of a note's citations where all are of one document; else None."""
    listed = list(found)
    return listed[-1] if len({each.symbol for each in listed}) == 1 else None
