"""Files → text: encodings, line ends, and files that are no text."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from rag.errors import UnreadableFile
from rag.read import read

WORDS = "1. The Chair said that the “naïve” reading, 50 € a day, was a façade.\n"


@pytest.mark.parametrize(
    ("encoding", "notes"),
    [
        ("utf-8", []),
        ("utf-8-sig", []),
        ("utf-16", []),
        ("utf-32", []),
        ("cp1252", ["encoding"]),
    ],
)
def test_encodings_give_the_same_text(tmp_path: Path, encoding: str, notes: list[str]) -> None:
    path = tmp_path / "record.txt"
    path.write_bytes(WORDS.encode(encoding))
    source = read(path)
    assert source.text == WORDS
    assert [note.kind for note in source.notes] == notes


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_are_one(tmp_path: Path, end: str) -> None:
    path = tmp_path / "record.txt"
    path.write_bytes(f"1. One.{end}2. Two.{end}".encode())
    assert read(path).text == "1. One.\n2. Two.\n"


def test_form_feeds_are_pages(tmp_path: Path) -> None:
    path = tmp_path / "record.txt"
    path.write_text("1. One.\f2. Two.\f3. Three.")
    source = read(path)
    assert [(source.text[at : at + 2], page) for at, page in source.pages] == [
        ("1.", 1),
        ("2.", 2),
        ("3.", 3),
    ]


def test_damaged_utf8_is_kept_and_noted(tmp_path: Path) -> None:
    path = tmp_path / "record.txt"
    path.write_bytes(WORDS.encode() * 20 + b"\xff\n")
    source = read(path)
    assert source.text.startswith(WORDS)
    assert [note.kind for note in source.notes] == ["encoding"]


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("gone.txt", None, "does not exist"),
        ("empty.txt", b"", "is empty"),
        ("blank.txt", b" \n\t\n", "is empty"),
        ("image.txt", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8, "binary"),
        ("random.txt", os.urandom(5000), "binary"),
        ("pages.txt", b"%PDF-1.7\n" + bytes(500), "damaged or no PDF"),
        ("page.pdf", b"<!DOCTYPE html><html>Not found</html>", "a web page, not a PDF"),
        ("notes.pdf", b"1. One.", "is no PDF"),
        ("record.xyz", b"1. One.", "format"),
    ],
)
def test_what_cannot_be_read_says_why(
    tmp_path: Path, name: str, data: bytes | None, says: str
) -> None:
    path = tmp_path / name
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(UnreadableFile, match=says) as error:
        read(path)
    assert name in str(error.value)
    assert "\n" not in str(error.value)
