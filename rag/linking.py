"""A record, or some of its paragraphs → their questions with the delegation's replies.

Told from the vectors that are stored when it is asked for, and kept nowhere: the record
of the next meeting, which holds the replies, may be added after that of the first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from rag.answer.near import nearness
from rag.domain import Exchange, Paragraph, Passage
from rag.query import Query
from rag.sides import speaks
from rag.spoken import examined_in

if TYPE_CHECKING:
    from rag.answer.exchanges import Asked, Texts
    from rag.answer.terms import Vocabulary
    from rag.store.catalog import Facts
    from rag.store.index import Encode, Index

ASKING = 6  # passages, of the best, whose questions are looked at
READ = 16  # passages whose sentences are read for an answer
FOLLOWED = 2  # things asked, of the nearest, whose replies are added
APART = 0.1  # how much less near than the nearest the second may be
CONSIDERATION = timedelta(days=30)  # within which a committee ends what it began on a State


class Parts(Protocol):
    """What questions are linked with."""

    @property
    def index(self) -> Index:
        """The stores."""
        ...

    @property
    def encoder(self) -> Encode:
        """Texts → unit vectors, shape (n, dimension)."""
        ...


def exchanges_of(parts: Parts, document: str) -> list[Exchange]:
    """Every question that members ask in a record, with what is replied to it.

    Raises:
        UnknownDocument: it is not in the index.

    """
    index = parts.index
    index.check()
    index.recover(parts.encoder)
    return exchanges_in(parts, index.catalog.document(document).paragraphs)


def exchanges_in(parts: Parts, paragraphs: Sequence[Paragraph]) -> list[Exchange]:
    """The questions of some paragraphs of one record, with what is replied to them."""
    from rag.answer.exchanges import exchanges, questions

    index = parts.index
    reviewed = examined_in(index.facts())
    asked = [question for paragraph in paragraphs for question in questions(paragraph, reviewed)]
    if not asked:
        return []
    texts = _texts(parts)
    return exchanges(asked, later(index, asked[0].paragraph.document), texts)


def replied(
    parts: Parts, query: Query, passages: Sequence[Passage]
) -> tuple[list[Passage], dict[str, float]]:
    """Add what is replied to the questions that were found, where the replies are wanted too.

    Args:
        parts: what questions are linked with.
        query: the question, read.
        passages: what was found for it, best first.

    Returns:
        The passages, with likely replies that were not among them where they are still read, and
        for each paragraph how likely it is to reply, in [0, 1]; nothing is added where no
        reply is asked for.

    """
    from rag.answer.exchanges import chance, likenesses, model, questions

    if query.side not in ("delegation", "both"):
        return list(passages), {}
    members = query.askers or query.asked_by
    asking = [
        (passage, question)
        for passage in passages[:ASKING]
        for question in questions(passage.paragraph, query.reviewed, concerns=True)
        if not members or any(_asks(name, passage.paragraph, question) for name in members)
    ]
    if not asking:
        return list(passages), {}
    index = parts.index
    texts = _texts(parts)
    there, linked = {p.paragraph.id for p in passages}, dict[str, float]()
    more: list[Passage] = []
    for passage, question in _nearest(query, asking, texts):
        replies = later(index, question.paragraph.document)
        for heard in likenesses([question], replies, texts)[0][0]:
            paragraph, likely = heard.paragraph, chance(heard)
            linked[paragraph.id] = max(likely, linked.get(paragraph.id, 0.0))
            if likely >= model().threshold and paragraph.id not in there:
                there.add(paragraph.id)
                more.append(Passage(paragraph, passage.score * likely, "reply"))
    read = READ - len(more)
    return [*passages[:read], *more, *passages[read:]], linked


@dataclass(frozen=True, slots=True)
class Replied:
    """What a member asks in words that are quoted, and the likeliest reply; None where none was found."""

    asked: str
    speaker: str
    reply: Paragraph | None


def reply_to(parts: Parts, query: Query, quoted: Sequence[tuple[Passage, str]]) -> Replied | None:
    """What is replied to the question that stands in quoted words and comes nearest.

    Args:
        parts: what questions are linked with.
        query: the question, read.
        quoted: passages, each with the words of it that are shown.

    Returns:
        None where nothing is asked there, or no delegation speaks afterwards.

    """
    from rag.answer.exchanges import chance, likenesses, model, naming, questions

    asking = [
        (passage, question)
        for passage, words in quoted
        for question in questions(passage.paragraph, query.reviewed)
        if _stands_in(passage.paragraph.text[question.start : question.end], words)
    ]
    if not asking:
        return None
    index = parts.index
    texts = _texts(parts)
    _, question = _nearest(query, asking, texts)[0]
    start, end = question.parts[0]
    likely = likenesses([question], later(index, question.paragraph.document), texts)[0][0]
    if not likely:
        return None
    best = max(likely, key=chance)
    words = question.paragraph.text[start:end]
    if chance(best) < model().threshold:
        best = max(naming(words, likely), key=chance, default=None)
    return Replied(words, question.speaker, best.paragraph if best else None)


def _stands_in(asked: str, quoted: str) -> bool:
    """Whether a sentence is quoted, perhaps without the name of who asks."""
    from rag.answer.quoting import LEFT_OUT

    return asked in quoted or any(run in asked for run in quoted.split(LEFT_OUT))


def _asks(name: str, paragraph: Paragraph, question: Asked) -> bool:
    """Whether the person, or the State, of this name asks it."""
    return speaks(name, paragraph.voice_at(question.start))


def _nearest(
    query: Query, asking: Sequence[tuple[Passage, Asked]], texts: Texts
) -> list[tuple[Passage, Asked]]:
    """What members ask that comes nearest to a question, each thing that a sentence asks apart."""
    from rag.answer.terms import coverage, terms_of
    from rag.answer.wanted import topical

    terms = topical(query, terms_of(query, texts.vocabulary), texts.vocabulary)

    def near(found: Sequence[tuple[Passage, Asked]]) -> list[float]:
        """By meaning and by words, without those that name who asks."""
        places = [(asked.paragraph, asked.parts) for _, asked in found]
        cosines = nearness(query.text, places, encode=texts.encode, stored=texts.stored)
        said = [asked.paragraph.text[asked.parts[0][0] : asked.parts[-1][1]] for _, asked in found]
        held = [coverage(terms, set(texts.vocabulary.terms(words))) for words in said]
        return [max(each) + share for each, share in zip(cosines, held, strict=True)]

    whole = [
        (passage, replace(asked, parts=((asked.start, asked.end),))) for passage, asked in asking
    ]
    order = sorted(zip(near(whole), asking, strict=True), key=lambda each: -each[0])
    apart = [
        (passage, replace(asked, parts=(part,)))
        for _, (passage, asked) in order[:FOLLOWED]
        for part in asked.parts
    ]
    ranked = sorted(zip(near(apart), apart, strict=True), key=lambda each: -each[0])
    return [found for cosine, found in ranked[:FOLLOWED] if cosine >= ranked[0][0] - APART]


def _texts(parts: Parts) -> Texts:
    """How paragraphs are read for linking."""
    from rag.answer.exchanges import Texts

    index = parts.index
    return Texts(parts.encoder, index.vectors.sentences, vocabulary(index))


def vocabulary(index: Index) -> Vocabulary:
    """How the word index sees text."""
    from rag.answer.terms import Vocabulary

    words = index.words
    return Vocabulary(words.terms, words.document_frequency, words.size())


def later(index: Index, document: str) -> list[Paragraph]:
    """Where the delegation may reply: in the record itself, and in those of later meetings."""
    from rag.answer.exchanges import may_reply

    facts = index.facts()
    reviewed = examined_in(facts)
    here = next((each for each in facts if each.id == document), None)
    names = [document, *(each.id for each in facts if here and _goes_on(here, each))]
    return [
        paragraph
        for name in names
        for paragraph in index.catalog.document(name).paragraphs
        if may_reply(paragraph, reviewed)
    ]


def _goes_on(here: Facts, other: Facts) -> bool:
    """Whether a document is of a later meeting of the same body on the same State."""
    if other.id == here.id or here.state is None or here.day is None or other.day is None:
        return False
    return (
        other.state == here.state
        and other.body == here.body
        and timedelta() <= other.day - here.day <= CONSIDERATION
        and (other.day > here.day or other.id > here.id)
    )
