"""A story's past, for other programs: `show`, `diff` and `log`, as the commands of these names have it.

Nothing is read or asked: what there is to know is in the store. No store is made where there is none.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from summarise import history
from summarise.api import opened, series_of
from summarise.change import Changes, Log
from summarise.contract import Brief
from summarise.errors import InputError
from summarise.render.safe import one_line, shorten
from summarise.store import Series, Store, default_place
from summarise.store.places import is_address, shown_place
from summarise.versions import brief_of

Folder = str | os.PathLike[str] | None


def show(
    folder: Folder = None,
    version: int | None = None,
    *,
    story: str | None = None,
    store: str | Path | Store | None = None,
) -> Brief:
    """A version of a brief, the newest where none is named.

    The story is that of a folder, or `story` alone: an id that was given, or the name of a folder. Raises `InputError`
    where there is no such story or version.
    """
    with _of(folder, story, store) as (found, series):
        return brief_of(history.stored(found, series, version))


def diff(
    folder: Folder = None, *versions: int, story: str | None = None, store: str | Path | Store | None = None
) -> Changes:
    """What changed from one version to another; to the newest where one is named; with none, the newest's news."""
    if len(versions) > 2:
        raise InputError("diff compares two versions; name one or two, or none for the newest's news")
    with _of(folder, story, store) as (found, series):
        return history.compared(found, series, versions).changes


def log(folder: Folder = None, *, story: str | None = None, store: str | Path | Store | None = None) -> Log:
    """All versions of a story, the oldest first, each with how many changes of each kind it brought."""
    with _of(folder, story, store) as (found, series):
        return history.log(found, series)


def series_named(store: Store, story: str, *, among: Callable[[Series], bool] = lambda series: True) -> Series:
    """The story of this id: one that was given it, else that of the one folder of this name; of those `among` which.

    Raises `InputError` where there is none, or where several folders have it.
    """
    alone = Series(story, "")
    if store.versions(alone) and among(alone):
        return alone
    folders = [one for one in store.series() if one.story == story and among(one) and store.versions(one)]
    name = shorten(one_line(story), 60)
    if not folders:
        raise InputError(f"there is no brief of a story {name!r}; make one first")
    if len(folders) > 1:
        raise InputError(f"{len(folders)} folders have a story {name!r}; name the folder")
    return folders[0]


@contextmanager
def _of(folder: Folder, story: str | None, place: str | Path | Store | None) -> Iterator[tuple[Store, Series]]:
    if folder is None and not story:
        raise InputError("name a folder or a story")
    if not isinstance(place, Store):
        given = str(place or default_place())
        if not (is_address(given) or Path(given).expanduser().exists()):
            raise InputError(f"there is no store {shown_place(place)} yet; make a brief first")
    with opened(place) as store:
        if folder is None:
            yield store, series_named(store, story or "")
            return
        series = series_of(folder, story)
        assert series is not None  # noqa: S101 (a folder always has one)
        yield store, series
