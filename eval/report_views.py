"""Results of one suite → what a page shows of them: tables, curves, bars, the worst questions.

Pure: nothing is drawn or printed here. `eval.report_plots` draws, the template prints.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from eval import retrieval
from eval.compare import Comparison, compare, compare_readings, setup
from eval.metrics import FIGURES, Figure, figure
from eval.reading import Item, Reading
from eval.report_misses import COSTS, RECALL, Miss, held_out, misses, sort_of, withheld
from eval.run import Result
from rag.errors import BadInput

DEPTHS = tuple(range(1, 11))  # what a run of questions searches for
WORST = 25  # questions shown of each run
GROUPS = 24  # bars in one chart
LETTERS = "ABCDEF"  # as many runs as can be told apart side by side


@dataclass(frozen=True, slots=True)
class Run:
    """One result among those set side by side."""

    letter: str
    stem: str  # the suite and when it was run
    when: str
    result: Result | Reading

    @property
    def asked(self) -> int:
        """How many questions were asked, or things were due."""
        return len(self.result.items if isinstance(self.result, Reading) else self.result.questions)


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing about how the runs were set up; `differs` where they were not set up alike."""

    what: str
    values: tuple[str, ...]
    differs: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One figure of all runs."""

    name: str
    meaning: str
    cells: tuple[Figure | None, ...]
    bar: float | None = None  # what it has to reach

    @property
    def share(self) -> bool:
        """Whether it lies between 0 and 1, and higher is better."""
        return not self.name.startswith(COSTS)


@dataclass(frozen=True, slots=True)
class Curve:
    """A figure against k, of one run."""

    run: int
    name: str
    broken: bool  # drawn as a broken line: search, beside what is shown
    points: tuple[tuple[int, Figure], ...]


Group = tuple[str, int, tuple[Figure | None, ...]]  # name, items, a figure of each run


@dataclass(frozen=True, slots=True)
class Bars:
    """A figure for each kind of question, or for each document."""

    title: str
    groups: tuple[Group, ...]
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class Confusion:
    """Of the questions that the record answers, and of the others: how many were answered."""

    right_answered: int
    right_refused: int
    wrongly_refused: int
    wrongly_answered: int


@dataclass(frozen=True, slots=True)
class Section:
    """All that a page shows of one suite."""

    anchor: str
    suite: str
    sort: str  # questions, retrieval or reading
    runs: tuple[Run, ...]
    facts: tuple[Fact, ...]
    tiles: tuple[Line, ...]
    lines: tuple[Line, ...]
    curves: tuple[Curve, ...]
    bars: tuple[Bars, ...]
    documents: tuple[Group, ...]  # of a reading, those with most misread first
    seconds: tuple[tuple[float, ...], ...]  # one row a run
    confusions: tuple[Confusion, ...]
    comparison: Comparison | None
    misses: tuple[tuple[Miss, ...], ...]  # one row a run, the worst first
    missed: tuple[int, ...]  # how many each run has
    withheld: tuple[int, ...]  # how many beside them must stay unseen
    unseen: frozenset[str]  # the ids of all that must

    @property
    def unit(self) -> str:
        """What is counted."""
        return "items" if self.sort == "reading" else "questions"


def sections(results: Sequence[Result | Reading], worst: int = WORST) -> tuple[Section, ...]:
    """Set results of the same suite side by side, in the order given.

    Raises:
        BadInput: there are too many of one suite to be told apart.

    """
    suites: dict[str, list[Result | Reading]] = {}
    for result in results:
        suites.setdefault(result.suite, []).append(result)
    return tuple(
        section(number, members, worst) for number, members in enumerate(suites.values(), start=1)
    )


def section(number: int, results: Sequence[Result | Reading], worst: int = WORST) -> Section:
    """Gather what is shown of one suite."""
    if len(results) > len(LETTERS):
        raise BadInput(
            f"{len(results)} results of {results[0].suite} cannot be told apart on one page; "
            f"name at most {len(LETTERS)}."
        )
    runs = tuple(map(_run, LETTERS, results))
    lines = _lines(results)
    asked = [result for result in results if isinstance(result, Result)]
    sort = sort_of(results[0])
    missed = [misses(result) for result in results]
    return Section(
        anchor=f"suite-{number}",
        suite=results[0].suite,
        sort=sort,
        runs=runs,
        facts=_facts(results),
        tiles=_tiles(lines),
        lines=lines,
        curves=tuple(curve for place, run in enumerate(results) for curve in _curves(place, run)),
        bars=_bars(results),
        documents=_documents(results),
        seconds=tuple(tuple(q.outcome.seconds for q in result.questions) for result in asked),
        confusions=tuple(map(_confusion, asked)) if sort == "questions" else (),
        comparison=_compared(results),
        misses=tuple(tuple(found[:worst]) for found in missed),
        missed=tuple(map(len, missed)),
        withheld=tuple(map(withheld, results)),
        unseen=frozenset[str]().union(*map(held_out, results)),
    )


def _run(letter: str, result: Result | Reading) -> Run:
    when = datetime.fromisoformat(result.started).strftime("%Y-%m-%d %H:%M")
    return Run(letter, f"{result.suite}, {when} UTC", when, result)


def _facts(results: Sequence[Result | Reading]) -> tuple[Fact, ...]:
    """Set out date, setup, and what was asked."""
    every = [
        {"date": f"{datetime.fromisoformat(result.started):%Y-%m-%d %H:%M:%S} UTC"} | setup(result)
        for result in results
    ]
    first = ("date", "commit", "suite_sha256", "gold_sha256", "index.sha256", "jobs")
    names = dict.fromkeys((*first, *(name for told in every for name in told)))
    facts = [_fact(name, every) for name in names if name != "suite"]
    return tuple(fact for fact in facts if any(fact.values))


def _fact(name: str, every: Sequence[Mapping[str, str]]) -> Fact:
    values = tuple(told.get(name, "") for told in every)
    return Fact(name, values, len(set(values)) > 1 and name != "date")


def _lines(results: Sequence[Result | Reading]) -> tuple[Line, ...]:
    """Line the figures up, in the order in which the suite tells them."""
    told: dict[str, str] = {}
    bars: dict[str, float] = {}
    for result in results:
        if isinstance(result, Reading):
            told, bars = told | result.told, bars | result.bars
    if sort_of(results[0]) == "retrieval":
        told = {**retrieval.FIGURES, **FIGURES}
    told = told or dict(FIGURES)
    names = dict.fromkeys((*told, *(name for result in results for name in _overall(result))))
    rows = [
        Line(
            name, told.get(name, ""), tuple(_overall(result).get(name) for result in results),
            bars.get(name),
        )
        for name in names
    ]  # fmt: skip
    return tuple(row for row in rows if any(row.cells))


def _overall(result: Result | Reading) -> Mapping[str, Figure]:
    return result.figures["overall"]


def _tiles(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Pick the figures that are read first."""
    named = {line.name: line for line in lines}
    wanted = ("hit@1", "hit@5", "facts", "refusal_recall", "R@10", "AP@10", "nDCG@10", "RR")
    picked = [named[name] for name in wanted if name in named]
    if not picked:
        picked = [line for line in lines if line.bar is not None] or list(lines)
    tail = [named[name] for name in ("seconds_p50",) if name in named]
    return (*picked[: 5 - len(tail)], *tail)


def _curves(place: int, result: Result | Reading) -> list[Curve]:
    """Give recall at each k that was measured, or hits among the first k, search and shown."""
    if isinstance(result, Reading):
        return []
    measured = sorted(
        (int(named[1]), found)
        for name, found in _overall(result).items()
        if (named := RECALL.fullmatch(name))
    )
    if measured:
        return [Curve(place, "recall", False, tuple(measured))]
    asked = [q for q in result.questions if q.outcome.case.gold]
    if not asked:
        return []
    shown = [(set(q.outcome.case.paragraphs), q.ranked) for q in asked]
    found = [(set(q.outcome.case.paragraphs), q.outcome.found) for q in asked]
    return [
        Curve(place, "shown", False, _hits(shown)),
        Curve(place, "search alone", True, _hits(found)),
    ]


def _hits(
    rankings: Sequence[tuple[set[str], Sequence[str]]],
) -> tuple[tuple[int, Figure], ...]:
    """Give the share of questions with gold among the first k, for each k."""
    return tuple(
        (k, figure([float(not gold.isdisjoint(ranked[:k])) for gold, ranked in rankings]))
        for k in DEPTHS
    )


def _bars(results: Sequence[Result | Reading]) -> tuple[Bars, ...]:
    """Give the main figures of each kind of question, or what is right in each document."""
    documents = _documents(results)
    if documents:
        left_out = max(0, len(documents) - GROUPS)
        return (Bars("Right, document by document", documents[:GROUPS], left_out),)
    asked = [result for result in results if isinstance(result, Result)]
    kinds = dict.fromkeys(q.outcome.case.kind for result in asked for q in result.questions)
    if len(kinds) < 2:
        return ()
    if sort_of(asked[0]) == "retrieval":
        wanted = (("Recall at 10", ("R@10",)), ("Mean average precision at 10", ("AP@10",)))
    else:
        wanted = (
            ("First paragraph shown is gold, or rightly refused", ("hit@1", "refusal_recall")),
            ("Facts contained in the answer", ("facts",)),
        )
    charts = [Bars(title, _groups(asked, tuple(kinds), names)) for title, names in wanted]
    return tuple(chart for chart in charts if chart.groups)


def _groups(
    results: Sequence[Result], kinds: Sequence[str], names: Sequence[str]
) -> tuple[Group, ...]:
    """Take for each kind the first of the figures that it has."""
    groups: list[Group] = []
    for kind in kinds:
        each = [result.figures.get(f"kind {kind}", {}) for result in results]
        name = next((name for name in names if any(name in figures for figures in each)), None)
        if name is not None:
            cells = tuple(figures.get(name) for figures in each)
            groups.append((kind, max(cell.n for cell in cells if cell), cells))
    return tuple(groups)


def _documents(results: Sequence[Result | Reading]) -> tuple[Group, ...]:
    """Give the share that is right in each document, the worst first."""
    read = [_by_document(result) for result in results if isinstance(result, Reading)]
    groups: list[Group] = []
    for name in dict.fromkeys(name for items in read for name in items):
        cells = tuple(_share(items.get(name, ())) for items in read)
        groups.append((name, max(cell.n for cell in cells if cell), cells))
    return tuple(sorted(groups, key=lambda group: min(cell.value for cell in group[2] if cell)))


def _by_document(reading: Reading) -> dict[str, list[Item]]:
    found: dict[str, list[Item]] = {}
    for item in reading.items:
        found.setdefault(item.document, []).append(item)
    return found


def _share(items: Iterable[Item]) -> Figure | None:
    values = [float(item.right) for item in items]
    return figure(values) if values else None


def _confusion(result: Result) -> Confusion:
    pairs = [(q.outcome.case.answerable, q.outcome.answered) for q in result.questions]
    return Confusion(
        right_answered=pairs.count((True, True)),
        right_refused=pairs.count((False, False)),
        wrongly_refused=pairs.count((True, False)),
        wrongly_answered=pairs.count((False, True)),
    )


def _compared(results: Sequence[Result | Reading]) -> Comparison | None:
    """Compare two runs; None where there are not two, or they share no question."""
    if len(results) != 2:
        return None
    a, b = results
    try:
        if isinstance(a, Result) and isinstance(b, Result):
            return compare(a, b)
        if isinstance(a, Reading) and isinstance(b, Reading):
            return compare_readings(a, b)
    except BadInput:
        return None
    return None
