"""kill -9 of `summarise many --engine batch`, at random moments of its submissions: no question is submitted twice.

    python -m torture.batch_killed [--rounds 5] [--kills 12] [--stories 3] [--seed 0]

Each round has a new store and a provider that loses the answer to one creation of a batch, fails another, and is out of
reach for two looks. Two processes make the briefs of the same stories from one store, are killed and started again.
Held to: the provider gets every question once; none is asked directly; no file is left there; the briefs are those of
the direct way, byte for byte outside `run`.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

from summarise.scripted import ScriptedModel
from summarise.scripted.told import Story, Telling

SMALL = Telling(actors=3, positions=3, facts=2, questions=2, events=2, reports=1, filler=1)
FAULTS = ("lost:times=1", "500:times=1", "poll_500:times=2")
ARTICLES, LATENCY = 2, 0.3
OUTS = ("one", "other")
_SECONDS = 300
_COMMAND = """
from summarise.model.batch import Pace, batcher
batcher.Pace = lambda: Pace(quiet=0.1, first_poll=0.05, longest_poll=0.2, lease=1.0, first_retry=0.05)
from summarise.cli import main
main()
"""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m torture.batch_killed", description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--kills", type=int, default=12)
    parser.add_argument("--stories", type=int, default=3)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    told: Counter[str] = Counter()
    for number in range(given.rounds):
        chance = random.Random(given.seed + number)  # noqa: S311 (no secret)
        with tempfile.TemporaryDirectory() as scratch:
            found = trial(Path(scratch), given.stories, given.kills, chance)
        told.update(found)
        print(f"round {number + 1}: {_shown(found)}", flush=True)
    print(_shown(told))
    return 0


def _shown(told: dict[str, int]) -> str:
    return ", ".join(f"{count:,} {what}" for what, count in told.items())


def trial(place: Path, stories: int, kills: int, chance: random.Random) -> dict[str, int]:
    """One round; what was counted in it. Raises AssertionError where something did not hold."""
    for number in range(stories):
        folder = place / "news" / f"story-{number}"
        folder.mkdir(parents=True)
        for article in range(ARTICLES):
            text = Story(number, SMALL).article(article)
            (folder / f"{article}.txt").write_text(text, encoding="utf-8")
    with ScriptedModel(told=True, batch_latency=LATENCY, batch_faults=FAULTS) as model:
        killed = _made(place, model, kills, chance)
        asked = model.batches.submitted
        assert set(asked.values()) == {1}, f"submitted more than once: {asked.most_common(3)}"
        assert not model.requests, f"{len(model.requests)} asked directly"
        assert not model.batches.files, f"{model.batches.files} files left"
        _run([*_arguments(place, "direct", model.base_url), "--store", str(place / "direct.sqlite3")])
    for out in OUTS:
        for number in range(stories):
            name = f"story-{number}"
            assert _brief(place / out / name) == _brief(place / "direct" / name), f"{out}/{name} differs"
    briefs = len(OUTS) * stories
    return {"kills": killed, "batches": model.batches.created, "questions": len(asked), "submitted twice": 0} | {
        "briefs as if asked directly": briefs
    }


def _made(place: Path, model: ScriptedModel, kills: int, chance: random.Random) -> int:
    """Both processes to their end, over so many kills; how many there were."""
    running: dict[str, subprocess.Popen[str]] = {}
    ended: set[str] = set()
    killed = 0
    end = time.monotonic() + _SECONDS
    try:
        while len(ended) < len(OUTS):
            assert time.monotonic() < end, f"not done after {_SECONDS} s"
            for out in set(OUTS) - ended - set(running):
                running[out] = _start([*_arguments(place, out, model.base_url), "--engine", "batch"], place)
            before = model.batches.created, len(model.batches.uploads)
            due = time.monotonic() + 4
            while time.monotonic() < due and before == (model.batches.created, len(model.batches.uploads)):
                time.sleep(0.005)  # most of what can go wrong is near a submission
            time.sleep(chance.choice((0, 0.005, 0.02, 0.1, 0.4, 0.8)))
            for out, process in list(running.items()):
                if process.poll() is None and (killed >= kills or chance.random() < 0.5):
                    continue
                if process.poll() is None:
                    process.send_signal(signal.SIGKILL)
                    killed += 1
                said = process.communicate()[1]
                del running[out]
                assert process.returncode in (0, -signal.SIGKILL), said
                ended |= {out} if process.returncode == 0 else set()
    finally:
        for process in running.values():
            process.kill()
            process.communicate()
    return killed


def _arguments(place: Path, out: str, url: str) -> list[str]:
    return [
        "many",
        str(place / "news"),
        "--out",
        str(place / out),
        "--model",
        "openai:told",
        "--base-url",
        url,
        "--quiet",
    ]


def _start(arguments: list[str], place: Path) -> subprocess.Popen[str]:
    environment = {
        **{name: os.environ[name] for name in ("PATH", "LANG", "TMPDIR", "PYTHONPATH") if name in os.environ},
        **{"HOME": str(place), "SUMMARISE_STORE": str(place / "store.sqlite3")},
    }
    command = [sys.executable, "-c", _COMMAND, *arguments]
    return subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, cwd=Path.cwd()
    )


def _run(arguments: list[str]) -> None:
    subprocess.run([sys.executable, "-m", "summarise", *arguments], check=True, stdout=subprocess.DEVNULL)


def _brief(out: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((out / "brief.json").read_text(encoding="utf-8"))
    del found["run"]
    return found


if __name__ == "__main__":
    sys.exit(main())
