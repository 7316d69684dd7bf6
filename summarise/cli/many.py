"""Many stories in one run."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from summarise.cli import options
from summarise.cli.app import app, ended
from summarise.settings import Engine, ManySettings, Mode, ReportFormat


@app.command(
    epilog="Exit codes: 0 all complete, 1 some failed, 2 usage or configuration, 3 some incomplete, 130 interrupted."
)
def many(
    root: Annotated[
        Path, typer.Argument(metavar="ROOT", help="A folder with a folder for each story, or a manifest (*.jsonl).")
    ],
    out: Annotated[
        Path, typer.Option(metavar="DIR", help="The briefs go there, each into a folder of its own; and report.json.")
    ] = Path("briefs"),
    engine: Annotated[
        Engine, typer.Option(help="Who makes them: this process, a Dask cluster, or a provider's batches.")
    ] = Engine.LOCAL,
    jobs: Annotated[int, typer.Option(metavar="N", min=1, help="Stories made at once in one process.")] = 4,
    scheduler: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="For dask: a scheduler, as in tcp://HOST:PORT or tls://…")
    ] = None,
    workers: Annotated[
        int | None, typer.Option(metavar="N", min=1, help="For dask without a scheduler: so many processes here.")
    ] = None,
    only_changed: Annotated[
        bool, typer.Option("--only-changed", help="Do not open stories whose files are as they were last time.")
    ] = False,
    fail_fast: Annotated[bool, typer.Option("--fail-fast", help="Stop at the first story that fails.")] = False,
    model: options.Model = None,
    base_url: options.BaseUrl = None,
    mode: options.Mode = Mode.JSON_SCHEMA,
    output_format: Annotated[ReportFormat, typer.Option("--format", help="What goes to stdout.")] = ReportFormat.TEXT,
    language: options.Language = None,
    store: options.Store = None,
    prompts: options.Prompts = None,
    concurrency: options.Concurrency = 8,
    timeout: options.Timeout = 300.0,
    context_window: options.ContextWindow = 128_000,
    rpm: options.Rpm = None,
    tpm: options.Tpm = None,
    max_cost: options.MaxCost = None,
    max_tokens: options.MaxTokens = None,
    price: options.Price = None,
    check: options.Check = False,
    plan: Annotated[bool, typer.Option("--plan", help="Show calls, tokens, cost and time, and spend nothing.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Only the report, and errors.")] = False,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Every story in the report, and tracebacks.")
    ] = False,
) -> None:
    """Make the briefs of many stories in one run. Limits hold for all of them together.

    \b
    summarise many news --out briefs
    summarise many news --model openai:NAME --max-cost 5 --only-changed
    summarise many stories.jsonl --engine dask --scheduler tcp://HOST:8786
    """
    settings = ManySettings(
        root=root,
        out=out,
        engine=engine,
        jobs=jobs,
        scheduler=scheduler,
        workers=workers,
        only_changed=only_changed,
        fail_fast=fail_fast,
        model=model,
        base_url=base_url,
        mode=mode,
        format=output_format,
        language=language,
        store=store,
        prompts=prompts,
        concurrency=concurrency,
        timeout=timeout,
        context_window=context_window,
        rpm=rpm,
        tpm=tpm,
        max_cost=max_cost,
        max_tokens=max_tokens,
        price=price,
        check=check,
        plan=plan,
        quiet=quiet,
        verbose=verbose,
    )

    def run() -> int:
        from summarise.commands.many import run_many

        return run_many(settings)

    raise ended(run)
