"""Numbered records → the same records many times over, under other symbols, years and names.

For benches over more paragraphs than there are real ones at hand: what stands in them is
real prose with real speakers. A copy differs in its symbol, in every year and in the
names of those who speak; its vectors are those of the original, each turned a little at
random, since to embed a hundred thousand paragraphs takes half an hour.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from eval.suites import Source, absent, load, shared, sources_of
from rag.domain import Document, Paragraph, Turn, Voice
from rag.encoder import LocalEncoder
from rag.errors import BadInput
from rag.parse import segment
from rag.read import read

TURN = 0.15  # length of the random vector that is added: cosine 0.989 with the original
_YEAR = re.compile(r"\b(?:19|20)[0-9]{2}\b")
_LAST_NUMBER = re.compile(r"[0-9]+(?=[^0-9]*$)")
_VARYING = re.compile(r"\S*[A-Z0-9]\S*")  # words that may differ between copies
_VOWELS, _CONSONANTS = "aeiou", "bcdfghjklmnpqrstvwxz"

Spans = Sequence[Sequence[tuple[int, int]]]
Vectors = NDArray[np.float32]


def originals() -> list[Document]:
    """Read the records of the suites, and the reports of the universal periodic review.

    Raises:
        BadInput: one of the suites' records is missing.

    """
    missing = absent(load("practice"))
    if missing:
        raise BadInput(missing)
    reports = sorted((shared() / "record" / "upr" / "txt").glob("*.txt"))
    sources = (*sources_of("practice"), *(Source(path) for path in reports))
    return [segment(read(each.path), symbol=each.symbol) for each in sources]


def copies(documents: Sequence[Document], paragraphs: int) -> Iterator[Document]:
    """Give the documents, then copies of them, until there are so many paragraphs or a few more."""
    yield from documents
    count = sum(len(document.paragraphs) for document in documents)
    for number in itertools.count(1):
        for document in documents:
            if count >= paragraphs:
                return
            yield copied(document, number)
            count += len(document.paragraphs)


def copied(document: Document, number: int) -> Document:
    """Copy a document under another symbol: every length stays, and so every span."""
    symbol = _LAST_NUMBER.sub(lambda m: str(int(m[0]) + 1_000 * number), document.id)
    names = {voice.speaker for p in document.paragraphs for voice in p.speakers}
    other = {name: renamed(name, number) for name in names}
    return replace(
        document,
        id=symbol,
        symbol=symbol,
        sha256=f"{document.sha256}-{number}",
        text="",
        paragraphs=tuple(_paragraph(p, symbol, other, number) for p in document.paragraphs),
    )


def renamed(name: str, number: int) -> str:
    """Change the letters of a surname, vowels for vowels: the `number`th copy of Mr. Varga."""
    title, space, surname = name.partition(" ")
    if not space or title not in ("Mr.", "Ms.", "Mrs.", "Sir"):
        return name  # "The Chair", a State
    table: dict[str, str] = {}
    for letters in (_VOWELS, _CONSONANTS, _VOWELS.upper(), _CONSONANTS.upper()):
        by = number % len(letters)
        table |= dict(zip(letters, letters[by:] + letters[:by], strict=True))
    return f"{title} {surname.translate(str.maketrans(table))}"


def _paragraph(
    paragraph: Paragraph, document: str, names: dict[str, str], number: int
) -> Paragraph:
    text = _YEAR.sub(lambda m: str(int(m[0]) + number), paragraph.text)
    for voice in paragraph.speakers:
        text = text.replace(voice.speaker, names[voice.speaker])
    turn = paragraph.turn
    return replace(
        paragraph,
        document=document,
        text=text,
        turn=_renamed_turn(turn, names) if turn else None,
        voices=tuple(_renamed_voice(voice, names) for voice in paragraph.voices),
    )


def _renamed_turn(turn: Turn, names: dict[str, str]) -> Turn:
    return replace(turn, speaker=names.get(turn.speaker, turn.speaker))


def _renamed_voice(voice: Voice, names: dict[str, str]) -> Voice:
    return replace(voice, speaker=names.get(voice.speaker, voice.speaker))


class Reused:
    """An encoder that encodes what is new, and gives copies its vectors turned a little."""

    def __init__(self, encoder: LocalEncoder, *, turn: float = TURN) -> None:
        self.encoded = 0  # texts that were really encoded
        self.reused = 0
        self._encoder = encoder
        self._turn = turn
        self._choose = np.random.default_rng(0)
        self._known: dict[tuple[str, int], tuple[Vectors, Vectors]] = {}

    def __call__(self, texts: Sequence[str]) -> Vectors:
        """Encode texts as they are."""
        return self._encoder(texts)

    def within(self, texts: Sequence[str], spans: Spans) -> tuple[Vectors, list[Vectors]]:
        """Encode texts with their sentences, as `LocalEncoder.within`; copies are looked up."""
        keys = [
            (_VARYING.sub("", text), len(some)) for text, some in zip(texts, spans, strict=True)
        ]
        new: dict[tuple[str, int], int] = {}
        for at, key in enumerate(keys):
            if key not in self._known:
                new.setdefault(key, at)
        if new:
            places = list(new.values())
            found = self._encoder.within([texts[at] for at in places], [spans[at] for at in places])
            self._known |= {
                keys[at]: (whole, parts) for at, whole, parts in zip(places, *found, strict=True)
            }
        self.encoded += len(new)
        self.reused += len(texts) - len(new)
        given = [
            self._known[key] if new.get(key) == at else self._turned(key)
            for at, key in enumerate(keys)
        ]
        return np.stack([whole for whole, _ in given]), [parts for _, parts in given]

    def _turned(self, key: tuple[str, int]) -> tuple[Vectors, Vectors]:
        whole, parts = self._known[key]
        rows = np.vstack([whole[None], parts])
        away = self._choose.standard_normal(rows.shape).astype(np.float32)
        rows = rows + self._turn * away / np.linalg.norm(away, axis=1, keepdims=True)
        rows /= np.linalg.norm(rows, axis=1, keepdims=True)
        return rows[0], rows[1:]
