"""`SourceText` → `Document`: pure functions over text."""

from rag.parse.segment import segment

__all__ = ["segment"]
