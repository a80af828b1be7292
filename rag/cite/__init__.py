"""Citations of official documents: symbols, and free text → citations."""

from rag.cite.context import section_named
from rag.cite.described import HERE
from rag.cite.draft import find_in_draft, find_in_notes
from rag.cite.ellipsis import between
from rag.cite.grammar import as_citations, find_citations
from rag.cite.series import body_of, kind_of, meeting_of
from rag.cite.symbols import find_symbols, is_symbol, normalise_symbol, symbol_from_filename

__all__ = [
    "HERE",
    "as_citations",
    "between",
    "body_of",
    "find_citations",
    "find_in_draft",
    "find_in_notes",
    "find_symbols",
    "is_symbol",
    "kind_of",
    "meeting_of",
    "normalise_symbol",
    "section_named",
    "symbol_from_filename",
]
