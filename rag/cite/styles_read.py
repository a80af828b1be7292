"""A citation as a style prints it → the `Citation` it was printed from.

The pieces are put in the order of the citation grammar (symbol, section, pinpoint), which
reads them: what the grammar does not know in a style's own order is only moved, never read here.
"""

from __future__ import annotations

import json
import re
from typing import Any, cast

from rag.cite.grammar import as_citations, find_citations
from rag.cite.styles_lists import unlatex
from rag.domain import Citation
from rag.errors import BadCitation

_NUMBER = re.compile(r"\b(UN Doc|U\.N\. Doc\.) (?=\S)")
_BEHIND = re.compile(
    r"(?P<symbol>\S+?)(?: \((?P<day>[^()]*[0-9]{4}[^()]*)\))?(?P<pin>,? \S.*)?[.]?", re.DOTALL
)
_SQUARE = re.compile(r"\[([^\[\]]+)\](?:–\[([^\[\]]+)\])?$")
_BARE = re.compile(r"(?:(?<=^)|(?<= ))([0-9]+)(?:–([0-9]+))?$")
_AT = re.compile(r"(?:(?<=^)|(?<=[ ,]))at ([0-9]+)(?:–([0-9]+))?$")
_FIELD = re.compile(r"^ {2}(number|note) = \{(.*)\},$", re.MULTILINE)
_TAG = re.compile(r"^(SN|N1) {2}- (.*)$", re.MULTILINE)
# A number behind one of these is a paragraph's or a section's, not a page's.
_NAMED = frozenset({
    "para", "paras", "annex", "appendix", "enclosure", "attachment", "chapter", "section", "part",
    "article", "decision", "resolution",
})  # fmt: skip


def parse(text: str) -> Citation:
    """Read a citation in any of the styles that `rag.cite.styles` prints.

    Where a title of the Bluebook's plain text ends in words that name a place in a document
    ("…, annex I"), nothing tells it from the pinpoint.

    Raises:
        BadCitation: the text is none, names no document, or more than one place.

    """
    plain = _canonical(text.strip())
    found = [each for each in find_citations(plain) if each.symbol] if plain else []
    cited = [citation for each in found for citation in as_citations(each)]
    if len(cited) != 1:
        raise BadCitation(f"{text!r} is no citation in one of the styles that are printed here.")
    return cited[0]


def _canonical(text: str) -> str:
    """The pieces in the order of the grammar; the text itself where they are already."""
    if text.startswith("@techreport{"):
        return _placed({name: unlatex(value) for name, value in _FIELD.findall(text)}, "number")
    if text.startswith("TY  - RPRT"):
        fields = dict(_TAG.findall(text))
        return _placed({"number": fields.get("SN", ""), "note": fields.get("N1", "")}, "number")
    item = _item(text) if text.startswith(("[", "{")) else {}
    if item:
        return _placed(item, "number")
    numbers = list(_NUMBER.finditer(text))
    if not numbers:
        return text
    last = numbers[-1]
    behind = _BEHIND.fullmatch(text[last.end() :])
    if behind is None:
        return text
    symbol, pin = behind["symbol"], (behind["pin"] or "").lstrip(", ")
    if last[1] == "UN Doc":
        pin = _SQUARE.sub(lambda m: _span("para.", m), pin)
        pin = _BARE.sub(lambda m: _span("p.", m), pin) if _is_page(pin) else pin
        return f"{symbol}, {pin}" if pin else symbol
    return _before(symbol, text[: last.start()])


def _placed(fields: dict[str, str], number: str) -> str:
    symbol, note = fields.get(number, ""), fields.get("note", "")
    return f"{symbol}, {note}" if symbol and note else symbol


def _item(text: str) -> dict[str, str]:
    """The first item of CSL-JSON; nothing where the text is none ("[25] …", a title)."""
    try:
        read: Any = json.loads(text)
    except ValueError:
        return {}
    if isinstance(read, list) and read:
        read = cast("list[Any]", read)[0]
    if not isinstance(read, dict):
        return {}
    return {str(key): str(value) for key, value in cast("dict[str, Any]", read).items()}


def _is_page(pin: str) -> bool:
    """Whether the number that a pinpoint ends in is a page: it follows no "para", and no name."""
    before = _BARE.sub("", pin).rstrip(" ,")
    return before.rpartition(" ")[2].rstrip(".").lower() not in _NAMED


def _span(mark: str, match: re.Match[str]) -> str:
    return f"{mark} {match[1]}–{match[2]}" if match[2] else f"{mark} {match[1]}"


def _before(symbol: str, head: str) -> str:
    """The Bluebook's order: the pinpoint stands before the number of the document."""
    head = head.rstrip(" ,")
    head = _AT.sub(lambda m: f", {_span('p.', m)}", head)
    pieces = [piece.strip() for piece in head.split(",") if piece.strip()]
    for count in (2, 1):
        if len(pieces) < count:
            continue
        tried = ", ".join([symbol, *pieces[-count:]])
        found = find_citations(tried)
        if len(found) == 1 and found[0].end == len(tried) and found[0].symbol == symbol:
            return tried
    return symbol
