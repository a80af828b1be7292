"""Hybrid retrieval as a LlamaIndex `BaseRetriever`, for other LlamaIndex programs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

from rag.domain import Citation, Filters, Paragraph, Passage


def as_node(paragraph: Paragraph) -> TextNode:
    """A paragraph as a LlamaIndex node, with its citation in the metadata."""
    turn = paragraph.turn
    return TextNode(
        id_=paragraph.id,
        text=paragraph.text,
        metadata={
            "citation": str(cite(paragraph)),
            "document": paragraph.document,
            "label": paragraph.label,
            "speaker": turn.speaker if turn else "",
            "delegation": (turn.delegation or "") if turn else "",
            "role": turn.role if turn else "",
            "heading": paragraph.heading or "",
        },
    )


def cite(paragraph: Paragraph) -> Citation:
    """The pinpoint of a paragraph."""
    return Citation(paragraph.document, paragraph.section, paragraph.label)


class RecordRetriever(BaseRetriever):
    """The retriever for LlamaIndex programs: nodes are paragraphs, never re-split."""

    def __init__(
        self, search: Callable[[str, Filters], Sequence[Passage]], filters: Filters | None = None
    ) -> None:
        super().__init__()
        self._search = search
        self._filters = filters or Filters()

    def _retrieve(self, query_bundle: QueryBundle, **_: Any) -> list[NodeWithScore]:
        passages = self._search(query_bundle.query_str, self._filters)
        return [NodeWithScore(node=as_node(p.paragraph), score=p.score) for p in passages]
