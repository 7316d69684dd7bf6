"""A folder watched: what arrives, changes or goes, and then holds still, makes one update.

    hints (the system's events, or a look now and then) ─▶ look ─▶ still? ─▶ other content? ─▶ update ─▶ look …

Events only say that it is time to look: a file that is written slowly makes dozens of them, a network drive none, a
full queue loses some. What decides is what is there: sizes and times that hold still, and then the content's hash, so
that a touch is no change. The look before an update is compared with the one after it, so nothing that happens
meanwhile is lost, event or not.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing, suppress
from dataclasses import dataclass
from pathlib import Path

from summarise.errors import InputError, ModelUnavailable, OutputError, SummariseError
from summarise.loading.files import Entry, listing, passed_over, read
from summarise.loading.folder import MOST_BYTES

_LOOKS = 4
"""How many looks in a row, over the time to settle, must see the same. Counted, so that a process that was itself
held up (a laptop asleep) does not take its own absence for stillness."""
_LOOK_ANYWAY = 30.0
"""Seconds after which the folder is looked at though no event came."""
_POLL = 1.0
"""Seconds between two looks where there are no events, and while the folder is not there."""
_TRIES = 3
"""Failures in a row to listen to the system's events before the folder is looked at instead."""
_RESTLESS = 30.0
"""Seconds of waiting for files to settle after which the user is told which file does not."""


@dataclass(frozen=True)
class Outcome:
    """What an update came to: the number of the version, a line for each change, and whether nothing is missing.

    `again`: trying once more without any change may help. `articles`: how many files the brief accounts for.
    """

    version: int | None
    lines: Sequence[str]
    complete: bool
    again: bool = False
    articles: int | None = None


@dataclass(frozen=True)
class Pauses:
    """Seconds before what failed for now is tried again: `first`, then twice as long each time, up to `most`."""

    first: float = 60.0
    most: float = 900.0

    def after(self, failures: int) -> float:
        """The pause after so many failures in a row (1: the first)."""
        return min(self.first * 2.0 ** min(failures - 1, 32), self.most)


Update = Callable[[], Awaitable[Outcome]]
Say = Callable[[str], None]
Sign = tuple[int, ...] | str
Sight = Mapping[str, Sign]
"""What a look sees of each file: its place, size and times, or why there is nothing to see."""


async def watch(
    folder: Path,
    update: Update,
    *,
    told: Callable[[Outcome], Awaitable[None]],
    say: Say,
    complain: Say | None = None,
    skip: Path | None = None,
    also: Sequence[Path] = (),
    settle: float = 1.5,
    poll: bool = False,
    pauses: Pauses | None = None,
) -> None:
    """Updates at once, and again whenever the articles in `folder` are others; ends only by being cancelled.

    One update at a time; `told` gets the outcome of each that did not fail, and is waited for before the next. What
    counts as an article is what the loader reads: not `skip` (the output), hidden files, or editors' leftovers; the
    files in `also` (a person's corrections) count too, wherever they lie. `settle`: seconds that everything must have
    held still. `poll`: look every second instead of asking the system for events, which network drives do not send.

    An update that raises is one line to `complain`, and the watch goes on: at the next change or, where it failed for
    now (`Outcome.again`, `ModelUnavailable`, `OutputError`, `OSError`), after a pause that grows. Raises `InputError`
    where the folder is not there to begin with, and whatever `told` raises.
    """
    await _Watch(
        seen=_Seen(folder, skip, also),
        update=update,
        told=told,
        say=say,
        complain=complain or say,
        settle=settle,
        poll=poll,
        pauses=pauses or Pauses(),
    ).run()


class _Seen:
    """What is in the folder, by its outside (a look: no file is opened) and by its content."""

    def __init__(self, folder: Path, skip: Path | None, also: Sequence[Path]) -> None:
        self.folder, self.also = folder, also
        self._skip = skip
        self._hashes: dict[str, tuple[Sign, str]] = {}

    def look(self) -> Sight:
        """Raises `InputError` where the folder cannot be listed."""
        entries = [*listing(self.folder, skip=self._skip), *self._extra()]
        return {entry.name: _sign(entry) for entry in entries}

    def contents(self, sight: Sight) -> Mapping[str, str]:
        """The hash of each file's content, or why it has none; only what looks other than before is read again."""
        entries = [*listing(self.folder, skip=self._skip), *self._extra()]
        hashes: dict[str, tuple[Sign, str]] = {}
        for entry in entries:
            sign = sight.get(entry.name, "")
            known = self._hashes.get(entry.name)
            hashes[entry.name] = known if known and known[0] == sign else (sign, _hash(entry))
        self._hashes = hashes
        return {name: found for name, (_, found) in hashes.items()}

    def matters(self, path: Path, root: Path) -> bool:
        """Whether an event at this path can be of interest; what is left out here would be seen by no look either."""
        if path == root or path in [one.resolve() for one in self.also]:
            return True
        skip = self._skip.resolve() if self._skip is not None else None
        if skip is not None and skip != root and path.is_relative_to(skip):
            return False
        return path.is_relative_to(root) and not any(map(passed_over, path.relative_to(root).parts))

    def reaches_beyond(self, root: Path) -> bool:
        """Whether some of what counts lies outside the folder, where its events do not tell."""
        return any(not one.resolve().is_relative_to(root) for one in self.also)

    def _extra(self) -> list[Entry]:
        """Only those that are there; named by whole path, which no name of a listing is."""
        return [Entry(os.path.abspath(path), path.resolve()) for path in self.also if path.exists()]  # noqa: PTH100


def _sign(entry: Entry) -> Sign:
    if entry.path is None:
        return entry.reason
    try:
        found = entry.path.lstat()
    except (OSError, ValueError) as error:
        return str(error)
    # With the time of the last change of any kind, which nobody can set back as an rsync or an unpacking does mtime.
    return (found.st_ino, found.st_mode, found.st_size, found.st_mtime_ns, found.st_ctime_ns)


def _hash(entry: Entry) -> str:
    if entry.path is None:
        return entry.reason
    raw = read(entry.path, entry.name, MOST_BYTES)
    return raw.reason or "sha256:" + hashlib.sha256(raw.content).hexdigest()


@dataclass
class _Watch:
    seen: _Seen
    update: Update
    told: Callable[[Outcome], Awaitable[None]]
    say: Say
    complain: Say
    settle: float
    poll: bool
    pauses: Pauses
    failures: int = 0
    unheard: int = 0
    """How often in a row the system could not be listened to."""

    def __post_init__(self) -> None:
        self.hint = asyncio.Event()
        self.retry_at: float | None = None

    async def run(self) -> None:
        sight = await asyncio.to_thread(self.seen.look)
        contents = await asyncio.to_thread(self.seen.contents, sight)
        listening = asyncio.create_task(self._listen())
        try:
            while True:
                outcome = await self._updated()
                after = await self._look()
                if outcome is not None:
                    self._announce(outcome, files=len(sight))
                    await self.told(outcome)
                sight, contents = await self._next(sight, after, contents)
        finally:
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)

    # ---- updating

    async def _updated(self) -> Outcome | None:
        """The outcome of one update; None where it failed, which has been told."""
        self.retry_at = None
        try:
            outcome = await self.update()
        except BrokenPipeError:
            raise
        except Exception as error:
            # Whatever it is, the next article may mend it: a watch that ends by itself is watched by nobody.
            cause = _cause(error)
            expected = isinstance(cause, SummariseError)
            self.complain(str(cause) if expected else f"unexpected {type(cause).__name__}: {cause}")
            self._failed(again=isinstance(cause, ModelUnavailable | OutputError | OSError))
            return None
        if outcome.complete:
            self.failures = 0
        else:
            self._failed(again=outcome.again)
        return outcome

    def _failed(self, *, again: bool) -> None:
        if not again:
            return
        self.failures += 1
        pause = self.pauses.after(self.failures)
        self.retry_at = time.monotonic() + pause
        self.say(f"trying again in {pause:.0f} s, or when something changes")

    def _announce(self, outcome: Outcome, *, files: int) -> None:
        number = (files, "file") if outcome.articles is None else (outcome.articles, "article")
        parts = [f"watching {self.seen.folder}", f"{number[0]} {number[1]}{'' if number[0] == 1 else 's'}"]
        parts += [f"version {outcome.version}"] if outcome.version is not None else []
        parts += [] if outcome.complete else ["incomplete"]
        self.say("; ".join(parts))

    # ---- waiting

    async def _next(self, sight: Sight, after: Sight, contents: Mapping[str, str]) -> tuple[Sight, Mapping[str, str]]:
        """What there is once it holds still and has to be read: others than `contents`, or a retry is due.

        `sight` is from before the update and `after` from after it. Where they differ, what the update read is not
        known, and so it is made again even if the content should be what it was.
        """
        unsure = after != sight
        if not unsure and await self._changed(sight):
            return sight, contents
        while True:
            self.say("waiting for files to settle")
            still = await self._still()
            found = await asyncio.to_thread(self.seen.contents, still)
            if await self._look() != still:
                continue
            if unsure or found != contents:
                self.failures = 0
                return still, found
            self.say("nothing has changed")
            if await self._changed(still):
                return still, found

    async def _changed(self, sight: Sight) -> bool:
        """Returns when something looks other than in `sight`: False; or when a retry is due: True."""
        while True:
            due = self.retry_at if self.retry_at is not None else float("inf")
            with suppress(TimeoutError):
                async with asyncio.timeout(max(0.0, min(_LOOK_ANYWAY, due - time.monotonic()))):
                    await self.hint.wait()
            self.hint.clear()
            if await self._look() != sight:
                return False
            if time.monotonic() >= due:
                return True

    async def _still(self) -> Sight:
        """The first sight that several looks in a row agree on."""
        begun, warned = time.monotonic(), False
        sight, agreed = await self._look(), 0
        while agreed < _LOOKS:
            await asyncio.sleep(self.settle / _LOOKS)
            before, sight = sight, await self._look()
            agreed = agreed + 1 if sight == before else 0
            if not warned and agreed == 0 and time.monotonic() - begun > max(_RESTLESS, 10 * self.settle):
                restless = min(name for name, _ in set(before.items()) ^ set(sight.items()))
                self.complain(f"{restless} keeps changing; the brief waits until it holds still")
                warned = True
        return sight

    async def _look(self) -> Sight:
        """What is there; while the folder itself is not, that is waited for, and the brief stays as it is."""
        gone = False
        while True:
            try:
                sight = await asyncio.to_thread(self.seen.look)
            except InputError as error:
                if not gone:
                    self.complain(f"{error}; waiting for it")
                gone = True
                await asyncio.sleep(_POLL)
                continue
            if gone:
                self.say(f"{self.seen.folder} is back")
            return sight

    # ---- hints

    async def _listen(self) -> None:
        """Hints for as long as it runs: from the system's events or, where there are none, at intervals."""
        while not self.poll:
            try:
                await self._hear()
            except (FileNotFoundError, InputError):
                await asyncio.sleep(_POLL)
            except Exception as error:
                # One event for a name that is no text ends the hearing, too: that is a hint, and no reason to go deaf.
                self.unheard += 1
                if self.unheard == _TRIES:  # too many folders for the system's limit, a file system without events, …
                    cause = _cause(error)
                    self.complain(f"no events for {self.seen.folder} ({cause}); looking every {_POLL:.0f} s instead")
                    self.poll = True
            self.hint.set()
        while True:
            self.hint.set()
            begun = time.monotonic()
            await asyncio.to_thread(self._quietly_look)
            await asyncio.sleep(max(_POLL, 4 * (time.monotonic() - begun)))  # a slow drive is not kept busy by us

    def _quietly_look(self) -> None:
        with suppress(InputError):
            self.seen.look()

    async def _hear(self) -> None:
        """Hints from the system until the folder is another: removed, renamed, or replaced under the same name."""
        from watchfiles import Change, awatch

        root = self.seen.folder.resolve(strict=True)
        place = _place(root)

        def matters(change: Change, path: str) -> bool:
            return self.seen.matters(Path(path), root)

        events = awatch(
            root,
            watch_filter=matters,
            debounce=200,
            step=50,
            rust_timeout=1000,
            yield_on_timeout=True,
            force_polling=False,
            ignore_permission_denied=True,
        )
        first, blind = True, self.seen.reaches_beyond(root)
        async with aclosing(events) as batches:
            async for batch in batches:
                if batch or first or blind:  # what came before the system was listening made no event
                    self.hint.set()
                first, self.unheard = False, 0
                gone = any(kind is Change.deleted and Path(path) == root for kind, path in batch)
                if gone or _place(self.seen.folder.resolve(strict=True)) != place:
                    return


def _place(folder: Path) -> tuple[int, int]:
    found = folder.stat()
    return found.st_dev, found.st_ino


def _cause(error: BaseException) -> BaseException:
    """Of the errors of tasks that ended together the first; any other error is its own cause."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error
