"""The ask page: a conversation on the left, the record itself on the right."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from contextlib import closing

import streamlit as st

from rag.app import state
from rag.app.answerers import Answerer, chosen
from rag.app.answers import Coming, role_of, show_outcome
from rag.app.kept import keep
from rag.app.pane import show_pane
from rag.app.safe import escaped, plain
from rag.app.script import show_newest
from rag.app.taken import show_whole
from rag.domain import Answer, Claim, Found, NoAnswer
from rag.errors import PinpointError
from rag.record import Record

_SUGGESTIONS = 4
_FURTHER = 3
# Headings that open or close a meeting name no subject one would ask about.
_PROCEDURE = re.compile(
    r"(?i)consideration of|report of|reports? submitted|agenda|introduction|positive aspects|"
    r"principal (?:subjects|areas|matters)|other matters|organi[sz]ation of|dissemination|"
    r"follow-up|contents|^annex|^articles?\b|^[A-Z]\.$|proceedings|interactive dialogue|"
    r"presentation by|conclusions|recommendations|working group|universal periodic|delegation|"
    r"adoption of|opening of|closure of|decision|resolution|^rules?\b|^statement"
)


def page() -> None:
    """Draw the ask page."""
    record, settings = state.open_record()
    answerer = chosen(settings)
    state.follow_link(record)
    shelf = state.shelf(record)
    chat, pane = st.columns([56, 44], gap="large")
    with pane:
        show_pane(record)
    question = st.chat_input(
        f"Ask the record… ({answerer.short})",
        key="question",
        max_chars=4000,
        disabled=not shelf.entries,
    )
    if question and question.strip():
        state.ask_next(question.strip())
    with chat:
        if not shelf.entries:
            _show_empty()
            return
        _show_conversation(record, shelf, answerer)
    state.warm(record)


def _show_conversation(record: Record, shelf: state.Shelf, answerer: Answerer) -> None:
    asked_before = state.conversation()
    waiting = state.pending()
    with st.empty():  # goes as soon as a question is put, not when its answer is whole
        if not asked_before and not waiting:
            with st.container():
                _show_welcome(shelf)
    for number, asked in enumerate(asked_before, start=1):
        _show_question(asked.question)
        with st.chat_message("assistant", avatar=":material/push_pin:"):
            show_outcome(record, asked, number)
    if not waiting:
        if asked_before:
            _show_further(asked_before[-1])
            show_whole(record, asked_before)
        return
    _show_question(waiting)
    with st.chat_message("assistant", avatar=":material/push_pin:"):
        with st.spinner("Reading the record…"):
            coming = Coming(st.empty())
            show_newest(len(asked_before) + 1)
            try:
                asked = answer(record, waiting, coming.show, llm=answerer.name)
            except Exception:  # unforeseen: shown once, not asked again on every click
                state.drop()
                raise
        state.settle(asked)
        keep(record, asked)
        coming.clear()
        show_outcome(record, asked, len(asked_before))
    _show_further(asked)
    show_whole(record, asked_before)
    show_newest(len(asked_before))


def answer(
    record: Record,
    question: str,
    show: Callable[[Found | Claim], None] = lambda _: None,
    *,
    llm: str = "",
) -> state.Asked:
    """Ask the record; what goes wrong becomes a sentence, so that the conversation goes on.

    Args:
        record: what is asked.
        question: in plain words.
        show: told what was found, then each statement as soon as it is checked.
        llm: the model that answers, as the settings name it; none where it is empty.

    """
    limits = state.filters()
    try:
        asking = record.ask_stream(question, filters=limits, history=state.history(), llm=llm)
        with closing(asking) as steps:
            with state.opening(record):
                step = next(steps)
            while not isinstance(step, Answer | NoAnswer):
                show(step)
                step = next(steps)
    except PinpointError as error:
        return state.Asked(question, limits, None, str(error), llm)
    return state.Asked(question, limits, step, llm=llm)


def _show_question(question: str) -> None:
    with st.chat_message("user", avatar=":material/person:"):
        st.html(f'<div class="pp-question" dir="auto">{escaped(question)}</div>')


def _show_further(asked: state.Asked) -> None:
    """Offer what may be asked next."""
    questions = further(asked)
    if not questions:
        return
    with st.container(key="further", horizontal=True, gap="small"):
        for number, question in enumerate(questions):
            st.button(
                plain(question),
                key=f"further-{number}",
                type="tertiary",
                icon=":material/subdirectory_arrow_right:",
                on_click=state.ask_next,
                args=(question,),
            )


def further(asked: state.Asked) -> list[str]:
    """Questions that an answer invites: the reply, who asked, and what else was found.

    They stand on the answer, as what a reader would type does.
    """
    outcome = asked.outcome
    if outcome is None:
        return []
    found: list[str] = []
    claims = outcome.claims if isinstance(outcome, Answer) else ()
    sides = {role_of(claim, outcome.passages) for claim in claims if claim.speaker}
    if sides == {"member"}:
        found.append("What did the delegation reply?")
    if sides == {"delegation"}:
        found.append("Who asked about it?")
    cited = {claim.citation for claim in claims}
    here = {p.paragraph.heading for p in outcome.passages if p.paragraph.citation in cited}
    others = dict.fromkeys(
        p.paragraph.heading
        for p in outcome.passages
        if p.paragraph.heading and p.paragraph.heading not in here
    )
    found += [f"What was said about {each}?" for each in _subjects(others)]
    return found[:_FURTHER]


def _show_welcome(shelf: state.Shelf) -> None:
    documents = len(shelf.entries)
    plural = "" if documents == 1 else "s"
    st.html(
        '<div class="pp-welcome"><h1>Ask the record.<br>Get the paragraph.</h1>'
        f"<p>{documents:,} document{plural} with {shelf.paragraphs:,} numbered paragraphs are at "
        "hand. Every statement of an answer is quoted from them, with the paragraph where it "
        "stands.</p></div>"
    )
    questions = suggestions(shelf)
    if not questions:
        return
    st.html('<div class="pp-quiet">For example</div>')
    with st.container(key="suggestions", gap="small"):
        for number, question in enumerate(questions):
            st.button(
                plain(question),
                key=f"suggestion-{number}",
                on_click=state.ask_next,
                args=(question,),
            )


def suggestions(shelf: state.Shelf) -> list[str]:
    """Questions that the headings of the documents invite."""
    headings = [heading for entry in shelf.entries for heading in entry.headings]
    return [f"What was said about {each}?" for each in _subjects(headings)[:_SUGGESTIONS]]


def _subjects(headings: Iterable[str]) -> list[str]:
    """What headings name that one would ask about, each once, as it stands in a sentence."""
    subjects: dict[str, None] = {}
    for heading in headings:
        subject = re.sub(r"\s*\([^)]*\)|^\W*(?:[A-Z]|[IVX]+|[0-9]+)\.\s+", "", heading)
        subject = " ".join(subject.split()).strip(" *.:")
        if 8 <= len(subject) <= 60 and not _PROCEDURE.search(subject):
            small = subject.lower() if subject.isupper() else subject[0].lower() + subject[1:]
            subjects.setdefault(small)
    return list(subjects)


def _show_empty() -> None:
    st.html(
        '<div class="pp-welcome"><h1>There is no record here yet.</h1>'
        '<p>Add one on the <a class="pp-in" href="library" target="_self">Library</a> page, or on '
        "the command line:</p></div>"
    )
    st.code("rag add FILE…", language=None)
