"""The endpoint: a small HTTP server on loopback, in a thread of its own or in its own process."""

from __future__ import annotations

import asyncio
import hashlib
import json
import threading
import zlib
from collections.abc import Coroutine, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from types import TracebackType
from typing import Any

from summarise.scripted.answering import Asked, answer_of, question_of
from summarise.scripted.batches import Batches
from summarise.scripted.faults import STATUSES, Draw, Fault
from summarise.scripted.told import answer_told

_REASONS = {200: "OK", 400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found"}
_PAGE = b"<!doctype html><html><body>Please sign in</body></html>"
_MOST = 64 * 2**20  # bytes of a request


@dataclass(frozen=True)
class Handled:
    """One request as it arrived: what a test looks at."""

    body: dict[str, Any]
    headers: dict[str, str]
    answer: str
    fault: str


@dataclass
class ScriptedModel:
    """A scripted model at `base_url` while the `with` lasts.

    `latency` is in seconds; `faults` as `--fault` takes them; `memo` keeps answers by the question's words, so that
    a benchmark measures the client and not the rules; `told` answers stories in tagged sentences
    (`summarise.scripted.told`) instead of by the rules. `requests` are those handled so far, in order. `batches` is its
    Batch API, whose batches end after `batch_latency` seconds, with faults as `--batch-fault` takes them.
    """

    latency: float = 0.0
    faults: Sequence[str] = ()
    memo: bool = False
    told: bool = False
    port: int = 0
    keep: bool = True
    batch_latency: float = 0.0
    batch_faults: Sequence[str] = ()
    base_url: str = ""
    requests: list[Handled] = field(default_factory=list)
    in_flight: int = 0
    most_in_flight: int = 0

    def __post_init__(self) -> None:
        self._draw = Draw(tuple(Fault.parse(fault) for fault in self.faults))
        self._memo: dict[str, str] = {}
        self._connections: set[asyncio.Task[None]] = set()
        self.batches = Batches(self._in_a_batch, self.batch_latency, self.batch_faults)

    def __enter__(self) -> ScriptedModel:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="scripted-model", daemon=True)
        self._thread.start()
        self._run(self.start())
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self._run(self.stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result()

    async def start(self) -> None:
        """Listens; `base_url` is known afterwards."""
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", self.port, limit=2**20, backlog=1024)
        self.port = self._server.sockets[0].getsockname()[1]
        self.base_url = f"http://127.0.0.1:{self.port}/v1"

    async def stop(self) -> None:
        """Stops listening and ends the open connections."""
        self._server.close()
        for task in self._connections:
            task.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)
        await self._server.wait_closed()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._connections.add(task)
        try:
            while await self._request(reader, writer):
                pass
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, ConnectionError, asyncio.CancelledError):
            pass
        finally:
            writer.close()
            with suppress(ConnectionError, asyncio.CancelledError):
                await writer.wait_closed()
            if task is not None:
                self._connections.discard(task)

    async def _request(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        method, target, _ = first.split(" ", 2)
        headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        length = int(headers.get("content-length", 0))
        if length > _MOST:
            return False
        raw = await reader.readexactly(length)
        if method == "GET" and target.endswith("/models"):
            return await _send(writer, 200, _json({"object": "list", "data": [{"id": "scripted", "object": "model"}]}))
        if target.startswith(("/v1/files", "/v1/batches")):
            answer = await self.batches.handle(method, target, headers, raw)
            if not answer.status:
                writer.transport.abort()
                return False
            if answer.cut:
                return await _broken_off(writer, "reset", answer.body)
            return await _send(writer, answer.status, answer.body, content=answer.content)
        if method != "POST" or not target.split("?")[0].endswith("/chat/completions"):
            return await _send(writer, 404, _error(f"Unknown request URL: {target}", "invalid_request_error", None))
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        try:
            return await self._chat(raw, headers, writer)
        finally:
            self.in_flight -= 1

    async def _chat(self, raw: bytes, headers: dict[str, str], writer: asyncio.StreamWriter) -> bool:
        due = asyncio.get_running_loop().time() + self.latency
        try:
            body = json.loads(raw)
            asked = Asked.of(body)
        except (ValueError, KeyError, AttributeError, TypeError, IndexError) as error:
            return await _send(writer, 400, _error(f"not a chat request: {error}", "invalid_request_error", None))
        fault = self._draw.of(f"{asked.answer}\n{asked.system}\n{asked.user}", asked.answer)
        kind = fault.kind if fault else ""
        if self.keep:
            self.requests.append(Handled(body, headers, asked.answer, kind))
        if fault and kind in STATUSES:
            status, message, family, code = STATUSES[kind]
            extra = "" if fault.retry_after is None else f"retry-after: {fault.retry_after:g}\r\n"
            return await _send(writer, status, _error(message, family, code), extra)
        try:
            text = await self._answer(asked)
        except ValueError as error:
            return await _send(writer, 400, _error(str(error), "invalid_request_error", None))
        except Exception as error:  # the rules' own mistakes: told, not dropped
            return await _send(writer, 500, _error(f"{type(error).__name__}: {error}", "server_error", None))
        if fault and kind == "slow":
            due += max(self.latency, 0.1) * fault.factor
        await asyncio.sleep(due - asyncio.get_running_loop().time())
        if kind == "drop":
            writer.transport.abort()
            return False
        if kind in ("hang", "drip", "reset", "bomb"):
            return await _broken_off(writer, kind, _json(_completion(asked, text, kind)))
        if kind == "plain":
            return await _send(writer, 200, _json(_completion(asked, text, kind)), content="text/plain")
        if kind == "html":
            return await _send(writer, 200, _PAGE, content="text/html; charset=utf-8")
        if kind == "garbage":
            return await _send(writer, 200, b'{"id": "chatcmpl-', content="application/json")
        return await _send(writer, 200, _json(_completion(asked, text, kind)))

    async def _in_a_batch(self, body: dict[str, Any]) -> dict[str, Any]:
        """The completion of one request of a batch; of the faults, those that are in the completion itself."""
        asked = Asked.of(body)
        fault = self._draw.of(f"{asked.answer}\n{asked.system}\n{asked.user}", asked.answer)
        return _completion(asked, await self._answer(asked), fault.kind if fault else "")

    async def _answer(self, asked: Asked) -> str:
        if self.told:
            return answer_told(question_of(asked)).model_dump_json()
        if not self.memo:
            return await answer_of(asked)
        key = hashlib.sha256(f"{asked.answer}\n{asked.user}".encode()).hexdigest()
        if key not in self._memo:
            self._memo[key] = await answer_of(asked)
        return self._memo[key]


def _completion(asked: Asked, text: str, fault: str) -> dict[str, Any]:
    """The body of a chat completion, with the fault in it."""
    message: dict[str, Any] = {"role": "assistant", "content": None, "refusal": None}
    finish = "stop"
    if fault in ("truncate", "badjson"):
        text = text[: len(text) // 2]
    elif fault == "invalid":
        text = json.dumps(dict(list(json.loads(text).items())[1:]))
    elif fault == "out_of_range":
        text = json.dumps(_nowhere(json.loads(text)))
    if fault == "refusal":
        message["refusal"] = "I'm sorry, I can't assist with that."
    elif fault == "content_filter":
        finish = "content_filter"
    elif fault == "null":
        pass
    elif asked.tools:
        call = {"id": "call_0", "type": "function", "function": {"name": asked.answer, "arguments": text}}
        message["tool_calls"] = [call, {**call, "id": "call_1"}] if fault == "two_calls" else [call]
        finish = "tool_calls"
    else:
        message["content"] = text
    if fault == "truncate":
        finish = "length"
    spent_in, spent_out = (len(asked.system) + len(asked.user)) // 4, len(text) // 4
    usage = {"prompt_tokens": spent_in, "completion_tokens": spent_out, "total_tokens": spent_in + spent_out}
    return {
        "id": "chatcmpl-scripted",
        "object": "chat.completion",
        "created": 0,
        "model": asked.model,
        "choices": [] if fault == "empty" else [{"index": 0, "message": message, "finish_reason": finish}],
        "usage": None if fault == "no_usage" else {**usage, "prompt_tokens_details": {"cached_tokens": 0}},
    }


def _nowhere(value: Any) -> Any:
    """The same answer with every number out of range, and one more entry that has one where a list is empty."""
    if isinstance(value, dict):
        return {name: _nowhere(child) for name, child in value.items()}
    if isinstance(value, list):
        return [_nowhere(child) for child in value]
    return 999_999 if isinstance(value, int) and not isinstance(value, bool) else value


async def _send(
    writer: asyncio.StreamWriter, status: int, body: bytes, extra: str = "", content: str = "application/json"
) -> bool:
    reason = _REASONS.get(status, "Error")
    head = f"HTTP/1.1 {status} {reason}\r\ncontent-type: {content}\r\ncontent-length: {len(body)}\r\n{extra}\r\n"
    writer.write(head.encode() + body)
    await writer.drain()
    return True


async def _broken_off(writer: asyncio.StreamWriter, kind: str, body: bytes) -> bool:
    """An answer that does not end as answers do; the connection is of no use afterwards."""
    extra = "content-encoding: gzip\r\n" if kind == "bomb" else ""
    whole = await asyncio.to_thread(_bomb) if kind == "bomb" else body
    length = 2**20 if kind == "drip" else len(whole)
    if kind != "hang":
        head = f"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n{extra}\r\n"
        sent = {"bomb": len(whole), "reset": len(whole) // 2, "drip": 0}[kind]
        writer.write(head.encode() + whole[:sent])
        await writer.drain()
    if kind == "reset":
        writer.transport.abort()
    while kind in ("hang", "drip") and not writer.is_closing():
        writer.write(b" " if kind == "drip" else b"")
        await writer.drain()
        await asyncio.sleep(0.05)
    return False


@cache
def _bomb() -> bytes:
    """64 MB of spaces in 64 kB."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return b"".join([*(packer.compress(b" " * 2**20) for _ in range(64)), packer.flush()])


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")


def _error(message: str, kind: str, code: str | None) -> bytes:
    return _json({"error": {"message": message, "type": kind, "param": None, "code": code}})
