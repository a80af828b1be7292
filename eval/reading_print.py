"""A PDF → what is printed in it, told without `rag.read` and `rag.parse`.

Gold is sometimes wrong: a text was split by hand, lost characters, or was reworded.
Whether it is may not be decided by what our reader says, so here is another route:
the plain text of pypdfium2, page by page, in the order of the file. A text is
printed where all its characters but white space stand there in one piece, or in two
at the end of one page and the beginning of the next (headers and footnotes between
them are stepped over). Hyphens at the end of a line may be kept or dropped.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

# A hyphen at the end of a line: typographic, or part of the word. pypdfium2 marks some.
_LINE_HYPHEN = re.compile(r"[-‐\u00ad]\s*\r?\n|[\x02\ufffe\u00ad]")
_MAYBE = "\x02"
_BEFORE = re.compile(r"(?<![\d.])(\d+(?:\.\d+)*)\s*[.)–-]?\s*[“‘\"«(\[]*\s*$")
_FOOT = 1500  # characters that footnotes and a footer may take below a text
_HEAD = 150  # and a header above it
_LEAST = 6  # characters on either side of a page's end: fewer stand anywhere by chance
_NO_LETTERS = dict.fromkeys(map(ord, "™ªº"))  # letters only once they are spelt out


@dataclass(frozen=True, slots=True)
class Printed:
    """Where a text stands, and what stands around it."""

    number: str  # the number printed just before it; "" where there is none
    after: str  # the first characters behind it, white space apart
    exact: bool  # hyphens agree as well


@dataclass(frozen=True, slots=True)
class _Page:
    text: str
    squeezed: str
    places: tuple[int, ...]  # of each squeezed character in the text


class Print:
    """The pages of one PDF."""

    def __init__(self, texts: Sequence[str]) -> None:
        plain = [_LINE_HYPHEN.sub(_MAYBE, text) for text in texts]
        self._texts = [folded(text) for text in plain]
        self._plain = [folded(text.translate(_NO_LETTERS)) for text in plain]

    @classmethod
    def of(cls, path: Path) -> Print:
        """Extract the text of each page, as it stands in the file."""
        from pypdfium2 import PdfDocument

        document = PdfDocument(path)
        try:
            return cls([page.get_textpage().get_text_range() for page in document])
        finally:
            document.close()

    @property
    def text(self) -> str:
        """The text of all pages, as it stands in the file."""
        return "".join(self._texts)

    @cached_property
    def _characters(self) -> list[_Page]:
        return [_squeeze(text, _is_character) for text in self._texts]

    @cached_property
    def _letters(self) -> list[_Page]:
        return [_squeeze(text.casefold(), str.isalnum) for text in self._texts]

    @cached_property
    def _ascii(self) -> list[_Page]:
        return [_squeeze(text.casefold(), _is_ascii) for text in self._plain]

    def find(self, text: str) -> list[Printed]:
        """Every place where all characters of a text are printed."""
        needle = _squeeze(folded(text), _is_character).squeezed
        return list(_places(needle, folded(text), self._characters))

    def numbers(self, number: str) -> bool:
        """Whether a number stands at the beginning of a line."""
        return re.search(rf"(?m)^\s*{re.escape(number)}(?![\d.]*\d)", self.text) is not None

    def letters(self, text: str) -> list[Printed]:
        """Every place where the letters and digits of a text are printed, case apart."""
        needle = _squeeze(folded(text).casefold(), str.isalnum).squeezed
        return list(_places(needle, None, self._letters))

    def ascii(self, text: str) -> bool:
        """Whether its unaccented letters and digits are printed in a row."""
        needle = ascii_letters(text)
        return any(_places(needle, None, self._ascii))

    def nearest(self, text: str) -> tuple[str, float]:
        """The printed words most like a text, and how alike they are, from 0 to 100."""
        from rapidfuzz.fuzz import partial_ratio_alignment

        whole = " ".join(" ".join(page.split()) for page in self._texts).replace(_MAYBE, "-")
        found = partial_ratio_alignment(" ".join(folded(text).split()), whole)
        return (whole[found.dest_start : found.dest_end], found.score) if found else ("", 0.0)


def folded(text: str) -> str:
    """Compose accents and spell ligatures out; nothing else is changed."""
    return unicodedata.normalize("NFKC", text)


def words(text: str) -> str:
    """Normalise white space: what "exactly right" leaves out of account."""
    return " ".join(text.split())


def letters(text: str) -> str:
    """Reduce a text to its letters and digits, case apart."""
    return "".join(filter(str.isalnum, folded(text).casefold()))


def ascii_letters(text: str) -> str:
    """Reduce a text to its unaccented letters and digits, case apart."""
    return "".join(filter(_is_ascii, folded(text.translate(_NO_LETTERS)).casefold()))


def _is_character(character: str) -> bool:
    """Neither white space, nor a control character, nor a hyphen."""
    return not character.isspace() and character not in "-‐" and character.isprintable()


def _is_ascii(character: str) -> bool:
    return character.isascii() and character.isalnum()


def _squeeze(text: str, kept: Callable[[str], bool]) -> _Page:
    places = tuple(i for i, character in enumerate(text) if kept(character))
    return _Page(text, "".join(text[i] for i in places), places)


def _places(needle: str, text: str | None, pages: Sequence[_Page]) -> Iterator[Printed]:
    """Find a squeezed text on one page, or across two; `text` is it with its hyphens."""
    if not needle:
        return
    for page in pages:
        at = page.squeezed.find(needle)
        while at >= 0:
            end = at + len(needle)
            raw = page.text[page.places[at] : page.places[end - 1] + 1]
            exact = text is not None and _same_hyphens(text, raw)
            yield Printed(_number_before(page, at), _after(page, end), exact)
            at = page.squeezed.find(needle, at + 1)
    for page, following in itertools.pairwise(pages):
        longest = _longest_prefix(needle, page.squeezed[-len(needle) - _FOOT :])
        if longest == len(needle):
            continue
        # A letter of the header may have been taken for one more of the text.
        for cut in range(min(longest, len(needle) - _LEAST), max(_LEAST, longest - 8) - 1, -1):
            rest = following.squeezed.find(needle[cut:], 0, len(needle) - cut + _HEAD)
            if rest >= 0:
                at = page.squeezed.rfind(needle[:cut])
                end = rest + len(needle) - cut
                raw = (
                    page.text[page.places[at] : page.places[at + cut - 1] + 1]
                    + _MAYBE
                    + following.text[following.places[rest] : following.places[end - 1] + 1]
                )
                exact = text is not None and _same_hyphens(text, raw)
                yield Printed(_number_before(page, at), _after(following, end), exact)
                break


def _longest_prefix(needle: str, text: str) -> int:
    """How many characters of a needle, from its first, stand in a text in a row."""
    lengths = range(1, len(needle) + 1)
    return bisect_right(lengths, False, key=lambda length: needle[:length] not in text)


def _same_hyphens(text: str, raw: str) -> bool:
    """Whether a text agrees with the print, where hyphens at line ends are free."""
    parts = re.sub(r"[^\S\x02]+", "", raw).split(_MAYBE)
    pattern = "[-‐]?".join(re.escape(part) for part in parts)
    return re.fullmatch(pattern, re.sub(r"\s+", "", text)) is not None


def _number_before(page: _Page, at: int) -> str:
    found = _BEFORE.search(page.text[max(0, page.places[at] - 24) : page.places[at]])
    return found[1] if found else ""


def _after(page: _Page, end: int) -> str:
    start = page.places[end - 1] + 1
    return "".join(page.text[start : start + 60].split())[:12]
