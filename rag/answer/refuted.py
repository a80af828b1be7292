"""A paragraph → the parts of it that the speaker says are not so, and what may not be said of them.

"It was incorrect to say that …", "the figure of 61 days was unfounded", "230 places, not 320",
"he had stated that … ; the correct number was …": a claim that states such a part as a fact, or
as something conceded, says the contrary of the record in the record's own words.
"""

from __future__ import annotations

import re

from rag.answer.align import align
from rag.answer.clauses import clauses
from rag.answer.figures import figures, forms_of
from rag.answer.upheld import GOOD

_WRONG = (
    r"(?:incorrect|untrue|unfounded|false|wrong|mistaken|erroneous|inaccurate|misleading|baseless"
    r"|groundless|without (?:any )?(?:foundation|basis)|not (?:correct|true|accurate|the case))"
)
_SAYING = (
    r"(?:allegation|claim|suggestion|assertion|accusation|contention|rumou?r|figure|statement)s?"
)
_PARTS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b(?:was|is|were|be) (?:\w+ly |therefore |thus |also )?{_WRONG},? "
        r"(?:to \w+(?: \w+)? )?that\b(?P<part>[^.;:]+)",
        r"\bno truth (?:whatsoever )?(?:in|to) (?P<part>[^.;:]+)",
        rf"\bthe {_SAYING} (?:that|of)\b(?P<part>[^.;:]+?)\b(?:was|were|is|are|had been)\b "
        rf"(?:\w+ly |therefore |thus |also )?{_WRONG}",
        r"\b(?:had|has) (?:\w+ly )?(?:stated|said|indicated|reported) that\b(?P<part>[^.;:]+)"
        r"; (?:in fact|the (?:correct|right|actual))\b",
        rf"(?P<part>[^.;:]*\balleged\b[^.;:,]+),[^.;:]{{0,80}}?\b{_SAYING}\b[^.;:,]{{0,30}}? "
        rf"(?:to be|to have been|were|was|as) {_WRONG}",
    )
)
_NOT = re.compile(
    r"(?:,|\band) not\b(?P<part>[^.,;:]{0,12}\d[^.,;:]*)|"
    r"\b(?:rather than|instead of)\b(?P<other>[^.,;:]{0,12}\d[^.,;:]*)",
    re.IGNORECASE,
)
# What tells that a claim does not state it as so: it is denied, corrected, or another's.
_DISOWNED = re.compile(
    r"\b(?:not|never|no|nor|none|neither|cannot|den(?:y|ies|ied)|reject\w*|refut\w*|disput\w*"
    r"|incorrect\w*|correct(?:ed|ing|ion)|unfounded|untrue|false\w*|wrong\w*|mist\w+|err(?:or|ed|oneous\w*)"
    r"|inaccura\w+|baseless|groundless|foundation|rather than|instead|alleg\w+|claim\w*|put forward"
    r"|suggest\w*|earlier|previous\w*|first|original\w*|transpos\w+)\b",
    re.IGNORECASE,
)
_ENOUGH = 3  # words of a statement that carry meaning
_MOSTLY = 0.7  # share of them that must stand in what is said not to be so


def refuted(said: str, there: str) -> str:
    """Give the part of a paragraph that a statement states though the paragraph says it is not so.

    Args:
        said: the statement, without who says it.
        there: the paragraph's text.

    """
    if _DISOWNED.search(said):
        return ""
    parts = [match["part"] for pattern in _PARTS for match in pattern.finditer(there)]
    parts += [match["part"] or match["other"] for match in _NOT.finditer(there)]
    if not parts:
        return ""
    rest = there
    for part in parts:
        rest = rest.replace(part, " ")
    held = forms_of(rest)
    mine = [one for one in figures(said) if not one.is_year]
    for part in parts:
        its_own = forms_of(part)
        if any(one.forms & its_own and not one.forms & held for one in mine):
            return " ".join(part.split())
        other = any(one.forms & held and not one.forms & its_own for one in mine)
        if not other and _stated(said, part, rest):
            return " ".join(part.split())
    return ""


def _stated(said: str, part: str, rest: str) -> bool:
    """Whether a statement says what a part says, in words that the rest hardly has."""
    mine = clauses(said)
    inside = [pair.likeness >= GOOD for pair in align(mine, clauses(part), None)]
    outside = [pair.likeness >= GOOD for pair in align(mine, clauses(rest), None)]
    enough = len(inside) >= _ENOUGH and sum(inside) >= _MOSTLY * len(inside)
    return enough and sum(inside) > sum(outside)
