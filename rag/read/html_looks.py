"""An element of a web page → whether it is seen, and how it looks.

Only what the page says inline is known: style sheets are not applied.
"""

from __future__ import annotations

import re
from typing import Any

_ROLES = frozenset(
    "navigation banner contentinfo search menu menubar toolbar dialog alertdialog".split()
)
HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
_BOLD = frozenset("b strong th".split())
_HIDDEN = re.compile(
    r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*(?:all|screen)"
    r"|mso-element\s*:\s*(?:header|footer|comment-list))",
    re.IGNORECASE,
)
_WEIGHT = re.compile(r"font-weight\s*:\s*(\w+)", re.IGNORECASE)
_CENTRE = re.compile(r"text-align\s*:\s*(\w+)", re.IGNORECASE)
_INDENT = re.compile(r"(?:margin|padding)-left\s*:\s*(-?[\d.]+)(pt|px|in|cm|mm|em)", re.IGNORECASE)
_POINTS = {"pt": 1.0, "px": 0.75, "in": 72.0, "cm": 28.35, "mm": 2.835, "em": 12.0}
_MENU = re.compile(
    r"(?:^|[\s_-])(?:nav|navbar|navigation|menu|breadcrumbs?|cookies?|skip|sidebar|toolbar|share)"
    r"(?:$|[\s_-])",
    re.IGNORECASE,
)
_LARGEST_MENU = 400  # elements
_SMALL_FOOTER = 600  # characters


def left_out(element: Any, name: str) -> bool:
    """Whether an element is hidden, or part of the site and not of the page."""
    if element.get("hidden") is not None:
        return True
    style = element.get("style")
    if style and _HIDDEN.search(style):
        return True
    if (element.get("role") or "").lower() in _ROLES:
        return True
    if name in ("header", "footer", "aside", "ul", "ol", "div", "section", "table"):
        named = f"{element.get('id') or ''} {element.get('class') or ''}"
        of_site = name in ("header", "footer", "aside") or _MENU.search(named)
        return bool(of_site) and (_mostly_links(element) or (name == "footer" and _small(element)))
    return False


def _small(element: Any) -> bool:
    """Whether a footer has nothing to say: a line or two, no notes with links to the text."""
    if any((a.get("href") or "").startswith("#") for a in element.iter("a")):
        return False
    return sum(len(text.strip()) for text in element.itertext()) < _SMALL_FOOTER


def _mostly_links(element: Any) -> bool:
    """Whether half of the text of a small element is links: then it is a menu."""
    total = linked = 0
    for number, inner in enumerate(element.iter()):
        if number > _LARGEST_MENU or total > 20 * _LARGEST_MENU:
            return False
        total += len((inner.text or "").strip())
        if inner is not element:
            total += len((inner.tail or "").strip())
        if inner.tag == "a":
            linked += sum(len(text.strip()) for text in inner.itertext())
    return linked * 2 >= total


def is_bold(name: str, style: str, outer: bool) -> bool:
    """Whether text is bold."""
    weight = _WEIGHT.search(style)
    if weight:
        found = weight[1].lower()
        return found in ("bold", "bolder") or (found.isdigit() and int(found) >= 600)
    return outer or name in _BOLD or name in HEADINGS


def is_centred(element: Any, name: str, style: str, outer: bool) -> bool:
    """Whether a block is centred."""
    align = _CENTRE.search(style)
    if align:
        return align[1].lower() == "center"
    given = element.get("align")
    if given:
        return given.lower() == "center"
    return name == "center" or (outer and name not in ("td", "table"))


def indent_of(name: str, style: str) -> float:
    """By how much a block stands in, in points."""
    found = _INDENT.search(style)
    if found:
        try:
            return float(found[1]) * _POINTS[found[2].lower()]
        except ValueError:
            return 0.0
    return 30.0 if name in ("ol", "ul", "blockquote", "dd") else 0.0
