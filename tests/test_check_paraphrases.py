"""Fair and unfair paraphrases of the sample → what `rag check` says of them.

`pytest tests/test_check_paraphrases.py -s` prints the table. Written before they were checked;
they were seen before the bound of what is only unsure was set, so they are no blind test.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from typer.testing import CliRunner

from rag.check import Finding, check
from rag.check.annotate import annotated
from rag.check.encoded import KEPT, Remembered
from rag.cli import cli
from rag.config import Settings
from rag.record import Record

CASES = Path(__file__).parent / "cases" / "check" / "paraphrases.jsonl"
JUDGES = "Judges went back to the classroom for the Convention after the paper was out"
COOKS = "The delegation praised the food in the hotel by the harbour"
CITED = "(CCLP/C/SR.411, para. 35)"


@pytest.fixture(scope="module")
def record(sample_index: Path) -> Record:
    return Record(Settings(index=sample_index))


def cases(*, fair: bool) -> list[str]:
    """Sentences of a draft, each with its citation."""
    rows = [json.loads(line) for line in CASES.read_text(encoding="utf-8").splitlines()]
    return [
        f"{row['text'][:-1]} ({row['cite'][0]}, para. {row['cite'][1]})."
        for row in rows
        if row["fair"] is fair
    ]


def checked(record: Record, folder: Path, lines: list[str]) -> tuple[Finding, ...]:
    path = folder / "draft.md"
    path.write_text("\n\n".join(lines), encoding="utf-8")
    return check(path, record).findings


def told(findings: tuple[Finding, ...]) -> Counter[str]:
    return Counter(
        "passed" if f.passed else "to be read" if f.unsure else "failed" for f in findings
    )


def test_most_fair_paraphrases_are_not_called_wrong(record: Record, tmp_path: Path) -> None:
    found = checked(record, tmp_path, cases(fair=True))
    counts = told(found)
    print(f"\nfair    {dict(counts)}", *(f"  {f.told:20} {f.text}" for f in found), sep="\n")
    assert len(found) == 14
    assert counts["failed"] <= 7  # six or seven: int8 is rounded otherwise on another processor


def test_hardly_an_unfair_paraphrase_passes(record: Record, tmp_path: Path) -> None:
    found = checked(record, tmp_path, cases(fair=False))
    counts = told(found)
    print(f"\nunfair  {dict(counts)}", *(f"  {f.told:20} {f.text}" for f in found), sep="\n")
    assert len(found) == 14
    assert counts["passed"] <= 1
    assert counts["failed"] >= 9


def test_what_is_to_be_read_is_told_apart(record: Record, tmp_path: Path) -> None:
    near, far = checked(record, tmp_path, [f"{JUDGES} {CITED}.", f"{COOKS} {CITED}."])
    assert (near.verdict, near.unsure, near.passed) == ("not found", True, False)
    assert near.why.startswith("not told to be supported: read CCLP/C/SR.411, para. 35")
    assert near.where is not None
    assert near.where.citation == "CCLP/C/SR.411, para. 35"
    assert (far.verdict, far.unsure) == ("not found", False)


def test_a_copy_shows_what_is_to_be_read(record: Record, tmp_path: Path) -> None:
    path = tmp_path / "draft.md"
    path.write_text(f"{JUDGES} {CITED}.", encoding="utf-8")
    found = check(path, record)
    assert '<span class="read">? not found? read it' in annotated(found, "html")
    assert "**[? not found? read it" in annotated(found, "markdown")


def test_a_text_is_encoded_once_and_alone() -> None:
    asked: list[str] = []

    def within(
        texts: Sequence[str], spans: Sequence[Sequence[tuple[int, int]]]
    ) -> tuple[NDArray[np.float32], list[NDArray[np.float32]]]:
        asked.extend(texts)
        assert len(texts) == 1
        parts = [
            np.full((len(some), 2), len(text), np.float32)
            for text, some in zip(texts, spans, strict=True)
        ]
        return np.array([[len(text), 0] for text in texts], np.float32), parts

    remembered = Remembered(within)
    first = remembered(["a claim", "a paragraph", "a paragraph"], [[(0, 1)], [(0, 1), (2, 5)], []])
    again = remembered(["a claim", "another"], [[(0, 1)], []])
    assert asked == ["a claim", "a paragraph", "another"]
    assert first[0].tolist() == [[7, 0], [11, 0], [11, 0]]
    assert [part.shape for part in first[1]] == [(1, 2), (2, 2), (0, 2)]
    assert again[0].tolist() == [[7, 0], [7, 0]]
    for number in range(2 * KEPT):
        remembered([str(number)], [[(0, 1)]])
    remembered(["a claim"], [[(0, 1)]])
    assert asked.count("a claim") == 2  # what was kept is bounded


@pytest.mark.parametrize(
    ("words", "options", "status", "summary"),
    [
        (JUDGES, [], 1, "1 checked, 0 failed, 1 to be read."),
        (JUDGES, ["--allow-unsure"], 0, "1 checked, 0 failed, 1 to be read."),
        (COOKS, ["--allow-unsure"], 1, "1 checked, 1 failed."),
    ],
)
def test_the_status_of_what_is_to_be_read(
    sample_index: Path,
    tmp_path: Path,
    words: str,
    options: list[str],
    status: int,
    summary: str,
) -> None:
    path = tmp_path / "draft.md"
    path.write_text(f"{words} {CITED}.", encoding="utf-8")
    done = CliRunner().invoke(cli, ["--index", str(sample_index), "check", str(path), *options])
    assert done.exit_code == status
    assert summary in done.stderr
