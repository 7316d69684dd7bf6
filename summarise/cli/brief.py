"""The brief: made once, or kept up to date."""

from __future__ import annotations

from typing import Annotated

import typer

from summarise.cli import options
from summarise.cli.app import EXIT_CODES, app, ended
from summarise.settings import BriefSettings, Format, Mode


@app.command(epilog=EXIT_CODES)
def brief(
    folder: options.Folder,
    model: options.Model = None,
    base_url: options.BaseUrl = None,
    mode: options.Mode = Mode.JSON_SCHEMA,
    out: options.Out = None,
    output_format: options.Form = Format.TEXT,
    language: options.Language = None,
    story: options.Story = None,
    about: options.About = None,
    store: options.Store = None,
    overrides: options.Overrides = None,
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
    batch: Annotated[
        bool, typer.Option("--batch", help="Ask in the provider's batches: about half the price, and up to days.")
    ] = False,
    plan: Annotated[bool, typer.Option("--plan", help="Show calls, tokens, cost and time, and spend nothing.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Only the result, and errors.")] = False,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="What became of each file, usage, and tracebacks.")
    ] = False,
) -> None:
    """Read a folder of articles and write its brief.

    \b
    summarise brief seeds
    summarise brief seeds --model openai:NAME --out build/brief
    summarise brief seeds --model openai:NAME --base-url http://127.0.0.1:8000/v1
    summarise brief seeds --format json > brief.json
    """
    settings = BriefSettings(
        folder=folder,
        model=model,
        base_url=base_url,
        mode=mode,
        out=out,
        format=output_format,
        language=language,
        story=story,
        about=about,
        store=store,
        overrides=overrides,
        prompts=prompts,
        concurrency=concurrency,
        timeout=timeout,
        context_window=context_window,
        rpm=rpm,
        tpm=tpm,
        max_cost=max_cost,
        max_tokens=max_tokens,
        price=price,
        batch=batch,
        plan=plan,
        quiet=quiet,
        check=check,
        verbose=verbose,
    )

    def run() -> int:
        from summarise.command import run_brief

        return run_brief(settings)

    raise ended(run)


@app.command(epilog="Exit codes: 130 stopped with Ctrl-C, 143 with SIGTERM, 1 failed, 2 usage or configuration.")
def watch(
    folder: options.Folder,
    model: options.Model = None,
    base_url: options.BaseUrl = None,
    mode: options.Mode = Mode.JSON_SCHEMA,
    out: options.Out = None,
    language: options.Language = None,
    story: options.Story = None,
    about: options.About = None,
    store: options.Store = None,
    overrides: options.Overrides = None,
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
    on_change: Annotated[
        str | None,
        typer.Option(
            metavar="CMD",
            help="Run this after each update that changed something, without a shell; SUMMARISE_STORY, "
            "SUMMARISE_VERSION, SUMMARISE_OUT and SUMMARISE_CHANGES are in its environment.",
        ),
    ] = None,
    settle: Annotated[
        float, typer.Option(metavar="S", min=0.0, help="Seconds for which all files must have been still.")
    ] = 1.5,
    poll: Annotated[bool, typer.Option("--poll", help="Look by itself now and then: for network drives.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Only the changes, and errors.")] = False,
) -> None:
    """Keep the brief of a folder up to date, one line a change.

    \b
    summarise watch articles --out build/brief
    summarise watch articles --out build/brief --on-change "notify-send summarise"
    """
    settings = BriefSettings(
        folder=folder,
        model=model,
        base_url=base_url,
        mode=mode,
        out=out,
        language=language,
        story=story,
        about=about,
        store=store,
        overrides=overrides,
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
        quiet=quiet,
    )

    def run() -> int:
        from summarise.commands.watch import run_watch

        return run_watch(settings, on_change=on_change, settle=settle, poll=poll)

    raise ended(run)
