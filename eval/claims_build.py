"""Claims written by hand → further claims made from them by rules, in the same file.

    python -m eval.claims_build [--check]

The lines of `claims/claims.jsonl` with "how": "hand" stay as they are; those with "rule"
are made anew behind them. A rule changes one thing of a right claim, so that what it makes
is right or wrong for a known reason. Which claims a rule takes is chosen by a fingerprint
of its name and the claim's id: the same file comes out every time. What reads badly or
came out true is named in `LEFT_OUT`. A claim belongs to the half that its cited
paragraph belongs to. `--check` writes nothing and fails where the file would change.
Every rule stands in this one module, next to the table of them, which is longer for it.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Literal

from pydantic import ConfigDict, TypeAdapter

from eval.suites import Split, sources_of
from rag.domain import Paragraph
from rag.parse import segment
from rag.read import read
from rag.sentences import sentences

CLAIMS = Path(__file__).resolve().parent / "claims" / "claims.jsonl"
Change = Literal[
    "figure", "year", "name", "speaker", "polarity", "modality", "allegation-to-fact",
    "paragraph", "quotation", "unsupported", "role",
]  # fmt: skip

NUMBERS = tuple(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen twenty".split()
)
# A person, body, place or law, and another that could be taken for it.
OTHERS: Mapping[str, str] = {
    "Ministry of Justice": "Ministry of Finance",
    "Ministry of Internal Affairs": "Ministry of Defence",
    "Ministry of Women and Social Welfare": "Ministry of Labour",
    "Supreme Court": "Constitutional Court",
    "Higher Judicial Council": "Bar Association",
    "Procurator-General": "Ombudsman",
    "Prosecutor General": "Auditor General",
    "Constitutional Council": "Cassation Chamber",
    "Special Rapporteur": "Independent Expert",
    "House of Representatives": "Council of Ministers",
    "Police Complaints Inspectorate": "Anti-Corruption Agency",
    "National Ombuds Institution": "Court of Audit",
    "Ombuds Institution": "Court of Audit",
    "Lindhaven Legal Centre": "Brackwater Law Clinic",
    "Electoral Commission": "Communications Authority",
    "Union of Tenants of Lindhaven": "Union of Teachers of Valmont",
    "District Court of Lindhaven": "District Court of Upper Sorva",
    "Criminal Code": "Family Code",
    "Labour Code": "Tax Code",
    "Communications Act": "Postal Services Act",
    "Communist Party": "Agrarian Party",
    "European Parliament": "African Union",
    "Uzbekistan": "Turkmenistan",
    "Internet": "radio",
    "SAARC": "ASEAN",
    "India": "Bangladesh",
    "INTERPOL": "UNICEF",
    "Muluki Ain": "Civil Service Act",
    "Dalit": "Tharu",
    "Beijing": "Copenhagen",
    "Karsholm": "Upper Sorva",
    "Brackwater": "Quay Street",
    "Sorvan": "Karsic",
    "Heron": "Kestrel",
}
# Tails that nobody said.
TAILS = (
    ", as the Prime Minister had announced in a speech",
    ", and that a report on the matter would come out in the spring",
    ", as the press had reported at length",
    ", and that this compared well with neighbouring countries",
)
# Claims that a rule makes badly: its name and the id of the claim that it took.
LEFT_OUT = frozenset(
    {
        ("in_digits", "claim-173"),
        ("reordered", "claim-217"),
        ("figure", "claim-826"),
        ("figure", "claim-489"),
        ("polarity", "claim-855"),
        ("polarity", "claim-773"),
        ("polarity", "claim-728"),
        ("polarity", "claim-178"),
        ("polarity", "claim-537"),
        ("polarity", "claim-333"),
        ("polarity", "claim-699"),
        ("polarity", "claim-707"),
        ("allegation", "claim-455"),
    }
)


@dataclass(frozen=True, slots=True)
class Written:
    """One line of the file; `quote` counts words, `quote_text` stands in its place."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    id: str
    split: Split
    symbol: str
    label: str
    text: str
    speaker: str | None
    right: bool
    change: Change | None
    how: Literal["hand", "rule"]
    quote: tuple[int, int] | None = None
    quote_text: str | None = None

    def line(self) -> str:
        """Give it as it stands in the file, without what it does not have."""
        fields = asdict(self)
        order = "id split symbol label text speaker quote quote_text right change how".split()
        kept = {
            key: fields[key]
            for key in order
            if not (key.startswith("quote") and fields[key] is None)
        }
        return json.dumps(kept, ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Place:
    """The paragraph that a claim cites, among those of its document."""

    paragraph: Paragraph
    document: tuple[Paragraph, ...]

    @property
    def words(self) -> list[str]:
        """Its words, as `quote` counts them."""
        return self.paragraph.text.split()

    @property
    def state(self) -> str | None:
        """The delegation that speaks in it, if one does."""
        return next((one.delegation for one in self.paragraph.speakers if one.delegation), None)

    def lacks(self, words: str) -> bool:
        """Whether the words stand nowhere in it, nor name who speaks in it."""
        speakers = " ".join(one.speaker for one in self.paragraph.speakers)
        pattern = rf"(?<![\w.,]){re.escape(words)}(?!\w|[.,]\d)"
        return not re.search(pattern, f"{self.paragraph.text} {speakers}", re.IGNORECASE)


Rule = Callable[[Written, Place], Written | None]
SAID = re.compile(r"^(?P<who>(?:M[rs]+\. [^()]*?|The Chair(?:person)?)(?: \([^)]*\))?) said that ")


def behind(claim: Written, at: Place) -> Written | None:
    """Put who said it behind what was said."""
    match = SAID.match(claim.text)
    if not match or " that " in claim.text[match.end() :]:
        return None
    body = claim.text[match.end() : -1]
    return replace(claim, text=f"{body[0].upper()}{body[1:]}, according to {match['who']}.")


def with_state(claim: Written, at: Place) -> Written | None:
    """Name the State behind the speaker of a delegation."""
    who = claim.speaker
    if not who or not at.state or not claim.text.startswith(f"{who} "):
        return None
    rest = claim.text[len(who) :]
    return None if rest.startswith(" (") else replace(claim, text=f"{who} ({at.state}){rest}")


def year_in_front(claim: Written, at: Place) -> Written | None:
    """Move the only year of what was said to the front of it."""
    match = SAID.match(claim.text)
    if not match or len(re.findall(r"\b(?:19|20)\d\d\b", claim.text)) != 1:
        return None
    body = claim.text[match.end() :]
    year = re.search(r" in (?P<year>(?:19|20)\d\d)\b(?! to)", body)
    if not year:
        return None
    rest = body[: year.start()] + body[year.end() :]
    return replace(claim, text=f"{match[0][:-1]}, in {year['year']}, {rest}")


def in_words(claim: Written, at: Place) -> Written | None:
    """Write a small number in words."""
    small = re.compile(
        r"(?<!article )(?<!No\. )(?<!paragraph )(?<![\w.,$-])(?P<number>[2-9]|1\d|20)"
        r"(?= (?!per|million|January|February|March|April|May|June|July|October|to|and|in|November|"
        r"December|square)[a-z])"
    )
    text = small.sub(lambda match: NUMBERS[int(match["number"])], claim.text)
    return None if text == claim.text else replace(claim, text=text)


def in_digits(claim: Written, at: Place) -> Written | None:
    """Write a number in digits."""
    words = re.compile(r"(?<![\w-])(?P<number>" + "|".join(NUMBERS[2:]) + r")(?= [a-z])(?! of)")
    text = words.sub(lambda match: str(NUMBERS.index(match["number"])), claim.text)
    return None if text == claim.text else replace(claim, text=text)


def verbatim(claim: Written, at: Place) -> Written | None:
    """Say that the speaker said the quotation; of the sample only, whose words are ours."""
    if not claim.symbol.startswith("CCLP") or not claim.speaker or not claim.quote:
        return None
    quoted = " ".join(at.words[slice(*claim.quote)])
    starts = r"(?:The|A|In|It|There|Since|An|Those|Its|As|Until|Women|Expenditure|Successive) "
    if not re.match(starts, quoted) or not quoted.endswith("."):
        return None
    return replace(claim, text=f"{claim.speaker} said that {quoted[0].lower()}{quoted[1:]}")


def reordered(claim: Written, at: Place) -> Written | None:
    """Turn a list of three around."""
    three = re.compile(r"(?<= )([a-z]+), ([a-z]+)(,?) and ([a-z]+)(?=[ ,.])")
    text, count = three.subn(r"\4, \1\3 and \2", claim.text)
    return replace(claim, text=text) if count else None


def figure(claim: Written, at: Place) -> Written | None:
    """Change a figure to one that the paragraph does not have."""
    pattern = (
        r"(?<![\w.,/$-])(?!(?:19|20)\d\d\b)\d[\d,]*(?:\.\d+)?"
        r"(?= (?!January|February|March|April|May|June|July|October|November|December)[a-z]|[.,] )"
    )
    for match in re.finditer(pattern, claim.text):
        before = claim.text[: match.start()]
        if re.search(r"(?:article|No\.|paragraphs?|section|Decree) $", before):
            continue
        for other in _other_figures(match[0].rstrip(",")):
            if at.lacks(other) and other not in claim.text:
                after = claim.text[match.start() + len(match[0].rstrip(",")) :]
                return replace(claim, text=f"{before}{other}{after}")
    return None


def _other_figures(figure: str) -> Iterator[str]:
    digits = [place for place, sign in enumerate(figure) if sign.isdigit()]
    for left, right in pairwise(digits):
        if figure[left] != figure[right] and figure[right] != "0":
            signs = list(figure)
            signs[left], signs[right] = signs[right], signs[left]
            yield "".join(signs)
    for step in (2, 3, 5):
        yield (
            figure[: digits[0]]
            + str(int(figure[digits[0]]) % 9 + step)[-1]
            + figure[digits[0] + 1 :]
        )


def year(claim: Written, at: Place) -> Written | None:
    """Change a year to one that the paragraph does not have."""
    match = re.search(r"\b(?:19|20)\d\d\b", claim.text)
    if not match:
        return None
    for step in (-2, 1, 3, -4, 5):
        other = str(int(match[0]) + step)
        if at.lacks(other) and other not in claim.text:
            return replace(claim, text=claim.text.replace(match[0], other, 1))
    return None


def name(claim: Written, at: Place) -> Written | None:
    """Put another person, body, place or law in the place of one."""
    for one, other in OTHERS.items():
        if re.search(rf"\b{re.escape(one)}\b", claim.text) and at.lacks(other):
            return replace(claim, text=claim.text.replace(one, other))
    return None


def speaker(claim: Written, at: Place) -> Written | None:
    """Give the words to another who speaks on the same side of the table."""
    if not claim.speaker or claim.speaker not in claim.text or not at.paragraph.turn:
        return None
    own = at.paragraph.turn
    others = sorted(
        {
            turn.speaker
            for each in at.document
            if (turn := each.turn)
            and (turn.role, turn.delegation) == (own.role, own.delegation)
            and at.lacks(turn.speaker)
            and turn.speaker != "The Chair"
        }
    )
    if not others:
        return None
    other = others[_lot("speaker", claim.id) % len(others)]
    return replace(claim, text=claim.text.replace(claim.speaker, other), speaker=other)


def polarity(claim: Written, at: Place) -> Written | None:
    """Add a negation to the first verb of what was said."""
    if " not " in claim.text or " no " in claim.text or " only " in claim.text:
        return None
    match = re.match(
        r"^.*? said that (?:(?!if |when |while |since )[^,]*?) (?:had|was|were|would|could) ",
        claim.text,
    )
    if not match:
        return None
    return replace(claim, text=f"{match[0]}not {claim.text[match.end() :]}")


def allegation(claim: Written, at: Place) -> Written | None:
    """State as a fact, or as the State's admission, what a member asked or had heard of."""
    match = re.match(r"^(?P<who>.+?) asked (?:if|whether) (?P<what>.+)$", claim.text)
    if (
        not match
        or re.search(r" (?:if|whether) ", match["what"])
        or not at.paragraph.turn
        or at.paragraph.turn.role != "member"
    ):
        return None
    what = re.sub(r", as reported,|it was true that |it was correct that ", "", match["what"])
    if _lot("allegation", claim.id) % 2:
        return replace(claim, text=f"The delegation confirmed that {what}", speaker=None)
    return replace(claim, text=f"{match['who']} said that {what}")


def paragraph(claim: Written, at: Place) -> Written | None:
    """Cite another paragraph of the same speaker, and quote the first sentence of that."""
    others = [
        each
        for each in at.document
        if each.turn
        and each.label != claim.label
        and each.turn.speaker == claim.speaker
        and len(each.text.split()) > 20
    ]
    if not others:
        return None
    other = others[_lot("paragraph", claim.id) % len(others)]
    start, end = sentences(other.text)[-1]
    first = len(other.text[:start].split())
    return replace(
        claim, label=other.label, quote=(first, first + len(other.text[start:end].split()))
    )


def quotation(claim: Written, at: Place) -> Written | None:
    """Quote a few words with a figure or a negation that is not there."""
    if not claim.quote:
        return None
    words = at.words[slice(*claim.quote)]
    for place, word in enumerate(words):
        number = re.fullmatch(r"\d[\d,.]*\d|\d", word)
        if number and not re.fullmatch(r"(?:19|20)\d\d", word) and (other := _absent(word, at)):
            return _quoting(claim, words, place, (other,))
        if (
            word in ("had", "was", "were", "would", "could", "must")
            and place > 1
            and words[place + 1 : place + 2] != ["not"]
        ):
            return _quoting(claim, words, place, (word, "not"))
    return None


def _absent(figure: str, at: Place) -> str | None:
    return next((other for other in _other_figures(figure) if at.lacks(other)), None)


def _quoting(claim: Written, words: list[str], place: int, put: tuple[str, ...]) -> Written:
    text = " ".join((*words[max(0, place - 4) : place], *put, *words[place + 1 : place + 5]))
    return replace(claim, quote=None, quote_text=text)


def unsupported(claim: Written, at: Place) -> Written | None:
    """Add what nobody said."""
    if not SAID.match(claim.text):
        return None
    return replace(claim, text=claim.text[:-1] + TAILS[_lot("tail", claim.id) % len(TAILS)] + ".")


def role(claim: Written, at: Place) -> Written | None:
    """Give the delegation's words to the Committee, and a member's to the delegation."""
    match = re.match(
        r"^(?P<who>.+?)(?: \([^)]*\))? (?P<verb>said that|asked|wondered|enquired) ", claim.text
    )
    if not match or match["who"] != claim.speaker or not at.paragraph.turn:
        return None
    member = at.paragraph.turn.role == "member"
    who = "The delegation" if member else "The Committee"
    return replace(claim, text=f"{who} {match['verb']} {claim.text[match.end() :]}", speaker=None)


# A rule, what it changes (None: what it makes is right), and how many it makes of each
# source in dev and in test.
RULES: tuple[tuple[Rule, Change | None, tuple[int, int]], ...] = (
    (behind, None, (5, 4)),
    (with_state, None, (3, 3)),
    (year_in_front, None, (2, 2)),
    (in_words, None, (2, 2)),
    (in_digits, None, (2, 2)),
    (verbatim, None, (6, 6)),
    (reordered, None, (2, 2)),
    (figure, "figure", (3, 1)),
    (year, "year", (3, 2)),
    (name, "name", (2, 2)),
    (speaker, "speaker", (3, 3)),
    (polarity, "polarity", (2, 2)),
    (allegation, "allegation-to-fact", (3, 3)),
    (paragraph, "paragraph", (2, 3)),
    (quotation, "quotation", (4, 1)),
    (unsupported, "unsupported", (2, 1)),
    (role, "role", (4, 2)),
)


def built(hand: Iterable[Written]) -> list[Written]:
    """Give the claims of the rules, numbered on from those written by hand."""
    by_hand = list(hand)
    documents = _documents()
    splits = {(one.symbol, one.label): one.split for one in by_hand}
    right = [one for one in by_hand if one.right]
    told = {one.text for one in by_hand}
    made: list[Written] = []
    for rule, change, quota in RULES:
        count: Counter[tuple[str, str]] = Counter()
        for claim in sorted(right, key=lambda one: _lot(rule.__name__, one.id)):
            if (rule.__name__, claim.id) in LEFT_OUT:
                continue
            document = documents[claim.symbol]
            at = Place(next(each for each in document if each.label == claim.label), document)
            new = rule(claim, at)
            # Only a paragraph that has a half already: the halves stay as they are.
            if new is None or (split := splits.get((new.symbol, new.label))) is None:
                continue
            again = new.text in told and change not in ("paragraph", "quotation")
            group = (claim.symbol.split("/")[0], split)
            if again or count[group] == quota[split == "test"]:
                continue
            count[group] += 1
            told.add(new.text)
            number = f"claim-{len(by_hand) + len(made) + 1:03}"
            made.append(
                replace(
                    new, id=number, split=split, right=change is None, change=change, how="rule"
                )
            )
    return made


def _documents() -> dict[str, tuple[Paragraph, ...]]:
    sources = (*sources_of("sr"), *sources_of("sample"))
    read_in = (segment(read(source.path), symbol=source.symbol) for source in sources)
    return {document.id: document.paragraphs for document in read_in}


def _lot(rule: str, named: str) -> int:
    return int(hashlib.sha256(f"{rule}\0{named}".encode()).hexdigest(), 16)


def main() -> int:
    """Make the lines of the rules anew."""
    before = CLAIMS.read_text(encoding="utf-8")
    adapter = TypeAdapter(Written)
    lines = [adapter.validate_json(line) for line in before.splitlines()]
    hand = [one for one in lines if one.how == "hand"]
    after = "".join(f"{one.line()}\n" for one in (*hand, *built(hand)))
    if "--check" in sys.argv[1:]:
        return int(after != before)
    CLAIMS.write_text(after, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
