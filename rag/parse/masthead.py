"""What stands above the first paragraph → session, meeting, dates, place, chair, title."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from rag.cite import body_of, kind_of, meeting_of
from rag.domain import AgendaItem

_MONTHS = {
    name: number
    for number, name in enumerate(
        "January February March April May June July August September October November December".split(),
        start=1,
    )
}
_DATE = re.compile(rf"\b(\d{{1,2}})\s+({'|'.join(_MONTHS)})\s+(\d{{4}})\b")
_SESSION = re.compile(
    r"\b((?:\d[\d ]{0,4}\s?(?:st|nd|rd|th)|[A-Z][a-z]+(?:-[a-z]+)*(?: [a-z]+(?:-[a-z]+)*)?)"
    r" (?:special |resumed )?session)\b"
)
_MEETING = re.compile(
    r"summary record\b.{0,60}?\bof the\s+(\d{1,5}) ?(?:st|nd|rd|th) meeting", re.IGNORECASE
)
_HELD = re.compile(r"\bheld at (?P<place>.+?),?\s+on\s+(?:[A-Z][a-z]+day,?\s+)?(?P<date>.+)", re.I)
_CHAIR = re.compile(
    r"^(?:Acting )?(?:Chair|Chairperson|Chairman|Chairwoman|President)\s*:\s*(.+)$", re.IGNORECASE
)
_BODY = re.compile(
    r"^((?:[A-Z][a-z]+ )?(?:[Cc]ommittee|COMMITTEE)\b.{0,120}|Human Rights Council|"
    r"Security Council|General Assembly|Economic and Social Council)$"
)
_REVIEW = re.compile(
    r"\b(?:(?:periodic|initial|combined|alternative|supplementary|additional)\b[^.;]{0,80}?"
    r"\breports?|report|reply|replies|review)\s+(?:submitted by|of|by|on)\s+(?:the )?"
    r"(?P<state>[A-Z][\w'’\-]+(?:(?: of| and| the)* [A-Z][\w'’\-]+)*)"
)
_OBSERVED = re.compile(
    r"\b(?:in relation to|concerning|regarding)\s+(?:the )?[^.;]{0,60}?"
    r"\breports?\s+of\s+(?:the )?(?P<state>[A-Z][\w'’\-]+(?:(?: of| and| the)* [A-Z][\w'’\-]+)*)"
)
_DOCUMENTS = re.compile(r" *\([A-Z][^()]*/.*$")  # the documents that a heading cites
# "Second periodic reports of States parties due in 2014" names no State.
_NO_STATE = frozenset(
    {"States", "State", "Committee", "Human", "Working", "Covenant", "Convention"}
)
_KIND_LINES = (
    ("concluding observations", re.compile(r"^concluding (?:observations|comments)\b", re.I)),
    ("list of issues", re.compile(r"^list of issues\b", re.I)),
    ("replies to list of issues", re.compile(r"^repl(?:y|ies)\b.{0,60}\blist of issues\b", re.I)),
    ("summary record", re.compile(r"^(?:provisional )?summary record\b", re.I)),
    ("general comment", re.compile(r"^general (?:comment|recommendation) no\b", re.I)),
    ("views", re.compile(r"^views adopted\b", re.I)),
    ("report", re.compile(r"^(?:report of|national report)\b", re.I)),
)


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
        lines: the masthead's lines, unwrapped.
        headings: the headings of the whole document, in order.
        symbol: the document's symbol, where it is known.
        text: the whole text (to tell the language).

    """
    joined = "\n".join(lines)
    flat = " ".join(lines)
    meeting = _MEETING.search(flat)
    number = int(meeting[1]) if meeting else (meeting_of(symbol) if symbol else None)
    held = next((m for line in _windows(lines) if (m := _HELD.search(line))), None)
    held_on = _first_date(held["date"]) if held else None
    session = _SESSION.search(joined)
    kind = _kind(lines, symbol)
    state = _state([*lines, *headings])
    return Masthead(
        title=_title(kind, number, lines, headings, symbol),
        kind=kind,
        body=(body_of(symbol) if symbol else None) or _body(lines),
        session=_mend_ordinal(session[1]) if session else None,
        meeting=number,
        held_on=held_on,
        issued_on=next((d for line in lines if (d := _alone(line)) and d != held_on), None),
        place=held["place"].strip() if held else None,
        chair=_chair(lines),
        language=_language(text),
        state=state,
    )


def _windows(lines: Sequence[str]) -> list[str]:
    """Each line together with the two that follow it: "Held at …" is often wrapped."""
    return [" ".join(lines[i : i + 3]) for i in range(len(lines))]


def _first_date(text: str) -> date | None:
    match = _DATE.search(text)
    if match is None:
        return None
    day, month, year = match.groups()
    try:
        return date(int(year), _MONTHS[month], int(day))
    except ValueError:
        return None


def _alone(line: str) -> date | None:
    """The date of a line that is nothing but a date."""
    match = _DATE.search(line)
    return _first_date(line) if match and len(match[0]) >= len(line.strip()) - 1 else None


def _mend_ordinal(session: str) -> str:
    """Close the gaps that extraction left: "11 7 th session"."""
    return re.sub(r"(?<=\d) (?=\d|st|nd|rd|th)", "", session)


def _chair(lines: Sequence[str]) -> str | None:
    for line in lines:
        match = _CHAIR.match(line)
        if match:
            return re.sub(r"\s*\.{3,}\s*", " ", match[1]).strip()
    return None


def _body(lines: Sequence[str]) -> str | None:
    found = next((m[1] for line in lines if (m := _BODY.match(line.strip()))), None)
    if found and found.isupper():
        return " ".join(w if w in ("of", "on", "the") else w.title() for w in found.lower().split())
    return found


def _kind(lines: Sequence[str], symbol: str | None) -> str:
    told = kind_of(symbol) if symbol else "document"
    if told != "document":
        return told
    for line in lines:
        for kind, pattern in _KIND_LINES:
            if pattern.match(line.strip()):
                return kind
    return "document"


def _state(lines: Sequence[str]) -> str | None:
    for line in lines:
        for pattern in (_REVIEW, _OBSERVED):
            for match in pattern.finditer(line):
                if match["state"].split()[0] not in _NO_STATE:
                    return match["state"]
    return None


def _title(
    kind: str,
    number: int | None,
    lines: Sequence[str],
    headings: Sequence[str],
    symbol: str | None,
) -> str:
    if kind == "summary record" and number:
        title = f"Summary record of the {_ordinal(number)} meeting"
        about = [h for h in headings if _REVIEW.search(h) and "States parties under" not in h]
        return f"{title}: {_DOCUMENTS.sub('', about[0])}" if about else title
    for _, pattern in _KIND_LINES:
        for line in lines:
            if pattern.match(line.strip()):
                return line.strip().rstrip("*").strip()
    if lines or headings:
        return ([h for h in headings if len(h) > 12] or list(headings) or [symbol or "Untitled"])[0]
    return symbol or "Untitled"


def _ordinal(number: int) -> str:
    if number % 100 in (11, 12, 13):
        return f"{number}th"
    return str(number) + {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")


_FUNCTION_WORDS = {
    "en": frozenset(["the", "of", "and", "that", "had", "was", "to", "in"]),
    "fr": frozenset(["le", "la", "les", "des", "et", "que", "du", "dans"]),
    "es": frozenset(["el", "los", "las", "del", "que", "por", "con", "una"]),
}


def _language(text: str) -> str:
    """The language of the text, by its commonest words."""
    words = re.findall(r"[^\W\d_]+", text[:20_000].lower())
    counts = {code: sum(w in common for w in words) for code, common in _FUNCTION_WORDS.items()}
    return max(counts, key=lambda code: counts[code])
