"""A record whose numbers were lost → paragraphs numbered by the conventions of its kind.

Web copies of summary records often lose the automatic numbers. Those records number
every paragraph after the meeting was called to order, decisions ("It was so decided.")
among them; headings and the events of the meeting have none. Nothing is counted unless
the text shows by itself that it is such a record; what is counted is marked inferred.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.parse.blocks import EVENT
from rag.parse.candidates import ends_sentence
from rag.parse.lines import Line
from rag.parse.numbers import Start

_SUMMARY = re.compile(r"^(?:provisional )?summary record\b", re.IGNORECASE)
_MIN_WORDS = 4


def infer_starts(lines: Sequence[Line], skip: frozenset[int]) -> list[Start]:
    """Count the paragraphs of a summary record that has lost its numbers.

    Returns:
        One start a paragraph, all of them inferred; none where the text does not call
        itself a summary record or nobody calls the meeting to order.

    """
    opening = next(
        (i for i, line in enumerate(lines) if i not in skip and EVENT.match(line.text)), None
    )
    if opening is None or not any(_SUMMARY.match(line.text) for line in lines[:opening]):
        return []
    contents = {line.text.casefold() for line in lines[:opening]}
    starts: list[Start] = []
    for i in range(opening + 1, len(lines)):
        line = lines[i]
        if i in skip or EVENT.match(line.text) or not _is_paragraph(line, contents):
            continue
        if starts and not _begins(lines, i):
            continue
        starts.append(Start(i, str(len(starts) + 1), line.text, inferred=True))
    return starts


def _is_paragraph(line: Line, contents: set[str]) -> bool:
    """A sentence, not a heading."""
    text = line.text
    if text.casefold() in contents or len(text.split()) < _MIN_WORDS:
        return False
    if line.hint is not None and line.hint.heading:
        return False
    return not text.endswith(")") and not text.isupper()


def _begins(lines: Sequence[Line], i: int) -> bool:
    """Whether a line begins a paragraph rather than going on with one."""
    line, above = lines[i], lines[i - 1]
    if line.hint is not None:
        return line.hint.opens
    if line.text[:1].islower() or line.text.startswith(("(", "•", "–", "—")):
        return False
    return ends_sentence(above.text) or len(above.text) < 200
