"""A document → its agenda, sections and headings, each a link to where it begins."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from rag.app.links import link
from rag.app.safe import escaped
from rag.domain import Citation, Document, Paragraph
from rag.present import printed

_AT_ONCE = 100  # paragraphs in a portion of a long report


def sections(document: Document) -> list[list[Paragraph]]:
    """Runs of paragraphs whose numbers belong together: the main text, each annex."""
    return [list(run) for _, run in groupby(document.paragraphs, key=lambda p: p.section)]


def portions(document: Document) -> list[list[Paragraph]]:
    """What of a long report is shown at once: at most a hundred paragraphs, of one section."""
    return [
        run[at : at + _AT_ONCE] for run in sections(document) for at in range(0, len(run), _AT_ONCE)
    ]


def spoken_range(run: Sequence[Paragraph]) -> str:
    """Name a run: "Paragraphs 1 to 100", "Annex I, paragraphs 1 to 12", "Pages 2 to 9"."""
    first, last = run[0].label, run[-1].label
    kind, plural = ("page", "pages") if first.startswith("p. ") else ("paragraph", "paragraphs")
    first, last = first.removeprefix("p. "), last.removeprefix("p. ")
    words = f"{kind} {first}" if first == last else f"{plural} {first} to {last}"
    where = f"{run[0].section}, {words}" if run[0].section else words
    return where[:1].upper() + where[1:]


def outline(document: Document) -> str:
    """Agenda, sections and headings as HTML, each with the number where it begins."""
    parts: list[str] = []
    if document.agenda:
        items = "".join(
            f'<li><span class="pp-label">{escaped(item.number or "")}</span>'
            f'<span dir="auto">{escaped(item.title)} '
            f'<span class="pp-quiet">{escaped(", ".join(item.documents))}</span></span></li>'
            for item in document.agenda
        )
        parts.append(f'<h4 class="pp-range">Agenda</h4><ul class="pp-outline">{items}</ul>')
    for run in sections(document):
        rows = "".join(
            f'<li><span class="pp-label">{escaped(printed(label))}</span>'
            f'<span dir="auto">{link(Citation(document.id, run[0].section, label), text)}</span></li>'
            for label, text in _headings(document, run)
        )
        begin = link(run[0].citation, spoken_range(run))
        parts.append(
            f'<h4 class="pp-range" dir="auto">{begin}</h4><ul class="pp-outline">{rows}</ul>'
        )
    return f'<nav class="pp-toc" aria-label="Outline">{"".join(parts)}</nav>'


def _headings(document: Document, run: Sequence[Paragraph]) -> list[tuple[str, str]]:
    """(number of the next paragraph, heading) of a section, in the order of the document."""
    labels = {paragraph.label for paragraph in run}
    return [
        (heading.before, heading.text)
        for heading in document.headings
        if heading.before in labels and heading.section == run[0].section
    ]
