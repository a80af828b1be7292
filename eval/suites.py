"""A suite file → checked questions, and the sources that they are asked of.

A bad line is an error that names the file and the line: a question that were
skipped in silence would make every figure look better than it is.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pydantic import ConfigDict, TypeAdapter, ValidationError

import rag
from rag.errors import BadInput

if TYPE_CHECKING:
    from eval.corpora import Corpus

ROOT = Path(__file__).resolve().parent.parent
SUITES = Path(__file__).resolve().parent / "suites"
INVENTED = Path(__file__).resolve().parent / "records"
ELSEWHERE = frozenset({"exchanges"})  # links, not questions to ask: see eval.exchanges

Split = Literal["dev", "test"]
Task = Literal["answer", "retrieval"]  # what is measured: answers, or search alone
Kind = Literal[
    "figure",  # a number of the record
    "fact",
    "paraphrase",  # asked in words the record does not use
    "several",  # takes more than one paragraph
    "who-said",  # facts hold the speaker
    "question-and-reply",
    "follow-up",  # stands on the questions before it
    "false-premise",
    "unanswerable",  # the record does not say
    "passage",  # to be searched for only: one passage is right
    "passages",  # several are
]


_PART = re.compile(r"(#p\. \d+)/\d+$")


@dataclass(frozen=True, slots=True)
class Case:
    """One question of a suite, and what a right answer rests on."""

    __pydantic_config__ = ConfigDict(extra="forbid", strict=True)

    id: str
    split: Split
    kind: Kind
    question: str
    answerable: bool
    gold: tuple[tuple[str, str], ...]  # (symbol, label); each alone is a right place
    facts: tuple[str, ...] = ()  # each must be shown; "six|6" are alternatives
    history: tuple[str, ...] = ()  # the questions asked before, oldest first
    grades: tuple[int, ...] = ()  # how right each gold paragraph is, from 1; none: all alike

    @property
    def places(self) -> tuple[str, ...]:
        """The ids of the gold paragraphs, in the form of `Paragraph.id`."""
        return tuple(f"{symbol}#{label}" for symbol, label in self.gold)

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """The ids under which they can be cited, each once: speeches on a page by that page."""
        return tuple(dict.fromkeys(_PART.sub(r"\1", place) for place in self.places))


@dataclass(frozen=True, slots=True)
class Source:
    """A file that a suite's questions are asked of."""

    path: Path
    symbol: str | None = None  # given where the file itself does not print it


@dataclass(frozen=True, slots=True)
class Suite:
    """Checked questions; without sources, they are asked of the user's own index."""

    name: str
    path: Path
    sha256: str
    cases: tuple[Case, ...]
    sources: tuple[Source, ...] = field(default=())
    corpus: Corpus | None = None  # passages to be searched, where search alone is measured
    notes: tuple[str, ...] = ()  # what the reader of the files left out, a sentence each

    @property
    def task(self) -> Task:
        """What is measured: answers, or search alone."""
        return "answer" if self.corpus is None else "retrieval"

    def pick(self, *, split: Split | None = None, limit: int | None = None) -> tuple[Case, ...]:
        """Give the cases of a split, at most `limit` of them, in the order of the file.

        Raises:
            BadInput: no case is left.

        """
        cases = tuple(case for case in self.cases if split in (None, case.split))[:limit]
        if not cases:
            raise BadInput(f"The suite {self.name} has no question in the split {split!r}.")
        return cases


def names() -> tuple[str, ...]:
    """Name the suites that come with the project."""
    return tuple(sorted({path.stem for path in SUITES.glob("*.jsonl")} - ELSEWHERE))


def shared() -> Path:
    """Give the folder of records that are not committed: `RECORD_SHARED`, or ../shared."""
    return Path(os.environ.get("RECORD_SHARED") or ROOT.parent / "shared")


def sources_of(name: str) -> tuple[Source, ...]:
    """Say which files a suite of the project is asked of, present or not."""
    if name == "sample":
        folder = Path(rag.__file__).resolve().parent / "sample"
        return tuple(Source(path) for path in sorted(folder.glob("*.txt")))
    if name == "invented":  # eight States before eight bodies, in one index
        return tuple(Source(path) for path in sorted(INVENTED.glob("*.txt")))
    if name == "sr":
        records = shared() / "record"
        return (
            Source(records / "CCPR_C_SR.3272.txt", symbol="CCPR/C/SR.3272"),
            Source(records / "sr" / "CEDAW_C_SR.434.txt", symbol="CEDAW/C/SR.434"),
        )
    if name == "kinds-dev":  # reports on a State's review and a verbatim record
        records = shared() / "record"
        return (
            Source(records / "upr" / "txt" / "A_HRC_12_13__yemen2009.txt"),
            Source(records / "upr" / "txt" / "A_HRC_10_82__colombia2009.txt"),
            Source(records / "pv" / "txt" / "S_PV.8422.txt"),
        )
    if name == "lists":  # what was recommended, and what became of it: three reviews and the sample
        upr = shared() / "record" / "upr" / "txt"
        reviews = ("A_HRC_26_5__chile2014", "A_HRC_27_15__qatar2014", "A_HRC_22_15__peru2012")
        return (*(Source(upr / f"{each}.txt") for each in reviews), *sources_of("sample"))
    if name in ("practice", "unseen"):  # six records in one index; the second is never tuned on
        return (*sources_of("sr"), *sources_of("sample"))
    if name == "kinds":  # reports of the UPR and verbatim records; never tuned on
        records = shared() / "record"
        reviews = ("A_HRC_14_11__angola2010", "A_HRC_11_27__mexico2009", "A_HRC_13_6__albania2010")
        return (
            *(Source(records / "upr" / "txt" / f"{each}.txt") for each in reviews),
            *(
                Source(records / "pv" / "txt" / f"{each}.txt")
                for each in ("S_PV.3756", "A_64_PV.121")
            ),
        )
    return ()


def absent(suite: Suite) -> str:
    """Say in one sentence which source is missing; empty where none is."""
    if suite.name == "sample" and suite.path.parent == SUITES and not suite.sources:
        return "The suite sample needs the files rag/sample/*.txt, and there are none."
    for source in suite.sources:
        if not source.path.is_file():
            return (
                f"The suite {suite.name} needs {source.path}, which is not there; "
                "set RECORD_SHARED to the folder that holds record/."
            )
    return ""


def load(named: str | Path) -> Suite:
    """Read a suite of the project by its name, or the user's own JSONL or folder by its path.

    A folder is read in the form of BEIR: corpus.jsonl, queries.jsonl, qrels.

    Raises:
        BadInput: there is no such suite, or a line of it is bad; names file and line.

    """
    from eval import retrieval

    if str(named) in retrieval.names():
        return retrieval.load(str(named))
    if Path(named).is_dir():
        from eval.beir import read_folder

        return read_folder(Path(named))
    if str(named) in names():
        path = SUITES / f"{named}.jsonl"
        sources = sources_of(str(named))
    else:
        path = Path(named)
        sources = ()
    if not path.is_file():
        known = ", ".join((*names(), *retrieval.names()))
        raise BadInput(
            f"There is no suite {str(named)!r}: give a JSONL file, a folder in BEIR's form, "
            f"or one of: {known}."
        )
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput(f"{path} is not UTF-8 text.") from error
    cases = tuple(read_cases(text, path))
    if not cases:
        raise BadInput(f"{path} holds no question.")
    return Suite(path.stem, path, hashlib.sha256(data).hexdigest(), cases, sources)


def read_cases(text: str, path: Path) -> Iterator[Case]:
    """Check one line after the other; blank lines are passed over.

    Raises:
        BadInput: a line is no case; names file and line.

    """
    adapter = TypeAdapter(Case)
    seen: dict[str, int] = {}
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            case = adapter.validate_json(line)
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(str(part) for part in first["loc"])
            told = f"{place}: {first['msg']}" if place else first["msg"]
            raise BadInput(f"{path}, line {number}: {told}.") from error
        wrong = _contradiction(case)
        if case.id in seen:
            wrong = f"the id {case.id!r} is already that of line {seen[case.id]}"
        if wrong:
            raise BadInput(f"{path}, line {number}: {wrong}.")
        seen[case.id] = number
        yield case


def _contradiction(case: Case) -> str:
    """Say what does not go together in a case; empty where all does."""
    texts = (case.id, case.question, *case.facts, *case.history, *sum(case.gold, ()))
    options = [option for fact in case.facts for option in fact.split("|")]
    checks = (
        (any(not text.strip() for text in (*texts, *options)), "a text in it is empty"),
        (case.answerable and not case.gold, "it is answerable and has no gold paragraph"),
        (not case.answerable and bool(case.gold), "it is not answerable and has gold paragraphs"),
        (not case.answerable and bool(case.facts), "it is not answerable and has facts"),
        (case.kind == "unanswerable" and case.answerable, "its kind says it is not answerable"),
        (case.kind == "who-said" and not case.facts, "who-said needs the speaker in facts"),
        (case.kind == "follow-up" and not case.history, "a follow-up needs a history"),
        (len(set(case.gold)) < len(case.gold), "a gold paragraph is given twice"),
        (
            len(case.grades) not in (0, len(case.gold)),
            "it has not as many grades as gold paragraphs",
        ),
        (any(grade < 1 for grade in case.grades), "a grade is below 1"),
    )
    return next((told for wrong, told in checks if wrong), "")
