"""A question → what it is about: "How many complaints were filed in 2014?" → "complaints filed".

A follow-up takes this over. It stays in the order of the question, so that it can be read
as part of the next one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

YEAR = re.compile(r"\b(?:1[89]|20)\d\d\b")
TITLED = re.compile(
    r"\b(?:Mr|Mrs|Ms|Miss|Dr|Sir)\.? [A-ZÀ-Þ][\w\-]+(?: [A-ZÀ-Þ][\w\-]+)*(?=['’]s?\b|\b)"
)
AUXILIARY = (
    r"(?:is|are|was|were|am|be|been|do|does|did|has|have|had|can|could|will|would|shall|should|"
    r"may|might|must)"
)
SAYS = (
    r"(?:say|says|said|state[ds]?|repl\w+|answer\w*|respon\w+|explain\w*|claim\w*|den(?:y|ied)|"
    r"admit\w*|confirm\w*|argue\w*|tell|told|speak|spoke|talk\w*|comment\w*|mention\w*|ask\w*|"
    r"enquire\w*|inquire\w*|wonder\w*|rais\w+|put|recommend(?:s|ed)?|want\w*|wish\w*|know|request\w*|"
    r"concern\w*|criticis\w+|criticiz\w+|object\w*|give|gave|given|report\w*|question\w*|bring up|brought up)"
)
ASKS = (
    r"(?:ask\w*|enquire\w*|inquire\w*|wonder\w*|rais\w+|put|want\w*|wish\w*|request\w*|question\w*|"
    r"concern\w*|criticis\w+|criticiz\w+|object\w*|recommend(?:s|ed)?|bring up|brought up)"
)
# "What did X say about …": what follows is the subject.
_ABOUT = re.compile(
    rf"\b{SAYS}\b(?: (?!and\b)[\w.'’\-]+){{0,5}}? (?:about|on|regarding|concerning|as regards|"
    r"in relation to|with regard to) (?P<topic>.+)$",
    re.IGNORECASE,
)
# "What did X ask …": what follows is the subject, after the one who was asked.
_SAID = re.compile(
    rf"^(?:and |but |so )?(?:what|which \w+|why|how)(?: (?:else|details|exactly))? "
    r"(?:did|do|does|had|has|was|were) "
    rf"(?:\S+ ){{0,4}}?(?:want to know|wish to know|{SAYS})\b (?P<topic>.+)$",
    re.IGNORECASE,
)
_OPENING = re.compile(
    r"^(?:(?:and|but|so|then|also),? )*"
    r"(?:according to [^,]+, )?"
    r"(?:(?:in|on|at|by|for|to|from|of|under|since|until|with) )?"
    r"(?:how (?:many|much|long|often|high|large|far|old)|in (?:which|what) (?:year|month)|what (?:kinds?|sorts?) of|"
    r"what|which|who|whom|whose|when|where|why|how)\b ?",
    re.IGNORECASE,
)
_INNER = re.compile(
    rf"\b(?:have to be|have to|{AUXILIARY}|there|anyone|anybody|anything|something|not)\b ?",
    re.IGNORECASE,
)
# "Who authorizes interception": the verb goes with its subject; so does "did X say" in the middle.
_WHO_DOES = re.compile(
    rf"^(?:and |but |so )?who (?!{AUXILIARY}\b)(?:else |also |first )?\w+ (?:up |for |to )?(?=\w)",
    re.IGNORECASE,
)
# Who speaks is no part of the subject; whom the question is about is: "Was Mr. Korda beaten?"
_SPEAKER = re.compile(
    rf"\b(?:did|do|does|had|has|have) {TITLED.pattern}(?! been\b)|"
    rf",? according to (?:[^,]+,|{TITLED.pattern}|[^,]+$)"
)
_OWNED = re.compile(
    r"^(?P<what>how (?:many|much) [^?]+?) (?:does|do|did|will|would|must|can) (?P<whose>[^?]+?) have$",
    re.IGNORECASE,
)
_AS_SAID = re.compile(
    r" (?:did|does|had|has) [^?,]{1,60}? (?:say|said|give|given|state|stated|report|reported|claim|"
    r"claimed|cite|cited|quote|quoted|mention|mentioned)\b(?: that)?",
    re.IGNORECASE,
)
_LEADING = re.compile(r"^(?:(?:any|some|of|in|to|for|that|which|about|on)\b ?)+", re.IGNORECASE)
_TRAILING = re.compile(
    r"(?:[\s,;:–-]|\b(?:the|a|an|of|in|on|to|for|by|at|and|or|with|from|since|before|after|until|during|"
    r"between|under|about|so far|else|then)$)+$",
    re.IGNORECASE,
)
# Not after "Mr.", "No.", "art.".
_CLAUSE = re.compile(r"(?<!\bM[rs])(?<!\bMrs)(?<!\b[DS]r)(?<!\bNo)(?<!\bart)[.?;:]+ +(?=\w)")
_MONTHS = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
)
# A date with what leads to it: "between 2013 and 2015", "on 1 January 2024", "in 2014".
DATED = re.compile(
    r"(?:\b(?P<lead>in|on|since|by|before|after|during|from|until|between|of)(?: early| late| mid)? )?"
    rf"(?:\b\d{{1,2}} )?(?:\b{_MONTHS} )?\b(?:1[89]|20)\d\d\b"
    rf"(?: ?(?:and|to|until|[–-]) ?(?:\d{{1,2}} )?(?:{_MONTHS} )?(?:1[89]|20)\d\d\b)?",
)
_NAMING = re.compile(
    r"(?:1[89]|20)\d\d (?:[\w'’-]+ ){0,6}?(?:Acts?|Laws?|Codes?|Plan|Constitution|Convention|"
    r"amendments?|recommendations?|reforms?)\b"
    r"|(?:Acts?|Laws?|Codes?|Plan|Convention|amendments?) of (?:\d+ \w+ )?(?:1[89]|20)\d\d"
)
_COUNTED = re.compile(r"\b(?:from [\d.,]+ to [\d.,]+|[\d.,]*\d[\d.,]*(?: per cent|%)?)(?!\w)")


# What a follow-up says of the subject behind it in brackets: "Who said 61 days? (the detention)".
_NO_SUBJECT = frozenset(
    "the a an of in to for said says say told tells asked that this these those it them he she they "
    "day days week weeks month months year years hour hours time times per cent percent more less "
    "fewer than before after now then right wrong correct corrected true false contradicted disputed "
    "denied confirmed figure number figures numbers".split()
)


def _says_nothing(part: str) -> bool:
    """Whether a part of a subject names none: "said days", "it open", "Wasn't it"."""
    words = re.findall(r"[a-z’']+", part.lower())
    points = bool(words) and _POINTS.search(part) is not None and len(words) <= 4
    return points or _NO_SUBJECT.issuperset(words)


_POINTS = re.compile(r"\b(?:it|that|this|them|they|he|she|those|these)\b", re.IGNORECASE)


def topic_of(question: str, *, dates: bool = False, deed: bool = False) -> str:
    """The subject of a question, without its form, its figures and who speaks.

    Args:
        question: one that stands alone.
        dates: whether years stay; where the next question has its own, they must not.
        deed: whether the verb of "who registers parties" stays.

    Returns:
        A phrase of the question; empty where it has none.

    """
    main, _, aside = question.partition("? (")
    parts = [_core(part.strip(" ?.!)("), dates=dates, deed=deed) for part in (main, aside)]
    if parts[1]:
        before = [part for part in parts[1].split(", ") if not _says_nothing(part)]
        # Of a chain of follow-ups the last and the first subject.
        parts = [parts[0], *(before[-1:] or parts[1:])]
        if _says_nothing(parts[0]):
            parts = parts[1:]
    return ", ".join(dict.fromkeys(part for part in parts if part))


def _core(text: str, *, dates: bool, deed: bool) -> str:
    clauses = [c for c in _CLAUSE.split(text) if len(c.split()) > 2]
    text = clauses[-1] if clauses else text
    found = _ABOUT.search(text) or _SAID.search(text)
    core = found["topic"] if found else text
    if not found:
        core = _OWNED.sub(r"\g<what> of \g<whose>", _AS_SAID.sub(" ", core))
    core = _SPEAKER.sub(" ", core)
    core = re.sub(rf"^to {TITLED.pattern}$", "", core)
    core = re.sub(r"\band how (?:did|was|were) .*$|\band what (?:did|was|were) .*$", "", core)
    kept: list[str] = []

    def keep(match: re.Match[str]) -> str:
        kept.append(match[0])
        return f"\x00{len(kept) - 1}\x00"

    core = _NAMING.sub(keep, core)
    core = DATED.sub(keep if dates else " ", core)
    core = re.sub(r"\b(?:article|articles|No\.|para\.|paragraph) \d+", keep, core)
    core = _COUNTED.sub(lambda m: m[0] if "\x00" in _around(core, m) else " ", core)
    if not found:
        core = core.strip() if deed else _WHO_DOES.sub("", core.strip())
        core = _INNER.sub("", _OPENING.sub("", core.strip()))
        core = re.sub(r"^(?:wrong with|known (?:about|of)|happen(?:s|ed)? (?:to|with)) ", "", core)
    # Only now, so that "in May 1999" is not taken for "may".
    core = re.sub(r"\x00(\d+)\x00", lambda m: kept[int(m[1])], core)
    core = re.sub(rf"\b(?:{SAYS})(?: {AUXILIARY})*$", "", core) if not found else core
    if re.match(r"(?i)(?:and |but )?how long\b", text):
        core = re.sub(r"\b(?:take|last)s?\b", "", core)
    core = _LEADING.sub("", " ".join(core.split()))
    core = re.sub(r" ([,.;])", r"\1", core)
    return _TRAILING.sub("", core).strip()


def _around(text: str, match: re.Match[str]) -> str:
    return text[max(0, match.start() - 1) : match.end() + 1]


def left_of(text: str, naming: Sequence[str], asking: re.Pattern[str]) -> str:
    """The words of a question without names of what is asked about, and without those that only ask.

    Args:
        text: the question.
        naming: words that name documents by their State.
        asking: what only asks.

    """
    for name in naming:
        text = re.sub(rf"\b{re.escape(name)}(?:['’]s?)?", " ", text)
    return " ".join(asking.sub(" ", text).split())
