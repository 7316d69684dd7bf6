"""The store: every answer that was paid for, kept the moment it arrived.

One SQLite file. An answer's key is a hash of exactly what can change it ("sha256:<hex>", see `summarise.model.keys`);
the first answer stored under a key wins and is what everyone reads back, in this process or another. WAL mode and
BEGIN IMMEDIATE let many processes write at once, and nothing committed is lost when one of them is killed. Reads have
a connection of their own: in WAL mode a reader waits for no writer, so that a lookup is quick while a write waits.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from summarise.errors import ConfigurationError, OutputError, SummariseError

MIGRATIONS = (
    """
    CREATE TABLE answers (
        key           TEXT PRIMARY KEY,
        answer        TEXT NOT NULL,
        kind          TEXT NOT NULL,
        model         TEXT NOT NULL,
        input_tokens  INTEGER NOT NULL,
        cached_tokens INTEGER NOT NULL,
        output_tokens INTEGER NOT NULL,
        stored_at     TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))
    ) STRICT
    """,
)
"""The schema's history: number n brings a file from version n-1 to n. Append only."""

BUSY_SECONDS = 30.0
_MEMORY = ":memory:"


@dataclass(frozen=True)
class StoredAnswer:
    """One answer: its JSON as it arrived, what kind it is, who gave it, and the tokens all its attempts took."""

    key: str
    answer: str
    kind: str
    model: str
    input_tokens: int = 0
    cached_tokens: int = 0
    output_tokens: int = 0


def default_path() -> Path:
    """Where the store is kept: SUMMARISE_STORE, else `answers.sqlite3` in the user's data folder."""
    if given := os.environ.get("SUMMARISE_STORE", "").strip():
        return Path(given).expanduser()
    from platformdirs import user_data_path

    return user_data_path("summarise", appauthor=False) / "answers.sqlite3"


class Store:
    """An open store. Usable from several threads; close it, or use it in a `with`."""

    def __init__(self, connection: sqlite3.Connection, path: str) -> None:
        self._connection = connection
        self._path = path
        self._lock = threading.Lock()
        self._reader, self._reader_lock = connection, self._lock  # until there is one of its own

    @classmethod
    def open(cls, path: Path) -> Store:
        """Opens the file, makes it where there is none, and brings an older one up to date.

        Raises ConfigurationError where the file is none of ours, damaged, too new, or cannot be opened.
        """
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            return cls._connect(str(path))
        except OSError as error:
            raise ConfigurationError(
                f"the store {path} cannot be made: {error.strerror}; see SUMMARISE_STORE"
            ) from error

    @classmethod
    def in_memory(cls) -> Store:
        """A store that lasts as long as it is open."""
        return cls._connect(_MEMORY)

    @classmethod
    def _connect(cls, path: str) -> Store:
        with _errors(path):
            connection = _connected(path)
        store = cls(connection, path)
        try:
            with _errors(path):
                connection.execute("PRAGMA journal_mode = WAL")
                connection.execute("PRAGMA synchronous = FULL")  # an answer is paid for: it outlives a power cut
            store._migrate()
            if path != _MEMORY:  # a database in memory is its one connection's, and no other process locks it
                with _errors(path):
                    store._reader, store._reader_lock = _connected(path), threading.Lock()
        except BaseException:
            connection.close()
            raise
        return store

    def __enter__(self) -> Store:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Closes the file; what was put is in it."""
        with self._lock:
            if self._reader is not self._connection:
                with self._reader_lock:
                    self._reader.close()  # first: whoever closes last tidies the files up
            self._connection.close()

    @property
    def version(self) -> int:
        """How many migrations the file has seen."""
        with self._reading() as connection:
            return int(connection.execute("PRAGMA user_version").fetchone()[0])

    def get(self, key: str) -> StoredAnswer | None:
        """The answer stored under a key, or None."""
        with self._reading() as connection:
            return _read(connection, key)

    def put(self, answer: StoredAnswer) -> StoredAnswer:
        """Stores an answer durably, unless there is one under its key already; returns the one that is stored."""
        row = (
            answer.key,
            answer.answer,
            answer.kind,
            answer.model,
            answer.input_tokens,
            answer.cached_tokens,
            answer.output_tokens,
        )
        with self.writing() as connection:
            connection.execute(
                "INSERT OR IGNORE INTO answers"
                " (key, answer, kind, model, input_tokens, cached_tokens, output_tokens) VALUES (?, ?, ?, ?, ?, ?, ?)",
                row,
            )
            return _read(connection, answer.key) or answer

    def discard(self, answer: StoredAnswer) -> None:
        """Removes an answer that no longer passes the checks, if it is still the one stored."""
        with self.writing() as connection:
            connection.execute("DELETE FROM answers WHERE key = ? AND answer = ?", (answer.key, answer.answer))

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction that takes the write lock at once, so that read-then-write never fails half-way."""
        with self._lock, _errors(self._path):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        with self._reader_lock, _errors(self._path):
            yield self._reader

    def _migrate(self) -> None:
        if self.version == len(MIGRATIONS):
            return
        with self.writing() as connection:
            version = int(connection.execute("PRAGMA user_version").fetchone()[0])
            if version > len(MIGRATIONS):
                raise ConfigurationError(
                    f"the store {self._path} is of a newer version of summarise; upgrade, or set SUMMARISE_STORE"
                )
            for number, statement in enumerate(MIGRATIONS[version:], version + 1):
                connection.execute(statement)
                connection.execute(f"PRAGMA user_version = {number}")


def _connected(path: str) -> sqlite3.Connection:
    return sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)


def _read(connection: sqlite3.Connection, key: str) -> StoredAnswer | None:
    row = connection.execute(
        "SELECT key, answer, kind, model, input_tokens, cached_tokens, output_tokens FROM answers WHERE key = ?", (key,)
    ).fetchone()
    return None if row is None else StoredAnswer(*row)


@contextmanager
def _errors(path: str) -> Iterator[None]:
    """SQLite's errors as ours, each with its remedy."""
    try:
        yield
    except sqlite3.Error as error:
        raise _explained(error, path) from error


def _explained(error: sqlite3.Error, path: str) -> SummariseError:
    code = getattr(error, "sqlite_errorcode", None) or 0
    primary = code & 0xFF
    if primary == sqlite3.SQLITE_FULL:
        return OutputError(f"the disk of the store {path} is full; free some space, or set SUMMARISE_STORE elsewhere")
    if primary in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        wait = f"{BUSY_SECONDS:.0f} s"
        return OutputError(f"the store {path} was locked by another process for {wait}; end it, or set SUMMARISE_STORE")
    if primary in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return ConfigurationError(f"the store {path} is damaged or no store; move it away, or set SUMMARISE_STORE")
    if primary in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM):
        return ConfigurationError(
            f"the store {path} cannot be opened for writing; check its folder, or SUMMARISE_STORE"
        )
    return OutputError(f"the store {path} failed: {error}; check the disk, or set SUMMARISE_STORE elsewhere")
