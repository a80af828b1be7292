"""Suites of questions: a bad one is refused, and those of the project are right about their sources."""

import re
from collections import Counter

import pytest

from eval import suites
from eval.metrics import (
    contains,
)
from eval.run import run
from eval.suites import load
from rag.config import Settings
from rag.domain import (
    Paragraph,
)
from rag.errors import BadInput
from tests.eval_cases import GOOD, SYMBOL, written


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


def test_the_suite_of_invented_states_keeps_two_of_them_aside():
    cases = load("invented").cases
    aside = {case.id.partition("-")[0] for case in cases if case.split == "test"}
    assert aside == {"hallenmark", "quorland"}
    for name in {case.id.partition("-")[0] for case in cases}:
        own = [case for case in cases if case.id.startswith(name)]
        assert len(own) == 100
        assert sum(not case.answerable for case in own) == 40, name
        assert len({case.split for case in own}) == 1, name
