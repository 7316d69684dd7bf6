"""What was spent, as the store's ledger has it: sums by story, model, day, kind of question or run, and their total."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal, Protocol

from summarise.errors import ConfigurationError

Grouping = Literal["story", "model", "day", "kind", "run"]
"""What sums are told by; a day is one of UTC."""

BILLION = 1_000_000_000
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class CostLine:
    """One sum. `cost` is that of the calls with a known price, in billionths of a dollar; `unpriced` calls have none.

    `first` is when the first of it was spent (ISO 8601, UTC); "" where nothing was. Cached tokens are part of the
    input.
    """

    name: str = ""
    first: str = ""
    calls: int = 0
    unpriced: int = 0
    input_tokens: int = 0
    cached_tokens: int = 0
    output_tokens: int = 0
    cost: int = 0

    def data(self) -> dict[str, Any]:
        """As JSON has it, in US dollars: `cost` is null where a price is unknown, `cost_at_least` what is known."""
        known = self.cost / BILLION
        return {
            "name": self.name,
            "first": self.first,
            "calls": self.calls,
            "calls_without_price": self.unpriced,
            "input_tokens": self.input_tokens,
            "cached_tokens": self.cached_tokens,
            "output_tokens": self.output_tokens,
            "cost": None if self.unpriced else known,
            "cost_at_least": known,
        }


@dataclass(frozen=True, kw_only=True)
class Costs:
    """Sums, of one story or all, between two days of UTC: both are included, None is no bound."""

    by: Grouping
    since: date | None
    until: date | None
    story: str | None
    lines: tuple[CostLine, ...]

    @property
    def total(self) -> CostLine:
        """The sum of all lines."""
        numbers = ("calls", "unpriced", "input_tokens", "cached_tokens", "output_tokens", "cost")
        return CostLine(
            name="total",
            first=min((line.first for line in self.lines), default=""),
            **{name: sum(getattr(line, name) for line in self.lines) for name in numbers},
        )

    def data(self) -> dict[str, Any]:
        """As JSON has it."""
        return {
            "by": self.by,
            "since": self.since.isoformat() if self.since else None,
            "until": self.until.isoformat() if self.until else None,
            "story": self.story,
            "lines": [line.data() for line in self.lines],
            "total": self.total.data(),
        }


class Ledger(Protocol):
    """What sums are read from: a `Store`."""

    def spent(
        self, by: Grouping, *, since: str = "", before: str = "", story: str | None = None
    ) -> Sequence[CostLine]: ...


def day(text: str | None, option: str) -> date | None:
    """The day that an option names, as 2026-11-22. Raises ConfigurationError for what is none."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text if _DAY.fullmatch(text) else "")
    except ValueError:
        raise ConfigurationError(f"{option} {text!r} is no day; write it as in 2026-11-22") from None


def costs(
    ledger: Ledger,
    by: Grouping,
    *,
    since: date | None = None,
    until: date | None = None,
    story: str | None = None,
) -> Costs:
    """The sums of a ledger. Raises ConfigurationError for a time that ends before it begins."""
    if since and until and since > until:
        raise ConfigurationError(f"--since {since} is after --until {until}; swap them")
    before = (until + timedelta(days=1)).isoformat() if until and until < date.max else ""
    found = ledger.spent(by, since=since.isoformat() if since else "", before=before, story=story)
    return Costs(by=by, since=since, until=until, story=story, lines=tuple(found))
