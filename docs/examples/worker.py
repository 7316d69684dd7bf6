"""A worker: stories come through a queue, some briefs are made at once, all share one store and the endpoint's limits.

python docs/examples/worker.py FOLDER FOLDER ...
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import sys
from collections.abc import Iterable
from pathlib import Path

from summarise import Brief, BudgetSpent, ModelOptions, SummariseError, abrief
from summarise.model.limits import Limits
from summarise.store import Store, open_store

AT_ONCE = 4
log = logging.getLogger("worker")


async def worker(stories: asyncio.Queue[Path], made: dict[str, Brief], store: Store, limits: Limits) -> None:
    """Takes stories until it is cancelled. A cancelled brief loses only the calls in flight: ask again, it goes on."""
    while True:
        folder = await stories.get()
        try:
            made[folder.name] = await abrief(
                folder,
                store=store,
                options=ModelOptions(limits=limits),
                deadline=900,  # seconds; max_cost=... does the same for dollars, where the model's price is known
                run_id=folder.name,  # what every log record of this brief carries
            )
        except BudgetSpent:
            log.warning("%s: out of time; it goes on with the next call", folder.name)
        except SummariseError as error:
            log.warning("%s: %s", folder.name, type(error).__name__)
        finally:
            stories.task_done()


async def main(folders: Iterable[str]) -> dict[str, Brief]:
    """The briefs of these folders; on SIGTERM those that are ready by then."""
    stories: asyncio.Queue[Path] = asyncio.Queue()
    for folder in folders:
        stories.put_nowait(Path(folder))
    made: dict[str, Brief] = {}
    limits = Limits(concurrency=8, requests_per_minute=None, tokens_per_minute=None)
    with open_store() as store:
        async with asyncio.TaskGroup() as group:
            workers = [group.create_task(worker(stories, made, store, limits)) for _ in range(AT_ONCE)]

            def stop() -> None:
                for one in workers:
                    one.cancel()

            with contextlib.suppress(NotImplementedError, RuntimeError):  # Windows; a thread that is not the main one
                asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop)
            ready = group.create_task(stories.join())
            await asyncio.wait([ready, *workers], return_when=asyncio.FIRST_COMPLETED)
            ready.cancel()
            stop()
    return made


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO)
    for story, brief in asyncio.run(main(sys.argv[1:])).items():
        print(f"{story}: {brief.title}")
