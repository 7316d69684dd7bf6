"""The engine of a provider's batches: the local one, with everything that is asked gathered into batches.

A story waits for its batches most of the time, so many are begun at once: as many as fill a batch, bounded by the size
of their files, since a story that waits holds its articles and what was read of them in memory.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path

from summarise import runlog
from summarise.many.local import make_all
from summarise.many.making import shared
from summarise.many.task import Outcome, Task, Work
from summarise.model.batch import Batcher, Pace
from summarise.model.spec import parse

_log = runlog.logger(__name__)

MOST_STORIES = 300
MOST_BYTES = 12 * 2**20
"""Of stories begun and not yet ended, and of all their files, by the mean story."""


class Batch:
    """`store`: the place to open, as for `Local`; `pace`: how long is waited for what, None for that of a user."""

    name = "batch"

    def __init__(self, store: str | None = "", *, pace: Pace | None = None) -> None:
        self._store, self._pace = store, pace
        self._batch: Batcher | None = None

    @property
    def waiting(self) -> str:
        """What the run waits for now, in words; "" where nothing is with the provider."""
        return self._batch.waiting.counted if self._batch else ""

    async def run(self, tasks: Sequence[Task], work: Work) -> AsyncGenerator[Outcome, None]:
        """See `engines.Engine`. Closed in the middle, what was submitted stays with the provider for the next run.

        Raises ConfigurationError for a model that is not behind the OpenAI API.
        """
        spec = parse(work.model, base_url=work.base_url)
        async with (
            shared(work, store=self._store) as opened,
            Batcher(spec, opened.store, options=opened.options, pace=self._pace) as batch,
        ):
            self._batch = batch
            asking = replace(opened, options=replace(opened.options, batch=batch))
            begun = replace(work, jobs=await asyncio.to_thread(at_once, tasks, work.jobs))
            async with aclosing(make_all(tasks, begun, asking)) as ended:
                async for outcome in ended:
                    yield outcome
            for reason, number in batch.fallen_back.most_common():
                _log.info("asked directly: %d questions (%s)", number, reason)


def at_once(tasks: Sequence[Task], least: int) -> int:
    """How many stories may be under way together."""
    mean = max(1, sum(_size(path) for task in tasks for path in _files(task)) // max(1, len(tasks)))
    return max(least, min(MOST_STORIES, MOST_BYTES // mean))


def _files(task: Task) -> Iterator[Path]:
    """The files of a story, those of its folder as they lie there."""
    if task.folder is None:
        yield from task.files
        return
    for folder, _, names in os.walk(task.folder):
        yield from (Path(folder, name) for name in names)


def _size(path: Path) -> int:
    try:
        return path.lstat().st_size
    except OSError:  # the loader tells what is wrong with it
        return 0
