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

ENOUGH = 3  # names shared by two articles of one story: two articles on different matters may share a country or two
_SHOWN = 6  # subjects of the story that a question about a doubtful article shows


@dataclass(frozen=True)
class Related:
    """The notes that belong to the story, and for each other article (by id) what it is about instead."""

    notes: tuple[Noted, ...]
    strangers: dict[str, str]


def _names(noted: Noted) -> frozenset[str]:
    """Whom the article is about, by the names that two articles would both use; outlets and unnamed sources aside."""
    actors = [a for a in noted.note.actors if a.kind != "media" and a.name[:1].isupper()]
    return frozenset(fold(name) for a in actors for name in (a.name, a.entity) if fold(name))


async def related(notes: Sequence[Noted], desk: Desk) -> Related:
    """The notes without those of articles about another story."""
    ordered = sorted(notes, key=lambda n: article_place(n.article))
    clean = [n for n in ordered if not n.flagged]  # what talks to a machine neither makes the story nor is asked about
    names = {n.article.id: _names(n) for n in clean}
    together = Unions([n.article.id for n in clean])
    for at, one in enumerate(clean):
        for other in clean[at + 1 :]:
            if len(names[one.article.id] & names[other.article.id]) >= ENOUGH:
                together.join(one.article.id, other.article.id, "shared names")
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
