"""A text and a symbol → whether the text is that document, by what is printed on it.

A document bears its symbol in the masthead and in the running header. It may cite
others, and an addendum or a corrigendum names the document that it belongs to; the
file's name proves nothing here, because it is made from the symbol that was asked for.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from rag.cite import find_symbols
from rag.domain import SourceText
from rag.errors import NoParagraphs
from rag.parse.segment import segment

_MASTHEAD = 12  # lines with text; the symbol stands among the first of them
_LONGEST = 60  # characters of a line that is no sentence


def stranger(source: SourceText, symbol: str) -> str | None:
    """What a text bears instead of a symbol: another symbol, or "no symbol"; None if it is there.

    A reissue mark is no part of the symbol: "A/HRC/28/10*" bears A/HRC/28/10.
    """
    try:
        own = segment(replace(source, path=Path("arrived"))).symbol
    except NoParagraphs:
        own = None
    above = _masthead(source.text)
    if own == symbol:
        return None
    # Some documents have two: "A/74/548–S/2019/900".
    if symbol in above and not (own or "").startswith(f"{symbol}/"):
        return None
    return own or (above[0] if above else "no symbol")


def _masthead(text: str) -> list[str]:
    """Symbols that end one of the first lines: "United Nations   CCPR/C/GC/36"."""
    filled = [line for line in text.split("\n") if line.strip()][:_MASTHEAD]
    borne: list[str] = []
    for line in filled:
        found = find_symbols(line)
        if found and len(line) < _LONGEST and found[-1][1] >= len(line.rstrip("* ")):
            borne += [name for _, _, name in found]
    return borne
