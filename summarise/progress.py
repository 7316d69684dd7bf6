"""How far a run is: events for whoever listens, and one line on a terminal."""

from __future__ import annotations

import os
import sys
import time
from types import TracebackType
from typing import Protocol, TextIO

_EVERY = 0.05
"""Seconds between two redrawings."""


class Step(Protocol):
    """An event of a run: `done` of `total` (0: not known) parts of `stage` are ready, `what` the latest."""

    @property
    def stage(self) -> str: ...
    @property
    def done(self) -> int: ...
    @property
    def total(self) -> int: ...
    @property
    def what(self) -> str: ...


class ProgressLine:
    """Keeps one line of `stream` up to date while it is a terminal, clears it at the end, and is silent elsewhere."""

    def __init__(self, stream: TextIO | None = None, *, wanted: bool = True) -> None:
        self._stream = stream if stream is not None else sys.stderr
        screen = self._stream is not None and self._stream.isatty()
        self._on = wanted and screen and os.environ.get("TERM") != "dumb"
        self._drawn = 0.0

    def __enter__(self) -> ProgressLine:
        return self

    def __call__(self, step: Step) -> None:
        """Shows one event."""
        now = time.monotonic()
        if not self._on or (0 < step.done < step.total and now - self._drawn < _EVERY):
            return
        self._drawn = now
        self._draw(f"{step.stage} {step.done}/{step.total} {step.what}" if step.total else f"{step.stage} …")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._on and self._drawn:
            self._draw("")

    def _draw(self, words: str) -> None:
        from summarise.render.safe import one_line, shorten

        try:
            width = os.get_terminal_size(self._stream.fileno()).columns
        except (OSError, ValueError):
            width = 80
        # \r and "erase to the end of the line" are the only two controls; the words are cleaned.
        try:
            self._stream.write("\r\x1b[K" + shorten(one_line(words), max(width - 1, 10)))
            self._stream.flush()
        except OSError:  # the terminal is gone; the run goes on
            self._on = False
