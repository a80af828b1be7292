"""A paragraph's text → the spans of its sentences.

sentencex (Wikimedia) does the cutting; what it does not know of official
records, "para. 151", "art. 9", "No. 25", "Stan.TV", is joined again here.
"""

from __future__ import annotations

import re

_ABBREVIATION = re.compile(
    r"(?:^|[\s(])(?:paras?|arts?|nos?|vols?|chap|sect|pp?|Add|Corr|Rev|Mr|Mrs|Ms|Dr|Prof|St|cf|"
    r"ibid|e\.g|i\.e|seq|v|vs|fig|approx|[A-Z])\.\s*$",
    re.IGNORECASE,
)


def sentences(text: str) -> list[tuple[int, int]]:
    """Spans of the sentences, in order, without the white space around them.

    Every character that is not white space lies in exactly one span.
    """
    # The compiled module has no stubs.
    from sentencex import segment  # pyright: ignore[reportAttributeAccessIssue]

    spans: list[tuple[int, int]] = []
    cursor = 0
    for piece in segment("en", text):
        at = text.find(piece, cursor)
        if at < 0:  # the library changed the text: what is left is one sentence
            break
        spans.append((cursor, at + len(piece)))
        cursor = at + len(piece)
    if cursor < len(text):
        spans.append((cursor, len(text)))
    merged: list[tuple[int, int]] = []
    for start, end in spans:
        if merged and not _cut_is_real(text, start):
            merged[-1] = (merged[-1][0], end)
        else:
            merged.append((start, end))
    return [span for start, end in merged if (span := _strip(text, start, end))]


def _cut_is_real(text: str, at: int) -> bool:
    before, after = text[:at], text[at:]
    if "\n" in before[len(before.rstrip()) :]:
        return True
    if not before[-1:].isspace() and not after[:1].isspace():
        return False  # "Stan.|TV"
    if _ABBREVIATION.search(before[-12:]):
        return False
    return not after.lstrip()[:1].islower()


def _strip(text: str, start: int, end: int) -> tuple[int, int] | None:
    piece = text[start:end]
    if not piece.strip():
        return None
    return start + len(piece) - len(piece.lstrip()), end - (len(piece) - len(piece.rstrip()))
