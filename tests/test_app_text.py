"""The app without a browser: the text of records is data, and what is doubted of it is said."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from rag.app.pane import excerpt
from rag.app.safe import escaped, find_quote, plain, prose
from rag.config import Settings
from rag.present import answer_json, answer_text, passage_json
from rag.record import Record
from tests.app_session import App, _start, app, ask, index, shown
from tests.marked import index_of, marked_record, verbatim_record

__all__ = ["app", "index"]


# -- the text of records is data -----------------------------------------------------------------


def test_a_hostile_record_is_shown_as_it_is_written(app: App) -> None:
    at = ask(app().run(), "How many sacks of barley did the granary hold?")
    at.button(key="cite-1-1").click().run()
    page = shown(at)
    assert "&lt;script&gt;alert(&quot;granary&quot;)&lt;/script&gt;" in page
    assert "&lt;img src=x onerror=alert(1)&gt;" in page
    assert "<script" not in page
    assert "<img" not in page
    assert "granary is empty" not in page.partition("pp-record")[0]
    for markdown in at.markdown:  # our own; nothing of a record may be in them
        assert "evil.example" not in markdown.value


def test_questions_are_escaped_too(app: App) -> None:
    at = ask(app().run(), "What about <img src=x onerror=alert(2)> and $y$?")
    assert "&lt;img src=x onerror=alert(2)&gt;" in shown(at)
    assert "<img" not in shown(at)


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("[1] A/1, para. 2", r"\[1\] A\/1, para\. 2"),
        ("**b** `c` $x$", r"\*\*b\*\* \`c\` \$x\$"),
        ("<script>", r"\<script\>"),
        (":smile: and: so", ":\u2060smile: and: so"),
        ("www.evil.example", "www\u2060\\.evil\\.example"),
        ("two\nlines", "two lines"),
        ("lone \ud800 half", "lone ? half"),
    ],
)
def test_labels_are_plain(text: str, label: str) -> None:
    assert plain(text) == label


def test_html_is_escaped_with_its_quotes() -> None:
    assert escaped("\"<&'\ud800") == "&quot;&lt;&amp;&#x27;?"


@pytest.mark.parametrize(
    ("quote", "text", "found"),
    [
        ("a ferry", "There was a ferry.", ["a ferry"]),
        ("a ferry ran", "There was a\nferry  ran.", ["a\nferry  ran"]),
        ("a … ran", "a ferry ran", ["a", "ran"]),
        ("a [...] ran", "a ferry ran", ["a", "ran"]),
        ("a boat", "There was a ferry.", []),
        ("(a) [b] *", "x (a) [b] * y", ["(a) [b] *"]),
        ("", "There was a ferry.", []),
    ],
)
def test_a_quotation_is_found_in_its_paragraph(quote: str, text: str, found: list[str]) -> None:
    assert [text[start:end] for start, end in find_quote(quote, text)] == found


def test_items_begin_on_lines_of_their_own() -> None:
    assert prose("It notes:\n(a) One <b>;\n(b) Two.", [(14, 17)]) == (
        "It notes:<br>(a) <mark>One</mark> &lt;b&gt;;<br>(b) Two."
    )


def test_an_inferred_number_says_so(index: Path) -> None:
    document = Record(Settings(index=index)).document("CCLP/C/SR.7")
    paragraph = replace(document.paragraphs[2], inferred=True, section="annex I")
    page = excerpt(document, [paragraph])
    assert "number inferred" in page
    assert "annex I" in page


# -- what the reader doubts and sets apart ------------------------------------------------------


@pytest.fixture(scope="module")
def marked_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("marked") / "index"
    index_of(path, marked_record(), verbatim_record())
    return path


@pytest.fixture
def marked(marked_index: Path, monkeypatch: pytest.MonkeyPatch) -> App:
    monkeypatch.setenv("RAG_INDEX", str(marked_index))
    return _start


def test_a_doubted_number_is_said_in_the_answer_its_copy_and_the_pane(marked: App) -> None:
    at = ask(marked().run(), "How many sacks of barley did the granary hold?")
    pinpoint = "CCLP/C/SR.77, para. 1, number inferred"
    assert at.button(key="cite-1-1").label == plain(f"[1] {pinpoint}")
    at.session_state["take-1"] = True  # "Copy or export" is opened
    assert "[CCLP/C/SR.77, para. 1 [number inferred]]" in at.run().code[0].value
    at.button(key="cite-1-1").click().run()
    assert '<span class="pp-tag pp-doubt">number inferred</span>' in shown(at)
    at = ask(at, "How many maps are listed?")
    assert at.button(key="cite-2-1").label == plain(
        "[1] CCLP/C/SR.77, annex I, para. 2, number read by OCR"
    )


def test_the_command_line_says_it_too(marked_index: Path) -> None:
    record = Record(Settings(index=marked_index))
    answer = record.ask("How many sacks of barley did the granary hold?")
    assert answer_text(answer).endswith("[CCLP/C/SR.77, para. 1, number inferred]")
    claim = answer_json(answer)["claims"][0]
    assert (claim["inferred"], claim["ocr"]) == (True, False)
    hits = {h["citation"]: h for h in map(passage_json, record.search("maps", limit=9))}
    assert hits["CCLP/C/SR.77, annex I, para. 2"]["ocr"] is True
    assert hits["CCLP/C/SR.77, para. 2"]["voices"][1]["delegation"] == "Maravia"


def test_of_two_who_speak_in_a_paragraph_the_right_one_is_named(marked: App) -> None:
    at = ask(marked().run(), "How many lighthouses did the delegation say had been repaired?")
    page = shown(at)
    assert "nine lighthouses" in page
    assert page.index("Mr. Anders") < page.index("nine lighthouses")
    assert "Ms. Bell" not in page
    at.button(key="cite-1-1").click().run()
    page = shown(at)
    parts = page.split('<div class="pp-voice">')
    assert len(parts) == 3
    assert "Ms. Bell" in parts[1]
    assert "how many lighthouses" in parts[1]
    assert "Mr. Anders" in parts[2]
    assert "<mark>" in parts[2]
    assert "<mark>" not in parts[1]
    assert "&lt;b&gt;all&lt;/b&gt;" in parts[2]


def test_a_speech_is_opened_on_its_page(marked: App) -> None:
    at = ask(marked().run(), "How many bridges were built last year?")
    assert at.button(key="cite-1-1").label == plain("[1] S/PV.9001, p. 2")
    at.button(key="cite-1-1").click().run()
    page = shown(at)
    assert '<div class="pp-para pp-cited pp-here"><div class="pp-label">p. 2</div>' in page
    here = page.partition("pp-cited pp-here")[2]
    assert "40 bridges" in here.partition("<mark>")[2].partition("</mark>")[0]
    assert at.query_params["cite"] in ("S/PV.9001#p. 2", ["S/PV.9001#p. 2"])


@pytest.mark.parametrize(
    ("link", "number"),
    [
        ("S/PV.9001#p. 2/2", "p. 2"),
        ("S/PV.9001, p. 3", "p. 3"),
        ("CCLP/C/SR.77#annex I:2", "2."),
        ("CCLP/C/SR.77, para. 3 (b)", "3."),
    ],
)
def test_links_lead_to_pages_annexes_and_parts(marked: App, link: str, number: str) -> None:
    at = marked()
    at.query_params["cite"] = link
    at.run()
    assert not at.exception
    assert f'pp-here"><div class="pp-label">{number}</div>' in shown(at)
    if link.endswith("(b)"):
        assert "<mark>(b) Report.</mark>" in shown(at)


def test_the_reading_page_shows_all_that_was_read() -> None:
    from rag.app import reading

    document = marked_record()
    page = excerpt(document, document.paragraphs, whole=True)
    assert page.count('<div class="pp-page">') == 3
    assert page.index("(b) Report") < page.index("The meeting rose") < page.index("annex I")
    assert "The meeting rose" not in excerpt(document, document.paragraphs)
    assert '<h3 class="pp-section" dir="auto">annex I</h3>' in page
    assert "number inferred" in page
    assert "number read by OCR" in page
    outline = reading.outline(document)
    assert "Consideration of &lt;reports&gt;" in outline
    assert "Paragraphs 1 to 3" in outline
    assert "Annex I, paragraphs 1 to 2" in outline
    assert outline.index("Lighthouses") < outline.index("Annex I") < outline.index("Lists")
    assert "CCLP/C/SR.77*" in reading.facts(document)


def test_a_long_document_is_cut_at_its_sections() -> None:
    from rag.app.reading import portions, spoken_range

    document = marked_record()
    body = tuple(
        replace(document.paragraphs[2], label=str(n + 1), ordinal=n) for n in range(150)
    )  # fmt: skip
    annex = tuple(
        replace(p, ordinal=150 + n) for n, p in enumerate(document.paragraphs[3:])
    )  # fmt: skip
    parts = portions(replace(document, paragraphs=(*body, *annex)))
    assert [spoken_range(part) for part in parts] == [
        "Paragraphs 1 to 100", "Paragraphs 101 to 150", "Annex I, paragraphs 1 to 2",
    ]  # fmt: skip
    assert spoken_range(verbatim_record().paragraphs) == "Pages 2 to 3"
