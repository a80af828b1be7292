"""Lines → the candidates for paragraph starts, each with what speaks for it.

A line that begins with a number is only a candidate ("…cases under article / 309. What…").
A finished sentence above, a tab behind the number or a gap in the layout speak for it; a
line above that expects a number speaks against it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from rag.parse.lines import Line

_START = re.compile(
    r"^(?:¶ ?|\[(?=\d+\]))?(?P<label>[0-9]{1,5}(?:\.[0-9]{1,3}){0,2}(?: ?(?:bis|ter|quater)\b)?)"
    r"(?P<dot>[.,]?\]|[.,]| ?[-–—](?=\s))?(?P<space>\s*)(?P<rest>.*)$"
)
_START_ALONE = re.compile(r"^\d{1,4}\.?$")
_ONES = 3  # lists that begin at 1 which cannot be chance, where none goes on to 2
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
ARTICLE = re.compile(
    r"^(?:(?:[IVXLC]{1,6}|[A-Z])\. ?)?(?P<kind>Article|Section|Chapter|Rule|Artículo|Artigo) "
    r"(?P<number>[\dIVXLC]{1,6}(?:\.\d{1,3})?)(?:\.?$|: [^.;]{3,160}$)"
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A line that may begin a paragraph."""

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
    again: bool = False  # a 1 of a text in which a converter begins every list again at 1


def ends_sentence(text: str) -> bool:
    """Whether a line ends where a sentence may end."""
    return bool(_ENDS.search(text))


def candidates_in(
    lines: Sequence[Line], breaks: frozenset[int], skip: frozenset[int]
) -> list[Candidate]:
    """All candidates of a text, in order.

    Args:
        lines: of the record, without page furniture.
        breaks: indices of lines that head a part in which numbering may begin again.
        skip: indices of lines that belong to a contents table.

    """
    found: list[Candidate] = []
    broken = headed = False
    for i, line in enumerate(lines):
        if i in breaks:
            broken = headed = True
        elif is_heading(line):
            headed = True
        if i in skip or i in breaks or (i + 1 in breaks and _START_ALONE.match(line.text)):
            continue
        candidate = _candidate(lines, i, section=broken, heading=headed)
        if candidate is not None:
            found.append(candidate)
            if candidate.worth > 0:
                broken = headed = False
    return _again(found)


def _again(found: list[Candidate]) -> list[Candidate]:
    """Mark the ones of a text that has hardly anything but ones: its numbers were lost."""
    ones = sum(c.label == "1" and c.worth > 0 for c in found)
    twos = sum(c.label == "2" and c.worth > 0 for c in found)
    if ones < _ONES or twos > ones / 3:
        return found
    return [replace(c, again=True) if c.label == "1" and not c.section else c for c in found]


def is_heading(line: Line) -> bool:
    """Whether one line is a heading by itself."""
    if ends_sentence(line.text) and not line.text.endswith(":"):
        return False
    if line.hint is not None and line.hint.heading and line.hint.opens and len(line.text) < 120:
        return _START.match(line.text) is None
    if ARTICLE.match(line.text):
        return True
    letters = [c for c in line.text if c.isalpha()]
    return 2 < len(letters) < 90 and all(c.isupper() for c in letters)


def _candidate(lines: Sequence[Line], i: int, *, section: bool, heading: bool) -> Candidate | None:
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
    return Candidate(
        line=i,
        number=number,
        decimals=tuple(decimals),
        bis=("bis", "ter", "quater").index(bis[1]) + 1 if bis else 0,
        label=re.sub(r"(?<=\d)(?=bis|ter|quater)", " ", label),
        rest=rest,
        worth=worth,
        opens_list=above.endswith((":", ": –", ":-")) and not (i and is_heading(lines[i - 1])),
        section=section,
        heading=heading,
        after_item=follows_item(lines, i),
        shown=hint is not None and hint.opens and ends_sentence(above),
    )


def follows_item(lines: Sequence[Line], i: int) -> bool:
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
