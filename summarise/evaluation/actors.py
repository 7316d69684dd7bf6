"""Whom of the reference each actor of a brief is: names decide, as sets of words.

A name that two reference actors share tells neither from the other. An actor with none of the reference's names may
still be meant by one that contains, or is contained in, one of its own: enough for its positions, not to be found.
"""

from __future__ import annotations

from collections.abc import Sequence

from summarise.contract import Actor
from summarise.evaluation.articles import name_words
from summarise.evaluation.figures import ActorFigures, ratio
from summarise.evaluation.matching import assign, must_first
from summarise.evaluation.reference import ReferenceActor

STANDS_FOR = 2
"""Reference actors that one actor may stand for."""

Name = frozenset[str]


def _names(names: Sequence[str]) -> frozenset[Name]:
    return frozenset(words for words in map(name_words, names) if words)


class Cast:
    """The actors of a brief beside those of a reference."""

    def __init__(self, actors: Sequence[Actor], known: Sequence[ReferenceActor]) -> None:
        self._count = len(actors)
        self._known = known
        self._all_names = {one.id: _names(one.names) for one in known}
        own = {
            one: names.difference(*(others for other, others in self._all_names.items() if other != one))
            for one, names in self._all_names.items()
        }
        self._given: dict[str, frozenset[Name]] = {}
        for actor in actors:
            before = self._given.get(actor.id, frozenset())
            self._given[actor.id] = before | _names((actor.name, *actor.aliases))
        self._named = {actor: _by_shared_names(given, own) for actor, given in self._given.items()}

    def figures(self) -> ActorFigures:
        reference = [self._known[n].id for n in must_first(self._known)]
        found = assign({
            one: [actor for actor, named in self._named.items() if one in named[:STANDS_FOR]] for one in reference
        })  # fmt: skip
        must = [one.id for one in self._known if one.need == "must"]
        any_name = frozenset[Name]().union(*self._all_names.values())
        return ActorFigures(
            predicted=self._count,
            recall=ratio(sum(one in found for one in must), len(must)),
            precision=ratio(len(found), self._count),
            split=sum(sum(one in named for named in self._named.values()) > 1 for one in reference),
            merged=sum(len(named) > 1 for named in self._named.values()),
            unknown=sum(not given & any_name for given in self._given.values()),
        )

    def stands_for(self, actor: str) -> list[str]:
        """Ids of the reference actors that this actor's positions may be those of; none where it is unclear."""
        if named := self._named.get(actor):
            return named[:STANDS_FOR]
        shared = {one: self._words_shared(actor, names) for one, names in self._all_names.items()}
        most = max(shared.values(), default=0)
        closest = [one for one, words in shared.items() if words == most > 0]
        return closest if len(closest) <= STANDS_FOR else []

    def _words_shared(self, actor: str, names: frozenset[Name]) -> int:
        """Of the pairs of names one of which contains the other, the most words shared."""
        given = self._given.get(actor, frozenset())
        return max(
            (len(mine & other) for mine in given for other in names if mine <= other or other <= mine), default=0
        )


def _by_shared_names(given: frozenset[Name], own: dict[str, frozenset[Name]]) -> list[str]:
    """The reference actors that share a name, most names first."""
    shared = {one: len(given & names) for one, names in own.items()}
    return sorted((one for one, number in shared.items() if number), key=lambda one: -shared[one])
