"""Lines of a masthead → what kind of document it is, and its title."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.cite import kind_of
from rag.parse.agenda import join_titles, without_documents
from rag.parse.review import STATE_OF

MEETINGS = ("summary record", "verbatim record")
_KINDS = (
    ("concluding observations", r"concluding (?:observations|comments)\b|observations finales\b"),
    ("list of issues", r"list of issues\b"),
    ("replies to list of issues", r"repl(?:y|ies)\b.{0,60}\blist of issues\b"),
    ("summary record", r"(?:provisional )?summary record\b|compte rendu analytique|acta resumida"),
    ("verbatim record", r"(?:provisional )?verbatim record\b|procès-verbal\b"),
    ("general comment", r"general (?:comment|recommendation) no\b"),
    ("views", r"views adopted\b"),
    ("resolution", r"(?:resolution adopted|résolution adoptée|resoluci[óo]n aprobada)\b"),
    ("draft resolution", r"(?:.{3,80}: ?\*? ?)?draft resolution\b"),
    ("order", r"(?:resoluci[óo]n|resolução|order) (?:del|do|da|de la|of the) (?:president|co[ru])"),
    ("judgment", r"(?:judge?ment|sentencia|sentença|arr[êe]t)\b(?! no)"),
    (
        "report",
        r"report of\b|national report\b|rapport\b|informe (?:nacional|del?)\b"
        r"|[a-z -]{5,60} reports? (?:of|submitted by) States parties due\b",
    ),
)
_KIND_LINES = tuple((kind, re.compile(rf"^(?:{words})", re.I)) for kind, words in _KINDS)
_CASE = re.compile(r"^\S.{3,120}? (?:vs?|c)\.? \S.{2,80}$", re.IGNORECASE)
_NUMBERED_TITLE = re.compile(r"^\d{2,3}/\d{1,3}\.(?: (?P<title>\S.*))?$")
_BEFORE_ITEM = re.compile(r"^(?:agenda items?\b|adoption of the agenda)", re.IGNORECASE)
_PAPER = re.compile(r"^(?:draft|reports? of|note by|letters? dated)\b", re.IGNORECASE)
# The text of a resolution begins with its organ.
_ORGAN = re.compile(
    r"^(?:The (?:General Assembly|Security Council|Human Rights Council|Economic)|"
    r"L[’']Assemblée générale|La Asamblea General|Le Conseil|El Consejo)\b"
)


def kind_from(lines: Sequence[str], symbol: str | None) -> str:
    """Say what kind of document it is: by its symbol, else by what a line calls it."""
    told = kind_of(symbol) if symbol else "document"
    if told != "document":
        return told
    for line in lines:
        for kind, pattern in _KIND_LINES:
            if pattern.match(line):
                return kind
    return "document"


def title_of(
    kind: str,
    number: int | None,
    lines: Sequence[str],
    headings: Sequence[str],
    symbol: str | None,
    state: str | None,
) -> str:
    """Give the title that the document bears, with the State it is about.

    A record of a meeting is named after its meeting; a case by its parties; anything
    else by the line that says what it is, or its first heading.
    """
    if kind in MEETINGS and number:
        title = f"{kind.capitalize()} of the {_ordinal(number)} meeting"
        if kind == "verbatim record":
            about = _only_subject(headings)
            return f"{title}: {about}" if about else title
        about = [h for h in headings if STATE_OF.search(h) and "States parties under" not in h]
        return f"{title}: {without_documents(about[0])}" if about and state else title
    if kind in ("judgment", "order"):
        case = next((line for line in lines if _CASE.match(line)), None)
        if case:
            return case
    if kind == "resolution" and (title := _of_resolution(lines)):
        return title
    for i, line in enumerate(lines):
        told = next((name for name, pattern in _KIND_LINES if pattern.match(line)), None)
        if told in ("draft resolution", "general comment") and i + 1 < len(lines):
            below = _whole_title(lines, i + 1, None)
            return below if told == "draft resolution" else f"{line}: {below}"
        if told:
            return _whole_title(lines, i, state)
    headings = [heading for heading in headings if heading.strip()]
    if headings:
        return ([h for h in headings if len(h) > 12] or list(headings))[0]
    return symbol or "Untitled"


def _only_subject(headings: Sequence[str]) -> str | None:
    """What a meeting with a single item was about; None where it took several."""
    named = [
        without_documents(heading)
        for heading in headings
        if not _BEFORE_ITEM.match(heading) and not _PAPER.match(heading)
    ]
    numbered = any(_BEFORE_ITEM.match(h) and "adoption" not in h.lower() for h in headings)
    return named[0] if len(set(named)) == 1 and not numbered else None


def _whole_title(lines: Sequence[str], at: int, state: str | None) -> str:
    """A title with the lines it is wrapped over and the State that stands below it."""
    wrapped = 1
    while (
        at + wrapped < min(len(lines), at + 5)
        and len(join_titles(lines[at : at + wrapped + 1])) == 1
    ):
        wrapped += 1
    title, below = (
        " ".join(lines[at : at + wrapped]),
        [line for line in lines[at + wrapped :] if line[0] != "*"],
    )
    named = bool(below) and state is not None and below[0].lower() == state.lower()
    return f"{title}: {state}" if named else title


def _of_resolution(lines: Sequence[str]) -> str | None:
    """The lines behind "48/246." and before the organ that speaks."""
    for i, line in enumerate(lines):
        match = _NUMBERED_TITLE.match(line)
        if match is None:
            continue
        title = [match["title"] or ""]
        for below in lines[i + 1 : i + 6]:
            if _ORGAN.match(below):
                break
            title.append(below)
        return " ".join(title).strip() or None
    return None


def _ordinal(number: int) -> str:
    if number % 100 in (11, 12, 13):
        return f"{number}th"
    return str(number) + {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
