"""A question about a meeting itself → what the record prints outside its paragraphs.

Who was in the chair, when and where the meeting was held, when it began and ended, of which
session it was, which documents it had before it; and who took the floor for a delegation.
What the masthead, headings and unnumbered lines print has no paragraph number: it is cited by
the document's symbol alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from rag.domain import Citation, Claim, Document, Paragraph

RECORDS = 40  # looked at; where the question may mean more, which one must be said
MEETINGS = 4  # told of at most; of more, which one is meant must be said
_LONGEST = 200  # characters of such a question
SPEAKERS = 40  # of one delegation, quoted at most
_MEETING = (
    r"(?:(?:the|this|that|its|each|both) )?(?:\d+(?:st|nd|rd|th) |[\w.]+(?:-\w+)* summary |(?-i:[A-Z])[\w'’-]+ )?"
    r"(?:meetings?|dialogue|sitting|review|record)"
    r"|[A-Z]+(?:/[A-Z]+)*/(?:SR|PV)\.\d+(?:/Add\.\d+)?"
)
# What may follow: that it is this meeting, on this State, before this committee.
_OF_IT = (
    r"(?:,? (?:on|in|with|by|considering|concerning|regarding|where|at which|that considered)\b[^?]*"
    r"| of (?:(?:the )?[^?]*committee|(?-i:[A-Z]{3,6}))[^?]*)?"
)
_ON = r"(?: (?:on|with|considering) [^?]+?| of (?:(?:the )?[^?]*committee|(?-i:[A-Z]{3,6}))[^?]*?)?"
_BEGINS = r"(?:begin|began|start|open|convene|called to order|opened)"
_ENDS = r"(?:end|rise|close|finish|adjourn|break up|closed|adjourned)"
_REPORT = r"(?:[^?,]{0,60}?\b(?:reports?|situation)\b|(?-i:[A-Z])[\w'’-]+(?: (?-i:[A-Z])[\w'’-]+)*)"
_TAKEN_UP = r"(?:considered|examined|reviewed|discussed|taken up|before the committee)"
_TAKES_UP = r"(?:consider|examine|review|discuss|take up|meet)"
_ASKED: dict[str, tuple[str, ...]] = {
    "chair": (
        rf"who (?:chaired|presided(?: over| at)?|was (?:in )?the chair(?:person|man|woman)?|took the chair)(?:,? (?:of|at|in|on|for))?"
        rf"(?: (?:{_MEETING})\b{_OF_IT})?",
    ),
    "times": (
        rf"(?:when|at what (?:times?|hours?)|what times?) (?:was|did) (?:{_MEETING})\b{_ON} {_BEGINS} and {_ENDS}",
        rf"how long (?:was|did) (?:{_MEETING})\b{_ON}(?: last| take)?",
    ),
    "began": (
        rf"(?:when|at what (?:time|hour)|what time) (?:was|did) (?:{_MEETING})\b{_ON} {_BEGINS}",
    ),
    "rose": (
        rf"(?:when|at what (?:time|hour)|what time) (?:was|did) (?:{_MEETING})\b{_ON} {_ENDS}",
    ),
    "held": (
        rf"when (?:was|were|did|is) (?:{_MEETING})\b{_ON}(?: held| take place| convened)?",
        rf"(?:on )?(?:what|which) (?:date|day) (?:was|were|did|is) (?:{_MEETING})\b{_ON}(?: held| take place)?",
        rf"(?:when|on (?:what|which) (?:date|day)) (?:was|were) {_REPORT} {_TAKEN_UP}(?: by (?:the )?[^?]+)?",
        rf"(?:when|on (?:what|which) (?:date|day)) did (?:the )?[^?]{{0,60}}?committee[^?]{{0,40}}? {_TAKES_UP} {_REPORT}{_OF_IT}",
        rf"what (?:is|was) the date of (?:{_MEETING})\b{_OF_IT}",
    ),
    "place": (rf"where (?:was|were|did) (?:{_MEETING})\b{_ON}(?: held| take place| convened)?",),
    "session": (
        rf"(?:at |in |of |during )?(?:which|what) session (?:of [^?]+ )?(?:was|did|is|are|considered|examined|does)\b[^?]*(?:{_MEETING}|{_REPORT})[^?]*"
        rf"|(?:which|what) session (?:of [^?]+ )?(?:considered|examined|reviewed) {_REPORT}",
    ),
    "documents": (
        r"(?:which|what) (?:documents?|reports?) (?:did the committee have|were|was|had the committee) before (?:it|the committee|the meeting)"
        rf"{_OF_IT}",
    ),
    "introduced": (
        rf"who (?:introduced|presented|delivered) {_REPORT}(?: (?:of|to|before|at|in)\b[^?]*)?",
        rf"(?:what (?:is|was) the )?names? of (?:the (?:person|delegate|representative|one)|whoever|who) "
        rf"(?:who )?(?:introduc|present|deliver)(?:ing|ed) {_REPORT}(?: (?:of|to|before|at|in)\b[^?]*)?",
    ),
    "members": (
        r"(?:which|what) (?:committee )?(?:members|experts)(?: of the committee)? (?:spoke|took the floor|took part"
        r"|(?:put|asked) (?:any )?questions|asked anything)(?: (?:at|during|in|on|to)\b[^?]*)?",
        rf"who (?:spoke|took the floor|(?:put|asked) questions) (?:for|on behalf of) the committee{_OF_IT}",
        rf"who (?:put|asked) (?:the )?questions(?: (?:at|in|during) (?:{_MEETING})\b[^?]*)?",
    ),
    "delegation": (
        rf"who (?:represented|spoke for|spoke on behalf of|took the floor for|appeared for|answered for|replied for) "
        rf"(?:the (?:state party|state|government|delegation)(?: of)? ?)?{_REPORT}?(?: (?:at|before|in|during)\b[^?]*)?",
        rf"who (?:was|were|is|are) (?:in|on|part of|the members? of|members? of|the representatives? of) "
        rf"(?:the )?(?:delegation(?: of {_REPORT})?|{_REPORT}['’]s? delegation|[\w-]+ delegation)",
        r"(?:who|which (?:persons|people|delegates|representatives)) (?:made up|formed|composed) (?:the )?[^?]*delegation[^?]*",
    ),
}
_KINDS = [
    (kind, re.compile(rf"(?:and |so )?(?:{pattern})\s*\??", re.IGNORECASE))
    for kind, patterns in _ASKED.items()
    for pattern in patterns
]
_OTHER = re.compile(
    r"\b(?:previous|last(?!\W*$)|next|earlier|later|former|prior|future|other|before that)\b",
    re.IGNORECASE,
)
_NTH = re.compile(
    r"\b(?:initial|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth)\b",
    re.IGNORECASE,
)
_BEGAN = re.compile(r"\b(?:called to order|declared open|opened)\b", re.IGNORECASE)
_ROSE = re.compile(r"\b(?:rose|closed|adjourned)\b", re.IGNORECASE)
_SAYS = re.compile(
    r",? (?:said|stated|replied|explained|noted|observed|added|thanked|expressed|confirmed|recalled"
    r"|emphasized|stressed|pointed out|welcomed|asked|reported|drew|wished|agreed|acknowledged)\b"
)
_OPENING = 30  # words of a turn's opening that tell who speaks


@dataclass(frozen=True, slots=True)
class Front:
    """What a record prints of its meeting: claims to be checked, and what they are held against."""

    claims: tuple[Claim, ...]
    given: tuple[Paragraph, ...]
    note: str = ""  # where it stands; without claims: why there are none


def about_the_meeting(question: str) -> str:
    """What a question asks about a meeting itself; empty where it asks about something else."""
    asked = " ".join(question.partition("? (")[0].split())
    if len(asked) > _LONGEST or _OTHER.search(asked):
        return ""
    return next((kind for kind, pattern in _KINDS if pattern.fullmatch(asked)), "")


def gone_on_with(question: str, before: str) -> str:
    """A question after one about a meeting: "When was it held?" is of the meeting as well."""
    if about_the_meeting(question) or not about_the_meeting(before):
        return question
    asked = " ".join(question.partition("? (")[0].split())
    return re.sub(r"\b(?:it|this|that)\b", "the meeting", asked, count=1, flags=re.IGNORECASE)


def front(question: str, documents: Sequence[Document], *, named: bool) -> Front:
    """What records print of their meetings.

    Args:
        question: as it was understood.
        documents: the records that may be meant.
        named: whether the question names them, by symbol or State.

    Returns:
        What was found; no claims where none of them prints it, or where more than a few do.

    """
    kind = about_the_meeting(question)
    if not kind or (
        kind in ("delegation", "introduced") and not named and not _OF_STATE.search(question)
    ):
        return Front((), ())
    documents = [each for each in documents if _is_meant(question, each)]
    if kind == "introduced":
        return _who_introduced(documents)
    if kind in ("delegation", "members"):
        return _who_spoke(documents, members=kind == "members")
    told = [(each, line) for each in documents for line in _LINES[kind](each)]
    if kind == "chair" and not told:  # "The Chair thanked …" would be no answer
        return Front((), (), _NO_CHAIR)
    if len({each.id for each, _ in told}) > MEETINGS:
        return Front((), ())
    return Front(
        tuple(Claim(line, line, Citation(each.id)) for each, line in told),
        tuple(_whole(each) for each in {each.id: each for each, _ in told}.values()),
        f"{_STANDS[kind]}, so that it has no paragraph number." if told else "",
    )


_OF_STATE = re.compile(r"\b(?:state party|state|government|delegation)\b", re.IGNORECASE)
_NUMBER = re.compile(r"\b(\d+)(?:st|nd|rd|th)\b")


def _is_meant(question: str, document: Document) -> bool:
    """Whether it is the meeting, or on the report, whose number is told, if one is."""
    printed = " ".join(
        (document.title, *(heading.text for heading in document.headings))
    ).casefold()
    printed = printed.replace("initial", "initial first")
    numbers = [int(number) for number in _NUMBER.findall(question)]
    return (not numbers or document.meeting in numbers) and all(
        nth.casefold() in printed for nth in _NTH.findall(question)
    )


def _whole(document: Document) -> Paragraph:
    """What a record prints outside its paragraphs, as one: its pinpoint is the document.

    Of the masthead that is what the reader took from it, value by value; its lines are not kept.
    """
    parts = [document.chair, document.place, document.session, _day(document)]
    printed = [part for part in parts if part]
    printed += [*(each.text for each in document.headings), *(e.text for e in document.events)]
    text = "\n".join(printed)
    return Paragraph(document.id, "", -1, text, 0, len(text))


def _day(document: Document) -> str:
    """The day of a meeting as an English masthead prints it."""
    day = document.held_on
    english = document.language == "en"
    return f"{day.day} {day:%B} {day.year}" if day and english else ""


def _chair(document: Document) -> Iterator[str]:
    if document.chair and document.meeting is not None:
        yield document.chair


def _held(document: Document) -> Iterator[str]:
    if document.meeting is not None and (day := _day(document)):
        yield day


def _place(document: Document) -> Iterator[str]:
    if document.meeting is not None and document.place:
        yield document.place


def _session(document: Document) -> Iterator[str]:
    if document.meeting is not None and document.session:
        yield document.session


def _events(document: Document, pattern: re.Pattern[str]) -> Iterator[str]:
    yield from (each.text for each in document.events if pattern.search(each.text))


def _documents(document: Document) -> Iterator[str]:
    if document.meeting is not None:
        yield from dict.fromkeys(each.text for each in document.headings if each.documents)


_LINES: dict[str, Callable[[Document], Iterable[str]]] = {
    "chair": _chair,
    "held": _held,
    "place": _place,
    "session": _session,
    "began": lambda document: _events(document, _BEGAN),
    "rose": lambda document: _events(document, _ROSE),
    "times": lambda document: (*_events(document, _BEGAN), *_events(document, _ROSE)),
    "documents": _documents,
}
# Where what is quoted stands.
_STANDS = {
    "chair": "The masthead names whoever was in the chair",
    "held": "The masthead tells the day of the meeting",
    "place": "The masthead tells where the meeting was held",
    "session": "The masthead names the session",
    "began": "An unnumbered line of the record tells it",
    "rose": "An unnumbered line of the record tells it",
    "times": "Unnumbered lines of the record tell it",
    "documents": "A heading of the record cites them",
}


_NO_CHAIR = "No masthead that names whoever was in the chair is part of what was searched."


def _who_spoke(documents: Sequence[Document], *, members: bool) -> Front:
    """Who took the floor, each with the paragraph of the first time.

    Args:
        documents: the records that may be meant.
        members: of those who examine; else for the State that is examined.

    """
    first: dict[tuple[str, str], Paragraph] = {}
    for document in documents:
        for paragraph in document.paragraphs:
            turn = paragraph.turn
            if turn is None or paragraph.ordinal != turn.first:
                continue
            own = turn.role == "delegation" and turn.delegation == document.state
            if turn.role in ("member", "chair") if members else own:
                first.setdefault((turn.delegation or "", turn.speaker), paragraph)
    if not first or len({state for state, _ in first}) > 1 or len(first) > SPEAKERS:
        return Front((), ())
    claims = [
        Claim(words, words, paragraph.citation, speaker, state or None)
        for (state, speaker), paragraph in first.items()
        if (words := _opening(paragraph.text, speaker))
    ]
    (state, _), *_ = first
    note = (
        "These took the floor for the Committee in what was searched, as named where each first speaks."
        if members
        else f"These took the floor for {state} in what was searched, as named where each first speaks; "
        "a delegation may have had other members."
    )
    return Front(tuple(claims), tuple(first.values()), note)


_INTRODUCES = re.compile(
    r"\b(?:introduc|present)(?:ing|ed)\b[^.]{0,160}?\breports?\b", re.IGNORECASE
)


def _who_introduced(documents: Sequence[Document]) -> Front:
    """Who of the delegation introduced its State's report, as the record tells."""
    there = [
        paragraph
        for document in documents
        for paragraph in document.paragraphs
        if paragraph.turn is not None
        and paragraph.turn.role == "delegation"
        and paragraph.ordinal == paragraph.turn.first
        and _INTRODUCES.search(_opening(paragraph.text, paragraph.turn.speaker))
    ]
    if len(there) > MEETINGS:
        return Front((), ())
    claims = [
        Claim(words, words, each.citation, each.turn.speaker, each.turn.delegation)
        for each in there
        if each.turn and (words := _opening(each.text, each.turn.speaker))
    ]
    return Front(tuple(claims), tuple(there))


def _opening(text: str, speaker: str) -> str:
    """How a turn opens, up to what is said: "Mr. X (Maravia), replying for the police"."""
    if not text.startswith(speaker):
        return ""
    said = _SAYS.search(text, len(speaker))
    words = text[: said.start() if said else len(speaker)]
    if len(words.split()) <= _OPENING:
        return words
    named = re.match(re.escape(speaker) + r"(?: \([^()]*\))?", text)
    return named[0] if named else ""
