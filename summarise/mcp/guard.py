"""Who may speak to the server over HTTP: checked before a byte of a request reaches the protocol.

    headers' size ─▶ Host ─▶ Origin ─▶ token ─▶ path and method ─▶ calls in flight ─▶ size ─▶ the SDK

A page in a browser on this machine can reach a loopback port, and a name that resolves to it (DNS rebinding) makes it
look like the page's own; therefore Host and Origin are compared to lists, and a token is asked for even there.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import Any

from summarise import runlog
from summarise.mcp.settings import McpSettings
from summarise.mcp.sound import Sound
from summarise.serve.tokens import Tokens

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

PATH = "/mcp"
METHODS = ("GET", "POST", "DELETE")
MOST_HEADERS = 32 * 1024
_LOOPBACK = ("localhost", "127.0.0.1", "[::1]")

_log = runlog.logger(__name__)


@dataclass(frozen=True)
class _Refusal(Exception):
    status: int
    title: str
    headers: tuple[tuple[bytes, bytes], ...] = ()


class Guard:
    """An ASGI app around another. `port` is the one that callers name in their Host header."""

    def __init__(self, app: App, settings: McpSettings, tokens: Tokens, port: int) -> None:
        self._app, self._settings, self._tokens = app, settings, tokens
        loopback = settings.http is not None and settings.http.on_loopback
        hosts = (*settings.hosts, *(_LOOPBACK if loopback else ()))
        self._hosts = frozenset(name.lower() for host in hosts for name in (host, f"{host}:{port}"))
        self._origins = frozenset(origin.lower() for origin in settings.origins)
        self._calls = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes on what may pass; a short problem document answers the rest."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            raise RuntimeError("only HTTP is spoken here")
        try:
            await self._checked(scope)
            if self._calls >= self._settings.max_calls:
                raise _Refusal(503, "Too many calls at once", ((b"retry-after", b"1"),))
            self._calls += 1
            try:
                await self._app(scope, await self._body(scope, receive), Sound(send))
            finally:
                self._calls -= 1
        except _Refusal as why:
            _log.info("refused with %d: %s", why.status, why.title)
            await _answer(send, why)

    async def _checked(self, scope: Scope) -> None:
        if sum(len(name) + len(value) for name, value in scope["headers"]) > MOST_HEADERS:
            raise _Refusal(431, f"Headers have {MOST_HEADERS:,} bytes at most")
        headers: dict[bytes, list[str]] = {}
        for name, value in scope["headers"]:
            headers.setdefault(bytes(name).lower(), []).append(bytes(value).decode("latin-1"))
        hosts, origins = headers.get(b"host", []), headers.get(b"origin", [])
        if len(hosts) != 1 or hosts[0].lower() not in self._hosts:
            raise _Refusal(421, "This host is not served here")
        if any(origin.lower() not in self._origins for origin in origins):
            raise _Refusal(403, "This origin may not call")
        given = headers.get(b"authorization", [])
        scheme, _, token = given[0].partition(" ") if len(given) == 1 else ("", "", "")
        bearer = token if scheme.lower() == "bearer" else ""
        if not bearer or await asyncio.to_thread(self._tokens.owner, bearer) is None:
            raise _Refusal(401, "A bearer token is needed", ((b"www-authenticate", b'Bearer realm="summarise"'),))
        if scope["path"] != PATH or scope.get("query_string"):
            raise _Refusal(404, "There is nothing here")
        if scope["method"] not in METHODS:
            raise _Refusal(405, "This method has no meaning here", ((b"allow", ", ".join(METHODS).encode()),))

    async def _body(self, scope: Scope, receive: Receive) -> Receive:
        """The whole body, at most so many bytes in at most so many seconds, as the app will receive it."""
        if scope["method"] != "POST":
            return receive
        most = self._settings.max_body
        body = bytearray()
        try:
            async with asyncio.timeout(self._settings.body_seconds):
                more = True
                while more:
                    message = await receive()
                    if message["type"] != "http.request":
                        raise _Refusal(400, "The request ended early")
                    body += message.get("body", b"")
                    more = message.get("more_body", False)
                    if len(body) > most:
                        raise _Refusal(413, f"A request has {most:,} bytes at most")
        except TimeoutError:
            raise _Refusal(408, "The request came too slowly") from None
        whole: list[Message] = [{"type": "http.request", "body": bytes(body), "more_body": False}]

        async def replayed() -> Message:
            return whole.pop() if whole else await receive()

        return replayed


async def _answer(send: Send, why: _Refusal) -> None:
    body = json.dumps({"type": "about:blank", "title": why.title, "status": why.status}).encode()
    headers = [
        (b"content-type", b"application/problem+json"),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
        (b"x-content-type-options", b"nosniff"),
        (b"connection", b"close"),
        *why.headers,
    ]
    await send({"type": "http.response.start", "status": why.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
