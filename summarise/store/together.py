"""Transactions of several threads on one SQLite connection, made durable together.

Making a transaction durable takes the disk some milliseconds, whatever its size. So a thread that is done while others
wait for their turn lets them go on in the same transaction, each within a savepoint of its own, and whoever finds
nobody waiting makes all of it durable. Every thread comes back when its part is durable, or has failed: what one does
wrong is undone alone, and where the end itself fails, it fails for all of them.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

MOST = 64
"""Parts of one transaction: other processes wait for its end."""


class Group:
    """The parts of one transaction."""

    def __init__(self) -> None:
        self.parts = 0
        self.ended = False
        self.error: sqlite3.Error | None = None


class Together:
    """The turns at a connection, which nothing else may write through.

    Raises sqlite3.Error where the database does.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._turn = threading.Condition()
        self._taken = False
        self._waiting = 0
        self._group: Group | None = None

    @contextmanager
    def part(self) -> Iterator[None]:
        """A transaction that has the lock for writing from its start; durable when the `with` ends."""
        group = self._joined()
        try:
            if group is None:
                self._connection.execute("BEGIN IMMEDIATE")
                group = self._group = Group()
            group.parts += 1
            self._connection.execute("SAVEPOINT part")
            try:
                yield
            except BaseException:
                self._undo()
                raise
            self._connection.execute("RELEASE part")
        except BaseException as error:
            if group is not None and not self._connection.in_transaction:  # a full disk undoes all of it, for example
                failed = error if isinstance(error, sqlite3.Error) else error.__cause__
                self._over(group, failed if isinstance(failed, sqlite3.Error) else _lost())
            self._leave(group)
            raise
        self._leave(group)
        if group.error is not None:
            raise group.error

    @contextmanager
    def alone(self) -> Iterator[None]:
        """The connection without a transaction, for as long as the `with` lasts."""
        with self._turn:
            while self._taken or self._group is not None:
                self._turn.wait()
            self._taken = True
        try:
            yield
        finally:
            self._leave(None)

    def _joined(self) -> Group | None:
        """Waits for its turn; the transaction that is under way, None where one is to be begun."""
        with self._turn:
            self._waiting += 1
            try:
                while self._taken or (self._group is not None and self._group.parts >= MOST):
                    self._turn.wait()
                self._taken = True
            finally:
                self._waiting -= 1
                self._turn.notify_all()  # where it was interrupted, nobody may be waited for any more
            return self._group

    def _undo(self) -> None:
        """Undoes this part; where that fails, all of it."""
        if not self._connection.in_transaction:
            return
        try:
            self._connection.execute("ROLLBACK TO part")
            self._connection.execute("RELEASE part")
        except sqlite3.Error:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise

    def _leave(self, group: Group | None) -> None:
        """Ends this thread's turn; comes back when the transaction is over, and ends it where nobody else will."""
        with self._turn:
            self._taken = False
            self._turn.notify_all()
            if group is None:
                return
            while not group.ended and (self._taken or (self._waiting and group.parts < MOST)):
                self._turn.wait()
            if group.ended:
                return
            self._taken = True
        error: sqlite3.Error | None = _lost()
        try:
            self._connection.execute("COMMIT")
            error = None
        except sqlite3.Error as failed:
            error = failed
        finally:
            if self._connection.in_transaction:
                with suppress(sqlite3.Error):
                    self._connection.execute("ROLLBACK")
            self._over(group, error)
            with self._turn:
                self._taken = False
                self._turn.notify_all()

    def _over(self, group: Group, error: sqlite3.Error | None) -> None:
        with self._turn:
            group.ended, group.error, self._group = True, error, None
            self._turn.notify_all()


def _lost() -> sqlite3.Error:
    return sqlite3.OperationalError("the transaction was undone")
