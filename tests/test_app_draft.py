"""A draft on the look-up page: what is taken, what is found in it, and what is shown of that."""

from __future__ import annotations

import io
import json
import os
import re
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from rag.app import checks
from rag.app.checked import _written, as_html, head
from rag.check import Checked, Finding
from rag.check.findings import Piece
from rag.check.given import MAX_MB, MAX_TEXT, Given, pasted, uploaded
from rag.check.reading import Draft
from rag.cli import cli
from rag.config import Settings
from rag.errors import UnreadableFile
from rag.read.sniffed import sniffed
from rag.record import Record
from tests.word_files import docx, para, text

if TYPE_CHECKING:
    from streamlit.testing.v1 import AppTest

pytest.importorskip("streamlit.testing.v1")
FIRST, SECOND = "CCLP/C/SR.411", "CCLP/C/SR.412"
DRAFT = f"""It “employed 54 investigators” ({FIRST}, para. 4). It “had begun work on 1 July 2019”
({FIRST}, para. 4).

Certification “by a notary was no longer necessary” ({SECOND}, para. 6).

The Committee “may close the airport” ({FIRST}, para. 9). See CCLP/C/SR.999, para. 1.
"""
DUE = ["verbatim", "altered", "wrong paragraph", "not found", "not in the index"]
WORD = docx(para(text("It “employed 54 investigators” (CCLP/C/SR.411, para. 4).")))


def zipped() -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as packed:
        packed.writestr("notes.txt", "nothing")
    return held.getvalue()


# -- what is taken ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "data", "ending"),
    [
        ("brief.docx", WORD, ".docx"),
        ("Brief.DOCX", WORD, ".docx"),
        ("brief.md", "# Brief\n\n“a” – b".encode(), ".md"),
        ("brief.txt", b"plain", ".txt"),
        ("brief.md", b"<!-- first draft -->\n\nwords", ".md"),
        ("brief.txt", "wide".encode("utf-16"), ".txt"),
        ("brief.pdf", b"%PDF-1.7\n%\xe2\xe3", ".pdf"),
        ("../../etc/brief.txt", b"plain", ".txt"),
        ("C:\\drafts\\brief.txt", b"plain", ".txt"),
    ],
)
def test_a_draft_is_taken_without_its_folders(name: str, data: bytes, ending: str) -> None:
    given = uploaded(name, data)
    assert (given.ending, given.data) == (ending, data)
    assert re.fullmatch(r"(?i)brief\.\w+", given.name)


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("brief.odt", b"x", "of a format that is not checked"),
        ("brief", b"x", "of a format that is not checked"),
        ("brief.md", b" \n", "is empty"),
        ("brief.txt", b"x" * (MAX_MB * 2**20 + 1), f"is larger than {MAX_MB} MiB"),
        ("brief.txt", b"%PDF-1.7", "it ends in .txt and holds a PDF"),
        ("brief.md", WORD, "it ends in .md and holds a Word file"),
        ("brief.docx", b"%PDF-1.7", "it ends in .docx and holds a PDF"),
        ("brief.docx", zipped(), "holds a zip archive"),
        ("brief.docx", b"PK\x03\x04 broken", "holds a damaged Word file"),
        ("brief.docx", b"plain", "holds plain text"),
        ("brief.docx", b"\xd0\xcf\x11\xe0\xa1\xb1", "holds an old Word or Office file"),
        ("brief.pdf", b"<html>no</html>", "it ends in .pdf and holds a web page"),
        ("brief.txt", b"\x7fELF\x02\x01\x01\x00\x00\x00", "holds neither text nor a document"),
        ("brief.txt", b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0d", "holds neither text nor a document"),
        ("brief.txt", b"{\\rtf1 words}", "holds rich text (RTF)"),
    ],
)
def test_what_is_no_draft_is_refused_in_a_sentence(name: str, data: bytes, why: str) -> None:
    with pytest.raises(UnreadableFile, match=re.escape(why)):
        uploaded(name, data)


@pytest.mark.parametrize("words", ["", "  \n", "x" * (MAX_TEXT + 1)])
def test_what_is_pasted_has_words_and_not_too_many(words: str) -> None:
    with pytest.raises(UnreadableFile):
        pasted(words)


def test_damaged_letters_are_taken() -> None:
    assert sniffed(pasted("half a letter: \ud800").data) == "text"


# -- the check -------------------------------------------------------------------------------------


@pytest.fixture
def own(sample_index: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("RAG_INDEX", str(sample_index))
    yield sample_index
    assert list((sample_index / "drafts").glob("*")) == []  # no draft is kept


def done(record: Record, given: Given) -> checks.Work:
    work = checks.find(checks.begin(record, given))
    assert work is not None
    assert work.ended.wait(60)
    return work


def test_what_cannot_be_read_is_told_by_its_own_name(own: Path) -> None:
    work = done(Record(Settings(index=own)), Given("brief.pdf", ".pdf", b"%PDF-1.7 no more"))
    assert work.checked is None
    assert work.why.startswith("brief.pdf")
    assert str(own) not in work.why


def test_a_check_that_is_stopped_says_so(own: Path) -> None:
    record = Record(Settings(index=own))
    with checks._turn:  # another draft is being checked
        work = checks.find(checks.begin(record, pasted(DRAFT)))
        assert work is not None
        work.stop()
    assert work.ended.wait(60)
    assert (work.checked, work.why) == (None, "The check was stopped.")


def test_what_a_killed_server_left_is_removed(own: Path) -> None:
    left, fresh = own / "drafts" / "left", own / "drafts" / "fresh"
    for folder in (left, fresh):
        folder.mkdir(parents=True)
    day = time.time() - 2 * 24 * 3600
    os.utime(left, (day, day))
    done(Record(Settings(index=own)), pasted(DRAFT))
    assert not left.exists()
    assert fresh.exists()  # another server may be reading it
    fresh.rmdir()


def test_nobody_finds_a_check_without_its_name(own: Path) -> None:
    done(Record(Settings(index=own)), pasted(DRAFT))
    assert checks.find(None) is None
    assert checks.find("") is None
    assert checks.find("x" * 24) is None


# -- the page --------------------------------------------------------------------------------------


def start(**query: str) -> AppTest:
    from streamlit.testing.v1 import AppTest

    at = AppTest.from_string("from rag.app import lookup\nlookup.page()", default_timeout=120)
    at.session_state["lookup-view"] = "A draft"
    for name, value in query.items():
        at.query_params[name] = value
    return at.run()


def check(at: AppTest, words: str) -> AppTest:
    at.text_area(key="check-text").set_value(words)
    at.button[0].click().run()
    assert not at.exception
    return until_done(at)


def until_done(at: AppTest) -> AppTest:
    work = checks.find(at.session_state["check-token"])
    assert work is not None
    assert work.ended.wait(60)
    return at.run()


def shown(at: AppTest) -> str:
    return "\n".join(each.value for each in at.get("html"))  # type: ignore[attr-defined]


def errors(at: AppTest) -> str:
    """What is told to be wrong, without the signs that keep Markdown from acting on it."""
    told = "\n".join(each.value for each in at.error)
    return told.replace("\\", "").replace("\u2060", "")


def verdicts(at: AppTest) -> list[str]:
    return re.findall(r'pp-verdict"><span class="\S+"><span[^>]*>.</span> ([^<]+)<', shown(at))


def test_a_pasted_draft_is_checked(own: Path) -> None:
    at = check(start(), DRAFT)
    assert [each.lower() for each in verdicts(at)] == DUE
    assert "5 checked, 4 failed" in shown(at)
    assert "had begun work on 1 July <del>2018</del> <ins>2019</ins>" in shown(at)
    at.checkbox(key="check-failing").check().run()
    assert [each.lower() for each in verdicts(at)] == DUE[1:]


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("../brief.docx", WORD, "1 checked, none failed."),
        ("brief.txt", WORD, "it ends in .txt and holds a Word file"),
        ("brief.pdf", b"%PDF-1.7 no more", "brief.pdf"),
    ],
)
def test_an_uploaded_draft_is_checked_or_refused(
    own: Path, name: str, data: bytes, told: str
) -> None:
    done(Record(Settings(index=own)), pasted(DRAFT))  # makes the folder that `own` looks into
    at = start()
    at.file_uploader[0].upload(name, data)
    at.button[0].click().run()
    if "check-token" in at.session_state:
        until_done(at)
    assert not at.exception
    assert told in shown(at) + errors(at)


def test_a_check_that_waits_is_shown_and_can_be_stopped(own: Path) -> None:
    with checks._turn:  # another draft is being checked
        at = start()
        at.text_area(key="check-text").set_value(DRAFT)
        at.button[0].click().run()
        assert "getting ready" in at.get("progress")[0].proto.text  # type: ignore[attr-defined]
        at.button(key="check-stop").click().run()
    assert errors(until_done(at)) == "The check was stopped."


def test_over_an_empty_index_nothing_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RAG_INDEX", str(tmp_path / "fresh"))
    at = check(start(), DRAFT)
    assert set(verdicts(at)) == {"Not in the index"}


def test_a_button_opens_the_right_paragraph_at_its_words(own: Path) -> None:
    at = check(start(), DRAFT)
    at.button(key="finding-open-2").click().run()
    assert not at.exception
    place = at.session_state["place"]
    assert str(place.citation) == f"{SECOND}, para. 5"  # the draft cites 6
    assert place.quote.endswith("by a notary was no longer necessary")
    assert "<mark>" in shown(at)


def test_a_reload_finds_the_check_again(own: Path) -> None:
    token = check(start(), DRAFT).session_state["check-token"]
    again = start(check=token)
    assert [each.lower() for each in verdicts(again)] == DUE
    assert "no longer kept" in start(check="x" * 24).info[0].value


def test_a_draft_is_text_and_never_markup(own: Path) -> None:
    hostile = f"<script>alert(1)</script> said “<b>bold</b> $x$ words” ({FIRST}, para. 4)."
    page = shown(check(start(), hostile))
    assert "&lt;b&gt;bold&lt;/b&gt; $x$ words" in page
    assert "<script>alert" not in page
    assert "<b>" not in page


def test_nothing_given_is_told(own: Path) -> None:
    at = start()
    at.button[0].click().run()
    assert "There is nothing to check" in errors(at)
    check(start(), DRAFT)  # makes the folder that `own` looks into


def test_what_is_taken_away_is_what_the_command_line_writes(own: Path, tmp_path: Path) -> None:
    path, copy = tmp_path / "brief.md", tmp_path / "copy.html"
    path.write_text(DRAFT, encoding="utf-8")
    work = done(Record(Settings(index=own)), uploaded("brief.md", path.read_bytes()))
    assert work.checked is not None
    result = CliRunner().invoke(cli, ["check", str(path), "--json", "--annotated", str(copy)])
    assert result.exit_code == 1
    said = json.loads(result.stdout)
    rows = json.loads(_written(work.checked, "json")())
    assert [row | {"file": "brief.md"} for row in said] == rows
    assert _written(work.checked, "html")().decode() == copy.read_text(encoding="utf-8")


# -- what a finding looks like ---------------------------------------------------------------------


def finding(**more: object) -> Finding:
    return Finding(**({"kind": "quotation", "text": "<i>said</i>", "citation": "A & B, para. 1",
                       "verdict": "altered", "why": "it stands <there>", "location": "line 3"}
                      | more))  # type: ignore[arg-type]  # fmt: skip


def test_everything_of_a_finding_is_escaped() -> None:
    pieces = (Piece("same", "<s>"), Piece("deleted", "<d>"), Piece("inserted", "<n>"))
    html = as_html(finding(difference=pieces))
    assert "“&lt;i&gt;said&lt;/i&gt;”" in html
    assert "A &amp; B, para. 1" in html
    assert "It stands &lt;there&gt;." in html
    assert "&lt;s&gt; <del>&lt;d&gt;</del> <ins>&lt;n&gt;</ins>" in html


def test_what_is_to_be_read_is_neither_passed_nor_failed() -> None:
    doubtful = finding(kind="statement", verdict="not found", unsure=True)
    assert '<span class="pp-read"><span aria-hidden="true">?</span> To be read' in as_html(doubtful)
    told = head(Checked(Draft(Path("<a>.md"), True, ()), (doubtful, finding())))
    assert "2 checked, 1 failed, 1 to be read." in told
    assert "&lt;a&gt;.md" in told


def test_an_empty_draft_says_so() -> None:
    told = head(Checked(Draft(Path("a.md"), True, ()), ()))
    assert "no citation and no quotation" in told
