"""A text → its clauses: the words that carry meaning, whether they are denied, and their mood.

No grammar is parsed. A clause ends at punctuation and at words that open another one;
what negates and what is only planned, possible or due is told by lists of words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

Mood = Literal["done", "open", "due", "free"]  # free: nothing tells it
# What an auxiliary makes of the word behind it; "to": an infinitive, "": there is none.
Aspect = Literal["done", "open", "may", "due", "to", ""]

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*|[.,;:?!()–—]|--")
_ASIDE = re.compile(r", as [^,]{1,40},")
_BREAK = frozenset(". , ; : ? ! ( ) – — --".split())
_OPENS = frozenset(
    "but although though while whereas because since unless except which who whose whom where "
    "when if whether that however yet until".split()
)
_VERBS = frozenset(
    "had has have was were is are been be would will could can may might should must did does do".split()
)
STOP = frozenset(
    "a an the of to in on at by for from with as and or nor that this these those it its he she "
    "they them his her their theirs there here who whom whose which what why how when where if "
    "whether is are was were be been being am has have had having do does did done would will "
    "shall could can may might should must ought not no than then so such very too also just now "
    "still already yet only even both either neither per into out up about over under between "
    "among through during upon against within without because since while although though but "
    "however unless until we you i our your my me us himself herself itself themselves own same "
    "other others another any some all each every more most much many few less one ones given "
    "regard respect concerning regarding including particular case cases said s mr mrs ms dr sir "
    "way get got give gave make made take took taken put let go went going come came thing things "
    "rather quite again ever far well long none nobody nothing never cannot neither instead "
    "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen twenty thirty forty fifty half third quarter tenth twice double "
    "first second fourth fifth sixth seventh eighth ninth per cent hundred thousand million "
    "number total several certain always before after later earlier asked ask tells tell told "
    "figure figures paragraph paragraphs".split()
)
NEGATORS = frozenset(
    "not no never none nobody nothing neither cannot without lack lacks lacked lacking absence "
    "absent fail fails failed failing failure unable refuse refused refuses refusal reject "
    "rejected deny denied denies denying prohibit prohibited prohibits ban banned forbid forbidden "
    "exempt exempted omit omits omitted seldom rarely hardly unchanged unclear dismissed silent "
    "regrettably unsuccessful impossible blocked thwarted spared regardless irrespective "
    "discounted outlawed outlaw omits omitting "
    "dispensed waived waive insufficient shortage missing excluded exclude excludes barred bar "
    "deprived withheld withhold withholds declined decline opposed objected avoid avoided prevented "
    "prevent prevents abandoned vacant lost disappeared illegal unlawful contrary ignored neglected "
    "overlooked spare free immune scarcely barely few little scarce zero nil".split()
)
_HARD = frozenset("not no never none nobody nothing neither cannot without nor hardly".split())
_TWO = re.compile(
    r"\b(?:at all costs|too (?:few|little|small|late)"
    r"|fall(?:s|en)? short|fell short|rather than)\b",
    re.IGNORECASE,
)
_NO_NEGATION = re.compile(
    r"\b(?:not(?= [^.;,]* (?:until|before)\b)|not (?:only|just|merely|least|even)|no (?:less|more|fewer|later|earlier|doubt)(?: than)?"
    r"|No\.|no others?\b|without (?:delay|further|exception))",
)
_OPEN = frozenset(
    "would will shall plan plans planned planning intend intends intended intention expect expects "
    "expected scheduled envisage envisaged envisages considering propose proposes proposed "
    "endeavour endeavoured hope hopes hoped pending due going if ready aim aims".split()
)
# In the record these tell that something is not done yet; a statement may name the thing.
_OPEN_THERE = _OPEN | frozenset(
    "bill draft drafted effort efforts attempt attempts attempted tries tried try underway towards "
    "nearing future prepared undertook undertaken committed soon gradually consider considered "
    "proposal goal goals target targets objective objectives moving way willing decided principle could may might".split()
)
_DUE = frozenset(
    "should must ought recommend recommends recommended recommendation urge urges urged call called "
    "calls encourage encouraged need needs needed please want wanted wants asks request requested "
    "requests require required requires obliged".split()
)
_DUE_SAID = frozenset("should must ought recommend recommended urge urged".split())
_DONE = frozenset("had has have was were did is are been".split())
_ASPECTS: dict[str, Aspect] = {
    **dict.fromkeys("had has have was were did is are been being be got".split(), "done"),
    **dict.fromkeys("would will shall".split(), "open"),
    **dict.fromkeys("may might could can".split(), "may"),
    **dict.fromkeys("should must ought".split(), "due"),
    "to": "to",
}  # fmt: skip
_NOT_SO = re.compile(
    r"\b(?:incorrect|untrue|wrong|false|mistaken|not (?:true|correct|the case))"
    r"(?: to (?:say|claim|suggest|assert|allege|state))?\s+$"
)
_CAUSED = frozenset("found caused forced compelled".split())
_PAST = re.compile(r"(?:ed|en|wn|ung|ught|ound)$")
_BETWEEN = frozenset(
    "not never just also now still already yet only even both ever soon no longer recently then "
    "thus therefore accordingly so been be being not sometimes often always usually steadily "
    "give gave given giving take took taken make made making put get got set".split()
)


@dataclass(frozen=True, slots=True)
class Word:
    """A word that carries meaning."""

    start: int
    end: int
    text: str  # lower case
    stem: str
    capital: bool
    aspect: Aspect = ""


@dataclass(slots=True)
class Clause:
    """A stretch of words that is denied or affirmed as a whole."""

    words: list[Word] = field(default_factory=list[Word])
    negations: int = 0  # by "not", "no", "never" …
    soft: int = 0  # by words that deny among other things: "refused", "lack", "unlawful"
    every: list[str] = field(default_factory=list[str])  # all words, lower case
    opened: str = ""  # the word it begins with, where that sets it apart: "which", "whether"

    @property
    def denied(self) -> bool:
        """Whether it says that something is not so."""
        return (self.negations + self.soft) % 2 == 1

    def mood(self, *, there: bool) -> Mood:
        """Whether it tells of what is done, still open, or due; `there`: in the record."""
        told = set(self.every)
        if told & (_DUE if there else _DUE_SAID):
            return "due"
        if told & (_OPEN_THERE if there else _OPEN) or re.search(
            r"\b(?:is|are|was|were) to be\b|\bbeing (?:discussed|considered|drafted|prepared|developed)\b",
            " ".join(self.every),
        ):
            return "open"
        return "done" if told & _DONE else "free"


_UN = re.compile(
    r"un(?!der|ion|it|ivers|iform|iq|til|less|icam|animous|accompan|employ|ited|to\b)[a-z]{4,}"
    r"|in(?:compat|accur|correct|adequ|suffic|eligib|abil|capab|complet|consist|effect|valid|admiss)"
    r"[a-z]*|im(?:possib|prop)[a-z]+|il(?:legal|legitim)[a-z]*|irreg[a-z]+"
    r"|dis(?:agree|allow|approv|proportion|satisf|continu|qualif|regard)[a-z]*"
)


def is_negative(word: str) -> bool:
    """Whether a word denies, by itself or by its prefix."""
    return word in NEGATORS or _UN.fullmatch(word) is not None


_PHRASES = tuple(
    (re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE), put)
    for pattern, put in (
        (r"(?:do|did|done|doing) away with", "abolish"),
        (r"turn(?:ed|ing)? down", "refused"),
        (r"(?:leav(?:e|es|ing)|left) out", "omitted"),
        (r"(?:go|gone|went|come|came|going) down", "decreased"),
        (r"(?:go|gone|went|going) up", "increased"),
        (r"set(?:ting)? up", "established"),
        (r"carr(?:y|ied|ying) out", "implemented"),
        (r"put(?:ting)? forward", "proposed"),
        (r"(?:take|taken|took) down", "removed"),
        (r"look(?:ed|ing)? into", "investigated"),
        (r"draw(?:n|ing)? up|drew up", "prepared"),
        (r"(?:put|putting) off", "postponed"),
        (r"(?:call|called) off", "cancelled"),
        (r"hand(?:ed|ing)? out", "distributed"),
        (r"would (?:also )?(?:welcome|like|appreciate)", "welcomed"),
        (r"in front of", "before"),
    )
)


def levelled(text: str) -> str:
    """Put one verb for each of the phrasal ones that would be read word by word."""
    for pattern, put in _PHRASES:
        text = pattern.sub(put, text)
    return text


def clauses(text: str) -> list[Clause]:
    """Cut a text into clauses, in order; one without words that carry meaning is left out."""
    plain = _NO_NEGATION.sub(lambda match: "x" * len(match[0]), text)
    plain = _ASIDE.sub(lambda match: " " * len(match[0]), plain)
    extra = [match.start() for match in _TWO.finditer(plain)]
    tokens = list(_WORD.finditer(plain))
    found, now = list[Clause](), Clause()
    aspect: Aspect = ""
    before: Aspect = ""  # of the last word that carries meaning
    carried: Aspect = ""  # from before an "and", for a participle: "and the Ministry established"
    for place, token in enumerate(tokens):
        lower = token[0].casefold().replace("’", "'")
        if (
            lower in _BREAK
            or lower in _OPENS
            or (lower in NEGATORS and lower.endswith("ing") and not set(now.every) & _VERBS)
            or (
                now.opened.endswith("ing") and lower in _VERBS and now.words
            )  # "laws denying X had"
            or (lower == "and" and _opens(tokens, place, now))
        ):
            found.append(now)
            # A comma inside what "whether" or "which" opened does not end it.
            now = Clause(opened=lower if lower in _OPENS or lower in NEGATORS else "")
            if lower == "that" and _NOT_SO.search(plain[: token.start()]):
                now.soft += 1
            if lower in _ASPECTS:
                now.every.append(lower)
                aspect = _ASPECTS[lower]
                continue
            if lower == "if":
                now.every.append(lower)
            if lower in NEGATORS:
                now.soft += 1
            aspect = carried = ""
            continue
        if set(lower) == {"x"}:  # what only looks like a negation
            continue
        now.every.append(lower)
        if lower in _HARD or lower.endswith("n't"):
            now.negations += not (lower == "nor" and now.negations)
        elif is_negative(lower) or token.start() in extra:
            now.soft += 1
        if lower in _ASPECTS and not (aspect in ("open", "may", "due", "to") and lower in _DONE):
            # "to be", "would have been": the first of a group tells.
            if not (aspect and lower in ("be", "been", "being", "have", "had", "got")):
                aspect = _ASPECTS[lower]
            continue
        bare = lower.removesuffix("'s").removesuffix("'")
        if lower == "and" and before:
            aspect = before  # "would be evaluated and incorporated"
            carried = before
            continue
        if bare not in STOP and not bare.isdigit() and len(bare) > 1:
            if not aspect and carried and lower.endswith("ed"):
                aspect = carried
            if aspect == "to" and place > 2 and _CAUSED & set(now.every[-4:-1]):
                aspect = "done"  # "found to be accurate", "caused him to fall"
            if aspect == "to" and now.every[-2:-1] == ["have"] and _PAST.search(lower):
                aspect = "done"  # "few States to have ratified"
            now.words.append(
                Word(token.start(), token.end(), bare, stem(bare), token[0][0].isupper(), aspect)
            )
            before = aspect
            aspect = aspect if lower.endswith("ly") else ""
        elif lower not in _BETWEEN and lower not in _ASPECTS:
            aspect = before = ""
    found.append(now)
    return [one for one in found if one.words]


def _opens(tokens: list[re.Match[str]], place: int, before: Clause) -> bool:
    """Whether another clause begins at an "and": a negation or a verb follows closely."""
    after = [token[0].casefold() for token in tokens[place + 1 : place + 6]]
    if set(after[:3]) & {"not", "no", "never", "nor", "without"}:
        return bool(before.words)
    return bool(set(after) & _VERBS) and bool(set(before.every) & _VERBS)


_ENDINGS = (
    "isations", "izations", "isation", "ization", "ations", "ation", "ements", "ement", "ments",
    "ment", "nesses", "ness", "ities", "ity", "ically", "ively", "fully", "ingly", "edly", "ally",
    "ions", "ion", "ives", "ive", "ances", "ance", "ences", "ence", "ising", "izing", "ised",
    "ized", "ises", "izes", "ise", "ize", "ings", "ing", "ers", "ors", "er", "or", "ies", "ied",
    "ed", "es", "ly", "al", "s", "e", "y",
)  # fmt: skip


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """Cut a word to what its forms have in common, roughly: "detained", "detention" do not meet."""
    irregular = _IRREGULAR.get(word)
    if irregular:
        return irregular
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            word = word[: -len(ending)]
            break
    if len(word) > 4 and word[-1] == word[-2] and word[-1] not in "aeiou":
        word = word[:-1]
    return word[:-1] if len(word) > 4 and word[-1] in "ei" else word


_IRREGULAR = {
    form: base
    for line in (
        "women woman womans|men man|children child|people person persons|lives life|wives wife"
        "|laws law legislation legislative legal lawful|held hold holding holds|fell fallen fall"
        "|rose risen rise rising|chose chosen choose|taught teach|paid pay|sold sell|found find"
        "|brought bring|bought buy|kept keep|met meet|built build|won win|lost lose|left leave"
        "|began begun begin|broke broken break|wrote written write|spoke spoken speak"
        "|ngo ngos|year years yearly annual annually|killed kill killing|died die deaths death dead"
        "|decision decided decide decides decisions|applied apply application applications applicable"
        "|detained detention detain detainee detainees|decree decrees|months month|days day"
    ).split("|")
    for base in [line.split()[-1]]
    for form in line.split()
}
# Past forms that no ending gives away.
_IRREGULAR.update(
    {
        form: base
        for base, forms in (
            line.split(":")
            for line in (
                "become:became|bear:bore,borne,born|beat:beaten|bind:bound|catch:caught|cost:costs"
                "|deal:dealt|draw:drew,drawn|drive:drove,driven|eat:ate,eaten|feel:felt|fight:fought"
                "|flee:fled|forbid:forbade,forbidden|forget:forgot,forgotten|get:got|grow:grew,grown"
                "|hear:heard|hide:hid,hidden|hurt:hurts|know:knew,known|lay:laid|lead:led|lend:lent"
                "|make:made|mean:meant|see:saw,seen|seek:sought|send:sent|shoot:shot|shut:shuts"
                "|shrink:shrank,shrunk|sit:sat|sleep:slept|spend:spent|stand:stood|steal:stole,stolen"
                "|strike:struck|swear:swore,sworn|take:took,taken|tell:told|think:thought"
                "|throw:threw,thrown|understand:understood|undertake:undertook,undertaken"
                "|uphold:upheld|withdraw:withdrew,withdrawn|withhold:withheld|overturn:overturned"
            ).split("|")
        )
        for form in forms.split(",")
    }
)
