"""One task at a time for one question, over all readers that share these turns."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field


class Turns:
    """Who asks the same question second waits, and finds the first one's answer in the store. Of one event loop."""

    def __init__(self) -> None:
        self._asking: dict[str, _Turn] = {}

    @asynccontextmanager
    async def alone(self, key: str) -> AsyncIterator[None]:
        """Nobody else is inside with this key."""
        turn = self._asking.setdefault(key, _Turn())
        turn.tasks += 1
        try:
            async with turn.lock:
                yield
        finally:
            turn.tasks -= 1
            if not turn.tasks:
                del self._asking[key]


@dataclass
class _Turn:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    tasks: int = 0
