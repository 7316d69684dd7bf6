"""The operations of the store, the same over every database."""

# ruff: noqa: S608 (only names of our own and question marks are put into statements, never a value)

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Future
from pathlib import Path
from types import TracebackType
from typing import Self

from summarise.costs import CostLine, Grouping
from summarise.errors import DamagedStore
from summarise.store import spending, upkeep
from summarise.store.database import Database, Row, Run, Value
from summarise.store.forms import (
    bytes_text,
    canonical,
    chunks,
    hashed,
    json_text,
    label,
    marks,
    series_key,
    stamp,
    text_bytes,
)
from summarise.store.migrations import migrate
from summarise.store.places import database_at
from summarise.store.records import (
    Collected,
    Counts,
    Series,
    Spent,
    StoredAnswer,
    StoredArticle,
    Version,
    VersionEntry,
)
from summarise.store.together import Together

_ANSWERS = "SELECT key, answer, kind, model, input_tokens, cached_tokens, output_tokens FROM answers WHERE key"
_AnswerRow = tuple[str, *tuple[Value, ...]]
"""A row of `answers`: the key, and all else."""

_ENTRY = "number, made, hash, inputs, complete"
_VERSION = f"SELECT {_ENTRY}, content, run, articles, answers FROM versions WHERE series = ?"
_NEWEST = " ORDER BY number DESC LIMIT 1"


def open_store(place: str | Path | None = None) -> Store:
    """The store at a file or a "postgresql://..." address; None: SUMMARISE_STORE, else the user's data folder.

    Raises what `Store.open` raises.
    """
    return Store.open(place)


class Store:
    """An open store. Usable from several threads; close it, or use it in a `with`.

    Operations raise OutputError (a full disk, a lock that does not go away, a server that is gone) or
    ConfigurationError (DamagedStore among them), one line with the remedy.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._together = Together(self._put_all)

    @classmethod
    def open(cls, place: str | Path | None) -> Self:
        """Opens a store, makes it where there is none, and brings an older one up to date.

        Raises ConfigurationError where it is none of ours, damaged, too new, or cannot be opened.
        """
        return cls._over(database_at(place))

    @classmethod
    def in_memory(cls) -> Self:
        """A store that lasts as long as it is open."""
        from summarise.store.sqlite import SQLite

        return cls._over(SQLite(None))

    @classmethod
    def _over(cls, database: Database) -> Self:
        try:
            migrate(database)
        except BaseException:
            database.close()
            raise
        return cls(database)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Closes the store; what was put is in it."""
        self._together.close()
        self._database.close()

    @property
    def place(self) -> str:
        """Where it is, as it may be printed."""
        return self._database.place

    @property
    def database(self) -> Database:
        """What the store stands in, for the rooms that keep tables of their own in it (`summarise.serve`)."""
        return self._database

    @property
    def version(self) -> int:
        """How many migrations the store has seen."""
        return self._database.version(self._database.fetch)

    # ---- answers

    def get(self, key: str) -> StoredAnswer | None:
        """The answer stored under a key, or None. Some 30 µs in a file; over a network, one round trip."""
        rows = self._database.fetch(f"{_ANSWERS} = ?", (key,))
        return StoredAnswer(*rows[0]) if rows else None

    def put(self, answer: StoredAnswer, spent: Sequence[Spent] = ()) -> StoredAnswer:
        """Stores an answer durably, unless there is one under its key already; returns the one that is stored.

        `spent` goes into the ledger with it, whichever answer that is: it was paid for.
        """
        return self._put_all([(_row(answer), spent)])[0]

    def put_soon(self, answer: StoredAnswer, spent: Sequence[Spent] = ()) -> Future[StoredAnswer]:
        """`put` by a thread of the store, in one transaction with whatever else is put meanwhile."""
        # the row is made here: hashing lets go of the interpreter, and beside a busy event loop a thread gets it late
        return self._together.put((_row(answer), spent))

    def _put_all(self, items: Sequence[tuple[_AnswerRow, Sequence[Spent]]]) -> list[StoredAnswer]:
        stored: dict[str, StoredAnswer] = {}
        with self._database.writing() as run:
            for some in chunks(items):
                run(
                    "INSERT INTO answers"
                    " (key, answer, kind, model, input_tokens, cached_tokens, output_tokens, hash, stored_at)"
                    f" VALUES {', '.join(['(?, ?, ?, ?, ?, ?, ?, ?, ?)'] * len(some))} ON CONFLICT DO NOTHING",
                    [value for row, _ in some for value in row],
                )
                keys = list(dict.fromkeys(row[0] for row, _ in some))
                stored.update((row[0], StoredAnswer(*row)) for row in run(f"{_ANSWERS} IN ({marks(keys)})", keys))
            spending.write(run, [one for _, spent in items for one in spent])
        return [stored[row[0]] for row, _ in items]

    def discard(self, answer: StoredAnswer) -> None:
        """Removes an answer that no longer passes the checks, if it is still the one stored."""
        with self._database.writing() as run:
            run("DELETE FROM answers WHERE key = ? AND answer = ?", (answer.key, json_text(answer.answer)))

    # ---- the ledger

    def spend(self, spent: Sequence[Spent]) -> None:
        """Writes durably down what questions took that brought no answer, all or none."""
        if spent:
            with self._database.writing() as run:
                spending.write(run, spent)

    def spent(
        self, by: Grouping, *, since: str = "", before: str = "", story: str | None = None
    ) -> tuple[CostLine, ...]:
        """Sums of the ledger, by name, and runs by when they began; reads it through (100,000 rows: less than 1 s).

        `since` and `before` are moments as `stamp` writes them, or beginnings of one ("2026-11-22"); "" is no bound.
        """
        return spending.sums(self._database, by, since=since, before=before, story=story)

    def milliseconds(self, model: str, host: str) -> int | None:
        """The mean time that a model took for a question of late, batches aside; None where it has answered none."""
        return spending.milliseconds(self._database, model, host)

    # ---- articles as they were read

    def articles(self, keys: Iterable[str]) -> dict[str, StoredArticle]:
        """What was read before, by key; keys without an article are not in it."""
        found: dict[str, StoredArticle] = {}
        for some in chunks(list(dict.fromkeys(keys))):
            sql = f"SELECT key, article FROM articles WHERE key IN ({marks(some)})"
            found.update((key, StoredArticle(key, article)) for key, article in self._database.fetch(sql, some))
        return found

    def put_articles(self, items: Iterable[StoredArticle]) -> None:
        """Stores articles durably, all or none; where there is one under a key already, that one stays.

        Raises ValueError where an article is no JSON.
        """
        now = stamp()
        rows = [(a.key, _id_of(a.article), hashed(text := json_text(a.article)), now, text) for a in items]
        if not rows:
            return
        with self._database.writing() as run:
            for some in chunks(rows):
                run(
                    "INSERT INTO articles (key, id, hash, stored_at, article)"
                    f" VALUES {', '.join(['(?, ?, ?, ?, ?)'] * len(some))} ON CONFLICT DO NOTHING",
                    [value for row in some for value in row],
                )

    # ---- versions of a brief

    def record(
        self,
        series: Series,
        *,
        inputs: str,
        content: str,
        run: str,
        complete: bool,
        texts: Mapping[str, str],
        answers: Sequence[str],
    ) -> Version:
        """Stores a version in one transaction, and returns it.

        `content` and `run` are canonical JSON (kept to the letter), `texts` the cleaned texts by article id, `answers`
        the keys of the answers used. Where the newest version of the series has this content, that one stays, with
        its `made` and `run`, and gets these inputs, answers and completeness; else the next number is made.
        Raises ValueError where content or run is no JSON, or an article id is stored with another text.
        """
        for one in (content, run):
            json.loads(one)
        content, run = json_text(content), json_text(run)
        key, digest, used = series_key(series), hashed(content), canonical(sorted(set(answers)))
        raw = {article: text_bytes(text) for article, text in sorted(texts.items())}
        with self._database.writing() as execute:
            _put_texts(execute, raw)
            newest = execute(f"SELECT number, hash FROM versions WHERE series = ?{_NEWEST}", (key,))
            if newest and newest[0][1] == digest:
                number = newest[0][0]
                execute(
                    "UPDATE versions SET inputs = ?, answers = ?, complete = ? WHERE series = ? AND number = ?",
                    (inputs, used, int(complete), key, number),
                )
            else:
                number = newest[0][0] + 1 if newest else 1
                execute(
                    "INSERT INTO series (key, story, place) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                    (key, text_bytes(series.story), text_bytes(series.place)),
                )
                execute(
                    "INSERT INTO versions"
                    " (series, number, made, hash, inputs, complete, run, articles, answers, content)"
                    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    (key, number, stamp(), digest, inputs, int(complete), run, canonical(list(raw)), used, content),
                )
            row = execute(
                f"SELECT {_ENTRY}, run, articles, answers FROM versions WHERE series = ? AND number = ?", (key, number)
            )[0]
            return _version(series, (*row[:5], content, *row[5:]))  # the text as given: a large one is held once

    def made(self, series: Series, inputs: str) -> Version | None:
        """The newest version of a series with exactly these inputs, or None; later versions may have others."""
        return self._one(series, f"{_VERSION} AND inputs = ?{_NEWEST}", inputs)

    def load(self, series: Series, number: int | None = None) -> Version | None:
        """A version of a series (None: the newest), or None where there is no such."""
        if number is None:
            return self._one(series, f"{_VERSION}{_NEWEST}")
        return self._one(series, f"{_VERSION} AND number = ?", number)

    def newest(self, series: Series) -> VersionEntry | None:
        """The newest version of a series without its content, or None where there is none."""
        rows = self._database.fetch(f"SELECT {_ENTRY} FROM versions WHERE series = ?{_NEWEST}", (series_key(series),))
        return _entry(series, rows[0]) if rows else None

    def versions(self, series: Series) -> tuple[VersionEntry, ...]:
        """The versions of a series without their content, oldest first."""
        sql = f"SELECT {_ENTRY} FROM versions WHERE series = ? ORDER BY number"
        return tuple(_entry(series, row) for row in self._database.fetch(sql, (series_key(series),)))

    def series(self) -> tuple[Series, ...]:
        """Every series there is, by story and place."""
        rows = self._database.fetch("SELECT story, place FROM series")
        return tuple(sorted(Series(self._text(story), self._text(place)) for story, place in rows))

    def texts(self, ids: Iterable[str]) -> dict[str, str]:
        """Cleaned texts by article id; ids without a text are not in it."""
        found: dict[str, str] = {}
        for some in chunks(list(dict.fromkeys(ids))):
            sql = f"SELECT id, text FROM texts WHERE id IN ({marks(some)})"
            found.update((one, self._text(text)) for one, text in self._database.fetch(sql, some))
        return found

    # ---- upkeep

    def counts(self) -> Counts:
        """How many of each are stored."""
        with self._database.snapshot() as run:
            return upkeep.counts(run)

    def verify(self) -> list[str]:
        """What is wrong with the store, one line a fault; nothing where all is sound. Writers are not held up."""
        return upkeep.verify(self._database)

    def gc(self, *, keep_versions: int | None = None, older_than_days: float = 30, dry_run: bool = False) -> Collected:
        """Removes what is no longer needed, and returns how much that is (with `dry_run`, would be).

        Versions beyond the newest `keep_versions` of each series (None: all are kept; at least 1); then the answers
        and the articles as read that no kept version used and that are older than the given days; then texts without
        a version. Gives the space back.
        """
        return upkeep.collect(
            self._database, keep_versions=keep_versions, older_than_days=older_than_days, dry_run=dry_run
        )

    def _one(self, series: Series, sql: str, *values: str | int) -> Version | None:
        rows = self._database.fetch(sql, (series_key(series), *values))
        return _version(series, rows[0]) if rows else None

    def _text(self, raw: bytes) -> str:
        try:
            return bytes_text(raw)
        except ValueError as error:
            raise DamagedStore(f"the store {self.place} is damaged; summarise store verify says where") from error


def _row(answer: StoredAnswer) -> _AnswerRow:
    text = json_text(answer.answer)
    return (
        *(answer.key, text, answer.kind, label(answer.model)),
        *(answer.input_tokens, answer.cached_tokens, answer.output_tokens),
        *(hashed(text), stamp()),
    )


def _entry(series: Series, row: Row) -> VersionEntry:
    number, made, digest, inputs, complete = row[:5]
    return VersionEntry(series, number, made, digest, inputs, bool(complete))


def _version(series: Series, row: Row) -> Version:
    number, made, digest, inputs, complete, content, run, articles, answers = row
    return Version(
        series=series,
        number=number,
        made=made,
        hash=digest,
        inputs=inputs,
        complete=bool(complete),
        content=content,
        run=run,
        articles=tuple(json.loads(articles)),
        answers=tuple(json.loads(answers)),
    )


def _put_texts(run: Run, texts: Mapping[str, bytes]) -> None:
    """Stores the texts that are not there yet; one id has one text for ever."""
    hashes = {article: hashed(text) for article, text in texts.items()}
    for some in chunks(list(texts)):
        sql = f"SELECT id, hash FROM texts WHERE id IN ({marks(some)})"
        there = {str(one): str(digest) for one, digest in run(sql, some)}
        for article, digest in there.items():
            if digest != hashes[article]:
                raise ValueError(f"article {article} is stored with another text")
        new = [article for article in some if article not in there]
        if new:
            run(
                f"INSERT INTO texts (id, hash, text) VALUES {', '.join(['(?, ?, ?)'] * len(new))}",
                [value for article in new for value in (article, hashes[article], texts[article])],
            )


def _id_of(article: str) -> str:
    """The article's id in its JSON; "" where it names none. Raises ValueError for what is no JSON."""
    read = json.loads(article)
    found = read.get("id") if isinstance(read, dict) else None
    return label(found) if isinstance(found, str) else ""
