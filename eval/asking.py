"""Cases → outcomes, in this process or on several side by side.

The questions of a conversation are one case, so that cases do not depend on each other.
Seconds are measured where a question is asked; side by side they are longer, and a
result tells how many processes there were.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from eval.metrics import Outcome, Shown, citable, cited_paragraphs
from eval.suites import Case, Task
from rag.config import Settings
from rag.domain import QA, AddReport, Answer, Document, NoAnswer, Passage
from rag.errors import BadInput, PinpointError

THREADS = (
    "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "RAYON_NUM_THREADS",
)  # fmt: skip
WORTH = 60  # questions for which it is worth while to start a process: that takes seconds


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


Open = Callable[[Settings], Asked]


@dataclass(frozen=True, slots=True)
class Job:
    """How each case is to be asked; goes to every process."""

    settings: Settings
    task: Task
    depth: int  # passages that search gives
    open_record: Open

    def opened(self, case: Case) -> Asked:
        """Open a record, and search once, so that its models are warm."""
        record = self.open_record(self.settings)
        record.search(case.question, limit=1)
        return record

    def outcome(self, record: Asked, case: Case) -> Outcome:
        """Ask one case.

        Raises:
            PinpointError: what stopped the question, with the id of the case.

        """
        try:
            if self.task == "retrieval":
                return search(record, case, self.depth)
            return ask(record, case, self.depth)
        except PinpointError as error:
            # Of the same kind, so that it is told as what it is; all take one sentence.
            raise type(error)(f"Question {case.id}: {error}") from error


def search(record: Asked, case: Case, depth: int) -> Outcome:
    """Search for a case's question."""
    begun = time.perf_counter()
    found = record.search(case.question, limit=depth)
    seconds = time.perf_counter() - begun
    return Outcome(
        case=case,
        answered=False,
        found=_citable(found),
        seconds=round(seconds, 6),
    )


def ask(record: Asked, case: Case, depth: int) -> Outcome:
    """Hold the conversation of a case, and search for its last question as it was understood."""
    history: list[QA] = []
    for question in case.history:
        history.append(QA.of(record.ask(question, history=tuple(history))))
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
        retrieved=_citable(reply.passages),
        found=_citable(found),
        seconds=round(seconds, 6),
        tokens_in=reply.usage.tokens_in if reply.usage else None,
        tokens_out=reply.usage.tokens_out if reply.usage else None,
        cost=reply.usage.cost if reply.usage else None,
    )


def _citable(passages: Sequence[Passage]) -> tuple[str, ...]:
    """Ids as they are cited, each once, in order."""
    return tuple(dict.fromkeys(citable(passage.paragraph) for passage in passages))


def processes(wanted: int, cases: int) -> int:
    """Say how many processes are worth while for so many cases."""
    return max(1, min(wanted, cases // WORTH))


def outcomes(
    cases: Sequence[Case], job: Job, *, jobs: int, record: Asked | None = None
) -> Generator[Outcome]:
    """Give the outcome of each case, as it comes, on `jobs` processes.

    Args:
        cases: what to ask.
        job: how.
        jobs: with one, everything happens in this process.
        record: the one to ask then, if it is open already.

    Raises:
        PinpointError: a question could not be asked; what was in hand is lost.

    """
    if not cases:
        return
    if jobs <= 1:
        record = record or job.open_record(job.settings)
        record.search(cases[0].question, limit=1)
        for case in cases:
            yield job.outcome(record, case)
        return
    threads = max(1, (os.cpu_count() or 1) // jobs)
    # Spawned, not forked: this process may hold threads and open models.
    pool = ProcessPoolExecutor(
        jobs, multiprocessing.get_context("spawn"), _start, (job, cases[0], threads)
    )
    try:
        with _fewer_threads(threads):  # all processes are started with the first case
            futures = [pool.submit(_work, case) for case in cases]
        for future in as_completed(futures):
            yield future.result()
    except BrokenProcessPool as error:
        raise BadInput(
            "A process that asked questions ended early, perhaps for want of memory; what is "
            "done is kept, so run the same again, with --jobs 1 if it happens again."
        ) from error
    finally:
        # Of the questions that were handed out, those begun are waited for, no others.
        pool.shutdown(wait=True, cancel_futures=True)


@contextmanager
def _fewer_threads(count: int) -> Generator[None]:
    """Divide the threads of numpy's and the tokenizer's libraries too, unless the user has.

    They read the environment when they are loaded. Two processes that each take all
    cores wait for each other: a search then took 180 ms instead of 77.
    """
    added = {name: str(count) for name in THREADS if name not in os.environ}
    os.environ.update(added)
    try:
        yield
    finally:
        for name in added:
            del os.environ[name]


class _Worker:
    """What a process holds between two questions."""

    job: Job
    record: Asked


def _start(job: Job, first: Case, threads: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent is told, and ends the rest
    from rag.encoder import use_threads

    use_threads(threads)
    _Worker.job = job
    _Worker.record = job.opened(first)


def _work(case: Case) -> Outcome:
    return _Worker.job.outcome(_Worker.record, case)
