"""`summarise many` on a Dask cluster whose workers, and then whose scheduler, are killed with -9.

    python -m torture.many_killed [--stories 200] [--workers 4] [--seed 0]

The stories are made-up ones of four articles; the scripted model, a process of its own, answers with 429s and dropped
connections among the rest, and counts. First two workers are killed on the way and one is added; then, in a new store,
the scheduler is killed and the command run again on a new one. Held to: every story is made, its brief byte for byte
(its `run` aside) that of an undisturbed run of the local engine; a question is answered twice only if it was in flight
at a kill; never is more in flight than the limit, or more asked in a minute than the rate and its burst allow.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from torture._cluster import Cluster, Command
from torture._endpoint import Counted, Endpoint
from torture._runs import SMALL, Story

CONCURRENCY, RPM, LATENCY, ARTICLES = 12, 2_400, 0.25, 4
BURST = RPM // 10  # six seconds' worth
FAULTS = ("429:rate=0.05,attempts=2,retry_after=0.2", "drop:rate=0.03,attempts=2", "500:rate=0.02,attempts=1")


@dataclass(frozen=True)
class Told:
    """What came of one trial."""

    stories: int
    wrong: int
    kills: int
    flying: int
    counted: Counted
    seconds: float

    def __str__(self) -> str:
        seen = self.counted
        return (
            f"{self.stories} stories made, {self.wrong} wrong, in {self.seconds:.0f} s over {self.kills} kills;"
            f" {seen.requests:,} requests, {seen.faults} of them with a fault, {seen.again} asked again"
            f" ({self.flying} in flight at the kills); most in flight {seen.most_in_flight} of {CONCURRENCY},"
            f" most in a second {seen.most_in_a_second}, in a minute {seen.most_in_a_minute:,} at {RPM:,} a minute"
        )


def told_stories(root: Path, count: int, articles: int = ARTICLES) -> Path:
    """Makes up so many stories, a folder each."""
    for number in range(count):
        folder = root / f"story-{number:03}"
        folder.mkdir(parents=True)
        for article in range(articles):
            (folder / f"{article}.txt").write_text(Story(number, SMALL).article(article), encoding="utf-8")
    return root


def undisturbed(root: Path, scratch: Path) -> tuple[dict[str, str], int]:
    """The briefs of the local engine without faults, kills or limits worth the name; and its requests."""
    with Endpoint() as endpoint:
        command = Command(root, scratch, endpoint.base_url, ("--concurrency", "16", "--quiet"))
        assert command.start().wait() == 0, command.said
        return command.briefs(), endpoint.requests


def workers_killed(
    root: Path, scratch: Path, right: dict[str, str], calls: int, workers: int, kills: int, chance: random.Random
) -> Told:
    """Some workers killed on the way, and one added."""
    began = time.monotonic()
    with Endpoint(LATENCY, FAULTS) as endpoint, Cluster(scratch / "cluster", workers) as cluster:
        command = Command(root, scratch / "run", endpoint.base_url, limits(cluster.address))
        process, flying = command.start(), 0
        for number in range(kills):
            reached(endpoint, process, calls * (number + 1) // (kills + 2) + chance.randrange(20))
            flying += endpoint.counted().in_flight
            cluster.kill(number)
            if number == 0:
                cluster.add()
        code = process.wait()
        assert code == 0, (code, command.said[-5:], cluster.said[-3000:])
        return held_to(Told(len(right), wrong(command, right), kills, flying, endpoint.counted(), took(began)))


def scheduler_killed(
    root: Path, scratch: Path, right: dict[str, str], calls: int, workers: int, chance: random.Random
) -> Told:
    """The scheduler killed on the way; the command ends by itself, and is run again on a new cluster."""
    began = time.monotonic()
    with Endpoint(LATENCY, FAULTS) as endpoint:
        with Cluster(scratch / "first", workers) as cluster:
            command = Command(root, scratch / "run", endpoint.base_url, limits(cluster.address))
            process = command.start()
            reached(endpoint, process, calls // 3 + chance.randrange(20))
            endpoint.most_since()
            cluster.scheduler.kill()
            killed = time.monotonic()
            code = process.wait()
            ending = took(killed)
            assert code == 1, (code, command.said[-5:])
            assert [line for line in command.said if "was lost" in line], command.said[-5:]
            assert not [line for line in command.said if not line.startswith("summarise: ")], command.said
            assert ending < 10, f"the command ended {ending:.1f} s after its scheduler"
            assert endpoint.silent(3), "the workers of a lost scheduler go on asking"
            flying = endpoint.most_since()  # a worker asks until it has noticed
        with Cluster(scratch / "second", workers) as cluster:
            command = Command(root, scratch / "run", endpoint.base_url, limits(cluster.address))
            code = command.start().wait()
            assert code == 0, (code, command.said[-5:], cluster.said[-3000:])
        return held_to(Told(len(right), wrong(command, right), 1, flying, endpoint.counted(), took(began)))


def limits(address: str) -> tuple[str, ...]:
    """The options of a run on a cluster."""
    return ("--engine", "dask", "--scheduler", address, "--concurrency", str(CONCURRENCY), "--rpm", str(RPM))


def reached(endpoint: Endpoint, process: subprocess.Popen[bytes], requests: int) -> None:
    """Waits until so many requests have come in, or the command has ended."""
    while endpoint.requests < requests and process.poll() is None:
        time.sleep(0.01)


def wrong(command: Command, right: dict[str, str]) -> int:
    """How many briefs are not those of the undisturbed run."""
    made = command.briefs()
    return sum(made.get(name) != brief for name, brief in right.items())


def held_to(told: Told) -> Told:
    """The same, if all that must hold held."""
    seen = told.counted
    assert not told.wrong, str(told)
    # an answer on its way into the store at a kill is in flight too, though the endpoint has done with it
    assert seen.again <= told.kills * CONCURRENCY, str(told)  # what can be in flight
    assert seen.most_in_flight <= CONCURRENCY, str(told)
    assert seen.most_in_a_minute <= RPM + BURST + CONCURRENCY, str(told)
    return told


def took(began: float) -> float:
    return time.monotonic() - began


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m torture.many_killed", description=__doc__.splitlines()[0])
    parser.add_argument("--stories", type=int, default=200)
    parser.add_argument("--workers", type=int, default=4)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    chance = random.Random(given.seed)  # noqa: S311 (no secret)
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        root = told_stories(scratch / "stories", given.stories)
        right, calls = undisturbed(root, scratch / "undisturbed")
        print(f"undisturbed: {len(right)} stories, {calls:,} calls", flush=True)
        first = workers_killed(root, scratch / "workers", right, calls, given.workers, 2, chance)
        print(f"two of {given.workers} workers killed, one added: {first}", flush=True)
        second = scheduler_killed(root, scratch / "scheduler", right, calls, given.workers, chance)
        print(f"the scheduler killed, and the command run again: {second}", flush=True)
    print(f"workers killed: {first}; scheduler killed: {second}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
