"""Stories as they were given to the service: settings, articles, a person's corrections. They await their jobs here.

An article is kept as it was sent, to the byte, and read when a brief is made, by the rules of the folder. Every change
counts up the story's revision, which tells a job whether it has seen all there is.
"""

# ruff: noqa: S608 (only names of our own and question marks are put into statements, never a value)

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from summarise.loading import ArticleFile, ArticleText
from summarise.serve.refusals import Refused
from summarise.serve.settings import ServeSettings
from summarise.store.database import Database, Run
from summarise.store.forms import bytes_text, chunks, marks, series_key, stamp, text_bytes
from summarise.store.records import Series

Kind = Literal["text", "file"]
Outcome = Literal["added", "corrected", "unchanged"]

_STORY = "SELECT id, made, changed, revision, language, about, overrides FROM stories"
_ENTRY = "name, kind, hash, size, changed"


@dataclass(frozen=True)
class Story:
    """A story without its articles. `overrides` is the text of its corrections; times are ISO 8601 in UTC."""

    id: str
    made: str
    changed: str
    revision: int
    language: str
    about: str
    overrides: str


@dataclass(frozen=True)
class Article:
    """An article to be kept: a text with its facts as JSON, or the bytes of a file."""

    name: str
    kind: Kind
    given: bytes

    @property
    def hash(self) -> str:
        """ "sha256:<hex>" of what was sent."""
        return "sha256:" + hashlib.sha256(self.kind.encode() + b"\n" + self.given).hexdigest()

    def loadable(self) -> ArticleText | ArticleFile:
        """As the loader takes it."""
        if self.kind == "file":
            return ArticleFile(path=self.name, content=self.given)
        return ArticleText.model_validate(json.loads(self.given) | {"path": self.name})


@dataclass(frozen=True)
class Entry:
    """An article that is kept, without its content. `size` is in bytes."""

    name: str
    kind: Kind
    hash: str
    size: int
    changed: str


@dataclass(frozen=True)
class Put:
    """What became of one article that was sent."""

    entry: Entry
    outcome: Outcome


@dataclass(frozen=True)
class Whole:
    """A story with all its articles, as they were at one moment."""

    story: Story
    articles: tuple[Article, ...]


class Stories:
    """The stories of a store. Usable from several threads; raises `Refused`, and the errors of the store."""

    def __init__(self, database: Database, settings: ServeSettings) -> None:
        self._database = database
        self._settings = settings

    # ---- reading

    def ids(self) -> list[str]:
        """Every story given to the service or read from a folder, sorted."""
        mine = {one for (one,) in self._database.fetch("SELECT id FROM stories")}
        rows = self._database.fetch("SELECT DISTINCT story FROM series WHERE place <> ?", (b"",))
        return sorted(mine | {bytes_text(story) for (story,) in rows})

    def find(self, story: str) -> Story | None:
        """A story given to the service."""
        rows = self._database.fetch(f"{_STORY} WHERE id = ?", (story,))
        return _story(rows[0]) if rows else None

    def get(self, story: str) -> Story:
        """`find`, or `Refused`: no-such-story, or read-only-story for one of a folder."""
        return self.find(story) or _refuse(self._database.fetch, story)

    def entries(self, story: str) -> tuple[Entry, ...]:
        """Its articles by name, without their content."""
        self.get(story)
        sql = f"SELECT {_ENTRY} FROM story_articles WHERE story = ? ORDER BY name"
        return tuple(Entry(*row) for row in self._database.fetch(sql, (story,)))

    def size(self, story: str) -> tuple[int, int]:
        """How many articles it has, and their bytes together."""
        return _size(self._database.fetch, story)

    def article(self, story: str, name: str) -> Article:
        """One article as it was sent."""
        self.get(story)
        sql = "SELECT name, kind, given FROM story_articles WHERE story = ? AND name = ?"
        rows = self._database.fetch(sql, (story, name))
        if not rows:
            raise _no_article(name)
        return Article(rows[0][0], rows[0][1], bytes(rows[0][2]))

    def whole(self, story: str) -> Whole | None:
        """The story and all its articles at one moment; None where it is gone."""
        with self._database.snapshot() as run:
            rows = run(f"{_STORY} WHERE id = ?", (story,))
            if not rows:
                return None
            articles = run("SELECT name, kind, given FROM story_articles WHERE story = ? ORDER BY name", (story,))
        return Whole(_story(rows[0]), tuple(Article(name, kind, bytes(given)) for name, kind, given in articles))

    # ---- changing

    def create(
        self, story: str, *, language: str = "", about: str = "", articles: Sequence[Article] = (), only_new: bool
    ) -> tuple[bool, Story]:
        """Makes a story, or (unless `only_new`) changes its settings; whether it is new, and the story.

        Articles given are added to a new story; to one that is there they are put.
        """
        with self._database.writing() as run:
            rows = run(f"{_STORY} WHERE id = ?", (story,))
            if rows and only_new:
                raise Refused("story-exists", "choose another id, or change the story that is there with PUT")
            now = stamp()
            if not rows:
                self._check_new(run, story)
                run(
                    "INSERT INTO stories (id, made, changed, revision, language, about, overrides)"
                    " VALUES (?, ?, ?, 1, ?, ?, ?)",
                    (story, now, now, language, text_bytes(about), b""),
                )
            elif _story(rows[0]).language != language or _story(rows[0]).about != about:
                run(
                    "UPDATE stories SET language = ?, about = ?, changed = ?, revision = revision + 1 WHERE id = ?",
                    (language, text_bytes(about), now, story),
                )
            self._put(run, story, articles, replace=True)
            return not rows, _story(run(f"{_STORY} WHERE id = ?", (story,))[0])

    def put(self, story: str, articles: Sequence[Article], *, replace: bool) -> tuple[Put, ...]:
        """Keeps articles, all or none. One whose name is taken by another is refused, or (`replace`) corrected."""
        with self._database.writing() as run:
            self._there(run, story)
            return self._put(run, story, articles, replace=replace)

    def remove(self, story: str, name: str) -> None:
        """Takes an article out."""
        with self._database.writing() as run:
            self._there(run, story)
            gone = run("DELETE FROM story_articles WHERE story = ? AND name = ? RETURNING name", (story, name))
            if not gone:
                raise _no_article(name)
            _changed(run, story)

    def correct(self, story: str, overrides: str) -> None:
        """Keeps the text of a person's corrections; "" for none."""
        with self._database.writing() as run:
            self._there(run, story)
            held = bytes(run("SELECT overrides FROM stories WHERE id = ?", (story,))[0][0])
            if held != text_bytes(overrides):
                run("UPDATE stories SET overrides = ? WHERE id = ?", (text_bytes(overrides), story))
                _changed(run, story)

    def delete(self, story: str) -> None:
        """Removes a story with its articles, its ended jobs and every version of its brief.

        Texts and answers that nothing else rests on go with the next `summarise store gc`.
        """
        with self._database.writing() as run:
            self._there(run, story)
            if run("SELECT 1 FROM jobs WHERE story = ? AND state IN ('queued', 'running')", (story,)):
                raise Refused("story-busy", "cancel its jobs, or wait for them, and ask again")
            key = series_key(Series(story, ""))
            run("DELETE FROM job_events WHERE job IN (SELECT id FROM jobs WHERE story = ?)", (story,))
            for sql in (
                "DELETE FROM idempotency_keys WHERE job IN (SELECT id FROM jobs WHERE story = ?)",
                "DELETE FROM jobs WHERE story = ?",
                "DELETE FROM story_articles WHERE story = ?",
                "DELETE FROM stories WHERE id = ?",
            ):
                run(sql, (story,))
            run("DELETE FROM versions WHERE series = ?", (key,))
            run("DELETE FROM series WHERE key = ?", (key,))

    # ---- within a transaction

    def _put(self, run: Run, story: str, articles: Sequence[Article], *, replace: bool) -> tuple[Put, ...]:
        held = _held(run, story, [article.name for article in articles])
        done: list[Put] = []
        now = stamp()
        for article in articles:
            there, digest = held.get(article.name), article.hash
            entry = Entry(article.name, article.kind, digest, len(article.given), now)
            if there is not None and there.hash == digest:
                done.append(Put(there, "unchanged"))
                continue
            if there is not None and not replace:
                raise Refused("article-exists", "correct it with PUT, or give this one another name; nothing was added")
            run(
                "INSERT INTO story_articles (story, name, kind, hash, size, changed, given)"
                " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (story, name) DO UPDATE SET kind = excluded.kind,"
                " hash = excluded.hash, size = excluded.size, changed = excluded.changed, given = excluded.given",
                (story, entry.name, entry.kind, entry.hash, entry.size, now, article.given),
            )
            done.append(Put(entry, "corrected" if there else "added"))
        if any(put.outcome != "unchanged" for put in done):
            _changed(run, story)
            count, size = _size(run, story)
            if count > self._settings.max_articles:
                raise Refused("story-full", f"a story has at most {self._settings.max_articles:,} articles here")
            if size > self._settings.max_story_bytes:
                raise Refused("story-full", f"a story has at most {self._settings.max_story_bytes:,} bytes here")
        return tuple(done)

    def _check_new(self, run: Run, story: str) -> None:
        if run("SELECT 1 FROM series WHERE story = ? AND place <> ? LIMIT 1", (text_bytes(story), b"")):
            raise Refused("read-only-story", "a folder has a story of this id; choose another")
        if run("SELECT count(*) FROM stories")[0][0] >= self._settings.max_stories:
            raise Refused("story-full", f"this service keeps at most {self._settings.max_stories:,} stories")

    def _there(self, run: Run, story: str) -> None:
        if not run("SELECT 1 FROM stories WHERE id = ?", (story,)):
            _refuse(run, story)


def _refuse(run: Run, story: str) -> Story:
    if run("SELECT 1 FROM series WHERE story = ? LIMIT 1", (text_bytes(story),)):
        raise Refused("read-only-story", "its brief, changes and history can be read; it cannot be changed here")
    raise Refused("no-such-story", "make it with PUT, or see the list of stories")


def _story(row: Sequence[object]) -> Story:
    one, made, changed, revision, language, about, overrides = row
    text, said = bytes_text(about), bytes_text(overrides)  # type: ignore[arg-type]  # bytes, in either database
    return Story(str(one), str(made), str(changed), int(str(revision)), str(language), text, said)


def _held(run: Run, story: str, names: Iterable[str]) -> dict[str, Entry]:
    found: dict[str, Entry] = {}
    for some in chunks(list(dict.fromkeys(names))):
        sql = f"SELECT {_ENTRY} FROM story_articles WHERE story = ? AND name IN ({marks(some)})"
        found.update((row[0], Entry(*row)) for row in run(sql, (story, *some)))
    return found


def _size(run: Run, story: str) -> tuple[int, int]:
    sql = "SELECT count(*), coalesce(sum(size), 0) FROM story_articles WHERE story = ?"
    count, size = run(sql, (story,))[0]
    return int(count), int(size)


def _changed(run: Run, story: str) -> None:
    run("UPDATE stories SET revision = revision + 1, changed = ? WHERE id = ?", (stamp(), story))


def _no_article(name: str) -> Refused:
    return Refused("no-such-article", "see the list of its articles")
