"""A question that names a State → whose words are wanted: "What did Sweden say about …?".

Which names are States', the list of States tells and the index; so it is read after the
rest of the question, by `rag.asking`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from rag.cite import kind_of
from rag.parse.states import is_organisation
from rag.query import ASKS, Query
from rag.store.catalog import Facts
from rag.subject import states_named

_OF = r"(?:the )?(?:(?:delegation|delegates?|representatives?|government|authorities) (?:of|from) )?(?:the )?"
_DID = re.compile(rf"\b(?:did|does|do|has|had) {_OF}$", re.IGNORECASE)
_ACCORDING = re.compile(rf"\b(?:according to|in the (?:view|words) of) {_OF}$", re.IGNORECASE)
_OWN = r"(?:['’]s? (?:\w+ )?(?:delegation|delegates?|representatives?|government|authorities))?,? "
_ADVERB = r"(?:\w+ly |also |not |itself |themselves )?"
# What is said by speaking; "accept" and "undertake" may be told of a State by anybody.
_SPEECH = (
    r"(?:say|said|says|state[ds]?|repl\w+|answer\w*|respon[ds]\w*|explain\w*|claim\w*|den(?:y|ied|ies)|"
    r"admit\w*|confirm\w*|assert\w*|argue\w*|insist\w*|maintain\w*|describe\w*|justif\w+|"
    r"acknowledg\w+|tell|told|announce\w*|promise\w*|think|thought|react\w*|comment\w*|"
    r"vot(?:e|ed|es)|abstain\w*)"
)
_ASKING = re.compile(rf"^{_OWN}{_ADVERB}(?:{ASKS}|suggest\w*|propos\w*)\b", re.IGNORECASE)
_SAYING = re.compile(rf"^{_OWN}{_ADVERB}{_SPEECH}\b", re.IGNORECASE)
_TAKING = re.compile(
    rf"^{_OWN}{_ADVERB}(?:accept\w*|reject\w*|support\w*|agree\w*|endors\w*|refus\w*|undert\w+|"
    r"commit\w*|take up|took up|oppos\w+)\b",
    re.IGNORECASE,
)
# Without "did": "Nepal wants women to …" asks nothing.
_TOLD = re.compile(
    r"^ (?:asked|asks|said|says|stated|told|replied|answered|recommended|argued|explained|denied)\b",
    re.IGNORECASE,
)
_WORDS = re.compile(
    r"^['’]s? (?:\w+ )?(?:position|views?|opinion|statement|repl(?:y|ies)|answers?|comments?|"
    r"explanation|response|remarks?|vote)\b",
    re.IGNORECASE,
)
_QUESTIONS = re.compile(
    r"^['’]s? (?:\w+ )?(?:recommendations?|questions?|concerns?|criticisms?|suggestions?|proposals?)\b",
    re.IGNORECASE,
)
_REPLIED_TO = re.compile(
    r"\b(?:repl\w+|respon[ds]\w*|answer\w*|rebut\w*|react\w*|tell|told|explain\w*) (?:to )?"
    r"(?:the )?(?:(?:questions?|concerns?|criticisms?|recommendations?) (?:by|from|of|put by|raised by) )?"
    r"(?:the )?$",
    re.IGNORECASE,
)


def spoken(query: Query, facts: Sequence[Facts]) -> Query:
    """Say which State's words a question asks for, and to whose question a reply is wanted.

    Args:
        query: the question, read.
        facts: what every document in the index is known by.

    """
    reviewed = examined_in(facts)
    query = replace(query, reviewed=reviewed)
    text = query.text
    places = [place for place in states_named(text, facts) if not is_organisation(place[2])]
    askers = tuple(state for start, _, state in places if _REPLIED_TO.search(text[:start]))
    found = [
        (state, kind)
        for start, end, state in places
        if state not in askers and (kind := _kind(text[:start], text[end:]))
    ]
    named = {text[start:end]: state for start, end, state in places}

    def others(taken: Sequence[str]) -> tuple[str, ...]:
        return tuple(
            name
            for name in query.names
            if not any(
                state in taken and (words in name or name in words)
                for words, state in named.items()
            )
        )

    if query.side == "both":
        asking = tuple(state for state, kind in found if kind == "asks")
        by = query.asked_by or asking
        return replace(query, asked_by=by, names=others(asking) if by == asking else query.names)
    if askers and (found or query.side == "delegation"):
        query = replace(query, askers=(*query.askers, *askers), names=others(askers))
    taking = next((state for state, kind in found if kind == "takes"), None)
    query = replace(query, takes=taking if taking in reviewed.values() else None)
    speaking = [each for each in found if each[1] != "takes"]
    if not speaking or query.speaker is not None:
        return query
    speaker, kind = speaking[0]
    side = "committee" if kind == "asks" else query.side
    examined = {state for state in reviewed.values() if state}
    if kind == "says" and (speaker not in examined or len({s for *_, s in places} & examined) > 1):
        side = None  # it may speak for either side
    return replace(
        query, speaker=speaker, of_state=True, side=side, names=others((speaker, *askers))
    )


def examined_in(facts: Sequence[Facts]) -> dict[str, str | None]:
    """Which State each document examines; None for a debate, in which nobody is examined."""
    return {
        each.id: None if _is_verbatim(each) else each.state
        for each in facts
        if each.state or _is_verbatim(each)
    }


def _is_verbatim(facts: Facts) -> bool:
    """Whether a document tells a debate, in which nobody is examined."""
    return facts.symbol is not None and kind_of(facts.symbol) == "verbatim record"


def _kind(before: str, after: str) -> str | None:
    """Whether the State named between these words asks, says or takes up what is wanted."""
    if _QUESTIONS.match(after):
        return "asks"
    if _WORDS.match(after) or _ACCORDING.search(before):
        return "says"
    if not _DID.search(before) and not (
        before.strip().casefold() in ("", "the") and _TOLD.match(after)
    ):
        return None
    if _SAYING.match(after):
        return "says"
    if _TAKING.match(after):
        return "takes"
    return "asks" if _ASKING.match(after) else None
