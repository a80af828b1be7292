"""A suite with sources → what simpler ways of searching find of the same questions.

Set beside the shipped search in one run: words alone, meaning alone, and LlamaIndex as
its tutorial has it, a `VectorStoreIndex` over chunks of 1,024 tokens with the same local
embedder. Its chunks bear no paragraph number, so that no paragraph can be hit; counted
instead, generously, is whether a chunk touches a gold paragraph at all, and how much a
reader then has to look through.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.metrics import Figure, Outcome, figure, score
from eval.suites import Case, Suite, absent
from rag.config import Settings
from rag.domain import Document
from rag.errors import BadInput

CHUNK = 1024  # tokens, as LlamaIndex's tutorial and default have it
DEPTH = 10
FIGURES: Mapping[str, str] = {
    "hit@1": "the first paragraph is gold",
    "hit@5": "one of the first five is",
    "mrr": "1 / rank of the first gold paragraph",
    "chunk_hit@1": "the first chunk touches a gold paragraph",
    "chunk_hit@5": "one of the first five does",
    "characters": "in what is found first, to look through",
    "paragraphs": "in it, begun or whole",
}


@dataclass(frozen=True, slots=True)
class Baseline:
    """One way of searching, and its figures over the same questions; none is left out as 0."""

    name: str
    about: str
    figures: dict[str, Figure]


def single_turn(cases: Sequence[Case]) -> list[Case]:
    """Take the questions that stand alone and have an answer."""
    return [case for case in cases if case.answerable and not case.history]


def baselines(suite: Suite, cases: Sequence[Case], settings: Settings) -> tuple[Baseline, ...]:
    """Search for the single-turn answerable questions in each way, over one index.

    Raises:
        BadInput: the suite has no sources, one is missing or cannot be added, or no
            question is left.

    """
    from rag.record import Record

    asked = single_turn(cases)
    if not suite.sources or absent(suite) or not asked:
        raise BadInput(
            absent(suite)
            or f"The suite {suite.name} has no sources, or no question, for "
            "baselines; leave --baselines out."
        )
    with tempfile.TemporaryDirectory(prefix="rag-eval-", ignore_cleanup_errors=True) as folder:
        chosen = settings.model_copy(update={"index": Path(folder)})
        record = Record(chosen)
        for source in suite.sources:
            report = record.add([source.path], symbol=source.symbol)
            if report.failed:
                path, told = report.failed[0]
                raise BadInput(f"{path} cannot be added to the index: {told}")
        ways = {
            "shipped": ("as the settings have it", settings.meaning_weight),
            "words": ("BM25 alone", 0.0),
            "meaning": ("the embedder alone", 1.0),
        }
        found = [
            _searched(name, about, asked, chosen.model_copy(update={"meaning_weight": weight}))
            for name, (about, weight) in ways.items()
        ]
        documents = record.documents()
    return (*found, _llamaindex(asked, documents))


def _searched(name: str, about: str, cases: Sequence[Case], settings: Settings) -> Baseline:
    """Search with settings of its own in the index that is there."""
    from rag.record import Record

    record = Record(settings)
    searched = [record.search(case.question, limit=DEPTH) for case in cases]
    every = score([
        Outcome(case, False, found=tuple(passage.paragraph.id for passage in passages))
        for case, passages in zip(cases, searched, strict=True)
    ])  # fmt: skip
    figures = {
        wanted: figure([value for s in every if (value := s[f"search_{wanted}"]) is not None])
        for wanted in ("hit@1", "hit@5", "mrr")
    }
    first = [len(passages[0].paragraph.text) for passages in searched if passages]
    figures["characters"] = figure(first)
    figures["paragraphs"] = figure([1.0] * len(first))
    return Baseline(name, about, figures)


def _llamaindex(cases: Sequence[Case], documents: Sequence[Document]) -> Baseline:
    """Retrieve chunks of the documents' text; no figure for paragraphs, which they lack."""
    from llama_index.core import Document as Text
    from llama_index.core import VectorStoreIndex
    from llama_index.core.node_parser import SentenceSplitter

    from rag.embed import LocalEmbedding

    index = VectorStoreIndex.from_documents(
        [Text(text=document.text, doc_id=document.id) for document in documents],
        transformations=[SentenceSplitter(chunk_size=CHUNK)],
        embed_model=LocalEmbedding(),
    )
    retriever = index.as_retriever(similarity_top_k=DEPTH)
    named = {document.id: document for document in documents}
    found = [[(named[node.node.ref_doc_id or ""], *_span(node.node)) for node in
              retriever.retrieve(case.question)] for case in cases]  # fmt: skip
    hits = [[touches(case, *chunk) for chunk in chunks]
            for case, chunks in zip(cases, found, strict=True)]  # fmt: skip
    first = [chunks[0] for chunks in found if chunks]
    return Baseline(
        "llamaindex",
        f"VectorStoreIndex, chunks of {CHUNK:,} tokens; no paragraph numbers",
        {
            "chunk_hit@1": figure([float(any(hit[:1])) for hit in hits]),
            "chunk_hit@5": figure([float(any(hit[:5])) for hit in hits]),
            "characters": figure([end - start for _, start, end in first]),
            "paragraphs": figure([float(len(within(*chunk))) for chunk in first]),
        },
    )


def _span(node: Any) -> tuple[int, int]:
    return node.start_char_idx, node.end_char_idx


def within(document: Document, start: int, end: int) -> list[str]:
    """Name the paragraphs that share a character with a span of the document's text."""
    return [p.id for p in document.paragraphs if p.start < end and start < p.end]


def touches(case: Case, document: Document, start: int, end: int) -> bool:
    """Whether a span of a document's text shares a character with a gold paragraph."""
    return not set(case.paragraphs).isdisjoint(within(document, start, end))
