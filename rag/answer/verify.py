"""Claims → claims with their checks: the gate before anything is shown.

Whatever an answerer says, a claim stands only if its citation is one of the
passages it was given, its quotation is there word for word, its figures stand
in that paragraph, and the speaker is the speaker. One in words of its own is held
against the paragraph in the ways of `rag.answer.paraphrase` as well: names, whose words
they are, what was only asked or planned, negations, and whether it is supported at all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from rag.answer.attribution import side_of
from rag.answer.cited import Cited
from rag.answer.figures import Figure, figures, forms_of
from rag.answer.persons import NO_NAME, is_same, words
from rag.answer.positions import end_to_end, made_together
from rag.answer.upheld import Meaning
from rag.answer.verbatim import is_verbatim, places, plain
from rag.cite import find_citations
from rag.domain import Check, Claim, Paragraph, Turn, Voice
from rag.sentences import sentences
from rag.subparagraphs import subparagraphs

__all__ = ["is_verbatim", "plain", "verify"]

Masthead = Callable[[str], str | None]  # a document's id → what its masthead prints


_SAYING = frozenset("mr mrs ms dr the said states stated says that according to as by".split())
_WORD = re.compile(r"[^\W\d_]{2,}")


def verify(
    claim: Claim,
    given: Sequence[Paragraph],
    *,
    masthead: Masthead | None = None,
    meaning: Meaning | None = None,
) -> Claim:
    """Check one claim against the paragraphs that its author was given.

    Citation, quotation, figures and speaker are always among the checks. Where these hold
    and the claim's text is not the quotation itself, the first that fails of the further
    ones is added: names, figures, speaker, allegation, negation, modality or support.

    Args:
        claim: what is to be shown.
        given: the paragraphs that it may cite.
        masthead: says what else may be named: symbol, dates, State, body.
        meaning: the models that tell what texts mean; without them, words alone do.

    Returns:
        The claim with its checks; where the citation holds, its symbol, section,
        speaker and delegation are the record's own.

    """
    paragraph = _cited(claim, given)
    if paragraph is None:
        why = f"{claim.citation} is not among the passages that were found"
        return replace(claim, checks=(Check("citation", False, why),))
    voice = _voice(claim, paragraph)
    printed = (masthead(paragraph.document) if masthead else None) or ""
    checks = _basic(claim, paragraph, voice, printed)
    if paragraph.label and _states_nothing(claim.text):  # of a masthead "Geneva" tells the place
        checks.append(Check("support", False, "it states nothing"))
    elif all(check.passed for check in checks) and not _is_quotation(claim, paragraph):
        checks += _further(claim, _held(claim, paragraph, voice, printed), paragraph, meaning)
    return replace(
        claim,
        citation=replace(claim.citation, symbol=paragraph.document, section=paragraph.section),
        speaker=voice.speaker if voice else None,
        delegation=voice.delegation if voice else None,
        checks=tuple(checks),
    )


def _states_nothing(text: str) -> bool:
    """Whether a statement is a citation and signs alone: "{{CCLP/C/SR.412, para. 10}}"."""
    for found in reversed(find_citations(text)):
        text = f"{text[: found.start]} {text[found.end :]}"
    return len(_WORD.findall(text)) < 2


def cited_by(claim: Claim, given: Sequence[Paragraph], masthead: str) -> tuple[bool, Cited | None]:
    """Whether the first four checks pass, and what the text is held against (for calibration)."""
    paragraph = _cited(claim, given)
    if paragraph is None:
        return False, None
    voice = _voice(claim, paragraph)
    passed = all(check.passed for check in _basic(claim, paragraph, voice, masthead))
    return passed, _held(claim, paragraph, voice, masthead)


def _basic(
    claim: Claim, paragraph: Paragraph, voice: Voice | Turn | None, masthead: str
) -> list[Check]:
    return [
        _citation(claim, paragraph),
        _quotation(claim, paragraph, voice),
        _figures(claim, paragraph, voice, masthead),
        _speaker(claim, paragraph, voice),
    ]


def _is_quotation(claim: Claim, paragraph: Paragraph) -> bool:
    """Whether a claim's text is the record's own words, or holds them with who says them.

    A piece of a sentence that is not what is quoted may say what the whole does not.
    """
    if is_verbatim(claim.text, paragraph.text):
        each = (claim.text[start:end] for start, end in sentences(claim.text))
        whole = all(_is_whole_sentence(sentence, paragraph) for sentence in each)
        return whole or plain(claim.text) == plain(claim.quote)
    text, quote = plain(claim.text).casefold(), plain(claim.quote).casefold()
    if quote not in text:
        return False
    names = {*words(claim.speaker or ""), *words(claim.delegation or ""), *_SAYING}
    return set(words(text.replace(quote, " ", 1))) <= names


def _is_whole_sentence(text: str, paragraph: Paragraph) -> bool:
    """Whether a text is a sentence of the paragraph, from its beginning to its end."""
    cut = (paragraph.text[start:end] for start, end in sentences(paragraph.text))
    return plain(text) in map(plain, cut)


def _further(
    claim: Claim, cited: Cited, paragraph: Paragraph, meaning: Meaning | None
) -> list[Check]:
    from rag.answer.paraphrase import checks

    text = _without_pinpoint(claim.text, paragraph)
    # Each sentence is to be borne: a true first one must not carry an invented second.
    stated = [text[start:end] for start, end in sentences(text)]
    for sentence in (one for one in stated if not _states_nothing(one)):
        if _is_whole_sentence(sentence, paragraph):
            continue
        if failed := checks(sentence, claim.speaker, cited, meaning):
            return failed
    return []


def _held(claim: Claim, paragraph: Paragraph, voice: Voice | Turn | None, masthead: str) -> Cited:
    """Give what a claim in words of its own is held against."""
    said = _said(paragraph, voice)
    state = voice.delegation if voice and voice.delegation else ""
    role = voice.role if voice else None
    return Cited(
        text=said,
        spans=places(claim.quote, said),
        speaker=voice.speaker if voice else None,
        role=role,
        side=side_of(paragraph, role),
        masthead=f"{masthead} {state} {paragraph.document} {paragraph.heading or ''}",
    )


def _voice(claim: Claim, paragraph: Paragraph) -> Voice | Turn | None:
    """Who says the quoted words; where two say the same, the one whom the claim names.

    None in narrative, and where the words are not of one of those who share the paragraph. A
    recommendation that several States make in parts is of all of them where it is quoted whole.
    """
    if not paragraph.voices:
        return paragraph.turn
    theirs = [voice for voice in paragraph.voices if _holds(paragraph, voice, claim.quote)]
    named = [v for v in theirs if claim.speaker and is_same(claim.speaker, v.speaker)]
    together = made_together(paragraph) if not theirs else ""
    if together and plain(claim.quote) in map(plain, (end_to_end(paragraph), paragraph.text)):
        return Voice(0, len(paragraph.text), together, "delegation", None)
    return next(iter(named or theirs), None)


def _said(paragraph: Paragraph, voice: Voice | Turn | None) -> str:
    """A paragraph's words, or of one that several share what the speaker of the quotation says."""
    if voice is None or not paragraph.voices or voice.speaker == made_together(paragraph):
        return paragraph.text
    theirs = [v for v in paragraph.voices if v.speaker == voice.speaker]
    return " ".join(paragraph.text[v.start : v.end] for v in theirs)


def _holds(paragraph: Paragraph, voice: Voice, quote: str) -> bool:
    return is_verbatim(quote, paragraph.text[voice.start : voice.end])


def _cited(claim: Claim, given: Sequence[Paragraph]) -> Paragraph | None:
    cited = claim.citation
    if cited.last is not None:
        return None  # a claim rests on one paragraph
    there = {
        paragraph.id: paragraph
        for paragraph in given
        if paragraph.document.casefold() == cited.symbol.casefold()
        and paragraph.label == (cited.first or "")  # "": what stands outside the paragraphs
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


def _figures(
    claim: Claim, paragraph: Paragraph, voice: Voice | Turn | None, masthead: str
) -> Check:
    said = _said(paragraph, voice)
    if is_verbatim(claim.text, said):
        return Check("figures", True)
    text = _without_pinpoint(claim.text, paragraph)
    for printed in masthead.split("\n"):  # a date counts as a whole, not each number of it
        if re.search(r"\d", printed):
            text = text.replace(printed, " ")
    there = forms_of(said)
    wrong = [one for one in figures(text) if not one.forms & there]
    wrong = [one for one in wrong if not _counts_what_it_lists(one, text)]
    if wrong:
        return Check("figures", False, f"{wrong[0].printed} does not stand in that paragraph")
    return Check("figures", True)


def _counts_what_it_lists(one: Figure, text: str) -> bool:
    """Whether a figure only counts what the statement lists: "three: A, B and C"."""
    match = re.match(r"[^.;:]{0,60}:\s*([^.;:]+)", text[one.end :])
    if match is None:
        return False
    return str(len(re.split(r", (?:and )?| and ", match[1]))) in one.forms


def _without_pinpoint(text: str, paragraph: Paragraph) -> str:
    """Leave out where a statement names the very paragraph: that number is no figure."""
    for found in reversed(find_citations(text)):
        labels = {label.partition(" (")[0] for pair in found.paras for label in pair}
        symbol = (found.symbol or paragraph.document).casefold()
        if symbol == paragraph.document.casefold() and labels <= {paragraph.label}:
            text = f"{text[: found.start]} {text[found.end :]}"
    return text


_TITLED = re.compile(
    r"\b(?:Mr|Mrs|Ms|Miss|Mme|Dr|Sir|Dame)\b\.?"
    r"(?: (?:[a-z]{1,3} ){0,2}[A-ZÀ-Þ][\w'-]*)+"  # "Mr. van der Berg"
)


def _speaker(claim: Claim, paragraph: Paragraph, voice: Voice | Turn | None) -> Check:
    if paragraph.voices and voice is None:
        return Check("speaker", False, "the quoted words are of no one speaker there")
    if claim.speaker and voice is None:
        return Check("speaker", False, "nobody holds the floor in that paragraph")
    if claim.speaker and voice and not is_same(claim.speaker, voice.speaker):
        return Check("speaker", False, f"the speaker there is {voice.speaker}")
    named = set(words(_said(paragraph, voice)))
    for name in _TITLED.findall(plain(claim.text)):
        speaks = voice is not None and is_same(name, voice.speaker)
        if not speaks and not set(words(name)) - NO_NAME <= named:
            return Check("speaker", False, f"{name} neither speaks nor is named in that paragraph")
    return Check("speaker", True)
