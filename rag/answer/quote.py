"""Passages → the sentences that answer, verbatim: the answerer that needs no model.

Sentences of the best passages are scored by the question's words they hold
(weighted by rarity), by meaning, and by whether they are of the kind asked for:
a figure, a date; something stated or something asked.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from rag.answer.confidence import Evidence, confidence, relevance
from rag.answer.terms import Term, Vocabulary, coverage, terms_of
from rag.domain import Claim, Paragraph, Passage, Turn, Usage, Voice
from rag.query import Query, holds_answer_type, is_deferred, is_request, speaks_for_other_side
from rag.sentences import sentences

CANDIDATES = 16  # passages whose sentences are read
CLAIMS = 4  # passages quoted at most
ANOTHER = 1.0  # what a sentence loses that another says than the one asked about
MARGIN = 0.6  # how far behind the best passage one may be and still be quoted
SENTENCES = 4  # quoted from one passage at most
ENOUGH = 0.5  # coverage or similarity under which an answer becomes doubtful
WHOLE = 70  # words up to which a paragraph is quoted whole
NEIGHBOUR = 0.45  # share of the best sentence's score that its neighbours need

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

    @property
    def best(self) -> Scored:
        """The sentence that speaks most to the question."""
        return max(self.sentences, key=lambda s: s.score)

    @property
    def relevance(self) -> float:
        """How much the paragraph speaks to the question."""
        return relevance(self.evidence)


@dataclass(frozen=True, slots=True)
class Draft:
    """What an answerer proposes: claims not yet checked, and the passages in its order."""

    claims: tuple[Claim, ...]
    passages: tuple[Passage, ...]
    confidence: float  # that the record answers, in [0, 1]
    usage: Usage | None = None  # what a language model took, where one was asked


def quote(
    query: Query,
    passages: Sequence[Passage],
    *,
    vocabulary: Vocabulary,
    near: Near,
) -> Draft:
    """Choose the sentences that answer.

    Args:
        query: the question, read.
        passages: what was retrieved, best first.
        vocabulary: stems and their frequencies.
        near: how near sentences come to the question, each a cosine.

    """
    if not passages:
        return Draft((), (), 0.0)
    found = weigh(query, passages[:CANDIDATES], vocabulary=vocabulary, near=near)
    ranked = sorted(found, key=lambda candidate: -candidate.relevance)
    claims = [_claim(candidate) for candidate in _worth_quoting(query, ranked)]
    order = [candidate.passage for candidate in ranked]
    return Draft(tuple(claims), (*order, *passages[CANDIDATES:]), confidence(ranked[0].evidence))


def weigh(
    query: Query, passages: Sequence[Passage], *, vocabulary: Vocabulary, near: Near
) -> list[Candidate]:
    """Gather the evidence for every passage, in the order given."""
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
    return _compare_speakers(_mark_unknown_names(found, query, vocabulary))


def _sentences(paragraph: Paragraph) -> list[tuple[int, int]]:
    """Spans of a paragraph's sentences; none is of two who speak in it."""
    return [
        (low + start, low + end)
        for low, high in _parts(paragraph)
        for start, end in sentences(paragraph.text[low:high])
    ]


def _parts(paragraph: Paragraph) -> list[tuple[int, int]]:
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
    worth = {
        id(c): 0.5 * (c.evidence.coverage + c.evidence.sentence_coverage) + c.evidence.similarity
        for c in found
    }
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
    names = " ".join(f"{v.speaker} {v.delegation or ''}" for v in paragraph.speakers)
    context = f"{paragraph.text} {paragraph.heading or ''} {names}"
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
        figures_missing=float(any(not _holds_figure(f, paragraph.text) for f in query.figures)),
        figures_apart=_figures_apart(query, paragraph.text, scored, best),
        names_missing=len(missing) / len(query.names) if query.names else 0.0,
        names_unknown=0.0,
        type_missing=_type_missing(query, scored, best),
        other_side=speaks_for_other_side(query.side, turn),
        request=_request(query, best),
        deferred=float(query.side is None and is_deferred(paragraph.text[best.start : best.end])),
        weak=0.0,
        other_speaker=float(query.speaker is not None and not _speaks(query.speaker, turn)),
        speaker_gap=0.0,
    )
    strongest = max(evidence.coverage, evidence.similarity)
    evidence = replace(evidence, weak=max(0.0, ENOUGH - strongest))
    return Candidate(passage, scored, evidence)


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
    request, fits = is_request(sentence), holds_answer_type(query, sentence)
    score = covered + near - (0.0 if fits else 0.25)
    if request and query.side not in ("committee", "both"):
        score -= 0.25
    if paragraph.voices and _is_another(query, paragraph.voice_at(start)):
        score -= ANOTHER
    if query.figures:
        score += 0.3 * sum(_holds_figure(f, sentence) for f in query.figures) / len(query.figures)
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


def _is_another(query: Query, voice: Turn | Voice | None) -> bool:
    """Whether not the one speaks whom, or whose side, the question asks about."""
    if query.speaker is not None:
        return not _speaks(query.speaker, voice)
    return speaks_for_other_side(query.side, voice) == 1.0


def _speaks(name: str, turn: Turn | Voice | None) -> bool:
    """Whether the one named holds the floor."""
    return turn is not None and name.casefold() in turn.speaker.casefold()


def _is_named(name: str, there: set[str], turn: Turn | Voice | None) -> bool:
    """Whether a name is among the words of a paragraph.

    The State under review is always meant: "Kazakh", "Kazakhstan". Otherwise a name
    must be the same: Kordas is not Korda.
    """
    if turn and turn.delegation and turn.delegation.casefold()[:5] == name[:5]:
        return True
    surname = name.split()[-1]  # "Emil Korda" is Mr. Korda later on
    return surname in there or all(part in there for part in surname.split("-"))


def _figures_apart(query: Query, text: str, scored: Sequence[Scored], best: Scored) -> float:
    """1 where a figure of the question stands in the paragraph, but not about the best sentence."""
    at = scored.index(best)
    near = text[scored[max(0, at - 1)].start : scored[min(len(scored) - 1, at + 1)].end]
    return float(any(_holds_figure(f, text) and not _holds_figure(f, near) for f in query.figures))


def _holds_figure(figure: str, text: str) -> bool:
    """Whether a number stands in a text as a number of its own."""
    return re.search(rf"(?<![\d.,]){re.escape(figure)}(?![\d]|[.,]\d)", text) is not None


def _worth_quoting(query: Query, ranked: Sequence[Candidate]) -> list[Candidate]:
    """The passages to quote from: the first, and those that come close to it."""
    top = ranked[0].relevance
    chosen = [c for c in ranked[:CLAIMS] if c.relevance >= top - MARGIN]
    # A question together with its reply; and whether something is so, as both sides say.
    reach = 5 * MARGIN if query.side == "both" else 3 * MARGIN
    if query.side == "both" or (query.wants == "whether" and query.side is None):
        sides = [_of_committee(c) for c in chosen]
        for candidate in ranked[:CANDIDATES]:
            if _of_committee(candidate) not in sides and candidate.relevance >= top - reach:
                chosen.append(candidate)
                break
    return chosen


def _of_committee(candidate: Candidate) -> bool:
    turn = candidate.passage.paragraph.voice_at(candidate.best.start)
    return turn is None or turn.role in ("member", "chair")


def _claim(candidate: Candidate) -> Claim:
    """Quote the passage's best sentence and its neighbours that also speak to the question."""
    paragraph = candidate.passage.paragraph
    best = candidate.best
    low, high = next(part for part in _parts(paragraph) if part[0] <= best.start < part[1])
    scored = [s for s in candidate.sentences if low <= s.start < high]
    top = best.score
    first = last = scored.index(best)
    if len(paragraph.text[low:high].split()) <= WHOLE:
        first, last = 0, len(scored) - 1  # a short paragraph is clearer whole
    while last - first + 1 < SENTENCES:
        left = scored[first - 1].score if first > 0 else -1.0
        right = scored[last + 1].score if last + 1 < len(scored) else -1.0
        if max(left, right) < NEIGHBOUR * top:
            break
        if left > right:
            first -= 1
        else:
            last += 1
    turn = paragraph.voice_at(best.start)
    begin = scored[first].start
    if turn and first == 0:
        begin += _length_of_opening(paragraph.text[begin:], turn)
    words = paragraph.text[begin : scored[last].end]
    return Claim(
        text=words,
        quote=words,
        citation=paragraph.citation,
        speaker=turn.speaker if turn else None,
        delegation=turn.delegation if turn else None,
    )


def _length_of_opening(text: str, turn: Turn | Voice) -> int:
    """How long the speaker's name is at a paragraph's beginning: a claim bears it already."""
    if not text.startswith(turn.speaker):
        return 0
    opening = re.match(r"(?: ?\((?:[^()]|\([^()]*\))*\))?,? ", text[len(turn.speaker) :])
    return len(turn.speaker) + (len(opening[0]) if opening else 0)
