"""The app without a browser: conversations that are kept, and links that lead into it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from rag.app.pane import resolve
from rag.app.safe import plain
from rag.app.state import link_to, read_link
from rag.config import Settings
from rag.domain import Citation
from rag.errors import BadCitation
from rag.record import Record
from tests.app_session import App, AppTest, _start, app, ask, errors, index, shown

__all__ = ["app", "index"]


# -- conversations that are kept ----------------------------------------------------------------

KEEPERS = "How many keepers does the Lighthouse Service employ?"


@pytest.fixture
def own(index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the index, whose conversations are this test's alone."""
    path = tmp_path / "own"
    shutil.copytree(index, path, ignore=shutil.ignore_patterns("conversations"))
    monkeypatch.setenv("RAG_INDEX", str(path))
    return path


def kept(at: AppTest) -> list[str]:
    """What the sidebar offers to open."""
    return [b.label for b in at.button if (b.key or "").startswith("kept-open-")]


def test_a_conversation_is_opened_again_after_a_restart(own: Path) -> None:
    at = ask(ask(_start().run(), KEEPERS), "Who won the football championship of 1974?")
    before = shown(at).partition('<div class="pp-question"')[2]
    later = _start().run()
    assert kept(later) == [plain(KEEPERS)]
    assert not later.chat_message
    later.button(key="kept-open-0").click().run()
    assert not later.exception
    assert shown(later).partition('<div class="pp-question"')[2] == before
    assert later.button(key="cite-1-1").label == at.button(key="cite-1-1").label
    later.button(key="cite-1-1").click().run()
    assert "pp-cited" in shown(later)
    later = ask(later, "And how many of them were women?")
    assert "87" in shown(later)
    (told,) = Record(Settings(index=own)).conversations.list()
    assert (told.name, told.questions) == (KEEPERS, 3)


def test_two_conversations_that_begin_alike_are_two(own: Path) -> None:
    at = ask(_start().run(), KEEPERS)
    assert not kept(at)  # the one that is open is not offered
    at.button(key="forget").click().run()
    at = ask(at, KEEPERS)
    assert at.text_input(key=f"kept-name-{KEEPERS} (2)").value == f"{KEEPERS} (2)"
    assert kept(at) == [plain(KEEPERS)]


def test_a_conversation_is_named_and_deleted(own: Path) -> None:
    at = ask(_start().run(), KEEPERS)
    at.text_input(key=f"kept-name-{KEEPERS}").set_value("  Lighthouses  & <b> ").run()
    assert not at.exception
    conversations = Record(Settings(index=own)).conversations
    assert [each.name for each in conversations.list()] == ["Lighthouses & <b>"]
    at = ask(at, "How many fishing licences were refused in 2020?")
    assert [each.questions for each in conversations.list()] == [2]
    at.text_input(key="kept-name-Lighthouses & <b>").set_value(" ").run()
    assert "needs a name" in errors(at).replace("\\", "")
    at.button(key="kept-delete").click().run()
    assert not at.exception
    assert not conversations.list()
    assert not at.chat_message
    assert not errors(at)


def test_what_cannot_be_kept_is_answered_all_the_same(own: Path) -> None:
    (own / "conversations").write_text("a file where a folder should be")
    at = ask(_start().run(), KEEPERS)
    assert "212 keepers" in shown(at)
    assert "could not be kept" in errors(at)


def test_a_damaged_conversation_is_told(own: Path) -> None:
    (own / "conversations").mkdir()
    (own / "conversations" / "torn.json").write_text('{"name": "to')
    at = ask(_start().run(), KEEPERS)
    assert not at.exception
    assert plain("torn.json") in errors(at)
    assert at.text_input(key=f"kept-name-{KEEPERS}")


def test_a_statement_of_a_document_that_was_removed_still_stands(own: Path) -> None:
    ask(_start().run(), KEEPERS)
    Record(Settings(index=own)).remove("CCLP/C/SR.7")
    at = _start().run()
    at.button(key="kept-open-0").click().run()
    assert not at.exception
    assert "212 keepers" in shown(at)


# -- links -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "link",
    [
        "CCLP/C/SR.7#4",
        "CCLP/C/SR.7%234",  # escaped twice on its way
        "CCLP/C/SR.7#4~2",  # a chunk's id
        "cclp/c/sr.7#4",
        "CCLP/C/SR.7, para. 4",
    ],
)
def test_a_link_opens_its_paragraph(app: App, link: str) -> None:
    at = app()
    at.query_params["cite"] = link
    at.run()
    assert not at.exception
    assert 'pp-cited pp-here"><div class="pp-label">4.</div>' in shown(at)


@pytest.mark.parametrize("link", ["CCLP/C/SR.7#99", "CCLP/C/SR.999#1", "<b>nothing</b>", "#"])
def test_a_link_to_nowhere_is_told(app: App, link: str) -> None:
    at = app()
    at.query_params["cite"] = link
    at.run()
    assert not at.exception
    assert errors(at)
    assert at.chat_input
    assert "<b>nothing" not in errors(at)


def test_links_lead_back_to_their_citation(index: Path) -> None:
    record = Record(Settings(index=index))
    for citation in (
        Citation("CCLP/C/SR.7", None, "4"),
        Citation("CCLP/C/SR.7", "annex I", "3"),
        Citation("CCLP/C/SR.7", None, "2", "4"),
        Citation("CCLP/C/SR.7"),
    ):
        assert read_link(record, link_to(citation)) == citation


def test_a_citation_that_points_nowhere_is_refused(index: Path) -> None:
    document = Record(Settings(index=index)).document("CCLP/C/SR.7")
    assert resolve(document, Citation("CCLP/C/SR.7", None, "2", "4")) == range(1, 4)
    for label, last in (("9", None), ("4", "2"), ("4", "9")):
        with pytest.raises(BadCitation):
            resolve(document, Citation("CCLP/C/SR.7", None, label, last))
