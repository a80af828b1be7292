"""What speaks for a paragraph and against it, and which question wants what."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rag.answer.evidence import weigh
from rag.domain import Passage, Turn
from rag.query import understand
from rag.sentence_kinds import is_recommendation, is_request
from tests.toy import MEMBER, NEAR, VOCABULARY, passage


def evidence(question: str, *passages: Passage) -> list[dict[str, float]]:
    found = weigh(
        understand(question),
        passages,
        vocabulary=VOCABULARY,
        near=NEAR,
    )
    names = found[0].evidence.__dataclass_fields__
    return [{name: getattr(c.evidence, name) for name in names} for c in found]


COMPLAINTS = (
    "In 2013 there were 9 complaints, leading to 3 prosecutions; in 2015 there were 4 complaints."
)


@pytest.mark.parametrize(
    ("question", "text", "feature", "value"),
    [
        ("How many prosecutions were there in 2013?", COMPLAINTS, "year_apart", 0.0),
        ("How many prosecutions were there in 2015?", COMPLAINTS, "year_apart", 1.0),
        ("How many complaints were there in 2015?", COMPLAINTS, "year_apart", 0.0),
        ("How many judges were there in 2015?", COMPLAINTS, "head_missing", 1.0),
        ("How many complaints were there in 2015?", COMPLAINTS, "head_missing", 0.0),
        ("How many people complained?", COMPLAINTS, "head_missing", 0.0),  # nothing is counted
        ("Why were there complaints?", COMPLAINTS, "reason_missing", 1.0),
        ("Why were there complaints?", "They complained because it rained.", "reason_missing", 0.0),
        ("When were there complaints?", COMPLAINTS, "reason_missing", 0.0),
        ("How many complaints of lighthouse keepers?", COMPLAINTS, "term_missing", 1.0),
        ("Who was Maravia's Minister of Ports?", "Mr. Anders (Maravia) said that the Minister of "
         "Ports, Ms. Clay, was ill.", "type_missing", 0.0),
        ("Who was Maravia's Minister of Ports?", "Mr. Anders (Maravia) said that the Minister of "
         "Ports was ill.", "type_missing", 1.0),  # whoever speaks of the Minister is not meant
        ("Who is at the head of the Ports Authority?", "Mr. Anders, Head of the Ports Authority, "
         "said that ports were open.", "type_missing", 0.0),
        ("complaints, prosecutions", COMPLAINTS, "term_missing", 0.0),
    ],
)  # fmt: skip
def test_what_is_missing(question: str, text: str, feature: str, value: float) -> None:
    (found,) = evidence(question, passage(text))
    assert found[feature] == pytest.approx(value)


@pytest.mark.parametrize(
    ("question", "text", "missing"),
    [
        ("How many ports were there in 2024?", "There were nine ports.", 0.0),  # the record's year
        ("How many ports were there in 2023?", "There were nine ports.", 1.0),
        ("How many ports were there in 2024?", "There were nine ports in 2022.", 1.0),
        ("How many ports were there in 2022?", "There were nine ports in 2022.", 0.0),
    ],
)
def test_what_a_record_says_without_a_year_is_of_its_own(
    question: str, text: str, missing: float
) -> None:
    asked = replace(understand(question), years={"D": "2024"})
    (found,) = weigh(asked, [passage(text)], vocabulary=VOCABULARY, near=NEAR)
    assert found.evidence.figures_missing == missing


def test_a_reply_is_near_to_what_the_member_asked() -> None:
    asked = passage("Ms. Bell asked about cattle in the highlands.", MEMBER, 1)
    reply = passage("Cattle in the highlands were fed.", ordinal=5)
    other = passage("Lighthouses would open.", ordinal=6)
    before = passage("Cattle in the highlands were counted.", ordinal=0)
    found = evidence("What did the delegation reply on cattle?", asked, reply, other, before)
    assert found[1]["link"] > found[2]["link"] > 0
    assert found[0]["link"] == found[3]["link"] == 0  # a reply comes later
    assert found[2]["side_gap"] > 0
    assert not any(one["link"] for one in evidence("What about cattle?", asked, reply))


@pytest.mark.parametrize(
    ("question", "wants"),
    [
        ("Who asked how much it costs?", "person"),
        ("Why was the number of members raised?", "reason"),
        ("Did the share of women rise?", "whether"),
        ("What share of women can read?", "figure"),
        ("Do daughters take a share of the property?", "whether"),
        ("How far had the draft got?", "anything"),
        ("What budget did the institution have?", "figure"),
        ("Ms. Bell asked about prisons. How many are there?", "figure"),
        ("What made the harbour office close?", "reason"),
        ("By what means is it known whether the ferries sail?", "anything"),
        ("Tell me whether the ferries sail.", "whether"),
    ],
)
def test_what_a_question_opens_with_tells_most(question: str, wants: str) -> None:
    assert understand(question).wants == wants


@pytest.mark.parametrize(
    ("sentence", "spoken", "asks"),
    [
        ("The State party is requested to submit its report by 2026.", False, False),
        ("The State party is requested to submit its report by 2026.", True, True),
        ("Please provide figures for 2021.", False, True),
        ("She asked whether it was so.", True, True),
    ],
)
def test_what_a_document_requests_is_what_it_states(
    sentence: str, spoken: bool, asks: bool
) -> None:
    assert is_request(sentence, spoken=spoken) is asks


SWEDEN = Turn("Sweden", "delegation", "Sweden", 0, 9)


@pytest.mark.parametrize(
    ("sentence", "voice", "recommends"),
    [
        ("End the death penalty (Sweden);", SWEDEN, True),
        ("End the death penalty (Sweden, Chile).", SWEDEN, True),
        ("Sweden recommended that the law be changed.", SWEDEN, True),
        ("Sweden noted the progress made.", SWEDEN, False),
        ("The law was changed (Chile).", SWEDEN, False),  # what another says
        ("The Committee recommended a law.", None, False),  # the document's own words
        ("Ms. Bell recommended a law.", MEMBER, False),
    ],
)
def test_a_recommendation_states_nothing(
    sentence: str, voice: Turn | None, recommends: bool
) -> None:
    assert is_recommendation(sentence, voice) is recommends


def test_states_that_speak_to_states_are_told() -> None:
    review = replace(understand("How many schools were there?"), reviewed={"D": "Maravia"})
    names = [
        weigh(review, [passage("Schools were few.", turn)], vocabulary=VOCABULARY, near=NEAR)[0]
        .evidence.among_states
        for turn in (SWEDEN, MEMBER, Turn("Mr. Anders", "delegation", "Maravia", 0, 9))
    ]  # fmt: skip
    assert names == [1.0, 0.0, 0.0]
