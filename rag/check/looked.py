"""The citations of an item, looked up, and what is said of them."""

from __future__ import annotations

from dataclasses import dataclass

from rag.check.evidence import Ground
from rag.check.findings import Verdict, Where
from rag.check.items import Cited
from rag.domain import Paragraph, ResolvedCitation, Turn, Voice


@dataclass(frozen=True, slots=True)
class Looked:
    """The citations of an item, looked up."""

    cited: tuple[Cited, ...]
    resolved: tuple[ResolvedCitation, ...]

    @property
    def grounds(self) -> list[Ground]:
        """The paragraphs cited, or the parts of them."""
        found: list[Ground] = []
        for each in self.resolved:
            for paragraph, part in zip(each.paragraphs, each.parts, strict=True):
                if part is None or part.end == part.start:
                    found.append(Ground(paragraph, 0, len(paragraph.text)))
                else:
                    found.append(Ground(paragraph, part.start, part.end))
        return found

    @property
    def whole(self) -> list[str]:
        """Documents that are cited without a paragraph."""
        there = (each for each in self.resolved if each.resolved and not each.found.paras)
        return [each.found.symbol for each in there if each.found.symbol]

    @property
    def missing(self) -> ResolvedCitation | None:
        """The first that did not resolve."""
        return next((each for each in self.resolved if not each.resolved), None)


def all_of(paragraph: Paragraph | None) -> Where | None:
    """All of a paragraph."""
    return paragraph and Where(str(paragraph.citation), 0, len(paragraph.text))


def unresolved(found: ResolvedCitation) -> tuple[Verdict, str]:
    """The verdict on a citation that does not resolve, and why."""
    lacking = found.found.symbol is None or found.why.endswith("is not in the index")
    return ("not in the index" if lacking else "not found"), found.why


def who(voice: Voice | Turn | None) -> str:
    """Who speaks there, in a sentence."""
    if voice is None:
        return "nobody holds the floor there"
    state = f" ({voice.delegation})" if voice.delegation else ""
    return f"the speaker there is {voice.speaker}{state}"
