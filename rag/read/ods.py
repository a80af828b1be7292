"""A document symbol → the official file, downloaded and of the format asked for.

The Official Document System serves a document by its symbol, in the six official
languages: `…/api/symbol/access?s=CCPR/C/SR.3272&l=en&t=pdf` redirects to the file. For
a symbol that it does not have, it answers 200 with a web page or with nothing at all,
so the bytes decide and not the status. (undocs.org/en/SYMBOL, the older address, gives
a viewer for browsers and no file.)

Nothing here runs unless a person asks for a document: `rag fetch`.
"""

from __future__ import annotations

import os
import re
import tempfile
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urljoin, urlsplit

from rag import __version__
from rag.errors import BadInput, FetchFailed
from rag.read.sniffed import NAMES, Kind, sniffed

if TYPE_CHECKING:
    import httpx
    from tenacity import RetryCallState

LANGUAGES = {
    "en": "English", "fr": "French", "es": "Spanish", "ru": "Russian", "ar": "Arabic",
    "zh": "Chinese",
}  # fmt: skip
FORMATS = {"pdf": "PDF", "docx": "Word file", "doc": "Word file"}
MAX_BYTES = 64 * 1024 * 1024
MAX_REDIRECTS = 5
TRIES = 4
_CONNECT, _READ = 10.0, 30.0  # seconds; the whole download has its own limit

Progress = Callable[[str, int, int], None]  # (what, bytes so far, bytes in all or 0)


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked for, and of whom."""

    symbol: str
    language: str
    format: str
    service: str  # address of the symbol access
    seconds: float  # after which the download is given up, repetitions and all

    def __str__(self) -> str:
        return f"the {LANGUAGES[self.language]} {FORMATS[self.format]} of {self.symbol}"

    @property
    def host(self) -> str:
        """Who is asked, for messages."""
        return urlsplit(self.service).hostname or self.service

    @property
    def url(self) -> str:
        """The address of the document; slashes are escaped, or the service answers 404."""
        asked = urlencode({"s": self.symbol, "l": self.language, "t": self.format})
        return f"{self.service}{'&' if '?' in self.service else '?'}{asked}"


@dataclass(slots=True)
class Arrived:
    """A file that came; it is gone when the download's `with` ends, unless it is kept."""

    path: Path
    name: str  # what it is to be called

    def keep(self) -> Path:
        """Give the file its name, in place of an earlier one."""
        return self.path.replace(self.path.with_name(self.name))


class _Again(Exception):
    def __init__(self, why: str, after: float | None = None) -> None:
        super().__init__(why)
        self.after = after  # seconds that the service asks to wait


@contextmanager
def download(
    order: Order,
    folder: Path,
    *,
    progress: Progress | None = None,
    sleep: Callable[[float], None] = time.sleep,
) -> Generator[Arrived]:
    """Download a document into a folder, under a passing name until it is kept.

    Proxies and certificates are those of the environment (HTTPS_PROXY, SSL_CERT_FILE).

    Args:
        order: the document.
        folder: made where it is missing.
        progress: told as bytes arrive.
        sleep: waits between repetitions.

    Raises:
        BadInput: the language or format is of no kind that the service has.
        FetchFailed: nothing came, or something other than the file asked for.

    """
    check(order.language, order.format, order.service)
    part = _passing(folder)
    try:
        _request(order, part, progress, sleep)
        suffix = _told_suffix(order, part)
        part = part.rename(part.with_suffix(suffix))
        yield Arrived(part, f"{_safe(order.symbol)}_{order.language.upper()}{suffix}")
    finally:
        part.unlink(missing_ok=True)


def check(language: str, format: str, service: str) -> None:  # noqa: A002 - as the service calls it
    """Tell whether a document can be asked for in this way.

    Raises:
        BadInput: the service has no such language or format, or is no web address.

    """
    if language not in LANGUAGES:
        raise BadInput(f"{language!r} is no official language; choose of {', '.join(LANGUAGES)}.")
    if format not in FORMATS:
        raise BadInput(f"{format!r} is no format of the service; choose of {', '.join(FORMATS)}.")
    if not _is_web(service):
        raise BadInput(f"ods_url is {service!r}; it must be an http or https address.")


def _is_web(address: str) -> bool:
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:  # "http://[", "http://a.org:99999": no address
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and port != 0


def _passing(folder: Path) -> Path:
    """An empty file with a passing name."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=folder, prefix=".part-")
    except OSError as error:
        raise FetchFailed(f"{folder} cannot be written to: {error.strerror}.") from error
    os.close(handle)
    return Path(name)


def _safe(symbol: str) -> str:
    """A file name that the symbol can be read from again: CCPR_C_SR.3272."""
    return re.sub(r"[^A-Za-z0-9.()-]+", "_", symbol).strip("._")


# -- asking ------------------------------------------------------------------------------------


def _request(
    order: Order, part: Path, progress: Progress | None, sleep: Callable[[float], None]
) -> None:
    """Ask until the document is there, at most `TRIES` times and within its time."""
    from tenacity import Retrying, retry_if_exception_type, stop_after_attempt, stop_before_delay

    deadline = time.monotonic() + order.seconds
    repeat = Retrying(
        retry=retry_if_exception_type(_Again),
        stop=stop_after_attempt(TRIES) | stop_before_delay(order.seconds),
        wait=_wait,
        sleep=sleep,
        reraise=True,
    )
    with _client() as client:
        try:
            repeat(_attempt, client, order, part, deadline, progress)
        except _Again as error:
            raise FetchFailed(str(error)) from error
        except OSError as error:  # of the disk: those of the network are told apart below
            raise FetchFailed(f"{part.parent} cannot be written to: {error.strerror}.") from error


def _client() -> httpx.Client:
    import httpx

    headers = {
        "User-Agent": f"Pinpoint/{__version__} (rag fetch)",
        "Accept-Encoding": "identity",  # the files are compressed, and a length can be checked
    }
    try:
        return httpx.Client(
            headers=headers,
            follow_redirects=True,
            max_redirects=MAX_REDIRECTS,
            event_hooks={"response": [_check_redirect]},
        )
    except (ValueError, ImportError, httpx.InvalidURL) as error:
        # A proxy that is no address, or of a kind that needs a library.
        raise FetchFailed(f"The proxy of the environment cannot be used: {error}") from error


def _wait(state: RetryCallState) -> float:
    """What the service asks for; else half a second, doubled each time, with jitter."""
    from tenacity import wait_exponential, wait_random

    error = state.outcome.exception() if state.outcome else None
    if isinstance(error, _Again) and error.after is not None:
        return error.after
    return (wait_exponential(multiplier=0.5, max=8.0) + wait_random(0.0, 0.5))(state)


def _attempt(
    client: httpx.Client, order: Order, part: Path, deadline: float, progress: Progress | None
) -> None:
    import httpx

    try:
        _follow(client, order, part, deadline, progress)
    except httpx.TimeoutException as error:
        if time.monotonic() >= deadline:
            raise FetchFailed(_late(order)) from error
        raise _Again(f"{order.host} does not answer; try again later.") from error
    except httpx.RemoteProtocolError as error:
        raise _Again(f"{order.host} broke off while it sent {order}; try again later.") from error
    except httpx.InvalidURL as error:
        raise FetchFailed(f"{order.host} redirects to what is no address: {error}") from error
    except (httpx.TransportError, httpx.DecodingError) as error:
        why = str(error) or type(error).__name__
        raise _Again(
            f"{order.host} cannot be reached ({why}); check the network and its proxy."
        ) from error


def _follow(
    client: httpx.Client, order: Order, part: Path, deadline: float, progress: Progress | None
) -> None:
    """Go from redirect to redirect to the file, and save it."""
    import httpx

    left = max(0.1, deadline - time.monotonic())
    limits = httpx.Timeout(min(_READ, left), connect=min(_CONNECT, left))
    try:
        with client.stream("GET", order.url, timeout=limits) as response:
            _check_status(response, order, deadline)
            _save(response, order, part, deadline, progress)
    except httpx.TooManyRedirects as error:
        raise FetchFailed(
            f"{order.host} redirects more than {MAX_REDIRECTS} times for {order.symbol}; "
            "it may be out of order: try again later."
        ) from error


def _check_redirect(response: httpx.Response) -> None:
    """Let a redirect lead only to the web, and never from a safe to an open connection."""
    if not response.has_redirect_location:
        return
    url, location = response.request.url, response.headers["location"]
    try:
        target = urljoin(str(url), location)
    except ValueError:
        target = location
    if not _is_web(target):
        raise FetchFailed(
            f"{url.host} redirects to {target[:200]!r}, which is no web address; not followed."
        )
    if url.scheme == "https" and urlsplit(target).scheme == "http":
        raise FetchFailed(
            f"{url.host} redirects to an open connection, {target[:200]!r}; not followed."
        )


def _check_status(response: httpx.Response, order: Order, deadline: float) -> None:
    status = response.status_code
    if status in (404, 410):
        raise FetchFailed(_none(order))
    if status == 429 or status >= 500:
        after = _seconds(response.headers.get("retry-after"))
        if after is not None and after > deadline - time.monotonic():
            raise FetchFailed(
                f"{order.host} is busy and asks to wait {after:.0f} seconds; try again then."
            )
        raise _Again(f"{order.host} is busy (status {status}); try again later.", after)
    if status in (202, 401, 403) or "x-amzn-waf-action" in response.headers:
        raise FetchFailed(
            f"{order.host} lets only browsers in at present (status {status}); "
            "download the file in one and use: rag add FILE"
        )
    if status != 200:
        raise FetchFailed(f"{order.host} answered with status {status}; try again later.")


def _seconds(header: str | None) -> float | None:
    """Seconds of a Retry-After header, which gives them or a date (RFC 9110, 10.2.3)."""
    from datetime import UTC, datetime
    from email.utils import parsedate_to_datetime

    if header is None:
        return None
    if header.strip().isdecimal():
        return float(header.strip()[:9])
    try:
        when = parsedate_to_datetime(header)
    except ValueError:
        return None
    if when.tzinfo is None:
        when = when.replace(tzinfo=UTC)
    return max(0.0, (when - datetime.now(UTC)).total_seconds())


def _save(
    response: httpx.Response, order: Order, part: Path, deadline: float, progress: Progress | None
) -> None:
    told = response.headers.get("content-length", "")
    total = int(told) if told.isdecimal() else 0
    too_large = (
        f"{order.host} sends more than {MAX_BYTES // 2**20} MiB for {order}; "
        "download it in a browser and split it."
    )
    if total > MAX_BYTES:
        raise FetchFailed(too_large)
    done = 0
    with part.open("wb") as file:
        for chunk in response.iter_bytes():
            done += len(chunk)
            if done > MAX_BYTES:
                raise FetchFailed(too_large)
            if time.monotonic() > deadline:
                raise FetchFailed(_late(order))
            file.write(chunk)
            if progress:
                progress(order.symbol, done, total)


# -- what came ---------------------------------------------------------------------------------


_SUFFIXES: dict[Kind, str] = {
    "PDF": ".pdf", "Word": ".docx", "old Word": ".doc", "rich text": ".doc",
}  # fmt: skip


def _told_suffix(order: Order, part: Path) -> str:
    """The suffix that the bytes call for.

    Raises:
        FetchFailed: they are no file of the format asked for.

    """
    held = sniffed(part.read_bytes())
    suffix = _SUFFIXES.get(held)
    if suffix is not None and (suffix == ".pdf") == (order.format == "pdf"):
        return suffix
    if held == "nothing":
        raise FetchFailed(_none(order))
    raise FetchFailed(
        f"{order.host} sent {NAMES[held]} in place of {order}, as it does where there is none; "
        "try --language or --format."
    )


def _none(order: Order) -> str:
    language, kind = LANGUAGES[order.language], FORMATS[order.format]
    return f"{order.host} has no {language} {kind} of {order.symbol}; try --language or --format."


def _late(order: Order) -> str:
    return (
        f"{order.host} did not send {order} within {order.seconds:g} seconds; "
        "try again later, or give it more time with RAG_FETCH_TIMEOUT."
    )
