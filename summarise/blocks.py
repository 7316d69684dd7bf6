"""Parts of a story's records, cut by their content, so that a new record changes only the part it falls into.

Cutting a sorted list every hundred entries would move every later boundary when one entry arrives. Here a list that is
too long for one part is cut before the entry with the smallest hash, and its halves again (the shape of a treap:
Seidel and Aragon, 1996). Where a cut falls depends on the entries' own hashes, so the parts before and after a new
entry stay what they were, and so do the questions asked about them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import TypeVar

U = TypeVar("U")

LARGEST = 8_000
"""Tokens of a part: what a story of five to ten articles needs at once, and a model reads with care."""


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
    """Cut units (each stays whole) into parts of at most `largest` tokens, sorted by `key`.

    Only a unit that is heavier alone makes a heavier part. A unit more or less changes its own part, now and then a
    neighbour, and rarely more.
    """
    ordered = sorted(units, key=key)
    if not ordered:
        return []
    weights = [weight(unit) for unit in ordered]
    hashes = [chance(key(unit)) for unit in ordered]
    cut: list[list[U]] = []
    waiting = [(0, len(ordered))]
    while waiting:
        start, end = waiting.pop()
        if end - start == 1 or sum(weights[start:end]) <= largest:
            cut.append(ordered[start:end])
            continue
        at = min(range(start + 1, end), key=hashes.__getitem__)
        waiting += [(at, end), (start, at)]
    return cut
