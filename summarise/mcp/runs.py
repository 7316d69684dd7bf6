"""Briefs being made: each in a task of its own, so that nobody needs to wait for it.

    order ─▶ (the same order under way: join it) ─▶ wait for a place ─▶ amake ─▶ head of the brief, or why not

A run that is given up, by its caller or because the server ends, leaves every answer that arrived in the store; the
same order goes on from there.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from pathlib import Path

from summarise import runlog
from summarise.api import amake
from summarise.asked import STAGES, Progress
from summarise.errors import InputError, SummariseError
from summarise.loading import ArticleText
from summarise.mcp.allowed import Allowed
from summarise.mcp.settings import McpSettings
from summarise.mcp.told import MadeBrief, RunStatus, State, head_of
from summarise.model.limits import Limits
from summarise.serve.failures import failure_of
from summarise.store import Series, Store

KEPT = 100
"""Ended runs that can still be asked about."""

_log: logging.Logger = runlog.logger(__name__)


@dataclass(frozen=True)
class Order:
    """What is to be made: of a folder's articles, or of texts, which are then all that the story has."""

    series: Series
    articles: tuple[ArticleText, ...] = ()
    about: str = ""
    language: str = ""


@dataclass
class Run:
    """One order, from the moment it is given."""

    id: str
    order: Order
    state: State = "waiting"
    step: Progress | None = None
    articles: int = 0
    result: MadeBrief | None = None
    error: str = ""
    begun: float = field(default_factory=time.monotonic)
    ended: float = 0.0
    task: asyncio.Task[None] | None = None

    @property
    def over(self) -> bool:
        """Whether nothing more will come of it."""
        return self.state in ("done", "failed", "cancelled")

    def steps(self) -> tuple[int, int]:
        """How many steps are done, of how many: an article each, and one for each stage after the reading."""
        later = len(STAGES) - 1
        if self.step is None:
            return 0, 0
        if self.step.stage == STAGES[0]:
            return self.step.done, self.articles + later
        return self.articles + STAGES.index(self.step.stage) - 1, self.articles + later

    def advance(self, step: Progress) -> None:
        """Takes down how far it is."""
        self.step = step
        if step.stage == STAGES[0]:
            self.articles = step.total

    def status(self, *, joined: bool = False) -> RunStatus:
        """Where it is."""
        done, total = self.steps()
        return RunStatus(
            run=self.id,
            state=self.state,
            story=self.order.series.story,
            stage=self.step.stage if self.step else "",
            done=total if self.state == "done" else done,
            total=total,
            seconds=round((self.ended or time.monotonic()) - self.begun, 1),
            error=self.error,
            joined=joined,
        )


@dataclass(frozen=True)
class Started:
    """A run, and whether it was under way already."""

    run: Run
    joined: bool


class Runs:
    """The runs of one server, in one event loop."""

    def __init__(self, store: Store, settings: McpSettings, allowed: Allowed) -> None:
        self._store, self._settings, self._allowed = store, settings, allowed
        self._options = settings.options(Limits(settings.concurrency, settings.rpm, settings.tpm))
        self._places = asyncio.Semaphore(settings.runs)
        self._all: OrderedDict[str, Run] = OrderedDict()

    def start(self, order: Order) -> Started:
        """Begins an order, or joins the same one under way.

        Raises InputError where another one of this story is under way, or too many wait.
        """
        active = [run for run in self._all.values() if not run.over]
        for run in active:
            if run.order == order:
                return Started(run, joined=True)
            if run.order.series == order.series:
                raise InputError(f"this story is being made by run {run.id}; wait for it, or cancel it")
        if len(active) >= self._settings.runs + self._settings.waiting:
            raise InputError(f"{len(active)} runs are under way; try again when one has ended")
        run = Run(secrets.token_hex(8), order)
        self._all[run.id] = run
        with runlog.named(run.id):  # the task keeps it
            run.task = asyncio.get_running_loop().create_task(self._make(run))
        for old in [one.id for one in self._all.values() if one.over][:-KEPT]:
            del self._all[old]
        return Started(run, joined=False)

    def get(self, name: str) -> Run:
        """A run. Raises InputError where there is none of this name (any more)."""
        if name not in self._all:
            raise InputError("there is no such run here; start it again, and it goes on from what is stored")
        return self._all[name]

    def cancel(self, run: Run) -> None:
        """Gives a run up; nothing where it is over."""
        if run.task is not None and not run.over:
            run.task.cancel()

    async def close(self) -> None:
        """Gives up all that is under way, and waits for its end."""
        tasks = [run.task for run in self._all.values() if run.task is not None and not run.task.done()]
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)

    async def _make(self, run: Run) -> None:
        try:
            async with self._places:
                run.state = "running"
                run.result = await self._made(run)
            run.state = "done"
        except asyncio.CancelledError:
            run.state = "cancelled"
            run.error = "cancelled; what was answered is kept, and the same call goes on from there"
        except Exception as error:  # whatever it is, the run ends and says so
            run.state, run.error = "failed", self.said(error)
            kind = str(error) if isinstance(error, SummariseError) else ""
            _log.warning("run %s failed: %s", run.id, type(error).__name__)
            _log.debug("run %s failed: %s", run.id, kind, exc_info=not kind)
        finally:
            run.ended = time.monotonic()

    async def _made(self, run: Run) -> MadeBrief:
        order, settings = run.order, self._settings
        if order.series.place:  # it may have waited, and the folder become another
            self._allowed.check(Path(order.series.place))
        made = await amake(
            order.articles or Path(order.series.place),
            story=order.series.story,
            about=order.about,
            language=order.language,
            model=settings.model,
            base_url=settings.base_url,
            store=self._store,
            prompts=settings.prompts,
            options=self._options,
            on_progress=run.advance,
            run_id=run.id,
        )
        return await asyncio.to_thread(head_of, made)

    def said(self, error: BaseException) -> str:
        """What a caller is told of an error: all of it over stdio, over HTTP nothing of how the server is set up."""
        if self._settings.http is None and isinstance(error, SummariseError):
            return str(error)
        failure = failure_of(error)
        return f"{failure.title}: {failure.detail}"
