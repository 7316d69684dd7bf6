"""Relate: which of the articles are about the story at all.

Articles that share names belong together without asking. Only one that shares few with the rest is asked about, by its
subject; when the reader does not answer, it stays.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from summarise.answers import Strangers
from summarise.asking import Desk, Line, weight
from summarise.blocks import parts
from summarise.names import fold
from summarise.reconcile.unions import Unions
from summarise.records import Noted, article_place

ENOUGH = 3  # people and bodies shared by two articles of one story; one president or a few countries prove nothing
_MOST = 0.5  # or that share of those of the article with fewer, two at least
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


async def related(notes: Sequence[Noted], desk: Desk) -> Related:
    """The notes without those of articles about another story."""
    ordered = sorted(notes, key=lambda n: article_place(n.article))
    clean = [n for n in ordered if not n.flagged]  # what talks to a machine neither makes the story nor is asked about
    people = {n.article.id: _people(n) for n in clean}
    together = Unions([n.article.id for n in clean])
    for at, one in enumerate(clean):
        for other in clean[at + 1 :]:
            mine, theirs = one.article.id, other.article.id
            if together.find(mine) != together.find(theirs) and people[mine].meet(people[theirs]):
                together.join(mine, theirs, "shared names")
    core: set[str] = set()
    for group in together.sets():  # of several as large, the canonically first
        core = set(group) if len(group) > len(core) else core
    doubtful = [n for n in clean if n.article.id not in core]
    if not doubtful:
        return Related(tuple(notes), {})

    story = [Line("story", n.note.subject) for n in clean if n.article.id in core][:_SHOWN]
    strangers: dict[str, str] = {}
    for block in parts(
        doubtful,
        key=lambda n: n.article.id,
        weight=lambda n: weight(Line("doubtful", n.note.subject)),
        largest=desk.largest,
    ):
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
    return Related(tuple(n for n in notes if n.article.id not in strangers), strangers)
