"""What the models that read two texts tell, and what they were trained on."""

from __future__ import annotations

import json
import random
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

import rag.reader
from eval.reader import items
from eval.reader import statements as written
from eval.suites import names, shared, sources_of
from rag.errors import ModelUnavailable
from rag.reader import Entailment, Reader

TEXT = (
    "Ms. Orlanda (Maravia) said that 31 teachers had been dismissed in 2012, most of them for "
    "absence. A new law on private schools would be put before Parliament in the autumn."
)

# Each with a twin in nearly the same words that the text does not answer.
TWINS = [
    ("How many teachers were dismissed in 2012?", "How many teachers were dismissed in 2014?"),
    ("Why did most of the teachers lose their posts?", "Why did most of the judges lose their posts?"),
    ("When will the law on private schools go to Parliament?",
     "How did Parliament vote on the law on private schools?"),
    ("Who said that teachers had been dismissed?", "Who appealed against the teachers' dismissal?"),
]  # fmt: skip


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader()


@pytest.mark.parametrize(("answered", "not_answered"), TWINS)
def test_a_question_that_the_text_answers_stands_above_its_twin(
    reader: Reader, answered: str, not_answered: str
) -> None:
    (one,), (other,) = reader.answers(answered, [TEXT]), reader.answers(not_answered, [TEXT])
    assert one > other


def test_texts_are_told_in_the_order_given_however_long_they_are(reader: Reader) -> None:
    texts = [TEXT * 3, "The meeting rose at 1 p.m.", TEXT, *(TEXT[:n] for n in range(40, 160, 12))]
    question = TWINS[0][0]
    together = reader.answers(question, texts)
    alone = [float(reader.answers(question, [text])[0]) for text in texts]
    assert together.tolist() == alone
    assert float(together[2]) > float(together[1])


def test_nothing_and_far_too_much_are_read_too(reader: Reader) -> None:
    assert reader.answers("Why?", []).shape == (0,)
    assert np.isfinite(reader.answers("Why? " * 2000, [TEXT * 50, ""])).all()


def test_another_file_than_the_one_expected_is_not_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rag.reader, "READER_SHA256", "0" * 64)
    with pytest.raises(ModelUnavailable, match="not the file expected"):
        Reader().answers("Why?", [TEXT])


# Each with a twin in nearly the same words that the text does not uphold.
STATED = [
    ("Teachers were dismissed in 2012.", "Teachers were not dismissed in 2012."),
    ("Most of those who lost their posts had been absent.",
     "Most of those who lost their posts had been present."),
    ("Parliament was to consider a new law on private schools.",
     "Parliament had adopted a new law on private schools."),
    ("A bill on private schools had yet to reach Parliament.",
     "A bill on private schools had already reached Parliament."),
]  # fmt: skip


@pytest.fixture(scope="module")
def entailment() -> Entailment:
    return Entailment()


@pytest.mark.parametrize(("upheld", "not_upheld"), STATED)
def test_a_statement_that_the_text_upholds_stands_above_its_twin(
    entailment: Entailment, upheld: str, not_upheld: str
) -> None:
    (one,), (other,) = entailment.upholds(upheld, [TEXT]), entailment.upholds(not_upheld, [TEXT])
    assert one > other


def test_another_model_of_the_gate_is_not_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rag.reader, "ENTAILMENT_SHA256", "0" * 64)
    with pytest.raises(ModelUnavailable, match="not the file expected"):
        Entailment().upholds("Nobody came.", [TEXT])


ROWS = [json.loads(line) for line in items.ITEMS.read_text(encoding="utf-8").splitlines()]


def test_no_record_that_a_suite_is_asked_of_was_trained_on() -> None:
    """By symbol, so that it holds without the records.

    But for `lists`, which asks of three reports that it was trained on: what is on a list is not told
    by the reader, and `eval/README.md` says so.
    """
    suites = [name for name in names() if name != "lists"]
    asked = {
        place[0] for name in suites for place in _gold(name) if not place[0].startswith("obliqa")
    }
    assert asked
    assert not asked & {row["id"].split("#")[0] for row in ROWS}


def _gold(name: str) -> list[tuple[str, str]]:
    path = Path(items.__file__).parents[1] / "suites" / f"{name}.jsonl"
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [tuple(place) for row in rows for place in row["gold"]]


def test_no_statement_copies_a_long_run_of_a_record() -> None:
    if not (shared() / "record").is_dir():
        pytest.skip("the records are not there: set RECORD_SHARED")
    for passage in items.passages():
        if passage.id.startswith("own"):
            continue
        text = " ".join(passage.sentences)
        for item in passage.items:
            assert item.label in "AN" or items.longest_run(item.text, text) < 12, item.text


def test_pairs_rest_on_the_sentences_that_tell_and_wording_does_not_give_the_label_away() -> None:
    own = [
        items.Passage(
            row["id"],
            tuple(row["text"]),
            tuple(items.Item(label, tuple(at), said) for label, at, said in row["items"]),
        )
        for row in ROWS
        if "text" in row
    ]
    every = [(passage, item) for passage in own for item in passage.items]
    told = items.weights(every)
    for output in (items.ANSWERS, items.UPHOLDS):
        at = [n for n, (_, item) in enumerate(every) if item.output == output]
        x = np.array([items.style(every[n][1].text, " ".join(every[n][0].sentences)) for n in at])
        y = np.array([1.0 if every[n][1].true else -1.0 for n in at])
        lean = (x - x.mean(axis=0)) / (x.std(axis=0) + 1e-9)
        plain = np.abs((lean * y[:, None]).mean(axis=0)).max()
        weighed = np.abs((lean * (y * told[at])[:, None]).mean(axis=0)).max()
        assert weighed < plain
    texts = {passage.id: " ".join(passage.sentences) for passage in own}
    for _, said, text, label, weight in items.pairs(own[:40], random.Random(1)):
        assert said
        assert any(text in whole for whole in texts.values())
        assert label in (0, 1)
        assert weight > 0


def test_what_one_passage_of_a_family_answers_the_others_do_not() -> None:
    families: dict[str, list[items.Passage]] = {}
    for passage in items.passages():
        if passage.family:
            families.setdefault(passage.family, []).append(passage)
    assert families
    for family in families.values():
        assert len(family) > 1
        for passage in family:
            not_answered = {item.text for item in passage.items if item.label == "N"}
            for other in family:
                asked = {item.text for item in other.items if item.label == "A"}
                assert other is passage or asked <= not_answered


def test_sources_of_the_suites_are_left_out_of_what_is_read() -> None:
    if not (shared() / "record").is_dir():
        pytest.skip("the records are not there: set RECORD_SHARED")
    asked = {source.path.name for name in names() for source in sources_of(name)}
    assert "A_HRC_12_13__yemen2009.txt" in asked
    assert not any(key.startswith("A/HRC/12/13#") for key in items.records())


STATEMENTS = [json.loads(line) for line in written.WRITTEN.read_text(encoding="utf-8").splitlines()]


def test_no_statement_for_the_gate_copies_a_long_run_of_a_record_either() -> None:
    if not (shared() / "record").is_dir():
        pytest.skip("the records are not there: set RECORD_SHARED")
    known = items.records()
    for row in STATEMENTS:
        text = " ".join(known.get(row["id"], ()))
        assert all(items.longest_run(said, text) < 12 for *_, said in row["statements"]), row["id"]


@pytest.mark.parametrize("name", ["reader", "entailment"])
def test_a_model_does_not_tell_where_it_was_made(name: str) -> None:
    data = (Path(rag.reader.__file__).parent / "model" / f"{name}.onnx").read_bytes()
    assert b"site-packages" not in data
    assert b".py" not in data


def test_no_statement_is_about_a_record_that_a_suite_is_asked_of() -> None:
    written_about = {row["id"].partition("#")[0] for row in ROWS}
    known = {row["id"]: row.get("text") for row in ROWS}
    assert STATEMENTS
    for row in STATEMENTS:
        sentences = row.get("text") or known.get(row["id"])
        assert sentences or row["id"].partition("#")[0] in written_about
        for at, label, kind, text in row["statements"]:
            places = [at] if isinstance(at, int) else at
            assert places
            assert sentences is None or all(0 <= n < len(sentences) for n in places)
            assert (label == "S") is (kind in written.TRUE)
            assert kind in written.KINDS
            assert text.strip() == text


def test_a_passage_of_our_own_comes_with_its_text_and_a_statement_may_join_two_sentences() -> None:
    found = written.statements({})
    texts = {row["id"]: row["text"] for row in STATEMENTS if "text" in row}
    own = [each for each in found if each.passage.id in texts]
    assert {each.passage.id for each in own} == set(texts)
    assert all(list(each.passage.sentences) == texts[each.passage.id] for each in own)
    joined = [each for each in own if len(each.at) > 1]
    assert {each.true for each in joined} == {True, False}
    made = list(written.pairs(joined[:40], {}, random.Random(1)))
    assert all(
        any(" ".join(each.passage.sentences).find(text) >= 0 for each in joined[:40])
        for _, _, text, _, _ in made
    )


def test_each_sentence_has_as_many_true_statements_as_false_ones() -> None:
    labels = Counter(label for row in STATEMENTS for _, label, _, _ in row["statements"])
    assert abs(labels["S"] - labels["X"]) < 0.02 * labels.total()


@pytest.mark.parametrize(
    ("said", "contrary"),
    [
        ("The bill had not been adopted.", "The bill had been adopted."),
        ("Nobody was tried.", "everybody was tried."),
        ("The bill was adopted.", "The bill was not adopted."),
    ],
)
def test_a_statement_is_turned_into_its_contrary(said: str, contrary: str) -> None:
    made = {written.contrary(said, {}, random.Random(seed)) for seed in range(20)}
    assert contrary in made
    assert said not in made


def test_a_quarter_of_the_passages_is_kept_apart() -> None:
    kept = sum(written.held_out(row["id"]) for row in STATEMENTS) / len(STATEMENTS)
    assert 0.2 < kept < 0.3
