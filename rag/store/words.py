"""Paragraphs ↔ tantivy: search by words.

Text is lower-cased, stripped of diacritics and stemmed; queries are built term by
term, never parsed, so that no character in a question is an operator. Neighbouring
stems are terms of their own ("article 7" is more than "article" and "7").
"""

from __future__ import annotations

import itertools
import json
import re
import shutil
import threading
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import tantivy

from rag.domain import Document, Paragraph
from rag.errors import IndexDamaged
from rag.store.spelling import alike, slips

_WORDS = "record_en"
_HEAP = 50_000_000  # bytes that are indexed in memory before they are written
BOOSTS = {"body": 1.0, "heading": 0.2, "names": 0.6}
PAIRS = 0.5  # what a pair of neighbouring words counts for
_EXACT = ("document", "floor", "under")  # what `Limits` limits
FAINT = 0.3  # what a word counts for that says little of the subject
EXTRA = 0.5  # what a word that the question does not use itself counts for
_READ = 5_000  # terms with one prefix that are compared with a name, at most
# "art. 7" and "article 7" are one pair.
_SHORT_FORMS = (
    (re.compile(r"\b(art)s?\.?(?= ?\d)", re.IGNORECASE), "article"),
    (re.compile(r"\b(para)s?\.?(?= ?\d)", re.IGNORECASE), "paragraph"),
)


Floor = tuple[str, str | None, str]  # speaker, delegation, role


@dataclass(frozen=True, slots=True)
class Limits:
    """What a search is limited to, as exact stored values; None means no limit.

    Speaker, delegation and role are limited together: of two who share a paragraph, one
    must have all that is asked for, not each a half of it.
    """

    documents: tuple[str, ...] | None = None
    floors: tuple[Floor, ...] | None = None
    headings: tuple[str, ...] | None = None

    @property
    def nothing(self) -> bool:
        """Whether nothing can satisfy them."""
        return () in (self.documents, self.floors, self.headings)


def analyzer() -> tantivy.TextAnalyzer:
    """Lower case, no diacritics, no English stop words, stemmed."""
    return (
        tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        .filter(tantivy.Filter.remove_long(60))
        .filter(tantivy.Filter.lowercase())
        .filter(tantivy.Filter.ascii_fold())
        .filter(tantivy.Filter.stopword("english"))
        .filter(tantivy.Filter.stemmer("english"))
        .build()
    )


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    for name in _EXACT:
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in BOOSTS:
        builder.add_text_field(name, tokenizer_name=_WORDS, index_option="freq")
    builder.add_text_field("pairs", tokenizer_name="whitespace", index_option="freq")
    return builder.build()


class Words:
    """One tantivy index in a folder, made on first writing."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._index: tantivy.Index | None = None
        self._analyzer = analyzer()
        self._opening = threading.Lock()

    def _open(self, *, make: bool = False) -> tantivy.Index | None:
        with self._opening:
            return self._opened(make=make)

    def _opened(self, *, make: bool) -> tantivy.Index | None:
        if self._index is None:
            if make:
                self.path.mkdir(parents=True, exist_ok=True)
            elif not self.path.is_dir() or not tantivy.Index.exists(str(self.path)):
                return None
            try:
                index = tantivy.Index(_schema(), path=str(self.path))
            except ValueError as error:
                raise IndexDamaged(f"{self.path} cannot be opened; run: rag rebuild") from error
            index.register_tokenizer(_WORDS, self._analyzer)
            self._index = index
        return self._index

    def put(self, documents: Sequence[Document]) -> None:
        """Index the paragraphs of documents in place of those they had."""
        index = self._open(make=True)
        assert index is not None
        with index.writer(heap_size=_HEAP, num_threads=1) as writer:
            for document in documents:
                writer.delete_documents_by_term("document", document.id)
                for paragraph in document.paragraphs:
                    writer.add_document(self._entry(document, paragraph))
            writer.commit()
        index.reload()

    def _entry(self, document: Document, paragraph: Paragraph) -> tantivy.Document:
        floor = paragraph.speakers
        return tantivy.Document(
            id=paragraph.id,
            document=document.id,
            floor=list(dict.fromkeys(floor_text((v.speaker, v.delegation, v.role)) for v in floor)),
            under=[paragraph.heading] if paragraph.heading is not None else [],
            body=_written_out(paragraph.text),
            pairs=" ".join(self._pairs(paragraph.text)),
            heading=paragraph.heading or "",
            names=" ".join(f"{v.speaker} {v.delegation or ''}" for v in floor),
        )

    def remove(self, document: str) -> None:
        """Forget a document's paragraphs."""
        index = self._open()
        if index is None:
            return
        with index.writer(heap_size=_HEAP, num_threads=1) as writer:
            writer.delete_documents_by_term("document", document)
            writer.commit()
        index.reload()

    def clear(self) -> None:
        """Forget everything, and how it was laid out."""
        with self._opening:
            self._index = None
            if self.path.is_dir():
                shutil.rmtree(self.path)

    def terms(self, text: str) -> list[str]:
        """The terms that a text is searched by, in order, each once."""
        return list(dict.fromkeys(self._analyzer.analyze(_written_out(text))))

    def _pairs(self, text: str) -> list[str]:
        """Neighbouring stems of a text as terms; stop words between them are passed over."""
        stems = self._analyzer.analyze(_written_out(text))
        return [f"{a}_{b}" for a, b in itertools.pairwise(stems)]

    def variants(self, names: Iterable[str]) -> list[str]:
        """Stems of the index that differ from a name's by a slip: Goloburda, Goluburda.

        One letter in a name of five, two from eight on; the first two are taken to be
        right.
        """
        index = self._open()
        if index is None:
            return []
        # Not tantivy's own fuzzy queries, which score every match alike.
        searcher = index.searcher()
        found: dict[str, None] = {}
        for stem in self.terms(" ".join(names)):
            wrong = slips(stem)
            if not wrong:
                continue
            for field in ("body", "names"):
                for term, _ in searcher.terms_with_prefix(field, stem[:2], limit=_READ):
                    if abs(len(term) - len(stem)) <= wrong and term != stem and alike(stem, term):
                        found[term] = None
        return list(found)

    def search(
        self,
        text: str,
        *,
        limits: Limits,
        limit: int,
        extra: str = "",
        near: Sequence[str] = (),
        phrases: Sequence[str] = (),
        faint: Collection[str] = (),
        pairs: float = PAIRS,
    ) -> list[tuple[str, float]]:
        """Rank paragraphs by BM25.

        Args:
            text: the question.
            limits: exact values that paragraphs must have.
            limit: how many to give.
            extra: further words, which count for `EXTRA` of a word each.
            near: further stems, which count for as much.
            phrases: texts whose words a paragraph must hold, all of them.
            faint: stems of the question that count for `FAINT` of a word.
            pairs: what a pair of neighbouring words counts for.

        Returns:
            (paragraph id, score), best first.

        """
        index = self._open()
        terms = self.terms(text)
        if index is None or not terms:
            return []
        further = [term for term in (*self.terms(extra), *near) if term not in terms]
        index.reload()
        schema = index.schema
        query = tantivy.Query
        weights = {term: FAINT if term in faint else 1.0 for term in terms}
        weights |= dict.fromkeys(further, EXTRA)
        should = [
            (
                tantivy.Occur.Should,
                query.boost_query(query.term_query(schema, name, term), boost * weight),
            )
            for term, weight in weights.items()
            for name, boost in BOOSTS.items()
        ]
        should += [
            (
                tantivy.Occur.Should,
                query.boost_query(query.term_query(schema, "pairs", pair), pairs),
            )
            for pair in dict.fromkeys(self._pairs(text))
            if pairs
        ]
        parts = [(tantivy.Occur.Must, query.boolean_query(should))]
        parts += [
            (tantivy.Occur.Must, query.term_query(schema, "body", term))
            for phrase in phrases
            for term in self.terms(phrase)
        ]
        parts += [(tantivy.Occur.Must, limiting) for limiting in _limits(schema, limits)]
        searcher = index.searcher()
        hits = searcher.search(query.boolean_query(parts), limit).hits
        return [(searcher.doc(address)["id"][0], float(score)) for score, address in hits]

    def document_frequency(self, terms: Sequence[str]) -> dict[str, int]:
        """In how many paragraphs each term stands."""
        index = self._open()
        if index is None:
            return dict.fromkeys(terms, 0)
        searcher = index.searcher()
        return {term: searcher.doc_freq("body", term) for term in terms}

    def size(self) -> int:
        """How many paragraphs are indexed."""
        index = self._open()
        return index.searcher().num_docs if index is not None else 0


def _written_out(text: str) -> str:
    """Abbreviations before a number, in full."""
    for pattern, word in _SHORT_FORMS:
        text = pattern.sub(word, text)
    return text


def floor_text(floor: Floor) -> str:
    """Who holds the floor as one value, as both engines store and limit it."""
    return json.dumps(floor, ensure_ascii=False)


def _limits(schema: tantivy.Schema, limits: Limits) -> list[tantivy.Query]:
    """Queries that must match and add nothing to the score."""
    floors = None if limits.floors is None else [floor_text(floor) for floor in limits.floors]
    wanted = zip(_EXACT, (limits.documents, floors, limits.headings), strict=True)
    return [
        tantivy.Query.const_score_query(
            tantivy.Query.term_set_query(schema, name, list(values)), 0.0
        )
        for name, values in wanted
        if values is not None
    ]
