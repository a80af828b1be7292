"""Free text → every citation in it, with its span.

    citation   := symbol [pinpoint] tail*            CCPR/C/SR.3272, paras. 25–27
                | named [pinpoint] "UN Doc" symbol   UNGA Res 217 A(III) (…) UN Doc A/810
                | group "of" [section "to"] symbol   paragraph 25 of CCPR/C/SR.3272
                | group "of the" noun… "(" symbol    paragraph 151 of the replies (…/Add.1)
                | group "," "U.N. Doc." symbol       ¶ 25, U.N. Doc. CCPR/C/SR.3272
                | group [described]                  paragraph 151 of the replies (no symbol)
                | [section] group                    annex I, para. 3 (no symbol is guessed)
                | recommendation "(" symbol ")"      recommendation 139.45 (A/HRC/43/10)
                | back [pinpoint]                    ibid., para. 27; supra note 4; (n 4) [25]
                | record [pinpoint] tail*            SR.3272, para. 25
                | pages "of" symbol                  p. 4 of S/PV.8422
    symbol     := what `symbols` and `named` read    A/RES/70/1; [2019] UKSC 41; no. 30210/96
    pinpoint   := "#" [section ":"] label | "[25]–[27]" | [aside] [","] [section] (group | pages)
    section    := act ["," "annex" I] | "annex" I    decision 1/CP.21, annex
    tail       := "and" ("Add.1" | "3272")           elliptical symbols; "–3274" is a range
                | … "respectively"                   a paragraph of each document
    provision  := "article 9, para. 3"               a treaty's, never a citation

One rule a function: tokens and a place in, what was read and the place behind
it out. Every rule looks ahead a bounded number of tokens or consumes what it
read, so the time is linear. Source: the UN Editorial Manual, "Footnotes and
other references" and "Document symbols". Forms of other styles: OSCOLA 4, AGLC 4
rule 9, the Bluebook rule 21.7.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise

from rag.cite import context, ellipsis
from rag.cite.back import OPENING as OPENING_BACK
from rag.cite.back import back
from rag.cite.behind import Pin, aside, extended, pinpoint
from rag.cite.described import described
from rag.cite.pages import OPENING as OPENING_PAGES
from rag.cite.pages import at_page, pages
from rag.cite.pinpoints import AND, Group, group, is_recommendation, kind_at, sign_at, word_at
from rag.cite.said import Said
from rag.cite.symbols import clean
from rag.cite.tokens import Token, tokenise
from rag.domain import Citation, FoundCitation

# The words that a rule may begin with; any other is passed over.
_OPENING = context.OPENING | OPENING_PAGES | OPENING_BACK | {"sr", "pv"}


_HOLDING = ("annex", "appendix", "enclosure", "decision")  # sections that a symbol may follow


@dataclass(frozen=True, slots=True)
class _Rule:
    """What a rule read: citations with offsets into the cleaned text, and the next token."""

    found: list[FoundCitation]
    next: int


def find_citations(text: str) -> list[FoundCitation]:
    """Find every citation of a text, in order, without overlap, in linear time.

    A symbol is None where the text does not tell it ("paragraph 14 above"); a
    range that is printed short is written out ("125–27" is 125 to 127). The symbols that a
    range runs through without printing them stand at its dash. What points at a note is
    told by `find_in_draft`. Form: UN Editorial Manual, "Footnotes and other references".
    """
    return cited(text, Said())


def cited(text: str, said: Said) -> list[FoundCitation]:
    """Find the citations of a text, given what was said before it; `said` takes note of them."""
    cleaned = clean(text)
    tokens = tokenise(cleaned.text)
    first = len(said.before)
    i = 0
    while i < len(tokens):
        read = _citation(tokens, i, said)
        if read is None:
            i += 1
            continue
        said.add(read.found)
        i = read.next
        paras = read.found[-1].paras if read.found else ()
        if paras and word_at(tokens, i + sign_at(tokens, i, ",")) == "respectively":
            start = max(first, len(said.before) - len(paras))
            said.before[start:] = _one_each(said.before[start:], cleaned.text)
    found = said.before[first:]
    if cleaned.dropped:
        return [replace(f, start=cleaned.start(f.start), end=cleaned.end(f.end)) for f in found]
    return found


def _one_each(found: list[FoundCitation], text: str) -> list[FoundCitation]:
    """Give each document its own paragraph: "SR.3271 and 3272, paras. 37 and 2 respectively"."""
    last = found[-1]
    bare = all(not each.paras and each.section is None for each in found[:-1])
    together = all(
        re.fullmatch(r"[\s,;&]*(?:and)?\s*", text[one.end : other.start])
        for one, other in pairwise(found)
    )
    if len(found) != len(last.paras) or not (bare and together and last.section is None):
        return found
    return [replace(each, paras=(pair,)) for each, pair in zip(found, last.paras, strict=True)]


def _citation(tokens: list[Token], i: int, said: Said) -> _Rule | None:
    kind = tokens[i].kind
    if kind == "symbol":
        return _symbol_first(tokens, i)
    if kind == "mark":
        return _group_first(tokens, i)
    if kind == "word":
        word = tokens[i].text.lower()
        if word not in _OPENING and "'" not in word and "’" not in word:
            return None
        return (
            _page_first(tokens, i)
            or _provision(tokens, i)
            or _back(tokens, i, said)
            or _record_first(tokens, i, said)
            or _section_first(tokens, i)
        )
    return None


def _symbol_first(tokens: list[Token], i: int) -> _Rule:
    """Read "CCPR/C/SR.3272, paras. 25–27" and what is cited with it."""
    token = tokens[i]
    pin = pinpoint(tokens, i, token.text)
    if token.named:
        numbered = _numbered(tokens, i, pin)
        if numbered is not None:
            return numbered
    return _tails(tokens, [_found(token.start, token.text, pin)], token.text, pin)


def _numbered(tokens: list[Token], i: int, pin: Pin) -> _Rule | None:
    """Read "G.A. Res. 47/1, ¶ 33, U.N. Doc. A/RES/47/1 (…)": one document, by its symbol."""
    at = context.doc_number(tokens, pin.next if pin.group or pin.section else aside(tokens, i + 1))
    if at is None:
        return None
    symbol = tokens[at].text
    behind = pinpoint(tokens, at, symbol)
    chosen = pin if behind.group is None and pin.group else behind
    cited = FoundCitation(tokens[i].start, behind.end, symbol, chosen.section, chosen.paras)
    return _tails(tokens, [cited], symbol, behind)


def _group_first(tokens: list[Token], i: int) -> _Rule | None:
    """Read "paragraph 25 of document CCPR/C/SR.3272", or a bare "paras. 25–27"."""
    read = group(tokens, i)
    if read is None:
        return None
    first = extended(tokens, read)
    if context.of_provision(tokens, first.next):
        return _Rule([], first.next)
    named = context.named_after(tokens, first.next)
    if named is not None and not (named.aside and _is_pinned(tokens, named.at)):
        token = tokens[named.at]
        cited = FoundCitation(first.start, token.end, token.text, named.section, first.paras)
        pin = Pin(named.section, first, token.end, named.at + 1)
        return _tails(tokens, [cited], token.text, pin)
    before = _before_number(tokens, first, None, first.start)
    if before is not None:
        return before
    if is_recommendation(first):
        return _recommended(tokens, first)
    section, behind = context.section_after(tokens, first.next)
    if section is None and not context.is_paragraph(tokens, i, first):
        return _Rule([], first.next)
    end = tokens[behind - 1].end if section else first.end
    name = described(tokens, behind, first)
    return _Rule([FoundCitation(first.start, end, None, section, first.paras, name)], behind)


def _recommended(tokens: list[Token], read: Group) -> _Rule:
    """Read "recommendations 139.45 to 139.48 (A/HRC/43/10)"; of no document they are none."""
    at = read.next + 1
    if not sign_at(tokens, read.next, "(") or kind_at(tokens, at) != "symbol":
        return _Rule([], read.next)
    if _is_pinned(tokens, at):
        return _Rule([], read.next)
    token = tokens[at]
    cited = FoundCitation(read.start, token.end, token.text, None, read.paras)
    return _tails(tokens, [cited], token.text, Pin(None, read, token.end, at + 1))


def _is_pinned(tokens: list[Token], i: int) -> bool:
    return pinpoint(tokens, i, tokens[i].text).group is not None


def _before_number(
    tokens: list[Token], read: Group, section: str | None, start: int
) -> _Rule | None:
    """Read ", U.N. Doc. CCPR/C/SR.3272" behind its pinpoint, as the Bluebook prints it."""
    at = context.doc_number(tokens, read.next)
    if at is None or _is_pinned(tokens, at):
        return None
    token = tokens[at]
    cited = FoundCitation(start, token.end, token.text, section, read.paras)
    return _tails(tokens, [cited], token.text, Pin(section, read, token.end, at + 1))


def _provision(tokens: list[Token], i: int) -> _Rule | None:
    behind = context.provision(tokens, i)
    return _Rule([], behind) if behind is not None else None


def _section_first(tokens: list[Token], i: int) -> _Rule | None:
    """Read "annex I, para. 3" and "annex I to document FCCC/SBI/2019/16"."""
    section, behind = context.decision(tokens, i)
    symbol_at = context.printed_in(tokens, behind) if section else None
    if section is None:
        section, behind = context.section(tokens, i)
        symbol_at = context.symbol_of(tokens, behind) if section else None
    if section is None:
        return None
    if symbol_at is not None and section.startswith(_HOLDING):
        token = tokens[symbol_at]
        pin = pinpoint(tokens, symbol_at, token.text)
        cited = _found(tokens[i].start, token.text, pin)
        where = f"{section} {pin.section}" if pin.section else section
        cited = FoundCitation(cited.start, cited.end, cited.symbol, where, cited.paras)
        return _tails(tokens, [cited], token.text, pin)
    behind += sign_at(tokens, behind, ",")
    read = group(tokens, behind)
    if read is None or read.mark.startswith("§"):
        return None
    inner = extended(tokens, read)
    if context.of_provision(tokens, inner.next):
        return _Rule([], inner.next)
    before = _before_number(tokens, inner, section, tokens[i].start)
    if before is not None:
        return before
    end, symbol, following = inner.end, None, inner.next
    symbol_at = context.symbol_of(tokens, following)
    if symbol_at is None and section.startswith("decision"):
        symbol_at = context.printed_in(tokens, following)
    if symbol_at is not None and not _is_pinned(tokens, symbol_at):
        end, symbol, following = tokens[symbol_at].end, tokens[symbol_at].text, symbol_at + 1
    return _Rule([FoundCitation(tokens[i].start, end, symbol, section, inner.paras)], following)


def _page_first(tokens: list[Token], i: int) -> _Rule | None:
    """Read "p. 4 of S/PV.8422", "at 4, U.N. Doc. S/PV.8422"."""
    read = pages(tokens, i) or at_page(tokens, i)
    if read is None:
        return None
    at = context.symbol_of(tokens, read.next) if read.mark != "at" else None
    if at is None:
        return _before_number(tokens, read, None, read.start)
    token = tokens[at]
    cited = FoundCitation(read.start, token.end, token.text, None, read.paras)
    return _tails(tokens, [cited], token.text, Pin(None, read, token.end, at + 1))


def _back(tokens: list[Token], i: int, said: Said) -> _Rule | None:
    """Read "Ibid., para. 27" and "supra note 4, para. 25": a document cited before."""
    read = back(tokens, i)
    if read is None:
        return None
    meant = said.previous() if read.note is None else said.notes.get(read.note)
    symbol = meant.symbol if meant else None
    at = read.next - 1 + sign_at(tokens, read.next, ")")
    pin = pinpoint(tokens, at, symbol or "", dated=False)
    section, paras, end = pin.section, pin.paras, max(pin.end, read.end)
    if pin.group is None and pin.section is None:
        end, pin = read.end, replace(pin, next=read.next)
        numbered = kind_at(tokens, read.next + (word_at(tokens, read.next) == "at")) == "number"
        if read.note is None and meant is not None and not numbered:  # the very same place
            section, paras = meant.section, meant.paras
    if symbol is None and not paras:
        return _Rule([], pin.next)
    return _Rule([FoundCitation(read.start, end, symbol, section, paras)], pin.next)


def _record_first(tokens: list[Token], i: int, said: Said) -> _Rule | None:
    """Read "SR.3272, para. 25": of the one series that was named before, where there is one."""
    number = tokens[i + 2].text if kind_at(tokens, i + 2) == "number" else ""
    if tokens[i].text not in ("SR", "PV") or not sign_at(tokens, i + 1, "."):
        return None
    if not number.isdecimal() or len(number) > 8 or (i > 0 and sign_at(tokens, i - 1, "/", "-")):
        return None
    record = f"{tokens[i].text}.{number}"
    symbol = said.whole(record)
    pin = pinpoint(tokens, i + 2, record)
    read = _tails(tokens, [_found(tokens[i].start, symbol or record, pin)], symbol or record, pin)
    if symbol is not None:
        return read
    untold = [replace(each, symbol=None) for each in read.found if each.paras]
    return _Rule(untold, read.next)


def _tails(tokens: list[Token], found: list[FoundCitation], base: str, pin: Pin) -> _Rule:
    """Read what goes on with the same symbol: "and Add.1", "and 3272", "and annex I, para. 4"."""
    current = base
    while True:
        tail = ellipsis.tail(tokens, pin.next, base, current, numbers=pin.group is None)
        if tail is not None:
            if tail.range is not None:
                found.extend(FoundCitation(*tail.range, symbol) for symbol in tail.inner)
            current = tail.symbol
            pin = pinpoint(tokens, tail.next - 1, current)
            found.append(_found(tail.start, current, pin))
            continue
        more = _more_sections(tokens, pin, current)
        if more is None:
            return _Rule(found, pin.next)
        cited, pin = more
        found.append(cited)


def _more_sections(tokens: list[Token], pin: Pin, symbol: str) -> tuple[FoundCitation, Pin] | None:
    """Read ", and annex I, para. 4" behind a pinpoint of the same document."""
    i = pin.next + sign_at(tokens, pin.next, ",")
    i += word_at(tokens, i) in AND
    if pin.group is None or i == pin.next:
        return None
    section, k = context.sections(tokens, i)
    read = group(tokens, k + sign_at(tokens, k, ",")) if section else None
    if read is None or context.symbol_of(tokens, read.next) is not None:
        return None
    cited = FoundCitation(tokens[i].start, read.end, symbol, section, read.paras)
    return cited, Pin(section, read, read.end, read.next)


def _found(start: int, symbol: str, pin: Pin) -> FoundCitation:
    return FoundCitation(start, pin.end, symbol, pin.section, pin.paras)


def as_citations(found: FoundCitation) -> list[Citation]:
    """Turn a found citation into canonical ones, one a pair; [] when the symbol is unknown.

    A range of sub-paragraphs of one paragraph gives one citation for each of
    them; a range that starts inside a paragraph starts with the whole of it.
    """
    if found.symbol is None:
        return []
    if not found.paras:
        return [Citation(found.symbol, found.section)]
    citations: list[Citation] = []
    for first, last in found.paras:
        number, _, sub = first.partition(" (")
        end, _, end_sub = last.partition(" (")
        sub, end_sub = (f"({part}" if part else None for part in (sub, end_sub))
        if number != end:
            citations.append(Citation(found.symbol, found.section, number, end, end_sub))
            continue
        subs = ellipsis.between(sub, end_sub) if sub and end_sub else [None]
        citations.extend(Citation(found.symbol, found.section, number, None, s) for s in subs)
    return citations
