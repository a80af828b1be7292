"""Claims → claims with their checks: the gate before anything is shown.

Whatever an answerer says, a claim stands only if its citation is one of the
passages it was given, its quotation is there word for word, its figures stand
in that paragraph, and the speaker is the speaker.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace

from rag.domain import Check, Claim, Paragraph

_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")
_ELLIPSIS = re.compile(r"\s*(?:\[\s*(?:…|\.\.\.)\s*\]|…|\.\.\.)\s*")
_SAME = str.maketrans({
    "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "‚": "'",
    "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "\u00a0": " ", "\u00ad": None,
})  # fmt: skip


def plain(text: str) -> str:
    """Normalise white space, quotation marks and hyphens; nothing else is forgiven."""
    folded = unicodedata.normalize("NFKC", text).translate(_SAME)
    return re.sub(r"\s+", " ", folded).strip()


def is_verbatim(quote: str, text: str) -> bool:
    """Whether a quotation stands in a text; the parts around a marked ellipsis stand in order."""
    where = plain(text)
    at = 0
    parts = [part for part in _ELLIPSIS.split(quote) if part.strip()]
    for part in parts:
        wanted = plain(part)
        found = where.find(wanted, at)
        if found < 0:
            return False
        at = found + len(wanted)
    return bool(parts)


def verify(claim: Claim, given: Sequence[Paragraph]) -> Claim:
    """Check one claim against the paragraphs that its author was given.

    Returns:
        The claim with its checks; where the citation holds, speaker and delegation
        are the record's own.

    """
    paragraph = _cited(claim, given)
    if paragraph is None:
        why = f"{claim.citation} is not among the passages that were found"
        return replace(claim, checks=(Check("citation", False, why),))
    turn = paragraph.turn
    checks = [
        Check("citation", True),
        _quotation(claim, paragraph),
        _figures(claim, paragraph),
        _speaker(claim, paragraph),
    ]
    return replace(
        claim,
        speaker=turn.speaker if turn else None,
        delegation=turn.delegation if turn else None,
        checks=tuple(checks),
    )


def _cited(claim: Claim, given: Sequence[Paragraph]) -> Paragraph | None:
    cited = claim.citation
    if cited.first is None or cited.last is not None:
        return None  # a claim rests on one paragraph
    for paragraph in given:
        if (
            paragraph.document.casefold() == cited.symbol.casefold()
            and paragraph.label == cited.first
            and (cited.section is None or cited.section == paragraph.section)
        ):
            return paragraph
    return None


def _quotation(claim: Claim, paragraph: Paragraph) -> Check:
    if not claim.quote.strip():
        return Check("quotation", False, "no words of the record are quoted")
    if is_verbatim(claim.quote, paragraph.text):
        return Check("quotation", True)
    return Check("quotation", False, "the quoted words do not stand in that paragraph")


def _figures(claim: Claim, paragraph: Paragraph) -> Check:
    there = {_number(f) for f in _FIGURE.findall(f"{paragraph.text} {paragraph.label}")}
    there |= {_number(f) for f in _FIGURE.findall(paragraph.document)}
    wrong = [f for f in _FIGURE.findall(claim.text) if _number(f) not in there]
    if wrong:
        return Check("figures", False, f"{wrong[0]} does not stand in that paragraph")
    return Check("figures", True)


def _number(figure: str) -> str:
    """1,282 and 1282 are one number; 2.5 and 2,5 are left as printed."""
    return re.sub(r",(?=\d{3}\b)", "", figure)


def _speaker(claim: Claim, paragraph: Paragraph) -> Check:
    turn = paragraph.turn
    if not claim.speaker:
        return Check("speaker", True)
    if turn is None:
        return Check("speaker", False, "nobody holds the floor in that paragraph")
    said, printed = plain(claim.speaker).casefold(), plain(turn.speaker).casefold()
    if printed in said or said in printed:
        return Check("speaker", True)
    return Check("speaker", False, f"the speaker there is {turn.speaker}")
