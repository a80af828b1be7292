"""`rag conversations`: what was asked and answered, listed, shown, exported, renamed, deleted."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rag.errors import BadInput

if TYPE_CHECKING:
    from rag.conversations import Listed
    from rag.record import Record

Name = Annotated[str, typer.Argument(help="As `rag conversations list` shows it.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]


def commands(opened: Callable[[], Record], say: Callable[[str], None]) -> typer.Typer:
    """The commands, over the record that the command line chose."""
    app = typer.Typer(no_args_is_help=True, help="Conversations that are kept with the index.")

    @app.command("list")
    def list_(as_json: Json = False) -> None:
        """The conversations that are kept, the last gone on with first."""
        _print_list(opened().conversations.list(), as_json, say)

    @app.command()
    def show(name: Name, as_json: Json = False) -> None:
        """One conversation, to be read."""
        from rag.conversations import as_json as dumped
        from rag.conversations import as_markdown

        told = opened().conversations.load(name)
        print(dumped(told) if as_json else as_markdown(told))

    @app.command()
    def export(
        name: Name,
        form: Annotated[
            str, typer.Option("--as", help="markdown, docx, json, bibtex, ris or csl.")
        ] = "markdown",
        style: Annotated[
            str, typer.Option("--style", help="Of footnotes: un, oscola, aglc or bluebook.")
        ] = "un",
        out: Annotated[Path | None, typer.Option("--out", help="Write it to this file.")] = None,
    ) -> None:
        """A conversation with footnotes, or what it cites, on standard output or into a file."""
        from rag.cite.styles import knows
        from rag.export import exported

        record = opened()
        told = record.conversations.load(name)
        if form == "docx" and out is None:
            raise BadInput("A Word file is no text to print; say where it goes: --out FILE.docx")
        data = exported(told, form, style, knows(record.document))
        if out is None:
            print(data.decode(), end="")
            return
        try:
            out.write_bytes(data)
        except OSError as error:
            raise BadInput(f"{out} cannot be written to: {error.strerror}.") from error
        say(f"{len(told.exchanges)} questions written to {out}.")

    @app.command()
    def rename(
        name: Name, new: Annotated[str, typer.Argument(help="The new name.")], as_json: Json = False
    ) -> None:
        """Give a conversation another name."""
        told = opened().conversations.rename(name, new)
        _done({"renamed": name, "name": told.name}, f"renamed    {told.name}", as_json)

    @app.command()
    def delete(name: Name, as_json: Json = False) -> None:
        """Forget a conversation."""
        opened().conversations.delete(name)
        _done({"deleted": name}, f"deleted    {name}", as_json)

    return app


def _done(data: dict[str, Any], told: str, as_json: bool) -> None:
    print(json.dumps(data, ensure_ascii=False, indent=2) if as_json else told)


def _print_list(found: tuple[Listed, ...], as_json: bool, say: Callable[[str], None]) -> None:
    if as_json:
        rows = [
            {
                "name": each.name,
                "questions": each.questions,
                "begun": each.begun.isoformat() if each.begun else None,
                "last": each.last.isoformat() if each.last else None,
                "opening": each.opening,
                "damaged": each.damaged,
            }
            for each in found
        ]
        print(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for each in found:
        if each.damaged:
            say(f"{each.name}: {each.damaged}")
        else:
            when = f"{each.last:%Y-%m-%d %H:%M}" if each.last else ""
            print(f"{when:<17} {each.questions:>3}  {each.name}: {each.opening}")
    if not found:
        say("No conversation is kept; begin one with: rag ask QUESTION --conversation NAME")
