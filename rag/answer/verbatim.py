"""A quotation and a text → whether, and where, it stands there word for word."""

from __future__ import annotations

import re
import unicodedata

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


def places(quote: str, text: str) -> tuple[tuple[int, int], ...]:
    """Give the spans of a text where the parts of a verbatim quotation stand, in order."""
    found: list[tuple[int, int]] = []
    at = 0
    for part in _ELLIPSIS.split(quote):
        words = re.findall(r"\w+", part)
        if not words:
            continue
        match = re.compile(r"\W+".join(map(re.escape, words))).search(text, at)
        if match is None:
            return tuple(found)
        found.append((match.start(), match.end()))
        at = match.end()
    return tuple(found)
