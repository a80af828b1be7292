"""Thousands of generated and damaged files → what is not a clear error or a sound reading.

    python -m eval.fuzz --inputs 20000 --seed 7 [--out FOLDER]

Each input is read and cut in a worker process with a limit on time and on memory. A
finding is any exception but `PinpointError`, a hang, a process that dies, or a document
that breaks a promise (its spans, its ids, its numbers, its pages). Findings are kept in
the folder with the input that made them; a run that was stopped goes on where it was.
Exit status 0 without findings, 1 with them.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import re
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

from eval.fuzz_inputs import FORMATS, Corpus, Input, corpus, make
from eval.fuzz_promises import broken_promises
from eval.suites import ROOT, shared
from rag.errors import PinpointError

SECONDS = 20.0  # for one input
MEMORY = 3072  # MiB of address space for a worker
WORKERS = 2
KEPT = 3  # inputs kept of one kind of finding

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class Finding:
    """What went wrong with one input."""

    number: int
    kind: str  # "ValueError in numbers.py:57 label_key", "hang", "died (signal 11)"
    made: str
    detail: str = ""


@dataclass
class Report:
    """What a run found, and how far it has come."""

    seed: int
    inputs: int
    done: int = 0
    read: Counter[str] = field(default_factory=lambda: Counter[str]())  # by format
    refused: Counter[str] = field(default_factory=lambda: Counter[str]())
    found: Counter[str] = field(default_factory=lambda: Counter[str]())  # by kind
    findings: list[Finding] = field(default_factory=lambda: list[Finding]())
    seconds: float = 0.0
    slowest: float = 0.0


# --- one input ---------------------------------------------------------------------------------


def try_one(given: Input, folder: Path) -> tuple[str, str]:
    """Read one input: ("read", ""), ("refused", the sentence), or a finding and its detail."""
    from rag.parse import segment
    from rag.read import read

    path = folder / f"input{given.suffix}"
    path.write_bytes(given.data)
    try:
        source = read(path)
        document = segment(source)
    except PinpointError as error:
        told = str(error)
        return ("refused", told) if told.strip() else ("error without a sentence", "")
    except Exception as error:  # what is looked for
        return _kind(error), traceback.format_exc()
    broken = next(broken_promises(source, document), "")
    return (f"broken promise: {broken.split(':')[0]}", broken) if broken else ("read", "")


def _kind(error: Exception) -> str:
    """Name an exception by its type and the last line of ours that it passed."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [f for f in frames if "/rag/" in f.filename.replace("\\", "/")] or frames
    last = ours[-1]
    return f"{type(error).__name__} in {Path(last.filename).name}, {last.name}"


# --- workers -----------------------------------------------------------------------------------


def _work(pipe: Connection, seeds: Corpus, seed: int, formats: Sequence[str], memory: int) -> None:
    """Try the numbers that come through the pipe, and send back what came of each."""
    _limit_memory(memory)
    with tempfile.TemporaryDirectory(prefix="rag-fuzz-") as folder:
        while True:
            try:
                number: int | None = pipe.recv()
            except EOFError:
                return
            if number is None:
                return
            given = make(seeds, seed, number, formats)
            begun = time.perf_counter()
            try:
                outcome, detail = try_one(given, Path(folder))
            except MemoryError:
                outcome, detail = "MemoryError", ""
            took = time.perf_counter() - begun
            pipe.send((outcome, detail[-6000:], given.suffix, given.made, took))


def _limit_memory(mebibytes: int) -> None:
    """Let an allocation above the limit fail, where the system can do that."""
    try:
        import resource
    except ImportError:  # Windows
        return
    resource.setrlimit(resource.RLIMIT_AS, (mebibytes * 2**20, mebibytes * 2**20))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


class _Worker:
    """A process that tries one input after the other, and may be replaced."""

    def __init__(self, *given: Any) -> None:
        self._given = given
        self._start()

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=_work, args=(theirs, *self._given), daemon=True)
        self.process.start()
        theirs.close()
        self.number: int | None = None
        self.since = 0.0

    def give(self, number: int) -> None:
        self.number, self.since = number, time.monotonic()
        self.pipe.send(number)

    def replace(self, *, hangs: bool) -> str:
        """End the process, say how it ended, and start another."""
        if not hangs:  # its pipe is closed; it is dying
            self.process.join(10)
        self.process.kill()
        self.process.join()
        code = self.process.exitcode or 0
        self.pipe.close()
        self._start()
        return "hang" if hangs else f"died ({f'signal {-code}' if code < 0 else f'status {code}'})"

    def stop(self) -> None:
        self.process.kill()
        self.process.join()
        self.pipe.close()


@dataclass
class _Desk:
    """Where the outcomes of all workers are entered."""

    report: Report
    seeds: Corpus
    formats: tuple[str, ...]
    seconds: float
    out: Path | None

    def settled(self, worker: _Worker, ready: Sequence[object]) -> bool:
        """Enter what came of a worker's input; False where it is still at it."""
        number, outcome, detail, suffix, made = worker.number, "", "", "", ""
        if number is None:
            return False
        if worker.pipe in ready:
            try:
                outcome, detail, suffix, made, took = worker.pipe.recv()
            except (EOFError, ConnectionError):
                pass
            else:
                self.report.slowest = max(self.report.slowest, took)
                worker.number = None
        if not outcome:
            # A process takes time to start; the clock of its first input runs meanwhile.
            late = time.monotonic() - worker.since > self.seconds + 5
            if worker.process.is_alive() and not late and worker.pipe not in ready:
                return False
            outcome = worker.replace(hangs=late)
            made = make(self.seeds, self.report.seed, number, self.formats).made
        self._enter(Finding(number, outcome, made, detail), suffix)
        return True

    def _enter(self, finding: Finding, suffix: str) -> None:
        report, outcome = self.report, finding.kind
        if outcome == "read":
            report.read[suffix] += 1
        elif outcome == "refused":
            report.refused[suffix] += 1
        else:
            report.found[outcome] += 1
            if report.found[outcome] <= KEPT:
                report.findings.append(finding)
                if self.out:
                    given = make(self.seeds, report.seed, finding.number, self.formats)
                    _keep(finding, given, self.out)


def run(
    report: Report,
    *,
    formats: Sequence[str] = FORMATS,
    seconds: float = SECONDS,
    memory: int = MEMORY,
    workers: int = WORKERS,
    with_real: bool = True,
    out: Path | None = None,
    progress: Progress | None = None,
) -> Report:
    """Try the inputs that are left of a report, and enter what comes of them.

    Args:
        report: a new one, or one that `resume` opened.
        formats: of `FORMATS`.
        seconds: how long one input may take.
        memory: MiB of address space for a worker.
        workers: processes.
        with_real: whether small files of `RECORD_SHARED` are among the seeds.
        out: the folder for findings and for the state of the run.
        progress: told after each input.

    """
    seeds = corpus(ROOT / "rag" / "sample", shared() / "record" if with_real else None)
    desk = _Desk(report, seeds, tuple(formats), seconds, out)
    numbers, given = iter(range(report.done, report.inputs)), report.done
    begun, before = time.monotonic(), report.seconds
    crew = [_Worker(seeds, report.seed, desk.formats, memory) for _ in range(workers)]
    unfinished: set[int] = set()
    saved = report.done
    try:
        while True:
            for worker in crew:
                if worker.number is None and (number := next(numbers, None)) is not None:
                    worker.give(number)
                    unfinished.add(number)
                    given = number + 1
            busy = [(worker, worker.number) for worker in crew if worker.number is not None]
            if not busy:
                break
            ready = wait([worker.pipe for worker, _ in busy], timeout=0.5)
            for worker, number in busy:
                if not desk.settled(worker, ready):
                    continue
                unfinished.discard(number)
                report.done = min(unfinished, default=given)
                report.seconds = before + time.monotonic() - begun
                if progress:
                    progress(report.done, report.inputs, f"{sum(report.found.values())} findings")
                if out and report.done >= saved + 100:
                    save(report, out)
                    saved = report.done
    finally:
        for worker in crew:
            worker.stop()
        if out:
            save(report, out)
    return report


# --- what is kept ------------------------------------------------------------------------------


def _keep(finding: Finding, given: Input, out: Path) -> None:
    """Write an input that made a finding, and beside it what happened."""
    out.mkdir(parents=True, exist_ok=True)
    name = re.sub(r"[^A-Za-z0-9]+", "-", finding.kind).strip("-")[:60]
    stem = out / f"{finding.number:06d}-{name}"
    stem.with_suffix(given.suffix).write_bytes(given.data)
    told = f"{finding.kind}\n{finding.made}\n\n{finding.detail}\n"
    stem.with_suffix(f"{given.suffix}.told").write_text(told, encoding="utf-8", errors="replace")


def save(report: Report, out: Path) -> None:
    """Write how far a run has come."""
    out.mkdir(parents=True, exist_ok=True)
    held = {
        "seed": report.seed, "inputs": report.inputs, "done": report.done,
        "read": report.read, "refused": report.refused, "found": report.found,
        "seconds": round(report.seconds, 1), "slowest": round(report.slowest, 2),
        "findings": [[f.number, f.kind, f.made, f.detail] for f in report.findings],
    }  # fmt: skip
    (out / "state.json").write_text(json.dumps(held, indent=1), encoding="utf-8")


def resume(seed: int, inputs: int, out: Path | None) -> Report:
    """Open the report of a run that was stopped, or a new one."""
    path = out / "state.json" if out else None
    if path is None or not path.is_file():
        return Report(seed, inputs)
    held = json.loads(path.read_text(encoding="utf-8"))
    if held["seed"] != seed:
        raise SystemExit(f"{path} is of seed {held['seed']}; give another folder.")
    return Report(
        seed, inputs, min(held["done"], inputs), Counter(held["read"]), Counter(held["refused"]),
        Counter(held["found"]), [Finding(*finding) for finding in held["findings"]],
        held["seconds"], held["slowest"],
    )  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="python -m eval.fuzz", description=__doc__)
    parser.add_argument("--inputs", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--formats", default=",".join(FORMATS))
    parser.add_argument("--seconds", type=float, default=SECONDS, help="limit for one input")
    parser.add_argument("--memory", type=int, default=MEMORY, help="limit for a worker, in MiB")
    parser.add_argument("--workers", type=int, default=WORKERS)
    parser.add_argument("--out", type=Path, help="keep findings here, and go on from here")
    given = parser.parse_args(arguments)
    if not all(find_spec(package) for package in ("fpdf", "docx")):
        parser.error("it needs fpdf2 and python-docx; run: pip install fpdf2 python-docx")
    from rich.console import Console
    from rich.progress import MofNCompleteColumn, Progress, TimeRemainingColumn

    console = Console(stderr=True)
    columns = (*Progress.get_default_columns()[:3], MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task("Fuzzing", total=given.inputs)
        report = run(
            resume(given.seed, given.inputs, given.out),
            formats=given.formats.split(","),
            seconds=given.seconds,
            memory=given.memory,
            workers=given.workers,
            out=given.out,
            progress=lambda done, total, told: bar.update(
                task, completed=done, total=total, description=told
            ),
        )
    show(report)
    return 1 if report.found else 0


def show(report: Report) -> None:
    """Print what was read, refused and found."""
    from rich.console import Console
    from rich.table import Table

    told = f"{report.done} inputs, seed {report.seed}, {report.seconds:.0f} s, "
    table = Table(title=f"{told}slowest {report.slowest:.1f} s", title_justify="left")
    for heading in ("format", "read", "refused with a sentence"):
        table.add_column(heading)
    for suffix in sorted(report.read | report.refused):
        table.add_row(suffix, str(report.read[suffix]), str(report.refused[suffix]))
    Console().print(table)
    for kind, count in report.found.most_common():
        example = next(f for f in report.findings if f.kind == kind)
        Console().print(f"{count:>5}  {kind}  (input {example.number}: {example.made})",
                        highlight=False, markup=False)  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
