"""Shared fixtures: where the real records are, the sample, and no network but loopback."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock
from pytest_socket import _remove_restrictions, socket_allow_hosts

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = ROOT / "rag" / "sample"


def shared() -> Path:
    """Folder of the real records, which are not part of the project."""
    return Path(os.environ.get("RECORD_SHARED", ROOT.parent / "shared")).resolve()


def needs(path: str) -> Path:
    """A file of the real records, or a skip that says what is missing."""
    full = shared() / path
    if not full.exists():
        pytest.skip(f"{full} is not here; set RECORD_SHARED to the folder of real records")
    return full


@pytest.fixture(autouse=True)
def _only_loopback() -> Iterator[None]:
    """Every test runs without the network: any socket but loopback is refused."""
    socket_allow_hosts(["127.0.0.1", "::1"], allow_unix_socket=True)
    yield
    _remove_restrictions()


@pytest.fixture(autouse=True)
def _own_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No test reads or writes the user's index or settings."""
    for key in [key for key in os.environ if key.startswith("RAG_")]:
        monkeypatch.delenv(key)
    monkeypatch.setenv("RAG_INDEX", str(tmp_path / "index"))


def _made_once(factory: pytest.TempPathFactory, worker: str, name: str, path: Path) -> Path:
    """An index of some files: one of the test processes makes it, each has a copy of its own."""
    from rag.config import Settings
    from rag.record import Record

    base = factory.getbasetemp()
    made = (base if worker == "master" else base.parent) / f"made-{name}"
    with FileLock(f"{made}.lock"):
        if not (made / "done").exists():
            made.mkdir(exist_ok=True)
            assert not Record(Settings(index=made / "index")).add([path]).failed
            (made / "done").touch()
    copied = factory.mktemp(name) / "index"
    shutil.copytree(made / "index", copied)
    return copied


@pytest.fixture(scope="session")
def sample_index(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """An index of the four sample documents."""
    return _made_once(tmp_path_factory, worker_id, "sample", SAMPLE)


@pytest.fixture(scope="session")
def seed_index(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """An index of the record this project is made for."""
    return _made_once(tmp_path_factory, worker_id, "seed", needs("record/CCPR_C_SR.3272.txt"))
