"""A saved web page → `SourceText`: a line a block, list numbers as a browser shows them.

Everything in the page is data: nothing runs, nothing is fetched. Menus, scripts, hidden
elements and form controls are left out, footnotes are kept apart. Lists count from
`start` and `value` as a browser does; where a converter made a list begin at 1 again, so
it is shown on the page, and so it is read. MHTML archives are read too.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from importlib import import_module
from pathlib import Path
from typing import Any

from rag.domain import LineHint, Note, SourceText
from rag.errors import UnreadableFile
from rag.read.blocks import (
    Block,
    Row,
    assemble,
    blocks_of,
    fold,
    looks_like_heading,
    set_apart,
    table_blocks,
    unmarked,
)
from rag.read.html_bytes import decode, web_page
from rag.read.html_lists import List, list_of
from rag.read.html_looks import HEADINGS, indent_of, is_bold, is_centred, left_out
from rag.read.html_notes import Notes

_BLOCKS = frozenset(
    "address article aside blockquote body center dd details div dl dt fieldset figcaption figure "
    "footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main nav ol p pre section "
    "summary table tbody td tfoot th thead title tr ul caption menu dir listing plaintext xmp".split()
)
_GONE = frozenset(
    "script style head nav template noscript iframe object embed applet svg math canvas audio "
    "video select option datalist input button textarea dialog map colgroup noframes rp rt".split()
)
_VERBATIM = frozenset("pre listing plaintext xmp".split())
_WHITE = re.compile(r"[ \t\n\r\f]+")
_NUMBER = re.compile(r"^\d{1,3}(?:\.\d{1,3})*\.?\s")
_MARKED = re.compile(r"^\(?(?:\d|[a-zA-Z]{1,4}[.)])")
_GAP = "\ue001"  # the number stands apart: Word's span of blanks behind it


def read_html(path: Path, data: bytes) -> SourceText:
    """Read a saved web page or an MHTML archive.

    Raises:
        UnreadableFile: no web page, nested without end, or without any text.

    """
    page, charset = web_page(path, data)
    markup, notes = decode(path, page, charset)
    root = _parse(path, markup)
    reader = _Reader(Notes(root))
    blocks = reader.read(root)
    if not blocks:
        raise UnreadableFile(
            f"{path} is a web page without text; it may load its text by script, so save the "
            "document itself as PDF or Word."
        )
    source = assemble(
        path,
        data,
        blocks,
        format="html",
        footnotes=reader.notes.footnotes(),
        notes=(*notes, *reader.told()),
    )
    if not reader.notes.whole:
        source = replace(source, references=())
    if reader.verbatim > len(source.text) // 2:  # text as typed: its lines have no layout
        return SourceText(
            source.path, source.sha256, source.text, (), source.notes, (), source.footnotes, "html"
        )
    return source


def _parse(path: Path, markup: str) -> Any:
    etree: Any = import_module("lxml.etree")
    parser = etree.HTMLParser(
        encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=True
    )
    try:
        root = etree.fromstring(markup.encode("utf-8", "replace"), parser=parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableFile(f"{path} holds no web page; save the page again.") from error
    if root is None:
        raise UnreadableFile(f"{path} holds no web page; save the page again.")
    # The parser goes on after any error but a limit, where it stops and the rest is lost.
    if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):
        raise UnreadableFile(
            f"{path} is nested deeper or has larger parts than any web page; save the document "
            "as PDF or Word."
        )
    return root


@dataclass
class _Frame:
    """What an element hands down to what is inside."""

    bold: bool = False
    centred: bool = False
    verbatim: bool = False
    heading: bool = False
    indent: float = 0.0
    block: bool = False
    leave: Callable[[], None] | None = None


@dataclass
class _Open:
    """The block that is being read."""

    pieces: list[str] = field(default_factory=lambda: list[str]())
    light: bool = False
    seen: bool = False


class _Reader:
    """Walks the page once, without recursion: pages nest as deep as they like."""

    def __init__(self, notes: Notes) -> None:
        self.notes = notes
        self.verbatim = 0  # characters of text that stands as typed
        self._frames = [_Frame()]
        self._open = _Open()
        self._out: list[Block] = []
        self._sinks: list[list[Block]] = [self._out]
        self._tables: list[list[Row]] = []
        self._lists: list[List] = []
        self._mark = ""  # the number of the item that opens with the next block
        self._counted = False
        self._numbered = 0
        self._numbered_yet = False

    def read(self, root: Any) -> list[Block]:
        """The blocks of the page."""
        skip: Any = None
        etree: Any = import_module("lxml.etree")
        for event, element in etree.iterwalk(root, events=("start", "end")):
            if skip is not None:
                if event == "end" and element is skip:
                    skip = None
                    self._text(element.tail)
                continue
            if event == "start":
                if self._enter(element):
                    self._text(element.text)
                else:
                    skip = element
            else:
                self._leave(element)
                self._text(element.tail)
        self._flush()
        return self._out

    def told(self) -> list[Note]:
        """What was computed."""
        if not self._numbered:
            return []
        few = self._numbered == 1
        what = (
            "The number of 1 paragraph was computed from a list."
            if few
            else f"The numbers of {self._numbered} paragraphs were computed from lists."
        )
        return [Note("automatic numbering", "", what)]

    def _enter(self, element: Any) -> bool:
        """Begin an element; False where it is left out."""
        name = element.tag
        if name == "br":
            self._open.pieces.append("\n")
        elif name in _GONE or left_out(element, name):
            return False
        note = self.notes.opens(element)
        if note:
            self._flush()
            self.notes.begin(element)
        if self.notes.is_mark(element):
            self._open.pieces.append(self.notes.taken(element))
            return False
        outer, style = self._frames[-1], element.get("style") or ""
        frame = _Frame(
            bold=is_bold(name, style, outer.bold),
            centred=is_centred(element, name, style, outer.centred),
            verbatim=outer.verbatim or name in _VERBATIM,
            heading=outer.heading or name in HEADINGS,
            indent=outer.indent,
            block=name in _BLOCKS or note,
        )
        if frame.block:
            self._flush()
            frame.indent += indent_of(name, style)
            frame.leave = self._begin(element, name, style)
        if "mso-list:ignore" in style.lower().replace(" ", ""):
            frame.leave = lambda: self._open.pieces.append(_GAP)
        self._frames.append(frame)
        return True

    def _begin(self, element: Any, name: str, style: str) -> Callable[[], None] | None:
        """Begin a block that counts or stands in a table; returns what ends it."""
        if name in ("ol", "ul", "menu", "dir"):
            self._lists.append(list_of(element, name, style))
            return self._end_list
        if name == "li" and self._lists and not self.notes.inside:
            mark, counted = self._lists[-1].next(element.get("value"))
            self._mark = f"{self._mark} {mark}".strip()
            self._counted = self._counted or counted
            return self._end_item
        if name == "table":
            self._tables.append([])
            front = not self._numbered_yet
            return lambda: self._end_table(front)
        if name == "tr" and self._tables:
            self._tables[-1].append([])
        if name in ("td", "th") and self._tables:
            if not self._tables[-1]:
                self._tables[-1].append([])
            cell: list[Block] = []
            self._tables[-1][-1].append(cell)
            self._sinks.append(cell)
            return self._end_cell
        return None

    def _leave(self, element: Any) -> None:
        frame = self._frames.pop()
        if frame.block:
            # The block's own look is that of the frame it closes with.
            self._flush(frame)
        if frame.leave is not None:
            frame.leave()
        self.notes.end(element)

    def _end_item(self) -> None:
        self._mark, self._counted = "", False

    def _end_list(self) -> None:
        self._lists.pop()

    def _end_cell(self) -> None:
        self._sinks.pop()

    def _end_table(self, front: bool) -> None:
        blocks = table_blocks(self._tables.pop(), front=front)
        self._put(blocks)

    def _put(self, blocks: list[Block]) -> None:
        if not self.notes.take(blocks):
            self._sinks[-1].extend(blocks)

    def _text(self, text: str | None) -> None:
        if not text:
            return
        frame, here = self._frames[-1], self._open
        if frame.verbatim:
            self.verbatim += len(text)
        else:
            text = _WHITE.sub(" ", text)
        if text.strip():
            here.seen = True
            here.light = here.light or not frame.bold
        here.pieces.append(text)

    def _flush(self, frame: _Frame | None = None) -> None:
        """Write the open block out."""
        here, self._open = self._open, _Open()
        if not here.seen:
            return
        frame = frame or self._frames[-1]
        raw = self.notes.without_marks("".join(here.pieces))
        text = fold(unmarked(raw.replace(_GAP, " ")))
        apart = (_GAP in raw and _MARKED.match(text) is not None) or set_apart(raw)
        heading = frame.heading or looks_like_heading(
            text, bold=not here.light, centred=frame.centred
        )
        hint = LineHint(
            indent=max(0.0, frame.indent),
            opens=True,
            heading=heading,
            number=apart or self._counted,
        )
        raw = raw.replace(_GAP, " ")
        if self._mark:
            self._numbered += self._counted
            raw = f"{self._mark} {raw.lstrip()}"
            self._end_item()
        if frame.verbatim and not frame.heading:
            self._put(_as_typed(raw, hint))
            return
        if not heading and (hint.number or _NUMBER.match(text)):
            self._numbered_yet = True
        self._put(blocks_of(raw, hint))


def _as_typed(raw: str, hint: LineHint) -> list[Block]:
    """Preformatted text keeps its lines, and its empty lines part blocks."""
    blocks: list[Block] = []
    gap = True
    for line in raw.expandtabs().split("\n"):
        text = fold(line)
        if text:
            blocks.append(
                Block((text,), LineHint(hint.indent, opens=gap, number=gap and set_apart(line)))
            )
        elif not gap:
            blocks.append(Block(("",), LineHint()))
        gap = not text
    while blocks and not blocks[-1].lines[0]:
        blocks.pop()
    return blocks
