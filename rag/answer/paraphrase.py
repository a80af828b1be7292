"""A claim in words of its own → what is wrong with it, beyond its quotation and figures.

Whether what is named stands there, whose words they are, whether something asked, reported
or recommended has become a fact, and whether the paragraph upholds what is stated at all.
A claim whose text is the quotation itself cannot go wrong in these ways. Longer than most: each
rule stands beside the words that tell it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from rag.answer.align import align
from rag.answer.attribution import NOBODY, Attribution, asks, attribution
from rag.answer.cited import Cited
from rag.answer.clauses import clauses
from rag.answer.figures import Figure, figures, forms_of
from rag.answer.literal import COPIED, breaks_off
from rag.answer.names import stranger
from rag.answer.persons import is_same
from rag.answer.reasons import reason, why
from rag.answer.refuted import refuted
from rag.answer.upheld import (
    GOOD,
    Ground,
    Meaning,
    Weighed,
    model,
    probability,
    weigh,
)
from rag.domain import Check
from rag.sentences import sentences

_QUESTION = re.compile(
    r"\?|\bwhether\b|\b(?:asked|enquired|inquired|wondered|wished to know)\b"
    r"|\bwould (?:also )?(?:like|appreciate|welcome)\b"
    r"|\bwould (?:also )?be (?:useful|helpful|interesting|interested|grateful|appreciated|welcome)\b"
    r"|\b(?:comments?|information|data|clarification|details|figures|statistics)\b[^.;]{0,60}?\b"
    r"(?:needed|required|requested|appreciated|welcome)\b"
    r"|\b[Pp]lease (?:provide|state|explain|describe|comment|indicate|specify|clarify|give|inform)\b"
    r"|\bto comment on\b",
)
_HEARSAY = re.compile(
    r"\b(?:reports|information|allegations?|claims) (?:that|of|from|received)\b"
    r"|\b(?:it was |was |been |is |were |are |as )?reported(?:ly)?(?: that| to)?\b|\balleged(?:ly)?\b"
    r"|\bsources\b|\baccording to (?:reports?|sources|(?:some |several |certain )?NGOs?"
    r"|non-governmental|civil society|information|the media|the press)\b|\bsaid to (?:be|have)\b"
    r"|\bseem(?:s|ed)\b|\bappear(?:s|ed)? to\b",
    re.IGNORECASE,
)
_HEDGE = re.compile(
    r"\b(?:report\w*|alleg\w+|apparent\w*|appear\w*|seem\w*|accord\w+|information|sources|claim\w*"
    r"|suspect\w*|rumou?r\w*|said to|heard|told|presum\w+|suppos\w+|believed|suggest\w*|spoke of)\b",
    re.IGNORECASE,
)
_CONCERN = re.compile(
    r"\b(?:concern(?:ed|s)?|regrets?|disturbed|alarmed|worried|deplores?|dismayed|takes? note"
    r"|not(?:es|ing|ed))\b",
    re.IGNORECASE,
)
_DUE = re.compile(
    r"\b(?:should|must|recommends?|urges?|calls? (?:up)?on|requested to|please)\b", re.IGNORECASE
)
_DUE_SAID = re.compile(
    r"\b(?:should|must|recommend(?!ations? (?:of|by|from|within)\b)\w*|urg\w+|call\w* (?:for|on|upon)|ask\w*|request\w*|want\w*|need\w*"
    r"|ought|advis\w+|encourag\w+|propos\w+|demand\w*|invit\w+|suggest\w*|to be|due|please|had to"
    r"|would (?:like|have)|insist\w*|told|expect\w*|wish\w*|press\w*|seek\w*|sought|said that .*\bbe\b)\b",
    re.IGNORECASE,
)
_GRANTED = re.compile(
    r"acknowledg|recogni[sz]|admit|\btrue\b|confirm|accept|conced|agree|\berror\b|aware|regrett"
    r"|unfortunate|\b(?:is|are|was|were|be|been) (?:\w+ )?correct\b|nonetheless|nevertheless|conceal"
    r"|understood|grant|took note|noted",
    re.IGNORECASE,
)
_WELCOMING = frozenset("welcomed hailed commended praised thanked".split())
_WELCOMED = re.compile(
    r"welcom|prais|commend|appreciat|satisf|pleas|encourag|congratulat|hail|glad|grat(?:eful|if)"
    r"|applau|thank|positive|happy|impress|laud|admir|delight|heart(?:en|ed)|progress|achiev",
    re.IGNORECASE,
)
_WORRIED = re.compile(
    r"concern(?:ed|s)?\b|regret|disturb|alarm|worr|deplor|dismay|should\b|criticiz|disappoint|troubl",
    re.IGNORECASE,
)
_TURNS = re.compile(r"\b(?:but|however|although|though|while|nevertheless|nonetheless|yet)\b|;")
FEW = 3
COPY = 8  # words in a row
HARDLY = 0.8  # share of words that nothing but the embedder finds there
MANY = 3  # words that nothing in the paragraph stands for
_SET_APART = frozenset("which who whose since because given although though while whereas".split())
_RESTRICTING = re.compile(r"(?<![,;]) (?:who|whose|which)\b")
_OPENING = re.compile(
    r"\b(?:given that|noting that|recalling that|considering that|in view of the fact that)\b",
    re.IGNORECASE,
)


def checks(text: str, speaker: str | None, cited: Cited, meaning: Meaning | None) -> list[Check]:
    """Give what is wrong with a claim's text; nothing where all holds.

    Args:
        text: the claim's, which is not the quotation itself.
        speaker: whom the claim names as speaker.
        cited: what it rests on.
        meaning: the models that tell it; without them, words alone do.

    """
    found = wrong(text, speaker, cited)
    if found is not None:
        return [found]
    said, ground = said_of(text, cited)
    chosen = model(meaning=meaning is not None)
    weighed = weigh(
        said,
        ground,
        meaning,
        cited.masthead,
        wished=wishes(text),
        made_fact=may_make_fact(text, cited),
    )
    if told := plainly_not(said, weighed, read=meaning is not None):
        return [Check("support", False, told)]
    if weighed.words < FEW or weighed.own:
        return []
    if probability(weighed.evidence, chosen) < chosen.threshold:
        kind, told = why(weighed, chosen)
        return [Check(kind, False, told)]
    return []


def plainly_not(said: str, weighed: Weighed, *, read: bool) -> str:
    """Say what shows without any weighing that a statement is not upheld; empty where nothing.

    Words that nothing stands for, and one put into a copy, decide alone where no model has read
    both; where one has, they are weighed with what it tells. Of what is half copied it tells
    well enough to decide, as of what is reported or recommended there and told as a fact (of
    constructed claims, no right one and five wrong ones).
    """
    if breaks_off(said):
        return "it breaks off"
    if weighed.contrary:
        one, other = weighed.contrary
        return f"the paragraph says “{other}”, not “{one}”"
    if not read and (told := _strays(weighed)):
        return told
    if read and not weighed.own and _changes_a_copy(said, weighed):
        return "it copies the paragraph, but changes what it says"
    if weighed.words >= FEW + 1 and len(weighed.unlisted) >= HARDLY * weighed.words:
        return reason("support", weighed)
    if read and weighed.evidence.made_fact and _denied_by_model(weighed):
        return "the paragraph tells of it as reported or recommended; the claim states it"
    if weighed.evidence.possible_for_done:
        return "the paragraph tells of it as done; the claim only as possible"
    if weighed.swapped:
        one, other = weighed.swapped
        return f"“{one}” and “{other}” stand the other way round in that paragraph"
    if weighed.words >= FEW:
        return ""
    # Too few words to weigh: each must be the record's own.
    if weighed.unlisted:
        return f"the paragraph does not say that: nothing there stands for “{weighed.unlisted[0]}”"
    return "" if weighed.words or figures(said) else "it states nothing"


def _changes_a_copy(said: str, weighed: Weighed) -> bool:
    """Whether half a statement is one run of the record's words, and the record denies the whole."""
    copied = weighed.run >= max(COPY, len(re.findall(r"\w+", said)) / 2)
    return copied and _denied_by_model(weighed)


def _denied_by_model(weighed: Weighed) -> bool:
    """Whether a model that has read both finds it likelier that a statement is not upheld."""
    return max(weighed.evidence.entailed, weighed.evidence.entailed_before) < 0


def _strays(weighed: Weighed) -> str:
    if weighed.strayed:
        return f"it copies the paragraph, but puts “{weighed.strayed}” in"
    copies = weighed.run >= COPIED and len(weighed.unlisted) > 1
    if len(weighed.lacking) >= MANY or (copies and weighed.lacking):
        return reason("support", weighed)
    return ""


def wrong(text: str, speaker: str | None, cited: Cited) -> Check | None:
    """Give the first thing that the rules find wrong with a claim's text."""
    return next(_wrong(text, speaker, attribution(text), cited, _ground(cited)), None)


def _wrong(
    text: str, speaker: str | None, told: Attribution, cited: Cited, ground: Ground
) -> Iterator[Check]:
    if text.rstrip().endswith(","):
        yield Check("support", False, "it breaks off")
    if name := stranger(text, f"{cited.text} {cited.speaker or ''}", cited.masthead):
        yield Check("names", False, f"“{name}” does not stand in that paragraph")
    if told_of := _misplaced(text, cited, ground):
        yield Check("figures", False, told_of)
    if reason := _not_theirs(told, cited, ground):
        yield Check("speaker", False, reason)
    if reason := _made_fact(text, speaker, told, cited, ground):
        yield Check("allegation", False, reason)
    if word := _run_together(text, cited.text):
        yield Check("support", False, f"“{word}” is no word: two of the record's run together")
    if part := refuted(bare(text, told), cited.text):
        yield Check("negation", False, f"the paragraph says that this is not so: “{part}”")
    if reason := _not_welcomed(text, told, ground):
        yield Check("negation", False, reason)
    if reason := _recommended_by_another(text, cited, ground):
        yield Check("speaker", False, reason)


_LEADING = frozenset("not the and that was were had have has".split())


def _run_together(text: str, there: str) -> str:
    """Give the first word that is two neighbouring words of a paragraph: "notonly".

    The first is a small one that no compound begins with, as "pre-trial" and "health care" do.
    """
    known = re.findall(r"[^\W\d_]+", there.casefold())
    both = ((one, other) for one, other in pairwise(known) if one in _LEADING)
    joined = {one + other for one, other in both} - {*known, "notable"}
    words = re.findall(r"[^\W\d_]{5,}", text.casefold())
    return next((word for word in words if word in joined), "")


def said_of(text: str, cited: Cited) -> tuple[str, Ground]:
    """What a claim says without its attribution, and what it rests on (for calibration)."""
    return bare(text, attribution(text)), _ground(cited)


_WISHES = re.compile(
    r"recommended|urged|called|encouraged|proposed|suggested|wanted|wished|hoped|expected"
)


def wishes(text: str) -> bool:
    """Whether a claim tells what was asked, recommended, hoped or expected."""
    return asks(text) or _WISHES.fullmatch(attribution(text).verb) is not None


def bare(text: str, told: Attribution) -> str:
    """What is said, without who says it."""
    # What stands before "…, Ms. Bell said, …" is said as much as what stands behind it.
    body = f"{text[: told.start]} {text[told.end :].lstrip(' ,')}" if told.end else text
    if not told.end and told.who:
        body = re.sub(rf",? ?[Aa]ccording to {re.escape(told.who)}(?: \([^)]*\))?", "", body)
    body = re.sub(r"^[ ,]*(?:that|if|whether|for)\b", "", body)
    return body.strip(" ,") or text


def _ground(cited: Cited) -> Ground:
    cut = sentences(cited.text)
    held = [any(start < b and end > a for a, b in cited.spans) for start, end in cut]
    quoted = " ".join(cited.text[a:b] for (a, b), here in zip(cut, held, strict=True) if here)
    first = held.index(True) if any(held) else 0
    before = cited.text[slice(*cut[first - 1])] if first else ""
    others = " ".join(cited.text[a:b] for (a, b), here in zip(cut, held, strict=True) if not here)
    return Ground(quoted, others, before) if quoted else Ground(cited.text, "")


# -- figures of something else --------------------------------------------------------------------

_PLACED = re.compile(
    r"^[^\d.;]{0,40}?\b(?:in|of|for|during)\s+(?:[A-Z][a-z]+\s+)?((?:19|20)\d\d)\b"
)
_FROM_TO = re.compile(r"\bfrom\s+(\S+?)(?:\s+\w+){0,3}?\s+to\s+(\S+?)[\s.,;]", re.IGNORECASE)


def _misplaced(text: str, cited: Cited, ground: Ground) -> str:
    """Say which figure stands in the paragraph, but of something else; empty where none does."""
    here = forms_of(ground.quoted)
    own = figures(text)
    for one in own:
        if one.forms & here:
            continue
        if not one.forms & forms_of(cited.text):
            continue  # of the masthead
        sentence = next((s for s in _cut(ground.others) if one.forms & forms_of(s)), "")
        goes_on = re.match(r"(?:That|This|Those|These|It|They|Of|Its|Their)\b", sentence)
        if _shared(text, sentence) < 2 and not (goes_on and not one.is_year):
            return f"“{one.printed}” stands in that paragraph, but of something else"
    mine, theirs = _years(text), _years(cited.text)
    for form, year in mine:
        known = {y for f, y in theirs if f & form}
        if known and year not in known:
            return f"“{year}” stands in that paragraph, but of something else"
    if told_of := _of_another_year(own, cited.text):
        return told_of
    mine_way, way = _ways(f"{text} "), _ways(f"{cited.text} ")
    if any((b, a) in way and (a, b) not in way for a, b in mine_way):
        return "the paragraph goes from the one figure to the other the other way round"
    return ""


def _of_another_year(own: Sequence[Figure], there: str) -> str:
    """Say which figure of a statement about one year stands there with other years only."""
    years = {one.printed for one in own if one.is_year}
    if len(years) != 1:
        return ""
    parts = [figures(part) for part in re.split(r"[.;](?=\s)", there)]
    if not any(one.printed in years for part in parts for one in part if one.is_year):
        return ""
    for one in (each for each in own if not each.is_year):
        held = [part for part in parts if any(one.forms & each.forms for each in part)]
        told = [{each.printed for each in part if each.is_year} for part in held]
        if held and all(told) and not any(years & each for each in told):
            return f"“{one.printed}” stands in that paragraph, but of another year"
    return ""


def _cut(text: str) -> list[str]:
    return [text[a:b] for a, b in sentences(text)]


def _shared(text: str, sentence: str) -> int:
    """How many words that carry meaning a statement shares with a sentence."""
    pairs = align(clauses(text), clauses(sentence), None)
    return sum(pair.likeness >= GOOD and not pair.opposite for pair in pairs)


def _years(text: str) -> list[tuple[frozenset[str], str]]:
    """Figures with the year that stands right behind them."""
    found: list[tuple[frozenset[str], str]] = []
    for one in figures(text):
        if (
            not one.is_year
            and (match := _PLACED.match(text[one.end :]))
            and not _another(one, text, match)
        ):
            found.append((one.forms, match[1]))
    return found


def _another(one: Figure, text: str, match: re.Match[str]) -> bool:
    """Whether another figure, in words, stands between a figure and its year."""
    between = text[one.end : one.end + match.start(1)]
    return (
        bool(figures(between))
        or re.search(r"\b(?:article|No|section)\.? $", text[: one.start]) is not None
    )


def _ways(text: str) -> set[tuple[str, str]]:
    pairs: set[tuple[str, str]] = set()
    for match in _FROM_TO.finditer(text):
        ends = [figures(part) for part in match.groups()]
        if all(ends):
            pairs.add((min(ends[0][0].forms), min(ends[1][0].forms)))
    return pairs


# -- whose words they are -------------------------------------------------------------------------


def _not_theirs(told: Attribution, cited: Cited, ground: Ground) -> str:
    """Say whose words they are instead; empty where the attribution holds."""
    who = cited.speaker or "the Committee"
    if told.side is None and told.who and cited.speaker:
        if not is_same(told.who, cited.speaker) and not _told_of(told.who, ground.quoted):
            return f"the speaker there is {cited.speaker}"
        return _not_granted(told, cited, ground)
    if told.side is None or cited.side is None:
        return ""
    if told.side == "delegation" and cited.side != "delegation":
        if (
            cited.side == "committee"
            and re.search(r"\bdelegation|State party\b", ground.quoted)
            and not told.grants
        ):
            return ""
        return f"these are the words of {who}, not of the delegation"
    if told.side == "committee" and _tells_of_the_committee(told.verb, ground.quoted):
        return ""
    if told.side in ("member", "committee") and cited.side in ("delegation", "other"):
        return f"these are the words of {who}, not of the Committee"
    if told.side == "committee" and cited.side == "member" and "Committee" not in cited.text:
        return f"these are the words of {who}, one member, not of the Committee"
    return _not_granted(told, cited, ground)


def _tells_of_the_committee(verb: str, quoted: str) -> bool:
    """Whether a speaker tells that the Committee did what it is said to: "had recommended"."""
    return bool(verb) and re.search(rf"\bCommittee(?: \w+){{0,2}} {verb}\b", quoted) is not None


def _not_granted(told: Attribution, cited: Cited, ground: Ground) -> str:
    if told.grants and cited.side == "delegation" and not _GRANTED.search(f"{ground.quoted}"):
        return "the paragraph states it and concedes or confirms nothing"
    return ""


def _not_welcomed(text: str, told: Attribution, ground: Ground) -> str:
    """Say that the paragraph worries about what it is said to welcome; empty where it does not."""
    if told.verb not in _WELCOMING:
        return ""
    said = bare(text, told)
    parts = _TURNS.split(_nearest(said, ground.quoted))
    part = max(parts, key=lambda one: _shared(said, one))
    if _WORRIED.search(part) and not _WELCOMED.search(part):
        return "the paragraph is concerned about that, or asks for it, and does not welcome it"
    return ""


_PARTY = re.compile(
    r"\b(?P<who>Committee|State party|delegation|Government|[A-ZÀ-Þ][a-zà-þ]+)"
    r"(?: (?:had|has|have|also|strongly|then|therefore))*"
    r" (?P<verb>recommend|urg|encourag|invit|request|call)(?:s|es|ed|e)?\b(?! (?:by|for)\b)"
)


def _recommended_by_another(text: str, cited: Cited, ground: Ground) -> str:
    """Say that the other side recommends there what one is said to; empty where it does not."""

    def of(words: str) -> set[tuple[str, str]]:
        found: set[tuple[str, str]] = set()
        for match in _PARTY.finditer(words):
            who = match["who"]
            if who in ("Committee", "State party", "delegation", "Government"):
                found.add(("Committee" if who == "Committee" else "State", match["verb"]))
            elif who in cited.masthead:
                found.add(("State", match["verb"]))
        return found

    theirs = of(ground.quoted)
    for who, verb in sorted(of(text)):
        other = "State" if who == "Committee" else "Committee"
        if (other, verb) in theirs and (who, verb) not in theirs:
            return f"there it is the {other} that does so"
    return ""


def _told_of(who: str, quoted: str) -> bool:
    """Whether the words quoted tell what somebody else said."""
    return who.split()[-1].casefold() in quoted.casefold()


# -- what was asked, reported or due, made a fact -------------------------------------------------


def _made_fact(
    text: str, speaker: str | None, told: Attribution, cited: Cited, ground: Ground
) -> str:
    """Say what the paragraph does with what the claim states; empty where it states it too."""
    if cited.side in ("delegation", "other"):
        return ""
    sentence = _nearest(text, ground.quoted)
    attributed = told != NOBODY or speaker is not None
    reported = _HEARSAY.search(sentence) and _HEARSAY.search(text) and attributed
    if not (asks(text) or reported) and _QUESTION.search(sentence) and not _apart(text, sentence):
        return "the paragraph only asks about that; the claim states it"
    if cited.side == "member" and not attributed and not asks(text):
        return (
            f"{cited.speaker} says that, a member of the Committee; the claim states it as a fact"
        )
    if cited.side == "committee" and not attributed and _CONCERN.search(sentence):
        return "the Committee expresses a concern or takes note; the claim states it as a fact"
    return ""


def may_make_fact(text: str, cited: Cited) -> bool:
    """Whether the paragraph tells of a thing as reported or recommended, and a claim does not.

    Not sure enough to decide alone: "the report is due" stands for a request as well.
    """
    if cited.side in ("delegation", "other", None) or asks(text):
        return False
    sentence = _nearest(text, _ground(cited).quoted)
    if _HEARSAY.search(sentence) and not _HEDGE.search(text):
        return True
    due = _DUE.search(sentence) or re.search(r"\bshould:\s", cited.text)
    return cited.side == "committee" and bool(due) and not _DUE_SAID.search(text)


def _nearest(text: str, quoted: str) -> str:
    """The sentence of the quotation that shares most words with a statement."""
    cut = _cut(quoted)
    return max(cut, key=lambda one: _shared(text, one), default="")


def _apart(text: str, sentence: str) -> bool:
    """Whether what is stated stands in a clause set apart from the question: "given that …"."""
    marked = _OPENING.sub("because", sentence)
    # "whether persons who had decided … were subjected to …": what is asked goes on behind it.
    marked = _RESTRICTING.sub(" that", marked)
    record = clauses(marked)
    pairs = align(clauses(text), record, None)
    inside = outside = 0
    apart: list[bool] = []
    now = False
    for clause in record:
        if clause.opened in _SET_APART:
            now = True
        elif clause.opened:
            now = False
        apart.append(now)
    for pair in pairs:
        if pair.likeness >= GOOD:
            inside += apart[pair.at]
            outside += not apart[pair.at]
    return inside >= max(1, outside)
