"""A follow-up and what came before it → a question that stands alone.

Without a model: an elliptical question takes over the subject of the question
before it. "And in 2015?" after "How many complaints were filed in 2014?" becomes
"How many complaints were filed in 2015?".
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.domain import QA

_YEAR = re.compile(r"\b(?:1[89]|20)\d\d\b")
_FIGURE = re.compile(r"\b\d[\d.,]*\b")
_TITLED = re.compile(
    r"\b(?:Mr|Mrs|Ms|Miss|Dr|Sir)\.? [A-ZÀ-Þ][\w\-]+(?: [A-ZÀ-Þ][\w\-]+)*(?:['’]s)?"
)
_NEXT_YEAR = re.compile(r"\b(?:year after|following year|next year|year later)\b", re.IGNORECASE)
_YEAR_BEFORE = re.compile(
    r"\b(?:year before|previous year|preceding year|year earlier)\b", re.IGNORECASE
)
_OPENS = re.compile(
    r"^(?:and|but|so|what about|how about|and what about|what of|then|also|or)\b[\s,]*",
    re.IGNORECASE,
)
_POINTS_BACK = re.compile(
    r"\b(?:it|its|they|them|their|that|this|those|these|he|she|his|her|him|"
    r"(?<!\bis )(?<!\bare )(?<!\bwas )(?<!\bwere )there(?! (?:is|are|was|were|be|been)\b)|the same|such|"
    r"so|one|ones|former|latter|the (?:reply|answer|response|reason|figure|case|law|act))\b",
    re.IGNORECASE,
)
_ENDS_BACK = re.compile(
    r"\b(?:on|about|to|of|for|with|in|from|against) (?:it|that|this|them|those|these)(?: \w+)?\W*$",
    re.IGNORECASE,
)
_WHO_ASKED = re.compile(
    r"\bwho (?:asked|raised|said|put|mentioned|wanted|replied|answered|responded)\b", re.IGNORECASE
)
_CONTENT = re.compile(r"[^\W\d_]{4,}")
_LIGHT = frozenset(
    """what when where which whom whose about many much have been were does said asked reply replied
    answer answered delegation committee member state that this they them there then also with from
    did government question how why is are was the and for with there respond responded response give given figure number year""".split()
)


def resolve(question: str, history: Sequence[QA]) -> str:
    """Make a question stand alone.

    Args:
        question: as typed.
        history: earlier questions, oldest first, as resolved when they were asked.

    Returns:
        The question itself where it already stands alone or there is no history.

    """
    question = question.strip()
    if not history or not _leans_back(question):
        return question
    before = history[-1].question.strip()
    years = _YEAR.findall(question)
    rest = _OPENS.sub("", question)
    if years and not _content(rest) and _YEAR.search(before):
        return _YEAR.sub(years[0], before, count=1)
    step = bool(_NEXT_YEAR.search(rest)) - bool(_YEAR_BEFORE.search(rest))
    if step and (told := _YEAR.search(before)):
        return _YEAR.sub(str(int(told[0]) + step), before, count=1)
    return f"{rest[:1].upper()}{rest[1:].rstrip('?. ')}? ({_subject(before)})"


def _subject(question: str) -> str:
    """What a question is about, without its form and its figures: "torture complaints"."""
    words = re.findall(r"[\w’'\-]+", _FIGURE.sub(" ", _TITLED.sub(" ", question)))
    kept = [w for w in words if w.casefold() not in _LIGHT and (w[:1].isupper() or len(w) > 3)]
    return " ".join(kept) or question


def _leans_back(question: str) -> bool:
    content = _content(question)
    if _OPENS.match(question) and len(content) <= 4:
        return True
    if _WHO_ASKED.search(question) and len(content) <= 1:
        return True
    if _ENDS_BACK.search(question):
        return True
    if _POINTS_BACK.search(question) and len(content) <= 2:
        return True
    return not content or (len(content) == 1 and len(question.split()) <= 4)


def _content(text: str) -> list[str]:
    """The words that carry a subject."""
    return [w for w in _CONTENT.findall(text) if w.casefold() not in _LIGHT]
