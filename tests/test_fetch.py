"""Documents fetched by symbol, from a service on this machine that behaves well and badly.

Long, because the service misbehaves in as many ways as there are.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import socket
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from rag.config import Settings
from rag.domain import AddReport, SourceText
from rag.errors import BadInput, ConfigError, FetchFailed
from rag.parse.bears import stranger
from rag.read import ods
from rag.read.ods import Order, download
from rag.record import Record
from tests.conftest import ROOT

LINES = """Committee on Civil Liberties
Summary record of the 9th meeting
Held at the Palais des Roches, Valmont, on Monday, 4 March 2024, at 3 p.m.
Chair: Ms. Oyelaran
The meeting was called to order at 3.05 p.m.
Second periodic report of Maravia (CCLP/C/MRV/2)
1. At the invitation of the Chair, the delegation of Maravia took places at the table.
2. Mr. Anders (Maravia) said that 112 prisoners had been released in 2023.
3. Ms. Bell asked why no school had been built in the northern province.
4. Mr. Anders (Maravia) said that two schools would be built there in 2025.
The meeting rose at 6 p.m."""
PAGE = b"<!DOCTYPE html><html><head><title>UN</title></head><body>Not found</body></html>"


def pdf(symbol: str, text: str = LINES) -> bytes:
    """A record with its symbol in the masthead."""
    from fpdf import FPDF

    made = FPDF()
    made.set_creation_date(datetime(2024, 3, 4, tzinfo=UTC))
    made.add_page()
    made.set_font("Times", size=11)
    for line in [symbol, *text.split("\n")]:
        made.multi_cell(0, 6, line, new_x="LMARGIN", new_y="NEXT")
        made.ln(2)
    return bytes(made.output())


def docx(symbol: str) -> bytes:
    from docx import Document

    made = Document()
    for line in [symbol, *LINES.split("\n")]:
        made.add_paragraph(line)
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()


class Service:
    """The symbol access, as a test wants it to behave; it notes what it was asked."""

    def __init__(self) -> None:
        self.asked: list[dict[str, str]] = []
        self.agents: list[str] = []
        self.paths: list[str] = []
        self.answers: list[Callable[[BaseHTTPRequestHandler], None]] = []
        service = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                query = parse_qs(urlsplit(self.path).query)
                service.asked.append({key: values[0] for key, values in query.items()})
                service.agents.append(self.headers["User-Agent"])
                service.paths.append(self.path)
                more = len(service.answers) > 1
                answer = service.answers.pop(0) if more else service.answers[0]
                self.close_connection = True
                with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                    answer(self)  # until the client has had enough

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True)
        self.thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}/api/symbol/access"


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    running = Service()
    yield running
    running.server.shutdown()
    running.server.server_close()
    running.thread.join()


def send(
    body: bytes = b"", status: int = 200, *, length: int | None = None, **headers: Any
) -> Callable[[BaseHTTPRequestHandler], None]:
    """An answer; a header may be made when it is sent."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        handler.send_header("Content-Length", str(len(body) if length is None else length))
        handler.send_header("Connection", "close")
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value() if callable(value) else value)
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def redirect(to: str, status: int = 302) -> Callable[[BaseHTTPRequestHandler], None]:
    return send(b"moved", status, Location=to)


def drip(handler: BaseHTTPRequestHandler) -> None:
    """A body that goes on, a few bytes at a time."""
    handler.send_response(200)
    handler.end_headers()
    until = time.monotonic() + 20
    while time.monotonic() < until:
        handler.wfile.write(b"%PDF-1.4\n")
        handler.wfile.flush()
        time.sleep(0.05)


def silent(handler: BaseHTTPRequestHandler) -> None:
    time.sleep(3)


def flood(handler: BaseHTTPRequestHandler) -> None:
    """More than the limit, and the length not told."""
    handler.send_response(200)
    handler.end_headers()
    for _ in range(ods.MAX_BYTES // 2**20 + 2):
        handler.wfile.write(b"%PDF" * 2**18)


def order(service: Service, symbol: str = "CCLP/C/SR.9", **chosen: Any) -> Order:
    values = {"language": "en", "format": "pdf", "service": service.url, "seconds": 20.0} | chosen
    return Order(symbol, **values)


def get(
    service: Service, folder: Path, symbol: str = "CCLP/C/SR.9", **chosen: Any
) -> tuple[Path, list[float]]:
    waits: list[float] = []
    with download(order(service, symbol, **chosen), folder, sleep=waits.append) as arrived:
        return arrived.keep(), waits


def left(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


# -- the download ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("symbol", "language", "form", "body", "name"),
    [
        ("CCLP/C/SR.9", "en", "pdf", pdf("CCLP/C/SR.9"), "CCLP_C_SR.9_EN.pdf"),
        ("CCLP/C/SR.9/Add.1", "fr", "pdf", pdf("CCLP/C/SR.9/Add.1"), "CCLP_C_SR.9_Add.1_FR.pdf"),
        ("A/RES/217(III)", "es", "pdf", pdf("A/RES/217(III)"), "A_RES_217(III)_ES.pdf"),
        ("CCLP/C/SR.9", "ru", "docx", docx("CCLP/C/SR.9"), "CCLP_C_SR.9_RU.docx"),
        # The service keeps one Word file and gives it in either name: the bytes decide.
        ("CCLP/C/SR.9", "zh", "doc", docx("CCLP/C/SR.9"), "CCLP_C_SR.9_ZH.docx"),
        ("CCLP/C/SR.9", "ar", "doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1...", "CCLP_C_SR.9_AR.doc"),
    ],
)
def test_the_file_asked_for_arrives(
    service: Service, tmp_path: Path, symbol: str, language: str, form: str, body: bytes, name: str
) -> None:
    service.answers = [send(body)]
    path, waits = get(service, tmp_path, symbol, language=language, format=form)
    assert (path.name, path.read_bytes(), waits) == (name, body, [])
    assert service.asked == [{"s": symbol, "l": language, "t": form}]
    assert service.agents[0].startswith("Pinpoint/")
    assert "%2F" in service.paths[0]
    assert left(tmp_path) == [name]


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (send(PAGE, 404), "127.0.0.1 has no English PDF of CCLP/C/SR.9; try --language"),
        (send(PAGE, 410), "has no English PDF"),
        (send(b""), "has no English PDF"),  # what the service says of a symbol not issued yet
        (send(PAGE), "sent a web page in place of the English PDF of CCLP/C/SR.9"),
        (send(b"\xef\xbb\xbf\n" + PAGE, Content_Type="application/pdf"), "sent a web page"),
        (send(b'{"error": "no such symbol"}'), "sent plain text"),
        (send(docx("CCLP/C/SR.9")), "sent a Word file in place of"),
        (send(b"", 202, x_amzn_waf_action="challenge"), "lets only browsers in"),
        (send(PAGE, 403), "download the file in one and use: rag add FILE"),
        (send(b"no", 418), "answered with status 418"),
        (redirect("file:///etc/passwd"), "'file:///etc/passwd', which is no web address"),
        (redirect("ftp://127.0.0.1/x.pdf"), "which is no web address"),
        (redirect("javascript:alert(1)"), "which is no web address"),
        (redirect("http://["), "which is no web address"),
        (redirect("http://127.0.0.1:99999/x"), "which is no web address"),
        (redirect("?again"), "redirects more than 5 times"),
        (send(b"%PDF", length=ods.MAX_BYTES + 1), "sends more than 64 MiB"),
        (flood, "sends more than 64 MiB"),
        (send(b"busy", 429, Retry_After="3600"), "asks to wait 3600 seconds"),
        (send(b"broken", 500), "is busy (status 500)"),
        (send(b"%PDF-1.4 cut", length=5000), "broke off while it sent the English PDF"),
    ],
)
def test_what_goes_wrong_is_said_in_one_sentence_and_leaves_no_file(
    service: Service, tmp_path: Path, answer: Any, said: str
) -> None:
    service.answers = [answer]
    with pytest.raises(FetchFailed) as told:
        get(service, tmp_path)
    assert said in str(told.value)
    assert "\n" not in str(told.value)
    assert left(tmp_path) == []


@pytest.mark.parametrize(
    ("body", "form", "sent"),
    [
        (b"PK\x03\x04 and then nothing", "docx", "a damaged Word file"),
        (b"\xffWPC\x00", "doc", "a WordPerfect file"),
        (pdf("CCLP/C/SR.9"), "docx", "a PDF"),
    ],
)
def test_what_is_no_word_file_is_named(
    service: Service, tmp_path: Path, body: bytes, form: str, sent: str
) -> None:
    service.answers = [send(body)]
    with pytest.raises(FetchFailed, match=f"sent {sent} in place of the English Word file"):
        get(service, tmp_path, format=form)


def test_a_zip_archive_is_no_word_file(service: Service, tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("readme.txt", "no record")
    service.answers = [send(buffer.getvalue())]
    with pytest.raises(FetchFailed, match="sent a zip archive in place of"):
        get(service, tmp_path, format="docx")


def test_five_redirects_are_followed_whatever_their_status(
    service: Service, tmp_path: Path
) -> None:
    body = pdf("CCLP/C/SR.9")
    steps = [redirect(f"/step/{i}", status) for i, status in enumerate((301, 302, 303, 307, 308))]
    service.answers = [*steps, send(body)]
    path, _ = get(service, tmp_path)
    assert path.read_bytes() == body
    assert service.paths[-1] == "/step/4"


@pytest.mark.parametrize(
    ("url", "location", "followed"),
    [
        ("http://a.org/x", "https://b.org/y", True),
        ("https://a.org/x?s=1", "/doc/y.pdf", True),
        ("https://a.org/x", "//b.org/y", True),
        ("http://a.org/x", "http://b.org/y", True),
        ("https://a.org/x", "http://a.org/x", False),  # never down to an open connection
        ("https://a.org/x", "HTTP://a.org/x", False),
        ("https://a.org/x", "http:///x", False),
        ("http://a.org/x", "FILE:///etc/passwd", False),
        ("http://a.org/x", "data:application/pdf,%PDF", False),
    ],
)
def test_where_a_redirect_may_lead(url: str, location: str, followed: bool) -> None:
    response = httpx.Response(
        302, headers={"location": location}, request=httpx.Request("GET", url)
    )
    if followed:
        ods._check_redirect(response)
    else:
        with pytest.raises(FetchFailed, match="not followed"):
            ods._check_redirect(response)


def later(seconds: int) -> str:
    return format_datetime(datetime.now(UTC) + timedelta(seconds=seconds), usegmt=True)


@pytest.mark.parametrize(
    ("failing", "shortest", "longest"),
    [
        ([send(b"", 503, Retry_After="7")], 7, 7),
        ([send(b"", 429, Retry_After=lambda: later(9))], 7, 9),
        ([send(b"", 429, Retry_After=lambda: later(-60))], 0, 0),
        ([send(b"", 503, Retry_After="soon")], 0.5, 1),  # not understood: the usual wait
        ([send(b"", 500)], 0.5, 1),
        ([send(b"", 502), send(b"", 504), send(b"", 503)], 3.5, 5),  # 0.5 + 1 + 2, and jitter
        ([send(b"%PDF-1.4 cut", length=5000)], 0.5, 1),
        ([lambda handler: handler.connection.shutdown(socket.SHUT_RDWR)], 0.5, 1),
    ],
)
def test_a_passing_fault_is_waited_out(
    service: Service, tmp_path: Path, failing: list[Any], shortest: float, longest: float
) -> None:
    body = pdf("CCLP/C/SR.9")
    service.answers = [*failing, send(body)]
    path, waits = get(service, tmp_path)
    assert path.read_bytes() == body
    assert len(waits) == len(failing)
    assert shortest <= sum(waits) <= longest


def test_a_lasting_fault_is_given_up_after_four_tries(service: Service, tmp_path: Path) -> None:
    service.answers = [send(b"", 503)]
    with pytest.raises(FetchFailed):
        get(service, tmp_path)
    assert len(service.asked) == ods.TRIES == 4


@pytest.mark.parametrize("answer", [drip, silent])
def test_a_service_that_does_not_finish_is_given_up_in_time(
    service: Service, tmp_path: Path, answer: Any
) -> None:
    service.answers = [answer]
    began = time.monotonic()
    with pytest.raises(FetchFailed, match=r"within 0\.5 seconds; try again later"):
        get(service, tmp_path, seconds=0.5)
    assert time.monotonic() - began < 3
    assert left(tmp_path) == []


def test_a_service_that_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    gone = Order("CCLP/C/SR.9", "en", "pdf", f"http://127.0.0.1:{port}/", 20.0)
    waits: list[float] = []
    with (
        pytest.raises(FetchFailed, match=r"127\.0\.0\.1 cannot be reached"),
        download(gone, tmp_path, sleep=waits.append),
    ):
        pass
    assert len(waits) == ods.TRIES - 1


def test_the_proxy_of_the_environment_is_used(
    service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = pdf("CCLP/C/SR.9")
    service.answers = [send(body)]
    monkeypatch.delenv("NO_PROXY")
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.setenv("HTTP_PROXY", service.url.partition("/api")[0])
    monkeypatch.setenv("http_proxy", service.url.partition("/api")[0])
    asked = Order("CCLP/C/SR.9", "en", "pdf", "http://documents.example/access", 20.0)
    with download(asked, tmp_path) as arrived:
        arrived.keep()
    assert service.paths[0].startswith("http://documents.example/access?s=")


def test_a_proxy_that_is_no_address_is_said(
    service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALL_PROXY", "gopher://127.0.0.1")
    with pytest.raises(FetchFailed, match="The proxy of the environment cannot be used"):
        get(service, tmp_path)
    assert left(tmp_path) == []


def test_a_download_that_is_interrupted_leaves_nothing(service: Service, tmp_path: Path) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    service.answers = [send(pdf("CCLP/C/SR.9"))]
    with (
        pytest.raises(KeyboardInterrupt),
        download(order(service), tmp_path, progress=stop),
    ):
        pass
    assert left(tmp_path) == []


def test_a_file_that_is_not_kept_is_gone_and_an_earlier_one_stays(
    service: Service, tmp_path: Path
) -> None:
    (tmp_path / "CCLP_C_SR.9_EN.pdf").write_bytes(b"earlier")
    service.answers = [send(pdf("CCLP/C/SR.9"))]
    with download(order(service), tmp_path):
        pass
    assert (tmp_path / "CCLP_C_SR.9_EN.pdf").read_bytes() == b"earlier"
    assert left(tmp_path) == ["CCLP_C_SR.9_EN.pdf"]


def test_the_progress_is_told_in_bytes(service: Service, tmp_path: Path) -> None:
    body = pdf("CCLP/C/SR.9") + b"%" * 200_000
    service.answers = [send(body)]
    told: list[tuple[str, int, int]] = []

    def tell(what: str, done: int, total: int) -> None:
        told.append((what, done, total))

    with download(order(service), tmp_path, progress=tell):
        pass
    assert told[-1] == ("CCLP/C/SR.9", len(body), len(body))
    assert [done for _, done, _ in told] == sorted(done for _, done, _ in told)


def test_a_folder_that_cannot_be_written_to(service: Service, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(FetchFailed, match="cannot be written to"):
        get(service, tmp_path / "file" / "downloads")


# -- whether it is the document ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("masthead", "asked", "bears"),
    [
        ("CCLP/C/SR.9", "CCLP/C/SR.9", None),
        ("CCLP/C/SR.9*", "CCLP/C/SR.9", None),  # reissued for technical reasons
        ("United Nations    CCLP/C/SR.9", "CCLP/C/SR.9", None),
        ("A/74/548\nS/2019/900", "S/2019/900", None),  # one document, two symbols
        ("CCLP/C/SR.10", "CCLP/C/SR.9", "CCLP/C/SR.10"),
        ("CCLP/C/SR.9/Add.1", "CCLP/C/SR.9", "CCLP/C/SR.9/Add.1"),
        ("CCLP/C/SR.9/Corr.1\nCorrigendum to\nCCLP/C/SR.9", "CCLP/C/SR.9", "CCLP/C/SR.9/Corr.1"),
        ("CCLP/C/SR.9/Rev.1", "CCLP/C/SR.9", "CCLP/C/SR.9/Rev.1"),
        ("CCLP/C/SR.9", "CCLP/C/SR.9/Add.1", "CCLP/C/SR.9"),
        ("Committee", "CCLP/C/SR.9", "no symbol"),
    ],
)
def test_whether_a_text_bears_the_symbol(masthead: str, asked: str, bears: str | None) -> None:
    # The file is named after the symbol that was asked for, which must prove nothing.
    path = Path(f"{asked.replace('/', '_')}_EN.txt")
    assert stranger(SourceText(path, "0", f"{masthead}\n{LINES}"), asked) == bears


def test_a_text_without_numbers_is_known_by_its_masthead() -> None:
    source = SourceText(Path("x.txt"), "0", "A/HRC/28/11\nNote by the Secretariat\nNothing.")
    assert stranger(source, "A/HRC/28/11") is None
    assert stranger(source, "A/HRC/28/10") == "A/HRC/28/11"


# -- into the index ----------------------------------------------------------------------------


@pytest.fixture
def record(service: Service, tmp_path: Path) -> Record:
    return Record(Settings(index=tmp_path / "index", ods_url=service.url, fetch_timeout=20.0))


def test_a_document_is_added_once(service: Service, record: Record) -> None:
    service.answers = [send(pdf("CCLP/C/SR.9"))]
    # Spaces, letter case and a reissue mark are repaired as they are in citations.
    added = record.fetch([" cclp/c/ sr.9* "])
    assert (added.added, added.failed, added.paragraphs) == (("CCLP/C/SR.9",), (), 4)
    assert service.asked[0]["s"] == "CCLP/C/SR.9"
    document = record.document("CCLP/C/SR.9")
    assert [p.label for p in document.paragraphs] == ["1", "2", "3", "4"]
    assert document.source.name == "CCLP_C_SR.9_EN.pdf"
    assert document.source.read_bytes().startswith(b"%PDF")
    again = record.fetch(["CCLP/C/SR.9"])
    assert (again.unchanged, again.added, again.embedded) == (("CCLP/C/SR.9",), (), 0)


def test_what_changed_is_replaced(service: Service, record: Record) -> None:
    service.answers = [
        send(pdf("CCLP/C/SR.9")),
        send(pdf("CCLP/C/SR.9", LINES.replace("112", "113"))),
    ]
    record.fetch(["CCLP/C/SR.9"])
    assert record.fetch(["CCLP/C/SR.9"]).replaced == ("CCLP/C/SR.9",)
    assert "113 prisoners" in record.document("CCLP/C/SR.9").paragraphs[1].text
    assert left(record.settings.index / "downloads") == ["CCLP_C_SR.9_EN.pdf"]


def test_one_failure_does_not_stop_the_others(service: Service, record: Record) -> None:
    service.answers = [
        send(PAGE, 404),
        send(pdf("CCLP/C/SR.10")),
        send(b"%PDF-1.4 and no more"),
        send(pdf("CCLP/C/SR.9")),
    ]
    asked = ["CCLP/C/SR.7", "CCLP/C/SR.8", "and/or", "CCLP/C/SR.11", "CCLP/C/SR.9"]
    report = record.fetch(asked)
    assert report.added == ("CCLP/C/SR.9",)
    failed = dict(report.failed)
    assert list(failed) == asked[:4]
    assert "has no English PDF" in failed["CCLP/C/SR.7"]
    assert failed["CCLP/C/SR.8"].startswith("What arrived bears CCLP/C/SR.10, not CCLP/C/SR.8")
    assert "is not a document symbol" in failed["and/or"]
    assert failed["CCLP/C/SR.11"].startswith("What came for CCLP/C/SR.11 cannot be used: the file")
    assert left(record.settings.index / "downloads") == ["CCLP_C_SR.9_EN.pdf"]


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        ({"language": "de"}, "choose of en, fr, es, ru, ar, zh"),
        ({"format": "epub"}, "choose of pdf, docx, doc"),
    ],
)
def test_what_the_service_does_not_have_is_not_asked_for(
    service: Service, record: Record, chosen: dict[str, str], said: str
) -> None:
    with pytest.raises(BadInput, match=said):
        record.fetch(["CCLP/C/SR.9"], **chosen)
    assert service.asked == []


@pytest.mark.parametrize("url", ["ftp://a.org/x", "documents.un.org", "http://[", ""])
def test_the_service_must_be_a_web_address(tmp_path: Path, url: str) -> None:
    record = Record(Settings(index=tmp_path / "index", ods_url=url))
    with pytest.raises(BadInput, match="must be an http or https address"):
        record.fetch(["CCLP/C/SR.9"])


def test_time_cannot_be_negative() -> None:
    from rag.config import load_settings

    with pytest.raises(ConfigError, match="fetch_timeout"):
        load_settings(fetch_timeout=-1.0)


def test_the_command_reports_as_add_does(service: Service, tmp_path: Path) -> None:
    service.answers = [send(pdf("CCLP/C/SR.9")), send(PAGE, 404)]
    done = run(tmp_path, service, "fetch", "CCLP/C/SR.9", "CCLP/C/SR.8", "--json")
    report = json.loads(done.stdout)
    assert done.returncode == 2
    assert set(report) == {"added", "unchanged", "replaced", "failed", "paragraphs", "embedded"}
    assert report["added"] == ["CCLP/C/SR.9"]
    assert report["failed"][0]["path"] == "CCLP/C/SR.8"
    assert "CCLP/C/SR.8; try --language or --format." in done.stderr
    service.answers = [send(docx("CCLP/C/SR.9"))]
    done = run(tmp_path, service, "fetch", "CCLP/C/SR.9", "--language", "fr", "--format", "docx")
    assert service.asked[-1] == {"s": "CCLP/C/SR.9", "l": "fr", "t": "docx"}
    assert done.stdout.startswith("replaced   CCLP/C/SR.9"), done.stderr


def test_looking_up_a_citation_does_not_open_the_network_library(
    service: Service, record: Record, tmp_path: Path
) -> None:
    service.answers = [send(pdf("CCLP/C/SR.9"))]
    assert record.fetch(["CCLP/C/SR.9"]) != AddReport()
    for arguments in (["show", "CCLP/C/SR.9"], ["cite", "CCLP/C/SR.9, para. 2"]):
        code = (
            f"import sys; sys.argv = ['rag', *{arguments!r}]\n"
            "from rag.cli import main\n"
            "try: main()\n"
            "finally: print('httpx' in sys.modules, 'tenacity' in sys.modules)"
        )
        done = subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True, text=True, cwd=ROOT, check=False,
            env={**os.environ, "RAG_INDEX": str(record.settings.index)},
        )  # fmt: skip
        assert "112 prisoners" in done.stdout, done.stderr
        assert done.stdout.strip().endswith("False False")


def run(folder: Path, service: Service, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from rag.cli import main; main()", *arguments],
        capture_output=True, text=True, cwd=ROOT, timeout=120, check=False,
        env={**os.environ, "RAG_INDEX": str(folder / "index"), "RAG_ODS_URL": service.url},
    )  # fmt: skip
