"""The table of rooms: who may import whom. Imports only point down."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.conftest import ROOT

DOWN = {
    "errors": set(),
    "domain": {"errors"},
    "config": {"errors"},
    "cite": {"domain", "errors"},
    "read": {"domain", "errors"},
    "sentences": set(),
    "subparagraphs": {"domain"},
    "thesaurus": set(),
    "query": set(),
    "sides": {"domain", "query"},
    "sentence_kinds": {"query", "domain"},
    "parse": {"domain", "errors", "cite"},
    "chunk": {"domain", "errors", "sentences"},
    "encoder": {"errors"},
    "embed": {"domain", "errors", "encoder"},
    "reader": {"errors", "encoder"},
    "store": {"domain", "errors"},
    "adding": {"domain", "errors", "chunk", "store"},
    "retrieve": {"domain", "errors", "store", "query", "sides", "thesaurus"},
    "retriever": {"domain", "present"},
    "answer": {
        "domain", "errors", "cite", "query", "sides", "sentences", "sentence_kinds", "subparagraphs",
        "thesaurus", "chunk",
    },
    "record": {
        "domain", "errors", "config", "cite", "read", "parse", "embed", "encoder", "store", "adding",
        "retriever", "answer", "resolve", "conversations", "asking", "linking", "reader",
    },
    "asking": {
        "domain", "errors", "config", "cite", "parse", "query", "retrieve", "subject", "answer",
        "store", "linking", "recommended", "remarks", "spoken", "reader",
    },
    "recommended": {"domain", "cite", "parse", "query", "answer", "store"},
    "remarks": {"domain", "cite", "query", "answer", "store", "recommended", "subject"},
    "linking": {"domain", "query", "sides", "answer", "store", "spoken"},
    "spoken": {"cite", "parse", "query", "store", "subject"},
    "subject": {"cite", "parse", "query", "store"},
    "resolve": {"domain", "errors", "cite", "store", "subparagraphs"},
    "check": {"domain", "errors", "cite", "read", "sentences", "answer", "resolve", "store"},
    "present": {"domain", "subparagraphs"},
    "given": {"domain", "errors"},
    "cli": {
        "record", "domain", "cite", "errors", "config", "present", "given",
        "cli_conversations", "cli_exchanges", "cli_check", "cli_export", "cli_app", "cli_shown",
    },
    "cli_app": {"app", "errors"},
    "cli_shown": {"domain", "present"},
    "cli_export": {"record", "conversations", "export", "cite", "domain", "errors"},
    "export": {"domain", "errors", "cite", "conversations", "present"},
    "cli_exchanges": {"record", "present"},
    "cli_check": {"record", "check", "errors"},
    "cli_conversations": {"record", "conversations", "errors", "export", "cite"},
    "conversations": {"domain", "errors", "present"},
    "app": {
        "record", "domain", "cite", "errors", "config", "present", "subparagraphs", "conversations",
        "export", "check", "answer",
    },
}  # fmt: skip


def room(path: Path) -> str:
    return path.relative_to(ROOT / "rag").parts[0].removesuffix(".py")


@pytest.mark.parametrize("path", sorted((ROOT / "rag").rglob("*.py")), ids=str)
def test_imports_point_down(path: Path) -> None:
    here = room(path)
    if here == "__init__":
        return
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = (
            [node.module] if isinstance(node, ast.ImportFrom) and node.module
            else [alias.name for alias in node.names] if isinstance(node, ast.Import)
            else []
        )  # fmt: skip
        for name in names:
            parts = name.split(".")
            if parts[0] == "eval":
                assert here == "cli", f"{path}: only cli.py mounts the evaluations"
            if parts[0] == "rag" and len(parts) > 1 and parts[1] != here:
                assert parts[1] in DOWN[here], f"{here} imports {parts[1]}"
