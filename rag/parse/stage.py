"""The first words of a line of a verbatim record → a speaker, or a stage direction.

Verbatim records print who speaks before a colon, "Mr. Blok (Netherlands):", and what
happens as a sentence of its own, "It was so decided."; everything else is speech.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from rag.cite import is_symbol
from rag.domain import Role
from rag.parse.candidates import ends_sentence
from rag.parse.dates import only_date
from rag.parse.lines import Line
from rag.parse.roles import role_of
from rag.parse.states import states_in

_TITLES = (
    r"Mr|Mrs|Ms|Miss|Mme|Dr|Prof|Sir|Dame|Lord|Lady|Baroness|Prince|Princess|King|Queen|Emir|"
    r"Sheikh|Sheikha|Sultan|Crown Prince|Archbishop|Bishop|Cardinal|Monsignor|Msgr|Father|Judge|"
    r"Nana|Dato’|Datuk|Tan Sri|Ambassador|President|Chancellor|H\.E\."
)
_CAPITAL = r"[^\W\d_a-zß-ÿ]"
_WORD = rf"(?:{_CAPITAL}[\w'’‘.\-]*|[dDlL]['’]{_CAPITAL}[\w'’\-]*)"
_PARTICLE = r"(?:de|da|do|dos|das|del|della|di|du|des|la|le|van|von|der|den|ter|el|al|bin|ibn|y|e)"
_NAME = rf"(?:{_PARTICLE} )*{_WORD}(?: (?:{_PARTICLE} )*{_WORD}){{0,8}}"
_NESTED = r"\((?:[^()]|\([^()]*\))*\)"
_PRESIDING = (
    r"(?:The|THE) (?:(?:Acting|ACTING|Temporary|TEMPORARY|Co|CO|Vice|VICE)[ -])*"
    r"(?:President|PRESIDENT|Chair(?:person|man|woman)?|CHAIR(?:PERSON|MAN|WOMAN)?)"
)
_OFFICER = (
    r"(?:The|THE) (?:(?:Deputy|DEPUTY|Under|UNDER|Assistant)[ -])?"
    r"(?:Secretary-General|SECRETARY-GENERAL|Secretary(?: of the \w+)?|SECRETARY)"
)
_SPEAKER = re.compile(
    rf"^(?:(?P<chair>{_PRESIDING})|(?P<officer>{_OFFICER})"
    rf"|(?P<person>(?:H\.E\. )?(?:{_TITLES})\.? (?!President\b|Chair|Secretary){_NAME}))"
    rf"(?:, (?P<office>(?:{_CAPITAL}|the )[^:()]{{3,150}}?),?)?"
    rf"(?P<groups>(?:,? ?{_NESTED})*) ?:(?: |$)"
)
_LONGEST_NAME = 400  # characters, with title and State
_MAY_NAME = re.compile(rf"(?:The|THE|{_TITLES})(?!\w)")
_ASIDE = re.compile(
    r"^(?:spoke|speaking|interpretation|interpreted|translated|on a point|in |English text|"
    r"delivered|text )",
    re.IGNORECASE,
)
_SPOKE = re.compile(r"^\((?:spoke|continued|interpretation|resumed) [^()]{2,60}\)\.?$")
# A point that ends no sentence: "3.10 p.m. and", "Mr. X", "A/48/L.13".
_NO_STOP = re.compile(r"\.(?=\S)|\.(?= [a-z\d(])|(?<=\bMr)\.|(?<=\b[MD][rs])\.|(?<=\bMrs)\.")
_WHO = rf"(?:The (?:Acting |Vice-)?President|(?:{_TITLES})[.·]? {_WORD})"
# What is reported as an event of the meeting.
_EVENTS = (
    r"The (?:\w+ ){0,4}?meeting (?:was (?:called to order|suspended|adjourned|resumed)|rose|resumed)",
    r"It was so decided(?=\.?$)",
    r"The (?:provisional |revised )?agenda(?:, as [^.]{3,40},)? was adopted(?=\.?$)",
    r"(?:A|An) (?:[\w-]+ ){0,3}(?:vote|ballot) (?:by [\w -]+ )?was (?:taken|held)",
    r"At the (?:invitation|request) of the (?:Acting )?(?:President|Chair\w*),",
    r"In the absence of [^.]{3,80} (?:took|takes) the Chair",
    rf"{_WHO}[^.:?!]{{0,140}}? (?:took (?:the Chair|(?:a|the|his|her) (?:place|seat)|places|seats)|"
    r"returned to the |resumed the |in the Chair|withdrew|(?:was|were) escorted|left the )",
    r"The members of the [\w ]{3,40} (?:observed|stood|rose)",
    r"(?:Members|Representatives|Delegations) [\w ]{0,40}(?:observed|stood|rose)",
    r"The (?:General Assembly|Security Council|Council|Assembly) (?:observed|proceeded to)",
    r"The Council began ",
)
# What is reported as an outcome: it can be cited.
_OUTCOMES = (
    r"It was so decided \(",
    r"(?i:(?:the )?(?:(?:revised |oral |first |second |third )?draft "
    r"(?:resolution|decision|amendment)s?|resolutions?|decisions?|(?:oral )?amendments?|motion|"
    r"proposal|recommendations?|sections?|parts?))\b[^.:?!]{0,240}? (?:was|were) (?:not )?"
    r"(?:adopted|rejected|approved)",
    r"[^.:?!]{0,90}?\bparagraphs?\b[^.:?!]{0,60}? (?:was|were) "
    r"(?:retained|adopted|deleted|rejected)",
    r"Having obtained [^.:?!]{5,400}? (?:was|were) (?:re-)?elected",
    r"The (?:appointment|report|credentials)\b[^.]{0,80} (?:was|were) (?:approved|adopted)",
)
_EVENT = re.compile(rf"^(?:{'|'.join(_EVENTS)})[^.:?!]*\.?$")
_OUTCOME = re.compile(rf"^(?:{'|'.join(_OUTCOMES)})[^.:?!]*\.?$")
# So set in words that they need no boundary above them.
_CERTAIN = re.compile(
    r"^(?:It was so decided|The agenda was adopted|A recorded vote was taken|"
    r"A vote was taken by show of hands|The meeting rose at [^.]{3,20})\.$"
)
_VOTE = re.compile(r"^(?:In favour|Against|Abstain(?:ing|ed)|Abstentions?|Not voting) ?(?::|$)")
AGENDA_ITEM = re.compile(
    r"^(?:Agenda items?|AGENDA ITEMS?) \d{1,3}(?:(?:,| and| to| AND| TO)? ?(?:\d{1,3}|\([a-z]\)))*"
    r"(?: ?\((?:continued|CONTINUED)\))?$"
)
OTHER_ITEMS = re.compile(r"^(?:Agenda items|AGENDA ITEMS) (?:remaining|REMAINING) ")
# The notice at the foot of the first page, line by line.
_NOTICE = re.compile(
    r"^This record (?:contains|is subject to)|verbatim ?(?:reporting|records@)|^Distr\.|"
    r"signature of a member|signature$|^of a member of the delegation|^of the delegation concerned|"
    r"^(?:speeches )?delivered in (?:the )?other languages|[Cc]orrections (?:should|will) be|"
    r"^languages only\. They should|^should be incorporated in a copy|^in a copy of the record|"
    r"[Cc]orrected records will|Document System of the United|consolidated corrigendum|"
    r"^of the Security Council\. Corrections|^Council\. Corrections|^room [A-Z]{1,2}-\d|"
    r"^U-\d{3,4}\. |incorporated in a copy of the record|^within one week of the date|"
    r"^\d\d-\d{5}\b|^\*\d{6,8}\*$|^ENGLISH$|^_+$|^\.$"
)
_BY_RULE = re.compile(r"Secretary-General|Special Representative|Coordinator|High Commissioner|"
                      r"Executive Director|Under-Secretary|Head of the United Nations")  # fmt: skip
_SECRETARIAT = re.compile(r"^(?:Department|Office of|Executive Office|Secretariat)\b")
_PLACE = rf"{_CAPITAL}[\w'’-]*(?: (?:(?:of|and|the) )*{_CAPITAL}[\w'’-]*){{0,8}}"
_OBSERVER_OF = re.compile(
    r"\b(?:[Oo]bserver (?:State )?(?:of|for) (?:the )?|(?:representative|delegation) of (?:the )?"
    rf"(?=[^.]{{3,80}}, in (?:its|his|her) capacity as (?:an )?observer))(?P<who>{_PLACE})"
)


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who is given the floor on a line."""

    name: str  # "Mr. Blok", as printed
    office: bool  # printed as an office alone: "The President", "The Secretary-General"
    chair: bool
    place: str | None  # what stands in brackets: "Netherlands", "European Union"
    title: str | None  # "Minister for Foreign Affairs of the Netherlands"
    lines: int  # how many lines the name is printed on
    words: str  # what is said on the last of them
    printed: str  # all before the words: "Mr. Blok (Netherlands):"


@dataclass(frozen=True, slots=True)
class Direction:
    """What is reported, and on how many lines: an outcome can be cited."""

    kind: Literal["event", "outcome", "aside"]
    lines: int


@dataclass(frozen=True, slots=True)
class Floor:
    """Speaker, role and delegation of a turn."""

    speaker: str
    role: Role
    delegation: str | None


def speaker_at(lines: Sequence[Line], i: int) -> Speaker | None:
    """Read the speaker whose name begins line `i`; it may be wrapped over four lines."""
    if _MAY_NAME.match(lines[i].text) is None:
        return None
    above = lines[i - 1] if i else None
    for size in range(1, 5):
        if i + size > len(lines):
            return None
        window = " ".join(line.text for line in lines[i : i + size])
        if ":" not in window:
            continue
        match = _SPEAKER.match(window[:_LONGEST_NAME])
        if match is None:
            continue
        behind = len(lines[i + size - 1].text) - (len(window) - match.end())
        if size > 1 and behind < 0:
            return None
        groups = [g[1:-1] for g in re.findall(_NESTED, match["groups"])]
        place = next((g for g in groups if not _ASIDE.match(g)), None)
        certain = bool(groups) or match["person"] is None
        if not certain and not begins(lines[i], above):
            return None
        name = match["chair"] or match["officer"] or match["person"]
        return Speaker(
            name=name,
            office=match["person"] is None,
            chair=match["chair"] is not None,
            place=place,
            title=match["office"],
            lines=size,
            words=window[match.end() :].strip(),
            printed=match[0].strip(),
        )
    return None


def begins(line: Line, above: Line | None) -> bool:
    """Whether a paragraph may begin at a line, by the layout or the line above it."""
    if above is None or line.gap:
        return True
    return line.hint.opens if line.hint is not None else ends_sentence(above.text)


def direction_at(lines: Sequence[Line], i: int, *, apart: bool = False) -> Direction | None:
    """Read a stage direction at line `i`: a sentence that fills its lines.

    `apart`: another direction ends on the line above. The President's "There being no
    objection, it is so decided" is speech.
    """
    first = lines[i].text
    if _SPOKE.match(first):
        return Direction("aside", 1)
    if not first[:1].isupper():
        return None
    above = lines[i - 1] if i else None
    if _CERTAIN.match(_NO_STOP.sub("·", first)):
        return Direction("event", 1)
    if not (apart or begins(lines[i], above) or (above and ends_sentence(above.text))):
        return None
    window = ""
    for size in range(1, min(8, len(lines) - i + 1)):
        text = lines[i + size - 1].text
        window += text if window.endswith("-") or not window else f" {text}"
        if not ends_sentence(window) and not window.endswith(")"):
            continue
        if i + size < len(lines) and lines[i + size].text[:1].islower():
            continue
        plain = _NO_STOP.sub("·", window)
        if _EVENT.match(plain):
            return Direction("event", size)
        if _OUTCOME.match(plain):
            return Direction("outcome", size)
        if plain.endswith((".", "?", "!")):
            return None
    return None


def votes(line: Line) -> bool:
    """Whether a line begins one of the lists of a recorded vote."""
    return _VOTE.match(line.text) is not None


def is_notice(line: Line) -> bool:
    """Whether a line of the first page belongs to its foot: notice, symbol, date, job number."""
    text = line.text
    return bool(_NOTICE.search(text)) or is_symbol(text) or only_date(text) is not None


def observers_in(text: str) -> frozenset[str]:
    """Whom the record itself calls an observer: "the Permanent Observer of Palestine"."""
    return frozenset(match["who"] for match in _OBSERVER_OF.finditer(text))


def floor_of(
    speaker: Speaker, *, observers: frozenset[str], known: Mapping[str, Floor], said: str
) -> Floor:
    """Say in which role a speaker speaks, and for whom.

    Args:
        speaker: as printed before the colon.
        observers: whom the record calls observers; the Holy See is one where it does.
        known: who spoke before, by name: "Mr. Kuzmin:" goes on for his State.
        said: what the record said up to here, where a guest is introduced.

    """
    if speaker.office:
        return Floor(speaker.name, "chair" if speaker.chair else "secretariat", None)
    place = speaker.place
    if place is None:
        return known.get(speaker.name) or _guest(speaker, said)
    if place in observers or place.removeprefix("State of ") in observers:
        return Floor(speaker.name, "observer", place)
    if _SECRETARIAT.match(place):
        return Floor(speaker.name, "secretariat", None)
    role, _ = role_of(place)
    return Floor(speaker.name, role, place if role in ("delegation", "observer") else None)


def _guest(speaker: Speaker, said: str) -> Floor:
    """A speaker without a State in brackets: by title, or by the words that introduced them."""
    surname = re.escape(speaker.name.split()[-1])
    introduced = re.findall(rf"\b{surname},? (?:[^.:]{{0,20}}, )?([^.;:]{{3,160}})", said, re.I)
    told = speaker.title or " ".join(introduced[-2:])
    if _BY_RULE.search(told):
        return Floor(speaker.name, "secretariat", None)
    head = re.search(
        r"\b(?:President|King|Queen|Prime Minister|Minister|Prince|Emir|Vice-President|Chancellor|"
        r"Head of (?:State|Government))\b",
        f"{speaker.name} {told}",
    )
    states = states_in(told) if head else []
    if states:
        start, end, _ = states[-1]
        return Floor(speaker.name, "delegation", told[start:end])
    return Floor(speaker.name, "observer", None)
