"""Values → the JSON of the contract, and readable text on a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from rag.domain import (
    Answer,
    Citation,
    Claim,
    Document,
    NoAnswer,
    Paragraph,
    Passage,
    ResolvedCitation,
)

NOT_SAID = "The record does not say."


def citation_text(paragraph: Paragraph) -> str:
    """A paragraph's pinpoint in brackets; says so where the number was inferred."""
    pinpoint = Citation(paragraph.document, paragraph.section, paragraph.label)
    return f"[{pinpoint}, number inferred]" if paragraph.inferred else f"[{pinpoint}]"


def speaker_text(speaker: str | None, delegation: str | None) -> str:
    """A speaker as records print one: "Mr. Suindikov (Kazakhstan)"."""
    if not speaker:
        return ""
    if delegation and delegation not in speaker:
        return f"{speaker} ({delegation})"
    return speaker


def claim_text(claim: Claim, inferred: bool = False) -> str:
    """One claim as a line: speaker, words, pinpoint."""
    who = speaker_text(claim.speaker, claim.delegation)
    words = f"“{claim.quote}”" if claim.text == claim.quote else claim.text
    pinpoint = f"[{claim.citation}, number inferred]" if inferred else f"[{claim.citation}]"
    return f"{who}: {words} {pinpoint}" if who else f"{words} {pinpoint}"


def answer_text(answer: Answer | NoAnswer) -> str:
    """The whole answer as text."""
    if isinstance(answer, NoAnswer):
        return f"{NOT_SAID} {answer.reason}"
    inferred = {
        str(Citation(p.paragraph.document, p.paragraph.section, p.paragraph.label))
        for p in answer.passages
        if p.paragraph.inferred
    }
    return "\n".join(claim_text(c, str(c.citation) in inferred) for c in answer.claims)


def passage_json(passage: Passage) -> dict[str, Any]:
    """A search hit."""
    paragraph, turn = passage.paragraph, passage.paragraph.turn
    return {
        "symbol": paragraph.document,
        "label": paragraph.label,
        "citation": str(Citation(paragraph.document, paragraph.section, paragraph.label)),
        "inferred": paragraph.inferred,
        "text": paragraph.text,
        "speaker": turn.speaker if turn else None,
        "role": turn.role if turn else None,
        "delegation": turn.delegation if turn else None,
        "score": passage.score,
        "by": passage.by,
    }


def claim_json(claim: Claim) -> dict[str, Any]:
    """A claim with its citation and checks."""
    return {
        "text": claim.text,
        "quote": claim.quote,
        "citation": {
            "symbol": claim.citation.symbol,
            "section": claim.citation.section,
            "first": claim.citation.first,
            "last": claim.citation.last,
            "text": str(claim.citation),
        },
        "speaker": claim.speaker,
        "delegation": claim.delegation,
        "checks": [asdict(check) for check in claim.checks],
    }


def answer_json(answer: Answer | NoAnswer) -> dict[str, Any]:
    """An answer, or that there is none."""
    claims: Sequence[Claim] = answer.claims if isinstance(answer, Answer) else ()
    data: dict[str, Any] = {
        "question": answer.question,
        "answered": isinstance(answer, Answer),
        "text": answer_text(answer),
        "claims": [claim_json(claim) for claim in claims],
        "rejected": [claim_json(claim) for claim in answer.rejected],
        "nearest": [passage_json(passage) for passage in answer.nearest],
        "searched": asdict(answer.searched),
        "seconds": round(answer.seconds, 4),
    }
    if answer.asked and answer.asked != answer.question:
        data["asked"] = answer.asked
    return data


def document_json(document: Document) -> dict[str, Any]:
    """A document with all its paragraphs."""
    return {
        "id": document.id,
        "symbol": document.symbol,
        "title": document.title,
        "kind": document.kind,
        "body": document.body,
        "session": document.session,
        "meeting": document.meeting,
        "held_on": document.held_on.isoformat() if document.held_on else None,
        "issued_on": document.issued_on.isoformat() if document.issued_on else None,
        "place": document.place,
        "chair": document.chair,
        "language": document.language,
        "state": document.state,
        "headings": [asdict(heading) for heading in document.headings],
        "events": [asdict(event) for event in document.events],
        "paragraphs": [paragraph_json(paragraph) for paragraph in document.paragraphs],
        "notes": [asdict(note) for note in document.notes],
    }


def paragraph_json(paragraph: Paragraph) -> dict[str, Any]:
    """A paragraph as `rag show` gives it."""
    turn = paragraph.turn
    return {
        "label": paragraph.label,
        "section": paragraph.section,
        "inferred": paragraph.inferred,
        "text": paragraph.text,
        "heading": paragraph.heading,
        "speaker": turn.speaker if turn else None,
        "role": turn.role if turn else None,
        "delegation": turn.delegation if turn else None,
        "continued": paragraph.continued,
        "page": paragraph.page,
    }


def summary_json(document: Document) -> dict[str, Any]:
    """A document in one line of `rag list`."""
    return {
        "id": document.id,
        "symbol": document.symbol,
        "title": document.title,
        "kind": document.kind,
        "body": document.body,
        "held_on": document.held_on.isoformat() if document.held_on else None,
        "issued_on": document.issued_on.isoformat() if document.issued_on else None,
        "paragraphs": len(document.paragraphs),
        "source": str(document.source),
        "notes": len(document.notes),
    }


def resolved_json(citation: ResolvedCitation) -> dict[str, Any]:
    """A citation found in a text."""
    found = citation.found
    return {
        "start": found.start,
        "end": found.end,
        "symbol": found.symbol,
        "section": found.section,
        "paras": [list(pair) for pair in found.paras],
        "resolved": citation.resolved,
        "paragraphs": [
            {"symbol": p.document, "label": p.label, "text": p.text, "inferred": p.inferred}
            for p in citation.paragraphs
        ],
    }
