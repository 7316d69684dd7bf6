"""The program itself: its name, its help, its version, and how a command ends."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import typer

from summarise import streams

EXIT_CODES = "Exit codes: 0 complete, 1 failed, 2 usage or configuration, 3 made but incomplete, 130 interrupted."

app = typer.Typer(
    name="summarise",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=EXIT_CODES,
)


def _show_version(wanted: bool) -> None:
    if wanted:
        from summarise.fingerprint import installed_version

        typer.echo(f"summarise {installed_version()}")
        raise typer.Exit


@app.callback()
def summarise(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Say which version this is.")
    ] = False,
) -> None:
    """A folder of articles about one story becomes a structured brief.

    \b
    summarise brief articles/                         read with the embedded rules, no key needed
    summarise brief articles/ --model openai:NAME     ask a model (the key is in OPENAI_API_KEY)
    summarise brief articles/ --out build/brief       keep brief.json, brief.html, brief.md and the texts
    summarise diff articles/                          what changed since the version before
    summarise show articles/ "the Kremlin"            who that is in the newest version, and what that rests on
    """


def ended(run: Callable[[], int]) -> typer.Exit:
    """The end of a command; typer itself would take Ctrl-C while its modules are loaded without a word."""
    try:
        return typer.Exit(run())
    except KeyboardInterrupt:
        streams.say("interrupted")
        return typer.Exit(130)
