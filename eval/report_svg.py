"""matplotlib's SVG → SVG that stands in a page under a strict content policy.

Style attributes and style sheets would be refused there, so that every property
becomes an attribute; ids are made unique; colours become variables of the page.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Mapping

SVG = "http://www.w3.org/2000/svg"
LINK = "{http://www.w3.org/1999/xlink}href"
KEPT = frozenset(
    {
        "fill", "fill-opacity", "stroke", "stroke-width", "stroke-opacity", "stroke-dasharray",
        "stroke-dashoffset", "stroke-linejoin", "stroke-linecap", "opacity", "font-size",
        "font-weight", "text-anchor",
    }
)  # fmt: skip
_FONT_SIZE = re.compile(r"(?:^|\s)(\d+(?:\.\d+)?px)\b")
_NO_XML = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")  # signs that XML knows no way to write
_REFERENCE = re.compile(r"url\(#([^)]+)\)")


def page_svg(drawn: bytes, name: str, title: str, told: str, variables: Mapping[str, str]) -> str:
    """Make a drawing of matplotlib part of a page.

    Args:
        drawn: the file as matplotlib wrote it.
        name: put before every id.
        title: read out in place of the picture, with `told`.
        told: what it shows, in a sentence.
        variables: colours as drawn, lower case, and what stands for each in the page.

    """
    root = ElementTree.fromstring(_NO_XML.sub(b"", drawn))
    for parent in list(root.iter()):
        for element in list(parent):
            if element.tag in (f"{{{SVG}}}metadata", f"{{{SVG}}}style"):
                parent.remove(element)
    for element in root.iter():
        _inline(element, name, variables)
    for size in ("width", "height"):
        root.attrib.pop(size, None)
    root.attrib.pop("version", None)
    root.set("role", "img")
    root.set("aria-labelledby", f"{name}-title {name}-told")
    for place, (tag, text) in enumerate((("title", title), ("desc", told))):
        element = ElementTree.Element(
            f"{{{SVG}}}{tag}", {"id": f"{name}-{'told' if place else 'title'}"}
        )
        element.text = text
        root.insert(place, element)
    ElementTree.register_namespace("", SVG)
    return ElementTree.tostring(root, encoding="unicode")


def _inline(element: ElementTree.Element, name: str, variables: Mapping[str, str]) -> None:
    """Turn the style into attributes, and ids and references into those of this drawing."""
    for key, value in _properties(element.attrib.pop("style", "")):
        if key == "font":
            size = _FONT_SIZE.search(value)
            if size:
                element.set("font-size", size[1])
            if "bold" in value or "700" in value:
                element.set("font-weight", "700")
        elif key in KEPT:
            element.set(key, value)
    for key in ("fill", "stroke"):
        value = element.get(key)
        if value is not None:
            element.set(key, variables.get(value.lower(), value))
    # Without a fill of their own, texts and shapes would be black on dark paper.
    if element.tag == f"{{{SVG}}}text" and element.get("fill") is None:
        element.set("fill", "currentColor")
    own = element.get("id")
    if own is not None:
        element.set("id", f"{name}-{own}")
    link = element.get(LINK)
    if link is not None and link.startswith("#"):
        del element.attrib[LINK]
        element.set("href", f"#{name}-{link[1:]}")
    for key, value in list(element.attrib.items()):
        if "url(#" in value:
            element.set(key, _REFERENCE.sub(rf"url(#{name}-\1)", value))


def _properties(style: str) -> list[tuple[str, str]]:
    pairs = (part.partition(":") for part in style.split(";"))
    return [(key.strip(), value.strip()) for key, _, value in pairs if value.strip()]
