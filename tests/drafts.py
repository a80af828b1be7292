"""Drafts for the tests of `rag check`, made from a ledger of what to quote and how to get it wrong.

A line of the ledger says which words of which paragraph are quoted, what is changed in them,
the words around them, what is cited, and the verdict due. The record's own words stand in the
index alone.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rag.record import Record
from tests.word_files import docx, para, text

LEDGER = Path(__file__).parent / "cases" / "check" / "draft.jsonl"
FORMS = ("md", "txt", "docx")
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_INNER = {"“”": str.maketrans("“”", "‘’"), "‘’": str.maketrans("‘’", "“”")}


@dataclass(frozen=True)
class Line:
    """One paragraph of a draft, and the verdict due."""

    way: str
    frame: str  # with {quote}, {cite} and {note}
    quote: str  # with its marks; "" where nothing of the record is quoted
    bare: str  # without them
    cite: str
    form: str
    verdict: str


def ledger(documents: Sequence[str]) -> list[dict[str, Any]]:
    """The lines about these documents."""
    rows = [json.loads(line) for line in LEDGER.read_text(encoding="utf-8").splitlines()]
    return [row for row in rows if (row.get("of") or [row.get("document")])[0] in documents]


def lines(rows: Sequence[dict[str, Any]], record: Record) -> list[Line]:
    """The paragraphs of a draft."""
    return [_line(row, record) for row in rows]


def _line(row: dict[str, Any], record: Record) -> Line:
    bare = _words(row, record) if "of" in row else ""
    marks = row.get("marks", "“”")
    cite = row.get("cite") or []
    return Line(
        way=row["way"],
        frame=row["frame"],
        quote=f"{marks[0]}{bare.translate(_INNER.get(marks, {}))}{marks[1]}" if bare else "",
        bare=bare,
        cite=f"{cite[0]}, para. {cite[1]}" if len(cite) == 2 else (cite[0] if cite else ""),
        form=row.get("form", "text"),
        verdict=row["verdict"],
    )


def _words(row: dict[str, Any], record: Record) -> str:
    """The words quoted, with the change made."""
    symbol, label, first, last = row["of"]
    there = next(p for p in record.document(symbol).paragraphs if p.label == label)
    words: list[str | None] = list(there.text.split())
    assert last < len(words), row
    change = row.get("change", {})
    if "word" in change:
        assert words[change["word"]] != change["to"], row
        words[change["word"]] = change["to"]
    if "put" in change:
        words[change["after"]] = f"{words[change['after']]} {change['put']}"
    for key in ("leave out", "ellipsis"):
        if key in change:
            start, end = change[key]
            words[start : end + 1] = [None] * (end + 1 - start)
            if key == "ellipsis":
                words[start] = change["sign"]
    if "letter" in change:
        word = words[first + change["letter"]] or ""
        words[first + change["letter"]] = f"[{word[0].swapcase()}]{word[1:]}"
    return " ".join(word for word in words[first : last + 1] if word is not None).rstrip(".,;:")


def write(rows: Sequence[Line], form: str, folder: Path) -> tuple[Path, list[str]]:
    """Write a draft; gives its path, and of each line where the check must find it."""
    path = folder / f"draft.{form}"
    maker: Callable[[Sequence[Line]], tuple[bytes, list[str]]] = {
        "md": _markdown, "txt": _text, "docx": _word,
    }[form]  # fmt: skip
    data, places = maker(rows)
    path.write_bytes(data)
    return path, places


def _markdown(rows: Sequence[Line]) -> tuple[bytes, list[str]]:
    blocks: list[str] = []
    notes: list[str] = []
    for row in rows:
        if row.form == "note":
            notes.append(f"[^{len(notes) + 1}]: {row.cite}.")
        shown = row.bare if row.form == "block" else row.quote
        said = row.frame.format(quote=shown, cite=row.cite, note=f"[^{len(notes)}]")
        blocks.append(f"> {said}" if row.form == "block" else said)
    places = [f"line {1 + 2 * number}" for number in range(len(blocks))]
    return "\n\n".join([*blocks, *notes]).encode(), places


def _text(rows: Sequence[Line]) -> tuple[bytes, list[str]]:
    blocks: list[str] = []
    notes: list[str] = []
    for row in rows:
        if row.form == "note":
            notes.append(f"{len(notes) + 1}. {row.cite}.")
        mark = str(len(notes)).translate(_RAISED)
        blocks.append(row.frame.format(quote=row.quote, cite=row.cite, note=mark))
    places = [f"line {1 + 2 * number}" for number in range(len(blocks))]
    return "\n\n".join([*blocks, *notes]).encode(), places


def _word(rows: Sequence[Line]) -> tuple[bytes, list[str]]:
    body: list[str] = []
    notes: list[str] = []
    for row in rows:
        shown = row.bare if row.form == "block" else row.quote
        said = row.frame.format(quote=shown, cite=row.cite, note="")
        inner, props = text(said), '<w:ind w:left="720"/>' if row.form == "block" else ""
        if row.form == "note":
            number = len(notes) + 2
            notes.append(f'<w:footnote w:id="{number}">{para(f"{row.cite}.")}</w:footnote>')
            inner += f'<w:r><w:footnoteReference w:id="{number}"/></w:r>'
        body.append(para(inner, props=props))
    places = [f"line {number}" for number in range(1, len(body) + 1)]
    return docx("".join(body), footnotes="".join(notes)), places
