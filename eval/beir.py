"""A folder in BEIR's form → a retrieval suite over passages of the user's own.

`corpus.jsonl` holds `{"_id", "title", "text"}` a line, `queries.jsonl` `{"_id", "text"}`,
and `qrels.tsv` (or `qrels/test.tsv`, `qrels/dev.tsv`) query-id, corpus-id and score, tab
between them; a score above 0 says that the passage is right, and how right
(Thakur et al., arXiv 2104.08663). What is bad in a file is told with its line: a question
or a passage passed over in silence would change every figure.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from eval.corpora import Corpus, assembled
from eval.suites import Case, Split, Suite
from rag.domain import Document
from rag.errors import BadInput

HEADER = ("query-id", "corpus-id", "score")
TOGETHER = 500  # passages of one document of the index


class _Line(BaseModel):
    """A line of either file of JSON lines; other keys (metadata) are passed over."""

    model_config = ConfigDict(frozen=True, coerce_numbers_to_str=True)

    id: str = Field(alias="_id", min_length=1)
    title: str | None = None
    text: str


@dataclass(frozen=True, slots=True)
class _Judgement:
    line: int
    query: str
    passage: str
    score: int


def read_folder(folder: Path) -> Suite:
    """Read a folder in BEIR's form.

    Raises:
        BadInput: a file is missing, a line is bad, or a judgement names a question or a
            passage that is not there; names file and line.

    """
    name = _slug(folder.resolve().name)
    qrels = _qrels(folder)
    passages = dict(_lines(folder / "corpus.jsonl"))
    queries = dict(_lines(folder / "queries.jsonl"))
    if not passages:
        raise BadInput(f"{folder / 'corpus.jsonl'} holds no passage.")
    cases: dict[str, Case] = {}
    for path, split in qrels:
        for case in _cases(name, path, split, passages, queries):
            if case.id in cases:
                raise BadInput(f"{path}: the query {case.id} is in another file of qrels too.")
            cases[case.id] = case
    if not cases:
        raise BadInput(f"{folder}: no question has a passage that is right.")
    left_out = len(queries) - len(cases)
    told = f"{left_out} of {len(queries)} questions have no right passage and are not asked."
    return Suite(
        name,
        folder,
        _digest(folder / "queries.jsonl", *(path for path, _ in qrels)),
        tuple(cases.values()),
        corpus=_corpus(name, folder / "corpus.jsonl", passages),
        notes=(told,) if left_out else (),
    )


def _slug(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-.") or "corpus"


def _qrels(folder: Path) -> list[tuple[Path, Split]]:
    """Find the judgements; and see that the other files are there."""
    for name in ("corpus.jsonl", "queries.jsonl"):
        if not (folder / name).is_file():
            raise BadInput(f"{folder} is not in BEIR's form: {name} is not there.")
    wanted: tuple[tuple[str, Split], ...] = (
        ("qrels.tsv", "test"), ("qrels/test.tsv", "test"), ("qrels/dev.tsv", "dev"),
    )  # fmt: skip
    found: list[tuple[Path, Split]] = [
        (folder / name, split) for name, split in wanted if (folder / name).is_file()
    ]
    if not found:
        raise BadInput(
            f"{folder} is not in BEIR's form: there is neither qrels.tsv nor qrels/test.tsv "
            "nor qrels/dev.tsv."
        )
    return found


def _lines(path: Path) -> Iterator[tuple[str, _Line]]:
    """Read JSON lines, by their ids; blank lines are passed over."""
    seen: dict[str, int] = {}
    for number, text in _numbered(path):
        try:
            line = _Line.model_validate_json(text)
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(str(part) for part in first["loc"])
            told = f"{place}: {first['msg']}" if place else first["msg"]
            raise BadInput(f"{path}, line {number}: {told}.") from error
        if line.id in seen:
            raise BadInput(f"{path}, line {number}: {line.id!r} is already line {seen[line.id]}.")
        seen[line.id] = number
        yield line.id, line


def _numbered(path: Path) -> Iterator[tuple[int, str]]:
    """Give the lines that are not blank, with their numbers."""
    try:
        with path.open(encoding="utf-8-sig", newline="\n") as lines:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    yield number, line
    except UnicodeDecodeError as error:
        raise BadInput(f"{path} is not UTF-8 text.") from error


def _judgements(path: Path) -> Iterator[_Judgement]:
    """Read the judgements of a file, with or without its header."""
    seen: dict[tuple[str, str], int] = {}
    for number, line in _numbered(path):
        cells = tuple(cell.strip() for cell in line.rstrip("\r\n").split("\t"))
        if number == 1 and cells == HEADER:
            continue
        if len(cells) != 3 or not re.fullmatch(r"-?\d+", cells[2]) or not all(cells):
            raise BadInput(
                f"{path}, line {number}: not a query-id, a corpus-id and a whole number "
                "with tabs between them."
            )
        if cells[:2] in seen:
            raise BadInput(f"{path}, line {number}: already judged in line {seen[cells[:2]]}.")
        seen[cells[:2]] = number
        yield _Judgement(number, cells[0], cells[1], int(cells[2]))


def _cases(
    name: str, path: Path, split: Split, passages: dict[str, _Line], queries: dict[str, _Line]
) -> Iterator[Case]:
    """Make a case of each question that has a right passage, in the order of the judgements."""
    gold: dict[str, dict[str, int]] = {}
    for each in _judgements(path):
        where = f"{path}, line {each.line}"
        if each.query not in queries:
            raise BadInput(f"{where}: queries.jsonl has no question {each.query!r}.")
        if each.passage not in passages:
            raise BadInput(f"{where}: corpus.jsonl has no passage {each.passage!r}.")
        if each.score > 0:
            if not _text(passages[each.passage]):
                raise BadInput(f"{where}: the passage {each.passage!r} has no text.")
            gold.setdefault(each.query, {})[each.passage] = each.score
    for query, grades in gold.items():
        question = queries[query].text
        if not question.strip():
            raise BadInput(f"{path.name} judges the question {query!r}, which has no text.")
        yield Case(
            query,
            split,
            "passage" if len(grades) == 1 else "passages",
            question,
            True,
            tuple((name, passage) for passage in grades),
            grades=tuple(grades.values()) if set(grades.values()) != {1} else (),
        )


def _text(passage: _Line) -> str:
    """The text; that of a passage with a title alone is the title."""
    return passage.text.strip() or (passage.title or "").strip()


def _corpus(name: str, path: Path, passages: dict[str, _Line]) -> Corpus:
    """Make documents of the passages, so many together.

    Labels count the passages, for an id may hold anything; results tell their own ids.
    """
    rows = [(str(number), line) for number, line in enumerate(passages.values(), start=1)]
    digest = _digest(path)
    documents: list[Document] = []
    for at in range(0, len(rows), TOGETHER):
        documents.append(
            assembled(
                f"{name}-{at // TOGETHER + 1}",
                "",
                [
                    (label, line.title.strip() or None if line.title else None, _text(line))
                    for label, line in rows[at : at + TOGETHER]
                ],
                source=path,
                sha256=digest,
            )
        )
    own = {label: line.id for label, line in rows}
    ids = {p.id: f"{name}#{own[p.label]}" for d in documents for p in d.paragraphs}
    return Corpus(name, tuple(documents), ids)


def _digest(*paths: Path) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.read_bytes())
    return digest.hexdigest()
