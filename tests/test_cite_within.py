"""Documents named without a symbol → the one that the record's own masthead names."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from rag.cite import find_citations
from rag.config import Settings
from rag.domain import AgendaItem
from rag.parse import segment
from rag.read import read
from rag.record import Record
from rag.resolve import resolve_all
from rag.store.catalog import Catalog
from tests.conftest import needs
from tests.test_resolve import full, made

RECORD = "CCLP/C/SR.77"
REPORT, ISSUES, REPLIES = "CCLP/C/MRV/3", "CCLP/C/MRV/Q/3", "CCLP/C/MRV/Q/3/Add.1"


def store(folder: Path, *before: str) -> Catalog:
    """A record whose meeting had these documents before it, with the replies themselves."""
    catalog = Catalog(folder / "catalog.db")
    record = replace(full(), agenda=(AgendaItem("4", "Consideration of reports", before),))
    replies = replace(made("A/HRC/12/99"), id=REPLIES, symbol=REPLIES, sha256=REPLIES)
    replies = replace(
        replies, paragraphs=tuple(replace(p, document=REPLIES) for p in replies.paragraphs)
    )
    for document in (record, replies):
        catalog.put(document, (), parser=1)
    return catalog


@pytest.mark.parametrize(
    ("text", "before", "symbol", "resolved"),
    [
        ("paragraph 97 of the replies to the list of issues", (REPORT, ISSUES, REPLIES),
         REPLIES, True),
        ("paragraph 97 of the State party’s written replies", (REPORT, ISSUES, REPLIES),
         REPLIES, True),
        ("the replies (para. 97) said so", (REPORT, ISSUES, REPLIES), REPLIES, True),
        ("paragraph 99 of the replies", (REPORT, ISSUES, REPLIES), REPLIES, False),
        # told, but not in the index
        ("paragraph 3 of the list of issues", (REPORT, ISSUES, REPLIES), ISSUES, False),
        ("the report (paras. 3 and 4)", (REPORT, ISSUES, REPLIES), REPORT, False),
        ("paragraph 3 of the third periodic report", (REPORT, ISSUES, REPLIES), REPORT, False),
        ("paragraph 3 of the fourth and fifth periodic reports", ("CCLP/C/MRV/4-5",), None, False),
        ("paragraph 3 of the combined fourth and fifth periodic report", ("CCLP/C/MRV/4-5",),
         "CCLP/C/MRV/4-5", False),
        # nothing is guessed
        ("paragraph 3 of the second periodic report", (REPORT, ISSUES, REPLIES), None, False),
        ("paragraph 97 of the replies", (REPORT, ISSUES), None, False),
        ("paragraph 97 of the replies", (REPLIES, "CCLP/C/OBR/Q/2/Add.1"), None, False),
        ("paragraph 3 of the report", (REPORT, "CCLP/C/OBR/2"), None, False),
        ("paragraph 3 of the report of the Special Rapporteur", (REPORT,), None, False),
        ("paragraph 3 of the previous report", (REPORT,), None, False),
        ("paragraph 97 of the concluding observations", (REPORT, ISSUES), None, False),
        # this very document
        ("as said in paragraph 2 above", (REPORT,), RECORD, True),
        ("see paragraph 9 below", (REPORT,), RECORD, False),
        ("paragraph 2", (REPORT,), None, False),
        # a symbol that is printed is never another's
        (f"paragraph 97 of the replies ({ISSUES})", (REPLIES,), ISSUES, False),
    ],
)  # fmt: skip
def test_a_document_without_symbol_is_told_by_the_masthead(
    tmp_path: Path, text: str, before: tuple[str, ...], symbol: str | None, resolved: bool
) -> None:
    (found,) = resolve_all(find_citations(text), store(tmp_path, *before), within=RECORD)
    assert (found.found.symbol, found.resolved) == (symbol, resolved)
    assert bool(found.paragraphs) is resolved
    assert bool(found.why) is not resolved


def test_without_the_record_nothing_is_told(tmp_path: Path) -> None:
    store(tmp_path, REPLIES)
    record = Record(Settings(index=tmp_path))
    text = "paragraph 97 of the replies to the list of issues"
    (alone,) = record.cite(text)
    assert (alone.found.symbol, alone.why) == (
        None, "the text does not tell which replies to list of issues is meant",
    )  # fmt: skip
    (told,) = record.cite(text, within=RECORD)
    assert [p.label for p in told.paragraphs] == ["97"]
    (elsewhere,) = record.cite(text, within="CCLP/C/SR.1")  # not in the index
    assert not elsewhere.resolved


def test_the_seed_record_names_its_replies(tmp_path: Path) -> None:
    document = segment(read(needs("record/CCPR_C_SR.3272.txt")))
    catalog = Catalog(tmp_path / "catalog.db")
    catalog.put(document, (), parser=1)
    named = [
        one.found.symbol
        for paragraph in document.paragraphs
        for one in resolve_all(find_citations(paragraph.text), catalog, within=document.id)
        if one.found.paras
    ]
    # The paragraphs of a general comment of the Committee stay untold.
    assert named == [None, "CCPR/C/KAZ/Q/2/Add.1", "CCPR/C/KAZ/Q/2/Add.1"]
