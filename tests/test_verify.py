"""The gate: what counts as word for word, and which claims pass.

Long, because each check has what passes it and what fails.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from rag.answer.near import nearness
from rag.answer.quote import quote
from rag.answer.terms import Vocabulary
from rag.answer.verify import is_verbatim, plain, verify
from rag.domain import Citation, Claim, Paragraph, Passage, Role, Turn, Voice
from rag.parse import segment
from rag.query import understand
from rag.read import read
from rag.sentences import sentences
from tests.conftest import SAMPLE

DASHES = "He spoke of the period 2010–2012, the “Green Line” and non-governmental bodies’ work."


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“Green” ‘Line’ «vert» „grün‚", '"Green" \'Line\' "vert" "grün\''),
        ("2010–2012 — or 2010‑2012", "2010-2012 - or 2010-2012"),
        ("one\u00a0hundred \n\t men ", "one hundred men"),
        ("con\u00adtinue", "continue"),
        ("Ｆｕｌｌ ﬁle", "Full file"),
        ("", ""),
        ("Upper Case stays", "Upper Case stays"),  # not folded
    ],
)
def test_plain(text: str, expected: str) -> None:
    assert plain(text) == expected


@pytest.mark.parametrize(
    ("quote", "text", "expected"),
    [
        # what is forgiven: shapes of quotation marks, hyphens and white space
        ('the "Green Line"', DASHES, True),
        ("the period 2010-2012", DASHES, True),
        ("the period\n2010—2012", DASHES, True),
        ("bodies' work", DASHES, True),
        ("spoke of\u00a0the period", DASHES, True),
        (DASHES, DASHES, True),
        # an ellipsis: its parts in order
        ("He spoke … bodies’ work", DASHES, True),
        ("He spoke [...] the “Green Line” ... bodies’ work.", DASHES, True),
        ("… the “Green Line” …", DASHES, True),
        ("bodies’ work … He spoke", DASHES, False),
        ("He spoke … He spoke", DASHES, False),  # one passage cannot serve twice
        ("He spoke … nothing", DASHES, False),
        ("of … of", "of the number of cases", True),
        # altered words
        ("He speaks of the period", DASHES, False),
        ("he spoke of the period", DASHES, False),
        ("the period 2010–2013", DASHES, False),
        # nothing quoted
        ("", DASHES, False),
        ("  \n ", DASHES, False),
        ("…", DASHES, False),
        ("\u00ad", DASHES, False),
        (",", DASHES, False),
        ("He spoke", "", False),
        # part of a word or number means something else
        ("able to vote", "They were unable to vote.", False),
        ("able to vote", "Unable to vote then, they were able to vote now.", True),
        ("governmental bodies", DASHES, False),
        ("non-governmental bodies", DASHES, True),
        ("General spoke", "The Procurator-General spoke.", True),
        ("5 per cent", "It was 2.5 per cent.", False),
        ("282 people", "There were 1,282 people.", False),
        ("a share of 2", "It was a share of 2.5 per cent.", False),
        ("a share of 2", "It had a share of 2.", True),
        ("the police", "the policeman left", False),
        ("the State", "the State’s report", True),
    ],
)
def test_is_verbatim(quote: str, text: str, expected: bool) -> None:
    assert is_verbatim(quote, text) is expected


TEXT = "Ms. Doukaris told Mr. Kim that (a) 1,282 of the 4,000 cases and (b) no others were closed."


def paragraph(
    label: str = "14",
    text: str = TEXT,
    speaker: str | None = "Ms. Doukaris",
    role: Role = "delegation",
    section: str | None = None,
) -> Paragraph:
    turn = Turn(speaker, role, "Maravia", 13, 13) if speaker else None
    return Paragraph(
        "CCLP/C/SR.411", label, 13, text, 0, len(text), turn=turn, section=section
    )  # fmt: skip


GOOD = Claim(
    text="Ms. Doukaris said that 1282 cases were closed.",
    quote="1,282 of the 4,000 cases",
    citation=Citation("CCLP/C/SR.411", None, "14"),
    speaker="Ms. Doukaris",
)


def failed(claim: Claim, *given: Paragraph) -> dict[str, str]:
    checked = verify(claim, given or (paragraph(),))
    assert checked.verified is all(check.passed for check in checked.checks)
    return {check.kind: check.why for check in checked.checks if not check.passed}


def test_a_good_claim_passes_every_check_and_takes_the_records_own_names() -> None:
    citation = Citation("cclp/c/sr.411", None, "14", None, "(b)")
    checked = verify(replace(GOOD, citation=citation, delegation="Elsewhere"), [paragraph()])
    assert [(c.kind, c.passed) for c in checked.checks] == [
        ("citation", True), ("quotation", True), ("figures", True), ("speaker", True),
    ]  # fmt: skip
    assert checked.verified
    assert str(checked.citation) == "CCLP/C/SR.411, para. 14 (b)"
    assert (checked.speaker, checked.delegation) == ("Ms. Doukaris", "Maravia")


@pytest.mark.parametrize(
    "citation",
    [
        Citation("CCLP/C/SR.411", None, "15"),
        Citation("CCLP/C/SR.412", None, "14"),
        Citation("CCLP/C/SR.411"),  # the whole document
        Citation("CCLP/C/SR.411", None, "14", "15"),  # more than one paragraph
        Citation("CCLP/C/SR.411", "annex I", "14"),
        Citation("unknown"),
    ],
)
def test_a_citation_of_what_was_not_given_is_rejected(citation: Citation) -> None:
    why = failed(replace(GOOD, citation=citation))
    assert why == {"citation": f"{citation} is not among the passages that were found"}


def test_a_number_that_restarts_needs_its_section_where_two_can_be_meant() -> None:
    body, annex = paragraph(), paragraph(text="Of the 1,282 cases closed none.", section="annex I")
    other = paragraph(text="Nothing.", section="annex II")
    in_annex = replace(GOOD, citation=Citation("CCLP/C/SR.411", "Annex I", "14"), quote="none")
    assert not failed(in_annex, body, annex)
    assert not failed(GOOD, annex, body)  # without a section: the body
    alone = verify(replace(GOOD, quote="none"), [annex])
    assert alone.verified
    assert alone.citation.section == "annex I"
    assert "citation" in failed(replace(GOOD, quote="none"), annex, other)


def test_a_sub_paragraph_that_is_not_there_is_rejected() -> None:
    citation = Citation("CCLP/C/SR.411", None, "14", None, "(c)")
    assert failed(replace(GOOD, citation=citation)) == {"citation": "that paragraph has no (c)"}


@pytest.mark.parametrize("quote", ["1,282 of the 4,001 cases", "282 of the 4,000", "", " "])
def test_a_quotation_that_is_not_there_is_rejected(quote: str) -> None:
    assert set(failed(replace(GOOD, quote=quote))) == {"quotation"}


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("Cases closed: 1,282 of 4000.", None),
        ("Paragraph 14 tells of 1,282 cases.", None),
        ("1,282 cases were closed (CCLP/C/SR.411, para. 14).", None),
        ("1,283 cases were closed.", "1,283"),
        ("2 cases were closed.", "2"),
        ("14 cases were closed.", "14"),  # the paragraph's number is no figure of it
        ("411 cases were closed.", "411"),
        ("1,282 cases were closed (CCLP/C/SR.412, para. 14).", "412"),
        ("According to paragraph 15, 1,282 cases were closed.", "15"),
    ],
)
def test_figures(text: str, wrong: str | None) -> None:
    why = {"figures": f"{wrong} does not stand in that paragraph"} if wrong else {}
    assert failed(replace(GOOD, text=text)) == why


@pytest.mark.parametrize(
    ("said", "printed", "same"),
    [
        (None, "Ms. Doukaris", True),
        ("Ms. Doukaris", "Ms. Doukaris", True),
        ("Doukaris", "Ms. Doukaris", True),
        ("Mrs Doukaris (Maravia)", "Ms. Doukaris", True),
        ("Ms. Doukaris, Minister of Justice", "Ms. Doukaris", True),
        ("Mr. Rodley", "Sir Nigel Rodley", True),
        ("Chair", "The Chair", True),
        ("Mr. Halvorsen‑Tuma", "Mr. Halvorsen-Tuma", True),
        ("Mr. Kordas", "Ms. Doukaris", False),
        ("Mr. Kim", "Ms. Kim", False),
        ("Ms.", "Ms. Doukaris", False),  # a title alone is nobody
        ("M", "Ms. Doukaris", False),
        ("Ms. Lindholm", "Ms. Lind", False),
        ("Ms. Doukaris and Mr. Kim", "Ms. Doukaris", False),
        ("Ms. Doukaris and Ms. Kim", "Ms. Doukaris", False),
        ("The Committee", "The Chair", False),
    ],
)
def test_speakers(said: str | None, printed: str, same: bool) -> None:
    claim = replace(GOOD, text="Cases were closed.", speaker=said)
    why = failed(claim, paragraph(speaker=printed))
    assert why == ({} if same else {"speaker": f"the speaker there is {printed}"})


def test_nobody_speaks_in_a_document_without_speakers() -> None:
    why = failed(GOOD, paragraph(speaker=None))
    assert why == {"speaker": "nobody holds the floor in that paragraph"}
    claim = replace(GOOD, text="1,282 cases were closed.", speaker=None)
    checked = verify(claim, [paragraph(speaker=None)])
    assert checked.verified
    assert checked.speaker is None


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("Ms. Doukaris’s figure, asked for by Mr. Kim, was 4,000.", None),
        ("Mr. Kordas said that 4,000 cases were closed.", "Mr. Kordas"),
        ("As Mr. van der Berg put it, they were closed.", "Mr. van der Berg"),
        ("The delegation said that they were closed.", None),
    ],
)
def test_a_statement_names_nobody_who_is_not_there(text: str, wrong: str | None) -> None:
    why = failed(replace(GOOD, text=text, speaker=None))
    expected = {"speaker": f"{wrong} neither speaks nor is named in that paragraph"}
    assert why == (expected if wrong else {})


# -- a paragraph in which two speak --------------------------------------------------------------

ASKED = "Ms. Bell asked whether any of the 12 schools had been built. "
REPLIED = "Mr. Anders (Maravia) replied that 2 schools had been built in 2023."


def shared() -> Paragraph:
    text = ASKED + REPLIED
    voices = (
        Voice(0, len(ASKED), "Ms. Bell", "member", None),
        Voice(len(ASKED), len(text), "Mr. Anders", "delegation", "Maravia"),
    )
    return Paragraph(
        "CCLP/C/SR.411", "15", 14, text, 0, len(text),
        turn=Turn("Ms. Bell", "member", None, 14, 14), voices=voices,
    )  # fmt: skip


THEIRS = Claim("", "", Citation("CCLP/C/SR.411", None, "15"))


@pytest.mark.parametrize(
    ("quote", "speaker", "delegation"),
    [
        ("any of the 12 schools", "Ms. Bell", None),
        ("2 schools had been built in 2023", "Mr. Anders", "Maravia"),
        ("schools had been built", "Ms. Bell", None),  # said by both: the first
    ],
)
def test_the_words_are_those_of_their_speaker(
    quote: str, speaker: str, delegation: str | None
) -> None:
    claim = replace(THEIRS, text=quote, quote=quote)
    checked = verify(claim, [shared()])
    assert checked.verified, checked.checks
    assert (checked.speaker, checked.delegation) == (speaker, delegation)


def test_of_two_who_say_the_same_the_one_named_is_meant() -> None:
    words = "schools had been built"
    checked = verify(replace(THEIRS, text=words, quote=words, speaker="Anders"), [shared()])
    assert checked.verified
    assert checked.speaker == "Mr. Anders"


@pytest.mark.parametrize(
    ("text", "quote", "speaker", "why"),
    [
        (
            "2 schools were built.", "2 schools had been built in 2023", "Ms. Bell",
            {"speaker": "the speaker there is Mr. Anders"},
        ),
        (
            "12 schools were asked about.", "any of the 12 schools", "Mr. Anders",
            {"speaker": "the speaker there is Ms. Bell"},
        ),
        (  # the statement says it, the field does not
            "Ms. Bell said that 2 schools had been built.", "2 schools had been built", None,
            {"speaker": "Ms. Bell neither speaks nor is named in that paragraph"},
        ),
        (
            "Mr. Anders replied about 12 schools.", "replied that 2 schools", "Mr. Anders",
            {"figures": "12 does not stand in that paragraph"},
        ),
        (
            "Schools had been built.", "had been built. Mr. Anders (Maravia) replied", None,
            {
                "quotation": "the quoted words are not all of one speaker",
                "speaker": "the quoted words are of no one speaker there",
            },
        ),
        (
            "Schools had been built.", "any of the 12 schools … built in 2023", "Ms. Bell",
            {
                "quotation": "the quoted words are not all of one speaker",
                "speaker": "the quoted words are of no one speaker there",
            },
        ),
    ],
)  # fmt: skip
def test_words_of_one_are_not_given_to_the_other(
    text: str, quote: str, speaker: str | None, why: dict[str, str]
) -> None:
    assert failed(replace(THEIRS, text=text, quote=quote, speaker=speaker), shared()) == why


def _stems(text: str) -> list[str]:
    return [word.rstrip("s") for word in re.findall(r"\w+", text.lower())]


def _letters(texts: Sequence[str]) -> NDArray[np.float32]:
    rows = np.array([[t.lower().count(c) + 1e-3 for c in "abcdefghijklmnopqrst"] for t in texts])
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


@pytest.mark.parametrize(
    ("question", "speaker", "words"),
    [
        ("What did Mr. Anders say about schools?", "Mr. Anders", "2 schools had been built in"),
        ("What did Ms. Bell ask about schools?", "Ms. Bell", "any of the 12 schools"),
        ("What did the delegation say about schools?", "Mr. Anders", "2 schools had been built"),
    ],
)
def test_a_quotation_is_of_the_one_asked_about_and_of_nobody_else(
    question: str, speaker: str, words: str
) -> None:
    vocabulary = Vocabulary(_stems, lambda stems: dict.fromkeys(stems, 1), 9)
    draft = quote(
        understand(question), [Passage(shared(), 1.0, "both")],
        vocabulary=vocabulary, near=partial(nearness, encode=_letters, stored=lambda _: {}),
    )  # fmt: skip
    (claim,) = draft.claims
    assert claim.speaker == speaker
    assert words in claim.quote
    other = {"Ms. Bell": "in 2023", "Mr. Anders": "12 schools"}[speaker]
    assert other not in claim.quote
    assert verify(claim, [shared()]).verified


def test_a_page_is_cited_for_the_speech_that_is_quoted() -> None:
    """Several speeches of a verbatim record stand on one page and bear its number."""
    first = replace(paragraph("p. 4"), text="We agree to 2 points.")
    second = replace(paragraph("p. 4", "We do not.", "Mr. Kim", "delegation"), part=2)
    cited = replace(THEIRS, text="We do not.", quote="We do not.")
    cited = replace(cited, citation=Citation("CCLP/C/SR.411", None, "p. 4"))
    checked = verify(cited, [first, second])
    assert checked.verified
    assert checked.speaker == "Mr. Kim"
    assert str(checked.citation) == "CCLP/C/SR.411, p. 4"
    assert set(failed(replace(cited, quote="We never."), first, second)) == {"quotation"}


PARAGRAPHS = [
    paragraph.text
    for path in sorted(SAMPLE.glob("*.txt"))
    for paragraph in segment(read(path)).paragraphs
]


def test_every_sentence_of_the_sample_is_verbatim() -> None:
    for text in PARAGRAPHS:
        for start, end in sentences(text):
            assert is_verbatim(text[start:end], text)


@given(st.data())
def test_whole_words_stay_verbatim_however_the_spaces_are_mangled(data: st.DataObject) -> None:
    words = data.draw(st.sampled_from(PARAGRAPHS)).split()
    first = data.draw(st.integers(0, len(words) - 1))
    last = data.draw(st.integers(first, len(words) - 1))
    spaces = st.text(" \n\t\u00a0\u2009", min_size=1, max_size=3)
    quote = "".join(word + data.draw(spaces) for word in words[first : last + 1])
    assert is_verbatim(quote, " ".join(words)) or not re.search(r"\w", quote)


@given(st.data())
def test_one_foreign_letter_makes_a_quotation_false(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from(PARAGRAPHS))
    letters = [i for i, letter in enumerate(text) if letter.isalpha()]
    at = data.draw(st.sampled_from(letters))
    start = data.draw(st.integers(0, at))
    end = data.draw(st.integers(at + 1, len(text)))
    foreign = data.draw(st.sampled_from([c for c in "jqxzжßλ" if c not in text]))
    assert not is_verbatim(text[start:at] + foreign + text[at + 1 : end], text)
