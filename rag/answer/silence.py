"""A question that the record does not answer → what can be said all the same, and from where.

What the nearest paragraphs do tell ("figures are given for 2013 and 2014, none for
2010"), that a member asked and no reply was found, that the answer was put off, and
which documents they cite that the index lacks. Every sentence is of the record's own
figures and citations; nothing is inferred.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.domain import Paragraph, Passage, Turn, Voice
from rag.query import Query
from rag.sentence_kinds import holds_answer_type, is_deferred, is_request
from rag.sentences import sentences

NEAREST = 3  # paragraphs that are looked at and shown
_YEAR = re.compile(r"(?<![\d/.])(?:1[89]|20)\d\d(?![\d/])")


def silence(query: Query, nearest: Sequence[Passage]) -> str:
    """Say why nothing answers, in one or two sentences.

    Args:
        query: the question, read.
        nearest: what was found, the nearest first.

    """
    paragraphs = [passage.paragraph for passage in nearest[:NEAREST]]
    told = [
        say
        for say in (
            _put_off(paragraphs),
            _no_reply(query, paragraphs),
            _other_years(query, paragraphs),
            _no_such_thing(query, paragraphs),
        )
        if say
    ]
    return " ".join(told[:2]) or "The nearest paragraphs touch on the subject but do not answer."


def _put_off(paragraphs: Sequence[Paragraph]) -> str:
    """The delegation's own words that the answer was to come later."""
    for paragraph in paragraphs[:1]:
        for start, end in sentences(paragraph.text):
            words = paragraph.text[start:end]
            floor = paragraph.voice_at(start)
            if floor and floor.role == "delegation" and is_deferred(words):
                return f"{_who(floor)} put the answer off: “{words}” ({paragraph.citation})."
    return ""


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
