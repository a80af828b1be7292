"""A question → what it is about: the documents it names, and the words to look for in them.

"What does Nepal offer victims of trafficking?" names a record by its State; a paragraph
of that record that happens to print "Nepal" is no better an answer than one that does
not. So what names a document chooses documents, and only the rest is looked for.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Sequence

from rag.cite import find_citations
from rag.cite.series import kind_of
from rag.parse.states import states_in
from rag.query import Query, Subject
from rag.store.catalog import Facts

Terms = Callable[[str], list[str]]  # text → stems

# A State that recommends or asks is looked for by name: it is not the one under review.
_ASKS_BEFORE = re.compile(r"\b(?:by|from|of|did|does|has|had) (?:the )?$", re.IGNORECASE)
_ASKS_AFTER = re.compile(
    r"^(?:['’]s)? (?:recommend|suggest|urge|ask|enquire|propose|call|encourage|commend|welcome)",
    re.IGNORECASE,
)
_RECOMMENDATIONS = re.compile(
    r"\b(?:recommendations?|questions?|statements?|interventions?)(?: made| put)? (?:by|from|of) (?:the )?$",
    re.IGNORECASE,
)


# A kind of document that is named for whose words it holds: the Committee's.
_OBSERVATIONS, _ISSUES = "concluding observations", "list of issues"
_NAMED_KIND = re.compile(
    r"\b(?:(?:the |its |their )?(?:committee['’]s )?(?:latest |final )?)(?P<kind>concluding observations|lists? of issues)\b",
    re.IGNORECASE,
)
_WORDS_OF = re.compile(r"\b(?:do|did|does|according to|in|by) $", re.IGNORECASE)
_CONCLUDES = re.compile(r"\bcommittee (?:finally |itself )?conclud(?:e[ds]?|ing)\b", re.IGNORECASE)
_EARLIER = re.compile(r"\b(?:previous|earlier|last|first|prior|next|follow\w*)\b", re.IGNORECASE)


def by_kind(text: str) -> tuple[str, str]:
    """Tell a kind of document that a question names as speaking, and put the Committee in its place.

    Returns:
        The question, "What did the Committee say about …?" for "What do the concluding observations say
        about …?", and the kind; nothing for it where none is named so.

    """
    named = _NAMED_KIND.search(text)
    if _EARLIER.search(text):
        return text, ""
    if named and _WORDS_OF.search(text[: named.start()]):
        kind = _OBSERVATIONS if "observ" in named["kind"].casefold() else _ISSUES
        said = f"{text[: named.start()]}the Committee{text[named.end() :]}"
        return re.sub(r"(?i)\bdo the Committee\b", "does the Committee", said), kind
    return text, _OBSERVATIONS if _CONCLUDES.search(text) else ""


def subject_of(query: Query, facts: Sequence[Facts], terms: Terms, kind: str = "") -> Subject:
    """Tell the words of a question from what names documents.

    Args:
        query: the question, read.
        facts: what every document in the index is known by.
        terms: how text is cut into stems.
        kind: of the documents that the question names; see `by_kind`.

    """
    text = query.text
    by_state, spans = _states(text, facts)
    by_body = _bodies(text, facts)
    named = _symbols(text, facts) or (by_state & by_body) or (by_state | by_body)
    only = _of_kind(kind, facts, named)
    named = only or named
    naming = (*(text[start:end] for start, end in spans), *_prefixes(text, facts))
    for start, end in reversed(spans):
        text = f"{text[:start]} {text[end:]}"
    for asker in query.askers:
        text = text.replace(asker, " ")
    words = " ".join(text.split())
    words = words if terms(words) else query.text
    return Subject(words, frozenset(named), naming=naming, only=bool(only))


def _of_kind(kind: str, facts: Sequence[Facts], named: set[str]) -> set[str]:
    """Of the documents named, or else of all, those of a kind."""
    there = named or {each.id for each in facts}
    return {
        each.id
        for each in facts
        if kind and each.id in there and each.symbol and kind_of(each.symbol) == kind
    }


def _states(text: str, facts: Sequence[Facts]) -> tuple[set[str], list[tuple[int, int]]]:
    """Documents of the States that a text names, and where their names stand."""
    documents: dict[str, set[str]] = {}
    for each in facts:
        if each.state:
            documents.setdefault(each.state, set()).add(each.id)
    if not documents:
        return set(), []
    found = [
        (start, end, state)
        for start, end, state in states_named(text, facts)
        if state in documents and not _is_asking(text, start, end)
    ]
    named = {name for *_, state in found for name in documents[state]}
    return named, [(start, end) for start, end, _ in found]


def states_named(text: str, facts: Sequence[Facts]) -> list[tuple[int, int, str]]:
    """Where a text names States, those of the index too that the list of States does not have."""
    places = list(states_in(text))
    known = {state for *_, state in places}
    for state in {each.state for each in facts if each.state} - known:
        places += [
            (m.start(), m.end(), state) for m in re.finditer(rf"\b{re.escape(state)}\b", text)
        ]
    return sorted(places)


_SIDE_BY_SIDE = re.compile(
    r",? (?:and|or|&|versus|vs\.?|than|with|to|,) (?:in |on |by |by that of |that of )?(?:the )?$|, $",
    re.I,
)
_COMPARES = re.compile(
    r"\b(?:compar\w+|differ\w*|both|each|respectively|versus|vs\.?|unlike|more|less|fewer|higher|lower)\b",
    re.IGNORECASE,
)


def compared(text: str, facts: Sequence[Facts]) -> tuple[str, ...]:
    """The States under review that a question puts side by side; none where it names only one.

    "Samoa and Tonga", "compare Samoa with Tonga"; not "What did Samoa say of refugees in Tonga?".
    """
    known = {each.state for each in facts if each.state}
    named = [each for each in states_named(text, facts) if each[2] in known]
    states = tuple(dict.fromkeys(state for *_, state in named))
    if len(states) < 2:
        return ()
    joined = any(
        _SIDE_BY_SIDE.fullmatch(text[end:start])
        for (_, end, _), (start, _, _) in itertools.pairwise(named)
    )
    return states if joined or _COMPARES.search(text) else ()


def _is_asking(text: str, start: int, end: int) -> bool:
    before, after = text[:start], text[end:]
    return bool(
        _RECOMMENDATIONS.search(before)
        or (_ASKS_BEFORE.search(before) and _ASKS_AFTER.search(after))
        or (not before.strip() and _ASKS_AFTER.search(after))
    )


def _bodies(text: str, facts: Sequence[Facts]) -> set[str]:
    """Documents of the body that a text names, in words or as symbols begin ("CEDAW")."""
    prefixes = _prefixes(text, facts)
    folded = text.casefold()
    return {
        each.id
        for each in facts
        if (each.body and each.body.casefold() in folded)
        or (each.symbol and each.symbol.partition("/")[0] in prefixes)
    }


def _prefixes(text: str, facts: Sequence[Facts]) -> set[str]:
    """What symbols in the index begin with, as far as a text says it: "CEDAW"."""
    known = {each.symbol.partition("/")[0] for each in facts if each.symbol}
    return known.intersection(re.findall(r"\b[A-Z]{2,}\b", text))


def _symbols(text: str, facts: Iterable[Facts]) -> set[str]:
    """Documents that a text names by symbol."""
    symbols = {found.symbol for found in find_citations(text) if found.symbol}
    return {each.id for each in facts if each.symbol in symbols} if symbols else set()
