"""A statement and its words' pairs in the record → how closely it keeps to the record's words.

The closer a statement keeps to what is quoted, word beside word, the less can have gone wrong
that lists of words do not tell; the further it strays, the more has to be taken on trust.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from itertools import pairwise

from rag.answer.align import LITERAL, Pair
from rag.answer.clauses import Clause

LISTED = 0.85  # from here on, two words mean the same by their form or by a list
COPIED = 5  # words in a row
_NEARLY = 0.8  # the same, or the embedder is as sure
_HELD = 0.7

_LIMIT = re.compile(r"\b(?:only|merely|solely|exclusively|exceptional\w*)\b", re.IGNORECASE)
_LIMITED = re.compile(
    r"\b(?:only|merely|solely|exclusively|exceptional\w*|no more than|at most|unless|except|rare\w*"
    r"|seldom|hardly|few|limited|isolated|minor|small|low)\b",
    re.IGNORECASE,
)


def in_a_row(pairs: Sequence[Pair], record: Sequence[Clause]) -> float:
    """Share of the statement's steps from word to word that are steps of the record too."""
    places = {
        word.start: at for at, word in enumerate(word for clause in record for word in clause.words)
    }
    kept = [places[p.other.start] for p in pairs if p.other and p.likeness >= LISTED]
    steps = sum(after == before + 1 for before, after in pairwise(kept))
    return steps / max(1, len(pairs) - 1)


def _places(record: Sequence[Clause]) -> dict[int, int]:
    """Where each word that carries meaning stands among the others, by where it begins."""
    words = (word for clause in record for word in clause.words)
    return {word.start: at for at, word in enumerate(words)}


def in_order(pairs: Sequence[Pair], record: Sequence[Clause]) -> bool:
    """Whether the words of a statement stand in the record one after the other as they do in it."""
    places = _places(record)
    there = [places[pair.other.start] for pair in pairs if pair.other]
    return all(one <= other for one, other in pairwise(there))


def strayed(said: str, pairs: Sequence[Pair], quoted: str, record: Sequence[Clause]) -> str | None:
    """Give the first word that is not the record's in a statement that copies a stretch of it.

    Who copies five words that carry meaning, or half of what is said, and then writes another
    mostly says another thing ("before ordering the assembly" for "before ordering the crowd");
    who rewords, rewords all along.
    """
    if _longest_copy(pairs, record) < COPIED and not _half_copied(said, quoted):
        return None
    return next((pair.word.text for pair in pairs if pair.likeness < LISTED), None)


def _longest_copy(pairs: Sequence[Pair], record: Sequence[Clause]) -> int:
    places = _places(record)
    longest, run, before = 0, 0, -2
    for pair in pairs:
        at = places[pair.other.start] if pair.other and pair.likeness >= LITERAL else -2
        run = 0 if at < 0 else run + 1 if at == before + 1 else 1
        longest, before = max(longest, run), at
    return longest


def _half_copied(said: str, quoted: str) -> bool:
    """Whether one run of words, small ones too, is half of the statement and five at least."""
    return longest_run(said, quoted) >= max(COPIED, len(re.findall(r"\w+", said)) / 2)


def longest_run(said: str, quoted: str) -> int:
    """How many words in a row, small ones too, the statement has of what is quoted."""
    mine, theirs = (re.findall(r"\w+", text.casefold()) for text in (said, quoted))
    return SequenceMatcher(None, mine, theirs, autojunk=False).find_longest_match().size


_FUNCTION = frozenset(
    "a an the of to in on at by for from with as and or nor but that this these those which who "
    "whose its their his her our your my was were is are be been had has have would will could "
    "may might should must if whether because than into between against about under".split()
)


_SHORT = frozenset("it so no up do us me he we go am pm".split())  # other words of two letters


def breaks_off(sentence: str) -> bool:
    """Whether a sentence ends without an end: "The data is in", "on the ground of the", "linking ["."""
    if re.search(r"[(\[{“‘–—:-]\s*$|:\s*\(\w{1,4}\)\W*$", sentence):
        return True
    last = re.search(r"([^\W\d_]+)\W*$", sentence)
    ended = re.search(r"[.!?…;:]\W*$", sentence) is not None
    if ended or last is None:
        return False
    cut = len(last[1]) < 3 and last[1].islower() and last[1] not in _SHORT
    return cut or last[1].casefold() in _FUNCTION


def unlisted(pairs: Sequence[Pair]) -> float:
    """Share of the words for which at most the embedder finds one that is alike."""
    return sum(pair.likeness < LISTED for pair in pairs) / max(1, len(pairs))


def clause_unlisted(pairs: Sequence[Pair]) -> float:
    """The same in the clause of the statement that strays furthest."""
    by_clause: dict[int, list[float]] = {}
    for pair in pairs:
        by_clause.setdefault(pair.clause, []).append(pair.likeness)
    return max(
        (sum(v < _NEARLY for v in one) / len(one) for one in by_clause.values() if len(one) > 1),
        default=0.0,
    )


def possible_for_done(pairs: Sequence[Pair]) -> bool:
    """Whether what "may" or "could" be in the statement is told as done there."""
    return any(
        pair.word.aspect == "may" and pair.other.aspect == "done"
        for pair in pairs
        if pair.other and pair.likeness >= _HELD
    )


def limit_lost(said: str, quoted: str) -> bool:
    """Whether what is quoted holds only within limits, and the statement names none."""
    return _LIMIT.search(quoted) is not None and _LIMITED.search(said) is None


_PIVOT = re.compile(r"\b(with|by|than|for|over|from|to|before|after|against|into)\b", re.IGNORECASE)


def swapped(
    said: str, pairs: Sequence[Pair], quoted: str, record: Sequence[Clause]
) -> tuple[str, str] | None:
    """Give two words that stand on the other sides of what joins them there.

    "Replaced notification with authorization" is not "replaced authorization with
    notification", nor "the police attacked the crowd" the reverse.
    """
    places = _places(record)
    for before, after in pairwise(pairs):
        joint = _joint(said, before, after)
        if joint and _turned_round(before, after, quoted, places, joint):
            return before.word.text, after.word.text
    for first, verb, last in zip(pairs, pairs[1:], pairs[2:], strict=False):
        ends = _literal(first, last)
        if ends is None or not verb.word.aspect or not verb.other or verb.likeness < LITERAL:
            continue
        passive = _PIVOT.search(said[verb.word.end : last.word.start]) is not None
        between = places[ends[1]] < places[verb.other.start] < places[ends[0]]
        there = _PIVOT.search(quoted[verb.other.end : ends[0]]) is not None
        near = places[ends[0]] - places[ends[1]] <= 3
        if between and near and passive == there and verb.at == first.at == last.at:
            return first.word.text, last.word.text
    return None


def _literal(one: Pair, other: Pair) -> tuple[int, int] | None:
    """Where the counterparts of two words begin; None where they are not the words themselves."""
    if one.other is None or other.other is None or one.clause != other.clause:
        return None
    if min(one.likeness, other.likeness) < LITERAL or one.other.start == other.other.start:
        return None
    return one.other.start, other.other.start


def _joint(said: str, before: Pair, after: Pair) -> str:
    found = _PIVOT.findall(said[before.word.end : after.word.start])
    return found[0].casefold() if len(found) == 1 else ""


def _turned_round(
    before: Pair, after: Pair, quoted: str, places: dict[int, int], joint: str
) -> bool:
    ends = _literal(before, after)
    if ends is None or not after.other or not 0 < places[ends[0]] - places[ends[1]] <= 3:
        return False
    between = _PIVOT.findall(quoted[after.other.end : ends[0]])
    return before.at == after.at and [one.casefold() for one in between] == [joint]
