"""What a check gives: one finding for each quotation, statement or bare reference of a draft."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, get_args

Verdict = Literal[
    "verbatim",
    "altered",
    "supported",
    "wrong paragraph",
    "wrong speaker",
    "not found",
    "not in the index",
]
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
PASSED: frozenset[Verdict] = frozenset({"verbatim", "supported"})
Kind = Literal["quotation", "statement", "reference"]


@dataclass(frozen=True, slots=True)
class Where:
    """Where in the record words were found: `text[start:end]` of a paragraph."""

    citation: str  # "CCPR/C/SR.3272, para. 25"
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a difference, from the record's words to the draft's."""

    kind: Literal["same", "deleted", "inserted"]  # deleted: the record has it, the draft not
    text: str


@dataclass(frozen=True, slots=True)
class Place:
    """A span of the draft: of a part of its text, or of one of its notes."""

    part: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Finding:
    """The verdict on one quotation, statement or bare reference."""

    kind: Kind
    text: str  # the draft's words
    citation: str  # as the draft has it; "" where it cites nothing
    verdict: Verdict
    why: str  # one sentence, or several parts set apart by semicolons
    where: Where | None = None
    difference: tuple[Piece, ...] = ()
    place: Place | None = None  # of the words
    cited: tuple[Place, ...] = ()  # of the citations they rest on
    location: str = ""  # for a reader: "line 12", "note 3"
    unsure: bool = False  # a statement not told to be supported, and not contradicted: read it

    @property
    def passed(self) -> bool:
        """Whether the draft may stand as it is."""
        return self.verdict in PASSED

    @property
    def told(self) -> str:
        """The verdict as a reader is shown it."""
        return f"{self.verdict}? read it" if self.unsure else self.verdict


def shown(difference: tuple[Piece, ...]) -> str:
    """A difference as text: "the [-suspended-]{+abolished+} penalty"."""
    forms = {"same": "{}", "deleted": "[-{}-]", "inserted": "{{+{}+}}"}
    told = ""
    for piece in difference:
        glue = "" if not told or (piece.kind == "inserted" and told.endswith("-]")) else " "
        told += glue + forms[piece.kind].format(piece.text)
    return told


def as_row(finding: Finding, file: str) -> dict[str, Any]:
    """A finding for JSON: the contract's four keys first, then where and what differs."""
    where = finding.where
    return {
        "text": finding.text,
        "citation": finding.citation,
        "verdict": finding.verdict,
        "why": finding.why,
        "kind": finding.kind,
        "file": file,
        "location": finding.location,
        "unsure": finding.unsure,
        "where": where and {"citation": where.citation, "start": where.start, "end": where.end},
        "difference": [{"kind": piece.kind, "text": piece.text} for piece in finding.difference],
    }
