"""A document, or only its symbol → what a citation of it needs to say, in one frozen value.

Where the masthead was read, it is used; what the symbol alone tells (body, kind, meeting,
session, the number of a resolution or of a communication) fills the rest; nothing is guessed.
Sources: the UN Editorial Manual, "Document symbols"; the Dag Hammarskjöld Library's guide to
the series symbols.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from urllib.parse import quote

from rag.cite.series import body_of, kind_of, meeting_of
from rag.cite.symbols import find_symbols
from rag.domain import Document
from rag.errors import UnknownDocument

RECORDS = ("summary record", "verbatim record")
PRINCIPAL = frozenset({
    "General Assembly", "Security Council", "Economic and Social Council", "Trusteeship Council",
    "Secretariat",
})  # fmt: skip
_RESOLVING = {"A": "GA", "S": "SC", "E": "ESC", "T": "TC", "A/HRC": "HRC"}
_OFFICIAL = {"A": "GAOR", "S": "SCOR", "E": "ESCOR", "T": "TCOR"}
_COMMITTEE = re.compile(r"C\.([1-6])")
_NUMERAL = re.compile(r"(\d+) ?\(([IVXLC]+)\)")
_UNITS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth "
    "fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_ORDINALS = {
    **{word: number for number, word in enumerate(_UNITS, start=1)},
    **{word: 10 * number for number, word in enumerate(_TENS, start=2)},
    **{f"{word[:-1]}ieth": 10 * number for number, word in enumerate(_TENS, start=2)},
    "one": 0, "and": 0, "hundred": 100, "hundredth": 100,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a document that is cited."""

    symbol: str | None  # None: a document without one, cited by its title
    title: str = ""
    kind: str = "document"
    body: str | None = None
    session: str | None = None  # as printed: "Thirty-eighth session"
    meeting: int | None = None
    held_on: date | None = None
    issued_on: date | None = None

    @classmethod
    def of(cls, document: Document) -> Known:
        """What a document's own masthead says."""
        return cls(
            symbol=document.symbol,
            title=" ".join(document.title.split()),
            kind=document.kind,
            body=document.body or (body_of(document.symbol) if document.symbol else None),
            session=document.session,
            meeting=document.meeting,
            held_on=document.held_on,
            issued_on=document.issued_on,
        )

    @classmethod
    def named(cls, symbol: str) -> Known:
        """What a symbol tells of a document that is not at hand; `symbol` may be a mere name."""
        if find_symbols(symbol) != [(0, len(symbol), symbol)]:
            return cls(None, title=symbol)
        kind, body, meeting = kind_of(symbol), body_of(symbol), meeting_of(symbol)
        return cls(symbol, kind=kind, body=body, meeting=meeting)

    @property
    def day(self) -> date | None:
        """The date a citation bears: of a record, when the meeting was held; else of issue."""
        if self.kind in RECORDS:
            return self.held_on or self.issued_on
        return self.issued_on or self.held_on

    @property
    def parts(self) -> list[str]:
        """The components of the symbol."""
        return self.symbol.split("/") if self.symbol else []

    @property
    def resolution(self) -> tuple[str, str] | None:
        """Organ and number of a resolution: ("GA", "51/210"), ("GA", "217 (III)")."""
        if "RES" not in self.parts:
            return None
        at = self.parts.index("RES")
        organ, number = _RESOLVING.get("/".join(self.parts[:at])), "/".join(self.parts[at + 1 :])
        return (organ, _NUMERAL.sub(r"\1 (\2)", number)) if organ and number else None

    @property
    def communication(self) -> str | None:
        """The number of the communication that Views are on: "1405/2005"."""
        if "D" not in self.parts[1:] or self.kind != "views":
            return None
        at = self.parts.index("D", 1)
        number = "/".join(self.parts[at + 1 : at + 3])
        return number if re.fullmatch(r"\d+/\d{4}", number) else None

    @property
    def official(self) -> str | None:
        """The Official Records that the record of a principal organ's meeting belongs to."""
        if self.kind not in RECORDS or not self.parts:
            return None
        sub = self.parts[1] if len(self.parts) > 2 else ""
        own = not sub or sub.isdigit() or (self.parts[0] == "A" and self.committee is not None)
        return _OFFICIAL.get(self.parts[0]) if own else None

    @property
    def committee(self) -> int | None:
        """The number of a Main Committee of the General Assembly: "A/C.3/71/SR.2" → 3."""
        match = _COMMITTEE.fullmatch(self.parts[1]) if len(self.parts) > 2 else None
        return int(match[1]) if match and self.parts[0] == "A" else None

    @property
    def sessional(self) -> int | None:
        """The number of the session: by the symbol, else as the masthead prints it."""
        parts = self.parts
        at = 2 if self.committee or self.communication else 1
        numbered = parts[:1] == ["A"] or self.communication is not None
        if numbered and len(parts) > at + 1 and parts[at].isdigit():
            return int(parts[at])
        return ordinal_of(self.session) if self.session else None

    @property
    def name(self) -> str:
        """The title as printed; without one, what the symbol says the document is."""
        if self.title:
            return self.title
        if self.kind in RECORDS and self.meeting:
            return f"{self.kind.capitalize()} of the {ordinal(self.meeting)} meeting"
        if self.communication:
            return f"Views: Communication No. {self.communication}"
        if self.resolution or self.kind == "document":
            return ""
        return self.kind.capitalize()

    @property
    def link(self) -> str | None:
        """The official document on the web, by symbol; None where there is none."""
        return link(self.symbol) if self.symbol else None


Knows = Callable[[str], Known]


def knows(document: Callable[[str], Document]) -> Knows:
    """What is known of a document by its id: by its masthead, else what its symbol tells."""

    @cache
    def known(name: str) -> Known:
        try:
            return Known.of(document(name))
        except UnknownDocument:
            return Known.named(name)

    return known


def link(symbol: str) -> str:
    """The address of an official document: "https://undocs.org/CCPR/C/SR.3272"."""
    return f"https://undocs.org/{quote(symbol, safe='/().-')}"


def ordinal(number: int, *, short: bool = False) -> str:
    """A number in order: "3272nd"; `short` as the Bluebook has it (rule 6.2(b)): "3272d"."""
    last = 0 if number % 100 in (11, 12, 13) else number % 10
    ending = {1: "st", 2: "d" if short else "nd", 3: "d" if short else "rd"}.get(last, "th")
    return f"{number}{ending}"


def ordinal_of(text: str) -> int | None:
    """The number of a session: "Thirty-eighth session" → 38, "117th session" → 117."""
    digits = re.match(r"\s*(\d{1,3})(?:st|nd|rd|th|d)?\b", text)
    if digits:
        return int(digits[1])
    total = 0
    for word in re.findall(r"[a-z]+", text.lower()):
        if word not in _ORDINALS:
            break
        total += _ORDINALS[word]
    return total or None
