"""What simpler ways of searching find, beside the shipped search."""

from __future__ import annotations

from dataclasses import replace

import pytest

from eval.baselines import baselines, single_turn, touches, within
from eval.compare import FOUND
from eval.suites import Case, load
from rag.config import Settings
from rag.errors import BadInput
from rag.record import Record

CASE = Case("q", "dev", "fact", "What?", True, (("CCLP/C/SR.411", "3"),))


@pytest.fixture(scope="module")
def found():
    suite = load("sample")
    return baselines(suite, suite.pick(limit=12), Settings())


def test_each_way_is_asked_the_same_questions(found):
    asked = single_turn(load("sample").pick(limit=12))
    assert [row.name for row in found] == ["shipped", "words", "meaning", "llamaindex"]
    assert {f.n for row in found for f in row.figures.values()} == {len(asked)}
    for row in found:
        for name, figure in row.figures.items():
            assert name in ("characters", "paragraphs") or 0 <= figure.value <= 1


def test_chunks_cannot_hit_a_paragraph(found):
    *ours, theirs = found
    assert not {"hit@1", "hit@5", "mrr"} & set(theirs.figures)
    assert all("chunk_hit@1" not in row.figures for row in ours)
    assert theirs.figures["paragraphs"].value > 1
    assert theirs.figures["characters"].value > ours[0].figures["characters"].value


def test_only_single_questions_with_an_answer_are_asked():
    cases = [CASE, replace(CASE, history=("Before?",)), replace(CASE, answerable=False, gold=())]
    assert single_turn(cases) == [CASE]


def test_a_suite_without_sources_is_refused():
    with pytest.raises(BadInput, match="no sources"):
        baselines(replace(load("sample"), name="mine", sources=()), [CASE], Settings())


def test_a_chunk_touches_what_it_shares_a_character_with(sample_index):
    document = Record(Settings(index=sample_index)).document("CCLP/C/SR.411")
    second, third = document.paragraphs[1:3]
    assert third.label == "3"
    assert touches(CASE, document, third.start, third.start + 1)
    assert not touches(CASE, document, second.start, second.end)
    assert within(document, second.start, third.end) == [second.id, third.id]
    assert within(document, third.end, third.end) == []


def test_baselines_are_no_setup():
    assert "baselines" in FOUND
