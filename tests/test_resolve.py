"""Citations → paragraphs: sub-paragraphs, pages, sections, composed numbers; and how they print."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from rag.cite import find_citations
from rag.config import Settings
from rag.domain import AgendaItem, Document, Footnote, Heading, Note, Paragraph, Turn, Voice
from rag.parse import segment
from rag.read import read
from rag.record import Record
from rag.resolve import resolve
from rag.store.catalog import Catalog
from tests.conftest import ROOT, needs

ITEMS = "The State party should:\n(a) Build schools:\n(i) in towns;\n(ii) in villages;\n(b) Report."
VOICED = "Ms. Bell asked why. Mr. Anders (Maravia) said because."
CHAIR = Turn("The Chair", "chair", None, 0, 0)

# (section, label, text), in the order of the document; the rest is said below.
TEXTS: dict[str, list[tuple[str | None, str, str]]] = {
    "CCLP/C/MRV/CO/3": [
        (None, "1", "The Committee met."),
        (None, "2", "It cited article 12 (b) of the Code."),
        (None, "3", ITEMS),
        (None, "4", "It thanked the delegation."),
    ],
    "S/PV.9001": [
        (None, "p. 2", "We are gathered."),
        (None, "p. 2", "We agree."),
        (None, "p. 3", "A long speech, on three pages."),
        (None, "p. 6", "We thank all."),
    ],
    "CCLP/CP/2024/10/Add.1": [
        (None, "1", "Main text."),
        ("decision 1/CP.9", "1", "Decides once."),
        ("decision 1/CP.9", "2", "Decides twice."),
        ("decision 1/CP.9", "3", "Decides thrice."),
        ("decision 1/CP.9 annex", "2", "Annexed."),
        ("annex I", "2", "Listed."),
        ("annex II", "7", "Alone."),
    ],
    "A/HRC/12/99": [
        (None, "96", "The report."),
        (None, "97", "The recommendations:"),
        (None, "97.1", "Ratify."),
        (None, "97.2", "Train."),
        (None, "97.3", "Pay."),
        (None, "98", "The end."),
    ],
}  # fmt: skip


def made(name: str) -> Document:
    """A document of these texts."""
    parts: dict[tuple[str | None, str], int] = {}
    paragraphs: list[Paragraph] = []
    for ordinal, (section, label, text) in enumerate(TEXTS[name]):
        parts[section, label] = parts.get((section, label), 0) + 1
        paragraphs.append(
            Paragraph(name, label, ordinal, text, 0, len(text), section=section,
                      part=parts[section, label])
        )  # fmt: skip
    return Document(
        id=name, symbol=name, title="A document", kind="report", body=None, session=None,
        meeting=None, held_on=None, issued_on=None, place=None, chair=None, language="en",
        state=None, source=Path("x.txt"), sha256=name, text="", paragraphs=tuple(paragraphs),
    )  # fmt: skip


def full() -> Document:
    """A document with what readers doubt and set apart."""
    text = VOICED
    cut = text.index("Mr. Anders")
    voices = (
        Voice(0, cut, "Ms. Bell", "member", None),
        Voice(cut, len(text), "Mr. Anders", "delegation", "Maravia"),
    )
    name = "CCLP/C/SR.77"
    return replace(
        made("A/HRC/12/99"), id=name, symbol=name, sha256=name, reissue="*", title="Record",
        paragraphs=(
            Paragraph(name, "1", 0, "Opened.", 0, 7, inferred=True, page=2, turn=CHAIR),
            Paragraph(name, "2", 1, text, 0, len(text), ocr=True, page=2, voices=voices,
                      turn=Turn("Ms. Bell", "member", None, 1, 1)),
            Paragraph(name, "1", 2, "Annexed.", 0, 8, page=3, section="annex I"),
        ),
        headings=(
            Heading("Reports (CCLP/C/MRV/3)", "1", ("CCLP/C/MRV/3",)),
            Heading("Lists", "1", (), "annex I"),
        ),
        notes=(Note("number inferred", "1", "1 is not printed."),),
        footnotes=(Footnote("*", "Reissued for technical reasons.", 1), Footnote("1", "See above.")),
        agenda=(AgendaItem("4", "Consideration of reports", ("CCLP/C/MRV/3",)),),
    )  # fmt: skip


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("resolve")
    catalog = Catalog(folder / "catalog.db")
    for document in [*(made(name) for name in TEXTS), full()]:
        catalog.put(document, (), parser=1)
    return folder


CO, PV, CP, UPR = TEXTS


@pytest.mark.parametrize(
    ("text", "resolved", "shown"),
    [
        # sub-paragraphs: (label, sub) of what is shown
        (f"{CO}, para. 3", True, ["3"]),
        (f"{CO}, para. 3 (b)", True, ["3 (b)"]),
        (f"{CO}, para. 3 (a) (ii)", True, ["3 (a) (ii)"]),
        (f"{CO}, paras. 3 (a)–(b)", True, ["3 (a)", "3 (b)"]),
        (f"{CO}, paras. 3 (a) and (b) and 4", True, ["3 (a)", "3 (b)", "4"]),
        (f"{CO}, paras. 3 (b)–4", True, ["3", "4"]),
        (f"{CO}, para. 3 (c)", False, ["3 (c)?"]),
        (f"{CO}, para. 2 (b)", False, ["2 (b)?"]),  # article 12 (b) is no part of it
        (f"{CO}, para. 9 (b)", False, []),
        (f"{CO}, paras. 2–3 (c)", False, ["2", "3"]),
        (f"{CO}, para. 9", False, []),
        (f"{CO}, paras. 4–3", False, []),
        (f"{CO}", True, []),
        (f"{CO}, chap. II, para. 3", True, ["3"]),  # the numbers run on through chapters
        (f"{CO}, annex I, para. 3", False, []),
        # pages: every speech on them
        (f"{PV}, p. 2", True, ["p. 2", "p. 2/2"]),
        (f"{PV}, pp. 2–3", True, ["p. 2", "p. 2/2", "p. 3"]),
        (f"{PV}, page 3", True, ["p. 3"]),
        (f"{PV} at 2", True, ["p. 2", "p. 2/2"]),
        (f"p. 6 of {PV}", True, ["p. 6"]),
        (f"{PV}, p. 5", True, ["p. 3"]),  # nothing begins there: the speech before goes on
        (f"{PV}, pp. 5–6", True, ["p. 3", "p. 6"]),
        (f"{PV}, p. 7", False, []),  # whether the last goes on is not known
        (f"{PV}, p. 1", False, []),
        (f"{PV}, pp. 6–2", False, []),
        (f"{CO}, p. 2", False, []),
        # sections, in whatever way they are written
        (f"{CP}, para. 1", True, ["1"]),  # the main text
        (f"{CP}, decision 1/CP.9, para. 1", True, ["decision 1/CP.9:1"]),
        (f"{CP}, DECISION 1/cp.9, para. 1", True, ["decision 1/CP.9:1"]),
        (f"paragraph 1 of decision 1/CP.9 ({CP})", True, ["decision 1/CP.9:1"]),
        (f"{CP}, decision 1/CP.9, paras. 1–3", True,
         ["decision 1/CP.9:1", "decision 1/CP.9:2", "decision 1/CP.9:3"]),
        (f"{CP}, decision 1/CP.9, annex, para. 2", True, ["decision 1/CP.9 annex:2"]),
        (f"{CP}, annex to decision 1/CP.9, para. 2", True, ["decision 1/CP.9 annex:2"]),
        (f"{CP}, annex I, para. 2", True, ["annex I:2"]),
        (f"{CP}, annexe I, par. 2", True, ["annex I:2"]),
        (f"{CP}, para. 7", True, ["annex II:7"]),  # one section alone has it
        (f"{CP}, para. 2", False,
         ["decision 1/CP.9:2", "decision 1/CP.9 annex:2", "annex I:2"]),
        (f"{CP}, annex III, para. 2", False, []),
        # numbers composed where a list restarts inside a paragraph
        (f"{UPR}, para. 97.1", True, ["97.1"]),
        (f"{UPR}, para. 97 (1)", True, ["97.1"]),
        (f"{UPR}, paras. 97 (1)–(3)", True, ["97.1", "97.2", "97.3"]),
        (f"{UPR}, para. 97, recommendation 2", True, ["97.2"]),
        (f"{UPR}, para. 97 (4)", False, ["97 (4)?"]),
        (f"{UPR}, paras. 96–98", True, ["96", "97", "97.1", "97.2", "97.3", "98"]),
        # no document
        ("CCLP/C/SR.1, para. 2", False, []),
        ("para. 2 above", False, []),
    ],
)  # fmt: skip
def test_what_a_citation_points_at(
    index: Path, text: str, resolved: bool, shown: list[str]
) -> None:
    (found,) = Record(Settings(index=index)).cite(text)
    names: list[str] = []
    for paragraph, part in zip(found.paragraphs, found.parts, strict=True):
        name = paragraph.id.partition("#")[2]
        sub = f" {part.mark}" if part else ""
        there = part is None or part.end > part.start
        names.append(f"{name}{sub}{'' if there else '?'}")
    assert names == shown
    assert found.resolved is resolved
    assert bool(found.why) is not resolved


@pytest.mark.parametrize(
    "name",
    [
        "pv/pdf/S_PV.8422.pdf",
        "unfccc/txt/FCCC_CP_2015_10_Add.1.txt",
        "unfccc/txt/FCCC_CP_2022_10_Add.1.txt",
        "upr/txt/A_HRC_12_13__yemen2009.txt",
        "CCPR_C_SR.3272.txt",
    ],
)
def test_what_is_printed_as_a_citation_of_a_real_record_resolves(name: str, tmp_path: Path) -> None:
    document = segment(read(needs(f"record/{name}")))
    catalog = Catalog(tmp_path / "catalog.db")
    catalog.put(document, (), parser=1)
    lost: list[str] = []
    for paragraph in document.paragraphs:
        (found,) = find_citations(str(paragraph.citation))
        there = resolve(found, catalog)
        if not there.resolved or paragraph not in there.paragraphs:
            lost.append(str(paragraph.citation))
    assert not lost


def rag(index: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from rag.cli import main; main()", *arguments],
        capture_output=True, text=True, cwd=ROOT, timeout=60, check=False,
        env={**os.environ, "RAG_INDEX": str(index)},
    )  # fmt: skip


def cited(index: Path, text: str) -> dict[str, Any]:
    (found,) = json.loads(rag(index, "cite", text, "--json").stdout)
    return found


def test_the_words_of_a_sub_paragraph_are_given(index: Path) -> None:
    found = cited(index, f"{CO}, para. 3 (a) (ii)")
    assert found["resolved"] is True
    assert found["paras"] == [["3 (a) (ii)", "3 (a) (ii)"]]
    assert found["paragraphs"] == [
        {
            "symbol": CO, "label": "3", "section": None, "text": ITEMS, "inferred": False,
            "ocr": False, "sub": "(a) (ii)", "sub_text": "in villages;",
        }
    ]  # fmt: skip
    done = rag(index, "cite", f"{CO}, para. 3 (b)")
    assert (done.returncode, done.stdout.strip()) == (0, f"3 (b). Report. [{CO}, para. 3 (b)]")


def test_a_sub_paragraph_that_is_not_there_is_said(index: Path) -> None:
    found = cited(index, f"{CO}, para. 3 (c)")
    assert found["resolved"] is False
    (shown,) = found["paragraphs"]
    assert (shown["text"], shown["sub"], shown["sub_text"]) == (ITEMS, "(c)", None)
    done = rag(index, "cite", f"{CO}, para. 3 (c)")
    assert done.returncode == 1
    assert "para. 3 has no (c)" in done.stderr
    assert f"3. {ITEMS} [{CO}, para. 3]" in done.stdout


def test_a_number_of_several_annexes_is_said(index: Path) -> None:
    done = rag(index, "cite", f"{CP}, para. 2")
    assert done.returncode == 1
    assert "stands in decision 1/CP.9, decision 1/CP.9 annex, annex I" in done.stderr
    assert f"[{CP}, annex I, para. 2]" in done.stdout


def test_a_page_is_cited_by_page(index: Path) -> None:
    found = cited(index, f"{PV}, pp. 2–3")
    assert found["paras"] == [["p. 2", "p. 3"]]
    assert [p["label"] for p in found["paragraphs"]] == ["p. 2", "p. 2", "p. 3"]
    assert {(p["sub"], p["sub_text"]) for p in found["paragraphs"]} == {(None, None)}


def test_a_doubted_number_is_said_wherever_it_is_cited(index: Path) -> None:
    name = full().id
    inferred = rag(index, "cite", f"{name}, para. 1").stdout
    assert inferred.strip() == f"1. Opened. [{name}, para. 1, number inferred]"
    read = rag(index, "cite", f"{name}, para. 2").stdout
    assert read.strip().endswith(f"[{name}, para. 2, number read by OCR]")
    shown = rag(index, "show", name).stdout
    assert "\n1. (number inferred) " in shown
    assert "\n2. (number read by OCR) " in shown


def test_show_gives_all_that_was_read(index: Path) -> None:
    name = full().id
    shown = json.loads(rag(index, "show", name, "--json").stdout)
    assert shown["reissue"] == "*"
    assert shown["agenda"] == [
        {"number": "4", "title": "Consideration of reports", "documents": ["CCLP/C/MRV/3"]}
    ]
    assert shown["footnotes"][0] == {
        "mark": "*", "text": "Reissued for technical reasons.", "page": 1,
    }  # fmt: skip
    assert shown["headings"] == [
        {
            "text": "Reports (CCLP/C/MRV/3)", "before": "1", "documents": ["CCLP/C/MRV/3"],
            "section": None,
        },
        {"text": "Lists", "before": "1", "documents": [], "section": "annex I"},
    ]  # fmt: skip
    first, second, third = shown["paragraphs"]
    assert (first["inferred"], first["ocr"], first["part"]) == (True, False, 1)
    assert (second["inferred"], second["ocr"]) == (False, True)
    assert [(v["speaker"], v["role"], v["delegation"]) for v in second["voices"]] == [
        ("Ms. Bell", "member", None), ("Mr. Anders", "delegation", "Maravia"),
    ]  # fmt: skip
    assert VOICED[second["voices"][1]["start"] : second["voices"][1]["end"]].startswith("Mr. And")
    assert third["section"] == "annex I"
    items = json.loads(rag(index, "show", CO, "--json").stdout)["paragraphs"]
    assert [p["subparagraphs"] for p in items] == [
        [], [], ["(a)", "(a) (i)", "(a) (ii)", "(b)"], [],
    ]  # fmt: skip


def test_show_reads_as_text(index: Path) -> None:
    done = rag(index, "show", full().id)
    assert done.stdout.splitlines()[:2] == ["CCLP/C/SR.77*", "Record"]
    assert "\n    Reports (CCLP/C/MRV/3)\n" in done.stdout
    assert "\n  [annex I]\n\n    Lists\n\n1. Annexed." in done.stdout
    assert "Ms. Bell asked why.\n    Mr. Anders (Maravia) said because." in done.stdout
    assert "Footnotes\n  *  Reissued for technical reasons. (p. 1)\n  1  See above." in done.stdout
    assert "note: number inferred at 1: 1 is not printed." in done.stderr
    assert "\np. 3 A long speech" in rag(index, "show", PV).stdout


def test_a_misprinted_number_is_shown_for_the_one_that_is_due(tmp_path: Path) -> None:
    from tests.pdf_files import column, write_pdf

    page = column(
        [
            "124.\tAccepted:",
            "",
            "124.1\tAct.",
            "",
            "214.2\tGo.",
            "",
            "124.3\tEnd.",
            "",
            "125.\tAll.",
        ]
    )
    document = segment(read(write_pdf(tmp_path / "A_HRC_27_99.pdf", [page])))
    catalog = Catalog(tmp_path / "catalog.db")
    catalog.put(document, [], parser=2)
    (found,) = (resolve(c, catalog) for c in find_citations("A/HRC/27/99, para. 124.2"))
    assert not found.resolved
    assert [p.label for p in found.paragraphs] == ["214.2"]
    assert found.why == "A/HRC/27/99, para. 124.2 is misprinted as 214.2"
