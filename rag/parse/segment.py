"""The text of a record → `Document`: which kind it is, whose it is, and its paragraphs.

Records with numbered paragraphs are cut at their printed numbers, verbatim records at
their speakers and pages. What is repaired, inferred or doubted becomes a `Note`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.cite import find_symbols, meeting_of, symbol_from_filename
from rag.domain import Document, Note, SourceText
from rag.errors import NoParagraphs
from rag.parse.lines import split
from rag.parse.masthead import read_masthead
from rag.parse.numbered import cut_numbered, numbering_of
from rag.parse.speakers import assign_turns
from rag.parse.verbatim import cut_verbatim, front_of, is_verbatim


def segment(source: SourceText, symbol: str | None = None) -> Document:
    """Turn the text of a record into a `Document`.

    Args:
        source: the text as read.
        symbol: the document's symbol, where the caller knows better than the text.

    Raises:
        NoParagraphs: nothing in the text is a numbered paragraph or a speech.

    """
    lines, standing = split(source)
    notes = list(source.notes)
    front = lines[: front_of(lines)]
    known = symbol or _own_symbol(source, standing, [line.text for line in front], [])
    verbatim = is_verbatim(lines, known)
    numbering = None if verbatim else numbering_of(lines)
    if numbering is not None:
        if not numbering.starts:
            raise _nothing(source)
        front = numbering.front(lines)
    texts = [line.text for line in front]
    symbol = symbol or _own_symbol(source, standing, texts, notes)
    document = symbol or slug(source.path.stem)
    cut = (
        cut_verbatim(source, lines, document)
        if numbering is None
        else cut_numbered(source, lines, numbering, document)
    )
    if not cut.paragraphs:
        raise _nothing(source)
    headings = [heading.text for heading in cut.headings]
    masthead = read_masthead(texts, headings, symbol=symbol, text=source.text)
    paragraphs, heard = cut.paragraphs, ()
    if numbering is not None:
        paragraphs, heard = assign_turns(paragraphs, kind=masthead.kind, state=masthead.state)
    return Document(
        id=document,
        symbol=symbol,
        title=masthead.title,
        kind=masthead.kind,
        body=masthead.body,
        session=masthead.session,
        meeting=masthead.meeting,
        held_on=masthead.held_on,
        issued_on=masthead.issued_on,
        place=masthead.place,
        chair=masthead.chair,
        language=masthead.language,
        state=masthead.state,
        source=source.path,
        sha256=source.sha256,
        text=cut.text,
        paragraphs=paragraphs,
        headings=cut.headings,
        events=cut.events,
        notes=(*notes, *cut.notes, *heard),
        footnotes=source.footnotes,
        agenda=masthead.agenda,
        reissue=masthead.reissue,
    )


def _nothing(source: SourceText) -> NoParagraphs:
    return NoParagraphs(
        f"{source.path} has no numbered paragraphs; a citation needs a number to point at."
    )


def slug(stem: str) -> str:
    """An id for a document without a symbol, from its file's name."""
    return re.sub(r"[^a-z0-9]+", "-", stem.lower()).strip("-") or "document"


def _own_symbol(
    source: SourceText, standing: Sequence[str], front: Sequence[str], notes: list[Note]
) -> str | None:
    """The document's own symbol, never one that it only cites.

    It stands alone on a line: in the masthead or as running header. Where no line
    bears it, the file's name may, if the text does not contradict it.
    """
    if standing:
        return standing[0]
    for line in front[:12]:  # "United Nations CCPR/C/GC/36"
        found = find_symbols(line)
        if found and found[0][1] >= len(line.rstrip("* ")) and len(line) < 60:
            return found[0][2]
    named = symbol_from_filename(source.path.stem)
    if named is None:
        return None
    number = meeting_of(named)
    masthead = " ".join(front[:40])
    if number is not None and "ummary record of" in masthead and str(number) not in masthead:
        return None
    notes.append(Note("symbol from file name", "", f"{named} is printed nowhere in the text."))
    return named
