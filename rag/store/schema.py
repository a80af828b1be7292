"""The catalogue's tables, and an older catalogue → one of this version.

Columns are only ever added, so that an index written by an earlier version opens
as it is; its documents are read again when their files are next added.
"""

from __future__ import annotations

import sqlite3

from rag.errors import IndexMismatch

VERSION = 3  # PRAGMA user_version; the first version wrote 0
TABLES = """
CREATE TABLE IF NOT EXISTS documents (
  id TEXT PRIMARY KEY, symbol TEXT, title TEXT NOT NULL, kind TEXT NOT NULL, body TEXT,
  session TEXT, meeting INTEGER, held_on TEXT, issued_on TEXT, place TEXT, chair TEXT,
  language TEXT NOT NULL, state TEXT, source TEXT NOT NULL, sha256 TEXT NOT NULL,
  text TEXT NOT NULL, headings TEXT NOT NULL, events TEXT NOT NULL, exchanges TEXT NOT NULL,
  notes TEXT NOT NULL, parser INTEGER NOT NULL, status TEXT NOT NULL,
  footnotes TEXT NOT NULL DEFAULT '[]', agenda TEXT NOT NULL DEFAULT '[]', reissue TEXT
);
CREATE INDEX IF NOT EXISTS documents_sha256 ON documents (sha256);
CREATE INDEX IF NOT EXISTS documents_pending ON documents (id) WHERE status != 'ready';
CREATE TABLE IF NOT EXISTS paragraphs (
  id TEXT PRIMARY KEY, document TEXT NOT NULL REFERENCES documents ON DELETE CASCADE,
  label TEXT NOT NULL, section TEXT, ordinal INTEGER NOT NULL, text TEXT NOT NULL,
  start INTEGER NOT NULL, "end" INTEGER NOT NULL, inferred INTEGER NOT NULL, page INTEGER,
  heading TEXT, speaker TEXT, role TEXT, delegation TEXT, first INTEGER, last INTEGER,
  part INTEGER NOT NULL DEFAULT 1, ocr INTEGER NOT NULL DEFAULT 0, voices TEXT
);
CREATE INDEX IF NOT EXISTS paragraphs_place ON paragraphs (document, ordinal);
CREATE INDEX IF NOT EXISTS paragraphs_label ON paragraphs (document, label);
CREATE TABLE IF NOT EXISTS chunks (
  id TEXT PRIMARY KEY, paragraph TEXT NOT NULL REFERENCES paragraphs ON DELETE CASCADE,
  text TEXT NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL,
  pieces TEXT NOT NULL DEFAULT '[]'
);
CREATE INDEX IF NOT EXISTS chunks_paragraph ON chunks (paragraph);
CREATE TABLE IF NOT EXISTS embeddings (
  key TEXT PRIMARY KEY, vector BLOB NOT NULL, pieces BLOB NOT NULL DEFAULT x''
);
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
INSERT OR IGNORE INTO meta VALUES ('revision', '0');
"""
# Table → its columns that earlier versions did not have, as TABLES declares them.
_ADDED = {
    "documents": {
        "footnotes": "TEXT NOT NULL DEFAULT '[]'",
        "agenda": "TEXT NOT NULL DEFAULT '[]'",
        "reissue": "TEXT",
    },
    "paragraphs": {
        "part": "INTEGER NOT NULL DEFAULT 1",
        "ocr": "INTEGER NOT NULL DEFAULT 0",
        "voices": "TEXT",
    },
    "chunks": {"pieces": "TEXT NOT NULL DEFAULT '[]'"},
    "embeddings": {"pieces": "BLOB NOT NULL DEFAULT x''"},
}


def prepare(connection: sqlite3.Connection, *, write: bool) -> None:
    """Bring a catalogue's tables to this version; with `write`, make those it has not.

    Raises:
        IndexMismatch: a later version wrote it, or it is an earlier one's and read-only.

    """
    version = _version(connection)
    if version > VERSION:
        raise IndexMismatch(
            f"The index was written by a later version of this program (format {version}, known "
            f"is {VERSION}); update it: pip install -U pinpoint-record"
        )
    if version < VERSION:
        try:
            _migrate(connection)
        except sqlite3.OperationalError as error:
            if "readonly" not in str(error):
                raise
            raise IndexMismatch(
                "The index was written by an earlier version and cannot be written to; make its "
                "folder writable, so that it can be brought up to date."
            ) from error
    if write:
        connection.executescript(TABLES)


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _migrate(connection: sqlite3.Connection) -> None:
    """Add what is missing, in one transaction, so that of two processes one does it."""
    connection.execute("BEGIN IMMEDIATE")
    with connection:
        if _version(connection) >= VERSION:
            return
        for table, columns in _ADDED.items():
            there = {row[1] for row in connection.execute(f"PRAGMA table_info({table})")}
            for name, kind in columns.items():
                if there and name not in there:  # no columns: the table is not made yet
                    connection.execute(f"ALTER TABLE {table} ADD COLUMN {name} {kind}")
        connection.execute(f"PRAGMA user_version = {VERSION}")
