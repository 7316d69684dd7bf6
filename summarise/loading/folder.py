"""A folder, some files or some texts, to articles: every one accounted for."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from summarise.article import Article
from summarise.errors import InputError
from summarise.loading import clean, files, formats, language, metadata, plain
from summarise.loading.document import Document, Facts, UnreadableError
from summarise.sentences import number

MOST_BYTES = 5_000_000
"""Size of a file, in bytes, above which it is reported and not read."""


class ArticleText(BaseModel):
    """An article in memory. `path` is the name it goes by; without one it is named after its text's hash."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: str
    path: str = ""
    title: str = ""
    outlet: str = ""
    author: str = ""
    published: str = Field(default="", description="ISO 8601, or a date as an article would write it")


def load_folder(folder: Path, *, skip: Path | None = None, max_bytes: int = MOST_BYTES) -> tuple[Article, ...]:
    """Every file below `folder`, in the order of the paths, as an article with its status and reason.

    `skip` is a folder below it that is never read (the output). Hidden files, editors' leftovers, `overrides.yaml`
    and what this program has written are passed over without mention. Raises `InputError` for a folder that is
    missing, is none, may not be listed, or holds no file.
    """
    raws = files.walk(folder, skip=skip, max_bytes=max_bytes)
    if not raws:
        raise InputError(f"no files in {files.shown(str(folder))}; put the articles there")
    return _told_apart(_article(raw) for raw in raws)


def load_files(paths: Sequence[Path], *, max_bytes: int = MOST_BYTES) -> tuple[Article, ...]:
    """These files, in the order of their names, as `load_folder` would read them.

    A link given by name is followed. `path` is the file's name, or the whole path where two have the same name.
    Raises `InputError` where one does not exist.
    """
    if not paths:
        raise InputError("no files given; name at least one article")
    names = [path.name for path in paths]
    raws = []
    for path in dict.fromkeys(paths):
        label = files.shown(path.name if names.count(path.name) == 1 else path.as_posix())
        try:
            target = path.resolve(strict=True)
        except (OSError, RuntimeError, ValueError):
            raise InputError(f"no such file: {files.shown(str(path))}; check the path") from None
        raws.append(files.read(target, label, max_bytes))
    return _told_apart(_article(raw) for raw in sorted(raws, key=lambda raw: raw.path))


def load_texts(items: Sequence[ArticleText]) -> tuple[Article, ...]:
    """Texts in memory, read as a text file with the same content would be; facts given beside a text come first."""
    if not items:
        raise InputError("no texts given; hand over at least one article")
    return _told_apart(sorted((_from_text(item) for item in items), key=lambda article: article.path))


def _from_text(item: ArticleText) -> Article:
    document = plain.text(item.text)
    given = Facts(
        title=clean.folded(clean.visible(item.title)),
        outlet=clean.folded(clean.visible(item.outlet)),
        author=clean.folded(clean.visible(item.author)),
        published=metadata.iso_or_year(item.published),
    )
    digest = hashlib.sha256(item.text.encode("utf-8", "replace")).hexdigest()
    path = files.shown(item.path)
    if given.title and document.facts.title not in ("", given.title):
        document = replace(document, body=(document.facts.title, *document.body))
    body = plain.without_title(document.body, given.title)
    return _built(path, digest, Document(given.or_else(document.facts), body))


def _article(raw: files.Raw) -> Article:
    """The article in a file, or the entry that says why there is none."""
    if raw.reason:
        return Article(id=_id(f"file:{raw.path}"), path=raw.path, sha256="", status="unreadable", reason=raw.reason)
    digest = hashlib.sha256(raw.content).hexdigest()
    if not raw.content.strip():
        return _without_text(raw.path, digest)
    try:
        document = formats.read(raw.path, raw.content)
    except UnreadableError as error:
        reason = str(error)
        return Article(id=_id(f"file:{raw.path}"), path=raw.path, sha256=digest, status="unreadable", reason=reason)
    return _built(raw.path, digest, document)


def _without_text(path: str, digest: str) -> Article:
    return Article(id=_id(f"file:{path}"), path=path, sha256=digest, status="empty", reason="no text in it")


def _built(path: str, digest: str, document: Document) -> Article:
    facts = metadata.bounded(document.facts)
    text = clean.joined([document.facts.title, *document.body])
    if not any(char.isalnum() for char in "".join(document.body)):
        return _without_text(path or f"{_id(text)}.txt", digest)
    spoken = language.of(text)
    return Article(
        id=_id(text),
        path=path or f"{_id(text)}.txt",
        sha256=digest,
        text=text,
        title=facts.title,
        outlet=facts.outlet,
        author=facts.author,
        published=facts.published,
        published_from="stated" if facts.published else "unknown",
        language=spoken,
        sentences=number(text, spoken),
    )


def _id(text: str) -> str:
    return "a-" + hashlib.sha256(text.encode("utf-8")).hexdigest()[:16]


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
