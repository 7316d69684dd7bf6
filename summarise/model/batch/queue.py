"""How much may wait at the provider: so many tokens in all batches of an account together, of which it tells late."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Set

_LIMIT = re.compile(r"limit:? ([\d,]*\d)", re.IGNORECASE)
_ROOM = 0.95  # our count of tokens is an estimate
_WRONG = 4  # by which factor it is never wrong


class Queue:
    """The tokens of the batches under way. Nothing is known of a ceiling before the provider refuses a batch."""

    def __init__(self) -> None:
        self._tokens: dict[str, int] = {}
        self._changed = asyncio.Event()
        self._named: int | None = None
        self.ceiling: int | None = None

    @property
    def batches(self) -> Set[str]:
        """Our ids of the batches that this process knows to be under way."""
        return self._tokens.keys()

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

    def stands(self, batch: str, tokens: int) -> None:
        """A batch of so many tokens, which another run or process submitted, is under way too."""
        self._tokens.setdefault(batch, tokens)

    def leave(self, batch: str) -> None:
        """The batch has ended, or did not go."""
        self._tokens.pop(batch, None)
        self._changed.set()

    def tokens(self, batch: str) -> int:
        """Tokens of a batch under way; 0 of any other."""
        return self._tokens.get(batch, 0)

    def beside(self, batch: str) -> bool:
        """Whether other batches of this process are under way."""
        return any(name != batch for name in self._tokens)

    def taken(self, batch: str) -> None:
        """The provider took this batch and has answered it: a little more may fit next time."""
        if self.ceiling is not None and (tokens := self.tokens(batch)):
            most = max(self.ceiling, tokens)
            most += most // 4 + 1
            self.ceiling = most if self._named is None else max(self.ceiling, min(most, self._named))

    def refused(self, batch: str, said: str, *, alone: bool) -> bool:
        """The provider's queue was too long for this batch: learns from it; whether what was learned explains it.

        `said`: the provider's words, which may name its limit; `alone`: no batches of others were seen in that queue.
        Where it is not explained, others fill the queue (those of another project are never seen), of whom no ceiling
        of ours keeps clear: the batch is to wait.
        """
        tokens = sum(self._tokens.values())
        if (named := _LIMIT.search(said)) is not None:
            self._named = max(1, int(int(named[1].replace(",", "")) * _ROOM))
            if tokens > self._named or not alone or tokens * _WRONG < self._named:
                self.ceiling = self._named
                return tokens > self._named
        if not alone or not self.tokens(batch):
            return False
        least = max(1, int(tokens * _ROOM) if self.beside(batch) else tokens // 2)
        self.ceiling = least if self.ceiling is None else min(self.ceiling, least)
        return True
