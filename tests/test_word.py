"""Word files → lines with the numbers that Word shows, and what is left out of them.

Long, because each rule of Word's numbering has its row.
"""

from __future__ import annotations

import io
import shutil
import struct
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.domain import Document, SourceText
from rag.errors import UnreadableFile
from rag.parse import segment
from rag.read import read
from rag.read.word import read_word
from tests.said import SAID
from tests.word_files import docx, level, numbering, para, restart, text

RECORD = numbering(
    {
        0: level(0, "decimal", "%1.")
        + level(1, "lowerLetter", "(%2)")
        + level(2, "lowerRoman", "(%3)"),
        1: level(0, "decimal", "%1.") + level(1, "decimal", "%1.%2") + level(2, "decimal", "%1.%2.%3"),
        2: level(0, "upperRoman", "%1."),
        3: level(0, "upperLetter", "%1."),
        4: level(0, "decimal", "%1.", start=97),
        5: level(0, "bullet", "\uf0b7"),
        6: level(0, "upperRoman", "%1.") + level(1, "decimal", "%1.%2", extra="<w:isLgl/>"),
        7: level(0, "decimal", "%1.") + level(1, "decimal", "%2.", extra='<w:lvlRestart w:val="0"/>'),
        8: level(0, "lowerLetter", "(%1)", start=25),
        9: level(0, "decimal", "%1.") + level(1, "lowerLetter", "(%2)", extra='<w:pStyle w:val="Sub"/>'),
        10: level(0, "ordinalText", "%1"),
        11: level(0, "decimal", "Recommendation %1:"),
        12: level(0, "russianLower", "%1)"),
        13: level(0, "none", ""),
        14: level(0, "bullet", "–"),
        15: level(0, "upperRoman", "%1.") + level(1, "upperLetter", "%2.") + level(2, "decimal", "%3."),
    },
    {
        **{key + 1: (key, "") for key in range(16)},
        21: (0, restart(0, 1)),
        22: (0, restart(0, 12)),
        23: (0, ""),
        24: (0, f'<w:lvlOverride w:ilvl="0">{level(0, "decimal", "§ %1")}</w:lvlOverride>'),
    },
)  # fmt: skip


def lines(data: bytes) -> list[str]:
    return source(data).text.split("\n")


def source(data: bytes) -> SourceText:
    found = read_word(Path("record.docx"), data)
    assert len(found.hints) == len(found.text.split("\n"))
    return found


def numbers(data: bytes) -> list[str]:
    """What stands before the word "Text." of each line."""
    return [line.removesuffix("Text.").strip() for line in lines(data)]


@pytest.mark.parametrize(
    ("what", "paragraphs", "shown"),
    [
        ("a list", [(1, 0), (1, 0), (1, 0)], "1. 2. 3.".split()),
        ("letters below, anew each time", [(1, 0), (1, 1), (1, 1), (1, 0), (1, 1)], "1. (a) (b) 2. (a)".split()),
        ("roman below letters", [(1, 0), (1, 1), (1, 2), (1, 2), (1, 1), (1, 2)], "1. (a) (i) (ii) (b) (i)".split()),
        ("goes on after other text", [(1, 0), None, (1, 0)], "1. – 2.".split()),
        ("decimals", [(2, 0), (2, 1), (2, 1), (2, 2), (2, 0), (2, 1)], "1. 1.1 1.2 1.2.1 2. 2.1".split()),
        ("a level skipped shows its start", [(2, 1), (2, 1), (2, 0), (2, 1)], "1.1 1.2 2. 2.1".split()),
        ("sections", [(3, 0), (3, 0), (3, 0), (3, 0)], "I. II. III. IV.".split()),
        ("lettered sections", [(4, 0), (4, 0)], "A. B.".split()),
        ("begins at 97", [(5, 0), (5, 0)], "97. 98.".split()),
        ("bullets", [(6, 0), (15, 0)], "• –".split()),
        ("two lists of one definition go on", [(1, 0), (1, 0), (23, 0), (1, 0)], "1. 2. 3. 4.".split()),
        ("begun anew", [(1, 0), (1, 0), (21, 0), (21, 0), (1, 0)], "1. 2. 1. 2. 3.".split()),
        ("begun at 12", [(22, 0), (22, 0)], "12. 13.".split()),
        ("own definition of a list", [(24, 0)], ["§ 1"]),
        ("legal numbers of roman sections", [(7, 0), (7, 0), (7, 1)], "I. II. 2.1".split()),
        ("a level that never begins anew", [(8, 0), (8, 1), (8, 1), (8, 0), (8, 1)], "1. 1. 2. 2. 3.".split()),
        ("letters after z", [(9, 0)] * 4, "(y) (z) (aa) (bb)".split()),
        ("words", [(11, 0)] * 3, "First Second Third".split()),
        ("a word before", [(12, 0)], ["Recommendation 1:"]),
        ("Cyrillic letters", [(13, 0), (13, 0)], "а) б)".split()),
        ("no number", [(14, 0)], "–".split()),
        ("numId 0 takes the number away", [(1, 0), (0, 0), (1, 0)], "1. – 2.".split()),
        ("a list that is not there", [(99, 0)], "–".split()),
        ("headings that count in a list of their own",
         [(16, 0), (1, 0), (16, 1), (1, 0), (16, 0), (1, 0)], "I. 1. A. 2. II. 3.".split()),
    ],
)  # fmt: skip
def test_automatic_numbers(
    what: str, paragraphs: list[tuple[int, int] | None], shown: list[str]
) -> None:
    data = docx("".join(para("Text.", list_=at) for at in paragraphs), numbering=RECORD)
    assert [number or "–" for number in numbers(data)] == shown


STYLES = (
    '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="ParaNo"><w:name w:val="Para No"/><w:pPr><w:numPr>'
    '<w:numId w:val="10"/></w:numPr></w:pPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="Child"><w:name w:val="Child"/>'
    '<w:basedOn w:val="ParaNo"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Sub"><w:name w:val="Sub"/><w:pPr><w:numPr>'
    '<w:numId w:val="10"/></w:numPr></w:pPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="H1"><w:name w:val="_ H_1_G"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Outline"><w:name w:val="Mine"/>'
    '<w:pPr><w:outlineLvl w:val="1"/></w:pPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="Bold"><w:name w:val="Strong text"/>'
    "<w:rPr><w:b/></w:rPr></w:style>"
    '<w:style w:type="character" w:styleId="Ghost"><w:name w:val="Ghost"/>'
    "<w:rPr><w:vanish/></w:rPr></w:style>"
    '<w:style w:type="paragraph" w:styleId="A"><w:name w:val="A"/><w:basedOn w:val="B"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="B"><w:name w:val="B"/><w:basedOn w:val="A"/></w:style>'
)


def styled(style: str, inner: str = "Text.", extra: str = "") -> str:
    return para(inner, props=f'<w:pStyle w:val="{style}"/>{extra}')


@pytest.mark.parametrize(
    ("what", "body", "shown"),
    [
        ("a style counts", styled("ParaNo") * 2, ["1.", "2."]),
        ("and one based on it", styled("ParaNo") + styled("Child"), ["1.", "2."]),
        ("a style tied to a level", styled("ParaNo") + styled("Sub") * 2, ["1.", "(a)", "(b)"]),
        ("taken away in the paragraph",
         styled("ParaNo") + styled("ParaNo", extra='<w:numPr><w:numId w:val="0"/></w:numPr>'),
         ["1.", ""]),
        ("another level in the paragraph",
         styled("ParaNo") + para("Text.", list_=(10, 1), props='<w:pStyle w:val="ParaNo"/>'),
         ["1.", "(a)"]),
        ("styles based on each other", styled("A"), [""]),
        ("numbering that was changed shows the new one",
         para("Text.", props='<w:numPr><w:numId w:val="1"/></w:numPr><w:pPrChange><w:pPr><w:numPr>'
              '<w:numId w:val="5"/></w:numPr></w:pPr></w:pPrChange>'), ["1."]),
    ],
)  # fmt: skip
def test_numbers_by_style(what: str, body: str, shown: list[str]) -> None:
    assert numbers(docx(body, numbering=RECORD, styles=STYLES)) == shown


def field(code: str, result: str | None) -> str:
    stored = (
        f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{text(result)}'
        if result is not None
        else ""
    )
    return (
        f'<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>{code}</w:instrText></w:r>'
        f'{stored}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def run(inner: str, props: str = "") -> str:
    return f"<w:r><w:rPr>{props}</w:rPr>{inner}</w:r>"


@pytest.mark.parametrize(
    ("what", "body", "expected"),
    [
        ("runs do not split words", text("wa") + run("<w:t>s</w:t>", "<w:b/>"), "was"),
        ("tab", run("<w:t>25.</w:t><w:tab/><w:t>The</w:t>"), "25. The"),
        ("no-break space and hyphen, soft hyphen",
         run("<w:t>10\u00a0per</w:t><w:noBreakHyphen/><w:t>ce</w:t><w:softHyphen/><w:t>nt</w:t>"),
         "10 per-cent"),
        ("bis typed by hand", text("14 bis.\u00a0Text."), "14 bis. Text."),
        ("a break within a sentence", run("<w:t>held at</w:t><w:br/><w:t>noon</w:t>"), "held at noon"),
        ("a break between lines", run("<w:t>Geneva</w:t><w:br/><w:t>Chair: Ms. Sen</w:t>"),
         "Geneva\nChair: Ms. Sen"),
        ("a page break", run('<w:t>one</w:t><w:br w:type="page"/><w:t>two</w:t>'), "one two"),
        ("insertion and deletion",
         f'<w:ins>{text("kept ")}</w:ins><w:del><w:r><w:delText>gone</w:delText></w:r></w:del>'
         + text("too"), "kept too"),
        ("moved text stands once",
         f'<w:moveFrom>{text("x")}</w:moveFrom><w:moveTo>{text("moved")}</w:moveTo>', "moved"),
        ("hidden text", text("seen") + run("<w:t> hidden</w:t>", "<w:vanish/>"), "seen"),
        ("hidden by a style", text("seen") + run("<w:t>x</w:t>", '<w:rStyle w:val="Ghost"/>'), "seen"),
        ("not hidden after all", run("<w:t>seen</w:t>", '<w:vanish w:val="0"/>'), "seen"),
        ("a field shows its result", text("para. ") + field(" REF x ", "12"), "para. 12"),
        ("a field without a result", text("a") + field(" XE x ", None), "a"),
        ("a field within a code",
         '<w:r><w:fldChar w:fldCharType="begin"/></w:r>' + field("PAGE", "7")
         + '<w:r><w:fldChar w:fldCharType="separate"/></w:r>' + text("shown")
         + '<w:r><w:fldChar w:fldCharType="end"/></w:r>', "shown"),
        ("AUTONUM", field(" AUTONUM ", None) + text("Text."), "1. Text."),
        ("AUTONUMLGL without a stop", field(r" AUTONUMLGL \e ", None) + text("Text."), "1 Text."),
        ("a link", f'<w:hyperlink r:id="x">{text("here")}</w:hyperlink>', "here"),
        ("symbols", run('<w:sym w:font="Symbol" w:char="F0B0"/>') + text("C ")
         + run('<w:sym w:font="Wingdings" w:char="F0FC"/>'), "°C ✓"),
        ("a symbol nobody knows", text("a") + run('<w:sym w:font="Wingdings" w:char="F021"/>'), "a�"),
        ("an empty control's prompt",
         text("a") + f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{text('Click')}"
         "</w:sdtContent></w:sdt>", "a"),
        ("a filled control",
         f"<w:sdt><w:sdtPr/><w:sdtContent>{text('filled')}</w:sdtContent></w:sdt>", "filled"),
        ("ruby", "<w:r><w:ruby><w:rt><w:r><w:t>kan</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>漢</w:t>"
         "</w:r></w:rubyBase></w:ruby></w:r>", "漢"),
    ],
)  # fmt: skip
def test_what_a_paragraph_shows(what: str, body: str, expected: str) -> None:
    assert source(docx(para(body), styles=STYLES)).text == expected


def test_a_deleted_end_joins_paragraphs() -> None:
    body = (
        para("One ", list_=(1, 0))
        + para("two ", list_=(1, 0), props="<w:rPr><w:del/></w:rPr>")
        + para("three.", list_=(1, 0))
    )
    assert lines(docx(body, numbering=RECORD)) == ["1. One", "2. two three."]


def test_a_style_separator_keeps_the_first_number() -> None:
    body = para("Title. ", list_=(1, 0), props="<w:rPr><w:specVanish/><w:vanish/></w:rPr>")
    assert lines(docx(body + para("Text.") + para("Next.", list_=(1, 0)), numbering=RECORD)) == [
        "1. Title. Text.",
        "2. Next.",
    ]


def test_an_empty_numbered_paragraph_is_counted_and_told() -> None:
    found = source(
        docx(para("A.", list_=(1, 0)) + para(list_=(1, 0)) + para("C.", list_=(1, 0)),
             numbering=RECORD)
    )  # fmt: skip
    assert found.text == "1. A.\n3. C."
    assert [n.what for n in found.notes] == [
        "The numbers of 2 paragraphs were computed from Word's numbering.",
        "1 numbered paragraph is empty; it was counted and left out.",
    ]


@pytest.mark.parametrize(
    ("what", "body", "heading", "number", "indent"),
    [
        ("text", para("Text."), False, False, 0),
        ("United Nations heading style", styled("H1", "Opening"), True, False, 0),
        ("outline level", styled("Outline", "Opening"), True, False, 0),
        ("bold and short", para(run("<w:t>Opening</w:t>", "<w:b/>")), True, False, 0),
        ("bold by style", styled("Bold", "Opening"), True, False, 0),
        ("partly bold", para(run("<w:t>Opening</w:t>", "<w:b/>") + text(" remarks")), False, False, 0),
        ("bold, but a sentence", para(run("<w:t>It urges the State.</w:t>", "<w:b/>")), False, False, 0),
        ("centred", para("Opening", props='<w:jc w:val="center"/>'), True, False, 0),
        ("an event is no heading",
         para("The meeting rose at 1 p.m.", props='<w:jc w:val="center"/>'), False, False, 0),
        ("counted", para("Text.", list_=(1, 0)), False, True, 0),
        ("typed with a tab", para("<w:r><w:t>3.</w:t><w:tab/><w:t>Text.</w:t></w:r>"), False, True, 0),
        ("a number of the sentence", para("3. Text."), False, False, 0),
        ("bullet", para("Text.", list_=(6, 0)), False, False, 0),
        ("indents", para("Text.", props='<w:ind w:left="720" w:hanging="360"/>'), False, False, 18),
    ],
)  # fmt: skip
def test_hints(what: str, body: str, heading: bool, number: bool, indent: float) -> None:
    (hint,) = source(docx(body, numbering=RECORD, styles=STYLES)).hints
    assert (hint.opens, hint.heading, hint.number, hint.indent) == (True, heading, number, indent)


def table(*rows: list[str]) -> str:
    cells = ["".join(f"<w:tc>{cell}</w:tc>" for cell in row) for row in rows]
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in cells)}</w:tbl>"


def test_a_masthead_table_is_lines_and_a_table_of_figures_rows() -> None:
    masthead = table(
        [para("United Nations"), para("CCLP/C/SR.411")],
        [para("Covenant on Civic Life"),
         para("Distr.: General") + para("2 July 2024") + para("Original: English")],
    )  # fmt: skip
    figures = table([para("State"), para("Seats")], [para("Merovia"), para("4") + para("of 9")])
    column = table([para("126.48"), para("Ratify the Covenant (Peru);")])
    body = masthead + para("The Chair opened.", list_=(1, 0)) + figures + column
    found = source(docx(body + para("Thanks.", list_=(1, 0)), numbering=RECORD))
    assert found.text.split("\n") == [
        "United Nations", "CCLP/C/SR.411", "Covenant on Civic Life", "Distr.: General",
        "2 July 2024", "Original: English", "1. The Chair opened.", "State | Seats",
        "Merovia | 4 of 9", "126.48 Ratify the Covenant (Peru);", "2. Thanks.",
    ]  # fmt: skip
    assert [hint.number for hint in found.hints][-5:] == [True, False, False, True, True]


def test_numbered_paragraphs_in_a_layout_table_keep_their_lines() -> None:
    cell = para("One.", list_=(1, 0)) + para("Two.", list_=(1, 0))
    body = para("Zero.", list_=(1, 0)) + table([cell, para("margin")])
    assert lines(docx(body, numbering=RECORD)) == ["1. Zero.", "2. One.", "3. Two.", "margin"]


def test_text_boxes_stand_before_the_paragraph_that_holds_them_once() -> None:
    box = (
        "<w:r><mc:AlternateContent><mc:Choice><w:drawing><wps:txbx><w:txbxContent>"
        f"{para('CCLP/C/SR.411')}</w:txbxContent></wps:txbx></w:drawing></mc:Choice><mc:Fallback>"
        f"<w:pict><v:textbox><w:txbxContent>{para('CCLP/C/SR.411')}</w:txbxContent></v:textbox>"
        "</w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )
    assert lines(docx(para(text("Sum") + box + text("mary record")))) == [
        "CCLP/C/SR.411",
        "Summary record",
    ]


def section(*headers: str, title: bool = False) -> str:
    links = "".join(f'<w:headerReference w:type="{h}" r:id="rId_{h}"/>' for h in headers)
    return f"<w:sectPr>{links}{'<w:titlePg/>' if title else ''}</w:sectPr>"


@pytest.mark.parametrize(
    ("what", "body", "headers", "expected"),
    [
        ("a running header is left out", para("CCLP/C/SR.411") + para("Text.") + section("default"),
         {"default": para("CCLP/C/SR.411") + para("page 3")}, ["CCLP/C/SR.411", "Text."]),
        ("but the symbol is kept where it stands there alone",
         para("Text.") + section("default"),
         {"default": para("CCLP/C/SR.411") + para("page 3")}, ["CCLP/C/SR.411", "Text."]),
        ("the masthead of the first page", para("Text.") + section("first", title=True),
         {"first": para("United Nations") + para("CCLP/C/SR.411")},
         ["United Nations", "CCLP/C/SR.411", "Text."]),
        ("a first page without a header of its own", para("Text.") + section("first"),
         {"first": para("United Nations")}, ["Text."]),
    ],
)  # fmt: skip
def test_headers(what: str, body: str, headers: dict[str, str], expected: list[str]) -> None:
    assert lines(docx(body, headers=headers)) == expected


def note(identifier: int, inner: str) -> str:
    return f'<w:footnote w:id="{identifier}">{inner}</w:footnote>'


def reference(identifier: int, custom: str = "", kind: str = "footnote") -> str:
    follows = ' w:customMarkFollows="1"' if custom else ""
    mark = f"<w:t>{custom}</w:t>" if custom else ""
    return run(f'<w:{kind}Reference{follows} w:id="{identifier}"/>{mark}')


def test_footnotes_are_kept_apart_with_their_marks() -> None:
    body = (
        para(text("The report") + reference(5, "*") + text(" was taken up."), list_=(1, 0))
        + para(text("It was noted") + reference(2) + text(" twice.") + reference(3), list_=(1, 0))
        + para(text("End.") + reference(1, kind="endnote"))
        + section()
    )
    own = "<w:r><w:footnoteRef/></w:r>"
    found = source(
        docx(
            body,
            numbering=RECORD,
            footnotes=note(0, para("separator")) + note(2, para(own + text(" See A/1.")))
            + note(3, para(own + text(" Ibid.")) + para("And more.")) + note(5, para("* CCLP/C/3.")),
            endnotes=f'<w:endnote w:id="1">{para("Last.")}</w:endnote>',
        )
    )  # fmt: skip
    assert found.text == "1. The report was taken up.\n2. It was noted twice.\nEnd."
    assert [(f.mark, f.text) for f in found.footnotes] == [
        ("*", "CCLP/C/3."), ("1", "See A/1."), ("2", "Ibid. And more."), ("i", "Last."),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("rules", "marks"),
    [
        ("", ["1", "2", "3"]),
        ('<w:footnotePr><w:numStart w:val="8"/></w:footnotePr>', ["8", "9", "10"]),
        ('<w:footnotePr><w:numFmt w:val="lowerLetter"/></w:footnotePr>', ["a", "b", "c"]),
        ('<w:footnotePr><w:numRestart w:val="eachSect"/></w:footnotePr>', ["1", "2", "1"]),
    ],
)
def test_footnote_marks_by_the_rules_of_the_file(rules: str, marks: list[str]) -> None:
    first = para(text("A") + reference(1) + reference(2), props=section())
    data = docx(
        first + para(text("B") + reference(3)) + section(),
        settings=rules,
        footnotes="".join(note(i, para("Note.")) for i in (1, 2, 3)),
    )
    assert [f.mark for f in source(data).footnotes] == marks


def test_pages_of_the_last_layout() -> None:
    broken = "<w:r><w:lastRenderedPageBreak/><w:t>Two.</w:t></w:r>"
    found = source(docx(para("One.") + para(broken) + para("Three.")))
    assert found.pages == ((0, 1), (5, 2))
    assert [n.kind for n in found.notes] == ["pages"]


def test_the_word_reader_agrees_with_a_document_made_by_another_library() -> None:
    docx_library = pytest.importorskip("docx")
    document = docx_library.Document()
    document.add_heading("Consideration of reports", 1)
    document.add_paragraph("The Chair opened the meeting.", style="List Number")
    document.add_paragraph("Ms. Sen thanked the delegation.", style="List Number")
    document.add_paragraph("Rights", style="List Bullet")
    document.add_paragraph("The meeting rose.", style="List Number")
    out = io.BytesIO()
    document.save(out)
    found = source(out.getvalue())
    assert found.text.split("\n") == [
        "Consideration of reports",
        "1. The Chair opened the meeting.",
        "2. Ms. Sen thanked the delegation.",
        "• Rights",
        "3. The meeting rose.",
    ]
    assert [hint.heading for hint in found.hints] == [True, False, False, False, False]


def zipped(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


def bomb() -> bytes:
    """A document of 300 MiB of blanks."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", b"<Types/>")
        with archive.open("word/document.xml", "w", force_zip64=True) as stream:
            for _ in range(300):
                stream.write(b" " * 2**20)
    return out.getvalue()


def lying(data: bytes) -> bytes:
    """A file whose directory declares that the document unpacks to ten bytes."""
    at = data.rindex(b"PK\x01\x02", 0, data.rindex(b"word/document.xml"))
    return data[: at + 24] + struct.pack("<I", 10) + data[at + 28 :]


LAUGHS = (
    "<!DOCTYPE x ["
    '<!ENTITY a "ha">'
    + "".join(
        f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    + "]><x>&i;</x>"
)
WHOLE = docx(para("Text."))


@pytest.mark.parametrize(
    ("what", "data", "says"),
    [
        ("cut short", WHOLE[: len(WHOLE) // 2], "damaged Word file"),
        ("only the beginning of a zip", b"PK\x03\x04", "damaged Word file"),
        ("a zip of something else", zipped(**{"a.txt": b"x"}), "not a Word file"),
        ("an empty zip", zipped(), "not a Word file"),
        ("a spreadsheet", zipped(**{"[Content_Types].xml": b"<T/>", "xl/workbook.xml": b"<w/>"}),
         "not a Word file"),
        ("no text", docx(para()), "holds no text"),
        ("broken XML", docx("", raw={"word/document.xml": b"<w:document><w:body>"}), "damaged at"),
        ("broken numbering", docx(para("x"), numbering="<w:num", ), "damaged at"),
        ("a thousand million laughs",
         docx("", raw={"word/document.xml": LAUGHS.encode()}), "document type"),
        ("the same in UTF-16", docx("", raw={"word/document.xml": LAUGHS.encode("utf-16")}),
         "document type"),
        ("another file drawn in", docx("", raw={"word/styles.xml": b"", "word/document.xml":
         b'<!DOCTYPE x SYSTEM "file:///etc/passwd"><x/>'}), "document type"),
        ("paragraphs in paragraphs", docx("<w:p>" * 5000 + "</w:p>" * 5000), "damaged at"),
        ("encrypted", bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600)
         + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
        ("a spreadsheet of old", bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600)
         + "Workbook".encode("utf-16-le"), "not Word's"),
        ("a PDF", b"%PDF-1.4 x", "is a PDF"),
        ("bytes", bytes(range(1, 200)) * 9, "not a Word file"),
        ("a part that is not where it should be",
         WHOLE.replace(b"word/document.xml", b"word/document.xmk", 1), "damaged at"),
        ("parts without end", WHOLE + b"PK\x01\x02" * 30_000, "too many parts"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_said(what: str, data: bytes, says: str) -> None:
    with pytest.raises(UnreadableFile, match=says) as raised:
        source(data)
    assert str(raised.value).startswith("record.docx ")
    assert str(raised.value).endswith(".")


@pytest.mark.parametrize("lie", [False, True])
def test_a_zip_bomb_is_refused_in_little_memory(lie: bool) -> None:
    import tracemalloc

    data = lying(bomb()) if lie else bomb()
    assert len(data) < 2**21
    tracemalloc.start()
    with pytest.raises(UnreadableFile, match=r"unpacks to more|damaged"):
        source(data)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2 * 256 * 2**20


def test_every_cut_of_a_file_is_an_error_or_a_reading() -> None:
    for end in range(0, len(WHOLE), 7):
        with pytest.raises(UnreadableFile):
            source(WHOLE[:end])


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_byte_changed_is_an_error_or_a_reading(data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(WHOLE) - 1))
    byte = data.draw(st.integers(0, 255))
    try:
        source(WHOLE[:at] + bytes([byte]) + WHOLE[at + 1 :])
    except UnreadableFile:
        return


def segmented(data: bytes, tmp_path: Path, name: str = "record.docx") -> Document:
    path = tmp_path / name
    path.write_bytes(data)
    return segment(read(path))


@settings(max_examples=60, deadline=None)
@given(start=st.integers(1, 300), said=st.lists(SAID, min_size=1, max_size=12))
def test_numbers_come_back_as_labels_and_words_unchanged(
    tmp_path_factory: pytest.TempPathFactory, start: int, said: list[str]
) -> None:
    numbered = numbering({0: level(0, "decimal", "%1.", start=start)}, {1: (0, "")})
    data = docx("".join(para(words, list_=(1, 0)) for words in said), numbering=numbered)
    document = segmented(data, tmp_path_factory.mktemp("word"))
    assert [(p.label, p.text) for p in document.paragraphs] == [
        (str(start + i), words) for i, words in enumerate(said)
    ]
    assert not any(p.inferred for p in document.paragraphs)


def test_a_whole_record(tmp_path: Path) -> None:
    body = (
        table([para("United Nations"), para("CCLP/C/SR.411")])
        + para("Summary record of the 411th meeting")
        + para("The meeting was called to order at 10.05 a.m.")
        + styled("H1", "Consideration of reports")
        + para("The Chair invited the delegation to speak.", list_=(1, 0))
        + para("Ms. Sen (Merovia) said that the law protected:", list_=(1, 0))
        + para("Speech;", list_=(1, 1))
        + para("Assembly.", list_=(1, 1))
        + styled("H1", "Civil society")
        + para("Mr. Roy asked how many cases there had been.", list_=(1, 0))
        + para("The meeting rose at 1 p.m.")
    )
    document = segmented(docx(body, numbering=RECORD, styles=STYLES), tmp_path)
    assert document.symbol == "CCLP/C/SR.411"
    assert [(p.label, p.text) for p in document.paragraphs] == [
        ("1", "The Chair invited the delegation to speak."),
        ("2", "Ms. Sen (Merovia) said that the law protected:\n(a) Speech;\n(b) Assembly."),
        ("3", "Mr. Roy asked how many cases there had been."),
    ]
    assert [(h.text, h.before) for h in document.headings] == [
        ("Consideration of reports", "1"),
        ("Civil society", "3"),
    ]
    assert "automatic numbering" in [n.kind for n in document.notes]


RTF = (
    rb"{\rtf1\ansi{\*\listtable{\list{\listlevel\levelnfc0\levelstartat7{\leveltext\'02\'00.;}"
    rb"{\levelnumbers\'01;}}\listid1}}{\*\listoverridetable{\listoverride\listid1"
    rb"\listoverridecount0\ls1}}\pard\ls1\ilvl0 The Chair opened.\par\pard\ls1\ilvl0 "
    rb"Ms. Sen spoke.\par}"
)


def test_an_old_word_file_is_converted() -> None:
    if shutil.which("soffice") is None and shutil.which("libreoffice") is None:
        pytest.skip("LibreOffice is not installed")
    found = read_word(Path("record.doc"), RTF)
    assert found.text.split("\n") == ["7. The Chair opened.", "8. Ms. Sen spoke."]
    assert found.notes[0].what == "Converted from RTF by LibreOffice before it was read."


def test_an_old_word_file_without_libreoffice(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(name: str) -> None:
        return None

    monkeypatch.setattr(shutil, "which", absent)
    with pytest.raises(UnreadableFile, match=r"install LibreOffice, or save it as \.docx"):
        read_word(Path("record.doc"), RTF)


@pytest.mark.parametrize(
    ("what", "data", "format_"),
    [
        (".docx named .doc", docx(para("1. Text.")), "word"),
        ("HTML named .doc", b"<html><body><p>1. Text.</p></body></html>", "html"),
    ],
)
def test_the_kind_is_told_by_content(tmp_path: Path, what: str, data: bytes, format_: str) -> None:
    path = tmp_path / "record.doc"
    path.write_bytes(data)
    found = read(path)
    assert (found.text, found.format) == ("1. Text.", format_)
