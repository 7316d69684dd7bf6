"""Answers that come in at the same time are written in one transaction, by a thread of their own.

Fifty answers that arrive together would else be fifty transactions one after the other, each flushed to the disk and
each handing the interpreter back and forth with the event loop; the last would be stored a third of a second late.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from queue import Empty, SimpleQueue
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")

MOST = 200
"""Items of one transaction."""


class Together(Generic[T, R]):
    """Hands what is put to `write` in groups: all that came while the group before was being written.

    `write` returns a result for each item, in order; where it raises, that is the outcome of each. From any thread.
    """

    def __init__(self, write: Callable[[Sequence[T]], Sequence[R]]) -> None:
        self._write = write
        self._coming: SimpleQueue[tuple[T, Future[R]] | None] = SimpleQueue()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._closed = False

    def put(self, item: T) -> Future[R]:
        """What becomes of an item; it cannot be called back. Raises RuntimeError after `close`."""
        outcome: Future[R] = Future()
        outcome.set_running_or_notify_cancel()
        with self._lock:
            if self._closed:
                raise RuntimeError("the store is closed")
            if self._thread is None:
                # a daemon: a store that nobody closes must not keep the interpreter from ending
                self._thread = threading.Thread(target=self._work, name="store", daemon=True)
                self._thread.start()
            self._coming.put((item, outcome))
        return outcome

    def close(self) -> None:
        """Waits until all that was put is written. May be called twice."""
        with self._lock:
            self._closed, thread = True, self._thread
            self._coming.put(None)
        if thread is not None:
            thread.join()

    def _work(self) -> None:
        while (first := self._coming.get()) is not None:
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

    def _write_down(self, group: Sequence[tuple[T, Future[R]]]) -> None:
        try:
            results = self._write([item for item, _ in group])
        except BaseException as error:
            for _, outcome in group:
                outcome.set_exception(error)
            return
        for (_, outcome), result in zip(group, results, strict=True):
            outcome.set_result(result)
