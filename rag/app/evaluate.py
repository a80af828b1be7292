"""The evaluate page: a suite is run in the background, its figures are shown, runs compared."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, cast

import streamlit as st
from streamlit.components.v2 import component

from rag.app import runs
from rag.app.pane import written
from rag.app.safe import escaped, plain
from rag.errors import PinpointError

_PICKED = "sample"  # the suite that is offered first: it needs nothing but the package
_POLL, _IDLE = 1.0, 4.0  # seconds between two looks at the run
# The report's style sheet, in a shadow root: colours of the page around it, no margins of its own.
_OWN = """
:host { --sans: "Source Sans", system-ui, sans-serif; --page: transparent;
  --serif: "Source Serif", Charter, Georgia, "Times New Roman", serif; background: none;
  --quiet: light-dark(#5f6468, #a3a7ab); display: block; }
section { margin: 0; padding-top: 1.2rem; border-top: 1px solid var(--line); }
.key { color: light-dark(#fff, #14171b); }
"""
# What comes from documents is escaped in the report; what could act or load goes all the same.
_SHOW = """
const GONE = "script,style,link,meta,base,iframe,object,embed,form,foreignObject,image,img";
export default function ({ data, parentElement }) {
  const host = parentElement.querySelector(".part");
  if (!host || host.pinpoint === data.html) return;
  host.pinpoint = data.html;
  const parsed = new DOMParser().parseFromString(data.html, "text/html");
  parsed.querySelectorAll(GONE).forEach((each) => each.remove());
  for (const each of parsed.body.querySelectorAll("*"))
    for (const { name, value } of [...each.attributes])
      if (/^on/i.test(name) || (/href$|^src|^action/i.test(name) && !value.startsWith("#")))
        each.removeAttribute(name);
  const style = document.createElement("style");
  style.textContent = data.css;
  host.replaceChildren(style, ...parsed.body.childNodes);
}
"""


def page() -> None:
    """Draw the evaluate page."""
    st.html(
        '<div class="pp-welcome pp-small"><h1>Evaluate</h1><p>How far are the answers to be '
        "trusted? A suite of questions with known paragraphs is asked, or records with known "
        "paragraphs are read, and every figure comes with its interval.</p></div>"
    )
    if not runs.installed():
        st.info(
            "The evaluations are not part of this installation: the folder eval/ is not here. "
            "Run the app from a copy of the whole project."
        )
        return
    try:
        with st.spinner("Looking for suites…"):
            listed = _listed()
    except PinpointError as error:
        st.error(plain(str(error)))
        return
    _show_start(listed)
    _show_run(listed.folder)
    _show_results(listed.folder)


@st.cache_resource(show_spinner=False, ttl=600)
def _listed() -> runs.Listed:
    return runs.listed()


def _show_start(listed: runs.Listed) -> None:
    suites = {suite.name: suite for suite in listed.suites}
    names = sorted(suites, key=lambda name: (bool(suites[name].missing), name != _PICKED))
    with st.container(key="evaluate-start", horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox("Suite", names, key="evaluate-suite")
        limit = st.number_input(
            "Only the first",
            min_value=1,
            value=None,
            key="evaluate-limit",
            placeholder="all questions",
            width=180,
        )
        suite = suites[chosen]
        st.button(
            "Run",
            key="evaluate-run",
            type="primary",
            icon=":material/play_arrow:",
            disabled=bool(suite.missing),
            on_click=_start,
            args=(listed.folder, chosen, int(limit) if limit else None),
        )
    st.html(f'<div class="pp-quiet">{escaped(suite.missing or suite.about)}</div>')
    if trouble := cast("str", st.session_state.pop("evaluate-trouble", "")):
        st.error(plain(trouble))


def _start(folder: Path, suite: str, limit: int | None) -> None:
    try:
        runs.start(folder, suite, limit)
    except PinpointError as error:
        st.session_state["evaluate-trouble"] = str(error)


def _show_run(folder: Path) -> None:
    """Show the run that is under way, whoever started it, and see it end."""
    now = runs.standing(folder)
    alive = bool(now and now.alive)

    def look() -> None:
        later = runs.standing(folder)
        if bool(later and later.alive) != alive:
            st.rerun()  # the whole page: there is a result more, or a run has begun
        if later:
            _show_standing(folder, later)

    with st.container(key="evaluate-under-way"):
        st.fragment(look, run_every=_POLL if alive else _IDLE)()


def _show_standing(folder: Path, now: runs.Standing) -> None:
    if not now.alive:
        _show_end(now)
        return
    share = min(now.done / now.total, 1.0) if now.total else 0.0
    count = f"{now.done:,} of {now.total:,}" if now.total else "getting ready"
    with st.container(horizontal=True, vertical_alignment="center"):
        st.progress(share, plain(f"{now.suite}: {count}{f', {now.what}' if now.what else ''}"))
        st.button(
            "Stop",
            key="evaluate-stop",
            icon=":material/stop_circle:",
            on_click=runs.stop,
            args=(folder,),
        )


def _show_end(now: runs.Standing) -> None:
    far = f" at {now.done:,} of {now.total:,}" if now.total else ""
    if now.ended == "failed":
        st.error(plain(f"{now.suite} could not be run. {now.why}"))
    elif now.ended == "done":
        st.html(f'<div class="pp-quiet">The last run of {escaped(now.suite)} is finished.</div>')
    else:
        verb = "was stopped" if now.ended == "stopped" else "broke off"
        st.info(
            plain(
                f"The last run of {now.suite} {verb}{far}. Run the same again, and it goes on "
                "from there."
            )
        )


def _show_results(folder: Path) -> None:
    results = {each.name: each for each in runs.stored(folder)}
    if not results:
        st.html('<div class="pp-quiet">No result is stored yet.</div>')
        return

    def name(result: object) -> str:
        each = results.get(str(result))
        return f"{each.suite}, {_told(each.when)}" if each else str(result)

    latest = next(iter(results))
    if st.session_state.get("evaluate-latest") != latest:  # a run has ended: it is shown
        st.session_state["evaluate-latest"] = latest
        st.session_state["evaluate-result"] = latest
    left, right = st.columns(2)
    chosen = left.selectbox("Result", list(results), key="evaluate-result", format_func=name)
    others = [
        each.name
        for each in results.values()
        if each.suite == results[chosen].suite and each.name != chosen
    ]
    if st.session_state.get("evaluate-before") not in others:
        st.session_state.pop("evaluate-before", None)
    before = right.selectbox(
        "Compared with",
        others,
        index=None,
        key="evaluate-before",
        format_func=name,
        placeholder="no other run" if others else "there is no other run of this suite",
        disabled=not others,
    )
    _show_report([before, chosen] if before else [chosen], folder)


def _told(when: datetime) -> str:
    return f"{written(when.date())}, {when:%H:%M:%S} UTC"


def _show_report(names: Sequence[str], folder: Path) -> None:
    try:
        stamps = tuple((folder / f"{name}.json").stat().st_mtime_ns for name in names)
        with st.spinner("Drawing the figures…"):
            part = _report(tuple(names), stamps)
    except (PinpointError, OSError) as error:
        st.error(plain(str(error)))
        return
    _component()(key="evaluate-report", data={"html": part.html, "css": styled(part.css)})


@st.cache_resource(show_spinner=False, max_entries=16)
def _report(names: tuple[str, ...], stamps: tuple[int, ...]) -> runs.Part:
    return runs.report(names)


def styled(css: str) -> str:
    """Fit the report's style sheet for a shadow root that follows the theme of the page."""
    for before, after in (
        ("color-scheme: light dark;", ""),
        (":root {", ":host {"),
        ("body {", ":host {"),
    ):
        css = css.replace(before, after)
    return css + _OWN


@st.cache_resource(show_spinner=False)
def _component() -> Any:
    """Register what shows a report; once, when it is first needed."""
    return component("pinpoint-report", html='<div class="part"></div>', css="", js=_SHOW)
