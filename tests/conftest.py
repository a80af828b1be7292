"""Shared fixtures: where the real records are, the sample, and no network but loopback."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
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


@pytest.fixture(scope="session")
def sample_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of the four sample documents."""
    from rag.config import Settings
    from rag.record import Record

    path = tmp_path_factory.mktemp("sample") / "index"
    report = Record(Settings(index=path)).add([SAMPLE])
    assert not report.failed
    return path


@pytest.fixture(scope="session")
def seed_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of the record this project is made for."""
    from rag.config import Settings
    from rag.record import Record

    record = needs("record/CCPR_C_SR.3272.txt")
    path = tmp_path_factory.mktemp("seed") / "index"
    assert Record(Settings(index=path)).add([record]).added == ("CCPR/C/SR.3272",)
    return path
