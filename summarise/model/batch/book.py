"""The book of what is with a provider of batches, in the store: every question before it goes, and what came of it.

A batch is `preparing` while a process writes and uploads it (its owner; whose `beat` counts up), `created` once the
provider's id for it is known, `collected` when all that came of it stands here, `closed` when its files are deleted at
the provider, and `given_up` where it never came to be. A question in it is `submitted`, then `answered` or `failed`,
and `settled` when its answer has been kept for good, or is of no use. A settled question may be asked anew.
"""

# ruff: noqa: S608 (only question marks are put into statements, never a value)

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from summarise.model.batch.lines import MISSING, Result
from summarise.store import Store
from summarise.store.batches import (
    ANSWERED,
    CLOSED,
    COLLECTED,
    CREATED,
    FAILED,
    GIVEN_UP,
    PREPARING,
    SETTLED,
    SUBMITTED,
)
from summarise.store.database import Run
from summarise.store.forms import chunks, marks, stamp

KEPT_DAYS, SETTLED_DAYS = 60, 2
"""Days for which an answer waits for whoever asked, and for which one that was handed out is there for others."""

_BATCH = "SELECT id, state, owner, beat, made, remote, input_file, files, tokens FROM batches WHERE id = ?"


@dataclass(frozen=True)
class Batch:
    """One batch. `remote` and the files are the provider's ids, "" while they are not known."""

    id: str
    state: str
    owner: str
    beat: int
    made: str
    remote: str
    input_file: str
    files: tuple[str, ...]
    tokens: int


@dataclass(frozen=True)
class Item:
    """One question: the batch it is in, what became of it, and why there is no answer."""

    batch: str
    state: str
    reason: str


@dataclass(frozen=True)
class UnderWay:
    """How many questions are with a provider, in how many batches."""

    questions: int
    batches: int

    def __bool__(self) -> bool:
        """Whether there are any."""
        return self.questions > 0

    @property
    def counted(self) -> str:
        """The numbers in words; "" where there are none."""
        if not self.questions:
            return ""
        one = self.questions == 1
        questions = f"{self.questions:,} question{'' if one else 's'} {'is' if one else 'are'}"
        return f"{questions} with the provider in {self.batches:,} batch{'' if self.batches == 1 else 'es'}"

    def __str__(self) -> str:
        """One line for the user; "" where there are none."""
        return f"{self.counted}; run the same command again to collect them" if self.questions else ""


def under_way(store: Store, endpoint: str | None = None) -> UnderWay:
    """What is with a provider (None: with any), and not yet collected."""
    where, values = ("", []) if endpoint is None else (" AND batches.endpoint = ?", [endpoint])
    rows = store.database.fetch(
        "SELECT count(*), count(DISTINCT batches.id) FROM batches JOIN batch_items ON batch_items.batch = batches.id"
        f" WHERE batches.state = ? AND batch_items.state = ?{where}",
        (CREATED, SUBMITTED, *values),
    )
    return UnderWay(*map(int, rows[0]))


class Book:
    """The book of one endpoint, as one process (`owner`) keeps it. Every method is one transaction, and may block."""

    def __init__(self, store: Store, endpoint: str, owner: str) -> None:
        self._database = store.database
        self._endpoint = endpoint
        self._owner = owner

    # ---- questions

    def items(self, ids: Sequence[str]) -> dict[str, Item]:
        """What is known of these questions; those that nobody has submitted are not in it."""
        return _items(self._database.fetch, ids)

    def answer(self, question: str) -> str:
        """The answer's body as JSON; "" where there is none."""
        rows = self._database.fetch("SELECT answer FROM batch_items WHERE id = ?", (question,))
        return str(rows[0][0]) if rows else ""

    def owed(self, question: str) -> bool:
        """Whether the provider has answered it or is at work on it, so that it is paid for whatever happens."""
        rows = self._database.fetch(
            "SELECT 1 FROM batch_items JOIN batches ON batches.id = batch_items.batch WHERE batch_items.id = ?"
            " AND (batch_items.state = ? OR (batch_items.state = ? AND batches.state = ?))",
            (question, ANSWERED, SUBMITTED, CREATED),
        )
        return bool(rows)

    def settled(self, question: str) -> str:
        """The batch that a settled question was in; "" where it is not settled."""
        rows = self._database.fetch("SELECT batch FROM batch_items WHERE id = ? AND state = ?", (question, SETTLED))
        return str(rows[0][0]) if rows else ""

    def settle(self, ids: Sequence[str]) -> None:
        """Their answers have been kept, or are of no use."""
        with self._database.writing() as run:
            for some in chunks(ids):
                run(
                    f"UPDATE batch_items SET state = ?, changed = ? WHERE state IN (?, ?) AND id IN ({marks(some)})",
                    (SETTLED, stamp(), ANSWERED, FAILED, *some),
                )

    # ---- a batch on its way to the provider

    def claim(self, batch: str, tokens: Mapping[str, int], settled: Mapping[str, str] | None = None) -> dict[str, Item]:
        """Puts a new batch into the book with those questions (with their tokens) that are not in another one.

        Returns what is known of the others. No batch is made where there are only others. A settled question is asked
        anew where it was `settled` with that batch already when its answer was last looked for, and not found; where
        it has been settled since, what it was settled with is the answer for whoever waits.
        """
        before = settled or {}
        now = stamp()
        with self._database.writing() as run:
            found = _items(run, list(tokens))
            others = {
                key: item for key, item in found.items() if item.state != SETTLED or item.batch != before.get(key)
            }
            mine = [key for key in tokens if key not in others]
            if not mine:
                return others
            run(
                "INSERT INTO batches"
                " (id, endpoint, state, owner, beat, made, questions, tokens, remote, input_file, files)"
                " VALUES (?, ?, ?, ?, 0, ?, ?, ?, '', '', '[]')",
                (batch, self._endpoint, PREPARING, self._owner, now, len(mine), sum(tokens[key] for key in mine)),
            )
            for some in chunks(mine):
                run(f"DELETE FROM batch_items WHERE state = ? AND id IN ({marks(some)})", (SETTLED, *some))
                run(
                    "INSERT INTO batch_items (id, batch, state, changed, reason, answer)"
                    f" VALUES {', '.join(['(?, ?, ?, ?, ?, ?)'] * len(some))}",
                    [value for key in some for value in (key, batch, SUBMITTED, now, "", "")],
                )
            return others

    def batch(self, batch: str) -> Batch | None:
        """A batch as it stands."""
        rows = self._database.fetch(_BATCH, (batch,))
        if not rows:
            return None
        key, state, owner, beat, made, remote, input_file, files, tokens = rows[0]
        return Batch(key, state, owner, beat, made, remote, input_file, tuple(json.loads(files)), int(tokens))

    def beat(self, batch: str, input_file: str = "") -> bool:
        """Says that its owner is at work on it, and what it has uploaded; False where it is no longer this process."""
        with self._database.writing() as run:
            mine = bool(run(f"{_BATCH} AND state = ? AND owner = ?", (batch, PREPARING, self._owner)))
            if mine:
                run("UPDATE batches SET beat = beat + 1 WHERE id = ?", (batch,))
            if mine and input_file:
                run("UPDATE batches SET input_file = ? WHERE id = ?", (input_file, batch))
        return mine

    def release(self, batch: str) -> None:
        """This process stops in the middle: whoever wants its questions may take it over at once."""
        with self._database.writing() as run:
            run(
                "UPDATE batches SET owner = '' WHERE id = ? AND owner = ? AND state = ?",
                (batch, self._owner, PREPARING),
            )

    def take_over(self, seen: Batch) -> bool:
        """Makes this process the owner of a batch that another left in the middle; False where somebody was quicker."""
        with self._database.writing() as run:
            row = run(f"{_BATCH} AND state = ?", (seen.id, PREPARING))
            if not row or (row[0][2], row[0][3]) != (seen.owner, seen.beat):
                return False
            run("UPDATE batches SET owner = ?, beat = beat + 1 WHERE id = ?", (self._owner, seen.id))
            return True

    def created(self, batch: str, remote: str) -> bool:
        """The provider has it, under this id; False where it was given up meanwhile, or is there under another."""
        with self._database.writing() as run:
            sql = "UPDATE batches SET state = ?, remote = ? WHERE id = ? AND state = ?"
            run(sql, (CREATED, remote, batch, PREPARING))
            rows = run(f"{_BATCH} AND remote = ? AND state <> ?", (batch, remote, GIVEN_UP))
        return bool(rows)

    def give_up(self, batch: str) -> None:
        """It never came to be, or was refused as a whole: its questions may be asked anew."""
        with self._database.writing() as run:
            changed = (GIVEN_UP, batch, PREPARING, CREATED)
            run("UPDATE batches SET state = ? WHERE id = ? AND state IN (?, ?)", changed)
            run("DELETE FROM batch_items WHERE batch = ? AND state = ?", (batch, SUBMITTED))

    # ---- a batch on its way back

    def record(self, batch: str, results: Iterable[Result]) -> None:
        """What came of some of its questions; what is known of one stays."""
        now = stamp()
        with self._database.writing() as run:
            for result in results:
                state = FAILED if result.reason else ANSWERED
                run(
                    "UPDATE batch_items SET state = ?, changed = ?, reason = ?, answer = ?"
                    " WHERE id = ? AND batch = ? AND state = ?",
                    (state, now, result.reason, result.answer, result.id, batch, SUBMITTED),
                )

    def collected(self, batch: str, files: Sequence[str] = (), why: str = MISSING) -> None:
        """All that came of it has been recorded; the rest of its questions have no answer, and why."""
        with self._database.writing() as run:
            run(
                "UPDATE batch_items SET state = ?, changed = ?, reason = ? WHERE batch = ? AND state = ?",
                (FAILED, stamp(), why, batch, SUBMITTED),
            )
            run(
                "UPDATE batches SET state = ?, files = ? WHERE id = ? AND state IN (?, ?)",
                (COLLECTED, json.dumps(list(files)), batch, PREPARING, CREATED),
            )

    def closed(self, batch: str) -> None:
        """Its files are deleted at the provider."""
        with self._database.writing() as run:
            run("UPDATE batches SET state = ? WHERE id = ? AND state = ?", (CLOSED, batch, COLLECTED))

    # ---- upkeep

    def left(self) -> list[str]:
        """Batches of this endpoint of which something may still be with the provider."""
        sql = "SELECT id FROM batches WHERE endpoint = ? AND state IN (?, ?) ORDER BY made"
        return [str(key) for (key,) in self._database.fetch(sql, (self._endpoint, CREATED, COLLECTED))]

    def begun(self) -> list[str]:
        """Batches of this endpoint that other processes prepare, or were stopped in the middle of."""
        sql = "SELECT id FROM batches WHERE endpoint = ? AND state = ? AND owner <> ? ORDER BY made"
        return [str(key) for (key,) in self._database.fetch(sql, (self._endpoint, PREPARING, self._owner))]

    def sweep(self) -> None:
        """Removes what nobody comes back for."""
        now = datetime.now(UTC)
        settled, kept = stamp(now - timedelta(days=SETTLED_DAYS)), stamp(now - timedelta(days=KEPT_DAYS))
        old = "(state = ? AND changed < ?) OR changed < ?"
        if not self._database.fetch(f"SELECT 1 FROM batch_items WHERE {old} LIMIT 1", (SETTLED, settled, kept)):
            return
        with self._database.writing() as run:
            run(f"DELETE FROM batch_items WHERE {old}", (SETTLED, settled, kept))
            run(
                "DELETE FROM batches WHERE state IN (?, ?) AND id NOT IN (SELECT batch FROM batch_items)",
                (CLOSED, GIVEN_UP),
            )


def _items(run: Run, ids: Sequence[str]) -> dict[str, Item]:
    found: dict[str, Item] = {}
    for some in chunks(ids):
        sql = f"SELECT id, batch, state, reason FROM batch_items WHERE id IN ({marks(some)})"
        found.update((key, Item(batch, state, reason)) for key, batch, state, reason in run(sql, some))
    return found
