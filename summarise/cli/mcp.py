"""The door for other programs' assistants: mcp."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from summarise.cli import options
from summarise.cli.app import app, ended
from summarise.settings import Mode


@app.command(epilog="Exit codes: 0 stopped, 1 failed, 2 usage or configuration, 130 interrupted.")
def mcp(
    allow: Annotated[
        list[Path] | None,
        typer.Option(metavar="DIR", help="A folder that may be read, with all below it; more than once for several."),
    ] = None,
    http: Annotated[
        str | None,
        typer.Option(
            metavar="HOST:PORT",
            help="Speak HTTP there instead of stdio; callers show a token (summarise serve token add NAME).",
        ),
    ] = None,
    allowed_host: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="A name by which callers may call this server over HTTP.")
    ] = None,
    allowed_origin: Annotated[
        list[str] | None, typer.Option(metavar="ORIGIN", help="A web page's origin that may call. Default: none.")
    ] = None,
    model: options.Model = None,
    base_url: options.BaseUrl = None,
    mode: options.Mode = Mode.JSON_SCHEMA,
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
    runs: Annotated[int, typer.Option(metavar="N", min=1, help="Briefs made at once; others wait.")] = 2,
    run_seconds: Annotated[
        float, typer.Option(metavar="S", min=0.001, help="Seconds after which a run asks nothing more.")
    ] = 3_600.0,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="A line to stderr for each run.")] = False,
) -> None:
    """Serve briefs to programs that speak the Model Context Protocol.

    \b
    summarise mcp --allow articles --model openai:NAME
    summarise mcp --allow articles --http 127.0.0.1:8765
    """

    def run() -> int:
        from summarise.commands.mcp import run_mcp
        from summarise.mcp.settings import Address, McpSettings

        def settings() -> McpSettings:
            return McpSettings(
                allow=tuple(allow or ()),
                http=Address.parse(http) if http else None,
                hosts=tuple(allowed_host or ()),
                origins=tuple(allowed_origin or ()),
                model=model,
                base_url=base_url,
                mode=mode.value,
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
                runs=runs,
                run_seconds=run_seconds,
            )

        return run_mcp(settings, verbose=verbose)

    raise ended(run)
