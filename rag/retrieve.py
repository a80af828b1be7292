"""A question → the paragraphs that bear on it, by words and by meaning.

Scores of both engines are normalised and fused by a convex combination
(Bruch, Gai and Ingber, "An Analysis of Fusion Functions for Hybrid Retrieval",
arXiv 2210.11934), which did better here than reciprocal ranks. What each step
brings is measured by `rag eval sweep`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from rag.domain import FoundBy, Paragraph, Passage, Turn, Voice
from rag.query import FRAME, Query, Subject, holds_phrase
from rag.sides import side_of, speaks, speaks_for_other_side
from rag.store.catalog import Catalog
from rag.store.vectors import Vectors
from rag.store.words import Limits, Words
from rag.thesaurus import expand, related

DEPTH = 200  # candidates that each engine gives
WIDE = 400  # chunks nearest to a question among which the second search by meaning looks
READ = 60  # of both engines' candidates, those whose paragraphs are read, the best by score
PHRASES = 2_000  # candidates where they must hold a phrase, which words alone do not tell
BELIEVED = 3  # paragraphs found first that the second search by meaning leans on
RANK = 60  # of reciprocal rank fusion, as its authors have it
WORDY = 16  # words up to which a question's meaning is told by the records' words too
FADING = 4  # how fast the weight of single sentences falls for longer ones
SHORT = 8  # words under which a paragraph (a title, "See above.") says little
# Measured on the development questions of both suites (hit@1 0.70 and 0.61 without).
OTHER_SIDE = 0.6  # where the question tells whose words are wanted, the other side's count less
ASKED = 0.85  # where it does not, what a member asked counts a little less than what was stated
ELSEWHERE = 0.8  # what a paragraph keeps of a document that is not the one named
SAID = 0.05  # share of paragraphs from which on the records use a word themselves
THIN = 0.8  # what a short paragraph keeps

# A question is encoded while words are searched for: neither holds Python's lock for long.
_ENCODING = ThreadPoolExecutor(max_workers=4, thread_name_prefix="encoding")

Scores = Mapping[str, float]  # paragraph id → score
Related = Mapping[str, Sequence[str]]  # a question's stem → the records' words for it
Embed = Callable[[Sequence[str]], NDArray[np.float32]]


@dataclass(frozen=True, slots=True)
class Fusion:
    """How what the engines give is joined; the numbers are those of the settings."""

    how: Literal["convex", "ranks"] = "convex"
    meaning: float = 0.5  # share of the embedder, in [0, 1]
    pairs: float = 0.4  # weight of two neighbouring words beside one
    feedback: float = 0.4  # share of the second search by meaning, in [0, 1]
    neighbours: float = 0.1  # what the better neighbour's score adds
    sentences: float = 1.5  # weight of a paragraph's nearest sentence beside both engines


@dataclass(frozen=True, slots=True)
class Found:
    """What one engine gave: its scores, and what a paragraph it did not give has at most."""

    scores: Scores
    rest: float = 0.0


def retrieve(
    query: Query,
    subject: Subject,
    *,
    words: Words,
    vectors: Vectors,
    catalog: Catalog,
    embed: Embed,
    limits: Limits,
    limit: int,
    fusion: Fusion,
) -> list[Passage]:
    """Rank paragraphs for a question.

    Args:
        query: the question; nothing in it is an operator, but what stands in quotation
            marks must stand in a paragraph as well.
        subject: what it is about.
        words: the word index.
        vectors: the vector index.
        catalog: where the paragraphs are.
        embed: texts → unit vectors, shape (n, dimension).
        limits: what the search is limited to; applied inside both engines.
        limit: how many passages to give.
        fusion: how both engines are joined.

    Returns:
        Passages, best first; scores in [0, 1].

    """
    if limits.nothing:
        return []
    depth = PHRASES if query.phrases else max(DEPTH, limit)
    recorded = expand(_unsaid(related(query.text, words.terms), words))
    by_words = by_meaning = Found({})
    meant = (
        _ENCODING.submit(_in_both_tongues, query.text, recorded, embed) if fusion.meaning else None
    )
    if fusion.meaning < 1:
        by_words = _found(
            words.search(
                subject.words,
                limits=limits,
                limit=depth,
                extra=recorded,
                near=words.variants(query.names),
                phrases=query.phrases,
                faint=FRAME,
                pairs=fusion.pairs,
            ),
            depth,
        )
    if meant is not None:
        by_meaning = _by_meaning(meant.result(), by_words, vectors, limits, depth, fusion)
    fused = _fused(by_words, by_meaning, fusion)
    if not query.phrases:
        fused = _best(fused, max(READ, 2 * limit))
    elif 0 < len(by_words.scores) < depth:  # no other paragraph has all words of the phrases
        fused = {name: score for name, score in fused.items() if name in by_words.scores}
    if meant is not None and fusion.sentences:
        weight = fusion.sentences * alone(query.text)
        fused = _by_sentences(fused, meant.result(), vectors, weight)
    cited = [name for name in subject.paragraphs if name in fused or limits == Limits()]
    paragraphs = {
        name: paragraph
        for name, paragraph in catalog.paragraphs([*fused, *cited]).items()
        if all(holds_phrase(paragraph.text, phrase) for phrase in query.phrases)
    }
    scores = _weighed(query, subject, fused, paragraphs, fusion.neighbours)
    scores |= {name: 1.0 for name in cited if name in paragraphs}
    ranked = sorted(
        scores,
        key=lambda name: (-scores[name], paragraphs[name].document, paragraphs[name].ordinal),
    )
    return [
        Passage(paragraphs[name], round(scores[name], 6), _found_by(name, by_words, by_meaning))
        for name in ranked[:limit]
    ]


def _unsaid(found: Related, words: Words) -> Related:
    """The words of everyday speech that the records hardly use: only they are translated."""
    often = max(1, int(SAID * words.size()))
    frequency = words.document_frequency(list(found))
    return {stem: recorded for stem, recorded in found.items() if frequency[stem] <= often}


def _in_both_tongues(question: str, recorded: str, embed: Embed) -> NDArray[np.float32]:
    """The direction of a question with the records' words for it.

    A long question says itself what it means. The mean with the question alone did not
    find more, and takes twice as long.
    """
    short = len(question.split()) <= WORDY
    return _unit(embed([f"{question} {recorded}" if recorded and short else question])[0])


def _unit(vector: NDArray[np.float32]) -> NDArray[np.float32]:
    return (vector / max(float(np.linalg.norm(vector)), 1e-12)).astype(np.float32)


def _by_meaning(
    vector: NDArray[np.float32],
    by_words: Found,
    vectors: Vectors,
    limits: Limits,
    depth: int,
    fusion: Fusion,
) -> Found:
    """Search by meaning, then again with the question drawn towards what both engines find.

    Pseudo-relevance feedback (Rocchio 1971) over vectors: it brings in further
    paragraphs on the subject where several answer.
    """
    wide = vectors.search(vector.tolist(), limits=limits, limit=max(WIDE, depth))
    hits = wide[:depth]
    first = _best_windows(hits, depth)
    if not fusion.feedback or not hits:
        return first
    chunk_of: dict[str, str] = {}
    for chunk, _ in hits:
        chunk_of.setdefault(chunk.partition("~")[0], chunk)
    fused = _fused(by_words, first, fusion)
    believed = _best(fused, BELIEVED)
    near = vectors.of([chunk_of.get(name, name) for name in believed])
    if not len(near):
        return first
    towards = _unit(near.mean(axis=0, dtype=np.float32))
    drawn = _unit(np.add(vector, fusion.feedback * towards, dtype=np.float32))
    again = vectors.search(
        drawn.tolist(), limits=limits, limit=depth, among=[chunk for chunk, _ in wide]
    )
    second = _best_windows(again, depth)
    return Found(
        fuse(first, second, fusion.feedback),
        (1 - fusion.feedback) * _share_of_best(first) + fusion.feedback * _share_of_best(second),
    )


def _best_windows(hits: Sequence[tuple[str, float]], depth: int) -> Found:
    """Score each paragraph by the best of its windows."""
    best: dict[str, float] = {}
    for chunk, similarity in hits:
        paragraph = chunk.partition("~")[0]
        best[paragraph] = max(similarity, 0.0, best.get(paragraph, 0.0))
    rest = max(0.0, hits[-1][1]) if len(hits) >= depth else 0.0
    return Found(best, rest)


def _found(hits: Sequence[tuple[str, float]], depth: int) -> Found:
    return Found(dict(hits), hits[-1][1] if len(hits) >= depth else 0.0)


def _share_of_best(found: Found) -> float:
    best = max(found.scores.values(), default=0.0)
    return found.rest / best if best > 0 else 0.0


def _fused(by_words: Found, by_meaning: Found, fusion: Fusion) -> dict[str, float]:
    if fusion.how == "ranks":
        by_words, by_meaning = _reciprocal(by_words), _reciprocal(by_meaning)
    return fuse(by_words, by_meaning, fusion.meaning)


def _best(scores: Scores, count: int) -> dict[str, float]:
    ranked = sorted(scores, key=lambda name: (-scores[name], name))[:count]
    return {name: scores[name] for name in ranked}


def alone(question: str) -> float:
    """How far one sentence can be expected to answer: the less, the more a question says."""
    return min(1.0, WORDY / max(1, len(question.split()))) ** FADING


def _by_sentences(
    fused: Scores, vector: NDArray[np.float32], vectors: Vectors, weight: float
) -> dict[str, float]:
    """Weigh in how near a paragraph's nearest sentence comes to the question."""
    near = {
        name: float((sentences.vectors @ vector).max(initial=0.0))
        for name, sentences in vectors.sentences(list(fused)).items()
    }
    return {
        name: (score + weight * near.get(name, 0.0)) / (1 + weight) for name, score in fused.items()
    }


def _reciprocal(found: Found) -> Found:
    """Reciprocal ranks for scores (Cormack, Clarke and Büttcher 2009)."""
    ranked = sorted(found.scores, key=lambda name: (-found.scores[name], name))
    return Found({name: 1 / (RANK + rank) for rank, name in enumerate(ranked, start=1)})


def fuse(first: Found, second: Found, weight: float) -> dict[str, float]:
    """Convex combination of scores, each divided by its engine's best.

    A paragraph that an engine did not give counts there with what it has at most,
    which is the score of the last that was given; counted with nothing, what one
    engine alone finds would fall behind what both find badly.
    """
    fused = dict.fromkeys(first.scores.keys() | second.scores.keys(), 0.0)
    for share, found in ((1 - weight, first), (weight, second)):
        top = max(found.scores.values(), default=0.0)
        if top > 0:
            given, rest = found.scores, found.rest
            for name in fused:
                fused[name] += share * (given.get(name, rest) / top)
    return fused


def _weighed(
    query: Query,
    subject: Subject,
    fused: Scores,
    paragraphs: Mapping[str, Paragraph],
    neighbours: float,
) -> dict[str, float]:
    """Weigh scores by where a paragraph stands, who speaks in it, and how short it is."""
    places = {(p.document, p.ordinal): name for name, p in paragraphs.items()}
    weighed: dict[str, float] = {}
    for name, paragraph in paragraphs.items():
        beside = (
            fused.get(places[place], 0.0)
            for step in (-1, 1)
            if (place := (paragraph.document, paragraph.ordinal + step)) in places
        )
        score = (fused.get(name, 0.0) + neighbours * max(beside, default=0.0)) / (1 + neighbours)
        score *= max(_share(query, paragraph, voice) for voice in paragraph.speakers or (None,))
        if subject.documents and paragraph.document not in subject.documents:
            score *= ELSEWHERE
        weighed[name] = score * (THIN if len(paragraph.text.split(None, SHORT)) < SHORT else 1.0)
    return weighed


def _share(query: Query, paragraph: Paragraph, voice: Turn | Voice | None) -> float:
    """How much of its score a paragraph keeps, by who speaks in it."""
    if query.speaker and query.of_state:  # a document may tell what a State said
        return 1.0 if voice is None or speaks(query.speaker, voice) else OTHER_SIDE
    if query.side is None:
        if voice is None or voice.role == "chair":
            return 1.0
        return ASKED if side_of(voice, paragraph.document, query.reviewed) == "committee" else 1.0
    return 1.0 - (1.0 - OTHER_SIDE) * speaks_for_other_side(query, paragraph.document, voice)


def _found_by(name: str, by_words: Found, by_meaning: Found) -> FoundBy:
    if name in by_words.scores and name in by_meaning.scores:
        return "both"
    return "words" if name in by_words.scores else "meaning"
