"""Runs of `summarise brief` and `watch` that may end at any moment, what they asked, and what must then hold."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # the checkout, wherever this is run

from summarise.scripted import ScriptedModel  # noqa: E402
from summarise.scripted.told import Story, Telling  # noqa: E402
from summarise.store import Store  # noqa: E402

CONCURRENCY = 4
SMALL = Telling(actors=3, positions=3, facts=2, questions=2, events=2, reports=1, filler=1)
LATENCY = 0.03  # seconds: long enough for calls to be in flight together
KILLED = -signal.SIGKILL

# Kills itself at the Nth step that makes something durable, before it is done or right after it.
_COUNTING = """
import os, signal, sqlite3, sys, threading
last, lock, steps = int(sys.argv.pop(1)), threading.Lock(), 0
def step():
    global steps
    with lock:
        steps += 1
        if steps == last:
            os.kill(os.getpid(), signal.SIGKILL)
            signal.pause()
def counted(name):
    real = getattr(os, name)
    def call(*given, **named):
        step()
        try:
            return real(*given, **named)
        finally:
            step()
    setattr(os, name, call)
for name in ("fsync", "replace", "rename", "link", "unlink", "mkdir", "rmdir"):
    counted(name)
class Connection(sqlite3.Connection):
    def execute(self, sql, *values):
        if not sql.lstrip().upper().startswith(("COMMIT", "PRAGMA JOURNAL_MODE =")):
            return super().execute(sql, *values)
        step()
        try:
            return super().execute(sql, *values)
        finally:
            step()
real = sqlite3.connect
sqlite3.connect = lambda *given, **named: real(*given, **{"factory": Connection, **named})
sys.argv[0] = "summarise"
from summarise.cli import main
main()
"""


class Running(Protocol):
    """A run as its starter sees it; codes are those of `subprocess`: -9 for killed."""

    def poll(self) -> int | None: ...
    def wait(self) -> int: ...
    def send_signal(self, number: int) -> None: ...


class Cold:
    """The command, as a shell would start it."""

    def __init__(self, command: list[str], stderr: Path) -> None:
        with stderr.open("wb") as file:
            self._process = subprocess.Popen(
                command, stdout=subprocess.DEVNULL, stderr=file, cwd=ROOT, env=environment()
            )

    def poll(self) -> int | None:
        return self._process.poll()

    def wait(self) -> int:
        return self._process.wait()

    def send_signal(self, number: int) -> None:
        self._process.send_signal(number)


class Warm:
    """The same, forked from a server that has loaded the program's modules and does nothing else."""

    def __init__(self, arguments: list[str], stderr: Path, steps: int | None) -> None:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["torture._loaded"])
        self._process = context.Process(target=_as_command, args=(arguments, str(stderr), steps))
        self._process.start()

    def poll(self) -> int | None:
        return self._process.exitcode

    def wait(self) -> int:
        self._process.join()
        return self._process.exitcode or 0

    def send_signal(self, number: int) -> None:
        if self._process.is_alive() and self._process.pid:
            os.kill(self._process.pid, number)


def _as_command(arguments: list[str], stderr: str, steps: int | None) -> None:
    """In the forked process: what `python -m summarise` does; with `steps`, what `_COUNTING` does."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    os.dup2(os.open(stderr, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), 2)
    if steps is not None:
        sys.argv = ["-c", str(steps), *arguments]
        exec(_COUNTING, {"__name__": "counting"})  # noqa: S102  # our own, above
    sys.argv = ["summarise", *arguments]
    from summarise.cli import main

    main()


@dataclass
class Trial:
    """One story in a folder of this name, its store and its output, under one model that counts."""

    scratch: Path
    model: ScriptedModel
    seed: int = 0
    name: str = "story"
    asked: list[Counter[str]] = field(default_factory=list)
    """Per run, how often each question was asked."""

    @property
    def folder(self) -> Path:
        return self.scratch / self.name

    @property
    def store(self) -> Path:
        return self.scratch / "store.sqlite3"

    @property
    def out(self) -> Path:
        return self.scratch / f"out of {self.name}"

    def arrives(self, number: int) -> None:
        """Article `number` of the story lies in the folder."""
        self.folder.mkdir(exist_ok=True)
        path = self.folder / f"{number:03}.txt"
        path.write_text(Story(self.seed, SMALL).article(number), encoding="utf-8")

    def command(self, *more: str, steps: int | None = None, verb: str = "brief") -> list[str]:
        """The command of a run; with `steps` one that kills itself there."""
        program = ["-m", "summarise"] if steps is None else ["-c", _COUNTING, str(steps)]
        return [sys.executable, *program, *self._arguments(verb, *more)]

    def _arguments(self, verb: str, *more: str) -> list[str]:
        given = [str(self.folder), "--model", "openai:told", "--base-url", self.model.base_url]
        places = ["--store", str(self.store), "--out", str(self.out), "--concurrency", str(CONCURRENCY)]
        return [verb, *given, *places, *(["--quiet"] if verb == "brief" else []), *more]

    @contextmanager
    def running(
        self, *more: str, steps: int | None = None, warm: bool = False, verb: str = "brief"
    ) -> Iterator[Running]:
        """A run; what it asked is counted once it has ended and nothing of it is under way.

        `warm`: forked from a process that has loaded the program, which saves the second that loading it takes.
        """
        before = len(self.model.requests)
        self._stderr.write_bytes(b"")  # what the run before said is not this one's
        process: Running
        if warm:
            process = Warm(self._arguments(verb, *more), self._stderr, steps)
        else:
            process = Cold(self.command(*more, steps=steps, verb=verb), self._stderr)
        try:
            yield process
        finally:
            process.send_signal(signal.SIGKILL)
            process.wait()
            time.sleep(0.02)  # what a killed process had sent is being read
            while self.model.in_flight:
                time.sleep(0.01)
            self.asked.append(Counter(words_of(request.body) for request in self.model.requests[before:]))

    def run(self, *, warm: bool = False) -> None:
        """A run that nobody disturbs."""
        with self.running(warm=warm) as process:
            code = process.wait()
            assert code == 0, f"ended with {code}: {self.said}"

    @property
    def said(self) -> str:
        """What the last run wrote to stderr."""
        return self._stderr.read_text(encoding="utf-8", errors="replace")

    @property
    def _stderr(self) -> Path:
        return self.scratch / "stderr"

    # ---- what must hold

    def check(self) -> None:
        """What stands can be read, whoever was killed."""
        self.brief()
        if self.store.exists():
            with Store.open(self.store) as store:
                assert store.verify() == []

    def brief(self) -> dict[str, Any] | None:
        """The brief in OUT without its `run`, every quotation of it found in its texts; None where there is none."""
        path = self.out / "brief.json"
        if not path.exists():
            return None
        made: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        texts = {one: (self.out / "texts" / f"{one}.txt").read_bytes().decode() for one in _articles(made)}
        for e in _evidence(made):
            assert texts[e["article"]][e["start"] : e["end"]] == e["quote"], "a quotation is not in its text"
        made.pop("run")
        return made

    def undisturbed(self) -> dict[str, Any] | None:
        """The brief of the same folder, made in one go in a new store."""
        with tempfile.TemporaryDirectory() as scratch:
            with ScriptedModel(told=True, port=0) as model:
                other = Trial(Path(scratch), model, self.seed, self.name)
                self.folder.rename(other.folder)
                try:
                    other.run()
                finally:
                    other.folder.rename(self.folder)
            return other.brief()

    def asked_again(self) -> list[int]:
        """For each run, how many of its questions a later run asked again."""
        return [
            sum(any(words in later for later in self.asked[at + 1 :]) for words in run)
            for at, run in enumerate(self.asked)
        ]


def environment() -> dict[str, str]:
    """What a process of a trial knows: no key, no settings of a user's own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("OPENAI_", "SUMMARISE_"))}
    return kept | {"PYTHONPATH": str(ROOT)}


def words_of(body: dict[str, Any]) -> str:
    """The question that a request asks."""
    return json.dumps([body["messages"], body.get("response_format")], sort_keys=True)


def _articles(made: dict[str, Any]) -> list[str]:
    return [a["id"] for a in made["articles"] if a["status"] in ("used", "duplicate")]


def _evidence(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        if "quote" in value and "sentence" in value:
            yield value
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from _evidence(one)
