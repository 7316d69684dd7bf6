"""The forms in which things are stored: JSON that every database holds, text as bytes, hashes with their algorithm."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import TypeVar

from summarise.store.database import Value
from summarise.store.records import Series

CHUNK = 500  # rows that one statement names; both databases take some 32,000 values

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")

T = TypeVar("T")


def json_text(text: str) -> str:
    """JSON as it is stored: to the letter, but lone surrogates and NUL written as escapes, which is the same JSON."""
    return _UNSTORABLE.sub(lambda found: f"\\u{ord(found.group()):04x}", text)


def label(text: str) -> str:
    """A short text that is only ever shown, with U+FFFD for what no database holds."""
    return _UNSTORABLE.sub("\ufffd", text)


def canonical(value: object) -> str:
    """A value as canonical JSON: sorted keys, nothing between, text readable."""
    return json_text(json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False))


def text_bytes(text: str) -> bytes:
    """Plain text as it is stored, every text that Python holds."""
    return text.encode("utf-8", "surrogatepass")


def bytes_text(raw: bytes) -> str:
    """The text of `text_bytes`; raises ValueError for bytes that are none."""
    return bytes(raw).decode("utf-8", "surrogatepass")


def hashed(content: str | bytes) -> str:
    """ "sha256:<hex>" of stored JSON or text."""
    return "sha256:" + hashlib.sha256(text_bytes(content) if isinstance(content, str) else content).hexdigest()


def series_key(series: Series) -> str:
    """Under which a series is stored."""
    return hashed(json.dumps([series.story, series.place]))  # ASCII, so that every name has a key


def stamp(when: datetime | None = None) -> str:
    """A moment (None: now) in ISO 8601, UTC, to the second: later ones sort after earlier ones."""
    return (when or datetime.now(UTC)).strftime("%Y-%m-%dT%H:%M:%SZ")


def marks(values: Sequence[Value]) -> str:
    """A question mark for each value."""
    return ", ".join("?" * len(values))


def chunks(items: Sequence[T], size: int = CHUNK) -> Iterator[Sequence[T]]:
    """The items in their order, `size` at a time."""
    return (items[start : start + size] for start in range(0, len(items), size))
