"""The command line as other programs call it: output, exit status, errors in one sentence.

Long, because every command has its cases.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from filelock import FileLock

from tests.command import rag
from tests.conftest import ROOT, SAMPLE

RECORD = """CCLP/C/SR.9
Committee on Civil Liberties
Summary record of the 9th meeting
Held at the Palais des Roches, Valmont, on Monday, 4 March 2024, at 3 p.m.
Chair: Ms. Oyelaran
The meeting was called to order at 3.05 p.m.
Second periodic report of Maravia (CCLP/C/MRV/2)
1. At the invitation of the Chair, the delegation of Maravia took places at the Committee table.
2. Mr. Anders (Maravia) said that 112 prisoners had been released in 2023 under the Amnesty Act.
3. Ms. Bell asked why no school had been built in the northern province.
4. Mr. Anders (Maravia) said that two schools would be built in the northern province in 2025.
The meeting rose at 6 p.m.
"""


def as_json(*arguments: str, index: Path, ok: int = 0) -> object:
    return json.loads(rag(*arguments, "--json", index=index, ok=ok).stdout)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cli")
    (folder / "nine.txt").write_text(RECORD)
    report = as_json("add", str(folder / "nine.txt"), index=folder / "index")
    assert report == {
        "added": ["CCLP/C/SR.9"],
        "unchanged": [],
        "replaced": [],
        "failed": [],
        "paragraphs": 4,
        "embedded": 4,
    }
    return folder / "index"


def test_adding_again_embeds_nothing_and_a_change_only_what_changed(tmp_path: Path) -> None:
    path, index = tmp_path / "nine.txt", tmp_path / "index"
    path.write_text(RECORD)
    rag("add", str(path), index=index)
    again = as_json("add", str(path), index=index)
    assert (again["unchanged"], again["embedded"]) == (["CCLP/C/SR.9"], 0)
    path.write_text(RECORD.replace("112 prisoners", "113 prisoners"))
    changed = as_json("add", str(path), index=index)
    assert (changed["replaced"], changed["embedded"]) == (["CCLP/C/SR.9"], 1)
    shown = as_json("show", "CCLP/C/SR.9", index=index)
    assert "113 prisoners" in shown["paragraphs"][1]["text"]
    assert as_json("status", index=index)["paragraphs"] == 4


def test_show(index: Path) -> None:
    shown = as_json("show", "cclp/c/sr.9", index=index)
    assert shown["symbol"] == "CCLP/C/SR.9"
    assert shown["body"] == "Committee on Civil Liberties"
    assert (shown["meeting"], shown["held_on"]) == (9, "2024-03-04")
    assert (shown["place"], shown["chair"]) == ("Palais des Roches, Valmont", "Ms. Oyelaran")
    assert [p["label"] for p in shown["paragraphs"]] == ["1", "2", "3", "4"]
    second = shown["paragraphs"][1]
    assert (second["speaker"], second["role"], second["delegation"]) == (
        "Mr. Anders", "delegation", "Maravia",
    )  # fmt: skip
    assert set(second) >= {"label", "inferred", "text", "heading", "continued", "page"}
    assert [e["after"] for e in shown["events"]] == [None, "4"]
    assert shown["headings"][0]["before"] == "1"
    readable = rag("show", "CCLP/C/SR.9", index=index).stdout
    assert "4. Mr. Anders (Maravia) said that two schools" in readable


def test_ask(index: Path) -> None:
    answer = as_json("ask", "How many prisoners were released in 2023?", index=index)
    assert answer["answered"] is True
    claim = answer["claims"][0]
    assert claim["citation"] == {
        "symbol": "CCLP/C/SR.9", "section": None, "first": "2", "last": None,
        "text": "CCLP/C/SR.9, para. 2",
    }  # fmt: skip
    assert "112 prisoners" in claim["quote"]
    assert (claim["speaker"], claim["delegation"]) == ("Mr. Anders", "Maravia")
    assert {check["kind"] for check in claim["checks"]} >= {"citation", "quotation", "speaker"}
    assert all(check["passed"] for check in claim["checks"])
    assert answer["searched"] == {"documents": 1, "paragraphs": 4, "limits": []}
    line = rag("ask", "How many prisoners were released in 2023?", index=index).stdout
    assert line.startswith("Mr. Anders (Maravia): “")
    assert line.rstrip().endswith("[CCLP/C/SR.9, para. 2]")


@pytest.mark.parametrize(
    ("question", "paragraph"),
    [
        ("What did Ms. Bell ask about schools?", "3"),
        ("What did the delegation say about schools in the northern province?", "4"),
    ],
)
def test_the_side_asked_for_is_the_side_quoted(index: Path, question: str, paragraph: str) -> None:
    answer = as_json("ask", question, index=index)
    assert answer["claims"][0]["citation"]["first"] == paragraph


def test_a_silent_record_says_so(index: Path) -> None:
    answer = as_json("ask", "What is the capital of Ruritania?", index=index, ok=1)
    assert answer["answered"] is False
    assert answer["text"].startswith("The record does not say.")
    assert answer["claims"] == []
    assert len(answer["nearest"]) == 3
    said = rag("ask", "What is the capital of Ruritania?", index=index, ok=1).stdout
    assert "Nearest paragraphs:" in said


def test_search_and_filters(index: Path) -> None:
    hits = as_json("search", "schools in the northern province", "-k", "2", index=index)
    assert [hit["label"] for hit in hits] in (["4", "3"], ["3", "4"])
    assert set(hits[0]) >= {"symbol", "label", "citation", "text", "speaker", "score", "by"}
    asked = as_json("search", "schools", "--role", "member", index=index)
    assert [hit["label"] for hit in asked] == ["3"]
    said = as_json("search", "schools", "--speaker", "anders", index=index)
    assert {hit["label"] for hit in said} == {"2", "4"}
    assert as_json("search", "schools", "--delegation", "Maravia", index=index)
    assert as_json("search", "schools", "--from", "2024-03-05", index=index) == []
    assert as_json("search", "schools", "--to", "2024-03-04", index=index)
    assert as_json("search", "schools", "--speaker", "nobody", index=index) == []


@pytest.mark.parametrize(
    ("option", "value", "found"),
    [
        ("--body", "civil liberties", True),
        ("--body", "CCLP", True),
        ("--body", "Committee against Torture", False),
        ("--state", "Maravia", True),
        ("--state", "Peru", False),
        ("--heading", "PERIODIC report", True),
        ("--heading", "torture", False),
    ],
)
def test_search_is_limited_by_body_state_and_heading(
    index: Path, option: str, value: str, found: bool
) -> None:
    hits = as_json("search", "schools", option, value, index=index)
    assert bool(hits) == found


def test_cite(index: Path) -> None:
    found = as_json("cite", "See CCLP/C/SR.9, paras. 2–3, and so on.", index=index)
    assert [(c["symbol"], c["paras"], c["resolved"]) for c in found] == [
        ("CCLP/C/SR.9", [["2", "3"]], True)
    ]
    assert [p["label"] for p in found[0]["paragraphs"]] == ["2", "3"]
    assert (
        "See CCLP/C/SR.9, paras. 2–3, and so on."[found[0]["start"] : found[0]["end"]]
        == "CCLP/C/SR.9, paras. 2–3"
    )
    lost = as_json("cite", "CCLP/C/SR.9, para. 40", index=index, ok=1)
    assert lost[0]["resolved"] is False
    assert rag("cite", "nothing to see", index=index, ok=1).stdout == ""


def test_batches(index: Path, tmp_path: Path) -> None:
    batch = tmp_path / "batch.jsonl"
    batch.write_text(
        '{"id": "a", "question": "How many prisoners were released in 2023?"}\n'
        '{"id": 2, "question": "who said that?", "history": ["How many prisoners were released?"]}\n'
        '{"id": "c", "question": "capital of Ruritania", "symbol": "CCLP/C/SR.9"}\n'
    )
    lines = [
        json.loads(line)
        for line in rag("ask", "--batch", str(batch), "--json", index=index).stdout.splitlines()
    ]
    assert [(line["id"], line["answered"]) for line in lines] == [
        ("a", True), (2, True), ("c", False),
    ]  # fmt: skip
    assert lines[1]["claims"][0]["speaker"] == "Mr. Anders"
    batch.write_text('{"id": 1, "query": "schools"}\n')
    line = json.loads(rag("search", "--batch", str(batch), "--json", index=index).stdout)
    assert (line["id"], line["hits"][0]["symbol"]) == (1, "CCLP/C/SR.9")
    batch.write_text('{"id": 1, "text": "CCLP/C/SR.9, para. 2"}\n')
    line = json.loads(rag("cite", "--batch", str(batch), "--json", index=index).stdout)
    assert line["citations"][0]["resolved"] is True


def test_remove(tmp_path: Path) -> None:
    index = tmp_path / "index"
    (tmp_path / "nine.txt").write_text(RECORD)
    rag("add", str(tmp_path / "nine.txt"), index=index)
    rag("remove", "CCLP/C/SR.9", index=index)
    assert as_json("list", index=index) == []
    assert as_json("search", "prisoners", index=index) == []
    assert "not in the index" in rag("show", "CCLP/C/SR.9", index=index, ok=2).stderr


# -- bad input ---------------------------------------------------------------------------------


def one_sentence(done: subprocess.CompletedProcess[str], says: str) -> None:
    assert done.returncode == 2
    assert says in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
    assert len(done.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("gone.txt", None, "does not exist"),
        ("empty.txt", b"", "is empty"),
        ("image.txt", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8, "binary"),
        ("prose.txt", b"A text without any numbered paragraph in it.\n", "no numbered paragraphs"),
        ("folder", b"", "no file"),
    ],
)
def test_what_cannot_be_added(tmp_path: Path, name: str, data: bytes | None, says: str) -> None:
    path = tmp_path / name
    if name == "folder":
        path.mkdir()
    elif data is not None:
        path.write_bytes(data)
    one_sentence(rag("add", str(path), index=tmp_path / "index", ok=2), says)
    assert as_json("status", index=tmp_path / "index")["documents"] == 0


def test_one_bad_file_does_not_stop_the_others(tmp_path: Path) -> None:
    folder = tmp_path / "records"
    folder.mkdir()
    (folder / "a.txt").write_bytes(b"\x00\x01\x02" * 100)
    (folder / "b.txt").write_text(RECORD)
    done = rag("add", str(folder), index=tmp_path / "index", ok=2)
    assert "added      CCLP/C/SR.9" in done.stdout
    assert "a.txt" in done.stderr
    assert "binary" in done.stderr
    assert as_json("status", index=tmp_path / "index")["documents"] == 1


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["ask", "   "], "question is empty"),
        (["ask", "why " * 25_000], "characters"),
        (["ask"], "Ask a question"),
        (["ask", "why?", "--symbol", "CCLP/C/SR.1"], "not in the index"),
        (["ask", "why?", "--role", "king"], "no role 'king'"),
        (["ask", "why?", "--from", "yesterday"], "not a date"),
        (["ask", "why?", "--history", "nowhere.json"], "does not exist"),
        (["ask", "--batch", "nowhere.jsonl"], "does not exist"),
        (["ask", "why?", "--llm", "oracle:delphi"], "oracle"),
        (["show", "CCLP/C/SR.1"], "not in the index"),
        (["remove", "CCLP/C/SR.1"], "not in the index"),
        (["eval", "run", "nothing"], "nothing"),
    ],
)
def test_bad_questions(index: Path, arguments: list[str], says: str) -> None:
    one_sentence(rag(*arguments, index=index, ok=2), says)


def test_an_endless_question_says_so_from_a_file_too(index: Path, tmp_path: Path) -> None:
    """A shell takes 128 KiB at most in one argument; a file or standard input takes any length."""
    batch = tmp_path / "batch.jsonl"
    batch.write_text(
        json.dumps({"id": 1, "question": "why " * 50_000})
        + '\n{"id": 2, "question": "How many prisoners were released in 2023?"}\n'
    )
    done = rag("ask", "--batch", str(batch), "--json", index=index, ok=2)
    first, second = [json.loads(line) for line in done.stdout.splitlines()]
    assert "200,000 characters" in first["error"] or "199,999 characters" in first["error"]
    assert second["answered"] is True


def test_bad_settings(index: Path, tmp_path: Path) -> None:
    one_sentence(rag("status", index=index, ok=2, RAG_INDX="x"), "RAG_INDX")
    one_sentence(rag("status", index=index, ok=2, RAG_LIMIT="many"), "limit")
    one_sentence(rag("ask", "why?", index=index, ok=2, RAG_EMBEDDER="openai:x"), "rag rebuild")
    one_sentence(rag("ask", "why?", index=index, ok=2, RAG_CHUNK_TOKENS="64"), "rag rebuild")


def test_a_locked_index_is_said_and_left_alone(tmp_path: Path) -> None:
    index = tmp_path / "index"
    index.mkdir()
    (tmp_path / "nine.txt").write_text(RECORD)
    with FileLock(index / ".lock"):
        done = rag("add", str(tmp_path / "nine.txt"), index=index, ok=2, RAG_LOCK_TIMEOUT="0.1")
    one_sentence(done, "another process")
    assert as_json("status", index=index)["documents"] == 0


def test_a_damaged_catalogue_is_said(tmp_path: Path) -> None:
    index = tmp_path / "index"
    index.mkdir()
    (index / "catalog.db").write_bytes(b"this is no database " * 100)
    one_sentence(rag("list", index=index, ok=2), "cannot be used")


def test_rebuild_moves_an_index_to_other_settings(tmp_path: Path) -> None:
    index = tmp_path / "index"
    (tmp_path / "nine.txt").write_text(RECORD)
    rag("add", str(tmp_path / "nine.txt"), index=index)
    rag("rebuild", index=index, RAG_CHUNK_TOKENS="64")
    done = rag("ask", "How many prisoners were released?", index=index, RAG_CHUNK_TOKENS="64")
    assert "[CCLP/C/SR.9, para. 2]" in done.stdout


# -- the doors open late -----------------------------------------------------------------------


@pytest.mark.parametrize("code", ["import rag", "import rag.cite", "import rag.cli, rag.record"])
def test_heavy_doors_open_late(code: str) -> None:
    heavy = ("llama_index", "chromadb", "onnxruntime", "streamlit", "tantivy", "numpy", "rich")
    script = f"{code}; import sys; print([m for m in {heavy!r} if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT, check=True
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("arguments", [["cite", "CCLP/C/SR.9, para. 2"], ["show", "CCLP/C/SR.9"]])
def test_citing_and_showing_load_no_model(index: Path, arguments: list[str]) -> None:
    script = (
        "import sys, rag.cli\n"
        f"sys.argv = ['rag', *{arguments!r}]\n"
        "try:\n    rag.cli.main()\nexcept SystemExit:\n    pass\n"
        "heavy = ('llama_index', 'chromadb', 'onnxruntime', 'streamlit')\n"
        "print([m for m in heavy if m in sys.modules], file=sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True, text=True, cwd=ROOT, check=True,
        env={**os.environ, "RAG_INDEX": str(index)},
    )  # fmt: skip
    assert done.stderr.strip() == "[]"


def test_an_interrupted_add_is_finished_on_the_next_opening(tmp_path: Path) -> None:
    """The process is killed while it works; what it left opens and is completed."""
    index = tmp_path / "index"
    process = subprocess.Popen(
        [sys.executable, "-c", "from rag.cli import main; main()", "add", str(SAMPLE)],
        cwd=ROOT, env={**os.environ, "RAG_INDEX": str(index)},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    deadline = time.monotonic() + 60
    while not (index / "catalog.db").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(0.5)
    process.kill()
    process.wait()
    report = as_json("add", str(SAMPLE), index=index)
    assert report["failed"] == []
    state = as_json("status", index=index)
    assert (state["documents"], state["paragraphs"], state["pending"]) == (4, 167, [])
    hits = as_json("search", "solitary confinement of Mr. Korda", index=index)
    assert hits


def test_the_app_starts_for_a_new_user_and_asks_for_nothing(tmp_path: Path) -> None:
    """A first start of Streamlit would ask for an e-mail address, and wait for ever."""
    import socket
    import urllib.request

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-c", "from rag.cli import main; main()",
         "app", "--port", str(port), "--no-browser"],
        cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        env={**os.environ, "RAG_INDEX": str(tmp_path / "index"), "HOME": str(tmp_path),
             "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    try:
        deadline = time.monotonic() + 60
        page = b""
        while not page and time.monotonic() < deadline:
            try:
                page = urllib.request.urlopen(f"http://127.0.0.1:{port}", timeout=5).read()
            except OSError:
                assert process.poll() is None
                time.sleep(0.2)
        assert b"<title>" in page
    finally:
        process.terminate()
        process.wait()
    ended = False  # the server ends with the command
    for _ in range(100):
        with socket.socket() as probe:
            ended = probe.connect_ex(("127.0.0.1", port)) != 0
        if ended:
            break
        time.sleep(0.2)
    assert ended
