"""A citation and what is known of its document → a footnote in the style a publisher wants.

Each style is a table row's worth of rules; the sources stand with each function. The texts
of the guides were looked up in the libraries' own summaries where the guide itself is not
public. A title is printed as the document prints it: no guide's capitals are put upon it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from rag.cite.styles_known import PRINCIPAL, RECORDS, Known, ordinal
from rag.domain import Citation

_MONTHS = (
    "January February March April May June July August September October November December"
).split()
_SHORT = "Jan. Feb. Mar. Apr. May June July Aug. Sept. Oct. Nov. Dec.".split()
_OXFORD = {
    "General Assembly": "UNGA", "Security Council": "UNSC",
    "Economic and Social Council": "UN ECOSOC", "Human Rights Council": "UNHRC",
}  # fmt: skip
_OXFORD_RES = {"GA": "UNGA", "SC": "UNSC", "ESC": "UN ECOSOC", "TC": "UN TC", "HRC": "UNHRC"}
_BLUE_RES = {
    "GA": "G.A.", "SC": "S.C.", "ESC": "E.S.C.", "TC": "T.C.", "HRC": "Human Rights Council",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of a printed citation."""

    text: str
    italic: bool = False


Runs = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class _Pin:
    """Where in the document: its section, and pages or paragraphs."""

    section: str
    first: str  # without "p. "; "" for the whole of it
    last: str
    sub: str  # "(a) (ii)"
    page: bool

    @classmethod
    def of(cls, citation: Citation) -> _Pin:
        first, last = citation.first or "", citation.last or ""
        page = first.startswith("p. ")
        return cls(
            section=citation.section or "",
            first=first.removeprefix("p. "),
            last=last.removeprefix("p. "),
            sub=citation.sub or "",
            page=page,
        )

    @property
    def close(self) -> str:
        """The sub-paragraphs closed up: "(a)(ii)"."""
        return self.sub.replace(") (", ")(")

    @property
    def numbers(self) -> str:
        """The numbers, a range with an en dash: "25–27(b)"."""
        span = f"{self.first}–{self.last}" if self.last else self.first
        return f"{span}{self.close}"


def un(citation: Citation, known: Known) -> Runs:
    """Print in the form of the UN Editorial Manual: "CCPR/C/SR.3272, paras. 25–27".

    Source: UN Editorial Manual Online, "Footnotes and other references", III.A (a masthead
    document is identified by its symbol; the title is given in the text) and "Paragraphs and
    subparagraphs" ("(a)", "(ii)", a space between). A document without a symbol is named by
    its title, in quotation marks.
    """
    if known.symbol or not known.title:
        return (Run(str(citation)),)
    pin = str(citation).removeprefix(citation.symbol)
    return (Run(f"“{known.title}”{pin}"),)


def oscola(citation: Citation, known: Known) -> Runs:
    """Print in the style of OSCOLA: "UNSC Res 1373 (28 September 2001) UN Doc S/RES/1373, para 2".

    Source: OSCOLA, 4th edition (2012), which leaves United Nations documents to "Citing
    international law sources" (OSCOLA 2006, part IV.C.1): author, ‘title’ (date) UN Doc
    number; UNGA and UNSC for the organs; resolutions by number. Paragraphs are "para" and
    "paras" without a full stop, behind a comma where a number stands before; pages are bare;
    (a)(ii) is closed up, as in 4th edition 1.1 and 2.1.6.
    """
    day = f" ({_day(known.day)})" if known.day else ""
    resolution = known.resolution
    if resolution:
        head = f"{_OXFORD_RES[resolution[0]]} Res {resolution[1]}"
    else:
        author = _OXFORD.get(known.body or "", known.body or "")
        name = known.title or _views(known) or known.name
        title = f"‘{name}’" if name else ""
        head = ", ".join(part for part in (author, title) if part)
    number = f"UN Doc {known.symbol}" if known.symbol else ""
    text = " ".join(part for part in (f"{head}{day}".strip(), number) if part)
    return (Run(f"{text}{_oxford_pin(_Pin.of(citation))}"),)


def _oxford_pin(pin: _Pin) -> str:
    where = pin.numbers
    if where and not pin.page:
        where = f"{'paras' if pin.last else 'para'} {where}"
    parts = [pin.section, where]
    joined = ", ".join if pin.page else " ".join
    text = joined(part for part in parts if part)
    return f", {text}" if text else ""


def aglc(citation: Citation, known: Known) -> Runs:
    """Print in the style of AGLC: "…, UN Doc A/RES/54/254 (23 March 2000, adopted …) para 3".

    Source: Australian Guide to Legal Citation, 4th edition, rule 9.2: author, unless a
    principal organ (9.2.1); title in italics (9.2.2); number of the resolution (9.2.3);
    Official Records, committee, session and meeting (9.2.4–9.2.7), which may be left out of
    what is in the official database, and are given here of the records of principal organs,
    that bear no author; UN Doc number (9.2.10); full date, with that of adoption (9.2.11);
    annex (9.2.12); pinpoint (9.2.13): paragraphs in square brackets, "para" in resolutions
    and decisions, pages bare. Views by rule 9.3: body, Views: Communication No, session.
    """
    runs: list[Run] = []
    if known.body and known.body not in PRINCIPAL and not known.official and not known.resolution:
        runs.append(Run(f"{known.body}, "))
    title = _views(known) or (known.title if known.official else known.name)
    number = f"UN Doc {known.symbol}" if known.symbol else ""
    if title:
        runs += [Run(title, italic=True), Run(", " if number else " ")]
    runs.append(Run("".join(f"{part}, " for part in _aglc_numbers(known))))
    day = f"({_aglc_day(known)})" if known.day else ""
    runs.append(Run(" ".join(part for part in (number, day) if part)))
    pin = _aglc_pin(_Pin.of(citation), known)
    before = " " if day or not number else ", "
    return _joined([*runs, Run(f"{before}{pin}" if pin else "")])


def _views(known: Known) -> str:
    """What Views, or a decision, on a communication are called: "Views: Communication No 5/2005"."""
    if not known.communication:
        return ""
    what = "Decision" if known.title.lower().startswith("decision") else "Views"
    return f"{what}: Communication No {known.communication}"


def _aglc_numbers(known: Known) -> list[str]:
    """What stands between title and number: "GA Res 54/254", "UN SCOR, 3756th mtg"."""
    if known.resolution:
        return [f"{known.resolution[0]} Res {known.resolution[1]}"]
    session = f"{ordinal(known.sessional)} sess" if known.sessional else ""
    if known.communication:
        return [session] if session else []
    if not known.official:
        return []
    plenary = "plen " if known.official == "GAOR" and not known.committee else ""
    parts = [
        f"UN {known.official}",
        f"{ordinal(known.committee)} Comm" if known.committee else "",
        session,
        f"{ordinal(known.meeting)} {plenary}mtg" if known.meeting else "",
    ]
    return [part for part in parts if part]


def _aglc_day(known: Known) -> str:
    issued, adopted = known.issued_on, known.held_on
    if known.resolution and issued and adopted and issued != adopted:
        return f"{_day(issued)}, adopted {_day(adopted)}"
    return _day(known.day) if known.day else ""


def _aglc_pin(pin: _Pin, known: Known) -> str:
    if not pin.first:
        return pin.section
    if pin.page:
        where = pin.numbers
    elif known.resolution or "decision" in f"{known.kind} {pin.section}":
        where = f"{'paras' if pin.last else 'para'} {pin.numbers}"
    elif pin.last:
        where = f"[{pin.first}]–[{pin.last}{pin.close}]"
    else:
        where = f"[{pin.first}{pin.close}]"
    return f"{pin.section} {where}" if pin.section else where


def bluebook(citation: Citation, known: Known) -> Runs:
    """Print in the style of the Bluebook: "G.A. Res. 47/1, ¶ 33, U.N. Doc. A/RES/47/1 (…)".

    Source: The Bluebook, rule 21.7: verbatim and summary records (21.7.1: "U.N. GAOR, 56th
    Sess., 1st plen. mtg. at 3, U.N. Doc. A/56/PV.1 (Sept. 12, 2001)"), resolutions (21.7.2),
    reports and other documents (21.7.3: institutional author, title in italics, pinpoint,
    U.N. Doc., date in parentheses); ¶ and ¶¶ by rule 3.3, ordinals by 6.2(b), months by
    table T12. Names of committees are written out: their abbreviations in T6 and T13 change
    from edition to edition.
    """
    pin = _Pin.of(citation)
    day = f" ({_us_day(known.day)})" if known.day else ""
    tail = f"U.N. Doc. {known.symbol}{day}" if known.symbol else day.strip()
    runs = _blue_head(known)
    if pin.section:
        runs += [Run(", "), Run(pin.section)]
    if pin.first and pin.page:
        bare = runs and runs[-1].text.endswith("mtg.")
        runs += [Run(" " if bare else ", "), Run(f"at {pin.numbers}")]
    elif pin.first:
        runs += [Run(", "), Run(f"{'¶¶' if pin.last else '¶'} {pin.numbers}")]
    if not known.symbol:
        return _joined([*runs, Run(f" {tail}" if tail else "")])
    return _joined([*runs, Run(", " if runs else ""), Run(tail)])


def _blue_head(known: Known) -> list[Run]:
    """Who, and what: an organ's records, the number of a resolution, or author and title."""
    if known.resolution:
        return [Run(f"{_BLUE_RES[known.resolution[0]]} Res. {known.resolution[1]}")]
    session = f"{ordinal(known.sessional, short=True)} Sess." if known.sessional else ""
    if known.kind in RECORDS and known.meeting and (known.official or known.body):
        plenary = "plen. " if known.official == "GAOR" and not known.committee else ""
        parts = [
            f"U.N. {known.official}" if known.official else known.body,
            f"{ordinal(known.committee, short=True)} Comm." if known.committee else "",
            session,
            f"{ordinal(known.meeting, short=True)} {plenary}mtg.",
        ]
        return [Run(", ".join(part for part in parts if part))]
    if known.communication:
        author = [Run(known.body), Run(", ")] if known.body else []
        return [*author, Run(f"Communication No. {known.communication}")]
    author = {"Economic and Social Council": "U.N. Econ. & Soc. Council"}.get(
        known.body or "", f"U.N. {known.body}" if known.body in PRINCIPAL else known.body or ""
    )
    runs = [Run(author)] if author else []
    if known.name:
        runs += [Run(", ")] if runs else []
        runs.append(Run(known.name, italic=True))
    return runs


def _day(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def _us_day(day: date) -> str:
    return f"{_SHORT[day.month - 1]} {day.day}, {day.year}"


def _joined(runs: list[Run]) -> Runs:
    """Put neighbours of one kind together, and leave out the empty ones."""
    joined: list[Run] = []
    for run in runs:
        if not run.text:
            continue
        if joined and joined[-1].italic == run.italic:
            joined[-1] = Run(joined[-1].text + run.text, run.italic)
        else:
            joined.append(run)
    if joined:
        joined[-1] = Run(re.sub(r",? ?$", "", joined[-1].text), joined[-1].italic)
    return tuple(Run(re.sub(" {2,}", " ", run.text), run.italic) for run in joined if run.text)


Printer = Callable[[Citation, Known], Runs]
PRINTERS: dict[str, Printer] = {"un": un, "oscola": oscola, "aglc": aglc, "bluebook": bluebook}
