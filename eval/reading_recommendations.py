"""Recommendations of 40 UPR reports: number, text and recommending State, read from the PDFs.

The gold (`gold/upr_recommendations.jsonl`) has one row for each State that made a
recommendation. Its numbers are composed where a report restarts at 1 inside a
paragraph (`97.2`). A row is exactly right where a paragraph of ours has its number
and its text, white space normalised and nothing else.

Some rows are not what is printed: a recommendation was split by hand into parts that
bear no number, quotation marks were lost, "children’s" became "childrenÕs". Whether a
row is printed is told by `eval.reading_print`, which knows nothing of our reader: all
its characters must stand in the PDF, just behind its number, and nothing of the
sentence may follow. A row of which that is not so is marked with the reason, listed
with the nearest printed words, and reported apart; that our text differs is never a
reason. The first figure counts every row all the same.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from eval.metrics import Scores
from eval.reading import Case, Item, Read
from eval.reading_print import Print, Printed, ascii_letters, letters, words
from eval.suites import shared
from rag.domain import Paragraph

ABOUT = "number, text and State of UPR recommendations, from PDF"
FIGURES: Mapping[str, str] = {
    "exact_all": "number and text exactly right, all rows of gold",
    "exact": "number and text exactly right, rows that are printed as in the gold",
    "number": "a paragraph with the number, rows printed",
    "letters": "letters and digits right, rows printed or wrong only in signs or encoding",
    "state_all": "recommending State right, all rows",
    "state": "recommending State right, rows printed",
    "states_exact": "all recommending States and no other, recommendations printed",
    "ours_printed": "gold differs: our paragraph is printed so, whole and behind its number",
    "holds_words": "gold split by hand: our paragraph holds the words of the part",
}
BARS: Mapping[str, float] = {"exact": 0.97, "state": 0.97}

GOLD = "gold/upr_recommendations.jsonl"
SPLIT = "split by hand"
SIGNS = "signs differ"
ENCODING = "encoding damaged"
_PART = re.compile(r"\s*\.+\s*(\d+)\s+")
_CLOSE = 4  # edits up to which characters were lost or added, and nothing reworded


@dataclass(frozen=True, slots=True)
class Row:
    """One row of gold; `siblings` where the printed recommendation was split into several."""

    number: str
    text: str
    state: str
    siblings: bool
    states: tuple[str, ...]  # of all rows with this number and text
    first: bool  # the first of them


def gold() -> tuple[Path, ...]:
    """Name the gold and the folder of the PDFs."""
    return (shared() / GOLD, shared() / "record" / "upr" / "pdf")


def cases() -> list[Case]:
    """Group the rows by report."""
    reports: dict[tuple[str, str], list[dict[str, str]]] = {}
    for line in (shared() / GOLD).read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        reports.setdefault((row["symbol"], row["file"]), []).append(row)
    return [
        Case(symbol, shared() / file, rows_of(found)) for (symbol, file), found in reports.items()
    ]


def rows_of(found: Sequence[Mapping[str, str]]) -> tuple[Row, ...]:
    """Turn the lines of one report into rows that know their siblings and fellow States."""
    texts: dict[str, set[str]] = {}
    states: dict[tuple[str, str], list[str]] = {}
    for row in found:
        texts.setdefault(_parent(row["number"]), set()).add(row["number"] + row["text"])
        states.setdefault((row["number"], row["text"]), []).append(row["from"].strip())
    seen: set[tuple[str, str]] = set()
    rows: list[Row] = []
    for row in found:
        key = (row["number"], row["text"])
        alone = len(texts[_parent(row["number"])]) == 1
        rows.append(Row(*key, row["from"].strip(), not alone, tuple(states[key]), key not in seen))
        seen.add(key)
    return tuple(rows)


def judge(case: Case, read: Read) -> list[Item]:
    """Score each row of a report."""
    printed = Print.of(case.path)
    marks: dict[tuple[str, str], str] = {}
    items: list[Item] = []
    for place, row in enumerate(case.due, start=1):
        key = (row.number, row.text)
        if key not in marks:
            marks[key] = mark_of(row, printed)
        name = f"{case.document} {row.number} ({place})"
        items.append(_judged(name, case, read, row, marks[key], printed))
    return items


def mark_of(row: Row, printed: Print) -> str:
    """Say why a row is not what is printed; empty where it is.

    Decided by the gold and the plain text of the PDF alone.
    """
    part = row.number.count(".") > 1 or _PART.match(row.text)
    # Reports that restart inside a paragraph print "2.", the others "126.48.".
    due = row.number if printed.numbers(row.number) else row.number.rpartition(".")[2]
    places = printed.find(row.text)
    numbered = [place for place in places if place.number == due]
    if numbered and not part:
        ended = [place for place in numbered if _ended(place)]
        if any(place.exact and not (row.siblings and _goes_on(place)) for place in ended):
            return ""
        if row.siblings:
            return SPLIT
        return SIGNS if ended else "cut short"
    if part or (row.siblings and (places or printed.letters(row.text))):
        return SPLIT
    if places:
        other = sorted({place.number for place in places if place.number})
        if other and not numbered:
            return f"printed under {' and '.join(other)}"
        return "a part of what is printed"
    return _damage(row.text, printed)


def _damage(text: str, printed: Print) -> str:
    """Say what happened to a text of which not all characters are printed in a row."""
    if printed.letters(text):
        return SIGNS
    if printed.ascii(text):
        return ENCODING
    from rapidfuzz.distance import Levenshtein

    nearest, _ = printed.nearest(text)
    apart = Levenshtein.distance(ascii_letters(text), ascii_letters(nearest), score_cutoff=_CLOSE)
    return "characters lost or added" if apart <= _CLOSE else "reworded"


def _ended(place: Printed) -> bool:
    """Whether a sentence has come to its end, and not in the middle of its signs."""
    return not place.after or not (place.after[0].islower() or place.after[0] in ";,:.()”’\"'")


def _goes_on(place: Printed) -> bool:
    """Whether words follow, and not the next number."""
    return place.after[:1].isalpha()


def _judged(name: str, case: Case, read: Read, row: Row, mark: str, printed: Print) -> Item:
    """Score one row against our paragraphs of its number."""
    number = _parent(row.number) if mark == SPLIT else row.number
    ours = [p for p in read.paragraphs if p.label == number]
    due = words(row.text)
    got = next((p for p in ours if words(p.text) == due), None)
    best = got or (max(ours, key=lambda p: _alike(p.text, due)) if ours else None)
    exact = float(got is not None and mark != SPLIT)
    states = recommending(best) if best else ()
    wanted = {_short(state) for state in row.states}
    right = float(_short(row.state) in states)
    scores: Scores = {
        "exact_all": exact,
        "exact": None if mark else exact,
        "number": None if mark else float(bool(ours)),
        "letters": _letters(ours, due, mark),
        "state_all": right,
        "state": None if mark else right,
        "states_exact": float(set(states) == wanted) if row.first and not mark else None,
        "ours_printed": float(best is not None and _stands(best, printed)) if mark else None,
        "holds_words": _holds(best, row) if mark == SPLIT else None,
    }
    shown = read.failure or "no such number"
    if best:
        shown = f"{best.label}. {words(best.text)} [{', '.join(states)}]"
    told = f"{row.number}. {due} [{row.state}]"
    if mark:
        told += f"\nprinted: {printed.nearest(row.text)[0]}" if mark != SPLIT else ""
    fine = bool(exact and right)
    return Item(name, case.document, told, shown, scores, fine, f"gold: {mark}" if mark else "")


def recommending(paragraph: Paragraph) -> tuple[str, ...]:
    """The States that made a recommendation, in the UN short form, as our reader tells them.

    They are the delegations that hold the floor in it, or else those that its text names
    as having made it.
    """
    from rag.parse.recommendations import recommending_states
    from rag.parse.states import states_in

    floor = paragraph.voices or ((paragraph.turn,) if paragraph.turn else ())
    delegations = (voice.delegation or "" for voice in floor if voice.role == "delegation")
    names = [name for delegation in delegations for _, _, name in states_in(delegation)]
    return tuple(dict.fromkeys(names)) or recommending_states(paragraph.text)


def _short(state: str) -> str:
    """The UN short form of a common name: "Russia" is "Russian Federation"."""
    from rag.parse.states import state_named

    return state_named(state) or state


def _parent(number: str) -> str:
    """The printed number of a part: 98.3 of `98.3.1`."""
    return ".".join(number.split(".")[:2])


def _letters(ours: Sequence[Paragraph], due: str, mark: str) -> float | None:
    """Whether a paragraph has the letters and digits of a row whose letters are printed."""
    if mark not in ("", SIGNS, ENCODING):
        return None
    reduced = ascii_letters if mark == ENCODING else letters
    return float(any(reduced(paragraph.text) == reduced(due) for paragraph in ours))


def _alike(text: str, due: str) -> float:
    from rapidfuzz.fuzz import ratio

    return ratio(words(text), due)


def _stands(paragraph: Paragraph, printed: Print) -> bool:
    """Whether our paragraph is printed, whole, behind its number."""
    label = paragraph.label
    due = label if printed.numbers(label) else label.rpartition(".")[2]
    return any(
        place.number == due and _ended(place) and not (place.after[:1].islower())
        for place in printed.find(paragraph.text)
    )


def _holds(paragraph: Paragraph | None, row: Row) -> float:
    """Whether every word of a part stands in our paragraph; the States in brackets apart."""
    text = re.sub(r"\([^()]*\)[\s;.)]*$", "", _PART.sub("", row.text, count=1))
    due = re.findall(r"\w+", text.casefold())
    held = set(re.findall(r"\w+", paragraph.text.casefold())) if paragraph else set[str]()
    return float(held.issuperset(due))
