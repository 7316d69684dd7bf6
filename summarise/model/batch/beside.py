"""Tasks that run beside the questions: held on to, and what fails in them told to the log."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Coroutine
from typing import Any

from summarise import runlog

_log = runlog.logger(__name__)


def kept(tasks: set[asyncio.Task[None]], work: Coroutine[Any, Any, None]) -> None:
    """Starts a task that somebody holds on to until it is done."""
    task = asyncio.ensure_future(work)
    tasks.add(task)
    task.add_done_callback(tasks.discard)


async def told(work: Awaitable[None]) -> None:
    """Does what nobody waits for; where it fails, the log says so."""
    try:
        await work
    except Exception as error:  # whatever it is: no answer depends on it
        failed(error)


def failed(error: Exception) -> None:
    """Tells the log of an error that nobody else is told of."""
    _log.warning("what batches left could not be seen to (%s): %s", type(error).__name__, error)
