"""The parts of a draft → what is to be checked: quotations, statements, bare references.

A quotation goes with the citation that follows it nearest; a statement is what its sentence
says before the citation, or the sentence before where the citation stands alone, or the
sentence that carries the mark of the note that cites.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from rag.check.findings import Kind, Place
from rag.check.quotations import quotations
from rag.check.reading import Draft, Part
from rag.check.stating import count, has_verb, is_title, says, states
from rag.cite import HERE
from rag.domain import FoundCitation
from rag.sentences import sentences

SHORT = 4  # words; of a quotation with fewer the statement around it is checked too
_LOOSE = re.compile(
    r"^\W*(?:see also|see generally|see further|see|cf|compare|but see|contra)\b", re.IGNORECASE
)
_BESIDE = re.compile(
    r"\b(?:see also|see generally|see further|cf|compare|but see|contra)\b\W*$", re.IGNORECASE
)
_EMPTY = re.compile(
    r"[(\[]\s*(?:(?:see|see also|cf\.?|and|ibid\.?)?[\s,;.:]*)*[)\]]", re.IGNORECASE
)
_SIGNAL = re.compile(r"[(\[]?\b(?:see also|see|cf\.)\s*(?=[,;.)\]]|$)", re.IGNORECASE)
_BEGINS = re.compile(r"\s+[A-ZÀ-Þ][a-zà-þ]*\s")  # a sentence; a symbol has no small letters
_UNSEEN = re.compile(r"[\s“”„«»‹›\"]")  # what does not tell where a sentence ends
_RIGHT_BEHIND = 3  # words between a quotation and the citation that are of no other statement
# What names a document behind its paragraph: "of its written replies to the list of issues".
_NAME = re.compile(
    r"\s+(?:of|in|from|to)\s+(?:[^\s.,;:()]+\s+){1,6}?"
    r"(?:repl(?:y|ies)|responses|answers|list\s+of\s+issues|report|concluding\s+observations)\b"
    r"(?:\s+of\s+the\s+State\s+party)?(?:\s+to\s+the\s+list\s+of\s+issues)?"
)
_MORE = re.compile(r"\W*(?:and|but|while|whereas|although|though)\b|\W*;", re.IGNORECASE)
_CLOSERS = "\"'”’»›"


@dataclass(frozen=True, slots=True)
class Cited:
    """A citation of the draft with its place."""

    found: FoundCitation
    place: Place
    loose: bool = False  # behind "see also": to be read beside what is stated, not for it


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to check, with the citations that it goes with."""

    kind: Kind
    text: str  # what is quoted or stated
    place: Place
    cited: tuple[Cited, ...]
    around: str = ""  # of a quotation: its sentence, the words of quotations left out
    sure: bool = True  # of a quotation: that it is one, and not told by its indent alone


@dataclass(slots=True)
class _Group:
    """Citations that stand together."""

    start: int
    end: int
    cited: list[Cited]
    sentence: int = 0
    quoted: bool = False  # a quotation of some length goes with it
    places: set[Place] = field(default_factory=set[Place])

    def __post_init__(self) -> None:
        self.places = {each.place for each in self.cited}


@dataclass(slots=True)
class _Cut:
    """A part of the draft with its sentences, quotations and groups of citations."""

    number: int
    part: Part
    quotes: list[tuple[int, int]]
    spans: list[tuple[int, int]]
    groups: list[_Group]

    def sentence_at(self, offset: int) -> int:
        """The number of the sentence that an offset lies in, or that ends before it."""
        at = bisect_right(self.spans, offset, key=lambda span: span[1])
        return max(0, min(at, len(self.spans) - 1))


def items(draft: Draft) -> list[Item]:
    """Everything that is to be checked, in the order of the draft."""
    notes = {part.note: number for number, part in enumerate(draft.parts) if part.note}
    apart = [number for number, part in enumerate(draft.parts) if part.start is None]
    # Marks kept apart count the notes; marks in the text name them.
    by_mark: dict[str | None, int] = (
        {str(n): number for n, number in enumerate(apart)} if apart else {**notes}
    )
    bare = {number: _is_bare(part) for number, part in enumerate(draft.parts) if part.note}
    cuts = [_cut(draft, number, by_mark, bare) for number in range(len(draft.parts))]
    referred = {by_mark.get(mark) for part in draft.parts for *_, mark in part.marks}
    # The citations of a note that only cites belong to the sentence that carries its mark.
    own = [cut for cut in cuts if not (cut.number in referred and bare.get(cut.number))]
    quoted = {cut.number: _quoted(cut, cuts) for cut in own}
    return [item for cut in own for item in (*quoted[cut.number], *_stated(cut))]


def _is_bare(part: Part) -> bool:
    """Whether a note only cites: it neither quotes nor states anything."""
    quotes = _quotes(part)
    if any(count(part.text[a:b]) >= SHORT for a, b in quotes):
        return False
    return not has_verb(_without(part, 0, len(part.text)))


def _quotes(part: Part) -> list[tuple[int, int]]:
    """What a part quotes; the title of a document is no quotation."""
    found = quotations(part.text)
    return [(a, b) for a, b in found if not is_title(part.text[a:b])]


# -- cutting -------------------------------------------------------------------------------------


def _cut(draft: Draft, number: int, by_mark: dict[str | None, int], bare: dict[int, bool]) -> _Cut:
    part = draft.parts[number]
    quotes = [] if part.quoted else _quotes(part)
    cited = quotes or part.citations or part.marks
    spans = sentences(_masked(part, quotes)) if cited else []
    cut = _Cut(number, part, quotes, spans, [])
    anchors = [
        _Group(each.place.start, each.place.end, [each]) for each in _cited(part, number, quotes)
    ]
    for start, end, mark in part.marks:
        note = by_mark.get(mark)
        if note is None:
            continue
        cites = _cited(draft.parts[note], note, _quotes(draft.parts[note]))
        if cites and bare[note]:
            anchors.append(_Group(start, end, cites))
    raised = {start for start, *_ in part.marks}
    for anchor in sorted(anchors, key=lambda group: group.start):
        last = cut.groups[-1] if cut.groups else None
        anchor.sentence = cut.sentence_at(
            _carried_at(part.text, anchor.start) if anchor.start in raised else anchor.start
        )
        between = part.text[last.end : anchor.start] if last else ""
        same = last is not None and last.sentence == anchor.sentence
        if last and not says(between) and (same or "see" not in between.casefold()):
            last.end = max(last.end, anchor.end)
            last.cited += [each for each in anchor.cited if each.place not in last.places]
            last.places |= {each.place for each in anchor.cited}
            continue
        cut.groups.append(anchor)
    return cut


def _cited(part: Part, number: int, quotes: Sequence[tuple[int, int]]) -> list[Cited]:
    """The citations of a part; a pointer to the draft's own paragraphs is none."""
    return [
        Cited(
            each,
            Place(number, each.start, each.end),
            _BESIDE.search(part.text[max(0, each.start - 24) : each.start]) is not None,
        )
        for each in part.citations
        if not (each.symbol is None and each.named == HERE) and not _is_quoted(each, part, quotes)
    ]


def _is_quoted(cited: FoundCitation, part: Part, quotes: Sequence[tuple[int, int]]) -> bool:
    """Whether a citation is of the words quoted, and so the record's own."""
    at = bisect_right(quotes, cited.start, key=lambda quote: quote[0]) - 1
    if at < 0 or cited.end > quotes[at][1]:
        return False
    start, end = quotes[at]
    return count(f"{part.text[start : cited.start]} {part.text[cited.end : end]}") >= SHORT


def _masked(part: Part, quotes: Sequence[tuple[int, int]]) -> str:
    """The text with nothing in quotations, citations and marks that could end a sentence."""
    pieces = list(part.text)
    inside = [(start, _masked_to(part.text, start, end)) for start, end in quotes]
    for start, end in [*inside, *((c.start, c.end) for c in part.citations)]:
        for at in range(start, min(end, len(pieces))):
            if pieces[at] in ".!?:;\n":
                pieces[at] = ","
    for start, end, _ in part.marks:
        pieces[start:end] = " " * (end - start)
    return _UNSEEN.sub(" ", "".join(pieces))


def _masked_to(text: str, start: int, end: int) -> int:
    """A quotation's end, or its last full stop where a new sentence begins behind it."""
    ends = text[end - 1 : end] in (".", "!", "?") and _BEGINS.match(text, end + 1)
    return end - 1 if ends and end > start else end


def _carried_at(text: str, start: int) -> int:
    """An offset in the sentence that carries a mark: behind its last word, not in the next one."""
    at = start - 1
    while at > 0 and text[at].isspace():
        at -= 1
    return max(0, at)


def _without(part: Part, start: int, end: int) -> str:
    """A stretch of a part without its citations and marks of notes."""
    first = bisect_right(part.citations, start, key=lambda cited: cited.end)
    last = bisect_left(part.citations, end, key=lambda cited: cited.start)
    spans = [(c.start, _named_to(part.text, c)) for c in part.citations[first:last]]
    spans += [(a, b) for a, b, _ in part.marks if start <= a < end]
    pieces: list[str] = []
    position = start
    for a, b in sorted(spans):
        if b <= position or a >= end:
            continue
        pieces.append(part.text[position : max(position, a)])
        position = b
    pieces.append(part.text[position:end] if position < end else "")
    text = re.sub(
        r"^[ \t]{0,3}(?:\[\^[^\]\s]{1,20}\]:|>)", "", " ".join(pieces), flags=re.MULTILINE
    )
    text = _SIGNAL.sub(" ", _EMPTY.sub(" ", text))
    text = re.sub(r"[*_`#]+", "", text)
    text = re.sub(r"\s+([.,;:])", r"\1", re.sub(r"\s+", " ", text))
    return text.strip(" ,;:()[]")


def _named_to(text: str, cited: FoundCitation) -> int:
    """A citation's end, or that of the document's name behind it: "of the list of issues"."""
    named = _NAME.match(text, cited.end) if cited.named else None
    return named.end() if named else cited.end


# -- quotations ----------------------------------------------------------------------------------


def _quoted(cut: _Cut, cuts: Sequence[_Cut]) -> list[Item]:
    if cut.part.quoted:
        return _block(cut, cuts)
    found: list[Item] = []
    for start, end in cut.quotes:
        text = _lines(cut.part.text[start:end])
        sentence = cut.sentence_at(start)
        group, near = _goes_with(cut, start, end, sentence)
        words = len(re.findall(r"[^\W_]+", text))
        if group is None and words < SHORT:
            continue
        around = _around(cut, sentence)
        enough = words >= SHORT or count(around) < SHORT
        if group is not None and near and enough and not _goes_on(around):
            group.quoted = True
        place = Place(cut.number, start, end)
        found.append(Item("quotation", text, place, tuple(group.cited if group else ()), around))
    return found


def _goes_on(around: str) -> bool:
    """Whether a sentence states something more behind what it quotes: "…, and that four had won"."""
    return any(
        _MORE.match(piece) and count(piece) >= SHORT and has_verb(piece)
        for piece in around.split("…")[1:]
    )


def _goes_with(cut: _Cut, start: int, end: int, sentence: int) -> tuple[_Group | None, bool]:
    """The citations of a quotation, and whether they stand close to it."""
    first = bisect_left(cut.groups, end, key=lambda group: group.start)
    last = bisect_right(cut.groups, start, key=lambda group: group.end)
    behind, before = cut.groups[first : first + 1], cut.groups[max(0, last - 1) : last]
    inside = cut.groups[last:first]
    if inside:  # the citation goes on behind it: "CCPR/C/SR.3272, “…”, para. 25"
        return inside[-1], True
    if behind and behind[0].sentence == sentence:
        return behind[0], True
    if behind and not says(cut.part.text[end : behind[0].start].lstrip(_CLOSERS)):
        return behind[0], True
    if before and before[-1].sentence == sentence:
        return before[-1], True
    if behind:
        return behind[0], False
    return (before[-1], False) if before else (None, False)


def _around(cut: _Cut, sentence: int) -> str:
    """A sentence with an ellipsis in place of what it quotes, and without its citations."""
    if not cut.spans:
        return ""
    start, end = cut.spans[sentence]
    cuts = [(a, b, "…") for a, b in cut.quotes if a < end and b > start]
    cuts += [(c.start, c.end, "") for c in cut.part.citations if start <= c.start < end]
    pieces: list[str] = []
    position = start
    for a, b, shown in sorted(cuts):
        if a < position:
            continue
        pieces += [cut.part.text[position:a], shown]
        position = b
    pieces.append(cut.part.text[position:end])
    return re.sub(r"\s+", " ", "".join(pieces)).strip()


def _block(cut: _Cut, cuts: Sequence[_Cut]) -> list[Item]:
    """A block quotation, with the citation behind it, before it, or in the part behind."""
    text, end = cut.part.text, len(cut.part.text)
    group = cut.groups[-1] if cut.groups else None
    if group is not None and not says(text[group.end :]):
        end = group.start
        while end and text[end - 1] in " \t\n([—–-":
            end -= 1
    introduced = False
    before = next((c for c in cuts if c.number == cut.number - 1), None)
    behind = next((c for c in cuts if c.number == cut.number + 1), None)
    around = ""
    if before and before.part.text.rstrip().endswith(":"):
        introduced = True
        around = _around(before, len(before.spans) - 1)
    if group is None:
        group = _beside(before, behind, introduced=introduced)
    if not cut.part.sure and group is None and not introduced:
        return []
    words = _lines(text[:end])
    if not count(words):
        return []
    if group is not None:
        group.quoted = True
    place = Place(cut.number, 0, end)
    cited = tuple(group.cited if group else ())
    return [Item("quotation", words, place, cited, around, cut.part.sure)]


def _beside(before: _Cut | None, behind: _Cut | None, *, introduced: bool) -> _Group | None:
    if before and before.groups and introduced:
        return before.groups[-1]
    if behind and behind.groups and not behind.part.quoted and not behind.part.note:
        first = behind.groups[0]
        if not says(behind.part.text[: first.start]):
            return first
    if (
        before
        and before.groups
        and not before.part.note
        and before.groups[-1].sentence == len(before.spans) - 1
    ):
        return before.groups[-1]
    return None


def _lines(text: str) -> str:
    """What is quoted, without the signs that set a block apart in Markdown."""
    return re.sub(r"^[ \t]{0,3}>[ \t]?", "", text, flags=re.MULTILINE).strip()


# -- statements ----------------------------------------------------------------------------------


def _stated(cut: _Cut) -> list[Item]:
    found: list[Item] = []
    for number, group in enumerate(cut.groups):
        if group.quoted or cut.part.quoted:
            continue
        start, end = _stretch(cut, number)
        text = _without(cut.part, start, end)
        states_ = states(text)
        kind: Kind = "statement" if states_ else "reference"
        place = Place(cut.number, start, end) if states_ else group.cited[0].place
        words = text if states_ else cut.part.text[group.start : group.end]
        found.append(Item(kind, words, place, tuple(group.cited)))
    return found


def _stretch(cut: _Cut, number: int) -> tuple[int, int]:
    """The stretch of the part that says what a group of citations is for."""
    group = cut.groups[number]
    if not cut.spans:
        return 0, len(cut.part.text)
    start, end = cut.spans[group.sentence]
    if not says(_without(cut.part, start, end)):
        return _sentence_before(cut, group, start, end)
    here = [g for g in cut.groups if g.sentence == group.sentence]
    if len(here) == 1:
        return start, end
    leading = count(_without(cut.part, start, here[0].start)) < _RIGHT_BEHIND
    place = here.index(group)
    if leading:
        return group.start, here[place + 1].start if place + 1 < len(here) else end
    begins = here[place - 1].end if place else start
    tail = place + 1 == len(here) and count(_without(cut.part, group.end, end)) >= _RIGHT_BEHIND
    return begins, end if tail else group.end


def _sentence_before(cut: _Cut, group: _Group, start: int, end: int) -> tuple[int, int]:
    """The sentence before a citation that stands alone; itself where it only refers."""
    before = group.sentence - 1
    taken = any(g.sentence == before for g in cut.groups)
    loose = _LOOSE.match(cut.part.text[start : group.start]) is not None
    if before < 0 or taken or loose:
        return start, end
    return cut.spans[before][0], cut.spans[before][1]
