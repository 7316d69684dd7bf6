"""The worker: takes jobs up, makes their briefs, shows signs of life, gives back what it cannot finish.

Jobs run in an event loop of a thread of their own, and signs of life come from another: reading articles by rules
computes for seconds on end, and neither a caller who reads a brief nor a lease may wait for that.
"""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
import socket
import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from summarise.asked import Progress
from summarise.contract import Usage
from summarise.errors import InputError, SummariseError
from summarise.loading import ArticleFile, ArticleText, load_texts
from summarise.model.limits import Limits
from summarise.overrides import FILE_NAME, parsed
from summarise.serve.failures import failure_of
from summarise.serve.jobs import Job, Jobs, Progressed, State
from summarise.serve.settings import ServeSettings
from summarise.serve.stories import Stories, Whole
from summarise.store import Store

PULSE = 0.25
"""Seconds between two looks at the store: for jobs of other processes, and for those to stop."""
TOLD_EVERY = 0.5
"""Seconds between two progress events of a job."""
SWEEP_EVERY = 300.0
LETTING_GO = 5.0
"""Seconds that a job has to end once it was told to."""

log = logging.getLogger("summarise.serve")

Why = Literal["", "cancelled", "lost", "released"]


@dataclass(frozen=True)
class Ended:
    """A job that ended here: how, after how many seconds, and what it took of the model."""

    state: State
    seconds: float
    usage: Usage | None = None


@dataclass
class _Running:
    """A job in the hands of this process; touched by both threads, one attribute at a time."""

    job: Job
    task: asyncio.Task[None] | None = None
    step: Progressed | None = None
    told: Progressed | None = None
    why: Why = ""
    begun: float = field(default_factory=time.monotonic)


class Worker:
    """Runs up to `settings.jobs` jobs at once between `start` and `stop`. `on_end` is called from its own thread."""

    def __init__(
        self,
        store: Store,
        stories: Stories,
        jobs: Jobs,
        settings: ServeSettings,
        *,
        on_end: Callable[[Ended], None] = lambda ended: None,
    ) -> None:
        self._store, self._stories, self._jobs, self._settings = store, stories, jobs, settings
        self._on_end = on_end
        self._options = settings.options(Limits(settings.concurrency, settings.rpm, settings.tpm))
        self.owner = f"{socket.gethostname()[:40]}-{os.getpid()}-{secrets.token_hex(4)}"
        self._running: dict[str, _Running] = {}
        self._wake = threading.Event()
        self._stopping = self._stopped = False
        self._threads: list[threading.Thread] = []
        self._seen: dict[str, tuple[str, int, float]] = {}
        self._beaten = self._watched = self._swept = float("-inf")
        self._ill = False

    @property
    def running(self) -> int:
        """How many jobs are in this process's hands."""
        return len(self._running)

    @property
    def alive(self) -> bool:
        """Whether its threads live, as they do from start to stop."""
        return bool(self._threads) and all(thread.is_alive() for thread in self._threads)

    def start(self) -> None:
        """Begins to take jobs up."""
        self._loop = asyncio.new_event_loop()
        self._threads = [
            threading.Thread(target=self._loop.run_forever, name="jobs", daemon=True),
            threading.Thread(target=self._pulse, name="pulse", daemon=True),
        ]
        for thread in self._threads:
            thread.start()

    def wake(self) -> None:
        """There is something new in the store."""
        self._wake.set()

    def stop(self) -> None:
        """Takes nothing more up, waits for what runs as long as the grace lasts, and gives the rest back."""
        self._stopping = True
        end = time.monotonic() + self._settings.grace
        while self._running and time.monotonic() < end:
            time.sleep(0.02)
        left = list(self._running.values())
        for one in left:
            self._end(one, "released")
        end = time.monotonic() + LETTING_GO
        while self._running and time.monotonic() < end:
            time.sleep(0.02)
        self._stopped = True
        self._wake.set()
        if left:
            try:
                self._jobs.release(self.owner, [one.job.id for one in left], "the service stopped")
            except SummariseError as error:  # its lease runs out by itself
                log.warning("jobs could not be given back: %s", error)
        self._threads[1].join(LETTING_GO)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._threads[0].join(LETTING_GO)
        if not self._threads[0].is_alive():
            self._loop.close()

    # ---- the pulse: everything between the store's rows and the tasks

    def _pulse(self) -> None:
        if self._settings.jobs:
            _warm()
        while not self._stopped:
            self._wake.wait(PULSE)
            self._wake.clear()
            try:
                self._turn()
                self._ill = False
            except SummariseError as error:  # the store is gone for a while: what runs goes on, and so do we
                if not self._ill:
                    log.error("the store cannot be used: %s", error)
                self._ill = True
            except Exception as error:
                log.error("the worker failed at %s", where(error))

    def _turn(self) -> None:
        self._show_life()
        while not self._stopping and len(self._running) < self._settings.jobs:
            job = self._jobs.claim(self.owner)
            if job is None:
                break
            one = self._running[job.id] = _Running(job)
            self._loop.call_soon_threadsafe(self._begin, one)
        now = time.monotonic()
        if now - self._watched > self._settings.lease / 5:
            self._watched = now
            self._watch(now)
        if now - self._swept > SWEEP_EVERY:
            self._swept = now
            self._jobs.sweep()

    def _show_life(self) -> None:
        now = time.monotonic()
        held = dict(self._running)
        news = {job: one.step for job, one in held.items() if one.step is not one.told}
        due = now - self._beaten > self._settings.lease / 5 or (news and now - self._beaten > TOLD_EVERY)
        if held and due:
            mine, stop = self._jobs.beat(self.owner, {job: news.get(job) for job in held})
            self._beaten = now
            for job, one in held.items():
                one.told = news.get(job, one.told)
                if job not in mine:
                    self._end(one, "lost")
        else:
            stop = self._jobs.to_stop(self.owner) if held else frozenset()
        for job in stop & held.keys():
            self._end(held[job], "cancelled")

    def _watch(self, now: float) -> None:
        """Puts jobs back whose owner has not beaten for a lease, by this process's own clock."""
        beats = self._jobs.beats()
        self._seen = {job: self._seen[job] for job in beats if job in self._seen}
        for job, (owner, beat) in beats.items():
            if owner == self.owner:
                continue
            if self._seen.get(job, ("", 0, 0.0))[:2] != (owner, beat):
                self._seen[job] = (owner, beat, now)
            elif now - self._seen[job][2] > self._settings.lease and self._jobs.take_over(job, owner, beat):
                log.warning("job %s: its process showed no sign of life; taken up again", job)
                self._wake.set()

    def _end(self, one: _Running, why: Why) -> None:
        if not one.why:
            one.why = why
            self._loop.call_soon_threadsafe(lambda: one.task.cancel() if one.task else None)

    # ---- the jobs' own thread

    def _begin(self, one: _Running) -> None:
        one.task = self._loop.create_task(self._run(one))
        if one.why:
            one.task.cancel()

    async def _run(self, one: _Running) -> None:
        job = one.job
        log.info("job %s of story %s begins", job.id, job.story)
        try:
            state, outcome, usage = await self._outcome(one)
            if state is not None and await self._finish(job, state, outcome):
                seconds = time.monotonic() - one.begun
                log.info("job %s: %s after %.1f s", job.id, state, seconds)
                self._on_end(Ended(state, seconds, usage))
        finally:
            self._running.pop(job.id, None)
            self._wake.set()

    async def _outcome(self, one: _Running) -> tuple[State | None, dict[str, object] | None, Usage | None]:
        """How the job ended; no state where it is not this process that ends it."""
        try:
            result, usage = await self._make(one)
            return "done", result, usage
        except asyncio.CancelledError:
            return ("cancelled" if one.why == "cancelled" else None), None, None
        except Exception as error:  # whatever it is, the job ends and says so
            if one.why:
                return ("cancelled" if one.why == "cancelled" else None), None, None
            failure = failure_of(error)
            said = _first(error)
            log.warning("job %s: %s", one.job.id, said if isinstance(said, SummariseError) else where(said))
            return "failed", failure.outcome(), None

    async def _make(self, one: _Running) -> tuple[dict[str, object], Usage]:
        from summarise.api import amake

        whole = await asyncio.to_thread(self._stories.whole, one.job.story)
        if whole is None or not whole.articles:
            raise _Gone
        articles = await asyncio.to_thread(_loadable, whole)
        settings = self._settings

        def on_progress(progress: Progress) -> None:
            one.step = Progressed(progress.stage, progress.done, progress.total)

        made = await amake(
            articles,
            story=whole.story.id,
            about=whole.story.about,
            language=whole.story.language,
            check=settings.check,
            model=settings.model,
            base_url=settings.base_url,
            store=self._store,
            prompts=settings.prompts,
            overrides=parsed(whole.story.overrides, Path(FILE_NAME)),
            options=self._options,
            on_progress=on_progress,
        )
        usage = made.brief.run.usage
        version = made.version.number if made.version else 0
        result: dict[str, object] = {"version": version, "complete": made.brief.complete, "news": made.news}
        return result | {"usage": usage.model_dump()}, usage

    async def _finish(self, job: Job, state: State, outcome: dict[str, object] | None) -> bool:
        """Writes the end down; tries for as long as a lease lasts, after which others take the job up anyway."""
        end = time.monotonic() + self._settings.lease
        while True:
            try:
                return await asyncio.to_thread(self._jobs.finish, self.owner, job.id, state, outcome)
            except SummariseError as error:
                if time.monotonic() > end or self._stopped:
                    log.error("job %s: its end could not be kept: %s", job.id, error)
                    return False
            await asyncio.sleep(0.5)


class _Gone(InputError):
    """The story was emptied before its turn came."""

    def __init__(self) -> None:
        super().__init__("the story has no articles any more")


def _warm() -> None:
    """Loads what the first article needs, once: jobs that begin together would each load the tables of languages."""
    text = "The first article of a service is read while nobody waits for it."
    load_texts([ArticleText(text=text), ArticleFile(path="page.html", content=f"<p>{text}</p>".encode())])


def _loadable(whole: Whole) -> list[ArticleText | ArticleFile]:
    return [article.loadable() for article in whole.articles]


def _first(error: BaseException) -> BaseException:
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error


def where(error: BaseException) -> str:
    """What kind of error, and where: never its words, which may be an article's."""
    frames = traceback.extract_tb(error.__traceback__)[-3:]
    return f"{type(error).__name__} at " + " < ".join(f"{f.name} ({Path(f.filename).name}:{f.lineno})" for f in frames)
