r"""Blocks → Markdown with footnotes ([^1]).

What documents, questions and models say is data: every sign that Markdown, its common
extensions or HTML would act upon is escaped, so that no link, image, element or formula comes
alive. Addresses that this program wrote are links. Source: CommonMark 0.31.2, "Backslash
escapes" (any punctuation may be escaped); the GitHub extensions' autolinks (www., ://, @).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.cite.styles import Runs
from rag.export.blocks import Block

_SIGNS = re.compile(r"[\\`*_{}\[\]<>#|~&$^@]|(?<=\w):(?=//)|(?<=\bwww)\.", re.IGNORECASE)
_BEGINS = re.compile(r"^([-+=])|^([0-9]{1,9})([.)])(?=\s|$)")
_BEFORE = {"title": "# ", "question": "## ", "item": "- "}


def markdown(blocks: Sequence[Block]) -> str:
    """Write blocks as one document, its footnotes at the end, numbered from 1."""
    parts: list[str] = []
    notes: list[str] = []
    listing = False
    for block in blocks:
        text = _runs(block.runs, begins=block.kind not in _BEFORE or block.kind == "item")
        if block.note is not None:
            link = f" <{block.note.link}>" if block.note.link else ""
            notes.append(f"[^{len(notes) + 1}]: {_runs(block.note.runs, begins=True)}{link}")
            text += f"[^{len(notes)}]"
        text = f"*{text}*" if block.kind == "small" else text
        gap = "\n" if listing and block.kind == "item" else "\n\n"
        parts.append(f"{gap if parts else ''}{_BEFORE.get(block.kind, '')}{text}")
        listing = block.kind == "item"
    return "".join(parts) + "".join(f"\n\n{note}" for note in notes) + "\n"


def _runs(runs: Runs, *, begins: bool = False) -> str:
    """Runs as one line; where it begins a paragraph, nothing at its start makes it another thing."""
    pieces = [f"*{_escaped(run.text)}*" if run.italic else _escaped(run.text) for run in runs]
    line = " ".join("".join(pieces).split())
    if not begins:
        return line
    return _BEGINS.sub(lambda m: f"\\{m[1]}" if m[1] else f"{m[2]}\\{m[3]}", line)


def _escaped(text: str) -> str:
    plain = "".join(sign if sign.isprintable() or sign.isspace() else " " for sign in text)
    return _SIGNS.sub(lambda match: f"\\{match[0]}", re.sub(r"\s+", " ", plain))
