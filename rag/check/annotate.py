"""Checked drafts → a copy in Markdown or HTML, each verdict beside its citation.

Everything of the draft and of the record is escaped: what was a tag in it is text here. Only
the Markdown of a Markdown draft stays, without its links.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rag.check.checking import Checked
from rag.check.findings import Finding, Piece, Place
from rag.check.reading import Part
from rag.errors import BadInput

FORMS = {".md": "markdown", ".markdown": "markdown", ".html": "html", ".htm": "html"}
_SPECIAL = re.compile(r"([\\`*_{}\[\]>#|~])")
_STYLE = (
    "body{font:16px/1.5 Georgia,serif;max-width:46rem;margin:2rem auto;padding:0 1rem}"
    ".pass,.fail,.read{font:13px/1.4 system-ui,sans-serif;border-radius:3px;padding:1px 4px}"
    ".pass{background:#e3f4e1;color:#14532d}.fail{background:#fde8e8;color:#7f1d1d}"
    ".read{background:#fdf0d5;color:#713f12}"
    "mark{background:#fff3c4}del{background:#fbd5d5}ins{background:#d3f0d0}"
    "blockquote{border-left:3px solid #bbb;margin-left:0;padding-left:1rem}"
    ".note{font-size:14px}"
)


@dataclass(frozen=True, slots=True)
class _Told:
    """A finding to be put in behind a place of a part."""

    at: int
    finding: Finding


def annotated(checked: Checked, form: str) -> str:
    """The draft with its verdicts, in `markdown` or `html`."""
    told: dict[int, list[_Told]] = {}
    wrong: dict[int, list[Place]] = {}
    for finding in checked.findings:
        beside = _beside(finding)
        told.setdefault(beside.part, []).append(_Told(beside.end, finding))
        if finding.place and not finding.passed:
            wrong.setdefault(finding.place.part, []).append(finding.place)
    for some in told.values():
        some.sort(key=lambda one: one.at)
    parts = enumerate(checked.draft.parts)
    if form == "html":
        body = "\n".join(_html_part(p, told.get(n, ()), wrong.get(n, ())) for n, p in parts)
        return _page(checked, body)
    source = checked.draft.markdown
    return "\n\n".join(_markdown_part(part, told.get(n, ()), source) for n, part in parts) + "\n"


def write(checked: Checked, path: Path) -> None:
    """Write the annotated copy; the name's ending says in which form.

    Raises:
        BadInput: the ending is none of these, or the file cannot be written.

    """
    try:
        path.write_text(annotated(checked, form_of(path)), encoding="utf-8")
    except OSError as error:
        raise BadInput(f"{path} cannot be written: {error.strerror}.") from error


def form_of(path: Path) -> str:
    """The form that a name's ending asks for.

    Raises:
        BadInput: it is none.

    """
    form = FORMS.get(path.suffix.lower())
    if form is None:
        raise BadInput(
            f"{path} ends in none of {', '.join(FORMS)}; an annotated copy is one of these."
        )
    return form


def _beside(finding: Finding) -> Place:
    """What its verdict goes behind: its first citation, or the words where nothing is cited."""
    return finding.cited[0] if finding.cited else finding.place or Place(0, 0, 0)


# -- Markdown ------------------------------------------------------------------------------------


def _markdown_part(part: Part, told: Sequence[_Told], source: bool) -> str:
    pieces: list[str] = []
    position = 0
    for one in told:
        pieces.append(_as_markdown(part.text[position : one.at], source))
        pieces.append(f" **[{_sign(one.finding)}: {_escaped(one.finding.why)}]**")
        position = max(position, one.at)
    pieces.append(_as_markdown(part.text[position:], source))
    text = "".join(pieces)
    if source:
        return text
    if part.note:
        return f"{_escaped(part.note)}\\. {text}"
    return f"> {text}" if part.quoted else text


def _as_markdown(text: str, source: bool) -> str:
    if source:  # its own marks stay; what a browser would run does not
        return _seen(text).replace("&", "&amp;").replace("<", "&lt;").replace("](", "]\\(")
    return _escaped(text)


def _escaped(text: str) -> str:
    plain = _seen(text).replace("&", "&amp;").replace("<", "&lt;")
    return _SPECIAL.sub(r"\\\1", plain)


def _sign(finding: Finding) -> str:
    sign = "✓" if finding.passed else "?" if finding.unsure else "✗"
    return f"{sign} {finding.told}"


# -- HTML ----------------------------------------------------------------------------------------


def _html_part(part: Part, told: Sequence[_Told], wrong: Sequence[Place]) -> str:
    """A paragraph: its text, the verdicts behind their citations, what failed marked."""
    put: list[tuple[int, int, str]] = [(one.at, 1, _verdict(one.finding)) for one in told]
    marked = 0
    for place in sorted(wrong, key=lambda place: place.start):
        if place.start >= marked and place.end > place.start:
            put += [(place.start, 2, "<mark>"), (place.end, 0, "</mark>")]
            marked = place.end
    pieces: list[str] = []
    position = 0
    for at, _, markup in sorted(put, key=lambda one: one[:2]):
        pieces += [_as_html(part.text[position:at]), markup]
        position = max(position, at)
    pieces.append(_as_html(part.text[position:]))
    inner = "".join(pieces)
    if part.note:
        return f'<p class="note"><sup>{html.escape(part.note)}</sup> {inner}</p>'
    return f"<blockquote>{inner}</blockquote>" if part.quoted else f"<p>{inner}</p>"


def _verdict(finding: Finding) -> str:
    kind = "pass" if finding.passed else "read" if finding.unsure else "fail"
    difference = f" {_difference(finding.difference)}" if finding.difference else ""
    why = html.escape(_seen(finding.why.split(" has: ")[0] if finding.difference else finding.why))
    return f' <span class="{kind}">{html.escape(_sign(finding))}: {why}{difference}</span>'


def _difference(pieces: Sequence[Piece]) -> str:
    tags = {"same": "{}", "deleted": "<del>{}</del>", "inserted": "<ins>{}</ins>"}
    return " ".join(tags[piece.kind].format(html.escape(_seen(piece.text))) for piece in pieces)


def _as_html(text: str) -> str:
    return html.escape(_seen(text)).replace("\n", "<br>\n")


def _seen(text: str) -> str:
    """Text without control characters, which no page may hold."""
    return re.sub(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]", "\ufffd", text)


def _page(checked: Checked, body: str) -> str:
    name = html.escape(checked.draft.path.name)
    failed = sum(not finding.passed for finding in checked.findings)
    head = f"{len(checked.findings)} checked, {failed} to be looked at"
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{name}, checked</title>'
        f"<style>{_STYLE}</style></head>\n<body>\n<h1>{name}</h1>\n<p>{head}</p>\n{body}\n</body></html>\n"
    )
