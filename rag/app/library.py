"""The Library page: what is in the index, adding to it, and who spoke when and how much."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby

import streamlit as st

from rag.app import state
from rag.app.excerpt import who
from rag.app.filling import Outcome, show_fetch, show_rebuild, show_told, show_upload
from rag.app.links import link
from rag.app.pane import written
from rag.app.safe import escaped, plain
from rag.app.survey import Held, Share, by_role, by_speaker, survey
from rag.domain import Citation
from rag.errors import PinpointError
from rag.record import Record

_LISTED = 200  # documents in the table; a longer list is narrowed by words
_SPEAKERS = 40
_ORDERS: dict[str, Callable[[Held], tuple[object, ...]]] = {
    "Symbol": lambda held: (held.id,),
    "Date, newest first": lambda held: (-_day(held), held.id),
    "Date, oldest first": lambda held: (_day(held) or 10**7, held.id),
    "Most paragraphs": lambda held: (-held.paragraphs, held.id),
    "Most notes": lambda held: (-held.notes, held.id),
}
_ROLES = {
    "member": "Committee members",
    "delegation": "Delegations",
    "chair": "The Chair",
    "secretariat": "The secretariat",
    "observer": "Observers",
}


def page() -> None:
    """Draw the Library."""
    record, _ = state.open_record()
    try:
        documents = survey(record)
    except PinpointError as error:
        st.error(plain(str(error)))
        return
    with st.container(key="library"):
        st.html(
            '<div class="pp-welcome pp-small"><h1>Library</h1>'
            f"<p>{escaped(contents(documents))}</p></div>"
        )
        upload, fetch = st.columns(2, gap="large")
        with upload:
            show_upload(record)
        with fetch:
            show_fetch(record)
        show_told()
        if documents:
            _show_views(record, documents)


def contents(documents: Sequence[Held]) -> str:
    """Say how much there is."""
    if not documents:
        return "There is nothing here yet. Add a record below."
    paragraphs = sum(held.paragraphs for held in documents)
    words = sum(held.words for held in documents)
    plural = "" if len(documents) == 1 else "s"
    return (
        f"{len(documents):,} document{plural}, {paragraphs:,} numbered paragraphs, {words:,} words."
    )


def _show_views(record: Record, documents: Sequence[Held]) -> None:
    views: dict[str, Callable[[], object]] = {
        "Documents": lambda: _show_documents(documents),
        "Meetings": lambda: st.html(timeline(documents)),
        "Who spoke": lambda: _show_speakers(documents),
        "Doubts": lambda: st.html(doubts(documents)),
        "Remove or re-index": lambda: _show_upkeep(record, documents),
    }
    if st.session_state.get("library-view") not in views:
        st.session_state["library-view"] = "Documents"
    tabs = st.tabs(list(views), key="library-view", on_change="rerun")
    for tab, show in zip(tabs, views.values(), strict=True):
        if tab.open:
            with tab:
                show()


# -- the table -----------------------------------------------------------------------------------


def _show_documents(documents: Sequence[Held]) -> None:
    narrow, order = st.columns([65, 35])
    words = narrow.text_input(
        "Narrow the list", key="library-narrow", placeholder="Symbol, title, body or State"
    )
    by = order.selectbox("Order", list(_ORDERS), key="library-order")
    st.html(table(sorted(narrowed(documents, words), key=_ORDERS[by])))


def narrowed(documents: Sequence[Held], words: str) -> list[Held]:
    """The documents that have every one of the words in symbol, title, kind, body or State."""
    wanted = words.casefold().split()

    def told(held: Held) -> str:
        facts = (held.id, held.title, held.kind, held.body, held.state)
        return " ".join(fact for fact in facts if fact).casefold()

    return [held for held in documents if all(word in told(held) for word in wanted)]


def table(documents: Sequence[Held]) -> str:
    """The documents as an HTML table; each symbol leads to its document."""
    if not documents:
        return '<div class="pp-quiet" role="status">No document has these words.</div>'
    rows = "".join(_row(held) for held in documents[:_LISTED])
    heads = "".join(
        f'<th scope="col"{" class=pp-count" if name in _COUNTS else ""}>{name}</th>'
        for name in ("Symbol", "Title", "Kind", "Body", "State", "Date", *_COUNTS)
    )
    left = len(documents) - _LISTED
    more = f'<div class="pp-quiet">and {left:,} more; narrow the list.</div>' if left > 0 else ""
    return (
        '<div class="pp-scroll" tabindex="0" role="region" aria-label="Documents"><table '
        f'class="pp-table"><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>{more}'
    )


_COUNTS = ("Paragraphs", "Notes")


def _row(held: Held) -> str:
    cells = (held.title, held.kind, held.body, held.state, written(held.held_on or held.issued_on))
    return (
        f'<tr><th scope="row" class="pp-symbol">{link(Citation(held.id), held.id)}</th>'
        + "".join(f'<td dir="auto">{escaped(cell or "")}</td>' for cell in cells)
        + f'<td class="pp-count">{held.paragraphs:,}</td><td class="pp-count">{held.notes:,}</td></tr>'
    )


def _day(held: Held) -> int:
    on = held.held_on or held.issued_on
    return on.toordinal() if on else 0


# -- when, who, and what is doubtful ---------------------------------------------------------------


def timeline(documents: Sequence[Held]) -> str:
    """The meetings in order of their dates, year by year, with how much was said at each; HTML."""
    dated = [(held.held_on, held) for held in documents if held.held_on]
    dated.sort(key=lambda pair: (pair[0], pair[1].id))
    most = max((held.words for _, held in dated), default=0) or 1
    parts: list[str] = []
    for year, meetings in groupby(dated, key=lambda pair: pair[0].year):
        rows = "".join(
            f'<li><span class="pp-when">{day.day} {day:%B}</span><span class="pp-what">'
            f'{link(Citation(held.id), held.id)} <span dir="auto">{escaped(_meeting(held))}</span>'
            f"{_meter(held.words, most, 'pp-fill-plain')}"
            f'<span class="pp-quiet">{held.words:,} words</span></span></li>'
            for day, held in meetings
        )
        parts.append(f'<h3 class="pp-year">{year}</h3><ol class="pp-timeline">{rows}</ol>')
    left = len(documents) - len(dated)
    if left:
        told = "1 document has" if left == 1 else f"{left:,} documents have"
        parts.append(f'<div class="pp-quiet">{told} no date of a meeting.</div>')
    return f'<div class="pp-record">{"".join(parts)}</div>'


def _meeting(held: Held) -> str:
    named = [held.body, f"meeting {held.meeting}" if held.meeting else held.title]
    return " · ".join(fact for fact in named if fact)


def _show_speakers(documents: Sequence[Held]) -> None:
    ids = [held.id for held in documents if held.said]
    if not ids:
        st.html('<div class="pp-quiet">In no document of the index does anybody speak.</div>')
        return
    chosen = st.multiselect("In", ids, key="library-spoke-in", placeholder="All documents")
    among = [held for held in documents if not chosen or held.id in chosen]
    st.html(
        shares("By role", by_role(among), len(_ROLES))
        + shares("By speaker", by_speaker(among), _SPEAKERS)
    )


def shares(title: str, spoken: Sequence[Share], limit: int) -> str:
    """Who said how much as an HTML table, with a bar for each."""
    total = sum(share.words for share in spoken) or 1
    most = max((share.words for share in spoken), default=0) or 1
    rows = "".join(
        f'<tr><th scope="row" dir="auto">'
        f"{who(_ROLES.get(share.name, share.name), share.delegation, share.role)}</th>"
        f'<td class="pp-bar">{_meter(share.words, most, f"pp-fill-{share.role}")}</td>'
        f'<td class="pp-count">{share.words:,}</td>'
        f'<td class="pp-count">{share.words / total:.1%}</td>'
        f'<td class="pp-count">{share.documents:,}</td></tr>'
        for share in spoken[:limit]
    )
    left = len(spoken) - limit
    more = f'<div class="pp-quiet">and {left:,} more who said less.</div>' if left > 0 else ""
    return (
        f'<div class="pp-scroll" tabindex="0" role="region" aria-label="{escaped(title)}">'
        f'<table class="pp-table pp-shares"><caption>{escaped(title)}</caption><thead><tr>'
        '<th scope="col">Name</th><td></td><th scope="col" class="pp-count">Words</th>'
        '<th scope="col" class="pp-count">Share</th>'
        f'<th scope="col" class="pp-count">Documents</th></tr></thead><tbody>{rows}</tbody></table>'
        f"</div>{more}"
    )


def _meter(value: int, most: int, fill: str) -> str:
    """A bar of that part of the whole width; what it shows stands beside it in figures."""
    width = 100 * value / most
    return (
        f'<span class="pp-meter" aria-hidden="true"><span class="pp-fill {escaped(fill)}" '
        f'style="width:{width:.1f}%"></span></span>'
    )


def doubts(documents: Sequence[Held]) -> str:
    """What the reader repaired, inferred or doubted, document by document; HTML."""
    doubtful = [held for held in documents if held.notes or held.inferred or held.ocr]
    if not doubtful:
        return '<div class="pp-quiet">Nothing was repaired, inferred or doubted.</div>'
    return "".join(
        f'<details class="pp-details"><summary><span class="pp-symbol">{escaped(held.id)}</span> '
        f'<span class="pp-quiet">{escaped(doubted(held))}</span></summary>'
        f"<div>{link(Citation(held.id), 'Read it')}</div>{held.notes_html}</details>"
        for held in doubtful
    )


def doubted(held: Held) -> str:
    """Sum up the doubts: "2 notes, 5 numbers inferred"."""
    told = [
        f"{held.notes:,} note{'' if held.notes == 1 else 's'}" if held.notes else "",
        f"{_numbers(held.inferred)} inferred" if held.inferred else "",
        f"{_numbers(held.ocr)} read by OCR" if held.ocr else "",
    ]
    return ", ".join(part for part in told if part)


def _numbers(count: int) -> str:
    return f"{count:,} number{'' if count == 1 else 's'}"


# -- upkeep ----------------------------------------------------------------------------------------


def _show_upkeep(record: Record, documents: Sequence[Held]) -> None:
    with st.form("library-remove"):
        chosen = st.multiselect(
            "Remove from the index",
            [held.id for held in documents],
            key="library-removed",
            placeholder="Documents",
        )
        sure = st.checkbox("Yes, remove them; the files themselves are kept", key="library-sure")
        sent = st.form_submit_button("Remove", icon=":material/delete:")
    if sent and chosen:
        if sure:
            _remove(record, chosen)
            st.rerun()
        st.warning("Tick the box above first.")
    show_rebuild(record)


def _remove(record: Record, names: Sequence[str]) -> None:
    told: list[Outcome] = []
    for name in names:
        try:
            told.append(Outcome(record.remove(name), "removed", "is no longer in the index"))
        except PinpointError as error:
            told.append(Outcome(name, "failed", str(error)))
    st.session_state["library-told"] = told
    st.session_state.pop("library-removed", None)
    st.session_state.pop("library-sure", None)
