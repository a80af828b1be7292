"""A record's paragraphs → what its members asked, each with what the delegation replied to it.

A reply stands after the question, in the same record or in that of a later meeting on the
same State. How near it comes is told by meaning, by the question's words and by whose
question it says it answers; the weights stand in `exchanges.json`, fitted on the
development half of the suite `exchanges` by `python -m eval.calibrate_exchanges`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from rag.answer.logistic import Model, likelihood, load
from rag.answer.near import Encode, Sentences, Stored
from rag.answer.terms import Vocabulary
from rag.domain import Exchange, Paragraph, Status
from rag.query import FRAME, Reviewed
from rag.sentence_kinds import is_deferred, is_request, puts_off
from rag.sentences import sentences
from rag.sides import side_of

MOST = 3  # replies told of one question
LEANT = 0.6  # how likely one replies, at least, that begins by pointing back at a lone question
_PART = re.compile(
    r";\s+(?:and |or |also )?|"
    r",? and (?=(?:also )?(?:asked|wondered|requested|whether|how|what|why|who|which|when|if so)\b)|"
    r", (?=(?:whether|how|why)\b)|, (?:and )?(?=the \w+(?: and \w+)? (?:of|for|in|on)\b)"
)
_LEANING = re.compile(
    r"^[^;]{0,100}?\b(?:said|replied|confirmed|explained|answered) that (?:they|it|he|she|this|that|there|"
    r"those|these|none|such|no such)\b"
)
_SHORTEST = 4  # words of a part that asks something by itself
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Likeness:
    """What speaks for a paragraph replying to a question, each roughly in [0, 1]."""

    near: float  # cosine of the question and the nearest sentence
    ahead: float  # how much nearer that is than the nearest of any other paragraph
    covered: float  # share of the question's terms, by rarity, that stand there
    ahead_covered: float  # how much more than in any other paragraph
    addressed: float  # it names the member, and one who asked
    next_turn: float  # of the turn that follows
    meeting: float  # of the same meeting
    context: float  # cosine of what stands before the question, and the nearest sentence


@dataclass(frozen=True, slots=True)
class Heard:
    """A paragraph that may reply to a question."""

    paragraph: Paragraph
    likeness: Likeness
    nearest: str  # its sentence that comes nearest
    leans: bool = False  # it begins by pointing back at the one question of the turn before


FEATURES = tuple(field.name for field in fields(Likeness))


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of a member: a sentence, and its parts where it asks several things."""

    paragraph: Paragraph
    start: int
    end: int
    parts: tuple[Span, ...]
    speaker: str


@dataclass(frozen=True, slots=True)
class Texts:
    """How texts are encoded, which sentences are encoded already, and how words are counted."""

    encode: Encode
    stored: Stored
    vocabulary: Vocabulary


@dataclass(frozen=True, slots=True)
class _Reply:
    """A paragraph's sentences with their vectors, shape (n, dimension)."""

    text: str
    spans: Sequence[Span]
    vectors: NDArray[np.float32]

    def said(self, at: int) -> str:
        start, end = self.spans[at]
        return self.text[start:end]


def model() -> Model:
    """The committed model."""
    return load("exchanges")


def chance(heard: Heard) -> float:
    """How likely it is that a paragraph replies, in [0, 1]."""
    told = probability(heard.likeness, model())
    return max(told, LEANT) if heard.leans else told


_NAME = re.compile(
    r"\b[A-ZÀ-Þ][\w'’-]+(?: (?:(?:of|on|the|for|and|to|in) ){0,2}[A-ZÀ-Þ][\w'’-]+)+|“[^”]{4,60}”"
)
FEW_NAME = 2  # paragraphs; what more of them name tells little


def naming(words: str, heard: Sequence[Heard]) -> list[Heard]:
    """Give the later paragraphs, if they are few, that bear a name of several words of a question.

    "Why was the Union of Lightkeepers forbidden?" and a turn on how the affairs of the Union of
    Lightkeepers were ended share it, and no other word.
    """
    found: dict[str, Heard] = {}
    for match in _NAME.finditer(words):
        there = [one for one in heard if match[0] in one.paragraph.text]
        if 0 < len(there) <= FEW_NAME:
            found |= {one.paragraph.id: one for one in there}
    return list(found.values())


def probability(likeness: Likeness, chosen: Model) -> float:
    """How likely it is that a paragraph replies by its likeness, in [0, 1]."""
    return likelihood(likeness, chosen)


def questions(
    paragraph: Paragraph, reviewed: Reviewed | None = None, *, concerns: bool = False
) -> list[Asked]:
    """What is asked in a paragraph, by whoever of those who examine speaks in it.

    Args:
        paragraph: of a record.
        reviewed: which State each record examines.
        concerns: everything that they say: "That seemed high" may be replied to as well.

    """
    found: list[Asked] = []
    for start, end in sentences(paragraph.text):
        floor = paragraph.voice_at(start)
        if floor is None or side_of(floor, paragraph.document, reviewed or {}) != "committee":
            continue
        if concerns or is_request(paragraph.text[start:end]):
            parts = tuple(_parts(paragraph.text, start, end))
            found.append(Asked(paragraph, start, end, parts, floor.speaker))
    return found


def _parts(text: str, start: int, end: int) -> Iterable[Span]:
    """The parts of a sentence that ask one thing each; one that is too short goes with the next."""
    cuts = [start, *(start + m.end() for m in _PART.finditer(text[start:end])), end]
    low = start
    for high in cuts[1:]:
        if (
            high == end
            or min(len(text[low:high].split()), len(text[high:end].split())) >= _SHORTEST
        ):
            yield low, high
            low = high


def exchanges(asked: Sequence[Asked], later: Sequence[Paragraph], texts: Texts) -> list[Exchange]:
    """Link questions to what is replied to them.

    Args:
        asked: the questions, all of one record.
        later: paragraphs in which a delegation may reply: of the same record, or of one of a
            later meeting; which of them stand after a question is told by their places.
        texts: how to read them.

    Returns:
        One a question, in their order; without replies where none was found.

    """
    likely = likenesses(asked, later, texts)
    return [
        _exchange(one, [[(heard, chance(heard)) for heard in part] for part in parts])
        for one, parts in zip(asked, likely, strict=True)
    ]


def _exchange(one: Asked, parts: Sequence[Sequence[tuple[Heard, float]]]) -> Exchange:
    least = model().threshold
    chances: dict[str, float] = {}
    heard: dict[str, Heard] = {}
    answered: list[bool] = []
    for part in parts:
        replies = sorted((r for r in part if r[1] >= least), key=lambda r: -r[1])[:MOST]
        answered.append(bool(replies))
        for each, chance in replies:
            if chance > chances.get(each.paragraph.id, 0.0):
                chances[each.paragraph.id], heard[each.paragraph.id] = chance, each
    best = sorted(heard.values(), key=lambda h: -chances[h.paragraph.id])[: MOST + len(parts) - 1]
    replies = tuple(each.paragraph for each in best)
    return Exchange(one.paragraph, one.start, one.end, replies, _status(answered, best))


def _status(answered: Sequence[bool], replies: Sequence[Heard]) -> Status:
    if not replies:
        return "no reply found"
    if all(is_deferred(each.nearest) or puts_off(each.nearest) for each in replies):
        return "deferred"
    return "answered" if all(answered) else "partly"


def likenesses(
    asked: Sequence[Asked], later: Sequence[Paragraph], texts: Texts
) -> list[list[list[Heard]]]:
    """For each part of each question, the paragraphs after it and how like a reply each is."""
    if not asked or not later:
        return [[[] for _ in one.parts] for one in asked]
    spoken = {one.paragraph.id: one.paragraph for one in asked}
    known = texts.stored([*spoken, *(p.id for p in later)])
    replies = [_read(p, known.get(p.id), texts.encode) for p in later]
    stems = [set(texts.vocabulary.terms(p.text)) for p in later]
    rarity = _rarity(texts.vocabulary, (one.paragraph.text for one in asked))
    return [
        [_one(one, span, later, replies, stems, rarity, known, texts) for span in one.parts]
        for one in asked
    ]


def _one(
    one: Asked,
    span: Span,
    later: Sequence[Paragraph],
    replies: Sequence[_Reply],
    stems: Sequence[set[str]],
    rarity: Mapping[str, float],
    known: Mapping[str, Sentences],
    texts: Texts,
) -> list[Heard]:
    text = one.paragraph.text
    vector = _vector(one.paragraph, span, known, texts.encode)
    before = _before(text, one.start)
    context = _vector(one.paragraph, before, known, texts.encode) if before else vector
    terms = {t for t in texts.vocabulary.terms(text[span[0] : span[1]]) if t not in FRAME}
    total = sum(rarity.get(t, 0.0) for t in terms) or 1.0
    after = [at for at, p in enumerate(later) if _is_after(p, one.paragraph)]
    cosines = {at: replies[at].vectors @ vector for at in after}
    near = {at: float(cosines[at].max()) for at in after}
    covered = {at: sum(rarity.get(t, 0.0) for t in terms & stems[at]) / total for at in after}
    best, most = _best(near), _best(covered)
    return [
        Heard(
            later[at],
            Likeness(
                near=near[at],
                ahead=near[at] - (best[1] if near[at] == best[0] else best[0]),
                covered=covered[at],
                ahead_covered=covered[at] - (most[1] if covered[at] == most[0] else most[0]),
                addressed=float(_surname(one.speaker) in later[at].text),
                next_turn=float(_follows(later[at], one.paragraph)),
                meeting=float(later[at].document == one.paragraph.document),
                context=float((replies[at].vectors @ context).max()),
            ),
            replies[at].said(int(cosines[at].argmax())),
            _leans(later[at], one.paragraph),
        )
        for at in after
    ]


def _best(values: Mapping[int, float]) -> tuple[float, float]:
    """The two highest values; 0 where there are fewer."""
    first, second, *_ = [*sorted(values.values(), reverse=True), 0.0, 0.0]
    return first, second


def _before(text: str, start: int) -> Span | None:
    """The sentence before: a question may only point back at it."""
    earlier = [span for span in sentences(text) if span[1] <= start]
    return earlier[-1] if earlier else None


def _rarity(vocabulary: Vocabulary, asked: Iterable[str]) -> dict[str, float]:
    terms = list(dict.fromkeys(t for text in asked for t in vocabulary.terms(text)))
    frequency, n = vocabulary.frequency(terms), max(1, vocabulary.size)
    return {t: math.log(1 + (n - frequency[t] + 0.5) / (frequency[t] + 0.5)) for t in terms}


def _read(paragraph: Paragraph, known: Sentences | None, encode: Encode) -> _Reply:
    if known is not None and len(known.vectors):
        places = [(int(a), int(b)) for a, b in known.spans]
        return _Reply(paragraph.text, places, known.vectors)
    places = sentences(paragraph.text) or [(0, len(paragraph.text))]
    return _Reply(paragraph.text, places, encode([paragraph.text[a:b] for a, b in places]))


def _vector(
    paragraph: Paragraph, span: Span, known: Mapping[str, Sentences], encode: Encode
) -> NDArray[np.float32]:
    stored = known.get(paragraph.id)
    if stored is not None:
        same = (stored.spans[:, 0] == span[0]) & (stored.spans[:, 1] == span[1])
        if same.any():
            return stored.vectors[same][0]
    return encode([paragraph.text[span[0] : span[1]]])[0]


def _surname(speaker: str) -> str:
    return speaker.split()[-1]


def _follows(paragraph: Paragraph, asked: Paragraph) -> bool:
    """Whether its turn is the one after the turn that asks."""
    if paragraph.turn is None or asked.turn is None or paragraph.document != asked.document:
        return False
    return paragraph.turn.first == asked.turn.last + 1


def _leans(paragraph: Paragraph, asked: Paragraph) -> bool:
    """Whether a turn begins with a pronoun, right after that of one who only asks.

    "asked whether they were excluded too." – "said that they had been until 2021": without a word
    in common, it can reply to nothing else.
    """
    alone = asked.turn is not None and asked.turn.first == asked.turn.last
    first = paragraph.turn is not None and paragraph.turn.first == paragraph.ordinal
    return (
        alone
        and first
        and _follows(paragraph, asked)
        and _LEANING.search(paragraph.text) is not None
    )


def _is_after(paragraph: Paragraph, asked: Paragraph) -> bool:
    return paragraph.document != asked.document or paragraph.ordinal > asked.ordinal


def may_reply(paragraph: Paragraph, reviewed: Reviewed | None = None) -> bool:
    """Whether somebody of the delegation that is examined speaks in a paragraph."""
    return any(
        voice.role == "delegation"
        and side_of(voice, paragraph.document, reviewed or {}) == "delegation"
        for voice in paragraph.speakers
    )
