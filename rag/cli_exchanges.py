"""`rag exchanges`: what a committee's members asked, each with the delegation's reply."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rag.record import Record

Name = Annotated[str, typer.Argument(metavar="ID", help="A symbol, as `rag list` shows it.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]


def command(opened: Callable[[], Record], say: Callable[[str], None]) -> Callable[..., None]:
    """The command, over the record that the command line chose."""

    def exchanges(name: Name, as_json: Json = False) -> None:
        """What members asked, each with the delegation's reply, or that none was found."""
        from rag.present import exchange_json, exchange_text

        found = opened().exchanges(name)
        if as_json:
            told = [exchange_json(exchange) for exchange in found]
            print(json.dumps(told, ensure_ascii=False, indent=2))
            return
        for exchange in found:
            print(exchange_text(exchange), end="\n\n")
        say(f"{len(found)} questions, {sum(bool(e.replies) for e in found)} with a reply.")

    return exchanges
