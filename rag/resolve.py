"""A citation found in free text → the paragraphs it points at, and the parts of them meant.

What is cited must be there as cited: a sub-paragraph that the paragraph does not have, or a
number that several annexes bear, is shown but not called resolved. A document that is named
without its symbol ("the replies to the list of issues") is told by the record that names it:
by the documents that its agenda and headings name, where exactly one is of that kind.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from rag.cite import HERE, between, kind_of
from rag.domain import FoundCitation, Paragraph, ResolvedCitation, SubParagraph
from rag.errors import UnknownDocument
from rag.store.catalog import Catalog
from rag.subparagraphs import subparagraphs

# What a record names, and what a symbol says a document is; the longer name comes first.
_KINDS = ("replies to list of issues", "list of issues", "concluding observations", "report")
_ORDINALS = {
    word: number
    for number, word in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split(),
        start=1,
    )
} | {"initial": 1}
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


def resolve(
    found: FoundCitation, catalog: Catalog, *, within: str | None = None
) -> ResolvedCitation:
    """Look a citation up; `why` says what is missing where it does not resolve.

    Args:
        found: what was found in a text.
        catalog: where the documents are.
        within: the document, by id or symbol, whose text it was found in, if any. It tells
            what "paragraph 151 of the replies" and "paragraph 14 above" mean.

    """
    return Resolver(catalog).resolve(found, within=within)


def resolve_all(
    found: Iterable[FoundCitation], catalog: Catalog, *, within: str | None = None
) -> list[ResolvedCitation]:
    """Look many citations up, each document and paragraph once."""
    resolver = Resolver(catalog)
    return [resolver.resolve(each, within=within) for each in found]


class Resolver:
    """Looks citations up; what was looked up before is remembered, so it serves one text."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._documents: dict[str, str | None] = {}
        self._agendas: dict[str, tuple[str, ...]] = {}
        self._known: dict[FoundCitation, ResolvedCitation] = {}

    def resolve(self, found: FoundCitation, *, within: str | None = None) -> ResolvedCitation:
        """Look one citation up, as `resolve`."""
        if found.symbol is None and found.named and within is not None:
            found = replace(found, symbol=self._meant(found.named, within))
        if found.symbol is None:
            return ResolvedCitation(found, resolved=False, why=_untold(found))
        place = replace(found, start=0, end=0)
        known = self._known.get(place)
        if known is None:
            known = self._known[place] = self._look_up(found, found.symbol)
        return replace(known, found=found)

    def _look_up(self, found: FoundCitation, symbol: str) -> ResolvedCitation:
        document = self._find(symbol)
        if document is None:
            return ResolvedCitation(found, resolved=False, why=f"{symbol} is not in the index")
        there = _Found()
        for first, last in found.paras:
            if first.startswith("p. "):
                _pages(self._catalog, document, first, last, there)
            else:
                _Pair(self._catalog, document, found.section, there).read(first, last)
        return ResolvedCitation(
            found,
            resolved=not there.missing,
            paragraphs=tuple(paragraph for paragraph, _ in there.places),
            parts=tuple(part for _, part in there.places),
            why="; ".join(there.missing),
        )

    def _find(self, name: str) -> str | None:
        """The id of a document by id or symbol; None where it is not there."""
        if name not in self._documents:
            try:
                self._documents[name] = self._catalog.find(name)
            except UnknownDocument:
                self._documents[name] = None
        return self._documents[name]

    def _meant(self, named: str, within: str) -> str | None:
        """The one document that a record means by a name; None where there is none, or several.

        Several of a kind, or one that bears another number, tell nothing.
        """
        document = self._find(within)
        if document is None or named == HERE:
            return document
        kind = next((kind for kind in _KINDS if named.endswith(kind)), None)
        if kind is None:
            return None
        numbers = [_ORDINALS[w] for w in named.removesuffix(kind).split() if w in _ORDINALS]
        fitting = [
            s for s in self._before(document) if kind_of(s) == kind and _is_numbered(s, numbers)
        ]
        return fitting[0] if len(fitting) == 1 else None

    def _before(self, document: str) -> tuple[str, ...]:
        """The documents that a meeting had before it: by its agenda and its headings."""
        if document not in self._agendas:
            headings = self._catalog.document(document).headings
            cited = [symbol for heading in headings for symbol in heading.documents]
            self._agendas[document] = tuple(
                dict.fromkeys([*self._catalog.agenda(document), *cited])
            )
        return self._agendas[document]


def _is_numbered(symbol: str, numbers: list[int]) -> bool:
    """Whether a report is the "second", or the "fourth and fifth", by its symbol: …/KAZ/2."""
    if not numbers:
        return True
    printed = next((part for part in reversed(symbol.split("/")) if part[:1].isdigit()), "")
    first, last = str(numbers[0]), str(numbers[-1])
    return printed == (first if first == last else f"{first}-{last}")


def _untold(found: FoundCitation) -> str:
    if found.named and found.named != HERE:
        return f"the text does not tell which {found.named} is meant"
    return "the text does not tell which document is meant"


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
