"""A question → how long it takes to find paragraphs, filtered or not, beside LlamaIndex's own.

    python -m eval.bench.retrieval [--paragraphs N] [--questions 100] [--no-stock] [--json]

Without `--paragraphs`, over ObliQA's passages and with its questions; with it, over so
many paragraphs of invented text and invented vectors, 50 a document, so that only the
question is really embedded. Every time is that of `Record.search` from question to
passages, the embedding of the question included; the first question, which opens the
index, is told apart. Beside it, in the same run over the same collection, stands what
LlamaIndex's `VectorStoreIndex` over Chroma takes with the same embedder.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from eval.corpora import obliqa, obliqa_documents
from rag.config import Settings
from rag.domain import Document, Filters, Paragraph, Turn
from rag.record import Record

TARGETS = {False: (12.0, 25.0), True: (None, 60.0)}  # synthetic → p50, p95 in milliseconds
EACH = 50  # paragraphs of an invented document
STATES = ("Maravia", "Republic of Korea", "Kazakhstan", "Italy", "Niger", "Peru", "Chad", "Fiji")


@dataclass(frozen=True, slots=True)
class Times:
    """How long one way of searching took, in milliseconds."""

    what: str
    first: float
    p50: float
    p95: float


def invented(count: int) -> Iterator[Document]:
    """Make documents with so many paragraphs in all, of words as frequent as in language."""
    choose = np.random.default_rng(0)
    words = np.array(_vocabulary())
    weights = 1.0 / np.arange(1, len(words) + 1)
    weights /= weights.sum()
    for number in range(count // EACH):
        name = f"CCLP/C/SR.{number + 1}"
        paragraphs: list[Paragraph] = []
        for at in range(EACH):
            text = " ".join(choose.choice(words, 60, p=weights))
            state = STATES[number % len(STATES)]
            turn = (
                Turn("Mr. Anders", "delegation", state, at, at)
                if at % 2
                else Turn(f"Ms. Bell {at % 20}", "member", None, at, at)
            )
            paragraphs.append(
                Paragraph(
                    name, str(at + 1), at, text, 0, len(text), turn=turn, heading=f"Part {at // 10}"
                )
            )
        yield Document(
            id=name, symbol=name, title=name, kind="summary record", body="Human Rights Committee",
            session=None, meeting=number + 1, held_on=None, issued_on=None, place=None, chair=None,
            language="en", state=STATES[number % len(STATES)], source=Path("invented"), sha256=name,
            text="", paragraphs=tuple(paragraphs),
        )  # fmt: skip


def _vocabulary() -> list[str]:
    """Real words, those of ObliQA's questions first, then invented ones."""
    asked = [word for question in questions(1_000) for word in question.lower().split()]
    real = sorted(set(asked), key=lambda word: (-asked.count(word), word))
    return [*real, *(f"word{number}" for number in range(20_000))]


def questions(count: int) -> list[str]:
    """Take questions of ObliQA's development set."""
    rows = json.loads((obliqa() / "questions.dev.json").read_text(encoding="utf-8"))
    return [row["Question"] for row in rows[:count]]


def random_vectors(texts: Sequence[str]) -> NDArray[np.float32]:
    """Unit vectors in no relation to the texts."""
    choose = np.random.default_rng(abs(hash(texts[0])))
    vectors = choose.standard_normal((len(texts), 384)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def timed(what: str, search: Callable[[str], object], asked: Sequence[str]) -> Times:
    """Ask every question once."""
    spent: list[float] = []
    for question in asked:
        begun = time.perf_counter()
        search(question)
        spent.append(1000 * (time.perf_counter() - begun))
    rest = spent[1:] or spent
    return Times(
        what,
        round(spent[0], 1),
        round(float(np.percentile(rest, 50)), 1),
        round(float(np.percentile(rest, 95)), 1),
    )


def measure(record: Record, asked: Sequence[str], *, synthetic: bool, stock: bool) -> list[Times]:
    """Time our search with and without filters, then LlamaIndex's."""
    record._encode(["ready"])  # pyright: ignore[reportPrivateUsage] - loads the model
    document = record._catalog.ids()[0]  # pyright: ignore[reportPrivateUsage]
    chosen = {"everything": Filters(), "one document": Filters(symbols=(document,))}
    if synthetic:
        chosen |= {
            "one speaker": Filters(speaker="Mr. Anders"),
            "one State": Filters(state="Korea"),
            "one heading": Filters(heading="part 3"),
        }
    told = [
        timed(what, lambda text, f=filters: record.search(text, filters=f, limit=10), asked)
        for what, filters in chosen.items()
    ]
    return [*told, stock_search(record, asked)] if stock else told


def stock_search(record: Record, asked: Sequence[str]) -> Times:
    """Time LlamaIndex's retriever over the same Chroma collection with the same embedder."""
    from llama_index.core import VectorStoreIndex

    from rag.embed import LocalEmbedding

    retriever = VectorStoreIndex.from_vector_store(
        record.index.vectors.store(), embed_model=LocalEmbedding()
    ).as_retriever(similarity_top_k=10)
    return timed("LlamaIndex over Chroma", retriever.retrieve, asked)


def main(argv: Sequence[str] | None = None) -> int:
    """Print the figures; 1 where a target is missed."""
    parser = argparse.ArgumentParser(prog="python -m eval.bench.retrieval", description=__doc__)
    parser.add_argument("--paragraphs", type=int, default=0, help="invented ones instead of ObliQA")
    parser.add_argument("--questions", type=int, default=100)
    parser.add_argument("--index", type=Path, help="keep the index here, and use it if it is there")
    parser.add_argument("--no-stock", action="store_true", help="without LlamaIndex's own search")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(argv)
    synthetic = bool(options.paragraphs)
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(index=options.index or Path(folder) / "index")
        making = Record(settings)
        if not making.status().documents:
            if synthetic:
                making._encoder = random_vectors  # pyright: ignore[reportPrivateUsage]
            making.add_documents(invented(options.paragraphs) if synthetic else obliqa_documents())
        told = measure(
            Record(settings),
            questions(options.questions),
            synthetic=synthetic,
            stock=not options.no_stock,
        )
    if options.json:
        print(json.dumps([asdict(one) for one in told], indent=2))
    else:
        print(f"{'milliseconds':24}{'first':>9}{'p50':>9}{'p95':>9}")
        for one in told:
            print(f"{one.what:24}{one.first:9.1f}{one.p50:9.1f}{one.p95:9.1f}")
    p50, p95 = TARGETS[synthetic]
    ours = told if options.no_stock else told[:-1]
    good = all(one.p95 <= p95 and (p50 is None or one.p50 <= p50) for one in ours)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
