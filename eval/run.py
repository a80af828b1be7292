"""A suite and settings → a result: every question asked, scored, summed up and stored.

The project's own suites are asked of an index built for the run and thrown away
after it, so that a result never comes from paragraphs that an older parser cut.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

import rag
from eval import retrieval
from eval.asking import Asked, Job, Open, outcomes, processes
from eval.baselines import Baseline
from eval.ground import Ground
from eval.metrics import Figure, Outcome, Scores, grouped, right, score
from eval.partial import Partial
from eval.provenance import Commit, IndexPrint, commit, index_print, source_digest, versions
from eval.suites import ROOT, Case, Split, Suite, Task, absent
from rag.config import Settings
from rag.domain import Document
from rag.errors import BadInput

SEARCH_DEPTH = 10  # what nDCG@10 looks at

Progress = Callable[[int, int, str], None]  # (questions done, of how many, the id of the last)


@dataclass(frozen=True, slots=True)
class Judged:
    """One question: what came back, in what order, and how it was scored."""

    outcome: Outcome
    ranked: tuple[str, ...]
    scores: Scores
    right: bool


@dataclass(frozen=True, slots=True)
class Result:
    """A run, with all that is needed to repeat it or to compare it with another."""

    suite: str
    suite_sha256: str
    split: Split | None
    limit: int | None
    started: str  # UTC, ISO 8601
    settings: dict[str, Any]
    commit: Commit | None
    versions: dict[str, str]
    index: IndexPrint
    figures: Mapping[str, dict[str, Figure]]  # overall, "split dev", "kind fact" …
    questions: tuple[Judged, ...]
    task: Task = "answer"
    jobs: int = 1  # processes that asked side by side: seconds compare only with as many
    baselines: tuple[Baseline, ...] = ()  # simpler ways of searching, where they were asked for


@dataclass(frozen=True, slots=True)
class Way:
    """How a run is carried out; nothing of it but `jobs` is told by the result."""

    jobs: int = 1  # processes at most
    partials: Path | None = None  # folder where unfinished runs are kept; None: nowhere
    fresh: bool = False  # begin anew, whatever an unfinished run left
    progress: Progress | None = None
    tell: Callable[[str], None] | None = None  # takes a sentence for the user
    open_record: Open | None = None  # None: the real thing
    leave: Callable[[Path], None] | None = None  # takes the file of a finished run, to delete it


WAY = Way()


def run(
    suite: Suite,
    settings: Settings,
    *,
    split: Split | None = None,
    limit: int | None = None,
    progress: Progress | None = None,
    open_record: Open | None = None,
    way: Way = WAY,
) -> Result:
    """Ask every question of a suite and score what comes back.

    Seconds are those of the answer alone (of the search alone in a retrieval suite),
    after one search to warm the models up.

    Raises:
        BadInput: a source is missing or cannot be added, or a gold paragraph is not
            in the index.

    """
    way = replace(
        way,
        progress=progress or way.progress,
        open_record=open_record or way.open_record,
    )
    cases = suite.pick(split=split, limit=limit)
    started = datetime.now(UTC)
    asked_of = commit()  # before the questions, while the files are those that were loaded
    code = source_digest(Path(rag.__file__).parent, *sorted(Path(__file__).parent.glob("*.py")))
    jobs = processes(way.jobs, len(cases))
    with _opened(suite, settings, way) as opened:
        _check_gold(suite, cases, opened.documents)
        decides = {
            "suite": (suite.name, suite.sha256, split, limit, suite.task, jobs),
            "settings": settings.model_dump(mode="json", exclude={"index"}),
            "index": opened.held.sha256,
            "code": (code, versions()),
        }
        depth = retrieval.DEPTH if suite.corpus else max(SEARCH_DEPTH, settings.limit)
        job = Job(opened.settings, suite.task, depth, way.open_record or _record)
        partial = Partial(way.partials, suite.name, decides) if way.partials else None
        asked = _ask_all(cases, job, jobs, opened.record, partial, way)
        if suite.task == "answer":
            ground = Ground(opened.documents)
            asked = [ground.judged(outcome) for outcome in asked]
    if suite.corpus:
        asked = [retrieval.own_ids(suite.corpus, outcome) for outcome in asked]
    every = retrieval.score(asked) if suite.corpus else score(asked)
    pairs = list(zip(asked, every, strict=True))
    return Result(
        suite=suite.name,
        suite_sha256=suite.sha256,
        split=split,
        limit=limit,
        started=started.isoformat(timespec="seconds"),
        settings=settings.model_dump(mode="json"),
        commit=asked_of,
        versions=versions(),
        index=opened.held,
        figures=retrieval.grouped(pairs) if suite.corpus else grouped(pairs),
        questions=tuple(_judged(suite.task, *pair) for pair in pairs),
        task=suite.task,
        jobs=jobs,
    )


def _judged(task: Task, outcome: Outcome, scores: Scores) -> Judged:
    if task == "retrieval":
        return Judged(retrieval.shortened(outcome), (), scores, retrieval.right(scores))
    return Judged(outcome, outcome.ranked, scores, right(outcome, scores))


def _ask_all(
    cases: Sequence[Case],
    job: Job,
    jobs: int,
    record: Asked | None,
    partial: Partial | None,
    way: Way,
) -> list[Outcome]:
    """Ask what an unfinished run did not, keep each outcome, and give all in order."""
    if partial is None:
        done = _asked(cases, job, jobs, record, {}, None, way)
        return [done[case.id] for case in cases]
    with partial:
        if way.fresh:
            partial.forget()
        done = partial.taken_over(cases)
        if done and way.tell:
            way.tell(
                f"{len(done)} of {len(cases)} questions are taken over from a run that was not "
                "finished; --fresh asks them again."
            )
        done = _asked(cases, job, jobs, record, done, partial, way)
        if way.leave:
            way.leave(partial.path)
        else:
            partial.forget()
    return [done[case.id] for case in cases]


def _asked(
    cases: Sequence[Case],
    job: Job,
    jobs: int,
    record: Asked | None,
    done: dict[str, Outcome],
    partial: Partial | None,
    way: Way,
) -> dict[str, Outcome]:
    done = dict(done)
    left = [case for case in cases if case.id not in done]
    for outcome in outcomes(left, job, jobs=jobs, record=record):
        done[outcome.case.id] = outcome
        if partial:
            partial.add(outcome)
        if way.progress:
            way.progress(len(done), len(cases), outcome.case.id)
    return done


def results_folder() -> Path:
    """Give the folder of stored results: in a checkout eval/results, else eval-results here.

    `EVAL_RESULTS` in the environment names another.
    """
    if named := os.environ.get("EVAL_RESULTS"):
        return Path(named)
    in_checkout = (ROOT / "pyproject.toml").is_file()
    return ROOT / "eval" / "results" if in_checkout else Path("eval-results")


def store(result: Result, path: Path | None = None) -> Path:
    """Write a result as JSON, by default under the suite's name and the time in UTC.

    Raises:
        BadInput: the file cannot be written.

    """
    return keep(to_json(result), result.suite, result.started, path)


def keep(text: str, suite: str, started: str, path: Path | None = None) -> Path:
    """Write the JSON of a result; `started` is in UTC, as ISO 8601.

    Raises:
        BadInput: the file cannot be written.

    """
    if path is None:
        when = datetime.fromisoformat(started).strftime("%Y-%m-%dT%H%M%SZ")
        path = results_folder() / f"{suite}-{when}.json"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise BadInput(f"The result cannot be written to {path}: {error.strerror}.") from error
    return path


def to_json(result: Result) -> str:
    """Print a result as one JSON document; `read` is the inverse."""
    if result.task == "retrieval":  # some thousand questions: without what is as always
        return TypeAdapter(Result).dump_json(result, exclude_defaults=True).decode()
    return TypeAdapter(Result).dump_json(result, indent=1).decode()


def read(named: str | Path) -> Result:
    """Read a stored result, by its path or by its name in the folder of results.

    Raises:
        BadInput: there is no such result, or the file is not one.

    """
    path = find(named)
    try:
        return TypeAdapter(Result).validate_json(path.read_bytes())
    except ValidationError as error:
        raise BadInput(f"{path} is not a result of rag eval run.") from error


def find(named: str | Path) -> Path:
    """Find a stored result by its path, or by its name in the folder of results.

    Raises:
        BadInput: there is no such result.

    """
    stem = str(named).removesuffix(".json")
    paths = (Path(named), results_folder() / f"{stem}.json")
    path = next((path for path in paths if path.is_file()), None)
    if path is None:
        raise BadInput(f"There is no result {str(named)!r}; rag eval list shows those stored.")
    return path


def _record(settings: Settings) -> Asked:
    """Open the real thing, late."""
    from rag.record import Record

    return Record(settings)


@dataclass(frozen=True, slots=True)
class _Opened:
    """An index that questions can be asked of."""

    settings: Settings
    record: Asked | None  # None where it is opened by whoever asks
    documents: Sequence[Document]
    held: IndexPrint


@contextmanager
def _opened(suite: Suite, settings: Settings, way: Way) -> Generator[_Opened]:
    """Open the user's index as it is, or one built from the suite's sources or passages.

    That of sources is built for this run and thrown away; that of a corpus is kept.
    """
    missing = absent(suite)
    if missing:
        raise BadInput(missing)
    if suite.corpus is not None:
        from eval.indexes import kept

        folder = kept(suite.corpus, settings, progress=_indexing(way))
        digest, documents = suite.corpus.sha256(), suite.corpus.documents
        held = index_print(folder, ((d.id, digest, len(d.paragraphs)) for d in documents))
        yield _Opened(settings.model_copy(update={"index": folder}), None, documents, held)
        return
    if not suite.sources:
        yield _with_record(settings, (way.open_record or _record)(settings))
        return
    with tempfile.TemporaryDirectory(prefix="rag-eval-", ignore_cleanup_errors=True) as folder:
        settings = settings.model_copy(update={"index": Path(folder)})
        record = (way.open_record or _record)(settings)
        for source in suite.sources:
            report = record.add([source.path], symbol=source.symbol)
            if report.failed:
                path, told = report.failed[0]
                raise BadInput(f"{path} cannot be added to the index: {told}")
        yield _with_record(settings, record)


def _with_record(settings: Settings, record: Asked) -> _Opened:
    documents = record.documents()
    every = ((d.id, d.sha256, len(d.paragraphs)) for d in documents)
    return _Opened(settings, record, documents, index_print(settings.index, every))


def _indexing(way: Way) -> Callable[[str, int, int], None] | None:
    """Tell the progress of indexing where that of asking is told."""
    progress = way.progress
    if progress is None:
        return None
    return lambda what, done, total: progress(done, total, f"Indexing {what}")


def _check_gold(suite: Suite, cases: Sequence[Case], documents: Sequence[Document]) -> None:
    """Refuse a suite that cannot be passed: its gold must be in the index."""
    own = suite.corpus.ids if suite.corpus else {}
    held = {own.get(p.id, p.id) for document in documents for p in document.paragraphs}
    for case in cases:
        for symbol, label in case.gold:
            if f"{symbol}#{label}" not in held:
                raise BadInput(
                    f"{suite.path}, question {case.id}: the index holds no paragraph {label} "
                    f"of {symbol}."
                )
