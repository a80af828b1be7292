"""Answers and conversations as Markdown, Word and JSON: real footnotes, and data stays data.

Longer than most: one answer in every form, and hostile text in each.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from markdown_it import MarkdownIt

from rag.cite.styles import NOTES, Known, parse
from rag.conversations import Conversation, Exchanged, Setting
from rag.domain import (
    Answer,
    Check,
    Citation,
    Claim,
    Filters,
    NoAnswer,
    Paragraph,
    Passage,
    Searched,
)
from rag.errors import BadInput
from rag.export import exported, form_of, told_of
from rag.given import read_history
from rag.read import read
from tests.command import rag
from tests.test_cli import RECORD

AT = datetime(2026, 3, 4, 15, 0, tzinfo=UTC)
PASSED = (Check("citation", True),)
SR = "CCLP/C/SR.9"
NINE = Known(
    SR,
    "Summary record of the 9th meeting",
    "summary record",
    "Committee on Civil Liberties",
    "Second session",
    9,
    date(2024, 3, 4),
)
QUOTED = Claim(
    "Two schools would be built.",
    "Two schools would be built.",
    Citation(SR, None, "4"),
    "Mr. Anders",
    "Maravia",
    PASSED,
)
IN_OTHER_WORDS = Claim(
    "Maravia meant to build two schools.",
    "Two schools would be built.",
    Citation(SR, None, "4", None, "(b)"),
    None,
    None,
    PASSED,
)
UNVERIFIED = Claim(
    "Nine schools would be built.",
    "Nine schools",
    Citation(SR, None, "4"),
    None,
    None,
    (Check("figures", False, "9 does not stand there"),),
)
NEAR = Passage(Paragraph(SR, "3", 2, "Ms. Bell asked why.", 0, 19), 0.4, "both")
DOUBTED = Passage(Paragraph(SR, "4", 3, "Two schools would be built.", 20, 47, True), 0.9, "both")


def known(symbol: str) -> Known:
    return NINE if symbol == SR else Known.named(symbol)


def answered(
    *claims: Claim, question: str = "Schools?", rejected: tuple[Claim, ...] = ()
) -> Answer:
    return Answer(question, claims, rejected, (DOUBTED,), Searched(1, 4), asked=question)


def alone(*claims: Claim, **more: Any) -> Conversation:
    return told_of(answered(*claims, **more), Setting(), AT)


def conversation() -> Conversation:
    """Two questions: one answered, with a claim that was not verified, and one refused."""
    setting = Setting(Filters(role="member"), "ollama:x")
    refused = NoAnswer("And hospitals?", "Nothing bears on it.", (NEAR,), Searched(1, 4))
    return Conversation(
        "schools",
        AT,
        (
            Exchanged.of(answered(QUOTED, IN_OTHER_WORDS, rejected=(UNVERIFIED,)), setting, AT),
            Exchanged.of(refused, setting, AT),
        ),
    )


MARKDOWN = """\
# schools

## 1. Schools?

Mr. Anders (Maravia): “Two schools would be built.”[^1]

Maravia meant to build two schools.[^2]

Not verified, and no part of the answer:

- Nine schools would be built. \\[CCLP/C/SR.9, para. 4\\] (9 does not stand there)

*2026-03-04 15:00 UTC · ollama:x · searched 4 paragraphs of 1 document · only role member*

## 2. And hospitals?

The record does not say. Nothing bears on it.

Nearest paragraphs, which do not answer:

- Committee on Civil Liberties, *Summary record of the 9th meeting*, UN Doc CCLP/C/SR.9 \
(4 March 2024) \\[3\\]

*2026-03-04 15:00 UTC · ollama:x · searched 4 paragraphs of 1 document · only role member*

[^1]: Committee on Civil Liberties, *Summary record of the 9th meeting*, UN Doc CCLP/C/SR.9 \
(4 March 2024) \\[4\\] \\[number inferred\\]. <https://undocs.org/CCLP/C/SR.9>

[^2]: Committee on Civil Liberties, *Summary record of the 9th meeting*, UN Doc CCLP/C/SR.9 \
(4 March 2024) \\[4(b)\\] \\[number inferred\\]: “Two schools would be built.” \
<https://undocs.org/CCLP/C/SR.9>
"""


def test_a_conversation_in_markdown() -> None:
    assert exported(conversation(), "markdown", "aglc", known).decode() == MARKDOWN


def test_a_refusal_is_told_as_one() -> None:
    outcome = NoAnswer("Why?", "Nothing bears on it.", (), Searched(1, 4), lacking=("A/65/1",))
    text = exported(told_of(outcome, Setting(), AT), "markdown", "un", known).decode()
    assert text.startswith(
        "# Why?\n\nThe record does not say. Nothing bears on it. "
        "A/65/1, cited there, is not in the index; it may hold the answer.\n"
    )
    assert "[^1]" not in text


def test_what_must_be_known_beside_an_answer_is_told() -> None:
    outcome = Answer("Why?", (QUOTED,), (), (), Searched(1, 4), note="No reply was found.")
    text = exported(told_of(outcome, Setting(), AT), "markdown", "un", known).decode()
    assert "“Two schools would be built.”[^1]\n\nNo reply was found.\n\n*2026" in text


# -- data stays data -------------------------------------------------------------------------------

HOSTILE = [
    "[click](https://evil.example) ![x](https://evil.example/a.png)",
    "<img src=x onerror=alert(1)> <script>alert(1)</script> <https://evil.example>",
    "&lt;b&gt; &#106;avascript:alert(1) &copy;",
    "# heading", "1. item", "- item", "+ item", "> quote", "=====", "```sh", "| a | b |", "***",
    "[^1]: a footnote of its own[^9]", "[ref]: https://evil.example", "a  \nb\n\n# new\n\n    code",
    "$x^2$ ~~gone~~ ==mark== `code` **bold** _so_ :smile:", "www.evil.example a@evil.example",
    "https://evil.example/x HTTP://EVIL.EXAMPLE", "back\\slash \\[x](y) \\", "---", "\u2028x\x0b\x00",
    "{ HYPERLINK \"https://evil.example\" } INCLUDETEXT", "]]></w:t><w:p/>", "&amp;<w:br/>",
]  # fmt: skip


def tokens(text: str) -> list[Any]:
    found = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text)
    return [*found, *(inner for token in found for inner in token.children or [])]


LIVE = {"link_open", "image", "html_inline", "html_block", "code_inline", "fence", "code_block",
        "table_open", "blockquote_open", "s_open", "strong_open", "ordered_list_open", "hr"}  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=repr)
def test_no_text_comes_alive_in_markdown(text: str) -> None:
    told = alone(
        Claim(text, text, Citation(SR, None, "4"), text, text, PASSED),
        Claim(text, "Two schools", Citation(SR, None, "4"), None, None, PASSED),
        question=text,
        rejected=(Claim(text, "", Citation(""), None, None, (Check("citation", False, text),)),),
    )
    titled = Known(SR, title=text, kind="report", body=text)
    whole = exported(told, "markdown", "aglc", lambda _: titled).decode()
    body, marker, notes = whole.partition("\n\n[^1]:")
    assert marker
    notes = notes.replace("\n\n[^2]:", "\n\n")
    links = [token for token in tokens(notes) if token.type == "link_open"]
    assert [link.attrs["href"] for link in links] == ["https://undocs.org/CCLP/C/SR.9"] * 2
    alive = [token for token in tokens(body) + tokens(notes) if token.type in LIVE]
    assert [token.type for token in alive] == ["link_open"] * 2
    headings = [token for token in tokens(body) if token.type == "heading_open"]
    assert [(each.tag, each.markup) for each in headings] == [("h1", "#")]
    assert len(re.findall(r"(?<!\\)(?:\\\\)*\[\^", body)) == 2  # our own references
    assert not re.search(r"(?<!\\)://|www\.", body)  # no address that an extension would link
    shown = "".join(token.content for token in tokens(body) if token.type == "text")
    words = "".join(sign for sign in text if sign.isprintable() or sign.isspace()).split()
    assert "".join(words) in "".join(shown.split())


@given(st.text(max_size=40))
@settings(max_examples=200, deadline=None)
def test_any_text_is_shown_as_it_is(text: str) -> None:
    words = " ".join("".join(s if s.isprintable() or s.isspace() else " " for s in text).split())
    told = alone(Claim(text, f"not {text}", Citation(SR, None, "4"), None, None, PASSED))
    whole = exported(told, "markdown", "un", known).decode()
    body = whole.partition("\n\n*2026")[0].partition("\n\n")[2].removesuffix("[^1]")
    found = tokens(body)
    assert not [token.type for token in found if token.type in LIVE]
    shown = "".join(token.content for token in found if token.type in ("text", "softbreak"))
    assert " ".join(shown.split()) == words


# -- Word ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("style", NOTES)
def test_footnotes_of_a_word_file_are_footnotes(tmp_path: Path, style: str) -> None:
    path = tmp_path / "schools.docx"
    path.write_bytes(exported(conversation(), "docx", style, known))
    source = read(path)
    assert [note.mark for note in source.footnotes] == ["1", "2"]
    first, second = (note.text for note in source.footnotes)
    assert first.endswith("[number inferred]. https://undocs.org/CCLP/C/SR.9")
    assert parse(first.partition(" [number")[0]) == QUOTED.citation
    assert parse(second.partition(" [number")[0]) == IN_OTHER_WORDS.citation
    assert "“Two schools would be built.”" in second
    lines = [line for line in source.text.split("\n") if line]
    assert lines[:4] == [
        "schools",
        "1. Schools?",
        "Mr. Anders (Maravia): “Two schools would be built.”",
        "Maravia meant to build two schools.",
    ]
    assert "Not verified, and no part of the answer:" in lines
    assert "The record does not say. Nothing bears on it." in lines
    assert "undocs.org" not in source.text  # the addresses stand in the notes


def test_a_word_file_opens_with_python_docx() -> None:
    opened = docx.Document(io.BytesIO(exported(conversation(), "docx", "aglc", known)))
    assert opened.core_properties.title == "schools"
    assert opened.core_properties.created == AT
    looks = [paragraph.style.name for paragraph in opened.paragraphs]
    assert looks[:4] == ["Title", "Heading 1", "Normal", "Normal"]
    assert opened.paragraphs[2].text == "Mr. Anders (Maravia): “Two schools would be built.”"


def parts(data: bytes) -> dict[str, Any]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: etree.fromstring(package.read(name)) for name in package.namelist()}


def test_references_notes_and_links_belong_together() -> None:
    found = parts(exported(conversation(), "docx", "aglc", known))
    w = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    references = [e.get(f"{w}id") for e in found["word/document.xml"].iter(f"{w}footnoteReference")]
    notes = {e.get(f"{w}id"): e for e in found["word/footnotes.xml"].iter(f"{w}footnote")}
    assert references == ["1", "2"]
    assert list(notes) == ["-1", "0", "1", "2"]
    assert notes["1"].find(f".//{w}footnoteRef") is not None
    italic = [run for run in notes["1"].iter(f"{w}r") if run.find(f"{w}rPr/{w}i") is not None]
    assert ["".join(run.itertext()) for run in italic] == ["Summary record of the 9th meeting"]
    links = found["word/_rels/footnotes.xml.rels"]
    assert [(e.get("Id"), e.get("Target"), e.get("TargetMode")) for e in links] == [
        ("rId1", "https://undocs.org/CCLP/C/SR.9", "External")
    ]
    listed = {e.get("PartName") for e in found["[Content_Types].xml"] if e.get("PartName")}
    there = {f"/{name}" for name in found if not name.endswith(".rels") and name[0] != "["}
    assert listed == there


@pytest.mark.parametrize("text", HOSTILE, ids=repr)
def test_no_text_comes_alive_in_word(tmp_path: Path, text: str) -> None:
    told = alone(
        Claim(text, text, Citation(SR, None, "4"), text, text, PASSED), question=f"Q {text}"
    )
    titled = Known(SR, title=text, kind="report", body=text)
    data = exported(told, "docx", "bluebook", lambda _: titled)
    for name, root in parts(data).items():
        tags = {etree.QName(element).localname for element in root.iter()}
        assert not tags & {"fldChar", "fldSimple", "instrText", "altChunk", "object"}, name
    targets = [e.get("Target") for e in parts(data)["word/_rels/footnotes.xml.rels"]]
    assert targets == ["https://undocs.org/CCLP/C/SR.9"]
    path = tmp_path / "x.docx"
    path.write_bytes(data)
    (note,) = read(path).footnotes
    assert note.mark == "1"


def test_lines_of_a_quotation_stay_lines() -> None:
    claim = Claim("(a) One;\n(b) Two.", "(a) One;\n(b) Two.", Citation(SR, None, "4"))
    opened = docx.Document(io.BytesIO(exported(alone(claim), "docx", "un", known)))
    assert opened.paragraphs[1].text == "“(a) One;\n(b) Two.”"


def test_the_same_conversation_gives_the_same_file() -> None:
    assert exported(conversation(), "docx", "un", known) == exported(
        conversation(), "docx", "un", known
    )


# -- JSON and lists --------------------------------------------------------------------------------


def test_json_keeps_everything_and_can_be_gone_on_with(tmp_path: Path) -> None:
    path = tmp_path / "schools.json"
    path.write_bytes(exported(conversation(), "json", "oscola", known))
    told = json.loads(path.read_text(encoding="utf-8"))
    assert (told["name"], told["style"]) == ("schools", "oscola")
    assert [each["answered"] for each in told["exchanges"]] == [True, False]
    assert told["exchanges"][0]["rejected"][0]["checks"][0]["why"] == "9 does not stand there"
    assert told["footnotes"]["CCLP/C/SR.9, para. 4"] == {
        "text": "Committee on Civil Liberties, ‘Summary record of the 9th meeting’ "
        "(4 March 2024) UN Doc CCLP/C/SR.9, para 4 [number inferred]",
        "link": "https://undocs.org/CCLP/C/SR.9",
    }
    assert [past.question for past in read_history(path)] == ["Schools?", "And hospitals?"]
    assert read_history(path)[0].cited == ("CCLP/C/SR.9, para. 4", "CCLP/C/SR.9, para. 4 (b)")


@pytest.mark.parametrize(
    ("form", "count"), [("bibtex", "@techreport{"), ("ris", "TY  - RPRT"), ("csl", '"type": ')]
)
def test_what_is_cited_is_listed_once_and_what_is_not_verified_is_not(
    form: str, count: str
) -> None:
    other = Claim("Nine.", "Nine.", Citation(SR, None, "7"), None, None, (Check("x", False),))
    told = alone(QUOTED, QUOTED, IN_OTHER_WORDS, rejected=(other,))
    text = exported(told, form, "un", known).decode()
    assert text.count(count) == 2
    assert "para. 7" not in text


@pytest.mark.parametrize(
    ("file", "style", "form"),
    [
        ("a.md", "un", "markdown"), ("a.DOCX", "aglc", "docx"), ("a.json", "oscola", "json"),
        ("a.json", "csl", "csl"), ("a.bib", "un", "bibtex"), ("a.ris", "un", "ris"),
    ],
)  # fmt: skip
def test_a_files_name_says_the_form(file: str, style: str, form: str) -> None:
    assert form_of(Path(file), style) == form


def test_a_form_or_style_that_there_is_not_is_refused() -> None:
    with pytest.raises(BadInput, match="ends in no form"):
        form_of(Path("a.pdf"), "un")
    for form, style in (("pdf", "un"), ("docx", "chicago"), ("markdown", "bibtex")):
        with pytest.raises(BadInput):
            exported(conversation(), form, style, known)


# -- on the command line ---------------------------------------------------------------------------


def test_exports_on_the_command_line(tmp_path: Path) -> None:
    index = tmp_path / "index"
    (tmp_path / "nine.txt").write_text(RECORD)
    rag("add", str(tmp_path / "nine.txt"), index=index)
    asked = ("ask", "Who asked why no school had been built?", "--conversation", "schools")
    out = tmp_path / "answer.docx"
    done = rag(*asked, "--export", str(out), "--style", "bluebook", index=index)
    assert f"Written to {out}." in done.stderr
    (note,) = read(out).footnotes
    assert parse(note.text.partition(". https://")[0]) == Citation(SR, None, "3")

    refused = tmp_path / "no.md"
    rag("ask", "How many submarines are there?", "--export", str(refused), index=index, ok=1)
    assert "The record does not say." in refused.read_text("utf-8")

    told = rag("conversations", "export", "schools", "--style", "oscola", index=index).stdout
    assert f"UN Doc {SR}, para 3" in told
    bib = rag("conversations", "export", "schools", "--as", "bibtex", index=index).stdout
    assert bib.startswith("@techreport{CCLP-C-SR.9-para-3,")
    word = ("conversations", "export", "schools", "--as", "docx")
    rag(*word, "--out", str(tmp_path / "all.docx"), index=index)
    assert len(read(tmp_path / "all.docx").footnotes) == 1
    assert "--out FILE.docx" in rag(*word, index=index, ok=2).stderr
    for wrong in (("--export", "x.pdf"), ("--export", "x.md", "--style", "chicago"),
                  ("--export", str(tmp_path / "none" / "x.md"))):  # fmt: skip
        assert rag(*asked, *wrong, index=index, ok=2).stderr.count("\n") == 1


def test_citations_in_a_style_on_the_command_line(tmp_path: Path) -> None:
    index = tmp_path / "index"
    (tmp_path / "nine.txt").write_text(RECORD)
    rag("add", str(tmp_path / "nine.txt"), index=index)
    text = f"{SR}, paras. 3 and 4"
    done = rag("cite", text, "--as", "bluebook", index=index).stdout.splitlines()
    assert [parse(line) for line in done] == [Citation(SR, None, "3"), Citation(SR, None, "4")]
    (row,) = json.loads(rag("cite", text, "--as", "un", "--json", index=index).stdout)
    assert row["styled"] == f"{SR}, para. 3\n{SR}, para. 4"
    (item,) = json.loads(rag("cite", f"{SR}, para. 3", "--as", "csl", index=index).stdout)
    assert (item["number"], item["note"]) == (SR, "para. 3")
    absent = rag("cite", "S/RES/1373, para. 2", "--as", "oscola", index=index, ok=1)
    assert absent.stdout == "UNSC Res 1373 UN Doc S/RES/1373, para 2\n"
    assert "not in the index" in absent.stderr
    assert "no style to cite in" in rag("cite", text, "--as", "mla", index=index, ok=2).stderr
