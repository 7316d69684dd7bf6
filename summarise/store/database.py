"""What the store asks of a database: statements, transactions, and errors told as ours.

Statements are written once, for both databases: `?` for a value, `{blob}` and its like (see `Database.words`) in the
migrations alone.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

BUSY_SECONDS = 30.0
"""How long a write waits for the writes of others before it gives up."""

Value = str | int | bytes
Row = tuple[Any, ...]


class Run(Protocol):
    """Runs one statement on one connection, and returns its rows."""

    def __call__(self, sql: str, values: Sequence[Value] = (), /) -> list[Row]: ...


class Database(ABC):
    """A database that is open. Usable from several threads.

    `place` names it in messages, without a password. Every method raises ConfigurationError (DamagedStore among
    them) or OutputError, one line with the remedy.
    """

    place: str
    words: Mapping[str, str]

    @abstractmethod
    def fetch(self, sql: str, values: Sequence[Value] = (), /) -> list[Row]:
        """One reading statement, which waits for no writer."""

    @abstractmethod
    def writing(self) -> AbstractContextManager[Run]:
        """A transaction that has the one lock for writing from its start, so that read-then-write never fails."""

    @abstractmethod
    def snapshot(self) -> AbstractContextManager[Run]:
        """Reads that all see the database as it was at one moment."""

    @abstractmethod
    def version(self, run: Run) -> int:
        """How many migrations it has seen."""

    @abstractmethod
    def prepare(self, run: Run) -> None:
        """What comes before the first migration; refuses a database that is somebody else's."""

    @abstractmethod
    def set_version(self, run: Run, number: int) -> None:
        """Remembers that the migration was made."""

    @abstractmethod
    def faults(self, run: Run) -> list[str]:
        """What the database's own check finds, one line each."""

    @abstractmethod
    def reclaim(self) -> None:
        """Gives the space of removed rows back, as far as others who use the database let it."""

    @abstractmethod
    def close(self) -> None:
        """Closes it; may be called twice."""
