"""What the parts of a document symbol mean: symbol → body, kind, meeting.

"CCPR/C/SR.3272" is a summary record of the Human Rights Committee's 3272nd
meeting; the symbol alone says so. Source: the UN Editorial Manual, "Document
symbols", and the Dag Hammarskjöld Library's guide to the series symbols.
"""

from __future__ import annotations

import re

# The longest prefix wins: A/HRC before A.
_BODIES: dict[tuple[str, ...], str] = {
    ("CCPR",): "Human Rights Committee",
    ("CEDAW",): "Committee on the Elimination of Discrimination against Women",
    ("CAT",): "Committee against Torture",
    ("CAT", "OP"): "Subcommittee on Prevention of Torture",
    ("CERD",): "Committee on the Elimination of Racial Discrimination",
    ("CRC",): "Committee on the Rights of the Child",
    ("CMW",): (
        "Committee on the Protection of the Rights of All Migrant Workers "
        "and Members of Their Families"
    ),
    ("CRPD",): "Committee on the Rights of Persons with Disabilities",
    ("CED",): "Committee on Enforced Disappearances",
    ("E", "C.12"): "Committee on Economic, Social and Cultural Rights",
    ("A", "HRC"): "Human Rights Council",
    ("A", "HRC", "WG.6"): "Working Group on the Universal Periodic Review",
    ("A", "HRC", "WGAD"): "Working Group on Arbitrary Detention",
    ("A",): "General Assembly",
    ("A", "C.1"): "First Committee",
    ("A", "C.2"): "Second Committee",
    ("A", "C.3"): "Third Committee",
    ("A", "C.4"): "Special Political and Decolonization Committee",
    ("A", "C.5"): "Fifth Committee",
    ("A", "C.6"): "Sixth Committee",
    ("A", "CN.4"): "International Law Commission",
    ("A", "CN.9"): "United Nations Commission on International Trade Law",
    ("S",): "Security Council",
    ("E",): "Economic and Social Council",
    ("E", "CN.4"): "Commission on Human Rights",
    ("E", "CN.6"): "Commission on the Status of Women",
    ("T",): "Trusteeship Council",
    ("ST",): "Secretariat",
    ("FCCC", "CP"): (
        "Conference of the Parties to the United Nations Framework Convention on Climate Change"
    ),
    ("FCCC", "SBI"): "Subsidiary Body for Implementation",
    ("FCCC", "SBSTA"): "Subsidiary Body for Scientific and Technological Advice",
}
# First components that open a series; a symbol may start with no other single letter.
ONE_LETTER = frozenset("AEST")
KNOWN = frozenset({
    "CCPR", "CEDAW", "CAT", "CERD", "CRC", "CMW", "CRPD", "CED", "HRI", "FCCC", "UNEP", "CAC",
    "CTOC", "NPT", "BWC", "CCW", "ISBA", "SPLOS", "ICCD", "LOS", "TD", "DP", "ST", "CLCS", "IDB",
})  # fmt: skip
SUFFIXES = frozenset({"Add", "Amend", "Corr", "Rev"})
_TREATY = frozenset(["CCPR", "CEDAW", "CAT", "CERD", "CRC", "CMW", "CRPD", "CED"])
_MEETING = re.compile(r"(?:SR|PV)\.(\d+)")
_STATE = re.compile(r"[A-Z]{3}")
_REPORT_NUMBER = re.compile(r"\d+(?:-\d+)?")
# What the masthead of a document calls itself, by the component that says so.
_MARKED = (
    ("resolution", {"RES"}),
    ("decision", {"DEC"}),
    ("concluding observations", {"CO", "COBS"}),
    ("general comment", {"GC"}),
)


def body_of(symbol: str) -> str | None:
    """Name the body whose series a canonical symbol belongs to; None for an unknown series.

    "CCPR/C/SR.3272" → "Human Rights Committee", "A/HRC/28/10" → "Human Rights Council".
    """
    parts = tuple(symbol.split("/"))
    if len(parts) < 2:
        return None
    for length in range(min(3, len(parts)), 0, -1):
        name = _BODIES.get(parts[:length])
        if name is not None:
            return name
    return None


def kind_of(symbol: str) -> str:
    """Say what kind of document a canonical symbol names; "document" where it does not tell.

    "…/SR.3272" → "summary record", "…/KAZ/Q/2/Add.1" → "replies to list of issues".
    """
    parts = symbol.split("/")
    words = set(parts[1:])
    if any(part.startswith("SR.") for part in parts):
        return "summary record"
    if any(part.startswith("PV.") for part in parts):
        return "verbatim record"
    for kind, marks in _MARKED:
        if words & marks:
            return kind
    if words & {"RQ"}:
        return "replies to list of issues"
    if words & {"LOIPR", "QPR"}:
        return "list of issues"
    if "Q" in words:
        # An addendum to a list of issues is the State's reply; a revision is a list again.
        after = parts[parts.index("Q", 1) + 1 :]
        replied = any(part.startswith("Add.") for part in after)
        return "replies to list of issues" if replied else "list of issues"
    if _is_general_comment(parts):
        return "general comment"
    if _is_views(parts):
        return "views"
    return "report" if _is_report(parts) else "document"


def meeting_of(symbol: str) -> int | None:
    """Give the number of the meeting a record is of: "CCPR/C/SR.3272" → 3272."""
    for part in symbol.split("/"):
        match = _MEETING.fullmatch(part)
        if match is not None:
            return int(match[1])
    return None


def _is_general_comment(parts: list[str]) -> bool:
    # Before 2013 the Human Rights Committee issued them as addenda to CCPR/C/21/Rev.1.
    old = parts[:4] == ["CCPR", "C", "21", "Rev.1"] and len(parts) == 5
    return old or any(part.startswith("GC.") for part in parts)


def _is_views(parts: list[str]) -> bool:
    if "D" not in parts[1:]:
        return False
    after = parts[parts.index("D", 1) + 1 :]
    return len(after) >= 2 and after[0].isdigit() and len(after[1]) == 4 and after[1].isdigit()


def _is_report(parts: list[str]) -> bool:
    """CCPR/C/KAZ/2, CRC/C/OPAC/KAZ/1, A/HRC/28/10, A/HRC/WG.6/7/EGY/1, E/CN.4/2005/102."""
    stem = [part for part in parts if part.partition(".")[0] not in SUFFIXES]
    treaty = stem[0] in _TREATY or stem[:2] == ["E", "C.12"] or stem[1:2] == ["C"]
    if treaty and len(stem) >= 3:
        return bool(_STATE.fullmatch(stem[-2]) and _REPORT_NUMBER.fullmatch(stem[-1]))
    if stem[:3] == ["A", "HRC", "WG.6"]:
        return len(stem) == 6 and bool(_STATE.fullmatch(stem[4]))
    if stem[:2] in (["A", "HRC"], ["E", "CN.4"]):
        return len(stem) == 4 and stem[2].isdigit() and stem[3].isdigit()
    return False
