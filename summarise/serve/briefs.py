"""What can be read of a story: its brief in three forms, what changed, its history, the texts its offsets point into.

    story ─▶ series ─▶ newest number and hash (one look at the store, each time) ─▶ the bytes, made once and kept

A version never changes, so what was made of it is kept by its number and hash, as bytes, as long as there is room.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

from summarise.errors import InputError
from summarise.fingerprint import program
from summarise.serve.refusals import Refused
from summarise.store import Series, Store, Version
from summarise.store.forms import bytes_text, series_key, text_bytes
from summarise.store.places import is_address

Form = Literal["json", "markdown", "html"]
MEDIA: dict[Form, str] = {
    "json": "application/json",
    "markdown": "text/markdown; charset=utf-8",
    "html": "text/html; charset=utf-8",
}
_HEAVY = 2
"""Drawings and comparisons at once: they compute, and there is one interpreter."""


@dataclass(frozen=True)
class Head:
    """Which version of which series, without its content."""

    series: Series
    key: str
    number: int
    hash: str
    made: str
    complete: bool

    @property
    def hex(self) -> str:
        """The hash without the name of its algorithm."""
        return self.hash.rpartition(":")[2]


@dataclass(frozen=True)
class Drawn:
    """A body as it goes out. `etag` is the same for the same bytes, quotation marks included."""

    body: bytes
    etag: str
    media: str


class Briefs:
    """The briefs of a store, for one event loop; raises `Refused`, and the errors of the store."""

    def __init__(self, store: Store, *, cache_bytes: int) -> None:
        self._store, self._database = store, store.database
        self._near = not is_address(store.place)  # a look into a file takes some 30 µs; over a network, a round trip
        self._kept = _Kept(cache_bytes)
        self._making: dict[tuple[object, ...], asyncio.Task[Drawn]] = {}
        self._heavy = asyncio.Semaphore(_HEAVY)

    # ---- which

    async def head(self, story: str, number: int | None = None) -> Head:
        """A version of a story's brief (None: the newest). Raises `Refused` for a story or version that is not there.

        A story of the service goes before one of a folder; of folders there must be one alone.
        """
        return self._head(story, number) if self._near else await asyncio.to_thread(self._head, story, number)

    async def series(self, story: str) -> Series:
        """The series of a story that has at least one version."""
        return (await self.head(story)).series

    def _head(self, story: str, number: int | None) -> Head:
        found = self._of(Series(story, ""), number)
        if found is None and not self._given(story):
            found = self._of(self._folder(story), number)
        if found is not None:
            return found
        raise Refused("no-such-version", _ask_for_it(number))

    def _of(self, series: Series, number: int | None) -> Head | None:
        key, sql = series_key(series), "SELECT number, hash, made, complete FROM versions WHERE series = ?"
        if number is None:
            rows = self._database.fetch(f"{sql} ORDER BY number DESC LIMIT 1", (key,))
        else:
            rows = self._database.fetch(f"{sql} AND number = ?", (key, number))
        return Head(series, key, rows[0][0], rows[0][1], rows[0][2], bool(rows[0][3])) if rows else None

    def _given(self, story: str) -> bool:
        sql = "SELECT 1 FROM stories WHERE id = ? UNION ALL SELECT 1 FROM series WHERE key = ?"
        return bool(self._database.fetch(sql, (story, series_key(Series(story, "")))))

    def _folder(self, story: str) -> Series:
        rows = self._database.fetch("SELECT place FROM series WHERE story = ? AND place <> ?", (text_bytes(story), b""))
        if not rows:
            raise Refused("no-such-story", "make it with PUT, or see the list of stories")
        if len(rows) > 1:
            raise Refused("ambiguous-story", f"{len(rows)} folders have a story of this id; none of them is shown")
        return Series(story, bytes_text(rows[0][0]))

    # ---- what

    async def brief(self, head: Head, form: Form) -> Drawn:
        """A brief in one of its forms."""
        make: dict[Form, Callable[[], Drawn]] = {
            "json": lambda: _json(self._version(head), head),
            "markdown": lambda: _markdown(self._version(head), head),
            "html": lambda: _page(self._store, self._version(head), head),
        }
        return await self._drawn((head.key, head.number, head.hash, form), make[form])

    def etag(self, head: Head, form: Form) -> str | None:
        """The tag of a brief, where it is known without drawing it."""
        if form == "html":  # which shows the version before, too
            kept = self._kept.get((head.key, head.number, head.hash, form))
            return kept.etag if kept else None
        return f'"{head.hex}"' if form == "json" else _tag_of_markdown(head)

    async def changes(self, before: Head | None, after: Head, form: Form) -> Drawn:
        """What changed from one version to another; without the first, to the one before the second."""
        since = (before.number, before.hash) if before else None
        key = ("changes", after.key, since, after.number, after.hash, form)
        return await self._drawn(key, lambda: _changes(self._store, before, after, form))

    async def history(self, newest: Head) -> Drawn:
        """All versions, each with what changed in it."""
        return await self._drawn(("log", newest.key, newest.number, newest.hash), lambda: _log(self._store, newest))

    async def questions(self, newest: Head) -> Drawn:
        """Every open question, from its opening on."""
        key = ("lives", newest.key, newest.number, newest.hash)
        return await self._drawn(key, lambda: _lives(self._store, newest))

    async def text(self, head: Head, article: str) -> str:
        """The text that a version's offsets point into."""
        return await asyncio.to_thread(self._text, head, article)

    def _text(self, head: Head, article: str) -> str:
        if article not in self._version(head).articles:
            raise Refused("no-such-text", "evidence names the ids of the texts there are")
        found = self._store.texts([article])
        if article not in found:
            raise Refused("no-such-text", "evidence names the ids of the texts there are")
        return found[article]

    def _version(self, head: Head) -> Version:
        version = self._store.load(head.series, head.number)
        if version is None:
            raise Refused("no-such-version", "it was removed meanwhile")
        return version

    async def _drawn(self, key: tuple[object, ...], make: Callable[[], Drawn]) -> Drawn:
        """What was made before; else what one task makes for all who ask meanwhile."""
        if kept := self._kept.get(key):
            return kept
        task = self._making.get(key)
        if task is None:
            task = self._making[key] = asyncio.create_task(self._make(key, make))
            task.add_done_callback(_looked_at)
        return await asyncio.shield(task)

    async def _make(self, key: tuple[object, ...], make: Callable[[], Drawn]) -> Drawn:
        try:
            async with self._heavy:
                drawn = await asyncio.to_thread(make)
            self._kept.put(key, drawn)
            return drawn
        finally:
            del self._making[key]


class _Kept:
    """Bodies by key, the ones not asked for longest given up where there is no room. For one thread."""

    def __init__(self, most: int) -> None:
        self._most, self._bytes = most, 0
        self._bodies: OrderedDict[tuple[object, ...], Drawn] = OrderedDict()

    def get(self, key: tuple[object, ...]) -> Drawn | None:
        found = self._bodies.get(key)
        if found is not None:
            self._bodies.move_to_end(key)
        return found

    def put(self, key: tuple[object, ...], drawn: Drawn) -> None:
        if len(drawn.body) > self._most or key in self._bodies:
            return
        self._bodies[key] = drawn
        self._bytes += len(drawn.body)
        while self._bytes > self._most:
            _, gone = self._bodies.popitem(last=False)
            self._bytes -= len(gone.body)


def _looked_at(task: asyncio.Task[Drawn]) -> None:
    if not task.cancelled():
        task.exception()  # told to whoever waits; nobody may


def _ask_for_it(number: int | None) -> str:
    if number is None:
        return "it has no brief yet; ask for one with POST /stories/{story}/briefs"
    return "see its history for the versions there are"


# ---- drawn in a thread


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "replace")


def _tagged(text: str, form: Form) -> Drawn:
    body = _bytes(text)
    return Drawn(body, f'"{hashlib.sha256(body).hexdigest()[:32]}"', MEDIA[form])


def _json(version: Version, head: Head) -> Drawn:
    from summarise.history import json_of

    return Drawn(_bytes(json_of(version)), f'"{head.hex}"', MEDIA["json"])


def _markdown(version: Version, head: Head) -> Drawn:
    from summarise.history import brief_of
    from summarise.render.markdown import brief_markdown

    with _of_this_release():
        return Drawn(_bytes(brief_markdown(brief_of(version))), _tag_of_markdown(head), MEDIA["markdown"])


def _page(store: Store, version: Version, head: Head) -> Drawn:
    from summarise.history import brief_of, compared
    from summarise.render.page import brief_page

    with _of_this_release():
        brief = brief_of(version)
        two = _last_two(store, head)
        told = compared(store, head.series, two).changes if two else None
        return _tagged(brief_page(brief, store.texts(version.articles), changes=told), "html")


def _tag_of_markdown(head: Head) -> str:
    return f'"{head.hex}-{program()[-8:]}"'  # of the version, and of the program that draws it


@contextmanager
def _of_this_release() -> Iterator[None]:
    """A version that only its own release can read is not to be had in this form."""
    try:
        yield
    except InputError:
        raise Refused("not-acceptable", "made by another release of this program; its JSON can be had") from None


def _last_two(store: Store, head: Head) -> tuple[int, int] | None:
    """The numbers of the version before this one, and of this one; None where it is the first."""
    before = [entry.number for entry in store.versions(head.series) if entry.number < head.number]
    return (before[-1], head.number) if before else None


def _changes(store: Store, before: Head | None, after: Head, form: Form) -> Drawn:
    from summarise.history import compared, compared_with_nothing
    from summarise.render.canonical import canonical_json
    from summarise.render.changes import Sources, changes_markdown

    two = (before.number, after.number) if before else _last_two(store, after)
    with _of_this_release():
        found = compared(store, after.series, two) if two else compared_with_nothing(store, after.series, after.number)
    if form == "markdown":
        return _tagged(changes_markdown(found.changes, Sources.of(found.before, found.after)) + "\n", form)
    return _tagged(canonical_json(found.changes.model_dump(by_alias=True)), "json")


def _log(store: Store, newest: Head) -> Drawn:
    from summarise.history import log
    from summarise.render.canonical import canonical_json

    with _of_this_release():
        return _tagged(canonical_json(log(store, newest.series).model_dump(by_alias=True)), "json")


def _lives(store: Store, newest: Head) -> Drawn:
    from summarise.change import QuestionLives
    from summarise.history import question_lives
    from summarise.render.canonical import canonical_json

    with _of_this_release():
        lives = QuestionLives(story=newest.series.story, questions=question_lives(store, newest.series))
    return _tagged(canonical_json(lives.model_dump(by_alias=True)), "json")
