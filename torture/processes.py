"""Sixteen `summarise brief` at once on one store; and runs that are asked to stop (Ctrl-C, SIGTERM) at a random moment.

    python -m torture.processes [--processes 16] [--rounds 3] [--stops 40] [--seed 0]

The folders overlap, so that most questions are due in several processes at once, and processes over one folder write
into one OUT. Every process must end with 0, nothing may be lost, versions have no gap, and no question is asked more
often than there are processes at work on it.
"""

from __future__ import annotations

import argparse
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from summarise.scripted import ScriptedModel
from summarise.store import Store
from torture._runs import LATENCY, ROOT, Trial, environment, words_of
from torture.kill import KINDS, wait_for_a_moment

FOLDERS = 4


def together(model: ScriptedModel, scratch: Path, processes: int) -> str:
    """So many processes at once on a new store, once more with an article more in each folder, and once for nothing."""
    trials = [Trial(scratch, model, name=f"story {n}") for n in range(FOLDERS)]
    for n, trial in enumerate(trials):
        for number in range(n, n + 4):  # three of four articles are in the next folder, too
            trial.arrives(number)
    most = again = 0
    for more in (None, 9):
        for trial in trials if more else ():
            trial.arrives(more or 0)
        model.requests.clear()
        _all_at_once([trials[n % FOLDERS] for n in range(processes)])
        asked = Counter(words_of(request.body) for request in model.requests)
        most = max(most, *asked.values())
        again += asked.total() - len(asked)
        assert most <= processes, f"a question was asked {most} times by {processes} processes"
    model.requests.clear()
    _all_at_once([trials[n % FOLDERS] for n in range(processes)])
    assert not model.requests, f"{len(model.requests)} questions were asked though nothing was new"
    with Store.open(trials[0].store) as store:
        assert store.verify() == []
        for series in store.series():
            numbers = [entry.number for entry in store.versions(series)]
            assert numbers == list(range(1, len(numbers) + 1)), numbers
        versions = sum(len(store.versions(series)) for series in store.series())
        assert len(store.series()) == FOLDERS
    for trial in trials:
        assert trial.brief() == trial.undisturbed(), "not the brief of an undisturbed run"
    return f"{versions} versions in {FOLDERS} series, a question asked at most {most} times, {again} asked again in all"


def _all_at_once(trials: list[Trial]) -> None:
    """One process a trial, all begun together; every one must end with 0."""
    begun = [
        subprocess.Popen(
            trial.command(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, cwd=ROOT, env=environment()
        )
        for trial in trials
    ]
    try:
        ended = [(process.communicate()[1].decode(), process.returncode) for process in begun]
    finally:
        for process in begun:
            process.kill()
    assert all(code == 0 for _, code in ended), [row for row in ended if row[1] != 0]


def stopped(
    trial: Trial,
    number: signal.Signals,
    chance: random.Random,
    life: float,
    kinds: Sequence[str] = KINDS,
    *,
    warm: bool = False,
) -> tuple[int, str]:
    """A run that gets a signal at a random moment: how it ended, and what it said."""
    with trial.running(warm=warm) as process:
        wait_for_a_moment(trial, process, chance, life, kinds)
        process.send_signal(number)
        code = process.wait()
    trial.check()
    return code, trial.said


_ENDS = {signal.SIGINT: (0, 130, -signal.SIGINT), signal.SIGTERM: (0, 143, -signal.SIGTERM)}


def stops(model: ScriptedModel, scratch: Path, count: int, seed: int) -> str:
    """Runs that are stopped, half by Ctrl-C and half by SIGTERM, each gone on with to the end."""
    chance = random.Random(seed)  # noqa: S311
    codes: dict[str, Counter[int | str]] = {"SIGINT": Counter(), "SIGTERM": Counter()}
    begun = time.monotonic()
    calibration = Trial(scratch / "life", model)
    calibration.scratch.mkdir()
    calibration.arrives(0)
    calibration.arrives(1)
    calibration.run()
    life, wanted = time.monotonic() - begun, calibration.brief()
    for n in range(count):
        number = (signal.SIGINT, signal.SIGTERM)[n % 2]
        trial = Trial(scratch / f"stop-{n}", model)
        trial.scratch.mkdir()
        trial.arrives(0)
        trial.arrives(1)
        code, said = stopped(trial, number, chance, life)
        early = "Traceback" in said and "summarise" not in said  # in Python's own start: no line of ours has run
        codes[number.name]["in Python's own start" if early else code] += 1
        assert early or "Traceback" not in said, f"{number.name}: {said}"
        assert early or code in _ENDS[number], f"{number.name}: {code}: {said}"
        trial.run(warm=True)
        assert trial.brief() == wanted, "not the brief of an undisturbed run"
        assert max(trial.asked_again()) <= 4, trial.asked_again()
    told = "; ".join(
        f"{name} {', '.join(f'{count} ended with {code}' for code, count in sorted(found.items(), key=str))}"
        for name, found in codes.items()
    )
    return f"{count} stops, no traceback, all resumed: {told}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--processes", type=int, default=16)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--stops", type=int, default=40)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    with ScriptedModel(told=True, latency=LATENCY) as model, tempfile.TemporaryDirectory() as scratch:
        rounds = []
        for n in range(given.rounds):
            (Path(scratch) / f"round-{n}").mkdir()
            rounds.append(together(model, Path(scratch) / f"round-{n}", given.processes))
            print(f"  {rounds[-1]}", flush=True)
        model.requests.clear()
        told = stops(model, Path(scratch), given.stops, given.seed) if given.stops else ""
    print(
        f"{given.processes} processes at once on one store, {given.rounds} times (new, an article more, nothing new),"
        f" all ended with 0, no gap, as if undisturbed: {'; '.join(rounds)}. Asked to stop: {told}"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
