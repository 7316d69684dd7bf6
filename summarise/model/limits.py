"""How fast questions may go: calls in flight, requests and tokens a minute, and pauses the endpoint asks for."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

BURST = 6.0
"""Seconds' worth of a minute's allowance that may be spent at once; endpoints measure in windows about this long."""


class Allowance:
    """So much a minute, in a bucket that refills evenly (a token bucket).

    A request larger than the bucket waits for a full one and leaves a debt, so that it goes at all and the
    rate still holds.
    """

    def __init__(self, per_minute: float) -> None:
        self._rate = per_minute / 60
        self._full = max(1.0, self._rate * BURST)
        self._level = self._full
        self._at: float | None = None

    def take(self, amount: float, now: float) -> float:
        """Takes `amount` now, or says how many seconds to wait before asking again (nothing is taken then)."""
        if self._at is not None:
            self._level = min(self._full, self._level + (now - self._at) * self._rate)
        self._at = now
        missing = min(amount, self._full) - self._level
        if missing > 1e-9:
            return missing / self._rate
        self._level -= amount
        return 0.0


class Limits:
    """The limits of one endpoint, shared by all questions to it. First come, first served."""

    def __init__(self, concurrency: int, requests_per_minute: int | None, tokens_per_minute: int | None) -> None:
        self._slots = asyncio.Semaphore(concurrency)
        self._turn = asyncio.Lock()
        self._requests = Allowance(requests_per_minute) if requests_per_minute else None
        self._tokens = Allowance(tokens_per_minute) if tokens_per_minute else None
        self._not_before = 0.0

    def pause(self, seconds: float) -> None:
        """Nobody sends for so many seconds: the endpoint has said that it is too much."""
        self._not_before = max(self._not_before, asyncio.get_running_loop().time() + seconds)

    @asynccontextmanager
    async def slot(self, tokens: int) -> AsyncIterator[None]:
        """Waits until a request of so many tokens may go, and holds its place while it is in flight."""
        async with self._slots:
            if self._requests or self._tokens or self._not_before:
                async with self._turn:
                    await self._wait(tokens)
            yield

    async def _wait(self, tokens: int) -> None:
        loop = asyncio.get_running_loop()
        while (rest := self._not_before - loop.time()) > 0:  # noqa: ASYNC110  # a clock sets no event
            await asyncio.sleep(rest)
        for allowance, amount in ((self._requests, 1), (self._tokens, tokens)):
            while allowance is not None and (rest := allowance.take(amount, loop.time())) > 0:  # noqa: ASYNC110
                await asyncio.sleep(rest)
