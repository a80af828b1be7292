"""Whole paragraphs and their numbers, read from eight PDFs with human-corrected text.

The gold (`gold/paragraph_gold`) has, for each PDF, its paragraphs in order: numbered
ones begin with their number ("12. …", "70 - …"), the others are headings, lines of the
masthead, clauses of a preamble and items of lists.

Two definitions of "recovered", side by side:

- **whole** is ours. A numbered paragraph of the gold is whole where one of our
  paragraphs has its number, and all its characters but white space in full; what we hold
  beyond that may only be the unnumbered gold paragraphs that follow it (items of a list
  stay inside their paragraph). An unnumbered one is whole where a heading, an event, a
  line or a run of lines between paragraphs, the masthead, or a part of one paragraph has
  its characters.
- **standing** is the one under which plain pdftotext finds 94 % and 91 % of the UPR
  report: the letters and digits of the gold, its number among them, stand in a row in
  the letters and digits of the text. For us that is the text as read, before it is cut;
  `pdftotext` is the same over the output of pdftotext, where it is installed, and
  `pdfium` over the raw text of pypdfium2.

White space is left out because the gold has it in odd places ("víctima , tres", "11mars"),
and where it breaks a word at a hyphen ("co- ordination") the hyphen is free. It leaves
footnote marks out in most documents and keeps them in one ("1/"); we may do either: a
text is compared as it stands, and without the marks of our own list of footnotes and
without "1/". `to_the_letter` makes none of these allowances: white space is normalised
and nothing else.
Some gold numbers are not what is printed; the plain text of the PDF tells (see
`eval.reading_print`), and such a paragraph is marked and has no score for its number.
"""

from __future__ import annotations

import itertools
import json
import re
import shutil
import subprocess
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from eval.metrics import Scores
from eval.reading import Case, Item, Read
from eval.reading_print import Print, letters, words
from eval.suites import shared

ABOUT = "whole paragraphs and numbers in eight PDFs, three language pairs"
FIGURES: Mapping[str, str] = {
    "whole": "recovered whole, numbered and unnumbered",
    "whole_numbered": "recovered whole, under the number, numbered alone",
    "whole_unnumbered": "recovered whole, headings, masthead, preamble, lists",
    "number": "the printed number, for numbered paragraphs of which the words were found",
    "to_the_letter": "whole, white space normalised and no other allowance",
    "standing": "letters in a row in the text as we read it",
    "pdftotext": "letters in a row in the output of pdftotext (baseline)",
    "pdfium": "letters in a row in the raw text of pypdfium2 (baseline)",
}
BARS: Mapping[str, float] = {"whole": 0.96, "number": 0.98}

GOLD = "gold/paragraph_gold"
_NUMBERED = re.compile(r"^(?P<label>\d{1,3})\s?(?:[.)]|-|–)\s?(?P<text>\D.*)$", re.DOTALL)
_MARK = re.compile(r"\s?\b\d{1,3}/")  # footnote marks of the United Nations before 1995


@dataclass(frozen=True, slots=True)
class Due:
    """One paragraph of the gold."""

    label: str | None
    text: str  # without its number, white space normalised


def gold() -> tuple[Path, ...]:
    """Name the folders of the labels and of the PDFs."""
    return (shared() / GOLD / "labels", shared() / GOLD / "pdfs")


def cases() -> list[Case]:
    """Give one case for each PDF; its gold is the text in the PDF's own language."""
    found: list[Case] = []
    for path in sorted((shared() / GOLD / "labels").glob("*.json")):
        labels = json.loads(path.read_text(encoding="utf-8"))
        name = Path(labels["main_xml_name"]).stem
        due = tuple(due_of(p["main_language"]) for p in labels["paragraphs"])
        found.append(Case(name, shared() / GOLD / "pdfs" / f"{name}.pdf", due))
    return found


def due_of(text: str) -> Due:
    """Tell the number of a gold paragraph from its text."""
    match = _NUMBERED.match(text)
    return Due(match["label"], words(match["text"])) if match else Due(None, words(text))


def judge(case: Case, read: Read) -> list[Item]:
    """Score each paragraph of one PDF."""
    printed = Print.of(case.path)
    ours = _Ours(read)
    baselines = {"pdftotext": _pdftotext(case.path), "pdfium": letters(printed.text)}
    items: list[Item] = []
    for place, due in enumerate(case.due):
        after = [d.text for d in _until_number(case.due[place + 1 :])]
        mark = _misnumbered(due, printed)
        found, plain = ours.whole(due, after, numbered=not mark)
        numbered = due.label is not None
        full = letters(f"{due.label or ''}{due.text}")
        scores: Scores = {
            "whole": float(found),
            "whole_numbered": float(found) if numbered else None,
            "whole_unnumbered": None if numbered else float(found),
            "number": ours.number(due) if numbered and not mark else None,
            "to_the_letter": float(plain),
            "standing": float(full in ours.letters),
        }
        for name, text in baselines.items():
            scores[name] = None if text is None else float(full in text)
        told = f"{due.label}. {due.text}" if due.label else due.text
        right = found and scores["number"] in (None, 1.0)
        items.append(Item(f"{case.document} {place + 1}", case.document, told,
                          read.failure or ours.nearest(due), scores, right, mark))  # fmt: skip
    return items


class _Ours:
    """What we read, in the forms that it is compared in."""

    def __init__(self, read: Read) -> None:
        document = read.document
        self.paragraphs = [(p.label, words(p.text)) for p in read.paragraphs]
        self.marks = {note.mark for note in document.footnotes} if document else set[str]()
        self.letters = letters(read.source.text) if read.source else ""
        self.other = _outside(read)

    def whole(self, due: Due, after: Sequence[str], *, numbered: bool) -> tuple[bool, bool]:
        """Whether a gold paragraph is held whole, and whether it is so to the letter.

        `numbered` is false where the gold's number is known to be wrong: any will do.
        """
        if due.label is None:
            texts = [*(text for _, text in self.paragraphs), *self.other]
            plain = any(f" {due.text} " in f" {text} " for text in texts)
            return plain or any(_within(due.text, text, self.marks) for text in texts), plain
        texts = [t for label, t in self.paragraphs if not numbered or _last(label) == due.label]
        plain = any(_and_items(due.text, text, after) for text in texts)
        return plain or any(_begins(due.text, text, after, self.marks) for text in texts), plain

    def number(self, due: Due) -> float | None:
        """Whether the words stand under their number; None where we do not hold the words."""
        wanted = letters(due.text)
        held = [label for label, text in self.paragraphs if wanted in letters(text)]
        return float(any(_last(label) == due.label for label in held)) if held else None

    def nearest(self, due: Due) -> str:
        """What we read most like a gold paragraph."""
        from rapidfuzz.fuzz import ratio

        texts = [*(f"{label}. {text}" for label, text in self.paragraphs), *self.other]
        told = f"{due.label}. {due.text}" if due.label else due.text
        return max(texts, key=lambda text: ratio(text, told), default="nothing")


def _outside(read: Read) -> list[str]:
    """What stands outside the paragraphs: headings, events, the lines between, the masthead."""
    document, source = read.document, read.source
    if document is None or source is None:
        return []
    ends = [0, *(p.end for p in document.paragraphs)]
    starts = [*(p.start for p in document.paragraphs), len(document.text)]
    texts = [
        *(heading.text for heading in document.headings),
        *(event.text for event in document.events),
        *(document.text[end:start] for end, start in zip(ends, starts, strict=True)),
    ]
    whole = words(source.text)
    first, last = words(document.paragraphs[0].text), words(document.paragraphs[-1].text)
    front, _, _ = whole.partition(first[:40])
    _, _, back = whole.rpartition(last[-40:])
    return [text for text in map(words, (*texts, front, back)) if text]


def _and_items(wanted: str, text: str, after: Sequence[str]) -> bool:
    """Whether a text is what is wanted, followed by nothing but the items after it."""
    if not text.startswith(wanted):
        return False
    rest = text[len(wanted) :].strip()
    for item in after:
        rest = rest.removeprefix(item).strip()
    return not rest


def _begins(wanted: str, text: str, after: Sequence[str], marks: Collection[str]) -> bool:
    """The same with the allowances for white space, broken words and footnote marks."""
    forms = (
        (text, wanted, after),
        (_unmarked(text, marks), _bare(wanted), [_bare(item) for item in after]),
    )
    for ours, first, items in forms:
        rest = "".join(ours.split())
        for place, item in enumerate((first, *items)):
            match = _loose(item).match(rest)
            if match is None and place == 0:
                break
            rest = rest[match.end() :] if match else rest
        else:
            if not rest:
                return True
    return False


def _within(wanted: str, text: str, marks: Collection[str]) -> bool:
    """Whether words stand in a text, with the same allowances."""
    forms = (text, wanted), (_unmarked(text, marks), _bare(wanted))
    return any(_loose(due).search("".join(ours.split())) for ours, due in forms)


def _loose(text: str) -> re.Pattern[str]:
    """All characters but white space; a hyphen before a space within a word is free."""
    parts = re.split(r"(?<=\w)- (?=\w)", text)
    return re.compile("-?".join(re.escape("".join(part.split())) for part in parts))


def _bare(text: str) -> str:
    return _MARK.sub("", text)


def _unmarked(text: str, marks: Collection[str]) -> str:
    """Take out footnote marks: ours where they are glued to a word, and "1/"."""
    text = _bare(text)
    if not marks:
        return text
    known = "|".join(re.escape(mark) for mark in sorted(marks, key=len, reverse=True))
    return re.sub(rf"(?<=[^\s\d])(?:{known})(?![\w%])", "", text)


def _until_number(due: Sequence[Due]) -> list[Due]:
    return list(itertools.takewhile(lambda paragraph: paragraph.label is None, due))


def _last(label: str) -> str:
    """The number as it is printed, where a label is composed."""
    return label.rpartition(".")[2]


def _misnumbered(due: Due, printed: Print) -> str:
    """Say which number is printed, where it is not that of the gold."""
    if due.label is None:
        return ""
    numbers = {place.number for place in printed.letters(due.text[:80])}
    if not numbers or due.label in numbers:
        return ""
    return f"gold: printed under {' and '.join(sorted(numbers)).strip() or 'no number'}"


def _pdftotext(path: Path) -> str | None:
    """The letters that pdftotext finds; None where it is not installed."""
    program = shutil.which("pdftotext")
    if program is None:
        return None
    done = subprocess.run([program, str(path), "-"], capture_output=True, check=True)
    return letters(done.stdout.decode("utf-8", errors="replace"))
