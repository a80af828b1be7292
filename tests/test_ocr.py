"""Scanned pages: what the engine's pieces become, and what is read from pages made here."""

from __future__ import annotations

import io
import math
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.errors import ModelUnavailable
from rag.read import ocr, ocr_engine
from rag.read.ocr import OcrLine, OcrPage, OcrWord, ocr_lines, ocr_notes, ocr_page, ocr_pdf_page
from rag.read.ocr_engine import Piece, around
from tests.conftest import ROOT, needs

installed = pytest.mark.skipif(
    not ocr.available(),
    reason="the extra for character recognition is not installed: pip install '.[ocr]'",
)


def piece(
    text: str, x: float, y: float, *, height: float = 20.0, slope: float = 0.0, lost: int = 0
) -> Piece:
    """A piece of a line as the engine gives it: ten pixels a letter, on a slope in degrees."""
    cos, sin = math.cos(math.radians(slope)), math.sin(math.radians(slope))

    def turned(dx: float, dy: float) -> tuple[float, float]:
        # About the middle of a page of 1000 by 1400.
        dx, dy = dx - 500, dy - 700
        return 500 + dx * cos - dy * sin, 700 + dx * sin + dy * cos

    right = x + 10 * len(text)
    corners = tuple(
        turned(a, b) for a, b in ((x, y), (right, y), (right, y + height), (x, y + height))
    )
    words: list[OcrWord] = []
    for match in re.finditer(r"\S+", text):
        x0, x1 = x + 10 * match.start(), x + 10 * match.end()
        points = [turned(a, b) for a, b in ((x0, y), (x1, y), (x1, y + height), (x0, y + height))]
        words.append(OcrWord(match[0], around(points), 0.99))
    return Piece(corners, tuple(words), 0.99, lost)


LONG = "The Committee took note of the report and thanked the delegation"


@pytest.mark.parametrize(
    ("pieces", "lines"),
    [
        ([piece("first line", 100, 100), piece("second line", 100, 130)], ["first line", "second line"]),
        # A number that stands alone before a tab belongs to the line, though its box is taller.
        ([piece(LONG, 160, 203), piece("25.", 100, 198, height=28)], [f"25. {LONG}"]),
        # Both columns of a page stand on one baseline.
        ([piece("right column", 600, 100), piece("left column", 100, 103)], ["left column right column"]),
        # Close lines are not mixed: they stand one above the other.
        ([piece(LONG, 100, 100), piece(LONG.upper(), 100, 112)], [LONG, LONG.upper()]),
        # A short word between two lines goes to the nearer one.
        ([piece("above", 100, 100), piece("below", 100, 130), piece("this", 400, 126)], ["above", "below this"]),
        ([], []),
    ],
)  # fmt: skip
def test_pieces_on_one_baseline_are_a_line(pieces: list[Piece], lines: list[str]) -> None:
    assert [line.text for line in ocr._lines(pieces)] == lines


@settings(deadline=None)
@given(slope=st.floats(-4, 4), shuffle=st.randoms())
def test_a_page_that_lies_askew_is_read_as_one_that_lies_straight(
    slope: float, shuffle: Any
) -> None:
    pieces: list[Piece] = []
    for n in range(1, 21):
        pieces += [piece(f"{n}.", 100, 50 * n, slope=slope), piece(LONG, 200, 50 * n, slope=slope)]
    shuffle.shuffle(pieces)
    lines = ocr._lines(ocr._levelled(pieces, 1000, 1400))
    assert [line.text for line in lines] == [f"{n}. {LONG}" for n in range(1, 21)]
    assert all(abs(line.box[0] - 100) < 3 for line in lines)  # the margin is a margin again


def test_the_places_of_words_become_points_that_go_upwards() -> None:
    lines = ocr._lines([piece(f"3. {LONG}", 150, 300), piece(LONG, 180, 340)])
    printed = OcrPage(tuple(lines), width=1000, height=1400, scale=2.0).printed()
    assert [line.text for line in printed] == [f"3. {LONG}", LONG]
    assert printed[0].x0 == 75.0
    assert printed[0].words[1].x0 == 90.0
    assert printed[0].y - printed[1].y == 20.0
    assert printed[0].y == pytest.approx(700 - 155 - 0.3 * printed[0].size)
    assert printed[0].size == pytest.approx(10 / 0.42 / 2)


@pytest.mark.parametrize(
    ("height", "width", "size"),
    [
        (1.0, 1.0, 1.0),
        (1.15, 0.97, 1.0),  # a line with brackets in it
        (0.87, 1.0, 1.0),  # a line without descenders
        (1.0, 1.3, 1.0),  # capitals
        (0.9, 0.97, 1.0),
        (0.85, 0.85, 0.85),  # a footnote
        (1.2, 1.3, 1.25),  # a title
    ],
)
def test_a_line_is_of_another_size_only_where_height_and_width_agree(
    height: float, width: float, size: float
) -> None:
    def of(high: float, wide: float, y: float) -> OcrLine:
        words = [OcrWord("w" * 30, (100, y, 100 + 300 * wide, y + 20 * high), 0.99)]
        return OcrLine(tuple(words))

    lines = [of(1.0, 1.0, 40 * n) for n in range(9)] + [of(height, width, 400)]
    sizes = ocr._type_sizes(lines, scale=2.0)
    assert sizes[-1] / sizes[0] == pytest.approx(size, abs=0.01)
    assert set(sizes[:-1]) == {sizes[0]}


def line(text: str, confidence: float = 0.99, repaired: int = 0) -> OcrLine:
    return OcrLine((OcrWord(text, (0, 0, 10, 10), confidence),), repaired)


@pytest.mark.parametrize(
    ("pages", "notes"),
    [
        ({}, []),
        ({4: [line("1. Opened.")]}, [("character recognition", "", "Page 4 of the file has")]),
        (
            {4: [line("1. Opened.", repaired=1)], 5: [line("2. Cl0sed.", 0.6, repaired=2)]},
            [
                ("character recognition", "", "2 pages of the file have"),
                ("doubtful reading", "p. 5", "'2. Cl0sed.' may be misread."),
                ("spaces", "", "3 lost spaces were put back"),
            ],
        ),
        (
            {1: [line("x", 0.5)] * 23},
            [
                ("character recognition", "", "Page 1"),
                *[("doubtful reading", "p. 1", "'x' may be misread.")] * 20,
                ("doubtful reading", "", "So may 3 more lines."),
            ],
        ),
    ],
)
def test_what_is_doubted_is_noted(
    pages: dict[int, list[OcrLine]], notes: list[tuple[str, str, str]]
) -> None:
    found = ocr_notes(pages)
    assert len(found) == len(notes)
    for note, (kind, where, what) in zip(found, notes, strict=True):
        assert (note.kind, note.where) == (kind, where)
        assert note.what.startswith(what)


def test_without_the_extra_the_remedy_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr_engine, "find_spec", lambda _: None)
    ocr_engine._engine.cache_clear()
    assert not ocr.available()
    with pytest.raises(ModelUnavailable, match=r"pip install 'pinpoint-record\[ocr\]'"):
        ocr_lines(np.full((100, 100), 255, dtype=np.uint8))


def test_the_engine_opens_late() -> None:
    code = (
        "import sys, rag.read.ocr as o; o.available()\n"
        "print([m for m in ('rapidocr', 'cv2', 'onnxruntime', 'numpy', 'PIL') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True
    )
    assert done.stdout.strip() == "[]"


# -- the engine itself -------------------------------------------------------------------------

PARAGRAPHS = {
    "1": "At the invitation of the Chair, the delegation of Maravia took places at the table.",
    "2": "Mr. Anders (Maravia) said that 112 prisoners had been released in 2023 under the Act.",
    "14 bis": "The Chair said that paragraph 57 of the report, on article 9 (3), was unclear.",
    "126.48": "Ratify the Convention without delay (Côte d'Ivoire) (République française) (España);",
    "127": "Señor Núñez Ibáñez señaló que la cuestión de la vivienda seguía sin resolverse.",
}  # fmt: skip


def typed() -> Any:
    """A page of numbered paragraphs, each number before a tab, as pypdfium2 opens it."""
    import pypdfium2 as pdfium
    from fpdf import FPDF

    made = FPDF()
    made.add_page()
    made.set_font("Times", size=11)
    for label, text in PARAGRAPHS.items():
        made.set_x(20)
        made.cell(20, 7, f"{label}.")
        made.cell(150, 7, text, new_x="LMARGIN", new_y="NEXT")
        made.ln(3)
    return pdfium.PdfDocument(bytes(made.output()))[0]


def scanned(*, turn: int = 0, skew: float = 0.0, noise: float = 0.0, dpi: int = 150) -> Any:
    """The same page printed and scanned."""
    from PIL import Image

    image = typed().render(scale=dpi / 72).to_pil().convert("L")
    image = image.rotate(turn, expand=True)
    image = image.rotate(skew, resample=Image.Resampling.BICUBIC, fillcolor=255)
    grain = np.random.default_rng(1).normal(0.0, noise, (image.height, image.width))
    return Image.fromarray((np.asarray(image) + grain).clip(0, 255).astype(np.uint8))


def labels(lines: list[OcrLine]) -> list[str]:
    known = re.compile(r"(\d+(?:\.\d+)?(?: bis)?)\. ")
    return [match[1] for line in lines if (match := known.match(line.text))]


@installed
@pytest.mark.parametrize(
    "how",
    [
        {},
        {"skew": 1.5, "noise": 20.0},
        {"skew": -1.5, "noise": 20.0, "dpi": 200},
        {"turn": 180, "noise": 10.0},
        {"turn": 90},
        {"turn": 270},
    ],
)
def test_a_scanned_page_is_read_whichever_way_it_lies(how: dict[str, Any]) -> None:
    page = ocr_page(scanned(**how))
    assert labels(list(page.lines)) == list(PARAGRAPHS)
    assert [line.text for line in page.lines] == [f"{n}. {text}" for n, text in PARAGRAPHS.items()]
    assert (page.turned + how.get("turn", 0)) % 360 == 0
    assert page.height > page.width
    assert all(line.confidence > ocr.DOUBTFUL for line in page.lines)
    lefts = [line.box[0] for line in page.lines]
    assert max(lefts) - min(lefts) < 10  # the numbers stand at the margin


@installed
def test_a_page_of_a_pdf_is_rendered_and_read() -> None:
    page = ocr_pdf_page(typed())
    assert labels(list(page.lines)) == list(PARAGRAPHS)
    printed = page.printed()
    assert abs(printed[0].words[0].x0 - 20 / 25.4 * 72) < 4  # points from the page's left edge
    assert all(9 < line.size < 13 for line in printed)
    assert [line.y for line in printed] == sorted((line.y for line in printed), reverse=True)


@installed
@pytest.mark.parametrize("mode", ["1", "L", "RGB", "RGBA", "P"])
def test_an_image_of_any_mode_is_read(mode: str) -> None:
    image = typed().render(scale=2).to_pil().convert(mode)
    assert len(ocr_lines(image)) == len(PARAGRAPHS)


@installed
@pytest.mark.parametrize("shape", [(1, 1), (40, 2000), (3000, 3), (500, 400, 3), (500, 400, 1)])
def test_an_empty_page_has_no_lines(shape: tuple[int, ...]) -> None:
    assert ocr_lines(np.full(shape, 255, dtype=np.uint8)) == []


@installed
def test_nothing_is_fetched() -> None:
    """Models come inside the package: the engine works with every socket refused."""
    buffer = io.BytesIO()
    scanned().save(buffer, format="PNG")
    code = (
        "import io, socket, sys\n"
        "def refuse(*a, **k): raise AssertionError('the network was asked for')\n"
        "socket.socket.connect = socket.socket.connect_ex = socket.getaddrinfo = refuse\n"
        "from PIL import Image\n"
        "from rag.read.ocr import ocr_lines\n"
        "print(len(ocr_lines(Image.open(io.BytesIO(sys.stdin.buffer.read())))))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        input=buffer.getvalue(), capture_output=True, cwd=ROOT, check=False,
    )  # fmt: skip
    assert (done.stdout.strip(), done.stderr) == (str(len(PARAGRAPHS)).encode(), b"")


@installed
@pytest.mark.parametrize(
    ("name", "index", "numbers"),
    [
        ("A_HRC_12_13__yemen2009", 2, ["1", "2", "3", "4", "5", "6", "7"]),
        ("A_HRC_28_10__kazakhstan2014", 9, [str(n) for n in range(73, 86)]),
    ],
)
def test_the_numbers_of_a_real_page_survive_print_and_scan(
    name: str, index: int, numbers: list[str]
) -> None:
    import pypdfium2 as pdfium

    with pdfium.PdfDocument(needs(f"record/upr/pdf/{name}.pdf")) as document:
        page = document[index]
        lines = ocr_pdf_page(page).lines
        printed = set(re.findall(r"\w+", page.get_textpage().get_text_bounded()))
        page.close()
    opening = re.compile(r"(\d{1,3})\. [A-Z]")
    assert [m[1] for line in lines if (m := opening.match(line.text))] == numbers
    words = [word for line in lines for word in re.findall(r"\w{4,}", line.text)]
    assert sum(word in printed for word in words) / len(words) > 0.99


@installed
def test_a_scanned_record_becomes_paragraphs_marked_as_read_by_ocr(tmp_path: Path) -> None:
    import pypdfium2

    from rag.parse import segment
    from rag.read import read
    from tests.pdf_files import column, write_pdf

    page = column(
        [
            "1.\tThe Chair said that the study had been made.",
            "",
            "2.\tMs. Sen asked why it was late.",
        ]
    )
    printed = write_pdf(tmp_path / "printed.pdf", [page])
    with pypdfium2.PdfDocument(printed) as opened:
        image = opened[0].render(scale=150 / 72).to_pil().convert("L")
    image.save(tmp_path / "scan.pdf", resolution=150)
    source = read(tmp_path / "scan.pdf")
    assert (source.format, source.ocr_pages) == ("ocr", (1,))
    assert [(p.label, p.text, p.ocr) for p in segment(source).paragraphs] == [
        ("1", "The Chair said that the study had been made.", True),
        ("2", "Ms. Sen asked why it was late.", True),
    ]
