"""Web pages: what a reader sees of the article, and what the page says about it.

trafilatura finds the body. Before it, what the page hides from a reader is taken out, for hidden words are a way to
slip something to a machine; after it, where it finds nothing or the page is too large for it, the page is read as its
plain text would be.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from summarise.loading import clean, dates, hidden, metadata, plain
from summarise.loading.document import Document, Facts, UnreadableError

if TYPE_CHECKING:
    from lxml.html import HtmlElement  # type: ignore[import-untyped]

MOST_ELEMENTS = 30_000
"""Elements of a page above which it is read as plain text; trafilatura's time grows faster than the page."""

MOST_PAGE = 60_000
"""Elements above which a page is no article; live blogs of a whole day have a third of that."""

MOST_ATTRIBUTES = 2_000
"""Attributes of one element above which its page is not parsed: the parser compares each with all before it."""

MOST_TEXT = 1_000_000
"""Code points of text above which the same is done."""

DEEPEST = 200
"""Nesting of elements above which the same is done; libraries walk a tree by recursion."""

FEWEST_WORDS = 20
"""Words of a body below which the page is read as plain text too, and the longer text is kept."""

_DECLARED = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?([\w.:-]{2,40})", re.IGNORECASE)
_LONG_TAG = re.compile(r"<[a-zA-Z][^<>]{8000,}")
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_PROLOGUE = re.compile(r"\s*(?:<\?xml[^>]*\?>\s*)+")
_SILENT = ("script", "style", "noscript", "template", "svg", "iframe", "object", "select", "head", "textarea", "canvas")
_BLOCKS_WRITTEN = """
address article aside blockquote br button caption dd details dialog div dl dt fieldset figcaption figure footer
form h1 h2 h3 h4 h5 h6 header hr label legend li main nav ol option p pre section summary table tbody td tfoot th
thead tr ul
"""
_BLOCKS = frozenset(_BLOCKS_WRITTEN.split())
_LINKED_DATE = re.compile(r'"datePublished"\s*:\s*"([^"]{4,40})"')
_DATE_PLACES = (
    "//meta[@property='article:published_time' or @property='og:article:published_time']/@content",
    "//*[@itemprop='datePublished']/@content|//*[@itemprop='datePublished']/@datetime",
    "//meta[@name='date' or @name='pubdate' or @name='publish-date' or @name='dc.date' or @name='DC.date.issued'"
    " or @name='parsely-pub-date' or @name='sailthru.date']/@content",
    "//time[@pubdate]/@datetime",
)


def file(content: bytes) -> Document:
    """The article of an HTML file; its encoding is UTF-8 if it can be, else what the page declares."""
    return page(_decoded(content))


def page(html: str) -> Document:
    """The article of a page. Raises `UnreadableError` where there is none."""
    tree = _tree(html)
    facts = _linked(tree)
    hidden.remove(tree)
    found = Document() if _is_huge(tree) else _extracted(tree)
    if sum(len(paragraph.split()) for paragraph in found.body) < FEWEST_WORDS:
        dumped = plain.text(_dumped(tree))
        if sum(map(len, dumped.body)) > sum(map(len, found.body)):
            found = Document(found.facts.or_else(dumped.facts), dumped.body)
    facts = _with_better_title(tree, facts.or_else(found.facts))
    if not any(found.body):
        raise UnreadableError("no article found in the page")
    return Document(facts, plain.without_title(found.body, facts.title))


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    declared = _DECLARED.search(content[:8192])
    if declared is not None:
        try:
            return content.decode(codecs.lookup(declared[1].decode("ascii")).name, "replace")
        except (LookupError, UnicodeDecodeError):
            pass
    return plain.decoded(content)


def _tree(html: str) -> HtmlElement:
    from lxml import etree  # type: ignore[import-untyped]
    from lxml.html import HTMLParser, document_fromstring

    text = _PROLOGUE.sub("", html.replace("\0", ""), count=1)
    if not text.strip():
        raise UnreadableError("no text in it")
    if text.count("<") > 4 * MOST_PAGE:  # before a tree is made of it
        raise UnreadableError(f"a page of more than {MOST_PAGE:,} elements, which is no article")
    for found in _LONG_TAG.finditer(text):
        if len(_QUOTED.sub("", found[0]).split()) > MOST_ATTRIBUTES:
            raise UnreadableError(f"an element with more than {MOST_ATTRIBUTES:,} attributes")
    try:
        tree = document_fromstring(text, parser=HTMLParser(remove_comments=True, remove_pis=True, huge_tree=True))
    except (etree.ParserError, etree.XMLSyntaxError) as error:
        raise UnreadableError("no web page, whatever its name says") from error
    if sum(1 for _ in tree.iter()) > MOST_PAGE:
        raise UnreadableError(f"a page of more than {MOST_PAGE:,} elements, which is no article")
    return tree


def _is_huge(tree: HtmlElement) -> bool:
    from lxml import etree

    elements = size = depth = deepest = 0
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        if event == "start":
            depth += 1
            deepest = max(deepest, depth)
            elements += 1
            size += len(element.text or "") + len(element.tail or "")
        else:
            depth -= 1
    return elements > MOST_ELEMENTS or size > MOST_TEXT or deepest > DEEPEST


def _extracted(tree: HtmlElement) -> Document:
    """What trafilatura finds; nothing where it finds nothing."""
    from copy import deepcopy

    import trafilatura

    found = trafilatura.bare_extraction(
        deepcopy(tree),
        fast=True,
        include_comments=False,
        with_metadata=True,
        date_extraction_params={"original_date": True, "extensive_search": False},
    )
    if not isinstance(found, trafilatura.settings.Document):
        return Document()
    facts = Facts(
        title=_line(found.title),
        outlet=metadata.outlet(_line(found.sitename)) or metadata.host(found.url or ""),
        author="; ".join(dict.fromkeys(part.strip() for part in _line(found.author).split(";") if part.strip())),
        published=metadata.iso_or_year(found.date or ""),
    )
    return Document(facts, tuple(clean.paragraphs(clean.lines_of(clean.visible(found.text or "")))))


def _line(value: str | None) -> str:
    return clean.folded(clean.visible(value or ""))


def _linked(tree: HtmlElement) -> Facts:
    """The date that the page states for machines, with its time of day, which trafilatura leaves out."""
    for script in tree.xpath("//script[@type='application/ld+json']"):
        match = _LINKED_DATE.search(script.text or "")
        if match is not None and (date := dates.iso(match[1])):
            return Facts(published=date)
    for place in _DATE_PLACES:
        for value in tree.xpath(place):
            if date := dates.iso(str(value)):
                return Facts(published=date)
    return Facts()


def _with_better_title(tree: HtmlElement, facts: Facts) -> Facts:
    """The headline as the page shows it: the stated title if a heading repeats it, without the site's name."""
    headings = {_line(element.text_content()) for element in tree.xpath("//h1")} - {""}
    for value in tree.xpath("//meta[@property='og:title']/@content"):
        for title in (_line(str(value)), _without_site(_line(str(value)), facts.outlet)):
            if title in headings:
                return replace(facts, title=title)
    shown = [heading for heading in headings if len(heading) >= 20 and facts.title.startswith(heading)]
    return replace(facts, title=max(shown, key=len) if shown else _without_site(facts.title, facts.outlet))


def _without_site(title: str, outlet: str) -> str:
    head, _, tail = re.sub(r"\s+[|–—-]\s+(?=[^|–—]*$)", "\n", title).rpartition("\n")
    letters = re.sub(r"\W", "", tail).casefold()
    return head if head and letters and letters == re.sub(r"\W", "", outlet).casefold() else title


def _dumped(tree: HtmlElement) -> str:
    """The visible text of a page, one block a line."""
    parts = list(_pieces(tree))
    lines = (clean.folded(line) for line in "".join(parts).split("\n"))
    return "\n".join(line for line in lines if line)


def _pieces(tree: HtmlElement) -> Iterator[str]:
    from lxml import etree

    silent = 0
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        tag = element.tag if isinstance(element.tag, str) else ""
        if event == "start":
            silent += tag in _SILENT
            if tag in _BLOCKS:
                yield "\n"
            if not silent:
                yield " ".join((element.text or "").splitlines())
            continue
        silent -= tag in _SILENT
        if tag in _BLOCKS:
            yield "\n"
        if not silent:
            yield " ".join((element.tail or "").splitlines())
