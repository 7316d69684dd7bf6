"""What an engine is given, and what it gives back: small values that any process can take.

None of them holds a word of an article, a key or a password: a process elsewhere reads the folder and the store
itself, and has keys and passwords from its own environment.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from summarise.contract import Usage

State = Literal["made", "unchanged", "incomplete", "failed"]
STATES: tuple[State, ...] = ("made", "unchanged", "incomplete", "failed")


@dataclass(frozen=True, kw_only=True)
class Task:
    """One story to be made: from a folder, or from single files where `folder` is None; paths are absolute.

    `story` is its id, `language` ISO 639-1 or "" for that of most articles, `overrides` a file of corrections in place
    of the folder's own (None: the folder's), `out` the folder that its brief is written to.
    """

    story: str
    folder: Path | None = None
    files: tuple[Path, ...] = ()
    about: str = ""
    language: str = ""
    overrides: Path | None = None
    out: Path


@dataclass(frozen=True, kw_only=True)
class Work:
    """How all stories of a run are made. None of `model` leaves the choice to the process that makes them.

    `store` is its place, an address without its password. `timeout` is in seconds, `context_window` and `tpm` in
    tokens, `rpm` in requests a minute; `concurrency`, `rpm`, `tpm`, `max_cost` (US dollars) and `max_tokens` are those
    of the whole run, whichever process asks. `run` names this run; `jobs` stories are made at once in one process.
    `only_changed`: a story whose files are as they were at its last complete brief is not opened.
    """

    model: str | None = None
    base_url: str | None = None
    store: str | None = None
    prompts: Path | None = None
    check: bool = False
    timeout: float = 300.0
    mode: Literal["json_schema", "tools", "json"] = "json_schema"
    context_window: int = 128_000
    concurrency: int = 8
    rpm: int | None = None
    tpm: int | None = None
    max_cost: float | None = None
    max_tokens: int | None = None
    price: str | None = None
    run: str = ""
    jobs: int = 4
    only_changed: bool = False


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of one story.

    `reason` is one line, empty for a complete brief; `version` is None where no brief was made; `usage` counts every
    attempt, those of a story that failed too; `worker` names the process that made it, where it was not this one.
    """

    story: str
    state: State
    reason: str = ""
    version: int | None = None
    usage: Usage = field(default_factory=lambda: Usage(cost=0.0))
    seconds: float = 0.0
    worker: str = ""


def added(one: Usage, other: Usage) -> Usage:
    """The sum of two; its cost is unknown where that of any call is."""
    costs = [0.0 if not usage.calls else usage.cost for usage in (one, other)]
    return Usage(
        calls=one.calls + other.calls,
        reused=one.reused + other.reused,
        retries=one.retries + other.retries,
        reasks=one.reasks + other.reasks,
        input_tokens=one.input_tokens + other.input_tokens,
        cached_tokens=one.cached_tokens + other.cached_tokens,
        output_tokens=one.output_tokens + other.output_tokens,
        cost=None if None in costs else sum(cost or 0.0 for cost in costs),
    )
