"""What a State supports, or does not, of the recommendations made to it → the lists that say so.

A report on a State's review lists them under one sentence: "The following recommendations enjoy
the support of …". Who asks which were accepted wants that list, and not the one of a hundred that
comes nearest to the words "which were accepted".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Literal

from rag.answer.evidence import Near
from rag.answer.positions import above, end_to_end, paras
from rag.answer.terms import Term, Vocabulary, coverage, terms_of
from rag.answer.topic import left_of
from rag.domain import Claim, Paragraph
from rag.query import FRAME, Query
from rag.sentences import sentences

ITEMS = 10  # quoted at most, of all lists together
Position = Literal["supported", "rejected", "pending", "implemented"]
_NOUN = r"(?:recommendations?|calls?|proposals?|suggestions?|demands?|commitments?|points)"
_ASKS = re.compile(
    rf"^(?:and |so |but )?(?:(?:which|what|list|name|how many)\b[^?]*\b{_NOUN}\b"
    r"|(?:which|how many)(?: ones?| of (?:them|those|these))? (?:did|does|do|has|have|had|will|were|are)\b"
    r"|what (?:has|have|does|will)\b[^?]*\bexamine)",
    re.IGNORECASE,
)
_TAKEN = re.compile(
    r"\b(?:support\w*|accept\w*|agree[ds]?|endors\w+|(?:say|said) yes|sign(?:ed)? up to|t(?:ake|ook|aken) on|"
    r"g(?:o|one) along|went along|commit(?:ted|ments?)?|undert(?:ake|ook|aken))\b",
    re.IGNORECASE,
)
_REFUSED = re.compile(
    r"\b(?:not|nor|never|reject\w*|refus\w*|declin\w*|oppos\w*|disagree\w*|turn(?:ed)? (?:\w+ )?down|(?:say|said) no|no support)\b",
    re.IGNORECASE,
)
_PUT_OFF = re.compile(r"\bwill (?:be examined|respond|provide)\b", re.IGNORECASE)
_PENDING = re.compile(
    r"\b(?:yet to|still to|will|to be|not yet|later) (?:be )?(?:examined?|answer\w*|decided?|respond\w*)\b|"
    r"\bwill\b[^?]{1,60}\bexamine\b|\bpending\b|\bunder (?:consideration|examination)\b|\bput off\b|"
    r"\bstill (?:on|open|thinking|considering|undecided)\b|\bleft open\b|\bundecided\b",
    re.IGNORECASE,
)
_IMPLEMENTED = re.compile(r"\brecommendations\b.*\bimplement", re.IGNORECASE | re.DOTALL)
# Stems that only say which list is meant.
_FRAME = frozenset(
    "recommend accept support enjoy agre reject refus declin oppos disagre note list name state review all ani made "
    "receiv upr univers period work group examin yet still pend one come make has have had will so far whi reason ground".split()
)
# Of a recommendation and the words of a subject: likeness by meaning, and a little by the words.
_WORDS = 0.2
_ON_IT = (
    0.35  # what the best on a subject has at least; "the stateless Bidoon" has 0.2 where none is
)
_BESIDE = 0.72  # share of the best one's that another needs
_LIKELY = "What is on the subject is told by likeness: check these; others may be on it too."


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


def asked_for(asked: str) -> Position | None:
    """Which recommendations a question asks for a list of, by the State's position on them.

    None where it asks for none, or for those of every position.
    """
    if not _ASKS.match(asked):
        return None
    if _PENDING.search(asked):
        return None if _TAKEN.search(_PENDING.sub(" ", asked)) else "pending"
    if refused(asked):
        return "rejected"
    return "supported" if _TAKEN.search(asked) else None


def asks_for_a_list(asked: str) -> bool:
    """Whether the recommendations are asked for that a State supports, does not, or is to examine."""
    return asked_for(asked) is not None


def refused(asked: str) -> bool:
    """Whether it is what a State does not support that is asked for."""
    return _REFUSED.search(asked) is not None


def lists(
    query: Query,
    paragraphs: Sequence[Paragraph],
    vocabulary: Vocabulary,
    near: Near,
    *,
    of: str = "",
) -> Lists | None:
    """The lists that a question asks for, with what of them is on its subject.

    Args:
        query: the question, read; without the name of a State that made them.
        paragraphs: of one document, in its order.
        vocabulary: stems and their frequencies.
        near: how near sentences come to a text, each a cosine.
        of: the State that made them, where that is told.

    Returns:
        None where the document has no such list, or nothing of it is on the subject.

    """
    wanted = asked_for(query.text)
    by = {each.label: each for each in paragraphs}
    subject = topic(query)
    found: list[_List] = []
    besides: list[str] = []
    for head in paragraphs:
        position = _position(head.text)
        items = list(_items(head, by)) if position else []
        if wanted == "supported" and position == "implemented" and items:
            besides.append(
                f"Para. {head.label} lists {len(items)} that it considers implemented already."
            )
        if not items or (wanted and position != wanted):
            continue
        there = [each for each in items if not of or of in makers(each)]
        if there:
            found.append(_List(head, there, len(items)))
    if subject:
        every = [item for each in found for item in each.items]
        on_it = {each.id for each in on_the_subject(query, every, vocabulary, near)}
        found = [replace(e, items=[i for i in e.items if i.id in on_it]) for e in found]
        found = [each for each in found if each.items]
    if not found:
        return None
    counted = query.wants == "figure"
    few = sum(len(each.items) for each in found) <= ITEMS
    most = (ITEMS if few else 0) if counted else max(2, ITEMS // len(found))
    claims = [claim for each in found for claim in _quoted(each, most)]
    told = [_left(each, most, counted=counted) for each in found]
    told += [] if of else besides
    told += [_LIKELY] if subject else []
    given = (paragraph for each in found for paragraph in (each.head, *each.items[:most]))
    return Lists(tuple(claims), tuple(given), " ".join(part for part in told if part))


def makers(item: Paragraph) -> set[str]:
    """The States that make a listed recommendation."""
    names = (name for voice in item.speakers for name in (voice.delegation or "").split(", "))
    return {name.strip() for name in names}


_REPORT = re.compile(r"A/HRC/\d+/\d+")
_WHY = re.compile(r"^(?:and |so |but )?(?:why|for what reasons?|on what grounds)\b", re.IGNORECASE)
_COMMENTS = re.compile(
    r"\brecommendations?\b.{0,200}\b(?:comments?|reasons?|explain\w*|position|clarif\w*|consider\w*|view)\b",
    re.IGNORECASE | re.DOTALL,
)
_AFTER = 6  # paragraphs after a list, or a sentence that lists by number, that may comment on it


def asks_why_rejected(query: Query) -> bool:
    """Whether the reasons are asked for why a State does not support recommendations."""
    about = query.takes is not None or "recommendation" in query.text
    about = about or any(_REPORT.match(name) for name in query.documents)
    return bool(_WHY.match(query.text) and _REFUSED.search(query.text) and about)


def comments(
    query: Query,
    paragraphs: Sequence[Paragraph],
    by_number: Sequence[Paragraph],
    vocabulary: Vocabulary,
    near: Near,
) -> list[Paragraph]:
    """What a State comments on the recommendations that it does not support, after their list.

    Where the question has a subject, only what is on it.

    Args:
        query: the question, read.
        paragraphs: of one document, in its order.
        by_number: those of them that list by number what is not supported.
        vocabulary: stems and their frequencies.
        near: how near sentences come to a text, each a cosine.

    """
    by = {each.label: each for each in paragraphs}
    found: list[Paragraph] = []
    for at, head in enumerate(paragraphs):
        listed = list(_items(head, by)) if _position(head.text) == "rejected" else []
        if not listed and head not in by_number:
            continue
        after = (each for each in paragraphs[at + 1 :] if each not in listed)
        for each in islice(after, _AFTER):
            if _position(each.text) and f"{each.label}.1" in by:
                break
            if _COMMENTS.search(each.text) and not above(each) and each not in found:
                found.append(each)
    found = [each for each in found if not each.text.startswith(_BOILERPLATE)]
    if not topic(query):
        return found
    on_it = on_the_subject(query, found, vocabulary, near)
    return [each for each in found if each in on_it]


_BOILERPLATE = "All conclusions and"


def on_the_subject(
    query: Query, paragraphs: Sequence[Paragraph], vocabulary: Vocabulary, near: Near
) -> list[Paragraph]:
    """Those of recommendations that are on what is asked about, the best first.

    Told by their likeness in meaning to the words of the subject alone, and a little by these words:
    "stop putting people to death" is "abolish the death penalty", "CAT" the convention against torture.
    None where the question has no subject, or nothing comes near enough.
    """
    subject = topic(query)
    if not subject or not paragraphs:
        return []
    terms = _subject(query, vocabulary)
    cosines = near(subject, [(each, sentences(each.text)) for each in paragraphs])
    scores = [
        max(cosine, default=0.0) + _WORDS * _share(terms, each, vocabulary)
        for each, cosine in zip(paragraphs, cosines, strict=True)
    ]
    least = max(_ON_IT, _BESIDE * max(scores))
    ranked = sorted(zip(scores, paragraphs, strict=True), key=lambda one: -one[0])
    return [each for score, each in ranked if score >= least]


# Words that only ask which recommendations are meant, and what became of them.
_ASKING = re.compile(
    r"\b(?:which|what|who|whom|whose|where|why|for what reasons?|on what grounds?|how many|how|did|does|do|has|have|had|was|were|is|are|will|would|the|list|name|"
    r"need|tell me|i'm looking into|exactly|anything|everything|ones?|any|of (?:them|those|these)|them|it|its|"
    rf"{_NOUN}|recommend\w*|states?(?: party)?|countr(?:y|ies)|delegations?|governments?|(?:the )?upr|universal periodic review|"
    r"review(?:ed)?|urged?|told|asked?|wanted|pressed|called (?:on|upon|for)|raised|put|made|make|received?|came|come|from|by|"
    r"support\w*|accept\w*|agree[ds]?(?: to)?|endors\w+|(?:say|said|says) (?:yes|no)(?: to)?|sign(?:ed)? up to|"
    r"t(?:ake|ook|aken) on|go(?:ne)? along(?: with)?|went along(?: with)?|commit(?:ted|ments?)?(?: to)?|undert(?:ake|ook|aken)|"
    r"not|never|reject\w*|refus\w*(?: to)?|declin\w*|oppos\w*|turn(?:ed)? (?:\w+ )?down|"
    r"yet(?: to)?|still|examined?|pending|left open|under consideration|thinking about|on \w+(?:['’]s)? desk|stand|"
    r"enjoy|noted?|so far|flatly|became of|happened to|each|points?|in (?:19|20)\d\d|and who|vs\.?|versus|concerning|regarding|about|on|that)\b|[?:,.;–—-]",
    re.IGNORECASE,
)


def topic(query: Query) -> str:
    """The words of a question that tell what recommendations are on; nothing where it is on all."""
    asked, _, before = query.text.removesuffix(")").partition("? (")
    return _topic(asked, query) or _topic(before, query)  # "Why did it? (the subject before)"


def _topic(text: str, query: Query) -> str:
    left = left_of(text, query.naming, _ASKING)
    left = re.sub(
        r"^(?:(?:to|for|with|and|or|in|of|a|an|as) )+|(?: (?:to|for|with|and|or|in|of|a|an|as))+$",
        "",
        left,
    )
    return left if re.search(r"[^\W\d_]{3,}", left) else ""


def by_position(
    paragraphs: Sequence[Paragraph], heads: Mapping[str, Paragraph]
) -> tuple[list[Claim], str]:
    """Quote of each position that a record tells the first few recommendations.

    Of those on one subject some may be supported and some not: none of both is to be missed.

    Args:
        paragraphs: recommendations, or parts of paragraphs that are one, best first.
        heads: the paragraphs under which listed ones stand, by id.

    Returns:
        What is quoted, and where the rest stands, position by position.

    """
    groups: dict[str, list[Paragraph]] = {}
    for each in paragraphs:
        head = heads.get(above(each) or "")
        groups.setdefault(head.id if head else "", []).append(each)
    most = max(2, ITEMS // (1 + len(groups)))
    claims: list[Claim] = []
    told: list[str] = []
    for name, group in groups.items():
        claims += [
            Claim(end_to_end(each), end_to_end(each), each.citation) for each in group[:most]
        ]
        labels = {each.label: each.ordinal for each in group[most:]}
        left = sorted(labels, key=lambda label: labels[label])
        under = f" under para. {heads[name].label}" if name else ""
        told += [f"More on it{under}: {_range(left)}."] if left else []
    return claims, " ".join(told)


def _subject(query: Query, vocabulary: Vocabulary) -> list[Term]:
    return [t for t in terms_of(query, vocabulary) if t.stem not in _FRAME and t.stem not in FRAME]


def _share(terms: Sequence[Term], paragraph: Paragraph, vocabulary: Vocabulary) -> float:
    return coverage(terms, set(vocabulary.terms(paragraph.text)))


def _quoted(each: _List, most: int) -> list[Claim]:
    start, end = sentences(each.head.text)[0]
    said = each.head.text[start:end].rstrip(" :.")
    items = [(end_to_end(item), item.citation) for item in each.items[:most]]
    return [Claim(words, words, at) for words, at in ((said, each.head.citation), *items)]


def _left(each: _List, most: int, *, counted: bool) -> str:
    """How many stand there, where that is asked; else how many more than are quoted."""
    left = [item.label for item in (each.items if counted else each.items[most:])]
    part, label = len(each.items) < each.of, each.head.label
    if counted:
        of = f" of the {each.of}" if part else ""
        return f"Counted: {len(left)}{of} under para. {label} ({_range(left)})."
    more = f"{len(left)} more{' on it' if part else ''}: {_range(left)}. " if left else ""
    all_of = f"Para. {label} lists {each.of} in all." if part else ""
    return f"{more}{all_of}".strip()


def _range(labels: Sequence[str]) -> str:
    """Labels of items: of those that follow one another the ends, else each, or the first of them."""
    numbers = [int(last) if (last := label.rpartition(".")[2]).isdigit() else 0 for label in labels]
    if len(labels) > 2 and numbers == list(range(numbers[0], numbers[-1] + 1)):
        return f"paras. {labels[0]} to {labels[-1]}"
    return paras(labels) if len(labels) <= ITEMS else f"{paras(labels[:ITEMS])} and others"


def _position(text: str) -> Position | None:
    """What a sentence above a list says of it."""
    if "recommendation" not in text:
        return None
    if _PUT_OFF.search(text):
        return "pending"
    if _TAKEN.search(text):
        return "rejected" if _REFUSED.search(text) else "supported"
    return "implemented" if _IMPLEMENTED.search(text) else None


def _items(head: Paragraph, by: Mapping[str, Paragraph]) -> Iterable[Paragraph]:
    """What stands under a paragraph: "76.1", "76.2" … ."""
    number = 1
    while head.label.isdigit() and (item := by.get(f"{head.label}.{number}")):
        yield item
        number += 1
