"""Parts of a story's records, cut by their content, so that a new record changes only the part it falls into.

Cutting a sorted list every hundred entries would move every later boundary when one entry arrives. Here an entry
decides by its own hash whether a part ends before it (content-defined chunking, as in rsync and LBFS: Muthitacharoen
et al., 2001), so the parts before and after it stay what they were, and so do the questions asked about them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import TypeVar

U = TypeVar("U")

SMALLEST, USUAL, LARGEST = 9_000, 14_000, 28_000  # tokens of a part: no cut before, the mean, always a cut after


def chance(key: str) -> float:
    """A number from 0 to 1 that depends on the text alone."""
    return int.from_bytes(hashlib.sha256(key.encode("utf-8", "surrogatepass")).digest()[:8], "big") / 2**64


def parts(
    units: Sequence[U],
    *,
    key: Callable[[U], str],
    weight: Callable[[U], int],
    largest: int = LARGEST,
) -> list[list[U]]:
    """Cut units (each stays whole) into parts; sorted by `key` before. `weight` and `largest` are tokens."""
    largest = max(1, largest)
    smallest, usual = min(SMALLEST, largest // 3), min(USUAL, largest // 2)
    cut: list[list[U]] = []
    current: list[U] = []
    total = 0
    for unit in sorted(units, key=key):
        heavy = weight(unit)
        ends = total >= smallest and chance(key(unit)) < heavy / max(1, usual - smallest)
        if current and (ends or total + heavy > largest):
            cut.append(current)
            current, total = [], 0
        current.append(unit)
        total += heavy
    if current:
        cut.append(current)
    return cut
