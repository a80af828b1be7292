"""Blocks → a Word file with real footnotes.

python-docx (1.2) writes no footnotes, so the parts are written here, over lxml: every word is
the text of an element, which can begin neither a field nor an element. Source: ECMA-376, part 1, 17.11 (footnotes: a part of its own, the separators
first, a reference in the body) and 17.16.22 (a hyperlink by relationship, without a field).
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from importlib import import_module
from typing import Any

from rag.cite.styles import Runs, printed
from rag.export.blocks import Block, Note
from rag.export.docx_parts import CONTENT_TYPES, PACKAGE, SETTINGS, STYLES

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATED = "http://schemas.openxmlformats.org/package/2006/relationships"
_CORE = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
_DC = "http://purl.org/dc/elements/1.1/"
_TERMS = "http://purl.org/dc/terms/"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_LOOKS = {
    "title": "Title", "question": "Heading1", "claim": "Normal", "text": "Normal",
    "label": "Label", "item": "Item", "small": "Small",
}  # fmt: skip
_EPOCH = (2000, 1, 1, 0, 0, 0)  # the same blocks give the same bytes


@cache
def _etree() -> Any:
    return import_module("lxml.etree")


def docx(blocks: Sequence[Block], at: datetime | None = None) -> bytes:
    """Write blocks as a Word file, `at` as its date; footnotes are numbered by Word."""
    notes = [block.note for block in blocks if block.note is not None]
    title = next((printed(block.runs) for block in blocks if block.kind == "title"), "")
    parts = {
        "[Content_Types].xml": CONTENT_TYPES.encode(),
        "_rels/.rels": PACKAGE.encode(),
        "docProps/core.xml": _bytes(_core(title, at)),
        "word/document.xml": _bytes(_document(blocks)),
        "word/_rels/document.xml.rels": _bytes(
            _relations([(kind, f"{kind}.xml", "") for kind in ("styles", "settings", "footnotes")])
        ),
        "word/styles.xml": STYLES.encode(),
        "word/settings.xml": SETTINGS.encode(),
        "word/footnotes.xml": _bytes(_footnotes(notes)),
        "word/_rels/footnotes.xml.rels": _bytes(
            _relations([("hyperlink", link, "External") for link in _links(notes)])
        ),
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts.items():
            package.writestr(zipfile.ZipInfo(name, _EPOCH), data, zipfile.ZIP_DEFLATED)
    return file.getvalue()


def _document(blocks: Sequence[Block]) -> Any:
    root = _etree().Element(_w("document"), nsmap={"w": _W, "r": _R})
    body = _into(root, "body")
    number = 0
    for block in blocks:
        paragraph = _paragraph(body, _LOOKS[block.kind])
        _write(paragraph, block.runs)
        if block.note is not None:
            number += 1
            _into(_run(paragraph, "FootnoteReference"), "footnoteReference", id=str(number))
    section = _into(body, "sectPr")
    _into(section, "pgSz", w="11906", h="16838")
    _into(section, "pgMar", top="1440", right="1440", bottom="1440", left="1440", header="708",
          footer="708", gutter="0")  # fmt: skip
    return root


def _footnotes(notes: Sequence[Note]) -> Any:
    """The separators that Word wants first, then the notes, from 1."""
    root = _etree().Element(_w("footnotes"), nsmap={"w": _W, "r": _R})
    for number, kind in enumerate(("separator", "continuationSeparator"), start=-1):
        note = _into(root, "footnote", type=kind, id=str(number))
        _into(_run(_paragraph(note, "FootnoteText")), kind)
    links = _links(notes)
    for number, note in enumerate(notes, start=1):
        paragraph = _paragraph(_into(root, "footnote", id=str(number)), "FootnoteText")
        _into(_run(paragraph, "FootnoteReference"), "footnoteRef")
        _text(_run(paragraph), " ")
        _write(paragraph, note.runs)
        if note.link:
            _text(_run(paragraph), " ")
            link = _into(paragraph, "hyperlink")
            link.set(f"{{{_R}}}id", f"rId{links.index(note.link) + 1}")
            _text(_run(link, "Hyperlink"), note.link)
    return root


def _links(notes: Sequence[Note]) -> list[str]:
    return list(dict.fromkeys(note.link for note in notes if note.link))


def _relations(targets: Sequence[tuple[str, str, str]]) -> Any:
    """Relationships rId1, rId2 … of (kind, target, mode)."""
    root = _etree().Element(f"{{{_RELATED}}}Relationships", nsmap={None: _RELATED})
    for number, (kind, target, mode) in enumerate(targets, start=1):
        link = _etree().SubElement(root, f"{{{_RELATED}}}Relationship")
        link.set("Id", f"rId{number}")
        link.set("Type", f"{_R}/{kind}")
        link.set("Target", target)
        if mode:
            link.set("TargetMode", mode)
    return root


def _core(title: str, at: datetime | None) -> Any:
    spaces = {"cp": _CORE, "dc": _DC, "dcterms": _TERMS, "xsi": _XSI}
    root = _etree().Element(f"{{{_CORE}}}coreProperties", nsmap=spaces)
    _etree().SubElement(root, f"{{{_DC}}}title").text = _legal(title)
    if at is not None:
        created = _etree().SubElement(root, f"{{{_TERMS}}}created")
        created.set(f"{{{_XSI}}}type", "dcterms:W3CDTF")
        created.text = f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    return root


# -- elements --------------------------------------------------------------------------------------


def _w(name: str) -> str:
    return f"{{{_W}}}{name}"


def _into(parent: Any, name: str, **attributes: str) -> Any:
    element = _etree().SubElement(parent, _w(name))
    for key, value in attributes.items():
        element.set(_w(key), value)
    return element


def _paragraph(parent: Any, look: str) -> Any:
    paragraph = _into(parent, "p")
    _into(_into(paragraph, "pPr"), "pStyle", val=look)
    return paragraph


def _run(parent: Any, look: str = "", *, italic: bool = False) -> Any:
    run = _into(parent, "r")
    if look or italic:
        properties = _into(run, "rPr")
        if look:
            _into(properties, "rStyle", val=look)
        if italic:
            _into(properties, "i")
    return run


def _write(paragraph: Any, runs: Runs) -> None:
    for piece in runs:
        run = _run(paragraph, italic=piece.italic)
        for number, line in enumerate(piece.text.split("\n")):
            if number:
                _into(run, "br")
            _text(run, line)


def _text(run: Any, text: str) -> None:
    if text:
        element = _into(run, "t")
        element.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        element.text = _legal(text)


def _legal(text: str) -> str:
    """Text without the characters that XML cannot hold (XML 1.0, production 2)."""
    return "".join(
        sign
        for sign in text
        if sign in "\t\n\r" or (ord(sign) >= 0x20 and not 0xD800 <= ord(sign) <= 0xDFFF
                                and sign not in "\ufffe\uffff")
    )  # fmt: skip


def _bytes(root: Any) -> bytes:
    data: bytes = _etree().tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return data
