"""Citations → entries for a reference manager: BibTeX, RIS, CSL-JSON.

One entry a citation; the symbol is the number of a report, the pinpoint a note. Written by
hand, since each is a handful of lines; the tests read them back with bibtexparser, rispy and
citeproc-py. What a document's title holds is data: it ends no field and begins no command.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

from rag.cite.styles_known import Known
from rag.domain import Citation

Cited = tuple[Citation, Known]
PUBLISHER = "United Nations"
_LATEX = {
    "\\": r"\textbackslash{}", "{": r"\textbraceleft{}", "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
    **{sign: f"\\{sign}" for sign in "$&#%_"},
}  # fmt: skip
_PLAIN = {latex: sign for sign, latex in _LATEX.items()}
_COMMAND = re.compile("|".join(map(re.escape, sorted(_PLAIN, key=len, reverse=True))))
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()


def pinpoint(citation: Citation) -> str:
    """Where in the document, in the canonical form: "annex I, para. 3"; "" for the whole."""
    return str(citation).removeprefix(citation.symbol).removeprefix(", ")


def bibtex(cited: Sequence[Cited]) -> str:
    """Write BibTeX: a `techreport` whose number is the symbol and whose note is the pinpoint.

    Source: O. Patashnik, "BibTeXing" (1988), section 3.1 (required: author, title,
    institution, year; braces keep a corporate author and the capitals of a title) and 4
    (braces must balance, so that none is written as one).
    """
    entries: list[str] = []
    for (citation, known), key in zip(cited, _keys(cited), strict=True):
        fields = {
            "author": f"{{{_latex(known.body)}}}" if known.body else "",
            "title": f"{{{_latex(known.name or citation.symbol)}}}",
            "institution": PUBLISHER if known.symbol else "",
            "type": _latex(_genre(known)),
            "number": _latex(known.symbol or ""),
            "year": str(known.day.year) if known.day else "",
            "month": _MONTHS[known.day.month - 1] if known.day else "",
            "day": str(known.day.day) if known.day else "",
            "url": known.link or "",
            "note": _latex(pinpoint(citation)),
        }
        lines = [
            f"  {name} = {value if name == 'month' else f'{{{value}}}'},"
            for name, value in fields.items()
            if value
        ]
        entries.append("\n".join([f"@techreport{{{key},", *lines, "}"]))
    return "\n\n".join(entries)


def ris(cited: Sequence[Cited]) -> str:
    """Write RIS: a RPRT with the symbol as its number (SN) and the pinpoint as a note (N1).

    Source: the RIS format (Thomson ResearchSoft, 2011): two letters, two spaces, a hyphen and
    a space; TY first, ER last; the fields of RPRT as reference managers read them: SN number,
    PB institution, M3 type, DA YYYY/MM/DD.
    """
    entries: list[str] = []
    for citation, known in cited:
        day = known.day
        fields = [
            ("TY", "RPRT"),
            ("AU", known.body or ""),
            ("TI", known.name or citation.symbol),
            ("M3", _genre(known)),
            ("SN", known.symbol or ""),
            ("PB", PUBLISHER if known.symbol else ""),
            ("PY", str(day.year) if day else ""),
            ("DA", f"{day:%Y/%m/%d}" if day else ""),
            ("UR", known.link or ""),
            ("N1", pinpoint(citation)),
        ]
        lines = [f"{tag}  - {_line(value)}" for tag, value in fields if value]
        entries.append("\n".join([*lines, "ER  - "]))
    return "\n\n".join(entries)


def csl(cited: Sequence[Cited]) -> str:
    """Write CSL-JSON: an array of items of the type `report`.

    Source: Citation Style Language 1.0.2, schema `csl-data.json`: a corporate author is a
    `literal`, a date is `date-parts`; the symbol is `number`, the pinpoint `note`.
    """
    items: list[dict[str, Any]] = []
    for (citation, known), key in zip(cited, _keys(cited), strict=True):
        day = known.day
        item: dict[str, Any] = {
            "id": key,
            "type": "report",
            "author": [{"literal": known.body}] if known.body else None,
            "title": _line(known.name or citation.symbol),
            "genre": _genre(known),
            "number": known.symbol,
            "publisher": PUBLISHER if known.symbol else None,
            "issued": {"date-parts": [[day.year, day.month, day.day]]} if day else None,
            "URL": known.link,
            "note": pinpoint(citation),
        }
        items.append({name: value for name, value in item.items() if value})
    return json.dumps(items, ensure_ascii=False, indent=2)


def _genre(known: Known) -> str:
    return "" if known.kind in ("document", "report") else known.kind.capitalize()


def _keys(cited: Sequence[Cited]) -> list[str]:
    """A key for each: letters, digits, "." and "-", no two alike."""
    taken: set[str] = set()
    keys: list[str] = []
    for citation, _ in cited:
        bare = re.sub(r"\b(paras?|pp?)\. ", r"\1 ", str(citation))
        plain = re.sub(r"[^A-Za-z0-9.]+", "-", bare).strip("-.") or "document"
        key, more = plain, 2
        while key.lower() in taken:
            key, more = f"{plain}-{more}", more + 1
        taken.add(key.lower())
        keys.append(key)
    return keys


def _latex(text: str) -> str:
    """Text that LaTeX prints as it is."""
    return "".join(_LATEX.get(sign, sign) for sign in _line(text))


def unlatex(text: str) -> str:
    """The inverse of what `bibtex` writes."""
    return _COMMAND.sub(lambda match: _PLAIN[match[0]], text)


def _line(text: str) -> str:
    """One line, without control characters."""
    return " ".join("".join(s if s.isprintable() or s.isspace() else " " for s in text).split())
