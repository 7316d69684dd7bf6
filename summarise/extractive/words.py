"""Word forms: content words of a text, light stems, and how much two texts share."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache

from summarise.extractive.tables import words as table
from summarise.names import place_of, plain

STOP = table(
    "a an the this that these those and or but nor so yet if then than as at by for from "
    "in into of off on onto out over per "
    "to toward towards under up upon via with within without about above across after against "
    "along among around before "
    "behind below beneath beside besides between beyond during except inside near since through throughout till until "
    "is are was were be been being am do does did done doing has have had having will would shall should can could may "
    "might must ought not no he she it they we you i him her them us me his hers its their "
    "theirs our ours your yours my "
    "mine himself herself itself themselves who whom whose which what when where why how there here all any both each "
    "few more most other some such only own same too very just also again further once ever never always often still "
    "already even much many one another either neither every because while although though however meanwhile therefore "
    "said say says saying told tell tells according added stated statement reported reportedly "
    "reports report mr mrs ms dr "
    "monday tuesday wednesday thursday friday saturday sunday today yesterday tomorrow week month year day days weeks "
    "months years ago last next new earlier later recently nearly almost least like well "
    "get got make made take taken took "
    "go going went come came way back down s t re ve ll d m"
)
_POSSESSIVE = re.compile(r"[’']s?$")
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_SUFFIXES = (
    ("ational", "at"),
    ("ization", "iz"),
    ("isation", "iz"),
    ("iveness", "iv"),
    ("fulness", "ful"),
    ("ations", ""),
    ("ation", ""),
    ("ments", ""),
    ("ment", ""),
    ("ingly", ""),
    ("ities", ""),
    ("ity", ""),
    ("ness", ""),
    ("ions", ""),
    ("ion", ""),
    ("ies", "y"),
    ("ing", ""),
    ("edly", ""),
    ("ed", ""),
    ("ally", "al"),
    ("ly", ""),
    ("ances", ""),
    ("ance", ""),
    ("ences", ""),
    ("ence", ""),
    ("ers", ""),
    ("er", ""),
    ("ors", ""),
    ("or", ""),
    ("ives", ""),
    ("ive", ""),
    ("es", ""),
    ("s", ""),
    ("al", ""),
    ("e", ""),
)


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """A crude stem: enough that "remove", "removal" and "removing" are one. A name of a country becomes the country."""
    text = plain(word).removesuffix("'s").replace("'", "")
    place = place_of(text)
    if place:
        return place
    for suffix, instead in _SUFFIXES:
        if text.endswith(suffix) and len(text) - len(suffix) >= 4 - (suffix in {"s", "e", "es", "ed", "ing"}):
            text = text[: -len(suffix)] + instead
            break
    if len(text) > 4 and text[-1] == text[-2] and text[-1] not in "ls":
        text = text[:-1]
    return text[:-1] + "i" if text.endswith("y") and len(text) > 3 else text


def owner(word: str) -> str:
    """The word without the ending of a possessive: "Lee" for "Lee’s", "drivers" for "drivers'"."""
    return _POSSESSIVE.sub("", word) if word.endswith(("s", "'", "’")) else word


def has_any(text: str, pieces: Iterable[str]) -> bool:
    """Whether one of the pieces stands in the text: quicker to see than that a pattern made of them matches nowhere."""
    return any(map(text.__contains__, pieces))


def tokens(text: str) -> list[str]:
    """Words in order, as written."""
    return _WORD.findall(text)


@lru_cache(maxsize=16384)
def content(text: str) -> frozenset[str]:
    """Stems of the words that carry the subject; numbers stay."""
    return frozenset(
        stem(w)
        for w in tokens(text)
        if w.casefold() not in STOP and plain(w).removesuffix("'s") not in STOP and len(w) > 1
    )


def weights(texts: Sequence[str]) -> dict[str, float]:
    """Inverse document frequency of each stem over these texts, at least 0.1."""
    count = Counter(s for text in texts for s in content(text))
    total = max(len(texts), 1)
    return {s: max(0.1, math.log((total + 1) / (n + 0.5))) for s, n in count.items()}


def overlap(a: Iterable[str], b: Iterable[str], weight: dict[str, float] | None = None) -> float:
    """Shared weight as a share of the lighter side, 0 to 1."""
    left, right = set(a), set(b)

    def heft(side: set[str]) -> float:
        return sum(weight.get(w, 1.0) for w in side) if weight is not None else float(len(side))

    least = min(heft(left), heft(right))
    return heft(left & right) / least if least else 0.0


def trim(text: str, limit: int = 300) -> str:
    """At most `limit` characters, cut at a word."""
    text = " ".join(text.split())
    return text if len(text) <= limit else text[: limit - 1].rsplit(" ", 1)[0].rstrip(",;:") + "…"
