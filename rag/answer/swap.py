"""A fragment and the question before it → that question with one part replaced.

"And in Nepal?", "what about women?", "and Ms. Khan?", "and the Committee?": each function
takes the fragment's words, the preposition that leads them, and what came before, and gives
the new question, or None where the fragment is not of its kind.
"""

from __future__ import annotations

import re

from rag.answer.back import FRAGMENT_SIDE, GROUPS, has_verb
from rag.answer.before import Before, the, with_state
from rag.answer.topic import AUXILIARY, SAYS, TITLED


def _state(what: str, lead: str, before: Before) -> str | None:
    new = before.states(what) or before.states(what.title())
    if not new or len(new[0][2].split()) + 2 < len(what.split()):
        return None
    old = before.states(before.asked)
    name = what if before.states(what) else what.title()
    if not old:
        return f"{before.asked.rstrip(' ?.')} {lead or 'in'} {name}?"
    start, end, _ = old[-1]
    return f"{before.asked[:start]}{name}{before.asked[end:]}"


def _person(what: str, lead: str, before: Before) -> str | None:
    if not TITLED.fullmatch(what):
        return None
    if before.person:
        return before.asked.replace(before.person, what)
    return f"What did {what} say about {the(before.about())}?"


def _side(what: str, lead: str, before: Before) -> str | None:
    found = FRAGMENT_SIDE.fullmatch(what)
    if found is None:
        return None
    if found["after"]:
        return f"What did the Committee recommend on {the(before.about())}?"
    verb = "reply" if re.search(r"(?i)delegation|government|state", what) else "ask"
    return f"What did {what} {verb} about {the(before.about())}?"


def _group(what: str, lead: str, before: Before) -> str | None:
    """Women for men, minors for adults."""
    if not GROUPS.fullmatch(what):
        return None
    *_, last = [None, *GROUPS.finditer(before.asked)]
    if last is None:
        return None
    return f"{before.asked[: last.start()]}{what}{before.asked[last.end() :]}"


def _phrase(what: str, lead: str, before: Before) -> str | None:
    """Replace the last phrase with the same preposition; the State stays."""
    if not lead:
        return None
    found = re.search(
        rf"\b{re.escape(lead)} (?P<phrase>[^?,;]+?)(?=\W*$)", before.asked, re.IGNORECASE
    )
    if found is None:
        return None
    *_, last = re.finditer(rf"\b{re.escape(lead)} ", before.asked, re.IGNORECASE)
    gone = before.asked[last.end() :]
    if has_verb(gone) or len(gone.split()) > 6 or before.states(gone):
        return None
    asked = f"{before.asked[: last.end()]}{what}?"
    return with_state(asked.rstrip("?"), before.asked, before.states) + "?"


def _added(what: str, lead: str, before: Before) -> str | None:
    """After "How long may it last?": "and for minors?" is about them alone."""
    if lead.lower() not in ("for", "in", "among", "amongst", "with", "under", "during", "at"):
        return None
    if "? (" in before.asked or re.search(rf"\b{lead} ", before.asked, re.IGNORECASE):
        return None
    return f"{before.asked.rstrip(' ?.')} {lead.lower()} {what}?"


def _object(what: str, lead: str, before: Before) -> str | None:
    """After "What did X say about A?": "and B?" is about B."""
    found = re.search(
        rf"\b{SAYS}\b[^?]*? (?:about|on|regarding|concerning) (?=\S)", before.asked, re.IGNORECASE
    )
    if found is None or (lead and lead.lower() not in ("about", "on", "regarding", "concerning")):
        return None
    return with_state(f"{before.asked[: found.end()]}{what}", before.asked, before.states) + "?"


def _deed(what: str, lead: str, before: Before) -> str | None:
    """After "Does Nepal allow abortion?": "and polygamy?" is whether it allows that."""
    named = before.states(before.asked)
    if lead or not named:
        return None
    start, end, _ = named[0]
    found = re.fullmatch(r"(?P<verb> [a-z]+ )(?:[\w-]+ ){0,2}[\w-]+\W*", before.asked[end:])
    if not found or not re.fullmatch(rf"{AUXILIARY} ", before.asked[:start], re.IGNORECASE):
        return None
    return f"{before.asked[:end]}{found['verb']}{what}?"


def _for_it(what: str, lead: str, before: Before) -> str | None:
    """After "When does it open? (the wing)": "and the juvenile unit?" is when that opens."""
    found = re.match(r"(?P<left>[^?]*\b)it\b(?P<right>[^?]*)\? \(", before.asked, re.IGNORECASE)
    if lead or found is None or not re.fullmatch(r"the (?:[\w-]+ ?){1,4}", what):
        return None
    return f"{found['left']}{what}{found['right']}?"


def _of_the_same(what: str, lead: str, before: Before) -> str | None:
    """After "What is the capacity of the prisons?": "and the occupancy rate?" is theirs too."""
    found = re.match(
        r"(?i)(?P<open>(?:what|which) (?:is|was|are|were) )the (?:[\w-]+ ){1,4}?(?P<of>(?:of|in|for|at) [^?]+)",
        before.asked,
    )
    if lead or found is None or not re.fullmatch(r"(?:the )?(?:[\w-]+ ?){1,4}", what):
        return None
    if not what.startswith("the ") or TITLED.search(what) or re.search(r"\b(?:of|in|for)\b", what):
        return None
    return f"{found['open']}{what} {found['of'].strip()}?"


SWAPS = (_state, _person, _side, _group, _phrase, _object, _added, _deed, _for_it, _of_the_same)
