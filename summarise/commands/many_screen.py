"""What `summarise many` shows: a table while it runs, a line a story where there is no terminal, and the report."""

from __future__ import annotations

import os
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from summarise.many.report_file import REPORT
from summarise.many.task import STATES
from summarise.render.safe import one_line, shorten
from summarise.streams import say

if TYPE_CHECKING:
    from rich.table import Table

    from summarise.contract import Usage
    from summarise.many.report import Report, StoryReport, Tally
    from summarise.many.task import Outcome
    from summarise.settings import ManySettings

Progress = Callable[["Outcome"], None]

_LATEST = 6
"""Stories that the table names: those that ended last."""
_NAME = 30
"""Characters of a story's name in the table."""
_LISTED = 50
"""Stories that a list of the report names; all of them stand in report.json."""


@contextmanager
def progress(tally: Tally, *, wanted: bool, waiting: Callable[[], str] = str) -> Iterator[Progress]:
    """Shows every story that ends: in a table on a terminal, which goes at the end, else as a line on stderr.

    `waiting` says what the run waits for at this moment; "" is not shown.
    """
    if not wanted:
        yield lambda outcome: None
        return
    if sys.stderr is None or not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        yield lambda outcome: say(_line(outcome, tally))
        return
    from rich.console import Console
    from rich.live import Live

    latest: deque[Outcome] = deque(maxlen=_LATEST)
    console = Console(stderr=True, markup=False, highlight=False)
    with Live(
        get_renderable=lambda: _table(tally, tuple(latest), waiting()),
        console=console,
        transient=True,
        refresh_per_second=4,
        redirect_stdout=False,
        redirect_stderr=False,
    ) as live:

        def show(outcome: Outcome) -> None:
            latest.append(outcome)
            if outcome.state == "failed":  # stays on the screen when the table goes
                live.console.print(one_line(f"summarise: {outcome.story}: {outcome.reason}"), soft_wrap=True)

        yield show


def _line(outcome: Outcome, tally: Tally) -> str:
    total = str(len(tally.found.tasks))
    done = f"{len(tally.outcomes):>{len(total)}}/{total}"
    return one_line(f"{done} {outcome.story}: {_said(outcome)}")


def _said(outcome: Outcome | StoryReport) -> str:
    """What became of a story, on one line."""
    parts = [outcome.state if not outcome.reason else f"{outcome.state}: {outcome.reason}"]
    if outcome.version and outcome.state == "made":
        parts[0] += f", version {outcome.version}"
    if outcome.usage.calls:
        parts.append(_calls(outcome.usage.calls))
        if outcome.usage.cost is not None:
            parts.append(f"${outcome.usage.cost:.4f}")
    if outcome.state != "unchanged":
        parts.append(f"{outcome.seconds:.1f} s")
    if outcome.worker:
        parts.append(outcome.worker)
    return ", ".join(parts)


def _table(tally: Tally, latest: Sequence[Outcome], waiting: str) -> Table:
    from rich.table import Table
    from rich.text import Text

    counts = ", ".join(f"{tally.counts[state]} {state}" for state in STATES)
    rows = [("stories", f"{len(tally.outcomes)} of {len(tally.found.tasks)}: {counts}")]
    if tally.outcomes:
        rows += zip(("asked", "tokens", "cost"), _used(tally.usage, tally.known_cost), strict=False)
    rows += [("waiting", waiting)] if waiting else []
    left = None if waiting else tally.seconds_left  # a batch ends when it ends
    rows += [("time", _time(tally.seconds) + (f", about {_time(left)} left" if left else ""))]
    rows += [(shorten(one_line(outcome.story), _NAME), one_line(_said(outcome))) for outcome in latest]
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True, min_width=min(_NAME, max(len(name) for name, _ in rows)))
    table.add_column(no_wrap=True, overflow="ellipsis")
    for name, said in rows:
        table.add_row(Text(name), Text(said))
    return table


# ---- the report


def report_text(report: Report, settings: ManySettings) -> str:
    """The report for a person: counts, what it took, and every story that needs a look."""
    counts = ", ".join(f"{getattr(report, state)} {state}" for state in STATES)
    left = f", {report.left} not come to" if report.left else ""
    lines = [
        f"{_many(report.stories)} in {_time(report.seconds)}: {counts}{left}",
        ", ".join(_used(report.usage, report.known_cost)),
    ]
    shown = STATES if settings.verbose else ("incomplete", "failed")
    for state in shown:
        rows = [one for one in report.results if one.state == state]
        lines += _listed(state, [_told(one, verbose=settings.verbose) for one in rows], whole=settings.verbose)
    if report.end == "first_failure":
        lines.append("stopped at the first failure, as asked; the same command without --fail-fast goes on from there")
    beside = [f"{one.path}: {one.reason}" for one in report.not_read]
    lines += _listed("not read", beside, whole=settings.verbose)
    lines.append(f"report: {settings.out / REPORT}")
    return "".join(f"{_indented(line)}\n" for line in lines)


def _told(one: StoryReport, *, verbose: bool) -> str:
    return f"{one.story}: {_said(one) if verbose else one.reason}"


def _listed(heading: str, rows: list[str], *, whole: bool) -> list[str]:
    if not rows:
        return []
    shown = rows if whole else rows[:_LISTED]
    more = [f"  and {len(rows) - len(shown)} more"] if len(shown) < len(rows) else []
    return [f"{heading}:", *(f"  {one_line(row)}" for row in shown), *more]


def _indented(line: str) -> str:
    return line[: len(line) - len(line.lstrip(" "))] + one_line(line)


def _used(usage: Usage, known_cost: float) -> list[str]:
    """Calls and answers reused, tokens, cost; what has no known price is said, not counted as nothing."""
    if not usage.calls and not usage.reused:
        return ["nothing was asked"]
    parts = [f"{_calls(usage.calls)}, {usage.reused:,} answers reused"]
    if usage.calls:
        cached = f" ({usage.cached_tokens:,} of them cached)" if usage.cached_tokens else ""
        parts.append(f"{usage.input_tokens:,} tokens sent{cached}, {usage.output_tokens:,} received")
    if usage.cost is not None:
        parts.append(f"${usage.cost:.4f}")
    elif known_cost:
        parts.append(f"at least ${known_cost:.4f}: not every price is known")
    else:
        parts.append("cost unknown: no price is known")
    return parts


def _calls(number: int) -> str:
    return "1 call" if number == 1 else f"{number:,} calls"


def _many(number: int) -> str:
    return "1 story" if number == 1 else f"{number:,} stories"


def _time(seconds: float) -> str:
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s"
