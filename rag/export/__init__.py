"""Answers and conversations → Markdown, Word and JSON, every statement with its footnote."""

from rag.export.blocks import footnotes, told_of
from rag.export.forms import FORMS, citations_of, exported, form_of

__all__ = [
    "FORMS", "citations_of", "exported", "footnotes", "form_of", "told_of",
]  # fmt: skip
