"""A question that the record does not answer → what can be said all the same, and from where.

What the nearest paragraphs do tell ("figures are given for 2013 and 2014, none for
2010"), that a member asked and no reply was found, that the answer was put off, and
which documents they cite that the index lacks. Every sentence is of the record's own
figures and citations; nothing is inferred.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from rag.answer.align import align
from rag.answer.clauses import clauses, stem
from rag.answer.figures import figures
from rag.answer.literal import LISTED
from rag.domain import Claim, Paragraph, Passage, Turn, Voice
from rag.query import Query
from rag.sentence_kinds import holds_answer_type, is_deferred, is_request
from rag.sentences import sentences

# What may be said of every answer that is put off.
_ANY_ANSWER = frozenset(
    "figure figures number numbers data information statistics details reply replies answer answers "
    "question questions delegation committee writing written provided supplied sent forwarded "
    "submitted available within hours later following next meeting day date regretted latest recent "
    "years year past three available precise exact complete hand".split()
)
CONTRADICTED = "What the question takes for granted is contradicted there: "
NEAREST = 3  # paragraphs that are looked at and shown
_SOME = re.compile(
    r"\b(?:no|none|nobody|never|not any|nothing|all of|most|majority|few|fewer|indefinite\w*"
    r"|life|lifelong|permanent\w*)\b",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?<![\d/.])(?:1[89]|20)\d\d(?![\d/])")


def silence(query: Query, nearest: Sequence[Passage]) -> str:
    """Say why nothing answers, in one or two sentences.

    Args:
        query: the question, read.
        nearest: what was found, the nearest first.

    """
    paragraphs = [passage.paragraph for passage in nearest[:NEAREST]]
    named = query.documents
    if named and paragraphs and not any(each.document in named for each in paragraphs):
        return "The nearest paragraphs are not of the records that the question names."
    told = [
        say
        for say in (
            _put_off(query, paragraphs),
            _no_reply(query, paragraphs),
            _other_years(query, paragraphs),
            _no_such_thing(query, paragraphs),
        )
        if say
    ]
    return " ".join(told[:2]) or "The nearest paragraphs touch on the subject but do not answer."


def of_another_year(query: Query, cited: Sequence[Paragraph], own: Collection[int]) -> bool:
    """Whether what is to be shown tells nothing of the one year that is asked for.

    Only where a figure is asked for, or no kind of thing: a reason is often told without its year,
    and "was it so in 2014?" is answered by "in 2015". Nor where the year is that of the record or
    the one before, which a record seldom names.

    Args:
        query: the question, read.
        cited: the paragraphs that are to be shown.
        own: the years of their documents.

    """
    asked = [figure for figure in query.figures if _YEAR.fullmatch(figure)]
    if len(asked) != 1 or query.wants not in ("figure", "money", "anything"):
        return False
    if {int(asked[0]), int(asked[0]) + 1} & set(own):
        return False
    return not any(asked[0] in _YEAR.findall(each.text) for each in cited)


_COUNTED = re.compile(
    r"\bhow many (?:[a-z-]+ ){0,2}?(?P<noun>[a-z]{4,}) (?:for|of|to|in|on|over|were|was|are|is|did|do|had|have|has|"
    r"came|led|there|took)\b",
    re.IGNORECASE,
)


def not_of_that_year(query: Query, cited: Sequence[Paragraph]) -> str:
    """Give the thing counted that a series of years tells of other years, not of the one asked for.

    "90 complaints in 2013, leading to 30 prosecutions; 60 in 2015, with 20 convictions" tells of
    no prosecutions of 2015. What is counted first in a series is not named again each time.
    """
    asked = [figure for figure in query.figures if _YEAR.fullmatch(figure)]
    counted = _COUNTED.search(query.text)
    if len(asked) != 1 or counted is None or counted["noun"].endswith("ed"):
        return ""
    noun = stem(counted["noun"].casefold())
    for paragraph in cited:
        for start, end in sentences(paragraph.text):
            parts = re.split(r";(?=\s)", paragraph.text[start:end])
            there = [part for part in parts if asked[0] in _YEAR.findall(part)]
            named = [part for part in parts if noun in _stems(part)]
            if not there or not named or not any(_YEAR.search(part) for part in named):
                continue
            first = [one for one in figures(named[0]) if not one.is_year]
            behind = re.findall(r"[a-z]+", named[0][first[0].end :].lower())[:3] if first else []
            if noun not in map(stem, behind) and not any(part in named for part in there):
                return counted["noun"].casefold()
    return ""


def _stems(text: str) -> set[str]:
    return {stem(word) for word in re.findall(r"[a-z]{3,}", text.lower())}


_COUNTS = re.compile(
    r"\b(?:how many|(?:total )?number of) (?!(?:square )?(?:metres?|meters?|kilomet|hectares?|tenge|dollars|"
    r"crowns|euros|tons?|tonnes?))",
    re.IGNORECASE,
)
_MEASURED = re.compile(
    r"\d[\d,.]* (?:square |cubic )?(?:metres?|meters?|kilometres?|kilometers?|hectares?|centimetres?|tons?|tonnes?"
    r"|kilograms?|kg|km|m)\b",
    re.IGNORECASE,
)


def no_figure(query: Query, quoted: Sequence[str]) -> bool:
    """Whether a figure is asked for, and what is to be shown says of nothing how many or much.

    Nor that it was none, all of them or few.
    """
    if query.wants != "figure":
        return False
    if _COUNTS.search(query.text):  # square metres count nobody
        quoted = [_MEASURED.sub(" ", words) for words in quoted]
    return not any(_SOME.search(words) or holds_answer_type(query, words) for words in quoted)


_ASKS_ADVICE = re.compile(
    r"^(?:and |but |so )?(?:what|which|who|did|does|do|has|have|how)\b[^?]*\brecommend(?:s|ed|ations?)?\b",
    re.IGNORECASE,
)
_ADVICE = re.compile(
    r"\b(?:should|must|ought|recommend\w*|urg(?:e|ed|es|ing)|call(?:s|ed)? (?:up)?on|encourag\w+|request\w*"
    r"|invit\w+|suggest\w*|propos\w*|advis\w+|please|needs? to|needed to)\b",
    re.IGNORECASE,
)


def no_advice(query: Query, shown: Sequence[tuple[str, str, bool]]) -> bool:
    """Whether a recommendation is asked for, and what is to be shown recommends nothing.

    Args:
        query: the question, read.
        shown: of each claim the pinpoint ("75.39" is one of listed recommendations), the words, and
            whether somebody speaks them: who asks what was recommended recommends nothing.

    """
    if not asks_advice(query):
        return False
    return not any("." in label or advises(words, spoken) for label, words, spoken in shown)


def asks_advice(query: Query) -> bool:
    """Whether it is asked what somebody recommends."""
    return _ASKS_ADVICE.match(query.text.partition("? (")[0]) is not None


def advises(words: str, spoken: bool) -> bool:
    """Whether something is recommended; not by one who only asks what was, where one speaks."""
    each = [words[start:end] for start, end in sentences(words)]
    return any(
        _ADVICE.search(one) and not (spoken and is_request(one) and "should" not in one)
        for one in each
    )


def said_otherwise(words: str, claim: Claim) -> str:
    """Give the words that say the contrary of what a question takes for granted, and whose they are.

    Args:
        words: a sentence of what is quoted.
        claim: what is quoted.

    """
    who = f"{claim.speaker} ({claim.delegation})" if claim.delegation else claim.speaker
    return f"{CONTRADICTED}{f'{who}: ' if who else ''}“{words}” ({claim.citation})."


_AS_A_BODY = re.compile(
    r"\bcommittee (?:itself |finally |as a whole )?(?:recommend|conclu|decide|find|found|adopt|urge|call)\w*\b|"
    r"\b(?:recommendations?|conclusions?|findings?|decisions?) (?:of|by) the committee\b|"
    r"\bcommittee['’]s (?:recommendation|conclusion|finding|decision)s?\b",
    re.IGNORECASE,
)


def of_members_alone(query: Query, shown: Sequence[Claim], observations: Sequence[str]) -> str:
    """Say that members speak for themselves, where it is asked what the Committee recommends or finds.

    Args:
        query: the question, read.
        shown: what is to be shown.
        observations: symbols of the concluding observations on the same State that are in the index.

    """
    members = shown and all(claim.speaker and not claim.delegation for claim in shown)
    if not members or not _AS_A_BODY.search(query.text):
        return ""
    where = f"{' and '.join(observations)}" if observations else "none of them is in the index"
    return (
        "These are words of individual members; what the Committee itself recommends stands in its "
        f"concluding observations ({where})."
    )


def _put_off(query: Query, paragraphs: Sequence[Paragraph]) -> str:
    """The delegation's own words that the answer was to come later."""
    for paragraph in paragraphs[:1]:
        for start, end in sentences(paragraph.text):
            words = paragraph.text[start:end]
            floor = paragraph.voice_at(start)
            if floor is None or floor.role != "delegation":
                continue
            if is_deferred(words) and not _of_something_else(query, words):
                return f"{_who(floor)} put the answer off: “{words}” ({paragraph.citation})."
    return ""


def _of_something_else(query: Query, sentence: str) -> bool:
    """Whether a sentence that puts off an answer names what it is on, and that is another thing."""
    on = [word for one in clauses(sentence) for word in one.words if word.text not in _ANY_ANSWER]
    own = [word for word in on if not word.capital]
    meant = align(clauses(query.text), clauses(sentence), None)
    return bool(own) and not any(
        pair.likeness >= LISTED and pair.other in own for pair in meant if pair.other
    )


def _no_reply(query: Query, paragraphs: Sequence[Paragraph]) -> str:
    """Who asked, where the delegation's reply is wanted and none was found."""
    if query.side not in ("delegation", "both"):
        return ""
    for paragraph in paragraphs:
        for start, end in sentences(paragraph.text):
            floor = paragraph.voice_at(start)
            asked = floor is not None and floor.role in ("member", "chair")
            if asked and floor and is_request(paragraph.text[start:end]):
                return (
                    f"Among the nearest is a question of {_who(floor)} ({paragraph.citation}); "
                    "no reply to it was found."
                )
    return ""


def _other_years(query: Query, paragraphs: Sequence[Paragraph]) -> str:
    """For which years something is told, where another is asked for."""
    asked = [figure for figure in query.figures if _YEAR.fullmatch(figure)]
    if len(asked) != 1 or not paragraphs:
        return ""
    nearest = paragraphs[0]
    given = sorted(set(_YEAR.findall(nearest.text)))
    if not given or asked[0] in given:
        return ""
    years = given[0] if len(given) == 1 else f"{', '.join(given[:-1])} and {given[-1]}"
    return f"The nearest paragraph tells of {years}, not of {asked[0]} ({nearest.citation})."


def _no_such_thing(query: Query, paragraphs: Sequence[Paragraph]) -> str:
    """That no figure, sum or date stands there, where one is asked for."""
    things = {"figure": "figure", "money": "sum", "date": "date"}
    thing = things.get(query.wants)
    if thing is None or any(
        holds_answer_type(query, paragraph.text[start:end])
        for paragraph in paragraphs
        for start, end in sentences(paragraph.text)
    ):
        return ""
    return f"The nearest paragraphs give no {thing} for it."


def _who(floor: Turn | Voice) -> str:
    return f"{floor.speaker} ({floor.delegation})" if floor.delegation else floor.speaker
