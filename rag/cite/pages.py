"""Tokens → the pages they name: "pp. 4–5" → ("p. 4", "p. 5").

Verbatim records have no paragraph numbers and are cited by page: "S/PV.8422, p. 4". A page is
a pinpoint only beside a symbol; elsewhere it is some book's. Source: the UN Editorial Manual,
"Footnotes and other references".
"""

from __future__ import annotations

from rag.cite.pinpoints import Group, kind_at, numbers, sign_at, word_at
from rag.cite.tokens import Token

_ONE = frozenset({"p", "page", "pág", "pag", "página", "pagina"})
_SEVERAL = frozenset({"pp", "pages", "págs", "pags", "páginas", "paginas"})
OPENING = _ONE | _SEVERAL | {"at"}
_CLOCK = frozenset({"a", "p", "am", "pm", "o'clock", "o’clock", "hours", "h", "per"})


def pages(tokens: list[Token], i: int) -> Group | None:
    """Read "p. 4", "pp. 4–5 and 8", "page 4"; not "p. 4, para. 2", which counts on the page."""
    word = word_at(tokens, i)
    if word not in _ONE and word not in _SEVERAL:
        return None
    at = i + 1 + sign_at(tokens, i + 1, ".")
    return _numbers(tokens, i, at, single=word in _ONE)


def at_page(tokens: list[Token], i: int) -> Group | None:
    """Read "at 4" behind a verbatim record's symbol; not "at 4 p.m."."""
    if word_at(tokens, i) != "at" or kind_at(tokens, i + 1) != "number":
        return None
    read = _numbers(tokens, i, i + 1, single=True)
    clock = read is not None and (
        word_at(tokens, read.next) in _CLOCK or sign_at(tokens, read.next, ":", "%")
    )
    return None if clock else read


def bare_page(tokens: list[Token], i: int) -> Group | None:
    """Read the number that is a page by its place alone, as AGLC prints it; no year."""
    if kind_at(tokens, i) != "number" or len(tokens[i].text) > 3:
        return None
    return _numbers(tokens, i, i, single=True)


def linked_page(tokens: list[Token], i: int) -> Group | None:
    """Read the page of a deep link behind "#": "p. 4", "p. 4/2" (its second speech)."""
    read = pages(tokens, i)
    if read is None or not sign_at(tokens, read.next, "/"):
        return read
    if kind_at(tokens, read.next + 1) != "number":
        return read
    end = tokens[read.next + 1].end
    return Group(read.paras, read.start, end, read.next + 2, read.mark)


def is_verbatim(symbol: str) -> bool:
    """Whether a symbol is a verbatim record's: "S/PV.8422", "A/64/PV.121"."""
    return any(part.startswith("PV.") for part in symbol.split("/"))


def _numbers(tokens: list[Token], start: int, i: int, *, single: bool) -> Group | None:
    read = numbers(tokens, i, single=single)
    if read is None:
        return None
    pairs, end, following = read
    if any(not page.isdigit() for pair in pairs for page in pair):
        return None
    if kind_at(tokens, following + sign_at(tokens, following, ",")) == "mark":
        return None
    paras = tuple((f"p. {first}", f"p. {last}") for first, last in pairs)
    return Group(paras, tokens[start].start, end, following, "p")
