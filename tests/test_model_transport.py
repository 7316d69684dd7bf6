"""The transport against endpoints that say odd things: always a clear error, never a traceback of the client's."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from asking import ask, note_question, prompts

from summarise.answers import Note
from summarise.errors import ConfigurationError, ModelError, Refused, SummariseError
from summarise.model import ModelOptions, ModelReader, parse
from summarise.model.failures import retry_after
from summarise.model.options import MODES
from summarise.scripted import ScriptedModel
from summarise.scripted.answering import empty


@contextmanager
def saying(body: bytes, content: str = "application/json", status: int = 200) -> Iterator[str]:
    """An endpoint that always says the same; yields its base URL."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            self.send_response(status)
            self.send_header("content-type", content)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def completion(message: Any, **more: Any) -> bytes:
    choice = {"index": 0, "finish_reason": "stop", "message": message, **more}
    return json.dumps(
        {"id": "x", "object": "chat.completion", "created": 0, "model": "m", "choices": [choice]}
    ).encode()


ODD = {
    "empty body": b"",
    "a list": b"[]",
    "a string": b'"hello"',
    "a number": b"3",
    "null": b"null",
    "nothing in it": b"{}",
    "an error with status 200": b'{"error": {"message": "upstream failed", "code": 502}}',
    "choices is a number": b'{"choices": 5}',
    "choices is text": b'{"choices": "none"}',
    "a choice is null": b'{"choices": [null]}',
    "a choice is text": b'{"choices": ["x"]}',
    "no message": b'{"choices": [{"index": 0}]}',
    "message is text": completion("hello"),
    "no content": completion({"role": "assistant"}),
    "content in parts": completion({"role": "assistant", "content": [{"type": "text", "text": "{}"}]}),
    "content is a number": completion({"role": "assistant", "content": 3}),
    "plain words": completion({"role": "assistant", "content": "Here is what I found: nothing."}),
    "half a surrogate": completion({"role": "assistant", "content": '{"subject": "\ud800"}'}),
    "tool calls is a number": completion({"role": "assistant", "content": None, "tool_calls": 3}),
    "a tool call without function": completion({"role": "assistant", "content": None, "tool_calls": [{"id": "a"}]}),
    "not UTF-8": b'{"choices": [{"message": {"content": "\xff\xfe"}}]}',
    "nested without end": b"[" * 100_000,
}


@pytest.fixture(autouse=True)
def no_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    async def sleep(seconds: float) -> None:
        assert seconds < 60

    monkeypatch.setattr("summarise.model.transport.sleep", sleep)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("body", ODD.values(), ids=ODD)
def test_an_odd_answer_becomes_one_clear_line(body: bytes, mode: Any, tmp_path: Path) -> None:
    with saying(body) as url:
        asked = ask(url, note_question(), folder=tmp_path, options=ModelOptions(mode=mode, attempts=2))
    assert isinstance(asked.result, ModelError)
    message = str(asked.result)
    assert message.startswith("article a.txt: ")
    assert message.isprintable()
    assert len(message) < 500
    assert 1 <= asked.usage.calls <= 4


@pytest.mark.parametrize("status", [301, 402, 408, 409, 418, 451, 502, 529])
def test_an_odd_status_becomes_one_clear_line(status: int, tmp_path: Path) -> None:
    with saying(b"<html>\x1b[31mno</html>", "text/html", status) as url:
        asked = ask(url, note_question(), folder=tmp_path, options=ModelOptions(attempts=2))
    assert isinstance(asked.result, SummariseError)
    assert str(asked.result).isprintable()
    assert len(str(asked.result)) < 500


def test_json_mode_takes_an_answer_in_a_code_fence(tmp_path: Path) -> None:
    fenced = f"```json\n{empty(Note)}\n```\n"
    with saying(completion({"role": "assistant", "content": fenced})) as url:
        asked = ask(url, note_question(), folder=tmp_path, options=ModelOptions(mode="json"))
    assert isinstance(asked.result, Note)


def test_a_proxy_of_the_environment_is_not_used_for_this_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    with ScriptedModel() as model:
        assert isinstance(ask(model, note_question(), folder=tmp_path).result, Note)


def test_a_mistake_in_our_own_checks_is_not_told_as_the_models(tmp_path: Path) -> None:
    def broken(note: Note) -> list[str]:
        raise KeyError("ours")

    with ScriptedModel() as model:
        asked = ask(model, note_question(faults=broken), folder=tmp_path)
    assert isinstance(asked.result, KeyError)
    assert len(model.requests) == 1


def test_closing_the_reader_while_questions_are_asked_leaves_nothing_open(tmp_path: Path) -> None:
    async def run(url: str) -> None:
        async with ModelReader(parse("openai:x", base_url=url, environ={}), prompts=prompts(tmp_path)) as reader:
            tasks = [asyncio.create_task(reader.ask(note_question(f"Number {n} said no."))) for n in range(5)]
            await asyncio.sleep(0.05)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            assert reader.usage.input_tokens > 0  # they may be paid for

    with ScriptedModel(latency=0.5) as model:
        asyncio.run(run(model.base_url))


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "7"}, 7.0),
        ({"retry-after": "0.5"}, 0.5),
        ({"retry-after-ms": "250", "retry-after": "7"}, 0.25),
        ({"retry-after": "-3"}, 0.0),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}, 0.0),
    ],
)
def test_retry_after_is_read_in_all_its_forms(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(headers) == seconds


def test_retry_after_as_a_date_to_come_is_the_time_until_then() -> None:
    date = format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)
    waits = retry_after({"retry-after": date})
    assert waits is not None
    assert 25 < waits <= 30


def refused(status: int, message: str, *, code: str | None = None, param: str | None = None) -> tuple[int, bytes]:
    return status, json.dumps({"error": {"message": message, "code": code, "param": param}}).encode()


@pytest.mark.parametrize(
    ("said", "error"),
    [
        (refused(403, "Your chosen model requires moderation and your input was flagged for violence"), Refused),
        (refused(403, "no", code="moderation_blocked"), Refused),
        (refused(400, "The prompt triggered the content management policy"), Refused),
        (refused(400, "Invalid prompt: your prompt was flagged as against our usage policy"), Refused),
        (refused(403, "You are not allowed to sample from this model"), ConfigurationError),
        (refused(403, "Your account was flagged and blocked for its content policy"), ConfigurationError),
        (refused(400, "messages[1] holds the invalid word stool"), ModelError),
        (refused(400, "bad message about tools", param="messages[1].content"), ModelError),
        (refused(400, "not supported", param="response_format.type"), ConfigurationError),
        (refused(400, "tools are not supported by this model"), ConfigurationError),
    ],
)
def test_a_question_that_is_declined_is_told_from_a_setting_that_is_wrong(
    said: tuple[int, bytes], error: type[SummariseError], tmp_path: Path
) -> None:
    with saying(said[1], status=said[0]) as url:
        asked = ask(url, note_question(), folder=tmp_path)
    assert type(asked.result) is error
    assert asked.usage.calls == 1
