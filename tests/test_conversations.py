"""Conversations kept, gone on with, listed, exported; two processes that write one lose no turn."""

from __future__ import annotations

import json
import multiprocessing
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from filelock import FileLock

from rag.config import Settings
from rag.conversations import (
    FORMAT,
    Conversations,
    Exchanged,
    Setting,
    as_json,
    as_markdown,
)
from rag.domain import (
    QA,
    Answer,
    Check,
    Citation,
    Claim,
    Filters,
    NoAnswer,
    Paragraph,
    Passage,
    Searched,
)
from rag.errors import BadInput, ConversationDamaged, ConversationLocked, UnknownConversation
from rag.given import read_history
from rag.record import Record
from tests.command import rag
from tests.test_cli import RECORD

AT = datetime(2026, 3, 4, 15, 0, tzinfo=UTC)
CLAIM = Claim(
    "two schools would be built",
    "two schools would be built",
    Citation("CCLP/C/SR.9", None, "4"),
    "Mr. Anders",
    "Maravia",
    (Check("citation", True),),
)
NEAR = Passage(Paragraph("CCLP/C/SR.9", "3", 2, "Ms. Bell asked why.", 0, 19), 0.4, "both")


def answered(question: str, asked: str = "") -> Exchanged:
    outcome = Answer(question, (CLAIM,), (), (NEAR,), Searched(1, 4), 0.01, asked or question)
    return Exchanged.of(outcome, Setting(Filters(role="member", held_from=date(2024, 1, 1))), AT)


def refused(question: str) -> Exchanged:
    outcome = NoAnswer(question, "Nothing bears on it.", (NEAR,), Searched(1, 4), asked=question)
    return Exchanged.of(outcome, Setting(llm="ollama:x"), AT.replace(hour=16))


@pytest.fixture
def kept(tmp_path: Path) -> Conversations:
    return Conversations(tmp_path / "conversations")


def test_what_is_kept_comes_back_the_same(kept: Conversations) -> None:
    first, second = answered("Schools?", "How many schools?"), refused("And roads?")
    kept.append("Maravia: 2024/1", first)
    told = kept.append("Maravia: 2024/1", second)
    assert kept.load("Maravia: 2024/1") == told
    assert told.exchanges == (first, second)
    assert told.begun == AT


def test_its_history_is_what_a_follow_up_needs(kept: Conversations) -> None:
    kept.append("a", answered("Schools?", "How many schools?"))
    kept.append("a", refused("And roads?"))
    schools, roads = kept.history("a")
    assert (schools.asked, schools.cited, schools.speakers) == (
        "How many schools?", ("CCLP/C/SR.9, para. 4",), ("Mr. Anders",),
    )  # fmt: skip
    assert (roads.question, roads.answer, roads.cited) == ("And roads?", "", ())
    assert kept.history("never begun") == ()


@pytest.mark.parametrize(
    "name",
    ["../../etc/passwd", "a/b", "C:\\x", ".hidden", "Qazaqstan: сұрақтар", "CON", "x" * 120, "a.json"],
)  # fmt: skip
def test_any_name_makes_a_safe_file(kept: Conversations, name: str) -> None:
    kept.append(name, answered("?"))
    (path,) = kept.folder.glob("*.json")
    assert path.resolve().parent == kept.folder.resolve()
    assert path.name.isascii()
    assert len(path.name) < 80
    assert kept.load(name).name == name


@pytest.mark.parametrize("name", ["", "  ", "x" * 121, "a\x00b", "a\x1bb"])
def test_some_names_are_none(kept: Conversations, name: str) -> None:
    with pytest.raises(BadInput):
        kept.append(name, answered("?"))


def test_like_names_are_told_apart_and_white_space_is_one(kept: Conversations) -> None:
    for name in ("Nepal", "nepal", "Népal", "nepal!"):
        kept.append(name, answered("?"))
    kept.append("  Nepal ", answered("again?"))
    assert sorted((each.name, each.questions) for each in kept.list()) == [
        ("Nepal", 2), ("Népal", 1), ("nepal", 1), ("nepal!", 1),
    ]  # fmt: skip


def test_the_last_gone_on_with_is_first(kept: Conversations) -> None:
    kept.append("late", refused("?"))
    kept.append("early", answered("First?"))
    assert [(each.name, each.opening) for each in kept.list()] == [
        ("late", "?"),
        ("early", "First?"),
    ]
    assert Conversations(kept.folder / "none").list() == ()


def test_a_new_name_must_be_free(kept: Conversations) -> None:
    kept.append("a", answered("?"))
    kept.append("b", answered("?"))
    with pytest.raises(BadInput, match="already"):
        kept.rename("a", "b")
    assert kept.rename("a", "c").name == "c"
    assert sorted(each.name for each in kept.list()) == ["b", "c"]
    assert kept.rename("c", " c ").name == "c"


def test_what_is_not_there_is_told(kept: Conversations) -> None:
    def rename(name: str) -> object:
        return kept.rename(name, "x")

    for act in (kept.load, kept.delete, rename):
        with pytest.raises(UnknownConversation, match="rag conversations list"):
            act("none")
    kept.append("a", answered("?"))
    kept.delete("a")
    assert kept.list() == ()


@pytest.mark.parametrize("text", ["", "not json", "[]", "{}", '{"name": "a"}', "\xff"])
def test_a_damaged_file_is_told_and_left_as_it_is(kept: Conversations, text: str) -> None:
    kept.append("a", answered("?"))
    (path,) = kept.folder.glob("*.json")
    path.write_text(text, encoding="latin-1")

    def append(name: str) -> object:
        return kept.append(name, answered("?"))

    for act in (kept.load, append):
        with pytest.raises(ConversationDamaged, match="delete"):
            act("a")
    assert path.read_text(encoding="latin-1") == text
    (listed,) = kept.list()
    assert listed.damaged
    kept.delete(listed.name)
    assert kept.list() == ()


def test_a_newer_format_is_not_guessed_at(kept: Conversations) -> None:
    kept.append("a", answered("?"))
    (path,) = kept.folder.glob("*.json")
    path.write_text(json.dumps({"format": FORMAT + 1, "strange": True}))
    with pytest.raises(ConversationDamaged, match="newer version"):
        kept.load("a")


def test_a_crash_leaves_the_old_file(kept: Conversations, monkeypatch: pytest.MonkeyPatch) -> None:
    told = kept.append("a", answered("?"))

    def fail(_: int) -> None:
        raise OSError("no space left")

    monkeypatch.setattr("os.fsync", fail)
    with pytest.raises(OSError, match="no space"):
        kept.append("a", refused("?"))
    monkeypatch.undo()
    assert kept.load("a") == told
    assert sorted(path.suffix for path in kept.folder.iterdir() if path.name != ".lock") == [
        ".json"
    ]


def test_a_lock_that_is_held_is_told(kept: Conversations) -> None:
    kept.append("a", answered("?"))
    with (
        FileLock(kept.folder / ".lock"),
        pytest.raises(ConversationLocked, match="another process"),
    ):
        Conversations(kept.folder, lock_timeout=0.05).append("a", answered("?"))


def _add(folder: Path, who: int) -> None:
    for number in range(15):
        Conversations(folder).append("shared", answered(f"{who}.{number}?"))


def test_processes_side_by_side_lose_no_turn(kept: Conversations) -> None:
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_add, args=(kept.folder, who)) for who in range(3)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
    told = [each.question for each in kept.load("shared").exchanges]
    assert sorted(told) == sorted(f"{who}.{n}?" for who in range(3) for n in range(15))
    assert all(  # each process in its own order
        [q for q in told if q.startswith(f"{who}.")] == [f"{who}.{n}?" for n in range(15)]
        for who in range(3)
    )


def test_markdown_is_to_be_read_and_shows_signs_as_they_are(kept: Conversations) -> None:
    kept.append("a *b*", answered("Schools <script>?", "How many schools?"))
    text = as_markdown(kept.append("a *b*", refused("And_roads?")))
    assert text.splitlines() == [
        r"# a \*b\*", "",
        r"## 1. Schools \<script\>?", "",
        "*Understood as: How many schools?*", "",
        r"- Mr. Anders (Maravia): “two schools would be built” \[CCLP/C/SR.9, para. 4\]", "",
        "*2026-03-04 15:00 UTC · without a model · searched 4 paragraphs of 1 document · "
        r"only role member; held\_from 2024-01-01*", "",
        r"## 2. And\_roads?", "",
        "The record does not say. Nothing bears on it.", "",
        "Nearest: CCLP/C/SR.9, para. 3", "",
        "*2026-03-04 16:00 UTC · ollama:x · searched 4 paragraphs of 1 document*",
    ]  # fmt: skip


def test_json_has_everything(kept: Conversations) -> None:
    data = json.loads(as_json(kept.append("a", answered("?"))))
    assert data["format"] == FORMAT
    assert data["exchanges"][0]["claims"][0]["citation"]["first"] == "4"
    assert data["exchanges"][0]["setting"]["filters"]["role"] == "member"


def test_the_reply_is_given_where_the_question_names_nothing(tmp_path: Path) -> None:
    (tmp_path / "nine.txt").write_text(RECORD)
    record = Record(Settings(index=tmp_path / "index"))
    record.add([tmp_path / "nine.txt"])
    asked = record.ask("Who asked why no school had been built?")
    reply = record.ask("what did the delegation answer?", history=[QA.of(asked)])
    assert isinstance(reply, Answer)


WHO_ASKED = "Who asked why no school had been built?"
REPLY = "what did the delegation answer?"


def test_what_was_answered_is_given_back_from_a_file(tmp_path: Path) -> None:
    index, told = tmp_path / "index", tmp_path / "told.json"
    (tmp_path / "nine.txt").write_text(RECORD)
    rag("add", str(tmp_path / "nine.txt"), index=index)
    first = rag("ask", WHO_ASKED, "--json", index=index).stdout
    assert [c["citation"]["text"] for c in json.loads(first)["claims"]] == ["CCLP/C/SR.9, para. 3"]

    rag("ask", WHO_ASKED, "--conversation", "kept", index=index)
    exported = rag("conversations", "export", "kept", "--as", "json", index=index).stdout
    kept = json.loads(
        rag("ask", REPLY, "--conversation", "kept", "--json", index=index).stdout
    )["claims"]  # fmt: skip
    assert [c["citation"]["text"] for c in kept] == ["CCLP/C/SR.9, para. 4"]

    refused = rag("ask", "How many submarines are there?", "--json", index=index, ok=1).stdout
    for history in (
        first,  # rag ask --json … > told.json
        f"[{first}]",
        refused + first,  # rag ask --json … >> told.json
        exported,
    ):
        told.write_text(history)
        done = rag("ask", REPLY, "--history", str(told), "--json", index=index)
        assert json.loads(done.stdout)["claims"] == kept
    batch = tmp_path / "batch.jsonl"
    batch.write_text(json.dumps({"question": REPLY, "history": [json.loads(first)]}) + "\n")
    done = rag("ask", "--batch", str(batch), index=index)
    assert json.loads(done.stdout)["claims"] == kept

    told.write_text('[{"question": "Schools?", "claims": [{"text": "x", "citation": "A/1#3"}]}]')
    done = rag("ask", REPLY, "--history", str(told), index=index, ok=2)
    assert done.stderr.count("\n") == 1
    assert "told.json: 'A/1#3' is not a citation such as" in done.stderr


@pytest.mark.parametrize(
    ("text", "past"),
    [
        ('["Schools?"]', [QA("Schools?")]),
        ('"Schools?"\n"And roads?"', None),  # no list and no object
        ('{"question": "Schools?"}\n{"question": "Roads?"}', [QA("Schools?"), QA("Roads?")]),
        ('[{"question": "Schools?", "answer": "Two."}]', [QA("Schools?", "Two.")]),
        ('[{"question": "Roads?", "answered": false, "text": "The record does not say."}]',
         [QA("Roads?")]),
        ('[{"question": "Roads?", "answered": false, "claims": [], "text": "It does not say."}]',
         [QA("Roads?", asked="Roads?")]),
        ('[{"question": "S?", "cited": ["A/1, para. 4"], "speakers": ["Ms. Bell", "Mr. Cho"]}]',
         [QA("S?", cited=("A/1, para. 4",), speakers=("Ms. Bell",))]),
        ('[{"question": "S?", "asked": "Schools?", "claims": [{"text": "Two.", "speaker": null, '
         '"citation": {"symbol": "A/1", "section": null, "first": "4", "last": null}}]}]',
         [QA("S?", "Two.", ("A/1, para. 4",), "Schools?", ("",))]),
        ('[{"role": "user", "content": "S?"}, {"role": "assistant", "content": "Two."}]',
         [QA("S?", "Two.")]),
        ('{"exchanges": []}', []),
        ("[1]", None),
        ('{"exchanges": 3}', None),
        ('[{"question": "S?", "claims": [{"text": "Two."}]}]', None),
        ('[{"question": "S?"}', None),
        ("", []),
    ],
)  # fmt: skip
def test_a_history_in_a_file(tmp_path: Path, text: str, past: list[QA] | None) -> None:
    path = tmp_path / "told.json"
    path.write_text(text)
    if past is not None:
        assert read_history(path) == past
        return
    with pytest.raises(BadInput):
        read_history(path)


def test_a_line_of_a_history_that_is_no_json_is_named(tmp_path: Path) -> None:
    path = tmp_path / "told.jsonl"
    path.write_text('{"question": "Schools?"}\n\n{"question": Roads}\n')
    with pytest.raises(BadInput, match=r"told\.jsonl, line 3: not JSON"):
        read_history(path)


def test_a_conversation_on_the_command_line(tmp_path: Path) -> None:
    index = tmp_path / "index"
    (tmp_path / "nine.txt").write_text(RECORD)
    rag("add", str(tmp_path / "nine.txt"), index=index)
    named = ("--conversation", "schools")
    rag("ask", "Who asked why no school had been built?", *named, index=index)
    done = rag("ask", "and what did the delegation say of schools since 2025?", *named, index=index)
    assert "CCLP/C/SR.9, para. 4" in done.stdout
    assert "Understood as: What did the delegation say of schools" in done.stderr

    assert "2  schools: Who asked" in rag("conversations", "list", index=index).stdout
    (row,) = json.loads(rag("conversations", "list", "--json", index=index).stdout)
    assert row["questions"] == 2
    out = tmp_path / "schools.md"
    rag("conversations", "export", "schools", "--out", str(out), index=index)
    assert out.read_text("utf-8").startswith("# schools\n")
    told = json.loads(rag("conversations", "export", "schools", "--as", "json", index=index).stdout)
    assert [each["question"] for each in told["exchanges"]][
        1
    ] == "and what did the delegation say of schools since 2025?"
    rag("conversations", "rename", "schools", "schools 2024", index=index)
    assert rag("conversations", "show", "schools", index=index, ok=2).stderr.startswith(
        "rag: There"
    )
    rag("conversations", "delete", "schools 2024", index=index)
    assert "No conversation" in rag("conversations", "list", index=index).stderr
    rag("conversations", "export", "x", "--as", "docx", index=index, ok=2)
    rag("ask", "x", *named, "--batch", str(out), index=index, ok=2)
