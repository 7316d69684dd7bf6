"""`summarise mcp --http`: the official client over a real socket, and callers who have no business there."""

from __future__ import annotations

import asyncio
import json
import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from mcp_servers import HttpServer, a_folder, over_http

pytest.importorskip("mcp", reason="the extra mcp is not installed")

import httpx2
from mcp import Client
from mcp.client.streamable_http import streamable_http_client

from summarise.errors import ConfigurationError
from summarise.mcp.settings import Address
from summarise.mcp.told import MadeBrief, RunStatus, Stories
from summarise.serve.tokens import Tokens
from summarise.store import Store

ORIGIN = "https://briefs.example"
VERSION = "2026-07-28"
TARGET = "hostile"
"""The folder that every hostile request asks to have made: it never is."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HttpServer]:
    scratch = tmp_path_factory.mktemp("mcp")
    for name in ("ports", TARGET):
        a_folder(scratch / "allowed", "Alexandria", "Beirut", name=name)
    more = ("--model", "extractive", "--allowed-origin", ORIGIN)
    with over_http([scratch / "allowed"], scratch / "store.sqlite3", *more) as running:
        yield running


def call(token: str, url: str, name: str, given: dict[str, Any], mode: str = "auto") -> Any:
    async def work() -> Any:
        headers = {"authorization": f"Bearer {token}"}
        async with (
            asyncio.timeout(60),
            httpx2.AsyncClient(headers=headers, timeout=60) as http,
            Client(streamable_http_client(url, http_client=http), mode=mode) as client,
        ):
            result = await client.call_tool(name, given)
            assert not result.is_error, result.content
            return result.structured_content

    return asyncio.run(work())


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_a_client_with_a_token_makes_a_brief_over_a_socket(server: HttpServer, mode: str) -> None:
    head = MadeBrief.model_validate(call(server.token, server.url, "brief_make", {"folder": "ports"}, mode))
    assert (head.story, head.complete) == ("ports", True)


def body(name: str = "brief_start", **given: str) -> bytes:
    """A call of a tool as the protocol of this version has it: one request, no handshake."""
    meta = {
        "io.modelcontextprotocol/protocolVersion": VERSION,
        "io.modelcontextprotocol/clientInfo": {"name": "raw", "version": "1"},
        "io.modelcontextprotocol/clientCapabilities": {},
    }
    params = {"name": name, "arguments": given if name != "brief_start" else {"folder": TARGET}, "_meta": meta}
    return json.dumps({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}).encode()


def sent(
    server: HttpServer,
    *headers: str,
    method: str = "POST",
    path: str = "/mcp",
    content: bytes | None = None,
    host: str | None = "127.0.0.1:{port}",
    token: str | None = "Bearer {token}",  # noqa: S107 (filled in below)
    version: str = "HTTP/1.1",
    length: int | None = None,
    name: str = "brief_start",
) -> tuple[int, bytes]:
    """The status and the rest of what a raw request is answered with. 0: the connection was closed on it."""
    sending = body(name) if content is None else content
    lines = [
        f"{method} {path} {version}",
        *([f"Host: {host}"] if host is not None else []),
        *([f"Authorization: {token}"] if token is not None else []),
        "Accept: application/json, text/event-stream",
        "Content-Type: application/json",
        f"MCP-Protocol-Version: {VERSION}",
        "Mcp-Method: tools/call",
        f"Mcp-Name: {name}",
        f"Content-Length: {len(sending) if length is None else length}",
        "Connection: close",
        *headers,
    ]
    raw = "\r\n".join(lines).replace("{port}", str(server.port)).replace("{token}", server.token)
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as connection:
        with suppress(BrokenPipeError, ConnectionResetError):
            connection.sendall(raw.encode("latin-1") + b"\r\n\r\n" + sending)
        received = b""
        with suppress(ConnectionResetError):
            while part := connection.recv(65_536):
                received += part
    first = received.split(b"\r\n", 1)[0].split()
    return int(first[1]) if len(first) > 1 else 0, received


HOSTS = [
    *("evil.example", "evil.example:{port}", "127.0.0.1.nip.example:{port}", "localhost.evil.example", "127.0.0.1:1"),
    *("127.0.0.1:{port}@evil.example", "127.0.0.1:{port}.evil.example", "127.0.0.2:{port}", "0.0.0.0:{port}", ""),
    *(
        "localhost.:{port}",
        "[::ffff:127.0.0.1]:{port}",
        "127.1:{port}",
        "http://127.0.0.1:{port}",
        "*",
        "localhost:{port}, x",
    ),
]
ORIGINS = [
    *("https://evil.example", "null", "http://127.0.0.1:{port}", "http://localhost", "http://briefs.example"),
    *(f"{ORIGIN}.evil.example", f"{ORIGIN}:444", "https://sub.briefs.example", "file://", f"{ORIGIN}/"),
]
TOKENS = [
    *(None, "", "Bearer", "Bearer ", "Bearer wrong", "Basic {token}", "{token}", "Bearer {token}x", "bearer  {token}"),
    *("Bearer {token},x", "Bearer undefined", "Bearer sums_", "Digest {token}"),
]
PATHS = [
    "/",
    "/mcp/",
    "/mcp?token={token}",
    "/MCP",
    "//mcp",
    "/mcp/../mcp",
    "/mcp%2f",
    "/sse",
    "/messages/",
    "/..;/mcp",
]
METHODS = ["OPTIONS", "PUT", "PATCH", "HEAD", "TRACE"]


@pytest.mark.parametrize("host", HOSTS)
def test_a_host_that_is_not_this_server_s_is_refused(server: HttpServer, host: str) -> None:
    status, said = sent(server, host=host)
    assert status in (400, 421)
    assert server.token.encode() not in said


@pytest.mark.parametrize("origin", ORIGINS)
def test_an_origin_that_was_not_named_is_refused(server: HttpServer, origin: str) -> None:
    status, said = sent(server, f"Origin: {origin}")
    assert status == 403
    assert b"access-control" not in said.lower()


@pytest.mark.parametrize("token", TOKENS)
def test_whoever_shows_no_token_is_refused(server: HttpServer, token: str | None) -> None:
    status, said = sent(server, token=token)
    assert status == 401
    assert b"www-authenticate: bearer" in said.lower()
    assert b"application/problem+json" in said


@pytest.mark.parametrize("path", PATHS)
def test_there_is_one_path_and_no_other(server: HttpServer, path: str) -> None:
    assert sent(server, path=path)[0] == 404


@pytest.mark.parametrize("method", METHODS)
def test_methods_that_mean_nothing_are_refused(server: HttpServer, method: str) -> None:
    assert sent(server, method=method)[0] == 405


@pytest.mark.parametrize(
    ("headers", "given", "statuses"),
    [
        (("Host: evil.example",), {}, (400, 421)),  # two hosts
        ((), {"host": None}, (400, 421)),
        ((), {"host": None, "version": "HTTP/1.0"}, (400, 421)),
        (("Authorization: Bearer x",), {}, (401,)),  # two tokens
        ((f"Origin: {ORIGIN}", "Origin: https://evil.example"), {}, (403,)),
        (("Cookie: token={token}", "X-Api-Key: {token}"), {"token": None}, (401,)),
        (("X-Forwarded-Host: 127.0.0.1:{port}", "Forwarded: host=127.0.0.1:{port}"), {"host": "evil.example"}, (421,)),
        (("Sec-Fetch-Site: cross-site", "Origin: https://evil.example"), {}, (403,)),
        (("Upgrade: websocket", "Connection: Upgrade"), {"path": "/", "method": "GET"}, (400, 404)),
    ],
    ids=map(str, range(9)),
)
def test_headers_that_contradict_each_other_get_nobody_in(
    server: HttpServer, headers: tuple[str, ...], given: dict[str, Any], statuses: tuple[int, ...]
) -> None:
    assert sent(server, *headers, **given)[0] in statuses


BIG = 8 * 1024 * 1024 + 1


@pytest.mark.parametrize(
    ("headers", "given", "statuses"),
    [
        ((), {"content": b" " * BIG}, (413, 0)),
        ((), {"content": b"{" * 100_000}, (400,)),
        ((), {"content": b"[" * 5_000_000}, (400,)),
        ((), {"content": b""}, (400,)),
        ((), {"content": b"\xff\xfe{}"}, (400,)),
        ((), {"length": -1}, (400,)),
        (("X-Long: " + "x" * 100_000,), {}, (400, 431, 0)),
        (tuple(f"X-{n}: {n}" for n in range(5_000)), {}, (400, 431, 0)),
        ((), {"path": "/mcp" + "x" * 100_000}, (400, 404, 414, 0)),
    ],
    ids=map(str, range(9)),
)
def test_what_is_too_large_or_no_request_at_all_reaches_nothing(
    server: HttpServer, headers: tuple[str, ...], given: dict[str, Any], statuses: tuple[int, ...]
) -> None:
    assert sent(server, *headers, **given)[0] in statuses


def test_a_body_that_comes_in_pieces_without_end_is_cut_off(server: HttpServer) -> None:
    head = f"POST /mcp HTTP/1.1\r\nHost: localhost:{server.port}\r\nAuthorization: Bearer {server.token}\r\n"
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as connection:
        connection.sendall(f"{head}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n".encode())
        piece = b"100000\r\n" + b" " * 0x100000 + b"\r\n"
        with pytest.raises((BrokenPipeError, ConnectionResetError)):  # noqa: PT012 (which of them, after how many)
            for _ in range(64):
                connection.sendall(piece)


def test_after_all_of_that_no_tool_was_reached_and_the_same_request_from_a_friend_is_served(server: HttpServer) -> None:
    listed = Stories.model_validate(call(server.token, server.url, "brief_list", {}))
    assert TARGET not in {story.story for story in listed.stories}
    assert not [line for line in server.said if "Traceback" in line]
    assert not [line for line in server.said if server.token in line]

    friendly: dict[str, Any] = {"host": "LOCALHOST:{port}", "token": "BEARER {token}"}
    status, said = sent(server, f"Origin: {ORIGIN}", **friendly)
    assert status == 200
    run = json.loads(said.partition(b"\r\n\r\n")[2].split(b"data: ")[-1].split(b"\n")[0].strip())
    begun = RunStatus.model_validate(run["result"]["structuredContent"])
    wanted = {"run": begun.run, "wait": 60}
    assert MadeBrief.model_validate(call(server.token, server.url, "brief_result", wanted)).story == TARGET


def test_a_token_that_is_revoked_opens_nothing_any_more(server: HttpServer) -> None:
    with Store.open(server.store) as store:
        tokens = Tokens(store.database)
        token = tokens.add("short")
        for known, status in ((True, 200), (False, 401)):  # which the server knows within a second
            if not known:
                tokens.revoke("short")
            end = time.monotonic() + 20
            while (
                got := sent(server, token=f"Bearer {token}", content=body("brief_list"), name="brief_list")[0]
            ) != status:
                assert got in (200, 401)
                assert time.monotonic() < end
                time.sleep(0.1)


@pytest.mark.parametrize(
    "text", ["", "8765", "127.0.0.1", "127.0.0.1:x", "127.0.0.1:99999", "a b:1", "http://x:1", ":1"]
)
def test_an_address_that_is_none_is_told(text: str) -> None:
    with pytest.raises(ConfigurationError, match="--http"):
        Address.parse(text)


def test_only_this_machine_s_own_addresses_are_loopback() -> None:
    assert all(Address.parse(one).on_loopback for one in ("127.0.0.1:1", "[::1]:1", "localhost:1"))
    assert not any(Address.parse(one).on_loopback for one in ("0.0.0.0:1", "10.0.0.1:1", "[::]:1", "example.org:1"))
