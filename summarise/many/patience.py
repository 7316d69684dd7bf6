"""Patience with the store: locked by another process, or on a server that restarts, it is there again in a moment."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from summarise import runlog
from summarise.errors import LostStore, UnreachableStore

PATIENCE = 60.0
"""Seconds for which a store that is away is tried again."""
OUTAGES = 5
"""How often a story may lose the store and be begun anew: one that can be written to and keeps nothing is no help."""
_FIRST, _LONGEST = 0.25, 5.0

AWAY = (LostStore, UnreachableStore)
"""The errors of a store that may be there again in a moment, once it was there."""

T = TypeVar("T")
_log = runlog.logger(__name__)


async def tried_again(step: Callable[[], Awaitable[T]]) -> T:
    """What a short step brings, tried again for `PATIENCE` while the store is away; then the last error is raised."""
    from tenacity import AsyncRetrying, retry_if_exception_type, stop_after_delay, wait_random_exponential

    retrying = AsyncRetrying(
        stop=stop_after_delay(PATIENCE),
        wait=wait_random_exponential(multiplier=_FIRST, max=_LONGEST),
        retry=retry_if_exception_type(AWAY),
        reraise=True,
    )
    async for attempt in retrying:
        with attempt:
            return await step()
    raise AssertionError("unreachable: AsyncRetrying returns or raises")


async def patiently(step: Callable[[], Awaitable[T]], *, ready: Callable[[], None]) -> T:
    """What a step of any length brings, begun anew where the store went away under it, once `ready` has returned.

    `ready` runs in a thread, and raises the store's errors: a step that asks questions is begun anew only where their
    answers can be kept, or each time would pay for them. Each time the store may be away for `PATIENCE`.

    Raises one of those errors where that lasts longer, or has happened `OUTAGES` times, and any other at once.
    """
    for _ in range(OUTAGES - 1):
        try:
            return await step()
        except AWAY as error:
            _log.warning("%s; tried again", error)
        await tried_again(lambda: asyncio.to_thread(ready))
    return await step()
