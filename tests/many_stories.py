"""Folders of small told stories, and runs of many of them against an endpoint without a socket (see updating.py)."""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import aclosing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest import mock

from updating import URL, Wire, told

from summarise.many import making
from summarise.many.engines import engine
from summarise.many.stories import stories
from summarise.many.task import Outcome, Task, Work

NOW = time.time()


def newsroom(root: Path, *names: str, articles: int = 1) -> Path:
    """A folder with a folder for each story, its files an hour old; the same name has the same articles."""
    for number, name in enumerate(names):
        folder = root / name
        folder.mkdir(parents=True)
        for article in range(articles):
            write(folder / f"{article}.txt", told(article, story=number))
    return root


def write(path: Path, text: str, *, age: float = 3600.0) -> None:
    """A file that was last changed so many seconds ago."""
    path.write_text(text, encoding="utf-8")
    os.utime(path, (NOW - age, NOW - age))


def work(**changes: Any) -> Work:
    """Asks the wire, four requests at once."""
    return Work(**{"model": "openai:told", "base_url": URL, "run": "run", "concurrency": 4, "jobs": 2} | changes)


def tasks_of(root: Path, out: Path) -> Sequence[Task]:
    return stories(root, out).tasks


def run(wire: Wire, tasks: Sequence[Task], **changes: Any) -> dict[str, Outcome]:
    """The outcomes of the local engine, by story; those of before it was cut off, where the wire does that."""
    found: dict[str, Outcome] = {}

    async def process() -> None:
        wire._process = asyncio.current_task()
        wire._requests = 0
        async with aclosing(engine("local").run(tasks, work(**changes))) as outcomes:
            async for outcome in outcomes:
                found[outcome.story] = outcome

    with wire.plugged_in():
        try:
            asyncio.run(process())
        except asyncio.CancelledError:
            assert wire.last is not None
    return found


@contextmanager
def impatient() -> Iterator[None]:
    """While it lasts, what fails in transport is not asked for again."""
    given = making.options_of
    with mock.patch.object(making, "options_of", lambda work: replace(given(work), attempts=1)):
        yield


def states(outcomes: dict[str, Outcome]) -> dict[str, str]:
    return {story: outcome.state for story, outcome in sorted(outcomes.items())}


def brief_in(out: Path) -> dict[str, Any]:
    """`brief.json` without its run, and the texts beside it."""
    found = json.loads((out / "brief.json").read_text(encoding="utf-8"))
    del found["run"]
    return found | {"texts": {path.name: path.read_text(encoding="utf-8") for path in (out / "texts").iterdir()}}
