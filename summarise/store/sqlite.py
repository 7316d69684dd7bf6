"""Everything that is SQLite's: one file in WAL mode, written to under BEGIN IMMEDIATE.

Many processes may write at once, and nothing committed is lost when one of them is killed. Reads have a connection of
their own: in WAL mode a reader waits for no writer, so that a lookup is quick while a write waits.
"""

from __future__ import annotations

import random
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from summarise.errors import ConfigurationError, DamagedStore, LostStore, OutputError, SummariseError
from summarise.store import database
from summarise.store.database import Database, Row, Run, Value

MEMORY = ":memory:"
RECLAIM_SECONDS = 2.0  # how long others are waited for to make the file smaller
_FAULTS = 20  # of the file's own check; a damaged file has thousands
_BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)

T = TypeVar("T")


class SQLite(Database):
    """A file, made where there is none; `MEMORY` lasts as long as it is open."""

    words = MappingProxyType(
        {"integer": "INTEGER", "blob": "BLOB", "strict": "STRICT", "now": "strftime('%Y-%m-%dT%H:%M:%SZ', 'now')"}
    )

    def __init__(self, path: Path | None) -> None:
        self.place = MEMORY if path is None else str(path)
        if path is not None:
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise ConfigurationError(
                    f"the store {path} cannot be made: {error.strerror}; see SUMMARISE_STORE"
                ) from error
        self._lock = self._reader_lock = threading.Lock()
        with self._errors():
            self._writer = self._reader = self._connect()
        try:
            with self._errors():
                _patiently(lambda: _to_wal(self._writer))
                self._writer.execute("PRAGMA synchronous = FULL")  # an answer is paid for: it outlives a power cut
                if path is not None:  # a database in memory is its one connection's, and no other process locks it
                    self._reader, self._reader_lock = self._connect(), threading.Lock()
        except BaseException:
            self._writer.close()
            raise

    def fetch(self, sql: str, values: Sequence[Value] = (), /) -> list[Row]:
        with self._reader_lock:
            try:
                return self._reader.execute(sql, values).fetchall()
            except sqlite3.Error as error:
                raise _explained(error, self.place) from error

    @contextmanager
    def writing(self) -> Iterator[Run]:
        with self._lock, self._transaction(self._writer, "BEGIN IMMEDIATE") as run:
            yield run

    @contextmanager
    def snapshot(self) -> Iterator[Run]:
        if self.place == MEMORY:
            with self._lock, self._transaction(self._writer, "BEGIN") as run:
                yield run
            return
        with self._errors():
            connection = self._connect()
        try:
            with self._transaction(connection, "BEGIN") as run:
                yield run
        finally:
            connection.close()

    def version(self, run: Run) -> int:
        return int(run("PRAGMA user_version")[0][0])

    def prepare(self, run: Run) -> None:
        tables = {name for (name,) in run("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if "answers" not in tables and (tables or self.version(run)):
            raise ConfigurationError(
                f"the store {self.place} is a database of another program; name another file, or set SUMMARISE_STORE"
            )

    def set_version(self, run: Run, number: int) -> None:
        run(f"PRAGMA user_version = {number:d}")

    def faults(self, run: Run) -> list[str]:
        found = [str(row[0]) for row in run(f"PRAGMA integrity_check({_FAULTS})")]
        return [f"the file is damaged: {line}" for one in found if one != "ok" for line in one.splitlines()]

    def reclaim(self) -> None:
        with self._lock, self._errors():
            try:
                self._writer.execute(f"PRAGMA busy_timeout = {RECLAIM_SECONDS * 1000:.0f}")
                self._writer.execute("VACUUM")
                self._writer.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            except sqlite3.Error as error:
                # It needs the file alone for a moment, and as much space again; what is free in it is used next.
                if _primary(error) not in (*_BUSY, sqlite3.SQLITE_FULL):
                    raise
            finally:
                self._writer.execute(f"PRAGMA busy_timeout = {database.BUSY_SECONDS * 1000:.0f}")

    def close(self) -> None:
        with self._lock:
            if self._reader is not self._writer:
                with self._reader_lock:
                    self._reader.close()  # first: whoever closes last tidies the files up
            self._writer.close()

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self.place, timeout=database.BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
        # Its own from SQLite 3.43 on.
        connection.create_function("octet_length", 1, _octets, deterministic=True)
        return connection

    @contextmanager
    def _transaction(self, connection: sqlite3.Connection, begin: str) -> Iterator[Run]:
        def run(sql: str, values: Sequence[Value] = (), /) -> list[Row]:
            with self._errors():
                return connection.execute(sql, values).fetchall()

        with self._errors():
            connection.execute(begin)
            try:
                yield run
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise

    @contextmanager
    def _errors(self) -> Iterator[None]:
        """SQLite's errors as ours, each with its remedy."""
        try:
            yield
        except sqlite3.Error as error:
            raise _explained(error, self.place) from error


def _octets(value: str | bytes | None) -> int | None:
    return len(value.encode()) if isinstance(value, str) else None if value is None else len(value)


def _to_wal(connection: sqlite3.Connection) -> None:
    if connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        connection.execute("PRAGMA journal_mode = WAL")


def _patiently(step: Callable[[], T]) -> T:
    """`step`, tried again while others open the file too: SQLite does not wait for them when it changes the mode."""
    end = time.monotonic() + database.BUSY_SECONDS
    while True:
        try:
            return step()
        except sqlite3.OperationalError as error:
            if _primary(error) not in _BUSY or time.monotonic() > end:
                raise
        time.sleep(random.uniform(0.005, 0.05))  # noqa: S311 (no secret)


def _primary(error: sqlite3.Error) -> int:
    """The error's primary code; 0 where SQLite gave none."""
    return (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF


def _explained(error: sqlite3.Error, place: str) -> SummariseError:
    primary = _primary(error)
    if primary == sqlite3.SQLITE_FULL:
        return OutputError(f"the disk of the store {place} is full; free some space, or set SUMMARISE_STORE elsewhere")
    if primary in _BUSY:
        wait = f"{database.BUSY_SECONDS:.0f} s"
        return LostStore(f"the store {place} was locked by another process for {wait}; end it, or set SUMMARISE_STORE")
    if primary in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return DamagedStore(f"the store {place} is damaged or no store; move it away, or set SUMMARISE_STORE")
    if primary in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM):
        return ConfigurationError(
            f"the store {place} cannot be opened for writing; check its folder, or SUMMARISE_STORE"
        )
    return OutputError(f"the store {place} failed: {error}; check the disk, or set SUMMARISE_STORE elsewhere")
