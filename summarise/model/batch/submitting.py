"""One batch on its way to the provider: written, uploaded, created, each step in the book before the next."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import IO, Any

from summarise.errors import ModelUnavailable
from summarise.model.batch.book import Book
from summarise.model.batch.lines import request_line
from summarise.model.batch.pace import Pace
from summarise.model.batch.wire import Declined, Wire


@dataclass
class Ticket:
    """A question that waits: its name, its request, how many wait for it, and, once it is known, what came of it."""

    id: str
    body: dict[str, Any]
    size: int
    tokens: int
    future: asyncio.Future[str]
    waiters: int = 0
    reserved: int = 0
    """How many of those who wait have set aside what it will take: without one, it is not submitted."""
    fresh: bool = field(default=True)
    """Nobody has counted yet what the answer took."""
    settled: str = ""
    """The batch that it was settled with when its answer was last looked for, and not found: then it is asked anew."""


def file_name(batch: str) -> str:
    """What the input file of a batch is called at the provider."""
    return f"summarise-{batch}.jsonl"


async def submit(wire: Wire, book: Book, batch: str, tickets: Sequence[Ticket], pace: Pace) -> bool:
    """Brings a claimed batch to the provider; False where somebody else took it over meanwhile.

    Raises `Declined` where the provider takes no such batch, ModelUnavailable where it cannot be reached. Whatever
    happens in between, the book says how far it came.
    """
    uploaded = ""
    made = datetime.now(UTC).isoformat()
    async with _beating(book, batch, pace):
        try:
            with await asyncio.to_thread(_written, tickets) as file:
                uploaded = await wire.upload(file_name(batch), file, file.seek(0, 2))
            if not await asyncio.to_thread(book.beat, batch, uploaded):
                await wire.delete(uploaded)
                return False
            remote = await wire.create(uploaded, batch, made)
            if not await asyncio.to_thread(book.created, batch, remote.id):
                await wire.cancel(remote.id)
                return False
            return True
        except Declined:
            if not await asyncio.to_thread(book.beat, batch):  # who took it over has deleted its file
                return False
            await asyncio.to_thread(book.give_up, batch)
            if uploaded:
                await wire.delete(uploaded)
            raise
        except (ModelUnavailable, asyncio.CancelledError):
            book.release(batch)  # at once: there may be no further moment
            raise


def _written(tickets: Sequence[Ticket]) -> IO[bytes]:
    """The input file, in a place that goes when it is closed: it holds words of articles."""
    file = tempfile.TemporaryFile(prefix="summarise-")  # noqa: SIM115  # closed by the caller
    try:
        for ticket in tickets:
            file.write(request_line(ticket.id, ticket.body))
        file.flush()
    except BaseException:
        file.close()
        raise
    return file


@asynccontextmanager
async def _beating(book: Book, batch: str, pace: Pace) -> AsyncIterator[None]:
    """Says now and then that somebody is at work on the batch, while the `with` lasts."""

    async def beat() -> None:
        while True:
            await pace.sleep(pace.lease / 5)
            await asyncio.to_thread(book.beat, batch)

    task = asyncio.ensure_future(beat())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
