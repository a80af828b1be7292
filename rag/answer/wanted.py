"""What a question names → whether it stands where the answer should.

A paragraph may speak of all of it and answer nothing, if what is counted stands in one
sentence and the year asked for in another. So most is looked for in a window: the best
sentence, with the one before it and the one after.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from rag.answer.synonyms import synonyms
from rag.answer.terms import Term, Vocabulary, coverage
from rag.query import Query
from rag.sentence_kinds import is_request
from rag.sentences import sentences
from rag.thesaurus import related

_REASON = re.compile(
    r"\b(?:because|since|owing to|due to|in order (?:to|that)|so (?:as|that)|therefore|thus|hence|"
    r"reasons?|grounds?|purpose|aim(?:ed|s)?|intended|designed|result(?:ed|ing)? (?:of|from|in)|for "
    r"(?:having|failing|lack|want|violat\w+|non-)|as (?:it|they|he|she|the|a|an|there)|led to|"
    r"explain\w*|justif\w+|in view of|given that|on account of|prevent\w*|to ensure|to avoid|"
    r"caused?|stem\w* from|consequen\w+|attribut\w+|thereby)\b",
    re.IGNORECASE,
)
_NOT_COUNTED = frozenset(
    """peopl person individu time case number figur rate total percentag per cent proport share
    mani""".split()
)
_YEAR = re.compile(r"\b(?:1[89]|20)\d\d\b")
_COUNTED = re.compile(
    r"\b(?:how many|how much|numbers? of|figures? for|total of|rate of)\s+(?:\w+ly\s+)?"
    r"([^\W\d_]{4,})",
    re.IGNORECASE,
)


def lacks(terms: Sequence[Term], vocabulary: Vocabulary, whole: str, near: str) -> dict[str, float]:
    """What of the question's terms is not there: the rarest missing one is often what is asked.

    Args:
        terms: of the question.
        vocabulary: gives the stems of a text.
        whole: a paragraph, with its heading and who speaks.
        near: the window within it, with its heading.

    Returns:
        Features of `Evidence`, by name; none where the question has no terms.

    """
    if not terms:
        return {}
    there = set(vocabulary.terms(whole))
    window = set(vocabulary.terms(near))
    rarest = max(term.weight for term in terms) or 1.0
    total = sum(term.weight for term in terms) or 1.0
    missing = [term.weight for term in terms if not term.held(there)]
    far = [term.weight for term in terms if not term.held(window)]
    return {
        "own_words": sum(t.weight for t in terms if t.stem in there) / total,
        "window_coverage": coverage(terms, window),
        "term_missing": max(missing, default=0.0) / rarest,
        "term_far": max(far, default=0.0) / rarest,
        "terms_far": len(far) / len(terms),
    }


def topical(query: Query, terms: Sequence[Term], vocabulary: Vocabulary) -> list[Term]:
    """The terms that say what a question is about, and not of whom or of which State."""
    said = " ".join((*query.names, *query.naming, query.speaker or ""))
    naming = set(vocabulary.terms(said))
    return [term for term in terms if term.stem not in naming] or list(terms)


def topic_far(topic: Sequence[Term], vocabulary: Vocabulary, near: str) -> float:
    """The rarity, of the rarest there can be, of a term that does not stand where it should."""
    there = set(vocabulary.terms(near))
    rarest = math.log(1 + (max(1, vocabulary.size) + 0.5) / 0.5)
    return max((term.weight for term in topic if not term.held(there)), default=0.0) / rarest


def unknown(topic: Sequence[Term], vocabulary: Vocabulary) -> float:
    """The share of terms that stand in no record that is here, nor any word that means the same."""
    if not topic:
        return 0.0
    alike = {term.stem: synonyms(vocabulary.terms).get(term.stem, frozenset()) for term in topic}
    recorded = {stem for term in topic for words in term.recorded for stem in words}
    frequency = vocabulary.frequency(
        [*alike, *(stem for stems in alike.values() for stem in stems), *recorded]
    )

    def known(term: Term) -> bool:
        return (
            bool(frequency[term.stem])
            or any(frequency[stem] for stem in alike[term.stem])
            or any(all(frequency[stem] for stem in words) for words in term.recorded)
        )

    return sum(not known(term) for term in topic) / len(topic)


def head_missing(query: Query, window: str, vocabulary: Vocabulary) -> float:
    """1 where the thing that is to be counted is not spoken of where the answer should be."""
    counted = _COUNTED.search(query.text)
    if query.wants not in ("figure", "money") or counted is None:
        return 0.0
    heads = [t for t in vocabulary.terms(counted[1]) if t not in _NOT_COUNTED]
    if not heads:
        return 0.0
    recorded = related(query.text, vocabulary.terms)
    there = set(vocabulary.terms(window))
    meant = [{h} for h in heads] + [
        set(vocabulary.terms(word)) for h in heads for word in recorded.get(h, ())
    ]
    return float(not any(words <= there for words in meant))


def year_apart(query: Query, text: str, vocabulary: Vocabulary) -> float:
    """1 where what is counted stands beside other years, and the year asked for beside other things.

    "965 complaints in 2013, leading to 35 prosecutions; 622 in 2015" tells no prosecutions
    of 2015.
    """
    years = [f for f in query.figures if _YEAR.fullmatch(f)]
    counted = _COUNTED.search(query.text)
    if len(years) != 1 or counted is None or query.wants != "figure":
        return 0.0
    heads = set(vocabulary.terms(counted[1]))
    clauses = re.split(r"(?<=[;.?!])\s", text)
    about = [clause for clause in clauses if heads & set(vocabulary.terms(clause))]
    there = [clause for clause in clauses if years[0] in clause]
    if not there or not any(_YEAR.search(clause) for clause in about):
        return 0.0
    return float(not any(years[0] in clause for clause in about))


def reason_missing(query: Query, window: str) -> float:
    """1 where a reason is wanted and nothing gives one where the answer should be.

    Whoever asks why gives no reason.
    """
    if query.wants != "reason":
        return 0.0
    told = " ".join(
        window[start:end] for start, end in sentences(window) if not is_request(window[start:end])
    )
    return float(not _REASON.search(told))


def figures_missing(query: Query, text: str, sentence: str, document: str) -> float:
    """1 if a figure of the question is not in the paragraph.

    What a record says in a sentence without a year it says of its own: "fifty per cent live in
    poverty".
    """
    own = query.years.get(document) if not _YEAR.search(sentence) else None
    return float(any(f != own and not holds_figure(f, text) for f in query.figures))


def figures_apart(query: Query, text: str, window: str) -> float:
    """1 where a figure of the question stands in the paragraph, but not about the best sentence."""
    return float(any(holds_figure(f, text) and not holds_figure(f, window) for f in query.figures))


def holds_figure(figure: str, text: str) -> bool:
    """Whether a number stands in a text as a number of its own."""
    return re.search(rf"(?<![\d.,]){re.escape(figure)}(?![\d]|[.,]\d)", text) is not None
