"""ObliQA's passages → seconds to index them, beside what encoding alone needs, and memory.

    python -m eval.bench.indexing [--limit N] [--rounds 1] [--json]

In one run on the same machine, each in a fresh process, one after another: the bare
ONNX session, which encodes the very chunks of the index, sorted by their number of
word pieces, in batches as large as ours; our indexing of all documents into an empty folder; the same
again, unchanged. Loading the model is left out of the first two. Seconds are
wall-clock time; memory is the most that the indexing process held, and what it held
after the first group of chunks.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from eval.corpora import obliqa_documents
from rag.config import Settings
from rag.domain import Document

TARGET = 1.15  # our seconds divided by the bare session's
AGAIN = 2.0  # seconds, for what is unchanged


@dataclass(frozen=True, slots=True)
class Indexed:
    """What one process says of indexing."""

    chunks: int
    seconds: float
    again: float  # seconds of the second run, which finds everything unchanged
    memory: int  # MiB at most
    memory_first: int  # MiB at most until the first group was embedded


@dataclass(frozen=True, slots=True)
class Result:
    """One run of the bench; seconds are medians over the rounds."""

    documents: int
    paragraphs: int
    chunks: int
    bare: float
    seconds: float
    ratio: float
    again: float
    memory: int
    memory_first: int


def documents(limit: int | None) -> tuple[Document, ...]:
    """Take the documents of ObliQA, the first of them only with a limit."""
    return obliqa_documents()[:limit]


def texts(limit: int | None) -> list[str]:
    """Cut the passages as the index does: what is embedded, each text once."""
    from rag.chunk import chunk, token_counter

    count, budget = token_counter(), Settings().chunk_tokens
    return list(
        dict.fromkeys(
            piece.text
            for document in documents(limit)
            for paragraph in document.paragraphs
            for piece in chunk(document, paragraph, budget=budget, count=count)
        )
    )


def bare(limit: int | None) -> float:
    """Encode the chunks with the session alone; gives seconds, tokenising included."""
    from rag.encoder import BATCH, LocalEncoder

    chunks = texts(limit)
    encoder = LocalEncoder()
    encoder.encode(["ready"])  # loads the model
    session, tokenizer = encoder._session, encoder._tokenizer  # pyright: ignore[reportPrivateUsage]
    begun = time.perf_counter()
    tokenizer.no_padding()
    sizes = [len(one.ids) for one in tokenizer.encode_batch(chunks)]
    tokenizer.enable_padding()
    order = sorted(range(len(chunks)), key=sizes.__getitem__)
    for at in range(0, len(order), BATCH):
        encoded = tokenizer.encode_batch([chunks[i] for i in order[at : at + BATCH]])
        ids = np.array([one.ids for one in encoded], dtype=np.int64)
        mask = np.array([one.attention_mask for one in encoded], dtype=np.int64)
        session.run(
            None, {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        )
    return time.perf_counter() - begun


def ours(limit: int | None) -> Indexed:
    """Index the documents into a new folder, and again."""
    from rag.chunk import token_counter
    from rag.record import Record

    given = documents(limit)
    first = 0

    def watch(what: str, done: int, total: int) -> None:
        nonlocal first
        if done == total and not first:
            first = _memory()

    with tempfile.TemporaryDirectory() as folder:
        record = Record(Settings(index=Path(folder) / "index"))
        token_counter()
        record._encode(["ready"])  # pyright: ignore[reportPrivateUsage] - loads the model
        begun = time.perf_counter()
        record.add_documents(given, progress=watch)
        between = time.perf_counter()
        report = record.add_documents(given)
        done = time.perf_counter()
        assert len(report.unchanged) == len(given)
        return Indexed(record.status().chunks, between - begun, done - between, _memory(), first)


def alone(work: Callable[[int | None], Any], limit: int | None) -> Any:
    """Do some work in a fresh process."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        return pool.submit(work, limit).result()


def measure(limit: int | None, rounds: int) -> Result:
    """Run everything, round by round."""
    bares: list[float] = []
    done: list[Indexed] = []
    for _ in range(rounds):
        bares.append(alone(bare, limit))
        done.append(alone(ours, limit))
    given = documents(limit)
    seconds, encoding = statistics.median(d.seconds for d in done), statistics.median(bares)
    return Result(
        documents=len(given),
        paragraphs=sum(len(document.paragraphs) for document in given),
        chunks=done[0].chunks,
        bare=round(encoding, 2),
        seconds=round(seconds, 2),
        ratio=round(seconds / encoding, 3),
        again=round(statistics.median(d.again for d in done), 2),
        memory=max(d.memory for d in done),
        memory_first=max(d.memory_first for d in done),
    )


def _memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def main(argv: Sequence[str] | None = None) -> int:
    """Print the figures; 1 where a target is missed."""
    parser = argparse.ArgumentParser(prog="python -m eval.bench.indexing", description=__doc__)
    parser.add_argument("--limit", type=int, help="only so many of the 40 documents")
    parser.add_argument("--rounds", type=int, default=1, help="take the median of so many")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(argv)
    result = measure(options.limit, options.rounds)
    if options.json:
        print(json.dumps(asdict(result), indent=2))
    else:
        print(
            f"{result.documents} documents, {result.paragraphs:,} paragraphs, "
            f"{result.chunks:,} chunks\n"
            f"bare session      {result.bare:8.2f} s\n"
            f"indexing          {result.seconds:8.2f} s   {result.ratio:.3f} times "
            f"(at most {TARGET})\n"
            f"again, unchanged  {result.again:8.2f} s   (at most {AGAIN})\n"
            f"memory            {result.memory:8,} MiB at most, "
            f"{result.memory_first:,} MiB after the first group"
        )
    return 0 if result.ratio <= TARGET and result.again <= AGAIN else 1


if __name__ == "__main__":
    sys.exit(main())
