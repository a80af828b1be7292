"""`rag …` in a process of its own, forked from one that has the heavy libraries loaded already.

Loading them takes five sixths of the time of a short command, and every test would pay it anew.
That they are loaded late, and not at all where they are not needed, has its own tests.
"""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.conftest import ROOT

LIMIT = 120  # seconds
_processes = multiprocessing.get_context("forkserver")
_processes.set_forkserver_preload(
    ["chromadb", "onnxruntime", "tantivy", "tokenizers", "rag.store.index", "rag.answer.quote"]
)


def rag(
    *arguments: str, index: Path, ok: int | None = 0, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run a command, and check its exit status.

    Args:
        arguments: after `rag`.
        index: the index.
        ok: the exit status expected; None: any.
        environment: variables beside those of this process.

    """
    told = {**os.environ, "RAG_INDEX": str(index), **environment}
    with tempfile.TemporaryDirectory() as folder:
        out, err = Path(folder) / "out", Path(folder) / "err"
        process = _processes.Process(target=_run, args=(arguments, told, str(out), str(err)))
        process.start()
        process.join(LIMIT)
        if process.exitcode is None:
            process.kill()
            raise subprocess.TimeoutExpired(["rag", *arguments], LIMIT)
        done = subprocess.CompletedProcess(
            ["rag", *arguments],
            process.exitcode,
            out.read_text(encoding="utf-8"),
            err.read_text(encoding="utf-8"),
        )
    if ok is not None:
        assert done.returncode == ok, done.stderr
    return done


def _run(arguments: tuple[str, ...], environment: dict[str, str], out: str, err: str) -> None:
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(ROOT)
    for number, path in ((1, out), (2, err)):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    sys.stdin, sys.stdout, sys.stderr = (
        open(number, mode, encoding="utf-8", closefd=False)  # noqa: SIM115
        for number, mode in ((0, "r"), (1, "w"), (2, "w"))
    )
    sys.argv = ["rag", *arguments]
    from rag.cli import main

    main()
