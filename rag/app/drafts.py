"""What a visitor pastes or uploads → a draft that may be checked, or why it may not.

A file is what its bytes show, and its name has to agree: nothing is read as something that
it only claims to be.
"""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass
from pathlib import PurePosixPath

from rag.errors import UnreadableFile

MAX_MB = 10  # of a draft: a book of text, or a long paper with its pictures
MAX_TEXT = 1_000_000  # characters that are pasted
PASTED = "Pasted text"
# Ending → what the bytes must show.
FORMS = {".docx": "Word", ".md": "text", ".markdown": "text", ".txt": "text", ".pdf": "PDF"}
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x19]")


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
    held = kind(data)
    if held != FORMS[ending]:
        raise UnreadableFile(
            f"{shown} is not what its name says: it ends in {ending} and holds {_ARTICLE[held]}."
        )
    return Given(shown, ending, data)


_ARTICLE = {
    "PDF": "a PDF",
    "Word": "a Word document",
    "text": "plain text",
    "old Word": "an old Word or Office file",
    "rich text": "rich text (RTF)",
    "archive": "an archive",
    "something else": "neither text nor a document",
}


def kind(data: bytes) -> str:
    """Tell by the bytes what a file is: a key of `_ARTICLE`."""
    if b"%PDF-" in data[:1024]:
        return "PDF"
    if data.startswith(b"PK\x03\x04"):
        return "Word" if _is_word(data) else "archive"
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        return "old Word"
    if data.startswith(b"{\\rtf"):
        return "rich text"
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):  # UTF-16, in which half of the bytes are zero
        return "text"
    head = data[:65_536]
    return "something else" if len(_CONTROLS.findall(head)) > len(head) // 200 else "text"


def _is_word(data: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            return "word/document.xml" in packed.namelist()
    except (zipfile.BadZipFile, OSError, ValueError):
        return False
