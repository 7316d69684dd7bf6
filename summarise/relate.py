"""Relate: which of the articles are about the story at all.

Articles that share names belong together without asking. Only one that shares few with the rest is asked about, by its
subject; when the reader does not answer, it stays.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from summarise.answers import Strangers
from summarise.asking import Desk, Line, all_of, weight
from summarise.blocks import parts
from summarise.names import fold
from summarise.reconcile.unions import Unions
from summarise.records import Noted, article_place

ENOUGH = 3  # people and bodies shared by two articles of one story; one president or a few countries prove nothing
_MOST = 0.5  # or that share of those of the article with fewer, two at least
_LOOKED_AT = 50  # members of a set that an article is compared with before those are sought that name whom it names
_SHOWN = 6  # subjects of the story that a question about a doubtful article shows


@dataclass(frozen=True)
class Related:
    """The notes that belong to the story, and for each other article (by id) what it is about instead."""

    notes: tuple[Noted, ...]
    strangers: dict[str, str]


@dataclass(frozen=True)
class _People:
    """Whom an article is about: the names of each person and body; governments, outlets, unnamed sources aside."""

    actors: tuple[frozenset[str], ...]

    def meet(self, other: _People) -> bool:
        """Whether two articles share so many that they need not be asked about."""
        names = frozenset[str]().union(*other.actors)
        shared = sum(bool(own & names) for own in self.actors)
        fewer = min(len(self.actors), len(other.actors))
        return shared >= ENOUGH or (shared > 1 and shared >= _MOST * fewer)


def _people(noted: Noted) -> _People:
    actors = [a for a in noted.note.actors if a.kind not in ("media", "government") and a.name[:1].isupper()]
    return _People(tuple(frozenset(fold(n) for n in (a.name, a.entity) if fold(n)) for a in actors))


def _together(notes: Sequence[Noted]) -> Unions[str]:
    """The articles (ids) in sets of those that are about one story, by whom they name.

    Of a set that an article has already met no other member is looked at, and of the others only those that share a
    name with it: articles of one story are few sets, those of many stories share few names.
    """
    people = [_people(n) for n in notes]
    ids = [n.article.id for n in notes]
    together = Unions(ids)
    members: dict[str, list[int]] = {}  # of each set, by its first member
    naming: dict[str, list[int]] = {}
    for at, mine in enumerate(people):
        names = frozenset[str]().union(*mine.actors)
        sharing: set[int] | None = None
        met: list[str] = []
        for first, held in members.items():
            for looked, other in enumerate(held):
                if looked == _LOOKED_AT:
                    break
                if people[other].meet(mine):
                    met.append(first)
                    break
            else:
                continue
            if met[-1:] != [first]:
                sharing = {n for name in names for n in naming.get(name, ())} if sharing is None else sharing
                if any(together.find(ids[n]) == first and people[n].meet(mine) for n in sharing):
                    met.append(first)
        joined = members.pop(met[0]) if met else []
        for first in met:
            together.join(first, ids[at], "shared names")
            joined.extend(members.pop(first, ()))
        joined.append(at)
        members[together.find(ids[at])] = joined
        for name in names:
            naming.setdefault(name, []).append(at)
    return together


async def related(notes: Sequence[Noted], desk: Desk) -> Related:
    """The notes without those of articles about another story."""
    ordered = sorted(notes, key=lambda n: article_place(n.article))
    clean = [n for n in ordered if not n.flagged]  # what talks to a machine neither makes the story nor is asked about
    together = _together(clean)
    core: set[str] = set()
    for group in together.sets():  # of several as large, the canonically first
        core = set(group) if len(group) > len(core) else core
    doubtful = [n for n in clean if n.article.id not in core]
    if not doubtful:
        return Related(tuple(notes), {})

    story = [Line("story", n.note.subject) for n in clean if n.article.id in core][:_SHOWN]
    strangers: dict[str, str] = {}

    async def ask(block: Sequence[Noted]) -> None:
        lines = [*story, *(Line("doubtful", n.note.subject) for n in block)]
        answer = await desk.records(
            "related",
            "which articles are about another story",
            lines,
            Strangers,
            lambda a: [[s.record for s in a.strangers]],
        )
        for given in answer.strangers if answer else ():
            if given.record > len(story):
                strangers[block[given.record - len(story) - 1].article.id] = given.reason

    blocks = parts(
        doubtful,
        key=lambda n: n.article.id,
        weight=lambda n: weight(Line("doubtful", n.note.subject)),
        largest=desk.largest,
    )
    await all_of(ask(block) for block in blocks)
    return Related(tuple(n for n in notes if n.article.id not in strangers), strangers)
