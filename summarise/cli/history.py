"""What the store knows of a story: what changed, its versions, what each of them said."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from summarise.cli import options
from summarise.cli.app import app, ended
from summarise.settings import ChangesFormat, Format

if TYPE_CHECKING:
    from summarise.store import Series, Store

_CODES = "Exit codes: 0 shown, 1 not shown, 2 no such story or version, or usage."


def _asked(
    folder: Path, story: str | None, store: str | None, show: Callable[[Store, Series], int]
) -> Callable[[], int]:
    def run() -> int:
        from summarise.commands.history import of_story

        return of_story(folder, story, store, show)

    return run


@app.command(epilog=_CODES)
def diff(
    folder: options.Folder,
    versions: Annotated[
        list[int] | None, typer.Argument(metavar="[A [B]]", help="Versions; default: the newest and the one before.")
    ] = None,
    output_format: options.ChangesForm = ChangesFormat.TEXT,
    story: options.Story = None,
    store: options.Store = None,
) -> None:
    """Show what changed between two versions of a brief.

    \b
    summarise diff articles
    summarise diff articles 3 --format json
    """

    def show(opened: Store, series: Series) -> int:
        from summarise.commands.history import run_diff

        return run_diff(opened, series, versions or (), form=output_format)

    raise ended(_asked(folder, story, store, show))


@app.command(epilog=_CODES)
def log(
    folder: options.Folder,
    questions: Annotated[
        bool, typer.Option("--questions", help="The open questions instead, each from opening to answer.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
    story: options.Story = None,
    store: options.Store = None,
) -> None:
    """Show the versions of a brief, a line each, or the lives of its questions.

    \b
    summarise log articles
    summarise log articles --questions
    """

    def show(opened: Store, series: Series) -> int:
        from summarise.commands.history import run_log

        return run_log(opened, series, questions=questions, as_json=as_json)

    raise ended(_asked(folder, story, store, show))


@app.command(epilog=_CODES)
def show(
    folder: options.Folder,
    name: Annotated[
        str | None, typer.Argument(metavar="[NAME]", help="A name of an actor, an issue, a question, or an id.")
    ] = None,
    version: Annotated[int | None, typer.Option(metavar="N", help="Which version. Default: the newest.")] = None,
    output_format: options.Form = Format.TEXT,
    story: options.Story = None,
    store: options.Store = None,
) -> None:
    """Show the brief of a folder as it was last made, or one item of it; nothing is read or asked.

    \b
    summarise show articles
    summarise show articles "the Kremlin"
    summarise show articles --version 2 --format md
    """

    def of(opened: Store, series: Series) -> int:
        from summarise.commands.history import run_show_item, run_show_version

        if name is None:
            return run_show_version(opened, series, version, form=output_format)
        return run_show_item(opened, series, name, version, form=output_format)

    raise ended(_asked(folder, story, store, of))
