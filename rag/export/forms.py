"""A conversation → the bytes of a file, in the form that was asked for."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from rag.cite.styles import LISTS, NOTES, Cited, Knows, listed, printed
from rag.conversations import Conversation, as_json
from rag.domain import Citation
from rag.errors import BadInput
from rag.export.blocks import blocks, footnotes

FORMS = ("markdown", "docx", "json", *LISTS)
_ENDINGS = {
    ".md": "markdown", ".markdown": "markdown", ".docx": "docx", ".json": "json",
    ".bib": "bibtex", ".ris": "ris",
}  # fmt: skip


def form_of(path: Path, style: str) -> str:
    """The form that a file's name asks for; ".json" is CSL-JSON where that is the style.

    Raises:
        BadInput: the name ends in none that is written.

    """
    form = _ENDINGS.get(path.suffix.lower())
    if form is None:
        raise BadInput(f"{path} ends in no form to export to; there are {', '.join(_ENDINGS)}.")
    return "csl" if form == "json" and style == "csl" else form


def exported(told: Conversation, form: str, style: str, known: Knows) -> bytes:
    """Write a conversation in a form, UTF-8 where that is text.

    Raises:
        BadInput: there is no such form or style, or they do not go together.

    """
    if form not in FORMS:
        raise BadInput(f"{form!r} is no form to export to; there are {', '.join(FORMS)}.")
    if form in LISTS:
        return f"{listed(citations_of(told, known), form)}\n".encode()
    if style not in NOTES:
        raise BadInput(
            f"{style!r} is no style of footnotes; there are {', '.join(NOTES)}."
            if style not in LISTS
            else f"{style!r} is a list of citations; write it to a file of its own: "
            "--as or FILE.bib, FILE.ris."
        )
    if form == "docx":
        from rag.export.docx import docx

        return docx(blocks(told, style, known), told.exchanges[-1].at if told.exchanges else None)
    if form == "markdown":
        from rag.export.markdown import markdown

        return markdown(blocks(told, style, known)).encode()
    return f"{_json(told, style, known)}\n".encode()


def citations_of(told: Conversation, known: Knows) -> list[Cited]:
    """Everything that the answers cite, in order, once; what was not verified is left out."""
    cited: dict[Citation, None] = {
        claim.citation: None for each in told.exchanges for claim in each.claims
    }
    return [(citation, known(citation.symbol)) for citation in cited]


def _json(told: Conversation, style: str, known: Knows) -> str:
    """The conversation as it is kept, with each citation as the style prints it, and its link."""
    data: dict[str, Any] = json.loads(as_json(told))
    data["style"] = style
    data["footnotes"] = {
        cited: {"text": printed(note.runs), "link": note.link}
        for cited, note in footnotes(told, style, known).items()
    }
    return json.dumps(data, ensure_ascii=False, indent=2)
