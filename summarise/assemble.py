"""From joined and weighed records to the items of the brief: ids, evidence, checks, order."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property

from summarise import dates
from summarise.article import Article
from summarise.check import check, honest
from summarise.contract import (
    Actor,
    ArticleEntry,
    Disagreement,
    Event,
    Evidence,
    Fact,
    Flag,
    Issue,
    LeftOut,
    MadeBy,
    OpenQuestion,
    Position,
    Side,
)
from summarise.extractive.machine_talk import addressed_to_machine
from summarise.reconcile.actors import Cast, JoinedActor
from summarise.reconcile.events import JoinedEvent, when_of
from summarise.reconcile.origins import Sources
from summarise.reconcile.positions import JoinedIssue, JoinedPosition, Omitted
from summarise.reconcile.questions import JoinedQuestion, OmittedQuestion
from summarise.records import Noted, Records, article_place, evidence, gathered, item_id, quotation
from summarise.weigh import Conflict, Standing


@dataclass(frozen=True)
class Story:
    """What every item is made with."""

    articles: tuple[Article, ...]
    by: MadeBy
    language: str

    def english(self, rows: Sequence[Evidence]) -> bool:
        """Whether a statement of the brief and these sentences are both English: what the finer checks can compare."""
        return self.language == "en" and not any(e.article in self._foreign for e in rows)

    @cached_property
    def _foreign(self) -> frozenset[str]:
        return frozenset(a.id for a in self.articles if a.language not in ("", "en"))

    @cached_property
    def published(self) -> dict[str, str]:
        """The day of each article, by its id; empty where unknown."""
        return {a.id: a.published for a in self.articles}


def article_entries(articles: Sequence[Article], untitled: Collection[str] = ()) -> tuple[ArticleEntry, ...]:
    """What became of every file, by path.

    Of the articles with the ids `untitled` the title talks to a machine: it is shown as a quotation. Such an outlet or
    author is none.
    """
    fields = set(ArticleEntry.model_fields)

    def entry(a: Article) -> ArticleEntry:
        given = {**a.model_dump(include=fields), "words": a.words}
        given |= {name: "" for name in ("outlet", "author") if given[name] and addressed_to_machine(given[name])}
        if a.title and (a.id in untitled or addressed_to_machine(a.title)):
            given["title"] = f"“{a.title}”"
        return ArticleEntry(**given)

    return tuple(sorted(map(entry, articles), key=lambda a: a.path))


def bystanders(cast: Cast, issues: Sequence[JoinedIssue], events: Sequence[JoinedEvent]) -> tuple[JoinedActor, ...]:
    """Groups without a name of their own that hold no position and take part in no event: no reader looks for them."""
    active = {p.actor for i in issues for p in i.positions}
    active |= {k for e in events for entry in e.entries for n in entry.noted.actors if (k := cast.of(entry.article, n))}
    return tuple(a for a in cast.actors if a.kind in ("group", "other") and a.key not in active)


def actors(
    cast: Cast, issues: Sequence[JoinedIssue], story: Story, without: Sequence[JoinedActor] = ()
) -> tuple[Actor, ...]:
    """The actors but those in `without`; who holds more positions comes first, then who is named by more articles."""
    held: dict[str, int] = {}
    for position in (p for i in issues for p in i.positions):
        held[position.actor] = held.get(position.actor, 0) + 1

    def rank(actor: JoinedActor) -> tuple[int, int, tuple[str, str, str]]:
        return (-held.get(actor.key, 0), -len({e.article.id for e in actor.entries}), actor.entries[0].place)

    absent = {a.key for a in without}
    return tuple(_actor(a, story.by) for a in sorted(cast.actors, key=rank) if a.key not in absent)


def _actor(actor: JoinedActor, by: MadeBy) -> Actor:
    quotes = gathered([e.evidence for e in actor.entries])
    flagged = any(e.flagged for e in actor.entries)
    return Actor(
        id=item_id("a", actor.key),
        name=quotation(quotes) if flagged else actor.name,
        kind=actor.kind,
        role="" if flagged else actor.role,
        aliases=() if flagged else actor.aliases,
        joins=() if flagged else actor.joins,
        evidence=quotes,
        by="person" if actor.by_person and not flagged else by,
    )


def issues(joined: Sequence[JoinedIssue], cast: Cast, sources: Sources, story: Story) -> tuple[Issue, ...]:
    """All issues with their positions."""
    by_key = {a.key: a for a in cast.actors}
    return tuple(
        Issue(
            id=item_id("i", min(i.positions, key=lambda p: p.entries[0].place).key),
            title=i.title,
            positions=tuple(_position(p, by_key[p.actor], sources, story) for p in i.positions),
            by="person" if i.by_person else story.by,
        )
        for i in joined
    )


def _position(position: JoinedPosition, actor: JoinedActor, sources: Sources, story: Story) -> Position:
    rows = gathered([e.evidence for e in position.entries])
    flagged = any(e.flagged for e in position.entries)
    statement = quotation(rows) if flagged else honest(position.statement, rows)
    said = [(e.noted.said_on, story.published.get(e.article.id, "")) for e in position.entries]
    days = [dates.resolve(when, day) for when, day in said if dates.firm(when, day)]
    via = () if flagged else tuple(dict.fromkeys(v for e in position.entries for v in sources.via(e)))
    outlets = tuple(e.article.outlet for e in position.entries)
    nameless = flagged or all(e.flagged for e in actor.entries)
    return Position(
        id=item_id("p", position.key),
        actor=item_id("a", actor.key),
        stance="unclassified" if flagged else position.stance,
        statement=statement,
        quoted=any(e.noted.quoted for e in position.entries),
        via=via,
        said_on=dates.earliest(days),
        evidence=rows,
        origins=sources.of(position.entries),
        checks=check(
            statement,
            rows,
            actor=() if nameless else (actor.name, *actor.aliases),
            known=(*via, *outlets, *days),
            english=story.english(rows),
        ),
        by="person" if position.by_person else story.by,
    )


def disagreements(conflicts: Sequence[Conflict], story: Story) -> tuple[Disagreement, ...]:
    """All disagreements, in the order in which they were weighed."""
    return tuple(
        Disagreement(
            id=item_id("d", c.key),
            kind=c.kind,
            summary=honest(c.summary, [e for side in c.sides for e in side.evidence]),
            sides=tuple(
                Side(
                    statement=honest(s.statement, s.evidence),
                    positions=tuple(item_id("p", k) for k in s.positions),
                    evidence=s.evidence,
                )
                for s in c.sides
            ),
            by="person" if c.by_person else story.by,
        )
        for c in conflicts
    )


def open_questions(
    joined: Sequence[JoinedQuestion], standing: dict[str, Standing], story: Story
) -> tuple[OpenQuestion, ...]:
    """All open questions; the answered ones last."""
    order = ("open", "partly_answered", "answered")
    rows: list[OpenQuestion] = []
    for q in joined:
        quotes = gathered([e.evidence for e in q.entries])
        flagged = any(e.flagged for e in q.entries)
        state = standing.get(q.key)
        rows.append(
            OpenQuestion(
                id=item_id("q", q.key),
                question=quotation(quotes) if flagged else honest(q.question, quotes),
                why_open="" if flagged else honest(q.why_open, quotes),
                settled_by="" if flagged else q.settled_by,
                status=state.status if state else "open",
                evidence=quotes,
                answered_by=state.answered_by if state else (),
                by="person" if q.by_person else story.by,
            )
        )
    return tuple(sorted(rows, key=lambda q: order.index(q.status)))


def events(joined: Sequence[JoinedEvent], cast: Cast, story: Story) -> tuple[Event, ...]:
    """All events, by date; undated ones last."""
    rows: list[tuple[str, tuple[str, str, str], Event]] = []
    for event in joined:
        quotes = gathered([e.evidence for e in event.entries])
        flagged = any(e.flagged for e in event.entries)
        named = (cast.of(e.article, name) for e in event.entries for name in e.noted.actors)
        when = when_of(event, story.published)
        rows.append(
            (
                when.removeprefix("../") or "9999",
                event.entries[0].place,
                Event(
                    id=item_id("e", event.key),
                    when=when,
                    what=quotation(quotes) if flagged else honest(event.what, quotes),
                    actors=tuple(dict.fromkeys(item_id("a", k) for k in named if k)),
                    evidence=quotes,
                    by="person" if event.by_person else story.by,
                ),
            )
        )
    return tuple(event for _, _, event in sorted(rows, key=lambda row: row[:2]))


def facts(records: Records) -> tuple[Fact, ...]:
    """All particulars on which accounts could differ, in canonical order."""
    return tuple(
        Fact(
            id=item_id("f", e.key),
            about="" if e.flagged else e.noted.about,
            value=quotation(e.evidence) if e.flagged else honest(e.noted.value, e.evidence),
            according_to="" if e.flagged else e.noted.according_to,
            evidence=e.evidence,
        )
        for e in records.facts
    )


def flags(notes: Sequence[Noted]) -> list[Flag]:
    """What talks to a machine, is garbled or contradicts itself, article by article."""
    found: list[Flag] = []
    for noted in sorted(notes, key=lambda n: article_place(n.article)):
        if noted.flagged:
            numbers = sorted(noted.flagged)
            found.append(
                Flag(
                    kind="addressed_to_machine",
                    note="The passage talks to a machine, not to a reader.",
                    evidence=evidence(noted.article, numbers),
                )
            )
        for doubt in noted.note.doubts:
            rows = evidence(noted.article, (n for n in doubt.sentences if n not in noted.flagged))
            if doubt.kind == "doubtful" and rows:
                said = doubt.note if noted.flagged.isdisjoint(doubt.sentences) else "The passage is doubtful."
                found.append(Flag(kind="doubtful", note=said, evidence=rows))
    return found


def left_out(
    positions: Sequence[Omitted],
    questions: Sequence[OmittedQuestion],
    actors: Sequence[JoinedActor],
    repeats: Sequence[Conflict],
) -> tuple[LeftOut, ...]:
    """Records that became no item, with the reason."""
    rows = [
        LeftOut(
            kind="actor",
            what=shown.name,
            reason="holds no position and takes part in no event",
            evidence=shown.evidence,
        )
        for shown in (_actor(a, "model") for a in actors)
    ]
    rows += [
        LeftOut(
            kind=o.kind,
            what=quotation(o.entry.evidence) if o.entry.flagged else o.what,
            reason=o.reason,
            evidence=o.entry.evidence,
        )
        for o in sorted(positions, key=lambda o: o.entry.place)
    ]
    rows += [
        LeftOut(kind="question", what=o.entry.noted.question, reason=o.reason, evidence=o.entry.evidence)
        for o in questions
    ]
    rows += [
        LeftOut(
            kind="disagreement",
            what=c.summary,
            reason="told among the disagreements between actors",
            evidence=gathered([side.evidence for side in c.sides]),
        )
        for c in repeats
    ]
    return tuple(rows)


def hidden(records: Records) -> frozenset[str]:
    """Ids of items that rest on a sentence talking to a machine: their wording goes into no further question.

    Flagged records are never joined by a reader, so the item of each has its id.
    """
    ids = [item_id("a", e.key) for e in records.actors if e.flagged]
    ids += [item_id("p", e.key) for e in records.positions if e.flagged]
    ids += [item_id("q", e.key) for e in records.questions if e.flagged]
    ids += [item_id("e", e.key) for e in records.events if e.flagged]
    ids += [item_id("f", e.key) for e in records.facts if e.flagged]
    return frozenset(ids)
