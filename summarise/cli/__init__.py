"""The command line. Nothing heavy is imported until a command needs it, so that `--help` answers at once.

stdout carries the result, stderr everything else.
"""

from __future__ import annotations

import sys

from summarise import streams
from summarise.cli import brief, history, mcp, reading, serve  # each adds its commands
from summarise.cli.app import app
from summarise.commands import fix, stores

__all__ = ["app", "brief", "history", "main", "mcp", "reading", "serve"]

app.add_typer(fix.app)
app.add_typer(stores.app)


def main() -> None:
    """The program `summarise`; ends the process with one of the exit codes above."""
    streams.open_missing()
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
