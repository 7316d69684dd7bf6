"""What happened when, and who said what when; each date as precise as it is known, no more."""

from __future__ import annotations

import calendar
import datetime
import math
import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from summarise.contract import Event, Issue, Position
from summarise.render import view
from summarise.render.page.desk import Desk, date
from summarise.render.page.markup import NOTHING, Child, Html, joined, link, spread, tag, words
from summarise.render.page.stance_map import stance_word
from summarise.render.safe import one_line

_ISO = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:[T ].*)?)?)?")
_THINNEST = 1.6
"""Width of a day, in hundredths of the axis: narrower could not be seen."""


@dataclass(frozen=True)
class Span:
    """Days (proleptic Gregorian ordinals) from first to last, both inclusive; None where that end is open."""

    first: int | None
    last: int | None


@lru_cache(maxsize=1024)
def days(iso: str) -> Span | None:
    """The days that a date or range of the brief can mean; None where it is none."""
    start, slash, end = iso.partition("/")
    first = None if start in ("", "..") else _days_of(start)
    last = (None if end in ("", "..") else _days_of(end)) if slash else first
    if first is None and last is None:
        return None
    span = Span(first.first if first else None, last.last if last else None)
    if span.first is not None and span.last is not None and span.first > span.last:
        return Span(span.last, span.first)
    return span


def _days_of(iso: str) -> Span | None:
    found = _ISO.fullmatch(iso)
    if not found:
        return None
    year, month, day = int(found[1]), int(found[2] or 0), int(found[3] or 0)
    try:
        first = datetime.date(year, month or 1, day or 1)
        last_month = month or 12
        last = datetime.date(year, last_month, day or calendar.monthrange(year, last_month)[1])
    except ValueError:
        return None
    return Span(first.toordinal(), last.toordinal())


class Axis:
    """Maps days to 0…100. Between two dates that occur the space grows with the logarithm of the days, so that a year
    of silence does not leave the week that matters in one point."""

    def __init__(self, spans: Sequence[Span]) -> None:
        edges = sorted(
            {span.first for span in spans if span.first is not None}
            | {span.last + 1 for span in spans if span.last is not None}
        )
        self.first, self.last = (edges[0], edges[-1] - 1) if edges else (0, 0)
        at, places = 0.0, {}
        for before, edge in zip([edges[0] if edges else 0, *edges], edges, strict=False):
            at += math.log2(1 + edge - before)
            places[edge] = at
        self._places = {edge: 100 * place / at if at else 0.0 for edge, place in places.items()}

    def bar(self, span: Span) -> tuple[float, float]:
        """Where the span begins and how wide it is, both in hundredths of the axis."""
        start = 0.0 if span.first is None else self._places[span.first]
        end = 100.0 if span.last is None else self._places[span.last + 1]
        width = max(end - start, _THINNEST)
        return max(0.0, min(start, 100 - width)), width


@dataclass(frozen=True)
class _Row:
    when: str
    order: tuple[int, int, int]
    html: Html


def timeline(desk: Desk) -> Child:
    dated = [(issue.id, p) for issue in desk.brief.issues for p in issue.positions if days(p.said_on)]
    titles = {issue.id: issue.title for issue in reversed(desk.brief.issues)}
    held = _Held(desk.brief.issues)
    spans = [days(event.when) for event in desk.brief.events] + [days(position.said_on) for _, position in dated]
    known = [span for span in spans if span]
    axis = Axis(known)
    rows = [_event(desk, event, axis, place) for place, event in enumerate(desk.brief.events)]
    rows += [
        _said(desk, issue, titles[issue], position, held.before(issue, position), axis, place)
        for place, (issue, position) in enumerate(dated)
    ]
    if not rows:
        return NOTHING
    rows.sort(key=lambda row: row.order)
    return spread(
        "section",
        {"id": "timeline", "aria-labelledby": "timeline-title"},
        tag("h2", {"id": "timeline-title"}, "Timeline"),
        _scale(axis) if axis.last > axis.first else None,
        spread("ol", {"class": "timeline"}, (row.html for row in rows)),
        tag("p", {"class": "none", "hidden": True}, "Nothing dated, with these filters."),
    )


def _scale(axis: Axis) -> Html:
    first, last = (datetime.date.fromordinal(day).isoformat() for day in (axis.first, axis.last))
    return tag(
        "p",
        {"class": "scale", "aria-hidden": "true"},
        tag("span", None, date(first)),
        tag("span", {"class": "hint"}, "bars show how precise a date is; long gaps are shortened"),
        tag("span", None, date(last)),
    )


def _order(when: str, kind: int, place: int) -> tuple[int, int, int]:
    """By first day; among the same what is known more precisely last, undated at the end."""
    span = days(when)
    if not span:
        return (10**9, kind, place)
    first = span.first if span.first is not None else (span.last or 0)
    return (first, kind, place)


def _bar(when: str, axis: Axis) -> Html:
    span = days(when)
    if not span:
        return tag("svg", {"class": "span"})
    start, width = axis.bar(span)
    open_end = None if span.first is not None and span.last is not None else "loose"
    return tag(
        "svg", {"class": "span"}, tag("rect", {"class": open_end, "x": f"{start:.1f}%", "width": f"{width:.1f}%"})
    )


def _event(desk: Desk, event: Event, axis: Axis, place: int) -> _Row:
    when = view.spell_date(event.when) or "undated"
    anchor = desk.anchor("v", event.id)
    html = tag(
        "li",
        {"class": "item leaf event", "id": anchor, **desk.filters(event.evidence, actors=event.actors or None)},
        tag("span", {"class": "when"}, when),
        _bar(event.when, axis),
        tag(
            "p",
            {"class": "claim", "dir": "auto"},
            one_line(event.what) or "–",
            " ",
            desk.refs(event.evidence, anchor, of=event.id),
            " ",
            desk.marks(event.id),
        ),
    )
    return _Row(event.when, _order(event.when, 0, place), html)


def _said(
    desk: Desk, issue: str, title: str, position: Position, earlier: Position | None, axis: Axis, place: int
) -> _Row:
    """A dated position; `earlier` is what its actor held on the same issue before, where that was something else."""
    html = tag(
        "li",
        {
            "class": "leaf said" + (" turn" if earlier else ""),
            **desk.filters(position.evidence, actors=[position.actor], issues=[issue]),
        },
        tag("span", {"class": "when"}, date(position.said_on)),
        _bar(position.said_on, axis),
        tag(
            "p",
            None,
            link(desk.anchor("p", position.id), words(desk.name(position.actor))),
            " ",
            joined("from ", stance_word(earlier.stance), " to ") if earlier else None,
            stance_word(position.stance),
            " on ",
            words(title),
        ),
    )
    return _Row(position.said_on, _order(position.said_on, 1, place), html)


class _Held:
    """The dated positions of each actor on each issue, by the last day that their dates can mean."""

    def __init__(self, issues: Sequence[Issue]) -> None:
        by_day: dict[tuple[str, str], dict[int, Position]] = {}
        for issue in {issue.id: issue for issue in reversed(issues)}.values():
            for position in issue.positions:
                span = days(position.said_on)
                if span and span.last is not None:
                    by_day.setdefault((issue.id, position.actor), {}).setdefault(span.last, position)
        self._of = {key: sorted(held.items(), key=lambda one: one[0]) for key, held in by_day.items()}

    def before(self, issue: str, position: Position) -> Position | None:
        """The latest before it of the same actor on the same issue, where the stance was another."""
        mine = days(position.said_on)
        if not mine or mine.first is None:
            return None
        held = self._of.get((issue, position.actor), [])
        earlier = bisect_left(held, mine.first, key=lambda one: one[0])
        if not earlier:
            return None
        last = held[earlier - 1][1]
        return last if last.stance != position.stance else None
