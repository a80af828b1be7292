"""Verbatim records: who speaks on which page, and what is nobody's words.

Long, because a verbatim record is built line by line in each test.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.cite import symbol_from_filename
from rag.domain import Citation, LineHint, SourceText
from rag.parse.lines import Line, split
from rag.parse.pieces import without_furniture
from rag.parse.stage import Direction, direction_at, speaker_at
from rag.parse.verbatim import Cut, cut_verbatim, front_of, is_verbatim
from rag.read import read
from rag.read.text import read_text
from tests.conftest import ROOT, needs

RECORDS = ("A_48_PV.46", "A_64_PV.121", "A_76_PV.102", "S_PV.3756", "S_PV.8422")


def lines_of(text: str) -> list[Line]:
    """Lines of a plain text, with their pages: a form feed ends one."""
    return split(source_of(text))[0]


def source_of(text: str) -> SourceText:
    return read_text(Path("record.txt"), text.encode())


def cut(text: str, *, pages: bool = True) -> Cut:
    """Cut a record; a second page makes the pages known."""
    source = source_of(text + ("\f" if pages and "\f" not in text else ""))
    return cut_verbatim(source, split(source)[0], "S/PV.1")


def said(record: Cut) -> list[tuple[str, str | None, str | None, str | None, str]]:
    """Each unit as (id behind the symbol, speaker, role, delegation, words)."""
    return [
        (
            p.id.partition("#")[2],
            p.turn.speaker if p.turn else None,
            p.turn.role if p.turn else None,
            p.turn.delegation if p.turn else None,
            p.text,
        )
        for p in record.paragraphs
    ]


# -- speakers -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("The President (spoke in Arabic): Members will", ("The President", None, "Members will")),
        ("The PRESIDENT:", ("The PRESIDENT", None, "")),
        ("The Acting President (interpretation from Spanish): I",
         ("The Acting President", None, "I")),
        ("The Secretary-General: I thank", ("The Secretary-General", None, "I thank")),
        ("Mr. Marsh (Orlandia) (spoke in French): We", ("Mr. Marsh", "Orlandia", "We")),
        ("Mr. MARSH (Orlandia)(interpretation from French): We", ("Mr. MARSH", "Orlandia", "We")),
        ("Mr. Hill (spoke in French) (Orlandia): Like", ("Mr. Hill", "Orlandia", "Like")),
        ("Ms. Field (Iran (Islamic Republic of)): I",
         ("Ms. Field", "Iran (Islamic Republic of)", "I")),
        ("Sir Mark Lyall Grant (United Kingdom): I",
         ("Sir Mark Lyall Grant", "United Kingdom", "I")),
        ("Mrs. de la Vega (Orlandia): I", ("Mrs. de la Vega", "Orlandia", "I")),
        ("Mr. WANG Xue’an (China): I", ("Mr. WANG Xue’an", "China", "I")),
        ("Archbishop Hollis (Holy See): I", ("Archbishop Hollis", "Holy See", "I")),
        ("Prince Zeid Ra’ad (Jordan): I", ("Prince Zeid Ra’ad", "Jordan", "I")),
        ("H.E. Mr. Dale (Orlandia): I", ("H.E. Mr. Dale", "Orlandia", "I")),
        ("Mr. Reed, Minister for Trade of Orlandia: I", ("Mr. Reed", None, "I")),
        ("Mr. President, I have three points: peace", None),
        ("Mr. Marsh (Orlandia) said that", None),
        ("The President of Orlandia said: no", None),
        ("We have three aims: peace", None),
        ("In favour: Orlandia", None),
    ],
)  # fmt: skip
def test_who_is_announced(line: str, expected: tuple[str, str | None, str] | None) -> None:
    found = speaker_at(lines_of(line), 0)
    assert (found and (found.name, found.place, found.words)) == expected


def test_a_name_may_be_wrapped_and_stand_at_the_foot_of_a_page() -> None:
    record = cut(
        "The meeting was called to order at 3 p.m.\nThe President: I call on him.\n"
        "Mr. Marsh (Bolivarian Republic of\f\nVenezuela) (spoke in Spanish): We agree.\n"
    )
    assert said(record)[1] == (
        "p. 2", "Mr. Marsh", "delegation", "Bolivarian Republic of Venezuela", "We agree."
    )  # fmt: skip


ROLES = """The meeting was called to order at 3 p.m.
The President: I give the floor to the observer of the Holy See, to the representative of the
European Union, in its capacity as observer, and to the Permanent Observer of Palestine.
Archbishop Hollis (Holy See): One.
Mr. Pine (European Union): Two.
Mr. Rowan (Palestine): Three.
The Secretary-General: Four.
Ms. Ash (Department for General Assembly and Conference Management): Five.
Mr. Oak (Kenya): Six.
The President: I now give the floor to Mr. Elm, Under-Secretary-General for Peace Operations.
Mr. Elm: Seven.
The President: I now give the floor to Ms. Holly, Director of an institute.
Ms. Holly: Eight.
Mr. Oak: Nine.
Mr. Yew, President of the Republic of Kenya: Ten.
The Secretary of the Council: Eleven.
The Acting President: Twelve.
"""


def test_roles() -> None:
    found = [
        (speaker, role, delegation)
        for _, speaker, role, delegation, words in said(cut(ROLES))
        if not words.startswith("I ")
    ]
    assert found == [
        ("Archbishop Hollis", "observer", "Holy See"),
        ("Mr. Pine", "observer", "European Union"),
        ("Mr. Rowan", "observer", "Palestine"),
        ("The Secretary-General", "secretariat", None),
        ("Ms. Ash", "secretariat", None),
        ("Mr. Oak", "delegation", "Kenya"),
        ("Mr. Elm", "secretariat", None),
        ("Ms. Holly", "observer", None),
        ("Mr. Oak", "delegation", "Kenya"),
        ("Mr. Yew", "delegation", "Republic of Kenya"),
        ("The Secretary of the Council", "secretariat", None),
        ("The Acting President", "chair", None),
    ]


def test_the_president_may_speak_for_a_state_and_resume_the_chair() -> None:
    record = cut(
        "The meeting was called to order at 3 p.m.\n"
        "The President: I shall now make a statement in my capacity as representative of Kenya.\n\n"
        "Kenya welcomes the text.\n\nI now resume my functions as President of the Council.\n\n"
        "There are no more speakers.\n"
    )
    assert [(role, delegation) for _, _, role, delegation, _ in said(record)] == [
        ("chair", None),
        ("delegation", "Kenya"),
        ("chair", None),
    ]


# -- directions ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It was so decided.", ("event", 1)),
        ("It was so decided (decision 76/423).", ("outcome", 1)),
        ("The agenda was adopted.", ("event", 1)),
        ("The meeting was suspended at 4.35 p.m. and\nresumed at 5.15 p.m.", ("event", 2)),
        ("The meeting rose at 6 p.m.", ("event", 1)),
        ("A vote was taken by show of hands.", ("event", 1)),
        ("A recorded vote was taken.", ("event", 1)),
        ("Mr. Marsh (Orlandia), Vice-President, took\nthe Chair.", ("event", 2)),
        ("At the invitation of the President, Mr. Marsh\n(Orlandia) took a seat at the table.",
         ("event", 2)),
        ("The President returned to the Chair.", ("event", 1)),
        ("The members of the Council observed a minute of silence.", ("event", 1)),
        ("Draft resolution A/76/L.86 was adopted (resolution\n76/305).", ("outcome", 2)),
        ("Operative paragraph 7 was retained by 94 votes to 3,\nwith 28 abstentions.",
         ("outcome", 2)),
        ("(spoke in English)", ("aside", 1)),
        ("There being no objection, it is so decided.", None),
        ("A recorded vote has been requested.", None),
        ("The draft resolution has been adopted as resolution 2448.", None),
        ("The draft resolution was adopted last year. We", None),
        ("Mr. Marsh took a courageous stand.", None),
        ("The meeting was useful.", None),
    ],
)  # fmt: skip
def test_stage_directions(text: str, expected: tuple[str, int] | None) -> None:
    found = direction_at(lines_of(text), 0)
    assert found == (Direction(*expected) if expected else None)  # type: ignore[arg-type]


def test_directions_votes_and_headings_are_nobodys_words() -> None:
    record = cut(
        "The meeting was called to order at 3 p.m.\nAdoption of the agenda\n"
        "The agenda was adopted.\nThe situation in Orlandia\n"
        "The President: I put it to the vote.\nA vote was taken by show of hands.\n"
        "In favour:\nKenya, Peru and\nJapan\nAgainst:\nNone\nAbstaining:\nChina\n"
        "The President: It is adopted.\nMr. Oak (Kenya): I agree.\n"
        "Explanations of vote\nThe President: Any others?\nThe meeting rose at 4 p.m.\n"
        "The record ends here and this is furniture.\n"
    )
    assert said(record) == [
        ("p. 1", "The President", "chair", None, "I put it to the vote."),
        ("p. 1/2", None, None, None,
         "In favour: Kenya, Peru and Japan\nAgainst: None\nAbstaining: China"),
        ("p. 1/3", "The President", "chair", None, "It is adopted."),
        ("p. 1/4", "Mr. Oak", "delegation", "Kenya", "I agree."),
        ("p. 1/5", "The President", "chair", None, "Any others?"),
    ]  # fmt: skip
    assert [(e.text, e.after) for e in record.events] == [
        ("The meeting was called to order at 3 p.m.", None),
        ("The agenda was adopted.", None),
        ("A vote was taken by show of hands.", "p. 1"),
        ("The meeting rose at 4 p.m.", "p. 1"),
    ]
    assert [h.text for h in record.headings] == [
        "Adoption of the agenda",
        "The situation in Orlandia",
        "Explanations of vote",
    ]
    assert record.paragraphs[0].heading == "The situation in Orlandia"
    assert record.paragraphs[-1].heading == "Explanations of vote"


def test_a_speech_goes_on_after_a_direction_and_over_pages() -> None:
    record = cut(
        "The meeting was called to order at 3 p.m.\nMr. Oak (Kenya): First we say\f\nthis.\n"
        "Mr. Elm (Peru), Vice-President, took the Chair.\nAnd then we say that.\n"
        "The President: I call the speaker to order.\nMr. Oak (Kenya): I have finished.\n"
    )
    assert [(p.id, p.text, p.turn and (p.turn.first, p.turn.last)) for p in record.paragraphs] == [
        ("S/PV.1#p. 1", "First we say", (0, 2)),
        ("S/PV.1#p. 2", "this.", (0, 2)),
        ("S/PV.1#p. 2/2", "And then we say that.", (0, 2)),
        ("S/PV.1#p. 2/3", "I call the speaker to order.", (3, 3)),
        ("S/PV.1#p. 2/4", "I have finished.", (4, 4)),
    ]
    assert [p.continued for p in record.paragraphs] == [False, True, True, False, False]


def test_printed_paragraphs_keep_lines_of_their_own() -> None:
    def line(text: str, *, opens: bool) -> Line:
        return Line(text, 1, gap=False, hint=LineHint(indent=20.0 * opens, opens=opens))

    lines = [
        line("The meeting was called to order at 3 p.m.", opens=True),
        line("Mr. Oak (Kenya): We wel-", opens=True),
        line("come it.", opens=False),
        line("We thank all.", opens=True),
    ]
    source = SourceText(Path("x.pdf"), "0", "welcome", hints=(LineHint(),), format="pdf")
    assert [p.text for p in cut_verbatim(source, lines, "S/PV.1").paragraphs] == [
        "We welcome it.\nWe thank all."
    ]


def test_without_pages_speeches_are_counted_and_marked() -> None:
    text = "The meeting was called to order at 3 p.m.\nThe President: One.\nMr. Oak (Kenya): Two.\n"
    record = cut(text, pages=False)
    assert [(p.id, p.inferred, p.page) for p in record.paragraphs] == [
        ("S/PV.1#speeches:1", True, None),
        ("S/PV.1#speeches:2", True, None),
    ]
    assert [note.kind for note in record.notes] == ["number inferred"]
    citation = Citation("S/PV.1", "speeches", "2")
    assert Citation.parse(str(citation)) == citation
    assert record.paragraphs[0].turn is not None


@pytest.mark.parametrize(
    ("text", "symbol", "expected"),
    [
        ("The President: I agree.", "S/PV.8422", True),
        ("1. Mr. Oak (Kenya) said that he agreed.", "S/PV.8422", False),
        ("The President: One.\nMr. Oak (Kenya): Two.\nMs. Elm (Peru): Three.", None, True),
        ("Mr. Oak (Kenya): Two.\nMs. Elm (Peru): Three.\nMr. Ash (Chad): Four.", None, False),
        (
            "The President: One.\nMr. Oak (Kenya): Two.\nMs. Elm (Peru): Three.",
            "A/HRC/28/10",
            False,
        ),
        ("1. The Chair said that it was late.", None, False),
        ("", None, False),
    ],
)
def test_what_is_a_verbatim_record(text: str, symbol: str | None, expected: bool) -> None:
    assert is_verbatim(lines_of(text), symbol) is expected


WORD = st.from_regex(r"[a-z]{2,9}", fullmatch=True)
SENTENCE = st.lists(WORD, min_size=2, max_size=30).map(lambda w: " ".join(w).capitalize() + ".")
SPEAKER = st.sampled_from(["The President", "Mr. Oak (Kenya)", "Ms. Elm (Peru) (spoke in Spanish)"])


@settings(deadline=None)  # the machine may be busy
@given(
    st.lists(st.tuples(SPEAKER, SENTENCE), min_size=1, max_size=8),
    st.integers(20, 80),
    st.sets(st.integers(1, 40), max_size=4),
    st.booleans(),
)
def test_nothing_is_lost_and_every_unit_lies_on_one_page(
    speeches: list[tuple[str, str]], width: int, breaks: set[int], laid_out: bool
) -> None:
    import textwrap

    lines, opens = ["The meeting was called to order at 3 p.m."], [True]
    for speaker, words in speeches:
        wrapped = textwrap.wrap(f"{speaker}: {words}", width)
        lines += wrapped
        opens += [i == 0 for i in range(len(wrapped))]
    if not laid_out:  # what repeats on three pages of a plain text may be a running header
        breaks = set(sorted(breaks)[:1])
    text = "".join(line + ("\f" if i in breaks else "\n") for i, line in enumerate(lines)) + "\f"
    source = source_of(text)
    if laid_out:
        hints = tuple(LineHint(opens=one) for one in [*opens, True, True])
        plain = source.text.replace("\f", "\n")
        source = SourceText(source.path, "0", plain, source.pages, hints=hints, format="pdf")
    record = cut_verbatim(source, split(source)[0], "S/PV.1")
    pages = [page.split() for page in text.split("\f")]
    whole: list[tuple[str, str]] = []
    pages = [page.split() for page in text.split("\f")]
    for p in record.paragraphs:
        assert record.text[p.start : p.end] == p.text
        assert p.turn is not None
        assert p.page is not None
        if p.continued:
            whole[-1] = (whole[-1][0], f"{whole[-1][1]} {p.text}")
        else:
            whole.append((p.turn.speaker, p.text))
        on_page = " ".join(pages[p.page - 1])
        assert " ".join(p.text.split()) in on_page
    assert whole == [(speaker.split(" (")[0], words) for speaker, words in speeches]


@settings(deadline=None)  # the machine may be busy
@given(st.text(max_size=400))
def test_any_text_is_cut(text: str) -> None:
    whole = "The meeting was called to order at 3 p.m.\nThe President: " + text
    source = SourceText(Path("record.txt"), "0", whole, pages=((0, 1), (50, 2)))
    record = cut_verbatim(source, split(source)[0], "S/PV.1")
    for p in record.paragraphs:
        assert record.text[p.start : p.end] == p.text


# -- the five records -----------------------------------------------------------------------------


def real(name: str) -> tuple[SourceText, list[Line], Cut]:
    source = read(needs(f"record/pv/pdf/{name}.pdf"))
    lines, _ = split(source)
    symbol = symbol_from_filename(name)
    assert symbol is not None
    assert is_verbatim(lines, symbol)
    return source, lines, cut_verbatim(source, lines, symbol)


@pytest.mark.parametrize("name", RECORDS)
def test_speakers_of_the_records(name: str) -> None:
    table = json.loads((ROOT / "tests/cases/verbatim_speakers.json").read_text(encoding="utf-8"))
    _, _, record = real(name)
    found = [
        [p.turn.speaker, p.turn.role, p.turn.delegation, p.page]
        for p in record.paragraphs
        if p.turn and not p.continued
    ]
    assert found == table[symbol_from_filename(name)]


# Units, headings, events, units that are nobody's words (votes and outcomes).
COUNTS = {
    "A_48_PV.46": (66, 12, 11, 6),
    "A_64_PV.121": (44, 35, 19, 5),
    "A_76_PV.102": (127, 31, 17, 13),
    "S_PV.3756": (29, 3, 6, 1),
    "S_PV.8422": (21, 2, 4, 1),
}


@pytest.mark.parametrize("name", RECORDS)
def test_what_the_records_hold(name: str) -> None:
    source, _, record = real(name)
    nobody = sum(p.turn is None for p in record.paragraphs)
    found = (len(record.paragraphs), len(record.headings), len(record.events), nobody)
    assert found == COUNTS[name]
    assert record.notes == ()
    assert [p.ordinal for p in record.paragraphs] == list(range(len(record.paragraphs)))
    assert len({p.id for p in record.paragraphs}) == len(record.paragraphs)
    pages = [p.page or 0 for p in record.paragraphs]
    assert pages == sorted(pages)
    assert pages[-1] == source.pages[-1][1]
    for p in record.paragraphs:
        assert record.text[p.start : p.end] == p.text
        assert p.label == f"p. {p.page}"
        assert not re.search(r"^(?:In favour|It was so decided)", p.text) or p.turn is None


@pytest.mark.parametrize("name", RECORDS)
def test_no_word_of_the_records_is_lost_or_moved(name: str) -> None:
    """The document's text is the record's lines, in order; only the first page's foot is gone."""
    source, lines, record = real(name)
    body = without_furniture(lines[front_of(lines) :], laid_out=bool(source.hints))

    def squeezed(text: str) -> str:
        return re.sub(r"[\s-]+", "", text)

    assert squeezed(record.text) == squeezed("".join(line.text for line in body))


@pytest.mark.parametrize("name", RECORDS)
def test_plain_text_gives_nearly_the_same_speeches(name: str) -> None:
    """Where the extraction read across columns, order is lost; who speaks is not."""
    path = needs(f"record/pv/txt/{name}.txt")
    source = read_text(path, path.read_bytes())
    lines, _ = split(source)
    record = cut_verbatim(source, lines, "x")
    table = json.loads((ROOT / "tests/cases/verbatim_speakers.json").read_text(encoding="utf-8"))
    printed = sorted((s, p) for s, _, _, p in table[symbol_from_filename(name)])
    found = sorted(
        (p.turn.speaker, p.page) for p in record.paragraphs if p.turn and not p.continued
    )
    missing = [pair for pair in printed if pair not in found]
    assert len(missing) <= 0.04 * len(printed)
