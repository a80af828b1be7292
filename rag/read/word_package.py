"""The bytes of a .docx → its parts, in bounded memory.

A Word file comes from anywhere. No part is read that the reader does not ask for,
what a part unpacks to is counted while it unpacks (a declared size may lie), entities
are not resolved, and nothing outside of the file is opened.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any

from rag.errors import UnreadableFile

MAX_UNPACKED = 256 * 1024 * 1024
_MAX_ENTRIES = 20_000
_STEP = 1024 * 1024
_DOCTYPES = tuple("<!DOCTYPE".encode(encoding) for encoding in ("utf-8", "utf-16-le", "utf-16-be"))


class Package:
    """A .docx that is open for reading."""

    def __init__(self, path: Path, data: bytes) -> None:
        """Open the package.

        Raises:
            UnreadableFile: not a zip, damaged, or no Word document.

        """
        self._path = path
        self._left = MAX_UNPACKED
        if data.count(b"PK\x01\x02") > _MAX_ENTRIES:  # before an object is made of each
            raise UnreadableFile(f"{path} holds too many parts for a Word file.")
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
            raise UnreadableFile(
                f"{path} is a damaged Word file; save it again from Word."
            ) from error
        self._names = self._zip.namelist()
        self.main = self._related("", "officeDocument") or "word/document.xml"
        if self.main not in self._names or "[Content_Types].xml" not in self._names:
            raise UnreadableFile(f"{path} is a zip archive, not a Word file; save it as .docx.")

    def related(self, kind: str) -> str | None:
        """The name of the part that the main document calls its styles, its numbering and so on."""
        return self._related(self.main, kind)

    def target(self, identifier: str) -> str | None:
        """The name of the part with a relationship id ("rId7")."""
        for link in self._links(self.main):
            if link.get("Id") == identifier and link.get("TargetMode") != "External":
                return self._resolve(self.main, link.get("Target", ""))
        return None

    def xml(self, name: str | None) -> Any | None:
        """The root element of a part; None where the file has no such part.

        Raises:
            UnreadableFile: the part is too large, damaged, or no safe XML.

        """
        if name is None or name not in self._names:
            return None
        etree: Any = import_module("lxml.etree")
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
        )
        try:
            return etree.fromstring(self.part(name), parser=parser)
        except etree.XMLSyntaxError as error:
            raise self._damaged(name) from error

    def body(self) -> Iterator[Any]:
        """The elements of the main document's body in order, each dropped after use."""
        etree: Any = import_module("lxml.etree")
        tags = [f"{{*}}{tag}" for tag in ("p", "tbl", "sdt", "customXml", "sectPr", "altChunk")]
        elements = etree.iterparse(
            io.BytesIO(self.part(self.main)),
            events=("end",),
            tag=tags,
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
        )
        try:
            for _, element in elements:
                parent = element.getparent()
                if parent is None or local(parent) != "body":
                    continue
                yield element
                element.clear()
                while element.getprevious() is not None:
                    del parent[0]
        except etree.XMLSyntaxError as error:
            raise self._damaged(self.main) from error

    def part(self, name: str) -> bytes:
        """Unpack one part, counting what comes out.

        Raises:
            UnreadableFile: too large, damaged, encrypted, or with a document type.

        """
        pieces: list[bytes] = []
        try:
            with self._zip.open(name) as stream:
                if self._zip.getinfo(name).file_size > self._left:
                    raise self._too_large()
                while piece := stream.read(_STEP):
                    self._left -= len(piece)
                    if self._left < 0:
                        raise self._too_large()
                    pieces.append(piece)
        except RuntimeError as error:  # NotImplementedError too: a method that zipfile lacks
            raise UnreadableFile(
                f"{self._path} is encrypted or packed in an unknown way; save it again from Word."
            ) from error
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError) as error:
            raise self._damaged(name) from error
        data = b"".join(pieces)
        if any(doctype in data for doctype in _DOCTYPES):
            raise UnreadableFile(
                f"{self._path} declares a document type in {name}, which Word never does; "
                "it is not read."
            )
        return data

    def _too_large(self) -> UnreadableFile:
        return UnreadableFile(
            f"{self._path} unpacks to more than {MAX_UNPACKED // 2**20} MiB, which no record "
            "needs; check where it comes from."
        )

    def _damaged(self, name: str) -> UnreadableFile:
        return UnreadableFile(f"{self._path} is damaged at {name}; save it again from Word.")

    def _links(self, source: str) -> list[Any]:
        folder, file = posixpath.split(source)
        root = self.xml(posixpath.join(folder, "_rels", f"{file}.rels"))
        return [] if root is None else [link for link in root if local(link) == "Relationship"]

    def _related(self, source: str, kind: str) -> str | None:
        for link in self._links(source):
            if link.get("Type", "").endswith(f"/{kind}") and link.get("TargetMode") != "External":
                return self._resolve(source, link.get("Target", ""))
        return None

    def _resolve(self, source: str, target: str) -> str:
        if target.startswith("/"):
            return target[1:]
        return posixpath.normpath(posixpath.join(posixpath.dirname(source), target))


def local(element: Any) -> str:
    """An element's name without its namespace; "" for a comment or instruction."""
    tag = element.tag
    return _local(tag) if isinstance(tag, str) else ""


@lru_cache(maxsize=1024)
def _local(tag: str) -> str:
    return tag[tag.rfind("}") + 1 :]


def child(element: Any | None, name: str) -> Any | None:
    """The first child with that local name."""
    if element is not None:
        for inner in element:
            if local(inner) == name:
                return inner
    return None


def value(element: Any | None, name: str = "val") -> str | None:
    """An attribute by its local name."""
    if element is not None:
        for key, found in element.items():
            if _local(key) == name:
                return found
    return None


def switch(properties: Any | None, name: str) -> bool | None:
    """A property that is on or off; None where it is not given."""
    found = child(properties, name)
    if found is None:
        return None
    return value(found) not in ("0", "false", "off", "none")


def whole(text: str | None) -> int | None:
    """A whole number of a sane size, or None."""
    try:
        number = int(float(text)) if text else None
    except (ValueError, OverflowError):
        return None
    return number if number is not None and abs(number) < 10**7 else None
