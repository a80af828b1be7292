"""What stands around a paragraph number → whose paragraph it is.

A paragraph of an article is a treaty's and no citation of a record; a paragraph
"of document …" is that document's; a paragraph of an annex is told apart by it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.cite.pinpoints import AND, Group, group, kind_at, sign_at, word_at
from rag.cite.symbols import clean
from rag.cite.tokens import Token, tokenise

_PROVISIONS = frozenset({
    "article", "articles", "art", "arts", "artículo", "artículos", "articulo", "articulos",
    "artigo", "artigos", "rule", "rules", "regulation", "regulations", "principle",
    "principles", "clause", "clauses", "règle", "p", "pp", "page", "pages",
})  # fmt: skip
_SECTIONS = {
    "annex": "annex", "annexe": "annex", "anexo": "annex", "appendix": "appendix",
    "appendice": "appendix", "apéndice": "appendix",
    "enclosure": "enclosure", "attachment": "attachment",
    "chapter": "chapter", "chap": "chapter", "ch": "chapter", "chapitre": "chapter",
    "capítulo": "chapter", "cap": "chapter", "section": "section", "sect": "section",
    "part": "part",
}  # fmt: skip
_ACTS = {
    "decision": "decision", "décision": "decision", "decisión": "decision", "decisão": "decision",
    "resolution": "resolution", "résolution": "resolution", "resolución": "resolution",
    "resolução": "resolution",
}  # fmt: skip
_YEAR = re.compile("(?:19|20)[0-9]{2}")
_TREATIES = frozenset({
    "covenant", "convention", "protocol", "charter", "statute", "constitution", "treaty",
    "agreement", "code", "act", "declaration", "law",
})  # fmt: skip
_DECISIONS = frozenset(word for word, name in _ACTS.items() if name == "decision")
# The words that a rule below may begin with.
OPENING = _PROVISIONS | frozenset(_SECTIONS) | _DECISIONS
_ALONE = frozenset({"annex", "appendix", "enclosure", "attachment"})  # need no number
_CONTAINED = frozenset(["as", "contained", "set", "out", "reproduced", "found", "printed"])
_SHORTENED = frozenset(["chap", "ch", "cap", "sect"])
_SECTION_ID = re.compile(r"[IVXLC]{1,7}|[A-Z]|[0-9]{1,3}")
_ARTICLE = frozenset({"article", "art", "artículo", "artigo"})
_OF = frozenset(["of", "in", "from", "to", "de", "del", "du", "des", "dans", "d", "en", "within"])
_THE = frozenset({
    "the", "this", "that", "its", "their", "his", "her", "our", "la", "le", "el", "los", "las",
    "les", "said", "same",
})  # fmt: skip
_NOUNS = frozenset({
    "document", "documents", "doc", "docs", "document's", "record", "records", "report",
    "reports", "observations", "issues", "resolution", "resolutions", "decision", "decisions",
    "replies", "recommendations", "symbol", "comment", "documento", "documentos", "un",
})  # fmt: skip
_ASIDE = 8  # tokens in parentheses, or words between "of the" and a symbol
_NAMED = 14
# "para" is a paragraph in English and "for" in Spanish and Portuguese.
_IBERIAN = frozenset({
    "el", "la", "los", "las", "del", "de", "que", "en", "y", "una", "un", "se", "su", "sus",
    "por", "con", "países", "personas", "años", "niños", "mujeres", "hombres", "anos",
    "pessoas", "crianças", "em", "um", "uma", "os", "das", "dos", "da", "mais", "más", "unos",
    "casi", "día", "días",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Named:
    """The symbol that a paragraph group is "of": its token, and the section between."""

    at: int
    section: str | None
    aside: bool  # the symbol stands in parentheses, behind a description


def provision(tokens: list[Token], i: int) -> int | None:
    """Read past "article 9, para. 3, and 14, para. 1"; None where no paragraph is named."""
    if _bare(word_at(tokens, i)) not in _PROVISIONS:
        return None
    i += 1 + sign_at(tokens, i + 1, ".")
    i = _ids(tokens, i)
    i = _of_treaty(tokens, i) if i else 0
    behind = None
    while i > 0:
        i += sign_at(tokens, i, ",")
        read = group(tokens, i)
        if read is None or (behind and named_after(tokens, read.next) is not None):
            break
        behind = i = read.next
        i = _another(tokens, i, listed=len(read.paras) > 1)
    return behind


def _of_treaty(tokens: list[Token], i: int) -> int:
    """Skip "of the Covenant" where ", paragraph 3" follows: still the article's."""
    if word_at(tokens, i) != "of":
        return i
    for j in range(i + 1, i + _ASIDE):
        word = word_at(tokens, j)
        if word in _TREATIES:
            goes_on = sign_at(tokens, j + 1, ",") and kind_at(tokens, j + 2) == "mark"
            return j + 1 if goes_on else i
        if not word or word in AND:
            return i
    return i


def _ids(tokens: list[Token], i: int) -> int:
    """Skip "9", "9 (1)", "IV", "4 and 7"; 0 where no number stands."""
    start = i
    while True:
        known = kind_at(tokens, i) == "number" or (
            kind_at(tokens, i) == "word" and _SECTION_ID.fullmatch(tokens[i].text) is not None
        )
        if not known:
            return (
                i if i > start and not _joins(tokens, i - 1) else max(0, _unjoin(tokens, i, start))
            )
        i += 1
        while sign_at(tokens, i, "(") and sign_at(tokens, i + 2, ")"):
            i += 3
        if not _joins(tokens, i):
            return i
        i += 1
        if word_at(tokens, i) in AND:
            i += 1


def _joins(tokens: list[Token], i: int) -> bool:
    return sign_at(tokens, i, ",", "-") or word_at(tokens, i) in AND


def _unjoin(tokens: list[Token], i: int, start: int) -> int:
    """Step back over a comma or "and" that no further number followed."""
    while i > start and _joins(tokens, i - 1):
        i -= 1
    return i if i > start else 0


def _another(tokens: list[Token], i: int, *, listed: bool) -> int:
    """Step to what goes on with the provision: ", and 14, para. 1", "and para. 4"; else 0."""
    j = i + sign_at(tokens, i, ",")
    joined = word_at(tokens, j) in AND
    j += joined
    if kind_at(tokens, j) == "number":
        return _ids(tokens, j)
    # "para. 3, and 14" was read as a list, so its next paragraph follows a comma.
    return j if kind_at(tokens, j) == "mark" and (joined or (listed and j > i)) else 0


def _bare(word: str) -> str:
    return word.rpartition("'")[2].rpartition("’")[2]


def of_provision(tokens: list[Token], i: int) -> bool:
    """Whether "of article 9", "de l'article 9" or "of this Article" follows."""
    i += sign_at(tokens, i, ",")
    if word_at(tokens, i) not in _OF and _bare(word_at(tokens, i)) not in _PROVISIONS:
        return False
    for _ in range(3):
        word = word_at(tokens, i)
        if _bare(word) in _PROVISIONS - {"principle", "principles"}:
            return True
        if word not in _OF and word not in _THE:
            return False
        i += 1
    return False


def is_of(tokens: list[Token], i: int) -> bool:
    """Whether "of …" or ", of …" follows."""
    return word_at(tokens, i + sign_at(tokens, i, ",")) in _OF


def section(tokens: list[Token], i: int) -> tuple[str | None, int]:
    """Read "annex I", "chap. II", "appendix"; gives its key ("annex I") and the next token."""
    name = _SECTIONS.get(word_at(tokens, i))
    if name is None:
        return None, i
    behind = i + 1
    if tokens[i].text.lower() in _SHORTENED:
        behind += sign_at(tokens, behind, ".")
    known = kind_at(tokens, behind) in ("word", "number")
    if known and _SECTION_ID.fullmatch(tokens[behind].text):
        divided = sign_at(tokens, behind + 1, ".") and kind_at(tokens, behind + 2) == "word"
        inner = divided and len(tokens[behind + 2].text) == 1  # "chap. II.A"
        return f"{name} {tokens[behind].text}", behind + 1 + 2 * inner
    return (name, behind) if name in _ALONE else (None, i)


def sections(tokens: list[Token], i: int) -> tuple[str | None, int]:
    """Read a section of a document that holds several acts; gives its key and the next token.

    "annex I"; "decision 1/CP.21"; "decision 1/CP.21, annex I" and "annex I to decision
    1/CP.21", both as "decision 1/CP.21 annex I"; "resolution 1"; "annex, article 4".
    """
    name, behind = _part(tokens, i)
    article, end = _article(tokens, behind + (sign_at(tokens, behind, ",") if name else 0))
    if article is None:
        return name, behind
    return (f"{name} {article}" if name else article), end


def _part(tokens: list[Token], i: int) -> tuple[str | None, int]:
    name, behind = section(tokens, i)
    if name is not None:
        joined = word_at(tokens, behind) in _OF
        act, end = _act(tokens, behind + 1) if joined else (None, behind)
        return (f"{act} {name}", end) if act else (name, behind)
    act, behind = _act(tokens, i)
    if act is None:
        return None, i
    inner, end = section(tokens, behind + sign_at(tokens, behind, ","))
    return (f"{act} {inner}", end) if inner else (act, behind)


def _article(tokens: list[Token], i: int) -> tuple[str | None, int]:
    """Read "article 13", "art. 4": of a treaty that the document sets out."""
    if word_at(tokens, i) not in _ARTICLE:
        return None, i
    j = i + 1 + sign_at(tokens, i + 1, ".")
    if kind_at(tokens, j) != "number" or not tokens[j].text.isdecimal():
        return None, i
    return f"article {tokens[j].text}", j + 1


def _act(tokens: list[Token], i: int) -> tuple[str | None, int]:
    """Read "decision 1/CP.21", "resolution 14/1", "resolution 2"."""
    name = _ACTS.get(word_at(tokens, i))
    j = i + 1
    if name is None or kind_at(tokens, j) != "number":
        return None, i
    number, j = tokens[j].text, j + 1
    if sign_at(tokens, j, "/") and kind_at(tokens, j + 1) in ("word", "number"):
        number, j = f"{number}/{tokens[j + 1].text}", j + 2
        if sign_at(tokens, j, ".") and kind_at(tokens, j + 1) == "number":
            number, j = f"{number}.{tokens[j + 1].text}", j + 2
    return f"{name} {number}", j


def decision(tokens: list[Token], i: int) -> tuple[str | None, int]:
    """Read "decision 1/CP.21", "annex to decision 1/CP.21": one whose number tells whose it is."""
    name, behind = _part(tokens, i)
    told = name is not None and name.startswith("decision") and "/" in name and "." in name
    return (name, behind) if told else (None, i)


def printed_in(tokens: list[Token], i: int) -> int | None:
    """Find the document behind a decision: " (FCCC/…/Add.1)", ", contained in FCCC/…/Add.1"."""
    if sign_at(tokens, i, "(") and kind_at(tokens, i + 1) == "symbol":
        return i + 1
    i += sign_at(tokens, i, ",")
    for _ in range(3):
        i += word_at(tokens, i) in _CONTAINED
    return symbol_of(tokens, i)


def section_named(text: str) -> str | None:
    """The key of the section that a heading opens: "ANNEX II" → "annex II".

    "Decision 1/CP.21", "Annex I to decision 1/CP.21" and "Annexe II. Liste" are keyed as
    citations name them, so that both find the same paragraphs.
    """
    return sections(tokenise(clean(text[:200]).text), 0)[0]


def section_after(tokens: list[Token], i: int) -> tuple[str | None, int]:
    """Read "of annex I" or "of decision 1/CP.21" behind a paragraph."""
    if word_at(tokens, i) not in _OF:
        return None, i
    j = i + 1
    j += word_at(tokens, j) in _THE
    name, behind = decision(tokens, j)
    if name is None:
        name, behind = section(tokens, j)
    return (name, behind) if name else (None, i)


def symbol_of(tokens: list[Token], i: int) -> int | None:
    """Find the symbol behind "of", "of document", "in the report": the place of its token."""
    i += sign_at(tokens, i, ",") if word_at(tokens, i + 1) in _OF else 0
    if word_at(tokens, i) not in _OF:
        return None
    last = ""
    for j in range(i + 1, i + _ASIDE):
        if kind_at(tokens, j) == "symbol":
            return j if last in _NOUNS or last in _OF or last == "" or j == i + 1 else None
        if sign_at(tokens, j, ".") and last in ("doc", "un", "u", "n"):
            continue
        last = word_at(tokens, j)
        if not last or last in AND:
            return None
        if last in ("u", "n"):  # "U.N. Doc."
            continue
    return None


def named_after(tokens: list[Token], i: int) -> Named | None:
    """Find the document a paragraph is said to be of.

    "of CCPR/C/SR.3272", "of annex I to A/HRC/28/10", and, in apposition, "of the
    replies to the list of issues (CCPR/C/KAZ/Q/2/Add.1)".
    """
    act = _of_act(tokens, i)
    if act is not None:
        return act
    name, behind = section_after(tokens, i)
    at = symbol_of(tokens, behind)
    if at is not None:
        return Named(at, name, aside=False)
    if name is not None:
        return None
    # Not "paragraph 15 (a) (A/HRC/WG.6/3/BFA/1)": there the paragraph is another document's.
    if word_at(tokens, i) not in _OF:
        return None
    for j in range(i, i + _NAMED):
        if sign_at(tokens, j, "("):
            closed = sign_at(tokens, j + 2, ")", ",", ";")
            return (
                Named(j + 1, None, True) if kind_at(tokens, j + 1) == "symbol" and closed else None
            )
        word = word_at(tokens, j)
        if not word or word in AND or _bare(word) in _PROVISIONS:
            return None
    return None


def _of_act(tokens: list[Token], i: int) -> Named | None:
    """Read "of decision 1/CP.21 (FCCC/CP/2015/10/Add.1)", "of the annex to resolution 2 in …"."""
    if word_at(tokens, i) not in _OF:
        return None
    name, behind = sections(tokens, i + 1 + (word_at(tokens, i + 1) in _THE))
    if name is None or not name.startswith(("decision", "resolution")):
        return None
    if sign_at(tokens, behind, "(") and kind_at(tokens, behind + 1) == "symbol":
        # "of the annex to resolution 5/1 (A/HRC/WG.6/16/DEU/1)" names what that asks for.
        printed_in = "." in name or "RES" in tokens[behind + 1].text.split("/")
        return Named(behind + 1, name, aside=True) if printed_in else None
    at = symbol_of(tokens, behind)
    return Named(at, name, aside=False) if at is not None else None


def doc_number(tokens: list[Token], i: int) -> int | None:
    """Find the symbol behind ", U.N. Doc. " where its pinpoint stands before: ", ¶ 25, U.N. Doc."."""
    i += sign_at(tokens, i, ",")
    if word_at(tokens, i) == "un":
        i += 1
    elif word_at(tokens, i) == "u" and word_at(tokens, i + 2) == "n":
        i += 2 + 1 + sign_at(tokens, i + 3, ".")
    else:
        return None
    if word_at(tokens, i) not in ("doc", "document"):
        return None
    i += 1 + sign_at(tokens, i + 1, ".")
    printed = kind_at(tokens, i) == "symbol" and not tokens[i].named
    return i if printed else None


def of_case(tokens: list[Token], i: int) -> bool:
    """Whether a case's name stands right before `i`: "Kudła v. Poland [GC], § 92"."""
    i -= 1
    if not sign_at(tokens, i, ",", ")", "]"):
        return False
    for j in range(i - 1, max(0, i - _NAMED), -1):
        word = word_at(tokens, j)
        if word in ("v", "vs", "c"):
            behind = tokens[j + 1 + sign_at(tokens, j + 1, ".")].text
            named = tokens[j - 1].text[:1].isupper() or sign_at(tokens, j - 1, ")")
            return named and (behind[:1].isupper() or behind == "the")
        if not word and not sign_at(tokens, j, "[", "]", "(", ")", ".", "-", ","):
            return False
    return False


def is_paragraph(tokens: list[Token], i: int, read: Group) -> bool:
    """Whether a group that no document is named for is one: not Spanish "para 25".

    "§ 25" is one behind the name of a case only.
    """
    if read.mark.startswith("§"):
        return of_case(tokens, i)
    if read.mark != "para":
        return True
    if all(_YEAR.fullmatch(first) for first, _ in read.paras):
        return False  # "para 1990"
    near = [*range(i - 3, i), *range(read.next, read.next + 3)]
    return not any(word_at(tokens, j) in _IBERIAN for j in near if j >= 0)
