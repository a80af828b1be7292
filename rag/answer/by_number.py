"""Recommendations that a report rejects by their numbers → what is said of those that are quoted.

"The recommendations noted in paragraphs 26 (b), 28 (c) and 31 above did not enjoy the support of
…": reports of the first reviews say so once, far behind the words that it is said of.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from rag.answer.listing import Lists, refused
from rag.answer.positions import paras
from rag.domain import Citation, Claim, Paragraph, Passage
from rag.query import Query
from rag.sentences import sentences
from rag.subparagraphs import subparagraphs

ITEMS = 12  # of those that are listed, quoted at most
_LIST = re.compile(
    r"\brecommendations?\b[^.:]{0,80}?\bparagraphs?\s+(?P<list>\d[^.:]*?),?\s*(?:above,?\s+)?"
    r"(?P<says>(?:did|do|does)\s+not\s+enjoy\s+the\s+support\b[^.;:]*)",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"(?P<of>\d+)\s*\((?P<where>first|last) sentence\)|"
    r"(?P<label>\d+)(?![\d]|\s*\([a-z]\))|(?P<with>\d+)\s*(?=\()|\((?P<sub>[a-z])\)"
)
# A sentence's end, or that of a part in a row of them.
_ENDS = re.compile(
    r"(?<=\.)(?<!\bNo\.)(?<!\bart\.)(?<!\bMr\.)(?<!\bMs\.)(?<!\bDr\.)(?=\s+[A-Z(]|\s*$)"
    r"|[;,.]?\s+(?:and\s+)?(?=\([a-z]\)\s)|;"
)
_PARTS = 1_000  # parts of a paragraph are numbered from here, apart from those it may have
_ALIKE = 60  # characters by which a part is found again in what is quoted


@dataclass(frozen=True, slots=True)
class Listed:
    """A sentence that says of recommendations, by number, that a State does not support them."""

    head: Paragraph
    says: str  # "did not enjoy the support of Maravia"
    # Label of a paragraph, and "(b)", "(last sentence)", or "" for the whole.
    of: tuple[tuple[str, str], ...]


def listed_by_number(paragraphs: Sequence[Paragraph]) -> list[Listed]:
    """Find the sentences that list what a State does not support."""
    return [
        Listed(paragraph, found["says"].strip(), tuple(_numbers(found["list"])))
        for paragraph in paragraphs
        for found in _LIST.finditer(paragraph.text)
    ]


def _numbers(text: str) -> Iterator[tuple[str, str]]:
    label = ""
    for found in _NUMBER.finditer(text):
        if found["of"]:
            label = found["of"]
            yield label, f"({found['where']} sentence)"
        elif found["label"]:
            label = found["label"]
            yield label, ""
        elif found["with"]:
            label = found["with"]
        elif label:
            yield label, f"({found['sub']})"


def rejected(claims: Sequence[Claim], given: Sequence[Paragraph], lists: Sequence[Listed]) -> str:
    """Say which of the recommendations that are quoted do not enjoy support; else nothing.

    Args:
        claims: what is shown.
        given: the paragraphs that they cite.
        lists: what the records say by number.

    """
    by = {str(each.citation): each for each in given}
    told: list[str] = []
    for each in lists:
        cited = {str(c.citation) for c in claims}
        if str(each.head.citation) in cited:
            continue
        hit = [
            f"{label} {sub}".strip()
            for label, sub in dict.fromkeys(each.of)
            if any(
                _is_of(claim, by.get(str(claim.citation)), each.head.document, label, sub)
                for claim in claims
            )
        ]
        if hit:
            told.append(
                f"Of the recommendations in {paras(hit)} the record says that they "
                f"“{each.says}” ({each.head.citation})."
            )
    return " ".join(told)


def _is_of(claim: Claim, paragraph: Paragraph | None, document: str, label: str, sub: str) -> bool:
    """Whether what is quoted is, at least in part, the recommendation that has this number."""
    if paragraph is None or paragraph.document != document or paragraph.label != label:
        return False
    part = _part(paragraph, sub)
    words = " ".join(part.split())[:_ALIKE]
    return bool(words) and (not sub or words in " ".join(claim.quote.split()))


def _part(paragraph: Paragraph, sub: str) -> str:
    """The words behind a mark, up to the next mark or the end of the sentence: it runs in the text."""
    text = paragraph.text
    if not sub:
        return text
    if sub.endswith("sentence)"):
        cut = sentences(text)
        start, end = cut[0] if sub.startswith("(first") else cut[-1]
        return text[start:end]
    mark = re.search(rf"(?<!\d ){re.escape(sub)}\s+", text)
    if mark is None:
        return ""
    end = _ENDS.search(text, mark.end())
    return text[mark.end() : end.start() if end else len(text)]


def rejected_parts(passage: Passage, lists: Sequence[Listed]) -> list[Passage]:
    """What of a passage is listed as rejected, each part by itself: it is ranked by its own words."""
    there = passage.paragraph
    parts = dict.fromkeys(
        sub
        for each in lists
        if each.head.document == there.document
        for label, sub in each.of
        if label == there.label
    )
    found = ((at, _words(there, sub)) for at, sub in enumerate(parts, start=_PARTS))
    return [
        replace(
            passage,
            paragraph=replace(there, text=words, end=there.start + len(words), voices=(), part=at),
        )
        for at, words in found
        if words
    ]


def quoted_below(listed: Listed, paragraphs: Sequence[Paragraph]) -> tuple[tuple[Claim, ...], str]:
    """A sentence that lists by number, quoted, with what it lists; and how much of it is not.

    Args:
        listed: the sentence.
        paragraphs: its own, and those that it lists.

    """
    text = listed.head.text
    cut = (text[start:end] for start, end in sentences(text))
    says = next((each for each in cut if listed.says in each), text)
    by = {paragraph.label: paragraph for paragraph in paragraphs}
    below = [
        Claim(words, words, Citation(there.document, there.section, label, sub=_mark(there, sub)))
        for label, sub in dict.fromkeys(listed.of)
        if (there := by.get(label)) and (words := _words(there, sub))
    ]
    left = [f"{c.citation.first} {c.citation.sub or ''}".strip() for c in below[ITEMS:]]
    more = f"{len(left)} more are listed there, in {paras(left)}." if left else ""
    return (Claim(says, says, listed.head.citation), *below[:ITEMS]), more


def counted_by_number(query: Query, paragraphs: Sequence[Paragraph]) -> Lists | None:
    """The sentences that list by number what is not supported, and how many numbers they hold.

    Args:
        query: the question, read.
        paragraphs: of one document.

    Returns:
        None where not the number of those rejected is asked for, or no sentence lists any.

    """
    if query.wants != "figure" or not refused(query.text):
        return None
    found = listed_by_number(paragraphs)
    told = [quoted_below(each, [each.head])[0][0] for each in found]
    counts = [
        f"Counted: {len(dict.fromkeys(each.of))} in para. {each.head.label}." for each in found
    ]
    heads = tuple(each.head for each in found)
    return Lists(tuple(told), heads, " ".join(counts)) if found else None


def _mark(paragraph: Paragraph, sub: str) -> str | None:
    """The mark, where the paragraph is known to have such a part: running text may only seem to."""
    return sub if any(part.mark == sub for part in subparagraphs(paragraph.text)) else None


def _words(paragraph: Paragraph, sub: str) -> str:
    """A part without its mark; of a whole paragraph the sentences that recommend."""
    if sub:
        return re.sub(r"[\s;,]+(?:and)?$", "", _part(paragraph, sub))
    text = paragraph.text
    cut = [text[start:end] for start, end in sentences(text)]
    return next((each for each in cut if re.search(r"\brecommend", each)), "")
