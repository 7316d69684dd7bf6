"""File formats: which reader takes which file, and the readers of the optional ones.

A reader gets bytes and returns a `Document`; what it cannot read it refuses with `UnreadableError` and a plain reason.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import PurePosixPath

from summarise.loading import clean, plain, web
from summarise.loading.document import Document, Facts, UnreadableError

MOST_UNPACKED = 200_000_000
"""Bytes that a DOCX may unpack to; a few kilobytes can hold gigabytes of nothing."""

MOST_MARKUP = 10_000_000
"""Bytes of one of its parts in XML; a tree takes twenty times as much."""

MOST_BLOCKS = 20_000
"""Paragraphs and tables of a DOCX that are read; a longer one is no article."""

MOST_PARTS = 5_000
"""Lines of a mail that may each begin a part of it."""

MOST_PAGES = 500
"""Pages of a PDF that are read; a longer one is no article."""


def read(name: str, content: bytes) -> Document:
    """The document in a file of this name. Raises `UnreadableError`, whatever a parser trips over."""
    reader = _READERS.get(PurePosixPath(name).suffix.lower())
    if reader is None:
        raise UnreadableError("not a text format (known: " + " ".join(sorted(_READERS)) + ")")
    try:
        return reader(content)
    except UnreadableError:
        raise
    except ModuleNotFoundError as error:
        raise UnreadableError(f"the library {error.name} is missing; reinstall with: pip install summarise") from error
    except Exception as error:  # parsers of hostile files raise anything; one file must never lose the brief
        detail = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
        raise UnreadableError(f"damaged, or not what its name says ({clean.folded(detail)[:150]})") from error


def _text(content: bytes) -> Document:
    return plain.text(plain.decoded(content))


def _markdown(content: bytes) -> Document:
    return plain.markdown(plain.decoded(content))


def _pdf(content: bytes) -> Document:
    try:
        import pypdf
    except ModuleNotFoundError:
        raise UnreadableError("reading PDF needs an extra: pip install 'summarise[pdf]'") from None
    import logging

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # what is wrong with a file is said once, as its reason
    book = pypdf.PdfReader(io.BytesIO(content))
    if book.is_encrypted and not book.decrypt(""):
        raise UnreadableError("the PDF is protected by a password")
    if len(book.pages) > MOST_PAGES:
        raise UnreadableError(f"a PDF of more than {MOST_PAGES} pages")
    pages = [page.extract_text() for page in book.pages]
    lines = [
        line
        for page in _without_running_lines([clean.lines_of(clean.visible(page)) for page in pages])
        for line in page
    ]
    if not any(lines):
        raise UnreadableError("the PDF holds images of text only; run it through character recognition first")
    document = plain.text("\n".join(_printed_paragraphs(lines)))
    information = book.metadata
    stated = Facts(author=clean.folded(clean.visible((information.author if information else "") or "")))
    return Document(document.facts.or_else(stated), document.body)


def _without_running_lines(pages: list[list[str]]) -> list[list[str]]:
    """Pages without the header and footer that most of them share, page numbers aside."""
    if len(pages) < 3:
        return pages
    seen: dict[str, int] = {}
    for page in pages:
        for line in {re.sub(r"\d+", "0", line) for line in [*page[:2], *page[-2:]] if line}:
            seen[line] = seen.get(line, 0) + 1
    running = {line for line, count in seen.items() if count > len(pages) / 2}
    return [[line for line in page if re.sub(r"\d+", "0", line) not in running] for page in pages]


def _printed_paragraphs(lines: list[str]) -> list[str]:
    """Printed lines joined to paragraphs: one ends where a line is short or blank, or where a sentence ends early."""
    width = sorted(map(len, lines))[int(len(lines) * 0.9)] if lines else 0
    done: list[str] = []
    is_open = False
    for line in lines:
        if is_open and line:
            done[-1] += " " + line
        elif line:
            done.append(line)
        is_open = bool(line) and len(line) > 0.75 * width
    return done


def _docx(content: bytes) -> Document:
    try:
        import docx
    except ModuleNotFoundError:
        raise UnreadableError("reading DOCX needs an extra: pip install 'summarise[docx]'") from None
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        _check_unpacked(parts)
    document = docx.Document(io.BytesIO(content))
    lines: list[str] = []
    title = ""
    for number, block in enumerate(document.iter_inner_content()):
        if number >= MOST_BLOCKS:
            raise UnreadableError(f"a document of more than {MOST_BLOCKS:,} paragraphs, which is no article")
        if hasattr(block, "rows"):
            lines += [" | ".join(dict.fromkeys(cell.text for cell in row.cells)) for row in block.rows]
            continue
        lines.append(block.text)
        if not title and block.style is not None and block.style.name in ("Title", "Heading 1"):
            title = clean.folded(clean.visible(block.text))
    read = plain.text("\n".join(clean.folded(line) for line in lines))
    properties = document.core_properties
    stated = Facts(title=title).or_else(read.facts).or_else(Facts(author=properties.author or ""))
    body = read.body if read.facts.title in ("", stated.title) else (read.facts.title, *read.body)
    return Document(stated, plain.without_title(body, stated.title))


def _check_unpacked(parts: zipfile.ZipFile) -> None:
    """Refuses what unpacks to too much, whatever it says of its size; nothing of it is kept."""
    whole = 0
    for part in parts.infolist():
        most = MOST_MARKUP if part.filename.lower().endswith((".xml", ".rels")) else MOST_UNPACKED
        size = part.file_size
        if size <= most:
            with parts.open(part) as file:
                size = 0
                while (piece := len(file.read(1 << 20))) and size <= most:
                    size += piece
        whole += size
        if size > most or whole > MOST_UNPACKED:
            raise UnreadableError(f"unpacks to more than {most:,} bytes")


def _mail(content: bytes) -> Document:
    """A mail: its subject, sender and date; the plain part if there is one, else the HTML part."""
    import email
    import email.policy
    import email.utils

    if content.count(b"\n--") > MOST_PARTS:
        raise UnreadableError(f"a mail of more than {MOST_PARTS:,} parts")
    message = email.message_from_bytes(content, policy=email.policy.default)
    part = message.get_body(preferencelist=("plain", "html"))
    if part is None:
        raise UnreadableError("the mail has no text part")
    body = part.get_content()
    read = web.page(body) if part.get_content_type() == "text/html" else plain.text(body)
    name, address = email.utils.parseaddr(str(message.get("from", "")))
    sent = message.get("date")
    moment = getattr(sent, "datetime", None)
    stated = Facts(
        title=clean.folded(clean.visible(str(message.get("subject", "")))),
        outlet=clean.folded(clean.visible(name)) or address.rpartition("@")[2],
        published=moment.isoformat(timespec="minutes") if moment is not None else "",
    )
    body_lines = read.body if read.facts.title in ("", stated.title) else (read.facts.title, *read.body)
    return Document(stated.or_else(read.facts), plain.without_title(body_lines, stated.title))


_READERS: dict[str, Callable[[bytes], Document]] = {
    ".txt": _text,
    ".text": _text,
    ".md": _markdown,
    ".markdown": _markdown,
    ".html": web.file,
    ".htm": web.file,
    ".xhtml": web.file,
    ".pdf": _pdf,
    ".docx": _docx,
    ".eml": _mail,
}
