"""Figures of answers beside those of `test_eval`: near hits, fidelity, F1, cost, intervals."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from eval.bootstrap import quantiles, ratios
from eval.ground import Ground, stands
from eval.metrics import FIGURES, Outcome, Shown, citable, figures, score
from eval.suites import Case
from rag.config import Settings
from rag.record import Record
from tests.marked import verbatim_record

CASE = Case("q", "dev", "fact", "What?", True, (("S", "2"),))
NONE = Case("u", "dev", "unanswerable", "What?", False, ())


def claim(*paragraphs: str, verbatim: bool | None = None) -> Shown:
    return Shown("", "", "", paragraphs, verbatim=verbatim)


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [
        (Outcome(CASE, True, (claim("S#3"),), near=("S#1", "S#3")),
         {"hit@1": 0, "near_hit@1": 1, "near_hit@5": 1}),
        (Outcome(CASE, True, (claim("S#9"), claim("S#1")), near=("S#1", "S#3")),
         {"near_hit@1": 0, "near_hit@5": 1}),
        (Outcome(CASE, True, (claim("S#2"),)), {"hit@1": 1, "near_hit@1": 1}),
        (Outcome(CASE, False, near=("S#1",), retrieved=("S#1",)), {"near_hit@5": 0}),
        (Outcome(NONE, True, (claim("S#1"),)), {"near_hit@1": None, "citation_f1": None}),
        # precision 1/2, recall 1
        (Outcome(CASE, True, (claim("S#2"), claim("S#9"))), {"citation_f1": 2 / 3}),
        (Outcome(CASE, True, (claim("S#9"),)), {"citation_f1": 0}),
        (Outcome(CASE, False), {"citation_f1": 0, "quotation_fidelity": None}),
        (Outcome(CASE, True, (claim("S#2", verbatim=True), claim("S#2", verbatim=False))),
         {"quotation_fidelity": 0.5}),
        (Outcome(CASE, True, (claim("S#2"),)), {"quotation_fidelity": None}),
        (Outcome(CASE, True), {"tokens_in": None, "tokens_out": None, "cost": None}),
        (Outcome(CASE, True, tokens_in=900, tokens_out=80, cost=0.002),
         {"tokens_in": 900, "tokens_out": 80, "cost": 0.002}),
    ],
)  # fmt: skip
def test_scores(outcome, expected):
    scores = score([outcome])[0]
    assert {name: scores[name] for name in expected} == pytest.approx(expected)


def test_what_no_model_did_costs_nothing_known():
    summed = figures(score([Outcome(CASE, True), Outcome(CASE, False)]))
    assert "cost" not in summed
    assert "tokens_in" not in summed


def test_refusal_f1_is_that_of_the_set():
    # refused: u1 rightly, q wrongly; answered: u2 wrongly. precision 1/2, recall 1/2
    asked = [Outcome(NONE, False), Outcome(NONE, True), Outcome(CASE, False), Outcome(CASE, True)]
    f1 = figures(score(asked))["refusal_f1"]
    assert (f1.value, f1.n) == (pytest.approx(0.5), 3)
    assert "refusal_f1" not in figures(score([Outcome(CASE, True)]))


def test_figures_stand_in_the_order_that_tables_print():
    summed = list(figures(score([Outcome(CASE, True, (claim("S#2", verbatim=True),))])))
    assert summed == [name for name in FIGURES if name in summed]


# --- intervals -------------------------------------------------------------------------------


def test_intervals_agree_with_the_normal_approximation():
    values = np.random.default_rng(1).random(2000)
    found = ratios(values[None], np.ones((1, 2000)))[0]
    half = 1.96 * values.std() / 2000**0.5
    assert found.value == pytest.approx(values.mean())
    assert found.low == pytest.approx(values.mean() - half, abs=half / 8)
    assert found.high == pytest.approx(values.mean() + half, abs=half / 8)


def test_columns_do_not_depend_on_each_other():
    data = np.random.default_rng(2).random((3, 50))
    together = ratios(data, np.ones_like(data))
    alone = [ratios(row[None], np.ones((1, 50)))[0] for row in data]
    for a, b in zip(together, alone, strict=True):
        assert (a.value, a.low, a.high) == pytest.approx((b.value, b.low, b.high))


def test_one_question_has_no_interval():
    assert ratios(np.ones((1, 1)), np.ones((1, 1)))[0].low is None
    assert quantiles(np.array([3.0]), (0.5,))[0].high is None


# --- the judge of quotations -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("quote", "text", "expected"),
    [
        ("able to vote", "They were able to\n vote in 2023.", True),
        ("“able” – to vote", "were \"able\" - to vote", True),
        ("They were … in 2023", "They were able to vote in 2023.", True),
        ("They were [...] in 2023.", "They were able to vote in 2023.", True),
        ("able to vote", "They were unable to vote.", False),
        ("governmental bodies", "non-governmental bodies", False),
        ("5 per cent", "2.5 per cent", False),
        ("1", "1,282 complaints", False),
        ("in 2023 … They were", "They were able to vote in 2023.", False),
        ("Able to vote", "They were able to vote.", False),
        ("They were not able", "They were able", False),
        ("they were able, to vote", "they were able to vote", False),
        ("…", "anything", False),
        ("", "anything", False),
    ],
)  # fmt: skip
def test_quotations(quote, text, expected):
    assert stands(quote, text) is expected


@pytest.fixture(scope="module")
def ground(sample_index) -> Ground:
    return Ground(Record(Settings(index=sample_index)).documents())


def test_neighbours_follow_the_document_and_not_the_labels(ground, sample_index):
    document = Record(Settings(index=sample_index)).document("CCLP/C/SR.411")
    names = [paragraph.id for paragraph in document.paragraphs]
    assert ground.near([names[4]]) == (names[3], names[5])
    assert ground.near([names[4], names[5]]) == (names[3], names[6])
    assert ground.near([names[0]]) == (names[1],)
    assert ground.near(["CCLP/C/SR.411#999"]) == ()


def test_quotations_are_judged_in_the_paragraph_cited(ground, sample_index):
    document = Record(Settings(index=sample_index)).document("CCLP/C/SR.411")
    first, second = document.paragraphs[:2]
    words = second.text[: second.text.index(" ", 40)]
    assert ground.stands(words, (second.id,))
    assert not ground.stands(words, (first.id,))
    assert not ground.stands(words, ())
    judged = ground.judged(Outcome(CASE, True, (Shown("", words, "", (second.id,)),
                                                Shown("", words, "", (first.id,)))))  # fmt: skip
    assert [c.verbatim for c in judged.claims] == [True, False]


def test_what_cites_a_whole_document_stands_outside_its_paragraphs(ground, sample_index):
    document = Record(Settings(index=sample_index)).document("CCLP/C/SR.411")
    words = document.paragraphs[3].text[:60].rsplit(" ", 1)[0]
    shown = [("Ms. Oyelaran", "CCLP/C/SR.411"), (words, "CCLP/C/SR.411"), ("Ms. Oyelaran", "A/1")]
    outcome = Outcome(CASE, True, tuple(Shown("", quote, at, ()) for quote, at in shown))
    assert [c.verbatim for c in ground.judged(outcome).claims] == [True, False, False]


def test_a_page_is_cited_as_one_place():
    record = verbatim_record()
    text, told = "", []
    for paragraph in record.paragraphs:
        told.append(replace(paragraph, start=len(text), end=len(text) + len(paragraph.text)))
        text += paragraph.text + "\n"
    ground = Ground([replace(record, text=text, paragraphs=tuple(told))])
    page, second, other = (citable(paragraph) for paragraph in told)
    assert page == second == "S/PV.9001#p. 2"
    assert ground.stands("The agenda was adopted.", (page,))
    assert ground.stands("We built 40 bridges last year.", (page,))
    assert not ground.stands("we built a dam", (page,))
    assert ground.near([page]) == (other,)
    case = replace(CASE, gold=(("S/PV.9001", "p. 2/2"), ("S/PV.9001", "p. 2"), ("S/1", "4")))
    assert case.paragraphs == ("S/PV.9001#p. 2", "S/1#4")
    assert case.places == ("S/PV.9001#p. 2/2", "S/PV.9001#p. 2", "S/1#4")
