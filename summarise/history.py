"""A story's versions as the store keeps them: any of them again, what changed between two, the history of all."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from summarise.change import Changes, Log, LogEntry, QuestionLife, VersionRef
from summarise.changes import changes, lives
from summarise.contract import Brief
from summarise.errors import InputError
from summarise.render.canonical import canonical_json
from summarise.render.changes import counted
from summarise.versions import brief_of as brief_of
from summarise.versions import questions_of, version_ref

if TYPE_CHECKING:
    from summarise.store import Series, Store, Version


@dataclass(frozen=True)
class Compared:
    """What changed, and the two briefs that were compared; `before` is None where there is no earlier version."""

    changes: Changes
    before: Brief | None
    after: Brief


def json_of(version: Version) -> str:
    """The `brief.json` of a stored version: its content to the letter, and its run."""
    return canonical_json(json.loads(version.content) | {"run": json.loads(version.run)})


def stored(store: Store, series: Series, number: int | None = None) -> Version:
    """A version, the newest where no number is given. Raises InputError, with those there are, where there is none."""
    version = store.load(series, number)
    if version is None:
        raise InputError(_there_are(store, series, number))
    return version


def compared(store: Store, series: Series, numbers: tuple[int, ...] = ()) -> Compared:
    """What changed: from the first version named to the second, else to the newest; with none, the newest's news.

    Raises InputError for a version that does not exist.
    """
    later = stored(store, series, numbers[1]) if len(numbers) > 1 else stored(store, series)
    if numbers:
        earlier: Version | None = stored(store, series, numbers[0])
    else:
        before = [entry.number for entry in store.versions(series) if entry.number < later.number]
        earlier = stored(store, series, before[-1]) if before else None
    after = brief_of(later)
    first = brief_of(earlier) if earlier is not None else None
    told = changes(
        first, after, before_ref=version_ref(earlier) if earlier is not None else None, after_ref=version_ref(later)
    )
    return Compared(told, first, after)


def compared_with_nothing(store: Store, series: Series, number: int) -> Compared:
    """A version told as if all of it were new. Raises InputError for one that does not exist."""
    version = stored(store, series, number)
    after = brief_of(version)
    return Compared(changes(None, after, before_ref=None, after_ref=version_ref(version)), None, after)


def log(store: Store, series: Series) -> Log:
    """All versions, each with what changed since the one before. Raises InputError where there is none."""
    entries: list[LogEntry] = []
    before: tuple[VersionRef, Brief] | None = None
    for ref, version in _versions(store, series):
        brief = brief_of(version)
        told = changes(before[1] if before else None, brief, before_ref=before[0] if before else None, after_ref=ref)
        used = sum(article.status == "used" for article in brief.articles)
        entries.append(LogEntry(version=ref, complete=brief.complete, articles=used, changes=counted(told)))
        before = ref, brief
    return Log(story=series.story, versions=tuple(entries))


def question_lives(store: Store, series: Series) -> tuple[QuestionLife, ...]:
    """Every question that any version has, from its opening on. Raises InputError where there is no version."""
    return lives([(ref, questions_of(version)) for ref, version in _versions(store, series)])


def _versions(store: Store, series: Series) -> Iterator[tuple[VersionRef, Version]]:
    """All versions, the oldest first. Raises InputError where there is none."""
    entries = store.versions(series)
    if not entries:
        raise InputError(_there_are(store, series, None))
    for entry in entries:
        yield version_ref(entry), stored(store, series, entry.number)


def _there_are(store: Store, series: Series, number: int | None) -> str:
    numbers = [entry.number for entry in store.versions(series)]
    of = f"{series.place or series.story}"
    if not numbers:
        return f"{of}: no version of its brief is stored; make one with summarise brief"
    return f"{of}: there is no version {number}; there are {_ranges(numbers)}"


def _ranges(numbers: list[int]) -> str:
    """ "1–3, 5": so that a thousand versions still make one line."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs)
