"""Questions of a suite, and a record that answers them as it is told."""

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from eval import run as running
from eval.metrics import (
    Shown,
    normalise,
)
from eval.provenance import Commit
from eval.run import Result, run
from eval.suites import Case, load
from rag.config import Settings
from rag.domain import (
    QA,
    AddReport,
    Answer,
    Citation,
    Claim,
    Document,
    NoAnswer,
    Paragraph,
    Passage,
    Searched,
    Turn,
)

SYMBOL = "CCPR/C/SR.3272"
NO_COMMIT = Commit("0" * 40, dirty=False)


def case(**changes: object) -> Case:
    given_: dict[str, object] = {
        "id": "q1",
        "split": "dev",
        "kind": "figure",
        "question": "How many complaints were filed?",
        "answerable": True,
        "gold": (("S", "2"), ("S", "9")),
        "facts": ("965|nine hundred", "Kazakhstan"),
    }
    return Case(**(given_ | changes))


NOT_ANSWERABLE = {"answerable": False, "gold": (), "facts": (), "kind": "unanswerable"}


def shown(*paragraphs: str, text: str = "", speaker: str | None = None) -> Shown:
    return Shown(text, "", "S, para. 2", paragraphs, speaker)


GOOD = {
    "id": "a-1",
    "split": "dev",
    "kind": "figure",
    "question": "How many?",
    "answerable": True,
    "gold": [[SYMBOL, "2"]],
    "facts": ["965"],
    "history": [],
}


def written(path: Path, *lines: dict[str, object] | str) -> Path:
    texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    path.write_text("\n".join(texts) + "\n", encoding="utf-8")
    return path


def paragraph(label: str, text: str) -> Paragraph:
    turn = Turn("Mr. Suindikov", "delegation", "Kazakhstan", 0, 9)
    return Paragraph(SYMBOL, label, int(label), text, 0, len(text), turn=turn)


PARAGRAPHS = (
    paragraph("1", "The delegation took places at the Committee table."),
    paragraph("2", "As to torture, 965 complaints had been filed in 2013."),
    paragraph("3", "The death penalty had been suspended."),
)


class FakeRecord:
    """Answers with the paragraph that shares most words with question and history."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.added: list[tuple[Sequence[Path], str | None]] = []
        self.histories: list[tuple[QA, ...]] = []

    def add(self, paths: Sequence[Path], *, symbol: str | None = None) -> AddReport:
        self.added.append((paths, symbol))
        return AddReport(added=(SYMBOL,), paragraphs=3)

    def documents(self) -> Sequence[Document]:
        source = Path("a.txt")
        fixed = {"issued_on": None, "place": None, "chair": None, "language": "en", "state": None}
        return [
            Document(
                id=SYMBOL, symbol=SYMBOL, title="", kind="summary record", body=None, session=None,
                meeting=3272, held_on=date(2016, 6, 23), source=source, sha256="ab", text="",
                paragraphs=PARAGRAPHS, **fixed,
            )
        ]  # fmt: skip

    def search(self, query: str, *, limit: int | None = None) -> Sequence[Passage]:
        words = set(normalise(query).split())
        ranked = sorted(PARAGRAPHS, key=lambda p: -len(words & set(normalise(p.text).split())))
        return [Passage(p, 0.5, "words") for p in ranked][:limit]

    def ask(self, question: str, *, history: Sequence[QA] = ()) -> Answer | NoAnswer:
        self.histories.append(tuple(history))
        asked = " ".join((*(qa.question for qa in history), question))
        found = tuple(self.search(asked))
        if "Mars" in question:
            return NoAnswer(question, "The record does not say.", found, Searched(1, 3))
        best = found[0].paragraph
        claim = Claim(best.text, best.text, Citation(SYMBOL, first=best.label), "Mr. Suindikov")
        return Answer(question, (claim,), (), found, Searched(1, 3), asked=asked)


TINY = (
    GOOD | {"question": "How many complaints had been filed?"},
    GOOD
    | {
        "id": "a-2",
        "kind": "follow-up",
        "question": "And torture?",
        "history": ["How many complaints had been filed in 2013?"],
    },
    GOOD
    | {"id": "a-3", "kind": "unanswerable", "answerable": False, "gold": [], "facts": []}
    | {"question": "Who lives on Mars?", "split": "test"},
    GOOD | {"id": "a-4", "kind": "fact", "question": "the Committee table", "facts": ["suspended"]}
    | {"gold": [[SYMBOL, "3"]], "split": "test"},
)  # fmt: skip


@pytest.fixture
def no_git(monkeypatch):
    monkeypatch.setattr(running, "commit", lambda: NO_COMMIT)


@pytest.fixture
def result(tmp_path, no_git) -> Result:
    suite = load(written(tmp_path / "tiny.jsonl", *TINY))
    return run(suite, Settings(index=tmp_path / "index"), open_record=FakeRecord)
