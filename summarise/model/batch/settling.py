"""Which answers of batches have been kept, or are of no use: noted in the book some at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from types import TracebackType

from summarise import runlog
from summarise.errors import ModelError, ModelUnavailable, SummariseError
from summarise.model.batch.book import Book

_log = runlog.logger(__name__)

_AT_ONCE = 200

Exit = Callable[[type[BaseException] | None, BaseException | None, TracebackType | None], Awaitable[None]]


class Settling:
    """The questions of one process that have ended."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._settled: list[str] = []

    def at_end(self, name: str) -> Exit:
        """What notes, at the end of a question, that its answer has been kept or is of no use: it may be asked anew.

        Where the question ended for another reason (out of money, reach or time), the answer waits for the next run.
        """

        async def end(kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
            if error is None or (isinstance(error, ModelError) and not isinstance(error, ModelUnavailable)):
                self._settled.append(name)
            if len(self._settled) >= _AT_ONCE:
                await self.flush()

        return end

    async def flush(self) -> None:
        """Writes down what has not been written yet."""
        names, self._settled = self._settled, []
        if not names:
            return
        try:
            await asyncio.to_thread(self._book.settle, names)
        except SummariseError as error:  # no harm: the answers are kept, and are swept up some day
            _log.warning("the book of batches could not be written: %s", error)
