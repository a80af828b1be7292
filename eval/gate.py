"""A result and a committed baseline → a verdict on each figure: has anything got worse?

A suite's baseline is `baseline/SUITE.json`: the figures of a whole run and how far each
may fall. The questions are the same and nothing is drawn at random, so little may. What
a question costs (seconds, tokens, money) depends on the machine and is not gated.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import ConfigDict, TypeAdapter, ValidationError

from eval import reading, retrieval, suites
from eval.compare import setup
from eval.metrics import Figure
from eval.reading import Reading
from eval.run import Result, Way, find, keep, read, run, to_json
from rag.config import load_settings
from rag.errors import BadInput

BASELINES = Path(__file__).resolve().parent / "baseline"
COSTS = frozenset({"seconds_p50", "seconds_p95", "tokens_in", "tokens_out", "cost"})
ROUNDING = 1e-9  # a sum in another order differs in its last bits

ONE_QUESTION = (
    "What one eligible question can move: another processor may round the local model's "
    "vectors otherwise, and two paragraphs that are all but equal may change places."
)
NOTHING = "None: the reading uses no model, so the same text gives the same paragraphs anywhere."

Verdict = Literal["equal", "better", "within tolerance", "below", "missing", "new"]


@dataclass(frozen=True, slots=True)
class Bound:
    """What a figure was, and how far below that it may fall."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    value: float
    tolerance: float
    n: int  # eligible questions


@dataclass(frozen=True, slots=True)
class Baseline:
    """The figures that a suite has to keep, and the run that they are from."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    suite: str
    asked_sha256: str  # of the questions, or of the gold that is read against
    started: str  # UTC, ISO 8601
    setup: Mapping[str, str]  # settings and versions, as `eval.compare.setup` tells them
    tolerance: str  # why the tolerances are what they are
    figures: Mapping[str, Bound]


@dataclass(frozen=True, slots=True)
class Row:
    """One figure: what it was, what it is, and what follows."""

    figure: str
    baseline: float | None
    tolerance: float | None
    now: float | None
    verdict: Verdict

    @property
    def change(self) -> float | None:
        """How far the figure has moved; None where one side has none."""
        if self.baseline is None or self.now is None:
            return None
        return self.now - self.baseline

    @property
    def failed(self) -> bool:
        """Whether this alone closes the gate."""
        return self.verdict in ("below", "missing")


@dataclass(frozen=True, slots=True)
class Gated:
    """A suite held against its baseline."""

    suite: str
    passed: bool
    stale: str  # why the baseline says nothing any more; empty where it does
    notes: tuple[str, ...]  # what was set up otherwise than in the baseline
    rows: tuple[Row, ...]


def runnable(baselines: Mapping[str, Baseline]) -> tuple[list[str], list[str]]:
    """Name the suites that can be run here, and say of each other what it needs."""
    found: list[str] = []
    missing: list[str] = []
    for name in baselines:
        told = _absent(name)
        if told:
            missing.append(told)
        else:
            found.append(name)
    return found, missing


def obtain(named: str, way: Way) -> Result | Reading:
    """Run a suite, as `rag eval run` does, and store the result; or read a stored result.

    Raises:
        BadInput: there is no such suite or result, or a source is missing.

    """
    if named in reading.names():
        read_now = reading.run(named, progress=way.progress, workers=way.jobs)
        keep(reading.to_json(read_now), read_now.suite, read_now.started)
        return read_now
    if named in (*suites.names(), *retrieval.names()):
        asked_now = run(suites.load(named), load_settings(), way=way)
        keep(to_json(asked_now), asked_now.suite, asked_now.started)
        return asked_now
    return reading.parse(find(named).read_bytes()) or read(named)


def _absent(name: str) -> str:
    for part in (reading, retrieval):
        if name in part.names():
            return part.absent(name)
    return suites.absent(suites.load(name))


def judge(result: Result | Reading, baseline: Baseline) -> Gated:
    """Hold a run against its baseline.

    A figure that is missing fails, as does a baseline of other questions; a figure
    that the baseline does not have is new and passes.

    Raises:
        BadInput: the run is not of the whole suite, or of another suite.

    """
    _whole(result)
    if result.suite != baseline.suite:
        raise BadInput(f"The baseline is of the suite {baseline.suite}, the run of {result.suite}.")
    now = _gated(result)
    names = dict.fromkeys((*baseline.figures, *now))
    rows = tuple(_row(name, baseline.figures.get(name), now.get(name)) for name in names)
    stale = ""
    if _asked(result) != baseline.asked_sha256:
        stale = (
            f"The questions of {result.suite} are not those of its baseline; look at the figures, "
            f"then run: rag eval gate {result.suite} --update"
        )
    return Gated(
        suite=result.suite,
        passed=not stale and not any(row.failed for row in rows),
        stale=stale,
        notes=tuple(_otherwise(baseline.setup, _setup(result))),
        rows=rows,
    )


def baseline_of(result: Result | Reading) -> Baseline:
    """Make the baseline that this run just meets.

    Raises:
        BadInput: the run is not of the whole suite.

    """
    _whole(result)
    reads = isinstance(result, Reading)
    return Baseline(
        suite=result.suite,
        asked_sha256=_asked(result),
        started=result.started,
        setup=_setup(result),
        tolerance=NOTHING if reads else ONE_QUESTION,
        figures={
            name: Bound(
                value=round(found.value, 6),
                tolerance=0.0 if reads else math.ceil(1e4 / found.n) / 1e4,
                n=found.n,
            )
            for name, found in _gated(result).items()
        },
    )


def bound_for(
    result: Result | Reading, known: Mapping[str, Baseline], where: Path, *, update: bool
) -> Baseline:
    """Find the baseline of a result; where a first one was just written, that.

    Raises:
        BadInput: there is none.

    """
    if result.suite in known:
        return known[result.suite]
    if update:
        return baseline_of(result)
    raise BadInput(
        f"There is no baseline of {result.suite} in {where}; "
        f"to write one: rag eval gate {result.suite} --update"
    )


def load(where: Path = BASELINES) -> dict[str, Baseline]:
    """Read a file, or every file of a folder, by the name of the suite.

    Raises:
        BadInput: a file is missing or is no baseline.

    """
    found: dict[str, Baseline] = {}
    for path in sorted(where.glob("*.json")) if where.is_dir() else [where]:
        try:
            baseline = TypeAdapter(Baseline).validate_json(path.read_bytes())
        except OSError as error:
            raise BadInput(f"{path} cannot be read: {error.strerror}.") from error
        except ValidationError as error:
            raise BadInput(
                f"{path} is not a baseline; remove it, then run: rag eval gate SUITE --update"
            ) from error
        found[baseline.suite] = baseline
    return found


def store(baseline: Baseline, where: Path = BASELINES) -> Path:
    """Write a baseline to a file, or into a folder under the suite's name.

    Raises:
        BadInput: it cannot be written.

    """
    path = where if where.suffix == ".json" else where / f"{baseline.suite}.json"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        text = TypeAdapter(Baseline).dump_json(baseline, indent=1).decode()
        path.write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise BadInput(f"The baseline cannot be written to {path}: {error.strerror}.") from error
    return path


def _row(name: str, bound: Bound | None, figure: Figure | None) -> Row:
    if bound is None:
        return Row(name, None, None, figure and figure.value, "new")
    if figure is None:
        return Row(name, bound.value, bound.tolerance, None, "missing")
    return Row(name, bound.value, bound.tolerance, figure.value, _verdict(bound, figure.value))


def _verdict(bound: Bound, now: float) -> Verdict:
    gap = now - bound.value
    if abs(gap) <= ROUNDING + 5e-7:  # the baseline is written with six digits
        return "equal"
    if gap > 0:
        return "better"
    return "within tolerance" if -gap <= bound.tolerance + ROUNDING else "below"


def _gated(result: Result | Reading) -> dict[str, Figure]:
    """Give the figures that say how good a run is, over all its questions."""
    return {name: found for name, found in result.figures["overall"].items() if name not in COSTS}


def _asked(result: Result | Reading) -> str:
    return result.gold_sha256 if isinstance(result, Reading) else result.suite_sha256


def _whole(result: Result | Reading) -> None:
    if result.limit is not None or getattr(result, "split", None) is not None:
        raise BadInput(f"The gate needs a run of the whole suite {result.suite}, not of a part.")


def _setup(result: Result | Reading) -> dict[str, str]:
    """Tell settings and versions, without the places of files on one machine."""
    return {
        name: value
        for name, value in setup(result).items()
        if name.startswith(("settings.", "versions.")) and name != "settings.index"
    }


def _otherwise(before: Mapping[str, str], now: Mapping[str, str]) -> Iterable[str]:
    for name in dict.fromkeys((*before, *now)):
        if before.get(name) != now.get(name):
            yield f"{name}: {before.get(name, '–')} in the baseline, {now.get(name, '–')} now"
