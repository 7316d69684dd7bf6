"""The engine of one process: some stories at once in one event loop, with one store, one limit and one purse."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterable, Sequence
from contextlib import aclosing
from itertools import islice

from summarise.many.making import Shared, make_story, shared
from summarise.many.task import Outcome, Task, Work


class Local:
    """`store`: the place to open, perhaps with a password (None: the user's data folder); "" is that of the work."""

    name = "local"

    def __init__(self, store: str | None = "") -> None:
        self._store = store

    async def run(self, tasks: Sequence[Task], work: Work) -> AsyncGenerator[Outcome, None]:
        """See `engines.Engine`. Beyond `work.jobs` stories none is begun before another has ended."""
        async with shared(work, store=self._store) as opened, aclosing(make_all(tasks, work, opened)) as ended:
            async for outcome in ended:
                yield outcome


async def make_all(tasks: Iterable[Task], work: Work, shared: Shared) -> AsyncGenerator[Outcome, None]:
    """Makes stories, `work.jobs` at once; of those that end together the failed come last."""
    waiting = iter(tasks)
    running: set[asyncio.Task[Outcome]] = set()
    try:
        while True:
            for task in islice(waiting, work.jobs - len(running)):
                running.add(asyncio.create_task(make_story(task, work, shared)))
            if not running:
                return
            done, running = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
            for one in sorted(done, key=_failed):
                yield one.result()
    finally:
        for one in running:
            one.cancel()
        await asyncio.gather(*running, return_exceptions=True)


def _failed(ended: asyncio.Task[Outcome]) -> int:
    """Whoever stops at the first that failed has the others first; an error ends the run, so it is the very last."""
    return 2 if ended.exception() else int(ended.result().state == "failed")
