"""A record, or some of its paragraphs → their questions with the delegation's replies.

Told from the vectors that are stored when it is asked for, and kept nowhere: the record
of the next meeting, which holds the replies, may be added after that of the first.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from rag.answer.near import nearness
from rag.domain import Exchange, Paragraph, Passage
from rag.query import Query

if TYPE_CHECKING:
    from rag.answer.terms import Vocabulary
    from rag.store.catalog import Facts
    from rag.store.index import Encode, Index

ASKING = 6  # passages, of the best, whose questions are looked at
READ = 16  # passages whose sentences are read for an answer
FOLLOWED = 2  # questions, of the nearest, whose replies are added
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
    from rag.answer.exchanges import Texts, exchanges, questions

    asked = [question for paragraph in paragraphs for question in questions(paragraph)]
    if not asked:
        return []
    index = parts.index
    texts = Texts(parts.encoder, index.vectors.sentences, vocabulary(index))
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
    from rag.answer.exchanges import Texts, likenesses, model, probability, questions

    if query.side not in ("delegation", "both"):
        return list(passages), {}
    members = query.askers or query.asked_by
    asking = [
        (passage, question)
        for passage in passages[:ASKING]
        for question in questions(passage.paragraph)
        if not members or any(name in question.speaker for name in members)
    ]
    if not asking:
        return list(passages), {}
    index = parts.index
    places = [(q.paragraph, [(q.start, q.end)]) for _, q in asking]
    near = nearness(query.text, places, encode=parts.encoder, stored=index.vectors.sentences)
    order = sorted(range(len(asking)), key=lambda at: -near[at][0])
    texts = Texts(parts.encoder, index.vectors.sentences, vocabulary(index))
    there, linked = {p.paragraph.id for p in passages}, dict[str, float]()
    more: list[Passage] = []
    for at in order[:FOLLOWED]:
        passage, question = asking[at]
        replies = later(index, question.paragraph.document)
        for part in likenesses([question], replies, texts)[0]:
            for heard in part:
                paragraph, chance = heard.paragraph, probability(heard.likeness, model())
                linked[paragraph.id] = max(chance, linked.get(paragraph.id, 0.0))
                if chance >= model().threshold and paragraph.id not in there:
                    there.add(paragraph.id)
                    more.append(Passage(paragraph, passage.score * chance, "reply"))
    read = READ - len(more)
    return [*passages[:read], *more, *passages[read:]], linked


def vocabulary(index: Index) -> Vocabulary:
    """How the word index sees text."""
    from rag.answer.terms import Vocabulary

    words = index.words
    return Vocabulary(words.terms, words.document_frequency, words.size())


def later(index: Index, document: str) -> list[Paragraph]:
    """Where the delegation may reply: in the record itself, and in those of later meetings."""
    from rag.answer.exchanges import may_reply

    facts = index.facts()
    here = next((each for each in facts if each.id == document), None)
    names = [document, *(each.id for each in facts if here and _goes_on(here, each))]
    return [
        paragraph
        for name in names
        for paragraph in index.catalog.document(name).paragraphs
        if may_reply(paragraph)
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
