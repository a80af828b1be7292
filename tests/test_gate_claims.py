"""The gate on claims in words of their own: what it stops, and for which reason.

The paragraphs are of the sample or made up; figures over many claims are those of
`rag eval run claims`.
"""

from __future__ import annotations

import pytest

from rag.answer.align import align
from rag.answer.attribution import attribution
from rag.answer.clauses import clauses
from rag.answer.figures import figures, forms_of
from rag.answer.literal import in_order
from rag.answer.names import stranger
from rag.answer.refuted import refuted
from rag.answer.upheld import Meaning
from rag.answer.verify import verify
from rag.domain import Citation, Claim, Paragraph, Role, Turn
from rag.encoder import LocalEncoder
from rag.parse import segment
from rag.read import read
from rag.reader import Entailment
from rag.sentences import sentences
from tests.conftest import SAMPLE

READ = Meaning(LocalEncoder().within, Entailment().upholds)
ASKED = "She asked whether lawyers had been threatened by the police in 2019."
SAID = (
    "The number of complaints had fallen from 412 in 2022 to 365 in 2023. "
    "Article 214 of the Criminal Code would be repealed in 2025. "
    "The Supreme Court had not struck down any statute."
)


def paragraph(text: str, role: Role, speaker: str) -> Paragraph:
    state = "Maravia" if role == "delegation" else None
    turn = Turn(speaker, role, state, 0, 0)
    return Paragraph("CCLP/C/SR.411", "9", 0, text, 0, len(text), turn=turn)


MEMBER = paragraph(ASKED, "member", "Ms. Bell")
DELEGATE = paragraph(SAID, "delegation", "Mr. Anders")


def failed(text: str, cited: Paragraph, speaker: str | None = None) -> str:
    claim = Claim(text, cited.text, Citation("CCLP/C/SR.411", None, "9"), speaker)
    wrong = [check for check in verify(claim, [cited]).checks if not check.passed]
    assert all(check.why for check in wrong)
    return wrong[0].kind if wrong else ""


@pytest.mark.parametrize(
    ("text", "cited", "kind"),
    [
        (ASKED, MEMBER, ""),  # the quotation itself
        ("Ms. Bell asked whether the police had threatened lawyers in 2019.", MEMBER, ""),
        ("The police threatened lawyers in 2019.", MEMBER, "allegation"),
        ("Ms. Bell said that the police had threatened lawyers.", MEMBER, "allegation"),
        ("The delegation admitted that lawyers had been threatened.", MEMBER, "speaker"),
        ("Complaints had fallen from 412 in 2022 to 365 in 2023.", DELEGATE, ""),
        ("The Committee said that complaints had fallen.", DELEGATE, "speaker"),
        ("Complaints had fallen to 412 in 2023.", DELEGATE, "figures"),  # years swapped
        ("Complaints had fallen to 465 in 2023.", DELEGATE, "figures"),
        ("Article 214 of the Criminal Code had been repealed.", DELEGATE, "modality"),
        ("The Supreme Court had struck down a statute.", DELEGATE, "negation"),
        ("The Constitutional Court had not struck down any statute.", DELEGATE, "names"),
    ],
)
def test_what_is_stopped(text: str, cited: Paragraph, kind: str) -> None:
    assert failed(text, cited) == kind


@pytest.mark.parametrize(
    ("stated", "printed", "same"),
    [
        ("four fifths", "80 per cent", True),
        ("three days", "72 hours", True),
        ("a quarter", "one in four", True),
        ("nine in ten", "90 per cent", True),
        ("1282", "1,282", True),
        ("sixth", "the 6 plans", True),
        ("four fifths", "70 per cent", False),
        ("sixth", "the seventh plan", False),
        ("twice as many", "had tripled", False),
    ],
)
def test_figures_in_words(stated: str, printed: str, same: bool) -> None:
    (one,) = figures(stated)
    assert bool(one.forms & forms_of(printed)) is same


@pytest.mark.parametrize(
    ("text", "side", "verb"),
    [
        ("The delegation said that it was so.", "delegation", "said"),
        ("There is, the delegation conceded, a gap.", "delegation", "conceded"),
        ("Members of the Committee asked about it.", "member", "asked"),
        ("It was so, according to the delegation.", "delegation", ""),
        ("Nepal admitted that it was so.", "delegation", "admitted"),
        ("The delegation was invited to sit.", None, ""),
        ("Nepal had accepted the procedure.", None, ""),
    ],
)
def test_whose_words_they_are(text: str, side: str | None, verb: str) -> None:
    found = attribution(text)
    assert (found.side, found.verb) == (side, verb)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("It was issued by the Ministry of Justice.", ""),
        ("It was issued by the Ministry of Finance.", "Ministry of Finance"),
        ("NGOs had been heard.", ""),
        ("Kazakh courts had been asked.", ""),
        ("The reply came from Almaty.", "Almaty"),
    ],
)
def test_names_that_are_not_there(text: str, name: str) -> None:
    there = "The Ministry of Justice had heard non-governmental organizations in Kazakhstan."
    assert stranger(text, there, "") == name


def test_the_records_own_words_are_never_stopped() -> None:
    """What only a paraphrase can do wrong is not looked for in a quotation."""
    for path in sorted(SAMPLE.glob("*.txt")):
        given = segment(read(path)).paragraphs
        for each in given:
            for start, end in sentences(each.text):
                words = each.text[start:end]
                voice = each.voice_at(start)
                who = voice.speaker if voice else None
                checked = verify(Claim(words, words, each.citation, who), given)
                kinds = [check.kind for check in checked.checks]
                assert kinds == ["citation", "quotation", "figures", "speaker"]


@pytest.mark.parametrize("text", ["{{CCLP/C/SR.411, para. 15}}", "…", "- ( )", ""])
def test_a_citation_alone_states_nothing(text: str) -> None:
    words = "Mr. Anders said that two schools had been built."
    paragraph = Paragraph("CCLP/C/SR.411", "15", 14, words, 0, len(words))
    claim = Claim(text, words, Citation("CCLP/C/SR.411", None, "15"))
    failed = [check.why for check in verify(claim, [paragraph]).checks if not check.passed]
    assert failed == ["it states nothing"]


def test_a_true_sentence_does_not_carry_an_invented_one() -> None:
    words = "Mr. Anders said that two schools had been built in the northern province."
    paragraph = Paragraph("CCLP/C/SR.411", "15", 14, words, 0, len(words))
    true = "Two schools had been built in the northern province."
    for text, passes in ((true, True), (f"{true} Farmers exported cotton to the islands.", False)):
        claim = Claim(text, words, Citation("CCLP/C/SR.411", None, "15"))
        assert verify(claim, [paragraph]).verified is passes


SPENT = (
    "Mr. Anders said that the Assemblies Act had replaced authorization with notification.",
    "The officer in command had issued three warnings by loudspeaker before ordering the crowd "
    "to disperse.",
    "There had been 56 prosecutions in 2022; in 2023 there had been fewer.",
)


@pytest.mark.parametrize(
    ("text", "at", "why"),
    [
        # Who copies a stretch and then writes a word of its own.
        (
            "The officer had issued three warnings by loudspeaker before ordering the assembly.",
            1,
            "puts “assembly” in",
        ),
        ("The Act had replaced notification with authorization.", 0, "the other way round"),
        ("There had been 56 prosecutions in 2023.", 2, "of something else"),
        ("Warnings had been issued by the", 1, "breaks off"),
        ("Warnings had been issued by the police [", 1, "breaks off"),
        ("The officer in command had issued three warnings by loudspeaker,", 1, "breaks off"),
        ("Warnings had been issued by loudspeaker, or", 1, "breaks off"),
        ("The officer had issued three warnings and re", 1, "breaks off"),  # a word is cut
        # The record's own words, but not to where they mean what it says.
        ("The officer in command had", 1, "breaks off"),
        ("The officer in command had ordered: (b)", 1, "breaks off"),
        ("The officer hadissued three warnings by loudspeaker.", 1, "“hadissued” is no word"),
        ("Judges of appeal reviewed pension laws yearly.", 1, "the paragraph does not say that"),
        ("The council voted.", 1, "nothing there stands for “council”"),
        # What stands before "Mr. Anders said" is held against the record as well.
        ("Farmers exported cotton to the islands, Mr. Anders said.", 0, "nothing there stands for"),
        ("The Act had replaced authorization with notification.", 0, ""),
        ("The officer had issued three warnings by loudspeaker, Mr. Anders said.", 1, ""),
        ("In 2022 there had been 56 prosecutions.", 2, ""),
    ],
)
def test_what_a_copying_model_gets_wrong(text: str, at: int, why: str) -> None:
    cited = paragraph(" ".join(SPENT), "delegation", "Mr. Anders")
    checked = verify(Claim(text, SPENT[at], Citation("CCLP/C/SR.411", None, "9")), [cited])
    wrong = [check.why for check in checked.checks if not check.passed]
    assert bool(wrong) is bool(why)
    assert why in "".join(wrong)


TAKEN_BACK = (
    "Mr. Anders said that the new wing would have 230 places, not 320 as he had stated before; it "
    "was incorrect to say that nine complaints in ten were closed without an interview, since all "
    "complainants had been heard. He had stated that the Institution had received 412 letters; the "
    "correct number was 421. The figure of 61 days given by the Legal Centre was unfounded: the "
    "prisoner had spent 14 days in solitary confinement."
)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("The new wing would have 320 places.", "320 as he had stated before"),
        ("Nine complaints in ten were closed without an interview.", "nine complaints in ten"),
        ("The Institution had received 412 letters.", "the Institution had received 412 letters"),
        ("The prisoner had spent 61 days in solitary confinement.", "61 days"),
        ("The new wing would have 230 places.", ""),
        ("The new wing would not have 320 places but 230.", ""),
        ("It was incorrect to say that nine complaints in ten were closed without one.", ""),
        ("The Legal Centre had put forward a figure of 61 days.", ""),
        ("The correct number was 421.", ""),
        ("The Institution had received 421 letters.", ""),
        ("The prisoner had spent 14 days in solitary confinement.", ""),
        ("All complainants had been heard.", ""),
    ],
)
def test_what_a_speaker_takes_back_or_calls_wrong_is_not_stated(text: str, part: str) -> None:
    found = refuted(text, TAKEN_BACK)
    assert part in found
    assert bool(found) is bool(part)
    cited = paragraph(TAKEN_BACK, "delegation", "Mr. Anders")
    if part:
        assert failed(f"Mr. Anders said that {text[0].lower()}{text[1:]}", cited) == "negation"
        assert failed(f"The delegation confirmed that {text[0].lower()}{text[1:]}", cited)


CONCERNED = (
    "The Committee welcomes the instruction of 10 January 2024 but remains concerned that insulting "
    "a public official is still an offence. The Committee regrets the use of administrative "
    "detention, and the State party should repeal article 214."
)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("The Committee welcomed the instruction of 10 January 2024.", ""),
        ("The Committee encouraged the State party to repeal article 214.", ""),
        ("The Committee praised the use of administrative detention.", "negation"),
        ("The Committee welcomed the repeal of article 214.", "negation"),
        ("The Committee welcomed that insulting a public official is an offence.", "negation"),
    ],
)
def test_what_worries_the_committee_is_not_welcomed(text: str, kind: str) -> None:
    cited = Paragraph("CCLP/C/MRV/CO/3", "9", 0, CONCERNED, 0, len(CONCERNED))
    claim = Claim(text, CONCERNED, Citation("CCLP/C/MRV/CO/3", None, "9"))
    wrong = [check.kind for check in verify(claim, [cited]).checks if not check.passed]
    assert wrong == ([kind] if kind else [])


@pytest.mark.parametrize(
    ("said", "ordered"),
    [
        ("The Institution criticized the Supreme Court.", True),
        ("The Supreme Court criticized the Institution.", False),
        ("The Institution criticized delays.", True),
        ("Delays of the Supreme Court.", False),
    ],
)
def test_words_in_the_order_of_the_record(said: str, ordered: bool) -> None:
    there = clauses("The Institution had criticized the Supreme Court for delays.")
    assert in_order(align(clauses(said), there, None), there) is ordered


@pytest.mark.parametrize(
    ("text", "there"),
    [
        ("3.6 million", "3,600,000"),
        ("2 thousand", "two thousand"),
        ("three hundred", "300"),
        ("1.25 billion", "1,250,000,000"),
    ],
)
def test_large_numbers_are_one_however_printed(text: str, there: str) -> None:
    ((mine, theirs),) = zip(figures(text), figures(there), strict=True)
    assert mine.forms & theirs.forms


@pytest.mark.parametrize(
    ("text", "there", "name"),
    [
        ("They were paid 5,000 United States dollars.", "They were paid US$ 5,000.", ""),
        ("It was rare in south Asia.", "It was rare in the south Asian States.", ""),
        ("It was rare in south Asia.", "It was rare in the African States.", "Asia"),
    ],
)
def test_a_name_may_stand_in_another_form(text: str, there: str, name: str) -> None:
    assert stranger(text, there, "") == name


@pytest.mark.parametrize("who", ["Maravia", "The Government", "The State party"])
@pytest.mark.parametrize(
    "verb", ["told the Committee", "informed the Committee", "assured members"]
)
def test_what_a_state_tells_the_committee_is_its_own(who: str, verb: str) -> None:
    told = attribution(f"{who} {verb} that no visas were needed.")
    assert told.side == "delegation"
    assert told.verb == verb.split()[0]


def test_what_persons_are_asked_to_have_decided_is_asked_as_well() -> None:
    text = "Ms. Bell asked whether persons who had decided to leave were subjected to torture."
    cited = paragraph(text, "member", "Ms. Bell")
    assert failed("Ms. Bell said that persons who decided to leave were tortured.", cited) == (
        "allegation"
    )


@pytest.mark.parametrize(
    ("said", "passes"),
    [
        ("children", True),
        ("girls", False),  # some of them only
        ("boys", False),
    ],
)
def test_some_do_not_stand_for_all(said: str, passes: bool) -> None:
    words = (
        "Ms. Bell said that although Maravia had endorsed all the major international initiatives "
        "designed to combat trafficking in children, very few traffickers had been reported."
    )
    more = " In her view, work could prove a means of combating exploitation of women and children."
    cited = paragraph(words + more, "member", "Ms. Bell")
    text = words.replace("children", said)
    claim = Claim(text, words, Citation("CCLP/C/SR.411", None, "9"))
    checked = verify(claim, [cited], meaning=READ)
    assert checked.verified is passes, checked.checks


TURNED_ROUND = {
    "false": "Although Mr. Dorn had alleged beatings at the remand prison, an inquiry by the "
    "prosecutor had found his allegations to be untrue.",
    "perhaps": "The register showed that Mr. Dorn had spent nine days in solitary confinement.",
    "asked": "The Committee had recommended that Maravia should review its rules on assemblies.",
    "un": "The Council had found the decree on fishing rights unlawful.",
    "later": "The opening of the new wing had been put off until the middle of 2026.",
    "aim": "The goal was to raise the literacy of women to 67 per cent by 2030.",
}


@pytest.mark.parametrize(
    ("text", "of", "why"),
    [
        ("Mr. Dorn was beaten at the remand prison.", "false", "that this is not so"),
        ("Mr. Dorn might have spent nine days in solitary confinement.", "perhaps", "as possible"),
        ("Mr. Dorn had spent nine days in solitary confinement.", "perhaps", ""),
        ("Maravia had recommended that the Committee should review its rules on assemblies.",
         "asked", "it is the Committee that does so"),
        ("The Committee had recommended that Maravia should review its rules.", "asked", ""),
        ("The Council had found the decree on fishing rights lawful.", "un", "says “unlawful”"),
        ("The decree on fishing rights had been found unlawful by the Council.", "un", ""),
        ("The new wing would not open before the middle of 2026.", "later", ""),
        ("The literacy of women had reached 67 per cent.", "aim", "“reached”"),
    ],
)  # fmt: skip
def test_what_is_turned_round(text: str, of: str, why: str) -> None:
    cited = paragraph(TURNED_ROUND[of], "delegation", "Mr. Anders")
    claim = Claim(text, cited.text, Citation("CCLP/C/SR.411", None, "9"))
    checked = verify(claim, [cited], masthead=lambda _: "Maravia", meaning=READ)
    wrong = [check.why for check in checked.checks if not check.passed]
    assert bool(wrong) is bool(why)
    assert why in "".join(wrong)


@pytest.mark.parametrize(
    ("text", "word", "aspect"),
    [
        ("one of few States to have ratified the treaty", "ratified", "done"),
        ("the law to ratify the treaty", "ratify", "to"),
        ("an illness which had caused him to fall", "fall", "done"),
        ("a wing would not open before 2026", "open", "open"),
    ],
)
def test_whether_a_word_tells_what_is_done(text: str, word: str, aspect: str) -> None:
    (found,) = (each for one in clauses(text) for each in one.words if each.text == word)
    assert found.aspect == aspect


@pytest.mark.parametrize(
    ("text", "denied"),
    [
        ("It was incorrect to say that cases were closed without an interview.", [True, False]),
        ("He said that cases were closed without an interview.", [True]),
        ("A new wing would not open before the middle of 2026.", [False]),
        ("A new wing would not open in 2026.", [True]),
    ],
)
def test_what_is_denied(text: str, denied: list[bool]) -> None:
    assert [one.denied for one in clauses(text)] == denied
