"""`summarise many`, once its settings are known: run, show how far it is, report, and end with the right exit code."""

from __future__ import annotations

import asyncio
import secrets
import sys
from contextlib import aclosing, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from summarise.command import COMPLETE, FAILED, INCOMPLETE, INTERRUPTED, USAGE, guarded, root_cause
from summarise.errors import ConfigurationError, SummariseError
from summarise.output import check_writable, write_whole
from summarise.render.safe import one_line
from summarise.settings import Engine, ManySettings, ReportFormat
from summarise.streams import emit, hang_up, say

if TYPE_CHECKING:
    from summarise.commands.many_screen import Progress
    from summarise.many.engines import Engine as Maker
    from summarise.many.report import End, Report, Tally
    from summarise.many.stories import Stories
    from summarise.many.task import Work
    from summarise.model.spec import ModelSpec


def run_many(settings: ManySettings) -> int:
    """Makes all stories and reports; returns the exit code. What goes wrong with the run as a whole is one line."""
    return guarded(lambda: _many(settings), verbose=settings.verbose)


def _many(settings: ManySettings) -> int:
    from summarise.many.engines import engine
    from summarise.many.stories import ManifestFaults, stories
    from summarise.model.spec import parse

    _check_options(settings)
    spec = parse(settings.model, base_url=settings.base_url)
    try:
        found = stories(settings.root, settings.out, language=settings.language or "")
    except ManifestFaults as error:
        for fault in error.faults:
            say(one_line(fault))
        return USAGE
    work = work_of(settings, spec)
    if settings.plan:
        from summarise.commands.many_plan import run_plan

        return run_plan(settings, found, work)
    maker = engine(settings.engine.value, store=settings.store, scheduler=settings.scheduler, workers=settings.workers)
    _check_out(settings.out)
    if spec.notice and not settings.quiet:
        say(one_line(spec.notice))
    return _made(settings, found, work, maker, spec)


def _made(settings: ManySettings, found: Stories, work: Work, maker: Maker, spec: ModelSpec) -> int:
    from summarise.commands.many_screen import progress, report_text
    from summarise.many.report import Tally

    tally = Tally(found, run=work.run, root=settings.root, engine=maker.name, model=spec.display)
    try:
        with progress(tally, wanted=not settings.quiet, waiting=lambda: _waiting(maker)) as screen:
            end = asyncio.run(_run(settings, work, maker, tally, screen))
    except (KeyboardInterrupt, asyncio.CancelledError):
        report = _keep(settings, tally, "interrupted")
        on = _with_provider(settings, spec) or "what was answered is kept, and the same command goes on from there"
        say(f"interrupted with {report.made + report.unchanged} of {report.stories} stories complete; {on}")
        return INTERRUPTED
    except Exception as error:
        cause = root_cause(error)
        why = str(cause) if isinstance(cause, SummariseError) else type(cause).__name__
        with suppress(SummariseError):  # the error that ends the run is the one to tell
            _keep(settings, tally, "stopped", why)
        raise
    report = _keep(settings, tally, end)
    text = report.text if settings.format is ReportFormat.JSON else report_text(report, settings)
    try:
        emit(text, encoding="utf-8" if settings.format is ReportFormat.JSON else sys.stdout.encoding or "utf-8")
    except BrokenPipeError:
        hang_up(sys.stdout)
    if left := _with_provider(settings, spec):
        say(left)
    return exit_code(report)


def _waiting(maker: Maker) -> str:
    """What an engine waits for, in words: only that of batches waits for anything but answers."""
    return str(getattr(maker, "waiting", ""))


async def _run(settings: ManySettings, work: Work, maker: Maker, tally: Tally, screen: Progress) -> End:
    """Every outcome to the tally and to the screen, as it comes."""
    async with aclosing(maker.run(tally.found.tasks, work)) as outcomes:
        async for outcome in outcomes:
            tally.add(outcome)
            screen(outcome)
            if settings.fail_fast and outcome.state == "failed":
                return "first_failure"
    return "finished"


def exit_code(report: Report) -> int:
    """0 where every story has a complete brief, 1 where one failed, 3 where one is incomplete."""
    if report.failed:
        return FAILED
    return COMPLETE if report.complete else INCOMPLETE


def _with_provider(settings: ManySettings, spec: ModelSpec) -> str:
    """What of this run is still in batches of the provider, as one line; "" where nothing is."""
    if settings.engine is not Engine.BATCH:
        return ""
    from summarise.model.batch import under_way
    from summarise.store import open_store

    with suppress(SummariseError), open_store(settings.store) as store:
        return str(under_way(store, spec.base_url))
    return ""


def work_of(settings: ManySettings, spec: ModelSpec) -> Work:
    """What every process has to know, with nothing left to its own surroundings but keys and passwords."""
    from summarise.many.making import options_of
    from summarise.many.task import Work
    from summarise.store.places import without_password

    work = Work(
        model=f"gguf:{spec.path.absolute()}" if spec.path is not None else spec.display,
        base_url=spec.base_url or None,
        store=without_password(settings.store),
        prompts=settings.prompts.absolute() if settings.prompts is not None else None,
        check=settings.check,
        timeout=settings.timeout,
        mode=settings.mode.value,
        context_window=settings.context_window,
        concurrency=settings.concurrency,
        rpm=settings.rpm,
        tpm=settings.tpm,
        max_cost=settings.max_cost,
        max_tokens=settings.max_tokens,
        price=settings.price,
        run=secrets.token_hex(6),
        jobs=1 if spec.path is not None else settings.jobs,  # each story would hold the model in memory once more
        only_changed=settings.only_changed,
    )
    options_of(work)  # what can mean nothing is told before anything is read
    return work


def _check_options(settings: ManySettings) -> None:
    if settings.engine is not Engine.DASK and (settings.scheduler or settings.workers):
        raise ConfigurationError("--scheduler and --workers are for --engine dask")
    if settings.scheduler and settings.workers:
        raise ConfigurationError("--scheduler names a cluster with workers of its own; leave --workers out")
    if settings.prompts is not None:
        from summarise.model.prompts import Prompts

        Prompts(settings.prompts)


def _check_out(out: Path) -> None:
    """Makes and tries the folder of the briefs. Raises what `output.check_writable` does."""
    from summarise.many.report_file import REPORT, is_report

    if (out / REPORT).exists() and not is_report(out / REPORT):
        raise ConfigurationError(
            f"{out}: its {REPORT} was not made by this program and would be overwritten; "
            "move it away, or name another folder with --out"
        )
    check_writable(out)


def _keep(settings: ManySettings, tally: Tally, end: End, reason: str = "") -> Report:
    from summarise.many.report_file import REPORT

    report = tally.report(end, one_line(reason))
    write_whole(settings.out / REPORT, report.text)
    return report
