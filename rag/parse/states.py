"""Names of States, in any form that records print → the UN short form.

"the Republic of Korea", "South Korea" and "REPUBLIC OF KOREA" are one State, and
"Niger" is not in "Nigeria". Nothing is guessed: a name is in `states.txt` or it is
none. Case, accents, apostrophes, hyphens and doubled spaces do not matter.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

EntityKind = Literal["state", "former", "organisation"]
_KINDS: Mapping[str, EntityKind] = {"~": "former", "+": "organisation"}
# A genitive ending is no part of the word: "Oman's", "the People's Republic".
_TOKEN = re.compile(r"[^\W_][\w\u0300-\u036f]*(?:['’‘ʼ`´‟](?![sS]\b)[^\W_][\w\u0300-\u036f]*)*|&")
_MARKS = tuple("'’‘ʼ`´‟")
_APOSTROPHES = re.compile(r"['’‘ʼ`´‟]")
_ARTICLES = frozenset({"the", "former"})
# What may stand between the words of one name: "Bolivia (Plurinational", "Guinea- Bissau",
# "C™te" (a font without an encoding).
_INSIDE = re.compile(r"(?:['’‘ʼ`´‟][sS]?)?\s*[-‐‑–]?\s*\(?\s*|\.\s*|[™»]")
_TITLE_BEFORE = re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Dr|Sir|Judge|Prof)\s?\.?\s+(?:[A-Z]\.?\s)?$")


@dataclass(frozen=True, slots=True)
class _Form:
    """One spelling of a name, as the words it is made of."""

    words: tuple[str, ...]
    name: str | None  # None: contains a State's name and is none
    capitals: bool  # an abbreviation, known by its capitals
    kind: EntityKind


@dataclass(frozen=True, slots=True)
class _Names:
    """All forms: `whole` by their words, `running` by their first word, longest first."""

    whole: Mapping[tuple[str, ...], _Form]
    running: Mapping[str, tuple[_Form, ...]]
    kinds: Mapping[str, EntityKind]


def state_named(text: str) -> str | None:
    """Give the UN short form for a name that stands alone; None where it is no State's.

    "the former Yugoslav Republic of Macedonia" → "North Macedonia", "UK" → "United
    Kingdom of Great Britain and Northern Ireland", "Korea, Republic of" → "Republic
    of Korea". Organisations that speak beside States have names too ("EU").
    """
    text = re.sub(r"\b([A-Za-z])\.(?=[A-Za-z]\b)", r"\1", text)  # U.S.A.
    words = tuple(word for _, _, word in _words(text))
    names = _names()
    for form in (words, words[1:] if words[:1] == ("the",) else ()):
        found = names.whole.get(form) if form else None
        if found is not None:
            return found.name
    return None


def is_organisation(name: str) -> bool:
    """Whether a name that `state_named` gave is an organisation's, not a State's."""
    return _names().kinds.get(name) == "organisation"


def states_in(text: str) -> list[tuple[int, int, str]]:
    """Find the States and organisations named in running text: (start, end, short form).

    The longest name wins. A name begins with a capital letter. What follows a title
    ("Ms. Jordan") is a person; given names without a title ("Georgia Smith") cannot
    be told from the State, so a caller looks only where a State may stand.
    """
    running = _names().running
    words = list(_words(text))
    found: list[tuple[int, int, str]] = []
    i = 0
    while i < len(words):
        start, _, word = words[i]
        size, name = 1, None
        for form in running.get(word, ()):
            if _stands(form, text, words, i):
                size, name = len(form.words), form.name
                break
        if name is not None and not _TITLE_BEFORE.search(text[max(0, start - 16) : start]):
            end = words[i + size - 1][1]
            end += _closing(text, start, end)
            found.append((start, end, name))
        i += size
    return found


def _stands(form: _Form, text: str, words: list[tuple[int, int, str]], i: int) -> bool:
    """Whether a form's words stand at word `i`, with a capital first and nothing between."""
    size = len(form.words)
    span = words[i : i + size]
    if tuple(word for _, _, word in span) != form.words:
        return False
    if form.capitals and not text[span[0][0] : span[0][1]].isupper():
        return False
    first = next((w for w in span if w[2] not in _ARTICLES), span[0])
    if not any(c.isupper() for c in text[first[0] : first[1]]):
        return False
    return all(
        _INSIDE.fullmatch(text[before[1] : after[0]]) for before, after in itertools.pairwise(span)
    )


def _closing(text: str, start: int, end: int) -> int:
    """How far a name's own closing bracket reaches: "Iran (Islamic Republic of)"."""
    inside = text[start:end]
    if inside.count("(") <= inside.count(")"):
        return 0
    match = re.match(r"\s*\)", text[end:])
    return match.end() if match else 0


def _words(text: str) -> Iterator[tuple[int, int, str]]:
    for match in _TOKEN.finditer(text):
        if text[match.start() - 1 : match.start()] not in _MARKS or match[0] not in ("s", "S"):
            yield match.start(), match.end(), _folded(match[0])


def _folded(word: str) -> str:
    word = _APOSTROPHES.sub("", word)
    if not word.isascii():
        plain = unicodedata.normalize("NFKD", word)
        word = "".join(c for c in plain if not unicodedata.combining(c))
    word = word.casefold()
    return {"st": "saint", "&": "and"}.get(word, word)


@cache
def _names() -> _Names:
    """Read `states.txt` once."""
    whole: dict[tuple[str, ...], _Form] = {}
    running: dict[str, list[_Form]] = {}
    kinds: dict[str, EntityKind] = {}
    for line in Path(__file__).with_name("states.txt").read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        mark, body = (line[0], line[1:]) if line[0] in "~+-" else ("", line)
        short, *rest = (part.strip() for part in body.split("|"))
        name = None if mark == "-" else short
        kind = _KINDS.get(mark, "state")
        if name is not None:
            kinds[name] = kind
        for text in [short, *rest[:1], *(x.strip() for x in ";".join(rest[1:]).split(";"))]:
            words = tuple(word for _, _, word in _words(text))
            if not words:
                continue
            form = _Form(words, name, text.isupper() and len(text) < 8, kind)
            if form not in running.get(words[0], []):
                running.setdefault(words[0], []).append(form)
            whole.setdefault(words, form)
            turned = _turned(words)
            if turned:
                whole.setdefault(turned, form)
    return _Names(
        whole,
        {word: tuple(sorted(f, key=lambda x: -len(x.words))) for word, f in running.items()},
        kinds,
    )


def _turned(words: tuple[str, ...]) -> tuple[str, ...]:
    """Turn a name as indexes do: Republic of Korea → Korea, Republic of."""
    if "of" not in words[:-1]:
        return ()
    at = words.index("of")
    tail = words[at + 1 :]
    if tail[:1] == ("the",):
        return (*tail[1:], *words[: at + 1], "the")
    return (*tail, *words[: at + 1])
