"""Names of stories as names of folders: safe on every file system, and no two the same on any."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable

from summarise.many.report_file import REPORT

LONGEST = 120
"""Bytes of a name that is taken as it is."""

_SHORTENED = 60  # characters that are kept of one that is not
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?", re.IGNORECASE)  # devices, on Windows
_UNSAFE = re.compile(r'[<>:"/\\|?*]|^[.~#]|[. ~#]$|^ ')


def folder_names(stories: Iterable[str]) -> dict[str, str]:
    """A folder's name for every story: its own where that is safe, else its letters and a hash of it.

    Names that a file system may hold to be the same (by case, or another form of the same letters) all get a hash, so
    that none depends on which came first.
    """
    given = list(dict.fromkeys(stories))
    names = {story: _as_it_is(story) or _with_hash(story) for story in given}
    while True:
        count = Counter(map(_folded, names.values()))
        same = [story for story, name in names.items() if count[_folded(name)] > 1 and name != _with_hash(story)]
        if not same:
            return names
        names |= {story: _with_hash(story) for story in same}


def _as_it_is(story: str) -> str | None:
    name = unicodedata.normalize("NFC", story)
    if _UNSAFE.search(name) or _RESERVED.fullmatch(name) or not name.isprintable():
        return None
    return name if 0 < len(name.encode()) <= LONGEST and _folded(name) != _folded(REPORT) else None


def _with_hash(story: str) -> str:
    letters = re.sub(r"[^\w-]+", "-", unicodedata.normalize("NFC", story)).strip("-_")
    kept = letters.encode("utf-8", "ignore").decode()[:_SHORTENED].rstrip("-_")
    return f"{kept or 'story'}-{hashlib.sha256(story.encode('utf-8', 'surrogatepass')).hexdigest()[:10]}"


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
