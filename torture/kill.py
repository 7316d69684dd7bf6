"""`summarise brief` killed with -9: at random moments, and at every step at which it makes something durable.

    python -m torture.kill [--kills 500] [--seed 0] [--no-steps]

Every run is the command itself over a made-up story that grows, against the scripted model on loopback, which counts
who asks what. After each kill what stands in OUT is read as a user would, and the store is verified; the same command
then goes on, and may be killed again. A brief that was reached over any number of kills must be that of one undisturbed
run in a new store, its `run` aside; of the questions of a killed run at most those in flight may be asked again.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from summarise.scripted import ScriptedModel
from torture._runs import CONCURRENCY, KILLED, LATENCY, Running, Trial, environment

# ---- random moments


KINDS = ("any", "calls", "calls", "output")


def wait_for_a_moment(
    trial: Trial, process: Running, chance: random.Random, life: float, kinds: Sequence[str] = KINDS
) -> None:
    """Until a moment of a run: any of its `life` (seconds); among its calls and commits; or while it puts files in OUT.

    Returns early where the run ends before.
    """
    begun, calls, due = time.monotonic(), len(trial.model.requests), chance.uniform(0, life)
    kind, more, nth = chance.choice(kinds), chance.random(), chance.randrange(1, 10)

    def come() -> bool:
        if kind == "any":
            return time.monotonic() > begun + due
        if kind == "calls":
            return len(trial.model.requests) >= calls + nth
        return any(trial.out.glob(".*.md.*.tmp")) or any(trial.out.glob("texts/.*.tmp"))

    while process.poll() is None and not come():
        time.sleep(0.001)
    time.sleep({"any": 0.0, "calls": 0.06, "output": 0.015}[kind] * more)


@dataclass
class Tally:
    """What came of a number of kills."""

    kills: int = 0
    runs: int = 0
    cold: int = 0
    briefs: int = 0
    again: list[int] = field(default_factory=list)
    left: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.kills + other.kills,
            self.runs + other.runs,
            self.cold + other.cold,
            self.briefs + other.briefs,
            self.again + other.again,
            self.left + other.left,
        )

    def __str__(self) -> str:
        return (
            f"{self.kills} kills in {self.runs} runs ({self.cold} from a cold start), nothing corrupt,"
            f" {self.briefs} briefs as if undisturbed; asked again after a kill: at most"
            f" {max(self.again, default=0)} ({CONCURRENCY} in flight),"
            f" {sum(self.again)} in all; {self.left} temporary files left"
        )


Briefs = dict[int, dict[str, Any] | None]
"""The undisturbed brief of the story's first so many articles."""


def killed_at_random(
    trial: Trial, kills: int, chance: random.Random, known: Briefs, *, arriving: int = 3, cold_every: int = 1
) -> Tally:
    """A story that grows by an article whenever its brief is reached, until so many runs were killed.

    One in `cold_every` runs is the command as a shell starts it, the others are warm.
    """
    tally = Tally()
    number = 0
    life = 0.5
    while tally.kills < kills:
        for _ in range(arriving if not number else 1):
            trial.arrives(number)
            number += 1
        while True:
            begun, cold = time.monotonic(), (tally.runs + 1) % cold_every == 0
            with trial.running(warm=not cold) as process:
                if tally.kills < kills:
                    wait_for_a_moment(trial, process, chance, 2.0 if cold else life)
                    process.send_signal(signal.SIGKILL)
                code = process.wait()
            tally.runs += 1
            tally.cold += cold
            tally.kills += code == KILLED
            trial.check()
            if code != KILLED:
                assert code == 0, trial.said
                life = time.monotonic() - begun
                break
        if number not in known:
            known[number] = trial.undisturbed()
        assert trial.brief() == known[number], "not the brief of an undisturbed run"
        tally.briefs += 1
    tally.again = trial.asked_again()
    assert max(tally.again) <= CONCURRENCY, tally.again
    tally.left = sum(1 for _ in trial.out.rglob("*.tmp"))
    return tally


def killed_at_step(trial: Trial, step: int, *, warm: bool) -> bool:
    """One run that is killed at this step and the run that goes on from there; False where there is no such step."""
    with trial.running(steps=step, warm=warm) as process:
        code = process.wait()
    trial.check()
    if code != KILLED:
        assert code == 0, trial.said
        return False
    trial.run(warm=warm)
    trial.check()
    assert max(trial.asked_again()) <= CONCURRENCY, trial.asked_again()
    return True


def killed_at_every_step(model: ScriptedModel, scratch: Path, articles: int = 2) -> Tally:
    """A kill at each step of a first run, before and after it is done."""
    tally = Tally()
    wanted = None
    while True:
        trial = Trial(scratch / f"step-{tally.kills}", model)
        trial.scratch.mkdir()
        for number in range(articles):
            trial.arrives(number)
        going_on = killed_at_step(trial, tally.kills + 1, warm=True)
        wanted = wanted or trial.undisturbed()
        assert trial.brief() == wanted, f"killed at step {tally.kills + 1}: not the brief of an undisturbed run"
        tally.runs += len(trial.asked)
        tally.briefs += 1
        tally.again += trial.asked_again()
        tally.left += sum(1 for _ in trial.out.rglob("*.tmp"))
        if not going_on:
            return tally
        tally.kills += 1


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--cold-every", type=int, default=10, help="1: every run as a shell starts it, a second each")
    parser.add_argument("--no-steps", action="store_true", help="only the random moments")
    given = parser.parse_args()
    os.environ.update(environment())
    for name in [name for name in os.environ if name not in environment()]:
        del os.environ[name]
    chance, whole, known = random.Random(given.seed), Tally(), Briefs()  # noqa: S311
    with ScriptedModel(told=True, latency=LATENCY) as model, tempfile.TemporaryDirectory() as scratch:
        story = 0
        while whole.kills < given.kills:
            trial = Trial(Path(scratch) / f"story-{story}", model)
            trial.scratch.mkdir()
            whole += killed_at_random(
                trial, min(25, given.kills - whole.kills), chance, known, cold_every=given.cold_every
            )
            story += 1
            print(f"  {whole}", flush=True)
            model.requests.clear()
        steps = None if given.no_steps else killed_at_every_step(model, Path(scratch))
    at_steps = f"; at every durable step: {steps}" if steps else ""
    print(f"kill -9 at random: {whole}{at_steps}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
