"""Questions and statements written for the reader → pairs to learn from, and the rows they stand in.

    python -m eval.reader.items DEV.json TRAIN.json

A row of `items.jsonl` is a passage with what was written about it: a paragraph of a record by
its id, whose sentences are read from `RECORD_SHARED`, or a passage of our own with its text. An
item is A (a question that the passage answers), N (one that it does not), S (a statement that it
upholds) or X (one that it does not), with the numbers of the sentences that tell. Wording gives
the label away (A and S are often in other words, N and X in the passage's own), so each item
counts as much as makes the label independent of it; twins, in nearly the same words with the
other label, do the same. Passages of our own also stand in families, three on one subject that a
search could take for one another: a question that one of them answers, the others do not.
"""

from __future__ import annotations

import json
import random
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from eval.suites import names, shared, sources_of
from rag.answer.evidence import parts
from rag.parse import segment
from rag.read import read
from rag.sentences import sentences

ITEMS = Path(__file__).resolve().parent / "items.jsonl"
HELD_OUT = 20  # every twentieth passage is kept to look at while training
ANSWERS, UPHOLDS = 0, 1  # the outputs
LONG = 110  # words from which a passage is read whole less often
SEED = 9

Pair = tuple[
    int, str, str, int, float
]  # output, question or statement, text, label, how much it counts


@dataclass(frozen=True, slots=True)
class Item:
    """A question or statement about a passage."""

    label: str  # A, N, S, X
    at: tuple[int, ...]  # sentences that tell, from 0
    text: str

    @property
    def output(self) -> int:
        """Which of the reader's outputs it is for."""
        return ANSWERS if self.label in "AN" else UPHOLDS

    @property
    def true(self) -> bool:
        """Whether the passage answers or upholds it."""
        return self.label in "AS"


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage in sentences, and what was written about it."""

    id: str
    sentences: tuple[str, ...]
    items: tuple[Item, ...]
    family: str = ""  # passages on the same subject, of which each answers its own questions


def passages() -> list[Passage]:
    """Read the rows; those of records that are not there are left out."""
    rows = [json.loads(line) for line in ITEMS.read_text(encoding="utf-8").splitlines()]
    known = records()
    found: list[Passage] = []
    for row in rows:
        text = row.get("text") or known.get(row["id"])
        if not text:
            continue
        items = tuple(Item(label, tuple(at), said) for label, at, said in row["items"])
        found.append(Passage(row["id"], tuple(text), items, row.get("family", "")))
    return _crossed(found)


def _crossed(of: Sequence[Passage]) -> list[Passage]:
    """Each passage with the questions that its family answers and it does not."""
    families: dict[str, list[Passage]] = {}
    for passage in of:
        families.setdefault(passage.family, []).append(passage)
    return [
        replace(
            passage,
            items=passage.items
            + tuple(
                Item("N", (), item.text)
                for other in families[passage.family]
                if passage.family and other is not passage
                for item in other.items
                if item.label == "A"
            ),
        )
        for passage in of
    ]


@lru_cache(maxsize=1)
def records() -> dict[str, list[str]]:
    """Sentences of every paragraph of the records that are written about, by the paragraph's id.

    No record is among them that a suite of the project is asked of.
    """
    asked = {path for name in names() for source in sources_of(name) for path in [source.path.name]}
    known: dict[str, list[str]] = {}
    for pattern in ("upr/txt/*.txt", "pv/txt/*.txt", "excerpts/*SR*.txt"):
        for path in sorted((shared() / "record").glob(pattern)):
            if path.name in asked or "3272" in path.name:
                continue
            document = segment(read(path))
            for paragraph in document.paragraphs:
                known[paragraph.id] = [
                    " ".join(paragraph.text[low + start : low + end].split())
                    for low, high in parts(paragraph)
                    for start, end in sentences(paragraph.text[low:high])
                ]
    return known


_WORD = re.compile(r"[a-z0-9]{3,}")
_FIRST = "how what which who when where why did has was were is are does had for in the on".split()


def style(said: str, passage: str) -> list[float]:
    """Numbers that tell how something is put, and nothing of what it says."""
    words, stems = said.lower().split(), {w[:6] for w in _WORD.findall(passage.lower())}
    own = [w[:6] in stems for w in _WORD.findall(said.lower())]
    shared_words = float(np.mean(own)) if own else 0.0
    return [
        shared_words, shared_words**2, len(words), float(np.log(len(words))),
        longest_run(said, passage) / len(words), *(float(w in words) for w in ("not", "no", "because", "only", "all")),
        float(any(c.isdigit() for c in said)), *(float(words[0] == w) for w in _FIRST),
        float("how many" in said.lower()),
    ]  # fmt: skip


def longest_run(said: str, passage: str) -> int:
    """How many words in a row stand in the passage too."""
    words = re.findall(r"\w+", said.lower())
    there = " " + " ".join(re.findall(r"\w+", passage.lower())) + " "
    best = 0
    for start in range(len(words)):
        while (
            start + best < len(words) and f" {' '.join(words[start : start + best + 1])} " in there
        ):
            best += 1
    return best


def weights(of: Sequence[tuple[Passage, Item]]) -> NDArray[np.float64]:
    """How much each item counts, so that its wording does not tell its label; mean 1."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import StandardScaler

    told = np.ones(len(of))
    for output in (ANSWERS, UPHOLDS):
        own = [n for n, (_, item) in enumerate(of) if item.output == output]
        if not own:
            continue
        x = np.array([style(of[n][1].text, " ".join(of[n][0].sentences)) for n in own])
        y = np.array([of[n][1].true for n in own])
        scaled = StandardScaler().fit_transform(x)
        chance = LogisticRegression(max_iter=2000).fit(scaled, y).predict_proba(scaled)[:, 1]
        each = np.clip(np.where(y, y.mean() / chance, (1 - y.mean()) / (1 - chance)), 0.2, 4.0)
        told[own] = each / each.mean()
    return told


def pairs(of: Sequence[Passage], rng: random.Random) -> list[Pair]:
    """Each item with the passage, or the sentences that tell and the one before; some with others."""
    every = [(passage, item) for passage in of for item in passage.items]
    found: list[Pair] = []
    for (passage, item), weight in zip(every, weights(every), strict=True):
        there = passage.sentences
        whole, label = " ".join(there), int(item.true)
        at = item.at or (nearest(item.text, there),)
        window = " ".join(there[max(0, min(at) - 1) : max(at) + 1])
        if len(there) <= 2 or rng.random() < (0.35 if len(whole.split()) > LONG else 0.5):
            found.append((item.output, item.text, whole, label, float(weight)))
        if len(there) > 2 and rng.random() < 0.8:
            found.append((item.output, item.text, window, label, float(weight)))
        apart = [n for n in range(len(there)) if n not in at and n - 1 not in at]
        if item.true and apart and rng.random() < 0.4:
            n = rng.choice(apart)
            found.append((item.output, item.text, " ".join(there[max(0, n - 1) : n + 1]), 0, 0.5))
        other = rng.choice(of)
        if item.true and other.id != passage.id and rng.random() < 0.15:
            found.append((item.output, item.text, " ".join(other.sentences), 0, 0.4))
    return found


def nearest(said: str, there: Sequence[str]) -> int:
    """The sentence that shares most words with what is said."""
    words = set(_WORD.findall(said.lower()))
    return max(range(len(there)), key=lambda n: len(words & set(_WORD.findall(there[n].lower()))))


def main() -> int:
    """Write the pairs of the passages held out, and of the others."""
    held, others = Path(sys.argv[1]), Path(sys.argv[2])
    found, rng = passages(), random.Random(SEED)
    apart = sorted({passage.family or passage.id for passage in found})
    rng.shuffle(apart)
    kept = set(apart[::HELD_OUT])
    for path, wanted in ((held, True), (others, False)):
        some = [p for p in found if ((p.family or p.id) in kept) is wanted]
        path.write_text(json.dumps(pairs(some, rng)), encoding="utf-8")
    print(f"{len(found)} passages, {sum(len(p.items) for p in found)} items")
    return 0


if __name__ == "__main__":
    sys.exit(main())
