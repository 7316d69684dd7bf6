"""Words that a text carries in another writing: base64, hexadecimal, percent signs, character references.

News has no use for them; whoever writes so writes for a program that will read it.
"""

from __future__ import annotations

import base64
import html
import re
import urllib.parse
from collections.abc import Iterator

SHORTEST = 16
"""Characters of a run below which nothing is looked for."""

_SHORTEST_TEXT = 8  # letters and spaces of what is taken for words
_SURELY = 24  # characters from which bytes that can be read are no accident

_RUN = re.compile(r"[A-Za-z0-9+/_-]{16,}")
_HEXADECIMAL = re.compile(r"(?:[0-9a-fA-F]{2}){12,}")
_PERCENT = re.compile(r"(?:%[0-9a-fA-F]{2}){6,}|(?:[\w.~-]*%[0-9a-fA-F]{2}){3,}[\w.~-]*")
_REFERENCES = re.compile(r"(?:&#(?:x[0-9a-fA-F]{1,5}|\d{1,6});){4,}")
_ESCAPES = re.compile(r"(?:\\(?:u00|x)[0-9a-fA-F]{2}){6,}")
_READABLE = re.compile(r"[\w\s.,;:!?'\"“”‘’()\[\]{}<>/@#$%&*+=_\-–—`~^|\\]*")
_PLAIN = re.compile(r"[^\W\d_]|\s")


def decoded(text: str) -> str:
    """What stands in `text` in another writing, in plain words; empty where nothing does."""
    if "%" not in text and "&#" not in text and "\\" not in text and not _has_long_run(text):
        return ""
    return " ".join(_found(text))


def _has_long_run(text: str) -> bool:
    return max(map(len, text.split()), default=0) >= SHORTEST


def _found(text: str) -> Iterator[str]:
    for run in _RUN.findall(text):
        yield from _of_base64(run)
    for run in _HEXADECIMAL.findall(text):
        yield from _if_words(_bytes_of(run))
    for run in _PERCENT.findall(text) if "%" in text else ():
        yield from _if_words(urllib.parse.unquote_to_bytes(run))
    for run in _REFERENCES.findall(text):
        yield from _if_words(html.unescape(run).encode("utf-8", "replace"))
    for run in _ESCAPES.findall(text):
        yield from _if_words(_bytes_of(re.sub(r"\\(?:u00|x)", "", run)))


def _of_base64(run: str) -> Iterator[str]:
    """The run, which may be a piece cut out of a longer one, so that its groups of four begin anywhere."""
    if run.islower() or run.isupper():
        return
    plain = run.replace("-", "+").replace("_", "/")
    for start in range(4):
        piece = plain[start:]
        content = base64.b64decode(piece[: len(piece) // 4 * 4] + _rest(piece[len(piece) // 4 * 4 :]))
        found = list(_if_words(content, loose=3))
        if found:
            yield from found
            return


def _rest(piece: str) -> str:
    """What stands behind the last group of four, as a group."""
    return piece + "=" * (4 - len(piece)) if len(piece) > 1 else ""


def _bytes_of(digits: str) -> bytes:
    return bytes.fromhex(digits[: len(digits) // 2 * 2])


def _if_words(content: bytes, *, loose: int = 0) -> Iterator[str]:
    """The bytes as text where they are readable; up to `loose` bytes at either end may belong to a broken character."""
    for cut in range(loose + 1):
        try:
            text = content[cut:].decode("utf-8")
        except UnicodeDecodeError as error:
            if error.start < len(content) - cut - loose:
                continue
            text = content[cut : cut + error.start].decode("utf-8")
        plain = len(_PLAIN.findall(text))
        share = 0.75 if len(text) < _SURELY else 0.4
        if plain >= _SHORTEST_TEXT and plain >= share * len(text) and _READABLE.fullmatch(text):
            yield text
            return
