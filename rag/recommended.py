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
from rag.parse.states import state_named, states_in

if TYPE_CHECKING:
    from rag.answer.by_number import Listed
    from rag.answer.evidence import Near
    from rag.answer.quote import Draft
    from rag.answer.terms import Vocabulary
    from rag.query import Query
    from rag.store.catalog import Catalog, Facts

_REPORT = re.compile(r"A/HRC/\d+/\d+")  # of a State's review, among others
# "What did Chile recommend to Peru?", "Which recommendations from Chile did Peru reject?"
_MADE_BY = re.compile(r"\b(?:from|by|of|did|does|has|had|that) (?:the )?$", re.IGNORECASE)
_WHICH = re.compile(r"(?:and |so |but )?(?:what|which|list|name)\b", re.IGNORECASE)
_PUT = re.compile(r"\brecommend|\bput to\b|\bpropos|\bsuggest|\btold? [^?]* to do\b", re.IGNORECASE)
CONCLUDING = "concluding observations"
_HARDLY_LESS = (
    0.92  # share of the best one's score that a second concern with its recommendation needs
)
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

    def of_its_own(found: Sequence[Passage]) -> list[Passage]:
        own = [p for p in found if query.reviewed.get(p.paragraph.document) == query.takes]
        return sorted(own or found, key=held, reverse=True)

    above = positions.of_kind(query.text, positions.listed(passages, heads), heads)
    reports = {p.paragraph.document for p in passages if _REPORT.match(p.paragraph.document)}
    lists = _by_number(catalog, reports)
    if not lists or positions.asks_what_was_supported(query.text):
        return of_its_own(above)
    found = [each for p in passages for each in ([p] if p in above else rejected_parts(p, lists))]
    return of_its_own(found)


def with_all_listed(catalog: Catalog, query: Query, passages: Sequence[Passage]) -> list[Passage]:
    """Passages, and every recommendation that reports list on the State which is asked about.

    One of a hundred is short, and hardly found by its words.
    """
    from rag.answer.positions import above

    there = {passage.paragraph.id for passage in passages}
    listed = (
        paragraph
        for name in _reports_on(query)
        for paragraph in whole(catalog, name)
        if above(paragraph) and paragraph.id not in there
    )
    return [*passages, *(Passage(each, 0.0, "words") for each in listed)]


def _reports_on(query: Query) -> list[str]:
    """The reports on the review of the State that is asked about, the newest first."""
    on = [name for name, state in query.reviewed.items() if state == query.takes]
    on = [name for name in on if _REPORT.match(name)]
    return sorted(on, key=lambda each: query.years.get(each, ""), reverse=True)


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
    catalog: Catalog, query: Query, draft: Draft, vocabulary: Vocabulary, near: Near
) -> tuple[Draft, str]:
    """Give an answer the lists that are asked for, or the items of the list that it opens.

    Args:
        catalog: where the items are.
        query: the question, read.
        draft: what is to be answered.
        vocabulary: stems and their frequencies.
        near: how near sentences come to a text, each a cosine.

    Returns:
        The draft, and what of a list is not quoted.

    """
    from rag.answer import positions

    asked = query.text
    if told := _comments(catalog, query, draft, vocabulary, near):
        return told, ""
    if positions.asks_what_was_rejected(asked) and (told := _rejected(catalog, draft)):
        return told
    if told := _whole_lists(catalog, query, draft, vocabulary, near):
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
    catalog: Catalog, query: Query, draft: Draft, vocabulary: Vocabulary, near: Near
) -> tuple[Draft, str] | None:
    """What a State supports, or does not, as the newest report on it that is meant lists it."""
    from rag.answer.by_number import counted_by_number
    from rag.answer.listing import asks_for_a_list, lists

    may_be = _PUT.search(query.text) and _WHICH.match(query.text)
    if not may_be and not asks_for_a_list(query.text):
        return None
    for name in _reports_meant(query):
        there = whole(catalog, name)
        if not query.takes and not _names_it(query, name, there):
            continue
        state, text = _made_by(query, there)
        if not state and not asks_for_a_list(query.text):
            continue
        asked = replace(query, text=text)
        found = lists(asked, there, vocabulary, near, of=state) or counted_by_number(query, there)
        if found:
            return in_place_of(draft, found.claims, found.given), found.note
    return None


def _comments(
    catalog: Catalog, query: Query, draft: Draft, vocabulary: Vocabulary, near: Near
) -> Draft | None:
    """What a State comments on what it does not support, where the reasons are asked for."""
    from rag.answer.by_number import listed_by_number
    from rag.answer.listing import asks_why_rejected, comments

    if not asks_why_rejected(query):
        return None
    for name in _reports_meant(query):
        there = whole(catalog, name)
        if not query.takes and not _names_it(query, name, there):
            continue
        by_number = [each.head for each in listed_by_number(there)]
        found = comments(query, there, by_number, vocabulary, near)
        if found:
            claims = [Claim(each.text, each.text, each.citation) for each in found]
            return in_place_of(draft, claims, found)
    return None


def _made_by(query: Query, paragraphs: Sequence[Paragraph]) -> tuple[str, str]:
    """The State whose recommendations are asked for, and the question without its name; else ""."""
    from rag.answer.listing import makers
    from rag.answer.positions import above

    text, reviewed = query.text, {query.takes, *query.reviewed.values()}
    known = {name for each in paragraphs if above(each) for name in makers(each) if name}
    named = [each for each in states_in(text) if each[2] in known]
    named += [
        (found.start(), found.end(), name)
        for name in known
        for found in re.finditer(rf"\b{re.escape(name)}\b", text)
    ]
    for start, end, state in named:
        asks = state == query.speaker or state not in reviewed or query.takes not in (None, state)
        if state != query.takes and asks and _MADE_BY.search(text[:start]):
            return state, f"{_MADE_BY.sub('', text[:start])} {text[end:]}"
    return "", text


def _reports_meant(query: Query) -> list[str]:
    """The reports on a State's review that a question can mean, the newest first; of one State."""
    found = _reports_on(replace(query, takes=query.takes or _only_state(query)))
    return [name for name in found if name in query.documents] or found


def _only_state(query: Query) -> str | None:
    """The State of the reports that are named, or else of all there are, where that is one."""
    reports = {name: state for name, state in query.reviewed.items() if _REPORT.match(name)}
    named = {state for name, state in reports.items() if name in query.documents}
    states = named or set(reports.values())
    return next(iter(states)) if len(states) == 1 else None


def of_review(passage: Passage) -> bool:
    """Whether a passage is of a report to the Human Rights Council: what States say to one another."""
    return _REPORT.match(passage.paragraph.document) is not None


def whole(catalog: Catalog, document: str) -> list[Paragraph]:
    """Every paragraph of a document, in its order."""
    return catalog.span(document, 0, _LAST)


def of_a_committee(
    catalog: Catalog, query: Query, facts: Sequence[Facts], vocabulary: Vocabulary, near: Near
) -> tuple[list[Paragraph], str] | None:
    """What a committee's own documents say of what a question asks, and where more stands.

    Of several documents that are meant, the one that bears on it best, or the newest.

    Args:
        catalog: where they are.
        query: the question, read.
        facts: what every document is known by.
        vocabulary: stems and their frequencies.
        near: how near sentences come to the question, each a cosine.

    """
    from rag.answer.observations import ISSUES, SHOWN, after_what, on_the_subject, wanted_of
    from rag.answer.positions import paras

    wanted = wanted_of(query)
    if wanted is None:
        return None
    kind = ISSUES if wanted == "issues" else CONCLUDING
    there = [each.id for each in facts if each.symbol and kind_of(each.symbol) == kind]
    meant = [name for name in there if name in query.documents or not query.documents]
    found = {
        name: told
        for name in meant
        if _names_it(query, name, paragraphs := whole(catalog, name))
        and (told := on_the_subject(query, wanted, paragraphs, vocabulary=vocabulary, near=near))
    }
    if not found:
        return None

    def fits(name: str) -> tuple[float, str]:
        return max(each.score for each in found[name]), query.years.get(name, "")

    told = found[max(found, key=fits)]
    best = sorted(told, key=lambda each: -each.score)[:SHOWN]
    if wanted == "said":  # each of them is two or three paragraphs
        best = [each for each in best[:2] if each.score >= _HARDLY_LESS * best[0].score]
    shown = [each for each in told if each in best]
    left = [each.paragraph.label for each in told if each not in best]
    more = f"More on it stands in {paras(left)}." if left else ""
    if wanted == "said":  # the concern, then what is recommended
        both = (one for each in shown for one in (*each.concerns, each.paragraph))
        return list(dict.fromkeys(both)), more
    after = after_what(shown) if wanted == "recommended" else ""
    return [each.paragraph for each in shown], " ".join(filter(None, (after, more)))


def _names_it(query: Query, document: str, paragraphs: Sequence[Paragraph]) -> bool:
    """Whether a document prints every name that a question holds: else it is on another State."""
    state = query.reviewed.get(document) or ""
    text = " ".join((state, *(each.text for each in paragraphs))).casefold()
    known = {name.casefold() for _, _, name in states_in(query.text)}
    return all(
        name.casefold()[: max(4, len(name) - 2)] in text  # "Maravian"
        or (state_named(name) or "").casefold() in {state.casefold(), *known}
        for name in query.names
    )


def in_place_of(draft: Draft, claims: Sequence[Claim], given: Sequence[Paragraph]) -> Draft:
    """A draft with other claims, sure to be what is asked for, and what they are quoted from."""
    there = {each.id for each in given}
    others = (each for each in draft.passages if each.paragraph.id not in there)
    passages = (*(Passage(each, 1.0, "reply") for each in given), *others)
    return replace(
        draft,
        claims=tuple(claims),
        passages=passages,
        confidence=1.0,
        only_asks=False,
        note="",
    )


def under_one_heading(catalog: Catalog, first: Paragraph | None) -> list[Paragraph]:
    """A paragraph of concluding observations and those that go on from it; none of other documents."""
    if first is None or kind_of(first.document) != CONCLUDING:
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
        return in_place_of(draft, claims, given), more
    return None


def _by_number(catalog: Catalog, documents: Iterable[str]) -> list[Listed]:
    """What reports say by number that a State does not support."""
    from rag.answer.by_number import listed_by_number

    return [each for name in documents for each in listed_by_number(whole(catalog, name))]
