"""A document that a draft names without its symbol → the one that the citations near it mean.

"Paragraph 151 of the replies to the list of issues" is told by the records cited beside it:
by what their mastheads say the meeting had before it. What is cited near is what the same part
of the draft cites, its notes included, or else the nearest part before it that cites anything.
Where those records mean two documents, or one of them is not in the index and may mean
another, nothing is told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from rag.check.evidence import Evidence
from rag.check.items import Item
from rag.cite import HERE, is_symbol, kind_of
from rag.domain import FoundCitation
from rag.errors import UnknownDocument

_OF_NO_REVIEW = frozenset({"resolution", "decision", "general comment", "views"})


@dataclass(frozen=True)
class Near:
    """What the parts of a draft cite by symbol."""

    items: Sequence[Item]
    evidence: Evidence

    @cached_property
    def _symbols(self) -> dict[int, tuple[str, ...]]:
        """Part → the documents cited there that a review may be about, in order."""
        cited: dict[int, dict[str, None]] = {}
        for item in self.items:
            for each in item.cited:
                symbol = each.found.symbol
                if symbol and is_symbol(symbol) and kind_of(symbol) not in _OF_NO_REVIEW:
                    cited.setdefault(item.place.part, {})[symbol] = None
        return {part: tuple(symbols) for part, symbols in cited.items()}

    def told(self, found: FoundCitation, part: int) -> FoundCitation:
        """The citation with the symbol that those near it tell; as it is where they tell none."""
        if found.symbol is not None or not found.named or found.named == HERE:
            return found
        near = max((at for at in self._symbols if at <= part), default=None)
        symbol = self._meant(found, self._symbols[near]) if near is not None else None
        return replace(found, symbol=symbol) if symbol else found

    def _meant(self, found: FoundCitation, symbols: Sequence[str]) -> str | None:
        meant: set[str] = set()
        known: set[str] = set()
        absent: list[str] = []
        for symbol in symbols:
            if kind_of(symbol) == found.named:  # cited there by its symbol
                meant.add(symbol)
                continue
            before = self._before(symbol)
            if before is None:
                absent.append(symbol)
                continue
            known.update(before)
            there = self.evidence.resolve(found, within=symbol).found.symbol
            if there is not None:
                meant.add(there)
        if len(meant) != 1 or any(symbol not in known for symbol in absent):
            return None
        return next(iter(meant))

    def _before(self, symbol: str) -> list[str] | None:
        """What a meeting had before it; None where the record is not in the index."""
        catalog = self.evidence.record.index.catalog
        try:
            return catalog.agenda(catalog.find(symbol))
        except UnknownDocument:
            return None
