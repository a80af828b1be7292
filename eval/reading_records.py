"""Records read by hand: labels, what is inferred, speakers and roles.

The seed record, CEDAW/C/SR.434, the four documents of the sample and ten excerpts, each
in another damaged rendering. The tables stand in `tests/cases`: `records_labels.json`
says of each document which labels its paragraphs have, which of them are inferred
because the number is not printed (lost in a conversion, or begun again at 1), and which
missing numbers a note has to tell; `*_speakers.json` give speaker, role and delegation
of each paragraph, null for narrative, and a list of them where several speak in one.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import rag
from eval.metrics import Scores
from eval.reading import Case, Item, Read
from eval.suites import ROOT, shared
from rag.domain import Paragraph

ABOUT = "labels, inferred numbers, speakers and roles of records read by hand"
FIGURES: Mapping[str, str] = {
    "label": "the paragraph is there, in its place, and no other between",
    "inferred": "marked as inferred, or not, as it should be",
    "speaker": "the speaker, or that nobody speaks",
    "role": "the role",
    "delegation": "the delegation",
    "gap": "a missing number is told in a note",
}
BARS: Mapping[str, float] = dict.fromkeys(FIGURES, 1.0)

CASES = ROOT / "tests" / "cases"
LABELS = CASES / "records_labels.json"

Voice = tuple[str | None, str | None, str | None]  # speaker, role, delegation


@dataclass(frozen=True, slots=True)
class Due:
    """What is due from one document."""

    labels: tuple[str, ...]
    inferred: frozenset[str]
    gaps: tuple[str, ...]
    speakers: Mapping[str, tuple[Voice, ...]] | None


def gold() -> tuple[Path, ...]:
    """Name the table of labels and the folder of the records."""
    return (LABELS, shared() / "record")


def cases() -> list[Case]:
    """Give each document with its tables."""
    speakers = speakers_of(CASES)
    found: list[Case] = []
    for name, row in json.loads(LABELS.read_text(encoding="utf-8")).items():
        top, _, rest = row["path"].partition("/")
        base = Path(rag.__file__).parent / "sample" if top == "sample" else shared() / "record"
        due = Due(tuple(row["labels"]), frozenset(row["inferred"]), tuple(row["gaps"]),
                  speakers.get(rest) or speakers.get(name))  # fmt: skip
        found.append(Case(name, base / rest, due))
    return found


def speakers_of(folder: Path) -> dict[str, dict[str, tuple[Voice, ...]]]:
    """Read every table of speakers: of the seed alone, or of several by symbol or path.

    Those of verbatim records list the speeches, not paragraphs, and are left out.
    """
    found: dict[str, dict[str, tuple[Voice, ...]]] = {}
    for path in sorted(folder.glob("*_speakers.json")):
        table: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if path.name == "seed_speakers.json":
            table = {"CCPR/C/SR.3272": table}
        for name, rows in table.items():
            if not isinstance(rows, dict):
                continue
            found[name] = {label: _voices(row) for label, row in rows.items()}
    return found


def _voices(row: Sequence[Any]) -> tuple[Voice, ...]:
    """One voice or several: [speaker, role, delegation], or a list of such."""
    if row and isinstance(row[0], list):
        return tuple((one[0], one[1], one[2]) for one in row)
    return ((row[0], row[1], row[2]),)


def judge(case: Case, read: Read) -> list[Item]:
    """Score each paragraph that is due, each that is not, and each gap."""
    due: Due = case.due
    ours = {paragraph.label: paragraph for paragraph in read.paragraphs}
    order = [paragraph.label for paragraph in read.paragraphs]
    items = [_paragraph(case, due, label, ours.get(label), read) for label in due.labels]
    for place, label in enumerate(order):
        if label not in due.labels or order.index(label) != place:
            items.append(
                _item(case, label, "no such paragraph", _told(ours[label]), {"label": 0.0})
            )
    if [label for label in order if label in due.labels] != list(due.labels):
        items.append(_item(case, "order", " ".join(due.labels), " ".join(order), {"label": 0.0}))
    notes = read.document.notes if read.document else ()
    for gap in due.gaps:
        told = [note for note in notes if gap in note.what.replace(",", " ").replace("–", " ").split()
                or note.where == gap]  # fmt: skip
        items.append(_item(case, f"gap {gap}", "a note", told[0].what if told else "none",
                           {"gap": float(bool(told))}))  # fmt: skip
    return items


def _paragraph(case: Case, due: Due, label: str, paragraph: Paragraph | None, read: Read) -> Item:
    inferred = label in due.inferred
    wanted = due.speakers.get(label) if due.speakers is not None else None
    told = f"{label}{' (inferred)' if inferred else ''}: {wanted}"
    if paragraph is None:
        nothing: Scores = {"label": 0.0, "inferred": 0.0}
        return _item(case, label, told, read.failure or "no such paragraph", nothing)
    scores: Scores = {"label": 1.0, "inferred": float(paragraph.inferred == inferred)}
    if wanted is not None:
        heard = voices_of(paragraph)
        for place, name in enumerate(("speaker", "role", "delegation")):
            due_here = [voice[place] for voice in wanted]
            scores[name] = float([voice[place] for voice in heard] == due_here)
    return _item(case, label, told, _told(paragraph), scores)


def voices_of(paragraph: Paragraph) -> tuple[Voice, ...]:
    """Who speaks in a paragraph, in order."""
    if paragraph.voices:
        return tuple((v.speaker, v.role, v.delegation) for v in paragraph.voices)
    turn = paragraph.turn
    return ((turn.speaker, turn.role, turn.delegation) if turn else (None, None, None),)


def _told(paragraph: Paragraph) -> str:
    mark = " (inferred)" if paragraph.inferred else ""
    return f"{paragraph.label}{mark}: {voices_of(paragraph)} {paragraph.text[:60]}"


def _item(case: Case, label: str, due: str, got: str, scores: Scores) -> Item:
    right = all(score == 1 for score in scores.values())
    return Item(f"{case.document} {label}", case.document, due, got, scores, right)
