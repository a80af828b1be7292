"""A question → what it takes for granted, as a statement; and whether the record bears it out.

"Why did the Government close the school?" takes it that the Government closed the school. Where
the words that answer best say the contrary, "the school had not been closed", there is nothing to
answer. Where only the gate's model is nearly sure that they do not uphold it, a note says so.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from rag.answer.align import LITERAL, Pair, align
from rag.answer.clauses import clauses
from rag.answer.upheld import GOOD
from rag.query import Query, takes_for_granted
from rag.sentences import sentences

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
    denied = next((n for n in range(1, len(words)) if words[n] in ("never", "not")), None)
    first = (n for n in range(1, len(words)) if _PREDICATE.fullmatch(words[n].strip(",")))
    at = denied or next(first, 1)
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


# "… admit that he was beaten": what is admitted; nothing where it is denied or doubted.
_TOLD = re.compile(
    r"[^?,]{3,60}?\b(?:admit|say|state|confirm|accept|acknowledge|concede|claim|think|believe|find|conclude|agree|"
    r"announce|explain|tell(?: \w+){0,2})(?:ed|d)? that (?P<told>.+)",
    re.IGNORECASE,
)
_DENIED_THERE = re.compile(
    r"\b(?:den(?:y|ied)|reject\w*|refus\w*|doubt\w*|disput\w*)\b", re.IGNORECASE
)
# The contrary holds only on a condition, or for a time.
_CONDITION = re.compile(
    r"\b(?:if|unless|until|only|without|except|before|whether|no longer|not yet)\b", re.IGNORECASE
)
_NOT_DONE = re.compile(
    r"\b(?:not|never) (?:ever )?(?:been |be )?(?:\w+ed to (?:be )?)?$", re.IGNORECASE
)
_ENOUGH = 3  # words of what is taken for granted that the sentence must hold, with its verb
_HALF = 0.5  # … and what share of them


def contrary(query: Query, text: str) -> str:
    """Give the sentence of a text that says the contrary of what a question takes for granted.

    "Mr. Bell had not been beaten by any guard" after "Why was Mr. Bell beaten?". The verb must be the
    same, denied on one side and not on the other, and no sentence may have it as the question has.
    Where the question denies it, right before the verb: "not make its planned visit" denies no plan.

    Args:
        query: the question, read.
        text: what is quoted.

    """
    said = premise(query.text) if takes_for_granted(query) else ""
    told = _TOLD.match(said)
    if not said or (not told and _DENIED_THERE.search(said)):
        return ""
    said = told["told"] if told else said
    mine, found = clauses(said), ""
    for start, end in sentences(text):
        there = clauses(text[start:end])
        pairs = align(mine, there, None) if there else []
        verbs = [
            p
            for p in pairs
            if p.likeness >= LITERAL and p.other and p.word.aspect and p.other.aspect
        ]
        for verb in verbs:
            one, other = mine[verb.clause], there[verb.at]
            if one.negations % 2 == other.negations % 2:
                return ""
            apart = one.negations and not _NOT_DONE.search(said[: verb.word.start])
            conditional = _CONDITION.search(text[start:end])
            if not (apart or one.soft or other.soft or conditional) and _speaks_of_it(pairs, verb):
                found = text[start:end]
    return found


def _speaks_of_it(pairs: Sequence[Pair], verb: Pair) -> bool:
    """Whether a sentence holds enough of what is taken for granted; a name counts twice."""
    held = [pair for pair in pairs if pair.likeness >= GOOD]
    named = any(p.word.capital and p.likeness >= LITERAL for p in held if p is not verb)
    enough = len(held) + named >= _ENOUGH or len(held) == len(pairs) > 1
    return enough and len(held) >= _HALF * len(pairs)
