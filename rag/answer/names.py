"""A statement → the first name in it that the record does not have.

Persons with a title are looked at elsewhere; here it is bodies, places, laws and months.
"""

from __future__ import annotations

import re

from rag.answer.clauses import STOP, stem

_PHRASE = re.compile(
    r"[A-ZÀ-Þ][\w’'-]*(?:(?: (?:of|and|on|for|the|de|v\.)){0,3} [A-ZÀ-Þ][\w’'-]*)*"
)
_TITLE = re.compile(
    r"\b(?:Mr|Mrs|Ms|Miss|Mme|Dr|Sir|Dame)\b\.?(?: (?:[a-z]{1,3} ){0,2}[A-ZÀ-Þ][\w'’-]*)+"
)
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_SMALL = frozenset("of and on for the in to de v a an".split())
# Words with a capital that name nothing, or what every record is about.
_COMMON = frozenset(
    "government state party parties committee chair chairperson member members delegation act law "
    "article no note i country convention covenant constitution report parliament internet "
    "civil society foreign national united nations general mr mrs ms dr sir conference "
    "human rights".split()
)  # fmt: skip
_WINDOW = 8
_ENDINGS = frozenset("ese i n an ian stan stani ish s es".split())


def stranger(text: str, there: str, masthead: str) -> str:
    """Give the first name of a statement that stands neither in a text nor in the masthead."""
    there = there.replace("US$", "United States dollars ")
    bare = _TITLE.sub(lambda match: "." + " " * (len(match[0]) - 1), text)
    words = [_fold(word) for word in _WORD.findall(there.replace("-", " "))]
    known = {*words, *(_fold(word) for word in _WORD.findall(masthead.replace("-", " ")))}
    initials = _initials(there)
    for match in _PHRASE.finditer(bare):
        name = match[0]
        parts = [_fold(word) for word in _WORD.findall(name.replace("-", " "))]
        parts = [part for part in parts if part not in _SMALL]
        begins = not bare[: match.start()].strip() or re.search(
            r"[.!?:]\s*$", bare[: match.start()]
        )
        if begins and parts and (len(parts) == 1 or parts[0] in STOP):
            parts = parts[1:]  # a capital that the sentence gives
        parts = parts if len(parts) > 2 else [p for p in parts if p not in _COMMON]
        if not parts or _abbreviates(name, words, initials):
            continue
        absent = [p for p in parts if not _stands(p, known) and p not in _COMMON]
        if absent or (len(parts) > 1 and _scattered(parts, words, known)):
            first, _, rest = name.partition(" ")
            return rest if rest and _fold(first) in STOP else name
    return ""


def _fold(word: str) -> str:
    return re.sub(r"['’]s?$", "", word.casefold())


def _stands(part: str, known: set[str]) -> bool:
    """Whether a word stands there, or a form of it: "Kazakh", "Kazakhstan"."""
    if part in known or stem(part) in {stem(word) for word in known}:
        return True
    return len(part) >= 4 and any(
        longer.startswith(shorter) and longer[len(shorter) :] in _ENDINGS
        for word in known
        if len(word) >= 4
        for longer, shorter in [sorted((part, word), key=len, reverse=True)]
    )


def _initials(text: str) -> str:
    """First letters of a text's words, small ones left out, to find abbreviations in."""
    words = _WORD.findall(text.replace("-", " "))
    return "".join(word[0] for word in words if word.casefold() not in _SMALL).casefold()


def _abbreviates(name: str, words: list[str], initials: str) -> bool:
    """Whether a name abbreviates words that stand there, or is spelt out from what does."""
    if re.fullmatch(r"[A-Z]{2,}s?", name):
        return name.rstrip("s").casefold() in initials
    short = _initials(name)
    return len(short) > 2 and short in words


def _scattered(parts: list[str], words: list[str], known: set[str]) -> bool:
    """Whether the words of a name stand there, but nowhere near one another."""
    own = {stem(part) for part in parts if part not in _SMALL}
    stems = [stem(word) for word in words]
    if not own <= set(stems):
        return not own <= {stem(word) for word in known} and not all(p in _COMMON for p in parts)
    return not any(
        own <= set(stems[max(0, at - _WINDOW) : at + _WINDOW + 1])
        for at, one in enumerate(stems)
        if one in own
    )
