"""The gauntlet without its model: what is asked, the form it is held to, and the list of claims."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from eval import gauntlet
from eval.gauntlet import PLANTED, Row, grammar, listed, questions, summary, unread, written
from rag.answer.prompt import prompt_for
from tests.model_server import ASKED, REPLIED

CLAIM = Row(
    "k1", "sample-001", "begun", "CCLP/C/SR.412, para. 22", None, "shown", "", "It is.", "is"
)


def test_a_hundred_questions_are_asked_of_which_forty_have_no_answer() -> None:
    cases = [case for name in ("sample", "sr") for case in questions(name)]
    assert len({case.id for case in cases}) == len(cases) == 100
    assert sum(not case.answerable for case in cases) == 40
    assert all(case.split == "dev" and not case.history for case in cases)
    assert [case.question for case in questions("planted")] == list(PLANTED)


@pytest.mark.parametrize("style", gauntlet.STYLES)
def test_a_reply_is_held_to_passages_and_speakers_that_belong_together(style: str) -> None:
    prompt = prompt_for("How many?", [REPLIED, ASKED], budget=6_000, citable=False)
    rules = dict(
        line.split(" ::= ", 1)
        for line in grammar(prompt.messages[-1].content or "", style).splitlines()
    )
    claims = [rule for name, rule in rules.items() if name.removeprefix("claim").isdigit()]
    assert rules["claim"].count("|") == len(claims) - 1
    opens = [rule for rule in claims if "para. 22" in rule]
    assert opens
    assert all("Ms. Doukaris" in rule and "Mr. Dunmore" not in rule for rule in opens)
    begun = "Ms. Doukaris (Maravia) said "
    assert all(rule.count(begun) == {"free": 0, "picked": 1, "begun": 2}[style] for rule in opens)
    assert ("claim)?" in rules["root"]) is (style != "free")


def test_words_of_real_documents_stay_out_of_the_list() -> None:
    real = replace(CLAIM, key="k2", question="sr-001")
    rows = [json.loads(line) for line in written([CLAIM, real], {}, words=False).splitlines()]
    assert [row["statement"] for row in rows] == ["It is.", None]
    assert [row["quotation"] for row in rows] == ["is", None]
    kept = [json.loads(line) for line in written([real], {}, words=True).splitlines()]
    assert kept[0]["statement"] == "It is."


def test_a_reading_is_kept_with_its_claim() -> None:
    known = {"k1": replace(CLAIM, supported=True, reading="as quoted")}
    (row,) = [json.loads(line) for line in written([CLAIM], known, words=False).splitlines()]
    assert (row["supported"], row["reading"]) == (True, "as quoted")


@pytest.mark.parametrize(
    ("known", "wrong"),
    [
        ({}, "nobody has read it yet"),
        ({"k1": CLAIM}, "nobody has read it yet"),
        ({"k1": replace(CLAIM, supported=False)}, "unsupported, and shown"),
        ({"k1": replace(CLAIM, supported=True)}, None),
    ],
)
def test_what_is_shown_must_have_been_read_as_supported(
    known: dict[str, Row], wrong: str | None
) -> None:
    rejected = replace(CLAIM, key="k3", verdict="figures")
    said = unread([CLAIM, rejected], known)
    assert len(said) == (wrong is not None)
    assert wrong is None or wrong in said[0]
    assert "2 claims" in summary([CLAIM, rejected])


def test_the_list_has_read_every_claim_that_was_shown() -> None:
    rows = list(listed().values())
    shown = [row for row in rows if row.verdict == "shown"]
    assert shown
    assert all(row.supported is not None and row.reading for row in shown)
    assert all(row.statement is None for row in rows if row.question.startswith("sr"))


def test_none_that_was_shown_is_unsupported() -> None:
    assert not unread(listed().values(), listed())


def test_no_list_is_an_empty_one(tmp_path: Path) -> None:
    assert listed(tmp_path / "none.jsonl") == {}
