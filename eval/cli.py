"""`rag eval`: run a suite, list suites and results, compare, report and gate results.

Tables and JSON go to standard output, everything else to standard error. Bad
input is raised; `rag.cli`, which mounts this, prints it and exits with status 2.
"""

from __future__ import annotations

import json
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast, get_args

import typer

if TYPE_CHECKING:
    from eval.run import Progress, Result, Way
    from eval.suites import Split
    from eval.underway import UnderWay
    from rag.config import Settings

app = typer.Typer(
    name="eval",
    help="Measure the answers on suites of questions, and the reading on records.",
    no_args_is_help=True,
)

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
SuiteName = Annotated[
    str, typer.Argument(help="A suite's name, your own JSONL file, or a folder in BEIR's form.")
]
SplitName = Annotated[str | None, typer.Option("--split", help="Ask only this part: dev or test.")]
Pairs = Annotated[
    list[str] | None, typer.Option("--setting", help="KEY=VALUE; may be given again.")
]
Limit = Annotated[int | None, typer.Option("--limit", min=1, help="Ask the first N questions.")]
Jobs = Annotated[
    int | None, typer.Option("--jobs", min=1, help="Processes side by side; else one a core.")
]
Fresh = Annotated[
    bool, typer.Option("--fresh", help="Do not go on with the same run where it was interrupted.")
]


Follow = Annotated[
    Path | None,
    typer.Option("--progress", help="Keep in this JSON file how far the run is."),
]


@app.command("run")
def run_suite(
    context: typer.Context,
    suite: SuiteName,
    split: SplitName = None,
    setting: Pairs = None,
    index: Annotated[Path | None, typer.Option(help="Your index, for a suite of your own.")] = None,
    limit: Limit = None,
    jobs: Jobs = None,
    fresh: Fresh = False,
    as_json: Json = False,
    out: Annotated[Path | None, typer.Option(help="Store the result here.")] = None,
    misses: Annotated[bool, typer.Option("--misses", help="Show what went wrong.")] = False,
    beside: Annotated[
        bool, typer.Option("--baselines", help="Search in simpler ways beside it.")
    ] = False,
    follow: Follow = None,
) -> None:
    """Ask every question of a suite, or read every document, and store the result."""
    from eval import reading
    from eval.underway import UnderWay
    from rag.errors import BadInput

    with UnderWay(follow, suite) as told:
        if suite in reading.names():
            if split or setting or index or beside:
                raise BadInput(
                    f"The suite {suite} reads documents; leave out --split, --setting, --index "
                    "and --baselines."
                )
            _run_reading(suite, limit, told, as_json=as_json, out=out, misses=misses)
            return
        from eval.baselines import baselines
        from eval.run import run, store
        from eval.suites import load

        # `rag --index DIR eval run …` means the same as `rag eval run … --index DIR`.
        settings = _settings(setting or [], index or context.find_root().params.get("index"))
        chosen = _split(split)
        _need_measures()
        wanted = load(suite)
        _tell(wanted.notes)
        with _progress(told=told) as progress:
            way = _way(jobs, fresh, progress)
            result = run(wanted, settings, split=chosen, limit=limit, way=way)
            if beside:
                cases = wanted.pick(split=chosen, limit=limit)
                result = replace(result, baselines=baselines(wanted, cases, settings))
        path = store(result, out)
        told.stored(path)
    _show(result, as_json=as_json, misses=misses)
    typer.echo(f"Stored in {path}", err=True)


def _show(result: Result, *, as_json: bool, misses: bool) -> None:
    """Print the figures of a run of questions."""
    from eval import tables, tables_retrieval
    from eval.run import to_json

    if as_json:
        typer.echo(to_json(result))
    elif result.task == "retrieval":
        tables_retrieval.show_retrieval(result)
        if misses:
            tables_retrieval.show_retrieval_misses(result)
    else:
        tables.show_result(result)
        if result.baselines:
            tables_retrieval.show_baselines(result.baselines)
        if misses:
            tables.show_misses(result)


@app.command("sweep")
def sweep_suite(
    context: typer.Context,
    suite: SuiteName = "obliqa-dev",
    split: SplitName = None,
    setting: Pairs = None,
    index: Annotated[Path | None, typer.Option(help="Your index, for a suite of your own.")] = None,
    limit: Limit = None,
    jobs: Jobs = None,
    fresh: Fresh = False,
    as_json: Json = False,
    as_markdown: Annotated[
        bool, typer.Option("--markdown", help="Print the table as Markdown.")
    ] = False,
    out: Annotated[Path | None, typer.Option(help="Store the sweep here.")] = None,
) -> None:
    """Run a suite with each way of searching, and set the figures side by side."""
    from eval import reading
    from eval.run import keep
    from eval.suites import load
    from eval.sweep import markdown, sweep, to_json
    from eval.tables_retrieval import show_sweep
    from rag.errors import BadInput

    if suite in reading.names():
        raise BadInput(f"The suite {suite} reads documents; there is nothing to search.")
    settings = _settings(setting or [], index or context.find_root().params.get("index"))
    chosen = _split(split)
    _need_measures()
    wanted = load(suite)
    _tell(wanted.notes)
    with _progress() as progress:
        way = _way(jobs, fresh, progress)
        swept = sweep(wanted, settings, split=chosen, limit=limit, way=way)
    path = keep(to_json(swept), f"sweep-{swept.suite}", swept.started, out)
    table = path.with_suffix(".md")
    table.write_text(markdown(swept), encoding="utf-8")
    if as_json:
        typer.echo(to_json(swept))
    elif as_markdown:
        typer.echo(markdown(swept), nl=False)
    else:
        show_sweep(swept)
    typer.echo(f"Stored in {path} and {table}", err=True)


def _run_reading(
    name: str,
    limit: int | None,
    told: UnderWay,
    *,
    as_json: bool,
    out: Path | None,
    misses: bool,
) -> None:
    """Read the documents of a reading suite, print the figures and store the result."""
    from eval import reading, tables
    from eval.run import keep

    _need_measures()
    with _progress("Reading", told) as progress:
        result = reading.run(name, limit=limit, progress=progress)
    path = keep(reading.to_json(result), result.suite, result.started, out)
    told.stored(path)
    if as_json:
        typer.echo(reading.to_json(result))
    else:
        tables.show_reading(result)
        if misses:
            tables.show_reading_misses(result)
    typer.echo(f"Stored in {path}", err=True)


@app.command("list")
def list_all(as_json: Json = False) -> None:
    """List the suites of the project and the results stored so far."""
    from eval import reading, tables
    from eval.run import results_folder

    suites = _listed()
    reads: list[dict[str, str]] = [
        {"name": name, "about": reading.suite(name).ABOUT, "missing": reading.absent(name)}
        for name in reading.names()
    ]
    results = sorted(path.stem for path in results_folder().glob("*.json"))
    if as_json:
        folder = str(results_folder().resolve())
        listed = {"suites": suites, "reading": reads, "results": results, "folder": folder}
        typer.echo(json.dumps(listed, ensure_ascii=False))
    else:
        tables.show_list(suites, reads, results)


@app.command("compare")
def compare_results(
    a: Annotated[str, typer.Argument(help="A result: a file, or a name that list shows.")],
    b: Annotated[str, typer.Argument(help="The result to set beside it.")],
    every: Annotated[
        bool, typer.Option("--all", help="Show every question that came out differently.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Show how B differs from A, and the questions that came out differently."""
    from pydantic import TypeAdapter

    from eval import tables
    from eval.compare import Comparison, compare, compare_readings
    from eval.reading import parse
    from eval.run import find, read
    from rag.errors import BadInput

    _need_measures()
    readings = [parse(find(name).read_bytes()) for name in (a, b)]
    if readings[0] and readings[1]:
        comparison = compare_readings(readings[0], readings[1])
    elif readings[0] or readings[1]:
        raise BadInput(f"{a} and {b} cannot be compared: one asks questions, the other reads.")
    else:
        comparison = compare(read(a), read(b))
    if comparison.left_out:
        told = "questions are in one result only, or were changed, and are left out."
        typer.echo(f"{comparison.left_out} {told}", err=True)
    if as_json:
        typer.echo(TypeAdapter(Comparison).dump_json(comparison, indent=1).decode())
    else:
        tables.show_comparison(comparison, limit=None if every else tables.CHANGES)


@app.command("report")
def report_results(
    named: Annotated[
        list[str] | None,
        typer.Argument(metavar="[RESULT]…", help="Results; by default the latest of each suite."),
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Write the page here.")] = None,
    png: Annotated[
        Path | None, typer.Option(help="Write the picture here; else beside the page.")
    ] = None,
    worst: Annotated[int, typer.Option(min=1, help="Show so many of the worst questions.")] = 25,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the body of the page and its style sheet as JSON.")
    ] = False,
) -> None:
    """Write one HTML page that needs nothing else, and a PNG of its drawings."""
    from dataclasses import asdict
    from importlib.util import find_spec

    from rag.errors import ConfigError

    _need_measures()
    if not all(find_spec(package) for package in ("jinja2", "matplotlib")):
        raise ConfigError(
            "A report needs jinja2 and matplotlib; run: pip install 'pinpoint-record[eval]'"
        )
    from eval import report
    from eval.report_views import sections
    from eval.run import results_folder

    if as_json:
        part = report.part(sections(report.open_results(named or ()), worst))
        typer.echo(json.dumps(asdict(part), ensure_ascii=False))
        return
    page = out or results_folder() / "report.html"
    picture = png or page.with_suffix(".png")
    report.write(report.open_results(named or ()), page, picture, worst=worst)
    typer.echo(f"Written to {page} and {picture}", err=True)


@app.command("gate")
def hold_against_baseline(
    named: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[SUITE | RESULT]…",
            help="Suites to run, or results; by default every suite with a baseline.",
        ),
    ] = None,
    baseline: Annotated[Path | None, typer.Option(help="A baseline, or a folder of them.")] = None,
    update: Annotated[
        bool, typer.Option("--update", help="Make these figures the baseline.")
    ] = False,
    jobs: Jobs = None,
    as_json: Json = False,
) -> None:
    """Exit with 1 where a figure has fallen below its committed baseline."""
    from pydantic import TypeAdapter

    from eval import gate, tables
    from rag.errors import BadInput

    _need_measures()
    where = baseline or gate.BASELINES
    known = gate.load(where) if where.exists() or not update else {}
    chosen, missing = (named, []) if named else gate.runnable(known)
    _tell([f"Left out: {told}" for told in missing])
    if not chosen:
        raise BadInput(f"There is nothing to gate: no suite with a baseline in {where} can be run.")
    if update and len(chosen) > 1 and where.suffix == ".json":
        raise BadInput(f"{where} holds one baseline; name the suite, or give a folder.")
    judged: list[gate.Gated] = []
    for name in chosen:
        with _progress(name) as progress:
            result = gate.obtain(name, _way(jobs, True, progress))
        if update:
            path = gate.store(gate.baseline_of(result), where)
            typer.echo(f"The baseline of {result.suite} is written to {path}", err=True)
        judged.append(gate.judge(result, gate.bound_for(result, known, where, update=update)))
    if as_json:
        typer.echo(TypeAdapter(list[gate.Gated]).dump_json(judged, indent=1).decode())
    else:
        tables.show_gate(judged)
    if not update and not all(one.passed for one in judged):
        raise typer.Exit(1)


def _listed() -> list[dict[str, Any]]:
    """Describe the suites of questions, those of answers before those of retrieval."""
    from eval import retrieval
    from eval.suites import absent, load, names

    listed: list[dict[str, Any]] = []
    for name in (*names(), *retrieval.names()):
        missing = retrieval.absent(name) if name in retrieval.names() else ""
        suite = None if missing else load(name)
        cases = suite.cases if suite else ()
        listed.append(
            {
                "name": name,
                "questions": len(cases),
                "dev": sum(case.split == "dev" for case in cases),
                "test": sum(case.split == "test" for case in cases),
                "sources": [str(source.path) for source in suite.sources] if suite else [],
                "missing": missing or (absent(suite) if suite else ""),
            }
        )
    return listed


def _way(jobs: int | None, fresh: bool, progress: Progress) -> Way:
    """Say how a run is carried out: on every core, and kept until it is finished."""
    import os

    from eval.run import Way, results_folder

    return Way(
        jobs=jobs or os.cpu_count() or 1,
        partials=results_folder() / "partial",
        fresh=fresh,
        progress=progress,
        tell=lambda told: typer.echo(told, err=True),
    )


def _tell(notes: Sequence[str]) -> None:
    for told in notes:
        typer.echo(told, err=True)


def _settings(pairs: list[str], index: Path | None) -> Settings:
    """Read KEY=VALUE over the environment and rag.toml."""
    from rag.config import load_settings
    from rag.errors import BadInput

    chosen: dict[str, str | Path] = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not equals or not key:
            raise BadInput(f"--setting {pair!r} is not of the form key=value.")
        chosen[key.strip()] = value
    if index is not None:
        chosen["index"] = index
    return load_settings(**chosen)


def _split(name: str | None) -> Split | None:
    from eval.suites import Split
    from rag.errors import BadInput

    if name is not None and name not in get_args(Split):
        raise BadInput(f"--split is dev or test, not {name!r}.")
    return cast("Split | None", name)


def _need_measures() -> None:
    """Say how to get the packages that only measuring needs, before any work is done."""
    from importlib.util import find_spec

    from rag.errors import ConfigError

    if not all(find_spec(package) for package in ("ir_measures", "rapidfuzz", "scipy")):
        raise ConfigError(
            "Measuring needs scipy, ir-measures and rapidfuzz; run: "
            "pip install 'pinpoint-record[eval]'"
        )


@contextmanager
def _progress(
    what: str = "Building the index", told: UnderWay | None = None
) -> Generator[Progress]:
    """Draw a bar on standard error, where that is a terminal, and tell who follows the run."""
    from rich.console import Console
    from rich.progress import Progress as Bar

    console = Console(stderr=True)
    with Bar(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(what, total=None)
        if told:
            told.advance(0, 0, what)

        def advance(done: int, total: int, name: str) -> None:
            if told:
                told.advance(done, total, name)
            bar.update(task, completed=done, total=total, description=name)

        yield advance
