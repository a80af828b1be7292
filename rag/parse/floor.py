"""The first words of a sentence → who takes the floor with it.

Summary records tell who speaks in the simple past: "Ms. Abaka said that …". What a
speaker reports of others is one tense further back, so "Mr. Namazbaev had been
convicted" gives nobody the floor.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rag.domain import Role
from rag.parse.roles import OFFICES, role_of, role_of_body
from rag.parse.speech import FELT, MOVES, PARTICIPLE, speech_verb
from rag.parse.states import states_in

_TITLES = (
    r"Mr|Mrs|Ms|Miss|Mme|Mlle|Dr|Prof|Professor|Sir|Dame|Lord|Lady|Baroness|Prince|Princess|"
    r"Sheikh|Sheikha|Archbishop|Bishop|Monsignor|Msgr|Father|Reverend|Judge|Justice|Nana|Ambassador"
)
_TITLE = rf"(?P<title>(?:{_TITLES}|MR|MRS|MS|MISS|SIR|DAME|LORD))(?:\s?\.)?\s?(?=[^\W\d_a-z]|(?<=\s)[a-z]{{1,4}}[ '’-])"
_CAPITAL = r"[A-ZÀ-ÖØ-ÞĀ-ŽȘȚ]"
_WORD = (
    rf"(?:{_CAPITAL}\.(?:[ \-]?{_CAPITAL}\.)*"
    rf"|{_CAPITAL}(?:[\w\-\u0300-\u036f]|['’‘](?!s\b))*"
    rf"|[dDlL]['’‘]{_CAPITAL}[\w'’\-]*)"
)
_PARTICLE = (
    r"(?:de|da|do|dos|das|del|della|di|du|des|la|le|les|van|von|zu|af|av|der|den|ten|ter|el|al|"
    r"bin|bint|ben|ibn|ould|oul|y|e)"
)
_NAME = rf"(?:{_PARTICLE}[ \-])*{_WORD}(?:\s(?:{_PARTICLE}[ \-])*{_WORD})*"
_NESTED = r"\((?:[^()]|\([^()]*\))*\)"
_CHAIR = (
    r"(?:(?:[Aa]cting|ACTING|[Tt]emporary|TEMPORARY) |(?:Co|Vice|VICE)-)?"
    r"(?:Chair(?:person|man|woman)?|CHAIR(?:PERSON|MAN|WOMAN)?|President|PRESIDENT)"
    r"(?:-Rapporteur)?"
)
_PERSON = re.compile(rf"^{_TITLE}(?P<name>{_NAME})(?:\s*(?P<paren>{_NESTED}))?")
_THE_CHAIR = re.compile(rf"^(?P<name>(?:The|THE) {_CHAIR})\b(?:\s*(?P<paren>{_NESTED}))?")
_REPRESENTATIVE = re.compile(
    r"^(?P<name>(?:The|A|One|Another) (?P<what>representative|delegation|observer|delegate))"
    r"(?:(?P<of> (?:of|for|from) )|(?=[ ,]))"
)
_OFFICER = re.compile(rf"^(?P<name>The (?P<office>{OFFICES}))(?=[ ,])(?:\s*{_NESTED})?")
_INVITED = re.compile(
    rf"^At the (?:invitation|request) of the (?:{_CHAIR}),? (?=(?:{_TITLES}|MR|MRS|MS)\b)"
)
_DECLARES = re.compile(r"^[^:“]{0,200}?\bmade (?:the following|a|an|his|her|their) [\w ]{0,40}?"
                       r"(?:declaration|statement)\b")  # fmt: skip
_PERSONAL = re.compile(
    r"^,? ?(?:speaking )?(?:in (?:his|her|their|a|an) (?:personal|individual) capacity|"
    r"as (?:a|an|one of the)? ?(?:Committee |ordinary |independent )*(?:member|expert|jurist)|"
    r"as (?:the )?(?:Country |Special |Co-)?[Rr]apporteur)"
)
_FOR_STATE = re.compile(
    r"^,? ?speaking (?:as (?:the )?representative of|on behalf of|for) (?:the )?(?P<of>[^,.]{3,80})"
)
_PROPER = re.compile(
    rf"(?:the )?{_WORD}(?:(?: (?:and|of|the|for|on|de|du|des|la))* {_WORD})*(?:\s*{_NESTED})?"
)
_ENDS = re.compile(r"[.?!][\"”’»)\]]*(?:\s+|(?=[A-Z]))(?=[\"“‘(]?[^\W\d_a-z])")
_ABBREVIATED = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|No|Nos|St|paras?|arts?|pp?|vols?|Add|Rev|Corr|cf|vs|seq|"
    r"e\.g|i\.e|approx|H\.E|al)|(?<![\w.])[A-Z]|\.[A-Z])\.$"
)


@dataclass(frozen=True, slots=True)
class Floor:
    """Who holds the floor."""

    speaker: str
    role: Role
    delegation: str | None
    # a delegation or an office is printed behind the name; in a dialogue: a person by name
    bracketed: bool = False
    # "said", "asked" …: words of speaking; not "agreed" or "hoped", which may be reported
    plain: bool = True


def opens_turn(text: str) -> Floor | None:
    """Say who takes the floor with the first words of a text, if anybody does.

    "Mr. X (Kazakhstan) said", "The Chair thanked", "A representative of Belgium asked";
    None for "Mr. X had been convicted" and for what is told without a speaker.
    """
    invited = _INVITED.match(text)
    if invited:
        person = _PERSON.match(text[invited.end() :])
        after = text[invited.end() + person.end() :] if person else ""
        return _person(person) if person and _DECLARES.match(after) else None
    for opening in (_chair_opens, _representative_opens, _officer_opens, _person_opens):
        floor = opening(text)
        if floor is not None:
            return floor
    return None


def sentence_starts(text: str) -> Iterator[int]:
    """Give the offsets at which sentences begin, 0 among them; abbreviations end none."""
    yield 0
    for match in _ENDS.finditer(text):
        point = match.start() + 1
        if text[point - 1] == "." and _ABBREVIATED.search(text[max(0, point - 12) : point]):
            continue
        yield match.end()


def _chair_opens(text: str) -> Floor | None:
    match = _THE_CHAIR.match(text)
    if match is None:
        return None
    after = text[match.end() :]
    verb = speech_verb(after)
    if not (verb or PARTICIPLE.match(after) or FELT.match(after)):
        return None
    if _PERSONAL.match(after):
        return Floor(match["name"], "member", None)
    for_state = _FOR_STATE.match(after)
    if for_state:
        role, delegation = role_of_body(for_state["of"])
        return Floor(match["name"], role, delegation)
    return Floor(match["name"], "chair", None)


def _representative_opens(text: str) -> Floor | None:
    match = _REPRESENTATIVE.match(text)
    if match is None:
        return None
    name, body, at = match["name"], None, match.end()
    if match["of"]:
        states = states_in(text[at : at + 120])
        lead = re.match(r"(?:the )?", text[at:])
        skip = lead.end() if lead else 0
        proper = _PROPER.match(text[at:])
        if states and states[0][0] <= skip:
            end = states[0][1]
        elif proper:
            end = proper.end()
        else:
            return None
        body = text[at : at + end]
        name, at = text[: at + end], at + end
    verb = speech_verb(text[at:])
    if not (verb or PARTICIPLE.match(text[at:]) or FELT.match(text[at:])):
        return None
    role, delegation = role_of_body(body) if body else ("delegation", None)
    if match["what"] == "observer":
        role = "observer"
    return Floor(name, role, delegation, bracketed=body is not None, plain=verb == "plain")


def _officer_opens(text: str) -> Floor | None:
    match = _OFFICER.match(text)
    if match is None or speech_verb(text[match.end() :]) != "plain":
        return None
    role, _ = role_of(match["office"])
    return Floor(match["name"], "secretariat" if role == "delegation" else role, None)


def _person_opens(text: str) -> Floor | None:
    match = _PERSON.match(text)
    if match is None:
        return None
    after = text[match.end() :]
    if MOVES.match(after):
        return None
    verb = speech_verb(after)
    floor = _person(match)
    if verb or PARTICIPLE.match(after) or FELT.match(after) or _DECLARES.match(after):
        return Floor(
            floor.speaker, floor.role, floor.delegation, floor.bracketed, verb in (None, "plain")
        )
    # A delegation in brackets is printed for speakers only, whatever the verb.
    passive = re.match(r"^,? (?:had|was|were|has|is|who|whose|and)\b", after)
    return floor if floor.bracketed and not passive else None


def _person(match: re.Match[str]) -> Floor:
    title = match["title"]
    dotted = title.casefold() in ("mr", "mrs", "ms", "dr", "prof", "msgr")
    name = re.sub(r"\s+", " ", match["name"]).rstrip(",")
    paren = match["paren"]
    role, delegation = role_of(paren[1:-1].strip() if paren else None)
    bracketed = paren is not None and (delegation is not None or role != "member")
    return Floor(f"{title}{'.' if dotted else ''} {name}", role, delegation, bracketed)
