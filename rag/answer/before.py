"""What a follow-up can lean on: the question before it, and its answer."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rag.answer.topic import ASKS, TITLED, topic_of

States = Callable[[str], Sequence[tuple[int, int, str]]]  # text → spans of States, their names


@dataclass(frozen=True, slots=True)
class Before:
    """What a follow-up can lean on: the question before it as resolved, and its answer."""

    asked: str
    topic: str
    cited: tuple[str, ...]
    speakers: tuple[str, ...]
    answer: str
    states: States

    def about(self, *, dates: bool = False, deed: bool = False) -> str:
        """The subject, with the State it was asked about."""
        topic = topic_of(self.asked, dates=dates, deed=deed) if dates or deed else self.topic
        return with_state(topic, self.asked, self.states)

    @property
    def person(self) -> str | None:
        """Whom the question before named last."""
        named = TITLED.findall(self.asked)
        return named[-1] if named else None

    @property
    def asker(self) -> str | None:
        """Whose question the question before was about: "What did Ms. Bell ask about Mr. X?"."""
        found = re.search(rf"(?P<name>{TITLED.pattern})(?:['’]s? \w+)? {ASKS}\b", self.asked)
        return found["name"] if found else None


def no_states(_: str) -> Sequence[tuple[int, int, str]]:
    """Find none."""
    return ()


def the(topic: str) -> str:
    """A subject to be put into a question, "that" where there is none."""
    return topic or "that"


def with_state(text: str, source: str, states: States) -> str:
    """Add the State that a question named where what is kept of it does not."""
    named = states(source)
    if not named or any(name == found for *_, name in named for *_, found in states(text)):
        return text
    start, end, _ = named[-1]
    return f"{text} in {source[start:end]}" if text else source[start:end]
