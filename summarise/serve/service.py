"""One service: its rooms, its worker, and what they share. Doors get it, and nothing else."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import TypeVar

from summarise.errors import SummariseError
from summarise.model.spec import api_key, parse
from summarise.serve.briefs import Briefs
from summarise.serve.jobs import Jobs
from summarise.serve.metrics import Metrics
from summarise.serve.refusals import Refused
from summarise.serve.settings import ServeSettings
from summarise.serve.stories import Stories
from summarise.serve.tokens import Tokens
from summarise.serve.worker import Worker, log
from summarise.store import Store

READY_SECONDS = 1.0
"""How long an answer of `ready` holds: anybody may ask, and the store's lock is not for anybody."""
READY_PATIENCE = 3.0

T = TypeVar("T")


class Service:
    """What stands behind the doors. Made in any thread; `asking` and `briefs` belong to the event loop of the doors."""

    def __init__(self, store: Store, settings: ServeSettings) -> None:
        """Raises ConfigurationError for settings that no call could be answered with."""
        spec = parse(settings.model, base_url=settings.base_url)
        if spec.kind == "openai":
            api_key(spec)
        self.model = spec.display
        self.settings, self.store = settings, store
        self.metrics = Metrics()
        self.tokens = Tokens(store.database)
        self.stories = Stories(store.database, settings)
        self.jobs = Jobs(store.database, settings)
        self.briefs = Briefs(store, cache_bytes=settings.cache_bytes)
        self.worker = Worker(store, self.stories, self.jobs, settings, on_end=self.metrics.job_ended)
        self.stopping = asyncio.Event()
        self.asking: set[tuple[str, str]] = set()
        self._ready_at = float("-inf")
        self._looking: asyncio.Task[None] | None = None

    async def ready(self) -> None:
        """Whether calls can be answered; raises `Refused` where not."""
        if self.stopping.is_set():
            raise Refused("stopping", "ask again in a moment")
        if time.monotonic() - self._ready_at < READY_SECONDS:
            return
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look())
        try:
            async with asyncio.timeout(READY_PATIENCE):
                await asyncio.shield(self._looking)
        except TimeoutError:
            raise Refused("not-ready", "the store is slow") from None
        except SummariseError as error:
            log.warning("not ready: %s", error)
            raise Refused("not-ready", "the store cannot be written to") from None
        if not self.worker.alive:
            raise Refused("not-ready", "no jobs are being taken up")

    async def _look(self) -> None:
        await asyncio.to_thread(self._touch)
        self._ready_at = time.monotonic()

    def _touch(self) -> None:
        with self.store.database.writing() as run:
            run("SELECT 1")


async def in_thread(work: Callable[[], T]) -> T:
    """Work that may wait for the store, beside the event loop."""
    return await asyncio.to_thread(work)
