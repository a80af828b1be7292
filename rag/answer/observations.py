"""Documents of a committee itself → what it recommends, is concerned at, welcomes or asks on a subject.

Concluding observations put a recommendation after a concern, under one heading; it often names its
subject there alone: "The State party should end that state of affairs." So all of it is read together.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Literal

from rag.answer.evidence import Near
from rag.answer.positions import paras
from rag.answer.terms import Term, Vocabulary, coverage, terms_of
from rag.answer.topic import left_of
from rag.domain import Paragraph
from rag.query import FRAME, Query
from rag.sentences import sentences

SHOWN = 3  # paragraphs quoted at most, each with the concerns that belong to it where these are asked for
Wanted = Literal["recommended", "concern", "welcomed", "said", "issues"]
OBSERVATIONS, ISSUES = "concluding observations", "list of issues"

_BODY = r"(?:committee|concluding observations|observations|treaty body)"
_OPENS = r"^(?:and |but |so )?"
_RECOMMENDS = re.compile(
    rf"{_OPENS}(?:what|which)\b[^?]*?(?:\b{_BODY}(?:['’]s)?\b[^?]*?\b(?:recommend\w*|urged?|call\w* (?:on|upon|for))"
    rf"|\brecommend\w*\b[^?]*?\b{_BODY}\b|\b{_BODY}(?:['’]s)? recommendations?\b)"
    rf"|{_OPENS}(?:did|does|has) the {_BODY} (?:ever )?recommend\w*"
    r"|[^?]*\bcommittee(?:['’]s)?\b[^?]*\b(?:want(?:s|ed)? (?:it )?(?:done|changed|to happen)|propos\w+|remed(?:y|ies)|advice)\b"
    rf"|{_OPENS}did the committee (?:set|propose|demand|advise|tell)\b"
    r"|[^?]*\bcommittee(?:['’]s)?\b[^?]*\bwhat should (?:the (?:state|government)|be done|it do)\b",
    re.IGNORECASE,
)
_CONCERNED = re.compile(
    rf"{_OPENS}(?:what|which|about what)\b[^?]*?(?:\b(?:is|was) the committee (?:\w+ )?(?:concerned|worried|troubled)"
    r"|\bconcern(?:s|ed)?\b[^?]*?\b(?:did|does|has|of) the committee\b|\b(?:did|does) the committee regret"
    r"|\b(?:worr(?:ies|ied)|bother(?:s|ed)|trouble[sd]) the committee\b)"
    r"|[^?]*\bcommittee['’]s (?:worr(?:y|ies)|concerns?)\b",
    re.IGNORECASE,
)
_WELCOMED = re.compile(
    rf"{_OPENS}what\b[^?]*?(?:\b(?:did|does) the committee (?:welcome|appreciate|commend)\w*"
    r"|\b(?:is|was|were) welcomed by the committee\b|\bpositive aspects\b)"
    rf"|{_OPENS}(?:what|which|for what)\b[^?]*\bcommittee (?:give|gave|credit\w*|prais\w+|approve)\b",
    re.IGNORECASE,
)
_VIEW = re.compile(
    r"\bcommittee['’]s (?:view|position|opinion|stance|findings?|conclusions?)\b|\baccording to the committee\b|"
    r"\bcommittee (?:have|had) to say\b|\bcommittee conclu",
    re.IGNORECASE,
)
# Another question beside it, or others' views: the Committee's is only a part of the answer.
_OTHERS_TOO = re.compile(r"\?\s+\w|\band the committee['’]s\b", re.IGNORECASE)
# Of an earlier time, or of what became of it, something else tells; so for other committees.
_ELSEWHERE = re.compile(
    r"\b(?:previous\w*|earlier|prior|implement\w*|accept\w*|members?|experts?|delegation|reply|replied|follow-up|"
    r"announced|against torture|on the elimination|on enforced)\b",
    re.IGNORECASE,
)
_SPEAKS = re.compile(r"^(?:and |but |so )?(?:what|which|does|do|did)\b", re.IGNORECASE)
_ADVISES = re.compile(
    r"\bState party (?:should|must|is (?:also )?(?:requested|urged|encouraged|invited|called upon))\b|"
    r"\b(?:Committee|It) (?:also |further |strongly |therefore |again )*(?:recommends|urges|calls (?:on|upon)|encourages|"
    r"requests|invites|reiterates its (?:\w+ )?recommendation)\b|^(?:It|The Government) should\b",
    re.MULTILINE,
)
_CONCERN = re.compile(
    r"\b(?:is|are|remains?) (?:\w+ ){0,2}concerned\b|\bwith (?:\w+ )?concern\b|\bregrets?\b|\bdeplores?\b|"
    r"\b(?:disturbed|alarmed|dismayed)\b|\bconcerns? (?:is|are|about|at)\b",
    re.IGNORECASE,
)
_WELCOME = re.compile(
    r"\b(?:welcomes?|appreciat\w+|commends?|satisfaction|congratulates?|notes with interest)\b",
    re.IGNORECASE,
)
# What ends every document of the kind is on no subject.
_PROCEDURE = re.compile(
    r"\brules? of procedure\b|\bnext (?:combined )?(?:\w+ )?periodic reports?\b|\bdisseminat\w+",
    re.IGNORECASE,
)
_FRAME = frozenset(
    "recommend recommendation conclud observ committe urg call upon state parti make made issu bodi treati propos "
    "situat topic subject matter field area respect concern tackl address improv welcom appreci regret posit aspect "
    "worri troubl list do doe did has have had".split()
)
# Of a paragraph with what belongs to it: likeness by meaning to the subject's words, and these words.
_WORDS, _HEADING = 0.3, 0.2
_ON_IT = 0.45  # what the best on a subject has at least
_AS_GOOD = 0.8  # share of the best one's that another needs
_OWN = 0.75  # share of a subject's words that a recommendation holds where the concern need not be named


@dataclass(frozen=True, slots=True)
class Advice:
    """A paragraph that may answer, what belongs to it before, and how well both bear on a subject."""

    paragraph: Paragraph
    concerns: tuple[Paragraph, ...] = ()
    score: float = 0.0
    own: float = 1.0  # share of the subject's words that it holds itself, with its heading


def asks_what_is_recommended(query: Query) -> bool:
    """Whether it is asked what a committee, as a body, recommends."""
    return wanted_of(query) == "recommended"


def wanted_of(query: Query) -> Wanted | None:
    """What of a committee's own documents a question asks for."""
    text = query.text.partition("? (")[0]
    if _ELSEWHERE.search(text) or query.takes:
        return None
    if query.kind == ISSUES:
        return "issues" if _SPEAKS.match(text) else None
    recommended, concerned = _RECOMMENDS.match(text), _CONCERNED.match(text)
    if recommended and concerned:
        return "said"
    if recommended:
        return "recommended"
    if concerned:
        return "concern"
    if _WELCOMED.match(text):
        return "welcomed"
    if _VIEW.search(text) and not _OTHERS_TOO.search(text):
        return "said"
    return "said" if query.kind == OBSERVATIONS and _SPEAKS.match(text) else None


def on_the_subject(
    query: Query,
    wanted: Wanted,
    paragraphs: Sequence[Paragraph],
    *,
    vocabulary: Vocabulary,
    near: Near,
) -> list[Advice]:
    """What of one document a question asks for, on its subject, in the document's order.

    Args:
        query: the question, read.
        wanted: what is asked for.
        paragraphs: of the document, in their order.
        vocabulary: stems and their frequencies.
        near: how near sentences come to the question, each a cosine.

    Returns:
        All of it where no subject is asked for.

    """
    given = list(_units(wanted, paragraphs))
    terms = [t for t in terms_of(query, vocabulary) if t.stem not in _FRAME and t.stem not in FRAME]
    subject = left_of(query.text, query.naming, _ASKING)
    if not terms or not subject or not given:
        return given
    lasting = [each for each in given if not _PROCEDURE.search(each.paragraph.text)]
    scored = [_scored(subject, terms, each, vocabulary, near) for each in lasting]
    best = max((each.score for each in scored), default=0.0)
    return [each for each in scored if each.score and each.score >= _AS_GOOD * best]


def after_what(advice: Sequence[Advice]) -> str:
    """Say after which concern a recommendation stands that does not name the subject itself."""
    return " ".join(
        f"Para. {each.paragraph.label} stands after the concern in "
        f"{paras([concern.label for concern in each.concerns])}."
        for each in advice
        if each.concerns and each.own < _OWN
    )


def _scored(
    subject: str, terms: Sequence[Term], advice: Advice, vocabulary: Vocabulary, near: Near
) -> Advice:
    """With a score of 0 where it is not on the subject: by meaning, words and the heading."""

    def held(*texts: str) -> float:
        return coverage(terms, set(vocabulary.terms(" ".join(texts))))

    text, heading = advice.paragraph.text, advice.paragraph.heading or ""
    all_of_it = held(text, heading, *(each.text for each in advice.concerns))
    own = held(text, heading)
    places = [(each, sentences(each.text)) for each in (advice.paragraph, *advice.concerns)]
    cosine = max(max(each, default=0.0) for each in near(subject, places))
    score = cosine + _WORDS * all_of_it + _HEADING * held(heading)
    return replace(advice, score=score if score >= _ON_IT else 0.0, own=own)


_ASKING = re.compile(
    r"\b(?:which|what|who|where|how|did|does|do|has|have|had|was|were|is|are|will|would|should|the|it|its|in|and|to|"
    r"committee(?:['’]s)?|concluding observations|observations|lists? of issues|states?(?: party)?|government|"
    r"recommend\w*|urged?|call\w* (?:on|upon|for)|concern(?:s|ed)?|worr(?:y|ies|ied)|bothers?|regrets?|welcom\w*|asks?|asked|"
    r"say|says|said|about|on|regarding|concerning|want\w*|know|done|made?|make|propose[ds]?|views?|position|opinion|according|"
    r"conclu\w+|find|found|put|questions?|that|there|of)\b|[?:,.;–—-]",
    re.IGNORECASE,
)


def _units(wanted: Wanted, paragraphs: Sequence[Paragraph]) -> Iterable[Advice]:
    if wanted in ("recommended", "said"):
        return _paired(paragraphs)
    tells = {"concern": _CONCERN, "welcomed": _WELCOME}.get(wanted)
    return (Advice(each) for each in paragraphs if tells is None or tells.search(each.text))


def _paired(paragraphs: Sequence[Paragraph]) -> Iterable[Advice]:
    for _, group in groupby(paragraphs, key=lambda each: each.heading):
        concerns: list[Paragraph] = []
        before: list[Paragraph] = []  # those that the recommendations before were on
        for each in group:
            if not _ADVISES.search(each.text):
                concerns.append(each)
                continue
            before, concerns = concerns or before, []
            yield Advice(each, tuple(before))
