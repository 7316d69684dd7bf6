"""The articles as a brief and a reference are compared on them: folded text by file name, and its sentences.

Folding makes alike what typography changes and nothing else, so that a quotation from a cleaned text still stands in
the file it was cleaned from. All positions are in folded text.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from functools import lru_cache
from pathlib import Path

from summarise.errors import InputError

_UNSEEN = dict.fromkeys([0xAD, *range(0x200B, 0x2010), 0x2060, 0xFEFF])
_TYPOGRAPHY: dict[int, str | None] = {
    **_UNSEEN,
    **dict.fromkeys(map(ord, "‘’‛ʼ`´"), "'"),
    **dict.fromkeys(map(ord, "“”„«»"), '"'),
    **dict.fromkeys(range(0x2010, 0x2016), "-"),
}

# A word, its full stop with closing marks, a space: a sentence's end, but not after an initial or a form of address.
_STOP = re.compile(r"""(?<!\w)(?P<word>\w*+)[.!?]["')]* """)
_ABBREVIATED = {"mr", "ms", "mrs", "dr"}

_DOTTED_LETTER = re.compile(r"\b(\w)\.(?=\w\b)")
_NAME_WORD = re.compile(r"[\w'-]+")
_NO_PART_OF_A_NAME = {"the", "a", "an", "of", "mr", "mrs", "ms"}


@lru_cache(maxsize=65536)
def folded(text: str) -> str:
    """`text` without differences of case, spacing, quotation marks, dashes, compatibility forms, unseen characters."""
    plain = unicodedata.normalize("NFKC", text).translate(_TYPOGRAPHY)
    return re.sub(r"\s+", " ", plain).strip().casefold()


@lru_cache(maxsize=65536)
def name_words(name: str) -> frozenset[str]:
    """The words of a name, folded, without accents, articles and forms of address; "U.S." is "us".

    Two names are the same where their words are: order does not count.
    """
    decomposed = unicodedata.normalize("NFKD", folded(name))
    plain = "".join(c for c in decomposed if not unicodedata.combining(c))
    words = _NAME_WORD.findall(_DOTTED_LETTER.sub(r"\1", plain))
    return frozenset(word.removesuffix("'s") for word in words if word not in _NO_PART_OF_A_NAME)


class Articles:
    """The files of a folder, JSON files aside, by name. Bytes that are not UTF-8 count as U+FFFD."""

    def __init__(self, raw: dict[str, str]) -> None:
        self._raw = raw
        self._text = {name: folded(text) for name, text in raw.items()}
        self._bounds = {name: [0, *_sentence_ends(text), len(text)] for name, text in self._text.items()}
        self._found: dict[tuple[str, str], tuple[range, ...]] = {}

    @classmethod
    def of(cls, folder: Path) -> Articles:
        """Reads a folder. Raises InputError where there is none, or it has no file."""
        try:
            paths = sorted(path for path in folder.iterdir() if path.is_file() and path.suffix != ".json")
            # As bytes: offsets of a reference count every character of the file, carriage returns too.
            raw = {path.name: path.read_bytes().decode("utf-8", errors="replace") for path in paths}
        except OSError as error:
            raise InputError(f"{folder}: cannot be read ({error.strerror}); name the folder of the articles") from None
        if not raw:
            raise InputError(f"{folder}: there are no articles in it; name the folder of the articles")
        return cls(raw)

    def __contains__(self, name: str) -> bool:
        return name in self._raw

    def cut(self, name: str, start: int, end: int) -> str:
        """`start` to `end` of a file as it lies on the disk; "" where there is no such file."""
        return self._raw.get(name, "")[start:end]

    def places(self, name: str, quote: str) -> tuple[range, ...]:
        """Every place of the article where `quote` stands, overlapping ones too; none for an unknown article."""
        key = (name, quote)
        if key not in self._found:
            self._found[key] = tuple(_all_of(folded(quote), self._text.get(name, "")))
        return self._found[key]

    def sentences_around(self, name: str, place: range) -> range:
        """`place` widened to whole sentences."""
        bounds = self._bounds[name]
        return range(bounds[bisect_right(bounds, place.start) - 1], bounds[bisect_left(bounds, place.stop)])


def _sentence_ends(text: str) -> list[int]:
    stops = ((found["word"], found.end()) for found in _STOP.finditer(text))
    return [end for word, end in stops if len(word) != 1 and word not in _ABBREVIATED]


def _all_of(quote: str, text: str) -> list[range]:
    found: list[range] = []
    at = text.find(quote) if quote else -1
    while at >= 0:
        found.append(range(at, at + len(quote)))
        at = text.find(quote, at + 1)
    return found
