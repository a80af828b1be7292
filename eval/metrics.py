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

from eval.bootstrap import Figure, quantiles, ratios
from eval.suites import Case

if TYPE_CHECKING:
    from rag.domain import Citation, Paragraph

# Name of each figure, and what it says; the README tells them at length.
FIGURES: Mapping[str, str] = {
    "hit@1": "the first paragraph shown is gold",
    "hit@5": "one of the first five is",
    "near_hit@1": "the first is gold, or stands beside it",
    "near_hit@5": "one of the first five is, or does",
    "mrr": "1 / rank of the first gold paragraph shown",
    "found_hit@1": "as hit@1, whether it was then refused or not",
    "found_hit@5": "as hit@5, whether it was then refused or not",
    "facts": "facts contained in the answer",
    "citation_precision": "claims whose citation is gold",
    "citation_recall": "gold paragraphs cited",
    "citation_f1": "harmonic mean of both, a question",
    "quotation_fidelity": "claims quoted word for word",
    "speaker": "right speaker (who-said)",
    "refusal_precision": "refused, and rightly",
    "refusal_recall": "without an answer, and refused",
    "refusal_f1": "harmonic mean of both, over the set",
    "search_hit@1": "search alone: the first paragraph is gold",
    "search_hit@5": "search alone: one of the first five is",
    "search_mrr": "search alone: 1 / rank",
    "search_ndcg@10": "search alone: nDCG at 10",
    "seconds_p50": "seconds a question, median",
    "seconds_p95": "seconds a question, 95th percentile",
    "tokens_in": "tokens sent to the language model, a question",
    "tokens_out": "tokens that it wrote, a question",
    "cost": "price of a question, at the prices in the settings",
}
# Figures of the set, which no question has of its own.
OVER_THE_SET = frozenset({"refusal_f1"})
QUANTILES: Mapping[str, float] = {"seconds_p50": 0.5, "seconds_p95": 0.95}

Scores = dict[str, float | None]


@dataclass(frozen=True, slots=True)
class Shown:
    """A claim as it was shown, and the ids of the paragraphs that it cites."""

    text: str
    quote: str
    citation: str
    paragraphs: tuple[str, ...]
    speaker: str | None = None
    verbatim: bool | None = None  # the quotation stands there; `eval.ground` says so


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
    near: tuple[str, ...] = ()  # ids of the paragraphs right before and after gold ones
    # What a language model took; None where none was asked, the cost also without prices.
    tokens_in: int | None = None
    tokens_out: int | None = None
    cost: float | None = None  # in the currency of `llm_price_in`

    @property
    def ranked(self) -> tuple[str, ...]:
        """Paragraphs cited, then those retrieved; nothing where the answer was refused."""
        return self.placed if self.answered else ()

    @property
    def placed(self) -> tuple[str, ...]:
        """Paragraphs cited, then those that the answer was made from, or was refused over."""
        cited = (paragraph for claim in self.claims for paragraph in claim.paragraphs)
        return tuple(dict.fromkeys((*cited, *self.retrieved)))


def citable(paragraph: Paragraph) -> str:
    """Give the id under which it can be cited: what stands on one page is cited by that page."""
    return paragraph.id.removesuffix(f"/{paragraph.part}") if paragraph.part > 1 else paragraph.id


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
    placed = _ranking_scores([(o.case.paragraphs, o.placed) for o in outcomes])
    found = _ranking_scores([(o.case.paragraphs, o.found) for o in outcomes])
    every: list[Scores] = []
    for outcome, end_to_end, before, search in zip(outcomes, shown, placed, found, strict=True):
        scores: Scores = {name: end_to_end[name] for name in ("hit@1", "hit@5", "mrr")}
        scores |= {f"found_{name}": before[name] for name in ("hit@1", "hit@5")}
        scores |= {f"near_hit@{depth}": _near(outcome, depth) for depth in (1, 5)}
        scores |= _answer_scores(outcome)
        scores |= {f"search_{name}": value for name, value in search.items()}
        scores["seconds"] = outcome.seconds
        scores |= {name: getattr(outcome, name) for name in ("tokens_in", "tokens_out", "cost")}
        every.append(scores)
    return every


def _near(outcome: Outcome, depth: int) -> float | None:
    """Whether one of the first paragraphs shown is gold or stands beside a gold one."""
    gold = outcome.case.paragraphs
    places = {*gold, *outcome.near}
    return float(not places.isdisjoint(outcome.ranked[:depth])) if gold else None


def right(outcome: Outcome, scores: Scores) -> bool:
    """Whether nothing is to be mended: first place and all facts, or rightly refused."""
    if not outcome.case.answerable:
        return not outcome.answered
    return scores["hit@1"] == 1 and scores["facts"] in (None, 1) and scores["speaker"] in (None, 1)


def figures(every: Sequence[Scores]) -> dict[str, Figure]:
    """Sum up scores; a figure for which no case is eligible is left out."""
    import numpy as np

    summed: dict[str, Figure] = {}
    alike: dict[bytes, list[str]] = {}  # figures that the same questions are eligible for
    columns: dict[str, Any] = {}
    for name in FIGURES:
        if name in OVER_THE_SET or name in QUANTILES:
            continue
        columns[name] = np.array(column(every, name), dtype=float)
        alike.setdefault(np.isnan(columns[name]).tobytes(), []).append(name)
    for names in alike.values():
        values = np.array([columns[name][~np.isnan(columns[name])] for name in names])
        if values.size:
            summed |= zip(names, ratios(values, np.ones_like(values)), strict=True)
    seconds = [value for scores in every if (value := scores.get("seconds")) is not None]
    if seconds:
        found = quantiles(np.array(seconds), tuple(QUANTILES.values()))
        summed |= zip(QUANTILES, found, strict=True)
    summed |= _refusals(every)
    return {name: summed[name] for name in FIGURES if name in summed}


def _refusals(every: Sequence[Scores]) -> dict[str, Figure]:
    """F1 of refusing, over the questions that were refused or should have been."""
    import numpy as np

    pairs = [(s.get("refusal_precision"), s.get("refusal_recall")) for s in every]
    eligible = [(p, r) for p, r in pairs if p is not None or r is not None]
    if not eligible:
        return {}
    # 2 right / (refused + to be refused): each question gives its share of both sums.
    above = np.array([[2.0 * (p or 0.0) for p, _ in eligible]])
    below = np.array([[float((p is not None) + (r is not None)) for p, r in eligible]])
    return {"refusal_f1": ratios(above, below)[0]}


def column(every: Iterable[Scores], name: str) -> list[float | None]:
    """Take the scores that a figure is made of."""
    key = "seconds" if name in QUANTILES else name
    return [scores.get(key) for scores in every]


def grouped(pairs: Sequence[tuple[Outcome, Scores]]) -> dict[str, dict[str, Figure]]:
    """Give the figures overall, single-turn, for each split and each kind, under those names."""
    groups: dict[str, list[Scores]] = {"overall": []}
    single = any(outcome.case.history for outcome, _ in pairs)
    if single:
        groups["single-turn"] = []
    for prefix in ("split", "kind"):
        for outcome, _ in pairs:
            groups.setdefault(f"{prefix} {getattr(outcome.case, prefix)}", [])
    for outcome, scores in pairs:
        for name in ("overall", f"split {outcome.case.split}", f"kind {outcome.case.kind}"):
            groups[name].append(scores)
        if single and not outcome.case.history:
            groups["single-turn"].append(scores)
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
    precision = _share(precise)
    recall = _share([paragraph in cited for paragraph in case.paragraphs])
    return {
        "facts": _share([contains(text, fact) for fact in case.facts]),
        "citation_precision": precision,
        "citation_recall": recall,
        "citation_f1": None if recall is None else _harmonic(precision or 0.0, recall),
        "quotation_fidelity": _share(
            [claim.verbatim for claim in outcome.claims if claim.verbatim is not None]
        ),
        "speaker": _share([contains(speakers, fact) for fact in case.facts]) if who else None,
        "refusal_precision": None if outcome.answered else float(not case.answerable),
        "refusal_recall": None if case.answerable else float(not outcome.answered),
    }


def _harmonic(precision: float, recall: float) -> float:
    """F1; 0 where both are 0, as where nothing was cited."""
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


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

    data = np.asarray(values, dtype=float)
    if quantile is not None:
        return quantiles(data, (quantile,))[0]
    return ratios(data[None], np.ones((1, len(data))))[0]
