"""The 40 UPR PDFs → seconds, pages a second and memory, beside plain text extraction.

    python -m eval.bench.reading [--folder DIR] [--workers 2] [--big PAGES] [--json]

Everything runs in one go on the same machine: our reading and cutting; the text that
pypdfium2 alone extracts; and pdftotext, where it is installed. Seconds are wall-clock
time and include starting the processes. Memory is the most that one process held.
`--big` adds one generated PDF of so many pages, read and cut in a process of its own.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from eval.suites import shared

TARGET = 30.0  # seconds for the 40 reports on two cores


@dataclass(frozen=True, slots=True)
class Done:
    """What one process says of one file."""

    pages: int
    paragraphs: int
    reading: float  # seconds
    cutting: float
    memory: int  # MiB, the most this process has held so far


@dataclass(frozen=True, slots=True)
class Bench:
    """One way of reading, over all files."""

    what: str
    files: int
    pages: int
    paragraphs: int
    seconds: float
    pages_a_second: float
    reading: float  # seconds of all processes together
    cutting: float
    memory: int
    ratio: float  # our seconds divided by these


def ours(path: Path) -> Done:
    """Read a PDF and cut it into paragraphs."""
    from rag.parse import segment
    from rag.read import read

    begun = time.perf_counter()
    source = read(path)
    between = time.perf_counter()
    document = segment(source)
    done = time.perf_counter()
    pages = max((number for _, number in source.pages), default=0)
    return Done(pages, len(document.paragraphs), between - begun, done - between, _memory())


def plain(path: Path) -> Done:
    """Extract the text of each page with pypdfium2, and do nothing with it."""
    from pypdfium2 import PdfDocument

    begun = time.perf_counter()
    document = PdfDocument(path)
    for page in document:
        page.get_textpage().get_text_range()
    pages = len(document)
    document.close()
    return Done(pages, 0, time.perf_counter() - begun, 0.0, _memory())


def poppler(path: Path) -> Done:
    """Run pdftotext on a PDF."""
    begun = time.perf_counter()
    subprocess.run(["pdftotext", str(path), "-"], capture_output=True, check=True)
    return Done(0, 0, time.perf_counter() - begun, 0.0, 0)


def measure(
    what: str, work: Callable[[Path], Done], paths: Sequence[Path], *, workers: int
) -> Bench:
    """Do the work on all files, side by side in fresh processes, the largest first."""
    largest = sorted(paths, key=lambda path: -path.stat().st_size)
    begun = time.perf_counter()
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context) as pool:
        done = list(pool.map(work, largest))
    seconds = time.perf_counter() - begun
    pages = sum(one.pages for one in done)
    return Bench(
        what=what,
        files=len(done),
        pages=pages,
        paragraphs=sum(one.paragraphs for one in done),
        seconds=round(seconds, 2),
        pages_a_second=round(pages / seconds, 1),
        reading=round(sum(one.reading for one in done), 2),
        cutting=round(sum(one.cutting for one in done), 2),
        memory=max(one.memory for one in done),
        ratio=1.0,
    )


def big(pages: int, folder: Path) -> Path:
    """Write a PDF of so many pages with numbered paragraphs."""
    from fpdf import FPDF

    path = folder / f"big-{pages}.pdf"
    pdf = FPDF()
    pdf.set_font("Helvetica", size=10)
    for number in range(1, pages + 1):
        pdf.add_page()
        pdf.cell(text="CCLP/C/SR.411", new_x="LMARGIN", new_y="NEXT")
        pdf.ln(8)
        for part in (2 * number - 1, 2 * number):
            text = f"{part}. The Committee noted the reply of the delegation. "
            pdf.multi_cell(0, 6, text + "It asked for figures by region and year. " * 12)
            pdf.ln(4)
        pdf.cell(text=str(number))
    pdf.output(str(path))
    return path


def _memory() -> int:
    """The most that this process has held, in MiB; 0 where the system does not tell."""
    try:
        import resource
    except ImportError:  # Windows
        return 0
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return held // (2**20 if sys.platform == "darwin" else 2**10)


def benches(paths: Sequence[Path], *, workers: int, pages: int) -> list[Bench]:
    """Measure every way of reading, ours first."""
    found = [measure("read and cut", ours, paths, workers=workers)]
    found.append(measure("pypdfium2 text alone", plain, paths, workers=workers))
    if shutil.which("pdftotext"):
        found.append(measure("pdftotext", poppler, paths, workers=workers))
    told = [replace(one, ratio=round(found[0].seconds / one.seconds, 2)) for one in found]
    if pages:
        with tempfile.TemporaryDirectory() as folder:
            path = big(pages, Path(folder))
            told.append(measure(f"one PDF of {pages} pages", ours, [path], workers=1))
    return told


def main(arguments: Sequence[str] | None = None) -> int:
    """Run from the command line; status 1 where the target is missed."""
    parser = argparse.ArgumentParser(prog="python -m eval.bench.reading", description=__doc__)
    parser.add_argument("--folder", type=Path, default=shared() / "record" / "upr" / "pdf")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--big", type=int, default=0, metavar="PAGES")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args(arguments)
    paths = sorted(given.folder.glob("*.pdf"))
    if not paths:
        print(f"{given.folder} holds no PDF; give --folder, or set RECORD_SHARED.", file=sys.stderr)
        return 2
    told = benches(paths, workers=given.workers, pages=given.big)
    if given.json:
        print(json.dumps([asdict(one) for one in told], indent=1))
    else:
        show(told)
    return int(told[0].seconds > TARGET)


def show(told: Sequence[Bench]) -> None:
    """Print the table."""
    from rich.console import Console
    from rich.table import Table

    table = Table(title=f"target: read and cut in {TARGET:.0f} s", title_justify="left")
    for heading in ("", "files", "pages", "paragraphs", "seconds", "pages/s", "ours : this",
                    "reading s", "cutting s", "MiB"):  # fmt: skip
        table.add_column(heading, justify="right" if heading else "left")
    for one in told:
        cells = (one.files, one.pages or "", one.paragraphs or "", one.seconds,
                 one.pages_a_second or "", one.ratio, one.reading, one.cutting or "",
                 one.memory or "")  # fmt: skip
        table.add_row(one.what, *map(str, cells))
    console = Console()
    (console if console.is_terminal else Console(width=120)).print(table)


if __name__ == "__main__":
    sys.exit(main())
