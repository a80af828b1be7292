"""The documents that were asked → where a gold paragraph's neighbours are, and what is verbatim.

A judge of its own: it looks into the document's text and shares no code with
`rag.answer.verify`, so that a fault there does not vouch for itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from eval.metrics import Outcome, citable
from rag.domain import Document

_GAP = re.compile(r"\s*(?:\[\s*)?(?:…|\.\.\.)(?:\s*\])?\s*")
# One sign may be printed in several forms; they count as the same, and nothing else does.
_FORMS = ("\"“”„«»", "'’‘‚`", "-‐‑‒–—")  # fmt: skip
_LIKE = {sign: f"[{re.escape(forms)}]" for forms in _FORMS for sign in forms}


class Ground:
    """The text that answers are held against."""

    def __init__(self, documents: Iterable[Document]) -> None:
        self._places: dict[str, list[tuple[Document, int]]] = {}  # a page may hold several
        self._documents: dict[str, Document] = {}
        for document in documents:
            self._documents[document.id] = document
            for place, paragraph in enumerate(document.paragraphs):
                self._places.setdefault(citable(paragraph), []).append((document, place))

    def __contains__(self, paragraph: str) -> bool:
        return paragraph in self._places

    def near(self, paragraphs: Sequence[str]) -> tuple[str, ...]:
        """Give the ids that stand right before or after these, by their order in the document.

        Labels do not tell it: after "14" may come "14 bis", or "1" of an annex.
        """
        beside: dict[str, None] = {}
        for paragraph in paragraphs:
            if paragraph not in self._places:
                continue
            document, first = self._places[paragraph][0]
            _, last = self._places[paragraph][-1]
            for other in (first - 1, last + 1):
                if 0 <= other < len(document.paragraphs):
                    beside[citable(document.paragraphs[other])] = None
        return tuple(name for name in beside if name not in paragraphs)

    def texts(self, paragraph: str) -> list[str]:
        """Give the words as they stand in the document: one text, or one for each of a page."""
        found = self._places.get(paragraph, ())
        there = ((document.text, document.paragraphs[place]) for document, place in found)
        return [text[each.start : each.end] for text, each in there]

    def stands(self, quote: str, paragraphs: Sequence[str]) -> bool:
        """Whether a quotation stands word for word in one of the paragraphs cited."""
        return any(
            stands(quote, text) for paragraph in paragraphs for text in self.texts(paragraph)
        )

    def outside(self, name: str) -> str:
        """Give what a document prints outside its paragraphs: headings, lines without a number.

        Of the masthead what the reader took from it, a line each; its own lines are not kept.
        """
        document = self._documents.get(name)
        if document is None:
            return ""
        held = document.held_on
        printed = [document.chair, document.place, document.session, document.state, document.title]
        printed.append(f"{held:%A}, {held.day} {held:%B %Y}" if held else None)
        ends = [0, *(each.end for each in document.paragraphs)]
        starts = [*(each.start for each in document.paragraphs), len(document.text)]
        between = (document.text[a:b] for a, b in zip(ends, starts, strict=True) if a < b)
        return "\n".join((*filter(None, printed), *between))

    def judged(self, outcome: Outcome) -> Outcome:
        """Say of each claim shown whether its quotation stands, and what is near to gold.

        What cites a whole document must stand there outside its paragraphs.
        """
        claims = tuple(
            replace(
                claim,
                verbatim=self.stands(claim.quote, claim.paragraphs)
                if claim.paragraphs
                else stands(claim.quote, self.outside(claim.citation)),
            )
            for claim in outcome.claims
        )
        return replace(outcome, claims=claims, near=self.near(outcome.case.paragraphs))


def stands(quote: str, text: str) -> bool:
    """Whether a quotation stands in a text, letter for letter, in whole words and numbers.

    White space, the forms of quotation marks and dashes, and soft hyphens are free;
    what an ellipsis leaves out may be anything. Nothing is quoted where no letter or
    digit is.
    """
    at, text = 0, text.replace("\u00ad", "")
    parts = [part for part in _GAP.split(quote.replace("\u00ad", "")) if part.strip()]
    for part in parts:
        found = re.compile(_pattern(part)).search(text, at)
        if found is None:
            return False
        at = found.end()
    return any(sign.isalnum() for part in parts for sign in part)


def _pattern(part: str) -> str:
    words = ("".join(_LIKE.get(sign) or re.escape(sign) for sign in word) for word in part.split())
    # "able" is no quotation of "unable" nor of "non-able", nor "5" of "2.5" or "5,000".
    begins = r"(?<!\w)(?<!\d[.,])(?<![^\W\d]-)" if part.split()[0][0].isalnum() else ""
    ends = r"(?!\w)(?![.,]\d)" if part.split()[-1][-1].isalnum() else ""
    return begins + r"\s+".join(words) + ends
