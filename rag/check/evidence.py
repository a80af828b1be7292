"""What the checks look at: the cited paragraphs, others of the document, the whole index."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise
from typing import Protocol

from rag.answer.cited import masthead
from rag.answer.figures import figures, forms_of
from rag.answer.upheld import Meaning
from rag.answer.verify import verify
from rag.check.encoded import Remembered
from rag.check.wording import Words
from rag.domain import (
    Check,
    Citation,
    Claim,
    Filters,
    FoundCitation,
    Paragraph,
    Passage,
    ResolvedCitation,
)
from rag.resolve import Resolver
from rag.sentences import sentences
from rag.store.index import Encode, Index
from rag.store.words import Limits

_ALL = 10**9
_FOUND = 12  # paragraphs that a search by words gives
_ASKED = 60  # words of a quotation that are searched by
_TRIED = 4  # other paragraphs of a document that a statement is held against
_MAX_QUERY = 1_000  # characters
# Cosine of a statement and the nearest stored sentence, by the local model. Of 142 right claims
# made to fit the gate all but one reach it; held against other paragraphs of their document, 1 in 20.
_NEAR = 0.43
# Log-odds at which the model that reads both is sure that nothing upholds a statement, and from
# which it speaks against a contradiction told by words; then the statement must be nearer, too.
# Chosen on the 28 invented paraphrases of the tests.
_CONTRARY, _UPHELD, _NEARER = -1.0, 0.5, 0.6
_NOT_SAID = "the paragraph does not say that"  # no contradiction: words that nothing stands for


class Record(Protocol):
    """The index that a draft is checked against: `rag.record.Record`."""

    @property
    def index(self) -> Index:
        """The stores."""
        ...

    @property
    def encoder(self) -> Encode:
        """Texts → unit vectors."""
        ...

    @property
    def meaning(self) -> Meaning:
        """What tells what a statement and the record mean."""
        ...

    def search(
        self, query: str, *, filters: Filters | None = None, limit: int | None = None
    ) -> list[Passage]:
        """Rank the paragraphs that bear on a question."""
        ...


@dataclass(frozen=True, slots=True)
class Ground:
    """A paragraph, or the part of it that is cited."""

    paragraph: Paragraph
    start: int
    end: int

    @property
    def whole(self) -> bool:
        """Whether all of the paragraph is meant."""
        return self.start == 0 and self.end == len(self.paragraph.text)


@dataclass
class Evidence:
    """The record, with what is read again and again."""

    record: Record
    _words: dict[str, Words] = field(default_factory=dict[str, Words])
    _documents: dict[str, list[Paragraph]] = field(default_factory=dict[str, list[Paragraph]])
    _figures: dict[str, frozenset[str]] = field(default_factory=dict[str, frozenset[str]])

    @cached_property
    def _resolver(self) -> Resolver:
        return Resolver(self.record.index.catalog)

    def resolve(self, found: FoundCitation, *, within: str | None = None) -> ResolvedCitation:
        """Look a citation up; `within` the document that it is taken to stand in, if any."""
        return self._resolver.resolve(found, within=within)

    def words(self, paragraph: Paragraph) -> Words:
        """A paragraph cut into words."""
        if paragraph.id not in self._words:
            self._words[paragraph.id] = Words(paragraph.text)
        return self._words[paragraph.id]

    def document(self, name: str) -> list[Paragraph]:
        """All paragraphs of a document."""
        if name not in self._documents:
            self._documents[name] = self.record.index.catalog.span(name, 0, _ALL)
        return self._documents[name]

    def speakers(self, name: str) -> set[str]:
        """Everybody who speaks in a document."""
        return {voice.speaker for each in self.document(name) for voice in each.speakers}

    def with_words(self, text: str, documents: Sequence[str] | None) -> list[Paragraph]:
        """Paragraphs that share the words of a quotation, best first; of these documents, or of all."""
        asked = " ".join(text.split()[:_ASKED])
        limits = Limits(documents=tuple(documents) if documents is not None else None)
        if limits.nothing:
            return []
        index = self.record.index
        ids = [name for name, _ in index.words.search(asked, limits=limits, limit=_FOUND)]
        there = index.catalog.paragraphs(ids)
        return [there[name] for name in ids if name in there]

    def stating(self, text: str, document: str) -> Iterator[Paragraph]:
        """Paragraphs of a document that may support a statement: by its figures, then by search.

        One after another, as a search takes longer than all else and may not be needed. What
        is found by search and is of something else is left out: nothing is told by it.
        """
        wanted = [one.forms for one in figures(text)]
        by_figures = [
            paragraph
            for paragraph in (self.document(document) if wanted else ())
            if all(forms & self._forms(paragraph) for forms in wanted)
        ]
        likeness = Words(text).keys
        by_figures.sort(key=lambda each: -len({*likeness} & {*self.words(each).keys}))
        yield from by_figures[:_TRIED]
        searched = self.record.search(
            text[:_MAX_QUERY], filters=Filters(symbols=(document,)), limit=_TRIED
        )
        for found in searched:
            paragraph = found.paragraph
            nearness = self._nearness(text, Ground(paragraph, 0, len(paragraph.text)))
            if paragraph not in by_figures[:_TRIED] and (nearness is None or nearness >= _NEAR):
                yield paragraph

    def _forms(self, paragraph: Paragraph) -> frozenset[str]:
        if paragraph.id not in self._figures:
            self._figures[paragraph.id] = frozenset(forms_of(paragraph.text))
        return self._figures[paragraph.id]

    # -- the gate ------------------------------------------------------------------------------

    @cached_property
    def _masthead(self) -> Callable[[str], str | None]:
        known = {each.id: each for each in self.record.index.facts()}

        def printed(name: str) -> str | None:
            each = known.get(name)
            return each and masthead(each.symbol, each.body, each.state, each.day)

        return printed

    @cached_property
    def _meaning(self) -> Meaning:
        meaning = self.record.meaning
        return replace(meaning, within=Remembered(meaning.within))

    def failed(self, text: str, ground: Ground) -> Check | None:
        """What the gate finds wrong with a statement that cites a paragraph; None where it passes.

        Of a paragraph that several share, each is asked whether it bears the statement out.
        """
        paragraph = ground.paragraph
        quotes = (
            [paragraph.text[voice.start : voice.end] for voice in paragraph.voices]
            if paragraph.voices and ground.whole
            else [paragraph.text[ground.start : ground.end]]
        )
        first: Check | None = None
        for quote in quotes:
            claim = Claim(text, quote, _cited(paragraph))
            checked = verify(claim, [paragraph], masthead=self._masthead, meaning=self._meaning)
            wrong = next((check for check in checked.checks if not check.passed), None)
            if wrong is None:
                return None
            first = first or wrong
        return first

    def is_open(self, text: str, ground: Ground, failed: Check) -> bool:
        """Whether a statement that the gate stops may be a fair one in other words.

        It is near in meaning to a sentence of the paragraph, and nothing contradicts it for sure.
        """
        if failed.kind == "support" and _NOT_SAID in failed.why:
            near, least = _NEAR, _CONTRARY
        elif failed.kind == "negation":
            near, least = _NEARER, _UPHELD
        else:
            return False
        nearness = self._nearness(text, ground)
        return nearness is not None and nearness >= near and self._upheld(text, ground) > least

    def _upheld(self, text: str, ground: Ground) -> float:
        """Log-odds that a sentence upholds a statement, alone or with the one before: the greatest."""
        there = ground.paragraph.text[ground.start : ground.end]
        cut = [there[start:end] for start, end in sentences(there)] or [there]
        both = [f"{one} {other}" for one, other in pairwise(cut)]
        return float(self._meaning.upholds(text, [*cut, *both]).max())

    def _nearness(self, text: str, ground: Ground) -> float | None:
        """The cosine of a statement and the nearest sentence; None without the local model."""
        name = ground.paragraph.id
        local = hasattr(self.record.encoder, "within")
        stored = self.record.index.vectors.sentences([name]).get(name) if local else None
        if stored is None:
            return None
        within = [
            number
            for number, (start, end) in enumerate(stored.spans)
            if start < ground.end and end > ground.start
        ]
        likeness = stored.vectors[within] @ self.record.encoder([text])[0]
        return float(likeness.max()) if likeness.size else None


def _cited(paragraph: Paragraph) -> Citation:
    return Citation(paragraph.document, paragraph.section, paragraph.label)


def joined(paragraphs: Sequence[Paragraph]) -> Paragraph:
    """Several paragraphs as one: what a statement that cites them all may rest on together."""
    first = paragraphs[0]
    text = " ".join(paragraph.text for paragraph in paragraphs)
    speakers = {p.turn.speaker if p.turn else None for p in paragraphs if not p.voices}
    one = len(speakers) == 1 and not any(p.voices for p in paragraphs)
    return replace(
        first, text=text, start=0, end=len(text), voices=(), turn=first.turn if one else None
    )
