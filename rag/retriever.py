"""The record's doors for other LlamaIndex programs: a retriever, and a query engine.

The retriever gives paragraphs as nodes, with what a model must see of them; the query
engine gives the checked answer. Neither asks LlamaIndex's settings for a language
model, so that a program without one never reaches for its default.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

from llama_index.core.base.base_query_engine import BaseQueryEngine
from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.base.response.schema import Response
from llama_index.core.prompts.mixin import PromptMixinType
from llama_index.core.schema import BaseNode, NodeWithScore, QueryBundle, TextNode

from rag.domain import Answer, Document, NoAnswer, Paragraph, Passage
from rag.present import answer_json, answer_text

# What a language model is shown of a paragraph beside its words; the rest is for programs.
SHOWN = ("citation", "speaker", "delegation", "heading")

Search = Callable[[str], Sequence[Passage]]
Ask = Callable[[str], Answer | NoAnswer]
Open = Callable[[str], Document]


def as_node(paragraph: Paragraph) -> TextNode:
    """A paragraph as a LlamaIndex node, with its citation in the metadata.

    Where several speak, their names, States and roles are joined by "; ". Of the
    metadata a model is shown the citation, and who speaks under which heading where
    the record tells it.
    """
    floor = paragraph.speakers
    metadata = {
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
    }
    hidden = [name for name, value in metadata.items() if name not in SHOWN or not value]
    return TextNode(
        id_=paragraph.id,
        text=paragraph.text,
        metadata=metadata,
        excluded_llm_metadata_keys=hidden,
        excluded_embed_metadata_keys=hidden,
    )


def _joined(values: Iterable[str | None]) -> str:
    return "; ".join(dict.fromkeys(value for value in values if value))


class RecordRetriever(BaseRetriever):
    """The retriever for LlamaIndex programs: nodes are paragraphs, never re-split."""

    def __init__(self, search: Search, document: Open) -> None:
        """Take a search, and what gives a document by its id."""
        super().__init__()
        self._search = search
        self._document = document

    def _retrieve(self, query_bundle: QueryBundle, **_: Any) -> list[NodeWithScore]:
        passages = self._search(query_bundle.query_str)
        return [NodeWithScore(node=as_node(p.paragraph), score=p.score) for p in passages]

    async def _aretrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        return await asyncio.to_thread(self._retrieve, query_bundle)

    def neighbours(
        self, node: BaseNode | NodeWithScore, *, before: int = 1, after: int = 1
    ) -> list[TextNode]:
        """The paragraphs around one, in the order of the document, itself left out.

        Raises:
            UnknownDocument: its document is no longer in the index.

        """
        paragraphs, place = self._place(node)
        around = (*paragraphs[max(0, place - before) : place],
                  *paragraphs[place + 1 : place + 1 + after])  # fmt: skip
        return [as_node(paragraph) for paragraph in around]

    def turn(self, node: BaseNode | NodeWithScore) -> list[TextNode]:
        """All that its speaker says without a break, the paragraph among it.

        In narrative, where nobody holds the floor, it is the paragraph alone.

        Raises:
            UnknownDocument: its document is no longer in the index.

        """
        paragraphs, place = self._place(node)
        turn = paragraphs[place].turn
        spoken = paragraphs[turn.first : turn.last + 1] if turn else (paragraphs[place],)
        return [as_node(paragraph) for paragraph in spoken]

    def _place(self, node: BaseNode | NodeWithScore) -> tuple[tuple[Paragraph, ...], int]:
        paragraphs = self._document(node.metadata["document"]).paragraphs
        name = node.node_id
        return paragraphs, next(i for i, paragraph in enumerate(paragraphs) if paragraph.id == name)


class RecordQueryEngine(BaseQueryEngine):
    """The checked answer for LlamaIndex programs.

    The response is the answer as text, each claim with its pinpoint, or that the record
    does not say; `source_nodes` are the paragraphs cited, in that order; `metadata` is
    the answer as `rag ask --json` prints it, with `reason` where it was refused.
    """

    def __init__(self, ask: Ask, retriever: RecordRetriever) -> None:
        """Take what answers a question, and the retriever of the same record."""
        super().__init__(callback_manager=None)
        self._ask = ask
        self._retriever = retriever

    def _get_prompt_modules(self) -> PromptMixinType:
        return {}

    def _query(self, query_bundle: QueryBundle) -> Response:
        answer = self._ask(query_bundle.query_str)
        metadata = answer_json(answer)
        metadata["reason"] = answer.reason if isinstance(answer, NoAnswer) else None
        return Response(
            response=answer_text(answer), source_nodes=_sources(answer), metadata=metadata
        )

    async def _aquery(self, query_bundle: QueryBundle) -> Response:
        return await asyncio.to_thread(self._query, query_bundle)

    def retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        """The paragraphs found, without an answer."""
        return self._retriever.retrieve(query_bundle)

    async def aretrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        """The same, beside other tasks."""
        return await self._retriever.aretrieve(query_bundle)


def _sources(answer: Answer | NoAnswer) -> list[NodeWithScore]:
    """The passages that the claims cite, in the order of the claims."""
    if isinstance(answer, NoAnswer):
        return []
    found = {str(passage.paragraph.citation): passage for passage in reversed(answer.passages)}
    cited = dict.fromkeys(str(replace(claim.citation, sub=None)) for claim in answer.claims)
    return [
        NodeWithScore(node=as_node(found[name].paragraph), score=found[name].score)
        for name in cited
        if name in found
    ]
