"""The things this product is about: frozen values, no input or output.

A `Document` is an official record cut at its printed numbers; a `Citation`
points into it; a `Claim` is a statement with its citation. All the nouns stand in this
one module, which is longer than others for it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Literal

from rag.errors import BadCitation

Role = Literal["member", "delegation", "chair", "secretariat", "observer"]
FoundBy = Literal["words", "meaning", "both", "reply"]  # "reply": to a question that was found
Format = Literal["text", "pdf", "ocr", "word", "html"]
Status = Literal["answered", "partly", "deferred", "no reply found"]


@dataclass(frozen=True, slots=True)
class Note:
    """What the reader repaired, inferred or doubted."""

    kind: str  # "number gap", "symbol from file name", …
    where: str  # a paragraph label, a line, or "" for the whole document
    what: str  # one sentence


@dataclass(frozen=True, slots=True)
class LineHint:
    """What the layout of the source says of one line of the text."""

    indent: float = 0.0  # from the column's left edge, in points; 0 where it is not known
    opens: bool = False  # a block begins here: its own element, a gap above, a first-line indent
    heading: bool = False  # set as a heading: a heading element, or bold or centred and apart
    number: bool = False  # begins with a number set apart: a computed one, or one with a tab
    italic: bool = False  # set in italics as a whole


@dataclass(frozen=True, slots=True)
class Footnote:
    """A footnote, kept apart from the text that refers to it."""

    mark: str  # as printed: "12", "*", "a"
    text: str
    page: int | None = None


@dataclass(frozen=True, slots=True)
class SourceText:
    r"""A file as read: its text, where its pages begin, and what its layout says.

    `hints` has one entry for each line of `text.split("\n")`, or none at all where
    the format has no layout (plain text). `references` says where the mark of a footnote
    stood, as far as the format tells: (offset into text, place in `footnotes`).
    """

    path: Path
    sha256: str
    text: str
    pages: tuple[tuple[int, int], ...] = ()  # (offset into text, page number), ascending
    notes: tuple[Note, ...] = ()
    hints: tuple[LineHint, ...] = ()
    footnotes: tuple[Footnote, ...] = ()
    format: Format = "text"
    ocr_pages: tuple[int, ...] = ()  # numbers of the pages read by character recognition
    references: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Turn:
    """Who holds the floor, from paragraph `first` to `last` (ordinals, inclusive)."""

    speaker: str  # "Mr. Suindikov", as printed
    role: Role
    delegation: str | None  # "Kazakhstan"; None for a committee member
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Voice:
    """A part of a paragraph that somebody speaks; `text[start:end]` of that paragraph.

    A paragraph with one speaker has none; its `turn` says who it is. Where two or more
    speak in one paragraph, the voices cover it from end to end, in order.
    """

    start: int
    end: int
    speaker: str
    role: Role
    delegation: str | None


@dataclass(frozen=True, slots=True)
class SubParagraph:
    """A bracketed part of a paragraph, (a) or (a) (ii); `text[start:end]` of that paragraph."""

    mark: str  # "(a)", "(a) (ii)"
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Heading:
    """A line that stands above a paragraph."""

    text: str
    before: str | None  # label of the next paragraph; None after the last one
    documents: tuple[str, ...] = ()  # symbols that the heading cites
    section: str | None = None  # the section of the next paragraph, where numbering restarts


@dataclass(frozen=True, slots=True)
class AgendaItem:
    """An item of the agenda, as the masthead or a heading prints it."""

    number: str | None  # "4", "62 (a)"
    title: str
    documents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Event:
    """An unnumbered line of the record: called to order, suspended, rose."""

    text: str
    after: str | None  # label of the paragraph before it; None before the first


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One numbered paragraph; `document.text[start:end] == text` always."""

    document: str  # the document's id
    label: str  # as printed: 25, 7.2, 14 bis, 126.48; "p. 4" in a verbatim record
    ordinal: int  # place in the document, from 0
    text: str  # without the number
    start: int
    end: int
    inferred: bool = False  # the number was not printed
    page: int | None = None
    heading: str | None = None
    turn: Turn | None = None
    section: str | None = None  # tells restarted numbering apart: "annex I"
    part: int = 1  # counts units with one label: the speeches on a page of a verbatim record
    ocr: bool = False  # the number was read by character recognition
    voices: tuple[Voice, ...] = ()  # who speaks where, if it is not one speaker alone

    @property
    def id(self) -> str:
        """`SYMBOL#label`, `SYMBOL#section:label` where numbering restarts, `SYMBOL#p. 4/2`."""
        where = f"{self.section}:{self.label}" if self.section else self.label
        return (
            f"{self.document}#{where}" if self.part == 1 else f"{self.document}#{where}/{self.part}"
        )

    @property
    def citation(self) -> Citation:
        """Its pinpoint."""
        return Citation(self.document, self.section, self.label)

    def voice_at(self, offset: int) -> Voice | Turn | None:
        """Who speaks at an offset into the paragraph's text; None in narrative."""
        for voice in self.voices:
            if voice.start <= offset < voice.end:
                return voice
        return self.turn

    @property
    def speakers(self) -> tuple[Voice | Turn, ...]:
        """Everybody who speaks in it, in order; nobody in narrative."""
        return self.voices or ((self.turn,) if self.turn else ())

    @property
    def continued(self) -> bool:
        """Whether the paragraph goes on with a turn that began in an earlier one."""
        return self.turn is not None and self.turn.first < self.ordinal


@dataclass(frozen=True, slots=True)
class Exchange:
    """A committee's question and what the delegation replied to it."""

    asked: Paragraph
    start: int  # span of the question within that paragraph's text
    end: int
    replies: tuple[Paragraph, ...]  # the likeliest first; of the same record or a later meeting's
    status: Status


@dataclass(frozen=True, slots=True)
class Document:
    """A record cut into paragraphs."""

    id: str  # the symbol when there is one, else a slug of the file's name
    symbol: str | None
    title: str
    kind: str  # "summary record", "concluding observations", …
    body: str | None  # "Human Rights Committee"
    session: str | None
    meeting: int | None
    held_on: date | None
    issued_on: date | None
    place: str | None
    chair: str | None
    language: str
    state: str | None  # the State under review
    source: Path
    sha256: str
    text: str
    paragraphs: tuple[Paragraph, ...]
    headings: tuple[Heading, ...] = ()
    events: tuple[Event, ...] = ()
    notes: tuple[Note, ...] = ()
    footnotes: tuple[Footnote, ...] = ()
    agenda: tuple[AgendaItem, ...] = ()
    reissue: str | None = None  # the mark behind the symbol: "*", "**"


_CANONICAL = re.compile(
    r"^(?P<symbol>(?!paras?\.|pp?\. )[^,#]+?)"
    r"(?:, (?P<section>(?!paras? ?\.|paras |pp?\. )[^,]+))?"
    r"(?:, pp?\. (?P<page>[0-9]+)(?:–(?P<last_page>[0-9]+))?"
    r"|, paras?\. (?P<first>[0-9]+(?:\.[0-9]+)*(?: (?:bis|ter|quater))?)"
    r"(?:–(?P<last>[0-9]+(?:\.[0-9]+)*(?: (?:bis|ter|quater))?))?"
    r"(?: (?P<sub>\([a-z0-9]+\)(?: \([a-z0-9]+\))*))?)?$"
)


@dataclass(frozen=True, slots=True)
class Citation:
    """A pinpoint: a document, and where in it.

    `str()` gives the form of the UN Editorial Manual ("CCPR/C/SR.3272, paras. 25–27",
    "S/PV.8422, p. 4"); `Citation.parse` is its inverse. Free text is read by `rag.cite`.
    """

    symbol: str
    section: str | None = None
    first: str | None = None  # None: the whole document
    last: str | None = None  # None: a single paragraph
    sub: str | None = None  # "(b)", "(a) (ii)"

    def __str__(self) -> str:
        parts = [self.symbol]
        if self.section:
            parts.append(self.section)
        if self.first and self.first.startswith("p. "):
            end = self.last.removeprefix("p. ") if self.last else None
            parts.append(f"p{self.first}–{end}" if end else self.first)
        elif self.first:
            pinpoint = f"paras. {self.first}–{self.last}" if self.last else f"para. {self.first}"
            parts.append(f"{pinpoint} {self.sub}" if self.sub else pinpoint)
        return ", ".join(parts)

    @classmethod
    def parse(cls, text: str) -> Citation:
        """Read the canonical form.

        Raises:
            BadCitation: the text is not in that form.

        """
        match = _CANONICAL.match(text)
        if match is None:
            raise BadCitation(f"{text!r} is not a citation such as 'CCPR/C/SR.3272, para. 25'.")
        found = match.groupdict()
        page, last_page = found.pop("page"), found.pop("last_page")
        if page:
            found |= {"first": f"p. {page}", "last": f"p. {last_page}" if last_page else None}
        return cls(**found)


@dataclass(frozen=True, slots=True)
class Chunk:
    """A paragraph, or a window of one that is over the token budget."""

    id: str  # the paragraph's id, or that with ~2, ~3 …
    text: str  # what is embedded: a line of context, then the words
    paragraph: str  # the paragraph's id
    start: int  # span within the paragraph's text
    end: int
    pieces: tuple[tuple[int, int], ...] = ()  # spans of its sentences, within that text


@dataclass(frozen=True, slots=True)
class Filters:
    """What a search is limited to; None or empty means no limit."""

    symbols: tuple[str, ...] = ()
    speaker: str | None = None
    delegation: str | None = None
    role: Role | None = None
    held_from: date | None = None
    held_to: date | None = None
    body: str | None = None  # "Human Rights Committee", or as symbols have it: "CCPR"
    state: str | None = None  # the State under review
    heading: str | None = None  # words of the heading that a paragraph stands under

    def __bool__(self) -> bool:
        return self != Filters()

    def told(self) -> tuple[str, ...]:
        """What it is limited to, in words: ("document: A/HRC/28/10", "speaker: Ms. Doukaris")."""
        named = {
            "document": ", ".join(self.symbols) or None, "speaker": self.speaker,
            "delegation": self.delegation, "role": self.role,
            "from": self.held_from and self.held_from.isoformat(),
            "until": self.held_to and self.held_to.isoformat(), "body": self.body,
            "State": self.state, "heading": self.heading,
        }  # fmt: skip
        return tuple(f"{what}: {value}" for what, value in named.items() if value)


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph that was found, with its score in [0, 1] and what found it."""

    paragraph: Paragraph
    score: float
    by: FoundBy


@dataclass(frozen=True, slots=True)
class Check:
    """One test that a claim went through."""

    kind: str  # citation, quotation, figures, speaker
    passed: bool
    why: str = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """A statement of an answer, the words of the record it rests on, and where they stand."""

    text: str
    quote: str
    citation: Citation
    speaker: str | None = None
    delegation: str | None = None
    checks: tuple[Check, ...] = ()

    @property
    def verified(self) -> bool:
        """Whether it was checked and nothing failed."""
        return bool(self.checks) and all(check.passed for check in self.checks)


@dataclass(frozen=True, slots=True)
class Searched:
    """What was looked through."""

    documents: int
    paragraphs: int
    limits: tuple[str, ...] = ()  # what it was limited to: "speaker: Ms. Doukaris"


@dataclass(frozen=True, slots=True)
class Usage:
    """What a language model took for an answer."""

    model: str
    tokens_in: int
    tokens_out: int
    cost: float | None = None  # in the currency of the prices in the settings; None without them
    estimated: bool = False  # counted here, since the model's server does not tell

    def priced(self, price_in: float | None, price_out: float | None) -> Usage:
        """Put a cost to it, from prices of a million tokens; None where one is not known."""
        if price_in is None or price_out is None:
            return replace(self, cost=None)
        return replace(self, cost=(self.tokens_in * price_in + self.tokens_out * price_out) / 1e6)


@dataclass(frozen=True, slots=True)
class Found:
    """What an answer will be made from, before it is made."""

    question: str
    asked: str  # the question as resolved against the history
    passages: tuple[Passage, ...]
    searched: Searched


@dataclass(frozen=True, slots=True)
class Answer:
    """Claims that passed every check, and those that did not."""

    question: str
    claims: tuple[Claim, ...]
    rejected: tuple[Claim, ...]
    passages: tuple[Passage, ...]
    searched: Searched
    seconds: float = 0.0
    asked: str = ""  # the question as resolved against the history
    usage: Usage | None = None  # what a language model took, where one was asked
    note: str = ""  # what a reader must know beside it: that no reply was found

    @property
    def nearest(self) -> tuple[Passage, ...]:
        """An answer shows what it cites; nothing else is offered."""
        return ()


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """The record does not say: a value, not an exception."""

    question: str
    reason: str
    nearest: tuple[Passage, ...]
    searched: Searched
    rejected: tuple[Claim, ...] = ()
    seconds: float = 0.0
    asked: str = ""
    passages: tuple[Passage, ...] = field(default=())
    usage: Usage | None = None
    lacking: tuple[str, ...] = ()  # symbols that the nearest cite and the index lacks


@dataclass(frozen=True, slots=True)
class FoundCitation:
    """A citation found in free text at `text[start:end]`.

    `paras` holds (first, last) pairs in the order of the text; sub-paragraphs stay
    with their number ("12 (b)"). `symbol` is None where the text alone does not tell it;
    `named` is then what it calls the document, if it does ("replies to list of issues").
    """

    start: int
    end: int
    symbol: str | None
    section: str | None = None
    paras: tuple[tuple[str, str], ...] = ()
    named: str = ""


@dataclass(frozen=True, slots=True)
class ResolvedCitation:
    """A citation found in free text, with the paragraphs it points at.

    `parts` says of each of `paragraphs` which sub-paragraph of it is meant, None for the
    whole; one with an empty span is not there. A paragraph stands once for each of its parts.
    """

    found: FoundCitation
    resolved: bool
    paragraphs: tuple[Paragraph, ...] = ()
    parts: tuple[SubParagraph | None, ...] = ()
    why: str = ""  # where it did not resolve: what is missing, in one sentence


@dataclass(frozen=True, slots=True)
class AddReport:
    """What adding files did; names are document ids, `failed` holds (path, sentence)."""

    added: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    replaced: tuple[str, ...] = ()
    failed: tuple[tuple[str, str], ...] = ()
    paragraphs: int = 0  # in the documents added or replaced
    embedded: int = 0  # chunks that the embedder had to encode


@dataclass(frozen=True, slots=True)
class QA:
    """One past question of a conversation, with what was answered and cited.

    Of a question that was refused, only the question is known.
    """

    question: str
    answer: str = ""
    cited: tuple[str, ...] = ()  # canonical citations
    asked: str = ""  # the question as resolved; empty where that is not known
    speakers: tuple[str, ...] = ()  # who speaks in what is cited, in the same order; "" for nobody

    @classmethod
    def of(cls, outcome: Answer | NoAnswer) -> QA:
        """What the next question needs to know of this one."""
        claims = outcome.claims if isinstance(outcome, Answer) else ()
        return cls.made(outcome.question, outcome.asked, claims)

    @classmethod
    def made(cls, question: str, asked: str, claims: tuple[Claim, ...]) -> QA:
        """Put it together from the claims of an answer; none where there was no answer."""
        said = {str(claim.citation): claim.speaker or "" for claim in reversed(claims)}
        cited = tuple(dict.fromkeys(str(claim.citation) for claim in claims))
        return cls(
            question=question,
            answer=" ".join(claim.text for claim in claims),
            cited=cited,
            asked=asked,
            speakers=tuple(said[each] for each in cited),
        )
