"""A document that a draft names without its symbol → the one that the citations near it mean."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from rag.check import check
from rag.cli import cli
from rag.config import Settings
from rag.record import Record

FIRST, SECOND, ISSUES, REPLIES = (
    "CCLP/C/SR.411",
    "CCLP/C/SR.412",
    "CCLP/C/MRV/Q/3",
    "CCLP/C/MRV/Q/3/Add.1",
)
UNTOLD = "the text does not tell which list of issues is meant"
FIFTH = "the paragraph is there"
# Another State's record, whose meeting had other documents before it.
OTHER = """CCLP/C/SR.413
Distr.: General
20 March 2024
Original: English

Committee on Civil Liberties
Thirty-eighth session

Summary record of the 413th meeting
Held at the Palais des Roches, Valmont, on Wednesday, 6 March 2024, at 10 a.m.

The meeting was called to order at 10.05 a.m.

Consideration of reports submitted by States parties under article 44 of the Convention

Second periodic report of Obria (CCLP/C/OBR/2; CCLP/C/OBR/Q/2 and CCLP/C/OBR/Q/2/Add.1)

1. At the invitation of the Chair, the delegation of Obria took places at the Committee table.

2. Mr. Olm (Obria) said that the report had been drawn up by all ministries together.
"""


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Record:
    from tests.conftest import SAMPLE

    folder = tmp_path_factory.mktemp("named")
    other = folder / "CCLP_C_SR.413.txt"
    other.write_text(OTHER, encoding="utf-8")
    made = Record(Settings(index=folder / "index"))
    assert not made.add([SAMPLE, other]).failed
    return made


def whys(record: Record, folder: Path, words: str) -> list[str]:
    """Why, of each citation that names no symbol."""
    path = folder / "draft.md"
    path.write_text(words, encoding="utf-8")
    return [f.why for f in check(path, record).findings if f.citation.startswith("para")]


SEE = "See paragraph 5 of the list of issues."


@pytest.mark.parametrize(
    ("words", "why"),
    [
        # the record beside it says which
        (f"See {FIRST}, para. 12, and paragraph 5 of the list of issues.", FIFTH),
        (f"See {FIRST}, para. 12.\n\n{SEE}", FIFTH),
        (f"See {FIRST}, para. 12, and {SECOND}, para. 3. {SEE}", FIFTH),
        (f"See {ISSUES}, para. 4. {SEE}", FIFTH),
        (f"Noted there.[^1] {SEE}\n\n[^1]: {FIRST}, para. 12.\n", FIFTH),
        (f"See {FIRST}, para. 12. See paragraph 15 of the replies to the list of issues.",
         f"{REPLIES} is not in the index"),
        # what is no review's tells nothing, and forbids nothing
        (f"See {FIRST}, para. 12, and General Assembly resolution 70/1, para. 4. {SEE}", FIFTH),
        (f"See {FIRST}, para. 12, and {REPLIES}, para. 4. {SEE}", FIFTH),
        # nothing is guessed
        (SEE, UNTOLD),
        (f"{SEE}\n\nSee {FIRST}, para. 12.", UNTOLD),
        (f"See {FIRST}, para. 12, and CCLP/C/SR.413, para. 2. {SEE}", UNTOLD),
        (f"See {FIRST}, para. 12, and CCLP/C/SR.999, para. 2. {SEE}", UNTOLD),
        ("See CCLP/C/SR.999, para. 2. " + SEE, UNTOLD),
        (f"See {FIRST}, para. 12.\n\nSee CCLP/C/SR.413, para. 2.\n\n{SEE}",
         "CCLP/C/OBR/Q/2 is not in the index"),
        (f"See {FIRST}, para. 12. See paragraph 5 of the second periodic report.",
         "the text does not tell which second report is meant"),
        (f"See {FIRST}, para. 12. See paragraph 99 of the list of issues.",
         f"{ISSUES}, para. 99 is not there"),
    ],
)  # fmt: skip
def test_what_is_cited_near_tells_the_document(
    record: Record, tmp_path: Path, words: str, why: str
) -> None:
    (told,) = whys(record, tmp_path, words)
    assert told.startswith(why)


def test_the_name_of_the_document_is_no_part_of_what_is_stated(
    record: Record, tmp_path: Path
) -> None:
    path = tmp_path / "draft.md"
    path.write_text(
        f"The Committee asked how many ambassadors are women ({FIRST}, para. 28), "
        "as does paragraph 5 of the list of issues.\n",
        encoding="utf-8",
    )
    stated = {f.text for f in check(path, record).findings if f.kind == "statement"}
    assert stated == {"The Committee asked how many ambassadors are women"}


@pytest.mark.parametrize(
    ("options", "symbol", "status"),
    [
        (["--in", FIRST], ISSUES, 0),
        (["--in", FIRST.lower()], ISSUES, 0),
        (["--in", "CCLP/C/SR.413"], "CCLP/C/OBR/Q/2", 1),
        ([], None, 1),
    ],
)
def test_cite_takes_the_record_that_a_text_is_of(
    record: Record, options: list[str], symbol: str | None, status: int
) -> None:
    words = "paragraph 5 of the list of issues"
    done = CliRunner().invoke(
        cli, ["--index", str(record.settings.index), "cite", words, "--json", *options]
    )
    assert (json.loads(done.stdout)[0]["symbol"], done.exit_code) == (symbol, status)


def test_cite_refuses_a_record_that_is_not_there(record: Record) -> None:
    done = CliRunner().invoke(
        cli, ["--index", str(record.settings.index), "cite", "para. 5", "--in", "CCLP/C/SR.999"]
    )
    assert "CCLP/C/SR.999 is not in the index" in str(done.exception)


def test_a_line_of_a_batch_names_its_own_record(record: Record, tmp_path: Path) -> None:
    batch = tmp_path / "batch.jsonl"
    words = "paragraph 5 of the list of issues"
    rows = [{"id": "1", "text": words, "in": FIRST}, {"id": "2", "text": words}]
    batch.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    done = CliRunner().invoke(
        cli, ["--index", str(record.settings.index), "cite", "--batch", str(batch)]
    )
    told = [json.loads(line)["citations"][0]["symbol"] for line in done.stdout.splitlines()]
    assert told == [ISSUES, None]
