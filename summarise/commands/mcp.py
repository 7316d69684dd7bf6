"""`summarise mcp`, once its settings are known: serve until told to stop, and end with the right exit code."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable

from summarise.errors import ConfigurationError, SummariseError
from summarise.mcp.settings import McpSettings
from summarise.render.safe import one_line
from summarise.streams import say

STOPPED, FAILED, USAGE = 0, 1, 2


def run_mcp(settings: Callable[[], McpSettings], *, verbose: bool = False) -> int:
    """Serves; returns the exit code. Every error is one line on stderr: stdout is the protocol's."""
    try:
        _installed()
        chosen = settings()
        from summarise.mcp.server import run

        run(chosen, verbose=verbose)
    except SummariseError as error:
        say(one_line(str(error)))
        return USAGE if isinstance(error, ConfigurationError) else FAILED
    return STOPPED


def _installed() -> None:
    if importlib.util.find_spec("mcp") is None:
        raise ConfigurationError("summarise mcp needs an extra: pip install 'summarise[mcp]'")
