"""The figures are right, a bad suite is refused, and a run says where it comes from.

Longer than most: the figures are checked on cases worked out by hand, one table of them.
"""

import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Annotated

import pytest
import typer
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from eval import provenance, retrieval, suites
from eval import run as running
from eval.cli import app
from eval.compare import compare
from eval.metrics import (
    Outcome,
    Shown,
    cited_paragraphs,
    contains,
    figures,
    grouped,
    normalise,
    right,
    score,
)
from eval.provenance import Commit
from eval.run import Result, read, run, store, to_json
from eval.suites import Case, load
from rag.config import Settings
from rag.domain import (
    QA,
    AddReport,
    Answer,
    Citation,
    Claim,
    Document,
    NoAnswer,
    Paragraph,
    Passage,
    Searched,
    Turn,
)
from rag.errors import BadInput, ConfigError

SYMBOL = "CCPR/C/SR.3272"
NO_COMMIT = Commit("0" * 40, dirty=False)


def case(**changes: object) -> Case:
    given_: dict[str, object] = {
        "id": "q1",
        "split": "dev",
        "kind": "figure",
        "question": "How many complaints were filed?",
        "answerable": True,
        "gold": (("S", "2"), ("S", "9")),
        "facts": ("965|nine hundred", "Kazakhstan"),
    }
    return Case(**(given_ | changes))


NOT_ANSWERABLE = {"answerable": False, "gold": (), "facts": (), "kind": "unanswerable"}


def shown(*paragraphs: str, text: str = "", speaker: str | None = None) -> Shown:
    return Shown(text, "", "S, para. 2", paragraphs, speaker)


# --- a question's scores, worked out by hand -------------------------------------------------

SAYS_ALL = "965 complaints in  KAZAKHSTAN"
SCORED = {
    "all right": (
        Outcome(case(), True, (shown("S#2", text=SAYS_ALL),), retrieved=("S#2", "S#9")),
        {"hit@1": 1, "hit@5": 1, "mrr": 1, "facts": 1, "citation_precision": 1,
         "citation_recall": 0.5, "speaker": None, "refusal_precision": None,
         "refusal_recall": None},
    ),
    "the second claim is gold": (
        Outcome(case(), True, (shown("S#1"), shown("S#9")), retrieved=("S#1", "S#3")),
        {"hit@1": 0, "hit@5": 1, "mrr": 0.5, "facts": 0, "citation_precision": 0.5,
         "citation_recall": 0.5},
    ),
    "gold was retrieved and not cited": (
        Outcome(case(), True, (shown("S#1"),), retrieved=("S#1", "S#3", "S#2")),
        {"hit@1": 0, "hit@5": 1, "mrr": 1 / 3, "citation_precision": 0, "citation_recall": 0},
    ),
    "gold stands sixth": (
        Outcome(case(), True, (shown("S#1"),), retrieved=("S#3", "S#4", "S#5", "S#6", "S#2")),
        {"hit@1": 0, "hit@5": 0, "mrr": 1 / 6},
    ),
    "a range is right only as a whole": (
        Outcome(case(), True, (shown("S#1", "S#2"), shown("S#2", "S#9"))),
        {"hit@1": 0, "hit@5": 1, "mrr": 0.5, "citation_precision": 0.5, "citation_recall": 1},
    ),
    "a whole document is no pinpoint": (
        Outcome(case(), True, (shown(),), retrieved=("S#2",)),
        {"hit@1": 1, "citation_precision": 0, "citation_recall": 0},
    ),
    "refused, though search had it": (
        Outcome(case(), False, retrieved=("S#2",), found=("S#2",)),
        {"hit@1": 0, "hit@5": 0, "mrr": 0, "facts": 0, "citation_precision": None,
         "citation_recall": 0, "refusal_precision": 0, "refusal_recall": None,
         "search_hit@1": 1, "search_hit@5": 1, "search_mrr": 1},
    ),
    "answered, though search failed": (
        Outcome(case(), True, (shown("S#2"),), found=("S#1", "S#3")),
        {"hit@1": 1, "search_hit@1": 0, "search_hit@5": 0, "search_mrr": 0, "search_ndcg@10": 0},
    ),
    "nothing found at all": (
        Outcome(case(), True),
        {"hit@1": 0, "mrr": 0, "facts": 0, "citation_precision": None, "search_mrr": 0},
    ),
    "both gold paragraphs, second and third": (
        # DCG = 1/log2(3) + 1/log2(4) = 1.1309, ideal = 1 + 1/log2(3) = 1.6309
        Outcome(case(), True, found=("S#1", "S#2", "S#9")),
        {"search_mrr": 0.5, "search_ndcg@10": 0.6934},
    ),
    "rightly refused": (
        Outcome(case(**NOT_ANSWERABLE), False, found=("S#1",)),
        {"hit@1": None, "hit@5": None, "mrr": None, "facts": None, "citation_precision": None,
         "citation_recall": None, "speaker": None, "refusal_precision": 1, "refusal_recall": 1,
         "search_hit@1": None, "search_mrr": None, "search_ndcg@10": None},
    ),
    "answered without ground": (
        Outcome(case(**NOT_ANSWERABLE), True, (shown("S#1"),)),
        {"hit@1": None, "citation_precision": 0, "refusal_precision": None, "refusal_recall": 0},
    ),
    "the right speaker": (
        Outcome(
            case(kind="who-said", facts=("Seibert-Fohr",)), True,
            (shown("S#2", speaker="Ms. Seibert‑Fohr"),),
        ),
        {"speaker": 1, "facts": 1},
    ),
    "the right speaker, but second": (
        Outcome(
            case(kind="who-said", facts=("Iwasawa",)), True,
            (shown("S#1", speaker="Mr. Shany"), shown("S#2", speaker="Mr. Iwasawa")),
        ),
        {"speaker": 0, "facts": 1},
    ),
    "who-said, refused": (
        Outcome(case(kind="who-said", facts=("Iwasawa",)), False),
        {"speaker": 0, "facts": 0},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SCORED)
def test_scores(name):
    outcome, expected = SCORED[name]
    scores = score([outcome])[0]
    assert {key: scores[key] for key in expected} == pytest.approx(expected, abs=1e-4)


def test_scores_do_not_depend_on_the_other_questions():
    outcomes = [outcome for outcome, _ in SCORED.values()]
    assert score(outcomes) == [score([outcome])[0] for outcome in outcomes]


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [
        (SCORED["all right"][0], True),
        (SCORED["the second claim is gold"][0], False),
        (SCORED["a whole document is no pinpoint"][0], False),  # a fact is missing
        (SCORED["refused, though search had it"][0], False),
        (SCORED["rightly refused"][0], True),
        (SCORED["answered without ground"][0], False),
        (SCORED["the right speaker, but second"][0], False),
    ],
)
def test_what_counts_as_right(outcome, expected):
    assert right(outcome, score([outcome])[0]) is expected


@pytest.mark.parametrize(
    ("text", "fact", "expected"),
    [
        ("965 complaints", "965", True),
        ("between 30 and\n 40 per cent", "30 AND 40|30 to 40", True),
        ("rose to six", "6 in 2015|six", True),
        ("Ms. Seibert‑Fohr", "seibert-fohr", True),
        ("the Committee’s view", "committee's", True),
        ("in 2015.", "2015", True),
        ("34.2 per cent", "34.2", True),
        ("1,034 complaints", "34", False),
        ("34.2 per cent", "34", False),
        ("34,200 persons", "34", False),
        ("in 2016", "6", False),
        ("sixteen", "six", False),
        ("", "six", False),
    ],
)
def test_facts_are_found_as_whole_words_and_numbers(text, fact, expected):
    assert contains(text, fact) is expected


@pytest.mark.parametrize(
    ("citation", "expected"),
    [
        ("S, para. 25", ["S#25"]),
        ("S, para. 25 (b)", ["S#25"]),
        ("S, paras. 25–27", ["S#25", "S#26", "S#27"]),
        ("S, paras. 7.2–7.4", ["S#7.2", "S#7.3", "S#7.4"]),
        ("S, paras. 7.2–8.1", ["S#7.2", "S#8.1"]),
        ("S, paras. 12–14 bis", ["S#12", "S#14 bis"]),
        ("S, annex I, para. 3", ["S#annex I:3"]),
        ("S", []),
    ],
)
def test_citations_spelt_out(citation, expected):
    assert list(cited_paragraphs(Citation.parse(citation))) == expected


# --- figures ---------------------------------------------------------------------------------


def test_figures_leave_out_what_is_not_eligible():
    outcomes = [SCORED[name][0] for name in ("all right", "refused, though search had it")]
    outcomes.append(SCORED["rightly refused"][0])
    summed = figures(score(outcomes))
    assert (summed["hit@1"].value, summed["hit@1"].n) == (0.5, 2)
    assert (summed["refusal_precision"].value, summed["refusal_precision"].n) == (0.5, 2)
    assert (summed["refusal_recall"].value, summed["refusal_recall"].n) == (1, 1)
    assert summed["refusal_recall"].low is None  # one question has no interval
    assert "speaker" not in summed
    assert (summed["hit@1"].low, summed["hit@1"].high) == (0, 1)


def test_seconds_are_quantiles():
    outcomes = [Outcome(case(), True, seconds=float(n)) for n in range(101)]
    summed = figures(score(outcomes))
    assert (summed["seconds_p50"].value, summed["seconds_p95"].value) == (50, 95)
    assert summed["seconds_p95"].low < 95 < summed["seconds_p95"].high


def test_figures_are_the_same_twice():
    every = score([outcome for outcome, _ in SCORED.values()])
    assert figures(every) == figures(every)


def test_groups():
    outcomes = [Outcome(case(), True), Outcome(case(split="test", kind="fact"), True)]
    groups = grouped(list(zip(outcomes, score(outcomes), strict=True)))
    assert list(groups) == ["overall", "split dev", "split test", "kind figure", "kind fact"]
    assert [group["mrr"].n for group in groups.values()] == [2, 1, 1, 1, 1]


LABELS = st.sampled_from(["S#1", "S#2", "S#3", "S#9", "T#2"])
CASES = st.one_of(
    st.builds(
        case,
        kind=st.sampled_from(["figure", "who-said", "several"]),
        facts=st.sampled_from([("965",), ("Iwasawa", "965|six")]),
        gold=st.sets(st.sampled_from([("S", "1"), ("S", "2"), ("T", "2")]), min_size=1).map(tuple),
    ),
    st.just(case(**NOT_ANSWERABLE)),
)
CLAIMS = st.builds(
    Shown,
    text=st.sampled_from(["", "965", "six"]),
    quote=st.sampled_from(["", "Iwasawa 965"]),
    citation=st.just("S, para. 1"),
    paragraphs=st.lists(LABELS, max_size=3).map(tuple),
    speaker=st.sampled_from([None, "Mr. Iwasawa"]),
)
RANKINGS = st.lists(LABELS, max_size=5, unique=True).map(tuple)


@st.composite
def outcomes(draw):
    answered = draw(st.booleans())
    return Outcome(
        case=draw(CASES),
        answered=answered,
        claims=draw(st.lists(CLAIMS, max_size=3).map(tuple)) if answered else (),
        retrieved=draw(RANKINGS),
        found=draw(RANKINGS),
        seconds=draw(st.floats(0, 1)),
    )


@given(st.lists(outcomes(), min_size=1, max_size=6))
@settings(deadline=None, max_examples=25)
def test_every_figure_is_a_share_within_its_interval(asked):
    for figure in figures(score(asked)).values():
        assert 0 <= figure.value <= 1
        assert 1 <= figure.n <= len(asked)
        if figure.low is not None:
            assert 0 <= figure.low <= figure.value <= figure.high <= 1


def perfect(asked: Case) -> Outcome:
    if not asked.answerable:
        return Outcome(asked, False)
    first = [fact.split("|")[0] for fact in asked.facts]
    claims = tuple(
        Shown(" ".join(first), "", "", (paragraph,), speaker=" ".join(first))
        for paragraph in asked.paragraphs
    )
    return Outcome(asked, True, claims, retrieved=asked.paragraphs, found=asked.paragraphs)


@given(st.lists(CASES, min_size=1, max_size=6))
@settings(deadline=None, max_examples=25)
def test_a_perfect_system_scores_one(asked):
    outcomes = [perfect(one) for one in asked]
    every = score(outcomes)
    for name, figure in figures(every).items():
        assert figure.value == (0 if name.startswith("seconds") else 1), name
    assert all(right(*pair) for pair in zip(outcomes, every, strict=True))


@given(st.lists(outcomes(), min_size=1, max_size=5))
@settings(deadline=None, max_examples=25)
def test_ranking_measures_agree_with_their_definition(asked):
    for outcome, scores in zip(asked, score(asked), strict=True):
        if outcome.case.answerable:
            gold = set(outcome.case.paragraphs)
            ranks = [n for n, paragraph in enumerate(outcome.found, 1) if paragraph in gold]
            assert scores["search_mrr"] == pytest.approx(1 / ranks[0] if ranks else 0)
            assert scores["search_hit@1"] == bool(ranks and ranks[0] == 1)
            assert scores["search_hit@5"] == bool(ranks and ranks[0] <= 5)


# --- suites ----------------------------------------------------------------------------------

GOOD = {
    "id": "a-1",
    "split": "dev",
    "kind": "figure",
    "question": "How many?",
    "answerable": True,
    "gold": [[SYMBOL, "2"]],
    "facts": ["965"],
    "history": [],
}


def written(path: Path, *lines: dict[str, object] | str) -> Path:
    texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    path.write_text("\n".join(texts) + "\n", encoding="utf-8")
    return path


def test_a_suite_of_ones_own_is_asked_of_ones_own_index(tmp_path):
    second = GOOD | {"id": "a-2", "split": "test"}
    del second["history"]
    path = written(tmp_path / "mine.jsonl", GOOD, "", second)
    suite = load(path)
    assert (suite.name, suite.sources, len(suite.cases)) == ("mine", (), 2)
    assert suite.cases[0].paragraphs == (f"{SYMBOL}#2",)
    assert [one.id for one in suite.pick(split="test")] == ["a-2"]
    assert [one.id for one in suite.pick(limit=1)] == ["a-1"]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("{", "JSON"),
        ("[]", "should be an object"),
        (GOOD | {"fact": ["965"]}, "fact: "),
        ({key: value for key, value in GOOD.items() if key != "gold"}, "gold: "),
        (GOOD | {"kind": "who said"}, "kind: "),
        (GOOD | {"split": "train"}, "split: "),
        (GOOD | {"answerable": "yes"}, "answerable: "),
        (GOOD | {"gold": [[SYMBOL, 2]]}, "gold.0.1: "),
        (GOOD | {"gold": [SYMBOL]}, "gold.0: "),
        (GOOD | {"gold": []}, "no gold"),
        (GOOD | {"gold": [[SYMBOL, "2"], [SYMBOL, "2"]]}, "twice"),
        (GOOD | {"answerable": False}, "has gold"),
        (GOOD | {"answerable": False, "gold": []}, "has facts"),
        (GOOD | {"kind": "unanswerable"}, "kind"),
        (GOOD | {"kind": "who-said", "facts": []}, "speaker"),
        (GOOD | {"kind": "follow-up"}, "history"),
        (GOOD | {"facts": ["965|"]}, "empty"),
        (GOOD | {"question": " "}, "empty"),
        (GOOD | {"id": "a-0"}, "line 1"),
    ],
)
def test_a_bad_line_is_refused_with_file_and_line(tmp_path, line, told):
    path = written(tmp_path / "bad.jsonl", GOOD | {"id": "a-0"}, line)
    with pytest.raises(BadInput) as caught:
        load(path)
    assert f"{path}, line 2: " in str(caught.value)
    assert told in str(caught.value)


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xff\xfe\x00"])
def test_a_file_without_questions_is_refused(tmp_path, content):
    path = tmp_path / "bad.jsonl"
    path.write_bytes(content)
    with pytest.raises(BadInput, match=r"bad\.jsonl"):
        load(path)


def test_an_unknown_suite_is_refused():
    with pytest.raises(BadInput, match="no suite 'nowhere'"):
        load("nowhere")


def test_an_empty_split_is_refused(tmp_path):
    suite = load(written(tmp_path / "mine.jsonl", GOOD))
    with pytest.raises(BadInput, match="'test'"):
        suite.pick(split="test")


def test_a_missing_source_is_told_in_one_sentence(tmp_path, monkeypatch):
    monkeypatch.setenv("RECORD_SHARED", str(tmp_path))
    with pytest.raises(BadInput, match=r"SR\.3272\.txt, which is not there"):
        run(load("sr"), Settings())


@pytest.mark.parametrize("name", suites.names())
def test_the_suites_of_the_project_are_right_about_their_sources(name):
    from rag.parse import segment
    from rag.read import read as read_source

    suite = load(name)  # ids are unique and kinds known, or it would not load
    if suites.absent(suite):
        pytest.skip(suites.absent(suite))
    paragraphs: dict[str, Paragraph] = {}
    for source in suite.sources:
        document = segment(read_source(source.path), symbol=source.symbol)
        paragraphs |= {paragraph.id: paragraph for paragraph in document.paragraphs}
    wrong: list[str] = []
    for one in suite.cases:
        found = [paragraphs[key] for key in one.places if key in paragraphs]
        wrong += [f"{one.id}: no {key}" for key in one.places if key not in paragraphs]
        text = "\n".join(p.text for p in found)
        speakers = "\n".join(p.turn.speaker for p in found if p.turn)
        where = speakers if one.kind == "who-said" else f"{text}\n{speakers}"
        wrong += [
            f"{one.id}: {fact!r} is not there" for fact in one.facts if not contains(where, fact)
        ]
    assert not wrong


def test_the_suite_of_summary_records_asks_every_kind_in_both_splits():
    told = (
        "figure fact paraphrase several who-said question-and-reply follow-up "
        "false-premise unanswerable"
    )
    cases = load("sr").cases
    assert sum(not case.history for case in cases) >= 120
    assert {symbol for case in cases for symbol, _ in case.gold} == {SYMBOL, "CEDAW/C/SR.434"}
    for split in ("dev", "test"):
        kinds = Counter(case.kind for case in cases if case.split == split)
        assert set(kinds) == set(told.split())
        assert min(kinds.values()) >= 5, kinds
    # Those on Nepal are halved kind by kind; the others were all used in development.
    halved = Counter((c.kind, c.split) for c in cases if re.match(r"sr-434-\d", c.id))
    for kind in told.split():
        assert abs(halved[kind, "dev"] - halved[kind, "test"]) <= 1, kind


# --- runs ------------------------------------------------------------------------------------


def paragraph(label: str, text: str) -> Paragraph:
    turn = Turn("Mr. Suindikov", "delegation", "Kazakhstan", 0, 9)
    return Paragraph(SYMBOL, label, int(label), text, 0, len(text), turn=turn)


PARAGRAPHS = (
    paragraph("1", "The delegation took places at the Committee table."),
    paragraph("2", "As to torture, 965 complaints had been filed in 2013."),
    paragraph("3", "The death penalty had been suspended."),
)


class FakeRecord:
    """Answers with the paragraph that shares most words with question and history."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.added: list[tuple[Sequence[Path], str | None]] = []
        self.histories: list[tuple[QA, ...]] = []

    def add(self, paths: Sequence[Path], *, symbol: str | None = None) -> AddReport:
        self.added.append((paths, symbol))
        return AddReport(added=(SYMBOL,), paragraphs=3)

    def documents(self) -> Sequence[Document]:
        source = Path("a.txt")
        fixed = {"issued_on": None, "place": None, "chair": None, "language": "en", "state": None}
        return [
            Document(
                id=SYMBOL, symbol=SYMBOL, title="", kind="summary record", body=None, session=None,
                meeting=3272, held_on=date(2016, 6, 23), source=source, sha256="ab", text="",
                paragraphs=PARAGRAPHS, **fixed,
            )
        ]  # fmt: skip

    def search(self, query: str, *, limit: int | None = None) -> Sequence[Passage]:
        words = set(normalise(query).split())
        ranked = sorted(PARAGRAPHS, key=lambda p: -len(words & set(normalise(p.text).split())))
        return [Passage(p, 0.5, "words") for p in ranked][:limit]

    def ask(self, question: str, *, history: Sequence[QA] = ()) -> Answer | NoAnswer:
        self.histories.append(tuple(history))
        asked = " ".join((*(qa.question for qa in history), question))
        found = tuple(self.search(asked))
        if "Mars" in question:
            return NoAnswer(question, "The record does not say.", found, Searched(1, 3))
        best = found[0].paragraph
        claim = Claim(best.text, best.text, Citation(SYMBOL, first=best.label), "Mr. Suindikov")
        return Answer(question, (claim,), (), found, Searched(1, 3), asked=asked)


TINY = (
    GOOD | {"question": "How many complaints had been filed?"},
    GOOD
    | {
        "id": "a-2",
        "kind": "follow-up",
        "question": "And torture?",
        "history": ["How many complaints had been filed in 2013?"],
    },
    GOOD
    | {"id": "a-3", "kind": "unanswerable", "answerable": False, "gold": [], "facts": []}
    | {"question": "Who lives on Mars?", "split": "test"},
    GOOD | {"id": "a-4", "kind": "fact", "question": "the Committee table", "facts": ["suspended"]}
    | {"gold": [[SYMBOL, "3"]], "split": "test"},
)  # fmt: skip


@pytest.fixture
def no_git(monkeypatch):
    monkeypatch.setattr(running, "commit", lambda: NO_COMMIT)


@pytest.fixture
def result(tmp_path, no_git) -> Result:
    suite = load(written(tmp_path / "tiny.jsonl", *TINY))
    return run(suite, Settings(index=tmp_path / "index"), open_record=FakeRecord)


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
