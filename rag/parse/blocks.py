"""The lines between two paragraph starts → body, headings, events, and what has no number.

A paragraph's words end where a heading, an event of the meeting or a new part of the
document begins. Where the source has a layout, that tells headings and items apart;
plain text tells them by punctuation alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from rag.parse.candidates import ends_sentence
from rag.parse.lines import Line

EVENT = re.compile(
    r"^(?:The (?:public part of the |closed part of the |first part of the )?(?:public )?meeting "
    r"(?:wa ?s (?:called to order|suspended|resumed|adjourned)|rose|resumed)"
    r"|The discussion covered in the summary record (?:began|ended))\b"
)
ITEM = re.compile(r"^(?:\([a-z]{1,2}\)|\([ivx]{1,5}\)|[•–—-]) ?\S")
_MAX_HEADING = 300


def _lines() -> list[Line]:
    return []


def _texts() -> list[str]:
    return []


@dataclass
class Block:
    """The lines between two paragraph starts, sorted into what they are."""

    body: list[Line] = field(default_factory=_lines)
    headings: list[str] = field(default_factory=_texts)
    events: list[str] = field(default_factory=_texts)
    inferred: list[Line] = field(default_factory=_lines)  # under a heading that lost its number
    unnumbered: list[Line] = field(default_factory=_lines)  # in a part that has no numbers


def sort_block(
    lines: Sequence[Line],
    opening: Line,
    *,
    one_missing: bool,
    part_at: int | None = None,
    last: bool = False,
) -> Block:
    """Sort the lines after a paragraph's first into body, headings and events.

    Args:
        lines: the lines up to the next paragraph's first.
        opening: what stands on the paragraph's first line after the number.
        one_missing: whether exactly one number is missing before the next paragraph.
        part_at: index in `lines` of a heading that begins another part, if one is there.
        last: whether numbering begins again after these lines.

    """
    block = Block(body=[opening] if opening.text else [])
    rest = list(lines)
    if last and part_at is None:
        part_at = _first_heading(rest)
    beyond = rest[part_at:] if part_at is not None else []
    rest = rest[:part_at] if part_at is not None else rest
    for i, line in enumerate(rest):
        above = rest[i - 1].text if i else opening.text
        if EVENT.match(line.text) and ends_sentence(above):
            block.body += rest[:i]
            _after_event(rest[i:], block)
            break
    else:
        block.body += rest
    if not block.events:
        _take_headings(block, one_missing=one_missing)
    if beyond:
        headings, unnumbered = sort_front(beyond)
        block.headings += headings
        block.unnumbered += unnumbered
    return block


def _first_heading(lines: Sequence[Line]) -> int | None:
    """Where the layout shows the first heading after a paragraph that ends its part."""
    at = 0
    for group in grouped(lines):
        set_as = group[0].hint is not None and (group[0].hint.heading or group[0].text.isupper())
        if at and set_as and is_heading(group):
            return at
        at += len(group)
    return None


def _take_headings(block: Block, *, one_missing: bool) -> None:
    if any(line.hint is not None for line in block.body):
        groups = grouped(block.body)
        tail = 0
        while tail < len(groups) - 1 and is_heading(groups[-1 - tail]):
            tail += 1
        if tail:
            block.headings = [wrapped(group) for group in groups[-tail:]]
            block.body = [line for group in groups[:-tail] for line in group]
        return
    tail = _heading_tail(block.body)
    if tail:
        block.headings = join_headings([line.text for line in block.body[-tail:]])
        del block.body[-tail:]
    elif one_missing:
        at = _heading_inside(block.body)
        if at is not None:
            block.headings.append(block.body[at].text)
            block.inferred = block.body[at + 1 :]
            del block.body[at:]


def sort_front(lines: Sequence[Line]) -> tuple[list[str], list[Line]]:
    """Lines above a paragraph that belong to none: the headings at their end, and the rest."""
    if any(line.hint is not None for line in lines):
        groups = grouped(lines)
        tail = 0
        while tail < len(groups) and is_heading(groups[-1 - tail]):
            tail += 1
        at = len(groups) - tail
        rest = [line for group in groups[:at] for line in group]
        return [wrapped(group) for group in groups[at:]], rest
    tail_lines: list[str] = []
    for line in reversed(lines):
        if ends_sentence(line.text) or len(line.text) > 110 or ":" in line.text:
            break
        tail_lines.insert(0, line.text)
        if line.gap and len(tail_lines) >= 2:
            break
    headings = join_headings(tail_lines)[-2:]
    kept = sum(len(heading.split()) for heading in headings)
    rest = list(lines)
    while rest and kept > 0:  # the lines that make up the headings kept
        kept -= len(rest.pop().text.split())
    return headings, rest


def grouped(lines: Sequence[Line]) -> list[list[Line]]:
    """Cut lines into the blocks that the layout shows."""
    groups: list[list[Line]] = []
    for before, line in zip([None, *lines], lines, strict=False):
        hint = line.hint
        begins = hint is not None and hint.opens
        if before is not None and hint is not None and before.hint is not None and not begins:
            # A heading at the top of a page has nothing above it to stand apart from.
            ended = not before.hint.heading and ends_sentence(before.text)
            alone = before.page != line.page and before.hint.opens and not line.text[:1].islower()
            begins = hint.heading and (ended or alone)
        if before is None or begins:
            groups.append([line])
        else:
            groups[-1].append(line)
    return groups


def is_heading(group: Sequence[Line]) -> bool:
    """Whether a block of lines is set as a heading."""
    text = wrapped(group)
    if not text or len(text) > _MAX_HEADING or (ITEM.match(text) and not _LETTERED.match(text)):
        return False
    letters = [c for c in text if c.isalpha()]
    capitals = sum(c.isupper() for c in letters) > 0.6 * len(letters)
    if text.endswith((";", ",", "-")):
        return False
    if ends_sentence(text) and not text.endswith(("?", ":")) and not capitals:
        return False
    if all(line.hint is not None and line.hint.heading for line in group):
        return True
    if len(letters) > 2 and all(c.isupper() for c in letters):
        return True
    if all(line.hint is not None and line.hint.italic for line in group) and len(text) < 120:
        return True
    return len(text) < 160 and bool(_NUMBERED_HEADING.match(text))


_LETTERED = re.compile(r"^\([a-z]{1,2}\) ?[A-Z]")
_NUMBERED_HEADING = re.compile(r"^(?:[IVX]{1,6}|[A-Z]|[a-z])(?:[.)]| ?[-–—]) ?[A-ZÀ-Þ“]")
_ROMAN = re.compile(r"^[IVX]{1,6}\. [A-Z][^.;]{5,120}$")
_ALONE = re.compile(r"^(?:[IVX]{1,6}|[A-Z])\.$")  # "II." above the words of its heading


def wrapped(group: Sequence[Line]) -> str:
    """The lines of one block as one."""
    return " ".join(line.text for line in group)


def unwrap(
    lines: Sequence[str],
    vocabulary: frozenset[str] = frozenset(),
    begins: frozenset[int] = frozenset(),
) -> str:
    """Join hard-wrapped lines; listed items, (a), (b), keep lines of their own.

    A hyphen at a line's end stays, unless the word is elsewhere in the text without it.

    Args:
        lines: in order.
        vocabulary: the words of the whole text, in lower case.
        begins: indices of lines that the layout sets apart from those above.

    """
    text = ""
    for i, line in enumerate(lines):
        if not text:
            text = line
        elif (i in begins and ends_sentence(text)) or (
            ITEM.match(line) and (ends_sentence(text) or text.endswith((",", "and", "or")))
        ):
            text += "\n" + line
        elif text.endswith("-") and text[-2:-1].isalpha() and line[:1].isalpha():
            head, tail = re.findall(r"[^\W\d_]+", text)[-1], re.findall(r"[^\W\d_]+", line)[0]
            whole = (head + tail).lower()
            hyphenated = f"{head}-{tail}".lower()
            mend = whole in vocabulary and hyphenated not in vocabulary and line[0].islower()
            text = (text[:-1] if mend else text) + line
        elif text.endswith("-") and text[-2:-1].isdigit() and line[:1].isalnum():
            text += line  # "20-/year", "2016-/2017"
        elif text.endswith("/") and re.search(r"[A-Z0-9]/$", text):  # a symbol cut at its slash
            text += line
        else:
            text += " " + line
    return text


def _after_event(lines: Sequence[Line], block: Block) -> None:
    """What follows a suspension is a heading or another event; it belongs to no paragraph."""
    texts: list[str] = []
    for line in lines:
        if EVENT.match(line.text):
            block.events.append(line.text)
        elif block.events and not texts and not ends_sentence(block.events[-1]):
            block.events[-1] += " " + line.text
        else:
            texts.append(line.text)
    block.headings = join_headings(texts) if "rose" not in block.events[-1] else []


def _heading_tail(body: Sequence[Line]) -> int:
    """How many lines at the end of a block are headings: those after its last full sentence."""
    if len(body) > 1 and _ROMAN.match(body[-1].text) and _goes_on(body[-1].text):
        return 1  # whatever stands above it, unpunctuated or not
    tail = 0
    while tail < len(body) - 1 and _goes_on(body[-1 - tail].text):
        tail += 1
    if not tail or _goes_on(body[-1 - tail].text):
        return 0
    text = " ".join(line.text for line in body[-tail:])
    first = re.sub(r"^(?:\(?[A-Za-z0-9]{1,4}[.)] )", "", text)[:1]
    fits = len(text) <= _MAX_HEADING and (first.isupper() or first.isdigit() or first in "(“")
    return tail if fits and not text.endswith((",", "-")) else 0


def _goes_on(text: str) -> bool:
    """Whether a line does not end a sentence; a heading in capitals or "II." alone does not."""
    letters = [c for c in text if c.isalpha()]
    capitals = len(letters) > 8 and sum(c.isupper() for c in letters) > 0.6 * len(letters)
    return not ends_sentence(text) or capitals or _ALONE.match(text) is not None


def _heading_inside(body: Sequence[Line]) -> int | None:
    """A short unpunctuated line between two sentences, under which a number was lost."""
    for i in range(1, len(body) - 1):
        text = body[i].text
        if (
            len(text) < 60
            and text[0].isupper()
            and not ends_sentence(text)
            and not text.endswith((",", "-", "and", "the", "of"))
            and ends_sentence(body[i - 1].text)
            and body[i + 1].text[0].isupper()
        ):
            return i
    return None


def join_headings(lines: Sequence[str]) -> list[str]:
    """Join the wrapped lines of headings; a capital after a finished heading opens another."""
    headings: list[str] = []
    for line in lines:
        goes_on = bool(headings) and (
            line[0].islower()
            or (line.startswith("(") and not re.match(r"^\([a-z]{1,2}\) [A-Z]", line))
            or headings[-1].endswith((";", ",", " and", " of", " the", " under", " by", "-"))
            or headings[-1].count("(") > headings[-1].count(")")
            or re.fullmatch(r"(?:[IVX]{1,6}|[A-Z])\.", headings[-1]) is not None
        )
        if goes_on:
            headings[-1] += ("" if headings[-1].endswith("/") else " ") + line
        else:
            headings.append(line)
    return headings


def opening_event(lines: Sequence[Line]) -> int | None:
    """Where the meeting is called to order."""
    return next((i for i, line in enumerate(lines) if EVENT.match(line.text)), None)


def set_apart(lines: Sequence[Line]) -> frozenset[int]:
    """Indices of lines that the layout sets apart."""
    return frozenset(
        i for i, line in enumerate(lines) if i and line.hint is not None and line.hint.opens
    )
