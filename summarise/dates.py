"""Dates: from what an article says ("Tue", "-1m", "--01-28") to ISO 8601, and the day of an article that states none.

The little language of `prompts/note.md`, resolved by code so that no reader has to know the day of publication:

    2025-01-28  2025-01  2025      a date that the article gives
    --01-28  --01  (+)             with no year: the latest before publication, or with + the next
    Tue  Tue+  Tue-1w              the latest Tuesday up to publication, the next one, the one of the week before
    0d -1d +1d -1w +1m 0y          relative to publication
    A/B  ../B  A/..                ranges
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_FULL = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?(?:[T ].*)?$")
_YEARLESS = re.compile(r"--(\d{2})(?:-(\d{2}))?(\+?)$")
_WEEKDAY = re.compile(rf"({'|'.join(_WEEKDAYS)})[a-z]*(\+|-\d+w)?$", re.IGNORECASE)
_RELATIVE = re.compile(r"([+-]?\d{1,3})([dwmy])$")


@dataclass(frozen=True)
class Span:
    """Days from `first` to `last`, both included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """How many days: 1 is a date known to the day."""
        return (self.last - self.first).days + 1

    def within(self, other: Span) -> bool:
        """Does all of this lie inside the other?"""
        return other.first <= self.first and self.last <= other.last

    def iso(self) -> str:
        """The shortest ISO 8601 form: a day, a month, a year, or first/last."""
        if self.first == self.last:
            return self.first.isoformat()
        if self == _month(self.first.year, self.first.month):
            return self.first.isoformat()[:7]
        if self == _year(self.first.year):
            return self.first.isoformat()[:4]
        return f"{self.first.isoformat()}/{self.last.isoformat()}"


def _month(year: int, month: int) -> Span:
    return Span(date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1]))


def _year(year: int) -> Span:
    return Span(date(year, 1, 1), date(year, 12, 31))


def _add_months(day: date, months: int) -> tuple[int, int]:
    index = day.year * 12 + day.month - 1 + months
    return index // 12, index % 12 + 1


def published_day(published: str) -> date | None:
    """The day of an ISO 8601 publication date; None where it is not known to the day."""
    match = _FULL.match(published)
    try:
        return date(*map(int, match.groups())) if match and match[3] else None
    except ValueError:
        return None


def span_of(expression: str, published: date | None) -> Span | None:
    """The days that one expression (no range) means; None where it cannot be told."""
    text = expression.strip()
    try:
        if match := _FULL.match(text):
            year, month, day = (int(g) if g else 0 for g in match.groups())
            if not 1 <= year <= 9998:
                return None
            return (
                Span(date(year, month, day), date(year, month, day))
                if day
                else _month(year, month)
                if month
                else _year(year)
            )
        if published is None:
            return None
        if match := _YEARLESS.match(text):
            return _yearless(int(match[1]), int(match[2] or 0), bool(match[3]), published)
        if match := _WEEKDAY.match(text):
            return _weekday(_WEEKDAYS.index(match[1].lower()), match[2] or "", published)
        if match := _RELATIVE.match(text):
            return _relative(int(match[1]), match[2], published)
    except (ValueError, OverflowError):
        return None
    return None


def _yearless(month: int, day: int, ahead: bool, published: date) -> Span | None:
    years = range(published.year, published.year + 9) if ahead else range(published.year, published.year - 9, -1)
    for year in years:
        try:
            span = Span(date(year, month, day), date(year, month, day)) if day else _month(year, month)
        except ValueError:  # 29 February of a common year
            continue
        if (span.last >= published) if ahead else (span.first <= published):
            return span
    return None


def _weekday(index: int, suffix: str, published: date) -> Span:
    latest = published - timedelta(days=(published.weekday() - index) % 7)
    if suffix == "+":
        latest += timedelta(days=7)
    elif suffix:
        latest -= timedelta(weeks=int(suffix[1:-1]))
    return Span(latest, latest)


def _relative(number: int, unit: str, published: date) -> Span:
    if unit == "d":
        day = published + timedelta(days=number)
        return Span(day, day)
    if unit == "w":
        monday = published - timedelta(days=published.weekday()) + timedelta(weeks=number)
        return Span(monday, monday + timedelta(days=6))
    if unit == "m":
        return _month(*_add_months(published, number))
    return _year(published.year + number)


def resolve(expression: str, published: str) -> str:
    """ISO 8601 for an expression of an article published on that day; empty where it cannot be told."""
    day = published_day(published)
    if "/" not in expression:
        span = span_of(expression, day)
        return span.iso() if span else ""
    first, last = (part.strip() for part in expression.split("/", 1))
    from_span = span_of(first, day) if first != ".." else None
    to_span = span_of(last, day) if last != ".." else None
    if from_span is None and to_span is None:
        return ""
    if from_span and to_span and from_span.first > to_span.last:
        return ""
    return f"{from_span.iso() if from_span else '..'}/{to_span.iso() if to_span else '..'}"


def _is_latest(expression: str) -> bool:
    """Whether a weekday stands for the latest one: without "+" or "-1w"."""
    match = _WEEKDAY.match(expression)
    return bool(match and not match[2])


def firm(expression: str, published: str) -> bool:
    """Whether an expression can be trusted on this day of publication.

    A bare weekday that would be six days ago is not: an article dated Monday that tells of "Tuesday" has more often
    been brought up to date the day after.
    """
    match, day = _WEEKDAY.match(expression.strip()), published_day(published)
    return not (match and not match[2] and day and (day.weekday() - _WEEKDAYS.index(match[1].lower())) % 7 == 6)


def interval(when: str) -> Span | None:
    """The days of a resolved `when`; None for an empty one; open ends reach 10 years."""
    if "/" not in when:
        return span_of(when, None)
    first, last = when.split("/", 1)
    from_span, to_span = span_of(first, None), span_of(last, None)
    if from_span is None and to_span is None:
        return None
    start = from_span.first if from_span else _shifted(to_span.last if to_span else date.min, -3652)
    end = to_span.last if to_span else _shifted(start, 3652)
    return Span(start, end) if start <= end else None


def _shifted(day: date, days: int) -> date:
    """The day so many days later, held inside the calendar."""
    return date.fromordinal(min(max(day.toordinal() + days, date.min.toordinal()), date.max.toordinal()))


def best(candidates: Sequence[str]) -> str:
    """The date of an event told several times: the first of the sharpest that most of the others agree with."""
    known = [(c, s) for c in candidates if (s := interval(c))]
    if not known:
        return ""

    def rank(item: tuple[str, Span]) -> tuple[int, int]:
        support = sum(item[1].within(s) or s.within(item[1]) for _, s in known)
        return (-support, item[1].days)

    return min(known, key=rank)[0]


def _gives_day(expression: str) -> bool:
    text = expression.strip()
    relative = _RELATIVE.match(text)
    return bool(_WEEKDAY.match(text)) or bool(relative and relative[2] == "d")


def earliest(candidates: Sequence[str]) -> str:
    """Of several resolved dates the first, among equals the sharpest; an open beginning only for want of another."""
    known = [(c, s) for c in candidates if (s := interval(c))]
    closed = [pair for pair in known if not pair[0].startswith("..")] or known
    return min(closed, key=lambda pair: (pair[1].last, pair[1].days), default=("", None))[0]


@dataclass(frozen=True)
class Anchor:
    """An event of an article without a date (`expression`), which a dated article puts on `span`."""

    expression: str
    span: Span


def infer_published(anchors: Iterable[Anchor], expressions: Iterable[str], siblings: Iterable[date] = ()) -> str:
    """The day of an article that states none, from the events it shares with dated articles.

    A day fits an anchor when the anchor's expression, read on that day, lies within the anchor's span or around it.
    The day that fits the most anchors is taken; among equals the one that makes the article's own mentions of
    weekdays the most recent (reporters write "on Wednesday" on Wednesday); then the earliest. At least one anchor
    must give the day (a weekday, "-1d"): "last month" only helps to choose. Where none does, `siblings`, the days of
    dated articles that pass on the same report or are it, bound the day: from the first of them to six days after the
    last, and the article's weekdays choose. Empty where nothing tells.
    """
    moving = [
        a for a in anchors if not _FULL.match(a.expression.strip()) and "/" not in a.expression and a.span.days <= 31
    ]
    near = sorted(siblings)
    if any(_gives_day(a.expression) for a in moving):
        days = sorted({_shifted(a.span.first, n) for a in moving for n in range(-8, 39)})
    elif near:
        moving = []
        days = [_shifted(near[0], n) for n in range((near[-1] - near[0]).days + 7)]
    else:
        return ""
    weekdays = {e.strip()[:3].lower() for e in expressions if _WEEKDAY.match(e.strip()) and _is_latest(e.strip())}

    def fits(day: date) -> int:
        spans = ((a, span_of(a.expression, day)) for a in moving)
        return sum(s is not None and (s.within(a.span) or a.span.within(s)) for a, s in spans)

    def age(day: date) -> int:
        return sum((day - s.first).days for e in weekdays if (s := span_of(e, day)))

    best_fit = max(map(fits, days))
    if moving and not best_fit:
        return ""
    fitting = [d for d in days if fits(d) == best_fit]
    if not weekdays and len(fitting) > 1:  # "last month" alone does not give a day
        return ""
    return min(fitting, key=lambda d: (age(d), d)).isoformat()
