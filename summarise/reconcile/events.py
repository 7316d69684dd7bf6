"""Events: each once over all articles that tell it, dated by any article that fixes its day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from summarise import dates
from summarise.answers import EventGroups, NotedEvent, NotedPosition
from summarise.article import Article
from summarise.asking import Desk, Line, all_of, article_label, once, told_by_one, weight
from summarise.blocks import parts
from summarise.reconcile.unions import Unions
from summarise.records import Entry, Records

EventEntry = Entry[NotedEvent]


@dataclass(frozen=True)
class JoinedEvent:
    """One event; `entries` in canonical order. Its date is resolved later, when all articles have theirs.

    `by_person`: its wording is a person's.
    """

    key: str
    what: str
    entries: tuple[EventEntry, ...]
    by_person: bool = False


def _stated(article: Article) -> str:
    return article.published if article.published_from == "stated" else ""


def _when(entry: EventEntry) -> str:
    """The date as far as its own article settles it, else as the article says it."""
    return dates.resolve(entry.noted.when, _stated(entry.article)) or entry.noted.when


async def join_events(records: Records, desk: Desk) -> tuple[JoinedEvent, ...]:
    """Every event once."""
    entries = [e for e in records.events if not e.flagged]
    by_key = {e.key: e for e in records.events}
    sets = Unions([e.key for e in records.events])
    said: dict[str, str] = {}

    async def ask(block: Sequence[EventEntry]) -> None:
        if told_by_one(e.article for e in block):
            return
        lines = [_line(e) for e in block]
        answer = await desk.records(
            "events", "which records tell of one event", lines, EventGroups, lambda a: (g.members for g in a.groups)
        )
        for group, numbers in zip(answer.groups, once(g.members for g in answer.groups), strict=True) if answer else ():
            for n in numbers[1:]:
                sets.join(block[numbers[0]].key, block[n].key, "told as one event")
            if len(numbers) > 1 and group.what.strip():
                said[block[numbers[0]].key] = group.what.strip()

    blocks = parts(
        entries,
        key=lambda e: f"{_when(e)}\n{e.noted.what}\n{e.key}",
        weight=lambda e: weight(_line(e)),
        largest=desk.largest,
    )
    await all_of(ask(block) for block in blocks)
    chosen = {sets.find(k): what for k, what in said.items()}
    return tuple(
        JoinedEvent(
            key=group[0],
            what=chosen.get(group[0], by_key[group[0]].noted.what),
            entries=tuple(by_key[k] for k in group),
        )
        for group in sets.sets()
    )


def _line(entry: EventEntry) -> Line:
    return Line(label=_when(entry), text=f"{entry.noted.what} | {article_label(entry.article)}")


def date_articles(
    articles: Sequence[Article],
    events: Sequence[JoinedEvent],
    positions: Sequence[Entry[NotedPosition]] = (),
    siblings: Mapping[str, Sequence[str]] | None = None,
) -> tuple[Article, ...]:
    """The articles, those without a date dated by the events they share with dated ones (`published_from` inferred).

    Which day it is among several is told by when the article's positions were taken, too; `siblings` are, for an
    article's id, the ids of those that pass on the same report or are it.
    """
    anchors: dict[str, list[dates.Anchor]] = {}
    for event in events:
        firm = [e for e in event.entries if dates.firm(e.noted.when, _stated(e.article))]
        known = [dates.interval(w) for e in firm if (w := dates.resolve(e.noted.when, _stated(e.article)))]
        spans = sorted((s for s in known if s), key=lambda s: (s.days, s.first))
        for entry in event.entries:
            if spans and not _stated(entry.article):
                anchors.setdefault(entry.article.id, []).append(dates.Anchor(entry.noted.when, spans[0]))
    said: dict[str, list[str]] = {}
    for event in events:
        for entry in event.entries:
            said.setdefault(entry.article.id, []).append(entry.noted.when)
    for position in positions:
        said.setdefault(position.article.id, []).append(position.noted.said_on)
    days = {a.id: known_day for a in articles if (known_day := dates.published_day(_stated(a)))}
    dated: list[Article] = []
    for article in articles:
        near = [days[other] for other in (siblings or {}).get(article.id, ()) if other in days]
        mentions = said.get(article.id, ())
        day = "" if article.published else dates.infer_published(anchors.get(article.id, ()), mentions, near)
        dated.append(article.model_copy(update={"published": day, "published_from": "inferred"}) if day else article)
    return tuple(dated)


def when_of(event: JoinedEvent, published: dict[str, str]) -> str:
    """The event's date from all articles that tell it; `published` maps an article's id to its day."""
    told = [(e.noted.when, published.get(e.article.id, "")) for e in event.entries]
    firm = [dates.resolve(when, day) for when, day in told if dates.firm(when, day)]
    return dates.best(firm) or dates.best([dates.resolve(when, day) for when, day in told])
