"""The words of a date → a `date`, in the languages that records are issued in."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

_MONTHS = (
    ("january", "janvier", "enero", "janeiro"),
    ("february", "fevrier", "febrero", "fevereiro"),
    ("march", "mars", "marzo", "marco"),
    ("april", "avril", "abril"),
    ("may", "mai", "mayo", "maio"),
    ("june", "juin", "junio", "junho"),
    ("july", "juillet", "julio", "julho"),
    ("august", "aout", "agosto"),
    ("september", "septembre", "septiembre", "setiembre", "setembro"),
    ("october", "octobre", "octubre", "outubro"),
    ("november", "novembre", "noviembre", "novembro"),
    ("december", "decembre", "diciembre", "dezembro"),
)
_NUMBER = {name: number for number, names in enumerate(_MONTHS, start=1) for name in names}
_WORD = r"[^\W\d_]{3,10}"
# "22 May 2008", "5 July2013", "1er mars 2010", "11 de mayo de 1994"; "March 28, 2022".
_DATE = re.compile(
    rf"(?<!\d)(?:(?P<day>\d{{1,2}})(?: ?(?:er|st|nd|rd|th|º|°))?\s+(?:de\s+)?(?P<month>{_WORD})"
    rf"\.?\s*(?:del?\s+)?(?P<year>\d{{4}})"
    rf"|(?P<us_month>{_WORD})\s+(?P<us_day>\d{{1,2}}),?\s+(?P<us_year>\d{{4}}))(?!\d)",
    re.IGNORECASE,
)
_AROUND = " .,;:()[]*"


def dates_in(text: str) -> list[tuple[int, int, date]]:
    """Find every date of a text as (start, end, date); impossible ones are none."""
    found: list[tuple[int, int, date]] = []
    for match in _DATE.finditer(text):
        month = _NUMBER.get(_plain(match["month"] or match["us_month"]))
        day = int(match["day"] or match["us_day"])
        if month is None:
            continue
        try:
            on = date(int(match["year"] or match["us_year"]), month, day)
        except ValueError:
            continue
        found.append((match.start(), match.end(), on))
    return found


def first_date(text: str) -> date | None:
    """Give the first date of a text."""
    found = dates_in(text)
    return found[0][2] if found else None


def only_date(line: str) -> date | None:
    """Give the date of a line that is nothing but a date."""
    found = dates_in(line) if len(line) < 40 else []
    if len(found) != 1:
        return None
    start, end, on = found[0]
    return None if (line[:start] + line[end:]).strip(_AROUND) else on


def _plain(word: str) -> str:
    """Fold case and accents: "Décembre", "FEVRIER"."""
    folded = unicodedata.normalize("NFKD", word.casefold())
    return "".join(c for c in folded if not unicodedata.combining(c))
