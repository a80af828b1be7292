"""`rag ask --export FILE` and `rag cite --as STYLE`: what the command line writes for a publisher."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from rag.errors import BadInput

if TYPE_CHECKING:
    from rag.domain import Answer, Filters, NoAnswer, ResolvedCitation
    from rag.record import Record


def check_export(file: Path, style: str) -> None:
    """See that an export can be written, before anything is asked.

    Raises:
        BadInput: the file's name or the style is of no form that is written.

    """
    from rag.cite.styles import LISTS, NOTES
    from rag.export import form_of

    form = form_of(file, style)
    if form not in LISTS and style not in NOTES:
        raise BadInput(f"{style!r} is no style of footnotes; there are {', '.join(NOTES)}.")
    if not file.absolute().parent.is_dir():
        raise BadInput(f"{file.parent} is no folder; make it, or name another.")


def write_export(
    record: Record,
    outcome: Answer | NoAnswer,
    asked: tuple[Filters, str | None],
    file: Path,
    style: str,
) -> str:
    """Write an answer to a file, and say so in one sentence.

    Args:
        record: where the documents are that it cites.
        outcome: the answer, or that there is none.
        asked: the filters and the language model it was asked with.
        file: its name says the form.
        style: of the footnotes.

    Raises:
        BadInput: the file cannot be written.

    """
    from rag.cite.styles import knows
    from rag.conversations import Setting
    from rag.export import exported, form_of, told_of

    filters, llm = asked
    settings = record.settings
    told = told_of(
        outcome, Setting(filters, llm or settings.llm, settings.embedder), datetime.now(UTC)
    )
    data = exported(told, form_of(file, style), style, knows(record.document))
    try:
        file.write_bytes(data)
    except OSError as error:
        raise BadInput(f"{file} cannot be written to: {error.strerror}.") from error
    return f"Written to {file}."


def styled_as(record: Record, citations: Sequence[ResolvedCitation], style: str) -> str:
    """Citations found in a text, in a style: a line each, or a list for a reference manager.

    Those that the text names no document for are left out; one that is not in the index is
    printed from its symbol.

    Raises:
        BadInput: there is no such style.

    """
    from rag.cite import as_citations
    from rag.cite.styles import knows, listed

    known = knows(record.document)
    cited = [citation for each in citations for citation in as_citations(each.found)]
    return listed([(citation, known(citation.symbol)) for citation in cited], style)
