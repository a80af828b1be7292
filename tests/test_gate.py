"""The gate closes where a figure has fallen below its baseline, and only there."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from eval import gate
from eval import run as running
from eval.cli import app
from eval.metrics import Figure, Outcome, grouped, right, score
from eval.provenance import Commit, IndexPrint
from eval.reading import Reading
from eval.run import Judged, Result, store
from eval.suites import Case
from rag.errors import BadInput

SHA = "ab" * 32


def result(hits: int, of: int = 10, suite: str = "tiny", **changes: object) -> Result:
    """A run of questions of which so many show gold first; the rest show another paragraph."""
    outcomes = [
        Outcome(
            Case(f"q{i}", "dev", "fact", f"Question {i}?", True, (("S", "2"),)),
            True,
            retrieved=("S#2",) if i < hits else ("S#1",),
            found=("S#2",),
            seconds=0.1,
        )
        for i in range(of)
    ]
    every = score(outcomes)
    pairs = list(zip(outcomes, every, strict=True))
    made = Result(
        suite=suite, suite_sha256=SHA, split=None, limit=None,
        started="2026-11-24T12:00:00+00:00", settings={"limit": 10, "index": "/home/me/index"},
        commit=Commit("0" * 40, dirty=False), versions={"rag": "0.1.0"},
        index=IndexPrint(SHA, 1, 3, ""), figures=grouped(pairs),
        questions=tuple(Judged(o, o.ranked, s, right(o, s)) for o, s in pairs),
    )  # fmt: skip
    return replace(made, **changes)  # type: ignore[arg-type]


def reading(value: float, **changes: object) -> Reading:
    figures = {"overall": {"label": Figure(value, None, None, 100)}}
    made = Reading(
        suite="pages", gold_sha256=SHA, limit=None, started="2026-11-24T12:00:00+00:00",
        seconds=1.0, commit=None, versions={}, told={"label": ""}, bars={}, figures=figures,
    )  # fmt: skip
    return replace(made, **changes)  # type: ignore[arg-type]


def verdicts(now: Result | Reading, before: Result | Reading) -> dict[str, str]:
    judged = gate.judge(now, gate.baseline_of(before))
    return {row.figure: row.verdict for row in judged.rows}


def with_figures(run: Result, **figures: float | None) -> Result:
    """The run with other values overall; None takes a figure away."""
    overall = dict(run.figures["overall"])
    for name, value in figures.items():
        if value is None:
            del overall[name]
        else:
            overall[name] = Figure(value, None, None, 10)
    return replace(run, figures={**run.figures, "overall": overall})


@pytest.mark.parametrize(
    ("before", "now", "verdict", "passed"),
    [
        (0.8, 0.8, "equal", True),
        (0.8, 0.8000001, "equal", True),  # the baseline is written with six digits
        (0.8, 0.9, "better", True),
        (0.8, 0.7, "within tolerance", True),  # one question of ten
        (0.8, 0.6999, "below", False),
        (0.8, 0.0, "below", False),
        (0.8, None, "missing", False),
        (None, 0.8, "new", True),
    ],
)
def test_verdicts(before, now, verdict, passed):
    plain = result(8)
    judged = gate.judge(
        with_figures(plain, mrr=now), gate.baseline_of(with_figures(plain, mrr=before))
    )
    rows = {row.figure: row for row in judged.rows}
    assert rows["mrr"].verdict == verdict
    assert rows["mrr"].failed is not passed
    assert judged.passed is passed
    assert {row.verdict for name, row in rows.items() if name != "mrr"} == {"equal"}


@pytest.mark.parametrize(
    ("value", "verdict"),
    [(0.9, "equal"), (0.95, "better"), (0.89999, "below")],
)
def test_a_reading_may_not_fall_at_all(value, verdict):
    assert verdicts(reading(value), reading(0.9)) == {"label": verdict}


def test_what_a_question_costs_is_not_gated():
    slow = result(8)
    judged = gate.judge(
        with_figures(slow, seconds_p50=99.0, seconds_p95=None), gate.baseline_of(result(8))
    )
    assert judged.passed
    assert not {row.figure for row in judged.rows} & gate.COSTS


def test_other_questions_make_the_baseline_stale():
    judged = gate.judge(result(8, suite_sha256="cd" * 32), gate.baseline_of(result(8)))
    assert not judged.passed
    assert "rag eval gate tiny --update" in judged.stale
    assert not any(row.failed for row in judged.rows)


@pytest.mark.parametrize("part", [{"limit": 5}, {"split": "dev"}])
def test_a_part_of_a_suite_is_refused(part):
    with pytest.raises(BadInput, match="whole suite tiny"):
        gate.judge(result(8, **part), gate.baseline_of(result(8)))
    with pytest.raises(BadInput, match="whole suite tiny"):
        gate.baseline_of(result(8, **part))


def test_another_suite_is_refused():
    with pytest.raises(BadInput, match="tiny"):
        gate.judge(result(8, suite="other"), gate.baseline_of(result(8)))


def test_other_settings_are_told_and_places_of_files_are_not_kept():
    baseline = gate.baseline_of(result(8))
    assert "settings.index" not in baseline.setup
    judged = gate.judge(result(8, settings={"limit": 20, "index": "/elsewhere"}), baseline)
    assert judged.notes == ("settings.limit: 10 in the baseline, 20 now",)
    assert judged.passed


def test_a_baseline_reads_back_as_it_was(tmp_path):
    baseline = gate.baseline_of(result(7, of=9))
    path = gate.store(baseline, tmp_path / "deep")
    assert path == tmp_path / "deep" / "tiny.json"
    assert gate.load(tmp_path / "deep") == gate.load(path) == {"tiny": baseline}
    assert "/home/me" not in path.read_text()


@pytest.mark.parametrize("content", [None, "{}", "no JSON", '{"suite": "tiny"}'])
def test_what_is_no_baseline_is_refused(tmp_path, content):
    path = tmp_path / "tiny.json"
    if content is not None:
        path.write_text(content)
    with pytest.raises(BadInput, match=r"tiny\.json"):
        gate.load(path)


@pytest.mark.parametrize("path", sorted(gate.BASELINES.glob("*.json")), ids=lambda p: p.stem)
def test_the_committed_baselines_say_what_they_allow_and_why(path):
    (baseline,) = gate.load(path).values()
    assert baseline.suite == path.stem
    assert len(baseline.tolerance) > 40
    assert baseline.figures
    for bound in baseline.figures.values():
        assert 0 <= bound.tolerance <= 1 / bound.n + 1e-4  # one question at most


# --- the command -----------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(running, "results_folder", lambda: tmp_path)
    gate.store(gate.baseline_of(result(8)), tmp_path / "baseline")
    for hits in (8, 9, 7, 6):
        store(result(hits), tmp_path / f"{hits}.json")
    return tmp_path


def asked(folder: Path, *words: str, status: int) -> str:
    done = CliRunner().invoke(app, ["gate", "--baseline", str(folder / "baseline"), *words])
    assert done.exit_code == status, (done.output, done.exception)
    return done.stdout


@pytest.mark.parametrize(("hits", "status"), [(8, 0), (9, 0), (7, 0), (6, 1)])
def test_exit_status(folder, hits, status):
    told = asked(folder, str(folder / f"{hits}.json"), status=status)
    assert ("FAILS" in told, "BELOW" in told) == (status == 1, status == 1)


def test_json(folder):
    (judged,) = json.loads(asked(folder, "--json", str(folder / "6.json"), status=1))
    assert (judged["suite"], judged["passed"]) == ("tiny", False)
    rows = {row["figure"]: row for row in judged["rows"]}
    assert rows["hit@1"] == {
        "figure": "hit@1", "baseline": 0.8, "tolerance": 0.1, "now": 0.6, "verdict": "below",
    }  # fmt: skip


def test_update_writes_what_the_next_run_is_held_against(folder):
    asked(folder, "--update", str(folder / "6.json"), status=0)
    assert gate.load(folder / "baseline")["tiny"].figures["hit@1"].value == 0.6
    asked(folder, str(folder / "6.json"), status=0)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["nowhere"], "no result 'nowhere'"),
        (["8"], "There is no baseline of tiny"),
        ([], "nothing to gate"),
    ],
)
def test_what_cannot_be_gated_is_told(folder, words, told):
    empty = folder / "empty"
    empty.mkdir()
    command = ["gate", "--baseline", str(empty), *words]
    done = CliRunner().invoke(app, command)
    assert isinstance(done.exception, BadInput)
    assert told in str(done.exception)


def test_suites_without_their_sources_are_left_out(tmp_path, monkeypatch):
    monkeypatch.setenv("RECORD_SHARED", str(tmp_path))
    names = ("sample", "records", "sr", "obliqa-dev")
    known = {name: gate.baseline_of(result(8, suite=name)) for name in names}
    found, missing = gate.runnable(known)
    assert found == ["sample"]
    assert len(missing) == 3
