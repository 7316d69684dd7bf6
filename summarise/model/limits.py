"""How fast questions may go: calls in flight, requests and tokens a minute, and pauses the endpoint asks for."""

from __future__ import annotations

import asyncio
import threading
import time
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from math import inf
from weakref import WeakKeyDictionary

from summarise.model.turns import Turns

BURST = 6.0
"""Seconds' worth of a minute's allowance that may be spent at once; endpoints measure in windows about this long."""


def clock() -> float:
    """Seconds of a clock that nobody sets and that also goes on while the machine sleeps, where there is such a one."""
    if hasattr(time, "CLOCK_BOOTTIME"):
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    return time.monotonic()


class Allowance:
    """So much a minute, in a bucket that refills evenly (a token bucket).

    A request larger than the bucket waits for a full one and leaves a debt, so that it goes at all and the
    rate still holds. The bucket of a rate of 0 is empty and stays so.
    """

    def __init__(self, per_minute: float) -> None:
        self._rate = per_minute / 60
        self._full = self._size()
        self._level = self._full if self._rate else 0.0
        self._at: float | None = None

    def take(self, amount: float, now: float) -> float:
        """Takes `amount` now, or says how many seconds to wait before asking again (nothing is taken then)."""
        self._refill(now)
        missing = min(amount, self._full) - self._level
        if missing > 1e-9:
            return missing / self._rate if self._rate else inf
        self._level -= amount
        return 0.0

    def resize(self, per_minute: float, now: float) -> None:
        """Another rate from now on; a larger bucket gets nothing for it, a smaller one loses what it cannot hold."""
        if per_minute / 60 == self._rate:
            return
        self._refill(now)
        self._rate = per_minute / 60
        self._full = self._size()
        self._level = min(self._level, self._full)

    def _size(self) -> float:
        return max(1.0, self._rate * BURST)

    def _refill(self, now: float) -> None:
        if self._at is not None:
            self._level = min(self._full, self._level + (now - self._at) * self._rate)
        self._at = now


class Limits:
    """The limits of one endpoint, shared by all questions to it. First come, first served.

    Questions are asked from one event loop; the limits may be changed and looked at from any thread. `turns` keep two
    readers that share these limits from asking the same thing at once. `on_pause` is called when the endpoint asks us
    for a pause.
    """

    def __init__(self, concurrency: int, requests_per_minute: float | None, tokens_per_minute: float | None) -> None:
        self._concurrency = concurrency
        self._in_flight = self._most = 0
        self._line: deque[asyncio.Future[None]] = deque()
        self._shut = inf
        self._loop: asyncio.AbstractEventLoop | None = None  # that of the questions, known with the first
        self._followers: WeakKeyDictionary[Limits, Callable[[int], int]] = WeakKeyDictionary()
        self._lock = threading.Lock()  # over whoever changes the limits, and whoever counts by them
        self.turns = Turns()
        self._turn = asyncio.Lock()
        self._changed = asyncio.Event()
        self._requests = _allowance(requests_per_minute)
        self._tokens = _allowance(tokens_per_minute)
        self.on_pause: Callable[[], None] = lambda: None
        self._not_before = self._asked_to_wait = 0.0  # moments of the clock that never goes back

    @property
    def in_flight(self) -> int:
        """How many have a place now."""
        return self._in_flight

    @property
    def waiting(self) -> int:
        """How many wait for a place."""
        return len(self._line)

    def most_wanted(self) -> int:
        """The most that were in flight and waiting at one moment since this was last asked."""
        with self._lock:
            most, self._most = self._most, self._in_flight + len(self._line)
        return max(most, self._most)

    def pause(self, seconds: float, *, heard: bool = False) -> None:
        """Nobody sends for so many seconds: the endpoint has said that it is too much, to us or, `heard`, to others."""
        until, begins = time.monotonic() + seconds, not heard and not self.asked_to_wait
        with self._lock:
            self._not_before = max(self._not_before, until)
            if not heard:
                self._asked_to_wait = max(self._asked_to_wait, until)
        if begins:
            self.on_pause()

    @property
    def asked_to_wait(self) -> float:
        """Seconds left of what the endpoint has asked of us; what was only heard of is not in it."""
        return max(0.0, self._asked_to_wait - time.monotonic())

    def resize(self, concurrency: int, requests_per_minute: float | None, tokens_per_minute: float | None) -> None:
        """Other limits from now on. Whatever is in flight ends; where fewer may be, nobody sends until they are.

        Once it has returned `in_flight` grows to `concurrency` at most. What a rate has grown by is not saved up yet.
        """
        with self._lock:
            self._concurrency = concurrency
            now = time.monotonic()
            self._requests = _resized(self._requests, requests_per_minute, now)
            self._tokens = _resized(self._tokens, tokens_per_minute, now)
            followers = list(self._followers.items())
        for others, size in followers:
            others.resize(size(concurrency), None, None)
        self._wake()

    def beside(self, size: Callable[[int], int]) -> Limits:
        """Places of another kind, `size` of this concurrency many, and following it; no rates and no pauses."""
        with self._lock:
            others = Limits(size(self._concurrency), None, None)
            self._followers[others] = size
        return others

    def shut_at(self, moment: float) -> None:
        """From this moment of `clock` on nobody sends, unless a later one is said."""
        self._shut = moment
        self._wake()

    @asynccontextmanager
    async def slot(self, tokens: int) -> AsyncIterator[None]:
        """Waits until a request of so many tokens may go, and holds its place while it is in flight."""
        await self._enter()
        held = True
        try:
            while True:
                if self._requests or self._tokens or self._pause_left() > 0:
                    async with self._turn:
                        await self._wait(tokens)
                if clock() < self._shut:
                    break
                self._leave()
                held = False  # cancelled while it waits, it has nothing to give back
                await self._enter()
                held = True
            yield
        finally:
            if held:
                self._leave()

    # ---- places

    async def _enter(self) -> None:
        self._loop = asyncio.get_running_loop()
        with self._lock:
            if not self._line and self._open():
                self._in_flight += 1
                self._note()
                return
            place = self._loop.create_future()
            self._line.append(place)
            self._note()
        try:
            await place
        except asyncio.CancelledError:
            if place.done() and not place.cancelled():
                self._leave()
            else:
                with self._lock, suppress(ValueError):  # not in the line any more where `_admit` has met it
                    self._line.remove(place)
            raise

    def _leave(self) -> None:
        with self._lock:
            self._in_flight -= 1
        self._admit()

    def _admit(self) -> None:
        """Whoever may go now, goes; in the event loop."""
        with self._lock:
            while self._line and self._open():
                place = self._line.popleft()
                if not place.done():
                    self._in_flight += 1
                    place.set_result(None)

    def _open(self) -> bool:
        return self._in_flight < self._concurrency and clock() < self._shut

    def _note(self) -> None:
        self._most = max(self._most, self._in_flight + len(self._line))

    def _wake(self) -> None:
        loop = self._loop
        if loop is not None:
            with suppress(RuntimeError):  # the loop is closed: nobody waits
                loop.call_soon_threadsafe(self._renewed)

    def _renewed(self) -> None:
        self._changed.set()
        self._admit()

    # ---- rates

    async def _wait(self, tokens: int) -> None:
        for kind, amount in (("requests", 1), ("tokens", tokens)):
            while (rest := self._take(kind, amount)) > 0:
                self._changed.clear()
                with suppress(TimeoutError):
                    async with asyncio.timeout(None if rest == inf else rest):
                        await self._changed.wait()

    def _pause_left(self) -> float:
        return self._not_before - time.monotonic()

    def _take(self, kind: str, amount: int) -> float:
        """Takes so much now, or says how many seconds to wait; in a pause, also one that began meanwhile, nothing."""
        if (rest := self._pause_left()) > 0:
            return rest
        with self._lock:
            allowance = self._requests if kind == "requests" else self._tokens
            return allowance.take(amount, time.monotonic()) if allowance is not None else 0.0


def _allowance(per_minute: float | None) -> Allowance | None:
    return None if per_minute is None else Allowance(per_minute)


def _resized(allowance: Allowance | None, per_minute: float | None, now: float) -> Allowance | None:
    if per_minute is None:
        return None
    if allowance is None:
        allowance = Allowance(0)
    allowance.resize(per_minute, now)
    return allowance
