"""Support of a claim by its evidence: the score, the measures, and the suite."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import average_precision_score, roc_auc_score

from eval import support as suite
from eval.calibrate_support import best_threshold, fit
from rag.answer.support import FEATURES, model, support, weigh
from rag.encoder import LocalEncoder
from tests.conftest import needs

TEXT = (
    "The delegation said that 47 prisons had been built in Maravia. "
    "Mr. Vale added that none of them held children. The budget had grown by 3 per cent."
)
TERMS = suite.vocabulary([TEXT, "The Committee met in Geneva.", "Prisons were not inspected."])
ENCODE = LocalEncoder().encode


def weighed(claim: str, text: str = TEXT):
    return weigh([(claim, text)], encode=ENCODE, terms=TERMS)[0]


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ("The delegation said that 47 prisons had been built.", "Fishing rights were sold abroad."),
        ("47 prisons had been built in Maravia.", "52 prisons had been built in Maravia."),
        ("None of the prisons held children.", "The prisons held children."),
    ],
)  # fmt: skip
def test_what_is_supported_scores_higher(better, worse):
    assert support(better, TEXT, encode=ENCODE, terms=TERMS) > support(
        worse, TEXT, encode=ENCODE, terms=TERMS
    )


@pytest.mark.parametrize(
    ("claim", "feature", "value"),
    [
        ("47 prisons were built.", "figures_missing", 0),
        ("52 prisons were built.", "figures_missing", 1),
        ("There Mr. Vale and Mr. Dorn spoke.", "names_missing", 1 / 3),  # Mr, Vale, Dorn
        ("None of them held children.", "negation_apart", 0),
        ("All of them held children.", "negation_apart", 1),
        ("The budget had grown by 3 per cent.", "pairs", 1),
        ("The budget had grown by 3 per cent.", "coverage", 1),
        ("Zebras gallop quietly.", "coverage", 0),
        ("Zebras gallop quietly.", "rarest_missing", 1),
    ],
)
def test_evidence(claim, feature, value):
    assert getattr(weighed(claim), feature) == pytest.approx(value, abs=1e-6)


@pytest.mark.parametrize("text", ["", "  ", "…"])
def test_nothing_supports_nothing(text):
    assert support("47 prisons were built.", text, encode=ENCODE, terms=TERMS) < 0.2


def test_weighing_many_is_weighing_each():
    claims = ["47 prisons were built.", "Zebras gallop."]
    together = weigh([(claim, TEXT) for claim in claims], encode=ENCODE, terms=TERMS)
    for one, claim in zip(together, claims, strict=True):
        for name in FEATURES:
            # The int8 model depends a little on what shares a batch.
            assert getattr(one, name) == pytest.approx(getattr(weighed(claim), name), abs=0.03)


def test_the_model_names_every_feature():
    assert tuple(model().weights) == FEATURES
    assert 0 < model().threshold < 1


# --- measures: those of scikit-learn, for many weightings at once ----------------------------


@pytest.mark.parametrize("ties", [False, True])
def test_measures_are_those_of_scikit_learn(ties):
    rng = np.random.default_rng(3)
    y = rng.random(60) < 0.7
    scores = rng.random(60).round(1) if ties else rng.random(60)
    times = rng.multinomial(60, [1 / 60] * 60, 5)
    for ours, theirs in (
        (suite.auc, roc_auc_score),
        (suite.average_precision, average_precision_score),
    ):
        expected = [theirs(y, scores, sample_weight=row) for row in times]
        assert ours(y, scores, times) == pytest.approx(expected)


def test_the_threshold_is_in_the_middle_of_the_best():
    y = np.array([False, False, True, True])
    assert best_threshold(y, np.array([0.1, 0.3, 0.7, 0.9])) == pytest.approx(0.5, abs=0.02)


def test_fitting_moves_towards_what_tells_claims_apart():
    pairs = [suite.Pair(str(i), str(i), "s", "", "", j) for i, j in
             enumerate(["Complete", "Incomplete"] * 20)]  # fmt: skip
    near, far = weighed("47 prisons had been built in Maravia."), weighed("Zebras gallop.")
    weights = fit(pairs, [near, far] * 20)
    assert weights[FEATURES.index("coverage")] > 2


# --- the data --------------------------------------------------------------------------------


def test_the_suite_takes_claims_with_a_passage_and_a_judgement():
    found = suite.pairs(needs("benchmarks/expertqa/support_labels.jsonl"))
    assert len(found) == 793
    assert {pair.system for pair in found}.isdisjoint({"bing_chat", "gpt4"})
    assert not any("[1]" in pair.claim or pair.evidence.startswith("http") for pair in found)
    halves = {pair.question: pair.split for pair in found}
    assert set(halves.values()) == {"dev", "test"}
    assert {pair.judged for pair in found} == {"Complete", "Partial", "Incomplete"}


def test_addresses_are_no_evidence():
    assert suite._passages(["[1] https://example.org/a"]) == ""
    assert suite._passages(["[2] https://example.org/a\n\nWords.", "[3] x"]) == "Words."
