"""Who speaks: openings, turns, voices, name variants, dialogues, recommendations.

Long, because the tables of openings are.
"""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.domain import Document, Filters, Paragraph
from rag.parse import segment
from rag.parse.floor import opens_turn, sentence_starts
from rag.parse.roles import role_of
from rag.parse.speakers import assign_turns
from rag.parse.states import state_named
from rag.read import read
from rag.store.index import Index
from tests.conftest import ROOT, needs

CASES = ROOT / "tests" / "cases"
Row = tuple[str, str, str | None]


def paragraphs(*texts: str, **labelled: str) -> list[Paragraph]:
    """Paragraphs numbered from 1, or with labels of their own: `_83_1="…"` is 83.1."""
    rows = [(str(n), text) for n, text in enumerate(texts, start=1)]
    rows += [(label.strip("_").replace("_", "."), text) for label, text in labelled.items()]
    return [Paragraph("d", label, at, text, 0, len(text)) for at, (label, text) in enumerate(rows)]


def who(found: tuple[Paragraph, ...]) -> list[str | None]:
    return [p.turn.speaker if p.turn else None for p in found]


def heard(paragraph: Paragraph) -> list[tuple[str, str]]:
    """Each voice with the first word it says."""
    return [(v.speaker, paragraph.text[v.start : v.end].split()[0]) for v in paragraph.voices]


def rows(document: Document) -> dict[str, list[str | None]]:
    return {
        p.label: [p.turn.speaker, p.turn.role, p.turn.delegation] if p.turn else [None] * 3
        for p in document.paragraphs
    }


# -- openings --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("opening", "expected"),
    [
        ("Mr. X(Iran (Islamic Republic of))said", ("Mr. X", "delegation", "Iran (Islamic Republic of)")),
        ("Ms . Crickley (Rapporteur) reported", ("Ms. Crickley", "member", None)),
        ("Mr.Diaconu proposed", ("Mr. Diaconu", "member", None)),
        ("Mr. Ould Cheikh (Mauritania) sai d", ("Mr. Ould Cheikh", "delegation", "Mauritania")),
        ("Mr. de GOUTTES asked", ("Mr. de GOUTTES", "member", None)),
        ("Mr. J. L. Gómez del Prado said", ("Mr. J. L. Gómez del Prado", "member", None)),
        ("Mr. N'Diaye said", ("Mr. N'Diaye", "member", None)),
        ("Mr. Lee (South Korea) said", ("Mr. Lee", "delegation", "Republic of Korea")),
        ("Mr. Chen (China) (spoke in Chinese) said", ("Mr. Chen", "delegation", "China")),
        ("Ms. Noll (Finland, on behalf of the European Union) said", ("Ms. Noll", "delegation", "Finland")),
        ("Ms. IZE CHARRIN (Office of the United Nations High Commissioner for Human Rights) noted",
         ("Ms. IZE CHARRIN", "secretariat", None)),
        ("Mr. Smith (Observer for UNICEF) said",
         ("Mr. Smith", "observer", "United Nations Children's Fund")),
        ("Mr. Hunt (Special Rapporteur on the right to health) said", ("Mr. Hunt", "observer", None)),
        ("Mr. Shearer (Special Rapporteur for follow-up on Views) introduced", ("Mr. Shearer", "member", None)),
        ("Mr. Bossuyt, speaking on a point of order, said", ("Mr. Bossuyt", "member", None)),
        ("A representative of Belgium said", ("A representative of Belgium", "delegation", "Belgium")),
        ("The representative of the Syrian Arab Republic asked",
         ("The representative of the Syrian Arab Republic", "delegation", "Syrian Arab Republic")),
        ("The representative of Amnesty International said",
         ("The representative of Amnesty International", "observer", None)),
        ("The observer for the Holy See said", ("The observer for the Holy See", "observer", "Holy See")),
        ("The Secretary of the Committee said", ("The Secretary of the Committee", "secretariat", None)),
        ("THE CHAIRPERSON declared", ("THE CHAIRPERSON", "chair", None)),
        ("The Acting Chair said", ("The Acting Chair", "chair", None)),
        ("The Chair, speaking in her personal capacity, said", ("The Chair", "member", None)),
        ("The Chair, speaking as a member of the Committee, asked", ("The Chair", "member", None)),
        ("At the invitation of the CHAIRPERSON, Ms. KHATTAB made the following declaration",
         ("Ms. KHATTAB", "member", None)),
        # nobody takes the floor
        ("At the invitation of the Chair, Mr. Shakya (Nepal) took a place", None),
        ("Mr. Kozlov, who was convicted, said in a letter", None),
        ("Mr. Meer's report said", None),
        ("The High Commissioner had said", None),
        ("The President of the Republic said", None),
        ("The delegation should say", None),
        ("The Government said", None),
        ("The delegation of Kazakhstan withdrew", None),
        ("Mr. Pérez (Peru), Vice-Chairperson, took the Chair", None),
        ("Mister Kozlov said", None),
    ],
)  # fmt: skip
def test_who_opens(opening: str, expected: Row | None) -> None:
    floor = opens_turn(f"{opening} that much remained.")
    assert (floor and (floor.speaker, floor.role, floor.delegation)) == expected


@pytest.mark.parametrize(
    ("paren", "expected"),
    [
        ("Kazakhstan", ("delegation", "Kazakhstan")),
        ("Maravia", ("delegation", "Maravia")),
        ("European Union", ("observer", "European Union")),
        ("Secretary of the Committee", ("secretariat", None)),
        ("Country Rapporteur", ("member", None)),
        ("Vice-Chair", ("member", None)),
        ("International Commission of Jurists", ("observer", None)),
        ("spoke in Arabic", ("member", None)),
        (None, ("member", None)),
    ],
)
def test_role_of_what_stands_in_brackets(paren: str | None, expected: tuple[str, Any]) -> None:
    assert role_of(paren) == expected


@pytest.mark.parametrize(
    ("text", "starts"),
    [
        ("One. Two. Three.", ["One.", "Two.", "Three."]),
        ("Mr. A. B. Smith spoke. Ms. C left.", ["Mr. A. B. Smith spoke.", "Ms. C left."]),
        ("See para. 5 and No. 7. Next.", ["See para. 5 and No. 7.", "Next."]),
        ("It ended.The Chair rose.", ["It ended.", "The Chair rose."]),
    ],
)
def test_sentences(text: str, starts: list[str]) -> None:
    at = [*sentence_starts(text), len(text)]
    assert [text[a:b].strip() for a, b in itertools.pairwise(at)] == starts


# -- turns and voices ------------------------------------------------------------------------


def test_a_turn_goes_on_until_somebody_else_speaks() -> None:
    found, notes = assign_turns(
        paragraphs(
            "At the invitation of the Chair, the delegation took places at the Committee table.",
            "Mr. Anders (Kenya) said that it was so.",
            "There had been progress. Mr. Otieno had been convicted.",
            "The Chair thanked the delegation.",
            "It was so decided.",
            "Chapter I, as amended, was adopted.",
            "Mr. Anders said that more would follow.",
        ),
        kind="summary record",
    )
    assert who(found) == [
        None, "Mr. Anders", "Mr. Anders", "The Chair", None, None, "Mr. Anders",
    ]  # fmt: skip
    last = found[-1].turn
    assert last
    assert (last.role, last.delegation) == ("delegation", "Kenya")
    assert found[2].continued
    assert notes == ()


def test_two_speakers_in_one_paragraph_are_voices() -> None:
    found, _ = assign_turns(
        paragraphs(
            "Mr. Amir asked whether it was so. The Chair said that it was. Mr. Amir said that he "
            "was content. Mr. Banda agreed, and Mr. Amir had said so. Mr. Banda said no more.",
            "There was nothing to add.",
            "Mr. Banda thanked everybody.",
        ),
        kind="summary record",
    )
    first, second, _ = found
    assert heard(first) == [
        ("Mr. Amir", "Mr."), ("The Chair", "The"), ("Mr. Amir", "Mr."), ("Mr. Banda", "Mr."),
    ]  # fmt: skip
    assert "".join(first.text[v.start : v.end] for v in first.voices) == first.text
    assert first.turn
    assert (first.turn.speaker, first.turn.first, first.turn.last) == ("Mr. Amir", 0, 0)
    assert second.turn
    assert (second.turn.speaker, second.turn.first, second.turn.last) == ("Mr. Banda", 0, 1)
    assert second.continued


@pytest.mark.parametrize(
    "told",
    [
        "Mr. Zhovtis said that he had been beaten.",  # opens no paragraph of this record
        "The Chair had said so.",
        "“Mr. Banda said that it was late.” That was the letter.",  # within a quotation
        "The Government said that it would act.",
        "Mr. Banda hoped for more.",  # what others report of him, it may be
        "The President said that he would sign.",
    ],
)
def test_who_is_only_told_of_has_no_voice(told: str) -> None:
    found, _ = assign_turns(
        paragraphs(f"Ms. Abaka said that it was late. {told}", "Mr. Banda said no more."),
        kind="summary record",
    )
    assert found[0].voices == ()


def test_a_head_of_state_is_not_the_chair() -> None:
    found, _ = assign_turns(
        paragraphs(
            "Mr. Anders (Kenya) said that it was so.",
            "The President declared a moratorium.",
            "The Chair thanked the delegation.",
        ),
        kind="summary record",
    )
    assert who(found) == ["Mr. Anders", "Mr. Anders", "The Chair"]


def test_where_words_are_lost_nobody_is_guessed() -> None:
    lost = paragraphs(_1="Ms. Abaka said that it was late.", _4="The report was long.")
    found, notes = assign_turns(lost, kind="summary record")
    assert who(found) == ["Ms. Abaka", None]
    assert [(n.kind, n.where) for n in notes] == [("speaker not known", "4")]
    extract = paragraphs(_45="Ms. Simovich (Israel) ...", _49="Women provided continuity.")
    assert who(assign_turns(extract, kind="summary record")[0]) == ["Ms. Simovich"] * 2


@pytest.mark.parametrize("kind", ["general comment", "resolution", "judgment"])
def test_nobody_speaks_in_a_text_without_speakers(kind: str) -> None:
    found, _ = assign_turns(paragraphs("The Chair said so.", "It was late."), kind=kind)
    assert who(found) == [None, None]


def test_in_a_report_a_turn_is_one_paragraph() -> None:
    found, _ = assign_turns(paragraphs("The Chair opened the session.", "It met."), kind="report")
    assert who(found) == ["The Chair", None]


# -- spellings -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "second", "linked", "noted"),
    [
        ("Mr. Goloburda", "Mr. Goluburda", True, True),
        ("Ms. Seibert-Föhr", "Ms. Seibert-Fohr", True, True),
        ("Ms. Abdulina", "Ms. ABDULINA", True, False),
        ("Mr. Goloburda", "Ms. Goluburda", False, False),
        ("Mr. Amir", "Mr. Amor", False, False),
        ("Mr. Mukhitov", "Mr. Sakhitov", False, False),
    ],
)
def test_variants_of_a_name(first: str, second: str, linked: bool, noted: bool) -> None:
    found, notes = assign_turns(
        paragraphs(
            f"{first} (Kenya) said that it was so.",
            f"{first} said that it was late.",
            f"{second} said that it was late.",
        ),
        kind="summary record",
    )
    turn = found[2].turn
    assert turn
    assert (turn.speaker, turn.delegation) == (second, "Kenya" if linked else None)
    expected = [f"{second} in paragraph 3 is probably {first}."] if noted else []
    assert [n.what for n in notes if n.kind == "name variant"] == expected


def test_delegates_of_two_states_are_two_persons() -> None:
    _, notes = assign_turns(
        paragraphs("Mr. Goloburda (Kenya) said so.", "Mr. Goluburda (Chad) said so."),
        kind="summary record",
    )
    assert notes == ()


# -- dialogues -------------------------------------------------------------------------------

OPENING = (
    "The Working Group on the Universal Periodic Review held its session in May. "
    "The review of Chad was held at the 3rd meeting."
)
FILLER = ("Troika.", "Documents.", "Questions.")


@pytest.mark.parametrize(
    ("text", "speaker", "delegation"),
    [
        ("Morocco indicated its support.", "Morocco", "Morocco"),
        ("The representative of Kuwait noted it.", "The representative of Kuwait", "Kuwait"),
        ("The Bolivarian Republic of Venezuela asked why.", "The Bolivarian Republic of Venezuela",
         "Venezuela (Bolivarian Republic of)"),
        ("Belarus, referring to treaty bodies, noted it.", "Belarus", "Belarus"),
        ("While noting reports, in Chad and elsewhere, Senegal stressed it.", "Senegal", "Senegal"),
        ("Noting reports of abuses, the United States of America asked why.",
         "The United States of America", "United States of America"),
        ("Algeria, Bahrain and Cuba welcomed it.", "Algeria, Bahrain and Cuba", "Algeria, Bahrain, Cuba"),
        ("Finland while welcoming the law, asked about it.", "Finland", "Finland"),
        ("In response to Mali, Cuba and the Sudan, Chad stated that it was so.", "Chad", "Chad"),
        ("In response to Mali, the delegation stated that it was so.", "The delegation", "Chad"),
        ("Following the dialogue the Minister of Justice replied.", "The Minister of Justice", "Chad"),
        ("The Permanent Representative to the United Nations, Ambassador A. Bee, further provided "
         "responses to the questions.", "The Permanent Representative to the United Nations", "Chad"),
        ("The Chadian delegation stated that it was so.", "The Chadian delegation", "Chad"),
        ("Ms. Ngarsou, Minister of Justice, stated that it was so.", "Ms. Ngarsou", "Chad"),
        ("The head of delegation, Ms. Ngarsou, thanked everybody.", "The head of delegation", "Chad"),
        ("At the 3rd meeting, Ms. Ngarsou, Minister of Justice, made a statement.", "Ms. Ngarsou", "Chad"),
        ("Chad has acceded to the Convention.", "Chad", "Chad"),
        ("The delegation of Indonesia asked why.", "The delegation of Indonesia", "Indonesia"),
        # nobody
        ("Several delegations commended the report.", None, None),
        ("During the dialogue, 44 delegations made statements.", None, None),
        ("Reports from Morocco were long.", None, None),
        ("Morocco’s law was long.", None, None),
    ],
)  # fmt: skip
def test_who_speaks_in_a_dialogue(text: str, speaker: str | None, delegation: str | None) -> None:
    body = paragraphs(
        OPENING, *FILLER, "The delegation stated it.",
        "During the interactive dialogue, 44 delegations made statements.", text,
    )  # fmt: skip
    found, _ = assign_turns(body, kind="report", state="Chad")
    turn = found[-1].turn
    assert (turn and turn.speaker, turn and turn.delegation) == (speaker, delegation)


def test_a_dialogue() -> None:
    found, _ = assign_turns(
        paragraphs(
            OPENING,
            *FILLER,
            "Chad has made progress.",
            "The delegation stated that laws had been passed.",
            "In the interactive dialogue, 2 delegations made statements.",
            "Algeria commended it. The delegation asked why. Australia asked how. Chad had agreed.",
            "It also recommended a law.",
            "The delegation stated that it would act.",
            "Prisons had been built.",
            "The following recommendations enjoy the support of Chad:",
            _12_1="Ratify the Convention (Italy, Turkey);",
            _12_2="Ratify it (Niger); amend the law (Nigeria);",
            _13="All conclusions and/or recommendations reflect the position of the States.",
        ),
        kind="report",
    )
    assert who(found) == [
        None, None, None, None, "Chad", "The delegation", None, "Algeria", "Australia",
        "The delegation", "The delegation", None, "Italy, Turkey", "Niger, Nigeria", None,
    ]  # fmt: skip
    assert heard(found[7]) == [("Algeria", "Algeria"), ("Australia", "Australia")]
    italy, niger = found[12].turn, found[13].turn
    assert italy
    assert niger
    assert italy.delegation == "Italy, Türkiye"
    assert niger.delegation == "Niger, Nigeria"
    assert heard(found[13]) == [("Niger", "Ratify"), ("Nigeria", "amend")]


# -- filters ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wanted", "stored"),
    [
        ("Italy", ["Brazil, Czechia, Italy"]),
        ("Niger", ["Niger"]),
        ("nigeria", ["Nigeria"]),
        ("Guinea", []),
        ("Turkey", ["Türkiye"]),
        ("South Korea", ["Republic of Korea"]),
        ("Korea", ["Democratic People's Republic of Korea", "Republic of Korea"]),
        ("Maravia", ["Maravia"]),
        ("Mara", []),
    ],
)
def test_filter_by_delegation(wanted: str, stored: list[str]) -> None:
    delegations = [
        "Brazil, Czechia, Italy", "Niger", "Nigeria", "Equatorial Guinea, Guinea-Bissau",
        "Türkiye", "Republic of Korea", "Democratic People's Republic of Korea", "Maravia", None,
    ]  # fmt: skip
    index = Index(Path("nowhere"), embedder="none", chunk_tokens=200)
    index.catalog = SimpleNamespace(  # type: ignore[assignment]
        revision=lambda: 1,
        facts=tuple,
        speakers=lambda: [("X", name, "delegation") for name in delegations],
        headings=tuple,
        paragraph_counts=dict,
    )
    limits = index.limits(Filters(delegation=wanted), named=state_named)
    assert sorted(d or "" for _, d, _ in limits.floors or ()) == sorted(stored)


# -- whole records, read by hand -------------------------------------------------------------


def table(name: str) -> dict[str, dict[str, list[str | None]]]:
    return json.loads((CASES / name).read_text(encoding="utf-8"))


@pytest.mark.parametrize("file", table("record_speakers.json"))
def test_records(file: str) -> None:
    document = segment(read(needs(f"record/{file}")))
    assert rows(document) == table("record_speakers.json")[file]
    assert not any(p.voices for p in document.paragraphs)


@pytest.mark.parametrize("form", ["txt", "pdf"])
@pytest.mark.parametrize(
    "name", ["A_HRC_8_27__brazil2008", "A_HRC_17_11__georgia2011", "A_HRC_28_10__kazakhstan2014"]
)
def test_reviews(name: str, form: str) -> None:
    document = segment(read(needs(f"record/upr/{form}/{name}.{form}")))
    expected = table("upr_speakers.json")[document.symbol or ""]
    found = rows(document)
    assert {label: found.get(label) for label in expected} == expected
    voiced = [p.label for p in document.paragraphs if p.voices and "." not in p.label]
    assert voiced == (["6"] if "brazil" in name else [])


def test_seed_has_one_speaker_a_paragraph_and_one_variant() -> None:
    document = segment(read(needs("record/CCPR_C_SR.3272.txt")))
    assert rows(document) == json.loads((CASES / "seed_speakers.json").read_text("utf-8"))
    assert not any(p.voices for p in document.paragraphs)
    assert [n.what for n in document.notes if n.kind == "name variant"] == [
        "Mr. Goluburda in paragraph 71 is probably Mr. Goloburda."
    ]


@pytest.mark.parametrize("file", ["CCPR_C_SR.3272.txt", "sr/CEDAW_C_SR.434.txt"])
def test_a_whole_record_in_one_paragraph_has_the_same_speakers(file: str) -> None:
    """No voice is missed and none is invented where the numbers between speakers are lost."""
    document = segment(read(needs(f"record/{file}")))
    spoken = [p for p in document.paragraphs if p.turn]
    joined = " ".join(p.text for p in spoken)
    found, _ = assign_turns(
        paragraphs(joined, *(p.text for p in document.paragraphs)), kind="summary record"
    )
    printed = [p.turn.speaker for p in spoken if p.turn]
    assert [v.speaker for v in found[0].voices] == [
        name for before, name in itertools.pairwise(["", *printed]) if name != before
    ]


# -- whatever the text -----------------------------------------------------------------------

SENTENCES = st.sampled_from(
    [
        "Mr. Amir said that it was so.", "Mr. Banda (Kenya) asked why.", "The Chair thanked him.",
        "It was so decided.", "There was more.", "Chad stated that it would act.", OPENING,
        "Algeria commended it.", "The delegation stated it.", "Ratify it (Italy); act (Spain);",
        "The following recommendations enjoy the support of Chad:", "It also asked why.",
        "Ms. Abdulina replied.", "Ms. Abdulyna said so.", "“Mr. Amir said so.",
    ]
)  # fmt: skip
TEXTS = st.lists(st.lists(SENTENCES, min_size=1, max_size=5).map(" ".join), max_size=8)


@given(
    TEXTS | st.lists(st.text(max_size=80), max_size=6),
    st.sampled_from(["summary record", "report"]),
)
def test_voices_cover_a_paragraph_and_turns_hold_it(texts: list[str], kind: str) -> None:
    given_paragraphs = paragraphs(*texts)
    found, _ = assign_turns(given_paragraphs, kind=kind, state="Chad")
    assert [p.text for p in found] == texts
    for paragraph in found:
        if paragraph.voices:
            ends = [0, *(voice.end for voice in paragraph.voices)]
            assert [voice.start for voice in paragraph.voices] == ends[:-1]
            assert ends[-1] == len(paragraph.text)
            assert len(paragraph.voices) > 1
        if paragraph.turn:
            assert paragraph.turn.first <= paragraph.ordinal <= paragraph.turn.last
