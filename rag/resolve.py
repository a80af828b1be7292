"""A citation found in free text → the paragraphs it points at, and the parts of them meant.

What is cited must be there as cited: a sub-paragraph that the paragraph does not have, or a
number that several annexes bear, is shown but not called resolved.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from rag.cite import between
from rag.domain import FoundCitation, Paragraph, ResolvedCitation, SubParagraph
from rag.errors import UnknownDocument
from rag.store.catalog import Catalog
from rag.subparagraphs import subparagraphs

# Divisions of a text through which the numbers run on.
_RUNNING = ("chapter", "section", "part")


@dataclass(slots=True)
class _Found:
    """What was found so far for one citation."""

    places: list[tuple[Paragraph, SubParagraph | None]] = field(
        default_factory=list[tuple[Paragraph, SubParagraph | None]]
    )
    missing: list[str] = field(default_factory=list[str])

    def show(self, paragraph: Paragraph, part: SubParagraph | None = None) -> None:
        if (paragraph, part) not in self.places:
            self.places.append((paragraph, part))


def resolve(found: FoundCitation, catalog: Catalog) -> ResolvedCitation:
    """Look a citation up; `why` says what is missing where it does not resolve."""
    if found.symbol is None:
        return ResolvedCitation(
            found, resolved=False, why="the text does not tell which document is meant"
        )
    try:
        document = catalog.find(found.symbol)
    except UnknownDocument:
        return ResolvedCitation(found, resolved=False, why=f"{found.symbol} is not in the index")
    there = _Found()
    for first, last in found.paras:
        if first.startswith("p. "):
            _pages(catalog, document, first, last, there)
        else:
            _Pair(catalog, document, found.section, there).read(first, last)
    return ResolvedCitation(
        found,
        resolved=not there.missing,
        paragraphs=tuple(paragraph for paragraph, _ in there.places),
        parts=tuple(part for _, part in there.places),
        why="; ".join(there.missing),
    )


def _pages(catalog: Catalog, document: str, first: str, last: str, there: _Found) -> None:
    """Every speech on the pages from `first` to `last`."""
    heads, tails = (catalog.paged(document, int(page[3:])) for page in (first, last))
    if not heads or not tails or tails[-1].ordinal < heads[0].ordinal:
        lost = first if not heads else last
        there.missing.append(f"{document} has no {lost}")
        return
    for paragraph in catalog.span(document, heads[0].ordinal, tails[-1].ordinal):
        there.show(paragraph)


@dataclass(frozen=True, slots=True)
class _Pair:
    """Looks up one (first, last) of a citation."""

    catalog: Catalog
    document: str
    section: str | None
    there: _Found

    def read(self, first: str, last: str) -> None:
        """Find the paragraphs from `first` to `last`, or the parts of a single one."""
        (number, sub), (end, end_sub) = _split(first), _split(last)
        if number == end:
            self._single(number, between(sub, end_sub) if sub and end_sub else [])
        else:
            self._range((number, sub), (end, end_sub))

    def _labelled(self, label: str) -> list[Paragraph]:
        """Paragraphs that bear a label, in the section meant; [] where there is none.

        Without a section the main text is meant where it has the number.
        """
        rows = self.catalog.labelled(self.document, label, self.section)
        act, _, article = (self.section or "").rpartition(" article ")
        if not rows and act:  # "annex, article 4": of the one treaty that the document sets out
            rows = self.catalog.labelled(self.document, label, f"article {article}")
        if not rows and self.section and self.section.startswith(_RUNNING):
            rows = self.catalog.labelled(self.document, label)
        main = [row for row in rows if row.section is None]
        return main if main and not self.section else rows

    def _named(self, label: str) -> str:
        where = f", {self.section}" if self.section else ""
        return f"{self.document}{where}, para. {label}"

    def _single(self, number: str, subs: list[str]) -> None:
        rows = self._labelled(number)
        if not rows and not subs:
            self._misprinted(number)
        elif not rows or subs:
            for sub in subs:
                self._part(number, sub, rows)
        else:
            for row in rows:
                self.there.show(row)
        self._several(number, rows)

    def _misprinted(self, number: str) -> None:
        """A number that is not there; another may be printed in its place, and is shown."""
        due = f" where {number} is due"
        notes = self.catalog.document(self.document).notes
        printed = next((n.where for n in notes if due in n.what), None)
        if printed is None:
            self.there.missing.append(f"{self._named(number)} is not there")
            return
        for row in self._labelled(printed):
            self.there.show(row)
        self.there.missing.append(f"{self._named(number)} is misprinted as {printed}")

    def _part(self, number: str, sub: str, rows: list[Paragraph]) -> None:
        """One sub-paragraph; "97 (1)" also where the reader composed the number 97.1."""
        for row in rows:
            part = next((p for p in subparagraphs(row.text) if p.mark == sub), None)
            if part is not None:
                self.there.show(row, part)
                return
        inner = sub.strip("()")
        composed = self._labelled(f"{number}.{inner}") if inner.isdigit() else []
        for row in composed:
            self.there.show(row)
        if composed:
            return
        for row in rows:
            self.there.show(row, SubParagraph(sub, 0, 0))
        what = f"has no {sub}" if rows else "is not there"
        self.there.missing.append(f"{self._named(number)} {what}")

    def _several(self, label: str, rows: list[Paragraph]) -> None:
        sections = list(dict.fromkeys(row.section or "the main text" for row in rows))
        if len(sections) > 1:
            self.there.missing.append(
                f"{self._named(label)} stands in {', '.join(sections)}; name the one that is meant"
            )

    def _range(self, first: tuple[str, str | None], last: tuple[str, str | None]) -> None:
        """All paragraphs between two, of one section; none unless both ends are there."""
        heads = self._labelled(first[0])
        self._several(first[0], heads)
        section = heads[0].section if heads else None
        tails = [row for row in self._labelled(last[0]) if row.section == section]
        if not heads or not tails or tails[-1].ordinal < heads[0].ordinal:
            lost = first[0] if not heads else last[0]
            self.there.missing.append(f"{self._named(lost)} is not there")
            return
        for row, sub in ((heads[0], first[1]), (tails[-1], last[1])):
            if sub and all(part.mark != sub for part in subparagraphs(row.text)):
                self.there.missing.append(f"{self._named(row.label)} has no {sub}")
        for paragraph in self.catalog.span(self.document, heads[0].ordinal, tails[-1].ordinal):
            if paragraph.section == section:
                self.there.show(paragraph)


def _split(label: str) -> tuple[str, str | None]:
    """The number and the part of a label: "12 (b)" is part (b) of paragraph 12."""
    number, _, sub = label.partition(" (")
    return number, f"({sub}" if sub else None
