"""Questions asked through batches, in this process or in one that is killed (`batching.py STORE URL POINT`)."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any

from asking import MODEL, note_question, prompts

from summarise.answers import Note
from summarise.contract import Usage
from summarise.model import ModelOptions, ModelReader, parse
from summarise.model.batch import Batcher, Pace
from summarise.question import Question
from summarise.store import Store, open_store

QUICK = Pace(quiet=0.02, first_poll=0.01, longest_poll=0.02, lease=0.2, first_retry=0.001)
POINTS = ("claimed", "uploaded", "recorded", "created", "submitted", "collecting", "collected", "handed")
"""Where a run is killed: before and after each step that the provider or the book sees."""


def questions(number: int = 6) -> list[Question[Note]]:
    """So many different questions."""
    return [
        note_question(f"The president of France said on day {n} that he opposes the plan.", faults=lambda _: [])
        for n in range(number)
    ]


@dataclass
class Ran:
    """What came of a run: answers or errors in order, what it counted, and why questions were asked directly."""

    results: list[Any]
    usage: Usage
    fallen_back: Counter[str]


async def run(
    url: str,
    store: Store,
    folder: Path,
    asked: list[Question[Any]],
    *,
    options: ModelOptions | None = None,
    pace: Pace = QUICK,
    meanwhile: Callable[[Batcher], Awaitable[None]] | None = None,
) -> Ran:
    """Asks the questions at once through one Batcher."""
    spec = parse(f"openai:{MODEL}", base_url=url, environ={})
    given = options or ModelOptions()
    async with Batcher(spec, store, options=given, pace=pace) as batch:
        mine = ModelOptions(**{**given.__dict__, "batch": batch})
        async with ModelReader(spec, store=store, prompts=prompts(folder), options=mine) as reader:
            asking = asyncio.gather(*(reader.ask(each) for each in asked), return_exceptions=True)
            if meanwhile is not None:
                await meanwhile(batch)
            return Ran(list(await asking), reader.usage, batch.fallen_back)


def killed(store: Path | str, url: str, point: str) -> None:
    """Runs this file in a process of its own, and sees that it was killed at that point."""
    command = [sys.executable, __file__, str(store), url, point]
    ended = subprocess.run(command, timeout=60, capture_output=True, text=True, check=False)
    assert ended.returncode == -signal.SIGKILL, ended.stdout + ended.stderr


def _die(*_: Any, **__: Any) -> Any:
    os.kill(os.getpid(), signal.SIGKILL)


def _then_die(work: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    @wraps(work)
    async def worked(*given: Any, **more: Any) -> Any:
        await work(*given, **more)
        _die()

    return worked


def _aim(point: str) -> None:
    """Has this process killed at a point."""
    from summarise.model.batch import batcher
    from summarise.model.batch.book import Book
    from summarise.model.batch.wire import Wire

    if point == "claimed":
        Wire.upload = _die  # type: ignore[method-assign]
    elif point == "uploaded":
        Wire.upload = _then_die(Wire.upload)  # type: ignore[method-assign]
    elif point == "recorded":
        Wire.create = _die  # type: ignore[method-assign]
    elif point == "created":
        Wire.create = _then_die(Wire.create)  # type: ignore[method-assign]
    elif point == "submitted":
        batcher.follow = _die
    elif point == "collecting":
        Book.collected = _die  # type: ignore[method-assign]
    elif point == "collected":
        batcher.tidy = _die
    else:
        Store.put_soon = _die  # type: ignore[method-assign]


if __name__ == "__main__":
    _place, _url, _point = sys.argv[1:]
    _aim(_point)
    with open_store(_place) as _store:
        asyncio.run(run(_url, _store, Path(_place).parent, questions()))
