"""The reading suites judge fairly: what is printed, what the gold got wrong, what we missed.

Every text here is invented. The real gold is only counted, never shown.

Long, because each way in which gold can be wrong has its case.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from eval import reading, reading_contents, reading_paragraphs, reading_recommendations
from eval import run as running
from eval.cli import app
from eval.compare import compare_readings
from eval.provenance import Commit
from eval.reading import Case, Item, Read, Reading
from eval.reading_contents import Section, sections_of
from eval.reading_paragraphs import due_of
from eval.reading_print import Print
from eval.reading_recommendations import mark_of, rows_of
from eval.reading_records import speakers_of
from rag.domain import Document, Heading, Paragraph, SourceText
from rag.errors import BadInput
from tests.conftest import needs

PAGES = (
    "A/1/2 \r\nPage 16 \r\n1. Consider ratifying the Treaty of Maravia (Belgium); \r\n"
    "2. Strengthen its inde-\r\npendent bodies; give them self-\r\ngovernment (Chad); \r\n"
    "3. Protect the children’s homes (Peru); improve the schools (Chile); \r\n"
    "4. Take further steps to give all persons \r\n",
    "A/1/2 \r\nPage 17 \r\naccess to water (Cuba, Mali); \r\n5. Adopt the “Green Plan” (Togo). \r\n"
    "98. The above was examined. \r\n120.9. Abolish the tax on salt (Fiji); \r\n",
)


def rows(*given: tuple[str, str]):
    found = [{"number": n, "text": t, "from": "Chad"} for n, t in given]
    return rows_of(found)


# --- what is printed --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "number", "after"),
    [
        ("Consider ratifying the Treaty of Maravia (Belgium);", "1", "2.Strengthen"[:12]),
        ("Consider   ratifying the Treaty\nof Maravia (Belgium);", "1", "2.Strengthen"[:12]),
        (
            "Strengthen its independent bodies; give them self-government (Chad);",
            "2",
            "3.Protectthe",
        ),
        (
            "Take further steps to give all persons access to water (Cuba, Mali);",
            "4",
            "5.Adoptthe“G",
        ),
    ],
)
def test_a_text_is_found_in_print(text, number, after):
    (place,) = Print(PAGES).find(text)
    assert (place.number, place.after, place.exact) == (number, after, True)


@pytest.mark.parametrize(
    "text",
    [
        "Consider ratifying the Treaty of Maravia (Belgium).",  # another sign at the end
        "Take further steps to give all persons access to food (Cuba, Mali);",
        "Adopt the Green Plan” (Togo).",
        "The above was not examined.",
    ],
)
def test_a_text_is_not_printed(text):
    assert Print(PAGES).find(text) == []


def test_a_hyphen_that_the_print_has_within_a_line_is_due():
    (place,) = Print(["1. A well-known rule holds."]).find("A wellknown rule holds.")
    assert not place.exact
    (place,) = Print(["1. A well-\r\nknown rule holds."]).find("A wellknown rule holds.")
    assert place.exact


@pytest.mark.parametrize(
    ("number", "text", "mark"),
    [
        ("97.1", "Consider ratifying the Treaty of Maravia (Belgium);", ""),
        ("97.2", "Strengthen its independent bodies; give them self-government (Chad);", ""),
        ("97.4", "Take further steps to give all persons access to water (Cuba, Mali);", ""),
        ("97.5", "Adopt the Green Plan” (Togo).", "signs differ"),
        (
            "97.3",
            "Protect the childrenÕs homes (Peru); improve the schools (Chile);",
            "encoding damaged",
        ),
        ("97.1", "Consider ratifying the Treaty of Maravia (Belgium)", "cut short"),
        ("97.1", "onsider ratifying the Treaty of Maravia (Belgium);", "a part of what is printed"),
        ("97.2", "Strengthen its independent bodies;", "cut short"),
        ("97.5", "Adopt the “Green Plam” (Togo).", "characters lost or added"),
        ("97.5", "Adopt and carry out a wide plan for all of the islands (Togo).", "reworded"),
        ("121.9", "Abolish the tax on salt (Fiji);", "printed under 120.9"),
        ("97.3.1", "improve the schools (Chile);", "split by hand"),
        ("97.3", ".1 improve the schools (Chile);", "split by hand"),
    ],
)
def test_gold_is_marked_by_the_print_alone(number, text, mark):
    (row,) = rows((number, text))
    assert mark_of(row, Print(PAGES)) == mark


def test_the_first_part_of_a_split_recommendation_is_marked_too():
    whole = "Protect the children’s homes (Peru);"
    first, second = rows(("97.3", whole), ("97.3.1", "improve the schools (Chile);"))
    assert [mark_of(row, Print(PAGES)) for row in (first, second)] == ["split by hand"] * 2
    (alone,) = rows(("97.3", whole))
    assert mark_of(alone, Print(PAGES)) == "cut short"


# --- recommendations --------------------------------------------------------------------------


def document(*paragraphs: tuple[str, str], headings: tuple[Heading, ...] = ()) -> Document:
    text, made = "", []
    for ordinal, (label, words) in enumerate(paragraphs):
        made.append(
            Paragraph("A/1/2", label, ordinal, words, start=len(text), end=len(text) + len(words))
        )
        text += words + "\n"
    return Document(
        id="A/1/2", symbol="A/1/2", title="", kind="report", body=None, session=None, meeting=None,
        held_on=None, issued_on=None, place=None, chair=None, language="en", state=None,
        source=Path("a.txt"), sha256="", text=text, paragraphs=tuple(made), headings=headings,
    )  # fmt: skip


def read(*paragraphs: tuple[str, str], headings: tuple[Heading, ...] = ()) -> Read:
    made = document(*paragraphs, headings=headings)
    return Read(made, SourceText(Path("a.txt"), "", "Front. " + made.text + " Back."))


def judged(number: str, text: str, state: str, ours: Read, monkeypatch) -> Item:
    monkeypatch.setattr(Print, "of", classmethod(lambda cls, _: cls(PAGES)))
    due = rows_of([{"number": number, "text": text, "from": state}])
    (item,) = reading_recommendations.judge(Case("A/1/2", Path("a.pdf"), due), ours)
    return item


TREATY = "Consider ratifying the Treaty of Maravia (Belgium);"


@pytest.mark.parametrize(
    ("label", "text", "state", "exact", "letters", "right_state"),
    [
        ("97.1", TREATY, "Belgium", 1, 1, 1),
        ("97.1", TREATY.replace(" ", "  "), "Belgium", 1, 1, 1),
        ("97.1", TREATY, "Chad", 1, 1, 0),
        ("97.1", TREATY.replace(";", "."), "Belgium", 0, 1, 1),
        ("97.2", TREATY, "Belgium", 0, 0, 0),  # under another number
        ("97.1", TREATY + " 2. Strengthen", "Belgium", 0, 0, 1),
    ],
)
def test_a_recommendation_is_scored(label, text, state, exact, letters, right_state, monkeypatch):
    item = judged("97.1", TREATY, state, read((label, text)), monkeypatch)
    assert (item.scores["exact"], item.scores["exact_all"]) == (exact, exact)
    assert item.scores["letters"] == letters
    assert item.scores["state"] == right_state
    assert item.right == bool(exact and right_state)


def test_a_split_recommendation_is_looked_for_under_the_printed_number(monkeypatch):
    ours = read(("97.3", "Protect the children’s homes (Peru); improve the schools (Chile);"))
    item = judged("97.3.1", "improve the schools (Chile);", "Chile", ours, monkeypatch)
    assert item.mark == "gold: split by hand"
    assert item.scores["exact"] is None
    assert item.scores["exact_all"] == 0
    assert (item.scores["holds_words"], item.scores["ours_printed"]) == (1, 1)


def test_a_document_that_cannot_be_read_fails_in_every_row(monkeypatch):
    item = judged("97.1", TREATY, "Belgium", Read(None, None, "damaged"), monkeypatch)
    assert item.got == "damaged"
    assert (item.scores["exact"], item.scores["state"], item.right) == (0, 0, False)


# --- paragraphs -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("12. The Court finds so.", "12"),
        ("70 - The Board did not answer.", "70"),
        ("35- It was late.", "35"),
        ("1994 was a year of change.", None),
        ("- a witness, who will speak", None),
        ("1/2. Financing of the mission", None),
    ],
)
def test_the_number_of_a_gold_paragraph(text, label):
    assert due_of(text).label == label


def scored(gold: list[str], ours: Read, monkeypatch) -> list[Item]:
    monkeypatch.setattr(Print, "of", classmethod(lambda cls, _: cls([" \r\n".join(gold)])))
    monkeypatch.setattr(reading_paragraphs, "_pdftotext", lambda _: None)
    case = Case("a", Path("a.pdf"), tuple(due_of(text) for text in gold))
    return reading_paragraphs.judge(case, ours)


@pytest.mark.parametrize(
    ("gold", "ours", "whole", "letter"),
    [
        (["1. The Court met ."], [("1", "The Court met.")], True, False),  # the gold's white space
        (["1. Of the co- ordination."], [("1", "Of the coordination.")], True, False),
        (["1. Of the co- ordination."], [("1", "Of the co-ordination.")], True, False),
        (["1. The Mission 1/ met."], [("1", "The Mission met.")], True, False),
        (
            ["1. It calls:", "- first;", "- last."],
            [("1", "It calls: - first; - last.")],
            True,
            True,
        ),
        (["1. It calls."], [("1", "It calls. And more.")], False, False),  # something swallowed
        (["1. It calls."], [("2", "It calls.")], False, False),  # under another number
        (["1. It calls all."], [("1", "It calls")], False, False),
    ],
)
def test_a_numbered_paragraph_is_whole(gold, ours, whole, letter, monkeypatch):
    first = scored(gold, read(*ours), monkeypatch)[0]
    assert (first.scores["whole"], first.scores["to_the_letter"]) == (whole, letter)
    assert first.scores["pdftotext"] is None


def test_unnumbered_paragraphs_may_be_headings_or_parts(monkeypatch):
    ours = read(("1", "It calls: - first;"), headings=(Heading("MERITS", "1"),))
    gold = ["MERITS", "- first;", "Front.", "- second;"]
    wholes = [item.scores["whole"] for item in scored(gold, ours, monkeypatch)]
    assert wholes == [1, 1, 1, 0]


# --- contents tables --------------------------------------------------------------------------


def test_a_contents_table_is_read():
    body = (
        "Introduction .................... 1 - 4 3 \n I. SUMMARY OF THE\n REVIEW PROCESS ..... 5–97 3\n"
        "II. CONCLUSIONS AND/OR RECOMMENDATIONS.... 98-102 17\nIII. VOLUNTARY COMMITMENTS 103 30\n"
    )
    assert list(sections_of(body)) == [
        Section("Introduction", 1, 4),
        Section("I. SUMMARY OF THE REVIEW PROCESS", 5, 97),
        Section("II. CONCLUSIONS AND/OR RECOMMENDATIONS", 98, 102),
        Section("III. VOLUNTARY COMMITMENTS", 103, 103),
    ]


@pytest.mark.parametrize(
    ("labels", "last", "first", "every"),
    [
        (["1", "2", "3", "4"], 1, 1, 1),
        (["1", "2"], 1, 1, 1),  # the document ends with the section
        (["1", "2", "4"], 0, 1, 1),  # 3 is lost, and 2 may not be the last
        (["1", "3"], 0, 1, 0),
        (["2", "3"], 1, 0, 0),
        (["1", "2", "2.1", "3"], 1, 1, 1),  # a recommendation's composed number
    ],
)
def test_a_section_agrees_with_the_contents_table(labels, last, first, every):
    ours = read(*((label, "Words.") for label in labels), headings=(Heading("A. Opening", "1"),))
    case = Case(
        "A/1/2 pdf", Path("a.pdf"), reading_contents.Due("pdf", (Section("Opening", 1, 2),))
    )
    (item,) = reading_contents.judge(case, ours)
    assert (item.scores["last"], item.scores["first"], item.scores["every"]) == (last, first, every)
    assert item.scores["heading"] == 1
    assert (item.scores["last_pdf"], item.scores["last_txt"]) == (last, None)


# --- records ----------------------------------------------------------------------------------


def test_tables_of_speakers_of_one_and_of_several(tmp_path):
    one = {"1": [None, None, None], "2": ["Ms. A", "member", None]}
    (tmp_path / "seed_speakers.json").write_text(json.dumps(one))
    two = {"S/1": {"1": [["Ms. A", "member", None], ["Mr. B", "chair", None]]}}
    (tmp_path / "more_speakers.json").write_text(json.dumps(two))
    (tmp_path / "verbatim_speakers.json").write_text('{"S/PV.1": [["Ms. A", "chair", null, 2]]}')
    found = speakers_of(tmp_path)
    assert set(found) == {"CCPR/C/SR.3272", "S/1"}
    assert found["CCPR/C/SR.3272"]["2"] == (("Ms. A", "member", None),)
    assert [voice[0] for voice in found["S/1"]["1"]] == ["Ms. A", "Mr. B"]


# --- runs, results, comparisons ---------------------------------------------------------------


@pytest.fixture
def result(monkeypatch) -> Reading:
    """A run of the suite of records, on the files that are in the project alone."""
    monkeypatch.setattr(reading, "commit", lambda: Commit("0" * 40, dirty=False))
    monkeypatch.setattr(reading, "absent", lambda _: "")
    records = reading.suite("records")
    sample = [case for case in records.cases() if "sample" in case.path.parts]
    monkeypatch.setattr(records, "cases", lambda: sample)
    monkeypatch.setattr(records, "gold", lambda: ())
    steps: list[tuple[int, int, str]] = []
    made = reading.run("records", workers=1, progress=lambda *step: steps.append(step))
    assert [step[0] for step in steps] == [1, 2, 3, 4]
    return made


def test_a_run_sums_up_overall_and_by_document(result):
    assert {item.document for item in result.items} == {
        "CCLP/C/SR.411", "CCLP/C/SR.412", "CCLP/C/MRV/CO/3", "CCLP/C/MRV/Q/3",
    }  # fmt: skip
    overall = result.figures["overall"]
    assert overall["label"].n == 51 + 53 + 40 + 23
    assert overall["label"].low is not None
    assert "speaker" not in result.figures["document CCLP/C/MRV/CO/3"]  # nobody speaks there


def test_a_stored_reading_reads_back_as_it_was(result):
    assert reading.parse(reading.to_json(result).encode()) == result
    assert reading.parse(b'{"suite": "records"}') is None


def test_readings_are_compared_item_by_item(result):
    assert compare_readings(result, result).changed == ()
    item = result.items[0]
    worse = replace(item, scores=item.scores | {"label": 0.0})
    after = replace(result, items=(worse, *result.items[1:-1]))
    comparison = compare_readings(result, after)
    assert (comparison.questions, comparison.left_out) == (len(result.items) - 1, 1)
    assert [(c.id, c.scores) for c in comparison.changed] == [(item.id, {"label": (1.0, 0.0)})]
    with pytest.raises(BadInput, match="nothing in common"):
        compare_readings(result, replace(result, items=()))


@pytest.fixture
def cli(tmp_path, monkeypatch, result):
    monkeypatch.setattr(reading, "run", lambda *_, **__: result)
    monkeypatch.setattr(running, "results_folder", lambda: tmp_path / "results")
    monkeypatch.chdir(tmp_path)
    return lambda *words: CliRunner().invoke(app, words, catch_exceptions=False)


def test_the_command_line_runs_stores_and_compares(cli, tmp_path):
    done = cli("run", "records", "--misses", "--out", "a.json")
    assert done.exit_code == 0
    assert "what it says" in done.stdout
    assert "Stored in a.json" in done.stderr
    told = json.loads(cli("run", "records", "--json", "--out", "b.json").stdout)
    assert told["suite"] == "records"
    compared = json.loads(cli("compare", "a.json", "b.json", "--json").stdout)
    assert compared["changed"] == []
    cli("run", "records")
    assert len(list((tmp_path / "results").glob("records-*.json"))) == 1


def test_options_for_questions_are_refused(cli):
    for words in (("--split", "dev"), ("--setting", "limit=3"), ("--index", "mine")):
        with pytest.raises(BadInput, match="leave out --split"):
            cli("run", "records", *words)


def test_the_reading_suites_are_listed(cli):
    listed = json.loads(cli("list", "--json").stdout)["reading"]
    assert [suite["name"] for suite in listed] == list(reading.names())
    assert all(suite["about"] for suite in listed)
    assert "recommendations" in cli("list").stdout


def test_a_missing_gold_is_told(tmp_path, monkeypatch):
    monkeypatch.setenv("RECORD_SHARED", str(tmp_path))
    with pytest.raises(BadInput, match="RECORD_SHARED"):
        reading.run("recommendations")


# --- the real gold ----------------------------------------------------------------------------


def test_the_gold_has_what_the_suites_say_of_it():
    needs("gold/upr_recommendations.jsonl")
    reports = reading.suite("recommendations").cases()
    assert sum(len(case.due) for case in reports) == 5689
    pdfs = reading.suite("paragraphs").cases()
    assert [len(case.due) for case in pdfs] == [44, 44, 114, 114, 140, 140, 28, 28]


def test_every_contents_table_is_read_and_counts_on():
    """Sections of one level follow each other; those of the text are the same."""
    needs("record/upr/pdf")
    found = reading.suite("contents").cases()
    assert len(found) == 85
    for case in found:
        top = [s for s in case.due.sections if not s.title.startswith(("A.", "B."))]
        assert top[0].first == 1, case.document
        assert [s.first for s in top[1:]] == [s.last + 1 for s in top[:-1]], case.document
