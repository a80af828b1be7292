"""Tokens → the paragraphs they name: "paras. 25, 27 and 29–31" → (25, 25), (27, 27), (29, 31).

The rules below read one paragraph group: its word or sign, then numbers,
ranges and sub-paragraphs. Each takes the tokens and a place and gives what it
read with the place behind it, or None. Source: the UN Editorial Manual,
"Paragraphs and subparagraphs" and "Footnotes and other references".
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.cite.tokens import Token

Pairs = tuple[tuple[str, str], ...]

AND = frozenset({"and", "y", "e", "et", "or", "&", "und", "o", "ou"})
_TO = frozenset({"to", "through", "thru", "à", "a", "al", "au", "until"})
# What may follow the second number behind a singular word: "paragraph 25 and 26 of …".
_GOES_ON = AND | frozenset({
    "of", "in", "above", "below", "to", "at", "see", "supra", "infra", "respectively", "de",
    "del", "du", "des", "from", "on", "thereof",
})  # fmt: skip
_MONTH = re.compile(
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|janv|févr|mars|avr|mai|juin|juil|août|ene|"
    r"abr|ago|dic)[a-zé]*",
    re.IGNORECASE,
)
_ROMAN = re.compile(r"[ivx]+")
_SUB = re.compile(r"[a-z]|[ivx]{2,5}|([a-z])\1|\d{1,2}")


@dataclass(frozen=True, slots=True)
class Group:
    """A paragraph word with its numbers: tokens from `first` to before `next`."""

    paras: Pairs
    start: int
    end: int
    next: int
    mark: str


@dataclass(frozen=True, slots=True)
class _Label:
    """A number with its sub-paragraphs."""

    number: str
    subs: tuple[str, ...]
    end: int
    next: int

    def __str__(self) -> str:
        return " ".join((self.number, *(f"({sub})" for sub in self.subs)))


def sign_at(tokens: list[Token], i: int, *signs: str) -> bool:
    """Whether one of these single characters stands at `i`."""
    if i >= len(tokens):
        return False
    token = tokens[i]
    return token.kind == "sign" and token.text in signs


def word_at(tokens: list[Token], i: int) -> str:
    """Give the word at `i` in lower case; "" where there is none."""
    if i >= len(tokens):
        return ""
    token = tokens[i]
    return token.text.lower() if token.kind == "word" else ""


def kind_at(tokens: list[Token], i: int) -> str:
    """Give the kind of the token at `i`; "" behind the end."""
    return tokens[i].kind if i < len(tokens) else ""


def is_month(word: str) -> bool:
    """Whether a word is a month's name or its abbreviation."""
    return bool(word) and _MONTH.fullmatch(word) is not None


def group(tokens: list[Token], i: int) -> Group | None:
    """Read mark + list: "paras. 25–27", "¶ 3 (a)", "párrs. 25 y 26"."""
    if kind_at(tokens, i) != "mark":
        return None
    at = i + 1
    if word_at(tokens, at) in ("no", "nos"):
        at += 1 + sign_at(tokens, at + 1, ".")
    if kind_at(tokens, at) != "number":
        return None
    mark = tokens[i].text
    single = not mark.rstrip(".").endswith("s") and mark not in {"¶¶", "§§"}
    read = _list(tokens, at, single=single, bare_letters=mark not in _ENGLISH)
    paras, end, following = read
    return Group(paras, tokens[i].start, end, following, mark)


_ENGLISH = frozenset({
    "para", "para.", "paras", "paras.", "paragraph", "paragraphs", "recommendation",
    "recommendations",
})  # fmt: skip


def is_recommendation(read: Group) -> bool:
    """Whether a group is "recommendation 139.45", as reports of the review number theirs."""
    return read.mark.startswith("recommendation")


def brackets(tokens: list[Token], i: int) -> Group | None:
    """Read the neutral form: "[25]–[27]", "[25], [28] and [30]", "[25-27]", "[12(b)]"."""
    start = i
    pairs: list[tuple[str, str]] = []
    while (read := _bracket(tokens, i)) is not None:
        (first, last), i = read
        more = _bracket(tokens, i + 1) if sign_at(tokens, i, "-") else None
        if more is not None:
            (_, last), i = more
        pairs.append((first, last))
        joined = sign_at(tokens, i, ",")
        joined += word_at(tokens, i + joined) in AND
        if not joined or _bracket(tokens, i + joined) is None:
            break
        i += joined
    if not pairs:
        return None
    return Group(tuple(pairs), tokens[start].start, tokens[i - 1].end, i, "[")


def _bracket(tokens: list[Token], i: int) -> tuple[tuple[str, str], int] | None:
    """Read "[25]", "[12(b)]" or "[25-27]"; not a year."""
    if not sign_at(tokens, i, "["):
        return None
    label = _label(tokens, i + 1, bare_letters=False)
    if label is None or (len(label.number) == 4 and label.number[:2] in {"19", "20"}):
        return None
    pair, label = _range(tokens, label, single=False, bare_letters=False)
    return (pair, label.next + 1) if sign_at(tokens, label.next, "]") else None


def linked(tokens: list[Token], i: int) -> Group | None:
    """Read the numbers of a deep link behind "#": "25", "25-27", "25~2" (a chunk of 25)."""
    label = _label(tokens, i, bare_letters=False)
    if label is None:
        return None
    pair, label = _range(tokens, label, single=False, bare_letters=False)
    end, following = label.end, label.next
    if sign_at(tokens, following, "~") and kind_at(tokens, following + 1) == "number":
        end, following = tokens[following + 1].end, following + 2
    return Group((pair,), tokens[i].start, end, following, "#")


def numbers(tokens: list[Token], i: int, *, single: bool) -> tuple[Pairs, int, int] | None:
    """Read a list of numbers: its pairs, where it ends in the text, and the token behind it."""
    if kind_at(tokens, i) != "number":
        return None
    return _list(tokens, i, single=single, bare_letters=False)


def _list(
    tokens: list[Token], i: int, *, single: bool, bare_letters: bool
) -> tuple[Pairs, int, int]:
    """Read number ranges joined by commas and "and"; `tokens[i]` is a number."""
    pairs: list[tuple[str, str]] = []
    label = _label(tokens, i, bare_letters=bare_letters)
    assert label is not None, "the caller saw a number"
    while True:
        pair, label = _range(tokens, label, single=single, bare_letters=bare_letters)
        pairs.append(pair)
        item = _next_item(tokens, label, single=single, bare_letters=bare_letters)
        if item is None:
            return tuple(pairs), label.end, label.next
        label = item


def _range(
    tokens: list[Token], first: _Label, *, single: bool, bare_letters: bool
) -> tuple[tuple[str, str], _Label]:
    """Read "–27", "to 27" or "–(c)" behind a label; without one, first and last are the same."""
    i = first.next
    dash = sign_at(tokens, i, "-")
    if dash or (word_at(tokens, i) in _TO):
        i += dash and kind_at(tokens, i + 1) == "mark" and tokens[i + 1].text in ("¶", "§")
        last = _label(tokens, i + 1, bare_letters=bare_letters)
        if last is not None and (dash or _may_follow(tokens, last, single=single)):
            full = _Label(_full(first.number, last.number), last.subs, last.end, last.next)
            return (str(first), str(full)), full
        subs = _subs(tokens, i + 1, bare_letters=bare_letters) if first.subs else None
        if subs is not None:
            last = _Label(first.number, _replace(first.subs, subs[0]), subs[1], subs[2])
            return (str(first), str(last)), last
    return (str(first), str(first)), first


def _next_item(
    tokens: list[Token], label: _Label, *, single: bool, bare_letters: bool
) -> _Label | None:
    """Read ", 27", "and 27" or "and (c)": the next label of a list."""
    i = label.next
    comma = sign_at(tokens, i, ",")
    i += comma
    joined = word_at(tokens, i) in AND or sign_at(tokens, i, "&")
    i += joined
    if not (comma or joined):
        return None
    item = _label(tokens, i, bare_letters=bare_letters)
    if item is not None:
        return item if _may_follow(tokens, item, single=single) else None
    subs = _subs(tokens, i, bare_letters=bare_letters) if label.subs else None
    if subs is None:
        return None
    return _Label(label.number, _replace(label.subs, subs[0]), subs[1], subs[2])


def _may_follow(tokens: list[Token], item: _Label, *, single: bool) -> bool:
    """Whether a further number is a paragraph, not a date, a count or a resolution's number.

    "para. 25, 23 June 2016" and "paragraph 25 and 14 other States" hold one paragraph.
    """
    word = word_at(tokens, item.next)
    if is_month(word):
        return False
    if sign_at(tokens, item.next, "/", "%"):
        return False
    return not (single and word and word not in _GOES_ON)


def _label(tokens: list[Token], i: int, *, bare_letters: bool) -> _Label | None:
    if kind_at(tokens, i) != "number":
        return None
    number = tokens[i]
    subs = _subs(tokens, i + 1, bare_letters=bare_letters) or _named_sub(tokens, i + 1)
    if subs is None:
        return _Label(number.text, (), number.end, i + 1)
    return _Label(number.text, *subs)


def _subs(
    tokens: list[Token], i: int, *, bare_letters: bool
) -> tuple[tuple[str, ...], int, int] | None:
    """Read "(a) (ii)"; with `bare_letters` also "a)", as French and Spanish texts print it."""
    subs: list[str] = []
    end = 0
    while True:
        opened = sign_at(tokens, i, "(")
        name = i + opened
        if not (opened or bare_letters) or not sign_at(tokens, name + 1, ")"):
            break
        if kind_at(tokens, name) not in ("word", "number"):
            break
        text = tokens[name].text
        if not _SUB.fullmatch(text) or not (opened or text.isalpha()):
            break
        subs.append(text)
        end = tokens[name + 1].end
        i = name + 2
    return (tuple(subs), end, i) if subs else None


_NAMED = frozenset({
    "subpara", "subparagraph", "recommendation", "lit", "al", "alinéa", "alinéas", "inciso",
    "incisos", "apartado", "apartados",
})  # fmt: skip
_LETTERED = frozenset({  # "al. b)", "incisos a) y b)"
    "al", "alinéa", "alinéas", "inciso", "incisos", "apartado", "apartados",
})  # fmt: skip


def _named_sub(tokens: list[Token], i: int) -> tuple[tuple[str, ...], int, int] | None:
    """Read ", recommendation 1", ", subparagraph (b)" or, in French, ", al. b)" behind a number."""
    i += sign_at(tokens, i, ",")
    if word_at(tokens, i) == "sub" and sign_at(tokens, i + 1, "-"):
        i += 2
        known = kind_at(tokens, i) == "mark" and tokens[i].text.startswith("para")
    else:
        known = word_at(tokens, i) in _NAMED
    if not known:
        return None
    lettered = word_at(tokens, i) in _LETTERED
    i += 1 + sign_at(tokens, i + 1, ".")
    if kind_at(tokens, i) == "number" and _SUB.fullmatch(tokens[i].text):
        return (tokens[i].text,), tokens[i].end, i + 1
    return _subs(tokens, i, bare_letters=lettered)


def _replace(subs: tuple[str, ...], new: tuple[str, ...]) -> tuple[str, ...]:
    """Put `new` at the level it belongs to: (a) (ii) then (iii) → (a) (iii); then (b) → (b)."""
    head = new[0]
    for level in range(len(subs) - 1, -1, -1):
        old = subs[level]
        roman = bool(_ROMAN.fullmatch(old)) and (level > 0 or len(old) > 1)
        if old.isdigit() and head.isdigit():
            return subs[:level] + new
        # "(i)" is a roman one under a letter, and the letter after "(h)".
        if roman and _ROMAN.fullmatch(head):
            return subs[:level] + new
        if not roman and old.isalpha() and (len(head) == len(old) or level == 0):
            return subs[:level] + new
    return subs[:-1] + new


def _full(first: str, last: str) -> str:
    """Write out a shortened end of a range: 125–27 → 127, 126.48–50 → 126.50."""
    if "." in first and "." not in last and last.isdigit():
        head, _, _ = first.rpartition(".")
        whole = head.partition(".")[0]
        return f"{head}.{last}" if _number(last) <= _number(whole) else last
    if first.isdigit() and last.isdigit() and len(last) < len(first):
        written = first[: len(first) - len(last)] + last
        return written if written > first else last
    return last


def _number(digits: str) -> tuple[int, str]:
    """Order digit strings of any length as numbers, without converting them."""
    bare = digits.lstrip("0")
    return len(bare), bare
