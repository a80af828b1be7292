"""Questions read: whose words are wanted, what kind of thing, and what a follow-up means.

Longer than most: tables of conversations.
"""

from __future__ import annotations

import json

import pytest

from eval.suites import SUITES
from rag.answer.converse import Resolved, resolve
from rag.answer.corrected import corrects
from rag.answer.lean import lean
from rag.answer.topic import topic_of
from rag.domain import QA, Paragraph, Passage, Role, Turn
from rag.parse.states import states_in
from rag.query import understand, wants_states
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
        ("Did the delegation answer the question about schools?", "both"),
        ("Was the question on schools answered?", "both"),
        ("Did the delegation respond to the allegations about Mr. Dorn?", "both"),
        ("Did anyone ask about schools in Maravia, and what was the answer?", "both"),
        ("What did Ms. Bell want to know about schools, and what was the reply?", "both"),
        ("What did a member ask about schools, and what reason was given?", "both"),
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
        ("How did Ms. Bell react to the number of schools?", "anything"),
        ("How did the number of schools change?", "figure"),
        ("How did the number of judges change who received replies?", "figure"),
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
        # Votes are told by a list of votes, or where they are counted.
        ("Which members abstained?", "Abstaining: Osterland and Valmont", True),
        ("Which members abstained?", "The text should foster unity, said Osterland.", False),
        ("Who voted against the draft?", "It received 13 votes in favour and none against.", True),
        ("Who voted against the draft?", "Osterland regretted the draft.", False),
        ("What did Osterland say about how it voted?", "Osterland regretted the draft.", True),
        ("What is the budget of the Mission?", "It has three tasks.", False),
        ("What is the budget of the Mission?", "It has 40 million dollars.", True),
        ("Who led the delegation?", "It was headed by Mr. Varga.", True),
        ("Who led the delegation?", "Talks had led to a law.", False),
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
        ("How long may solitary confinement last?", "and for minors?",
         "How long may solitary confinement last for minors?"),  # "men" in "confinement" are none
        ("What share of the civil servants are women?", "and in the highest grades?",
         "What share of the civil servants are women in the highest grades?"),
        ("How many women were elected in May 1999?", "how does that compare with the vote before?",
         "How does that compare with the vote before? (women elected in May 1999)"),
        ("Does Nepal allow abortion?", "and polygamy?", "Does Nepal allow polygamy?"),
        # another question word
        ("Was the Communist Party banned?", "on what grounds?", "Why was the Communist Party banned?"),
        ("How many people were detained?", "what for?", "Why? (people detained)"),
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
        (LABOUR, "did she get a reply?",
         "What did the delegation reply to Ms. Cleveland's question about child labour?"),
        (LABOUR, "what did they say?",
         "What did the delegation reply to Ms. Cleveland's question about child labour?"),
        ("What did Ms. Khan ask about Mr. Korda?", "what was the answer?",
         "What did the delegation reply to Ms. Khan's question about Mr. Korda?"),
        ("What did Mr. Petrossy say about prisons?", "what did the delegation answer?",
         "What did the delegation reply about prisons?"),
        ("Was Mr. Korda beaten in prison?", "who had raised that?",
         "Who asked about Mr. Korda beaten in prison?"),
        # what the other side says
        ("Was Mr. Korda beaten in prison?", "was that disputed?",
         "What was said about Mr. Korda beaten in prison?"),
        (PENALTY, "Did anyone contradict that?", PENALTY),
        (LABOUR, "did the delegation deny it?", "What was said about child labour?"),
        (COMPLAINTS, "was that figure ever challenged?", COMPLAINTS),
        (PENALTY, "Did the Committee accept that explanation?", PENALTY),
        (PENALTY, "Did the Committee agree?", PENALTY),
        (PENALTY, "Which States recommended it?",
         "Which States recommended it? (Kazakhstan done away with the death penalty)"),
        (PENALTY, "Did any State raise that?",
         "Did any State raise that? (Kazakhstan done away with the death penalty)"),
        # pronouns
        ("Was Iskander Tugelbaev beaten?", "is he still in prison?",
         "Is Iskander Tugelbaev still in prison?"),
        ("Who lost an eye in the demonstration?", "which hospital was he taken to?",
         "Which hospital was he taken to? (lost an eye in the demonstration)"),
        ("How high may donations be?", "are anonymous ones allowed?",
         "Are anonymous ones allowed? (donations)"),
        ("What did the Chair say on farms in Nepal?", "how did Nepal justify the cases?",
         "How did Nepal justify the cases? (farms in Nepal)"),  # of which the answer spoke
        ("How many complaints were filed in 2014?", "why had it been fewer the year before?",
         "Why had it been fewer in 2013? (complaints filed)"),
        ("Was Iskander Tugelbaev beaten?", "what else did he say?",
         "What else did Mr. Nurymbetov say? (Iskander Tugelbaev beaten)"),
        ("What does Ms. Aouij criticize in the abortion bill?", "did anyone agree with her?",
         "Did anyone agree with Ms. Aouij? (the abortion bill)"),
        ("What is the propiska system?", "which member thought that was unfair?",
         "Which member thought that was unfair? (the propiska system)"),
        ("What rate did the delegation give?", "did any expert mention a different one?",
         "Did any expert mention a different one? (rate)"),
        ("Who registers political parties?", "are there plans to change this?",
         "Are there plans to change this? (registers political parties)"),
        ("What is the propiska system?", "after how long is one fined?",
         "After how long is one fined? (the propiska system)"),
        ("How many associations are there in the register?", "who doesn't have to register?",
         "Who doesn't have to register? (associations in the register)"),
        ("How many associations are there in the register?", "how many of those were fined?",
         "How many of the associations in the register were fined?"),
        ("How many investigators does the Inspectorate have?", "how many are there now?",
         "How many are there now? (investigators of the Inspectorate)"),
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
         "Did Mr. Shakya reply to Ms. Khan? (tourism)"),
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


CONFINED = "Who said 61 days? (Mr. Dorn held in solitary confinement)"


@pytest.mark.parametrize(
    ("before", "question", "resolved"),
    [
        ("What is the capacity of the prisons in Maravia?", "And the occupancy rate?",
         "What is the occupancy rate of the prisons in Maravia?"),
        ("What is the number of prisoners?", "How many of them are on remand?",
         "How many of the prisoners are on remand?"),
        # What says nothing of the subject does not go along.
        (CONFINED, "Who contradicted that?",
         "Who contradicted that? (Mr. Dorn held in solitary confinement)"),
        (CONFINED, "What did the Committee conclude?",
         "What did the Committee say about Mr. Dorn held in solitary confinement?"),
        (CONFINED, "And the Committee in its conclusions?",
         "What did the Committee recommend on Mr. Dorn held in solitary confinement?"),
        (CONFINED, "What did the Committee ask the State to do?",
         "What did the Committee recommend on Mr. Dorn held in solitary confinement?"),
        ("Did Nepal buy the Heron spyware?", "What did the delegation reply?",
         "What did the delegation reply about the Heron spyware in Nepal?"),
        ("When does it open? (places of the new wing)", "And the juvenile unit?",
         "When does the juvenile unit open?"),
        ("How many hours of Sorvan broadcasting were cut?",
         "And how many Sorvan members sit in the Assembly?",
         "And how many Sorvan members sit in the Assembly?"),
        ("Was that figure corrected? (complaints received)", "And in 2023?",
         "Was that figure corrected? (complaints received in 2023)"),
    ],
)  # fmt: skip
def test_the_subject_and_no_more_is_taken_over(before: str, question: str, resolved: str) -> None:
    assert resolve(question, [answered(before)], states=states_in).question == resolved


def test_a_year_alone_goes_on_from_the_question_with_a_year() -> None:
    history = [answered("How many complaints did the PCI receive in 2022?")]
    history.append(
        QA("Was that figure corrected?", asked="Was that figure corrected? (complaints)")
    )
    assert resolve("and in 2021?", history).question == (
        "How many complaints did the PCI receive in 2021?"
    )


@pytest.mark.parametrize(
    ("question", "perhaps"),
    [
        ("Were any paid back?", "Were any paid back? (fines imposed under Decree No. 17)"),
        ("Can prisoners vote?", "Can prisoners vote? (fines imposed under Decree No. 17)"),
        ("Can prisoners vote in Maravia?", None),  # names something: it is not asked about fines
        ("How many prisoners lost the right to vote after elections were held?", None),
    ],
)
def test_what_may_go_on_or_stand_alone_is_left_to_the_record(
    question: str, perhaps: str | None
) -> None:
    before = answered("What fines were imposed under Decree No. 17?")
    meant = resolve(question, [before], states=states_in)
    assert meant.question == question
    assert (meant.perhaps and meant.perhaps.question) == perhaps


def test_a_question_of_the_record_gives_its_subject() -> None:
    told = QA(
        "What did Ms. Bell ask about?",
        "Ms. Bell: “said that it was late. She asked on what date the complaint had been lodged, "
        "and whether the report had been handed over.” [CCLP/C/SR.411, para. 43]",
        CITED,
        speakers=("Ms. Bell",),
    )
    assert resolve("What did the delegation reply?", [told]).question == (
        "What did the delegation reply to Ms. Bell's question on what date the complaint had been "
        "lodged?"
    )


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
        "And how many hours a week does public radio broadcast in Sorvan?",
        "What is the budget of the National Ombuds Institution?",
        "Has Kazakhstan banned the Communist Party?",
        "Can prisoners vote in Maravia?",
        "What share of Dalit women can read?",
        "how many psychiatrists work in the prisons of Maravia?",
        # what points back does so within the question
        "How much of its budget does Nepal set aside for women?",
        "Who raised the claim that people are kept under observation?",
        "A member doubted the inquiry into the protest. What did the delegation say to that?",
        "the abortion bill in Nepal: who would qualify, and whose consent would she need?",
        "Did a union leader in the west say that his members were threatened?",
        "Who may read private data, and will that responsibility be transferred?",
        "What is it that kills most women in childbirth?",
        "What is the program called that was put on the telephone?",
        "In the 1999 elections, how many women ran?",
    ],
)
def test_a_question_that_stands_alone_keeps_its_words(question: str) -> None:
    assert resolve(question, [answered(LABOUR)], states=states_in) == Resolved(question)


@pytest.mark.parametrize(
    ("suite", "mistaken"),
    [
        ("sample", []),
        ("practice", ["Is it going to rain in Geneva tomorrow?"]),  # "it" stands for nothing
        ("sr", []),
    ],
)
def test_questions_of_other_subjects_are_left_as_they_are(suite: str, mistaken: list[str]) -> None:
    """Every development question that was written to stand alone, after one of another subject."""
    lines = (SUITES / f"{suite}.jsonl").read_text("utf-8").splitlines()
    cases = [json.loads(line) for line in lines]
    alone = [c["question"] for c in cases if c["split"] == "dev" and not c["history"]]
    before = answered("What did Mr. Nurymbetov say about cotton farms in Uzbekistan?")
    changed = [q for q in alone if resolve(q, [before], states=states_in).question != q.strip()]
    assert len(alone) > 50
    assert changed == mistaken


@pytest.mark.parametrize(
    ("question", "alone"),
    [
        ("Another question: who chairs it?", "Who chairs it?"),
        ("different topic - what did Mr. Tindall say?", "What did Mr. Tindall say?"),
        ("Moving on: who are the ministers?", "Who are the ministers?"),
        ("Let's move on. Who are the ministers?", "Who are the ministers?"),
        ("OK, another topic: who are the ministers?", "Who are the ministers?"),
        ("ok. How much compensation do victims get?", "How much compensation do victims get?"),
        ("Thanks, that helps. Can prisoners vote?", "Can prisoners vote?"),
    ],
)
def test_a_change_of_subject_that_is_told_is_not_asked(question: str, alone: str) -> None:
    assert resolve(question, [answered(LABOUR)]) == Resolved(alone)


def test_what_is_said_of_the_answer_does_not_hide_a_follow_up() -> None:
    asked = resolve("Thanks. And in 2015?", [answered(COMPLAINTS)]).question
    assert asked == "How many complaints were filed in 2015?"


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


def test_a_refusal_between_does_not_hide_what_a_question_goes_on_from() -> None:
    judges, pay = answered("How many judges were dismissed?"), QA("What does a clerk earn?")
    assert resolve("What were they dismissed for?", [judges, pay]) == Resolved(
        "What were they dismissed for? (judges dismissed)", "near", CITED
    )
    # what shares a word with the refused question goes on from that
    assert resolve("What did he earn before?", [judges, pay]).question == (
        "What did he earn before? (a clerk earn)"
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
        ("Was Mr. Korda beaten in prison?", "Mr. Korda beaten in prison"),
        ("What did Ms. Bell ask about Mr. Korda?", "Mr. Korda"),
        ("How high is the rate according to Ms. Bell?", "the rate"),
        ("What rate did Mr. Shakya give for Nepal?", "rate for Nepal"),
        ("How many investigators does the PCI have?", "investigators of the PCI"),
    ],
)
def test_what_a_question_is_about(question: str, topic: str) -> None:
    assert topic_of(question) == topic


# -- what a follow-up can mean of what was found -------------------------------------------------

SPEAKERS: dict[str, Role] = {
    "Ms. Bell": "member", "Mr. Cho": "member", "the Chair": "chair", "Mr. Anders": "delegation",
    "Ms. Dahl": "delegation",
}  # fmt: skip


def _passage(at: str, text: str = "Words.", score: float = 0.5) -> Passage:
    """A passage of "symbol#label who speaks", or of nobody's."""
    where, _, speaker = at.partition(" ")
    document, _, label = where.rpartition("#")
    document, ordinal = document or "A/1", int(label)
    role = SPEAKERS.get(speaker)
    turn = (
        Turn(speaker, role, "Nepal" if role == "delegation" else None, ordinal, ordinal)
        if role
        else None
    )
    return Passage(
        Paragraph(document, label, ordinal, text, 0, len(text), turn=turn), score, "both"
    )


def _left(seeks: str | None, cited: list[Passage], found: list[Passage]) -> list[str]:
    """Labels of what is left, in order; with the symbol where it is not A/1."""
    states = {"A/1": "Nepal", "A/2": "Nepal", "B/1": "Peru", "X/C/SR.1": "Nepal"}
    states |= {"X/C/NPL/CO/1": "Nepal", "X/C/NPL/Q/1/Add.1": "Nepal"}
    left = lean(found, Resolved("?", seeks), [p.paragraph for p in cited], states)  # type: ignore[arg-type]
    return [p.paragraph.id.removeprefix("A/1#") for p in left]


@pytest.mark.parametrize(
    ("seeks", "cited", "left"),
    [
        ("question", "3 Mr. Anders", "1 2"),
        ("question", "1 Ms. Bell", "1 2 3 4 5"),
        ("reply", "1 Ms. Bell", "3 1 5"),  # what asks stays behind the first that may reply
        ("reply", "4 Mr. Cho", "5 4"),
        ("reply", "3 Mr. Anders", "3 5"),
        ("same", "4 Mr. Cho", "4 1 2 3 5"),
        ("else", "4 Mr. Cho", "1 2 3 5"),
        ("other", "4 Mr. Cho", "3 5"),
        ("committee", "4 Mr. Cho", "1 2"),
        ("committee", "3 Mr. Anders", "1 2 4"),
        ("other", "3 Mr. Anders", "1 2 4"),
        ("near", "5 Ms. Dahl", "5 3 4 1 2"),
        (None, "4 Mr. Cho", "1 2 3 4 5"),
    ],
)
def test_what_is_sought_of_the_paragraphs_cited(seeks: str | None, cited: str, left: str) -> None:
    said = ["1 Ms. Bell", "2 the Chair", "3 Mr. Anders", "4 Mr. Cho", "5 Ms. Dahl"]
    assert _left(seeks, [_passage(cited)], [_passage(each) for each in said]) == left.split()


@pytest.mark.parametrize(
    ("found", "left"),
    [
        # what stands next to the question, before what is no nearer to its words
        (["2 Mr. Anders", "6 Ms. Dahl"], ["2", "1", "6"]),
        (["6 Ms. Dahl", "2 Mr. Anders"], ["2", "1", "6"]),
        # another document on the same State, but none on another, or of the Committee
        (["A/2#9 Mr. Anders", "B/1#9 Mr. Anders"], ["A/2#9", "1"]),
        (["B/1#9 Mr. Anders"], []),
        (["X/C/NPL/CO/1#9"], []),
        (["X/C/NPL/Q/1/Add.1#9"], ["X/C/NPL/Q/1/Add.1#9", "1"]),
        # nobody speaks in "The delegation withdrew."
        (["X/C/SR.1#9"], []),
        (["X/C/SR.1#9", "6 Ms. Dahl"], ["6", "1"]),
        # nobody of the delegation
        (["2 the Chair", "3 Mr. Cho"], []),
    ],
)
def test_what_may_reply_to_a_member(found: list[str], left: list[str]) -> None:
    assert _left("reply", [_passage("1 Ms. Bell")], [_passage(each) for each in found]) == left


def test_a_promise_to_reply_is_no_reply_where_there_is_one() -> None:
    promise = _passage("3 Mr. Anders", "He would reply on prisons at the following meeting.", 0.9)
    reply, asked = _passage("A/2#4 Ms. Dahl", score=0.4), _passage("1 Ms. Bell")
    assert _left("reply", [asked], [promise, reply]) == ["A/2#4", "1", "3"]
    assert _left("reply", [asked], [promise]) == ["3", "1"]


def test_a_reply_may_be_to_what_the_member_asked_before() -> None:
    asked, earlier = _passage("7 Ms. Bell"), _passage("1 Ms. Bell")
    replies = [_passage("4 Mr. Anders"), _passage("9 Ms. Dahl")]
    assert _left("reply", [asked], [earlier, *replies]) == ["9", "7", "1", "4"]
    assert _left("reply", [asked], replies) == ["9", "7"]
    assert _left("reply", [asked], [_passage("1 Mr. Cho"), *replies]) == ["9", "7"]


def test_what_asks_has_no_score_unless_it_says_that_there_was_no_reply() -> None:
    reply = _passage("9 Ms. Dahl")
    for text, told in (
        ("She asked why.", 0.0),
        ("She had heard nothing in reply.", 1.0),
        ("Her question had not been answered.", 1.0),
    ):
        asked = _passage("7 Ms. Bell", text)
        left = lean([asked, reply], Resolved("?", "reply"), [asked.paragraph], {})
        assert {p.paragraph.label: p.score for p in left} == {"7": told, "9": 0.5}


@pytest.mark.parametrize(
    ("question", "seeks"),
    [
        ("was that disputed?", "other"),
        ("did anyone challenge her?", "other"),
        ("was it denied?", "reply"),
        ("did the Government deny that?", "reply"),
        ("did the delegation dispute it?", "reply"),
        ("did the Committee agree?", "committee"),
        ("did the members accept that explanation?", "committee"),
        ("did any of the members question that?", "committee"),
        ("did they accept it?", "near"),  # the State, a recommendation
    ],
)
def test_whose_words_tell_whether_something_was_disputed(question: str, seeks: str) -> None:
    assert resolve(question, [answered(PENALTY)]).seeks == seeks


@pytest.mark.parametrize(
    ("question", "seeks"),
    [
        ("Was that number corrected later?", "corrected"),
        ("Was that corrected?", "corrected"),
        ("was this figure ever corrected", "corrected"),
        ("Did Mr. Anders correct it later?", "corrected"),
        ("did he take that back?", "corrected"),
        ("Has that figure been updated?", "corrected"),
        ("Did they update those figures at the next meeting?", "corrected"),
        ("Was there a correction?", "corrected"),
        ("Were any corrections made to it?", "corrected"),
        ("Was it amended?", "near"),  # a law
        ("Has it been revised since?", "near"),
    ],
)
def test_what_corrects_a_figure_is_sought(question: str, seeks: str) -> None:
    resolved = resolve(question, [answered(COMPLAINTS)])
    assert resolved.seeks == seeks
    assert seeks != "corrected" or resolved.question == COMPLAINTS


@pytest.mark.parametrize(
    ("text", "corrects_it"),
    [
        ("He must correct a figure. There had been 12 ferries to the islands.", True),
        ("The ferries to the islands numbered 12, not 21 as he had stated.", True),
        ("He had mistakenly given 21 as the number of ferries to the islands.", True),
        ("The revised figure for ferries to the islands was 12.", True),
        ("There were 12 ferries to the islands.", False),
        ("The correctional facility could be reached by the ferries to the islands.", False),
        ("He must correct a figure. There had been 12 schools.", False),  # of something else
        ("There were 12 ferries to the islands. Bread was dear. He corrected a date.", False),
    ],
)
def test_a_text_corrects_what_was_said_on_a_subject(text: str, corrects_it: bool) -> None:
    assert corrects(text, "How many ferries sail to the islands?") is corrects_it


def test_of_what_was_cited_only_what_corrects_it_is_left() -> None:
    asked = Resolved("How many ferries sail to the islands?", "corrected")
    first = _passage("3 Mr. Anders", "There were 21 ferries to the islands.")
    later = "There were 12 ferries to the islands, not 21 as he had stated."
    found = [first, _passage("5 Mr. Anders", later), _passage("B/1#1 Mr. Anders", later)]
    states = {"A/1": "Nepal", "B/1": "Peru"}
    assert [p.paragraph.id for p in lean(found, asked, [first.paragraph], states)] == ["A/1#5"]
    assert lean([first], asked, [first.paragraph], states) == []


def test_the_other_side_is_that_of_the_same_state() -> None:
    found = [_passage(each) for each in ("B/1#1 Ms. Bell", "A/2#2 Ms. Bell", "X/C/NPL/CO/1#3")]
    assert _left("other", [_passage("4 Mr. Anders")], found) == ["A/2#2", "X/C/NPL/CO/1#3"]
    assert _left("other", [_passage("4 Mr. Cho")], found) == []


def test_what_is_raised_stays_as_far_from_the_rest() -> None:
    first, other = _passage("3 Mr. Anders", score=0.95), _passage("9 Ms. Dahl", score=0.9)
    left = lean([first, other], Resolved("?", "near"), [first.paragraph], {})
    assert [p.score for p in left] == [1.0, 0.75]


@pytest.mark.parametrize(
    ("question", "every"),
    [
        ("Which States recommended a moratorium?", True),
        ("Which other countries spoke of mines?", True),
        ("What did States recommend on schools?", True),
        ("List the delegations that asked about prisons.", True),
        ("Which State party reported?", False),
        ("What did the State party say?", False),
        ("Who asked about prisons?", False),
    ],
)
def test_every_state_is_wanted(question: str, every: bool) -> None:
    assert wants_states(question) is every
