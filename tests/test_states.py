"""Names of States: any form to the UN short form; in running text; behind a recommendation."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.parse import states
from rag.parse.recommendations import recommending_parts, recommending_states
from rag.parse.states import is_organisation, state_named, states_in
from tests.conftest import needs

UK = "United Kingdom of Great Britain and Northern Ireland"
DPRK = "Democratic People's Republic of Korea"
LINES = [
    line
    for line in Path(states.__file__).with_name("states.txt").read_text("utf-8").splitlines()
    if line and not line.startswith("#")
]
MEMBERS = [line.split("|")[0].strip() for line in LINES if line[0] not in "~+-"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Kazakhstan", "Kazakhstan"),
        ("Republic of Kazakhstan", "Kazakhstan"),
        ("the Republic of Korea", "Republic of Korea"),
        ("South Korea", "Republic of Korea"),
        ("Korea, Republic of", "Republic of Korea"),
        ("North Korea", DPRK),
        ("Democratic People’s Republic of Korea", DPRK),
        ("the former Yugoslav Republic of Macedonia", "North Macedonia"),
        ("Bolivia (Plurinational State of)", "Bolivia (Plurinational State of)"),
        ("Plurinational State of Bolivia", "Bolivia (Plurinational State of)"),
        ("Bolivia", "Bolivia (Plurinational State of)"),
        ("Iran (Islamic Republic of)", "Iran (Islamic Republic of)"),
        ("IRAN (ISLAMIC REPUBLIC OF)", "Iran (Islamic Republic of)"),
        ("Iran(Islamic Republic  of)", "Iran (Islamic Republic of)"),
        ("Islamic Republic of Iran", "Iran (Islamic Republic of)"),
        ("Viet Nam", "Viet Nam"),
        ("Vietnam", "Viet Nam"),
        ("Turkey", "Türkiye"),
        ("Türkiye", "Türkiye"),
        ("turkiye", "Türkiye"),
        ("Holy See", "Holy See"),
        ("Palestine", "State of Palestine"),
        ("Côte d’Ivoire", "Côte d'Ivoire"),
        ("Cote d'Ivoire", "Côte d'Ivoire"),
        ("Ivory Coast", "Côte d'Ivoire"),
        ("UK", UK),
        ("U.K.", UK),
        ("United  Kingdom ", UK),
        ("USA", "United States of America"),
        ("The Netherlands", "Netherlands (Kingdom of the)"),
        ("Czech Republic", "Czechia"),
        ("Swaziland", "Eswatini"),
        ("Cape Verde", "Cabo Verde"),
        ("Burma", "Myanmar"),
        ("Zaire", "Democratic Republic of the Congo"),
        ("Republic of the Congo", "Congo"),
        ("Libyan Arab Jamahiriya", "Libya"),
        ("East Timor", "Timor-Leste"),
        ("Guinea Bissau", "Guinea-Bissau"),
        ("St. Lucia", "Saint Lucia"),
        ("EU", "European Union"),
        ("European Union", "European Union"),
        # no State, or not one alone
        ("Korea", None),
        ("Maravia", None),
        ("Northern Ireland", None),
        ("Kazakhstan said", None),
        ("Kazakstn", None),
        ("", None),
        ("the", None),
    ],
)
def test_state_named(text: str, name: str | None) -> None:
    assert state_named(text) == name


def test_every_member_is_there() -> None:
    """193 Members, two observer States, and two States that speak in some bodies."""
    assert len(MEMBERS) == 193 + 2 + 2
    assert len(set(MEMBERS)) == len(MEMBERS)


@pytest.mark.parametrize("line", LINES)
def test_every_form_gives_its_short_form_and_no_other(line: str) -> None:
    mark, body = (line[0], line[1:]) if line[0] in "~+-" else ("", line)
    short, *rest = (part.strip() for part in body.split("|"))
    forms = [short, *rest[:1], *(x.strip() for x in ";".join(rest[1:]).split(";") if x.strip())]
    expected = None if mark == "-" else short
    for form in forms:
        assert state_named(form) == expected
        assert state_named(form.upper()) == expected
        assert ", " not in short or mark != ""  # lists of short forms are joined by commas
    assert is_organisation(short) == (mark == "+")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Equatorial Guinea and Nigeria", ["Equatorial Guinea", "Nigeria"]),
        ("Niger, not Nigeria", ["Niger", "Nigeria"]),
        ("a woman from Somalia", ["Somalia"]),
        ("Papua New Guinea; Guinea-Bissau; Guinea", ["Papua New Guinea", "Guinea-Bissau", "Guinea"]),
        ("South Sudan and the Sudan", ["South Sudan", "Sudan"]),
        ("the Dominican Republic and Dominica", ["Dominican Republic", "Dominica"]),
        ("Albania, Republic of Korea, Republic of Moldova",
         ["Albania", "Republic of Korea", "Republic of Moldova"]),
        ("Iran (Islamic Republic of), Bolivia (Plurinational State of)",
         ["Iran (Islamic Republic of)", "Bolivia (Plurinational State of)"]),
        (f"the {UK} and Ireland", [UK, "Ireland"]),
        ("China’s and Brazil's laws", ["China", "Brazil"]),
        ("He asked us; the US answered", ["United States of America"]),
        ("who is the WHO", ["World Health Organization"]),
        ("KAZAKHSTAN", ["Kazakhstan"]),
        # none
        ("Northern Ireland, New Guinea, Lake Chad, Gulf of Oman, New Mexico", []),
        ("Ms. Jordan and Mr. Chad asked", []),
        ("the turkey was served on china", []),
        ("Nigerian, Omani, Malian women", []),
    ],
)  # fmt: skip
def test_states_in(text: str, found: list[str]) -> None:
    assert [name for _, _, name in states_in(text)] == found


@pytest.mark.parametrize("name", MEMBERS)
def test_a_state_is_found_in_a_sentence_where_it_stands(name: str) -> None:
    text = f"In 2014, {name} and others made recommendations."
    (start, end, found), *others = states_in(text)
    assert (text[start:end], found, others) == (name, name, [])


@given(st.text(max_size=200))
def test_any_text_is_searched(text: str) -> None:
    for start, end, name in states_in(text):
        assert 0 <= start < end <= len(text)
        assert state_named(name) == name
    recommending_states(text)


@given(st.lists(st.sampled_from(MEMBERS), min_size=1, max_size=6, unique=True))
def test_a_list_in_brackets_gives_its_states_in_order(names: list[str]) -> None:
    text = f"Ratify the Convention (CRPD) as soon as possible ({', '.join(names)});"
    assert recommending_states(text) == tuple(names)


@pytest.mark.parametrize(
    ("text", "made_by"),
    [
        ("Ratify the Convention (Mexico);", ("Mexico",)),
        ("Ratify it (Brazil, Czech Republic, Italy)", ("Brazil", "Czechia", "Italy")),
        ("Ratify it (Algeria; Bahrain).", ("Algeria", "Bahrain")),
        ("Ratify it (Bolivia (Plurinational State of));", ("Bolivia (Plurinational State of)",)),
        ("Ratify it (Iran (Islamic Republic of)) );", ("Iran (Islamic Republic of)",)),
        ("Ratify it (Albania)/(Chile);", ("Albania", "Chile")),
        ("Ratify it (Slovakia) (Austria);", ("Slovakia", "Austria")),
        ("Ratify it (Canada); act further (Sweden);", ("Canada", "Sweden")),
        ("Ratify it (Chile) and its Protocol (Mexico);", ("Chile", "Mexico")),
        ("Ratify it (Spain) as soon as possible (France);", ("Spain", "France")),
        ("Protect those of the region (Nepal, India) who come (Peru);", ("Peru",)),
        ("Ratify it (Uruguay). );", ("Uruguay",)),
        ("Ratify it (Uruguay", ("Uruguay",)),
        ("Ratify it (The Netherlands);", ("Netherlands (Kingdom of the)",)),
        ("Ratify it (ICPPED (Togo);", ("Togo",)),
        ("Ratify it (Romania 1);", ("Romania",)),
        ("Ratify CEDAW (1979) and CRPD (Spain and Peru);", ("Spain", "Peru")),
        # a State in the sentence, an acronym, a year, an organisation: nobody recommends
        ("Continue its cooperation with China;", ()),
        ("Ratify the Convention (CEDAW);", ()),
        ("Work with the Red Cross (ICRC);", ()),
        ("Adopt the law (2008);", ()),
        ("Protect workers from neighbours (Nepal, India) who come;", ()),
        ("", ()),
    ],
)
def test_who_recommends(text: str, made_by: tuple[str, ...]) -> None:
    assert recommending_states(text) == made_by


def test_parts_cover_the_text_and_name_their_state() -> None:
    text = "Ratify it (Canada); increase efforts (Sweden, Norway);"
    parts = recommending_parts(text)
    assert [text[part.start : part.end] for part in parts] == [
        "Ratify it (Canada); ",
        "increase efforts (Sweden, Norway);",
    ]
    assert [part.printed for part in parts] == ["Canada", "Sweden, Norway"]


def test_recommending_states_of_the_gold() -> None:
    """Rows of the gold whose State is among ours; the texts whose set of States is exact."""
    rows = [
        json.loads(line)
        for line in needs("gold/upr_recommendations.jsonl").read_text("utf-8").splitlines()
    ]
    wanted: dict[tuple[str, str, str], set[str | None]] = defaultdict(set)
    among = 0
    for row in rows:
        name = state_named(row["from"])
        wanted[row["symbol"], row["number"], row["text"]].add(name)
        among += name in recommending_states(row["text"])
    exact = sum(set(recommending_states(key[2])) == names for key, names in wanted.items())
    assert among / len(rows) >= 0.999
    assert exact / len(wanted) >= 0.99
