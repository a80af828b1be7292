"""A paragraph → one or more chunks under a token budget; never across paragraphs or voices.

Counted with tiktoken (cl100k_base), which works offline through the cache that
ships inside llama-index-core. The embedder reads 256 word pieces at most, hence
the budget's default of 200 tokens.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from rag.domain import Chunk, Document, Paragraph, Voice
from rag.errors import ModelUnavailable
from rag.sentences import sentences

OVERLAP = 1  # sentences that two windows of a long paragraph share


@lru_cache(maxsize=1)
def token_counter() -> Callable[[str], int]:
    """A function that counts the tokens of a text, without the network.

    Raises:
        ModelUnavailable: the cached encoding is not where llama-index-core keeps it.

    """
    # The namespace package's folders, found without importing anything of LlamaIndex.
    spec = find_spec("llama_index")
    roots = [Path(place) for place in (spec.submodule_search_locations or [])] if spec else []
    caches = [root / "core" / "_static" / "tiktoken_cache" for root in roots]
    cache = next((place for place in caches if place.is_dir()), None)
    if cache is None:
        raise ModelUnavailable("tiktoken's cached encoding is missing; reinstall llama-index-core.")
    os.environ["TIKTOKEN_CACHE_DIR"] = str(cache)
    import tiktoken

    encoding = tiktoken.get_encoding("cl100k_base")
    return lambda text: len(encoding.encode_ordinary(text))


def context_line(document: Document, paragraph: Paragraph, voice: Voice | None = None) -> str:
    """What a paragraph does not say of itself: its document, heading and speaker."""
    parts = [document.title if len(document.title) < 120 else document.title[:120]]
    if paragraph.heading and paragraph.heading not in document.title:
        parts.append(paragraph.heading[:120])
    floor = voice or (paragraph.turn if paragraph.continued else None)
    if floor:
        where = f" ({floor.delegation})" if floor.delegation else ""
        parts.append(floor.speaker + where)
    return ". ".join(parts)


def chunk(
    document: Document, paragraph: Paragraph, *, budget: int, count: Callable[[str], int]
) -> list[Chunk]:
    """Cut one paragraph into windows of whole sentences under `budget` tokens.

    A sentence that alone is over the budget is cut at white space. Where two speak in
    the paragraph, each window holds the words of one. Spans point into the paragraph's
    text; together they cover all of it.
    """
    windows: list[tuple[str, list[tuple[int, int]]]] = []
    for voice in paragraph.voices or (None,):
        low, high = (voice.start, voice.end) if voice else (0, len(paragraph.text))
        context = context_line(document, paragraph, voice)
        room = max(16, budget - count(context) - 2)
        spans = [
            (low + start, low + end)
            for start, end in _pieces(paragraph.text[low:high], room, count)
        ]
        windows += [(context, some) for some in _windows(paragraph.text, spans, room, count)]
    return [
        Chunk(
            id=paragraph.id if n == 1 else f"{paragraph.id}~{n}",
            text=f"{context}\n{paragraph.text[some[0][0] : some[-1][1]]}",
            paragraph=paragraph.id,
            start=some[0][0],
            end=some[-1][1],
            pieces=tuple(some),
        )
        for n, (context, some) in enumerate(windows, start=1)
    ]


def _windows(
    text: str, spans: list[tuple[int, int]], room: int, count: Callable[[str], int]
) -> list[list[tuple[int, int]]]:
    """Join pieces to windows under the budget; two neighbours share `OVERLAP` pieces."""
    windows: list[list[tuple[int, int]]] = []
    i = 0
    while i < len(spans):
        j = i + 1
        while j < len(spans) and count(text[spans[i][0] : spans[j][1]]) <= room:
            j += 1
        windows.append(spans[i:j])
        if j >= len(spans):
            break
        i = max(i + 1, j - OVERLAP)
    return windows


def _pieces(text: str, room: int, count: Callable[[str], int]) -> list[tuple[int, int]]:
    """Sentences, and parts of those that alone are over the budget."""
    pieces: list[tuple[int, int]] = []
    for start, end in sentences(text):
        while end > start and count(text[start:end]) > room:
            cut = _cut(text, start, end, room, count)
            pieces.append((start, cut))
            start = cut + len(text[cut:end]) - len(text[cut:end].lstrip())
        if end > start:
            pieces.append((start, end))
    return pieces


def _cut(text: str, start: int, end: int, room: int, count: Callable[[str], int]) -> int:
    """The last white space (or, without one, character) that keeps the piece in the budget."""
    low, high = start + 1, end
    while low < high:  # the longest prefix within the budget, by bisection
        middle = (low + high + 1) // 2
        if count(text[start:middle]) <= room:
            low = middle
        else:
            high = middle - 1
    space = text.rfind(" ", start + 1, low)
    return space if space > start else low
