"""What was spent."""

from __future__ import annotations

from typing import Annotated

import typer

from summarise.cli import options
from summarise.cli.app import app, ended
from summarise.settings import CostsBy, CostsFormat


@app.command(epilog="Exit codes: 0 shown, 1 not shown, 2 usage, or there is no such store.")
def costs(
    by: Annotated[
        CostsBy, typer.Option("--by", help="What the sums are told by; days are those of UTC.")
    ] = CostsBy.STORY,
    since: Annotated[str | None, typer.Option(metavar="DATE", help="From this day on, as in 2026-11-22.")] = None,
    until: Annotated[str | None, typer.Option(metavar="DATE", help="Up to this day, which is included.")] = None,
    story: Annotated[str | None, typer.Option(metavar="ID", help="Of one story. Default: of all.")] = None,
    store: options.Store = None,
    output_format: Annotated[CostsFormat, typer.Option("--format", help="What goes to stdout.")] = CostsFormat.TEXT,
) -> None:
    """Show what was spent: calls, tokens and US dollars of every question, the failed ones too.

    \b
    summarise costs
    summarise costs --by day --since 2026-11-01
    summarise costs --by kind --story grain --format csv
    """

    def run() -> int:
        from summarise.commands.costs import run_costs

        return run_costs(by=by, since=since, until=until, story=story, store=store, form=output_format)

    raise ended(run)
