"""What a State supports, or does not, of the recommendations made to it → the lists that say so.

A report on a State's review lists them under one sentence: "The following recommendations enjoy
the support of …". Who asks which were accepted wants that list, and not the one of a hundred that
comes nearest to the words "which were accepted".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rag.answer.positions import end_to_end, paras
from rag.answer.terms import Vocabulary, coverage, terms_of
from rag.domain import Claim, Paragraph
from rag.query import Query
from rag.sentences import sentences

ITEMS = 10  # quoted at most, of all lists together
_ASKS = re.compile(
    r"^(?:and |so |but )?(?:which|what|list|name|how many)\b[^?]*\brecommendations\b", re.IGNORECASE
)
_TAKEN = re.compile(r"\b(?:support\w*|accept\w*|agree[ds]?)\b", re.IGNORECASE)
_REFUSED = re.compile(
    r"\b(?:not|nor|never|reject\w*|refus\w*|declin\w*|oppos\w*|disagree\w*)\b", re.IGNORECASE
)
_PUT_OFF = re.compile(r"\bwill (?:be examined|respond|provide)\b", re.IGNORECASE)
# Stems that only say which list is meant.
_FRAME = frozenset(
    "recommend accept support enjoy agre reject refus declin oppos disagre note list name state review all ani made "
    "receiv upr univers period work group".split()
)
_MOST = 0.5  # share of the words of a subject that an item must hold


@dataclass(frozen=True, slots=True)
class Lists:
    """What answers, the paragraphs that it is quoted from, and what of it is not quoted."""

    claims: tuple[Claim, ...]
    given: tuple[Paragraph, ...]
    note: str


def asks_for_a_list(asked: str) -> bool:
    """Whether the recommendations are asked for that a State supports, or does not."""
    return _ASKS.match(asked) is not None and bool(_TAKEN.search(asked) or _REFUSED.search(asked))


def lists(query: Query, paragraphs: Sequence[Paragraph], vocabulary: Vocabulary) -> Lists | None:
    """The lists that a question asks for, with what of them is on its subject.

    Args:
        query: the question, read.
        paragraphs: of one document, in its order.
        vocabulary: stems and their frequencies.

    Returns:
        None where the document has no such list, or nothing of it is on the subject.

    """
    refused = _REFUSED.search(query.text) is not None
    by = {each.label: each for each in paragraphs}
    heads = [
        (head, items)
        for head in paragraphs
        if _tells(head.text, refused=refused) and (items := list(_items(head, by)))
    ]
    if not heads:
        return None
    terms = [term for term in terms_of(query, vocabulary) if term.stem not in _FRAME]

    def on_subject(item: Paragraph) -> bool:
        return not terms or coverage(terms, set(vocabulary.terms(item.text))) >= _MOST

    found = [(head, [item for item in items if on_subject(item)]) for head, items in heads]
    found = [(head, items) for head, items in found if items]
    if not found:
        return None
    counted = query.wants == "figure"
    return _quoted(found, 0 if counted else max(1, ITEMS // len(found)), counted=counted)


def _quoted(
    found: Sequence[tuple[Paragraph, Sequence[Paragraph]]], most: int, *, counted: bool
) -> Lists:
    claims: list[Claim] = []
    told: list[str] = []
    for head, items in found:
        words = _said(head)
        claims.append(Claim(words, words, head.citation))
        claims += [
            Claim(end_to_end(each), end_to_end(each), each.citation) for each in items[:most]
        ]
        left = [each.label for each in items[most:]]
        if counted:
            told.append(f"{len(items)} are listed there, in {_range(left)}.")
        elif left:
            told.append(f"{len(left)} more are listed there, in {_range(left)}.")
    given = tuple(each for head, items in found for each in (head, *items[:most]))
    return Lists(tuple(claims), given, " ".join(told))


def _range(labels: Sequence[str]) -> str:
    """Labels of items: those that follow one another by their ends, else each, or the first few."""
    numbers = [int(label.rpartition(".")[2]) for label in labels]
    if len(labels) > 2 and numbers == list(range(numbers[0], numbers[-1] + 1)):
        return f"paras. {labels[0]} to {labels[-1]}"
    return paras(labels) if len(labels) <= ITEMS else f"{paras(labels[:ITEMS])} and others"


def _tells(text: str, *, refused: bool) -> bool:
    """Whether a sentence above a list says that these are supported, or that they are not."""
    if "recommendation" not in text or not _TAKEN.search(text):
        return False
    if _REFUSED.search(text):
        return refused
    return not refused and not _PUT_OFF.search(text)


def _items(head: Paragraph, by: dict[str, Paragraph]) -> Iterable[Paragraph]:
    """What stands under a paragraph: "76.1", "76.2" … ."""
    number = 1
    while head.label.isdigit() and (item := by.get(f"{head.label}.{number}")):
        yield item
        number += 1


def _said(head: Paragraph) -> str:
    """Its first sentence, without the colon before the list."""
    start, end = sentences(head.text)[0]
    return head.text[start:end].rstrip(" :.")
