"""What a run says to `logging`: ids, numbers, kinds of failure. Words of articles or of a model at DEBUG alone.

Loggers are named "summarise.…"; nothing is configured here. Every record has `run_id`, which names the call it belongs
to; records of other libraries have it too where a caller's handler is given a `RunId` filter.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

run_id: ContextVar[str] = ContextVar("run_id", default="-")
"""The call of `brief` that is being worked for, in this task and those it started."""


class RunId(logging.Filter):
    """Gives records their `run_id`, and lets all of them pass."""

    def filter(self, record: logging.LogRecord) -> bool:
        if not hasattr(record, "run_id"):
            record.run_id = run_id.get()
        return True


class _DebugOnly(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        return record.levelno <= logging.DEBUG


_with_run_id, _debug_only = RunId(), _DebugOnly()


logging.getLogger("summarise").addHandler(logging.NullHandler())  # a library is silent unless its user listens


def logger(name: str) -> logging.Logger:
    """The logger of a module; its records have `run_id`."""
    found = logging.getLogger(name)
    found.addFilter(_with_run_id)
    return found


@contextmanager
def named(given: str = "") -> Iterator[str]:
    """Names a call while the `with` lasts: as given, else by a name of its own."""
    token = run_id.set(given or secrets.token_hex(4))
    try:
        yield run_id.get()
    finally:
        run_id.reset(token)


def hush(library: str) -> None:
    """A library that repeats what it was sent in its errors: no record of its loggers above DEBUG passes."""
    there = [name for name in logging.root.manager.loggerDict if name.partition(".")[0] == library]
    for name in {library, *there}:  # a filter of a logger holds for its own records only
        logging.getLogger(name).addFilter(_debug_only)
