"""Jobs: rows in the store, so that they outlive the process that took them in.

    queued ─ claim ─▶ running ─▶ done | failed | cancelled
       ▲                │
       └── release, or no sign of life for a lease ──┘

Whoever runs a job beats: `beat` counts up. Others watch the counter by a clock of their own and take the job up when it
has stood still for a lease, so that no two machines need the same time. A beat that finds another owner ends the work.
Claims need no SKIP LOCKED: writers of a store come one after the other anyway, and a claim is one short transaction.

One job of a story runs at a time. A job asked for while another of the story waits is that one: what waits reads the
story when it starts. Asked for while one runs that has seen all there is, it is that one; else it waits behind it.
"""

# ruff: noqa: S608 (only names of our own and question marks are put into statements, never a value)

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal, get_args

from summarise.serve.failures import Failure
from summarise.serve.refusals import Refused
from summarise.serve.settings import ServeSettings
from summarise.store.database import Database, Run
from summarise.store.forms import chunks, json_text, label, marks, stamp

State = Literal["queued", "running", "done", "failed", "cancelled"]
STATES: tuple[State, ...] = get_args(State)
ENDED = frozenset({"done", "failed", "cancelled"})
TAKEOVERS = 5
"""How often a job whose process died is taken up again before it counts as failed."""
KEY_HOURS = 24
"""How long an Idempotency-Key is remembered."""

_JOB = (
    "SELECT id, number, story, state, asked_by, revision, owner, beat, takeovers, cancelled, made, started, ended, "
    "stage, done, total, outcome FROM jobs"
)


@dataclass(frozen=True)
class Job:
    """One job. `outcome` is JSON: the result of what is done, the problem of what failed, "" before."""

    id: str
    number: int
    story: str
    state: State
    asked_by: str
    revision: int
    owner: str
    beat: int
    takeovers: int
    cancelled: int
    made: str
    started: str
    ended: str
    stage: str
    done: int
    total: int
    outcome: str


@dataclass(frozen=True)
class Event:
    """Something that happened to a job, numbered from 1; `data` is JSON."""

    number: int
    at: str
    kind: str
    data: str


@dataclass(frozen=True)
class Progressed:
    """How far a running job is."""

    stage: str
    done: int
    total: int


@dataclass(frozen=True)
class Asked:
    """A call for a brief: who asks, with which key, and a hash of all that the call says."""

    story: str
    by: str
    key: str
    fingerprint: str


class Jobs:
    """The jobs of a store. Usable from several threads; raises `Refused`, and the errors of the store."""

    def __init__(self, database: Database, settings: ServeSettings) -> None:
        self._database = database
        self._settings = settings

    # ---- callers

    def ask(self, asked: Asked) -> Job:
        """The job that answers this call: a new one, one that stands for it, or the one that this key had before."""
        with self._database.writing() as run:
            sql = "SELECT fingerprint, job FROM idempotency_keys WHERE scope = ? AND key = ?"
            seen = run(sql, (asked.by, asked.key))
            if seen:
                if seen[0][0] != asked.fingerprint:
                    raise Refused("idempotency-other-payload", "use a new key for a new request")
                return _one(run, str(seen[0][1]))
            job = self._standing(run, asked) or self._new(run, asked)
            run(
                "INSERT INTO idempotency_keys (scope, key, fingerprint, job, made) VALUES (?, ?, ?, ?, ?)",
                (asked.by, asked.key, asked.fingerprint, job.id, stamp()),
            )
            return job

    def get(self, job: str) -> Job:
        """One job, or `Refused`: no-such-job."""
        return _one(self._database.fetch, job)

    def of_story(self, story: str, *, limit: int, before: int = 0) -> tuple[Job, ...]:
        """The jobs of a story, the newest first, those before number `before` (0: from the newest on)."""
        where = " AND number < ?" if before else ""
        values = (story, before) if before else (story,)
        rows = self._database.fetch(f"{_JOB} WHERE story = ?{where} ORDER BY number DESC LIMIT {limit:d}", values)
        return tuple(Job(*row) for row in rows)

    def under_way(self, story: str) -> tuple[Job, ...]:
        """The jobs of a story that have not ended, in their order."""
        sql = f"{_JOB} WHERE story = ? AND state IN ('queued', 'running') ORDER BY number"
        return tuple(Job(*row) for row in self._database.fetch(sql, (story,)))

    def events(self, job: str, after: int = 0) -> tuple[Event, ...]:
        """What happened to a job after event number `after`."""
        sql = "SELECT number, at, kind, data FROM job_events WHERE job = ? AND number > ? ORDER BY number"
        return tuple(Event(*row) for row in self._database.fetch(sql, (job, after)))

    def cancel(self, job: str) -> Job:
        """Ends a job that waits; asks whoever runs it to stop. One that has ended stays as it is."""
        with self._database.writing() as run:
            there = _one(run, job)
            if there.state == "queued":
                return _end(run, there, "cancelled", "")
            if there.state == "running" and not there.cancelled:
                run("UPDATE jobs SET cancelled = 1 WHERE id = ?", (job,))
                _tell(run, job, "cancelling", {})
            return _one(run, job)

    def counts(self) -> dict[State, int]:
        """How many jobs are in each state."""
        found = dict.fromkeys(STATES, 0)
        for state, count in self._database.fetch("SELECT state, count(*) FROM jobs GROUP BY state"):
            found[state] = int(count)
        return found

    # ---- workers

    def claim(self, owner: str) -> Job | None:
        """The job that has waited longest and whose story is not being read, now `owner`'s; None where none waits."""
        if not self._database.fetch("SELECT 1 FROM jobs WHERE state = 'queued' LIMIT 1"):
            return None  # a look that waits for nobody, and keeps no writer waiting
        with self._database.writing() as run:
            free = run(
                "SELECT id, story FROM jobs WHERE state = 'queued'"
                " AND story NOT IN (SELECT story FROM jobs WHERE state = 'running') ORDER BY number LIMIT 1"
            )
            if not free:
                return None
            job, story = free[0]
            run(
                "UPDATE jobs SET state = 'running', owner = ?, beat = beat + 1, started = ?, stage = '', done = 0,"
                " total = 0, revision = coalesce((SELECT revision FROM stories WHERE id = ?), 0) WHERE id = ?",
                (owner, stamp(), story, job),
            )
            _tell(run, job, "running", {})
            return _one(run, job)

    def beat(self, owner: str, progress: Mapping[str, Progressed | None]) -> tuple[frozenset[str], frozenset[str]]:
        """A sign of life for these jobs, with how far they are (None: as before).

        Returns those that the owner still has, and of these the ones that are to stop.
        """
        mine, stop = set[str](), set[str]()
        with self._database.writing() as run:
            for job, step in progress.items():
                rows = run(
                    "UPDATE jobs SET beat = beat + 1 WHERE id = ? AND owner = ? AND state = 'running'"
                    " RETURNING cancelled",
                    (job, owner),
                )
                if not rows:
                    continue
                mine.add(job)
                if rows[0][0]:
                    stop.add(job)
                if step is not None:
                    run(
                        "UPDATE jobs SET stage = ?, done = ?, total = ? WHERE id = ?",
                        (label(step.stage), step.done, step.total, job),
                    )
                    _tell(run, job, "progress", {"stage": step.stage, "done": step.done, "total": step.total})
        return frozenset(mine), frozenset(stop)

    def to_stop(self, owner: str) -> frozenset[str]:
        """The owner's running jobs that somebody cancelled."""
        sql = "SELECT id FROM jobs WHERE owner = ? AND state = 'running' AND cancelled = 1"
        return frozenset(str(one) for (one,) in self._database.fetch(sql, (owner,)))

    def finish(self, owner: str, job: str, state: State, outcome: Mapping[str, object] | None = None) -> bool:
        """Ends a job of the owner's; False where it is no longer theirs."""
        with self._database.writing() as run:
            rows = run(f"{_JOB} WHERE id = ? AND owner = ? AND state = 'running'", (job, owner))
            if not rows:
                return False
            _end(run, Job(*rows[0]), state, "" if outcome is None else json.dumps(outcome))
            return True

    def release(self, owner: str, jobs: Iterable[str], why: str) -> None:
        """Gives running jobs of the owner's back, for whoever comes next."""
        with self._database.writing() as run:
            for job in jobs:
                if run(
                    "UPDATE jobs SET state = 'queued', owner = '' WHERE id = ? AND owner = ? AND state = 'running'"
                    " RETURNING id",
                    (job, owner),
                ):
                    _tell(run, job, "queued", {"because": why})

    def beats(self) -> dict[str, tuple[str, int]]:
        """Owner and beat of every running job."""
        rows = self._database.fetch("SELECT id, owner, beat FROM jobs WHERE state = 'running'")
        return {str(job): (str(owner), int(beat)) for job, owner, beat in rows}

    def take_over(self, job: str, owner: str, beat: int) -> bool:
        """Puts a job back whose owner stands still since this beat; fails it where that happened too often."""
        with self._database.writing() as run:
            rows = run(f"{_JOB} WHERE id = ? AND owner = ? AND beat = ? AND state = 'running'", (job, owner, beat))
            if not rows:
                return False
            there = Job(*rows[0])
            if there.cancelled:
                _end(run, there, "cancelled", "")
            elif there.takeovers + 1 >= TAKEOVERS:
                given_up = Failure("failed", "The job is given up", f"its process ended {TAKEOVERS} times", retry=False)
                _end(run, there, "failed", json.dumps(given_up.outcome()))
            else:
                run("UPDATE jobs SET state = 'queued', owner = '', takeovers = takeovers + 1 WHERE id = ?", (job,))
                _tell(run, job, "queued", {"because": "the process that ran it showed no sign of life"})
            return True

    def sweep(self) -> int:
        """Removes jobs that ended long ago, and keys that are no longer remembered; returns how many jobs."""
        old, then = _ago(days=self._settings.keep_jobs_days), _ago(hours=KEY_HOURS)
        gone = [one for (one,) in self._database.fetch("SELECT id FROM jobs WHERE ended <> '' AND ended < ?", (old,))]
        keys = self._database.fetch("SELECT 1 FROM idempotency_keys WHERE made < ? LIMIT 1", (then,))
        if not gone and not keys:
            return 0
        with self._database.writing() as run:
            for some in chunks(gone):
                for table, column in (("job_events", "job"), ("idempotency_keys", "job"), ("jobs", "id")):
                    run(f"DELETE FROM {table} WHERE {column} IN ({marks(some)})", some)
            run("DELETE FROM idempotency_keys WHERE made < ?", (then,))
        return len(gone)

    # ---- within a transaction

    def _standing(self, run: Run, asked: Asked) -> Job | None:
        rows = run(
            f"{_JOB} WHERE story = ? AND cancelled = 0 AND (state = 'queued' OR (state = 'running' AND revision ="
            " (SELECT revision FROM stories WHERE id = ?))) ORDER BY state LIMIT 1",
            (asked.story, asked.story),
        )
        return Job(*rows[0]) if rows else None

    def _new(self, run: Run, asked: Asked) -> Job:
        if not run("SELECT 1 FROM story_articles WHERE story = ? LIMIT 1", (asked.story,)):
            if not run("SELECT 1 FROM stories WHERE id = ?", (asked.story,)):
                raise Refused("no-such-story", "make it with PUT, or see the list of stories")
            raise Refused("no-articles", "add at least one, then ask for the brief")
        waiting, mine = run(
            "SELECT count(*), coalesce(sum(CASE WHEN asked_by = ? THEN 1 ELSE 0 END), 0) FROM jobs"
            " WHERE state = 'queued'",
            (asked.by,),
        )[0]
        if waiting >= self._settings.max_waiting:
            raise Refused("busy", f"{waiting:,} jobs wait already; ask again later", {"Retry-After": "10"})
        if mine >= self._settings.max_waiting_per_token:
            raise Refused("too-many-jobs", f"{mine:,} jobs of yours wait already", {"Retry-After": "10"})
        job = f"j-{secrets.token_hex(12)}"
        number = int(run("SELECT coalesce(max(number), 0) + 1 FROM jobs")[0][0])
        run(
            "INSERT INTO jobs (id, number, story, state, asked_by, revision, owner, beat, takeovers, cancelled, made,"
            " started, ended, stage, done, total, outcome)"
            " VALUES (?, ?, ?, 'queued', ?, 0, '', 0, 0, 0, ?, '', '', '', 0, 0, '')",
            (job, number, asked.story, asked.by, stamp()),
        )
        _tell(run, job, "queued", {})
        return _one(run, job)


def _one(run: Run, job: str) -> Job:
    rows: Sequence[Sequence[object]] = run(f"{_JOB} WHERE id = ?", (job,))
    if not rows:
        raise Refused("no-such-job", "jobs that ended long ago are forgotten")
    return Job(*rows[0])  # type: ignore[arg-type]  # columns of these types


def _end(run: Run, job: Job, state: State, outcome: str) -> Job:
    run("UPDATE jobs SET state = ?, ended = ?, outcome = ? WHERE id = ?", (state, stamp(), json_text(outcome), job.id))
    _tell(run, job.id, state, json.loads(outcome) if outcome else {})
    return _one(run, job.id)


def _tell(run: Run, job: str, kind: str, data: Mapping[str, object]) -> None:
    run(
        "INSERT INTO job_events (job, number, at, kind, data)"
        " SELECT ?, coalesce(max(number), 0) + 1, ?, ?, ? FROM job_events WHERE job = ?",
        (job, stamp(), kind, json_text(json.dumps(data)), job),
    )


def _ago(**much: float) -> str:
    return stamp(datetime.now(UTC) - timedelta(**much))
