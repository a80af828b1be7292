"""Values → text: speakers as records print them."""

from __future__ import annotations

import pytest

from rag.domain import Paragraph, Turn
from rag.present import cited_text, speaker_text


@pytest.mark.parametrize(
    ("speaker", "delegation", "shown"),
    [
        ("Mr. Suindikov", "Kazakhstan", "Mr. Suindikov (Kazakhstan)"),
        ("Ms. Seibert-Fohr", None, "Ms. Seibert-Fohr"),
        ("The delegation", "Maravia", "The delegation (Maravia)"),
        ("Mexico", "Mexico", "Mexico"),
        ("The Islamic Republic of Iran", "Iran (Islamic Republic of)", "The Islamic Republic of Iran"),
        ("The United Kingdom", "United Kingdom of Great Britain and Northern Ireland", "The United Kingdom"),
        ("Turkey", "Türkiye", "Turkey (Türkiye)"),
        (None, "Maravia", ""),
    ],
)  # fmt: skip
def test_speakers(speaker: str | None, delegation: str | None, shown: str) -> None:
    assert speaker_text(speaker, delegation) == shown


def test_the_words_of_a_verbatim_record_are_cited_with_their_speaker() -> None:
    turn = Turn("Ms. A", "delegation", "Norland", 0, 0)
    words = Paragraph("S/PV.9", "p. 4", 0, "We agree.", 0, 9, turn=turn)
    assert cited_text(words) == "Ms. A (Norland): We agree."
    numbered = Paragraph("X/SR.1", "4", 0, "Ms. A (Norland) agreed.", 0, 23, turn=turn)
    assert cited_text(numbered) == "Ms. A (Norland) agreed."
