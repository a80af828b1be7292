"""Claims → claims with their checks: the gate before anything is shown.

Whatever an answerer says, a claim stands only if its citation is one of the
passages it was given, its quotation is there word for word, its figures stand
in that paragraph, and the speaker is the speaker. What is not checked is whether
the statement follows from the quotation: that is why both are shown.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace

from rag.cite import find_citations
from rag.domain import Check, Claim, Paragraph, Turn, Voice
from rag.subparagraphs import subparagraphs

_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")
_ELLIPSIS = re.compile(r"\s*(?:\[\s*(?:…|\.\.\.)\s*\]|…|\.\.\.)\s*")
_SAME = str.maketrans({
    "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "‚": "'",
    "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "\u00a0": " ", "\u00ad": None,
})  # fmt: skip
# "governmental organizations" is no quotation of "non-governmental organizations".
_PREFIX = re.compile(r"(?<!\w)(?:non|anti|ex|quasi|counter|pseudo)-$", re.IGNORECASE)


def plain(text: str) -> str:
    """Normalise white space, quotation marks and hyphens; nothing else is forgiven."""
    folded = unicodedata.normalize("NFKC", text).translate(_SAME)
    return re.sub(r"\s+", " ", folded).strip()


def is_verbatim(quote: str, text: str) -> bool:
    """Whether a quotation stands in a text, from a whole word to a whole word.

    The parts around a marked ellipsis stand in order. "able to vote" is no quotation
    of "unable to vote", nor "5 per cent" of "2.5 per cent".
    """
    where = plain(text)
    at = 0
    parts = [part for piece in _ELLIPSIS.split(quote) if (part := plain(piece))]
    for part in parts:
        found = where.find(part, at)
        while found >= 0 and not _is_whole(where, found, found + len(part)):
            found = where.find(part, found + 1)
        if found < 0:
            return False
        at = found + len(part)
    return any(letter.isalnum() for part in parts for letter in part)


def _is_whole(text: str, start: int, end: int) -> bool:
    """Whether a span begins and ends between words and numbers, not inside one."""
    if _PREFIX.search(text[max(0, start - 9) : start]) and text[start].isalnum():
        return False
    return not (_is_inside(text, start) or _is_inside(text, end))


def _is_inside(text: str, at: int) -> bool:
    before, after = text[max(0, at - 2) : at], text[at : at + 2]
    if before[-1:].isalnum() and after[:1].isalnum():
        return True
    if re.fullmatch(r"\d[.,]", before) and after[:1].isdigit():
        return True  # 2.|5
    return before[-1:].isdigit() and re.fullmatch(r"[.,]\d", after) is not None  # 2|.5


def verify(claim: Claim, given: Sequence[Paragraph]) -> Claim:
    """Check one claim against the paragraphs that its author was given.

    Returns:
        The claim with its checks; where the citation holds, its symbol, section,
        speaker and delegation are the record's own.

    """
    paragraph = _cited(claim, given)
    if paragraph is None:
        why = f"{claim.citation} is not among the passages that were found"
        return replace(claim, checks=(Check("citation", False, why),))
    voice = _voice(claim, paragraph)
    checks = [
        _citation(claim, paragraph),
        _quotation(claim, paragraph, voice),
        _figures(claim, paragraph, voice),
        _speaker(claim, paragraph, voice),
    ]
    return replace(
        claim,
        citation=replace(claim.citation, symbol=paragraph.document, section=paragraph.section),
        speaker=voice.speaker if voice else None,
        delegation=voice.delegation if voice else None,
        checks=tuple(checks),
    )


def _voice(claim: Claim, paragraph: Paragraph) -> Voice | Turn | None:
    """Who says the quoted words; where two say the same, the one whom the claim names.

    None in narrative, and where the words are not of one of those who share the paragraph.
    """
    if not paragraph.voices:
        return paragraph.turn
    theirs = [voice for voice in paragraph.voices if _holds(paragraph, voice, claim.quote)]
    named = [v for v in theirs if claim.speaker and _is_same(claim.speaker, v.speaker)]
    return next(iter(named or theirs), None)


def _said(paragraph: Paragraph, voice: Voice | Turn | None) -> str:
    """A paragraph's words, or of one that several share what the speaker of the quotation says."""
    if voice is None or not paragraph.voices:
        return paragraph.text
    theirs = [v for v in paragraph.voices if v.speaker == voice.speaker]
    return " ".join(paragraph.text[v.start : v.end] for v in theirs)


def _holds(paragraph: Paragraph, voice: Voice, quote: str) -> bool:
    return is_verbatim(quote, paragraph.text[voice.start : voice.end])


def _cited(claim: Claim, given: Sequence[Paragraph]) -> Paragraph | None:
    cited = claim.citation
    if cited.first is None or cited.last is not None:
        return None  # a claim rests on one paragraph
    there = {
        paragraph.id: paragraph
        for paragraph in given
        if paragraph.document.casefold() == cited.symbol.casefold()
        and paragraph.label == cited.first
    }
    sections = {(paragraph.section or "").casefold() for paragraph in there.values()}
    wanted = (cited.section or "").casefold()
    # Without its section a number that restarts is a pinpoint only where one can be meant.
    if wanted not in sections and (wanted or len(sections) != 1):
        return None
    within = [
        paragraph
        for paragraph in there.values()
        if len(sections) == 1 or (paragraph.section or "").casefold() == wanted
    ]
    # A page holds several speeches: the one that is quoted.
    said = [p for p in within if is_verbatim(claim.quote, p.text)]
    return next(iter(said or within), None)


def _citation(claim: Claim, paragraph: Paragraph) -> Check:
    sub = claim.citation.sub
    part = next((p for p in subparagraphs(paragraph.text) if p.mark == sub), None)
    if sub and part is None:
        return Check("citation", False, f"that paragraph has no {sub}")
    return Check("citation", True)


def _quotation(claim: Claim, paragraph: Paragraph, voice: Voice | Turn | None) -> Check:
    if not claim.quote.strip():
        return Check("quotation", False, "no words of the record are quoted")
    if not is_verbatim(claim.quote, paragraph.text):
        return Check("quotation", False, "the quoted words do not stand in that paragraph")
    if paragraph.voices and voice is None:
        return Check("quotation", False, "the quoted words are not all of one speaker")
    return Check("quotation", True)


def _figures(claim: Claim, paragraph: Paragraph, voice: Voice | Turn | None) -> Check:
    there = {_number(f) for f in _FIGURE.findall(_said(paragraph, voice))}
    stated = _FIGURE.findall(_without_pinpoint(claim.text, paragraph))
    wrong = [f for f in stated if _number(f) not in there]
    if wrong:
        return Check("figures", False, f"{wrong[0]} does not stand in that paragraph")
    return Check("figures", True)


def _without_pinpoint(text: str, paragraph: Paragraph) -> str:
    """Leave out where a statement names the very paragraph: that number is no figure."""
    for found in reversed(find_citations(text)):
        labels = {label.partition(" (")[0] for pair in found.paras for label in pair}
        symbol = (found.symbol or paragraph.document).casefold()
        if symbol == paragraph.document.casefold() and labels <= {paragraph.label}:
            text = f"{text[: found.start]} {text[found.end :]}"
    return text


def _number(figure: str) -> str:
    """1,282 and 1282 are one number; 2.5 and 2,5 are left as printed."""
    return re.sub(r",(?=\d{3}\b)", "", figure)


_TITLES = {
    "mr": "m", "sir": "m", "mrs": "f", "ms": "f", "miss": "f", "mme": "f", "dame": "f",
}  # fmt: skip
_TITLED = re.compile(
    r"\b(?:Mr|Mrs|Ms|Miss|Mme|Dr|Sir|Dame)\b\.?"
    r"(?: (?:[a-z]{1,3} ){0,2}[A-ZÀ-Þ][\w'-]*)+"  # "Mr. van der Berg"
)
_NO_NAME = frozenset({"the", "of", "dr", "prof", *_TITLES})


def _speaker(claim: Claim, paragraph: Paragraph, voice: Voice | Turn | None) -> Check:
    if paragraph.voices and voice is None:
        return Check("speaker", False, "the quoted words are of no one speaker there")
    if claim.speaker and voice is None:
        return Check("speaker", False, "nobody holds the floor in that paragraph")
    if claim.speaker and voice and not _is_same(claim.speaker, voice.speaker):
        return Check("speaker", False, f"the speaker there is {voice.speaker}")
    named = set(_words(_said(paragraph, voice)))
    for name in _TITLED.findall(plain(claim.text)):
        speaks = voice is not None and _is_same(name, voice.speaker)
        if not speaks and not set(_words(name)) - _NO_NAME <= named:
            return Check("speaker", False, f"{name} neither speaks nor is named in that paragraph")
    return Check("speaker", True)


def _is_same(said: str, printed: str) -> bool:
    """Whether two ways of naming a speaker name one: "Ms. Doukaris (Maravia)", "Ms. Doukaris"."""
    mine, theirs = (_words(re.split(r"[(,]", name, maxsplit=1)[0]) for name in (said, printed))
    titles = [_TITLES[word] for word in mine if word in _TITLES]
    printed_titles = {_TITLES[word] for word in theirs if word in _TITLES}
    if len(titles) > 1 or len({*titles, *printed_titles}) > 1:
        return False
    names, others = set(mine) - _NO_NAME, set(theirs) - _NO_NAME
    return bool(names and others) and (names <= others or others <= names)


def _words(text: str) -> list[str]:
    found = re.findall(r"[^\W\d_]+(?:['-][^\W\d_]+)*", plain(text).casefold())
    return [word.removesuffix("'s") for word in found]
