"""Conversations → one JSON file each under the index, and back; and into Markdown.

A file is written whole beside the old one and put in its place, under a lock, so that a
crash leaves one of both and two processes that go on with one conversation lose no turn.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
import unicodedata
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from pydantic import TypeAdapter, ValidationError

from rag.domain import QA, Answer, Claim, Filters, NoAnswer, Searched, Usage
from rag.errors import BadInput, ConversationDamaged, ConversationLocked, UnknownConversation
from rag.present import NOT_SAID, claim_doubt, claim_text, doubts

FORMAT = 1
MAX_NAME = 120


@dataclass(frozen=True, slots=True)
class Setting:
    """What a question was asked with."""

    filters: Filters = Filters()  # noqa: RUF009 - frozen
    llm: str | None = None  # None: the answerer without a model
    embedder: str = ""


@dataclass(frozen=True, slots=True)
class Exchanged:
    """One question of a conversation and what came of it."""

    at: datetime
    question: str
    asked: str  # as resolved against what was asked before
    answered: bool
    reason: str  # why the record does not say; of an answer, what to know beside it
    claims: tuple[Claim, ...]
    rejected: tuple[Claim, ...]
    nearest: tuple[str, ...]  # canonical citations of what came nearest, where nothing answers
    searched: Searched
    seconds: float
    setting: Setting = Setting()
    usage: Usage | None = None
    doubts: Mapping[str, str] = field(default_factory=dict[str, str])  # citation → what is doubted

    @classmethod
    def of(cls, outcome: Answer | NoAnswer, setting: Setting, at: datetime) -> Exchanged:
        """What is kept of an answer."""
        refused = isinstance(outcome, NoAnswer)
        return cls(
            at=at,
            question=outcome.question,
            asked=outcome.asked or outcome.question,
            answered=not refused,
            reason=outcome.reason if refused else outcome.note,
            claims=() if refused else outcome.claims,
            rejected=outcome.rejected,
            nearest=tuple(str(passage.paragraph.citation) for passage in outcome.nearest),
            searched=outcome.searched,
            seconds=round(outcome.seconds, 4),
            setting=setting,
            usage=outcome.usage,
            doubts=doubts(outcome) if not refused else {},
        )

    @property
    def past(self) -> QA:
        """What the next question needs to know of it."""
        return QA.made(self.question, self.asked, self.claims)


@dataclass(frozen=True, slots=True)
class Conversation:
    """A named conversation, oldest question first."""

    name: str
    begun: datetime
    exchanges: tuple[Exchanged, ...] = ()
    format: int = FORMAT

    @property
    def history(self) -> tuple[QA, ...]:
        """The conversation as a follow-up needs it."""
        return tuple(each.past for each in self.exchanges)


@dataclass(frozen=True, slots=True)
class Listed:
    """A conversation as a list shows it; `damaged` says why it cannot be opened."""

    name: str
    questions: int
    begun: datetime | None
    last: datetime | None
    opening: str  # its first question
    damaged: str = ""


_ADAPTER = TypeAdapter(Conversation)
_FORMATTED = TypeAdapter(dict[str, Any])


class Conversations:
    """The conversations of one folder."""

    def __init__(self, folder: Path, *, lock_timeout: float = 10.0) -> None:
        self.folder = folder
        self._lock_timeout = lock_timeout

    def list(self) -> tuple[Listed, ...]:
        """Every conversation, the one that was last gone on with first."""
        found: list[Listed] = []
        for path in sorted(self.folder.glob("*.json")) if self.folder.is_dir() else ():
            try:
                told = self._read(path)
            except ConversationDamaged as error:
                found.append(Listed(path.stem, 0, None, None, "", str(error)))
                continue
            last = told.exchanges[-1].at if told.exchanges else told.begun
            opening = told.exchanges[0].question if told.exchanges else ""
            found.append(Listed(told.name, len(told.exchanges), told.begun, last, opening))
        oldest = datetime.min.replace(tzinfo=UTC)
        return tuple(sorted(found, key=lambda each: each.last or oldest, reverse=True))

    def load(self, name: str) -> Conversation:
        """Open a conversation.

        Raises:
            UnknownConversation: there is none of that name.
            ConversationDamaged: its file is none, or of a newer format.

        """
        path = self._path(name)
        if not path.is_file():
            raise UnknownConversation(
                f"There is no conversation {name!r}; `rag conversations list` shows those there are."
            )
        return self._read(path)

    def history(self, name: str) -> tuple[QA, ...]:
        """What was asked in it so far; nothing where it is new."""
        return self.load(name).history if self._path(name).is_file() else ()

    def append(self, name: str, exchanged: Exchanged) -> Conversation:
        """Add a question to a conversation, which begins with it if there is none.

        Raises:
            BadInput: the name is none.
            ConversationDamaged: the file that is there cannot be read; it is left as it is.
            ConversationLocked: another process holds the conversations for too long.

        """
        path = self._path(name)
        with self._locked():
            told = self._read(path) if path.is_file() else Conversation(_plain(name), exchanged.at)
            told = replace(told, exchanges=(*told.exchanges, exchanged))
            self._write(path, told)
        return told

    def rename(self, name: str, new: str) -> Conversation:
        """Give a conversation another name.

        Raises:
            UnknownConversation: there is none of that name.
            BadInput: the new name is none, or taken.

        """
        old, path = self._path(name), self._path(new)
        with self._locked():
            told = self.load(name)
            if path.is_file() and path != old:
                raise BadInput(f"There is a conversation {new!r} already; choose another name.")
            told = replace(told, name=_plain(new))
            self._write(path, told)
            if path != old:
                old.unlink()
        return told

    def delete(self, name: str) -> None:
        """Forget a conversation, even one that cannot be read.

        Raises:
            UnknownConversation: there is none of that name.

        """
        with self._locked():
            path = self._path(name)
            damaged = self.folder / f"{name}.json"  # as a list names one that cannot be read
            if not path.is_file() and re.fullmatch(r"[\w.-]+", name) and damaged.is_file():
                path = damaged
            if not path.is_file():
                self.load(name)
            path.unlink()

    def _path(self, name: str) -> Path:
        """Where it is kept: a readable name, and a digest that tells like ones apart."""
        plain = _plain(name)
        ascii_ = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode().lower()
        slug = re.sub(r"[^a-z0-9]+", "-", ascii_).strip("-")[:40].strip("-") or "conversation"
        return self.folder / f"{slug}-{hashlib.sha256(plain.encode()).hexdigest()[:10]}.json"

    def _read(self, path: Path) -> Conversation:
        try:
            data = path.read_bytes()
            written = _FORMATTED.validate_json(data).get("format")
            if isinstance(written, int) and written > FORMAT:
                raise ConversationDamaged(
                    f"{path} was written by a newer version (format {written}); update to open it."
                )
            return _ADAPTER.validate_json(data)
        except (ValidationError, OSError) as error:
            raise ConversationDamaged(
                f"{path} is no conversation that can be read; mend it or delete it."
            ) from error

    def _write(self, path: Path, told: Conversation) -> None:
        handle, beside = tempfile.mkstemp(dir=self.folder, prefix=".", suffix=".part")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(_ADAPTER.dump_json(told, indent=1))
                file.flush()
                os.fsync(file.fileno())
            Path(beside).replace(path)
        except BaseException:
            Path(beside).unlink(missing_ok=True)
            raise

    @contextmanager
    def _locked(self) -> Generator[None]:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with FileLock(self.folder / ".lock", timeout=self._lock_timeout):
                yield
        except Timeout as error:
            raise ConversationLocked(
                f"{self.folder} is being written by another process; wait for it and try again."
            ) from error


def _plain(name: str) -> str:
    """A name as it is kept: one line, composed letters.

    Raises:
        BadInput: nothing is left of it, or it is too long.

    """
    plain = " ".join(unicodedata.normalize("NFC", name).split())
    if not plain or not plain.isprintable():
        raise BadInput("A conversation needs a name that can be printed, such as 'kazakhstan'.")
    if len(plain) > MAX_NAME:
        raise BadInput(f"A conversation's name has at most {MAX_NAME} characters.")
    return plain


def as_json(told: Conversation) -> str:
    """The conversation as it is stored: everything there is to know of it."""
    return _ADAPTER.dump_json(told, indent=2).decode()


_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~])|^(\s*)([-+]|[0-9]+[.)])(?=\s)", re.MULTILINE)


def _marked(text: str) -> str:
    """Text that Markdown shows as it is."""
    return _SPECIAL.sub(lambda m: f"\\{m[1]}" if m[1] else f"{m[2]}{m[3][:-1]}\\{m[3][-1]}", text)


def as_markdown(told: Conversation) -> str:
    """The conversation to be read: questions, answers with their pinpoints, when and how."""
    lines = [f"# {_marked(told.name)}", ""]
    for number, each in enumerate(told.exchanges, start=1):
        lines += [f"## {number}. {_marked(each.question)}", ""]
        if each.asked != each.question:
            lines += [f"*Understood as: {_marked(each.asked)}*", ""]
        if each.answered:
            lines += [
                f"- {_marked(claim_text(claim, claim_doubt(claim, each.doubts)))}"
                for claim in each.claims
            ]
            lines += ["", _marked(each.reason)] if each.reason else []
        else:
            lines.append(f"{NOT_SAID} {_marked(each.reason)}")
            if each.nearest:
                lines += ["", "Nearest: " + "; ".join(_marked(near) for near in each.nearest)]
        if each.rejected:
            lines += ["", "Not verified:", ""]
            lines += [f"- {_marked(claim.text)} ({_marked(why(claim))})" for claim in each.rejected]
        lines += ["", f"*{_marked(how(each))}*", ""]
    return "\n".join(lines)


def why(claim: Claim) -> str:
    """Why a claim is not verified."""
    return "; ".join(check.why for check in claim.checks if not check.passed)


def how(each: Exchanged) -> str:
    """When a question was asked, with what, and what was looked through."""
    chosen = each.setting.filters
    limits = [
        f"{name} {', '.join(value) if isinstance(value, tuple) else value}"
        for name in Filters.__slots__
        if (value := getattr(chosen, name))
    ]
    paragraphs, documents = each.searched.paragraphs, each.searched.documents
    searched = f"{paragraphs} paragraphs of {documents} document{'s' if documents != 1 else ''}"
    parts = [
        f"{each.at.astimezone(UTC):%Y-%m-%d %H:%M} UTC",
        each.setting.llm or "without a model",
        f"searched {searched}",
        *([f"only {'; '.join(limits)}"] if limits else []),
    ]
    return " · ".join(parts)
