"""The command line: results on standard output, everything else on standard error.

Exit status: 0 done; 1 the record does not answer, or a citation did not resolve;
2 bad input or configuration. Longer than other modules because every command of
the contract stands here with its options.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rag.cli_check import command as check_command
from rag.cli_conversations import commands
from rag.cli_exchanges import command
from rag.cli_export import check_export, styled_as, write_export
from rag.cli_shown import dump, show_answer, show_hits, show_list, show_report
from rag.errors import BadInput, PinpointError
from rag.given import filters as filters_from
from rag.given import lines, past_questions, read_history, row_filters

if TYPE_CHECKING:
    from collections.abc import Callable

    from rag.domain import AddReport, ResolvedCitation
    from rag.record import Record

NOT_ANSWERED, BAD = 1, 2

cli = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Ask the record, get the paragraph.",
)

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
Batch = Annotated[Path | None, typer.Option("--batch", help="A JSONL file of questions.")]
Limit = Annotated[int | None, typer.Option("-k", "--limit", min=1, max=200, help="How many.")]
Symbols = Annotated[
    list[str] | None, typer.Option("--symbol", "-s", help="Only this document; repeatable.")
]
Speaker = Annotated[str | None, typer.Option("--speaker", help="Only this speaker.")]
Delegation = Annotated[str | None, typer.Option("--delegation", help="Only this State.")]
RoleName = Annotated[
    str | None, typer.Option("--role", help="member, delegation, chair, secretariat or observer.")
]
From = Annotated[str | None, typer.Option("--from", help="Not before this date, YYYY-MM-DD.")]
To = Annotated[str | None, typer.Option("--to", help="Not after this date, YYYY-MM-DD.")]
Body = Annotated[
    str | None, typer.Option("--body", help="Only this committee or organ: a name, or CCPR.")
]
UnderReview = Annotated[str | None, typer.Option("--state", help="Only this State under review.")]
HeadingWords = Annotated[
    str | None, typer.Option("--heading", help="Only under headings with these words.")
]


class _State:
    index: Path | None = None


@cli.callback()
def _options(
    index: Annotated[
        Path | None, typer.Option("--index", help="Folder of the index (or RAG_INDEX).")
    ] = None,
) -> None:
    _State.index = index


def _record() -> Record:
    from rag.config import load_settings
    from rag.record import Record

    return Record(load_settings(index=_State.index))


cli.add_typer(commands(_record, lambda text: _say(text)), name="conversations")
cli.command("exchanges")(command(_record, lambda text: _say(text)))
cli.command("check")(
    check_command(_record, lambda text: _say(text), lambda label: _progress(label))
)


def _say(text: str) -> None:
    print(text, file=sys.stderr)


@contextmanager
def _progress(
    label: str, *, sizes: bool = False
) -> Generator[Callable[[str, int, int], None] | None]:
    """A progress bar on standard error, where that is a terminal; of files or of bytes."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        DownloadColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
    )

    count = DownloadColumn() if sizes else MofNCompleteColumn()
    columns = (TextColumn("{task.description}"), BarColumn(), count, TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(label, total=None)

        def tell(what: str, done: int, total: int) -> None:
            bar.update(
                task, description=f"{label} {what}"[:60], completed=done, total=total or None
            )

        yield tell


# -- the index ---------------------------------------------------------------------------------


@cli.command()
def add(
    paths: Annotated[list[Path], typer.Argument(help="Files or folders.")],
    symbol: Annotated[
        str | None, typer.Option("--symbol", help="The document's symbol, if you know better.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Read files into the index; files that did not change stay as they are."""
    with _progress("Adding") as tell:
        report = _record().add(paths, symbol=symbol, progress=tell)
    _report(report, "read", as_json=as_json)


@cli.command()
def fetch(
    symbols: Annotated[list[str], typer.Argument(metavar="SYMBOL…", help="CCPR/C/SR.3272 …")],
    language: Annotated[str, typer.Option("--language", help="en, fr, es, ru, ar or zh.")] = "en",
    form: Annotated[str, typer.Option("--format", help="pdf, docx or doc.")] = "pdf",
    as_json: Json = False,
) -> None:
    """Download official documents by symbol from documents.un.org, and add them to the index."""
    with _progress("Fetching", sizes=True) as tell:
        report = _record().fetch(symbols, language=language, format=form, progress=tell)
    _report(report, "fetched", as_json=as_json)


def _report(report: AddReport, done: str, *, as_json: bool) -> None:
    show_report(report, _say, done, as_json=as_json)
    if report.failed:
        raise typer.Exit(BAD)


@cli.command("list")
def list_(as_json: Json = False) -> None:
    """What is in the index."""
    from rag.present import summary_json

    documents = _record().documents()
    if as_json:
        print(dump([summary_json(document) for document in documents]))
        return
    if not documents:
        _say("The index is empty; add a record with: rag add FILE")
        return
    show_list(documents)


@cli.command()
def remove(
    name: Annotated[str, typer.Argument(metavar="ID", help="A symbol, as `rag list` shows it.")],
    as_json: Json = False,
) -> None:
    """Take a document out of the index."""
    removed = _record().remove(name)
    print(dump({"removed": removed}) if as_json else f"removed    {removed}")


@cli.command()
def status(as_json: Json = False) -> None:
    """Counts, model and state of the index."""
    found = _record().status()
    data = {
        "index": str(found.path),
        "documents": found.documents,
        "paragraphs": found.paragraphs,
        "chunks": found.chunks,
        "embedder": found.embedder,
        "chunk_tokens": found.chunk_tokens,
        "revision": found.revision,
        "pending": list(found.pending),
    }
    if as_json:
        print(dump(data))
        return
    for key, value in data.items():
        shown = ", ".join(value) or "none" if isinstance(value, list) else value
        print(f"{key.replace('_', ' '):<13} {shown}")


@cli.command()
def rebuild(as_json: Json = False) -> None:
    """Make the search stores again from the catalogue, with the present settings."""
    with _progress("Rebuilding") as tell:
        number = _record().rebuild(progress=tell)
    print(dump({"rebuilt": number}) if as_json else f"{number} documents rebuilt.")


@cli.command()
def show(
    name: Annotated[str, typer.Argument(metavar="ID", help="A symbol, as `rag list` shows it.")],
    as_json: Json = False,
) -> None:
    """A document with its paragraphs, speakers and headings, and what was doubted in it."""
    from rag.present import document_json, document_text

    document = _record().document(name)
    if as_json:
        print(dump(document_json(document)))
        return
    print(document_text(document))
    for note in document.notes:
        _say(f"note: {note.kind}{f' at {note.where}' if note.where else ''}: {note.what}")


def _each_line(path: Path, key: str, work: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """Print one JSON line for each line of a batch, in order; a bad one says why and the rest go on."""
    failed = False
    for data in lines(path, key):
        try:
            done = work(data)
        except BadInput as error:
            failed, done = True, {"error": str(error)}
        print(json.dumps({"id": data.get("id"), **done}, ensure_ascii=False), flush=True)
    if failed:
        raise typer.Exit(BAD)


# -- asking ------------------------------------------------------------------------------------


@cli.command()
def ask(
    question: Annotated[
        str | None, typer.Argument(help="In plain words; - reads it from standard input.")
    ] = None,
    symbols: Symbols = None,
    speaker: Speaker = None,
    delegation: Delegation = None,
    role: RoleName = None,
    held_from: From = None,
    held_to: To = None,
    body: Body = None,
    state: UnderReview = None,
    heading: HeadingWords = None,
    history: Annotated[
        Path | None, typer.Option("--history", help="Earlier questions: JSON or JSONL.")
    ] = None,
    llm: Annotated[
        str | None, typer.Option("--llm", help="openai:…, anthropic:…, ollama:…, openai-like:URL")
    ] = None,
    conversation: Annotated[
        str | None, typer.Option("--conversation", help="Go on with this one, and keep it.")
    ] = None,
    export: Annotated[
        Path | None,
        typer.Option("--export", help="Write the answer: FILE.docx, .md, .json, .bib or .ris."),
    ] = None,
    style: Annotated[
        str, typer.Option("--style", help="Of footnotes: un, oscola, aglc or bluebook.")
    ] = "un",
    batch: Batch = None,
    as_json: Json = False,
) -> None:
    """Answer a question, every statement with its paragraph; or say that the record does not."""
    from rag.domain import Answer
    from rag.present import answer_json

    filters = filters_from(
        symbols, speaker, delegation, role, held_from, held_to, body, state, heading
    )
    record = _record()
    if conversation is not None and (batch is not None or history is not None):
        raise BadInput("A conversation has its own history, and takes one question at a time.")
    if export is not None:
        if batch is not None:
            raise BadInput("One answer is exported at a time; ask one question.")
        check_export(export, style)
    past = read_history(history)
    if batch is not None:

        def answer_line(data: dict[str, Any]) -> dict[str, Any]:
            earlier = [*past, *past_questions(data.get("history") or [])]
            chosen = row_filters(data, filters)
            return answer_json(
                record.ask(data["question"], filters=chosen, history=earlier, llm=llm)
            )

        _each_line(batch, "question", answer_line)
        return
    if question is None:
        raise BadInput("Ask a question, or give --batch FILE.jsonl.")
    asked = sys.stdin.read() if question == "-" else question
    if conversation is not None:
        answer = record.ask_in(conversation, asked, filters=filters, llm=llm)
    else:
        answer = record.ask(asked, filters=filters, history=past, llm=llm)
    if as_json:
        print(dump(answer_json(answer)))
    else:
        show_answer(answer, _say)
    if export is not None:
        _say(write_export(record, answer, (filters, llm), export, style))
    if not isinstance(answer, Answer):
        raise typer.Exit(NOT_ANSWERED)


@cli.command()
def search(
    query: Annotated[str | None, typer.Argument(help="In plain words.")] = None,
    limit: Limit = None,
    symbols: Symbols = None,
    speaker: Speaker = None,
    delegation: Delegation = None,
    role: RoleName = None,
    held_from: From = None,
    held_to: To = None,
    body: Body = None,
    state: UnderReview = None,
    heading: HeadingWords = None,
    batch: Batch = None,
    as_json: Json = False,
) -> None:
    """The paragraphs that bear on a question, best first."""
    from rag.present import passage_json

    filters = filters_from(
        symbols, speaker, delegation, role, held_from, held_to, body, state, heading
    )
    record = _record()
    if batch is not None:

        def hits_line(data: dict[str, Any]) -> dict[str, Any]:
            chosen = row_filters(data, filters)
            found = record.search(data["query"], filters=chosen, limit=limit)
            return {"hits": [passage_json(hit) for hit in found]}

        _each_line(batch, "query", hits_line)
        return
    if query is None:
        raise BadInput("Give words to search for, or --batch FILE.jsonl.")
    hits = record.search(query, filters=filters, limit=limit)
    if as_json:
        print(dump([passage_json(hit) for hit in hits]))
        return
    show_hits(hits)
    if not hits:
        _say("Nothing was found.")


@cli.command()
def cite(
    text: Annotated[str | None, typer.Argument(help="Any text with citations in it.")] = None,
    style: Annotated[
        str | None,
        typer.Option("--as", help="Print them: un, oscola, aglc, bluebook, bibtex, ris, csl."),
    ] = None,
    within: Annotated[
        str | None,
        typer.Option(
            "--in",
            metavar="SYMBOL",
            help="The record that the text is of: it tells what “the replies” means.",
        ),
    ] = None,
    batch: Batch = None,
    as_json: Json = False,
) -> None:
    """The paragraphs that the citations in a text point at."""
    from rag.present import citation_text, cited_text, part_text, printed, resolved_json

    record = _record()
    if within is not None:
        record.index.catalog.find(within)  # an error names it where it is not there

    def rows(found: list[ResolvedCitation]) -> list[dict[str, Any]]:
        told = [resolved_json(each) for each in found]
        if style is not None:
            for row, each in zip(told, found, strict=True):
                row["styled"] = styled_as(record, [each], style)
        return told

    if batch is not None:

        def citations_line(data: dict[str, Any]) -> dict[str, Any]:
            chosen = data.get("in", within)
            if not (chosen is None or isinstance(chosen, str)):
                raise BadInput('"in" is the symbol of a record.')
            return {"citations": rows(record.cite(data["text"], within=chosen))}

        _each_line(batch, "text", citations_line)
        return
    if text is None:
        raise BadInput("Give a citation, or --batch FILE.jsonl.")
    citations = record.cite(text, within=within)
    if as_json:
        print(dump(rows(citations)))
    elif style is not None and (styled := styled_as(record, citations, style)):
        print(styled)
    for citation in () if as_json else citations:
        written = text[citation.found.start : citation.found.end]
        if not citation.resolved:
            _say(f"{written}: not resolved, because {citation.why}.")
        if style is not None:
            continue
        if citation.resolved and not citation.paragraphs:
            print(f"{citation.found.symbol}: {record.document(citation.found.symbol or '').title}")
        for paragraph, part in zip(citation.paragraphs, citation.parts, strict=True):
            words = part_text(paragraph, part)
            sub = part.mark if part and words else None
            where = printed(f"{paragraph.label} {sub}" if sub else paragraph.label)
            print(f"{where} {words or cited_text(paragraph)} {citation_text(paragraph, sub)}\n")
    if not citations:
        _say("There is no citation in this text.")
    if not citations or not all(citation.resolved for citation in citations):
        raise typer.Exit(NOT_ANSWERED)


# -- the other doors -----------------------------------------------------------------------------


@cli.command()
def app(
    port: Annotated[int, typer.Option("--port", help="On this machine only.")] = 8501,
    browser: Annotated[bool, typer.Option(help="Open a browser window.")] = True,
) -> None:
    """Open the app in a browser."""
    from rag.cli_app import serve

    raise typer.Exit(serve(_State.index, port, browser=browser))


def main() -> None:
    """Run the command line; every error is one sentence and exit status 2."""
    # Mounted only where it is called or listed: a citation must print within half a second.
    if len(sys.argv) == 1 or {"eval", "--help"} & set(sys.argv):
        from eval.cli import app as evaluation

        cli.add_typer(evaluation, name="eval", help="Measure how far to trust the answers.")
    try:
        cli()
    except PinpointError as error:
        _say(f"rag: {error}")
        sys.exit(BAD)
    except KeyboardInterrupt:
        _say("rag: interrupted; what was done so far is kept.")
        sys.exit(130)
