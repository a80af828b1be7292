"""What a State supports, or does not, of the recommendations made to it → the lists that say so.

A report on a State's review lists them under one sentence: "The following recommendations enjoy
the support of …". Who asks which were accepted wants that list, and not the one of a hundred that
comes nearest to the words "which were accepted".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from rag.answer.positions import above, end_to_end, paras
from rag.answer.terms import Term, Vocabulary, coverage, terms_of
from rag.domain import Claim, Paragraph, Passage
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
_MOST = 0.5  # share of the words of a subject that an item must hold to be listed
_NEARLY_ALL = 0.75  # … to be what is asked about, in whatever words
_BY_WORDS = "Others may be on the subject in other words."


@dataclass(frozen=True, slots=True)
class Lists:
    """What answers, the paragraphs that it is quoted from, and what of it is not quoted."""

    claims: tuple[Claim, ...]
    given: tuple[Paragraph, ...]
    note: str


@dataclass(frozen=True, slots=True)
class _List:
    """A sentence that tells a position, what stands under it on the subject, and how many in all."""

    head: Paragraph
    items: Sequence[Paragraph]
    of: int


def asks_for_a_list(asked: str) -> bool:
    """Whether the recommendations are asked for that a State supports, or does not."""
    return _ASKS.match(asked) is not None and bool(_TAKEN.search(asked) or _REFUSED.search(asked))


def refused(asked: str) -> bool:
    """Whether it is what a State does not support that is asked for."""
    return _REFUSED.search(asked) is not None


def lists(query: Query, paragraphs: Sequence[Paragraph], vocabulary: Vocabulary) -> Lists | None:
    """The lists that a question asks for, with what of them is on its subject.

    Args:
        query: the question, read.
        paragraphs: of one document, in its order.
        vocabulary: stems and their frequencies.

    Returns:
        None where the document has no such list, or nothing of it is on the subject.

    """
    rejected = refused(query.text)
    by = {each.label: each for each in paragraphs}
    terms = _subject(query, vocabulary)
    found: list[_List] = []
    for head in paragraphs:
        items = list(_items(head, by)) if _tells(head.text, refused=rejected) else []
        there = [each for each in items if not terms or _share(terms, each, vocabulary) >= _MOST]
        if there:
            found.append(_List(head, there, len(items)))
    if not found:
        return None
    counted = query.wants == "figure"
    most = 0 if counted else max(1, ITEMS // len(found))
    claims = [claim for each in found for claim in _quoted(each, most)]
    told = [_left(each, most, counted=counted) for each in found]
    told += [_BY_WORDS] if terms else []
    given = (paragraph for each in found for paragraph in (each.head, *each.items[:most]))
    return Lists(tuple(claims), tuple(given), " ".join(part for part in told if part))


_WHY = re.compile(r"^(?:and |so |but )?(?:why|for what reasons?|on what grounds)\b", re.IGNORECASE)
_COMMENTS = re.compile(
    r"\brecommendations?\b.{0,200}\b(?:comments?|reasons?|explain\w*|position|clarif\w*|consider\w*|view)\b",
    re.IGNORECASE | re.DOTALL,
)
_AFTER = 6  # paragraphs after a list, or a sentence that lists by number, that may comment on it


def asks_why_rejected(query: Query) -> bool:
    """Whether the reasons are asked for why a State does not support recommendations."""
    about = query.takes is not None or "recommendation" in query.text
    return bool(_WHY.match(query.text) and _REFUSED.search(query.text) and about)


def comments(paragraphs: Sequence[Paragraph], by_number: Sequence[Paragraph]) -> list[Paragraph]:
    """What a State comments on the recommendations that it does not support, after their list.

    Args:
        paragraphs: of one document, in its order.
        by_number: those of them that list by number what is not supported.

    """
    by = {each.label: each for each in paragraphs}
    found: list[Paragraph] = []
    for at, head in enumerate(paragraphs):
        listed = list(_items(head, by)) if _tells(head.text, refused=True) else []
        if not listed and head not in by_number:
            continue
        after = (each for each in paragraphs[at + 1 :] if each not in listed)
        for each in islice(after, _AFTER):
            if _tells(each.text, refused=False) or _tells(each.text, refused=True):
                break
            if _COMMENTS.search(each.text) and not above(each) and each not in found:
                found.append(each)
    return [each for each in found if not each.text.startswith(_BOILERPLATE)]


_BOILERPLATE = "All conclusions and"


def on_the_subject(
    query: Query, passages: Sequence[Passage], vocabulary: Vocabulary
) -> list[Passage]:
    """Those of recommendations that hold nearly all words of what is asked about.

    "CAT" stands for the convention against torture. None where the question has no subject.
    """
    terms = _subject(query, vocabulary)
    return [p for p in passages if _share(terms, p.paragraph, vocabulary) >= _NEARLY_ALL]


def by_position(
    passages: Sequence[Passage], heads: Mapping[str, Paragraph]
) -> tuple[list[Claim], str]:
    """Quote of each position that a record tells the first few recommendations.

    Of those on one subject some may be supported and some not: none of both is to be missed.

    Args:
        passages: recommendations, or parts of paragraphs that are one, best first.
        heads: the paragraphs under which listed ones stand, by id.

    Returns:
        What is quoted, and where the rest stands.

    """
    groups: dict[str, list[Paragraph]] = {}
    for passage in passages:
        head = heads.get(above(passage.paragraph) or "")
        groups.setdefault(head.id if head else "", []).append(passage.paragraph)
    most = max(2, ITEMS // (2 * max(1, len(groups))))
    chosen = [each for group in groups.values() for each in group[:most]]
    left = {each.label: each for group in groups.values() for each in group[most:]}
    more = sorted(left.values(), key=lambda each: (each.document, each.ordinal))
    told = f"More on it: {_range([each.label for each in more])}." if more else ""
    return [Claim(end_to_end(each), end_to_end(each), each.citation) for each in chosen], told


def _subject(query: Query, vocabulary: Vocabulary) -> list[Term]:
    return [term for term in terms_of(query, vocabulary) if term.stem not in _FRAME]


def _share(terms: Sequence[Term], paragraph: Paragraph, vocabulary: Vocabulary) -> float:
    return coverage(terms, set(vocabulary.terms(paragraph.text)))


def _quoted(each: _List, most: int) -> list[Claim]:
    start, end = sentences(each.head.text)[0]
    said = each.head.text[start:end].rstrip(" :.")
    items = [(end_to_end(item), item.citation) for item in each.items[:most]]
    return [Claim(words, words, at) for words, at in ((said, each.head.citation), *items)]


def _left(each: _List, most: int, *, counted: bool) -> str:
    """How many stand there, where that is asked; else how many more than are quoted."""
    left = [item.label for item in each.items[most:]]
    on_it, label = len(each.items) < each.of, each.head.label
    if counted:
        of = f" of the {each.of}" if on_it else ""
        return f"Counted: {len(left)}{of} under para. {label} ({_range(left)})."
    more = f"{len(left)} more{' on it' if on_it else ''}: {_range(left)}. " if left else ""
    all_of = f"Para. {label} lists {each.of} in all." if on_it else ""
    return f"{more}{all_of}".strip()


def _range(labels: Sequence[str]) -> str:
    """Labels of items: of those that follow one another the ends, else each, or the first of them."""
    numbers = [int(last) if (last := label.rpartition(".")[2]).isdigit() else 0 for label in labels]
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


def _items(head: Paragraph, by: Mapping[str, Paragraph]) -> Iterable[Paragraph]:
    """What stands under a paragraph: "76.1", "76.2" … ."""
    number = 1
    while head.label.isdigit() and (item := by.get(f"{head.label}.{number}")):
        yield item
        number += 1
