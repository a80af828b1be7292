"""Whatever comes in: a right reading or a sentence that says what to do, in bounded memory."""

from __future__ import annotations

import io
import multiprocessing
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from eval import fuzz
from eval.fuzz import Report
from eval.fuzz_inputs import as_docx, as_html, as_pdf, corpus, make
from eval.fuzz_promises import broken_promises
from rag.errors import PinpointError, UnreadableFile
from rag.parse import segment
from rag.read import read
from tests.conftest import SAMPLE

RECORD = (SAMPLE / "CCLP_C_SR.411.txt").read_text(encoding="utf-8")


def tried(path: Path) -> str:
    """What comes of a file: "read", or the sentence of the error; anything else is raised."""
    try:
        source = read(path)
        document = segment(source)
    except PinpointError as error:
        return str(error)
    assert list(broken_promises(source, document)) == []
    return "read"


def written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


# --- generated and damaged inputs: a slice of what `python -m eval.fuzz` does by the thousand ----


def test_a_slice_of_the_fuzzer_finds_nothing():
    report = fuzz.run(Report(seed=3, inputs=200), seconds=20, with_real=False)
    assert report.done == 200
    assert [(f.number, f.kind, f.made, f.detail[-400:]) for f in report.findings] == []
    # Both ends are reached: some are read, some refused.
    assert min(report.read.total(), report.refused.total()) > 30


LINES = st.lists(
    st.one_of(
        st.text(max_size=60),
        st.builds("{}{} {}".format, st.integers(0, 130), st.sampled_from([".", ")", "", " bis."]),
                  st.text(max_size=80)),
        st.sampled_from(RECORD.split("\n")),
        st.sampled_from(["Annex I", "A/HRC/28/10", "(a) and", "I. General", "Mr. X (State) said that"]),
    ),
    max_size=40,
)  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(lines=LINES, join=st.sampled_from(["\n", "\n\n", "\r\n", " ", "\f"]))
def test_any_lines_are_read_or_refused(lines, join, tmp_path_factory):
    path = tmp_path_factory.getbasetemp() / "any.txt"
    tried(written(path, join.join(lines).encode("utf-8", errors="surrogatepass")))


@settings(max_examples=60, deadline=None)
@given(data=st.binary(max_size=400), suffix=st.sampled_from([".txt", ".pdf", ".docx", ".html"]))
def test_any_bytes_are_read_or_refused(data, suffix, tmp_path_factory):
    tried(written(tmp_path_factory.getbasetemp() / f"any{suffix}", data))


def test_equal_numbers_make_equal_inputs():
    seeds = corpus(SAMPLE)
    assert [make(seeds, 3, n) for n in range(30)] == [make(seeds, 3, n) for n in range(30)]
    assert make(seeds, 3, 1) != make(seeds, 4, 1)


def test_a_stopped_run_goes_on(tmp_path):
    first = fuzz.run(Report(5, 6), formats=("txt",), workers=1, with_real=False, out=tmp_path)
    assert first.done == 6
    again = fuzz.resume(5, 9, tmp_path)
    assert again.done == 6
    done = fuzz.run(again, formats=("txt",), workers=1, with_real=False, out=tmp_path)
    assert done.read.total() + done.refused.total() + done.found.total() == 9
    with pytest.raises(SystemExit, match="seed 5"):
        fuzz.resume(6, 9, tmp_path)


@pytest.mark.parametrize(
    ("harm", "kind"),
    [
        ("raise ValueError('harm')", "ValueError"),
        ("import os; os._exit(7)", "died (status 7)"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", "died (signal 11)"),
        ("import time; time.sleep(60)", "hang"),
        ("bytearray(2**40)", "MemoryError"),
    ],
)
def test_the_fuzzer_sees_every_kind_of_harm(harm, kind, tmp_path, monkeypatch):
    """A reader that misbehaves is put in the place of the real one, in a real worker."""
    stub = tmp_path / "stub" / "sitecustomize.py"
    stub.parent.mkdir()
    stub.write_text(
        "import rag.read\n"
        f"def bad(path):\n    {harm}\n    return rag.read.text(path)\n"
        "rag.read.read = bad\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(stub.parent))
    report = fuzz.run(
        Report(5, 1), formats=("txt",), seconds=1, workers=1, with_real=False, out=tmp_path / "out"
    )
    (finding,) = report.findings
    assert finding.kind.startswith(kind)
    assert len(list((tmp_path / "out").glob("000000-*.txt"))) == 1


# --- PDFs ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return as_pdf(RECORD[:9000])


@pytest.mark.parametrize("share", [0.0, 0.001, 0.05, 0.3, 0.6, 0.9, 0.99, 0.9999])
def test_a_truncated_pdf(pdf, share, tmp_path):
    tried(written(tmp_path / "cut.pdf", pdf[: int(len(pdf) * share)]))


def test_a_whole_pdf_is_read(pdf, tmp_path):
    assert tried(written(tmp_path / "whole.pdf", pdf)) == "read"


def encrypted(path: Path, user: str | None) -> Path:
    from fpdf import FPDF

    made = FPDF()
    made.set_font("Helvetica", size=10)
    made.set_encryption(owner_password="owner", user_password=user)
    made.add_page()
    made.multi_cell(0, 6, "1. The Committee met at noon.\n\n2. The agenda was adopted.")
    made.output(str(path))
    return path


def test_a_pdf_with_a_password_is_refused(tmp_path):
    path = encrypted(tmp_path / "secret.pdf", "user")
    with pytest.raises(UnreadableFile, match=r"password|encrypted"):
        read(path)


def test_a_pdf_that_only_its_owner_may_change_is_read(tmp_path):
    document = segment(read(encrypted(tmp_path / "owned.pdf", None)))
    assert [paragraph.label for paragraph in document.paragraphs] == ["1", "2"]


# --- sizes --------------------------------------------------------------------------------------


def test_a_text_of_300_mb_is_refused_unread(tmp_path):
    path = tmp_path / "huge.txt"
    with path.open("wb") as stream:  # sparse where the file system can: 300 MB on paper
        stream.write(b"1. The Committee met.\n")
        stream.truncate(300 * 10**6)
    with pytest.raises(UnreadableFile, match="larger than"):
        read(path)


def zip_bomb(path: Path) -> Path:
    """A Word file of some hundred kilobytes whose document would be 600 MB."""
    whole = as_docx("1. The Committee met.\n2. The agenda was adopted.")
    with zipfile.ZipFile(io.BytesIO(whole)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    head, _, tail = parts.pop("word/document.xml").partition(b"</w:body>")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as package:
        for name, content in parts.items():
            package.writestr(name, content)
        with package.open("word/document.xml", "w", force_zip64=True) as stream:
            stream.write(head)
            filler = b"<w:p><w:r><w:t>" + b"a" * 1_000_000 + b"</w:t></w:r></w:p>"
            for _ in range(600):
                stream.write(filler)
            stream.write(b"</w:body>" + tail)
    return path


def _read_within(path: Path, mebibytes: int, pipe) -> None:
    """In a process of its own: read under a limit of memory, and say what came of it."""
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (mebibytes * 2**20, mebibytes * 2**20))
    try:
        pipe.send(tried(path))
    except BaseException as error:
        pipe.send(f"{type(error).__name__}: {error}")


def within(path: Path, mebibytes: int) -> str:
    pytest.importorskip("resource", reason="the system has no limits of memory")
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_read_within, args=(path, mebibytes, theirs))
    process.start()
    theirs.close()
    try:
        assert ours.poll(60), "still at it after a minute"
        return ours.recv()
    finally:
        process.kill()
        process.join()


def test_a_zip_bomb_is_refused_in_little_memory(tmp_path):
    path = zip_bomb(tmp_path / "bomb.docx")
    assert path.stat().st_size < 2_000_000
    told = within(path, 700)
    assert told.startswith(str(path)), told  # our own sentence, not MemoryError


def test_a_text_of_one_line_is_read_in_little_memory(tmp_path):
    text = " ".join(f"{n}. The Committee took note of the reply." for n in range(1, 400))
    assert within(written(tmp_path / "line.txt", text.encode()), 700) == "read"


@pytest.mark.parametrize("deep", [50, 20_000])
def test_deep_nesting(deep, tmp_path):
    nested = f"<html><body>{'<div>' * deep}<p>1. It met.</p><p>2. It rose.</p>{'</div>' * deep}"
    tried(written(tmp_path / "deep.html", nested.encode()))


def test_the_same_record_in_every_format(tmp_path):
    """What the generators of the fuzzer set is read back: they do not make rubbish alone."""
    text = "\n".join(f"{n}. The Committee took note of reply {n * 7}." for n in range(1, 9))
    made = {"a.txt": text.encode(), "a.pdf": as_pdf(text), "a.docx": as_docx(text),
            "a.html": as_html(text).encode()}  # fmt: skip
    for name, data in made.items():
        document = segment(read(written(tmp_path / name, data)))
        assert [p.label for p in document.paragraphs] == [str(n) for n in range(1, 9)], name
        assert document.paragraphs[6].text == "The Committee took note of reply 49.", name
