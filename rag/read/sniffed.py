"""The bytes of a file → what it is, whatever its name says."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Literal

Kind = Literal[
    "nothing", "PDF", "Word", "old Word", "rich text", "archive", "damaged archive",
    "WordPerfect", "web page", "text", "something else",
]  # fmt: skip
NAMES: dict[Kind, str] = {  # for a sentence: "it holds …"
    "nothing": "nothing",
    "PDF": "a PDF",
    "Word": "a Word file",
    "old Word": "an old Word or Office file",
    "rich text": "rich text (RTF)",
    "archive": "a zip archive",
    "damaged archive": "a damaged Word file",
    "WordPerfect": "a WordPerfect file",
    "web page": "a web page",
    "text": "plain text",
    "something else": "neither text nor a document",
}
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x19]")
_STARTS: tuple[tuple[bytes, Kind], ...] = (
    (b"\xd0\xcf\x11\xe0", "old Word"),
    (b"{\\rtf", "rich text"),
    (b"\xffWPC", "WordPerfect"),
    (b"\xff\xfe", "text"),  # UTF-16, in which half of the bytes are zero
    (b"\xfe\xff", "text"),
)
_MARKUP = (b"<!doctype", b"<html", b"<head", b"<script", b"<!--", b"<?xml")


def sniffed(data: bytes) -> Kind:
    """Tell by its bytes what a file is."""
    start = data[:2048].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if not start:
        return "nothing" if not data.strip() else "text"
    if b"%PDF-" in data[:1024]:
        return "PDF"
    if data.startswith(b"PK\x03\x04"):
        return _packed(data)
    for begins, kind in _STARTS:
        if data.startswith(begins):
            return kind
    if start.startswith(_MARKUP):
        return "web page"
    head = data[:65_536]
    return "something else" if len(_CONTROLS.findall(head)) > len(head) // 200 else "text"


def _packed(data: bytes) -> Kind:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return "Word" if "word/document.xml" in archive.namelist() else "archive"
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError):
        return "damaged archive"
