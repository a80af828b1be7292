"""Recommendations in an answer → what the catalogue holds of the State's position on them.

A report says it once, above a list or by the numbers of paragraphs, and mostly far from the
recommendation that is quoted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import takewhile
from typing import TYPE_CHECKING

from rag.cite.series import kind_of
from rag.domain import Claim, Paragraph, Passage

if TYPE_CHECKING:
    from rag.answer.by_number import Listed
    from rag.answer.quote import Draft
    from rag.answer.terms import Vocabulary
    from rag.query import Query
    from rag.store.catalog import Catalog

_REPORT = re.compile(r"A/HRC/\d+/\d+")  # of a State's review, among others
_GOES_ON = 3  # paragraphs after a concern, among which the recommendation stands
_LAST = 2**31  # ordinal that no paragraph reaches


def heads(catalog: Catalog, passages: Sequence[Passage]) -> dict[str, Paragraph]:
    """The paragraphs under which listed recommendations stand, by id."""
    from rag.answer.positions import above

    wanted = [name for passage in passages if (name := above(passage.paragraph))]
    return catalog.paragraphs(list(dict.fromkeys(wanted))) if wanted else {}


def made(
    catalog: Catalog,
    query: Query,
    passages: Sequence[Passage],
    heads: Mapping[str, Paragraph],
    vocabulary: Vocabulary,
) -> list[Passage]:
    """The recommendations among passages on which the record tells a position, where that is asked.

    Those first that hold most of the question's words, or of the records' words for them: one of a
    hundred is short, and "CAT" in it is no likeness of "the convention on torture".

    Args:
        catalog: where the position may stand.
        query: the question, read.
        passages: what was found.
        heads: the paragraphs under which listed recommendations stand, by id.
        vocabulary: stems and their frequencies.

    """
    from rag.answer import positions
    from rag.answer.by_number import rejected_parts
    from rag.answer.terms import coverage, terms_of

    if not query.takes:
        return []
    terms = terms_of(query, vocabulary)

    def held(passage: Passage) -> float:
        return coverage(terms, set(vocabulary.terms(passage.paragraph.text)))

    above = positions.of_kind(query.text, positions.listed(passages, heads), heads)
    reports = {p.paragraph.document for p in passages if _REPORT.match(p.paragraph.document)}
    lists = _by_number(catalog, reports)
    if not lists or positions.asks_what_was_supported(query.text):
        return sorted(above, key=held, reverse=True)
    found = [each for p in passages for each in ([p] if p in above else rejected_parts(p, lists))]
    own = [p for p in found if query.reviewed.get(p.paragraph.document) == query.takes]
    return sorted(own or found, key=held, reverse=True)


def listed(passages: Sequence[Passage]) -> list[Passage]:
    """Those of passages that are listed recommendations: "94.3"."""
    from rag.answer.positions import above

    return [each for each in passages if above(each.paragraph)]


def told_of(catalog: Catalog, shown: Sequence[Claim], passages: Sequence[Passage]) -> str:
    """What records say of the recommendations that are shown, where it is not shown itself."""
    from rag.answer.by_number import rejected
    from rag.answer.positions import told

    stands_under = heads(catalog, passages)
    above = told(shown, passages, stands_under) if stands_under else ""
    reports = {c.citation.symbol for c in shown if _REPORT.match(c.citation.symbol)}
    lists = _by_number(catalog, reports) if reports else []
    named = [f"{each.head.document}#{label}" for each in lists for label, _ in each.of]
    below = rejected(shown, list(catalog.paragraphs(named).values()), lists)
    return " ".join(part for part in (above, below) if part)


def with_list(
    catalog: Catalog, query: Query, draft: Draft, vocabulary: Vocabulary
) -> tuple[Draft, str]:
    """Give an answer the lists that are asked for, or the items of the list that it opens.

    Args:
        catalog: where the items are.
        query: the question, read.
        draft: what is to be answered.
        vocabulary: stems and their frequencies.

    Returns:
        The draft, and what of a list is not quoted.

    """
    from rag.answer import positions

    asked = query.text
    if positions.asks_what_was_rejected(asked) and (told := _rejected(catalog, draft)):
        return told
    if told := _whole_lists(catalog, query, draft, vocabulary):
        return told
    stands_under = heads(catalog, draft.passages)
    claims = positions.of_the_other_kind(asked, draft.claims, draft.passages, stands_under)
    head = positions.opened_list(claims, draft.passages)
    if head is None:
        return replace(draft, claims=claims), ""
    items = list(catalog.paragraphs(positions.names_below(head)).values())
    if not items:
        return replace(draft, claims=claims), ""
    items.sort(key=lambda each: each.ordinal)
    there = {passage.paragraph.id for passage in draft.passages}
    new = (Passage(each, 0.0, "reply") for each in items if each.id not in there)
    claims, given = positions.with_items(claims, items), (*draft.passages, *new)
    return replace(draft, claims=claims, passages=given), positions.more_below(items)


def _whole_lists(
    catalog: Catalog, query: Query, draft: Draft, vocabulary: Vocabulary
) -> tuple[Draft, str] | None:
    """What a State supports, or does not, as the newest report on it that is meant lists it."""
    from rag.answer.listing import asks_for_a_list, lists

    if not asks_for_a_list(query.text):
        return None
    meant = [
        name
        for name, state in query.reviewed.items()
        if _REPORT.match(name) and query.takes in (state, None)
    ]
    meant = [name for name in meant if name in query.documents] or meant
    if len({query.reviewed[name] for name in meant}) != 1:
        return None
    for name in sorted(meant, key=lambda each: query.years.get(each, ""), reverse=True):
        found = lists(query, catalog.span(name, 0, _LAST), vocabulary)
        if found:
            there = {each.id for each in found.given}
            others = (each for each in draft.passages if each.paragraph.id not in there)
            passages = (*(Passage(each, 1.0, "reply") for each in found.given), *others)
            # It is what is asked for, in whatever words.
            return replace(
                draft, claims=found.claims, passages=passages, confidence=1.0
            ), found.note
    return None


def under_one_heading(catalog: Catalog, first: Paragraph | None) -> list[Paragraph]:
    """A paragraph of concluding observations and those that go on from it; none of other documents."""
    if first is None or kind_of(first.document) != "concluding observations":
        return []
    after = catalog.span(first.document, first.ordinal, first.ordinal + _GOES_ON)
    return list(takewhile(lambda each: each.heading == first.heading, after))


def _rejected(catalog: Catalog, draft: Draft) -> tuple[Draft, str] | None:
    """What a report says by number that a State does not support, with what it lists."""
    from rag.answer.by_number import quoted_below

    if not draft.claims:
        return None
    name = draft.claims[0].citation.symbol
    for listed in _by_number(catalog, [name]):
        named = [f"{name}#{label}" for label, _ in listed.of]
        given = [listed.head, *catalog.paragraphs(named).values()]
        claims, more = quoted_below(listed, given)
        there = {each.id for each in given}
        others = (each for each in draft.passages if each.paragraph.id not in there)
        passages = (*(Passage(each, 1.0, "reply") for each in given), *others)
        # It is what is asked for, in whatever words.
        return replace(draft, claims=claims, passages=passages, confidence=1.0), more
    return None


def _by_number(catalog: Catalog, documents: Iterable[str]) -> list[Listed]:
    """What reports say by number that a State does not support."""
    from rag.answer.by_number import listed_by_number

    return [each for name in documents for each in listed_by_number(catalog.span(name, 0, _LAST))]
