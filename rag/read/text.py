"""Plain text → `SourceText`: encodings, line ends and form feeds, nothing more."""

from __future__ import annotations

import codecs
import hashlib
from pathlib import Path

from rag.domain import Note, SourceText
from rag.errors import UnreadableFile

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# White space, form feed and escape are the control characters that texts do hold.
_TEXT_CONTROLS = frozenset(b"\t\n\v\f\r\x1b\x1a")


def read_text(path: Path, data: bytes) -> SourceText:
    """Decode a text file and normalise its line ends.

    Raises:
        UnreadableFile: the bytes are not text.

    """
    text, notes = _decode(path, data)
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\v", "\n")
    pages: list[tuple[int, int]] = []
    if "\f" in text:
        offset = 0
        for number, page in enumerate(text.split("\f"), start=1):
            pages.append((offset, number))
            offset += len(page) + 1
        text = text.replace("\f", "\n")
    return SourceText(
        path=path,
        sha256=hashlib.sha256(data).hexdigest(),
        text=text,
        pages=tuple(pages),
        notes=notes,
    )


def _decode(path: Path, data: bytes) -> tuple[str, tuple[Note, ...]]:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            try:
                return data.decode(encoding), ()
            except UnicodeDecodeError as error:
                raise UnreadableFile(f"{path} begins as {encoding} text but is damaged.") from error
    controls = sum(byte < 32 and byte not in _TEXT_CONTROLS for byte in data)
    if controls > len(data) // 200:
        raise UnreadableFile(f"{path} is a binary file, not text; convert it to text first.")
    try:
        return data.decode("utf-8"), ()
    except UnicodeDecodeError:
        pass
    try:
        text, encoding = data.decode("cp1252"), "Windows-1252"
    except UnicodeDecodeError:
        text, encoding = data.decode("latin-1"), "Latin-1"
    # UTF-8 that is only slightly damaged would turn to mojibake; keep what is sound.
    mended = data.decode("utf-8", errors="replace")
    broken = mended.count("�")
    if broken < sum(byte >= 0x80 for byte in data) // 4:
        return mended, (Note("encoding", "", f"{broken} characters could not be decoded."),)
    return text, (Note("encoding", "", f"Not UTF-8; read as {encoding}."),)
