"""A suite and settings → a result: every question asked, scored, summed up and stored.

The project's own suites are asked of an index built for the run and thrown away
after it, so that a result never comes from paragraphs that an older parser cut.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from pydantic import TypeAdapter, ValidationError

from eval.metrics import (
    Figure,
    Outcome,
    Scores,
    Shown,
    cited_paragraphs,
    grouped,
    right,
    score,
)
from eval.provenance import Commit, IndexPrint, commit, index_print, versions
from eval.suites import ROOT, Case, Split, Suite, absent
from rag.config import Settings
from rag.domain import QA, AddReport, Answer, Document, NoAnswer, Passage
from rag.errors import BadInput

SEARCH_DEPTH = 10  # what nDCG@10 looks at

Progress = Callable[[int, int, str], None]  # (questions done, of how many, the id of the last)


class Asked(Protocol):
    """What a run needs of `rag.record.Record`."""

    def add(self, paths: Sequence[Path], *, symbol: str | None = None) -> AddReport:
        """Read files into the index."""
        ...

    def ask(self, question: str, *, history: Sequence[QA] = ()) -> Answer | NoAnswer:
        """Answer a question, or say that the record does not."""
        ...

    def search(self, query: str, *, limit: int | None = None) -> Sequence[Passage]:
        """Give the passages nearest to a query."""
        ...

    def documents(self) -> Sequence[Document]:
        """Give what the index holds."""
        ...


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


def run(
    suite: Suite,
    settings: Settings,
    *,
    split: Split | None = None,
    limit: int | None = None,
    progress: Progress | None = None,
    open_record: Callable[[Settings], Asked] | None = None,
) -> Result:
    """Ask every question of a suite and score what comes back.

    Seconds are those of the answer alone, after one search to warm the models up.

    Raises:
        BadInput: a source is missing or cannot be added, or a gold paragraph is not
            in the index.

    """
    cases = suite.pick(split=split, limit=limit)
    started = datetime.now(UTC)
    asked_of = commit()  # before the questions, while the files are those that were loaded
    with _opened(suite, settings, open_record or _record) as (record, folder):
        documents = record.documents()
        _check_gold(suite, cases, documents)
        record.search(cases[0].question, limit=1)
        outcomes: list[Outcome] = []
        for case in cases:
            outcomes.append(_ask(record, case, max(SEARCH_DEPTH, settings.limit)))
            if progress:
                progress(len(outcomes), len(cases), case.id)
        held = index_print(folder, ((d.id, d.sha256, len(d.paragraphs)) for d in documents))
    every = score(outcomes)
    return Result(
        suite=suite.name,
        suite_sha256=suite.sha256,
        split=split,
        limit=limit,
        started=started.isoformat(timespec="seconds"),
        settings=settings.model_dump(mode="json"),
        commit=asked_of,
        versions=versions(),
        index=held,
        figures=grouped(list(zip(outcomes, every, strict=True))),
        questions=tuple(
            Judged(outcome, outcome.ranked, scores, right(outcome, scores))
            for outcome, scores in zip(outcomes, every, strict=True)
        ),
    )


def results_folder() -> Path:
    """Give the folder of stored results: in a checkout eval/results, else eval-results here."""
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


@contextmanager
def _opened(
    suite: Suite, settings: Settings, open_record: Callable[[Settings], Asked]
) -> Generator[tuple[Asked, Path]]:
    """Open the user's index as it is, or one built for this run from the suite's sources."""
    missing = absent(suite)
    if missing:
        raise BadInput(missing)
    if not suite.sources:
        yield open_record(settings), settings.index
        return
    with tempfile.TemporaryDirectory(prefix="rag-eval-", ignore_cleanup_errors=True) as folder:
        settings = settings.model_copy(update={"index": Path(folder)})
        record = open_record(settings)
        for source in suite.sources:
            report = record.add([source.path], symbol=source.symbol)
            if report.failed:
                path, told = report.failed[0]
                raise BadInput(f"{path} cannot be added to the index: {told}")
        yield record, settings.index


def _check_gold(suite: Suite, cases: Sequence[Case], documents: Sequence[Document]) -> None:
    """Refuse a suite that cannot be passed: its gold must be in the index."""
    held = {paragraph.id for document in documents for paragraph in document.paragraphs}
    for case in cases:
        for symbol, label in case.gold:
            if f"{symbol}#{label}" not in held:
                raise BadInput(
                    f"{suite.path}, question {case.id}: the index holds no paragraph {label} "
                    f"of {symbol}."
                )


def _ask(record: Asked, case: Case, depth: int) -> Outcome:
    """Hold the conversation of a case, and search for its last question as it was understood."""
    history: list[QA] = []
    for question in case.history:
        before = record.ask(question, history=tuple(history))
        claims = before.claims if isinstance(before, Answer) else ()
        history.append(
            QA(
                question,
                answer=" ".join(claim.text for claim in claims),
                cited=tuple(str(claim.citation) for claim in claims),
            )
        )
    begun = time.perf_counter()
    reply = record.ask(case.question, history=tuple(history))
    seconds = time.perf_counter() - begun
    found = record.search(reply.asked or case.question, limit=depth)
    claims = reply.claims if isinstance(reply, Answer) else ()
    return Outcome(
        case=case,
        answered=isinstance(reply, Answer),
        claims=tuple(
            Shown(
                text=claim.text,
                quote=claim.quote,
                citation=str(claim.citation),
                paragraphs=cited_paragraphs(claim.citation),
                speaker=claim.speaker,
            )
            for claim in claims
        ),
        reason=reply.reason if isinstance(reply, NoAnswer) else "",
        asked=reply.asked,
        retrieved=tuple(passage.paragraph.id for passage in reply.passages),
        found=tuple(passage.paragraph.id for passage in found),
        seconds=round(seconds, 6),
    )
