"""Records with known paragraphs → what was read right: the reading suites of `rag eval`.

A suite gives cases, one document each; `segment(read(path))` is what is under test.
Each case is judged in a process of its own and comes back as items: one thing that
was due (a recommendation, a paragraph, a section), what was read in its place, and
scores. As everywhere in `eval`, a score is a number or None, and None is never a zero.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol, cast

from pydantic import TypeAdapter, ValidationError

from eval.metrics import Figure, Scores, figure
from eval.provenance import Commit, commit, versions
from rag.domain import Document, Paragraph, SourceText
from rag.errors import BadInput, PinpointError

SUITES: Mapping[str, str] = {
    "recommendations": "eval.reading_recommendations",
    "paragraphs": "eval.reading_paragraphs",
    "contents": "eval.reading_contents",
    "records": "eval.reading_records",
    "support": "eval.support",  # judges claims and reads nothing; it measures as a whole
    "claims": "eval.claims",  # likewise: what passes the gate
    "exchanges": "eval.exchanges",  # likewise: what is linked to what
}
WORKERS = 2

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class Case:
    """One document to read, and what is due from it."""

    document: str  # a symbol or a file's name; names the group of its items
    path: Path
    due: Any  # what the suite needs to judge: rows of gold, ranges, a table of labels


@dataclass(frozen=True, slots=True)
class Read:
    """What came of one file: a document, or why there is none."""

    document: Document | None
    source: SourceText | None = None
    failure: str = ""

    @property
    def paragraphs(self) -> tuple[Paragraph, ...]:
        """The paragraphs read; none where the document could not be read."""
        return self.document.paragraphs if self.document else ()


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that was due, and what was read."""

    id: str
    document: str
    due: str
    got: str
    scores: Scores
    right: bool
    mark: str = ""  # why the gold is not what is printed, told without looking at `got`


@dataclass(frozen=True, slots=True)
class Reading:
    """A run of a reading suite; `rag eval compare` sets two side by side."""

    suite: str
    gold_sha256: str
    limit: int | None
    started: str  # UTC, ISO 8601
    seconds: float
    commit: Commit | None
    versions: dict[str, str]
    told: dict[str, str]  # what each figure says
    bars: dict[str, float]  # what it has to reach
    figures: dict[str, dict[str, Figure]]  # overall, "document A/HRC/8/27" …
    items: tuple[Item, ...] = field(default=())


# Items and figures of a suite that is judged as a whole, of its first so many questions.
Measure = Callable[[int | None], tuple[tuple[Item, ...], dict[str, dict[str, Figure]]]]


class ReadingSuite(Protocol):
    """What a module named in `SUITES` holds."""

    ABOUT: str
    FIGURES: Mapping[str, str]
    BARS: Mapping[str, float]

    @staticmethod
    def gold() -> tuple[Path, ...]:
        """Name the files and folders that the suite needs."""
        ...

    @staticmethod
    def cases() -> list[Case]:
        """Give the documents, with what is due from each."""
        ...

    @staticmethod
    def judge(case: Case, read: Read) -> list[Item]:
        """Score what was read; where nothing was, everything that was due is missing."""
        ...


def names() -> tuple[str, ...]:
    """Name the reading suites."""
    return tuple(SUITES)


def suite(name: str) -> ReadingSuite:
    """Open the module of a suite."""
    return cast(ReadingSuite, import_module(SUITES[name]))


def absent(name: str) -> str:
    """Say in one sentence what is missing; empty where nothing is."""
    for path in suite(name).gold():
        if not path.exists():
            return (
                f"The suite {name} needs {path}, which is not there; set RECORD_SHARED to the "
                "folder that holds record/ and gold/, and run it in a checkout."
            )
    return ""


def run(
    name: str,
    *,
    limit: int | None = None,
    progress: Progress | None = None,
    workers: int = WORKERS,
) -> Reading:
    """Read every document of a suite, on two processes, and score what was read.

    Args:
        name: one of `names()`.
        limit: read the first so many documents.
        progress: told after each document.
        workers: processes; with one, everything happens in this process.

    Raises:
        BadInput: a file of the suite is missing.

    """
    missing = absent(name)
    if missing:
        raise BadInput(missing)
    chosen, started, begun = suite(name), datetime.now(UTC), time.perf_counter()
    read_of = commit()
    whole: Measure | None = getattr(chosen, "measure", None)
    if whole is not None:
        items, figures = whole(limit)
    else:
        cases = chosen.cases()[:limit]
        judged = _judge_all(name, cases, progress, min(workers, os.cpu_count() or 1, len(cases)))
        items = tuple(item for found in judged for item in found)
        figures = _figures(items, chosen.FIGURES)
    return Reading(
        suite=name,
        gold_sha256=_fingerprint(chosen.gold()),
        limit=limit,
        started=started.isoformat(timespec="seconds"),
        seconds=round(time.perf_counter() - begun, 2),
        commit=read_of,
        versions=versions(),
        told=dict(chosen.FIGURES),
        bars=dict(chosen.BARS),
        figures=figures,
        items=items,
    )


def to_json(reading: Reading) -> str:
    """Print a reading as one JSON document; `parse` is the inverse."""
    return TypeAdapter(Reading).dump_json(reading, indent=1).decode()


def parse(data: bytes) -> Reading | None:
    """Read the JSON of a reading; None where it is something else."""
    try:
        return TypeAdapter(Reading).validate_json(data)
    except ValidationError:
        return None


def read_file(path: Path) -> Read:
    """Do what is under test, a file → `Document`, and say where it fails."""
    from rag.parse import segment
    from rag.read import read

    source = None
    try:
        source = read(path)
        return Read(segment(source), source)
    except PinpointError as error:
        return Read(None, source, str(error))
    except Exception as error:  # a crash is a fault of the reader, and the run goes on
        return Read(None, source, f"crashed: {type(error).__name__}: {error}")


def judge(name: str, case: Case) -> list[Item]:
    """Read and score one case; this is what runs in a worker."""
    return suite(name).judge(case, read_file(case.path))


def _judge_all(
    name: str, cases: Sequence[Case], progress: Progress | None, workers: int
) -> list[list[Item]]:
    """Judge the cases, side by side, and give the items in the order of the cases."""
    judged: list[list[Item]] = [[] for _ in cases]
    if workers <= 1:
        for place, case in enumerate(cases):
            judged[place] = judge(name, case)
            if progress:
                progress(place + 1, len(cases), case.document)
        return judged
    # Spawned, not forked: the parent may hold threads and open models.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context) as pool:
        places = {pool.submit(judge, name, case): place for place, case in enumerate(cases)}
        for done, future in enumerate(as_completed(places), start=1):
            judged[places[future]] = future.result()
            if progress:
                progress(done, len(cases), cases[places[future]].document)
    return judged


def _figures(items: Sequence[Item], wanted: Iterable[str]) -> dict[str, dict[str, Figure]]:
    """Sum up overall, with intervals, and for each document."""
    groups: dict[str, list[Item]] = {}
    for item in items:
        groups.setdefault(f"document {item.document}", []).append(item)
    summed = {"overall": _sum_up(items, wanted, interval=True)}
    return summed | {
        group: _sum_up(members, wanted, interval=False) for group, members in groups.items()
    }


def _sum_up(items: Sequence[Item], wanted: Iterable[str], *, interval: bool) -> dict[str, Figure]:
    summed: dict[str, Figure] = {}
    for name in wanted:
        values = [value for item in items if (value := item.scores.get(name)) is not None]
        if values and interval:
            summed[name] = figure(values)
        elif values:
            summed[name] = Figure(sum(values) / len(values), None, None, len(values))
    return summed


def _fingerprint(paths: Iterable[Path]) -> str:
    """Fingerprint the gold: the content of files, the names in folders."""
    digest = hashlib.sha256()
    for path in paths:
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file():
                digest.update(file.name.encode())
                digest.update(b"" if path.is_dir() else file.read_bytes())
    return digest.hexdigest()
