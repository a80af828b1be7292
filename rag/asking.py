"""A question → passages that bear on it, and from them an answer whose claims were checked.

The steps one after another; what they are made with is chosen in `rag.record`. What
only answers need is imported when a question is asked, not when one only searches. Longer
than most: the whole way stands here, to be read from end to end.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import replace
from itertools import zip_longest
from typing import TYPE_CHECKING, Protocol, TypeAlias

from rag import recommended, remarks
from rag.config import Settings
from rag.domain import (
    QA,
    Answer,
    Citation,
    Claim,
    Filters,
    Found,
    NoAnswer,
    Paragraph,
    Passage,
    ResolvedCitation,
    Searched,
)
from rag.errors import BadQuestion
from rag.linking import replied, vocabulary
from rag.parse.states import is_organisation, state_named, states_in
from rag.query import Query, Subject, set_apart, understand
from rag.retrieve import Fusion, retrieve
from rag.spoken import spoken
from rag.subject import by_kind, compared, subject_of

if TYPE_CHECKING:
    from llama_index.core.llms import LLM

    from rag.answer.converse import Resolved
    from rag.answer.evidence import Candidate
    from rag.answer.front import Front
    from rag.answer.quote import Draft
    from rag.answer.upheld import Meaning
    from rag.reader import Reader
    from rag.store.index import Encode, Index

MAX_QUESTION = 4_000  # characters
# Of a question that may go on from the one before; seen on such questions written for it.
CLEARLY = 0.2  # by how much likelier it is answered alone
ADDS = 0.02  # by how much likelier with the subject before, where one paragraph answers both
_MEMBERS = re.compile(
    r"\bcommittee(?:['’]s)? (?:members?|experts?)\b|\bmembers? of the committee\b", re.IGNORECASE
)
ALL_HELD, HARDLY_HELD = 0.95, 0.5  # share of its words in what is quoted

# The question, read; what search found; what it can mean of that; replies and how likely.
_Looked: TypeAlias = "tuple[Query, list[Passage], list[Passage], dict[str, float]]"


class Parts(Protocol):
    """What a question is asked with: `rag.record.Record`, which makes each when first needed."""

    settings: Settings

    @property
    def index(self) -> Index:
        """The stores."""
        ...

    @property
    def encoder(self) -> Encode:
        """Texts → unit vectors, shape (n, dimension)."""
        ...

    @property
    def reader(self) -> Reader:
        """What tells whether a text answers a question."""
        ...

    @property
    def meaning(self) -> Meaning:
        """What tells what a statement and the record mean."""
        ...

    def model(self, named: str | LLM | None = None) -> LLM | None:
        """The language model of this name, or else the settings'."""
        ...

    def cite(self, text: str) -> list[ResolvedCitation]:
        """Find every citation in a text and the paragraphs it points at."""
        ...


class Asking:
    """The way of a question through the parts."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def search(self, question: str, filters: Filters, limit: int) -> list[Passage]:
        """Rank the paragraphs that bear on a question.

        Raises:
            BadQuestion: it is empty or too long.

        """
        asked, subject = self._understood(_checked(question))
        return self._retrieve(asked, subject, filters, limit)

    def _retrieve(
        self, query: Query, subject: Subject, filters: Filters, limit: int
    ) -> list[Passage]:
        index, chosen = self._parts.index, self._parts.settings
        limits = index.limits(filters, named=state_named)
        if subject.only:
            meant = subject.documents.intersection(limits.documents or subject.documents)
            limits = replace(limits, documents=tuple(sorted(meant)))
        return retrieve(
            query,
            subject,
            words=index.words,
            vectors=index.vectors,
            catalog=index.catalog,
            embed=self._parts.encoder,
            limits=limits,
            limit=limit,
            fusion=Fusion(
                chosen.fusion,
                chosen.meaning_weight,
                chosen.pair_weight,
                chosen.feedback,
                chosen.neighbour_weight,
                chosen.sentence_weight,
            ),
        )

    def _understood(self, text: str) -> tuple[Query, Subject]:
        """What a question asks for, and what it is about among the documents that are here.

        The index is made ready for searching before.
        """
        text, kind = by_kind(text)
        index, query = self._parts.index, understand(text)
        index.check()
        index.recover(self._parts.encoder)
        query = spoken(query, index.facts())
        query = replace(query, kind=kind, compared=compared(text, index.facts()))
        subject = subject_of(query, index.facts(), index.words.terms, kind)
        cited = (
            p.id for found in self._parts.cite(text) if found.resolved for p in found.paragraphs
        )
        subject = replace(subject, paragraphs=tuple(dict.fromkeys(cited)))
        return set_apart(query, subject), subject

    def answering(
        self,
        question: str,
        filters: Filters | None,
        history: Sequence[QA],
        llm: str | LLM | None,
        *,
        streamed: bool,
    ) -> Generator[Found | Claim | Answer | NoAnswer]:
        """Answer a question, and tell each step; see `rag.record.Record.ask_stream`."""
        from rag.answer.lean import NO_REPLY, NOT_FOUND
        from rag.answer.silence import CONTRADICTED

        began = time.perf_counter()
        model = self._parts.model(llm)
        meant = self._meant(question, history, model)
        filters = filters or Filters()
        if model is not None:  # it has read what was asked before
            meant = replace(meant, perhaps=None)
        meant, looked, quoted = self._read(meant, filters)
        query, found, passages, linked = looked
        asked, searched = meant.question, self._searched(filters)
        front = self._front(question, query, filters, history)
        if front.claims:
            given = [Passage(each, 1.0, "words") for each in front.given if each.label]
            passages = [*given, *(each for each in passages if each.paragraph not in front.given)]
            yield Found(question, asked, tuple(passages), searched)
            yield from front.claims
            seconds = time.perf_counter() - began
            yield Answer(
                question,
                front.claims,
                (),
                tuple(passages),
                searched,
                seconds,
                asked,
                note=front.note,
            )
            return
        yield Found(question, asked, tuple(passages), searched)
        if front.note:
            yield NoAnswer(question, front.note, tuple(passages[:3]), searched, asked=asked)
            return
        if not passages:
            none = NOT_FOUND.get(meant.seeks or "", NO_REPLY)
            why = none if found else remarks.nothing(query, searched)
            yield NoAnswer(question, why, tuple(found[:3]), searched, asked=asked)
            return
        if model is not None:
            draft = yield from self._write(query, passages, linked, model, streamed=streamed)
            unreplied = ""
        else:
            quoted = quoted or self._quote(query, passages, linked)
            draft, after = self._advised(query, quoted)
            draft, unreplied = self._answered(query, draft)
            draft, listed = recommended.with_list(
                self._parts.index.catalog, query, draft, vocabulary(self._parts.index), self._near
            )
            unreplied = " ".join(part for part in (after, unreplied, listed) if part)
        given = [passage.paragraph for passage in draft.passages]
        claims = [self._checked_claim(claim, given) for claim in draft.claims]
        shown = tuple(claim for claim in claims if claim.verified)
        rejected = tuple(claim for claim in claims if not claim.verified)
        seconds = time.perf_counter() - began
        reason = self._refusal(query, draft, shown, rejected)
        if reason is not None:
            reason = NOT_FOUND.get(meant.seeks or "", reason)
            nearest = draft.passages[:3]
            # What contradicts the question is all there is to say of it.
            lacking = () if reason.startswith(CONTRADICTED) else self._lacking(asked, nearest)
            yield NoAnswer(
                question,
                reason,
                nearest,
                searched,
                rejected,
                seconds,
                asked,
                draft.passages,
                draft.usage,
                lacking,
            )
            return
        if model is None:
            yield from claims
        yield Answer(
            question,
            shown,
            rejected,
            draft.passages,
            searched,
            seconds,
            asked,
            draft.usage,
            " ".join(
                filter(
                    None,
                    (
                        draft.note,
                        remarks.note(self._parts.index, self._parts.meaning, query, draft, shown),
                        unreplied,
                    ),
                )
            ),
        )

    def _front(self, question: str, query: Query, filters: Filters, history: Sequence[QA]) -> Front:
        """What records print of the meeting itself, checked, where that is asked for.

        After an answer it is asked of the meetings on the State that the answer was on.
        """
        from rag.answer.front import RECORDS, Front, about_the_meeting, front, gone_on_with

        index, nothing = self._parts.index, Front((), ())
        last = history[-1] if history else None
        asked = query.text
        if last and not about_the_meeting(asked):
            asked = gone_on_with(question, last.asked or last.question)
        if not about_the_meeting(asked):
            return nothing
        limited = index.limits(filters, named=state_named).documents
        known = [each.id for each in index.facts() if limited is None or each.id in limited]
        meant = [name for name in known if name in query.documents]
        if not meant and last:
            meant = self._of_one_state(last.cited, known)
        meant = meant or known
        if len(meant) > RECORDS:
            return nothing
        documents = [index.catalog.document(name) for name in meant]
        told = front(asked, documents, named=bool(query.documents & set(known)))
        checked = [self._checked_claim(claim, told.given) for claim in told.claims]
        held = tuple(claim for claim in checked if claim.verified)
        return replace(told, claims=held) if held or not told.claims else nothing

    def _of_one_state(self, cited: Sequence[str], known: Sequence[str]) -> list[str]:
        """The documents that are on the State which those cited are on, or those themselves."""
        there = {Citation.parse(each).symbol for each in cited}
        states = {each.id: each.state for each in self._parts.index.facts()}
        on = {states.get(name) for name in there} - {None}
        return [name for name in known if name in there or states.get(name) in on]

    def _looked(self, meant: Resolved, filters: Filters) -> _Looked:
        """What a question as it is meant asks for, and what is found for it."""
        from rag.answer.observations import asks_what_is_recommended

        query, subject = self._understood(meant.question)
        depth = max(20, self._parts.settings.limit)
        committee = asks_what_is_recommended(query) or _MEMBERS.search(query.text) is not None
        wide = 3 if meant.seeks or committee else 1
        found = self._retrieve(query, subject, filters, wide * depth)
        if query.compared:
            found = self._of_each(query, subject, filters, depth)
        if committee:  # what States recommend in a report on a review is not the Committee's
            found = [each for each in found if not recommended.of_review(each)]
        passages, linked = replied(self._parts, query, self._leant(found, meant, query)[:depth])
        return query, found, passages, linked

    def _of_each(
        self, query: Query, subject: Subject, filters: Filters, depth: int
    ) -> list[Passage]:
        """What is found for each of the States that are compared, in turns."""
        found: list[list[Passage]] = []
        for state in query.compared:
            on = {each.id for each in self._parts.index.facts() if each.state == state}
            there = on & subject.documents or on
            found.append(
                self._retrieve(
                    query, replace(subject, documents=frozenset(there), only=True), filters, depth
                )
            )
        return [each for row in zip_longest(*found) for each in row if each is not None]

    def _read(self, meant: Resolved, filters: Filters) -> tuple[Resolved, _Looked, Draft | None]:
        """What is found for a question; of two readings, with what is quoted for the likelier one."""
        if meant.perhaps:
            return self._likelier(meant, meant.perhaps, filters)
        return meant, self._looked(meant, filters), None

    def _likelier(
        self, alone: Resolved, leaning: Resolved, filters: Filters
    ) -> tuple[Resolved, _Looked, Draft | None]:
        """Of two readings of a question the one that the record answers rather.

        It goes on from the question before unless it is answered clearly better alone, or what
        answers it alone holds all its words and what answers it otherwise hardly any. Where the
        same paragraph answers both, the subject before must make it likelier.
        """
        from rag.answer.terms import coverage, terms_of

        read: list[tuple[Resolved, _Looked, Draft | None]] = []
        for meant in (alone, leaning):
            looked = self._looked(meant, filters)
            query, _, passages, linked = looked
            read.append((meant, looked, self._quote(query, passages, linked) if passages else None))
        own, other = (draft for *_, draft in read)
        if own is None or other is None or not other.claims:
            return read[0] if own is not None else read[1]
        words = vocabulary(self._parts.index)
        terms = terms_of(read[0][1][0], words)
        held = [
            coverage(terms, set(words.terms(" ".join(claim.quote for claim in draft.claims))))
            for draft in (own, other)
        ]
        strays = held[0] > ALL_HELD and held[1] < HARDLY_HELD
        same = own.claims and own.claims[0].citation == other.claims[0].citation
        better = own.confidence - other.confidence
        return read[0] if strays or better > (-ADDS if same else CLEARLY) else read[1]

    def _advised(self, query: Query, draft: Draft) -> tuple[Draft, str]:
        """What concluding observations recommend, where it is asked what a committee does.

        On the subject asked for, as they name it or the concern before does; else what stands after
        the concern that was found: "the State party should … end such practices".
        """
        from rag.answer.confidence import model
        from rag.answer.quote import with_advice
        from rag.answer.silence import advises, asks_advice

        if told := self._of_a_committee(query, draft):
            return told
        if query.takes or not draft.claims or not asks_advice(query):
            return draft, ""
        first = draft.claims[0]
        if draft.confidence < model().threshold or advises(first.quote, bool(first.speaker)):
            return draft, ""
        given = (p.paragraph for p in draft.passages if p.paragraph.citation == first.citation)
        paragraphs = recommended.under_one_heading(self._parts.index.catalog, next(given, None))
        if not paragraphs:
            return draft, ""
        words = vocabulary(self._parts.index)
        found = with_advice(draft, query, paragraphs, vocabulary=words, near=self._near)
        label = found.claims[0].citation.first
        if found.claims[0].citation == first.citation:
            return found, ""
        return found, f"Para. {label} stands after the concern in para. {first.citation.first}."

    def _of_a_committee(self, query: Query, draft: Draft) -> tuple[Draft, str] | None:
        """What the committee's own documents that are meant say of what is asked for."""
        from rag.answer.quote import quoted

        index = self._parts.index
        words = vocabulary(index)
        found = recommended.of_a_committee(index.catalog, query, index.facts(), words, self._near)
        if found is None:
            return None
        paragraphs, more = found
        claims = quoted(query, paragraphs, vocabulary=words, near=self._near)
        return recommended.in_place_of(draft, claims, paragraphs), more

    def _answered(self, query: Query, draft: Draft) -> tuple[Draft, str]:
        """What members only ask, with the delegation's reply; else that none was found.

        Where the question wants neither side's words or both, and nobody else is quoted.
        """
        from rag.answer.confidence import model
        from rag.answer.quote import with_reply
        from rag.linking import reply_to

        wanted = draft.only_asks or query.side == "both"
        if not wanted or draft.confidence < model().threshold:
            return draft, ""
        if not draft.claims or any(not c.speaker or c.delegation for c in draft.claims):
            return draft, ""
        by = {str(passage.paragraph.citation): passage for passage in draft.passages}
        quoted = [(by[str(c.citation)], c.quote) for c in draft.claims if str(c.citation) in by]
        found = reply_to(self._parts, query, quoted)
        if found is None:
            return draft, ""
        if found.reply is None:
            return draft, "" if query.side == "both" else remarks.no_reply_to(found.speaker)
        words = vocabulary(self._parts.index)
        return with_reply(
            draft, query, found.asked, found.reply, vocabulary=words, near=self._near
        ), ""

    def _checked_claim(self, claim: Claim, given: Sequence[Paragraph]) -> Claim:
        from rag.answer.cited import masthead
        from rag.answer.verify import verify

        def printed(name: str) -> str | None:
            facts = self._parts.index.facts()
            each = next((each for each in facts if each.id == name), None)
            return each and masthead(each.symbol, each.body, each.state, each.day)

        return verify(claim, given, masthead=printed, meaning=self._parts.meaning)

    def _meant(self, question: str, history: Sequence[QA], model: LLM | None = None) -> Resolved:
        """The question as it stands alone, read with what was asked before.

        A model may put it in better words; what it points back at is told by rules.
        """
        from rag.answer.converse import resolve

        def states(text: str) -> list[tuple[int, int, str]]:
            known = [
                (there.start(), there.end(), name)
                for name in dict.fromkeys(each.state for each in self._parts.index.facts())
                if name and (there := re.search(rf"\b{re.escape(name)}\b", text))
            ]
            found = [each for each in states_in(text) if not is_organisation(each[2])]
            return found or known

        meant = resolve(_checked(question), history, states=states)
        if model is None or not history:
            return meant
        from rag.answer.rewrite import rewrite

        before = [replace(qa, question=qa.asked or qa.question) for qa in history]
        return replace(meant, question=rewrite(question, before, model) or meant.question)

    def _leant(self, found: Sequence[Passage], meant: Resolved, query: Query) -> list[Passage]:
        """What was found, as far as the question can mean it.

        What goes on from an answer and names no State stays with the State that it was on.
        """
        from rag.answer.lean import lean

        cited = [
            p for each in meant.cited for one in self._parts.cite(each) for p in one.paragraphs
        ]
        states = {each.id: each.state for each in self._parts.index.facts()} if cited else {}
        if cited and not query.documents:
            there = {each.document for each in cited}
            on = {states.get(name) for name in there} - {None}
            found = [
                p
                for p in found
                if p.paragraph.document in there or states.get(p.paragraph.document) in on
            ] or found
        return lean(found, meant, cited, states)

    def _quote(
        self, query: Query, passages: Sequence[Passage], linked: Mapping[str, float]
    ) -> Draft:
        from rag.answer import positions
        from rag.answer.confidence import model
        from rag.answer.quote import quote

        catalog, words = self._parts.index.catalog, vocabulary(self._parts.index)

        def drafted(query: Query, among: Sequence[Passage]) -> Draft:
            return quote(
                query,
                among,
                vocabulary=words,
                near=self._near,
                linked=linked,
                read=self._parts.reader.answers,
            )

        if query.takes and (told := self._taken(query, passages, drafted)):
            return told
        heads = recommended.heads(catalog, passages)
        made = recommended.made(catalog, query, passages, heads, words)
        elsewhere = [p for p in passages if not recommended.of_review(p)] if made else []
        if elsewhere and drafted(query, elsewhere).confidence >= model().threshold:
            made = []  # the State was asked about it, too, and not only recommended to do it
        if not made:
            return drafted(query, passages)
        # What others recommended, and what became of it.
        draft = drafted(replace(query, side="committee"), made)
        claims = positions.with_positions(draft.claims, made, heads)
        given = (*draft.passages, *(Passage(head, 0.0, "reply") for head in heads.values()))
        return replace(draft, claims=claims, passages=given)

    def _taken(
        self,
        query: Query,
        passages: Sequence[Passage],
        drafted: Callable[[Query, Sequence[Passage]], Draft],
    ) -> Draft | None:
        """What of the recommendations to a State is on what it is asked about as accepting.

        Behind them what it said of it elsewhere, where that answers.
        """
        from rag.answer.confidence import model
        from rag.answer.listing import by_position, on_the_subject
        from rag.answer.positions import with_positions

        catalog, words = self._parts.index.catalog, vocabulary(self._parts.index)
        given = recommended.with_all_listed(catalog, query, passages)
        heads = recommended.heads(catalog, given)
        made = recommended.made(catalog, query, given, heads, words)
        meant = on_the_subject(query, [p.paragraph for p in made], words, self._near)
        if not meant:
            return None
        claims, note = by_position(meant, heads)
        quoted = [Passage(paragraph, 1.0, "reply") for paragraph in meant]
        claims = with_positions(claims, quoted, heads)
        elsewhere = [p for p in passages if not recommended.of_review(p)]
        other = drafted(query, elsewhere or passages)
        if elsewhere and other.confidence >= model().threshold:
            claims = (*claims, *other.claims[:1])
        heading = [Passage(head, 0.0, "reply") for head in heads.values()]
        rest = [p for p in (*other.passages, *passages) if p.paragraph not in meant]
        return replace(
            other,
            claims=claims,
            passages=(*quoted, *dict.fromkeys(rest), *heading),
            confidence=1.0,
            only_asks=False,
            note=note,
        )

    def _near(
        self, question: str, places: Sequence[tuple[Paragraph, Sequence[tuple[int, int]]]]
    ) -> list[list[float]]:
        from rag.answer.near import nearness

        return nearness(
            question, places, encode=self._parts.encoder, stored=self._parts.index.vectors.sentences
        )

    def understood(self, question: str, history: Sequence[QA]) -> str:
        """The question as it stands alone, of two readings the one that the record answers rather."""
        meant = self._meant(question, history)
        return (self._read(meant, Filters())[0] if meant.perhaps else meant).question

    def candidates(
        self, question: str, history: Sequence[QA], read: int | None = None
    ) -> list[Candidate]:
        """The passages that a question finds, each with the evidence for it (for calibration)."""
        from rag.answer.evidence import own, weigh
        from rag.answer.quote import CANDIDATES
        from rag.answer.readings import read_best

        _, looked, _ = self._read(self._meant(question, history), Filters())
        query, _, passages, linked = looked
        found = weigh(
            query,
            passages[:CANDIDATES],
            vocabulary=vocabulary(self._parts.index),
            near=self._near,
            linked=linked,
        )
        mine = sorted(own(query, found), key=lambda candidate: -candidate.relevance)
        most = len(mine) if read is None else read
        return read_best(query, mine, self._parts.reader.answers, passages=most) if mine else []

    def _write(
        self,
        query: Query,
        passages: Sequence[Passage],
        linked: Mapping[str, float],
        model: LLM,
        *,
        streamed: bool,
    ) -> Generator[Claim, None, Draft]:
        """Have a model write, and give each claim with its checks; the value is the draft."""
        from rag.answer.calls import Patience
        from rag.answer.generate import writing

        chosen = self._parts.settings
        ranked = self._quote(query, passages, linked).passages
        draft = yield from writing(
            query,
            ranked,
            llm=model,
            check=self._checked_claim,
            budget=chosen.llm_budget,
            patience=Patience(chosen.llm_patience),
            streamed=streamed,
        )
        if draft.usage is None:
            return draft
        usage = draft.usage.priced(chosen.llm_price_in, chosen.llm_price_out)
        return replace(draft, usage=usage)

    def _refusal(
        self, query: Query, draft: Draft, shown: Sequence[Claim], rejected: Sequence[Claim]
    ) -> str | None:
        return remarks.refusal(self._parts.index.facts(), query, draft, shown, rejected)

    def _lacking(self, asked: str, nearest: Sequence[Passage]) -> tuple[str, ...]:
        return remarks.lacking(self._parts.index, asked, nearest)

    def _searched(self, filters: Filters) -> Searched:
        index = self._parts.index
        limited = index.limits(filters, named=state_named).documents
        return Searched(*index.extent(limited), filters.told())


def _checked(question: str) -> str:
    text = " ".join(question.split())
    if not text:
        raise BadQuestion("The question is empty; ask something.")
    if len(text) > MAX_QUESTION:
        raise BadQuestion(
            f"The question has {len(text):,} characters; ask in at most {MAX_QUESTION:,}."
        )
    return text
