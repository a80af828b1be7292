"""Retrieval suites: questions with the passages that are right, and measures of search alone.

ObliQA (Gokhan et al., arXiv 2409.05677) comes under the names `obliqa-dev` and
`obliqa-mp-val`; a folder in BEIR's form is read by `eval.beir`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pydantic import TypeAdapter, ValidationError

from eval.bootstrap import Figure, quantiles, ratios
from eval.corpora import Corpus, obliqa, obliqa_documents
from eval.metrics import QUANTILES, Outcome, Scores
from eval.suites import Case, Suite
from rag.domain import Document, Paragraph
from rag.errors import BadInput

DEPTH = 100  # passages that are asked for: what R@100 looks at
KEPT = 20  # of them in a stored result

# Name of each figure as ir_measures prints it, and what it says.
FIGURES: Mapping[str, str] = {
    "R@1": "gold passages that stand first",
    "R@5": "gold passages among the first 5",
    "R@10": "gold passages among the first 10",
    "R@20": "gold passages among the first 20",
    "R@50": "gold passages among the first 50",
    "R@100": "gold passages among the first 100",
    "nDCG@10": "normalised discounted cumulative gain at 10, by grades",
    "AP@10": "average precision at 10 (map_cut_10 of trec_eval); its mean is MAP@10",
    "RR": "1 / rank of the first gold passage; its mean is MRR",
    "P@1": "the first passage is gold",
    "seconds_p50": "seconds a question, median",
    "seconds_p95": "seconds a question, 95th percentile",
}

FILES: Mapping[str, str] = {
    "obliqa-dev": "questions.dev.json",
    "obliqa-mp-val": "multi_passage.val.json",
}


@dataclass(frozen=True, slots=True)
class _Gold:
    DocumentID: int
    PassageID: str
    Passage: str


@dataclass(frozen=True, slots=True)
class _Asked:
    QuestionID: str
    Question: str
    Passages: tuple[_Gold, ...]


def names() -> tuple[str, ...]:
    """Name the retrieval suites that the project knows."""
    return tuple(FILES)


def absent(name: str) -> str:
    """Say in one sentence which file is missing; empty where none is."""
    for path in (obliqa() / FILES[name], obliqa() / "passages"):
        if not path.exists():
            return (
                f"The suite {name} needs {path}, which is not there; "
                "set RECORD_SHARED to the folder that holds benchmarks/."
            )
    return ""


def load(name: str) -> Suite:
    """Read a retrieval suite by its name, with the passages that are searched.

    Raises:
        BadInput: a file is missing or damaged, or a gold passage is not among the passages.

    """
    missing = absent(name)
    if missing:
        raise BadInput(missing)
    path = obliqa() / FILES[name]
    data = path.read_bytes()
    try:
        asked = TypeAdapter(list[_Asked]).validate_json(data)
    except ValidationError as error:
        place = ".".join(str(part) for part in error.errors()[0]["loc"])
        raise BadInput(f"{path}, entry {place}: not a question of ObliQA.") from error
    corpus = Corpus("obliqa", obliqa_documents())
    find = _finder(corpus.documents)
    cases: list[Case] = []
    for each in asked:
        gold = [find(passage) for passage in each.Passages]
        if None in gold:
            raise BadInput(f"{path}, question {each.QuestionID}: a gold passage is not there.")
        places = tuple(dict.fromkeys(place for place in gold if place))
        kind = "passage" if len(places) == 1 else "passages"
        cases.append(Case(each.QuestionID, "dev", kind, each.Question, True, places))
    digest = hashlib.sha256(data).hexdigest()
    return Suite(name, path, digest, tuple(cases), corpus=corpus)


def _finder(documents: Sequence[Document]) -> Callable[[_Gold], tuple[str, str] | None]:
    """Make a function that gives the place (document, label) of a gold passage, or None.

    Where a PassageID stands twice in a document, the text tells which is meant.
    """
    held: dict[tuple[str, str], list[Paragraph]] = {}
    for document in documents:
        for paragraph in document.paragraphs:
            held.setdefault((document.id, paragraph.label), []).append(paragraph)

    def find(gold: _Gold) -> tuple[str, str] | None:
        there = held.get((f"obliqa-{gold.DocumentID}", gold.PassageID), [])
        same = [paragraph for paragraph in there if paragraph.text == gold.Passage.strip()]
        # One gold text differs from its passage by a repaired character; its label is enough.
        chosen = same[:1] or (there if len(there) == 1 else [])
        return place(chosen[0]) if chosen else None

    return find


def place(paragraph: Paragraph) -> tuple[str, str]:
    """Give a paragraph's place in the form of `Case.gold`."""
    return paragraph.document, paragraph.id.removeprefix(f"{paragraph.document}#")


def score(outcomes: Sequence[Outcome]) -> list[Scores]:
    """Score the ranking of each outcome by `FIGURES`; `seconds` stands for both quantiles.

    Measures are those of ir_measures (through pytrec_eval, hence trec_eval), of each
    question alone; without gold, each is None.
    """
    from ir_measures import Qrel, ScoredDoc, iter_calc, parse_measure

    measures = {name: parse_measure(name) for name in FIGURES if name not in QUANTILES}
    every: list[Scores] = []
    qrels: list[Any] = []
    run: list[Any] = []
    for at, outcome in enumerate(outcomes):
        gold = outcome.case.paragraphs
        every.append(dict.fromkeys(measures, 0.0 if gold else None))
        every[-1]["seconds"] = outcome.seconds
        grades = outcome.case.grades or (1,) * len(gold)
        qrels += [Qrel(str(at), name, grade) for name, grade in zip(gold, grades, strict=True)]
        if gold:  # falling scores, since trec_eval orders by score and breaks ties by name
            run += [ScoredDoc(str(at), n, -float(rank)) for rank, n in enumerate(outcome.found)]
    if run:
        for got in iter_calc(list(measures.values()), qrels, run):
            every[int(got.query_id)][str(got.measure)] = round(float(got.value), 6)
    return every


def right(scores: Scores) -> bool:
    """Whether a gold passage stands first."""
    return scores["P@1"] == 1


def shortened(outcome: Outcome) -> Outcome:
    """Leave out of a scored outcome what a stored result need not hold."""
    return replace(outcome, found=outcome.found[:KEPT])


def grouped(pairs: Sequence[tuple[Outcome, Scores]]) -> dict[str, dict[str, Figure]]:
    """Give the figures overall, for each split and for each kind, under those names."""
    groups: dict[str, list[Scores]] = {"overall": [scores for _, scores in pairs]}
    for prefix in ("split", "kind"):
        for outcome, scores in pairs:
            name = f"{prefix} {getattr(outcome.case, prefix)}"
            groups.setdefault(name, []).append(scores)
    overall = figures(groups["overall"])
    return {
        name: overall if len(members) == len(pairs) else figures(members)
        for name, members in groups.items()
    }


def figures(every: Sequence[Scores]) -> dict[str, Figure]:
    """Sum up scores; a figure for which no question is eligible is left out."""
    import numpy as np

    summed: dict[str, Figure] = {}
    # Every measure is none for the same questions: those without gold.
    eligible = [scores for scores in every if scores["RR"] is not None]
    names = [name for name in FIGURES if name not in QUANTILES]
    if eligible:
        values = np.array([[scores[name] for scores in eligible] for name in names], dtype=float)
        summed |= zip(names, ratios(values, np.ones_like(values)), strict=True)
    seconds = np.array([scores["seconds"] for scores in every], dtype=float)
    return summed | dict(zip(QUANTILES, quantiles(seconds, tuple(QUANTILES.values())), strict=True))


def own_ids(corpus: Corpus, outcome: Outcome) -> Outcome:
    """Name the paragraphs that were found as the judgements name them."""
    return replace(outcome, found=tuple(corpus.ids.get(name, name) for name in outcome.found))
