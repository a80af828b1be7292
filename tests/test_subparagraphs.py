"""Sub-paragraphs: what is a part of a paragraph, what is only a reference, and its inverse."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.subparagraphs import subparagraphs


def parts(text: str) -> dict[str, str]:
    return {part.mark: text[part.start : part.end] for part in subparagraphs(text)}


LETTERS = [chr(code) for code in range(ord("a"), ord("z") + 1)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "It should:\n(a) Act;\n(b) Report.",
            {"(a)": "(a) Act;", "(b)": "(b) Report."},
        ),
        (
            "The State party should: (a) Act; and (b) Report.",
            {"(a)": "(a) Act; and", "(b)": "(b) Report."},
        ),
        (
            "It said that (a) 12 were open, and (b) 3 were shut.",
            {"(a)": "(a) 12 were open, and", "(b)": "(b) 3 were shut."},
        ),
        (
            "To:\n(a) Ensure:\n(i) Now;\n(ii) Then;\n(b) Report.",
            {
                "(a)": "(a) Ensure:\n(i) Now;\n(ii) Then;",
                "(a) (i)": "(i) Now;",
                "(a) (ii)": "(ii) Then;",
                "(b)": "(b) Report.",
            },
        ),
        (
            "(a) (i) First; (ii) Second; (b) Last.",
            {
                "(a)": "(a) (i) First; (ii) Second;",
                "(a) (i)": "(i) First;",
                "(a) (ii)": "(ii) Second;",
                "(b)": "(b) Last.",
            },
        ),
        (
            "The following: (1) One; (2) two; and (3) three.",
            {"(1)": "(1) One;", "(2)": "(2) two; and", "(3)": "(3) three."},
        ),
        (
            "L'État devrait: a) Agir; b) Faire rapport.",
            {"(a)": "a) Agir;", "(b)": "b) Faire rapport."},
        ),
        # a second list begins anew only inside an item
        (
            "It should: (a) Act; (b) Report: (i) now; (ii) then.",
            {
                "(a)": "(a) Act;",
                "(b)": "(b) Report: (i) now; (ii) then.",
                "(b) (i)": "(i) now;",
                "(b) (ii)": "(ii) then.",
            },
        ),
        # references to another text's sub-paragraphs
        ("Under article 12 (b) of the Code, and article 12 (a), (b) there.", {}),
        ("Sub-paragraphs (a) and (b) of article 3 were amended.", {}),
        ("Articles 6 (a) and 7 (b), in particular, apply.", {}),
        ("Option (a) was preferred to option (b) by most.", {}),
        ("Recommendations 126.48 (a) to 126.50 (b) were noted.", {}),
        # no list
        ("It should: (a) Act.", {}),
        ("It should: (b) Act; (c) Report.", {}),
        ("The Committee (see above) noted the law (No. 3) of 2010.", {}),
        ("No mark at all.", {}),
        ("", {}),
        # a reference inside an item does not end it
        (
            "It should: (a) Amend article 9 (b) of the Code; (b) Report.",
            {"(a)": "(a) Amend article 9 (b) of the Code;", "(b)": "(b) Report."},
        ),
    ],
)
def test_the_parts_of_a_paragraph(text: str, found: dict[str, str]) -> None:
    assert parts(text) == found


def test_the_letter_i_stands_behind_h_and_the_number_i_under_a_letter() -> None:
    text = "It should: " + " ".join(f"({letter}) do {letter * 3};" for letter in LETTERS[:11])
    assert list(parts(text)) == [f"({letter})" for letter in LETTERS[:11]]
    nested = text.replace("(i) do iii;", "(i) one; (ii) two; (i) do iii;")
    assert list(parts(nested)) == [
        *(f"({letter})" for letter in LETTERS[:8]),
        "(h) (i)", "(h) (ii)",
        *(f"({letter})" for letter in LETTERS[8:11]),
    ]  # fmt: skip


def test_letters_are_doubled_behind_z() -> None:
    names = [*LETTERS, "aa", "bb"]
    text = "It should:\n" + "\n".join(f"({name}) Do so;" for name in names)
    assert list(parts(text)) == [f"({name})" for name in names]


ROMANS = ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii"]
WORDS = st.lists(
    st.sampled_from(
        ["ensure", "that", "prisoners", "of", "Maravia", "12", "per", "cent", "article 9 (b)",
         "the", "Act", "(see above)", "report"]
    ),
    min_size=1, max_size=6,
).map(lambda words: " ".join([*words, "indeed"]))  # fmt: skip


@st.composite
def lists(draw: st.DrawFn) -> tuple[str, dict[str, str]]:
    """A paragraph built of parts, and the parts that it was built of."""
    separator = draw(st.sampled_from(["\n", " "]))
    text = f"{draw(WORDS)}:"
    built: dict[str, str] = {}
    letters = [*LETTERS, "aa", "bb"][: draw(st.integers(2, 28))]
    for letter in letters:
        item = f"({letter}) {draw(WORDS)}"
        romans = ROMANS[: draw(st.sampled_from([0, 0, 0, 2, 3, 12]))]
        inner = {f"({letter}) ({roman})": f"({roman}) {draw(WORDS)};" for roman in romans}
        item = f"{item}:{separator}" + separator.join(inner.values()) if inner else f"{item};"
        text += separator + item
        built |= {f"({letter})": item, **inner}
    return text, built


@given(lists())
def test_finding_undoes_building(case: tuple[str, dict[str, str]]) -> None:
    text, built = case
    assert parts(text) == built


@given(st.text(alphabet="(ab)i1 ;:\n,and.", max_size=200) | st.text(max_size=200))
def test_any_text_gives_spans_inside_one_another(text: str) -> None:
    found = subparagraphs(text)
    assert [part.start for part in found] == sorted(part.start for part in found)
    by_name = {part.mark: part for part in found}
    for part in found:
        assert 0 <= part.start < part.end <= len(text)
        assert text[part.start : part.end].lstrip("(").startswith(part.mark.rsplit("(", 1)[1][:-1])
        outer = by_name.get(part.mark.rpartition(" ")[0])
        if outer is not None:
            assert outer.start <= part.start
            assert part.end <= outer.end


@pytest.mark.parametrize(
    "text",
    ["(a) " * 50_000, "(a) x (b) y " * 20_000, ": (a) x" * 20_000, "; (i) x" * 20_000,
     "(a) and " * 20_000, "; (a) x; (b) y" * 20_000, ";" * 200_000 + "(a) ", "(" * 200_000],
    ids=lambda text: repr(text[:12]),
)  # fmt: skip
def test_hostile_text_does_not_hang(text: str) -> None:
    subparagraphs(text)
