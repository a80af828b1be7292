"""Small Word files for the tests: only the parts that a case is about, written as XML."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from xml.sax.saxutils import escape

_W = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml"'
)
_TYPE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MIME = "application/vnd.openxmlformats-officedocument.wordprocessingml"


def text(words: str) -> str:
    """A run."""
    return f'<w:r><w:t xml:space="preserve">{escape(words)}</w:t></w:r>'


def para(inner: str = "", *, list_: tuple[int, int] | None = None, props: str = "") -> str:
    """A paragraph; `inner` is text, or XML where it begins with "<"."""
    numbering = (
        f'<w:numPr><w:ilvl w:val="{list_[1]}"/><w:numId w:val="{list_[0]}"/></w:numPr>'
        if list_
        else ""
    )
    runs = inner if inner.startswith("<") else text(inner)
    return f"<w:p><w:pPr>{props}{numbering}</w:pPr>{runs}</w:p>"


def level(
    number: int, form: str, shown: str, start: int = 1, extra: str = "", indent: str = ""
) -> str:
    """A level of an abstract list."""
    return (
        f'<w:lvl w:ilvl="{number}"><w:start w:val="{start}"/><w:numFmt w:val="{form}"/>{extra}'
        f'<w:lvlText w:val="{escape(shown)}"/>{indent}</w:lvl>'
    )


def numbering(abstract: Mapping[int, str], lists: Mapping[int, tuple[int, str]]) -> str:
    """The list definitions: levels by abstract id, and (abstract id, overrides) by list id."""
    kinds = "".join(
        f'<w:abstractNum w:abstractNumId="{key}"><w:multiLevelType w:val="multilevel"/>{levels}'
        "</w:abstractNum>"
        for key, levels in abstract.items()
    )
    nums = "".join(
        f'<w:num w:numId="{key}"><w:abstractNumId w:val="{of}"/>{overrides}</w:num>'
        for key, (of, overrides) in lists.items()
    )
    return kinds + nums


def restart(number: int, at: int) -> str:
    """An override by which a list starts a level anew."""
    return f'<w:lvlOverride w:ilvl="{number}"><w:startOverride w:val="{at}"/></w:lvlOverride>'


def docx(
    body: str,
    *,
    numbering: str = "",
    styles: str = "",
    settings: str = "",
    footnotes: str = "",
    endnotes: str = "",
    headers: Mapping[str, str] | None = None,
    raw: Mapping[str, bytes] | None = None,
) -> bytes:
    """A .docx of these parts; `headers` are related as their names say ("first", "default")."""
    parts = {
        "numbering": numbering,
        "styles": styles,
        "settings": settings,
        "footnotes": footnotes,
        "endnotes": endnotes,
    }
    links, files, kinds = "", dict[str, bytes](), ""
    roots = {"header": "hdr"}

    def part(name: str, kind: str, inner: str, identifier: str) -> None:
        nonlocal links, kinds
        root = roots.get(kind, kind)
        files[f"word/{name}.xml"] = f"<w:{root} {_W}>{inner}</w:{root}>".encode()
        links += f'<Relationship Id="{identifier}" Type="{_TYPE}/{kind}" Target="{name}.xml"/>'
        kinds += f'<Override PartName="/word/{name}.xml" ContentType="{_MIME}.{kind}+xml"/>'

    for name, inner in parts.items():
        if inner:
            part(name, name, inner, f"rId_{name}")
    for name, inner in (headers or {}).items():
        part(f"header_{name}", "header", inner, f"rId_{name}")
    rels = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    files["word/document.xml"] = f"<w:document {_W}><w:body>{body}</w:body></w:document>".encode()
    files["word/_rels/document.xml.rels"] = f"{rels}{links}</Relationships>".encode()
    files["_rels/.rels"] = (
        f'{rels}<Relationship Id="rId1" Type="{_TYPE}/officeDocument" '
        'Target="word/document.xml"/></Relationships>'
    ).encode()
    files["[Content_Types].xml"] = (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{_MIME}.document.main+xml"/>'
        f"{kinds}</Types>"
    ).encode()
    files |= raw or {}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()
