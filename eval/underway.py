"""A run → a file that says how far it is, for whoever did not start it: the app, another terminal.

The process that runs holds a lock beside the file for as long as it lives, so that a run
which was killed is never taken for one that goes on, and two never write to one file.
"""

from __future__ import annotations

import json
import os
import signal
import time
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Literal

from filelock import FileLock, Timeout

from rag.errors import BadInput, PinpointError

_EACH = 0.25  # seconds between two writings

Ending = Literal["", "done", "stopped", "failed"]


@dataclass(frozen=True, slots=True)
class Standing:
    """What the file holds, as JSON."""

    suite: str
    pid: int  # to be ended by SIGTERM, while the lock is held
    started: str  # UTC, ISO 8601
    done: int = 0
    total: int = 0  # 0: not known yet
    what: str = ""  # the question that was asked last, or what is being made ready
    ended: Ending = ""  # empty while it runs, and where it was killed
    result: str = ""  # name of the stored result, once done
    why: str = ""  # what went wrong, in a sentence


class UnderWay:
    """Writes the file; without a path it writes nothing."""

    def __init__(self, path: Path | None, suite: str) -> None:
        now = datetime.now(UTC).isoformat(timespec="seconds")
        self.standing = Standing(suite, os.getpid(), now)
        self._path = path
        self._lock = FileLock(f"{path}.lock", timeout=0) if path else None
        self._written = 0.0

    def __enter__(self) -> UnderWay:
        if self._path is None or self._lock is None:
            return self
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._lock.acquire()
        except Timeout as error:
            raise BadInput("Another evaluation is under way; wait for it, or stop it.") from error
        except OSError as error:
            raise BadInput(f"{self._path} cannot be written to: {error.strerror}.") from error
        # So that what was begun is put away, as after Ctrl-C.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        self._write()
        return self

    def advance(self, done: int, total: int, what: str) -> None:
        """Tell how far the run is."""
        self.standing = replace(self.standing, done=done, total=total, what=what)
        if time.monotonic() - self._written >= _EACH or done >= total:
            self._write()

    def stored(self, path: Path) -> None:
        """Tell where the result is."""
        self.standing = replace(self.standing, result=path.stem)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._lock is None:
            return
        why = ""
        ended: Ending = "done"
        if isinstance(error, KeyboardInterrupt):
            ended = "stopped"
        elif error is not None:
            ended = "failed"
            why = str(error) if isinstance(error, PinpointError) else f"Unforeseen: {error!r}"
        self.standing = replace(self.standing, ended=ended, why=why)
        self._write()
        self._lock.release()

    def _write(self) -> None:
        """Put the file in its place whole, so that no reader sees half of it."""
        if self._path is None:
            return
        self._written = time.monotonic()
        fresh = self._path.with_name(f"{self._path.name}.{os.getpid()}")
        fresh.write_text(json.dumps(asdict(self.standing)), encoding="utf-8")
        fresh.replace(self._path)
