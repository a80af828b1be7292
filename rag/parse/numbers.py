"""Find the lines that begin a numbered paragraph.

Numbers are copied, never counted: a citation must match the page. A line that
begins with a number is only a candidate ("…cases under article / 309. What…");
the paragraphs are the best chain of candidates that counts upwards, where a
candidate after a finished sentence is worth more than one after "article".
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.parse.lines import Line

_START = re.compile(
    r"^(?P<label>\d{1,3}(?:\.\d{1,3})?(?: ?(?:bis|ter|quater))?)"
    r"(?:(?P<dot>\.)(?:\s+|(?=[A-Z“\"(\[‘'*]))|\s+(?=[A-Z“\"]))(?P<rest>\S.*)$"
)
# A sentence may end in a footnote's number, "…given.12"; "at 4.10" is no such end.
_ENDS = re.compile(r"(?:[.?!:;…][”\"’')\]*]*|(?<=[^\W\d_])\.[”\"’')\]*]*\d{1,2})$")
_EXPECTS_NUMBER = re.compile(
    r"(?:\b(?:articles?|arts?\.?|paragraphs?|paras?\.?|sections?|rules?|nos?\.?|chapters?|"
    r"principles?|recommendations?|issues?|questions?|items?|act|decree|orders?|law|goals?|"
    r"between|from|than|to|of|and|or|the|in|on|by|page|pp?\.|at|about|some|only|over|under)|,)$",
    re.IGNORECASE,
)
_LOOK_BACK = 300


@dataclass(frozen=True, slots=True)
class Start:
    """A paragraph begins: on which line, with which number, and what follows it."""

    line: int
    label: str
    rest: str


@dataclass(frozen=True, slots=True)
class _Candidate:
    start: Start
    key: tuple[int, int, int]  # number, decimal, bis
    worth: float


def paragraph_starts(lines: list[Line]) -> list[Start]:
    """Choose the paragraph starts among all lines that begin with a number."""
    candidates = [c for i in range(len(lines)) if (c := _candidate(lines, i)) is not None]
    best: list[tuple[float, int]] = []  # (score of the best chain ending here, its predecessor)
    for i, here in enumerate(candidates):
        score, back = here.worth - _opening_cost(here.key), -1
        for j in range(max(0, i - _LOOK_BACK), i):
            cost = _step_cost(candidates[j].key, here.key)
            if cost is not None and best[j][0] + here.worth - cost > score:
                score, back = best[j][0] + here.worth - cost, j
        best.append((score, back))
    if not best:
        return []
    at = max(range(len(best)), key=lambda i: best[i][0])
    if best[at][0] <= 0:
        return []
    chain: list[Start] = []
    while at >= 0:
        chain.append(candidates[at].start)
        at = best[at][1]
    return chain[::-1]


def label_key(label: str) -> tuple[int, int, int]:
    """Order labels: 14 < 14 bis < 15, 7.2 < 7.10."""
    match = re.match(r"^(\d+)(?:\.(\d+))?(?: ?(bis|ter|quater))?$", label)
    if match is None:
        raise ValueError(f"{label!r} is not a paragraph label")
    number, decimal, bis = match.groups()
    return int(number), int(decimal or 0), ("", "bis", "ter", "quater").index(bis or "")


def ends_sentence(text: str) -> bool:
    """Whether a line ends where a sentence may end."""
    return bool(_ENDS.search(text))


def _candidate(lines: list[Line], i: int) -> _Candidate | None:
    match = _START.match(lines[i].text)
    if match is None:
        return None
    label, rest = match["label"], match["rest"]
    decimal = "." in label
    if not match["dot"] and not decimal:  # "128 on trafficking", "17 Members": words of a sentence
        return None
    worth = 1.0
    before = lines[i - 1].text if i else ""
    if not before or ends_sentence(before) or lines[i].gap:
        worth += 1.0
    elif _EXPECTS_NUMBER.search(before):
        worth -= 4.0
    elif before[0].isupper() and len(before) < 80:  # may be a heading
        worth += 0.5
    else:
        worth -= 1.5
    if rest[0].islower():
        worth -= 1.5
    label = re.sub(r"(?<=\d)(?=bis|ter|quater)", " ", label)
    return _Candidate(Start(i, label, rest), label_key(label), worth)


def _opening_cost(key: tuple[int, int, int]) -> float:
    return 0.0 if key[:2] in ((1, 0), (1, 1)) else 1.0


def _step_cost(a: tuple[int, int, int], b: tuple[int, int, int]) -> float | None:
    """What it costs that label `b` follows `a`; None where it cannot."""
    if b <= a:
        return None
    (n, decimal, bis), (m, next_decimal, next_bis) = a, b
    if m == n:
        if next_decimal == decimal:
            return 0.0 if next_bis == bis + 1 else 2.0
        missing = next_decimal - decimal - 1
    else:
        missing = m - n - 1 + (max(0, next_decimal - 1))
    return 0.0 if missing == 0 else min(1.8, 0.8 + 0.15 * missing)
