"""Passages → the evidence for each that it answers: its sentences scored, and what speaks for it.

Sentences are scored by the question's words they hold (weighted by rarity), by
meaning, and by whether they are of the kind asked for: a figure, a date; something
stated or something asked. Longer than most: every feature of a paragraph is filled in here.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from rag.answer.confidence import Evidence, relevance
from rag.answer.terms import Term, Vocabulary, coverage, terms_of
from rag.answer.wanted import (
    figures_apart,
    figures_missing,
    head_missing,
    holds_figure,
    lacks,
    reason_missing,
    topic_far,
    topical,
    unknown,
    year_apart,
)
from rag.domain import Paragraph, Passage, Turn, Voice
from rag.query import Query, Side
from rag.sentence_kinds import holds_answer_type, is_deferred, is_recommendation, is_request
from rag.sentences import sentences
from rag.sides import side_of, speaks, speaks_for_other_side

ANOTHER = 1.0  # what a sentence loses that another says than the one asked about
ALONE = 0.42  # similarity that other paragraphs have on average, for one that has none beside it
ENOUGH = 0.5  # coverage or similarity under which an answer becomes doubtful

Span = tuple[int, int]
# Question, and paragraphs each with spans of its sentences → how near each sentence is.
Near = Callable[[str, Sequence[tuple[Paragraph, Sequence[Span]]]], list[list[float]]]


@dataclass(frozen=True, slots=True)
class Scored:
    """A sentence of a paragraph, with what speaks for it."""

    start: int  # span in the paragraph's text
    end: int
    coverage: float  # of the question's words, by rarity
    similarity: float  # cosine with the question
    request: bool  # it asks for something
    fits: bool  # it holds the kind of thing asked for
    score: float


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage with its sentences scored."""

    passage: Passage
    sentences: tuple[Scored, ...]
    evidence: Evidence
    side: Side | None  # for whom the best sentence is spoken

    @property
    def best(self) -> Scored:
        """The sentence that speaks most to the question."""
        return max(self.sentences, key=lambda s: s.score)

    @property
    def relevance(self) -> float:
        """How much the paragraph speaks to the question."""
        return relevance(self.evidence)


def weigh(
    query: Query,
    passages: Sequence[Passage],
    *,
    vocabulary: Vocabulary,
    near: Near,
    linked: Mapping[str, float] | None = None,
) -> list[Candidate]:
    """Gather the evidence for every passage, in the order given.

    Args:
        query: the question, read.
        passages: what was retrieved.
        vocabulary: stems and their frequencies.
        near: how near sentences come to the question, each a cosine.
        linked: id of a paragraph → how likely it replies to a question that was found.

    """
    terms = terms_of(query, vocabulary)
    spans = [_sentences(passage.paragraph) for passage in passages]
    paragraphs = [passage.paragraph for passage in passages]
    cosines = near(query.text, list(zip(paragraphs, spans, strict=True)))
    found = [
        _candidate(
            query,
            passage,
            [(*place, cosine) for place, cosine in zip(places, each, strict=True)],
            terms,
            vocabulary,
        )
        for passage, places, each in zip(passages, spans, cosines, strict=True)
    ]
    found = _among(found, query, topical(query, terms, vocabulary), terms, vocabulary)
    if linked:
        found = [
            replace(c, evidence=replace(c.evidence, linked=linked.get(c.passage.paragraph.id, 0.0)))
            for c in found
        ]
    found = _mark_unknown_names(found, query, vocabulary)
    if not query.of_state:  # of a State's own words alone, see `own`
        found = _compare_speakers(found)
    return _link(_compare_sides(found, query), query, near)


def own(query: Query, found: Sequence[Candidate]) -> list[Candidate]:
    """Only what the State says whose words are wanted: what others say is never what it said."""
    if not query.of_state:
        return list(found)
    return [candidate for candidate in found if candidate.evidence.other_speaker < 1.0]


def _among(
    found: Sequence[Candidate],
    query: Query,
    topic: Sequence[Term],
    terms: Sequence[Term],
    vocabulary: Vocabulary,
) -> list[Candidate]:
    """Say of every candidate what is the same for all, and how near the others come."""
    total = sum(c.evidence.similarity for c in found)
    same = {
        "terms": math.log1p(len(terms)),
        "unknown": unknown(topic, vocabulary),
        "asks_reason": float(query.wants == "reason"),
        "asks_person": float(query.wants == "person"),
        "asks_number": float(query.wants in ("figure", "money", "date")),
        "among_states": float(any(_among_states(c, query) for c in found)),
    }

    def others(one: Candidate) -> float:
        if len(found) == 1:  # nothing to stand out among
            return ALONE
        return (total - one.evidence.similarity) / (len(found) - 1)

    return [replace(c, evidence=replace(c.evidence, others=others(c), **same)) for c in found]


def _among_states(candidate: Candidate, query: Query) -> bool:
    """Whether a State speaks there as one of many, and not because it is examined."""
    voice = candidate.passage.paragraph.voice_at(candidate.best.start)
    return voice is not None and voice.role == "delegation" and candidate.side != "delegation"


def _sentences(paragraph: Paragraph) -> list[tuple[int, int]]:
    """Spans of a paragraph's sentences; none is of two who speak in it."""
    return [
        (low + start, low + end)
        for low, high in parts(paragraph)
        for start, end in sentences(paragraph.text[low:high])
    ]


def parts(paragraph: Paragraph) -> list[tuple[int, int]]:
    """Spans that one person speaks; the whole paragraph where that is one."""
    voices = paragraph.voices
    return [(v.start, v.end) for v in voices] if voices else [(0, len(paragraph.text))]


def _mark_unknown_names(
    found: Sequence[Candidate], query: Query, vocabulary: Vocabulary
) -> list[Candidate]:
    """Say of every candidate how many of the question's names the record does not know."""
    unknown = 0.0
    if query.names:
        terms = {name: vocabulary.terms(name) for name in query.names}
        frequency = vocabulary.frequency([t for ts in terms.values() for t in ts])
        texts = " ".join(c.passage.paragraph.text for c in found)
        strange = [
            name
            for name, stems in terms.items()
            if stems and not any(frequency[t] for t in stems) and not _spelt_out(name, texts)
        ]
        unknown = len(strange) / len(query.names)
    return [replace(c, evidence=replace(c.evidence, names_unknown=unknown)) for c in found]


def _spelt_out(acronym: str, text: str) -> bool:
    """Whether an acronym's words stand in a text: UPR, "universal periodic review"."""
    if not acronym.isupper() or not 2 <= len(acronym) <= 6:
        return False
    words = r"\W+(?:(?:of|on|the|and|for|in|against)\W+)*".join(f"{c}\\w+" for c in acronym)
    return re.search(rf"\b{words}", text, re.IGNORECASE) is not None


def _compare_speakers(found: Sequence[Candidate]) -> list[Candidate]:
    """Where one person's words are wanted: how much better somebody else's speak to it."""
    worth = {id(c): _worth(c) for c in found}
    others = [worth[id(c)] for c in found if c.evidence.other_speaker]
    if not others:
        return list(found)
    return [
        c
        if c.evidence.other_speaker
        else replace(
            c, evidence=replace(c.evidence, speaker_gap=max(0.0, max(others) - worth[id(c)]))
        )
        for c in found
    ]


def _worth(candidate: Candidate) -> float:
    """How much a paragraph speaks to the question, whoever says it."""
    evidence = candidate.evidence
    return 0.5 * (evidence.coverage + evidence.sentence_coverage) + evidence.similarity


def _compare_sides(found: Sequence[Candidate], query: Query) -> list[Candidate]:
    """Where one side's words are wanted: how much better the other side's speak to it."""
    if query.side not in ("committee", "delegation"):
        return list(found)
    others = [_worth(c) for c in found if c.evidence.other_side == 1.0]
    most = max(others, default=0.0)
    return [
        c
        if c.evidence.other_side == 1.0
        else replace(c, evidence=replace(c.evidence, side_gap=max(0.0, most - _worth(c))))
        for c in found
    ]


def _other_side(query: Query, document: str, turn: Turn | Voice | None) -> float:
    """1 where the other side speaks than the one asked for, or nobody where a speaker is."""
    if turn is None and query.wants == "person" and query.side is not None:
        return 1.0
    return speaks_for_other_side(query, document, turn)


def _link(found: Sequence[Candidate], query: Query, near: Near) -> list[Candidate]:
    """Where a reply is wanted: how near each comes to what a member asked on the subject.

    A reply may use none of the question's words, and all of the member's.
    """
    if query.side not in ("delegation", "both"):
        return list(found)
    asked = [c for c in found if _asks(c, query)]
    if not asked:
        return list(found)
    member = max(asked, key=_worth)
    words = member.passage.paragraph.text[member.best.start : member.best.end]
    later = [c for c in found if _may_reply(c, member)]
    cosines = near(
        words, [(c.passage.paragraph, [(s.start, s.end) for s in c.sentences]) for c in later]
    )
    links = {id(c): max(0.0, *cosine) for c, cosine in zip(later, cosines, strict=True)}
    return [replace(c, evidence=replace(c.evidence, link=links.get(id(c), 0.0))) for c in found]


def _asks(candidate: Candidate, query: Query) -> bool:
    """Whether one who examines speaks; the one whose question the reply is wanted to, if told."""
    floor = candidate.passage.paragraph.voice_at(candidate.best.start)
    if floor is None or candidate.side != "committee":
        return False
    return not query.askers or any(speaks(asker, floor) for asker in query.askers)


def _may_reply(candidate: Candidate, member: Candidate) -> bool:
    """Whether the State that is examined speaks later in the same record."""
    paragraph, before = candidate.passage.paragraph, member.passage.paragraph
    return (
        candidate.side == "delegation"
        and paragraph.document == before.document
        and paragraph.ordinal >= before.ordinal
    )


def _candidate(
    query: Query,
    passage: Passage,
    places: Sequence[tuple[int, int, float]],
    terms: Sequence[Term],
    vocabulary: Vocabulary,
) -> Candidate:
    paragraph = passage.paragraph
    scored = tuple(_scored(query, paragraph, place, terms, vocabulary) for place in places)
    best = max(scored, key=lambda s: s.score)
    turn = paragraph.voice_at(best.start)
    side = side_of(turn, paragraph.document, query.reviewed) if turn else None
    names = " ".join(f"{v.speaker} {v.delegation or ''}" for v in paragraph.speakers)
    context = f"{paragraph.text} {paragraph.heading or ''} {names}"
    window = _window(paragraph.text, scored, best)
    near = sorted((s.similarity for s in scored), reverse=True)
    there = set(re.findall(r"[\w\-]+", context.casefold()))
    missing = [
        n
        for n in query.names
        if not (_is_named(n.casefold(), there, turn) or _spelt_out(n, context))
    ]
    evidence = Evidence(
        fused=passage.score,
        coverage=coverage(terms, set(vocabulary.terms(context))),
        sentence_coverage=max(s.coverage for s in scored),
        similarity=near[0],
        second_similarity=near[min(1, len(near) - 1)],
        figures_missing=figures_missing(
            query, paragraph.text, paragraph.text[best.start : best.end], paragraph.document
        ),
        figures_apart=figures_apart(query, paragraph.text, window),
        names_missing=len(missing) / len(query.names) if query.names else 0.0,
        names_unknown=0.0,
        type_missing=_type_missing(query, scored, best),
        other_side=_other_side(query, paragraph.document, turn),
        request=_request(query, best),
        deferred=float(query.side is None and is_deferred(paragraph.text[best.start : best.end])),
        weak=0.0,
        other_speaker=_other_speaker(query, paragraph.document, turn, side),
        speaker_gap=0.0,
        **lacks(terms, vocabulary, context, f"{window} {paragraph.heading or ''}"),
        topic_far=topic_far(
            topical(query, terms, vocabulary), vocabulary, f"{window} {paragraph.heading or ''}"
        ),
        year_apart=year_apart(query, paragraph.text, vocabulary),
        elsewhere=float(bool(query.documents) and paragraph.document not in query.documents),
        head_missing=head_missing(query, window, vocabulary),
        reason_missing=reason_missing(query, window),
    )
    strongest = max(evidence.coverage, evidence.similarity)
    evidence = replace(evidence, weak=max(0.0, ENOUGH - strongest))
    return Candidate(passage, scored, evidence, side)


def _window(text: str, scored: Sequence[Scored], best: Scored) -> str:
    """The best sentence with the one before and the one after."""
    at = scored.index(best)
    return text[scored[max(0, at - 1)].start : scored[min(len(scored) - 1, at + 1)].end]


def _scored(
    query: Query,
    paragraph: Paragraph,
    place: tuple[int, int, float],
    terms: Sequence[Term],
    vocabulary: Vocabulary,
) -> Scored:
    start, end, near = place
    sentence = paragraph.text[start:end]
    covered = coverage(terms, set(vocabulary.terms(sentence)))
    voice = paragraph.voice_at(start)
    request = is_request(sentence, spoken=voice is not None) or is_recommendation(sentence, voice)
    fits = holds_answer_type(query, sentence)
    score = covered + near - (0.0 if fits else 0.25)
    if request and query.side not in ("committee", "both"):
        score -= 0.25
    if paragraph.voices and _is_another(query, paragraph.document, paragraph.voice_at(start)):
        score -= ANOTHER
    if query.figures:
        score += 0.3 * sum(holds_figure(f, sentence) for f in query.figures) / len(query.figures)
    return Scored(start, end, covered, near, request, fits, score)


def _type_missing(query: Query, scored: Sequence[Scored], best: Scored) -> float:
    """1 where the figure or sum asked for is in no sentence that bears on the question.

    A date counts half: "in the near future" answers when; so does a figure that
    stands in another sentence than the best.
    """
    if best.fits:
        return 0.0
    near = any(s.fits and s.score >= 0.5 * best.score for s in scored)
    return 0.25 if near else 0.5 if query.wants == "date" else 1.0


def _request(query: Query, best: Scored) -> float:
    """1 where the best sentence only asks; half where its premise may state what is wanted."""
    if not best.request or query.side in ("committee", "both"):
        return 0.0
    return 1.0 if query.wants in ("money", "figure", "date", "whether") else 0.5


def _other_speaker(
    query: Query, document: str, turn: Turn | Voice | None, side: Side | None
) -> float:
    """1 where another speaks than the one whose words, or whose question, is wanted."""
    if query.speaker is not None:
        if turn is None and query.of_state and query.reviewed.get(document) == query.speaker:
            return 0.5  # what a document itself tells of the State
        return float(not speaks(query.speaker, turn))
    if not query.asked_by or side == "delegation":
        return 0.0
    return float(not any(speaks(name, turn) for name in query.asked_by))


def _is_another(query: Query, document: str, voice: Turn | Voice | None) -> bool:
    """Whether not the one speaks whom, or whose side, the question asks about."""
    if query.speaker is not None:
        return not speaks(query.speaker, voice)
    return speaks_for_other_side(query, document, voice) == 1.0


def _is_named(name: str, there: set[str], turn: Turn | Voice | None) -> bool:
    """Whether a name is among the words of a paragraph.

    The State under review is always meant: "Kazakh", "Kazakhstan". Otherwise a name
    must be the same: Kordas is not Korda.
    """
    if turn and turn.delegation and turn.delegation.casefold()[:5] == name[:5]:
        return True
    surname = name.split()[-1]  # "Emil Korda" is Mr. Korda later on
    return surname in there or all(part in there for part in surname.split("-"))
