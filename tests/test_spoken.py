"""Whose words a question asks for, where it names a State; and who examines whom."""

from __future__ import annotations

import pytest

from rag.domain import Turn
from rag.query import understand
from rag.sides import same_state, side_of
from rag.spoken import examined_in, spoken
from rag.store.catalog import Facts

FACTS = [
    Facts("A/HRC/12/13", "A/HRC/12/13", "Human Rights Council", "Yemen", None),
    Facts("A/HRC/11/27", "A/HRC/11/27", "Human Rights Council", "Mexico", None),
    Facts("CCLP/C/SR.411", "CCLP/C/SR.411", "Committee on Civil Liberties", "Maravia", None),
    Facts("S/PV.8422", "S/PV.8422", "Security Council", None, None),
]


@pytest.mark.parametrize(
    ("question", "speaker", "side"),
    [
        ("What did Sweden say about executions in Yemen?", "Sweden", None),
        ("What did Sweden ask about executions?", "Sweden", "committee"),
        ("What does Norway recommend?", "Norway", "committee"),
        ("What was Norway's recommendation on schools?", "Norway", "committee"),
        ("What did the delegation of Yemen say about stoning?", "Yemen", "delegation"),
        ("What did Maravia say about detention?", "Maravia", "delegation"),
        ("According to the Government of Yemen, is torture a crime?", "Yemen", "delegation"),
        ("Why did the Russian Federation abstain?", "Russian Federation", None),
        ("What is China's position on the mandate?", "China", None),
        ("What did the UK say?", "United Kingdom of Great Britain and Northern Ireland", None),
        # It is examined in one record, and examines in another: it may speak for either side.
        ("What did Mexico say about Yemen's prisons?", "Mexico", None),
        # A State that is only spoken of says nothing.
        ("When did Yemen ratify the Convention?", None, None),
        ("Which States asked Yemen about minorities?", None, "committee"),
        ("How many refugees are in Yemen?", None, None),
        ("Did Yemen accept a moratorium?", None, None),
        ("Yemen wants which share of women in the police?", None, None),
        ("What did the ILO comment on?", None, None),  # no State
        ("What did Ms. Ibarra ask Maravia?", "Ibarra", "committee"),
    ],
)
def test_whose_words(question: str, speaker: str | None, side: str | None) -> None:
    found = spoken(understand(question), FACTS)
    assert (found.speaker, found.side) == (speaker, side)


@pytest.mark.parametrize(
    ("question", "askers", "speaker"),
    [
        ("What did Yemen reply to the Netherlands about the press?", ["Netherlands (Kingdom of the)"],
         "Yemen"),
        ("How did Yemen respond to Israel?", ["Israel"], "Yemen"),
        ("What did the delegation answer to questions by Chile?", ["Chile"], None),
        ("What did Yemen say?", [], "Yemen"),
    ],
)  # fmt: skip
def test_to_whom_a_reply_is_wanted(question: str, askers: list[str], speaker: str | None) -> None:
    found = spoken(understand(question), FACTS)
    assert (list(found.askers), found.speaker) == (askers, speaker)
    assert not any(name in ("Netherlands", "Israel", "Chile") for name in found.names)


@pytest.mark.parametrize(
    ("document", "role", "delegation", "side"),
    [
        ("CCLP/C/SR.411", "member", None, "committee"),
        ("CCLP/C/SR.411", "delegation", "Maravia", "delegation"),
        ("A/HRC/12/13", "delegation", "Yemen", "delegation"),
        # In a State's review, other States examine it; several may do so as one.
        ("A/HRC/12/13", "delegation", "Sweden", "committee"),
        ("A/HRC/12/13", "delegation", "Sweden, Canada", "committee"),
        ("A/HRC/11/27", "delegation", "Mexico", "delegation"),
        # In a debate nobody is examined.
        ("S/PV.8422", "delegation", "France", None),
        ("S/PV.8422", "chair", None, None),
        # Of a document that names no State, roles tell it.
        ("ELSEWHERE", "delegation", "France", "delegation"),
    ],
)
def test_for_whom_somebody_speaks(
    document: str, role: str, delegation: str | None, side: str | None
) -> None:
    turn = Turn("X", role, delegation, 1, 1)  # type: ignore[arg-type]
    assert side_of(turn, document, examined_in(FACTS)) == side


@pytest.mark.parametrize(
    ("name", "delegation", "same"),
    [
        ("Netherlands (Kingdom of the)", "Netherlands", True),
        ("Côte d'Ivoire", "Côte d’Ivoire", True),
        ("Canada", "Sweden, Canada", True),
        ("Niger", "Nigeria", False),
        ("Guinea", "Guinea-Bissau", False),
        ("United States of America", "United Kingdom of Great Britain and Northern Ireland", False),
        ("Canada", None, False),
    ],
)
def test_same_state(name: str, delegation: str | None, same: bool) -> None:
    assert same_state(name, delegation) is same
