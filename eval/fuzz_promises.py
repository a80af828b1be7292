"""A document → the promises of `rag.domain` that it breaks."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator

from rag.domain import Document, Paragraph, SourceText

_LABEL = re.compile(r"[0-9]+(?:\.[0-9]+)*(?: (?:bis|ter|quater))?|p\. [0-9]+")


def broken_promises(source: SourceText, document: Document) -> Iterator[str]:
    """Yield a sentence for each promise that does not hold, its kind before the colon."""
    paragraphs = document.paragraphs
    if not paragraphs:
        yield "no paragraphs: and no error"
    if source.hints and len(source.hints) != source.text.count("\n") + 1:
        yield f"hints: {len(source.hints)} for {source.text.count(chr(10)) + 1} lines"
    if list(source.pages) != sorted(source.pages):
        yield "pages of the source: not ascending"
    pages = [p.page for p in paragraphs if p.page is not None]
    if pages != sorted(pages):
        yield "pages: not ascending"
    if len({p.id for p in paragraphs}) != len(paragraphs):
        yield f"ids: {Counter(p.id for p in paragraphs).most_common(1)} not unique"
    if any(a.end > b.start for a, b in itertools.pairwise(paragraphs)):
        yield "spans: not in order"
    printed = _plain(source.text)
    for place, paragraph in enumerate(paragraphs):
        yield from _broken_by(paragraph, place, document, printed)
    known = {p.label for p in paragraphs} | {None}
    if any(heading.before not in known for heading in document.headings):
        yield "heading: stands before a paragraph that is not there"
    if any(event.after not in known for event in document.events):
        yield "event: stands after a paragraph that is not there"


def _broken_by(p: Paragraph, place: int, document: Document, printed: str) -> Iterator[str]:
    if document.text[p.start : p.end] != p.text:
        yield f"span: of {p.label} is not its text"
    if not p.text.strip():
        yield f"empty: paragraph {p.label}"
    if p.ordinal != place:
        yield f"ordinal: {p.ordinal} at {place}"
    if not _LABEL.fullmatch(p.label):
        yield f"label: {p.label!r} cannot be cited"
    elif not p.inferred and not p.label.startswith("p. "):
        parts = p.label.split(" ")[0].split(".")
        if not all(part in printed for part in parts):
            yield f"number: {p.label} is not in the text and not inferred"
    if p.turn and not p.turn.first <= place <= p.turn.last:
        yield f"turn: of {p.label} is elsewhere"
    ends = [0, *(voice.end for voice in p.voices)]
    starts = [*(voice.start for voice in p.voices), len(p.text)]
    if p.voices and ends != starts:
        yield f"voices: of {p.label} do not cover it"


def _plain(text: str) -> str:
    """A text without invisible characters, its digits in one form."""
    folded = unicodedata.normalize("NFKC", text)
    return "".join(
        str(unicodedata.digit(c)) if c.isdecimal() else c
        for c in folded
        if unicodedata.category(c) not in ("Cf", "Cc", "Mn")
    )
