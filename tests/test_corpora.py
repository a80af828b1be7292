"""ObliQA as documents: every passage under its label, its heading and its span."""

from __future__ import annotations

from pathlib import Path

import pytest

from eval.corpora import assembled, obliqa_documents
from rag.errors import BadInput
from tests.conftest import needs


def test_every_passage_is_a_paragraph() -> None:
    documents = obliqa_documents(needs("benchmarks/obliqa"))
    paragraphs = [paragraph for document in documents for paragraph in document.paragraphs]
    assert len(documents) == 40
    assert len(paragraphs) == 13_732 - 720  # the empty ones
    assert len({paragraph.id for paragraph in paragraphs}) == len(paragraphs)
    for document in documents:
        assert [p.ordinal for p in document.paragraphs] == list(range(len(document.paragraphs)))
        for paragraph in document.paragraphs:
            assert document.text[paragraph.start : paragraph.end] == paragraph.text


@pytest.mark.parametrize(
    ("document", "label", "heading"),
    [
        ("obliqa-1", "1.1", "INTRODUCTION"),
        ("obliqa-1", "1.1.1.(2)", "Jurisdiction"),
        ("obliqa-1", "1.2.1.Guidance.1.", "Application"),
        ("obliqa-1", "2.Guidance.1.", "OVERVIEW AND PURPOSE OF THE AML RULEBOOK"),
        ("obliqa-17", "Part 1.Chapter 1.1.(2)", "Powers, Functions and Objectives of the Regulator"),
        ("obliqa-1", "1.", None),
        ("obliqa-30", "7)", None),
    ],
)  # fmt: skip
def test_heading_is_the_nearest_title_above(document: str, label: str, heading: str | None) -> None:
    documents = obliqa_documents(needs("benchmarks/obliqa"))
    held = next(each for each in documents if each.id == document)
    assert next(p.heading for p in held.paragraphs if p.label == label) == heading


def test_a_label_that_stands_twice_has_parts() -> None:
    passages = [("1.", None, "One."), ("2.", "T", " "), ("1.", None, "\nOther.")]
    document = assembled("d", "", passages, source=Path("d"), sha256="")
    assert [p.id for p in document.paragraphs] == ["d#1.", "d#1./2"]
    assert [document.text[p.start : p.end] for p in document.paragraphs] == ["One.", "Other."]


def test_a_folder_without_passages_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="RECORD_SHARED"):
        obliqa_documents(tmp_path)
    (tmp_path / "passages").mkdir()
    (tmp_path / "passages" / "1.json").write_text('[{"DocumentID": 1, "PassageID": "1."}]')
    with pytest.raises(BadInput, match=r"1\.json"):
        obliqa_documents(tmp_path)
