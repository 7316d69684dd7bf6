"""Room for questions that are being prepared or asked.

A large story has thousands of questions that wait for nothing but a place in the line. Prepared all at once they would
hold their articles as prompts in memory, and the first request would leave only when the last prompt is rendered.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from types import TracebackType

_AHEAD = 16
"""Questions that are prepared while others are in flight, at least."""


class Room:
    """Lets in, first come first served, as many as may be in flight and a few more: those prepare what goes next.

    `concurrency` says how many may be in flight, and may change; None: any number. For tasks of one event loop.
    """

    def __init__(self, concurrency: Callable[[], int | None]) -> None:
        self._concurrency = concurrency
        self._inside = 0
        self._left = asyncio.Condition()

    async def __aenter__(self) -> None:
        async with self._left:
            await self._left.wait_for(lambda: self._free() > 0)
            self._inside += 1

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None
    ) -> None:
        self._inside -= 1
        async with self._left:
            self._left.notify(max(1, self._free()))

    def _free(self) -> int:
        most = self._concurrency()
        return 1 if most is None else most + max(_AHEAD, most // 4) - self._inside
