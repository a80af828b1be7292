"""Headers of a Word file → what of them is part of the record: the masthead.

Some templates set the masthead as the header of the first page. Running headers repeat
on each page and are left out; where the symbol is printed nowhere else, it is kept.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

from rag.read.blocks import Block
from rag.read.word_package import Package, local, switch, value

_SYMBOL = re.compile(r"^[A-Z][A-Z0-9]*(?:/[A-Z0-9][A-Za-z0-9.]*)+\*{0,3}$")


def masthead(
    package: Package,
    section: Any | None,
    body: Sequence[Block],
    read: Callable[[Iterable[Any]], list[Block]],
    page: int | None,
) -> list[Block]:
    """What stands above the text on its first page.

    Args:
        package: the Word file.
        section: the properties of its first section.
        body: the text, so that nothing of it is said twice.
        read: reads the paragraphs of a header.
        page: the number of the first page, where pages are known.

    """
    headers = {
        value(inner, "type"): value(inner, "id")
        for inner in (() if section is None else section)
        if local(inner) == "headerReference"
    }

    def header(identifier: str | None) -> list[Block]:
        root = package.xml(package.target(identifier or ""))
        return [] if root is None else [replace(block, page=page) for block in read(root)]

    printed = {line for block in body for line in block.lines}
    if "first" in headers and switch(section, "titlePg"):
        above = header(headers.pop("first"))
        if any(line not in printed for block in above for line in block.lines):
            return above
    words = {word for line in printed for word in line.split()}
    for identifier in headers.values():
        for block in header(identifier):
            if _SYMBOL.match(block.lines[0]) and block.lines[0] not in words:
                return [block]
    return []
