"""What a follow-up can lean on: the question before it, and its answer."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rag.answer.back import COMPARES, OPENS
from rag.answer.topic import ASKS, TITLED, YEAR, topic_of

States = Callable[[str], Sequence[tuple[int, int, str]]]  # text → spans of States, their names

# Only where a figure is wanted does the year of the question before still hold.
FIGURE = re.compile(
    r"\b(?:how (?:many|much)|what (?:share|percentage|proportion|number))\b", re.IGNORECASE
)


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
        topic = self._done_to(topic)
        return with_state(topic, self.asked, self.states)

    def _done_to(self, topic: str) -> str:
        """Of "Maravia buy the spyware" the spyware."""
        named = self.states(topic)
        if not named or named[0][0] != 0:
            return topic
        rest = topic[named[0][1] :]
        verb = re.match(
            r" (?:also |ever |already )?[a-z]{2,} (?=(?:the|an?|its|their|any) [\w-]+)", rest
        )
        return rest[verb.end() :] if verb else topic

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


def aside(text: str, before: Before) -> str:
    """A question with the subject behind it in brackets."""
    rest = OPENS.sub("", text).strip().rstrip("?. ")
    wants_figure = FIGURE.search(text) or COMPARES.match(text)
    dates = bool(wants_figure) and not YEAR.search(text)
    subject = before.about(dates=dates, deed=True)
    return f"{rest[:1].upper()}{rest[1:]}? ({subject})" if subject else sentence(rest)


def sentence(text: str) -> str:
    """A text as a question: a capital, one question mark."""
    text = " ".join(text.split()).rstrip("?. ")
    return f"{text[:1].upper()}{text[1:]}?"
