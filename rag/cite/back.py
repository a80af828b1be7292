"""Tokens → a reference back: "ibid.", "id.", "supra note 4", "above n 4", "(n 4)".

Sources: OSCOLA, 4th edition, 1.2.1 and 1.2.3 ("(n 4)", "ibid"); AGLC, 4th edition, 1.4
("above n 4", "Ibid"); the Bluebook, rule 4 ("id.", "supra note 4"); the UN Editorial Manual,
"Footnotes and other references" ("Ibid.", "see footnote 4 above").
"""

from __future__ import annotations

from dataclasses import dataclass

from rag.cite.pinpoints import kind_at, sign_at, word_at
from rag.cite.tokens import Token

_SAME = frozenset({"ibid", "ibidem", "ibíd", "id"})
_POINTERS = frozenset({"supra", "above", "infra", "below"})
_NOTES = frozenset({"note", "n", "footnote", "fn", "nota", "notes", "footnotes"})

OPENING = _SAME | _POINTERS | _NOTES


@dataclass(frozen=True, slots=True)
class Back:
    """A reference back: to the citation before (`note` None) or to a note ("" without number)."""

    note: str | None
    start: int
    end: int
    next: int


def back(tokens: list[Token], i: int) -> Back | None:
    """Read the reference at `i`, without its pinpoint."""
    return _same(tokens, i) or _pointer(tokens, i)


def _same(tokens: list[Token], i: int) -> Back | None:
    word = word_at(tokens, i)
    if word not in _SAME:
        return None
    stop = sign_at(tokens, i + 1, ".")
    if word == "id" and not (stop and tokens[i].text in ("id", "Id")):
        return None
    return Back(None, tokens[i].start, tokens[i + stop].end, i + 1 + stop)


def _pointer(tokens: list[Token], i: int) -> Back | None:
    """Read "supra note 4", "note 4 above", "(n 4)"; and "supra" alone, which tells no note."""
    word = word_at(tokens, i)
    if word in _POINTERS:
        j = i + 1 + sign_at(tokens, i + 1, ",")
        number = _note(tokens, j)
        if number is not None:
            return Back(tokens[number].text, tokens[i].start, tokens[number].end, number + 1)
        return Back("", tokens[i].start, tokens[i].end, i + 1) if word == "supra" else None
    number = _note(tokens, i)
    if number is None:
        return None
    pointed = word_at(tokens, number + 1) in _POINTERS
    bracket = i > 0 and sign_at(tokens, i - 1, "(") and sign_at(tokens, number + 1, ")")
    if not pointed and not bracket:
        return None
    end = number + pointed
    return Back(tokens[number].text, tokens[i].start, tokens[end].end, end + 1)


def _note(tokens: list[Token], i: int) -> int | None:
    """Give the place of the number in "note 4", "n. 4", "footnote 4"."""
    if word_at(tokens, i) not in _NOTES:
        return None
    at = i + 1 + sign_at(tokens, i + 1, ".")
    return at if kind_at(tokens, at) == "number" and tokens[at].text.isdecimal() else None
