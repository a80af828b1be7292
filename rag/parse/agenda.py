"""Lines of a masthead and headings → items of the agenda, and the documents they cite."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from rag.cite import find_citations
from rag.domain import AgendaItem

_NUMBER = r"\d{1,3}(?: ?bis)?(?: \([a-z]{1,2}\))*"
_NUMBERS = rf"{_NUMBER}(?:(?:, | and | to | et | à | y | a |[-–]){_NUMBER})*"
_OF = r"(?: of the (?:provisional )?agenda| del programa(?: provisional)?| de l[’']ordre du jour)?"
_CONTINUED = r"(?: ?\( ?(?:continued|suite|continuación) ?\))?"
# "Agenda item 62: Advancement of women", "Item 5 of the provisional agenda", "AGENDA ITEM 14".
_ITEM = re.compile(
    rf"^(?:agenda items?|items?(?= {_NUMBERS} (?:of|del))|tema|temas|points?(?= {_NUMBERS} de l))"
    rf" (?P<number>{_NUMBERS}){_OF}{_CONTINUED}(?: ?[:.–-] ?(?P<title>\S.*))?$",
    re.IGNORECASE,
)
# "ORGANIZATIONAL AND OTHER MATTERS (agenda item 3)"
_BEHIND = re.compile(
    rf"^(?P<title>\S.*?) ?\((?:agenda items?|items?|tema|point) (?P<number>{_NUMBERS}){_OF}"
    rf"{_CONTINUED}\)\.?(?P<rest>.*)$",
    re.IGNORECASE,
)
_SUB = re.compile(r"^(?P<mark>\([a-z]{1,2}\)) ?(?P<title>\S.*)$")
_PAPERS = re.compile(
    r"^(?:draft (?:resolution|decision|amendment)s?|(?:progress )?reports? of the|notes? by the|"
    r"letters? dated|amendments?)\b",
    re.IGNORECASE,
)
# What stands below an item in a masthead and is no title of it.
_STOP = re.compile(
    r"^(?:(?:resolution|decision|résolution|décision|resoluci[oó]n) (?:adopted|adoptée|aprobada)|"
    r"\[|contents$|summary record|the meeting |this record|\*)",
    re.IGNORECASE,
)
_CITED = re.compile(r" *[(\[][^()\[\]]*/[^()\[\]]*[)\]]")
_ROMAN = re.compile(r"^[IVXL]{1,6}\. ")
# A line that begins or ends with one of these is a part of a longer title.
_SMALL = re.compile(r"^(?:OF|AND|IN|TO|FOR|ON|BY|UNDER|AGAINST|WITH|ET|DE|DES|DU|Y|DEL|LA)\b")
_UNFINISHED = re.compile(
    r"(?:\b(?:of|and|the|in|to|for|on|by|from|with|under|at|universal|universal periodic)|[,;/])$",
    re.IGNORECASE,
)


@dataclass
class _Draft:
    """An item while its lines are gathered."""

    number: str | None
    titles: list[str]
    documents: list[str] = field(default_factory=lambda: list[str]())
    parent: str | None = None  # the number that "(a)" belongs to


def documents_of(heading: str) -> tuple[str, ...]:
    """List the symbols that a heading cites, once each, elliptical ones written out.

    "(CCPR/C/KAZ/2; CCPR/C/KAZ/Q/2 and Add.1)" gives three.
    """
    symbols = (found.symbol for found in find_citations(heading))
    return tuple(dict.fromkeys(symbol for symbol in symbols if symbol is not None))


def without_documents(heading: str) -> str:
    """Give a heading without the documents it cites and with its brackets closed up."""
    bare = _CITED.sub("", heading) if documents_of(heading) else heading
    bare = _ROMAN.sub("", bare)
    return re.sub(r"\( +| +(?=\))", lambda m: m[0].strip(), bare).strip(" .*∗")


def agenda_items(
    masthead: Sequence[str], contents: Sequence[str], headings: Sequence[str]
) -> tuple[AgendaItem, ...]:
    """Gather the items of the agenda.

    Args:
        masthead: the lines of the masthead, where "Agenda item 6" may stand.
        contents: the lines of the contents of a record of a meeting, which are its
            agenda; empty for other documents, whose contents list their chapters.
        headings: the headings of the document; those with an item's number count, and
            those that repeat a line of the contents add the documents they cite.

    """
    drafts = _numbered(join_titles(masthead)) + _numbered(headings)
    numbered = {_key(title) for draft in drafts for title in draft.titles}
    listed = [
        _Draft(None, [without_documents(line)], list(documents_of(line)))
        for line in join_titles(contents)
        if not _numbered([line]) and _key(line) not in numbered and not _SUB.match(line)
    ]
    items = _merge([*drafts, *listed])
    return tuple(_with_documents(item, headings) for item in items)


def join_titles(lines: Sequence[str]) -> list[str]:
    """Join wrapped titles: a line that begins with a small word goes on with the last."""
    joined: list[str] = []
    for line in lines:
        goes_on = bool(joined) and (
            line[:1].islower()
            or (line.startswith("(") and not _SUB.match(line))
            or joined[-1].count("(") > joined[-1].count(")")
            or _SMALL.match(line) is not None
            or _UNFINISHED.search(joined[-1]) is not None
        )
        if goes_on:
            joined[-1] += " " + line
        else:
            joined.append(line)
    return joined


def _numbered(lines: Sequence[str]) -> list[_Draft]:
    """Read the items that print their number."""
    drafts: list[_Draft] = []
    open_item: _Draft | None = None  # its title, or its sub-items, may stand on the next lines
    for line in lines:
        match = _ITEM.match(line.strip(" *∗"))
        if match:
            title = match["title"]
            open_item = _Draft(
                _spaced(match["number"]), [without_documents(title)] if title else []
            )
            open_item.documents += documents_of(line)
            drafts.append(open_item)
            continue
        behind = _BEHIND.match(line)
        if behind:
            title = without_documents(behind["title"])
            drafts.append(_Draft(_spaced(behind["number"]), [title], list(documents_of(line))))
            open_item = None
        elif open_item is not None:
            open_item = _below(line, open_item, drafts)
    return drafts


def _below(line: str, item: _Draft, drafts: list[_Draft]) -> _Draft | None:
    """Add a line under an item to it; None where the item ends there."""
    sub = _SUB.match(line)
    if sub and item.number is not None:
        base = item.parent or item.number
        drafts.append(
            _Draft(
                f"{base} {sub['mark']}",
                [without_documents(sub["title"])],
                list(documents_of(line)),
                parent=base,
            )
        )
        return drafts[-1]
    if _STOP.match(line):
        return None
    if item.titles and _PAPERS.match(line):
        item.documents += documents_of(line)
        return item
    several = _listed(item.number or "")
    if len(item.titles) < max(1, len(several)) and item.parent is None:
        item.titles.append(without_documents(line))
        item.documents += documents_of(line)
        return item
    return None


def _listed(numbers: str) -> list[str]:
    """Write out "21 to 26" and "48 and 114"; one number alone is itself."""
    pieces = re.split(r", | and | et | y ", numbers)
    listed: list[str] = []
    for piece in pieces:
        ends = re.fullmatch(r"(\d+)(?: to | à | a |[-–])(\d+)", piece)
        if ends and 0 < int(ends[2]) - int(ends[1]) < 50:
            listed += [str(n) for n in range(int(ends[1]), int(ends[2]) + 1)]
        else:
            listed.append(piece)
    return listed


def _merge(drafts: Sequence[_Draft]) -> list[AgendaItem]:
    """Make items; one that is printed twice is one item with the fuller title."""
    items: dict[str, AgendaItem] = {}
    for draft in drafts:
        numbers: list[str | None] = [*_listed(draft.number)] if draft.number else [None]
        titles = draft.titles or [""]
        if len(numbers) != len(titles):
            numbers, titles = [draft.number], ["; ".join(titles)]
        for number, title in zip(numbers, titles, strict=True):
            key = number or _key(title)
            before = items.get(key)
            documents = dict.fromkeys([*(before.documents if before else ()), *draft.documents])
            fuller = max([before.title if before else "", title], key=len)
            items[key] = AgendaItem(number, fuller, tuple(documents))
    return [item for item in items.values() if item.number or item.title]


def _with_documents(item: AgendaItem, headings: Sequence[str]) -> AgendaItem:
    """Add the documents cited by a heading of the same title."""
    cited = [
        s for h in headings if item.title and _key(h) == _key(item.title) for s in documents_of(h)
    ]
    return AgendaItem(item.number, item.title, tuple(dict.fromkeys([*item.documents, *cited])))


def _key(title: str) -> str:
    """Fold what differs between a title in the contents and the same one as a heading."""
    bare = without_documents(title).casefold()
    return re.sub(r"\W+", " ", re.sub(r"\((?:continued|suite|continuación)\)", "", bare)).strip()


def _spaced(number: str) -> str:
    return re.sub(r"\s+", " ", number)
