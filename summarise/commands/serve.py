"""`summarise serve` and `summarise serve token`, once their settings are known: run, and the exit code.

The log goes to stderr; stdout carries what was asked for: a token, a list.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from summarise.errors import ConfigurationError, OutputError, SummariseError
from summarise.render.safe import one_line
from summarise.streams import emit, hang_up, say

if TYPE_CHECKING:
    from summarise.serve.settings import ServeSettings
    from summarise.serve.tokens import Tokens

DONE, FAILED, USAGE = 0, 1, 2


def run_serve(make: Callable[[], ServeSettings], *, verbose: bool) -> int:
    """Serves until it is stopped; 0 then, 2 where the settings cannot work, 1 where the store cannot be used."""

    def serve() -> None:
        try:
            from summarise.serve.running import run
        except ModuleNotFoundError as error:
            raise ConfigurationError(
                f"the service needs an extra ({error.name} is missing): pip install 'summarise[serve]'"
            ) from None
        run(make(), lambda line: say(one_line(line)))

    _log(verbose=verbose)
    return _ending(serve)


def run_token(store: str | None, act: Callable[[Tokens], str]) -> int:
    """Does something with the tokens of a store, and prints what comes of it."""

    def work() -> None:
        from summarise.serve.tokens import Tokens
        from summarise.store import open_store

        with open_store(store) as opened:
            emit(act(Tokens(opened.database)), encoding="utf-8")

    return _ending(work)


def listed(tokens: Tokens) -> str:
    """A line a token: its name, when it was made, when it was revoked."""
    lines = [
        f"{token.name:24}  {token.made}  {f'revoked {token.revoked}' if token.revoked else ''}".rstrip()
        for token in tokens.listed()
    ]
    return "".join(f"{line}\n" for line in lines)


def _ending(work: Callable[[], None]) -> int:
    try:
        work()
    except BrokenPipeError:
        hang_up(sys.stdout)
    except SummariseError as error:
        say(one_line(str(error)))
        return FAILED if isinstance(error, OutputError) and not isinstance(error, ConfigurationError) else USAGE
    return DONE


def _log(*, verbose: bool) -> None:
    """The service's own log to stderr, a line an event. Libraries speak of what goes wrong only."""
    handler = logging.StreamHandler()
    handler.setFormatter(_OneLine("%(asctime)s %(levelname)s %(message)s", "%Y-%m-%dT%H:%M:%S%z"))
    for name in ("summarise", "uvicorn.error"):
        logger = logging.getLogger(name)
        logger.addHandler(handler)
        logger.propagate = False
    logging.getLogger("summarise").setLevel(logging.INFO if verbose else logging.WARNING)
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)


class _OneLine(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return one_line(super().format(record))
