"""Free text → every citation in it, with its span.

    citation   := symbol [pinpoint] tail*            CCPR/C/SR.3272, paras. 25–27
                | group "of" [section "to"] symbol   paragraph 25 of CCPR/C/SR.3272
                | group "of the" noun… "(" symbol    paragraph 151 of the replies (…/Add.1)
                | [section] group                    annex I, para. 3 (no symbol is guessed)
                | "ibid." group
                | pages "of" symbol                  p. 4 of S/PV.8422
    pinpoint   := "#" [section ":"] label | "[25]–[27]" | [aside] [","] [section] (group | pages)
    section    := act ["," "annex" I] | "annex" I    decision 1/CP.21, annex
    tail       := "and" ("Add.1" | "3272")           elliptical symbols
    provision  := "article 9, para. 3"               a treaty's, never a citation

One rule a function: tokens and a place in, what was read and the place behind
it out. Every rule looks ahead a bounded number of tokens or consumes what it
read, so the time is linear. Source: the UN Editorial Manual, "Footnotes and
other references" and "Document symbols".
"""

from __future__ import annotations

from dataclasses import dataclass

from rag.cite import context, ellipsis
from rag.cite.pages import at_page, is_verbatim, linked_page, pages
from rag.cite.pinpoints import AND, Group, brackets, group, linked, sign_at, word_at
from rag.cite.symbols import clean
from rag.cite.tokens import Token, tokenise
from rag.domain import Citation, FoundCitation

_LINKS = frozenset({
    "at", "in", "see", "particular", "especially", "esp", "inter", "alia", "notably", "cf",
    "under", "véase", "voir", "also",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Pin:
    """What stands behind a symbol: where the pinpoint ends and the next token."""

    section: str | None
    group: Group | None
    end: int
    next: int


@dataclass(frozen=True, slots=True)
class _Rule:
    """What a rule read: citations with offsets into the cleaned text, and the next token."""

    found: list[FoundCitation]
    next: int


def find_citations(text: str) -> list[FoundCitation]:
    """Find every citation of a text, in order, without overlap, in linear time.

    A symbol is None where the text does not tell it ("paragraph 14 above"); a
    range that is printed short is written out ("125–27" is 125 to 127). Form:
    UN Editorial Manual, "Footnotes and other references".
    """
    cleaned = clean(text)
    tokens = tokenise(cleaned.text)
    found: list[FoundCitation] = []
    i = 0
    while i < len(tokens):
        read = _citation(tokens, i, found)
        if read is None:
            i += 1
            continue
        found.extend(read.found)
        i = read.next
    return [
        FoundCitation(cleaned.start(f.start), cleaned.end(f.end), f.symbol, f.section, f.paras)
        for f in found
    ]


def _citation(tokens: list[Token], i: int, before: list[FoundCitation]) -> _Rule | None:
    kind = tokens[i].kind
    if kind == "symbol":
        return _symbol_first(tokens, i)
    if kind == "mark":
        return _group_first(tokens, i)
    if kind == "word":
        page = _page_first(tokens, i)
        if page is not None:
            return page
        behind = context.provision(tokens, i)
        if behind is not None:
            return _Rule([], behind)
        return _ibid(tokens, i, before) or _section_first(tokens, i)
    return None


def _symbol_first(tokens: list[Token], i: int) -> _Rule:
    """Read "CCPR/C/SR.3272, paras. 25–27" and what is cited with it."""
    symbol = tokens[i].text
    pin = _pinpoint(tokens, i)
    found = [_found(tokens[i].start, symbol, pin)]
    return _tails(tokens, found, symbol, pin)


def _group_first(tokens: list[Token], i: int) -> _Rule | None:
    """Read "paragraph 25 of document CCPR/C/SR.3272", or a bare "paras. 25–27"."""
    first = _extended(tokens, group(tokens, i))
    if first is None:
        return None
    if context.of_provision(tokens, first.next):
        return _Rule([], first.next)
    named = context.named_after(tokens, first.next)
    if named is not None and not (named.aside and _pinpoint(tokens, named.at).group):
        token = tokens[named.at]
        cited = FoundCitation(first.start, token.end, token.text, named.section, first.paras)
        pin = _Pin(named.section, first, token.end, named.at + 1)
        return _tails(tokens, [cited], token.text, pin)
    section, behind = context.section_after(tokens, first.next)
    if section is None and not context.is_paragraph(tokens, i, first):
        return _Rule([], first.next)
    end = tokens[behind - 1].end if section else first.end
    return _Rule([FoundCitation(first.start, end, None, section, first.paras)], behind)


def _section_first(tokens: list[Token], i: int) -> _Rule | None:
    """Read "annex I, para. 3" and "annex I to document FCCC/SBI/2019/16"."""
    section, behind = context.section(tokens, i)
    if section is None:
        return None
    symbol_at = context.symbol_of(tokens, behind)
    if symbol_at is not None and section.startswith(("annex", "appendix", "enclosure")):
        token = tokens[symbol_at]
        pin = _pinpoint(tokens, symbol_at)
        cited = _found(tokens[i].start, token.text, pin)
        where = f"{section} {pin.section}" if pin.section else section
        cited = FoundCitation(cited.start, cited.end, cited.symbol, where, cited.paras)
        return _tails(tokens, [cited], token.text, pin)
    behind += sign_at(tokens, behind, ",")
    inner = _extended(tokens, group(tokens, behind))
    if inner is None or inner.mark.startswith("§"):
        return None
    if context.of_provision(tokens, inner.next):
        return _Rule([], inner.next)
    end, symbol, following = inner.end, None, inner.next
    symbol_at = context.symbol_of(tokens, following)
    if symbol_at is not None:
        end, symbol, following = tokens[symbol_at].end, tokens[symbol_at].text, symbol_at + 1
    return _Rule([FoundCitation(tokens[i].start, end, symbol, section, inner.paras)], following)


def _page_first(tokens: list[Token], i: int) -> _Rule | None:
    """Read "p. 4 of S/PV.8422"."""
    read = pages(tokens, i)
    at = context.symbol_of(tokens, read.next) if read is not None else None
    if read is None or at is None:
        return None
    token = tokens[at]
    cited = FoundCitation(read.start, token.end, token.text, None, read.paras)
    return _tails(tokens, [cited], token.text, _Pin(None, read, token.end, at + 1))


def _ibid(tokens: list[Token], i: int, before: list[FoundCitation]) -> _Rule | None:
    """Read "Ibid., para. 27": the document cited just before."""
    if word_at(tokens, i) != "ibid" or not before:
        return None
    behind = i + 1 + sign_at(tokens, i + 1, ".")
    behind += sign_at(tokens, behind, ",")
    read = _extended(tokens, group(tokens, behind))
    if read is None:
        return None
    cited = FoundCitation(tokens[i].start, read.end, before[-1].symbol, None, read.paras)
    return _Rule([cited], read.next)


def _pinpoint(tokens: list[Token], i: int) -> _Pin:
    """Read what pins down the symbol at `i`: a deep link, brackets, or section and paragraphs."""
    symbol = tokens[i]
    none = _Pin(None, None, symbol.end, i + 1)
    if sign_at(tokens, i + 1, "#") and tokens[i + 1].start == symbol.end:
        return _deep_link(tokens, i + 2) or none
    j = context.aside(tokens, i + 1)
    bracket = brackets(tokens, j + sign_at(tokens, j, ","))
    if bracket is not None:
        return _Pin(None, bracket, bracket.end, bracket.next)
    j = _links(tokens, j)
    at = at_page(tokens, j - 1) if is_verbatim(symbol.text) else None
    if at is not None:
        return _Pin(None, at, at.end, at.next)
    section, k = context.sections(tokens, j)
    if section is not None and section.startswith("article ") and j != i + 2:
        section, k = None, j  # "…, under article 9, para. 3"
    end = tokens[k - 1].end
    if section is not None:
        k += sign_at(tokens, k, ",")
    article = section is not None and "article " in section
    page = pages(tokens, k)
    if page is not None and context.symbol_of(tokens, page.next) is None:
        return _Pin(section, page, page.end, page.next)
    read = group(tokens, k)
    if read is not None and context.symbol_of(tokens, read.next) is None:
        read = _extended(tokens, read)
        # "…, article 9, para. 3, of the Covenant" is the treaty's, not the document's.
        treaty = read is not None and article and context.is_of(tokens, read.next)
        if read is not None and not treaty and not context.of_provision(tokens, read.next):
            return _Pin(section, read, read.end, read.next)
    if section is not None and not article and sign_at(tokens, i + 1, ","):
        return _Pin(section, None, end, k - sign_at(tokens, k - 1, ","))
    return none


def _deep_link(tokens: list[Token], i: int) -> _Pin | None:
    """Read "25", "25-27" or "annex I:3" behind "#"."""
    if i >= len(tokens) or tokens[i].start != tokens[i - 1].end:
        return None
    section, k = context.sections(tokens, i)
    if section is not None:
        if not sign_at(tokens, k, ":"):
            return None
        i = k + 1
    read = linked_page(tokens, i) or linked(tokens, i)
    return _Pin(section, read, read.end, read.next) if read else None


def _links(tokens: list[Token], i: int) -> int:
    """Skip what may stand between symbol and paragraphs: ", in particular", " (", " at"."""
    for _ in range(4):
        if sign_at(tokens, i, ",", ":", "(") or word_at(tokens, i) in _LINKS:
            i += 1
    return i


def _extended(tokens: list[Token], read: Group | None) -> Group | None:
    """Join "para. 25 and para. 30" into one group; not "para. 25 and paragraph 4 of A/65/1"."""
    if read is None:
        return None
    paras = list(read.paras)
    while True:
        i = read.next + sign_at(tokens, read.next, ",")
        if word_at(tokens, i) not in AND and not sign_at(tokens, i, "&"):
            break
        more = group(tokens, i + 1)
        if more is None or context.named_after(tokens, more.next) is not None:
            break
        if context.of_provision(tokens, more.next):
            break
        paras.extend(more.paras)
        read = Group((), read.start, more.end, more.next, read.mark)
    return Group(tuple(paras), read.start, read.end, read.next, read.mark)


def _tails(tokens: list[Token], found: list[FoundCitation], base: str, pin: _Pin) -> _Rule:
    """Read what goes on with the same symbol: "and Add.1", "and 3272", "and annex I, para. 4"."""
    current = base
    while True:
        tail = ellipsis.tail(tokens, pin.next, base, current, numbers=pin.group is None)
        if tail is not None:
            at = tail.next - 1
            current = tail.symbol
            pin = _pinpoint(tokens, at)
            found.append(_found(tail.start, current, pin))
            continue
        more = _more_sections(tokens, pin, current)
        if more is None:
            return _Rule(found, pin.next)
        cited, pin = more
        found.append(cited)


def _more_sections(
    tokens: list[Token], pin: _Pin, symbol: str
) -> tuple[FoundCitation, _Pin] | None:
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
    return cited, _Pin(section, read, read.end, read.next)


def _found(start: int, symbol: str, pin: _Pin) -> FoundCitation:
    paras = pin.group.paras if pin.group else ()
    return FoundCitation(start, pin.end, symbol, pin.section, paras)


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
