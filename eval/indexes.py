"""The index of a corpus, made once and kept.

A kept index is found by what it was made of and with: the passages, the embedder, the
chunk budget, and the code that cuts, embeds and stores. Change one of them, and another
index is made; so no figure comes from an index that today's code would not make.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import time
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from typing import Any

from filelock import FileLock

import rag
from eval.corpora import Corpus
from eval.provenance import source_digest
from eval.suites import ROOT
from rag.config import Settings

MAKERS = ("adding.py", "chunk.py", "sentences.py", "encoder.py", "embed.py", "domain.py", "store")
UNUSED = 14 * 24 * 3600  # seconds after which another index of the same corpus is thrown away
MARK = "kept.json"

Progress = Callable[[str, int, int], None]  # (what, done, total)


def caches() -> Path:
    """Give the folder of kept indexes: in a checkout eval/cache, else the user's cache."""
    if (ROOT / "pyproject.toml").is_file():
        return ROOT / "eval" / "cache"
    from platformdirs import user_cache_path

    return user_cache_path("pinpoint-record") / "eval"


def kept(corpus: Corpus, settings: Settings, *, progress: Progress | None = None) -> Path:
    """Give the folder of a corpus's index, which is made if it is not there.

    An index whose making was interrupted is gone on with. While one process makes it,
    others wait.

    Raises:
        StoreError: it cannot be written.
        ModelUnavailable: the embedder cannot be had.

    """
    made_of = _made_of(corpus, settings)
    text = json.dumps(made_of, indent=1, sort_keys=True)
    folder = caches() / f"{corpus.name}-{hashlib.sha256(text.encode()).hexdigest()[:16]}"
    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(_lock(folder)):
        mark = folder / MARK
        if mark.is_file():
            mark.touch()  # in use: `_sweep` leaves it alone
            return folder
        _make(corpus, settings.model_copy(update={"index": folder}), progress)
        mark.write_text(text + "\n", encoding="utf-8")
        _sweep(corpus.name, folder)
    return folder


def _made_of(corpus: Corpus, settings: Settings) -> dict[str, Any]:
    """Tell all that decides what an index holds."""
    here = Path(rag.__file__).resolve().parent
    return {
        "corpus": corpus.sha256(),
        "embedder": settings.embedder,
        "chunk_tokens": settings.chunk_tokens,
        "code": source_digest(*(here / name for name in MAKERS)),
        "packages": {name: metadata.version(name) for name in ("chromadb", "tantivy")},
    }


def _make(corpus: Corpus, settings: Settings, progress: Progress | None) -> None:
    from rag.record import Record

    Record(settings).add_documents(corpus.documents, progress=progress)


def _sweep(name: str, keep: Path) -> None:
    """Throw away other indexes of the same corpus that nobody used for long."""
    for mark in keep.parent.glob(f"{name}-*/{MARK}"):
        if mark.parent != keep and time.time() - mark.stat().st_mtime > UNUSED:
            shutil.rmtree(mark.parent, ignore_errors=True)
            _lock(mark.parent).unlink(missing_ok=True)


def _lock(folder: Path) -> Path:
    return folder.parent / f"{folder.name}.lock"
