"""One file, or one text in memory, to the article in it."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from summarise.article import Article
from summarise.loading import clean, files, formats, language, metadata, plain
from summarise.loading.document import Document, Facts, UnreadableError
from summarise.loading.given import ArticleText
from summarise.sentences import number


def article_of(raw: files.Raw) -> Article:
    """The article in a file, or the entry that says why there is none."""
    if raw.reason:
        return Article(id=_unread_id(raw.path), path=raw.path, sha256="", status="unreadable", reason=raw.reason)
    digest = hashlib.sha256(raw.content).hexdigest()
    if not raw.content.strip():
        return _without_text(raw.path, digest)
    try:
        document = formats.read(raw.path, raw.content)
    except UnreadableError as error:
        reason = str(error)
        return Article(id=_unread_id(raw.path), path=raw.path, sha256=digest, status="unreadable", reason=reason)
    return _built(raw.path, digest, document)


def _without_text(path: str, digest: str) -> Article:
    return Article(id=_unread_id(path), path=path, sha256=digest, status="empty", reason="no text in it")


def _built(path: str, digest: str, document: Document) -> Article:
    facts = metadata.bounded(document.facts)
    text = clean.joined([document.facts.title, *document.body])
    if not any(char.isalnum() for char in "".join(document.body)):
        return _without_text(path or f"{article_id(text)}.txt", digest)
    spoken = language.of(text)
    return Article(
        id=article_id(text),
        path=path or f"{article_id(text)}.txt",
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


def _unread_id(path: str) -> str:
    """The id of a file without a text: no text is like it, for none holds NUL."""
    return article_id(f"file:\0{path}")


def article_id(text: str) -> str:
    """The id of the article with this text."""
    return "a-" + hashlib.sha256(text.encode("utf-8")).hexdigest()[:16]


def article_from(item: ArticleText) -> Article:
    """The article in a text in memory."""
    digest = hashlib.sha256(item.text.encode("utf-8", "replace")).hexdigest()
    path = files.shown(item.path)
    try:
        document = plain.text(item.text)
    except UnreadableError as error:
        name = path or f"a-{digest[:16]}.txt"
        return Article(id=article_id(f"file:{name}"), path=name, sha256=digest, status="unreadable", reason=str(error))
    given = Facts(
        title=clean.folded(clean.visible(item.title)),
        outlet=clean.folded(clean.visible(item.outlet)),
        author=clean.folded(clean.visible(item.author)),
        published=metadata.iso_or_year(item.published),
    )
    if given.title and document.facts.title not in ("", given.title):
        document = replace(document, body=(document.facts.title, *document.body))
    body = plain.without_title(document.body, given.title)
    return _built(path, digest, Document(given.or_else(document.facts), body))
