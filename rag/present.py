"""Values → the JSON of the contract, and readable text on a terminal."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from rag.domain import (
    Answer,
    Citation,
    Claim,
    Document,
    Exchange,
    NoAnswer,
    Paragraph,
    Passage,
    ResolvedCitation,
    SubParagraph,
    Turn,
    Usage,
    Voice,
)
from rag.subparagraphs import subparagraphs

SHORT = 240  # characters shown of a paragraph that is only pointed at
LACKING = 3  # documents named at most
NOT_SAID = "The record does not say."


def doubt(paragraph: Paragraph) -> str:
    """What a reader must know of a paragraph's number; empty where it was printed and read."""
    if paragraph.inferred:
        return "number inferred"
    return "number read by OCR" if paragraph.ocr else ""


def printed(label: str) -> str:
    """A number as it stands in the margin: "25." but "p. 4"."""
    return label if label.startswith("p. ") else f"{label}."


def citation_text(paragraph: Paragraph, sub: str | None = None) -> str:
    """A paragraph's pinpoint in brackets; says so where the number was inferred or read by OCR."""
    return _bracketed(replace(paragraph.citation, sub=sub), doubt(paragraph))


def doubts(answer: Answer | NoAnswer) -> dict[str, str]:
    """Canonical citation → what to say of its number, for what an answer was made from."""
    given = [passage.paragraph for passage in answer.passages]
    return {str(p.citation): doubt(p) for p in given if doubt(p)}


def _bracketed(citation: Citation, doubted: str) -> str:
    return f"[{citation}, {doubted}]" if doubted else f"[{citation}]"


def claim_doubt(claim: Claim, doubted: Mapping[str, str]) -> str:
    """What to say of the number that a claim cites; its sub-paragraph is no number."""
    return doubted.get(str(replace(claim.citation, sub=None)), "")


def speakers_text(paragraph: Paragraph) -> str:
    """Everybody who speaks in a paragraph, in order."""
    names = [speaker_text(voice.speaker, voice.delegation) for voice in paragraph.speakers]
    return "; ".join(dict.fromkeys(names))


def speaker_text(speaker: str | None, delegation: str | None) -> str:
    """A speaker as records print one: "Mr. Suindikov (Kazakhstan)"."""
    if not speaker:
        return ""
    return f"{speaker} ({delegation})" if adds_to(speaker, delegation) else speaker


def adds_to(speaker: str, delegation: str | None) -> bool:
    """Whether a delegation says more than the speaker: not where the State itself speaks.

    "The Islamic Republic of Iran" is not followed by "Iran (Islamic Republic of)".
    """
    if not delegation:
        return False
    said, told = (
        set(re.findall(r"\w+", name.casefold())) - {"the", "of", "and"}
        for name in (speaker, delegation)
    )
    return not (said <= told or told <= said)


def cited_text(paragraph: Paragraph) -> str:
    """The words that a citation points at; those of a verbatim record with their speaker."""
    if paragraph.turn and paragraph.label.startswith("p. "):
        return _spoken(paragraph.text, paragraph.turn)
    return paragraph.text


def claim_text(claim: Claim, doubted: str = "") -> str:
    """One claim as a line: speaker, words, pinpoint."""
    who = speaker_text(claim.speaker, claim.delegation)
    words = f"“{claim.quote}”" if claim.text == claim.quote else claim.text
    pinpoint = _bracketed(claim.citation, doubted)
    return f"{who}: {words} {pinpoint}" if who else f"{words} {pinpoint}"


def lacking(symbols: Sequence[str]) -> str:
    """Name documents that the record cites and the index lacks; empty where there are none."""
    if not symbols:
        return ""
    some = list(symbols[:LACKING])
    named = some[0] if len(some) == 1 else f"{', '.join(some[:-1])} and {some[-1]}"
    are, they = ("is", "it") if len(some) == 1 else ("are", "they")
    return f"{named}, cited there, {are} not in the index; {they} may hold the answer."


def answer_text(answer: Answer | NoAnswer) -> str:
    """The whole answer as text."""
    if isinstance(answer, NoAnswer):
        return " ".join(part for part in (NOT_SAID, answer.reason, lacking(answer.lacking)) if part)
    doubted = doubts(answer)
    lines = [claim_text(c, claim_doubt(c, doubted)) for c in answer.claims]
    return "\n".join([*lines, answer.note] if answer.note else lines)


def passage_json(passage: Passage) -> dict[str, Any]:
    """A search hit."""
    paragraph, turn = passage.paragraph, passage.paragraph.turn
    return {
        "symbol": paragraph.document,
        "label": paragraph.label,
        "citation": str(paragraph.citation),
        "section": paragraph.section,
        "inferred": paragraph.inferred,
        "ocr": paragraph.ocr,
        "text": paragraph.text,
        "speaker": turn.speaker if turn else None,
        "role": turn.role if turn else None,
        "delegation": turn.delegation if turn else None,
        "voices": [voice_json(voice) for voice in paragraph.voices],
        "score": passage.score,
        "by": passage.by,
    }


def claim_json(claim: Claim, doubted: Mapping[str, str]) -> dict[str, Any]:
    """A claim with its citation and checks; `doubted` as `doubts` gives it."""
    doubt = claim_doubt(claim, doubted)
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
        "inferred": doubt == "number inferred",
        "ocr": doubt == "number read by OCR",
        "speaker": claim.speaker,
        "delegation": claim.delegation,
        "checks": [asdict(check) for check in claim.checks],
    }


def answer_json(answer: Answer | NoAnswer) -> dict[str, Any]:
    """An answer, or that there is none."""
    claims: Sequence[Claim] = answer.claims if isinstance(answer, Answer) else ()
    doubted = doubts(answer)
    data: dict[str, Any] = {
        "question": answer.question,
        "answered": isinstance(answer, Answer),
        "text": answer_text(answer),
        "claims": [claim_json(claim, doubted) for claim in claims],
        "rejected": [claim_json(claim, doubted) for claim in answer.rejected],
        "nearest": [passage_json(passage) for passage in answer.nearest],
        "searched": asdict(answer.searched),
        "lacking": list(answer.lacking) if isinstance(answer, NoAnswer) else [],
        "seconds": round(answer.seconds, 4),
    }
    if answer.asked and answer.asked != answer.question:
        data["asked"] = answer.asked
    if isinstance(answer, Answer) and answer.note:
        data["note"] = answer.note
    if answer.usage:
        data["usage"] = asdict(answer.usage)
    return data


def usage_text(usage: Usage) -> str:
    """What a model took: "small: 812 tokens in, 64 out, cost 0.0007"."""
    counted = ", counted here" if usage.estimated else ""
    cost = "" if usage.cost is None else f", cost {usage.cost:.6f}".rstrip("0").rstrip(".")
    return f"{usage.model}: {usage.tokens_in} tokens in, {usage.tokens_out} out{counted}{cost}"


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
        "footnotes": [asdict(footnote) for footnote in document.footnotes],
        "agenda": [asdict(item) for item in document.agenda],
        "reissue": document.reissue,
    }


def exchange_json(exchange: Exchange) -> dict[str, Any]:
    """A question as `rag exchanges` gives it, with the paragraphs that reply to it."""
    asked = exchange.asked
    return {
        "asked": {
            "label": asked.label,
            "text": asked.text[exchange.start : exchange.end],
            "speaker": _floor(asked, exchange.start),
            "citation": str(asked.citation),
        },
        "replies": [
            {
                "label": reply.label,
                "text": reply.text,
                "speaker": speakers_text(reply),
                "citation": str(reply.citation),
            }
            for reply in exchange.replies
        ],
        "status": exchange.status,
    }


def exchange_text(exchange: Exchange) -> str:
    """A question and its replies, to be read."""
    asked = exchange.asked
    words = asked.text[exchange.start : exchange.end]
    lines = [f"{_floor(asked, exchange.start)}: {words} {citation_text(asked)}"]
    lines += [
        f"  {speakers_text(reply)}: {shortened(reply.text)} {citation_text(reply)}"
        for reply in exchange.replies
    ]
    return "\n".join([*lines, f"  {exchange.status}"])


def _floor(paragraph: Paragraph, at: int) -> str:
    floor = paragraph.voice_at(at)
    return speaker_text(floor.speaker, floor.delegation) if floor else ""


def shortened(text: str) -> str:
    """A paragraph's beginning, where it is only pointed at."""
    return text if len(text) <= SHORT else text[:SHORT].rsplit(" ", 1)[0] + " …"


def paragraph_json(paragraph: Paragraph) -> dict[str, Any]:
    """A paragraph as `rag show` gives it."""
    turn = paragraph.turn
    return {
        "label": paragraph.label,
        "section": paragraph.section,
        "part": paragraph.part,
        "inferred": paragraph.inferred,
        "ocr": paragraph.ocr,
        "text": paragraph.text,
        "heading": paragraph.heading,
        "speaker": turn.speaker if turn else None,
        "role": turn.role if turn else None,
        "delegation": turn.delegation if turn else None,
        "continued": paragraph.continued,
        "page": paragraph.page,
        "voices": [voice_json(voice) for voice in paragraph.voices],
        "subparagraphs": [part.mark for part in subparagraphs(paragraph.text)],
    }


def voice_json(voice: Voice) -> dict[str, Any]:
    """A part of a paragraph and who speaks it; the span is of the paragraph's text."""
    return asdict(voice)


def document_text(document: Document) -> str:
    """A document as text: masthead, headings, paragraphs with speakers, events and footnotes."""
    facts = (document.body, document.session, document.held_on, document.place, document.chair)
    blocks = [
        f"{document.id}{document.reissue or ''}\n{document.title}\n"
        + " · ".join(str(fact) for fact in facts if fact)
    ]
    blocks += [event.text for event in document.events if event.after is None]
    headings: dict[tuple[str | None, str | None], list[str]] = {}
    for heading in document.headings:
        headings.setdefault((heading.section, heading.before), []).append(heading.text)
    events: dict[str | None, list[str]] = {}
    for event in document.events:
        events.setdefault(event.after, []).append(event.text)
    section = None
    for paragraph in document.paragraphs:
        if paragraph.section != section and paragraph.section:
            blocks.append(f"  [{paragraph.section}]")
        section = paragraph.section
        above = headings.pop((section, paragraph.label), None)
        above = above or headings.pop((None, paragraph.label), ())
        blocks += [f"    {text}" for text in above]
        blocks.append(paragraph_text(paragraph))
        behind = document.paragraphs[paragraph.ordinal + 1 :][:1]
        if not behind or behind[0].label != paragraph.label:  # after the last speech on a page
            blocks += events.pop(paragraph.label, ())
    blocks += [f"    {text}" for rest in headings.values() for text in rest]
    if document.footnotes:
        notes = [
            f"  {n.mark}  {n.text}{f' (p. {n.page})' if n.page else ''}" for n in document.footnotes
        ]
        blocks.append("Footnotes\n" + "\n".join(notes))
    return "\n\n".join(blocks)


def paragraph_text(paragraph: Paragraph) -> str:
    """A paragraph with its number and, where its own words do not say so, who speaks."""
    mark = f" ({doubt(paragraph)})" if doubt(paragraph) else ""
    number = f"{printed(paragraph.label)}{mark}"
    if paragraph.voices:
        parts = [
            _spoken(paragraph.text[voice.start : voice.end].strip(), voice)
            for voice in paragraph.voices
        ]
        return f"{number} " + "\n    ".join(parts)
    turn = paragraph.turn
    if turn and paragraph.continued:
        who = speaker_text(turn.speaker, turn.delegation)
        return f"{number} {paragraph.text}  [{who}, continuing]"
    return f"{number} {_spoken(paragraph.text, turn)}"


def _spoken(words: str, voice: Voice | Turn | None) -> str:
    if voice is None or voice.speaker in words:
        return words
    return f"{speaker_text(voice.speaker, voice.delegation)}: {words}"


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
            {
                "symbol": paragraph.document,
                "label": paragraph.label,
                "section": paragraph.section,
                "text": paragraph.text,
                "inferred": paragraph.inferred,
                "ocr": paragraph.ocr,
                "sub": part.mark if part else None,
                "sub_text": part_text(paragraph, part) or None,
            }
            for paragraph, part in zip(citation.paragraphs, citation.parts, strict=True)
        ],
    }


def part_text(paragraph: Paragraph, part: SubParagraph | None) -> str:
    """The words of a sub-paragraph without its mark; empty where the paragraph has it not."""
    words = paragraph.text[part.start : part.end] if part else ""
    return words.partition(")")[2].strip()
