"""What came back for each question → scores, and scores → figures with intervals.

Every score of a question is a number or None. None means that the case is not
eligible (a hit for a question without an answer), and it is never counted as 0.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from eval.suites import Case

if TYPE_CHECKING:
    from rag.domain import Citation

# Name of each figure, and what it says; the README tells them at length.
FIGURES: Mapping[str, str] = {
    "hit@1": "the first paragraph shown is gold",
    "hit@5": "one of the first five is",
    "mrr": "1 / rank of the first gold paragraph shown",
    "facts": "facts contained in the answer",
    "citation_precision": "claims whose citation is gold",
    "citation_recall": "gold paragraphs cited",
    "speaker": "right speaker (who-said)",
    "refusal_precision": "refused, and rightly",
    "refusal_recall": "without an answer, and refused",
    "search_hit@1": "search alone: the first paragraph is gold",
    "search_hit@5": "search alone: one of the first five is",
    "search_mrr": "search alone: 1 / rank",
    "search_ndcg@10": "search alone: nDCG at 10",
    "seconds_p50": "seconds a question, median",
    "seconds_p95": "seconds a question, 95th percentile",
}
QUANTILES: Mapping[str, float] = {"seconds_p50": 0.5, "seconds_p95": 0.95}

RESAMPLES = 2000
SEED = 3272

Scores = dict[str, float | None]


@dataclass(frozen=True, slots=True)
class Shown:
    """A claim as it was shown, and the ids of the paragraphs that it cites."""

    text: str
    quote: str
    citation: str
    paragraphs: tuple[str, ...]
    speaker: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came back for one question."""

    case: Case
    answered: bool
    claims: tuple[Shown, ...] = ()
    reason: str = ""  # why it was refused
    asked: str = ""  # the question as resolved against the history
    retrieved: tuple[str, ...] = ()  # paragraph ids that the answer was made from, best first
    found: tuple[str, ...] = ()  # paragraph ids of search alone, best first
    seconds: float = 0.0

    @property
    def ranked(self) -> tuple[str, ...]:
        """Paragraphs cited, then those retrieved; nothing where the answer was refused."""
        if not self.answered:
            return ()
        cited = (paragraph for claim in self.claims for paragraph in claim.paragraphs)
        return tuple(dict.fromkeys((*cited, *self.retrieved)))


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure over `n` eligible questions, with its 95 % interval (None below two)."""

    value: float
    low: float | None
    high: float | None
    n: int


def cited_paragraphs(citation: Citation) -> tuple[str, ...]:
    """Spell a citation out as paragraph ids: "paras. 25–27" gives three.

    A whole document gives none, for it is no pinpoint. Where the labels between
    two ends cannot be counted ("12–14 bis"), the ends alone stand.
    """
    if citation.first is None:
        return ()
    labels = [citation.first]
    if citation.last is not None:
        head, dot, first = citation.first.rpartition(".")
        other, _, last = citation.last.rpartition(".")
        if head == other and first.isdigit() and last.isdigit() and int(first) < int(last):
            labels = [f"{head}{dot}{number}" for number in range(int(first), int(last) + 1)]
        else:
            labels.append(citation.last)
    where = f"{citation.section}:" if citation.section else ""
    return tuple(f"{citation.symbol}#{where}{label}" for label in labels)


def normalise(text: str) -> str:
    """Fold case, white space and the forms of dashes and apostrophes."""
    text = unicodedata.normalize("NFKC", text).casefold()
    text = re.sub("[‐‑‒–—]", "-", text).replace("’", "'").replace("‘", "'")
    return " ".join(text.split())


def contains(text: str, fact: str) -> bool:
    """Whether one of a fact's alternatives stands in the text, as whole words and numbers.

    "34" is not found in "1,034", "34.2" or "340".
    """
    shown = normalise(text)
    return any(
        re.search(rf"(?<!\w)(?<!\d[.,]){re.escape(normalise(option))}(?!\w)(?![.,]\d)", shown)
        for option in fact.split("|")
    )


def score(outcomes: Sequence[Outcome]) -> list[Scores]:
    """Score each outcome; the names are those of `FIGURES`, `seconds` stands for both quantiles."""
    shown = _ranking_scores([(o.case.paragraphs, o.ranked) for o in outcomes])
    found = _ranking_scores([(o.case.paragraphs, o.found) for o in outcomes])
    every: list[Scores] = []
    for outcome, end_to_end, search in zip(outcomes, shown, found, strict=True):
        scores: Scores = {name: end_to_end[name] for name in ("hit@1", "hit@5", "mrr")}
        scores |= _answer_scores(outcome)
        scores |= {f"search_{name}": value for name, value in search.items()}
        scores["seconds"] = outcome.seconds
        every.append(scores)
    return every


def right(outcome: Outcome, scores: Scores) -> bool:
    """Whether nothing is to be mended: first place and all facts, or rightly refused."""
    if not outcome.case.answerable:
        return not outcome.answered
    return scores["hit@1"] == 1 and scores["facts"] in (None, 1) and scores["speaker"] in (None, 1)


def figures(every: Sequence[Scores]) -> dict[str, Figure]:
    """Sum up scores; a figure for which no case is eligible is left out."""
    summed: dict[str, Figure] = {}
    for name in FIGURES:
        values = [value for value in column(every, name) if value is not None]
        if values:
            summed[name] = figure(values, QUANTILES.get(name))
    return summed


def column(every: Iterable[Scores], name: str) -> list[float | None]:
    """Take the scores that a figure is made of."""
    key = "seconds" if name in QUANTILES else name
    return [scores.get(key) for scores in every]


def grouped(pairs: Sequence[tuple[Outcome, Scores]]) -> dict[str, dict[str, Figure]]:
    """Give the figures overall, for each split and for each kind, under those names."""
    groups: dict[str, list[Scores]] = {"overall": []}
    for prefix in ("split", "kind"):
        for outcome, _ in pairs:
            groups.setdefault(f"{prefix} {getattr(outcome.case, prefix)}", [])
    for outcome, scores in pairs:
        for name in ("overall", f"split {outcome.case.split}", f"kind {outcome.case.kind}"):
            groups[name].append(scores)
    return {name: figures(members) for name, members in groups.items()}


def _answer_scores(outcome: Outcome) -> Scores:
    """Score what the answer says and cites, and whether it should have been given."""
    case, gold = outcome.case, set(outcome.case.paragraphs)
    text = "\n".join(
        part for claim in outcome.claims for part in (claim.text, claim.quote, claim.speaker or "")
    )
    # Not every speaker named anywhere: as many claims as there are speakers to name.
    speakers = "\n".join(claim.speaker or "" for claim in outcome.claims[: len(case.facts)])
    # A range is a right pinpoint only if every paragraph in it is.
    pointed = [claim.paragraphs for claim in outcome.claims]
    precise = [bool(paragraphs) and gold.issuperset(paragraphs) for paragraphs in pointed]
    cited = {paragraph for paragraphs in pointed for paragraph in paragraphs}
    who = case.kind == "who-said"
    return {
        "facts": _share([contains(text, fact) for fact in case.facts]),
        "citation_precision": _share(precise),
        "citation_recall": _share([paragraph in cited for paragraph in case.paragraphs]),
        "speaker": _share([contains(speakers, fact) for fact in case.facts]) if who else None,
        "refusal_precision": None if outcome.answered else float(not case.answerable),
        "refusal_recall": None if case.answerable else float(not outcome.answered),
    }


def _share(tests: Sequence[bool]) -> float | None:
    """Give the share that holds; None where there is nothing to test."""
    return sum(tests) / len(tests) if tests else None


def _ranking_scores(rankings: Sequence[tuple[Sequence[str], Sequence[str]]]) -> list[Scores]:
    """Score rankings against gold paragraphs, each of which is a right place.

    Measures of `ir_measures` (trec_eval): Success@1, Success@5, RR, nDCG@10 with
    gain 1 for each gold paragraph. Without gold, each is None.
    """
    from ir_measures import RR, Qrel, ScoredDoc, Success, iter_calc, nDCG

    named = {RR: "mrr", nDCG @ 10: "ndcg@10", Success @ 1: "hit@1", Success @ 5: "hit@5"}
    scores: list[Scores] = []
    qrels: list[Any] = []
    run: list[Any] = []
    for place, (gold, ranking) in enumerate(rankings):
        scores.append(dict.fromkeys(named.values(), 0.0 if gold else None))
        qrels += [Qrel(str(place), paragraph, 1) for paragraph in gold]
        if gold:  # falling scores, since trec_eval orders by score and breaks ties by name
            run += [ScoredDoc(str(place), p, -float(rank)) for rank, p in enumerate(ranking)]
    if run:
        for found in iter_calc(list(named), qrels, run):
            scores[int(found.query_id)][named[found.measure]] = float(found.value)
    return scores


def figure(values: Sequence[float], quantile: float | None = None) -> Figure:
    """Sum up eligible values: the mean or a quantile, and its percentile bootstrap interval."""
    import numpy as np
    from scipy.stats import bootstrap

    def statistic(sample: Any, axis: int = -1) -> Any:
        if quantile is None:
            return np.mean(sample, axis=axis)
        return np.quantile(sample, quantile, axis=axis)

    data = np.asarray(values, dtype=float)
    value = float(statistic(data))
    if len(data) < 2:
        return Figure(value, None, None, len(data))
    # Percentile, not BCa: BCa is undefined where all values are the same.
    # In batches, so that the resamples of some thousand values do not stand in memory at once.
    ends = bootstrap(
        (data,), statistic, n_resamples=RESAMPLES, batch=250, method="percentile",
        vectorized=True, rng=SEED,
    ).confidence_interval  # fmt: skip
    # A mean of equal values may differ from them in its last bit.
    return Figure(value, min(float(ends.low), value), max(float(ends.high), value), len(data))
