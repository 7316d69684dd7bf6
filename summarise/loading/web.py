"""Web pages: what a reader sees of the article, and what the page says about it."""

from __future__ import annotations

from summarise.loading import clean, plain
from summarise.loading.document import Document, Facts, Unreadable


def file(content: bytes) -> Document:
    """An HTML file of unknown encoding."""
    import trafilatura
    html = content.decode("utf-8", "replace")
    return page(html)


def page(html: str) -> Document:
    """A page's article."""
    import trafilatura
    d = trafilatura.bare_extraction(html, include_comments=False, favor_precision=False, with_metadata=True)
    if d is None or not d.text:
        raise Unreadable("no article found in the page")
    facts = Facts(title=d.title or "", outlet=d.sitename or "", author=d.author or "", published=d.date or "")
    body = clean.paragraphs(clean.lines_of(clean.visible(d.text)))
    return Document(facts, plain.without_title(body, facts.title))
