"""A draft → a check in a thread of its own, which a reload of the page does not end.

The check is that of `rag check`. Its result stays in memory until the server ends, under a
secret name that only the visitor's address bar has; the draft itself is kept nowhere: it is
written under the index to be read, and removed.
"""

from __future__ import annotations

import secrets
import shutil
import tempfile
import threading
import time
from collections import OrderedDict
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from rag.app import state
from rag.check import Checked, check
from rag.check.given import Given
from rag.errors import BadInput, PinpointError
from rag.record import Record

_KEPT = 40  # checks, all visitors together; the oldest that is finished goes first
_STALE = 24 * 3600.0  # seconds: a draft this old was left behind by a server that was killed
_UNFORESEEN = "The draft could not be checked; the reason is on the server's console."


class _Stopped(Exception):
    """The visitor no longer wants the check."""


@dataclass(slots=True)
class Work:
    """A check: how far it is, and at the end what came of it."""

    name: str  # of the draft
    what: str = ""  # where in the draft it is
    done: int = 0
    total: int = 0
    checked: Checked | None = None
    why: str = ""  # in a sentence, why nothing came of it
    ended: threading.Event = field(default_factory=threading.Event)
    _stopped: bool = False

    def stop(self) -> None:
        """Have it end at the next sentence."""
        self._stopped = True

    def tell(self, what: str, done: int, total: int) -> None:
        """Note how far it is.

        Raises:
            _Stopped: it is no longer wanted.

        """
        if self._stopped:
            raise _Stopped
        self.what, self.done, self.total = what, done, total


_guard = threading.Lock()
_works: OrderedDict[str, Work] = OrderedDict()
_turn = threading.Lock()  # one at a time: those who ask are not to wait for many


def begin(record: Record, given: Given) -> str:
    """Begin to check a draft; gives the secret name of the check.

    Raises:
        BadInput: too many are waiting.

    """
    work = Work(given.name)
    token = secrets.token_urlsafe(18)
    with _guard:
        ended = [name for name, each in _works.items() if each.ended.is_set()]
        if len(_works) >= _KEPT:
            if not ended:
                raise BadInput("Too many drafts are waiting to be checked; try again in a minute.")
            del _works[ended[0]]
        _works[token] = work
    threading.Thread(target=_run, args=(record, given, work), daemon=True).start()
    return token


def find(token: str | None) -> Work | None:
    """The check of that name; None where there is none, or no longer."""
    with _guard:
        return _works.get(token or "")


def _run(record: Record, given: Given, work: Work) -> None:
    try:
        with _turn:
            work.tell("", 0, 0)
            state.ready(record)
            work.checked = _checked(record, given, work)
    except _Stopped:
        work.why = "The check was stopped."
    except PinpointError as error:
        work.why = str(error)
    except OSError as error:
        work.why = f"The index cannot be written to: {error.strerror}."
    except BaseException:
        work.why = _UNFORESEEN
        raise
    finally:
        work.ended.set()


def _checked(record: Record, given: Given, work: Work) -> Checked:
    """What `rag check` finds in a draft; no part of the visitor's file name becomes a path."""
    folder = record.settings.index / "drafts"
    folder.mkdir(parents=True, exist_ok=True)
    _sweep(folder)
    with tempfile.TemporaryDirectory(dir=folder) as own:
        path = Path(own) / f"draft{given.ending}"
        path.write_bytes(given.data)
        try:
            checked = check(path, record, progress=work.tell)
        except PinpointError as error:
            raise BadInput(str(error).replace(str(path), given.name)) from error
    return replace(checked, draft=replace(checked.draft, path=Path(given.name)))


def _sweep(folder: Path) -> None:
    """Remove what a server that was killed has left."""
    with suppress(OSError):
        for left in folder.iterdir():
            if time.time() - left.stat().st_mtime > _STALE:
                shutil.rmtree(left, ignore_errors=True)
