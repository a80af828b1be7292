"""Constructed claims → how many wrong ones pass the gate, and how many right ones it stops.

`claims/claims.jsonl` holds claims about two records and the sample, right ones in other
words and wrong ones with one thing changed: a figure, a name, who said it … The gate is
fitted on both halves, so its honest figures are the cross-validated ones of
`python -m eval.calibrate_gate`, and those of `claims/unseen.jsonl`, which nothing was fitted on.
A claim is given all paragraphs of its document, as if all had been found.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import TypeAdapter

from eval.bootstrap import Figure, ratios
from eval.claims_build import CLAIMS, Written
from eval.reading import Item
from eval.suites import sources_of
from rag.domain import Citation, Claim, Document

ABOUT = "1,076 constructed claims: what passes the gate, and what it stops"
UNSEEN = CLAIMS.with_name("unseen.jsonl")
CHANGES: Mapping[str, str] = {
    "figure": "a figure is changed",
    "year": "a year or date is changed",
    "name": "a person, body, place or law is changed",
    "speaker": "the words are given to another speaker",
    "role": "they are given to the other side of the table",
    "polarity": "a negation or an opposite is put in",
    "modality": "what is planned or due is told as done, or the reverse",
    "allegation-to-fact": "what was asked or alleged is stated",
    "paragraph": "another paragraph is cited",
    "quotation": "the quotation is altered",
    "unsupported": "something is added that nobody said",
}
FIGURES: Mapping[str, str] = {
    "false_pass": "wrong claims that pass",
    "false_rejection": "right claims that are stopped",
    **{
        f"false_pass {change}": f"wrong claims that pass: {told}"
        for change, told in CHANGES.items()
    },
    "false_pass dev": "wrong claims of dev that pass",
    "false_rejection dev": "right claims of dev that are stopped",
    "false_pass without": "wrong claims that pass without the models",
    "false_rejection without": "right claims that are stopped without the models",
    "false_pass basic": "wrong claims that pass citation, quotation, figures and speaker alone",
    "false_pass unseen": "wrong claims that pass, of those that nothing was fitted on",
    "false_rejection unseen": "right claims that are stopped, of those",
    "ms": "milliseconds a claim, with the models",
    "ms without": "milliseconds a claim, without",
}
BARS: Mapping[str, float] = {}  # upper bounds: 0.02 for false_pass, 0.10 for false_rejection
BASIC = ("citation", "quotation", "figures", "speaker")


@dataclass(frozen=True, slots=True)
class Judged:
    """A claim of the file, and what the gate says of it."""

    written: Written
    passed: bool
    why: str  # "figures: 16 does not stand in that paragraph"; empty where it passed
    basic: bool  # whether the first four checks let it pass
    seconds: float = 0.0


def gold() -> tuple[Path, ...]:
    """Name the files that the suite needs."""
    records = (*sources_of("sr"), *sources_of("sample"))
    return (CLAIMS, *(source.path for source in records))


def written(limit: int | None = None) -> list[Written]:
    """Read the claims of the file."""
    adapter = TypeAdapter(Written)
    lines = CLAIMS.read_text(encoding="utf-8").splitlines()
    return [adapter.validate_json(line) for line in lines][:limit]


def unseen() -> list[Written]:
    """Read the claims that nothing was fitted on; none where the file is not there."""
    if not UNSEEN.exists():
        return []
    adapter = TypeAdapter(Written)
    lines = UNSEEN.read_text(encoding="utf-8").splitlines()
    return [adapter.validate_json(line) for line in lines if line.strip()]


def documents() -> dict[str, Document]:
    """Read the records that the claims are about."""
    from rag.parse import segment
    from rag.read import read

    sources = (*sources_of("sr"), *sources_of("sample"))
    found = (segment(read(source.path), symbol=source.symbol) for source in sources)
    return {document.id: document for document in found}


def claim_of(one: Written, document: Document) -> Claim:
    """Give a line of the file as the claim that an answerer would make."""
    there = next(each for each in document.paragraphs if each.label == one.label)
    quote = one.quote_text
    if quote is None:
        assert one.quote is not None
        quote = " ".join(there.text.split()[slice(*one.quote)])
    return Claim(one.text, quote, Citation(one.symbol, None, one.label), one.speaker)


def judge(claims: Sequence[Written], *, models: bool = True) -> list[Judged]:
    """Put claims through the gate, one after the other."""
    import time

    from rag.answer.cited import masthead
    from rag.answer.upheld import Meaning
    from rag.answer.verify import verify
    from rag.encoder import LocalEncoder
    from rag.reader import Entailment

    known = documents()
    meaning = Meaning(LocalEncoder().within, Entailment().upholds) if models else None
    if meaning is not None:
        meaning.within(["warm"], [[(0, 4)]])
        meaning.upholds("warm", ["warm"])
    judged: list[Judged] = []
    for one in claims:
        document = known[one.symbol]
        claim = claim_of(one, document)
        day = document.held_on or document.issued_on
        head = masthead(document.symbol, document.body, document.state, day)
        began = time.perf_counter()
        checked = verify(
            claim, document.paragraphs, masthead={document.id: head}.get, meaning=meaning
        )
        seconds = time.perf_counter() - began
        failed = [check for check in checked.checks if not check.passed]
        first = {check.kind for check in checked.checks[:4] if not check.passed}
        why = "; ".join(f"{check.kind}: {check.why}" for check in failed)
        judged.append(Judged(one, checked.verified, why, not first, seconds))
    return judged


def measure(limit: int | None) -> tuple[tuple[Item, ...], dict[str, dict[str, Figure]]]:
    """Judge every claim, and sum up: the test half overall, and for each document.

    Raises:
        BadInput: too few claims are left for right and wrong ones to be among them.

    """
    from rag.errors import BadInput

    claims = written(limit)
    for split in ("dev", "test"):
        if {one.right for one in claims if one.split == split} != {True, False}:
            raise BadInput("The suite claims needs more claims; leave --limit out.")
    full, bare = judge(claims), judge(claims, models=False)
    test = [one for one in full if one.written.split == "test"]
    figures = {"overall": _figures(test)}
    overall = figures["overall"]
    dev = _figures([one for one in full if one.written.split == "dev"])
    without = _figures([one for one in bare if one.written.split == "test"])
    for name in ("false_pass", "false_rejection"):
        overall[f"{name} dev"] = dev[name]
        overall[f"{name} without"] = without[name]
    wrong = [one for one in test if not one.written.right]
    overall["false_pass basic"] = _mean([float(one.basic) for one in wrong])
    overall["ms"] = _mean([1000 * one.seconds for one in test])
    overall["ms without"] = _mean(
        [1000 * one.seconds for one in bare if one.written.split == "test"]
    )
    fresh = judge(unseen()) if limit is None else []
    if fresh:
        figures["unseen"] = _figures(fresh)
        for name in ("false_pass", "false_rejection"):
            if name in figures["unseen"]:
                overall[f"{name} unseen"] = figures["unseen"][name]
    for symbol in dict.fromkeys(one.written.symbol for one in test):
        theirs = _figures([one for one in test if one.written.symbol == symbol])
        figures[f"document {symbol}"] = {
            name: figure for name, figure in theirs.items() if " " not in name
        }
    items = [_item(one, one.written.split) for one in full]
    # Only whether it is right is kept of an unseen one: who reads its words tunes on them.
    items += [replace(_item(one, "unseen"), due="", got="") for one in fresh]
    return tuple(items), figures


def _figures(judged: Sequence[Judged]) -> dict[str, Figure]:
    wrong = [one for one in judged if not one.written.right]
    right = [one for one in judged if one.written.right]
    found: dict[str, Figure] = {}
    if wrong:
        found["false_pass"] = _mean([float(one.passed) for one in wrong])
    if right:
        found["false_rejection"] = _mean([float(not one.passed) for one in right])
    for change in CHANGES:
        theirs = [float(one.passed) for one in wrong if one.written.change == change]
        if theirs:
            found[f"false_pass {change}"] = _mean(theirs)
    return found


def _mean(values: Sequence[float]) -> Figure:
    column: np.ndarray[Any, Any] = np.array([values], dtype=float)
    return ratios(column, np.ones_like(column))[0]


def _item(one: Judged, mark: str) -> Item:
    claim = one.written
    good = one.passed == claim.right
    name = "false_rejection" if claim.right else "false_pass"
    return Item(
        id=claim.id,
        document=claim.symbol,
        due=f"{'right' if claim.right else claim.change}: {claim.text}",
        got=one.why or "passed",
        scores={name: float(not good)},
        right=good,
        mark=mark,
    )
