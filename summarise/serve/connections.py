"""Connections that are not waited for: a head must arrive whole, in time, and in bounds, or the line is cut.

uvicorn bounds neither: without this, a caller who sends a header a minute holds a connection for ever, and one who
never stops sending headers fills the memory.
"""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from summarise.serve import problems
from summarise.serve.refusals import REASONS

MOST_HEAD = 64 * 1024


def patient(seconds: float) -> type[HttpToolsProtocol]:
    """The protocol, waiting so many seconds for the head of a request."""

    class Patient(HttpToolsProtocol):
        _waiting: asyncio.TimerHandle | None = None
        _in_head = True
        _head = 0

        def connection_made(self, transport: Any) -> None:
            super().connection_made(transport)
            self._wait()

        def connection_lost(self, exc: Exception | None) -> None:
            self._waited()
            super().connection_lost(exc)

        def data_received(self, data: bytes) -> None:
            super().data_received(data)
            if self._in_head:
                self._head += len(data)
                if self._head > MOST_HEAD and not self.transport.is_closing():
                    self._refuse("headers-too-large", f"at most {MOST_HEAD:,} bytes are taken")

        def on_message_begin(self) -> None:
            super().on_message_begin()
            self._in_head, self._head = True, 0
            if self._waiting is None:
                self._wait()

        def on_headers_complete(self) -> None:
            self._in_head = False
            self._waited()
            super().on_headers_complete()

        def send_400_response(self, msg: str) -> None:
            self._refuse("bad-request", "it is no HTTP")

        def _wait(self) -> None:
            self._waiting = self.loop.call_later(seconds, self._cut)

        def _waited(self) -> None:
            if self._waiting is not None:
                self._waiting.cancel()
                self._waiting = None

        def _cut(self) -> None:
            self._waiting = None
            if not self.transport.is_closing():
                self.transport.close()

        def _refuse(self, kind: str, detail: str) -> None:
            self._waited()
            reason = REASONS[kind]
            body = problems.body_of(kind, detail, "r-0")
            head = (
                f"HTTP/1.1 {reason.status} {reason.title}\r\ncontent-type: {problems.MEDIA}\r\n"
                f"content-length: {len(body)}\r\nconnection: close\r\n\r\n"
            )
            self.transport.write(head.encode() + body)
            self.transport.close()

    return Patient
