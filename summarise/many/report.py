"""What became of a run over many stories: `OUT/report.json` (`schemas/report.schema.json`, schema "report/1")."""

from __future__ import annotations

import time
from collections import Counter, deque
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pydantic import ConfigDict, Field

from summarise.contract import Contract, Usage
from summarise.fingerprint import installed_version
from summarise.many.task import STATES, Outcome, State, added
from summarise.render.canonical import canonical_json

if TYPE_CHECKING:
    from summarise.many.stories import Stories

End = Literal["finished", "first_failure", "interrupted", "stopped"]

_PACE, _FEW = 50, 10
"""Stories that the time left is reckoned from: so many at most, and at least."""


class StoryReport(Contract):
    """What became of one story."""

    story: str
    out: str = Field(description="its folder below that of the report")
    state: State
    reason: str = Field(description="why it is incomplete or failed, one line; empty where it is neither")
    version: int | None = Field(description="which version of the story its brief is; null where none was made")
    seconds: float
    worker: str = Field(description="the process that made it; empty for the one that wrote this report")
    usage: Usage


class NotRead(Contract):
    """What lies beside the stories and was not read."""

    path: str
    reason: str


class Report(Contract):
    """A run over many stories."""

    model_config = ConfigDict(title="Report")

    schema_: Literal["report/1"] = Field(default="report/1", alias="schema")
    run: str = Field(description="id of the run, as in the log and in the ledger of costs")
    root: str = Field(description="the folder or manifest, as it was named")
    started: str = Field(description="ISO 8601, UTC")
    seconds: float
    program: str = Field(description="version of the program")
    engine: str
    model: str
    end: End = Field(
        description="finished: every story was come to; first_failure: stopped there, as asked; interrupted: by a"
        " person; stopped: by an error that would have failed every story"
    )
    reason: str = Field(description="that error, one line; empty otherwise")
    stories: int = Field(description="how many there are")
    made: int
    unchanged: int
    incomplete: int
    failed: int
    left: int = Field(description="stories that were not come to, or broken off, before the run ended")
    usage: Usage = Field(description="the sum over all stories; its cost is null where a price is unknown")
    known_cost: float = Field(description="US dollars of what has a known price")
    results: tuple[StoryReport, ...] = Field(description="in the order of their names")
    left_stories: tuple[str, ...]
    not_read: tuple[NotRead, ...]

    @property
    def complete(self) -> bool:
        """Whether every story has a complete brief."""
        return self.made + self.unchanged == self.stories

    @property
    def text(self) -> str:
        """The text of `report.json`."""
        return canonical_json(self.model_dump(mode="json", by_alias=True))


@dataclass
class Tally:
    """What is known of a run while it goes on; outcomes are kept, briefs are not."""

    found: Stories
    run: str
    root: Path
    engine: str
    model: str
    began: float = field(default_factory=time.monotonic)
    started: datetime = field(default_factory=lambda: datetime.now(UTC))
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    counts: Counter[State] = field(default_factory=Counter)
    usage: Usage = field(default_factory=lambda: Usage(cost=0.0))
    known_cost: float = 0.0
    _ends: deque[float] = field(default_factory=lambda: deque(maxlen=_PACE))

    def add(self, outcome: Outcome) -> None:
        """One story has ended."""
        self.outcomes[outcome.story] = outcome
        self.counts[outcome.state] += 1
        self.usage = added(self.usage, outcome.usage)
        self.known_cost += outcome.usage.cost or 0.0
        self._ends.append(self.seconds)

    @property
    def seconds(self) -> float:
        """Since the run began."""
        return time.monotonic() - self.began

    @property
    def seconds_left(self) -> float | None:
        """About how long the stories that are left take, by the pace of those that ended last; None with too few."""
        if len(self._ends) < _FEW:
            return None
        left = len(self.found.tasks) - len(self.outcomes)
        return left * (self.seconds - self._ends[0]) / (len(self._ends) - 1)

    def report(self, end: End, reason: str = "") -> Report:
        """The report of what was done so far."""
        tasks = self.found.tasks
        return Report(
            run=self.run,
            root=str(self.root),
            started=self.started.isoformat(timespec="seconds"),
            seconds=round(self.seconds, 3),
            program=installed_version(),
            engine=self.engine,
            model=self.model,
            end=end,
            reason=reason,
            stories=len(tasks),
            **{state: self.counts[state] for state in STATES},
            left=len(tasks) - len(self.outcomes),
            usage=self.usage,
            known_cost=self.known_cost,
            results=tuple(
                _told(self.outcomes[task.story], task.out.name) for task in tasks if task.story in self.outcomes
            ),
            left_stories=tuple(task.story for task in tasks if task.story not in self.outcomes),
            not_read=tuple(NotRead(path=one.path, reason=one.reason) for one in self.found.not_read),
        )


def _told(outcome: Outcome, out: str) -> StoryReport:
    return StoryReport(
        story=outcome.story,
        out=out,
        state=outcome.state,
        reason=outcome.reason,
        version=outcome.version,
        seconds=outcome.seconds,
        worker=outcome.worker,
        usage=outcome.usage,
    )
