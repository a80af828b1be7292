"""`rag check`: every citation and every quotation of a draft, with a verdict."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rag.errors import BadInput

if TYPE_CHECKING:
    from rag.check import Checked
    from rag.record import Record

FAILED = 1
Tell = Callable[[str, int, int], None]

Files = Annotated[
    list[Path], typer.Argument(metavar="FILE…", help="Drafts: .docx, .md, .txt, .pdf, .html.")
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
Unsure = Annotated[
    bool,
    typer.Option(
        "--allow-unsure",
        help="Status 0 where statements are only not told to be supported: to be read.",
    ),
]
Annotate = Annotated[
    Path | None,
    typer.Option("--annotated", help="Write a copy with the verdicts: .md or .html."),
]


def command(
    opened: Callable[[], Record],
    say: Callable[[str], None],
    progress: Callable[[str], AbstractContextManager[Tell | None]],
) -> Callable[..., None]:
    """The command, over the record that the command line chose."""

    def check(
        files: Files,
        as_json: Json = False,
        annotated: Annotate = None,
        allow_unsure: Unsure = False,
    ) -> None:
        """Check every citation and every quotation of a draft against the index."""
        from rag.check import as_row
        from rag.check import check as checked_with
        from rag.check.annotate import form_of, write

        if annotated is not None:
            if len(files) != 1:
                raise BadInput("An annotated copy is made of one draft at a time.")
            form_of(annotated)
            if annotated.exists() and annotated.samefile(files[0]):
                raise BadInput(f"{annotated} is the draft itself; name another file for the copy.")
        record = opened()
        done: list[Checked] = []
        for file in files:
            with progress(f"Checking {file.name}") as tell:
                done.append(checked_with(file, record, progress=tell))
        if as_json:
            rows = [
                as_row(each, str(file))
                for one, file in zip(done, files, strict=True)
                for each in one.findings
            ]
            print(json.dumps(rows, ensure_ascii=False, indent=2))
        for one in done:
            if not as_json:
                _print(one)
            say(_summary(one))
            if unmarked := one.draft.unmarked:
                say(_unmarked(unmarked))
        if annotated is not None:
            write(done[0], annotated)
        if not all(one.passed or (allow_unsure and not one.failed) for one in done):
            raise typer.Exit(FAILED)

    return check


def _summary(checked: Checked) -> str:
    name, count = checked.draft.path.name, len(checked.findings)
    if not count:
        return f"{name}: there is no citation and no quotation in it."
    read = f", {checked.unsure} to be read" if checked.unsure else ""
    return f"{name}: {count} checked, {checked.failed} failed{read}."


def _unmarked(notes: int) -> str:
    what = "1 note was" if notes == 1 else f"{notes} notes were"
    return f"{what} checked without a sentence: where the mark stands in the text is not told."


def _print(checked: Checked) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    if not checked.findings:
        return
    table = Table(show_lines=True)
    for name, ratio in (("Draft", 2), ("Words", 3), ("Verdict", 4)):
        table.add_column(name, ratio=ratio, overflow="fold")
    for finding in checked.findings:
        style = "green" if finding.passed else "yellow" if finding.unsure else "bold red"
        sign = "✓" if finding.passed else "?" if finding.unsure else "✗"
        table.add_row(
            Text(f"{finding.location}\n{_short(finding.citation)}"),
            Text(_short(finding.text)),
            Text.assemble((f"{sign} {finding.told}", style), f"\n{_short(finding.why, 600)}"),
        )
    Console().print(table)


def _short(text: str, most: int = 160) -> str:
    plain = re.sub(r"[\x00-\x1f\x7f-\x9f]+", " ", text)
    return plain if len(plain) <= most else plain[:most].rsplit(" ", 1)[0] + " …"
