"""Bar of `rag check`: 60 citations and quotations of which 40 are wrong, and changes by chance.

`pytest tests/test_check_ledger.py -s` prints the table.
"""

from __future__ import annotations

import random
from collections import defaultdict
from pathlib import Path

import pytest

from rag.check import Checked, check
from rag.check.findings import VERDICTS
from rag.config import Settings
from rag.record import Record
from tests import drafts
from tests.conftest import SAMPLE, needs

FIRST, SECOND, FINAL = "CCLP/C/SR.411", "CCLP/C/SR.412", "CCLP/C/MRV/CO/3"
SEED = "CCPR/C/SR.3272"


@pytest.fixture(scope="module")
def record(sample_index: Path) -> Record:
    return Record(Settings(index=sample_index))


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Record:
    """The sample and the record this project is made for, in one index."""
    seed = needs("record/CCPR_C_SR.3272.txt")
    made = Record(Settings(index=tmp_path_factory.mktemp("both") / "index"))
    assert not made.add([SAMPLE, seed]).failed
    return made


def checked(record: Record, folder: Path, words: str, name: str = "draft.md") -> Checked:
    path = folder / name
    path.write_text(words, encoding="utf-8")
    return check(path, record)


def _right(
    record: Record, folder: Path, rows: list[drafts.Line], form: str
) -> dict[str, list[bool]]:
    """Way of being right or wrong → of each line, whether its one verdict is the one due."""
    path, places = drafts.write(rows, form, folder)
    found: dict[str, list[str]] = defaultdict(list)
    for finding in check(path, record).findings:
        found[finding.location].append(finding.verdict)
    assert set(found) <= set(places), "a verdict on what is no line of the ledger"
    told: dict[str, list[bool]] = defaultdict(list)
    for row, place in zip(rows, places, strict=True):
        told[row.way].append(found[place] == [row.verdict])
    return told


def _report(told: dict[str, list[bool]]) -> str:
    """The table: a line for each way."""
    lines = [f"{sum(some):>3} of {len(some)}  {way}" for way, some in told.items()]
    every = [one for some in told.values() for one in some]
    return "\n".join([*lines, f"{sum(every):>3} of {len(every)}  all"])


@pytest.mark.parametrize("form", drafts.FORMS)
def test_the_verdicts_on_the_ledger_are_right(both: Record, tmp_path: Path, form: str) -> None:
    rows = drafts.lines(drafts.ledger([FIRST, SECOND, FINAL, SEED]), both)
    told = _right(both, tmp_path, rows, form)
    every = [one for some in told.values() for one in some]
    print(f"\n{form}\n{_report(told)}")
    assert len(every) == 60
    assert sum(len(some) for way, some in told.items() if way.startswith("right")) == 20
    assert sum(every) >= 0.95 * len(every), _report(told)


@pytest.mark.parametrize("form", drafts.FORMS)
def test_the_sample_s_part_is_right(record: Record, tmp_path: Path, form: str) -> None:
    rows = drafts.lines(drafts.ledger([FIRST, SECOND, FINAL]), record)
    told = _right(record, tmp_path, rows, form)
    every = [one for some in told.values() for one in some]
    assert len(every) == 30
    assert sum(every) >= 0.95 * len(every), _report(told)


def test_the_ledger_has_every_verdict() -> None:
    rows = drafts.ledger([FIRST, SECOND, FINAL, SEED])
    assert {row["verdict"] for row in rows} == set(VERDICTS)


def _by_chance(record: Record, chance: random.Random) -> list[tuple[str, str]]:
    """Quotations of the sample as they are, and changed by chance: (line of a draft, verdict due)."""
    there = [
        (name, p)
        for name in (FIRST, SECOND, FINAL)
        for p in record.document(name).paragraphs
        if len(p.text.split()) > 25 and "/" not in p.text
    ]
    rows: list[tuple[str, str]] = []
    for _ in range(30):
        name, paragraph = chance.choice(there)
        length = chance.randint(6, 20)
        words = paragraph.text.split()
        start = chance.randrange(len(words) - length)
        quote, at = words[start : start + length], chance.randint(1, length - 2)
        other = chance.choice([p.label for n, p in there if n == name and p is not paragraph])
        for changed, label, verdict in (
            (quote, paragraph.label, "verbatim"),
            ([*quote[:2], "[…]", *quote[4:]], paragraph.label, "verbatim"),
            ([*quote[:at], "seldom", *quote[at + 1 :]], paragraph.label, "altered"),
            ([*quote[:at], "not", *quote[at:]], paragraph.label, "altered"),
            (quote, other, "wrong paragraph"),
            (quote, "400", "not found"),
        ):
            said = " ".join(changed).replace("“", "‘").replace("”", "’")
            rows.append((f"It reads: “{said}” ({name}, para. {label}).", verdict))
    return rows


def test_changes_made_by_chance_are_found(record: Record, tmp_path: Path) -> None:
    rows = _by_chance(record, random.Random(6))
    found = checked(record, tmp_path, "\n\n".join(line for line, _ in rows))
    wrong = [
        (line, finding.verdict)
        for (line, due), finding in zip(rows, found.findings, strict=True)
        if finding.verdict != due
    ]
    assert len(wrong) <= len(rows) // 100, wrong
