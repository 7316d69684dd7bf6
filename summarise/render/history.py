"""A story's history in words: its versions, and the lives of its questions."""

from __future__ import annotations

from collections.abc import Sequence

from summarise.change import Log, LogEntry, Moment, QuestionLife
from summarise.render import view
from summarise.render.changes import kinds_line, made_words
from summarise.render.safe import one_line

_FILES = ("article_added", "article_withdrawn", "article_corrected")


def log_text(log: Log) -> str:
    """A line a version, the newest first: number, when, articles, what changed, whether it is complete."""
    return "".join(f"{_entry(entry, first=not n)}\n" for n, entry in reversed(list(enumerate(log.versions))))


def _entry(entry: LogEntry, *, first: bool) -> str:
    files = {kind: number for kind, number in entry.changes.items() if kind in _FILES}
    others = {kind: number for kind, number in entry.changes.items() if kind not in _FILES}
    articles = view.count(entry.articles, "article")
    if files:
        articles += f" ({', '.join(f'{files[kind]} {kind[8:]}' for kind in _FILES if kind in files)})"
    changed = kinds_line(others) or ("nothing else changed" if files else "only wording changed")
    if first:
        changed = "first version" if entry.version.number == 1 else "the oldest version kept"
    complete = "complete" if entry.complete else "INCOMPLETE"
    return f"version {entry.version.number}, {made_words(entry.version)}: {articles}; {changed}; {complete}"


def lives_text(lives: Sequence[QuestionLife]) -> str:
    """Each question with what became of it and when; those opened first come first."""
    if not lives:
        return "no version has an open question\n"
    return "".join(f"{one_line(life.question)}\n{''.join(map(_moment_line, _told(life)))}" for life in lives)


def _told(life: QuestionLife) -> list[tuple[str, Moment]]:
    """Each moment with the word for it, which depends on the one before."""
    told: list[tuple[str, Moment]] = []
    for n, moment in enumerate(life.moments):
        if n:
            words = {"open": "open again"}.get(moment.status, moment.status.replace("_", " "))
        else:
            words = {"open": "opened"}.get(moment.status, f"opened, {moment.status.replace('_', ' ')} already")
        told.append((words, moment))
    return told


def _moment_line(told: tuple[str, Moment]) -> str:
    words, moment = told
    day = one_line(moment.version.made)[:10]
    return f"  {words} {day} (version {moment.version.number})\n"
