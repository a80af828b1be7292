"""A report of the Universal Periodic Review → who speaks in each paragraph.

The State under review presents its report, States speak in the interactive dialogue
("Morocco indicated …"), the State under review responds, and each recommendation
carries the States that made it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from rag.domain import Paragraph, Turn, Voice
from rag.parse.floor import Floor, sentence_starts
from rag.parse.recommendations import recommending_parts
from rag.parse.states import state_named
from rag.parse.subjects import Review, names_nobody, speaks

_REVIEW_OF = re.compile(
    r"\b[Tt]he review of (?:the )?(?P<state>[A-Z].{2,80}?),? (?:was|were|took place)\b"
)
_WORKING_GROUP = re.compile(r"^The Working Group on the Universal Periodic Review\b")
_PRESENTATION = re.compile(r"\bpresentation (?:by|of) the State\b", re.IGNORECASE)
_DIALOGUE = re.compile(r"\binteractive dialogue\b", re.IGNORECASE)
_CONCLUSIONS = re.compile(r"(?:II+\. ?)?conclusions\b", re.IGNORECASE)
_PLEDGES = re.compile(r"\bvoluntary (?:pledges|commitments)\b", re.IGNORECASE)
_DIALOGUE_OPENS = re.compile(
    r"^(?:During|In) the (?:ensuing |course of the )?(?:interactive )?(?:dialogue|discussion)\b|"
    r"\b\d+ delegations (?:made|took)\b"
)
_LISTED = re.compile(r"\brecommendations?\b", re.IGNORECASE)
_GOES_ON = re.compile(
    r"^(?:(?:Finally|Furthermore|Moreover|In addition|Additionally|Lastly|Also|Further),? )?"
    r"(?:It|He|She|They|The (?:speaker|representative|delegation|Ambassador|Minister)) (?:also |further |"
    r"finally |then )*[a-z]+"
)


@dataclass(frozen=True, slots=True)
class _Said:
    """What one paragraph tells: who opens it, and whether the turn before it ends there."""

    voices: tuple[tuple[int, Floor], ...]
    begins: bool


def is_review(paragraphs: Sequence[Paragraph], *, kind: str) -> bool:
    """Whether a document reports on a State's Universal Periodic Review."""
    if kind not in ("report", "document") and "review" not in kind:
        return False
    return any(_WORKING_GROUP.match(p.text) for p in paragraphs[:4]) or any(
        _PRESENTATION.search(p.heading or "") for p in paragraphs[:12]
    )


def assign_dialogue(
    paragraphs: Sequence[Paragraph], *, state: str | None = None
) -> tuple[Paragraph, ...]:
    """Give the paragraphs of a report of a review their turns.

    Args:
        paragraphs: the report's, in order.
        state: the State under review, where the masthead names it.

    """
    review = Review(_under_review(paragraphs, state), state)
    texts = {paragraph.label: paragraph.text for paragraph in paragraphs}
    listing = {label.split(".")[0] for label in texts if "." in label}
    done: list[Paragraph] = []
    said: list[_Said] = []
    section = "introduction"
    for paragraph in paragraphs:
        section = _section(section, paragraph, paragraph.label in listing)
        if _is_recommendation(paragraph, texts, section):
            said.append(_Said((), True))
            done.append(_with_makers(paragraph))
            continue
        said.append(_heard(paragraph, said[-1] if said else None, section, review))
        done.append(paragraph)
    return tuple(_with_answers(_with_turns(done, said)))


def _with_answers(paragraphs: Sequence[Paragraph]) -> list[Paragraph]:
    """Give the items under a paragraph in which the State answers the turn of that paragraph."""
    turns: dict[str, Turn | None] = {}
    done: list[Paragraph] = []
    for paragraph in paragraphs:
        above = turns.get(paragraph.label.rpartition(".")[0])
        if paragraph.turn is None and above is not None and above.role == "delegation":
            at = paragraph.ordinal
            paragraph = replace(paragraph, turn=replace(above, first=min(above.first, at), last=at))
        turns[paragraph.label] = paragraph.turn
        done.append(paragraph)
    return done


def _under_review(paragraphs: Sequence[Paragraph], state: str | None) -> str | None:
    """Name the State under review: the report's first paragraph says so."""
    for paragraph in paragraphs[:2]:
        match = _REVIEW_OF.search(paragraph.text)
        name = state_named(match["state"]) if match else None
        if name:
            return name
    return (state_named(state) or state) if state else None


def _section(section: str, paragraph: Paragraph, lists: bool) -> str:
    """Follow the report's sections, by its headings or by what paragraphs say.

    `lists`: numbered items stand under the paragraph.
    """
    heading = paragraph.heading or ""
    if _PLEDGES.search(heading):
        return "pledges"
    if _DIALOGUE.search(heading) and section in ("introduction", "presentation", "dialogue"):
        return "dialogue"
    if _PRESENTATION.search(heading) and section == "introduction":
        return "presentation"
    if section in ("introduction", "presentation") and _DIALOGUE_OPENS.search(paragraph.text[:400]):
        return "dialogue"
    number = paragraph.label.split(".")[0]
    if section == "introduction" and number.isdigit() and int(number) >= 5:
        return "presentation"  # paragraphs 1 to 4 are the same in every report
    if section == "dialogue" and (
        (lists and _LISTED.search(paragraph.text)) or _CONCLUSIONS.match(heading)
    ):
        return "conclusions"
    return section


def _is_recommendation(paragraph: Paragraph, texts: Mapping[str, str], section: str) -> bool:
    """Whether a paragraph is a recommendation: by its number, or by the States behind it.

    "126.48" stands under paragraph 126, which says that recommendations follow.
    """
    label, above = paragraph.label, ""
    while "." in label and not above:
        label = label.rpartition(".")[0]
        above = texts.get(label, "")
    if above and "." in paragraph.label:
        return bool(_LISTED.search(above)) or _is_recommendation(
            replace(paragraph, label=label), texts, ""
        )
    decimal = "." in paragraph.label
    return (decimal or section == "conclusions") and bool(recommending_parts(paragraph.text))


def _with_makers(paragraph: Paragraph) -> Paragraph:
    """Give a recommendation a turn of the States that made it, and each part its own.

    The turn names all of them, as printed and as UN short forms: "Italy, Czech Republic"
    and "Italy, Czechia"; no short form has a comma in it.
    """
    parts = recommending_parts(paragraph.text)
    if not parts:
        return paragraph
    names = tuple(dict.fromkeys(name for part in parts for name in part.names))
    printed = ", ".join(dict.fromkeys(part.printed for part in parts))
    at = paragraph.ordinal
    turn = Turn(printed, "delegation", ", ".join(names), at, at)
    voices = tuple(
        Voice(part.start, part.end, part.printed, "delegation", ", ".join(part.names))
        for part in parts
    )
    return replace(paragraph, turn=turn, voices=voices if len(voices) > 1 else ())


def _heard(paragraph: Paragraph, before: _Said | None, section: str, review: Review) -> _Said:
    """Find who speaks in a paragraph: at its beginning, and where others follow."""
    text = paragraph.text
    if section == "introduction" or names_nobody(text):
        return _Said((), True)
    own = section in ("presentation", "pledges")
    last = before.voices[-1][1] if before and before.voices else None
    voices: list[tuple[int, Floor]] = []
    begins = False
    starts = list(sentence_starts(text))
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        current = voices[-1][1] if voices else None
        floor = speaks(text[start:end], review, current=current, own=own, opens=start == 0)
        if start == 0:
            begins = floor is not None
            if floor is None and last is not None and _continues(text, last, section, review):
                floor = last
            elif floor is None and own and review.state:
                floor, begins = (
                    Floor(review.printed or review.state, "delegation", review.state),
                    True,
                )
            begins = begins or floor is None
            if floor is not None:
                voices.append((0, floor))
        elif floor is not None and (current is None or not _same(current, floor)):
            voices.append((start, floor))
    if voices and voices[0][0] > 0:
        voices, begins = [], True  # the paragraph's first sentence is nobody's
    return _Said(tuple(voices), begins)


def _continues(text: str, last: Floor, section: str, review: Review) -> bool:
    """Whether a paragraph that names no speaker goes on with the one before it.

    The State under review answers over many paragraphs; other States speak in one.
    """
    if section == "conclusions":
        return bool(_GOES_ON.match(text))
    return last.delegation == review.state or bool(_GOES_ON.match(text))


def _same(one: Floor, other: Floor) -> bool:
    """Whether two speakers are one: two names of persons are two, within one delegation."""
    if one.delegation != other.delegation or one.role != other.role:
        return False
    return not (one.bracketed and other.bracketed) or one.speaker == other.speaker


def _with_turns(paragraphs: Sequence[Paragraph], said: Sequence[_Said]) -> list[Paragraph]:
    done: list[Paragraph] = []
    i = 0
    while i < len(paragraphs):
        if not said[i].voices:
            done.append(paragraphs[i])
            i += 1
            continue
        j = i + 1
        while j < len(paragraphs) and not said[j].begins and len(said[j - 1].voices) == 1:
            j += 1
        goes_on = not said[i].begins and i > 0  # with a voice of the paragraph before
        first = paragraphs[i - 1 if goes_on else i].ordinal
        floor = said[i].voices[0][1]
        turn = Turn(floor.speaker, floor.role, floor.delegation, first, paragraphs[j - 1].ordinal)
        done += [
            replace(paragraph, turn=turn, voices=_spans(paragraph.text, said[k].voices))
            for k, paragraph in enumerate(paragraphs[i:j], start=i)
        ]
        i = j
    return done


def _spans(text: str, voices: Sequence[tuple[int, Floor]]) -> tuple[Voice, ...]:
    if len(voices) < 2:
        return ()
    ends = [start for start, _ in voices[1:]] + [len(text)]
    return tuple(
        Voice(start, end, floor.speaker, floor.role, floor.delegation)
        for (start, floor), end in zip(voices, ends, strict=True)
    )
