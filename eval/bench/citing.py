"""A text of 1 MB with citations → seconds to find and resolve them; hostile texts of 1 MB too.

    python -m eval.bench.citing [--size 1000000] [--json]

The text is written here: sentences that cite the sample's documents in every style, in
running text and in notes. Finding reads the text; resolving looks each citation up in a
store that holds the sample. The hostile texts repeat what a grammar may trip over: brackets,
digits, slashes, half a citation. Each is timed at half its size as well: where the time grows
with the text, the ratio is near 2. Seconds are those of the processor.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import rag
from rag.cite import find_citations, find_in_draft
from rag.parse import segment
from rag.read import read
from rag.resolve import resolve_all
from rag.store.catalog import Catalog

SIZE = 1_000_000
TEXT_TARGET, HOSTILE_TARGET = 2.0, 5.0  # seconds for 1 MB

SENTENCES = (
    "The Committee asked about the length of police custody (CCLP/C/SR.411, para. {n}).",
    "The delegation replied at once; see CCLP/C/SR.412, paras. {n}–{m}, and SR.411, para. 3.",
    "The State party should amend its law: CCLP/C/MRV/CO/3, para. {n} (b).",
    "According to paragraph {n} of document CCLP/C/MRV/CO/3, little had changed since 2020.",
    "UN Doc CCLP/C/SR.411 (4 March 2024) [{n}]–[{m}] says that the rule was never applied.",
    "It had been so before (Summary Record, ¶ {n}, U.N. Doc. CCLP/C/SR.412 (Mar. 5, 2024)).",
    "The list of issues (CCLP/C/MRV/Q/3 and Add.1) had put the same question, at para. {n}.",
    "Compare Kudła v. Poland [GC], no. 30210/96, § {n}, and [2019] UKSC 41 at [{n}].",
    "General Assembly resolution 70/1, para. {n}, is to the same effect. Ibid., para. {m}.",
    "See https://undocs.org/CCLP/C/SR.411 and article 9, paragraph 3, of the Covenant.",
    "The Chair invited the members to put further questions, and then adjourned the meeting.",
    "It remained unclear, however, who decided on such measures, and on what grounds.",
    "That concern was shared by several members, who asked for figures by year and by region.",
    "The Government had since set up a council; its first report was due in the spring.",
    "Nothing is cited in this sentence, which speaks of the years 2019 to 2024 and of judges.",
    "The members of the delegation thanked the Chair and/or the secretariat for their patience.",
)

HOSTILE = (
    "A/", "A/B/", "A/1/", "A/1 ", "A / ", "A/1/1 ", "A/1/2, ", "C A/", "a/b-c ", "A/HRC/28/10 / ",
    "%2F", "A%2F", "A%252FB%252F1", "http://", "https://undocs.org/A/", "http://x/A/1/2+",
    "(", ")", "[", "]", "((a)", "[1]", "[1],", "[1]–[2] ", "(1) ", "(a) ", "[^1]: ", "\n1. ",
    "9", "1.", "1, ", "1–2 ", "12345678/", "1/1 ", ".", ",", ", ", ";", "-", "–", "—", "*", "#",
    "'", "’a", "\u00a0", "\u2009", "\u00ad", "a\u00ad/", " ", "\n", "\t", " \n", "é", "²", "ﬁ",
    "para. ", "para. para. ", "para. 1, ", "paras. 1–2 and ", "para. 1 of ", "para. 1 and ",
    "para. 1 of annex to ", "para. 1 of the report (", "¶", "¶ 1, U.N. Doc. ", "§ 1, ", "§§",
    "article 1, ", "articles 1 and ", "article 1, para. 1, and ", "article 1 of the ", "art. ",
    "A/1/1 and ", "CCPR/C/SR.1 and ", "CCPR/C/SR.1–", "CCPR/C/SR.1 to 9 ", "SR.1, ", "SR.1–9 ",
    "Add.1 and ", "A/L.1 and 2 ", "annex I, ", "annex I, para. 3 of ", "annex to ", "chap. II, ",
    "decision 1/CP.1, ", "decision 1/CP.1 annex ", "recommendation 1, ", "p. 1 of ", "pp. 1, ",
    "S/PV.1 at 1–", "S/PV.1, p. 1, ", "S/PV.1 (1 May 2000) 4 ", "ibid. ", "id. ", "ibid., para. 1 ",
    "supra note 1 ", "(n 1) ", "above n 1, [2] ", "(2000) ", "A/1/1 (2000) (", "A/1/1, vol. I, ",
    "General Assembly resolution ", "General Assembly resolution 1/1 and ", "UNGA Res 1 ",
    "resolution 1/1 of the ", "no. 1/06, ", "nos. 1/06 and ", "[2019] UKSC 1, ", "[2019] UKSC ",
    "EU:C:2014:1", "A:B:", "C-1/12 ", "Case ", "I.C.J. Reports ", "2004 I.C.J. ", "Series C No. 1 ",
    "A/1/1, “a ", "A/1/1, 'a ", 'A/1/1, "', "CCPR/C/1/D/1/2000, a v. ", "recommendation 1.1 ",
    "recommendation 1.1 (A/1/1, ", "recommendations 1.1, ", "decision 1/CP.1 (A/1/1), ", "al. b) ",
    "decision 1/CP.1, contained in ", "annex to decision 1/CP.1, ", "para. 1, al. a), ", "ch. I, ",
    "A/RES/1/1, para. 1, and 2/2 ", "para. 1 and para. 1 of the report ", "A/1/1, operative ",
    "Kudła v. Poland, ", "v. ", "v. the , ", "Poland, § 1 ", "A", "A/4", "aaaaaaaaaaaa/", "e.g. ",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Timed:
    """One text: what was done with it and how long that took."""

    what: str
    size: int  # characters
    citations: int
    seconds: float
    ratio: float  # seconds divided by those of half the text
    target: float


def written(size: int, *, notes: bool = False) -> str:
    """Write a text of so many characters, with a citation in nearly every sentence.

    With `notes`, every third sentence points at a note behind the text.
    """
    lines: list[str] = []
    length = number = 0
    body = size * 3 // 4 if notes else size
    while length < body:
        sentence = SENTENCES[number % len(SENTENCES)].format(n=number % 40 + 1, m=number % 40 + 3)
        pointer = (
            f" See supra note {number // 9 + 1}, para. 2." if notes and number % 3 == 0 else ""
        )
        lines.append(f"{sentence}{pointer}" + ("\n\n" if number % 6 == 5 else ""))
        length += len(lines[-1]) + 1
        number += 1
    text = " ".join(lines)
    number = 0
    noted: list[str] = []
    while notes and length < size:
        number += 1
        noted.append(f"[^{number}]: CCLP/C/SR.41{number % 2 + 1}, para. {number % 30 + 1}.")
        length += len(noted[-1]) + 1
    return "\n".join([text, "", *noted])[:size]


def hostile(piece: str, size: int) -> str:
    """Repeat a piece to so many characters."""
    return (piece * (size // len(piece) + 1))[:size]


def sample(folder: Path) -> Catalog:
    """A store that holds the sample's documents."""
    catalog = Catalog(folder / "catalog.db")
    for path in sorted((Path(rag.__file__).parent / "sample").glob("CCLP_*.txt")):
        catalog.put(segment(read(path)), (), parser=1)
    return catalog


def timed(what: str, text: str, target: float, step: Callable[[str], int]) -> Timed:
    """Do a step with half a text, then with the whole."""
    half, _ = _seconds(text[: len(text) // 2], step)
    seconds, count = _seconds(text, step)
    return Timed(what, len(text), count, round(seconds, 3), round(seconds / half, 2), target)


def _seconds(text: str, step: Callable[[str], int]) -> tuple[float, int]:
    begun = time.process_time()
    count = step(text)
    return max(time.process_time() - begun, 1e-6), count


def run(size: int, pieces: Sequence[str] = HOSTILE) -> list[Timed]:
    """Time finding and resolving in written texts, then finding in hostile ones."""

    def found(text: str) -> int:
        return len(find_citations(text))

    with tempfile.TemporaryDirectory() as folder:
        catalog = sample(Path(folder))

        def resolved(text: str) -> int:
            return sum(one.resolved for one in resolve_all(find_citations(text), catalog))

        def drafted(text: str) -> int:
            return sum(one.resolved for one in resolve_all(find_in_draft(text), catalog))

        plain, noted = written(size), written(size, notes=True)
        rows = [
            timed("found", plain, TEXT_TARGET, found),
            timed("found and resolved", plain, TEXT_TARGET, resolved),
            timed("a draft with notes, found and resolved", noted, TEXT_TARGET, drafted),
        ]
    return rows + [timed(repr(p), hostile(p, size), HOSTILE_TARGET, found) for p in pieces]


def main() -> None:
    """Print a table, or JSON; exit with 1 where a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else "")
    parser.add_argument("--size", type=int, default=SIZE, help="characters of each text")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    rows = run(arguments.size)
    if arguments.json:
        print(json.dumps([asdict(row) for row in rows], ensure_ascii=False, indent=2))
    else:
        print(f"{'text':42} {'citations':>9} {'seconds':>8} {'x half':>7}")
        for row in [*rows[:3], *sorted(rows[3:], key=lambda row: -row.seconds)]:
            print(f"{row.what:42} {row.citations:9} {row.seconds:8.2f} {row.ratio:7.2f}")
    sys.exit(any(row.seconds > row.target for row in rows))


if __name__ == "__main__":
    main()
