"""Plain text and Markdown: bytes to characters, header and furniture off, facts found."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from summarise.loading import clean, furniture, metadata
from summarise.loading.document import Document, Facts, UnreadableError

MOST_TEXT = 1_200_000
"""Code points of a text above which it is no article; some 200,000 words."""

# No pattern may look far ahead from every place of a line, or a line of megabytes takes days.
_LINK = re.compile(r"\[([^\[\]\n]+)\]\((?:[^()\s]|\([^()\s]*\))*(?:\s+\"[^\"\n]*\")?\)")
_MARKS: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    (re.compile(r"!\[([^\[\]\n]*)\]\((?:[^()\n]|\([^()\n]*\))*\)"), ""),
    (_LINK, r"\1"),
    (re.compile(r"^[^\S\n]{0,3}#{1,6}[^\S\n]+(.*)$", re.M), lambda found: _without_hashes(found[1])),
    (re.compile(r"^\s{0,3}>\s?", re.M), ""),
    (re.compile(r"(?<![\w*\\])(\*\*|\*|__|_)(?=\S)([^*_\n]+?)(?<=\S)\1(?![\w*])"), r"\2"),
    (re.compile(r"^[^\S\n]{0,3}(?:[-*_][^\S\n]*){3,}$", re.M), ""),
    (re.compile(r"^[^\S\n]*```.*$", re.M), ""),
)
_HEADING = re.compile(r"^[^\S\n]{0,3}#[^\S\n]+(\S.*)$", re.MULTILINE)


_WESTERN = ("cp1252", "latin_1", "iso8859_15")
_ENCODINGS = [
    *_WESTERN,
    *(
        "cp1250",
        "iso8859_2",
        "cp1251",
        "koi8_r",
        "iso8859_5",
        "cp1253",
        "cp1254",
        "cp1255",
        "cp1256",
        "cp1257",
        "cp874",
    ),
    *("gb18030", "big5", "shift_jis", "euc_jp", "euc_kr", "utf_16", "utf_16_le", "utf_16_be"),
]
"""Encodings in which articles are found; given all it knows, charset-normalizer guesses rare ones for a few accents."""


def decoded(content: bytes) -> str:
    """Text of unknown encoding; raises `UnreadableError` for what is no text."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if content.startswith(mark):
            try:
                return content.decode(encoding)
            except UnicodeDecodeError:
                break
    if b"\0" in content[:8192]:
        raise UnreadableError("binary data, not a text")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        pass
    from charset_normalizer import from_bytes

    found = [match for match in from_bytes(content[:200_000], cp_isolation=_ENCODINGS) if match.chaos < 0.2]
    if not found:
        raise UnreadableError("its character encoding cannot be told; save it as UTF-8")
    likely = [match for match in found if match.coherence >= found[0].coherence - 0.1 and match.chaos < 0.02]
    western = [match for match in likely if match.encoding in _WESTERN]
    return content.decode((western or found)[0].encoding, "replace")


def blocks(content: str) -> list[str]:
    """The paragraphs of a text; of a careless copy of a page, its lines."""
    return clean.paragraphs(clean.lines_of(clean.visible(content)))


def text(content: str) -> Document:
    """A text file: an article as written, or a careless copy of a web page. Raises `UnreadableError`: too long."""
    if len(content) > MOST_TEXT:
        raise UnreadableError(f"more than {MOST_TEXT:,} characters, which is no article; divide it")
    headed = metadata.header_block(content)
    lines = blocks(headed.rest)
    kept = furniture.kept(lines)
    found = metadata.around(lines, kept.body)
    if kept.headline >= 0 and headed.facts.title in ("", lines[kept.headline]):
        found = replace(found, title=lines[kept.headline])
        shown = kept.body
    else:  # a header's title is the title; a headline of its own stays in the text
        shown = tuple(sorted({*kept.body, kept.headline} - {-1}))
    facts = headed.facts.or_else(found)
    return Document(facts, without_title([lines[index] for index in shown], facts.title))


def markdown(content: str) -> Document:
    """Markdown: its marks go, its words stay."""
    if len(content) > MOST_TEXT:
        return text(content)  # which says so
    fronted = metadata.front_matter(content)
    heading = _HEADING.search(fronted.rest)
    plain = fronted.rest
    for mark, instead in _MARKS:
        plain = mark.sub(instead, plain)
    plain = _without_comments(plain)
    document = text(plain)
    named = Facts(title=clean.folded(_LINK.sub(r"\1", _without_hashes(heading[1]))) if heading else "")
    facts = fronted.facts.or_else(named).or_else(document.facts)
    body = document.body
    if document.facts.title and document.facts.title != facts.title:
        body = (document.facts.title, *body)
    return Document(facts, without_title(body, facts.title))


def _without_hashes(heading: str) -> str:
    return heading.rstrip().rstrip("#").rstrip()


def _without_comments(text: str) -> str:
    kept, at = [], 0
    while (start := text.find("<!--", at)) >= 0 and (end := text.find("-->", start + 4)) >= 0:
        kept.append(text[at:start])
        at = end + 3
    return "".join([*kept, text[at:]])


def without_title(body: list[str] | tuple[str, ...], title: str) -> tuple[str, ...]:
    """The body without a copy of the title at its top; `Article.text` begins with the title once."""
    wanted = clean.folded(title).casefold()
    for index, paragraph in enumerate(body[:3]):
        if wanted and paragraph.casefold() == wanted:
            return (*body[:index], *body[index + 1 :])
    return tuple(body)
