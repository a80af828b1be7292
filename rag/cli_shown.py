"""What the command line prints: reports, lists, answers, hits; what is said beside goes to `say`."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rag.domain import AddReport, Answer, Document, NoAnswer, Passage

Say = Callable[[str], None]


def dump(value: Any) -> str:
    """One JSON document."""
    return json.dumps(value, ensure_ascii=False, indent=2)


def show_report(report: AddReport, say: Say, done: str, *, as_json: bool) -> None:
    """What became of the files given; what failed is said apart."""
    for path, error in report.failed:
        say(error if path in error else f"{path}: {error}")
    if as_json:
        print(
            dump(
                {
                    "added": list(report.added),
                    "unchanged": list(report.unchanged),
                    "replaced": list(report.replaced),
                    "failed": [{"path": path, "error": error} for path, error in report.failed],
                    "paragraphs": report.paragraphs,
                    "embedded": report.embedded,
                }
            )
        )
    else:
        for verb in ("added", "replaced", "unchanged"):
            for name in getattr(report, verb):
                print(f"{verb:<10} {name}")
        if report.added or report.replaced:
            print(f"{report.paragraphs} paragraphs indexed.")
        if len(report.failed) > 1 or (report.failed and (report.added or report.unchanged)):
            say(f"{len(report.failed)} could not be {done}; the others are in.")


def show_list(documents: Sequence[Document]) -> None:
    """A table of the documents."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table("Symbol", "Title", "Kind", "Held", "Paragraphs", "Notes", box=None)
    for document in documents:
        held = document.held_on or document.issued_on
        table.add_row(
            *(
                Text(cell)
                for cell in (
                    document.id,
                    document.title,
                    document.kind,
                    held.isoformat() if held else "",
                    str(len(document.paragraphs)),
                    str(len(document.notes) or ""),
                )
            )
        )
    Console().print(table)


def show_answer(answer: Answer | NoAnswer, say: Say) -> None:
    """Statements with their pinpoints, or the nearest paragraphs; what else is to be known is said."""
    from rich.console import Console
    from rich.text import Text

    from rag.domain import NoAnswer
    from rag.present import (
        NOT_SAID,
        answer_text,
        citation_text,
        lacking,
        shortened,
        speakers_text,
        usage_text,
    )

    console = Console(highlight=False, soft_wrap=not sys.stdout.isatty())
    if answer.asked and answer.asked != answer.question:
        say(f"Understood as: {answer.asked}")
    if isinstance(answer, NoAnswer):
        console.print(Text(NOT_SAID, style="bold"), Text(answer.reason))
        searched = answer.searched
        if answer.lacking:
            console.print(Text(lacking(answer.lacking)))
        limits = f" ({'; '.join(searched.limits)})" if searched.limits else ""
        console.print(
            Text(
                f"Searched {searched.paragraphs} paragraphs of {searched.documents} "
                f"document(s){limits}."
            )
        )
        if answer.nearest:
            console.print(Text("\nNearest paragraphs:"))
        for passage in answer.nearest:
            words = passage.paragraph.text
            floor = passage.paragraph.speakers
            named = not floor or words.startswith(floor[0].speaker)
            who = "" if named else f"{speakers_text(passage.paragraph)}: "
            pinpoint = citation_text(passage.paragraph)
            console.print(Text(f"  {who}{shortened(words)} "), Text(pinpoint, style="cyan"), sep="")
    else:
        for line in answer_text(answer).split("\n"):
            words, bracket, pinpoint = line.rpartition("[") if "[" in line else (line, "", "")
            console.print(Text(words), Text(bracket + pinpoint, style="bold cyan"), sep="")
    for claim in answer.rejected:
        failed = "; ".join(check.why for check in claim.checks if not check.passed)
        say(f"not verified: {claim.text} ({failed})")
    if answer.usage:
        say(usage_text(answer.usage))


def show_hits(hits: Sequence[Passage]) -> None:
    """The paragraphs that were found, best first."""
    from rich.console import Console
    from rich.text import Text

    from rag.present import citation_text, speakers_text

    console = Console(highlight=False, soft_wrap=not sys.stdout.isatty())
    for hit in hits:
        head = Text(f"{hit.score:.2f} ")
        head.append(citation_text(hit.paragraph), style="bold cyan")
        head.append(f" {speakers_text(hit.paragraph)}".rstrip())
        console.print(head)
        console.print(Text(f"     {hit.paragraph.text}"))
