"""Printed lines of all pages → the lines of the text, in reading order.

What repeats at the edge of page after page (running headers, footers, page numbers)
is told from that alone and taken out; footnotes are told by their smaller type, or by
the rule above them, and kept apart; two columns are read one after the other.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median

from rag.domain import Footnote
from rag.read.glyphs import Printed, Word

_MARK = re.compile(r"^(?P<mark>\d{1,3}|[*∗†‡]{1,4}|[a-z](?=[ /]))(?:/| |(?=\D))\s*(?P<rest>.*)$")
_RULE = re.compile(r"^[_–—-]{5,}$")
# The printer's job number and bar code: "GE.14-23954 (E)", "18-43649 (E)", "*1843649*".
_JOB = re.compile(
    r"^(?:(?:[A-Z]{1,3}\.)?\d{2}-\d{4,6}(?: \([A-Z]\))?(?: \d{6})*(?: ?\*\d{5,9}\*)?|\*\d{5,9}\*|Please recycle.{0,3})$"
)
_LEADER = re.compile(r"^[.…_]+$|[.…]{3,}$")
# "12. The Committee …" is the beginning of a paragraph, however often it repeats.
_PARAGRAPH = re.compile(r"\d{1,5}(?:\.\d{1,3})*\.\s+[^\W\d_]{2,}(?:\s+\S+){2}")
_EDGE = 0.14  # share of the page's height in which headers and footers stand


@dataclass(slots=True)
class Page:
    """One page: its printed lines, then what was sorted out of them."""

    index: int
    width: float
    height: float
    lines: list[Printed]
    furniture: list[str] = field(default_factory=lambda: list[str]())
    columns: list[list[Printed]] = field(default_factory=lambda: list[list[Printed]]())
    number: int = 0  # as printed, or the page's place
    slanted: int = 0  # letters set at an angle, which are left out


def take_furniture(pages: Sequence[Page]) -> None:
    """Move headers and footers from each page's lines to its furniture.

    A line belongs to the page where a line that differs in nothing but digits stands
    at the same edge of at least a fifth of the pages (two of three), and nothing but
    such lines stands between it and the edge.
    """
    seen: Counter[tuple[str, str]] = Counter()
    for page in pages:
        seen.update({key for line in page.lines for key in _edge_keys(line, page)})
    needed = max(2, len(pages) // 5)
    for page in pages:
        if not page.lines:
            continue
        for last in (False, True):
            while page.lines:
                line = page.lines[-1 if last else 0]
                keys = _edge_keys(line, page)
                printers = bool(keys) and _JOB.match(line.text) is not None
                if not printers and not any(seen[key] >= needed for key in keys):
                    break
                page.furniture.append(line.text)
                del page.lines[-1 if last else 0]
    for place in (0, -1):
        _take_counted(pages, place)
    _number(pages)


def _take_counted(pages: Sequence[Page], place: int) -> None:
    """Numbers alone on the first or last line that count the pages, wherever that line stands."""
    alone = [page for page in pages if page.lines and page.lines[place].text.isdecimal()]
    counts = Counter(int(page.lines[place].text) - page.index for page in alone)
    if not counts:
        return
    offset, count = counts.most_common(1)[0]
    if count < max(3, len(pages) // 2):
        return
    for page in alone:
        if int(page.lines[place].text) - page.index == offset:
            page.furniture.append(page.lines[place].text)
            del page.lines[place]


def _edge_keys(line: Printed, page: Page) -> list[tuple[str, str]]:
    """What a line looks like at the top or the bottom edge, digits left out."""
    if line.y > (1 - _EDGE) * page.height:
        edge = "top"
    elif line.y < _EDGE * page.height:
        edge = "bottom"
    else:
        return []
    if _PARAGRAPH.match(line.text):
        return []
    return [(edge, re.sub(r"\d+", "#", re.sub(r"\s+", "", line.text)))]


_PRINTED_NUMBER = re.compile(
    r"(?:^|\s)(?:page |p\. ?)?(?P<n>\d{1,4})(?:/\d{1,4})?(?=$|\s)", re.IGNORECASE
)


def _number(pages: Sequence[Page]) -> None:
    """Give each page the number printed on it, where most pages agree how they count."""
    offsets: Counter[int] = Counter()
    for page in pages:
        found = {int(m["n"]) for text in page.furniture for m in _PRINTED_NUMBER.finditer(text)}
        offsets.update({number - page.index for number in found})
    best, count = offsets.most_common(1)[0] if offsets else (1, 0)
    offset = best if count > len(pages) // 2 else 1
    for page in pages:
        page.number = page.index + offset


def body_size(pages: Sequence[Page]) -> float:
    """The type size that most characters have."""
    sizes: Counter[float] = Counter()
    for page in pages:
        for line in page.lines:
            sizes[round(line.size, 1)] += sum(len(word.text) for word in line.words)
    return sizes.most_common(1)[0][0] if sizes else 10.0


# -- columns -------------------------------------------------------------------------------


def take_columns(pages: Sequence[Page]) -> None:
    """Sort each page's lines into columns, in reading order."""
    gutters = [_gutter(page) for page in pages]
    known = [gutter for gutter in gutters if gutter is not None]
    common = median(known) if len(known) >= max(1, len(pages) // 2) else None
    for page, gutter in zip(pages, gutters, strict=True):
        at = gutter if gutter is not None else common
        page.columns = _split(page, at) if at is not None else [page.lines]
        if page.index == 0 and at is not None:
            page.columns = _below_masthead(page, at)


def _gutter(page: Page) -> float | None:
    """Where a page of two columns has its gap; None for a page of one."""
    middle = [page.width * (0.36 + 0.01 * i) for i in range(29)]
    best: tuple[int, float] | None = None
    for x in middle:
        both = crossing = 0
        left: list[int] = []
        right: list[int] = []
        for line in page.lines:
            sides = _sides(line, x)
            if sides is None:
                crossing += 1
                continue
            left.append(_letters(sides[0]))
            right.append(_letters(sides[1]))
            both += bool(sides[0] and sides[1])
        if both < 8 or crossing > 0.25 * len(page.lines):
            continue
        full = [n for n in left if n], [n for n in right if n]
        if not all(full):
            continue
        if median(full[0]) >= 25 and median(full[1]) >= 25:
            best = max(best or (0, 0.0), (both - crossing, x))
    return best[1] if best else None


def _sides(line: Printed, x: float) -> tuple[list[Word], list[Word]] | None:
    """The words left and right of x; None where a word or a normal space crosses it."""
    left = [word for word in line.words if word.x1 <= x]
    right = [word for word in line.words if word.x0 >= x]
    if len(left) + len(right) < len(line.words):
        return None
    if left and right:
        if right[0].x0 - left[-1].x1 < 0.75 * line.size:
            return None
        if _LEADER.search(left[-1].text) or _LEADER.match(right[0].text):
            return None  # "China . . . . . Mr. Ma": one line, however wide
    return left, right


def _letters(words: Sequence[Word]) -> int:
    return sum(c.isalpha() for word in words for c in word.text)


def _split(page: Page, x: float) -> list[list[Printed]]:
    """Lines over the whole width part the page into bands; each band is read by columns."""
    columns: list[list[Printed]] = []
    left: list[Printed] = []
    right: list[Printed] = []
    for line in [*page.lines, None]:
        sides = _sides(line, x) if line is not None else None
        if line is None or sides is None:
            columns += [column for column in (left, right) if column]
            left, right = [], []
            if line is not None:
                columns.append([line])
            continue
        for column, words in zip((left, right), sides, strict=True):
            if words:
                column.append(Printed(words, line.y, line.size))
    return _joined(columns, x)


def _below_masthead(page: Page, x: float) -> list[list[Printed]]:
    """The first page: what stands above an empty strip over both columns is read first."""
    cut = None
    for above, below in zip(page.lines, page.lines[1:], strict=False):
        if above.y - below.y > 2.2 * max(above.size, below.size) and above.y > 0.4 * page.height:
            cut = (above.y + below.y) / 2
    if cut is None:
        return _split(page, x)
    top = [line for line in page.lines if line.y > cut]
    rest = [line for line in page.lines if line.y <= cut]
    return [
        column
        for lines in (top, rest)
        for column in _split(Page(page.index, page.width, page.height, lines), x)
    ]


def _joined(columns: list[list[Printed]], x: float) -> list[list[Printed]]:
    """Join bands of the same width that follow each other."""
    joined: list[list[Printed]] = []
    for column in columns:
        wide = column[0].x0 < x < column[0].x1
        if joined and wide and joined[-1][0].x0 < x < joined[-1][0].x1:
            joined[-1] += column
        else:
            joined.append(column)
    return joined


# -- footnotes -----------------------------------------------------------------------------


def take_footnotes(page: Page, size: float) -> list[Footnote]:
    """Take the footnotes out of a page's columns.

    A footnote begins with its mark, in type smaller than the body's or below a rule
    of underscores, and nothing of the body's size stands below it in its column.
    """
    notes: list[Footnote] = []
    for column in page.columns:
        at = _footnotes_from(column, size)
        if at is None:
            continue
        for line in column[at:]:
            text = line.text
            match = None if _RULE.match(text) else _MARK.match(text)
            raised = line.words[0].raised or line.words[0].size < 0.8 * line.size
            if match and (
                raised or not match["mark"].isdigit() or _next(notes, match["mark"], page)
            ):
                notes.append(Footnote(match["mark"], match["rest"], page.number))
            elif notes and not _RULE.match(text):
                last = notes[-1]
                notes[-1] = Footnote(last.mark, f"{last.text} {text}".strip(), last.page)
        del column[at:]
    page.columns = [column for column in page.columns if column]
    return notes


def _next(notes: Sequence[Footnote], mark: str, page: Page) -> bool:
    """Whether a number in normal type can be the mark after those of this page."""
    here = [int(n.mark) for n in notes if n.mark.isdigit() and n.page == page.number]
    return not here or int(mark) == here[-1] + 1


def _footnotes_from(column: Sequence[Printed], size: float) -> int | None:
    """Index of the first line of a column's footnotes."""
    for i, line in enumerate(column):
        if _RULE.match(line.text) and line.x1 - line.x0 < 260:
            below = column[i + 1 : i + 3]
            if below and any(_MARK.match(other.text) for other in below):
                return i
    at = len(column)
    while at and column[at - 1].size < 0.93 * size:
        at -= 1
    first = next((i for i in range(at, len(column)) if _MARK.match(column[i].text)), None)
    if first is None:
        return None
    # What stands above the first mark goes on with the footnote of the page before.
    goes_on = first > at and at > 0 and column[at - 1].y - column[at].y > 1.6 * column[at].size
    return at if goes_on else first
