"""A draft on the look-up page: given, checked, and its verdicts shown beside the record."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import PurePath

import streamlit as st

from rag.app import checks, state
from rag.app.pane import resolve
from rag.app.safe import escaped, plain
from rag.check import VERDICTS, Checked, Finding, Where, as_row, shown
from rag.check.annotate import annotated
from rag.check.findings import Piece
from rag.check.given import FORMS, MAX_MB, MAX_TEXT, pasted, uploaded
from rag.domain import Citation
from rag.errors import BadInput, PinpointError
from rag.record import Record

_SHOWN = 40  # findings; more on request
_POLL = 0.5  # seconds between two looks at a check
_AT_ONCE = 0.5  # seconds in which a short draft is done, and no bar need be shown
_SAYS = {"quotation": "Quotation", "statement": "Statement", "reference": "Reference"}
_TAGS = {"same": "{}", "deleted": "<del>{}</del>", "inserted": "<ins>{}</ins>"}
_FILES: dict[str, tuple[str, str, str]] = {  # form → button, ending, media type
    "html": ("Annotated copy as HTML", "html", "text/html"),
    "markdown": ("as Markdown", "md", "text/markdown"),
    "json": ("Findings as JSON", "json", "application/json"),
}


def show_checker(record: Record) -> None:
    """Draw the form, and below it the check that this visitor began last."""
    token = _token()
    work = checks.find(token)
    label = "The draft" if work is None else "Check another draft"
    with st.expander(label, expanded=work is None):
        _show_form(record)
    if trouble := str(st.session_state.pop("check-trouble", "")):
        st.error(plain(trouble))
    if work is None:
        if token:
            st.info("That check is no longer kept: the server was started anew. Check it again.")
        return
    st.query_params["check"] = token or ""
    if not work.ended.is_set():
        _show_progress(work)
    elif work.checked is None:
        st.error(plain(work.why))
    else:
        _show_result(record, work.checked)


def _token() -> str | None:
    """The name of the check: of this visit, or else of the address, after a reload."""
    return st.session_state.get("check-token") or st.query_params.get("check")


def _show_form(record: Record) -> None:
    with st.form("check", border=False):
        text = st.text_area(
            "Paste a draft",
            key="check-text",
            height=150,
            max_chars=MAX_TEXT,
            placeholder="As the delegation put it, “…” (CCPR/C/SR.3272, para. 25).",
        )
        file = st.file_uploader(
            "or choose a file",
            type=[ending.removeprefix(".") for ending in FORMS],
            key="check-file",
            max_upload_size=MAX_MB,
            help="Word, Markdown, text or PDF. It is read on this machine and not kept.",
        )
        if not st.form_submit_button("Check the draft", type="primary"):
            return
    try:
        if file is not None and text.strip():
            raise BadInput("Both a text and a file were given; leave one of them out.")
        given = uploaded(file.name, file.getvalue()) if file is not None else pasted(text)
        st.session_state["check-token"] = checks.begin(record, given)
        st.session_state.pop("check-shown", None)
        work = checks.find(st.session_state["check-token"])
        if work is not None:
            work.ended.wait(_AT_ONCE)
    except PinpointError as error:
        st.session_state["check-trouble"] = str(error)
    st.rerun()


def _show_progress(work: checks.Work) -> None:
    """Show how far a check is, and see it end."""

    def look() -> None:
        if work.ended.is_set():
            st.rerun()
        share = min(work.done / work.total, 1.0) if work.total else 0.0
        where = f", {work.what}" if work.what else ""
        far = f"{work.done:,} of {work.total:,}{where}" if work.total else "getting ready"
        with st.container(horizontal=True, vertical_alignment="center"):
            st.progress(share, plain(f"{work.name}: {far}"))
            st.button("Stop", key="check-stop", icon=":material/stop_circle:", on_click=work.stop)

    with st.container(key="check-under-way"):
        st.fragment(look, run_every=_POLL)()


# -- what was found --------------------------------------------------------------------------------


def _show_result(record: Record, checked: Checked) -> None:
    st.html(head(checked))
    if not checked.findings:
        return
    with st.container(key="check-taking", horizontal=True, vertical_alignment="center"):
        for form, (label, ending, media) in _FILES.items():
            st.download_button(
                label,
                _written(checked, form),
                file_name=f"{PurePath(checked.draft.path.name).stem}-checked.{ending}",
                mime=media,
                key=f"check-take-{form}",
                on_click="ignore",
                type="tertiary",
                icon=":material/download:",
            )
    failing = st.checkbox("Only what does not pass", key="check-failing", disabled=checked.passed)
    if any(finding.difference for finding in checked.findings):
        st.html(_LEGEND)
    listed = [each for each in checked.findings if not (failing and each.passed)]
    many = int(st.session_state.setdefault("check-shown", _SHOWN))
    for number, finding in enumerate(listed[:many]):
        with st.container(key=f"finding-{number}", gap=None):
            st.html(as_html(finding))
            if finding.where is not None:
                _open_button(record, finding.where, number)
    if len(listed) > many:
        st.button(f"Show more, {len(listed) - many:,} are left", key="check-more", on_click=_more)


def _more() -> None:
    st.session_state["check-shown"] = int(st.session_state.get("check-shown", _SHOWN)) + _SHOWN


def _written(checked: Checked, form: str) -> Callable[[], bytes]:
    """What writes a file when its button is pressed, and not before."""

    def write() -> bytes:
        if form != "json":
            return annotated(checked, form).encode("utf-8", "replace")
        rows = [as_row(finding, checked.draft.path.name) for finding in checked.findings]
        return json.dumps(rows, ensure_ascii=False, indent=2).encode("utf-8", "replace")

    return write


def _open_button(record: Record, where: Where, number: int) -> None:
    st.button(
        plain(f"Read {where.citation} in its place"),
        key=f"finding-open-{number}",
        type="tertiary",
        on_click=_open,
        args=(record, where),
    )


def _open(record: Record, where: Where) -> None:
    """Open the reading pane at the words; a document that is gone is told of by the pane."""
    citation, words = Citation.parse(where.citation), ""
    try:
        document = record.document(citation.symbol)
        text = document.paragraphs[resolve(document, citation).start].text
        if (where.start, where.end) != (0, len(text)):
            words = text[where.start : where.end]
    except PinpointError:
        pass
    state.open_at(citation, words)


_LEGEND = (
    '<div class="pp-quiet pp-difference">In what was altered, <del>struck out</del> is what the '
    "record has, <ins>underlined</ins> what the draft has instead.</div>"
)


def head(checked: Checked) -> str:
    """The draft's name, and how many of its findings have which verdict, as HTML."""
    name = f'<h2 class="pp-checked">{escaped(checked.draft.path.name)}</h2>'
    total = len(checked.findings)
    if not total:
        told = "There is no citation and no quotation in this draft."
        return f'{name}<div class="pp-quiet" role="status">{told}</div>'
    count = Counter((VERDICTS.index(each.verdict), each.unsure) for each in checked.findings)
    first = {(VERDICTS.index(each.verdict), each.unsure): each for each in checked.findings}
    chips = "".join(f"<li>{_chip(first[key], f': {count[key]:,}')}</li>" for key in sorted(count))
    failed = f"{checked.failed:,} failed" if checked.failed else "none failed"
    read = f", {checked.unsure:,} to be read" if checked.unsure else ""
    told = f"{total:,} checked, {failed}{read}."
    return f'{name}<div role="status">{told}</div><ul class="pp-verdicts">{chips}</ul>'


def as_html(finding: Finding) -> str:
    """One finding as HTML: verdict, the draft's words and citation, the reason, what differs."""
    words = f"“{finding.text}”" if finding.kind == "quotation" else finding.text
    cited = finding.citation if finding.kind != "reference" else ""
    parts = [
        f'<div class="pp-drafted" dir="auto">{escaped(words)}</div>',
        f'<div class="pp-quiet" dir="auto">{escaped(cited)}</div>' if cited else "",
        f'<div class="pp-why">{escaped(_sentence(_why(finding)))}</div>',
    ]
    if finding.difference:
        parts.append(f'<div class="pp-difference" dir="auto">{differing(finding.difference)}</div>')
    return (
        f'<div class="pp-finding"><div class="pp-verdict">{_chip(finding)}'
        f'<div class="pp-quiet">{_SAYS[finding.kind]}, {escaped(finding.location)}</div></div>'
        f"<div>{''.join(parts)}</div></div>"
    )


def _why(finding: Finding) -> str:
    """The reason, without the difference in signs, which is drawn, and without offsets."""
    why = finding.why
    if finding.where is not None:
        why = why.replace(f", characters {finding.where.start}–{finding.where.end}", "")
    if finding.difference:
        why = why.replace(f"has: {shown(finding.difference)}", "has other words")
    return why


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:].rstrip('.')}." if text else ""


def differing(pieces: Sequence[Piece]) -> str:
    """A difference as HTML: what the record alone has struck out, what the draft has underlined."""
    return " ".join(_TAGS[piece.kind].format(escaped(piece.text)) for piece in pieces)


def _chip(finding: Finding, more: str = "") -> str:
    """The verdict in words, with its sign; a statement that is only doubtful says so."""
    kind = "pass" if finding.passed else "read" if finding.unsure else "fail"
    sign = {"pass": "✓", "read": "?", "fail": "✗"}[kind]
    words = "to be read" if finding.unsure else finding.verdict
    return (
        f'<span class="pp-{kind}"><span aria-hidden="true">{sign}</span> '
        f"{escaped(words[:1].upper() + words[1:] + more)}</span>"
    )
