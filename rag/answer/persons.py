"""Two ways of naming a speaker → whether they name one."""

from __future__ import annotations

import re

from rag.answer.verbatim import plain

_TITLES = {
    "mr": "m", "sir": "m", "mrs": "f", "ms": "f", "miss": "f", "mme": "f", "dame": "f",
}  # fmt: skip
NO_NAME = frozenset({"the", "of", "dr", "prof", *_TITLES})


def is_same(said: str, printed: str) -> bool:
    """Whether two ways of naming a speaker name one: "Ms. Doukaris (Maravia)", "Ms. Doukaris"."""
    mine, theirs = (words(re.split(r"[(,]", name, maxsplit=1)[0]) for name in (said, printed))
    titles = [_TITLES[word] for word in mine if word in _TITLES]
    printed_titles = {_TITLES[word] for word in theirs if word in _TITLES}
    if len(titles) > 1 or len({*titles, *printed_titles}) > 1:
        return False
    names, others = set(mine) - NO_NAME, set(theirs) - NO_NAME
    return bool(names and others) and (names <= others or others <= names)


def words(text: str) -> list[str]:
    """Give the words of a text, folded, without the genitive."""
    found = re.findall(r"[^\W\d_]+(?:['-][^\W\d_]+)*", plain(text).casefold())
    return [word.removesuffix("'s") for word in found]
