"""What counts against a statement → a kind of check that fails, and a sentence for a reader."""

from __future__ import annotations

from rag.answer.upheld import Evidence, Model, Weighed, parts_of

_GROUPS: tuple[tuple[str, frozenset[str]], ...] = (
    ("negation", frozenset({
        "denied_apart", "denied_softly", "opposite", "head_apart", "compared", "amount",
        "denies", "denies_there", "denies_alone", "turned", "turned_denying", "turned_denied",
        "turned_there", "turned_there_denying", "turned_there_denied",
        "turned_both", "turned_both_denying", "turned_both_denied",
        "denied_softly_exact", "compared_exact", "denied_softly_in_a_row", "denied_apart_in_a_row",
        "head_apart_in_a_row", "opposite_in_a_row", "compared_in_a_row", "limit_lost",
    })),
    ("modality", frozenset({"done_for_open", "open_for_done", "only_open", "condition_lost", "head_done", "head_open", "possible_for_done"})),
    ("allegation", frozenset({"hearsay_lost", "hearsay_lost_in_a_row", "made_fact"})),
    ("figures", frozenset({"figures"})),
)  # fmt: skip


def reason(kind: str, weighed: Weighed) -> str:
    """Say in a sentence what is wrong with a statement, by the kind of check that fails."""
    if kind == "support":
        return _unsupported(weighed)
    if kind == "negation":
        return _denied(weighed)
    if kind == "modality":
        return _other_mood(weighed.evidence)
    if kind == "allegation":
        return "the paragraph tells of it as reported or alleged; the claim states it"
    return "a figure of the claim does not stand in the sentence that is quoted"


def why(weighed: Weighed, chosen: Model) -> tuple[str, str]:
    """Name what counts most against a statement: the kind of check, and a sentence."""
    parts = parts_of(weighed.evidence, chosen)
    sums = {kind: sum(parts.get(name, 0.0) for name in names) for kind, names in _GROUPS}
    grouped = {name for _, names in _GROUPS for name in names}
    sums["support"] = sum(value for name, value in parts.items() if name not in grouped)
    kind = min(sums, key=lambda one: sums[one])
    return kind, reason(kind, weighed)


def _unsupported(weighed: Weighed) -> str:
    if not weighed.lacking:
        return "the paragraph does not say that"
    words = " and ".join(f"“{word}”" for word in weighed.lacking[:3])
    return f"the paragraph does not say that: nothing there stands for {words}"


def _denied(weighed: Weighed) -> str:
    if weighed.turned:
        mine, theirs = weighed.turned[0]
        return f"the paragraph says “{theirs}” where the claim says “{mine}”"
    evidence = weighed.evidence
    if evidence.denied_apart or evidence.denied_softly or evidence.head_apart:
        return "of the paragraph and the claim, one denies what the other affirms"
    if evidence.compared:
        return "the claim says more where the paragraph says less, before for after, or the reverse"
    if evidence.limit_lost and not evidence.amount:
        return "the paragraph sets a limit that the claim leaves out"
    if evidence.amount:
        return "the claim says all, many, few or none where the paragraph does not"
    return "the claim may say the contrary of what the paragraph says"


def _other_mood(evidence: Evidence) -> str:
    if evidence.open_for_done > evidence.done_for_open:
        return "the paragraph tells of what is done; the claim, of what is planned or due"
    if evidence.condition_lost > 0 and not evidence.done_for_open:
        return "the paragraph states it under a condition that the claim leaves out"
    return "the paragraph tells of what is planned, possible or due; the claim, of what is done"
