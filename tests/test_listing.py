"""Which recommendations a State accepted, which it did not, how many, and why: the lists of a report."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag.answer.listing import asks_for_a_list, asks_why_rejected
from rag.answer.positions import end_to_end, made_together
from rag.answer.verify import verify
from rag.config import Settings
from rag.domain import QA, Answer, Claim, NoAnswer, Paragraph, Voice
from rag.query import understand
from rag.record import Record

HEAD = (
    "{symbol}\nHuman Rights Council\nReport of the Working Group on the Universal Periodic Review\n"
)
MARAVIA = (
    HEAD.format(symbol="A/HRC/99/7")
    + """Maravia

60. The Working Group on the Universal Periodic Review held its ninetieth session in May 2090. The
review of Maravia was held at the third meeting.

61. Chile praised the ferries and asked about schools in the north.

62. The delegation of Maravia said that schools in the north had been opened.

63. The following recommendations enjoy the support of Maravia:

63.1. Teach music to all children (Chile);

63.2. Ratify CAT (Peru);

63.3. Repair the ferries to the islands (Norway);

63.4. Sign (Chile) and ratify (Chile, Peru) the convention on ferries (Chile, Peru);

64. The following recommendations will be examined by Maravia, which will provide responses in due time:

64.1. Open a museum of music (Chile);

65. The following recommendations did not enjoy the support of Maravia:

65.1. Free all poets (Peru);

65.2. Teach music in prisons (Chile);

65.3. End flogging in schools (Norway);

66. With regard to the recommendation in paragraph 65.3, Maravia considers that flogging is a matter for
the parents of each pupil.

67. With regard to the recommendation in paragraph 65.1, Maravia is of the view that no poets are held.

68. All conclusions and/or recommendations contained in the present report reflect the position of the
submitting States.
"""
)
OSTERLAND = (
    HEAD.format(symbol="A/HRC/98/3")
    + """Osterland

39. The Working Group on the Universal Periodic Review held its ninetieth session in May 2090. The
review of Osterland was held at the fourth meeting.

40. Maravia welcomed the new bridge over the river.

41. The recommendations below did not enjoy the support of Osterland:

41.1. Ratify CAT (Maravia);

42. The recommendations below enjoy the support of Osterland:

42.1. Build a bridge (Maravia);
"""
)


@pytest.fixture(scope="module")
def reviews(tmp_path_factory: pytest.TempPathFactory) -> Record:
    folder = tmp_path_factory.mktemp("reviews")
    for name, text in (("A_HRC_99_7.txt", MARAVIA), ("A_HRC_98_3.txt", OSTERLAND)):
        (folder / name).write_text(text, encoding="utf-8")
    record = Record(Settings(index=folder / "index"))
    assert not record.add(sorted(folder.glob("*.txt"))).failed
    return record


@pytest.mark.parametrize(
    ("question", "a_list"),
    [
        ("Which recommendations did Maravia accept?", True),
        ("How many recommendations did Maravia reject?", True),
        ("List the recommendations that do not enjoy Maravia's support.", True),
        ("What recommendations on women were supported?", True),
        ("Which recommendations did Peru make?", False),
        ("Did Maravia accept to free all poets?", False),
        ("Who supported the recommendations?", False),
        ("Which recommendations will Maravia examine?", True),
        ("How many did Maravia accept?", True),
        ("Which complaints did the Inspectorate receive?", False),
    ],
)
def test_a_list_is_asked_for(question: str, a_list: bool) -> None:
    assert asks_for_a_list(question) is a_list


@pytest.mark.parametrize(
    ("question", "why"),
    [
        ("Why did Maravia reject the recommendations?", True),
        ("On what grounds were these recommendations not accepted?", True),
        ("Why not? (recommendations Maravia reject)", True),
        ("Why did Maravia accept the recommendations?", False),
        ("Why did the court reject the appeal?", False),
        ("Which recommendations were rejected?", False),
    ],
)
def test_the_reasons_are_asked_for(question: str, why: bool) -> None:
    assert asks_why_rejected(understand(question)) is why


@pytest.mark.parametrize(
    ("question", "cited", "note"),
    [
        ("Which recommendations did Maravia accept?", "63 63.1 63.2 63.3 63.4", ""),
        ("Which recommendations did Maravia reject?", "65 65.1 65.2 65.3", ""),
        ("Which recommendations did Osterland reject?", "41 41.1", ""),
        ("Which recommendations on music did Maravia accept?", "63 63.1",
         "Para. 63 lists 4 in all. What is on the subject is told by likeness: check these; others may be on it too."),
        ("How many recommendations did Maravia reject?", "65 65.1 65.2 65.3",
         "Counted: 3 under para. 65 (paras. 65.1 to 65.3)."),
        ("How many recommendations on music did Maravia accept?", "63 63.1",
         "Counted: 1 of the 4 under para. 63 (para. 63.1). What is on the subject is told by likeness: check these; others may be on it too."),
        # both what is supported and what is not, where it is asked whether a thing is accepted
        ("Did Maravia accept to teach music?", "63 63.1 65 65.2", ""),
        # by the letters of a treaty, and of the State that is asked about alone
        ("Did Maravia agree to ratify the torture convention?", "63 63.2", ""),
        ("Did Osterland agree to ratify the torture convention?", "41 41.1", ""),
        ("Why did Maravia reject the recommendations?", "66 67", ""),
        ("Why did Maravia refuse to free all poets?", "67", ""),
        # what is not decided yet is neither
        ("Which recommendations has Maravia yet to examine?", "64 64.1", ""),
        ("What has Maravia yet to examine?", "64 64.1", ""),
        ("How many did Maravia reject?", "65 65.1 65.2 65.3", "Counted: 3 under para. 65 (paras. 65.1 to 65.3)."),
        # by who made them
        ("Which recommendations from Peru did Maravia accept?", "63 63.2 63.4",
         "Para. 63 lists 4 in all."),
        ("Which recommendations by Norway did Maravia reject?", "65 65.3",
         "Para. 65 lists 3 in all."),
        ("What did Norway recommend to Maravia?", "63 63.3 65 65.3",
         "Para. 63 lists 4 in all. Para. 65 lists 3 in all."),
    ],
)  # fmt: skip
def test_what_a_report_lists(reviews: Record, question: str, cited: str, note: str) -> None:
    answer = reviews.ask(question)
    assert isinstance(answer, Answer), answer
    assert [claim.citation.first for claim in answer.claims] == cited.split()
    assert answer.note == note
    assert not answer.rejected


def test_of_a_state_that_no_report_is_on_nothing_is_listed(tmp_path: Path) -> None:
    (tmp_path / "A_HRC_99_7.txt").write_text(MARAVIA, encoding="utf-8")
    record = Record(Settings(index=tmp_path / "index"))
    assert not record.add([tmp_path / "A_HRC_99_7.txt"]).failed
    for question in (
        "Which recommendations did Sudretia accept?",
        "How many recommendations did Sudretia reject?",
        "Why did Sudretia reject the recommendations?",
    ):
        assert isinstance(record.ask(question), NoAnswer), question


@pytest.mark.parametrize(
    "question",
    [
        "Why did Osterland reject the recommendations?",  # it says nothing
        "Why did Maravia refuse entry to the reporters?",  # what it comments on is another thing
    ],
)
def test_where_no_reason_is_given_none_is_told(reviews: Record, question: str) -> None:
    assert isinstance(reviews.ask(question), NoAnswer)


@pytest.mark.parametrize(
    ("question", "cited"),
    [
        # of what was said before a committee, though a report on the State is there too
        ("Was the appeal of the keepers rejected in Maravia?", ["CCLP/C/SR.950"]),
        ("Did Maravia refuse to release the keepers of the lighthouse?", ["CCLP/C/SR.950"]),
        # of both
        ("Did Maravia agree to teach music to children?", ["A/HRC/99/7", "CCLP/C/SR.950"]),
    ],
)
def test_a_report_does_not_hide_what_is_said_elsewhere(
    both: Record, question: str, cited: list[str]
) -> None:
    answer = both.ask(question)
    assert isinstance(answer, Answer), answer
    assert sorted({claim.citation.symbol for claim in answer.claims}) == cited


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Record:
    folder = tmp_path_factory.mktemp("both")
    meeting = (
        "CCLP/C/SR.950\n\nThe meeting was called to order at 3 p.m.\n\n"
        "Consideration of reports submitted by States parties\n"
        "Third periodic report of Maravia (CCLP/C/MRV/3)\n\n"
        "1. Mr. Anders (Maravia) said that the appeal of the keepers of the lighthouse had been rejected by "
        "the Supreme Court, and that Maravia refused to release the keepers before their time.\n\n"
        "2. Mr. Anders (Maravia) said that Maravia had agreed to teach music to all children from the "
        "next year.\n"
    )
    for name, text in (("A_HRC_99_7.txt", MARAVIA), ("SR.txt", meeting)):
        (folder / name).write_text(text, encoding="utf-8")
    record = Record(Settings(index=folder / "index"))
    assert not record.add(sorted(folder.glob("*.txt"))).failed
    return record


@pytest.mark.parametrize(
    ("follow_up", "resolved"),
    [
        ("how many?", "How many recommendations did Maravia accept on music?"),
        ("And which did it reject?", "Which recommendations did Maravia reject on music?"),
        (
            "how many of them were rejected?",
            "How many recommendations did Maravia reject on music?",
        ),
        ("which ones were not accepted?", "Which recommendations did Maravia not accept on music?"),
        ("And reject?", "Which recommendations did Maravia reject on music?"),
        ("And Osterland?", "Which recommendations did Osterland accept on music?"),
        ("who made them?", "Which recommendations did Maravia accept on music?"),
    ],
)
def test_after_a_list_its_number_or_the_other_list(
    reviews: Record, follow_up: str, resolved: str
) -> None:
    first = reviews.ask("Which recommendations did Maravia accept on music?")
    assert reviews.ask(follow_up, history=(QA.of(first),)).asked == resolved


@pytest.mark.parametrize(
    ("before", "follow_up", "resolved", "cited"),
    [
        ("Which recommendations did Maravia reject?", "And on music?",
         "Which recommendations did Maravia reject on music?", "65 65.2"),
        ("What did Norway recommend to Maravia?", "Which of these did it reject?",
         "Which recommendations from Norway did Maravia reject?", "65 65.3"),
        ("What did Maravia accept on music?", "Which of those came from Chile?",
         "Which recommendations from Chile did Maravia accept on music?", "63 63.1"),
        ("Which recommendations did Maravia reject?", "Who made the one about poets?",
         "Which recommendations did Maravia reject about poets?", "65 65.1"),
        # whether one that was quoted is accepted is told beside it
        ("Who recommended that Maravia end flogging in schools?", "Did Maravia accept it?",
         "Who recommended that Maravia end flogging in schools?", "65.3"),
    ],
)  # fmt: skip
def test_what_follows_a_recommendation(
    reviews: Record, before: str, follow_up: str, resolved: str, cited: str
) -> None:
    first = reviews.ask(before)
    answer = reviews.ask(follow_up, history=(QA.of(first),))
    assert isinstance(answer, Answer)
    assert answer.asked == resolved
    assert [claim.citation.first for claim in answer.claims] == cited.split()
    assert (
        " " in cited or "did not enjoy the support" in answer.note
    )  # told by its heading, or beside


def _recommendation(text: str, label: str = "63.4") -> Paragraph:
    cut = text.index("and ratify")
    voices = (
        Voice(0, cut, "Chile", "delegation", "Chile"),
        Voice(cut, len(text), "Chile, Peru", "delegation", None),
    )
    return Paragraph("A/HRC/99/7", label, 4, text, 0, len(text), voices=voices)


@pytest.mark.parametrize(
    ("quote", "label", "speaker"),
    [
        ("Sign (Chile) and ratify (Chile, Peru) it;", "63.4", "Chile, Peru"),
        ("Sign (Chile)", "63.4", "Chile"),
        ("and ratify (Chile, Peru) it;", "63.4", "Chile, Peru"),
        ("(Chile) and ratify (Chile", "63.4", None),  # of several, and not whole
        (
            "Sign (Chile) and ratify (Chile, Peru) it;",
            "63",
            None,
        ),  # a paragraph of a debate
    ],
)
def test_a_recommendation_made_in_parts_is_of_all_who_make_it_where_it_is_whole(
    quote: str, label: str, speaker: str | None
) -> None:
    there = _recommendation("Sign (Chile) and ratify (Chile, Peru) it; 3", label)
    claim = verify(Claim(quote, quote, there.citation), [there])
    assert claim.verified is (speaker is not None)
    assert claim.speaker == speaker


def test_a_footnote_that_was_read_into_a_recommendation_is_not_quoted() -> None:
    text = (
        "Sign (Chile) and ratify (Peru) it; 3 The recommendation as read out during the "
        "interactive dialogue: “Sign it”."
    )
    assert end_to_end(_recommendation(text)) == "Sign (Chile) and ratify (Peru) it;"
    for whole in ("Sign and ratify it by 2030.", "Sign and ratify it by article 3"):
        assert end_to_end(_recommendation(whole)) == whole
    assert made_together(_recommendation("Sign and ratify it.", "63")) == ""
