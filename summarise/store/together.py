"""Answers that come in at the same time are written in one transaction, by a thread of their own.

Fifty answers that arrive together would else be fifty transactions one after the other, each flushed to the disk and
each handing the interpreter back and forth with the event loop; the last would be stored a third of a second late.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from queue import Empty, SimpleQueue
from typing import Generic, TypeVar

from summarise.errors import LostStore, OutputError

T = TypeVar("T")
R = TypeVar("R")

MOST = 200
"""Items of one transaction."""

_IDLE = 5.0
"""Seconds without an item after which the thread ends, and lets go of a store that nobody closed."""


class Together(Generic[T, R]):
    """Hands what is put to `write` in groups: all that came while the group before was being written.

    `write` returns a result for each item, in order. Where it raises for several, each is written by itself, so that
    one that cannot be stored takes no other with it; not where the whole store is away. From any thread; in a process
    that was forked off, it begins anew.
    """

    def __init__(self, write: Callable[[Sequence[T]], Sequence[R]]) -> None:
        self._write = write
        self._closed = False
        self._begin()

    def _begin(self) -> None:
        self._process = os.getpid()
        self._coming: SimpleQueue[tuple[T, Future[R]] | None] = SimpleQueue()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def put(self, item: T) -> Future[R]:
        """What becomes of an item; it cannot be called back. Raises OutputError after `close`."""
        if self._process != os.getpid():  # the thread has stayed behind, and the lock may be held for ever
            self._begin()
        outcome: Future[R] = Future()
        outcome.set_running_or_notify_cancel()
        with self._lock:
            if self._closed:
                raise OutputError("the store is closed; keep it open until the brief is made")
            self._coming.put((item, outcome))
            if self._thread is None:
                # a daemon: a store that nobody closes must not keep the interpreter from ending
                self._thread = threading.Thread(target=self._work, name="store", daemon=True)
                self._thread.start()
        return outcome

    def close(self) -> None:
        """Waits until all that was put is written. May be called twice."""
        if self._process != os.getpid():
            self._begin()
        with self._lock:
            self._closed, thread = True, self._thread
            self._coming.put(None)
        if thread is not None:
            thread.join()

    def _work(self) -> None:
        while (first := self._next()) is not None:
            group, last = [first], False
            while len(group) < MOST:
                try:
                    more = self._coming.get_nowait()
                except Empty:
                    break
                if more is None:
                    last = True
                    break
                group.append(more)
            self._write_down(group)
            if last:
                return

    def _next(self) -> tuple[T, Future[R]] | None:
        """What comes next; None where nothing has for a while, or will: the thread is to end."""
        try:
            return self._coming.get(timeout=_IDLE)
        except Empty:
            pass
        with self._lock:
            try:
                return self._coming.get_nowait()
            except Empty:
                self._thread = None
                return None

    def _write_down(self, group: Sequence[tuple[T, Future[R]]]) -> None:
        try:
            results = self._write([item for item, _ in group])
        except BaseException as error:
            if len(group) > 1 and not isinstance(error, LostStore):
                for one in group:
                    self._write_down([one])
                return
            for _, outcome in group:
                outcome.set_exception(error)
            return
        for (_, outcome), result in zip(group, results, strict=True):
            outcome.set_result(result)
