"""Titles and text of a record → the State under review, and the language of the text."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.parse.states import state_named

_WORD = r"(?:[dlDL]['’])?[^\W\d_a-zß-ÿ][\w'’\-]*"
_STATE = (
    rf"(?P<state>{_WORD}(?:(?: (?:of|and|the|de|du|des|et|y|e|da|do))* {_WORD})*"
    r"(?: \((?:[^()]* of(?: the)?)\))?)"
)
_REPORT = (
    r"(?:periodic|initial|combined|alternative|supplementary|additional)\b[^.;]{0,80}?\breports?"
)
# "second periodic report of Kazakhstan", "Replies of Maravia to the list of issues".
STATE_OF = re.compile(
    rf"\b(?i:{_REPORT}|repl(?:y|ies)(?= (?:of|by|from) .{{3,60}} to the list of issues)) "
    rf"(?i:submitted by|of|by|from|on) (?i:the )?{_STATE}"
)
# "State party: Kazakhstan", as views print it.
_PARTY = re.compile(
    rf"^(?i:states? (?:party|concerned)|état partie|estado parte)\s?:\s*(?i:the )?{_STATE}\W*$"
)
# "Report of the Subcommittee on its visit to Benin".
_VISITED = re.compile(
    rf"\b(?i:report|rapport|informe)\b.{{0,80}}\b(?i:visit to) (?i:the )?{_STATE}"
)
# Where no such word stands before it, only the name of a State is one: "Report of Chad".
_LOOSE = re.compile(
    rf"\b(?i:reports?|reply|replies|review) (?i:submitted by|of|by|on) (?i:the )?{_STATE}"
)
# A title under which the State stands alone on its line.
_ABOVE_STATE = re.compile(
    r"\b(?:reports? of States parties|universal periodic review|national report submitted|"
    r"rapport national|examen périodique universel|informe nacional|examen periódico universal|"
    r"concluding observations|working group on [^.;]{0,40}review)\b",
    re.IGNORECASE,
)
_ALONE = re.compile(rf"^{_STATE}$")
_PARTIES = re.compile(r"(?:^|\s)(?:vs?|c)\.\s+(?P<state>[^\W\d_].{2,60})$", re.IGNORECASE)
# "Second periodic reports of States parties due in 2014", "Report of the Committee" name no State.
_NO_STATE = frozenset(
    """states state committee human working covenant convention council group agency assembly
    commission secretary secretary-general rapporteur conference parties board bureau court
    subcommittee subsidiary ad universal periodic review report reports rights nations
    implementation session meeting party office high special government annex contents
    introduction agenda item distr general original english french spanish russian""".split()
)


def state_of(lines: Sequence[str], headings: Sequence[str], kind: str) -> str | None:
    """Name the State under review, or the respondent of a case, as the document prints it.

    Args:
        lines: the masthead's lines.
        headings: the headings of the document.
        kind: the document's kind.

    """
    if kind in ("judgment", "order"):
        parties = (m["state"] for line in lines if (m := _PARTIES.search(line)))
        return next((_cased(name) for name in parties), None)
    for line in lines:
        for pattern in (STATE_OF, _PARTY, _VISITED):
            for match in pattern.finditer(line):
                if _is_name(match["state"]):
                    return _cased(match["state"])
    for i in range(len(lines)):
        if _ABOVE_STATE.search(" ".join(lines[i : i + 2])):
            for below in lines[i + 1 : i + 5]:
                match = _ALONE.match(below)
                if match and _is_name(below):
                    return _cased(below)
    for line in headings:
        for match in STATE_OF.finditer(line):
            if _is_name(match["state"]):
                return _cased(match["state"])
    for line in [*lines, *headings]:
        for match in _LOOSE.finditer(line):
            if state_named(match["state"]):
                return _cased(match["state"])
    return None


def _is_name(name: str) -> bool:
    words = re.findall(r"[\w'’\-]+", name.lower())
    return len(name) <= 60 and not _NO_STATE.intersection(words)


def _cased(name: str) -> str:
    """Give a name in capitals its usual form: "BURKINA FASO"."""
    if not name.isupper():
        return name
    small = {"of", "and", "the", "de", "du", "des", "et", "y", "do", "da"}
    words = name.lower().split()
    cased = [w if i and w in small else _capital(w) for i, w in enumerate(words)]
    return " ".join(cased)


def _capital(word: str) -> str:
    return re.sub(r"(?:^|(?<=[-(]))[^\W\d_]", lambda m: m[0].upper(), word)


def sentence_case(text: str) -> str:
    """Give a line in capitals as a sentence begins: "FORTY-EIGHTH SESSION"."""
    return text[:1].upper() + text[1:].lower()


_FUNCTION_WORDS = {
    "en": frozenset("the of and that had was to in is by for".split()),
    "fr": frozenset("le la les des et que du dans une est par pour au".split()),
    "es": frozenset("el los las del que por con una y la en se para su al".split()),
    "pt": frozenset("o os as do da dos das que não em uma com para ao na no pela".split()),
}
_SCRIPTS = (("ru", "\u0400", "\u04ff"), ("ar", "\u0600", "\u06ff"), ("zh", "\u4e00", "\u9fff"))


def language_of(text: str) -> str:
    """Tell the language of a text by its script, then by its commonest words.

    "Original: Russian" in a masthead is not the language of the text that follows.
    """
    sample = text[:20_000].lower()
    letters = sum(c.isalpha() for c in sample)
    for code, first, last in _SCRIPTS:
        if letters and sum(first <= c <= last for c in sample) > 0.4 * letters:
            return code
    words = re.findall(r"[^\W\d_]+", sample)
    counts = {code: sum(w in common for w in words) for code, common in _FUNCTION_WORDS.items()}
    return max(counts, key=lambda code: counts[code])
