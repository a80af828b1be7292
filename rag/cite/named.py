"""Text → what is cited by a name of its own: resolutions by organ and number, and judgments.

"General Assembly resolution 70/1" is A/RES/70/1, whoever wrote it. A judgment keeps the
identifier of its own kind: the neutral citation, the European case law identifier, the number
of the case or application, the page of the reports. None of them is in the index as a rule;
they are found so that their paragraphs are not taken for another document's. Sources: OSCOLA,
4th edition, 2.1, 2.6 and appendix; the European Court of Human Rights' "Note explaining the
mode of citation"; Council conclusions on the European Case Law Identifier (2011/C 127/01);
the International Court of Justice's own headnotes ("official citation").
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial

_ORGANS = {
    "general assembly": "A", "unga": "A", "ga": "A", "g.a.": "A",
    "assemblée générale": "A", "asamblea general": "A",
    "security council": "S", "unsc": "S", "sc": "S", "s.c.": "S",
    "conseil de sécurité": "S", "consejo de seguridad": "S",
    "human rights council": "A/HRC", "unhrc": "A/HRC", "hrc": "A/HRC", "h.r.c.": "A/HRC",
    "conseil des droits de l'homme": "A/HRC", "consejo de derechos humanos": "A/HRC",
    "economic and social council": "E", "ecosoc": "E", "esc": "E", "e.s.c.": "E",
}  # fmt: skip
# What the number of an organ's resolution looks like; "217 A (III)" is the Assembly's before 1976.
_NUMBERED = {
    "A": re.compile(r"(?:ES-|S-)?\d{1,2}/\d{1,3}|\d{1,4}(?: ?[A-Z])? ?\([IVXLC]{1,8}\)(?: [A-Z])?"),
    "A/HRC": re.compile(r"(?:S-)?\d{1,2}/\d{1,3}"),
    "S": re.compile(r"\d{1,4}"),
    "E": re.compile(r"\d{4}/\d{1,3}|\d{1,4}(?: ?[A-Z])? ?\([IVXLC]{1,8}\)(?: [A-Z])?"),
}
_NUMBER = (
    r"(?P<{0}>(?:ES-|S-)?\d{{1,4}}/\d{{1,3}}|\d{{1,4}}(?:\ ?[A-Z])?\s?\([IVXLC]{{1,8}}\)(?:\ [A-Z](?!\w))?|\d{{1,4}})"
    r"(?![\w/]|\.\d)"
)
_NAME = (
    r"General\s{1,3}Assembly|UNGA|GA|G\.A\.|Security\s{1,3}Council|UNSC|SC|S\.C\.|Human\s{1,3}Rights\s{1,3}Council"
    r"|UNHRC|HRC|H\.R\.C\.|Economic\s{1,3}and\s{1,3}Social\s{1,3}Council|(?:UN\s)?ECOSOC|ESC|E\.S\.C\."
)
_OTHER = (
    r"Assemblée\s{1,3}générale|Conseil\s{1,3}de\s{1,3}sécurité|Conseil\s{1,3}des\s{1,3}droits\s{1,3}de\s{1,3}l['’]homme"
    r"|Asamblea\s{1,3}General|Consejo\s{1,3}de\s{1,3}Seguridad|Consejo\s{1,3}de\s{1,3}Derechos\s{1,3}Humanos"
)
# The fast way to nearly everything below: no match without one of these.
_HINT = re.compile(r"\d{1,4}/\d|\(|\[|:[A-Z]|I\.?C\.?J|Series|[Rr][ée]s|UNSCR|\d{4}\s[A-Z]{2}")
_RESOLUTION = re.compile(
    rf"""(?<![\w./])(?:
      (?P<organ>{_NAME})(?:['’]s)?,?\s{{1,3}}
        (?:[Rr]esolutions?|RES(?:OLUTION)?|Res\.?|Ress\.)\s{{1,3}}(?:No\.?\s?)?{_NUMBER.format("first")}
    | (?P<council>UNSCR)\s{{1,3}}{_NUMBER.format("third")}
    | [Rr](?:esolution|ésolution|esolución)\s{{1,3}}{_NUMBER.format("second")}(?:\s\(\d{{4}}\))?
        \s(?:of\sthe|de\sl['’]|de\sla|du|del)\s?(?P<of>{_NAME}|{_OTHER})(?!\w)
    )""",
    re.VERBOSE,
)
_MORE_RESOLUTIONS = re.compile(
    r"(?:,|,?\s(?:and|et|y|&))\s(?P<number>\d{1,4}/\d{1,3})(?![\w/%]|\.\d)"
)
_MORE_COUNCIL = re.compile(
    r"(?:\s\(\d{4}\))?(?:,|,?\s(?:and|et|y|&))\s(?P<number>\d{1,4})(?=\s\(\d{4}\))"
)

# Series of law reports that stand behind a year in brackets as a court's name does.
_REPORTS = frozenset({
    "AC", "QB", "KB", "WLR", "CLR", "ALR", "ALL", "ECR", "EHRR", "ECHR", "UKHRR", "HRLR", "ILR",
    "ICJ", "UNTS", "BCLC", "CMLR", "FLR", "FCR", "FSR", "RPC", "SCR", "NZLR", "LGR", "PL", "LQR",
})  # fmt: skip
_COURT = r"[A-Z]{2,8}(?:\s(?:Civ|Crim|Fam|Admin|Comm|Ch|Pat|QB|KB|TCC|IPEC|IAC|AAC|LC|TC|JCPC))?"
_NEUTRAL = re.compile(
    rf"\[(?P<year>(?:19|20)\d\d)\]\s{{1,3}}(?P<court>{_COURT})\s{{1,3}}(?P<number>\d{{1,5}})"
    r"(?:\s?\((?P<division>[A-Z][A-Za-z]{1,9})\))?(?![\w/])"
)
_CANADIAN = re.compile(
    r"(?<![\w./-])(?P<year>(?:19|20)\d\d)\s(?P<court>SCC|CSC|FCA|CAF|FC|"
    r"(?:AB|BC|MB|NB|NL|NS|NT|NU|ON|PE|QC|SK|YK)(?:CA|SC|CJ|QB|KB|TD|CS))\s(?P<number>\d{1,5})(?![\w/])"
)
_ECLI = re.compile(
    r"(?<![\w:])(?:ECLI:)?(?P<code>[A-Z]{2}:[A-Z0-9]{1,7}:\d{4}:[A-Z0-9]+(?:\.[A-Z0-9]+)*)"
)
_CASE = re.compile(
    r"(?<![\w/.-])(?:(?:Joined\s|Opinion in )?Cases?\s)?(?P<number>[CTF]-\d{1,4}/\d{2})(?P<appeal>\sP)?(?![\w/-])"
)
_SINGLE = r"(?:[Aa]pplications?|[Aa]pps?\.?|[Rr]equêtes?)"
_APPLICATION = re.compile(
    rf"(?<![\w.])(?:(?P<told>{_SINGLE})\s{{1,3}})?(?:[Nn]os?\.?|[Nn][°º]s?\.?|nos)\s?"
    r"(?P<number>\d{1,5}/\d{2})(?![\w/%-]|\.\d)"
)
_MORE_APPLICATIONS = re.compile(
    r"(?:,|,?\s(?:and|et|&))\s(?P<number>\d{1,5}/\d{2})(?![\w/%-]|\.\d)"
)
_ICJ = re.compile(
    r"""(?<!\w)(?:
      \[(?P<oscola>(?:19|20)\d\d)\]\s(?:ICJ|I\.C\.J\.)\sRep(?:orts|\.)?\s(?P<oscola_page>\d{1,4})
    | (?:ICJ|I\.C\.J\.)\sRep(?:orts|\.)?\s(?P<own>(?:19|20)\d\d)(?:\s\([IVX]{1,4}\))?,?\s
        p\.?\s(?P<own_page>\d{1,4})
    | (?P<blue>(?:19|20)\d\d)\sI\.C\.J\.\s(?:Rep(?:orts|\.)?\s)?(?P<blue_page>\d{1,4})
    )(?!\w)""",
    re.VERBOSE,
)
_SERIES = re.compile(r"\bSeries\s(?P<letter>[A-E]),?\sNo\.?\s(?P<number>\d{1,3})(?!\w)")
_OPINION = re.compile(r"\bOC-(?P<number>\d{1,2}/\d{2})(?![\w/])")

Span = tuple[int, int, str]


def named_in(text: str) -> list[Span]:
    """Find what is named in text that went through `clean`: (start, end, symbol), in order."""
    if _HINT.search(text) is None:
        return []
    found: list[Span] = []
    for rule in (_resolutions, _neutral, _ecli, _cases, _applications, _icj, _others):
        found.extend(rule(text))
    found.sort(key=lambda span: (span[0], -span[1]))
    apart: list[Span] = []
    for span in found:
        if not apart or span[0] >= apart[-1][1]:
            apart.append(span)
    return apart


def _resolutions(text: str) -> Iterator[Span]:
    """Read "General Assembly resolutions 60/251 and 65/281", "UNGA Res 217 A(III)"."""
    for match in _RESOLUTION.finditer(text):
        printed = " ".join(
            (match["organ"] or match["of"] or "unsc").lower().replace("’", "'").split()
        )
        organ = _ORGANS[printed.removeprefix("un ")]
        number = match["first"] or match["second"] or match["third"]
        if _NUMBERED[organ].fullmatch(number) is None:
            continue
        yield match.start(), match.end(), _resolution(organ, number)
        if match["first"]:
            more = _MORE_COUNCIL if organ == "S" else _MORE_RESOLUTIONS
            yield from _more(text, match.end(), more, partial(_resolution, organ))


def _resolution(organ: str, number: str) -> str:
    """Write its symbol: "A/RES/70/1"; of before 1976 with its session, "A/RES/217(III)"."""
    number, _, session = number.partition("(")
    number = number.strip().rstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ").strip()
    session = session.partition(")")[0]  # a letter behind tells its parts: "217 (III) A"
    return f"{organ}/RES/{number}({session})" if session else f"{organ}/RES/{number}"


def _more(
    text: str, at: int, pattern: re.Pattern[str], symbol: Callable[[str], str]
) -> Iterator[Span]:
    """Read what goes on with a list: " and 65/281"."""
    while (match := pattern.match(text, at)) is not None:
        yield match.start("number"), match.end("number"), symbol(match["number"])
        at = match.end()


def _neutral(text: str) -> Iterator[Span]:
    """Read "[2019] UKSC 41", "[2004] EWCA Civ 5", "[2008] EWHC 36 (Admin)", "2008 SCC 9"."""
    for match in _NEUTRAL.finditer(text):
        court = " ".join(match["court"].split())
        if court.partition(" ")[0] in _REPORTS:
            continue
        division = f" ({match['division']})" if match["division"] else ""
        yield *match.span(), f"[{match['year']}] {court} {match['number']}{division}"
    for match in _CANADIAN.finditer(text):
        yield *match.span(), " ".join(match[0].split())


def _ecli(text: str) -> Iterator[Span]:
    """Read "EU:C:2014:317" and "ECLI:EU:C:2014:317", which are the same."""
    for match in _ECLI.finditer(text):
        yield *match.span(), match["code"]


def _cases(text: str) -> Iterator[Span]:
    """Read "Case C-131/12", "Joined Cases C-402/05 P and C-415/05 P"."""
    for match in _CASE.finditer(text):
        yield *match.span(), match["number"] + (" P" if match["appeal"] else "")


def _applications(text: str) -> Iterator[Span]:
    """Read "no. 30210/96" behind a comma or a bracket, "Application nos. 1/06 and 2/06"."""
    for match in _APPLICATION.finditer(text):
        # "Law No. 12/98" is none.
        before = text[max(0, match.start() - 3) : match.start()].rstrip()[-1:]
        if not match["told"] and before not in {"", ",", "(", ";", "[", "]", ")"}:
            continue
        yield *match.span(), f"no. {match['number']}"
        yield from _more(text, match.end(), _MORE_APPLICATIONS, lambda number: f"no. {number}")


def _icj(text: str) -> Iterator[Span]:
    """Read "I.C.J. Reports 2004, p. 136", "[2004] ICJ Rep 136" and "2004 I.C.J. 136"."""
    if "ICJ" not in text and "I.C.J." not in text:
        return
    for match in _ICJ.finditer(text):
        year = match["oscola"] or match["own"] or match["blue"]
        page = match["oscola_page"] or match["own_page"] or match["blue_page"]
        yield *match.span(), f"I.C.J. Reports {year} p. {page}"


def _others(text: str) -> Iterator[Span]:
    """Read the Inter-American Court's "Series C No. 4" and "OC-21/14"."""
    if "Series" not in text and "OC-" not in text:
        return
    for match in _SERIES.finditer(text):
        yield *match.span(), f"Series {match['letter']} No. {match['number']}"
    for match in _OPINION.finditer(text):
        yield *match.span(), f"OC-{match['number']}"
