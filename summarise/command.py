"""`summarise brief`, once its settings are known: run, show, keep, and end with the right exit code."""

from __future__ import annotations

import asyncio
import dataclasses
import logging
import signal
import sys
import threading
import traceback
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from summarise.contract import Brief
from summarise.errors import ConfigurationError, InputError, NoReadableArticle, SummariseError
from summarise.output import RENDERINGS, Edition, check_writable, is_current, write_output
from summarise.progress import ProgressLine, Step
from summarise.render.safe import one_line
from summarise.settings import BriefSettings, Format
from summarise.streams import emit, hang_up, say

if TYPE_CHECKING:
    from summarise.api import BriefOptions, Made
    from summarise.change import QuestionLife
    from summarise.model import ModelOptions
    from summarise.planning import Plan

COMPLETE, FAILED, USAGE, INCOMPLETE, INTERRUPTED = 0, 1, 2, 3, 130


def run_brief(settings: BriefSettings) -> int:
    """Makes, shows and keeps the brief; returns the exit code. Every error is one line on stderr."""
    return guarded(lambda: _plan(settings) if settings.plan else _brief(settings), verbose=settings.verbose)


def guarded(work: Callable[[], int], *, verbose: bool) -> int:
    """The exit code of `work`, or that of the error it ends with, which is one line on stderr."""
    try:
        with _stopped_at_once():
            return work()
    except SummariseError as error:
        _say(str(error))
        return _exit_code(error)
    except BrokenPipeError:
        hang_up(sys.stdout)
        return FAILED
    except (KeyboardInterrupt, asyncio.CancelledError):
        _say("interrupted; what was answered is kept, and the same command goes on from there")
        return INTERRUPTED
    except Exception as error:
        # The last resort of a program: whatever it is, the user gets one line and a way to more.
        if verbose:
            traceback.print_exc()
        cause = root_cause(error)
        if isinstance(cause, SummariseError):
            _say(str(cause))
            return _exit_code(cause)
        hint = "" if verbose else "; --verbose shows where"
        _say(f"unexpected {type(cause).__name__}: {cause}{hint}")
        return FAILED


@contextmanager
def _stopped_at_once() -> Iterator[None]:
    """Ctrl-C ends the work where it stands, and without a word of the tasks that it cuts off.

    asyncio's own handler waits for the next await, and rules at work on a long text are far from one.
    """
    mine = threading.current_thread() is threading.main_thread()
    if not mine or signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        yield
        return

    def stop(number: int, frame: FrameType | None) -> None:
        warnings.simplefilter("ignore")
        logging.getLogger("asyncio").disabled = True
        raise KeyboardInterrupt

    signal.signal(signal.SIGINT, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def root_cause(error: BaseException) -> BaseException:
    """Of the errors of tasks that ended together the first; any other error is its own cause."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error


def _brief(settings: BriefSettings) -> int:
    if settings.out is not None:
        check_writable(settings.out)
    with ProgressLine(wanted=not settings.quiet) as line:
        made = _make(settings, line if settings.quiet else _announcing(settings, line))
    if settings.out is not None:
        _keep(settings, made, settings.out)
    unfit = sum(not one.applied for one in made.corrections)
    if unfit and not settings.quiet:
        _say(f"{unfit} of {len(made.corrections)} corrections fit nothing: summarise fix {settings.folder} list")
    if settings.verbose:
        _report(made.brief)
    elif not made.complete and not settings.quiet:
        say_incomplete(made.brief)
    code = COMPLETE if made.complete else INCOMPLETE
    try:
        _emit(_shown(settings, made), settings.format)
    except BrokenPipeError:
        hang_up(sys.stdout)
    return code


def _keep(settings: BriefSettings, made: Made, out: Path) -> None:
    """Writes the brief and what lies beside it, unless just that is there."""
    if not made.news and is_current(out, made):
        if not settings.quiet:
            _say(f"nothing changed: {out} is up to date")
        return
    written = write_output(out, edition_of(settings, made))
    if not settings.quiet:
        names = ", ".join(path.name for path in reversed(written) if path.parent == out)
        _say(f"wrote {names} and {len(made.texts)} texts to {out}")


def edition_of(settings: BriefSettings, made: Made) -> Edition:
    """What was made, and what lies beside it; the questions' lives are read from the store."""
    from summarise.api import opened, series_of

    series = series_of(settings.folder, settings.story)
    lives: Sequence[QuestionLife] = ()
    if series is not None and made.before is not None:
        from summarise.history import question_lives

        with opened(settings.store) as store:
            lives = question_lives(store, series)
    return Edition(made.brief, made.texts, made.changes, made.earlier, lives, made.content)


def _make(settings: BriefSettings, on_progress: Callable[[Step], None]) -> Made:
    """The one call into the pipeline."""
    from summarise.api import amake

    options = brief_options(settings, on_progress)
    if not settings.batch:
        return asyncio.run(amake(settings.folder, **options))
    try:
        return asyncio.run(_in_batches(settings, options))
    except (KeyboardInterrupt, asyncio.CancelledError):
        _say_under_way(settings.store)
        raise


async def _in_batches(settings: BriefSettings, options: BriefOptions) -> Made:
    """The same with what is asked in batches."""
    from summarise.api import amake, opened
    from summarise.model import parse
    from summarise.model.batch import Batcher

    spec, asking = parse(settings.model, base_url=settings.base_url), model_options(settings)
    with opened(settings.store) as store:
        async with Batcher(spec, store, options=asking) as batch:
            mine: BriefOptions = {**options, "store": store, "options": dataclasses.replace(asking, batch=batch)}
            return await amake(settings.folder, **mine)


def _say_under_way(place: str | None) -> None:
    """How many questions are left with a provider of batches, and how to come by their answers."""
    from summarise.api import opened
    from summarise.model.batch import under_way

    with opened(place) as store:
        if left := under_way(store):
            _say(str(left))


def brief_options(settings: BriefSettings, on_progress: Callable[[Step], None]) -> BriefOptions:
    """The settings as the function has them (`summarise.abrief`)."""
    return {
        "story": settings.story,
        "about": settings.about or "",
        "language": settings.language or "",
        "check": settings.check,
        "model": settings.model,
        "base_url": settings.base_url,
        "store": settings.store,
        "prompts": settings.prompts,
        "overrides": settings.overrides,
        "options": model_options(settings),
        "on_progress": on_progress,
        "skip": settings.out,
    }


def model_options(settings: BriefSettings) -> ModelOptions:
    """How the model is asked, as the settings say."""
    from summarise.model import ModelOptions
    from summarise.model.price import price_of

    return ModelOptions(
        timeout=settings.timeout,
        concurrency=settings.concurrency,
        requests_per_minute=settings.rpm,
        tokens_per_minute=settings.tpm,
        mode=settings.mode.value,
        context_window=settings.context_window,
        max_cost=settings.max_cost,
        max_tokens=settings.max_tokens,
        price=price_of(settings.price),
    )


def _plan(settings: BriefSettings) -> int:
    """Says what a run would ask and cost."""
    from summarise.planning import plan

    options = model_options(settings)
    planned = asyncio.run(
        plan(
            settings.folder,
            about=settings.about or "",
            language=settings.language or "",
            check=settings.check,
            model=settings.model,
            base_url=settings.base_url,
            store=settings.store,
            prompts=settings.prompts,
            overrides=settings.overrides,
            options=options,
            skip=settings.out,
            batch=settings.batch,
        )
    )
    if settings.format is Format.JSON:
        from summarise.render.canonical import canonical_json

        _emit(canonical_json(planned.data(options)), settings.format)
        return COMPLETE
    if planned.model == "extractive":
        _emit(
            f"{planned.articles} articles, read by the embedded rules: nothing is sent, and it costs nothing\n",
            settings.format,
        )
        return COMPLETE
    lines = [f"{planned.articles} articles, read by {one_line(planned.model)}", *plan_lines(planned, options)]
    _emit("\n".join(lines) + "\n", settings.format)
    return COMPLETE


def plan_lines(planned: Plan, options: ModelOptions, *, jobs: int = 1) -> list[str]:
    """A plan in words: calls, tokens and cost, time. `jobs`: stories at once, where it is the sum of several."""
    kinds = ", ".join(f"{one_line(kind)} {calls:,}" for kind, calls in planned.calls.items())
    stored = f"{planned.reused:,} answers stored already"
    if not planned.number:
        return [f"no call: {stored}", "nothing to send, and it costs nothing"]
    cost = "cost unknown: no price is known; --price gives one"
    if planned.cost is not None:
        cost = f"about ${planned.cost:.4f}{' in batches' if planned.batch else ''}"
    seconds = planned.seconds(options, jobs=jobs)
    if planned.batch:
        time = f"about {planned.chain} batches one after the other, each of them done within 24 hours"
    elif seconds is None:
        time = "time unknown: this model has not answered yet"
    else:
        time = f"about {_duration(seconds)}: answers took {planned.answer_seconds:.1f} s so far"
    return [
        f"about {planned.number:,} calls ({kinds}), {stored}",
        f"about {planned.input_tokens:,} tokens to send and {planned.output_tokens:,} to receive, {cost}",
        time,
    ]


def _duration(seconds: float) -> str:
    """Seconds for people, as exact as an estimate is."""
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    return f"{round(seconds / 60)} minutes" if seconds < 5400 else f"{seconds / 3600:.1f} hours"


def _announcing(settings: BriefSettings, line: ProgressLine) -> Callable[[Step], None]:
    """`line`, after one line that says who reads where the program chose by itself, and how to get another.

    It comes with the first step: what cannot be read at all is one line, that of its error.
    """
    from summarise.model import parse

    notice = parse(settings.model, base_url=settings.base_url).notice

    def step(progress: Step) -> None:
        nonlocal notice
        if notice:
            _say(notice)
            notice = ""
        line(progress)

    return step


def _exit_code(error: SummariseError) -> int:
    if isinstance(error, NoReadableArticle):
        return FAILED
    return USAGE if isinstance(error, ConfigurationError | InputError) else FAILED


# ---- what is shown


def _shown(settings: BriefSettings, made: Made) -> str | Iterator[str]:
    if settings.format is Format.TEXT:
        from summarise.render.terminal import brief_screen

        return brief_screen(made.brief, made.changes, made.earlier)
    if settings.format is Format.HTML:
        return RENDERINGS["brief.html"](edition_of(settings, made))
    if settings.format is Format.JSON:
        from summarise.render.canonical import run_json, whole_json_pieces

        return whole_json_pieces(made.content, run_json(made.run))
    edition = Edition(made.brief, made.texts, made.changes, made.earlier)
    return RENDERINGS[f"brief.{settings.format.value}"](edition)


def _emit(text: str | Iterator[str], form: Format) -> None:
    """To stdout: files' formats always as UTF-8, the screen's in its own encoding as far as it goes."""
    emit(text, encoding=(sys.stdout.encoding or "utf-8") if form is Format.TEXT and sys.stdout else "utf-8")


def _say(message: str) -> None:
    say(one_line(message))


def say_incomplete(brief: Brief) -> None:
    failed = [article for article in brief.articles if article.status == "failed"]
    if failed:
        more = f" (and {len(failed) - 1} more)" if len(failed) > 1 else ""
        _say(f"the brief is incomplete: {failed[0].path}: {failed[0].reason}{more}")
    else:
        _say(f"the brief is incomplete: {'; '.join(dict.fromkeys(brief.run.notes)) or 'its list of files says why'}")


def _report(brief: Brief) -> None:
    """`--verbose`: every file, every note of the run, and the usage."""
    from summarise.render.view import run_line

    for article in brief.articles:
        _say(f"{article.path}: {article.status}{': ' + article.reason if article.reason else ''}")
    for note in brief.run.notes:
        _say(note)
    for name, number in brief.run.counts.items():
        _say(f"{name}: {number}")
    _say(run_line(brief))
