"""Runs of `rag eval` as processes of their own: followed, stopped, killed, refused, shown."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from eval import report
from eval.report_views import sections
from eval.run import Result, to_json
from rag.app import runs
from rag.errors import BadInput
from tests.test_report import result

LONG = 60  # seconds at most for anything here


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty folder of results; a run that a test leaves behind is ended."""
    monkeypatch.setattr(runs, "_child", None)
    folder = tmp_path / "results"
    folder.mkdir()
    yield folder
    now = runs.standing(folder)
    if now and now.alive:
        os.killpg(now.pid, signal.SIGKILL)
    if runs._child:
        runs._child.process.wait(timeout=LONG)


def until(folder: Path, met: Callable[[runs.Standing], bool]) -> runs.Standing:
    end = time.monotonic() + LONG
    while time.monotonic() < end:
        now = runs.standing(folder)
        if now and met(now):
            return now
        time.sleep(0.1)
    raise AssertionError(runs.standing(folder))


def test_a_run_is_followed_to_its_result(folder: Path) -> None:
    assert runs.standing(folder) is None
    assert runs.stored(folder) == ()
    runs.start(folder, "sample", 6)
    assert until(folder, lambda now: now.alive).suite == "sample"
    now = until(folder, lambda now: not now.alive)
    assert (now.ended, now.done, now.total, now.why) == ("done", 6, 6, "")
    (stored,) = runs.stored(folder)
    assert (stored.name, stored.suite) == (now.result, "sample")
    part = runs.report([str(folder / f"{stored.name}.json")])
    assert "hit@1" in part.html
    assert "<svg" in part.html
    assert "<script" not in part.html


def test_only_one_runs_at_a_time(folder: Path) -> None:
    runs.start(folder, "sample", None)
    until(folder, lambda now: now.total > 0)
    with pytest.raises(BadInput, match="Another evaluation is under way"):
        runs.start(folder, "sample", 6)


def test_what_was_stopped_is_gone_on_with(folder: Path) -> None:
    runs.start(folder, "sample", None)
    until(folder, lambda now: now.done >= 3)
    runs.stop(folder)
    stopped = until(folder, lambda now: not now.alive)
    assert stopped.ended == "stopped"
    assert 3 <= stopped.done < stopped.total == 107
    assert runs.stored(folder) == ()
    runs.start(folder, "sample", None)
    until(folder, lambda now: now.alive and now.done > stopped.done)  # not from 1 again
    assert "questions are taken over" in runs._log(folder).read_text()


def test_what_was_killed_is_not_under_way(folder: Path) -> None:
    runs.start(folder, "sample", None)
    now = until(folder, lambda now: now.done >= 2)
    os.killpg(now.pid, signal.SIGKILL)
    later = until(folder, lambda now: not now.alive)
    assert later.ended != "done"
    runs.stop(folder)  # touches no other process that may bear the number now
    assert runs._child is not None
    runs._child.process.wait(timeout=LONG)
    runs._child = None  # as another server sees it, which did not start it
    seen = runs.standing(folder)
    assert seen is not None
    assert not seen.alive
    assert (seen.ended, seen.total) == ("", 107)


def test_why_a_suite_cannot_be_run_is_told(folder: Path) -> None:
    runs.start(folder, "no-such-suite", None)
    now = until(folder, lambda now: not now.alive)
    assert now.ended == "failed"
    assert "no-such-suite" in now.why


def test_a_result_that_is_none_is_told(folder: Path) -> None:
    bad = folder / "sample-2026-01-01T000000Z.json"
    bad.write_text("{}")
    with pytest.raises(BadInput, match="is not a result"):
        runs.report([str(bad)])


@pytest.mark.parametrize(
    ("name", "suite"),
    [
        ("sample-2026-11-28T185603Z", "sample"),
        ("my-own-suite-2026-11-28T185603Z", "my-own-suite"),
        ("sweep-sample-2026-11-28T185603Z", None),  # of another form
        ("report", None),
        ("sample-2026-11-28", None),
    ],
)
def test_results_are_told_by_their_names(folder: Path, name: str, suite: str | None) -> None:
    (folder / f"{name}.json").write_text("{}")
    assert [each.suite for each in runs.stored(folder)] == ([suite] if suite else [])


def test_the_suites_are_listed_with_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECORD_SHARED", "/nowhere")
    listed = {suite.name: suite for suite in runs.listed().suites}
    assert listed["sample"] == runs.Suite("sample", "107 questions", "")
    assert "/nowhere" in listed["records"].missing


SECRET = "Where is the lamp of the harbour kept?"
WHY = "they are of a part that must stay unseen"


def drawn(*stored: Path) -> str:
    """What the page shows of results, as `rag eval report --json` draws it."""
    return report.part(sections(report.open_results([str(path) for path in stored]))).html


def asked(suite: str, split: str) -> Result:
    """A run of which no question came out right."""
    plain = result()
    questions = tuple(
        replace(
            each,
            right=False,
            outcome=replace(
                each.outcome,
                case=replace(each.outcome.case, question=SECRET, split=split),  # type: ignore[arg-type]
            ),
        )
        for each in plain.questions
    )
    return replace(plain, suite=suite, questions=questions)


@pytest.mark.parametrize(
    ("suite", "split", "shown"),
    [
        ("practice", "dev", True),
        ("practice", "test", False),
        ("unseen", "dev", False),
        ("kinds", "test", False),
    ],
)
def test_questions_that_must_stay_unseen_are_not_shown(
    folder: Path, suite: str, split: str, shown: bool
) -> None:
    one, other = folder / "one.json", folder / "other.json"
    one.write_text(to_json(asked(suite, split)))
    later = replace(asked(suite, split), started="2026-11-25T12:00:00+00:00")
    scores = {**later.questions[0].scores, "hit@1": 0.5}
    moved = replace(later.questions[0], scores=scores)
    other.write_text(to_json(replace(later, questions=(moved, *later.questions[1:]))))
    page = drawn(one)
    assert (SECRET in page) is shown
    assert (WHY in page) is not shown
    assert "hit@1" in page  # the figures are told
    compared = drawn(one, other)
    assert ("Came out differently" in compared) is shown
    assert (SECRET in compared) is shown
