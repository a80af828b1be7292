"""Does every style give back the citation it was printed from? 10,000 drawn ones, in each style.

    python -m eval.bench.styles [--count N] [--seed N]

A citation is drawn with a document of the kind its symbol names: its title (also such as hold
symbols, paragraphs, brackets, braces), dates, session, each known or not. Prints the number of
those that came back as they went in, and the first that did not; exit status 1 if one did not.
"""

from __future__ import annotations

import argparse
import sys
import time
from datetime import date, timedelta
from random import Random

from rag.cite.series import body_of, kind_of, meeting_of
from rag.cite.styles import STYLES, Known, parse, written
from rag.domain import Citation
from rag.errors import BadCitation

COMMITTEES = ("CCPR", "CEDAW", "CAT", "CERD", "CRC", "CMW", "CRPD", "CED")
STATES = ("KAZ", "MRV", "NPL", "FRA", "BFA")
SECTIONS = (
    "annex", "annex I", "annex II", "annex 3", "appendix II", "enclosure", "chapter IV", "part I",
    "section A", "decision 1/CP.21", "decision 1/CP.21 annex I", "resolution 2", "article 13",
    "annex article 4",
)  # fmt: skip
SUBS = ("(a)", "(b)", "(f)", "(a) (ii)", "(c) (iv)", "(i)", "(aa)", "(1)")
WORDS = (
    "Report of the Working Group", "on its twentieth session,", "Second periodic report:",
    "note by the Secretary-General,", "“the record”", "l’homme", "{braces}", "100 % & more_",
    r"\textbf{x}", "[25]", "(A/HRC/28/10, para. 5)", "UN Doc S/PV.8422 (2018) 4", "~^#$",
    "see ¶ 3, U.N. Doc. A/65/1 (Jan. 2, 2010)", "annex I,", "ER  - ", "@misc{y,", "at 40",
)  # fmt: skip


def drawn(random: Random) -> tuple[Citation, Known]:
    """A citation, and what is known of the document it points into."""
    symbol = _symbol(random)
    verbatim = kind_of(symbol) == "verbatim record"
    section = None if verbatim or random.random() < 0.7 else random.choice(SECTIONS)
    return _pinned(random, symbol, section, pages=verbatim), _known(random, symbol)


def _symbol(random: Random) -> str:
    number, year = random.randint(1, 3999), random.randint(1995, 2030)
    committee, state = random.choice(COMMITTEES), random.choice(STATES)
    session = random.randint(30, 130)
    symbol = random.choice((
        f"{committee}/C/SR.{number}", f"{committee}/C/{state}/CO/{random.randint(1, 9)}",
        f"{committee}/C/{state}/{random.randint(1, 9)}", f"{committee}/C/{state}/Q/2/Add.1",
        f"{committee}/C/{session}/D/{number}/{year}", f"{committee}/C/GC/{random.randint(1, 40)}",
        f"A/RES/{random.randint(31, 80)}/{number % 300 + 1}", "A/RES/217(III)", f"S/RES/{number}",
        f"A/HRC/RES/{random.randint(1, 60)}/{random.randint(1, 40)}", f"E/RES/{year}/{number % 90}",
        f"A/HRC/{random.randint(1, 60)}/{random.randint(1, 99)}", f"E/C.12/{year}/SR.{number}",
        f"A/HRC/WG.6/{random.randint(1, 40)}/{state}/1", f"S/PV.{number + 1000}",
        f"A/{session % 80 + 1}/PV.{number % 140 + 1}", f"A/C.3/{session % 80 + 1}/SR.{number % 60}",
        f"FCCC/CP/{year}/10/Add.1", f"S/{year}/{number}", f"A/{session % 80 + 1}/{number}",
        f"E/CN.4/{year}/{number % 150 + 1}", f"A/CN.4/SR.{number}",
    ))  # fmt: skip
    suffixed = random.random() < 0.1 and "RES" not in symbol and "Add" not in symbol
    return f"{symbol}/Corr.1" if suffixed else symbol


def _pinned(random: Random, symbol: str, section: str | None, *, pages: bool) -> Citation:
    # A whole article is not read: "…, article 13" is as a rule a treaty's.
    if random.random() < 0.1 and "article" not in (section or ""):
        return Citation(symbol, section)
    first, last = _labels(random)
    if pages or (section is None and random.random() < 0.1):
        first, last = str(random.randint(1, 40)), str(random.randint(41, 90))
        span = f"p. {last}" if random.random() < 0.3 else None
        return Citation(symbol, section, f"p. {first}", span)
    sub = random.choice(SUBS) if random.random() < 0.3 else None
    return Citation(symbol, section, first, last if random.random() < 0.3 else None, sub)


def _labels(random: Random) -> tuple[str, str]:
    """Two numbers of paragraphs, the second behind the first."""
    first = random.randint(1, 250)
    last = first + random.randint(1, 40)
    shape = random.random()
    if shape < 0.2:
        return f"{first}.{random.randint(1, 60)}", f"{last}.{random.randint(1, 60)}"
    if shape < 0.3:
        return f"{first} bis", f"{last}"
    return str(first), str(last)


def _known(random: Random, symbol: str) -> Known:
    named = Known.named(symbol)
    if random.random() < 0.2:
        return named
    words = random.choices(WORDS, k=random.randint(0, 4))
    issued = date(1995, 1, 1) + timedelta(days=random.randint(0, 12_000))
    return Known(
        symbol,
        title=" ".join([*words, "of Maravia"]) if random.random() < 0.8 else "",
        kind=kind_of(symbol),
        body=body_of(symbol),
        session=random.choice(
            (None, "Thirty-eighth session", "117th session", "Fifty-second Year")
        ),
        meeting=meeting_of(symbol),
        held_on=issued - timedelta(days=14) if random.random() < 0.5 else None,
        issued_on=issued if random.random() < 0.7 else None,
    )


def main() -> None:
    """Draw, print, read back, count."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    random = Random(given.seed)
    cases = [drawn(random) for _ in range(given.count)]
    failed = False
    for style in STYLES:
        begun, same = time.perf_counter(), 0
        for citation, known in cases:
            text = written(citation, known, style)
            try:
                same += (read := parse(text)) == citation
            except BadCitation:
                read = None
            if read != citation and not failed:
                failed = True
                print(f"{text}\n  is {citation!r}\n  read as {read!r}", file=sys.stderr)
        seconds = time.perf_counter() - begun
        print(f"{style:<9} {same} of {given.count} came back, {seconds:.1f} s")
        failed = failed or same != given.count
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
