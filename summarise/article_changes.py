"""What became of the files between two versions: added, withdrawn, corrected, read at last or no longer.

A text is known by its id, so a file that was renamed is no change; a path that holds another text is a correction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from summarise.change import Change
from summarise.contract import ArticleEntry, Brief

_Status = str


@dataclass(frozen=True)
class _File:
    """A file that has no counterpart with the same text; one copy more or less of a text that is read is a copy."""

    path: str
    article: str
    status: _Status


def article_changes(before: Brief, after: Brief) -> list[Change]:
    """Changes of the kinds article_added, article_withdrawn and article_corrected, by path."""
    old, new = _by_text(before), _by_text(after)
    old_paths, new_paths = {a.path for a in before.articles}, {a.path for a in after.articles}
    told: list[Change] = []
    gone: list[_File] = []
    come: list[_File] = []
    for article in sorted(old.keys() | new.keys()):
        was, now = old.get(article, []), new.get(article, [])
        if was and now:
            told += _read_or_not(was, now)
        copies = _is_used(was) and _is_used(now)
        left = sorted({a.path for a in was} - {a.path for a in now}, key=lambda path: (path in new_paths, path))
        right = sorted({a.path for a in now} - {a.path for a in was}, key=lambda path: (path in old_paths, path))
        renamed = min(len(left), len(right))
        gone += [_file(was, path, copies=copies) for path in left[renamed:]]
        come += [_file(now, path, copies=copies) for path in right[renamed:]]

    by_path = {file.path: file for file in come}
    for file in gone:
        told += _at_one_path(file, by_path.pop(file.path, None))
    told += [change for file in by_path.values() for change in _at_one_path(None, file)]
    return sorted(told, key=lambda change: (change.what, change.kind, change.item))


def corrected(changes: Sequence[Change]) -> dict[str, str]:
    """Ids of articles that were corrected, and their new ids."""
    return {change.was: change.item for change in changes if change.kind == "article_corrected"}


def _by_text(brief: Brief) -> dict[str, list[ArticleEntry]]:
    found: dict[str, list[ArticleEntry]] = {}
    for entry in sorted(brief.articles, key=lambda entry: (entry.status != "used", entry.path)):
        found.setdefault(entry.id, []).append(entry)
    return found


def _is_used(entries: Sequence[ArticleEntry]) -> bool:
    return any(entry.status == "used" for entry in entries)


def _file(entries: Sequence[ArticleEntry], path: str, *, copies: bool) -> _File:
    entry = next(entry for entry in entries if entry.path == path)
    return _File(path=path, article=entry.id, status="duplicate" if copies else entry.status)


def _read_or_not(was: Sequence[ArticleEntry], now: Sequence[ArticleEntry]) -> list[Change]:
    """The same text, read in one of the versions only."""
    if _is_used(was) == _is_used(now):
        return []
    kind: Literal["article_added", "article_withdrawn"] = "article_added" if _is_used(now) else "article_withdrawn"
    shown = now[0] if _is_used(now) else was[0]
    return [Change(kind=kind, item=shown.id, was=shown.id, what=shown.path, before=was[0].status, after=now[0].status)]


def _at_one_path(old: _File | None, new: _File | None) -> list[Change]:
    if old is None and new is not None:
        return [Change(kind="article_added", item=new.article, what=new.path, after=new.status)]
    if old is not None and new is None:
        return [Change(kind="article_withdrawn", item=old.article, was=old.article, what=old.path, before=old.status)]
    if old is None or new is None:
        return []
    if old.status == new.status == "used":
        return [Change(kind="article_corrected", item=new.article, was=old.article, what=new.path)]
    if "used" not in (old.status, new.status):
        return []
    return [
        Change(
            kind="article_added" if new.status == "used" else "article_withdrawn",
            item=new.article,
            was=old.article,
            what=new.path,
            before=old.status,
            after=new.status,
        )
    ]
