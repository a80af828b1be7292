"""A `Citation` → the text a publisher wants, and back.

    un        CCPR/C/SR.3272, para. 25
    oscola    Human Rights Committee, ‘…’ (23 June 2016) UN Doc CCPR/C/SR.3272, para 25
    aglc      Human Rights Committee, …, UN Doc CCPR/C/SR.3272 (23 June 2016) [25]
    bluebook  Human Rights Committee, 3272d mtg., ¶ 25, U.N. Doc. CCPR/C/SR.3272 (June 23, 2016)
    bibtex, ris, csl   an entry for a reference manager

Each carries the symbol, and `parse(written(c, known, style)) == c`. The rules and their
sources stand in `styles_notes` and `styles_lists`; what is known of a document, in `Known`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rag.cite.styles_known import Known, Knows, knows, link
from rag.cite.styles_lists import Cited, bibtex, csl, ris
from rag.cite.styles_notes import PRINTERS, Run, Runs
from rag.cite.styles_read import parse
from rag.domain import Citation
from rag.errors import BadInput

__all__ = [
    "LISTS", "NOTES", "STYLES", "Cited", "Known", "Knows", "Run", "Runs", "knows", "link",
    "listed", "parse", "printed", "styled", "written",
]  # fmt: skip

_LISTED: dict[str, Callable[[Sequence[Cited]], str]] = {"bibtex": bibtex, "ris": ris, "csl": csl}
NOTES = tuple(PRINTERS)  # styles of footnotes
LISTS = tuple(_LISTED)  # formats of reference managers
STYLES = (*NOTES, *LISTS)


def styled(citation: Citation, known: Known, style: str) -> Runs:
    """Print one citation as a footnote has it, with its italics.

    Raises:
        BadInput: there is no such style of footnotes.

    """
    printer = PRINTERS.get(style)
    if printer is None:
        raise BadInput(f"{style!r} is no style of footnotes; there are {', '.join(NOTES)}.")
    return printer(citation, known)


def written(citation: Citation, known: Known, style: str) -> str:
    """Print one citation as plain text, in any of the styles.

    Raises:
        BadInput: there is no such style.

    """
    return listed([(citation, known)], style)


def listed(cited: Sequence[Cited], style: str) -> str:
    """Print citations, in order: a line each, or one document for a reference manager.

    Raises:
        BadInput: there is no such style.

    """
    if style in _LISTED:
        return _LISTED[style](cited)
    if style not in PRINTERS:
        raise BadInput(f"{style!r} is no style to cite in; there are {', '.join(STYLES)}.")
    return "\n".join(printed(styled(citation, known, style)) for citation, known in cited)


def printed(runs: Runs) -> str:
    """The text of a printed citation, its italics dropped."""
    return "".join(run.text for run in runs)
