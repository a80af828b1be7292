"""Words of a draft → whether they state anything, or only cite or name a document."""

from __future__ import annotations

import re

_WORD = re.compile(r"[^\W\d_]{2,}")
# What stands between citations, or before one, without stating anything.
_GLUE = frozenset(
    "see also and or cf eg ie ibid id in at of the para paras paragraph paragraphs document doc un "
    "note supra above below compare generally accord eg as well with per from to similarly further "
    "emphasis added supplied omitted reproduced quoted cited hereinafter http https www org".split()
)
# The title of a document, which is set in quotation marks by some styles.
_TITLE = re.compile(
    r"\W*(?:[Tt]he )?(?:Concluding [Oo]bservations|Summary [Rr]ecords?|List of [Ii]ssues|Views\b|"
    r"General [Cc]omment|(?:Written )?[Rr]eplies of|Replies\b|Resolution\b|Decision\b|Letter dated|"
    r"(?:[\w-]+ ){0,4}(?:periodic|initial|annual) [Rr]eport|Report of)",
)
_VERB = re.compile(
    r"\b(?:is|are|was|were|be|been|has|have|had|do|does|did|will|would|shall|should|can|could|may|"
    r"might|must|said|says|told|made|took|gave|held|found|fell|rose|grew|sought|met|led|paid|kept|"
    r"left|lost|sent|spent|stood|won|wrote|came|went|saw|knew|thought|began|became|"
    r"(?!(?:adopted|submitted|dated|combined|revised|issued|related|united|based)\b)[a-z]+ed)\b"
)


def says(text: str) -> list[str]:
    """The words of a text that state something."""
    return [word for word in _WORD.findall(text) if word.casefold() not in _GLUE]


def count(text: str) -> int:
    """How many words of a text state something."""
    return len(says(text))


def states(text: str) -> bool:
    """Whether a text states something: "Human Rights Committee, Summary record" does not."""
    words = says(text)
    if len(words) < 2:
        return False
    named = _TITLE.search(text) is not None or all(word[0].isupper() for word in words)
    return not named or _VERB.search(text) is not None


def is_title(text: str) -> bool:
    """Whether words in quotation marks are a document's title."""
    return _TITLE.match(text) is not None


def has_verb(text: str) -> bool:
    """Whether anything is said to be, or to have been done."""
    return _VERB.search(text) is not None
