"""The making of one story of many: the one function that every engine runs."""

from __future__ import annotations

import asyncio
import os
import time
import traceback
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from summarise import runlog
from summarise.api import Articles, BriefOptions, Made, amake, opened, series_of
from summarise.contract import Brief, Usage
from summarise.errors import BudgetSpent, ConfigurationError, SummariseError
from summarise.many import changed
from summarise.many.patience import AWAY, patiently
from summarise.many.task import Outcome, State, Task, Work, added
from summarise.model.budget import Purse
from summarise.model.limits import Limits
from summarise.model.options import ModelOptions
from summarise.model.price import price_of
from summarise.model.spec import parse
from summarise.output import Edition, check_writable, is_current, write_output
from summarise.overrides import Overrides, load_overrides, overrides_path
from summarise.render.safe import one_line
from summarise.store import Store
from summarise.store.places import is_address, shown_place

_log = runlog.logger(__name__)


@dataclass(frozen=True)
class Shared:
    """What one process opens once for all its stories: the store, and how the model is asked.

    `options` carry the limits and the purse that all stories of this process share, and what sends for them.
    """

    store: Store
    options: ModelOptions


@asynccontextmanager
async def shared(
    work: Work,
    *,
    store: str | Store | None = "",
    limits: Limits | None = None,
    purse: Purse | None = None,
) -> AsyncIterator[Shared]:
    """Opens what the stories of one process share; to be used in the event loop that makes them.

    `store`: the place to open (None: the user's data folder), where the process knows it better than `work`, which
    has no password; `limits`, `purse`: its part of what the run may use, where that is shared with other processes.
    Raises ConfigurationError for settings that cannot work.
    """
    given = options_of(work)
    extractive = parse(work.model, base_url=work.base_url).kind == "extractive"
    with opened(work.store if store == "" else store, spare=extractive) as there:
        yield Shared(
            there,
            replace(
                given,
                limits=limits or Limits(given.concurrency, given.requests_per_minute, given.tokens_per_minute),
                purse=purse or Purse(given.max_cost, given.max_tokens),
            ),
        )


def options_of(work: Work) -> ModelOptions:
    """How the model is asked; limits and purse are not yet shared. Raises ConfigurationError."""
    return ModelOptions(
        timeout=work.timeout,
        concurrency=work.concurrency,
        requests_per_minute=work.rpm,
        tokens_per_minute=work.tpm,
        mode=work.mode,
        context_window=work.context_window,
        max_cost=work.max_cost,
        max_tokens=work.max_tokens,
        price=price_of(work.price),
    )


def own_place(place: str | None) -> str | None:
    """The place of a store as this process may open it: with the password of its own SUMMARISE_STORE, if that is it.

    A password in PGPASSWORD is found without this.
    """
    own = os.environ.get("SUMMARISE_STORE", "").strip()
    if place is None or not is_address(place) or not is_address(own):
        return place
    return own if shown_place(own) == shown_place(place) else place


async def make_story(task: Task, work: Work, shared: Shared) -> Outcome:
    """Makes the brief of one story and writes it to `task.out`; what goes wrong with this story is its outcome.

    Raises ConfigurationError for what would fail every story alike: a wrong key, an unknown model, a damaged store.
    While the store is away the story is begun anew; only where that lasts it has failed. Cancelled, it ends its
    requests; what was answered is in the store.
    """
    began = time.monotonic()
    tally = _Tally()

    def outcome(state: State, reason: str = "", version: int | None = None, usage: Usage | None = None) -> Outcome:
        return Outcome(
            story=task.story,
            state=state,
            reason=one_line(reason),
            version=version,
            usage=tally.usage if usage is None or tally.begun else usage,
            seconds=round(time.monotonic() - began, 3),
        )

    seen = await asyncio.to_thread(changed.seen, task, work)
    if work.only_changed and (was := await asyncio.to_thread(changed.unchanged, task, seen)) is not None:
        return outcome("unchanged", version=was)
    try:
        try:
            overrides = await asyncio.to_thread(_ready, task)
        except ConfigurationError as error:  # a fault of this story's own file or folder is no setting of the run
            return outcome("failed", str(error))
        made, news = await patiently(
            lambda: _made_and_kept(task, work, shared, overrides, tally), ready=lambda: _check_writing(shared.store)
        )
    except AWAY as error:  # first: some of it is told as a wrong address, and it was the right one until now
        return outcome("failed", str(error))
    except ConfigurationError:
        raise
    except BudgetSpent as error:
        return outcome("incomplete", str(error))
    except SummariseError as error:
        return outcome("failed", str(error))
    except Exception as error:  # whatever it is, it harms no other story
        _log.debug("story %s failed", task.story, exc_info=True)
        return outcome("failed", f"unexpected {_where(error)}")
    version = made.version.number if made.version else None
    if not made.complete:
        return outcome("incomplete", _why_incomplete(made.brief), version, made.run.usage)
    await asyncio.to_thread(changed.note, task, seen, version or 0)
    return outcome("made" if news else "unchanged", "", version, made.run.usage)


def _ready(task: Task) -> Overrides:
    """Tries the place of the output before anything is paid for, and reads what a person says of this story."""
    check_writable(task.out)
    return corrections(task)


def corrections(task: Task) -> Overrides:
    """What a person says of this story: in the file that its task names, else in its folder's."""
    if task.overrides is not None:
        if not task.overrides.exists():
            raise ConfigurationError(f"{task.overrides}: no such file of corrections")
        return load_overrides(task.overrides)
    return load_overrides(overrides_path(task.folder)) if task.folder is not None else Overrides()


def _check_writing(store: Store) -> None:
    """Raises what the store does while it cannot be written to; one that is locked can be read."""
    with store.database.writing():
        pass


async def _made_and_kept(
    task: Task, work: Work, shared: Shared, overrides: Overrides, tally: _Tally
) -> tuple[Made, bool]:
    """The brief, written to its place; whether there was anything to write."""
    made = await _made(task, work, shared, overrides, tally)
    return made, await asyncio.to_thread(_keep, task, shared.store, made)


async def _made(task: Task, work: Work, shared: Shared, overrides: Overrides, tally: _Tally) -> Made:
    articles: Articles = task.folder if task.folder is not None else task.files
    options: BriefOptions = {
        "story": task.story,
        "about": task.about,
        "language": task.language,
        "check": work.check,
        "model": work.model,
        "base_url": work.base_url,
        "store": shared.store,
        "prompts": work.prompts,
        "overrides": overrides,
        "options": shared.options,
        "run_id": work.run,
        "skip": task.out,
        "on_usage": tally,
    }
    return await amake(articles, **options)


def _keep(task: Task, store: Store, made: Made) -> bool:
    """Writes the brief and what lies beside it, unless just that is there; whether there was anything to write."""
    if not made.news and is_current(task.out, made):
        return False
    edition = Edition(made.brief, made.texts, made.changes, made.earlier, kept=made.content)
    series = series_of(task.folder if task.folder is not None else task.files, task.story)
    if series is not None and made.before is not None:
        from summarise.history import question_lives  # late: only where there are versions to tell of

        edition = replace(edition, lives=question_lives(store, series))
    write_output(task.out, edition)
    return True


def _why_incomplete(brief: Brief) -> str:
    reasons: Sequence[str] = brief.run.notes or [
        f"{a.path}: {a.reason}" for a in brief.articles if a.status == "failed"
    ]
    more = f" (and {len(reasons) - 1} more)" if len(reasons) > 1 else ""
    return f"{reasons[0]}{more}" if reasons else "its list of files says why"


def _where(error: BaseException) -> str:
    """What kind of error, and where: never its words, which may be an article's."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    frames = traceback.extract_tb(error.__traceback__)[-1:]
    return f"{type(error).__name__}" + "".join(f" in {f.name} ({Path(f.filename).name}:{f.lineno})" for f in frames)


@dataclass
class _Tally:
    """The usage of one story, as far as it has come; a run that another overtook opens more than one reader."""

    usage: Usage = field(default_factory=lambda: Usage(cost=0.0))
    begun: bool = False
    _closed: Usage = field(default_factory=lambda: Usage(cost=0.0))
    _latest: Usage = field(default_factory=lambda: Usage(cost=0.0))

    def __call__(self, usage: Usage) -> None:
        if any(now < was for now, was in zip(_numbers(usage), _numbers(self._latest), strict=True)):
            self._closed = added(self._closed, self._latest)
        self._latest, self.begun = usage, True
        self.usage = added(self._closed, usage)


def _numbers(usage: Usage) -> tuple[int, ...]:
    return usage.calls, usage.reused, usage.input_tokens, usage.output_tokens
