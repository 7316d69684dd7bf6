"""A folder, some files or some texts, to articles: every one accounted for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Protocol

from summarise.article import Article
from summarise.errors import InputError
from summarise.loading import files
from summarise.loading.document import Facts
from summarise.loading.given import ArticleFile, ArticleText

MOST_BYTES = 5_000_000
"""Size of a file, in bytes, above which it is reported and not read."""


class Shelf(Protocol):
    """Where articles stay once they have been read: cleaning a page takes far longer than looking it up."""

    def get(self, keys: Sequence[str]) -> Mapping[str, Article]:
        """Those that are there, by key."""
        ...

    def put(self, articles: Mapping[str, Article]) -> Mapping[str, Article]:
        """Keeps them, and gives them as they will be got."""
        ...


@dataclass(frozen=True)
class Found:
    """What was given, as bytes: files in the order of their paths, and articles that were texts in memory."""

    files: tuple[files.Raw, ...]
    texts: tuple[Article, ...] = ()

    def __len__(self) -> int:
        return len(self.files) + len(self.texts)

    def marks(self) -> list[tuple[str, ...]]:
        """Of each, all that says which article it is: what has the same marks is read as the same articles."""
        facts = ("title", "outlet", "author", "published", "reason")
        given = [("text", a.path, a.id, a.sha256, *(str(getattr(a, fact)) for fact in facts)) for a in self.texts]
        return [("file", raw.path, "" if raw.reason else raw.digest, raw.reason) for raw in self.files] + given

    def articles(self, shelf: Shelf | None = None) -> tuple[Article, ...]:
        """The articles in them, by path; what is on the `shelf` is not cleaned again."""
        read = _all(self.files, shelf)
        return _told_apart(sorted([*self.texts, *read], key=lambda a: a.path) if self.texts else read)


def load_folder(
    folder: Path, *, skip: Path | None = None, max_bytes: int = MOST_BYTES, shelf: Shelf | None = None
) -> tuple[Article, ...]:
    """Every file below `folder`, in the order of the paths, as an article with its status and reason.

    `skip` is a folder below it that is never read (the output); what is on the `shelf` is not cleaned again. Hidden
    files, editors' leftovers, `overrides.yaml` and what this program has written are passed over without mention.
    Raises `InputError` for a folder that is missing, is none, may not be listed, or holds no file.
    """
    return found_in_folder(folder, skip=skip, max_bytes=max_bytes).articles(shelf)


def found_in_folder(folder: Path, *, skip: Path | None = None, max_bytes: int = MOST_BYTES) -> Found:
    """The files that `load_folder` reads; raises what it raises."""
    raws = files.walk(folder, skip=skip, max_bytes=max_bytes)
    if not raws:
        raise InputError(f"no files in {files.shown(str(folder))}; put the articles there")
    return Found(raws)


def load_files(
    paths: Sequence[Path], *, max_bytes: int = MOST_BYTES, shelf: Shelf | None = None
) -> tuple[Article, ...]:
    """These files, in the order of their names, as `load_folder` would read them.

    A link given by name is followed. `path` is the file's name, or the whole path where two have the same name.
    Raises `InputError` where one does not exist.
    """
    return found_files(paths, max_bytes=max_bytes).articles(shelf)


def found_files(paths: Sequence[Path], *, max_bytes: int = MOST_BYTES) -> Found:
    """The files that `load_files` reads; raises what it raises."""
    if not paths:
        raise InputError("no files given; name at least one article")
    names = Counter(path.name for path in paths)
    raws = []
    for path in dict.fromkeys(paths):
        label = files.shown(path.name if names[path.name] == 1 else path.as_posix())
        try:
            target = path.resolve(strict=True)
        except (OSError, RuntimeError, ValueError):
            raise InputError(f"no such file: {files.shown(str(path))}; check the path") from None
        raws.append(files.read(target, label, max_bytes))
    return Found(tuple(sorted(raws, key=lambda raw: raw.path)))


def load_texts(
    items: Sequence[ArticleText | ArticleFile], *, max_bytes: int = MOST_BYTES, shelf: Shelf | None = None
) -> tuple[Article, ...]:
    """Articles in memory, read as files with the same content would be; facts given beside a text come first."""
    return found_texts(items, max_bytes=max_bytes).articles(shelf)


def found_texts(items: Sequence[ArticleText | ArticleFile], *, max_bytes: int = MOST_BYTES) -> Found:
    """The texts and files that `load_texts` reads; raises what it raises."""
    if not items:
        raise InputError("no texts given; hand over at least one article")
    from summarise.loading.reading import article_from

    raws = [files.raw(item.path, item.content, max_bytes) for item in items if isinstance(item, ArticleFile)]
    return Found(
        tuple(sorted(raws, key=lambda raw: raw.path)),
        tuple(article_from(item) for item in items if isinstance(item, ArticleText)),
    )


def _all(raws: Sequence[files.Raw], shelf: Shelf | None) -> list[Article]:
    """The articles in these files; a file's content and kind say which article it is, whatever it is called."""
    if shelf is None:
        return [_read(raw) for raw in raws]
    keys = [_shelf_key(raw) for raw in raws]
    kept = dict(shelf.get([key for key in keys if key]))
    read = {n: _read(raw) for n, (key, raw) in enumerate(zip(keys, raws, strict=True)) if key not in kept}
    kept.update(shelf.put({keys[n]: article for n, article in read.items() if article.status == "used"}))
    return [
        kept[key].model_copy(update={"path": raw.path}) if key in kept else read[n]
        for n, (key, raw) in enumerate(zip(keys, raws, strict=True))
    ]


def _read(raw: files.Raw) -> Article:
    from summarise.loading.reading import article_of  # late: its libraries are slow to load, and most is on the shelf

    return article_of(raw)


def _shelf_key(raw: files.Raw) -> str:
    kind = PurePosixPath(raw.path).suffix.lower()
    return "" if raw.reason else f"{kind}\n{raw.digest}"


def _told_apart(articles: Iterable[Article]) -> tuple[Article, ...]:
    """Of articles with one text the first is used, with the facts that all of them state; the others name it."""
    articles = tuple(articles)
    copies: dict[str, list[Article]] = {}
    for article in articles:
        if article.status == "used":
            copies.setdefault(article.id, []).append(article)
    first: dict[str, str] = {}
    done: list[Article] = []
    for article in articles:
        if article.status == "used" and article.id in first:
            reason = f"the same text as {first[article.id]}"
            article = article.model_copy(
                update={"status": "duplicate", "reason": reason, "duplicate_of": article.id, "sentences": ()}
            )
        elif article.status == "used":
            first[article.id] = article.path
            article = _with_facts_of(article, copies[article.id])
        done.append(article)
    return tuple(done)


def _with_facts_of(article: Article, copies: Sequence[Article]) -> Article:
    """The article with title, outlet, author and date of its copies: earliest date first, gaps filled from the next.

    Chosen by what the copies say, never by their names, so that renaming a file changes nothing.
    """
    facts = Facts()
    for copy in sorted(copies, key=_by_content):
        facts = facts.or_else(Facts(copy.title, copy.outlet, copy.author, copy.published))
    dated = "stated" if facts.published else "unknown"
    return article.model_copy(
        update={
            **{"title": facts.title, "outlet": facts.outlet, "author": facts.author},
            **{"published": facts.published, "published_from": dated},
        }
    )


def _by_content(article: Article) -> tuple[bool, str, bool, str, str, str, str]:
    undated, unnamed = not article.published, not article.outlet
    return undated, article.published, unnamed, article.outlet, article.sha256, article.title, article.author
