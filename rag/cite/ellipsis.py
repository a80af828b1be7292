"""What a text leaves out → what it means: "CCPR/C/KAZ/Q/2 and Add.1" names …/Q/2/Add.1 too."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from rag.cite.pinpoints import AND, is_month, kind_at, sign_at, word_at
from rag.cite.series import SUFFIXES
from rag.cite.tokens import Token

_REPLACED = frozenset(["SR", "PV", "L", "INF", "MISC", "CRP", "WP", "NGO", "R", "GC", "TECH"])
_DOTTED = re.compile(r"([A-Za-z]+)\.(\d{1,8})")
_SUFFIXED = re.compile(r"[A-Z]+/[^ ()\[\]:]+|(?:SR|PV)\.\d+")  # a judgment has no addendum
_CLOSE = 10  # meetings cited together are neighbours
_MOST = 30  # of a range; a longer one keeps its two ends
_TO = frozenset({"to", "through", "à", "al"})
_LEVELS = ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii"]
_DIGITS = [str(number) for number in range(1, 100)]


@dataclass(frozen=True, slots=True)
class Tail:
    """An elliptical symbol written out; it is read up to before token `next`."""

    symbol: str
    start: int
    next: int
    range: tuple[int, int] | None = None  # span of the dash or "to" between two symbols
    inner: tuple[str, ...] = ()  # the symbols that the range runs through


def tail(tokens: list[Token], i: int, base: str, current: str, *, numbers: bool) -> Tail | None:
    """Read ", Add.1", "and Corr.1" or, with `numbers`, "and 3272", "–3273", "to 3273" at `i`.

    `base` is the symbol printed in full, `current` the one just read: "Add.1 and 2"
    goes on from the latter, "Add.1 and Corr.1" both belong to the former.
    """
    comma = sign_at(tokens, i, ",")
    j = i + comma
    joined = word_at(tokens, j) in AND or sign_at(tokens, j, "&")
    j += joined
    dash = not comma and not joined and (sign_at(tokens, j, "-") or word_at(tokens, j) in _TO)
    j += dash
    if not (comma or joined or dash):
        return None
    read = _suffix(tokens, j, base) if _SUFFIXED.fullmatch(base) else None
    if read is None and not dash:  # its slash tells it from a paragraph
        read = _resolution(tokens, j, current)
    if read is None and numbers:
        read = _number(tokens, j, current, listed=joined or dash)
    if read is None or not dash:
        return read
    span = (tokens[j - 1].start, tokens[j - 1].end)
    return replace(read, range=span, inner=_inner(current, read.symbol))


def _inner(first: str, last: str) -> tuple[str, ...]:
    """List what lies between "…/SR.3271" and "…/SR.3274": 3272 and 3273; () where it is not plain."""
    stem, _, low = first.rpartition(".")
    other, _, high = last.rpartition(".")
    if stem != other or not low.isdecimal() or not high.isdecimal():
        return ()
    numbers = range(int(low) + 1, int(high))
    return tuple(f"{stem}.{number}" for number in numbers) if len(numbers) <= _MOST else ()


def _resolution(tokens: list[Token], i: int, current: str) -> Tail | None:
    """Read "65/281" behind "A/RES/60/251 and"."""
    stem, *numbers = current.rsplit("/", 2)
    if not stem.endswith("RES") or len(numbers) != 2:
        return None
    if not (
        kind_at(tokens, i) == kind_at(tokens, i + 2) == "number" and sign_at(tokens, i + 1, "/")
    ):
        return None
    first, second = tokens[i].text, tokens[i + 2].text
    plain = first.isdecimal() and second.isdecimal() and len(first) <= 4 and len(second) <= 4
    plain = plain and word_at(tokens, i + 3) not in ("of", "majority")  # "3/4 of them"
    return Tail(f"{stem}/{first}/{second}", tokens[i].start, i + 3) if plain else None


def _suffix(tokens: list[Token], i: int, base: str) -> Tail | None:
    """Read "Add.1", "Add.1/Corr.1" or "SR.3273" and put it in its place behind `base`."""
    symbol, j = base, i
    while (read := _component(tokens, j)) is not None:
        name, number = read
        parts = symbol.split("/")
        held = [k for k, part in enumerate(parts) if part.startswith(f"{name}.")]
        if name in SUFFIXES:
            kept = parts[: held[-1]] if held and symbol == base else parts
        elif held:
            kept = parts[: held[-1]]
        else:
            break
        symbol = "/".join([*kept, f"{name}.{number}"])
        j += 3
        if not (sign_at(tokens, j, "/") and _component(tokens, j + 1)):
            break
        j += 1
    return Tail(symbol, tokens[i].start, j) if j > i else None


def _component(tokens: list[Token], i: int) -> tuple[str, str] | None:
    """Read the three tokens of "Add.1"; also "Add . 1"."""
    if not (sign_at(tokens, i + 1, ".") and kind_at(tokens, i + 2) == "number"):
        return None
    name = tokens[i].text if kind_at(tokens, i) == "word" else ""
    number = tokens[i + 2].text
    known = name in _REPLACED or name in SUFFIXES
    return (name, number) if known and number.isdigit() and len(number) < 9 else None


def _number(tokens: list[Token], i: int, current: str, *, listed: bool) -> Tail | None:
    """Read "3272" behind "CCPR/C/SR.3271 and": a later number of the same kind of record."""
    stem, _, last = current.rpartition("/")
    dotted = _DOTTED.fullmatch(last)
    if dotted is None or kind_at(tokens, i) != "number":
        return None
    number = tokens[i].text
    if not number.isdigit() or len(number) > 8:
        return None
    distance = int(number) - int(dotted[2])
    plausible = 0 < distance <= (_CLOSE if not listed or int(dotted[2]) < 100 else 1000)
    following = word_at(tokens, i + 1)
    counted = bool(following) and following not in AND and int(number) < 100
    if not plausible or counted or is_month(following) or sign_at(tokens, i + 1, "/", "%"):
        return None
    return Tail(f"{stem}/{dotted[1]}.{number}", tokens[i].start, i + 1)


def between(first: str, last: str) -> list[str]:
    """List the sub-paragraphs from `first` to `last`: "(a)", "(c)" → "(a)", "(b)", "(c)".

    Where the way from one to the other is not plain, only the two ends.
    """
    if first == last:
        return [first]
    head, _, low = first.rpartition("(")
    last_head, _, high = last.rpartition("(")
    low, high = low.rstrip(")"), high.rstrip(")")
    if head == last_head:
        letters = [chr(code) for code in range(ord("a"), ord("z") + 1)]
        for names in (*((_LEVELS, letters) if head else (letters, _LEVELS)), _DIGITS):
            if low in names and high in names and names.index(low) < names.index(high):
                chosen = names[names.index(low) : names.index(high) + 1]
                return [f"{head}({name})" for name in chosen]
    return [first, last]
