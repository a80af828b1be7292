"""PDF → text: lines in reading order, furniture out, footnotes apart; then its paragraphs."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rag.domain import Document, SourceText
from rag.errors import UnreadableFile
from rag.parse import segment
from rag.read import pdf, read
from tests.pdf_files import At, column, width, write_pdf, write_turned


def furniture(number: int) -> list[At]:
    return [
        At(57, 60, "CCLP/C/SR.9", 9, "B"),
        At(57, 800, str(number), 9, "B"),
        At(480, 800, "MV.24-03117", 7),
    ]


def document(tmp_path: Path, *pages: list[At]) -> Document:
    return segment(read(write_pdf(tmp_path / "record.pdf", pages)))


def texts(found: Document) -> dict[str, str]:
    return {paragraph.label: paragraph.text for paragraph in found.paragraphs}


LEFT = [
    "The first column tells of things that",
    "come first, and it goes on to its foot",
    "without a break.",
] * 4
RIGHT = [
    "The second column tells of what comes",
    "after it, and nothing of it may stand",
    "between the lines.",
] * 4


def test_furniture_goes_paragraphs_join_and_pages_are_those_printed(tmp_path: Path) -> None:
    found = document(
        tmp_path,
        furniture(7) + column(["1.\tThe Chair said that the study", "had been made and"]),
        furniture(8) + column(["sent on.", "", "2.\tMs. B asked why."]),
        furniture(9) + column(["3.\tMr. C (Maravia) replied."]),
    )
    assert texts(found) == {
        "1": "The Chair said that the study had been made and sent on.",
        "2": "Ms. B asked why.",
        "3": "Mr. C (Maravia) replied.",
    }
    assert [p.page for p in found.paragraphs] == [7, 8, 9]
    assert found.symbol == "CCLP/C/SR.9"


def test_page_numbers_right_below_the_text_are_furniture(tmp_path: Path) -> None:
    found = document(
        tmp_path,
        *(column([f"{n}.\tIt said so, and", "went on.", str(n + 4)]) for n in range(1, 6)),
    )
    assert texts(found) == {str(n): "It said so, and went on." for n in range(1, 6)}
    assert [p.page for p in found.paragraphs] == [5, 6, 7, 8, 9]


def test_a_number_that_repeats_at_no_edge_is_text(tmp_path: Path) -> None:
    found = document(
        tmp_path,
        column(["1.\tThe figures were:", "1,204", "35", "", "2.\tThat was all."]),
    )
    assert texts(found)["1"] == "The figures were: 1,204 35"


def test_two_columns_are_read_one_after_the_other(tmp_path: Path) -> None:
    page = column(LEFT, x=60, top=120) + column(RIGHT, x=320, top=120)
    source = read(write_pdf(tmp_path / "two.pdf", [page]))
    assert source.text == "\n".join(LEFT + RIGHT)


def test_a_line_over_both_columns_parts_them(tmp_path: Path) -> None:
    page = (
        column(LEFT, x=60, top=120)
        + column(RIGHT, x=320, top=120)
        + [
            At(
                60,
                290,
                "A heading that stands over the whole width of the page, from edge to edge of it",
            )
        ]
        + column(RIGHT, x=60, top=320)
        + column(LEFT, x=320, top=320)
    )
    lines = read(write_pdf(tmp_path / "bands.pdf", [page])).text.split("\n")
    assert lines[: len(LEFT + RIGHT)] == LEFT + RIGHT
    assert lines[len(LEFT + RIGHT)].startswith("A heading")
    assert lines[len(LEFT + RIGHT) + 1 :] == RIGHT + LEFT


def test_a_table_of_short_cells_is_no_second_column(tmp_path: Path) -> None:
    page = column([f"Year {n}" for n in range(2001, 2013)], x=60) + column(
        [str(n) for n in range(12)], x=400
    )
    lines = read(write_pdf(tmp_path / "table.pdf", [page])).text.split("\n")
    assert lines[0] == "Year 2001 0"


def test_footnotes_stand_apart_and_their_marks_leave_the_text(tmp_path: Path) -> None:
    page = [
        *column(["1.\tThe right is supreme.   The Act", "", "2.\tHe spoke at length.", *LEFT]),
        At(141 + width("The right is supreme."), 100, "1", 6.5, raised=4),
        At(113, 720, "1", 6.5, raised=3),
        At(141, 720, "See the general comment, para. 2.", 8),
        At(113, 731, "It is cited in full there.", 8),
    ]
    found = document(tmp_path, page)
    assert texts(found)["1"] == "The right is supreme. The Act"
    assert [(f.mark, f.text, f.page) for f in found.footnotes] == [
        ("1", "See the general comment, para. 2. It is cited in full there.", 1)
    ]


def test_a_raised_ordinal_stays(tmp_path: Path) -> None:
    page = [
        At(113, 100, "1."),
        At(141, 100, "At its 11"),
        At(141 + width("At its 11"), 100, "th", 6.5, raised=4),
        At(141 + width("At its 11th "), 100, "meeting it rose."),
    ]
    assert texts(document(tmp_path, page))["1"] == "At its 11th meeting it rose."


def test_raised_numbers_that_count_are_marks_wherever_their_notes_are(tmp_path: Path) -> None:
    page: list[At] = []
    for n, words in enumerate(["It met.", "It spoke.", "It rose."], start=1):
        page += [
            At(113, 80 + 20 * n, f"{n}."),
            At(141, 80 + 20 * n, words),
            At(141 + width(words), 80 + 20 * n, str(n), 6.5, raised=4),
        ]
    page += [At(113, 180, "4."), At(141, 180, "It has 40 km")]
    page += [At(141 + width("It has 40 km"), 180, "2", 6.5, raised=4)]
    assert list(texts(document(tmp_path, page)).values()) == [
        "It met.", "It spoke.", "It rose.", "It has 40 km2",
    ]  # fmt: skip


def test_a_bold_paragraph_goes_on_over_a_page(tmp_path: Path) -> None:
    found = document(
        tmp_path,
        furniture(1)
        + column(["1.\tIt met.", "", "**2.\tThe following will be", "**examined in due time by"]),
        furniture(2) + column(["**the Council, at its next session:", "", "3.\tIt rose."]),
    )
    assert (
        texts(found)["2"]
        == "The following will be examined in due time by the Council, at its next session:"
    )


@pytest.mark.parametrize("angle", [0, 90, 180, 270])
def test_a_page_is_read_whichever_way_its_text_runs(tmp_path: Path, angle: int) -> None:
    lines = ["1. It met and spoke of it,", "as the rules ask.", "2. It rose."]
    source = read(write_turned(tmp_path / "turned.pdf", lines, angle))
    assert source.text.split("\n") == lines


@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_a_page_that_is_shown_turned_is_read_as_it_is_printed(
    tmp_path: Path, rotation: int
) -> None:
    import pypdfium2

    path = write_pdf(tmp_path / "a.pdf", [column(["1.\tIt met.", "", "2.\tIt rose."])])
    with pypdfium2.PdfDocument(path) as opened:
        opened[0].set_rotation(rotation)
        opened.save(str(tmp_path / "turned.pdf"))
    assert read(tmp_path / "turned.pdf").text == "1. It met.\n2. It rose."


def test_contents_tables_are_not_paragraphs(tmp_path: Path) -> None:
    first = column(
        [
            "Contents",
            "Paragraphs Page",
            "1. Introduction ................ 1 - 2 2",
            "2. Findings .................. 3 2",
        ]
    )
    second = column(
        [
            "**Introduction",
            "",
            "1.\tIt met.",
            "",
            "2.\tIt spoke.",
            "",
            "**Findings",
            "",
            "3.\tIt ended.",
        ]
    )
    found = document(tmp_path, first, second)
    assert texts(found) == {"1": "It met.", "2": "It spoke.", "3": "It ended."}
    assert [(h.text, h.before) for h in found.headings][-1] == ("Findings", "3")


def test_lists_inside_paragraphs_and_misprinted_numbers(tmp_path: Path) -> None:
    found = document(
        tmp_path,
        column(
            [
                "8.\tThe State spoke at length.", "", "9.\tThe following were accepted:", "",
                "1.\tAct now (Norland);", "", "2.\tReport soon (Sudria);", "",
                "10.\tThe rest was noted:", "", "1.\tThink again (Estria).", "",
                "19.\tAll of it reflects the position of States.", "", "12.\tIt was adopted.",
            ]
        ),
    )  # fmt: skip
    assert list(texts(found)) == ["8", "9", "9.1", "9.2", "10", "10.1", "19", "12"]
    kinds = {(note.kind, note.where) for note in found.notes}
    assert ("number composed", "9.1") in kinds
    assert ("number out of order", "19") in kinds


@pytest.mark.parametrize("keep", [0.1, 0.5, 0.9, 0.98])
def test_a_truncated_file_is_refused_or_read(tmp_path: Path, keep: float) -> None:
    whole = write_pdf(tmp_path / "whole.pdf", [column(["1.\tIt met.", "", "2.\tIt rose."])])
    data = whole.read_bytes()
    cut = tmp_path / "cut.pdf"
    cut.write_bytes(data[: int(len(data) * keep)])
    try:
        source = read(cut)
    except UnreadableFile:
        return
    assert "It met." in source.text


def test_passwords(tmp_path: Path) -> None:
    page = [column(["1.\tIt met.", "", "2.\tIt rose."])]
    closed = write_pdf(tmp_path / "closed.pdf", page, owner_password="o", user_password="u")
    with pytest.raises(UnreadableFile, match="password"):
        read(closed)
    opened = write_pdf(tmp_path / "open.pdf", page, owner_password="o")
    assert list(texts(segment(read(opened)))) == ["1", "2"]


def scan(tmp_path: Path) -> Path:
    """The image of a page, without a text layer."""
    import pypdfium2
    from PIL import Image

    whole = write_pdf(tmp_path / "whole.pdf", [column(["1.\tIt met.", "", "2.\tIt rose."])])
    with pypdfium2.PdfDocument(whole) as opened:
        image: Image.Image = opened[0].render(scale=1).to_pil().convert("L")
    path = tmp_path / "scan.pdf"
    image.save(path)
    return path


def test_a_scan_is_said_to_be_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "available", lambda: False)
    with pytest.raises(UnreadableFile, match=r"scan without a text layer.*\[ocr\]"):
        read(scan(tmp_path))


def test_a_scan_that_can_be_read_is_marked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The reader's side; what the engine reads of real pages is in test_ocr."""
    from rag.read.ocr import OcrLine, OcrPage
    from rag.read.ocr_engine import OcrWord

    def line(y: int, *texts: str) -> OcrLine:
        return OcrLine(
            tuple(
                OcrWord(text, (100 + 90 * n, y, 180 + 90 * n, y + 20), 0.99)
                for n, text in enumerate(texts)
            )
        )

    page = OcrPage(
        (line(100, "1.", "It", "met."), line(160, "2.", "It", "rose.")), 1240, 1754, 2.08
    )
    monkeypatch.setattr(pdf, "available", lambda: True)
    monkeypatch.setattr(pdf, "ocr_pdf_page", lambda _: page)
    source = read(scan(tmp_path))
    assert (source.format, source.ocr_pages) == ("ocr", (1,))
    assert source.notes[0].kind == "character recognition"
    assert [(p.label, p.text, p.ocr) for p in segment(source).paragraphs] == [
        ("1", "It met.", True),
        ("2", "It rose.", True),
    ]


def test_a_pdf_of_too_many_pages_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, "MAX_PAGES", 1)
    page = column(["1.\tIt met.", "", "2.\tIt rose."])
    with pytest.raises(UnreadableFile, match="has 2 pages; split it"):
        read(write_pdf(tmp_path / "long.pdf", [page, page]))


def test_text_at_an_angle_is_said_to_be_left_out(tmp_path: Path) -> None:
    upright = column(["1.\tIt met.", "", "2.\tIt rose.", *LEFT])
    stamp = ["COPY OF THE REGISTRY, NOT TO BE CITED"] * 3
    source = read(write_turned(tmp_path / "stamped.pdf", stamp, 45, upright))
    assert "REGISTRY" not in source.text
    assert [(n.kind, n.what) for n in source.notes] == [
        (
            "slanted text",
            "Page 1 of the file has text set at an angle to the rest, which is left out.",
        )
    ]


def test_an_empty_pdf_holds_no_text(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="holds no text"):
        read(write_pdf(tmp_path / "empty.pdf", [[]]))


def test_a_page_that_is_a_scan_among_others_is_noted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import pypdfium2

    monkeypatch.setattr(pdf, "available", lambda: False)
    path = write_pdf(tmp_path / "text.pdf", [column(["1.\tIt met.", "", "2.\tIt rose."])])
    with pypdfium2.PdfDocument(path) as both, pypdfium2.PdfDocument(scan(tmp_path)) as image:
        both.import_pages(image)
        both.save(str(tmp_path / "both.pdf"))
    source = read(tmp_path / "both.pdf")
    assert [(n.kind, n.what) for n in source.notes] == [
        (
            "scanned page",
            "Page 2 of the file is a scan without a text layer; the extra `ocr` reads it.",
        )
    ]


WORD = st.from_regex(r"[a-z]{2,9}", fullmatch=True)
SENTENCE = st.lists(WORD, min_size=4, max_size=60).map(lambda w: " ".join(w).capitalize() + ".")


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(SENTENCE, min_size=2, max_size=14), st.integers(40, 80), st.integers(9, 40))
def test_what_is_printed_comes_back(
    tmp_path: Path, sentences: list[str], width: int, page_lines: int
) -> None:
    lines: list[str] = []
    for number, sentence in enumerate(sentences, start=1):
        wrapped = textwrap.wrap(sentence, width)
        lines += ["", f"{number}.\t{wrapped[0]}", *wrapped[1:]]
    pages = [
        furniture(n) + column(lines[at : at + page_lines], pitch=14)
        for n, at in enumerate(range(0, len(lines), page_lines), start=1)
    ]
    found = document(tmp_path, *pages)
    assert texts(found) == {str(n): s for n, s in enumerate(sentences, start=1)}
    for paragraph in found.paragraphs:
        assert found.text[paragraph.start : paragraph.end] == paragraph.text


def test_hints_have_one_entry_a_line(tmp_path: Path) -> None:
    source: SourceText = read(write_pdf(tmp_path / "a.pdf", [column(["1.\tIt met.", "again"])]))
    assert len(source.hints) == len(source.text.split("\n")) == 2
    assert [hint.number for hint in source.hints] == [True, False]
