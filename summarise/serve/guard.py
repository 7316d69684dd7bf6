"""The guard: what stands before every door, for every call, in this order.

    host ─▶ origin ─▶ token ─▶ calls in flight ─▶ body (size, time) ─▶ the app (time) ─▶ headers of the answer
                                                └▶ the newest brief of a story, without the app around it

Plain ASGI: it costs some ten microseconds, and nothing of a refused call reaches the app.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections import Counter
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from summarise.errors import SummariseError
from summarise.serve import problems
from summarise.serve.brief_doors import Quick
from summarise.serve.metrics import Metrics
from summarise.serve.refusals import REASONS, Refused
from summarise.serve.settings import ServeSettings
from summarise.serve.tokens import Tokens
from summarise.serve.worker import log, where

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
Header = tuple[bytes, bytes]

LOCAL_HOSTS = frozenset({"localhost", "127.0.0.1", "[::1]"})
ANONYMOUS = "-"
"""Who asks where no token is needed; no token can have this name."""
MOST_HEADERS = 32 * 1024
_BUFFERED = 8
"""How many of the largest bodies may be in memory at once."""

_OPEN = frozenset({"/health", "/ready"})
_STREAM = re.compile(r"/jobs/[^/]+/events")
_HEADERS: tuple[Header, ...] = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"x-frame-options", b"DENY"),
)
_CLOSED_POLICY = (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'")


@dataclass
class _Call:
    """One call on its way. `begun`: whether an answer has begun to go out, after which no other can."""

    scope: Scope
    send: Send
    clock: float
    status: int = 0
    begun: bool = False
    route: str = ""

    async def answer(self, message: Message) -> None:
        """Sends a part of the answer, its head with the headers that every answer has."""
        if message["type"] == "http.response.start":
            self.begun, self.status = True, message["status"]
            headers: list[Header] = list(message.get("headers", ()))
            names = {name.lower() for name, _ in headers}
            headers += _HEADERS
            headers.append((b"x-request-id", self.scope["request_id"].encode()))
            if b"content-security-policy" not in names:
                headers.append(_CLOSED_POLICY)
            if b"cache-control" not in names:
                headers.append((b"cache-control", b"no-store"))
            message = {**message, "headers": headers}
        await self.send(message)


class Guard:
    """Stands before `app`. For one event loop."""

    def __init__(
        self,
        app: App,
        settings: ServeSettings,
        tokens: Tokens,
        metrics: Metrics,
        quick: Quick,
        stopping: asyncio.Event,
    ) -> None:
        self._app, self._settings, self._tokens, self._metrics, self._quick = app, settings, tokens, metrics, quick
        self._local = settings.on_loopback
        self._hosts = {name.lower() for name in settings.allowed_hosts}
        if self._local:
            self._hosts |= LOCAL_HOSTS
        self._calls: Counter[str] = Counter()
        self._streams = self._buffered = 0
        self._started = f"{time.time_ns():x}"[-10:]
        self._number = 0
        self._stopping = stopping

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":  # nothing here speaks WebSocket
            await receive()
            await send({"type": "websocket.close", "code": 1008})
            return
        self._number += 1
        scope["request_id"] = f"r-{self._started}{self._number:06x}"
        call = _Call(scope, send, time.perf_counter())
        try:
            await self._guarded(call, receive)
        except Refused as refused:
            await _refuse(call, refused)
        except SummariseError as error:
            log.error("request %s: %s", scope["request_id"], error)
            await _refuse(call, Refused("store-unavailable", "ask again later", {"Retry-After": "5"}))
        except _CallerGone:
            call.status = 499
        except Exception as error:
            log.error("request %s failed: %s", scope["request_id"], where(error))
            await _refuse(call, Refused("failed", "the operator finds the cause in the log, under the request's id"))
        finally:
            route = call.route or getattr(scope.get("route"), "path", "unmatched")
            self._metrics.answered(scope["method"], route, call.status, time.perf_counter() - call.clock)

    async def _guarded(self, call: _Call, receive: Receive) -> None:
        scope, path = call.scope, call.scope["path"]
        headers = _headers(scope)
        self._check_host(headers)
        _check_origin(headers)
        if path not in _OPEN and not (path == "/metrics" and self._local):
            who = scope["token"] = await self._who(headers)
            streams = _STREAM.fullmatch(path) is not None
            self._enter(who, streams=streams)
        else:
            who, streams = "", False
        try:
            story = self._quick.story(scope["method"], path, scope["query_string"])
            if story is not None and not _brings_body(headers):
                call.route = self._quick.route
                await self._read(call, story, headers)
                return
            body = await self._body(headers, receive) if _brings_body(headers) else b""
            try:
                await self._answered(call, body, receive)
            finally:
                self._buffered -= len(body)
        finally:
            if who:
                self._leave(who, streams=streams)

    # ---- who calls, and whom

    def _check_host(self, headers: dict[bytes, list[bytes]]) -> None:
        """A name that another machine's page could have been given for this one is refused (DNS rebinding)."""
        given = headers.get(b"host", [])
        if len(given) != 1:
            raise Refused("wrong-host", "send one Host header")
        if not self._hosts:
            return
        host = given[0].decode("latin-1").lower()
        name = host.rpartition(":")[0] if re.search(r":\d*$", host) else host
        if name not in self._hosts:
            raise Refused("wrong-host", "its operator names the hosts it goes by with --allowed-host")

    async def _who(self, headers: dict[bytes, list[bytes]]) -> str:
        """The name of the token that came with the call."""
        # Read again at most once a second, and then beside the loop: a store may be far.
        exist = await asyncio.to_thread(self._tokens.exist) if self._tokens.stale else self._tokens.exist()
        given = headers.get(b"authorization", [])
        if not exist and self._local:
            return ANONYMOUS
        if len(given) == 1:
            scheme, _, token = given[0].decode("latin-1").partition(" ")
            if scheme.lower() == "bearer" and (name := self._tokens.owner(token.strip())):
                return name
        raise Refused("unauthorized", "send Authorization: Bearer TOKEN", {"WWW-Authenticate": "Bearer"})

    # ---- how many

    def _enter(self, who: str, *, streams: bool) -> None:
        settings = self._settings
        if self._stopping.is_set():
            raise Refused("stopping", "ask again in a moment")
        if streams:
            if self._streams >= settings.max_streams:
                raise Refused("busy", f"{settings.max_streams} streams of events are open already")
            self._streams += 1
            return
        if self._calls.total() >= settings.max_calls:
            raise Refused("busy", f"{settings.max_calls} calls are being answered")
        if self._calls[who] >= settings.max_calls_per_token:
            raise Refused("too-many-calls", f"{settings.max_calls_per_token} calls of yours are being answered")
        self._calls[who] += 1

    def _leave(self, who: str, *, streams: bool) -> None:
        if streams:
            self._streams -= 1
            return
        self._calls[who] -= 1
        if not self._calls[who]:
            del self._calls[who]

    # ---- the body

    async def _body(self, headers: dict[bytes, list[bytes]], receive: Receive) -> bytes:
        """The whole body; what is too large is refused before it is read, what does not come is not waited for."""
        most = self._settings.max_body
        lengths = headers.get(b"content-length", [])
        if lengths and (len(lengths) > 1 or not lengths[0].isdigit()):
            raise Refused("bad-request", "send one Content-Length, a number")
        if lengths and int(lengths[0]) > most:
            raise Refused("too-large", f"at most {most:,} bytes are taken", {"Connection": "close"})
        parts: list[bytes] = []
        held = 0
        try:
            async with asyncio.timeout(self._settings.body_seconds):
                while True:
                    message = await receive()
                    if message["type"] == "http.disconnect":
                        raise _CallerGone
                    part = message.get("body", b"")
                    if part:
                        parts.append(part)
                        held += len(part)
                        self._buffered += len(part)
                    if held > most:
                        raise Refused("too-large", f"at most {most:,} bytes are taken", {"Connection": "close"})
                    if self._buffered > _BUFFERED * most:
                        raise Refused("busy", "too many large bodies at once", {"Connection": "close"})
                    if not message.get("more_body", False):
                        return parts[0] if len(parts) == 1 else b"".join(parts)
        except TimeoutError:
            self._buffered -= held
            detail = f"it must be here within {self._settings.body_seconds:g} s"
            raise Refused("body-timeout", detail, {"Connection": "close"}) from None
        except BaseException:
            self._buffered -= held
            raise

    # ---- the answer

    async def _read(self, call: _Call, story: str, headers: dict[bytes, list[bytes]]) -> None:
        accept, known = (b", ".join(headers.get(name, ())).decode("latin-1") for name in (b"accept", b"if-none-match"))
        try:
            async with asyncio.timeout(self._settings.request_seconds):
                read = await self._quick.read(story, accept, known)
        except TimeoutError:
            raise self._late() from None
        told = [(name.lower().encode(), value.encode("latin-1")) for name, value in read.headers.items()]
        if read.media:
            told += [(b"content-type", read.media.encode()), (b"content-length", str(len(read.body)).encode())]
        await call.answer({"type": "http.response.start", "status": read.status, "headers": told})
        await call.answer({"type": "http.response.body", "body": read.body})

    async def _answered(self, call: _Call, body: bytes, receive: Receive) -> None:
        """The app's answer. Its time runs until the answer begins: a stream of events may go on for long."""
        given = False

        async def replayed() -> Message:
            nonlocal given
            if not given:
                given = True
                return {"type": "http.request", "body": body, "more_body": False}
            return await receive()

        try:
            async with asyncio.timeout(self._settings.request_seconds) as limit:

                async def answer(message: Message) -> None:
                    if not call.begun:
                        limit.reschedule(None)
                    await call.answer(message)

                await self._app(call.scope, replayed, answer)
        except TimeoutError:
            if not limit.expired():
                raise
            raise self._late() from None

    def _late(self) -> Refused:
        return Refused("timed-out", f"it took more than {self._settings.request_seconds:g} s")


class _CallerGone(Exception):
    """The caller hung up before the call was whole."""


def _brings_body(headers: dict[bytes, list[bytes]]) -> bool:
    return b"content-length" in headers or b"transfer-encoding" in headers


def _headers(scope: Scope) -> dict[bytes, list[bytes]]:
    found: dict[bytes, list[bytes]] = {}
    size = 0
    for name, value in scope["headers"]:
        size += len(name) + len(value)
        found.setdefault(name.lower(), []).append(value)
    if size > MOST_HEADERS:
        raise Refused("headers-too-large", f"at most {MOST_HEADERS:,} bytes are taken")
    return found


def _check_origin(headers: dict[bytes, list[bytes]]) -> None:
    """A browser says which page's script calls: only the service's own pages may."""
    for origin in headers.get(b"origin", []):
        host = headers[b"host"][0].decode("latin-1").lower()
        parts = urlsplit_or_none(origin.decode("latin-1").lower())
        if parts != host:
            raise Refused("cross-origin", "call it from a program, or through a server of your own")
    if any(site.lower() == b"cross-site" for site in headers.get(b"sec-fetch-site", [])):
        raise Refused("cross-origin", "call it from a program, or through a server of your own")


def urlsplit_or_none(origin: str) -> str | None:
    """Host and port of an Origin header; None for what is none."""
    try:
        parts = urlsplit(origin)
    except ValueError:
        return None
    return parts.netloc if parts.scheme in ("http", "https") else None


async def _refuse(call: _Call, refused: Refused) -> None:
    """Tells the caller, unless an answer has begun."""
    if call.begun:
        call.status = call.status or 500
        return
    body = problems.body_of(refused.kind, refused.detail, call.scope["request_id"])
    headers = [(name.lower().encode(), value.encode()) for name, value in refused.headers.items()]
    headers += [(b"content-type", problems.MEDIA.encode()), (b"content-length", str(len(body)).encode())]
    await call.answer({"type": "http.response.start", "status": REASONS[refused.kind].status, "headers": headers})
    await call.answer({"type": "http.response.body", "body": b"" if call.scope["method"] == "HEAD" else body})
