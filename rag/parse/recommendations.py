"""The text of a recommendation → the States that made it.

A report of the Universal Periodic Review prints them in brackets behind the
recommendation, or behind each part of it: "Ratify … (Mexico); increase … (Sweden)".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rag.parse.states import is_organisation, states_in

# What may stand beside the States inside the brackets.
_BESIDE = re.compile(
    r"[\s\d,;:./()\[\]*+&–—-]|\b(?:and|[Tt]he|by|from|of|made|also|as|well|recommendations?|recommended|"
    r"delegations?|on|behalf|Kingdom|State|Republic)\b"
)
# What may stand behind the brackets of a recommendation, or of a part of one.
_BEHIND = re.compile(r"\s*(?:$|[;.,:/)\]*(]|and\b|\d+\b)")
# Whom such brackets explain: "countries of the region (Nepal, India) who come".
_EXAMPLE = re.compile(
    r"\b(?:countries|States|neighbours|neighbou?ring|nationals|citizens|region|border|made by|e\.g\.)"
    r"[^(;]{0,40}$"
)
_MAX_OPEN = 300  # how far a bracket reaches that is never closed


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a recommendation, `text[start:end]`, and who made it."""

    start: int
    end: int
    printed: str  # "Brazil, Czech Republic, Italy"
    names: tuple[str, ...]  # the same as UN short forms


def recommending_states(text: str) -> tuple[str, ...]:
    """Name the States that made a recommendation, as UN short forms, in order of print.

    "… as soon as possible (Brazil, Czech Republic)" → ("Brazil", "Czechia"). States
    that the sentence only mentions, and other brackets, "(CEDAW)", are not among them.
    """
    names = (name for part in recommending_parts(text) for name in part.names)
    return tuple(dict.fromkeys(names))


def recommending_parts(text: str) -> tuple[Part, ...]:
    """Cut a recommendation behind each bracket with States; the parts cover all of it."""
    parts: list[Part] = []
    begin = 0
    for start, end in _recommenders(text):
        found = _states(text[start:end])
        first, last = start + found[0][0], start + found[-1][1]
        names = tuple(dict.fromkeys(name for _, _, name in found))
        printed = re.sub(r"\s+", " ", text[first:last])
        if parts and not re.search(r"\w", text[begin:start]):  # "(Albania)/(Chile)"
            before = parts.pop()
            names = tuple(dict.fromkeys((*before.names, *names)))
            printed = f"{before.printed}, {printed}"
            begin = before.start
        end += len(text[end:]) - len(text[end:].lstrip(" ;,.:"))
        parts.append(Part(begin, end, printed, names))
        begin = end
    if parts:
        last_part = parts.pop()
        parts.append(Part(last_part.start, len(text), last_part.printed, last_part.names))
    return tuple(parts)


def _recommenders(text: str) -> list[tuple[int, int]]:
    """The brackets that hold nothing but States and end a part: (start, end).

    Within a recommendation that ends with such a bracket, earlier ones need nothing
    behind them: "Ratify it (Spain) as soon as possible (France)".
    """
    spans = list(_of_states(text))
    ending = [end for _, end in spans if _BEHIND.match(text[end:])]
    return [
        (start, end)
        for start, end in spans
        if end in ending or (ending and end < ending[-1] and not _EXAMPLE.search(text[:start]))
    ]


def _of_states(text: str, begin: int = 0) -> Iterator[tuple[int, int]]:
    """The brackets that hold nothing but States: (start, end)."""
    for start, end in _brackets(text[begin:]):
        span = begin + start, begin + end
        inside = text[slice(*span)]
        found = _states(inside)
        if found and _only_states(inside, found):
            yield span
        elif "(" in inside[1:]:  # "… Enforced Disappearance (CED (Argentina)"
            yield from _of_states(text[: span[1]], span[0] + 1)


def _brackets(text: str) -> Iterator[tuple[int, int]]:
    """The outermost brackets, one that is never closed included: (start, end)."""
    depth = start = 0
    for i, char in enumerate(text):
        if char == "(":
            if depth == 0:
                start = i
            depth += 1
        elif char == ")" and depth:
            depth -= 1
            if depth == 0:
                yield start, i + 1
    if depth and len(text) - start <= _MAX_OPEN:
        yield start, len(text)


def _states(inside: str) -> list[tuple[int, int, str]]:
    return [state for state in states_in(inside) if not is_organisation(state[2])]


def _only_states(inside: str, found: list[tuple[int, int, str]]) -> bool:
    rest, at = "", 0
    for start, end, _ in found:
        rest += inside[at:start] + " "
        at = end
    return not _BESIDE.sub("", rest + inside[at:])
