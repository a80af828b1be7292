"""A text → its figures, so that "four fifths" and "80 per cent" are one figure.

A figure is held as the set of forms in which another text may print it. Whole numbers up
to a hundred in words, ordinals, simple fractions, multiples, and percentages are read;
"one" and "first" are not, for they mostly count nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_CARDINAL = {word: n for n, word in enumerate(_UNITS)} | {
    word: 10 * n for n, word in enumerate(_TENS, start=2)
}
_ORDINAL = {
    word: n
    for n, word in enumerate(
        "second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth "
        "fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth".split(),
        start=2,
    )
}
_PART = {"half": 2, "halves": 2, "quarter": 4, "quarters": 4} | {
    form: n for word, n in _ORDINAL.items() if n > 2 for form in (word, f"{word}s")
}
_MULTIPLE = {"twice": 2, "double": 2, "doubled": 2, "thrice": 3, "triple": 3, "tripled": 3,
             "trebled": 3}  # fmt: skip
_ALL = sorted({*_CARDINAL, *_ORDINAL, *_PART, *_MULTIPLE, "dozen"}, key=len, reverse=True)
_TOKEN = re.compile(
    r"(?P<digits>\d+(?:[.,]\d+)*)(?P<th>(?:st|nd|rd|th)\b)?(?P<cent>\s*(?:per\s?cent|%))?"
    r"|\b(?:a|half a|one) (?P<round>hundred|thousand|million|billion)\b"
    r"|\b(?P<times>[a-z]+)-?fold\b"
    rf"|\b(?P<word>{'|'.join(_ALL)})\b(?:-(?P<unit>{'|'.join(_UNITS[1:10])})\b)?"
    r"(?P<percent>\s+per\s?cent)?",
    re.IGNORECASE,
)
_NUMERATOR = re.compile(r"\b(?P<n>a|an|one|two|three|four|five|six|seven|eight|nine)[\s-]+$")
_YEAR_PART = re.compile(r"^\s+of\s+(?:the\s+year|(?:19|20)\d\d)", re.IGNORECASE)
_IN = re.compile(
    r"\b(?P<n>one|two|three|four|five|six|seven|eight|nine|\d)(?:\s+[a-z]+){0,2}\s+"
    r"(?:in|of|out of)(?:\s+every)?\s+(?P<of>three|four|five|ten|\d+)\b",
    re.IGNORECASE,
)
_EVERY = re.compile(
    r"\bof every (?P<of>three|four|five|ten|\d+)\b[^.;]{0,40}?\b"
    r"(?P<n>one|two|three|four|five|six|seven|eight|nine|\d)\b",
    re.IGNORECASE,
)
_LENGTH = re.compile(
    r"\b(?:an?|one|each|per|every|the|24) (hour|day|week|month|year|decade)\b", re.IGNORECASE
)
_LENGTHS = {"hour": "", "day": "1 days", "week": "7 days", "month": "1 months",
            "year": "12 months", "decade": "120 months"}  # fmt: skip
_YEAR = re.compile(r"(?:1[89]|20)\d\d")


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of a text, where it stands, and the forms it may be printed in."""

    start: int
    end: int
    printed: str
    forms: frozenset[str]  # "80", "80%", "x4", "1/4"

    @property
    def is_year(self) -> bool:
        """Whether it is a year in digits."""
        return is_year(self.printed)


def is_year(printed: str) -> bool:
    """Whether a number reads as a year."""
    return _YEAR.fullmatch(printed) is not None


def figures(text: str) -> list[Figure]:
    """Give the figures of a text in order, those in words among them."""
    found: list[Figure] = []
    shares = [
        (match.start(), match.end(), frozenset({_share(n, of), f"{n}/{of}"}))
        for match in _IN.finditer(text)
        if (n := _value(match["n"])) < (of := _value(match["of"])) <= 10
    ]
    found += [Figure(start, end, text[start:end], forms) for start, end, forms in shares]
    for match in _TOKEN.finditer(text):
        if any(start <= match.start() < end for start, end, _ in shares):
            continue
        forms = _forms(match, text)
        if forms:
            found.append(Figure(match.start(), match.end(), match[0].strip(), forms))
    return sorted(found, key=lambda one: one.start)


def forms_of(text: str) -> set[str]:
    """Give every form that the figures of a text may take, shares such as "one in four" too."""
    forms = {form for figure in figures(text) for form in figure.forms}
    forms |= {f"{_LENGTHS[m[1].casefold()]}" for m in _LENGTH.finditer(text)}
    forms |= {"10"} if re.search(r"\bdecade\b", text) else set()
    for pattern in (_IN, _EVERY):
        for match in pattern.finditer(text):
            n, of = _value(match["n"]), _value(match["of"])
            if of and n <= of:
                forms |= {_share(n, of), f"{n}/{of}", str(n), str(of)}
    return forms


def _forms(match: re.Match[str], text: str) -> frozenset[str]:
    if match["digits"]:
        number = plain_number(match["digits"])
        forms = {number, f"{number}%"} if match["cent"] else {number}
        after = text[match.end() :]
        return frozenset(forms | _time(number, after) | _written_out(number, after))
    if match["round"]:
        return frozenset({match[0].casefold()})
    if match["times"]:
        times = _CARDINAL.get(match["times"].casefold())
        return frozenset({f"x{times}", f"1/{times}", _share(1, times)} if times else ())
    word = match["word"].casefold()
    forms = set(_in_words(word, match, text))
    after = text[match.end() :]
    whole = [form for form in forms if form.isdigit()]
    return frozenset(forms.union(*(_time(n, after) | _written_out(n, after) for n in whole)))


_UNIT = re.compile(r"[\s-]+(hour|day|week|month|year|decade)s?\b", re.IGNORECASE)
_DAYS = {"day": 1, "week": 7}
_MONTHS = {"month": 1, "year": 12, "decade": 120}


_LARGE = re.compile(r"[\s-]+(hundred|thousand|million|billion)\b", re.IGNORECASE)
_TIMES = {"hundred": 2, "thousand": 3, "million": 6, "billion": 9}  # powers of ten


def _written_out(number: str, after: str) -> set[str]:
    """What "3.6 million" is in digits alone: 3600000."""
    large = _LARGE.match(after)
    if large is None:
        return set()
    power = _TIMES[large[1].casefold()]
    whole, _, part = number.partition(".")
    if not (whole.isdigit() and len(part) <= power):
        return set()
    return {f"{whole}{part:0<{power}}".lstrip("0")}


def _time(number: str, after: str) -> set[str]:
    """A length of time in days or months, so that "72 hours" is "three days"."""
    unit = _UNIT.match(after)
    if unit is None or not number.isdigit():
        return set()
    n, name = int(number), unit[1].casefold()
    if name == "hour":
        return {f"{n // 24} days"} if n % 24 == 0 else set()
    return {f"{n * _DAYS[name]} days"} if name in _DAYS else {f"{n * _MONTHS[name]} months"}


def _in_words(word: str, match: re.Match[str], text: str) -> Iterator[str]:
    before = _NUMERATOR.search(text[: match.start()].casefold()[-9:])
    if word == "twice" and not re.match(r"\s+(?:as|the|that|its|their)\b", text[match.end() :]):
        return  # how often, not how much
    if word in _MULTIPLE:
        yield f"x{_MULTIPLE[word]}"
    elif word == "dozen":
        yield "12"
    elif word in _PART and (before or word in ("half", "quarter") or word.endswith("s")):
        if word == "quarter" and _YEAR_PART.match(text[match.end() :]):
            yield "3"  # months
        n = 1 if before is None or before["n"] in ("a", "an") else _CARDINAL[before["n"]]
        yield from (_share(n, _PART[word]), f"{n}/{_PART[word]}")
    elif word in _ORDINAL and word != "second":
        yield str(_ORDINAL[word])
    elif word in _CARDINAL and word != "one" and not _is_numerator(text[match.end() :]):
        n = _CARDINAL[word] + (_CARDINAL[match["unit"].casefold()] if match["unit"] else 0)
        yield str(n)
        if match["percent"]:
            yield f"{n}%"


def _is_numerator(after: str) -> bool:
    """Whether a number in words only counts parts: the "four" of "four fifths"."""
    word = re.match(r"[\s-]+([a-z]+)", after)
    return word is not None and word[1] in _PART and word[1] not in _ORDINAL


def _value(text: str) -> int:
    return int(text) if text.isdigit() else _CARDINAL[text.casefold()]


def _share(n: int, of: int) -> str:
    return f"{100 * n / of:.3g}%"


def plain_number(figure: str) -> str:
    """1,282 and 1282 are one number; 2.5 and 2,5 are left as printed."""
    return re.sub(r",(?=\d{3}\b)", "", figure)
