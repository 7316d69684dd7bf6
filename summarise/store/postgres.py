"""Everything that is PostgreSQL's: a store in a database of its server, for several machines.

The tables stand in a schema of their own, `summarise`. A writer takes one advisory lock for its transaction, so that
writes come one after the other as they do in a file. A connection that the server dropped between two operations is
made again once; one that is lost in the middle of a transaction is an error, and nothing of that transaction is kept.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from types import MappingProxyType
from typing import Any

from summarise.errors import (
    ConfigurationError,
    DamagedStore,
    LostStore,
    OutputError,
    SummariseError,
    UnreachableStore,
)
from summarise.store import database
from summarise.store.addresses import Address, parse
from summarise.store.database import Database, Row, Run, Value

CONNECT_SECONDS = 10.0
_SCHEMA = "summarise"
_LOCK = int.from_bytes(b"summaris", "big")  # the advisory lock's number, one for all programs of this name
_LOST = ("08", "57P01", "57P02", "57P03", "25P03")  # beginnings of the server's codes for a connection that is gone


class PostgreSQL(Database):
    """A database at an address; its tables are made where there are none."""

    words = MappingProxyType({"integer": "BIGINT", "blob": "BYTEA", "strict": "", "now": "''"})

    def __init__(self, address: str) -> None:
        self._address = parse(address)
        self.place = self._address.shown
        self._writer, self._reader = _Line(self._address), _Line(self._address)
        encoding = self.fetch("SHOW server_encoding")[0][0]
        if encoding != "UTF8":
            self.close()
            raise ConfigurationError(
                f"the store {self.place} keeps text as {encoding}; name a database made with ENCODING 'UTF8'"
            )

    def fetch(self, sql: str, values: Sequence[Value] = (), /) -> list[Row]:
        with self._reader.alone():
            return self._reader.first(sql, values)

    @contextmanager
    def writing(self) -> Iterator[Run]:
        # Whatever the server's default: a statement after the lock sees all that was committed before it.
        begin = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"
        with self._writer.transaction(f"{begin}; SELECT pg_advisory_xact_lock({_LOCK})") as run:
            yield run

    @contextmanager
    def snapshot(self) -> Iterator[Run]:
        line = _Line(self._address)
        try:
            with line.transaction("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY") as run:
                yield run
        finally:
            line.close()

    def version(self, run: Run) -> int:
        if run(f"SELECT to_regclass('{_SCHEMA}.migrations')::text")[0][0] is None:
            return 0
        return int(run("SELECT coalesce(max(number), 0) FROM migrations")[0][0])  # in the schema of the search path

    def prepare(self, run: Run) -> None:
        if run(f"SELECT to_regnamespace('{_SCHEMA}')::text")[0][0] is None:
            run(f"CREATE SCHEMA {_SCHEMA}")
        run("CREATE TABLE IF NOT EXISTS migrations (number BIGINT PRIMARY KEY)")

    def set_version(self, run: Run, number: int) -> None:
        run("INSERT INTO migrations VALUES (?)", (number,))

    def faults(self, run: Run) -> list[str]:
        return []  # the server checks what it reads, and all is read

    def reclaim(self) -> None:
        line = _Line(self._address, seconds=None)
        try:
            for table in ("answers", "articles", "texts", "versions"):
                line.first(f"VACUUM {table}")
        finally:
            line.close()

    def close(self) -> None:
        for line in (self._reader, self._writer):
            with line.alone():
                line.close()


class _LostConnection(Exception):
    """The server, or the way to it, is gone."""


class _Line:
    """One connection to the server: made at first use, and again after it was lost.

    `seconds`: how long one answer of the server is waited for; None: as long as it takes.
    """

    def __init__(self, address: Address, *, seconds: float | None = -1) -> None:
        self._address = address
        self._seconds = 2 * database.BUSY_SECONDS if seconds == -1 else seconds  # longer than a lock is waited for
        self._lock = threading.Lock()
        self._connection: Any = None
        self._reached = False

    @contextmanager
    def alone(self) -> Iterator[None]:
        """One thread at a time."""
        with self._lock:
            yield

    def first(self, sql: str, values: Sequence[Value] = ()) -> list[Row]:
        """The first statement of an operation, said once more where the server had dropped the connection before."""
        kept = self._connection is not None
        try:
            return self._run(sql, values)
        except _LostConnection as error:
            if not kept:
                raise _gone(self._address, error) from error
        return self.later(sql, values)

    def later(self, sql: str, values: Sequence[Value] = (), /) -> list[Row]:
        """A statement that is said once."""
        try:
            return self._run(sql, values)
        except _LostConnection as error:
            raise _gone(self._address, error) from error

    @contextmanager
    def transaction(self, begin: str) -> Iterator[Run]:
        """A transaction of its own thread; whatever is raised in it, nothing of it is kept."""
        with self._lock:
            try:
                self.first(begin)
                yield self.later
                self.later("COMMIT")
            except BaseException:
                self.close()  # which ends the transaction for the server too, wherever the two stood
                raise

    def close(self) -> None:
        """Hangs up; the next statement makes the connection again."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(OSError, _driver().Error):
                connection.close()

    def _run(self, sql: str, values: Sequence[Value]) -> list[Row]:
        driver = _driver()
        if self._connection is None:
            self._connection = self._connected()
        try:
            cursor = self._connection.cursor()
            cursor.execute(sql.replace("?", "%s"), values)
            return [] if cursor.description is None else [tuple(row) for row in cursor.fetchall()]
        except driver.DatabaseError as error:
            if _code(error).startswith(_LOST):
                self.close()
                raise _LostConnection(_message(error)) from error
            raise _explained(error, self._address) from error
        except (driver.InterfaceError, OSError) as error:
            self.close()
            raise _LostConnection(str(error)) from error
        except BaseException:  # half an answer may be on its way
            self.close()
            raise

    def _connected(self) -> Any:
        driver, address = _driver(), self._address
        where = None
        try:
            where = _socket(address)
            where.settimeout(self._seconds)  # before encryption wraps it
            connection = driver.connect(
                user=address.user,
                password=address.password,
                host=address.host,  # whom a certificate must name
                database=address.database,
                sock=where,
                ssl_context=address.encryption,
                application_name="summarise",
            )
            connection.autocommit = True
            wait = f"{database.BUSY_SECONDS * 1000:.0f}ms"
            for setting in (
                f"search_path = {_SCHEMA}",
                "synchronous_commit = on",
                f"lock_timeout = '{wait}'",
                # a machine that is gone must not keep the lock
                f"idle_in_transaction_session_timeout = '{2 * database.BUSY_SECONDS * 1000:.0f}ms'",
            ):
                connection.cursor().execute(f"SET {setting}")
        except (driver.Error, OSError) as error:
            if where is not None:
                where.close()
            raise _unopened(error, address, before=self._reached) from error
        self._reached = True
        return connection


def _socket(address: Address) -> socket.socket:
    if not address.socket:
        return socket.create_connection((address.host, address.port), CONNECT_SECONDS)
    line = socket.socket(socket.AF_UNIX)
    try:
        line.settimeout(CONNECT_SECONDS)
        line.connect(f"{address.socket}/.s.PGSQL.{address.port}")
    except BaseException:
        line.close()
        raise
    return line


def _driver() -> Any:
    try:
        from pg8000 import dbapi
    except ImportError as error:
        raise ConfigurationError("a store in PostgreSQL needs an extra: pip install 'summarise[postgres]'") from error
    return dbapi


def _code(error: Exception) -> str:
    """The server's five letters for what went wrong; "" where it was not the server."""
    told = error.args[0] if error.args else ""
    return str(told.get("C", "")) if isinstance(told, dict) else ""


def _message(error: Exception) -> str:
    told = error.args[0] if error.args else ""
    text = str(told.get("M", "")) if isinstance(told, dict) else str(error)
    return " ".join(text.split()).rstrip(".") or type(error).__name__


def _unopened(error: Exception, address: Address, *, before: bool) -> SummariseError:
    """Why there is no connection; where there was one before, the address is not to blame."""
    code, place = _code(error), address.shown
    if code.startswith("28"):
        return ConfigurationError(f"the store {place} refused this user or password; check --store or SUMMARISE_STORE")
    if code == "3D000":
        return ConfigurationError(f"the store {place} does not exist; make that database (createdb), or name another")
    why = error.strerror if isinstance(error, OSError) and error.strerror else _message(error)
    if before:
        return LostStore(f"the store {place} was lost ({why}); see to its server and run again")
    return UnreachableStore(
        f"the store {place} cannot be reached ({why}); start its server, or correct --store or SUMMARISE_STORE"
    )


def _gone(address: Address, error: Exception) -> LostStore:
    return LostStore(f"the store {address.shown} was lost ({error}); see to its server and run again")


def _explained(error: Exception, address: Address) -> SummariseError:
    code, place = _code(error), address.shown
    if code in ("53100", "53200"):
        return OutputError(f"the disk or memory of the store {place} is full; free some on its server")
    if code == "55P03":
        wait = f"{database.BUSY_SECONDS:.0f} s"
        return LostStore(f"the store {place} was locked by another process for {wait}; end it, or name another store")
    if code in ("XX001", "XX002"):
        return DamagedStore(f"the store {place} is damaged ({_message(error)}); restore it, or name another")
    if code in ("42501", "25006"):
        return ConfigurationError(
            f"the store {place} does not let this user write ({_message(error)}); grant it CREATE on the database"
        )
    return OutputError(f"the store {place} failed: {_message(error)}; see its server's log")
