"""The record does not say: what is said all the same, and that it is so."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from rag.answer.silence import no_advice, no_figure, not_of_that_year, of_another_year, silence
from rag.config import Settings
from rag.domain import Answer, Filters, NoAnswer, Paragraph, Passage, SourceText, Turn
from rag.parse import segment
from rag.present import answer_json, answer_text, lacking
from rag.query import understand
from rag.record import Record

DELEGATION = Turn("Mr. Anders", "delegation", "Maravia", 0, 9)
MEMBER = Turn("Ms. Bell", "member", None, 0, 9)


def passage(text: str, turn: Turn | None = DELEGATION, label: str = "4") -> Passage:
    paragraph = Paragraph("CCLP/C/SR.9", label, 3, text, 0, len(text), turn=turn)
    return Passage(paragraph, 1.0, "both")


FIGURES = passage("In 2013 there had been 12 complaints, in 2014, 15, and in 2015, 9.")
LATER = passage("Mr. Anders (Maravia) said that the figures would be provided in writing.")
WARRANTS = passage(
    "Mr. Anders (Maravia) said that the number of warrants would be provided in writing."
)
QUESTION = passage("Ms. Bell asked how many teachers there were.", MEMBER, "7")
PRISONS = passage("Mr. Anders (Maravia) said that all prisons were inspected.")


@pytest.mark.parametrize(
    ("question", "nearest", "told"),
    [
        (
            "How many complaints were there in 2010?", [FIGURES],
            "The nearest paragraph tells of 2013, 2014 and 2015, not of 2010 "
            "(CCLP/C/SR.9, para. 4).",
        ),
        (
            "How many complaints were there?", [LATER],
            "Mr. Anders (Maravia) put the answer off: “Mr. Anders (Maravia) said that the "
            "figures would be provided in writing.” (CCLP/C/SR.9, para. 4). "
            "The nearest paragraphs give no figure for it.",
        ),
        (
            "How many complaints were there?", [WARRANTS],
            "The nearest paragraphs give no figure for it.",
        ),
        (
            "How many warrants were issued?", [WARRANTS],
            "Mr. Anders (Maravia) put the answer off: “Mr. Anders (Maravia) said that the number of "
            "warrants would be provided in writing.” (CCLP/C/SR.9, para. 4). "
            "The nearest paragraphs give no figure for it.",
        ),
        (
            "What did the delegation reply on teachers?", [PRISONS, QUESTION],
            "Among the nearest is a question of Ms. Bell (CCLP/C/SR.9, para. 7); "
            "no reply to it was found.",
        ),
        (
            "When was the last prison inspected?", [PRISONS],
            "The nearest paragraphs give no date for it.",
        ),
        (
            "Who runs the prisons?", [PRISONS],
            "The nearest paragraphs touch on the subject but do not answer.",
        ),
        ("Who runs the prisons?", [],
         "The nearest paragraphs touch on the subject but do not answer."),
    ],
)  # fmt: skip
def test_what_the_nearest_do_tell(question: str, nearest: list[Passage], told: str) -> None:
    assert silence(understand(question), nearest) == told


@pytest.mark.parametrize(
    ("question", "cited", "other"),
    [
        ("How many complaints were there in 2010?", [FIGURES], True),
        ("complaints Maravia 2010", [FIGURES], True),
        ("How many complaints were there in 2014?", [FIGURES], False),
        ("How many complaints were there in 2010?", [FIGURES, passage("In 2010: 7.")], False),
        ("How many complaints were there from 2010 to 2012?", [FIGURES], False),
        ("How many complaints were there?", [FIGURES], False),
        # A record of 2024 may say "that year" or "the year before" of these.
        ("How many prisons were inspected in 2024?", [PRISONS], False),
        ("How many prisons were inspected in 2023?", [PRISONS], False),
        ("How many prisons were inspected in 2022?", [PRISONS], True),
        # "They were inspected in 2013" answers, and a reason seldom has its year.
        ("Were all prisons inspected in 2010?", [PRISONS], False),
        ("Why were all prisons inspected in 2010?", [PRISONS], False),
    ],
)  # fmt: skip
def test_figures_of_other_years_do_not_answer(
    question: str, cited: list[Passage], other: bool
) -> None:
    there = [each.paragraph for each in cited]
    assert of_another_year(understand(question), there, {2024}) is other


SERIES = passage(
    "There had been 96 complaints in 2013, which had led to 31 prosecutions and 29 convictions; 128 "
    "in 2014, which had led to 40 prosecutions; and 62 had been filed in 2015, with 26 convictions."
)


@pytest.mark.parametrize(
    ("question", "thing"),
    [
        ("How many prosecutions were there in 2015?", "prosecutions"),
        ("In Maravia, how many prosecutions for beating were there in 2015?", "prosecutions"),
        ("How many prosecutions were there in 2014?", ""),
        ("How many convictions were there in 2014?", "convictions"),
        ("How many convictions were there in 2015?", ""),
        ("How many complaints were there in 2015?", ""),  # counted first, and not named again
        ("How many acquittals were there in 2015?", ""),  # of no year
        ("How many people died in 2015?", ""),
        ("How many prosecutions were there?", ""),
        ("How many prosecutions were there from 2013 to 2015?", ""),
    ],
)
def test_a_series_of_years_may_lack_the_thing_for_one(question: str, thing: str) -> None:
    assert not_of_that_year(understand(question), [SERIES.paragraph]) == thing


@pytest.mark.parametrize(
    ("question", "quote", "none"),
    [
        ("How many members does a party need?", "A high number of members was required.", True),
        ("How many members does a party need?", "The Act of 11 October 2011 says so.", True),
        ("How many were left after a cut of 30 per cent?", "They fell by 30 per cent.", True),
        (
            "How many were left after a cut of 30 per cent?",
            "They fell by 30 per cent, in cells of 2.5 square metres.",
            True,
        ),
        ("How many square metres has a cell?", "Cells had 2.5 square metres.", False),
        ("How many members does a party need?", "A party needed 40,000 members.", False),
        ("How many people died there?", "Lawyers had been provided for all involved.", True),
        ("How many schools were closed?", "All of them had been.", False),
        ("How many schools were closed?", "No school had been closed.", False),
        ("How many schools were closed?", "The majority of them had been.", False),
        ("Why do parties need members?", "A high number of members was required.", False),
    ],
)
def test_without_a_figure_how_many_is_not_answered(question: str, quote: str, none: bool) -> None:
    assert no_figure(understand(question), [quote]) is none


@pytest.mark.parametrize(
    ("question", "label", "quote", "spoken", "none"),
    [
        ("What did the Committee recommend on schools?", "7", "All schools were open.", True, True),
        ("What did the Committee recommend on schools?", "7", "Maravia should open all.", True, False),
        ("What did the Committee recommend on schools?", "7", "It called upon her to act.", True,
         False),
        ("What did the task force recommend on schools?", "7",
         "She would like to know what the task force had recommended.", True, True),
        ("What did the Committee recommend on schools?", "7",
         "The Committee requests information on schools.", False, False),
        ("Which States recommended that it open schools?", "75.3", "Open schools (Osterland);", True,
         False),
        ("How many schools are open? (recommended by the Committee)", "7", "All were open.", True,
         False),
        ("What did the Committee say about schools?", "7", "All schools were open.", True, False),
    ],
)  # fmt: skip
def test_what_recommends_nothing_is_no_recommendation(
    question: str, label: str, quote: str, spoken: bool, none: bool
) -> None:
    assert no_advice(understand(question), [(label, quote, spoken)]) is none


def test_what_the_record_denies_is_told_and_nothing_is_answered(tmp_path: Path) -> None:
    text = (
        "CCLP/C/SR.9\n\nThe meeting was called to order at 3 p.m.\n\n"
        "1. Mr. Anders (Maravia) said, with regard to CCLP/C/MRV/Q/3, that the three keepers of the lighthouse "
        "had not been suspended by the mayor.\n"
    )
    (tmp_path / "SR.txt").write_text(text, encoding="utf-8")
    record = Record(Settings(index=tmp_path / "index"))
    assert not record.add([tmp_path / "SR.txt"]).failed
    denied = record.ask("Why were the three keepers of the lighthouse suspended by the mayor?")
    assert isinstance(denied, NoAnswer)
    assert denied.reason.startswith(
        "What the question takes for granted is contradicted there: Mr. Anders"
    )
    assert "had not been suspended" in denied.reason
    assert denied.lacking == ()
    assert denied.passages[0].paragraph.label == "1"
    assert isinstance(record.ask("Were the three keepers suspended by the mayor?"), Answer)


@pytest.mark.parametrize(
    ("question", "told", "note"),
    [
        # that of para. 3 need not say what it is on
        ("What did the Committee recommend on the ferries to the outer islands?", "3",
         "Para. 3 stands after the concern in paras. 1 and 2."),
        ("What did the Committee recommend on wells in the northern villages?", "4", ""),
        # another heading comes before anything is recommended
        ("What did the Committee recommend on the closing of the lighthouse?", "", ""),
    ],
)  # fmt: skip
def test_the_recommendation_after_a_concern_is_the_answer(
    tmp_path: Path, question: str, told: str, note: str
) -> None:
    text = (
        "CCLP/C/MRV/CO/9\n\nFerries\n\n"
        "1. The Committee notes that the third report was submitted in time.\n\n"
        "2. The Committee is concerned that the ferries to the outer islands sail only once a week, "
        "so that patients there are not treated.\n\n"
        "3. The State party should put an end to that state of affairs without delay.\n\n"
        "Water\n\n"
        "4. The Committee is concerned at the number of wells in the northern villages that have been "
        "dry for years, at the price that families pay for a barrel, and at the reports of illness "
        "among children who drink from the river. It notes that no survey has been made since the "
        "drought, that the mayors of four villages have written to the Ministry without a reply, that "
        "the fund which was set up for repairs has been spent on other things, and that women walk "
        "for two hours a day to the one pump that works. The State party should repair the wells.\n\n"
        "Lighthouse\n\n"
        "5. The Committee regrets the closing of the lighthouse on the southern cape.\n\n"
        "Schools\n\n"
        "6. The State party should open the schools.\n"
    )
    (tmp_path / "observations.txt").write_text(text, encoding="utf-8")
    record = Record(Settings(index=tmp_path / "index"))
    assert not record.add([tmp_path / "observations.txt"]).failed
    answer = record.ask(question)
    if not told:
        assert isinstance(answer, NoAnswer)
        return
    assert isinstance(answer, Answer)
    assert [claim.citation.first for claim in answer.claims] == [told]
    assert "should" in answer.claims[0].quote
    assert answer.note == note


@pytest.mark.parametrize(
    ("symbols", "told"),
    [
        ([], ""),
        (["A/1"], "A/1, cited there, is not in the index; it may hold the answer."),
        (
            ["A/1", "A/2"],
            "A/1 and A/2, cited there, are not in the index; they may hold the answer.",
        ),
        (
            ["A/1", "A/2", "A/3", "A/4"],
            "A/1, A/2 and A/3, cited there, are not in the index; they may hold the answer.",
        ),
    ],
)
def test_documents_that_the_index_lacks(symbols: list[str], told: str) -> None:
    assert lacking(symbols) == told


def test_filters_and_missing_documents_are_told(tmp_path: Path) -> None:
    text = (
        "CCLP/C/SR.9\nThe meeting was called to order at 3 p.m.\n"
        "Third report of Maravia (CCLP/C/MRV/3; CCLP/C/MRV/Q/3)\n"
        "1. Mr. Anders (Maravia) said that schools were open, as CCLP/C/MRV/3 showed.\n"
        "2. Ms. Bell asked about prisons.\n"
    )
    record = Record(Settings(index=tmp_path / "index"))
    record.add_documents([segment(SourceText(path=Path("x.txt"), sha256="0", text=text))])
    answer = record.ask(
        "How many lighthouses did Ms. Kant mention in 1871?",
        filters=Filters(speaker="Mr. Anders"),
    )
    assert isinstance(answer, NoAnswer)
    assert "CCLP/C/MRV/3" in answer.lacking
    assert "CCLP/C/SR.9" not in answer.lacking
    assert answer.searched.limits == ("speaker: Mr. Anders",)
    assert "CCLP/C/MRV/3" in answer_text(answer)
    assert answer_json(answer)["lacking"] == list(answer.lacking)


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("How many lighthouses did Maravia build in 1871?", True),
        ("How many lighthouses did Kazakhstan build in 1871?", False),
        ("How many lighthouses were built in 1871?", True),
    ],
)
def test_documents_on_another_state_may_not_hold_the_answer(
    tmp_path: Path, question: str, told: bool
) -> None:
    text = (
        "CCLP/C/SR.9\nThe meeting was called to order at 3 p.m.\n"
        "Third report of Maravia (CCLP/C/MRV/3)\n"
        "1. Mr. Anders (Maravia) said that schools were open, as CCLP/C/MRV/3 showed.\n"
    )
    record = Record(Settings(index=tmp_path / "index"))
    document = replace(
        segment(SourceText(path=Path("x.txt"), sha256="0", text=text)), state="Maravia"
    )
    record.add_documents([document])
    answer = record.ask(question)
    assert isinstance(answer, NoAnswer)
    assert ("CCLP/C/MRV/3" in answer.lacking) is told


@pytest.mark.parametrize(
    ("documents", "told"),
    [
        (frozenset({"CCLP/C/SR.9"}), "The nearest paragraphs touch on the subject"),
        (frozenset({"CCLP/C/SR.8"}), "The nearest paragraphs are not of the records that the"),
        (frozenset[str](), "The nearest paragraphs touch on the subject"),
    ],
)
def test_that_others_are_nearest_than_the_records_named_is_said(
    documents: frozenset[str], told: str
) -> None:
    query = replace(understand("Are prisons inspected in Osterland?"), documents=documents)
    assert silence(query, [PRISONS]).startswith(told)
