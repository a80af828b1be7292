"""Who holds the floor in each paragraph, and in each part of one.

A turn begins where a paragraph opens with a person (or the Chair, or a State's
representative) and a verb of speech; paragraphs without a new speaker go on
with the turn. "Mr. Namazbaev had been convicted" opens no turn. A wrong speaker
is worse than none: where words are lost, nobody is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from rag.domain import Note, Paragraph, Turn, Voice
from rag.parse.dialogue import assign_dialogue, is_review
from rag.parse.floor import Floor, opens_turn, sentence_starts
from rag.parse.variants import is_misspelling, same_persons

__all__ = ["Floor", "assign_turns", "opens_turn"]

_CHAIR = (
    r"(?:(?:[Aa]cting|[Tt]emporary) )?(?:Chair(?:person|man|woman)?|CHAIR(?:PERSON|MAN|WOMAN)?|"
    r"President|PRESIDENT)"
)
_ADOPTED = (
    r"(?:The |A )?(?:(?:draft|revised|amended|provisional|proposed|present|new) )*"
    r"(?:agenda|report|programme of work|concluding observations|decisions?|resolutions?|"
    r"recommendations?|general comment|chapters?|sections?|paragraphs?|annex(?:es)?|text|proposals?|"
    r"amendments?|rules?|list of issues|opinion|views|suggestions?)\b[^.]{0,160}?"
)
_NARRATIVE = re.compile(
    rf"^(?:(?i:At the (?:invitation|request) of the (?:{_CHAIR})\b|In the absence of "
    r"|The (?:members of the )?delegations? (?:of .{1,80}? )?(?:took|withdrew|left|resumed its place)"
    r"|The meeting (?:was|rose)|It was so (?:decided|agreed)|The discussion covered in"
    rf"|{_ADOPTED}\b(?:was|were)(?: \w+ly)? (?:adopted|approved|agreed|rejected|so amended)"
    r"\b[^.]{0,160}\.$)"
    r"|The Committee (?:so )?(?:decided|adopted|approved|elected|took note|observed a minute)\b"
    r"[^.]{0,200}\.$"
    r"|(?:Mrs?|Ms)\. [^.]{3,160}\b(?:took (?:a place|places|the [Cc]hair)|withdrew|(?:was|were) elected)"
    r"\b[^.]{0,100}\.$)"
)
# Nothing but the speaker's name: an extract shows who speaks in the paragraphs that follow.
_STUB = re.compile(r"^[^.]{2,40}\.? ?[^.]{0,80}(?:\.\s?){3,}$|^[^.]{2,40}\.? ?[^.]{0,80}…$")


# Nobody speaks in these. In a report somebody may, but the next paragraph is the report's own.
_SILENT = frozenset(
    {
        "concluding observations",
        "decision",
        "draft resolution",
        "general comment",
        "judgment",
        "list of issues",
        "order",
        "replies to list of issues",
        "resolution",
        "views",
    }
)


@dataclass(frozen=True, slots=True)
class _Held:
    """Who holds the floor at a paragraph's beginning, and whether a turn begins there."""

    floor: Floor | None
    begins: bool
    voices: tuple[tuple[int, Floor], ...] = ()  # (offset, who), where others speak in it


def assign_turns(
    paragraphs: Sequence[Paragraph], *, kind: str = "document", state: str | None = None
) -> tuple[tuple[Paragraph, ...], tuple[Note, ...]]:
    """Give every paragraph the turn it belongs to (None in narrative paragraphs).

    Args:
        paragraphs: the document's, in order.
        kind: the document's kind, as the masthead tells it.
        state: the State under review, where there is one.

    Returns:
        The paragraphs, and notes on whom the record does not tell and on variants of names.

    """
    if kind in _SILENT or any(p.turn is not None for p in paragraphs):
        return tuple(paragraphs), ()
    if is_review(paragraphs, kind=kind):
        return assign_dialogue(paragraphs, state=state), ()
    opened = [opens_turn(paragraph.text) for paragraph in paragraphs]
    floors = [floor for floor in opened if floor is not None]
    same = same_persons(floors)
    known = {same.get(floor.speaker, floor.speaker) for floor in floors}
    chaired = any(floor.speaker.casefold().startswith("the chair") for floor in floors)
    introduced: dict[str, Floor] = {}  # people whose delegation was printed earlier on
    held: list[_Held] = []
    notes: list[Note] = []
    for i, paragraph in enumerate(paragraphs):
        floor = opened[i]
        if floor is not None and chaired and floor.speaker.casefold() == "the president":
            floor = None  # a head of State, in a record whose Chair has another title
        begins = floor is not None or kind == "report" or bool(_NARRATIVE.match(paragraph.text))
        if floor is not None:
            floor = _introduce(floor, same, introduced)
        elif not begins and held:
            floor = _last(held[-1])
            lost = _lost(paragraphs[i - 1], paragraph)
            if floor is not None and lost:
                floor, begins = None, True
                notes.append(Note("speaker not known", paragraph.label, lost))
        voices = _voices(paragraph.text, floor, known, same, introduced)
        held.append(_Held(floor, begins, voices))
    notes += _variant_notes(paragraphs, opened, same)
    return tuple(_with_turns(paragraphs, held)), tuple(notes)


def _introduce(floor: Floor, same: Mapping[str, str], introduced: dict[str, Floor]) -> Floor:
    """Give a speaker the delegation with which the record introduced them before."""
    person = same.get(floor.speaker, floor.speaker)
    if floor.role == "member" and floor.delegation is None and person in introduced:
        before = introduced[person]
        return replace(floor, role=before.role, delegation=before.delegation)
    if floor.role != "chair":
        introduced[person] = floor
    return floor


def _last(held: _Held) -> Floor | None:
    return held.voices[-1][1] if held.voices else held.floor


def _lost(before: Paragraph, paragraph: Paragraph) -> str:
    """Why a paragraph cannot be taken to go on with the turn before it, if it cannot.

    Words are missing before it: a number is skipped, or only the end of a paragraph
    whose number was lost stands under a new heading.
    """
    if _STUB.match(before.text):
        return ""
    if before.label.isdigit() and paragraph.label.isdigit():
        missing = int(paragraph.label) - int(before.label) - 1
        if missing > 0 and before.section == paragraph.section:
            return "Somebody else may have taken the floor in the paragraphs missing before it."
    if paragraph.inferred and not before.inferred and before.heading != paragraph.heading:
        return "Its first words, which may have named a new speaker, are not printed."
    return ""


def _voices(
    text: str,
    floor: Floor | None,
    known: set[str],
    same: Mapping[str, str],
    introduced: dict[str, Floor],
) -> tuple[tuple[int, Floor], ...]:
    """Find who else takes the floor within a paragraph: (offset, who), from its beginning.

    Only those whom the record shows as speakers: the Chair, a person with a delegation
    in brackets, or one who opens a paragraph of this record; and only with a word of
    speaking. A paragraph with one speaker has no voices.
    """
    if floor is None:
        return ()
    found = [(0, floor)]
    for start in sentence_starts(text):
        if not start or text.count("“", 0, start) > text.count("”", 0, start):
            continue
        other = opens_turn(text[start:])
        if other is None or not other.plain:
            continue
        person = same.get(other.speaker, other.speaker)
        title = other.role == "chair" and "chair" in other.speaker.casefold()
        if not (title or other.bracketed or person in known):
            continue
        current = found[-1][1]
        if person != same.get(current.speaker, current.speaker):
            found.append((start, _introduce(other, same, introduced)))
    return tuple(found) if len(found) > 1 else ()


def _variant_notes(
    paragraphs: Sequence[Paragraph], opened: Sequence[Floor | None], same: Mapping[str, str]
) -> list[Note]:
    notes: dict[str, Note] = {}
    for paragraph, floor in zip(paragraphs, opened, strict=True):
        if floor is None or floor.speaker in notes:
            continue
        usual = same.get(floor.speaker)
        if usual is not None and is_misspelling(floor.speaker, usual):
            what = f"{floor.speaker} in paragraph {paragraph.label} is probably {usual}."
            notes[floor.speaker] = Note("name variant", paragraph.label, what)
    return list(notes.values())


def _with_turns(paragraphs: Sequence[Paragraph], held: Sequence[_Held]) -> list[Paragraph]:
    """Join what nobody interrupts into turns; a voice that goes on has a turn of its own."""
    done: list[Paragraph] = []
    i = 0
    while i < len(paragraphs):
        j = i + 1
        while j < len(paragraphs) and not held[j].begins and not held[j - 1].voices:
            j += 1
        floor = held[i].floor
        turn = None
        if floor is not None:
            goes_on = not held[i].begins and i > 0  # with a voice of the paragraph before
            first = paragraphs[i - 1 if goes_on else i].ordinal
            last = paragraphs[j - 1].ordinal
            turn = Turn(floor.speaker, floor.role, floor.delegation, first, last)
        done += [
            replace(paragraph, turn=turn, voices=_spans(paragraph.text, held[k].voices))
            for k, paragraph in enumerate(paragraphs[i:j], start=i)
        ]
        i = j
    return done


def _spans(text: str, voices: Sequence[tuple[int, Floor]]) -> tuple[Voice, ...]:
    ends = [start for start, _ in voices[1:]] + [len(text)]
    return tuple(
        Voice(start, end, floor.speaker, floor.role, floor.delegation)
        for (start, floor), end in zip(voices, ends, strict=False)
    )
