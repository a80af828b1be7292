"""`rag eval` as a process of its own → what the evaluate page starts, follows, stops and shows.

The evaluations are not imported: a run would take turns with the answers that visitors wait
for, and what draws the plots would stay in the server's memory. How far a run is stands in a
file beside the results, so that every visitor sees it, after a reload or a restart too.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

from filelock import FileLock, Timeout
from pydantic import TypeAdapter, ValidationError

from rag.errors import BadInput

_STORED = re.compile(r"(?!sweep-)(.+)-(\d{4}-\d\d-\d\dT\d{6}Z)")  # as `rag eval run` names results
_COMMAND = (sys.executable, "-c", "from rag.cli import main; main()", "eval")
_PATIENCE = 120  # seconds for a list or a report
_GRACE = 15.0  # seconds until a run that was told to stop is ended


@dataclass(frozen=True, slots=True)
class Suite:
    """What can be run; `missing` says why it cannot."""

    name: str
    about: str
    missing: str


@dataclass(frozen=True, slots=True)
class Listed:
    """The suites, and the folder where results are kept."""

    suites: tuple[Suite, ...]
    folder: Path


@dataclass(frozen=True, slots=True)
class Stored:
    """A result, as its name tells it."""

    name: str
    suite: str
    when: datetime  # UTC


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a run is; the fields of `eval.underway.Standing`, and whether it lives."""

    suite: str
    pid: int
    started: str = ""
    done: int = 0
    total: int = 0
    what: str = ""
    ended: str = ""  # done, stopped or failed; empty while it runs, and where it was killed
    result: str = ""
    why: str = ""
    alive: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """What a page shows of results: HTML in which all text is escaped, and its style sheet."""

    html: str
    css: str


@dataclass(slots=True)
class _Child:
    """The run that this server started last."""

    process: subprocess.Popen[bytes]
    suite: str


_guard = threading.RLock()  # every visitor is a thread
_child: _Child | None = None


def installed() -> bool:
    """Tell whether the evaluations are there; a package may come without them."""
    return find_spec("eval") is not None


def listed() -> Listed:
    """List the suites.

    Raises:
        BadInput: in the words of the command line.

    """
    told = json.loads(_said(["list", "--json"]))
    asked = [
        Suite(each["name"], f"{each['questions']:,} questions", each["missing"])
        for each in told["suites"]
    ]
    read = [Suite(each["name"], each["about"], each["missing"]) for each in told["reading"]]
    return Listed((*asked, *read), Path(told["folder"]))


def stored(folder: Path) -> tuple[Stored, ...]:
    """List the results of a folder, the latest first."""
    found: list[Stored] = []
    for path in folder.glob("*.json"):
        if named := _STORED.fullmatch(path.stem):
            when = datetime.strptime(named[2], "%Y-%m-%dT%H%M%SZ").replace(tzinfo=UTC)
            found.append(Stored(path.stem, named[1], when))
    return tuple(sorted(found, key=lambda each: each.when, reverse=True))


def report(names: Sequence[str]) -> Part:
    """Draw one result, or two of a suite side by side.

    Raises:
        BadInput: in the words of the command line.

    """
    return TypeAdapter(Part).validate_json(_said(["report", *names, "--json"]))


def standing(folder: Path) -> Standing | None:
    """Tell how far the last run is; None where there was none."""
    with _guard:
        told = _read(folder)
        ended = _child.process.poll() if _child else None
        if _child is None or ended == 0 or (told and told.pid == _child.process.pid):
            return told and replace(told, alive=_held(folder))
        if ended is None:  # it has not come so far as to write
            return Standing(_child.suite, _child.process.pid, alive=True)
        return Standing(_child.suite, _child.process.pid, ended="failed", why=_last_words(folder))


def start(folder: Path, suite: str, limit: int | None) -> None:
    """Run a suite in the background, its first `limit` questions.

    Raises:
        BadInput: another run is under way, or the folder cannot be written to.

    """
    global _child
    with _guard:
        now = standing(folder)
        if now and now.alive:
            raise BadInput("Another evaluation is under way; wait for it, or stop it.")
        path = _file(folder)
        command = [*_COMMAND, "run", suite, "--progress", str(path)]
        if limit:
            command += ["--limit", str(limit)]
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with _log(folder).open("wb") as log:
                # In a session of its own: it outlives the server, and can be ended whole.
                process = subprocess.Popen(
                    command,
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=log,
                    start_new_session=True,
                    env=os.environ | {"EVAL_RESULTS": str(folder)},
                )
        except OSError as error:
            raise BadInput(f"{path.parent} cannot be written to: {error.strerror}.") from error
        if _child:  # it has let go of the lock, and is about to end
            with suppress(subprocess.TimeoutExpired):
                _child.process.wait(timeout=_GRACE)
        _child = _Child(process, suite)


def stop(folder: Path) -> None:
    """Stop the run that is under way; what it has done is kept, and gone on with next time."""
    now = standing(folder)
    if now is None or not now.alive:
        return
    _signal(now.pid, signal.SIGTERM)

    def insist() -> None:
        later = standing(folder)
        if later and later.alive and later.pid == now.pid:
            _signal(now.pid, getattr(signal, "SIGKILL", signal.SIGTERM), whole=True)

    timer = threading.Timer(_GRACE, insist)
    timer.daemon = True
    timer.start()


def _signal(pid: int, number: int, *, whole: bool = False) -> None:
    """Send a signal to a process, or to all that it began."""
    try:
        if whole and hasattr(os, "killpg") and os.getpgid(pid) == pid:
            os.killpg(pid, number)
        else:
            os.kill(pid, number)
    except ProcessLookupError:
        pass  # it has ended by itself


def _read(folder: Path) -> Standing | None:
    try:
        return TypeAdapter(Standing).validate_json(_file(folder).read_bytes())
    except (OSError, ValidationError):
        return None


def _held(folder: Path) -> bool:
    """Tell whether the process lives that writes the file: it holds the lock, dead ones cannot."""
    path = Path(f"{_file(folder)}.lock")
    if not path.exists():
        return False
    try:
        with FileLock(path, timeout=0):
            return False
    except (Timeout, OSError):
        return True


def _file(folder: Path) -> Path:
    return folder / "partial" / "under-way.json"


def _log(folder: Path) -> Path:
    return folder / "partial" / "under-way.log"


def _last_words(folder: Path) -> str:
    try:
        lines = _log(folder).read_text(encoding="utf-8", errors="replace").split("\n")
    except OSError:
        lines = []
    return next((line for line in reversed(lines) if line.strip()), "It ended early.")


def _said(arguments: Sequence[str]) -> str:
    """Run `rag eval …` and give what it prints.

    Raises:
        BadInput: it failed, in its last words.

    """
    try:
        done = subprocess.run(
            [*_COMMAND, *arguments],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise BadInput(f"rag eval {arguments[0]} took more than {_PATIENCE} s.") from error
    if done.returncode != 0:
        lines = done.stderr.decode("utf-8", "replace").strip().split("\n")
        raise BadInput(lines[-1] or f"rag eval {arguments[0]} failed.")
    return done.stdout.decode("utf-8")
