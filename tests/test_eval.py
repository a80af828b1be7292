"""The figures of an evaluation are right: checked on cases worked out by hand.

One table of them, which makes it longer than most.
"""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eval.metrics import (
    Outcome,
    Shown,
    cited_paragraphs,
    contains,
    figures,
    grouped,
    right,
    score,
)
from eval.suites import Case
from rag.domain import (
    Citation,
)
from tests.eval_cases import NOT_ANSWERABLE, case, shown

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
