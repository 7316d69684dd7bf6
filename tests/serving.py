"""A service for tests: the program itself as a process on a real socket, and a client for it."""

from __future__ import annotations

import base64
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx

ROOT = Path(__file__).resolve().parent.parent
SEEDS = ROOT / "seeds"
START_SECONDS = 180
_MAIN = "import sys; sys.argv[0] = 'summarise'; from summarise.cli import main; main()"
_URL = re.compile(r"serving on (http://\S+:\d+)")


def program(*arguments: str) -> list[str]:
    """The command line, of this very Python."""
    return [sys.executable, "-c", _MAIN, *arguments]


def environment(**more: str) -> dict[str, str]:
    """What the program sees: nothing of the user's."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "TMPDIR", "HOME") if name in os.environ}
    return {**kept, "PYTHONPATH": str(ROOT), "no_proxy": "*", **more}


@dataclass
class Serving:
    """A process that serves at `url`."""

    process: subprocess.Popen[str]
    url: str = ""
    said: list[str] = field(default_factory=list)

    def client(self, token: str = "", **more: Any) -> httpx.Client:
        """A client of it; `token` is sent with every call."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return httpx.Client(base_url=self.url, headers=headers, timeout=30, trust_env=False, **more)

    def kill(self) -> None:
        """kill -9."""
        self.process.kill()
        self.process.communicate()

    def stop(self) -> int:
        """SIGTERM, and the exit code."""
        self.process.send_signal(signal.SIGTERM)
        self.said += self.process.communicate(timeout=180)[1].splitlines()
        return self.process.returncode


def start(store: Path | str, *arguments: str, **more: str) -> Serving:
    """Starts `summarise serve` on a free port; returns once it takes calls."""
    given = ["serve", "--port", "0", "--store", str(store), *arguments]
    if not any(argument == "--model" for argument in arguments):
        given += ["--model", "extractive"]
    process = subprocess.Popen(
        program(*given), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env=environment(**more)
    )
    serving = Serving(process)
    assert process.stderr is not None
    for line in process.stderr:
        serving.said.append(line.rstrip("\n"))
        if found := _URL.search(line):
            serving.url = found[1]
            break
    else:
        process.wait()
        raise AssertionError(f"it did not start: {serving.said}")
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        try:
            if httpx.get(f"{serving.url}/ready", trust_env=False, timeout=5).status_code == 200:
                return serving
        except httpx.TransportError:
            pass
        time.sleep(0.05)
    raise AssertionError("it never was ready")


@contextmanager
def serving(store: Path | str, *arguments: str, **more: str) -> Iterator[Serving]:
    """`start`, and its end."""
    found = start(store, *arguments, **more)
    try:
        yield found
    finally:
        if found.process.poll() is None:
            found.kill()


def key() -> dict[str, str]:
    """A header with a new Idempotency-Key."""
    return {"Idempotency-Key": str(uuid4())}


def files(paths: Sequence[Path]) -> list[dict[str, str]]:
    """Files as the service takes them in JSON."""
    return [{"name": one.name, "content_base64": base64.b64encode(one.read_bytes()).decode()} for one in paths]


def seeds() -> list[dict[str, str]]:
    """The seed articles as the service takes them."""
    return files(sorted(SEEDS.iterdir()))


def ended(client: httpx.Client, job: str, *, seconds: float = 180) -> dict[str, Any]:
    """The job, once it has ended."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found: dict[str, Any] = client.get(job if job.startswith("/") else f"/jobs/{job}").json()
        if found["state"] in ("done", "failed", "cancelled"):
            return found
        time.sleep(0.05)
    raise AssertionError(f"{job} did not end: {found}")


def made(client: httpx.Client, story: str, **more: Any) -> dict[str, Any]:
    """Has a brief made; returns the job, which is done."""
    taken = client.post(f"/stories/{story}/briefs", headers=key(), **more)
    assert taken.status_code == 202, taken.text
    job = ended(client, taken.headers["Location"])
    assert job["state"] == "done", job
    return job


def problem(answer: httpx.Response, status: int, kind: str) -> dict[str, Any]:
    """The problem in an answer, which is of this kind."""
    assert answer.status_code == status, f"{answer.status_code} {answer.text[:500]}"
    assert answer.headers["content-type"] == "application/problem+json"
    told: dict[str, Any] = answer.json()
    assert told["type"] == f"urn:summarise:problem:{kind}", told
    assert told["status"] == status
    assert told["request"] == answer.headers.get("x-request-id", "r-0")
    return told
