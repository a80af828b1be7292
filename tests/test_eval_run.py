"""A run asks, is stored, compared and told; it says where it comes from."""

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import pytest
import typer
from typer.testing import CliRunner

from eval import provenance, retrieval, suites
from eval import run as running
from eval.cli import app
from eval.compare import compare
from eval.metrics import (
    Outcome,
    right,
    score,
)
from eval.provenance import Commit
from eval.run import Result, read, run, store, to_json
from eval.suites import load
from rag.config import Settings
from rag.errors import BadInput, ConfigError
from tests.eval_cases import (
    GOOD,
    NO_COMMIT,
    SYMBOL,
    TINY,
    FakeRecord,
    case,
    no_git,
    result,
    shown,
    written,
)

__all__ = ["no_git", "result"]


def test_a_run_asks_scores_and_sums_up(result):
    assert [judged.right for judged in result.questions] == [True, True, True, False]
    overall = result.figures["overall"]
    assert overall["hit@1"].value == pytest.approx(2 / 3)
    assert overall["refusal_recall"].value == overall["refusal_precision"].value == 1
    assert overall["facts"].value == pytest.approx(2 / 3)
    assert set(result.figures) == {
        "overall", "single-turn", "split dev", "split test",
        "kind figure", "kind follow-up", "kind unanswerable", "kind fact",
    }  # fmt: skip
    assert (result.index.documents, result.index.paragraphs) == (1, 3)
    assert result.commit == NO_COMMIT
    assert set(result.versions) == {"rag", *provenance.PACKAGES}
    assert result.questions[3].ranked[0] == f"{SYMBOL}#1"
    assert result.questions[2].outcome.reason == "The record does not say."


def test_the_questions_before_are_asked_first(tmp_path, no_git):
    opened: list[FakeRecord] = []

    def open_record(settings: Settings) -> FakeRecord:
        opened.append(FakeRecord(settings))
        return opened[-1]

    suite = load(written(tmp_path / "tiny.jsonl", *TINY[:2]))
    steps: list[tuple[int, int, str]] = []
    run(
        suite, Settings(), open_record=open_record, progress=lambda *step: steps.append(step)
    )  # fmt: skip
    (history,) = opened[0].histories[-1]
    assert history.question == "How many complaints had been filed in 2013?"
    assert history.cited == (f"{SYMBOL}, para. 2",)
    assert "965" in history.answer
    assert steps == [(1, 2, "a-1"), (2, 2, "a-2")]
    assert opened[0].added == []  # the user's own index is only read


def test_sources_are_added_to_a_folder_of_their_own(tmp_path, no_git):
    source = suites.Source(written(tmp_path / "a.txt", "1. Opened."), symbol=SYMBOL)
    suite = replace(load(written(tmp_path / "tiny.jsonl", *TINY)), sources=(source,))
    opened: list[FakeRecord] = []

    def open_record(settings: Settings) -> FakeRecord:
        opened.append(FakeRecord(settings))
        return opened[-1]

    run(suite, Settings(index=tmp_path / "mine"), open_record=open_record)
    assert opened[0].added == [([source.path], SYMBOL)]
    assert opened[0].settings.index != tmp_path / "mine"
    assert not opened[0].settings.index.exists()


RECORD = """CCPR/C/SR.3272

The meeting was called to order at 10.05 a.m.

1. At the invitation of the Chair, the delegation of Kazakhstan took places at the
Committee table.

2. Mr. Suindikov (Kazakhstan) said that, as to torture, 965 complaints had been filed in
2013, leading to 35 prosecutions and 46 convictions.

3. The Government had suspended the death penalty and was moving towards its formal
abolition.

4. Ms. Seibert-Fohr asked why lawyers had been kept from visiting places of detention.

The meeting rose at 1 p.m.
"""
ASKED = (
    GOOD | {"question": "How many complaints of torture were filed in 2013?"},
    GOOD
    | {"id": "a-2", "kind": "who-said", "facts": ["Seibert-Fohr"], "gold": [[SYMBOL, "4"]]}
    | {"question": "Who asked about lawyers visiting places of detention?"},
    GOOD
    | {"id": "a-3", "kind": "follow-up", "facts": ["46"], "split": "test"}
    | {"question": "and convictions?", "history": ["How many complaints of torture were filed?"]},
    GOOD
    | {"id": "a-4", "kind": "unanswerable", "answerable": False, "gold": [], "facts": []}
    | {"question": "How large is the fishing fleet of Iceland?", "split": "test"},
)


def test_a_run_over_a_real_record(tmp_path, no_git):
    source = suites.Source(written(tmp_path / "a.txt", RECORD))
    suite = replace(load(written(tmp_path / "tiny.jsonl", *ASKED)), sources=(source,))
    result = run(suite, Settings(index=tmp_path / "mine"))
    assert not (tmp_path / "mine").exists()
    assert (result.index.documents, result.index.paragraphs) == (1, 4)
    assert "chunk" in result.index.manifest
    overall = result.figures["overall"]
    assert overall["search_hit@5"].value == 1
    assert overall["refusal_recall"].value == 1
    first = result.questions[0]
    assert first.right
    assert first.outcome.claims[0].citation == f"{SYMBOL}, para. 2"
    assert result.questions[2].outcome.asked != "and convictions?"
    again = run(suite, Settings(index=tmp_path / "mine"))
    assert again.index == result.index
    timeless = [replace(judged.outcome, seconds=0.0) for judged in again.questions]
    assert timeless == [replace(judged.outcome, seconds=0.0) for judged in result.questions]


def test_a_source_that_cannot_be_added_is_told(tmp_path):
    source = suites.Source(written(tmp_path / "a.txt", "No paragraph here."))
    suite = replace(load(written(tmp_path / "tiny.jsonl", *ASKED)), sources=(source,))
    with pytest.raises(BadInput, match=r"a\.txt cannot be added to the index: "):
        run(suite, Settings())


def test_gold_that_the_index_does_not_hold_is_refused(tmp_path):
    bad = GOOD | {"gold": [[SYMBOL, "99"]]}
    suite = load(written(tmp_path / "tiny.jsonl", bad))
    with pytest.raises(BadInput, match=r"question a-1: the index holds no paragraph 99"):
        run(suite, Settings(), open_record=FakeRecord)


def test_a_stored_result_reads_back_as_it_was(result, tmp_path):
    path = store(result, tmp_path / "deep" / "result.json")
    assert read(path) == result
    document = json.loads(to_json(result))
    assert document["questions"][0]["ranked"][0] == f"{SYMBOL}#2"
    assert document["suite_sha256"] == result.suite_sha256


def test_results_are_named_by_suite_and_time(result, tmp_path, monkeypatch):
    monkeypatch.setattr(running, "results_folder", lambda: tmp_path)
    fixed = replace(result, started="2025-11-24T02:00:05+00:00")
    path = store(fixed)
    assert path == tmp_path / "tiny-2025-11-24T020005Z.json"
    assert read(path.stem) == fixed


@pytest.mark.parametrize("content", [None, "{}", "no JSON"])
def test_what_is_no_result_is_refused(tmp_path, content):
    path = tmp_path / "result.json"
    if content is not None:
        path.write_text(content)
    with pytest.raises(BadInput, match=r"result\.json"):
        read(path)


# --- comparisons -----------------------------------------------------------------------------


def changed(result: Result, change: Callable[[Outcome], Outcome]) -> Result:
    outcomes = [change(judged.outcome) for judged in result.questions]
    every = score(outcomes)
    judged = [
        running.Judged(outcome, outcome.ranked, scores, right(outcome, scores))
        for outcome, scores in zip(outcomes, every, strict=True)
    ]
    return replace(result, questions=tuple(judged))


def test_a_result_does_not_differ_from_itself(result):
    comparison = compare(result, result)
    assert comparison.changed == ()
    assert {(d.difference, d.p) for d in comparison.differences} == {(0.0, 1.0)}


def many(result: Result, n: int) -> Result:
    outcomes = [
        Outcome(case(id=f"q{i}"), True, (shown("S#2" if i % 2 else "S#1"),), seconds=i / 100)
        for i in range(n)
    ]
    every = score(outcomes)
    judged = [
        running.Judged(outcome, outcome.ranked, scores, right(outcome, scores))
        for outcome, scores in zip(outcomes, every, strict=True)
    ]
    return replace(result, questions=tuple(judged))


def test_a_difference_that_chance_does_not_make(result):
    a = many(result, 40)
    b = changed(a, lambda outcome: replace(outcome, claims=(shown("S#2"),)))
    comparison = compare(a, b)
    hit = next(d for d in comparison.differences if d.figure == "hit@1")
    assert (hit.a, hit.b, hit.difference) == (0.5, 1.0, 0.5)
    assert hit.p < 0.001
    assert 0 < hit.low < 0.5 < hit.high < 1
    assert len(comparison.changed) == 20
    assert comparison.changed[0].scores["hit@1"] == (0.0, 1.0)


def test_a_difference_that_chance_may_make(result):
    a = many(result, 40)
    b = changed(
        a, lambda o: replace(o, claims=(shown("S#2"),)) if o.case.id == "q0" else o
    )  # fmt: skip
    hit = next(d for d in compare(a, b).differences if d.figure == "hit@1")
    assert hit.difference == pytest.approx(0.025)
    assert hit.p > 0.3


def test_a_refusal_that_came_up_is_shown(result):
    b = changed(result, lambda outcome: replace(outcome, answered=False, claims=()))
    comparison = compare(result, b)
    assert [c.answered for c in comparison.changed] == [(True, False)] * 3
    assert next(d for d in comparison.differences if d.figure == "refusal_precision").b == 0.25
    assert all(d.figure != "citation_precision" for d in comparison.differences)


def test_only_questions_in_both_are_compared(result):
    fewer = replace(result, questions=result.questions[:3])
    assert (compare(result, fewer).questions, compare(result, fewer).left_out) == (3, 1)
    edited = changed(result, lambda o: replace(o, case=replace(o.case, question="Else?")))
    with pytest.raises(BadInput, match="no question in common"):
        compare(result, edited)


# --- provenance ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "expected"),
    [("", Commit("abc", dirty=False)), (" M rag/cli.py\n", Commit("abc", dirty=True))],
)
def test_the_commit_says_whether_the_tree_was_dirty(tmp_path, monkeypatch, status, expected):
    def git(command, **_):
        assert "--no-optional-locks" in command
        outputs = {"--show-toplevel": f"{tmp_path}\n", "HEAD": "abc\n", "--porcelain": status}
        return subprocess.CompletedProcess(command, 0, stdout=outputs[command[-1]])

    monkeypatch.setattr(subprocess, "run", git)
    assert provenance.commit(tmp_path) == expected
    inner = tmp_path / "site-packages"
    assert provenance.commit(inner) is None  # someone else's checkout around it


@pytest.mark.parametrize("error", [FileNotFoundError(), subprocess.CalledProcessError(128, "git")])
def test_outside_a_checkout_there_is_no_commit(tmp_path, monkeypatch, error):
    def git(*_, **__):
        raise error

    monkeypatch.setattr(subprocess, "run", git)
    assert provenance.commit(tmp_path) is None


def test_the_fingerprint_follows_the_content(tmp_path):
    one = provenance.index_print(tmp_path, [("A", "ab", 3), ("B", "cd", 4)])
    assert one == provenance.index_print(tmp_path, [("B", "cd", 4), ("A", "ab", 3)])
    assert one.sha256 != provenance.index_print(tmp_path, [("A", "ab", 3), ("B", "cd", 5)]).sha256
    (tmp_path / "manifest.json").write_text("{}")
    assert one.sha256 != provenance.index_print(tmp_path, [("A", "ab", 3), ("B", "cd", 4)]).sha256


# --- the command line ------------------------------------------------------------------------


@pytest.fixture
def cli(tmp_path, monkeypatch, no_git):
    monkeypatch.setattr(running, "_record", FakeRecord)
    monkeypatch.setattr(running, "results_folder", lambda: tmp_path / "results")
    monkeypatch.chdir(tmp_path)
    written(tmp_path / "tiny.jsonl", *TINY)

    def call(*words: str):
        return CliRunner().invoke(app, words, catch_exceptions=False)

    return call


def test_the_command_line_opens_without_heavy_packages():
    code = (
        "import sys, eval.cli, eval.tables, eval.compare; "
        "heavy = {'scipy', 'ir_measures', 'llama_index', 'chromadb', 'onnxruntime', 'streamlit'}; "
        "print(*heavy & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=suites.ROOT, capture_output=True)
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, b"", b"")


def test_run_prints_figures_and_misses(cli, tmp_path):
    done = cli("run", "tiny.jsonl", "--misses", "--out", "out.json")
    assert done.exit_code == 0
    assert "hit@1" in done.stdout
    assert "a-4" in done.stdout
    assert "Stored in out.json" in done.stderr
    assert len(read(tmp_path / "out.json").questions) == 4


def test_run_prints_one_json_document(cli):
    done = cli("run", "tiny.jsonl", "--json", "--split", "test", "--setting", "limit=3")
    document = json.loads(done.stdout)
    assert [question["outcome"]["case"]["id"] for question in document["questions"]] == [
        "a-3",
        "a-4",
    ]
    assert document["settings"]["limit"] == 3
    assert document["split"] == "test"


def test_the_index_may_be_named_before_or_after(cli, tmp_path):
    root = typer.Typer()

    @root.callback()
    def options(index: Annotated[Path | None, typer.Option("--index")] = None) -> None: ...

    root.add_typer(app, name="eval")
    for words in (
        ("--index", "mine", "eval", "run", "tiny.jsonl"),
        ("eval", "run", "tiny.jsonl", "--index", "mine"),
        ("eval", "run", "tiny.jsonl", "--setting", "index=mine"),
    ):
        done = CliRunner().invoke(root, [*words, "--json"], catch_exceptions=False)
        assert json.loads(done.stdout)["settings"]["index"] == "mine"


@pytest.mark.parametrize(
    ("words", "error", "told"),
    [
        (["--setting", "limit"], BadInput, "key=value"),
        (["--setting", "colour=red"], ConfigError, "colour"),
        (["--setting", "limit=many"], ConfigError, "limit"),
        (["--split", "train"], BadInput, "train"),
    ],
)
def test_run_refuses_bad_options(cli, words, error, told):
    with pytest.raises(error, match=told):
        cli("run", "tiny.jsonl", *words)


def test_list_names_suites_and_results(cli):
    cli("run", "tiny.jsonl")
    document = json.loads(cli("list", "--json").stdout)
    listed = [suite["name"] for suite in document["suites"]]
    assert listed == [*suites.names(), *retrieval.names()]
    assert len(document["results"]) == 1
    assert document["results"][0] in cli("list").stdout


def test_compare_prints_what_changed(cli):
    cli("run", "tiny.jsonl", "--out", "a.json")
    cli("run", "tiny.jsonl", "--out", "b.json", "--limit", "3")
    done = cli("compare", "a.json", "b.json")
    assert "hit@1" in done.stdout
    assert "1 questions are in one result only" in done.stderr
    document = json.loads(cli("compare", "a.json", "a.json", "--json").stdout)
    assert document["changed"] == []
