"""Items of a draft → findings: each quotation and statement held against what it cites.

Longer than most: every verdict is reached in one place, in the order in which they are tried.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from rag.check.evidence import Evidence, Ground, Record, joined
from rag.check.findings import Finding, Piece, Place, Verdict, Where, shown
from rag.check.items import Item, items
from rag.check.looked import Looked, all_of, unresolved, who
from rag.check.named import Near
from rag.check.reading import Draft, read_draft
from rag.check.speakers import wrong_speaker
from rag.check.wording import Quotation, Words
from rag.domain import Paragraph

NEAR = 0.6  # of the words: an altered quotation of the paragraph that is cited
NEAR_SHORT = 0.66  # of fewer than four words
ELSEWHERE = 0.75  # of one that is not cited
BETTER = 0.15  # by how much another paragraph must be nearer
MOST = 12  # paragraphs of one citation that a statement is held against


class Progress(Protocol):
    """Told what is looked at, how many are done, and of how many."""

    def __call__(self, what: str, done: int, total: int, /) -> None:
        """Tell."""
        ...


@dataclass(frozen=True, slots=True)
class Checked:
    """A draft with what was found."""

    draft: Draft
    findings: tuple[Finding, ...]

    @property
    def passed(self) -> bool:
        """Whether everything in it may stand."""
        return all(finding.passed for finding in self.findings)

    @property
    def failed(self) -> int:
        """How much of it is wrong."""
        return sum(not (finding.passed or finding.unsure) for finding in self.findings)

    @property
    def unsure(self) -> int:
        """How much of it is to be read beside the record."""
        return sum(finding.unsure for finding in self.findings)


def check(path: Path, record: Record, *, progress: Progress | None = None) -> Checked:
    """Check every citation and every quotation of a draft against an index.

    Raises:
        UnreadableFile: the draft cannot be read.
        StoreError: the index cannot be used.

    """
    draft = read_draft(path)
    found = items(draft)
    evidence = Evidence(record)
    checker = _Checker(draft, evidence, Near(found, evidence))
    findings: list[Finding] = []
    for number, item in enumerate(found):
        if progress:
            progress(draft.parts[item.place.part].location, number, len(found))
        findings += checker.check(item)
    if progress:
        progress("", len(found), len(found))
    return Checked(draft, tuple(findings))


@dataclass(frozen=True, slots=True)
class _Checker:
    draft: Draft
    evidence: Evidence
    near: Near

    def check(self, item: Item) -> list[Finding]:
        """The findings on one item."""
        told = (self.near.told(each.found, item.place.part) for each in item.cited)
        looked = Looked(item.cited, tuple(self.evidence.resolve(each) for each in told))
        if item.kind == "quotation":
            return self._quotation(item, looked)
        if item.kind == "statement":
            return self._statement(item, looked)
        return [self._reference(item, looked, number) for number in range(len(item.cited))]

    # -- bare references -----------------------------------------------------------------------

    def _reference(self, item: Item, looked: Looked, number: int) -> Finding:
        found = looked.resolved[number]
        if not found.resolved:
            return self._made(item, looked, *unresolved(found), only=number)
        what = "the paragraph is there" if found.found.paras else "the document is in the index"
        why = f"{what}; nothing is stated that could be checked"
        return self._made(item, looked, "supported", why, only=number)

    # -- quotations ----------------------------------------------------------------------------

    def _quotation(self, item: Item, looked: Looked) -> list[Finding]:
        quotation = Quotation(item.text)
        if not quotation.words:
            return []
        documents = list(dict.fromkeys(g.paragraph.document for g in looked.grounds))
        here = self._verbatim(quotation, looked.grounds)
        if here is not None:
            return [self._said(item, looked, here)]
        across = self._across(quotation, looked.grounds)
        if across:
            return [self._made(item, looked, "verbatim", f"stands across {across}")]
        wide = [d for d in looked.whole if d not in documents]
        whole = [Ground(g.paragraph, 0, len(g.paragraph.text)) for g in looked.grounds]
        inside = [*whole, *self._like(item.text, [*documents, *wide])]
        there = self._verbatim(quotation, inside)
        if there is not None and there[0].document in wide:
            return [self._said(item, looked, there, note="the draft names no paragraph")]
        there = there or self._verbatim(quotation, self._like(item.text, None))
        if there is not None:
            return [self._elsewhere(item, looked, there)]
        return self._near(item, looked, quotation, wide)

    def _said(
        self, item: Item, looked: Looked, there: tuple[Paragraph, int, int], note: str = ""
    ) -> Finding:
        """A quotation that stands where it is cited; by whom?"""
        paragraph, start, end = there
        where = Where(str(paragraph.citation), start, end)
        other = self._wrong_speaker(item, paragraph, start)
        if other:
            return self._made(item, looked, "wrong speaker", other, where)
        missing = looked.missing
        told = f"stands in {where.citation}, characters {start}–{end}"
        told += f"; {note}" if note else ""
        told += f"; {missing.why}" if missing and missing.paragraphs else ""
        return self._made(item, looked, "verbatim", told, where)

    def _wrong_speaker(self, item: Item, paragraph: Paragraph, start: int) -> str:
        voice = paragraph.voice_at(start)
        known = self.evidence.speakers(paragraph.document)
        named = wrong_speaker(item.around, voice, paragraph, known)
        if not named:
            return ""
        return f"the draft names {named}; {who(voice)}"

    def _elsewhere(self, item: Item, looked: Looked, there: tuple[Paragraph, int, int]) -> Finding:
        """A quotation whose words stand in another paragraph than is cited."""
        paragraph, start, end = there
        where = Where(str(paragraph.citation), start, end)
        if not item.cited:
            other = self._wrong_speaker(item, paragraph, start)
            if other:
                return self._made(
                    item, looked, "wrong speaker", f"found at {where.citation}; {other}", where
                )
            why = f"found at {where.citation}; the draft cites nothing for it"
            return self._made(item, looked, "verbatim", why, where)
        missing = looked.missing
        if missing is not None and not looked.grounds and not looked.whole:
            verdict, why = unresolved(missing)
            return self._made(
                item, looked, verdict, f"{why}; the words stand in {where.citation}", where
            )
        parts = [g for g in looked.grounds if g.paragraph.id == paragraph.id]
        what = "another part of that paragraph" if parts else where.citation
        return self._made(item, looked, "wrong paragraph", f"the words stand in {what}", where)

    def _near(
        self, item: Item, looked: Looked, quotation: Quotation, wide: Sequence[str]
    ) -> list[Finding]:
        """A quotation that stands nowhere word for word."""
        cited = self._nearest(quotation, [g.paragraph for g in looked.grounds])
        documents = {g.paragraph.document for g in looked.grounds} | set(wide)
        inside = self._like(item.text, sorted(documents))
        others = [g.paragraph for g in [*inside, *self._like(item.text, None)]]
        other = self._nearest(quotation, others)
        enough = NEAR if quotation.words >= 4 else NEAR_SHORT
        if other and other[0].document in wide and other[1] >= enough:
            return [self._altered(item, looked, quotation, other[0])]
        far = other is None or cited is None or other[1] < max(ELSEWHERE, cited[1] + BETTER)
        if cited is not None and cited[1] >= enough and far:
            return [self._altered(item, looked, quotation, cited[0])]
        missing = looked.missing
        if other is not None and other[1] >= ELSEWHERE:
            return [self._nearly_elsewhere(item, looked, quotation, other[0])]
        if missing is not None and not looked.grounds and not looked.whole:
            return [self._made(item, looked, *unresolved(missing))]
        if not item.sure and not item.cited:
            return []  # set further in, and no quotation of anything here
        where = " that is cited" if item.cited else " of the index"
        why = f"the words stand in no paragraph{where}, nor do any like them"
        return [self._made(item, looked, "not found", why)]

    def _altered(
        self, item: Item, looked: Looked, quotation: Quotation, paragraph: Paragraph
    ) -> Finding:
        where, difference = self._difference(quotation, paragraph)
        why = f"{where.citation} has: {shown(difference)}"
        other = self._wrong_speaker(item, paragraph, where.start)
        why += f"; {other}" if other else ""
        return self._made(item, looked, "altered", why, where, difference)

    def _nearly_elsewhere(
        self, item: Item, looked: Looked, quotation: Quotation, paragraph: Paragraph
    ) -> Finding:
        where, difference = self._difference(quotation, paragraph)
        told = f"{where.citation}, which has: {shown(difference)}"
        missing = looked.missing
        if not item.cited:
            verdict: Verdict = "altered"
            why = f"found nearly so at {told}"
        elif missing is not None and not looked.grounds and not looked.whole:
            verdict, why = unresolved(missing)
            why = f"{why}; nearly so in {told}"
        else:
            verdict, why = "wrong paragraph", f"nearly so in {told}"
        return self._made(item, looked, verdict, why, where, difference)

    def _difference(
        self, quotation: Quotation, paragraph: Paragraph
    ) -> tuple[Where, tuple[Piece, ...]]:
        pieces, (start, end) = quotation.difference(self.evidence.words(paragraph))
        return Where(str(paragraph.citation), start, end), pieces

    def _verbatim(
        self, quotation: Quotation, grounds: Sequence[Ground]
    ) -> tuple[Paragraph, int, int] | None:
        """The first paragraph that holds a quotation, and where."""
        for ground in grounds:
            if ground.whole:
                span = quotation.verbatim(self.evidence.words(ground.paragraph))
            else:
                span = quotation.verbatim(Words(ground.paragraph.text[ground.start : ground.end]))
                span = span and (span[0] + ground.start, span[1] + ground.start)
            if span is not None:
                return ground.paragraph, *span
        return None

    def _across(self, quotation: Quotation, grounds: Sequence[Ground]) -> str:
        """The paragraphs cited together, where a quotation goes on from one to the next."""
        paragraphs = [ground.paragraph for ground in grounds if ground.whole]
        if not 2 <= len(paragraphs) <= MOST:
            return ""
        if quotation.verbatim(Words(joined(paragraphs).text)) is None:
            return ""
        return f"{paragraphs[0].citation} to {paragraphs[-1].label}"

    def _like(self, text: str, documents: Sequence[str] | None) -> list[Ground]:
        found = self.evidence.with_words(text, documents)
        return [Ground(each, 0, len(each.text)) for each in found]

    def _nearest(
        self, quotation: Quotation, paragraphs: Sequence[Paragraph]
    ) -> tuple[Paragraph, float] | None:
        rated = [(p, quotation.nearness(self.evidence.words(p))) for p in dict.fromkeys(paragraphs)]
        return max(rated, key=lambda pair: pair[1], default=None)

    # -- statements ----------------------------------------------------------------------------

    def _statement(self, item: Item, looked: Looked) -> list[Finding]:
        """Each citation of a statement by itself; those cited together may share the burden."""
        alone = [self._supported(item, looked, number) for number in range(len(item.cited))]
        together = joined([g.paragraph for g in looked.grounds]) if looked.grounds else None
        if len(alone) == 1 or together is None or all(each.passed for each in alone):
            return alone
        bears = next((each for each in alone if each.passed), None)
        whole = Ground(together, 0, len(together.text))
        if bears is None and self.evidence.failed(item.text, whole) is not None:
            return alone
        why = "supported together with what is cited beside it"
        return [
            each
            if each.passed or not looked.resolved[number].resolved
            else self._made(item, looked, "supported", why, only=number)
            for number, each in enumerate(alone)
        ]

    def _supported(self, item: Item, looked: Looked, number: int) -> Finding:
        found = looked.resolved[number]
        if looked.cited[number].loose and len(looked.cited) > 1:
            return self._reference(item, looked, number)
        one = Looked((looked.cited[number],), (found,))
        if not found.resolved and not found.paragraphs:
            verdict, why = unresolved(found)
            right = self._right(item.text, one) if verdict == "not found" else None
            why += f"; {right.citation} says so" if right else ""
            return self._made(item, looked, verdict, why, all_of(right), only=number)
        if not found.found.paras:
            return self._in_document(item, looked, number)
        grounds = one.grounds[:MOST]
        fails = [self.evidence.failed(item.text, ground) for ground in grounds]
        for ground, failed in zip(grounds, fails, strict=True):
            if failed is None:
                why = f"{ground.paragraph.citation} bears it out"
                where = Where(str(ground.paragraph.citation), ground.start, ground.end)
                return self._made(item, looked, "supported", why, where, only=number)
        if len(grounds) > 1:
            both = joined([ground.paragraph for ground in grounds])
            if self.evidence.failed(item.text, Ground(both, 0, len(both.text))) is None:
                why = "the paragraphs bear it out together"
                return self._made(item, looked, "supported", why, only=number)
        right = self._right(item.text, one)
        if right is not None:
            why = f"{fails[0].why if fails[0] else ''}; {right.citation} says so".lstrip("; ")
            return self._made(item, looked, "wrong paragraph", why, all_of(right), only=number)
        failed = fails[0]
        verdict: Verdict = "wrong speaker" if failed and failed.kind == "speaker" else "not found"
        why = failed.why if failed else "the paragraph does not say that"
        for ground, check in zip(grounds, fails, strict=True):
            if check is not None and self.evidence.is_open(item.text, ground, check):
                return self._open(item, looked, ground, check.why, number)
        if verdict == "wrong speaker" and "speaker there is" not in why:
            why += f"; {who(grounds[0].paragraph.turn)}"
        return self._made(item, looked, verdict, why, only=number)

    def _in_document(self, item: Item, looked: Looked, number: int) -> Finding:
        """A statement that cites a document without a paragraph."""
        found = looked.resolved[number]
        document = self.evidence.record.index.catalog.find(found.found.symbol or "")
        near: Ground | None = None
        for paragraph in self.evidence.stating(item.text, document):
            ground = Ground(paragraph, 0, len(paragraph.text))
            failed = self.evidence.failed(item.text, ground)
            if failed is None:
                why = f"{paragraph.citation} bears it out; the draft names no paragraph"
                return self._made(item, looked, "supported", why, all_of(paragraph), only=number)
            if near is None and self.evidence.is_open(item.text, ground, failed):
                near = ground
        why = "no paragraph of that document was found to bear it out"
        if near is not None:
            return self._open(item, looked, near, why, number)
        return self._made(item, looked, "not found", why, only=number)

    def _right(self, text: str, looked: Looked) -> Paragraph | None:
        """Another paragraph of the document that bears a statement out."""
        found = looked.resolved[0]
        if found.found.symbol is None:
            return None
        document = self.evidence.record.index.catalog.find(found.found.symbol)
        cited = {paragraph.id for paragraph in found.paragraphs}
        for paragraph in self.evidence.stating(text, document):
            if paragraph.id in cited:
                continue
            if self.evidence.failed(text, Ground(paragraph, 0, len(paragraph.text))) is None:
                return paragraph
        return None

    def _open(self, item: Item, looked: Looked, near: Ground, why: str, number: int) -> Finding:
        """A statement that may be a fair one in other words: nothing contradicts it."""
        where = Where(str(near.paragraph.citation), near.start, near.end)
        why = f"not told to be supported: read {where.citation}; {why}"
        made = self._made(item, looked, "not found", why, where, only=number)
        return replace(made, unsure=True)

    # -- findings ------------------------------------------------------------------------------

    def _made(
        self,
        item: Item,
        looked: Looked,
        verdict: Verdict,
        why: str,
        where: Where | None = None,
        difference: tuple[Piece, ...] = (),
        *,
        only: int | None = None,
    ) -> Finding:
        cited = looked.cited if only is None else (looked.cited[only],)
        part = self.draft.parts[item.place.part]
        text = " ".join(item.text.split())
        if item.kind == "reference":
            text = self._written(cited[0].place)
        return Finding(
            item.kind,
            text,
            "; ".join(dict.fromkeys(self._written(each.place) for each in cited)),
            verdict,
            why,
            where,
            difference,
            item.place if item.kind != "reference" else cited[0].place,
            tuple(each.place for each in cited),
            part.location,
        )

    def _written(self, place: Place) -> str:
        return " ".join(self.draft.parts[place.part].text[place.start : place.end].split())
