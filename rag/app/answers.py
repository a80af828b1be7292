"""An `Answer` or `NoAnswer` → what the conversation shows, each statement with its citation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from rag.app import state
from rag.app.answerers import told
from rag.app.excerpt import who
from rag.app.safe import escaped, find_quote, plain, prose
from rag.app.taken import show_taking
from rag.domain import Answer, Citation, Claim, Found, NoAnswer, Paragraph, Passage, Searched
from rag.present import claim_doubt, doubt, doubts, lacking
from rag.record import Record

_SNIPPET = 260  # characters of a paragraph that is only near
_NAMED = 3  # paragraphs that are named while an answer is on its way


def show_outcome(record: Record, asked: state.Asked, number: int) -> None:
    """Draw what came of the `number`th question."""
    outcome = asked.outcome
    if outcome is None:
        st.error(plain(asked.error))
        return
    if outcome.asked and outcome.asked != asked.question:
        st.html(f'<div class="pp-quiet">Understood as: {escaped(outcome.asked)}</div>')
    if isinstance(outcome, Answer):
        _show_answer(outcome, number)
        show_taking(record, asked, outcome, number)
    else:
        _show_silence(outcome, number)
    if outcome.rejected:
        _show_rejected(outcome.rejected)
    st.html(f'<div class="pp-quiet pp-foot">{_footer(asked, outcome)}</div>')


class Coming:
    """An answer as it comes: what was searched, then each statement that passed its checks.

    A single element, which the whole answer takes the place of at the end: a model may
    take back what it wrote at first.
    """

    def __init__(self, place: DeltaGenerator) -> None:
        self._place = place
        self._passages: tuple[Passage, ...] = ()
        self._head = ""
        self._claims: list[str] = []
        self._failed = 0

    def show(self, step: Found | Claim) -> None:
        """Show a step beside those before it."""
        if isinstance(step, Found):
            self._passages = step.passages
            self._head = found_html(step)
        elif step.verified:
            label = f"[{len(self._claims) + 1}] {step.citation}"
            self._claims.append(
                claim_html(step, len(self._claims) + 1, self._passages)
                + f'<div class="pp-coming-cite">{escaped(label)}</div>'
            )
        else:
            self._failed += 1
        failed = f" {self._failed} did not pass the checks." if self._failed else ""
        self._place.html(
            f'<div class="pp-coming"><div class="pp-quiet">{self._head}{failed}</div>'
            f"{''.join(self._claims)}</div>"
        )

    def clear(self) -> None:
        """Make room for the answer."""
        self._place.empty()


def found_html(found: Found) -> str:
    """Say what was searched, and what of it is being read."""
    near = [str(passage.paragraph.citation) for passage in found.passages[:_NAMED]]
    if not near:
        return escaped(f"{searched_text(found.searched)}.")
    more = len(found.passages) - len(near)
    named = "; ".join(near) + (f" and {more} more" if more > 0 else "")
    return escaped(f"{searched_text(found.searched)}. Reading {named}.")


def _show_answer(answer: Answer, number: int) -> None:
    doubted = doubts(answer)
    for index, claim in enumerate(answer.claims, start=1):
        with st.container(key=f"claim-{number}-{index}", gap=None):
            st.html(claim_html(claim, index, answer.passages))
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                _citation_button(
                    claim.citation,
                    f"[{index}] {_with(claim.citation, claim_doubt(claim, doubted))}",
                    f"cite-{number}-{index}",
                    claim.quote,
                )
                st.html(f'<span class="pp-quiet">{_checks(claim)}</span>', width="content")
            st.html(card(claim, answer.passages))
    if answer.note:
        st.html(f'<div class="pp-quiet">{escaped(answer.note)}</div>')


def _show_silence(silence: NoAnswer, number: int) -> None:
    st.html(
        '<div class="pp-silence"><div class="pp-silence-head">The record does not say.</div>'
        f"<div>{escaped(silence.reason)}</div>"
        f"<div>{escaped(lacking(silence.lacking))}</div></div>"
    )
    if not silence.nearest:
        return
    st.html('<div class="pp-quiet pp-nearest">Nearest paragraphs, none of which answers:</div>')
    for index, passage in enumerate(silence.nearest, start=1):
        citation = passage.paragraph.citation
        label = _with(citation, doubt(passage.paragraph))
        with st.container(key=f"near-{number}-{index}", gap=None):
            _citation_button(citation, label, f"near-button-{number}-{index}")
            st.html(f'<div class="pp-snippet" dir="auto">{snippet(passage.paragraph)}</div>')


def _with(citation: Citation, doubted: str) -> str:
    """A citation with what a reader must know of its number."""
    return f"{citation}, {doubted}" if doubted else str(citation)


def card(claim: Claim, passages: Sequence[Passage]) -> str:
    """Write the paragraph that a claim cites as HTML, shown while a pointer is on the citation.

    Empty, but for its frame, where the answer was not made from it.
    """
    for passage in passages:
        paragraph = passage.paragraph
        if paragraph.citation == replace(claim.citation, last=None, sub=None):
            heading = paragraph.heading or ""
            said_by = ", ".join(who(v.speaker, v.delegation, v.role) for v in paragraph.speakers)
            words = prose(paragraph.text, find_quote(claim.quote, paragraph.text))
            return (
                f'<div class="pp-card" aria-hidden="true" dir="auto"><div class="pp-quiet">'
                f'{escaped(heading)}</div><div class="pp-floor">{said_by}</div>'
                f'<div class="pp-snippet">{words}</div></div>'
            )
    return '<div class="pp-card-none"></div>'


def _citation_button(citation: Citation, label: str, key: str, quote: str = "") -> None:
    st.button(
        plain(label),
        key=key,
        type="tertiary",
        on_click=state.open_at,
        args=(citation, quote),
    )


def _show_rejected(claims: Sequence[Claim]) -> None:
    rows: list[str] = []
    for claim in claims:
        why = "; ".join(check.why or check.kind for check in claim.checks if not check.passed)
        rows.append(
            f'<li><div dir="auto">{escaped(claim.text)}</div><div class="pp-quiet">'
            f"{escaped(str(claim.citation))} · {escaped(why or 'not checked')}</div></li>"
        )
    with st.expander(f"Not verified ({len(claims)})", icon=":material/block:"):
        st.html(
            '<div class="pp-quiet">Left out of the answer, because a check failed:</div>'
            f'<ul class="pp-rejected">{"".join(rows)}</ul>'
        )


def claim_html(claim: Claim, number: int, passages: Sequence[Passage]) -> str:
    """Draw a statement: who said it, their words in quotation marks, its number."""
    said_by = ""
    if claim.speaker:
        said_by = f"{who(claim.speaker, claim.delegation, role_of(claim, passages))}: "
    quote = f'<span class="pp-quote">“{prose(claim.quote.strip())}”</span>' if claim.quote else ""
    statement = ""
    if claim.text.strip() and _words(claim.text) != _words(claim.quote):
        statement = f'<div class="pp-statement" dir="auto">{escaped(claim.text)}</div>'
    return (
        f'<div class="pp-claim"><span class="pp-number">{number}</span>'
        f'<div class="pp-said">{statement}<div dir="auto">{said_by}{quote}</div></div></div>'
    )


def _words(text: str) -> str:
    return " ".join(text.split()).strip("“”\"' .")


def role_of(claim: Claim, passages: Sequence[Passage]) -> str | None:
    """Tell the role in which a claim's speaker spoke, where the passages know it."""
    for passage in passages:
        for voice in passage.paragraph.speakers:
            if voice.speaker == claim.speaker:
                return voice.role
    return "delegation" if claim.delegation else None


def snippet(paragraph: Paragraph) -> str:
    """Cut a paragraph to its beginning, as HTML, with who speaks."""
    text = " ".join(paragraph.text.split())
    if len(text) > _SNIPPET:
        text = text[:_SNIPPET].rsplit(" ", 1)[0] + " …"
    floor = paragraph.speakers
    if floor and text.startswith(floor[0].speaker):
        return escaped(text)  # the paragraph names them itself
    said_by = ", ".join(who(v.speaker, v.delegation, v.role) for v in floor)
    return f"{said_by}: {escaped(text)}" if said_by else escaped(text)


def _checks(claim: Claim) -> str:
    passed = [check.kind for check in claim.checks if check.passed]
    return f"✓ {escaped(', '.join(passed))} checked" if passed else ""


def searched_text(searched: Searched) -> str:
    """Say in words what was looked through."""
    paragraphs = (
        "1 paragraph" if searched.paragraphs == 1 else f"{searched.paragraphs:,} paragraphs"
    )
    documents = "1 document" if searched.documents == 1 else f"{searched.documents:,} documents"
    limits = f" ({'; '.join(searched.limits)})" if searched.limits else ""
    return f"Searched {paragraphs} in {documents}{limits}"


def _footer(asked: state.Asked, outcome: Answer | NoAnswer) -> str:
    parts = [searched_text(outcome.searched), told(asked.llm)]
    limits = asked.filters
    if limits.symbols:
        parts.append("only " + ", ".join(limits.symbols))
    for limit in (limits.speaker, limits.role, limits.delegation, limits.body, limits.state):
        if limit:
            parts.append(f"only {limit}")
    if limits.heading:
        parts.append(f"under headings with “{limits.heading}”")
    if limits.held_from or limits.held_to:
        parts.append(f"held {limits.held_from or '…'} to {limits.held_to or '…'}")
    if outcome.seconds:
        parts.append(f"{outcome.seconds:.1f} s")
    return escaped(" · ".join(parts))
