"""A sentence of a record → its kind: it asks or states, puts off, holds the figure asked for.

Like the reading of a question these are rules over English forms; they steer the
choice of sentences, and never hide a paragraph.
"""

from __future__ import annotations

import re

from rag.domain import Turn, Voice
from rag.query import Query

_PLEASE = (
    r"please (?:provide|comment|explain|indicate|describe|clarify|state|report|inform|specify|"
    r"respond|outline|include)"
)
_REQUEST = re.compile(
    r"\?\W*$|\b(?:asked (?!by|for by)|asks|enquired|inquired|wondered|requested (?!by)|invited the delegation|"
    r"wished to know|wanted to know|would (?:also )?(?:like|appreciate|welcome|be (?:grateful|"
    r"helpful|useful|interesting|interested|appreciated|welcome|pleased))|delegation (?:should|might|"
    r"could)|comments? were (?:also )?needed|would be welcome|would also be "
    rf"appreciated|{_PLEASE})\b",
    re.IGNORECASE,
)


_RECOMMENDS = re.compile(r"\b(?:recommended|urged|called (?:up)?on)\b", re.IGNORECASE)
_ASKS_FOR = re.compile(rf"\?\W*$|\b{_PLEASE}\b", re.IGNORECASE)


def is_recommendation(sentence: str, voice: Turn | Voice | None) -> bool:
    """Whether a State recommends something to another: "Ratify the Convention (Chile);"."""
    if voice is None or voice.role != "delegation":
        return False
    signed = rf"\({re.escape(voice.speaker)}\b[^()]*\)\W*$"
    return re.search(signed, sentence) is not None or _RECOMMENDS.search(sentence) is not None


def is_request(sentence: str, *, spoken: bool = True) -> bool:
    """Whether a sentence of a record asks for something rather than states it.

    What a document itself requests of a State is what it states, unless it is a list of
    questions: "Please provide …".
    """
    pattern = _REQUEST if spoken else _ASKS_FOR
    return bool(pattern.search(sentence))


_DEFERRED = re.compile(
    r"\b(?:in writing|written (?:reply|replies|answers?)|(?:did|does) not have (?:the |any )?(?:figures|"
    r"data|information|statistics)|not (?:yet )?available|no (?:data|figures|statistics|information) "
    r"(?:was|were|had|on)|would be (?:provided|supplied|sent|forwarded|submitted) (?:later|within|"
    r"at a later|subsequently))\b",
    re.IGNORECASE,
)


def is_deferred(sentence: str) -> bool:
    """Whether a sentence puts an answer off, or says that there are no figures."""
    return bool(_DEFERRED.search(sentence))


_PUTS_OFF = re.compile(
    r"\bwould (?:endeavour to |also )?(?:reply|answer|respond|return|take up|be taken up|be (?:answered|"
    r"provided))\b[^.]*\b(?:(?:following|next) (?:day|meeting)|in writing|later|within 48 hours)\b",
    re.IGNORECASE,
)


def puts_off(text: str) -> bool:
    """Whether a text says when there will be a reply, and gives none."""
    return bool(_PUTS_OFF.search(text))


_QUANTITY = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif|six|"
    r"seven|eigh|nine)teen|(?:twen|thir|for|fif|six|seven|eigh|nine)ty(?:-[a-z]+)?|dozens?|hundreds?|"
    r"thousands?|millions?|half|third|quarter|once|twice|twofold|threefold|fourfold|tenfold|"
    r"unlimited)\b",
    re.IGNORECASE,
)
_MONEY = re.compile(
    r"[$€£¥]|\b(?:dollars?|euros?|pounds?|francs?|tenge|roubles?|rubles?|rupees?|yen|yuan|marks?|"
    r"crowns?|krone|kroner|pesos?|dinars?|shillings?|USD|EUR|GBP|CHF|KZT)\b|"
    r"\b\d[\d,.]*(?: million| billion)? [a-z]{3,}s? (?:a|per) (?:month|year|day|hour)\b|"
    r"\b\d[\d,.]* (?:million|billion) [a-z]+\b",
    re.IGNORECASE,
)
_TIME = re.compile(
    r"\b(?:1[89]|20)\d\d\b|\b(?:January|February|March|April|May|June|July|August|September|October|"
    r"November|December)\b|\b(?:year|month|week|day|century|recently|soon|future|hours?)s?\b"
)


# Figures that are no quantity: dates, years, articles, numbered things.
_NO_QUANTITY = re.compile(
    r"\b\d{1,2} (?:January|February|March|April|May|June|July|August|September|October|November|"
    r"December)(?: \d{4})?\b|\b(?:articles?|arts?\.|paragraphs?|paras?\.|section|No\.|Nos\.|question|"
    r"issue|chapter|Decree|resolution) \d+[\d,. and]*|\b(?:1[89]|20)\d\d(?:[-–]\d{2,4})?\b",
    re.IGNORECASE,
)
_NAMES_A_TIME = re.compile(
    r"\b(?:1[89]|20)\d\d\b|\b(?:January|February|March|April|May|June|July|August|September|"
    r"October|November|December)\b"
)
_WHICH_TIME = re.compile(r"\b(?:wh(?:at|ich)) (?:\w+ )?(?:year|date|day|month)\b", re.IGNORECASE)


# A person's name is asked for, and not only who said something: "Who is the Minister?"
_WANTS_NAME = re.compile(
    r"^who (?:is|was|are|were) (?:the|at|in|on|appointed|elected|head|(?-i:[A-Z])[\w-]+['’]s?)\b|"
    r"^who (?:led|heads?|headed|leads|chaired|presided|represented)\b|\bwhat (?:is|was|are|were) "
    r"the names? of\b|^(?:name|list) the\b|\b(?:is|was|are|were) (?:\w+ ){1,8}called\b|^names? of\b",
    re.IGNORECASE,
)
_PERSON_NAMED = re.compile(
    r"\b(?:Mr|Mrs|Ms|Miss|Dr|Sir)\. ?[A-ZÀ-Þ]|"
    r"(?<=[a-zà-ÿ,;] )[A-ZÀ-Þ][\w'’-]+ (?:[a-z]{1,3} )?[A-ZÀ-Þ][\w'’-]+"
)
# Who says a thing is seldom whom it names.
_SAID_BY = re.compile(
    r"^(?:The Chair\w*|(?:Mr|Mrs|Ms|Miss|Dr|Sir)\. ?[A-ZÀ-Þ][\w'’-]*(?: [A-ZÀ-Þ][\w'’-]*)*)(?: \([^()]*\))? "
    r"(?:said|asked|replied|noted|thanked|wished|wondered|expressed|explained|stated|added)\b"
)


# "Which members abstained?" is answered by a record's list of votes, or where votes are counted.
_ASKS_VOTES = re.compile(
    r"\b(?:which (?:\w+ ){1,3}|what (?:\w+ )?(?:members|states|countries) |who |how many (?:\w+ ){0,2})"
    r"(?:abstain\w*|vot(?:ed?|es|ing)\b|"
    r"(?:opposed|supported|against) the (?:draft|resolution|text))",
    re.IGNORECASE,
)
_VOTES = re.compile(
    r"^(?:in favour|against|abstain\w*|abstentions?) ?:|\bvotes? (?:in favour|against|to (?:\d|none))|"
    r"\babstentions?\b|\bwithout a vote\b|\bvoted (?:in favour|against)\b",
    re.IGNORECASE | re.MULTILINE,
)


def holds_answer_type(query: Query, sentence: str) -> bool:
    """Whether a sentence holds the kind of thing asked for: a sum, a figure, a date.

    Figures that the question itself names are no answer to it; nor is the year of a
    law the answer to how many.
    """
    for figure in query.figures:
        sentence = re.sub(rf"(?<![\d.,]){re.escape(figure)}(?!\d|[.,]\d)", " ", sentence)
    if _ASKS_VOTES.search(query.text) and not _VOTES.search(sentence):
        return False
    if query.wants == "money":
        return bool(_MONEY.search(sentence) and re.search(r"\d", sentence))
    if query.wants == "figure":
        return bool(_QUANTITY.search(_NO_QUANTITY.sub(" ", sentence)))
    if _WANTS_NAME.search(query.text):
        for name in query.names:
            sentence = sentence.replace(name, " ")
        return bool(_PERSON_NAMED.search(_SAID_BY.sub("", sentence)))
    if query.wants == "date":
        strict = _WHICH_TIME.search(query.text)
        return bool((_NAMES_A_TIME if strict else _TIME).search(sentence))
    return True
