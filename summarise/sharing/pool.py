"""A pool: the calls in flight and the rates of one endpoint, held by its members in rows that never exceed them.

A member that shrinks does so before its row says it, and one that grows after: whatever happens in between, a crash
or a commit that never was, it uses at most what its row holds.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from math import ceil
from typing import Protocol

from summarise.sharing.shares import Row, targets
from summarise.sharing.watching import Watch
from summarise.store.database import Run

UNLIMITED = -1
"""How a row says that there is no such limit."""
_COLUMNS = "member, beat, places, requests, tokens, wants, held, turn, pulses, pause"


@dataclass(frozen=True)
class Totals:
    """The limits of a whole pool, as one member knows them; where members differ, the least hold."""

    concurrency: int
    requests_per_minute: int | None = None
    tokens_per_minute: int | None = None


class Sized(Protocol):
    """What is kept to the share: `summarise.model.limits.Limits`."""

    @property
    def in_flight(self) -> int: ...

    @property
    def asked_to_wait(self) -> float: ...

    def pause(self, seconds: float, /, *, heard: bool) -> None: ...

    def resize(
        self, concurrency: int, requests_per_minute: float | None, tokens_per_minute: float | None, /
    ) -> None: ...


@dataclass(frozen=True)
class _Share:
    places: int
    requests: float | None
    tokens: float | None

    def least(self, other: _Share) -> _Share:
        """Of each the smaller; no limit is more than any."""
        rates = ((self.requests, other.requests), (self.tokens, other.tokens))
        requests, tokens = (min((one for one in pair if one is not None), default=None) for pair in rates)
        return _Share(min(self.places, other.places), requests, tokens)


class Seat:
    """A member's seat in a pool. `pulse` and `leave` run in a writing transaction of the store."""

    def __init__(self, pool: str, totals: Totals, limits: Sized, lease: float) -> None:
        self._pool, self._totals, self._limits = pool, totals, limits
        self._watch, self._lease = Watch(lease), lease
        self._name = secrets.token_hex(4)
        self._joins = 0
        self._joined = False
        self._heard: dict[str, int] = {}
        self.held = 0
        self._apply(self._share(0, totals, 0))

    @property
    def member(self) -> str:
        """The name of its row; another one after it was thrown out."""
        return f"{self._name}-{self._joins}"

    def pulse(self, run: Run, now: float, wants: int) -> Callable[[], None]:
        """Beats, and settles what this member holds; `wants` calls would be in flight. Seconds of any steady clock.

        What is returned must be called once the transaction is committed: it lets this member use what it has won.
        """
        found = run(f"SELECT {_COLUMNS} FROM sharing_members WHERE pool = ?", (self._pool,))  # noqa: S608
        still = self._watch.still({str(row[0]): int(row[1]) for row in found if row[0] != self.member}, now)
        for gone in still:
            run("DELETE FROM sharing_members WHERE pool = ? AND member = ?", (self._pool, gone))
        found = [row for row in found if row[0] not in still]
        self._hear({str(row[0]): (int(row[1]), int(row[9])) for row in found if row[0] != self.member})
        rows = [Row(row[0], *map(int, row[5:9])) for row in found]
        totals = _least(self._totals, found)
        newest = max((row.turn for row in rows), default=0) + 1
        mine = next((row for row in rows if row.member == self.member), None)
        others = [row for row in rows if row is not mine]
        if mine is None:
            if self._joined:  # thrown out: others have its share
                self._apply(self._share(0, totals, 0))
                self._joins += 1
            mine = Row(self.member, 0, 0, newest, -1)
            sql = f"INSERT INTO sharing_members (pool, {_COLUMNS}) VALUES (?, ?, 0, 0, 0, 0, 0, 0, 0, 0, 0)"  # noqa: S608
            run(sql, (self._pool, self.member))
        free = max(0, totals.concurrency - sum(row.held for row in rows))
        seat = Row(mine.member, wants, mine.held, mine.turn, mine.pulses)
        target = targets([*others, seat], totals.concurrency)[self.member]
        places = min(target, self._now.places)
        self._apply(_Share(places, self._now.requests, self._now.tokens))  # from here on nothing new beyond it
        held = min(max(target, self._limits.in_flight), mine.held + free)
        share = self._share(min(target, held), totals, held)
        self._apply(share.least(self._now))
        turned = (held > 0) != (mine.held > 0)
        run(
            "UPDATE sharing_members SET beat = beat + 1, places = ?, requests = ?, tokens = ?, wants = ?, held = ?,"
            " turn = ?, pulses = ?, pause = ? WHERE pool = ? AND member = ?",
            (
                *(self._totals.concurrency, *map(_number, _rates(self._totals)), wants, held),
                *(newest if turned else mine.turn, 0 if turned else mine.pulses + 1),
                *(ceil(self._limits.asked_to_wait * 1000), self._pool, self.member),
            ),
        )

        def won() -> None:
            self._joined, self.held = True, held
            self._apply(share)

        return won

    def leave(self, run: Run) -> None:
        """Gives the share back, whatever is still in flight: the caller has ended it."""
        self._apply(self._share(0, self._totals, 0))
        run("DELETE FROM sharing_members WHERE pool = ? AND member = ?", (self._pool, self.member))

    def _hear(self, told: dict[str, tuple[int, int]]) -> None:
        """Pauses with the others, whose beat and milliseconds of pause these are.

        Each says what is left of a pause at its beat, by its own clock; so nobody's clock need be right, and who hears
        of it pauses longer by as long as it took to hear, at most a pulse. A beat that stands still says nothing new.
        Who is seen for the first time may be long dead: that counts for a lease, in which the living beat again. What
        was heard is not told on, or it would come back longer each time.
        """
        for name, (beat, milliseconds) in told.items():
            if milliseconds and self._heard.get(name) != beat:
                left = milliseconds / 1000
                self._limits.pause(left if name in self._heard else min(left, self._lease), heard=True)
        self._heard = {name: beat for name, (beat, _) in told.items()}

    def _share(self, places: int, totals: Totals, held: int) -> _Share:
        part = held / totals.concurrency
        return _Share(places, *(None if rate is None else rate * part for rate in _rates(totals)))

    def _apply(self, share: _Share) -> None:
        self._now = share
        self._limits.resize(share.places, share.requests, share.tokens)


def _least(told: Totals, rows: list[tuple[int, ...]]) -> Totals:
    given = zip((told.concurrency, *map(_number, _rates(told))), *(row[2:5] for row in rows), strict=True)
    places, requests, tokens = (min((int(one) for one in each if one > 0), default=UNLIMITED) for each in given)
    return Totals(places, *(None if rate == UNLIMITED else rate for rate in (requests, tokens)))


def _rates(totals: Totals) -> tuple[int | None, int | None]:
    return totals.requests_per_minute, totals.tokens_per_minute


def _number(rate: int | None) -> int:
    return UNLIMITED if rate is None else rate
