"""Hybrid retrieval as a LlamaIndex `BaseRetriever`, for other LlamaIndex programs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

from rag.domain import Filters, Paragraph, Passage


def as_node(paragraph: Paragraph) -> TextNode:
    """A paragraph as a LlamaIndex node, with its citation in the metadata.

    Where several speak, their names, States and roles are joined by "; ".
    """
    floor = paragraph.speakers
    return TextNode(
        id_=paragraph.id,
        text=paragraph.text,
        metadata={
            "citation": str(paragraph.citation),
            "document": paragraph.document,
            "section": paragraph.section or "",
            "label": paragraph.label,
            "inferred": paragraph.inferred,
            "ocr": paragraph.ocr,
            "speaker": _joined(voice.speaker for voice in floor),
            "delegation": _joined(voice.delegation for voice in floor),
            "role": _joined(voice.role for voice in floor),
            "heading": paragraph.heading or "",
        },
    )


def _joined(values: Iterable[str | None]) -> str:
    return "; ".join(dict.fromkeys(value for value in values if value))


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
