"""What a worker of a cluster does: makes one story at a time and thread, and shares what its process opens.

A Dask task runs in a thread of the worker; the stories run in one event loop of a thread of our own, over one store and
one membership of the limits that the whole run shares. Keys and passwords are those of the worker's own environment.
"""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Coroutine
from concurrent.futures import Future, wait
from contextlib import AsyncExitStack, nullcontext
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from summarise.errors import ConfigurationError, SummariseError
from summarise.fingerprint import installed_version
from summarise.many import patience
from summarise.many.making import Shared, make_story, options_of, own_place, shared
from summarise.many.patience import AWAY, tried_again
from summarise.many.task import Outcome, Task, Work
from summarise.model.spec import ModelSpec, parse
from summarise.render.safe import one_line
from summarise.sharing import Member, Purses, Totals
from summarise.store import open_store
from summarise.store.places import is_address

LOOK = 0.25
"""Seconds between two looks at whether the story is still wanted."""
IDLE = 5.0
"""Seconds without a story after which a process closes what it opened for a run."""
ENDING = 10.0
"""Seconds that a story has to end once it was told to."""

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Order:
    """How the stories of a run are made, and what must be the same wherever they are."""

    work: Work
    version: str
    machine: str


@dataclass(frozen=True)
class Stop:
    """A worker that can make no story of this run, and why: one line that names it."""

    reason: str


def ordered(work: Work) -> Order:
    """The order of a run that begins on this machine."""
    return Order(work=work, version=installed_version(), machine=machine())


@cache
def machine() -> str:
    """What tells this machine from others; the same in all containers of one."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        return socket.gethostname()


def run_story(order: Order, task: Task) -> Outcome | Stop | None:
    """The Dask task: makes a story. None where it is no longer wanted.

    A store that is away while this worker joins fails this one story, once it has been tried again for long.
    """
    from distributed import get_worker

    worker = get_worker()
    key = worker.get_current_task()

    def wanted() -> bool:
        there = worker.state.tasks.get(key)
        return worker.status.name in _WORKING and there is not None and there.state in ("executing", "long-running")

    if not wanted():
        return None
    try:
        check(order, task)
        made = _here().call(_story(order, task))
        while not wait([made], LOOK).done:
            if not wanted():  # nor is anything else of this run: only a run that ends gives a story up
                wait([_here().call(_close(order.work.run, cut=True))], ENDING)
                made.cancel()
                wait([made], ENDING)
        return None if made.cancelled() else replace(made.result(), worker=worker.address)
    except AWAY as error:
        reason = one_line(f"worker {worker.address}, after {patience.PATIENCE:.0f} s of trying: {error}")
        return Outcome(story=task.story, state="failed", reason=reason, worker=worker.address)
    except SummariseError as error:
        return Stop(f"worker {worker.address}: {error}")


_WORKING = ("running", "paused", "closing_gracefully")


def check(order: Order, task: Task) -> None:
    """Raises ConfigurationError where this process cannot make what another one, elsewhere, would."""
    if order.version != (mine := installed_version()):
        raise ConfigurationError(
            f"it has summarise {mine}, and the command is {order.version}; install the same version on all"
        )
    place = order.work.store
    if place is not None and not is_address(place) and order.machine != machine():
        raise ConfigurationError(
            f"it is on another machine than the store {place}; several machines need one in PostgreSQL (--store)"
        )
    for path in (task.folder, *task.files):
        # what is gone with its parent is not on this machine; a story that was just removed is its own failure
        if path is not None and not path.exists() and not path.parent.exists():
            raise ConfigurationError(f"{path.parent} is not there; every machine must have it at the same path")


async def forget(run: str) -> None:
    """Ends the stories of a run in this process, and closes what was opened for them; called on every worker."""
    _over.add(run)
    await asyncio.wrap_future(_here().call(_close(run, cut=True)))


# ---- the event loop of the stories


class _Loop:
    """An event loop in a thread of its own, for as long as the process lives."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, name="stories", daemon=True).start()

    def call(self, work: Coroutine[Any, Any, T]) -> Future[T]:
        """Begins it there; its result can be waited for anywhere."""
        return asyncio.run_coroutine_threadsafe(work, self._loop)


_first = threading.Lock()
_loops: list[_Loop] = []


def _here() -> _Loop:
    with _first:
        if not _loops:
            _loops.append(_Loop())
        return _loops[0]


@dataclass
class _Opened:
    """What this process has open for a run, or is about to have; for the loop alone.

    `joining` opens it, once for all stories that wait for it; `tasks` are the stories, `cut` whether they were.
    """

    closing: AsyncExitStack = field(default_factory=AsyncExitStack)
    joining: asyncio.Task[Shared] | None = None
    tasks: set[asyncio.Task[Any]] = field(default_factory=set)
    idle: asyncio.TimerHandle | None = None
    cut: bool = False


_open: dict[str, _Opened] = {}
_over: set[str] = set()
"""Runs that have ended: a story of theirs may still be on its way here."""
_one_model = asyncio.Lock()
"""Held by the story that has a model file in memory: a process has room for one, however many threads it was given."""


async def _story(order: Order, task: Task) -> Outcome:
    run = order.work.run
    if run in _over:
        raise asyncio.CancelledError
    opened = _open.setdefault(run, _Opened())
    mine = asyncio.current_task()
    assert mine is not None  # noqa: S101  # a coroutine that runs is a task's
    opened.tasks.add(mine)
    if opened.idle is not None:
        opened.idle.cancel()
        opened.idle = None
    try:
        joined = await _joined(order.work, opened)
        model_file = parse(order.work.model, base_url=order.work.base_url).kind == "gguf"
        async with _one_model if model_file else nullcontext():
            return await make_story(task, order.work, joined)
    finally:
        opened.tasks.discard(mine)
        if not opened.tasks and _open.get(run) is opened:
            loop = asyncio.get_running_loop()
            opened.idle = loop.call_later(IDLE, lambda: loop.create_task(_close(run, cut=False)))


async def _joined(work: Work, opened: _Opened) -> Shared:
    """What the stories of a run share in this process; where it cannot be opened, the next story tries again."""
    if opened.joining is None:
        opened.joining = asyncio.create_task(tried_again(lambda: _shared(work, opened)))
    joining = opened.joining
    try:
        return await asyncio.shield(joining)
    finally:
        failed = joining.done() and (joining.cancelled() or joining.exception() is not None)
        if failed and opened.joining is joining:
            opened.joining = None


async def _shared(work: Work, opened: _Opened) -> Shared:
    """Opens store, limits and purse. Raises ConfigurationError, and what the store raises while it is away.

    What was opened is closed again then.
    """
    async with AsyncExitStack() as opening:
        store = opening.enter_context(await asyncio.to_thread(open_store, own_place(work.store)))
        if not await asyncio.to_thread(Purses.there, store, work.run):
            raise ConfigurationError(
                f"its store {store.place} is not that of the command; name the same --store for all"
            )
        spec = parse(work.model, base_url=work.base_url)
        limits = purse = None
        if spec.kind == "openai":
            options = options_of(work)
            member = Member(
                store,
                pool=pool_of(spec),
                totals=Totals(options.concurrency, options.requests_per_minute, options.tokens_per_minute),
                run=work.run,
                max_cost=work.max_cost,
                max_tokens=work.max_tokens,
            )
            await member.join()
            opening.push_async_callback(lambda: member.leave(cut=opened.cut))
            limits, purse = member.limits, member.purse
        made = await opening.enter_async_context(shared(work, store=store, limits=limits, purse=purse))
        opened.closing.push_async_callback(opening.pop_all().aclose)
        return made


def pool_of(spec: ModelSpec) -> str:
    """The name of the limits of an endpoint and model; whoever asks there through one store shares them."""
    return f"{spec.name} at {spec.base_url}"


async def _close(run: str, *, cut: bool) -> None:
    """Closes what is open for a run: once it is idle, or with `cut` by ending its stories."""
    opened = _open.get(run)
    if opened is None or (opened.tasks and not cut):
        return
    del _open[run]
    tasks = list(opened.tasks)
    opened.cut = bool(tasks)
    ending = [*tasks, *([opened.joining] if opened.joining else [])]
    for task in ending:
        task.cancel()
    await asyncio.gather(*ending, return_exceptions=True)
    if opened.idle is not None:
        opened.idle.cancel()
    await opened.closing.aclose()
