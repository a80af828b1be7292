"""Word's styles → what a paragraph or a run looks like, with all it inherits.

Of a style's many properties only those are kept that say something of the text: its
numbering, its indents, whether it is bold, centred, hidden or a heading.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from rag.read.word_package import child, local, switch, value, whole

# "heading 1", "Title"; and the styles of United Nations templates: "_ H_1_G", "_ H __M_G", "H23".
_HEADING_NAME = re.compile(
    r"^(?:heading ?\d|title$|subtitle$|_ ?h[ _\d]|h(?:\d{1,2}|ch|m)(?:_g)?$)", re.IGNORECASE
)
_DEEPEST = 50  # styles based on one another; more is a cycle


@dataclass(frozen=True, slots=True)
class Look:
    """What is known of a paragraph's look; None where nothing says so."""

    num_id: str | None = None
    level: int | None = None
    num_style: str | None = None  # the style that the numbering came from, if any
    left: int | None = None  # twentieths of a point
    first: int | None = None  # of the first line, relative to `left`; negative where it hangs
    centred: bool | None = None
    outline: int | None = None
    bold: bool | None = None
    hidden: bool | None = None
    heading: bool = False

    def over(self, under: Look) -> Look:
        """This look laid over another."""
        names = (name for name in self.__slots__ if name != "heading")
        merged = {
            name: mine if (mine := getattr(self, name)) is not None else getattr(under, name)
            for name in names
        }
        # A number given here stands in place of the style's, not beside it.
        if self.num_id is not None:
            merged["num_style"] = self.num_style
        return Look(**merged, heading=self.heading or under.heading)


class Styles:
    """The styles of a document."""

    def __init__(self, root: Any | None) -> None:
        self._styles: dict[str, Any] = {}
        self._looks: dict[str, Look] = {}
        self.default: str | None = None
        self._base = Look()
        for element in () if root is None else root:
            if local(element) == "docDefaults":
                paragraph = child(child(element, "pPrDefault"), "pPr")
                run = child(child(element, "rPrDefault"), "rPr")
                self._base = _run(run).over(_paragraph(paragraph))
            elif local(element) == "style" and (name := value(element, "styleId")):
                self._styles[name] = element
                if value(element, "type") == "paragraph" and value(element, "default") == "1":
                    self.default = name

    def paragraph(self, properties: Any | None) -> Look:
        """The look of a paragraph with these properties (w:pPr)."""
        style = value(child(properties, "pStyle"))
        if style not in self._styles:
            style = self.default
        return _paragraph(properties).over(self.style(style))

    def name(self, properties: Any | None) -> str | None:
        """The id of the style of a paragraph with these properties."""
        return value(child(properties, "pStyle")) or self.default

    def run(self, properties: Any | None, paragraph: Look) -> Look:
        """The look of a run (w:rPr) in a paragraph.

        Bold and hidden are switches: a character style turns over what the paragraph's
        style says (ECMA-376-1, 17.7.3).
        """
        direct = _run(properties)
        named = value(child(properties, "rStyle"))
        character = self._only(named) if named in self._styles else Look()
        return Look(
            bold=_toggled(direct.bold, character.bold, paragraph.bold),
            hidden=_toggled(direct.hidden, character.hidden, paragraph.hidden),
        )

    def style(self, name: str | None) -> Look:
        """The look of a paragraph style, with what it is based on."""
        if name is None or name not in self._styles:
            return self._base
        if name not in self._looks:
            self._looks[name] = self._only(name).over(self._base)
        return self._looks[name]

    def _only(self, name: str | None) -> Look:
        """A style with what it is based on, without the document's defaults."""
        look, seen = Look(), 0
        while name is not None and (element := self._styles.get(name)) is not None:
            properties = child(element, "pPr")
            own = _run(child(element, "rPr")).over(_paragraph(properties))
            if own.num_id is not None or own.level is not None:
                own = replace(own, num_style=name)
            named = value(child(element, "name")) or name
            if value(element, "type") == "paragraph" and _HEADING_NAME.match(named):
                own = replace(own, heading=True)
            look = look.over(own)
            name = value(child(element, "basedOn"))
            seen += 1
            if seen > _DEEPEST:
                break
        return look

    def numbering_of(self, style: str | None) -> str | None:
        """The list that a numbering style stands for."""
        return self._only(style).num_id


def _toggled(direct: bool | None, character: bool | None, paragraph: bool | None) -> bool:
    return direct if direct is not None else bool(character) != bool(paragraph)


def _run(properties: Any | None) -> Look:
    return Look(bold=switch(properties, "b"), hidden=switch(properties, "vanish"))


def _paragraph(properties: Any | None) -> Look:
    if properties is None:
        return Look()
    numbering = child(properties, "numPr")
    left, first = indents(properties)
    justified = value(child(properties, "jc"))
    outline = whole(value(child(properties, "outlineLvl")))
    return Look(
        num_id=value(child(numbering, "numId")),
        level=whole(value(child(numbering, "ilvl"))),
        left=left,
        first=first,
        centred=None if justified is None else justified == "center",
        outline=outline,
    )


def indents(properties: Any | None) -> tuple[int | None, int | None]:
    """The left indent and that of the first line, in twentieths of a point."""
    indent = child(properties, "ind")
    left = whole(value(indent, "left") or value(indent, "start"))
    hanging = whole(value(indent, "hanging"))
    first = whole(value(indent, "firstLine"))
    return left, -hanging if hanging is not None else first
