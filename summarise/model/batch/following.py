"""One batch that is under way: waited for, whoever submitted it; collected; its files deleted at the provider."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from summarise import runlog
from summarise.errors import ModelUnavailable
from summarise.model.batch.book import Batch, Book
from summarise.model.batch.lines import MISSING
from summarise.model.batch.pace import Pace
from summarise.model.batch.submitting import file_name
from summarise.model.batch.wire import NO_API, TOO_MANY, Declined, Remote, Wire
from summarise.store.batches import COLLECTED, CREATED, PREPARING

_log = runlog.logger(__name__)

_WINDOW = timedelta(hours=24)  # in which a batch is answered, and may be billed
_GONE = (404, 410)
_EMPTY = 3  # times that a completed batch without files is looked at again: they may come a moment later


@dataclass(frozen=True)
class Refused:
    """The provider refused a batch because too much waits there already, and what it said."""

    said: str


async def follow(wire: Wire, book: Book, batch: str, pace: Pace) -> Refused | None:
    """Waits until nothing more comes of a batch, and all that came stands in the book.

    Any number of processes may follow one batch. Raises ModelUnavailable where the provider stays out of reach, and
    ConfigurationError where it does not know a batch that it may yet be at work on.
    """
    watch = _Watch(pace.lease)
    pause, failed, empty = pace.first_poll, 0, 0
    while (row := await asyncio.to_thread(book.batch, batch)) is not None and row.state in (PREPARING, CREATED):
        found = False
        try:
            if row.state == PREPARING:
                if watch.stale(row) and await asyncio.to_thread(book.take_over, row):
                    await _resume(wire, book, row)
                else:
                    await pace.sleep(min(pause, pace.lease / 4))
                continue
            remote = await wire.retrieve(row.remote)
            found, failed = True, 0
            if remote.status == "completed" and not remote.files and remote.done and empty < _EMPTY:
                empty += 1
            elif remote.ended:
                return await _collect(wire, book, row, remote)
        except Declined as declined:
            if (
                declined.status == NO_API and failed < pace.patience
            ):  # a login page on the way, for as long as it is there
                failed += 1
                await pace.sleep(pause)
                continue
            now = await asyncio.to_thread(book.batch, batch)
            if now is None or now.state != CREATED:  # another process was quicker, and has tidied up
                continue
            if declined.status not in _GONE:
                raise declined.error from declined
            if found or not _in_window(now):
                await _gone(book, batch)
                continue
            if not failed:
                _log.warning("batch %s is not known to the provider: is this the key that submitted it?", batch)
            failed += 1
            if failed > pace.patience:
                raise wire.unknown(now.remote, _window_end(now)) from declined
        except ModelUnavailable as error:
            failed += 1
            if failed > pace.patience:
                raise
            _log.info("batch %s: %s", batch, type(error).__name__)
        await pace.sleep(pause)
        pause = min(pace.longest_poll, pause * pace.longer)
    return None


async def tidy_left(wire: Wire, book: Book, batch: str) -> None:
    """One look at a batch of an earlier run: it may have been collected by half, or nobody may want it any more."""
    row = await asyncio.to_thread(book.batch, batch)
    try:
        if row is not None and row.state == CREATED and (remote := await wire.retrieve(row.remote)).ended:
            await _collect(wire, book, row, remote)
    except (Declined, ModelUnavailable) as error:
        _log.info("batch %s of an earlier run: %s", batch, type(error).__name__)
        if row is not None and isinstance(error, Declined) and error.status in _GONE and not _in_window(row):
            await _gone(book, batch)
    await tidy(wire, book, batch)


async def take_up(wire: Wire, book: Book, batch: str, pace: Pace) -> None:
    """Sees to a submission that may have been stopped in the middle, once its owner has stood still for a lease.

    Raises ModelUnavailable where the provider is out of reach.
    """
    watch = _Watch(pace.lease)
    while (row := await asyncio.to_thread(book.batch, batch)) is not None and row.state == PREPARING:
        if watch.stale(row) and await asyncio.to_thread(book.take_over, row):
            await _resume(wire, book, row)
        else:
            await pace.sleep(pace.lease / 4)


async def tidy(wire: Wire, book: Book, batch: str) -> None:
    """Deletes the files of a collected batch at the provider: they hold words of articles."""
    row = await asyncio.to_thread(book.batch, batch)
    if row is None or row.state != COLLECTED:
        return
    gone = [await wire.delete(file) for file in (row.input_file, *row.files) if file]
    if all(gone):
        await asyncio.to_thread(book.closed, batch)


async def _resume(wire: Wire, book: Book, row: Batch) -> None:
    """Goes on with a submission whose process is gone: it may have come through without the book knowing."""
    found: Remote | None = None
    try:
        try:
            found = await wire.find(row.id, row.made)
        except Declined as declined:
            _log.warning("the provider lists no batches (status %d): %s is submitted again", declined.status, row.id)
        if found is None:  # the file first: who stops in between leaves a batch that is taken up once more
            for file in [row.input_file] if row.input_file else await wire.files_named(file_name(row.id)):
                await wire.delete(file)
    except (ModelUnavailable, asyncio.CancelledError):
        book.release(row.id)  # at once: there may be no further moment
        raise
    if found is not None:
        _log.info("batch %s was created by a run that ended before it could say so", row.id)
        await asyncio.to_thread(book.created, row.id, found.id)
        return
    await asyncio.to_thread(book.give_up, row.id)


async def _collect(wire: Wire, book: Book, row: Batch, remote: Remote) -> Refused | None:
    """Writes down what came of a batch that has ended."""
    if remote.status == "failed" and TOO_MANY in remote.codes:
        await asyncio.to_thread(book.give_up, row.id)
        if row.input_file:
            await wire.delete(row.input_file)
        return Refused(remote.said)
    for file in remote.files:
        async for results in wire.results(file):
            await asyncio.to_thread(book.record, row.id, results)
    code = next((code for code in remote.codes if code.replace("_", "").isalnum()), "")
    why = code or (MISSING if remote.status == "completed" else f"batch_{remote.status}")
    await asyncio.to_thread(book.collected, row.id, remote.files, why)
    _log.info("batch %s: %s, collected", row.id, remote.status)
    return None


async def _gone(book: Book, batch: str) -> None:
    """Nothing more comes of a batch: its questions are asked anew."""
    _log.warning("batch %s or its files are not with the provider any more", batch)
    await asyncio.to_thread(book.collected, batch, why="batch_gone")


def _in_window(row: Batch) -> bool:
    """Whether the provider may still be at work on it."""
    return datetime.now(UTC) < _window_end(row)


def _window_end(row: Batch) -> datetime:
    return datetime.fromisoformat(row.made) + _WINDOW


class _Watch:
    """Whether the owner of a submission has stood still for a lease, by this process's own clock."""

    def __init__(self, lease: float) -> None:
        self._lease = lease
        self._clock = asyncio.get_running_loop().time
        self._seen: tuple[str, int] = ("", -1)
        self._since = 0.0

    def stale(self, row: Batch) -> bool:
        if (row.owner, row.beat) != self._seen:
            self._seen, self._since = (row.owner, row.beat), self._clock()
        return not row.owner or self._clock() - self._since > self._lease
