"""The HTTP service, and the tokens it asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from summarise.cli import options
from summarise.cli.app import app, ended
from summarise.settings import Mode

if TYPE_CHECKING:
    from summarise.serve.settings import ServeSettings
    from summarise.serve.tokens import Tokens

_CODES = "Exit codes: 0 stopped, running jobs finished or given back; 1 failed, 2 usage or configuration."
_SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 100}

serving = typer.Typer(
    name="serve",
    invoke_without_command=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings=_SETTINGS,
    epilog=_CODES,
)
tokens = typer.Typer(
    name="token",
    help="The tokens that callers of the service send.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings=_SETTINGS,
)
serving.add_typer(tokens)
app.add_typer(serving)

Name = Annotated[str, typer.Argument(metavar="NAME", help="What the token goes by in lists and in the log.")]


@serving.callback()
def serve(
    context: typer.Context,
    host: Annotated[
        str, typer.Option(metavar="ADDR", envvar="SUMMARISE_HOST", help="Where to listen. Others need a token.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(metavar="N", envvar="SUMMARISE_PORT", help="0: any that is free.")] = 8080,
    allowed_host: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="A name the service goes by, as its callers call it; may be repeated."),
    ] = None,
    store: options.Store = None,
    model: options.Model = None,
    base_url: options.BaseUrl = None,
    mode: options.Mode = Mode.JSON_SCHEMA,
    prompts: options.Prompts = None,
    check: options.Check = False,
    concurrency: options.Concurrency = 8,
    timeout: options.Timeout = 300.0,
    context_window: options.ContextWindow = 128_000,
    rpm: options.Rpm = None,
    tpm: options.Tpm = None,
    max_cost: Annotated[
        float | None,
        typer.Option(metavar="USD", envvar="SUMMARISE_MAX_COST", help="What one job may cost; more than 0."),
    ] = None,
    max_tokens: Annotated[
        int | None,
        typer.Option(metavar="N", envvar="SUMMARISE_MAX_TOKENS", help="Tokens one job may take, input and output."),
    ] = None,
    price: options.Price = None,
    job_seconds: Annotated[float, typer.Option(metavar="S", help="Seconds one job may take.")] = 3_600.0,
    jobs: Annotated[int, typer.Option(metavar="N", help="Jobs at once; 0 leaves them to other processes.")] = 4,
    lease: Annotated[
        float, typer.Option(metavar="S", help="Seconds without a sign of life after which a job is taken up again.")
    ] = 15.0,
    grace: Annotated[
        float, typer.Option(metavar="S", help="Seconds that running jobs have once it is stopped.")
    ] = 20.0,
    max_body: Annotated[int, typer.Option(metavar="BYTES", help="The largest body of a call.")] = 16 * 1024 * 1024,
    max_articles: Annotated[int, typer.Option(metavar="N", help="The most articles of a story.")] = 2_000,
    max_calls: Annotated[int, typer.Option(metavar="N", help="Calls answered at once.")] = 128,
    max_calls_per_token: Annotated[int, typer.Option(metavar="N", help="Calls of one token answered at once.")] = 64,
    max_waiting: Annotated[int, typer.Option(metavar="N", help="Jobs that may wait.")] = 500,
    max_waiting_per_token: Annotated[int, typer.Option(metavar="N", help="Jobs of one token that may wait.")] = 200,
    request_seconds: Annotated[float, typer.Option(metavar="S", help="Seconds a call may take.")] = 30.0,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Log the beginning and end of jobs, too.")] = False,
) -> None:
    """Serve stories and their briefs over HTTP, until SIGTERM or Ctrl-C.

    \b
    summarise serve
    summarise serve --model openai:NAME --jobs 8 --store postgresql://USER@HOST/DATABASE
    summarise serve token add newsroom
    summarise serve --host 0.0.0.0 --allowed-host briefs.example.org

    Only this machine is served, without a token, until there is one. docs/service.md tells the rest.
    """
    if context.invoked_subcommand is not None:
        return

    def settings() -> ServeSettings:
        from summarise.serve.settings import ServeSettings

        return ServeSettings(
            host=host,
            port=port,
            allowed_hosts=tuple(allowed_host or ()),
            store=store,
            model=model,
            base_url=base_url,
            mode=mode.value,
            prompts=prompts,
            check=check,
            concurrency=concurrency,
            timeout=timeout,
            context_window=context_window,
            rpm=rpm,
            tpm=tpm,
            max_cost=max_cost,
            max_tokens=max_tokens,
            price=price,
            job_seconds=job_seconds,
            jobs=jobs,
            lease=lease,
            grace=grace,
            max_body=max_body,
            max_articles=max_articles,
            max_calls=max_calls,
            max_calls_per_token=max_calls_per_token,
            max_waiting=max_waiting,
            max_waiting_per_token=max_waiting_per_token,
            request_seconds=request_seconds,
        )

    def run() -> int:
        from summarise.commands.serve import run_serve

        return run_serve(settings, verbose=verbose)

    raise ended(run)


@tokens.command(epilog="Exit codes: 0 made, 2 no such name can be given, or usage.")
def add(name: Name, store: options.Store = None) -> None:
    """Make a token and print it, for the one time: the store keeps its hash.

    \b
    summarise serve token add newsroom
    """

    def run() -> int:
        from summarise.commands.serve import run_token

        return run_token(store, lambda there: there.add(name) + "\n")

    raise ended(run)


@tokens.command("list", epilog="Exit codes: 0 listed, 2 usage.")
def list_tokens(store: options.Store = None) -> None:
    """List the tokens there ever were: name, when made, when revoked."""

    def run() -> int:
        from summarise.commands.serve import listed, run_token

        return run_token(store, listed)

    raise ended(run)


@tokens.command(epilog="Exit codes: 0 revoked, 2 there is no such token in use, or usage.")
def revoke(name: Name, store: options.Store = None) -> None:
    """Revoke a token: running services refuse it within a second."""

    def run() -> int:
        from summarise.commands.serve import run_token

        def act(there: Tokens) -> str:
            there.revoke(name)
            return ""

        return run_token(store, act)

    raise ended(run)
