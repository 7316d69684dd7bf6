"""Upkeep of a store: what is wrong with it, and what in it is no longer needed."""

# ruff: noqa: S608 (only names of our own and question marks are put into statements, never a value)

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from summarise.errors import SummariseError
from summarise.store import batches, spending
from summarise.store.database import Database, Row, Run, Value
from summarise.store.forms import bytes_text, chunks, hashed, marks, series_key, stamp
from summarise.store.records import Collected, Counts, Series

_BATCH = 100  # rows read at once: their texts are in memory together
_OLD = "SELECT {} FROM {} WHERE stored_at <= ?"


def counts(run: Run) -> Counts:
    """How many of each are stored."""
    answers, articles, versions, texts = (
        run(f"SELECT count(*) FROM {table}")[0][0] for table in ("answers", "articles", "versions", "texts")
    )
    return Counts(answers, articles, versions, texts)


# ---- verify


def verify(database: Database) -> list[str]:
    """One line a fault: the database's own check, hashes, JSON, versions and their texts, the ledger, batches."""
    found: list[str] = []
    try:
        with database.snapshot() as run:
            for check in (database.faults, _answers, _articles, _texts, _versions, spending.faults, batches.faults):
                try:
                    found += check(run)
                except SummariseError as error:
                    found.append(str(error))
    except SummariseError as error:
        found.append(str(error))
    return list(dict.fromkeys(found))


def _answers(run: Run) -> Iterator[str]:
    for key, answer, digest in _rows(run, "answers", "key", "answer, hash"):
        yield from _faults_of_json(f"answer {key}", answer, digest)


def _articles(run: Run) -> Iterator[str]:
    for key, article, digest in _rows(run, "articles", "key", "article, hash"):
        yield from _faults_of_json(f"article as read {key}", article, digest)


def _texts(run: Run) -> Iterator[str]:
    for one, text, digest in _rows(run, "texts", "id", "text, hash"):
        if hashed(text) != digest:
            yield f"text of article {one}: does not match its hash"


def _versions(run: Run) -> Iterator[str]:
    texts = {one for (one,) in run("SELECT id FROM texts")}
    names: dict[str, str] = {}
    for key, story, place in run("SELECT key, story, place FROM series"):
        series = _series(story, place)
        if series is None or series_key(series) != key:
            yield f"series {key}: its story and place do not match its key"
        names[key] = key if series is None else " in ".join(filter(None, (repr(series.story), series.place)))
    before: dict[str, int] = {}
    for key, number in run("SELECT series, number FROM versions ORDER BY series, number"):
        name = f"version {number} of {names.get(key, key)}"
        if key not in names:
            yield f"{name}: its series is not there"
        if number != before.get(key, number - 1) + 1:
            yield f"{name}: the one before it is version {before[key]}"
        before[key] = number
        content, digest, *rest = run(
            "SELECT content, hash, run, articles, answers FROM versions WHERE series = ? AND number = ?", (key, number)
        )[0]
        yield from _faults_of_json(name, content, digest)
        for part, text in zip(("run", "articles", "answers"), rest, strict=True):
            yield from _faults_of_json(f"{name}, {part}", text, "")
        yield from (f"{name}: the text of article {one} is not there" for one in _listed(rest[1]) if one not in texts)


def _rows(run: Run, table: str, key: str, columns: str) -> Iterator[Row]:
    """Every row of a table, not all of them in memory at once."""
    keys = [one for (one,) in run(f"SELECT {key} FROM {table} ORDER BY {key}")]
    for some in chunks(keys, _BATCH):
        yield from run(f"SELECT {key}, {columns} FROM {table} WHERE {key} IN ({marks(some)})", some)


def _faults_of_json(name: str, text: str, digest: str) -> Iterator[str]:
    if digest and hashed(text) != digest:
        yield f"{name}: does not match its hash"
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        yield f"{name}: is no JSON"


def _listed(text: str) -> list[str]:
    """The ids or keys in a stored list; none where it is damaged."""
    try:
        found = json.loads(text)
    except ValueError:
        return []
    return [one for one in found if isinstance(one, str)] if isinstance(found, list) else []


def _series(story: bytes, place: bytes) -> Series | None:
    try:
        return Series(bytes_text(story), bytes_text(place))
    except ValueError:
        return None


# ---- gc


def collect(database: Database, *, keep_versions: int | None, older_than_days: float, dry_run: bool) -> Collected:
    """See `Store.gc`. One transaction, then the space."""
    if keep_versions is not None and keep_versions < 1:
        raise ValueError("keep_versions must be 1 or more: numbers go on from the newest version")
    if not older_than_days >= 0:
        raise ValueError("older_than_days must be 0 or more")
    cutoff = _cutoff(older_than_days)
    with database.snapshot() if dry_run else database.writing() as run:
        dead = _beyond(run, keep_versions)
        answers, articles = _used(run, dead)
        unused = {
            "answers": [key for (key,) in run(_OLD.format("key", "answers"), (cutoff,)) if key not in answers],
            "articles": [k for k, one in run(_OLD.format("key, id", "articles"), (cutoff,)) if one not in articles],
            "texts": [one for (one,) in run("SELECT id FROM texts") if one not in articles],
        }
        size = sum(_versions_gone(run, series, numbers, dry_run=dry_run) for series, numbers in dead.items())
        for (table, keys), key, column in zip(
            unused.items(), ("key", "key", "id"), ("answer", "article", "text"), strict=True
        ):
            for some in chunks(keys):
                where = f"FROM {table} WHERE {key} IN ({marks(some)})"
                size += _size(run, column, where, some)
                if not dry_run:
                    run(f"DELETE {where}", some)
    if not dry_run:
        database.reclaim()
    return Collected(
        answers=len(unused["answers"]),
        articles=len(unused["articles"]),
        versions=sum(map(len, dead.values())),
        texts=len(unused["texts"]),
        bytes=size,
    )


def _cutoff(days: float) -> str:
    """The moment up to which things are old; "" (nothing is) before there were dates."""
    try:
        return stamp(datetime.now(UTC) - timedelta(days=days))
    except OverflowError:
        return ""


def _beyond(run: Run, keep: int | None) -> dict[str, list[int]]:
    """The versions beyond the newest `keep`, by key of their series."""
    numbers: dict[str, list[int]] = {}
    for series, number in run("SELECT series, number FROM versions ORDER BY series, number"):
        numbers.setdefault(series, []).append(number)
    return {series: made[:-keep] for series, made in numbers.items() if len(made) > keep} if keep else {}


def _used(run: Run, dead: Mapping[str, Sequence[int]]) -> tuple[set[str], set[str]]:
    """The answers and the articles of all versions but these."""
    answers, articles = set[str](), set[str]()
    for (series,) in run("SELECT DISTINCT series FROM versions"):
        last = dead[series][-1] if series in dead else 0
        for keys, ids in run("SELECT answers, articles FROM versions WHERE series = ? AND number > ?", (series, last)):
            answers.update(_listed(keys))
            articles.update(_listed(ids))
    return answers, articles


def _versions_gone(run: Run, series: str, numbers: Sequence[int], *, dry_run: bool) -> int:
    where, values = "FROM versions WHERE series = ? AND number <= ?", (series, numbers[-1])
    size = sum(_size(run, column, where, values) for column in ("content", "run", "articles", "answers"))
    if not dry_run:
        run(f"DELETE {where}", values)
    return size


def _size(run: Run, column: str, where: str, values: Sequence[Value]) -> int:
    return int(run(f"SELECT coalesce(sum(octet_length({column})), 0) {where}", values)[0][0])
