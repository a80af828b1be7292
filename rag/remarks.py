"""A draft, and what of it passed the checks → why nothing is answered, or what is said beside it.

Why the record does not say; that none replied, that a State did not accept it, that only members
speak; which documents that are cited there the index lacks.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rag import recommended
from rag.cite import find_citations
from rag.cite.series import kind_of
from rag.domain import Claim, Passage, Searched
from rag.query import Query
from rag.subject import states_named

if TYPE_CHECKING:
    from rag.answer.quote import Draft
    from rag.answer.upheld import Meaning
    from rag.store.catalog import Facts
    from rag.store.index import Index


def refusal(
    facts: Sequence[Facts],
    query: Query,
    draft: Draft,
    shown: Sequence[Claim],
    rejected: Sequence[Claim],
) -> str | None:
    """Why nothing is answered; None where what passed the checks is an answer.

    Args:
        facts: what every document is known by.
        query: the question, read.
        draft: what was proposed.
        shown: its claims that passed the checks.
        rejected: those that did not.

    """
    from rag.answer.confidence import model
    from rag.answer.listing import asks_for_a_list
    from rag.answer.observations import asks_what_is_recommended
    from rag.answer.premise import contrary
    from rag.answer.silence import (
        no_advice,
        no_figure,
        not_of_that_year,
        of_another_year,
        said_otherwise,
        silence,
    )

    if not shown and rejected:
        return "What was found for an answer did not pass the checks."
    if not shown and query.of_state:
        return f"No words of {query.speaker} were found that answer."
    if not shown:
        return "No paragraph was found that answers."
    if draft.confidence < model().threshold:
        return silence(query, draft.passages)
    cited = {str(claim.citation) for claim in shown}
    there = [each for each in draft.passages if str(each.paragraph.citation) in cited]
    known = {each.id: each.day for each in facts}
    days = (known.get(each.paragraph.document) for each in there)
    own = {day.year for day in days if day}
    if there and of_another_year(query, [each.paragraph for each in there], own):
        return silence(query, there)
    if thing := not_of_that_year(query, [each.paragraph for each in there]):
        return f"The nearest paragraph gives no {thing} for the year that is asked for."
    committee = asks_what_is_recommended(query)
    listed = asks_for_a_list(query.text) and draft.confidence == 1.0
    if not listed and no_figure(query, [claim.quote for claim in shown]):
        return silence(query, there)
    advice = [
        (c.citation.first or "", c.quote, bool(c.speaker))
        for c in shown
        # What a task force of the State recommended is not the Committee's.
        if not (committee and c.delegation and "ommittee" not in c.quote)
    ]
    if not query.takes and no_advice(query, advice):
        return "The nearest paragraphs recommend nothing on it."
    if draft.first and (denied := contrary(query, shown[0].quote)):
        return said_otherwise(denied, shown[0])
    return None


def note(index: Index, meaning: Meaning, query: Query, draft: Draft, shown: Sequence[Claim]) -> str:
    """What must be known beside an answer.

    That none replied, what a State did not accept, that the question may rest on what is not so.
    """
    from rag.answer.premise import doubted
    from rag.answer.silence import of_members_alone

    told = recommended.told_of(index.catalog, shown, draft.passages)
    sure = draft.confidence == 1.0  # the record's own list of what is asked for
    doubt = "" if sure else doubted(query, draft.first, meaning.upholds)
    alone = of_members_alone(query, shown, _observations(index.facts(), shown))
    one_sided = _of_others(index.facts(), query, shown)
    return " ".join(filter(None, (_unreplied(query, shown), one_sided, told, alone, doubt)))


def _of_others(facts: Sequence[Facts], query: Query, shown: Sequence[Claim]) -> str:
    """On which of the States that are compared nothing was found."""
    states = {each.id: each.state for each in facts}
    there = {states.get(claim.citation.symbol) for claim in shown}
    left = [state for state in query.compared if state not in there]
    return f"Nothing that answers was found on {' and '.join(left)}." if left and shown else ""


def _observations(facts: Sequence[Facts], shown: Sequence[Claim]) -> list[str]:
    """Concluding observations in the index on the States that what is shown is of."""
    cited = {claim.citation.symbol for claim in shown}
    states = {each.state for each in facts if each.id in cited} - {None}
    return [
        each.symbol
        for each in facts
        if each.symbol and each.state in states and kind_of(each.symbol) == recommended.CONCLUDING
    ]


def lacking(index: Index, asked: str, nearest: Sequence[Passage]) -> tuple[str, ...]:
    """Symbols that paragraphs cite, or their meetings had before them, and the index lacks.

    Paragraphs on another State than the question names are left out.
    """
    facts = index.facts()
    named = {state for *_, state in states_named(asked, facts)}
    of = {each.id: each.state for each in facts}
    if named:
        on = {*named, None}
        nearest = [each for each in nearest if of.get(each.paragraph.document) in on]
    elif nearest:  # the nearest tells which State is meant
        first = of.get(nearest[0].paragraph.document)
        nearest = [each for each in nearest if of.get(each.paragraph.document) == first]
    documents = dict.fromkeys(passage.paragraph.document for passage in nearest)
    cited = (
        found.symbol for p in nearest for found in find_citations(p.paragraph.text) if found.symbol
    )
    before = (symbol for name in documents for symbol in index.catalog.agenda(name))
    known = {each.symbol for each in facts}
    return tuple(symbol for symbol in dict.fromkeys((*cited, *before)) if symbol not in known)


def _unreplied(query: Query, shown: Sequence[Claim]) -> str:
    """That no reply was found, where it is asked for and only the question is shown."""
    if query.side != "both" or not all(claim.speaker for claim in shown):
        return ""
    if any(claim.delegation for claim in shown):
        return ""
    return no_reply_to(" and ".join(dict.fromkeys(str(claim.speaker) for claim in shown)))


def no_reply_to(speaker: str) -> str:
    """Say that no reply was found to what somebody asks."""
    return f"No reply of the delegation to what {speaker} asked here was found; one that uses other words may be there."


def nothing(query: Query, searched: Searched) -> str:
    """Say why nothing at all was found."""
    if not searched.paragraphs:
        return "The index is empty; add a record with `rag add`."
    if query.phrases:
        quoted = " and ".join(f"“{phrase}”" for phrase in query.phrases)
        return (
            f"No paragraph of what was searched holds the words {quoted}; without the "
            "quotation marks it is searched by meaning too."
        )
    return "Nothing in what was searched bears on the question."
