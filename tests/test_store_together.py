"""Transactions of several threads, made durable together."""

from __future__ import annotations

import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from summarise.store.together import Together


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A database with one table."""
    path = tmp_path / "together.sqlite3"
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE kept (number INTEGER PRIMARY KEY)")
    connection.close()
    return path


def _opened(place: Path) -> sqlite3.Connection:
    return sqlite3.connect(place, timeout=5, isolation_level=None, check_same_thread=False)


def _seen(place: Path) -> list[int]:
    """What another process would see."""
    connection = _opened(place)
    try:
        return [number for (number,) in connection.execute("SELECT number FROM kept ORDER BY number")]
    finally:
        connection.close()


def test_each_part_is_seen_by_others_when_it_comes_back_and_many_share_an_end(place: Path) -> None:
    connection, ends, late = _opened(place), [], []
    connection.set_trace_callback(lambda sql: ends.append(sql) if sql == "COMMIT" else None)
    together = Together(connection)

    def one(number: int) -> None:
        with together.part():
            connection.execute("INSERT INTO kept VALUES (?)", (number,))
        if number not in _seen(place):
            late.append(number)

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(one, range(200)))
    connection.close()
    assert late == []
    assert _seen(place) == list(range(200))
    assert len(ends) < 150


def test_what_fails_in_one_part_is_undone_alone(place: Path) -> None:
    connection = _opened(place)
    together, failed = Together(connection), []

    def one(number: int) -> None:
        try:
            with together.part():
                connection.execute("INSERT INTO kept VALUES (?)", (number,))
                if number % 3 == 0:
                    raise KeyError(number)
        except KeyError:
            failed.append(number)

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(one, range(60)))
    connection.close()
    assert sorted(failed) == list(range(0, 60, 3))
    assert _seen(place) == [n for n in range(60) if n % 3]


def _two_parts(together: Together, first: object, second: object) -> list[str]:
    """Runs two parts in one transaction: the second enters while the first still stands in its body."""
    inside, told = threading.Event(), []

    def run(name: str, body: object) -> None:
        try:
            with together.part():
                inside.set()
                body()  # type: ignore[operator]
                if name == "first":
                    while not together._waiting:
                        threading.Event().wait(0.001)
            told.append(f"{name} kept")
        except sqlite3.Error as error:
            told.append(f"{name}: {error}")

    one = threading.Thread(target=run, args=("first", first))
    one.start()
    inside.wait()
    two = threading.Thread(target=run, args=("second", second))
    two.start()
    for thread in (one, two):
        thread.join(10)
        assert not thread.is_alive()
    return sorted(told)


def test_where_the_database_undoes_everything_every_part_is_told(place: Path) -> None:
    connection = _opened(place)
    together = Together(connection)

    def insert() -> None:
        connection.execute("INSERT INTO kept VALUES (1)")

    def undone() -> None:
        connection.execute("ROLLBACK")  # as SQLite itself does when the disk is full
        raise sqlite3.OperationalError("database or disk is full")

    told = _two_parts(together, insert, undone)
    assert told == ["first: database or disk is full", "second: database or disk is full"]
    assert _seen(place) == []
    with together.part():
        insert()
    assert _seen(place) == [1]
    connection.close()


def test_where_the_end_fails_every_part_is_told(place: Path) -> None:
    connection = _opened(place)
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("CREATE TABLE of (number INTEGER REFERENCES kept (number) DEFERRABLE INITIALLY DEFERRED)")
    together = Together(connection)
    told = _two_parts(
        together,
        lambda: connection.execute("INSERT INTO kept VALUES (1)"),
        lambda: connection.execute("INSERT INTO of VALUES (7)"),
    )
    assert told == ["first: FOREIGN KEY constraint failed", "second: FOREIGN KEY constraint failed"]
    assert _seen(place) == []
    connection.close()


def test_whoever_needs_the_connection_alone_waits_for_the_end_and_is_waited_for(place: Path) -> None:
    connection = _opened(place)
    together, seen = Together(connection), []

    def one(number: int) -> None:
        if number % 10:
            with together.part():
                connection.execute("INSERT INTO kept VALUES (?)", (number,))
        else:
            with together.alone():
                seen.append(connection.in_transaction)

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(one, range(100)))
    connection.close()
    assert seen == [False] * 10
    assert len(_seen(place)) == 90
