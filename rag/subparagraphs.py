"""A paragraph's text → its bracketed parts: (a), (b) (i), (b) (ii) …, each with its span.

The marks of a list follow one another from the first, at the beginning of a line or where a
list may go on; "article 12 (b) of the Code" is no part of the paragraph. Source: the UN
Editorial Manual, "Paragraphs and subparagraphs".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from rag.domain import SubParagraph

_Kind = Literal["letter", "roman", "digit"]

_MARK = re.compile(r"(\()?\b([a-z]|[ivx]{2,6}|([a-z])\3|[0-9]{1,2})\)(?=[\s\u00a0A-ZÀ-Þ“\"])")
_STRONG = re.compile(r"(?:^|[\n:;]|[:;,.] ?[–—-])[\s\u00a0“\"']*(?:(?:and|or|et|ou|y|o|e|u)\s+)?$")
# Words that a list may go on behind; a noun would make the mark a reference: "option (a)".
_FUNCTION = (
    "and|or|to|that|by|as|on|in|for|with|from|of|about|at|into|whether|if|is|are|was|were|be|"
    "should|must|shall|will|would|could|can|may|has|have|had|namely|including|include|included|"
    "both|either|said|asked|et|ou|que|de|à|pour|par|sur|dans|si|y|o|e|u|a|para|por|con|en|del"
)
_WEAK = re.compile(rf"(?:[,.)”\"]|\b(?:{_FUNCTION}),?)[\s\u00a0]+$", re.IGNORECASE)
_JOINS = frozenset({"and", "or", "et", "ou", "y", "o", "e", "u", "to", "through", "a", "à"})
_BEFORE = 24  # characters looked back at
_ATTEMPTS = 4  # false beginnings that are taken out
_ROMANS = {
    name: number
    for number, name in enumerate(
        "i ii iii iv v vi vii viii ix x xi xii xiii xiv xv xvi xvii xviii xix xx".split(), start=1
    )
}


@dataclass(frozen=True, slots=True)
class _Mark:
    """A mark that may begin a part."""

    name: str  # "a", "ii", "3"
    at: int
    end: int
    strong: bool  # at the beginning of a line, or behind a colon or semicolon

    def number(self, kind: _Kind) -> int | None:
        """Its place in a list of that kind, from 1; None where it is not of that kind."""
        name = self.name
        if kind == "roman":
            return _ROMANS.get(name)
        if kind == "digit":
            return int(name) if name.isdigit() else None
        if not name.isalpha() or len(set(name)) > 1 or len(name) > 2:
            return None
        return ord(name[0]) - ord("a") + 1 + 26 * (len(name) - 1)


@dataclass(slots=True)
class _List:
    """A list that is being read: its marks so far, each with the lists inside it."""

    kind: _Kind
    items: list[_Mark]
    inner: dict[int, _List] = field(default_factory=dict[int, "_List"])  # item → list inside


def subparagraphs(text: str) -> tuple[SubParagraph, ...]:
    """Find the bracketed parts of a paragraph, in order, the outer before the inner.

    A part reaches to the next of its list, the last one to the end of the part it lies in;
    white space at the end is left out. A mark alone makes no list.
    """
    marks = _marks(text)
    for _ in range(_ATTEMPTS):
        lists = _lists(marks)
        alone = {found.items[0].at for found in _all(lists) if len(found.items) == 1}
        if not alone:
            return tuple(_spans(text, lists, len(text), ""))
        marks = [mark for mark in marks if mark.at not in alone]
    return ()


def _marks(text: str) -> list[_Mark]:
    """Marks where a part may begin."""
    found: list[_Mark] = []
    for match in _MARK.finditer(text):
        before = text[max(0, match.start() - _BEFORE) : match.start()]
        begins = match.start() <= _BEFORE and not before.strip()
        strong = begins or _STRONG.search(before) is not None
        # "a)" without its first bracket, as French and Spanish texts print it, is a mark only
        # where nothing else can be meant.
        if strong or (match[1] and (_WEAK.search(before) or _is_inner(found, text, match.start()))):
            found.append(_Mark(match[2], match.start(), match.end(), strong))
    ends = [mark.at for mark in found[1:]] + [len(text)]
    return [
        mark
        for i, (mark, end) in enumerate(zip(found, ends, strict=False))
        if _has_words(text[mark.end : end])
        or (i + 1 < len(found) and _opens(found[i + 1]) and not text[mark.end : end].strip())
    ]


def _is_inner(found: Sequence[_Mark], text: str, at: int) -> bool:
    """Whether a mark stands right behind another: "(a) (i)"."""
    return bool(found) and not text[found[-1].end : at].strip()


def _opens(mark: _Mark) -> bool:
    return mark.name in ("a", "i", "1")


def _has_words(text: str) -> bool:
    """Whether more than "and" stands between two marks."""
    words = re.findall(r"\w+", text[:80])
    return any(word not in _JOINS for word in words)


def _lists(marks: Sequence[_Mark]) -> list[_List]:
    """Put marks into lists, an inner one under the last item of the outer."""
    done: list[_List] = []
    stack: list[_List] = []
    for i, mark in enumerate(marks):
        following = marks[i + 1] if i + 1 < len(marks) else None
        level = _continued(stack, mark, following)
        if level is not None:
            del stack[level + 1 :]
            stack[level].items.append(mark)
            continue
        again = next((k for k, one in enumerate(stack) if one.items[0].name == mark.name), None)
        if again is not None:  # of two beginnings, the later one unless it may be a reference
            if len(stack[again].items) == 1 and (mark.strong or not stack[again].items[0].strong):
                del stack[again + 1 :]
                stack[again].items[0] = mark
                stack[again].inner.clear()
            continue
        kind = _beginning(mark)
        if kind is None or any(one.kind == kind for one in stack):
            continue
        new = _List(kind, [mark])
        if stack:
            stack[-1].inner[len(stack[-1].items) - 1] = new
        else:
            done.append(new)
        stack.append(new)
    return done


def _continued(stack: Sequence[_List], mark: _Mark, following: _Mark | None) -> int | None:
    """The level that a mark goes on with, the innermost first; None where it goes on with none."""
    for level in range(len(stack) - 1, -1, -1):
        one = stack[level]
        last = one.items[-1].number(one.kind)
        if last is None or mark.number(one.kind) != last + 1:
            continue
        # "(i)" behind "(h)" is the letter, unless "(ii)" follows.
        roman = one.kind == "letter" and mark.name == "i" and following is not None
        if roman and following is not None and following.name == "ii":
            continue
        return level
    return None


def _beginning(mark: _Mark) -> _Kind | None:
    kinds: dict[str, _Kind] = {"a": "letter", "i": "roman", "1": "digit"}
    return kinds.get(mark.name)


def _all(lists: Sequence[_List]) -> Iterator[_List]:
    for one in lists:
        yield one
        yield from _all(list(one.inner.values()))


def _spans(text: str, lists: Sequence[_List], end: int, above: str) -> Iterator[SubParagraph]:
    for number, one in enumerate(lists):
        stop = lists[number + 1].items[0].at if number + 1 < len(lists) else end
        for i, mark in enumerate(one.items):
            behind = one.items[i + 1].at if i + 1 < len(one.items) else stop
            name = f"{above} ({mark.name})".lstrip()
            last = mark.at + len(text[mark.at : behind].rstrip())
            yield SubParagraph(name, mark.at, last)
            if i in one.inner:
                yield from _spans(text, [one.inner[i]], last, name)
