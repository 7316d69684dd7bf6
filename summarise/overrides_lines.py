"""Corrections put into their file and taken out of it by whole lines: everything else stays to the byte.

What comes of a change is read again, and refused where it is not what was meant.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

from summarise.errors import ConfigurationError
from summarise.loading.files import shown
from summarise.overrides import HEADER, MOST_BYTES, Join, Override, Overrides, Part, parsed

_LINE = re.compile("[^\n\r\x85\u2028\u2029]*(?:\r\n|[\n\r\x85\u2028\u2029]|\\Z)")  # as YAML counts them
_ESCAPED = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufffe\uffff]"
)


def with_added(text: str, said: Override, path: Path) -> str:
    """The text of the file with one more correction at its end. Raises `ConfigurationError` where it has no place."""
    before = parsed(text, path)
    newline = "\r\n" if "\r\n" in text else "\n"
    indent = _indent(text, before)
    if not text.strip():
        text = HEADER + newline
    elif not text.endswith("\n"):
        text += newline
    added = text + "".join(indent + line + newline for line in _block(said))
    return _as_meant(added, (*before.entries, said), path, f"add to it by hand: {' '.join(_block(said))}")


def without(text: str, number: int, path: Path) -> str:
    """The text of the file without its correction `number` (from 1); all other lines stay as they are."""
    before = parsed(text, path)
    if not 1 <= number <= len(before.entries):
        have = f"there are 1 to {len(before.entries)}" if before.entries else "there are none"
        raise ConfigurationError(f"{shown(str(path))}: there is no correction {number}; {have}")
    place = before.places[number - 1]
    lines = _LINE.findall(text)
    kept = "".join(lines[: place.first - 1] + lines[place.last :])
    rest = before.entries[: number - 1] + before.entries[number:]
    return _as_meant(kept, rest, path, f"take lines {place.first} to {place.last} out by hand")


def _as_meant(text: str, meant: tuple[Override, ...], path: Path, remedy: str) -> str:
    """The text, where reading it gives what is meant."""
    try:
        good = parsed(text, path).entries == meant and len(text.encode("utf-8", "surrogatepass")) <= MOST_BYTES
    except ConfigurationError:
        good = False
    if not good:
        raise ConfigurationError(f"{shown(str(path))}: cannot be changed by lines as it is laid out; {remedy}")
    return text


def _indent(text: str, before: Overrides) -> str:
    """What stands before the dash of the last correction."""
    if not before.places:
        return ""
    line: str = _LINE.findall(text)[before.places[-1].first - 1]
    return line[: len(line) - len(line.lstrip(" "))]


def _block(said: Override) -> list[str]:
    if isinstance(said, Join | Part):
        return [f"- {said.kind_}: [{', '.join(map(_quoted, said.names))}]"]
    return [f"- {said.kind_}:", *(f"    {name}: {_quoted(value)}" for name, value in said.fields().items())]


def _quoted(text: str) -> str:
    """A double-quoted scalar of YAML that gives the text back to the letter."""
    return _ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(text, ensure_ascii=False))
