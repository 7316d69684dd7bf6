"""The scripted model in a process of its own that counts: what was asked, how often, and how much at once."""

from __future__ import annotations

import json
import multiprocessing
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

from summarise.scripted import ScriptedModel


@dataclass(frozen=True)
class Counted:
    """What an endpoint has seen. `again` counts the times that a question was answered after it had been before."""

    requests: int
    faults: int
    again: int
    in_flight: int
    most_in_flight: int
    most_in_a_second: int
    most_in_a_minute: int


class Endpoint:
    """A scripted model for told stories, at `base_url` while the `with` lasts; `latency` in seconds."""

    def __init__(self, latency: float = 0.0, faults: Sequence[str] = ()) -> None:
        context = multiprocessing.get_context("spawn")
        self._line, other = context.Pipe()
        self._process = context.Process(target=_serve, args=(other, latency, list(faults)), daemon=True)

    def __enter__(self) -> Endpoint:
        self._process.start()
        self.base_url: str = self._line.recv()
        return self

    def __exit__(self, *_: object) -> None:
        self._line.send("end")
        self._process.join()

    def counted(self) -> Counted:
        """What it has seen until now."""
        return self._asked("count")

    @property
    def requests(self) -> int:
        """How many came in."""
        return int(self._asked("requests"))

    def most_since(self) -> int:
        """The most that were in flight at once since this was last asked."""
        return int(self._asked("most"))

    def silent(self, seconds: float) -> bool:
        """Whether nothing comes in for so long."""
        before = self.requests
        time.sleep(seconds)
        return self.requests == before

    def _asked(self, what: str) -> Any:
        self._line.send(what)
        return self._line.recv()


def _serve(line: Connection, latency: float, faults: list[str]) -> None:
    times: list[float] = []

    class Timed(list):  # type: ignore[type-arg]
        def append(self, one: Any) -> None:
            times.append(time.monotonic())
            super().append(one)

    most = 0
    with ScriptedModel(told=True, latency=latency, faults=faults, requests=Timed()) as model:
        line.send(model.base_url)
        while (what := line.recv()) != "end":
            if what == "most":
                line.send(model.most_in_flight)
                most, model.most_in_flight = max(most, model.most_in_flight), model.in_flight
            else:
                line.send(len(times) if what == "requests" else _count(model, times, most))


def _count(model: ScriptedModel, times: list[float], most: int) -> Counted:
    handled = list(model.requests)
    answered = Counter(
        json.dumps([one.body["messages"], one.body.get("response_format")]) for one in handled if not one.fault
    )
    return Counted(
        requests=len(handled),
        faults=sum(bool(one.fault) for one in handled),
        again=sum(answered.values()) - len(answered),
        in_flight=model.in_flight,
        most_in_flight=max(most, model.most_in_flight),
        most_in_a_second=_most(times, 1.0),
        most_in_a_minute=_most(times, 60.0),
    )


def _most(times: list[float], seconds: float) -> int:
    """The most that came within any window of so long."""
    most = first = 0
    for last, now in enumerate(times):
        while now - times[first] > seconds:
            first += 1
        most = max(most, last - first + 1)
    return most
