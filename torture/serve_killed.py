"""kill -9 of the HTTP service during 20 jobs, again and again: all of them finish, nothing is paid for twice.

    python -m torture.serve_killed [--rounds 5] [--kills 3] [--jobs 20] [--store PLACE] [--seed 0]

Each round has a new store, gives 20 stories to the service and asks for their briefs; the process is killed at random
moments and started again. Held to: every job that was taken in ends done and complete; a question is asked again only
if it was in flight at a kill; the briefs are those of a service that nobody killed; the store is sound. With a
postgresql:// store there is one round.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]  # the checkout, wherever this is run

from serving import Serving, ended, key, start  # noqa: E402

from summarise.scripted import ScriptedModel  # noqa: E402
from summarise.scripted.told import Story, Telling  # noqa: E402
from summarise.store import open_store  # noqa: E402

SMALL = Telling(actors=3, positions=3, facts=2, questions=2, events=2, reports=1, filler=1)
ARTICLES, AT_ONCE, LATENCY = 3, 8, 0.2


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m torture.serve_killed", description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--kills", type=int, default=3)
    parser.add_argument("--jobs", type=int, default=20)
    parser.add_argument("--store", default=None)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    told: Counter[str] = Counter()
    for number in range(1 if given.store else given.rounds):
        chance = random.Random(given.seed + number)  # noqa: S311 (no secret)
        with tempfile.TemporaryDirectory() as scratch:
            found = trial(given.store or f"{scratch}/s.sqlite3", given.jobs, given.kills, chance)
        told.update(found)
        print(f"round {number + 1}: {_shown(found)}", flush=True)
    print(_shown(told))
    return 0


def _shown(told: dict[str, int]) -> str:
    return ", ".join(f"{count:,} {what}" for what, count in told.items())


def trial(store: str, count: int, kills: int, chance: random.Random) -> dict[str, int]:
    """One round; what was counted in it. Raises AssertionError where something did not hold."""
    with ScriptedModel(told=True, latency=LATENCY) as model:
        settings = ["--model", "openai:told", "--base-url", model.base_url, "--concurrency", str(AT_ONCE)]
        settings += ["--jobs", str(count), "--lease", "2"]
        service = start(store, *settings)
        try:
            jobs = _asked(service, count)
            in_flight = killed = 0
            for _ in range(kills):
                _wait_for(model, len(model.requests) + chance.randint(1, 2 * AT_ONCE))
                time.sleep(chance.uniform(0, LATENCY))
                there = model.in_flight
                service.kill()
                killed += 1
                in_flight += there
                while model.in_flight:  # whatever was under way is answered, and nobody hears it
                    time.sleep(0.01)
                service = start(store, *settings)
            with service.client() as client:
                done = [ended(client, job, seconds=300) for job in jobs]
                briefs = [client.get(f"/stories/{story}/brief").json() for story in range(count)]
        finally:
            service.kill()
        questions = Counter(json.dumps(one.body["messages"]) for one in model.requests)
    assert [job["state"] for job in done] == ["done"] * count, done
    assert all(job["result"]["complete"] for job in done)
    again = sum(questions.values()) - len(questions)
    # an answer on its way into the store at the kill is in flight too, though the model has done with it
    assert again <= kills * AT_ONCE, f"{again} asked again, {AT_ONCE} can be in flight at each of {kills} kills"
    with open_store(store) as opened:
        assert opened.verify() == []
    assert [_content(one) for one in briefs] == undisturbed(count)
    calls = sum(questions.values())
    return {"jobs done": count, "kills": killed, "calls": calls, "asked again": again, "in flight at a kill": in_flight}


def _wait_for(model: ScriptedModel, requests: int) -> None:
    """Until so many requests were made, or none has come for a while: all is done."""
    seen, since = len(model.requests), time.monotonic()
    while len(model.requests) < requests and time.monotonic() - since < 20:
        if len(model.requests) != seen:
            seen, since = len(model.requests), time.monotonic()
        time.sleep(0.005)


def undisturbed(count: int) -> list[dict[str, Any]]:
    """The same briefs of a service that nobody killed."""
    with ScriptedModel(told=True, keep=False) as model, tempfile.TemporaryDirectory() as scratch:
        settings = ["--model", "openai:told", "--base-url", model.base_url, "--jobs", "4"]
        service = start(f"{scratch}/s.sqlite3", *settings)
        try:
            jobs = _asked(service, count)
            with service.client() as client:
                for job in jobs:
                    ended(client, job, seconds=300)
                return [_content(client.get(f"/stories/{story}/brief").json()) for story in range(count)]
        finally:
            service.kill()


def _asked(service: Serving, count: int) -> list[str]:
    with service.client() as client:
        for story in range(count):
            articles = [{"name": f"{n}.txt", "text": Story(story, SMALL).article(n)} for n in range(ARTICLES)]
            assert client.put(f"/stories/{story}", json={"articles": articles}).status_code == 201
        return [client.post(f"/stories/{n}/briefs", headers=key()).headers["location"] for n in range(count)]


def _content(brief: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in brief.items() if name != "run"}


if __name__ == "__main__":
    sys.exit(main())
