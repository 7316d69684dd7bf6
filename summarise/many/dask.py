"""The engine of several processes or machines: each story is one task of a Dask cluster.

What is sent are a story's name and paths and the settings of the run, never a text, a key or a password. A worker that
is lost loses nothing that was answered: its stories are made again elsewhere, from the store that all of them share.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import AsyncExitStack, aclosing, asynccontextmanager, suppress
from itertools import islice
from typing import Any

from distributed.client import FutureCancelledError
from distributed.scheduler import KilledWorker

from summarise import runlog
from summarise.errors import ClusterLost, ConfigurationError, SummariseError
from summarise.fingerprint import installed_version
from summarise.many.cluster import clients, in_thread, local_cluster, own_workers, quiet
from summarise.many.task import Outcome, Task, Work
from summarise.many.worker import Order, Stop, forget, ordered, run_story
from summarise.sharing import KEEP, Purses
from summarise.store import Store, open_store

_log = runlog.logger(__name__)

_ADDRESS = re.compile(r"(tcp|tls)://\S+:\d+")
PATIENCE = 60.0
"""Seconds without any worker after which a run ends: they may be on their way back."""
AHEAD = 2
"""Stories given to the cluster for each of its threads: one that is made, and the next."""
LETTING_GO = 5.0
"""Seconds that the workers have to end what they do for a run."""


class Dask:
    """`scheduler` is the address of a cluster; None starts `workers` processes on this machine, for this run.

    `store` as for `local.Local`. Raises ConfigurationError for an address that is none.
    """

    name = "dask"

    def __init__(self, scheduler: str | None = None, workers: int | None = None, store: str | None = "") -> None:
        if scheduler is not None and not _ADDRESS.fullmatch(scheduler):
            raise ConfigurationError(f"--scheduler {scheduler!r} is no address; it looks like tcp://HOST:8786")
        self._scheduler, self._workers, self._store = scheduler, workers or own_workers(), store

    async def run(self, tasks: Sequence[Task], work: Work) -> AsyncGenerator[Outcome, None]:
        """See `engines.Engine`. Raises ClusterLost where scheduler or workers are gone for good."""
        place = work.store if self._store == "" else self._store
        with open_store(place) as store, quiet():
            # In a thread of its own: Ctrl-C, which ends every task of this loop at once, leaves it to us to part.
            async with (
                _purse(store, work),
                aclosing(in_thread(lambda: self._made(tasks, work, place))) as made,
            ):
                async for outcome in made:
                    yield outcome

    async def _made(self, tasks: Sequence[Task], work: Work, place: str | None) -> AsyncGenerator[Outcome, None]:
        async with AsyncExitStack() as closing:
            address: Any = self._scheduler
            if address is None:
                address = await closing.enter_async_context(local_cluster(self._workers, work.jobs, place))
            client = await closing.enter_async_context(clients(address))
            run = _Run(client, self._scheduler or "this machine", ordered(work))
            async with aclosing(run.outcomes(tasks)) as made:
                async for outcome in made:
                    yield outcome


@asynccontextmanager
async def _purse(store: Store, work: Work) -> AsyncIterator[None]:
    """The purse of a run while it lasts. That of a store which is away at the end is swept up by a later run."""

    async def keep() -> None:
        while True:
            await asyncio.sleep(KEEP)
            try:
                await asyncio.to_thread(Purses.keep, store, work.run)
            except SummariseError as error:  # there is a week for it
                _log.warning("the run's purse could not be kept: %s", error)

    Purses.open(store, work.run, work.max_cost, work.max_tokens)
    keeping = asyncio.create_task(keep())
    try:
        yield
    finally:
        keeping.cancel()
        try:
            Purses.close(store, work.run)
        except SummariseError as error:
            _log.warning("the run's purse was not removed: %s", error)


class _Run:
    """One run on a cluster that a client is connected to."""

    def __init__(self, client: Any, place: str, order: Order) -> None:
        self._client, self._place, self._order = client, place, order
        self._threads = 1
        self._alone = asyncio.Lock()

    async def outcomes(self, tasks: Sequence[Task]) -> AsyncGenerator[Outcome, None]:
        """Every story's outcome as it ends; closed, the workers stop what they do for this run."""
        await self._gathered()
        await self._check()
        waiting, running = iter(tasks), set[asyncio.Task[Outcome]]()
        watching = asyncio.create_task(self._watch())
        try:
            while True:
                room = AHEAD * self._threads - len(running)
                running.update(asyncio.create_task(self._one(task)) for task in islice(waiting, max(0, room)))
                if not running and room > 0:  # without a worker there is no room, and stories still wait
                    return
                await asyncio.wait({*running, watching}, return_when=asyncio.FIRST_COMPLETED, timeout=1)
                if watching.done():
                    watching.result()
                for one in sorted((one for one in running if one.done()), key=_failed):
                    running.discard(one)
                    yield one.result()
        finally:
            await self._part({*running, watching})

    async def _part(self, tasks: set[asyncio.Task[Any]]) -> None:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._client.status == "running":
            with suppress(Exception):  # whoever does not hear it stops by itself, as nobody wants its stories
                async with asyncio.timeout(LETTING_GO):
                    await self._client.run(forget, self._order.work.run, on_error="ignore")

    # ---- one story

    async def _one(self, task: Task) -> Outcome:
        named = hashlib.sha256(task.story.encode(errors="surrogatepass")).hexdigest()
        key = f"summarise-{self._order.work.run}-{named[:16]}"
        try:
            return await self._asked(task, key)
        except KilledWorker:  # it, or another one that was beside it, ends workers
            pass
        async with self._alone:
            try:
                return await self._asked(task, f"{key}-alone")
            except KilledWorker:
                reason = "every worker that began it died; see their logs, and their memory"
                return Outcome(story=task.story, state="failed", reason=reason)

    async def _asked(self, task: Task, key: str) -> Outcome:
        for again in range(3):
            future = self._client.submit(run_story, self._order, task, key=f"{key}-{again}", pure=False)
            try:
                made = await future
            except KilledWorker:
                raise
            except FutureCancelledError:
                raise self._lost() from None
            except asyncio.CancelledError:
                raise
            except Exception as error:  # it could not even be begun: another Python, no package
                await self._check()
                kind = type(error).__name__
                raise ConfigurationError(
                    f"a worker of {self._place} cannot run stories ({kind}); see its log"
                ) from None
            finally:
                future.release()
            if isinstance(made, Stop):
                raise ConfigurationError(made.reason)
            if isinstance(made, Outcome):
                return self._seen(task, made)
        raise self._lost()

    def _seen(self, task: Task, made: Outcome) -> Outcome:
        if made.state in ("made", "unchanged") and not (task.out / "brief.json").exists():
            raise ConfigurationError(
                f"worker {made.worker} wrote {task.out} where this machine does not see it;"
                " --out must be one folder for all machines"
            )
        return made

    # ---- the cluster

    async def _gathered(self) -> None:
        try:
            await self._client.wait_for_workers(1, timeout=PATIENCE / 2)
        except TimeoutError:
            raise ConfigurationError(
                f"the scheduler at {self._place} has no workers; start some: dask worker {self._place}"
            ) from None

    async def _watch(self) -> None:
        """Counts the threads of the cluster. Raises ClusterLost once there have been none for long."""
        clock = asyncio.get_running_loop().time
        seen = clock()
        while clock() - seen < PATIENCE:
            with suppress(OSError, TimeoutError):  # who waits for a story is told
                self._threads = sum((await self._client.nthreads()).values())
                seen = clock() if self._threads else seen
            await asyncio.sleep(1)
        raise ClusterLost(
            f"all workers of {self._place} are gone; start some and run the same command again:"
            " what was answered is kept"
        )

    async def _check(self) -> None:
        """Raises ConfigurationError, with its name, where scheduler or a worker has not this version of summarise."""
        told = await self._client.get_versions(packages=["summarise"])
        wanted = installed_version()
        places = {f"worker {address}": one for address, one in told["workers"].items()}
        for name, one in ({f"the scheduler at {self._place}": told["scheduler"]} | places).items():
            packages = (one or {}).get("packages", {})
            if (found := packages.get("summarise")) != wanted:
                has = f"summarise {found}" if found else "no summarise"
                raise ConfigurationError(f"{name} has {has}; install summarise {wanted} there, as here")

    def _lost(self) -> ClusterLost:
        return ClusterLost(
            f"the Dask scheduler at {self._place} was lost; run the same command again: what was answered is kept"
        )


def _failed(ended: asyncio.Task[Outcome]) -> int:
    """Those that failed come last, and an error that ends the run after them."""
    return 2 if ended.exception() else int(ended.result().state == "failed")
