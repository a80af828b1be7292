"""A question → what it takes for granted, as a statement; and whether the record bears it out.

"Why did the Government close the school?" takes it that the Government closed the school. Where
the gate's model is nearly sure that the passage which answers best does not uphold that, a note
says so.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from rag.query import Query, takes_for_granted

DENIED = -2.2  # log-odds under which a passage seems not to bear a statement out
NOTE = "The question may take for granted what the record does not bear out; read the words quoted."

_DONE = r"(?:did|do|does)"
_BEING = r"(?:was|were|is|are|has|have|had|must|can|could|will|would|should|may)"
_OPENED = re.compile(
    r"^(?:and |so |but )?(?:why|since when|when|how|where|for how long|how long|for what reasons?|"
    r"on what (?:grounds?|dates?|basis))"
    rf"(?:,[^?]*?,)? (?P<verb>{_DONE}|{_BEING}) (?P<rest>[^?]+)\?",
    re.IGNORECASE,
)
# Where the verb goes that the question puts before its subject: "was | the school | closed".
_PREDICATE = re.compile(
    r"\w+(?:ed|en|ing)|to|not|still|already|only|no|kept|held|put|made|told|left|sent|set|cut|shut|"
    r"built|lost|given|at|in|on"
)


def premise(question: str) -> str:
    """The statement that a question takes for granted; nothing where it is not of a known form."""
    asked = _OPENED.search(" ".join(question.split()))
    if asked is None:
        return ""
    verb, rest = asked["verb"].lower(), asked["rest"].strip()
    if re.fullmatch(_DONE, verb):
        return f"{rest[0].upper()}{rest[1:]}."
    words = rest.split()
    at = next((n for n in range(1, len(words)) if _PREDICATE.fullmatch(words[n].strip(","))), 1)
    return " ".join((*words[:at], verb, *words[at:])) + "."


def doubted(
    query: Query,
    texts: Sequence[str],
    upholds: Callable[[str, Sequence[str]], NDArray[np.float32]],
) -> str:
    """Say that the record may not bear out what a question takes for granted; else nothing.

    Args:
        query: the question, read.
        texts: of the passage that answers best: its best sentence, and that with the one before.
        upholds: tells how likely each text upholds a statement, as log-odds.

    """
    said = premise(query.text) if takes_for_granted(query) else ""
    if not said or not texts:
        return ""
    return NOTE if float(upholds(said, texts).max()) < DENIED else ""
