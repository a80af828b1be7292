"""Lines → the places where numbered paragraphs begin, each with its label.

Numbers are copied, never counted: a citation must match the page. A line that begins
with a number is only a candidate ("…cases under article / 309. What…"). The paragraphs
are the best path through the candidates: each taken one earns what speaks for it (a
sentence ended above, the layout sets it apart) and pays for what is odd about the step
(a gap, a repeat, a step back). Numbering may begin again at 1 in a decision or an annex,
and for the items of a list inside a paragraph, whose number is then composed: item 1 of
paragraph 97 is 97.1.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from rag.parse.candidates import Candidate, candidates_in, follows_item
from rag.parse.lines import Line

BEAM = 24  # paths kept; 6 chose the same starts as 200 in 88 real documents


@dataclass(frozen=True, slots=True)
class Start:
    """A paragraph begins: on which line, with which label, and what follows the number."""

    line: int
    label: str  # as printed, or composed for an item of a list inside a paragraph
    rest: str
    composed: bool = False
    section: int = 0  # counts the places where numbering begins again
    inferred: bool = False
    after: str = ""  # "gap", "back", "repeat" or "misprint": what was odd about the step to it
    due: str = ""  # the number that was due in place of a misprinted one
    headed: bool = False  # a heading stands between it and the paragraph before


@dataclass(frozen=True, slots=True)
class _State:
    """Where a path stands: the last label, in parts."""

    section: int = 0
    number: int = 0
    bis: int = 0
    decimals: tuple[int, ...] = ()
    items: bool = False  # the decimals are the items of a list, printed without the number
    printed: int = 0  # what is printed in place of `number`, where that is a misprint


@dataclass(slots=True)
class _Path:
    score: float
    state: _State
    candidate: int
    back: _Path | None
    odd: str = ""


def paragraph_starts(
    lines: Sequence[Line], breaks: frozenset[int], skip: frozenset[int]
) -> list[Start]:
    """Choose the paragraph starts among all lines that begin with a number.

    Args:
        lines: of the record, without page furniture.
        breaks: indices of lines that head a part in which numbering may begin again.
        skip: indices of lines that belong to a contents table.

    """
    candidates = candidates_in(lines, breaks, skip)
    root = _Path(0.0, _State(), -1, None)
    beam: dict[_State, _Path] = {root.state: root}
    for index, candidate in enumerate(candidates):
        grown: list[_Path] = []
        for path in beam.values():
            for state, cost, odd in _steps(path.state, candidate):
                grown.append(_Path(path.score + candidate.worth - cost, state, index, path, odd))
        for path in grown:
            known = beam.get(path.state)
            if known is None or path.score > known.score:
                beam[path.state] = path
        if len(beam) > 2 * BEAM:
            best = sorted(beam.values(), key=lambda p: -p.score)[:BEAM]
            beam = {path.state: path for path in best}
    path: _Path | None = max(beam.values(), key=lambda p: p.score)
    if path.score <= 0:
        return []
    chain: list[Start] = []
    after: _State | None = None
    while path is not None and path.candidate >= 0:
        candidate, state = candidates[path.candidate], path.state
        alone = state.items and state.decimals == (1,) and not (after is not None and after.items)
        if not alone or candidate.opens_list:  # a list of one item is none
            chain.append(_start(candidate, path))
            after = state
        path = path.back
    return _mend_restarts(chain[::-1], lines)


def _start(candidate: Candidate, path: _Path) -> Start:
    state = path.state
    label = candidate.label
    if state.items:
        parent = state.printed or state.number
        label = f"{parent}.{'.'.join(map(str, state.decimals))}"
    due = ".".join(map(str, (state.number, *state.decimals)))
    if path.odd == "again":
        label = due
    return Start(
        line=candidate.line,
        label=label,
        rest=candidate.rest,
        composed=state.items,
        section=state.section,
        inferred=path.odd == "again",
        headed=candidate.section or candidate.heading,
        after=path.odd,
        due=due if path.odd == "misprint" else "",
    )


def label_key(label: str) -> tuple[int, int, int]:
    """Order labels: 14 < 14 bis < 15, 7.2 < 7.10."""
    match = re.match(r"^(\d+)(?:\.(\d+))?(?:\.\d+)*(?: ?(bis|ter|quater))?$", label)
    if match is None:
        raise ValueError(f"{label!r} is not a paragraph label")
    number, decimal, bis = match.groups()
    return int(number), int(decimal or 0), ("", "bis", "ter", "quater").index(bis or "")


# -- steps ---------------------------------------------------------------------------------


def _steps(state: _State, c: Candidate) -> list[tuple[_State, float, str]]:
    """Where a path may go with a candidate: (new state, cost, what is odd about it)."""
    if c.decimals:
        return _decimal_steps(state, c)
    steps: list[tuple[_State, float, str]] = []
    main = _State(state.section, c.number, c.bis)
    if (c.number, c.bis) > (state.number, state.bis):
        missing = c.number - state.number - (0 if c.bis else 1)
        if state.number == 0:  # the first of the record
            steps.append((main, 0.0 if c.number == 1 else 1.0, ""))
        else:
            # Numbers may run on through an annex, but a gap there is rather a part of its own.
            crossed = 1.0 if c.section and missing > 0 else 0.0
            steps.append((main, _gap(missing) + crossed, "gap" if missing > 0 else ""))
    if c.shown and state.number and c.number not in (1, state.number + 1):
        # A misprint: 35 between 20 and 22. The path goes on from 21.
        due = _State(state.section, state.number + 1, printed=c.number)
        steps.append((due, 1.5, "misprint"))
    if (c.number, c.bis) <= (state.number, state.bis) and state.number:
        odd = "repeat" if c.number == state.number else "back"
        steps.append((main, 3.2, odd))
    if c.again and state.number and not state.items:
        steps.append((_State(state.section, state.number + 1), 0.4, "again"))
    if state.number and c.number == 1 and not c.bis:
        fresh = _State(state.section + 1, 1)
        cost = 0.2 if c.section else 1.2 if c.heading or c.after_item else 3.0
        steps.append((fresh, cost, ""))
        if state.items and c.opens_list:  # the number above this list was lost
            item = _State(state.section, state.number + 1, 0, (1,), True)
            steps.append((item, 1.0, "lost"))
        if not state.items:
            item = replace(state, decimals=(1,), items=True)
            steps.append((item, 0.3 if c.opens_list else 1.6, ""))
    elif state.number and c.section:
        steps.append((_State(state.section + 1, c.number, c.bis), 1.6, "gap"))
    if state.items and not c.bis:
        last = state.decimals[-1]
        if c.number > last:
            missing = c.number - last - 1
            item = replace(state, decimals=(c.number,))
            steps.append((item, _gap(missing), "gap" if missing else ""))
        elif c.number == last:
            steps.append((state, 2.6, "repeat"))
    return steps


def _decimal_steps(state: _State, c: Candidate) -> list[tuple[_State, float, str]]:
    new = _State(state.section, c.number, 0, c.decimals)
    first = c.decimals[0]
    if c.number == state.number and not state.items:
        last = state.decimals
        if not last or c.decimals > last:
            missing = first - (last[0] if last else 0) - (0 if len(c.decimals) > 1 else 1)
            return [(new, _gap(missing), "gap" if missing > 0 else "")]
        return [(new, 3.2, "repeat" if c.decimals == last else "back")]
    if state.decimals and not state.items and c.decimals == (state.decimals[0] + 1,):
        # A misprint: 214.60 between 124.59 and 124.61. The path goes on from 124.60.
        return [(replace(state, decimals=c.decimals), 1.5, "misprint")]
    if c.number > state.number:
        missing = c.number - state.number - 1 + first - 1
        if state.number == 0:
            return [(new, 0.0 if (c.number, first) == (1, 1) else 1.0, "")]
        return [(new, _gap(missing) + 0.2, "gap" if missing > 0 else "")]
    return [(new, 3.4, "back")]


def _gap(missing: int) -> float:
    if missing <= 0:
        return 0.0
    return min(1.8, 0.8 + 0.15 * missing) if missing <= 20 else 2.6


# -- converters that begin lists again -----------------------------------------------------


def _mend_restarts(chain: list[Start], lines: Sequence[Line]) -> list[Start]:
    """Numbers that a converter began again at 1 after a list of (a), (b), (c) go on.

    There is no heading above such a number, only an item; what it was is inferred, and so
    are the numbers of the items below a number that is.
    """
    mended: list[Start] = []
    shift, section, closed = 0, 0, 0
    doubted: set[str] = set()  # numbers of this section that are not printed
    for before, start in zip([None, *chain], chain, strict=False):
        if before is not None and start.section != before.section:
            last = mended[-1].label.partition(".")[0]
            if follows_item(lines, start.line) and not start.headed and last.isdigit():
                shift = int(last)
                closed += 1
            else:
                shift = 0
                doubted.clear()
            section = start.section - closed
        head, dot, tail = start.label.partition(".")
        shifted = bool(shift) and head.isdigit() and (start.composed or not dot)
        if shifted:
            head = str(int(head) + shift)
        if shifted or start.inferred or start.after == "lost":
            doubted.add(head)
        elif not dot:
            doubted.discard(head)
        inferred = head in doubted and (start.composed or not dot)
        label = f"{head}{dot}{tail}"
        mended.append(replace(start, label=label, section=section, inferred=inferred))
    return mended
