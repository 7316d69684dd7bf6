"""A folder watched with the system's real events: one update a change, none lost, and nothing ends it but a stop."""

from __future__ import annotations

import asyncio
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from summarise.commands.watch import Updating, run_watch
from summarise.errors import ConfigurationError, InputError, ModelUnavailable, OutputError
from summarise.settings import BriefSettings
from summarise.watching import Outcome, Pauses, watch

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 60.0
"""Seconds after which a condition that has not come about never will."""
SETTLE = 0.12


class Watched:
    """A watch at work on a folder, with what it did and said."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.read: list[dict[str, str]] = []
        self.told: list[Outcome] = []
        self.said: list[str] = []
        self.complaints: list[str] = []
        self.during: Callable[[int], Awaitable[None]] | None = None
        self.changed = asyncio.Event()

    async def update(self) -> Outcome:
        content = {
            path.name: path.read_text(encoding="utf-8", errors="replace")
            for path in sorted(self.folder.glob("*"))
            if path.is_file() and os.access(path, os.R_OK)
        }
        self.read.append(content)
        if self.during is not None:
            await self.during(len(self.read))
        return Outcome(version=len(self.read), lines=[f"update {len(self.read)}"], complete=True)

    async def after(self, outcome: Outcome) -> None:
        self.told.append(outcome)

    async def until(self, condition: Callable[[], bool]) -> None:
        """Waits until it holds."""
        limit = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < limit, (self.read, self.said, self.complaints)
            await asyncio.sleep(0.01)

    async def updates(self, number: int) -> None:
        await self.until(lambda: len(self.told) >= number)

    async def calm(self, number: int) -> None:
        """So many updates, and a change made now is the next: nothing was left to do before it."""
        await self.updates(number)
        name = f"marker-{number}.txt"
        (self.folder / name).write_text("a marker", encoding="utf-8")
        await self.updates(number + 1)
        assert name in self.read[number], "an update too many"
        assert len(self.read) == number + 1


@asynccontextmanager
async def watching(folder: Path, **options: Any) -> AsyncIterator[Watched]:
    watched = Watched(folder)
    update = options.pop("update", watched.update)
    task = asyncio.create_task(
        watch(
            folder,
            update,
            told=watched.after,
            say=watched.said.append,
            complain=watched.complaints.append,
            **{"settle": SETTLE, **options},
        )
    )
    try:
        yield watched
        assert not task.done(), task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def run(test: Coroutine[Any, Any, None]) -> None:
    asyncio.run(test)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("summarise.watching._POLL", 0.1)
    articles = tmp_path / "articles"
    articles.mkdir()
    (articles / "a.txt").write_text("the first article", encoding="utf-8")
    return articles


# ---- what makes an update


def test_it_updates_at_once_and_says_what_is_watched(folder: Path) -> None:
    async def test() -> None:
        async with watching(folder) as watched:
            await watched.updates(1)
            assert watched.read == [{"a.txt": "the first article"}]
            assert watched.said == [f"watching {folder}; 1 file; version 1"]

    run(test())


@pytest.mark.parametrize("poll", [False, True])
def test_what_arrives_changes_and_goes_is_an_update_each(folder: Path, poll: bool) -> None:
    async def test() -> None:
        async with watching(folder, poll=poll) as watched:
            await watched.updates(1)
            (folder / "b.txt").write_text("the second", encoding="utf-8")
            await watched.updates(2)
            (folder / "a.txt").write_text("the first, mended", encoding="utf-8")
            await watched.updates(3)
            (folder / "b.txt").unlink()
            await watched.updates(4)
            assert [sorted(read) for read in watched.read] == [
                ["a.txt"],
                ["a.txt", "b.txt"],
                ["a.txt", "b.txt"],
                ["a.txt"],
            ]
            assert watched.read[3]["a.txt"] == "the first, mended"
            assert "waiting for files to settle" in watched.said

    run(test())


def test_a_file_that_is_written_slowly_is_read_once_and_whole(folder: Path) -> None:
    async def test() -> None:
        async with watching(folder, settle=0.4) as watched:
            await watched.updates(1)
            with (folder / "slow.txt").open("w", encoding="utf-8") as file:
                for piece in range(10):
                    file.write(f"piece {piece}\n")
                    file.flush()
                    await asyncio.sleep(0.05)
            await watched.calm(2)
            assert watched.read[1]["slow.txt"].count("piece") == 10

    run(test())


def test_what_arrives_during_an_update_makes_exactly_one_more(folder: Path) -> None:
    async def test() -> None:
        async with watching(folder) as watched:

            async def arriving(number: int) -> None:
                if number == 1:
                    for name in "bcd":
                        (folder / f"{name}.txt").write_text(name, encoding="utf-8")
                        await asyncio.sleep(0.05)

            watched.during = arriving
            await watched.calm(2)
            assert sorted(watched.read[1]) == ["a.txt", "b.txt", "c.txt", "d.txt"]

    run(test())


def test_what_was_changed_and_changed_back_during_an_update_is_read_again(folder: Path) -> None:
    async def test() -> None:
        async with watching(folder) as watched:

            async def wavering(number: int) -> None:
                if number == 1:
                    (folder / "a.txt").write_text("something else", encoding="utf-8")
                    (folder / "a.txt").write_text("the first article", encoding="utf-8")

            watched.during = wavering
            await watched.calm(2)

    run(test())


def test_there_is_one_update_at_a_time(folder: Path) -> None:
    async def test() -> None:
        at_work, most = 0, 0
        async with watching(folder) as watched:

            async def counting(number: int) -> None:
                nonlocal at_work, most
                at_work += 1
                most = max(most, at_work)
                (folder / f"new-{min(number, 3)}.txt").write_text("new", encoding="utf-8")
                await asyncio.sleep(0.1)
                at_work -= 1

            watched.during = counting
            await watched.updates(4)
        assert most == 1

    run(test())


# ---- what makes none


def test_a_touch_is_no_change(folder: Path) -> None:
    async def test() -> None:
        async with watching(folder) as watched:
            await watched.updates(1)
            os.utime(folder / "a.txt", (1, 1))
            await watched.until(lambda: "nothing has changed" in watched.said)
            (folder / "a.txt").write_text("the first article", encoding="utf-8")
            await watched.until(lambda: watched.said.count("nothing has changed") == 2)
            await watched.calm(1)

    run(test())


@pytest.mark.parametrize("poll", [False, True])
def test_its_own_output_and_editors_leftovers_do_not_wake_it(folder: Path, poll: bool) -> None:
    async def test() -> None:
        async with watching(folder, skip=folder / "out", poll=poll) as watched:

            async def writing(number: int) -> None:
                (folder / "out" / "texts").mkdir(parents=True, exist_ok=True)
                (folder / "out" / "brief.json").write_text(f'{{"schema": "brief/1", "number": {number}}}')
                (folder / "out" / "texts" / "x.txt").write_text("x" * number)

            watched.during = writing
            await watched.updates(1)
            for name in ("~$a.docx", ".a.txt.tmp", "a.txt~", ".hidden", "#a.txt#", ".a.txt.swp"):
                (folder / name).write_text("left over", encoding="utf-8")
            (folder / ".git").mkdir()
            (folder / ".git" / "index.txt").write_text("hidden", encoding="utf-8")
            await watched.calm(1)
            assert "nothing has changed" not in watched.said

    run(test())


def test_output_among_the_articles_does_not_wake_it(folder: Path) -> None:
    async def test() -> None:
        async with watching(folder, skip=folder) as watched:

            async def writing(number: int) -> None:
                (folder / "texts").mkdir(exist_ok=True)
                (folder / "texts" / "x.txt").write_text("x" * number)
                (folder / "brief.json").write_text(f'{{"schema": "brief/1", "number": {number}}}')

            watched.during = writing
            await watched.calm(1)

    run(test())


def test_an_editor_that_saves_by_renaming_makes_one_update(folder: Path) -> None:
    async def test() -> None:
        async with watching(folder) as watched:
            await watched.updates(1)
            (folder / ".a.txt.tmp").write_text("saved", encoding="utf-8")
            (folder / ".a.txt.tmp").replace(folder / "a.txt")
            await watched.updates(2)
            assert watched.read[1] == {"a.txt": "saved"}
            await watched.calm(2)

    run(test())


@pytest.mark.parametrize("where", ["articles/overrides.yaml", "elsewhere/mine.yaml"])
def test_a_persons_corrections_wake_it_wherever_they_lie(folder: Path, tmp_path: Path, where: str) -> None:
    async def test() -> None:
        corrections = tmp_path / where
        corrections.parent.mkdir(exist_ok=True)
        async with watching(folder, also=[corrections]) as watched:
            await watched.updates(1)
            corrections.write_text("- join: [a, b]\n", encoding="utf-8")
            await watched.updates(2)
            corrections.unlink()
            await watched.updates(3)

    run(test())


# ---- what does not end it


@pytest.mark.parametrize(
    "error",
    [
        OutputError("out: the disk is full"),
        ConfigurationError("overrides.yaml, line 3: not YAML; mend it"),
        ExceptionGroup("all", [ModelUnavailable("a.txt: no answer")]),
        ValueError("a bug"),
    ],
)
def test_an_update_that_fails_is_one_line_and_the_next_change_is_read(folder: Path, error: Exception) -> None:
    async def test() -> None:
        async with watching(folder) as watched:

            async def failing(number: int) -> None:
                if number == 1:
                    raise error

            watched.during = failing
            await watched.until(lambda: len(watched.complaints) == 1)
            (folder / "b.txt").write_text("b", encoding="utf-8")
            await watched.updates(1)
            assert len(watched.complaints) == 1
            assert str(error.exceptions[0] if isinstance(error, ExceptionGroup) else error) in watched.complaints[0]

    run(test())


def test_what_failed_for_now_is_tried_again_without_a_change_and_what_failed_for_good_is_not(folder: Path) -> None:
    async def test() -> None:
        async with watching(folder, pauses=Pauses(first=0.05, most=0.2)) as watched:

            async def failing(number: int) -> None:
                if number <= 3:
                    raise ModelUnavailable("a.txt: cannot connect")
                if number == 5:
                    raise ConfigurationError("overrides.yaml, line 1: not YAML")

            watched.during = failing
            await watched.updates(1)
            assert len(watched.complaints) == 3
            assert sum("trying again in" in line for line in watched.said) == 3
            (folder / "b.txt").write_text("b", encoding="utf-8")
            await watched.until(lambda: len(watched.complaints) == 4)
            await asyncio.sleep(0.3)
            (folder / "c.txt").write_text("c", encoding="utf-8")
            await watched.updates(2)
            assert len(watched.read) == 6

    run(test())


def test_an_incomplete_brief_is_tried_again_where_that_may_help(folder: Path) -> None:
    async def test() -> None:
        outcomes = [
            Outcome(version=1, lines=["first"], complete=False, again=True),
            Outcome(version=2, lines=["second"], complete=True),
        ]

        async def update() -> Outcome:
            return outcomes.pop(0)

        async with watching(folder, update=update, pauses=Pauses(first=0.05)) as watched:
            await watched.updates(2)
            assert f"watching {folder}; 1 file; version 1; incomplete" in watched.said

    run(test())


def test_pauses_double_up_to_a_quarter_of_an_hour() -> None:
    assert [Pauses().after(n) for n in (1, 2, 3, 4, 5, 6, 500)] == [60, 120, 240, 480, 900, 900, 900]


@pytest.mark.parametrize("poll", [False, True])
def test_a_folder_that_goes_and_comes_back_is_watched_on(folder: Path, poll: bool) -> None:
    async def test() -> None:
        async with watching(folder, poll=poll) as watched:
            await watched.updates(1)
            os.rename(folder, folder.with_name("away"))  # noqa: PTH104
            await watched.until(lambda: bool(watched.complaints))
            assert watched.complaints[0].startswith(f"no such folder: {folder}")
            os.mkdir(folder)  # noqa: PTH102
            (folder / "b.txt").write_text("b", encoding="utf-8")
            await watched.updates(2)
            assert watched.said.count(f"{folder} is back") == 1
            (folder / "c.txt").write_text("c", encoding="utf-8")
            await watched.updates(3)
            assert len(watched.complaints) == 1

    run(test())


def test_a_file_that_can_not_be_read_and_things_that_are_no_files_do_not_stop_it(folder: Path) -> None:
    async def test() -> None:
        async def update() -> Outcome:
            return Outcome(version=None, lines=[], complete=True)

        async with watching(folder, update=update) as watched:
            await watched.updates(1)
            os.mkfifo(folder / "pipe.txt")
            (folder / "nowhere.txt").symlink_to(folder / "missing.txt")
            (folder / "secret.txt").write_text("secret", encoding="utf-8")
            (folder / "secret.txt").chmod(0)
            (folder / os.fsdecode(b"\xff.txt")).write_text("a name that is no text", encoding="utf-8")
            await watched.updates(2)
            (folder / "pipe.txt").unlink()
            await watched.updates(3)
            assert not watched.complaints

    run(test())


def test_a_file_that_never_holds_still_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("summarise.watching._RESTLESS", 0.0)

    async def test() -> None:
        async with watching(folder, settle=0.05) as watched:
            await watched.updates(1)
            with (folder / "log.txt").open("w", encoding="utf-8") as file:
                limit = time.monotonic() + PATIENCE
                while not watched.complaints and time.monotonic() < limit:
                    file.write("more\n")
                    file.flush()
                    await asyncio.sleep(0.002)
            assert watched.complaints == ["log.txt keeps changing; the brief waits until it holds still"]
            await watched.updates(2)

    run(test())


def test_without_events_from_the_system_it_looks_by_itself_and_says_so(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_watches(*paths: Path, **options: object) -> AsyncIterator[object]:
        raise OSError("OS file watch limit reached")

    monkeypatch.setattr("watchfiles.awatch", no_watches)

    async def test() -> None:
        async with watching(folder) as watched:
            await watched.updates(1)
            (folder / "b.txt").write_text("b", encoding="utf-8")
            await watched.updates(2)
            assert len(watched.complaints) == 1
            assert "watch limit reached" in watched.complaints[0]

    run(test())


def test_a_folder_that_is_not_there_to_begin_with_is_an_error(tmp_path: Path) -> None:
    async def test() -> None:
        with pytest.raises(InputError, match="no such folder"):
            async with watching(tmp_path / "none") as watched:
                await watched.updates(1)

    async def begun() -> None:
        watched = Watched(tmp_path / "none")
        await watch(tmp_path / "none", watched.update, told=watched.after, say=watched.said.append)

    with pytest.raises(InputError, match="no such folder"):
        run(begun())


def test_cancelled_it_ends_the_update_and_leaves_nothing_running(folder: Path) -> None:
    async def test() -> None:
        ended = asyncio.Event()
        async with watching(folder) as watched:

            async def endless(number: int) -> None:
                try:
                    await asyncio.sleep(PATIENCE * 10)
                finally:
                    ended.set()

            watched.during = endless
            await watched.until(lambda: len(watched.read) == 1)
        assert ended.is_set()
        assert [task for task in asyncio.all_tasks() if task is not asyncio.current_task()] == []

    run(test())


# ---- the command


PROGRAM = """
import sys
from pathlib import Path
import summarise.commands.watch
summarise.commands.watch._PATIENCE = 600.0 if "patient" in sys.argv else 2.0
from summarise.commands.watch import run_watch
from summarise.settings import BriefSettings
out = Path(sys.argv[2]) if sys.argv[2] else None
settings = BriefSettings(folder=Path(sys.argv[1]), out=out, model="extractive", quiet="-q" in sys.argv)
sys.exit(run_watch(settings, on_change=sys.argv[3] or None, settle=0.2, poll=False))
"""

STATEMENT = (
    "The minister said on Tuesday that the government opposes the new tax on imported grain. "
    "Farmers in the north support the tax, their union said."
)


@pytest.fixture
def story(tmp_path: Path) -> Path:
    articles = tmp_path / "grain"
    articles.mkdir()
    (articles / "a.txt").write_text(STATEMENT, encoding="utf-8")
    return articles


class Process:
    """`run_watch` in a process of its own; what it writes goes to files, so that nothing waits for a reader."""

    def __init__(
        self, tmp_path: Path, folder: Path, *, out: Path | None = None, on_change: str = "", flag: str = ""
    ) -> None:
        self.stdout, self.stderr = tmp_path / "stdout", tmp_path / "stderr"
        kept = {name: os.environ[name] for name in ("PATH", "LANG", "TMPDIR") if name in os.environ}
        with self.stdout.open("wb") as stdout, self.stderr.open("wb") as stderr:
            self.process = subprocess.Popen(
                [sys.executable, "-W", "error", "-c", PROGRAM, str(folder), str(out or ""), on_change, flag],
                stdout=stdout,
                stderr=stderr,
                stdin=subprocess.DEVNULL,
                env={
                    **kept,
                    "PYTHONPATH": str(ROOT),
                    "HOME": str(tmp_path),
                    "SUMMARISE_STORE": str(tmp_path / "store"),
                },
            )

    def __enter__(self) -> Process:
        return self

    def __exit__(self, *raised: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()

    def out(self) -> list[str]:
        return self.stdout.read_text(encoding="utf-8").splitlines()

    def err(self) -> str:
        return self.stderr.read_text(encoding="utf-8")

    def until(self, condition: Callable[[], bool]) -> None:
        limit = time.monotonic() + PATIENCE
        while not condition():
            assert self.process.poll() is None, self.err()
            assert time.monotonic() < limit, (self.out(), self.err())
            time.sleep(0.02)

    def stopped(self, number: signal.Signals) -> int:
        self.process.send_signal(number)
        return self.process.wait(PATIENCE)


def python(code: str) -> str:
    return shlex.join([sys.executable, "-c", code])


def test_it_prints_a_line_a_change_runs_the_command_and_ends_with_130_on_ctrl_c(tmp_path: Path, story: Path) -> None:
    note = tmp_path / "note.txt"
    names = ("SUMMARISE_STORY", "SUMMARISE_OUT", "SUMMARISE_VERSION", "SUMMARISE_CHANGES")
    command = python(
        f"import os; said = '|'.join(os.environ[name] for name in {names!r})\n"
        f"open({str(note)!r}, 'a').write(said + '\\n'); print('hooked')"
    )
    out = story / "out"
    with Process(tmp_path, story, out=out, on_change=command) as watch:
        watch.until(lambda: note.exists() and note.read_text().count("\n") == 1)
        (story / "b.txt").write_text(
            "The opposition demands a vote on the grain tax, its leader said.", encoding="utf-8"
        )
        watch.until(lambda: note.read_text().count("\n") == 2)
        assert watch.stopped(signal.SIGINT) == 130
        assert watch.out()[0] == "version 1: 1 article"
        assert "New article: b.txt" in watch.out()
        assert "hooked" not in watch.out()
        lines = watch.err().splitlines()
        assert f"summarise: watching {story}; 2 articles; version 2" in lines
        assert "stopped" in lines[-1]
        assert "Traceback" not in watch.err()
        assert "Warning" not in watch.err()
    expected = ["grain", str(out), "1", str(out / "changes.json")]
    assert note.read_text().splitlines() == ["|".join(expected), "|".join([*expected[:2], "2", expected[3]])]
    assert (out / "changes.json").exists()


def test_sigterm_ends_it_with_143_and_the_command_with_it(tmp_path: Path, story: Path) -> None:
    note = tmp_path / "pid"
    command = python(
        "import os, subprocess, sys, time\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
        f"open({str(note)!r}, 'w').write(f'{{os.getpid()}} {{child.pid}}\\n')\n"
        "time.sleep(600)"
    )
    with Process(tmp_path, story, on_change=command, flag="-q") as watch:
        watch.until(lambda: note.exists() and note.read_text().endswith("\n"))
        assert watch.stopped(signal.SIGTERM) == 143
        assert watch.err() == ""
    for pid in note.read_text().split():
        gone(int(pid))


def gone(pid: int) -> None:
    """Waits until a process has ended."""
    limit = time.monotonic() + PATIENCE
    while running(pid):
        assert time.monotonic() < limit
        time.sleep(0.02)


def running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False).stdout
    return state.strip() != "" and not state.startswith("Z")


def test_a_second_ctrl_c_ends_it_and_a_command_that_will_not_end_at_once(tmp_path: Path, story: Path) -> None:
    note = tmp_path / "note"
    command = python(
        "import os, signal, time\n"
        f"def write(words): open({str(note)!r}, 'a').write(words + '\\n')\n"
        "signal.signal(signal.SIGTERM, lambda number, frame: write('asked to end'))\n"
        "write(str(os.getpid()))\n"
        "while True: time.sleep(600)"
    )
    with Process(tmp_path, story, on_change=command, flag="patient") as watch:
        watch.until(lambda: note.exists() and note.read_text().endswith("\n"))
        watch.process.send_signal(signal.SIGINT)
        watch.until(lambda: note.read_text().endswith("asked to end\n"))
        assert watch.stopped(signal.SIGINT) == 130
        assert "Traceback" not in watch.err()
    gone(int(note.read_text().split()[0]))


def test_a_start_without_news_runs_no_command(tmp_path: Path, story: Path) -> None:
    for runs in (1, 0):
        note = tmp_path / f"note-{runs}"
        with Process(tmp_path, story, on_change=f"touch {shlex.quote(str(note))}") as watch:
            watch.until(lambda: "version 1" in watch.err())
            if runs:
                watch.until(note.exists)
            assert watch.stopped(signal.SIGINT) == 130
            assert len(watch.out()) == runs
        assert note.exists() == bool(runs)


def test_what_could_not_be_written_is_told_with_the_next_update_that_can(tmp_path: Path, story: Path) -> None:
    out = tmp_path / "out"
    store = str(tmp_path / "store")
    update = Updating(BriefSettings(folder=story, out=out, store=store, model="extractive", quiet=True))
    assert asyncio.run(update()).lines == ["version 1: 1 article"]
    shutil.rmtree(out)
    out.write_text("in the way", encoding="utf-8")
    (story / "b.txt").write_text("The opposition demands a vote on the tax, its leader said.", encoding="utf-8")
    with pytest.raises(OutputError):
        asyncio.run(update())
    out.unlink()
    assert "New article: b.txt" in asyncio.run(update()).lines
    assert asyncio.run(update()).lines == []


# ---- the command, in this process: whatever stops it here is an update that raises what nothing survives


class Over(BaseException):
    """Ends a watch from within."""


def run_updates(settings: BriefSettings, outcomes: Sequence[Outcome], on_change: str | None) -> None:
    """`run_watch` over these outcomes, one a change."""
    left = list(outcomes)

    async def update() -> Outcome:
        if not left:
            raise Over
        (settings.folder / f"more-{len(left)}.txt").write_text("more", encoding="utf-8")
        return left.pop(0)

    with pytest.raises(Over):
        run_watch(settings, on_change=on_change, settle=0.05, poll=False, update=update)


def outcome(version: int, *lines: str) -> Outcome:
    return Outcome(version=version, lines=lines, complete=True)


def test_the_command_runs_after_each_update_that_changed_something_and_never_beside_itself(
    tmp_path: Path, folder: Path
) -> None:
    note = tmp_path / "note.txt"
    command = python(
        "import os, time\n"
        f"note = open({str(note)!r}, 'a', buffering=1); version = os.environ['SUMMARISE_VERSION']\n"
        "note.write(f'begin {version}\\n'); time.sleep(0.2); note.write(f'end {version}\\n')"
    )
    outcomes = [outcome(1, "new"), outcome(1), outcome(2, "one", "two"), outcome(3, "three")]
    run_updates(BriefSettings(folder=folder, quiet=True), outcomes, command)
    assert note.read_text().splitlines() == [f"{word} {number}" for number in (1, 2, 3) for word in ("begin", "end")]


def test_a_command_that_fails_is_one_line(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    settings = BriefSettings(folder=folder, quiet=True)
    run_updates(settings, [outcome(1, "first\x1b]52;c;QUJD\x07"), outcome(2, "second")], python("raise SystemExit(7)"))
    shown = capfd.readouterr()
    assert shown.err.splitlines() == [f"summarise: --on-change: {sys.executable} failed (exit code 7)"] * 2
    assert len(shown.out.splitlines()) == 2
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f]", shown.out)


@pytest.mark.parametrize("command", ["", "'unbalanced", "no-such-program-at-all --flag"])
def test_a_command_that_can_not_be_run_is_found_out_before_anything_is_read(
    folder: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    assert run_watch(BriefSettings(folder=folder), on_change=command, settle=1, poll=False) == 2
    assert capsys.readouterr().err.startswith("summarise: --on-change: ")


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"folder": Path("no/such/folder")}, "no/such/folder"),
        ({"model": "gpt"}, "extractive"),
        ({"model": "openai:x"}, "KEY"),
    ],
)
def test_settings_that_no_change_can_mend_exit_with_2(
    folder: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    settings: dict[str, Any],
    named: str,
) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "SUMMARISE_MODEL"):
        monkeypatch.delenv(name, raising=False)
    asked = BriefSettings(**{"folder": folder, "model": "extractive", "store": str(tmp_path / "store"), **settings})
    assert run_watch(asked, on_change=None, settle=1, poll=False) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert len(shown.err.splitlines()) == 1
    assert named in shown.err
