"""UPR reports against their own contents tables: the last paragraph of each section.

The second page of each report has a table "Paragraphs Page": "Introduction … 1–4 3",
"I. Summary of the proceedings … 5–120 3", "A. Presentation … 5–14 3". It is read here
from the plain text of the PDF, without `rag.read` and `rag.parse`, and holds for the
report in every form: PDF, text, and text flattened to one line. Every table of the 40
reports can be read by machine; none had to be typed.

A section agrees where its first and its last paragraph are there under numbers that
are printed, and where the numbered paragraph that follows the last one is the next in
count, or none. Beside it: whether the section's heading stands before its first
paragraph, and whether all numbers from first to last are there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from eval.metrics import Scores
from eval.reading import Case, Item, Read
from eval.reading_print import letters
from eval.suites import shared
from rag.domain import Document

ABOUT = "sections of 40 UPR reports against their contents tables, PDF and text"
FIGURES: Mapping[str, str] = {
    "last": "the section's last paragraph agrees with the contents table",
    "last_pdf": "the same, in the PDFs",
    "last_txt": "the same, in the texts",
    "last_flat": "the same, in the texts flattened to one line",
    "first": "the section's first paragraph is there",
    "every": "every number from first to last is there, printed, once and in order",
    "heading": "the section's heading stands before its first paragraph",
}
BARS: Mapping[str, float] = {"last": 1.0}

FORMS = {"pdf": "pdf", "txt": "txt", "flat": "txt_flattened_by_repo"}
_LINE = re.compile(
    r"^(?P<title>\D.*?)[\s.…]+(?P<first>\d{1,3})(?:\s*[-–]\s*(?P<last>\d{1,3}))?\s+(?P<page>\d{1,3})$"
)
_TABLE = re.compile(r"contents\s+paragraphs\s+page\s+(?P<body>.*?)\s+annex", re.I | re.DOTALL)
_ENUMERATOR = re.compile(r"^(?:[IVX]{1,4}|[A-H])\.?\s+")


@dataclass(frozen=True, slots=True)
class Section:
    """One line of a contents table."""

    title: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Due:
    """The sections of a report, and the form in which it is read."""

    form: str
    sections: tuple[Section, ...]


def gold() -> tuple[Path, ...]:
    """Name the folders of the reports."""
    return tuple(shared() / "record" / "upr" / folder for folder in FORMS.values())


def cases() -> list[Case]:
    """Give each report in each of its forms."""
    found: list[Case] = []
    for path in sorted((shared() / "record" / "upr" / "pdf").glob("*.pdf")):
        sections = table_of(path)
        for form, folder in FORMS.items():
            file = path.parent.parent / folder / f"{path.stem}{'.pdf' if form == 'pdf' else '.txt'}"
            if file.is_file():
                name = path.stem.split("__")[0].replace("_", "/")
                found.append(Case(f"{name} {form}", file, Due(form, sections)))
    return found


def table_of(path: Path) -> tuple[Section, ...]:
    """Read the contents table from the first pages of a PDF."""
    from pypdfium2 import PdfDocument

    document = PdfDocument(path)
    try:
        for number in range(min(4, len(document))):
            text = document[number].get_textpage().get_text_range().replace("\r", "")
            match = _TABLE.search(text)
            if match:
                return tuple(sections_of(match["body"]))
    finally:
        document.close()
    return ()


def sections_of(body: str) -> Iterator[Section]:
    """Read the lines of a contents table; a title may run over two lines."""
    title = ""
    for line in body.splitlines():
        title = f"{title} {line.strip()}".strip()
        match = _LINE.match(title)
        if match:
            first = int(match["first"])
            name = match["title"].rstrip(" .…")
            yield Section(name, first, int(match["last"] or first))
            title = ""


def judge(case: Case, read: Read) -> list[Item]:
    """Score each section of one report in one form."""
    items: list[Item] = []
    for section in case.due.sections:
        scores: Scores = dict.fromkeys(FIGURES, 0.0)
        scores |= {f"last_{form}": None for form in FORMS}
        told = read.failure
        if read.document:
            scores |= _scores(read.document, section)
            told = _found(read.document, section)
        scores[f"last_{case.due.form}"] = scores["last"]
        due = f"{section.title}: {section.first}–{section.last}"
        right = all(scores[name] for name in ("last", "first", "every", "heading"))
        name = f"{case.document} {section.first}–{section.last}"
        items.append(Item(name, case.document, due, told, scores, right))
    return items or [
        Item(f"{case.document}", case.document, "a contents table", "none that can be read",
             dict.fromkeys(FIGURES, 0.0), right=False)
    ]  # fmt: skip


def _numbers(document: Document) -> list[tuple[int, bool]]:
    """The whole numbers of the report proper, in order, and whether each is printed."""
    return [
        (int(p.label), not p.inferred)
        for p in document.paragraphs
        if p.section is None and p.label.isdigit()
    ]


def _scores(document: Document, section: Section) -> Scores:
    numbers = _numbers(document)
    whole = [number for number, _ in numbers]
    printed = {number for number, is_printed in numbers if is_printed}
    at = whole.index(section.last) if section.last in whole else None
    follows = whole[at + 1] if at is not None and at + 1 < len(whole) else section.last + 1
    inside = [number for number in whole if section.first <= number <= section.last]
    due = list(range(section.first, section.last + 1))
    return {
        "last": float(section.last in printed and follows == section.last + 1),
        "first": float(section.first in printed),
        "every": float(inside == due and printed.issuperset(due)),
        "heading": float(_headed(document, section)),
    }


def _headed(document: Document, section: Section) -> bool:
    """Whether the section's title stands among the headings above its first paragraph."""
    title = _title(section.title)
    return any(
        _title(heading.text) == title and heading.before == str(section.first)
        for heading in document.headings
    )


def _title(text: str) -> str:
    return letters(_ENUMERATOR.sub("", text.strip()))


def _found(document: Document, section: Section) -> str:
    """Say what stands around the section's last paragraph, and which heading came where."""
    whole = [number for number, _ in _numbers(document)]
    missing = [n for n in range(section.first, section.last + 1) if n not in whole]
    after = [number for number in whole if number > section.last][:1]
    headed = [h.before for h in document.headings if _title(h.text) == _title(section.title)]
    return f"missing {missing or 'none'}, then {after or 'the end'}, heading before {headed}"
