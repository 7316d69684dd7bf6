"""`summarise watch`, once its settings are known: watch, show each change, run a command after it, and stop cleanly.

stdout gets one line a change, stderr the rest. Ctrl-C ends it with 130, SIGTERM with 143 (SIGHUP with 129), a second
one at once; what was answered until then is in the store.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import shlex
import shutil
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType

from summarise.command import brief_options, edition_of, model_options, say_incomplete
from summarise.errors import ConfigurationError, InputError, SummariseError
from summarise.output import CHANGES, check_writable, is_current, write_output
from summarise.overrides import overrides_path
from summarise.progress import ProgressLine
from summarise.render.safe import one_line
from summarise.settings import BriefSettings
from summarise.streams import emit, hang_up, say
from summarise.watching import Outcome, Pauses, Update, watch

STOPPED, FAILED, USAGE = 0, 1, 2
_SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP")
_PATIENCE = 2.0
"""Seconds that the command of --on-change has to end once it was asked to."""
_LONG = 60.0
"""Seconds after which it is said that the command of --on-change is still running, and that changes wait for it."""
_OWN = frozenset({"SUMMARISE_STORY", "SUMMARISE_VERSION", "SUMMARISE_OUT", "SUMMARISE_CHANGES"})


def run_watch(
    settings: BriefSettings,
    *,
    on_change: str | None,
    settle: float,
    poll: bool,
    update: Update | None = None,
    pauses: Pauses | None = None,
) -> int:
    """Watches until it is stopped; returns the exit code: 128 and the signal's number, 130 for Ctrl-C.

    1 where stdout takes no more, 2 where the settings cannot work or the folder is not there to begin with. `on_change`
    is a command line, run without a shell after each update that changed something; `settle` is in seconds. `update`
    makes the brief (else as the settings say).
    """
    stop = _Stop()
    try:
        command = _command(on_change, settings)
        made = update or Updating(settings)
        with stop.listening():
            return asyncio.run(_watch(settings, made, command, stop, settle=settle, poll=poll, pauses=pauses))
    except SummariseError as error:
        _say(str(error))
        return USAGE if isinstance(error, ConfigurationError | InputError) else FAILED
    except BrokenPipeError:
        hang_up(sys.stdout)
        return STOPPED
    except KeyboardInterrupt:
        _say("stopped")
        return 128 + signal.SIGINT


async def _watch(
    settings: BriefSettings,
    update: Update,
    command: OnChange | None,
    stop: _Stop,
    *,
    settle: float,
    poll: bool,
    pauses: Pauses | None,
) -> int:
    async def told(outcome: Outcome) -> None:
        for line in outcome.lines:
            emit(one_line(line) + "\n", encoding=sys.stdout.encoding or "utf-8" if sys.stdout else "utf-8")
        if outcome.lines and command is not None:
            await command.run(outcome)

    task = asyncio.current_task()
    stop.ends(task.cancel if task else None, at_once=command.kill if command else None)
    try:
        await watch(
            settings.folder,
            update,
            told=told,
            say=(lambda line: None) if settings.quiet else _say,
            complain=_say,
            skip=settings.out,
            also=[settings.overrides or overrides_path(settings.folder)],
            settle=settle,
            poll=poll,
            pauses=pauses,
        )
    except asyncio.CancelledError:
        if not stop.number:
            raise
    if not settings.quiet:
        _say("stopped; what was answered is kept, and the same command goes on from there")
    return 128 + stop.number


# ---- one update


class Updating:
    """Makes the brief as the settings say, keeps it, and tells what changed since the version told last.

    Raises ConfigurationError at once for settings that no change in the folder can mend.
    """

    def __init__(self, settings: BriefSettings) -> None:
        from summarise.model import parse
        from summarise.model.spec import api_key

        self._settings = settings
        model_options(settings)  # raises for what no change in the folder can mend
        spec = parse(settings.model, base_url=settings.base_url)
        if spec.kind == "openai":
            api_key(spec)
        if settings.out is not None:
            check_writable(settings.out)
        if spec.notice and not settings.quiet:
            _say(spec.notice)
        self._version: int | None = None
        self._untold: list[str] = []

    async def __call__(self) -> Outcome:
        """One update. A version whose files cannot be written is told with the next that can."""
        from summarise.api import amake
        from summarise.render.changes import change_lines

        settings = self._settings
        with ProgressLine(wanted=not settings.quiet) as line:
            made = await amake(settings.folder, **brief_options(settings, line))
        number = made.version.number if made.version else None
        edition = await asyncio.to_thread(edition_of, settings, made) if settings.out is not None else None
        current = settings.out is None or edition is None or await asyncio.to_thread(is_current, settings.out, made)
        # A version that an earlier watch made and was killed before it told is news, too: its files are not there.
        if number != self._version and (made.news or (self._version is None and not current)):
            known = change_lines(made.changes) if made.changes else []
            self._untold += known or [f"version {number}: {_counted(len(made.brief.articles))}"]
        self._version = number
        if settings.out is not None and edition is not None and (made.news or not current):
            await asyncio.to_thread(write_output, settings.out, edition)
        lines, self._untold = self._untold, []
        if not made.brief.complete:
            say_incomplete(made.brief)
        return Outcome(
            version=number,
            lines=lines,
            complete=made.brief.complete,
            again=made.brief.run.again,
            articles=len(made.brief.articles),
        )


def _counted(articles: int) -> str:
    return f"{articles} article{'' if articles == 1 else 's'}"


# ---- the command after a change


def _command(on_change: str | None, settings: BriefSettings) -> OnChange | None:
    """Raises ConfigurationError where it is no command line, or names no program that is there."""
    if on_change is None:
        return None
    try:
        words = shlex.split(on_change, posix=os.name != "nt")
    except ValueError as error:
        raise ConfigurationError(f"--on-change: {error} in {on_change}; quote it as for a shell") from None
    if not words or shutil.which(words[0]) is None:
        raise ConfigurationError(
            f"--on-change: no program {words[0] if words else 'named'}; it is run without a shell: "
            "name a program and its arguments, or sh -c '…'"
        )
    known = {"SUMMARISE_STORY": settings.story or settings.folder.resolve().name or "story"}
    if settings.out is not None:
        out = settings.out.resolve()
        known |= {"SUMMARISE_OUT": str(out), "SUMMARISE_CHANGES": str(out / CHANGES)}
    return OnChange(words, known)


@dataclass
class OnChange:
    """A program that is run after a change, once at a time, and does not outlive the watch.

    Its environment has SUMMARISE_STORY, SUMMARISE_VERSION and, where there is an output folder, SUMMARISE_OUT and
    SUMMARISE_CHANGES (the path of changes.json). What it prints goes to our stderr: stdout is for the changes.
    """

    words: Sequence[str]
    known: Mapping[str, str]
    _running: asyncio.subprocess.Process | None = field(default=None, init=False)

    async def run(self, outcome: Outcome) -> None:
        """Runs it to its end; that it fails is one line. Cancelled, it takes the program with it."""
        version = {} if outcome.version is None else {"SUMMARISE_VERSION": str(outcome.version)}
        outer = {name: value for name, value in os.environ.items() if name not in _OWN}
        try:
            self._running = await asyncio.create_subprocess_exec(
                *self.words,
                env={**outer, **self.known, **version},
                stdin=asyncio.subprocess.DEVNULL,
                stdout=_stderr(),
                stderr=_stderr(),
                start_new_session=True,  # a group of its own, so that its children end with it
            )
        except (OSError, ValueError) as error:
            _say(f"--on-change: {self.words[0]} could not be started ({error})")
            return
        try:
            code = await self._ended(self._running)
            if code:
                how = f"exit code {code}" if code > 0 else f"signal {-code}"
                _say(f"--on-change: {self.words[0]} failed ({how})")
        finally:
            await self._end()

    async def _ended(self, process: asyncio.subprocess.Process) -> int:
        waiting = asyncio.ensure_future(process.wait())
        done, _ = await asyncio.wait([waiting], timeout=_LONG)
        if not done:
            _say(f"--on-change: {self.words[0]} is still running; changes wait until it ends")
        return await waiting

    async def _end(self) -> None:
        """Asks what still runs to end, and ends it where it does not."""
        process = self._running
        if process is not None and process.returncode is None:
            self._signal("SIGTERM")
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_PATIENCE):
                    await process.wait()
            if process.returncode is None:
                self.kill()
                await process.wait()
        self._running = None

    def kill(self) -> None:
        """Ends it at once, if it runs."""
        self._signal("SIGKILL")

    def _signal(self, name: str) -> None:
        if self._running is None or self._running.returncode is not None:
            return
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if os.name == "nt":
                self._running.kill()
            else:
                os.killpg(self._running.pid, getattr(signal, name))


def _stderr() -> int:
    try:
        return sys.stderr.fileno()
    except (OSError, ValueError, AttributeError):
        return asyncio.subprocess.DEVNULL


# ---- stopping


class _Stop:
    """The first signal to stop cancels the watch, which then ends what it has begun; the second ends the process."""

    def __init__(self) -> None:
        self.number = 0
        self._cancel: Callable[[], object] | None = None
        self._at_once: Callable[[], None] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    def ends(self, cancel: Callable[[], object] | None, *, at_once: Callable[[], None] | None) -> None:
        """What a signal ends; called in the loop."""
        self._cancel, self._at_once, self._loop = cancel, at_once, asyncio.get_running_loop()
        if self.number and cancel:
            cancel()

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Signals are taken while this lasts; one that is ignored (nohup, a job in the background) stays so."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {}
        for name in _SIGNALS:
            number = getattr(signal, name, None)
            if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
                before[number] = signal.signal(number, self._stop)
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _stop(self, number: int, frame: FrameType | None) -> None:
        if self.number:
            # Answers and files are put in place whole, so that nothing is left half done by this.
            if self._at_once:
                self._at_once()
            os._exit(128 + number)
        self.number = number
        if self._loop is not None and self._cancel is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._cancel)


def _say(message: str) -> None:
    say(one_line(message))
