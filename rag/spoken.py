"""A question that names a State → whose words are wanted: "What did Sweden say about …?".

Which names are States', the list of States tells and the index; so it is read after the
rest of the question, by `rag.asking`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from rag.cite import kind_of
from rag.parse.states import is_organisation
from rag.query import ASKS, Query, Side
from rag.store.catalog import Facts
from rag.subject import states_named

Deed = Literal["asks", "says", "takes", "is answered"]
_DEEDS = ("asks", "says", "takes")
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
    r"commit\w*|t(?:ake|ook|aken) (?:up|on)|oppos\w+|turn(?:ed)? (?:\w+ )?down|(?:say|said) (?:yes|no) to|"
    r"sign(?:ed)? up to|g(?:o|one) along)\b",
    re.IGNORECASE,
)
# "Peru and abortion: accepted or pending?", "Where does Peru stand on …?": of a State that is only named.
_TAKEN_BY = re.compile(
    r"\b(?:recommendations?|proposals?|upr)\b[^?]*\b(?:accepted|rejected|turned down|pending|left open|taken on)\b|"
    r"\b(?:accepted|rejected|pending) (?:vs\.?|versus|or|and) (?:accepted|rejected|pending)\b|"
    r"\b(?:stand on the recommendations?|signed up to|went along|go along|said yes|commitments? [^?]{1,40} (?:took|taken) on|"
    r"did it accept)\b|\bstill on [^?]{1,40} desk\b",
    re.IGNORECASE,
)
_REPORT = re.compile(r"A/HRC/\d+/\d+")  # of a State's review, among others
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


@dataclass(frozen=True, slots=True)
class _Named:
    """A State that a question names."""

    words: str  # as printed
    state: str  # its short form
    does: Deed | None  # what the question says of it; None where it is only spoken of


def spoken(query: Query, facts: Sequence[Facts]) -> Query:
    """Say which State's words a question asks for, and to whose question a reply is wanted.

    Args:
        query: the question, read.
        facts: what every document in the index is known by.

    """
    years = {each.id: str(each.day.year) for each in facts if each.day}
    query = replace(query, reviewed=examined_in(facts), years=years)
    named = [
        _Named(query.text[start:end], state, _deed(query.text[:start], query.text[end:]))
        for start, end, state in states_named(query.text, facts)
        if not is_organisation(state)
    ]
    if query.side == "both":
        asking = _who(named, "asks")
        return query if query.asked_by else _without(replace(query, asked_by=asking), named, asking)
    askers = _who(named, "is answered")
    if askers and (query.side == "delegation" or any(each.does in _DEEDS for each in named)):
        query = _without(replace(query, askers=(*query.askers, *askers)), named, askers)
    taking = next((s for s in _who(named, "takes") if s in query.reviewed.values()), None)
    taking = taking or _taken_by(query, named)
    query = replace(query, takes=taking)
    speaking = next((each for each in named if each.does in ("asks", "says")), None)
    if speaking is None or query.speaker is not None:
        return query
    side = "committee" if speaking.does == "asks" else _side_of_words(query, speaking, named)
    query = replace(query, speaker=speaking.state, of_state=True, side=side)
    return _without(query, named, (speaking.state,))


def _taken_by(query: Query, named: Sequence[_Named]) -> str | None:
    """The State whose position on recommendations is asked for though it does nothing in the question."""
    reviewed = {state for name, state in query.reviewed.items() if _REPORT.match(name)}
    states = [each.state for each in named if each.state in reviewed]
    alone = len(set(states)) == 1 and _TAKEN_BY.search(query.text) is not None
    return states[0] if alone else None


def _who(named: Sequence[_Named], does: Deed) -> tuple[str, ...]:
    return tuple(each.state for each in named if each.does == does)


def _without(query: Query, named: Sequence[_Named], states: Sequence[str]) -> Query:
    """Take States out of the names that an answer must hold: who speaks need not name itself."""
    printed = [each.words for each in named if each.state in states]
    kept = (n for n in query.names if not any(words in n or n in words for words in printed))
    return replace(query, names=tuple(kept))


def _side_of_words(query: Query, speaking: _Named, named: Sequence[_Named]) -> Side | None:
    """Of what a State says, the side it is told from; None where it may speak for either."""
    examined = {state for state in query.reviewed.values() if state}
    here = {each.state for each in named} & examined
    return query.side if speaking.state in examined and len(here) == 1 else None


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


def _deed(before: str, after: str) -> Deed | None:
    """What the State that stands between these words does, as far as it concerns an answer."""
    if _REPLIED_TO.search(before):
        return "is answered"
    if _QUESTIONS.match(after):
        return "asks"
    if _WORDS.match(after) or _ACCORDING.search(before):
        return "says"
    opens = before.strip().casefold() in ("", "the")
    if not _DID.search(before) and not (opens and _TOLD.match(after)):
        return None
    if _TAKING.match(after):  # "said yes to"
        return "takes"
    if _SAYING.match(after):
        return "says"
    return "asks" if _ASKING.match(after) else None
