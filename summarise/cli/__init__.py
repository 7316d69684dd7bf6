"""The command line. Nothing heavy is imported until a command needs it, so that `--help` answers at once.

stdout carries the result, stderr everything else.
"""

from __future__ import annotations

import copy
import os
import sys
from collections.abc import Callable

import typer

from summarise import streams
from summarise.cli import brief, costs, history, many, mcp, reading, serve  # each adds its commands
from summarise.cli.app import app
from summarise.commands import fix, stores

__all__ = ["app", "brief", "costs", "history", "main", "many", "mcp", "reading", "serve"]

app.add_typer(fix.app)
app.add_typer(stores.app)


def narrowed(whole: typer.Typer, wanted: str) -> typer.Typer:
    """The program with only the `wanted` command whole; of the others the name and the help, which is all it needs.

    typer works out all options of all commands at every start, which takes longer than most commands.
    """
    narrow = copy.copy(whole)
    narrow.registered_commands = []
    for info in whole.registered_commands:
        name, callback = info.name, info.callback
        if callback is not None and (name or callback.__name__.replace("_", "-")) != wanted:
            info = copy.copy(info)
            info.callback = _named_alike(callback)
        narrow.registered_commands.append(info)
    narrow.registered_groups = []
    for group in whole.registered_groups:
        inner = group.typer_instance
        if inner is not None and wanted not in (group.name, inner.info.name):
            group = copy.copy(group)
            group.typer_instance = copy.copy(inner)
            group.typer_instance.registered_commands, group.typer_instance.registered_groups = [], []
        narrow.registered_groups.append(group)
    return narrow


def _named_alike(callback: Callable[..., object]) -> Callable[[], None]:
    def command() -> None:
        raise AssertionError("the help of a command is not the command")

    command.__name__, command.__doc__ = callback.__name__, callback.__doc__
    return command


def main() -> None:
    """The program `summarise`; ends the process with one of the exit codes above."""
    streams.open_missing()
    # Plug-ins of Pydantic would be looked for in all that is installed, at every start; this program uses none.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    try:
        given = sys.argv[1:] or ["--help"]
        code = narrowed(app, given[0])(given, standalone_mode=False)
        sys.stdout.flush()
    except BrokenPipeError:
        streams.hang_up(sys.stdout)
        code = 0
    except OSError as error:
        streams.say(str(streams.unwritable(error)))
        code = 1
    except Exception as error:
        # Usage errors; their class has moved between versions of typer.
        if not hasattr(error, "format_message"):
            raise
        path = getattr(getattr(error, "ctx", None), "command_path", "")
        command = path.partition(" ")[2] or "brief"
        streams.say(f"{error.format_message()} (summarise {command} --help shows how)")
        code = 2
    except KeyboardInterrupt:
        streams.say("interrupted")
        code = 130
    sys.exit(code if isinstance(code, int) else 0)
