"""Text → the document symbols in it, in canonical form ("C AT/C/ sr.1823" → "CAT/C/SR.1823").

A symbol is a run of components joined by slashes. Symbols reach us through
PDFs, e-mails and file names, so spaces, dashes, letter case and line breaks
are repaired; what only looks like a symbol ("and/or", "ISO/IEC") is left
alone. Source: the UN Editorial Manual, "Document symbols".
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

from rag.cite.series import KNOWN, ONE_LETTER, SUFFIXES

_DROPPED = re.compile("[\u00ad\u200b\u200c\u200d\u2060\ufeff]")
_LOOKALIKES = {
    " ": "\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u3000",
    "-": "\u2010\u2011\u2012\u2013\u2212\ufe58\ufe63\uff0d",
    "/": "\u2044\u2215\uff0f",
}
_PLAIN = str.maketrans({odd: plain for plain, odds in _LOOKALIKES.items() for odd in odds})
# An em dash between spaces is punctuation; without spaces it stands for a hyphen.
_EM_DASH = re.compile("(?<!\\s)[\u2014\u2015](?!\\s)")

_SLASH = "(?:/|%(?:25)?2[Ff])"  # encoded once or twice in web addresses
_START = re.compile(rf"(?<!\w)[A-Za-z]{{1,12}}(?=\s{{0,12}}{_SLASH})")
# A full stop is misprinted for a slash in "FCCC/SBSTA/2014.INF.21".
_SEPARATOR = re.compile(
    rf"(\s{{0,12}}){_SLASH}(\s{{0,12}})|(?<=\d)\.(?=(?:INF|MISC|SR|L|Add|Rev|Corr)\.\d)"
)
_N = r"\d{1,8}"  # digits: no number of a document is longer
_WORDS = (
    "ADD|AMEND|CORR|REV|SR|PV|WG|WP|AC|CN|CONF|CRP|INF|MISC|NGO|PC|GC|SER|SC|C|L|R|TECH|RES|DEC"
)
_COMPONENT = re.compile(
    rf"""(?:
      (?P<dotted>(?P<name>{_WORDS})(?:\s{{0,3}}\.\s{{0,3}}|(?<=WG),(?=\d)|(?<=/SR)\s(?=\d))(?P<value>{_N}|[A-Z]))
    | (?P<session>(?:S|ES)-{_N})
    | (?P<number>{_N}[A-Z]?(?:-{_N})?)
    | (?P<series>[A-Z]{{1,12}}\.\d+)
    | (?P<glued>(?:HRC|SBI|SBSTA){_N}|\d{{1,2}}[A-Z]{{3}})
    | (?P<word>[A-Z]{{1,12}})
    )(?![A-Za-z0-9_])""",
    re.IGNORECASE | re.ASCII | re.VERBOSE,
)
# A/RES/217 (III); the letter behind tells the parts of one resolution: A/RES/217(III)A
_ROMAN = re.compile(r"(?:\s|%20)?(?:\(|%28)([IVXLC]{1,8})(?:\)|%29)(?:\s?[A-Z](?![\w.]))?")
_DIGIT = re.compile(r"\d")
_NUMERAL = re.compile("[IVXLCM]{2,}")  # GC(XXXVII)/RES/624, with its head lost
_SPLIT_HEAD = re.compile(r"(?<!\w)[A-Z]{1,4}\s$")
_WEB = re.compile(r"(?:https?://|www\.)\S*$|(?:undocs|docs\.un)\.org\S*$", re.IGNORECASE)
_WEB_SIGNS = ("://", "www.", ".org")
_UN_WEB = re.compile(r"(?:undocs\.org|docs\.un\.org|daccess|symbol(?:no)?=)\S*$", re.IGNORECASE)
# Acronyms that stand before slashes without being a series.
_NOT_SERIES = frozenset({
    "ISO", "IEC", "IEEE", "TCP", "UDP", "HTTP", "HTTPS", "HIV", "TB", "AND", "OR", "UNDOC",
    "UTF",
})  # fmt: skip
_MARKERS = frozenset(["CO", "Q", "RES", "QPR", "LOIPR", "GC", "RQ", "DEC"])
_LONGEST_TEXT = 255  # characters; white space around included
_LONGEST = 16  # components; the longest real symbols have ten


@dataclass(frozen=True, slots=True)
class CleanText:
    """Text with look-alike characters made plain, and the way back to the original offsets."""

    text: str
    dropped: tuple[int, ...]  # offsets, in `text`, before which one character was dropped

    def start(self, offset: int) -> int:
        """Give the original offset of the character at `offset`."""
        return offset + bisect_right(self.dropped, offset)

    def end(self, offset: int) -> int:
        """Give the original offset just behind the character before `offset`."""
        return self.start(offset - 1) + 1


def clean(text: str) -> CleanText:
    """Make spaces, dashes and slashes plain and drop soft hyphens and zero-width characters."""
    plain = _EM_DASH.sub("-", text.translate(_PLAIN))
    dropped = [match.start() - i for i, match in enumerate(_DROPPED.finditer(plain))]
    return CleanText(_DROPPED.sub("", plain) if dropped else plain, tuple(dropped))


@dataclass(frozen=True, slots=True)
class _Part:
    """One component: its canonical form, where it stands, and what was odd about it."""

    text: str
    start: int
    end: int
    upper: bool  # printed as symbols are: capitals, or Add. and its like
    gap: bool  # white space around the slash before it


def find_symbols(text: str) -> list[tuple[int, int, str]]:
    """Find every document symbol of a text as (start, end, canonical form), in order.

    A reissue mark ("A/HRC/11/25*") is not part of the span.
    """
    cleaned = clean(text)
    return [(cleaned.start(a), cleaned.end(b), name) for a, b, name in symbols_in(cleaned.text)]


def symbols_in(text: str) -> list[tuple[int, int, str]]:
    """Find the symbols of text that went through `clean`; spans are offsets into it."""
    found: list[tuple[int, int, str]] = []
    position = 0
    while (match := _START.search(text, position)) is not None:
        parts, position, broken = _run(text, match.start())
        position = max(position, match.end())
        if parts:
            symbol = _symbol_of_run(text, parts, broken)
            if symbol is not None:
                found.append(symbol)
    return found


def normalise_symbol(text: str) -> str | None:
    """Give the canonical form of a text that is one symbol and nothing else, or None.

    Repairs spaces, dashes, letter case, soft hyphens, line breaks after a slash
    and a dropped reissue mark: "CCPR/C/ SR.2810*" → "CCPR/C/SR.2810".
    """
    if len(text) > _LONGEST_TEXT:
        return None
    plain = clean(text).text.strip().rstrip("*.;:, \t\r\n")
    head, slash, rest = plain.partition("/")
    plain = re.sub(r"\s+", "", head) + slash + rest
    if _START.match(plain) is None:
        return None
    parts, end, broken = _run(plain, 0)
    if broken or end != len(plain) or len(parts) > _LONGEST:
        return None
    names = [part.text for part in parts]
    if all(part.upper for part in parts):
        return _join(plain, parts)[0] if _is_valid(names) else None
    return "/".join(names) if _is_valid(names) and _is_plain(names) else None


def is_symbol(text: str) -> bool:
    """Whether a text is one document symbol and nothing else."""
    return normalise_symbol(text) is not None


_EXTENSION = re.compile(r"\.[a-z]{3,}.*$")  # CCPR_C_SR.3272.extracted
_COPY = re.compile(r"\s*\(\d+\)$")
_DIGITS = re.compile("[0-9]{1,8}")
_LANGUAGE = frozenset({
    "E", "F", "S", "R", "A", "C", "EN", "FR", "ES", "RU", "AR", "ZH", "ENG", "FRE", "AV", "AUV",
    "AEV",
})  # fmt: skip


def symbol_from_filename(stem: str) -> str | None:
    """Read the symbol that a file is named after, or None.

    "CCPR_C_SR.3272" → "CCPR/C/SR.3272", "A_HRC_28_10__kazakhstan2014" → "A/HRC/28/10".
    """
    if len(stem) > _LONGEST_TEXT:
        return None
    name = _COPY.sub("", _EXTENSION.sub("", clean(stem).text.strip().partition("__")[0]))
    if "/" in name:
        return None
    separator = next((sign for sign in ("_", "-", " ") if sign in name), ".")
    pieces = _rejoin(name.split(separator), apart=separator == "_")
    if len(pieces) > 3 and pieces[-1].upper() in _LANGUAGE and pieces[-2][-1:].isdigit():
        pieces = pieces[:-1]
    if len(pieces) < 2:
        return None
    symbol = normalise_symbol("/".join(pieces))
    if symbol is None:
        return None
    parts = symbol.split("/")
    if len(parts) == 2 and "." not in parts[1]:
        return None
    unknown = parts[0] not in KNOWN and parts[0] not in ONE_LETTER
    if unknown and not (_is_marked(parts) or parts[1] == "C"):
        return None
    return symbol


_POINTED = frozenset({"SR", "PV", "ADD", "REV", "CORR", "WG", "L"})


def _rejoin(pieces: list[str], *, apart: bool) -> list[str]:
    """Put back together what is one component: "SR", "3272" and, unless `apart`, "8", "10".

    CERD-C-KAZ-CO-8-10 means CERD/C/KAZ/CO/8-10: combined reports follow one another.
    """
    joined: list[str] = []
    for piece in pieces:
        name = joined[-1].upper() if joined else ""
        committee = name == "C" and joined[0].upper() in {"A", "E"} and len(joined) == 2
        numeric = _DIGITS.fullmatch(piece) is not None
        if numeric and (name in _POINTED or committee):
            joined[-1] += f".{piece}"
        else:
            joined.append(piece)
    numbers = [piece for piece in joined[-2:] if _DIGITS.fullmatch(piece)]
    if apart or len(joined) < 4 or len(numbers) < 2 or joined[0].upper() not in KNOWN:
        return joined
    combined = 0 < int(numbers[1]) - int(numbers[0]) <= 5 and joined[-3].isalpha()
    return [*joined[:-2], "-".join(numbers)] if combined else joined


def _run(text: str, start: int) -> tuple[list[_Part], int, bool]:
    """Read components joined by slashes; also where they end, and whether mid-component."""
    parts: list[_Part] = []
    position, gap = start, False
    while True:
        match = _COMPONENT.match(text, position)
        if match is None:
            return parts, position, not gap and text[position : position + 1].isalnum()
        parts.extend(_parts_of(match, gap))
        end = match.end()
        separator = _SEPARATOR.match(text, end)
        if separator is None:
            return parts, end, False
        gap = bool(separator[1] or separator[2])
        if gap and _starts_anew(text, separator, parts):
            return parts, end, False
        position = separator.end()


def _parts_of(match: re.Match[str], gap: bool) -> list[_Part]:
    printed, start, end = match[0], match.start(), match.end()
    if match["dotted"]:
        name = match["name"].upper()
        name = name.capitalize() if name.capitalize() in SUFFIXES else name
        upper = match["name"].isupper() or match["name"] in SUFFIXES
        return [_Part(f"{name}.{match['value'].upper()}", start, end, upper, gap)]
    if match["glued"]:  # a slash is missing: A/HRC24/7, A/HRC/WG.6/14PER/2
        middle = start + len(printed.rstrip("0123456789") if not printed[0].isdigit() else "")
        middle += len(printed) - len(printed.lstrip("0123456789"))
        return [
            _Part(piece.upper(), at, at + len(piece), not piece.islower(), between)
            for piece, at, between in (
                (printed[: middle - start], start, gap),
                (printed[middle - start :], middle, False),
            )
        ]
    upper = printed.isupper() or printed.isdigit() or bool(match["number"])
    return [_Part(printed.upper(), start, end, upper, gap)]


def _starts_anew(text: str, separator: re.Match[str], parts: list[_Part]) -> bool:
    """Whether a slash with space around it stands between two symbols, not inside one."""
    following = _COMPONENT.match(text, separator.end())
    if following is None:
        return False
    if following["word"] and following[0] in KNOWN:
        return True
    names = [part.text for part in parts[-_LONGEST:]]
    complete = _is_valid(names)
    if complete and following[0] in ONE_LETTER:
        return True
    loose = bool(separator[1] and separator[2])
    return loose and complete and (following["name"] or "").capitalize() not in SUFFIXES


def _symbol_of_run(text: str, parts: list[_Part], broken: bool) -> tuple[int, int, str] | None:
    """Pick the symbol out of a run: behind a web address, before lower-case words."""
    if len(parts) > _LONGEST:
        return None
    begin = _first_of_series(parts)
    first = parts[begin]
    context = text[max(0, first.start - 200) : first.start]
    web = any(sign in context for sign in _WEB_SIGNS) and _WEB.search(context) is not None
    known = first.text in KNOWN
    before = context[-1:]
    inside = begin and not (first.gap and first.text in ONE_LETTER)  # "Nations / A/HRC/28/10"
    if (inside or before in ("/", "\\", ".", "@")) and not web and not known:
        return None
    # Elsewhere on the web, "…/E/123" is a path.
    foreign = web and not known and _UN_WEB.search(context) is None
    if foreign and not _is_plain([part.text for part in parts[begin:]]):
        return None
    if broken and not web:
        return None
    rest = _mend_head(parts[begin:], context)
    kept = _upper_prefix(rest)
    if len(kept) == len(rest) or web or rest[len(kept)].gap:
        names = [part.text for part in kept]
        if len(kept) > 1 and _is_valid(names):
            symbol, end = _join(text, kept)
            return kept[0].start, end, symbol
    names = [part.text for part in rest]
    if not any(part.gap for part in rest[1:]) and _is_valid(names) and _is_plain(names):
        return rest[0].start, rest[-1].end, "/".join(names)
    return None


def _first_of_series(parts: list[_Part]) -> int:
    """Index of the component a known series starts with, else of the first in capitals."""
    if parts[0].text in ONE_LETTER and parts[0].upper:
        return 0
    known = next((i for i, part in enumerate(parts) if part.text in KNOWN), None)
    if known is not None:
        return known
    # Behind the lower-case words of a web address; a symbol typed in lower case has none.
    return next((i for i, part in enumerate(parts) if part.upper and part.text.isalpha()), 0)


def _mend_head(parts: list[_Part], context: str) -> list[_Part]:
    """Put a first component back together: "C AT/C/SR.1823"."""
    head = _SPLIT_HEAD.search(context[-6:])
    if head is None or parts[0].text in KNOWN:
        return parts
    whole = head[0].strip() + parts[0].text
    if whole not in KNOWN:
        return parts
    first = parts[0]
    return [_Part(whole, first.start - len(head[0]), first.end, True, False), *parts[1:]]


def _upper_prefix(parts: list[_Part]) -> list[_Part]:
    for i, part in enumerate(parts):
        if not part.upper:
            # "CCPR/C/SR.1/add.1": the suffix may be in lower case, the series may not.
            if i > 1 and part.text.partition(".")[0] in SUFFIXES:
                continue
            return parts[:i]
    return parts


def _join(text: str, parts: list[_Part]) -> tuple[str, int]:
    """Join components; a resolution of before 1976 keeps its session: A/RES/217(III)."""
    symbol, end = "/".join(part.text for part in parts), parts[-1].end
    if len(parts) > 2 and parts[-2].text == "RES":
        roman = _ROMAN.match(text, end)
        if roman is not None:
            return f"{symbol}({roman[1]})", roman.end()
    return symbol, end


def _is_valid(names: list[str]) -> bool:
    """Whether canonical components make a symbol: a series, and a digit somewhere after it."""
    first, rest = names[0], names[1:]
    if not first.isalpha() or first in _NOT_SERIES or not rest:
        return False
    if len(rest) == 1:  # S/PV.8422, S/25704; A/4 is a size of paper
        if first not in ONE_LETTER:
            return False
        numbered = rest[0].isdigit() and len(rest[0]) >= 3
        if not numbered and not rest[0].startswith(("PV.", "INF.", "CONF.", "SR.")):
            return False
    if _NUMERAL.fullmatch(first) and first not in KNOWN:
        return False
    if _DIGIT.search("/".join(rest)) is None:
        return False
    if not _NOT_SERIES.isdisjoint(rest):
        return False
    if len(rest) == 1:
        return True
    if first in KNOWN or first in ONE_LETTER:
        return True
    return len(first) <= 8 and (len(first) > 1 or _is_marked(names))


def _is_marked(names: list[str]) -> bool:
    """Whether a component says that this is a symbol of UN form: SR.411, Add.1, CO, Q."""
    return any(name in _MARKERS or "." in name for name in names[1:])


def _is_plain(names: list[str]) -> bool:
    """Whether a symbol typed in lower case cannot be anything else: "ccpr/c/sr.3272"."""
    if len(names) < 2:
        return False
    first, second = names[0], names[1]
    words = [name for name in names[2:] if name.isalpha()]
    if len(words) > 3 or any(len(word) > 6 for word in words):
        return False
    if first in KNOWN:
        return len(names) > 2
    if first in ONE_LETTER and len(names) > 2:
        return second in {"HRC", "RES", "PRST"} or "." in second or "." in names[2]
    return any(name.startswith(("SR.", "PV.", "CO.")) for name in names[1:]) or (
        _is_marked(names) and second == "C"
    )
