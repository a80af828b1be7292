"""Results of retrieval suites, and sweeps → tables on standard output."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import shorten

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from eval.baselines import FIGURES as BESIDE
from eval.baselines import Baseline
from eval.bootstrap import Figure
from eval.retrieval import FIGURES
from eval.run import Result
from eval.sweep import COLUMNS, Sweep, interval, milliseconds

WORST = 50  # questions among the misses
CLIP = 160  # characters of a question


def show_retrieval(result: Result) -> None:
    """Print the figures overall, and per split and kind where there are several."""
    groups = ["overall"]
    for prefix in ("split ", "kind "):
        named = [name for name in result.figures if name.startswith(prefix)]
        groups += named if len(named) > 1 else []
    told = f"{result.suite}, {len(result.questions)} questions, {_side_by_side(result.jobs)}"
    table = Table(title=told, title_justify="left", caption="mean [95 % interval] of n eligible")
    table.add_column("figure")
    for group in groups:
        table.add_column(group.partition(" ")[2] or group, justify="right")
    table.add_column("what it says")
    for name, meaning in FIGURES.items():
        cells = [_cell(result.figures[group].get(name)) for group in groups]
        table.add_row(name, *cells, meaning)
    _console().print(table)


def show_retrieval_misses(result: Result) -> None:
    """Print the questions whose right passages came last, with what came first."""
    missed = [judged for judged in result.questions if not judged.right]
    missed.sort(key=lambda judged: (judged.scores["RR"] or 0.0, judged.scores["R@10"] or 0.0))
    told = f"the {min(WORST, len(missed))} of {len(missed)} whose right passages came last"
    table = Table(title="Misses", title_justify="left", caption=told)
    for heading in ("id", "question", "gold", "found", "RR"):
        table.add_column(heading, overflow="fold")
    for judged in missed[:WORST]:
        case = judged.outcome.case
        table.add_row(
            *map(escape, (case.id, shorten(case.question, CLIP, placeholder=" …"))),
            escape("\n".join(case.paragraphs)),
            escape("\n".join(judged.outcome.found[:5])),
            f"{judged.scores['RR']:.3f}",
        )
    _console().print(table)


def show_sweep(sweep: Sweep) -> None:
    """Print a row for each variant."""
    told = f"{sweep.suite}, {sweep.questions} questions, {_side_by_side(sweep.jobs)}"
    table = Table(title=told, title_justify="left", caption="mean [95 % interval]")
    columns = COLUMNS[sweep.task]
    table.add_column("variant")
    for name in (*columns.values(), "p50 ms"):
        table.add_column(name, justify="right")
    for row in sweep.rows:
        cells = (escape(interval(row.figures.get(name))) for name in columns)
        table.add_row(row.variant, *cells, milliseconds(row))
    _console().print(table)


def show_baselines(rows: Sequence[Baseline]) -> None:
    """Print a row for each way of searching; a dash where it cannot have the figure."""
    n = max(figure.n for row in rows for figure in row.figures.values())
    told = f"Search beside simpler ways, {n} single-turn answerable questions"
    table = Table(title=told, title_justify="left", caption="mean [95 % interval]")
    table.add_column("way")
    for name in BESIDE:
        table.add_column(name, justify="right")
    table.add_column("what it is")
    for row in rows:
        cells = (row.figures.get(name) for name in BESIDE)
        written = (
            f"{f.value:,.0f}" if name == "characters" and f else escape(interval(f)) if f else "–"
            for name, f in zip(BESIDE, cells, strict=True)
        )
        table.add_row(row.name, *written, row.about)
    _console().print(table)


def _side_by_side(jobs: int) -> str:
    return "one process" if jobs == 1 else f"{jobs} processes"


def _cell(figure: Figure | None) -> str:
    return "–" if figure is None else escape(f"{interval(figure)} n={figure.n}")


def _console() -> Console:
    """Open standard output; into a file or a pipe, wide enough for the tables."""
    console = Console()
    return console if console.is_terminal else Console(width=160)
