"""The ledger: what every question cost, beside the answers and kept when they are gone. No word of an article is in it.

A row has about 190 bytes, those in its index with it.
"""

# ruff: noqa: S608 (only names of our own and question marks are put into statements, never a value)

from __future__ import annotations

from collections.abc import Iterator, Sequence

from summarise.costs import CostLine, Grouping
from summarise.store.database import Database, Run, Value
from summarise.store.forms import bytes_text, chunks, label, stamp, text_bytes
from summarise.store.records import Spent

_COLUMNS = (
    "at, run, story, kind, model, host, batch, milliseconds, calls, unpriced,"
    " input_tokens, cached_tokens, output_tokens, cost"
)
_ROW = f"({', '.join('?' * 14)})"
_NUMBERS = ("calls", "unpriced", "input_tokens", "cached_tokens", "output_tokens", "cost")
_SUMS = ", ".join(f"coalesce(sum({name}), 0)" for name in _NUMBERS)
_GROUPS = {"story": "story", "model": "model", "day": "substr(at, 1, 10)", "kind": "kind", "run": "run"}
_RECENT = 500
_FAULTY = " OR ".join(
    (
        *(f"{name} < 0" for name in (*_NUMBERS, "milliseconds")),
        *("cached_tokens > input_tokens", "unpriced > calls", "batch NOT IN (0, 1)", "length(at) <> 20"),
    )
)


def write(run: Run, spent: Sequence[Spent]) -> None:
    """Writes rows down, as a part of the caller's transaction."""
    now = stamp()
    for some in chunks(spent):
        run(
            f"INSERT INTO spending ({_COLUMNS}) VALUES {', '.join([_ROW] * len(some))}",
            [value for one in some for value in _values(one, now)],
        )


def _values(one: Spent, now: str) -> tuple[Value, ...]:
    return (
        *(now, label(one.run), text_bytes(one.story), label(one.kind), label(one.model), label(one.host)),
        *(int(one.batch), one.milliseconds, one.calls, one.unpriced),
        *(one.input_tokens, one.cached_tokens, one.output_tokens, one.cost),
    )


def sums(
    database: Database, by: Grouping, *, since: str = "", before: str = "", story: str | None = None
) -> tuple[CostLine, ...]:
    """See `Store.spent`."""
    group = _GROUPS[by]
    where, values = ["at >= ?"], [since or "0"]
    given: list[Value] = [*values]
    if before:
        where.append("at < ?")
        given.append(before)
    if story is not None:
        where.append("story = ?")
        given.append(text_bytes(story))
    rows = database.fetch(
        f"SELECT {group}, min(at), {_SUMS} FROM spending WHERE {' AND '.join(where)} GROUP BY {group}", given
    )
    found = [
        CostLine(name=_name(row[0]), first=str(row[1]), **dict(zip(_NUMBERS, map(int, row[2:]), strict=True)))
        for row in rows
    ]
    return tuple(sorted(found, key=(lambda one: (one.first, one.name)) if by == "run" else lambda one: one.name))


def milliseconds(database: Database, model: str, host: str) -> int | None:
    """See `Store.milliseconds`."""
    (found,) = database.fetch(
        "SELECT sum(milliseconds), count(*) FROM (SELECT milliseconds FROM spending WHERE model = ? AND host = ?"
        f" AND batch = 0 AND output_tokens > 0 AND milliseconds > 0 ORDER BY at DESC LIMIT {_RECENT}) AS recent",
        (label(model), label(host)),
    )
    return round(int(found[0]) / int(found[1])) if found[1] else None


def faults(run: Run) -> Iterator[str]:
    """Rows that nobody could have written, one line for all of them."""
    number = run(f"SELECT count(*) FROM spending WHERE {_FAULTY}")[0][0]
    if number:
        yield f"ledger: rows that cannot be: {number:,}; its sums cannot be trusted"
    unread = 0
    for (story,) in run("SELECT DISTINCT story FROM spending"):
        try:
            bytes_text(story)
        except ValueError:
            unread += 1
    if unread:
        yield f"ledger: names of stories that are no text: {unread:,}"


def _name(value: bytes | str) -> str:
    if isinstance(value, str):
        return value
    try:
        return bytes_text(value)
    except ValueError:  # `faults` tells of it; the sums are as good without the name
        return bytes(value).decode("utf-8", "replace")
