"""Where a result comes from: the commit, the versions of what did the work, the index."""

from __future__ import annotations

import hashlib
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from eval.suites import ROOT

PACKAGES = ("llama-index-core", "chromadb", "tantivy", "onnxruntime", "ir-measures")


@dataclass(frozen=True, slots=True)
class Commit:
    """The commit of the code that ran; `dirty` where the tree differed from it."""

    id: str
    dirty: bool


@dataclass(frozen=True, slots=True)
class IndexPrint:
    """What an index held: equal fingerprints answered from the same text, cut the same way."""

    sha256: str  # over the manifest, and each document's id, source and paragraphs
    documents: int
    paragraphs: int
    manifest: str  # manifest.json as it stood; empty where there was none


def commit(root: Path = ROOT) -> Commit | None:
    """Ask git for the commit; None outside a checkout, or without git."""
    try:
        top, head, changes = (
            _git(root, *words)
            for words in (
                ("rev-parse", "--show-toplevel"),
                ("rev-parse", "HEAD"),
                ("status", "--porcelain"),
            )
        )
    except (OSError, subprocess.SubprocessError):
        return None
    # Installed into an environment inside someone else's checkout, that is not our commit.
    return Commit(head, bool(changes)) if Path(top).resolve() == root.resolve() else None


def _git(root: Path, *words: str) -> str:
    """Run one reading git command; it takes no lock, so that nobody's commit is disturbed."""
    command = ("git", "--no-optional-locks", "-C", str(root), *words)
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=30)
    return done.stdout.strip()


def source_digest(*paths: Path) -> str:
    """Fingerprint files, and all files in folders, but what Python compiled of them."""
    digest = hashlib.sha256()
    for path in paths:
        inside = sorted(path.rglob("*")) if path.is_dir() else [path]
        for file in inside:
            if file.is_file() and "__pycache__" not in file.parts:
                digest.update(f"{file.relative_to(path.parent)}\0".encode())
                digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def versions() -> dict[str, str]:
    """Give the versions of this project and of the packages that do the work."""
    import rag

    found = {"rag": rag.__version__}
    for package in PACKAGES:
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            found[package] = "absent"
    return found


def index_print(folder: Path, documents: Iterable[tuple[str, str, int]]) -> IndexPrint:
    """Fingerprint an index; `documents` gives (id, sha256 of the source, paragraphs)."""
    path = folder / "manifest.json"
    manifest = path.read_text(encoding="utf-8") if path.is_file() else ""
    held = sorted(documents)
    lines = (manifest, *(f"{name} {sha256} {count}" for name, sha256, count in held))
    digest = hashlib.sha256("\n".join(lines).encode()).hexdigest()
    return IndexPrint(digest, len(held), sum(count for *_, count in held), manifest)
