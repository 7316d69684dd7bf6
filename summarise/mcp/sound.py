"""Answers on their way out over HTTP: JSON as `brief.json` has it, and of no other type than they say."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from summarise.render.canonical import escaped

Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]
_JSON, _STREAM = b"application/json", b"text/event-stream"


class Sound:
    """Sends what an app sends, its JSON with controls, bidirectional and invisible characters as `\\uXXXX`.

    Every part of a stream must hold whole events, as the SDK's do. A head with a length waits for the body, since that
    may get another.
    """

    def __init__(self, send: Send) -> None:
        self._send = send
        self._head: Message | None = None
        self._json = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = [(bytes(name).lower(), bytes(value)) for name, value in message.get("headers", ())]
            media = next((value for name, value in headers if name == b"content-type"), b"").partition(b";")[0].strip()
            self._json = media in (_JSON, _STREAM)
            headers = [one for one in headers if one[0] != b"x-content-type-options"]
            head: Message = {**message, "headers": [*headers, (b"x-content-type-options", b"nosniff")]}
            if media == _STREAM:
                await self._send(head)
            else:
                self._head = head
            return
        body = bytes(message.get("body", b""))
        if self._json and (b"\x7f" in body or not body.isascii()):
            body = escaped(body.decode("utf-8", "replace")).encode()
            message = {**message, "body": body}
        if self._head is not None:
            held, self._head = self._head, None
            if not message.get("more_body", False):
                length = str(len(body)).encode()
                held["headers"] = [(n, length if n == b"content-length" and body else v) for n, v in held["headers"]]
            await self._send(held)
        await self._send(message)
