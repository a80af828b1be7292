"""A statement → the same statement turned round: denied where it affirms, or the reverse.

Lists of words that deny never hold all of them: "no limit was set" stands for "unlimited".
So the embedder is asked as well: a statement that comes nearer to the record when it is
turned round than as it stands is likely to say the contrary.
"""

from __future__ import annotations

import re

_DENIES = re.compile(
    r"\b(?:not|never|no|none|nobody|neither|nor|without|cannot|nothing)\b", re.IGNORECASE
)
_AUXILIARY = re.compile(
    r"\b(?:had|has|have|was|were|is|are|would|will|could|can|may|might|should|must|did|does|do)\b"
)
_AFFIRMED = (
    (re.compile(r"\bcannot\b"), "can"),
    (re.compile(r"\bwithout\b"), "with"),
    (re.compile(r"\b[Nn]obody\b"), "somebody"),
    (re.compile(r"\b[Nn]othing\b"), "something"),
    (re.compile(r"\bno longer\b"), "still"),
    (re.compile(r"\b[Nn]one\b"), "some"),
    (re.compile(r"\b[Nn]o\b"), "a"),
    (re.compile(r"\b(?:not|never|[Nn]either|nor) ?"), ""),
)


def denies(text: str) -> bool:
    """Whether a text holds "not", "no" or the like."""
    return _DENIES.search(text) is not None


def turned(text: str) -> str:
    """Take the negations out of a text; put one in where there is none."""
    if denies(text):
        for pattern, put in _AFFIRMED:
            text = pattern.sub(put, text)
        return text
    if found := _AUXILIARY.search(text):
        return f"{text[: found.end()]} not{text[found.end() :]}"
    return f"not {text}"
