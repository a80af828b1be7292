"""Mastheads: what is printed above the first paragraph, in every rendering; None where it is not.

Long, because each masthead is one table of what it prints.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.domain import AgendaItem, Document
from rag.parse import segment
from rag.parse.agenda import agenda_items, documents_of, without_documents
from rag.parse.dates import first_date, only_date
from rag.parse.masthead import Masthead, read_masthead
from rag.parse.review import language_of
from rag.read import read
from tests.conftest import SAMPLE, needs


def masthead(text: str, *, symbol: str | None = None, headings: tuple[str, ...] = ()) -> Masthead:
    return read_masthead(text.split("\n"), headings, symbol=symbol, text=text)


# -- dates ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("22 May 2008", date(2008, 5, 22)),
        ("20 JULY 2009", date(2009, 7, 20)),
        ("5 July2013", date(2013, 7, 5)),
        ("On March 28, 2022", date(2022, 3, 28)),
        ("Le 1er février 2010", date(2010, 2, 1)),
        ("16 novembre 2009", date(2009, 11, 16)),
        ("11 de mayo de 1994", date(1994, 5, 11)),
        ("3 de setiembre del 2001", date(2001, 9, 3)),
        ("DE 14 DE NOVEMBRO DE 2023", date(2023, 11, 14)),
        ("15 de março de 2011", date(2011, 3, 15)),
        ("on Friday, 27 July 2001, at 10 a.m.", date(2001, 7, 27)),
        ("31 June 2001", None),
        ("27 October to 7 November", None),
        ("12 Angry 2001", None),
        ("2009", None),
    ],
)
def test_dates_in_four_languages(text: str, expected: date | None) -> None:
    assert first_date(text) == expected


@pytest.mark.parametrize(
    ("line", "alone"),
    [
        ("20 July 2009", True),
        ("(29 January 2016)", True),
        ("Friday, 27 July 2001", False),
        ("[Date received: 11 December 2014]", False),
        ("1 May 2001 to 3 May 2001", False),
    ],
)
def test_a_date_of_issue_stands_alone(line: str, alone: bool) -> None:
    assert (only_date(line) is not None) is alone


# -- parts of a masthead ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "session"),
    [
        ("Seventy-second session", "Seventy-second session"),
        ("FORTY-EIGHTH SESSION", "Forty-eighth session"),
        ("11 7 th session", "117th session"),
        ("102nd session", "102nd session"),
        ("Twenty–fourth session", "Twenty-fourth session"),
        ("Tenth emergency special session", "Tenth emergency special session"),
        ("Resumed forty-third session", "Resumed forty-third session"),
        ("Sixty-fourth session (resumed)", "Sixty-fourth session (resumed)"),
        ("One hundred and twelfth session", "One hundred and twelfth session"),
        ("Substantive session of 2009", "Substantive session of 2009"),
        ("2009 resumed session", "2009 resumed session"),
        ("Fifty-second Year", "Fifty-second Year"),
        ("Septième session", "Septième session"),
        ("102e session", "102e session"),
        ("Cuadragésimo octavo período de sesiones", "Cuadragésimo octavo período de sesiones"),
        ("Closure of the session", None),
        ("Report of the Committee at its sixty-seventh session", None),
        ("Organization of the present session", None),
        ("The second session was short", None),
    ],
)
def test_sessions(line: str, session: str | None) -> None:
    assert masthead(line).session == session


@pytest.mark.parametrize(
    ("text", "meeting"),
    [
        ("Summary record of the 3272nd meeting", 3272),
        ("SUMMARY RECORD OF THE SECOND PART (PUBLIC)*\nOF THE 1955th MEETING", 1955),
        ("SUMMARY RECORD (PARTIAL)* OF THE 778th MEETING", 778),
        ("Summary record of the first part (public) of the 5th meeting", 5),
        ("Summary record of the 11 7 th meeting", 117),
        ("Summary record of the twenty-second meeting", 22),
        ("Compte rendu analytique de la 2812e séance", 2812),
        ("Acta resumida de la 2812ª sesión", 2812),
        ("Summary record of a meeting", None),
    ],
)
def test_meetings(text: str, meeting: int | None) -> None:
    assert masthead(text).meeting == meeting


@pytest.mark.parametrize(
    ("text", "meeting"),
    [("46th\nPLENARY MEETING", 46), ("8422\nnd meeting", 8422), ("3756th Meeting", 3756)],
)
def test_meetings_of_verbatim_records(text: str, meeting: int) -> None:
    assert masthead("Provisional verbatim record\n" + text).meeting == meeting


@pytest.mark.parametrize(
    ("text", "chair"),
    [
        ("Chairperson: Mr. MARSH", "Mr. MARSH"),
        ("Chair:Mr. Marsh", "Mr. Marsh"),
        ("Chairperson: Mr. Marsh (Vice-Chairperson) ........... (Peru)",
         "Mr. Marsh (Vice-Chairperson) (Peru)"),
        ("President: Mr. Marsh. . . . . . . (Côte d’Ivoire)", "Mr. Marsh (Côte d’Ivoire)"),
        ("President:\nMr. Marsh . . . . . .\n(Côte d’Ivoire)", "Mr. Marsh (Côte d’Ivoire)"),
        ("Président: M. Marsh", "M. Marsh"),
        ("Presidenta: Sra. Marsh", "Sra. Marsh"),
        ("Chair: Mr. Marsh\nlater: Ms. Hill (Vice-Chair)",
         "Mr. Marsh; later: Ms. Hill (Vice-Chair)"),
        ("The Chair: thanked", None),
        ("President of the Council", None),
    ],
)  # fmt: skip
def test_chairs(text: str, chair: str | None) -> None:
    assert masthead(text).chair == chair


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("Held at the Palais Wilson, Geneva,\non Friday, 27 July 2001, at 10 a.m.",
         (date(2001, 7, 27), "Palais Wilson, Geneva")),
        ("Held at Headquarters, New York, on Tuesday, 15 June 1999, at 10 a.m.",
         (date(1999, 6, 15), "Headquarters, New York")),
        ("Summary record of the 9th meeting Held at X Hall, Valmont, on 4 March 2024, at 3 p.m.",
         (date(2024, 3, 4), "X Hall, Valmont")),
        ("tenue au Palais Wilson, à Genève, le jeudi 23 juin 2016, à 10 heures",
         (date(2016, 6, 23), "Palais Wilson, à Genève")),
        ("celebrada en el Palais Wilson, Ginebra, el jueves 23 de junio de 2016",
         (date(2016, 6, 23), "el Palais Wilson, Ginebra")),
        ("Thursday, 13 December 2018, 3 p.m.\nNew York", (date(2018, 12, 13), "New York")),
        ("Monday, 1 November 1993\nat 3 p.m.\nOfficial Records\nNEW YORK",
         (date(1993, 11, 1), "New York")),
        ("The review was held at the 7th meeting, on 30 October 2014.", (None, None)),
    ],
)  # fmt: skip
def test_when_and_where_a_meeting_was_held(text: str, held: tuple[date | None, str | None]) -> None:
    found = masthead("Summary record of the 9th meeting\n" + text)
    assert (found.held_on, found.place) == held


@pytest.mark.parametrize(
    ("lines", "state"),
    [
        ("Report of the Working Group on the Universal\nPeriodic Review*\nMaravia", "Maravia"),
        ("Report of the Working Group on the Universal Periodic Review\nBURKINA FASO",
         "Burkina Faso"),
        ("National report submitted in accordance with paragraph 5\nof the annex*\nMaravia",
         "Maravia"),
        ("Second periodic reports of States parties due in 2014\nCôte d’Ivoire *",
         "Côte d’Ivoire"),
        ("Concluding observations on the second periodic report of Bosnia and Herzegovina*",
         "Bosnia and Herzegovina"),
        ("Concluding observations on the initial report of the Lao People’s Democratic Republic",
         "Lao People’s Democratic Republic"),
        ("Third periodic report of Iran (Islamic Republic of)", "Iran (Islamic Republic of)"),
        ("Replies of Maravia to the list of issues", "Maravia"),
        ("Report of Chad", "Chad"),
        # Where it was adopted is not whom it is about.
        ("Concluding observations on the fourth periodic report of Maravia\n\nAdopted at its 9th "
         "meeting, at the Maison des Roches,\nValmont", "Maravia"),
        ("Views adopted by the Committee, concerning communication No. 4/2019\nState party: Maravia",
         "Maravia"),
        ("Report of the Subcommittee on its visit to Maravia under article 11", "Maravia"),
        ("Report of the Working Group on State Review\nMaravia", "Maravia"),
        ("Second periodic reports of States parties due in 2014", None),
        ("Report of the Committee to the General Assembly", None),
        ("Report of the International Atomic Energy Agency", None),
        ("Second review of the Adaptation Fund", None),
    ],
)  # fmt: skip
def test_the_state_under_review(lines: str, state: str | None) -> None:
    assert masthead(lines).state == state


@pytest.mark.parametrize(
    ("text", "reissue"),
    [
        ("A/HRC/11/25*\nUnited Nations", "*"),
        ("United Nations A/HRC/11/25**\nDistr.: General", "**"),
        ("United Nations / A/HRC/11/25 *", "*"),
        ("A/HRC/11/25\nReport*", None),
        ("A/HRC/11/26*\nA/HRC/11/25", None),  # another document's mark
    ],
)
def test_reissue_marks(text: str, reissue: str | None) -> None:
    assert masthead(text, symbol="A/HRC/11/25").reissue == reissue


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("The Committee had considered the report of the State party and that was all.", "en"),
        ("Le Comité a examiné le rapport de la délégation et les réponses.", "fr"),
        ("El Comité examinó el informe de la delegación y las respuestas.", "es"),
        ("O Comitê examinou o relatório da delegação e não as respostas ao Estado.", "pt"),
        ("Комитет рассмотрел доклад", "ru"),
        ("نظرت اللجنة في التقرير", "ar"),
        ("委员会审议了报告", "zh"),
    ],
)
def test_the_language_is_that_of_the_text(text: str, code: str) -> None:
    assert language_of("Original: RUSSIAN\n" * (code == "en") + text) == code


# -- agenda and the documents that headings cite ----------------------------------------------------


@pytest.mark.parametrize(
    ("heading", "symbols"),
    [
        ("Second report (continued) (CCPR/C/KAZ/2; CCPR/C/KAZ/Q/2 and Add.1)",
         ("CCPR/C/KAZ/2", "CCPR/C/KAZ/Q/2", "CCPR/C/KAZ/Q/2/Add.1")),
        ("DRAFT RESOLUTION (A/48/L.13 and Corr.1)", ("A/48/L.13", "A/48/L.13/Corr.1")),
        ("Report (A/64/79-E/2009/74)", ("A/64/79", "E/2009/74")),
        ("Letter dated 19 March 1997 (S/1997/235)", ("S/1997/235",)),
        ("Other matters (agenda item 4)", ()),
        pytest.param(
            "Advancement of women (A/64/79-E/2009/74; A/64/151, 152, 164, 190 and 342)",
            ("A/64/79", "E/2009/74", "A/64/151", "A/64/152", "A/64/164", "A/64/190", "A/64/342"),
            marks=pytest.mark.xfail(strict=True, reason="grammar: numbers listed after A/64/151"),
        ),
        (
            "Report (CERD/C/80/R.2 and Add . 1 - 3)",
            ("CERD/C/80/R.2", "CERD/C/80/R.2/Add.1", "CERD/C/80/R.2/Add.2", "CERD/C/80/R.2/Add.3"),
        ),
    ],
)  # fmt: skip
def test_the_documents_of_a_heading(heading: str, symbols: tuple[str, ...]) -> None:
    assert documents_of(heading) == symbols


def test_a_heading_without_its_documents() -> None:
    assert without_documents("Women ( continued) (A/64/38)") == "Women (continued)"
    assert without_documents("Reform (agenda item 4)") == "Reform (agenda item 4)"


@pytest.mark.parametrize(
    ("masthead_lines", "contents", "headings", "items"),
    [
        (["Agenda item 6", "Universal Periodic Review", "Report of the Working Group"], [], [],
         [("6", "Universal Periodic Review", ())]),
        (["Agenda item 119 (b)", "Human rights questions, including", "alternative approaches"],
         [], [], [("119 (b)", "Human rights questions, including alternative approaches", ())]),
        (["Item 5 of the provisional agenda", "Consideration of reports"], [], [],
         [("5", "Consideration of reports", ())]),
        (["Agenda item 165", "RESOLUTION ADOPTED BY THE GENERAL ASSEMBLY"], [], [],
         [("165", "", ())]),
        (["Tema 165 del programa"], [], [], [("165", "", ())]),
        ([], ["Opening of the session", "Other matters"], ["Other matters (A/64/38)"],
         [(None, "Opening of the session", ()), (None, "Other matters", ("A/64/38",))]),
        ([], ["OTHER MATTERS"], ["OTHER MATTERS (agenda item 3)"], [("3", "OTHER MATTERS", ())]),
        ([], [], ["Agenda item 62: Women (continued) (A/64/38)", "(a) Women (continued)"],
         [("62", "Women (continued)", ("A/64/38",)), ("62 (a)", "Women (continued)", ())]),
        ([], [], ["Agenda items 21 to 23", "One", "Two", "Three", "Draft (A/64/L.1)"],
         [("21", "One", ()), ("22", "Two", ()), ("23", "Three", ())]),
        ([], [], ["Agenda items 21 to 23", "One", "Two"], [("21 to 23", "One; Two", ())]),
        ([], [], ["Agenda item 48 and 114 (continued)", "One", "Two", "Draft resolution (A/64/L.7)"],
         [("48", "One", ("A/64/L.7",)), ("114", "Two", ("A/64/L.7",))]),
        ([], [], ["A. Interactive dialogue", "II. Conclusions"], []),
    ],
)  # fmt: skip
def test_agenda_items(
    masthead_lines: list[str],
    contents: list[str],
    headings: list[str],
    items: list[tuple[str | None, str, tuple[str, ...]]],
) -> None:
    found = agenda_items(masthead_lines, contents, headings)
    assert found == tuple(AgendaItem(*item) for item in items)


def test_a_masthead_of_one_word_a_line() -> None:
    found = masthead(
        "UNITED\nNATIONS\nCCPR\nInternational covenant\non civil and\npolitical rights\nDistr.\n"
        "GENERAL\n17 October 2001\nENGLISH\nOriginal: FRENCH\nHUMAN RIGHTS COMMITTEE\n"
        "Seventy-second session\nSUMMARY RECORD OF THE 1955th MEETING\n"
        "Held at the Palais Wilson, Geneva,\non Friday, 27 July 2001, at 10 a.m.\n"
        "Chairperson: Mr. MARSH\nCONTENTS\nOTHER MATTERS\n"
        "The public part of the meeting was called to order at 11.10 a.m.\nThe rest"
    )
    assert found.body == "Human Rights Committee"
    assert (found.session, found.meeting) == ("Seventy-second session", 1955)
    assert (found.held_on, found.issued_on) == (date(2001, 7, 27), date(2001, 10, 17))
    assert (found.place, found.chair) == ("Palais Wilson, Geneva", "Mr. MARSH")
    assert found.agenda == (AgendaItem(None, "OTHER MATTERS"),)


def test_a_masthead_on_one_line() -> None:
    found = masthead(
        "Distr.: General 17 June 2010 Original: English General Assembly Human Rights Council "
        "Fifteenth session Agenda item 6 Universal Periodic Review Report of the Working Group on "
        "the UniversalPeriodic Review* Maravia * Previously issued. Contents Paragraphs Page "
        "Introduction............ 1-4 3",
        symbol="A/HRC/15/8",
    )
    assert found.session == "Fifteenth session"
    assert found.issued_on == date(2010, 6, 17)
    assert found.agenda[0].number == "6"


@pytest.mark.parametrize("text", ["", "1. Opened.", "Some words that are no masthead\nat all."])
def test_what_is_not_printed_is_none(text: str) -> None:
    found = masthead(text)
    facts = (found.body, found.session, found.meeting, found.held_on, found.issued_on, found.place)
    assert facts == (None,) * 6
    assert (found.chair, found.state, found.reissue, found.agenda) == (None, None, None, ())


LINE = st.one_of(
    st.text(max_size=80),
    st.sampled_from(
        ["Agenda item 6", "Contents", "President:", "Distr.", "46th", "Held at", "on 3 May 2001",
         "Agenda items 21 to 26", "(a) Women", "Summary record of the", "A/48/L.13*", "CASO A vs. B"]
    ),
)  # fmt: skip


@settings(deadline=None)  # the machine may be busy
@given(st.lists(LINE, max_size=12), st.lists(LINE, max_size=4))
def test_any_lines_are_read(lines: list[str], headings: list[str]) -> None:
    for symbol in (None, "CCPR/C/SR.3272", "S/PV.8422", "A/RES/48/246", "A/HRC/28/10"):
        found = read_masthead(lines, headings, symbol=symbol, text="\n".join(lines))
        assert found.title
        assert all(item.number or item.title for item in found.agenda)


# -- real documents: typed by hand from the files ---------------------------------------------------


@dataclass(frozen=True)
class Fact:
    """What a document's masthead prints."""

    path: str
    symbol: str | None
    kind: str
    body: str | None
    session: str | None = None
    meeting: int | None = None
    held: date | None = None
    issued: date | None = None
    place: str | None = None
    chair: str | None = None
    state: str | None = None
    language: str = "en"
    # (number, how many documents); None: in the table of what is not right yet
    agenda: tuple[tuple[str | None, int], ...] | None = ()
    reissue: str | None = None


HRC, HR = "Human Rights Council", "Human Rights Committee"
WILSON = "Palais Wilson, Geneva"
EXCERPTS = "record/excerpts/"
FACTS = [
    Fact(EXCERPTS + "A_C.3_64_SR.11.unispal_extract.txt", "A/C.3/64/SR.11", "summary record",
         "Third Committee", None, 11, date(2009, 10, 13), date(2009, 10, 27),
         "Headquarters, New York", "Mr. Pérez (Vice-Chairperson) (Peru)",
         agenda=None),
    Fact(EXCERPTS + "A_HRC_28_10.docsbay_markdown.txt", "A/HRC/28/10", "report", HRC,
         "Twenty-eighth session", issued=date(2014, 12, 10), state="Kazakhstan",
         agenda=(("6", 0),)),
    Fact(EXCERPTS + "CCPR_C_GC_36.scribd_pdftext.txt", "CCPR/C/GC/36", "general comment", HR,
         issued=date(2019, 9, 3)),
    Fact(EXCERPTS + "CCPR_C_KAZ_2.docstore_html.txt", "CCPR/C/KAZ/2", "report", HR,
         issued=date(2015, 2, 12), state="Kazakhstan"),
    Fact(EXCERPTS + "CCPR_C_KAZ_CO_2.docstore_html.txt", "CCPR/C/KAZ/CO/2",
         "concluding observations", HR, issued=date(2016, 8, 9), state="Kazakhstan"),
    Fact(EXCERPTS + "CCPR_C_SR.1955_Add.1.docstore_html.txt", "CCPR/C/SR.1955/Add.1",
         "summary record", HR, "Seventy-second session", 1955, date(2001, 7, 27),
         date(2001, 10, 17), WILSON, "Mr. BHAGWATI", agenda=(("4", 0), ("3", 0))),
    Fact(EXCERPTS + "CCPR_C_SR.2812.docstore_html.txt", "CCPR/C/SR.2812", "summary record", HR,
         "102nd session", 2812, date(2011, 7, 15), date(2011, 12, 22), WILSON, "Ms. Majodina",
         "Kazakhstan", agenda=((None, 0), (None, 3))),
    Fact(EXCERPTS + "CCPR_C_SR.3272.docstore_html.txt", "CCPR/C/SR.3272", "summary record", HR,
         "117th session", 3272, date(2016, 6, 23), None, WILSON, "Mr. Salvioli", "Kazakhstan",
         agenda=((None, 0), (None, 3))),
    Fact(EXCERPTS + "CERD_C_SR.2165.docstore_html.txt", "CERD/C/SR.2165", "summary record",
         "Committee on the Elimination of Racial Discrimination", "Eightieth session", 2165,
         date(2012, 3, 9), date(2012, 10, 31), WILSON, "Mr. Avtonomov",
         agenda=None),
    Fact(EXCERPTS + "CRC_C_SR.778.docstore_html.txt", "CRC/C/SR.778", "summary record",
         "Committee on the Rights of the Child", "Thirtieth session", 778, date(2002, 5, 21),
         date(2002, 9, 13), WILSON, "Mr. DOEK",
         agenda=None),
    Fact("record/sr/CEDAW_C_SR.434.txt", "CEDAW/C/SR.434", "summary record",
         "Committee on the Elimination of Discrimination against Women", "Twenty-first session",
         434, date(1999, 6, 15), None, "Headquarters, New York",
         "Ms. Ouedraogo (Vice-Chairperson)", "Nepal", agenda=((None, 1),)),
    Fact("record/CCPR_C_SR.3272.txt", "CCPR/C/SR.3272", "summary record", HR, None, 3272,
         state="Kazakhstan"),
    Fact("record/misc/A_C.3_56_L_right_to_development_draft_453500.txt", None, "draft resolution",
         "Third Committee", "Fifty-sixth session", issued=date(2001, 11, 28),
         agenda=(("119 (b)", 0),)),
    Fact("record/upr/pdf/A_HRC_28_10__kazakhstan2014.pdf", "A/HRC/28/10", "report", HRC,
         "Twenty-eighth session", issued=date(2014, 12, 10), state="Kazakhstan",
         agenda=(("6", 0),)),
    Fact("record/upr/pdf/A_HRC_11_25__china2009.pdf", "A/HRC/11/25", "report", HRC,
         "Eleventh session", issued=date(2009, 10, 5), state="China", agenda=(("6", 0),),
         reissue="*"),
    Fact("record/upr/pdf/A_HRC_10_80__burkinafaso2009.pdf", "A/HRC/10/80", "report", HRC,
         "Tenth session", issued=date(2009, 1, 7), state="Burkina Faso", agenda=(("6", 0),)),
    Fact("record/upr/pdf/A_HRC_12_9__afghanistan2009.pdf", "A/HRC/12/9", "report", HRC,
         "Twelfth session", issued=date(2009, 7, 20), state="Afghanistan", agenda=(("6", 0),)),
    Fact("record/upr/pdf/A_HRC_24_7__uzbekistan2013.pdf", "A/HRC/24/7", "report", HRC,
         "Twenty-fourth session", issued=date(2013, 7, 5), state="Uzbekistan",
         agenda=(("6", 0),)),
    Fact("record/pv/pdf/A_48_PV.46.pdf", "A/48/PV.46", "verbatim record", "General Assembly",
         "Forty-eighth session", 46, date(1993, 11, 1), date(1993, 11, 22), "New York",
         "Mr. INSANALLY (Guyana)", agenda=(("14", 0), ("14 (a)", 1), ("14 (b)", 2), ("47", 0))),
    Fact("record/pv/pdf/A_64_PV.121.pdf", "A/64/PV.121", "verbatim record", "General Assembly",
         "Sixty-fourth session", 121, date(2010, 9, 13), None, "New York",
         "Mr. Ali Abdussalam Treki (Libyan Arab Jamahiriya)",
         agenda=(("13", 0), ("21", 0), ("22", 0), ("23", 0), ("24", 0), ("25", 0), ("26", 0),
                 ("48", 1), ("114", 1), ("52", 1), ("53", 0), ("53 (b)", 2), ("53 (f)", 1),
                 ("118", 1), ("119", 0), ("122", 0), ("151", 0))),
    Fact("record/pv/pdf/A_76_PV.102.pdf", "A/76/PV.102", "verbatim record", "General Assembly",
         "Seventy-sixth session", 102, date(2022, 9, 8), None, "New York",
         "Mr. Shahid (Maldives)",
         agenda=(("66", 1), ("100", 1), ("124", 2), ("117", 0), ("117 (i)", 1), ("14", 0),
                 ("35", 0), ("35 (b)", 0), ("41", 0), ("67", 1), ("89", 0), ("121", 0),
                 ("127", 0), ("156", 0))),
    Fact("record/pv/pdf/S_PV.3756.pdf", "S/PV.3756", "verbatim record", "Security Council",
         "Fifty-second Year", 3756, date(1997, 3, 21), None, "New York",
         "Mr. Wlosowicz (Poland)", agenda=((None, 0), (None, 1))),
    Fact("record/pv/pdf/S_PV.8422.pdf", "S/PV.8422", "verbatim record", "Security Council",
         "Seventy-third year", 8422, date(2018, 12, 13), None, "New York",
         "Mr. Adom (Côte d’Ivoire)", agenda=((None, 0),)),
    Fact("gold/paragraph_gold/pdfs/ohchr_2_en.pdf", "A/HRC/WG.6/7/ITA/1", "report",
         "Working Group on the Universal Periodic Review", "Seventh session",
         issued=date(2009, 11, 16), place="Geneva", state="Italy"),
    Fact("gold/paragraph_gold/pdfs/ohchr_2_fr.pdf", "A/HRC/WG.6/7/ITA/1", "report",
         "Working Group on the Universal Periodic Review", "Septième session",
         issued=date(2009, 11, 16), place="Genève", state="Italie", language="fr"),
    Fact("gold/paragraph_gold/pdfs/plan_1_en.pdf", "A/RES/48/246", "resolution",
         "General Assembly", "Forty-eighth session", 92, date(1994, 4, 5), date(1994, 5, 11),
         agenda=(("165", 0),)),
    Fact("gold/paragraph_gold/pdfs/plan_1_es.pdf", "A/RES/48/246", "resolution",
         "General Assembly", "Cuadragésimo octavo período de sesiones", 92, date(1994, 4, 5),
         date(1994, 5, 11), language="es", agenda=(("165", 0),)),
    Fact("gold/paragraph_gold/pdfs/cejil_2_es.pdf", None, "order",
         "Corte Interamericana de Derechos Humanos", issued=date(2023, 11, 14), state="Brasil",
         language="es"),
    Fact("gold/paragraph_gold/pdfs/cejil_2_pt.pdf", None, "order",
         "Corte Interamericana de Direitos Humanos", issued=date(2023, 11, 14), state="Brasil",
         language="pt"),
    Fact("gold/paragraph_gold/pdfs/ihrda_2_en.pdf", "ECW/CCJ/JUD/16/22", "judgment",
         "Court of Justice of the Economic Community of West African States",
         issued=date(2022, 3, 28), state="Republic of Senegal"),
    Fact("gold/paragraph_gold/pdfs/ihrda_2_fr.pdf", "ECW/CCJ/JUD/16/22", "judgment",
         "Cour de Justice de la Communaute Economique des Etats de l’Afrique de l’Ouest",
         issued=date(2022, 3, 28), state="État du Sénégal", language="fr"),
]  # fmt: skip


def counts(document: Document) -> tuple[tuple[str | None, int], ...]:
    return tuple((item.number, len(item.documents)) for item in document.agenda)


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.path.rpartition("/")[2])
def test_mastheads_of_real_documents(fact: Fact) -> None:
    document = segment(read(needs(fact.path)))
    found = Fact(
        fact.path, document.symbol, document.kind, document.body, document.session,
        document.meeting, document.held_on, document.issued_on, document.place, document.chair,
        document.state, document.language,
        counts(document) if fact.agenda is not None else None, document.reissue,
    )  # fmt: skip
    assert found == fact


@pytest.mark.parametrize(
    ("name", "agenda"),
    [
        pytest.param(
            "A_C.3_64_SR.11.unispal_extract.txt",
            (("62", 1), ("62 (a)", 7), ("62 (b)", 1)),
            marks=pytest.mark.xfail(strict=True, reason="grammar: numbers listed after A/64/151"),
        ),
        pytest.param(
            "CERD_C_SR.2165.docstore_html.txt",
            ((None, 7), (None, 0), (None, 0)),
        ),
        pytest.param(
            "CRC_C_SR.778.docstore_html.txt",
            (("1", 1), ("1 bis", 0), (None, 0), (None, 0)),
        ),
    ],
)
def test_agendas_that_are_not_right_yet(
    name: str, agenda: tuple[tuple[str | None, int], ...]
) -> None:
    assert counts(segment(read(needs(EXCERPTS + name)))) == agenda


@pytest.mark.parametrize(
    ("name", "held", "issued", "items"),
    [("CCLP_C_SR.411", date(2024, 3, 4), date(2024, 3, 18), (0, 3)),
     ("CCLP_C_SR.412", date(2024, 3, 5), date(2024, 3, 20), (0, 3, 0)),
     ("CCLP_C_MRV_CO_3", None, date(2024, 3, 28), ()),
     ("CCLP_C_MRV_Q_3", None, date(2023, 11, 6), (0,))],
)  # fmt: skip
def test_mastheads_of_the_sample(
    name: str, held: date | None, issued: date, items: tuple[int, ...]
) -> None:
    document = segment(read(SAMPLE / f"{name}.txt"))
    assert (document.held_on, document.issued_on) == (held, issued)
    assert document.body == "Committee on Civil Liberties"
    assert document.state == "Maravia"
    assert tuple(len(item.documents) for item in document.agenda) == items
    if held:
        assert document.place == "Palais des Roches, Valmont"
        assert document.chair == "Ms. Oyelaran"


# Session, day of issue and State of the 40 reports of the Universal Periodic Review.
REVIEWS = """
8 2008-05-22 bahrain Bahrain | 8 2008-05-13 ecuador Ecuador | 8 2008-05-23 india India
8 2008-05-22 brazil Brazil | 8 2008-06-03 france France | 8 2008-06-05 tonga Tonga
10 2009-01-08 serbia Serbia | 10 2009-01-06 turkmenistan Turkmenistan
10 2009-01-07 burkinafaso Burkina Faso | 10 2009-01-09 colombia Colombia
11 2009-10-05 china China | 11 2009-05-29 mexico Mexico | 12 2009-06-05 yemen Yemen
12 2009-07-20 afghanistan Afghanistan | 13 2010-01-04 albania Albania
14 2010-03-24 angola Angola | 14 2010-03-26 egypt Egypt | 15 2010-06-16 kyrgysztan Kyrgyzstan
15 2010-06-17 kenya Kenya | 17 2011-03-16 georgia Georgia | 17 2011-03-14 rwanda Rwanda
18 2011-07-11 samoa Samoa | 19 2011-12-14 moldova Republic of Moldova
19 2011-12-12 tajikistan Tajikistan | 19 2011-12-21 ireland Ireland | 21 2012-07-09 brazil Brazil
22 2012-12-14 japan Japan | 22 2012-12-27 peru Peru | 22 2012-12-12 argentina Argentina
22 2012-12-20 ukraine Ukraine | 24 2013-06-28 canada Canada | 24 2013-07-08 bangladesh Bangladesh
24 2013-07-08 cuba Cuba | 24 2013-07-05 uzbekistan Uzbekistan | 24 2013-07-08 germany Germany
26 2014-04-02 chile Chile | 27 2014-06-27 qatar Qatar | 27 2014-07-07 norway Norway
28 2014-12-10 kazakhstan Kazakhstan | 28 2014-12-24 egypt Egypt
"""
ORDINALS = {
    8: "Eighth", 10: "Tenth", 11: "Eleventh", 12: "Twelfth", 13: "Thirteenth", 14: "Fourteenth",
    15: "Fifteenth", 17: "Seventeenth", 18: "Eighteenth", 19: "Nineteenth", 21: "Twenty-first",
    22: "Twenty-second", 24: "Twenty-fourth", 26: "Twenty-sixth", 27: "Twenty-seventh",
    28: "Twenty-eighth",
}  # fmt: skip


def test_mastheads_of_all_reviews() -> None:
    folder = needs("record/upr/txt")
    rows = [row.split(" ", 3) for line in REVIEWS.split("\n") for row in line.split(" | ") if row]
    assert len(rows) == 40
    for session, issued, name, state in rows:
        (path,) = folder.glob(f"A_HRC_{session}_*__{name}20*.txt")
        text = read(path).text
        found = read_masthead(text.split("\n")[:70], [], symbol=None, text=text)
        assert (found.state, found.session) == (state, f"{ORDINALS[int(session)]} session"), name
        assert found.issued_on == date.fromisoformat(issued), name
        assert (
            found.title == f"Report of the Working Group on the Universal Periodic Review: {state}"
        )
