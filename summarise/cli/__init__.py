"""The command line. Nothing heavy is imported until a command needs it, so that `--help` answers at once.

stdout carries the result, stderr everything else.
"""

from __future__ import annotations

import os
import sys

from summarise import streams
from summarise.cli import brief, costs, history, many, mcp, reading, serve  # each adds its commands
from summarise.cli.app import app
from summarise.commands import fix, stores

__all__ = ["app", "brief", "costs", "history", "main", "many", "mcp", "reading", "serve"]

app.add_typer(fix.app)
app.add_typer(stores.app)


def main() -> None:
    """The program `summarise`; ends the process with one of the exit codes above."""
    streams.open_missing()
    # Plug-ins of Pydantic would be looked for in all that is installed, at every start; this program uses none.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    try:
        code = app(sys.argv[1:] or ["--help"], standalone_mode=False)
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
