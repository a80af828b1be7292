"""Paragraphs ↔ tantivy: search by words.

Text is lower-cased, stripped of diacritics and stemmed; queries are built term by
term, never parsed, so that no character in a question is an operator. Neighbouring
stems are terms of their own ("article 7" is more than "article" and "7").
"""

from __future__ import annotations

import itertools
import re
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import tantivy

from rag.domain import Document
from rag.errors import IndexDamaged

_WORDS = "record_en"
BOOSTS = {"body": 1.0, "heading": 0.4, "names": 0.6}
PAIRS = 0.5  # what a pair of neighbouring words counts for
EXTRA = 0.5  # what a word that the question does not use itself counts for
_SHORTEST_NAME = 5  # letters; shorter names differ too easily
_LONG_NAME = 8  # letters from which on two slips are one name still
_PREFIX = 2  # letters of a name that are taken to be right
_READ = 5_000  # terms with one prefix that are compared with a name, at most
# "art. 7" and "article 7" are one pair.
_SHORT_FORMS = (
    (re.compile(r"\b(art)s?\.?(?= ?\d)", re.IGNORECASE), "article"),
    (re.compile(r"\b(para)s?\.?(?= ?\d)", re.IGNORECASE), "paragraph"),
)


@dataclass(frozen=True, slots=True)
class Limits:
    """What a search is limited to, as exact stored values; None means no limit."""

    documents: tuple[str, ...] | None = None
    speakers: tuple[str, ...] | None = None
    delegations: tuple[str, ...] | None = None
    role: str | None = None


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
    for name in ("document", "speaker", "delegation", "role"):
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

    def put(self, document: Document) -> None:
        """Index a document's paragraphs in place of those it had."""
        index = self._open(make=True)
        assert index is not None
        with index.writer(heap_size=20_000_000, num_threads=1) as writer:
            writer.delete_documents_by_term("document", document.id)
            for paragraph in document.paragraphs:
                floor = paragraph.speakers
                writer.add_document(
                    tantivy.Document(
                        id=paragraph.id,
                        document=document.id,
                        speaker=_each(voice.speaker for voice in floor),
                        delegation=_each(voice.delegation for voice in floor),
                        role=_each(voice.role for voice in floor),
                        body=_written_out(paragraph.text),
                        pairs=" ".join(self._pairs(paragraph.text)),
                        heading=paragraph.heading or "",
                        names=" ".join(f"{v.speaker} {v.delegation or ''}" for v in floor),
                    )
                )
            writer.commit()
        index.reload()

    def remove(self, document: str) -> None:
        """Forget a document's paragraphs."""
        index = self._open()
        if index is None:
            return
        with index.writer(heap_size=20_000_000, num_threads=1) as writer:
            writer.delete_documents_by_term("document", document)
            writer.commit()
        index.reload()

    def clear(self) -> None:
        """Forget everything."""
        index = self._open()
        if index is not None:
            with index.writer(heap_size=20_000_000, num_threads=1) as writer:
                writer.delete_all_documents()
                writer.commit()
            index.reload()

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
        # rapidfuzz, since tantivy's own fuzzy queries score every match alike.
        from rapidfuzz.distance import DamerauLevenshtein

        searcher = index.searcher()
        found: dict[str, None] = {}
        for stem in self.terms(" ".join(names)):
            if len(stem) < _SHORTEST_NAME or not stem.isalpha():
                continue
            slips = 2 if len(stem) >= _LONG_NAME else 1
            for field in ("body", "names"):
                for term, _ in searcher.terms_with_prefix(field, stem[:_PREFIX], limit=_READ):
                    if 0 < DamerauLevenshtein.distance(stem, term, score_cutoff=slips) <= slips:
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
        should = [
            (
                tantivy.Occur.Should,
                query.boost_query(query.term_query(schema, name, term), boost * weight),
            )
            for weight, group in ((1.0, terms), (EXTRA, further))
            for term in group
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


def _each(values: Iterable[str | None]) -> list[str]:
    """Distinct values of a field; one empty value where there is none."""
    return list(dict.fromkeys(value or "" for value in values)) or [""]


def _limits(schema: tantivy.Schema, limits: Limits) -> list[tantivy.Query]:
    """Queries that must match and add nothing to the score."""
    wanted = (
        ("document", limits.documents),
        ("speaker", limits.speakers),
        ("delegation", limits.delegations),
        ("role", (limits.role,) if limits.role else None),
    )
    return [
        tantivy.Query.const_score_query(
            tantivy.Query.term_set_query(schema, name, list(values)), 0.0
        )
        for name, values in wanted
        if values is not None
    ]
