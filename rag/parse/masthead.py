"""What stands above the first paragraph → session, meeting, dates, place, chair, title, agenda.

What is not printed is None, never a guess. Extraction breaks mastheads in many
ways (one word a line, "11 7 th session", fill-dots, all on one line); they are
put right here, and only here.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from rag.cite import body_of, find_symbols, meeting_of
from rag.domain import AgendaItem
from rag.parse.agenda import agenda_items, documents_of
from rag.parse.dates import dates_in, first_date, only_date
from rag.parse.review import language_of, sentence_case, state_of
from rag.parse.titles import MEETINGS, kind_from, title_of

__all__ = ["Masthead", "documents_of", "read_masthead"]

_GAPPED = r"\d(?: ?\d){0,4}"  # "11 7"
_NTH = rf"{_GAPPED} ?(?:st|nd|rd|th)"
_WORDED = (
    r"(?:(?:one |two )?hundred[- ](?:and )?)?"
    r"(?:(?:twent|thirt|fort|fift|sixt|sevent|eight|ninet)y[-– ]?)?(?:first|second|third|[a-z]+th)"
)
_SESSION = re.compile(
    rf"^(?:(?:resumed |(?:19|20)\d\d )*(?:{_NTH}|{_WORDED})(?: [a-z]+){{0,2}} (?:session|year)"
    r"(?: \(?resumed\)?)?"
    r"|(?:(?:19|20)\d\d )?(?:substantive |organizational |resumed )+session(?: (?:of |for )?\d{4})?"
    r"|(?:\d{1,3} ?e|[^\W\d_]+(?:[- ][^\W\d_]+){0,4}?(?:ième|ème|ieme|première|seconde))"
    r"(?: [a-z]+)? session"
    r"|(?:\d{1,3} ?º|[^\W\d_]+(?: [^\W\d_]+)?) per[ií]odo (?:[a-z]+ )?de (?:sesiones|sess[õo]es)"
    r"(?: [a-z]+)?)$",
    re.IGNORECASE,
)
_RECORD_OF = re.compile(
    rf"\bsummary record\b.{{0,60}}?\bof the (?P<nth>{_GAPPED} ?(?=st|nd|rd|th)|[a-z]+(?:-[a-z]+)?)"
    r"(?: ?(?:st|nd|rd|th))? (?:\([^)]*\)\*? ?)?(?:plenary )?meeting"
    rf"|\bcompte rendu\b.{{0,80}}?\bde la (?P<fr>{_GAPPED}) ?e s[ée]ance"
    rf"|\bacta resumida\b.{{0,80}}?\bde la (?P<es>{_GAPPED}) ?[ªa]\.? sesi[óo]n",
    re.IGNORECASE,
)
_NTH_MEETING = re.compile(rf"^(?P<nth>{_GAPPED}) ?(?:st|nd|rd|th) (?:plenary )?meeting\b", re.I)
_ADOPTED_AT = re.compile(
    r"^\s*(?P<nth>\d{1,4}) ?(?:st|nd|rd|th|e|[ªa]\.?) (?:plenary meeting|s[ée]ance pl[ée]ni[èe]re|"
    r"sesi[óo]n plenaria)\s*\n\s*(?P<date>[^\n]{8,30})$",
    re.IGNORECASE | re.MULTILINE,
)
_WEEKDAY = (
    r"(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|lundi|mardi|mercredi|jeudi|vendredi|samedi|"
    r"dimanche|lunes|martes|miércoles|jueves|viernes|sábado|domingo)"
)
_HELD = re.compile(
    rf"^(?:.{{0,90}}meeting\)?\*? )?(?:held (?:at|in)|tenue (?:au|à la|à l[’']|aux|à)|celebrada en)(?: the)? ?(?P<place>.+?),?"
    rf" (?:on|le|el) (?:{_WEEKDAY},? )?(?P<date>\d.+)",
    re.IGNORECASE,
)
_WEEKDAY_LINE = re.compile(rf"^{_WEEKDAY},? (?P<date>\d.+)$", re.IGNORECASE)
_SESSION_AT = re.compile(
    r"^(?P<place>[A-Z][\w .'’-]{2,30}), \d{1,2}.{0,14}[–—-] ?\d{1,2} [^\W\d]+ \d{4}$"
)
_PERIOD_AT = re.compile(r"\bheld in (?P<place>[A-Z][\w'’ -]{2,30}?),? from \d")
_CHAIR = re.compile(
    r"^(?:Acting |Temporary )?(?:Chair(?:person|man|woman)?|President|Présidente?|Président\(e\)|"
    r"President[ea]|Presidencia|Presidência) ?: ?(?P<name>.*)$",
    re.IGNORECASE,
)
_FILL = re.compile(r" ?(?:\.[ .]*){3,}|…+[ .…]*")
_BODY = re.compile(
    r"^(?:(?:(?:Human Rights|First|Second|Third|Fourth|Fifth|Sixth) Committee)|"
    r"(?:Sub)?Committee (?:on|against|for|of)\b.{3,110}|Commission on\b.{3,110}|"
    r"Human Rights Council|Security Council|General Assembly|Economic and Social Council|"
    r"Conference of the Parties(?: serving .{10,90})?|Subsidiary Body for .{5,60}|"
    r"Comité (?:des|pour|contre|de|del|para|contra)\b.{3,110}|Conse(?:il|jo) (?:des|de)\b.{3,60})$",
    re.IGNORECASE,
)
_PARENTS = ("General Assembly", "Economic and Social Council")
_COURT = re.compile(
    r"^(?:in the )?(?P<name>(?:.{3,40} )?(?:court|cour|corte|tribunal)\b(?! of (?:\w+ ){0,3}on\b).{3,110})$",
    re.IGNORECASE,
)
_GOES_ON = re.compile(r"^(?:of|des|du|de l[’'a]|del|serving)\b(?! \d)", re.IGNORECASE)
_OPENING = re.compile(r"^The (?:\w+ ){0,5}meeting w ?a ?s called to order\b", re.I)
_NARRATIVE = re.compile(
    r"^(?:In the absence of|At the invitation of|This record|Corrections|room [A-Z]|\d\d-\d{5})\b"
)
_NO_PLACE = re.compile(
    r"\b(?:Official|Records?|Council|Assembly|Nations|Provisional|Session)\b", re.I
)
# Where a masthead that stands on one line may be cut.
_SEAMS = re.compile(
    r" (?=Distr\.|Original ?:|General Assembly|Human Rights Council|Agenda item \d|Contents\b|"
    r"(?:[A-Z][a-z]+(?:-[a-z]+)?|\d+(?:st|nd|rd|th)) session\b|Report of the Working Group|"
    r"Universal Periodic Review|Summary record of|Held at|Chair(?:person)? ?:)"
    r"|(?<=session) (?=[A-Z])|(?<=meeting) (?=[A-Z])|(?<=item \d) (?=[A-Z])"
)
_STATELESS = ("verbatim record", "resolution", "draft resolution", "general comment", "decision")
_SHORT_SEAMS = re.compile(
    r" (?=Distr\.|Original ?:)|(?<=[Cc]ouncil|COUNCIL) (?=[A-Z][\w-]+ session\b)"
    r"|(?<=session) (?=Agenda item)"
)
_MOST_LINES, _LONGEST_LINE, _LONGEST_PIECE = 400, 4000, 600  # of what is read as a masthead
_MARKS = re.compile(r"(?: ?\[?[*∗]+\]?,?)+$")
_NUMBER_WORDS = {
    word: number
    for number, word in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth "
        "thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth".split(),
        start=1,
    )
} | {f"{tens}ieth": 10 * n for n, tens in enumerate("twent thirt fort fift sixt".split(), start=2)}
_TENS = {f"{tens}y": 10 * n for n, tens in enumerate("twent thirt fort fift sixt".split(), start=2)}


@dataclass(frozen=True, slots=True)
class Masthead:
    """What could be read; None for what is not printed."""

    title: str
    kind: str
    body: str | None
    session: str | None
    meeting: int | None
    held_on: date | None
    issued_on: date | None
    place: str | None
    chair: str | None
    language: str
    state: str | None
    agenda: tuple[AgendaItem, ...] = ()
    reissue: str | None = None  # the mark behind the symbol: "*"


def read_masthead(
    lines: Sequence[str], headings: Sequence[str], *, symbol: str | None, text: str
) -> Masthead:
    """Read the lines above the first paragraph.

    Args:
        lines: the masthead's lines, unwrapped or as printed.
        headings: the headings of the whole document, in order.
        symbol: the document's symbol, where it is known.
        text: the whole text: it tells the language, and holds what page furniture
            took with it (the date below "Distr.", the mark behind the symbol).

    """
    lines = _tidy(lines)
    headings = [heading[:_LONGEST_LINE] for heading in headings]
    opening = next((i for i, line in enumerate(lines) if _OPENING.match(line)), len(lines))
    lines = lines[:opening]
    kind = kind_from(lines, symbol)
    meeting, adopted_on = _meeting(lines, kind, symbol, text)
    held_on, place = _held(lines, kind)
    contents = _contents(lines, kind) if kind in MEETINGS else []
    state = None if kind in _STATELESS else state_of(lines, headings, kind)
    return Masthead(
        title=title_of(kind, meeting, lines, headings, symbol, state),
        kind=kind,
        body=(body_of(symbol) if symbol else None) or _body(lines),
        session=next((s for line in lines if (s := _session(line))), None),
        meeting=meeting,
        held_on=held_on or adopted_on,
        issued_on=_issued(lines, text, held_on, kind),
        place=place,
        chair=_chair(lines) or (_chair(_head_of(text)) if kind in MEETINGS else None),
        language=language_of(text),
        state=state,
        agenda=agenda_items(lines, contents, headings),
        reissue=_reissue(text, symbol),
    )


def _tidy(lines: Sequence[str]) -> list[str]:
    """Cut a masthead that stands on one line; take off footnote marks and table rules."""
    tidy: list[str] = []
    for whole in itertools.islice(lines, _MOST_LINES):
        line = whole[:_LONGEST_LINE]
        for piece in (_SEAMS if len(line) > 200 else _SHORT_SEAMS).split(line):
            bare = _MARKS.sub(
                "", re.sub(r"\s+|(?<=Universal)(?=Periodic)", " ", piece.strip(" |/"))
            ).strip()
            if bare:
                tidy.append(bare[:_LONGEST_PIECE])
    return tidy


def _head_of(text: str) -> list[str]:
    """The lines above the opening as they stand in the text.

    Fill-dots between a chair's name and State make a line look like one of a table of
    contents, which is kept from the masthead.
    """
    lines = _tidy(text[:6000].split("\n")[:120])
    return lines[: next((i for i, line in enumerate(lines) if _OPENING.match(line)), 0)]


def _windows(lines: Sequence[str]) -> list[str]:
    """Each line together with the two that follow it: "Held at …" is often wrapped."""
    return [" ".join(lines[i : i + 3]) for i in range(len(lines))]


def _session(line: str) -> str | None:
    """The session that a line names, and nothing else: "11 7 th session" is the 117th."""
    match = _SESSION.match(line)
    if match is None:
        return None
    session = re.sub(r"(?<=\d) (?=\d|st\b|nd\b|rd\b|th\b)", "", line).replace("–", "-")
    return sentence_case(session) if line.isupper() else session[0].upper() + session[1:]


def _meeting(
    lines: Sequence[str], kind: str, symbol: str | None, text: str
) -> tuple[int | None, date | None]:
    """The meeting's number, and for a resolution the day of the meeting that adopted it."""
    if kind == "resolution":
        match = _ADOPTED_AT.search(text)
        on = first_date(match["date"]) if match else None
        return (int(match["nth"]), on) if match and on else (None, None)
    number: int | None = None
    for window in _windows(lines):
        match = _RECORD_OF.search(window)
        if match is None and kind == "verbatim record":
            match = _NTH_MEETING.match(window)
        if match is not None:
            number = _cardinal(next(n for n in match.groupdict().values() if n))
            break
    return number or (meeting_of(symbol) if symbol else None), None


def _cardinal(nth: str) -> int | None:
    """Read "11 7" and "twenty-second" as numbers."""
    digits = nth.replace(" ", "")
    if digits.isdigit():
        return int(digits)
    tens, _, unit = nth.lower().rpartition("-")
    known = _NUMBER_WORDS.get(unit)
    return known + _TENS.get(tens, 0) if known and (not tens or tens in _TENS) else None


def _held(lines: Sequence[str], kind: str) -> tuple[date | None, str | None]:
    """When and where the meeting was held, or the session that a report is of."""
    of_meeting = kind in MEETINGS
    for i, window in enumerate(_windows(lines)):
        match = _HELD.search(window) if of_meeting else None
        if match and (on := first_date(match["date"])):
            return on, match["place"].strip(" ,")
        match = _WEEKDAY_LINE.match(lines[i]) if of_meeting else None
        if match and (on := first_date(match["date"])):
            return on, _place_below(lines[i + 1 : i + 8])
        at = (
            (_SESSION_AT.match(lines[i]) or _PERIOD_AT.search(window)) if kind == "report" else None
        )
        if at:
            return None, at["place"]
    return None, None


def _place_below(lines: Sequence[str]) -> str | None:
    """The place under a verbatim record's date: a line of nothing but a name, in two words."""
    for line in lines:
        if _CHAIR.match(line):
            return None
        if _NO_PLACE.search(line):
            continue
        if re.fullmatch(r"(?:NEW YORK|GENEVA|PARIS|VIENNA|[A-Z][a-z]+(?: [A-Z][a-z]+)?)", line):
            return line.title() if line.isupper() else line
    return None


def _issued(lines: Sequence[str], text: str, held_on: date | None, kind: str) -> date | None:
    """The date alone on its line, first of all the one below "Distr."; a judgment's own date."""
    raw = [line.strip() for line in text[:20_000].split("\n") if line.strip()]
    for i, line in enumerate(raw):
        if re.search(r"\bDistr\.", line):
            dates = dates_in(line[:300].partition("Distr.")[2])
            on = dates[0][2] if dates and dates[0][0] < 40 else None
            on = on or next((d for near in raw[i + 1 : i + 7] if (d := _below_symbol(near))), None)
            if on:
                return on
    alone = [d for line in lines if (d := only_date(line)) and d != held_on]
    if alone:
        return alone[0]
    if kind in ("judgment", "order", "views"):
        said = re.compile(r"^(?:on|le|de|of|\w+ of|\w+ de) (?=\w)", re.IGNORECASE)
        return next((d for x in lines if (d := only_date(said.sub("", x)))), None)
    return None


def _below_symbol(line: str) -> date | None:
    """The date of a line that holds nothing else but, at most, a symbol before it."""
    for _, end, _ in find_symbols(line[:100]):
        line = line[end:]
    return only_date(line)


def _chair(lines: Sequence[str]) -> str | None:
    """Who presided, as printed; the name may stand on the line below the office."""
    for i, line in enumerate(lines):
        match = _CHAIR.match(line)
        if match is None:
            continue
        name = match["name"]
        rest = list(lines[i + 1 : i + 4])
        if not name and rest:
            name = rest.pop(0)
        while rest and re.match(r"^(?:\(.{3,60}\)$|later ?:)", rest[0]):
            name += (" " if rest[0].startswith("(") else "; ") + rest.pop(0)
        return re.sub(r"\s+", " ", _FILL.sub(" ", name)).strip(" ,") or None
    return None


def _body(lines: Sequence[str]) -> str | None:
    """The body that a line names, where no symbol tells it; a committee before its parent."""
    for pattern in (_BODY, _COURT):
        found: list[str] = []
        for i, line in enumerate(lines):
            match = pattern.match(line)
            if match:
                name = match["name"] if pattern is _COURT else line
                below = lines[i + 1] if i + 1 < len(lines) else ""
                if _GOES_ON.match(below) and not dates_in(below):
                    name += " " + below
                found.append(_name_case(name) if name.isupper() else name)
        if found:
            return next((name for name in found if name not in _PARENTS), found[0])
    return None


def _name_case(name: str) -> str:
    small = {"of", "on", "the", "and", "de", "des", "del", "du", "la", "against", "for", "to"}
    words = [w if i and w in small else w.capitalize() for i, w in enumerate(name.lower().split())]
    return re.sub(r"\bL(['’])([^\W\d_])", lambda m: f"l{m[1]}{m[2].upper()}", " ".join(words))


def _contents(lines: Sequence[str], kind: str) -> list[str]:
    """The agenda of a record of a meeting: the lines between "Contents" and the opening."""
    begin = next((i + 1 for i, x in enumerate(lines) if x.lower() in ("contents", "agenda")), None)
    if begin is None:
        if kind == "verbatim record":
            return []
        chairs = [i for i, line in enumerate(lines) if _CHAIR.match(line)]
        begin = chairs[-1] + 1 if chairs else len(lines)
    found: list[str] = []
    for line in lines[begin:]:
        if _NARRATIVE.match(line) or line == ".":
            break
        if not only_date(line) and any(c.isalpha() for c in line):
            found.append(line)
    return found


def _reissue(text: str, symbol: str | None) -> str | None:
    """The asterisks behind the symbol in the masthead, which say that it was issued again."""
    if symbol is None:
        return None
    head = [line for line in text[:6000].split("\n") if line.strip()][:60]
    for line in itertools.chain.from_iterable(line[:200].split(" / ") for line in head):
        for _, end, found in find_symbols(line):
            mark = re.match(r" ?([*∗]+)\s*(?:$|Distr)", line[end:])
            if found == symbol and mark:
                return mark[1].replace("∗", "*")
    return None
