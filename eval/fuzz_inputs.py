"""A number → a file to read: generated or mutated, the same for the same seed.

Seeds are the sample record in each format, and small real files where they are there.
Text is mutated before it is set as PDF, Word or HTML, and the files are damaged after
it: bytes flipped, cut, spliced, parts of a package exchanged or bent.
"""

from __future__ import annotations

import html
import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random

MOST = 400_000  # bytes of one input
FORMATS = ("txt", "pdf", "docx", "html")
SMALL = 120_000  # real files up to this size are seeds

_ODD = (
    "\x00", "\x01", "\x07", "\x0b", "\x0c", "\x1b[31m", "\x1f", "\x7f", "\x85", "\xa0", "\xad",
    "\u0300", "\u0301\u0323\u0307", "\u061c", "\u200b", "\u200d", "\u200f", "\u2028", "\u2029",
    "\u202e", "\u2066", "\u2069", "\u3000", "\ufeff", "\ufffd", "\ufffe", "\uffff", "\U000e0041",
    "مجلس الأمن", "הוועדה", "委员会", "٤٢.", "４２．", "²³", "Ⅳ.", "①", "½", "ﬁ", "🏴‍☠️", "İ", "ẞ",
)  # fmt: skip
_NUMBERS = (
    "0", "00", "01.", "007.", "-1.", "1.", "2.", "3.", "9" * 60, "1" + "0" * 400 + ".",
    "999999999999999999999.", "1.1.1.1.1.1.1.1.", ".".join(["1"] * 300), "126.48.", "14 bis.",
    "14bis.", "14 bis ter quater.", "1.0000000000001", "(a)", "(i)", "(a)(i)(A)(1)", "IV.", "A.",
    "1)", "(1)", "1-", "1 –", "1–53", "12/34", "97.", "97.1", "¹", "٣.", "p. 4", "1°", "§ 1.",
)  # fmt: skip
_LINES = (
    "CCLP/C/SR.411", "A/1/2", "S/PV.1", "GE.16-12345 (E) 230616 240616", "*1612345*",
    "The meeting was called to order at 10.05 a.m.", "The meeting rose at 1 p.m.", "Annex I",
    "Mr. X (State) said that", "The President (spoke in Arabic):", "Ms. O'NEIL-Ñandú (Côte d’Ivoire (",
    "A representative of Belgium said", "Contents", "Paragraphs Page", "Introduction1–53",
    "I. Summary of the proceedings ........ 5–123 3", "Decision 1/CP.21", "See paragraph 57 of A/1/2.",
    "The following recommendations enjoy the support of Maravia:", "Mr. A: Mr. B (Mr. C (Mr. D",
    "Held at the Palais Wilson, Geneva, on Thursday, 31 February 2016, at 10 a.m.",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Input:
    """One file, and how it came about."""

    suffix: str  # ".pdf"
    data: bytes
    made: str


@dataclass(frozen=True, slots=True)
class Corpus:
    """What inputs are made from."""

    texts: tuple[str, ...]
    files: Mapping[str, tuple[bytes, ...]]  # by format


def corpus(sample: Path, shared: Path | None = None) -> Corpus:
    """Gather the seeds: the sample, set in each format, and small real files."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(sample.glob("*.txt"))]
    real: dict[str, list[bytes]] = {name: [] for name in FORMATS}
    if shared is not None and shared.is_dir():
        for path in sorted(shared.rglob("*")):
            kind = path.suffix.removeprefix(".")
            if kind in real and path.is_file() and path.stat().st_size <= SMALL:
                real[kind].append(path.read_bytes())
        texts += [data.decode("utf-8", errors="replace") for data in real["txt"]]
    short = [text[:6000] for text in texts[:4]]
    made: dict[str, list[bytes]] = {
        "txt": [text.encode() for text in texts],
        "pdf": [as_pdf(text) for text in short],
        "docx": [as_docx(text) for text in short],
        "html": [as_html(text).encode() for text in short],
    }
    return Corpus(tuple(texts), {name: (*made[name], *real[name]) for name in FORMATS})


def make(corpus: Corpus, seed: int, number: int, formats: Sequence[str] = FORMATS) -> Input:
    """Make the input of a number; equal arguments give equal bytes."""
    random = Random(f"{seed}:{number}")
    kind = random.choice(formats)
    if random.random() < 0.5:
        steps: list[str] = []
        text = _mutated(corpus, random, steps)
        data = _SETTERS[kind](text, random)
        made = f"{kind} of text: {', '.join(steps)}"
    else:
        data = random.choice(corpus.files[kind])
        made = f"{kind} as it is"
    if random.random() < 0.6:
        damage = random.choice(_DAMAGE[kind])
        data = damage(data, random, corpus.files[kind])
        made += f", {damage.__name__.removeprefix('_')}"
    return Input(f".{kind}", data[:MOST], made)


# --- text --------------------------------------------------------------------------------------


def _mutated(corpus: Corpus, random: Random, steps: list[str]) -> str:
    text = random.choice(corpus.texts)
    size = random.choice((200, 2000, 8000, 20_000))
    start = random.randrange(max(1, len(text) - size))
    text = text[start : start + size] if random.random() < 0.7 else text[:size]
    for _ in range(random.randint(1, 4)):
        step = random.choice(_TEXT_STEPS)
        steps.append(step.__name__.removeprefix("_"))
        text = step(text, random, corpus)[:MOST]
    return text


def _odd_characters(text: str, random: Random, _: Corpus) -> str:
    return _insert(text, random, _ODD, random.choice((1, 5, 200)))


def _odd_numbers(text: str, random: Random, _: Corpus) -> str:
    """Put numbers at the beginnings of lines."""
    lines = text.split("\n")
    for _time in range(random.choice((1, 5, 60))):
        at = random.randrange(len(lines))
        lines[at] = random.choice(_NUMBERS) + random.choice(("", " ", "\t", "\n")) + lines[at]
    return "\n".join(lines)


def _odd_lines(text: str, random: Random, _: Corpus) -> str:
    return _insert(text, random, [f"\n{line}\n" for line in _LINES], random.choice((1, 4, 40)))


def _insert(text: str, random: Random, pieces: Sequence[str], times: int) -> str:
    for _ in range(times):
        at = random.randrange(len(text) + 1)
        text = text[:at] + random.choice(pieces) + text[at:]
    return text


def _repeat_block(text: str, random: Random, _: Corpus) -> str:
    start = random.randrange(len(text) + 1)
    block = text[start : start + random.choice((1, 10, 300, 3000))]
    return text[:start] + block * min(random.choice((2, 50, 3000)), 60_000 // (len(block) + 1) + 1)


def _reorder_lines(text: str, random: Random, _: Corpus) -> str:
    lines = text.split("\n")
    random.shuffle(lines)
    return "\n".join(lines[: random.randint(1, len(lines))])


def _one_line(text: str, random: Random, _: Corpus) -> str:
    return text.replace("\n", random.choice((" ", "", "\t", "\x0b", "\u2028")))


def _many_breaks(text: str, random: Random, _: Corpus) -> str:
    return text.replace(random.choice(("\n", " ", ". ")), random.choice(("\n", "\n\n", "\r\n\f")))


def _cut(text: str, random: Random, _: Corpus) -> str:
    return text[: random.randrange(len(text) + 1)]


def _splice(text: str, random: Random, corpus: Corpus) -> str:
    other = random.choice(corpus.texts)
    at, start = random.randrange(len(text) + 1), random.randrange(len(other) + 1)
    return text[:at] + other[start : start + 4000]


def _nested(text: str, random: Random, _: Corpus) -> str:
    """Put a deep nest of brackets or lists into the text."""
    deep = random.choice((5, 200, 5000))
    opening, closing = random.choice((("(", ")"), ("“", "”"), ("(a) ", ""), ("1. (a) (i) ", "")))
    at = random.randrange(len(text) + 1)
    return f"{text[:at]}{opening * deep}x{closing * deep}{text[at:]}"


def _count(text: str, random: Random, _: Corpus) -> str:
    """Nothing but numbered lines: upwards, downwards, the same, or by chance."""
    size = random.choice((3, 300, 6000))
    how = random.choice(("up", "down", "same", "chance", "dotted"))
    numbers = {
        "up": range(1, size), "down": range(size, 0, -1), "same": [7] * size,
        "chance": [random.randrange(1, 400) for _ in range(size)],
        "dotted": [f"{i // 9}.{i % 9}" for i in range(size)],
    }[how]  # fmt: skip
    words = random.choice((" Text here.", "", ".", " a", ". The Committee said so."))
    return "\n".join(f"{number}{words}" for number in numbers)


def _long_words(text: str, random: Random, _: Corpus) -> str:
    word = random.choice(("a", "ab-", "1.", "A/", "(", " ", "Mr. ")) * random.choice((300, 50_000))
    at = random.randrange(len(text) + 1)
    return text[:at] + word + text[at:]


_TEXT_STEPS: tuple[Callable[[str, Random, Corpus], str], ...] = (
    _odd_characters, _odd_numbers, _odd_lines, _repeat_block, _reorder_lines, _one_line,
    _many_breaks, _cut, _splice, _nested, _count, _long_words,
)  # fmt: skip


# --- text set in a format ----------------------------------------------------------------------


def _encoded(text: str, random: Random) -> bytes:
    encoding = random.choice(
        ("utf-8", "utf-8", "utf-8-sig", "utf-16", "latin-1", "cp1252", "utf-32")
    )
    if random.random() < 0.05:
        return text.encode("utf-8", errors="surrogatepass") + b"\xed\xa0\x80\xed\xb0\x80"
    return text.encode(encoding, errors="replace")


def as_pdf(text: str, random: Random | None = None) -> bytes:
    """Set a text as a PDF with running headers and page numbers; in one or two columns."""
    from fpdf import FPDF

    pdf = FPDF()
    pdf.set_font("Helvetica", size=random.choice((2, 6, 10, 60)) if random else 10)
    pdf.set_creation_date(datetime(2016, 6, 23, tzinfo=UTC))
    columns = random.choice((1, 1, 2)) if random else 1
    text = text[:8000].encode("latin-1", errors="replace").decode("latin-1")
    text = text.replace("\x00", "?")
    pdf.add_page()
    pdf.cell(text="CCLP/C/SR.411", new_x="LMARGIN", new_y="NEXT")
    try:
        with pdf.text_columns(text=text, ncols=columns, gutter=5):
            pass
    except Exception:  # too wide for the page: then without columns, letter by letter
        pdf.add_page()
        pdf.set_font("Helvetica", size=8)
        for line in text.split("\n")[:200]:
            pdf.cell(text=line[:100], new_x="LMARGIN", new_y="NEXT")
    return bytes(pdf.output())


def as_docx(text: str, random: Random | None = None) -> bytes:
    """Set a text as Word: paragraphs, some of them numbered by Word, and a table."""
    from docx import Document

    document = Document()
    for place, line in enumerate(text.split("\n")[:150]):
        line = "".join(c for c in line if c in "\t" or c.isprintable())
        numbered = bool(random and random.random() < 0.3)
        document.add_paragraph(line[:5000], style="List Number" if numbered else None)
        if place == 5:
            table = document.add_table(rows=2, cols=2)
            table.cell(0, 0).text = line[:200]
    stream = io.BytesIO()
    document.save(stream)
    return _packed(_unpacked(stream.getvalue()))


def as_html(text: str, random: Random | None = None) -> str:
    """Set a text as a web page: paragraphs, ordered lists, odd nesting."""
    tags = ("p", "div", "li", "td", "h2", "b", "ol", "span", "pre", "script", "title", "br")
    parts = ["<!DOCTYPE html><html><head><title>Record</title></head><body>"]
    for line in text.split("\n"):
        tag = random.choice(tags) if random else "p"
        close = "" if random and random.random() < 0.1 else f"</{tag}>"
        start = f' start="{random.choice(_NUMBERS)}"' if random and tag == "ol" else ""
        parts.append(f"<{tag}{start}>{html.escape(line)}{close}")
    if random and random.random() < 0.2:
        parts.insert(1, random.choice(("<div>", "<ol><li>", "<table><tr><td>", "<b>")) * 3000)
    return "\n".join((*parts, "</body></html>"))


_SETTERS: Mapping[str, Callable[[str, Random], bytes]] = {
    "txt": _encoded,
    "pdf": as_pdf,
    "docx": as_docx,
    "html": lambda text, random: as_html(text, random).encode("utf-8", errors="surrogatepass"),
}


# --- bytes -------------------------------------------------------------------------------------

_Damage = Callable[[bytes, Random, Sequence[bytes]], bytes]


def _flip_bytes(data: bytes, random: Random, _: Sequence[bytes]) -> bytes:
    changed = bytearray(data)
    for _time in range(random.choice((1, 10, 300)) if changed else 0):
        changed[random.randrange(len(changed))] = random.randrange(256)
    return bytes(changed)


def _truncate(data: bytes, random: Random, _: Sequence[bytes]) -> bytes:
    return data[: random.randrange(len(data) + 1)]


def _behead(data: bytes, random: Random, _: Sequence[bytes]) -> bytes:
    return data[random.randrange(len(data) + 1) :]


def _splice_bytes(data: bytes, random: Random, others: Sequence[bytes]) -> bytes:
    other = random.choice(others)
    at, start = random.randrange(len(data) + 1), random.randrange(len(other) + 1)
    return data[:at] + other[start : start + 50_000]


def _other_numbers(data: bytes, random: Random, _: Sequence[bytes]) -> bytes:
    """Exchange digits: offsets, lengths, sizes, references between objects."""
    changed = bytearray(data)
    digits = [i for i, byte in enumerate(changed) if 48 <= byte <= 57]
    for i in random.sample(digits, min(len(digits), random.choice((1, 5, 100)))):
        changed[i] = random.randrange(48, 58)
    return bytes(changed)


def _repeat_bytes(data: bytes, random: Random, _: Sequence[bytes]) -> bytes:
    at = random.randrange(len(data) + 1)
    return data[:at] + data[at : at + random.choice((1, 100, 5000))] * 40 + data[at:]


def _bent_package(data: bytes, random: Random, _: Sequence[bytes]) -> bytes:
    """Change one part of a Word file, and pack it again."""
    parts = _unpacked(data)
    name = random.choice([n for n in parts if n.endswith((".xml", ".rels"))] or list(parts))
    if random.random() < 0.5 and "word/document.xml" in parts:
        name = "word/document.xml"
    parts[name] = _bent_xml(parts[name], random)
    if random.random() < 0.1:
        del parts[random.choice(list(parts))]
    return _packed(parts)


def _unpacked(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


def _packed(parts: Mapping[str, bytes]) -> bytes:
    """Pack parts without the time of day, so that the same seed gives the same bytes."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def _bent_xml(xml: bytes, random: Random) -> bytes:
    how = random.randrange(6)
    if how == 0:
        return _flip_bytes(xml, random, ())
    if how == 1:
        return _truncate(xml, random, ())
    if how == 2:
        return _other_numbers(xml, random, ())
    if how == 3:  # an entity that grows
        bomb = b'<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "' + b"&a;" * 20 + b'">]>'
        return xml.replace(b"?>", b"?>" + bomb, 1).replace(b"</w:t>", b"&b;</w:t>")
    if how == 4:  # nests
        return xml.replace(b"<w:p>", b"<w:p><w:r>" * random.choice((2, 500)), 1)
    at = random.randrange(len(xml) + 1)
    return xml[:at] + xml[at : at + 2000] * 20 + xml[at:]


_DAMAGE: Mapping[str, tuple[_Damage, ...]] = {
    "txt": (_flip_bytes, _truncate, _behead, _splice_bytes, _repeat_bytes),
    "pdf": (_flip_bytes, _truncate, _behead, _splice_bytes, _other_numbers, _repeat_bytes),
    "docx": (_bent_package, _bent_package, _bent_package, _flip_bytes, _truncate, _splice_bytes),
    "html": (_flip_bytes, _truncate, _behead, _splice_bytes, _other_numbers, _repeat_bytes),
}
