"""Text of records → text that a page may show. Whatever a record says is data, never markup.

Two ways out: `escaped` for HTML, `plain` for the labels that Streamlit reads as Markdown.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

Span = tuple[int, int]

_MARKUP = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~$&^=@/])")
_ITEM = re.compile(r"\n\s*(?=(?:<mark>)?\((?:[a-z]{1,4}|[0-9]{1,2})\)\s)")
_ELISION = re.compile(r"\s*(?:\[(?:…|\.\.\.)\]|…|\.\.\.)\s*")
# Streamlit replaces :smile:, :red[…] and www.… after Markdown's own escapes are gone;
# an invisible, non-breaking character between the signs is what keeps them as they are.
_JOINER = "\u2060"


def escaped(text: str) -> str:
    """Escape for HTML, attributes included."""
    return html.escape(text.encode("utf-8", "replace").decode(), quote=True)


def plain(text: str) -> str:
    """Escape for a Markdown label, so that every character is shown as it is."""
    text = " ".join(text.encode("utf-8", "replace").decode().split())
    text = re.sub(r":(?=\S)", ":" + _JOINER, _MARKUP.sub(r"\\\1", text))
    return re.sub(r"(?i)www(?=\\\.)", lambda match: match[0] + _JOINER, text)


def find_quote(quote: str, text: str) -> tuple[Span, ...]:
    """Find a quotation in a paragraph: one span, or one for each part between ellipses.

    Line breaks in either count as spaces. A part that is not there gives no span.
    """
    spans: list[Span] = []
    begin = 0
    for part in _ELISION.split(quote.strip()):
        words = part.split()
        if not words:
            continue
        match = re.compile(r"\s+".join(map(re.escape, words))).search(text, begin)
        if match:
            spans.append(match.span())
            begin = match.end()
    return tuple(spans)


def prose(text: str, marked: Sequence[Span] = ()) -> str:
    """Write a paragraph as HTML: `marked` spans in `<mark>`, items (a), (b) on new lines."""
    parts: list[str] = []
    last = 0
    for start, end in sorted(marked):
        if start < last or end <= start:
            continue
        parts += [escaped(text[last:start]), "<mark>", escaped(text[start:end]), "</mark>"]
        last = end
    parts.append(escaped(text[last:]))
    return _ITEM.sub("<br>", "".join(parts))
