"""Public collections of passages → documents of this project, so that they can be indexed.

A passage becomes a paragraph as it is; nothing is cut or parsed, since what is
measured is whether the passage is found.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from eval.suites import shared
from rag.domain import Document, Paragraph
from rag.errors import BadInput

TITLE_WORDS = 14  # a passage of more words is text, not the title of what follows


@dataclass(frozen=True, slots=True)
class Corpus:
    """Documents to be searched, and under which ids their passages are judged."""

    name: str
    documents: tuple[Document, ...]
    ids: Mapping[str, str] = field(default_factory=dict[str, str])
    """Paragraph id → the id it is judged and reported under, where that is another."""

    def sha256(self) -> str:
        """Fingerprint what is indexed: ids, titles, headings and texts."""
        digest = hashlib.sha256()
        for document in self.documents:
            digest.update(f"{document.id}\0{document.title}\0".encode())
            for each in document.paragraphs:
                digest.update(f"{each.id}\0{each.heading or ''}\0{each.text}\0".encode())
        return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class _Row:
    """A passage as ObliQA has it; its "ID" is not used by the questions."""

    DocumentID: int
    PassageID: str
    Passage: str


def obliqa() -> Path:
    """Give the folder of ObliQA (Gokhan et al., arXiv 2409.05677), present or not."""
    return shared() / "benchmarks" / "obliqa"


def obliqa_documents(folder: Path | None = None) -> tuple[Document, ...]:
    """Read the 40 rulebooks of ObliQA; empty passages are left out.

    Ids are `obliqa-1` … `obliqa-40`, labels the PassageIDs. Where a PassageID is there
    twice with different texts, the later ones are its parts 2, 3 …

    Raises:
        BadInput: a file is missing or is not in ObliQA's form.

    """
    places = passage_files(folder or obliqa())
    return tuple(_document(place) for place in places)


def passage_files(folder: Path) -> list[Path]:
    """Name the files of passages in the order of their numbers.

    Raises:
        BadInput: there are none.

    """
    found = [path for path in (folder / "passages").glob("*.json") if path.stem.isdigit()]
    if not found:
        raise BadInput(
            f"ObliQA needs {folder / 'passages'}, which is not there; "
            "set RECORD_SHARED to the folder that holds benchmarks/."
        )
    return sorted(found, key=lambda path: int(path.stem))


def _document(path: Path) -> Document:
    data = path.read_bytes()
    try:
        rows = TypeAdapter(list[_Row]).validate_json(data)
    except ValidationError as error:
        place = ".".join(str(part) for part in error.errors()[0]["loc"])
        raise BadInput(f"{path}, entry {place}: not a passage of ObliQA.") from error
    if not rows:
        raise BadInput(f"{path} holds no passage.")
    named = f"obliqa-{rows[0].DocumentID}"
    # Statutes are named by the label of their preamble; rulebooks are not named at all.
    title = rows[0].PassageID if re.match(r"[A-Z]{3}[^a-z]*$", rows[0].PassageID) else ""
    return assembled(
        named,
        title,
        [
            (row.PassageID, heading, row.Passage)
            for row, heading in zip(rows, headings(rows), strict=True)
        ],
        source=path,
        sha256=hashlib.sha256(data).hexdigest(),
    )


def headings(rows: Sequence[_Row]) -> list[str | None]:
    """Give for each passage the nearest passage above it in the hierarchy that is a title.

    "1.1.1.(2)" stands below "1.1.1", "1.1" and "1."; of these "Jurisdiction" (1.1) is
    a title and near. Only passages before it count, for numbering may restart.
    """
    titles: dict[tuple[str, ...], str] = {}
    found: list[str | None] = []
    for row in rows:
        parts = tuple(part for part in row.PassageID.split(".") if part)
        above = (parts[:end] for end in range(len(parts) - 1, 0, -1))
        found.append(next((titles[key] for key in above if key in titles), None))
        if _is_title(row.Passage):
            titles[parts] = " ".join(row.Passage.split())
    return found


def _is_title(text: str) -> bool:
    words = text.split()
    return (
        0 < len(words) <= TITLE_WORDS
        and "\n" not in text.strip()
        and words[0][0].isupper()
        and words[-1][-1] not in ".;:,"
    )


def assembled(
    name: str,
    title: str,
    passages: Iterable[tuple[str, str | None, str]],
    *,
    source: Path,
    sha256: str,
) -> Document:
    """Make a document of passages given as (label, heading, text); empty ones are left out."""
    paragraphs: list[Paragraph] = []
    pieces: list[str] = []
    at = 0
    seen: Counter[str] = Counter()
    for label, heading, text in passages:
        words = text.strip()
        if not words:
            continue
        seen[label] += 1
        start = at + len(label) + 1
        paragraphs.append(
            Paragraph(
                name, label, len(paragraphs), words, start, start + len(words),
                heading=heading, part=seen[label],
            )
        )  # fmt: skip
        pieces.append(f"{label} {words}\n")
        at = start + len(words) + 1
    return Document(
        id=name, symbol=None, title=title, kind="collection of passages", body=None, session=None,
        meeting=None, held_on=None, issued_on=None, place=None, chair=None, language="en",
        state=None, source=source, sha256=sha256, text="".join(pieces),
        paragraphs=tuple(paragraphs),
    )  # fmt: skip
