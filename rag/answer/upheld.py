"""A statement and the paragraph it cites → whether the paragraph upholds it, and why not.

What can be told without a language model: how much of the statement stands there, whether
both affirm or both deny, whether both tell of what is done or of what is planned. Each is a
number; a small logistic model weighs them (`upheld.json`, fitted on constructed claims by
`python -m eval.calibrate_gate`). The number that counts most against a statement names the
reason that is given. None of those decides alone: over both halves of the claims each
kind of contradiction told by lists of words was wrong about one right claim in ten to four.

Longer than most: each number stands beside the reason that it gives.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, fields, replace
from functools import lru_cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from rag.answer.align import LITERAL, NEGATIVE, Pair, Within, align
from rag.answer.clauses import Clause, clauses, is_negative, levelled
from rag.answer.figures import figures, forms_of
from rag.answer.literal import (
    LISTED,
    clause_unlisted,
    in_a_row,
    in_order,
    limit_lost,
    longest_run,
    possible_for_done,
    strayed,
    swapped,
    unlisted,
)
from rag.answer.turned import denies, turned

_HEARSAY = re.compile(
    r"\b(?:reports? (?:that|of)|reported(?:ly)?|alleg\w+|according to|information that|sources|"
    r"seem\w*|appear\w*|apparent\w*|suggest\w*|claim\w*|said to|suppos\w+|rumou?r\w*)\b",
    re.IGNORECASE,
)
_CONDITION = re.compile(r"(?:^|[.;,] )[Ii]f\b(?! so)[^.;]*\bwould\b|\bwould\b[^.;]*\bif\b(?! so)")
_CONDITIONAL = re.compile(
    r"\b(?:if|would|unless|whether|could|may|might|provided)\b", re.IGNORECASE
)
GOOD = 0.55  # from here on, a word of the record counts as standing for one of the statement


@dataclass(frozen=True, slots=True)
class Ground:
    """The words that a statement rests on: what is quoted, in its sentences, and the rest."""

    quoted: str
    others: str
    before: str = ""  # the sentence before what is quoted


@dataclass(frozen=True, slots=True)
class Meaning:
    """The models on this machine that tell what texts mean."""

    within: Within  # encodes texts and spans of them (`rag.encoder.LocalEncoder.within`)
    # A statement and texts → log-odds that each upholds it (`rag.reader.Entailment.upholds`).
    upholds: Callable[[str, Sequence[str]], NDArray[np.float32]]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for and against a paragraph upholding a statement; mostly in [0, 1]."""

    covered: float  # mean likeness of the statement's words to those quoted
    covered_wide: float  # the same, with the whole paragraph
    lacking: float  # share of the words that nothing quoted stands for
    lacking_wide: float  # the same, with the whole paragraph
    worst: float  # the worst likeness of a word, in the whole paragraph
    second_worst: float
    similarity: float  # cosine of the statement and what is quoted
    lacking_run: float  # the longest run of words that nothing stands for, up to 6, as a share of 6
    clause_lacking: float  # share lacking in the statement's worst covered clause
    exact: float  # share of words whose stem stands there
    capital_lacking: float  # words in capitals that are not there, up to 2, halved
    denied_apart: float  # "not" on one side alone, and nothing else that denies
    denied_softly: float  # one side denies and the other does not, as far as words like "lack" tell
    opposite: float  # a word is turned round by its opposite
    head_apart: float  # what is said of somebody is denied there, or the reverse
    compared: float  # more for less, before for after
    amount: float  # all for some, many for few
    done_for_open: float  # told as done, and only planned or due there
    open_for_done: float  # told as planned or due, and done there
    head_done: float  # "had been repealed" for "would be", "should be", "to be repealed"
    head_open: float  # the reverse
    only_open: float  # nothing in the statement is open, everything that is quoted is
    condition_lost: float  # what is quoted is conditional, the statement is not
    hearsay_lost: float  # reported or alleged there, and told as such nowhere
    figures: float  # share of the statement's figures that stand in what is quoted; 1 for none
    short: float  # 1 / number of words that carry meaning
    made_fact: float  # reported or recommended there, stated here
    denies: float  # "not" or the like in the statement
    denies_there: float  # the same in what is quoted
    denies_alone: float  # in one of them only
    # How much nearer the two are than when one or both are turned round (`turned`), and the
    # same again where the statement, or what is quoted, denies.
    turned: float  # the statement turned
    turned_denying: float
    turned_denied: float
    turned_there: float  # what is quoted turned
    turned_there_denying: float
    turned_there_denied: float
    turned_both: float  # both turned, against the statement alone
    turned_both_denying: float
    turned_both_denied: float
    # How closely the statement keeps to the record's words (`rag.answer.literal`).
    unlisted: float  # share of words that no list pairs with one of the paragraph
    clause_unlisted: float  # the same in the clause that strays furthest
    limit_lost: float  # "only in exceptional cases" there, no limit in the statement
    possible_for_done: float  # "may have been" for "was"
    # A contradiction weighs more the closer the rest of the statement keeps to the record: by
    # the share of its words that stand there, or of its steps from word to word.
    denied_softly_exact: float
    compared_exact: float
    denied_softly_in_a_row: float
    denied_apart_in_a_row: float
    head_apart_in_a_row: float
    opposite_in_a_row: float
    compared_in_a_row: float
    hearsay_lost_in_a_row: float
    lacking_many: float  # words that nothing in the paragraph stands for, up to 6, as a share of 6
    strayed: float  # it copies a stretch and puts a word of its own in
    # Log-odds that the record upholds the statement, by the model that reads both.
    entailed: float  # by what is quoted
    entailed_before: float  # by that with the sentence before it


_MOODS = (
    "done_for_open", "open_for_done", "head_done", "head_open", "only_open", "condition_lost",
    "possible_for_done",
)  # fmt: skip
FEATURES = tuple(one.name for one in fields(Evidence))


@dataclass(frozen=True, slots=True)
class Weighed:
    """The evidence, and what the reasons are made of."""

    evidence: Evidence
    words: int  # of the statement, that carry meaning
    lacking: tuple[str, ...]  # the statement's words that nothing stands for
    turned: tuple[tuple[str, str], ...]  # words and their opposites there
    unlisted: tuple[str, ...] = ()  # words that no list pairs with one of the paragraph
    strayed: str | None = None  # a word of its own in a statement that copies else
    swapped: tuple[str, str] | None = None  # words that stand the other way round there
    contrary: tuple[str, str] | None = None  # a word, and itself with "un-" or the like there
    run: int = 0  # of words that it has in a row of what is quoted
    own: bool = False  # its words are the record's, in its order, and nothing speaks against it


@dataclass(frozen=True, slots=True)
class Model:
    """The weights, with which mean and scale each number is taken, and the threshold."""

    weights: dict[str, float]
    mean: dict[str, float]
    scale: dict[str, float]
    bias: float
    threshold: float


@lru_cache(maxsize=2)
def model(*, meaning: bool) -> Model:
    """The committed weights: with the models that tell meaning, or without."""
    data = json.loads((files("rag.answer") / "upheld.json").read_text(encoding="utf-8"))
    return Model(**data["with models" if meaning else "without"])


def weigh(
    said: str,
    ground: Ground,
    meaning: Meaning | None = None,
    masthead: str = "",
    *,
    wished: bool = False,
    made_fact: bool = False,
) -> Weighed:
    """Weigh what a statement says, without its attribution, against what it rests on.

    Args:
        said: the statement.
        ground: the words of the record.
        meaning: the models; without them, what a statement means is told by words alone.
        masthead: names that need not stand in the paragraph, such as the State's.
        wished: whether it is told as asked, recommended, hoped or expected.
        made_fact: whether the record tells of it as reported or recommended, and it does not.

    """
    entailed = _entailed(said, ground, meaning)
    said = levelled(said)
    ground = Ground(levelled(ground.quoted), levelled(ground.others))
    named = {word.stem for clause in clauses(masthead) for word in clause.words}
    mine, near_by = _without(clauses(said), named), clauses(ground.quoted)
    wide_by = [*near_by, *clauses(ground.others)]
    near, cosines = None, _NONE
    if meaning is not None and mine and near_by:
        near, cosines = _near(said, mine, ground.quoted, near_by, meaning.within)
    pairs = align(mine, near_by, near)
    wide = _wider(pairs, align(mine, wide_by[len(near_by) :], None), len(near_by))
    evidence = _evidence(said, ground, mine, near_by, pairs, wide, cosines)
    lacking = tuple(p.word.text for p in wide if p.likeness < GOOD)
    astray = strayed(said, pairs, ground.quoted, near_by)
    exchanged = swapped(said, pairs, ground.quoted, near_by)
    evidence = replace(
        evidence,
        made_fact=float(made_fact),
        lacking_many=min(6, len(lacking)) / 6,
        strayed=float(astray is not None),
        entailed=entailed[0],
        entailed_before=entailed[1],
    )
    if wished:
        evidence = replace(evidence, **dict.fromkeys(_MOODS, 0.0))
    return Weighed(
        evidence,
        len(wide),
        lacking,
        tuple((p.word.text, p.other.text) for p in pairs if p.opposite and p.other),
        tuple(p.word.text for p in wide if p.likeness < LISTED),
        astray,
        exchanged,
        _contrary(mine, wide_by, pairs, f"{ground.quoted} {ground.others}"),
        longest_run(said, ground.quoted),
        all(p.likeness >= LISTED and not p.opposite for p in pairs)
        and (meaning is None or in_order(pairs, near_by))  # else the model tells who did it
        and _uncontradicted(evidence),
    )


def _entailed(said: str, ground: Ground, meaning: Meaning | None) -> tuple[float, float]:
    """How likely what is quoted upholds a statement, alone and with the sentence before it."""
    if meaning is None:
        return 0.0, 0.0
    texts = [ground.quoted, *([f"{ground.before} {ground.quoted}"] if ground.before else ())]
    told = meaning.upholds(said, texts)
    return float(told[0]), float(told[-1])


_CONTRADICTING = (
    "denied_apart", "denied_softly", "opposite", "head_apart", "compared", "amount",
    "done_for_open", "open_for_done", "head_done", "head_open", "only_open", "condition_lost",
    "hearsay_lost", "made_fact", "denies_alone", "limit_lost", "possible_for_done",
)  # fmt: skip


def _uncontradicted(evidence: Evidence) -> bool:
    found = asdict(evidence)
    return evidence.figures == 1.0 and not any(found[name] for name in _CONTRADICTING)


def _without(cut: list[Clause], named: set[str]) -> list[Clause]:
    """Leave out of a statement's clauses what the masthead names."""
    for clause in cut:
        clause.words = [word for word in clause.words if not (word.capital and word.stem in named)]
    return cut


@dataclass(frozen=True, slots=True)
class _Cosines:
    """Of the statement and what is quoted, each as it stands and turned round."""

    plain: float
    said_turned: float
    there_turned: float
    both_turned: float


_NONE = _Cosines(0.0, 0.0, 0.0, 0.0)


def _near(
    said: str, mine: Sequence[Clause], quoted: str, record: Sequence[Clause], within: Within
) -> tuple[NDArray[np.float32], _Cosines]:
    """Cosines of the words of both, each read where it stands, and of the texts."""
    places = [[(w.start, w.end) for one in cut for w in one.words] for cut in (mine, record)]
    texts = [said, quoted, turned(said), turned(quoted)]
    vectors, spans = within(texts, [*places, [], []])
    table = vectors[[0, 2]] @ vectors[[1, 3]].T
    return spans[0] @ spans[1].T, _Cosines(*(float(table[at]) for at in _TURNED))


_TURNED = ((0, 0), (1, 0), (0, 1), (1, 1))


def _wider(pairs: Sequence[Pair], others: Sequence[Pair], behind: int) -> list[Pair]:
    """For each word the better of its pairs: in what is quoted, or in the rest of the paragraph."""
    return [
        replace(far, at=far.at + behind) if far.likeness > pair.likeness else pair
        for pair, far in zip(pairs, others, strict=True)
    ]


def _evidence(
    said: str, ground: Ground, mine: Sequence[Clause], record: Sequence[Clause],
    pairs: Sequence[Pair], wide: Sequence[Pair], cosines: _Cosines,
) -> Evidence:  # fmt: skip
    n = max(1, len(pairs))
    scores = sorted(p.likeness for p in wide) or [1.0]
    done, opened = _moods(mine, record, pairs)
    denied = _apart(mine, record, pairs)
    heads = _heads(mine, record, pairs)
    wanted = figures(said)
    there = forms_of(ground.quoted)
    mine_denies, there_denies = denies(said), denies(ground.quoted)
    gain = cosines.plain - cosines.said_turned
    gain_there = cosines.plain - cosines.there_turned
    gain_both = cosines.both_turned - cosines.said_turned
    exact = sum(p.likeness >= LITERAL for p in wide) / n
    compared = _compared(said, ground.quoted)
    opposed = float(any(_turns(p) for p in pairs))
    hearsay = float(bool(_HEARSAY.search(ground.quoted)) and not _HEARSAY.search(said))
    row = in_a_row(pairs, record)
    opens = (
        [c.mood(there=False) in ("open", "due") for c in mine],
        [c.mood(there=True) in ("open", "due") for c in record],
    )
    return Evidence(
        covered=sum(p.likeness for p in pairs) / n,
        covered_wide=sum(p.likeness for p in wide) / n,
        lacking=sum(p.likeness < GOOD for p in pairs) / n,
        lacking_wide=sum(p.likeness < GOOD for p in wide) / n,
        worst=scores[0],
        second_worst=scores[min(1, len(scores) - 1)],
        similarity=cosines.plain,
        lacking_run=_run(wide) / 6,
        clause_lacking=_clause_lacking(wide),
        exact=exact,
        capital_lacking=min(2, sum(p.word.capital and p.likeness < 0.8 for p in wide)) / 2,
        denied_apart=denied[0],
        denied_softly=denied[1],
        opposite=opposed,
        head_apart=heads[0],
        compared=compared,
        amount=_amount(said, ground.quoted),
        done_for_open=done,
        open_for_done=opened,
        head_done=heads[1],
        head_open=heads[2],
        only_open=float(not any(opens[0]) and bool(opens[1]) and all(opens[1])),
        condition_lost=float(
            bool(_CONDITION.search(ground.quoted)) and not _CONDITIONAL.search(said)
        ),
        hearsay_lost=hearsay,
        figures=sum(bool(f.forms & there) for f in wanted) / len(wanted) if wanted else 1.0,
        short=1 / n,
        made_fact=0.0,
        denies=float(mine_denies),
        denies_there=float(there_denies),
        denies_alone=float(mine_denies != there_denies),
        turned=gain,
        turned_denying=gain * mine_denies,
        turned_denied=gain * there_denies,
        turned_there=gain_there,
        turned_there_denying=gain_there * mine_denies,
        turned_there_denied=gain_there * there_denies,
        turned_both=gain_both,
        turned_both_denying=gain_both * mine_denies,
        turned_both_denied=gain_both * there_denies,
        unlisted=unlisted(wide),
        clause_unlisted=clause_unlisted(wide),
        limit_lost=float(limit_lost(said, ground.quoted)),
        possible_for_done=float(possible_for_done(pairs)),
        denied_softly_exact=denied[1] * exact,
        compared_exact=compared * exact,
        denied_softly_in_a_row=denied[1] * row,
        denied_apart_in_a_row=denied[0] * row,
        head_apart_in_a_row=heads[0] * row,
        opposite_in_a_row=opposed * row,
        compared_in_a_row=compared * row,
        hearsay_lost_in_a_row=hearsay * row,
        lacking_many=0.0,
        strayed=0.0,
        entailed=0.0,
        entailed_before=0.0,
    )


def _run(pairs: Sequence[Pair]) -> int:
    longest = now = 0
    for pair in pairs:
        now = now + 1 if pair.likeness < GOOD else 0
        longest = max(longest, now)
    return min(6, longest)


def _clause_lacking(pairs: Sequence[Pair]) -> float:
    by_clause: dict[int, list[float]] = {}
    for pair in pairs:
        by_clause.setdefault(pair.clause, []).append(pair.likeness)
    return max(
        (sum(v < GOOD for v in one) / len(one) for one in by_clause.values() if len(one) > 1),
        default=0.0,
    )


def _apart(
    mine: Sequence[Clause], record: Sequence[Clause], pairs: Sequence[Pair]
) -> tuple[float, float]:
    """How literally a clause of the statement denies what the record affirms, or the reverse.

    Once where "not" or the like tells it alone, once where words do that may be read either
    way: "was spared" for "did not suffer". The more of a clause's words stand there, the more
    a difference counts.
    """
    sharp = soft = 0.0
    for number, clause in enumerate(mine):
        own = [p for p in pairs if p.clause == number]
        held = [p for p in own if p.likeness >= GOOD]
        if not held:
            continue
        weight: dict[int, float] = {}
        for pair in held:
            weight[pair.at] = weight.get(pair.at, 0.0) + pair.likeness
        there = record[max(weight, key=lambda at: weight[at])]
        turned = any(_turns(p) for p in held)
        literal = sum(1.0 if p.likeness >= LITERAL or p.opposite else 0.7 for p in held) / len(own)
        if clause.denied ^ there.denied ^ turned:
            if clause.soft or there.soft or turned:
                soft = max(soft, literal)
            else:
                sharp = max(sharp, literal)
    return sharp, soft


def _contrary(
    mine: Sequence[Clause], record: Sequence[Clause], pairs: Sequence[Pair], there: str
) -> tuple[str, str] | None:
    """Give a word of the statement that stands there with "un-" or the like only, or the reverse.

    Only where nothing else in either clause denies or turns a word round.
    """
    said = {word.casefold() for word in re.findall(r"\w+", there)}
    for pair in pairs:
        if pair.other is None or not _prefixed(pair.word.text, pair.other.text):
            continue
        here, other = mine[pair.clause], record[pair.at]
        beside = [p for p in pairs if p.clause == pair.clause and p is not pair]
        plain = here.negations == other.negations == 0 and here.soft + other.soft == 1
        if pair.other.capital:  # "Constitutional Council", and "unconstitutional"
            continue
        if plain and pair.word.text not in said and not any(p.opposite for p in beside):
            return pair.word.text, pair.other.text
    return None


def _prefixed(one: str, other: str) -> bool:
    """Whether the longer of two words is the shorter with a prefix that denies."""
    short, long = sorted((one, other), key=len)
    return is_negative(long) and any(long == prefix + short for prefix in NEGATIVE)


def _turns(pair: Pair) -> bool:
    """Whether a pair is one of opposites, and neither is counted as a negation already."""
    if not pair.opposite or pair.other is None:
        return False
    return not is_negative(pair.word.text) and not is_negative(pair.other.text)


def _heads(
    mine: Sequence[Clause], record: Sequence[Clause], pairs: Sequence[Pair]
) -> tuple[float, float, float]:
    """What is said of somebody: denied there or the reverse, done for open, open for done."""
    apart = done = opened = 0.0
    for pair in pairs:
        mine_is, other = pair.word.aspect, pair.other
        if not mine_is or other is None or pair.likeness < 0.6:
            continue
        here, there = mine[pair.clause], record[pair.at]
        plain = not (here.soft or there.soft or _turns(pair))
        if plain and here.denied ^ there.denied:
            apart = max(apart, 1.0 if pair.likeness >= LITERAL else 0.4)
        if mine_is == "done" and other.aspect in ("open", "due", "to", "may"):
            done = max(done, 1.0 if pair.likeness >= LITERAL else 0.5)
        if mine_is in ("open", "due") and other.aspect == "done":
            opened = max(opened, 1.0 if pair.likeness >= LITERAL else 0.5)
    return apart, done, opened


_COMPARED = (
    (r"\b(?:more|higher|greater|longer|larger|above|over|exceed\w*)\b",
     r"(?<!no )\b(?:less|fewer|lower|smaller|shorter|below|under)\b"),
    (r"(?<!as )\b(?:before|earlier|prior)\b", r"\b(?:after|later|once|following|since)\b"),
    (r"\b(?:still|continue\w*|remain\w*)\b", r"\b(?:no longer|ceased|any ?more)\b"),
    (r"\b(?:up|rose|risen|increas\w*|rise)\b", r"\b(?:down|fell|fallen|decreas\w*|drop\w*|declin\w*)\b"),
    (r"\b(?:with)\b", r"\b(?:without)\b"),
    (r"\b(?:at least|minimum|not less than|no less than|or more)\b",
     r"\b(?:at most|maximum|up to|not more than|no more than|or fewer|or less)\b"),
    (r"\b(?:largest|highest|biggest|greatest)\b", r"\b(?:smallest|lowest|least)\b"),
)  # fmt: skip


def _compared(said: str, quoted: str) -> float:
    """Whether one side of a comparison stands in the statement, and only the other there."""
    for one, other in _COMPARED:
        for mine, theirs in ((one, other), (other, one)):
            if (
                re.search(mine, said, re.IGNORECASE)
                and not re.search(theirs, said, re.IGNORECASE)
                and re.search(theirs, quoted, re.IGNORECASE)
                and not re.search(mine, quoted, re.IGNORECASE)
                and mine != r"\b(?:with)\b"
            ):
                return 1.0
    return 0.0


_AMOUNTS = {
    "all": r"\b(?:all|every|everybody|everyone|always|each|entirely)\b(?! party)",
    "many": r"\b(?:(?<!at )most(?! [a-z]+ed)|many|majority|often|regularly|frequently|usually|numerous)\b",
    "some": r"\b(?:some|several|certain|sometimes|occasionally|a few|in part|partly)\b",
    "few": r"\b(?:(?<!a )(?<!too )few|seldom|rarely|hardly|little|minority)\b",
    "none": r"\b(?:none|nobody|no one|never|nothing|not (?:a|one) single|not any)\b",
}
_AMOUNTS_APART = {
    "all": {"some", "few", "many", "none"}, "many": {"few", "some", "none"},
    "some": {"none", "all"}, "few": {"many", "all", "none"}, "none": {"some", "few", "many", "all"},
}  # fmt: skip


def _amount(said: str, quoted: str) -> float:
    """Whether the statement speaks of all, many, few or none where the record speaks of others."""
    mine, theirs = (
        {name for name, pattern in _AMOUNTS.items() if re.search(pattern, text, re.IGNORECASE)}
        for text in (said, quoted)
    )
    if re.search(r"\bonly\b", said) and re.search(r"\b(?:regardless|irrespective) of\b", quoted):
        return 1.0
    return float(any(_AMOUNTS_APART[name] & theirs for name in mine - theirs))


def _moods(
    mine: Sequence[Clause], record: Sequence[Clause], pairs: Sequence[Pair]
) -> tuple[float, float]:
    """Shares of the paired words told as done and open there, and the reverse."""
    held = [p for p in pairs if p.likeness >= GOOD]
    moods = [(mine[p.clause].mood(there=False), record[p.at].mood(there=True)) for p in held]
    n = max(1, len(held))
    done = sum(a in ("done", "free") and b in ("open", "due") for a, b in moods)
    opened = sum(a in ("open", "due") and b in ("done", "free") for a, b in moods)
    return done / n, opened / n


def probability(evidence: Evidence, chosen: Model) -> float:
    """How likely it is that the paragraph upholds the statement, in [0, 1]."""
    z = chosen.bias + sum(parts_of(evidence, chosen).values())
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, z))))


def parts_of(evidence: Evidence, chosen: Model) -> dict[str, float]:
    """What each number adds to the odds."""
    return {
        name: chosen.weights[name] * (value - chosen.mean[name]) / chosen.scale[name]
        for name, value in asdict(evidence).items()
        if name in chosen.weights
    }
