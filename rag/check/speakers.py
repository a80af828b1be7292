"""The sentence of a quotation → who says it, as the draft has it; and whether that is so."""

from __future__ import annotations

import re
from collections.abc import Collection

from rag.answer.attribution import attribution, side_of
from rag.answer.persons import is_same
from rag.domain import Paragraph, Turn, Voice

_NAME = (
    r"(?:Mr|Mrs|Ms|Miss|Mme|Dr|Sir|Dame|Judge|Professor)\b\.?"
    r"(?: (?:[a-z]{1,3} ){0,2}[A-ZÀ-Þ][\w'’-]*)+"
)
_CHAIR = r"[Tt]he Chair(?:person|man|woman)?"
_WHO = rf"(?P<who>{_NAME}|{_CHAIR})"
_SAYS = (
    r"(?:said|says|stated|states|asked|asks|explained|replied|added|noted|remarked|observed|"
    r"answered|told|reported|confirmed|insisted|argued|recalled|declared|emphasi[sz]ed|stressed|"
    r"warned|wondered|maintained|conceded|acknowledged|put it|claimed|described|called|spoke|"
    r"pointed|regretted|welcomed|referred|concluded|announced|assured|informed|admitted)"
)
_EXPLICIT = (
    re.compile(rf"{_WHO}(?: \([^)]*\))?,?(?: \w+ly| also| then| further| had| has)? {_SAYS}\b"),
    re.compile(rf"\b{_SAYS} (?:by )?{_WHO}"),
    re.compile(rf"\b(?:[Aa]ccording to|[Ii]n the words of|[Tt]o quote|[Qq]uoting|[Aa]s) {_WHO}"),
    re.compile(rf"{_WHO}(?: \([^)]*\))?:\s*[“\"«‘'„]?…"),
    re.compile(rf"…[”\"»’'“]?\s*[(—–-]\s*{_WHO}"),
)
_ANY = re.compile(_WHO)


def wrong_speaker(
    around: str, voice: Voice | Turn | None, paragraph: Paragraph, known: Collection[str]
) -> str | None:
    """Whom a draft names as the speaker of words that another says; None where that is right.

    Args:
        around: the sentence, with an ellipsis in place of what it quotes.
        voice: who says the words in the record; None in narrative.
        paragraph: where the words stand.
        known: everybody who speaks in that document.

    """
    who = _named(around)
    if who is None:
        told = attribution(around)
        if told.side is not None:
            return _other_side(told.side, told.who or "", voice, paragraph)
        who = told.who or _only(around, known)
    if who is None or (voice is not None and _same(who, voice.speaker)):
        return None
    if voice is None and not any(_same(who, name) for name in known):
        return None  # who is named may well be quoted by the Committee itself
    return who


def _named(around: str) -> str | None:
    for pattern in _EXPLICIT:
        if match := pattern.search(around):
            return match["who"]
    return None


def _only(around: str, known: Collection[str]) -> str | None:
    """The one person whom a sentence names, where that is a speaker of the document."""
    names = dict.fromkeys(match["who"] for match in _ANY.finditer(around))
    if len(names) != 1:
        return None
    name = next(iter(names))
    return name if any(_same(name, each) for each in known) else None


def _same(said: str, printed: str) -> bool:
    if re.match(_CHAIR, said):
        return "chair" in printed.casefold()
    return is_same(said, printed)


def _other_side(
    side: str, who: str, voice: Voice | Turn | None, paragraph: Paragraph
) -> str | None:
    there = side_of(paragraph, voice.role if voice else None)
    if there is None:
        return None
    if side == "delegation":
        return who if there != "delegation" else None
    if side == "committee" and there == "member":
        return None if "Committee" in paragraph.text else who
    return who if there in ("delegation", "other") else None
