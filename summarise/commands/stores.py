"""`summarise store`: where the store is, whether it is sound, and making it smaller.

The result goes to stdout, all else to stderr.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from summarise import streams
from summarise.errors import ConfigurationError, DamagedStore, OutputError, SummariseError
from summarise.render.safe import one_line

if TYPE_CHECKING:
    from summarise.store import Store

DONE, FAILED, USAGE, INTERRUPTED = 0, 1, 2, 130

app = typer.Typer(
    name="store",
    help="Look after the store: the answers that were paid for, the articles as read, every version of a brief.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)

Place = Annotated[
    str | None,
    typer.Option(
        "--store",
        metavar="PLACE",
        envvar="SUMMARISE_STORE",
        show_envvar=True,
        help="The store's file, or postgresql://USER@HOST/DATABASE. Default: a file in the user's data folder.",
    ),
]


@app.command(epilog="Exit codes: 0 printed, 2 usage.")
def path(store: Place = None) -> None:
    """Print where the store is, without a password."""

    def run() -> int:
        from summarise.store.places import shown_place

        _show(shown_place(store))
        return DONE

    raise _ended(run)


@app.command(epilog="Exit codes: 0 sound, 1 faults (a line each), 2 usage, or there is no store.")
def verify(store: Place = None) -> None:
    """Check the store: the database itself, every hash, every JSON, every version's texts.

    Other programs may go on using the store meanwhile.
    """

    def run() -> int:
        try:
            with _existing(store) as kept:
                faults, counts = kept.verify(), None
                if not faults:
                    counts = kept.counts()
        except DamagedStore as error:
            _show(str(error))
            return FAILED
        if counts is None:
            _show(*faults)
            return FAILED
        _show(f"{_many(counts.answers, 'answer')}, {_many(counts.versions, 'version')}: all sound")
        return DONE

    raise _ended(run)


@app.command(epilog="Exit codes: 0 done, 1 failed, 2 usage, or there is no store.")
def gc(
    store: Place = None,
    keep_versions: Annotated[
        int | None,
        typer.Option(metavar="N", min=1, help="Remove the versions of a brief beyond its newest N. Default: none."),
    ] = None,
    older_than: Annotated[
        float,
        typer.Option(metavar="DAYS", min=0, help="Spare answers and articles of the last DAYS days."),
    ] = 30,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be removed.")] = False,
) -> None:
    """Remove what no version of a brief rests on, and give the space back.

    Answers and articles as read go where no version that is kept used them and they are older than --older-than
    days; asking for them again costs what it cost the first time. Who writes to a large store waits meanwhile.

    \b
    summarise store gc --dry-run
    summarise store gc --keep-versions 20 --older-than 90
    """

    def run() -> int:
        with _existing(store) as kept:
            gone = kept.gc(keep_versions=keep_versions, older_than_days=older_than, dry_run=dry_run)
        what = ", ".join(
            (
                _many(gone.versions, "version"),
                _many(gone.answers, "answer"),
                f"{_many(gone.articles, 'article')} as read",
                _many(gone.texts, "text"),
            )
        )
        _show(f"{'would remove' if dry_run else 'removed'} {what}: {_size(gone.bytes)}")
        return DONE

    raise _ended(run)


def _existing(place: str | None) -> Store:
    """The store, opened. Raises ConfigurationError where there is none: looking after one makes none."""
    from summarise.store import open_store
    from summarise.store.places import is_address, shown_place

    shown = shown_place(place)
    if not is_address(shown) and not Path(shown).exists():
        raise ConfigurationError(f"there is no store {shown} yet; check --store and SUMMARISE_STORE")
    return open_store(place)


def _many(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def _size(count: int) -> str:
    """Bytes for people."""
    for unit, size in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if count >= size:
            return f"{count / size:.1f} {unit}"
    return _many(count, "byte")


def _ended(run: Callable[[], int]) -> typer.Exit:
    try:
        return typer.Exit(run())
    except SummariseError as error:
        streams.say(one_line(str(error)))
        return typer.Exit(FAILED if isinstance(error, OutputError) else USAGE)
    except BrokenPipeError:
        streams.hang_up(sys.stdout)
        return typer.Exit(DONE)
    except KeyboardInterrupt:
        streams.say("interrupted")
        return typer.Exit(INTERRUPTED)


def _show(*lines: str) -> None:
    streams.emit("".join(f"{one_line(line)}\n" for line in lines), encoding="utf-8")
