"""The Batch API of the scripted model: /v1/files and /v1/batches, with the faults that batches have.

Every request of a batch is answered by the rules that answer single ones. `submitted` counts how often each
`custom_id` was submitted, for those who want to know that nothing was asked twice.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from summarise.errors import ConfigurationError

FAULTS = (
    "invalid",  # the batch fails its validation
    "queue_full",  # it fails because too many tokens wait; `tokens`: how many may wait in all batches
    "expires",  # half of its requests are answered, then the batch expires
    "cancelled",  # half of its requests are answered, then somebody cancels the batch
    "items",  # every third request comes back as an error
    "garbled",  # every third line of the output is no JSON
    "never",  # it never ends
    "429",  # creating it is refused: too many requests
    "500",  # creating it fails
    "lost",  # it is created, and the connection closed before the answer
    "upload_500",  # uploading the file fails
    "cut",  # the connection breaks in the middle of a file of results
    "poll_500",  # looking at the batch fails
    "page",  # every answer is a web page
    "none",  # there is no Batch API here
)
"""Faults of batches, as `--batch-fault` takes them: KIND:times=.. strikes the first so many (0: all)."""

_ENDED = ("completed", "failed", "expired", "cancelled")


@dataclass(frozen=True)
class Answer:
    """What goes back: status, body and content type; status 0 closes the connection, `cut` does in the middle."""

    status: int
    body: bytes
    content: str = "application/json"
    cut: bool = False


@dataclass
class BatchFault:
    """One kind of fault, and how many times it still strikes."""

    kind: str
    left: float
    tokens: int = 0

    @classmethod
    def parse(cls, text: str) -> BatchFault:
        """Reads "KIND:times=..,tokens=..". Raises ConfigurationError."""
        kind, _, rest = text.partition(":")
        given = dict(item.partition("=")[::2] for item in filter(None, rest.split(",")))
        if kind not in FAULTS or not set(given) <= {"times", "tokens"} or not all(v.isdigit() for v in given.values()):
            raise ConfigurationError(f"--batch-fault {text!r}: use KIND:times=N with one of {', '.join(FAULTS)}")
        return cls(kind, int(given.get("times", 0)) or float("inf"), int(given.get("tokens", 0)))


@dataclass
class _File:
    id: str
    name: str
    purpose: str
    content: bytes

    def shown(self) -> dict[str, Any]:
        return {
            **{"id": self.id, "object": "file", "bytes": len(self.content), "created_at": int(time.time())},
            **{"filename": self.name, "purpose": self.purpose, "status": "processed"},
        }


@dataclass
class _Batch:
    id: str
    input_file: str
    metadata: dict[str, str]
    requests: list[dict[str, Any]]
    due: float
    fault: str = ""
    status: str = "validating"
    created: int = field(default_factory=lambda: int(time.time()))
    output: str | None = None
    errors: str | None = None
    code: str = ""
    said: str = ""
    done: int = 0

    def shown(self) -> dict[str, Any]:
        listed = {"object": "list", "data": [{"code": self.code, "message": self.said, "line": None, "param": None}]}
        return {
            **{"id": self.id, "object": "batch", "endpoint": "/v1/chat/completions", "status": self.status},
            **{"input_file_id": self.input_file, "completion_window": "24h", "created_at": self.created},
            **{"metadata": self.metadata, "output_file_id": self.output, "error_file_id": self.errors},
            **{"errors": listed if self.code else None},
            "request_counts": {"total": len(self.requests), "completed": self.done, "failed": 0},
        }


class Batches:
    """The files and batches of one scripted model. `answer` answers one chat request's body.

    A batch ends `latency` seconds after it was created, at the first look.
    """

    def __init__(
        self, answer: Callable[[dict[str, Any]], Awaitable[dict[str, Any]]], latency: float, faults: Sequence[str]
    ) -> None:
        self._answer, self.latency = answer, latency
        self._faults = [BatchFault.parse(fault) for fault in faults]
        self._files: dict[str, _File] = {}
        self._batches: dict[str, _Batch] = {}
        self._number = 0
        self._working = asyncio.Lock()
        self.submitted: Counter[str] = Counter()
        self.uploads: list[bytes] = []
        self.most_at_once = 0

    @property
    def files(self) -> int:
        """How many files are there now."""
        return len(self._files)

    @property
    def created(self) -> int:
        """How many batches were created."""
        return len(self._batches)

    async def handle(self, method: str, target: str, headers: dict[str, str], raw: bytes) -> Answer:
        """Answers a request to /v1/files or /v1/batches."""
        path, _, query = target.partition("?")
        parts = path.rstrip("/").split("/v1/", 1)[-1].split("/")
        if self._strikes("none"):
            return _error(404, f"Unknown request URL: {path}", None)
        if self._strikes("page"):
            return Answer(200, b"<!doctype html><html></html>", "text/html")
        match (method, parts):
            case ("POST", ["files"]):
                return self._upload(headers, raw)
            case ("GET", ["files"]):
                return _listed([file.shown() for file in reversed(self._files.values())])
            case ("GET", ["files", name, "content"]) if name in self._files:
                cut = self._strikes("cut") is not None
                return Answer(200, self._files[name].content, "application/octet-stream", cut)
            case ("DELETE", ["files", name]) if name in self._files:
                del self._files[name]
                return _json({"id": name, "object": "file", "deleted": True})
            case ("POST", ["batches"]):
                return self._create(json.loads(raw))
            case ("GET", ["batches"]):
                return self._list(query)
            case ("GET", ["batches", name]) if name in self._batches:
                if self._strikes("poll_500"):
                    return _error(500, "The server had an error", None)
                async with self._working:
                    await self._advance(self._batches[name])
                return _json(self._batches[name].shown())
            case ("POST", ["batches", name, "cancel"]) if name in self._batches:
                await self.cancel(name)
                return _json(self._batches[name].shown())
        return _error(404, f"Not found: {path}", None)

    def hurry(self) -> None:
        """Every batch under way ends at the next look, those too that never would."""
        for batch in self._batches.values():
            batch.due, batch.fault = 0.0, batch.fault.replace("never", "")

    def under_way(self) -> list[str]:
        """The ids of the batches that have not ended."""
        return [batch.id for batch in self._batches.values() if batch.status not in _ENDED]

    async def cancel(self, name: str) -> None:
        """Stops a batch; the half that it has answered by then is there."""
        batch = self._batches[name]
        if batch.status not in _ENDED:
            await self._end(batch, "cancelled", len(batch.requests) // 2)

    def _strikes(self, kind: str) -> BatchFault | None:
        for fault in self._faults:
            if fault.kind == kind and fault.left > 0:
                fault.left -= 1
                return fault
        return None

    def _upload(self, headers: dict[str, str], raw: bytes) -> Answer:
        if self._strikes("upload_500"):
            return _error(500, "The server had an error", None)
        name, purpose, content = _form(headers.get("content-type", ""), raw)
        self.uploads.append(content)
        file = self._keep(name, purpose, content)
        return _json(file.shown())

    def _keep(self, name: str, purpose: str, content: bytes) -> _File:
        self._number += 1
        file = _File(f"file-{self._number}", name, purpose, content)
        self._files[file.id] = file
        return file

    def _create(self, body: dict[str, Any]) -> Answer:
        if self._strikes("429"):
            return _error(429, "Rate limit reached for batches", "rate_limit_exceeded")
        if self._strikes("500"):
            return _error(500, "The server had an error", None)
        file = self._files.get(body["input_file_id"])
        if file is None:
            return _error(400, "no such input file", None)
        requests = [json.loads(line) for line in file.content.splitlines()]
        self._number += 1
        due = time.monotonic() + self.latency
        batch = _Batch(f"batch_{self._number}", file.id, body.get("metadata") or {}, requests, due)
        self._batches[batch.id] = batch
        self.submitted.update(request["custom_id"] for request in requests)
        self._validate(batch)
        self.most_at_once = max(self.most_at_once, len(self.under_way()))
        if self._strikes("lost"):
            return Answer(0, b"")
        return _json(batch.shown())

    def _validate(self, batch: _Batch) -> None:
        names = [request["custom_id"] for request in batch.requests]
        full = next((fault for fault in self._faults if fault.kind == "queue_full" and fault.left > 0), None)
        waiting = [b for b in self._batches.values() if b.status not in _ENDED]
        size = sum(len(json.dumps(request["body"])) // 4 for each in waiting for request in each.requests)
        if self._strikes("invalid") or len(set(names)) < len(names):
            batch.status, batch.code, batch.said = "failed", "invalid_json_line", "This line is not parseable"
        elif full is not None and size > full.tokens:
            full.left -= 1
            batch.status, batch.code = "failed", "token_limit_exceeded"
            batch.said = f"Enqueued token limit reached. Limit: {full.tokens:,} enqueued tokens."
            for name in names:  # they were refused, not asked
                self.submitted[name] -= 1
        else:
            kinds = ("expires", "cancelled", "items", "garbled", "never")
            batch.fault = next((kind for kind in kinds if self._strikes(kind)), "")
            batch.status = "in_progress"

    def _list(self, query: str) -> Answer:
        given = dict(item.partition("=")[::2] for item in query.split("&"))
        newest = list(reversed(self._batches.values()))
        after = [batch.id for batch in newest].index(given["after"]) + 1 if given.get("after") in self._batches else 0
        return _listed([batch.shown() for batch in newest[after : after + int(given.get("limit", 20))]])

    async def _advance(self, batch: _Batch) -> None:
        if batch.status in _ENDED or batch.fault == "never" or time.monotonic() < batch.due:
            return
        half = len(batch.requests) // 2
        if batch.fault == "expires":
            await self._end(batch, "expired", half)
        elif batch.fault == "cancelled":
            await self._end(batch, "cancelled", half)
        else:
            await self._end(batch, "completed", len(batch.requests))

    async def _end(self, batch: _Batch, status: str, answered: int) -> None:
        """The first so many of the requests are answered, the last first, as no order is promised."""
        output, errors = [], []
        for number, request in enumerate(batch.requests[:answered]):
            name = request["custom_id"]
            struck = number % 3 == 2
            if struck and batch.fault == "items":
                told = {"error": {"message": "The server had an error", "type": "server_error", "code": None}}
                errors.append(_line(name, {"status_code": 500, "request_id": "r", "body": told}, None))
            elif struck and batch.fault == "garbled":
                output.append(b'{"id": "batch_req')
            else:
                body = await self._answer(request["body"])
                output.append(_line(name, {"status_code": 200, "request_id": "r", "body": body}, None))
        for request in batch.requests[answered:]:
            code = "batch_expired" if status == "expired" else "batch_cancelled"
            errors.append(_line(request["custom_id"], None, {"code": code, "message": "This request was not executed"}))
        batch.done = answered
        if output:
            batch.output = self._keep("output.jsonl", "batch_output", b"\n".join(reversed(output)) + b"\n").id
        if errors:
            batch.errors = self._keep("errors.jsonl", "batch_output", b"\n".join(reversed(errors)) + b"\n").id
        batch.status = status


def _form(kind: str, raw: bytes) -> tuple[str, str, bytes]:
    """File name, purpose and content of a multipart form."""
    boundary = b"--" + kind.partition("boundary=")[2].strip('"').encode()
    name, purpose, content = "", "", b""
    for part in raw.split(boundary)[1:-1]:
        head, _, body = part.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        body = body.removesuffix(b"\r\n")
        if b'filename="' in head:
            name = head.partition(b'filename="')[2].partition(b'"')[0].decode()
            content = body
        elif b'name="purpose"' in head:
            purpose = body.decode()
    return name, purpose, content


def _line(name: str, response: dict[str, Any] | None, error: dict[str, str] | None) -> bytes:
    return json.dumps({"id": f"batch_req_{name}", "custom_id": name, "response": response, "error": error}).encode()


def _json(value: Any, status: int = 200) -> Answer:
    return Answer(status, json.dumps(value).encode())


def _listed(rows: Sequence[dict[str, Any]]) -> Answer:
    return _json({"object": "list", "data": rows, "has_more": False})


def _error(status: int, message: str, code: str | None) -> Answer:
    return _json({"error": {"message": message, "type": "invalid_request_error", "param": None, "code": code}}, status)
