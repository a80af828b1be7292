"""A page of the app without a browser, over a copy of an index of invented records."""

from __future__ import annotations

import html
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.marked import index_of, marked_record, verbatim_record

AppTest = pytest.importorskip("streamlit.testing.v1").AppTest
App = Callable[..., "AppTest"]

GAP = """CCLP/C/SR.36
Committee on Civil Liberties
Summary record of the 36th meeting
Held at the Palais des Roches, Valmont, on Monday, 6 May 2024, at 10 a.m.

35. Ms. Ibarra asked how many ferries served the outer islands.

36. Mr. Varga (Osterland) said that nine ferries served the outer islands.

38. The Chair thanked the delegation.
"""
HOSTILE = '"><script>x()</script><img src=x onerror=x()>'


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("library")
    (folder / "CCLP_C_SR.36.txt").write_text(GAP, encoding="utf-8")
    record = index_of(folder / "index", marked_record(), verbatim_record())
    assert record.add([folder / "CCLP_C_SR.36.txt"]).added == ("CCLP/C/SR.36",)
    return folder / "index"


@pytest.fixture
def app(index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> App:
    """A page over a copy of the index; `session` is put into the visitor's session."""
    own = tmp_path / "own"
    shutil.copytree(index, own)
    monkeypatch.setenv("RAG_INDEX", str(own))

    def start(page: str, query: dict[str, str] | None = None, **session: str) -> AppTest:
        at = AppTest.from_string(f"from rag.app import {page}\n{page}.page()", default_timeout=60)
        for key, value in session.items():
            at.session_state[key.replace("_", "-")] = value
        for key, value in (query or {}).items():
            at.query_params[key] = value
        at.run()
        assert not at.exception
        return at

    return start


def shown(at: AppTest) -> str:
    bodies = [element.value for element in at.get("html")]
    return "\n".join(b for b in bodies if not b.lstrip().startswith(("<style>", "<script>")))


def cited(at: AppTest) -> list[str]:
    """The numbers of the paragraphs that are marked as cited."""
    return re.findall(r'pp-cited[^>]*><div class="pp-label">([^<]*)</div>', shown(at))


def here(at: AppTest) -> list[str]:
    return re.findall(r'pp-here[^>]*><div class="pp-label">([^<]*)</div>', shown(at))


def address(at: AppTest) -> str:
    """What `?cite=` says."""
    value = at.query_params["cite"]
    return value if isinstance(value, str) else value[0]


def told_of(at: AppTest) -> list[tuple[str, ...]]:
    """What the Library says came of each file or symbol: (result, name, what)."""
    lists = [body for body in shown(at).split("\n") if '<ul class="pp-results"' in body]
    spans = [html.unescape(span) for span in re.findall(r">([^<>]+)</span>", "".join(lists))]
    return list(zip(*[iter(spans)] * 3, strict=True))
