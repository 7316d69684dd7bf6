"""How much may wait at the provider: so many tokens in all batches of an account together, of which it tells late."""

from __future__ import annotations

import asyncio
import re

_LIMIT = re.compile(r"limit:? ([\d,]+)", re.IGNORECASE)
_ROOM = 0.95  # our count of tokens is an estimate


class Queue:
    """The tokens of the batches under way. Nothing is known of a ceiling before the provider refuses a batch."""

    def __init__(self) -> None:
        self._tokens: dict[str, int] = {}
        self._changed = asyncio.Event()
        self.ceiling: int | None = None

    async def enter(self, batch: str, tokens: int, *, divisible: bool) -> bool:
        """Waits until a batch of so many tokens may go; False where it never may as it is, and can be divided."""
        while self._tokens and self.ceiling is not None and sum(self._tokens.values()) + tokens > self.ceiling:
            if divisible and tokens > self.ceiling:
                return False
            self._changed.clear()
            await self._changed.wait()
        if divisible and self.ceiling is not None and tokens > self.ceiling:
            return False
        self._tokens[batch] = tokens
        return True

    def leave(self, batch: str) -> None:
        """The batch has ended, or did not go."""
        self._tokens.pop(batch, None)
        self._changed.set()

    def beside(self, batch: str) -> bool:
        """Whether other batches of this process are under way."""
        return any(name != batch for name in self._tokens)

    def refused(self, batch: str, said: str, *, alone: bool) -> None:
        """The provider's queue was too long for this batch: learns from it.

        `said`: the provider's words, which may name its limit; `alone`: nothing else stood in that queue.
        """
        least = sum(self._tokens.values()) // 2 if alone else int(sum(self._tokens.values()) * _ROOM)
        if named := _LIMIT.search(said):
            least = min(least, int(int(named[1].replace(",", "")) * _ROOM))
        self.ceiling = max(1, least if self.ceiling is None else min(self.ceiling, least))
