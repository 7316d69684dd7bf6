"""A Dask cluster of processes that are started and killed one by one, and the command that uses it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from torture._runs import ROOT, environment

THREADS = 4


@dataclass
class Cluster:
    """A scheduler and workers, all of them gone when the `with` ends. `scratch` is a folder of its own.

    `env` is what they find in their environment beside the rest, `options` are further ones of the scheduler.
    """

    scratch: Path
    count: int
    threads: int = THREADS
    env: Mapping[str, str] = field(default_factory=dict)
    options: tuple[str, ...] = ()
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def __enter__(self) -> Cluster:
        self.scratch.mkdir(parents=True)
        file = self.scratch / "scheduler.json"
        self.scheduler = self._start("scheduler", "--scheduler-file", str(file), "--port", "0", *self.options)
        end = time.monotonic() + 60
        while True:
            try:
                self.address: str = json.loads(file.read_text())["address"]
                break
            except (OSError, ValueError):
                assert time.monotonic() < end, f"no scheduler: {self.said}"
                time.sleep(0.05)
        for _ in range(self.count):
            self.add()
        return self

    def __exit__(self, *_: object) -> None:
        for process in (*self.workers, self.scheduler):
            process.kill()
            process.wait()

    def add(self) -> None:
        """One more worker, without a nanny that would start it anew."""
        number = len(self.workers)
        options = ["--nthreads", str(self.threads), "--no-nanny", "--local-directory", str(self.scratch)]
        self.workers.append(self._start("worker", self.address, *options, "--name", f"w{number}"))

    def kill(self, number: int) -> None:
        """kill -9 of one worker."""
        self.workers[number].send_signal(signal.SIGKILL)
        self.workers[number].wait()

    @property
    def said(self) -> str:
        """What all of them wrote."""
        return (self.scratch / "log").read_text(errors="replace")

    def _start(self, what: str, *given: str) -> subprocess.Popen[bytes]:
        command = [
            sys.executable,
            "-m",
            f"distributed.cli.dask_{what}",
            *given,
            "--host",
            "127.0.0.1",
            "--no-dashboard",
        ]
        with (self.scratch / "log").open("ab") as log:
            env = environment() | {"TMPDIR": str(self.scratch)} | self.env
            return subprocess.Popen(command, stdout=log, stderr=log, cwd=ROOT, env=env)


@dataclass
class Command:
    """`summarise many` over a folder, with the store and the output of a trial."""

    root: Path
    scratch: Path
    base_url: str
    options: tuple[str, ...] = ()
    env: Mapping[str, str] = field(default_factory=dict)

    @property
    def out(self) -> Path:
        return self.scratch / "out"

    @property
    def store(self) -> Path:
        return self.scratch / "s.sqlite3"

    def start(self, *more: str) -> subprocess.Popen[bytes]:
        """Begins it; `ended` says how it ended."""
        self.scratch.mkdir(parents=True, exist_ok=True)
        given = [str(self.root), "--model", "openai:told", "--base-url", self.base_url, "--store", str(self.store)]
        command = [sys.executable, "-m", "summarise", "many", *given, "--out", str(self.out), *self.options, *more]
        with (self.scratch / "said").open("wb") as said:
            return subprocess.Popen(
                command,
                stdout=subprocess.DEVNULL,
                stderr=said,
                cwd=ROOT,
                env=environment() | self.env,
                start_new_session=True,
            )

    @property
    def said(self) -> list[str]:
        """The lines of the last run on stderr."""
        return (self.scratch / "said").read_text(errors="replace").splitlines()

    def briefs(self) -> dict[str, str]:
        """Every brief of the output, its `run` aside, as canonical text by its folder's name."""
        found = {}
        for path in sorted(self.out.glob("*/brief.json")):
            brief = json.loads(path.read_text(encoding="utf-8"))
            brief.pop("run")
            found[path.parent.name] = json.dumps(brief, ensure_ascii=False, sort_keys=True)
        return found


def interrupt(process: subprocess.Popen[bytes]) -> None:
    """Ctrl-C, as a terminal sends it: to the command and to all it has started."""
    os.killpg(process.pid, signal.SIGINT)
