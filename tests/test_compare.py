"""A comparison says what else differs, refuses what cannot be compared, and is quick."""

import random
from dataclasses import replace

import pytest
from typer.testing import CliRunner

from eval.cli import app
from eval.compare import compare, compare_readings
from eval.metrics import Outcome
from eval.provenance import Commit
from eval.run import Judged, Result, store
from eval.suites import Case
from rag.errors import BadInput
from tests.test_gate import reading, result


def searched(seed: int, questions: int, gain: float) -> Result:
    """A retrieval run in which every score of every question was drawn."""
    draw = random.Random(seed)
    names = (*(f"R@{k}" for k in (1, 5, 10, 20, 50, 100)), "nDCG@10", "AP@10", "RR", "P@1")
    asked = [
        Judged(
            Outcome(Case(f"q{i}", "dev", "passage", "?", True, (("D", "1"),)), True),
            (), {name: gain * draw.random() for name in names} | {"seconds": draw.random()}, False,
        )
        for i in range(questions)
    ]  # fmt: skip
    figures = {"overall": dict.fromkeys(names, result(1).figures["overall"]["mrr"])}
    return replace(result(1), task="retrieval", questions=tuple(asked), figures=figures)


def test_what_was_set_up_otherwise_is_told():
    other = result(
        8, settings={"limit": 20, "index": "/home/me/index"}, versions={"rag": "0.2.0"}, jobs=2,
        commit=Commit("1" * 40, dirty=True), suite_sha256="cd" * 32,
    )  # fmt: skip
    told = {row.what: (row.a, row.b) for row in compare(result(8), other).setup}
    assert told == {
        "suite_sha256": ("ab" * 32, "cd" * 32),
        "settings.limit": ("10", "20"),
        "versions.rag": ("0.1.0", "0.2.0"),
        "jobs": ("1", "2"),
        "commit": ("0" * 12, "1" * 12 + " with changes"),
    }
    assert compare(result(8), result(6)).setup == ()


@pytest.mark.parametrize(
    ("test", "a", "b"),
    [
        (compare, result(8), result(8, suite="other")),
        (compare_readings, reading(0.9), reading(0.9, suite="other")),
    ],
    ids=["questions", "readings"],
)
def test_different_suites_are_refused(test, a, b):
    with pytest.raises(BadInput, match="B of the suite other"):
        test(a, b)


@pytest.mark.parametrize(("hits", "p"), [(8, 1.0), (7, 1.0), (6, 0.5), (2, 2 / 64)])
def test_p_is_exact_where_few_questions_moved(hits, p):
    # Of n questions that all got worse, two of the 2**n ways to sign them are as extreme.
    found = {row.figure: row for row in compare(result(8), result(hits)).differences}
    assert found["hit@1"].difference == pytest.approx((hits - 8) / 10)
    assert found["hit@1"].p == pytest.approx(p)


def test_of_many_questions_a_difference_is_told_from_chance():
    a, b = searched(1, 1000, 1.0), searched(2, 1000, 1.3)
    found = {row.figure: row for row in compare(a, b).differences}
    assert found["AP@10"].p < 0.01
    assert found["AP@10"].low < found["AP@10"].difference < found["AP@10"].high
    assert found["seconds_p50"].p > 0.01


@pytest.mark.parametrize(("words", "rows"), [([], 20), (["--all"], 60)])
def test_what_changed_most_is_shown_unless_all_is_asked_for(tmp_path, words, rows):
    a, b = (store(searched(seed, 60, 1.0), tmp_path / f"{seed}.json") for seed in (1, 2))
    done = CliRunner().invoke(app, ["compare", str(a), str(b), *words])
    assert done.exit_code == 0, done.exception
    assert done.stdout.count("passage") == rows
    assert ("the 20 of 60 that changed most" in done.stdout) == (rows == 20)
