"""A process as a member: a thread that beats, and the limits and the purse that its event loop keeps to."""

from __future__ import annotations

import asyncio
import secrets
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

from summarise import runlog
from summarise.errors import SummariseError
from summarise.model.budget import Purse
from summarise.model.limits import Limits, clock
from summarise.sharing.pool import Seat, Totals
from summarise.sharing.purses import Lease, Looked
from summarise.store import Store

LEASE = 10.0
"""Seconds without a beat after which a member is thrown out; the same for all who share a store."""
SAFE = 0.8
"""The part of a lease after which a member that could not beat sends nothing more."""
PULSES = (0.25, 0.5, 1.0)
"""Seconds between two pulses: where more is wanted than is held, usually, and where nothing is."""
_APART = 0.05
_PATIENCE = 1.0

T = TypeVar("T")
_log = runlog.logger(__name__)


class Member:
    """Keeps `limits` and `purse` to this process's share between `join` and `leave`.

    `pool` names the limits shared, `run` the purse; it must be in the store where one of the two budgets is given.
    To be used in the event loop that asks the questions. `lease` in seconds.
    """

    def __init__(
        self,
        store: Store,
        *,
        pool: str,
        totals: Totals,
        run: str = "",
        max_cost: float | None = None,
        max_tokens: int | None = None,
        lease: float = LEASE,
    ) -> None:
        self._database = store.database
        self._lease_seconds = lease
        self.limits = Limits(0, None, None)  # the seat sets them
        self._seat = Seat(pool, totals, self.limits, lease)
        limited = max_cost is not None or max_tokens is not None
        self._lease = Lease(run, secrets.token_hex(4), max_cost, max_tokens, lease) if limited else None
        self.purse = self._lease.purse if self._lease else Purse()
        self._wants = 0
        self._woken = threading.Event()
        self._leaving = False
        self.limits.on_pause = self._woken.set  # the others hear of it at once
        self._thread = threading.Thread(target=self._pulses, name="sharing", daemon=True)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ill = False

    @property
    def held(self) -> int:
        """How many calls this process may have in flight, as its row says."""
        return self._seat.held

    async def join(self) -> None:
        """Becomes a member. Raises the errors of the store, ConfigurationError where it does not know the run."""
        self._loop = asyncio.get_running_loop()
        await asyncio.to_thread(self._pulse, self._lease.look() if self._lease else None)
        self._thread.start()

    async def leave(self, *, cut: bool = False) -> None:
        """Gives back what this process held. Whoever asks must have ended before.

        `cut`: questions were cancelled in flight. The endpoint may still be at work on them, so that the share of the
        limits stays taken for a lease, as that of a member that died.
        """
        self._leaving = True
        self._woken.set()
        await asyncio.to_thread(self._thread.join)
        looked = self._lease.look() if self._lease else None
        try:
            await asyncio.to_thread(self._part, looked, cut)
        except SummariseError as error:  # the others throw us out in time
            _log.warning("the share of the limits was not given back: %s", error)

    # ---- the thread

    def _pulses(self) -> None:
        while True:
            if self._woken.wait(self._rest()):
                time.sleep(_APART)  # an endpoint that asks for pauses all the time must not make a flood of pulses
                self._woken.clear()
            if self._leaving:
                return
            try:
                self._pulse(self._looked())
                self._ill = False
            except SummariseError as error:
                if not self._ill:
                    _log.warning("the store cannot be used; nothing more is asked until it can: %s", error)
                self._ill = True
            except Exception as error:  # a pulse that ends for good ends the sending for good
                _log.error("a pulse failed: %s", type(error).__name__)

    def _rest(self) -> float:
        """Seconds until the next pulse."""
        hungry, usual, calm = PULSES
        part = min(1.0, self._lease_seconds / LEASE)
        if self._wants > self._seat.held or (self._lease and self._lease.purse.waiting):
            return hungry * part
        return (usual if self._wants else calm) * part

    def _pulse(self, looked: Looked | None) -> None:
        begun = clock()
        most = self.limits.most_wanted()
        self._wants, wants = most, max(most, self._wants)  # a moment's lull gives nothing away
        borrowed: Callable[[], None] | None = None
        with self._database.writing() as run:
            won = self._seat.pulse(run, time.monotonic(), wants)
            if self._lease:
                borrowed = self._lease.pulse(run, time.monotonic(), looked) if looked else None
                if looked is None:
                    self._lease.beat(run)
        won()
        # Whoever watches saw this beat after it began: his lease ends later.
        self.limits.shut_at(begun + SAFE * self._lease_seconds)
        if borrowed and self._loop:
            self._loop.call_soon_threadsafe(borrowed)

    def _looked(self) -> Looked | None:
        """None where there is no purse, or the loop is busy for long: the beat does not wait for it."""
        return self._in_loop(self._lease.look) if self._lease else None

    def _in_loop(self, what: Callable[[], T]) -> T | None:
        done = Future[T]()

        def call() -> None:
            if done.set_running_or_notify_cancel():
                try:
                    done.set_result(what())
                except Exception as error:
                    done.set_exception(error)

        if self._loop is None:
            return None
        try:
            self._loop.call_soon_threadsafe(call)
            return done.result(_PATIENCE)
        except TimeoutError:
            return None if done.cancel() else done.result()
        except RuntimeError:  # the loop is closed
            return None

    def _part(self, looked: Looked | None, cut: bool) -> None:
        with self._database.writing() as run:
            if not cut:
                self._seat.leave(run)
            if self._lease and looked:
                self._lease.leave(run, looked)
