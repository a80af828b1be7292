"""A draft → a verdict on every citation and quotation in it.

Longer than most: tables of drafts with the verdict of each.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from rag.check import Checked, check, shown
from rag.check.annotate import annotated
from rag.check.items import items
from rag.check.quotations import quotations
from rag.check.reading import read_draft
from rag.check.speakers import wrong_speaker
from rag.check.wording import Quotation, Words
from rag.cli import cli
from rag.config import Settings
from rag.domain import Paragraph, Turn
from rag.errors import BadInput, UnreadableFile
from rag.record import Record
from tests.pdf_files import At, width, write_pdf
from tests.word_files import docx, para, text

FIRST, SECOND, FINAL = "CCLP/C/SR.411", "CCLP/C/SR.412", "CCLP/C/MRV/CO/3"


@pytest.fixture(scope="module")
def record(sample_index: Path) -> Record:
    return Record(Settings(index=sample_index))


def checked(record: Record, folder: Path, words: str, name: str = "draft.md") -> Checked:
    path = folder / name
    path.write_text(words, encoding="utf-8")
    return check(path, record)


def verdicts(found: Checked) -> list[str]:
    return [finding.verdict for finding in found.findings]


# -- what is right is told ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "verdict", "why"),
    [
        (f"“the drop in 2022” ({FIRST}, para. 46)", "wrong paragraph", f"{FIRST}, para. 47"),
        (f"“nine large establishments with a total” ({FIRST}, para. 41)", "altered", "{+large+}"),
        (f"Ms. Quist said: “The drop in 2022 was long” ({FIRST}, para. 47).", "altered", "[-"),
        (f"“a total of 6,850 places” ({FIRST}, para. 99)", "not found", f"{FIRST}, para. 41"),
        (f"“a total of 6,850 places” ({FIRST})", "verbatim", "names no paragraph"),
        ("“a total of 6,850 places” is not cited", "verbatim", f"found at {FIRST}, para. 41"),
        (f"“Adopt the bill” ({FINAL}, para. 14 (b))", "wrong paragraph", "another part"),
        (f"“Adopt the bill” ({FINAL}, para. 14 (a))", "verbatim", "stands in"),
        (f"“may not be disclosed” ({FIRST}, paras. 3–5)", "not found", "nor do any like them"),
        ("“their own rubric” (CCLP/C/SR.9, para. 3)", "not in the index", "CCLP/C/SR.9"),
        ("As said in paragraph 9 of the report, it failed.", "not in the index", "which report"),
        (f"See {FIRST}.", "supported", "nothing is stated"),
        (f"See {FIRST}, para. 400.", "not found", "is not there"),
        (f"It said “{'x' * 40}” ({FIRST}, para. 3).", "not found", "nor do any like them"),
    ],
)  # fmt: skip
def test_the_right_place_is_told(
    record: Record, tmp_path: Path, words: str, verdict: str, why: str
) -> None:
    found = checked(record, tmp_path, words).findings
    assert [finding.verdict for finding in found] == [verdict]
    assert why in found[0].why


def test_the_span_is_that_of_the_words(record: Record, tmp_path: Path) -> None:
    found = checked(record, tmp_path, f"“6,850  places” stand ({FIRST}, para. 41).").findings[0]
    assert found.where is not None
    paragraph = next(p for p in record.document(FIRST).paragraphs if p.label == "41")
    assert paragraph.text[found.where.start : found.where.end] == "6,850 places"


# -- wording --------------------------------------------------------------------------------------

SAID = (
    "Mr. Bell said that the decision-making body had met twice in 2.5 months, that it “informed” "
    "the Procurator-\nGeneral, and that non-governmental organizations were not heard."
)


@pytest.mark.parametrize(
    "quote",
    [
        "the decision-making body had met twice",
        "the decision‑making body had met twice",
        "the  decision-\nmaking body had met twice,",
        "The decision-making body had met twice.",
        "it ‘informed’ the Procurator-General",
        "it 'informed' the Procurator–General",
        "the decision-making body […] informed the Procurator-General",
        "the decision-making body … were not heard",
        "the decision-making body ... were not heard",
        "[T]he decision-making body had met twice",
        "the decision-making body [of the State] had met twice",
        "that [they] “informed” the Procurator-General",
        "the decision-making body had me[e]t",
        "had met twice in 2.5 months",
    ],
)
def test_verbatim(quote: str) -> None:
    assert Quotation(quote).verbatim(Words(SAID)) is not None


@pytest.mark.parametrize(
    ("quote", "difference"),
    [
        ("the decision-making body had met once", "[-twice-]{+once+}"),
        ("the decision-making body had not met twice", "{+not+}"),
        ("organizations were heard", "[-not-]"),
        ("had met twice in 5 months", "[-2.5-]{+5+}"),
        ("governmental organizations were not heard", "[-non-governmental-]{+governmental+}"),
        ("Mr. bell said that the decision-making body", "[-Bell-]{+bell+}"),
        ("the decision-making body … were heard", "[-not-]"),
        ("the body had met … the Procurator-General", "[-decision-making-]"),
        ("met twice in 2.5 months that it informed", "[-,-]"),
    ],
)
def test_altered(quote: str, difference: str) -> None:
    assert Quotation(quote).verbatim(Words(SAID)) is None
    pieces, (start, end) = Quotation(quote).difference(Words(SAID))
    assert difference in shown(pieces)
    assert 0 <= start < end <= len(SAID)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("He “said so” twice", ["said so"]),
        ('He "said so" twice', ["said so"]),
        ("He «said so» twice", ["said so"]),
        ("He „said so“ twice", ["said so"]),
        ("He ‘said so’ twice", ["said so"]),
        ("He 'said so' twice", ["said so"]),
        ("“He said ‘so’ twice”", ["He said ‘so’ twice"]),
        ("‘He said “so” twice’", ["He said “so” twice"]),
        ("“He said “so” twice”", ["He said “so” twice"]),
        ("‘the parties’ rights were upheld’ (A/1)", ["the parties’ rights were upheld"]),
        ("“one” and “two”", ["one", "two"]),
        ("the State’s report, the parties’ rights", []),
        ("the State's report, the parties' rights", []),
        ("“never closed", []),
        ("never opened”", []),
        ("“”", []),
        ('5" by 7"', []),
        ("“unclosed and “closed”", ["closed"]),
    ],
)
def test_quotations(words: str, found: list[str]) -> None:
    assert [words[start:end] for start, end in quotations(words)] == found


# -- who says it ----------------------------------------------------------------------------------

BELL = Paragraph(
    "X/C/SR.1",
    "4",
    3,
    "The law was new.",
    0,
    16,
    turn=Turn("Mr. Bell", "delegation", "Maravia", 3, 3),
)
ASKS = Paragraph("X/C/SR.1", "2", 1, "Why?", 0, 4, turn=Turn("Ms. Roe", "member", None, 1, 1))


@pytest.mark.parametrize(
    ("around", "paragraph", "wrong"),
    [
        ("Mr. Bell said that “…”.", BELL, None),
        ("Mr. Bell (Maravia) said that “…”.", BELL, None),
        ("“…”, Mr. Bell explained.", BELL, None),
        ("Ms. Roe said that “…”.", BELL, "Ms. Roe"),
        ("“…”, said Ms. Roe.", BELL, "Ms. Roe"),
        ("According to Ms. Roe, “…”.", BELL, "Ms. Roe"),
        ("Ms. Roe: “…”", BELL, "Ms. Roe"),
        ("The delegation stated that “…”.", BELL, None),
        ("The Committee stated that “…”.", BELL, "The Committee"),
        ("The delegation stated that “…”.", ASKS, "The delegation"),
        ("“…” was the answer to Mr. Kozlov.", BELL, None),
        ("“…” it was said.", BELL, None),
    ],
)
def test_speakers(around: str, paragraph: Paragraph, wrong: str | None) -> None:
    known = {"Mr. Bell", "Ms. Roe"}
    assert wrong_speaker(around, paragraph.turn, paragraph, known) == wrong


# -- what goes with what --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "due"),
    [
        (f"It rained ({FIRST}, para. 3).", [("statement", "It rained.", "3")]),
        (
            f"The rain came early. {FIRST}, para. 3.",
            [("statement", "The rain came early.", "3")],
        ),
        (
            f"Rain fell in May ({FIRST}, para. 3), and snow in June ({FIRST}, para. 4).",
            [("statement", "Rain fell in May", "3"), ("statement", "and snow in June", "4")],
        ),
        (
            f"In paragraph 3 of {FIRST}, the rain came early.",
            [("statement", "In, the rain came early.", "3")],
        ),
        (f"“the one” and “the other one there” ({FIRST}, para. 3)",
         [("quotation", "the one", "3"), ("quotation", "the other one there", "3")]),
        (f"In {FIRST}, para. 3, it says “and so it went on”. Later ({FIRST}, para. 9) it rained.",
         [("quotation", "and so it went on", "3"), ("statement", "Later it rained.", "9")]),
        (f"It rained. See {FIRST}, para. 3.", [("reference", f"{FIRST}, para. 3", "3")]),
        ("As stated in para. 4 above, it rained.", []),
        (f"“and as told in A/77/1, para. 9, so it went” ({FIRST}, para. 3)",
         [("quotation", "and as told in A/77/1, para. 9, so it went", "3")]),
        (f"> And so it went on\n\n({FIRST}, para. 3)", [("quotation", "And so it went on", "3")]),
        (f"As it says ({FIRST}, para. 3):\n\n> And so it went on",
         [("quotation", "And so it went on", "3")]),
        (f"It “rained and rained and rained”.[^1]\n\n[^1]: {FIRST}, para. 3.",
         [("quotation", "rained and rained and rained", "3")]),
        (f"It rained.[^1] It went on.\n\n[^1]: {FIRST}, para. 3.",
         [("statement", "It rained.", "3")]),
        (f"It rained.¹ It went on.\n\n1. {FIRST}, para. 3.", [("statement", "It rained.", "3")]),
        (f"It rained.[^1]\n\n[^1]: Ms. Roe was told “go on and on” ({FIRST}, para. 3).",
         [("quotation", "go on and on", "3")]),
        ("The so-called “agents” left.", []),
        # The title of a document is no quotation, and a note that holds one states nothing.
        (f"It rained.[^1]\n\n[^1]: Committee, ‘Summary Record of the 411th Meeting’ UN Doc {FIRST}, para 3.",
         [("statement", "It rained.", "3")]),
        (f"It rained and it snowed ({FIRST}, para. 3; see also {FIRST}, para. 5).",
         [("statement", "It rained and it snowed.", "35")]),
        (f"Rain fell. See also {FIRST}, para. 3.", [("reference", "", "3")]),
        (f"“It rained.” The sun came out ({FIRST}, para. 3).",
         [("quotation", "It rained.", "3"), ("statement", "The sun came out.", "3")]),
    ],
)  # fmt: skip
def test_items(tmp_path: Path, words: str, due: list[tuple[str, str, str]]) -> None:
    path = tmp_path / "draft.md"
    path.write_text(words, encoding="utf-8")
    found = [
        (item.kind, " ".join(item.text.split()), "".join(c.found.paras[0][0] for c in item.cited))
        for item in items(read_draft(path))
    ]
    if due and due[0][0] == "reference":
        assert [kind for kind, *_ in found] == ["reference"]
        return
    assert found == due


def test_a_note_of_word_belongs_to_the_sentence_with_its_mark(
    record: Record, tmp_path: Path
) -> None:
    mark = '<w:r><w:footnoteReference w:id="{}"/></w:r>'
    body = para(
        text("It held “7,912 persons, which corresponded”")
        + mark.format(2)
        + text(" in January. The Assembly has 120 seats.")
        + mark.format(3)
    )
    notes = "".join(
        f'<w:footnote w:id="{number}">{para(words)}</w:footnote>'
        for number, words in ((2, f"{FIRST}, para. 41."), (3, "Ibid., para. 3."))
    )
    path = tmp_path / "draft.docx"
    path.write_bytes(docx(body, footnotes=notes))
    found = check(path, record).findings
    assert [(f.kind, f.verdict, f.citation) for f in found] == [
        ("quotation", "verbatim", f"{FIRST}, para. 41"),
        ("statement", "supported", "Ibid., para. 3"),
    ]


def _page(mark: str, back: str, notes: str) -> str:
    """A page of three sentences with notes, as one program or another saves it."""
    marks = [mark.format(n=n) for n in (1, 2, 3)]
    told = (f"{FIRST}, para. 41.", "Ibid., para. 3.", f"{FIRST}, para. 40.")
    kept = "".join(back.format(n=n, words=words) for n, words in enumerate(told, start=1))
    return (
        f"<html><body><p>It held “7,912 persons, which corresponded”{marks[0]} in January. "
        f"The Assembly has 120 seats.{marks[1]}</p><p>The Assembly has 120 seats.{marks[2]}</p>"
        f"{notes.format(kept=kept)}</body></html>"
    )


WORD_PAGE = _page(
    '<a style="mso-footnote-id:ftn{n}" href="#_ftn{n}" name="_ftnref{n}" title="">'
    "<span class=MsoFootnoteReference>[{n}]</span></a>",
    '<div style="mso-element:footnote" id=ftn{n}><p class=MsoFootnoteText><a href="#_ftnref{n}" '
    'name="_ftn{n}" title=""><span class=MsoFootnoteReference>[{n}]</span></a> {words}</p></div>',
    '<div style="mso-element:footnote-list"><br clear=all><hr align=left size=1>{kept}</div>',
)
PANDOC_PAGE = _page(
    '<a href="#fn{n}" class="footnote-ref" id="fnref{n}" role="doc-noteref"><sup>{n}</sup></a>',
    '<li id="fn{n}"><p>{words}<a href="#fnref{n}" class="footnote-back" role="doc-backlink">↩︎</a>'
    "</p></li>",
    '<section id="footnotes" class="footnotes" role="doc-endnotes"><hr /><ol>{kept}</ol></section>',
)
OFFICE_PAGE = _page(
    '<a class="sdfootnoteanc" name="sdfootnote{n}anc" href="#sdfootnote{n}sym"><sup>{n}</sup></a>',
    '<div id="sdfootnote{n}"><p><a class="sdfootnotesym" name="sdfootnote{n}sym" '
    'href="#sdfootnote{n}anc">{n}</a> {words}</p></div>',
    "{kept}",
)
IN_ORDER = [
    ("quotation", "verbatim", f"{FIRST}, para. 41"),
    ("statement", "supported", "Ibid., para. 3"),
    ("statement", "wrong paragraph", f"{FIRST}, para. 40"),
]


@pytest.mark.parametrize("page", [WORD_PAGE, PANDOC_PAGE, OFFICE_PAGE])
def test_a_note_of_a_web_page_belongs_to_the_sentence_with_its_mark(
    record: Record, tmp_path: Path, page: str
) -> None:
    found = checked(record, tmp_path, page, "draft.html")
    assert [(f.kind, f.verdict, f.citation) for f in found.findings] == IN_ORDER
    assert found.draft.unmarked == 0


def test_a_note_of_a_pdf_belongs_to_the_sentence_with_its_mark(
    record: Record, tmp_path: Path
) -> None:
    lines: list[At] = []
    told = ['It held "7,912 persons, which corresponded" in January.', "The Assembly has 120 seats.",
            "The Assembly has 120 seats."]  # fmt: skip
    for n, words in enumerate(told):
        y = 100 + 30 * n
        lines += [At(72, y, words), At(72 + width(words), y, str(n + 1), size=6, raised=4)]
    for n, words in enumerate((f"{FIRST}, para. 41.", "Ibid., para. 3.", f"{FIRST}, para. 40.")):
        y = 760 + 12 * n
        lines += [At(72, y, str(n + 1), size=5, raised=3), At(78, y, words, size=8)]
    found = check(write_pdf(tmp_path / "draft.pdf", [lines]), record)
    assert [(f.kind, f.verdict, f.citation) for f in found.findings] == IN_ORDER


def test_a_note_whose_mark_is_not_told_is_said_to_be(sample_index: Path, tmp_path: Path) -> None:
    path = tmp_path / "draft.md"
    path.write_text(f"The Assembly has 120 seats.\n\n[^1]: {FIRST}, para. 3.\n", encoding="utf-8")
    done = CliRunner().invoke(cli, ["--index", str(sample_index), "check", str(path)])
    assert "1 note was checked without a sentence" in done.stderr


# -- odd drafts -----------------------------------------------------------------------------------


def test_a_draft_without_citations(record: Record, tmp_path: Path) -> None:
    assert checked(record, tmp_path, "Nothing is cited here.").findings == ()


@pytest.mark.parametrize("name", ["draft.md", "draft.txt"])
def test_an_empty_draft_is_refused(record: Record, tmp_path: Path, name: str) -> None:
    with pytest.raises(UnreadableFile, match="is empty"):
        checked(record, tmp_path, " \n ", name)


def test_a_missing_draft_is_refused(record: Record, tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="does not exist"):
        check(tmp_path / "none.md", record)


def test_a_quotation_that_stands_twice_is_checked_twice(record: Record, tmp_path: Path) -> None:
    twice = "\n\n".join(
        f"It has “a unicameral parliament” ({FIRST}, para. {label})." for label in (3, 4)
    )
    assert verdicts(checked(record, tmp_path, twice)) == ["verbatim", "wrong paragraph"]


@pytest.mark.parametrize(
    ("behind", "due"),
    [
        (", and that one of the six owners who had appealed had been successful", ["verbatim", "supported"]),
        (", and that four of the six owners who had appealed had been successful", ["verbatim", "not found"]),
        (" in that year", ["verbatim"]),
    ],
)  # fmt: skip
def test_what_is_stated_behind_a_quotation_is_checked_too(
    record: Record, tmp_path: Path, behind: str, due: list[str]
) -> None:
    quoted = "The delegation said that “no news site had been blocked”"
    draft = f"{quoted}{behind} (CCLP/C/SR.412, para. 41)."
    assert verdicts(checked(record, tmp_path, draft)) == due


def test_a_quotation_across_a_page_break(record: Record, tmp_path: Path) -> None:
    words = f"It has “a unicameral\n\f\nparliament, the Assembly” ({FIRST}, para. 3)."
    assert verdicts(checked(record, tmp_path, words, "draft.txt")) == ["verbatim"]


def test_a_quotation_across_two_paragraphs_that_are_cited(record: Record, tmp_path: Path) -> None:
    words = f"“lists that did not comply were returned to the party for correction within five days. The Police Complaints Inspectorate” ({FIRST}, paras. 3–4)"
    assert verdicts(checked(record, tmp_path, words)) == ["verbatim"]


def test_a_pdf_whose_quotation_goes_over_the_page(record: Record, tmp_path: Path) -> None:
    from fpdf import FPDF

    pdf = FPDF()
    pdf.set_font("Times", size=12)
    for words in (
        'The record has it that Maravia has "a unicameral',
        f'parliament, the Assembly" ({FIRST}, para. 3).',
    ):
        pdf.add_page()
        pdf.multi_cell(160, 6, words)
    path = tmp_path / "draft.pdf"
    pdf.output(str(path))
    assert verdicts(check(path, record)) == ["verbatim"]


@pytest.mark.parametrize("marks", ["“”", '""', "‘’", "''", "«»", "„“"])
def test_any_quotation_marks(record: Record, tmp_path: Path, marks: str) -> None:
    words = f"It has {marks[0]}a unicameral parliament, the Assembly{marks[1]} ({FIRST}, para. 3)."
    assert verdicts(checked(record, tmp_path, words)) == ["verbatim"]


LONG = 100_000  # characters; `python -m eval.bench.citing` measures ten times as many


@pytest.mark.parametrize(
    "words",
    [
        "[" * LONG,
        "[a]" * (LONG // 3),
        "“" * LONG,
        "“a “b " * (LONG // 6),
        '" a' * (LONG // 3),
        "‘a" * (LONG // 2),
        ">\n" * (LONG // 2),
        "“" + "[…] a " * (LONG // 6) + "”",
        "[^1]" * (LONG // 4) + "\n\n[^1]: A/77/1",
        "a-" * (LONG // 2),
    ],
    ids=["brackets", "insertions", "opened", "nested", "straight", "single", "quoted", "ellipses",
         "marks", "hyphens"],
)  # fmt: skip
def test_a_hostile_draft_comes_to_an_end(record: Record, tmp_path: Path, words: str) -> None:
    assert annotated(checked(record, tmp_path, words), "html").count("<!doctype html>") == 1


HOSTILE = "<script>alert(1)</script> [x](javascript:alert(1)) <img src=x onerror=alert(1)>"


@pytest.mark.parametrize("form", ["html", "markdown"])
@pytest.mark.parametrize("name", ["draft.md", "draft.txt"])
def test_the_draft_s_text_is_escaped(record: Record, tmp_path: Path, name: str, form: str) -> None:
    words = f"{HOSTILE} “{HOSTILE} and the others” ({FIRST}, para. 3).\n\n{HOSTILE}"
    copy = annotated(checked(record, tmp_path, words, name), form)
    assert "<script" not in copy
    assert "<img" not in copy
    assert form == "html" or not re.search(r"(?<!\\)\]\(", copy)
    assert "alert(1)" in copy.replace("\\", "")


# -- the command ----------------------------------------------------------------------------------


def run(index: Path, *arguments: object) -> Result:
    return CliRunner().invoke(cli, ["--index", str(index), "check", *map(str, arguments)])


def test_the_command_prints_the_contract(sample_index: Path, tmp_path: Path) -> None:
    path = tmp_path / "draft.txt"
    path.write_text(f"It has “a unicameral parliament” ({FIRST}, para. 3).", encoding="utf-8")
    done = run(sample_index, path, "--json")
    assert done.exit_code == 0
    (row,) = json.loads(done.stdout)
    assert list(row)[:4] == ["text", "citation", "verdict", "why"]
    assert row["text"] == "a unicameral parliament"
    assert row["citation"] == f"{FIRST}, para. 3"
    assert row["verdict"] == "verbatim"


def test_the_status_is_1_if_anything_fails(sample_index: Path, tmp_path: Path) -> None:
    good, bad = tmp_path / "good.md", tmp_path / "bad.md"
    good.write_text(f"It has “a unicameral parliament” ({FIRST}, para. 3).", encoding="utf-8")
    bad.write_text(f"It has “a bicameral parliament” ({FIRST}, para. 3).", encoding="utf-8")
    assert run(sample_index, good).exit_code == 0
    failed = run(sample_index, good, bad)  # as a pre-commit hook calls it
    assert failed.exit_code == 1
    assert "altered" in failed.stdout
    assert "bad.md: 1 checked, 1 failed." in failed.stderr


def test_an_annotated_copy(sample_index: Path, tmp_path: Path) -> None:
    path = tmp_path / "draft.md"
    path.write_text(f"It has “a bicameral parliament” ({FIRST}, para. 3).", encoding="utf-8")
    page, copy = tmp_path / "copy.html", tmp_path / "copy.md"
    assert run(sample_index, path, "--annotated", page).exit_code == 1
    shown_ = page.read_text(encoding="utf-8")
    assert "<del>unicameral</del> <ins>bicameral</ins>" in shown_
    assert "“<mark>a bicameral parliament</mark>”" in shown_
    assert run(sample_index, path, "--annotated", copy).exit_code == 1
    told = copy.read_text(encoding="utf-8")
    assert f"({FIRST}, para. 3 **[✗ altered: " in told
    assert "unicameral" in told


@pytest.mark.parametrize("name", ["copy.docx", "draft.md"])
def test_a_copy_of_no_form_or_over_the_draft_is_refused(
    sample_index: Path, tmp_path: Path, name: str
) -> None:
    path = tmp_path / "draft.md"
    path.write_text("Nothing.", encoding="utf-8")
    done = run(sample_index, path, "--annotated", tmp_path / name)
    assert isinstance(done.exception, BadInput)
    assert path.read_text(encoding="utf-8") == "Nothing."
