"""Positions: what each actor holds, said once however many articles report it, and the issues they stand under.

Two questions, asked side by side: which topics belong under one heading, and, actor by actor, which records are one
position. Both are about records chosen by content; neither sees the other's outcome.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from summarise.answers import IssueGroups, NotedPosition, PositionGroups
from summarise.asking import Desk, Line, all_of, article_label, once, weight
from summarise.blocks import parts
from summarise.contract import Stance
from summarise.names import fold
from summarise.reconcile.actors import Cast
from summarise.records import Entry, Records

PositionEntry = Entry[NotedPosition]
_FLAGGED = "Passages that talk to a machine"  # the heading of positions that rest on nothing else


@dataclass(frozen=True)
class JoinedPosition:
    """One position of one actor; `entries` in canonical order. `by_person`: wording, stance or that it stands here."""

    key: str
    actor: str
    stance: Stance
    statement: str
    entries: tuple[PositionEntry, ...]
    by_person: bool = False


@dataclass(frozen=True)
class JoinedIssue:
    """One matter and the positions on it. `by_person`: its title is a person's alone."""

    title: str
    positions: tuple[JoinedPosition, ...]
    by_person: bool = False


@dataclass(frozen=True)
class Omitted:
    """A record that became no item, and why."""

    kind: str
    what: str
    reason: str
    entry: Entry[NotedPosition]


@dataclass(frozen=True)
class Held:
    """Who holds what: all issues with their positions, and what was left out."""

    issues: tuple[JoinedIssue, ...]
    omitted: tuple[Omitted, ...]


async def headings(records: Records, desk: Desk) -> dict[str, str]:
    """The issue's title for each topic that the notes use (folded)."""
    first: dict[str, PositionEntry] = {}
    for entry in records.positions:
        if not entry.flagged:
            first.setdefault(fold(entry.noted.topic), entry)

    def line(topic: str) -> Line:
        noted = first[topic].noted
        return Line(label=noted.actor, text=f"{noted.topic} — {noted.statement}")

    titles = {topic: entry.noted.topic for topic, entry in first.items()}
    lines = {topic: line(topic) for topic in first}
    rounds = 0
    while len(set(lines)) > 1 and rounds < 4:
        sizes = {topic: weight(known) for topic, known in lines.items()}
        blocks = parts(list(lines), key=lambda t: t, weight=sizes.__getitem__, largest=desk.largest)
        answers = await all_of(_headings_of(block, lines, desk) for block in blocks)
        given = {topic: title for answer in answers for topic, title in answer.items()}
        titles = {topic: given.get(fold(title), title) for topic, title in titles.items()}
        if len(blocks) == 1:
            break
        by_title = {fold(title): title for title in titles.values()}
        if len(by_title) >= len(lines):
            break
        lines = {folded: Line(label="", text=title) for folded, title in sorted(by_title.items())}
        rounds += 1
    return titles


async def _headings_of(block: Sequence[str], lines: dict[str, Line], desk: Desk) -> dict[str, str]:
    if len(block) < 2:
        return {}
    answer = await desk.records(
        "issues",
        "which topics are one issue",
        [lines[t] for t in block],
        IssueGroups,
        lambda a: (g.members for g in a.groups),
    )
    if answer is None:
        return {}
    groups = zip(answer.groups, once(g.members for g in answer.groups), strict=True)
    return {block[n]: group.title.strip() for group, numbers in groups for n in numbers if group.title.strip()}


async def join_positions(records: Records, cast: Cast, desk: Desk) -> tuple[list[JoinedPosition], list[Omitted]]:
    """Every position once, actor by actor."""
    by_actor: dict[str, list[PositionEntry]] = {}
    nobodys: list[Omitted] = []
    for entry in records.positions:
        actor = cast.of(entry.article, entry.noted.actor)
        if actor is not None:
            by_actor.setdefault(actor, []).append(entry)
        else:
            nobodys.append(Omitted("position", entry.noted.statement, "the note does not list whose it is", entry))
    names = {a.key: a.label for a in cast.actors}
    asked = {actor: rows for actor, held in by_actor.items() if len(rows := [e for e in held if not e.flagged]) > 1}

    # An actor's positions stay together while they fit; those of one who says more than that are cut by their topics.
    order = {e.key: n for n, e in enumerate(records.positions)}
    units = [
        (actor, tuple(sorted(piece, key=lambda e: order[e.key])))
        for actor, held in asked.items()
        for piece in parts(
            held,
            key=lambda e: f"{fold(e.noted.topic)}\n{e.key}",
            weight=lambda e, name=names[actor]: weight(_line(name, e)),  # type: ignore[misc]
            largest=desk.largest,
        )
    ]
    blocks = parts(
        units,
        key=lambda u: f"{fold(names[u[0]])}\n{u[0]}\n{u[1][0].key}",
        weight=lambda u: sum(weight(_line(names[u[0]], e)) for e in u[1]),
        largest=desk.largest,
    )
    answers = await all_of(
        _join_block(
            [e for _, held in block for e in held], [_line(names[a], e) for a, held in block for e in held], cast, desk
        )
        for block in blocks
    )
    joined = [p for answer in answers for p in answer[0]]
    omitted = nobodys + [o for answer in answers for o in answer[1]]
    settled = {e.key for p in joined for e in p.entries} | {o.entry.key for o in omitted}
    for actor, held in by_actor.items():
        joined += [
            JoinedPosition(e.key, actor, e.noted.stance, e.noted.statement, (e,)) for e in held if e.key not in settled
        ]
    return joined, omitted


def _line(name: str, entry: PositionEntry) -> Line:
    noted = entry.noted
    return Line(label=name, text=f"{noted.topic} | {noted.stance} | {noted.statement} | {article_label(entry.article)}")


async def _join_block(
    entries: Sequence[PositionEntry], lines: Sequence[Line], cast: Cast, desk: Desk
) -> tuple[list[JoinedPosition], list[Omitted]]:
    actors = [cast.of(e.article, e.noted.actor) or "" for e in entries]

    answer = await desk.records(
        "positions",
        "which records are one position",
        lines,
        PositionGroups,
        lambda a: [*(g.members for g in a.groups), [o.record for o in a.left_out]],
    )
    if answer is None:
        return [], []
    joined: list[JoinedPosition] = []
    named: set[int] = set()
    for group, given in zip(answer.groups, once(g.members for g in answer.groups), strict=True):
        # Two actors may have one name in the records ("a senior official"): each keeps its own.
        for numbers in ([n for n in given if actors[n] == actor] for actor in dict.fromkeys(actors[n] for n in given)):
            rows = tuple(entries[n] for n in sorted(numbers))
            stance, statement = (
                (group.stance, group.statement) if len(rows) > 1 else (rows[0].noted.stance, rows[0].noted.statement)
            )
            joined.append(
                JoinedPosition(
                    rows[0].key, actors[numbers[0]], stance, statement.strip() or rows[0].noted.statement, rows
                )
            )
            named.update(numbers)
    left = {o.record - 1: o.reason for o in answer.left_out if o.record - 1 not in named}
    omitted = [Omitted("position", entries[n].noted.statement, reason, entries[n]) for n, reason in left.items()]
    return joined, omitted


def by_issue(
    positions: Sequence[JoinedPosition], titles: dict[str, str], refiled: Mapping[str, str] | None = None
) -> tuple[JoinedIssue, ...]:
    """The positions under their issues: the heading most of a position's records have, the first among equals.

    `refiled`: the heading that a person gives a position, by its key. Issues with more positions come first, then in
    canonical order; positions likewise, those of one actor together.
    """
    filed: dict[str, list[JoinedPosition]] = {}
    shown: dict[str, str] = {}
    moved = [(p, title) for p in positions if (title := (refiled or {}).get(p.key))]
    for position in positions:
        if refiled and position.key in refiled:
            continue
        topics = [titles.get(fold(e.noted.topic), _FLAGGED if e.flagged else e.noted.topic) for e in position.entries]
        counts = Counter(fold(t) for t in topics)
        heading = min(counts, key=lambda h: (-counts[h], [fold(t) for t in topics].index(h)))
        shown.setdefault(heading, next(t for t in topics if fold(t) == heading))
        filed.setdefault(heading, []).append(position)
    by_reader = set(filed)
    for position, title in moved:
        shown.setdefault(fold(title), title)
        filed.setdefault(fold(title), []).append(position)
    issues = [
        JoinedIssue(title=shown[h], positions=tuple(_ordered(rows)), by_person=h not in by_reader)
        for h, rows in filed.items()
    ]
    return tuple(sorted(issues, key=lambda i: (-len(i.positions), min(p.entries[0].place for p in i.positions))))


def _ordered(rows: Sequence[JoinedPosition]) -> list[JoinedPosition]:
    per_actor = Counter(p.actor for p in rows)
    first: dict[str, tuple[str, str, str]] = {}
    for p in rows:
        first[p.actor] = min(first.get(p.actor, p.entries[0].place), p.entries[0].place)
    return sorted(rows, key=lambda p: (-per_actor[p.actor], first[p.actor], p.entries[0].place))
