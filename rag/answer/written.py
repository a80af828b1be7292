"""What a language model writes → claims, each as soon as it stands complete.

Claims are looked for as JSON in plain text, whatever prose stands around it; or, from
a model that cites by itself, as its sentences and what they point at.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator, Sequence
from typing import Any

from llama_index.core.llms import ChatResponse
from pydantic import BaseModel, ConfigDict, ValidationError

from rag.answer.calls import grown
from rag.cite import as_citations, find_citations
from rag.domain import Citation, Claim, Passage
from rag.errors import BadCitation

LONGEST_CITATION = 300  # characters of what a model calls a citation
BETWEEN = " \t\r\n,"  # between two claims of a list

_logger = logging.getLogger(__name__)


class _WrittenClaim(BaseModel):
    """One claim as the model writes it; what it leaves out, `verify` finds missing."""

    model_config = ConfigDict(strict=True)

    statement: str
    citation: str = ""
    quotation: str = ""
    speaker: str | None = None


class _Written(BaseModel):
    """A whole reply."""

    model_config = ConfigDict(strict=True)

    claims: list[_WrittenClaim]


class JsonReply:
    """A reply in the form asked for, as it grows."""

    def __init__(self, given: Sequence[Passage]) -> None:
        self._given = given
        self._text = ""
        self._from = 0  # where the next list, or the next claim of a list, is looked for
        self._inside = False

    def add(self, reply: ChatResponse) -> Iterator[Claim]:
        """Take what came, and give the claims that are complete with it.

        Each is decoded when its closing brace is there: a parser of partial JSON (jiter)
        gives the last object of a list too, without saying whether more of it will come.
        """
        self._text = grown(self._text, reply)
        text = _SECRET.sub("", self._text)
        while True:
            if not self._inside:
                opened = _LIST.search(text, self._from)
                if opened is None:
                    return
                self._from, self._inside = opened.end(), True
            start = self._from
            while start < len(text) and text[start] in BETWEEN:
                start += 1
            if start == len(text):
                return
            if text[start] != "{":
                self._from, self._inside = start, False
                continue
            try:
                value, end = _DECODER.raw_decode(text, start)
            except (json.JSONDecodeError, RecursionError):
                if (again := _LIST.search(text, start)) is None:
                    return  # the rest may still come
                self._from = again.end()  # it broke off and began again
                continue
            self._from = end
            try:
                yield _claim(_WrittenClaim.model_validate(value), self._given)
            except ValidationError as error:
                _logger.info("Not the form asked for: %s", error)

    def whole(self) -> list[Claim] | None:
        """Give all claims of the last object of the form asked for; None where there is none.

        The last, because a model that thinks aloud writes drafts before its answer.
        """
        written = _read(self._text)
        return written and [_claim(one, self._given) for one in written.claims]


class CitedReply:
    """A reply of a model that cites by itself: Anthropic's, as its integration passes it on.

    Sentences and citations are read from `raw`: the integration's own blocks leave out a
    citation that was already given once.
    """

    def __init__(self, given: Sequence[Passage]) -> None:
        self._given = {str(passage.paragraph.citation): passage for passage in given}
        self._open = ""  # words without a citation of their own, that the next piece goes on with
        self._text = ""
        self._cited: list[Any] = []
        self._claims: list[Claim] = []
        self._seen = False

    def add(self, reply: ChatResponse) -> Iterator[Claim]:
        """Take what came, and give the claims that are complete with it."""
        raw: dict[str, Any] = reply.raw if isinstance(reply.raw, dict) else {}
        claims: list[Claim] = []
        if raw.get("type") == "message":
            for piece in raw.get("content") or ():
                self._text = getattr(piece, "text", None) or ""
                self._cited = list(getattr(piece, "citations", None) or ())
                claims += self._piece()
            claims += self._rest()
        elif raw.get("type") == "content_block_delta":
            delta = raw.get("delta")
            self._text += getattr(delta, "text", None) or ""
            if (citation := getattr(delta, "citation", None)) is not None:
                self._cited.append(citation)
        elif raw.get("type") == "content_block_stop":
            claims += self._piece()
        elif raw.get("type") == "message_delta":
            claims += self._rest()
        self._claims += claims
        yield from claims

    def whole(self) -> list[Claim] | None:
        """Give all claims; None where nothing was written."""
        return self._claims if self._seen else None

    def _piece(self) -> list[Claim]:
        """Make claims of a finished piece of text: one for each paragraph that it cites."""
        text, cited = self._text, self._cited
        self._text, self._cited = "", []
        self._seen = self._seen or bool(text.strip())
        if not cited:
            claims = self._rest() if _ENDS.search(self._open) else []
            # The full stop behind a cited piece says nothing.
            self._open += text if any(letter.isalnum() for letter in text) else ""
            return claims
        before = [] if not _ENDS.search(self._open) else self._rest()
        statement = " ".join(f"{self._open}{text}".split())
        self._open = ""
        quotes: dict[str, list[str]] = {}
        for one in cited:
            words = (getattr(one, "cited_text", None) or "").strip()
            quotes.setdefault(getattr(one, "source", None) or "", []).append(words)
        return before + [
            Claim(statement, " … ".join(dict.fromkeys(words)), self._citation(source))
            for source, words in quotes.items()
        ]

    def _citation(self, source: str) -> Citation:
        found = self._given.get(source)
        return found.paragraph.citation if found else Citation(symbol=source or "unknown")

    def _rest(self) -> list[Claim]:
        """Give as a claim, which `verify` rejects, what was said without a citation."""
        statement = " ".join(self._open.split())
        self._open = ""
        if not statement or statement.strip(".").upper() == "NONE":
            return []
        return [Claim(statement, "", Citation(symbol="unknown"))]


_ENDS = re.compile(r"[.!?][\"”')\]]*\s*$")
_SECRET = re.compile(r"<think>.*?(?:</think>|\Z)", re.DOTALL)
_OPENS = re.compile(r'\{\s*"claims"\s*:|\[\s*\{\s*"(?:statement|citation|quotation|speaker)"\s*:')
_LIST = re.compile(
    r'\{\s*"claims"\s*:\s*\[|\[(?=\s*\{\s*"(?:statement|citation|quotation|speaker)"\s*:)'
)
_BRACKETS = re.compile(r"^[\s\[]+|[\s\].;]+$")
_QUOTED = re.compile(r"^[“\"«]\s*([^“”\"«»]+?)\s*[”\"»]$")
_DECODER = json.JSONDecoder()


def _read(reply: str) -> _Written | None:
    """Find the last object of the form asked for; prose and fences around it are passed over."""
    found: _Written | None = None
    for value in _json_values(reply):
        try:
            found = _Written.model_validate({"claims": value} if isinstance(value, list) else value)
        except ValidationError as error:
            _logger.info("Not the form asked for: %s", error)
    return found


def _json_values(reply: str) -> Iterator[Any]:
    at = 0
    while (match := _OPENS.search(reply, at)) is not None:
        try:
            value, at = _DECODER.raw_decode(reply, match.start())
        except (json.JSONDecodeError, RecursionError):
            at = match.end()
        else:
            yield value


def _claim(written: _WrittenClaim, given: Sequence[Passage]) -> Claim:
    quotation = written.quotation.strip()
    quoted = _QUOTED.match(quotation)
    speaker = (written.speaker or "").strip()
    return Claim(
        text=written.statement.strip(),
        quote=quoted[1] if quoted else quotation,
        citation=_citation(written.citation, given),
        speaker=None if speaker.casefold() in ("", "none", "null", "n/a") else speaker,
    )


def _citation(text: str, given: Sequence[Passage]) -> Citation:
    """Read what the model calls a citation; what is none is kept, so that `verify` rejects it."""
    bare = " ".join(_BRACKETS.sub("", text[:LONGEST_CITATION]).split())
    printed = {str(p.paragraph.citation).casefold(): p.paragraph.citation for p in given}
    if bare.casefold() in printed:
        return printed[bare.casefold()]
    try:
        read = Citation.parse(bare)
    except BadCitation:
        read = None
    # The canonical form also takes "See X, para. 3" and "X para. 3" for symbols.
    if read is not None and read.first is not None and " " not in read.symbol:
        return read
    found = [citation for one in find_citations(bare) for citation in as_citations(one)]
    return found[0] if len(found) == 1 else Citation(symbol=bare or "unknown")
