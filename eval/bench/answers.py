"""A question → how long a checked answer takes over many paragraphs, and where the time goes.

    python -m eval.bench.answers [--paragraphs 100000] [--questions 240] [--no-stock] [--json]
    python -m eval.bench.answers --paragraphs 0        # the records as they are

The index holds real records and copies of them under other symbols, years and names
(see `eval.bench.copies`); it is made once and kept. The questions are those of the
suites' development splits, follow-ups with the answers before them; each is asked once
through `Record.ask`, without a language model, after one that opens the index. Beside
it, in the same run over the same collection, stands LlamaIndex's query engine with the
same embedder and a mock for a model, which takes no time: it retrieves, writes nothing
and checks nothing.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from eval.bench.copies import Reused, copies, originals
from eval.indexes import MARK, caches
from eval.provenance import source_digest
from eval.suites import Case, load
from rag.config import Settings
from rag.domain import QA, Answer
from rag.encoder import LocalEncoder
from rag.record import PARSER, Record
from rag.store.index import FORMAT

if TYPE_CHECKING:
    from rag.asking import Asking

TARGET = 150.0  # milliseconds at p95
SUITES = ("sr", "sample", "practice")  # never `unseen`
# The steps of an answer, in order: what is called, and what it is called here.
STEPS = {
    "_meant": "read with what was asked before",
    "_understood": "what is asked and about which record",
    "_retrieve": "search",
    "_leant": "what a follow-up points at",
    "_searched": "what was searched",
    "_quote": "evidence",
    "_checked_claim": "verify",
    "_refusal": "answer or not",
    "_lacking": "documents that lack",
}
ENCODING = "encode (also within search)"


@dataclass(frozen=True, slots=True)
class Spent:
    """How long one step took over all questions, in milliseconds."""

    what: str
    mean: float
    p50: float
    p95: float


@dataclass(frozen=True, slots=True)
class Result:
    """One run of the bench."""

    documents: int
    paragraphs: int
    chunks: int
    questions: int
    answered: int
    first: float  # milliseconds of the question that opens the index
    steps: tuple[Spent, ...]  # the whole answer first


class Clock:
    """Milliseconds by step, of the question that is being asked."""

    def __init__(self) -> None:
        self.now: Counter[str] = Counter()

    @contextmanager
    def step(self, what: str) -> Generator[None]:
        """Time a step."""
        begun = time.perf_counter()
        try:
            yield
        finally:
            self.now[what] += 1000 * (time.perf_counter() - begun)  # type: ignore[assignment]

    def wrapped(self, what: str, call: Callable[..., Any]) -> Callable[..., Any]:
        """Time every call of a function."""

        def timed(*given: Any, **named: Any) -> Any:
            with self.step(what):
                return call(*given, **named)

        return timed


class Timed(Record):
    """A record whose steps are timed."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        super().__init__(settings)
        self._clock = clock
        self._encoder = _TimedEncoder(clock)

    @property
    def _asking(self) -> Asking:
        asking = super()._asking
        for name, what in STEPS.items():
            setattr(asking, name, self._clock.wrapped(what, getattr(asking, name)))
        return asking


class _TimedEncoder(LocalEncoder):
    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self._clock = clock

    def within(self, texts: Any, spans: Any) -> Any:
        with self._clock.step(ENCODING):
            return super().within(texts, spans)


def kept(paragraphs: int) -> Path:
    """Give the folder of an index of so many paragraphs, which is made if it is not there.

    It is kept for as long as its form and that of the copies stay what they are: what is
    measured is how long answers take, not how good they are.
    """
    code = source_digest(Path(__file__).with_name("copies.py"))
    made_of = hashlib.sha256(f"{code} {FORMAT} {PARSER} {paragraphs}".encode()).hexdigest()[:16]
    folder = caches() / f"copies-{paragraphs}-{made_of}"
    if not (folder / MARK).is_file():
        record = Record(Settings(index=folder))
        encoder = record._encoder = Reused(LocalEncoder())  # pyright: ignore[reportPrivateUsage]
        begun = time.perf_counter()
        record.add_documents(copies(originals(), paragraphs))
        seconds = round(time.perf_counter() - begun)
        told = {"encoded": encoder.encoded, "reused": encoder.reused, "seconds": seconds}
        (folder / MARK).write_text(json.dumps(told) + "\n", encoding="utf-8")
    return folder


def questions(count: int) -> list[Case]:
    """Take so many development questions, evenly from all of them."""
    cases = [case for name in SUITES for case in load(name).pick(split="dev")]
    at = np.linspace(0, len(cases) - 1, min(count, len(cases))).round().astype(int)
    return [cases[n] for n in at]


def measure(settings: Settings, cases: Sequence[Case]) -> Result:
    """Ask every question once, and one before them that opens the index."""
    clock = Clock()
    record = Timed(settings, clock)
    record.encoder(["ready"])  # loads the model
    first = _milliseconds(lambda: record.ask(cases[0].question))
    rows: list[Counter[str]] = []
    answered = 0
    for case in cases:
        history: list[QA] = []
        for before in case.history:
            history.append(QA.of(record.ask(before, history=tuple(history))))
        clock.now = Counter()
        with clock.step("answer"):
            reply = record.ask(case.question, history=tuple(history))
        answered += isinstance(reply, Answer)
        rows.append(clock.now)
    names = ("answer", *STEPS.values(), ENCODING)
    status = record.status()
    return Result(
        status.documents,
        status.paragraphs,
        status.chunks,
        len(cases),
        answered,
        round(first, 1),
        tuple(_spent(name, [row[name] for row in rows]) for name in names),
    )


def stock(settings: Settings, cases: Sequence[Case]) -> Spent:
    """Time LlamaIndex's query engine over the same collection; its model costs nothing."""
    from llama_index.core import VectorStoreIndex
    from llama_index.core.llms.mock import MockLLM

    from rag.embed import LocalEmbedding

    record = Record(settings)
    engine = VectorStoreIndex.from_vector_store(
        record.index.vectors.store(), embed_model=LocalEmbedding()
    ).as_query_engine(llm=MockLLM(max_tokens=1), similarity_top_k=10)
    engine.query(cases[0].question)
    spent = [_milliseconds(lambda c=case: engine.query(c.question)) for case in cases]
    return _spent("LlamaIndex's query engine over Chroma, a mock for a model", spent)


def _milliseconds(call: Callable[[], object]) -> float:
    begun = time.perf_counter()
    call()
    return 1000 * (time.perf_counter() - begun)


def _spent(what: str, spent: Sequence[float]) -> Spent:
    p50, p95 = np.percentile(spent, (50, 95)).tolist()
    return Spent(what, round(float(np.mean(spent)), 1), round(p50, 1), round(p95, 1))


def main(argv: Sequence[str] | None = None) -> int:
    """Print the figures; 1 where the target is missed."""
    parser = argparse.ArgumentParser(prog="python -m eval.bench.answers", description=__doc__)
    parser.add_argument("--paragraphs", type=int, default=100_000, help="0: no copies")
    parser.add_argument("--questions", type=int, default=240)
    parser.add_argument("--no-stock", action="store_true", help="without LlamaIndex's own")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(argv)
    folder = kept(options.paragraphs)
    settings, cases = Settings(index=folder), questions(options.questions)
    result = measure(settings, cases)
    beside = None if options.no_stock else stock(settings, cases)
    made = json.loads((folder / MARK).read_text(encoding="utf-8"))
    if options.json:
        told = {**asdict(result), "made": made, "stock": beside and asdict(beside)}
        print(json.dumps(told, indent=2))
    else:
        _print(result, made, beside)
    return 0 if result.steps[0].p95 <= TARGET else 1


def _print(result: Result, made: dict[str, int], beside: Spent | None) -> None:
    print(
        f"{result.documents:,} documents, {result.paragraphs:,} paragraphs in {result.chunks:,} "
        f"chunks: {made['encoded']:,} encoded, {made['reused']:,} copies with those vectors turned "
        f"a little, and the rest, which reads as its original does, with the same vectors\n"
        f"{result.questions} questions, {result.answered} answered; the first, which opens the "
        f"index: {result.first:,.0f} ms; p95 at most {TARGET:.0f} ms\n"
    )
    print(f"{'milliseconds':58}{'mean':>8}{'p50':>8}{'p95':>8}")
    for one in (*result.steps, *([beside] if beside else [])):
        print(f"{one.what:58}{one.mean:8.1f}{one.p50:8.1f}{one.p95:8.1f}")


if __name__ == "__main__":
    sys.exit(main())
