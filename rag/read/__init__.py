"""A file → `SourceText`. One module a format; the format is told by name and content."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from rag.domain import SourceText
from rag.errors import UnreadableFile

MAX_BYTES = 64 * 1024 * 1024


def _text(path: Path, data: bytes) -> SourceText:
    from rag.read.text import read_text

    return read_text(path, data)


READERS: dict[str, Callable[[Path, bytes], SourceText]] = {".txt": _text, ".text": _text}


def readable(path: Path) -> bool:
    """Whether a file's name is of a format that can be read."""
    return path.suffix.lower() in READERS


def read(path: Path) -> SourceText:
    """Read one file.

    Raises:
        UnreadableFile: missing, empty, too large, binary, or of an unknown format.

    """
    if not path.exists():
        raise UnreadableFile(f"{path} does not exist; check the path.")
    if not path.is_file():
        raise UnreadableFile(f"{path} is not a regular file.")
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        known = ", ".join(sorted(READERS))
        raise UnreadableFile(f"{path} is of a format that is not read; save it as {known}.")
    if path.stat().st_size > MAX_BYTES:
        raise UnreadableFile(
            f"{path} is larger than {MAX_BYTES // 2**20} MiB; split it into documents."
        )
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UnreadableFile(f"{path} cannot be opened: {error.strerror}.") from error
    if not data.strip():
        raise UnreadableFile(f"{path} is empty; there is nothing to read.")
    return reader(path, data)
