"""Questions about a meeting itself, which no paragraph answers."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from rag.answer.front import about_the_meeting
from rag.answer.verify import verify
from rag.config import Settings
from rag.domain import QA, Answer, Citation, Claim, NoAnswer
from rag.record import Record
from tests.command import rag
from tests.marked import index_of, marked_record, verbatim_record

PLACE, CHAIR = "Palais des Roches, Valmont", "Ms. Oyelaran"


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Who chaired the meeting?", "chair"),
        ("who chaired?", "chair"),
        ("Who presided over the 411th meeting?", "chair"),
        ("Who was in the chair?", "chair"),
        ("Who chaired CCLP/C/SR.411?", "chair"),
        ("Who chaired the meeting? (torture in Maravia)", "chair"),
        ("Who chaired the working group that drafted the report?", ""),
        ("Who chaired the Commission on Human Rights?", ""),
        ("When was the meeting held?", "held"),
        ("When did the meeting on Maravia take place?", "held"),
        ("When did the Committee consider Maravia's report?", "held"),
        ("On what date was Maravia's third report considered?", "held"),
        ("When was Maravia reviewed?", "held"),
        ("When was the previous report considered?", ""),
        ("When was the Police Complaints Inspectorate established?", ""),
        ("When was the Criminal Code reviewed?", ""),
        ("When did the Supreme Court consider the appeal?", ""),
        ("When did the meeting between the minister and the NGOs take place?", ""),
        ("When was the case reviewed?", ""),
        ("Where was CCLP/C/SR.411 held?", "place"),
        ("Where did the meeting take place?", "place"),
        ("Where was Mr. Korda held?", ""),
        ("Where was the demonstration held?", ""),
        ("When did the meeting on Maravia begin?", "began"),
        ("When was the meeting called to order?", "began"),
        ("When did the strike begin?", ""),
        ("At what time did the meeting rise?", "rose"),
        ("When did the meeting begin and end?", "times"),
        ("When did the meeting on Maravia begin and end?", "times"),
        ("How long did the 411th meeting last?", "times"),
        ("How long did detention last?", ""),
        ("Which members spoke?", "members"),
        ("Which Committee members took the floor at the 411th meeting?", "members"),
        ("Which members asked questions about prisons in Maravia?", ""),
        ("Who asked the questions at the meeting?", "members"),
        ("Which members asked about prisons?", ""),
        ("Who chaired the 411th meeting of CCLP?", "chair"),
        ("Who introduced Maravia's third report?", "introduced"),
        ("Who presented the report of Maravia to the Committee?", "introduced"),
        ("Name of the person presenting Maravia's report?", "introduced"),
        ("Who introduced the bill?", ""),
        ("Which session considered Maravia's report?", "session"),
        ("At which session was Maravia's report considered?", "session"),
        ("Which session of parliament adopted the law?", ""),
        ("Which documents did the Committee have before it?", "documents"),
        ("What documents do the police need?", ""),
        ("Who represented Maravia?", "delegation"),
        ("Who represented the State party?", "delegation"),
        ("Who were the members of the delegation?", "delegation"),
        ("Who spoke for Maravia at the meeting?", "delegation"),
        ("Who represented the victims in court?", ""),
        ("Who represented Mr. Korda before the court?", ""),
        ("Who spoke about torture?", ""),
        ("who " * 200, ""),
    ],
)
def test_what_is_asked_about_a_meeting(question: str, kind: str) -> None:
    assert about_the_meeting(question) == kind


@pytest.fixture(scope="module")
def record(sample_index: Path) -> Record:
    return Record(Settings(index=sample_index))


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("Who chaired the meeting?", [("411", CHAIR), ("412", CHAIR)]),
        ("Who chaired CCLP/C/SR.412?", [("412", CHAIR)]),
        ("Who chaired the 412th meeting?", [("412", CHAIR)]),
        ("When did the 411th meeting begin and end?",
         [("411", "The meeting was called to order at 3.05 p.m."),
          ("411", "The meeting rose at 6 p.m.")]),
        ("When was the meeting held?", [("411", "4 March 2024"), ("412", "5 March 2024")]),
        ("When did the Committee consider Maravia's third report?",
         [("411", "4 March 2024"), ("412", "5 March 2024")]),
        ("Where was CCLP/C/SR.411 held?", [("411", PLACE)]),
        ("When did CCLP/C/SR.411 begin?", [("411", "The meeting was called to order at 3.05 p.m.")]),
        ("At what time did the meeting rise?",
         [("411", "The meeting rose at 6 p.m."), ("412", "The meeting rose at 12.55 p.m.")]),
        ("At which session was Maravia's report considered?",
         [("411", "Thirty-eighth session"), ("412", "Thirty-eighth session")]),
        ("Which documents did the Committee have before it in CCLP/C/SR.411?",
         [("411", "Third periodic report of Maravia (CCLP/C/MRV/3; CCLP/C/MRV/Q/3 and "
                  "CCLP/C/MRV/Q/3/Add.1)")]),
    ],
)  # fmt: skip
def test_what_a_record_prints_of_its_meeting(
    record: Record, question: str, told: list[tuple[str, str]]
) -> None:
    answer = record.ask(question)
    assert isinstance(answer, Answer)
    assert [(claim.citation, claim.quote) for claim in answer.claims] == [
        (Citation(f"CCLP/C/SR.{number}"), words) for number, words in told
    ]
    assert all(claim.verified for claim in answer.claims)
    assert "no paragraph number" in answer.note


def test_who_took_the_floor_for_a_state(record: Record) -> None:
    answer = record.ask("Who represented Maravia?")
    assert isinstance(answer, Answer)
    claims = {claim.speaker: (str(claim.citation), claim.quote) for claim in answer.claims}
    assert claims["Mr. Petrossy"] == (
        "CCLP/C/SR.411, para. 41",
        "Mr. Petrossy (Maravia), speaking as Director of the Prison Service",
    )
    assert claims["Ms. Ilvesmaa"][0] == "CCLP/C/SR.412, para. 13"
    assert all(claim.verified and claim.delegation == "Maravia" for claim in answer.claims)
    assert "Ms. Takahira" not in claims  # a member of the Committee
    assert "may have had other members" in answer.note


@pytest.mark.parametrize(
    ("before", "question", "told"),
    [
        ("Who chaired CCLP/C/SR.412?", "when was it held?", [("412", "5 March 2024"), ("411", "4 March 2024")]),
        ("Who was in the chair at the Maravia meeting?", "When was this?",
         [("411", "4 March 2024"), ("412", "5 March 2024")]),
    ],
)  # fmt: skip
def test_what_is_asked_next_of_a_meeting(
    record: Record, before: str, question: str, told: list[tuple[str, str]]
) -> None:
    history = [QA.of(record.ask(before))]
    answer = record.ask(question, history=history)
    assert isinstance(answer, Answer)
    assert {(claim.citation.symbol, claim.quote) for claim in answer.claims} == {
        (f"CCLP/C/SR.{number}", words) for number, words in told
    }


def test_who_spoke_for_the_state_that_an_answer_was_on(tmp_path: Path, sample_index: Path) -> None:
    shutil.copytree(sample_index, tmp_path / "index")
    record = index_of(tmp_path / "index", marked_record(), verbatim_record())
    history = [QA.of(record.ask("How many police stations record interviews in Maravia?"))]
    answer = record.ask("Who spoke for the Government?", history=history)
    assert isinstance(answer, Answer)
    assert {claim.delegation for claim in answer.claims} == {"Maravia"}


def test_who_introduced_a_report(record: Record) -> None:
    answer = record.ask("Who introduced Maravia's report?")
    assert isinstance(answer, Answer)
    (claim,) = answer.claims
    assert (claim.speaker, claim.citation.first, claim.verified) == ("Ms. Doukaris", "2", True)
    assert claim.quote.startswith("Ms. Doukaris (Maravia), introducing")


def test_who_took_the_floor_for_the_committee(record: Record) -> None:
    answer = record.ask("Which members took the floor at the 411th meeting?")
    assert isinstance(answer, Answer)
    assert {claim.citation.symbol for claim in answer.claims} == {"CCLP/C/SR.411"}
    speakers = {claim.speaker for claim in answer.claims}
    assert speakers >= {"Ms. Takahira", "Mr. Dunmore", "The Chair"}
    assert not speakers & {"Ms. Doukaris", "Ms. Quist"}  # of the delegation, and an observer
    assert all(claim.verified for claim in answer.claims)


@pytest.mark.parametrize(
    "question",
    [
        "When was the 399th meeting held?",
        "When was Maravia's second report considered?",
        "Who represented Amnesty International?",
    ],
)
def test_what_the_masthead_does_not_tell_is_not_taken_from_it(
    record: Record, question: str
) -> None:
    answer = record.ask(question)
    claims = answer.claims if isinstance(answer, Answer) else ()
    assert all(claim.citation.first for claim in claims)


def test_a_record_without_its_masthead_names_no_chair(tmp_path: Path) -> None:
    text = "1. Ms. Bell asked how many ferries sailed.\n\n2. The Chair thanked the delegation.\n"
    (tmp_path / "CCLP_C_SR.9.txt").write_text(f"CCLP/C/SR.9\n\n{text}", encoding="utf-8")
    record = Record(Settings(index=tmp_path / "index"))
    assert record.add([tmp_path / "CCLP_C_SR.9.txt"]).added == ("CCLP/C/SR.9",)
    answer = record.ask("Who chaired the meeting?")
    assert isinstance(answer, NoAnswer)
    assert answer.reason.startswith("No masthead")


def test_a_place_of_one_word_is_told(tmp_path: Path) -> None:
    (tmp_path / "CCLP_C_SR.8.txt").write_text(
        "CCLP/C/SR.8\n\nCommittee on Civil Liberties\n\nSummary record of the 8th meeting\n\n"
        "Held in Valmont on Monday, 4 March 2024, at 3 p.m.\n\n"
        "1. Ms. Bell asked how many ferries sailed.\n\n2. The Chair thanked the delegation.\n",
        encoding="utf-8",
    )
    record = Record(Settings(index=tmp_path / "index"))
    assert record.add([tmp_path / "CCLP_C_SR.8.txt"]).added == ("CCLP/C/SR.8",)
    answer = record.ask("Where was the meeting held?")
    assert isinstance(answer, Answer)
    assert [(str(c.citation), c.quote) for c in answer.claims] == [("CCLP/C/SR.8", "Valmont")]


def test_nobody_else_may_cite_a_whole_document(record: Record) -> None:
    given = record.document("CCLP/C/SR.411").paragraphs
    claim = Claim(CHAIR, CHAIR, Citation("CCLP/C/SR.411"))
    assert not verify(claim, given).verified


def test_the_command_line_tells_it(sample_index: Path) -> None:
    told = rag("ask", "Who chaired CCLP/C/SR.411?", index=sample_index).stdout
    assert "“Ms. Oyelaran” [CCLP/C/SR.411]" in told
    given = json.loads(
        rag("ask", "Who chaired CCLP/C/SR.411?", "--json", index=sample_index).stdout
    )
    assert given["claims"][0]["citation"] == {
        "symbol": "CCLP/C/SR.411", "section": None, "first": None, "last": None,
        "text": "CCLP/C/SR.411",
    }  # fmt: skip
