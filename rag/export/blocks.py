"""A conversation → blocks of text with footnotes, the same for every format.

Who said it stands before the words, words of the record stand in quotation marks, and the
footnote gives the pinpoint in the style chosen with the official document behind it. What the
record does not say, and what could not be verified, is told as such.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from rag.cite.styles import Knows, Run, Runs, styled
from rag.conversations import Conversation, Exchanged, Setting, how, why
from rag.domain import Answer, Citation, Claim, NoAnswer
from rag.errors import BadCitation
from rag.present import NOT_SAID, claim_doubt, lacking, speaker_text

Kind = Literal["title", "question", "text", "claim", "label", "item", "small"]


@dataclass(frozen=True, slots=True)
class Note:
    """A footnote: a citation in some style, and the address of the official document."""

    runs: Runs
    link: str | None


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph of the export."""

    kind: Kind
    runs: Runs
    note: Note | None = None  # stands behind the last run


def told_of(outcome: Answer | NoAnswer, setting: Setting, at: datetime) -> Conversation:
    """One answer as a conversation of one question, named by it."""
    each = Exchanged.of(outcome, setting, at)
    if isinstance(outcome, NoAnswer):
        parts = (outcome.reason, lacking(outcome.lacking))
        each = replace(each, reason=" ".join(part for part in parts if part))
    return Conversation(outcome.question, at, (each,))


def blocks(told: Conversation, style: str, known: Knows) -> list[Block]:
    """Put a conversation into blocks, its citations in a style of footnotes.

    Raises:
        BadInput: there is no such style of footnotes.

    """
    alone = len(told.exchanges) == 1 and told.exchanges[0].question == told.name
    found = [_plain("title", told.name)]
    for number, each in enumerate(told.exchanges, start=1):
        if not alone:
            found.append(_plain("question", f"{number}. {each.question}"))
        found += _exchange(each, style, known)
    return found


def footnotes(told: Conversation, style: str, known: Knows) -> dict[str, Note]:
    """Canonical citation → how the style prints it, for everything that the answers cite."""
    return {
        str(claim.citation): _cited(claim, each, style, known)
        for each in told.exchanges
        for claim in each.claims
    }


def _exchange(each: Exchanged, style: str, known: Knows) -> Iterator[Block]:
    if each.asked != each.question:
        yield _plain("small", f"Understood as: {each.asked}")
    for claim in each.claims:
        yield Block("claim", _said(claim), _note(claim, each, style, known))
    if each.answered and each.reason:
        yield _plain("text", each.reason)
    if not each.answered:
        yield _plain("text", " ".join(part for part in (NOT_SAID, each.reason) if part))
        if each.nearest:
            yield _plain("label", "Nearest paragraphs, which do not answer:")
        for near in each.nearest:
            yield Block("item", _near(near, style, known))
    if each.rejected:
        yield _plain("label", "Not verified, and no part of the answer:")
    for claim in each.rejected:
        yield _plain("item", _unverified(claim))
    yield _plain("small", how(each))


def _said(claim: Claim) -> Runs:
    """Speaker and words; the record's own in quotation marks."""
    who = speaker_text(claim.speaker, claim.delegation)
    words = f"“{claim.quote}”" if claim.text == claim.quote else claim.text
    return (Run(f"{who}: {words}" if who else words),)


def _unverified(claim: Claim) -> str:
    where = f" [{claim.citation}]" if claim.citation.symbol else ""
    return f"{claim.text}{where} ({why(claim)})"


def _note(claim: Claim, each: Exchanged, style: str, known: Knows) -> Note:
    """The pinpoint; and the words of the record, where the text says it in others."""
    cited = _cited(claim, each, style, known)
    if not claim.quote or claim.text == claim.quote:
        return Note((*cited.runs, Run(".")), cited.link)
    stop = "" if claim.quote.rstrip().endswith((".", "?", "!")) else "."
    return Note((*cited.runs, Run(f": “{claim.quote}”{stop}")), cited.link)


def _cited(claim: Claim, each: Exchanged, style: str, known: Knows) -> Note:
    """The pinpoint, and what is doubted of its number."""
    about = known(claim.citation.symbol)
    runs = styled(claim.citation, about, style)
    doubted = claim_doubt(claim, each.doubts)
    return Note((*runs, Run(f" [{doubted}]")) if doubted else runs, about.link)


def _near(near: str, style: str, known: Knows) -> Runs:
    try:
        citation = Citation.parse(near)
    except BadCitation:  # a document whose name is of no canonical form
        return (Run(near),)
    return styled(citation, known(citation.symbol), style)


def _plain(kind: Kind, text: str) -> Block:
    return Block(kind, (Run(text),))
