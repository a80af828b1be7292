"""Statements written for the entailment model → pairs to learn from.

    python -m eval.reader.statements HELD.json TRAIN.json

A row of `statements.jsonl` is a passage, with what was written about its sentences: the number of
the sentence that decides, or the numbers of those that do together, S (the record upholds it) or X
(it does not), the kind, and the text. The passage is one of `items.jsonl` or of the records that
these are about, by its id, or one of our own with its text. To each sentence belong four: one near
to its wording, or as a lawyer would put it in a brief, and one in quite other words, each with a
twin in nearly the same words that is no longer what the record says. Further pairs are made by
rules: a statement, or the sentence itself, turned into its contrary, and a statement beside
another sentence of the passage.

A quarter of the passages, by a digest of the id, is never learned from: the gate is tried on them.
"""

from __future__ import annotations

import hashlib
import json
import random
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from eval.reader.first import LONG, Words, one_of, put, wordnet
from eval.reader.items import UPHOLDS, Item, Pair, Passage, nearest, passages, records, weights
from rag.answer.attribution import attribution
from rag.answer.paraphrase import bare

WRITTEN = Path(__file__).resolve().parent / "statements.jsonl"
TRUE = ("near", "free", "brief", "plain")
KINDS = (*TRUE, "polarity", "modality", "role", "scope", "cause", "other", "added")
HELD_OUT = 4  # of so many passages one is kept
OLDER = 0.5  # share of the statements of `items.jsonl` that are learned from as well
SEED = 11


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement about a passage."""

    passage: Passage
    at: tuple[int, ...]  # sentences that decide, from 0
    true: bool
    kind: str  # one of KINDS; empty for one of `items.jsonl`
    text: str


def statements(of: Mapping[str, Passage]) -> list[Statement]:
    """Read the rows; those of passages that are not there are left out."""
    rows = [json.loads(line) for line in WRITTEN.read_text(encoding="utf-8").splitlines()]
    known = records()
    found: list[Statement] = []
    for row in rows:
        passage = of.get(row["id"])
        if passage is None and (text := row.get("text") or known.get(row["id"])):
            passage = Passage(row["id"], tuple(text), ())
        if passage is not None:
            found += [
                Statement(passage, (at,) if isinstance(at, int) else tuple(at), label == "S", *said)
                for at, label, *said in row["statements"]
            ]
    return found


def held_out(passage: str) -> bool:
    """Whether a passage is kept to try the gate on."""
    return (
        int(hashlib.sha1(passage.encode(), usedforsecurity=False).hexdigest(), 16) % HELD_OUT == 0
    )


def older(of: Mapping[str, Passage], rng: random.Random) -> list[Statement]:
    """Give some of the statements of `items.jsonl`."""
    return [
        Statement(
            passage, item.at or (nearest(item.text, passage.sentences),), item.true, "", item.text
        )
        for passage in of.values()
        for item in passage.items
        if item.output == UPHOLDS and rng.random() < OLDER
    ]


def pairs(of: Sequence[Statement], words: Words, rng: random.Random) -> Iterator[Pair]:
    """Each statement with what it rests on, and those that rules make of it."""
    items = [(each.passage, Item("S" if each.true else "X", each.at, each.text)) for each in of]
    for each, weight in zip(of, weights(items), strict=True):
        there = each.passage.sentences
        yield UPHOLDS, _said(each.text, rng), _text(each, rng), int(each.true), float(weight)
        if each.true and rng.random() < 0.35 and (other := contrary(each.text, words, rng)):
            yield UPHOLDS, _said(other, rng), _text(each, rng), 0, 0.7
        if not each.kind:
            continue
        apart = [n for n in range(len(there)) if n not in each.at and n + 1 not in each.at]
        if each.true and apart and rng.random() < 0.12:
            yield UPHOLDS, _said(each.text, rng), there[rng.choice(apart)], 0, 0.5
        if rng.random() < 0.15:
            own = there[each.at[0]]
            yield UPHOLDS, own, _text(each, rng), 1, 0.3
            if other := contrary(own, words, rng):
                yield UPHOLDS, other, _text(each, rng), 0, 0.5


def _said(text: str, rng: random.Random) -> str:
    """A statement as it stands, or without who says it, as the gate reads it."""
    return bare(text, attribution(text)) if rng.random() < 0.5 else text


def _text(of: Statement, rng: random.Random) -> str:
    """What decides, mostly alone, or with the sentence before it, or the whole passage."""
    there, chance = of.passage.sentences, rng.random()
    first, last = min(of.at), max(of.at)
    if chance < 0.5:
        return " ".join(there[first : last + 1])
    if chance < 0.85:
        return " ".join(there[max(0, first - 1) : last + 1])
    return " ".join(there)


_HELPS = re.compile(
    r"\b(?:was|were|is|are|had|has|have|would|could|should|will|did|may|might|can|must)\b(?! not)"
)
_DENIED = (
    (r"\b[Nn]o one\b", "everyone"), (r"\b[Nn]obody\b", "everybody"), (r"\b[Nn]ever\b", "always"),
    (r"\bno\b", "some"), (r"\bwithout\b", "with"),
)  # fmt: skip


def contrary(said: str, words: Words, rng: random.Random) -> str | None:
    """A statement turned into its contrary by one change; None where there is nothing to change."""
    if " not " in said:
        return said.replace(" not ", " ", 1)
    for denied, affirmed in _DENIED:
        if re.search(denied, said) and rng.random() < 0.7:
            return re.sub(denied, affirmed, said, count=1)
    if rng.random() < 0.8 and (denying := put(said, _HELPS, lambda one: f"{one} not", rng)):
        return denying
    return put(said, LONG, lambda one: one_of(words.get(one, ((), ()))[1], rng), rng)


def main() -> int:
    """Write the pairs held out and those to learn from."""
    rng = random.Random(SEED)
    known = {passage.id: passage for passage in passages()}
    every = [*statements(known), *older(known, rng)]
    words = wordnet()
    for path, kept in zip(sys.argv[1:3], (True, False), strict=True):
        chosen = [each for each in every if held_out(each.passage.id) is kept]
        found = list(pairs(chosen, words, rng))
        rng.shuffle(found)
        Path(path).write_text(json.dumps(found), encoding="utf-8")
        print(f"{path}: {len(found)} pairs of {len(chosen)} statements")
    return 0


if __name__ == "__main__":
    sys.exit(main())
