"""Joining things that are the same, with the reason of every join."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True)
class Joined(Generic[K]):
    """Two things were joined, and why."""

    one: K
    other: K
    reason: str


@dataclass(frozen=True)
class Side:
    """One of the two sides of a parting: what stands on different sides of one is never joined."""

    parting: int
    first: bool

    @property
    def other(self) -> Side:
        """The side over there."""
        return Side(self.parting, not self.first)


class Unions(Generic[K]):
    """Disjoint sets over things given in a canonical order; a set is named by its canonically first member.

    `sides` tells on which sides of partings a thing stands; no set ever reaches over one.
    """

    def __init__(self, things: list[K], sides: Mapping[K, frozenset[Side]] | None = None) -> None:
        self._order = {thing: n for n, thing in enumerate(things)}
        self._parent = {thing: thing for thing in things}
        self._sides = dict(sides or {})
        self.joins: list[Joined[K]] = []

    def find(self, thing: K) -> K:
        """The canonically first member of the thing's set."""
        while self._parent[thing] != thing:
            self._parent[thing] = self._parent[self._parent[thing]]
            thing = self._parent[thing]
        return thing

    def joinable(self, things: Iterable[K]) -> bool:
        """Whether all of them could be one set."""
        sides = frozenset[Side]().union(*(self._sides.get(self.find(thing), frozenset()) for thing in things))
        return not any(side.other in sides for side in sides)

    def join(self, one: K, other: K, reason: str) -> bool:
        """Make one set of two; False where they stand on two sides of a parting."""
        first, second = sorted((self.find(one), self.find(other)), key=self._order.__getitem__)
        if first == second:
            return True
        if not self.joinable((first, second)):
            return False
        if others := self._sides.get(second):
            self._sides[first] = self._sides.get(first, frozenset()) | others
        self._parent[second] = first
        self.joins.append(Joined(one, other, reason))
        return True

    def sets(self) -> list[list[K]]:
        """All sets, in the order of their first members; members in order."""
        found: dict[K, list[K]] = {}
        for thing in self._order:
            found.setdefault(self.find(thing), []).append(thing)
        return list(found.values())
