"""Canaries for every secret at every door: commands, the service, the MCP server, a store with a password.

    python tests/leaking_doors.py ARGUMENT …

As a script this is `summarise ARGUMENT …` with the logs of every library at DEBUG, whatever the program sets. Each
trial runs it in processes of its own, against an endpoint that repeats the key it was sent, and returns all that was
said: what it printed and logged, and what it answered, headers included. What it kept lies below `place`.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from leaking import CANARY, repeating

HERE = Path(__file__).resolve().parent
WRONG = "wrong-canary/of a caller+who guesses"
"""What a caller sends for a token; it must not be repeated, logged or kept either."""
LOST = "canary of+a/password@that:fails"
PATIENCE = 180


@dataclass
class Said:
    """All that was said in a trial, the answers among it, and the secrets that must not be in it."""

    parts: list[str] = field(default_factory=list)
    answers: int = 0
    secrets: list[str] = field(default_factory=lambda: [CANARY, WRONG])

    def add(self, text: str | bytes) -> None:
        """Something that was said."""
        self.parts.append(text if isinstance(text, str) else text.decode("utf-8", "replace"))

    def answer(self, answer: Any) -> Any:
        """An answer over HTTP."""
        self.answers += 1
        self.add("\n".join(f"{name}: {value}" for name, value in answer.headers.multi_items()))
        self.add(answer.content)
        return answer

    @property
    def whole(self) -> str:
        return "\n".join(self.parts)


def environment(**more: str) -> dict[str, str]:
    """The user's, with the canary for the key."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("OPENAI_", "SUMMARISE_", "PG"))}
    return {**kept, "OPENAI_API_KEY": CANARY, "PYTHONPATH": os.pathsep.join((str(HERE.parent), str(HERE))), **more}


def command(*arguments: str) -> list[str]:
    """The program with every log on."""
    return [sys.executable, str(Path(__file__)), *arguments]


def run(said: Said, *arguments: str, **more: str) -> int:
    """One command to its end."""
    done = subprocess.run(
        command(*arguments), env=environment(**more), capture_output=True, check=False, timeout=PATIENCE
    )
    said.add(done.stdout)
    said.add(done.stderr)
    return done.returncode


@contextmanager
def running(said: Said, log: Path, *arguments: str, **more: str) -> Iterator[subprocess.Popen[bytes]]:
    """A command that goes on until it is asked to stop; what it says goes to `log`, beside the place."""
    with log.open("wb") as file:
        process = subprocess.Popen(command(*arguments), env=environment(**more), stdout=file, stderr=file)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
        process.wait()
        said.add(log.read_bytes())


def _until(process: subprocess.Popen[bytes], log: Path, *words: str) -> str:
    """The line of the log that has one of these words."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        for line in log.read_text(encoding="utf-8", errors="replace").splitlines():
            if any(word in line for word in words):
                return line
        if process.poll() is not None:
            break
        time.sleep(0.05)
    raise AssertionError(f"it did not say {words}: {log.read_text(encoding='utf-8', errors='replace')[-2000:]}")


# ---- commands


def verbose(way: str, status: int, articles: Path, place: Path) -> Said:
    """`brief --verbose`, with its tracebacks; then what else there is to say about that store."""
    said = Said()
    store = str(place / "s.sqlite3")
    with repeating(way, status) as url:
        given = ["--model", "openai:x", "--base-url", url, "--store", store, "--timeout", "10"]
        run(said, "brief", str(articles), *given, "--out", str(place / "out"), "--verbose")
        run(said, "costs", "--store", store)
        run(said, "store", "verify", "--store", store)
    return said


def watching(way: str, status: int, articles: Path, place: Path) -> Said:
    """`watch`, through its first update and another."""
    said, log = Said(), place.parent / f"{place.name}.log"
    with repeating(way, status) as url:
        given = ["--model", "openai:x", "--base-url", url, "--store", str(place / "s.sqlite3"), "--settle", "0.1"]
        with running(said, log, "watch", str(articles), *given, "--out", str(place / "out")) as process:
            _until(process, log, "watching ", "trying again", "accept the key", "summarise: ")
            time.sleep(1.0)
    return said


# ---- the HTTP service


def serving(way: str, status: int, articles: Path, place: Path, *, store: str = "", apart: bool = False) -> Said:
    """The service, its caller with a token: every door, a job to its end, and calls with wrong tokens.

    `apart`: one process takes the calls, and another the jobs.
    """
    from summarise.serve.tokens import Tokens
    from summarise.store import open_store

    said, log = Said(), place.parent / f"{place.name}.log"
    where = store or str(place / "s.sqlite3")
    with open_store(where) as opened:
        token = Tokens(opened.database).add("caller")
    said.secrets.append(token)
    with repeating(way, status) as url:
        given = ["serve", "--port", "0", "--model", "openai:x", "--base-url", url, "--timeout", "10", "--verbose"]
        front = [*given, *(["--jobs", "0"] if apart else [])]
        with running(said, log, *front, SUMMARISE_STORE=where) as process:
            address = _until(process, log, "serving on ").split("serving on ")[1].split()[0]
            if apart:
                other = place.parent / f"{place.name}-worker.log"
                with running(said, other, *given, SUMMARISE_STORE=where) as worker:
                    _until(worker, other, "serving on ")
                    _calls(said, address, token, articles)
            else:
                _calls(said, address, token, articles)
    return said


def _calls(said: Said, address: str, token: str, articles: Path) -> None:
    import httpx
    from serving import ended, files, key

    with httpx.Client(base_url=address, timeout=60, trust_env=False) as client:
        client.headers["authorization"] = f"Bearer {token}"
        given = {"articles": files(sorted(articles.iterdir()))}
        said.answer(client.put("/stories/mine", json=given))
        asked = said.answer(client.post("/stories/mine/briefs", headers=key()))
        ended(client, asked.headers["location"])
        said.answer(client.get(asked.headers["location"]))
        said.answer(client.get(f"{asked.headers['location']}/events"))
        for path in ("", "/brief", "/changes", "/history", "/questions", "/jobs", "/articles", "/overrides"):
            for accept in ("application/json", "text/markdown", "text/html"):
                said.answer(client.get(f"/stories/mine{path}", headers={"accept": accept}))
        for path in ("/metrics", "/openapi.json", "/health", "/ready", "/stories", "/nothing"):
            said.answer(client.get(path))
        said.answer(client.put("/stories/mine/articles/a.txt", content=b"{", headers={"content-type": "text/x"}))
        said.answer(client.post("/stories", content=b"{", headers={"content-type": "application/json"}))
        said.answer(client.request("BREW", "/stories"))
    with httpx.Client(base_url=address, timeout=60, trust_env=False) as stranger:
        for headers in (
            {},
            {"authorization": f"Bearer {WRONG}"},
            {"authorization": f"Basic {WRONG}"},
            {"authorization": f"bearer  {token}x"},
            {"x-api-key": WRONG},
            {"cookie": f"token={WRONG}"},
        ):
            for path in ("/stories", "/stories/mine/brief", "/metrics", "/openapi.json"):
                said.answer(stranger.get(path, headers=headers))
                said.answer(stranger.get(path, headers=headers, params={"token": WRONG, "key": WRONG}))


# ---- the MCP server


def over_stdio(way: str, status: int, articles: Path, place: Path) -> Said:
    """The MCP server over stdio, through the official client: tools, resources, errors."""
    from mcp import Client, MCPError, StdioServerParameters
    from mcp.client.stdio import stdio_client

    said, log = Said(), place.parent / f"{place.name}.log"

    async def work(url: str) -> None:
        first, *more = command("mcp", "--allow", str(articles), "--model", "openai:x", "--base-url", url, "--verbose")
        server = StdioServerParameters(
            command=first, args=more, env=environment(SUMMARISE_STORE=str(place / "s.sqlite3"))
        )
        with log.open("w") as errors:
            async with asyncio.timeout(PATIENCE), Client(stdio_client(server, errlog=errors)) as client:
                for name, given in _asked(articles):
                    said.answers += 1
                    said.add((await client.call_tool(name, given)).model_dump_json())
                for uri in (f"brief://{articles.name}", "brief://nothing", f"brief://{articles.name}/1"):
                    try:
                        said.add((await client.read_resource(uri)).model_dump_json())
                    except MCPError as error:
                        said.add(str(error))

    with repeating(way, status) as url:
        asyncio.run(work(url))
    said.add(log.read_bytes())
    return said


def _asked(articles: Path) -> list[tuple[str, dict[str, Any]]]:
    folder = {"folder": str(articles)}
    return [
        *(("brief_make", folder), ("brief_list", {}), ("brief_read", folder), ("brief_history", folder)),
        *(("brief_status", {"run": "x"}), ("brief_start", folder), ("brief_explain", {**folder, "item": "x"})),
    ]


def over_mcp_http(way: str, status: int, articles: Path, place: Path) -> Said:
    """The MCP server over HTTP, with a token; and callers with wrong ones."""
    import httpx

    from summarise.serve.tokens import Tokens
    from summarise.store import Store

    said, log = Said(), place.parent / f"{place.name}.log"
    store = place / "s.sqlite3"
    with Store.open(store) as opened:
        token = Tokens(opened.database).add("caller")
    said.secrets.append(token)
    with repeating(way, status) as url:
        given = ["mcp", "--http", "127.0.0.1:0", "--allow", str(articles), "--model", "openai:x", "--base-url", url]
        with running(said, log, *given, "--verbose", SUMMARISE_STORE=str(store)) as process:
            address = _until(process, log, "MCP at ").split("MCP at ")[1].split()[0]
            with httpx.Client(timeout=120, trust_env=False) as client:
                for bearer in (f"Bearer {token}", f"Bearer {WRONG}", f"Basic {WRONG}"):
                    for name, arguments in _asked(articles):
                        said.answer(
                            client.post(address, content=_request(name, arguments), headers=_head(name, bearer))
                        )
    return said


def _head(name: str, bearer: str) -> dict[str, str]:
    return {
        **{"authorization": bearer, "accept": "application/json, text/event-stream", "mcp-name": name},
        **{"content-type": "application/json", "mcp-protocol-version": "2026-07-28", "mcp-method": "tools/call"},
    }


def _request(name: str, arguments: dict[str, Any]) -> bytes:
    meta = {
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientInfo": {"name": "raw", "version": "1"},
        "io.modelcontextprotocol/clientCapabilities": {},
    }
    params = {"name": name, "arguments": arguments, "_meta": meta}
    return json.dumps({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}).encode()


# ---- a store with a password


def with_password(address: str, password: str, articles: Path, place: Path) -> Said:
    """Commands on a store in PostgreSQL, with every log on: those that work at it and those that tell of it."""
    said = Said(secrets=[CANARY, password])
    rules = ["--model", "extractive", "--verbose", "--out", str(place / "out")]
    assert run(said, "brief", str(articles), *rules, SUMMARISE_STORE=address) == 0, said.whole[-2000:]
    for arguments in (("store", "path"), ("store", "verify"), ("store", "gc"), ("log", str(articles)), ("costs",)):
        run(said, *arguments, SUMMARISE_STORE=address)
    run(said, "serve", "token", "list", SUMMARISE_STORE=address)
    run(said, "mcp", "--http", "127.0.0.1:0", SUMMARISE_STORE=address)  # without a token it says so and ends
    return said


def without_the_right_one(address: str, password: str, articles: Path, place: Path) -> Said:
    """The same commands where the password is wrong, the server is not there, or the address is no address."""
    said = Said(secrets=[CANARY, password])
    rules = ["--model", "extractive", "--verbose", "--out", str(place / "out")]
    for arguments in (
        *(("brief", str(articles), *rules), ("store", "path"), ("store", "verify"), ("log", str(articles)), ("costs",)),
        *(("serve", "--port", "0", "--model", "extractive"), ("serve", "token", "list")),
        ("mcp", "--http", "127.0.0.1:0", "--model", "extractive"),
    ):
        code = run(said, *arguments, SUMMARISE_STORE=address)
        assert code in (0, 1, 2), (arguments, code, said.whole[-2000:])
    log = place.parent / f"{place.name}.log"
    watch = ("watch", str(articles), "--model", "extractive")
    with running(said, log, *watch, SUMMARISE_STORE=address) as process:  # which goes on trying
        _until(process, log, "summarise: ")
    return said


def main() -> None:
    sys.path[:0] = [str(HERE.parent)]
    logging.basicConfig(level=logging.DEBUG, stream=sys.stderr)
    logging.Logger.setLevel = lambda self, level: None  # type: ignore[method-assign]  # whatever the program sets
    sys.argv = ["summarise", *sys.argv[1:]]
    from summarise.cli import main as program

    program()


if __name__ == "__main__":
    main()
