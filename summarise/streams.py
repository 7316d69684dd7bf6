"""stdout and stderr as a program meets them: a terminal, a pipe, a full disk, or closed.

stdout carries the result, so what cannot be written there is an error; stderr only talks, and never fails a run.
"""

from __future__ import annotations

import codecs
import os
import sys
from collections.abc import Iterator
from typing import TextIO

from summarise.errors import OutputError


def open_missing() -> None:
    """Gives a stream that whoever started the program had closed (`>&-`) a place where nothing is kept."""
    # Unless its number is taken again, the next file opened would be written to by whoever writes to that number.
    if sys.stdout is None:
        sys.stdout = _nowhere()
    if sys.stderr is None:
        sys.stderr = _nowhere()


def emit(text: str | Iterator[str], *, encoding: str) -> None:
    """A text, or its pieces, to stdout.

    Raises BrokenPipeError where nobody reads on, OutputError where it cannot be written.
    """
    if sys.stdout is None:
        return
    try:
        sys.stdout.flush()
        encoder = codecs.getincrementalencoder(encoding)(errors="replace")
        for piece in (text,) if isinstance(text, str) else text:
            sys.stdout.buffer.write(encoder.encode(piece))
        sys.stdout.buffer.write(encoder.encode("", final=True))
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise unwritable(error) from error


def unwritable(error: OSError) -> OutputError:
    """What is said where stdout takes no more; stdout takes everything, and keeps nothing, from here on."""
    hang_up(sys.stdout)
    return OutputError(
        f"stdout could not be written ({error.strerror or error}); free space, or send it to another file"
    )


def say(line: str) -> None:
    """One line of the program's own to stderr, as far as that takes any."""
    if sys.stderr is None:
        return
    try:
        print(f"summarise: {line}", file=sys.stderr, flush=True)
    except (OSError, ValueError):
        hang_up(sys.stderr)


def hang_up(stream: TextIO) -> None:
    """Nobody takes more of `stream`: nothing is left for the interpreter to flush and complain about."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, stream.fileno())
    except (OSError, ValueError):
        pass
    finally:
        os.close(nowhere)


def _nowhere() -> TextIO:
    return open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123 (a stream lives as long as the program)
