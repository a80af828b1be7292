"""Results → tables on standard output."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from textwrap import shorten
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from eval.compare import Comparison
from eval.gate import Gated, Row
from eval.metrics import FIGURES, Figure
from eval.reading import Reading
from eval.run import Judged, Result

BY_KIND = ("hit@1", "hit@5", "facts", "citation_precision", "refusal_recall", "search_hit@5")

CLIP = 200  # characters of a claim among the misses
CHANGES = 20  # questions that a comparison shows, unless all are asked for
MOVES = 4  # scores of one question that it shows


def show_result(result: Result) -> None:
    """Print the figures overall and per split, then the main ones per kind."""
    splits = [name for name in result.figures if name.startswith("split ")]
    groups = ["overall", *(splits if len(splits) > 1 else [])]
    groups += [name for name in ("single-turn",) if name in result.figures]
    asked = len(result.questions)
    right = sum(judged.right for judged in result.questions)
    told = f"{result.suite}, {asked} questions, {right} with nothing to mend"
    if result.split:
        told += f", {result.split} only"
    table = Table(title=told, title_justify="left", caption="mean [95 % interval] of n eligible")
    table.add_column("figure")
    for group in groups:
        table.add_column(group.removeprefix("split "), justify="right")
    table.add_column("what it says")
    for name, meaning in FIGURES.items():
        if name in result.figures["overall"]:
            cells = (_interval(result.figures[group].get(name)) for group in groups)
            table.add_row(name, *cells, meaning)
    _console().print(table)
    _console().print(_by_kind(result))


def show_misses(result: Result) -> None:
    """Print each question that did not come out right: what was due and what was shown."""
    table = Table(title="Misses", title_justify="left")
    for heading in ("id", "kind", "question", "gold", "shown", "search"):
        table.add_column(heading, no_wrap=heading in ("id", "search"))
    for judged in result.questions:
        if not judged.right:
            case = judged.outcome.case
            question = case.question if not case.history else f"… {case.question}"
            table.add_row(
                *map(escape, (case.id, case.kind, question, _due(judged), _shown(judged))),
                escape("\n".join(_short(judged.outcome.found[:5]))),
            )
    _console().print(table)


def show_reading(reading: Reading) -> None:
    """Print the figures of a reading, what fails in each document, and where gold is wrong."""
    right = sum(item.right for item in reading.items)
    told = f"{reading.suite}: {right} of {len(reading.items)} right, {reading.seconds:.0f} s"
    table = Table(title=told, title_justify="left", caption="mean [95 % interval] of n eligible")
    for heading in ("figure", "value", "bar", "what it says"):
        table.add_column(heading, justify="right" if heading in ("value", "bar") else "left")
    for name, meaning in reading.told.items():
        figure, bar = reading.figures["overall"].get(name), reading.bars.get(name)
        verdict = ""
        if bar is not None and figure is not None:
            verdict = f"{'reached' if figure.value >= bar else 'MISSED'} ≥ {bar:.2f}"
        table.add_row(name, _interval(figure), verdict, meaning)
    _console().print(table)
    _console().print(_by_document(reading))
    marks = Counter(item.mark for item in reading.items if item.mark)
    for mark, count in marks.most_common():
        _console().print(escape(f"{count:>5} {mark}"), highlight=False)


def show_reading_misses(reading: Reading) -> None:
    """Print each item that did not come out right: what was due, what was read, the mark."""
    table = Table(title="Misses", title_justify="left")
    for heading in ("id", "due", "read", "mark"):
        table.add_column(heading, ratio=None if heading == "id" else 3)
    for item in reading.items:
        if not item.right:
            due, got = (shorten(text, 2 * CLIP, placeholder=" …") for text in (item.due, item.got))
            table.add_row(*map(escape, (item.id, due, got, item.mark)))
    _console().print(table)


def _by_document(reading: Reading) -> Table:
    """What fails, document by document; those without a fault are only counted."""
    each = [figures for group, figures in reading.figures.items() if group != "overall"]
    names = [name for name in reading.told if any(name in figures for figures in each)]
    table = Table(title="What fails", title_justify="left")
    table.add_column("document")
    for name in ("items", "not right", *names):
        table.add_column(name, justify="right")
    fine = 0
    for group, figures in reading.figures.items():
        document = group.removeprefix("document ")
        items = [item for item in reading.items if item.document == document]
        if group == "overall" or all(item.right for item in items):
            fine += group != "overall"
            continue
        cells = (_number(found.value if (found := figures.get(name)) else None) for name in names)
        wrong = sum(not item.right for item in items)
        table.add_row(escape(document), str(len(items)), str(wrong), *cells)
    table.caption = f"{fine} documents without a fault"
    return table


def show_list(
    suites: Sequence[dict[str, Any]], reads: Sequence[dict[str, str]], results: Sequence[str]
) -> None:
    """Print the suites of questions, those of reading, then the names of the stored results."""
    table = Table()
    for heading in ("suite", "questions", "dev", "test", "missing"):
        table.add_column(heading)
    for suite in suites:
        cells = (suite[key] for key in ("name", "questions", "dev", "test", "missing"))
        table.add_row(*(escape(str(cell)) for cell in cells))
    _console().print(table)
    reading = Table()
    for heading in ("reading suite", "about", "missing"):
        reading.add_column(heading)
    for suite in reads:
        reading.add_row(*(escape(suite[key]) for key in ("name", "about", "missing")))
    _console().print(reading)
    for name in results:
        _console().print(escape(name), highlight=False)


def show_comparison(comparison: Comparison, *, limit: int | None = CHANGES) -> None:
    """Print what was set up otherwise, the differences, and the questions that changed most."""
    if comparison.setup:
        setup = Table(title="Set up otherwise", title_justify="left")
        for heading in ("what", "A", "B"):
            setup.add_column(heading, overflow="fold")
        for row in comparison.setup:
            setup.add_row(*map(escape, (row.what, row.a or "–", row.b or "–")))
        _console().print(setup)
    told = f"{comparison.suite}, {comparison.questions} questions in both"
    table = Table(title=told, title_justify="left")
    for heading in ("figure", "A", "B", "B − A [95 % interval]", "p"):
        table.add_column(heading, justify="left" if heading == "figure" else "right")
    for row in comparison.differences:
        ends = "" if row.low is None or row.high is None else f" [{row.low:+.3f}, {row.high:+.3f}]"
        table.add_row(
            row.figure,
            f"{row.a:.3f}",
            f"{row.b:.3f}",
            escape(f"{row.difference:+.3f}{ends}"),
            f"{row.p:.3f}" if row.p >= 0.001 else "<0.001",
        )
    _console().print(table)
    if comparison.changed:
        _console().print(_changes(comparison, limit))


def show_gate(judged: Sequence[Gated]) -> None:
    """Print each figure beside its baseline, then what closes the gate."""
    for one in judged:
        verdict = "passes" if one.passed else "FAILS"
        table = Table(title=f"{one.suite} {verdict}", title_justify="left")
        for heading in ("figure", "baseline", "may fall by", "now", "change", "verdict"):
            table.add_column(
                heading, justify="left" if heading in ("figure", "verdict") else "right"
            )
        for row in one.rows:
            table.add_row(
                row.figure,
                *(_digits(value) for value in (row.baseline, row.tolerance, row.now)),
                _change(row),
                row.verdict.upper() if row.failed else row.verdict,
                style="bold red" if row.failed else None,
            )
        _console().print(table)
        for told in filter(None, (one.stale, *one.notes)):
            _console().print(escape(told), highlight=False)


def _change(row: Row) -> str:
    if row.change is None:
        return "–"
    return "0" if row.verdict == "equal" else f"{row.change:+.4f}"


def _digits(value: float | None) -> str:
    return "–" if value is None else f"{value:.4f}"


def _changes(comparison: Comparison, limit: int | None) -> Table:
    """Set out the questions that came out differently, what changed most first."""
    shown = comparison.changed[:limit]
    changes = Table(title="Came out differently", title_justify="left")
    for heading in ("id", "kind", "question", "A → B"):
        changes.add_column(heading)
    for change in shown:
        moves = [f"{name} {_number(a)} → {_number(b)}" for name, (a, b) in change.scores.items()]
        if change.answered[0] != change.answered[1]:
            moves.insert(0, "refused → answered" if change.answered[1] else "answered → refused")
        if limit is not None and len(moves) > MOVES + 1:
            moves[MOVES:] = [f"and {len(moves) - MOVES} more"]
        question = shorten(change.question, CLIP, placeholder=" …")
        changes.add_row(*map(escape, (change.id, change.kind, question, "\n".join(moves))))
    if len(shown) < len(comparison.changed):
        changes.caption = (
            f"the {len(shown)} of {len(comparison.changed)} that changed most; --all shows the rest"
        )
    return changes


def _by_kind(result: Result) -> Table:
    kinds = [name for name in result.figures if name.startswith("kind ")]
    names = [name for name in BY_KIND if any(name in result.figures[kind] for kind in kinds)]
    table = Table()
    table.add_column("kind")
    table.add_column("n", justify="right")
    for name in names:
        table.add_column(name, justify="right")
    for group in kinds:
        kind = group.removeprefix("kind ")
        count = sum(judged.outcome.case.kind == kind for judged in result.questions)
        cells = (result.figures[group].get(name) for name in names)
        table.add_row(kind, str(count), *(_number(cell and cell.value) for cell in cells))
    return table


def _due(judged: Judged) -> str:
    case = judged.outcome.case
    if not case.answerable:
        return "no answer"
    return "\n".join((*_short(case.paragraphs), *case.facts))


def _shown(judged: Judged) -> str:
    outcome = judged.outcome
    if not outcome.answered:
        return f"refused: {outcome.reason}"
    texts = (shorten(claim.text, CLIP, placeholder=" …") for claim in outcome.claims)
    return "\n".join(
        f"{claim.citation}: {text}" for claim, text in zip(outcome.claims, texts, strict=True)
    )


def _short(paragraphs: Sequence[str]) -> list[str]:
    """Print a paragraph's id as a reader would: symbol, then paragraph."""
    return [", ".join(paragraph.rsplit("#", 1)) for paragraph in paragraphs]


def _interval(figure: Figure | None) -> str:
    if figure is None:
        return "–"
    ends = ""
    if figure.low is not None and figure.high is not None:
        ends = f" [{figure.low:.2f}–{figure.high:.2f}]"
    return escape(f"{figure.value:.3f}{ends} n={figure.n}")


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}".removesuffix(".000")


def _console() -> Console:
    """Open standard output; into a file or a pipe, wide enough for the tables."""
    console = Console()
    return console if console.is_terminal else Console(width=160)
