"""Whether a story's files are as they were at its last complete brief, told without opening one of them.

Beside the brief, `OUT/<story>/.made.json` says of what it was made: one hash over the names, sizes and times of all
its files, the corrections, and every option that can change a brief. It is written after the brief. Where it is
missing, damaged or not that of these inputs, the story is made as ever, which costs time and asks nothing again.
"""

from __future__ import annotations

import json
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from summarise.errors import SummariseError
from summarise.fingerprint import program, tagged
from summarise.loading.files import listing
from summarise.many.task import Task, Work
from summarise.model.spec import parse
from summarise.output import RENDERINGS, TEXTS
from summarise.overrides import FILE_NAME

STATE = ".made.json"

_SCHEMA = "made/1"
_MOST = 65_536  # bytes of a state file
_YOUNG = 100_000_000
_YOUNG_COARSE = 2_500_000_000
"""Nanoseconds for which another change may go by the same time of change; more where times are whole seconds."""


@dataclass(frozen=True)
class Seen:
    """A story's inputs at one moment, as a hash. Not `settled`: a file may change again and keep its time."""

    inputs: str
    settled: bool


def seen(task: Task, work: Work) -> Seen | None:
    """The inputs as they are now, no file opened; None where they cannot be looked at."""
    now = time.time_ns()
    try:
        rows = [_row(name, path) for name, path in _files(task, work)]
    except (SummariseError, OSError, ValueError):
        return None
    times = [row[_CHANGED] for row in rows if len(row) > _CHANGED]
    young = _YOUNG if any(changed % 1_000_000_000 for changed in times) else _YOUNG_COARSE
    whole = json.dumps([_options(task, work), rows], sort_keys=True)
    return Seen(tagged(whole), all(changed < now - young for changed in times))


def unchanged(task: Task, now: Seen | None) -> int | None:
    """The version that a complete brief of just these inputs has, where that brief still stands as it was written."""
    if now is None:
        return None
    try:
        with (task.out / STATE).open("rb") as file:
            said = json.loads(file.read(_MOST))
        if said["schema"] == _SCHEMA and said["inputs"] == now.inputs and said["output"] == _output(task.out):
            return said["version"] if isinstance(said["version"], int) else None
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        pass
    return None


def note(task: Task, then: Seen | None, version: int) -> None:
    """Keeps of what the brief was made that now stands in `task.out`: `then`, as it was before a file was read."""
    if then is None or not then.settled or unchanged(task, then) == version:
        return
    # Not flushed to the disk: that it is lost costs time, and that it is there says nothing of a brief that is not.
    temporary = task.out / f"{STATE}.{secrets.token_hex(6)}.tmp"
    try:
        state = {"schema": _SCHEMA, "inputs": then.inputs, "version": version, "output": _output(task.out)}
        temporary.write_text(json.dumps(state) + "\n", encoding="utf-8")
        temporary.replace(task.out / STATE)
    except OSError:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def _files(task: Task, work: Work) -> Iterator[tuple[str, Path | None]]:
    """Everything that is read to make the story; a name without a path stands for what cannot be."""
    if task.folder is not None:
        for entry in listing(task.folder, skip=task.out):
            yield (entry.name, entry.path) if entry.path else (f"{entry.name}\n{entry.reason}", None)
        for path in (task.folder / FILE_NAME, (task.folder / FILE_NAME).with_suffix(".yml")):
            yield f"corrections {path.name}", path if os.path.lexists(path) else None
    for path in task.files:
        yield f"file {path}", path
    if task.overrides is not None:
        yield f"corrections {task.overrides}", task.overrides
    if work.prompts is not None:
        for path in sorted(work.prompts.glob("*.md")):
            yield f"prompt {path.name}", path
    spec = parse(work.model, base_url=work.base_url)
    if spec.path is not None:
        yield f"model {spec.path}", spec.path


_CHANGED = 3


def _row(name: str, path: Path | None) -> list[Any]:
    """A file's name, mode, size and times in nanoseconds, of a link those of its target."""
    if path is None:
        return [name]
    found = path.stat()
    return [name, found.st_mode, found.st_size, found.st_mtime_ns, found.st_ctime_ns]


def _options(task: Task, work: Work) -> list[Any]:
    spec = parse(work.model, base_url=work.base_url)
    asked = [task.story, task.about, task.language, str(task.folder), work.check]
    return [program(), spec.display, spec.base_url, work.mode, work.context_window, work.store, asked]


def _output(out: Path) -> dict[str, list[int]]:
    """Size and time of each file of the brief, and how many texts there are. Raises OSError where one is missing."""
    stats = {name: (out / name).stat() for name in sorted(RENDERINGS)}
    files = {name: [found.st_size, found.st_mtime_ns] for name, found in stats.items()}
    return files | {TEXTS: [sum(1 for _ in (out / TEXTS).iterdir())]}
