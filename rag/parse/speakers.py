"""Who holds the floor in each paragraph.

A turn begins where a paragraph opens with a person (or the Chair, or a State's
representative) and a verb of speech; paragraphs without a new speaker go on
with the turn. "Mr. Namazbaev had been convicted" opens no turn.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from rag.domain import Note, Paragraph, Role, Turn

_TITLE = (
    r"(?:Mr|Mrs|Ms|Miss|Mme|Mlle|Dr|Prof|Professor|Sir|Dame|Lord|Lady|Baroness|Prince|Princess|"
    r"Sheikh|Archbishop|Bishop|Monsignor|Msgr|Father|Reverend|Judge|Justice|Nana|Ambassador)\.?"
)
_WORD = r"(?:[A-ZÀ-ÖØ-Þ][\w'’.\-]*|[dDlL]['’][A-ZÀ-ÖØ-Þ][\w'’\-]*)"
_PARTICLE = (
    r"(?:de|da|do|dos|das|del|della|di|du|des|la|le|van|von|der|den|ten|ter|el|al|bin|ibn|y|e)"
)
_NAME = rf"(?:{_PARTICLE} )*{_WORD}(?: (?:(?:{_PARTICLE} )*{_WORD}))*"
_NESTED = r"\((?:[^()]|\([^()]*\))*\)"
_CHAIR = (
    r"(?:[Aa]cting |[Tt]emporary )?"
    r"(?:Chair(?:person|man|woman)?|CHAIR(?:PERSON|MAN|WOMAN)?|President|PRESIDENT)"
)
_PERSON = re.compile(rf"^(?P<name>{_TITLE} {_NAME})(?: ?(?P<paren>{_NESTED}))?")
_THE_CHAIR = re.compile(rf"^(?P<name>The {_CHAIR})(?: ?(?P<paren>{_NESTED}))?")
_REPRESENTATIVE = re.compile(
    r"^(?P<name>(?:The|A|One) (?:representative|delegation|observer|delegate|Government)"
    r"(?: of (?P<state>(?:the )?[A-Z][\w'’\-]*"
    r"(?: (?:and|of|the|[A-Z][\w'’\-]*))*(?: \([^)]*\))?))?)(?=[ ,])"
)
_VERBS = frozenset(
    """said asked wondered noted recalled requested thanked welcomed expressed stressed emphasized
    emphasised confirmed replied responded explained pointed drew enquired inquired suggested
    proposed commended hailed observed congratulated invited declared informed introduced urged
    agreed wished would reiterated concluded continued added sought encouraged called hoped raised
    regretted acknowledged underlined underscored highlighted announced remarked reported described
    outlined presented stated clarified indicated maintained insisted argued assured recommended
    read summarized summarised warned cautioned affirmed reaffirmed mentioned referred echoed
    joined apologized apologised conveyed commented disagreed felt believed shared supported
    questioned concurred submitted praised deplored admitted denied cited gave was-concerned
    says asks notes""".split()
)
_ADVERB = r"(?:also|then|further|again|however|therefore|additionally|likewise|too|first|finally)"
_OPENS = re.compile(rf"^(?P<clause>, ?[^.;]{{0,400}}?,)?\s*(?:{_ADVERB},? )?(?P<verb>[a-z\-]+)")
_PARTICIPLE = re.compile(
    r"^,? ?(?:in reply |in response |in answer )?\(?"
    r"(?:referring|responding|replying|introducing|speaking|turning|summarizing|summing|noting|"
    r"continuing|recalling|returning|raising|commenting|thanking|welcoming|concluding|answering|"
    r"supported|citing|drawing|addressing|resuming|presenting|spoke|interpretation|on a point)\b"
)
_FELT = re.compile(
    r"^ (?:was|were|is) (?:also |deeply |particularly |very |most |glad |pleased )*"
    r"(?:concerned|pleased|grateful|glad|happy|surprised|interested|curious|disturbed|struck|"
    r"alarmed|convinced|encouraged|disappointed|eager|keen|of the (?:view|opinion)|not (?:sure|"
    r"convinced|clear|satisfied)|unclear|puzzled|impressed)\b"
)
_MOVES = re.compile(
    r"^(?:, [^,]{0,120},)? (?:took|takes|resumed the|left|withdrew|was elected|were elected|"
    r"had been (?:elected|appointed)|joined the meeting)\b"
)
_NARRATIVE = re.compile(
    rf"^(?:At the invitation of the (?:{_CHAIR})\b|In the absence of |The delegation (?:of .{{1,60}} )?"
    r"(?:took|withdrew)|The meeting (?:was|rose)|It was so decided|The (?:draft )?(?:agenda|report|"
    r"programme of work|concluding observations) (?:was|were) adopted)"
)
_SECRETARIAT = re.compile(
    r"\b(?:Secretar(?:y|iat)|Office of the (?:United Nations )?High Commissioner|OHCHR|Deputy High"
    r" Commissioner|High Commissioner|Under-Secretary|Assistant Secretary|Legal (?:Counsel|Office))",
)
_OBSERVER = re.compile(
    r"\b(?:[Oo]bserver|NGO|UNICEF|UNHCR|UNESCO|UNDP|UNFPA|UN-?Women|World Health Organization|WHO|"
    r"International Labour Organi[sz]ation|ILO|FAO|UNAIDS|Amnesty International|Human Rights Watch|"
    r"National Human Rights (?:Commission|Institution)|Ombudsman|civil society)\b"
)
_OFFICE = re.compile(
    r"\b(?:Rapporteur|Chair(?:person|man|woman)?|Vice-Chair|Member|Coordinator|Co-Rapporteur|"
    r"Special Representative|Working Group|speaking)\b"
)


@dataclass(frozen=True, slots=True)
class _Floor:
    speaker: str
    role: Role
    delegation: str | None


def assign_turns(
    paragraphs: Sequence[Paragraph], *, kind: str = "document", state: str | None = None
) -> tuple[tuple[Paragraph, ...], tuple[Note, ...]]:
    """Give every paragraph the turn it belongs to (None in narrative paragraphs).

    Args:
        paragraphs: the document's, in order.
        kind: the document's kind, as the masthead tells it.
        state: the State under review, where there is one.

    """
    known: dict[str, _Floor] = {}  # people introduced with their delegation earlier on
    floors: list[tuple[_Floor | None, bool]] = []  # (who, whether a turn begins here)
    for paragraph in paragraphs:
        if _NARRATIVE.match(paragraph.text):
            floors.append((None, True))
            continue
        floor = opens_turn(paragraph.text)
        if floor is None:
            floors.append((floors[-1][0] if floors else None, False))
            continue
        if floor.delegation is None and floor.role == "member" and floor.speaker in known:
            floor = known[floor.speaker]
        elif floor.role != "chair":
            known[floor.speaker] = floor
        floors.append((floor, True))
    return tuple(_with_turns(paragraphs, floors)), ()


def _with_turns(
    paragraphs: Sequence[Paragraph], floors: Sequence[tuple[_Floor | None, bool]]
) -> list[Paragraph]:
    done: list[Paragraph] = []
    i = 0
    while i < len(paragraphs):
        j = i + 1
        while j < len(paragraphs) and not floors[j][1]:
            j += 1
        floor = floors[i][0]
        turn = None
        if floor is not None:
            first, last = paragraphs[i].ordinal, paragraphs[j - 1].ordinal
            turn = Turn(floor.speaker, floor.role, floor.delegation, first, last)
        done += [replace(paragraph, turn=turn) for paragraph in paragraphs[i:j]]
        i = j
    return done


def opens_turn(text: str) -> _Floor | None:
    """Who takes the floor with the first words of a paragraph, if anybody does."""
    match = _THE_CHAIR.match(text)
    if match and _speaks(text[match.end() :], certain=False):
        personal = re.match(
            r",? (?:speaking )?(?:in (?:his|her|their) personal capacity|as a member|"
            r"speaking as a (?:Committee )?member)",
            text[match.end() :],
        )
        return _Floor(match["name"], "member" if personal else "chair", None)
    match = _REPRESENTATIVE.match(text)
    if match and _speaks(text[match.end() :], certain=False):
        observer = " observer" in match["name"]
        role: Role = "observer" if observer else "delegation"
        return _Floor(match["name"], role, match["state"])
    match = _PERSON.match(text)
    if match is None:
        return None
    name, paren = match["name"], match["paren"]
    after = text[match.end() :]
    if _MOVES.match(after) or not _speaks(after, certain=paren is not None):
        return None
    role, delegation = _role(paren[1:-1].strip() if paren else None)
    return _Floor(name.rstrip(",."), role, delegation)


def _role(paren: str | None) -> tuple[Role, str | None]:
    if paren is None:
        return "member", None
    if _SECRETARIAT.search(paren):
        return "secretariat", None
    if _OBSERVER.search(paren):
        return "observer", None
    if _OFFICE.search(paren):
        return "member", None
    return "delegation", paren


def _speaks(after: str, *, certain: bool) -> bool:
    """Whether what follows a name says that its bearer speaks.

    `certain`: a delegation stood in brackets after the name, which summary records
    print only for speakers.
    """
    if _PARTICIPLE.match(after) or _FELT.match(after):
        return True
    match = _OPENS.match(after)
    if match is None:
        return certain
    if match["verb"] in _VERBS:
        return True
    return certain and not re.match(r"^ (?:had|was|were|has|is|took|who|and)\b", after)
