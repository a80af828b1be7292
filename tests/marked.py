"""An invented record with everything that a reader may doubt or set apart, and an index of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from rag.chunk import chunk, token_counter
from rag.config import Settings
from rag.domain import (
    AgendaItem,
    Document,
    Event,
    Footnote,
    Heading,
    Note,
    Paragraph,
    Turn,
    Voice,
)
from rag.record import Record

NAME = "CCLP/C/SR.77"
ASKED = "Ms. Bell asked how many lighthouses had been repaired. "
REPLIED = (
    "Mr. Anders (Maravia) replied that nine lighthouses had been repaired by 2023, "
    "<b>all</b> of them on the outer islands."
)
ITEMS = "The Committee recommended that the State party should:\n(a) Repair the piers;\n(b) Report."


def marked_record() -> Document:
    """Numbers inferred and read by OCR, two voices, a restarted numbering, footnotes, notes."""
    both = ASKED + REPLIED
    cut = len(ASKED)
    voices = (
        Voice(0, cut, "Ms. Bell", "member", None),
        Voice(cut, len(both), "Mr. Anders", "delegation", "Maravia"),
    )
    chair = Turn("The Chair", "chair", None, 0, 0)
    bell = Turn("Ms. Bell", "member", None, 1, 1)
    texts = [
        ("1", "The Chair said that the granary held 40 sacks of barley.", None, 2),
        ("2", both, None, 2),
        ("3", ITEMS, None, 3),
        ("1", "List of participants: 12 fishermen.", "annex I", 4),
        ("2", "List of documents: three maps.", "annex I", 4),
    ]
    paragraphs = [
        Paragraph(NAME, label, ordinal, text, 0, len(text), section=section, page=page,
                  heading="Lighthouses" if section is None else "Lists")
        for ordinal, (label, text, section, page) in enumerate(texts)
    ]  # fmt: skip
    paragraphs[0] = replace(paragraphs[0], inferred=True, turn=chair)
    paragraphs[1] = replace(paragraphs[1], voices=voices, turn=bell)
    paragraphs[4] = replace(paragraphs[4], ocr=True)
    return Document(
        id=NAME, symbol=NAME, title="Summary record of the 77th meeting", kind="summary record",
        body="Committee on Civil Liberties", session="Second session", meeting=77,
        held_on=date(2024, 3, 4), issued_on=None, place="Valmont", chair="Ms. Oyelaran",
        language="en", state="Maravia", source=Path("seventy-seven.pdf"), sha256="77",
        text="\n".join(text for _, text, _, _ in texts), paragraphs=tuple(paragraphs),
        headings=(
            Heading("Lighthouses (CCLP/C/MRV/3)", "1", ("CCLP/C/MRV/3",)),
            Heading("Lists", "1", (), "annex I"),
        ),
        events=(Event("The meeting rose at 6 p.m.", "3"),),
        notes=(Note("number inferred", "1", "The number 1 is not printed <here>."),),
        footnotes=(
            Footnote("*", "Reissued for <i>technical</i> reasons.", 1),
            Footnote("1", "See the third map."),
        ),
        agenda=(AgendaItem("4", "Consideration of <reports>", ("CCLP/C/MRV/3",)),),
        reissue="*",
    )  # fmt: skip


def verbatim_record() -> Document:
    """Speeches, cited by page."""
    name = "S/PV.9001"
    speeches = [
        ("p. 2", 1, "The President", "chair", None, "The agenda was adopted."),
        (
            "p. 2",
            2,
            "Mr. Kim",
            "delegation",
            "Osterland",
            "Mr. Kim (Osterland): We built 40 bridges last year.",
        ),
        ("p. 3", 1, "Ms. Lind", "delegation", "Maravia", "We built no bridge; we built a dam."),
    ]
    paragraphs = tuple(
        Paragraph(name, label, i, text, 0, len(text), part=part, page=int(label[3:]),
                  turn=Turn(speaker, role, state, i, i))  # type: ignore[arg-type]
        for i, (label, part, speaker, role, state, text) in enumerate(speeches)
    )  # fmt: skip
    return replace(
        marked_record(), id=name, symbol=name, title="9001st meeting", kind="verbatim record",
        sha256="9001", paragraphs=paragraphs, headings=(), events=(), notes=(), footnotes=(),
        agenda=(), reissue=None, source=Path("pv.pdf"),
    )  # fmt: skip


def index_of(path: Path, *documents: Document) -> Record:
    """A record over an index of these documents."""
    record = Record(Settings(index=path))
    count = token_counter()
    with record.index.writing():
        for document in documents:
            chunks = [
                piece
                for paragraph in document.paragraphs
                for piece in chunk(document, paragraph, budget=200, count=count)
            ]
            record.index.put(document, chunks, record._encode, parser=1)
    return record
