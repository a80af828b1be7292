"""A follow-up and what came before it → a question that stands alone.

Without a model: an elliptical question takes over the subject of the question before it,
or the part of it that it does not replace. "And in 2015?" after "How many complaints were
filed in 2014?" becomes "How many complaints were filed in 2015?". What a question points
back at (the paragraphs cited before) goes along as data, for `lean` to use.

With a model, `rewrite` puts its words in place of `Resolved.question`; who is meant and
what was cited (`seeks`, `cited`) still come from here.

Longer than most: the rules stand one after another, in the order in which they are tried.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from rag.answer.back import (
    ALOUD,
    ANEW,
    ASKED_BY,
    ASKED_FOR,
    BARE,
    COMPARES,
    CONCERN_OF_COMMITTEE,
    CORRECTED,
    DEFINITE,
    DISPUTED,
    ELSE,
    ENDS_BACK,
    LEADS,
    MORE,
    NEXT_YEAR,
    NONE_COUNTED,
    OF_THEM,
    OPENS,
    ORDINAL,
    ORDINALS,
    PARAGRAPH,
    POINTS_BACK,
    POLITE,
    QUESTION_OF_COMMITTEE,
    REPLY,
    SAID_BY,
    SAID_OF_IT,
    SAME,
    STEP,
    THEY_SAY,
    TO_SOMETHING,
    WHERE,
    WHY,
    YEAR_BEFORE,
    content,
    has_verb,
    names_nothing,
    names_something,
    only_happens,
    persons_meant,
    stands_for_something_here,
    tells_itself,
    thing_meant,
)  # fmt: skip
from rag.answer.before import FIGURE, Before, States, aside, no_states, sentence, the, with_state
from rag.answer.swap import SWAPS
from rag.answer.topic import AUXILIARY, DATED, TITLED, YEAR, topic_of
from rag.domain import QA, Citation

Seeks = Literal[
    "question",  # what the paragraphs cited before reply to
    "reply",  # what replies to them
    "same",  # those paragraphs themselves
    "near",  # perhaps those paragraphs, or what stands beside them
    "else",  # any but those
    "other",  # what the other side says
    "committee",  # what those who examine say
    "corrected",  # what corrects it
]


@dataclass(frozen=True, slots=True)
class Resolved:
    """A question that stands alone, and what of the answer before it points at."""

    question: str
    seeks: Seeks | None = None
    cited: tuple[str, ...] = ()  # canonical citations of the answer before
    # Where words do not tell: the same question about the subject before; the record tells.
    perhaps: Resolved | None = field(default=None, compare=False)


def resolve(question: str, history: Sequence[QA], *, states: States = no_states) -> Resolved:
    """Make a question stand alone.

    Args:
        question: as typed.
        history: earlier questions, oldest first; those that tell no resolved form are
            resolved against the ones before them.
        states: finds the names of States in a text.

    Returns:
        The question itself where it already stands alone or there is no history. Of a
        question that was refused, only its subject is taken over.

    """
    question = question.strip()
    if not history:
        return Resolved(question)
    *earlier, last = _antecedent(question, history)
    asked = last.asked or resolve(last.question, earlier, states=states).question
    before = Before(asked, topic_of(asked), last.cited, last.speakers, last.answer, states)
    if POLITE.match(question):
        return Resolved(question)
    question = SAID_OF_IT.sub("", question)
    anew = ANEW.match(question)
    if anew:
        rest = question[anew.end() :].strip()
        return Resolved(rest[:1].upper() + rest[1:]) if rest else Resolved(question)
    for rule in _RULES:
        found = rule(question, before)
        if found is not None:
            if ELSE.search(question) and found.seeks in (None, "near"):
                found = replace(found, seeks="else", cited=before.cited)
            return found
    return Resolved(question, perhaps=_perhaps(question, before))


def _perhaps(question: str, before: Before) -> Resolved | None:
    """A short question that names nothing, read as one about the subject of the one before.

    "Were any paid back?" goes on from "What fines were imposed?", "Can prisoners vote?" does not.
    """
    short = 0 < len(content(question)) <= 4 and not re.search(r"[\"“”]|\d", question)
    if not short or not before.cited or not before.topic or names_something(question):
        return None
    return _near(aside(question, before), before)


def _antecedent(question: str, history: Sequence[QA]) -> Sequence[QA]:
    """The history up to the question that this one goes on from.

    That is the last one; but where it was refused, and shares no word with this one, an
    answered one before it that does.
    """
    own = _stems(question)
    if _only_a_year(question):  # "and in 2015?" after "Was that corrected?": what was asked before
        for end in range(len(history), 0, -1):
            asked = (history[end - 1].asked or history[end - 1].question).partition("? (")[0]
            if YEAR.search(asked) and not POINTS_BACK.search(asked):
                return history[:end]
    if history[-1].cited or own & _stems(history[-1].question):
        return history
    for end in range(len(history) - 1, 0, -1):
        told = history[end - 1]
        if told.cited and own & _stems(f"{told.asked or told.question} {told.answer}"):
            return history[:end]
    return history


def _only_a_year(question: str) -> bool:
    rest = OPENS.sub("", question)
    return bool(YEAR.search(rest)) and not content(DATED.sub(" ", rest)) and not has_verb(rest)


def _stems(text: str) -> set[str]:
    return {word.casefold()[:5] for word in content(text)}


# -- questions about the answer itself ---------------------------------------------------------


def _where_it_stands(question: str, before: Before) -> Resolved | None:
    """For "which paragraph is that?": the question before once more, and the same paragraphs."""
    if not WHERE.match(question):
        return None
    return Resolved(before.asked, "same", before.cited)


def _more(question: str, before: Before) -> Resolved | None:
    if not MORE.match(question):
        return None
    return Resolved(before.asked, "else", before.cited)


def _ordinal(question: str, before: Before) -> Resolved | None:
    """For "the second one": what was cited second."""
    found = ORDINAL.search(question)
    if found is None:
        return None
    at = ORDINALS[found["nth"].lower()]
    if not -len(before.cited) <= at < len(before.cited):
        return None
    cited = before.cited[at]
    if len(content(question)) - len(content(found[0])) > 0:
        said = question[: found.start()] + cited + question[found.end() :]
        return Resolved(sentence(OPENS.sub("", said)), "same", (cited,))
    return Resolved(f"What does {cited} say about {before.about()}?", "same", (cited,))


def _paragraph(question: str, before: Before) -> Resolved | None:
    """For "what does paragraph 46 say?": that of the document which was cited."""
    found = PARAGRAPH.search(question)
    if found is None or not before.cited or "/" in question:
        return None
    there = Citation.parse(before.cited[0])
    meant = str(Citation(there.symbol, there.section, found["label"]))
    said = question[: found.start()] + meant + question[found.end() :]
    return Resolved(sentence(OPENS.sub("", re.sub(r"(?i)\b(?:the|in) (?=\S+, para)", "", said))))


def _who_asked(question: str, before: Before) -> Resolved | None:
    if ASKED_BY.match(question):
        return Resolved(f"Who asked about {the(before.about())}?", "question", before.cited)
    if SAID_BY.match(question):
        return Resolved(f"Who spoke about {the(before.about())}?", "same", before.cited)
    return None


def _reply(question: str, before: Before) -> Resolved | None:
    """For "what did the delegation answer?": the reply to whoever spoke before."""
    if not REPLY.match(question) and not (before.asker and THEY_SAY.match(question)):
        return None
    person = before.asker
    if person is None and re.search(r"\b(?:he|she)\b", question):
        # Else the answer's first speaker need not be the one who asked.
        person = before.person or next((name for name in before.speakers if name), None)
    subject = the(before.about())
    if person and not before.topic and (found := ASKED_FOR.search(before.answer)):
        asked = f"What did the delegation reply to {person}'s question {found['what'].strip()}?"
    elif person:
        asked = f"What did the delegation reply to {person}'s question about {subject}?"
    else:
        asked = f"What did the delegation reply about {subject}?"
    return Resolved(asked, "reply", before.cited)


_WHOSE = re.compile(
    r"^who\b|\b(?:committee|delegation|members?|experts?|government|said|say)\b", re.I
)


def _disputed(question: str, before: Before) -> Resolved | None:
    """For "was that disputed?": what is said on the subject by those who did not say it."""
    found = DISPUTED.match(question)
    if found is None or not before.cited:
        return None
    seeks: Seeks = "other"
    if found["agree"] or found["members"]:
        seeks = "committee"
    elif found["state"] or found["denied"] or found["was_denied"]:
        seeks = "reply"
    asked = before.asked
    if TITLED.search(asked) or _WHOSE.search(asked):  # else it would be that person's words again
        asked = f"What was said about {the(before.about())}?"
    return Resolved(asked, seeks, before.cited)


def _corrected(question: str, before: Before) -> Resolved | None:
    """For "was that figure corrected later?": the question before, to be told by what corrects it."""
    if not CORRECTED.match(question) or not before.cited:
        return None
    return Resolved(before.asked, "corrected", before.cited)


# A question that has a list of recommendations for its answer, and what follows what is listed.
_LISTED = re.compile(
    r"^(?:which|what|how many|list(?: the)?)(?:(?= recommendations\b)|(?= (?:did|does|has|have|will) [A-Z]))",
    re.IGNORECASE,
)
_MADE_TO = re.compile(r"^what did (?P<state>[^?]+?) recommend to (?P<to>[^?]+?)\?*$", re.IGNORECASE)
_TAKEN = re.compile(
    r"\b(?:(?:did |do |does )?not (?:accept|support)|accept|reject|support|refuse|decline|note)(?P<end>ed|d|s)?\b",
    re.IGNORECASE,
)
_OF_LIST = re.compile(
    r"^(?:and |but |so )?(?:(?P<which>how many|which|what)(?: ones?| of (?:them|these|those)| recommendations)?"
    r"(?: (?:did|does|has|had) (?:it|they|the (?:state(?: party)?|government|delegation)) (?P<verb>(?:not )?[a-z]+?)(?:ed)?"
    r"| (?:were|was) (?P<done>(?:not )?[a-z]+?)(?:ed)?)?"
    r"|(?:did it )?(?P<alone>(?:not )?(?:accept|reject|support|refuse))(?:ed)?)\W*$",
    re.IGNORECASE,
)
_ON = re.compile(
    r"^(?:and |but |so |what about |and what about )(?:those |the ones )?(?P<on>(?:on|about|regarding|concerning) [^?]{3,80}?)\W*$",
    re.IGNORECASE,
)
_MAKERS = re.compile(
    r"^(?:and |so )?(?:who|which (?:states|countries|delegations)) (?:made|put|recommended) (?:them|those|these|it|that(?: one)?)\W*$",
    re.IGNORECASE,
)
_MADE_ONE = re.compile(
    r"^(?:and |so )?(?:who|which (?:state|country|delegation)) (?:made|put|proposed) the (?:one|ones|recommendations?|points?) "
    r"(?P<on>(?:on|about|concerning|regarding) [^?]{3,80}?)\W*$",
    re.IGNORECASE,
)
_FROM = re.compile(
    r"^(?i:(?:and |so |but )?(?:which|what) (?:ones? |of (?:them|those|these) )?(?:came |come |were |are |is )?(?:from|by|made by) )"
    r"(?P<state>(?:the )?[A-Z][^?]{2,50}?)\W*$"
)
_WHETHER_TAKEN = re.compile(
    r"^(?:and |but |so )?(?:(?:did|has|does) (?:it|they|the (?:state(?: party)?|government)|(?-i:[A-Z])\w+(?: (?-i:[A-Z])\w+)?) "
    r"(?:accept|support|reject|agree to|refuse)(?:ed)? (?:it|that|this|them|those|(?:the|that|this) recommendations?)"
    r"|(?:was|were|is|are) (?:it|that|this|they|those|(?:the|that|this) recommendations?) "
    r"(?:accepted|supported|rejected|agreed to|refused))\W*$",
    re.IGNORECASE,
)
_NOUN = re.compile(r"^ recommendations\b(?: from [A-Z]\w+(?: [A-Z]\w+)*)?")
_PINPOINT = re.compile(r", para\. \d+\.\d+$")


def _of_the_list(question: str, before: Before) -> Resolved | None:
    """For "how many?", "which did it reject?", "and on torture?" after "Which recommendations …?"."""
    if _WHETHER_TAKEN.match(question) and any(_PINPOINT.search(each) for each in before.cited):
        return Resolved(before.asked, "same", before.cited)
    asked = before.asked
    made = _MADE_TO.match(asked)
    if made:
        asked = f"Which recommendations from {made['state']} did {made['to']} accept?"
    listed, found = _LISTED.match(asked), _OF_LIST.match(question)
    if listed is None or not (made or _TAKEN.search(asked) or "examine" in asked):
        return None
    if _MAKERS.match(question):
        return Resolved(before.asked)
    came = _FROM.match(question)
    if came and not made:
        return Resolved(
            f"Which recommendations from {came['state']}{_NOUN.sub('', asked[listed.end() :])}"
        )
    on = _MADE_ONE.match(question) or _ON.match(question)
    if on and not made and not re.search(r"\b(?:on|about|regarding|concerning) ", asked):
        return Resolved(f"{asked.rstrip(' ?.')} {on['on']}?")
    verb = found and (found["verb"] or found["done"] or found["alone"])
    if found is None or (verb and not _TAKEN.fullmatch(verb)) or (made and not verb):
        return None
    which = (found["which"] or listed[0]).capitalize()
    asked = f"{which}{asked[listed.end() :]}"
    if verb:
        asked = _TAKEN.sub(lambda m: f"{verb}{m['end'] or ''}", asked, count=1)
    return Resolved(asked)


def _committee(question: str, before: Before) -> Resolved | None:
    """For "what had the Committee wanted to know about it?": the questions on the subject."""
    if CONCERN_OF_COMMITTEE.match(question) and re.search(r"(?i)\bcommittee\b", before.asked):
        return Resolved(f"What is the Committee concerned about regarding {the(before.about())}?")
    found = QUESTION_OF_COMMITTEE.match(question)
    if found is None:
        return None
    subject = the(before.about())
    if re.search(
        r"(?i)recommend|suggest|urge|call|ask(?:ed)? for|to do\b", question
    ):  # after the dialogue, or in it
        return Resolved(f"What did {found['who']} recommend on {subject}?")
    if found["judged"]:
        return Resolved(f"What did {found['who']} say about {subject}?")
    return Resolved(f"What did {found['who']} ask about {subject}?", "question", before.cited)


# -- fragments: a part of the question before is replaced ---------------------------------------


def _bare(question: str, before: Before) -> Resolved | None:
    """For "why?", "when?", "by whom?": the question before with another question word."""
    found = BARE.match(question)
    if found is None:
        return None
    word, asked = WHY.sub("why", found["word"]), before.asked.rstrip(" ?.")
    asked = re.sub(rf"(?i)^(?:why|when|where|how) (?={AUXILIARY}\b)", "", asked)
    if re.match(rf"{AUXILIARY}\b", asked, re.IGNORECASE):
        return _near(f"{word[:1].upper()}{word[1:]} {asked[:1].lower()}{asked[1:]}?", before)
    return _near(aside(word, before), before)


def _other_year(question: str, before: Before) -> Resolved | None:
    rest = OPENS.sub("", question)
    years = YEAR.findall(rest)
    asked = before.asked
    if years and not content(DATED.sub(" ", rest)) and not has_verb(rest):
        new = re.sub(r"(?i)\b(?:so far|then)\b", " ", rest).strip(" ?.,")
        new = new if re.match(r"[A-Za-z]", new) else f"in {new}"
        if DATED.search(asked):
            new = new[:1].lower() + new[1:]
            return _near(_swapped(asked, DATED, new), before)
        new = f"{new[:1].lower()}{new[1:]}"
        if asked.endswith(")"):  # into the subject in brackets
            return _near(f"{asked[:-1]} {new})", before)
        return _near(f"{asked.rstrip(' ?.')} {new}?", before)
    step = bool(NEXT_YEAR.search(rest)) - bool(YEAR_BEFORE.search(rest))
    if step and (told := YEAR.findall(asked)) and len(content(rest)) <= 3:
        year = str(int(told[-1 if step > 0 else 0]) + step)
        if re.match(r"(?i)(?:why|who|where|how come)\b", rest):  # another question of that year
            return _near(aside(STEP.sub(f"in {year}", rest), before), before)
        return _near(YEAR.sub(year, asked, count=1), before)
    return None


def _swapped(asked: str, pattern: re.Pattern[str], new: str) -> str:
    """Replace the last date; a lead that the new one lacks stays."""
    *_, last = pattern.finditer(asked)
    return f"{asked[: last.start()]}{new}{asked[last.end() :]}"


def _fragment(question: str, before: Before) -> Resolved | None:
    """For "and in Nepal?", "what about women?", "and Ms. Khan?", "and the Committee?"."""
    opened = OPENS.match(question) or SAME.match(question)
    rest = SAME.sub("", OPENS.sub("", question)).strip(" ?.!")
    lead = LEADS.match(rest)
    if not (opened or lead) or has_verb(rest) or len(rest.split()) > 7:
        return None
    what = rest[lead.end() :] if lead else rest
    if not what or re.match(r"(?i)(?:wh\w+|how)\b", rest):
        return None
    for swap in SWAPS:
        asked = swap(what, lead["lead"] if lead else "", before)
        if asked:
            return Resolved(asked)
    if COMPARES.match(question):
        return _near(aside(question, before), before)
    if (
        re.match(r"(?i)(?:and )?(?:what about|how about|what of)\b", question)
        and len(content(what)) >= 2
    ):
        about = with_state(what, before.asked, before.states)  # enough to be a subject itself
        return Resolved(f"What was said about {about}?")
    counted = re.match(r"(?i)how (?:many|much)\b", before.asked)
    if counted and not lead and len(content(what)) >= 2:
        return Resolved(f"{counted[0]}: {with_state(what, before.asked, before.states)}?")
    return Resolved(aside(rest, before))


# -- whole questions with a word that points back ------------------------------------------------


_HOW_MANY_OF = re.compile(
    r"(?i)^(?:the )?(?:(?:total )?(?:number|share|proportion|percentage) of )?"
)


def _of_them(question: str, before: Before) -> Resolved | None:
    """For "how many of them were convicted?": them, as the question before has it."""
    question = NONE_COUNTED.sub(r"\g<open> of them", question)
    found = OF_THEM.search(question)
    if found is None:
        return None
    counted = re.match(rf"(?i)how many (?P<noun>[^?]+?) {AUXILIARY} (?P<rest>[^?]*)", before.asked)
    noun = _HOW_MANY_OF.sub("", counted["noun"] if counted else before.topic)
    rest = re.sub(r"^there\b ?", "", counted["rest"].strip(" ?.")) if counted else ""
    passive = (
        re.search(r"(?i)\b(?:was|were|is|are)$", before.asked[: counted.start("rest")].rstrip())
        if counted
        else None
    )
    if YEAR.search(question):
        rest = DATED.sub("", rest).strip()
    them = f"of the {noun} {rest}".strip() if passive else f"of the {noun}"
    said = OPENS.sub("", question[: found.start()]) + them + question[found.end() :]
    behind = f" ({before.about(dates=True)})" if rest and not passive else ""
    return _near(sentence(said) + behind, before)


def _back(question: str, before: Before) -> Resolved | None:
    """Pronouns for persons are replaced; what else points back brings the subject along."""
    if tells_itself(question):
        return None
    said = persons_meant(question, before.asked, before.speakers)
    said = thing_meant(said, before.asked)
    changed = said != question
    ends = ENDS_BACK.search(said)
    dates = bool(FIGURE.search(said)) and not YEAR.search(said)
    if ends and before.topic:
        asks = re.search(r"(?i)\bcommittee\b|\bmembers?\b|\bexperts?\b", said)
        if ends["lead"].lower() in ("about", "on", "regarding", "concerning"):
            subject = the(before.about(dates=dates))
            about = sentence(OPENS.sub("", f"{said[: ends.start()]} {ends['lead']} {subject}"))
            return Resolved(about, "question" if asks else "near", before.cited)
        return _near(aside(said, before), before)
    if (
        changed
        and not POINTS_BACK.search(said)
        and (
            len(content(TITLED.sub(" ", said))) >= 2
            or re.search(r"(?i) (?:about|on|regarding) \w", said)
        )
    ):
        return _near(sentence(OPENS.sub("", said)), before)
    if changed or _leans(said, before):
        return _in_a_chain(said, before)
    return None


def _in_a_chain(said: str, before: Before) -> Resolved:
    """After "How many were arrested? (the march)": "how many injured?" may be of the march alone."""
    found = _near(aside(said, before), before)
    first = before.asked.partition("? (")[2].rstrip(")? ")
    if not first or POINTS_BACK.search(said) or not content(said):
        return found
    alone = _near(f"{sentence(OPENS.sub('', said))} ({first})", before)
    return replace(found, perhaps=alone)


def _near(asked: str, before: Before) -> Resolved:
    """What is asked next about a subject often stands where the last answer stood."""
    return Resolved(asked, "near" if before.cited else None, before.cited)


def _leans(question: str, before: Before) -> bool:
    """Whether something in it can only be understood from what came before."""
    own = content(question)
    says_what = re.search(
        r"\b(?:say|said|reply|replied|answer|answered|think|do|done)\W*$", question
    )
    named = names_something(YEAR.sub(" ", question), before.asked)
    own_subject = len(own) >= 2 and named and not says_what
    if OPENS.match(question) and len(own) <= 4 and not own_subject:
        return True
    if (ALOUD.search(question) or TO_SOMETHING.search(question)) and len(own) <= 1:
        return True
    if TITLED.search(question) and not POINTS_BACK.search(question):
        return False
    if POINTS_BACK.search(question) and not stands_for_something_here(question):
        return True
    if (
        len(own) <= 3
        and not names_something(question, before.asked)
        and _is_known(question, before)
    ):
        return True
    if only_happens(question):
        return True
    if names_nothing(question) and _stems(question) & _stems(before.asked):
        return True
    return (
        not own
        or (len(own) == 1 and len(question.split()) <= 4)
        or (
            question[:1].islower()
            and bool(re.match(r"(?:out of|among|of|by|in|for|with|from) ", question))
        )
    )


def _is_known(question: str, before: Before) -> bool:
    """Whether a short question speaks of "the …" that the question or answer before spoke of."""
    told = {
        word[:5] for word in re.findall(r"[a-z]{3,}", f"{before.asked} {before.answer}".lower())
    }
    return any(word[:5] in told for word in DEFINITE.findall(question) if content(f"a{word}"))


_RULES = (
    _where_it_stands, _of_the_list, _more, _paragraph, _who_asked, _disputed, _corrected, _reply, _committee, _bare, _ordinal, _other_year,
    _fragment, _of_them, _back,
)  # fmt: skip
