"""Each item finds one counterpart, so that saying a thing twice is not right twice."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Protocol, TypeVar

from summarise.evaluation.reference import Need

K = TypeVar("K", bound=Hashable)
O = TypeVar("O", bound=Hashable)  # noqa: E741 - keys and options


class _Needed(Protocol):
    @property
    def need(self) -> Need: ...


def must_first(items: Sequence[_Needed]) -> list[int]:
    """The places of all items in `items`, those that a brief must have before those that it may have."""
    return sorted(range(len(items)), key=lambda n: items[n].need != "must")


def assign(options: Mapping[K, Sequence[O]], *, room: int = 1) -> dict[K, O]:
    """The largest assignment of keys to one of their options each; an option takes at most `room` keys.

    A key once assigned stays assigned, so earlier keys come first; options are tried in their order. Augmenting paths
    (Kuhn, 1955): the depth of the recursion is at most the number of options.
    """
    holders: dict[O, list[K]] = {}

    def seat(key: K, tried: set[O]) -> bool:
        for option in options[key]:
            if option in tried:
                continue
            tried.add(option)
            seated = holders.setdefault(option, [])
            if len(seated) < room:
                seated.append(key)
                return True
            for place, other in enumerate(seated):
                if seat(other, tried):
                    seated[place] = key
                    return True
        return False

    for key in options:
        seat(key, set())
    return {key: option for option, keys in holders.items() for key in keys}
