"""A file → `SourceText`. One module a format; the format is told by content, then by name."""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from rag.domain import SourceText
from rag.errors import UnreadableFile
from rag.read.sniffed import sniffed

MAX_BYTES = 64 * 1024 * 1024

Reader = Callable[[Path, bytes], SourceText]

# Format → its module and function, imported when a file of it is read.
_READERS = {
    "text": ("rag.read.text", "read_text"),
    "pdf": ("rag.read.pdf", "read_pdf"),
    "word": ("rag.read.word", "read_word"),
    "html": ("rag.read.html", "read_html"),
}
SUFFIXES = {
    ".txt": "text",
    ".text": "text",
    ".pdf": "pdf",
    ".docx": "word",
    ".doc": "word",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".mht": "html",
    ".mhtml": "html",
}
_WORD = frozenset({"Word", "old Word", "rich text", "archive", "damaged archive"})
_HTML = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html)\b", re.I | re.S
)


def readable(path: Path) -> bool:
    """Whether a file's name is of a format that can be read."""
    return path.suffix.lower() in SUFFIXES


def read(path: Path) -> SourceText:
    """Read one file.

    Raises:
        UnreadableFile: missing, empty, too large, damaged, or of an unknown format.

    """
    if not path.exists():
        raise UnreadableFile(f"{path} does not exist; check the path.")
    if not path.is_file():
        raise UnreadableFile(f"{path} is not a regular file.")
    if not readable(path):
        known = ", ".join(sorted(SUFFIXES))
        raise UnreadableFile(f"{path} is of a format that is not read; save it as {known}.")
    data = contents(path)
    module, function = _READERS[_format(path, data)]
    reader: Reader = getattr(import_module(module), function)
    return reader(path, data)


def contents(path: Path) -> bytes:
    """The bytes of a file.

    Raises:
        UnreadableFile: empty, too large, or not to be opened.

    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise UnreadableFile(
                f"{path} is larger than {MAX_BYTES // 2**20} MiB; split it into documents."
            )
        data = path.read_bytes()
    except OSError as error:
        raise UnreadableFile(f"{path} cannot be opened: {error.strerror}.") from error
    if not data.strip():
        raise UnreadableFile(f"{path} is empty; there is nothing to read.")
    return data


def _format(path: Path, data: bytes) -> str:
    """The format that the bytes show, or else that of the name.

    Raises:
        UnreadableFile: name and content contradict each other.

    """
    named = SUFFIXES[path.suffix.lower()]
    held = sniffed(data)
    if held == "PDF":
        return "pdf"
    if held in _WORD:
        return "word"
    if _HTML.match(data[:2048]):
        if named == "pdf":
            raise UnreadableFile(f"{path} is a web page, not a PDF; fetch the document again.")
        return "html"
    if named == "pdf":
        raise UnreadableFile(f"{path} is no PDF, or its beginning is damaged; fetch it again.")
    return named
