"""Joining things that are the same, with the reason of every join."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True)
class Joined(Generic[K]):
    """Two things were joined, and why."""

    one: K
    other: K
    reason: str


class Unions(Generic[K]):
    """Disjoint sets over things given in a canonical order; a set is named by its canonically first member."""

    def __init__(self, things: list[K]) -> None:
        self._order = {thing: n for n, thing in enumerate(things)}
        self._parent = {thing: thing for thing in things}
        self.joins: list[Joined[K]] = []

    def find(self, thing: K) -> K:
        """The canonically first member of the thing's set."""
        while self._parent[thing] != thing:
            self._parent[thing] = self._parent[self._parent[thing]]
            thing = self._parent[thing]
        return thing

    def join(self, one: K, other: K, reason: str) -> None:
        """Make one set of two."""
        first, second = sorted((self.find(one), self.find(other)), key=self._order.__getitem__)
        if first != second:
            self._parent[second] = first
            self.joins.append(Joined(one, other, reason))

    def sets(self) -> list[list[K]]:
        """All sets, in the order of their first members; members in order."""
        found: dict[K, list[K]] = {}
        for thing in self._order:
            found.setdefault(self.find(thing), []).append(thing)
        return list(found.values())
