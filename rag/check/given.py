"""What a visitor pastes or uploads → a draft that may be checked, or why it may not.

A file is what its bytes show, and its name has to agree: nothing is read as something that
it only claims to be.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePosixPath

from rag.errors import UnreadableFile
from rag.read.sniffed import NAMES, Kind, sniffed

MAX_MB = 10  # of a draft: a book of text, or a long paper with its pictures
MAX_TEXT = 1_000_000  # characters that are pasted
PASTED = "Pasted text"
_TEXT: tuple[Kind, ...] = ("text", "web page")  # Markdown may begin with a comment
# Ending → what the bytes must show.
FORMS: dict[str, tuple[Kind, ...]] = {
    ".docx": ("Word",),
    ".md": _TEXT,
    ".markdown": _TEXT,
    ".txt": _TEXT,
    ".pdf": ("PDF",),
}


@dataclass(frozen=True, slots=True)
class Given:
    """A draft as it was given."""

    name: str  # for a reader; never a path to be written to
    ending: str  # a key of FORMS
    data: bytes


def pasted(text: str) -> Given:
    """Take a pasted draft; Markdown's marks are understood.

    Raises:
        UnreadableFile: there are no words in it, or too many.

    """
    if not text.strip():
        raise UnreadableFile("There is nothing to check; paste a draft or choose a file.")
    if len(text) > MAX_TEXT:
        raise UnreadableFile(
            f"The text has {len(text):,} characters; paste at most {MAX_TEXT:,}, or a chapter at a "
            "time."
        )
    return Given(PASTED, ".md", text.encode("utf-8", "replace"))


def uploaded(name: str, data: bytes) -> Given:
    """Take an uploaded draft.

    Raises:
        UnreadableFile: it is empty, too large, of another format, or not what its name says.

    """
    shown = re.split(r"[/\\]", name)[-1].strip() or "The file"
    ending = PurePosixPath(shown).suffix.lower()
    if ending not in FORMS:
        raise UnreadableFile(
            f"{shown} is of a format that is not checked; save it as .docx, .md, .txt or .pdf."
        )
    if len(data) > MAX_MB * 2**20:
        raise UnreadableFile(f"{shown} is larger than {MAX_MB} MiB; split it into chapters.")
    if not data.strip():
        raise UnreadableFile(f"{shown} is empty; there is nothing to check.")
    held = sniffed(data)
    if held not in FORMS[ending]:
        raise UnreadableFile(
            f"{shown} is not what its name says: it ends in {ending} and holds {NAMES[held]}."
        )
    return Given(shown, ending, data)
