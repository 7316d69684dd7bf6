"""The purse of a run: dollars and tokens, lent to its members in small leases and written down as they are spent.

What was spent and what is lent never come to more than the run may spend, but for what an answer exceeds its estimate
by. A member that cannot pay for what it waits for gives back all that is not in flight, so that what is left comes
together in one hand; who then finds too little, and nobody else with any of it, has come to the end.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from summarise.errors import ConfigurationError
from summarise.model.budget import BILLION, Purse, Spending, billionths
from summarise.sharing.watching import Watch
from summarise.store import Store
from summarise.store.database import Run
from summarise.store.forms import stamp

PLENTY = 10**18
"""Where there is no limit: more than anybody spends, and still a whole number of both databases."""
_AHEAD = 4
"""How many times what is in flight and waits a member may have: a purse wants some to spare beside others in flight."""
_PART = 8
"""Which part of what is left for each member it may have at hand for what it will ask next."""
_KEPT_DAYS = 7
KEEP = 3600.0
"""Seconds between two signs of life of a run."""


@dataclass(frozen=True)
class Amounts:
    """Money in billionths of a dollar, and tokens. Differences are never less than nothing."""

    cost: int = 0
    tokens: int = 0

    def __add__(self, other: Amounts) -> Amounts:
        return Amounts(self.cost + other.cost, self.tokens + other.tokens)

    def __sub__(self, other: Amounts) -> Amounts:
        return Amounts(max(0, self.cost - other.cost), max(0, self.tokens - other.tokens))

    def __mul__(self, times: int) -> Amounts:
        return Amounts(self.cost * times, self.tokens * times)

    def __floordiv__(self, parts: int) -> Amounts:
        return Amounts(self.cost // parts, self.tokens // parts)

    def least(self, other: Amounts) -> Amounts:
        """Of each the smaller."""
        return Amounts(min(self.cost, other.cost), min(self.tokens, other.tokens))

    def most(self, other: Amounts) -> Amounts:
        """Of each the larger."""
        return Amounts(max(self.cost, other.cost), max(self.tokens, other.tokens))


NOTHING = Amounts()


class Purses:
    """The purses in a store, one for each run."""

    @staticmethod
    def open(store: Store, run: str, max_cost: float | None, max_tokens: int | None) -> None:
        """Makes the purse of a run (None: no limit); those that nobody has kept for a week go.

        What `made` says of a purse is when it was last known to be in use.
        """
        limits = (PLENTY if max_cost is None else billionths(max_cost), PLENTY if max_tokens is None else max_tokens)
        old = stamp(datetime.now(UTC) - timedelta(days=_KEPT_DAYS))
        with store.database.writing() as execute:
            execute("DELETE FROM sharing_leases WHERE run IN (SELECT run FROM sharing_purses WHERE made < ?)", (old,))
            execute("DELETE FROM sharing_purses WHERE made < ?", (old,))
            execute(
                "INSERT INTO sharing_purses (run, made, max_cost, max_tokens, spent_cost, spent_tokens)"
                " VALUES (?, ?, ?, ?, 0, 0)",
                (run, stamp(), *limits),
            )

    @staticmethod
    def keep(store: Store, run: str) -> None:
        """Says that a run goes on; to be called about every hour (`KEEP`) by whoever has opened its purse."""
        with store.database.writing() as execute:
            execute("UPDATE sharing_purses SET made = ? WHERE run = ?", (stamp(), run))

    @staticmethod
    def there(store: Store, run: str) -> bool:
        """Whether this store has the purse of that run."""
        return bool(store.database.fetch("SELECT 1 FROM sharing_purses WHERE run = ?", (run,)))

    @staticmethod
    def close(store: Store, run: str) -> None:
        """Removes the purse of a run that has ended."""
        with store.database.writing() as execute:
            execute("DELETE FROM sharing_leases WHERE run = ?", (run,))
            execute("DELETE FROM sharing_purses WHERE run = ?", (run,))


@dataclass(frozen=True)
class Looked:
    """A purse at one moment: what may be spent in all, and what of it is spent, is in flight, and is waited for."""

    allowed: Amounts
    spent: Amounts
    aside: Amounts
    waits: Amounts

    @property
    def stuck(self) -> bool:
        """Whether somebody waits while nothing is in flight that could come cheaper than expected."""
        return self.waits != NOTHING and self.aside == NOTHING


class Lease:
    """A member's part of the purse of a run: `purse` is what it spends from.

    `look`, and what `pulse` returns, belong to the event loop that spends; `pulse` and `leave` run in a writing
    transaction of the store.
    """

    def __init__(self, run: str, member: str, max_cost: float | None, max_tokens: int | None, lease: float) -> None:
        self._run, self._member = run, member
        self._limited = (max_cost is not None, max_tokens is not None)
        self._watch = Watch(lease)
        self._allowed = self._reported = self._at_hand = NOTHING
        self._joined = self._scarce = False
        whole = Spending(max_cost, max_tokens or 0)
        self.purse = Purse(*self._limits(NOTHING), final=False, part_of=whole)

    def look(self) -> Looked:
        """Looks into the purse, and takes out at once what this member need not keep."""
        purse, waits = self.purse, self.purse.waiting
        spent = Amounts(billionths(purse.spent_cost or 0.0), purse.spent_tokens)
        aside = Amounts(billionths(purse.set_aside.cost or 0.0), purse.set_aside.tokens)
        waiting = NOTHING if waits is None else Amounts(billionths(waits.cost or 0.0), waits.tokens)
        looked = Looked(self._allowed, spent, aside, waiting)
        if (less := self._allowed.least(spent + self._wanted(looked))) != self._allowed:
            self._allow(less)
        return Looked(less, spent, aside, waiting)

    def pulse(self, run: Run, now: float, looked: Looked) -> Callable[[], None]:
        """Beats, writes down what was spent, and borrows as far as there is; `now` of any steady clock, in seconds.

        Raises ConfigurationError where the store has no such purse. What is returned must be called once the
        transaction is committed: it lets this member spend.
        """
        limits, spent = _purse(run, self._run)
        rows = run("SELECT member, beat, cost, tokens, short FROM sharing_leases WHERE run = ?", (self._run,))
        others = {str(row[0]): row for row in rows if row[0] != self._member}
        for gone in self._watch.still({name: int(row[1]) for name, row in others.items()}, now):
            spent += Amounts(*others.pop(gone)[2:4])  # how much of it nobody knows: all of it
            run("DELETE FROM sharing_leases WHERE run = ? AND member = ?", (self._run, gone))
        at_hand, news = looked.allowed - looked.spent, looked.spent - self._reported
        if not any(row[0] == self._member for row in rows):
            if self._joined:  # thrown out, and all it had was counted as spent
                at_hand = news = NOTHING
            sql = "INSERT INTO sharing_leases (run, member, beat, cost, tokens, short) VALUES (?, ?, 0, 0, 0, 0)"
            run(sql, (self._run, self._member))
        spent += news
        lent = sum((Amounts(*row[2:4]) for row in others.values()), NOTHING)
        left = limits - spent - lent
        for_each = left // (len(others) + 1)
        short = looked.stuck and looked.waits - left != NOTHING
        scarce = short or any(row[4] for row in others.values())
        lease = at_hand
        if not short:
            need = looked.aside + looked.waits
            wanted = need if scarce else need * _AHEAD + for_each // _PART
            lease = at_hand.most(wanted.least(for_each.most(need.least(left))))
        # what is missing, and nobody else has any of, never comes
        cost, tokens = looked.waits.cost > left.cost, looked.waits.tokens > left.tokens
        final = short and ((cost and not lent.cost) or (tokens and not lent.tokens))
        run(
            "UPDATE sharing_purses SET spent_cost = ?, spent_tokens = ? WHERE run = ?",
            (spent.cost, spent.tokens, self._run),
        )
        run(
            "UPDATE sharing_leases SET beat = beat + 1, cost = ?, tokens = ?, short = ? WHERE run = ? AND member = ?",
            (lease.cost, lease.tokens, int(short and not final), self._run, self._member),
        )

        def won() -> None:
            self._joined, self._reported, self._scarce = True, looked.spent, scarce
            self._at_hand = NOTHING if short else for_each // _PART
            self._allow(looked.spent + lease)
            if final:
                self.purse.final = True

        return won

    def beat(self, run: Run) -> None:
        """Only beats: what it has lent stays as it is."""
        run("UPDATE sharing_leases SET beat = beat + 1 WHERE run = ? AND member = ?", (self._run, self._member))

    def leave(self, run: Run, looked: Looked) -> None:
        """Writes down what was spent, and gives back what was not."""
        _, spent = _purse(run, self._run)
        there = run("DELETE FROM sharing_leases WHERE run = ? AND member = ? RETURNING 1", (self._run, self._member))
        if there:
            spent += looked.spent + looked.aside - self._reported
            run(
                "UPDATE sharing_purses SET spent_cost = ?, spent_tokens = ? WHERE run = ?",
                (spent.cost, spent.tokens, self._run),
            )

    def _wanted(self, looked: Looked) -> Amounts:
        """What this member need have at hand; nothing where it has too little for anything and others may have use."""
        if self.purse.final:
            return looked.aside
        if self._scarce:
            return looked.aside if looked.stuck else looked.aside + looked.waits
        return (looked.aside + looked.waits) * _AHEAD + self._at_hand

    def _allow(self, amounts: Amounts) -> None:
        self._allowed = amounts
        self.purse.allow(*self._limits(amounts))

    def _limits(self, amounts: Amounts) -> tuple[float | None, int | None]:
        cost, tokens = self._limited
        return amounts.cost / BILLION if cost else None, amounts.tokens if tokens else None


def _purse(run: Run, name: str) -> tuple[Amounts, Amounts]:
    """The limits of a run, and what was spent."""
    found = run("SELECT max_cost, max_tokens, spent_cost, spent_tokens FROM sharing_purses WHERE run = ?", (name,))
    if not found:
        raise ConfigurationError("the store does not know this run; every process must name the same --store")
    return Amounts(*found[0][:2]), Amounts(*found[0][2:])
