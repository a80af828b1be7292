"""PDFs made for the tests, line by line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from fpdf import FPDF

HEIGHT = 842  # A4 in points


@dataclass(frozen=True)
class At:
    """A line of text and where it stands, in points from the upper left corner."""

    x: float
    y: float
    text: str
    size: float = 10
    style: str = ""  # "B", "I"
    raised: float = 0


def write_pdf(path: Path, pages: Sequence[Sequence[At]], **encryption: str) -> Path:
    """Write pages of placed lines."""
    pdf = FPDF(unit="pt", format="A4")
    if encryption:
        pdf.set_encryption(**encryption)
    for lines in pages:
        pdf.add_page()
        for line in lines:
            pdf.set_font("Times", style=line.style, size=line.size)
            pdf.text(line.x, line.y - line.raised, line.text)
    pdf.output(str(path))
    return path


def write_turned(path: Path, lines: Sequence[str], angle: int, upright: Sequence[At] = ()) -> Path:
    """Write lines that run at an angle, in degrees against the clock, among upright ones."""
    pdf = FPDF(unit="pt", format="A4")
    pdf.add_page()
    pdf.set_font("Times", size=10)
    for line in upright:
        pdf.text(line.x, line.y, line.text)
    with pdf.rotation(angle, 300, 400):
        for n, text in enumerate(lines):
            pdf.text(200, 400 + 14 * n, text)
    pdf.output(str(path))
    return path


def width(text: str, size: float = 10) -> float:
    """How wide a text is, in points."""
    pdf = FPDF(unit="pt", format="A4")
    pdf.set_font("Times", size=size)
    return pdf.get_string_width(text)


def column(
    lines: Sequence[str], *, x: float = 113, top: float = 100, pitch: float = 12, size: float = 10
) -> list[At]:
    """Lines one below the other.

    "" leaves half a line free, a tab after a number is kept, "**" makes a line bold.
    """
    placed: list[At] = []
    y = top
    for text in lines:
        if not text:
            y += pitch / 2
            continue
        number, tab, rest = text.partition("\t")
        placed.append(At(x, y, number.removeprefix("**"), size, "B" * number.startswith("**")))
        if tab:
            placed.append(At(x + 28, y, rest, size))
        y += pitch
    return placed
