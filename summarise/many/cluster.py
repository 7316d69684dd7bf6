"""Dask itself: reached or started, kept quiet, and in a thread that outlives an interruption."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import tempfile
import threading
import warnings
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator
from contextlib import aclosing, asynccontextmanager, contextmanager, suppress
from typing import Any, TypeVar

from summarise.errors import ConfigurationError

CONNECT = 10.0
PARTING = 5.0
JOIN = 30.0
"""Seconds: to reach a scheduler, to take leave of it, and for all of that at the end of a run."""

T = TypeVar("T")


def own_workers() -> int:
    """How many processes a cluster on this machine has unless told otherwise."""
    return min(4, os.cpu_count() or 1)


@asynccontextmanager
async def clients(address: Any) -> AsyncIterator[Any]:
    """A client of the scheduler at an address, or of a cluster; TLS as Dask's own configuration says.

    Raises ConfigurationError where no scheduler answers.
    """
    from distributed import Client
    from distributed.versions import VersionMismatchWarning

    warnings.filterwarnings("ignore", category=VersionMismatchWarning)
    make: Any = Client
    client = make(address, asynchronous=True, timeout=CONNECT, set_as_default=False, name="summarise")
    try:
        try:
            await client
        except (OSError, TimeoutError, TypeError, ValueError) as error:
            why = f" ({error})" if isinstance(error, TypeError | ValueError) else ""  # its certificates, its settings
            raise ConfigurationError(
                f"no Dask scheduler answers at {address}{why}; start one (dask scheduler), or correct --scheduler"
            ) from None
        yield client
    finally:
        with suppress(Exception):
            async with asyncio.timeout(PARTING):
                await client.close(timeout=PARTING)


@asynccontextmanager
async def local_cluster(workers: int, threads: int, store: str | None) -> AsyncIterator[Any]:
    """A cluster of processes on this machine, for as long as it is open; no dashboard, on 127.0.0.1 alone.

    `store`, which may hold a password, goes to the processes through their environment, as if a user had started them.
    """
    import dask
    from distributed import LocalCluster

    make: Any = LocalCluster
    env = {"DASK_LOGGING__DISTRIBUTED": "critical", "DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED": "False"}
    env |= {"SUMMARISE_STORE": store} if store else {}
    with tempfile.TemporaryDirectory(prefix="summarise-dask-", ignore_cleanup_errors=True) as scratch:
        with dask.config.set({"distributed.scheduler.allowed-failures": 2}):
            cluster = make(
                n_workers=workers,
                threads_per_worker=threads,
                processes=True,
                host="127.0.0.1",
                dashboard_address=None,
                asynchronous=True,
                silence_logs=logging.CRITICAL,
                local_directory=scratch,
                env=env,
            )
            await cluster
        try:
            yield cluster
        finally:
            with suppress(Exception):
                await cluster.close()


@contextmanager
def quiet() -> Iterator[None]:
    """Keeps what Dask says of lost connections off the terminal: it is told in our own words, or mended."""
    import distributed  # noqa: F401  # whose import sets up its loggers

    names = [name for name in logging.root.manager.loggerDict if name.partition(".")[0] in ("distributed", "tornado")]
    loggers = [logging.getLogger(name) for name in names]
    before = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for logger, level in zip(loggers, before, strict=True):
            logger.setLevel(level)


async def in_thread(make: Callable[[], AsyncGenerator[T, None]]) -> AsyncGenerator[T, None]:
    """What a generator yields that runs in an event loop of a thread of its own; closed with this one.

    It ends in its own time even where all tasks of this loop are ended at once.
    """
    here, there = asyncio.get_running_loop(), asyncio.new_event_loop()
    items: asyncio.Queue[tuple[bool, Any]] = asyncio.Queue()

    def hand_over(last: bool, item: Any) -> None:
        with suppress(RuntimeError):  # nobody is there any more
            here.call_soon_threadsafe(items.put_nowait, (last, item))

    async def serve() -> None:
        async with aclosing(make()) as made:
            async for item in made:
                hand_over(False, item)

    task = there.create_task(serve())

    def run() -> None:
        _deaf()
        asyncio.set_event_loop(there)
        error: BaseException | None = None
        try:
            there.run_until_complete(task)
        except BaseException as found:
            error = found
        finally:
            with suppress(Exception):
                left = asyncio.all_tasks(there)
                for one in left:
                    one.cancel()
                there.run_until_complete(asyncio.gather(*left, return_exceptions=True))
                there.run_until_complete(there.shutdown_asyncgens())
                there.run_until_complete(there.shutdown_default_executor())
            there.close()
            hand_over(True, error)

    thread = threading.Thread(target=run, name="dask", daemon=True)
    thread.start()
    try:
        while True:
            last, item = await items.get()
            if not last:
                yield item
            elif item is None:
                return
            else:
                raise item
    finally:
        with suppress(RuntimeError):
            there.call_soon_threadsafe(task.cancel)
        await asyncio.to_thread(thread.join, JOIN)


def _deaf() -> None:
    """What this thread starts does not hear Ctrl-C at the terminal, which would be a traceback: we end it ourselves."""
    if hasattr(signal, "pthread_sigmask"):
        from multiprocessing import resource_tracker

        resource_tracker.ensure_running()  # which unblocks the signal once it has started
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
