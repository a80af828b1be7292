"""Values → text: speakers as records print them."""

from __future__ import annotations

import pytest

from rag.domain import NoAnswer, Paragraph, Searched, Turn, Usage
from rag.present import answer_json, cited_text, speaker_text, usage_text


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


@pytest.mark.parametrize(
    ("usage", "text"),
    [
        (Usage("small", 812, 64), "small: 812 tokens in, 64 out"),
        (Usage("small", 812, 64, estimated=True), "small: 812 tokens in, 64 out, counted here"),
        (Usage("small", 812, 64, 0.0007), "small: 812 tokens in, 64 out, cost 0.0007"),
        (Usage("small", 812, 64, 0.0), "small: 812 tokens in, 64 out, cost 0"),
        (Usage("small", 812, 64, 12.5), "small: 812 tokens in, 64 out, cost 12.5"),
    ],
)
def test_what_a_model_took(usage: Usage, text: str) -> None:
    assert usage_text(usage) == text


def test_only_a_model_takes_tokens() -> None:
    answer = NoAnswer("Why?", "No.", (), Searched(1, 1), usage=Usage("small", 10, 1, 0.5))
    assert answer_json(answer)["usage"] == {
        "model": "small", "tokens_in": 10, "tokens_out": 1, "cost": 0.5, "estimated": False,
    }  # fmt: skip
    assert "usage" not in answer_json(NoAnswer("Why?", "No.", (), Searched(1, 1)))
