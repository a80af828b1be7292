"""Retrieval suites: a folder in BEIR's form over a real index, measures, sweeps, interruption.

Long, because a folder in BEIR's form can be wrong in many ways.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from eval import asking, indexes, retrieval, suites, sweep
from eval import run as running
from eval.asking import Job, outcomes
from eval.cli import app
from eval.metrics import Outcome
from eval.run import Way, read, run, store, to_json
from eval.suites import Case, Suite, load
from rag.config import Settings
from rag.domain import Paragraph, Passage
from rag.errors import BadInput
from tests.conftest import needs

PASSAGES = (
    ("d1", "Torture", "Complaints of torture were filed in 2013, and officers were convicted."),
    ("d2", "Prisons", "Lawyers may visit places of detention at any time."),
    ("d3", "", "The death penalty was suspended in 2003."),
    ("d~4#x", "Fishing fleets", ""),  # a title alone; an id with signs that ids of ours use
    ("d5", "Water", "Rivers and lakes give drinking water to the towns."),
    ("d6", "Empty", "Nothing else is said of the towns."),
)
ASKED = (
    ("q1", "complaints of torture"),
    ("q2", "Who may visit places of detention?"),
    ("q3", "fishing fleets"),
    ("q4", "Which towns have drinking water?"),
    ("q5", "never judged"),
)
JUDGED = (("q1", "d1", 1), ("q2", "d2", 2), ("q3", "d~4#x", 1), ("q4", "d5", 2), ("q4", "d6", 1))


def beir(
    folder: Path,
    *,
    corpus: Sequence[str] | None = None,
    queries: Sequence[str] | None = None,
    qrels: Sequence[str] | None = None,
    where: str = "qrels.tsv",
) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    lines = corpus or [json.dumps({"_id": i, "title": t, "text": x}) for i, t, x in PASSAGES]
    (folder / "corpus.jsonl").write_text("\n".join(lines) + "\n")
    lines = queries or [json.dumps({"_id": i, "text": x, "metadata": {}}) for i, x in ASKED]
    (folder / "queries.jsonl").write_text("\n".join(lines) + "\n")
    lines = qrels or ["query-id\tcorpus-id\tscore", *(f"{q}\t{d}\t{s}" for q, d, s in JUDGED)]
    (folder / where).parent.mkdir(exist_ok=True)
    (folder / where).write_text("\n".join(lines) + "\n")
    return folder


@pytest.fixture(autouse=True)
def _own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indexes, "caches", lambda: tmp_path / "cache")
    monkeypatch.setattr(running, "results_folder", lambda: tmp_path / "results")
    monkeypatch.setattr(running, "commit", lambda: None)


# --- reading -----------------------------------------------------------------------------------


def test_a_folder_is_read(tmp_path: Path) -> None:
    suite = load(beir(tmp_path / "my corpus"))
    assert (suite.name, suite.task, len(suite.cases)) == ("my-corpus", "retrieval", 4)
    assert suite.cases[3] == Case(
        "q4", "test", "passages", "Which towns have drinking water?", True,
        (("my-corpus", "d5"), ("my-corpus", "d6")), grades=(2, 1),
    )  # fmt: skip
    assert suite.cases[0].grades == ()
    assert suite.notes == ("1 of 5 questions have no right passage and are not asked.",)
    assert suite.corpus is not None
    (document,) = suite.corpus.documents
    assert [p.text for p in document.paragraphs][2:4] == [PASSAGES[2][2], "Fishing fleets"]
    assert suite.corpus.ids["my-corpus-1#4"] == "my-corpus#d~4#x"


def test_judgements_may_stand_in_a_folder_without_a_header(tmp_path: Path) -> None:
    folder = beir(tmp_path / "c", where="qrels/dev.tsv", qrels=["q1\td1\t1", "q2\td2\t0"])
    beir(tmp_path / "c", where="qrels/test.tsv", qrels=["q3\td3\t1"])
    assert [(case.id, case.split) for case in load(folder).cases] == [("q3", "test"), ("q1", "dev")]


HEAD = "query-id\tcorpus-id\tscore"


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        ({"corpus": ['{"_id": "a"}']}, r"corpus\.jsonl, line 1: text"),
        ({"corpus": ['{"_id": "a", "text": "A."}', "", "{"]}, r"corpus\.jsonl, line 3"),
        ({"corpus": ['{"_id": "a", "text": "A."}'] * 2}, r"corpus\.jsonl, line 2: 'a' is already line 1"),
        ({"queries": ['{"_id": "", "text": "A?"}']}, r"queries\.jsonl, line 1: _id"),
        ({"queries": ["[]"]}, r"queries\.jsonl, line 1"),
        ({"qrels": [HEAD, "q1\td1"]}, r"qrels\.tsv, line 2: not a query-id"),
        ({"qrels": [HEAD, "q1 d1 1"]}, r"qrels\.tsv, line 2: not a query-id"),
        ({"qrels": [HEAD, "q1\td1\tgood"]}, r"qrels\.tsv, line 2: not a query-id"),
        ({"qrels": [HEAD, "q1\td1\t1", "q1\td1\t2"]}, r"line 3: already judged in line 2"),
        ({"qrels": [HEAD, "q9\td1\t1"]}, r"line 2: queries\.jsonl has no question 'q9'"),
        ({"qrels": [HEAD, "q1\td9\t1"]}, r"line 2: corpus\.jsonl has no passage 'd9'"),
        ({"qrels": [HEAD, "q1\td1\t0"]}, r"no question has a passage that is right"),
    ],
)  # fmt: skip
def test_what_is_damaged_is_told_with_its_line(
    tmp_path: Path, damage: dict[str, list[str]], told: str
) -> None:
    with pytest.raises(BadInput, match=told):
        load(beir(tmp_path / "c", **damage))  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["corpus.jsonl", "queries.jsonl", "qrels.tsv"])
def test_a_missing_file_is_told(tmp_path: Path, name: str) -> None:
    folder = beir(tmp_path / "c")
    (folder / name).unlink()
    with pytest.raises(BadInput, match=name):
        load(folder)


def test_bytes_that_are_no_text_are_told(tmp_path: Path) -> None:
    folder = beir(tmp_path / "c")
    (folder / "corpus.jsonl").write_bytes(b"\xff\xfe")
    with pytest.raises(BadInput, match=r"corpus\.jsonl is not UTF-8"):
        load(folder)


def test_every_gold_passage_of_obliqa_is_there() -> None:
    needs("benchmarks/obliqa")
    for name, count in (("obliqa-dev", 2788), ("obliqa-mp-val", 446)):
        suite = load(name)
        assert suite.corpus is not None
        held = {p.id for document in suite.corpus.documents for p in document.paragraphs}
        assert len(suite.cases) == count
        assert all(held.issuperset(case.paragraphs) and case.gold for case in suite.cases)


def test_a_suite_that_is_not_there_names_those_that_are() -> None:
    with pytest.raises(BadInput, match=r"obliqa-dev"):
        load("obliqa")


# --- measures ----------------------------------------------------------------------------------


def found(gold: dict[str, int], *ranking: str) -> Outcome:
    grades = tuple(gold.values()) if set(gold.values()) != {1} else ()
    case = Case(
        "c", "dev", "passages", "?", bool(gold), tuple(("C", d) for d in gold), grades=grades
    )  # fmt: skip
    return Outcome(case, False, found=tuple(f"C#{name}" for name in ranking), seconds=0.5)


@pytest.mark.parametrize(
    ("outcome", "wanted"),
    [
        # Two gold passages, at ranks 2 and 4.
        (
            found({"a": 1, "b": 1}, "x", "a", "y", "b"),
            {
                "R@1": 0, "R@5": 1, "R@100": 1, "P@1": 0, "RR": 1 / 2,
                "AP@10": (1 / 2 + 2 / 4) / 2,
                "nDCG@10": (0.6309297536 + 0.4306765581) / (1 + 0.6309297536),
            },
        ),
        # The 12th place is beyond AP@10, not beyond R@20 and RR.
        (
            found({"a": 1}, *"bcdefghijkl", "a"),
            {"R@10": 0, "R@20": 1, "AP@10": 0, "nDCG@10": 0, "RR": 1 / 12},
        ),
        # Average precision is divided by all gold passages, found or not.
        (found({"a": 1, "b": 1, "c": 1}, "a"), {"R@10": 1 / 3, "AP@10": 1 / 3, "P@1": 1, "RR": 1}),
        # Grades: 1 before 2; gains are the grades (trec_eval).
        (
            found({"a": 2, "b": 1}, "b", "a"),
            {"nDCG@10": (1 + 2 * 0.6309297536) / (2 + 0.6309297536), "AP@10": 1, "R@1": 1 / 2},
        ),
        (found({"a": 1}), {"R@100": 0, "RR": 0, "AP@10": 0, "P@1": 0}),
        (found({}, "a"), {"R@1": None, "RR": None, "AP@10": None, "nDCG@10": None}),
    ],
)  # fmt: skip
def test_measures_by_hand(outcome: Outcome, wanted: dict[str, float | None]) -> None:
    other = found({"x": 1}, "x")  # does not move those of the first
    (scores, _) = retrieval.score([outcome, other])
    assert {name: scores[name] for name in wanted} == pytest.approx(wanted, abs=2e-6)


def test_figures_are_macro_averages_of_those_with_gold() -> None:
    asked = [found({"a": 1}, "a"), found({"a": 1, "b": 1}, "a"), found({}, "a")]
    summed = retrieval.grouped(list(zip(asked, retrieval.score(asked), strict=True)))["overall"]
    assert summed["R@10"].value == pytest.approx(3 / 4)
    assert (summed["R@10"].n, summed["seconds_p50"].n) == (2, 3)
    low, high = summed["R@10"].low, summed["R@10"].high
    assert low is not None
    assert high is not None
    assert low <= 3 / 4 <= high


# --- runs over a real index ----------------------------------------------------------------------


def many(folder: Path, count: int = 16) -> Suite:
    """The four questions again and again, each time under another id."""
    suite = load(beir(folder))
    cases = tuple(replace(suite.cases[n % 4], id=f"{n}") for n in range(count))
    return replace(suite, cases=cases)


def test_a_run_over_a_real_index(tmp_path: Path) -> None:
    suite = load(beir(tmp_path / "towns"))
    result = run(suite, Settings())
    overall = result.figures["overall"]
    assert overall["R@5"].value == overall["R@100"].value == 1
    assert overall["P@1"].value == 1
    assert result.questions[2].outcome.found[0] == "towns#d~4#x"
    assert (result.task, result.jobs, result.index.paragraphs) == ("retrieval", 1, 6)
    assert read(store(result)) == result
    assert all(len(line) < 2_000 for line in to_json(result).split('{"outcome"')[1:])


def test_the_index_is_made_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    suite = load(beir(tmp_path / "towns"))
    assert suite.corpus is not None
    folder = indexes.kept(suite.corpus, Settings())
    made: list[str] = []
    make = indexes._make
    monkeypatch.setattr(indexes, "_make", lambda c, *rest: (made.append(c.name), make(c, *rest)))
    assert indexes.kept(suite.corpus, Settings()) == folder
    assert made == []
    assert indexes.kept(suite.corpus, Settings(chunk_tokens=100)) != folder
    (document,) = suite.corpus.documents
    other = replace(suite.corpus, documents=(replace(document, title="Towns"),))
    assert indexes.kept(other, Settings()) != folder
    assert made == ["towns", "towns"]


def test_one_process_and_two_find_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "WORTH", 8)  # as if a process were started at once
    suite = many(tmp_path / "towns")
    one, two = (run(suite, Settings(), way=Way(jobs=jobs)) for jobs in (1, 2))
    assert (one.jobs, two.jobs) == (1, 2)
    timeless = [
        [replace(judged.outcome, seconds=0.0) for judged in result.questions]
        for result in (one, two)
    ]
    assert timeless[0] == timeless[1]
    for name, figure in one.figures["overall"].items():
        if not name.startswith("seconds"):
            assert two.figures["overall"][name] == figure


@pytest.mark.parametrize(("wanted", "cases", "given"), [(4, 600, 4), (4, 150, 2), (4, 30, 1), (1, 900, 1)])  # fmt: skip
def test_processes_are_started_where_they_are_worth_it(wanted: int, cases: int, given: int) -> None:
    assert asking.processes(wanted, cases) == given


class Interrupting:
    """Finds the same for every question, and is interrupted before one."""

    asked: list[str] = []  # noqa: RUF012 - shared by all records of a test
    stop: int | None = None

    def __init__(self, settings: Settings) -> None:
        pass

    def search(self, query: str, *, limit: int | None = None) -> Sequence[Passage]:
        if limit != 1:  # not the first, which warms up
            if len(self.asked) == self.stop:
                raise KeyboardInterrupt
            self.asked.append(query)
        return [Passage(Paragraph("towns-1", "1", 0, "", 0, 0), 0.5, "words")]

    ask: Callable[..., object]
    add: Callable[..., object]
    documents: Callable[..., object]


@pytest.fixture
def interrupting(monkeypatch: pytest.MonkeyPatch) -> type[Interrupting]:
    monkeypatch.setattr(Interrupting, "asked", [])
    monkeypatch.setattr(Interrupting, "stop", None)
    return Interrupting


def test_an_interrupted_run_goes_on(tmp_path: Path, interrupting: type[Interrupting]) -> None:
    suite = many(tmp_path / "towns", 10)
    told: list[str] = []
    way = Way(partials=tmp_path / "partial", open_record=interrupting, tell=told.append)  # type: ignore[arg-type]
    interrupting.stop = 6
    with pytest.raises(KeyboardInterrupt):
        run(suite, Settings(), way=way)
    (left,) = (tmp_path / "partial").glob("*.jsonl")
    assert len(left.read_text().splitlines()) == 6
    with left.open("a") as file:
        file.write('{"case": {"id": "7", "spl')  # a crash in the middle of a line
    interrupting.stop, interrupting.asked[:] = None, []
    result = run(suite, Settings(), way=way)
    assert interrupting.asked == [case.question for case in suite.cases[6:]]
    assert told == [
        "6 of 10 questions are taken over from a run that was not finished; "
        "--fresh asks them again."
    ]
    assert not left.exists()
    assert [judged.outcome.case for judged in result.questions] == list(suite.cases)
    whole = run(suite, Settings(), way=replace(way, partials=None))
    assert [j.outcome.found for j in whole.questions] == [j.outcome.found for j in result.questions]


def test_a_fresh_or_another_run_takes_nothing_over(
    tmp_path: Path, interrupting: type[Interrupting]
) -> None:
    suite = many(tmp_path / "towns", 10)
    way = Way(partials=tmp_path / "partial", open_record=interrupting)  # type: ignore[arg-type]
    for other, fresh in ((Settings(), True), (Settings(meaning_weight=0.25), False)):
        interrupting.stop, interrupting.asked[:] = 6, []
        with pytest.raises(KeyboardInterrupt):
            run(suite, Settings(), way=replace(way, fresh=True))
        interrupting.stop, interrupting.asked[:] = None, []
        run(suite, other, way=replace(way, fresh=fresh))
        assert len(interrupting.asked) == 10


def test_the_same_run_twice_at_a_time_is_refused(
    tmp_path: Path, interrupting: type[Interrupting]
) -> None:
    suite = many(tmp_path / "towns", 2)
    way = Way(partials=tmp_path / "partial", open_record=interrupting)  # type: ignore[arg-type]

    assert suite.corpus is not None
    indexes.kept(suite.corpus, Settings())

    def again(*_: object) -> None:
        run(suite, Settings(), way=way)

    with pytest.raises(BadInput, match="under way in another process"):
        run(suite, Settings(), way=replace(way, progress=again))


def test_a_question_that_cannot_be_asked_is_named(tmp_path: Path) -> None:
    suite = many(tmp_path / "towns", 2)
    long = replace(suite.cases[1], question="why " * 2_000)
    with pytest.raises(BadInput, match=r"^Question 1: The question has 7,999 characters"):
        run(replace(suite, cases=(suite.cases[0], long)), Settings())


def test_no_question_starts_no_process() -> None:
    job = Job(Settings(), "retrieval", 10, running._record)
    assert list(outcomes([], job, jobs=4)) == []


# --- sweeps and the command line ------------------------------------------------------------------


@pytest.mark.parametrize("name", sweep.VARIANTS)
def test_every_variant_is_a_setting(name: str) -> None:
    assert set(sweep.VARIANTS[name]) <= set(Settings.model_fields)
    assert Settings(**sweep.VARIANTS[name]) is not None
    shipped = Settings()
    changed = {k for k, v in sweep.VARIANTS[name].items() if getattr(shipped, k) != v}
    assert bool(changed) == (name != sweep.SHIPPED)


def test_a_sweep_sets_the_variants_side_by_side(tmp_path: Path) -> None:
    suite = load(beir(tmp_path / "towns"))
    swept = sweep.sweep(suite, Settings(), variants=("words only", sweep.SHIPPED), way=Way())
    assert [row.variant for row in swept.rows] == ["words only", sweep.SHIPPED]
    assert read(swept.rows[0].result).settings["meaning_weight"] == 0
    table = sweep.markdown(swept).split("\n")
    assert table[0] == "| `towns` | R@10 | MAP@10 | nDCG@10 | MRR | P@1 | p50 ms |"
    assert table[3].startswith("| **shipped setting** | 1.000 [1.000–1.000] |")
    assert {line.count("|") for line in table[:4]} == {8}
    assert "4 questions over 6 paragraphs, one process" in table[5]


def test_an_interrupted_sweep_goes_on(tmp_path: Path, interrupting: type[Interrupting]) -> None:
    suite = many(tmp_path / "towns", 4)
    way = Way(partials=tmp_path / "partial", open_record=interrupting)  # type: ignore[arg-type]
    both = ("words only", sweep.SHIPPED)
    interrupting.stop = 6
    with pytest.raises(KeyboardInterrupt):
        sweep.sweep(suite, Settings(), variants=both, way=way)
    assert len(interrupting.asked) == 6
    interrupting.stop = None
    swept = sweep.sweep(suite, Settings(), variants=both, way=way)
    assert len(interrupting.asked) == 8
    assert [row.figures["RR"].n for row in swept.rows] == [4, 4]
    assert not list((tmp_path / "partial").glob("*.jsonl"))


def test_the_command_line_runs_a_folder(tmp_path: Path) -> None:
    folder = beir(tmp_path / "towns")
    done = CliRunner().invoke(app, ["run", str(folder), "--json", "--jobs", "1"])
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["figures"]["overall"]["P@1"]["value"] == 1
    assert "1 of 5 questions have no right passage" in done.stderr
    shown = CliRunner().invoke(app, ["run", str(folder), "--limit", "2", "--misses"])
    assert "map_cut_10" in shown.stdout
    swept = CliRunner().invoke(app, ["sweep", str(folder), "--markdown", "--limit", "1"])
    assert swept.exit_code == 0, swept.output
    (stored,) = (tmp_path / "results").glob("sweep-*.md")
    assert stored.read_text() == swept.stdout
    assert "| meaning only |" in swept.stdout


def test_absent_obliqa_is_listed_as_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RECORD_SHARED", str(tmp_path))
    assert "questions.dev.json" in retrieval.absent("obliqa-dev")
    listed = CliRunner().invoke(app, ["list", "--json"])
    rows = {row["name"]: row for row in json.loads(listed.stdout)["suites"]}
    assert "RECORD_SHARED" in rows["obliqa-mp-val"]["missing"]
    assert suites.names()[0] in rows
