"""Documents ↔ SQLite: the truth that words and vectors are derived from.

Through the standard library's sqlite3: looking a citation up must print within
half a second of process start, and SQLAlchemy's import alone takes half of that.

Longer than most: every table with what is written to it and read from it.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Generator, Iterable, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from rag.domain import (
    AgendaItem,
    Chunk,
    Document,
    Event,
    Footnote,
    Heading,
    Note,
    Paragraph,
    Turn,
    Voice,
)
from rag.errors import IndexDamaged, UnknownDocument
from rag.store.schema import prepare

_DOCUMENT = (
    "id, symbol, title, kind, body, session, meeting, held_on, issued_on, place, chair, language, "
    "state, source, sha256, text, headings, events, exchanges, notes, footnotes, agenda, reissue, "
    "parser, status"
)
_PARAGRAPH = (
    "id, document, label, section, ordinal, text, start, end, inferred, page, heading, "
    "speaker, role, delegation, first, last, part, ocr, voices"
).replace(" end,", ' "end",')
NO_EXCHANGES = "[]"  # the column is kept for indexes of earlier versions; they are told on demand
READY, PENDING = "ready", "pending"
_VARIABLES = 500  # SQLite's limit on bound variables is far above


@dataclass(frozen=True, slots=True)
class Facts:
    """What a document is known by."""

    id: str
    symbol: str | None
    body: str | None
    state: str | None
    day: date | None  # held, or else issued


class Catalog:
    """One SQLite file; every call opens its own connection, so threads may share this."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @contextmanager
    def _open(self, *, write: bool = False) -> Generator[sqlite3.Connection]:
        if write:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with closing(sqlite3.connect(self.path, timeout=10)) as connection:
                connection.execute("PRAGMA foreign_keys = ON")
                connection.row_factory = sqlite3.Row
                prepare(connection, write=write)
                with connection:
                    yield connection
        except sqlite3.DatabaseError as error:
            raise IndexDamaged(
                f"{self.path} cannot be used ({error}); move it away and add the files again."
            ) from error

    @property
    def exists(self) -> bool:
        """Whether anything was ever stored."""
        return self.path.is_file()

    # -- writing ---------------------------------------------------------------------------

    def put(self, document: Document, chunks: Sequence[Chunk], *, parser: int) -> None:
        """Store one document as pending, in place of one with the same id."""
        self.put_all([(document, chunks, parser)])

    def put_all(self, documents: Iterable[tuple[Document, Sequence[Chunk], int]]) -> None:
        """Store documents as pending, each in place of one with the same id.

        Args:
            documents: (document, its chunks, version of the parser that read it).

        """
        with self._open(write=True) as db:
            for document, chunks, parser in documents:
                db.execute("DELETE FROM documents WHERE id = ?", (document.id,))
                db.execute(
                    f"INSERT INTO documents ({_DOCUMENT}) VALUES ({_marks(_DOCUMENT)})",
                    _document_row(document, parser),
                )
                db.executemany(
                    f"INSERT INTO paragraphs ({_PARAGRAPH}) VALUES ({_marks(_PARAGRAPH)})",
                    [_row(paragraph) for paragraph in document.paragraphs],
                )
                db.executemany(
                    "INSERT INTO chunks VALUES (?, ?, ?, ?, ?, ?)",
                    [
                        (c.id, c.paragraph, c.text, c.start, c.end, json.dumps(c.pieces))
                        for c in chunks
                    ],
                )

    def mark_ready(self, documents: Iterable[str]) -> None:
        """The derived stores hold the documents now."""
        with self._open(write=True) as db:
            db.executemany(
                "UPDATE documents SET status = ? WHERE id = ?",
                [(READY, document) for document in documents],
            )
            db.execute("UPDATE meta SET value = value + 1 WHERE key = 'revision'")

    def mark_pending(self, documents: Iterable[str]) -> None:
        """The derived stores may not hold the documents."""
        with self._open(write=True) as db:
            db.executemany(
                "UPDATE documents SET status = ? WHERE id = ?",
                [(PENDING, document) for document in documents],
            )

    def remove(self, document: str) -> None:
        """Forget a document."""
        with self._open(write=True) as db:
            db.execute("DELETE FROM documents WHERE id = ?", (document,))
            db.execute("UPDATE meta SET value = value + 1 WHERE key = 'revision'")

    def store_vectors(self, vectors: Iterable[tuple[str, bytes, bytes]]) -> None:
        """Remember embeddings by key, so that nothing is embedded twice.

        Args:
            vectors: (key, a chunk's vector, those of its sentences one after another).

        """
        with self._open(write=True) as db:
            db.executemany("INSERT OR REPLACE INTO embeddings VALUES (?, ?, ?)", vectors)

    # -- reading ---------------------------------------------------------------------------

    def stored_vectors(self, keys: Sequence[str]) -> dict[str, tuple[bytes, bytes]]:
        """The embeddings known under these keys, as they were stored."""
        rows = self._chunked("SELECT key, vector, pieces FROM embeddings WHERE key IN", keys)
        return {row["key"]: (row["vector"], row["pieces"]) for row in rows}

    def without_vectors(self, keys: Sequence[str]) -> set[str]:
        """Those of the keys under which no embedding is known."""
        rows = self._chunked("SELECT key FROM embeddings WHERE key IN", keys)
        return set(keys) - {row["key"] for row in rows}

    def agenda(self, document: str) -> list[str]:
        """Symbols of the documents that a meeting had before it, in order."""
        rows = self._rows("SELECT agenda FROM documents WHERE id = ?", document)
        return [
            symbol for row in rows for item in json.loads(row[0]) for symbol in item["documents"]
        ]

    def pending(self) -> list[str]:
        """Documents whose write did not finish."""
        return [row["id"] for row in self._rows("SELECT id FROM documents WHERE status != 'ready'")]

    def ready_with(self, sha256: str, parser: int) -> str | None:
        """The document that this very file was read into by this parser, if it is ready."""
        rows = self._rows(
            "SELECT id FROM documents WHERE sha256 = ? AND parser = ? AND status = 'ready'",
            sha256,
            parser,
        )
        return rows[0]["id"] if rows else None

    def parsers(self) -> dict[str, int]:
        """The version of the parser that read each document."""
        return {row["id"]: row["parser"] for row in self._rows("SELECT id, parser FROM documents")}

    def is_ready(self, document: str, parser: int) -> bool:
        """Whether a document was stored under this version of the parser, and finished."""
        return bool(
            self._rows(
                "SELECT 1 FROM documents WHERE id = ? AND parser = ? AND status = 'ready'",
                document,
                parser,
            )
        )

    def ids(self) -> list[str]:
        """Ids of all documents, in order."""
        return [row["id"] for row in self._rows("SELECT id FROM documents ORDER BY id")]

    def find(self, name: str) -> str:
        """The id of a document by id or symbol, whatever its case.

        Raises:
            UnknownDocument: there is none.

        """
        rows = self._rows(
            "SELECT id FROM documents WHERE id = ?1 COLLATE NOCASE OR symbol = ?1 COLLATE NOCASE",
            name,
        )
        if not rows:
            raise UnknownDocument(f"{name} is not in the index; `rag list` shows what is.")
        return rows[0]["id"]

    def document(self, name: str) -> Document:
        """Read one document by id or symbol.

        Raises:
            UnknownDocument: there is none.

        """
        row = self._rows("SELECT * FROM documents WHERE id = ?", self.find(name))[0]
        paragraphs = self._rows(
            f"SELECT {_PARAGRAPH} FROM paragraphs WHERE document = ? ORDER BY ordinal", row["id"]
        )
        return Document(
            id=row["id"],
            symbol=row["symbol"],
            title=row["title"],
            kind=row["kind"],
            body=row["body"],
            session=row["session"],
            meeting=row["meeting"],
            held_on=_date(row["held_on"]),
            issued_on=_date(row["issued_on"]),
            place=row["place"],
            chair=row["chair"],
            language=row["language"],
            state=row["state"],
            source=Path(row["source"]),
            sha256=row["sha256"],
            text=row["text"],
            paragraphs=tuple(_paragraph(p) for p in paragraphs),
            headings=tuple(
                Heading(h["text"], h["before"], tuple(h.get("documents", ())), h.get("section"))
                for h in json.loads(row["headings"])
            ),
            events=tuple(Event(**e) for e in json.loads(row["events"])),
            notes=tuple(Note(**n) for n in json.loads(row["notes"])),
            footnotes=tuple(Footnote(**f) for f in json.loads(row["footnotes"])),
            agenda=tuple(
                AgendaItem(a["number"], a["title"], tuple(a["documents"]))
                for a in json.loads(row["agenda"])
            ),
            reissue=row["reissue"],
        )

    def paragraphs(self, ids: Sequence[str]) -> dict[str, Paragraph]:
        """Paragraphs by id; ids that are not there are left out."""
        if not self.exists:
            return {}
        found: dict[str, Paragraph] = {}
        with self._open() as db:
            for at in range(0, len(ids), _VARIABLES):
                some = ids[at : at + _VARIABLES]
                marks = ", ".join("?" * len(some))
                query = f"SELECT {_PARAGRAPH} FROM paragraphs WHERE id IN ({marks})"
                found |= {row[0]: _paragraph(row) for row in db.execute(query, some)}
        return found

    def span(self, document: str, first: int, last: int) -> list[Paragraph]:
        """Paragraphs of a document by ordinal, both ends included."""
        rows = self._rows(
            f"SELECT {_PARAGRAPH} FROM paragraphs WHERE document = ? AND ordinal BETWEEN ? AND ?"
            " ORDER BY ordinal",
            document,
            first,
            last,
        )
        return [_paragraph(row) for row in rows]

    def labelled(self, document: str, label: str, section: str | None = None) -> list[Paragraph]:
        """Paragraphs of a document that bear a label, in order.

        Several where numbering restarts and `section` is None, or where a page holds
        several speeches.
        """
        rows = self._rows(
            f"SELECT {_PARAGRAPH} FROM paragraphs WHERE document = ? AND label = ?"
            " AND (?3 IS NULL OR section = ?3 COLLATE NOCASE) ORDER BY ordinal",
            document,
            label,
            section,
        )
        return [_paragraph(row) for row in rows]

    def chunks(self, document: str) -> list[Chunk]:
        """The chunks of a document, as stored."""
        rows = self._rows(
            'SELECT c.id, c.text, c.paragraph, c.start, c."end", c.pieces FROM chunks c'
            " JOIN paragraphs p ON p.id = c.paragraph WHERE p.document = ?"
            " ORDER BY p.ordinal, c.start",
            document,
        )
        return [
            Chunk(
                *(r[name] for name in ("id", "text", "paragraph", "start", "end")),
                pieces=tuple((start, end) for start, end in json.loads(r["pieces"])),
            )
            for r in rows
        ]

    def paged(self, document: str, page: int) -> list[Paragraph]:
        """The units of a verbatim record that stand on a page, in order.

        A page on which nothing begins lies within the unit before it; whether the last
        unit goes on beyond its page is not known.
        """
        units = self._rows(
            f"SELECT {_PARAGRAPH} FROM paragraphs WHERE document = ? AND label LIKE 'p. %'"
            " ORDER BY ordinal",
            document,
        )
        numbered = [(int(u["label"][3:]), u) for u in units if u["label"][3:].isdecimal()]
        there = [unit for at, unit in numbered if at == page]
        before = [unit for at, unit in numbered if at < page]
        if not there and before and any(at > page for at, _ in numbered):
            there = before[-1:]
        return [_paragraph(unit) for unit in there]

    def speakers(self) -> list[tuple[str, str | None, str | None]]:
        """Distinct (speaker, delegation, role), in order; those who share a paragraph too."""
        return [
            (row["speaker"], row["delegation"], row["role"])
            for row in self._rows(
                "SELECT speaker, delegation, role FROM paragraphs WHERE speaker IS NOT NULL UNION "
                "SELECT json_extract(value, '$.speaker'), json_extract(value, '$.delegation'), "
                "json_extract(value, '$.role') FROM paragraphs, json_each(voices) "
                "WHERE voices IS NOT NULL ORDER BY 1, 2, 3"
            )
        ]

    def facts(self) -> list[Facts]:
        """What a search can be limited to by document, in order of the ids."""
        return [
            Facts(
                row["id"],
                row["symbol"],
                row["body"],
                row["state"],
                _date(row["held_on"]) or _date(row["issued_on"]),
            )
            for row in self._rows(
                "SELECT id, symbol, body, state, held_on, issued_on FROM documents ORDER BY id"
            )
        ]

    def headings(self) -> list[str]:
        """Every heading that stands above a paragraph, each once."""
        return [
            row["heading"]
            for row in self._rows("SELECT DISTINCT heading FROM paragraphs WHERE heading NOT NULL")
        ]

    def counts(self) -> tuple[int, int, int]:
        """Numbers of documents, paragraphs and chunks."""
        if not self.exists:
            return 0, 0, 0
        with self._open() as db:
            one = [
                db.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
                for table in ("documents", "paragraphs", "chunks")
            ]
        return one[0], one[1], one[2]

    def paragraph_counts(self) -> dict[str, int]:
        """How many paragraphs each document has; one that has none is left out."""
        rows = self._rows("SELECT document, count(*) AS n FROM paragraphs GROUP BY document")
        return {row["document"]: row["n"] for row in rows}

    def revision(self) -> int:
        """Grows with every change."""
        rows = self._rows("SELECT value FROM meta WHERE key = 'revision'")
        return int(rows[0]["value"]) if rows else 0

    def _rows(self, query: str, *values: object) -> list[sqlite3.Row]:
        if not self.exists:
            return []
        with self._open() as db:
            return db.execute(query, values).fetchall()

    def _chunked(self, query: str, values: Sequence[str]) -> list[sqlite3.Row]:
        """Run a query over many values, some at a time."""
        if not self.exists:
            return []
        rows: list[sqlite3.Row] = []
        with self._open() as db:
            for at in range(0, len(values), _VARIABLES):
                some = values[at : at + _VARIABLES]
                marks = ", ".join("?" * len(some))
                rows += db.execute(f"{query} ({marks})", some).fetchall()
        return rows


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _marks(columns: str) -> str:
    """One question mark a column."""
    return ", ".join("?" for _ in columns.split(","))


def _dump(
    values: Sequence[Heading | Event | Note | Footnote | AgendaItem | Voice],
) -> str:
    return json.dumps([asdict(value) for value in values], ensure_ascii=False)


def _document_row(document: Document, parser: int) -> tuple[object, ...]:
    return (
        document.id, document.symbol, document.title, document.kind, document.body,
        document.session, document.meeting, _iso(document.held_on), _iso(document.issued_on),
        document.place, document.chair, document.language, document.state,
        str(document.source), document.sha256, document.text, _dump(document.headings),
        _dump(document.events), NO_EXCHANGES, _dump(document.notes),
        _dump(document.footnotes), _dump(document.agenda), document.reissue, parser, PENDING,
    )  # fmt: skip


def _row(p: Paragraph) -> tuple[object, ...]:
    turn = p.turn
    floor = (
        (turn.speaker, turn.role, turn.delegation, turn.first, turn.last) if turn else (None,) * 5
    )
    return (
        p.id, p.document, p.label, p.section, p.ordinal, p.text, p.start, p.end,
        int(p.inferred), p.page, p.heading, *floor, p.part, int(p.ocr),
        _dump(p.voices) if p.voices else None,
    )  # fmt: skip


def _paragraph(row: sqlite3.Row) -> Paragraph:
    """A row of `_PARAGRAPH`, unpacked by place: a question reads hundreds."""
    (
        _, document, label, section, ordinal, text, start, end, inferred, page, heading,
        speaker, role, delegation, first, last, part, ocr, voices,
    ) = row  # fmt: skip
    return Paragraph(
        document,
        label,
        ordinal,
        text,
        start,
        end,
        bool(inferred),
        page,
        heading,
        Turn(speaker, role, delegation, first, last) if speaker is not None else None,
        section,
        part,
        bool(ocr),
        tuple(Voice(**voice) for voice in json.loads(voices)) if voices else (),
    )
