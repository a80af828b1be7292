"""A question in words → what it asks for: a figure, a date, a person, a reason; of whom.

Rules over English question forms; they steer ranking and choice of sentences,
and never hide a paragraph. Longer than most: tables of patterns.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

Wants = Literal["money", "figure", "date", "person", "reason", "whether", "anything"]
Side = Literal["committee", "delegation", "both"]
# Id of a document → the State examined in it; None where nobody is: in verbatim records.
Reviewed = Mapping[str, str | None]

_WANTED: tuple[tuple[Wants, str], ...] = (
    (
        "money",
        r"\bhow much,? (?:money|did .{1,60} cost|does .{1,60} cost|was (?:spent|paid|allocated|"
        r"awarded)|in [a-z]+,? (?:is|was)|(?:is|was|are|were) the (?:\w+ )?(?:fines?|fees?|grants?))\b|"
        r"\b(?:salar(?:y|ies)|(?:is|was|are|were) (?:the|its) (?:\w+ )?budget\b|cost of|price of|costs?\?|budget(?:ed)? for|funding "
        r"(?:was )?allocated|sum of money|amount of (?:the )?(?:\w+ )?(?:"
        r"compensation|fines?|grants?|damages)|how (?:high|large|big) (?:is|was|are|were) the "
        r"(?:\w+ )?(?:fines?|grants?|compensation))\b",
    ),
    (
        "figure",
        r"\bhow (?:many|much|often|long|large|high|big|old|frequently)\b|\bnumbers? of\b|"
        r"\b(?:percentage|proportion|rate|total|amount|figures?|statistics|size|volume|"
        r"average|minimum|maximum|sum|length|duration|life expectancy)\b|"
        r"\b(?:what|which|the) share\b|\bper cent\b|%|\bwhat (?:\w+ )?(?:budget|age)\b|\bat what age\b",
    ),
    (
        "person",
        r"\bwho(?:m|se)?\b|\b(?:which|what) (?:\w+ )?(?:members?|experts?|delegates?|speakers?|"
        r"officials?|representatives?|person|minister|judge|official|"
        r"states?(?! part)|countr(?:y|ies)|nations?|delegations?)\b",
    ),
    (
        "date",
        r"^(?:and |so |but )?when\b|[,;–—-] ?when (?:did|was|were|will|is)\b|"
        r"\b(?:since|by|until) when\b|"
        r"\b(?:which (?:year|month|date|day)|what (?:year|date|day|time))\b",
    ),
    (
        "reason",
        r"\b(?:why|for what reason|reasons? (?:for|why|given)|grounds?|justif\w+|because)\b|"
        r"^(?:and |so |but )?what (?:made|led|prompted|caused|drove|moved)\b",
    ),
    (
        "whether",
        r"^(?:and |but |so |then )?(?:is|are|was|were|did|does|do|has|have|had|can|could|would|"
        r"will|should|may|might|must)\b|^(?!(?:and |so |but )?(?:how|by (?:what|which))\b).*\bwhether\b",
    ),
)
_WANTS: list[tuple[Wants, re.Pattern[str]]] = [
    (wants, re.compile(pattern, re.IGNORECASE)) for wants, pattern in _WANTED
]
ASKS = (
    r"(?:ask\w*|enquir\w*|inquir\w*|question\w*|wonder\w*|want\w*|wish\w*|rais\w*|request\w*|"
    r"concern\w*|worr\w*|criticis\w*|criticiz\w*|doubt\w*|alleg\w*|seek\w*|sought|press\w*|"
    r"complain\w*|mention\w*|object\w*|challeng\w*|invit\w*|demand\w*|bring up|brought up|"
    r"interested|know|quer\w+|flag\w*|remark\w*|recommend\w*|urg\w+|note[ds]?|regret\w*)"
)
_MEMBERS = r"(?:committee|members?|experts?|rapporteurs?|panel|treaty body|chair(?:person)?)"
_TITLED = r"\b(?:m[rs]s?|dr|sir)\.? (?!said\b)[\w\-']+(?: [A-Z][\w\-']+)?"
_COMMITTEE = re.compile(
    rf"\b{_MEMBERS}\b[^.?]{{0,60}}?\b{ASKS}\b|"
    rf"\b(?:worr|bother|concern|troubl|alarm|displeas|interest|preoccup)\w* (?:the )?(?:\w+ )?{_MEMBERS}\b|"
    rf"\baccording to (?:(?:the|an?|one) )?(?:(?:[A-Z]\w+|UN|committee) )?{_MEMBERS}\b|"
    rf"\bwho (?:\w+ )?{ASKS}\b|\b(?:was|were) (?:(?:the )?(?:delegation|state|government|state party|(?-i:[A-Z])\w+) )?asked\b|"
    r"\bwho (?:told|reminded|advised|warned|pressed|thanked|congratulated) (?:the )?(?:delegation|government|state|state party|(?!Committee|Council|Commission|Chair)(?-i:[A-Z])\w+)\b|"
    rf"\b(?:which|what) (?:committee )?(?:members?|experts?)\b(?! of the (?:\w+ )?delegation)|"
    rf"\b(?:which|what) (?:\w+ )?(?:states?|countr(?:y|ies)|nations?|governments?|delegations?)\b(?! part)[^.?]{{0,40}}?\b{ASKS}\b|"
    rf"\b(?:questions?|concerns?|requests?|objections?) (?:did|was|were|put|rais\w+|about|on|regarding)\b|"
    rf"{_TITLED} {ASKS}\b|did {_TITLED} {ASKS}\b|"
    rf"\b{_MEMBERS}['’]s? (?:question|concern|worr|view|criticism|doubt|remark|objection|request)|"
    r"\bof concern to\b|\bwhat (?:did|had) (?:it|he|she|they) (?:want|ask|wish)\w*",
    re.IGNORECASE,
)
_STATE_SIDE = (
    r"(?:delegation|delegates?|government|state party|state|authorities|ministry|officials?|"
    r"country|prison service|police)"
)
_SAYS = (
    r"(?:say|said|says|state[ds]|repl\w+|answer\w*|respon[ds]\w*|explain\w*|claim\w*|"
    r"den(?:y|ied|ies)|admit\w*|confirm\w*|assert\w*|argue\w*|insist\w*|maintain\w*|"
    r"describe\w*|give|gave|justif\w+|defend\w*|acknowledg\w+|tell|told|announce\w*|"
    r"account(?:ed)? for|accept\w*|undertak\w+|undertook|promise\w*|commit\w*)"
)
_DELEGATION = re.compile(
    rf"\b{_STATE_SIDE}\b[^.?]{{0,40}}?\b{_SAYS}\b|"
    r"\b[A-Z]\w+(?:stan|ia|land|al) (?:say|said|says|repl\w+|answer\w*|respond\w*|explain\w*|"
    r"claim\w*|den(?:y|ied)|admit\w*|confirm\w*|tell|told)\b|"
    r"\b(?:reply|replies|replied|response|responses|respond\w*|answer|answered|rebut\w*|"
    rf"explanation|according to (?:the )?{_STATE_SIDE})\b|"
    rf"\b(?:was|were) (?:s?he|it|they|the \w+|{_TITLED[2:]}) told\b|"
    r"\b(?:told|informed|assured) the (?:committee|members?)\b|"
    r"\bmember of the (?:\w+ )?delegation\b",
    re.IGNORECASE,
)
_REPLY = re.compile(
    r"\b(?:repl(?:y|ied|ies)|respon[sd]\w*|answer\w*|rebut\w*|explanation|told)\b|"
    r"\bwhat (?:\w+ )?(?:was|were) (?:given|said)\b|"
    rf"\bwhat did the (?:\w+ )?{_STATE_SIDE} {_SAYS}\b",
    re.IGNORECASE,
)
_ASKED_TOO = re.compile(
    r"\bwhat (?:did|was|were|had)\b[^?]{0,60}?\b(?:ask\w*|rais\w*|put|want\w* to know|wonder\w*|"
    r"[ei]nquir\w*|complain\w*)\b[^?]{0,140}?\band\b|"
    r"\b(?:did|had|has) (?:any(?: ?one|body)?|some(?: ?one|body)?|a|the|an)\b[^?]{0,20}?\b(?:ask\w*|"
    r"rais\w*|question\w*|wonder\w*|[ei]nquir\w*)\b[^?]{0,140}?\band (?:what|how)\b|"
    r"\b(?:which|who)\b[^?]{0,40}?\b(?:asked|raised|questioned)\b[^?]{0,140}?\band (?:what|how)\b|"
    r"\b(?:question|objection|concern|criticism)s?\b[^?]{0,80}?\band\b[^?]{0,60}?"
    r"\b(?:repl|respon|answer|reaction)",
    re.IGNORECASE,
)
# "…reply to Ms. Cleveland's question": her name does not stand in the reply.
_PERSON = r"\b(?:Mr|Mrs|Ms|Miss|Dr|Sir)\.? ([A-ZÀ-Þ][\w\-]+(?: [A-ZÀ-Þ][\w\-]+)*)"
_ASKER = re.compile(
    _PERSON
    + r"(?=['’]s? |,? (?:on|about|regarding|concerning|who|get|got|told|receive\w*|"
    + ASKS[3:-1]
    + r")\b|\W*$)"
)
# "What did Mr. X say about …": his words are wanted, and nobody else's.
_SPOKEN_BY = re.compile(
    rf"\b(?:did|does|had|has) {_PERSON} (?!get|got|receive)[a-z]+|\b[Aa]ccording to {_PERSON}|"
    rf"^{_PERSON} (?:said|says|on|argued|stated|explained|told)\b"
)
_FIGURE = re.compile(r"(?<![\w.])\d[\d,.]*\d|(?<![\w.])\d(?!\w)")
# The year of a law's name, and the date of the meeting itself, are no condition on the answer.
_NAMING_YEAR = re.compile(
    r"\b(?P<a>(?:1[89]|20)\d\d) (?:[\w'’-]+,? ){0,6}?"
    r"(?:[Aa]cts?|[Ll]aws?|[Cc]odes?|[Dd]ecree|Constitution|Convention|Protocol|Plan)\b|"
    r"\b(?:Acts?|Laws?|Codes?|Decree|Plan) of (?:\d{1,2} \w+ )?(?P<b>(?:1[89]|20)\d\d)\b|"
    r"\b(?P<c>(?:1[89]|20)\d\d)(?:'s|’s)? (?:meeting|session|summary record|record|review|"
    r"dialogue|hearing)\b|"
    r"\b(?:meeting|session|record|review|dialogue)s? (?:of|on|in|held on|held in|from) "
    r"(?:\d{1,2} )?(?:\w+ )?(?P<d>(?:1[89]|20)\d\d)\b"
)
# The title of a law may be shortened to "the Act" where it is spoken of again.
_LAW = re.compile(
    r"(?:\b[A-Z][\w'’-]+ (?:(?:on|and|of|the|for|to) )*){1,10}(?:Acts?|Laws?|Codes?|Decree|Constitution|"
    r"Convention|Covenant|Protocol|Plan)\b|\b(?:Act|Law|Code|Plan|Decree) (?:on|of|for) (?:the )?"
    r"[A-Z][\w'’-]+(?: (?:(?:on|and|of|the|for|to) )*[A-Z][\w'’-]+)*"
)
_NAME = re.compile(r"\b[A-ZÀ-Þ][\w'’\-]*(?:\.[A-Z]\w*)*(?: [A-ZÀ-Þ][\w'’\-]*)*")
# Acronyms that name somebody; others ("CCTV", "DNA") are words that a record may spell out.
_BODIES = frozenset(
    """CEDAW CERD CAT CRC CRPD CMW CED CESCR CCPR SPT HRC UPR UNHCR UNICEF UNESCO UNDP WHO ILO IOM
    OHCHR OSCE ODIHR EU NATO ICC ICJ ECHR WTO IMF FATF GRETA NGO NGOS""".split()
)
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


# Words of a question that frame it and say nothing of its subject (stems).
FRAME = frozenset(
    """say said ask repli answer respond respons question deleg committe member state parti
    accord mani much mention record meet figur number tell told give given explain describ report
    name know want wonder think view did doe happen concern rais express regard relat date year
    which expert repres speaker inform provid offici govern issu long often what who when where how
    why put posit there wish anyth someth everyth noth anyon someon everyon nobodi come came about
    still ever everi all else exactli""".split()
)


@dataclass(frozen=True, slots=True)
class Subject:
    """What a question is about."""

    words: str  # what is looked for, without what names documents
    documents: frozenset[str] = frozenset()  # ids of those that it names
    paragraphs: tuple[str, ...] = ()  # ids of those that it cites
    naming: tuple[str, ...] = ()  # the words that name a document by its State
    only: bool = False  # nothing but those documents is meant: they are named by their kind


@dataclass(frozen=True, slots=True)
class Query:
    """What a question asks for."""

    text: str
    wants: Wants
    side: Side | None  # whose words are asked for, where the question tells
    figures: tuple[str, ...]
    names: tuple[str, ...]
    askers: tuple[str, ...]  # members whose question is only what a reply is wanted to
    speaker: str | None  # whose words are wanted, where the question names somebody
    phrases: tuple[str, ...] = ()  # in quotation marks: wanted word for word
    naming: tuple[str, ...] = ()  # words that only name documents of the index, by their State
    documents: frozenset[str] = frozenset()  # ids of the documents that it names
    asked_by: tuple[str, ...] = ()  # members whose question is wanted, with the reply to it
    of_state: bool = False  # the speaker is a State, by its short form
    compared: tuple[str, ...] = ()  # States under review that are asked about side by side
    kind: str = ""  # of the documents that it names by their kind, "concluding observations"
    takes: str | None = None  # State under review that is asked about as accepting something
    reviewed: Reviewed = field(default_factory=dict[str, str | None])
    years: Mapping[str, str] = field(default_factory=dict[str, str])  # of documents, by id


# No single marks: they cannot be told from apostrophes.
_QUOTED = re.compile(r"“([^“”]+)”|„([^„“”]+)[“”]|«([^«»]+)»|\"([^\"]+)\"")
_SAME = str.maketrans({
    "‘": "'", "’": "'", "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-",
    "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "\u00ad": None,
})  # fmt: skip


def holds_phrase(text: str, phrase: str) -> bool:
    """Whether a text holds a phrase word for word; case, white space and signs are one."""
    return f" {_plain(phrase)} " in f" {_plain(text)} "


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).translate(_SAME).casefold()
    return " ".join(re.findall(r"\w+(?:['.,-]\w+)*|[%$€£]", folded))


def set_apart(query: Query, subject: Subject) -> Query:
    """Take words that only name documents out of the names that an answer must hold."""
    names = tuple(name for name in query.names if name not in subject.naming)
    return replace(query, naming=subject.naming, names=names, documents=subject.documents)


def understand(text: str) -> Query:
    """Read a question."""
    wants = _wants(text)
    naming = {year for m in _NAMING_YEAR.finditer(text) for year in m.groups() if year}
    figures = tuple(
        dict.fromkeys(
            f for m in _FIGURE.finditer(text) if (f := m.group().rstrip(".,")) not in naming
        )
    )
    side = _side(text)
    askers = tuple(m[1] for m in _ASKER.finditer(text)) if side == "delegation" else ()
    spoken_by = _SPOKEN_BY.search(text)
    speaker = next((name for name in spoken_by.groups() if name), None) if spoken_by else None
    if speaker in askers or side == "both":
        speaker = None
    asking = {word for asker in askers for word in asker.split()}
    by = [m[1] for m in _ASKER.finditer(text)] + [m[1] for m in _SPOKEN_BY.finditer(text) if m[1]]
    return Query(
        text=text,
        wants=wants,
        side=side,
        asked_by=tuple(dict.fromkeys(by)) if side == "both" else (),
        figures=figures,
        names=tuple(name for name in _names(text) if not asking & set(name.split())),
        askers=askers,
        speaker=speaker,
        phrases=tuple(
            phrase.strip()
            for match in _QUOTED.finditer(text)
            for phrase in match.groups()
            if phrase and any(letter.isalnum() for letter in phrase)
        ),
    )


# Not after "Mr.", "No.", "art.".
_CLAUSE = re.compile(r"(?<!\bM[rs])(?<!\bMrs)(?<!\b[DS]r)(?<!\bNo)(?<!\bart)[.?;:–—]+\s+(?=\w)")


# What a question opens with tells more than what it goes on to speak of: "Who asked how
# much it costs?", "Why was the number of members raised?"
_OPENED: tuple[tuple[Wants, str], ...] = (
    ("person", "who|whom|whose"),
    ("reason", "why"),
    ("date", "when"),
    ("whether", "is|are|was|were|did|does|do|has|have|had|can|could|must|may"),
)
_OPENINGS: list[tuple[Wants, re.Pattern[str]]] = [
    (wants, re.compile(rf"^(?:and |so |but )?(?:{words})\b", re.IGNORECASE))
    for wants, words in _OPENED
]


# "Why was the party dissolved, and what became of its appeal?"
_AND = re.compile(
    r",? and (?=(?:what|how|why|when|who|which|where|by whom|on what|for how|is|are|did|does|was|were|has|"
    r"had)\b)",
    re.IGNORECASE,
)
_SEVERAL = re.compile(
    r"\b(?:members|experts|concerns|questions|figures|steps|measures|comments|criticisms?|flaws|rates|"
    r"services|points|everything|each|both|different|all|list)\b|"
    r"\bwhat (?:was|were|has been|is) (?:\w+ )?(?:said|asked|told)\b",
    re.IGNORECASE,
)


def asked_apart(text: str) -> tuple[str, ...]:
    """The questions that one sentence puts after another; one where there is only one."""
    parts = tuple(part.strip() for part in _AND.split(text) if part.strip())
    return parts if len(parts) > 1 and all(len(part.split()) > 3 for part in parts) else (text,)


_GRANTED = re.compile(
    r"\b(?:why|when|how|who|whom|whose|which|where|on what|for what|by what|in what|what)\b",
    re.IGNORECASE,
)


def takes_for_granted(query: Query) -> bool:
    """Whether a question takes something for granted: "Why was it closed?", not "Was it closed?"."""
    return (
        query.wants != "whether"
        and query.side != "both"
        and _GRANTED.search(query.text) is not None
    )


_STATES = re.compile(
    r"\b(?:which|what|list(?: the)?|name(?: the)?) (?:other |\w+ )?(?:states(?! part)|countries|delegations|"
    r"nations|governments)\b|\bwhat (?:did|do|have) (?:the |other |some )?(?:states|countries|delegations)\b",
    re.IGNORECASE,
)


def wants_states(text: str) -> bool:
    """Whether every State that said something is wanted: "Which States recommended …?"."""
    return _STATES.search(text) is not None


def wants_several(text: str) -> bool:
    """Whether more than one paragraph is likely to be wanted, as by "What did members ask?"."""
    return len(asked_apart(text)) > 1 or _SEVERAL.search(text) is not None


# "How did she react to the number of …?" asks for no number.
_REACTION = re.compile(
    r"^how (?:did|does|do|has|have|was|were) [^?]{1,60}?\b(?:react(?:ed)?|respond(?:ed)?|repl(?:y|ied)|answer(?:ed)?|"
    r"explain(?:ed)?|justif(?:y|ied)|comment(?:ed)? on)\b",
    re.IGNORECASE,
)


def _wants(text: str) -> Wants:
    if _REACTION.search(text):
        return "anything"
    last = [part.strip() for part in _CLAUSE.split(text) if "?" in part]
    for wants, opening in _OPENINGS:
        if opening.match(last[-1] if len(last) == 1 else text):
            return wants
    for wants, pattern in _WANTS:
        if pattern.search(text):
            return wants
    return "anything"


# "Did Kazakhstan answer the question about visas?": with the question, or nothing can be told.
_WHETHER_REPLIED = re.compile(
    r"^(?:and |but |so )?(?:did|has|have|was|were) (?:[^?]{0,60}? )?(?:answer(?:ed)?|repl(?:y|ied)(?: to)?|"
    r"respond(?:ed)?(?: to)?|taken? up) (?:the |any |a |Ms\.? \w+['’]s |Mr\.? \w+['’]s )?"
    r"(?:questions?|points?|allegations?|concerns?)\b|"
    r"^(?:and |but |so )?(?:was|were) (?:the |any )?(?:questions?|points?) [^?]+ (?:answered|replied to)\b",
    re.IGNORECASE,
)


def _side(text: str) -> Side | None:
    if _WHETHER_REPLIED.search(text):
        return "both"
    if _ASKED_TOO.search(text) and _REPLY.search(text):
        return "both"
    # "Mr. X asked why … . What did the Government say?": the last question is the question.
    last = [part for part in _CLAUSE.split(text) if "?" in part]
    if last and last[-1] != text and (side := _side_of_clause(last[-1])):
        return side
    return _side_of_clause(text)


def _side_of_clause(text: str) -> Side | None:
    delegation = _DELEGATION.search(text)
    committee = _COMMITTEE.search(text)
    if delegation and committee:
        # "What did the delegation reply to the question that Ms. X asked?" wants the reply;
        # "What did the Committee ask about what the Government said?" wants the question.
        if _REPLY.search(text) or delegation.start() < committee.start():
            return "delegation"
        return "committee"
    if committee:
        return "committee"
    return "delegation" if delegation else None


def _names(text: str) -> tuple[str, ...]:
    """Proper names: runs of capitalised words, without those that name nobody."""
    matches = list(_NAME.finditer(text))
    law = {word for m in _LAW.finditer(text) for word in re.findall(r"[\w\-]+", m[0])}
    names: list[str] = []
    for match in matches:
        words = [re.sub(r"['’]s?$", "", word).rstrip(".") for word in match.group().split()]
        # The capital of a lone first word says nothing.
        if match.start() == 0 and (len(words) == 1 or words[0].casefold() in _COMMON):
            words = words[1:]
        words = [
            word
            for word in words
            if word.casefold() not in _COMMON
            and word not in law
            and not (word.isupper() and word not in _BODIES)
        ]
        if words:
            names.append(" ".join(words))
    return tuple(dict.fromkeys(names))
