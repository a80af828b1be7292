"""The outcomes of a run that is not finished, kept so that the same run can go on.

One file for each run, found by what decides its outcomes: the questions, the settings,
the index and the code. One JSON line for each question, written when it was asked.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

from filelock import FileLock, Timeout
from pydantic import TypeAdapter, ValidationError

from eval.metrics import Outcome
from eval.suites import Case
from rag.errors import BadInput


class Partial:
    """The file of one run; `with` holds it, so that no second run writes to it."""

    def __init__(self, folder: Path, suite: str, decides: Mapping[str, Any]) -> None:
        """Name the file by a fingerprint of all that `decides` what comes out."""
        text = json.dumps(decides, sort_keys=True, default=str)
        digest = hashlib.sha256(text.encode()).hexdigest()
        self.path = folder / f"{suite}-{digest[:16]}.jsonl"
        self._lock = FileLock(self.path.with_suffix(".lock"), timeout=0)
        self._outcome = TypeAdapter(Outcome)

    def __enter__(self) -> Partial:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._lock.acquire()
        except Timeout as error:
            raise BadInput("The same run is under way in another process; wait for it.") from error
        except OSError as error:
            raise BadInput(f"{self.path.parent} cannot be written to: {error.strerror}.") from error
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._lock.release()

    def taken_over(self, cases: Sequence[Case]) -> dict[str, Outcome]:
        """Give what an earlier run left, by the ids of the cases.

        A line that a crash cut short is no outcome; its question is asked again.
        """
        if not self.path.is_file():
            return {}
        wanted = {case.id: case for case in cases}
        found: dict[str, Outcome] = {}
        for line in self.path.read_bytes().split(b"\n"):
            try:
                outcome = self._outcome.validate_json(line)
            except ValidationError:
                continue
            if wanted.get(outcome.case.id) == outcome.case:
                found[outcome.case.id] = outcome
        # Written anew, so that the next line does not stand behind half a line.
        self.path.write_bytes(b"".join(map(self._line, found.values())))
        return found

    def add(self, outcome: Outcome) -> None:
        """Keep an outcome; it is on the disk when this returns, as far as Python can tell."""
        with self.path.open("ab") as file:
            file.write(self._line(outcome))

    def forget(self) -> None:
        """Throw the outcomes away."""
        self.path.unlink(missing_ok=True)

    def _line(self, outcome: Outcome) -> bytes:
        return self._outcome.dump_json(outcome, exclude_defaults=True) + b"\n"
