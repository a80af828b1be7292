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
from typing import Literal

from rag.parse.lines import Line

_START = re.compile(
    r"^(?:¶ ?|\[(?=\d+\]))?(?P<label>\d{1,4}(?:\.\d{1,3}){0,2}(?: ?(?:bis|ter|quater)\b)?)"
    r"(?P<dot>[.,]?\]|[.,]| ?[-–—](?=\s))?(?P<space>\s*)(?P<rest>.*)$"
)
_START_ALONE = re.compile(r"^\d{1,4}\.?$")
_MONTHS = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December|"
    r"janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre|"
    r"de (?:enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre|"
    r"janeiro|fevereiro|março|maio|junho|julho|setembro|outubro|novembro|dezembro))"
)
_DATE = re.compile(rf"{_MONTHS}\b(?:,? \d{{4}})?|\d{{1,2}} {_MONTHS} \d{{4}}", re.IGNORECASE)
# A sentence may end in a footnote's number, "…given.12"; "at 4.10" is no such end.
_ENDS = re.compile(r"(?:[.?!:;…][”\"’')\]*»]*|(?<=[^\W\d_])\.[”\"’')\]*]*\d{1,2})$")
_EXPECTS_NUMBER = re.compile(
    r"(?:\b(?:articles?|arts?\.?|paragraphs?|paras?\.?|sections?|rules?|nos?\.?|chapters?|"
    r"principles?|recommendations?|issues?|questions?|items?|act|decree|orders?|law|goals?|"
    r"between|from|than|to|of|and|or|the|in|on|by|page|pp?\.|at|about|some|only|over|under)|,)$",
    re.IGNORECASE,
)
_LEADER = re.compile(r"\.{4,}|(?:\. ){4,}|…{2,}")
_NUMBERED_HEADING = re.compile(r"^(?:[IVX]{1,6}|[A-Z])\. ?[A-Z][^.;]{2,90}$")
_ITEM_BEFORE = re.compile(r"^\([a-z]{1,2}\)|^\([ivx]{1,5}\)|^[•–—-] ?")
ARTICLE = re.compile(r"^(?:Article|Section|Chapter|Rule|Artículo|Artigo) [\dIVXLC]{1,6}\.?$")
BEAM = 48  # paths kept; the best one has never ranked below the first dozen

Kind = Literal["main", "decimal", "item"]


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


@dataclass(frozen=True, slots=True)
class _Candidate:
    line: int
    number: int
    decimals: tuple[int, ...]
    bis: int
    label: str
    rest: str
    worth: float
    opens_list: bool  # the text above ends with a colon
    section: bool  # a decision, an annex or a like heading stands above
    heading: bool  # some heading stands above
    after_item: bool
    shown: bool  # the layout and the text above both say that a paragraph begins


@dataclass(frozen=True, slots=True)
class _State:
    """Where a path stands: the last label, in parts."""

    section: int = 0
    number: int = 0
    bis: int = 0
    decimals: tuple[int, ...] = ()
    items: bool = False  # the decimals are the items of a list, printed without the number


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
    candidates = _candidates(lines, breaks, skip)
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


def _start(candidate: _Candidate, path: _Path) -> Start:
    state = path.state
    label = candidate.label
    if state.items:
        label = f"{state.number}.{'.'.join(map(str, state.decimals))}"
    due = ".".join(map(str, (state.number, *state.decimals)))
    return Start(
        line=candidate.line,
        label=label,
        rest=candidate.rest,
        composed=state.items,
        section=state.section,
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


def ends_sentence(text: str) -> bool:
    """Whether a line ends where a sentence may end."""
    return bool(_ENDS.search(text))


# -- candidates ----------------------------------------------------------------------------


def _candidates(
    lines: Sequence[Line], breaks: frozenset[int], skip: frozenset[int]
) -> list[_Candidate]:
    found: list[_Candidate] = []
    broken = headed = False
    for i, line in enumerate(lines):
        if i in breaks:
            broken = headed = True
        elif _is_heading(line):
            headed = True
        if i in skip or i in breaks or (i + 1 in breaks and _START_ALONE.match(line.text)):
            continue
        candidate = _candidate(lines, i, section=broken, heading=headed)
        if candidate is not None:
            found.append(candidate)
            if candidate.worth > 0:
                broken = headed = False
    return found


def _is_heading(line: Line) -> bool:
    if ends_sentence(line.text) and not line.text.endswith(":"):
        return False
    if line.hint is not None and line.hint.heading and line.hint.opens and len(line.text) < 120:
        return _START.match(line.text) is None
    if ARTICLE.match(line.text):
        return True
    letters = [c for c in line.text if c.isalpha()]
    return 2 < len(letters) < 90 and all(c.isupper() for c in letters)


def _candidate(lines: Sequence[Line], i: int, *, section: bool, heading: bool) -> _Candidate | None:
    line = lines[i]
    match = _START.match(line.text)
    if match is None:
        return None
    label, rest, dot = match["label"], match["rest"], match["dot"]
    hint = line.hint
    apart = line.tabbed or (hint is not None and hint.number)
    if not _may_begin(match, lines, i, apart=apart):
        return None
    number, *decimals = (int(part) for part in re.findall(r"\d+", label))
    if number == 0 or 0 in decimals or label.startswith("0"):
        return None
    above = lines[i - 1].text if i else ""
    standing = _standing(lines, i, apart=apart or not rest)
    worth = 1.0 + standing + _set_off(line, apart=apart)
    if not rest:  # a sentence is seldom wrapped so that nothing but its number is on a line
        worth += 1.0
    if rest[:1].islower():
        worth -= 0.5 if apart else 1.5
    if not dot and not decimals:
        worth -= 0.5
    bis = re.search(r"(bis|ter|quater)$", label)
    return _Candidate(
        line=i,
        number=number,
        decimals=tuple(decimals),
        bis=("bis", "ter", "quater").index(bis[1]) + 1 if bis else 0,
        label=re.sub(r"(?<=\d)(?=bis|ter|quater)", " ", label),
        rest=rest,
        worth=worth,
        opens_list=above.endswith((":", ": –", ":-")) and not (i and _is_heading(lines[i - 1])),
        section=section,
        heading=heading,
        after_item=_follows_item(lines, i),
        shown=hint is not None and hint.opens and ends_sentence(above),
    )


def _follows_item(lines: Sequence[Line], i: int) -> bool:
    """Whether the text above a line is an item, (c), which may be wrapped."""
    for k in range(i - 1, max(-1, i - 7), -1):
        if _ITEM_BEFORE.match(lines[k].text):
            return True
        if k < i - 1 and ends_sentence(lines[k].text):
            return False
    return False


def _may_begin(match: re.Match[str], lines: Sequence[Line], i: int, *, apart: bool) -> bool:
    """Whether what follows the number can be the text of a paragraph."""
    label, rest, dot = match["label"], match["rest"], match["dot"]
    hint = lines[i].hint
    opens = hint is not None and hint.opens
    if dot == "," and rest and not (apart and opens):  # "paragraphs 41 / 42, and 43"
        return False
    if dot is not None and dot.strip() in ("-", "–", "—") and not (opens and rest[:1].isupper()):
        return False  # "25 – 30 years"; but "70 - The Applicant …" in judgments
    if _DATE.match(rest) if dot is None else _DATE.fullmatch(rest):
        return False
    if _LEADER.search(rest):
        return False
    if not rest:  # the number alone on its line: the text is on the next
        following = lines[i + 1].text if i + 1 < len(lines) else ""
        numbered = dot is not None or "." in label
        return numbered and bool(following) and not _START.match(following)
    if dot is None and "." not in label:
        # "128 on trafficking", "17 Members": words of a sentence, unless the layout says not.
        return apart and bool(match["space"]) and rest[0].isupper() and len(label) < 4
    if not match["space"] and not (rest[0].isupper() or rest[0] in "“\"([‘'*«¿"):
        return False
    return any(c.isalpha() for c in rest[:40])


def _standing(lines: Sequence[Line], i: int, *, apart: bool) -> float:
    """What the line above says for a paragraph's beginning here.

    `apart`: the number stands by itself, by the layout or alone on its line.
    """
    line, above = lines[i], lines[i - 1].text if i else ""
    if not above or ends_sentence(above) or line.gap:
        return 1.0
    if line.tabbed or (line.hint is not None and line.hint.opens):
        return 0.8
    if above.isupper() or _NUMBERED_HEADING.match(above) or _ends_above(lines, i):
        return 0.5
    if _EXPECTS_NUMBER.search(above):
        return -1.5 if apart else -4.0
    return 0.5 if above[0].isupper() and len(above) < 80 else -1.5  # it may be a heading


def _ends_above(lines: Sequence[Line], i: int) -> bool:
    """Whether the line above is a short one after a finished sentence: a heading."""
    if i < 2:
        return False
    above, before = lines[i - 1].text, lines[i - 2].text
    return (
        above[0].isupper()
        and len(above) < 60
        and len(above) < 0.7 * _width(lines, i)
        and (ends_sentence(before))
    )


def _width(lines: Sequence[Line], i: int) -> int:
    """The length of the longest line around."""
    return max(len(line.text) for line in lines[max(0, i - 12) : i + 12])


def _set_off(line: Line, *, apart: bool) -> float:
    """What the layout says for a paragraph's beginning here."""
    if line.hint is None:
        return 0.5 if line.tabbed else 0.0
    if apart and line.hint.opens:
        return 1.0
    return 0.3 if apart or line.hint.opens else -0.5


# -- steps ---------------------------------------------------------------------------------


def _steps(state: _State, c: _Candidate) -> list[tuple[_State, float, str]]:
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
            steps.append((main, _gap(missing), "gap" if missing > 0 else ""))
    if c.shown and state.number and c.number not in (1, state.number + 1):
        # A misprint: 35 between 20 and 22. The path goes on from 21.
        due = _State(state.section, state.number + 1, 0)
        steps.append((due, 1.5, "misprint"))
    if (c.number, c.bis) <= (state.number, state.bis) and state.number:
        odd = "repeat" if c.number == state.number else "back"
        steps.append((main, 3.2, odd))
    if state.number and c.number == 1 and not c.bis:
        fresh = _State(state.section + 1, 1)
        cost = 0.2 if c.section else 1.2 if c.heading or c.after_item else 3.0
        steps.append((fresh, cost, ""))
        if state.items and c.opens_list:  # the number above this list was lost
            item = _State(state.section, state.number + 1, 0, (1,), True)
            steps.append((item, 1.0, "lost"))
        if not state.items:
            item = _State(state.section, state.number, state.bis, (1,), True)
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


def _decimal_steps(state: _State, c: _Candidate) -> list[tuple[_State, float, str]]:
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

    There is no heading above such a number, only an item; what it was is inferred.
    """
    mended: list[Start] = []
    shift, section, closed = 0, 0, 0
    lost = ""  # the number above a list that is not printed
    for before, start in zip([None, *chain], chain, strict=False):
        if before is not None and start.section != before.section:
            headed = any(_is_heading(line) for line in lines[before.line + 1 : start.line])
            follows = _follows_item(lines, start.line)
            if follows and not headed and mended[-1].label.isdigit():
                shift = int(mended[-1].label)
                closed += 1
            else:
                shift = 0
            section = start.section - closed
        if start.after == "lost":
            lost = start.label.rpartition(".")[0]
        if start.composed and lost and start.label.startswith(f"{lost}."):
            mended.append(replace(start, section=section, inferred=True))
        elif shift and start.label.isdigit():
            label = str(int(start.label) + shift)
            mended.append(replace(start, label=label, section=section, inferred=True))
        else:
            mended.append(replace(start, section=section))
    return mended
