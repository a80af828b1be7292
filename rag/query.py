"""A question in words → what it asks for: a figure, a date, a person, a reason; of whom.

Rules over English question forms; they steer ranking and choice of sentences,
and never hide a paragraph.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Wants = Literal["figure", "date", "person", "reason", "whether", "anything"]
Side = Literal["committee", "delegation"]

_WANTS: tuple[tuple[Wants, re.Pattern[str]], ...] = tuple(
    (wants, re.compile(pattern, re.IGNORECASE))
    for wants, pattern in (
        (
            "figure",
            r"\bhow (?:many|much|often|long|large|high|big|old|far|frequently)\b|\bnumbers? of\b|"
            r"\b(?:percentage|proportion|share|rate|total|amount|figures?|statistics|size|volume|"
            r"average|minimum|maximum|term|sum|length|duration|count)\b",
        ),
        (
            "person",
            r"\bwho(?:m|se)?\b|\b(?:which|what) (?:\w+ )?(?:members?|experts?|delegates?|speakers?|"
            r"officials?|representatives?|person|minister|judge|official)\b",
        ),
        ("date", r"\b(?:when|since when|which (?:year|month|date|day)|what (?:year|date|day|time))\b"),
        ("reason", r"\b(?:why|for what reason|reasons? (?:for|why|given)|grounds?|justif\w+|because)\b"),
        (
            "whether",
            r"^(?:and |but |so |then )?(?:is|are|was|were|did|does|do|has|have|had|can|could|would|"
            r"will|should|may|might|must)\b|\bwhether\b",
        ),
    )
)
_ASKS = (
    r"(?:ask\w*|enquir\w*|inquir\w*|question\w*|wonder\w*|want\w*|wish\w*|rais\w*|request\w*|"
    r"concern\w*|worr\w*|criticis\w*|criticiz\w*|doubt\w*|alleg\w*|seek\w*|sought|press\w*|"
    r"complain\w*|mention\w*|object\w*|challeng\w*|invit\w*|demand\w*|bring up|brought up|"
    r"interested|know|quer\w+|flag\w*)"
)
_COMMITTEE = re.compile(
    rf"\b(?:committee|members?|experts?|rapporteurs?|panel|treaty body)\b[^.?]{{0,60}}?\b{_ASKS}\b|"
    rf"\bwho (?:\w+ )?{_ASKS}\b|\bwas (?:the (?:delegation|state|government)\w* )?asked\b|"
    rf"\b(?:questions?|concerns?|requests?) (?:did|was|were|put|rais\w+|about|on|regarding)\b|"
    rf"\b(?:m[rs]s?|dr|sir)\.? [\w\-' ]{{2,40}}? {_ASKS}\b|"
    r"\b(?:committee|members?|experts?)['’]s? (?:question|concern|worr|view|criticism|doubt|remark)|"
    r"\bof concern to\b",
    re.IGNORECASE,
)
_DELEGATION = re.compile(
    r"\b(?:delegation|delegates?|government|state party|state|authorities|ministry|officials?|"
    r"country|[A-Z]\w+(?:stan|ia|land))\b[^.?]{0,50}?\b(?:say|said|sa[iy]s|state[ds]?|repl\w+|"
    r"answer\w*|respon\w+|explain\w*|claim\w*|den(?:y|ied|ies)|admit\w*|confirm\w*|assert\w*|argue\w*|"
    r"insist\w*|maintain\w*|report\w*|describe\w*|give|gave|provide\w*|justif\w+|defend\w*|"
    r"acknowledg\w+|respond|tell|told|announce\w*)\b|"
    r"\b(?:reply|replies|replied|response|responses|respond\w*|answer|answered|rebut\w*|"
    r"explanation|according to the (?:delegation|government|state))\b",
    re.IGNORECASE,
)
_PHRASE = re.compile(r"[“\"«]([^”\"»]{3,200})[”\"»]")
_FIGURE = re.compile(r"(?<![\w.])\d[\d,.]*\d|(?<![\w.])\d(?!\w)")
_YEAR = re.compile(r"^(?:1[89]|20)\d\d$")
_NAME = re.compile(r"\b[A-ZÀ-Þ][\w'’\-]*(?:\.[A-Z]\w*)*")
# Capitalised words that are no names: openings of questions and the furniture of records.
_COMMON = frozenset(
    """what which who whom whose when where why how did does do is are was were has have had can
    could would will should may might must the a an in on of at by for to and or but if according
    state states party committee delegation chair government article act code law convention
    covenant general comment paragraph mr mrs ms miss dr sir tell give list explain describe name
    summarize summarise between under during after before since please i it they he she there that
    this these those any question as with from about regarding concerning member members whether
    human rights republic been not no than more""".split()
)


@dataclass(frozen=True, slots=True)
class Query:
    """What a question asks for."""

    text: str
    wants: Wants
    side: Side | None  # whose words are asked for, where the question tells
    figures: tuple[str, ...]
    years: tuple[str, ...]
    names: tuple[str, ...]
    phrases: tuple[str, ...]  # quoted: must stand literally


def understand(text: str) -> Query:
    """Read a question."""
    wants: Wants = next((w for w, pattern in _WANTS if pattern.search(text)), "anything")
    figures = tuple(dict.fromkeys(m.group().rstrip(".,") for m in _FIGURE.finditer(text)))
    return Query(
        text=text,
        wants=wants,
        side=_side(text),
        figures=figures,
        years=tuple(f for f in figures if _YEAR.match(f)),
        names=_names(text),
        phrases=tuple(m[1].strip(" .,") for m in _PHRASE.finditer(text)),
    )


def _side(text: str) -> Side | None:
    delegation = _DELEGATION.search(text)
    committee = _COMMITTEE.search(text)
    if delegation and committee:
        # "What did the delegation reply to the question that Ms. X asked?": the reply is wanted.
        # "What did the Committee ask about the replies?": the earlier one governs.
        reply = re.search(r"\b(?:repl|respon|answer|rebut|explanation)", text, re.IGNORECASE)
        if reply or delegation.start() <= committee.start():
            return "delegation"
        return "committee"
    if committee:
        return "committee"
    return "delegation" if delegation else None


def _names(text: str) -> tuple[str, ...]:
    found = [m.group() for m in _NAME.finditer(text)]
    return tuple(dict.fromkeys(n for n in found if n.casefold().rstrip(".'’s") not in _COMMON
                               and n.casefold() not in _COMMON))


_REQUEST = re.compile(
    r"\?\W*$|\b(?:asked|asks|enquired|inquired|wondered|requested|invited the delegation|"
    r"wished to know|wanted to know|would (?:also )?(?:like|appreciate|welcome|be (?:grateful|"
    r"helpful|useful|interesting|interested|appreciated|welcome|pleased))|delegation (?:should|might|"
    r"could)|comments? were (?:also )?needed|should (?:comment|explain|clarify|indicate|provide|"
    r"respond)|please (?:provide|comment|explain|indicate|describe|clarify|state|report|inform|"
    r"specify|respond|outline|include))\b",
    re.IGNORECASE,
)


def is_request(sentence: str) -> bool:
    """Whether a sentence of a record asks for something rather than states it."""
    return bool(_REQUEST.search(sentence))


_QUANTITY = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens?|hundreds?|"
    r"thousands?|millions?|half|third|quarter|once|twice|twofold|threefold|fourfold|tenfold|"
    r"majority|most|no|none|unlimited)\b",
    re.IGNORECASE,
)
_TIME = re.compile(
    r"\b(?:1[89]|20)\d\d\b|\b(?:January|February|March|April|May|June|July|August|September|October|"
    r"November|December)\b|\b(?:year|month|week|day|century|recently|soon|future|hours?)s?\b"
)


def holds_answer_type(wants: Wants, sentence: str) -> bool:
    """Whether a sentence holds the kind of thing asked for (a figure, a date)."""
    if wants == "figure":
        return bool(_QUANTITY.search(sentence))
    if wants == "date":
        return bool(_TIME.search(sentence))
    return True
