"""Evidence → the sentences that answer, verbatim: the answerer that needs no model."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from rag.answer import exchanges as replies
from rag.answer.again import told_again, told_of_the_rest
from rag.answer.beside import answering_too
from rag.answer.confidence import confidence
from rag.answer.evidence import Candidate, Near, Scored, own, weigh
from rag.answer.quoting import ALL_OF_IT, AS_GOOD, WHOLE, claim_of, claims_of
from rag.answer.readings import Read, behind, read_best, unlikely
from rag.answer.silence import advises
from rag.answer.terms import Vocabulary
from rag.domain import Claim, Paragraph, Passage, Usage
from rag.query import Query, asked_apart, understand, wants_several, wants_states

CANDIDATES = 16  # passages whose sentences are read
TOLD_WHOLE = 140  # words up to which a paragraph is quoted whole where what happened is to be told
_TELL = re.compile(
    r"(?:and |so )?(?:what happened|what took place|tell me about|describe|how did [^?]+ unfold)\b",
    re.IGNORECASE,
)
# "What did Chile recommend to Peru?": all of it, for its parts are not all named.
_PUTS = re.compile(
    r"(?:and )?what (?:else )?(?:did|does|has|had)\b[^?]*\b(?:recommend\w*|ask\w*)\b", re.I
)
# "What did Ms. Bell ask about …?": her question, and not only what she said before it.
_ASKED = re.compile(
    r"\bwhat (?:else )?(?:did|does|has|had|was|were)\b[^?]*\b(?:ask\w*|[ei]nquir\w*|want\w*|wish\w*|wonder\w*|"
    r"question\w*|interested)\b|\bwh(?:at|ich) questions?\b",
    re.IGNORECASE,
)
CLAIMS = 4  # passages quoted at most
MARGIN = 0.5  # how far behind the best one may be, where a question and its reply are wanted
WIDER = 1.0  # the same, where several are likely to be wanted besides
STATES = 8  # passages quoted at most where every State that said something is wanted
WIDEST = 1.2  # the margin there
APART = 4.0  # the same, for the one that best answers a further question of the same sentence
COMPARED = 3.0  # the same, for the best on another State that is compared
WHOLE_TOO = 0.3  # how much it counts there that it bears on the whole question
REACH_BOTH = 3.0  # the same, for the other side's words, where both are wanted
REACH_WHETHER = 1.8  # … where it is asked whether something is so
AGAIN = 2  # passages quoted at most for the same figure once more, and for years left open
LIKELY = 0.2  # from here on a paragraph may reply to a question, if it speaks to it otherwise


@dataclass(frozen=True, slots=True)
class Draft:
    """What an answerer proposes: claims not yet checked, and the passages in its order."""

    claims: tuple[Claim, ...]
    passages: tuple[Passage, ...]
    confidence: float  # that the record answers, in [0, 1]
    usage: Usage | None = None  # what a language model took, where one was asked
    first: tuple[str, ...] = ()  # the first passage's best sentence, and that with the one before
    only_asks: bool = False  # what answers best is a member's question, and holds nothing asked for
    note: str = ""  # what must be known beside the claims


def quote(
    query: Query,
    passages: Sequence[Passage],
    *,
    vocabulary: Vocabulary,
    near: Near,
    linked: Mapping[str, float] | None = None,
    read: Read | None = None,
) -> Draft:
    """Choose the sentences that answer.

    Args:
        query: the question, read.
        passages: what was retrieved, best first.
        vocabulary: stems and their frequencies.
        near: how near sentences come to the question, each a cosine.
        linked: id of a paragraph → how likely it replies to a question that was found, in [0, 1].
        read: tells how likely texts answer the question; without it, that is not weighed.

    """
    if not passages:
        return Draft((), (), 0.0)
    found = weigh(
        query, passages[:CANDIDATES], vocabulary=vocabulary, near=near, linked=linked or {}
    )
    ranked = sorted(own(query, found), key=lambda candidate: -candidate.relevance)
    if not ranked:
        return Draft((), tuple(passages), 0.0)
    if read is not None:
        ranked = read_best(query, ranked, read)
    ranked, aside = _of_one_state(query, ranked)
    chosen = _worth_quoting(query, ranked, vocabulary)
    for part in asked_apart(query.text)[1:] if query.side != "both" else ():
        apart = weigh(
            replace(
                understand(part),
                naming=query.naming,
                documents=query.documents,
                reviewed=query.reviewed,
                years=query.years,
            ),
            passages[:CANDIDATES],
            vocabulary=vocabulary,
            near=near,
        )
        chosen += _further(apart, ranked, chosen)
    if query.side == "both":  # the question, then the reply
        chosen.sort(key=lambda c: (c.passage.paragraph.document, c.passage.paragraph.ordinal))
    each = wants_states(query.text)
    whole = TOLD_WHOLE if _TELL.match(query.text) else WHOLE
    if query.of_state and _PUTS.match(query.text):
        whole = ALL_OF_IT
    asked = query.side == "committee" and _ASKED.search(query.text) is not None
    claims = [
        claim
        for candidate in chosen
        for claim in claims_of(
            candidate, each=each, of_one=query.speaker is not None, whole=whole, asked=asked
        )
    ]
    claims += [
        claim_of(candidate, sentence) for candidate, sentence in _beside(query, ranked, chosen)
    ]
    order = [candidate.passage for candidate in (*ranked, *aside)]
    order += [passage for passage in passages if passage not in order]
    return Draft(
        tuple(claims),
        tuple(order),
        confidence(ranked[0].evidence),
        first=_first(ranked[0]),
        only_asks=_only_asks(query, ranked[0]),
    )


def _first(first: Candidate) -> tuple[str, ...]:
    text, scored = first.passage.paragraph.text, first.sentences
    before = scored[max(0, scored.index(first.best) - 1)]
    words = text[first.best.start : first.best.end]
    return tuple(dict.fromkeys((words, text[before.start : first.best.end])))


def _only_asks(query: Query, first: Candidate) -> bool:
    best = first.best
    held = best.fits and query.wants in ("figure", "money", "date", "person")
    return query.side is None and query.speaker is None and best.request and not held


def with_reply(
    draft: Draft, query: Query, asked: str, reply: Paragraph, *, vocabulary: Vocabulary, near: Near
) -> Draft:
    """Quote what a delegation replied to a member's question that is quoted already.

    Args:
        draft: quotes the question.
        query: the user's question, read.
        asked: the member's words.
        reply: the paragraph that replies to them.
        vocabulary: stems and their frequencies.
        near: how near sentences come to the question, each a cosine.

    """
    there = Passage(reply, 0.0, "reply")
    wanted = replace(understand(asked), side="delegation", reviewed=query.reviewed)
    candidate = weigh(wanted, [there], vocabulary=vocabulary, near=near)[0]
    passages = [each for each in draft.passages if each.paragraph.id != reply.id]
    cited = len({claim.citation for claim in draft.claims})
    passages.insert(cited, there)
    return replace(
        draft,
        claims=(*draft.claims, claim_of(candidate, candidate.best)),
        passages=tuple(passages),
    )


def quoted(
    query: Query, paragraphs: Sequence[Paragraph], *, vocabulary: Vocabulary, near: Near
) -> list[Claim]:
    """Quote of each paragraph what bears on a question; all of one that is not long.

    Args:
        query: the question, read.
        paragraphs: those to be quoted.
        vocabulary: stems and their frequencies.
        near: how near sentences come to the question, each a cosine.

    """
    given = [Passage(each, 1.0, "reply") for each in paragraphs]
    found = weigh(query, given, vocabulary=vocabulary, near=near) if given else []
    return [claim_of(candidate, candidate.best, ALL_OF_IT) for candidate in found]


def with_advice(
    draft: Draft,
    query: Query,
    paragraphs: Sequence[Paragraph],
    *,
    vocabulary: Vocabulary,
    near: Near,
) -> Draft:
    """Quote what a document recommends on what is quoted first, in place of that.

    Args:
        draft: quotes a paragraph that is on the subject and recommends nothing.
        query: the question, read.
        paragraphs: that one and those that follow it, in order; none is spoken.
        vocabulary: stems and their frequencies.
        near: how near sentences come to the question, each a cosine.

    Returns:
        The draft as it was where none of them recommends anything.

    """
    found = weigh(
        query,
        [Passage(each, 1.0, "reply") for each in paragraphs],
        vocabulary=vocabulary,
        near=near,
    )
    for candidate in found:
        text = candidate.passage.paragraph.text
        there = [s for s in candidate.sentences if advises(text[s.start : s.end], spoken=False)]
        if there:
            claim = claim_of(candidate, max(there, key=lambda s: s.score), ALL_OF_IT)
            others = [
                c
                for c in draft.claims[1:]
                if c.citation != claim.citation and advises(c.quote, bool(c.speaker))
            ]
            kept = [p for p in draft.passages if p.paragraph.id != candidate.passage.paragraph.id]
            return replace(draft, claims=(claim, *others), passages=(candidate.passage, *kept))
    return draft


def _of_one_state(
    query: Query, ranked: Sequence[Candidate]
) -> tuple[list[Candidate], list[Candidate]]:
    """What may stand in one answer, and the rest: two States' affairs are not told as one.

    Both may where the question names both, or asks of several things and names no State.
    """
    first = query.reviewed.get(ranked[0].passage.paragraph.document)
    named = {query.reviewed.get(document) for document in query.documents} - {None}
    if first is None or (not named and wants_several(query.text)) or wants_states(query.text):
        return list(ranked), []
    meant = {*named, first, None}
    there = [query.reviewed.get(c.passage.paragraph.document) in meant for c in ranked]
    return (
        [c for c, fits in zip(ranked, there, strict=True) if fits],
        [c for c, fits in zip(ranked, there, strict=True) if not fits],
    )


def _worth_quoting(
    query: Query, ranked: Sequence[Candidate], vocabulary: Vocabulary
) -> list[Candidate]:
    """The passages to quote from: the first, and those that come close to it."""
    if query.side == "both":
        ranked = _of_one_exchange(ranked)
    top = ranked[0]
    several = wants_several(query.text)
    if wants_states(query.text):  # one's words answer no less for another's answering better
        several = True
        near = [c for c in ranked[1:STATES] if behind(top, c, read=False) <= WIDEST]
    elif query.side == "both":
        near = [c for c in ranked[1 : CLAIMS + several] if _close(top, c, several=several)]
    else:
        near = answering_too(query, ranked, vocabulary)[: CLAIMS - 1 + several]
    chosen = [top, *near]
    # A question together with its reply; and whether something is so, as both sides say.
    reach = REACH_BOTH if query.side == "both" else REACH_WHETHER
    if query.side == "both" or (query.wants == "whether" and query.side is None):
        sides = [_of_committee(c) for c in chosen]
        others = [c for c in ranked if _of_committee(c) not in sides]
        least = replies.model().threshold
        linked = [c for c in others if c.evidence.linked >= least]
        # A reply may use none of the question's words; one that uses them all is one, linked or not.
        if linked and behind(others[0], linked[0]) < REACH_BOTH:
            chosen.append(linked[0])
        elif others and behind(top, others[0]) <= reach:
            chosen += [c for c in others[:1] if several or query.side or not unlikely(c)]
    chosen = _without_questions(query, chosen)
    return [*chosen, *_of_states_compared(query, ranked, chosen)] if query.compared else chosen


def _of_states_compared(
    query: Query, ranked: Sequence[Candidate], chosen: Sequence[Candidate]
) -> list[Candidate]:
    """The best passage on each State that is compared, and of which none is quoted yet."""
    on = query.reviewed
    there = {on.get(c.passage.paragraph.document) for c in chosen}
    found: list[Candidate] = []
    for state in query.compared:
        best = next((c for c in ranked if on.get(c.passage.paragraph.document) == state), None)
        if state not in there and best is not None and behind(ranked[0], best) <= COMPARED:
            found.append(best)
    return found


def _without_questions(query: Query, chosen: Sequence[Candidate]) -> list[Candidate]:
    """Without what members only ask, where the delegation's words that are quoted tell it.

    Who asks why it was closed gives no reason; where the thing itself is asked about, or whether
    something is so, question and reply stay together.
    """
    if query.side is not None or query.speaker or query.wants in ("anything", "whether"):
        return list(chosen)
    told = [c for c in chosen if c.side == "delegation" and _tells(query, c)]
    asked = [c for c in chosen if _only_asked(query, c)]
    return [c for c in chosen if not (told and c in asked)]


def _tells(query: Query, candidate: Candidate) -> bool:
    """Whether a passage seems to answer, and holds the kind of thing asked for."""
    known = candidate.evidence
    return (
        known.answers > 0
        and not known.request
        and not known.type_missing
        and not (query.wants == "reason" and known.reason_missing)
    )


def _only_asked(query: Query, candidate: Candidate) -> bool:
    """Whether a member only asks there, states nothing as near, and holds nothing asked for."""
    best = candidate.best
    if candidate.side != "committee" or not best.request:
        return False
    if candidate.passage.paragraph.voice_at(best.start) is None:
        return False
    if any(s.score >= AS_GOOD * best.score for s in candidate.sentences if not s.request):
        return False
    return not (best.fits and query.wants in ("figure", "money", "date"))


def _close(top: Candidate, other: Candidate, *, several: bool) -> bool:
    """Whether a passage is quoted beside the first where a question and its reply are wanted."""
    if several:
        return behind(top, other) <= WIDER
    return behind(top, other) <= MARGIN and not unlikely(other)


def _of_one_exchange(ranked: Sequence[Candidate]) -> list[Candidate]:
    """Without what the delegation says before the question, or of what nobody asked it."""
    asked = next(
        (c for c in ranked if c.side == "committee" and not c.evidence.other_speaker), None
    )
    if asked is None:
        return list(ranked)
    there = asked.passage.paragraph

    def may_reply(candidate: Candidate) -> bool:
        paragraph = candidate.passage.paragraph
        if candidate.evidence.linked >= LIKELY:
            return True
        return (
            not any(c.evidence.linked >= LIKELY for c in ranked)
            and paragraph.document == there.document
            and paragraph.ordinal > there.ordinal
        )

    return [c for c in ranked if _of_committee(c) or may_reply(c)]


def _beside(
    query: Query, ranked: Sequence[Candidate], chosen: Sequence[Candidate]
) -> list[tuple[Candidate, Scored]]:
    """Where further passages tell of the years that the first lacks, or its figure once more."""
    quoted = {candidate.passage.paragraph.id for candidate in chosen}
    more = [c for c in ranked if c.passage.paragraph.id not in quoted]
    near = [c for c in more if behind(ranked[0], c) <= APART]
    rest = told_of_the_rest(query, ranked[0], near, most=AGAIN)
    more = [c for c in more if all(c is not there for there, _ in rest)]
    return rest + told_again(query, ranked[0], more, most=AGAIN)


def _further(
    apart: Sequence[Candidate], ranked: Sequence[Candidate], chosen: Sequence[Candidate]
) -> list[Candidate]:
    """The passage that best answers a further question, if it is new.

    The further question may only lean on the first ("…, and how long should they be?"), so that
    what bears on the whole counts too.
    """
    whole = {c.passage.paragraph.id: c for c in ranked if behind(ranked[0], c) <= APART}
    bearing = [c for c in apart if c.passage.paragraph.id in whole]
    if not bearing:
        return []
    best = max(
        bearing, key=lambda c: c.relevance + WHOLE_TOO * whole[c.passage.paragraph.id].relevance
    )
    there = {c.passage.paragraph.id for c in chosen}
    return [best] if best.passage.paragraph.id not in there else []


def _of_committee(candidate: Candidate) -> bool:
    """Whether one who examines speaks, or the document itself."""
    turn = candidate.passage.paragraph.voice_at(candidate.best.start)
    return turn is None or candidate.side == "committee"
