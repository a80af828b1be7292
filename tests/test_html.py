"""Saved web pages → lines with the numbers that a browser shows, and what is left out."""

from __future__ import annotations

import html
from email.message import EmailMessage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.domain import SourceText
from rag.errors import UnreadableFile
from rag.parse import segment
from rag.read import read
from rag.read.html import read_html
from tests.said import SAID


def source(page: str | bytes) -> SourceText:
    data = page if isinstance(page, bytes) else page.encode()
    found = read_html(Path("record.html"), data)
    assert not found.hints or len(found.hints) == len(found.text.split("\n"))
    assert found.format == "html"
    return found


def lines(page: str | bytes) -> list[str]:
    return source(page).text.split("\n")


@pytest.mark.parametrize(
    ("what", "page", "expected"),
    [
        ("counts", "<ol><li>One.<li>Two.</ol>", ["1. One.", "2. Two."]),
        ("begins where the page says", "<ol start=25><li>One.<li>Two.</ol>", ["25. One.", "26. Two."]),
        ("a value in the middle", "<ol><li>A.<li value=7>B.<li>C.</ol>", ["1. A.", "7. B.", "8. C."]),
        ("interrupted and continued",
         "<ol><li>A.</ol><h2>Next</h2><ol start=2><li>B.</ol>", ["1. A.", "Next", "2. B."]),
        ("begun again by a converter: as the page shows it",
         "<ol><li>A.</ol><p>x</p><ol><li>B.</ol>", ["1. A.", "x", "1. B."]),
        ("backwards", "<ol reversed><li>A.<li>B.</ol>", ["2. A.", "1. B."]),
        ("letters and roman numerals within",
         "<ol><li>A.<ol type=a><li>B.<ol type=i><li>C.<li>D.</ol></ol><li>E.</ol>",
         ["1. A.", "a. B.", "i. C.", "ii. D.", "2. E."]),
        ("capitals", '<ol type=A start=3><li>x</ol><ol type=I><li>y</ol>', ["C. x", "I. y"]),
        ("letters after z are a browser's, not Word's",
         "<ol type=a start=26><li>x<li>y<li>z</ol>", ["z. x", "aa. y", "ab. z"]),
        ("by inline style", '<ol style="list-style-type:upper-roman"><li>x</ol>', ["I. x"]),
        ("without numbers", '<ol style="list-style: none"><li>5. x</ol>', ["5. x"]),
        ("two paragraphs in an item", "<ol><li><p>A.</p><p>B.</p></ol>", ["1. A.", "B."]),
        ("an item that opens with a list", "<ol><li><ol type=a><li>A.</ol></ol>", ["1. a. A."]),
        ("an empty item counts", "<ol><li>A.<li><li>C.</ol>", ["1. A.", "3. C."]),
        ("bullets", "<ul><li>A.<li>B.</ul>", ["• A.", "• B."]),
        ("numbers that were lost stay lost", "<p>The Chair spoke.<p>Ms. Sen replied.",
         ["The Chair spoke.", "Ms. Sen replied."]),
        ("an absurd start", "<ol start=99999999999999><li>A.</ol>", ["9999999. A."]),
        ("zero and below", "<ol start=-1><li>A.<li>B.</ol>", ["-1. A.", "0. B."]),
        ("items without a list", "<li>A.<li>B.", ["A.", "B."]),
    ],
)  # fmt: skip
def test_lists(what: str, page: str, expected: list[str]) -> None:
    assert lines(page) == expected


@pytest.mark.parametrize(
    ("what", "page", "expected"),
    [
        ("inline elements split no words", "<p><b>wa</b>s <i>hel</i>d", ["was held"]),
        ("and blanks between them stay", "<p><b>The</b> <i>Chair</i>", ["The Chair"]),
        ("spans without a blank stay glued", "<p><span>2.</span><span>The", ["2.The"]),
        ("line ends of the source are blanks", "<p>The\n  Chair\r\nspoke.", ["The Chair spoke."]),
        ("no-break spaces", "<p>1.&nbsp;&nbsp;The&#160;Chair", ["1. The Chair"]),
        ("soft hyphens, zero width", "<p>Com&shy;mit&#8203;tee&#xfeff;", ["Committee"]),
        ("no-break hyphen", "<p>non&#8209;party", ["non-party"]),
        ("entities", "<p>Q&amp;A &ldquo;x&rdquo; &#150; &lt;y&gt;", ["Q&A “x” – <y>"]),
        ("superscript that belongs to the word", "<p>the 11<sup>th</sup> time", ["the 11th time"]),
        ("a break within a sentence", "<p>The Chair said<br>that it was so.",
         ["The Chair said that it was so."]),
        ("a break between lines", "<p>Geneva<br>Chair: Ms. Sen", ["Geneva", "Chair: Ms. Sen"]),
        ("a break before a number", "<p>1. It rose.<br>2. It sat.", ["1. It rose.", "2. It sat."]),
        ("hard-wrapped by breaks",
         "<p>" + "<br>".join(["The Committee takes note of the report of the State"] * 3) + "<br>party.",
         [" ".join(["The Committee takes note of the report of the State"] * 3) + " party."]),
        ("two breaks part blocks", "<p>One<br><br>Two", ["One", "Two"]),
        ("blocks part lines", "<div>a<div>b</div>c</div><blockquote>d</blockquote>",
         ["a", "b", "c", "d"]),
        ("definition lists", "<dl><dt>State<dd>A party", ["State", "A party"]),
        ("preformatted", "<p>x</p><pre>one\ntwo</pre><p>" + "y" * 20, ["x", "one", "two", "y" * 20]),
        ("script, style, comment, template",
         "<style>p{}</style><script>x()</script><!-- c --><template>t</template><p>A", ["A"]),
        ("menus", '<nav><a href="/">Home</a></nav><div class="main-menu"><a href="/a">A</a></div>'
         '<header><a href="/en">English</a> <a href="/fr">Français</a></header><p>A', ["A"]),
        ("a header that says something stays", "<header><h1>Record</h1></header><p>A", ["Record", "A"]),
        ("a footer of the site", "<p>A</p><footer>© United Nations</footer>", ["A"]),
        ("roles", '<div role="navigation">Home</div><p>A', ["A"]),
        ("a list of links in the text stays", '<ul><li><a href="/x">CCLP/C/1</a></ul>', ["• CCLP/C/1"]),
        ("hidden", '<p hidden>x<p style="display: none">y<p style="visibility:hidden">z<p>A', ["A"]),
        ("Word's own header", '<div style="mso-element:header"><p>CCLP/C/SR.1</div><p>A', ["A"]),
        ("a form is a page, its fields are not",
         '<form><p>A<input value="x"><select><option>en</select><button>Go</button></form>', ["A"]),
        ("text after what is left out", "<p>A <script>x</script>B", ["A B"]),
        ("rows of a table", "<p>1. x<table><tr><th>State<th>Seats<tr><td>Merovia<td>4</table>",
         ["1. x", "State | Seats", "Merovia | 4"]),
        ("a number in a column of its own",
         "<p>1. x<table><tr><td>2.<td>The Chair spoke.</table>", ["1. x", "2. The Chair spoke."]),
        ("a masthead", "<table><tr><td>United Nations<td><b>CCLP/C/SR.411</b></table><p>1. x",
         ["United Nations", "CCLP/C/SR.411", "1. x"]),
        ("a table that lays out the page",
         "<p>1. x<table><tr><td><ol start=2><li>A.<li>B.</ol><td>margin</table>",
         ["1. x", "2. A.", "3. B.", "margin"]),
        ("unclosed and misnested", "<p><b>A <i>b</b> c</i><p>D<div>E", ["A b c", "D", "E"]),
    ],
)  # fmt: skip
def test_what_a_page_shows(what: str, page: str, expected: list[str]) -> None:
    assert lines(page) == expected


@pytest.mark.parametrize(
    ("what", "page", "heading", "number", "indent"),
    [
        ("text", "<p>A", False, False, 0),
        ("heading element", "<h3>Opening", True, False, 0),
        ("wholly bold", "<p><b>Opening</b>", True, False, 0),
        ("bold by style", '<p><span style="font-weight:700">Opening</span>', True, False, 0),
        ("partly bold", "<p><b>Opening</b> remarks", False, False, 0),
        ("bold, but a sentence", "<p><b>It urges the State.</b>", False, False, 0),
        ("centred", "<p align=center>Opening", True, False, 0),
        ("centred by style", '<p style="text-align:center">Opening', True, False, 0),
        ("list item", "<ol><li>A", False, True, 30),
        ("bullet", "<ul><li>A", False, False, 30),
        ("set apart by blanks", "<p>1.&nbsp;&nbsp;&nbsp;&nbsp;The", False, True, 0),
        ("Word's list number",
         "<p><span style='mso-list:Ignore'>1.<span>&nbsp; </span></span>The", False, True, 0),
        ("a number of the sentence", "<p>1. The", False, False, 0),
        ("indent", '<p style="margin-left:36pt">A', False, False, 36),
        ("indent in inches", '<div style="margin-left:.5in"><p>A', False, False, 36),
    ],
)  # fmt: skip
def test_hints(what: str, page: str, heading: bool, number: bool, indent: float) -> None:
    (hint,) = source(page).hints
    assert (hint.opens, hint.heading, hint.number, hint.indent) == (True, heading, number, indent)


def test_a_break_within_a_block_opens_nothing() -> None:
    assert [h.opens for h in source("<p>Geneva<br>Chair: Ms. Sen<br><br>Next").hints] == [
        True,
        False,
        True,
    ]


def test_a_page_that_is_typed_text_has_no_layout() -> None:
    found = source("<title>x</title><pre>1. The Chair\nspoke.\n\n2. It rose.</pre>")
    assert found.text == "1. The Chair\nspoke.\n\n2. It rose."
    assert found.hints == ()


@pytest.mark.parametrize(
    ("what", "page", "text", "notes"),
    [
        ("as Word saves them",
         '<p>1. It spoke.<a href="#_ftn1" name="_ftnref1"><sup>[1]</sup></a> Then not.</p>'
         '<div><hr><div id="ftn1"><p><a href="#_ftnref1" name="_ftn1">[1]</a> See A/1.</p><p>More.</p>'
         "</div></div>", "1. It spoke. Then not.", [("1", "See A/1. More.")]),
        ("in a list", '<p>A<sup>[<a id=r1 href="#fn1">1</a>]</sup>.<ol><li id=fn1>See B. '
         '<a href="#r1">↩</a></ol><p>End', "A.\nEnd", [("1", "See B.")]),
        ("parted by breaks",
         '<p>A<a name=a1 href="#b1">1</a> b<a name=a2 href="#b2">2</a>.<p><a name=b1 href="#a1">1</a> '
         'First<br><a name=b2 href="#a2">2</a> Second</p><p>End', "A b.\nEnd",
         [("1", "First"), ("2", "Second")]),
        ("in a table", '<p>A <a href="#fn7" id=r7>(7)</a><table><tr><td id=fn7><a href="#r7">7</a>'
         "<td>See B.</table>", "A", [("7", "See B.")]),
        ("a star", '<p>A<a href="#_ftn1" name="_ftnref1">*</a><p><a name="_ftn1" href="#_ftnref1">*'
         "</a> Adopted.", "A", [("*", "Adopted.")]),
        ("a chapter is no footnote", '<p>Part <a href="#ch1">1</a><h2 id=ch1>One</h2>',
         "Part 1\nOne", []),
        ("nor is a link that leads nowhere", '<p>A<a href="#fn1">1</a>', "A1", []),
        ("nor a number in superscript", "<p>10 m<sup>2</sup>", "10 m2", []),
    ],
)  # fmt: skip
def test_footnotes(what: str, page: str, text: str, notes: list[tuple[str, str]]) -> None:
    found = source(page)
    assert found.text == text
    assert [(note.mark, note.text) for note in found.footnotes] == notes


def test_where_the_marks_of_footnotes_stood() -> None:
    found = source(
        '<p>A<a href="#_ftn1" name="_ftnref1">[1]</a> b.<a href="#_ftn2" name="_ftnref2">2</a> C.</p>'
        '<div id=ftn1><p><a href="#_ftnref1" name="_ftn1">[1]</a> See A/1.</div>'
        '<div id=ftn2><p><a href="#_ftnref2" name="_ftn2">2</a> See A/2.</div>'
    )
    assert found.text == "A b. C."
    assert [(found.text[:at], found.footnotes[n].text) for at, n in found.references] == [
        ("A", "See A/1."),
        ("A b.", "See A/2."),
    ]


WORDS = "1. The “naïve” façade."


@pytest.mark.parametrize(
    ("what", "data", "notes"),
    [
        ("UTF-8", f"<p>{WORDS}".encode(), []),
        ("UTF-8 with a mark", f"<p>{WORDS}".encode("utf-8-sig"), []),
        ("UTF-16", f"<p>{WORDS}".encode("utf-16"), []),
        ("UTF-16 without a mark", f"<html><p>{WORDS}".encode("utf-16-le"), []),
        ("Windows-1252, declared", f"<meta charset=windows-1252><p>{WORDS}".encode("cp1252"), []),
        ("Latin-1 means Windows-1252",
         f'<meta http-equiv=x content="text/html; charset=iso-8859-1"><p>{WORDS}'.encode("cp1252"), []),
        ("not declared", f"<p>{WORDS}".encode("cp1252"), ["encoding"]),
        ("declared as what it is not", f"<meta charset=iso-8859-1><p>{WORDS}".encode(), ["encoding"]),
        ("an encoding nobody knows", f"<meta charset=x-none><p>{WORDS}".encode("cp1252"), ["encoding"]),
        ("a codec that is no encoding", f"<meta charset=zlib><p>{WORDS}".encode("cp1252"), ["encoding"]),
    ],
)  # fmt: skip
def test_encodings(what: str, data: bytes, notes: list[str]) -> None:
    found = source(data)
    assert found.text == WORDS
    assert [note.kind for note in found.notes] == notes


def test_other_encodings() -> None:
    page = "<meta charset=koi8-r><p>1. Председатель"
    assert lines(page.encode("koi8-r")) == ["1. Председатель"]


def test_xhtml_with_elements_that_close_themselves() -> None:
    page = '<?xml version="1.0" encoding="utf-8"?><html><head><title/><script src="x"/></head>'
    assert lines(page + "<body><p>A</p></body></html>") == ["A"]


def test_a_web_archive() -> None:
    archive = MIMEMultipart("related")
    archive.attach(MIMEText(f"<p>{html.escape(WORDS)}", "html", "windows-1252"))
    archive.attach(MIMEText("p{}", "css"))
    assert lines(b"From: <Saved>\r\n" + archive.as_bytes()) == [WORDS]


@pytest.mark.parametrize(
    ("what", "page", "says"),
    [
        ("bytes", bytes(range(256)) * 9, "binary file"),
        ("only script", "<html><script>load()</script></html>", "without text"),
        ("a hundred thousand elements in each other", "<div>" * 100_000 + "1. x", "nested deeper"),
        ("the same inline", "<b>" * 100_000 + "1. x", "nested deeper"),
        ("lists", "<ol><li>" * 50_000 + "1. x", "nested deeper"),
        ("tables", "<table><tr><td>" * 50_000 + "1. x", "nested deeper"),
        ("an archive without a page", "MIME-Version: 1.0\n\nhello", "without a page"),
    ],
)
def test_what_cannot_be_read_is_said(what: str, page: str | bytes, says: str) -> None:
    with pytest.raises(UnreadableFile, match=says) as raised:
        source(page)
    assert str(raised.value).startswith("record.html ")


def test_an_archive_of_archives_without_end() -> None:
    message = EmailMessage()
    message.set_content("x")
    depth = 3000
    head = "".join(
        f"Content-Type: multipart/mixed; boundary=b{i}\n\n--b{i}\n" for i in range(depth)
    )
    with pytest.raises(UnreadableFile):
        source(f"MIME-Version: 1.0\n{head}\nx")


def test_deep_but_possible_nesting_is_read() -> None:
    assert lines("<div>" * 1500 + "1. x" + "</div>" * 1500 + "<p>2. y") == ["1. x", "2. y"]


def test_a_large_page_is_read() -> None:
    assert len(lines("<p>1. The <b>Chair</b> spoke.</p>" * 30_000)) == 30_000


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            "<p> </p> <ol> <li> </ol> <table> <tr> <td> </table> <b> </b> <br> <pre> </pre> "
            "<h1> </h1> <sup> <a/href=#fn1> </a> <div/id=fn1> </div> <ul> 1. x (a) &nbsp; "
            "<!-- --> <script> </script> <div/hidden> <ol/start=7> \n".split(" ")
        ),
        max_size=40,
    )
)
def test_any_soup_is_an_error_or_a_reading(pieces: list[str]) -> None:
    try:
        source("".join(pieces))
    except UnreadableFile:
        return


@settings(max_examples=60, deadline=None)
@given(
    start=st.integers(1, 300), said=st.lists(SAID, min_size=1, max_size=12), cut=st.integers(0, 12)
)
def test_numbers_come_back_as_labels_and_words_unchanged(
    tmp_path_factory: pytest.TempPathFactory, start: int, said: list[str], cut: int
) -> None:
    items = [f"<li>{words}" for words in said]
    page = f"<ol start={start}>{''.join(items[:cut])}</ol>"
    page += f"<ol start={start + cut}>{''.join(items[cut:])}</ol>"
    path = tmp_path_factory.mktemp("html") / "record.html"
    path.write_text(f"<html><body>{page}</body></html>", encoding="utf-8")
    document = segment(read(path))
    assert [(p.label, p.text) for p in document.paragraphs] == [
        (str(start + i), words) for i, words in enumerate(said)
    ]
    assert not any(p.inferred for p in document.paragraphs)


def test_a_whole_record(tmp_path: Path) -> None:
    path = tmp_path / "record.html"
    path.write_text(
        """<html><head><title>Record</title></head><body><form id=aspnetForm>
        <nav><a href="/">Home</a></nav>
        <table><tr><td>United Nations<td>CCLP/C/SR.411</table>
        <p align=center><b>Summary record of the 411th meeting</b></p>
        <p>The meeting was called to order at 10.05 a.m.</p>
        <p><b>Consideration of reports</b></p>
        <ol><li>The Chair invited the delegation to speak.
        <li>Ms. Sen (Merovia) said that it was so.<sup><a href="#fn1" id=r1>1</a></sup></ol>
        <h2>Civil society</h2>
        <ol start=3><li>Mr. Roy asked how many cases there had been in 2012.</ol>
        <p>The meeting rose at 1 p.m.</p>
        <div id=fn1><a href="#r1">1</a> CCLP/C/MRV/3.</div></form></body></html>""",
        encoding="utf-8",
    )
    document = segment(read(path))
    assert document.symbol == "CCLP/C/SR.411"
    assert [(p.label, p.text) for p in document.paragraphs] == [
        ("1", "The Chair invited the delegation to speak."),
        ("2", "Ms. Sen (Merovia) said that it was so."),
        ("3", "Mr. Roy asked how many cases there had been in 2012."),
    ]
    assert [(h.text, h.before) for h in document.headings] == [
        ("Consideration of reports", "1"),
        ("Civil society", "3"),
    ]
    assert [(f.mark, f.text) for f in document.footnotes] == [("1", "CCLP/C/MRV/3.")]
