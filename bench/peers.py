"""The note stage and the whole pipeline beside their peers: the same articles, endpoint and run.

    python bench/peers.py [--articles 100] [--latency-ms 200] [--concurrency 10 50] [--rounds 3]
                          [--only summarise instructor] [--stage notes whole] [--environments FOLDER]

Peers: the bare openai SDK, plain instructor (`asyncio.gather` and a semaphore), langextract (with chunks of 20,000
characters, which takes an article at once, and of 1,000, its default) and docetl (map, and for the whole map and
reduce). Each has a virtual environment of its own with the versions named below, made the first time and kept in
FOLDER; one that cannot be installed gets a line that says so. Nothing of theirs is part of this project.

Articles are made up (`summarise.scripted.told`, about 800 words each). The endpoint is a process of its own
(bench/peers_endpoint.py), each run another (bench/peers_clients.py); the order alternates from round to round, and a
round goes before that is not counted. The SDK and instructor send our prompt and our answer's schema, langextract and
docetl a short task of their own. Of the whole, every client makes what it makes: ours a brief with its joins, checks
and versions, instructor and docetl one answer to one further question over all notes, which a real model's window
would not take at this size.

Reported, as medians: wall ÷ ideal (ideal: requests ÷ concurrency × latency), wall, the processor's time for a request
and for an article, requests and characters sent (the requests' bodies, schemas included) for an article, and the most
memory. Measured is the second of two goes in one process: the first, a tenth as long, pays what is paid once.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # the checkout, wherever this is run

from peers_clients import MEASURED, RUNS  # noqa: E402
from peers_endpoint import REDUCE  # noqa: E402

from summarise import api  # noqa: E402
from summarise.answers import Note  # noqa: E402
from summarise.model.prompts import Prompts  # noqa: E402
from summarise.model.schema import response_format  # noqa: E402
from summarise.scripted.told import Story  # noqa: E402

PACKAGES = {
    "openai": ("openai==3.3.0", "pydantic==2.14.3"),
    "instructor": ("instructor==1.17.0", "openai==3.3.0", "pydantic==2.14.3"),
    "langextract": ("langextract[openai]==1.7.1",),
    "docetl": ("docetl==0.3.0",),
}
"""What each peer is, as of this project's last measuring; ours is the environment that this runs in."""

NAMES = {"langextract, 20,000": "langextract, chunks of 20,000", "langextract": "langextract, chunks of 1,000"}
STAGES = {"notes": "The note stage alone", "whole": "The whole pipeline"}
MOST_SECONDS = 600


class NotInstalled(Exception):
    """A peer that cannot be installed here, and why."""


@dataclass(frozen=True)
class Measured:
    """One run."""

    client: str
    stage: str
    concurrency: int
    wall: float
    cpu: float
    peak_mb: float
    requests: int
    characters: int
    most_in_flight: int


@dataclass(frozen=True)
class Row:
    """The medians of a client's runs, with the spread of the ratio that matters most."""

    wall_over_ideal: float
    least: float
    most: float
    wall: float
    cpu_ms_a_request: float
    cpu_ms_an_article: float
    requests: float
    characters: float
    peak_mb: float
    most_in_flight: int


def python_of(client: str, environments: Path) -> Path:
    """The interpreter of a client's environment, made where there is none. Raises NotInstalled."""
    peer = client.split(",")[0]
    if peer == "summarise":
        return Path(sys.executable)
    folder = environments / peer
    wanted, ready = "\n".join(PACKAGES[peer]), folder / "installed.txt"
    python = folder / "bin" / "python"
    if ready.is_file() and ready.read_text() == wanted:
        return python
    print(f"installing {' '.join(PACKAGES[peer])} in {folder}", file=sys.stderr)
    commands = (
        [sys.executable, "-m", "venv", "--clear", str(folder)],
        [str(python), "-m", "pip", "--no-input", "--disable-pip-version-check", "-q", "install", *PACKAGES[peer]],
    )
    for command in commands:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            said = [line for line in done.stderr.splitlines() if line.strip()] or ["no reason given"]
            raise NotInstalled(next((line for line in said if "ERROR" in line), said[-1])[:150])
    ready.write_text(wanted)
    return python


def job(folder: Path, url: str, count: int) -> Path:
    """What the clients need to know, as a file: articles (the warming tenth and those measured), prompt, endpoint."""
    parts: dict[str, Any] = {}
    for part, seed, many in (("warm", 1, max(count // 10, 2)), ("measured", 2, count)):
        place = folder / part
        place.mkdir()
        story = Story(seed)
        for number in range(many):
            (place / f"{number:05}.txt").write_text(story.article(number), encoding="utf-8")
        articles = [
            {
                **{"id": a.path, "title": a.title, "outlet": a.outlet, "text": a.text},
                "sentences": [s.text for s in a.sentences],
            }
            for a in api.load(place)
        ]
        parts[part] = {"folder": str(place), "articles": articles}
    note: dict[str, Any] = {"system": Prompts().get("note").system, "response_format": response_format(Note)}
    path = folder / "job.json"
    path.write_text(json.dumps({"url": url, "reduce": REDUCE, **note, **parts}), encoding="utf-8")
    return path


@contextmanager
def endpoint(latency_ms: float) -> Iterator[subprocess.Popen[str]]:
    """The endpoint's process; its first line is the base URL."""
    command = [sys.executable, str(ROOT / "bench" / "peers_endpoint.py"), "--latency-ms", str(latency_ms)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.terminate()


def counted(process: subprocess.Popen[str]) -> dict[str, Any]:
    """What the endpoint was asked since the last look."""
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write("\n")
    process.stdin.flush()
    told: dict[str, Any] = json.loads(process.stdout.readline())
    return told


def run(python: Path, client: str, stage: str, job: Path, concurrency: int, asked: subprocess.Popen[str]) -> Measured:
    """One run in a process of its own. Raises RuntimeError with the last of what it said."""
    counted(asked)
    command = [str(python), str(ROOT / "bench" / "peers_clients.py"), client, stage, str(job), str(concurrency)]
    environ = {**os.environ, "NO_PROXY": "127.0.0.1", "PYTHONWARNINGS": "ignore"}
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "SUMMARISE_MODEL"):
        environ.pop(name, None)
    environ["OPENAI_API_KEY"] = "none"
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, env=environ, timeout=MOST_SECONDS, cwd=job.parent
        )
    except subprocess.TimeoutExpired as late:
        raise RuntimeError(f"not done after {MOST_SECONDS} s") from late
    lines = [line for line in done.stdout.splitlines() if line.startswith('{"wall"')]
    if done.returncode or not lines:
        said = [line.strip() for line in (done.stdout + done.stderr).splitlines() if line.strip()]
        raise RuntimeError((said or ["it said nothing"])[-1][:300])
    told = counted(asked)
    mine = told["models"].get(MEASURED) or {"requests": 1, "characters": 0}
    return Measured(client, stage, concurrency, **json.loads(lines[0]), **mine, most_in_flight=told["most_in_flight"])


def row(runs: Sequence[Measured], articles: int, latency: float) -> Row:
    """The medians of the runs of one client, stage and concurrency."""
    ratios = [one.wall / (one.requests / one.concurrency * latency) for one in runs]
    return Row(
        wall_over_ideal=statistics.median(ratios),
        least=min(ratios),
        most=max(ratios),
        wall=statistics.median(one.wall for one in runs),
        cpu_ms_a_request=statistics.median(one.cpu / one.requests for one in runs) * 1000,
        cpu_ms_an_article=statistics.median(one.cpu for one in runs) / articles * 1000,
        requests=statistics.median(one.requests for one in runs) / articles,
        characters=statistics.median(one.characters for one in runs) / articles,
        peak_mb=statistics.median(one.peak_mb for one in runs),
        most_in_flight=max(one.most_in_flight for one in runs),
    )


def table(runs: Sequence[Measured], stage: str, missing: dict[str, str], articles: int, latency: float) -> str:
    """One stage's table, in Markdown."""
    heads = ("client", "concurrency", "wall ÷ ideal (spread)", "wall s", "wall ÷ summarise's", "CPU ms a request")
    heads += (
        "CPU ms an article",
        "requests an article",
        "characters sent an article",
        "peak MB",
        "most in flight",
        "runs",
    )
    lines = [f"| {' | '.join(heads)} |", "|---" * len(heads) + "|"]
    clients = [client for client, at in RUNS if at == stage]
    for concurrency in sorted({one.concurrency for one in runs}):
        base = [one for one in runs if (one.client, one.stage, one.concurrency) == ("summarise", stage, concurrency)]
        ours = row(base, articles, latency).wall if base else None
        for client in clients:
            mine = [one for one in runs if (one.client, one.stage, one.concurrency) == (client, stage, concurrency)]
            if not mine:
                continue
            it = row(mine, articles, latency)
            cells = [NAMES.get(client, client), str(concurrency)]
            cells += [f"{it.wall_over_ideal:.2f} ({it.least:.2f}–{it.most:.2f})", f"{it.wall:.2f}"]
            cells += [f"{it.wall / ours:.2f}" if ours else "", f"{it.cpu_ms_a_request:.1f}"]
            cells += [f"{it.cpu_ms_an_article:.1f}", f"{it.requests:.2f}", f"{it.characters:,.0f}"]
            cells += [f"{it.peak_mb:.0f}", str(it.most_in_flight), str(len(mine))]
            lines.append(f"| {' | '.join(cells)} |")
    for client, reason in missing.items():
        if client in clients:
            lines.append(f"| {NAMES.get(client, client)} | {reason} |{' |' * (len(heads) - 2)}")
    return "\n".join(lines)


def main() -> int:
    """Runs all of it and prints two tables."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "summarise-bench"
    peers = sorted({client.split(",")[0] for client, _ in RUNS})
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=100)
    parser.add_argument("--latency-ms", type=float, default=200.0)
    parser.add_argument("--concurrency", type=int, nargs="+", default=[10, 50])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", nargs="+", choices=peers, default=peers, metavar="CLIENT", help=", ".join(peers))
    parser.add_argument("--stage", nargs="+", choices=tuple(STAGES), default=tuple(STAGES))
    parser.add_argument("--environments", type=Path, default=cache, help=f"where the peers are kept ({cache})")
    given = parser.parse_args()
    wanted = [(c, s) for c, s in RUNS if c.split(",")[0] in given.only and s in given.stage]
    missing: dict[str, str] = {}
    pythons: dict[str, Path] = {}
    for client, _ in wanted:
        try:
            pythons[client] = python_of(client, given.environments.expanduser().resolve())
        except NotInstalled as error:
            missing[client] = f"not installed: {error}"
    runs: list[Measured] = []
    with tempfile.TemporaryDirectory() as scratch, endpoint(given.latency_ms) as asked:
        assert asked.stdout is not None
        told = job(Path(scratch), asked.stdout.readline().strip(), given.articles)
        try:
            for number in range(given.rounds + 1):  # the first is not counted: the endpoint learns its answers
                for client, stage in wanted[:: 1 if number % 2 else -1]:
                    for concurrency in given.concurrency if number else given.concurrency[-1:]:
                        if client in missing:
                            continue
                        try:
                            one = run(pythons[client], client, stage, told, concurrency, asked)
                        except RuntimeError as error:
                            missing[client] = f"failed: {error}"
                            continue
                        if number:
                            runs.append(one)
                            print(f"round {number}: {one}", file=sys.stderr, flush=True)
        except KeyboardInterrupt:
            print("Interrupted: the last column says how many rounds there are of each.\n")
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    print(f"{given.articles} articles, {given.latency_ms:g} ms, {given.rounds} rounds, medians; load average {load}")
    print("\n" + "; ".join(", ".join(PACKAGES[peer]) for peer in given.only if peer in PACKAGES))
    for stage in given.stage:
        print(f"\n{STAGES[stage]}\n\n{table(runs, stage, missing, given.articles, given.latency_ms / 1000)}")
    return int(any(client.startswith("summarise") for client in missing))


if __name__ == "__main__":
    sys.exit(main())
