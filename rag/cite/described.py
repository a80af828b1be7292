"""Tokens → a document that is named without its symbol: "the replies to the list of issues".

Only what a meeting has before it is read: replies, lists of issues, reports of the State,
concluding observations; and "above" and "below", which are this very document. Another's
report ("the report of the Special Rapporteur") is none. Which one is meant is told by the
record that says so, in `rag.resolve`.
"""

from __future__ import annotations

from rag.cite.pinpoints import Group, sign_at, word_at
from rag.cite.tokens import Token

HERE = "this document"
_DETERMINERS = frozenset({"the", "this", "its", "their", "said", "same", "state"})
_ORDINAL = frozenset({
    "initial", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth",
    "ninth", "tenth", "eleventh", "twelfth", "combined", "and",
})  # fmt: skip
_ADJECTIVES = _ORDINAL | _DETERMINERS | frozenset({
    "party's", "party’s", "state's", "state’s", "country's", "country’s", "government's",
    "government’s", "delegation's", "delegation’s", "written", "periodic", "present", "current",
})  # fmt: skip
_REPLIES = frozenset({"replies", "responses", "answers"})
# Behind its head a name goes on with whose it is, or what it is about: another document.
_GOES_ON = frozenset(["of", "on", "by", "for", "from", "submitted", "prepared", "concerning", "to"])
_OF = frozenset(["of", "in", "from", "to"])
_LONGEST = 10  # tokens


def described(tokens: list[Token], i: int, read: Group) -> str:
    """Name the document that a group of paragraphs is of; "" where none is named.

    "of the replies to the list of issues", "the report (" before the group, "above".
    """
    if word_at(tokens, i) in ("above", "below"):
        return HERE
    if word_at(tokens, i) in _OF:
        return _of(tokens, i + 1)
    opened = _start(tokens, read)
    return _before(tokens, opened - 1) if opened > 0 and sign_at(tokens, opened - 1, "(") else ""


def _of(tokens: list[Token], i: int) -> str:
    if word_at(tokens, i + 1) == "present" and word_at(tokens, i + 2) in ("document", "report"):
        return HERE
    name, end = _name(tokens, i)
    return "" if word_at(tokens, end) in _GOES_ON else name


def _start(tokens: list[Token], read: Group) -> int:
    """Give the place of the token that a group starts with."""
    i = read.next - 1
    while i > 0 and tokens[i].start > read.start:
        i -= 1
    return i


def _before(tokens: list[Token], bracket: int) -> str:
    """Read "the report" that stands right before a bracket, from its determiner on."""
    for start in range(bracket - 2, max(-1, bracket - _LONGEST), -1):
        if word_at(tokens, start) in _DETERMINERS:
            name, end = _name(tokens, start)
            if name and end == bracket:
                return name
    return ""


def _name(tokens: list[Token], i: int) -> tuple[str, int]:
    """Read "the second periodic report", "the written replies to the list of issues"."""
    said: list[str] = []
    if word_at(tokens, i) not in _DETERMINERS:
        return "", i
    for _ in range(_LONGEST):
        word = word_at(tokens, i)
        if word not in _ADJECTIVES:
            break
        if word in _ORDINAL:
            said.append(word)
        i += 1
    head, end = _head(tokens, i)
    return (" ".join([*said, head]), end) if head else ("", i)


def _head(tokens: list[Token], i: int) -> tuple[str, int]:
    word = word_at(tokens, i)
    if word == "report":
        return "report", i + 1 + 4 * _are(tokens, i + 1, "of", "the", "state", "party")
    if _are(tokens, i, "list", "of", "issues"):
        return "list of issues", i + 3
    if _are(tokens, i, "concluding", "observations"):
        return "concluding observations", i + 2
    if word in _REPLIES:
        end = i + 1 + 4 * _are(tokens, i + 1, "of", "the", "state", "party")
        end += 5 * _are(tokens, end, "to", "the", "list", "of", "issues")
        return "replies to list of issues", end
    return "", i


def _are(tokens: list[Token], i: int, *words: str) -> bool:
    return all(word_at(tokens, i + k) == word for k, word in enumerate(words))
