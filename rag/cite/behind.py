"""What stands behind a symbol → its pinpoint: "(23 June 2016), paras. 25–27", " [25]", "#25".

Between the two may stand a date, a volume, "at", "in particular"; the pinpoint is of another
document where that one's symbol follows it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.cite import context
from rag.cite.described import described
from rag.cite.pages import at_page, bare_page, is_verbatim, linked_page, pages
from rag.cite.pinpoints import (
    AND,
    Group,
    brackets,
    group,
    is_month,
    kind_at,
    linked,
    sign_at,
    word_at,
)
from rag.cite.series import kind_of
from rag.cite.tokens import Token

_LINKS = frozenset({
    "at", "in", "see", "particular", "especially", "esp", "inter", "alia", "notably", "cf",
    "under", "véase", "voir", "also", "operative",
})  # fmt: skip
_QUOTES = {"“": "”", "‘": "’", '"': '"', "'": "'", "«": "»"}
_TITLE = 40  # tokens in quotation marks
_ASIDE = 16  # tokens in parentheses: "(23 March 2000, adopted 23 December 1999)"
_VOLUME = frozenset({"vol", "volume", "supplement", "suppl", "supp"})

_ADOPTED = frozenset({
    "views", "view", "decision", "judgment", "judgement", "opinion", "adopted", "issued",
    "delivered", "published",
})  # fmt: skip
_BEGINS = _ADOPTED | _VOLUME | {"of", "dated", "echr"}
_OPENS = frozenset("([;") | frozenset(_QUOTES)
_ON = _ADOPTED | {"of", "on", "dated"}
_CASE = re.compile(r"[CTF]-[0-9]+/[0-9]{2}(?: P)?")


@dataclass(frozen=True, slots=True)
class Pin:
    """What stands behind a symbol: where the pinpoint ends and the next token."""

    section: str | None
    group: Group | None
    end: int
    next: int

    @property
    def paras(self) -> tuple[tuple[str, str], ...]:
        """Its paragraphs; none where the whole document is meant."""
        return self.group.paras if self.group else ()


def pinpoint(tokens: list[Token], i: int, symbol: str, *, dated: bool = True) -> Pin:
    """Read what pins down the symbol at `i`: a deep link, brackets, or section and paragraphs.

    `dated` says that a date or the like may stand between the two.
    """
    none = Pin(None, None, tokens[i].end, i + 1)
    if sign_at(tokens, i + 1, "#") and tokens[i + 1].start == tokens[i].end:
        return _deep_link(tokens, i + 2) or none
    j = aside(tokens, _case(tokens, i + 1, symbol)) if dated else i + 1
    found = _brackets(tokens, j) or _page(tokens, i, j, symbol)
    if found is not None:
        return Pin(None, found, found.end, found.next)
    k = _links(tokens, j)
    at = at_page(tokens, k - 1) if is_verbatim(symbol) else None
    if at is not None:
        return Pin(None, at, at.end, at.next)
    return _placed(tokens, k, plain=k == j + 1 and sign_at(tokens, j, ",")) or none


def _brackets(tokens: list[Token], j: int) -> Group | None:
    """Read "[25]", ", [25]", " at [25]" and, of a range of pages, " 3–5 [12]–[14]"."""
    j += sign_at(tokens, j, ",")
    j += word_at(tokens, j) == "at"
    if kind_at(tokens, j) == "number":
        j += 1
        j += 2 * (sign_at(tokens, j, "-") and kind_at(tokens, j + 1) == "number")
    return brackets(tokens, j)


def _page(tokens: list[Token], i: int, j: int, symbol: str) -> Group | None:
    """Read the bare page behind a verbatim record's date: "S/PV.8422 (18 December 2018) 4"."""
    dated = j > i + 1 and sign_at(tokens, j - 1, ")")
    return bare_page(tokens, j) if dated and is_verbatim(symbol) else None


def _placed(tokens: list[Token], j: int, *, plain: bool) -> Pin | None:
    """Read "annex I, para. 3", "p. 4", "paras. 25–27", or a section alone; `plain` behind ","."""
    section, k = context.sections(tokens, j)
    if section is not None and section.startswith("article ") and not plain:
        section, k = None, j  # "…, under article 9, para. 3"
    end = tokens[k - 1].end
    if section is not None:
        end, k = _inner(tokens, k, end)
        k += sign_at(tokens, k, ",")
    article = section is not None and "article " in section
    found = brackets(tokens, k) if section else None
    page = pages(tokens, k) if found is None else None
    if page is not None and context.symbol_of(tokens, page.next) is None:
        found = page
    if found is not None:
        return Pin(section, found, found.end, found.next)
    read = group(tokens, k)
    if read is not None and context.symbol_of(tokens, read.next) is None:
        read = extended(tokens, read)
        # "…, article 9, para. 3, of the Covenant" is the treaty's, not the document's.
        treaty = article and context.is_of(tokens, read.next)
        if not treaty and not context.of_provision(tokens, read.next):
            return Pin(section, read, read.end, read.next)
    if section is not None and not article and plain:
        return Pin(section, None, end, k - sign_at(tokens, k - 1, ","))
    return None


def _inner(tokens: list[Token], k: int, end: int) -> tuple[int, int]:
    """Skip a division inside a section, through which its numbers run on: "annex IX, sect. J"."""
    inner, behind = context.section(tokens, k + sign_at(tokens, k, ","))
    running = inner is not None and inner.startswith(("section", "part", "chapter"))
    return (tokens[behind - 1].end, behind) if running else (end, k)


def _deep_link(tokens: list[Token], i: int) -> Pin | None:
    """Read "25", "25-27" or "annex I:3" behind "#"."""
    if i >= len(tokens) or tokens[i].start != tokens[i - 1].end:
        return None
    section, k = context.sections(tokens, i)
    if section is not None:
        if not sign_at(tokens, k, ":"):
            return None
        i = k + 1
    read = linked_page(tokens, i) or linked(tokens, i)
    return Pin(section, read, read.end, read.next) if read else None


def _links(tokens: list[Token], i: int) -> int:
    """Skip what may stand between symbol and paragraphs: ", in particular", " (", " at"."""
    for _ in range(4):
        if not (sign_at(tokens, i, ",", ":", "(") or word_at(tokens, i) in _LINKS):
            break
        i += 1
    return i


def aside(tokens: list[Token], i: int) -> int:
    """Skip what may stand between a symbol and its pinpoint.

    "(23 June 2016)", "of 5 May 2010", ", July 4, 2016", ", vol. I", "(2000) (31 October 2000)".
    """
    i += sign_at(tokens, i, ")") and sign_at(tokens, i + 1, ",")
    for _ in range(3):
        if not _may_be_aside(tokens, i):
            return i
        behind = next((end for skip in _SKIPPED if (end := skip(tokens, i))), 0)
        if not behind:
            return i
        i = behind
    return i


def _may_be_aside(tokens: list[Token], i: int) -> bool:
    """Whether any of what is skipped can begin at `i`, told by a token or two."""
    j = i + sign_at(tokens, i, ",")
    if j >= len(tokens):
        return False
    kind, text = tokens[j].kind, tokens[j].text
    if kind == "sign":  # what is skipped holds no symbol
        return text in _OPENS and kind_at(tokens, j + 1) not in ("symbol", "mark", "")
    if kind == "number":  # ", 23 June 2016"
        return j > i and kind_at(tokens, j + 1) == "word"
    if kind != "word":
        return False
    word = text.lower()
    case = i > 0 and _CASE.fullmatch(tokens[i - 1].text) is not None
    return word in _BEGINS or is_month(word) or case


def _bracketed(tokens: list[Token], i: int) -> int:
    if not sign_at(tokens, i, "(") or pages(tokens, i + 1) is not None:
        return 0
    for j, token in enumerate(tokens[i + 1 : i + _ASIDE], start=i + 1):
        if token.kind in ("symbol", "mark") or token.text == "(":
            return 0
        if token.text == ")":
            return j + 1
    return 0


def _dated(tokens: list[Token], i: int) -> int:
    """Read ", 23 June 2016", "of 5 May 2010", ", July 4, 2016", ", Dec. 10, 2014"."""
    j = i + (sign_at(tokens, i, ",") or word_at(tokens, i) in ("of", "dated"))
    if j == i:
        return 0
    numbers = kind_at(tokens, j) == kind_at(tokens, j + 2) == "number"
    if numbers and is_month(word_at(tokens, j + 1)):
        return j + 3
    if not is_month(word_at(tokens, j)):
        return 0
    j += 1 + sign_at(tokens, j + 1, ".")
    year = sign_at(tokens, j + 1, ",") and kind_at(tokens, j + 2) == "number"
    return j + 3 if kind_at(tokens, j) == "number" and year else 0


def _volume(tokens: list[Token], i: int) -> int:
    """Read ", vol. I", ", Supplement No. 40"."""
    j = i + sign_at(tokens, i, ",")
    if word_at(tokens, j) not in _VOLUME:
        return 0
    j += 1 + sign_at(tokens, j + 1, ".")
    if word_at(tokens, j) == "no":
        j += 1 + sign_at(tokens, j + 1, ".")
    return j + 1 if kind_at(tokens, j) in ("number", "word") else 0


def _report(tokens: list[Token], i: int) -> int:
    """Read where else a judgment is printed: ", [2020] AC 373", ", ECHR 2000-XI"."""
    j = i + sign_at(tokens, i, ",", ";")
    if word_at(tokens, j) == "echr" and kind_at(tokens, j + 1) == "number":
        return j + 2 + 2 * sign_at(tokens, j + 2, "-")
    year = kind_at(tokens, j + 1) == "number" and len(tokens[j + 1].text) == 4
    if not (sign_at(tokens, j, "[") and year and sign_at(tokens, j + 2, "]")):
        return 0
    j += 3 + (kind_at(tokens, j + 3) == "number")
    series = kind_at(tokens, j) == "word" and tokens[j].text.isupper()
    j += 1
    j += 2 * (kind_at(tokens, j) == "word" and sign_at(tokens, j + 1, "-"))  # ECR I-7879
    return j + 1 if series and kind_at(tokens, j) == "number" else 0


def _parties(tokens: list[Token], i: int) -> int:
    """Skip the parties' names behind "Case C-176/03", where the page of the reports follows."""
    if i == 0 or _CASE.fullmatch(tokens[i - 1].text) is None:
        return 0
    for j in range(i, i + _ASIDE):
        if sign_at(tokens, j, "["):
            return _report(tokens, j)
        if kind_at(tokens, j) != "word":
            return 0
    return 0


def _adopted(tokens: list[Token], i: int) -> int:
    """Read ", Views adopted on 30 October 2014", ", Judgment of 26 October 2000"."""
    j = i + sign_at(tokens, i, ",")
    if word_at(tokens, j) not in _ADOPTED:
        return 0
    for k in range(j + 1, j + 5):
        if kind_at(tokens, k) == "number":
            day = is_month(word_at(tokens, k + 1)) and kind_at(tokens, k + 2) == "number"
            return k + 3 if day else 0
        if word_at(tokens, k) not in _ON and not sign_at(tokens, k, ","):
            return 0
    return 0


def _titled(tokens: list[Token], i: int) -> int:
    """Skip the document's title: ", “Consideration of reports submitted by States parties”"."""
    j = i + sign_at(tokens, i, ",")
    close = _QUOTES.get(tokens[j].text) if kind_at(tokens, j) == "sign" else None
    if close is None:
        return 0
    for k in range(j + 1, j + _TITLE):
        if kind_at(tokens, k) in ("symbol", "mark", ""):
            return 0
        # "States’ reports" closes nothing.
        ends = sign_at(tokens, k + 1, ",", "(") or kind_at(tokens, k + 1) == "mark"
        if tokens[k].text in close and ends:
            return k + 1
    return 0


def _case(tokens: list[Token], i: int, symbol: str) -> int:
    """Skip the parties behind the symbol of Views: ", I.D.G. v. Spain"."""
    if "/D/" not in symbol or not sign_at(tokens, i, ",") or kind_of(symbol) != "views":
        return i
    against = False
    for j in range(i + 1, i + _ASIDE):
        if sign_at(tokens, j, ",", "("):
            return j if against else i
        if kind_at(tokens, j) != "word" and not sign_at(tokens, j, ".", "-"):
            return i
        against = against or word_at(tokens, j) in ("v", "c", "vs")
    return i


_SKIPPED = (_bracketed, _dated, _volume, _report, _parties, _adopted, _titled)


def extended(tokens: list[Token], read: Group) -> Group:
    """Join "para. 25 and para. 30" into one group; not "para. 25 and paragraph 4 of A/65/1"."""
    paras = list(read.paras)
    while True:
        i = read.next + sign_at(tokens, read.next, ",")
        if word_at(tokens, i) not in AND and not sign_at(tokens, i, "&"):
            break
        more = group(tokens, i + 1)
        if more is None or context.named_after(tokens, more.next) is not None:
            break
        if context.of_provision(tokens, more.next) or context.doc_number(tokens, more.next):
            break
        if described(tokens, more.next, more):  # "and paragraph 5 of the list of issues"
            break
        paras.extend(more.paras)
        read = Group((), read.start, more.end, more.next, read.mark)
    return Group(tuple(paras), read.start, read.end, read.next, read.mark)
