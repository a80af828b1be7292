"""What the reader learns first: ObliQA's questions, and sentences of records changed by rules.

    python -m eval.reader.first TARGET.json

A question of ObliQA (development and multi-passage validation) with its passages, and with three
of those that share most words with it. A sentence of a report of a State's review, with clauses
left out and words put for their synonyms (WordNet), and, half of the time, one thing changed: a
figure, a name, a word, "not", an opposite, two things that change places. Cheap and coarse: it
teaches to compare the two texts at all.
"""

from __future__ import annotations

import json
import random
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np

from eval.corpora import obliqa, passage_files
from eval.reader.items import ANSWERS, UPHOLDS, Pair, records
from eval.suites import ROOT

SEED = 3
NEAR = 25  # passages that share most words with a question: others are drawn from them
SYNONYM = 0.25  # how often a word is put for another
Words = Mapping[str, tuple[Sequence[str], Sequence[str]]]  # synonyms, opposites


def main() -> int:
    """Write the pairs."""
    rng = random.Random(SEED)
    found = [*questions(rng), *sentences(rng)]
    rng.shuffle(found)
    Path(sys.argv[1]).write_text(json.dumps(found), encoding="utf-8")
    print(f"{len(found)} pairs")
    return 0


def questions(rng: random.Random) -> list[Pair]:
    """ObliQA's questions, each with passages that answer it and three that share its words."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    keys: list[tuple[str, str]] = []
    texts: list[str] = []
    for path in passage_files(obliqa()):
        for row in json.loads(path.read_text(encoding="utf-8")):
            text = " ".join(row["Passage"].split())
            if 8 <= len(text.split()) <= 400:
                keys.append((str(row["DocumentID"]), row["PassageID"]))
                texts.append(text)
    terms = TfidfVectorizer(sublinear_tf=True, stop_words="english")
    table = terms.fit_transform(texts)
    found: list[Pair] = []
    for name in ("questions.dev.json", "multi_passage.val.json"):
        for row in json.loads((obliqa() / name).read_text(encoding="utf-8")):
            right = {(str(p["DocumentID"]), p["PassageID"]): p["Passage"] for p in row["Passages"]}
            alike = (terms.transform([row["Question"]]) @ table.T).toarray()[0]
            near = [n for n in np.argsort(-alike)[:NEAR] if keys[n] not in right]
            for passage in list(right.values())[:2]:
                found.append((ANSWERS, row["Question"], " ".join(passage.split()), 1, 1.0))
            for n in [*rng.sample(near[:12], 2), *rng.sample(near[12:], 1)]:
                found.append((ANSWERS, row["Question"], texts[n], 0, 1.0))
    return found


def sentences(rng: random.Random) -> list[Pair]:
    """Sentences of reports as statements about themselves, half of them with one thing changed."""
    words, found = wordnet(), list[Pair]()
    paragraphs = list(records().values())
    for there in paragraphs:
        around = [*there, *rng.choice(paragraphs), *rng.choice(paragraphs)]
        for at, sentence in enumerate(there):
            if not 8 <= len(sentence.split()) <= 55 or rng.random() < 0.45:
                continue
            first = at - 1 if at and rng.random() < 0.5 else at
            text = " ".join(there[first : at + 1 + (rng.random() < 0.3)])
            said = reworded(sentence, words, rng)
            if rng.random() < 0.5:
                found.append((UPHOLDS, said, text, 1, 1.0))
            elif changed := wrong(said, " ".join(around), words, rng):
                found.append((UPHOLDS, changed, text, 0, 1.0))
    return found


def wordnet() -> Words:
    """Synonyms and opposites of the product's own list."""
    found: dict[str, tuple[Sequence[str], Sequence[str]]] = {}
    lines = (ROOT / "rag" / "answer" / "wordnet.txt").read_text(encoding="utf-8").splitlines()
    for line in lines:
        word, colon, rest = line.partition(":")
        if colon and not line.startswith("#"):
            same, _, opposite = rest.partition("|")
            found[word.strip()] = (same.split(), opposite.split())
    return found


def reworded(sentence: str, words: Words, rng: random.Random) -> str:
    """A sentence without what follows a comma, and with other words that mean the same."""
    cut = re.split(
        r"(?<=[a-z]), (?=which|who|including|as well as|in order|in particular|while|with|and )",
        sentence,
    )
    said = f"{cut[0]}." if len(cut) > 1 and rng.random() < 0.6 else sentence
    if rng.random() < 0.3:
        return said

    def other(match: re.Match[str]) -> str:
        same = words.get(match[0], ((), ()))[0]
        return rng.choice(same).replace("_", " ") if same and rng.random() < SYNONYM else match[0]

    return re.sub(r"\b[a-z]{4,}\b", other, said)


_FIGURE = re.compile(r"\b\d[\d,.]*\d\b|\b\d\b")
_NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]{3,}(?: [A-Z][a-z]+)*")
_HELPS = re.compile(r"\b(?:was|were|is|are|had|has|have|would|could|should|will|did)\b(?! not)")
_PLACES = re.compile(
    r"\b((?:the )?[\w ]{4,30}?) (by|to|from|than|against) ((?:the )?\w+(?: \w+)?)\b"
)


def wrong(said: str, around: str, words: Words, rng: random.Random) -> str | None:
    """A statement with one thing changed; None where there is nothing to change."""
    ways: list[Callable[[], str | None]] = [
        lambda: put(said, _FIGURE, lambda m: _figure(m, around, rng), rng),
        lambda: put(said, _NAME, lambda m: _other(_NAME, m, around, said, rng), rng),
        lambda: put(said, LONG, lambda m: _like(m, around, said, words, rng), rng),
        lambda: put(said, LONG, lambda m: _like(m, around, said, words, rng), rng),
        lambda: (
            said.replace(" not ", " ", 1)
            if " not " in said
            else put(said, _HELPS, lambda m: f"{m} not", rng)
        ),
        lambda: put(said, LONG, lambda m: one_of(words.get(m, ((), ()))[1], rng), rng),
        lambda: _PLACES.sub(r"\3 \2 \1", said, count=1) if _PLACES.search(said) else None,
    ]
    rng.shuffle(ways)
    return next((changed for way in ways if (changed := way()) and changed != said), None)


LONG = re.compile(r"\b[a-z]{5,}\b")


def put(
    said: str, what: re.Pattern[str], new: Callable[[str], str | None], rng: random.Random
) -> str | None:
    """One of the places where a pattern stands, changed; None where there is none."""
    found = list(what.finditer(said))
    if not found:
        return None
    match = rng.choice(found)
    other = new(match[0])
    return None if other is None else said[: match.start()] + other + said[match.end() :]


def _figure(figure: str, around: str, rng: random.Random) -> str:
    others = [other for other in _FIGURE.findall(around) if other != figure]
    if others and rng.random() < 0.5:
        return rng.choice(others)
    return (
        str(int(figure) + rng.choice((-2, -1, 1, 2, 3, 10))) if figure.isdigit() else "3" + figure
    )


def _other(
    what: re.Pattern[str], name: str, around: str, said: str, rng: random.Random
) -> str | None:
    return one_of(
        [other for other in what.findall(around) if other != name and other not in said], rng
    )


def _like(word: str, around: str, said: str, words: Words, rng: random.Random) -> str | None:
    """Another word with the same ending: of the same kind, most of the time."""
    same = words.get(word, ((), ()))[0]
    others = [
        other
        for other in LONG.findall(around)
        if other[-3:] == word[-3:]
        and other[:4] != word[:4]
        and other not in said
        and other not in same
    ]
    return one_of(others, rng)


def one_of(of: Sequence[str], rng: random.Random) -> str | None:
    """Any of some words; None of none."""
    return rng.choice(of).replace("_", " ") if of else None


if __name__ == "__main__":
    sys.exit(main())
