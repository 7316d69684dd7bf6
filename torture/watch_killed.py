"""`summarise watch` killed with -9 again and again, while articles arrive, change and go.

    python -m torture.watch_killed [--kills 60] [--seed 0] [--cold-every 10]

Every watch is the command itself over a made-up story, against the scripted model on loopback, which counts who asks
what. Somebody is at work in the folder all the while, and reads OUT over and over as a user would. Held to: whatever is
read is a whole brief, at every moment; the store is sound after each kill; of the questions of a killed watch at most
those in flight are asked again; and a watch that nobody kills, with an article that changes before its eyes, ends with
the brief of one fresh run, byte for byte outside its `run`.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from summarise.scripted import ScriptedModel
from summarise.scripted.told import Story
from torture._runs import CONCURRENCY, KILLED, LATENCY, SMALL, Running, Trial, environment

SETTLE = "0.08"
PATIENCE = 90.0  # seconds until a watch that nobody kills has told of its update
LONGEST = 3.0  # seconds after which a watch is killed where it is, if not at a moment of another kind
_AT_REST = "summarise: watching "  # how the line begins that a watch says after every update
FEWEST, MOST = 2, 8  # articles in the folder
PER_STORY = 15  # kills


@dataclass
class Tally:
    """What came of a number of kills. `in_flight` are the calls that the model had in hand at them."""

    kills: int = 0
    briefs: int = 0
    reads: int = 0
    looks: int = 0
    seen: int = 0
    asked: int = 0
    in_flight: int = 0
    again: list[int] = field(default_factory=list)
    left: Counter[str] = field(default_factory=Counter)
    deeds: Counter[str] = field(default_factory=Counter)
    moments: Counter[str] = field(default_factory=Counter)

    def __str__(self) -> str:
        return (
            f"{self.kills} kills ({_listed(self.moments)}) while articles came and went ({_listed(self.deeds)}):"
            f" nothing corrupt; OUT looked at {self.reads} times and read {self.looks} times, {self.seen} different"
            f" briefs, each whole; {self.briefs} undisturbed watches ended with the brief of a fresh run;"
            f" {self.asked} calls, {self.in_flight} in flight at the kills, {sum(self.again)} asked again, at most"
            f" {max(self.again, default=0)} of one watch ({CONCURRENCY} in flight); left behind: {_listed(self.left)}"
        )


def _listed(counted: Counter[str]) -> str:
    return ", ".join(f"{count} {what}" for what, count in sorted(counted.items()))


class Somebody:
    """Who works in the folder, and reads what stands in OUT."""

    def __init__(self, trial: Trial, chance: random.Random, tally: Tally) -> None:
        self.trial, self.chance, self.tally = trial, chance, tally
        self._number = 0
        self._seen: set[bytes] = set()
        self._signs: list[tuple[int, ...]] = []
        trial.folder.mkdir(exist_ok=True)

    def acts(self) -> None:
        """An article arrives, changes or goes; now and then so slowly that a look could see half of it."""
        there = sorted(self.trial.folder.glob("*.txt"))
        deeds = ["arrived", "changed", "changed"] if len(there) <= FEWEST else ["arrived", "changed", "went"]
        deed = self.chance.choice(deeds[1:] if len(there) >= MOST else deeds)
        if not there:
            deed = "arrived"
        self.tally.deeds[deed] += 1
        if deed == "went":
            self.chance.choice(there).unlink()
            return
        self._number += 1
        text = Story(self.trial.seed, SMALL).article(self._number)
        self._writes(
            self.trial.folder / f"{self._number:03}.txt" if deed == "arrived" else self.chance.choice(there), text
        )

    def _writes(self, path: Path, text: str) -> None:
        if self.chance.random() < 0.5:
            beside = path.with_suffix(".part")
            beside.write_text(text, encoding="utf-8")
            beside.replace(path)
            return
        with path.open("w", encoding="utf-8") as file:
            file.write(text[: len(text) // 2])
            file.flush()
            self.reads_for(0.03)
            file.write(text[len(text) // 2 :])

    def reads_for(self, seconds: float) -> None:
        """Reads what stands in OUT over and over."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.reads()
            time.sleep(0.002)

    def reads(self) -> None:
        """What stands in OUT, which a watch may be replacing just now: whole, whatever it is."""
        out = self.trial.out
        self.tally.reads += 1
        names = ("texts", "changes.json", "brief.html", "brief.md", "brief.json")
        if (signs := [_sign(out / name) for name in names]) == self._signs:
            return  # the very files that were read before
        self._signs = signs
        before = _content(out / "brief.json")
        try:
            self.trial.brief()
            for name, ends in (("brief.html", b"</html>"), ("brief.md", b"\n"), ("changes.json", b"\n}")):
                if whole := _content(out / name):
                    assert whole.rstrip(b"\n" if ends != b"\n" else b"").endswith(ends), f"half of {name}"
        except (AssertionError, OSError, ValueError):
            if _content(out / "brief.json") == before:
                raise  # it was not replaced meanwhile: this is what there is
        self.tally.looks += 1
        if before and before not in self._seen:
            self._seen.add(before)
            self.tally.seen += 1


def _sign(path: Path) -> tuple[int, ...]:
    try:
        found = path.stat()
    except FileNotFoundError:
        return ()
    return found.st_ino, found.st_size, found.st_mtime_ns


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except FileNotFoundError:
        return b""


def _outside_run(brief: Path) -> str:
    """`brief.json` to the letter without its `run`, which stands last."""
    text = brief.read_text(encoding="utf-8")
    head, mark, run = text.rpartition('\n "run": {')
    assert mark, "brief.json has no run at its end"
    json.loads("{" + run.rstrip().removesuffix("}"))
    return head


def killed(somebody: Somebody, *, warm: bool) -> None:
    """One watch, killed at a moment of its first update or of one for what changed before its eyes."""
    trial, chance, tally = somebody.trial, somebody.chance, somebody.tally
    with trial.running("--settle", SETTLE, warm=warm, verb="watch") as process:
        for update in range(chance.randrange(3)):
            _told(somebody, process, update + 1)
            somebody.acts()
        kind = _moment(somebody, process)
        tally.in_flight += trial.model.in_flight
        process.send_signal(signal.SIGKILL)
        code = process.wait()
    assert code == KILLED, f"ended with {code}: {trial.said}"
    tally.kills += 1
    tally.moments[kind] += 1
    trial.check()
    if chance.random() < 0.5:
        somebody.acts()  # while nobody watches


def _moment(somebody: Somebody, process: Running) -> str:
    """Until a moment to kill at, and what kind: any; among calls; while files are put in OUT; or at rest after that."""
    trial, chance = somebody.trial, somebody.chance
    kind, calls, nth = (
        chance.choice(("any", "calls", "calls", "output")),
        len(trial.model.requests),
        chance.randint(1, 8),
    )
    begun, told = time.monotonic(), trial.said.count(_AT_REST)
    due = begun + chance.uniform(0, LONGEST)

    def come() -> bool:
        if kind == "any":
            return time.monotonic() > due
        if kind == "calls":
            return len(trial.model.requests) >= calls + nth
        return any(trial.out.glob(".*.tmp")) or any(trial.out.glob("texts/.*.tmp"))

    while not come():
        assert process.poll() is None, f"it ended: {trial.said}"
        assert time.monotonic() < begun + PATIENCE, f"nothing happens: {trial.said}"
        if told < trial.said.count(_AT_REST):
            return "at rest"
        if chance.random() < 0.004:
            somebody.acts()
        somebody.reads_for(0.002)
    time.sleep({"any": 0.0, "calls": 0.06, "output": 0.012}[kind] * chance.random())
    return kind


def undisturbed(somebody: Somebody, *, warm: bool) -> None:
    """A watch that nobody kills: what it left to do is done, and what changes before its eyes, too."""
    trial = somebody.trial
    with trial.running("--settle", SETTLE, warm=warm, verb="watch") as process:
        _told(somebody, process, 1)
        asked = len(trial.model.requests)
        somebody.acts()
        _told(somebody, process, 2)
        while (now := len(trial.model.requests)) != asked or trial.model.in_flight:
            asked = now
            somebody.reads_for(1.0)  # a file that was written slowly may have been read by halves first
        process.send_signal(signal.SIGTERM)
        code = process.wait()
    assert code in (143, -signal.SIGTERM), f"ended with {code}: {trial.said}"
    trial.check()
    with tempfile.TemporaryDirectory() as scratch, ScriptedModel(told=True, port=0) as model:
        fresh = Trial(Path(scratch), model, trial.seed, trial.name)
        trial.folder.rename(fresh.folder)
        try:
            fresh.run(warm=warm)
        finally:
            fresh.folder.rename(trial.folder)
        assert _outside_run(trial.out / "brief.json") == _outside_run(fresh.out / "brief.json"), "not as a fresh run"
        texts = {path.name: path.read_bytes() for path in (trial.out / "texts").glob("*.txt")}
        for path in (fresh.out / "texts").glob("*.txt"):
            assert texts.pop(path.name) == path.read_bytes(), "not the text of a fresh run"
    somebody.tally.left["texts of articles that went"] += len(texts)
    somebody.tally.briefs += 1


def _told(somebody: Somebody, process: Running, times: int) -> None:
    """Until the watch has told that it watches again so often: once after every update."""
    end = time.monotonic() + PATIENCE
    while somebody.trial.said.count(_AT_REST) < times:
        assert process.poll() is None, f"it ended: {somebody.trial.said}"
        assert time.monotonic() < end, f"nothing told: {somebody.trial.said}"
        somebody.reads_for(0.02)


def trial_of(trial: Trial, kills: int, chance: random.Random, tally: Tally, *, cold_every: int = 10) -> None:
    """One story, its watch killed so often, and a watch after that which nobody kills."""
    somebody = Somebody(trial, chance, tally)
    for _ in range(FEWEST):
        somebody.acts()
    for number in range(1, kills + 1):
        killed(somebody, warm=number % cold_every != 0)
    undisturbed(somebody, warm=True)
    tally.asked += sum(run.total() for run in trial.asked)
    for run in trial.asked:
        assert not run or max(run.values()) == 1, "a watch asked a question twice"
    tally.again += (again := trial.asked_again())
    assert max(again) <= CONCURRENCY, again
    tally.left["temporary files"] += sum(1 for _ in trial.out.rglob("*.tmp"))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=60)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--cold-every", type=int, default=10, help="1: every watch as a shell starts it")
    given = parser.parse_args()
    for name in [name for name in os.environ if name not in environment()]:
        del os.environ[name]
    os.environ.update(environment())
    chance, tally, story = random.Random(given.seed), Tally(), 0  # noqa: S311
    with ScriptedModel(told=True, latency=LATENCY) as model, tempfile.TemporaryDirectory() as scratch:
        while tally.kills < given.kills:
            trial = Trial(Path(scratch) / f"story-{story}", model, seed=story)
            trial.scratch.mkdir()
            trial_of(trial, min(PER_STORY, given.kills - tally.kills), chance, tally, cold_every=given.cold_every)
            story += 1
            print(f"  {tally}", flush=True)
            model.requests.clear()
    print(f"watch, kill -9: {tally}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
