"""A statement → who is said to say it, and how: as said, asked, granted or reported.

"The delegation confirmed that …", "…, according to Ms. X", "The Committee asked whether …".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from rag.domain import Paragraph, Role

Side = Literal["member", "delegation", "committee", "other"]

_TITLED = r"(?:Mr|Mrs|Ms|Miss|Mme|Dr|Sir|Dame)\b\.?(?: (?:[a-z]{1,3} ){0,2}[A-ZÀ-Þ][\w'’-]*)+"
_SIDES = (
    ("delegation", r"[Tt]he (?:State(?: party)?['’]s )?delegation|[Dd]elegates"),
    ("member", r"(?:[Aa] |[Oo]ne |[Aa]nother |[Ss]ome |[Ss]everal )?[Mm]embers?(?: of the Committee)?"
               r"|[Aa]n expert|[Ee]xperts? of the Committee"),
    ("committee", r"[Tt]he Committee"),
)  # fmt: skip
_STATE = r"[Tt]he (?:State party|Government)|[A-ZÀ-Þ][a-zà-þ]+(?: [A-ZÀ-Þ][a-zà-þ]+)?"
_GRANT = r"admitted|conceded|acknowledged|confirmed|granted|recogni[sz]ed|accepted|agreed|owned"
_ASK = r"asked|enquired|inquired|wondered|questioned|requested|sought|wanted|wished|queried"
_SAY = (
    r"said|stated|told|noted|reported|explained|recalled|added|announced|replied|answered|"
    r"indicated|pointed|emphasi[sz]ed|stressed|underlined|understood|thought|believed|considered|"
    r"felt|found|observed|remarked|cited|referred|quoted|mentioned|put|described|welcomed|hailed|"
    r"regretted|thanked|hoped|expected|insisted|claimed|alleged|maintained|argued|denied|spoke|"
    r"drew|expressed|took|saw|gave|informed|assured|declared|affirmed|submitted|deplored|"
    r"recommended|urged|called|encouraged|proposed|suggested|concluded|commended|praised|"
    r"was (?:concerned|disturbed|satisfied|pleased|alarmed|worried|dismayed|glad|grateful)"
)
_BETWEEN = r"(?: \([^)]*\)| of [A-ZÀ-Þ]\w+)?,?(?: (?:also|then|too|further|itself|himself|herself|[a-z]+ly))?"
_VERB = rf"(?:(?:has|have|had) )?(?P<verb>{_GRANT}|{_ASK}|{_SAY})\b"
_BY_SIDE = tuple(
    (side, re.compile(rf"(?:^|[,;] ?|\b[Aa]s )(?:{who}){_BETWEEN},? {_VERB}"))
    for side, who in _SIDES
)
_BY_STATE = re.compile(
    rf"(?:^|, )(?:{_STATE}){_BETWEEN} (?:(?:has|have|had) )?"
    rf"(?P<verb>{_GRANT}|said|stated|explained|replied|reported|told|informed|assured)"
    rf"(?: (?:to )?(?:the Committee|members))?,? (?:that|how|why|its|having)\b"
)
_BY_NAME = re.compile(
    rf"(?:^|[,;] ?|\b[Aa]s )(?P<who>{_TITLED}|The Chair(?:person|man|woman)?){_BETWEEN},? {_VERB}"
)
_ACCORDING = re.compile(
    rf"\b[Aa]ccording to (?P<who>{_TITLED}|[Tt]he Chair\w*|[Tt]he delegation|[Tt]he Committee"
    r"|[Tt]he Government|[Tt]he State party|(?:a |several |some )?members? of the Committee)"
)
_ASKS = re.compile(
    r"\b(?:ask(?:ed|s|ing)?(?: \w+)? (?:for|if|whether|about|how|why|what|which|who|when|where|to)"
    r"|asked|enquir\w+|inquir\w+|wonder\w*|question(?:ed|s)?|requests?|requested|sought|seeks"
    r"|want(?:ed|s) (?:to know|to hear|to learn|comments?|information|more|details?|data|figures|an)"
    r"|wish(?:ed|es) to know|would like to know|was (?:curious|interested)"
    r"|whether|please)\b|\?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Attribution:
    """Whose words a statement says they are."""

    side: Side | None  # None where somebody is named or nobody is
    who: str | None  # as the statement has it
    verb: str  # "" where there is none
    end: int  # where what is said begins, or goes on
    start: int = 0  # where the attribution begins

    @property
    def grants(self) -> bool:
        """Whether it is given as an admission or a confirmation."""
        return re.fullmatch(_GRANT, self.verb) is not None


NOBODY = Attribution(None, None, "", 0)


def attribution(text: str) -> Attribution:
    """Find the outermost attribution of a statement."""
    found: list[tuple[int, Attribution]] = []
    for side, pattern in _BY_SIDE:
        if match := pattern.search(text):
            found.append((match.start(), _made(match, side)))  # pyright: ignore[reportArgumentType]
    if match := _BY_NAME.search(text):
        found.append((match.start(), _made(match, None, match["who"])))
    if match := _BY_STATE.search(text):
        found.append((match.start(), _made(match, "delegation")))
    if match := _ACCORDING.search(text):
        side = _side_of(match["who"])
        end = match.end() if match.start() == 0 else 0
        found.append((match.start(), Attribution(side, match["who"], "", end)))
    return min(found, key=lambda one: one[0])[1] if found else NOBODY


def _made(match: re.Match[str], side: Side | None, who: str | None = None) -> Attribution:
    named = who or match[0][: match.start("verb") - match.start()].strip(" ,;")
    return Attribution(side, named, match["verb"].casefold(), match.end(), match.start())


def _side_of(who: str) -> Side | None:
    told = who.casefold()
    if "member" in told:
        return "member"
    if "committee" in told:
        return "committee"
    return "delegation" if re.search(r"delegation|government|state", told) else None


def asks(text: str) -> bool:
    """Whether a text asks, or tells that somebody asked."""
    return _ASKS.search(text) is not None


def side_of(paragraph: Paragraph, role: Role | None) -> Side | None:
    """Say on whose side of the table the words of a paragraph are; None where it is not known.

    What nobody speaks in a document of the Committee (concluding observations, lists of
    issues) is the Committee's; in a record of a meeting it is narrative.
    """
    if role in ("member", "delegation"):
        return role
    if role == "chair":
        return "member"
    if role is not None:
        return "other"
    parts = paragraph.document.upper().split("/")
    return "committee" if {"CO", "Q", "COC", "COAR"} & set(parts) else None
