"""Questions read: whose words are wanted, what kind of thing, and what a follow-up means."""

from __future__ import annotations

import pytest

from rag.answer.converse import Resolved, resolve
from rag.answer.lean import lean
from rag.answer.topic import topic_of
from rag.domain import QA, Paragraph, Passage, Role, Turn
from rag.parse.states import states_in
from rag.query import understand
from rag.sentence_kinds import holds_answer_type, is_request


@pytest.mark.parametrize(
    ("question", "side"),
    [
        ("What did the Committee ask about prisons?", "committee"),
        ("Who asked about the spyware?", "committee"),
        ("Which expert raised legal aid?", "committee"),
        ("What worried the members about the new law?", "committee"),
        ("What did the delegation reply to Ms. Bell's question on schools?", "delegation"),
        ("Mr. Anders asked for figures. What was he told?", "delegation"),
        ("Ms. Bell enquired about the certificate; how did the delegation respond?", "delegation"),
        ("Which member of the Maravian delegation spoke of schools?", "delegation"),
        ("According to the Government, how many prisons are there?", "delegation"),
        ("What did Ms. Bell ask about schools, and what was the reply?", "both"),
        ("the Committee's objection to the threshold and the State's answer", "both"),
        ("How many prisons are there?", None),
    ],
)
def test_whose_words_are_wanted(question: str, side: str | None) -> None:
    assert understand(question).side == side


@pytest.mark.parametrize(
    ("question", "wants"),
    [
        ("How many complaints were filed?", "figure"),
        ("How much money was spent on legal aid?", "money"),
        ("When was the Act adopted?", "date"),
        ("In which year did it begin?", "date"),
        ("Who asked about schools?", "person"),
        ("Why was the party dissolved?", "reason"),
        ("Are exit visas required?", "whether"),
        ("What was he told when he asked about visas?", "anything"),
        ("which acts count as extremism", "anything"),
    ],
)
def test_what_is_wanted(question: str, wants: str) -> None:
    assert understand(question).wants == wants


def test_years_of_laws_and_meetings_are_no_condition() -> None:
    assert understand("Convictions under the 2011 Religious Activities Act in 2014?").figures == (
        "2014",
    )
    assert understand("Who spoke at the June 2016 meeting?").figures == ()


@pytest.mark.parametrize(
    ("question", "sentence", "holds"),
    [
        ("How many were held?", "There were 51 persons.", True),
        ("How many were held?", "It was adopted on 11 October 2011 under article 9.", False),
        ("How many were held in 2012?", "In 2012 they were held.", False),
        ("How much was the fine?", "They paid a warning and a fine.", False),
        ("How much money was spent?", "It spent 40 million tenge.", True),
        ("How much money was spent?", "It spent more.", False),
        ("In which year was it?", "It had recently been so.", False),
        ("When was it?", "It had been in May 2016.", True),
    ],
)
def test_a_sentence_holds_what_is_wanted(question: str, sentence: str, holds: bool) -> None:
    assert holds_answer_type(understand(question), sentence) is holds


@pytest.mark.parametrize(
    ("sentence", "asks"),
    [
        ("She asked whether that was so.", True),
        ("What measures were taken?", True),
        ("The Committee would like to know why.", True),
        ("Please provide statistics.", True),
        ("There had been 26 convictions.", False),
        ("The complaint asked for by the lawyer was filed.", False),
    ],
)
def test_requests_are_told_from_statements(sentence: str, asks: bool) -> None:
    assert is_request(sentence) is asks


# -- follow-ups --------------------------------------------------------------------------------

COMPLAINTS = "How many complaints were filed in 2014?"
LABOUR = "What did Ms. Cleveland ask about child labour?"
PENALTY = "Has Kazakhstan done away with the death penalty?"
PRISON = "How many people were in prison on 1 January 2024?"
CITED = ("CCPR/C/SR.3272, para. 64", "CCPR/C/SR.3272, para. 21")
SPOKE = ("Mr. Nurymbetov", "Ms. Cleveland")


def answered(question: str) -> QA:
    return QA(question, "There were 400 cases on cotton farms.", CITED, speakers=SPOKE)


@pytest.mark.parametrize(
    ("before", "question", "resolved"),
    [
        # another year
        (COMPLAINTS, "and in 2015?", "How many complaints were filed in 2015?"),
        (COMPLAINTS, "What about the year after?", "How many complaints were filed in 2015?"),
        (COMPLAINTS, "and the year before?", "How many complaints were filed in 2013?"),
        ("How many complaints were filed?", "and in 2015?",
         "How many complaints were filed in 2015?"),
        ("How many were filed between 2013 and 2015?", "And in 2016 so far?",
         "How many were filed in 2016?"),
        (PRISON, "and in 2023?", "How many people were in prison in 2023?"),
        # another State, person, side, group, subject
        (PENALTY, "And in Nepal?", "Has Nepal done away with the death penalty?"),
        (PENALTY, "and in nepal?", "Has Nepal done away with the death penalty?"),
        (PENALTY, "the same for Nepal?", "Has Nepal done away with the death penalty?"),
        (LABOUR, "and Ms. Taya?", "What did Ms. Taya ask about child labour?"),
        (LABOUR, "and forced labour?", "What did Ms. Cleveland ask about forced labour?"),
        ("What did the delegation say about prisons?", "and the Committee?",
         "What did the Committee ask about prisons?"),
        ("What is the literacy rate of men in Nepal?", "what about women?",
         "What is the literacy rate of women in Nepal?"),
        ("What did Mr. Shakya say about women in the civil service?", "And in elected office?",
         "What did Mr. Shakya say about women in elected office?"),
        # another question word
        ("Was the Communist Party banned?", "why?", "Why was the Communist Party banned?"),
        ("Was the Communist Party banned?", "When was that?", "When was the Communist Party banned?"),
        ("How many websites were blocked?", "Why?", "Why? (websites blocked)"),
        # who asked, what was answered, where it stands
        ("What is the propiska system?", "who asked that?", "Who asked about the propiska system?"),
        ("What is the propiska system?", "Which Committee member had raised that?",
         "Who asked about the propiska system?"),
        ("What is the propiska system?", "which paragraph is that?", "What is the propiska system?"),
        ("What is the propiska system?", "Where does it say that?", "What is the propiska system?"),
        ("What is the propiska system?", "what did the delegation answer?",
         "What did the delegation reply about the propiska system?"),
        (LABOUR, "what did the delegation answer?",
         "What did the delegation reply to Ms. Cleveland's question about child labour?"),
        (LABOUR, "What was she told in reply?",
         "What did the delegation reply to Ms. Cleveland's question about child labour?"),
        (LABOUR, "tell me more", LABOUR),
        # pronouns
        (LABOUR, "what else did she ask?", "What else did Ms. Cleveland ask? (child labour)"),
        ("What was said about cotton?", "What did he say about wages?",
         "What did Mr. Nurymbetov say about wages?"),
        ("What was said about cotton?", "What did she say about wages?",
         "What did Ms. Cleveland say about wages?"),
        (PRISON, "How many of them were on remand?",
         "How many of the people in prison on 1 January 2024 were on remand?"),
        ("What did Mr. Bazylbekov say about prison labour?",
         "And what had the Committee wanted to know about it?",
         "What did the Committee ask about prison labour?"),
        ("Was abortion a crime in Nepal in 1999?", "Was there a bill to change that?",
         "Was there a bill to change that? (abortion a crime in Nepal)"),
        ("Why was the Communist Party of Kazakhstan dissolved?", "Did it appeal?",
         "Did the Communist Party of Kazakhstan appeal?"),
        ("Do the amendments to the Communications Act apply?", "What are its penalties?",
         "What are the Communications Act's penalties?"),
        ("What did Ms. Seibert-Fohr say of visas?", "Who pays for it?",
         "Who pays for it? (visas)"),
        ("How many websites were blocked?", "and what about conscientious objectors?",
         "What was said about conscientious objectors?"),
        ("What rate did the delegation give?", "Did anyone quote a different number?",
         "Did anyone quote a different number? (rate)"),
        ("Who authorizes interception?", "What does the Committee recommend on that?",
         "What did the Committee recommend on interception?"),
        ("How many complaints were filed in 2013?", "how many led to convictions?",
         "How many of the complaints filed in 2013 led to convictions?"),
        ("How many complaints were filed?", "and child labour?", "How many: child labour?"),
        ("Why was the Civic Renewal Party dissolved?", "when was that?",
         "When was the Civic Renewal Party dissolved?"),
        ("What did Ms. Khan ask about tourism?", "Did Mr. Shakya reply to her?",
         "Did Mr. Shakya reply to Ms. Khan?"),
        ("What is the propiska system?", "did anyone else mention it?",
         "Did anyone else mention it? (the propiska system)"),
        ("What is the propiska system?", "what was the Committee's reaction?",
         "What was the Committee's reaction? (the propiska system)"),
        ("What is the propiska system?", "Who from the delegation answered?",
         "Who spoke about the propiska system?"),
        ("What is the propiska system?", "what does paragraph 46 say?",
         "What does CCPR/C/SR.3272, para. 46 say?"),
        # ordinals
        ("How many cases of child labour were there?", "and the second one?",
         "What does CCPR/C/SR.3272, para. 21 say about cases of child labour?"),
        ("How many cases of child labour were there?", "What about the last one?",
         "What does CCPR/C/SR.3272, para. 21 say about cases of child labour?"),
    ],
)  # fmt: skip
def test_follow_ups_stand_alone(before: str, question: str, resolved: str) -> None:
    assert resolve(question, [answered(before)], states=states_in).question == resolved


@pytest.mark.parametrize(
    "question",
    [
        "How many prisons are there in Maravia?",
        "How many prisoners have the right to vote?",
        "Which law requires unions to be affiliated, and what does it say?",
        "What did Ms. Khan say about tourism, and was she answered?",
        "Is it true that exit visas are required?",
        "Is there a law on strikes?",
        "What did the Committee ask about exit visas?",
        "Did the police say what they did with the photographs?",
        "Who asked about the propiska system?",
        "How many women were elected in 1999?",
        "Who is Mr. Mukhitov?",
        "What does paragraph 2 of the Covenant's article 9 say?",
        "Thank you!",
    ],
)
def test_a_question_that_stands_alone_keeps_its_words(question: str) -> None:
    assert resolve(question, [answered(LABOUR)], states=states_in) == Resolved(question)


def test_a_change_of_subject_that_is_told_is_not_asked() -> None:
    resolved = resolve("Another question: who chairs it?", [answered(LABOUR)])
    assert resolved == Resolved("Who chairs it?")


def test_without_a_history_a_question_is_itself() -> None:
    assert resolve("and in 2015?", []) == Resolved("and in 2015?")


def test_a_history_of_bare_questions_is_resolved_from_the_first() -> None:
    history = [QA(COMPLAINTS), QA("and in 2015?"), QA("why?")]
    assert (
        resolve("and in 2016?", history[:2]).question == "How many complaints were filed in 2016?"
    )
    assert resolve("who asked that?", history).question == "Who asked about complaints filed?"


def test_a_refused_question_lends_its_subject_and_nothing_else() -> None:
    resolved = resolve("who asked that?", [answered(LABOUR), QA("What is the propiska system?")])
    assert resolved == Resolved("Who asked about the propiska system?", "question", ())
    assert resolve("what did she say?", [QA("What is the propiska system?")]).question == (
        "What did she say? (the propiska system)"
    )


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("How many complaints were filed in 2014?", "complaints filed"),
        ("What did Mr. Shakya say about women in the civil service?", "women in the civil service"),
        ("What did Committee members want to know about visas?", "visas"),
        ("Who asked about the propiska system?", "the propiska system"),
        ("What, according to Mr. Korda, happens to prisoners?", "happens to prisoners"),
        ("How long do investigations take?", "investigations"),
        ("Who authorizes interception under the 1998 Act?", "interception under the 1998 Act"),
        ("How many beds did the Director say the wing would have?", "beds the wing"),
        ("Did the 2015 amendments to the Act help?", "the 2015 amendments to the Act help"),
        ("Why? (websites blocked)", "websites blocked"),
        ("Who was it?", "it"),
    ],
)
def test_what_a_question_is_about(question: str, topic: str) -> None:
    assert topic_of(question) == topic


def _passage(label: int, role: Role | None, document: str = "A/1") -> Passage:
    turn = (
        Turn("X", role, "Kazakhstan" if role == "delegation" else None, label, label)
        if role
        else None
    )
    return Passage(Paragraph(document, str(label), label, "Words.", 0, 6, turn=turn), 0.5, "both")


@pytest.mark.parametrize(
    ("seeks", "cited", "kept"),
    [
        ("question", ["3 delegation"], ["1 member"]),
        ("question", ["1 member"], ["1 member", "2 chair", "3 delegation", "4 member", "5 delegation"]),
        ("reply", ["1 member"], ["3 delegation", "5 delegation"]),
        ("reply", ["4 member"], ["5 delegation"]),
        ("reply", ["3 delegation"], ["3 delegation", "5 delegation"]),
        ("same", ["4 member"], ["4 member", "1 member", "2 chair", "3 delegation", "5 delegation"]),
        ("else", ["4 member"], ["1 member", "2 chair", "3 delegation", "5 delegation"]),
        (None, ["4 member"], ["1 member", "2 chair", "3 delegation", "4 member", "5 delegation"]),
    ],
)  # fmt: skip
def test_what_is_sought_of_the_paragraphs_cited(
    seeks: str, cited: list[str], kept: list[str]
) -> None:
    roles: list[Role] = ["member", "chair", "delegation", "member", "delegation"]
    found = [_passage(n, role) for n, role in enumerate(roles, start=1)]
    there = [p.paragraph for p in found if p.paragraph.label in [c.split()[0] for c in cited]]
    left = lean(found, Resolved("?", seeks), there, {"A/1": "Kazakhstan"})  # type: ignore[arg-type]
    told = [
        f"{p.paragraph.label} {p.paragraph.turn.role if p.paragraph.turn else ''}" for p in left
    ]
    assert [t for t in told if t != "2 chair" or "2 chair" in kept] == kept


def test_only_a_record_on_the_same_state_replies_in_another_document() -> None:
    asked = _passage(7, "member").paragraph
    found = [_passage(2, "delegation", "A/2"), _passage(2, "delegation", "B/1")]
    left = lean(
        found, Resolved("?", "reply"), [asked], {"A/1": "Nepal", "A/2": "Nepal", "B/1": "X"}
    )
    assert [p.paragraph.document for p in left] == ["A/2"]
    assert lean(found[1:], Resolved("?", "reply"), [asked], {"A/1": "Nepal", "B/1": "X"}) == []
