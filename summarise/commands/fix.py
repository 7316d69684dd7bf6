"""`summarise fix FOLDER …`: makes, lists and takes back a person's corrections without opening the file.

`app` is mounted by the command line; `current` finds the brief that a correction is checked against.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from summarise import streams

if TYPE_CHECKING:
    from summarise.contract import Brief
    from summarise.fixing import Meant

DONE, FAILED, USAGE = 0, 1, 2
EXIT_CODES = "Exit codes: 0 done, 1 the file could not be written, 2 it fits nothing or more than one thing, or usage."

app = typer.Typer(
    name="fix",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=EXIT_CODES,
)


@dataclass(frozen=True)
class FixSettings:
    """Which story is corrected.

    None for the file: that in the folder; for the brief: the newest version in the store (None: the default one) of the
    folder's story (`story`: of that name).
    """

    folder: Path
    overrides: Path | None = None
    brief: Path | None = None
    store: str | None = None
    story: str | None = None


def current(settings: FixSettings) -> Brief | None:
    """The brief that was named, else the newest version in the store, else one that lies in the folder, else none."""
    from summarise.reading_back import load_brief

    if settings.brief is not None:
        return load_brief(settings.brief)
    if (newest := _newest(settings)) is not None:
        return newest
    return load_brief(settings.folder) if (settings.folder / "brief.json").is_file() else None


def _newest(settings: FixSettings) -> Brief | None:
    """The newest version in the store; a store that is not there is not made."""
    from summarise.api import series_of
    from summarise.history import brief_of
    from summarise.store import default_place, open_store
    from summarise.store.places import is_address

    place = settings.store or default_place()
    series = series_of(settings.folder, settings.story)
    if series is None or not (is_address(place) or Path(place).expanduser().exists()):
        return None
    with open_store(place) as store:
        kept = store.load(series)
    return brief_of(kept) if kept is not None else None


def run_fix(settings: FixSettings, make: Callable[[Brief | None], Meant]) -> int:
    """Makes a correction and says what it did, on stdout; the exit code."""

    def run() -> list[str]:
        from summarise.fixing import add

        brief = current(settings)
        return list(add(_file(settings), make(brief), checked=brief is not None).lines)

    return _ending(run)


def run_undo(settings: FixSettings, number: int) -> int:
    """Takes a correction back; the exit code."""

    def run() -> list[str]:
        from summarise.fixing import undo

        return list(undo(_file(settings), number).lines)

    return _ending(run)


def run_list(settings: FixSettings) -> int:
    """Lists the corrections; the exit code."""

    def run() -> list[str]:
        from summarise.fixing import listed
        from summarise.overrides import load_overrides

        path = _file(settings)
        lines = list(listed(load_overrides(path), current(settings)))
        return lines or [f"no corrections in {path}"]

    return _ending(run)


def _file(settings: FixSettings) -> Path:
    from summarise.errors import InputError
    from summarise.overrides import overrides_path

    if not settings.folder.is_dir():
        raise InputError(f"{settings.folder}: no such folder; give the folder that holds the articles")
    return settings.overrides or overrides_path(settings.folder)


def _ending(run: Callable[[], list[str]]) -> int:
    from summarise.errors import OutputError, SummariseError
    from summarise.render.safe import one_line

    try:
        streams.emit("".join(f"{one_line(line)}\n" for line in run()), encoding="utf-8")
    except SummariseError as error:
        streams.say(one_line(str(error)))
        return FAILED if isinstance(error, OutputError) else USAGE
    return DONE


# ---- the command line


@app.callback()
def fix(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="The folder with the articles.")],
    overrides: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The file of corrections. Default: FOLDER/overrides.yaml.")
    ] = None,
    brief: Annotated[
        Path | None,
        typer.Option(
            metavar="BRIEF",
            help="The brief to check against: a brief.json, or its folder. Default: the newest version.",
        ),
    ] = None,
    store: Annotated[
        str | None, typer.Option(metavar="PLACE", envvar="SUMMARISE_STORE", help="The store with the versions.")
    ] = None,
    story: Annotated[str | None, typer.Option(metavar="ID", help="The story's name. Default: the folder's.")] = None,
) -> None:
    """Correct a brief: what a person says stays, whatever arrives.

    Corrections are kept in overrides.yaml beside the articles; the next summarise brief shows them. QUOTE is words of a
    sentence that the item rests on, or the item's id.

    \b
    summarise fix articles join "the Kremlin" Russia
    summarise fix articles wrong "the minister said" --because "it was the other minister"
    summarise fix articles list
    summarise fix articles undo 2
    """
    context.obj = FixSettings(folder=folder, overrides=overrides, brief=brief, store=store, story=story)


Quote = Annotated[str, typer.Argument(metavar="QUOTE", help="Words of a sentence that it rests on, or its id.")]
Question = Annotated[str, typer.Argument(metavar="QUESTION", help="The question, words it rests on, or its id.")]
Names = Annotated[list[str], typer.Argument(metavar="NAME NAME…", help="Names of actors, or their ids.")]
Actor = Annotated[str, typer.Option(metavar="NAME", help="Whose position it is.")]
Kind = Annotated[str, typer.Option(metavar="KIND", help="position, question, event, disagreement, fact or actor.")]
Because = Annotated[str, typer.Option(metavar="REASON", help="Why; readers of the brief see it.")]


@app.command(epilog=EXIT_CODES)
def join(context: typer.Context, names: Names) -> None:
    """These names are one actor; the first is the name shown."""
    from summarise import fixing

    raise typer.Exit(run_fix(context.obj, lambda brief: fixing.join(names, brief)))


@app.command(epilog=EXIT_CODES)
def part(context: typer.Context, names: Names) -> None:
    """These names are not one actor."""
    from summarise import fixing

    raise typer.Exit(run_fix(context.obj, lambda brief: fixing.part(names, brief)))


@app.command(epilog=EXIT_CODES)
def rename(
    context: typer.Context,
    actor: Annotated[str, typer.Argument(metavar="NAME", help="A name of the actor, or its id.")],
    to: Annotated[str, typer.Option(metavar="NAME", help="The name to show.")],
) -> None:
    """Show an actor by another name."""
    from summarise import fixing

    raise typer.Exit(run_fix(context.obj, lambda brief: fixing.rename(actor, to, brief)))


@app.command(epilog=EXIT_CODES)
def refile(
    context: typer.Context,
    quote: Quote,
    issue: Annotated[str, typer.Option(metavar="TITLE", help="The issue's title or id; a new title makes an issue.")],
    actor: Actor = "",
) -> None:
    """File a position under another issue."""
    from summarise import fixing

    raise typer.Exit(run_fix(context.obj, lambda brief: fixing.refile(quote, issue, brief, actor=actor)))


@app.command(epilog=EXIT_CODES)
def close(
    context: typer.Context,
    question: Question,
    answer: Annotated[str, typer.Option(metavar="QUOTE", help="Words of the sentence that answers it.")] = "",
) -> None:
    """A question is answered."""
    from summarise import fixing

    raise typer.Exit(run_fix(context.obj, lambda brief: fixing.close(question, brief, answer_quote=answer)))


@app.command(epilog=EXIT_CODES)
def drop(context: typer.Context, question: Question, because: Because) -> None:
    """A question is none of the story's."""
    from summarise import fixing

    raise typer.Exit(run_fix(context.obj, lambda brief: fixing.drop(question, because, brief)))


@app.command(epilog=EXIT_CODES)
def wrong(context: typer.Context, quote: Quote, because: Because, kind: Kind = "", actor: Actor = "") -> None:
    """An item is wrong: it goes to what was left out, with the reason."""
    from summarise import fixing

    raise typer.Exit(run_fix(context.obj, lambda brief: fixing.wrong(quote, because, brief, kind=kind, actor=actor)))


@app.command(epilog=EXIT_CODES)
def pin(
    context: typer.Context,
    quote: Quote,
    statement: Annotated[str, typer.Option(metavar="TEXT", help="The words to show it in.")] = "",
    stance: Annotated[str, typer.Option(metavar="STANCE", help="The stance of a position, as in: opposes.")] = "",
    kind: Kind = "",
    actor: Actor = "",
) -> None:
    """An item stays, first in its list, whatever a model says."""
    from summarise import fixing

    raise typer.Exit(
        run_fix(
            context.obj,
            lambda brief: fixing.pin(quote, brief, kind=kind, actor=actor, statement=statement, stance=stance),
        )
    )


@app.command("list", epilog=EXIT_CODES)
def list_(context: typer.Context) -> None:
    """The corrections, numbered, and whether each fits."""
    raise typer.Exit(run_list(context.obj))


@app.command(epilog=EXIT_CODES)
def undo(
    context: typer.Context, number: Annotated[int, typer.Argument(metavar="N", help="Its number in the list.")]
) -> None:
    """Take a correction back."""
    raise typer.Exit(run_undo(context.obj, number))
